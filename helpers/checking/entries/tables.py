"""Answers with several named entries beside the right ones, and what may have happened to a table of numbers.

`EntriesCase` knows which entries are right, off or missing; a `Cause` is the table that some mistake leads to. `gradients`
has the case of dicts of arrays.
"""

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.checking.feedback import are
from helpers.checking.sentences import hint_of, mistake_of, say
from helpers.checking.values import Question, Unusable, as_numbers, is_placeholder
from helpers.formulas.text import shorten

RTOL = 1e-6  # of a step or of a value
SINGLE = 6.1e-8  # the relative error of float32, which keeps seven digits

# ------------------------------------------------------------------------------------------ names and numbers


def by_name(given: dict, names: Sequence[str]) -> tuple[dict, list]:
    """({name: value} of the keys that are known, the keys that are not): capitals, spaces and the like do not
    matter."""
    plain = {_plain(name + "_new"): name for name in names} | {_plain(name): name for name in names}
    named, unknown = {}, []
    for key, value in given.items():
        name = key if key in names else plain.get(_plain(key))
        if name is None:
            unknown.append(key)
        elif name not in named or is_placeholder(named[name]):
            named[name] = value
    return named, unknown


def _plain(key):
    return re.sub(r"[^0-9a-zά-ώ]", "", str(key).casefold())


def unknown_names(unknown: list, names: Sequence[str], used: Iterable[str] = ()) -> Unusable:
    """What is said of keys that are no names of entries: the nearest right one."""
    free = [name for name in names if name not in used] or list(names)
    near = [name for name in free if name.startswith(f"{unknown[0]}_")]
    near = near or difflib.get_close_matches(str(unknown[0]), free, 1, 0.3)
    guess = f"is {' or '.join(f'`{name}`' for name in near)} meant?" if near else f"the names are {', '.join(names)}."
    return Unusable(f"The name `{shorten(unknown[0], 30)}` is not known here: {guess}", "unknown_name")


def numbers_in(value: object, name: str) -> np.ndarray:
    """The numbers in an entry. Raises Unusable, naming the entry, if it holds none."""
    try:
        return as_numbers(value)
    except Unusable as problem:
        raise problem.named(name) from None


# ------------------------------------------------------------------------------------------ right, off, missing


class EntriesCase:
    """Several named entries that came, beside the right ones: which are `right`, `off` or `missing`."""

    def _sort(self, question, given, is_right):
        self.question = question
        self.right = [name for name in given if is_right(name)]
        self.off = [name for name in given if name not in self.right]
        further = getattr(question, "further", ())
        self.asked = [name for name in question.entries if name in given or name not in further]
        self.missing = [name for name in self.asked if name not in given]

    def marks(self) -> dict[str, str]:
        """name -> "right", "off" or "missing", for the Feedback."""
        return {
            name: "off" if name in self.off else "right" if name in self.right else "missing" for name in self.asked
        }

    def where(self) -> str:
        """Which entries are off, in one sentence."""
        if not self.right and len(self.off) > 1:
            return f"{'All' if len(self.off) > 2 else 'Both'} entries {'so far ' if self.missing else ''}are off."
        if len(self.off) > len(self.right) > 0 and len(self.off) > 6:
            return f"{are(self.right)} right; the others are off."
        return f"{are(self.off)} off."

    def owners(self, holds: Callable[[str, str], bool]) -> list[str | None]:
        """For each entry that is off the other one whose right value it `holds`; None where there is none."""
        return [next((other for other in self.off if other != name and holds(name, other)), None) for name in self.off]

    def may_cause(self, changes: dict, name: str, anywhere: bool = False) -> bool:
        """Whether changed lines can be behind an entry that is off: beside the entry's own line they leave every right
        entry right. Only the lines that the entry rests on are asked, unless `anywhere`: the mistake may have been made
        in one place alone."""
        own, working = self._line(name), self.question.working
        asked = {
            line: text for line, text in changes.items() if line != own and (anywhere or line in working.depends(own))
        }
        return not asked or self._leaves_right(asked)


class TableCase(EntriesCase):
    """A table that came (`given`), beside the right one (`truth`); `updates` are the entries that are new values."""

    def __init__(self, question: Question, given: dict[str, float]) -> None:
        self.question, self.given, self.truth = question, given, question.truth
        self.updates = [name for name in question.parameters if question.old(name) is not None]
        self._scale = max((abs(self.measured(name, self.truth[name])) for name in self.updates), default=0.0)
        self._sort(question, given, lambda name: self.close(name, self.truth[name]))

    def measured(self, name: str, value: float) -> float:
        """What is compared of an entry: the step of an update, the value of anything else."""
        return value - (self.question.old(name) or 0.0)

    def off_by(self, name: str) -> tuple[float, float]:
        """What is compared of an entry, as it came and as it should be."""
        return self.measured(name, self.given[name]), self.measured(name, self.truth[name])

    def close(self, name: str, value: float, slack: float = 0.0, given: float | None = None) -> bool:
        """Whether the entry that came is this value, to six digits of what is compared; `slack` is added."""
        given = self.given[name] if given is None else given
        got, wanted = self.measured(name, given), self.measured(name, value)
        floor = 8e-16 * max(abs(given), abs(value), abs(self.question.old(name) or 0.0))
        if name in self.updates:
            floor += 1e-9 * self._scale
        return abs(got - wanted) <= RTOL * abs(wanted) + floor + slack

    def fits(self, table: dict[str, float], names: Iterable[str] | None = None, rounded: bool = False) -> bool:
        """Whether all entries that came (or these) are those of another table. `rounded`: up to the decimals
        that were given, where those still tell it from the right table."""
        for name in self.given if names is None else names:
            slack = rounding_of(self.given[name]) if rounded else 0.0
            if slack > (0.2 if name in self.updates else 0.3) * abs(self.measured(name, table[name])):
                slack = 0.0
            if not self.close(name, table[name], slack):
                return False
        return True

    def lines(self, numbers: dict | None = None, **how: object) -> dict[str, float]:
        """The value of every line of the working, with other given numbers or in another way: see Working.values."""
        return self.question.working.values(numbers or self.question.numbers, **how)

    def table(self, **how: object) -> dict[str, float]:
        """The table that such lines lead to."""
        return self.question.table(self.lines(**how))

    def solved(self, line: str) -> float | None:
        """The value of a line that would give the entry that is furthest off; None if there is none."""
        return self._solve(lambda value: self.table(fixed={line: value}), float(self.question.values[line]))

    def solved_number(self, name: str) -> float | None:
        """The given number that would give all entries, if it were another one; None if there is none."""
        numbers = self.question.numbers

        def table(value):
            return self.table(numbers={**numbers, name: value})

        found = self._solve(table, numbers[name])
        return found if found is not None and self.fits(table(found)) else None

    def _solve(self, table, start):
        """The value from which a table has the entry that is furthest off, by the secant method; or None."""
        target = max(self.off, key=lambda name: abs(self.given[name] - self.truth[name]))
        wanted = self.given[target]

        def miss(value):
            return table(value)[target] - wanted

        one, two = start, start * 1.01 + 1e-3
        f_one, f_two = miss(one), miss(two)
        for _ in range(30):
            if f_two == f_one or not abs(two) < 1e6:
                break
            one, two, f_one = two, two - f_two * (two - one) / (f_two - f_one), f_two
            f_two = miss(two)
            if abs(two - one) <= 1e-14 * abs(two):
                break
        return two if abs(f_two) < 1e-9 * max(1.0, abs(wanted)) else None

    def _line(self, name):
        return self.question.entries[name][0]

    def _leaves_right(self, changes):
        table = self.table(changes=changes)
        return all(self.close(other, table[other]) for other in self.right)


# ------------------------------------------------------------------------------------------ decimals


def decimals_of(value: float) -> int:
    """How many decimals a number was written with: 1.0076 has 4."""
    mantissa, _, exponent = f"{value!r}".partition("e")
    decimals = mantissa.partition(".")[2]
    return max(0, (0 if decimals == "0" and not exponent else len(decimals)) - int(exponent or 0))


def is_short(value: float, digits: int) -> bool:
    """Whether a number has so few significant digits, up to the accuracy of a computer."""
    return abs(value - float(f"{value:.{digits}g}")) <= 1e-9 * abs(value)


def rounding_of(value: float) -> float:
    """The largest error that rounding to the written decimals can have made; 0 for a whole number, which is
    not taken for a rounded one."""
    places = decimals_of(value)
    return 0.5001 * 10.0**-places if 1 <= places <= 12 else 0.0


def is_rounded(case: TableCase, name: str) -> bool:
    """Whether an entry is the right number, rounded or cut off; an update that shows the old value counts
    where three decimals could not show the step."""
    given, right = case.given[name], case.truth[name]
    places, error = decimals_of(given), abs(given - right)
    if 1 <= places <= 12 and (
        error <= rounding_of(given) or abs(given) < abs(right) and error < 0.9999 * 10.0**-places
    ):
        return True
    if error <= SINGLE * abs(right) and float(np.float32(given)) == given:
        return True
    return name in case.updates and error < 0.5e-3 and given == case.question.old(name)


_EARLY, _EARLY_VALUE = 0.16, 0.005  # a step, or a value, that is off by no more may come from rounding on the way


def is_nearly(case: TableCase, name: str) -> bool:
    """Whether an entry is off by no more than rounding on the way explains: both numbers have decimals, the
    right one more of them."""
    got, right = case.off_by(name)
    places = decimals_of(case.given[name])
    return (
        1 <= places <= 9
        and right != 0
        and decimals_of(case.truth[name]) > places
        and abs(got / right - 1) <= (_EARLY if name in case.updates else _EARLY_VALUE)
    )


def rounded_gradients(case: TableCase) -> bool:
    """Whether the gradients behind the steps have only a few digits, as rounded numbers have, and are near the right
    ones."""
    eta, off = case.question.numbers.get("eta"), [name for name in case.off if name in case.updates]
    if not eta or len(off) < len(case.off) or len(off) < 3:
        return False
    pairs = [(got / eta, right / eta) for got, right in map(case.off_by, off)]
    short = [got for got, right in pairs if got and is_short(got, 6) and not is_short(right, 7)]
    if len(short) < max(2, len(off) // 4):
        return False
    unit = 10.0 ** -min((decimals_of(float(f"{value:.6g}")) for value in short if value), default=12)
    return all(abs(got - right) <= 5 * unit + 0.15 * abs(right) for got, right in pairs)


def wrong_whole_number(case: TableCase, name: str) -> bool:
    """Whether the decimals, at least five, belong to the right number, but not the whole number in front of them. What
    the computer added in the last of sixteen digits are no decimals: 7.999999999999929 has none."""
    off, places = case.given[name] - case.truth[name], decimals_of(float(f"{case.given[name]:.12g}"))
    return round(off) != 0 and places >= 5 and abs(off - round(off)) <= max(5 * 10.0**-places, 1e-12)


def step_error(case: TableCase, names: Iterable[str]) -> str:
    """How far rounding throws the steps off, in words."""
    steps = {name: case.off_by(name) for name in names if name in case.updates}
    errors = {name: abs(got / right - 1) for name, (got, right) in steps.items() if right}
    if not errors:
        return ""
    worst = max(errors, key=errors.get)
    if errors[worst] >= 0.5:
        return f"; so few decimals hardly show the step of `{worst}` at all"
    return f", which throws the step of `{worst}` off by {100 * errors[worst]:.2g} %"


# ------------------------------------------------------------------------------------------ what may have happened


@dataclass(frozen=True)
class Cause:
    """What may have happened: `what` of several entries, `one` of a single one (if in other words), and the table that it
    leads to."""

    id: str
    what: str
    table: dict
    hint: str = ""
    one: str = ""

    def says(self, names: Sequence[str]) -> str:
        """What happened, of so many entries."""
        return self.one if self.one and len(names) == 1 else self.what


# (the sentence on it, in other words of a single entry, what stands there instead of the new value)
_UPDATES = (
    ("ascent", "", lambda old, step, eta: old - step),
    ("gradient_instead", "gradient_instead.one", lambda old, step, eta: -step / eta),
    ("step_instead", "step_instead.one", lambda old, step, eta: step),
    ("step_instead.turned", "step_instead.turned_one", lambda old, step, eta: -step),
    ("eta_missing", "", lambda old, step, eta: old + step / eta),
    ("not_updated", "not_updated.one", lambda old, step, eta: old),
    ("old_sign", "", lambda old, step, eta: -old + step),
)


def updates(case: TableCase, table: dict[str, float], numbers: dict | None = None) -> Iterator[Cause]:
    """The slips that any table of updates can show, made in this one, which belongs to the given numbers or others."""
    numbers = numbers or case.question.numbers
    old = {name: numbers[case.question.entries[name][1]] for name in case.updates if name in table}
    for many, one, change in _UPDATES:
        changed = {each: change(old[each], table[each] - old[each], numbers.get("eta", 1.0)) for each in old}
        yield Cause(mistake_of(many), say(many), {**table, **changed}, one=say(one) if one else "")
    yield Cause("lost_sign", say("lost_sign"), {name: -value for name, value in table.items()})


def with_rounded_lines(case: TableCase) -> Iterator[Cause]:
    """Intermediate results that were rounded to a few decimals or digits before they were carried on."""
    after = step_error(case, case.off)
    for places in (2, 3, 4, 5, 6):
        for unit, rounding in (("decimals", round), ("digits", _to_digits)):
            for lines in _lines_to_round(case.question):

                def carried(line, value, lines=lines, rounding=rounding, places=places):
                    return rounding(value, places) if line in lines else value

                text = say("rounded.lines", places=places, unit=unit, after=after)
                yield Cause("rounded", text, case.table(carried=carried), hint_of("rounded.lines"))


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
