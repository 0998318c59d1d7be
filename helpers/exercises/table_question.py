"""Exercises that are answered with a table: a dict of numbers, worked out by hand from given numbers.

    question.numbers                      # the given numbers; shown as a table in a notebook
    question.check({"w1": 1.002, …})      # a partly filled table is welcome
    question.variant("my ID")             # the same exercise with numbers of one's own

A cause is named only if it explains every entry that is off.
"""

import dataclasses
import functools
import html
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from helpers.checking.answers import called, parameter_names
from helpers.checking.entries.table_mistakes import recognise_table
from helpers.checking.entries.tables import TableCase, by_name, numbers_in, unknown_names
from helpers.checking.feedback import Feedback, in_list
from helpers.checking.values import NotAttempted, Unusable, is_placeholder
from helpers.exercises.exercise import EntriesExercise, Mistake, Task
from helpers.exercises.working import Dice, Numbers, Working, spelled_alike
from helpers.formulas.derivation import Derivation
from helpers.formulas.evaluate import Evaluator
from helpers.formulas.reader import Formula, split_equation
from helpers.formulas.text import FormulaError, shorten
from helpers.formulas.vocabulary import Vocabulary

OWN = ".own"  # behind a question's key: the table with numbers of one's own
_TRIES = 2000  # draws for one variant; about one in three fits
_VISIBLE = 1e-4  # a mistake must change some entry by this fraction

Table = dict[str, float]


@dataclass(eq=False, repr=False)
class TableQuestion(EntriesExercise):
    """One exercise answered with a dict name -> number.

    A number may be an int, a float, NumPy's, a Fraction, SymPy's, or a text with a calculation; a function without
    arguments that returns the table will do. Names that are left out, `...` or None are not filled in yet: the
    feedback then says "wrong" with the mistake "incomplete", which of the others are right, and what is missing. Of
    an update the step (new − old) is compared, to a relative 1e-6.

    working       the Working in which everything is a line
    entries       answer name -> (line, name of the old value or None): where there is an old value the
                  entry is an update, and the step (new − old) is what is compared
    numbers       the given numbers; `groups` says how they are shown
    mistakes      Mistakes, each way a dict of changed lines; `labels` LaTeX of line names
    derivation    a Derivation of the general formulas; `gradients` the lines that are derivatives:
                  {"dw1": "w1"}, of the line `objective`
    draw, fit     numbers for a variant from Dice; whether they make a good problem
    alike         sets of mistakes that give the same values whatever the numbers are
    readings      hidden lines that can be read from an entry: {"delta4": "b4"}, the line with minus its step
                  divided by the learning rate
    numbers_of    another TableQuestion whose numbers this one shares, in its variants too
    further       names of entries that may be left out: steps on the way to the others
    own_numbers  "core" or "optional" where the notebook also asks for the table with numbers of one's own
    owner         of a variant: whose numbers these are
    printed_numbers   of a variant: the numbers of the question that it is drawn from
    """

    working: Working
    entries: Mapping[str, tuple[str, str | None]]
    numbers: Mapping[str, float]
    _: KW_ONLY
    groups: Sequence[tuple[str, Sequence[str]]]
    mistakes: Sequence[Mistake]
    derivation: Derivation
    gradients: Mapping[str, str]
    objective: str
    draw: Callable[[Dice], dict[str, float]]
    fit: Callable[[Mapping[str, float], Mapping[str, float]], bool]
    labels: Mapping[str, str] = field(default_factory=dict)
    alike: Sequence[frozenset[str]] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    numbers_of: "TableQuestion | None" = None
    further: tuple[str, ...] = ()
    own_numbers: str = ""
    owner: str = ""
    printed_numbers: Mapping[str, float] | None = None

    usual_minutes = 25
    wanted = "a dictionary with a number for each name"

    def __post_init__(self):
        super().__post_init__()
        self.parameters = tuple(name for name in self.entries if name not in self.further)
        self.numbers = Numbers(self.numbers, self.groups, f"The numbers of {self.owner}" if self.owner else "")
        self.printed_numbers = self.printed_numbers or self.numbers
        self._variants = {}

    @property
    def tasks(self) -> list[Task]:
        """What the notebook asks for: the table, and the one with numbers of one's own where it is asked for."""
        asked = super().tasks
        if self.own_numbers:
            own = f"{self.title}, with numbers of your own"
            asked.append(Task(self.key + OWN, own, self.anchor, self.minutes, self.own_numbers == "optional"))
        return asked

    @property
    def form(self) -> str:
        """What to answer with, for those who read the task."""
        return f"a dictionary of `{', '.join(self.parameters)}`"

    # ------------------------------------------------------------------------------------------ values

    @functools.cached_property
    def values(self) -> dict[str, float]:
        """Every line of the working with the given numbers."""
        return self.working.values(self.numbers)

    def worked_out(self, changes: Mapping[str, Any] | None = None) -> Table:
        """The table, with other formulas in the place of some lines."""
        return self.table(self.working.values(self.numbers, changes) if changes else self.values)

    def table(self, values: Mapping[str, float]) -> Table:
        """The entries of the table, of the values of the lines."""
        return {name: float(values[line]) for name, (line, _) in self.entries.items()}

    def old(self, name: str) -> float | None:
        """The value that an entry has before the update; None if it is no update."""
        old = self.entries[name][1]
        return None if old is None else self.numbers[old]

    # ------------------------------------------------------------------------------------------ variants

    def variant(self, text: Any) -> "TableQuestion":
        """The same question with numbers of one's own, drawn from any text; the same on every computer.
        Without a text (None or "") it is the question as printed; of an empty one a line says so."""
        owner, wanted, text = str(text).strip(), text is not None, "" if text is None else spelled_alike(text)
        if not text:
            if wanted:
                print("There is no text in the quotes: these are the printed numbers.")
            return self
        if text not in self._variants:
            self._variants[text] = self._drawn(text, owner)
        return self._variants[text]

    def _drawn(self, text, owner=""):
        if self.numbers_of is not None:
            return self._with(self.numbers_of.variant(text).numbers, owner)
        dice = Dice(f"{self.key}|{text}")
        for _ in range(_TRIES):
            numbers = self.draw(dice)
            values = self.working.values(numbers)
            if self.fit(numbers, values) and (found := self._with(numbers, owner)).shows_every_mistake():
                return found
        raise RuntimeError(f"no numbers found for {text!r}")  # would need 2000 misfits in a row

    def _with(self, numbers, owner):
        variant = dataclasses.replace(self, numbers=numbers, owner=owner, printed_numbers=self.printed_numbers)
        variant._times_seen = self._times_seen  # a mistake that comes again is the same one on other numbers
        return variant

    def shows_every_mistake(self) -> bool:
        """Whether each mistake leads to another table than the right one and than every other mistake."""
        rows = [("", self.truth)]
        rows += [(mistake.id, table) for mistake in self.mistakes for table in self.mistake_tables(mistake)]
        old = np.array([self.old(name) or 0.0 for name in self.parameters])
        measured = np.array([[table[name] for name in self.parameters] for _, table in rows]) - old
        sizes = np.abs(measured)
        gaps = np.abs(measured[:, None] - measured) - _VISIBLE * np.maximum(sizes[:, None], sizes)
        pairs = ({rows[i][0], rows[j][0]} for i, j in np.argwhere(np.all(gaps <= 0, axis=2)))
        return all(len(pair) == 1 or any(pair <= group for group in self.alike) for pair in pairs)

    # ------------------------------------------------------------------------------------------ checking

    def _course_function(self):
        return lambda numbers: self._with(dict(numbers), "").truth

    def _own_function(self, answer):
        """The answer, if it is a function of the numbers; a table is none."""
        return answer if len(parameter_names(answer)) == 1 else None

    def check(self, answer: Any, variant: Any = None, record: bool = True) -> Feedback:
        """Compare a table with the right one; returns a Feedback, never raises. `variant` is the text of
        `question.variant`; with `record=False` the check leaves the progress as it is."""
        own = self.owner or (isinstance(variant, (str, int, float)) and spelled_alike(variant))
        task = OWN if self.own_numbers and own else ""
        return self._guarded(lambda: self.variant(variant)._check(answer), answer, remember=record, task=task)

    def _check(self, answer):
        table, notes, printed = _read(self, answer)
        return self._entry_by_entry(TableCase(self, table), recognise_table, notes, printed)

    # ------------------------------------------------------------------------------------------ help

    @functools.cached_property
    def solution(self) -> "WorkedDerivation":
        """The solution: the formulas, derived, and every line with the numbers put in."""
        updates = [line for line, old in self.entries.values() if old is not None]
        return WorkedDerivation(self.derivation, self.working, self.numbers, self.labels, updates)


def _read(question, answer):
    """(name -> number, for the entries that are filled in; what is odd about the answer, though it can be read; what the
    student's own code printed). Raises Unusable if there is nothing in it, or something that is no number."""
    given, printed = called(answer, question.wanted, question.numbers)
    if isinstance(given, Mapping) and not isinstance(given, dict):
        given = {key: given[key] for key in itertools.islice(given, 1000)}
    if is_placeholder(given):
        raise NotAttempted
    if not isinstance(given, dict):
        raise Unusable(
            f"Hand in a dictionary, {{{question.parameters[0]!r}: …, "
            f"{question.parameters[1]!r}: …}}, with a number for each name.",
            "not_a_dictionary",
        )
    named, unknown = by_name(given, tuple(question.entries))
    values = {name: _one_number(value, name, question) for name, value in named.items() if not is_placeholder(value)}
    unknown = [key for key in unknown if not is_placeholder(given[key])]
    if unknown and len(values) < len(question.parameters):
        raise unknown_names(unknown, question.parameters, named)
    if not values:
        raise NotAttempted
    notes = [f"({in_list(map(shorten, unknown))} is not asked for and was left out.)"] if unknown else []
    return {name: values[name] for name in question.entries if name in values}, notes, printed


def _one_number(value, name, question):
    if isinstance(value, str):
        value = calculated(value, name, question.numbers)
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


def calculated(text: str, name: str, numbers: Mapping[str, float] | None = None) -> np.ndarray:
    """The value of a text such as "1 - 0.1*3", of an entry of this name: numbers and the names of given ones. Raises
    Unusable."""
    if re.fullmatch(r"\s*[-+−]?\d+,\d+\s*", text):
        point = shorten(text).replace(",", ".")
        raise Unusable(f"`{name}` holds a comma. Write a decimal point: `{point}`.", "decimal_comma")
    numbers = numbers or {}
    try:
        formula = Formula((split_equation(text) or [text])[-1], Vocabulary(dict.fromkeys(numbers, ())))
        return Evaluator(numbers)(formula)
    except FormulaError as problem:
        raise Unusable(f"`{name}`: {problem}", "unreadable") from None


class WorkedDerivation(Derivation):
    """A Derivation of the general formulas and, below it, the working line by line with the numbers put in. Lines
    named in `precise` show more digits."""

    def __init__(
        self,
        derivation: Derivation,
        working: Working,
        numbers: Mapping[str, float],
        labels: Mapping[str, str],
        precise: Sequence[str] = (),
    ):
        vars(self).update(vars(derivation))  # it is that derivation, with more to show
        self.working, self.numbers, self.labels, self._precise = working, numbers, labels, precise

    def numeric_lines(self) -> list[str]:
        """Each line of the working with the numbers put in, as LaTeX."""
        return self.working.latex_lines(self.numbers, self.labels, self._precise)

    def body(self) -> str:
        """The derivation, and the working below it."""
        items = "".join(f"<li>${html.escape(line, quote=False)}$</li>" for line in self.numeric_lines())
        return f"<div>{super().body()}</div><p>With the numbers put in:</p><ol>{items}</ol>"
