"""Right numbers that are scaled: a mean that is divided by 100, whatever the number of examples is; a lost sign; percent.

The check calls a function with data of several sizes. If what comes is m/100 times the right answer, whatever m is, then
100 stands where m belongs.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition
from helpers.checking.values import Values

_COUNTED = {"m": "examples", "n": "features", "k": "classes or units", "d": "inputs"}


def fixed_size(case: Case) -> Found:
    """A size is written out in the student's function."""
    return fixed_size_in(case.got, case.truth, [case.question.sizes(point) for point in case.points])


def fixed_size_in(got: Values, wanted: Values, sizes: Sequence[Mapping[str, int]]) -> Found:
    """The same of values beside the right ones, with the sizes of the data that they belong to by their letters."""
    if [np.shape(g) for g in got] != [np.shape(w) for w in wanted]:
        return None
    ratios = [_ratio(g, w) for g, w in zip(got, wanted, strict=True)]
    if None in ratios:
        return None
    for letter in dict.fromkeys(letter for each in sizes for letter in each):
        counts = np.array([each[letter] for each in sizes], float)
        if len(set(counts)) > 1 and min(counts) > 1 and np.allclose(ratios, counts / (counts - 1), rtol=2e-5):
            what = f"the number of {_COUNTED.get(letter, letter)}"
            return Recognition(
                "one_less", f"It is divided by {what} less one; a mean is divided by that number itself."
            )
        used = counts / np.array(ratios)
        one = used[0]
        if (
            len(set(counts)) < 2
            or not np.allclose(used, one, rtol=2e-5)
            or one < 1.5
            or abs(one - round(one)) > 2e-4 * one
        ):
            continue
        what = f"the number of {_COUNTED.get(letter, letter)}"
        if round(one) == 2:
            text = f"It is divided by 2, whatever {what} is; a mean is divided by that number."
            return Recognition("fixed_size", text, "`np.mean`, or `/ len(…)`.")
        return Recognition(
            "fixed_size",
            f"It is divided by {round(one)}, whatever {what} is: a fixed size is written in. The check calls your function "
            "with data of several sizes.",
            "Take the size from the arrays: `len(…)` or `.shape`.",
        )
    return None


def fixed_number(case: Case) -> Found:
    """One of the arguments is not used: its value at one of the points stands in its place everywhere."""
    for name, letters in case.question.shapes.items():
        values = {float(point[name]) for point in case.points} if not letters else set()
        for value in values if len(values) > 1 else ():
            if case.matches(case.question.truth([{**point, name: value} for point in case.points])):
                text = f"The number {value:g} is written in, and `{name}` is not used: it is right for {name} = {value:g} only."
                return Recognition("fixed_size", text, f"Use the argument `{name}`.")
    return None


def after_a_step(case: Case) -> Found:
    """The new value of the variable comes, a fixed multiple of its derivative away from the old one."""
    old = [np.asarray(point[case.question.variable]) for point in case.points if case.question.variable]
    if [np.shape(value) for value in old] != [g.shape for g in case.got]:
        return None
    for sign in (1, -1):
        steps = [sign * (g - value) for g, value in zip(case.got, old, strict=True)]
        ratios = {f"{ratio or 0:.4g}" for ratio in map(_ratio, steps, case.truth)}
        if len(ratios) == 1 and float(ratios.pop()):
            text = f"That is the new `{case.question.variable}` after a step; the derivative itself is asked for."
            return Recognition("new_values", text, "No learning rate yet: the derivative is what a step is made of.")
    return None


_MULTIPLES = {
    -1.0: ("sign", "right but for the sign."),
    2.0: ("factor_2", "twice as large as it should be."),
    0.5: ("factor_half", "half of what it should be."),
    100.0: ("percent", "a hundred times too large, as if it were in percent."),
    1 / np.log(10): ("log10", "off by the factor that a logarithm to base 10 brings: log is the natural one."),
    1 / np.log(2): ("log2", "off by the factor that a logarithm to base 2 brings: log is the natural one."),
}


def scaled_or_rounded(got: Values, wanted: Values) -> Found:
    """Whether all values are the right ones times a number, one minus them, or rounded; the text goes on behind "… is"."""
    if [np.shape(g) for g in got] != [np.shape(w) for w in wanted]:
        return None
    mine, right = (np.concatenate([np.ravel(each) for each in values]) for values in (got, wanted))
    if not np.all(np.isfinite(mine)) or not np.any(mine) or len(right) < 3:
        return None
    for factor, (name, text) in _MULTIPLES.items():
        if np.allclose(mine, factor * right, rtol=1e-5, atol=1e-12):
            return Recognition(name, text)
    ratio = _ratio(mine, right)
    if ratio and abs(ratio - 1) > 1e-3:
        return Recognition("constant_factor", f"{ratio:.3g} times as large as it should be, everywhere.")
    if np.allclose(mine, 1 - right, rtol=1e-5, atol=1e-12):
        return Recognition("one_minus", "one minus the right answer.")
    if np.allclose(mine, 2 * right - 1, rtol=1e-5, atol=1e-12) and set(right) <= {0.0, 1.0}:
        return Recognition("minus_one", "right where it is 1, but −1 stands where 0 belongs.")
    if np.allclose(mine - right, mine[0] - right[0], rtol=0, atol=1e-9) and abs(mine[0] - right[0]) > 1e-6:
        return Recognition("extra_constant", "off by the same number everywhere.")
    shifts = [np.ravel(g - w) for g, w in zip(got, wanted, strict=True)]
    if all(np.ptp(shift) < 1e-9 < abs(shift[0]) for shift in shifts) and len(mine) > 3 * len(got):
        return Recognition("shifted", "off by the same number everywhere in a data set: is its mean subtracted?")
    if all(np.ndim(g) and np.allclose(g, w[::-1], rtol=1e-6) for g, w in zip(got, wanted, strict=True)):
        return Recognition("reversed", "right, but in the reverse order.")
    for digits in range(1, 7):
        if np.all(np.abs(mine - right) <= 0.51 * 10.0**-digits) and np.allclose(
            mine, np.round(mine, digits), atol=1e-12
        ):
            return Recognition(
                "rounded", "right, but rounded.", "Return the value as it is; round only when you print it."
            )
    if np.allclose(mine, right, rtol=2e-3, atol=1e-9):
        return Recognition("inaccurate", "close to what is right, but not exact: is it kept in a type with few digits?")
    return None


def _ratio(got, wanted):
    """How many times the right values came; None if it is not the same in all entries."""
    got, wanted = np.ravel(got), np.ravel(wanted)
    used = np.abs(wanted) > 1e-12 * np.max(np.abs(wanted), initial=0.0)
    if not used.any() or np.any(np.abs(got[~used]) > 1e-9) or not np.all(np.isfinite(got)):
        return None
    ratios = got[used] / wanted[used]
    same = np.allclose(ratios, ratios[0], rtol=1e-5) and ratios[0] > 0
    return float(ratios[0]) if same else None


SCALED = (fixed_size, fixed_number, after_a_step)
