"""Towers: what logistic neurons of two inputs can draw, one tower and many, and a challenge with a score."""

from __future__ import annotations

from helpers import challenges
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.network_drawing import label, network
from helpers.explorers.core.panels import arranged, average, axis, curve, curves, handle, heat, score, sentence, surface
from helpers.networks.towers import grid_of_towers, tower_network

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


_CROSS = (3.5, 0)  # where the crosshair is at first: on an arm


def tower(**start) -> Explorer:
    """The tower f = σ(gain · h31 + bias) of 000.3b: as a surface, from above with the footprint dashed, and its network.

    start: first values of the sliders w, b, t, gain, bias; without them, the printed network.
    """
    drawn = "f", *_SQUARE, axis("f", 0, 1)
    return Explorer(
        _TOWER_SLIDERS,
        TOWER,
        [
            surface("f = σ(gain · h₃₁ + bias)", *drawn, handles=_ON_TOWER, cross=_CROSS),
            heat(
                "from above; dashed: both ridges above ½",
                *drawn,
                outlines=[FOOTPRINT],
                handles=_FROM_ABOVE,
                cross=_CROSS,
            ),
            network("the network: h₁₁ to h₁₄ and f have σ, the others only add", ["x1", "x2"], _TOWER_LAYERS),
        ],
        _WORDS,
        definitions=_LEVELS,
        start=start,
        ratio=0.78,
    )


def tower_panels(**start) -> Explorer:
    """All eight functions of 000.3b at once: four steps, two bumps, their sum, the tower; and the network that they make.

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
                 plain=name not in ("h31", "f"), arrows=arrows.get(name, [])) for name, title in titles.items()] + [_flow_drawn_once()],
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


def _flow_drawn_once() -> dict:
    """The drawing of the network of `tower_panels`: of the steps, and of the bumps, one."""
    layers = [{"h1": ({"x": "w"}, "b")}, {"h2": ({"h1": label("1 and −1", None)}, None)}, {"h31": ({"h2": 1}, None)},
              {"f": ({"h31": "gain"}, "bias")}]  # fmt: skip
    return network(
        "the network, what is repeated drawn once", ["x"], layers, times={"x": 2, "h1": 4, "h2": 2},
        note="A step h₁ has the weights w and 1, and the bias b or −b.",
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
                f"misfit in % of the target's volume: passed at {passed:g}, gold at {gold:g}",
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
                cross=_CROSS,
            ),
            heat(
                "f − target: red is too high, blue too low",
                "off",
                *_SQUARE,
                axis("off", -1, 1, "f − target"),
                outlines=[square],
                handles=_FROM_ABOVE,
                colors=_SIGNED,
                cross=_CROSS,
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


#: The least whole number at which the arms of all other towers are too small to be seen, as `grid_of_towers` has it.
_GAIN_OF_TOWERS = "round(2*log(2000*n) + 0.5, 0)"


def _grid_drawn_once() -> dict:
    """The drawing of a grid of n × n towers: of the units that differ in their places alone, one."""
    own, both = label("its height", None), label("gain = ±", "gain", short="±")
    layers = [
        {"s1": ({"x1": "w"}, label("−w·place", None)), "s2": ({"x2": "w"}, label("−w·place", None))},
        {"T": ({"s1": both, "s2": both}, "-1.5*gain")},
        {"f": ({"T": own}, None)},
    ]
    return network(
        "the network, what is repeated drawn once", ["x1", "x2"], layers,
        note="A tower T takes two neighbouring steps s of each axis.",
        times={"s1": "n + 1", "s2": "n + 1", "T": "n*n"},
    )  # fmt: skip


#: `challenges.two_hills` as a formula: what `many_towers` approximates.
HILLS = "exp(-((x1 - 1)**2 + (x2 - 1)**2)/4) + 0.6*exp(-((x1 + 2)**2 + (x2 + 1.5)**2)/3)"


def many_towers(**start) -> Explorer:
    """A grid of n × n towers, all of real sigmoids, that approximates a function of two variables; and their network.

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
            _grid_drawn_once(),
        ],
        [
            sentence("n = {n:0}: {n*n:0} towers from {2*(n + 1):0} steps and {n*n:0} tower neurons. "
                     "Mean error {error:4}, where the target's mean is {mean_target:3}."),
        ],
        definitions={"gain": _GAIN_OF_TOWERS},
        constants={"counts": list(range(1, most + 1)), "errors": errors, "mean_target": measure.average("mean")},
        averages=averages,
        start=start,
        network=lambda v: grid_of_towers(challenges.two_hills, v["n"], -5, 5, slope=v["w"]),
        columns=3,
        ratio=0.95,
    )  # fmt: skip
