"""Functions that return several gradients as a dict of arrays: read, compared one by one, and the mistake named.

One cause for all that is off comes first, then each gradient alone.
"""

import copy

import numpy as np

from helpers.checking.answers import Answer, Case, changed_arguments, not_finite
from helpers.checking.causes.fresh import fresh_points
from helpers.checking.entries.gradient_changes import changed_lines, habit, what_to_print
from helpers.checking.entries.tables import EntriesCase, by_name, numbers_in, unknown_names
from helpers.checking.feedback import (
    Recognition,
    are,
    either,
    in_a_row,
    in_list,
    jointly,
    lower,
    one_of,
    recognised,
    side,
)
from helpers.checking.formula_mistakes import constant_of
from helpers.checking.mistakes import recognise
from helpers.checking.sentences import say
from helpers.checking.values import Question, Unusable, Values, agree, flat, is_placeholder, shape_in_words

# ------------------------------------------------------------------------------------------ reading, comparing


class ArraysAnswer(Answer):
    """A student's function, called for a dict of arrays at each point."""

    def read(self, raw: object) -> dict[str, np.ndarray]:
        """The gradients that are filled in. Raises Unusable for what is no dict of them."""
        names = tuple(self.question.entries)
        if isinstance(raw, (tuple, list)) and len(raw) == len(names):
            raw = dict(zip(names, raw, strict=True))
        if not isinstance(raw, dict):
            kind = "one array" if isinstance(raw, (np.ndarray, np.generic, float, int)) else f"a {type(raw).__name__}"
            raise Unusable(
                f"Your function returns {kind}; return a dictionary of {in_list(names)}.", "not_a_dictionary"
            )
        named, unknown = by_name(raw, names)
        named = {name: value for name, value in named.items() if not is_placeholder(value)}
        if unknown and len(named) < len(names):
            raise unknown_names(unknown, names, named)
        return {name: numbers_in(named[name], name) for name in names if name in named}

    def entry(self, name: str) -> Answer:
        """One gradient alone, as the recognisers of formulas want it."""
        alone = copy.copy(self)
        alone.read = lambda raw: self.read(raw)[name]
        return alone


class ArraysCase(EntriesCase):
    """The gradients that came, beside the right ones. `only_this_size`: they are right at the sizes of the statement
    and not at others; where something is wrong at both, `tables` holds those of the statement alone."""

    def __init__(self, question: Question, answer: ArraysAnswer) -> None:
        self.question, self.answer, self.truth = question, answer, question.truth
        points, self.only_this_size = question.points, False
        everywhere = range(len(points))
        stated = [i for i in everywhere if _sizes(points[i]) == _sizes(points[0])]
        self.tables, self.printed = self._at(stated)
        if len(stated) < len(points):
            try:
                self.tables = self._at(everywhere)[0]
            except Unusable as problem:
                if problem.mistake == "endless" or not self._all_right(stated):
                    raise
                self.only_this_size = True
            if self._wrong_as_stated(stated):
                self.tables = {i: self.tables[i] for i in stated}
        given = [name for name in question.entries if all(name in table for table in self.tables.values())]
        self._sort(question, given, self.fits)
        if self.missing:
            return
        if self.off and len(self.tables) > len(stated):
            self.only_this_size = all(self.fits(name, indices=stated) for name in given)
        elif not self.off and self.only_this_size:
            self.off = given

    def _at(self, indices):
        tables, printed = self.answer.values([self.question.points[i] for i in indices])
        return dict(zip(indices, tables, strict=True)), printed

    def _wrong_as_stated(self, stated):
        """Whether there is something wrong at the sizes of the statement, while at others the shapes are."""
        others = [i for i in self.tables if i not in stated]

        def shaped(name, indices):
            return all(
                name in self.tables[i] and self.tables[i][name].shape == self.truth[i][name].shape for i in indices
            )

        names = self.question.entries
        return any(shaped(name, stated) and not shaped(name, others) for name in names) and not self._all_right(stated)

    def _all_right(self, indices):
        return all(
            all(name in self.tables[i] for i in indices) and self.fits(name, indices=indices)
            for name in self.question.entries
        )

    def got(self, name: str) -> Values:
        """One gradient, at every point at which it is looked at."""
        return [table[name] for table in self.tables.values()]

    def wanted(self, name: str) -> Values:
        """What it should be there."""
        return [self.truth[i][name] for i in self.tables]

    def fits(self, name: str, tables: list | None = None, indices: list[int] | None = None) -> bool:
        """Whether an entry has the right values, or those of other tables, those of a mistake. A single number may come
        in any shape of one entry; where the mistake leads to another shape, axes of length 1 do not matter."""
        indices = self.tables if indices is None else indices
        got, wanted, right = (
            [each[i][name] for i in indices] for each in (self.tables, tables or self.truth, self.truth)
        )
        if [w.shape for w in wanted] == [r.shape for r in right]:
            got = [g.reshape(w.shape) if g.size == w.size == 1 else g for g, w in zip(got, wanted, strict=True)]
        else:
            got, wanted = [np.squeeze(g) for g in got], [np.squeeze(w) for w in wanted]
        return agree(got, wanted, self.question.rtol)

    def notes(self) -> list[str]:
        """What is odd about a right answer."""
        odd = [(name, self.got(name)[0].shape, self.wanted(name)[0].shape) for name in self.right]
        return [
            f"`{name}` came as {shape_in_words(came)}; "
            + (f"its shape should be {shape}." if shape else "it should be a single number.")
            for name, came, shape in odd
            if came != shape
        ] + changed_arguments(self.answer)

    def _line(self, name):
        return self.question.entries[name]

    def _leaves_right(self, changes):
        tables = self.question.worked_out(changes)
        return all(self.fits(other, tables) for other in self.right)


def _sizes(point):
    return [np.shape(value) for value in point.values()]


# ------------------------------------------------------------------------------------------ recognising

_FRESH = 30  # points at which a word such as "only" has to hold


def recognise_arrays(case: ArraysCase) -> Recognition:
    """What is wrong with the gradients."""
    if case.only_this_size and _at_fresh_points(case):
        return recognised("only_this_size")
    return (
        _not_finite(case)
        or _together(case)
        or _new_values(case)
        or _swapped(case)
        or changed_lines(case)
        or _one_by_one(case)
    )


def _at_fresh_points(case):
    """Whether the gradients are right at thirty more points of the sizes of the statement, which the others are not; it
    may have been a sign that was right there by accident."""
    points = [point for point in case.question.points if _sizes(point) == _sizes(case.question.points[0])]
    points = fresh_points(case.question, points, _FRESH)
    try:
        tables, _ = case.answer.values(points)
    except Unusable:
        return False
    right = [case.question.values(point) for point in points]
    return all(
        agree([table.get(name, np.zeros(0)) for table in tables], [table[name] for table in right], case.question.rtol)
        for name in case.question.entries
    )


def _not_finite(case):
    points = [case.question.points[i] for i in case.tables]
    for name in case.off:
        found = not_finite(case.got(name), points)
        if found:
            return Recognition(found.mistake, f"`{name}`: {found.text}", found.hint)
    return None


def _together(case):
    """One listed mistake explains all entries that are off, and leaves the others right."""
    found = [
        mistake
        for mistake in case.question.mistakes
        if any(
            all(case.fits(name, tables) for name in (*case.off, *case.right))
            for tables in case.question.mistake_tables(mistake)
        )
    ]
    return jointly(found, f"{are(case.off)} off. {one_of(_causes(found, 3), 'values')}") if found else None


def _new_values(case):
    """Every entry is the old value minus the same number times its gradient, or that step alone."""
    by = {name: case.question.by.get(name, name) for name in (*case.off, *case.right)}
    given = [name for name, parameter in by.items() if parameter in case.question.parameters]
    if not given:
        return None
    old = flat([case.question.points[i][by[name]] for name in given for i in case.tables])
    got, right = (flat([array for name in given for array in arrays(name)]) for arrays in (case.got, case.wanted))
    if got.shape != right.shape:
        return None
    factor = constant_of(got[right != 0] / right[right != 0]) if right.any() and not got[right == 0].any() else None
    if factor and factor < 0 and factor != -1:
        return recognised("steps", factor=f"{factor:.3g}", rate=f"{-factor:.3g}")
    moved = right != 0  # ReLU lets some gradients be zero, and then the old value stays
    if not moved.any() or np.any(old[~moved] != got[~moved]) or not constant_of((old - got)[moved] / right[moved]):
        return None
    return recognised("new_values")


def _swapped(case):
    """Entries that hold each other's right gradients."""
    if None in case.owners(lambda name, other: agree(case.got(name), case.wanted(other), case.question.rtol)):
        return None
    return recognised("swapped.gradients", names=in_list(case.off))


def _one_by_one(case):
    """A cause for each gradient: two are told in full, and of those without one the first in the backward pass."""
    told, unknown = {}, {}
    following = [name for name in case.off if _rests_on_what_is_off(case, name)]
    for name in [name for name in case.off if name not in following]:
        found = _of_one(case, name)
        if found.mistake == "unknown":
            unknown[name] = found.hint
        else:
            told.setdefault(found, []).append(name)
    if unknown:
        first = min(unknown, key=lambda name: _backward(case, name))
        text = f"{_component(case, first)} {what_to_print(case, first)}"
        told[Recognition("unknown", text, unknown.pop(first))] = [first]
    sentences = [f"{in_list(names)}: {_behind_names(found.text, names)}" for found, names in list(told.items())[:2]]
    more = [name for names in list(told.values())[2:] for name in names] + list(unknown)
    more = [name for name in case.off if name in {*more, *following}]
    if more:
        sentences.append(f"{are(more)} off as well.")
    kinds = dict.fromkeys(found.mistake for found in told)
    return Recognition("+".join(kinds), " ".join(sentences), next(iter(told)).hint)


def _rests_on_what_is_off(case, name):
    """Whether an entry is worked out from another one that is off: what is wrong with it shows when that one is right."""
    entries = case.question.entries
    return bool({*case.question.working.depends(entries[name])[:-1]} & {entries[other] for other in case.off})


def _behind_names(text, names):
    if text.startswith("Your answer"):
        return text.replace("Your answer", "it" if len(names) == 1 else "your answer", 1)
    return lower(text)


def _backward(case, name):
    """Where a gradient stands in the backward pass: it rests on so many lines."""
    return len(case.question.working.depends(case.question.entries[name])), case.wanted(name)[0].ndim


def _component(case, name):
    """Where a gradient is furthest off, in one component, without the right value."""
    got, right = case.got(name)[0], case.wanted(name)[0]
    which = "forward" if case.question.by.get(name) == "" else "backward"
    if got.size != right.size:
        return say("begin", which=which)
    got = got.reshape(right.shape)
    index = np.unravel_index(np.argmax(np.abs(got - right)), right.shape)
    mine, wanted = got[index], right[index]
    component = f"component {list(map(int, index))}" if right.size > 1 else "it"
    return say("begin.at", which=which, component=component, side=side(mine, wanted, "is too {}, with the right sign"))


def _of_one(case, name):
    """The mistake in one gradient: a listed one, or one that any gradient can have. A listed one that would
    spoil a right gradient comes last: it may have been made here alone."""
    fitting, likely = [], []
    for mistake in case.question.mistakes:
        tables = zip(mistake.ways, case.question.mistake_tables(mistake), strict=True)
        ways = [way for way, table in tables if case.fits(name, table)]
        if ways:
            fitting.append(mistake)
        if any(case.may_cause(way, name) for way in ways):
            likely.append(mistake)
    found = None if likely else habit(case, name) or changed_lines(case, [name]) or _general(case, name)
    listed = likely or (fitting if found.mistake == "unknown" else [])
    return jointly(listed, f"{either(_causes(listed, 2))}.") if listed else found


def _causes(mistakes, most):
    return in_a_row(mistake.what for mistake in mistakes[:most])


def _general(case, name):
    """A mistake that any gradient can have."""
    part, got, wanted = case.question.part(name), case.got(name), case.wanted(name)
    if got[0].shape == wanted[0].shape[::-1] != wanted[0].shape and agree([g.T for g in got], wanted, part.rtol):
        return recognised("transpose.gradient", needed=shape_in_words(wanted[0].shape))
    if got[0].ndim < wanted[0].ndim and agree([g.ravel() for g in got], [w.ravel() for w in wanted], part.rtol):
        came, needed = shape_in_words(got[0].shape), shape_in_words(wanted[0].shape)
        return recognised("shape.gradient", came=came, needed=needed)
    return recognise(Case(part, case.answer.entry(name), [part.points[i] for i in case.tables], got))
