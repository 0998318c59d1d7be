"""The picture of an explorer as a matplotlib Figure: for GitHub, for print, for where no kernel runs."""

from __future__ import annotations

from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.explorers import digit
from helpers.explorers.backprop import backprop_figure
from helpers.explorers.core.explorer import Explorer
from helpers.explorers.epoch_by_epoch import draw_confusion, draw_images
from helpers.explorers.fit import fit_figure
from helpers.explorers.graph import graph_figure
from helpers.explorers.initialisation import draw_growth, draw_layers, draw_scale
from helpers.formulas import browser as formula
from helpers.pictures import figures
from helpers.pictures.surface_plot import adaptive_lines, draw_surface

_PIXELS = 98  # CSS pixels of a panel's `height` in an inch


def figure(explorer: Explorer) -> Figure:
    """The present picture of `explorer`. All its panels, about 9 inches wide."""
    spec = explorer.spec
    panels = [panel for panel in spec["panels"] if KINDS[panel["kind"]]]
    columns = min(spec["columns"], len(panels))
    rows = _rows(panels, columns)
    own = any("height" in panel for panel in panels)
    width = 9.0 if columns > 1 or own else 6.5
    usual = min(width / columns * spec["ratio"] + 0.25, 4.2)
    heights = [row[0]["height"] / _PIXELS if "height" in row[0] else usual for row in rows]
    with figures.style():
        drawing = Figure(figsize=(width, sum(heights)), layout="constrained")
        grid = drawing.add_gridspec(len(rows), columns, height_ratios=heights)
        for k, row in enumerate(rows):
            for column, panel in enumerate(row):
                ax = drawing.add_subplot(grid[k, :] if "height" in panel else grid[k, column])
                KINDS[panel["kind"]](ax, panel, explorer)
                title = fill(panel["title"], 42) if columns > 2 else panel["title"]  # not over its neighbour
                ax.set_title(title, fontsize=9 if columns > 2 else 10, loc="left")
    return drawing


def _rows(panels, columns) -> list[list]:
    """The panels row by row; one with a height of its own has a row of its own."""
    rows: list[list] = []
    for panel in panels:
        last = rows[-1] if rows else None
        if last and len(last) < columns and not any("height" in each for each in (panel, last[0])):
            last.append(panel)
        else:
            rows.append([panel])
    return rows


# ---- curves, and functions of two inputs -------------------------------------------------------------------------


def draw_curves(ax: Axes, panel: dict, explorer: Explorer) -> None:
    """Draw a panel of curves at the present values of the explorer."""
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
            x = np.linspace(
                *curve.get("range", (low, high)),
                max(2, round(float(formula.evaluate(curve["samples"], variables)))),
            )
            y = explorer.evaluate(curve["function"], **{name: x})
        else:
            x = np.linspace(low, high, 2001)
            y = np.broadcast_to(explorer.evaluate(curve["function"], **{name: x}), x.shape)
        ax.plot(
            x, y, color=figures.COLORS[curve["color"] % len(figures.COLORS)],
            linestyle=figures.DASHES[curve["dash"] % len(figures.DASHES)], linewidth=0.75 * curve["width"],
            marker="o" if curve.get("dots", "samples" in curve and len(x) <= 1200) else None,
            markersize=5 if len(x) == 1 else 3,
            label=curve["label"],
        )  # fmt: skip
    for handle in panel["handles"]:
        ax.hlines(variables[handle["parameter"]], handle["left"], handle["right"], color="black", linewidth=2)
    ax.set(
        xlim=(low, high), ylim=(panel["y"]["low"], panel["y"]["high"]),
        xlabel=panel["x"]["label"], ylabel=panel["y"]["label"],
    )  # fmt: skip
    for direction in ("x", "y"):
        along = getattr(ax, f"{direction}axis")
        if panel[direction].get("powers") or panel[direction].get("whole"):
            along.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
        if panel[direction].get("powers"):
            along.set_major_formatter(lambda place, position: f"$10^{{{place:.0f}}}$")
    ax.grid(True)
    if panel["curves"]:
        ax.legend(loc=panel.get("legend", "upper right"))


def draw_heat(ax: Axes, panel: dict, explorer: Explorer) -> None:
    """Draw a heat panel at the present values of the explorer."""
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


def draw_surface_panel(ax: Axes, panel: dict, explorer: Explorer) -> None:
    """Draw a surface panel at the present values of the explorer."""
    limits = [(panel[key]["low"], panel[key]["high"]) for key in ("x1", "x2", "z")]
    names = panel["x1"]["name"], panel["x2"]["name"]

    def function(a, b):
        return explorer.evaluate(panel["function"], **dict(zip(names, (a, b), strict=True)))

    small = len(explorer.spec["panels"]) > 2
    lines = adaptive_lines(function, *limits[:2], limits[2][1] - limits[2][0], 54 if small else 84)
    z = np.broadcast_to(function(lines[0][:, None], lines[1][None, :]), [len(line) for line in lines])
    draw_surface(ax, panel, lines, z, explorer.view.camera, color_map(explorer), small)


def color_map(explorer: Explorer) -> LinearSegmentedColormap:
    """The colours of heights."""
    return LinearSegmentedColormap.from_list("heights", explorer.spec["colors"])


# ---- every kind of panel -----------------------------------------------------------------------------------------

#: `kind` of a panel -> what draws it, draw(ax, panel, explorer), or None where paper has no place for it.
#: The same kinds as in `kinds.js`.
KINDS = {
    "curves": draw_curves,
    "heat": draw_heat,
    "surface": draw_surface_panel,
    "graph": graph_figure.draw,
    "network": backprop_figure.draw,
    "table": backprop_figure.draw_table,
    "working": None,
    "fit": fit_figure.draw_fit,
    "units": fit_figure.draw_units,
    "costs": fit_figure.draw_costs,
    "weights": fit_figure.draw_weights,
    "confusion": draw_confusion,
    "images": draw_images,
    "digit": digit.draw,
    "growth": draw_growth,
    "layers": draw_layers,
    "scale": draw_scale,
}
