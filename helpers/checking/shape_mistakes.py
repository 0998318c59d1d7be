"""Recognises answers whose numbers are right but stand in another shape or order, and says what is wrong with a shape."""

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition, recognised
from helpers.checking.formula_mistakes import intermediate_value
from helpers.checking.sentences import mistake_of, say
from helpers.checking.values import in_words, shape_in_words


def rearranged(case: Case) -> Found:
    """The numbers are right, but in another shape: transposed, summed, not summed, broadcast by accident."""
    if len(case.got) == len(case.truth):
        for sentence, mine, wanted in _other_shapes(case):
            if case.matches(wanted, mine):
                mistake = f"sign+{mistake_of(sentence)}" if sentence.endswith(".turned") else ""
                return recognised(sentence, mistake, came=_what_came(case))
    return None


def wrong_shape(case: Case) -> Found:
    """The shape is wrong, and nothing else is known."""
    came = _what_came(case)
    value = intermediate_value(case)
    if value:
        return Recognition(value.mistake, f"{came}. {value.text}", value.hint)
    return _a_table_for_a_vector(case, came) or recognised("shape.slope" if case.is_derivative else "shape", came=came)


def _what_came(case):
    """Which shape came, and which is needed, as a sentence without its full stop."""
    got, truth = case.got, case.truth
    worst = next((i for i, (g, t) in enumerate(zip(got, truth, strict=False)) if g.shape != t.shape), 0)
    came, needed = shape_in_words(got[worst].shape), shape_in_words(truth[worst].shape)
    return say("what_came", came=came, needed=needed, at=f" at {in_words(case.points[worst])}" if worst else "")


def _other_shapes(case):
    """(the id of a sentence, the student's numbers rearranged, those that they are then) for every way in which the
    right numbers come in another shape."""
    got, truth = case.got, case.truth
    for name, transform in (("transpose", np.transpose), ("column", np.squeeze)):
        changed = [transform(g) for g in got]
        yield f"{name}.shape", changed, truth
        yield f"{name}.turned", changed, [-t for t in truth]
    if truth[0].ndim:
        yield "summed.shape", got, [np.asarray(t.sum()) for t in truth]
        yield "averaged.shape", got, [np.asarray(t.mean()) for t in truth]
    for axis in range(truth[0].ndim):
        yield "summed.axis", got, [t.sum(axis=axis) for t in truth]
    least = min(g.ndim for g in got)
    for axis in range(least):
        yield "not_summed", [g.sum(axis=axis) for g in got], truth
        yield "broadcast" if least > 1 else "not_averaged.shape", [g.mean(axis=axis) for g in got], truth


def _a_table_for_a_vector(case, came):
    """Rows for the examples that were not added up, or an accidental broadcast."""
    got, truth, sizes = case.got[0].shape, case.truth[0].shape, case.question.sizes(case.points[0])
    if len(got) != 2 or len(truth) != 1 or not set(got) <= set(sizes.values()) or 1 in got:
        return None
    if got == (sizes.get("m"), truth[0]):
        return recognised("not_summed.rows", came=came)
    return recognised("broadcast", came=came)


def rearranged_in_place(case: Case) -> Found:
    """Every component of a vector is the sum, or the mean, of what the components should be; rows are reversed; a square
    matrix is transposed."""
    if not case.truth[0].ndim:
        return None
    if case.truth[0].ndim == 2 and case.matches([t.T for t in case.truth]):
        return recognised("transpose")
    for mistake, what, total in (("summed", "sum", np.sum), ("averaged", "mean", np.mean)):
        if case.matches([np.full(t.shape, total(t)) for t in case.truth]):
            return recognised("summed", mistake, total=what)
    if case.truth[0].ndim == 2 and case.matches([t[::-1] for t in case.truth]):
        return recognised("reversed.rows")
    return None
