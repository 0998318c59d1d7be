"""Exercises that ask for a whole training loop: a function that takes data and first parameters and returns trained ones.

    def my_training(X, y, start, rate, epochs):
        …
        return parameters, costs

    question.check(my_training)

`start` and `parameters` are dictionaries of the four parameters of a small network, `costs` has a number for each epoch.
"""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from helpers.checking.feedback import in_list, jointly, recognised
from helpers.checking.values import Unusable
from helpers.exercises.code_question import CodeAnswer, CodeQuestion, Values


@dataclass(eq=False, repr=False)
class TrainingQuestion(CodeQuestion):
    """One exercise: write a training loop. `reference` returns the parameters one after the other, and the costs.

    small      further tuples of arguments, at which gradients are 0 or very small; looked at where all others are right
    variants   functions as the reference that are right too, and differ from it at the `small` ones only
    advice     a sentence for code that stops because two shapes do not fit
    returns    the names of the parameters in their order, and then "costs"
    """

    _: KW_ONLY
    small: Sequence[tuple] = ()
    variants: Sequence[Callable] = ()
    advice: str = ""

    @property
    def wanted(self) -> str:
        """What to hand in, for messages."""
        return f"a function of {self.signature} that returns parameters and costs"

    def read(self, raw: Any) -> Values:
        """The parameters that came, by name, and the costs; Unusable if that is impossible."""
        names = self.returns[:-1]
        if isinstance(raw, (tuple, list)) and len(raw) == 2:
            parameters, costs = raw
            if isinstance(parameters, dict):
                if missing := [name for name in names if name not in parameters]:
                    raise Unusable(
                        f"The dictionary that your function returns has no {in_list(missing)}.", "missing_names"
                    )
                parameters = [parameters[name] for name in names]
            if isinstance(parameters, (tuple, list)) and len(parameters) == len(names):
                return super().read((*parameters, costs))
        elif isinstance(raw, (tuple, list)) and len(raw) == len(self.returns):
            return super().read(tuple(raw))
        text = "Your function must return two things, `return parameters, costs`: a dictionary and a list."
        raise Unusable(text, "number_of_results")

    def called(self, function: Callable) -> "_TrainingAnswer":
        """A student's function as it is called for the cases."""
        return _TrainingAnswer(self, function)

    # ------------------------------------------------------------------------------------------ in use

    def _course_function(self):
        return self._named(self.reference)

    def _own_function(self, answer):
        return self._named(answer)

    def _named(self, function):
        """The function; what it returns as ({name: parameter}, array of costs), whatever it came in."""

        def trained(X, y, start, rate, epochs):
            values = self.read(function(X, y, start, rate, epochs))
            *names, costs = self.returns
            parameters = {name: np.reshape(values[name], np.shape(start[name]))[()] for name in names}
            return parameters, values[costs]

        return trained

    # ------------------------------------------------------------------------------------------ checking

    def _at_extremes(self, answer):
        """What is wrong with a loop that is right for ordinary numbers: it changes `start`, or small gradients are too much
        for it."""
        return self._changed_start(answer) or (self._small_gradients(answer) if self.small else None)

    def _changed_start(self, answer):
        changed = answer.changed_start()
        return jointly([mistake for mistake in self.mistakes if mistake.id == changed])

    def _small_gradients(self, answer):
        got, _ = answer.values(self._points(self.small))
        for right in (self.reference, *self.variants):
            if self._equal(got, self.values(right, self.small)):
                return None
        ways = ((mistake, way) for mistake in self.mistakes for way in mistake.ways)
        found = [mistake for mistake, way in ways if self._equal(got, self.values(way, self.small))]
        return jointly(found) or recognised("small_gradients")


class _TrainingAnswer(CodeAnswer):
    """A student's training loop, called for each case; it remembers which `start` it handed over."""

    def __init__(self, question: TrainingQuestion, function: Callable):
        self._calls = []  # the dictionary of a call, what was in it, and what that was worth
        super().__init__(question, function)

    def arguments(self, point: dict[str, Any]) -> dict[str, Any]:
        """The arguments of one call, all of them copies."""
        given = super().arguments(point)
        self._calls.append((given["start"], dict(given["start"]), point["start"]))
        return given

    def changed_start(self) -> str:
        """The id of the mistake by which `start` is not what it was before a call; an empty text if it is."""
        for start, inside, before in self._calls:
            if any(
                start.get(name) is not inside[name] and not np.array_equal(start.get(name), before[name])
                for name in before
            ):
                return "start_replaced"
            if any(not np.array_equal(inside[name], before[name]) for name in before):
                return "start_in_place"
        return ""
