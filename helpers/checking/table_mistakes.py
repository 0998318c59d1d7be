"""Names the mistake behind a table of numbers that is not right.

The network is worked out once with each mistake, and the tables are compared. One mistake that explains the
whole table comes first, then two at once, then one with rounding; then the table is followed line by line
with the student's own numbers, so that what follows from an earlier error is not counted as another one.
"""

import itertools
import math
from collections.abc import Iterator

from helpers.checking.feedback import Recognition, are, in_a_row, in_list, jointly, lower, one_of, side
from helpers.checking.formula_mistakes import single_slips
from helpers.checking.tables import (
    ALL_DIGITS,
    Cause,
    TableCase,
    is_nearly,
    is_rounded,
    rounding_of,
    step_error,
    updates,
    with_printed_numbers,
    with_rounded_lines,
    wrong_whole_number,
)

_ONCE_MORE = "Write this line down with its numbers, and work it out once more."


def recognise_table(case: TableCase) -> Recognition:
    """What is wrong with a table; it names the entries that are off."""
    return (
        _one_mistake(case)
        or _other_update(case)
        or _constant(case)
        or _swapped(case)
        or _rounded(case)
        or _first(case, with_printed_numbers(case))
        or _first(case, with_rounded_lines(case), rounded=True)
        or _first(case, _two_mistakes(case))
        or _mistake_and_rounding(case)
        or _one_slip(case)
        or _rounded_on_the_way(case)
        or _errors_of_their_own(case)
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
    return Recognition(names, f"{case.where()} In the line of `{line}` {text} The rest follows from that.", _ONCE_MORE)


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
    return Recognition("rounded", text, ALL_DIGITS)


def _mistake_and_rounding(case):
    """A listed mistake, or a slip in the update, in numbers that have been rounded."""
    if not any(rounding_of(case.given[name]) for name in case.off):
        return None
    found = _one_mistake(case, rounded=True) or _first(case, updates(case, case.truth), case.off, rounded=True)
    if not found:
        return None
    names = "|".join(f"{name}+rounded" for name in found.mistake.split("|"))
    return Recognition(names, f"{found.text} The numbers are rounded as well.", found.hint)


# ------------------------------------------------------------------------------------------ errors of their own


def _errors_of_their_own(case):
    """The few entries where something went wrong, if that explains more than it leaves open."""
    own, held = _own_errors(case, ())
    if len(own) > 1:
        found = _one_wrong_line(case)
        if found:
            return found
        own, held = _fewest_errors(case)
    followers = [name for name in case.off if name not in own]
    if len(own) > max(3, len(case.given) // 2):
        return _covered(case, case.off, {})
    found = _covered(case, own, held)
    if not followers:
        return found
    found = found or Recognition("follow_up", f"{are(own)} off.", _ONCE_MORE)
    text = f"{found.text} The rest follows from that: {are(followers)} carried on rightly."
    return Recognition(found.mistake, text, found.hint)


# ------------------------------------------------------------------------------------------ what follows from what


def _one_wrong_line(case):
    """One number on the way is wrong, and everything behind it is carried on rightly: the number is solved
    for from one entry, and the others have to agree."""
    question, found = case.question, []
    visible = {line for line, _ in question.entries.values()}
    hidden = {line for name in case.off for line in question.working.depends(question.entries[name][0])} - visible
    for line in question.working.formulas:
        if line in hidden:
            value = case.solved(line)
            if value is not None and case.fits(case.table(fixed={line: value})):
                found.append(line)
    if not found:
        return None
    lines = in_list(found[-3:]).replace(" and ", " or ")
    text = f"One number on the way is wrong, {lines}; everything behind it follows rightly from that."
    return Recognition("follow_up", text, _ONCE_MORE)


def _fewest_errors(case):
    """As _own_errors, read with as few errors as possible: a hidden line such as δ4 may be read from an entry, or
    not."""
    readings = [line for line, entry in case.question.readings.items() if entry in case.off]
    choices = itertools.chain.from_iterable(
        itertools.combinations(readings, count) for count in range(len(readings) + 1)
    )
    return min((_own_errors(case, chosen) for chosen in choices), key=lambda option: len(option[0]))


def _own_errors(case, readings):
    """(the entries that are not what the student's own earlier numbers make them, the lines held at the student's
    numbers); `readings` are hidden lines that are read from the step of an entry."""
    question = case.question
    entry_of = {line: name for name, (line, _) in question.entries.items() if name in case.off}
    held = {line: -case.off_by(question.readings[line])[0] / question.numbers["eta"] for line in readings}
    own = [question.readings[line] for line in readings]
    for line in question.working.formulas:
        if line in entry_of:
            name = entry_of[line]
            if name not in own and not case.close(name, float(case.lines(fixed=held)[line])):
                own.append(name)
            held[line] = case.given[name]
    # A reading that the earlier readings already explain is no error of its own.
    for line in readings:
        value = float(case.lines(fixed={key: value for key, value in held.items() if key != line})[line])
        if abs(value - held[line]) <= 1e-6 * abs(value):
            own.remove(question.readings[line])
    return own, held


# ------------------------------------------------------------------------------------------ explaining an entry


def _covered(case, names, held):
    """A Recognition that explains at least half of these entries, with as few mistakes as possible; or
    None."""
    candidates = _candidates(case, names, held)
    left, told = list(names), {}
    while left and candidates:
        cause, explained = max(candidates, key=lambda candidate: len(candidate[1] & set(left)))
        if not explained & set(left):
            break
        told[cause] = [name for name in left if name in explained]
        left = [name for name in left if name not in explained]
    if not told or 2 * len(left) > len(names):
        return None
    if len(told) == 1 and not left:
        return _alone(names, [cause for cause, explained in candidates if explained >= set(names)])
    sentences = [f"{in_list(explained)}: {lower(cause.text)}" for cause, explained in told.items()]
    if left:
        sentences.append(f"{are(left)} off for another reason.")
    ids = dict.fromkeys(cause.mistake for cause in told)
    return Recognition("+".join(ids), " ".join(sentences), next(iter(told)).hint)


def _alone(names, causes):
    """One mistake explains all; what explains them just as well is named with it."""
    ids, texts = (dict.fromkeys(getattr(cause, part) for cause in causes) for part in ("mistake", "text"))
    text = one_of(in_a_row(list(texts)[:3]), "numbers")
    return Recognition("|".join(ids), f"{are(names)} off. {text}", causes[0].hint)


def _candidates(case, names, held):
    """[(a Recognition of what may have happened, the names that it explains)]. Less sure ones are asked only where the
    surer ones leave something open."""
    found = []
    for stage in _stages(case, names, held):
        found += [candidate for candidate in stage if candidate[1]]
        if set().union(*(explained for _, explained in found)) >= set(names):
            break
    return found


def _stages(case, names, held) -> Iterator[list]:
    """Every known way to go wrong in a single entry, with the student's other numbers as they are, the surest first."""
    question, worlds = case.question, _worlds(case, names, held)

    def explained(changes, anywhere=True, rounded=False):
        """The names that changed lines explain."""
        return {
            name
            for others, members in worlds
            for table in [case.table(changes=changes, fixed=others)]
            for name in members
            if case.fits(table, [name], rounded) and case.may_cause(changes, name, anywhere)
        }

    def listed(**how):
        """The mistakes of the question's own list."""
        return [
            (
                Recognition(mistake.id, mistake.what, mistake.hint),
                set().union(*(explained(way, **how) for way in mistake.ways)),
            )
            for mistake in question.mistakes
        ]

    def slips(lines):
        """The slips that can be made in some lines."""
        return [
            (Recognition(kind, f"In the line of `{line}` {text}", _ONCE_MORE), explained({line: changed}))
            for line in lines
            for kind, text, changed in single_slips(question.working.formulas[line])
        ]

    yield [*listed(), *_updates(case, worlds), *_near_the_right_number(case, names)]
    elsewhere = {name for name in names if case.given[name] and case.given[name] in _others(case.truth, name)}
    yield [
        *listed(anywhere=False),
        (Recognition("other_name", "That is the right number of another entry."), elsewhere),
    ]
    own = dict.fromkeys(question.entries[name][0] for name in names)
    yield [*listed(rounded=True), *slips(own)]
    yield slips(dict.fromkeys(line for one in own for line in question.working.depends(one) if line not in own))


def _others(table, name):
    return [value for other, value in table.items() if other != name]


def _worlds(case, names, held):
    """[(the student's numbers that an entry rests on, the entries for which they are the same)]"""
    worlds = {}
    for name in names:
        line = case.question.entries[name][0]
        others = {key: value for key, value in held.items() if key != line and case.question.readings.get(key) != name}
        worlds.setdefault(tuple(others), (others, []))[1].append(name)
    return list(worlds.values())


def _updates(case, worlds):
    """The slips in an update."""
    found = {}
    for held, members in worlds:
        for slip in updates(case, case.table(fixed=held)):
            names = found.setdefault((slip.id, slip.what), (slip, set()))[1]
            names.update(name for name in members if case.fits(slip.table, [name]))
    return [(Recognition(slip.id, slip.says(names)), names) for slip, names in found.values()]


def _near_the_right_number(case, names):
    """Roundings, and a digit that was copied wrongly."""
    at_the_end, early, digit = (
        [name for name in names if test(case, name)] for test in (is_rounded, is_nearly, wrong_whole_number)
    )
    rounded = f"The numbers have been rounded{step_error(case, at_the_end)}."
    rounded_early = f"Numbers have been rounded on the way{step_error(case, early)}."
    copied_wrongly = (
        "The decimals belong to the right number, but the whole number in front of them does not: was something copied "
        "wrongly?"
    )
    return [
        (Recognition("rounded", rounded, "Enter the expression itself; round only when you print."), set(at_the_end)),
        (Recognition("rounded", rounded_early, ALL_DIGITS), set(early)),
        (Recognition("digit_slip", copied_wrongly), set(digit)),
    ]
