"""Inputs at which a right formula may go wrong in the computer, and what that says about how it was programmed."""

from dataclasses import dataclass

import numpy as np

from helpers.checking.cases import Recognition, agree

CLIPPED = Recognition(
    "clipped",
    "The formula is right, but its logarithm has been kept from −∞: a small number was added inside it, or the"
    " probability was clipped. So a logit that is wrong by 1,000 costs a few dozen at most, and no gradient comes"
    " from it.",
    "Simplify the logarithm of the probability before you program it: no exponential needs to be cut off then.",
)


@dataclass(frozen=True)
class Extreme:
    """Arguments at which the exercise is asked for too, and the Recognitions of an answer that is right at the
    ordinary points but not here: `not_finite` if NaN or infinity comes, `finite` if a wrong number does. Left out,
    the kind of exercise says something general."""

    arguments: tuple
    not_finite: Recognition | None = None
    finite: Recognition | None = None


def first_wrong(extremes, got, wanted, rtol):
    """(index, its Recognition or None) of the first extreme at which the values are wrong; None if all are right.

    `got` and `wanted` hold a list of arrays for each extreme.
    """
    for index, (extreme, mine, right) in enumerate(zip(extremes, got, wanted, strict=True)):
        shaped = [np.reshape(g, r.shape) if g.size == r.size else g for g, r in zip(mine, right, strict=True)]
        if not agree(shaped, list(right), rtol):
            finite = all(np.all(np.isfinite(g)) for g in mine)
            return index, extreme.finite if finite else extreme.not_finite
    return None
