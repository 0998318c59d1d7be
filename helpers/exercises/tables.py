"""Exercises that are answered with a table: a dict of numbers, worked out by hand from given numbers.

    question.numbers                      # the given numbers; shown as a table in a notebook
    question.check({"w1": 1.002, …})      # a partly filled table is welcome
    question.variant("my ID")             # the same exercise with numbers of one's own

A cause is named only if it explains every entry that is off.
"""

import functools
import html

import numpy as np

from helpers.checking.feedback import Feedback, in_list
from helpers.checking.table_mistakes import recognise_table
from helpers.checking.tables import TableCase, read_table
from helpers.exercises.exercise import Exercise
from helpers.exercises.variants import Dice, Numbers, spelled_alike
from helpers.exercises.working import exact_derivative, exact_values
from helpers.formulas.derivation import Derivation, LineCheck, Verification

_TRIES = 2000  # draws for one variant; about one in three fits
_VISIBLE = 1e-4  # a mistake must change some entry by this fraction


class TableQuestion(Exercise):
    """One exercise answered with a dict name -> number.

    working       the Working in which everything is a line
    entries       answer name -> (line, name of the old value or None): where there is an old value the
                  entry is an update, and the step (new − old) is what is compared
    numbers       the given numbers; `groups` says how they are shown
    mistakes      LineMistakes; `labels` LaTeX of line names
    derivation    a Derivation of the general formulas; `gradients` the lines that are derivatives:
                  {"dw1": "w1"}, of the line `objective`
    draw, fit     numbers for a variant from Dice; whether they make a good problem
    alike         sets of mistakes that give the same values whatever the numbers are
    readings      hidden lines that can be read from an entry: {"delta4": "b4"}, the line with minus its step
                  divided by the learning rate
    numbers_of    another TableQuestion whose numbers this one shares, in its variants too
    """

    def __init__(
        self,
        key,
        title,
        statement,
        working,
        entries,
        numbers,
        *,
        groups,
        mistakes,
        hints,
        derivation,
        gradients,
        objective,
        draw,
        fit,
        labels=None,
        alike=(),
        readings=None,
        remark="",
        section=None,
        numbers_of=None,
        owner="",
    ):
        super().__init__(key, title, statement, hints, section)
        self.working, self.entries, self.mistakes = working, dict(entries), tuple(mistakes)
        self.parameters = tuple(entries)
        self.labels, self.gradients, self.objective = labels or {}, dict(gradients), objective
        self.readings, self.alike, self.remark = readings or {}, tuple(alike), remark
        self.owner = owner
        caption = f"The numbers of {owner}" if owner else ""
        self.numbers = Numbers(numbers, groups, caption)
        self._derivation, self._draw, self._fit = derivation, draw, fit
        self._arguments = {
            "groups": groups,
            "mistakes": mistakes,
            "hints": hints,
            "derivation": derivation,
            "gradients": gradients,
            "objective": objective,
            "draw": draw,
            "fit": fit,
            "labels": labels,
            "alike": alike,
            "readings": readings,
            "remark": remark,
            "section": section,
            "numbers_of": numbers_of,
        }
        self._numbers_of = numbers_of
        self._variants = {}
        self.printed_numbers = self.numbers  # of a variant: those of the question that it is drawn from

    wanted = "a dictionary with a number for each name"

    def __repr__(self):
        return f"Question {self.key}: {self.title} — answer with a dictionary of {', '.join(self.parameters)}"

    def _repr_markdown_(self):
        names = ", ".join(self.parameters)
        return f"**{self.title}.** {self.statement} Answer with a dictionary of `{names}`."

    # ------------------------------------------------------------------------------------------ values

    @functools.cached_property
    def values(self):
        """Every line of the working with the given numbers."""
        return self.working.values(self.numbers)

    @functools.cached_property
    def truth(self):
        """The right table: name -> number."""
        return self.table(self.values)

    def table(self, values):
        """The entries of the table, of the values of the lines."""
        return {name: float(values[line]) for name, (line, _) in self.entries.items()}

    def old(self, name):
        """The value that an entry has before the update; None if it is no update."""
        old = self.entries[name][1]
        return None if old is None else self.numbers[old]

    def mistake_tables(self, mistake):
        """The tables that a listed mistake leads to, one for each way in which it comes about."""
        return self._mistake_tables[mistake.id]

    @functools.cached_property
    def _mistake_tables(self):
        return {
            mistake.id: [self.table(values) for values in self.working.mistaken(self.numbers, mistake)]
            for mistake in self.mistakes
        }

    # ------------------------------------------------------------------------------------------ variants

    def variant(self, text):
        """The same question with numbers of one's own, drawn from any text; the same on every computer.
        Without a text (None or "") it is the question as printed."""
        owner, text = str(text).strip(), "" if text is None else spelled_alike(text)
        if not text:
            return self
        if text not in self._variants:
            self._variants[text] = self._drawn(text, owner)
        return self._variants[text]

    def _drawn(self, text, owner=""):
        if self._numbers_of is not None:
            return self._with(self._numbers_of.variant(text).numbers, owner)
        dice = Dice(f"{self.key}|{text}")
        for _ in range(_TRIES):
            numbers = self._draw(dice)
            values = self.working.values(numbers)
            if self._fit(numbers, values) and (found := self._with(numbers, owner)).shows_every_mistake():
                return found
        raise RuntimeError(f"no numbers found for {text!r}")  # would need 2000 misfits in a row

    def _with(self, numbers, owner):
        found = TableQuestion(
            self.key, self.title, self.statement, self.working, self.entries, numbers, owner=owner, **self._arguments
        )
        found.printed_numbers = self.printed_numbers
        return found

    def shows_every_mistake(self):
        """Whether each mistake leads to another table than the right one and than every other mistake."""
        rows = [("", self.truth)]
        rows += [(name, table) for name, tables in self._mistake_tables.items() for table in tables]
        old = np.array([self.old(name) or 0.0 for name in self.parameters])
        measured = np.array([list(table.values()) for _, table in rows]) - old
        sizes = np.abs(measured)
        gaps = np.abs(measured[:, None] - measured) - _VISIBLE * np.maximum(sizes[:, None], sizes)
        same = np.all(gaps <= 0, axis=2)
        return not any(
            same[i, j] and rows[i][0] != rows[j][0] and not self._alike(rows[i][0], rows[j][0])
            for i, j in zip(*np.nonzero(same), strict=False)
        )

    def _alike(self, one, other):
        return any({one, other} <= group for group in self.alike)

    # ------------------------------------------------------------------------------------------ checking

    def check(self, answer, variant=None, record=True):
        """Compare a table with the right one; returns a Feedback, never raises.

        `answer` is a dict name -> number (int, float, NumPy, Fraction, SymPy, or a text with a
        calculation), or a function without arguments that returns one. Names that are left out, `...` or
        None are not filled in yet: the feedback then says "wrong" with the mistake "incomplete", which of
        the others are right, and what is missing. Of an update the step (new − old) is compared, to a
        relative 1e-6. `variant` is the text of `question.variant`; with `record=False` the check leaves the
        student's progress alone.
        """
        return self._guarded(lambda: self.variant(variant)._check(answer, self), remember=record)

    def _check(self, answer, asked=None):
        table = read_table(self, answer)
        case = TableCase(self, table.values)
        marks = case.marks()
        note = f" {table.note}" if table.note else ""
        if not case.off and not case.missing:
            (asked or self)._times_seen.clear()
            return Feedback(
                "correct",
                " ".join(filter(None, ["That is right.", self.remark, table.note])),
                printed=table.printed,
                entries=marks,
            )
        if not case.off:
            return Feedback(
                "wrong",
                f"Right so far: {in_list(case.right)}. Still missing: {in_list(case.missing)}.{note}",
                "incomplete",
                printed=table.printed,
                entries=marks,
            )
        found = recognise_table(case)
        return Feedback(
            "wrong", (asked or self)._leading_on(found) + note, found.mistake, printed=table.printed, entries=marks
        )

    # ------------------------------------------------------------------------------------------ help

    @functools.cached_property
    def solution(self):
        """The solution: the formulas, derived, and every line with the numbers put in."""
        updates = [line for line, old in self.entries.values() if old is not None]
        return WorkedDerivation(
            self._derivation, self.working, self.numbers, self.gradients, self.objective, self.labels, updates
        )


class WorkedDerivation(Derivation):
    """A Derivation of the general formulas and, below it, the working line by line with the numbers put in.

    `verify()` checks both: the formulas as every Derivation does, and each line of the working against
    30-digit arithmetic; lines that are derivatives also against a numerical derivative of the objective.
    """

    def __init__(self, derivation, working, numbers, gradients, objective, labels, precise=()):
        super().__init__(
            derivation.target.text,
            derivation.steps,
            derivation.shapes,
            {name: formula.text for name, formula in derivation.definitions.items()},
            derivation.positive,
            derivation.title,
            derivation.near,
            labels,
        )
        self.working, self.numbers, self._precise = working, numbers, precise
        self.gradients, self.objective = gradients, objective

    def worked(self):
        """One LineCheck for each line of the working, in order."""
        exact, got = exact_values(self.working, self.numbers), self.working.values(self.numbers)
        checks = []
        for index, name in enumerate(self.working.formulas):
            wanted = [exact[name]]
            if name in self.gradients:
                wanted.append(exact_derivative(self.working, self.numbers, self.objective, self.gradients[name]))
            error = max(float(abs(value - got[name]) / max(abs(value), 1e-3)) for value in wanted)
            checks.append(LineCheck(index, error < 1e-12, error))
        return Verification(checks)

    def verify(self, points=3, seed=0):
        """A Verification of all steps of the derivation and then of all lines of the working."""
        steps = super().verify(points, seed)
        lines = [LineCheck(len(self.steps) + line.index, line.holds, line.error) for line in self.worked()]
        return Verification([*steps, *lines])

    def numeric_lines(self):
        """Each line of the working with the numbers put in, as LaTeX."""
        return self.working.latex_lines(self.numbers, self.labels, self._precise)

    def to_html(self, summary="Solution", folded=True):
        formulas = super().to_html(folded=False)
        items = "".join(f"<li>${html.escape(line, quote=False)}$</li>" for line in self.numeric_lines())
        body = f"{formulas}<p>With the numbers put in:</p><ol>{items}</ol>"
        if not folded:
            return f"<div>{body}</div>"
        return f"<details><summary><b>{html.escape(summary)}</b></summary>{body}</details>"
