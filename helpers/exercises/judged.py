"""Exercises that are judged by a function of their own: a plan, an example, a gradient check.

A kind of exercise whose answers no formula and no table describes is a `JudgedQuestion` with its own `judge`. More of
them: `helpers.exercises.statements`, `helpers.exercises.claims`, and the two of `helpers.challenges`.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from helpers.checking.answers import Answer
from helpers.checking.difference_quotients import MISTAKES, STEP, TRIALS, recognise_difference, strict
from helpers.checking.feedback import Feedback, Recognition, in_list
from helpers.checking.tables import called
from helpers.checking.values import Unusable, as_numbers, is_placeholder
from helpers.exercises.exercise import Exercise, Mistake, Reasons, own_function
from helpers.formulas.derivation import Derivation
from helpers.formulas.text import shorten


class JudgedQuestion(Exercise):
    """An exercise whose check is a function from the answer to what is to be said of it.

    A kind defines `judge`; where an answer is not a value, or a function without arguments that returns it, also `read`.
    """

    def read(self, answer: Any) -> tuple[Any, str]:
        """(what there is to judge, what the student's code printed). Raises Unusable."""
        return called(answer, self.wanted)

    def judge(self, given: Any) -> Recognition | Feedback:
        """A Recognition of what is wrong, or a Feedback that is to be given as it is."""
        raise NotImplementedError

    def _check(self, answer):
        given, printed = self.read(answer)
        found = self.judge(given)
        if isinstance(found, Recognition):
            return self._wrong(found, printed=printed)
        if found:
            self.forget()
        return dataclasses.replace(found, printed=printed)


# ------------------------------------------------------------------------------------------------ a plan


@dataclass(frozen=True)
class Job:
    """One job. `part`: the part of the data that does it; `wrong`: for each other part the id of the mistake
    and what is wrong with it; `because`: why the right one is right."""

    name: str
    part: str
    wrong: Mapping[str, tuple[str, str]]
    because: str


@dataclass(eq=False, repr=False)
class PlanQuestion(JudgedQuestion):
    """Which part of the data does which job? Answered with a dict, job -> part: {"set the weights": "training", …}."""

    jobs: Sequence[Job]

    def __post_init__(self):
        super().__post_init__()
        self.parameters = tuple(job.name for job in self.jobs)
        self.parts = tuple(dict.fromkeys(part for job in self.jobs for part in (job.part, *job.wrong)))
        self.solution = Reasons(f"{job.name}: {job.part}. {job.because}" for job in self.jobs)
        right = {job.name: job.part for job in self.jobs}
        self.mistakes = tuple(
            Mistake(name, text, {**right, job.name: part})
            for job in self.jobs
            for part, (name, text) in job.wrong.items()
        )

    @property
    def wanted(self) -> str:
        """What to hand in, for messages."""
        return f"a dictionary with the keys {in_list(self.parameters)}"

    def judge(self, given: Any) -> Recognition | Feedback:
        """The first job that has a wrong part, or the jobs that are still open."""
        plan = self._words(given)
        for job in self.jobs:
            part = plan.get(job.name, job.part)
            if part != job.part:
                return Recognition(*job.wrong[part])
        missing = [name for name in self.parameters if name not in plan]
        if missing:
            return Feedback("wrong", f"Right so far. Still open: {in_list(missing)}.", "incomplete")
        return Feedback("correct", "That is right: every part of the data does its own job.")

    def _words(self, given):
        """The plan, as far as it is filled in. Raises Unusable if it names an unknown job or part."""
        if not isinstance(given, dict):
            raise Unusable("error", f"Hand in {self.wanted}.", "unreadable")
        plan = {job: part for job, part in given.items() if not is_placeholder(part)}
        unknown = [job for job in plan if job not in self.parameters]
        if unknown:
            known = in_list(self.parameters)
            text = f"There is no job {shorten(repr(unknown[0]), 40)}; the jobs are {known}."
            raise Unusable("error", text, "unknown_name")
        words = {job: str(part).strip().lower() for job, part in plan.items()}
        for job, word in words.items():
            if word not in self.parts:
                text = f"For {job!r} write one of {in_list(self.parts)}, not {shorten(repr(plan[job]), 30)}."
                raise Unusable("error", text, "unknown_part")
        return words


# ------------------------------------------------------------------------------------------- an example


@dataclass(eq=False, repr=False)
class AveragesExample(JudgedQuestion):
    """Find precision and recall of some classes, (P, R), with equal means and a lower mean F1.

    classes   how many classes are asked for
    gap       how far the mean F1 must be below the equal means, a share
    why       sentences for the solution
    """

    _: KW_ONLY
    classes: int
    gap: float
    why: Sequence[str]

    parameters = ("P", "R")
    wanted = "a pair of lists, `(my_P, my_R)`"

    def __post_init__(self):
        super().__post_init__()
        self.solution = Reasons(self.why)

    def judge(self, given: Any) -> Recognition | Feedback:
        """The first thing that the example lacks."""
        if isinstance(given, dict):
            given = tuple(given.get(name) for name in self.parameters)
        if not isinstance(given, (tuple, list, np.ndarray)) or len(given) != 2:
            raise Unusable("error", f"Hand in {self.wanted}.", "unreadable")
        P, R = map(as_numbers, given)
        for name, values in (("P", P), ("R", R)):
            if values.shape != (self.classes,):
                return Recognition("shape", f"`{name}` needs {self.classes} numbers, one for each class.")
            if not np.all((values >= 0) & (values <= 1)):
                percent = " Write 0.9, not 90." if np.any(values > 1) else ""
                return Recognition("range", f"A number in `{name}` is not between 0 and 1.{percent}")
        if np.any(P + R == 0):
            text = "In one class P and R are both 0: F1 is 0/0 there. Choose another number."
            return Recognition("both_zero", text)
        if abs(P.mean() - R.mean()) > 1e-6:
            return Recognition(
                "means_differ",
                f"The means differ: {P.mean():.4f} for P and {R.mean():.4f} for R.",
                "Use the same numbers for P and R, in another order.",
            )
        if np.allclose(P, R):
            return Recognition(
                "all_equal",
                "In each class P and R are equal, so each F1 is the same number, and so are the means.",
                "Where P and R differ, F1 is below their ordinary mean.",
            )
        low, mean = np.mean(2 * P * R / (P + R)), P.mean()
        if low > mean - self.gap:
            return Recognition(
                "too_close",
                f"The mean F1 is {low:.4f}, only {100 * (mean - low):.2f} points below {mean:.4f}.",
                "Let P and R differ more in one class, and the other way round in another.",
            )
        return Feedback("correct", f"That is right: the means of P and R are {mean:.4f}, and the mean F1 is {low:.4f}.")


# --------------------------------------------------------------------------------------- a gradient check


@dataclass(eq=False, repr=False)
class GradientCheckQuestion(JudgedQuestion):
    """Write `numerical_gradient(f, p, h)`. It is called with functions whose gradients are known, at arrays of one
    and of two dimensions."""

    solution: Derivation

    parameters = ("f", "p", "h")
    wanted = "the function itself, as in `check(numerical_gradient)`"
    form = "a function of `(f, p, h)`"
    mistakes = tuple(Mistake(name, what, *ways, hint=hint) for name, (what, hint, *ways) in MISTAKES.items())

    def read(self, answer: Any) -> tuple["_Trials", str]:
        """What the function returns for each of the TRIALS, and where it takes f."""
        calls = "it is called with a function, an array and a small number"
        trials = _Trials(self, own_function(answer, calls, "numerical_gradient"))
        return trials, trials.printed

    def judge(self, trials: "_Trials") -> Recognition | Feedback:
        """What is wrong with the values, or with the points at which f is taken."""
        found = recognise_difference(trials.got, trials.taken, "p" in trials.changed)
        if found:
            return found
        notes = ["That is right."]
        if trials.touched:
            notes.append(
                "But p comes back changed in its last digit: keep the old value, `old = p[i]`, and put it back."
            )
        if not trials.takes_whole_numbers():
            notes.append(
                "Try it on an array of whole numbers, though: NumPy cuts off the decimals that are put into one. "
                "`p = p.astype(float)` at the start helps."
            )
        return Feedback("correct", " ".join(notes))


class _Trials(Answer):
    """A student's gradient check, called for each of the TRIALS.

    got       what it returned for each of them; `printed` what it printed
    taken     the points at which it took f in each
    touched   whether it left an array changed, by no more than a rounding error
    """

    def __init__(self, question: GradientCheckQuestion, function: Callable):
        self.touched = False
        super().__init__(question, function)
        self.taken = [[] for _ in TRIALS]
        points = [
            {"f": strict(f, p, taken), "p": p, "h": STEP} for (f, _, p), taken in zip(TRIALS, self.taken, strict=True)
        ]
        self.got, self.printed = self.values(points)

    def arguments(self, point: dict[str, Any]) -> dict[str, Any]:
        """The arguments of one call, the array copied."""
        return {**point, "p": point["p"].copy()}

    def differ(self, before: np.ndarray, after: np.ndarray) -> bool:
        """Whether an array has been changed by more than a rounding error."""
        self.touched = self.touched or not np.array_equal(before, after)
        return before.shape != after.shape or not np.allclose(before, after, rtol=1e-12, atol=1e-12)

    def takes_whole_numbers(self) -> bool:
        """Whether it is right at an array of whole numbers too: NumPy cuts off what is put into one."""
        point = {"f": lambda p: float(np.sum(np.asarray(p, dtype=float) ** 2)), "p": np.array([3, 5]), "h": STEP}
        try:
            (got,), _ = self.values([point])
        except Unusable:
            return False
        return got.shape == (2,) and np.allclose(got, [6, 10], rtol=1e-4)
