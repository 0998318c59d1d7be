"""Right numbers that are scaled: a mean that is divided by 100, whatever the number of examples is; a lost sign; percent.

The check calls a function with data of several sizes. If what comes is m/100 times the right answer, whatever m is, then
100 stands where m belongs.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition, recognised
from helpers.checking.values import Values

_COUNTED = {"m": "examples", "n": "features", "k": "classes or units", "d": "inputs", "c": "outputs"}


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
            return recognised("one_less", what=what)
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
            return recognised("fixed_size.two", what=what)
        return recognised("fixed_size", count=round(one), what=what)
    return None


def fixed_number(case: Case) -> Found:
    """One of the arguments is not used: its value at one of the points, and no other one, stands in its place."""

    def stands_for(name, value):
        return case.matches(case.question.truth([{**point, name: value} for point in case.points]))

    for name, letters in case.question.shapes.items():
        values = {float(point[name]) for point in case.points} if not letters else set()
        for value in values if len(values) > 1 else ():
            # Where a function is flat, any value would do: then none of them has been written in.
            if stands_for(name, value) and not stands_for(name, value + 0.01 * (abs(value) or 1.0)):
                return recognised("fixed_size.value", value=f"{value:g}", name=name)
    return None


def after_a_step(case: Case) -> Found:
    """The new value of the variable comes, a fixed multiple of its derivative away from the old one."""
    old = [np.asarray(point[case.question.variable]) for point in case.points if case.question.variable in point]
    if [np.shape(value) for value in old] != [g.shape for g in case.got]:
        return None
    for sign in (1, -1):
        steps = [sign * (g - value) for g, value in zip(case.got, old, strict=True)]
        ratios = {f"{ratio or 0:.4g}" for ratio in map(_ratio, steps, case.truth)}
        if len(ratios) == 1 and float(ratios.pop()):
            return recognised("new_values.one", name=case.question.variable)
    return None


_MULTIPLES = {
    -1.0: "sign.only",
    2.0: "factor_2.size",
    0.5: "factor_half.size",
    100.0: "percent.size",
    1 / np.log(10): "log10.size",
    1 / np.log(2): "log2.size",
}


def scaled_or_rounded(got: Values, wanted: Values) -> Found:
    """Whether all values are the right ones times a number, one minus them, or rounded; the text goes on behind "… is"."""
    if [np.shape(g) for g in got] != [np.shape(w) for w in wanted]:
        return None
    mine, right = (np.concatenate([np.ravel(each) for each in values]) for values in (got, wanted))
    if not np.all(np.isfinite(mine)) or not np.any(mine) or len(right) < 3:
        return None
    for factor, sentence in _MULTIPLES.items():
        if np.allclose(mine, factor * right, rtol=1e-5, atol=1e-12):
            return _size(sentence)
    ratio = _ratio(mine, right)
    if ratio and abs(ratio - 1) > 1e-3:
        return _size("constant_factor.size", ratio=f"{ratio:.3g}")
    if np.allclose(mine, 1 - right, rtol=1e-5, atol=1e-12):
        return _size("one_minus.size")
    if np.allclose(mine, 2 * right - 1, rtol=1e-5, atol=1e-12) and set(right) <= {0.0, 1.0}:
        return _size("minus_one.size")
    if np.allclose(mine - right, mine[0] - right[0], rtol=0, atol=1e-9) and abs(mine[0] - right[0]) > 1e-6:
        return _size("extra_constant.size")
    shifts = [np.ravel(g - w) for g, w in zip(got, wanted, strict=True)]
    if all(np.ptp(shift) < 1e-9 < abs(shift[0]) for shift in shifts) and len(mine) > 3 * len(got):
        return _size("shifted.size")
    if all(np.ndim(g) and np.allclose(g, w[::-1], rtol=1e-6) for g, w in zip(got, wanted, strict=True)):
        return _size("reversed.size")
    for digits in range(1, 7):
        if np.all(np.abs(mine - right) <= 0.51 * 10.0**-digits) and np.allclose(
            mine, np.round(mine, digits), atol=1e-12
        ):
            return _size("rounded.size")
    if np.allclose(mine, right, rtol=2e-3, atol=1e-9):
        return recognised("inaccurate.size")
    return None


def _size(sentence, **parts):
    found = recognised(sentence, **parts)
    return Recognition(found.mistake, f"{found.text}.", found.hint)


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
