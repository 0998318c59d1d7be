"""The scores of the two challenges, against the published numbers and against brute force."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from helpers import functions
from helpers.challenges import (
    BUMP_GOLD,
    BUMP_PASS,
    TOWER_GOLD,
    TOWER_PASS,
    best_bump_heights,
    bump_score,
    challenge_function,
    challenge_network,
    check_best_heights,
    check_bias_range,
    tower_misfit,
)
from helpers.networks.towers import tower_network

TARGET = functions.logit(challenge_function(np.arange(100) / 100))


def tower_score(slope=50.0, tilt=1.0, offset=100.0, gain=100.0, bias=-200.0):
    return tower_misfit(tower_network(slope, tilt, offset, gain, bias)).total


def refused(function, *arguments):
    """What is said, in one line, of arguments that a function refuses."""
    with pytest.raises(ValueError) as caught:
        function(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_curve():
    assert challenge_function(0) == 0.25
    assert challenge_function(1) == pytest.approx(0.6 + 0.3 * np.sin(15) + 0.05 * np.cos(50), rel=1e-15)
    x = np.linspace(0, 1, 10001)
    assert 0 < challenge_function(x).min() and challenge_function(x).max() < 1


@pytest.mark.parametrize(("n", "score"), [(5, 0.3717), (10, 0.2727), (20, 0.1237), (50, 0.0538)])
def test_best_scores(n, score):
    assert bump_score(best_bump_heights(n)) == pytest.approx(score, abs=5e-5)


def test_printed_scores_of_five_bumps():
    assert np.round(best_bump_heights(), 2).tolist() == [-1.24, -1.42, -0.34, -0.98, 1.14]
    assert bump_score(np.round(best_bump_heights(), 1)) == pytest.approx(0.3734, abs=5e-5)
    assert bump_score(np.zeros(5)) == pytest.approx(1.055, abs=5e-4)
    means = TARGET.reshape(5, 20).mean(axis=1)
    assert bump_score(means) == pytest.approx(0.391, abs=5e-4)
    # Medians win gold, means pass, and both would not if the heights followed f instead of logit(f).
    assert bump_score(best_bump_heights()) < BUMP_GOLD < bump_score(means) < BUMP_PASS
    assert bump_score(functions.sigmoid(best_bump_heights())) > 1


@pytest.mark.parametrize("n", [1, 3, 5, 7, 29, 100])
def test_score_and_best_heights_against_loops_and_perturbations(n):
    rng = np.random.default_rng(n)
    heights = rng.normal(size=n)
    # k/100 lies in the bin number floor(k·n/100), in whole numbers.
    expected = np.mean([abs(TARGET[k] - heights[(k * n) // 100]) for k in range(100)])
    assert bump_score(heights) == pytest.approx(expected, rel=1e-14)
    best = best_bump_heights(n)
    for _ in range(50):
        assert bump_score(best + rng.normal(scale=0.1, size=n)) >= bump_score(best) - 1e-12


def test_a_point_on_an_edge_belongs_to_the_bin_on_its_right():
    # 0.29·100 is 28.999...: binning by floats would put it one bin too far left.
    assert bump_score(TARGET) == 0.0


def test_the_network_draws_what_the_score_says():
    heights = best_bump_heights()
    network = challenge_network(heights, slope=1e5)
    x = np.arange(100) / 100 + 1e-3  # off the edges, where real steps are half-way
    assert np.allclose(functions.logit(network(x)), heights[np.arange(100) // 20], atol=1e-9)
    assert np.allclose(functions.logit(challenge_network(heights)([0, 1])), heights[[0, -1]], atol=1e-9)


@pytest.mark.parametrize(
    ("weights", "score"),
    [
        ({"bias": -100}, 147.722),
        ({}, 54.589),
        ({"bias": -190}, 4.365),
        ({"gain": 10, "bias": -15}, 4.922),
        ({"bias": -150}, 2.002),
        ({"gain": 133}, 2.000),
        ({"slope": 75, "offset": 150, "bias": -150}, 1.332),
        ({"slope": 100, "offset": 200, "bias": -150}, 1.000),
        ({"gain": 20, "bias": -30, "tilt": 0}, 0.597),
        ({"bias": -150, "tilt": 0}, 0.094),
        ({"gain": 0}, 100),
    ],
)
def test_the_table_of_tower_scores(weights, score):
    """The scores on the right were computed on 2,500 × 2,500 points."""
    assert tower_score(**weights) == pytest.approx(score, abs=0.08)


def test_who_passes_and_who_wins_gold():
    assert tower_score() > TOWER_PASS
    assert TOWER_GOLD < tower_score(bias=-150) <= TOWER_PASS
    assert tower_score(bias=-150, tilt=0) <= TOWER_GOLD
    assert tower_score(bias=-150, tilt=0, offset=80) > TOWER_PASS  # too narrow
    assert tower_score(bias=-150, tilt=0, offset=-100) == pytest.approx(100, abs=0.1)  # upside down: no tower
    random = np.random.default_rng(0)
    low, high = np.array([[5, -2, 0, 0, -300], [100, 2, 200, 200, 0]])
    scores = [tower_score(*random.uniform(low, high)) for _ in range(200)]
    assert np.mean(np.array(scores) <= TOWER_PASS) < 0.05  # not by luck


def test_misfit_of_shapes_whose_volume_is_known():
    def box(x1, x2):
        return 1.0 * ((abs(x1) < 2) & (abs(x2) < 2))

    assert tower_misfit(box) == pytest.approx((0, 0, 0), abs=1e-12)
    assert tower_misfit(lambda x1, x2: 0 * (x1 + x2)) == pytest.approx((100, 0, 0), abs=0.1)
    assert tower_misfit(lambda x1, x2: 0.5 * box(x1, x2)) == pytest.approx((50, 0, 0), abs=0.1)
    # A 1 everywhere: arms 4·(3·4) = 48 and corners 4·9 = 36, in units of the 16 of the box.
    assert tower_misfit(lambda x1, x2: 1 + 0 * (x1 + x2)) == pytest.approx((0, 300, 225), abs=0.2)
    assert tower_misfit(lambda x1, x2: 3 * box(x1 * 2, x2 * 2), half_width=1, height=3) == pytest.approx(
        (0, 0, 0), abs=1e-12
    )
    shifted = tower_misfit(lambda x1, x2: box(x1 - 1, x2))
    assert shifted == pytest.approx((25, 25, 0), abs=0.1) and shifted.total == pytest.approx(50, abs=0.1)


@pytest.mark.parametrize("heights", [[], [np.nan], [np.inf] * 5, np.zeros((5, 1)), np.zeros(101), 3.0, None, ["a"]])
@pytest.mark.parametrize("function", [bump_score, challenge_network])
def test_heights_that_cannot_be_scored(function, heights):
    refused(function, heights)


@pytest.mark.parametrize("n", [0, -1, 101, 2.5, True, None, "5"])
def test_numbers_of_bumps_that_cannot_be(n):
    assert "whole number" in refused(best_bump_heights, n)


@pytest.mark.parametrize("half_width, height", [(0, 1), (5, 1), (np.nan, 1), (2, 0), (2, -1), (2, "1")])
def test_targets_that_cannot_be(half_width, height):
    refused(tower_misfit, tower_network(), half_width, height)


@pytest.mark.parametrize("values", [np.zeros(3), np.nan, None])
def test_functions_that_cannot_be_scored(values):
    refused(tower_misfit, lambda x1, x2: values)


# ---------------------------------------------------------------- the exercises of notebook 03


@pytest.mark.parametrize(
    ("answer", "status", "mistake"),
    [
        (lambda n: np.median(TARGET.reshape(n, -1), axis=1), "correct", None),
        (lambda n: [float(np.median(part)) for part in np.split(TARGET, n)], "correct", None),
        (lambda n: ..., "not attempted", None),
        (lambda n: None, "error", None),
        (lambda n: 1 / 0, "error", None),
        (lambda n: "high", "error", None),
        (lambda n: np.full(n, np.nan), "error", None),
        (lambda n: np.median(TARGET), "wrong", "one_number"),
        (lambda n: np.median(TARGET.reshape(-1, n), axis=1), "wrong", "shape"),
        (lambda n: TARGET, "wrong", "shape"),
        (lambda n: [-1.24, -1.42, -0.34, -0.98, 1.14], "wrong", "shape"),
        (lambda n: [np.median(part[:-1]) for part in np.split(TARGET, n)], "wrong", "last_lost"),
        (lambda n: [np.median(part[1:]) for part in np.split(TARGET, n)], "wrong", "first_lost"),
        (lambda n: [np.median(TARGET[20 * i : 20 * i + 20]) for i in range(n)], "wrong", "right_for_some"),
        (lambda n: [np.median(part[1:-1]) for part in np.split(TARGET, n)], "wrong", "not_best"),
        (lambda n: [sorted(part)[len(part) // 2 - 1] for part in np.split(TARGET, n)], "wrong", "right_for_some"),
        (lambda n: [sorted(part)[len(part) // 2] for part in np.split(TARGET, n)], "correct", None),
        (lambda n: [Fraction(float(np.median(part))) for part in np.split(TARGET, n)], "correct", None),
        (lambda n: np.float32([np.quantile(part, 0.5) for part in np.split(TARGET, n)]), "correct", None),
        (lambda n: np.mean(TARGET.reshape(n, -1), axis=1), "wrong", "mean"),
        (lambda n: np.median(functions.sigmoid(TARGET).reshape(n, -1), axis=1), "wrong", "no_inverse"),
        (lambda n: np.zeros(n), "wrong", None),
        (None, "error", None),
    ],
)
def test_check_of_the_best_heights(answer, status, mistake):
    feedback = check_best_heights(answer)
    assert feedback.status == status and feedback.message
    if mistake:
        assert feedback.mistake == mistake


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        ((-200 + np.log(19), -100 - np.log(19)), "correct"),
        ((-197.06, -102.94), "correct"),
        ((Fraction(-19706, 100), Decimal("-102.94")), "correct"),
        ((np.float64(-197.06), np.array([-102.94])), "correct"),
        (("-200 + log(19)", "-100-ln(19)"), "correct"),
        (("-197.06", -102.94), "correct"),
        (("-200", "-100"), "wrong"),
        (("-197,06", -102.94), "error"),
        ((197.06, 102.94), "wrong"),
        ((-1.9706, -1.0294), "wrong"),
        ((None, None), "not attempted"),
        ((..., ...), "not attempted"),
        ((-197.06, None), "wrong"),
        ((-102.94, -197.06), "wrong"),
        ((-200, -100), "wrong"),
        ((-190, -110), "wrong"),
        (("a", -100), "error"),
        ((np.array([-197.06, -102.94]), 0), "error"),
        ((np.nan, -102.94), "error"),
    ],
)
def test_check_of_the_bias_range(ends, status):
    feedback = check_bias_range(*ends)
    assert feedback.status == status and feedback.message
