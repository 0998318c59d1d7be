"""Exercises that are answered with a function that no formula describes: one that selects rows, turns texts
into numbers, or looks entries up by their label.

    question.check(my_function)        # called on several small data sets and compared with the reference

The reference and the known mistakes are Python functions too, of the same parameters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from helpers.checking import sandbox
from helpers.checking.answers import Answer, Extreme, first_wrong
from helpers.checking.feedback import Recognition, jointly
from helpers.checking.values import NotAttempted, Unusable, agree, as_numbers, is_placeholder, shape_in_words
from helpers.exercises.exercise import RTOL, Exercise, Mistake, Reasons, own_function

Values = tuple[np.ndarray, ...]  # what a function returns for one case, in the order of `returns`


@dataclass(eq=False, repr=False)
class CodeQuestion(Exercise):
    """One exercise: write a function that does what `reference` does.

    parameters   names, in the order in which an answer is called
    cases        tuples of arguments: arrays, numbers or texts. The student's function gets copies
    reference    a function of one case's arguments
    returns      the names of what it returns: one name for a number or an array, several for a tuple of them
    mistakes     Mistakes; each way is a function that computes, from the same arguments, what the mistake leads to,
                 or raises what the student's code would raise
    why          sentences for the solution: what the code rests on
    extremes     Extremes: further arguments, looked at where all ordinary cases are right
    look         name of a result -> where to look when it is wrong and no known mistake leads to it
    """

    parameters: tuple[str, ...]
    cases: Sequence[tuple]
    reference: Callable
    returns: tuple[str, ...]
    _: KW_ONLY
    mistakes: Sequence[Mistake]
    why: Sequence[str]
    rtol: float = RTOL
    extremes: Sequence[Extreme] = ()
    look: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> str:
        """What to hand in, for messages."""
        return f"a function of {self.signature} that returns {' and '.join(self.returns)}"

    @property
    def solution(self) -> Reasons:
        """What the code rests on."""
        return Reasons(self.why)

    def values(self, function: Callable, cases: Sequence[tuple] | None = None) -> list[Values]:
        """What a function gives for each case."""
        with np.errstate(all="ignore"):
            return [self.read(function(*map(_copy, case))) for case in (self.cases if cases is None else cases)]

    def read(self, raw: Any) -> Values:
        """What a function returned as a tuple of float arrays; Unusable if that is impossible."""
        several = len(self.returns) > 1
        if isinstance(raw, dict) and set(map(str, raw)) == set(self.returns):
            raw = tuple(raw[name] for name in self.returns)
        if several and isinstance(raw, np.ndarray) and raw.ndim:
            raw = tuple(raw)  # a table with a row for each result
        if several and not (isinstance(raw, (tuple, list)) and len(raw) == len(self.returns)):
            text = f"Your function must return {len(self.returns)} things, `return {', '.join(self.returns)}`."
            raise Unusable(text, "number_of_results")
        parts = raw if several else (raw,)
        return tuple(_numbers(name, part) for name, part in zip(self.returns, parts, strict=True))

    # ------------------------------------------------------------------------------------------ checking

    def _check(self, raw):
        answer = _CodeAnswer(self, own_function(raw, self.wanted))
        wanted, got = self.values(self.reference), []

        def work():
            for case, right in zip(self.cases, wanted, strict=True):
                got.append(_as_plain_numbers(self._answered(answer, case), right))

        try:
            _, printed = sandbox.run(work)
        except sandbox.Failure as failure:
            found = self._raised(got, failure.problem)
            if found is None:
                raise answer._explained(failure, None) from None
            return self._wrong(found)
        off = [i for i, (g, w) in enumerate(zip(got, wanted, strict=True)) if not self._same(g, w)]
        if off:
            found = self._listed(got) or self._described(got[off[0]], wanted[off[0]], len(off) < len(got))
        else:
            found = self._at_extremes(answer)
        if found:
            return self._wrong(found, printed=printed)
        notes = [f"But your function changes its argument `{name}`: work on a copy." for name in sorted(answer.changed)]
        return self._right(*notes, printed=printed)

    def _answered(self, answer, case):
        return self.read(answer.at(dict(zip(self.parameters, case, strict=True))))

    def _at_extremes(self, answer):
        """What goes wrong where the numbers get extreme; None if all is right there too."""
        cases = [extreme.arguments for extreme in self.extremes]
        try:
            got, _ = sandbox.run(lambda: [self._answered(answer, case) for case in cases])
        except sandbox.Failure as failure:
            raise answer._explained(failure, None) from None
        bad = first_wrong(self.extremes, got, self.values(self.reference, cases), self.rtol)
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

    def _equal(self, got, values):
        """Like `_same` for several cases, with the values of a mistake: they may be NaN, in the same places."""
        return all(
            g.shape == v.shape and np.allclose(g, v, rtol=self.rtol, atol=1e-9, equal_nan=True)
            for mine, others in zip(got, values, strict=True)
            for g, v in zip(mine, others, strict=True)
        )

    def _listed(self, got):
        def leads_here(function):
            try:
                return self._equal(got, self.values(function))
            except (ArithmeticError, ValueError, TypeError, IndexError):
                return False

        return jointly([mistake for mistake in self.mistakes if any(map(leads_here, mistake.ways))])

    def _raised(self, got, problem):
        """The mistake that gives the student's values for the first cases, and for the next one the very exception
        at which the student's code stopped; None if there is none."""

        def leads_here(function):
            try:
                if not self._equal(got, self.values(function, self.cases[: len(got)])):
                    return False
            except Exception:
                return False  # it stops earlier
            try:
                self.values(function, self.cases[len(got) : len(got) + 1])
            except Exception as expected:
                return (type(expected), str(expected)) == (type(problem), str(problem))
            return False

        return jointly([mistake for mistake in self.mistakes if any(map(leads_here, mistake.ways))])

    def _described(self, got, wanted, partly):
        """What is off in a case for which no listed mistake is the cause."""
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
        return Recognition(
            "values",
            f"`{name}` is right for some of the data sets that the check tries, but not for all."
            if partly
            else f"`{name}` is not right yet: its shape is right, its values are not.",
            self.look.get(name, "Try your function on three examples that you can check by hand."),
        )


class _CodeAnswer(Answer):
    """A student's function, called with the arguments of each case as they are."""

    def arguments(self, point: dict[str, Any]) -> dict[str, Any]:
        """The arguments of one call: whole numbers stay what they are, and texts too."""
        return {name: _copy(value) for name, value in point.items()}


def _as_plain_numbers(got, wanted):
    """Arrays of one entry as plain numbers, where numbers are wanted."""
    return tuple(g.reshape(()) if w.shape == () and g.size == 1 else g for g, w in zip(got, wanted, strict=True))


def _numbers(name, value):
    if is_placeholder(value):
        raise NotAttempted
    if isinstance(value, (list, tuple, np.ndarray)) and np.asarray(value).dtype.kind == "b":
        value = np.asarray(value).astype(float)  # labels y == 6 are as good as 0 and 1
    try:
        return as_numbers(value)
    except Unusable as problem:
        raise Unusable(f"`{name}`: {problem.message}", problem.mistake, problem.status) from None


def _copy(value):
    return value.copy() if isinstance(value, np.ndarray) else value
