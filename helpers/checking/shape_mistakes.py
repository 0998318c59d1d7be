"""Recognises answers whose numbers are right but stand in another shape or order, and says what is wrong with a shape."""

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition
from helpers.checking.formula_mistakes import intermediate_value
from helpers.checking.values import in_words, shape_in_words


def rearranged(case: Case) -> Found:
    """The numbers are right, but in another shape: transposed, summed, not summed, broadcast by accident."""
    if len(case.got) == len(case.truth):
        for name, text, hint, mine, wanted in _other_shapes(case):
            if case.matches(wanted, mine):
                return Recognition(name, f"{_what_came(case)}{text}.", hint)
    return None


def wrong_shape(case: Case) -> Found:
    """The shape is wrong, and nothing else is known."""
    came = _what_came(case)
    value = intermediate_value(case)
    if value:
        return Recognition(value.mistake, f"{came}. {value.text}", value.hint)
    return _a_table_for_a_vector(case, came) or Recognition(
        "shape",
        f"{came}.",
        "A gradient has the shape of its parameter: print the shape of each factor."
        if case.is_derivative
        else "Print the shape of each quantity on the way.",
    )


def _what_came(case):
    """Which shape came, and which is needed, as a sentence without its full stop."""
    got, truth = case.got, case.truth
    worst = next((i for i, (g, t) in enumerate(zip(got, truth, strict=False)) if g.shape != t.shape), 0)
    return (
        f"Your answer has the wrong shape: {shape_in_words(got[worst].shape)} came, "
        f"{shape_in_words(truth[worst].shape)} is needed{f' at {in_words(case.points[worst])}' if worst else ''}"
    )


_BROADCAST = ". Usually an array of shape (n,) met one of shape (n, 1), and NumPy made a table of them"


def _other_shapes(case):
    """(id, what happened, hint, the student's numbers rearranged, those that they are then) for every way in which the
    right numbers come in another shape."""
    got, truth = case.got, case.truth
    for name, transform, text in (
        ("transpose", np.transpose, "; it is the transpose of the right answer"),
        ("column", np.squeeze, "; the numbers are right, but they must have the shape of the parameter"),
    ):
        changed = [transform(g) for g in got]
        yield name, text, "Look at `.T`, `reshape` and at what `@` returns.", changed, truth
        yield f"sign+{name}", f"{text}, and the sign is wrong too", "", changed, [-t for t in truth]
    dimensions, hint = truth[0].ndim, _gradient_hint(case)
    if dimensions:
        yield "summed", "; its components have been added up", hint, got, [np.asarray(t.sum()) for t in truth]
        yield "averaged", "; its components have been averaged", hint, got, [np.asarray(t.mean()) for t in truth]
    for axis in range(dimensions):
        yield "summed", "; it has been summed over one axis too many", "", got, [t.sum(axis=axis) for t in truth]
    for axis in range(min(g.ndim for g in got)):
        yield "not_summed", "; the sum is still missing", "", [g.sum(axis=axis) for g in got], truth
        text = _BROADCAST if min(g.ndim for g in got) > 1 else "; the mean is still missing"
        yield "broadcast" if text is _BROADCAST else "not_averaged", text, "", [g.mean(axis=axis) for g in got], truth


def _gradient_hint(case):
    return "A gradient has one component for each parameter." if case.is_derivative else ""


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
    return Recognition("broadcast", f"{came}{_BROADCAST}.", "Print the shape of every factor.")


def rearranged_in_place(case: Case) -> Found:
    """Every component of a vector is the sum, or the mean, of what the components should be; rows are reversed; a square
    matrix is transposed."""
    if not case.truth[0].ndim:
        return None
    if case.truth[0].ndim == 2 and case.matches([t.T for t in case.truth]):
        return Recognition(
            "transpose",
            "Your answer is the transpose of the right one.",
            "Look at `.T`, and at the order of the factors.",
        )
    for name, what, total in (("summed", "sum", np.sum), ("averaged", "mean", np.mean)):
        if case.matches([np.full(t.shape, total(t)) for t in case.truth]):
            text = f"Every component of your answer is the {what} of all components."
            return Recognition(name, text, _gradient_hint(case))
    if case.truth[0].ndim == 2 and case.matches([t[::-1] for t in case.truth]):
        return Recognition("reversed", "The rows of your answer are in the reverse order.")
    return None
