"""What a picture consists of: axes, panels and sentences, as plain JSON for Python and the browser.

A panel is a dict with a `kind` ("curves", "surface", "heat", "graph", ...) and a `title`. A panel with a
`height`, in CSS pixels, has a row of its own; the others stand side by side.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import numpy as np

from helpers import numerical
from helpers.errors import InputError
from helpers.formulas import browser as formula
from helpers.pictures.readable import subscripts

_NUMBER = re.compile(r"\{([^{}:]+)(?::([\w,]+))?\}")


def axis(
    name: str, low: float, high: float, label: str | None = None, *, powers: bool = False, whole: bool = False
) -> dict:
    """An axis for the variable `name` from low to high. powers: a tick at −8 reads 10⁻⁸; whole: it counts.

    Raises InputError (a ValueError) for a reversed or infinite interval.
    """
    for number in (low, high):
        if not is_finite(number):
            raise InputError(f"the {name} axis needs two finite numbers, and {number!r} is none")
    if not low < high:
        raise InputError(f"the {name} axis goes from {low:g} to {high:g}: give the smaller number first")
    shown = {"name": name, "low": plain(low), "high": plain(high), "label": label or subscripts(name)}
    return shown | {key: True for key, on in (("powers", powers), ("whole", whole)) if on}


def curve(label: str, function: str | None = None, *, style: int = 0, width: float = 2, **more) -> dict:
    """A curve of `function`; style chooses colour and dashes together.

    A curve with the label "" is not in the legend. more: samples=formula (few samples, with dots),
    points=(x, y) names of constants or definitions, dots; place=(share, side): its label, in which numbers may stand in
    braces, is at the curve and not in the legend: at that share of what is seen of it, above (1) or below (-1);
    dash, where its dashes are not those of its style. A width of 0: no line, for dots alone.
    """
    if "place" in more:
        more["says"] = sentence(label)
    if "samples" in more:
        more["samples"] = formula.parse(more["samples"])
    return {"label": label, "function": function, "color": style, "dash": style, "width": width} | more


def curves(
    title: str,
    x: dict,
    y: dict,
    drawn: list[dict],
    *,
    marks: Sequence = (),
    handles: Sequence[dict] = (),
    bars: Sequence[dict] = (),
    joined: bool = False,
    between: Sequence[int] | None = None,
    lit: bool = False,
) -> dict:
    """A panel of curves. marks: (from, to) formulas, a band or, where both are equal, a line; (from, to, label, style) is a
    region in the colour of a style with its name on the x axis: all of the label, or what stands before its colon.

    handles: what can be seized, a list of `handle(...)` whose `at` is (x, y); bars: each a dict of the `parameter` that is its
    height, its ends `left` and `right` on the x axis, and a `label` in words; joined: the panel below has the same x axis, with
    the numbers for both; between: numbers of two curves, with what lies between them shaded; lit: a curve is lit up while a
    slider or a grip is used that it depends on.
    """
    marks = [
        {"from": formula.parse(start), "to": formula.parse(end)} | dict(zip(("label", "color"), named, strict=False))
        for start, end, *named in marks
    ]
    panel = {"kind": "curves", "title": title, "x": x, "y": y, "curves": drawn, "marks": marks}
    return (
        panel
        | {"handles": list(handles), "bars": list(bars)}
        | ({"joined": True} if joined else {})
        | ({"between": between} if between else {})
        | ({"lit": True} if lit else {})
    )


def handle(
    label: str,
    at: Sequence,
    along: str,
    sets: dict[str, str],
    says: str,
    *,
    tall: bool = False,
    anywhere: bool = False,
    style: int | None = None,
) -> dict:
    """Something in a picture that can be seized: a grip for mouse, finger and arrow keys (handles.js).

    label: what it is, in words; at: formulas of its place, (x, y) in a panel of curves, (x1, x2) in a heat map, (x1, x2, z) on
    a surface; along: where it can go, "x", "y" or "xy", on a surface "x1", "x2" or "z"; sets: name of a slider -> formula of
    its new value, in which to_x, to_y (and to_z on a surface) are the grip's new place and all else is as it was when it was
    seized; says: its value in words, with numbers in braces as in a sentence; style: that of the curve whose colour it has.
    Of `curves` only: tall, it can be seized along a whole vertical line; anywhere, a press anywhere in the panel brings it
    there.
    """
    shown = {"label": label, "at": [formula.parse(place) for place in at], "along": along}
    shown |= {"sets": {name: formula.parse(value) for name, value in sets.items()}, "says": pieces(says, _number)}
    more = {"tall": tall or None, "anywhere": anywhere or None, "color": style}
    return shown | {key: value for key, value in more.items() if value is not None}  # fmt: skip


def surface(
    title: str,
    function: str,
    x1: dict,
    x2: dict,
    z: dict,
    *,
    handles: Sequence[dict] = (),
    target: dict | None = None,
    cross: Sequence[float] | None = None,
    **flow,
) -> dict:
    """A panel with the surface z = function(x1, x2). handles: what can be seized, a list of `handle(...)`.

    target: the box that the surface is to fill, {"x1": [low, high], "x2": [low, high], "top": z}, translucent; cross: where
    the crosshair is at first, (x1, x2), which it shares with a heat map.
    flow: of one of many, plain=True for no numbers on its axes; arrows=[…], numbers of the panels from which arrows come
    where there is room between; lit=True, it has a frame while a slider is used that it depends on, bright where that stands
    in its own formula.
    """
    panel = {"kind": "surface", "title": title, "function": function, "x1": x1, "x2": x2, "z": z}
    more = ({"target": target} if target else {}) | ({"cross": list(cross)} if cross else {})
    return panel | {"handles": list(handles)} | more | flow


def heat(
    title: str, function: str, x1: dict, x2: dict, z: dict, *, outlines: Sequence = (), handles: Sequence[dict] = (),
    colors: Sequence[str] | None = None, cross: Sequence[float] | None = None,
) -> dict:  # fmt: skip
    """A panel with the function seen from above.

    outlines: closed polygons, lists of (x1, x2) formulas; handles as above; colors: from low to high, "#rrggbb", where they are
    not those of heights; cross: as above, here it can be dragged.
    """
    outlines = [[[formula.parse(x), formula.parse(y)] for x, y in points] for points in outlines]
    return (
        surface(title, function, x1, x2, z, handles=handles, cross=cross)
        | {"kind": "heat", "outlines": outlines}
        | ({"colors": list(colors)} if colors else {})
    )


def score(
    title: str, value: str, decimals: int, unit: str = "", limits: tuple[float, float] | None = None, room: float = 1e-8
) -> dict:
    """A panel with a large number, the less the better, and whether it is passed or even gold.

    title: what it is; value: a formula; limits: at most for (passed, gold), where there are such; room: what is added to both,
    for a number that is rounded.
    """
    levels = [{"most": None, "mark": "", "word": "", "color": 0}]
    if limits:
        passed, gold = limits
        levels = [{"most": gold + room, "mark": "★", "word": "gold", "color": 2},
                  {"most": passed + room, "mark": "✔", "word": "passed", "color": 0},
                  {"most": None, "mark": "○", "word": "not yet", "color": 1}]  # fmt: skip
    return {"kind": "score", "title": title, "value": formula.parse(value), "decimals": decimals, "unit": unit,
            "levels": levels, "height": 50}  # fmt: skip


def arranged(columns: int, rows: int, *places: Sequence[int], ratio: float, least: int, lowest: int = 240) -> dict:
    """Where panels stand: for each (column, row, columns wide, rows high) on a grid of so many columns and rows.

    ratio: height of the whole over its width; least: CSS pixels of width below which they stand as usual; lowest: CSS pixels
    of height that the whole has at least.
    """
    return {"grid": [columns, rows], "places": [list(place) for place in places], "ratio": ratio, "least": least,
            "lowest": lowest}  # fmt: skip


def beside(share: int, others: int, *, ratio: float) -> dict:
    """Where panels stand: the first has this share of the width, in percent; so many others beside it, one below the other."""
    rest = [(share + 1, 31 * k, 99 - share, 30) for k in range(others)]
    rows = 31 * others - 1
    return arranged(100, rows, (0, 0, share, rows), *rest, ratio=ratio, least=560, lowest=300)


def sentence(*texts: str, when: str | float = 1) -> dict:
    """Words under the picture, with numbers in braces: a formula, and its decimals if their number is fixed.

    sentence("A step at x = {-b/w:2}, {n} in all.") shows −b/w with two decimals, and n as it is read best.
    Of a list of sentences the first is shown whose condition `when` holds.
    """
    return {"when": formula.parse(when), "parts": [part for text in texts for part in pieces(text, _number)]}


def _number(source: str, decimals: str | None) -> list:
    return [formula.parse(source), *([int(decimals)] if decimals else [])]


def pieces(text: str, number: Callable[[str, str | None], object]) -> list:
    """The words of a text, and number(what, how) for each "{what:how}" or "{what}" in it; how is None where none is said."""
    words, *numbers = _NUMBER.split(text)
    found: list = [words] if words or not numbers else []
    for what, how, words in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
        found += [number(what, how), words] if words else [number(what, how)]
    return found


def average(of: str, x1: dict, x2: dict, points: int = numerical.POINTS, step: int = numerical.STEP) -> dict:
    """The mean of a formula over the square x1 × x2, at the points of `numerical.square_points`."""
    return {"of": formula.parse(of), "x1": x1, "x2": x2, "points": points, "step": step}


def pair(name: str, limits: object) -> tuple:
    """The two ends of an axis. Raises InputError (a ValueError) for what is no pair."""
    try:
        low, high = limits
    except (TypeError, ValueError):
        raise InputError(f"{name} needs two numbers, (low, high), not {limits!r}") from None
    return low, high


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """The value, if it is a whole number from low to high. Raises InputError (a ValueError) for another."""
    if not is_finite(value) or value != int(value) or not low <= value <= high:
        raise InputError(f"{name} must be a whole number from {low} to {high}, not {value!r}")
    return int(value)


def is_finite(value: object) -> bool:
    """Whether it is a finite real number, of Python's or of NumPy's."""
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


def plain(value: object) -> object:
    """NumPy arrays and numbers as what JSON knows."""
    return value.tolist() if hasattr(value, "tolist") else value
