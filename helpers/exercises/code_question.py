"""Exercises that are answered with a function that no formula describes: one that selects rows, turns texts
into numbers, or looks entries up by their label.

    question.check(my_function)        # called on several small data sets and compared with the reference

The reference and the known mistakes are Python functions too, of the same parameters.
"""

from dataclasses import dataclass

import numpy as np

from helpers.checking import sandbox
from helpers.checking.answers import Answer, calling, first_wrong
from helpers.checking.feedback import Feedback, Recognition
from helpers.checking.values import (
    NOT_ATTEMPTED,
    Unusable,
    agree,
    as_numbers,
    does_nothing,
    is_placeholder,
    shape_in_words,
)
from helpers.exercises.exercise import Exercise
from helpers.exercises.formula_question import RTOL
from helpers.exercises.reasons import Reasons


@dataclass(frozen=True)
class CodeMistake:
    """A mistake that students make here. `function` computes, from the same arguments, what it leads to, or
    raises what the student's code would raise; it may be a tuple of functions, for the ways in which the
    mistake comes about. The rest as in helpers.exercises.formula_question.Mistake."""

    id: str
    what: str
    function: object
    hint: str = ""

    @property
    def ways(self):
        return self.function if isinstance(self.function, tuple) else (self.function,)


class CodeQuestion(Exercise):
    """One exercise: write a function that does what `reference` does.

    parameters   names, in the order in which an answer is called
    cases        tuples of arguments: arrays, numbers or texts. The student's function gets copies
    reference    a function of one case's arguments
    returns      the names of what it returns: one name for a number or an array, several for a tuple of them
    mistakes     CodeMistakes
    why          sentences for the solution: what the code rests on
    extremes     Extremes: further arguments, looked at where all ordinary cases are right
    look         name of a result -> where to look when it is wrong and no known mistake leads to it
    """

    def __init__(
        self,
        key,
        title,
        statement,
        parameters,
        cases,
        reference,
        returns,
        *,
        mistakes,
        hints,
        why,
        remark="",
        section=None,
        rtol=RTOL,
        extremes=(),
        look=None,
    ):
        super().__init__(key, title, statement, hints, section)
        self.parameters, self.cases, self.reference = tuple(parameters), tuple(cases), reference
        self.returns, self.mistakes, self.remark, self.rtol = tuple(returns), tuple(mistakes), remark, rtol
        self.extremes, self.look, self.solution = tuple(extremes), look or {}, Reasons(why)

    @property
    def wanted(self):
        return f"a function of {self.signature} that returns {' and '.join(self.returns)}"

    @property
    def signature(self):
        """The parameters as they stand behind a function's name."""
        return f"({', '.join(self.parameters)})"

    def __repr__(self):
        return f"Question {self.key}: {self.title} — answer with {self.wanted}"

    def values(self, function, cases=None):
        """What a function gives for each case: tuples of float arrays, in the order of `returns`."""
        with np.errstate(all="ignore"):
            return [self.read(function(*_copies(case))) for case in (self.cases if cases is None else cases)]

    def read(self, raw):
        """What a function returned as a tuple of float arrays; Unusable if that is impossible."""
        several = len(self.returns) > 1
        if isinstance(raw, dict) and set(map(str, raw)) == set(self.returns):
            raw = tuple(raw[name] for name in self.returns)
        if several and isinstance(raw, np.ndarray) and raw.ndim:
            raw = tuple(raw)  # a table with a row for each result
        if several and not (isinstance(raw, (tuple, list)) and len(raw) == len(self.returns)):
            raise Unusable(
                "error",
                f"Your function must return {len(self.returns)} things, `return {', '.join(self.returns)}`.",
                "number_of_results",
            )
        parts = raw if several else (raw,)
        return tuple(_numbers(name, part) for name, part in zip(self.returns, parts, strict=True))

    # ------------------------------------------------------------------------------------------ checking

    def check(self, answer):
        """Call the function on several small data sets and compare; returns a Feedback, never raises."""
        return super().check(answer)

    def _check(self, raw):
        answer = _CodeAnswer(self, raw)
        wanted, got = self.values(self.reference), []

        def work():
            for case, right in zip(self.cases, wanted, strict=True):
                got.append(_as_numbers_alone(self.read(answer.at(case)), right))

        try:
            _, printed = sandbox.run(work)
        except sandbox.Failure as failure:
            found = self._raised(got, failure.problem)
            if found is None:
                raise answer._explained(failure, None) from None
            return Feedback("wrong", self._leading_on(found), found.mistake)
        notes = [f"But your function changes its argument `{name}`: work on a copy." for name in sorted(answer.changed)]
        off = [i for i, (g, w) in enumerate(zip(got, wanted, strict=True)) if not self._same(g, w)]
        if not off:
            found = self._at_extremes(answer)
            if found:
                return Feedback("wrong", self._leading_on(found), found.mistake, printed=printed)
            self._times_seen.clear()
            return Feedback("correct", " ".join(filter(None, ["That is right.", self.remark, *notes])), printed=printed)
        found = self._listed(got) or self._described(got[off[0]], wanted[off[0]], len(off) < len(got))
        return Feedback("wrong", self._leading_on(found), found.mistake, printed=printed)

    def _at_extremes(self, answer):
        """What goes wrong where the numbers get extreme, as a Recognition; None if all is right there too."""
        cases = [extreme.arguments for extreme in self.extremes]
        wanted = self.values(self.reference, cases)
        try:
            got, _ = sandbox.run(lambda: [self.read(answer.at(case)) for case in cases])
        except sandbox.Failure as failure:
            raise answer._explained(failure, None) from None
        bad = first_wrong(self.extremes, got, wanted, self.rtol)
        return bad and (
            bad[1]
            or Recognition(
                "extreme_values",
                "Your function is right for ordinary numbers, but not for very large ones.",
                "Which numbers on the way become too large or too small for a float?",
            )
        )

    def _same(self, got, wanted):
        return all(agree([g], [w], self.rtol) for g, w in zip(got, wanted, strict=True))

    def _listed(self, got):
        found = [
            mistake
            for mistake in self.mistakes
            if any(
                values is not None and all(_equal(g, v, self.rtol) for g, v in zip(got, values, strict=True))
                for values in map(self._values_of, mistake.ways)
            )
        ]
        if not found:
            return None
        text = found[0].what
        if len(found) > 1:
            text = (
                "One of these happened (the values are the same): "
                + "; or ".join(mistake.what.rstrip(".") for mistake in found)
                + "."
            )
        return Recognition("|".join(mistake.id for mistake in found), text, found[0].hint)

    def _values_of(self, function):
        try:
            return self.values(function)
        except (ArithmeticError, ValueError, TypeError, IndexError):
            return None

    def _raised(self, got, problem):
        """The mistake that gives the student's values for the first cases, and for the next one the very exception
        at which the student's code stopped; None if there is none."""
        for mistake in self.mistakes:
            for function in mistake.ways:
                try:
                    before = self.values(function, self.cases[: len(got)])
                except Exception:
                    continue  # it stops earlier
                if not all(_equal(g, b, self.rtol) for g, b in zip(got, before, strict=True)):
                    continue
                try:
                    self.values(function, self.cases[len(got) : len(got) + 1])
                except Exception as expected:
                    if (type(expected), str(expected)) == (type(problem), str(problem)):
                        return Recognition(mistake.id, mistake.what, mistake.hint)
        return None

    def _described(self, got, wanted, partly):
        for name, g, w in zip(self.returns, got, wanted, strict=True):
            if g.shape != w.shape:
                return Recognition(
                    "shape",
                    f"`{name}` has the wrong shape: {shape_in_words(g.shape)} came, "
                    f"{shape_in_words(w.shape)} is needed.",
                    self.look.get(name, "Print the shape of each step."),
                )
            if not np.all(np.isfinite(g)):
                return Recognition(
                    "nan",
                    f"`{name}` holds NaN or infinity.",
                    "Look for an exponential of a large number, a logarithm of 0, or a division by 0.",
                )
        pairs = zip(self.returns, got, wanted, strict=True)
        name = next(name for name, g, w in pairs if not self._same((g,), (w,)))
        where = "for some of the data sets that the check tries, but not for all" if partly else "not right yet"
        return Recognition(
            "values",
            (
                f"`{name}` is right {where}."
                if partly
                else f"`{name}` is {where}: its shape is right, its values are not."
            ),
            self.look.get(name, "Try your function on three examples that you can check by hand."),
        )


class _CodeAnswer(Answer):
    """A student's function, called with the arguments of each case as they are."""

    def __init__(self, question, answer):
        if is_placeholder(answer):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if not callable(answer) or isinstance(answer, Exercise):
            raise Unusable(
                "error",
                f"Hand in the function itself, as in `check(my_function)`: {question.wanted}.",
                "not_a_function",
            )
        super().__init__(question, answer)

    def _function(self):
        call = calling(self.answer, self.question)

        def at(case):
            arguments = dict(zip(self.question.parameters, _copies(case), strict=True))
            raw = call(arguments)
            self.changed.update(
                name
                for (name, now), before in zip(arguments.items(), case, strict=True)
                if isinstance(before, np.ndarray) and not np.array_equal(now, before)
            )
            if raw is None and not does_nothing(self.answer):
                raise Unusable("error", "Your function returned None: is the line with `return` missing?", "no_return")
            if is_placeholder(raw):
                raise Unusable("not attempted", NOT_ATTEMPTED)
            return raw

        return at


def _as_numbers_alone(got, wanted):
    """Arrays of one entry as plain numbers, where numbers are wanted."""
    return tuple(g.reshape(()) if w.shape == () and g.size == 1 else g for g, w in zip(got, wanted, strict=True))


def _numbers(name, value):
    if is_placeholder(value):
        raise Unusable("not attempted", NOT_ATTEMPTED)
    if isinstance(value, (list, tuple, np.ndarray)) and np.asarray(value).dtype.kind == "b":
        value = np.asarray(value).astype(float)  # labels y == 6 are as good as 0 and 1
    try:
        return as_numbers(value)
    except Unusable as problem:
        raise Unusable(problem.status, f"`{name}`: {problem.message}", problem.mistake) from None


def _equal(got, wanted, rtol):
    """Like `agree`, for the values of a mistake: they may be NaN, in the same places."""
    return all(
        g.shape == w.shape and np.allclose(g, w, rtol=rtol, atol=1e-9, equal_nan=True)
        for g, w in zip(got, wanted, strict=True)
    )


def _copies(case):
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in case)
