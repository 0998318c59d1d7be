"""Exercises that are answered with a formula: find a function of the parameters.

question.check(answer)              never raises, never waits for more than a few seconds
question.check_steps([line, …])     names the first line that does not follow
question.hints, question.solution   a tuple of texts, gentle first; a verified Derivation
"""

import contextlib
import functools
import re
import weakref
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from helpers.checking.answers import Answer, Case, changed_arguments, not_finite
from helpers.checking.derivations.lines import compare_lines
from helpers.checking.derivations.missing_brackets import missing_brackets
from helpers.checking.extremes import Extreme, borne_out, first_wrong, what_breaks
from helpers.checking.feedback import Feedback, Recognition
from helpers.checking.formula_answers import read_as
from helpers.checking.mistakes import listed, recognise
from helpers.checking.values import Unusable, agree, in_words, is_sympy, plain_list, plain_numbers, shape_in_words
from helpers.errors import InputError
from helpers.exercises.exercise import LINES, RTOL, Exercise, Mistake, Point, in_arrays, point_of
from helpers.formulas.derivation import INDICES, Derivation, Step, index_sizes
from helpers.formulas.evaluate import Evaluator
from helpers.formulas.reader import Formula
from helpers.formulas.shapes import shapes_with
from helpers.formulas.text import tokens
from helpers.formulas.vocabulary import Vocabulary, gist

_LOST_DIGITS = "There a number became so small, or so close to 1, that its digits are lost."
_NO_VALUE = "There NaN or infinity comes: an exponential, a quotient or a logarithm has no value."
_ASKED: defaultdict = defaultdict(weakref.WeakSet)  # every question, by its parameters


@dataclass(eq=False, repr=False)
class Question(Exercise):
    """One exercise: find a function of the parameters.

    An answer is a function of the parameters in their order (called with numbers and NumPy arrays), a SymPy
    expression in symbols of the same names, a formula as text, or a number or array, if the answer is constant.

    shapes         parameter -> its size letters, in the order in which an answer is called: {"w": ("n",), "lam": ()}
    points         tuples of arguments at which answers are compared; none of them special (no 0, no 1, no
                   equal inputs). They are kept by name
    answer         the right answer as a formula
    definitions    names of quantities on the way, as formulas: {"u": "w*x + b"}; answers as text may use them
    objective      the name (in `definitions`) of the function that is differentiated, `variable` with respect
                   to what
    mistakes       the Mistakes known for this question, each with a formula
    steps, target  the solution: Steps of a Derivation and its left-hand side, which is the derivative or gradient if
                   nothing is said
    symbols        further definitions that only the solution needs; if nothing is said, a target that is a new name
                   stands for the answer
    aliases        other spellings of parameters, for symbols and texts: {"rho_hat": "rhohat"}
    positive       parameters that must be positive
    extremes       further tuples of arguments, or Extremes, at which a right formula may overflow; functions only
    binary         parameters that hold 0 and 1 only; a function gets them as whole numbers
    gentle         further tuples of arguments, at which listed mistakes are finite that are NaN at the points
    labels         of the solution, as in Derivation
    """

    shapes: Mapping[str, tuple[str, ...]]
    points: Sequence[Any]
    answer: str
    _: KW_ONLY
    definitions: Mapping[str, Any] = field(default_factory=dict)
    objective: str | None = None
    variable: str | None = None
    mistakes: Sequence[Mistake] = ()
    steps: Sequence[Step] = ()
    target: str | None = None
    symbols: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    positive: tuple[str, ...] = ()
    rtol: float = RTOL
    extremes: Sequence[Any] = ()
    binary: Collection[str] = ()
    gentle: Sequence[Any] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        super().__post_init__()
        self._right_one = {}
        self.parameters = tuple(self.shapes)
        self.points = [point_of(self.parameters, point) for point in self.points]
        self.gentle = [point_of(self.parameters, point) for point in self.gentle]
        self.extremes = [extreme if isinstance(extreme, Extreme) else Extreme(extreme) for extreme in self.extremes]
        self.answer_formula = Formula(self.answer)
        self.definitions = {name: Formula(text) for name, text in self.definitions.items()}
        if self.steps and self.target is None:
            self.target = f"{'grad' if self.shapes[self.variable] else 'diff'}({self.objective}, {self.variable})"
        if not self.symbols and str(self.target).isidentifier() and self.target not in self.definitions:
            self.symbols = {self.target: self.answer}
        self.wrong_values, self._right_values = {}, None  # of the mistakes and of the answer, at the points
        _ASKED[self._kind].add(self)

    @property
    def _kind(self):
        """Whose answers are called alike."""
        return tuple((name, tuple(letters)) for name, letters in self.shapes.items())

    @property
    def neighbours(self) -> list["Question"]:
        """The other questions whose answers are functions of the same parameters: one may be taken for the other."""
        return sorted((other for other in _ASKED[self._kind] if other.key != self.key), key=lambda other: other.key)

    @property
    def form(self) -> str:
        """What to answer with, for those who read the task."""
        return f"a function of `{self.signature}`"

    @property
    def wanted(self) -> str:
        """What to hand in, for messages."""
        return f"a function of {self.signature} or a formula in these names"

    # ------------------------------------------------------------------------------------------ checking

    def _check(self, raw):
        answer = Answer(self, raw)
        points = [point for point in self.points if answer.fits(point)]
        if len(points) in (0, len(self.points)):
            points = self.points  # the very list, for which the values of the mistakes are kept
        came, printed = answer.values(points)
        truth, notes = self.truth(points), []
        got = plain_numbers(came, truth)
        if got[0].ndim < came[0].ndim:
            notes = [f"(Your function returns an array of shape {came[0].shape}; a plain number is handier.)"]
        answer, got = self._in_other_readings(answer, got, points, truth)
        read = {"read": read_as(answer.formula)}
        if agree(got, truth, self.rtol):
            overflow = self._overflow(answer)
            if overflow:
                return self._wrong(overflow, printed=printed)
            # in the reading that is right; and whether a number came as an array. The sandbox puts attributes back, not this
            self._right_one.update(answer=answer, in_an_array=bool(notes))
            return self._right(*notes, *changed_arguments(answer), printed=printed, **read)
        found = not_finite(got, points)
        if found:
            found = self._listed_at_gentle_points(answer) or found
        else:
            case = Case(self, answer, points, got)
            brackets = answer.formula and not listed(case) and missing_brackets(self, answer.formula)
            found = brackets or recognise(case)
        return self._wrong(found, printed=printed, **read)

    def _in_other_readings(self, answer, got, points, truth):
        """(answer, its values); where a text can be read in several ways, in the one that is right."""
        if answer.formula and answer.formula.doubts and not agree(got, truth, self.rtol):
            for formula in answer.formula.other_readings():
                with contextlib.suppress(Unusable):
                    other = Answer(self, formula)
                    values = plain_numbers(other.values(points)[0], truth)
                    if agree(values, truth, self.rtol):
                        return other, values
        return answer, got

    def _overflow(self, answer):
        """What goes wrong with a right formula where numbers get too large, or None; never with a text."""
        if not self.extremes or answer.kind != "function":
            return None
        points = [point_of(self.parameters, extreme.arguments) for extreme in self.extremes]
        got, _ = answer.values(points)
        bad = first_wrong(self.extremes, [[g] for g in got], [[t] for t in self.truth(points)], self.rtol)
        if bad is None:
            return None
        index, known = bad
        known = borne_out(known, answer, points[index], self.extremes[index]) or Recognition(
            "overflow",
            f"The formula is right, but not what the computer makes of it at {in_words(points[index])}.",
            "Rewrite the formula so that no exponential of a large number is taken.",
        )
        exactly = what_breaks(answer, points[index]) or (_LOST_DIGITS if np.isfinite(got[index]).all() else _NO_VALUE)
        return Recognition(
            known.mistake, f"{known.text} {exactly}" if known.mistake == "overflow" else known.text, known.hint
        )

    def _listed_at_gentle_points(self, answer):
        """A listed mistake that is NaN at the points, told by its values where it is finite; None if there is none."""
        if not self.gentle or answer.kind == "constant":
            return None
        got, _ = answer.values(self.gentle)
        return listed(Case(self, answer, self.gentle, got))

    def _own_function(self, answer):
        """The answer: a function as it is, a formula or a number as a function of the parameters."""
        if callable(answer) and not is_sympy(answer):
            wanted = np.ndim(self.truth(self.points)[0]) > 0
            of_arrays = any(map(np.ndim, self.points[0].values()))
            return in_arrays(answer, of_arrays and not wanted) if wanted or self._right_one["in_an_array"] else answer
        read = self._right_one["answer"]
        return lambda *values: read.at(point_of(self.parameters, values))

    def _course_function(self):
        def course(*values):
            return self.evaluate(self.answer_formula, point_of(self.parameters, values))[()]

        course.of_course = True  # a picture says whose function it draws
        return course

    def check_steps(self, lines: Any, record: bool = True) -> Feedback:
        """Compare the lines of a derivation, each a formula as text or a SymPy expression, with the one
        before and with the right answer. Returns a Feedback whose `line` is the index of the first line that
        does not follow (None if all follow). Never raises. With `record=False` the progress stays as it is."""
        return self._guarded(
            lambda: compare_lines(self, plain_list(lines)), lines, remember=record and bool(self.lines), task=LINES
        )

    # ------------------------------------------------------------------------------------------ values

    def evaluate(self, formula: str | Formula, point: Point) -> np.ndarray:
        """The value of a formula (or of a name) at a point, as a float array; of a function of the parameters too."""
        if callable(formula):
            with np.errstate(all="ignore"):
                return np.asarray(formula(*(np.asarray(point[name]) for name in self.parameters)), dtype=float)
        formula = Formula(formula) if isinstance(formula, str) else formula
        with np.errstate(all="ignore"):
            return np.asarray(self.evaluator(point)(formula), dtype=float)

    def evaluator(self, point: Point) -> Evaluator:
        """An Evaluator that knows the parameters' values at a point, the definitions and the index
        letters."""
        return Evaluator(self.with_aliases(point), self.definitions, sizes=index_sizes(self.sizes(point)))

    @functools.cached_property
    def vocabulary(self) -> Vocabulary:
        """The names that a text may use. The activation function may be called φ where there is one alone."""
        shapes = shapes_with(self.shapes, self.definitions)
        shapes |= {name: () for name in self.definitions if name not in shapes}
        uses = {name: formula.names & set(shapes) for name, formula in self.definitions.items()}
        for _ in uses:
            uses = {name: names.union(*(uses.get(inner, ()) for inner in names)) for name, names in uses.items()}
        applied = [(name, formula.function) for name, formula in self.definitions.items()]
        of = {function: [name for name, other in applied if other == function] for _, function in applied if function}
        aliases = {**self.aliases, **({"phi": next(iter(of))} if len(of) == 1 else {})}
        alone = {function: names[0] for function, names in of.items() if len(names) == 1}
        meanings = {gist(tokens(formula.text)): name for name, formula in self.definitions.items()}
        return Vocabulary(shapes, uses, aliases, alone, frozenset(INDICES), meanings)

    def truth(self, points: Sequence[Point]) -> list[np.ndarray]:
        """The right answer at each point, as a list of float arrays."""
        if points is self.points and self._right_values:
            return self._right_values
        values = [self.evaluate(self.answer_formula, point) for point in points]
        if points is self.points:
            self._right_values = values
        return values

    def mistake_values(self, mistake: Mistake, points: Sequence[Point]) -> list[np.ndarray]:
        """What a student with this Mistake would get at each point."""
        if points is self.points and mistake in self.wrong_values:
            return self.wrong_values[mistake]
        values = [self.evaluate(mistake.ways[0], point) for point in points]
        if points is self.points:
            self.wrong_values[mistake] = values
        return values

    def sizes(self, point: Point) -> dict[str, int]:
        """The number behind each size letter at a point: {"m": 4, "n": 3}. Raises InputError where an array of the point has
        another number of axes than its parameter."""
        for name, letters in self.shapes.items():
            if letters and np.ndim(point[name]) != len(letters):
                asked = ", ".join(self.labels.get(letter, letter) for letter in letters) + "," * (len(letters) == 1)
                raise InputError(
                    f"`{name}` must have the shape ({asked}); {shape_in_words(np.shape(point[name]))} came."
                )
        return {
            letter: size
            for name, letters in self.shapes.items()
            if letters  # a number may come as an array of numbers: for a curve
            for letter, size in zip(letters, np.shape(point[name]), strict=True)
        }

    def scalar_point(self, point: Point, letters: Collection[str] | None = None) -> Point:
        """The point with every size 1 (or only those with these letters): vectors of one component."""

        def cut(name):
            return tuple(slice(0, None if letters and letter not in letters else 1) for letter in self.shapes[name])

        return {name: np.asarray(value)[cut(name)] for name, value in point.items()}

    def with_aliases(self, values: Point) -> Point:
        """Values of the parameters by all the names that they may have."""
        return {**values, **{other: values[name] for other, name in self.aliases.items()}}

    def component(self, symbol: str) -> tuple[str, tuple[int, ...]] | None:
        """(parameter, index) if a symbol such as `w2`, `w_2` or `X12` names a component of a vector or
        matrix."""
        match = re.fullmatch(r"([A-Za-z]\w*?)_?\[?(\d)(?:[_,\s]*(\d))?\]?", symbol)
        if match and len(self.shapes.get(match[1], ())) == (2 if match[3] else 1):
            return match[1], tuple(int(digit) - 1 for digit in match.groups()[1:] if digit)
        return None

    # ------------------------------------------------------------------------------------------ help

    @property
    def notation(self) -> tuple[tuple[str, str], ...]:
        """One line of each notation, in names that most exercises have."""
        if any(self.shapes.values()):
            examples = ["'X.T @ (X @ w - y)/2'", "'½ Xᵀ(Xw − y)'", r"r'\frac12 X^\top (Xw - y)'"]
        else:
            examples = ["'x*np.exp(-w)/2'", "'½ x e^-w'", r"r'\frac{x}{2}\,e^{-w}'"]
        lines = "['∂L/∂w = ∂L/∂u · ∂u/∂w', \"u' = x   # words\"]"
        notations = ("as in Python", "as on paper", "as in LaTeX", "and lines as")
        return tuple(zip(notations, [*examples, lines], strict=True))

    @functools.cached_property
    def solution(self) -> Derivation:
        """The solution, a Derivation."""
        return Derivation(
            self.target,
            self.steps,
            self.shapes,
            {**{name: formula.text for name, formula in self.definitions.items()}, **self.symbols},
            self.positive,
            self.title,
            near=() if any(self.shapes.values()) else self.points,
            labels=dict(self.labels),
        )
