"""Names the mistake behind a table of numbers that is not right.

A cause that explains the whole table comes first (`table_causes`), then numbers that were rounded, then two mistakes of
the list at once. Where nothing explains it, the table is followed line by line with the student's own numbers
(`table_errors`), so that what follows from an earlier error is not counted as another one.
"""

import itertools
import math

from helpers.checking.entries.table_causes import whole_table
from helpers.checking.entries.table_errors import errors_of_their_own
from helpers.checking.entries.tables import (
    Cause,
    TableCase,
    is_nearly,
    is_rounded,
    is_short,
    rounded_gradients,
    rounding_of,
    step_error,
    updates,
    with_rounded_lines,
)
from helpers.checking.feedback import Recognition, in_list, recognised
from helpers.checking.sentences import say


def recognise_table(case: TableCase) -> Recognition:
    """What is wrong with a table; it names the entries that are off."""
    return (
        _constant(case)
        or whole_table(case)
        or _swapped(case)
        or _rounded(case)
        or (_first(case, with_rounded_lines(case), rounded=True) if _is_near(case) else None)
        or _rounded_on_the_way(case)
        or _first(case, _two_mistakes(case))
        or _mistake_and_rounding(case)
        or _same_multiple(case)
        or errors_of_their_own(case)
    )


def _first(case, causes, names=None, rounded=False):
    """The first cause that leads to the numbers that came, or to those of these names."""
    for cause in causes:
        if case.fits(cause.table, names, rounded):
            return Recognition(cause.id, f"{case.where()} {cause.says(case.off)}", cause.hint)
    return None


def _constant(case):
    """The same number stands in every entry."""
    if len(case.given) < 3 or len(set(case.given.values())) > 1:
        return None
    return recognised("constant.table")


def _swapped(case):
    """The entries that are off hold each other's right numbers."""

    def holds(name, other):
        given, right = case.given[name], case.truth[other]
        return math.isclose(given, right, rel_tol=1e-9) and case.close(other, given, given=right)

    owners = case.owners(holds)
    if None in owners or len(set(owners)) < len(owners):
        return None
    return recognised("swapped.table", names=in_list(case.off))


def _same_multiple(case):
    """All values that are off are the same multiple of what is right."""
    pairs = [case.off_by(name) for name in case.off]
    if case.updates or len(pairs) < 2 or not all(right for _, right in pairs):
        return None
    ratios = [got / right for got, right in pairs]
    if max(ratios) - min(ratios) > 2e-6 * abs(ratios[0]):
        return None
    known = {2.0: "twice as large as they should be", 0.5: "half as large as they should be"}
    much = next((text for value, text in known.items() if abs(ratios[0] / value - 1) < 1e-6), "off by the same factor")
    return recognised("same_multiple", before=case.where(), much=much)


def _two_mistakes(case):
    """Two listed mistakes at once, or a listed one and a slip in the update or another learning rate; only where there is
    enough to tell."""
    if len(case.off) < 3:
        return
    question, eta = case.question, case.question.numbers.get("eta", 0.0)

    def both(one, name, what, table):
        return Cause(f"{one.id}+{name}", say("two_things", one=one.what, two=what), table, one.hint)

    def told(mistake):
        factor = _common_factor(case, case.truth, question.mistake_tables(mistake)[0])
        return f"{mistake.what} {say('learning_rate.or', used=f'{factor * eta:g}')}" if factor else mistake.what

    ways = [(mistake, way) for mistake in question.mistakes for way in mistake.ways]
    for (one, first), (two, second) in itertools.combinations(ways, 2):
        if one is not two and not set(first) & set(second):
            factor = _common_factor(case, case.truth, question.mistake_tables(one)[0])
            one, two = (two, one) if factor else (one, two)
            yield both(one, two.id, told(two), case.table(changes={**first, **second}))
    for mistake in question.mistakes:
        for table in question.mistake_tables(mistake):
            for slip in updates(case, table):
                if slip.id != mistake.id:
                    yield both(mistake, slip.id, slip.says(case.off), slip.table)
            values = [name for name in case.given if name not in case.updates]
            rate = eta * (case.fits(table, values) and _common_factor(case, table, case.given) or 0.0)
            if rate and is_short(rate, 3):
                what = say("learning_rate.too", used=f"{rate:g}", eta=f"{eta:g}")
                yield both(mistake, "learning_rate", what, case.given)


def _common_factor(case, one, other):
    """By what all steps of one table are multiplied in another one; None if they are not, or by 1, or by a negative
    number."""
    steps = [
        (case.measured(name, one[name]), case.measured(name, other[name])) for name in case.updates if name in other
    ]
    ratios = [got / right for right, got in steps if right]
    if not ratios or any(got for right, got in steps if not right) or not all(name in other for name in one):
        return None
    if ratios[0] <= 0 or abs(ratios[0] - 1) < 1e-5 or max(ratios) - min(ratios) > 2e-6 * ratios[0]:
        return None
    return round(ratios[0], 9)


# ------------------------------------------------------------------------------------------ rounding


def _rounded(case):
    """The right numbers, rounded when they were entered."""
    if not all(is_rounded(case, name) for name in case.off) or all(
        case.given[name] == case.question.old(name) for name in case.off
    ):
        return None
    return recognised("rounded.table", before=case.where(), after=step_error(case, case.off))


def _is_near(case):
    """Whether most of what is off is off by less than half of itself, as rounding makes it."""
    pairs = [case.off_by(name) for name in case.off]
    return sum(abs(got - right) <= 0.6 * abs(right) for got, right in pairs) >= len(pairs) / 2


def _rounded_on_the_way(case):
    """Every entry is off by no more than rounding on the way explains; or the gradients behind the steps are short."""
    if all(case.given[name] == case.question.old(name) for name in case.off):
        return None
    if not all(is_nearly(case, name) or is_rounded(case, name) for name in case.off) and not rounded_gradients(case):
        return None
    return recognised("rounded.early", before=case.where(), after=step_error(case, case.off))


def _mistake_and_rounding(case):
    """A listed mistake, or a slip in the update, in numbers that have been rounded."""
    if not any(rounding_of(case.given[name]) for name in case.off):
        return None
    if any(case.fits(slip.table, case.off) for slip in updates(case, case.truth)):
        return None  # to the last digit: nothing was rounded
    found = [
        mistake
        for mistake in case.question.mistakes
        if any(case.fits(table, rounded=True) for table in case.question.mistake_tables(mistake))
    ]
    one = found[0] if len(found) == 1 else None
    slip = next((each for each in updates(case, case.truth) if case.fits(each.table, case.off, rounded=True)), None)
    text = one.what if one else slip.says(case.off) if slip and not found else ""
    if not text:
        return None
    name, hint = (one or slip).id, (one or slip).hint
    return Recognition(f"{name}+rounded", f"{case.where()} {say('rounded.too', what=text)}", hint)
