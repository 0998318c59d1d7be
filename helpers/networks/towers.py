"""Steps, bumps and towers of logistic units, as networks whose every weight is written down.

One logistic unit is a step. Two steps make a bump; two crossed bumps and a threshold make a tower; many
bumps or towers side by side approximate any continuous function - with ordinary, finite weights. This is
the visual proof of universality in Nielsen, "Neural Networks and Deep Learning", chapter 4, and it is how
assignment 000, question 3, is meant. Each builder here returns a `SmallNetwork`.

Below the builders stand closed forms. Reading a shape off the weights is the point of the exercises: a step at -b/w, an
edge that is 4.39/|w| wide, a tower of height σ(2·gain + bias). They neither overflow nor cancel, however steep the
step. Sources: assignment keys 000.3a and 000.3b, and Nielsen for the steps and the choice of the bias. Scores are in
`helpers.challenges`.
"""

from typing import NamedTuple

import numpy as np

from helpers.errors import InputError
from helpers.functions import logit, sigmoid
from helpers.networks.layers import finite_array, finite_number
from helpers.networks.small_network import Layer, SmallNetwork

# ---------------------------------------------------------------- the tower of the assignment


def tower_network(slope=50.0, tilt=1.0, offset=100.0, gain=100.0, bias=-200.0):
    """Return the 2 - 4 - 2 - 1 - 1 network of assignment key 000.3b: a tower over the (x1, x2) plane.

    h11, h12 = σ(tilt·x1 + slope·x2 ± offset)    h21 = h11 - h12    the ridge |tilt·x1 + slope·x2| < offset
    h13, h14 = σ(slope·x1 + tilt·x2 ± offset)    h22 = h13 - h14    the ridge |slope·x1 + tilt·x2| < offset
    h31 = h21 + h22                                                 a cross: 2 in the centre, 1 on the arms
    f = σ(gain·h31 + bias)                                          the threshold

    The printed bias, -200 with gain 100, gives f = σ(0) = 1/2 in the centre; -150 gives a tower of height 1.
    """
    weights = [[tilt, slope], [tilt, slope], [slope, tilt], [slope, tilt]]
    steps = Layer(("h11", "h12", "h13", "h14"), weights, [offset, -offset, offset, -offset], "sigmoid")
    ridges = Layer(("h21", "h22"), [[1, -1, 0, 0], [0, 0, 1, -1]], [0, 0], "identity")
    cross = Layer(("h31",), [[1, 1]], [0], "identity")
    return SmallNetwork(("x1", "x2"), (steps, ridges, cross, Layer(("f",), [[gain]], [bias], "sigmoid")))


# ---------------------------------------------------------------- any number of bumps and towers


def _positive(value, what):
    """Return value as a float; InputError unless it is a finite number above 0."""
    number = finite_number(value, what)
    if number <= 0:
        raise InputError(f"{what} must be greater than 0, not {number:g}")
    return number


def bumps(edges, heights, slope, output="identity"):
    """Return a 1 - 2N - 1 network: bumps side by side, the i-th of height heights[i] from edges[i] to edges[i + 1].

    edges: N + 1 numbers, from left to right. heights: N numbers. slope > 0: the weight of every step, so each
    edge is 4.39/slope wide (10-90 %). output: the activation of the output unit.

    Each bump is a unit up_i, σ(slope·(x - start)), with output weight +height, and a unit down_i, at the end of
    the interval, with -height.
    """
    edges, heights = finite_array(edges, "edges", ndim=1), finite_array(heights, "heights", ndim=1)
    if heights.size != edges.size - 1 or np.any(np.diff(edges) <= 0):
        raise InputError("bumps need edges from left to right, and one height between each two of them")
    slope = _positive(slope, "slope")
    names = [f"{side}_{number}" for number in range(1, heights.size + 1) for side in ("up", "down")]
    ends = np.column_stack([edges[:-1], edges[1:]]).ravel()
    steps = Layer(names, np.full((len(names), 1), slope), -slope * ends, "sigmoid")
    weights = np.column_stack([heights, -heights]).reshape(1, -1)
    return SmallNetwork(("x",), (steps, Layer(("f",), weights, [0.0], output)))


# ---------------------------------------------------------------- approximating a function


def _limits(n, low, high):
    """Return the two limits as floats; InputError unless low < high, and n is a whole number above 0."""
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 1:
        raise InputError(f"n must be a whole number, at least 1, not {n!r}")
    low, high = finite_number(low, "low"), finite_number(high, "high")
    if low >= high:
        raise InputError(f"low must be smaller than high, not low={low:g}, high={high:g}")
    return low, high


def grid_of_towers(function, n, low, high, slope):
    """Return a network of n·n adjacent towers that approximates function(x1, x2) on the square [low, high]².

    function: takes two arrays and returns an array of the same shape. tower_i_j stands on cell i in x1 and
    cell j in x2, and has the function's value at the centre of the cell. Neighbours share their steps: the
    first layer has 2(n + 1) units, x1_step_0 ... x1_step_n and x2_step_0 ... x2_step_n, the second n²
    towers. slope: the weight of every step. The outermost edges are moved out by half a cell: otherwise the rim of
    the square would lie on a step, where the network is at half height.

    How well the towers fit together:

    - *Along an edge* between two cells they sum to 1. With the bias -3/2·gain, midway between "both bumps on" (2·gain)
      and "one bump on" (gain), one tower is σ(u) and the other σ(-u) everywhere across the edge; on it, both are 1/2.
    - *At a corner* where four cells meet there is a hole. Each of the four bumps is at 1/2 there, so each
      tower gets 1/2 + 1/2 = 1 - just what it gets on the arm of its cross, where it has to be off. No
      choice of gain and bias tells the two apart; the sum is 4σ(-gain/2). The hole is a few times 1/slope
      wide: a steeper slope makes it smaller, never shallower. So the mean error falls with n and slope, the
      largest error does not.
    - *Arms* leak: a point sees the arms of 2(n - 1) other towers, σ(-gain/2) each. So the gain grows with n: the
      smallest whole number with 2n·σ(-gain/2) < 0.001. (Whole, so that printed weights are short.)
    """
    (low, high), slope = _limits(n, low, high), _positive(slope, "slope")
    edges = np.linspace(low, high, n + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    edges[[0, -1]] += np.array([-0.5, 0.5]) * (high - low) / n
    gain = float(np.ceil(2 * np.log(2000 * n)))
    heights = _values(function, *np.meshgrid(centres, centres, indexing="ij"))
    steps = Layer(
        [f"{axis}_step_{i}" for axis in ("x1", "x2") for i in range(n + 1)],
        np.kron(np.eye(2), np.full((n + 1, 1), slope)),
        np.tile(-slope * edges, 2),
        "sigmoid",
    )
    bump = np.eye(n, n + 1) - np.eye(n, n + 1, k=1)  # row i: up at edge i, down at edge i + 1
    each = Layer(
        [f"tower_{i}_{j}" for i in range(1, n + 1) for j in range(1, n + 1)],
        gain * np.hstack([np.repeat(bump, n, axis=0), np.tile(bump, (n, 1))]),
        np.full(n * n, -1.5 * gain),
        "sigmoid",
    )
    return SmallNetwork(("x1", "x2"), (steps, each, Layer(("f",), [heights.ravel()], [0.0], "identity")))


def _values(function, *arrays):
    """Return function(*arrays) as finite float64 numbers of the arrays' shape; InputError otherwise."""
    values = finite_array(function(*arrays), "the function's values")
    if values.shape not in ((), arrays[0].shape):
        expected, came = arrays[0].shape, values.shape
        raise InputError(f"the function must return an array of the shape it is given, {expected}, not {came}")
    return np.broadcast_to(values, arrays[0].shape)


class ApproximationError(NamedTuple):
    """Absolute errors, in the units of the function."""

    mean: float
    maximum: float


def approximation_error(function, network, low, high, points=201):
    """Return the mean and the largest |network - function| on [low, high]², or on [low, high] for one input.

    points: number of equally spaced values per axis, both ends included. The mean hardly depends on it. The
    largest error does: for towers it depends on whether a point hits one of the holes at the corners.
    """
    axis = np.linspace(*_limits(points - 1, low, high), points)
    grid = np.meshgrid(*[axis] * len(network.inputs), indexing="ij")
    error = np.abs(network(*grid) - _values(function, *grid))
    return ApproximationError(float(error.mean()), float(error.max()))


# ---------------------------------------------------------------- closed forms: a step, a bump


def step_width(weight):
    """Return the distance in x over which σ(weight·x + bias) goes from 10 % to 90 %: 2 ln 9/|weight| = 4.39/|weight|."""
    weight = finite_number(weight, "weight")
    if weight == 0:
        raise InputError("there is no step where the weight is 0, so it has no width")
    return 2 * np.log(9) / abs(weight)


def bump_half_maximum(slope=500.0, bias=30.0):
    """Return the x > 0 at which the bump σ(slope·x + bias) - σ(slope·x - bias) has half its peak.

    That is arcosh(2 + cosh bias)/slope, a little outside the step at bias/slope, by about 4e^(-bias)/slope. The full width
    at half maximum is twice the result.
    """
    slope, bias = _positive(slope, "slope"), _positive(bias, "bias")
    return np.arccosh(2 + np.cosh(bias)) / slope


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
    return TowerLevels(float(sigmoid(2 * gain + bias)), float(sigmoid(gain + bias)), float(sigmoid(bias)))


def tower_bias_range(gain, low=0.05, high=0.95):
    """Return (smallest, largest) output bias that gives a tower with centre >= high and arms <= low.

    From `tower_levels`: logit(high) - 2·gain <= bias <= logit(low) - gain. If low + high = 1 the middle of
    the range is -3/2·gain. No bias does it if gain < logit(high) - logit(low), which is 2 ln 19 = 5.89 for
    the defaults; then the result is None: a question with the answer "none" is not an error.
    """
    smallest, largest = float(logit(high) - 2 * gain), float(logit(low) - gain)
    return (smallest, largest) if smallest <= largest else None


class TowerFootprint(NamedTuple):
    """The rhombus on which a tower stands."""

    corners: np.ndarray  # shape (4, 2): (x1, x2), counter-clockwise from the corner on the diagonal x1 = x2 > 0
    area: float


def tower_footprint(slope=50.0, tilt=1.0, offset=100.0):
    """Return the corners and the area of |tilt·x1 + slope·x2| < offset, |slope·x1 + tilt·x2| < offset.

    That is where both bumps of `tower_network` are above 1/2: a rhombus with the corners
    ±offset/(slope + tilt)·(1, 1) and ±offset/(slope - tilt)·(-1, 1), of area 4·offset²/(slope² - tilt²).
    For the printed weights: ±100/51, ±100/49 and 40000/2499 (assignment key 000.3b). Without tilt it is a
    square.

    Raises InputError unless slope > |tilt|, without which the two ridges do not enclose an area.
    """
    if abs(tilt) >= slope:
        raise InputError(f"the tilt must be smaller than the slope, {slope:g}, or the ridges run in parallel")
    along, across = offset / (slope + tilt), offset / (slope - tilt)
    corners = np.array([[along, along], [-across, across], [-along, -along], [across, -across]])
    return TowerFootprint(corners, 4 * along * across)


def tilt_angle(slope=50.0, tilt=1.0):
    """Return the angle, in degrees, by which σ(slope·x1 + tilt·x2 + b) turns its step: arctan(tilt/slope).

    1.1458° for the printed weights.
    """
    return float(np.degrees(np.arctan2(tilt, slope)))
