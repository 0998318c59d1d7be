"""Whether a number in a table has been rounded, at the end or on the way, and what that does to a step."""

import numpy as np

EARLY = 0.16  # a step that is off by no more than this may come from rounding on the way
EARLY_VALUE = 0.005  # the same for a value
SINGLE = 6.1e-8  # the relative error of float32, which keeps seven digits


def decimals_of(value):
    """How many decimals a number was written with: 1.0076 has 4."""
    text = f"{value!r}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return max(0, len(mantissa.partition(".")[2]) - int(exponent))
    return 0 if text.endswith(".0") else len(text.partition(".")[2])


def rounding_of(value):
    """The largest error that rounding to the written decimals can have made; 0 for a whole number, which is
    not taken for a rounded one."""
    places = decimals_of(value)
    return 0.5001 * 10.0**-places if 1 <= places <= 12 else 0.0


def is_rounded(case, name):
    """Whether an entry is the right number, rounded or cut off; an update that shows the old value counts
    where three decimals could not show the step."""
    given, right = case.given[name], case.truth[name]
    places, error = decimals_of(given), abs(given - right)
    if (
        1 <= places <= 12
        and _written(given, right, places)
        or (error <= SINGLE * abs(right) and float(np.float32(given)) == given)
    ):
        return True
    return name in case.updates and error < 0.5e-3 and given == case.question.old(name)


def _written(given, right, places):
    """Whether a number is the right one, rounded or cut off to so many decimals."""
    unit, error = 10.0**-places, abs(given - right)
    return error <= 0.5001 * unit or abs(given) < abs(right) and error < 0.9999 * unit


def nearly(case, name):
    """Whether an entry is off by no more than rounding on the way explains: both numbers have decimals, the
    right one more of them."""
    right, got = case.measured(name, case.truth[name]), case.measured(name, case.given[name])
    places = decimals_of(case.given[name])
    return (
        1 <= places <= 9
        and right != 0
        and decimals_of(case.truth[name]) > places
        and abs(got / right - 1) <= (EARLY if name in case.updates else EARLY_VALUE)
    )


def wrong_whole_number(case, name):
    """Whether the decimals belong to the right number, but not the whole number in front of them."""
    off = case.given[name] - case.truth[name]
    step = abs(case.measured(name, case.truth[name]))
    return round(off) != 0 and decimals_of(case.given[name]) >= 3 and abs(off - round(off)) <= EARLY * max(step, 1e-12)


def step_error(case, names):
    """How far rounding throws the steps off, in words."""
    steps = [name for name in names if name in case.updates and case.measured(name, case.truth[name])]
    errors = {
        name: abs(case.measured(name, case.given[name]) / case.measured(name, case.truth[name]) - 1) for name in steps
    }
    if not errors:
        return ""
    worst = max(errors, key=errors.get)
    if errors[worst] >= 0.5:
        return f"; so few decimals hardly show the step of `{worst}` at all"
    return f", which throws the step of `{worst}` off by {100 * errors[worst]:.2g} %"
