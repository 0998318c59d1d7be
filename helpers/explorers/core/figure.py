"""The picture of an explorer as a matplotlib Figure: for GitHub, for print, for where no kernel runs."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
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
    heights, places = _beside_main(panels, spec) if spec["main"] else _in_rows(panels, columns, width, spec["ratio"])
    shares = {"width_ratios": (spec["main"], 1 - spec["main"])} if spec["main"] else {}
    with figures.style():
        drawing = Figure(figsize=(width, sum(heights)), layout="constrained")
        grid = drawing.add_gridspec(len(heights), columns, height_ratios=heights, **shares)
        for panel, (row, column) in zip(panels, places, strict=True):
            ax = drawing.add_subplot(grid[row, column])
            title = KINDS[panel["kind"]](ax, panel, explorer) or panel["title"]
            narrow = columns > 2 or (spec["main"] and column == 1)
            ax.set_title(
                fill(title, 42) if narrow else title, fontsize=9 if narrow else 10, loc="left"
            )  # not over its neighbour
        if words := score_words(explorer):
            drawing.suptitle(words[0], x=0.01, ha="left", fontsize=15, weight="bold", color=words[1])
    return drawing


def _arranged(explorer: Explorer, panels: list[dict]) -> Figure:
    """The panels where the description says that they stand."""
    places = explorer.spec["arrangement"]["places"]
    # Only the lines at which panels begin and end: constrained layout gives every row and column its margins.
    across = sorted({edge for column, _, wide, _ in places for edge in (column, column + wide)})
    down = sorted({edge for _, row, _, high in places for edge in (row, row + high)})
    with figures.style():
        drawing = Figure(figsize=(9.0, 9.0 * explorer.spec["arrangement"]["ratio"]), layout="constrained")
        ratios = {"width_ratios": np.diff(across), "height_ratios": np.diff(down)}
        grid = drawing.add_gridspec(len(down) - 1, len(across) - 1, **ratios)
        for panel, (column, row, wide, high) in zip(panels, places, strict=True):
            rows, columns = (slice(lines.index(start), lines.index(start + size))
                             for lines, start, size in ((down, row, high), (across, column, wide)))  # fmt: skip
            ax = drawing.add_subplot(grid[rows, columns])
            KINDS[panel["kind"]](ax, panel, explorer)
            ax.set_title(fill(panel["title"], 130 * wide // across[-1]), fontsize=9, loc="left")
            arrows = panel.get("arrows", [])
            for k, start in enumerate(arrows, start=1):
                ends = {"coordsA": drawing.axes[start].transAxes, "coordsB": ax.transAxes}
                arrow = ConnectionPatch(
                    (1, 0.5), (0, 1 - k / (len(arrows) + 1)), **ends, arrowstyle="-|>", color="0.4", mutation_scale=10
                )
                arrow.set_in_layout(False)
                drawing.add_artist(arrow)
    return drawing


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


def _beside_main(panels: list[dict], spec: dict) -> tuple[list[float], list[tuple]]:
    """The same with the first panel on the left and the others beside it; those with a height of their own come below."""
    below = [panel["height"] / _PIXELS for panel in panels if "height" in panel]
    others = len(panels) - len(below) - 1
    block = max(9.0 * spec["main"] * spec["ratio"], 1.75 * others)
    cells: list[tuple] = [(slice(0, others), 0), *((k, 1) for k in range(others))]
    return [block / others] * others + below, cells + [(others + k, slice(None)) for k in range(len(below))]


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
