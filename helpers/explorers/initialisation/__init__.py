"""Initial weights: their scale lets activations and gradients vanish, explode or saturate."""

from __future__ import annotations

import numpy as np

from helpers.explorers.core.explorer import Choice, Explorer, Parameter
from helpers.explorers.core.panels import axis, sentence
from helpers.explorers.core.paper import KINDS, frame, line_style
from helpers.explorers.initialisation.signal_propagation import (
    ACTIVATIONS,
    BINS,
    GLOROT,
    GRADIENTS,
    HE,
    UNITS,
    Signals,
    histogram,
    signals,
    size,
)
from helpers.pictures import figures
from helpers.pictures.readable import readable

_FACTOR = 10  # a signal that has grown or shrunk by more than this explodes or vanishes
_SATURATED = 1 / 4
_HEIGHT = 300  # CSS pixels of the histograms
_STRIP = 58  # of the axis with the marks of Glorot and He


def initialisation(**start) -> InitialisationExplorer:
    """Activations and gradients, layer by layer, in a network that was not trained yet.

    The slider `scale` sets the standard deviation of the initial weights, in units of 1/√inputs: 1 is the
    rule of Glorot, √2 that of He; the choice `activation` and the slider `depth`, the number of layers,
    change the network.
    start: first values of the three; activation is one of "ReLU", "tanh", "logistic", or its number.
    Raises InputError for values that there are not.
    """
    names = tuple(ACTIVATIONS)
    settings = {
        "activations": [[name, *ends] for name, ends in ACTIVATIONS.values()],
        "gradients": list(GRADIENTS),
    }
    return InitialisationExplorer(
        [
            Parameter("scale", 0.0, 4.0, 1.0, 0.01, "standard deviation of the weights, times √inputs"),
            Choice("activation", 0, len(names) - 1, 0, 1, "activation function of every layer", names),
            Parameter("depth", 2, 12, 8, 1, "number of layers"),
        ],
        {},
        [
            {"kind": "scale", "title": "", "height": _STRIP,
             "marks": [["Glorot", GLOROT], ["He", HE]],
             "parameter": "scale", "low": 0, "high": 4},
            {"kind": "layers", "title": "", "height": _HEIGHT} | settings,
            _growth("activations", settings),
            _growth("gradients", settings),
        ],
        _sentences(names),
        start=start,
        ratio=0.56,
    )  # fmt: skip


def _growth(of: str, settings: dict) -> dict:
    """The panel of the root mean square of each layer: at this scale, and by the rules of Glorot and He."""
    drawn = [{"label": label, "color": style, "dash": style, "width": 2 if style else 4.5}
             for style, label in enumerate(("this scale", "Glorot", "He"))]  # fmt: skip
    return {
        "kind": "growth", "title": f"size of the {of}", "of": of,
        "y": axis("size", -4, 4, "root mean square", powers=True), "x": axis("layer", 0.5, 12.5, whole=True),
        "curves": drawn, "marks": [], "handles": [], "bars": [],
    } | settings  # fmt: skip


def _sentences(names) -> list[dict]:
    """One sentence for each activation function and each fate of activations and gradients."""
    sizes = "their root mean square is {first} in layer 1 and {last} in layer {depth:0}."
    activations = {
        f"last > {_FACTOR}*first": (" The activations explode: ", sizes),
        f"last*{_FACTOR} < first or last < 1e-12": (" The activations vanish: ", sizes),
        f"saturated > {_SATURATED}": (" The activations saturate: {100*saturated:0} % of them lie where the "
                                      "activation function is nearly flat.",),
        "1": (" The activations neither vanish nor explode: ", sizes),
    }  # fmt: skip
    gradients = {
        f"back > {_FACTOR}": "explode on the way back to layer 1, by a factor of {back}.",
        f"back*{_FACTOR} < 1": "vanish on the way back to layer 1, by a factor of {back}.",
        "1": "neither vanish nor explode: back to layer 1 they change by a factor of {back}.",
    }
    zero = "All weights are 0: every unit computes the same, and no gradient comes back."
    return [sentence(zero, when="scale < 0.001")] + [
        sentence(f"{name}, weights with standard deviation {{std:3}}.", *words,
                 f" The gradients {change}{' Healthy.' * (fate == back == '1')}",
                 when=f"activation < {number + 0.5} and ({fate}) and ({back})")
        for number, name in enumerate(names)
        for fate, words in activations.items()
        for back, change in gradients.items()
    ]  # fmt: skip


class InitialisationExplorer(Explorer):
    """The explorer of `initialisation`. `signals` holds the arrays in the picture, layer by layer."""

    @property
    def activation(self) -> str:
        """The name of the activation function in the picture."""
        return tuple(ACTIVATIONS)[self.values["activation"]]

    @property
    def signals(self) -> Signals:
        """activations and gradients at the present values: lists of arrays (40 examples, 100 units)."""
        return self.at_scale(self.values["scale"])

    def at_scale(self, scale: float) -> Signals:
        """The same for another scale, with the present activation function and depth."""
        return signals(self.activation, self.values["depth"], scale)

    def variables(self) -> dict:
        """Also the sizes of the signals, which the sentences quote."""
        found = self.signals
        first, last = (size(found.activations[layer]) for layer in (0, -1))
        below, above = (size(found.gradients[layer]) for layer in (0, -1))
        with np.errstate(all="ignore"):
            back = float(np.divide(below, above))
        more = {"first": first, "last": last, "back": back, "saturated": found.saturated}
        return super().variables() | more | {"std": self.values["scale"] / UNITS**0.5}


_FULL = 0.3  # a bar of this share of the values is as high as the histogram; a longer one is cut


def draw_layers(ax, panel, explorer) -> None:
    """Two rows of histograms: the activations and the gradients of each layer."""
    ax.axis("off")
    found = explorer.signals
    ends = ACTIVATIONS[explorer.activation][1]
    _row(ax, 0.57, "activations, from layer to layer →", found.activations, ends, figures.COLORS[0])
    _row(ax, 0.0, "← gradients, on the way back", found.gradients, GRADIENTS, figures.COLORS[1])


def _row(ax, bottom, title, layers, ends, color) -> None:
    ax.text(0, bottom + 0.36, title, fontsize=10, transform=ax.transAxes)
    width = 1 / len(layers)
    for k, values in enumerate(layers):
        place = ax.inset_axes((k * width, bottom, 0.9 * width, 0.32))
        shares = histogram(values, *ends)
        place.bar(np.arange(BINS), np.minimum(shares, _FULL), width=1, color=color)
        place.set(xticks=[], yticks=[], ylim=(0, _FULL))
        place.set_xlabel(f"layer {k + 1}\n{_short(size(values))}", fontsize=7.5)


def _short(size: float) -> str:
    digits = 2 if 0.01 <= size < 1000 else 1
    return readable(float(f"{size:.{digits}g}")).replace(".00 × ", "×")


def draw_growth(ax, panel, explorer) -> None:
    """The root mean square of each layer: at this scale, and by the rules of Glorot and He."""
    scales = (explorer.values["scale"], GLOROT, HE)
    for style, (scale, curve) in enumerate(zip(scales, panel["curves"], strict=True)):
        layers = getattr(explorer.at_scale(scale), panel["of"])
        with np.errstate(divide="ignore"):
            sizes = np.log10([size(values) for values in layers])
        ax.plot(
            np.arange(1, len(sizes) + 1), sizes, **line_style(style, curve["width"]),
            marker=None if style else "o", markersize=4, label=curve["label"],
        )  # fmt: skip
    frame(ax, panel["x"] | {"high": len(sizes) + 0.5}, panel["y"])
    ax.legend(loc="upper left")


def draw_scale(ax, panel, explorer) -> None:
    """The axis of a parameter with named places on it."""
    ax.set(xlim=(panel["low"], panel["high"]), ylim=(0, 1), yticks=[], xlabel=panel["parameter"])
    ax.xaxis.labelpad = 0
    ax.spines["left"].set_visible(False)
    for (name, place), align in zip(panel["marks"], ("right", "left"), strict=True):
        ax.axvline(place, ymax=0.35, color="black")
        ax.text(place, 0.45, name, ha=align, va="bottom", weight="bold")
    value = explorer.values[panel["parameter"]]
    ax.plot(value, 0, "o", color=figures.COLORS[0], markersize=8, clip_on=False, zorder=5)


KINDS |= {"layers": draw_layers, "growth": draw_growth, "scale": draw_scale}
