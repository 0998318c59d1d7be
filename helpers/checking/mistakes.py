"""Names the mistake behind a wrong answer.

First the question's own list is compared, then the mistakes that any question can meet. Each recogniser gets
a `Case` and returns a `Recognition` or None; `recognise` asks them in order, the surest first. Everything is
decided by values at several points; what cannot be told apart is named jointly.
"""

import numpy as np

from helpers.checking import sandbox
from helpers.checking.behaviour import (
    changed_argument,
    constant,
    dependence,
    furthest_off,
    not_repeatable,
    only_at_zero,
    only_for_scalar,
    own_parameter_order,
    parameter_order,
    partly_right,
)
from helpers.checking.cases import Recognition, flat, jointly
from helpers.checking.factors import constant_of, factor, listed_with_factor
from helpers.checking.shapes import wrong_shape
from helpers.checking.slips import slip
from helpers.checking.substitutes import intermediate_value, simple_transform, wrong_variable
from helpers.checking.values import Unusable
from helpers.formulas.text import FormulaError


def recognise(case):
    """The Recognition of the mistake in a wrong answer; the last recogniser always finds something true to
    say."""
    for recogniser in (
        own_parameter_order,
        listed,
        wrong_shape,
        constant,
        intermediate_value,
        factor,
        wrong_variable,
        simple_transform,
        listed_with_factor,
        nearly_right,
        extra_term,
        slip,
        parameter_order,
        not_repeatable,
        changed_argument,
        partly_right,
        only_for_scalar,
        only_at_zero,
        dependence,
        furthest_off,
    ):
        try:
            found = recogniser(case)
        except (Unusable, sandbox.Failure, FormulaError, ArithmeticError, ValueError, TypeError, IndexError):
            continue  # a recogniser that calls the student's function again may meet anything
        if found:
            return found
    return Recognition("unknown", "The values are wrong.")


def listed(case):
    """The mistakes of the question's own list that lead to these values."""
    question, points = case.question, case.points
    return jointly([m for m in question.mistakes if case.matches(question.mistake_values(m, points))])


def nearly_right(case):
    if not case.same_shape:
        return None
    got, truth = flat(case.got), flat(case.truth)
    if _is_rounded(got, truth):
        return Recognition(
            "rounded", "Your answer has been rounded.", "Return the value as it is; round only when you print it."
        )
    if np.all(np.abs(got - truth) <= 0.01 * np.abs(truth)):
        return Recognition(
            "inaccurate",
            "Your answer is close, but not exact.",
            "A rounded constant or a finite difference with a large h gives such values; work with the formula itself.",
        )
    return None


def _is_rounded(got, truth):
    return any(
        np.all(np.abs(got - truth) <= 0.51 * 10.0**-digits)
        and np.allclose(got, np.round(got, digits), atol=1e-12)
        and np.any(got)
        for digits in range(1, 7)
    )


def extra_term(case):
    """The answer differs from the right one by a constant or by a multiple of one quantity."""
    if not case.same_shape:
        return None
    difference = flat(case.got) - flat(case.truth)
    if constant_of(difference) is not None:
        return Recognition(
            "extra_constant",
            "Your answer differs from the right one by the same number everywhere.",
            "A constant has the derivative zero." if case.is_derivative else "",
        )
    for name, values in case.quantities().items():
        if all(np.ndim(v) == 0 or np.shape(v) == t.shape for v, t in zip(values, case.truth, strict=False)):
            v = flat([np.broadcast_to(v, t.shape) for v, t in zip(values, case.truth, strict=False)])
            if np.all(v != 0) and constant_of(difference / v) is not None:
                return Recognition(
                    "extra_term",
                    f"Your answer differs from the right one by a multiple of `{name}`: one term is missing or too "
                    "many.",
                )
    return None
