"""Recognises answers that are another function: the one before differentiating, the derivative with respect to another
variable, the reciprocal of the right one."""

import numpy as np

from helpers.checking.cases import Recognition, agree, flat


def intermediate_value(case):
    """The function itself, or a quantity on the way, was handed in instead of its derivative."""
    question = case.question
    for name, values in case.quantities().items():
        if not all(np.shape(v) == g.shape for v, g in zip(values, case.got, strict=False)) or np.all(flat(values) == 0):
            continue
        if agree(values, case.truth, case.rtol):
            continue  # the answer goes by a name of its own here
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


def wrong_variable(case):
    """The derivative with respect to another variable, found by central differences."""
    question = case.question
    if question.objective is None or not case.same_shape:
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


def simple_transform(case):
    if not case.same_shape:
        return None
    with np.errstate(all="ignore"):
        for name, transform, text in (
            ("absolute_value", np.abs, ("Your answer has the right size, but it has lost its sign at some inputs.")),
            (
                "absolute_value",
                lambda t: -np.abs(t),
                ("Your answer has the right size, but a wrong sign at some inputs."),
            ),
            ("reciprocal", lambda t: 1 / t, "Your answer is one divided by the right one."),
            ("reciprocal", lambda t: -1 / t, ("Your answer is one divided by the right one, with the wrong sign.")),
            ("squared", np.square, "Your answer is the square of the right one."),
            ("one_minus", lambda t: 1 - t, "Your answer is one minus the right one."),
            ("exponentiated", np.exp, "Your answer is the exponential of the right one."),
            ("reversed", lambda t: t[::-1] if t.ndim else t, "The components are in the reverse order."),
        ):
            values = [np.asarray(transform(t)) for t in case.truth]
            if np.all(np.isfinite(flat(values))) and case.matches(values):
                return Recognition(name, text)
    return None
