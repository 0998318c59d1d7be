"""Names the mistake behind a table of numbers that is not right.

The network is worked out once with each mistake, and the tables are compared. One mistake that explains the
whole table comes first, then two at once, then one with rounding; then the table is followed line by line with
the student's own numbers, so that what follows from an earlier error is not counted as another one.
"""

import itertools
import math

from .cases import Recognition
from .roots import explain_roots
from .tables import in_list

RTOL = 1e-6          # of a step or of a value
EARLY_ROUNDING = 0.16   # a step that is off by no more than this may come from rounding on the way


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
            if slack > 0.2 * abs(self.measured(name, table[name])):
                slack = 0.0
            if not self.close(name, table[name], slack):
                return False
        return True


def recognise_table(case):
    """The Recognition of what is wrong; it names the entries that are off."""
    for recogniser in (_one_mistake, _other_table, _swapped, _rounded, _two_mistakes, _mistake_and_rounding,
                       explain_roots, _early_rounding):
        found = recogniser(case)
        if found:
            return found
    return Recognition("unknown", f"{where(case)} The first one to look at is `{case.off[0]}`.",
                       "Write down every line, each with its numbers, and compare from the top.")


def where(case):
    """Which entries are off, in one sentence."""
    if not case.right and len(case.off) > 1:
        return f"{'All' if len(case.off) > 2 else 'Both'} entries {'so far ' if case.missing else ''}are off."
    if len(case.off) > len(case.right) > 0 and len(case.off) > 6:
        return f"Right {'is' if len(case.right) == 1 else 'are'} {in_list(case.right)}; the others are off."
    return f"Off {'is' if len(case.off) == 1 else 'are'} {in_list(case.off)}."


# --------------------------------------------------------------------------------- the whole table at once

def _one_mistake(case):
    found = [mistake for mistake in case.question.mistakes
             if any(case.fits(table) for table in case.question.mistake_tables(mistake))]
    return jointly(case, found) if found else None


def jointly(case, found, more=""):
    """A Recognition of mistakes that give the same numbers here."""
    name = "|".join(mistake.id for mistake in found) + more
    if len(found) == 1:
        return Recognition(name, f"{where(case)} {found[0].what}", found[0].hint)
    causes = "; or ".join(mistake.what.rstrip(".") for mistake in found[:3])
    others = "; or something else with the same effect" if len(found) > 3 else ""
    return Recognition(name, f"{where(case)} One of these happened (the numbers are the same): {causes}{others}.",
                       found[0].hint)


def other_values(case, table):
    """(id, what, wrong table) for the slips that any table can show: in the update, and in what was entered."""
    question = case.question
    eta = question.numbers.get("eta", 1.0)

    def updated(change):
        return {name: change(question.old(name), case.measured(name, table[name])) if name in case.updates
                else table[name] for name in table}
    yield "ascent", "The gradient has been added instead of subtracted.", updated(lambda old, step: old - step)
    yield "gradient_instead", ("These are the gradients; the new values are asked for: old value minus learning rate "
                               "times gradient."), updated(lambda old, step: -step / eta)
    yield "step_instead", "These are the steps alone; the new values are asked for.", updated(lambda old, step: step)
    yield "step_instead", ("These are the learning rate times the gradient; the new values are asked for."
                           ), updated(lambda old, step: -step)
    yield "eta_missing", "The learning rate is missing in the update.", updated(lambda old, step: old + step / eta)
    yield "not_updated", "These are the old values: the step has not been taken.", updated(lambda old, step: old)
    yield "double_step", "The step is twice as long as it should be.", updated(lambda old, step: old + 2 * step)
    yield "half_step", "The step is half as long as it should be.", updated(lambda old, step: old + step / 2)
    yield "old_sign", "The step was taken from the old value with the wrong sign.", updated(
        lambda old, step: -old + step)
    yield "lost_sign", "The sign of the value is lost.", {name: -value for name, value in table.items()}


def _other_table(case):
    for name, what, table in other_values(case, case.truth):
        if case.fits(table):
            return Recognition(name, f"{where(case)} {what}")
    if not all(name in case.updates for name in case.off):
        return None
    for name, what, table in other_values(case, case.truth):
        mixed = {**case.truth, **{entry: table[entry] for entry in case.off}}
        if case.fits(mixed):
            return Recognition(name, f"{where(case)} {what}")
    return None


def _swapped(case):
    """The off entries hold each other's right numbers."""
    if len(case.off) < 2:
        return None
    partner = {}
    for name in case.off:
        others = [other for other in case.off if other != name
                  and math.isclose(case.given[name], case.truth[other], rel_tol=1e-9)
                  and case.close(other, case.given[name], given=case.truth[other])]
        if not others:
            return None
        partner[name] = others[0]
    if len(set(partner.values())) < len(partner):
        return None
    return Recognition("swapped", f"The numbers are right, but under the wrong names: {in_list(case.off)} are mixed up.",
                       "Compare the numbering of the weights with the picture of the network.")


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
            for name, what, other in other_values(case, table):
                if case.fits(other):
                    return _both(case, (mistake.id, name), (mistake.what, what), mistake.hint)
    return None


def _both(case, names, whats, hint):
    return Recognition("+".join(names), f"{where(case)} Two things happened. {whats[0]} And: {whats[1]}", hint)


# ------------------------------------------------------------------------------------------------ rounding

def decimals_of(value):
    """How many decimals a number was written with: 1.0076 has 4."""
    text = f"{value!r}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return max(0, len(mantissa.partition(".")[2]) - int(exponent))
    return 0 if text.endswith(".0") else len(text.partition(".")[2])


def rounding_of(value):
    """The largest error that rounding to the written decimals can have made; 0 for a whole number, which is not
    taken for a rounded one."""
    places = decimals_of(value)
    return 0.5001 * 10.0**-places if 1 <= places <= 12 else 0.0


def is_rounded(case, name):
    """Whether an entry is the right number, rounded or cut off; an update that shows the old value counts from
    four decimals on."""
    given, right = case.given[name], case.truth[name]
    places = decimals_of(given)
    if places <= 12 and abs(given - right) <= 1.0001 * 10.0**-places and places >= 1:
        return True
    return name in case.updates and abs(right - given) < 0.5e-3 and places < 4 and given == case.question.old(name)


def _rounded(case):
    if not all(is_rounded(case, name) for name in case.off) or all(
            case.given[name] == case.question.old(name) for name in case.off):
        return None
    return Recognition("rounded", f"{where(case)} The numbers have been rounded{_step_error(case, case.off)}.",
                       "Enter the expression itself, or at least ten digits; a step is small beside the value.")


def _step_error(case, names):
    """How far rounding throws the steps off, in words."""
    steps = [name for name in names if name in case.updates and case.measured(name, case.truth[name])]
    errors = {name: abs(case.measured(name, case.given[name]) / case.measured(name, case.truth[name]) - 1)
              for name in steps}
    if not errors:
        return ""
    worst = max(errors, key=errors.get)
    if errors[worst] >= 0.5:
        return f"; so few decimals hardly show the step of `{worst}` at all"
    return f", which throws the step of `{worst}` off by {100 * errors[worst]:.2g} %"


def _mistake_and_rounding(case):
    """A listed mistake, or two slips in the update, in numbers that have been rounded."""
    if not any(rounding_of(case.given[name]) for name in case.off):
        return None
    found = [mistake for mistake in case.question.mistakes
             if any(case.fits(table, rounded=True) for table in case.question.mistake_tables(mistake))]
    if found:
        one = jointly(case, found)
        return Recognition("|".join(f"{mistake.id}+rounded" for mistake in found),
                           f"{one.text} The numbers are rounded as well.", one.hint)
    for name, what, table in other_values(case, case.truth):
        if case.fits({**case.truth, **{entry: table[entry] for entry in case.off}}, case.off, rounded=True):
            return Recognition(f"{name}+rounded", f"{where(case)} {what} The numbers are rounded as well.")
    return None


def nearly(case, name):
    """Whether an entry is off by no more than rounding on the way explains."""
    right, got = case.measured(name, case.truth[name]), case.measured(name, case.given[name])
    return (decimals_of(case.given[name]) <= 9 and right != 0
            and abs(got / right - 1) <= (EARLY_ROUNDING if name in case.updates else 0.02))


def _early_rounding(case):
    close = [name for name in case.off if nearly(case, name) or is_rounded(case, name)]
    if not close:
        return None
    rest = [name for name in case.off if name not in close]
    text = f"Numbers have been rounded on the way{_step_error(case, close)}."
    if rest:
        return Recognition("rounded", f"{where(case)} {text} {in_list(rest)} {'is' if len(rest) == 1 else 'are'} off "
                                      "by more than that.", "Keep all digits until the end.")
    return Recognition("rounded", f"{where(case)} {text}", "Keep all digits until the end.")
