"""Bumps and towers against every printed digit of assignment keys 000.3a and 000.3b, and the closed forms for their shapes.

Where float64 cannot give a printed number - 1.87e-13 as 1 minus something that is close to 1, say - it is held to what
it can do.
"""

from itertools import pairwise

import mpmath
import numpy as np
import pytest

from helpers.functions import sigmoid
from helpers.networks.towers import (
    approximation_error,
    bump_half_maximum,
    bumps,
    grid_of_towers,
    step_width,
    tilt_angle,
    tower_bias_range,
    tower_footprint,
    tower_levels,
    tower_network,
)

# x, h11, h12, h21
TABLE_A = """
-1    7.61366046747696e-205 6.66690998269791e-231 7.61366046747696e-205
-0.1  2.06115361819020e-9   1.80485138784542e-35  2.06115361819020e-9
-0.07 0.00669285092428486   5.90009054159706e-29  0.00669285092428486
-0.06 0.500000000000000     8.75651076269652e-27  0.500000000000000
-0.05 0.993307149075715     1.29958142500750e-24  0.993307149075715
0     0.999999999999906     9.35762296883930e-14  0.999999999999813
0.05  1.00000000000000      0.00669285092428486   0.993307149075715
0.06  1.00000000000000      0.500000000000000     0.500000000000000
0.07  1.00000000000000      0.993307149075715     0.00669285092428486
0.1   1.00000000000000      0.999999997938846     2.06115361819020e-9
1     1.00000000000000      1.00000000000000      7.61366046747696e-205
"""

# x1, x2, h21, h22, h31, f at bias -200, -150, -100
TABLE_B = """
0 0      1.00000000000000 1.00000000000000 2.00000000000000 0.500000000000000 1.00000000000000 1.00000000000000
1 1      1.00000000000000 1.00000000000000 2.00000000000000 0.500000000000000 1.00000000000000 1.00000000000000
1.9 0    1.00000000000000 0.993307149075715 1.99330714907572 0.338656939040502 1.00000000000000 1.00000000000000
1.96 0   1.00000000000000 0.880797077977882 1.88079707797788 6.65395691001452e-6 1.00000000000000 1.00000000000000
2 0      1.00000000000000 0.500000000000000 1.50000000000000 1.92874984796392e-22 0.500000000000000 1.00000000000000
0 2      0.500000000000000 1.00000000000000 1.50000000000000 1.92874984796392e-22 0.500000000000000 1.00000000000000
2.1 0    1.00000000000000 0.00669285092428486 1.00669285092428 7.26471585065995e-44 3.76654124345308e-22 0.661343060959498
1.9607843137254902 1.9607843137254902 0.500000000000000 0.500000000000000 1.00000000000000 3.72007597602080e-44 1.92874984796390e-22 0.499999999999997
1.9 1.9  0.956892745058914 0.956892745058914 1.91378549011783 0.000180166133188703 1.00000000000000 1.00000000000000
2 2      0.119202922022118 0.119202922022118 0.238405844044235 3.12563219449063e-77 1.62054825191053e-55 8.40206548102265e-34
-2 2     0.880797077977882 0.880797077977882 1.76159415595576 4.42757317740321e-11 0.999999999995644 1.00000000000000
-2.0408163265306123 2.0408163265306123 0.499999999999999 0.499999999999999 0.999999999999999 3.72007597602033e-44 1.92874984796366e-22 0.499999999999966
0 4      3.72007597602084e-44 1.00000000000000 1.00000000000000 3.72007597602084e-44 1.92874984796392e-22 0.500000000000000
4 0      1.00000000000000 3.72007597602084e-44 1.00000000000000 3.72007597602084e-44 1.92874984796392e-22 0.500000000000000
4 4      6.81355682154530e-46 6.81355682154530e-46 1.36271136430906e-45 1.38389652673674e-87 7.17509597316441e-66 3.72007597602084e-44
-4 4     2.03109266273481e-42 2.03109266273481e-42 4.06218532546962e-42 1.38389652673674e-87 7.17509597316441e-66 3.72007597602084e-44
4.9 -0.09 1.00000000000000 1.16516284530271e-63 1.00000000000000 3.72007597602084e-44 1.92874984796392e-22 0.500000000000000
4.9 0.09 1.00000000000000 9.73225816124557e-64 1.00000000000000 3.72007597602084e-44 1.92874984796392e-22 0.500000000000000
5 5      4.83454163805334e-68 4.83454163805334e-68 9.66908327610667e-68 1.38389652673674e-87 7.17509597316441e-66 3.72007597602084e-44
-5 2.05  0.924141819978756 5.57354359478011e-65 0.924141819978756 1.88830833722243e-47 9.79032267567420e-26 0.000507341874600528
"""  # noqa: E501


def rows(table):
    return [[float(number) for number in line.split()] for line in table.strip().splitlines()]


def bump(x, slope, start, end):
    return sigmoid(slope * (x - start)) - sigmoid(slope * (x - end))


def hill(x1, x2):
    return np.exp(-(x1**2) - x2**2)


# ---------------------------------------------------------------- networks


@pytest.mark.parametrize("row", rows(TABLE_A), ids=lambda row: str(row[0]))
def test_the_printed_bump(row):
    x, *printed = row
    units = bumps([-0.06, 0.06], [1], 500).units(x)
    # 500x ± 30 is rounded at 500, so that a unit far from its step has 13 digits, not 15; the difference of two units
    # near 1 has no relative accuracy: at x = 1 float64 gives 0, not 7.6e-205.
    assert [units["up_1"], units["down_1"]] == pytest.approx(printed[:2], rel=2e-13)
    assert units["f"] == pytest.approx(printed[2], rel=2e-13, abs=2e-16)


@pytest.mark.parametrize("row", rows(TABLE_B), ids=lambda row: f"{row[0]},{row[1]}")
def test_the_printed_tower(row):
    x1, x2, *printed = row
    units = tower_network().units(x1, x2)
    assert list(units) == ["h11", "h12", "h13", "h14", "h21", "h22", "h31", "f"]
    # h21, h22: differences of two numbers that may both be close to 1: float64 has their absolute value only.
    assert [units[name] for name in ("h21", "h22", "h31")] == pytest.approx(printed[:3], rel=2e-14, abs=4e-15)
    # f: an error of 4e-15 in h31 is one of 4e-13 in 100·h31, which is the relative error of a small f.
    found = [tower_network(bias=bias)(x1, x2) for bias in (-200, -150, -100)]
    assert found == pytest.approx(printed[3:], rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_random_bumps(seed):
    rng = np.random.default_rng(seed)
    edges, heights, slope = np.cumsum(rng.uniform(0.1, 3, size=5)), rng.normal(size=4) * 3, 10 ** rng.uniform(0, 4)
    network = bumps(edges, heights, slope)
    x = rng.uniform(-1, 12, size=300)
    parts = [height * bump(x, slope, *ends) for ends, height in zip(pairwise(edges), heights, strict=True)]
    assert np.allclose(network(x), sum(parts), atol=1e-9)
    assert np.allclose(bumps(edges, heights, slope, output="sigmoid")(x), sigmoid(sum(parts)), atol=1e-9)
    assert [len(layer.names) for layer in network.layers] == [8, 1]


def test_a_grid_of_towers_is_the_sum_of_its_towers():
    n, slope, gain = 3, 40.0, 18.0  # the gain: see below
    network = grid_of_towers(lambda x1, x2: x1 + 3 * x2, n, -1.0, 2.0, slope)
    edges = [-1.5, 0, 1, 2.5]
    x1, x2 = np.random.default_rng(2).uniform(-2, 3, size=(2, 400))
    expected = 0
    for i in range(n):
        for j in range(n):
            both = bump(x1, slope, *edges[i : i + 2]) + bump(x2, slope, *edges[j : j + 2])
            expected = expected + (i - 0.5 + 3 * (j - 0.5)) * sigmoid(gain * both - 1.5 * gain)
    assert np.allclose(network(x1, x2), expected, atol=1e-10)
    assert [len(layer.names) for layer in network.layers] == [2 * (n + 1), n * n, 1]
    units = network.units(-0.5, 1.5)
    assert units["tower_1_3"] > 0.99 and units["tower_3_1"] < 0.01


def test_the_gain_keeps_the_arms_low_and_is_no_larger_than_needed():
    for n in (1, 2, 3, 12, 30):
        gain = grid_of_towers(lambda x1, x2: 0.0, n, 0, 1, 9).layers[1].weights.max()
        assert 2 * n * sigmoid(-gain / 2) < 0.001 <= 2 * n * sigmoid(-(gain - 1) / 2)


@pytest.mark.parametrize("n", [2, 12])
def test_towers_side_by_side(n):
    slope = 1000 * n
    network = grid_of_towers(lambda x1, x2: 1.0, n, 0, n, slope)
    t = np.linspace(-4, 4, 81) / slope
    # Across an edge, half-way between corners, the two towers sum to 1, and so they do at the rim.
    assert np.allclose(network(1 + t, 0.5), 1, atol=1.1e-3) and np.allclose(network(0.5, 1 + t), 1, atol=1.1e-3)
    assert np.allclose(network([0, 0, n, n], [0, 0.5, n - 0.5, n]), 1, atol=1.1e-3)
    # At a corner there is a hole, whatever the slope: each of the four units gets as little as on an arm.
    gain = network.layers[1].weights.max()
    assert network(1, 1) == pytest.approx(4 * sigmoid(-gain / 2), abs=1e-3)
    # It is a few times 1/slope wide.
    assert network(1 + 1.2 / slope, 1 + 1.2 / slope) < 0.9 and network(1 + 8 / slope, 1 + 8 / slope) > 0.99


def test_the_error_itself():
    error = approximation_error(lambda x: x, bumps([-9, 9], [1], 100), 0, 1, points=11)
    assert error.mean == pytest.approx(0.5) and error.maximum == pytest.approx(1)
    assert approximation_error(lambda x1, x2: 0.0, tower_network(), -1, 1).maximum == pytest.approx(0.5)


# ---------------------------------------------------------------- closed forms


@pytest.mark.parametrize("bias", [0.1, 1, 30, 300])
def test_half_maximum(bias):
    """Where σ(x + b) − σ(x − b) is half of its peak tanh(b/2), with 60 digits."""
    found = bump_half_maximum(4, bias)
    with mpmath.workdps(60):
        exact = mpmath.acosh(2 + mpmath.cosh(mpmath.mpf(bias)))
        up, down = (1 / (1 + mpmath.exp(-exact + sign * bias)) for sign in (-1, 1))
        assert abs((up - down) / mpmath.tanh(mpmath.mpf(bias) / 2) - 0.5) < mpmath.mpf("1e-40")
    assert found == pytest.approx(float(exact) / 4, rel=1e-14)
    assert bump_half_maximum() - 0.06 == pytest.approx(7.48609837507074e-16, rel=0.05)


def test_step_width():
    assert step_width(500) == pytest.approx(0.00878889830934155, rel=1e-14) == step_width(-500)


def test_levels_and_the_table_of_gains():
    for bias, expected in [
        (-200, (0.5, 3.72007597602084e-44, 1.38389652673674e-87)),
        (-100, (1, 0.5, 3.72007597602084e-44)),
    ]:
        assert tower_levels(100, bias) == pytest.approx(expected, rel=1e-14)
    assert tower_levels() == tower_levels(100, -200)
    for gain, printed in [(1, (0.622, 0.378, 0.182)), (3, (0.818, 0.182, 0.011)), (5, (0.924, 0.076, 0.0006))]:
        assert tower_levels(gain, -1.5 * gain) == pytest.approx(printed, abs=5.1e-4)


def test_the_biases_that_make_a_tower():
    low, high = tower_bias_range(100)
    assert low == pytest.approx(np.log(19) - 200) and high == pytest.approx(-np.log(19) - 100)
    for gain in (6, 10, 100):
        smallest, largest = tower_bias_range(gain)
        for bias in (smallest + 1e-9, largest - 1e-9):
            assert tower_levels(gain, bias).centre >= 0.95 and tower_levels(gain, bias).arm <= 0.05
        assert tower_levels(gain, smallest - 0.01).centre < 0.95 and tower_levels(gain, largest + 0.01).arm > 0.05
    assert tower_bias_range(2 * np.log(19) + 1e-9) is not None and tower_bias_range(2 * np.log(19) - 1e-9) is None
    assert tower_bias_range(9.2, 0.01, 0.99) is not None and tower_bias_range(9.1, 0.01, 0.99) is None


def test_footprint():
    corners, area = tower_footprint()
    assert np.allclose(corners[:2], [[1.96078431372549] * 2, [-2.04081632653061, 2.04081632653061]], rtol=1e-14)
    assert area == pytest.approx(16.0064025610244, rel=1e-14)
    for slope, tilt, offset in [(50, 1, 100), (50, 0, 100), (7, -3, 2)]:
        corners, area = tower_footprint(slope, tilt, offset)
        (x, y), (x_next, y_next) = corners.T, np.roll(corners, -1, axis=0).T
        assert np.sum(x * y_next - x_next * y) / 2 == pytest.approx(area, rel=1e-12)  # > 0: counter-clockwise
        assert np.allclose(np.abs(tilt * x + slope * y), offset) and np.allclose(np.abs(slope * x + tilt * y), offset)


def test_tilt():
    assert tilt_angle() == pytest.approx(1.14576283817510, rel=1e-14)
    assert tilt_angle(50, -1) == -tilt_angle() and tilt_angle(1, 1) == pytest.approx(45)


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize("slope", [0, -5, np.nan, None, "5", 1j, [1.0, 2.0]])
def test_slopes_that_cannot_be(slope):
    with pytest.raises(ValueError, match="slope") as caught:
        bumps([0, 1], [1], slope)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bumps([1, 0], [1], 9), "from left to right"),
        (lambda: bumps([0, 1], [1, 2], 9), "one height between"),
        (lambda: bumps([0, 1], [1], 9, output="step"), "activation 'step' is unknown"),
        (lambda: tower_network(tilt=np.inf), "weights must be finite"),
        (lambda: grid_of_towers(np.hypot, 0, 0, 1, 9), "n must be a whole number"),
        (lambda: grid_of_towers(np.hypot, 3, 0, 1, 0), "slope must be greater"),
        (lambda: grid_of_towers(np.hypot, 3, 1, 0, 9), "low must be smaller"),
        (lambda: grid_of_towers(lambda x1, x2: x1 * np.nan, 3, 0, 1, 9), "values must be finite"),
        (lambda: grid_of_towers(lambda x1, x2: x1[0], 3, 0, 1, 9), "of the shape it is given"),
        (lambda: approximation_error(hill, tower_network(), 0, 1, points=1), "n must be a whole number"),
        (lambda: step_width(0), "no step"),
        (lambda: bump_half_maximum(0, 1), "slope must be greater"),
        (lambda: bump_half_maximum(1, 0), "bias must be greater"),
        (lambda: tower_footprint(1, 1, 1), "parallel"),
    ],
)
def test_what_cannot_be_is_a_value_error_in_one_line(call, message):
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
