"""The panels of a function of two inputs in matplotlib: what `front/heat.js` and `front/surface_panel.js` draw."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from helpers.formulas import browser as formula
from helpers.pictures.surface_plot import adaptive_lines, draw_surface


def draw_heat_panel(ax, panel, explorer) -> None:
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


def draw_surface_panel(ax, panel, explorer) -> None:
    """Draw a surface panel at the present values of the explorer."""
    limits = [(panel[key]["low"], panel[key]["high"]) for key in ("x1", "x2", "z")]
    names = panel["x1"]["name"], panel["x2"]["name"]

    def function(a, b):
        return explorer.evaluate(panel["function"], **dict(zip(names, (a, b), strict=True)))

    small = len(explorer.spec["panels"]) > 2
    lines = adaptive_lines(function, *limits[:2], limits[2][1] - limits[2][0], 54 if small else 84)
    z = np.broadcast_to(function(lines[0][:, None], lines[1][None, :]), [len(line) for line in lines])
    draw_surface(ax, panel, lines, z, explorer.view.camera, color_map(explorer), small)


def color_map(explorer) -> LinearSegmentedColormap:
    """The colours of heights."""
    return LinearSegmentedColormap.from_list("heights", explorer.spec["colors"])
