"""A question's function differentiated in every way in which people get it wrong, one or two mistakes at a time.

The tree of the function is walked backwards, as in backpropagation: at every node stands what has been multiplied so far,
and is handed on times the slope of the node, by the right rule or by a wrong one. So numbers, vectors and matrices
are differentiated alike, and every wrong derivative is a formula that foretells an answer, with the mistakes made in it.
"""

import ast
import functools
from collections.abc import Callable, Iterable, Mapping

from helpers.checking import trees
from helpers.checking.rules import ODD, RIGHT, RULE, SIGN, WRONG, Slip
from helpers.checking.trees import ONE, Tree, matmul, minus, negative, number, over, plus, quoted, times, transposed
from helpers.formulas.evaluate import Shape, shape_of
from helpers.formulas.known import SPELLINGS
from helpers.formulas.text import FormulaError

Option = tuple[Tree, tuple[Slip, ...]]  # a derivative, and the mistakes that were made in it

_EACH_FUNCTION = {"sigma": "sigma", "sigmoid": "sigma"}  # the names under which `rules` has them


def function_name(written: str) -> str:
    """The name of a function in `rules`; its own name if it is not there."""
    known = SPELLINGS.get(written, written)
    return _EACH_FUNCTION.get(known, known)


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
                found.append((times(number(2), tree), (*slips, TWICE)))
                found.append((over(tree, number(2)), (*slips, HALF)))
        return found

    def varies(self, node: Tree) -> bool:
        """Whether the variable is in a tree."""
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
                lost = [(tree, (*slips, MINUS_LOST)) for tree, slips in self._back(operand, g, left - 1)] if left else []
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
            kept = Slip(f"kept_{node.id}", f"`{node.id}` was not differentiated: its derivative with respect to itself is 1.")
            return [(g, ())] + ([(times(g, node), (kept,))] if left else [])
        found = self._back(self.definitions[node.id], g, left, node.id)
        return found + self._stops(node, g, left)

    def _stops(self, node, g, left):
        """The chain ends at a node, as if that were the variable."""
        if not left or self.shape(node) not in (self.shape(trees.name(self.variable)), ()):
            return []
        return [(g, (inner_lost(node, self.variable),))]

    def _of_sum(self, a, b, subtracted, g, left):
        signed = negative if subtracted else (lambda tree: tree)
        first, second = ([] if not self.varies(part) else self._back(part, self._fit(g, a, b, part), left) for part in (a, b))
        second = [(signed(tree), slips) for tree, slips in second]
        if not first or not second:
            return self._and_a_constant(first or second, b if first else a, signed if first else None, g, left)
        found = _together(plus, first, second, left)
        if left:
            for part, lost in ((second, a), (first, b)):
                slip = Slip("missing_term", f"The derivative of the term {quoted(lost)} is missing.")
                found += _marked(part, slip, left)
            turned = Slip("sign_of_term", f"The derivative of the term {quoted(b)} has the wrong sign.")
            found += _marked(_together(minus, first, second, left - 1), turned, left)
            text = f"The derivatives of {quoted(a)} and {quoted(b)} were multiplied; they are to be added."
            found += _marked(_together(times, first, second, left - 1), Slip("multiplied", text), left)
        return found

    def _and_a_constant(self, found, constant, signed, g, left):
        """A term that does not contain the variable was kept all the same, or its number was."""
        if not left or self.shape(constant) or trees.is_number(g, 0):
            return found
        zero = f"that term does not contain `{self.variable}`, so its derivative is zero."
        kept = [(constant, Slip("constant_kept", f"The term {quoted(constant)} was kept as if it were no constant: {zero}"))]
        match constant:
            case ast.BinOp(one, ast.Mult(), other):
                for factor in (one, other):
                    text = f"In the inner derivative {quoted(factor)} was kept, of {quoted(constant)}: {zero}"
                    kept.append((factor, Slip("constant_kept", text)))
        more = []
        for tree, slip in kept:
            term = times(g, signed(tree) if signed else tree)
            more += _marked([(plus(each, term), slips) for each, slips in found if len(slips) < left], slip, left)
        return found + more

    def _fit(self, g, a, b, part):
        """What goes back to one of two parts: a number that met an array, or a row that met a matrix, is summed up to."""
        shape, whole = self.shape(part), max(self.shape(a), self.shape(b), key=len)
        if len(shape) == len(whole) or self._is_number(g):
            return g
        return trees.call("sum", g, number(0)) if shape else trees.call("sum", g)

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
                slip = Slip(f"missing_{_id(constant)}", f"The factor {quoted(constant)} is missing.")
                found += _marked(self._back(inner, self._fit(g, a, b, inner), left - 1), slip, left)
                if isinstance(inner, ast.Name) and inner.id == self.variable and self.shape(a) == self.shape(b) == ():
                    product = quoted(ast.BinOp(a, ast.Mult(), b))
                    text = f"The inner derivative of {product} is {quoted(constant)}, not `{inner.id}`."
                    found.append((times(g, inner), (Slip("param_instead", text),)))
            return found
        first, second = self._back(a, self._fit(times(g, b), a, b, a), left), self._back(b, self._fit(times(g, a), a, b, b), left)
        found = _together(plus, first, second, left)
        if left:
            for part, lost in ((first, b), (second, a)):
                text = f"The product rule has two parts: that with the derivative of {quoted(lost)} is missing."
                found += _marked(part, Slip("half_product_rule", text), left)
            found += _marked(
                _together(minus, first, second, left - 1), Slip("minus_product_rule", "In the product rule stands a minus."), left
            )
            both = _together(times, self._back(a, g, left - 1), self._back(b, ONE, left - 1), left - 1)
            text = f"The derivatives of {quoted(a)} and {quoted(b)} were multiplied; that is not the product rule."
            found += _marked(both, Slip("product_of_derivatives", text), left)
        return found

    def _of_quotient(self, a, b, g, left):
        if not self.varies(b):
            found = self._back(a, self._fit(over(g, b), a, b, a), left)
            if left:
                lost = self._back(a, self._fit(g, a, b, a), left - 1)
                found += _marked(lost, Slip("missing_divisor", f"The division by {quoted(b)} is missing."), left)
            return found
        square = ast.BinOp(b, ast.Pow(), number(2))
        found = _together(minus, self._back(a, over(g, b), left), self._back(b, over(times(g, a), square), left), left)
        if not self.varies(a):
            found = [(negative(tree), slips) for tree, slips in self._back(b, over(times(g, a), square), left)]
        if left:
            found += [] if isinstance(b, ast.Name) else self._stops(b, negative(over(times(g, a), square)), left)
            found += self._wrong_quotients(a, b, g, left)
        return found

    def _wrong_quotients(self, a, b, g, left):
        below = f"in the quotient rule the denominator {quoted(b)} is"

        def parts(of_a, of_b):
            return self._back(a, of_a, left - 1), self._back(b, of_b, left - 1)

        first, second = parts(over(g, b), over(times(g, a), ast.BinOp(b, ast.Pow(), number(2))))
        once, twice = parts(g, over(times(g, a), b))
        none_first, none_second = parts(times(g, b), times(g, a))
        alone = [(number(0), ())]
        yes = self.varies(a)
        ways = [
            (_together(minus, once if yes else alone, twice, left - 1), "square_lost", f"I{below[1:]} not squared."),
            (_together(minus, none_first if yes else alone, none_second, left - 1), "denominator_lost", f"I{below[1:]} missing."),
        ]
        if yes:
            ways += [
                (_together(plus, first, second, left - 1), "plus_quotient_rule", "In the quotient rule a plus stands for the minus."),
                (first, "denominator_constant", f"Only the numerator {quoted(a)} was differentiated, not the denominator {quoted(b)}."),
                (
                    [(negative(tree), slips) for tree, slips in second],
                    "numerator_constant",
                    f"Only the denominator {quoted(b)} was differentiated, not the numerator {quoted(a)}.",
                ),
                (
                    _together(over, once, self._back(b, ONE, left - 1), left - 1),
                    "quotient_of_derivatives",
                    "Numerator and denominator were differentiated separately; that is not the quotient rule.",
                ),
            ]
        return [option for found, id, text in ways for option in _marked(found, Slip(id, text), left)]

    def _of_power(self, node, base, exponent, g, left):
        less = _one_less(exponent)
        lowered = base if trees.is_number(less, 1) else ast.BinOp(base, ast.Pow(), less)
        found = self._back(base, times(g, times(exponent, lowered)), left)
        still = "the square is still there" if trees.is_number(exponent, 2) else "it is still there"
        if left:
            for tree, id, text in (
                (lowered, "exponent_lost", f"The exponent of {quoted(node)} was not brought down as a factor."),
                (times(exponent, node), "power_not_reduced", f"The power of {quoted(node)} was not lowered by one: {still}."),
                (node, "power_kept", f"{quoted(node)} was not differentiated: {still}."),
                (exponent, "base_lost", f"Of the derivative of {quoted(node)} only the factor {quoted(exponent)} is left."),
                (trees.call("sign", base), "absolute_for_square", f"The sign of {quoted(base)} stands where {quoted(base)} belongs: that comes of an absolute value."),
                (times(exponent, trees.call("abs", base)), "absolute_of_base", f"The absolute value of {quoted(base)} stands where {quoted(base)} itself belongs."),
            ):
                found += _marked(self._back(base, times(g, tree), left - 1), Slip(id, text), left)
            if not isinstance(base, ast.Name):
                found += self._stops(base, times(g, times(exponent, lowered)), left)
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
            for formula, id, text in rules:
                wrong = trees.filled(trees.read(formula), parts)
                slip = Slip(id, worded(text, function, quoted(argument), quoted(parts["v"])), odd=id in ODD)
                found += _marked(self._back(argument, times(g, wrong), left - 1), slip, left)
            found += self._elsewhere(function, argument, parts, g, left)
            if not isinstance(argument, ast.Name):
                found += self._stops(argument, times(g, slope), left)
            if not self.shape(argument) and not isinstance(argument, ast.Name):
                inside = trees.call(function, *(tree for tree, slips in self._back(argument, ONE, 0)))
                text = f"The derivative of {quoted(argument)} was put into {SIGN.get(function, function)} itself."
                found.append((times(g, inside), (Slip("derivative_inside", text, odd=True),)))
        return found

    def _elsewhere(self, function, argument, parts, g, left):
        """The slope of the function at another quantity, or its rule with another value."""
        found, sign = [], SIGN.get(function, function)
        shapes = (self.shape(argument), self.shape(trees.name(self.variable)))
        for other in self.shapes:
            here = trees.name(other)
            taken = (*parts.values(), negative(argument))
            if self.shapes[other] not in shapes or quoted(here) in map(quoted, taken):
                continue
            formula = RIGHT[function][1] if function in ("sigma", "tanh") else RIGHT[function][0]
            text = f"The derivative of {sign} was evaluated at `{other}`; it belongs to {quoted(argument)}."
            ways = [(formula, {"u": here}, Slip("evaluated_elsewhere", text))]
            if function in RULE:
                text = f"The rule {RULE[function]} was applied to `{other}`; it takes {quoted(parts['v'])}."
                ways.append((RIGHT[function][0], {"v": here}, Slip("rule_of_another", text)))
            for formula, filling, slip in ways:
                slope = trees.filled(trees.read(formula), {**parts, **filling})
                found += _marked(self._back(argument, times(g, slope), left - 1), slip, left)
        return found

    # ------------------------------------------------------------------------------------------ vectors and matrices

    def _of_total(self, function, argument, rest, g, left):
        if rest:  # sum(U, 1): a number for each row
            rows = transposed(times(transposed(trees.call("ones_like", argument)), g))
            return self._back(argument, rows, left)
        count = trees.call("len", argument)
        if function == "sum":
            found = self._back(argument, g, left)
            if left and self.shape(argument):
                text = "The sum over the examples was divided by their number: that would be a mean."
                found += _marked(self._back(argument, over(g, count), left - 1), Slip("mean", text), left)
            return found
        found = self._back(argument, over(g, count), left)
        if left:
            text = "A mean has to be divided by the number of examples: that division is missing."
            found += _marked(self._back(argument, g, left - 1), Slip("not_averaged", text), left)
        return found

    def _of_matrix_product(self, a, b, g, left):
        if self._is_number(g) and (self.shape(a)[:-1] or self.shape(b)[1:]):
            g = times(g, trees.call("ones_like", matmul(a, b)))
        if ast.dump(a) == ast.dump(b) and len(self.shape(a)) == 1:
            return self._of_own_square(a, b, g, left)
        found = []
        parts = [(part, self._ways(part is a, a, b, g)) for part in (a, b) if self.varies(part)]
        for part, (right, *wrong) in parts:
            options = self._back(part, right, left)
            for tree, slip in wrong if left else ():
                options += _marked(self._back(part, tree, left - 1), slip, left)
            found.append(options)
        return found[0] if len(found) == 1 else _together(plus, *found, left)

    def _of_own_square(self, a, b, g, left):
        """a @ a, the sum of the squares."""
        found, square = self._back(a, times(g, times(number(2), a)), left), quoted(matmul(a, b))
        for tree, id, text in (
            (a, "two_lost", f"The derivative of {square} has lost its factor 2."),
            (number(2), "base_lost", f"Of the derivative of {square} only the factor 2 is left."),
            (times(a, a), "power_kept", f"{square} was not differentiated: the square is still there."),
            (times(number(2), times(a, a)), "power_not_reduced", f"In the derivative of {square} the square is still there."),
            (trees.call("sign", a), "absolute_for_square", f"The sign of {quoted(a)} comes of a sum of absolute values; {square} is a sum of squares."),
            (trees.call("abs", a), "absolute_and_two", f"An absolute value stands in the derivative of {square}, and a factor 2 is missing."),
            (times(number(2), trees.call("abs", a)), "absolute_of_base", f"The absolute value of {quoted(a)} stands in the derivative of {square}, where {quoted(a)} itself belongs."),
            (times(number(2), trees.call("sqrt", matmul(a, b))), "norm", f"The norm of {quoted(a)}, one number, stands in the derivative of {square} where the vector {quoted(a)} belongs."),
            (trees.call("sqrt", matmul(a, b)), "norm_and_two", f"The norm of {quoted(a)}, one number, stands where the derivative of {square} belongs."),
            (over(a, trees.call("sqrt", matmul(a, b))), "of_norm", f"That is the derivative of the norm of {quoted(a)}; {square} is its square."),
            (matmul(a, b), "not_differentiated", f"{square}, one number, was not differentiated."),
            (times(number(2), matmul(a, b)), "not_differentiated_2", f"{square}, one number, stands in its own derivative where {quoted(a)} belongs."),
            (times(number(2), trees.call("sum", a)), "summed", f"In the derivative of {square} the components of {quoted(a)} were added up: a sum stands in every component."),
            (trees.call("sum", a), "summed_and_two", f"In the derivative of {square} the components of {quoted(a)} were added up, and a factor 2 is missing."),
        ) if left else ():  # fmt: skip
            wrong = trees.times(tree, trees.call("ones_like", a)) if not isinstance(tree, ast.Constant) and self._is_number(tree) else tree
            found += _marked(self._back(a, times(g, wrong), left - 1), Slip(id, text), left)
        return found

    def _ways(self, first, a, b, g):
        """What goes back to one side of a @ b: the right tree, then (a wrong one, what went wrong)."""
        left, right = self.shape(a), self.shape(b)
        other, target = (b, a) if first else (a, b)
        lost = (g, Slip(f"missing_{_id(other)}", f"The factor {quoted(other)} is missing: the derivative of {quoted(matmul(a, b))}."))
        instead = (times(g, target), Slip("param_instead", f"{quoted(target)} stands where {quoted(other)} belongs, the derivative of {quoted(matmul(a, b))}."))
        if len(left) == len(right) == 1:
            return times(g, other), lost, instead
        if first:
            outer = trees.call("outer", g, b) if len(right) == 1 else matmul(g, transposed(b))
            turned = trees.call("outer", b, g) if len(right) == 1 else matmul(b, transposed(g))
            return outer, (turned, Slip("transposed", "The matrix is transposed: its rows and columns have changed places."))
        if len(left) == 1:
            return trees.call("outer", a, g), lost
        summed = times(trees.call("sum", a, number(0)), trees.call("sum", g))
        ways = [
            (summed, Slip("summed_separately", f"The sums were taken separately: over the rows of {quoted(a)}, and over what they are multiplied by.")),
            (times(trees.call("sum", g), trees.call("ones_like", b)), Slip("matrix_missing", f"The entries of {quoted(a)} are missing: every component is one and the same sum.")),
        ]  # fmt: skip
        if len(right) == 1:
            for place, which in (("0", "first"), ("-1", "last")):
                text = f"Only the {which} row of {quoted(a)} counts: the loop ends too early, or it forgets the sum so far (`+=`)."
                row, entry = (ast.Subscript(each, trees.read(place), ast.Load()) for each in (a, g))
                ways.append((times(entry, row), Slip(f"only_{which}", text)))
            for count in (2, 3):
                part = ast.Slice(None, number(count))
                some, those = (ast.Subscript(each, part, ast.Load()) for each in (a, g))
                text = f"Only the first {count} rows of {quoted(a)} count, whatever its size: `range({count})`?"
                ways.append((matmul(transposed(some), those), Slip("only_some", text)))
        return matmul(transposed(a), g), *ways


SIGN_LOST = Slip("sign", "The sign is wrong.", "Follow the minus signs line by line.")
MINUS_LOST = Slip("sign", "A minus sign was lost.", "Follow the minus signs line by line.")
TWICE = Slip("factor_2", "There is a factor 2 too many: the answer is twice as large as it should be.")
HALF = Slip("factor_half", "There is a factor ½ too many: the answer is half of what it should be.")


def inner_lost(node: Tree, variable: str) -> Slip:
    """The chain stops too early."""
    hint = "Write the chain rule with one factor for each step, and count the factors."
    return Slip("missing_inner", f"An inner derivative is missing: that of {quoted(node)} with respect to `{variable}`.", hint)


def worded(text: str, function: str, u: str, v: str) -> str:
    """A sentence of `rules` with its names filled in."""
    return text.format(f=SIGN.get(function, function), u=u, v=v, rule=RULE.get(function, ""))


def _id(tree: Tree) -> str:
    return tree.id if isinstance(tree, ast.Name) else "factor"


def _one_less(exponent):
    if isinstance(exponent, ast.Constant):
        return number(exponent.value - 1)
    return minus(exponent, ONE)


def _together(put: Callable[[Tree, Tree], Tree], first: list[Option], second: list[Option], left: int) -> list[Option]:
    """Every two derivatives put together that have no more than `left` mistakes between them."""
    return [
        (put(a, b), (*some, *more)) for a, some in first for b, more in second if len(some) + len(more) <= left
    ]


def _marked(options: Iterable[Option], slip: Slip, left: int) -> list[Option]:
    """The derivatives with one more mistake."""
    return [(tree, (*slips, slip)) for tree, slips in options if len(slips) < left]


def vectorised(tree: Tree, letters: Mapping[str, str], inside: bool = False) -> Tree:
    """`Sum(i, r[i]**2)` as `sum(r**2)`: the sum over the examples of what is then an array. `letters` are the indices."""
    match tree:
        case ast.Call(ast.Name("Sum"), [ast.Name(), body]):
            return trees.call("sum", vectorised(body, letters, True))
        case ast.Subscript(value, ast.Name(letter)) if letter in letters:
            return vectorised(value, letters, inside)
        case ast.Call(ast.Name("sum"), [argument]) if inside:  # of one example: along its row
            return trees.call("sum", vectorised(argument, letters, inside), number(1))
    return trees.with_children(tree, functools.partial(vectorised, letters=letters, inside=inside))
