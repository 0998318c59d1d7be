"""The panels of `explorers.fit` in matplotlib: what `fit_panels.js` draws."""

from __future__ import annotations

import numpy as np

from helpers.functions import sigmoid
from helpers.networks import curve_fit
from helpers.pictures import figures
from helpers.pictures.readable import readable

_POSITIVE, _NEGATIVE = 0, 1  # the line styles of a weight, by its sign


def _style(number: int, width: float) -> dict:
    return {"color": figures.COLORS[number], "linestyle": figures.DASHES[number], "linewidth": 0.75 * width}


def _signed(weight: float) -> int:
    return _NEGATIVE if weight < 0 else _POSITIVE


def _frame(ax, panel, x=None) -> None:
    x, y = x or panel["x"], panel["y"]
    ax.set(xlim=(x["low"], x["high"]), ylim=(y["low"], y["high"]), xlabel=x["label"], ylabel=y["label"])
    ax.grid(True)


def draw_fit(ax, panel, explorer) -> None:
    """Points, true curve, the network's curve, and that of the run kept for comparison."""
    run = explorer.run
    x = np.linspace(panel["x"]["low"], panel["x"]["high"], 401)
    ax.plot(run.x, run.y, "o", color="0.55", markersize=2.5)
    ax.plot(x, curve_fit.true_curve(x), label="true curve", **_style(2, 1.5))
    ax.plot(x, curve_fit.output(run.theta, x), label=f"network after {explorer.epoch} epochs", **_style(0, 2.5))
    if explorer.kept:
        ax.plot(x, curve_fit.output(explorer.kept[1].theta, x), label=explorer.kept_label, **_style(3, 1.8))
    _frame(ax, panel)
    ax.legend(loc="upper center")


def draw_units(ax, panel, explorer) -> None:
    """The activation of each hidden unit, as thick as its output weight is large."""
    W1, b1, W2, _ = curve_fit.split(explorer.run.theta)
    x = np.linspace(panel["x"]["low"], panel["x"]["high"], 401)
    for w, b, v in zip(W1, b1, W2, strict=True):
        ax.plot(x, sigmoid(w * x + b), **_style(_signed(v), 1 + min(4, abs(v))))
    for number, label in ((_POSITIVE, "output weight positive"), (_NEGATIVE, "negative")):
        ax.plot([], [], label=label, **_style(number, 2))
    _frame(ax, panel)
    ax.legend(loc="upper center", ncols=2)


def draw_costs(ax, panel, explorer) -> None:
    """The cost after each epoch beside the best constant and the noise floor, on a logarithmic axis."""
    run, kept = explorer.run, explorer.kept
    numbers = curve_fit.numbers(run)
    end = nice_end(max(100, len(explorer.history) - 1, len(kept[1].costs) - 1 if kept else 0))
    with np.errstate(divide="ignore"):
        levels = {name: np.log10(numbers[name]) for name in ("constant", "floor", "cost")}
        ax.axhline(levels["constant"], label="constant", **_style(1, 1.6))
        if np.isfinite(levels["floor"]):
            ax.axhline(levels["floor"], label="noise floor", **_style(2, 1.6))
        ax.plot(np.log10(explorer.history), label="cost", **_style(0, 2.5))
        if kept:
            ax.plot(np.log10(kept[1].costs), label="kept", **_style(3, 1.8))
    ax.plot(explorer.epoch, levels["cost"], "o", color=figures.COLORS[0], markersize=4)
    _frame(ax, panel, panel["x"] | {"low": 0, "high": end})
    ax.set_yticks([place for place in range(-9, 10) if panel["y"]["low"] <= place <= panel["y"]["high"]])
    ax.yaxis.set_major_formatter(lambda place, position: f"$10^{{{place:.0f}}}$")
    ax.legend(loc="upper right", ncols=2)


def nice_end(epochs: int) -> int:
    """The end of an axis of epochs: 1, 2 or 5 times a power of ten."""
    power = 10 ** int(np.floor(np.log10(epochs)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= epochs)


def draw_weights(ax, panel, explorer) -> None:
    """The network: every weight as a line, as thick as it is large, dashed where it is negative."""
    W1, b1, W2, _ = curve_fit.split(explorer.run.theta)
    rows = (len(W1) - 1) / 2 - np.arange(len(W1))
    scale = max(4.0, len(W1) / 2)
    for row, w, b, v in zip(rows / scale, W1, b1, W2, strict=True):
        for weight, ends in ((w, ((0, 1), (0, row))), (v, ((1, 2), (row, 0)))):
            ax.plot(*ends, zorder=1, **_style(_signed(weight), min(7.0, max(0.5, abs(weight)))))
        ax.plot(1, row, "o", color="white", markeredgecolor="black", markersize=9 if len(W1) < 16 else 4, zorder=2)
        if len(W1) < 16 and w:
            step = -b / w
            words = readable(step, 2) if abs(step) < 10 else "far left" if step < 0 else "far right"
            ax.annotate(words, (1, row), xytext=(7, 0), textcoords="offset points", va="center", fontsize=7,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8}, zorder=3)  # fmt: skip
    for place, name in ((0, "x"), (2, "f")):
        ax.plot(place, 0, "o", color="white", markeredgecolor="black", markersize=18, zorder=2)
        ax.annotate(name, (place, 0), ha="center", va="center", zorder=3)
    ax.set(xlim=(-0.25, 2.25), ylim=(-1.3, 1.3))
    if len(W1) < 16:
        ax.set_xlabel(panel["note"], fontsize=8)
    ax.set_xticks([])
    ax.set_yticks([])
