"""Lines of a working: texts with numbers put in, at a chosen number of decimals.

A line is a list of parts that are plain JSON: a text, or a number {"value": tree, ...} made by `number`.
`front/lines.js` writes the same lines.
"""

from __future__ import annotations

import math

from helpers.formulas import browser as formula
from helpers.formulas.browser import Tree
from helpers.pictures.readable import fixed, readable


def number(
    value: Tree,
    *,
    relation: Tree | None = None,
    brackets=False,
    given=False,
    step: Tree | None = None,
    percent=False,
) -> dict:
    """A number of a line.

    relation: write " = " before it, or " ≈ " where what stands there is not exactly the value of this
    formula; brackets: put a negative number in brackets, as in 2·(−1), and one with a power of ten;
    "power": only the latter; given: write all decimals, as the sliders show them; step: with enough
    decimals to see a change of this size; percent: write it in per cent.
    """
    part = {"value": formula.parse(value)}
    if relation is not None:
        part["relation"] = formula.parse(relation)
    if step is not None:
        part["step"] = formula.parse(step)
    return part | {key: on for key, on in (("brackets", brackets), ("given", given), ("percent", percent)) if on}


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
