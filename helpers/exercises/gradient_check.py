"""The exercise of writing a gradient check: a function that is called with functions and arrays of ours."""

import numpy as np

from helpers.checking.answers import Answer
from helpers.checking.difference_quotients import MISTAKES, STEP, TRIALS, recognise_difference, strict
from helpers.checking.feedback import Feedback
from helpers.checking.values import NOT_ATTEMPTED, Unusable, as_numbers, is_placeholder
from helpers.exercises.exercise import Exercise
from helpers.exercises.working import line_mistake


class GradientCheckQuestion(Exercise):
    """Write `numerical_gradient(f, p, h)`. The checker calls it with functions whose gradients are known,
    at arrays of one and of two dimensions."""

    parameters = ("f", "p", "h")
    signature = "(f, p, h)"
    wanted = "the function itself, as in `check(numerical_gradient)`"

    def __init__(self, key, title, statement, *, derivation, hints, section=None):
        super().__init__(key, title, statement, hints, section)
        self.solution = derivation
        self.mistakes = tuple(line_mistake(name, row[0], hint=row[1]) for name, row in MISTAKES.items())

    def __repr__(self):
        return f"Question {self.key}: {self.title} — answer with a function of (f, p, h)"

    def _repr_markdown_(self):
        return f"**{self.title}.** {self.statement}"

    def check(self, answer):
        """Call `answer(f, p, h)` and compare what it returns with the gradients of f; returns a Feedback,
        never raises."""
        return super().check(answer)

    def _check(self, raw):
        if is_placeholder(raw):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if isinstance(raw, (Exercise, str)) or not callable(raw):
            raise Unusable(
                "error",
                f"Hand in {self.wanted}: it is called with a function, an array and a small number.",
                "not_a_function",
            )
        answer = _Called(self, raw)
        taken = [[] for _ in TRIALS]
        got, printed = answer.values(
            [{"f": strict(f, p, points), "p": p, "h": STEP} for (f, _, p), points in zip(TRIALS, taken, strict=True)]
        )
        found = recognise_difference(got, taken, "p" in answer.changed)
        if found:
            return Feedback("wrong", self._leading_on(found), found.mistake, printed=printed)
        self._times_seen.clear()
        digit = (
            " But p comes back changed in its last digit: keep the old value, `old = p[i]`, and put it back."
            if answer.touched
            else ""
        )
        return Feedback("correct", f"That is right.{digit}{self._whole_numbers(answer)}", printed=printed)

    def _whole_numbers(self, answer):
        """A note if an array of whole numbers brings it down: NumPy cuts off what is put into such an
        array."""
        try:
            got = answer.values(
                [{"f": lambda p: float(np.sum(np.asarray(p, dtype=float) ** 2)), "p": np.array([3, 5]), "h": STEP}]
            )[0][0]
            right = got.shape == (2,) and np.allclose(got, [6, 10], rtol=1e-4)
        except Unusable:
            right = False
        return (
            ""
            if right
            else (
                " Try it on an array of whole numbers, though: NumPy cuts off the decimals "
                "that are put into one. `p = p.astype(float)` at the start helps."
            )
        )


class _Called(Answer):
    """A student's function, called with a function, a copy of an array and a step. `touched`: whether it left
    the array changed by no more than a rounding error."""

    touched = False

    def values(self, points, seconds=None):
        from helpers.checking import sandbox
        from helpers.checking.answers import calling

        call, current = calling(self.answer, self.question), {}

        def work():
            results = []
            for point in points:
                current["point"] = {"p": point["p"], "h": point["h"]}
                p = point["p"].copy()
                raw = call({**point, "p": p})
                if p.shape != point["p"].shape or not np.allclose(p, point["p"], rtol=1e-12, atol=1e-12):
                    self.changed.add("p")
                elif not np.array_equal(p, point["p"]):
                    self.touched = True
                if is_placeholder(raw):
                    raise _nothing(self.answer)
                results.append(as_numbers(raw))
            return results

        try:
            return sandbox.run(work, seconds)
        except sandbox.Failure as failure:
            raise self._explained(failure, current.get("point")) from None


def _nothing(function):
    from helpers.checking.values import does_nothing

    if does_nothing(function):
        return Unusable("not attempted", NOT_ATTEMPTED)
    return Unusable("error", "Your function returned None: is the line with `return` missing?", "no_return")
