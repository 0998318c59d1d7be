"""The one drawing of a network: units in columns, weights on edges, biases at units. For any panel of any explorer.

Colour and dashes of an edge are the sign of its weight, its width is the size; `network_drawing.js` draws the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise, product

from helpers.errors import InputError
from helpers.explorers.core import network_figure
from helpers.explorers.core.lines import number
from helpers.explorers.core.paper import KINDS
from helpers.explorers.notation import text
from helpers.formulas import browser as formula
from helpers.formulas.browser import Tree

RADIUS = 21  # CSS pixels, of a unit
BORDER = 96  # CSS pixels on the left and right of the first and last column, together

_UNIT, _LABEL, _COLUMN = 74, 27, 108  # CSS pixels: least distances of units, of numbers on edges, and of columns
_TOP, _BOTTOM = 56, 54  # above and below the middle of the outermost units

#: unit -> ({where from: its weight}, its bias)
Layer = Mapping[str, tuple[Mapping[str, Tree | dict | None], Tree | dict | None]]


def network(
    title: str,
    inputs: Sequence[str],
    layers: Sequence[Layer],
    *,
    note: str = "",
    highlight: Sequence[str] = (),
    styles: Mapping[str, int] | None = None,
    beside: bool = False,
    times: Mapping[str, Tree] | None = None,
    seized: bool = True,
) -> dict:
    """A panel with the drawing of a network.

    layers: for each layer after the inputs a dict unit -> ({where from: weight}, bias), such as
    [{"h11": ({"x": "w"}, "b1"), "h12": ({"x": "w"}, "b2")}, {"h21": ({"h11": "v1", "h12": "v2"}, None)}]. A weight or a bias is
    a formula of sliders and definitions, a number, a `label`, or None for one that has no number; one that is the name of a
    slider, or its negative, can be seized in the picture.
    note: a line below the title; highlight: units that are drawn with emphasis, and what comes into them; styles: unit ->
    the style of its curve, whose colour it has; beside: stand side by side with other panels, not in a row of its own; times:
    unit -> how many such units there are, of which one is drawn; seized: False where no weight is the name of a slider.
    Raises InputError for a weight from a unit that is not in the layer before.
    """
    columns = [list(inputs), *(list(layer) for layer in layers)]
    heights, shares = heights_and_shares([len(column) for column in columns], _UNIT, _LABEL)
    places = {name: (column, k) for column, names in enumerate(columns) for k, name in enumerate(names)}
    count = [sum(map(len, columns[:column])) for column in range(len(columns))]
    numbers = {name: [label("×", count, above=True, short="×")] for name, count in (times or {}).items()}
    nodes = [
        node(text(name), 0, height, numbers.get(name, []), given=True, many=name in numbers)
        for name, height in zip(inputs, heights[0], strict=True)
    ]
    edges = []
    for column, (layer, own) in enumerate(zip(layers, heights[1:], strict=True), start=1):
        for (name, (weights, bias)), height in zip(layer.items(), own, strict=True):
            now = [0] if name in highlight else []
            style = {} if styles is None or name not in styles else {"color": styles[name]}
            lines = _number(bias) + numbers.get(name, [])
            nodes.append(node(text(name), column, height, lines, forward=now, many=name in numbers) | style)
            for source, weight in weights.items():
                if places.get(source, (None,))[0] != column - 1:
                    raise InputError(f"a weight of {name} comes from {source!r}, which is not in the layer before it")
                ends = count[column - 1] + places[source][1], count[column] + places[name][1]
                tree = None if isinstance(weight, dict) else weight
                edges.append(edge(*ends, shares[column - 1], column - 1, _number(weight), weight=tree, forward=now))
    if not seized:
        for line in (line for part in nodes + edges for line in part["lines"]):
            line.pop("name", None)
            line["parts"][-1].pop("given", None)  # computed: as many decimals as are wanted
    half, words = max(map(max, heights)), 18 * (bool(note) + bool(times))
    room = {"leastHeight" if beside else "height": round(_TOP + 2 * half + _BOTTOM + words)}
    return {"kind": "network", "title": title, "note": note, "nodes": nodes, "edges": edges, "lastGap": 1, "lit": seized,
            "middle": _TOP + half + words, "least": least_width(title, note, BORDER + _COLUMN * len(layers))} | room  # fmt: skip


def least_width(title: str, note: str, room: float) -> int:
    """The CSS pixels that a panel needs which is as wide as `room`, or as its words: below, the picture scrolls sideways."""
    return round(max(room, 16 + 7.8 * len(title), 16 + 6.4 * len(note)))


def _number(value: Tree | dict | None) -> list[dict]:
    """The line of a weight or a bias, at most one."""
    if value is None or isinstance(value, dict):
        return [value] if value else []
    tree = formula.parse(value)
    return [label("" if isinstance(tree, int | float) else f"{text(tree)} = ", tree)]


# ---- parts of the drawing ----------------------------------------------------------------------------------------


def label(
    words: str,
    value: Tree | None,
    since: int = 0,
    *,
    above: bool = False,
    style: str | None = None,
    short: str | None = None,
) -> dict:
    """A line beside a node or an edge: words, and the number `value`, if there is one, from step `since` on.

    style: "given" for what was known at first, "value" for what the forward pass computes, "gradient" for the backward pass;
    short: the words that stay where there is little room; such a number cannot be seized.
    """
    tree = None if value is None else formula.parse(value)
    shown = [] if tree is None else [number(tree, given=True) if since == 0 else number(tree)]
    style = style or ("value" if since else "given")
    parts = [words, *shown] if words else shown
    line = {
        "parts": parts,
        "short": shown if shown and short is None else [short or words, *shown],
        "from": since,
        "style": style,
        "above": above,
    }
    negative = isinstance(tree, list) and tree[0] == "negative" and isinstance(tree[1], str)
    seized = tree if isinstance(tree, str) else tree[1] if negative else None
    return line | (
        {"name": seized, "sign": -1 if negative else 1} if seized and style == "given" and short is None else {}
    )


def node(
    words: str, column: int, height: float, lines: list[dict], *, given: bool = False, square: bool = False,
    many: bool = False, forward: Sequence[int] = (), backward: Sequence[int] = (),
) -> dict:  # fmt: skip
    """A unit: words in it, its column, its height below the middle, its lines; the steps that are about it. many: it stands for
    others that are alike."""
    return {"label": words, "column": column, "height": height, "lines": lines, "given": given, "square": square,
            "forward": list(forward), "backward": list(backward)} | ({"many": True} if many else {})  # fmt: skip


def edge(
    start: int, end: int, share: float, column: int, lines: list[dict], *, weight: Tree | None = None,
    forward: Sequence[int] = (), backward: Sequence[int] = (),
) -> dict:  # fmt: skip
    """A connection of two nodes by number, its lines at this share of the way; column: that of its start."""
    found = {"from": start, "to": end, "share": share, "column": column, "lines": lines}
    return found | {"weight": None if weight is None else formula.parse(weight), "forward": list(forward),
                    "backward": list(backward)}  # fmt: skip


# ---- where the units stand ---------------------------------------------------------------------------------------
#
# The numbers of all edges between two layers stand in one column, each on its own edge, at the share t of the way.
# With the units at evenly spaced heights, the heights of these numbers depend on t and on the spacing of both layers;
# here those are chosen for which the closest two are furthest apart.

_SHARES = [0.5, *(0.5 + sign * 0.02 * k for k in range(1, 8) for sign in (-1, 1))]  # the middle first
_SPACINGS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of a layer, relative to the widest


def heights_and_shares(sizes: list[int], unit: float, label: float) -> tuple[list[list[float]], list[float]]:
    """For layers of these sizes, the heights of the units, 0 in the middle, and t for each two neighbouring layers.

    unit, label: least distances of two units, and of two numbers.
    """
    best = (math.inf, (), 0.0)
    for spacings in product(*(_SPACINGS if size > 1 else (1.0,) for size in sizes)):
        layers = list(zip(sizes, spacings, strict=True))
        gaps = [max(_gap(*pair, t) for t in _SHARES) for pair in pairwise(layers)]
        scale = max([unit / s for size, s in layers if size > 1] + [label / gap for gap in gaps if gap > 0])
        tall = scale * max((size - 1) * s for size, s in layers)
        if min(gaps) > 0 and tall < best[0] - 1e-9:
            best = (tall, spacings, scale)
    _, spacings, scale = best
    layers = [(size, scale * s) for size, s in zip(sizes, spacings, strict=True)]
    heights = [[(k - (size - 1) / 2) * s for k in range(size)] for size, s in layers]
    # Of the shares that leave room enough, the one nearest to the middle.
    shares = [next(t for t in _SHARES if _gap(*pair, t) >= label - 1e-6) for pair in pairwise(layers)]
    return heights, shares


@cache
def _gap(first: tuple[int, float], second: tuple[int, float], t: float) -> float:
    """The least distance of two numbers between two layers (units, spacing); of one alone, a large one."""
    (m, near), (n, far) = first, second
    places = sorted(
        (1 - t) * near * (i - (m - 1) / 2) + t * far * (j - (n - 1) / 2) for i in range(m) for j in range(n)
    )
    return min((b - a for a, b in pairwise(places)), default=1e3)


KINDS["network"] = network_figure.draw
