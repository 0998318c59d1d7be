"""Answers with several named entries: how they are read, and which of them are right, off or missing.

A table of numbers is a dict, with whatever stands in it; `gradients` reads dicts of arrays.
"""

import difflib
import dis
import inspect
import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.checking import sandbox
from helpers.checking.answers import explained, returned
from helpers.checking.feedback import are, in_list
from helpers.checking.values import NotAttempted, Question, Unusable, as_numbers, does_nothing, is_placeholder
from helpers.formulas.evaluate import Evaluator
from helpers.formulas.text import Formula, FormulaError, shorten, split_equation

RTOL = 1e-6  # of a step or of a value
SINGLE = 6.1e-8  # the relative error of float32, which keeps seven digits

# ------------------------------------------------------------------------------------------ reading


def read_table(question: Question, answer: object) -> tuple[dict[str, float], list[str], str]:
    """(name -> number, for the entries that are filled in; what is odd about the answer, though it can be read; what the
    student's own code printed). Raises Unusable if there is nothing in it, or something that is no number."""
    given, printed = called(answer, question.wanted)
    if isinstance(given, Mapping) and not isinstance(given, dict):
        given = dict(given)
    if is_placeholder(given):
        raise NotAttempted
    if not isinstance(given, dict):
        raise Unusable(
            f"Hand in a dictionary, {{{question.parameters[0]!r}: …, "
            f"{question.parameters[1]!r}: …}}, with a number for each name.",
            "not_a_dictionary",
        )
    named, unknown = by_name(given, question.parameters)
    values = {name: _one_number(value, name, question) for name, value in named.items() if not is_placeholder(value)}
    unknown = [key for key in unknown if not is_placeholder(given[key])]
    if unknown and len(values) < len(question.parameters):
        raise unknown_names(unknown, question.parameters, named)
    if not values:
        raise NotAttempted
    notes = [f"({in_list(map(shorten, unknown))} is not asked for and was left out.)"] if unknown else []
    return {name: values[name] for name in question.parameters if name in values}, notes, printed


def called(answer: object, wanted: str) -> tuple[object, str]:
    """(what an answer is, what its code printed): a function without arguments is called for it."""
    if is_placeholder(answer):
        raise NotAttempted
    if isinstance(answer, types.ModuleType) or hasattr(answer, "check_steps"):
        raise Unusable(f"That is no answer: hand in {wanted}.")
    if not callable(answer) or isinstance(answer, dict):
        return answer, ""
    try:
        given, printed = sandbox.run(lambda: _without_arguments(answer, wanted))
    except sandbox.Failure as failure:
        raise explained(failure) from None
    return returned(answer, given), printed


def _without_arguments(function, wanted):
    try:
        inspect.signature(function).bind()
    except TypeError:
        if does_nothing(function) and not _builds_something(function):
            raise NotAttempted from None
        raise Unusable(
            f"Your function wants arguments; hand in {wanted}, or a function without arguments that returns one.",
            "wrong_parameters",
        ) from None
    except ValueError:
        pass
    return function()


def _builds_something(function):
    """Whether a dictionary or a list is written out in a function."""
    code = getattr(function, "__code__", None)
    return code is not None and any(step.opname.startswith("BUILD_") for step in dis.get_instructions(code))


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
    near = difflib.get_close_matches(str(unknown[0]), free, 1, 0.3)
    guess = f"is `{near[0]}` meant?" if near else f"the names are {', '.join(names)}."
    return Unusable(f"The name `{shorten(unknown[0], 30)}` is not known here: {guess}", "unknown_name")


def numbers_in(value: object, name: str) -> np.ndarray:
    """The numbers in an entry. Raises Unusable, naming the entry, if it holds none."""
    try:
        return as_numbers(value)
    except Unusable as problem:
        raise problem.named(name) from None


def _one_number(value, name, question):
    if isinstance(value, str):
        if re.fullmatch(r"\s*[-+−]?\d+,\d+\s*", value):
            point = shorten(value).replace(",", ".")
            raise Unusable(f"`{name}` holds a comma. Write a decimal point: `{point}`.", "decimal_comma")
        value = _calculated(value, name, question)
    numbers = numbers_in(value, name)
    if numbers.size != 1:
        raise Unusable(f"`{name}` holds {numbers.size} numbers, but one is needed.", "not_a_number")
    number = float(numbers.reshape(-1)[0])
    if not np.isfinite(number):
        kind, mistake = ("NaN (not a number)", "nan") if np.isnan(number) else ("infinite", "infinity")
        raise Unusable(
            f"`{name}` is {kind}: look for a division by zero or an exponential of a large number.", mistake, "wrong"
        )
    return number


def _calculated(text, name, question):
    """The value of a text such as "1 - 0.1*3": numbers and the names of given numbers."""
    try:
        return Evaluator(question.numbers)(Formula((split_equation(text) or [text])[-1]))
    except FormulaError as problem:
        raise Unusable(f"`{name}`: {problem}", "unreadable") from None


# ------------------------------------------------------------------------------------------ right, off, missing


class EntriesCase:
    """Several named entries that came, beside the right ones: which are `right`, `off` or `missing`."""

    def _sort(self, question, given, is_right):
        self.question = question
        self.right = [name for name in given if is_right(name)]
        self.off = [name for name in given if name not in self.right]
        self.missing = [name for name in question.entries if name not in given]

    def marks(self) -> dict[str, str]:
        """name -> "right", "off" or "missing", for the Feedback."""
        return {
            name: "off" if name in self.off else "right" if name in self.right else "missing"
            for name in self.question.entries
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


def wrong_whole_number(case: TableCase, name: str) -> bool:
    """Whether the decimals belong to the right number, but not the whole number in front of them."""
    off, (_, right) = case.given[name] - case.truth[name], case.off_by(name)
    return (
        round(off) != 0
        and decimals_of(case.given[name]) >= 3
        and abs(off - round(off)) <= _EARLY * max(abs(right), 1e-12)
    )


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


# (id, what stands there instead of the new value, what happened, and in other words of a single entry)
_UPDATES = (
    ("ascent", lambda old, step, eta: old - step, "The gradient has been added instead of subtracted.", ""),
    (
        "gradient_instead",
        lambda old, step, eta: -step / eta,
        "These are the gradients; the new values are asked for: old value minus learning rate times gradient.",
        "This is the gradient; the new value is asked for: old value minus learning rate times gradient.",
    ),
    (
        "step_instead",
        lambda old, step, eta: step,
        "These are the steps alone; the new values are asked for.",
        "This is the step alone; the new value is asked for.",
    ),
    (
        "step_instead",
        lambda old, step, eta: -step,
        "These are η times the gradients; the new values are asked for.",
        "This is η times the gradient; the new value is asked for.",
    ),
    ("eta_missing", lambda old, step, eta: old + step / eta, "The learning rate is missing in the update.", ""),
    (
        "not_updated",
        lambda old, step, eta: old,
        "These are the old values: the step has not been taken.",
        "It still has its old value: the step has not been taken.",
    ),
    ("double_step", lambda old, step, eta: old + 2 * step, "The step is twice as long as it should be.", ""),
    ("half_step", lambda old, step, eta: old + step / 2, "The step is half as long as it should be.", ""),
    ("old_sign", lambda old, step, eta: -old + step, "The step was taken from the old value with the wrong sign.", ""),
)


def updates(case: TableCase, table: dict[str, float]) -> Iterator[Cause]:
    """The slips that any table of updates can show, made in this one."""
    question, eta = case.question, case.question.numbers.get("eta", 1.0)
    for name, change, many, one in _UPDATES:
        changed = {each: change(question.old(each), case.measured(each, table[each]), eta) for each in case.updates}
        yield Cause(name, many, {**table, **changed}, one=one)
    yield Cause("lost_sign", "The sign of the value is lost.", {name: -value for name, value in table.items()})
