"""Bumps and towers against every printed digit of assignment keys 000.3a and 000.3b.

Where float64 cannot give a printed number - 1.87e-13 as 1 minus something that is close to 1, say - the test
says so, the formula is checked with mpmath, and float64 is held to what it can do.
"""

from functools import partial
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from helpers.functions import sigmoid
from helpers.networks import towers
from helpers.networks.towers import (
    approximation_error,
    bump_half_maximum,
    bump_network,
    bump_value,
    bumps,
    grid_of_bumps,
    grid_of_towers,
    half_height_crossing,
    step_position,
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
    return [line.split() for line in table.strip().splitlines()]


def same_digits(value, printed, digits=15):
    """The value, of any precision, agrees with the printed digits to one unit of the last of them."""
    value, printed = mpmath.mpf(value), mpmath.mpf(printed)
    return abs(value - printed) <= mpmath.mpf(10) ** (1 - digits) * abs(printed)


def exact_sigmoid(z):
    return 1 / (1 + mpmath.exp(-z))


def exact_tower(x1, x2, bias):
    """h21, h22, h31, f of key 000.3b, in mpmath's working precision."""
    h21 = exact_sigmoid(x1 + 50 * x2 + 100) - exact_sigmoid(x1 + 50 * x2 - 100)
    h22 = exact_sigmoid(50 * x1 + x2 + 100) - exact_sigmoid(50 * x1 + x2 - 100)
    return h21, h22, h21 + h22, exact_sigmoid(100 * (h21 + h22) + bias)


# ---------------------------------------------------------------- 000.3a, the bump


@pytest.mark.parametrize("row", rows(TABLE_A), ids=lambda row: row[0])
def test_the_printed_bump(row):
    x, *printed = row
    units = bump_network().units(float(x))
    assert list(units) == ["h11", "h12", "h21"]
    # 500x ± 30 is rounded at 500, so that a unit far from its step has 13 digits, not 15.
    for name, digits in (("h11", printed[0]), ("h12", printed[1])):
        assert units[name] == pytest.approx(float(digits), rel=2e-13)
    # The difference of two units near 1 has no relative accuracy: at x = 1 float64 gives 0, not 7.6e-205. ...
    assert units["h21"] == pytest.approx(float(printed[2]), rel=2e-13, abs=2e-16)
    # ... The closed form has it.
    assert bump_value(float(x)) == pytest.approx(float(printed[2]), rel=2e-13)
    with mpmath.workdps(400):
        x = mpmath.mpf(x)
        exact = exact_sigmoid(500 * x + 30), exact_sigmoid(500 * x - 30)
        for value, digits in zip((*exact, exact[0] - exact[1]), printed, strict=True):
            assert same_digits(value, digits)


def test_the_bump_is_even_and_the_difference_of_its_units_is_not_in_the_tail():
    x = np.linspace(0, 1, 101)
    assert np.array_equal(bump_value(x), bump_value(-x))
    assert bump_network()(1.0) == 0.0 and bump_value(1.0) > 0


@pytest.mark.parametrize("mistake", ["reversed", "product", "sum", "slope outside"])
def test_wrong_bumps_are_not_the_bump(mistake):
    x = np.array([-0.07, -0.06, -0.05, 0, 0.05, 0.06, 0.07])
    h11, h12 = sigmoid(500 * x + 30), sigmoid(500 * x - 30)
    wrong = {
        "reversed": h12 - h11,  # as with the parenthesis or the minus of exp(-(500x + 30)) lost
        "product": h11 * h12,
        "sum": h11 + h12,
        "slope outside": sigmoid(500 * (x + 30)) - sigmoid(500 * (x - 30)),
    }[mistake]
    assert np.abs(bump_network()(x) - wrong).max() > 0.9
    assert np.allclose(bump_network()(x), h11 - h12, rtol=1e-14)
    if mistake == "reversed":
        assert np.allclose(bump_network(output_weights=(-1, 1))(x), wrong, rtol=1e-14)
        assert wrong[:3] == pytest.approx([-0.00669285092428486, -0.5, -0.993307149075715], rel=1e-12)
    if mistake == "product":
        printed = [3.94884264346922e-31, 4.37825538134826e-27, 1.29088352026596e-24]
        assert wrong[:3] == pytest.approx(printed, rel=1e-12)


def test_peak_of_the_bump():
    assert bump_value(0.0) == pytest.approx(np.tanh(15), rel=1e-15) == pytest.approx(0.9999999999998128, rel=1e-15)
    # 1 - peak = 1.87152459376786e-13 has 3 digits left in float64.
    assert 1 - bump_value(0.0) == pytest.approx(1.87152459376786e-13, rel=1e-3)
    assert 2 / (np.exp(30) + 1) == pytest.approx(1.87152459376786e-13, rel=1e-14)


def test_half_maximum_of_the_bump():
    with mpmath.workdps(60):
        exact = mpmath.acosh(2 + mpmath.cosh(30)) / 500
        assert same_digits(exact - mpmath.mpf("0.06"), "7.48609837507074e-16")
        assert same_digits(2 * exact - mpmath.mpf("0.12"), "1.49721967501415e-15")
        assert same_digits(exact, "0.060000000000000748610", 17)
        assert abs(mpmath.mpf(float(bump_half_maximum())) - exact) < mpmath.mpf(
            "1.5e-17"
        )  # two units in the last place
        # Half of the peak, and not 1/2; at ±0.06 the bump is 1/2 - 8.8e-27.
        half = exact_sigmoid(500 * exact + 30) - exact_sigmoid(500 * exact - 30)
        assert abs(half - mpmath.tanh(15) / 2) < mpmath.mpf("1e-50")
        edge = exact_sigmoid(mpmath.mpf(60)) - mpmath.mpf(1) / 2
        assert same_digits(mpmath.mpf(1) / 2 - edge, "8.8e-27", 2)
    assert bump_half_maximum() > 0.06


@pytest.mark.parametrize("bias", [1e-6, 0.1, 1, 5, 30, 300, 1000, 1e6])
def test_half_maximum_for_any_bias(bias):
    with np.errstate(all="raise"), mpmath.workdps(60):
        exact = mpmath.acosh(2 + mpmath.cosh(mpmath.mpf(bias))) if bias < 2000 else mpmath.mpf(bias)
        assert float(bump_half_maximum(1, bias)) == pytest.approx(float(exact), rel=1e-15)
        assert bump_half_maximum(-4, bias) == bump_half_maximum(1, bias) / 4


def test_bump_value_everywhere():
    with np.errstate(all="raise"):
        assert bump_value([-1e300, -1e5, 1e5, 1e300]).tolist() == [0, 0, 0, 0]
        assert bump_value(0.0, slope=1, bias=1e4) == 1.0
        assert bump_value([0.0, 1.0], bias=0).tolist() == [0, 0]
    x = np.linspace(-3, 3, 50)
    for slope, bias in [(2, 3), (-2, 3), (5, -1), (0, 2), (1, 1e-9)]:
        assert np.allclose(
            bump_value(x, slope, bias), sigmoid(slope * x + bias) - sigmoid(slope * x - bias), atol=1e-15
        )
    assert type(bump_value(0)) is np.float64 and bump_value(np.zeros((2, 3))).shape == (2, 3)


def test_area_and_edges_of_the_bump():
    x, step = np.linspace(-0.5, 0.5, 200001, retstep=True)
    assert np.sum(bump_value(x)) * step == pytest.approx(0.12, rel=1e-12)
    assert step_width(500) == pytest.approx(0.00878889830934155, rel=1e-14)
    assert step_width(500) == pytest.approx(np.log(81) / 500, rel=1e-14)
    slope_at_the_step = sigmoid(30 - 500 * 0.06 + 1e-30j * 500).imag / 1e-30
    assert slope_at_the_step == pytest.approx(125, rel=1e-14)
    above = [np.sum(bump_value(np.linspace(-1, 1, points)) > 0.5) for points in (50, 100)]
    assert above == [2, 6]  # what a picture with so few points has to work with


def test_step_position_and_width():
    assert step_position(500, 30) == -0.06 and step_position(500, -30) == 0.06
    assert step_position(-2, 1) == 0.5
    assert step_position([1, 2], [[3], [-4]]).tolist() == [[-3, -1.5], [4, 2]]
    assert str(step_position(3, 0)) == "0.0" and type(step_position(3, 1)) is np.float64
    for weight, bias in np.random.default_rng(0).normal(size=(20, 2)) * 9:
        here = step_position(weight, bias)
        assert sigmoid(weight * here + bias) == pytest.approx(0.5, abs=1e-14)
        assert sigmoid(weight * (here + 0.1) + bias) != pytest.approx(0.5, abs=1e-3)
        width, sign = step_width(weight, 0.2, 0.7), np.sign(weight)
        start = step_position(weight, bias - np.log(0.2 / 0.8))
        assert width > 0 and sigmoid(weight * (start + sign * width) + bias) == pytest.approx(0.7, abs=1e-13)
    assert step_width(-500) == step_width(500) and step_width([1, 2]).shape == (2,)
    assert step_width(1) == pytest.approx(4.394449154672439, rel=1e-15)


# ---------------------------------------------------------------- 000.3b, the tower


@pytest.mark.parametrize("row", rows(TABLE_B), ids=lambda row: f"{row[0]},{row[1]}")
def test_the_printed_tower(row):
    x1, x2, *printed = row
    point = float(x1), float(x2)
    units = tower_network().units(*point)
    assert list(units) == ["h11", "h12", "h13", "h14", "h21", "h22", "h31", "f"]
    # h21, h22: differences of two numbers that may both be close to 1: float64 has their absolute value only.
    for name, digits in zip(("h21", "h22", "h31"), printed[:3], strict=True):
        assert units[name] == pytest.approx(float(digits), rel=2e-14, abs=4e-15)
    # f: an error of 4e-15 in h31 is one of 4e-13 in 100·h31, which is the relative error of a small f.
    for bias, digits in zip((-200, -150, -100), printed[3:], strict=True):
        assert tower_network(bias=bias)(*point) == pytest.approx(float(digits), rel=1e-12)
    # Where float64 cannot tell, at 300 digits: every printed digit.
    with mpmath.workdps(300):
        x1, x2 = mpmath.mpf(x1), mpmath.mpf(x2)
        for bias, digits in zip((-200, -150, -100), printed[3:], strict=True):
            *ridges, f = exact_tower(x1, x2, bias)
            assert same_digits(f, digits)
            assert all(same_digits(value, text) for value, text in zip(ridges, printed[:3], strict=True))


def test_where_float64_gives_exactly_the_flat_value():
    network = tower_network()
    assert network(0, 0) == 0.5 and network(1, 1) == 0.5
    # In truth f(0, 0) is below 1/2 by 3.72e-42, and the cross below 2 by 1.49e-43.
    with mpmath.workdps(200):
        _, _, h31, f = exact_tower(0, 0, -200)
        assert same_digits(mpmath.mpf(1) / 2 - f, "3.72007597602084e-42")
        assert same_digits(2 - h31, "1.48803039040833e-43")
        assert same_digits(1 - exact_tower(0, 0, -150)[3], "1.92874984796392e-22")


@pytest.mark.parametrize(
    ("mistake", "printed"),
    [
        ("product", ["3.72007597602084e-44", "1.38389652673674e-87", "1.38389652673674e-87"]),
        ("no_gain", ["1.02256890711730e-86", "3.76182078109606e-87", "1.38389652673674e-87"]),
        ("sum12", ["0.500000000000000", "1.00000000000000", "0.500000000000000"]),
        ("minus", ["1.38389652673674e-87", "5.14820022241201e-131", "1.38389652673674e-87"]),
        ("bias_-150", ["1.00000000000000", "1.92874984796392e-22", "7.17509597316441e-66"]),
    ],
)
def test_wrong_towers_are_not_the_tower(mistake, printed):
    x1, x2 = np.array([[0, 0], [0, 4], [4, 4], [2, 0]]).T
    units = tower_network().units(x1, x2)
    h11, h12, h13, h14, h21, h22 = (units[name] for name in ("h11", "h12", "h13", "h14", "h21", "h22"))
    f = {
        "product": sigmoid(100 * h21 * h22 - 200),
        "no_gain": sigmoid(h21 + h22 - 200),
        "sum12": sigmoid(100 * (h11 + h12 + h13 - h14) - 200),
        "minus": sigmoid(100 * (h21 - h22) - 200),
        "bias_-150": sigmoid(100 * (h21 + h22) - 150),
    }[mistake]
    if mistake != "sum12":
        assert np.allclose(f[:3], np.array(printed, dtype=float), rtol=1e-12, atol=0)
    right = tower_network()(x1, x2)
    assert np.any(np.abs(f - right) > 1e-3 * np.maximum(f, right))
    assert h11[1] == 1 and units["h13"][1] == 1 and units["h11"][1] - units["h12"][1] == 0


def test_symmetries_of_the_tower():
    x1, x2 = np.random.default_rng(1).uniform(-5, 5, size=(2, 500))
    f = tower_network(bias=-150)(x1, x2)
    assert np.allclose(f, tower_network(bias=-150)(x2, x1), rtol=1e-11)
    assert np.allclose(f, tower_network(bias=-150)(-x1, -x2), rtol=1e-11)
    # It is not symmetric in x1 alone: the rhombus reaches further along the antidiagonal.
    assert tower_network(bias=-150)(1.97, 1.97) < 0.01
    assert tower_network(bias=-150)(-1.97, 1.97) > 0.99


def test_levels_and_the_table_of_gains():
    for bias, expected in [
        (-200, (0.5, 3.72007597602084e-44, 1.38389652673674e-87)),
        (-100, (1, 0.5, 3.72007597602084e-44)),
    ]:
        assert tower_levels(100, bias) == pytest.approx(expected, rel=1e-14)
    assert tower_levels(100, -150).arm == pytest.approx(1.92874984796392e-22, rel=1e-14)
    assert tower_levels() == tower_levels(100, -200)
    for gain, printed in [(1, (0.622, 0.378, 0.182)), (3, (0.818, 0.182, 0.011)), (5, (0.924, 0.076, 0.0006)),
                          (10, (0.9933, 0.0067, 3e-7))]:  # fmt: skip
        for value, digits in zip(tower_levels(gain, -1.5 * gain), printed, strict=True):
            assert abs(value - digits) <= 0.51 * 10.0 ** -len(str(digits).split(".")[-1]) or digits == 3e-7
        assert tower_levels(gain, -1.5 * gain).centre == pytest.approx(1 - tower_levels(gain, -1.5 * gain).arm)
    assert tower_levels(10, -15).outside == pytest.approx(3e-7, rel=0.03)


def test_the_biases_that_make_a_tower():
    low, high = tower_bias_range(100)
    assert low == pytest.approx(np.log(19) - 200) and high == pytest.approx(-np.log(19) - 100)
    assert not low <= -200 and not -100 <= high and low <= -150 <= high
    for gain in (6, 10, 100):
        smallest, largest = tower_bias_range(gain)
        assert (smallest + largest) / 2 == pytest.approx(-1.5 * gain)
        for bias in (smallest, largest, (smallest + largest) / 2):
            levels = tower_levels(gain, bias)
            assert levels.centre >= 0.95 - 1e-12 and levels.arm <= 0.05 + 1e-12
        assert tower_levels(gain, smallest - 0.01).centre < 0.95 and tower_levels(gain, largest + 0.01).arm > 0.05
    assert tower_bias_range(2 * np.log(19) + 1e-9) is not None and tower_bias_range(2 * np.log(19) - 1e-9) is None
    assert tower_bias_range(9.2, 0.01, 0.99) is not None and tower_bias_range(9.1, 0.01, 0.99) is None
    assert tower_bias_range(0) is None and tower_bias_range(-10) is None


def test_footprint():
    corners, area = tower_footprint()
    expected = [[1.96078431372549, 1.96078431372549], [-2.04081632653061, 2.04081632653061],
                [-1.96078431372549, -1.96078431372549], [2.04081632653061, -2.04081632653061]]  # fmt: skip
    assert np.allclose(corners, expected, rtol=1e-14) and area == pytest.approx(16.0064025610244, rel=1e-14)
    for slope, tilt, offset in [(50, 1, 100), (50, 0, 100), (7, -3, 2), (50, -1, 100)]:
        corners, area = tower_footprint(slope, tilt, offset)
        (x, y), (x_next, y_next) = corners.T, np.roll(corners, -1, axis=0).T
        assert np.sum(x * y_next - x_next * y) / 2 == pytest.approx(area, rel=1e-12)  # > 0: counter-clockwise
        sides = np.hypot(x_next - x, y_next - y)
        assert np.allclose(sides, sides[0])  # a rhombus
        assert np.allclose(np.abs(tilt * x + slope * y), offset) and np.allclose(np.abs(slope * x + tilt * y), offset)
    assert tower_footprint(50, 0, 100).area == pytest.approx(16)
    assert tower_network(bias=-150)(2, 0) == 0.5


def test_tilt():
    assert tilt_angle() == pytest.approx(1.14576283817510, rel=1e-14)
    assert tilt_angle(50, -1) == -tilt_angle() and tilt_angle(1, 0) == 0 and tilt_angle(1, 1) == pytest.approx(45)
    assert tilt_angle(0, 2) == 90 and tilt_angle(0, -2) == -90


def test_half_height_of_the_printed_tower():
    network = tower_network()
    assert half_height_crossing(network) == pytest.approx(1.90999849115254, abs=1e-14)
    assert half_height_crossing(network, (0, 1)) == pytest.approx(1.90999849115254, abs=1e-14)
    assert half_height_crossing(network, (1, 1)) == pytest.approx(1.85884781695787, abs=1e-14)
    assert half_height_crossing(network, (-1, 1)) == pytest.approx(1.93471915642554, abs=1e-14)
    # Half height is f = 0.25, reached where h31 = 2 - ln 3/100.
    assert network.units(half_height_crossing(network), 0)["h31"] == pytest.approx(2 - np.log(3) / 100, abs=1e-14)
    assert half_height_crossing(tower_network(bias=-150)) == pytest.approx(2, abs=1e-12)
    axis = np.arange(-2.5, 2.5, 0.01) + 0.005
    assert np.sum(network(axis[:, np.newaxis], axis) > 0.25) * 1e-4 == pytest.approx(14.60, abs=0.02)
    with pytest.raises(ValueError, match="half its central height"):
        half_height_crossing(network, reach=1)
    with pytest.raises(ValueError, match="half its central height"):
        half_height_crossing(lambda x1, x2: 0 * (x1 + x2))


# ---------------------------------------------------------------- any number of bumps and towers


@pytest.mark.parametrize("seed", range(10))
def test_random_bumps(seed):
    rng = np.random.default_rng(seed)
    starts = rng.uniform(-5, 5, size=4)
    intervals = np.column_stack([starts, starts + rng.uniform(0.1, 3, size=4)])
    heights, slope = rng.normal(size=4) * 3, 10 ** rng.uniform(0, 4)
    network = bumps(intervals, heights, slope)
    x = rng.uniform(-6, 9, size=300)
    expected = sum(
        height * (sigmoid(slope * (x - start)) - sigmoid(slope * (x - end)))
        for (start, end), height in zip(intervals, heights, strict=True)
    )
    assert np.allclose(network(x), expected, atol=1e-9)
    assert [len(layer.names) for layer in network.layers] == [8, 1]
    assert not np.allclose(network(x), -expected, atol=1e-3)
    for layer in network.layers[:1]:
        assert np.allclose(step_position(layer.weights[:, 0], layer.bias), intervals.ravel())


def test_bumps_from_edges_and_the_printed_bump():
    edges = [0, 1, 2.5, 3]
    assert bumps(edges, [1, 2, 3], 50) == bumps([(0, 1), (1, 2.5), (2.5, 3)], [1, 2, 3], 50)
    x = np.linspace(-1, 1, 101)
    assert np.allclose(bumps([(-0.06, 0.06)], [1], 500)(x), bump_network()(x), atol=1e-13)
    assert np.allclose(bumps([(-1, 1)], [2], 500, output="sigmoid")(0), sigmoid(2))


@pytest.mark.parametrize("seed", range(10))
def test_random_towers(seed):
    rng = np.random.default_rng(seed)
    left = rng.uniform(-5, 5, size=(3, 2))
    width = rng.uniform(0.5, 3, size=(3, 2))
    rectangles = np.column_stack([left[:, 0], left[:, 0] + width[:, 0], left[:, 1], left[:, 1] + width[:, 1]])
    heights, slope, gain = rng.normal(size=3), 10 ** rng.uniform(1, 3), rng.uniform(5, 30)
    network = towers.towers(rectangles, heights, slope, gain=gain)
    assert [len(layer.names) for layer in network.layers] == [12, 3, 1]
    x1, x2 = rng.uniform(-6, 9, size=(2, 300))
    expected = 0
    for (x1_left, x1_right, x2_left, x2_right), height in zip(rectangles, heights, strict=True):
        bump1 = sigmoid(slope * (x1 - x1_left)) - sigmoid(slope * (x1 - x1_right))
        bump2 = sigmoid(slope * (x2 - x2_left)) - sigmoid(slope * (x2 - x2_right))
        expected = expected + height * sigmoid(gain * (bump1 + bump2) - 1.5 * gain)
    assert np.allclose(network(x1, x2), expected, atol=1e-9)
    assert not np.allclose(network(x2, x1), expected, atol=1e-2)


def test_default_gain_makes_a_tower_of_99_percent():
    network = towers.towers([(-1, 1, 2, 5)], [4], 100)
    assert network(0, 3) >= 0.99 * 4 and network(0, 0) <= 0.01 * 4 and network(3, 3) <= 0.01 * 4
    assert tower_levels(towers.TOWER_GAIN - 1, -1.5 * (towers.TOWER_GAIN - 1)).centre < 0.99
    assert towers.towers([(-1, 1, 2, 5)], [4], 100, bias=-10)(0, 0) == pytest.approx(2)  # bias -gain: arms at 1/2
    printed = towers.towers([(-2, 2, -2, 2)], [1], 50, gain=100, bias=-200)
    assert np.allclose(printed([0, 1.9, 2], 0), tower_network(tilt=0)([0, 1.9, 2], 0), rtol=1e-11)


BAD_SLOPES = [0, -5, np.nan, np.inf, None, "5", 1j, [1.0, 2.0]]


@pytest.mark.parametrize("slope", BAD_SLOPES)
def test_slopes_that_cannot_be(slope):
    for build in (
        partial(bumps, [(0, 1)], [1]),
        partial(towers.towers, [(0, 1, 0, 1)], [1]),
        partial(grid_of_bumps, np.sin, 3, 0, 1),
        partial(grid_of_towers, np.hypot, 3, 0, 1),
    ):
        with pytest.raises(ValueError, match="slope") as caught:
            build(slope)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bumps([(1, 0)], [1], 9),
        lambda: bumps([(1, 1)], [1], 9),
        lambda: bumps([0, 2, 1], [1, 1], 9),
        lambda: bumps([0], [], 9),
        lambda: bumps([], [], 9),
        lambda: bumps([(0, 1, 2)], [1], 9),
        lambda: bumps([(0, np.nan)], [1], 9),
        lambda: bumps([(0, 1)], [np.inf], 9),
        lambda: bumps([(0, 1)], [1, 2], 9),
        lambda: bumps([(0, 1), (2,)], [1, 2], 9),
        lambda: bumps([(0, 1)], [1], 9, output="step"),
        lambda: bump_network(slope=np.nan),
        lambda: bump_network(output_weights=(1, 2, 3)),
        lambda: bump_network(left_bias="30"),
        lambda: tower_network(tilt=np.inf),
        lambda: tower_network(gain=[1, 2]),
        lambda: towers.towers([(1, 0, 0, 1)], [1], 9),
        lambda: towers.towers([(0, 1, 1, 0)], [1], 9),
        lambda: towers.towers([(0, 1)], [1], 9),
        lambda: towers.towers([0, 1, 0, 1], [1], 9),
        lambda: towers.towers(np.zeros((0, 4)), [], 9),
        lambda: towers.towers([(0, 1, 0, 1)], [1], 9, gain=0),
        lambda: towers.towers([(0, 1, 0, 1)], [1], 9, gain=-10),
        lambda: towers.towers([(0, 1, 0, 1)], [1], 9, bias=np.nan),
        lambda: towers.towers([(0, 1, 0, 1)], [[1]], 9),
        lambda: grid_of_bumps(np.sin, 0, 0, 1, 9),
        lambda: grid_of_bumps(np.sin, 2.5, 0, 1, 9),
        lambda: grid_of_bumps(np.sin, True, 0, 1, 9),
        lambda: grid_of_bumps(np.sin, 3, 1, 0, 9),
        lambda: grid_of_bumps(np.sin, 3, 0, np.inf, 9),
        lambda: grid_of_bumps(np.sin, 3, 0, 1, 9, overhang=-1),
        lambda: grid_of_bumps(lambda x: x * np.nan, 3, 0, 1, 9),
        lambda: grid_of_bumps(lambda x: x[:2], 3, 0, 1, 9),
        lambda: grid_of_bumps(lambda x: None, 3, 0, 1, 9),
        lambda: grid_of_towers(lambda x1, x2: x1[0], 3, 0, 1, 9),
        lambda: grid_of_towers(np.hypot, 3, 0, 1, 9, gain=0),
        lambda: approximation_error(np.sin, bump_network(), 1, 0),
        lambda: approximation_error(np.sin, bump_network(), 0, 1, points=1),
        lambda: step_position(0, 1),
        lambda: step_position([1, 0], 1),
        lambda: step_position(np.nan, 1),
        lambda: step_width(0),
        lambda: step_width(1, 0.9, 0.1),
        lambda: step_width(1, 0, 0.9),
        lambda: bump_value(np.nan),
        lambda: bump_half_maximum(0, 1),
        lambda: bump_half_maximum(1, 0),
        lambda: bump_half_maximum(1, -1),
        lambda: tower_levels(np.nan, 0),
        lambda: tower_bias_range(10, 0.95, 0.05),
        lambda: tower_footprint(1, 1, 1),
        lambda: tower_footprint(50, 1, 0),
        lambda: tower_footprint(-50, 1, 100),
        lambda: tilt_angle(0, 0),
        lambda: half_height_crossing(tower_network(), reach=-1),
        lambda: half_height_crossing(tower_network(), (1, 2, 3)),
    ],
)
def test_what_cannot_be_is_a_value_error_in_one_line(call):
    with pytest.raises(ValueError) as caught:
        call()
    assert "\n" not in str(caught.value) and len(str(caught.value)) > 20


# ---------------------------------------------------------------- approximating a function


def hill(x1, x2):
    return np.exp(-(x1**2) - x2**2)


def test_grid_of_bumps_is_the_same_as_separate_bumps():
    network = grid_of_bumps(np.cos, 6, -1, 2, 80, overhang=0)
    edges = np.linspace(-1, 2, 7)
    separate = bumps(edges, np.cos((edges[1:] + edges[:-1]) / 2), 80)
    x = np.linspace(-2, 3, 301)
    assert np.allclose(network(x), separate(x), atol=1e-12)
    assert len(network.layers[0].names) == 7 and len(separate.layers[0].names) == 12
    # Without an overhang the ends lie on a step, at half height.
    assert network(-1) == pytest.approx(np.cos(-0.75) / 2)
    assert grid_of_bumps(np.cos, 6, -1, 2, 80)(-1) == pytest.approx(np.cos(-0.75), abs=1e-6)


def test_grid_of_towers_is_the_same_as_separate_towers():
    n, low, high, slope = 3, -1.0, 2.0, 40.0
    network = grid_of_towers(lambda x1, x2: x1 + 3 * x2, n, low, high, slope, gain=12, overhang=0)
    edges = np.linspace(low, high, n + 1)
    cells = [(*edges[i : i + 2], *edges[j : j + 2]) for i in range(n) for j in range(n)]
    heights = [(cell[0] + cell[1]) / 2 + 3 * (cell[2] + cell[3]) / 2 for cell in cells]
    separate = towers.towers(cells, heights, slope, gain=12)
    x1, x2 = np.random.default_rng(2).uniform(-2, 3, size=(2, 400))
    assert np.allclose(network(x1, x2), separate(x1, x2), atol=1e-10)
    assert [len(layer.names) for layer in network.layers] == [2 * (n + 1), n * n, 1]
    assert len(separate.layers[0].names) == 4 * n * n
    # Swapped axes would be noticed.
    assert not np.allclose(network(x2, x1), separate(x1, x2), atol=0.1)
    units = network.units(-0.5, 1.5)
    assert units["tower_1_3"] > 0.99 and units["tower_3_1"] < 0.01


@pytest.mark.parametrize("n", [2, 5, 12])
def test_towers_side_by_side(n):
    slope = 1000 * n
    network = grid_of_towers(lambda x1, x2: 1.0, n, 0, n, slope)
    t = np.linspace(-4, 4, 81) / slope
    # Across an edge, half-way between corners, the two towers sum to 1, and so they do at the rim.
    assert np.allclose(network(1 + t, 0.5), 1, atol=1.1e-3) and np.allclose(network(0.5, 1 + t), 1, atol=1.1e-3)
    assert np.allclose(network([0, 0, n, n], [0, 0.5, n - 0.5, n]), 1, atol=1.1e-3)
    units = network.units(1.0, 0.5)
    assert units["tower_1_1"] == pytest.approx(0.5) and units["tower_2_1"] == pytest.approx(0.5)
    # At a corner there is a hole, whatever the slope: each of the four units gets as little as on an arm.
    gain = network.layers[1].weights.max()
    assert network(1, 1) == pytest.approx(4 * sigmoid(-gain / 2), abs=1e-3)
    assert units["tower_1_2"] < network.units(1.0, 1.0)["tower_1_1"] == pytest.approx(sigmoid(-gain / 2))
    # It is a few times 1/slope wide.
    assert network(1 + 1.2 / slope, 1 + 1.2 / slope) < 0.9
    assert network(1 + 8 / slope, 1 + 8 / slope) > 0.99 and network(1 + 8 / slope, 1) > 0.99


def test_the_default_gain_keeps_the_arms_low_and_is_no_larger_than_needed():
    for n in (1, 2, 7, 12, 30):
        gain = grid_of_towers(lambda x1, x2: 0.0, n, 0, 1, 9).layers[1].weights.max()
        assert 2 * n * sigmoid(-gain / 2) < 0.001 <= 2 * n * sigmoid(-(gain - 1) / 2)


def test_the_mean_error_falls_with_the_number_of_towers():
    means = [approximation_error(hill, grid_of_towers(hill, n, -2, 2, 1000), -2, 2).mean for n in range(1, 13)]
    assert all(after < before for before, after in pairwise(means))
    assert means[0] > 0.8 and means[11] < 0.03
    wrong = approximation_error(hill, grid_of_towers(lambda x1, x2: -hill(x1, x2), 12, -2, 2, 1000), -2, 2)
    assert wrong.mean > 0.3
    errors = [approximation_error(np.sin, grid_of_bumps(np.sin, n, -3, 3, 1e4), -3, 3) for n in (4, 8, 16, 32)]
    for before, after in pairwise(errors):
        assert after.mean < 0.6 * before.mean and after.maximum < 0.6 * before.maximum


def test_the_error_itself():
    network = bumps([(-9, 9)], [1], 100)
    assert approximation_error(lambda x: 0 * x, network, -1, 1) == pytest.approx((1, 1))
    error = approximation_error(lambda x: x, network, 0, 1, points=11)
    assert error.mean == pytest.approx(0.5) and error.maximum == pytest.approx(1)
    assert approximation_error(lambda x1, x2: 0.0, tower_network(), -1, 1).maximum == pytest.approx(0.5)
    three = towers.SmallNetwork(("a1", "a2", "a3"), (towers.Layer(("f",), [[1, 1, 1]], [0], "identity"),))
    with pytest.raises(ValueError, match="one or two inputs"):
        approximation_error(hill, three, 0, 1)


def test_everything_public_is_documented():
    for name in towers.__all__:
        assert getattr(towers, name).__doc__, name
