"""Names the mistake behind a wrong answer.

First the question's own list is compared, then the mistakes that any question can meet. Each recogniser gets
a `Case` and returns a `Recognition` or None; `recognise` asks them in order, the surest first. Everything is
decided by values at several points; what cannot be told apart is named jointly.
"""

import numpy as np

from helpers.checking import sandbox
from helpers.checking.answers import Case
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
from helpers.checking.feedback import Recognition, jointly
from helpers.checking.formula_mistakes import constant_of, factor, listed_with_factor, slip
from helpers.checking.values import Unusable, agree, flat, in_words, shape_in_words
from helpers.formulas.text import FormulaError


def recognise(case: Case) -> Recognition:
    """The mistake in a wrong answer; the last recogniser always finds something true to say."""
    with np.errstate(all="ignore"):
        for recogniser in _RECOGNISERS if case.same_shape else _OF_ANY_SHAPE:
            try:
                found = recogniser(case)
            except (Unusable, sandbox.Failure, FormulaError, ArithmeticError, ValueError, TypeError, IndexError):
                continue  # a recogniser that calls the student's function again may meet anything
            if found:
                return found
    return Recognition("unknown", "The values are wrong.")


def listed(case: Case) -> Recognition | None:
    """A mistake of the question's own list, or several that lead to the same values."""
    question, points = case.question, case.points
    return jointly([m for m in question.mistakes if case.matches(question.mistake_values(m, points))])


# ------------------------------------------------------------------------------------------ wrong shapes


def wrong_shape(case: Case) -> Recognition | None:
    """The shape is wrong: transposed, summed, not summed, or broadcast by accident."""
    got, truth = case.got, case.truth
    worst = next((i for i, (g, t) in enumerate(zip(got, truth, strict=False)) if g.shape != t.shape), 0)
    came = (
        f"Your answer has the wrong shape: {shape_in_words(got[worst].shape)} came, "
        f"{shape_in_words(truth[worst].shape)} is needed"
    )
    if worst:
        came += f" at {in_words(case.points[worst])}"
    found = _right_in_another_shape(case, came) if len(got) == len(truth) else None
    return (
        found
        or _a_table_for_a_vector(case, came)
        or Recognition(
            "shape",
            came + ".",
            "A gradient has the shape of its parameter: print the shape of each factor."
            if case.is_derivative
            else "Print the shape of each quantity on the way.",
        )
    )


def _right_in_another_shape(case, came):
    """Numbers of the right answer, or of a quantity on the way, in another arrangement."""
    got, truth = case.got, case.truth
    for name, transform, text in (
        ("transpose", np.transpose, "it is the transpose of the right answer"),
        ("column", np.squeeze, "the numbers are right, but they must have the shape of the parameter"),
    ):
        changed = [transform(g) for g in got]
        if case.matches(truth, changed):
            return Recognition(name, f"{came}; {text}.", "Look at `.T`, `reshape` and at what `@` returns.")
        if case.matches([-t for t in truth], changed):
            return Recognition(f"sign+{name}", f"{came}; {text}, and the sign is wrong too.")
    for name, total, text in (
        ("summed", np.sum, "its components have been added up"),
        ("averaged", np.mean, "its components have been averaged"),
    ):
        if truth[0].ndim and case.matches([np.asarray(total(t)) for t in truth]):
            return Recognition(name, f"{came}; {text}.", _gradient_hint(case))
    for axis in range(truth[0].ndim):
        if case.matches([t.sum(axis=axis) for t in truth]):
            return Recognition("summed", f"{came}; it has been summed over one axis too many.")
    for axis in range(min(g.ndim for g in got)):
        if case.matches(truth, [g.sum(axis=axis) for g in got]):
            return Recognition("not_summed", f"{came}; the sum is still missing.")
        if case.matches(truth, [g.mean(axis=axis) for g in got]):
            return _broadcast(came)
    value = intermediate_value(case)
    return value and Recognition(value.mistake, f"{came}. {value.text}", value.hint)


def _gradient_hint(case):
    return "A gradient has one component for each parameter." if case.is_derivative else ""


def _broadcast(came, hint=""):
    text = f"{came}. Usually an array of shape (n,) met one of shape (n, 1), and NumPy made a table of them."
    return Recognition("broadcast", text, hint)


def _a_table_for_a_vector(case, came):
    """Rows for the examples that were not added up, or an accidental broadcast."""
    got, truth, sizes = case.got[0].shape, case.truth[0].shape, case.question.sizes(case.points[0])
    if len(got) != 2 or len(truth) != 1 or not set(got) <= set(sizes.values()) or 1 in got:
        return None
    if got == (sizes.get("m"), truth[0]):
        return Recognition(
            "not_summed",
            f"{came}. There is a row for each example: they have not been added up.",
            "Sum over the first axis, or use a matrix product.",
        )
    return _broadcast(came, "Print the shape of every factor.")


def summed_to_all(case: Case) -> Recognition | None:
    """Every component of a vector is the sum, or the mean, of what the components should be; or rows are reversed."""
    if not case.truth[0].ndim:
        return None
    for name, what, total in (("summed", "sum", np.sum), ("averaged", "mean", np.mean)):
        if case.matches([np.full(t.shape, total(t)) for t in case.truth]):
            text = f"Every component of your answer is the {what} of all components."
            return Recognition(name, text, _gradient_hint(case))
    if case.truth[0].ndim == 2 and case.matches([t[::-1] for t in case.truth]):
        return Recognition("reversed", "The rows of your answer are in the reverse order.")
    return None


# ------------------------------------------------------------------------------------------ other quantities


def intermediate_value(case: Case) -> Recognition | None:
    """The function itself, or a quantity on the way, was handed in instead of what is asked for."""
    question = case.question
    for name, values in case.quantities().items():
        # an answer that goes by a name of its own here is no quantity on the way
        if not np.any(flat(values)) or agree(values, case.truth, case.rtol):
            continue
        if case.matches(values) or case.matches([-v for v in values]):
            if name == question.objective:
                return Recognition(
                    "no_derivative",
                    "That is the function itself: its derivative has not been taken.",
                    f"Differentiate with respect to `{question.variable}`.",
                )
            return Recognition(
                "intermediate",
                f"That is the quantity `{name}` itself, not what is asked for.",
                "It is a step on the way: go on from there.",
            )
    return None


def wrong_variable(case: Case) -> Recognition | None:
    """The derivative with respect to another variable, found by central differences."""
    question = case.question
    if question.objective is None:
        return None
    for name in question.parameters:
        if name == question.variable:
            continue
        values = [_gradient(question, point, name) for point in case.points]
        if np.any(flat(values)) and agree(case.got, values, max(case.rtol, 2e-5)):
            return Recognition(
                f"wrt_{name}",
                f"That is the derivative with respect to `{name}`; the question asks "
                f"for the one with respect to `{question.variable}`.",
            )
    return None


def _gradient(question, point, name, step=1e-5):
    value = np.array(point[name], dtype=float)
    result = np.zeros(value.shape)
    for index in np.ndindex(*value.shape):
        sides = []
        for sign in (1, -1):
            moved = value.copy()
            moved[index] += sign * step
            sides.append(question.evaluate(question.objective, {**point, name: moved}))
        result[index] = (sides[0] - sides[1]) / (2 * step)
    return result


_TRANSFORMS = (
    ("absolute_value", np.abs, "Your answer has the right size, but it has lost its sign at some inputs."),
    ("absolute_value", lambda t: -np.abs(t), "Your answer has the right size, but a wrong sign at some inputs."),
    ("reciprocal", lambda t: 1 / t, "Your answer is one divided by the right one."),
    ("reciprocal", lambda t: -1 / t, "Your answer is one divided by the right one, with the wrong sign."),
    ("squared", np.square, "Your answer is the square of the right one."),
    ("one_minus", lambda t: 1 - t, "Your answer is one minus the right one."),
    ("exponentiated", np.exp, "Your answer is the exponential of the right one."),
    ("reversed", lambda t: t[::-1] if t.ndim else t, "The components are in the reverse order."),
)


def simple_transform(case: Case) -> Recognition | None:
    """The right answer went through one function too many: its size, its reciprocal, its square."""
    for name, transform, text in _TRANSFORMS:
        values = [np.asarray(transform(t)) for t in case.truth]
        if np.all(np.isfinite(flat(values))) and case.matches(values):
            return Recognition(name, text)
    return None


# ------------------------------------------------------------------------------------------ nearly right


def nearly_right(case: Case) -> Recognition | None:
    """Every value is right, rounded to some decimals, or within one percent."""
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
    return np.any(got) and any(
        np.all(np.abs(got - truth) <= 0.51 * 10.0**-digits) and np.allclose(got, np.round(got, digits), atol=1e-12)
        for digits in range(1, 7)
    )


def extra_term(case: Case) -> Recognition | None:
    """The answer differs from the right one by a constant or by a multiple of one quantity."""
    difference = flat(case.got) - flat(case.truth)
    if constant_of(difference) is not None:
        return Recognition(
            "extra_constant",
            "Your answer differs from the right one by the same number everywhere.",
            "A constant has the derivative zero." if case.is_derivative else "",
        )
    for name, values in case.quantities().items():
        v = case.spread(values)
        if v is not None and np.all(v != 0) and constant_of(difference / v) is not None:
            return Recognition(
                "extra_term",
                f"Your answer differs from the right one by a multiple of `{name}`: one term is missing or too many.",
            )
    return None


_OF_ANY_SHAPE = (own_parameter_order, listed, wrong_shape)
_RECOGNISERS = (
    own_parameter_order,
    listed,
    summed_to_all,
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
)
