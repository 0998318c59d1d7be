"""Follows a table line by line with the student's own numbers.

Some entries are errors of their own, others follow, rightly worked out, from an earlier one. Each error of its own is
then explained alone.
"""

import itertools
from collections.abc import Iterator

from helpers.checking.feedback import Found, Recognition, are, in_a_row, in_list, lower, one_of
from helpers.checking.formula_mistakes import single_slips
from helpers.checking.tables import TableCase, is_nearly, is_rounded, step_error, updates, wrong_whole_number

ONCE_MORE = "Write this line down with its numbers, and work it out once more."


def errors_of_their_own(case: TableCase) -> Found:
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
    found = found or Recognition("follow_up", f"{are(own)} off.", ONCE_MORE)
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
            value = _solved(case, line)
            if value is not None and case.fits(case.table(fixed={line: value})):
                found.append(line)
    if not found:
        return None
    lines = in_list(found[-3:]).replace(" and ", " or ")
    text = f"One number on the way is wrong, {lines}; everything behind it follows rightly from that."
    return Recognition("follow_up", text, ONCE_MORE)


def _solved(case, line):
    """The value of a line that would give the entry that is furthest off, by the secant method; or None."""
    target = max(case.off, key=lambda name: abs(case.given[name] - case.truth[name]))
    wanted = case.given[target]

    def miss(value):
        return case.table(fixed={line: value})[target] - wanted

    one = float(case.question.values[line])
    two = one * 1.01 + 1e-3
    f_one, f_two = miss(one), miss(two)
    for _ in range(30):
        if f_two == f_one or not abs(two) < 1e6:
            break
        one, two, f_one = two, two - f_two * (two - one) / (f_two - f_one), f_two
        f_two = miss(two)
        if abs(two - one) <= 1e-14 * abs(two):
            break
    return two if abs(f_two) < 1e-9 * max(1.0, abs(wanted)) else None


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
            (Recognition(kind, f"In the line of `{line}` {text}", ONCE_MORE), explained({line: changed}))
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
    causes = (
        (
            "rounded",
            f"The numbers have been rounded{step_error(case, at_the_end)}.",
            at_the_end,
            "Enter the expression itself; round only when you print.",
        ),
        (
            "rounded",
            f"Numbers have been rounded on the way{step_error(case, early)}.",
            early,
            "Keep all digits until the end.",
        ),
        (
            "digit_slip",
            "The decimals belong to the right number, but the whole number in front of them "
            "does not: was something copied wrongly?",
            digit,
            "",
        ),
    )
    return [(Recognition(name, text, hint), set(explained)) for name, text, explained, hint in causes]
