"""The panel of curves in matplotlib: what `front/curves.js` draws."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.formulas import browser as formula
from helpers.pictures import figures


def draw(ax, panel, explorer) -> None:
    """Draw the panel at the present values of the explorer."""
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
            drawstyle="steps-post" if curve.get("steps") else "default", label=curve["label"],
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
