"""Steps, bumps and towers: what one, two, … many logistic neurons can draw, and three challenges with a score."""

from __future__ import annotations

import numpy as np

from helpers import challenges
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.network_drawing import network
from helpers.explorers.core.panels import (
    arranged,
    average,
    axis,
    curve,
    curves,
    handle,
    heat,
    score,
    sentence,
    surface,
    whole_number,
)
from helpers.functions import logit
from helpers.networks.towers import grid_of_towers, tower_network

# ---- one input ---------------------------------------------------------------------------------------------------


def step(**start) -> Explorer:
    """One logistic neuron a = σ(w x + b): where its step sits and how wide it is.

    start: first values of the sliders w and b.
    """
    x = axis("x", -2, 2)
    place = "at x = −b/w = {place:2}, 10–90 % width 4.39/|w| = {2*edge:3}. To its left"
    return Explorer(
        [
            Parameter("w", -60, 60, 8, 0.5, "weight"),
            Parameter("b", -60, 60, -4, 0.5, "bias"),
        ],
        {"a": "sigmoid(w*x + b)"},
        [
            curves("activation a = σ(w x + b)", x, axis("a", -0.08, 1.08, "a"), [curve("a", "a", width=2.5)],
                   marks=[("place - edge", "place + edge"), ("place", "place")]),
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
        "Far to the left h₂₁ ≈ 0, far to the right v1 + v2 = {v1 + v2:1}; each edge is 4.39/w = {2*log(9)/w:4} wide."
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
                   [curve("h₁₁", "h11", style=0, dash=0, width=2.5, tag=("s1", 0.72, "left")),
                    curve("h₁₂", "h12", style=1, dash=0, width=2.5, tag=("s2", 0.28, "right"))], marks=marks, joined=True,
                   handles=[handle("how steep both steps are", ("s1 + log(9)/w", 0.9), "x",
                                   {"w": steeper, "b1": f"-s1*{steeper}", "b2": f"-s2*{steeper}"}, "w = {w:0}", style=0)]),
            curves("", x, axis("h", -2.1, 2.1, "sum h₂₁"), [curve("", "h21", style=2, dash=0, width=3)], marks=marks,
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
            curves("h₂₁ near the bump, and the line through n samples of (−1, 1); band: from one sample to the next",
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
        [Parameter(name, -limit, limit, float(height), 0.1, f"height of bump {k + 1}")
         for k, (name, height) in enumerate(zip(names, start, strict=True))],
        {"f": CHALLENGE, "inverse": "logit(f)", "total": _sum_of_bumps(names), "output": "sigmoid(total)"},
        [
            score(("average deviation: passed at 0.40, gold at 0.38 or less" if n == 5 else
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


# ---- two inputs --------------------------------------------------------------------------------------------------

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

_W, _B, _T, _GAIN, _BIAS = _TOWER_SLIDERS = [
    Parameter("w", 1, 100, 50, 1, "the large weight of the first layer"),
    Parameter("b", 0, 250, 100, 5, "biases +b and −b of the first layer"),
    Parameter("t", -25, 25, 1, 1, "small weight of the first layer"),
    Parameter("gain", 0, 200, 100, 1, "weight of h₃₁"),
    Parameter("bias", -300, 0, -200, 1, "bias of f"),
]

#: What the levels mean: for steep steps h31 is 2 in the centre, 1 on the arms of the cross, 0 outside.
_LEVELS = {"centre": "sigmoid(2*gain + bias)", "arm": "sigmoid(gain + bias)", "outside": "sigmoid(bias)", "half": "b/w"}
_HALF = "half-width b/w = {half:2}"

_WORDS = [
    sentence("b = 0: both steps of a bump fall together, so there is no bump and no tower.", when="b < 0.0001"),
    sentence(f"A tower: centre {{centre:3}}, arms {{arm:3}}, outside {{outside:3}}; {_HALF}.",
             when="centre > 0.95 and arm < 0.05"),
    sentence("A cross rather than a tower: centre {centre:3}, but the arms stand at {arm:3} too; "
             f"outside {{outside:3}}, {_HALF}.", when="arm > 0.05"),
    sentence(f"A tower that is too low: centre {{centre:3}}, arms {{arm:3}}, outside {{outside:3}}; {_HALF}."),
]  # fmt: skip

#: The corners of |t x1 + w x2| < b, |w x1 + t x2| < b, the footprint of the tower: the solutions of the two
#: equations with each choice of signs.
FOOTPRINT = [
    ("b/(w + t)", "b/(w + t)"),
    ("-b/(w - t)", "b/(w - t)"),
    ("-b/(w + t)", "-b/(w + t)"),
    ("b/(w - t)", "-b/(w - t)"),
]
_SIGNED = "#053061", "#4393c3", "#f7f7f7", "#d6604d", "#67001f"  # too low, right, too high
_SQUARE = axis("x1", -5, 5), axis("x2", -5, 5)


#: The drawing of the same network: of the units only h₂₁, h₂₂ and h₃₁ have no σ.
_TOWER_LAYERS = [
    {"h11": ({"x1": "t", "x2": "w"}, "b"), "h12": ({"x1": "t", "x2": "w"}, "-b"),
     "h13": ({"x1": "w", "x2": "t"}, "b"), "h14": ({"x1": "w", "x2": "t"}, "-b")},
    {"h21": ({"h11": 1, "h12": -1}, None), "h22": ({"h13": 1, "h14": -1}, None)},
    {"h31": ({"h21": 1, "h22": 1}, None)},
    {"f": ({"h31": "gain"}, "bias")},
]  # fmt: skip


#: What of a tower is seized: its sides, which are at ±b/w, in the picture from above and in 3-D, and its top.
_FROM_ABOVE = [
    handle("half-width of the tower along x₁", ("half", 0), "x", {"b": "w*to_x"}, "b/w = {half:2}", style=1),
    handle("half-width of the tower along x₂", (0, "half"), "y", {"b": "w*to_y"}, "b/w = {half:2}", style=1),
]
#: A height goes with the bias; where it is as good as 0 or 1, a bias that gives the same stays.
_AS_HIGH = (
    "maximum(bias, 9.2 - 2*gain) if to_z > 0.99 else minimum(bias, -9.2 - 2*gain) if to_z < 0.01 else "
    "logit(minimum(0.99, maximum(0.01, to_z))) - 2*gain"
)
_ON_TOWER = [
    handle("side of the tower towards x₁ = 5", ("minimum(half, 5)", 0, "centre/2"), "x1", {"b": "w*to_x"}, "b/w = {half:2}", style=1),
    handle("side of the tower towards x₂ = −5", (0, "-minimum(half, 5)", "centre/2"), "x2", {"b": "-w*to_y"}, "b/w = {half:2}", style=1),
    handle("top of the tower", (0, 0, "centre"), "z", {"bias": _AS_HIGH}, "height {centre:2}", style=2),
]  # fmt: skip


def tower(**start) -> Explorer:
    """The tower f = σ(gain · h31 + bias) of 000.3b: as a surface, and from above with the footprint dashed.

    start: first values of the sliders w, b, t, gain, bias; without them, the printed network.
    """
    drawn = "f", *_SQUARE, axis("f", 0, 1)
    return Explorer(
        _TOWER_SLIDERS,
        TOWER,
        [
            surface("f = σ(gain · h₃₁ + bias)", *drawn, handles=_ON_TOWER),
            heat("from above; dashed: both ridges above ½", *drawn, outlines=[FOOTPRINT], handles=_FROM_ABOVE),
            network("the network: h₁₁ to h₁₄ and f have σ, the others only add", ["x1", "x2"], _TOWER_LAYERS),
        ],
        _WORDS,
        definitions=_LEVELS,
        start=start,
        ratio=0.78,
    )


def tower_panels(**start) -> Explorer:
    """All eight functions of 000.3b at once: four steps, two bumps, their sum, the tower.

    start: first values of the sliders w, b, gain, bias; without them, the printed network.
    """
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
    arrows = {"h21": [1], "h22": [3], "h31": [4, 5], "f": [6]}
    return Explorer(
        [_W, _B, _GAIN, _BIAS],
        TOWER,
        [surface(title, name, *_SQUARE, axis("z", 0, 2 if name == "h31" else 1), lit=True,
                 plain=name not in ("h31", "f"), arrows=arrows.get(name, [])) for name, title in titles.items()],
        _WORDS,
        definitions=_LEVELS,
        constants={"t": 1},
        start=start,
        columns=4,
        ratio=0.86,
        arrangement=arranged(
            96, 4, (0, 0, 13, 2), (13, 0, 13, 2), (0, 2, 13, 2), (13, 2, 13, 2), (29, 0, 13, 2), (29, 2, 13, 2),
            (45, 1, 19, 2), (69, 0, 27, 4), ratio=0.4, least=600,
        ),
    )  # fmt: skip


def tower_challenge(**start) -> Explorer:
    """Set five weights so that the network of 000.3b becomes a tower of height 1 on the square [−2, 2]².

    The score is the volume between the tower and that box, in percent of the box (`challenges.tower_misfit`).
    start: first values of the sliders w, b, t, gain, bias; without them, the printed network.
    """
    drawn = "f", *_SQUARE, axis("f", 0, 1)
    square = [("-2", "-2"), ("2", "-2"), ("2", "2"), ("-2", "2")]
    off = "f - (1 if abs(x1) < 2 and abs(x2) < 2 else 0)"
    misfit = f"100*100/16*abs({off})"
    said = "Misfit {misfit:1} % of the target's volume:"
    levels = " Centre {centre:3}, arms {arm:3}, half-width b/w = {half:2}; target 1, 0 and 2."
    passed, gold = challenges.TOWER_PASS, challenges.TOWER_GOLD
    return Explorer(
        _TOWER_SLIDERS,
        TOWER | {"off": off},
        [
            score(
                f"misfit, in % of the target's volume: passed at {passed:g}, gold at {gold:g} or less",
                "misfit",
                1,
                " %",
                (passed, gold),
                0.05,
            ),
            surface(
                "your tower, and the target as a box",
                *drawn,
                handles=_ON_TOWER,
                target={"x1": [-2, 2], "x2": [-2, 2], "top": 1},
            ),
            heat(
                "f − target: red is too high, blue too low",
                "off",
                *_SQUARE,
                axis("off", -1, 1),
                outlines=[square],
                handles=_FROM_ABOVE,
                colors=_SIGNED,
            ),
        ],
        [
            sentence(f"{said} gold ({gold:g} % or less).", levels, when=f"misfit < {gold} + 0.05"),
            sentence(f"{said} passed; gold is {gold:g} %.", levels, when=f"misfit < {passed} + 0.05"),
            sentence(f"{said} not yet; passed at {passed:g} %, gold at {gold:g} %.", levels),
        ],
        definitions=_LEVELS,
        averages={"misfit": average(misfit, *_SQUARE)},
        network=lambda v: tower_network(v["w"], v["t"], v["b"], v["gain"], v["bias"]),
        start=start,
        ratio=0.78,
    )


#: `challenges.two_hills` as a formula: what `many_towers` approximates.
HILLS = "exp(-((x1 - 1)**2 + (x2 - 1)**2)/4) + 0.6*exp(-((x1 + 2)**2 + (x2 + 1.5)**2)/3)"


def many_towers(**start) -> Explorer:
    """A grid of n × n towers, all of real sigmoids, that approximates a function of two variables.

    start: first values of the sliders n (towers along a side) and w (slope of the steps).
    """
    most = 10
    z = axis("z", 0, 1.1)
    networks = []
    for n in range(1, most + 1):
        network = grid_of_towers(challenges.two_hills, n, -5, 5, slope=1.0).to_dict()
        network["layers"][0]["gain"] = "w"  # σ(w (x − s)): the slope is the slider's
        networks.append(network)
    points = (4181, 2584)  # fewer than usual: a hundred towers cost more than one
    averages = {"error": average("abs(towers - target)", *_SQUARE, *points)}
    parameters = [
        Parameter("n", 1, most, 4, 1, "towers along a side"),
        Parameter("w", 2, 100, 40, 1, "slope of the steps"),
    ]
    functions = {"target": HILLS, "towers": {"networks": networks, "choose": "n - 1"}}
    measure = Explorer(
        parameters, functions, [], [], averages=averages | {"mean": average("target", *_SQUARE, *points)}
    )
    errors = []
    for n in range(1, most + 1):
        measure.sliders["n"].value = n
        errors.append(measure.average("error"))
    return Explorer(
        parameters,
        functions,
        [
            surface("target", "target", *_SQUARE, z),
            surface("sum of the towers", "towers", *_SQUARE, z),
            curves("mean error (always for w = 40)", axis("count", 0, most + 1, "n, towers along a side"),
                   axis("e", 0, 0.55, "mean error"),
                   [curve("n × n towers", points=("counts", "errors"), dots=True)], marks=[("n", "n")],
                   handles=[handle("towers along a side", ("n", 0.45), "x", {"n": "to_x"}, "n = {n:0}", tall=True, anywhere=True)]),
        ],
        [
            sentence("n = {n:0}: {n*n:0} towers from {2*(n + 1):0} steps and {n*n:0} tower neurons. "
                     "Mean error {error:4}, where the target's mean is {mean_target:3}."),
        ],
        constants={"counts": list(range(1, most + 1)), "errors": errors, "mean_target": measure.average("mean")},
        averages=averages,
        start=start,
        network=lambda v: grid_of_towers(challenges.two_hills, v["n"], -5, 5, slope=v["w"]),
        columns=3,
        ratio=0.95,
    )  # fmt: skip
