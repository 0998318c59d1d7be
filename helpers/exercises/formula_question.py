"""Exercises that check themselves: `Question` and `Mistake`. What a check returns is a `Feedback`
(helpers.checking.feedback).

    question.check(answer)              never raises, never waits for more than a few seconds
    question.check_steps([line, …])     names the first line that does not follow
    question.hints, question.solution   a tuple of texts, gentle first; a verified Derivation

How answers are read, run and compared stands in `helpers.checking`; the content in `helpers.assignments`.
"""

import functools
import re
from dataclasses import dataclass

import numpy as np

from helpers.checking.answers import Answer, Case, Extreme, changed_arguments, first_wrong, not_finite
from helpers.checking.feedback import Feedback, Recognition
from helpers.checking.mistakes import listed, recognise
from helpers.checking.values import Unusable, agree, in_words
from helpers.exercises.exercise import Exercise
from helpers.formulas.derivation import Derivation, index_sizes
from helpers.formulas.evaluate import Evaluator
from helpers.formulas.text import Formula

__all__ = ["Feedback", "Mistake", "Question"]

RTOL = 2e-5  # admits float32 arithmetic with a little cancellation; the mistakes are off by 1e-2 and more


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make here. `id` as in the tests, `what` says which kind it is in one or two
    sentences, `formula` is the wrong answer it leads to, `hint` (optional) where to look."""

    id: str
    what: str
    formula: str
    hint: str = ""


class Question(Exercise):
    """One exercise: find a function of the parameters.

    key, title     the task's key, and the heading of its section in the notebook
    statement      the task in one or two sentences, `$…$` for mathematics
    parameters     name -> shape letters, in the order in which an answer is called: {"w": ("n",), "lam": ()}
    points         tuples of arguments at which answers are compared; none of them special (no 0, no 1, no
                   equal inputs)
    answer         the right answer as a formula
    definitions    names of quantities on the way, as formulas: {"u": "w*x + b"}; answers as text may use them
    objective      the name (in `definitions`) of the function that is differentiated, `variable` with respect
                   to what
    mistakes       the Mistakes known for this question
    steps, target  the solution: Steps of a Derivation and its left-hand side
    symbols        further definitions that only the solution needs
    aliases        other spellings of parameters, for symbols and texts: {"rho_hat": "rhohat"}
    positive       parameters that must be positive
    remark         a sentence added when the answer is right
    section        the heading of its section in the notebook, where that is not the title
    extremes       further tuples of arguments, or Extremes, at which a right formula may overflow; functions only
    binary         parameters that hold 0 and 1 only; a function gets them as whole numbers
    gentle         further tuples of arguments, at which listed mistakes are finite that are NaN at the points
    """

    def __init__(
        self,
        key,
        title,
        statement,
        parameters,
        points,
        answer,
        *,
        definitions=None,
        objective=None,
        variable=None,
        mistakes=(),
        hints=(),
        steps=(),
        target=None,
        symbols=None,
        aliases=None,
        positive=(),
        remark="",
        rtol=RTOL,
        section=None,
        extremes=(),
        binary=(),
        gentle=(),
    ):
        super().__init__(key, title, statement, hints, section)
        self.shapes = dict(parameters)
        self.parameters = tuple(parameters)
        self.points, self.gentle = self._named(points), self._named(gentle)
        self.extremes = [extreme if isinstance(extreme, Extreme) else Extreme(extreme) for extreme in extremes]
        self.binary = tuple(binary)
        self.answer_formula = Formula(answer)
        self.definitions = {name: Formula(text) for name, text in (definitions or {}).items()}
        self.objective, self.variable = objective, variable
        self.mistakes = tuple(mistakes)
        self.aliases, self.positive, self.remark, self.rtol = aliases or {}, tuple(positive), remark, rtol
        self._steps, self._target, self._symbols = tuple(steps), target, symbols or {}
        self._mistake_cache = {}

    def _named(self, points):
        return [dict(zip(self.parameters, map(_as_argument, point), strict=False)) for point in points]

    def __repr__(self):
        return f"Question {self.key}: {self.title} — answer with a function of {self.signature}"

    def _repr_markdown_(self):
        return f"**{self.title}.** {self.statement} Answer with a function of `{self.signature}`."

    # ------------------------------------------------------------------------------------------ checking

    def check(self, answer, record=True):
        """Compare an answer with the right one; returns a Feedback, never raises.

        `answer` may be a function of the parameters in their order (called with numbers and NumPy arrays), a
        SymPy expression in symbols of the same names, a formula as text, or a number or array, if the answer
        is constant. `record` as in Exercise.check.
        """
        return super().check(answer, record)

    def _check(self, raw):
        answer = Answer(self, raw)
        points = [point for point in self.points if answer.fits(point)]
        if len(points) in (0, len(self.points)):
            points = self.points  # the very list, for which the values of the mistakes are kept
        got, printed = answer.values(points)
        truth, notes = self.truth(points), []
        if all(t.shape == () and g.size == 1 for t, g in zip(truth, got, strict=False)):
            if got[0].ndim:
                notes.append(f"(Your function returns an array of shape {got[0].shape}; a plain number is handier.)")
            got = [g.reshape(()) for g in got]
        if agree(got, truth, self.rtol):
            overflow = self._overflow(answer)
            if overflow:
                return Feedback("wrong", self._leading_on(overflow), overflow.mistake, printed=printed)
            self._times_seen.clear()
            notes += changed_arguments(answer)
            return Feedback(
                "correct", " ".join(["That is right.", self.remark, *notes]).strip().replace("  ", " "), printed=printed
            )
        found = not_finite(got, points)
        if found:
            found = self._listed_at_gentle_points(answer) or found
        else:
            found = recognise(Case(self, answer, points, got))
        return Feedback("wrong", self._leading_on(found), found.mistake, printed=printed)

    def _overflow(self, answer):
        """What goes wrong with a right formula where numbers get too large, or None; never with a text."""
        if not self.extremes or answer.kind != "function":
            return None
        points = self._named(extreme.arguments for extreme in self.extremes)
        got, _ = answer.values(points)
        bad = first_wrong(self.extremes, [[g] for g in got], [[t] for t in self.truth(points)], self.rtol)
        if bad is None:
            return None
        index, recognition = bad
        return recognition or Recognition(
            "overflow",
            f"The formula is right, but not what the computer makes of it at {in_words(points[index])}: an "
            "exponential became too large for a float, or a number so small that its logarithm is lost.",
            "Rewrite the formula so that no exponential of a large number is taken.",
        )

    def _listed_at_gentle_points(self, answer):
        """A listed mistake that is NaN at the points, told by its values where it is finite; None if there is none."""
        if not self.gentle or answer.kind == "constant":
            return None
        got, _ = answer.values(self.gentle)
        return listed(Case(self, answer, self.gentle, got))

    def _unreadable(self):
        return Feedback(
            "error",
            f"This answer could not be read. Hand in a function of {self.signature} or a formula in these names.",
            "unreadable",
        )

    def check_steps(self, lines):
        """Compare the lines of a derivation, each a formula as text or a SymPy expression, with the one
        before and with the right answer. Returns a Feedback whose `line` is the index of the first line that
        does not follow (None if all follow). Never raises."""
        from helpers.checking.mistakes import compare_lines

        try:
            return compare_lines(self, lines)
        except Unusable as problem:
            return Feedback(problem.status, problem.message, problem.mistake)
        except BaseException:
            return self._unreadable()

    # ------------------------------------------------------------------------------------------ values

    @property
    def signature(self):
        """The parameters as they stand behind a function's name: "(w, x, b, y)"."""
        return f"({', '.join(self.parameters)})"

    @property
    def more_names(self):
        """For messages: the names of intermediate quantities that a formula may use."""
        return f", and also {', '.join(self.definitions)}" if self.definitions else ""

    def evaluate(self, formula, point):
        """The value of a formula (or of a name) at a point, as a float array."""
        formula = Formula(formula) if isinstance(formula, str) else formula
        with np.errstate(all="ignore"):
            return np.asarray(self.evaluator(point)(formula), dtype=float)

    def evaluator(self, point):
        """An Evaluator that knows the parameters' values at a point, the definitions and the index
        letters."""
        return Evaluator(self.with_aliases(point), self.definitions, sizes=index_sizes(self.sizes(point)))

    def truth(self, points):
        """The right answer at each point, as a list of float arrays."""
        return [self.evaluate(self.answer_formula, point) for point in points]

    def mistake_values(self, mistake, points):
        """What a student with this Mistake would get at each point."""
        if points is not self.points:
            return [self.evaluate(mistake.formula, point) for point in points]
        if mistake.id not in self._mistake_cache:
            self._mistake_cache[mistake.id] = [self.evaluate(mistake.formula, point) for point in points]
        return self._mistake_cache[mistake.id]

    def sizes(self, point):
        """The number behind each size letter at a point: {"m": 4, "n": 3}."""
        return {
            letter: size
            for name, letters in self.shapes.items()
            for letter, size in zip(letters, np.shape(point[name]), strict=False)
        }

    def scalar_point(self, point, letters=None):
        """The point with every size 1 (or only those with these letters): vectors of one component."""

        def cut(name):
            return tuple(slice(0, None if letters and letter not in letters else 1) for letter in self.shapes[name])

        return {name: np.asarray(value)[cut(name)] for name, value in point.items()}

    def truth_shape(self, point):
        return self.evaluate(self.answer_formula, point).shape

    def with_aliases(self, values):
        return {**values, **{other: values[name] for other, name in self.aliases.items()}}

    @property
    def zero_is_forbidden(self):
        return bool(self.positive)

    def component(self, symbol):
        """(parameter, index) if a symbol such as `w2`, `w_2` or `X12` names a component of a vector or
        matrix."""
        match = re.fullmatch(r"([A-Za-z]\w*?)_?\[?(\d)(?:[_,\s]*(\d))?\]?", symbol)
        if match and len(self.shapes.get(match[1], ())) == (2 if match[3] else 1):
            return match[1], tuple(int(digit) - 1 for digit in match.groups()[1:] if digit)
        return None

    def component_value(self, symbol, point, evaluator):
        """The value of a symbol of a SymPy answer: a parameter, an intermediate quantity or a component."""
        if evaluator.is_quantity(symbol):
            return evaluator.name(symbol)
        name, index = self.component(symbol)
        return point[name][index]

    # ------------------------------------------------------------------------------------------ help

    @property
    def has_derivation(self):
        """Whether there are lines that lead to the answer, and not the answer alone."""
        return self._target is not None

    @functools.cached_property
    def solution(self):
        """The solution, a Derivation."""
        return Derivation(
            self._target,
            self._steps,
            self.shapes,
            {**{name: formula.text for name, formula in self.definitions.items()}, **self._symbols},
            self.positive,
            self.title,
            near=() if any(self.shapes.values()) else self.points,
        )


def _as_argument(value):
    return np.array(value, dtype=float) if np.ndim(value) else float(value)
