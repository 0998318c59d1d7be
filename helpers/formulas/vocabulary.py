"""What names mean in a formula: the table of functions, constants, and the `Vocabulary` of one question."""

import ast
import unicodedata
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from helpers.formulas.known import OF_ARRAYS, SPELLINGS
from helpers.formulas.shapes import Shape, shape_of
from helpers.formulas.text import FormulaError, Token

DERIVATIVES = {"diff", "Derivative", "grad"}
PRIME = "prime"  # of a derivative written f': it does not say with respect to what
FUNCTIONS = {*SPELLINGS, *OF_ARRAYS, *DERIVATIVES, PRIME, "Sum", "where", "len", "pow", "power", "softmax"}
CONSTANTS = {"pi", "e", "E"}
MODULES = {"np", "numpy", "math", "Math", "sp", "sympy", "jnp", "scipy", "special", "torch", "tf", "cmath", "linalg"}
KEYWORDS = {"if", "else", "and", "or", "for", "in", "range"}
NO_NAMES = {"not", "lambda", "import", "True", "False", "None"}
_LOGARITHMS = {"log_e": "log", "log_2": "log2", "log_10": "log10"}
_MAX_WORD = 40  # letters that are looked at for names written side by side


@dataclass(frozen=True)
class Vocabulary:
    """The names that a text may use.

    shapes       each quantity with its size letters
    hangs_on     the names on which a quantity depends: `f(z)` is f where f depends on z
    aliases      other spellings: "rho_hat" for rhohat, "phi" for the activation function
    activations  function -> the one quantity that is this function of something: a bare σ stands for it
    indices      the letters that count
    meanings     the gist of a definition -> the quantity: of `w @ x` the z
    """

    shapes: Mapping[str, Shape]
    hangs_on: Mapping[str, Set[str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    activations: Mapping[str, str] = field(default_factory=dict)
    indices: Set[str] = frozenset()
    meanings: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    _ways: dict[str, list[tuple[str, ...]]] = field(default_factory=dict, repr=False, compare=False)

    def with_name(self, name: str, shape: Shape, hangs_on: Set[str]) -> "Vocabulary":
        """The same with one more name, of a side calculation."""
        hangs_on = {**self.hangs_on, name: hangs_on}
        return replace(self, shapes={**self.shapes, name: shape}, hangs_on=hangs_on, _ways={})

    def shape(self, tree: ast.expr) -> Shape:
        """The shape of a tree; () where it is not known."""
        try:
            return shape_of(tree, self.shapes)
        except (FormulaError, LookupError, AttributeError, TypeError):
            return ()

    def function(self, word: str) -> str | None:
        """The function that a word names, also with capitals: EXP, Tanh; None if it names none."""
        name = self.aliases.get(word, _LOGARITHMS.get(word, word))
        if name not in FUNCTIONS and len(name) > 1:
            name = name.lower()
        return name if name in FUNCTIONS and word not in self.shapes else None

    def name(self, word: str) -> ast.expr:
        """The tree of a word: a quantity (x_1 is x1), an entry of one (x_i), a derivative (L_w); else a name as it is."""
        if word in self.shapes or "_" not in word and word not in self.aliases:
            return named(word)
        joined = word.replace("_", "")
        for name in (self.aliases.get(word), self.aliases.get(joined), joined):
            if name in self.shapes:
                return named(name)
        base, _, below = word.partition("_")
        return self._entry(base, below) or self._partial(base, below.replace("_", "")) or named(word)

    def _entry(self, base, below):
        """x_i, x_ij, x_1: an entry, or a row, of an array. Papers write x_i for row i of X, and σ_i for the activation."""
        base = self.activations.get(self.aliases.get(base, base), self.aliases.get(base, base))
        if base not in self.shapes and len(self.shapes.get(base.upper(), ())) == 2:
            base = base.upper()
        if not 0 < len(below) <= len(self.shapes.get(base, ())) or not set(below) <= {*self.indices, *"0123456789"}:
            return None
        return entry(named(base), below)

    def _partial(self, base, below):
        """L_w: the partial derivative, as papers write it."""
        return call("diff", named(base), named(below)) if self.hangs_on.get(base) and below in self.shapes else None

    def knows(self, word: str) -> bool:
        """Whether a word is a name, a function or a constant."""
        if word in self.shapes or word in self.aliases or word in CONSTANTS or self.function(word):
            return True
        tree = self.name(word)
        return not (isinstance(tree, ast.Name) and tree.id == word)

    def side_by_side(self, word: str) -> list[tuple[str, ...]]:
        """The ways to cut a word that is unknown into names that are known, `xy` into x and y: at most two of them."""
        if word not in self._ways:
            unknown = word not in KEYWORDS and len(word) <= _MAX_WORD and not self.knows(word)
            self._ways[word] = _cut(word, self.knows, {}) if unknown else []
        return self._ways[word]

    def differential(self, word: str) -> str:
        """Of the word `dL` the L, known or not; "" if it is no differential."""
        return word[1:] if word[:1] == "d" and len(word) > 1 and not self.knows(word) else ""

    def reads(self, word: str) -> bool:
        """Whether a word belongs to a formula, and not to a language."""
        inside = self.differential(word)
        return (
            word in KEYWORDS
            or self.knows(word)
            or bool(self.side_by_side(word))
            or bool(inside)
            and (len(inside) < 3 or self.knows(inside))
        )


def gist(found: Sequence[Token], vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    """Tokens without brackets and the signs of products, which notations write differently: `w @ x` and wᵀx are w, x."""
    pieces = []
    for token in found:
        if token.kind == "word" and vocabulary:
            pieces += (vocabulary.side_by_side(token.text) or [(token.text,)])[0]
        elif token.kind in ("word", "number") or token.text in ("+", "-", "/"):
            pieces.append(token.text)
    return tuple(piece for piece in pieces if piece != "T")


def named(name: str) -> ast.Name:
    """The tree of a name."""
    return ast.Name(name, ast.Load())


def call(name: str, *arguments: ast.expr) -> ast.Call:
    """The tree of a function of arguments."""
    return ast.Call(named(name), list(arguments), [])


def entry(tree: ast.expr, below: str) -> ast.Subscript:
    """The tree of an entry, x_ij or x_1: the first one, unless a 0 shows that somebody counts from 0."""
    first = 0 if "0" in below else 1
    places = [ast.Constant(int(one) - first) if one in "0123456789" else named(one) for one in below]
    return ast.Subscript(tree, places[0] if len(places) == 1 else ast.Tuple(places, ast.Load()), ast.Load())


def is_symbol(word: str) -> bool:
    """Whether a word looks like a symbol, x, w21 or rhohat, rather than like the name of a function."""
    letters = word.rstrip("0123456789").removesuffix("hat")
    if len(letters) < 2 or "_" in word:
        return True
    try:
        return bool(unicodedata.lookup(f"GREEK SMALL LETTER {'LAMDA' if letters == 'lam' else letters}"))
    except KeyError:
        return False


def _cut(word: str, knows: Callable, done: dict) -> list[tuple[str, ...]]:
    """At most two ways to cut a word into pieces that are known; a digit stays with the letter before it."""
    if not word:
        return [()]
    if word not in done:
        done[word] = [
            (word[:end], *rest)
            for end in range(1, len(word) + 1)
            if not word[end : end + 1].isdigit() and knows(word[:end])
            for rest in _cut(word[end:], knows, done)
        ][:2]
    return done[word]
