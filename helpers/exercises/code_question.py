"""Exercises that are answered with a function that no formula describes: one that selects rows, turns texts
into numbers, or looks entries up by their label.

    question.check(my_function)        # called on several small data sets and compared with the reference

The reference and the known mistakes are Python functions too, of the same parameters.
"""

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from helpers.checking.answers import Answer, changed_arguments
from helpers.checking.extremes import Extreme, borne_out, first_wrong
from helpers.checking.feedback import Recognition, are, in_list, jointly, lower
from helpers.checking.loops import slip_in
from helpers.checking.sizes import fixed_size_in, scaled_or_rounded
from helpers.checking.values import (
    NotAttempted,
    Unusable,
    agree,
    as_array,
    as_numbers,
    is_placeholder,
    plain_numbers,
    shape_in_words,
)
from helpers.exercises.exercise import RTOL, Exercise, Mistake, Reasons, in_arrays, own_function

Values = dict[str, np.ndarray]  # what a function returns for one case, by the names in `returns`


@dataclass(eq=False, repr=False)
class CodeQuestion(Exercise):
    """One exercise: write a function that does what `reference` does.

    parameters   names, in the order in which an answer is called
    cases        tuples of arguments: arrays, numbers, texts, or dicts of them. The student's function gets copies
    reference    a function of one case's arguments
    returns      the names of what it returns: one name for a number or an array, several for a tuple of them
    mistakes     Mistakes; each way is a function that computes, from the same arguments, what the mistake leads to,
                 or raises what the student's code would raise
    why          sentences for the solution: what the code rests on
    extremes     Extremes: further arguments, looked at where all ordinary cases are right
    look         name of a result -> where to look when it is wrong and no known mistake leads to it
    by_example   whether the arrays of a case have one entry for each example
    """

    parameters: tuple[str, ...]
    cases: Sequence[tuple]
    reference: Callable
    returns: tuple[str, ...]
    _: KW_ONLY
    mistakes: Sequence[Mistake]
    why: Sequence[str]
    extremes: Sequence[Extreme] = ()
    look: Mapping[str, str] = field(default_factory=dict)
    by_example: bool = False

    usual_minutes = 18

    @property
    def wanted(self) -> str:
        """What to hand in, for messages."""
        return f"a function of {self.signature} that returns {' and '.join(self.returns)}"

    @property
    def solution(self) -> Reasons:
        """What the code rests on."""
        return Reasons(self.why)

    def values(self, function: Callable, cases: Sequence[tuple]) -> list[Values]:
        """What a function gives for each case."""
        with np.errstate(all="ignore"):
            return [self.read(function(*map(_copy, case))) for case in cases]

    def read(self, raw: Any) -> Values:
        """What a function returned as float arrays; Unusable if that is impossible."""
        several = len(self.returns) > 1
        if isinstance(raw, dict) and {str(name) for name in raw} == set(self.returns):
            raw = tuple(raw[name] for name in self.returns)
        if several and isinstance(raw, np.ndarray) and raw.ndim:
            raw = tuple(raw)  # a table with a row for each result
        if several and not (isinstance(raw, (tuple, list)) and len(raw) == len(self.returns)):
            text = f"Your function must return {len(self.returns)} things, `return {', '.join(self.returns)}`."
            raise Unusable(text, "number_of_results")
        parts = raw if several else (raw,)
        return {name: _numbers(name, part) for name, part in zip(self.returns, parts, strict=True)}

    def _course_function(self):
        return self.reference

    def _own_function(self, answer):
        """The function; several results as a tuple in the order of `returns`, whatever they come in; lists as arrays and
        numbers as the course's function gives them."""
        course = self.reference(*map(_copy, self.cases[0]))
        if len(self.returns) == 1:
            return in_arrays(answer, number=not np.ndim(course))

        def ordered(*arguments):
            raw = answer(*arguments)
            parts = (raw[name] for name in self.returns) if isinstance(raw, dict) else raw
            return tuple(np.asarray(part) if np.ndim(own) else part for part, own in zip(parts, course, strict=True))

        return functools.update_wrapper(ordered, answer)

    # ------------------------------------------------------------------------------------------ checking

    def _check(self, raw):
        answer = self.called(own_function(raw, self.wanted))
        wanted = self.values(self.reference, self.cases)
        try:
            got, printed = answer.values(self._points(self.cases))
        except Unusable as stopped:
            problem = stopped.__cause__.problem  # None where its time was up
            found = problem and self._listed(_as_plain_numbers(answer.results, wanted), problem, stopped.__cause__.line)
            if not found:
                raise
            return self._wrong(found)
        got = _as_plain_numbers(got, wanted)
        off = [i for i, (g, w) in enumerate(zip(got, wanted, strict=True)) if self._off(g, w)]
        if off:
            found = (
                self._listed(got)
                or self._loop_slip(got, wanted)
                or self._fixed_size(got, wanted)
                or self._scaled(got, wanted)
                or self._described(got[off[0]], wanted[off[0]], len(off) < len(got))
            )
        else:
            found = self._at_extremes(answer)
        if found:
            return self._wrong(found, printed=printed)
        return self._right(*changed_arguments(answer), printed=printed)

    def called(self, function: Callable) -> "CodeAnswer":
        """A student's function as it is called for the cases."""
        return CodeAnswer(self, function)

    def _points(self, cases):
        return [dict(zip(self.parameters, case, strict=True)) for case in cases]

    def _at_extremes(self, answer):
        """What goes wrong where the numbers get extreme; None if all is right there too."""
        cases = [extreme.arguments for extreme in self.extremes]
        points = self._points(cases)
        got, _ = answer.values(points)
        got, wanted = ([list(values.values()) for values in each] for each in (got, self.values(self.reference, cases)))
        bad = first_wrong(self.extremes, got, wanted, RTOL)
        return bad and (
            borne_out(bad[1], answer, points[bad[0]], self.extremes[bad[0]])
            or Recognition(
                "extreme_values",
                "Your function is right for ordinary numbers, but not for very large ones.",
                "Which numbers on the way become too large or too small for a float?",
            )
        )

    def _off(self, got, wanted):
        """The names of the results that are not right."""
        return [name for name in self.returns if not agree([got[name]], [wanted[name]], RTOL)]

    def _equal(self, got, values):
        """Whether these are the values of a mistake in several cases: they may be NaN, in the same places."""
        return all(
            mine[name].shape == others[name].shape
            and np.allclose(mine[name], others[name], rtol=RTOL, atol=1e-9, equal_nan=True)
            for mine, others in zip(got, values, strict=True)
            for name in self.returns
        )

    def _listed(self, got, problem=None, line=""):
        """The mistake that gives the student's values for the first cases and then stops with the very exception with
        which the student's code stopped, if it did; None if there is none."""

        if "broadcast" in str(problem) and not got and line and not self._multiplies(line):
            return None  # shapes that do not fit have many causes

        def leads_here(function):
            try:
                same = self._equal(got, self.values(function, self.cases[: len(got)]))
            except Exception:
                return False  # it stops earlier
            try:
                self.values(function, self.cases[len(got) : len(got) + 1])
            except Exception as stopped:
                return same and (type(stopped), str(stopped)) == (type(problem), str(problem))
            return same and problem is None

        return jointly([mistake for mistake in self.mistakes if any(map(leads_here, mistake.ways))])

    def _multiplies(self, line):
        """Whether the last parameter, the labels, is a factor in a line, whatever it is called there."""
        name = rf"\b(labels?|y|l|{self.parameters[-1]})\b(\[[^\]]*\])?"
        return bool(re.search(rf"\*\s*{name}|{name}\s*\*(?!\*)", line or ""))

    def _loop_slip(self, got, wanted):
        """A slip in the loop over the examples, the same in all results that are wrong."""
        if len(got) < len(wanted):
            return None
        counts = [{len(value) for value in case if np.ndim(value)} for case in self.cases]
        counts = [each.pop() for each in counts if len(each) == 1]
        found = {}
        for name in dict.fromkeys(n for g, w in zip(got, wanted, strict=True) for n in self._off(g, w)):

            def cut(parts, name=name):
                cases = zip(self.cases, parts, strict=True)
                some = [[value[part] if np.ndim(value) else value for value in case] for case, part in cases]
                return [values[name] for values in self.values(self.reference, some)]

            mine, right = ([values[name] for values in each] for each in (got, wanted))
            examples = (cut, counts) if len(counts) == len(got) and self.by_example else ()
            found[name] = slip_in(mine, right, RTOL, *examples)
        one = next(iter(found.values()), None)
        same = one and all(each and each.text == one.text for each in found.values())
        return Recognition(one.mistake, f"{in_list(list(found))}: {lower(one.text)}", one.hint) if same else None

    def _fixed_size(self, got, wanted):
        """A size that is written out, in the first result that is wrong."""
        name = self._off(got[0], wanted[0])[:1] or self._off(got[-1], wanted[-1])[:1]
        arrays = [[np.shape(value) for value in case if np.ndim(value)][0] for case in self.cases]
        if not name or len(got) < len(self.cases):
            return None
        sizes = [dict(zip("mk", shape, strict=False)) for shape in arrays]
        return fixed_size_in([g[name[0]] for g in got], [w[name[0]] for w in wanted], sizes)

    def _scaled(self, got, wanted):
        """Results that are the right ones, scaled or rounded, all that are wrong in the same way."""
        found = {}
        for name in self.returns:
            if any(name in self._off(g, w) for g, w in zip(got, wanted, strict=True)):
                found[name] = scaled_or_rounded([g[name] for g in got], [w[name] for w in wanted])
        one = next(iter(found.values()), None)
        if one is None or any(each != one for each in found.values()):
            return None
        return Recognition(one.mistake, f"{are(list(found))} {one.text}", one.hint)

    def _described(self, got, wanted, partly):
        """What is off in a case for which no listed mistake is the cause."""
        for name in self.returns:
            g, w = got[name], wanted[name]
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
        name = self._off(got, wanted)[0]
        return Recognition(
            "values",
            f"`{name}` is right for some of the data sets that the check tries, but not for all."
            if partly
            else f"`{name}` is not right yet: its shape is right, its values are not.",
            self.look.get(name, "Try your function on three examples that you can check by hand."),
        )


class CodeAnswer(Answer):
    """A student's function, called with the arguments of each case as they are."""

    def arguments(self, point: dict[str, Any]) -> dict[str, Any]:
        """The arguments of one call: whole numbers stay what they are, and texts too."""
        return {name: _copy(value) for name, value in point.items()}

    def read(self, raw: Any) -> Values:
        """What the function returned, by name."""
        return self.question.read(raw)

    def called_with(self, point: dict[str, Any]) -> str:
        """Nothing: a data set is no point."""
        return ""


def _as_plain_numbers(got, wanted):
    """Arrays of one entry as plain numbers, where numbers are wanted; as many cases as came."""
    return [
        {name: plain_numbers([g], [right[name]])[0] for name, g in values.items()}
        for values, right in zip(got, wanted, strict=False)
    ]


def _numbers(name, value):
    if is_placeholder(value) and not (isinstance(value, (list, tuple)) and len(value) == 0):  # no rows were selected
        raise NotAttempted
    try:
        if isinstance(value, (list, tuple, np.ndarray)) and (array := as_array(value)).dtype.kind == "b":
            value = array.astype(float)  # labels y == 6 are as good as 0 and 1
        return as_numbers(value)
    except Unusable as problem:
        raise Unusable(f"`{name}`: {problem.message}", problem.mistake, problem.status) from None


def _copy(value):
    if isinstance(value, dict):
        return {name: _copy(part) for name, part in value.items()}
    return value.copy() if isinstance(value, np.ndarray) else value
