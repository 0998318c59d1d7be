"""The panel of a network in matplotlib: what `network_drawing.js` draws, at the same places."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch

from helpers.explorers.core.explorer import Explorer
from helpers.explorers.core.lines import write
from helpers.explorers.core.paper import draw_arrow
from helpers.formulas import browser as formula
from helpers.pictures import figures

_WIDTH = 880.0  # CSS pixels
_LEFT, _RIGHT, _RADIUS, _LINE = 44, 52, 21, 15
_STYLES = {
    "given": ("black", "normal"),
    "value": (figures.COLORS[0], "normal"),
    "gradient": (figures.COLORS[1], "bold"),
}
_POSITIVE, _NEGATIVE = figures.COLORS[2:4]


def draw(ax: Axes, panel: dict, explorer: Explorer) -> None:
    """Draw the panel at the present values of the explorer, the present step included."""
    variables = explorer.variables()
    step, decimals = (round(variables.get(panel.get(key), other)) for key, other in (("step", 0), ("decimals", 4)))
    height = panel.get("height", panel.get("leastHeight"))
    width = _WIDTH if "height" in panel else panel["least"]
    # The title of the axes takes the place of the first line.
    ax.set(xlim=(0, width), ylim=(height, 22))
    ax.set_aspect("equal", adjustable="box", anchor="N")
    ax.axis("off")
    ax.text(8, 32, panel["note"], fontsize=8)
    last = max(node["column"] for node in panel["nodes"])
    gap = (width - _LEFT - _RIGHT) / (last - 1 + panel["lastGap"])
    across = [_LEFT + gap * min(column, last - 1 + panel["lastGap"]) for column in range(last + 1)]
    places = [(across[node["column"]], panel["middle"] + node["height"]) for node in panel["nodes"]]

    def shown(part, above=False, short=False):
        lines = [line for line in part["lines"] if step >= line["from"] and line["above"] == above]
        parts = [line["short"] if short and line["style"] == "gradient" else line["parts"] for line in lines]
        return [
            (write(each, variables, decimals), line["style"], "name" in line)
            for each, line in zip(parts, lines, strict=True)
        ]

    widths = _widths(panel, explorer, variables)
    for edge, look in zip(panel["edges"], widths, strict=True):
        start, end = places[edge["from"]], places[edge["to"]]
        _edge(ax, start, end, edge, step, *look)
        x, y = (a + edge["share"] * (b - a) for a, b in zip(start, end, strict=True))
        lines = shown(edge, short=True)  # an edge says whose gradient it is
        _stack(ax, lines, x, y - _LINE * len(lines) / 2)
    for node, (x, y) in zip(panel["nodes"], places, strict=True):
        _unit(ax, node, x, y, step)
        above = shown(node, above=True)
        _stack(ax, above, x, y - _RADIUS - 4 - _LINE * len(above))
        _stack(ax, shown(node), x, y + _RADIUS + 4)


def _widths(panel, explorer, variables) -> list[tuple[float, float]]:
    """(weight, width in CSS pixels) of each edge: the width in comparison with the largest weight of its column at first."""
    first = explorer.spec["constants"] | explorer.spec["defaults"]
    for name, tree in explorer.spec["definitions"].items():
        first[name] = formula.evaluate(tree, first)

    def weight(edge, values):
        return 0.0 if edge["weight"] is None else float(formula.evaluate(edge["weight"], values))

    scales: dict = {}
    for edge in panel["edges"]:
        scales[edge["column"]] = max(scales.get(edge["column"], 0.0), abs(weight(edge, first)))
    now = [weight(edge, variables) for edge in panel["edges"]]
    sizes = [math.sqrt(abs(w) / (scales[edge["column"]] or 1)) for w, edge in zip(now, panel["edges"], strict=True)]
    return [(w, min(7, 1 + 2.4 * size) if w else 1.2) for w, size in zip(now, sizes, strict=True)]


def _stage(part, step) -> str | None:
    """The colour of the pass, where the step is about this part."""
    return figures.COLORS[1] if step in part["backward"] else figures.COLORS[0] if step in part["forward"] else None


def _edge(ax, start, end, edge, step, weight, width) -> None:
    now, sign = _stage(edge, step), _POSITIVE if weight > 0 else _NEGATIVE if weight else "0.45"
    length = math.dist(start, end)

    def along(distance):
        return [a + (b - a) * distance / length for a, b in zip(start, end, strict=True)]

    tail, tip = along(_RADIUS + 2), along(length - _RADIUS - 2)
    if step in edge["backward"]:
        tail, tip = tip, tail
    draw_arrow(ax, tail, tip, now or sign, 0.75 * (max(3, width) if now else width), dashed=weight < 0)


def _unit(ax, node, x, y, step) -> None:
    if node.get("many"):  # of many that are alike, those behind
        for by in (8, 4):
            _unit(ax, node | {"many": False, "label": ""}, x + by, y - by, step)
    now, own = _stage(node, step), figures.COLORS[node["color"]] if "color" in node else None
    look = {"facecolor": "#f6f6f7" if node["given"] else "white", "edgecolor": own or now or "black",
            "linewidth": 2.4 if now or own else 0.9 if node["given"] else 1.3, "zorder": 2}  # fmt: skip
    if node["square"]:
        side, style = 2 * _RADIUS - 4, "round,pad=0,rounding_size=4"
        ax.add_patch(FancyBboxPatch((x - side / 2, y - side / 2), side, side, boxstyle=style, **look))
    else:
        ax.add_patch(Circle((x, y), _RADIUS, **look))
    style, weight = ("italic", "normal") if node["given"] else ("normal", "bold")
    ax.text(x, y, node["label"], ha="center", va="center", fontsize=10, style=style, weight=weight, zorder=3)


def _stack(ax, lines, x, top) -> None:
    for k, (text, style, framed) in enumerate(lines):
        color, weight = _STYLES[style]
        frame = {"edgecolor": "0.6" if framed else "none", "linewidth": 0.5}
        ax.text(
            x, top + _LINE * (k + 0.5), figures.raised(text.replace(" × ", "×")), color=color, weight=weight,
            ha="center", va="center", fontsize=8, zorder=4,
            bbox={"facecolor": "white", "alpha": 0.88, "pad": 0.9 if framed else 0.6} | frame,
        )  # fmt: skip
