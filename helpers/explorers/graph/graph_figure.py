"""The panel of a graph in matplotlib: what `graph_drawing.js` draws, at the same places."""

from __future__ import annotations

import math
from itertools import pairwise

from matplotlib.patches import FancyBboxPatch

from helpers.explorers.core.paper import draw_arrow
from helpers.explorers.graph.places import NODE, ends_of, on_canvas
from helpers.formulas import browser as formula
from helpers.pictures import figures
from helpers.pictures.readable import readable, significant

_WIDTH = 880.0  # CSS pixels, at least
_VALUE, _GRADIENT = figures.COLORS[:2]


def short(value: float) -> str:
    """A number for a label in the picture: three digits, as `short` of `graph_drawing.js` writes it."""
    value = float(value)
    words = readable(significant(value, 3) if math.isfinite(value) else value)
    return readable(significant(value, 1)).replace(".00 × ", "×") if "×" in words else words


def draw(ax, panel, explorer) -> None:
    """Draw the panel at the present values of the explorer, the present step included."""
    variables = explorer.variables()
    step, width = round(variables[panel["step"]]), max(_WIDTH, panel["least"])
    # The title of the axes takes the place of the first line.
    ax.set(xlim=(0, width), ylim=(panel["height"], 22))
    ax.axis("off")
    ax.text(8, 32, panel["note"], fontsize=8)

    def numbers(part):
        keys = [key for key in ("above", "below") if part[key] is not None]
        return {key: short(formula.evaluate(part[key], variables)) for key in keys if step >= part[f"{key}From"]}

    def stage(part):
        forward, backward = part["now"]
        return step > 0 and step in part["now"], step >= forward, 0 < step and step >= backward

    for edge in panel["edges"]:
        points = [on_canvas(panel, place, width) for place in ends_of(edge, panel["nodes"])]
        _edge(ax, points, *stage(edge))
        keys = [key for key in ("above", "below") if edge[key] is not None]
        for key, place in zip(keys, edge["numbers"], strict=True):
            _write(ax, numbers(edge).get(key), *on_canvas(panel, place, width), gradient=key == "below")
    for node in panel["nodes"]:
        _node(ax, node, *on_canvas(panel, node["place"], width), numbers(node), *stage(node))


def _edge(ax, points, now, reached, backward) -> None:
    """Forward it leads to its consumer; once the gradient has come back on it, it is orange and leads backward."""
    way = points[::-1] if backward else points
    color = _GRADIENT if backward else _VALUE if now else "0.45" if reached else "0.8"
    wide = 2 if now else 1.3 if backward else 0.9
    for start, end in list(pairwise(way))[:-1]:
        ax.plot(*zip(start, end, strict=True), color=color, linewidth=wide, zorder=1)
    draw_arrow(ax, *way[-2:], color, wide)


def _node(ax, node, x, y, numbers, now, reached, backward) -> None:
    left, top = x - node["width"] / 2, y - NODE / 2
    ax.add_patch(FancyBboxPatch(
        (left, top), node["width"], NODE, boxstyle=f"round,pad=0,rounding_size={NODE / 2 if node['round'] else 4}",
        facecolor="#dfeaf3" if now else "#f6f6f7" if node["round"] else "white", zorder=2,
        edgecolor=(_GRADIENT if backward else _VALUE) if now else "black" if reached else "0.6",
        linewidth=2.2 if now else 0.9,
    ))  # fmt: skip
    style = "italic" if node["round"] else "normal"
    ax.text(x, y, node["label"], ha="center", va="center", fontsize=9, style=style, zorder=3)
    side, align, up, down = (left - 6, "right", y - 8, y + 10) if node["beside"] else (x, "center", y - 22, y + 22)
    _write(ax, numbers.get("above"), side, up, align=align)
    below = numbers.get("below")
    _write(ax, f"Σ {below}" if below and node["sum"] else below, side, down, gradient=True, align=align)


def _write(ax, text, x, y, *, gradient=False, align="center") -> None:
    if text:
        color, weight = (_GRADIENT, "bold") if gradient else (_VALUE, "normal")
        ax.text(x, y, text, color=color, weight=weight, ha=align, va="center", fontsize=8, zorder=4)
