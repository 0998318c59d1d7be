"""Names the mistake behind a table of numbers that is not right.

The network is worked out once with each mistake, and the tables are compared. One mistake that explains the
whole table comes first, then two at once, then one with rounding; then the table is followed line by line
with the student's own numbers, so that what follows from an earlier error is not counted as another one.
"""

import itertools
import math

from helpers.checking.feedback import Recognition, are, in_a_row, in_list, jointly, one_of, side
from helpers.checking.formula_mistakes import single_slips
from helpers.checking.table_errors import ONCE_MORE, errors_of_their_own
from helpers.checking.tables import Cause, TableCase, is_nearly, is_rounded, rounding_of, step_error, updates

_ALL_DIGITS = "Keep all digits until the end."


def recognise_table(case: TableCase) -> Recognition:
    """What is wrong with a table; it names the entries that are off."""
    return (
        _one_mistake(case)
        or _other_update(case)
        or _constant(case)
        or _swapped(case)
        or _rounded(case)
        or _first(case, _with_printed_numbers(case))
        or _first(case, _with_rounded_lines(case), rounded=True)
        or _first(case, _two_mistakes(case))
        or _mistake_and_rounding(case)
        or _one_slip(case)
        or _rounded_on_the_way(case)
        or errors_of_their_own(case)
        or _first_to_look_at(case)
    )


def _first_to_look_at(case):
    """Nothing is known of the mistake: the entry that rests on the fewest lines, and on which side it is off."""
    first = min(case.off, key=lambda name: len(case.question.working.depends(case.question.entries[name][0])))
    text = case.where() + (f" The first one to look at is `{first}`." if len(case.off) > 1 else "")
    got, right = case.off_by(first)
    what = side(got, right, "has the right sign, but is too {}")
    return Recognition(
        "unknown",
        f"{text} {'Its step' if first in case.updates else 'It'} {what}.",
        "Write down every line, each with its numbers, and compare from the top.",
    )


# ------------------------------------------------------------------------------------------ the whole table at once


def _first(case, causes, names=None, rounded=False):
    """The first cause that leads to the numbers that came, or to those of these names."""
    for cause in causes:
        if case.fits(cause.table, names, rounded):
            return Recognition(cause.id, f"{case.where()} {cause.says(case.off)}", cause.hint)
    return None


def _one_mistake(case, rounded=False):
    """A listed mistake, or several that give the same numbers here."""
    found = [
        mistake
        for mistake in case.question.mistakes
        if any(case.fits(table, rounded=rounded) for table in case.question.mistake_tables(mistake))
    ]
    if not found:
        return None
    causes = [mistake.what for mistake in found]
    if len(causes) > 3:  # three are told
        causes[3:] = ["something else with the same effect"]
    return jointly(found, f"{case.where()} {one_of(in_a_row(causes), 'numbers')}")


def _other_update(case):
    """A slip in the update, in the whole table or in all entries that are off."""
    found = _first(case, updates(case, case.truth))
    if not found and set(case.off) <= set(case.updates):
        found = _first(case, updates(case, case.truth), case.off)
    return found


def _constant(case):
    """The same number stands in every entry."""
    if len(case.given) < 3 or len(set(case.given.values())) > 1:
        return None
    return Recognition(
        "constant", "The same number stands in every entry.", "Begin with the first line of the working."
    )


def _swapped(case):
    """The entries that are off hold each other's right numbers."""

    def holds(name, other):
        given, right = case.given[name], case.truth[other]
        return math.isclose(given, right, rel_tol=1e-9) and case.close(other, given, given=right)

    owners = case.owners(holds)
    if None in owners or len(set(owners)) < len(owners):
        return None
    return Recognition(
        "swapped",
        f"The numbers are right, but under the wrong names: {in_list(case.off)} are mixed up.",
        "Compare the numbering of the weights with the picture of the network.",
    )


def _with_printed_numbers(case):
    """With numbers of one's own: one of the printed numbers was used, or a group of them, or all."""
    question = case.question
    printed = {name: value for name, value in question.printed_numbers.items() if value != question.numbers[name]}
    for names in (tuple(printed), *((name,) for name in printed), *(names for _, names in question.numbers.groups)):
        used = {name: printed[name] for name in names if name in printed}
        if not used:
            continue
        text = f"{are(used)} not {'the one' if len(used) == 1 else 'those'} of your numbers."
        if len(used) == len(printed):
            text = "This is the answer for the printed numbers; yours are other ones."
        table = case.table(numbers={**question.numbers, **used})
        yield Cause("printed_numbers", text, table, "Copy your numbers once more, one by one.")


def _two_mistakes(case):
    """Two listed mistakes at once, or a listed one and a slip in the update."""

    def both(one, two, what, table):
        return Cause(f"{one.id}+{two.id}", f"Two things happened. {one.what} And: {what}", table, one.hint)

    mistakes = case.question.mistakes
    ways = [(mistake, way) for mistake in mistakes for way in mistake.ways]
    for (one, first), (two, second) in itertools.combinations(ways, 2):
        if one is not two and not set(first) & set(second):
            yield both(one, two, two.what, case.table(changes={**first, **second}))
    for mistake in mistakes:
        for table in case.question.mistake_tables(mistake):
            for slip in updates(case, table):
                yield both(mistake, slip, slip.says(case.off), slip.table)


def _one_slip(case):
    """One slip in one line explains the whole table, all else being carried on from it."""
    if len(case.off) < 2:
        return None
    formulas = case.question.working.formulas
    found = [
        (line, kind, text)
        for line in formulas
        for kind, text, changed in single_slips(formulas[line])
        if case.fits(case.table(changes={line: changed}))
    ]
    if not found:
        return None
    line, _, text = found[0]
    names = "|".join(dict.fromkeys(kind for _, kind, _ in found))
    return Recognition(names, f"{case.where()} In the line of `{line}` {text} The rest follows from that.", ONCE_MORE)


# ------------------------------------------------------------------------------------------ rounding


def _rounded(case):
    """The right numbers, rounded when they were entered."""
    if not all(is_rounded(case, name) for name in case.off) or all(
        case.given[name] == case.question.old(name) for name in case.off
    ):
        return None
    return Recognition(
        "rounded",
        f"{case.where()} The numbers have been rounded{step_error(case, case.off)}.",
        "Enter the expression itself, or at least twelve decimals: a step is small beside the value.",
    )


def _rounded_on_the_way(case):
    """Every entry is off by no more than rounding on the way explains."""
    if not all(is_nearly(case, name) or is_rounded(case, name) for name in case.off):
        return None
    text = f"{case.where()} Numbers have been rounded on the way{step_error(case, case.off)}."
    return Recognition("rounded", text, _ALL_DIGITS)


def _mistake_and_rounding(case):
    """A listed mistake, or a slip in the update, in numbers that have been rounded."""
    if not any(rounding_of(case.given[name]) for name in case.off):
        return None
    found = _one_mistake(case, rounded=True) or _first(case, updates(case, case.truth), case.off, rounded=True)
    if not found:
        return None
    names = "|".join(f"{name}+rounded" for name in found.mistake.split("|"))
    return Recognition(names, f"{found.text} The numbers are rounded as well.", found.hint)


def _with_rounded_lines(case):
    """Intermediate results that were rounded to a few decimals or digits before they were carried on."""
    after = step_error(case, case.off)
    for places in (2, 3, 4, 5, 6):
        for unit, rounding in (("decimals", round), ("digits", _to_digits)):
            for lines in _lines_to_round(case.question):

                def carried(line, value, lines=lines, rounding=rounding, places=places):
                    return rounding(value, places) if line in lines else value

                text = f"Intermediate results were rounded to about {places} {unit}{after}."
                yield Cause("rounded", text, case.table(carried=carried), _ALL_DIGITS)


def _lines_to_round(question):
    """The sets of lines that may have been rounded: everything down to some line, or the activations alone.
    New values are not among them: what was written down of those is what came."""
    new = {line for line, old in question.entries.values() if old is not None}
    lines = [line for line in question.working.formulas if line not in new]
    activations = {line for line in lines if line.startswith("a")}
    return [*(set(lines[:end]) for end in range(len(lines), 0, -1)), *([activations] if activations else [])]


def _to_digits(value, digits):
    """A number with so many significant digits."""
    return round(value, digits - 1 - math.floor(math.log10(abs(value)))) if value and math.isfinite(value) else value
