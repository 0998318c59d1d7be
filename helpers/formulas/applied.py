r"""What is applied to something in a formula: functions, sums, \frac{…}{…}, derivatives. A part of the reader."""

import ast
from collections.abc import Set
from dataclasses import replace

from helpers.formulas.known import KNOWN, SPELLINGS
from helpers.formulas.text import CLOSING, Cursor, Token
from helpers.formulas.vocabulary import KEYWORDS, PRIME, Vocabulary, call, named

MAX_DEPTH = 60  # of brackets, and of the tree
_NO_VOCABULARY = Vocabulary({})


class Applied(Cursor):
    """Reads them from a list of tokens. What stands in them, `operand`, `power`, `term`, `choice`, is the reader's.

    doubts   the kinds of doubt that there were so far; `choices` are those to be decided the other way
    bare     the functions that stood without an argument, for the activation of that name
    """

    def __init__(self, found: list[Token], text: str, vocabulary: Vocabulary | None, choices: Set[str]):
        super().__init__(found, text)
        self.vocabulary, self.choices = vocabulary, choices
        self.depth, self.bars, self.doubts, self.bare = 0, 0, set(), set()

    def deeper(self) -> None:
        """Note that one thing more stands inside others. Raises FormulaError where it is too much."""
        self.depth += 1
        if self.depth > 2 * MAX_DEPTH:  # a bracket is an operand and a factor
            raise self.error("the formula is nested too deeply to be read.")

    def function_of(self, word: str) -> str | None:
        """The function that a word names, or None."""
        return (self.vocabulary or _NO_VOCABULARY).function(word)

    def applied(self, name: str, token: Token) -> ast.expr:
        """A function with what it is applied to: f(x), f^2(x), f'(x), f x."""
        primes, power = self.count("'"), None
        if self.sees("**"):
            self.take()
            power = self.factor()
            if ast.unparse(power) == "-1":
                raise self.error(f"does `{name}^-1` mean 1/{name}(…) or the inverse? Write what you mean.", token)
        outside, self.bare = self.bare, set()
        if self.sees("("):
            inside = self.arguments(name)
        elif self.begins_operand() or self.next.kind == "number" or self.sees("-") and self.next.spaced:
            inside = [self.argument()]
        else:
            self.bare = outside | {name}
            tree = self.activation(name, token)
            for _ in range(primes):
                tree = call(PRIME, tree)
            return _to_the(tree, power)
        product = name in self.bare and len(inside) == 1  # σ(1−σ): nothing is a function of itself
        self.bare |= outside
        if product:
            return self.product(_to_the(self.activation(name, token), power), inside[0])
        if name == "sum" and getattr(inside[0], "counts", False):
            name = "Sum"  # of `… for i in range(m)`
        tree = self.slope(name, inside, primes, token) if primes else call(name, *inside)
        return self.behind(_to_the(tree, power))

    def activation(self, name: str, token: Token) -> ast.expr:
        """What a function's sign alone stands for: the activation, where there is one."""
        if not self.vocabulary:
            return named(name)
        if name in self.vocabulary.activations:
            return named(self.vocabulary.activations[name])
        raise self.error(f"`{token.text}` is a function: it needs an argument in brackets.", token)

    def argument(self) -> ast.expr:
        """The argument of a function without brackets: one factor, in doubt all that stand side by side."""
        if self.sees("-"):
            self.deeper()
            self.take()
            tree = ast.UnaryOp(ast.USub(), self.argument())
            self.depth -= 1
            return tree
        after, factors = self.tokens[self.at + 1], 0
        if self.next.kind == "number" and after.kind == "word" and not after.spaced:
            tree = self.product(self.number(), self.power(self.operand()))
        else:
            tree = self.power(self.operand())
        while self.next.kind == "word" and not self.function_of(self.next.text) and self.next.text not in KEYWORDS:
            together = not self.next.spaced and self.tokens[self.at - 1].kind == "word"
            if not together:
                self.doubts.add("argument")
                if "argument" not in self.choices:
                    break
            tree, factors = self.product(tree, self.power(self.operand())), factors + 1
            if factors > MAX_DEPTH:
                raise self.error("the formula has too many factors to be read.")
        return tree

    def slope(self, name: str, inside: list[ast.expr], primes: int, token: Token) -> ast.expr:
        """σ'(z): the derivative of a function of the table, at its argument."""
        known = KNOWN.get(SPELLINGS.get(name, ""))
        if primes > 1 or known is None or not known.slope or len(inside) != 1:
            raise self.error(f"the derivative of `{token.text}` is not known here: write it out.", token)
        prime = SPELLINGS.get(f"{known.name}_prime")
        if prime:
            return call(prime, *inside)
        return _Put(inside[0]).visit(ast.parse(known.slope, mode="eval").body)

    def arguments(self, name: str = "") -> list[ast.expr]:
        """The arguments in brackets; `x for i in range(m)` gives i and x. What a sum counts by is an index in it."""
        outside = self.vocabulary
        if letter := self.counts_by(name):
            self.vocabulary = replace(outside, indices=outside.indices | {letter}, _ways={})
        parts = self.parts_in_brackets()
        self.vocabulary = outside
        return parts

    def counts_by(self, name: str) -> str:
        """The index of `Sum(k, …)` or `sum(… for k in range(m))`, whose bracket follows; "" if there is none."""
        if not self.vocabulary or name not in ("Sum", "sum"):
            return ""
        if self.sees(",", ahead=2):
            return self.tokens[self.at + 1].text if name == "Sum" else ""
        for before, token, after in zip(*(self.tokens[self.at + shift :] for shift in range(3)), strict=False):
            if before.text == "for" and after.text == "in":
                return token.text
        return ""

    def parts_in_brackets(self) -> list[ast.expr]:
        """All arguments, with their brackets."""
        opening, parts = self.take(), []
        if self.sees(")"):
            raise self.error("there is nothing in the brackets.")
        bars, self.bars = self.bars, 0
        while True:
            if self.next.kind == "word" and self.sees("=", ahead=1):
                if not self.sees("axis", "dim"):
                    raise self.error(
                        "an `=` cannot stand in the brackets of a function: write it without named arguments."
                    )
                self.skip(2)
            if self.sees(")") and parts:
                break
            parts.append(self.choice())
            if self.sees("for"):
                parts = [self.counted(), *parts]
            if not self.sees(","):
                break
            self.take()
        self.bars = bars
        self.expect(")", opening)
        return parts

    def counted(self) -> ast.Name:
        """The index of `for i in range(m)`."""
        self.take()
        index = named(self.take().text)
        if not self.sees("in") or not self.sees("range", ahead=1) or not self.sees("(", ahead=2):
            raise self.error("a sum is written `Sum(i, …)`.")
        self.skip(2)
        opening = self.take()
        depth = 0
        while self.next.kind != "end" and not (self.sees(")") and depth == 0):
            depth += {"(": 1, ")": -1}.get(self.take().text, 0)
        self.expect(")", opening)
        index.counts = True
        return index

    def sum(self) -> ast.expr:
        r"""\sum_i …, ∑_{i=1}^m …: all that stands behind as a product belongs to it."""
        sign = self.take()
        letter = sign.text[4:]
        if self.sees("_"):
            self.take()
            letter = self.group()[0].text
        if self.sees("**"):
            self.take()
            self.group()
        if not letter.isalpha():
            raise self.error(r"a sum is written `Sum(i, …)` or `\sum_i …`, with i for the examples.", sign)
        outside = self.vocabulary
        if outside:
            self.vocabulary = replace(outside, indices=outside.indices | {letter}, _ways={})
        body = self.term()
        self.vocabulary = outside
        return call("Sum", named(letter), body)

    # ------------------------------------------------------------------------------------------ fractions, derivatives

    def fraction(self) -> ast.expr:
        r"""\frac{…}{…}, \frac12, and the derivatives written so."""
        command = self.take()
        if command.text != "frac" and self.in_brackets("1"):  # \mathbf 1^\top y: the sum
            if not self.sees("**") or not self.skip(1) or not self.in_brackets("T"):
                raise self.error("a sum is written `sum(y)`.", command)
            return call("sum", self.factor())
        if command.text != "frac":
            raise self.error(f"`\\{command.text}` must stand in front of a letter.", command)
        above, below = self.inside(self.group()), self.inside(self.group())
        variable = below.differential()
        if variable and below.next.kind == "end":
            what = above.differential()
            if what is not None and above.next.kind == "end":
                return self.slope_of(what, variable) if what else self.derivative(variable)
            if what == "":
                return call("diff", above.whole(), variable)
            above.at = 0
        below.at = 0
        parts = [above.whole(), below.whole()]
        self.doubts |= above.doubts | below.doubts
        self.bare |= above.bare | below.bare
        return ast.BinOp(parts[0], ast.Div(), parts[1])

    def group(self) -> list[Token]:
        r"""The tokens of {…}, or the one that stands for it; of \frac12 a digit."""
        token = self.take()
        if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
            rest = replace(token, text=token.text[1:], place=token.place + 1)
            self.tokens = [*self.tokens[: self.at], rest, *self.tokens[self.at :]]
            return [replace(token, text=token.text[0], after=token.place + 1)]
        if token.text != "{":
            if token.kind == "end":
                self.at -= 1
                raise self.error(r"a fraction is written `\frac{…}{…}`.")
            return [token]
        inside, depth = [], 1
        while depth:
            if self.next.kind == "end":
                raise self.error("the bracket `{` is not closed.")
            inside.append(self.take())
            depth += (inside[-1].text == "{") - (inside[-1].text == "}")
        if len(inside) == 1:
            raise self.error("there is nothing in the brackets.", token)
        return inside[:-1]

    def inside(self, group: list[Token]) -> "Applied":
        """A reader of some of the tokens."""
        end = Token("end", "", group[-1].after, group[-1].after)
        reader = type(self)([*group, end], self.text, self.vocabulary, self.choices)
        reader.depth = self.depth
        reader.deeper()
        return reader

    def differential(self) -> ast.expr | str | None:
        """Of `dL`, `∂L` the L, of `d`, `∂` an empty text; they are taken. None if none of them follows."""
        if self.sees("∂"):
            self.take()
            if self.next.kind == "word":
                return self.quantity(self.take().text)
            start = self.at
            tree = self.operand() if self.sees("(") else None  # ∂(W_1)_{pq}
            if isinstance(tree, ast.Subscript):
                return tree
            self.at = start
            return ""
        if self.next.kind != "word" or not self.vocabulary:
            return None
        if self.sees("d"):
            self.take()
            glued = self.next.kind == "word" and not (self.next.spaced and "d" in self.vocabulary.shapes)
            return self.quantity(self.take().text) if glued else ""
        inside = self.vocabulary.differential(self.next.text)
        return self.quantity(inside.lstrip("_")) if inside and self.skip(1) else None

    def quantity(self, word: str) -> ast.expr:
        """A name, or an entry of an array."""
        tree = self.vocabulary.name(word) if self.vocabulary else named(word)
        return tree if isinstance(tree, (ast.Name, ast.Subscript)) else named(word)

    def quotient_of_differentials(self) -> ast.expr | None:
        """dL/dw, ∂L/∂w; and d/dw of what follows. None if no such thing follows."""
        start = self.at
        above = self.differential()
        if above is not None and self.sees("/"):
            self.take()
            below = self.differential()
            if below:
                below = self.behind(below) if self.sees("[") else below
                return self.slope_of(above, below) if above else self.derivative(below)
        self.at = start
        return None

    def slope_of(self, above: ast.expr, below: ast.expr) -> ast.expr:
        """dL/dw; dσ/dz is that of σ(z)."""
        function = self.function_of(above.id) if isinstance(above, ast.Name) else None
        return call("diff", call(function, below) if function else above, below)

    def derivative(self, variable: ast.expr) -> ast.expr:
        """d/dz …: all that stands behind belongs to it; of d/dz (…) * … only the bracket. Both are in doubt."""
        if self.next.kind == "end" or self.sees(")", "=", "+"):
            raise self.error("behind `d/d…` must follow what is differentiated.")
        bracket = self.sees(*CLOSING)
        tree = self.factor()
        if self.sees("*", "·", "⊙", "/", "@") or self.begins_operand():
            self.doubts.add("derivative")
            alone = bracket and self.sees("*", "·", "⊙", "@")
            if alone == ("derivative" in self.choices):
                tree = self.term(tree)
        return call("diff", tree, variable)

    def gradient(self) -> ast.expr:
        """∇_w J; ∇J does not say with respect to what."""
        self.take()
        if not self.sees("_"):
            return call(PRIME, self.power(self.operand()))
        self.take()
        below = self.inside(self.group()).whole()
        return call("grad", self.power(self.operand()), below)


def _to_the(tree, power):
    return ast.BinOp(tree, ast.Pow(), power) if power else tree


class _Put(ast.NodeTransformer):
    """Puts a tree in the place of u."""

    def __init__(self, tree):
        self.tree = tree

    def visit_Name(self, node):
        """A name, or what stands for it."""
        return self.tree if node.id == "u" else node
