"""An answer of any form at a question's points, and a wrong one beside the right one: `Answer`, `Case`, `Extreme`.

An answer may be a Python function (of numbers or of arrays), a SymPy expression, a formula as text, or a
number or array (a function that is constant). It becomes one float array per point, or Unusable says why it cannot.
"""

import copy
import dis
import functools
import inspect
import types
from collections.abc import Callable, Mapping

import numpy as np

from helpers.checking import sandbox
from helpers.checking.feedback import Found, recognised
from helpers.checking.formula_answers import NOTHING, formula_in, function_of, read_sympy
from helpers.checking.python_slips import borrowed, lost_axis, meant, said_of_borrowed, sizes_apart
from helpers.checking.surroundings import NO_INPUT, Refused
from helpers.checking.values import (
    TOO_MANY,
    NotAttempted,
    Point,
    Question,
    Unusable,
    Values,
    agree,
    as_numbers,
    does_nothing,
    flat,
    in_words,
    is_placeholder,
    is_sympy,
    nothing_returned,
    says_nothing,
)
from helpers.formulas.reader import Formula
from helpers.formulas.text import FormulaError, shorten

EXTRA_SECONDS = 1.5  # for calling the student's function at further points

# ------------------------------------------------------------------------------------------ what came


class Answer:
    """A student's answer to one question: `at(point)` gives the raw value at a point.

    kind       "function", "formula" (a text or a SymPy expression) or "constant"
    fits       whether the answer makes sense at a point
    formula    the Formula of a text, else None
    changed    names of the arguments that the student's function changed in place
    results    what was read at the points of the last call of `values`, as far as it came

    `derivatives` allows those that are not worked out, `own` has the names of a student's side calculations.

    Raises Unusable when it cannot be read at all.
    """

    def __init__(
        self, question: Question, answer: object, derivatives: bool = False, own: Mapping[str, Formula] = NOTHING
    ) -> None:
        self.question, self.answer, self.changed = question, answer, set()
        self.fits, self.formula = (lambda point: True), None
        if is_placeholder(answer):
            raise NotAttempted
        if isinstance(answer, (type(question), types.ModuleType)):
            raise Unusable("That is no answer: hand in your function, as in `check(my_function)`.")
        if isinstance(answer, dict):
            raise Unusable(
                f"This question takes one function of {question.signature}, not a dictionary.", "not_a_number"
            )
        if is_sympy(answer):
            self.kind, (self.at, self.fits) = "formula", self._expression()
        elif callable(answer) and not isinstance(answer, np.ndarray):
            self.kind, self.at = "function", self._function()
        elif isinstance(answer, (str, Formula)):
            self.formula = formula_in(question, answer) if isinstance(answer, str) else answer
            self.kind, self.at = "formula", function_of(question, self.formula, derivatives, own)
        else:
            constant = as_numbers(answer)
            self.kind, self.at = "constant", lambda point: constant

    def _expression(self):
        """SymPy may work on an integral or a power for ever, so it has as long as a function has."""
        try:
            return sandbox.run(lambda: read_sympy(self.question, self.answer))[0]
        except sandbox.Failure as failure:
            if failure.kind == "exception":
                raise failure.problem from None
            raise Unusable("SymPy takes too long to work this expression out.", "endless") from None

    def arguments(self, point: Point) -> dict:
        """The arguments of one call: copies, since a student's function may change them."""
        arguments = {name: np.array(value) if np.ndim(value) else np.float64(value) for name, value in point.items()}
        for name in getattr(self.question, "binary", ()):
            arguments[name] = arguments[name].astype(int)  # as labels are: they pick rows, they can be counted
        return arguments

    def differ(self, before: np.ndarray, after: np.ndarray) -> bool:
        """Whether an argument that is an array has been changed by the call."""
        return not np.array_equal(before, after)

    def _function(self):
        call = calling(self.answer, self.question)

        def at(point):
            arguments = self.arguments(point)
            kept = {name: value.copy() for name, value in arguments.items() if np.ndim(value)}
            raw = call(arguments)
            self.changed.update(name for name, value in kept.items() if self.differ(value, arguments[name]))
            raw = returned(self.answer, raw)
            if is_sympy(raw) and getattr(raw, "free_symbols", None):
                return read_sympy(self.question, raw)[0](point)
            return raw

        return at

    def read(self, raw: object) -> np.ndarray:
        """What the answer gave at a point, as numbers."""
        return as_numbers(raw)

    def values(self, points: list[Point], seconds: float | None = None, lenient: bool = False) -> tuple[Values, str]:
        """(what is read at each point, what the code printed). `lenient`: NaN where the code cannot work a point out, as
        `math.exp` cannot where its result is too large. Raises Unusable."""
        self.results = []

        def work():
            for point in points:
                try:
                    self.results.append(self.read(self.at(point)))
                except ArithmeticError:
                    if not lenient:
                        raise
                    self.results.append(np.asarray(np.nan))
                if np.size(self.results[-1]) > TOO_MANY:
                    break

        try:
            _, printed = sandbox.run(work, seconds)
        except sandbox.Failure as failure:
            raise self._explained(failure, points[len(self.results) :]) from failure
        return self.results, printed

    def called_with(self, point: Point) -> str:
        """Which arguments a call had, as a sentence behind others."""
        return f" It was called with {in_words(point)}."

    def _explained(self, failure, left):
        if failure.kind == "time" and self.kind == "formula":
            return Unusable("The formula takes too long to work out: write it in a simpler form.", "endless")
        called_with = self.called_with(left[0]) if left else ""
        found = explained(failure, called_with, getattr(self.question, "advice", ""))
        names = parameter_names(self.answer)
        if (
            found.mistake == "raises"
            and names != self.question.parameters
            and sorted(names) == sorted(self.question.parameters)
        ):
            return Unusable(
                f"Your function takes ({', '.join(names)}), but it is called with "
                f"{self.question.signature}, in this order.",
                "parameter_order",
                "wrong",
            )
        quantities = (*self.question.parameters, *getattr(self.question, "definitions", ()))
        outside = borrowed(self.answer, quantities) if found.mistake == "raises" else []
        return Unusable(f"{found.message} {said_of_borrowed(outside)}", "raises") if outside else found


def explained(failure: sandbox.Failure, called_with: str = "", advice: str = "") -> Unusable:
    """Why a student's code did not come to an end, in a sentence; `advice` is for shapes that do not fit."""
    problem = failure.problem
    if isinstance(problem, Unusable):
        return problem
    if type(problem).__name__ == "StdinNotImplementedError":  # of a notebook, for an `input` of another name
        return Unusable(NO_INPUT, "raises")
    if isinstance(problem, NotImplementedError) and says_nothing(problem):
        return NotAttempted()
    if isinstance(problem, FormulaError):
        return Unusable(str(problem), "unreadable")
    if failure.waited:
        text = f"stopped after {sandbox.WAITING * sandbox.SECONDS:g} seconds: what does it wait for?"
        return Unusable(f"Your code was {text}{called_with}", "endless")
    if failure.kind == "time":
        text = f"stopped after {sandbox.SECONDS:g} seconds: does a loop never end, or is it very slow?"
        return Unusable(f"Your code was {text}{called_with}", "endless")
    if failure.kind == "interrupted":
        return Unusable("The check was interrupted.", "interrupted")
    if isinstance(problem, SystemExit):
        return Unusable("Your code calls exit(), which would end the whole notebook.", "raises")
    if isinstance(problem, Refused):
        return Unusable(str(problem), "raises")
    try:
        text, apart = shorten(problem, 140).removesuffix("."), sizes_apart(str(problem))
    except Exception:
        text = apart = ""
    line = f", in your line `{shorten(failure.line, 80)}`" if failure.line else ""
    in_words = meant(problem, failure.line)
    if in_words:
        return Unusable(f"Your code stopped with {type(problem).__name__}{line}. {in_words}{called_with}", "raises")
    if isinstance(problem, ValueError) and (apart or "could not be broadcast" in text):
        text = apart or text
        said = f"Two arrays meet there whose shapes do not fit: print both.{lost_axis(failure.line, text, problem)}"
        called_with = f" {said}{advice and ' ' + advice}{called_with}"
    return Unusable(
        f"Your code stopped with {type(problem).__name__}{': ' + text if text else ''}{line}.{called_with}",
        "raises",
    )


def returned(function: object, raw: object) -> object:
    """What a student's function returned; Unusable for a placeholder, and for a None that nobody wrote."""
    names = getattr(getattr(function, "__code__", None), "co_names", ())
    if raw is None and not does_nothing(function):
        raise nothing_returned(function)
    if is_placeholder(raw) and (not _is_empty(raw) or does_nothing(function)):
        raise NotAttempted
    if _is_empty(raw) and "gradient" in names:
        raise Unusable(
            "Your function returned an empty list. If you called `np.gradient`: it differentiates a list of values, not a "
            "formula, and of a single number it gives nothing.",
            "np_gradient",
        )
    return raw


def _is_empty(raw):
    """Whether something is a list or a tuple of nothing, or of such."""
    return isinstance(raw, (list, tuple)) and all(map(_is_empty, raw))


def called(answer: object, wanted: str, numbers: dict | None = None) -> tuple[object, str]:
    """(what an answer is, what its code printed): a function without arguments is called for it, and one of a single
    argument with a copy of the `numbers`, if there are any."""
    if is_placeholder(answer):
        raise NotAttempted
    if isinstance(answer, types.ModuleType) or hasattr(answer, "check_steps"):
        raise Unusable(f"That is no answer: hand in {wanted}.")
    if not callable(answer) or isinstance(answer, dict):
        return answer, ""
    try:
        if numbers and len(parameter_names(answer)) == 1:
            given, printed = sandbox.run(lambda: answer(dict(numbers)))
        else:
            given, printed = sandbox.run(lambda: _without_arguments(answer, wanted))
    except sandbox.Failure as failure:
        raise explained(failure) from None
    return returned(answer, given), printed


def _in_sandbox(function):
    """What a function without parameters returns. Raises Unusable."""
    try:
        return sandbox.run(function)[0]
    except sandbox.Failure as failure:
        raise explained(failure) from None


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


def changed_arguments(answer: Answer) -> list[str]:
    """One sentence, in a list, on the arguments that a function changed in place; an empty list if there are none."""
    if not answer.changed:
        return []
    *others, last = (f"`{name}`" for name in sorted(answer.changed))
    which = f"arguments {', '.join(others)} and {last}" if others else f"argument {last}"
    return [
        f"But your function changes its {which}: work on a copy, or the caller's array is spoilt. "
        "(`w -= …` changes the array itself, `w = w - …` makes a new one.)"
    ]


def calling(function: Callable, question: Question) -> Callable[[dict], object]:
    """A caller of a student's function with a dict of arguments. Positional, in the question's order; by name
    only for keyword-only parameters. Raises Unusable if the function cannot take that many arguments."""
    names = question.parameters

    def by_position(arguments):
        return function(*(arguments[name] for name in names))

    try:
        signature = inspect.signature(function)
    except Exception:
        return by_position
    try:
        signature.bind(*names)
        return by_position
    except TypeError:
        pass
    try:
        signature.bind(**dict.fromkeys(names))
        return lambda arguments: function(**arguments)
    except TypeError:
        taken = ", ".join(signature.parameters) or "no arguments"
        if (
            isinstance(function, types.FunctionType)
            and not signature.parameters
            and does_nothing(function)
            and is_placeholder(_in_sandbox(function))
        ):
            raise NotAttempted from None
        raise Unusable(
            f"Your function takes ({taken}); it is called with {question.signature}, in this order.",
            "wrong_parameters",
        ) from None


def parameter_names(function: object) -> tuple[str, ...]:
    """The names of a function's positional parameters, or () if they cannot be found out."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(function).parameters
    except Exception:
        return ()
    return tuple(name for name, parameter in parameters.items() if parameter.kind in kinds)


# ------------------------------------------------------------------------------------------ beside the right one


class Case:
    """One wrong answer: the question, its points, the right values and the student's.

    got, truth      what came, and what is right
    same_shape      whether every value that came has the right shape
    """

    def __init__(self, question: Question, answer: Answer, points: list[Point], got: Values) -> None:
        self.question, self.answer, self.points, self.got = question, answer, points, got
        self.truth = question.truth(points)
        self.rtol = question.rtol
        self.same_shape = [g.shape for g in got] == [t.shape for t in self.truth]
        self._seconds_left = EXTRA_SECONDS

    @property
    def is_derivative(self) -> bool:
        """Whether the question asks for a derivative: hints on finite differences and gradients fit only there."""
        return self.question.variable is not None

    def matches(self, wanted: Values, got: Values | None = None) -> bool:
        """Whether the student's values are these."""
        return agree(self.got if got is None else got, wanted, self.rtol)

    def times(self, factor: float) -> "Case":
        """The same answer, multiplied by a number."""
        answer = copy.copy(self.answer)
        answer.read = lambda raw: factor * self.answer.read(raw)
        return Case(self.question, answer, self.points, [factor * values for values in self.got])

    def call(self, points: list[Point], lenient: bool = False) -> Values:
        """The student's values at other points; Unusable once the time for such extra calls is used up. `lenient` as in
        `Answer.values`."""
        if self._seconds_left <= 0:
            raise Unusable("", "endless")
        started = sandbox.clock()
        try:
            return self.answer.values(points, min(1.0, self._seconds_left), lenient)[0]
        finally:
            self._seconds_left -= sandbox.clock() - started

    @functools.cached_property
    def quantities(self) -> dict[str, Values]:
        """name -> values at the points, for every parameter and every named intermediate quantity."""
        names = (*self.question.parameters, *self.question.definitions)
        return {name: [self.question.evaluate(name, point) for point in self.points] for name in names}

    def spread(self, values: Values) -> np.ndarray | None:
        """A quantity at every entry of the right answer, all in one row; None where its shape does not fit."""
        if any(np.shape(v) not in ((), t.shape) for v, t in zip(values, self.truth, strict=True)):
            return None
        return flat([np.broadcast_to(v, t.shape) for v, t in zip(values, self.truth, strict=True)])


def not_finite(got: Values, points: list[Point]) -> Found:
    """A value is NaN or infinite: at which input."""
    for values, point in zip(got, points, strict=False):  # an answer that is too large ends early
        if not np.all(np.isfinite(values)):
            kind, name = ("NaN (not a number)", "nan") if np.any(np.isnan(values)) else ("infinite", "infinity")
            return recognised("nan", name, kind=kind, point=in_words(point))
    return None
