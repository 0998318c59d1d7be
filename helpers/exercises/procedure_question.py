"""Exercises that are answered with a function that does something: it changes arrays in place, calls a function that it
is given once for each batch, goes on until a cost no longer falls.

    question.check(my_epoch)           # tried several times, and what it does is compared with what the reference does

What a trial sees are facts that every right answer has in common, whatever its form and its random numbers. A mistake
is the reference with other options; two mistakes at once are their options together.
"""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from helpers.checking import sandbox
from helpers.checking.answers import calling, explained
from helpers.checking.feedback import Found, Recognition, jointly, one_of
from helpers.checking.sentences import say
from helpers.checking.values import NotAttempted, Unusable, computes, is_placeholder, nothing_returned
from helpers.exercises.exercise import Exercise, Mistake, Reasons, own_function

Facts = dict[str, Any]  # what was seen in one trial: numbers, texts, arrays by name
_MOST_PAIRS = 2  # of mistakes that explain the same facts: more are no explanation


@dataclass(eq=False, repr=False)
class ProcedureQuestion(Exercise):
    """One exercise: write a function that does what `reference` does.

    parameters   names, in the order in which an answer is called
    trials       functions that call the function which they are given, as often as they like, and return the Facts
    reference    a function of the parameters, and of options by name for the mistakes
    returns      what it returns, in words; empty if nothing is needed
    read         turns what was returned into its usual form, or raises Unusable
    mistakes     Mistakes; each way is a dict of options of the reference, or a function of its own
    look         name of a fact -> the sentence for it where no known mistake explains all; {came} and {right} are what was
                 seen and what should have been. The first name that is off counts
    notes        name of a fact that is no mistake -> the sentence that is added where it is off
    why          sentences for the solution
    """

    parameters: tuple[str, ...]
    trials: Sequence[Callable[[Callable], Facts]]
    reference: Callable
    _: KW_ONLY
    mistakes: Sequence[Mistake]
    look: Mapping[str, str]
    why: Sequence[str]
    returns: str = ""
    read: Callable[[Any], Any] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    usual_minutes = 18

    @property
    def wanted(self) -> str:
        """What to hand in, for messages."""
        return f"a function of {self.signature}" + (f" that returns {self.returns}" if self.returns else "")

    @property
    def solution(self) -> Reasons:
        """What the code rests on."""
        return Reasons(self.why)

    def _course_function(self):
        return self.reference

    def _own_function(self, answer):
        """The function; what it returns in its usual form."""
        if self.read is None:
            return answer
        return functools.update_wrapper(lambda *arguments: self.read(answer(*arguments)), answer)

    # ------------------------------------------------------------------------------------------ checking

    def _check(self, raw):
        function = self._called(own_function(raw, self.wanted))
        got, failure, printed = self._watched(function)
        if failure is None and all(map(self._same, got, self.truth)):
            notes = [text for name, text in self.notes.items() if any(g[name] != t[name] for g, t in self._beside(got))]
            return self._right(*notes, printed=printed)
        found = self._listed(got, failure and failure.problem) or self._two_at_once(got, failure)
        if not found and failure and not (got and not all(map(self._same, got, self.truth))):
            raise explained(failure) from failure
        return self._wrong(found or self._described(got), printed=printed)

    def _called(self, function):
        """A student's function, called by position; what it returns is looked at for placeholders."""
        call = calling(function, self)

        def run(*values):
            raw = call(dict(zip(self.parameters, values, strict=True)))
            if raw is Ellipsis or raw is NotImplemented or (raw is None and not computes(function)):
                raise NotAttempted
            if not self.returns:
                return raw
            if raw is None:
                raise nothing_returned(function)
            if is_placeholder(raw) and raw not in ([], ()):
                raise NotAttempted
            return self.read(raw) if self.read else raw

        return run

    def _watched(self, function):
        """(the facts of the trials, as far as they came; the Failure that ended them, or None; what was printed)."""
        got = []

        def work():
            got.extend(trial(function) for trial in self.trials)

        try:
            _, printed = sandbox.run(work)
        except sandbox.Failure as failure:
            if failure.kind != "exception" or isinstance(failure.problem, Unusable):
                raise explained(failure) from failure
            return got, failure, ""
        return got, None, printed

    @functools.cached_property
    def truth(self) -> list[Facts]:
        """What is seen of the reference in each trial."""
        return [trial(self.reference) for trial in self.trials]

    @functools.cached_property
    def _foretold(self):
        """(mistake, what is seen of it, the exception that ends it) for each way in which a mistake comes about."""
        return [(mistake, *self._of(way)) for mistake in self.mistakes for way in mistake.ways]

    def made_by(self, way: Mapping[str, Any] | Callable) -> Callable:
        """The function of somebody who makes a mistake in this way."""
        return way if callable(way) else functools.partial(self.reference, **way)

    def _made_by_and_read(self, way):
        function = self.made_by(way)
        return (lambda *values: self.read(function(*values))) if self.read else function

    def _of(self, way):
        """(the facts of a wrong function, the exception that ends it or None)."""
        facts, function = [], self._made_by_and_read(way)
        try:
            with np.errstate(all="ignore"):
                facts.extend(trial(function) for trial in self.trials)
        except Exception as problem:
            return facts, problem
        return facts, None

    def _listed(self, got, problem=None):
        """The mistakes that foretell all that was seen, and the exception if there was one."""
        return jointly(
            list(dict.fromkeys(mistake for mistake, *seen in self._foretold if self._foretells(seen, got, problem)))
        )

    def _foretells(self, seen, got, problem):
        facts, stopped = seen
        same = len(facts) == len(got) and all(map(self._same, got, facts))
        return same and (type(stopped), str(stopped)) == (type(problem), str(problem))

    def _two_at_once(self, got, failure) -> Found:
        """Two mistakes whose options together foretell all that was seen; None if there are none, or many."""
        if failure is not None:
            return None
        found = []
        for one, two in itertools.combinations(self.mistakes, 2):
            options = [
                {**first, **second}
                for first, second in itertools.product(one.ways, two.ways)
                if not (callable(first) or callable(second) or set(first) & set(second))
            ]
            if any(self._explains(way, got) for way in options):
                found.append((one, two))
        if not 0 < len(found) <= _MOST_PAIRS:
            return None
        texts = [say("two_things", one=one.what, two=two.what) for one, two in found]
        names = "|".join(f"{one.id}+{two.id}" for one, two in found)
        return Recognition(names, one_of(texts, "results"), found[0][0].hint)

    def _explains(self, way, got):
        """Whether a wrong function does in each trial what was seen; it is given up at the first that differs."""
        function = self._made_by_and_read(way)
        try:
            with np.errstate(all="ignore"):
                return all(self._same(facts, trial(function)) for facts, trial in zip(got, self.trials, strict=True))
        except Exception:
            return False

    def _described(self, got):
        """The first fact that is off, in the order of `look`, in the first trial in which it is."""
        for name, text in self.look.items():
            for came, right in self._beside(got):
                if not _equal(came[name], right[name]):
                    return Recognition(name.replace(" ", "_"), text.format(came=came[name], right=right[name], **came))
        raise AssertionError("every fact has its sentence")

    def _beside(self, got):
        return zip(got, self.truth, strict=False)

    def _same(self, one, other):
        """Whether the facts of a trial are these, but for those that are no mistake."""
        return all(_equal(one[name], other[name]) for name in self.look)


def _equal(one, other):
    """Whether two facts are the same: texts and tuples exactly, arrays up to rounding."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and np.allclose(one, other, rtol=1e-5, atol=1e-9, equal_nan=True)
    return type(one) is type(other) and one == other
