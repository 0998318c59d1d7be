"""The picture of an explorer as a matplotlib Figure: for GitHub, for print, for where no kernel runs."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from helpers.explorers.core.paper import KINDS
from helpers.pictures import figures

if TYPE_CHECKING:
    from helpers.explorers.core.explorer import Explorer

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
    if spec["main"] and not own:
        return _main_and_rest(explorer, panels)
    with figures.style():
        drawing = Figure(figsize=(width, sum(heights)), layout="constrained")
        grid = drawing.add_gridspec(len(rows), columns, height_ratios=heights)
        for k, row in enumerate(rows):
            for column, panel in enumerate(row):
                ax = drawing.add_subplot(grid[k, :] if "height" in panel else grid[k, column])
                title = KINDS[panel["kind"]](ax, panel, explorer) or panel["title"]
                title = fill(title, 42) if columns > 2 else title  # not over its neighbour
                ax.set_title(title, fontsize=9 if columns > 2 else 10, loc="left")
    return drawing


def _main_and_rest(explorer: Explorer, panels: list[dict]) -> Figure:
    """The first panel on the left, all others beside it, one below the other."""
    main, ratio = explorer.spec["main"], explorer.spec["ratio"]
    others = len(panels) - 1
    with figures.style():
        drawing = Figure(figsize=(9.0, max(9.0 * main * ratio, 1.75 * others)), layout="constrained")
        grid = drawing.add_gridspec(others, 2, width_ratios=(main, 1 - main))
        for k, panel in enumerate(panels):
            ax = drawing.add_subplot(grid[k - 1, 1] if k else grid[:, 0])
            title = KINDS[panel["kind"]](ax, panel, explorer) or panel["title"]
            ax.set_title(fill(title, 58 if k == 0 else 42), fontsize=9 if k else 10, loc="left")
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
