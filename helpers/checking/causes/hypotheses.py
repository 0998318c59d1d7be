"""What may have gone wrong, as hypotheses that foretell the answer: a cause is named only if it foretells all of it.

From a question's own formulas come, in the order in which they are trusted: its function differentiated wrongly
(`wrong_slopes`), slips of writing (`slips`), right answers to other questions, functions that are programmed wrongly,
two mistakes at once. What they foretell at the question's points is worked out once, when the first wrong answer
comes. A hypothesis that fits there must fit again at points that nobody has seen before (`fresh`).
"""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.causes.fresh import central_points, far_points, fresh_points, scaled_points
from helpers.checking.causes.sources import STAGES, STAGES_OF_TWO, Hypothesis
from helpers.checking.causes.trees import TreeValues
from helpers.checking.feedback import Found, Recognition, one_of
from helpers.checking.values import TOO_MANY, Unusable, agree, flat, plain_numbers

_FRESH, _FRESH_AT_STEEP_ONES = 6, 100  # points at which a cause has to hold once more
_FAR = 30  # … and those at which words such as "everywhere" have to
_FURTHER = 200  # … and those at which steps have to stand in the same place
_BOTH_SIGNS = 5  # values of each kind that are needed where only two kinds come
_MOST = 3  # causes that are named together


def explained(case: Case) -> Found:
    """The simplest cause that foretells the whole answer, or the two or three that do so equally well."""
    return _explained(case, STAGES)


def explained_by_two(case: Case) -> Found:
    """The same of two mistakes at once."""
    return _explained(case, STAGES_OF_TWO)


def _explained(case, stages):
    unseen = _unseen(case)
    for sources, odd in stages if unseen else ():
        fitting = [each for source in sources for each in _tables(case, source)[odd].fitting(case)]
        confirmed = [each for each in fitting if all(foretells(each, other) for other in unseen)]
        confirmed = [each for each in confirmed if all(foretells(each, other) for other in _near_and_far(case))]
        if confirmed:
            return named_together(confirmed)
    return None


def _unseen(case):
    """The same answer where nobody has looked yet; nothing if that would not tell one cause from another. Of 0 and 1
    alone too much can be the cause; far out these may still show where a step stands."""
    other = elsewhere(case)
    if other is None or not case.is_derivative and _shows(other) < _MOST:
        return []
    values = np.concatenate([flat(case.got), flat(other.got)])
    if values.size > TOO_MANY:
        return []  # its shape says enough
    if len({f"{value:.5e}" for value in values}) > 2:
        return [other]
    if case.is_derivative:  # signs alone: many of both kinds tell as much as few numbers
        return [other] if len(set(values)) == 2 and min(np.unique(values, return_counts=True)[1]) >= _BOTH_SIGNS else []
    if case.answer.kind == "constant":
        return []
    far = _at(case, far_points(case.question, case.points, _FURTHER))
    counts = np.unique(flat(far.got), return_counts=True)[1] if far else []
    return [other, far] if len(counts) > 1 and sorted(counts)[-2] >= _FURTHER // 25 else []


def _near_and_far(case):
    """The same answer far in and far out, where it is a picture's: what changes between the stored points shows only there."""
    if case.is_derivative or any(case.question.shapes.values()):
        return []
    if "near_and_far" not in vars(case):
        further = (_at(case, points(case.question, case.points, _FURTHER)) for points in (central_points, far_points))
        case.near_and_far = [*filter(None, further)]
    return case.near_and_far


def _shows(case):
    """At how many points the mistake shows: a step that stands in a slightly wrong place shows at few."""
    size = np.max(np.abs(flat(case.truth)), initial=0.0)
    return sum(
        g.shape != t.shape or np.any(np.abs(g - t) > 1e-3 * size) for g, t in zip(case.got, case.truth, strict=True)
    )


def elsewhere(case: Case) -> Case | None:
    """The same answer at fresh points, drawn once for each answer; None if it cannot be had there."""
    if "elsewhere" not in vars(case):
        count = _FRESH if case.is_derivative else _FRESH_AT_STEEP_ONES
        case.elsewhere = _at(case, fresh_points(case.question, case.points, count))
    return case.elsewhere


def far_and_wide(case: Case) -> Case | None:
    """The same answer at thirty points more, near ones and far ones; at many more where it may be steep."""
    if "far_and_wide" not in vars(case):
        points = scaled_points(case.question, case.points, _FAR)
        if not case.is_derivative:
            points += far_points(case.question, case.points, _FURTHER)
        case.far_and_wide = _at(case, points)
    return case.far_and_wide


def confirmed(recogniser: Callable[[Case], Found], everywhere: bool = False) -> Callable[[Case], Found]:
    """The recogniser, believed only where it says the same at fresh points; at many of them if it says `everywhere`."""

    def asked_twice(case):
        found = recogniser(case)
        other = found and (far_and_wide(case) if everywhere else elsewhere(case))
        again = other and recogniser(other)
        return found if again and again.mistake == found.mistake else None

    return asked_twice


def _at(case, points):
    """The case at other points, without those at which the right answer or the one that came has no value; None if
    nothing is left."""
    with np.errstate(all="ignore"):
        try:
            got = plain_numbers(case.call(points, lenient=True), truth := case.question.truth(points))
        except Unusable:
            return None
        finite = [np.isfinite(g).all() and np.isfinite(t).all() for g, t in zip(got, truth, strict=False)]
        points, got = ([each for each, fine in zip(some, finite, strict=False) if fine] for some in (points, got))
    return Case(case.question, case.answer, points, got) if points else None


def foretells(hypothesis: Hypothesis, case: Case | None) -> bool:
    """Whether a hypothesis gives the values that came."""
    if case is None:
        return False
    values = hypothesis.values(case.question, case.points)
    return values is not None and agree(case.got, values, case.rtol)


def named_together(found: list[Hypothesis]) -> Found:
    """The simplest of some hypotheses; those of one text are one, and of more than a few none is named."""
    fewest = min(len(each.slips) for each in found)
    of_family: dict[str, Hypothesis] = {}
    for each in found:
        if len(each.slips) == fewest:
            of_family.setdefault(_family(each), each)
    simplest = list(of_family.values())
    if len(simplest) > _MOST:
        return None
    return Recognition(
        "|".join(each.id for each in simplest), one_of([each.text for each in simplest], "values"), simplest[0].hint
    )


_OF_THEIR_OWN = ("missing_term", "missing_divisor", "missing_square", "missing_function")


def _family(hypothesis):
    """What says the same in other words: the factor that is missing is the derivative that was forgotten."""

    def kind(id):
        return id.split("_")[0] if id.startswith(("missing_", "sign")) and id not in _OF_THEIR_OWN else id

    return "+".join(kind(slip.id) for slip in hypothesis.slips)


# ------------------------------------------------------------------------------------------ what they foretell


@dataclass
class _Table:
    """What the hypotheses of one source foretell, by the shape of what they do."""

    of_shape: dict[tuple, tuple[np.ndarray, list[Hypothesis]]] = field(default_factory=dict)

    def fitting(self, case: Case) -> list[Hypothesis]:
        """Those that give what came at every point of the case."""
        looked = case.got if _together(case.question) else case.got[:1]
        values, owners = self.of_shape.get(_key(looked), (None, []))
        if values is None:
            return []
        got = flat(looked)
        some = [owners[place] for place in np.flatnonzero(_near(values, got, case.rtol))]
        return [each for each in some if _together(case.question) or foretells(each, case)]


def _near(values, got, rtol):
    """Whether the numbers of each row are those that came, as `agree` has it."""
    size = np.abs(values)
    return np.all(np.abs(values - got) <= rtol * size + 0.05 * rtol * size.max(axis=-1, keepdims=True), axis=-1)


def _together(question):
    return not any(question.shapes.values())


def _key(values):
    return tuple(value.shape for value in values)


_TABLES: "weakref.WeakKeyDictionary" = weakref.WeakKeyDictionary()  # the question asked last stands last
_KEPT = 12  # questions whose tables are kept: all of them together would take 90 MB


def _tables(case, source):
    """The tables of a source at the points of a case: of what is common, and of what is odd. They are built once where
    the points are the question's own."""
    question = case.question
    known = _TABLES.pop(question.answer_formula, {})
    for oldest in list(_TABLES)[: len(_TABLES) - _KEPT + 1]:
        del _TABLES[oldest]
    _TABLES[question.answer_formula] = known
    place = next((i for i, point in enumerate(question.points) if point is case.points[0]), None)
    if place is None or _together(question) and len(case.points) != len(question.points):
        return _built(question, source, case.points)
    if (source, place) not in known:
        known[source, place] = _built(question, source, case.points)
    return known[source, place]


def _built(question, source, points):
    points = points if _together(question) else points[:1]
    rows: tuple[dict, dict] = {}, {}  # shape -> digits -> (numbers, hypotheses)
    right, usual = _key(question.truth(points)), TreeValues(question, points)
    truth = flat(question.truth(points))
    for hypothesis in source(question):
        shape, numbers = hypothesis.in_a_row(usual, question, points) or (None, None)
        if shape is None or not np.isfinite(numbers).all():
            continue
        if shape == right and _near(numbers, truth, question.rtol) and _is_right(hypothesis, question):
            continue
        same = rows[hypothesis.odd].setdefault(shape, {}).setdefault(_rounded(numbers), (numbers, []))[1]
        if len(same) <= _MOST or len(hypothesis.slips) < len(same[-1].slips):
            same.append(hypothesis)
    return tuple(_Table({shape: _stacked(kept) for shape, kept in part.items()}) for part in rows)


def _stacked(kept):
    """(the numbers of each hypothesis in a row, the hypotheses)"""
    pairs = [(numbers, each) for numbers, same in kept.values() for each in same]
    return np.array([numbers for numbers, _ in pairs]), [each for _, each in pairs]


def _is_right(hypothesis, question):
    values = None if _together(question) else hypothesis.values(question, question.points)
    return values is None or agree(values, question.truth(question.points), question.rtol)


def _rounded(numbers):
    """Nine digits of each number, as something that can be looked up."""
    power = 10.0 ** np.floor(np.log10(np.abs(numbers) + 1e-300))
    return np.round(numbers / power, 8).tobytes() + power.tobytes()
