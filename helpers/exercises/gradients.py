"""Exercises that are answered with a function that returns several gradients at once, as a dict of arrays.

    question.check(my_gradients)          # def my_gradients(x, y, W1, b1, W2, b2): return {"W1": …, "b1": …, …}
    question.part("W1")                   # the Question on one of them alone

What comes back is compared gradient by gradient, and a cause must explain all of it.
"""

import copy
import functools
import re

import numpy as np

from helpers.checking.feedback import Feedback, in_list
from helpers.checking.gradients import ArraysAnswer, ArraysCase, recognise_arrays
from helpers.checking.values import NOT_ATTEMPTED, Unusable, agree, is_placeholder
from helpers.exercises.exercise import Exercise
from helpers.exercises.formula_question import RTOL, Mistake, Question
from helpers.formulas.derivation import Derivation, Step


class GradientsQuestion(Exercise):
    """One exercise answered with a function of arrays that returns a dict name -> gradient.

    parameters    name -> shape letters, in the order in which the function is called
    points        tuples of arguments; the first ones are of the sizes that the statement speaks of
    working       the Working; its lines may be arrays
    entries       name of the gradient -> its line
    objective     the line that is differentiated; `mistakes` LineMistakes
    steps         name of the gradient -> Steps of its derivation, the last one the answer
    hidden        lines that the derivation may use by name
    advice        a sentence for code that stops because two shapes do not fit
    """

    wanted = "a function that returns a dictionary of arrays"

    def __init__(
        self,
        key,
        title,
        statement,
        parameters,
        points,
        working,
        entries,
        objective,
        *,
        mistakes,
        steps,
        hints,
        remark="",
        section=None,
        rtol=RTOL,
        advice="",
    ):
        super().__init__(key, title, statement, hints, section)
        self.shapes, self.parameters = dict(parameters), tuple(parameters)
        self.points = [
            {name: _as_argument(value) for name, value in zip(self.parameters, point, strict=False)} for point in points
        ]
        self.working, self.entries, self.objective = working, dict(entries), objective
        self.mistakes, self.remark, self.rtol, self._steps = tuple(mistakes), remark, rtol, dict(steps)
        self.advice = advice

    def __repr__(self):
        return (
            f"Question {self.key}: {self.title} — answer with a function of {self.signature} that "
            f"returns a dictionary of {', '.join(self.entries)}"
        )

    def _repr_markdown_(self):
        return (
            f"**{self.title}.** {self.statement} Answer with a function of `{self.signature}` that "
            f"returns a dictionary of `{', '.join(self.entries)}`."
        )

    @property
    def signature(self):
        """The parameters as they stand behind a function's name."""
        return f"({', '.join(self.parameters)})"

    # ------------------------------------------------------------------------------------------ values

    def values(self, point, changes=None):
        """The gradients at a point: name -> array. `changes` as in Working.values."""
        lines = self.working.values(point, changes)
        return {name: np.asarray(lines[line], dtype=float) for name, line in self.entries.items()}

    @functools.cached_property
    def truth(self):
        """The right gradients at each point."""
        return [self.values(point) for point in self.points]

    def mistake_tables(self, mistake):
        """For each way of a listed mistake the gradients at each point."""
        return self._mistake_tables[mistake.id]

    @functools.cached_property
    def _mistake_tables(self):
        return {
            mistake.id: [[self.values(point, way) for point in self.points] for way in mistake.ways]
            for mistake in self.mistakes
        }

    @functools.cache  # noqa: B019  (questions live as long as the course)
    def part(self, name):
        """The Question on one gradient alone: its general recognisers, its steps and its derivation."""
        lines = self.working.depends(self.entries[name])
        forward = {
            line: self.working.formulas[line].text
            for line in (*lines, *self.working.depends(self.objective))
            if line not in self.entries.values()
        }
        steps = self._steps[name]
        return Question(
            f"{self.key}.{name}",
            f"{self.title}, {name}",
            self.statement,
            self.shapes,
            [tuple(point.values()) for point in self.points],
            steps[-1].text,
            definitions=forward,
            objective=self.objective,
            variable=name,
            hints=self.hints,
            steps=steps,
            target=f"grad({self.objective}, {name})",
            rtol=self.rtol,
        )

    @functools.cache  # noqa: B019
    def _lines_of(self, name):
        """The part for lines of a derivation: it knows the listed mistakes as well, by the values that they lead to."""
        part = copy.copy(self.part(name))
        tables = [
            (mistake, [table[name] for table in way])
            for mistake in self.mistakes
            for way in self.mistake_tables(mistake)
        ]
        truth = [table[name] for table in self.truth]
        known = [(mistake, values) for mistake, values in tables if not agree(values, truth, self.rtol)]
        part.mistakes = tuple(Mistake(mistake.id, mistake.what, "", mistake.hint) for mistake, _ in known)
        part.mistake_values = lambda mistake, points: known[
            next(i for i, each in enumerate(part.mistakes) if each is mistake)
        ][1]
        return part

    # ------------------------------------------------------------------------------------------ checking

    def check(self, answer, record=True):
        """Compare the gradients that a function returns with the right ones; returns a Feedback, never
        raises.

        `answer` is called with NumPy arrays and numbers in the order of `parameters`, at several points; it
        returns a dict name -> array, each of the shape of its parameter (a tuple in the order of `entries`
        will do). `record` as in Exercise.check.
        """
        return super().check(answer, record)

    def _check(self, raw):
        if is_placeholder(raw):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if isinstance(raw, (str, dict, list, tuple, np.ndarray, Exercise)) or not callable(raw):
            raise Unusable(
                "error",
                f"Hand in the function itself, as in `check(my_function)`: it is called with {self.signature} and "
                f"returns a dictionary of {in_list(self.entries)}.",
                "not_a_function",
            )
        case = ArraysCase(self, ArraysAnswer(self, raw))
        if not case.off and not case.missing:
            self._times_seen.clear()
            return Feedback(
                "correct",
                " ".join(filter(None, ["That is right.", self.remark, *case.notes()])),
                printed=case.printed,
                entries=case.marks(),
            )
        if not case.off:
            return Feedback(
                "wrong",
                f"Right so far: {in_list(case.right)}. Still missing: {in_list(case.missing)}.",
                "incomplete",
                printed=case.printed,
                entries=case.marks(),
            )
        found = recognise_arrays(case)
        return Feedback("wrong", self._leading_on(found), found.mistake, printed=case.printed, entries=case.marks())

    def check_steps(self, lines, name=None):
        """Compare the lines of a derivation of one gradient; `name` says of which one, unless the first
        line does (`"grad(L, W1) = …"`, `"dL/dW1 = …"`). See Question.check_steps."""

        def judge():
            shown = [lines] if isinstance(lines, str) else lines
            if is_placeholder(shown):
                raise Unusable("not attempted", NOT_ATTEMPTED)
            chosen = name if name in self.entries else self._named(shown)
            if chosen is None:
                raise Unusable(
                    "error",
                    f"Say which gradient these lines derive: `check_steps(lines, {next(iter(self.entries))!r})`, or "
                    f"{in_list(self.entries)} on the left-hand side of the first line.",
                    "no_name",
                )
            return self._lines_of(chosen).check_steps([self._without_name(line, chosen) for line in shown])

        return self._guarded(judge, remember=False)

    def _named(self, lines):
        left, equals, _ = str(lines[0]).partition("=")
        if not equals:
            return None
        found = [name for name in self.entries if re.search(rf"(?<![A-Za-z0-9]){name}\b|d{name}\b|_{name}\b", left)]
        return found[0] if len(found) == 1 else None

    def _without_name(self, line, name):
        """A line without a left-hand side that only names the gradient."""
        if not isinstance(line, str):
            return line
        left, equals, right = line.partition("=")
        of = self.objective
        alone = re.fullmatch(
            rf"\s*(∇|grad|nabla)?[_({{]*\s*(({of}\s*,\s*|[d∂]{of}\s*/\s*[d∂])?{name}|d{name}|[d∂]{of}_d{name})[)}}]*\s*({of})?\s*",
            left,
        )
        return right if equals and alone else line

    # ------------------------------------------------------------------------------------------ help

    @functools.cached_property
    def solution(self):
        """The derivations of all gradients, one after the other, as one Derivation."""
        steps = [
            Step(step.text, step.reason, step.left or f"grad({self.objective}, {name})")
            for name in self._steps
            for step in self._steps[name]
        ]
        used = dict.fromkeys(line for step in steps for line in self._used(step))
        definitions = {line: formula.text for line, formula in self.working.formulas.items() if line in used}
        first = next(iter(self._steps))
        return Derivation(f"grad({self.objective}, {first})", steps, self.shapes, definitions, title=self.title)

    def _used(self, step):
        names = step.formula.names | {self.objective}
        return {line for name in names if name in self.working.formulas for line in self.working.depends(name)}


def _as_argument(value):
    return np.array(value, dtype=float) if np.ndim(value) else float(value)
