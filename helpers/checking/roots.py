"""Follows a table line by line with the student's own numbers: which entries are errors of their own, and
which follow, rightly worked out, from an earlier one. Then each error of its own is explained alone."""

import itertools

from helpers.checking.cases import Recognition
from helpers.checking.rounding import is_rounded, nearly, step_error, wrong_whole_number
from helpers.checking.slips import single_slips
from helpers.checking.tables import are, are_off, either, in_list, where
from helpers.checking.update_slips import other_values

_HINT = "Write this line down with its numbers, and work it out once more."


def one_slip(case):
    """One slip in one line explains the whole table, all else being carried on from it."""
    if len(case.off) < 2:
        return None
    question = case.question
    found = [
        (line, kind, text)
        for line in question.working.formulas
        for kind, text, changed in single_slips(question.working.formulas[line])
        if case.fits(question.table(question.working.values(question.numbers, {line: changed})))
    ]
    if not found:
        return None
    line, _, text = found[0]
    names = "|".join(dict.fromkeys(kind for _, kind, _ in found))
    return Recognition(names, f"{where(case)} In the line of `{line}` {text} The rest follows from that.", _HINT)


def explain_roots(case):
    """A Recognition from the few entries where something went wrong, if that explains more than it leaves
    open."""
    roots, fixed = _roots(case, ())
    if len(roots) > 1:
        found = _one_wrong_line(case)
        if found:
            return found
        roots, fixed = _fewest_roots(case)
    followers = [name for name in case.off if name not in roots]
    if len(roots) > max(3, len(case.given) // 2):
        return _covered(case, case.off, {})
    found = _covered(case, roots, fixed)
    if found is None and not followers:
        return None
    text, name, hint = (found.text, found.mistake, found.hint) if found else (are_off(roots), "follow_up", _HINT)
    if followers:
        text += f" The rest follows from that: {in_list(followers)} {are(followers)} carried on rightly."
    return Recognition(name, text, hint)


# ------------------------------------------------------------------------------------- what follows from what


def _one_wrong_line(case):
    """One number on the way is wrong, and everything behind it is carried on rightly: the number is solved
    for from one entry, and the others have to agree."""
    question, found = case.question, []
    visible = {line for line, _ in question.entries.values()}
    for line in question.working.formulas:
        if line not in visible and any(
            line in question.working.depends(question.entries[name][0]) for name in case.off
        ):
            value = _solved(case, line)
            if value is not None and case.fits(
                question.table(question.working.values(question.numbers, fixed={line: value}))
            ):
                found.append(line)
    if not found:
        return None
    where = in_list(found[-3:]).replace(" and ", " or ")
    return Recognition(
        "follow_up", f"One number on the way is wrong, {where}; everything behind it follows rightly from that.", _HINT
    )


def _solved(case, line):
    """The value of a line that would give the entry that is furthest off, by the secant method; or None."""
    question = case.question
    target = max(case.off, key=lambda name: abs(case.given[name] - case.truth[name]))

    def miss(value):
        values = question.working.values(question.numbers, fixed={line: value})
        return float(values[question.entries[target][0]]) - case.given[target]

    one = float(question.values[line])
    two = one * 1.01 + 1e-3
    f_one, f_two = miss(one), miss(two)
    for _ in range(30):
        if f_two == f_one or not abs(two) < 1e6:
            break
        one, two, f_one = two, two - f_two * (two - one) / (f_two - f_one), f_two
        f_two = miss(two)
        if abs(two - one) <= 1e-14 * abs(two):
            break
    return two if abs(f_two) < 1e-9 * max(1.0, abs(case.given[target])) else None


def _fewest_roots(case):
    """(the entries that are errors of their own, the lines held at the student's numbers), read with as few
    errors as possible: a hidden line such as δ4 may be read from an entry, or not."""
    readings = [line for line, entry in case.question.readings.items() if entry in case.off]
    options = [
        _roots(case, chosen) for count in range(len(readings) + 1) for chosen in itertools.combinations(readings, count)
    ]
    return min(options, key=lambda option: len(option[0]))


def _roots(case, readings):
    """The entries that are not what the student's own earlier numbers make them."""
    question = case.question
    owners = {line: name for name, (line, _) in question.entries.items() if name in case.off}
    fixed = {line: _read(case, question.readings[line]) for line in readings}
    roots = [question.readings[line] for line in readings]
    for line, name in sorted(owners.items(), key=lambda item: list(question.working.formulas).index(item[0])):
        carried = float(question.working.values(question.numbers, fixed=fixed)[line])
        if name not in roots and not case.close(name, carried):
            roots.append(name)
        fixed[line] = case.given[name]
    # A reading that the earlier readings already explain is no error of its own.
    for line in readings:
        others = {key: value for key, value in fixed.items() if key != line}
        value = float(question.working.values(question.numbers, fixed=others)[line])
        if abs(value - fixed[line]) <= 1e-6 * abs(value):
            roots.remove(question.readings[line])
    return roots, fixed


def _read(case, entry):
    """A hidden line, read from the step of an entry."""
    return -case.measured(entry, case.given[entry]) / case.question.numbers["eta"]


# ------------------------------------------------------------------------------------- explaining an entry


def _covered(case, names, fixed):
    """A Recognition that explains at least half of these entries, with as few mistakes as possible; or
    None."""
    candidates = _candidates(case, names, fixed)
    left, told = list(names), []
    while left:
        best = max(candidates, key=lambda candidate: len(candidate[2] & set(left)), default=None)
        if best is None or not best[2] & set(left):
            break
        told.append((best, [name for name in left if name in best[2]]))
        left = [name for name in left if name not in best[2]]
    if not told or 2 * len(left) > len(names):
        return None
    if len(told) == 1 and not left:
        return _alone(names, [candidate for candidate in candidates if candidate[2] >= set(names)])
    sentences = [f"{in_list(explained)}: {best[1][:1].lower()}{best[1][1:]}" for best, explained in told]
    if left:
        sentences.append(f"{in_list(left)} {are(left)} off for another reason.")
    return Recognition("+".join(dict.fromkeys(best[0] for best, _ in told)), " ".join(sentences), told[0][0][3])


def _alone(names, candidates):
    """One mistake explains all; what explains them just as well is named with it."""
    kinds, texts = (list(dict.fromkeys(candidate[i] for candidate in candidates)) for i in (0, 1))
    text = texts[0]
    if len(texts) > 1:
        text = f"One of these happened (the numbers are the same): {either(texts[:3])}."
    return Recognition("|".join(kinds), f"{are_off(names)} {text}", candidates[0][3])


def _candidates(case, names, fixed):
    """(id, what, the names that it explains, hint) for every known way to go wrong in a single entry, with
    the student's other numbers as they are. Surer ones come first, and the others only where they leave
    something open: listed mistakes that were made in one place only, then slips in an entry's own line, then
    slips further up."""
    question, worlds = case.question, _worlds(case, names, fixed)

    def explained(changes, strict=True, rounded=False):
        return {
            name
            for held, members in worlds
            for table in [question.table(question.working.values(question.numbers, changes, held))]
            for name in members
            if case.fits(table, [name], rounded) and case.may_cause(changes, name, strict)
        }

    def listed(**how):
        return [
            (mistake.id, mistake.what, set().union(*(explained(way, **how) for way in mistake.ways)), mistake.hint)
            for mistake in question.mistakes
        ]

    def slips(lines):
        return [
            (kind, f"In the line of `{line}` {text}", explained({line: changed}), _HINT)
            for line in lines
            for kind, text, changed in single_slips(question.working.formulas[line])
        ]

    def where(test):
        return {name for name in names if test(case, name)}

    rounded, early = where(is_rounded), where(nearly)
    own = dict.fromkeys(question.entries[name][0] for name in names)
    further = dict.fromkeys(line for name in own for line in question.working.depends(name) if line not in own)
    stages = (
        lambda: [
            *listed(),
            *_updates(case, worlds),
            (
                "rounded",
                f"The numbers have been rounded{step_error(case, rounded)}.",
                rounded,
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
                where(wrong_whole_number),
                "",
            ),
        ],
        lambda: [
            *listed(strict=False),
            ("other_name", "That is the right number of another entry.", where(_under_another_name), ""),
        ],
        lambda: [*listed(rounded=True), *slips(own)],
        lambda: slips(further),
    )
    found = []
    for stage in stages:
        found += [candidate for candidate in stage() if candidate[2]]
        if set().union(*(candidate[2] for candidate in found)) >= set(names):
            break
    return found


def _worlds(case, names, fixed):
    """[(the student's numbers that an entry rests on, the entries for which they are the same)]"""
    worlds = {}
    for name in names:
        line = case.question.entries[name][0]
        held = {key: value for key, value in fixed.items() if key != line and case.question.readings.get(key) != name}
        worlds.setdefault(tuple(held), (held, []))[1].append(name)
    return list(worlds.values())


def _updates(case, worlds):
    """The slips in an update, as candidates."""
    found = {}
    for held, members in worlds:
        table = case.question.table(case.question.working.values(case.question.numbers, None, held))
        for slip in other_values(case, table):
            fitting = found.setdefault((slip.id, slip.many), (slip, set()))[1]
            fitting.update(name for name in members if case.fits(slip.table, [name]))
    return [(slip.id, slip.says(names), names, "") for slip, names in found.values()]


def _under_another_name(case, name):
    return any(other != name and case.given[name] == value and value != 0 for other, value in case.truth.items())
