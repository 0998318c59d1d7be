"""The picture of an explorer as a matplotlib Figure: for GitHub, for print, for where no kernel runs."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from helpers.explorers.core.paper import KINDS, score_words
from helpers.pictures import figures

if TYPE_CHECKING:
    from helpers.explorers.core.explorer import Explorer

_PIXELS = 98  # CSS pixels of a panel's `height` in an inch


def figure(explorer: Explorer) -> Figure:
    """The present picture of `explorer`. All its panels, about 9 inches wide."""
    spec = explorer.spec
    panels = [panel for panel in spec["panels"] if KINDS[panel["kind"]] and not panel.get("folded")]
    if spec["arrangement"]:
        return _arranged(explorer, panels)
    columns = min(spec["columns"], len(panels))
    width = 9.0 if columns > 1 or any("height" in panel for panel in panels) else 6.5
    heights, places = _in_rows(panels, columns, width, spec["ratio"])
    with figures.style():
        drawing = Figure(figsize=(width, sum(heights)), layout="constrained")
        grid = drawing.add_gridspec(len(heights), columns, height_ratios=heights)
        for panel, (row, column) in zip(panels, places, strict=True):
            ax = drawing.add_subplot(grid[row, column])
            title = KINDS[panel["kind"]](ax, panel, explorer) or panel["title"]
            narrow = columns > 2 and "height" not in panel
            ax.set_title(
                fill(title, 42) if narrow else title, fontsize=9 if narrow else 10, loc="left"
            )  # not over its neighbour
        if words := score_words(explorer):
            drawing.suptitle(words[0], x=0.01, ha="left", fontsize=15, weight="bold", color=words[1])
    return drawing


def _arranged(explorer: Explorer, panels: list[dict]) -> Figure:
    """The panels where the description says that they stand; those with a height of their own below the others."""
    arrangement = explorer.spec["arrangement"]
    (columns, rows), unit = arrangement["grid"], 9.0 * arrangement["ratio"] / arrangement["grid"][1]
    given, places = iter(arrangement["places"]), []
    for panel in panels:
        places.append((0, rows, columns, panel["height"] / _PIXELS / unit) if "height" in panel else next(given))
        rows = max(rows, places[-1][1] + places[-1][3])
    # Only the lines at which panels begin and end: constrained layout gives every row and column its margins.
    across = sorted({edge for column, _, wide, _ in places for edge in (column, column + wide)})
    down = sorted({edge for _, row, _, high in places for edge in (row, row + high)})
    with figures.style():
        drawing = Figure(figsize=(9.0, unit * rows), layout="constrained")
        ratios = {"width_ratios": np.diff(across), "height_ratios": np.diff(down)}
        grid = drawing.add_gridspec(len(down) - 1, len(across) - 1, **ratios)
        for panel, (column, row, wide, high) in zip(panels, places, strict=True):
            rows, columns = (slice(lines.index(start), lines.index(start + size))
                             for lines, start, size in ((down, row, high), (across, column, wide)))  # fmt: skip
            ax = drawing.add_subplot(grid[rows, columns])
            title = KINDS[panel["kind"]](ax, panel, explorer) or panel["title"]
            ax.set_title(fill(title, 130 * wide // across[-1]), fontsize=9, loc="left")
            _arrows(drawing, ax, panel.get("arrows", []))
    return drawing


def _arrows(drawing: Figure, ax: Axes, starts: list[int]) -> None:
    """Arrows to these axes from those of the panels with these numbers."""
    for k, start in enumerate(starts, start=1):
        ends = {"coordsA": drawing.axes[start].transAxes, "coordsB": ax.transAxes}
        arrow = ConnectionPatch(
            (1, 0.5), (0, 1 - k / (len(starts) + 1)), **ends, arrowstyle="-|>", color="0.4", mutation_scale=10
        )
        arrow.set_in_layout(False)
        drawing.add_artist(arrow)


def _in_rows(panels: list[dict], columns: int, width: float, ratio: float) -> tuple[list[float], list[tuple]]:
    """The heights of the rows in inches, and where in the grid each panel goes."""
    rows = _rows(panels, columns)
    usual = min(width / columns * ratio + 0.25, 4.2)
    heights = [row[0]["height"] / _PIXELS if "height" in row[0] else usual for row in rows]
    cells = [
        (k, slice(None) if "height" in panel else column)
        for k, row in enumerate(rows)
        for column, panel in enumerate(row)
    ]
    return heights, cells


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
