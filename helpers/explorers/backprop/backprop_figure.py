"""The panel of a network in matplotlib: what `network_drawing.js` draws, at the same places."""

from __future__ import annotations

import math

from matplotlib.patches import Circle, FancyBboxPatch

from helpers.explorers.backprop.worked_step import write
from helpers.explorers.core.paper import draw_arrow
from helpers.formulas import browser as formula
from helpers.pictures import figures

_WIDTH = 880.0  # CSS pixels
_LEFT, _RIGHT, _RADIUS, _LINE = 44, 52, 21, 15
_STYLES = {"value": (figures.COLORS[0], "normal"), "gradient": (figures.COLORS[1], "bold")}


def draw(ax, panel, explorer) -> None:
    """Draw the panel at the present values of the explorer, the present step included."""
    variables = explorer.variables()
    step, decimals = round(variables[panel["step"]]), round(variables[panel["decimals"]])
    # The title of the axes takes the place of the first line.
    ax.set(xlim=(0, _WIDTH), ylim=(panel["height"], 22))
    ax.set_aspect("equal", adjustable="box", anchor="N")
    ax.axis("off")
    ax.text(8, 32, panel["note"], fontsize=8)
    last = max(node["column"] for node in panel["nodes"])
    gap = (_WIDTH - _LEFT - _RIGHT) / (last - 0.58)  # the last one, to the loss, is 0.42 of the others
    across = [_LEFT + gap * min(column, last - 0.58) for column in range(last + 1)]
    places = [(across[node["column"]], panel["middle"] + node["height"]) for node in panel["nodes"]]

    def shown(part, above=False, short=False):
        lines = [line for line in part["lines"] if step >= line["from"] and line["above"] == above]
        parts = [line["short"] if short and line["style"] == "gradient" else line["parts"] for line in lines]
        return [(write(each, variables, decimals), line["style"]) for each, line in zip(parts, lines, strict=True)]

    for edge in panel["edges"]:
        start, end = places[edge["from"]], places[edge["to"]]
        _edge(ax, start, end, edge, step)
        x, y = (a + edge["share"] * (b - a) for a, b in zip(start, end, strict=True))
        lines = shown(edge, short=True)  # an edge says whose gradient it is
        _stack(ax, lines, x, y - _LINE * len(lines) / 2)
    for node, (x, y) in zip(panel["nodes"], places, strict=True):
        _unit(ax, node, x, y, step)
        above = shown(node, above=True)
        _stack(ax, above, x, y - _RADIUS - 4 - _LINE * len(above))
        _stack(ax, shown(node), x, y + _RADIUS + 4)


def _stage(part, step) -> tuple[bool, str]:
    """Whether the step is about this part, and the colour of its pass."""
    if step in part["backward"]:
        return True, figures.COLORS[1]
    if step in part["forward"]:
        return True, figures.COLORS[0]
    return False, "0.45" if step >= min(part["forward"], default=0) else "0.8"


def _edge(ax, start, end, edge, step) -> None:
    now, color = _stage(edge, step)
    length = math.dist(start, end)

    def along(distance):
        return [a + (b - a) * distance / length for a, b in zip(start, end, strict=True)]

    tail, tip = along(_RADIUS + 2), along(length - _RADIUS - 2)
    if step in edge["backward"]:
        tail, tip = tip, tail
    draw_arrow(ax, tail, tip, color, 2 if now else 0.9)


def _unit(ax, node, x, y, step) -> None:
    now, color = _stage(node, step)
    look = {"facecolor": "#f6f6f7" if node["given"] else "white", "edgecolor": color if now else "black",
            "linewidth": 2.4 if now else 0.9 if node["given"] else 1.3, "zorder": 2}  # fmt: skip
    if node["square"]:
        side, style = 2 * _RADIUS - 4, "round,pad=0,rounding_size=4"
        ax.add_patch(FancyBboxPatch((x - side / 2, y - side / 2), side, side, boxstyle=style, **look))
    else:
        ax.add_patch(Circle((x, y), _RADIUS, **look))
    style, weight = ("italic", "normal") if node["given"] else ("normal", "bold")
    ax.text(x, y, node["label"], ha="center", va="center", fontsize=10, style=style, weight=weight, zorder=3)


def _stack(ax, lines, x, top) -> None:
    for k, (text, style) in enumerate(lines):
        color, weight = _STYLES[style]
        ax.text(
            x, top + _LINE * (k + 0.5), figures.raised(text.replace(" × ", "×")), color=color, weight=weight,
            ha="center", va="center", fontsize=8, zorder=4,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.88, "pad": 0.6},
        )  # fmt: skip


def draw_table(ax, panel, explorer) -> None:
    """Draw the panel at the present values of the explorer: the table, and the note below it."""
    variables = explorer.variables()
    step, decimals = round(variables[panel["step"]]), round(variables[panel["decimals"]])
    shown = [k for k, column in enumerate(panel["columns"]) if formula.evaluate(column.get("when", 1), variables)]
    rows = len(panel["rows"])
    ax.set(xlim=(0, 1), ylim=(rows + 1.6, -0.9))
    ax.axis("off")
    right = [0.02 if k == 0 else 0.02 + 0.16 * k for k in range(len(shown))]  # the first column is set to the left
    for place, k in zip(right, shown, strict=True):
        title = panel["columns"][k]["title"]
        ax.text(place, -0.1, title, ha="right" if k else "left", va="center", fontsize=8, weight="bold")
    ax.plot([0.02, right[-1]], [0.45, 0.45], color="black", linewidth=0.9)
    for i, row in enumerate(panel["rows"]):
        for place, k in zip(right, shown, strict=True):
            cell = row["cells"][k]
            if step >= cell["from"]:
                text = figures.raised(write(cell["parts"], variables, decimals))
                ax.text(place, i + 1, text, ha="right" if k else "left", va="center", fontsize=8)
    ax.text(0.02, rows + 1.15, explorer.say(panel["notes"], variables), va="center", fontsize=8)
