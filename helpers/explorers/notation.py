"""Formula trees as a reader wants them: sigmoid(w*x + b)**2 as σ(w·x + b)²."""

from __future__ import annotations

import unicodedata

from helpers.formulas.browser import Tree
from helpers.formulas.known import KNOWN
from helpers.pictures.readable import readable, subscripts

#: How strongly an operation holds its operands.
_BINDING = {"+": 1, "-": 1, "negative": 1, "*": 2, "/": 2, "^": 4}
_SIGNS = {"+": " + ", "-": " − ", "*": "·", "/": "/"}
_LETTERS = "alpha beta gamma delta epsilon eta theta lamda mu rho sigma tau phi psi omega".split()
_GREEK = {letter.replace("lamda", "lam"): unicodedata.lookup(f"GREEK SMALL LETTER {letter}") for letter in _LETTERS}
_NAMES = {"yhat": "ŷ"} | {known.name: known.sign for known in KNOWN.values() if known.sign}


def text(tree: Tree, binding: int = 0) -> str:
    """The tree in mathematical notation, in brackets if it holds its parts less strongly than `binding`."""
    if isinstance(tree, str):
        return name(tree)
    if not isinstance(tree, list):
        number = readable(tree)
        return f"({number})" if tree < 0 and binding > 1 else number
    operation, *operands = tree
    own = _BINDING.get(operation, 5)
    if operation in _SIGNS:
        # a − (b − c) and a/(b·c) keep their brackets, a + b + c needs none
        # a leading minus needs none either: −x²/8
        leading = operation in "*/" and isinstance(operands[0], list) and operands[0][0] == "negative"
        first = text(operands[0], 0 if leading else own)
        words = first + _SIGNS[operation] + text(operands[1], own + (operation in "-/"))
    elif operation == "negative":
        words = "−" + text(operands[0], 2)
    elif operation == "^":
        exponent = text(operands[1], 5)
        small = exponent.isdecimal() and exponent.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        words = text(operands[0], 5) + (small or f"^{exponent}")
    else:
        words = f"{name(operation)}({', '.join(text(operand) for operand in operands)})"
    return f"({words})" if own < binding else words


def name(variable: str) -> str:
    """yhat as ŷ, sigmoid as σ, rho as ρ, x1 as x₁."""
    return _NAMES.get(variable) or subscripts(_GREEK.get(variable, variable))
