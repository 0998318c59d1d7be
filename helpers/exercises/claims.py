"""Yes/no questions that count only together with a reason that can be checked."""

from collections import Counter

import numpy as np

from helpers import check_log
from helpers.checking.feedback import Feedback
from helpers.checking.values import NOT_ATTEMPTED, Unusable, as_numbers, is_placeholder

_YES = {"yes", "true", "it changes", "changes", "y"}
_NO = {"no", "false", "it does not change", "does not change", "unchanged", "n"}


class ChangesClaim:
    """Does a quantity change with a parameter? Answered with yes or no *and* a counterexample or a proof.

    slope      the Question for the quantity itself, a function of `slope.parameters`
    rate       the Question for its derivative with respect to `variable`: the proof
    variable   the parameter in question

    Answers: `{"changes": True, "counterexample": {…}}` with a number for every parameter and a second one for
    the variable (`"b2_new"`, or `"b2": (0, 1)`), or `{"changes": True, "proof": formula or function}`; the
    rate alone, as a formula or function, is taken as a proof.
    """

    parameters = ("changes", "counterexample")

    def __init__(self, key, title, statement, slope, rate, variable):
        self.key, self.title, self.statement = key, title, statement
        self.slope, self.rate, self.variable = slope, rate, variable
        self.mistakes = ()
        self._times_wrong = Counter()

    def __repr__(self):
        return f"Question {self.key}: {self.title}"

    @property
    def hints(self):
        return (
            f"Does `{self.variable}` stand anywhere in the formula, also hidden in a name such as z2?",
            f"Choose easy numbers, change only `{self.variable}`, and evaluate the formula twice.",
            *self.rate.hints[:1],
        )

    @property
    def solution(self):
        return self.rate.solution

    @property
    def help(self):
        return self.rate.help

    @property
    def anchor(self):
        return "#" + self.title.replace(" ", "-")

    def check(self, answer):
        """A Feedback; never raises. See the class for the forms of an answer."""
        try:
            feedback = self._check(answer)
        except Unusable as problem:
            feedback = Feedback(problem.status, problem.message, problem.mistake)
        except BaseException:
            feedback = Feedback(
                "error",
                "This answer could not be read. Hand in a dictionary with the keys 'changes' and 'counterexample' or "
                "'proof'.",
                "unreadable",
            )
        if feedback.status == "wrong":
            self._times_wrong[feedback.mistake] += 1
            times = self._times_wrong[feedback.mistake]
            if times > 1 and " Hint: " not in feedback.message:  # the derivative's own question gives hints too
                hint = self.hints[min(times - 2, len(self.hints) - 1)]
                feedback = Feedback("wrong", f"{feedback.message} Hint: {hint}", feedback.mistake)
        check_log.record(self.key, feedback.status, feedback.mistake)
        return feedback

    def check_steps(self, lines):
        """The lines of a proof: those of the derivation of the rate."""
        return self.rate.check_steps(lines)

    def _check(self, answer):
        if is_placeholder(answer):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if isinstance(answer, dict):
            given = {str(key).strip().lower(): value for key, value in answer.items()}
            verdict = _as_verdict(given.get("changes", given.get("verdict", given.get("answer"))))
            for name in ("counterexample", "example"):
                if not is_placeholder(given.get(name)):
                    return self._with_example(verdict, given[name])
            for name in ("proof", "derivative", "reason"):
                if not is_placeholder(given.get(name)):
                    return self._with_proof(verdict, given[name])
            if verdict is None and {*self.slope.parameters} <= set(given):
                return self._with_example(True, given)
            return self._without_reason(verdict)
        verdict = _as_verdict(answer)
        return self._with_proof(True, answer) if verdict is None else self._without_reason(verdict)

    def _without_reason(self, verdict):
        if verdict is None:
            raise Unusable("error", "Say under the key 'changes' whether it changes, True or False.", "no_verdict")
        if not verdict:
            return self._no_change()
        return Feedback(
            "wrong", "The verdict is right, but it needs a reason: give a counterexample or a proof.", "no_reason"
        )

    def _no_change(self):
        return Feedback(
            "wrong",
            f"It does change. `{self.variable}` need not be written in a formula to be in it: look at what the "
            "pre-activations contain.",
            "no_change",
        )

    def _with_example(self, verdict, example):
        before, after = self._two_points(example)
        if before[self.variable] == after[self.variable]:
            return Feedback(
                "wrong", f"Both values of `{self.variable}` are the same: nothing was changed.", "same_value"
            )
        one, two = (float(value) for value in self.slope.truth([before, after]))
        differs = abs(one - two) > 1e-9 * max(abs(one), abs(two)) and max(abs(one), abs(two)) > 1e-200
        if verdict is False:
            return self._no_change()
        if not differs:
            zero = [name for name in self.slope.parameters if name.startswith("w") and before[name] == 0]
            why = f" With {zero[0]} = 0 nothing reaches the output." if zero else ""
            return Feedback(
                "wrong",
                f"In this example the two values are equal, or too close to be told apart, so it shows nothing.{why} "
                "Choose other numbers.",
                "equal_values",
            )
        if verdict is None:
            return Feedback(
                "wrong", "The example shows it. Now state the verdict too: 'changes': True or False.", "no_verdict"
            )
        return Feedback(
            "correct",
            "That is right: one example in which the value changes is enough to refute the claim that it does not.",
        )

    def _two_points(self, example):
        if not isinstance(example, dict):
            raise Unusable(
                "error",
                "Write the counterexample as a dictionary with a number for each of "
                f"{', '.join(self.slope.parameters)} and '{self.variable}_new'.",
                "unreadable",
            )
        names, variable = self.slope.parameters, self.variable
        values = {str(key): value for key, value in example.items() if not is_placeholder(value)}
        new = next(
            (values[name] for name in (f"{variable}_new", f"new_{variable}", f"{variable}new") if name in values), None
        )
        delta = next(
            (
                values[name]
                for name in (f"delta_{variable}", f"d{variable}", f"Delta_{variable}", f"Δ{variable}")
                if name in values
            ),
            None,
        )
        missing = [name for name in names if name not in values]
        if missing:
            raise Unusable("error", f"The counterexample has no value for {', '.join(missing)}.", "missing_value")
        numbers = {name: as_numbers(values[name]) for name in names}
        pair = numbers[variable].ravel()
        if pair.size == 2 and new is None and delta is None:
            numbers[variable], new = pair[0], pair[1]
        elif delta is not None and new is None:
            new = pair[0] + as_numbers(delta)
        if new is None:
            raise Unusable(
                "error", f"The counterexample needs a second value of {variable}, as '{variable}_new'.", "missing_value"
            )
        before = {name: _one_number(value, name) for name, value in numbers.items()}
        return before, {**before, variable: _one_number(as_numbers(new), variable + "_new")}

    def _with_proof(self, verdict, proof):
        if isinstance(proof, str) and len(proof.split()) > 2 and not any(sign in proof for sign in "*/+-("):
            return Feedback(
                "wrong",
                "A reason in words cannot be checked here: give a counterexample with numbers, or the derivative as a "
                "formula.",
                "no_reason",
            )
        feedback = type(self.rate)._check(self.rate, proof)
        if feedback.status != "correct":
            if feedback.mistake == "zero":
                return Feedback("wrong", self._no_change().message, "no_change")
            return Feedback(
                feedback.status, "Your derivative of the slope is not right. " + feedback.message, feedback.mistake
            )
        if verdict is False:
            return Feedback(
                "wrong",
                "Your derivative is right, but it is not zero: what does that say about the verdict?",
                "verdict_contradicts_proof",
            )
        if verdict is None:
            return Feedback(
                "wrong", "The derivative is right. Now state the verdict too: 'changes': True or False.", "no_verdict"
            )
        return Feedback(
            "correct", f"That is right: the derivative with respect to {self.variable} is not zero, unless a weight is."
        )


def _as_verdict(value):
    """True, False, or None if it is neither."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, str):
        word = value.strip().strip(".!").lower()
        return True if word in _YES else False if word in _NO else None
    return None


def _one_number(value, name):
    if np.size(value) != 1 or not np.all(np.isfinite(value)):
        raise Unusable("error", f"The value of {name} in the counterexample is not one finite number.", "not_a_number")
    return float(np.ravel(value)[0])
