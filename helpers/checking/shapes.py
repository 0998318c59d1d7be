"""Recognises answers of the wrong shape: transposed, summed, not summed, broadcast by accident."""

import numpy as np

from helpers.checking.cases import Recognition
from helpers.checking.substitutes import intermediate_value
from helpers.checking.values import in_words, shape_in_words


def wrong_shape(case):
    if case.same_shape:
        return summed_to_all(case)
    question, got, truth = case.question, case.got, case.truth
    worst = next((i for i, (g, t) in enumerate(zip(got, truth, strict=False)) if g.shape != t.shape), 0)
    came = (
        f"Your answer has the wrong shape: {shape_in_words(got[worst].shape)} came, "
        f"{shape_in_words(truth[worst].shape)} is needed"
    )
    if worst:
        came += f" at {in_words(case.points[worst])}"
    if len(got) == len(truth):
        for name, transform, text in (
            ("transpose", np.transpose, "it is the transpose of the right answer"),
            ("column", np.squeeze, "the numbers are right, but they must have the shape of the parameter"),
        ):
            changed = [transform(g) for g in got]
            if case.matches(truth, changed):
                return Recognition(name, f"{came}; {text}.", "Look at `.T`, `reshape` and at what `@` returns.")
            if case.matches([-t for t in truth], changed):
                return Recognition(f"sign+{name}", f"{came}; {text}, and the sign is wrong too.")
        for name, transform, text in (
            ("summed", np.sum, "its components have been added up"),
            ("averaged", np.mean, "its components have been averaged"),
        ):
            if truth[0].ndim and case.matches([np.asarray(transform(t)) for t in truth]):
                return Recognition(name, f"{came}; {text}.", _gradient_hint(case))
        for axis in range(truth[0].ndim):
            if case.matches([t.sum(axis=axis) for t in truth]):
                return Recognition("summed", f"{came}; it has been summed over one axis too many.")
        for axis in range(got[0].ndim):
            if case.matches(truth, [g.sum(axis=axis) for g in got]):
                return Recognition("not_summed", f"{came}; the sum is still missing.")
            if case.matches(truth, [g.mean(axis=axis) for g in got]):
                return Recognition("broadcast", _broadcast_text(came))
        value = intermediate_value(case)
        if value:
            return Recognition(value.mistake, f"{came}. {value.text}", value.hint)
    return _extra_axis(came, got[0].shape, truth[0].shape, question.sizes(case.points[0])) or Recognition(
        "shape",
        came + ".",
        "A gradient has the shape of its parameter: print the shape of each factor."
        if case.is_derivative
        else "Print the shape of each quantity on the way.",
    )


def _gradient_hint(case):
    return "A gradient has one component for each parameter." if case.is_derivative else ""


def _broadcast_text(came):
    return f"{came}. Usually an array of shape (n,) met one of shape (n, 1), and NumPy made a table of them."


def _extra_axis(came, got, truth, sizes):
    """A table where a vector belongs: rows for the examples that were not added up, or an accidental
    broadcast."""
    if len(got) != 2 or len(truth) != 1 or not set(got) <= set(sizes.values()) or 1 in got:
        return None
    if got == (sizes.get("m"), truth[0]):
        return Recognition(
            "not_summed",
            f"{came}. There is a row for each example: they have not been added up.",
            "Sum over the first axis, or use a matrix product.",
        )
    return Recognition("broadcast", _broadcast_text(came), "Print the shape of every factor.")


def summed_to_all(case):
    """Every component of a vector is the sum of what the components should be."""
    if not case.truth[0].ndim:
        return None
    for name, total in (("summed", np.sum), ("averaged", np.mean)):
        if case.matches([np.full(t.shape, total(t)) for t in case.truth]):
            return Recognition(
                name,
                f"Every component of your answer is the {'sum' if name == 'summed' else 'mean'} of all components.",
                _gradient_hint(case),
            )
    if case.truth[0].ndim == 2 and case.matches([t[::-1] for t in case.truth]):
        return Recognition("reversed", "The rows of your answer are in the reverse order.")
    return None
