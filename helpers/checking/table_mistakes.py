"""Names the mistake behind a table of numbers that is not right.

The network is worked out once with each mistake, and the tables are compared. One mistake that explains the
whole table comes first, then two at once, then one with rounding; then the table is followed line by line
with the student's own numbers, so that what follows from an earlier error is not counted as another one.
"""

import itertools
import math

from helpers.checking.cases import Recognition
from helpers.checking.roots import explain_roots, one_slip
from helpers.checking.rounded_lines import rounded_lines
from helpers.checking.rounding import is_rounded, nearly, rounding_of, step_error
from helpers.checking.tables import are, either, in_list, where
from helpers.checking.update_slips import other_values

RTOL = 1e-6  # of a step or of a value


class TableCase:
    """A table that came, beside the right one: which entries are right, off or missing."""

    def __init__(self, question, given):
        self.question, self.given, self.truth = question, given, question.truth
        self.updates = [name for name in question.parameters if question.old(name) is not None]
        self.step_scale = max((abs(self.measured(name, self.truth[name])) for name in self.updates), default=0.0)
        self.right = [name for name in given if self.close(name, self.truth[name])]
        self.off = [name for name in given if name not in self.right]
        self.missing = [name for name in question.parameters if name not in given]

    def measured(self, name, value):
        """What is compared of an entry: the step of an update, the value of anything else."""
        old = self.question.old(name)
        return value if old is None else value - old

    def close(self, name, value, slack=0.0, given=None):
        """Whether the entry that came is this value, to six digits of what is compared; `slack` is added."""
        given = self.given[name] if given is None else given
        got, wanted = self.measured(name, given), self.measured(name, value)
        floor = 8e-16 * max(abs(given), abs(value), abs(self.question.old(name) or 0.0))
        if self.question.old(name) is not None:
            floor += 1e-9 * self.step_scale
        return abs(got - wanted) <= RTOL * abs(wanted) + floor + slack

    def fits(self, table, names=None, rounded=False):
        """Whether all entries that came (or these) are those of another table. `rounded`: up to the decimals
        that were given, where those still tell it from the right table."""
        for name in self.given if names is None else names:
            slack = rounding_of(self.given[name]) if rounded else 0.0
            if slack > (0.2 if name in self.updates else 0.3) * abs(self.measured(name, table[name])):
                slack = 0.0
            if not self.close(name, table[name], slack):
                return False
        return True

    def may_cause(self, changes, name, strict=True):
        """Whether changed lines can be behind an entry that is off: beside the entry's own line they leave
        every right entry right. Unless `strict`, only the lines that the entry rests on are asked: the
        mistake may have been made in one place alone."""
        working, own = self.question.working, self.question.entries[name][0]
        asked = {
            line: text for line, text in changes.items() if line != own and (strict or line in working.depends(own))
        }
        if not asked:
            return True
        table = self.question.table(working.values(self.question.numbers, asked))
        return all(self.close(other, table[other]) for other in self.right)


def recognise_table(case):
    """The Recognition of what is wrong; it names the entries that are off."""
    for recogniser in (
        _one_mistake,
        _other_table,
        _constant,
        _swapped,
        _rounded,
        _printed_numbers,
        rounded_lines,
        _two_mistakes,
        _mistake_and_rounding,
        one_slip,
        _early_rounding,
        explain_roots,
    ):
        found = recogniser(case)
        if found:
            return found
    first = min(case.off, key=lambda name: len(case.question.working.depends(case.question.entries[name][0])))
    text = where(case) + (f" The first one to look at is `{first}`." if len(case.off) > 1 else "")
    return Recognition(
        "unknown",
        f"{text} {_direction(case, first)}",
        "Write down every line, each with its numbers, and compare from the top.",
    )


def _direction(case, name):
    """On which side an entry is off, without saying by how much."""
    got, right = case.measured(name, case.given[name]), case.measured(name, case.truth[name])
    what = "Its step" if name in case.updates else "It"
    if right == 0:
        return f"{what} should be zero."
    if got == 0:
        return f"{what} should not be zero."
    if got * right < 0:
        return f"{what} has the wrong sign."
    return f"{what} has the right sign, but is too {'large' if abs(got) > abs(right) else 'small'}."


# --------------------------------------------------------------------------------- the whole table at once


def _one_mistake(case):
    found = [
        mistake
        for mistake in case.question.mistakes
        if any(case.fits(table) for table in case.question.mistake_tables(mistake))
    ]
    return jointly(case, found) if found else None


def jointly(case, found, more=""):
    """A Recognition of mistakes that give the same numbers here."""
    name = "|".join(mistake.id for mistake in found) + more
    if len(found) == 1:
        return Recognition(name, f"{where(case)} {found[0].what}", found[0].hint)
    causes = either([mistake.what for mistake in found[:3]])
    others = "; or something else with the same effect" if len(found) > 3 else ""
    return Recognition(
        name, f"{where(case)} One of these happened (the numbers are the same): {causes}{others}.", found[0].hint
    )


def _other_table(case):
    slips = list(other_values(case, case.truth))
    found = [slip for slip in slips if case.fits(slip.table)]
    if not found and all(name in case.updates for name in case.off):
        found = [slip for slip in slips if case.fits(slip.table, case.off)]
    return Recognition(found[0].id, f"{where(case)} {found[0].says(case.off)}") if found else None


def _constant(case):
    if len(case.given) < 3 or len(set(case.given.values())) > 1:
        return None
    return Recognition(
        "constant", "The same number stands in every entry.", "Begin with the first line of the working."
    )


def _swapped(case):
    """The off entries hold each other's right numbers."""
    if len(case.off) < 2:
        return None
    partner = {}
    for name in case.off:
        others = [
            other
            for other in case.off
            if other != name
            and math.isclose(case.given[name], case.truth[other], rel_tol=1e-9)
            and case.close(other, case.given[name], given=case.truth[other])
        ]
        if not others:
            return None
        partner[name] = others[0]
    if len(set(partner.values())) < len(partner):
        return None
    return Recognition(
        "swapped",
        f"The numbers are right, but under the wrong names: {in_list(case.off)} are mixed up.",
        "Compare the numbering of the weights with the picture of the network.",
    )


def _printed_numbers(case):
    """With numbers of one's own: one of the printed numbers was used, or a group of them, or all."""
    question = case.question
    printed = {name: value for name, value in question.printed_numbers.items() if value != question.numbers[name]}
    groups = [tuple(printed)] + [(name,) for name in printed] + [names for _, names in question.numbers.groups]
    for names in groups:
        used = {name: printed[name] for name in names if name in printed}
        if used and case.fits(question.table(question.working.values({**question.numbers, **used}))):
            if len(used) == len(printed):
                text = "This is the answer for the printed numbers; yours are other ones."
            else:
                one = "the one" if len(used) == 1 else "those"
                text = f"{in_list(used)} {are(used)} not {one} of your numbers."
            return Recognition("printed_numbers", f"{where(case)} {text}", "Copy your numbers once more, one by one.")
    return None


def _two_mistakes(case):
    """Two listed mistakes at once, or a listed one and a slip in the update."""
    question = case.question
    ways = [(mistake, way) for mistake in question.mistakes for way in mistake.ways]
    for (one, first), (two, second) in itertools.combinations(ways, 2):
        if one is two or set(first) & set(second):
            continue
        values = question.working.values(question.numbers, {**first, **second})
        if case.fits(question.table(values)):
            return _both(case, (one.id, two.id), (one.what, two.what), one.hint)
    for mistake in question.mistakes:
        for table in question.mistake_tables(mistake):
            for slip in other_values(case, table):
                if case.fits(slip.table):
                    return _both(case, (mistake.id, slip.id), (mistake.what, slip.says(case.off)), mistake.hint)
    return None


def _both(case, names, whats, hint):
    return Recognition("+".join(names), f"{where(case)} Two things happened. {whats[0]} And: {whats[1]}", hint)


# ------------------------------------------------------------------------------------------------ rounding


def _rounded(case):
    if not all(is_rounded(case, name) for name in case.off) or all(
        case.given[name] == case.question.old(name) for name in case.off
    ):
        return None
    return Recognition(
        "rounded",
        f"{where(case)} The numbers have been rounded{step_error(case, case.off)}.",
        "Enter the expression itself, or at least twelve decimals: a step is small beside the value.",
    )


def _mistake_and_rounding(case):
    """A listed mistake, or two slips in the update, in numbers that have been rounded."""
    if not any(rounding_of(case.given[name]) for name in case.off):
        return None
    found = [
        mistake
        for mistake in case.question.mistakes
        if any(case.fits(table, rounded=True) for table in case.question.mistake_tables(mistake))
    ]
    if found:
        one = jointly(case, found)
        return Recognition(
            "|".join(f"{mistake.id}+rounded" for mistake in found),
            f"{one.text} The numbers are rounded as well.",
            one.hint,
        )
    for slip in other_values(case, case.truth):
        if case.fits(slip.table, case.off, rounded=True):
            return Recognition(
                f"{slip.id}+rounded", f"{where(case)} {slip.says(case.off)} The numbers are rounded as well."
            )
    return None


def _early_rounding(case):
    if not all(nearly(case, name) or is_rounded(case, name) for name in case.off):
        return None
    return Recognition(
        "rounded",
        f"{where(case)} Numbers have been rounded on the way{step_error(case, case.off)}.",
        "Keep all digits until the end.",
    )
