"""Turns whatever a student hands in into numbers at the question's points, or says why that is impossible.

An answer may be a Python function (of numbers or of arrays), a SymPy expression, a formula as text, or a
number or array (a function that is constant). The result is one float array per point.
"""

import inspect
import types

import numpy as np

from helpers.checking import sandbox
from helpers.checking.readers import fitting, is_sympy, read_sympy, read_text
from helpers.checking.values import NOT_ATTEMPTED, Unusable, as_numbers, does_nothing, in_words, is_placeholder
from helpers.formulas.text import FormulaError, shorten


class Answer:
    """A student's answer to one question: `at(point)` gives the raw value at a point (a dict of arguments).

    Raises Unusable when it cannot be read at all.
    """

    def __init__(self, question, answer, derivatives=False):
        self.question, self.answer = question, answer
        self.kind = "function"
        self.fits = lambda point: True  # whether the answer makes sense at a point
        self.changed = set()  # names of the arguments that the student's function changed in place
        if is_placeholder(answer):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if isinstance(answer, (type(question), types.ModuleType)):
            raise Unusable("error", "That is no answer: hand in your function, as in `check(my_function)`.")
        if isinstance(answer, str):
            self.kind, self.at = "formula", read_text(question, answer, derivatives)
        elif is_sympy(answer):
            self.kind, self.at = "formula", self._expression()
            self.fits = fitting(question, answer)
        elif isinstance(answer, dict):
            raise Unusable(
                "error", f"This question takes one function of {question.signature}, not a dictionary.", "not_a_number"
            )
        elif callable(answer) and not isinstance(answer, np.ndarray):
            self.at = self._function()
        else:
            self.kind = "constant"
            constant = as_numbers(answer)
            self.at = lambda point: constant

    def _expression(self):
        """SymPy may work on an integral or a power for ever, so it has as long as a function has."""
        try:
            return sandbox.run(lambda: read_sympy(self.question, self.answer))[0]
        except sandbox.Failure as failure:
            if failure.kind == "exception":
                raise failure.problem from None
            raise Unusable("error", "SymPy takes too long to work this expression out.", "endless") from None

    def arguments(self, point):
        """The arguments of one call: copies, since a student's function may change them."""
        arguments = {name: np.array(value) if np.ndim(value) else np.float64(value) for name, value in point.items()}
        for name in getattr(self.question, "binary", ()):
            arguments[name] = arguments[name].astype(int)  # as labels are: they pick rows, they can be counted
        return arguments

    def differ(self, before, after):
        """Whether an argument that is an array has been changed by the call."""
        return not np.array_equal(before, after)

    def _function(self):
        call = calling(self.answer, self.question)

        def at(point):
            arguments = self.arguments(point)
            kept = {name: value.copy() for name, value in arguments.items() if np.ndim(value)}
            raw = call(arguments)
            self.changed.update(name for name, value in kept.items() if self.differ(value, arguments[name]))
            if raw is None and not does_nothing(self.answer):
                raise Unusable("error", "Your function returned None: is the line with `return` missing?", "no_return")
            if is_placeholder(raw):
                raise Unusable("not attempted", NOT_ATTEMPTED)
            if is_sympy(raw) and getattr(raw, "free_symbols", None):
                return read_sympy(self.question, raw)(point)
            return raw

        return at

    def values(self, points, seconds=None):
        """(a float array for each point, what the code printed). Raises Unusable."""
        current = {}

        def work():
            results = []
            for point in points:
                current["point"] = point
                results.append(as_numbers(self.at(point)))
                if results[-1].size > 10_000:
                    break  # the shape alone says that it is wrong
            return results

        try:
            return sandbox.run(work, seconds)
        except sandbox.Failure as failure:
            raise self._explained(failure, current.get("point")) from None

    def _explained(self, failure, point):
        if isinstance(failure.problem, Unusable):
            return failure.problem
        if isinstance(failure.problem, NotImplementedError):
            return Unusable("not attempted", NOT_ATTEMPTED)
        if isinstance(failure.problem, FormulaError):
            return Unusable("error", str(failure.problem), "unreadable")
        where = f" It was called with {in_words(point)}." if point else ""
        if failure.kind == "time" and self.kind == "formula":
            return Unusable("error", "The formula takes too long to work out: write it in a simpler form.", "endless")
        if failure.kind == "time":
            return Unusable(
                "error",
                f"Your code was stopped after {sandbox.SECONDS:g} seconds: "
                f"does a loop never end, or is it very slow?{where}",
                "endless",
            )
        if failure.kind == "interrupted":
            return Unusable("error", "The check was interrupted.", "interrupted")
        problem = failure.problem
        names = parameter_names(self.answer)
        if names != self.question.parameters and sorted(names) == sorted(self.question.parameters):
            return Unusable(
                "wrong",
                f"Your function takes ({', '.join(names)}), but it is called with "
                f"{self.question.signature}, in this order.",
                "parameter_order",
            )
        if isinstance(problem, SystemExit):
            return Unusable("error", "Your code calls exit(), which would end the whole notebook.", "raises")
        try:
            text = shorten(problem, 140)
        except Exception:
            text = ""
        line = f", in your line `{shorten(failure.line, 80)}`" if failure.line else ""
        if isinstance(problem, ValueError) and ("core dimension" in text or "could not be broadcast" in text):
            advice = getattr(self.question, "advice", "")
            where = " ".join(filter(None, [" The shapes of two factors do not fit: print them.", advice])) + where
        return Unusable(
            "error",
            f"Your code stopped with {type(problem).__name__}{': ' + text if text else ''}{line}.{where}",
            "raises",
        )


def changed_arguments(answer):
    """One sentence, in a list, on the arguments that a function changed in place; an empty list if there are none."""
    names = [f"`{name}`" for name in sorted(answer.changed)]
    if not names:
        return []
    which = f"argument {names[0]}" if len(names) == 1 else f"arguments {', '.join(names[:-1])} and {names[-1]}"
    return [f"But your function changes its {which}: work on a copy, or the caller's array is spoilt."]


def calling(function, question):
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
            and is_placeholder(function())
        ):
            raise Unusable("not attempted", NOT_ATTEMPTED) from None
        raise Unusable(
            "error",
            f"Your function takes ({taken}); it is called with {question.signature}, in this order.",
            "wrong_parameters",
        ) from None


def parameter_names(function):
    """The names of a function's positional parameters, or () if they cannot be found out."""
    try:
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return tuple(
            name for name, parameter in inspect.signature(function).parameters.items() if parameter.kind in kinds
        )
    except Exception:
        return ()
