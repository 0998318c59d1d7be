"""The panel of a graph in matplotlib: what `graph_drawing.js` draws, at the same places."""

from __future__ import annotations

import math

from matplotlib.patches import FancyBboxPatch

from helpers.explorers.core.paper import draw_arrow
from helpers.formulas import browser as formula
from helpers.pictures import figures
from helpers.pictures.readable import readable, significant

_WIDTH = 880.0  # CSS pixels; the places of the panel are in them
_LEFT, _RIGHT, _NODE_HEIGHT = 60, 14, 26
_VALUE, _GRADIENT = figures.COLORS[:2]


def short(value: float) -> str:
    """A number for a label in the picture: three digits, as `short` of `graph_drawing.js` writes it."""
    value = float(value)
    words = readable(significant(value, 3) if math.isfinite(value) else value)
    return readable(significant(value, 1)).replace(".00 × ", "×") if "×" in words else words


def draw(ax, panel, explorer) -> None:
    """Draw the panel at the present values of the explorer, the present step included."""
    variables = explorer.variables()
    step = round(variables[panel["step"]])
    height = panel["top"] + max(node["place"][2] for node in panel["nodes"]) * panel["rowHeight"] + 34
    # The title of the axes takes the place of the first line.
    ax.set(xlim=(0, _WIDTH), ylim=(height, 22))
    ax.axis("off")
    ax.text(8, 32, panel["note"], fontsize=8)

    def numbers(part):
        texts = [
            short(formula.evaluate(part[key], variables))
            if part[key] is not None and step >= part[f"{key}From"]
            else None
            for key in ("above", "below")
        ]
        stage = part["now"]
        return *texts, step > 0 and step in stage, step >= stage[0], step == stage[1]

    for edge in panel["edges"]:
        _edge(ax, panel, edge, *numbers(edge))
    for node in panel["nodes"]:
        _node(ax, panel, node, *numbers(node))


def _place(panel, place):
    pixels, share, row = place
    free = _WIDTH - _LEFT - _RIGHT - panel["fixed"]
    return _LEFT + pixels + share * free, panel["top"] + row * panel["rowHeight"]


def _edge(ax, panel, edge, above, below, now, reached, backward):
    widths = {tuple(node["place"]): node["width"] for node in panel["nodes"]}
    points = [_place(panel, place) for place in edge["path"]]
    points[0] = (points[0][0] + widths.get(tuple(edge["path"][0]), 0) / 2, points[0][1])
    points[-1] = (points[-1][0] - widths.get(tuple(edge["path"][-1]), 0) / 2 * edge["ends"], points[-1][1])
    color = "black" if now else "0.45" if reached else "0.8"
    ax.plot(*zip(*points, strict=True), color=color, linewidth=1.8 if now else 0.9, zorder=1)
    tail, head = (points[1], points[0]) if now and backward else points[-2:]
    draw_arrow(ax, tail, head, color)
    (x0, y0), (x1, y1) = points[:2]
    x, y, slope = (x0 + x1) / 2, (y0 + y1) / 2, abs((y1 - y0) / (x1 - x0))
    texts = [text for text in (above, below) if text]
    width = 6.6 * max(map(len, texts), default=0)
    if slope < 0.12:
        clear = 9 if width + 6 < x1 - x0 else _NODE_HEIGHT / 2 + 9
        upper, lower = y - clear, y + clear + 1
    else:
        clear = 9 + slope * width / 2
        # both numbers on the free side: above an edge that falls, below one that rises
        upper = y - clear - 13 * (len(texts) == 2) if y1 > y0 else y + clear
        lower = y - clear if y1 > y0 else y + clear + 13 * bool(above)
    _write(ax, above, x, upper, _VALUE, "normal")
    _write(ax, below, x, lower, _GRADIENT, "bold")


def _node(ax, panel, node, above, below, now, reached, backward):
    x, y = _place(panel, node["place"])
    left, top = x - node["width"] / 2, y - _NODE_HEIGHT / 2
    radius = _NODE_HEIGHT / 2 if node["round"] else 4
    ax.add_patch(FancyBboxPatch(
        (left, top), node["width"], _NODE_HEIGHT, boxstyle=f"round,pad=0,rounding_size={radius}", zorder=2,
        facecolor="#dfeaf3" if now else "#f6f6f7" if node["round"] else "white",
        edgecolor="black" if reached else "0.6", linewidth=2.2 if now else 0.9,
    ))  # fmt: skip
    style = "italic" if node["round"] else "normal"
    ax.text(x, y, node["label"], ha="center", va="center", fontsize=9, style=style, zorder=3)
    place, inwards, align = (left - 6, 6, "right") if node["beside"] else (x, -10.5, "center")
    _write(ax, above, place, top + inwards, _VALUE, "normal", align)
    below = f"Σ {below}" if below and node["sum"] else below
    _write(ax, below, place, top + _NODE_HEIGHT - inwards, _GRADIENT, "bold", align)


def _write(ax, text, x, y, color, weight, align="center"):
    if text:
        ax.text(x, y, text, color=color, weight=weight, ha=align, va="center", fontsize=8, zorder=4)
