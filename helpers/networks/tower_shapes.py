"""Where a step, a bump or a tower stands, how wide and how high it is: closed forms, no networks.

Reading a shape off the weights is the point of the bump and tower exercises: a step at -b/w, an edge that is
4.39/|w| wide, a tower of height σ(2·gain + bias). Sources: assignment keys 000.3a and 000.3b, and Nielsen,
"Neural Networks and Deep Learning", chapter 4, for the steps and the choice of the bias. The closed forms are
arranged so that they neither overflow nor cancel, however steep the step.
"""

from typing import NamedTuple

import numpy as np

from helpers.errors import InputError
from helpers.functions import logit, sigmoid
from helpers.networks.small_network import finite_array, finite_number


def _positive(value, what):
    """Return value as a float; ValueError unless it is a finite number above 0."""
    number = finite_number(value, what)
    if number <= 0:
        raise InputError(f"{what} must be greater than 0, not {number:g}")
    return number


def _level_pair(low, high):
    """Return the two levels as floats; ValueError unless 0 < low < high < 1."""
    low, high = finite_number(low, "low"), finite_number(high, "high")
    if not 0 < low < high < 1:
        raise InputError(f"the levels must satisfy 0 < low < high < 1, not low={low:g}, high={high:g}")
    return low, high


# ---------------------------------------------------------------- one logistic unit: a step


def step_position(weight, bias):
    """Return where σ(weight·x + bias) crosses 1/2: x = -bias/weight, in the units of x.

    Numbers or arrays that broadcast. Raises ValueError where the weight is 0: such a unit has no step.
    """
    weight, bias = finite_array(weight, "weight"), finite_array(bias, "bias")
    if np.any(weight == 0):
        raise InputError("there is no step where the weight is 0: the output is σ(bias) everywhere")
    return ((0.0 - bias) / weight)[()]  # 0.0 - b and not -b, so that a bias of 0 does not give -0.0


def step_width(weight, low=0.1, high=0.9):
    """Return the distance in x over which σ(weight·x + bias) goes from `low` to `high`, always positive.

    (logit(high) - logit(low))/|weight|; for the usual 10-90 % width that is 2 ln 9/|weight| = 4.39/|weight|.
    Raises ValueError where the weight is 0, or unless 0 < low < high < 1.
    """
    weight = finite_array(weight, "weight")
    low, high = _level_pair(low, high)
    if np.any(weight == 0):
        raise InputError("there is no step where the weight is 0, so it has no width")
    return ((logit(high) - logit(low)) / np.abs(weight))[()]


# ---------------------------------------------------------------- two steps: a bump


def bump_value(x, slope=500.0, bias=30.0):
    """Return the bump σ(slope·x + bias) - σ(slope·x - bias) of assignment key 000.3a, for any array x.

    The closed form of the key is sinh b/(cosh sx + cosh b). Dividing numerator and denominator by e^b/2 gives

        (1 - e^(-2b)) · σ(b + sx) · σ(b - sx),

    a product without overflow or cancellation: exact in the far tails, where the difference of two units that
    both round to 1 is lost. For b < 0 the bump points downwards; for b = 0 it is 0.
    """
    x, slope, bias = finite_array(x, "x"), finite_number(slope, "slope"), finite_number(bias, "bias")
    height = abs(bias)
    with np.errstate(under="ignore"):
        product = sigmoid(height + slope * x) * sigmoid(height - slope * x)
        return (np.sign(bias) * -np.expm1(-2 * height) * product)[()]


def bump_half_maximum(slope=500.0, bias=30.0):
    """Return the x > 0 at which the bump of `bump_value` has half its peak: arcosh(2 + cosh b)/|slope|.

    That lies a little outside the steps at b/slope, by about 4e^(-b)/slope: the printed bump (500, 30) is
    half as high as its peak at 0.06 + 7.5e-16. The small excess is computed on its own, so that it is not
    rounded away and cosh b need not fit in a float. The full width at half maximum is twice the result.

    Raises ValueError for a slope of 0, or unless bias > 0.
    """
    slope, bias = finite_number(slope, "slope"), _positive(bias, "bias")
    if slope == 0:
        raise InputError("slope must not be 0: without a step there is no bump")
    # arcosh(c) = log(c + sqrt(c² - 1)). With c = 2 + cosh b and q = e^(-b), arcosh(c) - b = log(C + S), where
    # C = qc = 1/2 + 2q + q²/2 and S = sqrt(C² - q²) = sqrt(1 + t)/2, t = 8q + 14q² + 8q³ + q⁴.
    with np.errstate(under="ignore"):
        q = np.exp(-bias)
        t = q * (8 + q * (14 + q * (8 + q)))
        excess = np.log1p(q * (2 + q / 2) + t / (2 * (1 + np.sqrt(1 + t))))
    return (bias / abs(slope) + excess / abs(slope))[()]


# ---------------------------------------------------------------- two bumps and a threshold: a tower


class TowerLevels(NamedTuple):
    """The three heights of a tower, between 0 and 1."""

    centre: float
    arm: float
    outside: float


def tower_levels(gain=100.0, bias=-200.0):
    """Return the heights of f = σ(gain·(bump1 + bump2) + bias) where each bump is exactly 0 or 1.

    centre σ(2·gain + bias): both bumps are on. arm σ(gain + bias): one is. outside σ(bias): neither is.
    The printed weights (100, -200) give the centre σ(0) = 1/2 - a tower of half height; a bias of -150 gives
    height 1, and -100 a cross, because then the arms stand at 1/2 (assignment key 000.3b).
    """
    gain, bias = finite_number(gain, "gain"), finite_number(bias, "bias")
    return TowerLevels(float(sigmoid(2 * gain + bias)), float(sigmoid(gain + bias)), float(sigmoid(bias)))


def tower_bias_range(gain, low=0.05, high=0.95):
    """Return (smallest, largest) output bias that gives a tower with centre >= high and arms <= low.

    From `tower_levels`: logit(high) - 2·gain <= bias <= logit(low) - gain. If low + high = 1 the middle of
    the range is -3/2·gain. No bias does it if gain < logit(high) - logit(low), which is 2 ln 19 = 5.89 for
    the defaults; then the result is None: a question with the answer "none" is not an error.

    Raises ValueError unless 0 < low < high < 1.
    """
    gain = finite_number(gain, "gain")
    low, high = _level_pair(low, high)
    smallest, largest = float(logit(high) - 2 * gain), float(logit(low) - gain)
    return (smallest, largest) if smallest <= largest else None


class TowerFootprint(NamedTuple):
    """The rhombus on which a tower stands."""

    corners: np.ndarray  # shape (4, 2): (x1, x2), counter-clockwise from the corner on the diagonal x1 = x2 > 0
    area: float


def tower_footprint(slope=50.0, tilt=1.0, offset=100.0):
    """Return the corners and the area of |tilt·x1 + slope·x2| < offset, |slope·x1 + tilt·x2| < offset.

    That is where both bumps of `towers.tower_network` are above 1/2: a rhombus with the corners
    ±offset/(slope + tilt)·(1, 1) and ±offset/(slope - tilt)·(-1, 1), of area 4·offset²/(slope² - tilt²).
    For the printed weights: ±100/51, ±100/49 and 40000/2499 (assignment key 000.3b). Without tilt it is a
    square.

    Raises ValueError unless offset > 0 and slope > |tilt|, without which the two ridges do not enclose an
    area.
    """
    slope, offset = _positive(slope, "slope"), _positive(offset, "offset")
    tilt = finite_number(tilt, "tilt")
    if abs(tilt) >= slope:
        raise InputError(f"the tilt must be smaller than the slope, {slope:g}, or the ridges run in parallel")
    along, across = offset / (slope + tilt), offset / (slope - tilt)
    corners = np.array([[along, along], [-across, across], [-along, -along], [across, -across]])
    return TowerFootprint(corners, 4 * along * across)


def tilt_angle(slope=50.0, tilt=1.0):
    """Return the angle, in degrees, by which σ(slope·x1 + tilt·x2 + b) turns its step: arctan(tilt/slope).

    1.1458° for the printed weights. Raises ValueError if both are 0: then there is no direction.
    """
    slope, tilt = finite_number(slope, "slope"), finite_number(tilt, "tilt")
    if slope == 0:
        if tilt == 0:
            raise InputError("slope and tilt are both 0: the unit has no step and no direction")
        return float(np.copysign(90.0, tilt))
    return float(np.degrees(np.arctan(tilt / slope)))


def half_height_crossing(function, direction=(1.0, 0.0), reach=5.0):
    """Return t > 0 at which function(t·d1, t·d2) first falls to half of function(0, 0); d: the direction.

    function: of two arrays, for example a tower network. direction: (1, 0) is the x1-axis; with (1, 1), the
    diagonal, the result is the coordinate x1 = x2 and not the distance. reach: the largest t that is tried.

    The printed tower (bias -200) is half as high as its centre at 1.90999849115254 on the x1-axis, at
    1.85884781695787 on the diagonal and at 1.93471915642554 on the antidiagonal (assignment key 000.3b).
    Found by bisection down to neighbouring floats. Raises ValueError if the function does not fall so far
    within reach.
    """
    d1, d2 = finite_array(direction, "direction", ndim=1)
    reach = _positive(reach, "reach")
    half = function(0.0, 0.0) / 2
    t = np.linspace(0, reach, 2001)
    below = np.flatnonzero(np.asarray(function(t * d1, t * d2)) < half)
    if below.size == 0 or below[0] == 0:
        raise InputError(f"the function does not fall to half its central height within a reach of {reach:g}")
    inside, outside = t[below[0] - 1], t[below[0]]
    while inside < (middle := (inside + outside) / 2) < outside:
        if function(middle * d1, middle * d2) < half:
            outside = middle
        else:
            inside = middle
    return float(outside)
