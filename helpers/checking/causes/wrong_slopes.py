"""A question's function differentiated in every way in which people get it wrong, one or two mistakes at a time.

The tree of the function is walked backwards, as in backpropagation: at every node stands what has been multiplied so far,
and is handed on times the slope of the node, by the right rule or by a wrong one. So numbers, vectors and matrices
are differentiated alike, and every wrong derivative is a formula that foretells an answer, with the mistakes made in it.
"""

import ast
import itertools
from collections.abc import Mapping

from helpers.checking.causes import trees
from helpers.checking.causes.brackets import factors_of, product_of
from helpers.checking.causes.options import Option, constant_derived, inner_added, inner_lost, marked, together
from helpers.checking.causes.rules import (
    ACTIVATIONS,
    HALF,
    MINUS_LOST,
    ODD,
    OF_POWER,
    RIGHT,
    RULE,
    SIGN_LOST,
    TWICE,
    WRONG,
    Slip,
    function_name,
)
from helpers.checking.causes.trees import ONE, Tree, matmul, minus, negative, over, plus, quoted, times, transposed
from helpers.checking.causes.wrong_array_slopes import through_product, wrong_own_squares
from helpers.formulas.shapes import Shape, shape_of
from helpers.formulas.text import FormulaError


class WrongSlopes:
    """The derivatives of `objective`, a tree, with respect to `variable`.

    definitions   trees of the names in it
    shapes        the size letters of parameters and definitions
    writing       function -> the formula of its derivative, as in `rules`, that is used wherever it occurs
    """

    def __init__(
        self,
        objective: Tree,
        variable: str,
        definitions: Mapping[str, Tree],
        shapes: Mapping[str, Shape],
        writing: Mapping[str, str] | None = None,
    ) -> None:
        self.objective, self.variable, self.definitions = objective, variable, dict(definitions)
        self.shapes, self.writing, self._varies = dict(shapes), writing or {}, {}
        self.met: dict[str, list[tuple[Tree, Tree]]] = {}  # function -> (argument, value) of its calls, if written so

    def all(self, errors: int) -> list[Option]:
        """The derivatives with at most so many mistakes; those without any are right. Raises FormulaError where there is
        something in the function whose derivative is not known here."""
        found = self._back(self.objective, ONE, errors)
        for tree, slips in list(found):
            if len(slips) < errors:
                found.append((negative(tree), (*slips, SIGN_LOST)))
                found.append((times(trees.number(2), tree), (*slips, TWICE)))
                found.append((over(tree, trees.number(2)), (*slips, HALF)))
        return found

    def varies(self, node: Tree) -> bool:
        """Whether the variable is in a tree; the number of its entries does not change with it."""
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("len", "ones_like"):
            return False
        names = trees.names_in(node)
        return self.variable in names or any(self._varying_name(each) for each in names if each in self.definitions)

    def _varying_name(self, each):
        if each not in self._varies:
            self._varies[each] = self.varies(self.definitions[each])
        return self._varies[each]

    def shape(self, node: Tree) -> Shape:
        """The size letters of a tree."""
        return shape_of(node, self.shapes)

    # ------------------------------------------------------------------------------------------ nodes

    def _back(self, node, g, left, named=None):
        """Every derivative of `node`, times g, with at most `left` mistakes. `named`: the name whose definition it is."""
        if not self.varies(node):
            return []
        match node:
            case ast.Name():
                return self._of_name(node, g, left)
            case ast.UnaryOp(ast.USub(), operand):
                lost = marked(self._back(operand, g, left - 1), MINUS_LOST, left) if left else []
                return self._back(operand, negative(g), left) + lost
            case ast.BinOp(a, ast.Add() | ast.Sub() as sign, b):
                return self._of_sum(a, b, isinstance(sign, ast.Sub), g, left)
            case ast.BinOp(a, ast.Mult(), b):
                return self._of_product(a, b, g, left)
            case ast.BinOp(a, ast.Div(), b):
                return self._of_quotient(a, b, g, left)
            case ast.BinOp(a, ast.Pow(), exponent) if not self.varies(exponent):
                return self._of_power(node, a, exponent, g, left)
            case ast.BinOp(a, ast.MatMult(), b):
                return self._of_matrix_product(a, b, g, left)
            case ast.Attribute(value, "T"):
                return self._back(value, transposed(g), left)
            case ast.Call(ast.Name(function), [argument, *rest]):
                if function in ("sum", "mean"):
                    return self._of_total(function, argument, rest, g, left)
                return self._of_function(node, function_name(function), argument, g, left, named)
        raise FormulaError("no rule for this")

    def _of_name(self, node, g, left):
        if node.id == self.variable:
            kept = Slip("kept", f"kept_{node.id}", name=node.id)
            return [(g, ())] + ([(times(g, node), (kept,))] if left else [])
        found = self._back(self.definitions[node.id], g, left, node.id)
        return found + self._stops(node, g, left)

    def _stops(self, node, g, left):
        """The chain ends at a node, as if that were the variable."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Name):
            return []  # that is a minus lost
        if not left or self.shape(node) not in (self.shape(trees.name(self.variable)), ()):
            return []
        return [(g, (inner_lost(node, self.variable),))]

    def _of_sum(self, a, b, subtracted, g, left):
        signed = negative if subtracted else (lambda tree: tree)
        first, second = (
            [] if not self.varies(part) else self._back(part, self._fit(g, a, b, part), left) for part in (a, b)
        )
        second = [(signed(tree), slips) for tree, slips in second]
        if not first or not second:
            return self._and_a_constant(first or second, b if first else a, signed if first else None, g, left)
        found = together(plus, first, second, left)
        if left:
            for part, lost in ((second, a), (first, b)):
                found += marked(part, Slip("missing_term.slope", term=lost), left)
            found += marked(together(minus, first, second, left - 1), Slip("sign_of_term", term=b), left)
            found += marked(together(times, first, second, left - 1), Slip("multiplied.slopes", a=a, b=b), left)
        return found

    def _and_a_constant(self, found, constant, signed, g, left):
        """A term that does not contain the variable was kept all the same, or its number was."""
        if not left or self.shape(constant) or trees.is_number(g, 0):
            return found
        kept = [(constant, Slip("constant_kept", constant=constant, variable=self.variable))]
        match constant:
            case ast.BinOp(one, ast.Mult(), other):
                for factor in (one, other):
                    parts = {"factor": factor, "constant": constant, "variable": self.variable}
                    kept.append((factor, Slip("constant_kept.factor", **parts)))
        more = []
        for tree, slip in kept:
            term = times(g, signed(tree) if signed else tree)
            more += marked([(plus(each, term), slips) for each, slips in found if len(slips) < left], slip, left)
        return found + more

    def _fit(self, g, a, b, part):
        """What goes back to one of two parts: a number that met an array, or a row that met a matrix, is summed up to."""
        shape, whole = self.shape(part), max(self.shape(a), self.shape(b), key=len)
        if len(shape) == len(whole) or self._is_number(g):
            return g
        return trees.call("sum", g, trees.number(0)) if shape else trees.call("sum", g)

    def _is_number(self, g):
        try:
            return self.shape(g) == ()
        except (FormulaError, AttributeError):
            return False

    def _of_product(self, a, b, g, left):
        if not (self.varies(a) and self.varies(b)):
            inner, constant = (a, b) if self.varies(a) else (b, a)
            found = self._back(inner, self._fit(times(g, constant), a, b, inner), left)
            if left:
                inner_one = isinstance(inner, ast.Name) and inner.id == self.variable
                product, sentence = (
                    ast.BinOp(a, ast.Mult(), b),
                    "missing_factor.inner" if inner_one else "missing_factor",
                )
                slip = Slip(sentence, f"missing_{_id(constant)}", factor=constant, product=product)
                found += marked(self._back(inner, self._fit(g, a, b, inner), left - 1), slip, left)
                found += self._some_factors(a, b, inner, constant, g, left)
                for slope, slip in constant_derived(constant, self.definitions):
                    back = self._back(inner, self._fit(times(g, slope), a, b, inner), left - 1)
                    found += marked(back, slip, left)
                if isinstance(constant, ast.Name) and self.shape(a) == self.shape(b) == ():
                    both = [(plus(tree, times(g, inner)), slips) for tree, slips in found if not slips]
                    found += marked(both, Slip("constant_differentiated", name=constant.id), left)
                if inner_one and self.shape(a) == self.shape(b) == ():
                    instead = Slip("param_instead", product=product, factor=constant, put=inner)
                    found.append((times(g, inner), (instead,)))
            return found
        first = self._back(a, self._fit(times(g, b), a, b, a), left)
        second = self._back(b, self._fit(times(g, a), a, b, b), left)
        found = together(plus, first, second, left)
        if left:
            for part, lost in ((first, b), (second, a)):
                found += marked(part, Slip("half_product_rule", part=lost), left)
            found += marked(together(minus, first, second, left - 1), Slip("minus_product_rule"), left)
            both = together(times, self._back(a, g, left - 1), self._back(b, ONE, left - 1), left - 1)
            found += marked(both, Slip("product_of_derivatives", a=a, b=b), left)
        return found

    def _some_factors(self, a, b, inner, constant, g, left):
        """Of a constant factor that is a product itself, one or two of its own factors are missing."""
        (sign, above, below), found = factors_of(constant), []
        for count in (1, 2) if len(above) + len(below) > 1 else ():
            for lost in itertools.combinations(range(len(above)), count):
                rest = product_of(sign, [each for place, each in enumerate(above) if place not in lost], below)
                factors = " and ".join(quoted(above[place]) for place in lost)
                slip = Slip("missing_factors", factors=factors) if count > 1 else Slip("missing_factor", factor=factors)
                back = self._back(inner, self._fit(times(g, rest), a, b, inner), left - 1)
                found += marked(back, slip, left)
        return found

    def _of_quotient(self, a, b, g, left):
        if not self.varies(b):
            found = self._back(a, self._fit(over(g, b), a, b, a), left)
            if left:
                lost = self._back(a, self._fit(g, a, b, a), left - 1)
                found += marked(lost, Slip("missing_divisor", factor=b), left)
            return found
        square = ast.BinOp(b, ast.Pow(), trees.number(2))
        found = together(minus, self._back(a, over(g, b), left), self._back(b, over(times(g, a), square), left), left)
        if not self.varies(a):
            found = [(negative(tree), slips) for tree, slips in self._back(b, over(times(g, a), square), left)]
        if left:
            found += [] if isinstance(b, ast.Name) else self._stops(b, negative(over(times(g, a), square)), left)
            found += self._wrong_quotients(a, b, g, left)
        return found

    def _wrong_quotients(self, a, b, g, left):
        varies = self.varies(a)

        def parts(of_a, of_b):
            first = self._back(a, of_a, left - 1) if varies else [(trees.number(0), ())]
            return first, self._back(b, of_b, left - 1)

        first, second = parts(over(g, b), over(times(g, a), ast.BinOp(b, ast.Pow(), trees.number(2))))
        unsquared, undivided = parts(g, over(times(g, a), b)), parts(times(g, b), times(g, a))
        rest = left - 1
        ways = {
            "square_lost": together(minus, *unsquared, rest),
            "denominator_lost": together(minus, *undivided, rest),
        }
        if varies:
            ways |= {
                "plus_quotient_rule": together(plus, first, second, rest),
                "denominator_constant": first,
                "numerator_constant": [(negative(tree), slips) for tree, slips in second],
                "quotient_of_derivatives": together(over, unsquared[0], self._back(b, ONE, rest), rest),
            }
        return [option for id, found in ways.items() for option in marked(found, Slip(id, above=a, below=b), left)]

    def _of_power(self, node, base, exponent, g, left):
        less = trees.number(exponent.value - 1) if isinstance(exponent, ast.Constant) else minus(exponent, ONE)
        lowered = base if trees.is_number(less, 1) else ast.BinOp(base, ast.Pow(), less)
        found = self._back(base, times(g, times(exponent, lowered)), left)
        still = "the square is still there" if trees.is_number(exponent, 2) else "it is still there"
        if left:
            names = {"b": base, "k": exponent, "p": node, "less": lowered}
            for formula, sentence in OF_POWER:
                wrong, slip = trees.filled(trees.read(formula), names), Slip(sentence, still=still, **names)
                found += marked(self._back(base, times(g, wrong), left - 1), slip, left)
            if not isinstance(base, ast.Name):
                found += self._stops(base, times(g, times(exponent, lowered)), left)
            found += self._added(base, times(exponent, lowered), g)
        return found

    # ------------------------------------------------------------------------------------------ functions

    def _of_function(self, node, function, argument, g, left, named):
        if function not in RIGHT:
            raise FormulaError("no rule for this")
        parts = {"u": argument, "v": trees.name(named) if named else node}
        rules = WRONG.get(function, ())
        slope = trees.filled(trees.read(self.writing.get(function, RIGHT[function][0])), parts)
        if function in self.writing:
            self.met.setdefault(function, []).append((argument, parts["v"]))
        found = self._back(argument, times(g, slope), left)
        if left:
            twice = f"({RIGHT[function][0]})*({RIGHT[function][0]})", "prime_twice"
            for formula, sentence in (*rules, twice) if function in ACTIVATIONS else rules:
                wrong = trees.filled(trees.read(formula), parts)
                slip = Slip(sentence, odd=sentence in ODD, f=function, at=parts["v"], **parts)
                found += marked(self._back(argument, times(g, wrong), left - 1), slip, left)
            found += self._elsewhere(function, argument, parts, g, left)
            if not isinstance(argument, ast.Name):
                found += self._stops(argument, times(g, slope), left)
            found += self._added(argument, slope, g)
            if not self.shape(argument) and not self.shape(trees.name(self.variable)):
                found += self._inside(function, argument, parts, g)
        return found

    def _added(self, inner, slope, g):
        numbers = not self.shape(inner) and not self.shape(trees.name(self.variable))
        return inner_added(inner, slope, g, self._back(inner, ONE, 0)) if numbers else []

    def _inside(self, function, argument, parts, g):
        """The derivative of the argument stands inside the function, or inside its derivative."""
        found = []
        for slope, _ in self._back(argument, ONE, 0):
            if trees.is_number(slope, 1):
                continue
            outer = trees.filled(trees.read(RIGHT[function][-1]), {**parts, "u": slope})
            inside = Slip("derivative_inside", f=function, u=argument)
            found.append((times(g, trees.call(function, slope)), (inside,)))
            found.append((times(g, outer), (Slip("evaluated_at_derivative", f=function, u=argument),)))
        return found

    def _elsewhere(self, function, argument, parts, g, left):
        """The slope of the function at another quantity, or its rule with another value."""
        found = []
        shapes = (self.shape(argument), self.shape(trees.name(self.variable)))
        for other in self.shapes:
            here = trees.name(other)
            taken = (*parts.values(), negative(argument))
            if self.shapes[other] not in shapes or quoted(here) in map(quoted, taken):
                continue
            formula = RIGHT[function][1] if function in ("sigma", "tanh") else RIGHT[function][0]
            said = {"f": function, "at": here, **parts}
            ways = [(formula, {"u": here}, Slip("prime_at_a", "evaluated_elsewhere", **said))]
            if function in RULE:
                ways.append((RIGHT[function][0], {"v": here}, Slip("rule_of_another", **said)))
            for formula, filling, slip in ways:
                slope = trees.filled(trees.read(formula), {**parts, **filling})
                found += marked(self._back(argument, times(g, slope), left - 1), slip, left)
        return found

    # ------------------------------------------------------------------------------------------ vectors and matrices

    def _of_total(self, function, argument, rest, g, left):
        if rest:  # sum(U, 1): a number for each row
            rows = transposed(times(transposed(trees.call("ones_like", argument)), g))
            return self._back(argument, rows, left)
        alike = (name for name in self.shapes if self.shapes[name] == self.shape(argument))
        count = trees.call("len", next(map(trees.name, alike), argument))
        if function == "sum":
            found = self._back(argument, g, left)
            if left and self.shape(argument):
                found += marked(self._back(argument, over(g, count), left - 1), Slip("mean"), left)
            return found
        found = self._back(argument, over(g, count), left)
        if left:
            found += marked(self._back(argument, g, left - 1), Slip("not_averaged"), left)
        return found

    def _of_matrix_product(self, a, b, g, left):
        if self._is_number(g) and (self.shape(a)[:-1] or self.shape(b)[1:]):
            g = times(g, trees.call("ones_like", matmul(a, b)))
        if ast.dump(a) == ast.dump(b) and len(self.shape(a)) == 1:
            wrong = [(times(g, tree), slip) for tree, slip in wrong_own_squares(a)]
            return self._either_way(a, times(g, times(trees.number(2), a)), wrong, left)
        shapes, found = (self.shape(a), self.shape(b)), []
        for part in (a, b):
            if self.varies(part):
                found.append(self._either_way(part, *through_product(part is a, a, b, shapes, g), left))
        return found[0] if len(found) == 1 else together(plus, *found, left)

    def _either_way(self, part, right, wrong, left):
        """What comes of a part by the right way back to it, and by wrong ones."""
        found = self._back(part, right, left)
        for tree, slip in wrong if left else ():
            found += marked(self._back(part, tree, left - 1), slip, left)
        return found


def _id(tree: Tree) -> str:
    return tree.id if isinstance(tree, ast.Name) else "factor"
