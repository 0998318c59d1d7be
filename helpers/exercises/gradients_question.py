"""Exercises that are answered with a function that returns several gradients at once, as a dict of arrays.

    def my_gradients(x, y, W1, b1, W2, b2):
        …
        return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}

    question.check(my_gradients)
    question.part("W1")                   # the Question on one of them alone

What comes back is compared gradient by gradient, and a cause must explain all of it.
"""

import copy
import functools
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from helpers.checking.entries.gradients import ArraysAnswer, ArraysCase, recognise_arrays
from helpers.checking.feedback import Feedback, in_list
from helpers.checking.values import NotAttempted, Unusable, agree, is_placeholder
from helpers.exercises.exercise import LINES, RTOL, EntriesExercise, Mistake, Point, own_function, point_of
from helpers.exercises.formula_question import Question
from helpers.exercises.working import Working
from helpers.formulas.derivation import Derivation, Step
from helpers.formulas.reader import split_equation
from helpers.formulas.shapes import shapes_with
from helpers.formulas.text import tokens

Gradients = dict[str, np.ndarray]


@dataclass(eq=False, repr=False)
class GradientsQuestion(EntriesExercise):
    """One exercise answered with a function of arrays that returns a dict name -> gradient.

    The function is called with NumPy arrays and numbers in the order of the parameters, at several points; each
    gradient has the shape of its parameter. A tuple in the order of `entries` will do.

    shapes        parameter -> its size letters, in the order in which the function is called
    points        tuples of arguments; the first ones are of the sizes that the statement speaks of
    working       the Working; its lines may be arrays
    entries       name of the gradient -> its line
    objective     the line that is differentiated
    mistakes      Mistakes; each way is a dict of changed lines
    steps         name of the gradient -> Steps of its derivation, the last one the answer
    advice        a sentence for code that stops because two shapes do not fit
    called        what is said of a line for which the notebook has no name: {"delta": "the gradient with respect to `Z`"}
    by            name of an entry -> what it is the derivative with respect to, where that is not its name; "" for a value
                  of the forward pass: {"at_z2": "z2", "z2": ""}
    labels        of the solution, as in Derivation
    """

    shapes: Mapping[str, tuple[str, ...]]
    points: Sequence[Any]
    working: Working
    entries: Mapping[str, str]
    objective: str
    _: KW_ONLY
    mistakes: Sequence[Mistake]
    steps: Mapping[str, Sequence[Step]]
    rtol: float = RTOL
    advice: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    by: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    usual_minutes = 18

    def __post_init__(self):
        super().__post_init__()
        self.parameters = tuple(self.shapes)
        self.points = [point_of(self.parameters, point) for point in self.points]

    @property
    def form(self) -> str:
        """What to answer with, for those who read the task."""
        return f"a function of `{self.signature}` that returns a dictionary of {in_list(self.entries)}"

    @property
    def wanted(self) -> str:
        """What to hand in, for messages."""
        return self.form.replace("`", "")

    # ------------------------------------------------------------------------------------------ values

    def values(self, point: Point, changes: Mapping[str, Any] | None = None) -> Gradients:
        """The gradients at a point. `changes` as in Working.values."""
        lines = self.working.values(point, changes)
        return {name: np.asarray(lines[line], dtype=float) for name, line in self.entries.items()}

    def worked_out(self, changes: Mapping[str, Any] | None = None) -> list[Gradients]:
        """The gradients at each point."""
        return [self.values(point, changes) for point in self.points]

    def part(self, name: str) -> Question:
        """The Question on one gradient alone: its general recognisers, its steps and its derivation."""
        return self._parts[name]

    @functools.cached_property
    def _parts(self):
        return {name: self._part(name) for name in self.entries}

    def _part(self, name):
        line, forward = self.entries[name], self.working.depends(self.objective)
        hidden = {line, *self.entries.values()} - ({*forward} - {line})
        rests_on = [each for each in (*self.working.depends(line), *forward) if each not in hidden]
        steps, variable = self.steps.get(name, ()), self.by.get(name, name)
        return Question(
            f"{self.key}.{name}",
            f"{self.title}, {name}",
            self.statement,
            self.shapes,
            [tuple(point.values()) for point in self.points],
            steps[-1].text if steps else self.working.formulas[line].text,
            definitions=self.working.texts(*rests_on),
            objective=self.objective if variable else None,
            variable=variable or None,
            hints=self.hints,
            steps=steps,
            target=self._target(name) if steps else None,
            rtol=self.rtol,
        )

    def _with_mistakes(self, name):
        """A part for lines of a derivation: it knows the listed mistakes as well, by the values they lead to."""
        part, truth, known = copy.copy(self.part(name)), [table[name] for table in self.truth], {}
        for mistake in self.mistakes:
            for way, tables in zip(mistake.ways, self.mistake_tables(mistake), strict=True):
                values = [table[name] for table in tables]
                if not agree(values, truth, self.rtol):
                    anywhere = functools.partial(self._one_value, name, way)
                    known[Mistake(mistake.id, mistake.what, anywhere, hint=mistake.hint)] = values
        part.mistakes, part.wrong_values = tuple(known), known
        return part

    def _one_value(self, name, way, *arguments):
        """One gradient with some lines changed, for the arguments of one call."""
        return self.values(dict(zip(self.parameters, arguments, strict=True)), way)[name]

    # ------------------------------------------------------------------------------------------ checking

    def _course_function(self):
        def course(*values, **named):
            others = [named[name] for name in self.parameters[len(values) :] if name in named]
            return self.values(point_of(self.parameters, [*values, *others]))

        return course

    def _own_function(self, answer):
        """The function; its gradients as a dict by the names of `entries`, whatever they come in."""
        reader = ArraysAnswer(self, answer)
        numbers = [name for name in self.entries if self.shapes.get(name) == ()]

        def named(*arguments, **others):
            raw = answer(*arguments, **others)
            as_asked = type(raw) is dict and tuple(raw) == tuple(self.entries)  # as most write it, and quick
            as_asked = as_asked and all(isinstance(value, (np.ndarray, np.floating)) for value in raw.values())
            read = raw if as_asked else reader.read(raw)
            for (
                name
            ) in numbers:  # that of a number may come as an array with one entry: a number is what later cells add
                if np.ndim(read[name]) and np.size(read[name]) == 1:
                    read = read | {name: np.reshape(read[name], ())[()]}
            return read

        return functools.update_wrapper(named, answer)

    def _check(self, raw):
        calls = f"it is called with {self.signature} and returns a dictionary of {in_list(self.entries)}"
        case = ArraysCase(self, ArraysAnswer(self, own_function(raw, calls)))
        notes = () if case.off or case.missing else case.notes()
        return self._entry_by_entry(case, recognise_arrays, notes, case.printed)

    def check_steps(self, lines: Any, name: str | None = None, record: bool = True) -> Feedback:
        """Compare the lines of a derivation of one gradient; `name` says of which one, unless the first
        line does (`"grad(L, W1) = …"`, `"dL/dW1 = …"`). See Question.check_steps."""

        def judge():
            shown = [lines] if isinstance(lines, str) else lines
            if is_placeholder(shown):
                raise NotAttempted
            chosen = name if name in self.entries else self._named(shown)
            if chosen is None:
                raise Unusable(
                    f"Say which gradient these lines derive: `check_steps(lines, {next(iter(self.entries))!r})`, or "
                    f"{in_list(self.entries)} on the left-hand side of the first line.",
                    "no_name",
                )
            return self._with_mistakes(chosen).check_steps([self._without_name(line, chosen) for line in shown])

        return self._guarded(judge, lines, remember=record and bool(self.lines), task=LINES)

    def _named(self, lines):
        """The gradient that the first line has on its left-hand side."""
        left, *right = split_equation(str(lines[0]))[:2] or [""]
        found = self._gradients_in(left) if right else []
        return found[0] if len(found) == 1 else None

    def _without_name(self, line, name):
        """A line without a left-hand side that only names the gradient."""
        sides = split_equation(line) if isinstance(line, str) else []
        if len(sides) < 2 or self._gradients_in(sides[0]) != [name] or self._says_more(sides[0]):
            return line
        return " = ".join(sides[1:])

    def _gradients_in(self, left):
        """The gradients that a left-hand side speaks of: dL/dW1, grad(L, W1), L_W1, dL_dW1, dW1 or W1."""
        words = {token.text.replace("_", "") for token in tokens(left) if token.kind == "word"}
        of = self.objective
        return [name for name in self.entries if words & {name, f"d{name}", f"{of}{name}", f"d{of}d{name}"}]

    def _says_more(self, left):
        """Whether there is more on a left-hand side than the name of a gradient, as in dL/dW1[p, q]."""
        of, few = self.objective, {"grad", "diff", "nabla", "d", "T"}
        named = {word for name in self.entries for word in (name, f"d{name}", f"{of}{name}", f"d{of}d{name}")}
        words = {token.text.replace("_", "") for token in tokens(left) if token.kind == "word"}
        return "[" in left or not words <= named | few | {of, f"d{of}"}

    # ------------------------------------------------------------------------------------------ help

    @functools.cached_property
    def solution(self) -> Derivation:
        """The derivations of all gradients, one after the other, as one Derivation."""
        steps = [
            Step(step.text, step.reason, step.left or self._target(name))
            for name, group in self.steps.items()
            for step in group
        ]
        used = {line for step in steps for line in self._used(step)}
        definitions = {line: formula.text for line, formula in self.working.formulas.items() if line in used}
        first = next(iter(self.steps))
        target, labels = self._target(first), dict(self.labels)
        return Derivation(target, steps, self.shapes, definitions, title=self.title, labels=labels)

    def _target(self, name):
        """What is derived: a gradient, or the derivative with respect to a number."""
        variable = self.by.get(name, name)
        is_number = shapes_with(self.shapes, self.working.formulas).get(variable) == ()
        return f"{'diff' if is_number else 'grad'}({self.objective}, {variable})"

    def _used(self, step):
        """The lines on which a step rests."""
        names = (step.formula.names | {self.objective}) & set(self.working.formulas)
        return {line for name in names for line in self.working.depends(name)}
