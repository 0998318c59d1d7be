r"""The one reader of formulas: from the text of a student, an explorer or the content to a syntax tree.

`Formula("-x*y/2 * (1 - sigma(z)) * (1 - tanh(u)**2)")` has Python's own nodes as its `tree`, but nothing of it is ever run as
Python: what walks the tree (`helpers.formulas.evaluate` first of all) knows only what is listed there and in `known`. So a
text from outside can neither import nor call anything else.

The text is cut into tokens (`text`), and these are read by precedence, the loosest first; each line is a method:

    choice       comparison if comparison else choice      comparisons with and, or
    total        term + term − …
    term         factor * factor / factor @ factor, and factors without a sign between them: 2s(1−s)u
    factor       − factor, or an operand to the power of a factor
    operand      a number, a name, a bracket (`operands`); a function, a fraction, a sum, a derivative (`applied`)

What a name means depends on what is known: see `vocabulary`. Where two readings are possible the usual one is taken, and
`Formula.doubts` says that there are others.
"""

import ast
import functools
from collections.abc import Callable, Set
from dataclasses import replace

from helpers.formulas.applied import MAX_DEPTH
from helpers.formulas.known import SPELLINGS
from helpers.formulas.operands import Operands
from helpers.formulas.text import FormulaError, tokens
from helpers.formulas.vocabulary import DERIVATIVES, PRIME, Vocabulary, call

_OPERATIONS = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "·": ast.Mult, "⊙": ast.Mult, "/": ast.Div, "@": ast.MatMult}
_COMPARISONS = {"<": ast.Lt, ">": ast.Gt, "<=": ast.LtE, ">=": ast.GtE}


class Formula:
    """A formula read from text: `text` is what was written, `tree` its syntax tree.

    With a Vocabulary names written side by side are told apart, and what is no name there stays one that is unknown;
    without one every word is a name. `doubts` are the kinds of doubt that there were, `choices` those that are decided
    the other way. Raises FormulaError, with a sentence for the student, when the text cannot be read: at once, but for the
    content's own formulas, those without a Vocabulary, when they are first used.
    """

    def __init__(self, text: str, vocabulary: Vocabulary | None = None, choices: Set[str] = frozenset()):
        self.text, self.vocabulary = text.strip(), vocabulary
        if vocabulary is not None:
            self.tree, self.doubts = _read_anew(text, vocabulary, choices)

    @functools.cached_property
    def tree(self) -> ast.expr:
        """The syntax tree."""
        return _read(self.text)[0]

    @functools.cached_property
    def doubts(self) -> set[str]:
        """The kinds of doubt that there were."""
        return _read(self.text)[1]

    def __repr__(self):
        return f"Formula({self.text!r})"

    @property
    def names(self) -> set[str]:
        """The set of all names in it, functions included."""
        return {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}

    @property
    def has_derivative(self) -> bool:
        """Whether a derivative still stands in it that has to be worked out."""
        return not self.names.isdisjoint({*DERIVATIVES, PRIME})

    @property
    def function(self) -> str | None:
        """The function of which it is the value, as sigma of `sigma(w @ x)`; None if it is none."""
        match self.tree:
            case ast.Call(ast.Name(name), [_]) if name in SPELLINGS:
                return name
        return None

    def other_readings(self) -> list["Formula"]:
        """The same text with each doubt decided the other way; what cannot be read so is left out."""
        found = []
        for doubt in sorted(self.doubts - {"side by side", "stars"}):
            try:
                found.append(Formula(self.text, self.vocabulary, frozenset({doubt})))
            except FormulaError:
                continue
        return found


def split_equation(text: str) -> list[str]:
    """The sides of `a = b = c` as a list of texts; a text without `=` is one side. Raises FormulaError where the text
    is too long."""
    depth, start, sides = 0, 0, []
    for token in tokens(text):
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.kind == "end" or token.text == "=" and depth <= 0:
            sides.append(text[start : token.place].strip())
            start = token.after
    return [side for side in sides if side.strip("&$ ")]


def _read_anew(text, vocabulary, choices):
    reader = _Reader(tokens(text), text, vocabulary, choices)
    tree = reader.whole()
    if "stars" in reader.doubts - choices:  # X'*r, as in MATLAB
        return _read_anew(text, vocabulary, choices | {"stars"})
    return tree, reader.doubts


@functools.lru_cache(maxsize=8192)  # the content's own formulas are read again and again
def _read(text):
    return _read_anew(text, None, frozenset())


class _Reader(Operands):
    """The whole grammar."""

    def whole(self):
        """All tokens, which must be one formula; with commas, a list."""
        tree = self.choice()
        if self.sees(",") and (self.tokens[self.at - 1].kind != "number" or self.tokens[self.at + 1].spaced):
            self.take()
            tree = ast.List([tree, *self.listed("")], ast.Load())
        if self.next.kind != "end":
            raise self.unexpected()
        if _depth(tree) > MAX_DEPTH:
            raise FormulaError("The formula is nested too deeply, or has too many terms, to be read.")
        return tree

    def choice(self):
        tree = self.condition()
        if not self.sees("if"):
            return tree
        self.take()
        test = self.condition()
        if not self.sees("else"):
            raise self.error("a choice is written `where(z > 0, …, …)`.")
        self.take()
        return ast.IfExp(test, tree, self.choice())

    def condition(self):
        return self.logic("or", ast.Or, lambda: self.logic("and", ast.And, self.comparison))

    def logic(self, word: str, operation: type, inner: Callable):
        parts = [inner()]
        while self.sees(word):
            self.take()
            parts.append(inner())
        return parts[0] if len(parts) == 1 else ast.BoolOp(operation(), parts)

    def comparison(self):
        left = self.total()
        if not self.sees(*_COMPARISONS):
            return left
        return ast.Compare(left, [_COMPARISONS[self.take().text]()], [self.total()])

    def total(self):
        tree, terms = self.term(), 1
        while self.sees("+", "-"):
            tree, terms = ast.BinOp(tree, _OPERATIONS[self.take().text](), self.term()), terms + 1
            if terms > MAX_DEPTH:
                raise self.error("the formula has too many terms to be read.")
        return tree

    def term(self, tree=None):
        tree, factors, sign = tree or self.factor(), 1, ""
        while factors < MAX_DEPTH:
            factors += 1
            if self.sees("*", "/", "@", "·", "⊙"):
                sign = self.take().text
                tree = self.product(tree, self.factor(), sign)
            elif self.begins_operand():
                together = not self.next.spaced and self.tokens[self.at - 1].text not in (")", "}")
                factor = self.factor()
                if sign == "/" and together:  # 1/2x is x/2, but is that meant?
                    self.doubts.add("below the line")
                if sign == "/" and together and "below the line" in self.choices:
                    tree = ast.BinOp(tree.left, ast.Div(), self.product(tree.right, factor))
                else:
                    tree, sign = self.product(tree, factor), ""
            else:
                return tree
        raise self.error("the formula has too many factors to be read.")

    def product(self, left, right, sign=""):
        """left times right. Without a sign, and with the dot, arrays are multiplied as matrices: X r, wᵀx, w · x. But two
        vectors side by side are multiplied entry by entry, and a column times a row is their outer product."""
        first, second = (self.vocabulary.shape(each) if self.vocabulary else () for each in (left, right))
        if sign in ("", "·", "*" if "stars" in self.choices else "") and first and second:
            row, column = _is_row(left), _is_row(right)
            if sign != "*" and len(second) == 2 and second[1] == "1" and isinstance(right, ast.Attribute):
                second, right = (
                    second[:1],
                    ast.Subscript(right.value, ast.Constant(0), ast.Load()),
                )  # A Wᵀ, W a single row
            if len(first) == len(second) == 1 and column and not row:
                return call("outer", left, right.value if isinstance(right, ast.Attribute) else right)
            matrices = len(first) == 2 or len(second) == 2 or row
            if not matrices and sign != "*":  # w · x, or w x, or entry by entry
                self.doubts.add("dot")
                matrices = (sign == "·") != ("dot" in self.choices)
            if matrices and first[-1] == second[0]:
                return ast.BinOp(left, ast.MatMult(), right)
        return ast.BinOp(left, _OPERATIONS[sign or "*"](), right)

    def factor(self):
        self.deeper()
        if self.sees("-"):
            self.take()
            tree = ast.UnaryOp(ast.USub(), self.factor())
        elif self.sees("+"):
            self.take()
            tree = self.factor()
        else:
            tree = self.power(self.operand())
        self.depth -= 1
        return tree

    def power(self, base):
        while self.sees("**"):
            self.take()
            if not (self.vocabulary and "T" in self.vocabulary.shapes) and (
                self.in_brackets("T") or self.takes_t_apart(base)
            ):
                base = ast.Attribute(base, "T", ast.Load())
            else:
                base = self.example(base) or ast.BinOp(base, ast.Pow(), self.exponent())
            base = self.behind(base)
        return base

    def takes_t_apart(self, base: ast.expr) -> bool:
        """Whether Tr follows, as in X^Tr; if so its T is read, and r is left."""
        token = self.next
        if token.kind != "word" or not token.text.startswith("T") or not self.vocabulary:
            return False
        if self.vocabulary.knows(token.text) or not self.vocabulary.shape(base):
            return False
        rest = replace(token, text=token.text[1:].lstrip("_"), place=token.place + 1)
        self.tokens = [*self.tokens[: self.at], rest, *self.tokens[self.at + 1 :]]
        return True

    def exponent(self):
        tree = self.factor()
        if (
            self.tokens[self.at - 1].kind == "number"
            and self.next.kind == "word"
            and not self.next.spaced
            and self.begins_operand()
        ):
            self.doubts.add("exponent")  # e^2x
            if "exponent" in self.choices:
                tree = self.product(tree, self.factor())
        return tree

    def example(self, base):
        """x_i for x^{(i)}, the i-th example, as papers write it; else None."""
        for letter in sorted(self.vocabulary.indices) if self.vocabulary and isinstance(base, ast.Name) else ():
            if self.sees("(", "{") and self.in_brackets("(", letter, ")"):
                return self.vocabulary.name(f"{base.id}_{letter}")
        return None

    def in_brackets(self, *texts):
        """Whether these tokens follow, in brackets or without; if so they are read."""
        for wanted in (texts, ("(", *texts, ")"), ("{", *texts, "}")):
            following = [token.text for token in self.tokens[self.at : self.at + len(wanted)]]
            if following == list(wanted):
                return self.skip(len(wanted))
        return False


def _is_row(tree):
    """Whether a vector lies: xᵀ, 2xᵀ, xᵀA."""
    match tree:
        case ast.Attribute() | ast.UnaryOp(ast.USub(), ast.Attribute()):
            return True
        case ast.BinOp(left, ast.MatMult(), _):
            return _is_row(left)
        case ast.BinOp(left, ast.Mult() | ast.Div() | ast.Add() | ast.Sub(), right):
            return _is_row(left) or _is_row(right)
    return False


def _depth(tree):
    level, deep = [tree], 0
    while level:
        level, deep = [child for parent in level for child in ast.iter_child_nodes(parent)], deep + 1
    return deep
