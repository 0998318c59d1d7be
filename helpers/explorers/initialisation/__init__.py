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
_FULL = 0.3  # a bar of this share of the values is as wide as the column of its layer; a longer one is cut
#: The line style of a layer whose signal has grown or shrunk, or neither.
_STYLES = {"": 0, "explode": 1, "vanish": 3}


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
        "colors": _STYLES, "x": axis("layer", 0.5, 12.5, whole=True),
        "curves": [], "marks": [], "handles": [], "bars": [],
    }  # fmt: skip
    return InitialisationExplorer(
        [
            Parameter("scale", 0.0, 4.0, 1.0, 0.01, "standard deviation of the weights, times √inputs"),
            Choice("activation", 0, len(names) - 1, 0, 1, "what every layer applies", names),
            Parameter("depth", 2, 12, 8, 1, "number of layers"),
        ],
        {},
        [
            _histograms("activations", settings),
            _histograms("gradients", settings),
            _growth("activations", settings),
            _growth("gradients", settings),
        ],
        _sentences(names),
        start=start,
        ratio=0.5,
        narrowest=260,
    )  # fmt: skip


def _histograms(of: str, settings: dict) -> dict:
    """The panel of one histogram for each layer, all on one axis of values."""
    way = "→" if of == "activations" else "← on the way back"
    return settings | {
        "kind": "layers", "title": f"{of} of each layer {way}", "of": of, "y": axis("value", -1, 1, "value"),
        "x": axis("layer", 0.5, 12.5, f"layer (width of a column: {100 * _FULL:.0f} % of the values)", whole=True),
    }  # fmt: skip


def _growth(of: str, settings: dict) -> dict:
    """The panel of the root mean square of each layer: at this scale, and by the rules of Glorot and He."""
    drawn = [{"label": label, "color": style, "dash": style, "width": 2 if style else 4.5}
             for style, label in zip((0, 5, 2), ("this scale", "Glorot", "He"), strict=True)]  # fmt: skip
    return settings | {
        "kind": "growth", "title": f"size of the {of}", "of": of,
        "y": axis("size", -4, 4, "root mean square", powers=True), "curves": drawn,
    }  # fmt: skip


def _sentences(names) -> list[dict]:
    """One sentence for each activation function and each fate of activations and gradients."""
    up = "from layer 1 to layer {depth:0}"
    down = "on the way back to layer 1"
    activations = {
        f"last > {_FACTOR}*first": (f" The activations explode: they grow {{last/first:0}} times {up}.",),
        f"last*{_FACTOR} < first and last > 0.01*first": (f" The activations vanish: they shrink to {{100*last/first:0}} % {up}.",),
        f"last*{_FACTOR} < first or last < 1e-12": (f" The activations vanish: they shrink to less than 1 % {up}.",),
        f"saturated > {_SATURATED}": (" The activations saturate: {100*saturated:0} % of them lie where the "
                                      "activation function is nearly flat.",),
        "1": (" The activations neither vanish nor explode: in layer {depth:0} they are {last/first:2} times as large as in "
              "layer 1.",),
    }  # fmt: skip
    gradients = {
        f"back > {_FACTOR}": f"explode: they grow {{back:0}} times {down}.",
        f"back*{_FACTOR} < 1 and back > 0.01": f"vanish: they shrink to {{100*back:0}} % {down}.",
        f"back*{_FACTOR} < 1": f"vanish: they shrink to less than 1 % {down}.",
        "1": "neither vanish nor explode: in layer 1 they are {back:2} times as large as in layer {depth:0}.",
    }
    zero = "All weights are 0: every unit computes the same, and no gradient comes back."
    return [sentence(zero, when="scale < 0.001")] + [
        sentence(f"{name}, weights with standard deviation {{std:3}}.", *words, f" The gradients {change}{' Healthy.' * (fate == back == '1')}",
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


def _fates(sizes: list[float], of: str) -> list[str]:
    """What has become of each layer's signal since the first of them, on its way: "vanish", "explode" or ""."""
    first = sizes[-1] if of == "gradients" else sizes[0]
    return ["explode" if size > _FACTOR * first else "vanish" if size * _FACTOR < first else "" for size in sizes]


def draw_layers(ax, panel, explorer) -> None:
    """A histogram of each layer, side by side on one axis: its bars go to the right, as long as their share of the values."""
    layers = getattr(explorer.signals, panel["of"])
    sizes = [size(values) for values in layers]
    fates = _fates(sizes, panel["of"])
    low, high = GRADIENTS if panel["of"] == "gradients" else ACTIVATIONS[explorer.activation][1]
    edges = np.linspace(low, high, BINS + 1)
    top = high + 0.15 * (high - low)
    frame(ax, panel["x"] | {"high": len(layers) + 0.5}, panel["y"] | {"low": low, "high": top})
    for k, (values, fate) in enumerate(zip(layers, fates, strict=True)):
        lengths = 0.88 / _FULL * np.minimum(histogram(values, low, high), _FULL)
        color = figures.COLORS[panel["colors"][fate]]
        ax.barh(edges[:-1], lengths, 0.8 * (edges[1] - edges[0]), k + 0.56, align="edge", color=color)
        ax.text(
            k + 1, top - 0.075 * (high - low), _short(sizes[k]), ha="center", va="center", fontsize=7.5, weight="bold"
        )


def _short(size: float) -> str:
    digits = 2 if 0.01 <= size < 1000 else 1
    return readable(float(f"{size:.{digits}g}")).replace(".00 × ", "×")


def draw_growth(ax, panel, explorer) -> str:
    """The root mean square of each layer: at this scale, and by the rules of Glorot and He."""
    own = [size(values) for values in getattr(explorer.signals, panel["of"])]
    for scale, curve in zip((None, GLOROT, HE), panel["curves"], strict=True):
        layers = [] if scale is None else getattr(explorer.at_scale(scale), panel["of"])
        with np.errstate(divide="ignore"):
            sizes = np.log10([size(values) for values in layers] or own)
        ax.plot(
            np.arange(1, len(sizes) + 1), sizes, **line_style(curve["color"], curve["width"]),
            marker="o" if scale is None else None, markersize=4, label=curve["label"],
        )  # fmt: skip
    frame(ax, panel["x"] | {"high": len(own) + 0.5}, panel["y"])
    with np.errstate(divide="ignore"):
        first = np.log10(own[-1 if panel["of"] == "gradients" else 0])
    low, high = panel["y"]["low"], panel["y"]["high"]
    step = np.log10(_FACTOR)
    for fate, start, end in (("explode", max(low, first + step), high), ("vanish", low, min(high, first - step))):
        if start < end:
            ax.axhspan(start, end, color=figures.COLORS[panel["colors"][fate]], alpha=0.12, linewidth=0)
            ax.text(0.98, end - 0.3, fate, ha="right", va="top", weight="bold", transform=ax.get_yaxis_transform())
    ax.legend(loc="upper left", ncols=3)
    fate = _fates(own, panel["of"])[0 if panel["of"] == "gradients" else -1]
    return f"{panel['title']}: they {fate}" if fate else panel["title"]


KINDS |= {"layers": draw_layers, "growth": draw_growth}
