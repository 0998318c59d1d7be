"""Two challenges with a score: five bumps that follow a curve, and a tower of the right height and footprint.

The bump challenge is the one of Nielsen, "Neural Networks and Deep Learning", chapter 4, computed anew; the
tower, which has no score there, is scored here. Both scores are 0 for a perfect answer.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from helpers.checking import sandbox
from helpers.checking.answers import explained
from helpers.checking.feedback import Feedback, Recognition
from helpers.checking.values import as_numbers
from helpers.errors import InputError
from helpers.exercises.exercise import Reasons
from helpers.exercises.judged import JudgedQuestion
from helpers.exercises.table_question import calculated
from helpers.functions import logit
from helpers.networks.layers import finite_array, finite_number
from helpers.networks.towers import bumps, tower_bias_range, tower_levels
from helpers.numerical import square_points

# ---------------------------------------------------------------- bumps under a curve

#: Scores at which the bump challenge is passed, and passed with gold. Five bumps can reach 0.3717 at best.
BUMP_PASS, BUMP_GOLD = 0.40, 0.38

_HUNDREDTHS = np.arange(100)  # the score is taken at x = 0, 0.01, ..., 0.99


def challenge_function(x):
    """Return f(x) = 0.2 + 0.4x² + 0.3x·sin(15x) + 0.05·cos(50x), the curve to follow on [0, 1].

    It stays between 0 and 1, so that logit(f) is defined. (Without the factor x in front of the sine it would
    not.)
    """
    x = np.asarray(x, dtype=np.float64)
    return (0.2 + 0.4 * x**2 + 0.3 * x * np.sin(15 * x) + 0.05 * np.cos(50 * x))[()]


def _bins(n):
    """Return the number of the bin, 0 ... n - 1, for each of the hundred points.

    In whole numbers: x = 0.2 is the first point of the second of five bins, which floor(5·x) need not say.
    """
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not 1 <= n <= 100:
        raise InputError(f"the number of bumps must be a whole number from 1 to 100, not {n!r}")
    return _HUNDREDTHS * n // 100


def bump_score(heights):
    """Return the average deviation of n = len(heights) bumps of equal width on [0, 1]; 0 is perfect.

    The network's output is σ(sum of the bumps), so the heights have to follow logit(f), not f. The score is
    the mean over x = 0, 0.01, ..., 0.99 of |logit(f(x)) - height of the bump that x lies in|, with ideal
    steps. Raises ValueError for NaN, infinity, or more than 100 heights.
    """
    heights = finite_array(heights, "heights", ndim=1)
    return float(np.mean(np.abs(logit(challenge_function(_HUNDREDTHS / 100)) - heights[_bins(heights.size)])))


def best_bump_heights(n=5):
    """Return the n heights with the smallest `bump_score`: the *median* of logit(f) within each bin.

    The median, not the mean, because the score averages absolute and not squared deviations; the means give
    0.391 for five bumps and the medians 0.3717.
    """
    bins = _bins(n)
    target = logit(challenge_function(_HUNDREDTHS / 100))
    return np.array([np.median(target[bins == number]) for number in range(n)])


def challenge_network(heights, slope=1000.0):
    """Return the network with these heights: n bumps of equal width on [0, 1], the output σ of their sum.

    The outermost edges lie half a bump outside [0, 1], so that x = 0 and x = 1 are not on a step.
    """
    heights = finite_array(heights, "heights", ndim=1)
    n = heights.size
    _bins(n)  # a readable error for no heights, or too many
    edges = np.linspace(0, 1, n + 1)
    edges[[0, -1]] += np.array([-0.5, 0.5]) / n
    return bumps(edges, heights, slope, output="sigmoid")


# ---------------------------------------------------------------- a tower with a given footprint

#: Scores, in percent, at which the tower challenge is passed, and passed with gold. See `tower_misfit`.
TOWER_PASS, TOWER_GOLD = 5.0, 0.5


class TowerMisfit(NamedTuple):
    """Where a tower differs from its target, each part in percent of the target's volume."""

    inside: float  # over the footprint: too low (or too high) a tower, an edge that is not steep, a tilt
    arms: float  # where only one of |x1|, |x2| is small enough: the arms of the cross
    outside: float  # where neither is

    @property
    def total(self):
        """The score: the three parts together."""
        return self.inside + self.arms + self.outside


def tower_misfit(function, half_width=2.0, height=1.0):
    """Return how far function(x1, x2) is from a box of the given height on |x1|, |x2| < half_width, as parts.

    function: of two arrays of one shape, for example a `SmallNetwork` or one's own NumPy function. The misfit is
    the volume between the two over (-5, 5)², in percent of the volume of the box, computed at the points of
    `numerical.square_points`. So a flat 0 scores 100, and with the weights of `towers.tower_network` the thresholds
    TOWER_PASS = 5 and TOWER_GOLD = 0.5 tell these apart:

    | weights                                            | score | what is wrong                           |
    |----------------------------------------------------|-------|-----------------------------------------|
    | bias -100                                          | 147.7 | a cross: the arms are at 1/2            |
    | as printed, bias -200                              |  54.6 | half the height, and a little narrow    |
    | gain 10, bias -15                                  |   4.9 | passes: the arms and the edges show     |
    | bias -190                                          |   4.3 | passes: height 1, still a little narrow |
    | gain 10, bias -15, tilt 0                          |   3.8 | passes: arms and edges                  |
    | bias -150                                          |   2.0 | passes: the tilt of the footprint       |
    | bias -150, slope 100, offset 200                   |   1.1 | passes: half as much tilt               |
    | bias -150, tilt 0                                  |   0.1 | gold                                    |

    To pass, the height must be right; for gold the arms, the edges and the tilt as well. Raises InputError for a
    function value that is not finite, a height that is not positive, or a half-width outside (0, 5).
    """
    half_width, height = finite_number(half_width, "half_width"), finite_number(height, "height")
    if not 0 < half_width < 5:
        raise InputError(f"half_width must lie between 0 and 5, half the side of the square, not {half_width:g}")
    if height <= 0:
        raise InputError(f"height must be greater than 0, not {height:g}")
    x1, x2 = square_points(-5, 5)
    values = finite_array(function(x1, x2), "the function's values")
    if values.shape not in ((), x1.shape):
        raise InputError("the function must give one value for each point of its arrays, as NumPy expressions do")
    near = [np.abs(x) < half_width for x in (x1, x2)]
    gap = np.abs(values - height * (near[0] & near[1]))
    percent = 100 * 10**2 / len(x1) / (height * (2 * half_width) ** 2)
    regions = (near[0] & near[1], near[0] ^ near[1], ~near[0] & ~near[1])
    return TowerMisfit(*(float(percent * np.sum(gap[region])) for region in regions))


# ---------------------------------------------------------------- a landscape for many towers


def two_hills(x1, x2):
    """Return exp(-((x1 - 1)² + (x2 - 1)²)/4) + 0.6·exp(-((x1 + 2)² + (x2 + 1.5)²)/3): hills of heights 1 and 0.6."""
    return np.exp(-((x1 - 1) ** 2 + (x2 - 1) ** 2) / 4) + 0.6 * np.exp(-((x1 + 2) ** 2 + (x2 + 1.5) ** 2) / 3)


# ---------------------------------------------------------------- the two exercises of notebook 03 on scores


class BestHeights(JudgedQuestion):
    """Write a function of n that returns the best heights of n bumps; it is tried with each n of `TRIED`."""

    #: With 5 and 10 bumps each part has an even number of values, and all heights between its two middle ones are best:
    #: also the median of a part that lacks a value. With 4 and 20 only the middle value is.
    TRIED = (5, 10, 4, 20)

    parameters = ("n",)
    solution = Reasons(
        (
            "At the best height half of the values lie above it and half below: the median.",
            "`target.reshape(n, -1)` has the values of each bump in a row of its own, and `axis=1` goes along the rows.",
        )
    )
    as_they_are = True  # the function is called for each n in turn
    wanted = "a function of n that returns n heights"

    def _course_function(self):
        return best_bump_heights

    def judge(self, function):
        """What is wrong with the heights for the first n for which they are not the best."""
        for n in self.TRIED:
            try:
                heights, _ = sandbox.run(lambda n=n: function(n))
            except sandbox.Failure as failure:
                raise explained(failure, f" It was called with n={n}.") from None
            found = _judge_heights(heights, n)
            if isinstance(found, Recognition) or not found:
                return self._after(found, n)
        return found

    def _after(self, found, n):
        """What is wrong with the heights of n bumps, where those of the numbers before are right."""
        right = self.TRIED[: self.TRIED.index(n)]
        if not right or isinstance(found, Recognition):
            return found
        odd = ", an odd number: the best height is the one in the middle, no other." if 100 // n % 2 else "."
        return Recognition(
            "right_for_some",
            f"That is right for {' and '.join(map(str, right))} bumps, but not for {n}. There every part has {100 // n} values"
            f"{odd} Does each part have all of its values, and only its own?",
        )


def _judge_heights(heights, n):
    """What is to be said of the heights of n bumps."""
    if heights is ...:
        return Feedback("not attempted", "Put your formula in place of the dots.")
    if heights is None:
        return Feedback("error", "Your function gives nothing back. End it with return.")
    try:
        heights = as_numbers(heights)
        if heights.ndim == 1 and np.any(np.isnan(heights)):
            return Feedback(
                "error",
                f"With n = {n} some heights are NaN: their parts hold no values. Is the length of a part written in? It is "
                f"{100 // n} of the 100 values for {n} bumps.",
                "empty_part",
            )
        heights = finite_array(heights, "heights")
    except (InputError, TypeError, ValueError) as error:
        return Feedback("error", f"There is no score for these heights: {error}.")
    if heights.ndim == 0:
        return Recognition("one_number", f"That is one number. {n} bumps need {n} heights, one from each part.")
    if heights.shape != (n,):
        turned = " Which number comes first in reshape?" if heights.size == 100 // n else ""
        text = f"{n} bumps need {n} heights in one row. Yours have the shape {heights.shape}.{turned}"
        return Recognition("shape", text)
    score = bump_score(heights)
    if score < bump_score(best_bump_heights(n)) + 5e-5:
        return Feedback("correct", f"Average deviation {score:.4f}: no {n} heights have a smaller one.")
    output, bins = challenge_function(_HUNDREDTHS / 100), _bins(n)
    parts = [output[bins == number] for number in range(n)]
    for mistake, wrong, text in _WRONG_HEIGHTS:
        if np.allclose(heights, [wrong(part) for part in parts], atol=1e-4):
            return Recognition(mistake, text)
    for mistake, wrong, text in _WRONG_PARTS:
        if np.allclose(heights, wrong(logit(output), n), atol=1e-4):
            return Recognition(mistake, text)
    return Feedback(
        "wrong",
        f"With {n} bumps your average deviation is {score:.4f}, and it can be smaller. Look at one bump alone: for "
        "which height do the deviations above and below balance?",
        "not_best",
    )


_FOLLOWS_F = (
    "These follow f itself. The sum of the bumps still goes through σ, so it has to follow the inverse of σ at f."
)
_WRONG_HEIGHTS = (  # (mistake, the height that it gives for a part of the curve, what is said of it)
    (
        "mean",
        lambda part: logit(part).mean(),
        "These are the means of the target in each part. Means have the smallest squared deviation, and the score "
        "counts absolute ones.",
    ),
    ("no_inverse", np.mean, _FOLLOWS_F),
    ("no_inverse", np.median, _FOLLOWS_F),
)


def _shifted(by, begin=0, end=0):
    """The medians of parts that begin and end so many points later."""

    def heights(target, n):
        size = len(target) // n
        parts = [target[size * i + by + begin : size * (i + 1) + by + end] for i in range(n)]
        return [np.median(part) if len(part) else np.nan for part in parts]

    return heights


def _of_each(function):
    """The n heights that a function gives for the n parts."""
    return lambda target, n: [function(part) for part in np.split(target, n)]


_HALF = "Half of the values should lie above the height and half of them below: that is the median."
_SAME_PARTS = "np.split(target, n) gives consecutive parts."
_WRONG_PARTS = (  # (mistake, the n heights that it gives for the whole target, what is said of it)
    (
        "interleaved",
        lambda target, n: [np.median(target[i::n]) for i in range(n)],
        "The parts are interleaved: every n-th value was taken. The values of one bump stand next to each other, so the "
        "rows of `reshape(n, -1)` are the parts.",
    ),
    ("late", _shifted(1), "Each part begins one point too late, and ends one point too late. " + _SAME_PARTS),
    ("early", _shifted(-1), "Each part begins one point too early, and ends one point too early. " + _SAME_PARTS),
    ("first_lost", _shifted(0, 1), "In each part the first value is left out. " + _SAME_PARTS),
    ("last_lost", _shifted(0, 0, -1), "In each part the last value is left out. " + _SAME_PARTS),
    (
        "rounded",
        lambda target, n: np.round([np.median(part) for part in np.split(target, n)], 1),
        "These are the best heights, rounded to one decimal: keep all digits.",
    ),
    (
        "rounded",
        lambda target, n: np.round([np.median(part) for part in np.split(target, n)], 2),
        "These are the best heights, rounded to two decimals: keep all digits.",
    ),
    (
        "midrange",
        _of_each(lambda part: (part.min() + part.max()) / 2),
        f"These lie in the middle between the smallest and the largest value. {_HALF}",
    ),
    (
        "sign",
        lambda target, n: [-np.median(part) for part in np.split(target, n)],
        "These have the wrong sign: the sum of the bumps has to follow the inverse of σ at f itself.",
    ),
    (
        "reversed",
        lambda target, n: [np.median(part) for part in np.split(target, n)][::-1],
        "These are the best heights, but in the reverse order: the first one belongs to the smallest x.",
    ),
    (
        "one_for_all",
        lambda target, n: [np.median(target)] * n,
        "Every bump has the median of the whole target. Each needs that of its own part.",
    ),
    ("largest", _of_each(np.max), f"These are the largest values of the parts. {_HALF}"),
    ("smallest", _of_each(np.min), f"These are the smallest values of the parts. {_HALF}"),
    ("first_value", _of_each(lambda part: part[0]), f"These are the first values of the parts. {_HALF}"),
    (
        "middle_place",
        _of_each(lambda part: part[len(part) // 2]),
        "These are the values in the middle place. They have to be sorted first: half of the values lie above the median.",
    ),
)


@dataclass(eq=False, repr=False)
class BiasRange(JudgedQuestion):
    """Find the ends of the range of output biases with centre ≥ high and arms ≤ low: a pair of numbers."""

    gain: float
    low: float
    high: float

    parameters = ("smallest", "largest")
    as_they_are = True
    wanted = "two numbers, the smallest bias and the largest"

    def judge(self, pair):
        """What is wrong with the two ends."""
        empty = [name for name, bias in zip(self.parameters, pair, strict=True) if bias is None or bias is ...]
        if len(empty) == 2:
            return Feedback("not attempted", "Put two numbers in place of None.")
        if empty:
            return Recognition("unfinished", f"The {empty[0]} bias is still None.")
        try:
            ends = [finite_number(_one(bias, name), name) for name, bias in zip(self.parameters, pair, strict=True)]
        except (InputError, TypeError, ValueError) as error:
            return Feedback("error", f"This needs two numbers: {error}.")
        if min(ends) > 0:
            text = "Both biases are positive. Then the network is above ½ even where h31 = 0: look at the signs."
            return Recognition("sign", text)
        if ends[0] > ends[1]:
            return Recognition("swapped", "The first number is the larger one. Give the smallest bias first.")
        right = tower_bias_range(self.gain, self.low, self.high)
        if np.allclose(np.multiply(ends, self.gain), right, rtol=1e-3):
            text = f"These are {self.gain:g} times too small: the weight of the last neuron multiplies h31 alone."
            return Recognition("divided_by_gain", text)
        off = [each for each in zip(self.parameters, ends, right, strict=True) if abs(each[1] - each[2]) >= 0.01]
        if off:
            return Recognition("bias_range", " ".join(self._about(name, bias) for name, bias, _ in off))
        return Feedback("correct", "Between these two biases the network is a tower.")

    def _about(self, name, bias):
        centre, arm, _ = tower_levels(self.gain, bias)
        if centre < self.high or arm > self.low:
            return f"With your {name} bias {bias:g} the centre is {centre:.3g} and the arms are {arm:.3g}."
        return f"Your {name} bias {bias:g} gives a tower, but it is not the {name} one that does."


def _one(value, name):
    """A number of any kind: also a Fraction, a Decimal, an array of one entry, a text such as "ln(19) - 200"."""
    numbers = as_numbers(calculated(value, name) if isinstance(value, str) else value)
    return numbers.reshape(()) if numbers.size == 1 else numbers


best_heights = BestHeights(
    "03.heights",
    "The best heights",
    "Find the heights of n bumps with the smallest score.",
    section="3. Five bumps follow a curve",
    hints=(
        "With five bumps `target[0:20]` holds the values of the first one, and `target[20:40]` those of the second.",
        "n bumps have 100 // n values each. `np.median` gives the height for one part: a loop over the parts gives all.",
    ),
)


def check_best_heights(function) -> Feedback:
    """Return whether function(n) gives the best heights for n bumps; it is tried with 5, 10, 4 and 20. Never raises."""
    return best_heights.check(function)


def check_bias_range(smallest, largest, gain=100.0, low=0.05, high=0.95) -> Feedback:
    """Return whether these are the ends of the range of output biases with centre ≥ high and arms ≤ low."""
    question = BiasRange("03.bias", "The range of biases", "Find the smallest and the largest bias.", gain, low, high)
    return question.check((smallest, largest), record=(gain, low, high) == (100, 0.05, 0.95))
