"""Exercises that are answered with a function that no formula describes: one that selects rows, turns texts
into numbers, or looks entries up by their label.

    question.check(my_function)        # called on several small data sets and compared with the reference

The reference and the known mistakes are Python functions too, of the same parameters.
"""

import html
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .checking import sandbox
from .checking.answers import Answer, calling
from .checking.cases import agree
from .checking.values import NOT_ATTEMPTED, Unusable, as_numbers, does_nothing, is_placeholder, shape_in_words
from .exercise import Exercise
from .feedback import Feedback
from .question import RTOL


@dataclass(frozen=True)
class CodeMistake:
    """A mistake that students make here. `function` computes, from the same arguments, what it leads to, or
    raises what the student's code would raise; it may be a tuple of functions, for the ways in which the
    mistake comes about. The rest as in helpers.question.Mistake."""

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
    ):
        super().__init__(key, title, statement, hints, section)
        self.parameters, self.cases, self.reference = tuple(parameters), tuple(cases), reference
        self.returns, self.mistakes, self.remark, self.rtol = tuple(returns), tuple(mistakes), remark, rtol
        self.solution = Reasons(why)

    @property
    def wanted(self):
        return f"a function of {self.signature} that returns {' and '.join(self.returns)}"

    @property
    def signature(self):
        """The parameters as they stand behind a function's name."""
        return f"({', '.join(self.parameters)})"

    def __repr__(self):
        return f"Question {self.key}: {self.title} — answer with {self.wanted}"

    def values(self, function):
        """What a function gives for each case: tuples of float arrays, in the order of `returns`."""
        with np.errstate(all="ignore"):
            return [self.read(function(*_copies(case))) for case in self.cases]

    def read(self, raw):
        """What a function returned as a tuple of float arrays; Unusable if that is impossible."""
        several = len(self.returns) > 1
        if isinstance(raw, dict) and set(map(str, raw)) == set(self.returns):
            raw = tuple(raw[name] for name in self.returns)
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
        try:
            got, printed = sandbox.run(lambda: [self.read(answer.at(case)) for case in self.cases])
        except sandbox.Failure as failure:
            found = self._raised(failure.problem)
            if found is None:
                raise answer._explained(failure, None) from None
            return Feedback("wrong", self._leading_on(found), found.mistake)
        wanted = self.values(self.reference)
        notes = [
            f"But your function changes its argument `{name}`: work on a copy."
            for name in sorted(answer.changed)
        ]
        off = [i for i, (g, w) in enumerate(zip(got, wanted, strict=True)) if not self._same(g, w)]
        if not off:
            self._times_seen.clear()
            return Feedback(
                "correct", " ".join(filter(None, ["That is right.", self.remark, *notes])), printed=printed
            )
        found = self._listed(got) or self._described(got[off[0]], wanted[off[0]], len(off) < len(got))
        return Feedback("wrong", self._leading_on(found), found.mistake, printed=printed)

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
        return _Found("|".join(mistake.id for mistake in found), text, found[0].hint)

    def _values_of(self, function):
        try:
            return self.values(function)
        except (ArithmeticError, ValueError, TypeError, IndexError):
            return None

    def _raised(self, problem):
        """The mistake that leads to the very exception at which the student's code stopped, or None."""
        for mistake in self.mistakes:
            for function in mistake.ways:
                try:
                    function(*_copies(self.cases[0]))
                except Exception as expected:  # noqa: BLE001
                    if (type(expected), str(expected)) == (type(problem), str(problem)):
                        return _Found(mistake.id, mistake.what, mistake.hint)
        return None

    def _described(self, got, wanted, partly):
        for name, g, w in zip(self.returns, got, wanted, strict=True):
            if g.shape != w.shape:
                return _Found(
                    "shape",
                    f"`{name}` has the wrong shape: {shape_in_words(g.shape)} came, "
                    f"{shape_in_words(w.shape)} is needed.",
                    "Print the shape of each step.",
                )
            if not np.all(np.isfinite(g)):
                return _Found(
                    "nan",
                    f"`{name}` holds NaN or infinity.",
                    "Look for an exponential of a large number, a logarithm of 0, or a division by 0.",
                )
        pairs = zip(self.returns, got, wanted, strict=True)
        name = next(name for name, g, w in pairs if not self._same((g,), (w,)))
        where = (
            "for some of the data sets that the check tries, but not for all" if partly else "not right yet"
        )
        return _Found(
            "values",
            (
                f"`{name}` is right {where}."
                if partly
                else f"`{name}` is {where}: its shape is right, its values are not."
            ),
            "Try your function on three examples that you can check by hand.",
        )


class _Found(NamedTuple):
    mistake: str
    text: str
    hint: str = ""


class Reasons:
    """The solution of a CodeQuestion in words; the code itself is folded in the notebook."""

    def __init__(self, sentences):
        self.sentences = tuple(sentences)

    def __repr__(self):
        return "\n".join(self.sentences)

    def to_html(self, summary="What the solution rests on"):
        items = "".join(f"<li>{html.escape(text, quote=False)}</li>" for text in self.sentences)
        return f"<details><summary><b>{html.escape(summary)}</b></summary><ul>{items}</ul></details>"


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
                raise Unusable(
                    "error", "Your function returned None: is the line with `return` missing?", "no_return"
                )
            if is_placeholder(raw):
                raise Unusable("not attempted", NOT_ATTEMPTED)
            return raw

        return at


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
