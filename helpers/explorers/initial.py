"""Initial weights: their scale lets activations and gradients vanish, explode or saturate."""

from __future__ import annotations

import numpy as np

from helpers.explorers import signals
from helpers.explorers.panels import axis, sentence
from helpers.explorers.view import Choice, Explorer, Parameter

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
    names = tuple(signals.ACTIVATIONS)
    across = axis("layer", 0.5, 12.5, whole=True)
    common = {"x": across, "curves": [], "marks": [], "handles": []}
    styles = {"this scale": 0, "Glorot": 1, "He": 2}
    curves = [
        {"label": label, "color": style, "dash": style, "width": 2 if style else 4.5} for label, style in styles.items()
    ]
    what = {
        "activations": ("size of the activations", axis("size", -4, 4, "root mean square", powers=True)),
        "gradients": ("size of the gradients", axis("size", -4, 4, "root mean square", powers=True)),
    }
    settings = {
        "activations": [[name, *ends] for name, ends in signals.ACTIVATIONS.values()],
        "gradients": list(signals.GRADIENTS),
    }
    panels = [
        {"kind": "scale", "title": "", "height": _STRIP,
         "marks": [["Glorot", signals.GLOROT], ["He", signals.HE]],
         "parameter": "scale", "low": 0, "high": 4},
        {"kind": "layers", "title": "", "height": _HEIGHT} | settings,
    ] + [
        {"kind": "growth", "title": title, "of": of, "y": vertical} | common | settings | {"curves": curves}
        for of, (title, vertical) in what.items()
    ]  # fmt: skip
    return InitialisationExplorer(
        [
            Parameter("scale", 0.0, 4.0, 1.0, 0.01, "standard deviation of the weights, times √inputs"),
            Choice("activation", 0, len(names) - 1, 0, 1, "activation function of every layer", names),
            Parameter("depth", 2, 12, 8, 1, "number of layers"),
        ],
        {}, panels, list(_sentences(names)), start=start, ratio=0.56,
    )  # fmt: skip


def _sentences(names):
    """One sentence for each activation function and each fate of activations and gradients."""
    from_to = (
        "their root mean square is ",
        ("first",),
        " in layer 1 and ",
        ("last",),
        " in layer ",
        ("depth", 0),
        ".",
    )
    activations = [
        (f"last > {_FACTOR}*first", (" The activations explode: ", *from_to)),
        (f"last*{_FACTOR} < first or last < 1e-12", (" The activations vanish: ", *from_to)),
        (f"saturated > {_SATURATED}", (" The activations saturate: ", ("100*saturated", 0),
         " % of them lie where the activation function is nearly flat.")),
        ("1", (" The activations neither vanish nor explode: ", *from_to)),
    ]  # fmt: skip
    gradients = [
        (f"back > {_FACTOR}", " The gradients explode on the way back to layer 1, by a factor of ", "."),
        (f"back*{_FACTOR} < 1", " The gradients vanish on the way back to layer 1, by a factor of ", "."),
        (
            "1",
            " The gradients neither vanish nor explode: back to layer 1 they change by a factor of ",
            "",
        ),
    ]
    yield sentence("All weights are 0: every unit computes the same, and no gradient comes back.", when="scale < 0.001")
    for number, name in enumerate(names):
        for fate, words in activations:
            for back, before, after in gradients:
                healthy = fate == back == "1"
                yield sentence(
                    f"{name}, weights with standard deviation ", ("std", 3), ".", *words, before, ("back",),
                    after or (". Healthy." if healthy else "."),
                    when=f"activation < {number + 0.5} and ({fate}) and ({back})",
                )  # fmt: skip


class InitialisationExplorer(Explorer):
    """The explorer of `initialisation`. `signals` holds the arrays in the picture, layer by layer."""

    @property
    def activation(self) -> str:
        return tuple(signals.ACTIVATIONS)[self.values["activation"]]

    @property
    def signals(self) -> signals.Signals:
        """activations and gradients at the present values: lists of arrays (40 examples, 100 units)."""
        return self.at_scale(self.values["scale"])

    def at_scale(self, scale: float) -> signals.Signals:
        """The same for another scale, with the present activation function and depth."""
        return signals.signals(self.activation, self.values["depth"], scale)

    def variables(self) -> dict:
        found = self.signals
        first, last = (signals.size(found.activations[layer]) for layer in (0, -1))
        below, above = (signals.size(found.gradients[layer]) for layer in (0, -1))
        with np.errstate(all="ignore"):
            back = float(np.divide(below, above))
        more = {"first": first, "last": last, "back": back, "saturated": found.saturated}
        return super().variables() | more | {"std": self.values["scale"] / signals.UNITS**0.5}
