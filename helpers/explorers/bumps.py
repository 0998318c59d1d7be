"""Steps and bumps: what one, two, … many logistic neurons of one input can draw, and a challenge with a score."""

from __future__ import annotations

import numpy as np

from helpers import challenges
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.network_drawing import network
from helpers.explorers.core.panels import arranged, axis, curve, curves, handle, score, sentence, whole_number
from helpers.functions import logit
from helpers.pictures.readable import subscripts


def step(**start) -> Explorer:
    """One logistic neuron a = σ(w x + b): where its step sits and how wide it is.

    start: first values of the sliders w and b.
    """
    x = axis("x", -2, 2)
    place = "at x = −b/w = {place:2}, 10–90 % width 4.39/|w| = {2*edge:3}. To its left"
    # at 90 % the edge ends; on the other side of the step w is negative
    steeper = "log(9)/(to_x - place) if abs(to_x - place) > 0.0367 else (60 if w > 0 else -60)"
    return Explorer(
        [
            Parameter("w", -60, 60, 8, 0.5, "weight"),
            Parameter("b", -60, 60, -4, 0.5, "bias"),
        ],
        {"a": "sigmoid(w*x + b)"},
        [
            curves("activation a = σ(w x + b)", x, axis("a", -0.08, 1.08, "a"), [curve("a", "a", width=2.5)],
                   marks=[("place - edge", "place + edge"), ("place", "place")],
                   handles=[handle("place of the step", ("place", 0.5), "x", {"b": "-w*to_x"}, "−b/w = {place:2}", style=0),
                            handle("where the edge ends", ("place + log(9)/w", 0.9), "x", {"w": steeper, "b": f"-place*({steeper})"},
                                   "w = {w:1}", style=0)]),
        ],
        [
            sentence("w = 0: the neuron ignores x. Its activation is σ(b) = {sigmoid(b):3} everywhere; there is no step.",
                     when="abs(w) < 1e-9"),
            sentence(f"Step up {place} a ≈ 0, to its right a ≈ 1.", when="w > 0"),
            sentence(f"Step down (w is negative) {place} a ≈ 1, to its right a ≈ 0."),
        ],
        definitions={"place": "-b/w", "edge": "log(9)/abs(w)"},
        start=start,
        ratio=0.5,
    )  # fmt: skip


def bump(**start) -> Explorer:
    """Two hidden neurons and their weighted sum: h21 = v1 σ(w x + b1) + v2 σ(w x + b2) (000.3a).

    start: first values of the sliders w, b1, b2, v1, v2; without them, the printed network.
    """
    x = axis("x", -0.3, 0.3)
    marks = [("s1", "s1"), ("s2", "s2")]
    sides = (
        "Far to the left h₂₁ ≈ 0, far to the right v₁ + v₂ = {v1 + v2:1}; each edge is 4.39/w = {2*log(9)/w:4} wide."
    )
    steeper = "minimum(500, maximum(5, log(9)/maximum(to_x - s1, 0.001)))"
    return Explorer(
        [
            Parameter("w", 5, 500, 500, 1, "weight of both hidden neurons"),
            Parameter("b1", -300, 300, 30, 0.5, "bias of h₁₁"),
            Parameter("b2", -300, 300, -30, 0.5, "bias of h₁₂"),
            Parameter("v1", -2, 2, 1, 0.1, "output weight of h₁₁"),
            Parameter("v2", -2, 2, -1, 0.1, "output weight of h₁₂"),
        ],
        {"h11": "sigmoid(w*x + b1)", "h12": "sigmoid(w*x + b2)", "h21": "v1*h11 + v2*h12"},
        [
            network("h₁₁ and h₁₂ have σ, h₂₁ only adds", ["x"],
                    [{"h11": ({"x": "w"}, "b1"), "h12": ({"x": "w"}, "b2")}, {"h21": ({"h11": "v1", "h12": "v2"}, None)}],
                    styles={"h11": 0, "h12": 1, "h21": 2}, beside=True),
            curves("two steps, and below them v₁ h₁₁ + v₂ h₁₂ = h₂₁", x, axis("a", -0.1, 1.1, "steps"),
                   [curve("h₁₁", "h11", style=0, dash=0, width=2.5, place=(0.5, -1)),
                    curve("h₁₂", "h12", style=1, dash=0, width=2.5, place=(0.5, 1))], marks=marks, joined=True, lit=True,
                   handles=[handle("how steep both steps are", ("s1 + log(9)/w", 0.9), "x",
                                   {"w": steeper, "b1": f"-s1*{steeper}", "b2": f"-s2*{steeper}"}, "w = {w:0}", style=0)]),
            curves("", x, axis("h", -2.1, 2.1, "sum h₂₁"), [curve("", "h21", style=2, dash=0, width=3)], marks=marks, lit=True,
                   handles=[handle("place of the step of h₁₁", ("s1", "height/2"), "x", {"b1": "-w*to_x"}, "s₁ = {s1:3}", tall=True, style=0),
                            handle("place of the step of h₁₂", ("s2", "height/2"), "x", {"b2": "-w*to_x"}, "s₂ = {s2:3}", tall=True, style=1),
                            handle("height between the steps", ("(s1 + s2)/2", "height"), "y",
                                   {"v1": "to_y if s1 < s2 else v1 + v2 - to_y", "v2": "v1 + v2 - to_y if s1 < s2 else to_y"},
                                   "h = {height:1}", style=2),
                            handle("height far to the right", (0.28, "v1 + v2"), "y", {"v2": "to_y - v1"}, "v₁ + v₂ = {v1 + v2:1}", style=2)]),
        ],
        [
            sentence("Both neurons step at x = {s1:3}: no room for a bump between them. ", sides, when="abs(s2 - s1) < 0.0001"),
            sentence("The steps sit at x = {s1:3} and {s2:3}; between them h₂₁ ≈ {v1:1}. ", sides, when="s1 < s2"),
            sentence("The steps sit at x = {s1:3} and {s2:3}, the second neuron's first; between them h₂₁ ≈ {v2:1}. ", sides),
        ],
        definitions={"s1": "-b1/w", "s2": "-b2/w", "height": "v1 if s1 < s2 else v2"},
        start=start,
        ratio=0.6,
        arrangement=arranged(24, 24, (0, 0, 11, 24), (11, 0, 13, 9), (11, 9, 13, 15), ratio=0.4, least=620),
    )  # fmt: skip


def sampling(**start) -> Explorer:
    """The printed bump of 000.3a, plotted with n samples: what a plot does to edges that it does not resolve.

    start: the first value of the slider n, the number of samples on (−1, 1).
    """
    # The samples are those of linspace(-1, 1, n); the panel shows the part of them around the bump.
    return Explorer(
        [Parameter("n", 11, 2001, 50, 1, "number of samples on (−1, 1)")],
        {"h21": "sigmoid(500*x + 30) - sigmoid(500*x - 30)"},
        [
            curves("h₂₁, and the line through n samples of (−1, 1); band: the gap between two",
                   axis("x", -0.2, 0.2), axis("h", -0.1, 1.15, "h₂₁"),
                   [curve("true curve", "h21", style=5, width=1.5),
                    curve("through n samples", "h21", samples="n", range=[-1, 1], style=1)],
                   marks=[(-0.2, "-0.2 + 2/(n - 1)")],
                   handles=[handle("distance of two samples", ("-0.2 + 2/(n - 1)", 1.06), "x", {"n": "1 + 2/maximum(0.001, to_x + 0.2)"},
                                   "n = {n:0}", style=1)]),
        ],
        [
            sentence("n = {n:0} samples on (−1, 1), one every {2/(n - 1):4}. An edge is 0.0088 wide (10–90 %), "
                     "so about {0.00878889830934155*(n - 1)/2:1} samples fall on each edge. That is the average: one plot has more, another fewer."),
        ],
        start=start,
        ratio=0.5,
    )  # fmt: skip


#: The curve of the bump challenge, `challenges.challenge_function`, as a formula.
CHALLENGE = "0.2 + 0.4*x**2 + 0.3*x*sin(15*x) + 0.05*cos(50*x)"


def bump_challenge(n: int = 5, seed: int | None = 0) -> Explorer:
    """Set the heights of n bumps so that the network follows a curve; scored as in Nielsen, chapter 4.

    n: number of bumps, 1 to 50, on equal parts of [0, 1]; seed: of the heights to start from, None for zeros.
    Raises InputError for another n.
    """
    n = whole_number("the number of bumps", n, 1, 50)
    limit = 1.5 if n == 5 else 2.5
    names = [f"h{k + 1}" for k in range(n)]
    start = np.zeros(n) if seed is None else np.random.default_rng(seed).integers(-15, 16, n) / 10
    # The same σ⁻¹(f) at the same hundred points as `challenges.bump_score`, bin by bin.
    target = logit(challenges.challenge_function(np.arange(100) / 100))
    bins = np.arange(100) * n // 100
    parts = [f"{sum(bins == k)}*mean(abs(target{k + 1} - {name}))" for k, name in enumerate(names)]
    best = challenges.best_bump_heights(n)
    # With medians at m, the best height on a grid of tenths is one of the two tenths around m.
    stepped = [min((np.floor(10 * m) / 10, np.ceil(10 * m) / 10), key=lambda h, k=k: np.abs(target[bins == k] - h).sum())
               for k, m in enumerate(best)]  # fmt: skip
    x = axis("x", 0, 1)
    said = "Average deviation {score:4}"
    limits = f" The best possible with {n} bump{'s' * (n > 1)} is {{best:4}}, in steps of 0.1 it is {{stepped:4}}."
    return Explorer(
        [Parameter(name, -limit, limit, float(height), 0.1, f"height of bump {k + 1}", label=subscripts(f"v{k + 1}"))
         for k, (name, height) in enumerate(zip(names, start, strict=True))],
        {"f": CHALLENGE, "inverse": "logit(f)", "total": _sum_of_bumps(names), "output": "sigmoid(total)"},
        [
            score(("average deviation: passed at 0.40, gold at 0.38" if n == 5 else
                   f"average deviation; the best possible with {n} bump{'s' * (n > 1)} is {challenges.bump_score(best):.4f}"),
                  "score", 4, limits=(challenges.BUMP_PASS, challenges.BUMP_GOLD) if n == 5 else None),
            curves("what the output neuron adds up; shaded: deviation", x, axis("z", -2.6, 2.6, "pre-activation of the output"),
                   [curve("target σ⁻¹(f(x))", "inverse", style=1), curve("sum of the bumps", "total", style=0)],
                   between=(0, 1),
                   bars=[{"parameter": name, "left": k / n, "right": (k + 1) / n, "label": f"height of bump {k + 1}"}
                         for k, name in enumerate(names)]),
            curves("what comes out", x, axis("y", 0, 1, "output"),
                   [curve("target f(x)", "f", style=1), curve("network σ(sum)", "output", style=0)]),
        ],
        [
            *([] if n == 5 else [sentence(f"{said}.", limits)]),
            sentence(f"{said}: gold (0.38 or less).", limits, when="score < 0.38000001"),
            sentence(f"{said}: passed (0.40 or less); gold is 0.38.", limits, when="score < 0.40000001"),
            sentence(f"{said}: not yet; passed at 0.40, gold at 0.38.", limits),
        ],
        definitions={"score": f"({' + '.join(parts)})/100"},
        constants={f"target{k + 1}": target[bins == k] for k in range(n)}
        | {"best": challenges.bump_score(best), "stepped": challenges.bump_score(stepped)},
        network=lambda values: challenges.challenge_network(list(values.values())),
        ratio=0.8,
    )  # fmt: skip


def _sum_of_bumps(names) -> str:
    """The bumps with their real, steep logistic edges (slope 1000), as `challenges.challenge_network` has them."""
    n = len(names)
    edges = [-0.5 / n, *(k / n for k in range(1, n)), 1 + 0.5 / n]
    # Neighbouring bumps share their edge: the step there goes from one height to the next.
    heights = [names[0], *(f"({names[k]} - {names[k - 1]})" for k in range(1, n)), f"-{names[-1]}"]
    return " + ".join(f"{height}*sigmoid(1000*(x - {edge!r}))" for height, edge in zip(heights, edges, strict=True))
