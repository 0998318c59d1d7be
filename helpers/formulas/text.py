"""Formulas written as text, read safely: a `Formula` is a text and its syntax tree.

A formula such as `-x*y/2 * (1 - sigma(z)) * (1 - tanh(u)**2)` is the one form in which the course content writes
answers, mistakes and derivations, and one of the forms in which students may answer. It is read with Python's own
parser but never run as Python: `helpers.formulas.evaluate` walks the tree and knows only the operations listed there
and in `helpers.formulas.known`, so a text from outside can neither import nor call anything else.
"""

import ast
import re
from collections.abc import Collection

MAX_LENGTH = 4000  # characters of one formula
MAX_DEPTH = 60  # nested brackets
MAX_DERIVATIVES = 5  # inside each other
MAX_EXPONENT = 1000  # of a plain number: 9**9**9 would keep the machine busy for ever
DERIVATIVES = {"diff", "Derivative", "grad"}
MODULES = {"np", "numpy", "math", "sp", "sympy", "jnp", "scipy", "special", "torch"}


class FormulaError(ValueError):
    """The text is no formula that we can read; the message is written for the student."""


_REPLACEMENTS = {
    "^": "**",
    "·": "*",
    "⋅": "*",
    "×": "*",
    "−": "-",
    "–": "-",
    "²": "**2",
    "³": "**3",
    "ᵀ": ".T",
    "⊤": ".T",
    "½": "(1/2)",
    "ρ̂": "rhohat",
    "ρ": "rho",
    "λ": "lam",
    "ŷ": "yhat",
    "⊙": "*",
}
_IMPLICIT = re.compile(r"(?<![\w.])(\d+\.?\d*)\s*(?![eE][+-]?\d)(?!(?:and|or|if|else)\b)(?=[A-Za-zσ(])")
_POWER_OF_FUNCTION = re.compile(r"\b((?:sin|cos|tan)h?|sech|log|ln|exp|sigma|sigmoid|σ)\s*\*\*\s*(\d+)\s*\(")


def _closing(text, start):
    """The place behind the bracket that closes the one before `start`, or the end of the text."""
    depth, end = 1, start
    while depth and end < len(text):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    return end


def _powers_behind(text):
    """`tanh**2(x)`, as one writes it by hand, becomes `tanh(x)**2`."""
    while match := _POWER_OF_FUNCTION.search(text):
        end = _closing(text, match.end())
        text = f"{text[: match.start()]}{match[1]}({text[match.end() : end]}**{match[2]}{text[end:]}"
    return text


def _tidy(text):
    """The text with the notation of a student's page turned into Python's: `2x^2` becomes `2*x**2`."""
    for written, meant in _REPLACEMENTS.items():
        text = text.replace(written, meant)
    text = re.sub(r"\\(?=[A-Za-z])", "", text.replace("\\cdot", "*"))  # \sigma(z) as in LaTeX
    text = re.sub(r"\*\*\s*(T|top)\b", ".T", text)
    text = re.sub(r"\blambda\b", "lam", text)
    text = re.sub(r"\b(\w+)'\(", r"\1_prime(", text)
    return _IMPLICIT.sub(r"\1*", _powers_behind(text)).strip()


def _depth(node):
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    return deepest


class Formula:
    """A formula read from text: `text` is what was written, `tree` its syntax tree.

    Raises FormulaError, with a sentence for the student, when the text cannot be read.
    """

    def __init__(self, text: str):
        self.text = text.strip()
        if len(text) > MAX_LENGTH:
            raise FormulaError(f"The formula is longer than {MAX_LENGTH} characters.")
        try:
            self.tree: ast.expr = ast.parse(_tidy(text), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise FormulaError(
                f"`{shorten(text)}` cannot be read as a formula: look for an unclosed bracket or a missing `*`."
            ) from None
        if _depth(self.tree) > MAX_DEPTH:
            raise FormulaError("The formula is nested too deeply to be read.")

    def __repr__(self):
        return f"Formula({self.text!r})"

    @property
    def names(self) -> set[str]:
        """The set of all names in it, functions included."""
        return {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}

    @property
    def has_derivative(self) -> bool:
        """Whether a derivative still stands in it that has to be worked out."""
        return any(
            getattr(node, "id", None) in DERIVATIVES or getattr(node, "attr", None) in DERIVATIVES
            for node in ast.walk(self.tree)
        )


def split_equation(text: str) -> list[str]:
    """The parts of `a = b = c` as a list of texts; a text without `=` is one part."""
    return [part for part in re.split(r"(?<![<>=!])=(?!=)", text) if part.strip()]


_D = r"(?:(?<![A-Za-z_])(?<![A-Za-z_]\d)d|∂)"  # the d of dL/dw and of 2dL/dw, not that of a name such as id
_LEIBNIZ = re.compile(_D + r"([A-Za-z]\w*)\s*/\s*[d∂]([A-Za-z]\w*)")
_OPERATOR = re.compile(_D + r"\s*/\s*[d∂]([A-Za-z]\w*)\s*(\(|[A-Za-z]\w*)")
_LETTERS = {"ρ̂": "rhohat", "ρ": "rho", "λ": "lam", "ŷ": "yhat"}


def spell_out_derivatives(text: str, known: Collection[str]) -> str:
    """`dL/df * df/dw` with every quotient of two known names written as `diff(L, f)`, and `d/dw L`, `d/dw (…)` as
    `diff(L, w)`; with no names known, every one."""

    def written(match):
        above, below = match.groups()
        return f"diff({above}, {below})" if not known or {above, below} <= set(known) else match[0]

    for letter, name in _LETTERS.items():
        text = text.replace(letter, name)
    text = _LEIBNIZ.sub(written, text)
    while match := _OPERATOR.search(text):
        end = match.end() if match[2] != "(" else _closing(text, match.end())
        inside = match[2] if match[2] != "(" else text[match.end() : end - 1]
        if known and match[1] not in known or match[2] != "(" and text[end:].lstrip()[:1] == "(":
            break  # d/dq, or d/dw tanh(…) without brackets around it all: not for us to guess
        text = f"{text[: match.start()]}diff({inside}, {match[1]}){text[end:]}"
    return re.sub(r"\)\s*(?=diff\()", ")*", text)  # dL/df df/dw, as one writes it by hand


def shorten(text: object, limit: int = 60) -> str:
    """At most `limit` characters of a text on one line, for quoting in a message."""
    text = " ".join(str(text).split()).encode("utf-8", "replace").decode()  # no half characters: they cannot be shown
    return text if len(text) <= limit else text[: limit - 1] + "…"
