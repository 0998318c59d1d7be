"""Explorers for one input: a step, a bump, how finely to sample a plot, and the bump challenge."""

from __future__ import annotations

from helpers.explorers.panels import axis, curve, curves, sentence
from helpers.explorers.view import Explorer, Parameter


def step(**start) -> Explorer:
    """One logistic neuron a = σ(w x + b): where its step sits and how wide it is.

    start: first values of the sliders w and b.
    """
    x = axis("x", -2, 2)
    return Explorer(
        [
            Parameter("w", -60, 60, 8, 0.5, "weight"),
            Parameter("b", -60, 60, -4, 0.5, "bias"),
        ],
        {"a": "sigmoid(w*x + b)"},
        [
            curves(
                "activation a = σ(w x + b)", x, axis("a", -0.08, 1.08, "a"), [curve("a", "a", width=2.5)],
                marks=[("place - edge", "place + edge"), ("place", "place")],
            )
        ],
        [
            sentence("w = 0: the neuron ignores x. Its activation is σ(b) = ", ("sigmoid(b)", 3),
                     " everywhere; there is no step.", when="abs(w) < 1e-9"),
            sentence("Step up at x = −b/w = ", ("place", 2), ", 10–90 % width 4.39/|w| = ", ("2*edge", 3),
                     ". To its left a ≈ 0, to its right a ≈ 1.", when="w > 0"),
            sentence("Step down (w is negative) at x = −b/w = ", ("place", 2), ", 10–90 % width 4.39/|w| = ",
                     ("2*edge", 3), ". To its left a ≈ 1, to its right a ≈ 0."),
        ],
        definitions={"place": "-b/w", "edge": "log(9)/abs(w)"},
        start=start,
        ratio=0.5,
    )  # fmt: skip


#: 000.3a: the printed network of the bump, and the sliders that change it.
_BUMP_SLIDERS = [
    Parameter("w", 5, 500, 500, 5, "weight of both hidden neurons"),
    Parameter("b1", -300, 300, 30, 5, "bias of h11"),
    Parameter("b2", -300, 300, -30, 5, "bias of h12"),
    Parameter("v1", -2, 2, 1, 0.1, "output weight of h11"),
    Parameter("v2", -2, 2, -1, 0.1, "output weight of h12"),
]


_SIDES = (
    "Far to the left h₂₁ ≈ 0, far to the right v1 + v2 = ",
    ("v1 + v2", 1),
    "; each edge is 4.39/w = ",
    ("2*log(9)/w", 4),
    " wide.",
)


def bump(**start) -> Explorer:
    """Two hidden neurons and their weighted sum: h21 = v1 σ(w x + b1) + v2 σ(w x + b2) (000.3a).

    start: first values of the sliders w, b1, b2, v1, v2; without them, the printed network.
    """
    x = axis("x", -1, 1)
    return Explorer(
        _BUMP_SLIDERS,
        {"h11": "sigmoid(w*x + b1)", "h12": "sigmoid(w*x + b2)", "h21": "v1*h11 + v2*h12"},
        [
            curves("hidden neurons", x, axis("a", -0.1, 1.1, "activation"),
                   [curve("h₁₁ = σ(w x + b1)", "h11", style=0), curve("h₁₂ = σ(w x + b2)", "h12", style=1)],
                   marks=[("s1", "s1"), ("s2", "s2")]),
            curves("their weighted sum", x, axis("h", -2.1, 2.1, "h₂₁"),
                   [curve("h₂₁ = v1 h₁₁ + v2 h₁₂", "h21", style=2, width=2.5)],
                   marks=[("s1", "s1"), ("s2", "s2")]),
        ],
        [
            sentence("Both neurons step at x = ", ("s1", 3), ": no room for a bump between them. ", *_SIDES,
                     when="abs(s2 - s1) < 0.0001"),
            sentence("The steps sit at x = ", ("s1", 3), " and ", ("s2", 3), "; between them h₂₁ ≈ ",
                     ("v1", 1), ". ", *_SIDES, when="s1 < s2"),
            sentence("The steps sit at x = ", ("s1", 3), " and ", ("s2", 3), ", the second neuron's first; between them h₂₁ ≈ ",
                     ("v2", 1), ". ", *_SIDES),
        ],
        definitions={"s1": "-b1/w", "s2": "-b2/w"},
        start=start,
        ratio=0.72,
    )  # fmt: skip


def sampling(**start) -> Explorer:
    """The printed bump of 000.3a, plotted with n samples: what a plot does to edges that it does not resolve.

    start: the first value of the slider n, the number of samples on (−1, 1).
    """
    x = axis("x", -0.2, 0.2)
    # The samples are those of linspace(-1, 1, n); the panel shows the part of them around the bump.
    return Explorer(
        [Parameter("n", 11, 2001, 50, 1, "number of samples on (−1, 1)")],
        {"h21": "sigmoid(500*x + 30) - sigmoid(500*x - 30)"},
        [
            curves("h₂₁ near the bump: the true curve, and the line through n samples of (−1, 1)", x,
                   axis("h", -0.1, 1.15, "h₂₁"),
                   [curve("true curve", "h21", style=5, width=1.5), curve("through n samples", "h21", samples="n", range=[-1, 1], style=1)])
        ],
        [
            sentence("n = ", ("n", 0), " samples on (−1, 1), one every ", ("2/(n - 1)", 4),
                     ". An edge is 0.0088 wide (10–90 %), so about ", ("0.00878889830934155*(n - 1)/2", 1),
                     " samples fall on each edge."),
        ],
        start=start,
        ratio=0.5,
    )  # fmt: skip
