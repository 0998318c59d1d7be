"""Exercises that are judged by a function of their own: a plan, an example, a claim.

A kind of exercise whose answers no formula and no table describes is a `JudgedQuestion` with its own `judge`. More of
them: `helpers.exercises.statements`, `helpers.exercises.gradient_check`, and the two of `helpers.challenges`.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from helpers.checking.answers import called
from helpers.checking.feedback import Feedback, Recognition, in_list
from helpers.checking.values import NotAttempted, Unusable, as_numbers, is_placeholder
from helpers.exercises.exercise import Exercise, Mistake, Reasons
from helpers.exercises.formula_question import Question
from helpers.formulas.derivation import Derivation
from helpers.formulas.text import shorten


class JudgedQuestion(Exercise):
    """An exercise whose check is a function from the answer to what is to be said of it.

    A kind defines `judge`. A function without arguments is called for the answer, unless the kind takes its answers
    `as_they_are`; what else is to be done with them first, it does in `read`.
    """

    as_they_are = False

    def read(self, answer: Any) -> tuple[Any, str]:
        """(what there is to judge, what the student's code printed). Raises Unusable."""
        return (answer, "") if self.as_they_are else called(answer, self.wanted)

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


def verdict_of(value: Any, yes: Collection[str], no: Collection[str]) -> bool | None:
    """The verdict that a word or a truth value says; None if it says none."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    word = value.strip().strip(".!()").lower() if isinstance(value, str) else ""
    return True if word in yes else False if word in no else None


# ------------------------------------------------------------------------------------------------ a plan


@dataclass(frozen=True)
class Job:
    """One job. `part`: the part of the data that does it; `wrong`: for each other part the id of the mistake
    and what is wrong with it; `because`: why the right one is right; `asked`: whether a plan without it is complete,
    as those were that were written before it came to the question."""

    name: str
    part: str
    wrong: Mapping[str, tuple[str, str]]
    because: str
    asked: bool = True


@dataclass(eq=False, repr=False)
class PlanQuestion(JudgedQuestion):
    """Which part of the data does which job? Answered with a dict, job -> part: {"set the weights": "training", …}."""

    jobs: Sequence[Job]

    def __post_init__(self):
        super().__post_init__()
        self.parameters = tuple(job.name for job in self.jobs)
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
        missing = [job.name for job in self.jobs if job.name not in plan and (job.asked or job.name in given)]
        if missing:
            return Feedback("wrong", f"Right so far. Still open: {in_list(missing)}.", "incomplete")
        return Feedback("correct", "That is right: every part of the data does its own job.")

    def _words(self, given):
        """The plan, as far as it is filled in. Raises Unusable if it names an unknown job or part."""
        if not isinstance(given, dict):
            raise Unusable(f"Hand in {self.wanted}.", "unreadable")
        plan = {job: part for job, part in given.items() if not is_placeholder(part)}
        unknown = [job for job in plan if job not in self.parameters]
        if unknown:
            known = in_list(self.parameters)
            text = f"There is no job {shorten(repr(unknown[0]), 40)}; the jobs are {known}."
            raise Unusable(text, "unknown_name")
        words = {job: str(part).strip().lower() for job, part in plan.items()}
        parts = {job.name: (job.part, *job.wrong) for job in self.jobs}
        for job, word in words.items():
            if word not in parts[job]:
                text = f"For {job!r} write one of {in_list(sorted(parts[job]))}, not {shorten(repr(plan[job]), 30)}."
                raise Unusable(text, "unknown_part")
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
            raise Unusable(f"Hand in {self.wanted}.", "unreadable")
        if missing := [name for name, values in zip(self.parameters, given, strict=True) if is_placeholder(values)]:
            raise Unusable(f"`{missing[0]}` is still missing.", "unreadable")
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
        if low > mean - self.gap + 1e-9:  # 0.75 − 0.74 is 0.01 up to rounding
            return Recognition(
                "too_close",
                f"The mean F1 is {low:.4f}, only {100 * (mean - low):.2f} points below {mean:.4f}.",
                "Let P and R differ more in one class, and the other way round in another.",
            )
        return Feedback("correct", f"That is right: the means of P and R are {mean:.4f}, and the mean F1 is {low:.4f}.")


# ------------------------------------------------------------------------------------------- a claim

_YES = {"yes", "true", "it changes", "changes", "y"}
_NO = {"no", "false", "it does not change", "does not change", "unchanged", "n"}


@dataclass(eq=False, repr=False)
class ChangesClaim(JudgedQuestion):
    """Does a quantity change with a parameter? Answered with yes or no *and* a counterexample or a proof.

    slope      the Question for the quantity itself, a function of `slope.parameters`
    rate       the Question for its derivative with respect to `variable`: the proof
    variable   the parameter in question

    Answers: `{"changes": True, "counterexample": {…}}` with a number for every parameter and a second one for
    the variable (`"b2_new"`, or `"b2": (0, 1)`), or `{"changes": True, "proof": formula or function}`; the
    rate alone, as a formula or function, is taken as a proof.
    """

    slope: Question
    rate: Question
    variable: str

    parameters = ("changes", "counterexample")
    as_they_are = True  # a function is a proof
    wanted = "a dictionary with the keys 'changes' and 'counterexample' or 'proof'"

    def __post_init__(self):
        super().__post_init__()
        self.hints = (
            f"Does `{self.variable}` stand anywhere in the formula, also hidden in a name such as z2?",
            f"Choose easy numbers, change only `{self.variable}`, and evaluate the formula twice.",
            *self.rate.hints[:1],
        )
        self._no_change = Recognition(
            "no_change",
            f"It does change. `{self.variable}` need not be written in a formula to be in it: look at what the "
            "pre-activations contain.",
        )

    @property
    def solution(self) -> Derivation:
        """The derivation of the rate."""
        return self.rate.solution

    def check_steps(self, lines: Any, record: bool = True) -> Feedback:
        """The lines of a proof: those of the derivation of the rate."""
        return self.rate.check_steps(lines, record=record)

    def judge(self, given: Any) -> Recognition | Feedback:
        """The verdict together with its reason."""
        if is_placeholder(given):
            raise NotAttempted
        if not isinstance(given, dict):
            verdict = verdict_of(given, _YES, _NO)
            return self._with_proof(True, given) if verdict is None else self._without_reason(verdict)
        parts = {str(key).strip().lower(): value for key, value in given.items()}
        verdict = verdict_of(_first(parts, "changes", "verdict", "answer"), _YES, _NO)
        example, proof = _first(parts, "counterexample", "example"), _first(parts, "proof", "derivative", "reason")
        if example is not None:
            return self._with_example(verdict, example)
        if proof is not None:
            return self._with_proof(verdict, proof)
        if verdict is None and set(self.slope.parameters) <= set(parts):
            return self._with_example(True, parts)
        return self._without_reason(verdict)

    def _without_reason(self, verdict):
        if verdict is None:
            raise Unusable("Say under the key 'changes' whether it changes, True or False.", "no_verdict")
        text = "The verdict is right, but it needs a reason: give a counterexample or a proof."
        return Recognition("no_reason", text) if verdict else self._no_change

    def _with_example(self, verdict, example):
        before, after = self._two_points(example)
        if before == after:
            return Recognition("same_value", f"Both values of `{self.variable}` are the same: nothing was changed.")
        if verdict is False:
            return self._no_change
        one, two = (float(value) for value in self.slope.truth([before, after]))
        largest = max(abs(one), abs(two))
        if abs(one - two) <= 1e-9 * largest or largest <= 1e-200:
            zero = [name for name in self.slope.parameters if name.startswith("w") and before[name] == 0]
            why = f" With {zero[0]} = 0 nothing reaches the output." if zero else ""
            return Recognition(
                "equal_values",
                f"In this example the two values are equal, or too close to be told apart, so it shows nothing.{why} "
                "Choose other numbers.",
            )
        if verdict is None:
            text = "The example shows it. Now state the verdict too: 'changes': True or False."
            return Recognition("no_verdict", text)
        return Feedback(
            "correct",
            "That is right: one example in which the value changes is enough to refute the claim that it does not.",
        )

    def _two_points(self, example):
        """The numbers of a counterexample, before and after the change. Raises Unusable."""
        names, variable = self.slope.parameters, self.variable
        if not isinstance(example, dict):
            raise Unusable(
                f"Write the counterexample as a dictionary with a number for each of {', '.join(names)} and "
                f"'{variable}_new'.",
                "unreadable",
            )
        values = {str(key): value for key, value in example.items()}
        missing = [name for name in names if is_placeholder(values.get(name))]
        if missing:
            raise Unusable(f"The counterexample has no value for {', '.join(missing)}.", "missing_value")
        numbers = {name: as_numbers(values[name]) for name in names}
        old, *second = numbers[variable].ravel()
        new = _first(values, f"{variable}_new", f"new_{variable}", f"{variable}new")
        delta = _first(values, f"delta_{variable}", f"d{variable}", f"Delta_{variable}", f"Δ{variable}")
        if new is None and delta is not None:
            new = old + as_numbers(delta)
        elif new is None and len(second) == 1:
            numbers[variable], new = old, second[0]
        if new is None:
            text = f"The counterexample needs a second value of {variable}, as '{variable}_new'."
            raise Unusable(text, "missing_value")
        before = {name: _one_number(value, name) for name, value in numbers.items()}
        return before, {**before, variable: _one_number(as_numbers(new), variable + "_new")}

    def _with_proof(self, verdict, proof):
        if isinstance(proof, str) and len(proof.split()) > 2 and not any(sign in proof for sign in "*/+-("):
            return Recognition(
                "no_reason",
                "A reason in words cannot be checked here: give a counterexample with numbers, or the derivative as a "
                "formula.",
            )
        feedback = self.rate._check(proof)
        if feedback.mistake == "zero":
            return self._no_change
        if not feedback:
            text = f"Your derivative of the slope is not right. {feedback.message}"
            return Feedback(feedback.status, text, feedback.mistake)  # with the hints of the rate's own question
        if verdict is False:
            text = "Your derivative is right, but it is not zero: what does that say about the verdict?"
            return Recognition("verdict_contradicts_proof", text)
        if verdict is None:
            text = "The derivative is right. Now state the verdict too: 'changes': True or False."
            return Recognition("no_verdict", text)
        return Feedback(
            "correct", f"That is right: the derivative with respect to {self.variable} is not zero, unless a weight is."
        )


def _first(values, *names):
    """What stands under the first of these names that is filled in; None if none is."""
    return next((values[name] for name in names if not is_placeholder(values.get(name))), None)


def _one_number(value, name):
    if np.size(value) != 1 or not np.all(np.isfinite(value)):
        raise Unusable(f"The value of {name} in the counterexample is not one finite number.", "not_a_number")
    return float(np.ravel(value)[0])
