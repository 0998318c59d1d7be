"""A score is a quotient of counts, such as TP/(TP + FN): which other quotient a wrong answer is, read from its values."""

import itertools

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.causes.hypotheses import elsewhere
from helpers.checking.feedback import Found, recognised

_COUNTS = ("TP", "FP", "FN", "TN")
_SUMS = [sum_ for sum_ in itertools.product((0, 1, 2), (0, 1), (0, 1), (0, 1)) if any(sum_)]


def other_quotient(case: Case) -> Found:
    """Another quotient of counts than the one that is asked for, unless it has a name as the answer to another question."""
    if any(case.matches(neighbour.truth(case.points)) for neighbour in case.question.neighbours):
        return None
    if not set(_COUNTS) <= set(case.question.definitions) or case.truth[0].ndim or not (other := elsewhere(case)):
        return None
    cases = (case, other)
    counts = _counts(cases)
    mine, right = (
        _quotients(counts, np.concatenate([getattr(each, name) for each in cases])) for name in ("got", "truth")
    )
    if not mine or not right:
        return None
    (above, below), (high, low) = min(
        itertools.product(mine, right), key=lambda pair: (pair[0][0] != pair[1][0]) + (pair[0][1] != pair[1][1])
    )
    if above == high and below == low:
        return None
    written = f"{_written(above)}/{_written(below)}"
    if above != high and below != low:
        return recognised("other_quotient", written=written)
    good, bad = ("numerator", "denominator") if above == high else ("denominator", "numerator")
    return recognised("other_quotient.half", written=written, good=good, bad=bad)


def _counts(cases):
    return np.array([[float(value) for each in cases for value in each.quantities[name]] for name in _COUNTS])


def _quotients(counts, values):
    """The pairs of sums whose quotient gives all values, the simplest first; none if fewer than three different values came."""
    if len(np.unique(np.round(values, 9))) < 3:
        return []
    sums = np.array(_SUMS) @ counts
    found = []
    for below, total in zip(_SUMS, sums, strict=True):
        if np.all(total > 0):
            fits = np.all(np.abs(sums / total - values) <= 1e-9, axis=1)
            found += [(_SUMS[place], below) for place in np.flatnonzero(fits)]
    return sorted(found, key=lambda pair: sum(pair[0]) + sum(pair[1]))


def _written(numbers):
    parts = [f"{'2·' if number == 2 else ''}{name}" for number, name in zip(numbers, _COUNTS, strict=True) if number]
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
