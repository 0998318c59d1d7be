"""The panels of a network before training in matplotlib: what `front/layers.js` draws."""

from __future__ import annotations

import numpy as np

from helpers.explorers import signals
from helpers.pictures import figures
from helpers.pictures.readable import readable

_FULL = 0.3  # a bar of this share of the values is as high as the histogram; a longer one is cut


def draw_layers(ax, panel, explorer) -> None:
    """Two rows of histograms: the activations and the gradients of each layer."""
    ax.axis("off")
    found = explorer.signals
    ends = signals.ACTIVATIONS[explorer.activation][1]
    _row(ax, 0.57, "activations, from layer to layer →", found.activations, ends, figures.COLORS[0])
    _row(ax, 0.0, "← gradients, on the way back", found.gradients, signals.GRADIENTS, figures.COLORS[1])


def _row(ax, bottom, title, layers, ends, color) -> None:
    ax.text(0, bottom + 0.36, title, fontsize=10, transform=ax.transAxes)
    width = 1 / len(layers)
    for k, values in enumerate(layers):
        place = ax.inset_axes((k * width, bottom, 0.9 * width, 0.32))
        shares = signals.histogram(values, *ends)
        place.bar(np.arange(signals.BINS), np.minimum(shares, _FULL), width=1, color=color)
        place.set(xticks=[], yticks=[], ylim=(0, _FULL))
        place.set_xlabel(f"layer {k + 1}\n{_short(signals.size(values))}", fontsize=7.5)


def _short(size: float) -> str:
    digits = 2 if 0.01 <= size < 1000 else 1
    return readable(float(f"{size:.{digits}g}")).replace(".00 × ", "×")


def draw_growth(ax, panel, explorer) -> None:
    """The root mean square of each layer: at this scale, and by the rules of Glorot and He."""
    scales = (explorer.values["scale"], signals.GLOROT, signals.HE)
    for style, (scale, curve) in enumerate(zip(scales, panel["curves"], strict=True)):
        layers = getattr(explorer.at_scale(scale), panel["of"])
        with np.errstate(divide="ignore"):
            sizes = np.log10([signals.size(values) for values in layers])
        ax.plot(
            np.arange(1, len(sizes) + 1), sizes, color=figures.COLORS[style], linestyle=figures.DASHES[style],
            linewidth=0.75 * curve["width"], marker=None if style else "o", markersize=4,
            label=curve["label"],
        )  # fmt: skip
    ax.set(xlabel="layer", ylabel=panel["y"]["label"], ylim=(panel["y"]["low"], panel["y"]["high"]))
    ax.yaxis.set_major_formatter(lambda place, position: f"$10^{{{place:.0f}}}$")
    ax.grid(True)
    ax.legend(loc="upper left")


def draw_scale(ax, panel, explorer) -> None:
    """The axis of a parameter with named places on it."""
    ax.set(xlim=(panel["low"], panel["high"]), ylim=(0, 1), yticks=[], xlabel=panel["parameter"])
    ax.xaxis.labelpad = 0
    ax.spines["left"].set_visible(False)
    for (name, place), align in zip(panel["marks"], ("right", "left"), strict=True):
        ax.axvline(place, ymax=0.35, color="black")
        ax.text(place, 0.45, name, ha=align, va="bottom", weight="bold")
    ax.plot(
        explorer.values[panel["parameter"]],
        0,
        "o",
        color=figures.COLORS[0],
        markersize=8,
        clip_on=False,
        zorder=5,
    )
