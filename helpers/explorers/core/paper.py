"""The kinds of panel that explorers share, as matplotlib draws them, and what all panels on paper have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from helpers.formulas import browser as formula
from helpers.pictures import figures
from helpers.pictures.readable import in_words, readable
from helpers.pictures.surface_plot import adaptive_lines, draw_surface

if TYPE_CHECKING:
    from helpers.explorers.core.explorer import Explorer


def line_style(number: int, width: float, dash: int | None = None) -> dict:
    """Colour and dashes of a number, the same unless `dash` says otherwise; width in CSS pixels, 0: no line."""
    dashes = figures.DASHES[(number if dash is None else dash) % len(figures.DASHES)]
    return {
        "color": figures.COLORS[number % len(figures.COLORS)],
        "linestyle": dashes if width else "none",  # older releases of matplotlib cannot dash a line of width 0
        "linewidth": 0.75 * width,
    }


def limits(axis: dict) -> tuple[float, float]:
    """The two ends of an axis."""
    return axis["low"], axis["high"]


def frame(ax: Axes, x: dict, y: dict) -> None:
    """Limits, names, ticks and a grid for these two axes."""
    ax.set(xlim=limits(x), ylim=limits(y), xlabel=x["label"], ylabel=y["label"])
    for along, axis in ((ax.xaxis, x), (ax.yaxis, y)):
        if axis.get("powers") or axis.get("whole"):
            along.get_major_locator().set_params(integer=True, steps=[1, 2, 5, 10])
        if axis.get("powers"):
            along.set_major_formatter(lambda place, position: f"$10^{{{place:.0f}}}$")
    ax.grid(True)


def draw_arrow(
    ax: Axes,
    tail: tuple[float, float],
    tip: tuple[float, float],
    color: str,
    width: float = 0.9,
    *,
    dashed: bool = False,
) -> None:
    """Draw an arrow behind everything else."""
    arrow = {"arrowstyle": "-|>", "color": color, "shrinkA": 0, "shrinkB": 0, "linewidth": width}
    arrow |= {"linestyle": (0, (4, 2.5))} if dashed else {}
    ax.annotate("", xy=tip, xytext=tail, arrowprops=arrow, zorder=1)


def draw_curves(ax: Axes, panel: dict, explorer: Explorer) -> None:
    """Draw a panel of curves at the present values of the explorer."""
    variables = explorer.variables()
    for mark in panel["marks"]:
        start, end = (float(formula.evaluate(mark[key], variables)) for key in ("from", "to"))
        if not np.isfinite([start, end]).all():  # a step without a weight stands nowhere
            continue
        if start == end:
            ax.axvline(start, color="0.45", linestyle="--", linewidth=1)
        elif np.isfinite([start, end]).all():
            draw_region(ax, panel, sorted((start, end)), mark.get("label", ""), mark.get("color", 0))
    for curve in panel["curves"]:
        x, y = _points(curve, panel["x"], explorer, variables)
        place = curve.get("place")
        ax.plot(
            x, y, **line_style(curve["color"], curve["width"], curve["dash"]),
            marker="o" if curve.get("dots", "samples" in curve and len(x) <= 1200) else None,
            markersize=5 if len(x) == 1 else 3,
            label="_" + curve["label"] if place else curve["label"],  # matplotlib keeps it out of the legend
            clip_on=not (len(x) == 1 and _within(panel, x, y)[0]),
        )  # fmt: skip
        if place:
            draw_label(ax, panel, x, y, curve, explorer.say([curve["says"]], variables))
    if "between" in panel:
        first, second = (ax.lines[len(ax.lines) - len(panel["curves"]) + k] for k in panel["between"])
        ax.fill_between(*first.get_data(), second.get_ydata(), color=figures.COLORS[1], alpha=0.25, linewidth=0)
    for bar in panel["bars"]:
        ax.hlines(variables[bar["parameter"]], bar["left"], bar["right"], color="black", linewidth=2)
    frame(ax, panel["x"], panel["y"])
    if panel.get("joined"):
        ax.set_xlabel("")
        ax.tick_params(labelbottom=False)
    if any(curve["label"] and "place" not in curve for curve in panel["curves"]):
        ax.legend(loc=panel.get("legend", "upper right"))


def draw_region(ax: Axes, panel: dict, ends: list[float], label: str, style: int) -> None:
    """Draw a band in the quiet colour of a style, with its name, or what stands before the colon of it, on the x axis."""
    low, high = np.clip(ends, *limits(panel["x"]))
    color = figures.COLORS[style % len(figures.COLORS)]
    ax.axvspan(low, high, color=color, alpha=0.12, linewidth=0)
    if label:
        width = (
            (high - low) / (panel["x"]["high"] - panel["x"]["low"]) * ax.get_position().width * ax.figure.get_figwidth()
        )
        words = label if width > 0.075 * len(label) else label.split(":")[0]
        across = ax.get_xaxis_transform()
        ax.fill_between([low, high], 0, 0.055, color="white", transform=across, linewidth=0, zorder=4)
        ax.fill_between([low, high], 0, 0.055, color=color, alpha=0.3, transform=across, linewidth=0, zorder=5)
        ax.text((low + high) / 2, 0.026, words, ha="center", va="center", fontsize=8, transform=across, zorder=6)


def _within(panel: dict, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which of these points the panel shows."""
    (left, right), (low, high) = limits(panel["x"]), limits(panel["y"])
    return (left <= x) & (x <= right) & (low <= y) & (y <= high)


def draw_label(ax: Axes, panel: dict, x: np.ndarray, y: np.ndarray, curve: dict, words: str) -> None:
    """Write the words of a curve, a dict with `place` and `color`, beside it, as `labelCurves` of curves.js does."""
    seen = np.flatnonzero(_within(panel, x, y))
    if not len(seen):
        return
    share, side = curve["place"]
    at = seen[round(share * (len(seen) - 1))]
    along = (x[at] - panel["x"]["low"]) / (panel["x"]["high"] - panel["x"]["low"])
    ax.annotate(
        words, (x[at], y[at]), (0, 8 * side), textcoords="offset points", va="center", fontsize=8.5, zorder=7,
        ha="left" if along < 0.12 else "right" if along > 0.88 else "center",
        color=figures.COLORS[curve["color"] % len(figures.COLORS)], fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.75},
    )  # fmt: skip


def _points(curve: dict, axis: dict, explorer: Explorer, variables: dict) -> tuple[np.ndarray, np.ndarray]:
    if curve.get("points"):
        return tuple(np.atleast_1d(variables[name]) for name in curve["points"])
    count = 2001
    if curve.get("samples") is not None:
        count = max(2, round(float(formula.evaluate(curve["samples"], variables))))
    x = np.linspace(*curve.get("range", limits(axis)), count)
    return x, np.broadcast_to(explorer.evaluate(curve["function"], **{axis["name"]: x}), x.shape)


def draw_heat(ax: Axes, panel: dict, explorer: Explorer) -> None:
    """Draw a heat panel at the present values of the explorer."""
    across, up = panel["x1"], panel["x2"]
    places = (np.arange(240) + 0.5) / 240
    x1, x2 = (each["low"] + (each["high"] - each["low"]) * places for each in (across, up))
    z = explorer.evaluate(panel["function"], **{across["name"]: x1[:, None], up["name"]: x2[None, :]})
    low, high = limits(panel["z"])
    image = ax.imshow(
        np.broadcast_to(z, (240, 240)).T, origin="lower", cmap=_color_map(panel.get("colors", explorer.spec["colors"])), vmin=low, vmax=high,
        extent=(*limits(across), *limits(up)),
    )  # fmt: skip
    variables = explorer.variables()
    if "cross" in panel:
        for width, color, dashes in ((2, "white", "-"), (1.2, "black", (0, (4, 3)))):
            for line, at, ends in (
                (ax.vlines, panel["cross"][0], limits(up)),
                (ax.hlines, panel["cross"][1], limits(across)),
            ):
                line(at, *ends, colors=color, linewidths=width, linestyles=dashes)
    for outline in panel["outlines"]:
        points = [[float(formula.evaluate(tree, variables)) for tree in point] for point in outline]
        closed = np.array([*points, points[0]])
        ax.plot(*closed.T, color="white", linewidth=2)
        ax.plot(*closed.T, color="black", linewidth=1.2, linestyle=(0, (4, 3)))
    ax.set(xlim=limits(across), ylim=limits(up), xlabel=across["label"], ylabel=up["label"])
    ax.figure.colorbar(image, ax=ax, shrink=0.85)


def draw_surface_panel(ax: Axes, panel: dict, explorer: Explorer) -> None:
    """Draw a surface panel at the present values of the explorer."""
    x1, x2, (low, high) = (limits(panel[key]) for key in ("x1", "x2", "z"))

    def function(a, b):
        return explorer.evaluate(panel["function"], **{panel["x1"]["name"]: a, panel["x2"]["name"]: b})

    small = len(explorer.spec["panels"]) > 2
    lines = adaptive_lines(function, x1, x2, high - low, 54 if small else 84)
    z = np.broadcast_to(function(lines[0][:, None], lines[1][None, :]), [len(line) for line in lines])
    cross = crosshair(panel, explorer) if "cross" in panel else None
    draw_surface(ax, panel, lines, z, explorer.view.camera, _color_map(explorer.spec["colors"]), small, cross)


def crosshair(panel: dict, explorer: Explorer) -> tuple[np.ndarray, str, list[np.ndarray]]:
    """The crosshair of a surface or a map where it is at first, as crosshair.js has it: its place (x1, x2, z), the same in
    words, and its two lines, arrays (201, 3)."""
    axes = panel["x1"], panel["x2"]
    a, b = panel["cross"]

    def places(x1, x2):
        z = explorer.evaluate(panel["function"], **{axes[0]["name"]: x1, axes[1]["name"]: x2})
        return np.stack(np.broadcast_arrays(x1, x2, z), axis=-1).astype(float)

    point = places(np.float64(a), np.float64(b))
    words = f"{panel['z']['label']} is {in_words(point[2], 3)} at ({in_words(a, 2)}, {in_words(b, 2)})"
    first, second = (np.linspace(*limits(axis), 201) for axis in axes)
    return point, words, [places(first, b), places(a, second)]


def _color_map(colors: Sequence[str]) -> LinearSegmentedColormap:
    """The colours between these, from low to high."""
    return LinearSegmentedColormap.from_list("heights", colors)


def score_words(explorer: Explorer) -> tuple[str, str] | None:
    """The number and the mark of a score panel at the present values, and its colour; of a picture without one, None."""
    panel = next((panel for panel in explorer.spec["panels"] if panel["kind"] == "score"), None)
    if panel is None:
        return None
    variables = explorer.variables() | {name: explorer.average(name) for name in explorer.spec["averages"]}
    value = float(formula.evaluate(panel["value"], variables))
    level = next(each for each in panel["levels"] if each["most"] is None or value <= each["most"])
    words = f"{readable(value, panel['decimals'])}{panel['unit']}   {level['mark']} {level['word']}"
    return words.rstrip(), figures.COLORS[level["color"]] if level["mark"] else "black"


#: `kind` of a panel -> what draws it, draw(ax, panel, explorer), and may give another title; or None where paper has no place
#: for it. The same kinds as in `kinds.js`; each explorer adds its own.
KINDS: dict[str, Callable[[Axes, dict, Explorer], str | None] | None] = {
    "curves": draw_curves,
    "heat": draw_heat,
    "score": None,  # stands above the whole picture
    "surface": draw_surface_panel,
}
