"""The picture of an explorer as a matplotlib Figure: for GitHub, for print, for where no kernel runs."""

from __future__ import annotations

from textwrap import fill

from matplotlib.figure import Figure

from helpers.explorers import (
    curves_figure,
    digit_figure,
    fit_figure,
    graph_figure,
    heights_figure,
    layers_figure,
    network_figure,
    table_figure,
    training_figure,
)
from helpers.pictures import figures

#: `kind` of a panel -> what draws it, draw(ax, panel, explorer), or None where paper has no place for it.
#: The same kinds as in `front/kinds.js`.
KINDS = {
    "curves": curves_figure.draw,
    "graph": graph_figure.draw,
    "heat": heights_figure.draw_heat_panel,
    "network": network_figure.draw,
    "surface": heights_figure.draw_surface_panel,
    "fit": fit_figure.draw_fit,
    "units": fit_figure.draw_units,
    "costs": fit_figure.draw_costs,
    "weights": fit_figure.draw_weights,
    "table": table_figure.draw,
    "working": None,
    "confusion": training_figure.draw_confusion,
    "images": training_figure.draw_images,
    "digit": digit_figure.draw,
    "growth": layers_figure.draw_growth,
    "layers": layers_figure.draw_layers,
    "scale": layers_figure.draw_scale,
}
_PIXELS = 98  # CSS pixels of a panel's `height` in an inch


def figure(explorer) -> Figure:
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
