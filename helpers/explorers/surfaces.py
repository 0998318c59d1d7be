"""Explorers for two inputs: the tower of 000.3b as one surface, and as the eight functions that it is made of."""

from __future__ import annotations

from helpers.explorers.panels import axis, heat, sentence, surface
from helpers.explorers.view import Explorer, Parameter

#: 000.3b: each function in terms of those before it; the sliders stand for the printed numbers.
TOWER = {
    "h11": "sigmoid(t*x1 + w*x2 + b)",
    "h12": "sigmoid(t*x1 + w*x2 - b)",
    "h13": "sigmoid(w*x1 + t*x2 + b)",
    "h14": "sigmoid(w*x1 + t*x2 - b)",
    "h21": "h11 - h12",
    "h22": "h13 - h14",
    "h31": "h21 + h22",
    "f": "sigmoid(gain*h31 + bias)",
}

SLIDERS = {
    "w": Parameter("w", 1, 100, 50, 1, "the large weight of the first layer"),
    "b": Parameter("b", 0, 250, 100, 5, "the biases of the first layer are +b and −b"),
    "t": Parameter("t", -25, 25, 1, 1, "the small weight of the first layer"),
    "gain": Parameter("gain", 0, 200, 100, 1, "the weight of h31 in the output neuron"),
    "bias": Parameter("bias", -300, 0, -200, 1, "bias of the output neuron"),
}

#: What the levels mean: for steep steps h31 is 2 in the centre, 1 on the arms of the cross, 0 outside.
LEVELS = {"centre": "sigmoid(2*gain + bias)", "arm": "sigmoid(gain + bias)", "outside": "sigmoid(bias)", "half": "b/w"}

_WORDS = [
    sentence("b = 0: both steps of a bump fall together, so there is no bump and no tower.", when="b < 0.0001"),
    sentence("A tower: centre ", ("centre", 3), ", arms ", ("arm", 3), ", outside ", ("outside", 3),
             "; half-width b/w = ", ("half", 2), ".", when="centre > 0.95 and arm < 0.05"),
    sentence("A cross rather than a tower: centre ", ("centre", 3), ", but the arms stand at ", ("arm", 3),
             " too; outside ", ("outside", 3), ", half-width b/w = ", ("half", 2), ".", when="arm > 0.05"),
    sentence("A tower that is too low: centre ", ("centre", 3), ", arms ", ("arm", 3), ", outside ", ("outside", 3),
             "; half-width b/w = ", ("half", 2), "."),
]  # fmt: skip


def _axes():
    return axis("x1", -5, 5), axis("x2", -5, 5)


#: The corners of |t x1 + w x2| < b, |w x1 + t x2| < b, the footprint of the tower: the solutions of the two
#: equations with each choice of signs.
FOOTPRINT = [
    ("b/(w + t)", "b/(w + t)"),
    ("-b/(w - t)", "b/(w - t)"),
    ("-b/(w + t)", "-b/(w + t)"),
    ("b/(w - t)", "-b/(w - t)"),
]


def tower(**start) -> Explorer:
    """The tower f = σ(gain · h31 + bias) of 000.3b: as a surface, and from above with the footprint dashed.

    start: first values of the sliders w, b, t, gain, bias; without them, the printed network.
    """
    x1, x2 = _axes()
    z = axis("f", 0, 1)
    return Explorer(
        list(SLIDERS.values()),
        TOWER,
        [
            surface("f = σ(gain · h₃₁ + bias)", "f", x1, x2, z),
            heat("from above; dashed: both ridges above ½", "f", x1, x2, z, outlines=[FOOTPRINT]),
        ],
        _WORDS,
        definitions=LEVELS,
        start=start,
        ratio=0.78,
    )


def tower_panels(**start) -> Explorer:
    """All eight functions of 000.3b at once: four steps, two bumps, their sum, the tower.

    start: first values of the sliders w, b, gain, bias; without them, the printed network.
    """
    x1, x2 = _axes()
    unit = axis("z", 0, 1)
    titles = {
        "h11": "h₁₁ = σ(x₁ + w x₂ + b)",
        "h12": "h₁₂ = σ(x₁ + w x₂ − b)",
        "h13": "h₁₃ = σ(w x₁ + x₂ + b)",
        "h14": "h₁₄ = σ(w x₁ + x₂ − b)",
        "h21": "h₂₁ = h₁₁ − h₁₂",
        "h22": "h₂₂ = h₁₃ − h₁₄",
        "h31": "h₃₁ = h₂₁ + h₂₂",
        "f": "f = σ(gain · h₃₁ + bias)",
    }
    return Explorer(
        [SLIDERS[name] for name in ("w", "b", "gain", "bias")],
        TOWER,
        [surface(title, name, x1, x2, axis("z", 0, 2) if name == "h31" else unit) for name, title in titles.items()],
        _WORDS,
        definitions=LEVELS,
        constants={"t": 1},
        start=start,
        columns=4,
        ratio=0.86,
    )
