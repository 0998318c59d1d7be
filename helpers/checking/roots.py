"""Follows a table line by line with the student's own numbers: which entries are errors of their own, and which
follow, rightly worked out, from an earlier one. Then each error of its own is explained alone."""

import itertools

from .cases import Recognition
from .slips import single_slips
from .tables import in_list

_HINT = "Write this line down with its numbers, and work it out once more."


def explain_roots(case):
    """A Recognition from the few entries where something went wrong, if that explains more than it leaves open."""
    roots, fixed = _fewest_roots(case)
    followers = [name for name in case.off if name not in roots]
    if len(roots) > max(3, len(case.given) // 2):
        return _covered(case, case.off, {})
    found = _covered(case, roots, fixed)
    if found is None and not followers:
        return None
    text, name, hint = (found.text, found.mistake, found.hint) if found else (
        f"Off {'is' if len(roots) == 1 else 'are'} {in_list(roots)}.", "follow_up", _HINT)
    if followers:
        text += f" The rest follows from that: {in_list(followers)} {'is' if len(followers) == 1 else 'are'} carried " \
                "on rightly."
    return Recognition(name, text, hint)


def _fewest_roots(case):
    """(the entries that are errors of their own, the lines held at the student's numbers), read with as few
    errors as possible: a hidden line such as δ4 may be read from an entry, or not."""
    best = None
    readings = [line for line, entry in case.question.readings.items() if entry in case.off]
    for count in range(len(readings) + 1):
        for chosen in itertools.combinations(readings, count):
            roots, fixed = _roots(case, chosen)
            if best is None or len(roots) < len(best[0]):
                best = roots, fixed
    return best


def _roots(case, readings):
    """The entries that are not what the student's own earlier numbers make them."""
    question = case.question
    fixed = {line: _read(case, question.readings[line]) for line in readings}
    roots = [question.readings[line] for line in readings]
    for line in question.working.formulas:
        name = next((name for name, (own, _) in question.entries.items() if own == line and name in case.off), None)
        if name is None:
            continue
        carried = question.working.values(question.numbers, fixed=fixed)[line]
        if name not in roots and not case.close(name, float(carried)):
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
    """A Recognition that explains these entries, with as few mistakes as possible; None if it explains none."""
    candidates = _candidates(case, names, fixed)
    left, told = list(names), []
    while left:
        best = max(candidates, key=lambda candidate: len(candidate[2] & set(left)), default=None)
        if best is None or not best[2] & set(left):
            break
        told.append((best, [name for name in left if name in best[2]]))
        left = [name for name in left if name not in best[2]]
    if not told:
        return None
    rivals = {best[0] for best, _ in told}
    if len(told) == 1 and not left:
        rivals |= {name for name, _, explained, _ in candidates if explained >= set(names)}
    sentences = [f"{in_list(explained)}: {best[1][:1].lower()}{best[1][1:]}" if len(told) > 1 or left
                 else f"Off {'is' if len(explained) == 1 else 'are'} {in_list(explained)}. {best[1]}"
                 for best, explained in told]
    if left:
        sentences.append(f"{in_list(left)} {'is' if len(left) == 1 else 'are'} off for another reason.")
    if len(told) == 1 and len(rivals) > 1:
        name = "|".join(sorted(rivals, key=[candidate[0] for candidate in candidates].index))
        texts = list(dict.fromkeys(text for one, text, explained, _ in candidates
                                   if one in rivals and explained >= set(names)))
        if len(texts) > 1:
            causes = "; or ".join(text.rstrip(".") for text in texts[:3])
            sentences = [f"Off {'is' if len(names) == 1 else 'are'} {in_list(names)}. One of these happened (the numbers "
                         f"are the same): {causes}."]
        return Recognition(name, sentences[0], told[0][0][3])
    return Recognition("+".join(dict.fromkeys(best[0] for best, _ in told)), " ".join(sentences), told[0][0][3])


def _candidates(case, names, fixed):
    """(id, what, the names that it explains, hint) for every known way to go wrong in a single entry, with the
    student's other numbers as they are."""
    from .table_mistakes import decimals_of, is_rounded, nearly, other_values
    question, found = case.question, []

    def explained(tables, rounded=False):
        return {name for name in names if any(case.fits(table(name), [name], rounded) for table in tables)}

    def held(name):
        line = question.entries[name][0]
        return {key: value for key, value in fixed.items() if key != line and question.readings.get(key) != name}

    def worked(changes):
        return lambda name: question.table(question.working.values(question.numbers, changes, held(name)))
    plain = {name: question.table(question.working.values(question.numbers, None, held(name))) for name in names}
    for rounded in (False, True):
        for mistake in question.mistakes:
            found.append((mistake.id, mistake.what, explained([worked(way) for way in mistake.ways], rounded),
                          mistake.hint))
        if not rounded:
            slips = [list(other_values(case, plain[name])) for name in names]
            for position, (name, what, _) in enumerate(slips[0]):
                tables = {entry: slips[number][position][2] for number, entry in enumerate(names)}
                found.append((name, what, {entry for entry in names if case.fits(tables[entry], [entry])}, ""))
            found.append(("rounded", "The numbers have been rounded.", {name for name in names if is_rounded(case, name)},
                          "Enter the expression itself; round only when you print."))
            found.append(("other_name", "That is the right number of another entry.", {
                name for name in names if any(other != name and case.given[name] == value and value != 0
                                              for other, value in case.truth.items())}, ""))
    found.append(("rounded", "Numbers have been rounded on the way.", {name for name in names if nearly(case, name)},
                  "Keep all digits until the end."))
    whole = {name for name in names if round(case.given[name] - case.truth[name]) != 0 and decimals_of(
        case.given[name]) >= 3 and abs(case.given[name] - case.truth[name] - round(case.given[name] - case.truth[name]))
        <= EARLY * max(abs(case.measured(name, case.truth[name])), 1e-12)}
    found.append(("digit_slip", "The decimals belong to the right number, but the whole number in front of them does "
                  "not: was something copied wrongly?", whole, ""))
    found += _line_slips(case, names, held)
    return [candidate for candidate in found if candidate[2]]


EARLY = 0.16


def _line_slips(case, names, held):
    """One slip in any line that the entries rest on."""
    question, found = case.question, []
    lines = dict.fromkeys(line for name in names for line in question.working.depends(question.entries[name][0]))
    for line in lines:
        for kind, text, changed in single_slips(question.working.formulas[line]):
            tables = {name: question.table(question.working.values(question.numbers, {line: changed}, held(name)))
                      for name in names}
            explained = {name for name in names if case.fits(tables[name], [name])}
            if explained:
                found.append((kind, f"In the line of `{line}` {text}", explained, _HINT))
    return found
