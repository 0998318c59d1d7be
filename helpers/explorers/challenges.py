"""Explorers with a score: bumps under a curve, a tower of the right height, many towers for one hill."""

from __future__ import annotations

import numpy as np

from helpers import challenges
from helpers.errors import InputError
from helpers.explorers.panels import average, axis, curve, curves, heat, sentence, surface
from helpers.explorers.surfaces import LEVELS, SLIDERS, TOWER
from helpers.explorers.view import Explorer, Parameter
from helpers.functions import logit
from helpers.networks.towers import grid_of_towers, tower_network

#: The curve of the bump challenge, as a formula.
CHALLENGE = "0.2 + 0.4*x**2 + 0.3*x*sin(15*x) + 0.05*cos(50*x)"


def bump_challenge(n: int = 5, seed: int | None = 0) -> Explorer:
    """Set the heights of n bumps so that the network follows a curve; scored as in Nielsen, chapter 4.

    n: number of bumps, 1 to 50, on equal parts of [0, 1]; seed: of the heights to start from, None for zeros.
    Raises InputError for another n.
    """
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= 50:
        raise InputError(f"the number of bumps must be a whole number from 1 to 50, not {n!r}")
    limit = 1.5 if n == 5 else 2.5
    names = [f"h{k + 1}" for k in range(n)]
    start = np.zeros(n) if seed is None else np.random.default_rng(seed).integers(-15, 16, n) / 10
    sliders = [
        Parameter(name, -limit, limit, float(height), 0.1, f"height of bump {k + 1}")
        for k, (name, height) in enumerate(zip(names, start, strict=True))
    ]
    # The same σ⁻¹(f) at the same hundred points as `challenges.bump_score`, bin by bin.
    target = logit(challenges.challenge_function(np.arange(100) / 100))
    bins = np.arange(100) * n // 100
    constants = {f"target{k + 1}": target[bins == k] for k in range(n)}
    parts = [f"{sum(bins == k)}*mean(abs(target{k + 1} - {name}))" for k, name in enumerate(names)]
    x = axis("x", 0, 1)
    handles = [{"parameter": name, "left": k / n, "right": (k + 1) / n} for k, name in enumerate(names)]
    best = challenges.best_bump_heights(n)
    best_score = challenges.bump_score(best)
    # With medians at m, the best height on a grid of tenths is one of the two tenths around m.
    stepped = [min((np.floor(10 * m) / 10, np.ceil(10 * m) / 10), key=lambda h, k=k: np.abs(target[bins == k] - h).sum())
               for k, m in enumerate(best)]  # fmt: skip
    limits = (
        f" The best possible with {n} bump{'s' * (n > 1)} is ", ("best", 4), ", in steps of 0.1 it is ", ("stepped", 4), ".",
    )  # fmt: skip
    return Explorer(
        sliders,
        {"f": CHALLENGE, "inverse": "logit(f)", "total": _sum_of_bumps(names), "output": "sigmoid(total)"},
        [
            curves("what the output neuron has to add up: drag the bars", x, axis("z", -2.6, 2.6, "pre-activation of the output"),
                   [curve("target σ⁻¹(f(x))", "inverse", style=1), curve("sum of the bumps", "total", style=0)], handles=handles),
            curves("what comes out", x, axis("y", 0, 1, "output"),
                   [curve("target f(x)", "f", style=1), curve("network σ(sum)", "output", style=0)]),
        ],
        [
            *([] if n == 5 else [sentence("Average deviation ", ("score", 4), ".", *limits)]),
            sentence("Average deviation ", ("score", 4), ": gold (0.38 or less).", *limits, when="score < 0.38000001"),
            sentence("Average deviation ", ("score", 4), ": passed (0.40 or less); gold is 0.38.", *limits, when="score < 0.40000001"),
            sentence("Average deviation ", ("score", 4), ": not yet; passed at 0.40, gold at 0.38.", *limits),
        ],
        definitions={"score": f"({' + '.join(parts)})/100"},
        constants=constants | {"best": best_score, "stepped": challenges.bump_score(stepped)},
        network=lambda values: challenges.challenge_network(list(values.values())),
        ratio=0.8,
    )  # fmt: skip


def _sum_of_bumps(names) -> str:
    """The bumps with their real, steep logistic edges (slope 1000), as `challenges.challenge_network` has them."""
    n = len(names)
    edges = [-0.5 / n, *(k / n for k in range(1, n)), 1 + 0.5 / n]
    # Neighbouring bumps share their edge: the step there goes from one height to the next.
    steps = [f"{names[0]}*sigmoid(1000*(x - {edges[0]!r}))"]
    steps += [f"({names[k]} - {names[k - 1]})*sigmoid(1000*(x - {edges[k]!r}))" for k in range(1, n)]
    steps += [f"-{names[-1]}*sigmoid(1000*(x - {edges[-1]!r}))"]
    return " + ".join(steps)


def tower_challenge(**start) -> Explorer:
    """Set five weights so that the network of 000.3b becomes a tower of height 1 on the square [−2, 2]².

    The score is the volume between the tower and that box, in percent of the box (`challenges.tower_misfit`).
    start: first values of the sliders w, b, t, gain, bias; without them, the printed network.
    """
    x1, x2 = axis("x1", -5, 5), axis("x2", -5, 5)
    z = axis("f", 0, 1)
    square = [("-2", "-2"), ("2", "-2"), ("2", "2"), ("-2", "2")]
    misfit = "100*100/16*abs(f - (1 if abs(x1) < 2 and abs(x2) < 2 else 0))"
    levels = (
        " Centre ",
        ("centre", 3),
        ", arms ",
        ("arm", 3),
        ", half-width b/w = ",
        ("half", 2),
        "; target 1, 0 and 2.",
    )
    passed, gold = challenges.TOWER_PASS, challenges.TOWER_GOLD
    return Explorer(
        list(SLIDERS.values()),
        TOWER,
        [
            surface("your tower", "f", x1, x2, z),
            heat("from above; dashed: the target's footprint", "f", x1, x2, z, outlines=[square]),
        ],
        [
            sentence("Misfit ", ("misfit", 1), f" % of the target's volume: gold ({gold:g} % or less).", *levels, when=f"misfit < {gold} + 0.05"),
            sentence("Misfit ", ("misfit", 1), f" % of the target's volume: passed; gold is {gold:g} %.", *levels, when=f"misfit < {passed} + 0.05"),
            sentence("Misfit ", ("misfit", 1), f" % of the target's volume: not yet; passed at {passed:g} %, gold at {gold:g} %.", *levels),
        ],
        definitions=LEVELS,
        averages={"misfit": average(misfit, x1, x2)},
        network=lambda v: tower_network(v["w"], v["t"], v["b"], v["gain"], v["bias"]),
        start=start,
        ratio=0.78,
    )  # fmt: skip


#: `challenges.two_hills` as a formula: what `many_towers` approximates.
HILLS = "exp(-((x1 - 1)**2 + (x2 - 1)**2)/4) + 0.6*exp(-((x1 + 2)**2 + (x2 + 1.5)**2)/3)"


def many_towers(**start) -> Explorer:
    """A grid of n × n towers, all of real sigmoids, that approximates a function of two variables.

    start: first values of the sliders n (towers along a side) and w (slope of the steps).
    """
    most = 10
    x1, x2 = axis("x1", -5, 5), axis("x2", -5, 5)
    z = axis("z", 0, 1.1)
    networks = []
    for n in range(1, most + 1):
        network = grid_of_towers(challenges.two_hills, n, -5, 5, slope=1.0).to_dict()
        network["layers"][0]["gain"] = "w"  # σ(w (x − s)): the slope is the slider's
        networks.append(network)
    error = average("abs(towers - target)", x1, x2, 4181, 2584)  # a hundred towers cost more than one
    parameters = [
        Parameter("n", 1, most, 4, 1, "towers along a side"),
        Parameter("w", 2, 100, 40, 1, "slope of the steps"),
    ]
    functions = {"target": HILLS, "towers": {"networks": networks, "choose": "n - 1"}}
    words = sentence(
        "n = ", ("n", 0), ": ", ("n*n", 0), " towers from ", ("2*(n + 1)", 0), " steps and ", ("n*n", 0),
        " tower neurons. Mean error ", ("error", 4), ", where the target's mean is ", ("mean_target", 3), ".",
    )  # fmt: skip

    def build(panels, constants):
        return Explorer(
            parameters, functions, panels, [words], constants=constants, averages={"error": error}, start=start,
            network=lambda v: grid_of_towers(challenges.two_hills, v["n"], -5, 5, slope=v["w"]), columns=3, ratio=0.95,
        )  # fmt: skip

    errors = []
    mean_target = average("target", x1, x2, 4181, 2584)
    measure = Explorer(parameters, functions, [], [], averages={"error": error, "mean": mean_target})
    for n in range(1, most + 1):
        measure.sliders["n"].value = n
        errors.append(measure.average("error"))
    shown = [
        surface("target", "target", x1, x2, z),
        surface("sum of the towers", "towers", x1, x2, z),
        curves("mean error (always for w = 40)", axis("count", 0, most + 1, "n, towers along a side"), axis("e", 0, 0.55, "mean error"),
               [curve("n × n towers", points=("counts", "errors"), dots=True)], marks=[("n", "n")]),
    ]  # fmt: skip
    constants = {"counts": list(range(1, most + 1)), "errors": errors, "mean_target": measure.average("mean")}
    return build(shown, constants)
