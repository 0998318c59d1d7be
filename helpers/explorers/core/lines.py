"""Lines of words with numbers put in, at a chosen number of decimals: labels of a network, a working, a table.

`lines.js` writes the same.
"""

from __future__ import annotations

import math

from helpers.explorers.core.panels import pieces
from helpers.formulas import browser as formula
from helpers.formulas.browser import Tree
from helpers.pictures.readable import fixed, readable


def number(value: Tree, *, relation: Tree | None = None, step: Tree | None = None, **how) -> dict:
    """A number of a line, as plain JSON.

    relation: write " = " before it, or " ≈ " where what stands there is not exactly the value of this
    formula; step: with enough decimals to see a change of this size;
    how: brackets=True: put a negative number in brackets, as in 2·(−1), and one with a power of ten; brackets="power":
    only the latter; given=True: write all decimals, as the sliders show them; percent=True: write it in per cent.
    """
    trees = {"value": value, "relation": relation, "step": step}
    return {key: formula.parse(tree) for key, tree in trees.items() if tree is not None} | how


_HOW = {"given": {"given": True}, "brackets": {"brackets": True}, "power": {"brackets": "power"}}


def line(*parts: str | dict) -> list:
    """The parts of a line, where a number may stand in a text as "{w1}", or "{w1:given,brackets}" as `number` says.

    "power" stands for brackets="power", "result" for the relation to the value before it was rounded.
    """
    return [piece for part in parts for piece in (pieces(part, _in_braces) if isinstance(part, str) else [part])]


def _in_braces(name: str, options: str | None) -> dict:
    how: dict = {}
    for option in options.split(",") if options else ():
        how |= {"relation": f"{name}_full"} if option == "result" else _HOW[option]
    return number(name, **how)


def write(parts: list, variables: dict, decimals: int) -> str:
    """The line in words, at these values."""
    return "".join(part if isinstance(part, str) else _number(part, variables, decimals) for part in parts)


def _number(part: dict, variables: dict, decimals: int) -> str:
    value = float(formula.evaluate(part["value"], variables))
    if part.get("percent"):
        return "—" if math.isnan(value) else f"{'+' if value > 5e-4 else ''}{readable(100 * value, 1)} %"
    if part.get("given"):
        decimals = 9
    if "step" in part:
        step = abs(float(formula.evaluate(part["step"], variables)))
        if 0 < step < 1:
            decimals = min(12, max(decimals, 2 - math.floor(math.log10(step))))
    text, shown = fixed(value, decimals)
    if part.get("brackets") and ("×" in text or (value < 0 and part["brackets"] is True)):
        text = f"({text})"
    if "relation" in part:
        full = float(formula.evaluate(part["relation"], variables))
        text = (" = " if abs(shown - full) <= 1e-12 * abs(full) else " ≈ ") + text
    return text
