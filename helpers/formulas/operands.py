"""What a factor of a formula may be: a number, a name, (…), |…|, or one of `helpers.formulas.applied`.

The part of the reader below the signs + − * /; those are in `helpers.formulas.reader`.
"""

import ast

from helpers.formulas.applied import MAX_DEPTH, Applied
from helpers.formulas.text import CLOSING, MAX_DIGITS, NO_FORMULA, Token, shorten
from helpers.formulas.vocabulary import KEYWORDS, MODULES, NO_NAMES, PRIME, call, entry, gist, is_symbol, named


class Operands(Applied):
    """Reads operands from a list of tokens. `factor`, `term` and `choice` are the reader's, which is made of this."""

    def operand(self) -> ast.expr:
        """One operand, with what stands behind it."""
        self.deeper()
        tree = self.operand_of(self.next)
        self.depth -= 1
        return tree

    def operand_of(self, token: Token) -> ast.expr:
        """The operand that begins with this token."""
        if token.kind == "word":
            return self.quotient_of_differentials() or self.word()
        if token.kind == "number":
            return self.behind(self.number())
        if token.kind == "command":
            return self.behind(self.fraction())
        match token.text:
            case "∂":
                if tree := self.quotient_of_differentials():
                    return tree
                raise self.error("a derivative is written `∂L/∂w`, or `diff(L, w)`.")
            case "∇":
                return self.gradient()
            case "∑":
                return self.sum()
            case "√":
                self.take()
                return call("sqrt", self.operand())
            case "|":
                return self.behind(self.absolute())
            case "(" | "[" | "{":
                return self.behind(self.bracket())
        raise self.unexpected()

    def begins_operand(self) -> bool:
        """Whether an operand follows that is no number."""
        token = self.next
        if token.kind == "word":
            return token.text not in KEYWORDS
        if token.kind == "sign":
            return token.text in ("(", "[", "{", "∂", "∑", "∇", "√") or token.text == "|" and not self.bars
        return token.kind == "command"

    def number(self) -> ast.expr:
        """A number. Whole numbers stay whole."""
        token = self.take()
        if len(token.text) > MAX_DIGITS or float(token.text) > 1e300:
            raise self.error("this number is too large, or has too many digits.", token)
        if self.next.kind == "number":
            raise self.unexpected()
        return ast.Constant(int(token.text) if token.text.isdigit() else float(token.text))

    def bracket(self) -> ast.expr:
        """( … ), also with the signs [ ] and { }; with commas, a list."""
        opening = self.take()
        closing = CLOSING[opening.text]
        bars, self.bars = self.bars, 0
        parts = self.listed(closing)
        self.bars = bars
        commas = len(parts) > 1 or self.tokens[self.at - 1].text == ","
        self.expect(closing, opening)
        return ast.List(parts, ast.Load()) if commas else parts[0]

    def listed(self, closing: str) -> list[ast.expr]:
        """What stands between commas, up to the closing bracket."""
        if self.sees(closing):
            raise self.error("there is nothing in the brackets.")
        parts = [self.choice()]
        while self.sees(","):
            self.take()
            if not self.sees(closing):
                parts.append(self.choice())
        return parts

    def absolute(self) -> ast.expr:
        """|x|"""
        opening = self.take()
        if self.sees("|"):
            raise self.error(NO_FORMULA["norm"], opening)
        self.bars += 1
        tree = self.choice()
        self.bars -= 1
        self.expect("|", opening)
        return call("abs", tree)

    def behind(self, tree: ast.expr) -> ast.expr:
        """An operand with a prime, .T or an index behind it."""
        for _ in range(MAX_DEPTH):
            if self.sees("'"):
                self.take()
                tree = self.prime(tree)
            elif self.sees("."):
                tree = self.attribute(tree)
            elif self.sees("[") and not self.next.spaced and (not self.vocabulary or self.vocabulary.shape(tree)):
                opening = self.take()
                places = self.listed("]")
                self.expect("]", opening)
                place = places[0] if len(places) == 1 else ast.Tuple(places, ast.Load())
                tree = ast.Subscript(tree, place, ast.Load())
            elif self.sees("_") and self.vocabulary and self.vocabulary.shape(tree):
                tree = self.entry(tree)
            else:
                return tree
        raise self.error("too many primes, points or brackets stand here.")

    def entry(self, tree: ast.expr) -> ast.expr:
        """(W_1)_{pq}: an entry of an array."""
        self.take()
        letters = "".join(token.text for token in self.group() if token.text != ",")
        if not letters.isalnum():
            raise self.error("a subscript is written `x_i` or `x_{ij}`.")
        return entry(tree, letters)

    def attribute(self, tree: ast.expr) -> ast.expr:
        """x.T, x.sum(), x.dot(y)"""
        point = self.take()
        name = self.take().text if self.next.kind == "word" else ""
        if name == "T":
            return ast.Attribute(tree, "T", ast.Load())
        if name in ("sum", "mean", "dot", "transpose") and self.sees("("):
            more = [] if self.sees(")", ahead=1) and self.skip(2) else self.arguments()
            return call(name, tree, *more)
        known = "a formula has `.T`, `.sum()`, `.mean()` and `.dot(…)`."
        raise self.error(f"`.{shorten(name, 20)}` is not known: {known}" if name else "what is this point?", point)

    # ------------------------------------------------------------------------------------------ names

    def word(self) -> ast.expr:
        """A word, with what stands behind it."""
        token, words = self.next, self.vocabulary
        while token.text in MODULES and self.sees(".", ahead=1):
            self.skip(2)
            token = self.next
        if token.kind != "word":
            raise self.unexpected()
        if function := self.function_of(token.text):
            self.take()
            return self.applied(function, token)
        if token.text[:4] == "sum_" and len(token.text) == 5:
            return self.sum()
        if words and (ways := words.side_by_side(token.text)):
            self.cut(token, ways)
            return self.word()
        self.take()
        if (
            words
            and self.text[token.place : token.place + 1] == "\\"
            and not (words.knows(token.text) or is_symbol(token.text))
        ):
            raise self.error(f"`\\{shorten(token.text, 20)}` is no LaTeX command that is known here.", token)
        if token.text in KEYWORDS | NO_NAMES:
            raise self.error(f"`{token.text}` cannot stand here.", token)
        tree = words.name(token.text) if words else named(token.text)
        if (
            not words
            and self.sees("(")
            and not self.next.spaced
            and (self.commas_follow() or not is_symbol(token.text))
        ):
            return self.behind(call(token.text, *self.arguments()))  # round(z, 2), which browsers have
        if isinstance(tree, ast.Name) and words:
            tree = self.primed(tree) if self.sees("'") else self.of_its_arguments(tree)
        return self.behind(tree)

    def cut(self, token: Token, ways: list[tuple[str, ...]]) -> None:
        """Put the names that stand side by side in a word into its place."""
        if len(ways) > 1:
            raise self.error(f"`{token.text}` can be several products: write the `*` between its names.", token)
        self.doubts.add("side by side")
        parts, place = [], token.place
        for part in ways[0]:
            parts.append(Token("word", part, place, place + len(part), token.spaced and place == token.place))
            place += len(part)
        self.tokens = [*self.tokens[: self.at], *parts, *self.tokens[self.at + 1 :]]

    def primed(self, tree: ast.Name) -> ast.expr:
        """f'(z) is the derivative with respect to z, f' the one with respect to what nobody said."""
        self.take()
        start, inside = self.at, self.names_in_brackets()
        known, hangs_on = self.vocabulary.shapes, self.vocabulary.hangs_on.get(tree.id, ())
        if len(inside) == 1 and (tree.id not in known or inside[0] in hangs_on):
            return call("diff", tree, named(inside[0]))
        self.at = start
        return self.prime(tree)

    def prime(self, tree: ast.expr) -> ast.expr:
        """X' is the transpose, as in MATLAB, of an array; r' may be a derivative where r hangs on something. Where there is
        a transpose, `*` is the product of matrices."""
        words = self.vocabulary
        if not words or not words.shape(tree):
            return call(PRIME, tree)
        if not isinstance(tree, ast.Name) or words.hangs_on.get(tree.id):
            self.doubts.add("prime")
            if "prime" in self.choices:
                return call(PRIME, tree)
        self.doubts.add("stars")
        return ast.Attribute(tree, "T", ast.Load())

    def of_its_arguments(self, tree: ast.Name) -> ast.expr:
        """A quantity with its own arguments behind it, f(z), is that quantity; anything else is a product. Of f(wᵀx),
        where f depends on a quantity that is wᵀx, there is a doubt."""
        hangs_on = set(self.vocabulary.hangs_on.get(tree.id, ()))
        if "applied" not in self.choices:
            start, inside = self.at, self.names_in_brackets()
            if inside and set(inside) <= hangs_on:
                self.doubts.add("applied")
                return tree
            self.at = start
        inside = self.gist_of_brackets()
        if self.vocabulary.meanings.get(inside) in hangs_on:
            self.doubts.add("called")
            if "called" in self.choices:
                self.bracket()
        elif not hangs_on.isdisjoint(inside):
            self.doubts.add("a product")  # f(−z): the reader is to see that
        return tree

    def gist_of_brackets(self) -> tuple[str, ...]:
        """The gist of the bracket that follows, which stays; empty if there is none."""
        depth, inside = 0, []
        for token in self.tokens[self.at :] if self.sees("(") and not self.next.spaced else ():
            depth += (token.text in CLOSING) - (token.text in CLOSING.values())
            if not depth:
                break
            inside.append(token)
        return gist(inside, self.vocabulary)

    def names_in_brackets(self) -> list[str]:
        """The names of `(x, w)` that follows, taken; an empty list if anything else does."""
        if not self.sees("(") or self.next.spaced:
            return []
        self.take()
        inside = []
        while self.next.kind == "word":
            inside.append(getattr(self.vocabulary.name(self.take().text), "id", ""))
            if not self.sees(","):
                break
            self.take()
        return inside if inside and self.sees(")") and self.skip(1) else []

    def commas_follow(self) -> bool:
        """Whether there is a comma in the bracket that opens here, and in none inside."""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.text in CLOSING) - (token.text in CLOSING.values())
            if not depth or token.text == "," and depth == 1:
                return bool(depth)
        return False
