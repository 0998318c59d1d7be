"""A table in which no single cause explains everything: where something went wrong first, and what follows from that.

Every entry is worked out from the entries before it *as the student has them*. What does not come out is an error of
its own; the rest is carried on rightly.
"""

import itertools
from collections.abc import Iterator

from helpers.checking.entries.table_causes import MOST, words_of
from helpers.checking.entries.tables import (
    TableCase,
    is_nearly,
    is_rounded,
    step_error,
    updates,
    wrong_whole_number,
)
from helpers.checking.feedback import Recognition, are, in_a_row, in_list, lower, one_of, recognised, side
from helpers.checking.sentences import say

_A_FACT = "other_name"  # what is true whatever its cause is: no reason to look no further
_FEW = 4  # entries with errors of their own, in whose lines single slips are looked for


def errors_of_their_own(case: TableCase) -> Recognition:
    """The entries that do not follow from the student's other numbers, with a cause if one explains them all."""
    own, held = _own_errors(case, ())
    if len(own) > 1:
        found = _one_wrong_line(case)
        if found:
            return found
        own, held = _fewest_errors(case)
    found = _covered(case, own, held)
    if not found and len(own) > max(3, len(case.given) // 2):
        found = _covered(case, case.off, {}) or _first_to_look_at(case)
        return found
    followers = [name for name in case.off if name not in own]
    found = found or _first_that_does_not_follow(case, own, held)
    if not followers:
        return found
    return Recognition(found.mistake, say("carried_on", what=found.text, which=are(followers)), found.hint)


def _first_to_look_at(case):
    """Nothing is known of the mistake: the entry that rests on the fewest lines, and on which side it is off."""
    first = min(case.off, key=lambda name: len(case.question.working.depends(case.question.entries[name][0])))
    before = case.where() + (f" {say('unknown.first', name=first)}" if len(case.off) > 1 else "")
    got, right = case.off_by(first)
    what = side(got, right, "has the right sign, but is too {}")
    if first in case.updates and _gradient_is_right(case, _line_of(case, first)):
        return recognised("unknown.update", before=before)
    return recognised("unknown.step" if first in case.updates else "unknown.entry", before=before, side=what)


def _line_of(case: TableCase, name: str) -> str:
    """The line of the working in which an entry is made."""
    return case.question.entries[name][0]


def _gradient_is_right(case, line):
    """Whether the gradient that an update is made of stands in the table, and is right."""
    parts = case.question.working.formulas[line].names
    return any(_line_of(case, name) in parts for name in case.right)


def _first_that_does_not_follow(case, own, held):
    """Nothing is known of the mistake: the first entry that does not follow from the numbers that stand before it, and
    what it is made of."""
    if len(own) == len(case.off) and len(own) == 1:
        return _first_to_look_at(case)
    question, words = case.question, words_of(case.question)
    working = question.working
    first = min(own, key=lambda name: list(working.formulas).index(question.entries[name][0]))
    line = question.entries[first][0]
    near = _made_of_several(working, line, held, {_line_of(case, name) for name in case.right})
    parts = [words.name(name) for name in _in_order(working.formulas[near])]
    sentence = "follow_up.first" if len(own) > 1 else "follow_up"
    return recognised(sentence, before=f"{are(own)} off.", name=first, line=words.lines([near]), parts=in_list(parts))


def _made_of_several(working, line, held, right):
    """The line that an entry is made in: no line that only gives another one a name, and not the update, unless its
    gradient is one of the lines that are `right`."""
    while True:
        parts = [name for name in working.formulas[line].names if name in working.formulas and name not in held]
        update = line.endswith("_new") and [name for name in parts if name.startswith("d")]
        if update and update[0] in right:
            return line  # the gradient is right, as the table shows
        if update or len(working.formulas[line].names) == 1 and parts:
            line = (update or parts)[0]
        else:
            return line


def _in_order(formula):
    return sorted(formula.names - {"relu", "sigma"}, key=formula.text.find)


# ------------------------------------------------------------------------------------------ what follows from what


def _one_wrong_line(case):
    """One number on the way is wrong, and everything behind it is carried on rightly: the number is solved
    for from one entry, and the others have to agree."""
    question, found = case.question, []
    visible = {question.entries[name][0] for name in case.given}
    hidden = {line for name in case.off for line in question.working.depends(question.entries[name][0])} - visible
    for line in question.working.formulas:
        if line in hidden:
            value = case.solved(line)
            if value is not None and case.fits(case.table(fixed={line: value})):
                found.append(line)
    if not 0 < len(found) <= MOST:
        return None
    words = words_of(question)
    lines = in_list(map(words.name, found)).replace(" and ", " or ")
    sentence = "follow_up.one_number"
    if set(case.off) <= set(case.updates) <= {*case.off, *(name for name in case.right if not case.off_by(name)[1])}:
        ratios = [got / right for got, right in map(case.off_by, case.updates) if right]
        if max(ratios) - min(ratios) < 2e-6 * abs(ratios[0]):
            sentence = "follow_up.same_multiple"
    return recognised(sentence, lines=lines)


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
    """A Recognition that explains all of these entries, with one mistake, two or three; or None."""
    candidates = _candidates(case, names, held)
    left, told = list(names), {}

    def worth(candidate):
        return len(candidate[1] & set(left)) * (1.0 if candidate[0].mistake != _A_FACT else 0.1)

    while left and candidates:
        cause, explained = max(candidates, key=worth)
        if not explained & set(left):
            break
        told[cause] = [name for name in left if name in explained]
        left = [name for name in left if name not in explained]
    if not told or left or len(told) > MOST:
        return None
    if len(told) == 1:
        return _alone(names, [cause for cause, explained in candidates if explained >= set(names)])
    sentences = [f"{in_list(explained)}: {lower(cause.text)}" for cause, explained in told.items()]
    ids = dict.fromkeys(cause.mistake for cause in told)
    return Recognition("+".join(ids), " ".join(sentences), next(iter(told)).hint)


def _alone(names, causes):
    """One mistake explains all; what explains them just as well is named with it."""
    ids, texts = (dict.fromkeys(getattr(cause, part) for cause in causes) for part in ("mistake", "text"))
    if len(texts) > MOST:
        return recognised(_A_FACT, before=f"{are(names)} off.") if _A_FACT in ids else None
    text = one_of(in_a_row(texts), "numbers")
    return Recognition("|".join(ids), f"{are(names)} off. {text}", causes[0].hint)


def _candidates(case, names, held):
    """[(a Recognition of what may have happened, the names that it explains)]. Less sure ones are asked only where the
    surer ones leave something open."""
    found = []
    for stage in _stages(case, names, held):
        found += [candidate for candidate in stage if candidate[1]]
        if set().union(*(explained for cause, explained in found if cause.mistake != _A_FACT)) >= set(names):
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
        """The slips that can be made in some lines alone."""
        words = words_of(question)
        return [
            (Recognition(change.mistake, words.sentence(change), words.hint(change)), explained(change.formulas))
            for change in question.working.changes
            if change.cost == 1 and len(change.lines) == 1 and change.lines[0] in lines
        ]

    yield [*listed(), *_updates(case, worlds), *_near_the_right_number(case, names)]
    elsewhere = {name for name in names if case.given[name] and case.given[name] in _others(case.truth, name)}
    yield [
        *listed(anywhere=False),
        (recognised(_A_FACT), elsewhere),
    ]
    yield listed(rounded=True)
    if len(names) > _FEW:
        return
    own = dict.fromkeys(question.entries[name][0] for name in names)
    yield slips(own)
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
    return [
        (recognised("rounded.table", after=step_error(case, at_the_end)), set(at_the_end)),
        (recognised("rounded.early", after=step_error(case, early)), set(early)),
        (recognised("digit_slip"), set(digit)),
    ]
