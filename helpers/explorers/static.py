"""The picture of an explorer as a matplotlib Figure: for GitHub, for print, for a notebook without a kernel.
"""

from __future__ import annotations

from textwrap import fill

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from helpers import figures
from helpers.explorers import formula, graph_figure
from helpers.surface_plot import adaptive_lines, draw_surface


def figure(explorer) -> Figure:
    """The present picture of `explorer`. All its panels, about 9 inches wide."""
    spec = explorer.spec
    panels = spec["panels"]
    columns = min(spec["columns"], len(panels))
    rows = -(-len(panels) // columns)
    width = 9.0 if columns > 1 else 6.5
    height = rows * (spec["height"] / 98 if spec["height"] else min(width / columns * spec["ratio"] + 0.25, 4.2))
    width = 9.0 if spec["height"] else width
    with figures.style():
        drawing = Figure(figsize=(width, height), layout="constrained")
        axes = drawing.subplots(rows, columns, squeeze=False).ravel()
        draw = {"curves": _curves, "surface": _surface, "heat": _heat, "graph": graph_figure.draw}
        for panel, ax in zip(panels, axes, strict=True):
            draw[panel["kind"]](ax, panel, explorer)
            title = fill(panel["title"], 42) if columns > 2 else panel["title"]  # not over its neighbour
            ax.set_title(title, fontsize=9 if columns > 2 else 10, loc="left")
    return drawing


def color_map(explorer) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("heights", explorer.spec["colors"])


def _curves(ax, panel, explorer):
    variables = explorer.variables()
    for mark in panel["marks"]:
        start, end = (formula.evaluate(mark[key], variables) for key in ("from", "to"))
        if np.isfinite([start, end]).all():
            if start == end:
                ax.axvline(start, color="0.45", linestyle="--", linewidth=1)
            else:
                ax.axvspan(min(start, end), max(start, end), color=figures.COLORS[0], alpha=0.12, linewidth=0)
    name, low, high = (panel["x"][key] for key in ("name", "low", "high"))
    for curve in panel["curves"]:
        if curve.get("points"):
            x, y = (np.atleast_1d(variables[name]) for name in curve["points"])
        elif curve.get("samples") is not None:
            x = np.linspace(*curve.get("range", (low, high)), max(2, round(float(formula.evaluate(curve["samples"], variables)))))
            y = explorer.evaluate(curve["function"], **{name: x})
        else:
            x = np.linspace(low, high, 2001)
            y = np.broadcast_to(explorer.evaluate(curve["function"], **{name: x}), x.shape)
        ax.plot(
            x, y, color=figures.COLORS[curve["color"] % len(figures.COLORS)],
            linestyle=figures.DASHES[curve["dash"] % len(figures.DASHES)], linewidth=0.75 * curve["width"],
            marker="o" if curve.get("dots", "samples" in curve and len(x) <= 1200) else None,
            markersize=5 if len(x) == 1 else 3,
            drawstyle="steps-post" if curve.get("steps") else "default", label=curve["label"],
        )  # fmt: skip
    for handle in panel["handles"]:
        ax.hlines(variables[handle["parameter"]], handle["left"], handle["right"], color="black", linewidth=2)
    ax.set(
        xlim=(low, high), ylim=(panel["y"]["low"], panel["y"]["high"]),
        xlabel=panel["x"]["label"], ylabel=panel["y"]["label"],
    )  # fmt: skip
    for direction in ("x", "y"):
        if panel[direction].get("powers"):
            getattr(ax, f"{direction}axis").set_major_formatter(lambda place, position: f"$10^{{{place:.0f}}}$")
    ax.grid(True)
    if panel["curves"]:
        ax.legend(loc=panel.get("legend", "upper right"))


def _heat(ax, panel, explorer):
    x1, x2 = (
        np.linspace(panel[key]["low"], panel[key]["high"], 241)[:-1] + (panel[key]["high"] - panel[key]["low"]) / 480
        for key in ("x1", "x2")
    )
    z = explorer.evaluate(panel["function"], **{panel["x1"]["name"]: x1[:, None], panel["x2"]["name"]: x2[None, :]})
    image = ax.imshow(
        np.broadcast_to(z, (240, 240)).T, origin="lower", cmap=color_map(explorer),
        vmin=panel["z"]["low"], vmax=panel["z"]["high"],
        extent=(panel["x1"]["low"], panel["x1"]["high"], panel["x2"]["low"], panel["x2"]["high"]),
    )  # fmt: skip
    variables = explorer.variables()
    for outline in panel["outlines"]:
        points = np.array([[float(formula.evaluate(tree, variables)) for tree in point] for point in outline])
        closed = np.vstack([points, points[:1]])
        ax.plot(*closed.T, color="white", linewidth=2)
        ax.plot(*closed.T, color="black", linewidth=1.2, linestyle=(0, (4, 3)))
    ax.set(
        xlim=(panel["x1"]["low"], panel["x1"]["high"]), ylim=(panel["x2"]["low"], panel["x2"]["high"]),
        xlabel=panel["x1"]["label"], ylabel=panel["x2"]["label"],
    )  # fmt: skip
    ax.figure.colorbar(image, ax=ax, shrink=0.85)


def _surface(ax, panel, explorer):
    limits = [(panel[key]["low"], panel[key]["high"]) for key in ("x1", "x2", "z")]
    names = panel["x1"]["name"], panel["x2"]["name"]

    def function(a, b):
        return explorer.evaluate(panel["function"], **dict(zip(names, (a, b), strict=True)))

    small = len(explorer.spec["panels"]) > 2
    lines = adaptive_lines(function, *limits[:2], limits[2][1] - limits[2][0], 54 if small else 84)
    z = np.broadcast_to(function(lines[0][:, None], lines[1][None, :]), [len(line) for line in lines])
    draw_surface(ax, panel, lines, z, explorer.view.camera, color_map(explorer), small)
