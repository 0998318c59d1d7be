"""Yes/no questions that count only together with a reason that can be checked."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.checking.feedback import Feedback, Recognition
from helpers.checking.values import NotAttempted, Unusable, as_numbers, is_placeholder
from helpers.exercises.formula_question import Question
from helpers.exercises.judged import JudgedQuestion
from helpers.formulas.derivation import Derivation

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

    def check_steps(self, lines: Any) -> Feedback:
        """The lines of a proof: those of the derivation of the rate."""
        return self.rate.check_steps(lines)

    def read(self, answer: Any) -> tuple[Any, str]:
        """The answer as it is: a function is a proof."""
        if is_placeholder(answer):
            raise NotAttempted
        return answer, ""

    def judge(self, given: Any) -> Recognition | Feedback:
        """The verdict together with its reason."""
        if not isinstance(given, dict):
            verdict = _as_verdict(given)
            return self._with_proof(True, given) if verdict is None else self._without_reason(verdict)
        parts = {str(key).strip().lower(): value for key, value in given.items()}
        verdict = _as_verdict(_first(parts, "changes", "verdict", "answer"))
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
            raise Unusable("error", "Say under the key 'changes' whether it changes, True or False.", "no_verdict")
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
                "error",
                f"Write the counterexample as a dictionary with a number for each of {', '.join(names)} and "
                f"'{variable}_new'.",
                "unreadable",
            )
        values = {str(key): value for key, value in example.items()}
        missing = [name for name in names if is_placeholder(values.get(name))]
        if missing:
            raise Unusable("error", f"The counterexample has no value for {', '.join(missing)}.", "missing_value")
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
            raise Unusable("error", text, "missing_value")
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


def _as_verdict(value):
    """True, False, or None if it is neither."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    word = value.strip().strip(".!").lower() if isinstance(value, str) else ""
    return True if word in _YES else False if word in _NO else None


def _one_number(value, name):
    if np.size(value) != 1 or not np.all(np.isfinite(value)):
        raise Unusable("error", f"The value of {name} in the counterexample is not one finite number.", "not_a_number")
    return float(np.ravel(value)[0])
