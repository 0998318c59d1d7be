r"""The one reader of formulas: from the text of a student, an explorer or the content to a syntax tree.

`Formula("-x*y/2 * (1 - sigma(z)) * (1 - tanh(u)**2)")` has Python's own nodes as its `tree`, but nothing of it is ever run as
Python: what walks the tree (`helpers.formulas.evaluate` first of all) knows only what is listed there and in `known`. So a
text from outside can neither import nor call anything else.

The grammar, loosest first; each line is a method of `_Reader`:

    choice       comparison if comparison else choice      comparisons with and, or
    total        term + term − …
    term         factor * factor / factor @ factor, and factors without a sign between them: 2s(1−s)u
    factor       − factor, or an operand to the power of a factor
    operand      a number, a name, (…), |…|, \frac{…}{…}, a function of its argument, a derivative; behind it ' .T [i]

What a name means depends on what is known: see `Vocabulary`. Where two readings are possible the usual one is taken, and
`Formula.doubts` says which are the others.
"""

import ast
import functools
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from helpers.formulas.known import KNOWN, OF_ARRAYS, SPELLINGS
from helpers.formulas.shapes import Shape, shape_of
from helpers.formulas.text import NO_FORMULA, FormulaError, Token, letter_name, shorten, tokens

MAX_DEPTH = 60  # of brackets, and of the tree
MAX_DERIVATIVES = 5  # inside each other
MAX_EXPONENT = 1000  # of a plain number: 9**9**9 would keep the machine busy for ever
MAX_WORD = 40  # letters that are looked at for names written side by side
DERIVATIVES = {"diff", "Derivative", "grad"}
MODULES = {"np", "numpy", "math", "sp", "sympy", "jnp", "scipy", "special", "torch", "tf", "cmath"}
FUNCTIONS = {*SPELLINGS, *OF_ARRAYS, *DERIVATIVES, "Sum", "where", "len", "pow", "power", "softmax"}
CONSTANTS = {"pi", "e", "E"}
_KEYWORDS = {"if", "else", "and", "or", "for", "in"}
_OPERATIONS = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "·": ast.Mult, "/": ast.Div, "@": ast.MatMult}
_COMPARISONS = {"<": ast.Lt, ">": ast.Gt, "<=": ast.LtE, ">=": ast.GtE}
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Vocabulary:
    """The names that a text may use.

    shapes       each quantity with its size letters
    hangs_on     the names on which a quantity depends: `f(z)` is f where f depends on z
    aliases      other spellings: "rho_hat" for rhohat, "phi" for the activation function
    activations  function -> the one quantity that is this function of something: a bare σ stands for it
    indices      the letters that count
    """

    shapes: Mapping[str, Shape]
    hangs_on: Mapping[str, Set[str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    activations: Mapping[str, str] = field(default_factory=dict)
    indices: Set[str] = frozenset("ijpq")

    def with_name(self, name: str, shape: Shape, hangs_on: Set[str]) -> "Vocabulary":
        """The same with one more name, of a side calculation."""
        return replace(self, shapes={**self.shapes, name: shape}, hangs_on={**self.hangs_on, name: hangs_on})


class Formula:
    """A formula read from text: `text` is what was written, `tree` its syntax tree.

    With a Vocabulary names written side by side are told apart, and what is no name there stays one that is unknown;
    without one every word is a name. `doubts` are the kinds of doubt that there were, `choices` those that are decided
    the other way. Raises FormulaError, with a sentence for the student, when the text cannot be read.
    """

    def __init__(self, text: str, vocabulary: Vocabulary | None = None, choices: Set[str] = frozenset()):
        self.text, self.vocabulary = text.strip(), vocabulary
        if vocabulary is None and not choices:
            self.tree: ast.expr = _plain_tree(text)
            self.doubts: Set[str] = set()
            return
        reader = _Reader(tokens(text), text, vocabulary, choices)
        self.tree, self.doubts = reader.whole(), reader.doubts

    def __repr__(self):
        return f"Formula({self.text!r})"

    @property
    def names(self) -> set[str]:
        """The set of all names in it, functions included."""
        return {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}

    @property
    def has_derivative(self) -> bool:
        """Whether a derivative still stands in it that has to be worked out."""
        return not self.names.isdisjoint(DERIVATIVES)

    def other_readings(self) -> list["Formula"]:
        """The same text with each doubt decided the other way."""
        return [Formula(self.text, self.vocabulary, frozenset({doubt})) for doubt in sorted(self.doubts)]


@functools.lru_cache(maxsize=8192)
def _plain_tree(text):
    return _Reader(tokens(text), text, None, frozenset()).whole()


def split_equation(text: str) -> list[str]:
    """The parts of `a = b = c` as a list of texts; a text without `=` is one part."""
    depth, start, parts = 0, 0, []
    for token in tokens(text):
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.kind == "end" or token.text == "=" and depth <= 0:
            parts.append(text[start : token.place])
            start = token.after
    return [part.strip() for part in parts if part.strip(" \t\n&$")]


def is_known_word(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word means something in a formula: a name, a function, a differential, names side by side."""
    reader = _Reader(tokens(word), word, vocabulary, frozenset())
    try:
        return reader.means_something(word) or bool(reader.side_by_side(reader.next)) or bool(reader.differential())
    except FormulaError:
        return True


def function_applied(formula: Formula) -> str | None:
    """The function of which a formula is the value, as sigma of `sigma(w @ x)`; None if it is none."""
    match formula.tree:
        case ast.Call(ast.Name(name), [_]) if name in SPELLINGS:
            return name
    return None


def _call(name, *arguments):
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


class _Reader:
    """Reads one list of tokens; `at` is the place of the next."""

    def __init__(self, found, text, vocabulary, choices):
        self.tokens, self.text, self.vocabulary, self.choices = found, text, vocabulary, choices
        self.at, self.depth, self.bars, self.doubts, self.bare = 0, 0, 0, set(), set()

    # ------------------------------------------------------------------------------------------ tokens

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def sees(self, *texts, ahead=0):
        place = self.at + ahead
        return place < len(self.tokens) and self.tokens[place].kind != "number" and self.tokens[place].text in texts

    def error(self, sentence, token=None):
        token = token or self.next
        if token.kind == "end":
            return FormulaError(f"`{shorten(self.text)}` ends too early: {sentence}")
        before = self.text[: token.place]
        where = f"behind `{before.strip()[-12:]}`" if before.strip() else "at its beginning"
        return FormulaError(f"`{shorten(self.text)}` cannot be read {where}: {sentence}")

    def expect(self, closing, opening):
        if not self.sees(closing):
            if self.next.kind == "end":
                raise self.error(f"the bracket `{opening.text}` is not closed.")
            raise self.unexpected(closing)
        return self.take()

    def unexpected(self, closing=""):
        sign = self.next
        if sign.text in NO_FORMULA and sign.kind == "sign":
            return self.error(NO_FORMULA[sign.text])
        if sign.text in (")", "]", "}"):
            return self.error(f"this `{sign.text}` closes a bracket that was not opened" + (f" like this: `{closing}` is open." if closing else "."))
        if sign.kind == "number":
            return self.error(f"what shall happen to the {shorten(sign.text, 12)}? Write `*` or `**` in front of it.")
        if sign.text == "=":
            return self.error("an `=` belongs between two whole formulas.")
        if sign.text == ",":
            return self.error("a comma belongs only between the arguments of a function. A decimal number has a point.")
        if sign.kind == "end":
            return self.error("something must follow.")
        return self.error(f"`{shorten(sign.text, 12)}` cannot stand here.")

    # ------------------------------------------------------------------------------------------ from the loosest to operands

    def whole(self):
        tree = self.choice()
        if self.next.kind != "end":
            raise self.unexpected()
        level, deep = [tree], 0
        while level:
            deep += 1
            level = [child for parent in level for child in ast.iter_child_nodes(parent) if isinstance(child, ast.expr)]
        if deep > MAX_DEPTH:
            raise FormulaError("The formula is nested too deeply, or has too many terms, to be read.")
        return tree

    def choice(self):
        tree = self.either()
        if not self.sees("if"):
            return tree
        self.take()
        test = self.either()
        if not self.sees("else"):
            raise self.error("a choice is written `where(z > 0, …, …)`.")
        self.take()
        return ast.IfExp(test, tree, self.choice())

    def either(self):
        return self.logic("or", ast.Or, lambda: self.logic("and", ast.And, self.comparison))

    def logic(self, word, operation, inner):
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
            sign, terms = self.take().text, terms + 1
            tree = ast.BinOp(tree, _OPERATIONS[sign](), self.term())
            if terms > MAX_DEPTH:
                raise self.error("the formula has too many terms to be read.")
        return tree

    def term(self, tree=None):
        tree, factors, sign = tree or self.factor(), 1, ""
        while True:
            if self.sees("*", "/", "@", "·"):
                sign = self.take().text
                tree = self.product(tree, self.factor(), sign)
            elif self.begins_operand():
                divided = sign == "/" and not self.next.spaced and self.tokens[self.at - 1].text not in (")", "}")
                sign = ""
                if divided:  # 1/2 x is x/2, and 1/2x is in doubt
                    self.doubts.add("below the line")
                factor = self.factor()
                if divided and "below the line" in self.choices:
                    tree = ast.BinOp(tree.left, ast.Div(), self.product(tree.right, factor))
                else:
                    tree = self.product(tree, factor)
            else:
                return tree
            factors += 1
            if factors > MAX_DEPTH:
                raise self.error("the formula has too many factors to be read.")

    def begins_operand(self):
        """Whether a factor follows without a sign in front of it."""
        token = self.next
        if token.kind == "word":
            return token.text not in _KEYWORDS
        return token.kind == "command" or token.text in ("(", "[", "{", "∂", "∑", "∇", "√") and token.kind == "sign" or (token.text == "|" and not self.bars)

    def product(self, left, right, sign=""):
        """left times right. Without a sign, and with the dot, a product of matrices and of a vector in a row is one of
        matrices, and the dot of two vectors their scalar product, where the shapes are known."""
        if self.vocabulary and sign in ("", "·"):
            first, second = self.shape(left), self.shape(right)
            row = isinstance(left, ast.Attribute) and len(first) == 1
            if len(second) == 1 and isinstance(right, ast.Attribute) and len(first) == 1 and not row:
                return _call("outer", left, right.value)  # a column times a row
            if first and second and (2 in (len(first), len(second)) or row or sign) and (first[-1] == second[0] or row):
                return ast.BinOp(left, ast.MatMult(), right)
        return ast.BinOp(left, _OPERATIONS[sign or "*"](), right)

    def shape(self, tree):
        try:
            return shape_of(tree, self.vocabulary.shapes)
        except (FormulaError, IndexError, AttributeError, TypeError):
            return ()

    def factor(self):
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error("the formula is nested too deeply.")
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
            if self.transposed_next():
                base = ast.Attribute(base, "T", ast.Load())
            elif example := self.index_above(base):
                base = example
            else:
                base = ast.BinOp(base, ast.Pow(), self.exponent())
            base = self.behind(base)
        return base

    def exponent(self):
        tree = self.factor()
        if isinstance(tree, ast.Constant) and self.next.kind == "word" and not self.next.spaced and self.tokens[self.at - 1].kind == "number":
            self.doubts.add("exponent")  # e^2x
            if "exponent" in self.choices:
                tree = self.product(tree, self.factor())
        return tree

    def in_brackets(self, *texts):
        """Whether these tokens follow, in brackets or without; if so they are taken."""
        for opening, closing in (("", ""), ("(", ")"), ("{", "}")):
            wanted = [opening, *texts, closing] if opening else texts
            if all(self.sees(text, ahead=ahead) for ahead, text in enumerate(wanted)):
                self.at += len(wanted)
                return True
        return False

    def transposed_next(self):
        return not self.is_quantity("T") and self.in_brackets("T")

    def index_above(self, base):
        """x_i for x^{(i)}: the i-th example, as papers write it."""
        for letter in self.vocabulary.indices if self.vocabulary and isinstance(base, ast.Name) else ():
            if self.in_brackets("(", letter, ")"):
                return self.name(f"{base.id}_{letter}")
        return None

    # ------------------------------------------------------------------------------------------ operands

    def operand(self):
        token = self.next
        if token.kind == "number":
            return self.behind(self.number())
        if token.kind == "command":
            return self.behind(self.fraction())
        if token.kind == "word":
            return self.quotient_of_differentials() or self.word()
        if token.text == "∂":
            if tree := self.quotient_of_differentials():
                return tree
            raise self.error("a derivative is written `∂L/∂w`, or `diff(L, w)`.")
        if token.text == "∇":
            return self.nabla()
        if token.text == "∑":
            return self.sum()
        if token.text == "|":
            return self.behind(self.absolute())
        if token.text == "√":
            self.take()
            return _call("sqrt", self.operand())
        if token.text in _CLOSING and token.kind == "sign":
            return self.behind(self.bracket())
        raise self.unexpected()

    def number(self):
        token = self.take()
        if len(token.text) > 40 or float(token.text) > 1e300:
            raise self.error("this number is too large, or has too many digits.", token)
        if self.next.kind == "number" or self.sees("'"):
            raise self.unexpected()
        return ast.Constant(int(token.text) if token.text.isdigit() else float(token.text))

    def bracket(self):
        """( … ), also with the signs [ ] and { }; with commas, a list."""
        opening = self.take()
        bars, self.bars = self.bars, 0
        parts = [] if self.sees(_CLOSING[opening.text]) else self.listed(_CLOSING[opening.text])
        self.expect(_CLOSING[opening.text], opening)
        self.bars = bars
        if not parts:
            raise self.error("there is nothing in the brackets.", opening)
        commas = len(parts) > 1 or self.tokens[self.at - 2].text == ","
        return ast.List(parts, ast.Load()) if commas else parts[0]

    def listed(self, closing):
        parts = [self.choice()]
        while self.sees(","):
            self.take()
            if not self.sees(closing):
                parts.append(self.choice())
        return parts

    def absolute(self):
        opening = self.take()
        if self.sees("|"):
            raise self.error(NO_FORMULA["norm"], opening)
        self.bars += 1
        tree = self.choice()
        self.bars -= 1
        self.expect("|", opening)
        return _call("abs", tree)

    def fraction(self):
        r"""\frac{…}{…}, \frac12, and the derivatives written so."""
        command = self.take()
        if command.text != "frac":
            raise self.error(f"`\\{command.text}` must stand in front of a letter.", command)
        above, below = self.inside(self.group()), self.inside(self.group())
        variable = below.differential()
        if variable and below.next.kind == "end":
            what = above.differential()
            if what and above.next.kind == "end":
                return _call("diff", what, variable)
            if what == "" and above.next.kind == "end":
                return self.derivative_of_what_follows(variable)
            if what == "":
                return _call("diff", above.whole(), variable)
            above.at = 0
        below.at = 0
        parts = [above.whole(), below.whole()]
        self.doubts |= above.doubts | below.doubts
        self.bare |= above.bare | below.bare
        return ast.BinOp(parts[0], ast.Div(), parts[1])

    def inside(self, group):
        """A reader of some of the tokens."""
        end = Token("end", "", group[-1].after, group[-1].after)
        reader = _Reader([*group, end], self.text, self.vocabulary, self.choices)
        reader.depth = self.depth + 1
        return reader

    def group(self):
        r"""The tokens of {…}, or the one that stands for it; of \frac12 each digit."""
        token = self.take()
        if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
            rest = replace(token, text=token.text[1:], place=token.place + 1)
            self.tokens = [*self.tokens[: self.at], rest, *self.tokens[self.at :]]
            return [replace(token, text=token.text[0], after=token.place + 1)]
        if token.kind == "end":
            raise self.error(r"a fraction is written `\frac{…}{…}`.", token)
        if token.text != "{":
            return [token]
        inside, depth = [], 1
        while depth:
            one = self.take()
            if one.kind == "end":
                self.at -= 1
                raise self.error("the bracket `{` is not closed.")
            depth += (one.text == "{") - (one.text == "}")
            inside.append(one)
        if len(inside) == 1:
            raise self.error("there is nothing in the brackets.", token)
        return inside[:-1]

    def behind(self, tree):
        """What may follow an operand: a prime, .T, an index."""
        while True:
            if self.sees("'"):
                self.take()
                tree = _call("diff", tree)
            elif self.sees("."):
                tree = self.attribute(tree)
            elif self.sees("[") and not self.next.spaced and (not self.vocabulary or self.shape(tree)):
                opening = self.take()
                places = self.listed("]")
                self.expect("]", opening)
                place = places[0] if len(places) == 1 else ast.Tuple(places, ast.Load())
                tree = ast.Subscript(tree, place, ast.Load())
            else:
                return tree

    def attribute(self, tree):
        point = self.take()
        name = self.take() if self.next.kind == "word" else None
        if name and name.text == "T":
            return ast.Attribute(tree, "T", ast.Load())
        if name and name.text in ("sum", "mean", "dot", "transpose") and self.sees("("):
            return _call(name.text, tree, *self.arguments())
        what = f"`.{shorten(name.text, 20)}` is not known: a formula has `.T`, `.sum()`, `.mean()` and `.dot(…)`." if name else "what is this point?"
        raise self.error(what, point)

    # ------------------------------------------------------------------------------------------ names

    def is_quantity(self, name):
        return self.vocabulary is not None and name in self.vocabulary.shapes

    def is_function(self, name):
        if self.vocabulary and name in self.vocabulary.shapes:
            return False
        return self.function_name(name) in FUNCTIONS

    def function_name(self, name):
        return self.vocabulary.aliases.get(name, name) if self.vocabulary else name

    def word(self):
        token = self.next
        if token.text in MODULES and self.sees(".", ahead=1):
            self.at += 2
            while self.next.text in ("linalg", "special") and self.sees(".", ahead=1):
                self.at += 2
            token = self.next
            if token.kind != "word":
                raise self.unexpected()
        if self.is_function(token.text):
            self.take()
            return self.function(self.function_name(token.text), token)
        if token.text in ("sum_" + letter for letter in "ijkpqn"):
            return self.sum()
        if parts := self.side_by_side(token):
            self.tokens = [*self.tokens[: self.at], *parts, *self.tokens[self.at + 1 :]]
            return self.word()
        self.take()
        if token.text in _KEYWORDS | {"not", "lambda"}:
            raise self.error(f"`{token.text}` cannot stand here.", token)
        tree = self.name(token.text)
        if self.sees("'") and isinstance(tree, ast.Name):
            return self.primed(tree)
        return self.behind(self.applied(tree))

    def primed(self, tree):
        """f', f'(z): a derivative, with respect to z or to what nobody said."""
        self.take()
        start = self.at
        inside = self.names_in_brackets() if self.sees("(") else []
        if len(inside) == 1 and self.vocabulary and (tree.id not in self.vocabulary.shapes or inside[0] in self.vocabulary.hangs_on.get(tree.id, ())):
            return self.behind(_call("diff", tree, ast.Name(inside[0], ast.Load())))
        self.at = start
        return self.behind(_call("diff", tree))

    def name(self, word):
        """The tree of a word: a quantity, an entry of one (x_i), a derivative (L_w), or a name that is not known."""
        words = self.vocabulary
        if words is None or word in words.shapes or "_" not in word and word not in words.aliases:
            return ast.Name(word, ast.Load())
        joined = word.replace("_", "")
        for name in (words.aliases.get(word), words.aliases.get(joined), joined):
            if name in words.shapes:
                return ast.Name(name, ast.Load())
        base, _, below = word.rpartition("_")
        base = words.aliases.get(base, base)
        if base in words.activations:
            base = words.activations[base]
        elif base not in words.shapes and len(words.shapes.get(base.upper(), ())) == 2:
            base = base.upper()  # row i of X is x_i
        rank = len(words.shapes.get(base, ()))
        if rank and len(below) <= rank and (set(below) <= words.indices or below.isdigit()):
            places = [ast.Constant(int(letter) - 1) if letter.isdigit() else ast.Name(letter, ast.Load()) for letter in below]
            place = places[0] if len(places) == 1 else ast.Tuple(places, ast.Load())
            return ast.Subscript(ast.Name(base, ast.Load()), place, ast.Load())
        if words.hangs_on.get(base) and below in words.shapes:
            return _call("diff", ast.Name(base, ast.Load()), ast.Name(below, ast.Load()))
        return ast.Name(word, ast.Load())

    def side_by_side(self, token):
        """The names of which a word that is none is made: `xy` is x and y, `Xw` X and w. None if there is no such way."""
        words = self.vocabulary
        if words is None or token.text in _KEYWORDS or self.means_something(token.text) or len(token.text) > MAX_WORD:
            return None
        ways = _cut(token.text, self.means_something, {})
        if len(ways) > 1:
            raise self.error(f"`{token.text}` can be several products: write the `*` between its names.", token)
        if not ways:
            return None
        self.doubts.add(f"side by side: {token.text}")
        places = [token.place + sum(map(len, ways[0][:number])) for number in range(len(ways[0]))]
        return [Token("word", part, place, place + len(part), token.spaced and place == token.place) for part, place in zip(ways[0], places, strict=True)]

    def means_something(self, word):
        if word in self.vocabulary.shapes or word in self.vocabulary.aliases or word in CONSTANTS or self.is_function(word):
            return True
        tree = self.name(word) if "_" in word else None
        return tree is not None and not isinstance(tree, ast.Name) or word.isidentifier() and word.replace("_", "") in self.vocabulary.shapes

    def applied(self, tree):
        """A quantity with its own arguments behind it, f(z), is that quantity."""
        words = self.vocabulary
        if not isinstance(tree, ast.Name) or not self.sees("(") or self.next.spaced or "times" in self.choices:
            return tree
        if words is None:  # round(z, 2) is known to the browser alone
            return _call(tree.id, *self.arguments()) if self.commas_follow() else tree
        start, hangs_on = self.at, words.hangs_on.get(tree.id, ())
        inside = self.names_in_brackets()
        if inside and all(name in hangs_on for name in inside):
            self.doubts.add("times")
            return tree
        self.at = start
        return tree

    def commas_follow(self):
        """Whether there is a comma in the bracket that opens here, and in none inside."""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
            if token.text == "," and depth == 1:
                return True
            if not depth:
                break
        return False

    def names_in_brackets(self):
        """The names of `(x, w)` that follow, and behind them; an empty list if there is anything else."""
        self.take()
        inside = []
        while self.next.kind == "word":
            node = self.name(self.take().text)
            if not isinstance(node, ast.Name):
                return []
            inside.append(node.id)
            if not self.sees(","):
                break
            self.take()
        return inside if inside and self.sees(")") and self.take() else []

    # ------------------------------------------------------------------------------------------ functions

    def function(self, name, token):
        """A function with what it is applied to: f(x), f^2(x), f'(x), f x."""
        primes = power = 0
        while self.sees("'"):
            primes, _ = primes + 1, self.take()
        if self.sees("**"):
            self.take()
            power = self.factor()
            if isinstance(power, ast.UnaryOp):
                raise self.error(f"does `{name}^-1` mean 1/{name}(…) or the inverse function? Write what you mean.", token)
        if not self.sees("(") and not self.begins_argument():
            return self.without_argument(name, token, power)
        bare = name in self.bare
        self.bare.discard(name)
        opening = self.next
        inside = self.arguments() if self.sees("(") else [self.argument()]
        if name in self.bare and len(inside) == 1 and opening.text == "(":  # σ(1−σ): no function of itself
            tree = self.product(self.without_argument(name, token, power), inside[0])
        else:
            if name == "sum" and getattr(inside[0], "counts", False):
                name = "Sum"  # of `… for i in range(m)`
            tree = self.slope(name, inside, primes, token) if primes else _call(name, *inside)
            tree = ast.BinOp(tree, ast.Pow(), power) if power else tree
        if bare:
            self.bare.add(name)
        return self.behind(tree)

    def begins_argument(self):
        return self.next.kind in ("word", "number", "command") and self.next.text not in _KEYWORDS or self.sees("{", "|", "-")

    def without_argument(self, name, token, power):
        """A function's sign alone stands for the activation, where there is one."""
        quantity = self.vocabulary and self.vocabulary.activations.get(name)
        if not quantity and self.vocabulary is None:
            return ast.Name(name, ast.Load())  # a slider may be called step
        if not quantity:
            raise self.error(f"`{token.text}` is a function: it needs an argument in brackets.", token)
        self.bare.add(name)
        tree = ast.Name(quantity, ast.Load())
        return ast.BinOp(tree, ast.Pow(), power) if power else tree

    def argument(self):
        """The argument of a function without brackets: one factor, in doubt all that stand side by side."""
        if self.sees("-"):
            self.take()
            return ast.UnaryOp(ast.USub(), self.argument())
        if self.next.kind == "number" and self.tokens[self.at + 1].kind == "word" and not self.tokens[self.at + 1].spaced:
            tree = self.product(self.number(), self.power(self.operand()))
        else:
            tree = self.power(self.operand())
        while self.next.kind == "word" and not self.is_function(self.next.text) and self.next.text not in _KEYWORDS:
            glued = not self.next.spaced and self.tokens[self.at - 1].kind == "word"
            if not glued:
                self.doubts.add("argument")
            if not glued and "argument" not in self.choices:
                break
            tree = self.product(tree, self.power(self.operand()))
        return tree

    def slope(self, name, inside, primes, token):
        """σ'(z): the derivative of a function of the table, at its argument."""
        known = KNOWN.get(SPELLINGS.get(name, ""))
        prime = SPELLINGS.get(f"{name}_prime") if primes == 1 else None
        if prime:
            return _call(prime, *inside)
        if primes > 1 or known is None or not known.slope or len(inside) != 1:
            raise self.error(f"`{token.text}` with {'a prime' if primes == 1 else 'primes'} is not known here: write the derivative out.", token)
        return _Put({"u": inside[0]}).visit(ast.parse(known.slope, mode="eval").body)

    def arguments(self):
        """The arguments in brackets; `x for i in range(m)` in a sum counts as one."""
        opening, parts = self.take(), []
        bars, self.bars = self.bars, 0
        while not self.sees(")"):
            if self.next.kind == "word" and self.sees("=", ahead=1):
                name = self.take()
                if name.text not in ("axis", "dim"):
                    raise self.error("write the formula without named arguments.", name)
                self.take()
            parts.append(self.choice())
            if self.sees("for"):
                parts = [self.counted(), *parts]
            if not self.sees(","):
                break
            self.take()
        self.expect(")", opening)
        self.bars = bars
        if not parts:
            raise self.error("there is nothing in the brackets.", opening)
        return parts

    def counted(self):
        """The index of `for i in range(m)`."""
        self.take()
        letter = self.take()
        if letter.kind != "word" or not self.sees("in") or not self.sees("range", ahead=1) or not self.sees("(", ahead=2):
            raise self.error("a sum is written `Sum(i, …)`.", letter)
        self.at += 2
        opening = self.take()
        while not self.sees(")") and self.next.kind != "end":
            self.take()
        self.expect(")", opening)
        index = ast.Name(letter.text, ast.Load())
        index.counts = True
        return index

    def sum(self):
        r"""\sum_i …, ∑_{i=1}^m …: all that stands behind as a product belongs to it."""
        sign = self.take()
        letter = sign.text[4:] if sign.kind == "word" else ""
        if self.sees("_"):
            self.take()
            group = self.group()
            letter = group[0].text
        if self.sees("**"):
            self.take()
            self.group()
        if not letter.isalpha():
            raise self.error(r"a sum is written `Sum(i, …)`, or `\sum_i …`, with i for the examples.", sign)
        outer, self.vocabulary = self.vocabulary, self.vocabulary and replace(self.vocabulary, indices=self.vocabulary.indices | {letter})
        body = self.term()
        self.vocabulary = outer
        return _call("Sum", ast.Name(letter, ast.Load()), body)

    # ------------------------------------------------------------------------------------------ derivatives

    def differential(self):
        """Of `dL`, `∂L` the L, of `d`, `∂` an empty text; they are taken. None if none of them follows."""
        if self.sees("∂"):
            self.take()
            return self.quantity_word(self.take().text) if self.next.kind == "word" else ""
        if self.next.kind != "word" or not self.vocabulary:
            return None
        word = self.next.text
        if word == "d":
            self.take()
            if self.next.kind == "word" and not self.next.spaced:
                return self.quantity_word(self.take().text)
            return ""
        if word[0] == "d" and len(word) > 1 and word not in self.vocabulary.shapes and not self.is_function(word):
            self.take()
            return self.quantity_word(word[1:].lstrip("_"))
        return None

    def quantity_word(self, word):
        node = self.name(word) if self.vocabulary else ast.Name(word, ast.Load())
        return node if isinstance(node, (ast.Name, ast.Subscript)) else ast.Name(word, ast.Load())

    def quotient_of_differentials(self):
        """dL/dw, ∂L/∂w; and d/dw of what follows. None if no such thing follows."""
        start = self.at
        above = self.differential()
        if above is not None and self.sees("/"):
            self.take()
            below = self.differential()
            if below:
                below = self.behind(below) if self.sees("[") else below
                return _call("diff", above, below) if above else self.derivative_of_what_follows(below)
        self.at = start
        return None

    def derivative_of_what_follows(self, below):
        """d/dz …: all that stands behind belongs to it, but of d/dz (…) * … only the bracket."""
        if not self.begins_operand() and self.next.kind != "number" and not self.sees("-"):
            raise self.error("behind `d/d…` must follow what is differentiated.")
        if self.sees("-"):
            self.take()
            return _call("diff", ast.UnaryOp(ast.USub(), self.term()), below)
        bracket = self.sees("(", "[", "{")
        first = self.factor()
        if self.sees("*", "·", "/", "@") or self.begins_operand():
            self.doubts.add("derivative")
            alone = bracket and self.sees("*", "·", "@")
            if alone == ("derivative" in self.choices):
                first = self.term(first)
        return _call("diff", first, below)

    def nabla(self):
        sign = self.take()
        if self.sees("_"):
            self.take()
            below = self.inside(self.group()).whole()
            return _call("grad", self.power(self.operand()), below)
        raise self.error(r"write the weights at ∇: `∇_w J`, or `grad(J, w)`.", sign)


class _Put(ast.NodeTransformer):
    """Puts trees in the place of names."""

    def __init__(self, trees):
        self.trees = trees

    def visit_Name(self, node):
        """A name, or what stands for it."""
        return self.trees.get(node.id, node)


def _cut(word, means_something, known):
    """Every way to cut a word into pieces that mean something."""
    if not word:
        return [()]
    if word not in known:
        known[word] = [
            (word[:end], *rest)
            for end in range(1, len(word) + 1)
            if not word[end : end + 1].isdigit() and means_something(word[:end])
            for rest in _cut(word[end:], means_something, known)[:2]
        ][:2]
    return known[word]
