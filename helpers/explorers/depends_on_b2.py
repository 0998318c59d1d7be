"""Does ∂ŷ/∂x depend on b2? The question of 001 2.3, for six activations at once."""

from __future__ import annotations

from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.panels import axis, curve, curves, handle, sentence
from helpers.explorers.notation import name as written
from helpers.formulas import browser as formula

#: φ(z) of each activation, in the order of the table in 001 2.3.
ACTIVATIONS = {
    "softplus": "softplus(z)",
    "logistic": "sigmoid(z)",
    "tanh": "tanh(z)",
    "identity": "z",
    "ReLU": "relu(z)",
    "leaky ReLU": "maximum(z, 0.1*z)",
}
_KEYS = {label: label.replace(" ", "_") + "_slope" for label in ACTIVATIONS}
_LOW, _HIGH = -6, 6  # of b2


def depends_on_b2(**start) -> Explorer:
    """∂ŷ/∂x of ŷ = φ(w2 φ(w1 x + b1) + b2) against b2, for each activation φ (001 2.3).

    start: first values of the sliders x, w1, b1, w2, b2; without them, the counterexample of the assignment.
    """
    across = axis("b2", _LOW, _HIGH) | {"name": "t"}  # t runs along the axis; b2 is where the slider stands
    up = axis("y", -1.6, 1.6, "∂ŷ/∂x")

    def panel(title, chosen):
        lines = [curve(label, _KEYS[label], style=k) for k, label in enumerate(chosen)]
        dots = [curve("", points=("b2", f"{_KEYS[label]}_now"), dots=True, style=k) for k, label in enumerate(chosen)]
        return curves(
            title,
            across,
            up,
            [*lines, *dots],
            marks=[("b2", "b2")],
            handles=[handle("b₂", ("b2", 1.3), "x", {"b2": "to_x"}, "{b2:1}", tall=True, anywhere=True)],
        )

    named = list(ACTIVATIONS)
    return Explorer(
        [
            Parameter("x", -3, 3, 1, 0.1, "input"),
            Parameter("w1", -1.2, 1.2, 1, 0.1, "weight of the hidden neuron"),
            Parameter("b1", -3, 3, 0, 0.1, "bias of the hidden neuron"),
            Parameter("w2", -1.2, 1.2, 1, 0.1, "weight of the output neuron"),
            Parameter("b2", _LOW, _HIGH, 0, 0.1, "bias of the output neuron"),
        ],
        {_KEYS[label]: _slope(phi, "t") for label, phi in ACTIVATIONS.items()},
        [
            panel("smooth and curved activations φ", named[:3]),
            panel("piecewise linear activations φ", named[3:]),
        ],
        _sentences(),
        definitions={f"{_KEYS[label]}_now": _slope(phi, "b2") for label, phi in ACTIVATIONS.items()} | _constancy(),
        start=start,
        ratio=0.95,
    )


def _slope(phi: str, b2: str) -> formula.Tree:
    """∂ŷ/∂x as a tree, by the chain rule; the output's bias is called `b2` in it."""
    tree = formula.parse(phi)
    hidden = formula.substitute(tree, {"z": formula.parse("w1*x + b1")})
    output = formula.substitute(tree, {"z": ["+", ["*", "w2", hidden], b2]})
    return formula.derivative(output, "x")


def _constancy() -> dict[str, str]:
    """For the piecewise linear activations: whether z2 stays on one side of the kink for all b2 shown."""
    leaky = "maximum(w1*x + b1, 0.1*(w1*x + b1))"
    one_side = f"({{0}} + {_LOW} > 0 or {{0}} + {_HIGH} < 0)"
    return {
        "flat": "abs(w1*w2) < 1e-9",
        "dead": "w1*x + b1 < 1e-9",  # the hidden ReLU passes nothing on
        "ReLU_flat": "dead or " + one_side.format("w2*relu(w1*x + b1)"),
        "leaky_flat": one_side.format(f"w2*{leaky}"),
    }


def _sentences() -> list[dict]:
    values = ", ".join(f"{written(label)} {{{key}_now:3}}" for label, key in _KEYS.items())

    def words(constant, why, when):
        shown = f". For b₂ from −{-_LOW} to {_HIGH} it stays constant for {constant}{why}."
        return sentence("At b₂ = {b2:1} the slope ∂ŷ/∂x is ", values + shown, when=when)

    changing = "; for all others it depends on b₂"
    return [
        words("all six", ", because w₁ or w₂ is 0", "flat"),
        words("identity, ReLU and leaky ReLU", changing, "ReLU_flat and leaky_flat"),
        words("identity and ReLU", changing, "ReLU_flat"),
        words("identity and leaky ReLU", changing, "leaky_flat"),
        words("identity only", changing, 1),
    ]
