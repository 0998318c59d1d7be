"""Hypotheses on a whole table: each is a way to go wrong that predicts every entry.

The question's own list, slips in the update, a given number misread, and every change of the working are worked out with
the given numbers. Those that lead to the numbers that came are tried again with other, random numbers: what is the same
there is one cause in other words. The nearest causes are named, two or three of them together; more are none.
"""

import functools
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.checking.entries.change_words import Words
from helpers.checking.entries.tables import TableCase, is_short, updates
from helpers.checking.feedback import Found, Recognition, are, in_a_row, in_list, one_of
from helpers.checking.sentences import hint_of, say
from helpers.checking.values import Question

Table = dict[str, float]
Numbers = dict[str, float]
MOST = 3  # causes that are told together


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """What may have happened: the id, in words (a function that says it when it is asked), where to look, and how
    far-fetched it is. Its table comes from other `numbers`, other `lines`, other `entries`, or several of them.
    `listed`: it is of the question's own list; `update`: a slip in the last line alone, which few entries show too."""

    mistake: str
    says: Callable[[], str]
    hint: str
    cost: int
    numbers: Callable[[Numbers], Numbers] | None = None
    lines: dict[str, Any] | None = None
    entries: Callable[[Table, Numbers], Table] | None = None
    listed: bool = False
    update: bool = False

    def table(self, question: Question, numbers: Numbers, only: set[str] | None = None) -> Table:
        """The table that it leads to with some given numbers; of all entries, or of those for which these lines do."""
        given = self.numbers(numbers) if self.numbers else numbers
        try:
            values = question.working.values(given, self.lines, only=only)
        except NameError:  # the changed lines rest on other ones than the right lines do
            values = question.working.values(given, self.lines)
        table = {name: float(values[line]) for name, (line, _) in question.entries.items() if line in values}
        return self.entries(table, numbers) if self.entries else table


def whole_table(case: TableCase) -> Found:
    """The causes that explain every entry that came; None if there is none, or too many."""
    question, found = case.question, []
    probe = min(case.off, key=lambda name: len(question.working.depends(question.entries[name][0])))
    only = set(question.working.depends(question.entries[probe][0]))
    for hypothesis in _hypotheses(case):
        if found and hypothesis.cost > found[0].cost:
            break
        table = hypothesis.table(question, question.numbers, only)
        if case.fits(table, [probe]) and case.fits(hypothesis.table(question, question.numbers)):
            found.append(hypothesis)
    causes = _told_apart(case, found)
    listed = [cause for cause in causes if cause.listed]
    if not causes or len(causes) > MOST and not listed:
        return None
    if listed and not _is_enough(case):
        in_the_step = any(all(line.endswith("_new") for line in cause.lines) for cause in listed)
        causes = [cause for cause in causes if cause.update and not in_the_step] + listed
    if len(causes) > MOST:
        causes = listed
    texts = in_a_row(dict.fromkeys(cause.says() for cause in causes))
    if len(texts) > MOST:
        texts[MOST:] = [say("same_effect")]
    names = "|".join(dict.fromkeys(cause.mistake for cause in causes))
    said = one_of(texts, "numbers")
    return Recognition(names, f"{case.where()} {said}", causes[0].hint, "" if causes[0].listed else said)


def _told_apart(case, found):
    """The hypotheses that lead to different tables with other numbers of the same kind. Those of the list stay, each in
    its own words."""
    if len(found) < 2:
        return found
    rng, question, kept, told = np.random.default_rng(4), case.question, {}, set()
    other = {name: rng.uniform(0.9, 1.1) * (value or 0.1) for name, value in question.numbers.items()}
    for hypothesis in found:
        table = hypothesis.table(question, other)
        key = tuple(float(f"{table[name] - other.get(question.entries[name][1], 0.0):.7g}") for name in table)
        if hypothesis.mistake == "learning_rate":
            key = (hypothesis.mistake,)  # always the same steps as a factor in every gradient, but another mistake
        if hypothesis.lines and all(line.endswith("_new") for line in hypothesis.lines) and "not_updated" in told:
            continue  # a step that was left out, in other words
        told.add(hypothesis.mistake)
        same = kept.setdefault(key, [])
        if not same or hypothesis.listed and all(hypothesis.mistake != one.mistake for one in same):
            same.append(hypothesis)
    return [hypothesis for same in kept.values() for hypothesis in same]


def _hypotheses(case) -> Iterator[Hypothesis]:
    """All hypotheses, the nearest first. What is far-fetched is asked only where there is enough to tell."""
    far = []
    for source in (_listed, _learning_rate, _update, _old_values, _printed, _numbers, _changed):
        for hypothesis in source(case):
            if hypothesis.cost == 1:
                yield hypothesis
            elif source is _update or _is_enough(case):
                far.append(hypothesis)
    yield from sorted(far, key=lambda hypothesis: hypothesis.cost)
    if _is_enough(case):
        yield from _misread(case)


def _said(sentence, **parts):
    """What a Hypothesis says, when it is asked, and where to look."""
    return functools.partial(say, sentence, **parts), hint_of(sentence)


def _is_enough(case):
    """Whether so many entries are off, or the given numbers are so odd, that few causes can explain them by accident."""
    return len(case.off) > 2 or bool(case.question.owner) or len(case.off) == len(case.updates)


# ------------------------------------------------------------------------------------------ the list, the update


def _listed(case):
    for mistake in case.question.mistakes:
        for way in mistake.ways:
            yield Hypothesis(mistake.id, lambda what=mistake.what: what, mistake.hint, 1, lines=way, listed=True)


def _update(case):
    """A slip in the update, in all entries or in those that are off."""
    moved = any(case.off_by(name)[1] for name in case.right if name in case.updates)
    choices = [case.updates, case.off] if moved and set(case.off) <= set(case.updates) else [case.updates]
    for cost, names in enumerate(choices, 1):
        for number, slip in enumerate(updates(case, case.truth)):

            def entries(table, numbers, number=number, names=names):
                changed = list(updates(case, table, numbers))[number].table
                return {name: changed[name] if name in names else value for name, value in table.items()}

            said = functools.partial(slip.says, case.off)
            yield Hypothesis(slip.id, said, slip.hint, cost, entries=entries, update=cost == 1)


def _learning_rate(case):
    """One learning rate explains all steps: it is solved for."""
    eta, steps = case.question.numbers.get("eta"), [case.off_by(name) for name in case.off if name in case.updates]
    if not eta or len(steps) < len(case.off) or len(steps) < 2:
        return
    ratios = [got / right for got, right in steps if right]
    if not ratios or ratios[0] <= 0 or max(ratios) - min(ratios) > 2e-6 * ratios[0]:
        return
    used = eta * float(np.median(ratios))
    short = float(f"{used:.3g}")
    if short == 1 or abs(used - short) > 2e-6 * short or short == case.question.printed_numbers["eta"]:
        return
    yield Hypothesis(
        "learning_rate",
        *_said("learning_rate", used=f"{short:g}", eta=f"{eta:g}"),
        1,
        numbers=lambda numbers: {**numbers, "eta": short / eta * numbers["eta"]},
    )


def _old_values(case):
    """The steps are right, but they start from other values."""
    question, starts = case.question, {}
    for name in case.off:
        right = case.off_by(name)[1] if name in case.updates else 0.0
        start = case.given[name] - right
        known = any(abs(start - value) <= 1e-9 for value in question.numbers.values())
        known = known and (question.owner or not is_short(right, 4))
        short = (
            len(case.off) == 1
            and is_short(start, 3)
            and abs(start - round(start, 6)) <= 1e-6 * abs(right)
            and not is_short(right, 4)
        )
        if not right or not (known or short):
            return
        starts[name] = round(start, 6) - question.old(name)
    sentence = "old_value.several" if len(starts) > 1 else "old_value"
    said = _said(sentence, which=in_list(starts), old=_shown(question.old(case.off[0])))

    def entries(table, numbers):
        return {name: value + starts.get(name, 0.0) for name, value in table.items()}

    yield Hypothesis("old_value", *said, 1, entries=entries)


# ------------------------------------------------------------------------------------------ a given number misread


def _printed(case):
    """With numbers of one's own: one of the printed numbers was used, or a group of them, or all."""
    question = case.question
    printed = {name: value for name, value in question.printed_numbers.items() if value != question.numbers[name]}
    for names in (tuple(printed), *((name,) for name in printed), *(names for _, names in question.numbers.groups)):
        used = {name: printed[name] for name in names if name in printed}
        if not used:
            continue
        which = f"{are(list(used))} not {'the one' if len(used) == 1 else 'those'}"
        sentence = "printed_numbers.all" if len(used) == len(printed) else "printed_numbers"
        yield Hypothesis(
            "printed_numbers",
            *_said(sentence, which=which),
            1,
            numbers=lambda numbers, used=used: {**numbers, **used},
        )


def _numbers(case):
    """A given number that was forgotten, has lost its sign or was taken for another one, in all lines, or in all but the
    update of this number."""
    question, given = case.question, case.question.numbers
    for name, value in given.items():
        if name == "eta":
            continue
        turned = _said("number.sign", name=name, used=_shown(-value), given=_shown(value))
        likely = 1 if name.startswith("b") else 2, 1 if value < 0 or question.owner else 2
        for cost, other, said in zip(likely, (0.0, -value), (_forgotten(question, name), turned), strict=True):
            if other == value:
                continue

            def numbers(given, name=name, other=other):
                return {**given, name: -given[name] if other else 0.0}

            for entries in (None, _from_the_old_value(question, numbers, name)):
                yield Hypothesis(f"number_{name}", *said, cost, numbers=numbers, entries=entries)
    for one, two in itertools.combinations(given, 2):
        if one[0] == two[0] and given[one] != given[two]:
            yield Hypothesis(
                "numbers_exchanged",
                *_said("numbers_exchanged", one=one, two=two),
                2,
                numbers=lambda given, one=one, two=two: {**given, one: given[two], two: given[one]},
            )


def _from_the_old_value(question, numbers, changed):
    """The entries of which the update of the number itself starts from the right one all the same."""
    names = [name for name, (_, old) in question.entries.items() if old == changed]

    def entries(table, given):
        moved = given[changed] - numbers(given)[changed]
        return {name: value + moved if name in names else value for name, value in table.items()}

    return entries


def _forgotten(question, name):
    if not name.startswith("b"):
        return _said("number.left_out", name=name)
    return _said("number.bias", name=name, of=_place(question, name))


def _place(question, name):
    """Of which neuron a bias is, if the groups of the given numbers say so."""
    groups = [(title, names) for title, names in question.numbers.groups]
    for (before, _), (_, names) in itertools.pairwise(groups):
        if name in names:
            return " of the output" if "output" in before else " of a hidden neuron" if "hidden" in before else ""
    return ""


def _shown(value):
    return f"{value:g}".replace("-", "−")


def _misread(case):
    """A given number that was misread: it is solved for, and has to be a short one."""
    for name, value in case.question.numbers.items():
        other = case.solved_number(name) if name != "eta" else None
        if other is None or not is_short(other, 5) or abs(other - value) < 1e-9:
            continue
        other = float(f"{other:.5g}")
        yield Hypothesis(
            f"number_{name}",
            *_said("number.misread", name=name, used=_shown(other), given=_shown(value)),
            3,
            numbers=lambda given, name=name, by=other - value: {**given, name: given[name] + by},
        )


# ------------------------------------------------------------------------------------------ a change of the working


def _changed(case):
    """Every change of the working that can be behind all entries that are off."""
    question, words = case.question, words_of(case.question)
    working, own = question.working, {question.entries[name][0] for name in case.off}
    reach: dict[tuple, bool] = {}
    visible = {question.entries[name][0] for name in case.given}
    for change in working.changes:
        if change.mistake in ("factor_2", "factor_half", "sign") and visible & set(change.lines):
            continue
        if change.lines not in reach:
            reach[change.lines] = own <= working.affected(change.lines)
        if reach[change.lines]:
            yield Hypothesis(
                change.mistake,
                lambda change=change: words.sentence(change),
                words.hint(change),
                change.cost,
                lines=change.formulas,
            )


def words_of(question: Question) -> Words:
    """How the lines of a question of tables are called."""
    return Words(question.gradients, question.labels, [line for line, _ in question.entries.values()])
