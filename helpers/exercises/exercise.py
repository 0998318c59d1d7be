"""What every kind of exercise has in common: a check that never raises and is remembered, hints that come
nearer, a solution that is folded away."""

import html
from collections import Counter

from helpers import check_log
from helpers.checking.feedback import Feedback
from helpers.checking.values import Unusable


class Exercise:
    """The base of all exercises. A kind of exercise defines

    _check(answer)   a Feedback; may raise Unusable, and anything else that a strange answer brings about
    wanted           what to hand in, for the message on an answer that cannot be read
    solution         an object with `to_html()`
    """

    wanted = "an answer of the kind that is asked for"

    def __init__(self, key, title, statement, hints=(), section=None):
        self.key, self.title, self.statement, self.hints = key, title, statement, tuple(hints)
        self.section = section or title
        self._times_seen = Counter()

    def check(self, answer, record=True):
        """Compare an answer with the right one; returns a Feedback, never raises.

        With `record=False` the check leaves the progress as it is: for an answer that is not the student's own.
        """
        return self._guarded(lambda: self._check(answer), remember=record)

    def check_steps(self, lines):
        """For exercises without a derivation of the student's own: says what to do instead."""
        return Feedback(
            "error", f"This exercise has no lines to check: hand in {self.wanted} with `check`.", "no_steps"
        )

    def _guarded(self, judge, remember=True):
        """The Feedback of `judge()`, whatever happens in it; remembered as progress unless told otherwise."""
        try:
            feedback = judge()
        except Unusable as problem:
            feedback = Feedback(problem.status, problem.message, problem.mistake)
        except BaseException:
            feedback = self._unreadable()
        if remember:
            check_log.record(self.key, feedback.status, feedback.mistake)
        return feedback

    def _unreadable(self):
        return Feedback("error", f"This answer could not be read. Hand in {self.wanted}.", "unreadable")

    def _leading_on(self, found):
        """The kind of mistake; when the same mistake comes again, a nearer hint each time."""
        self._times_seen[found.mistake] += 1
        times = self._times_seen[found.mistake]
        ladder = [hint for hint in (found.hint, *self.hints) if hint]
        if times == 1 or not ladder:
            return found.text
        return f"{found.text} Hint: {ladder[min(times - 2, len(ladder) - 1)]}"

    @property
    def help(self):
        """Hints and solution for a notebook, each folded."""
        return Help(self)

    @property
    def anchor(self):
        """The link to the question's section: Jupyter turns the heading's spaces into hyphens."""
        return "#" + self.section.replace(" ", "-")


class Help:
    """The hints and the solution of an exercise, each folded, for the last line of a cell."""

    def __init__(self, question):
        self.question = question

    def __repr__(self):
        return "Hints and a solution: see `question.hints` and `question.solution`."

    def _repr_html_(self):
        folded = [
            f"<details><summary>Hint {number}</summary><p>{html.escape(hint, quote=False)}</p></details>"
            for number, hint in enumerate(self.question.hints, 1)
        ]
        return "".join(folded) + self.question.solution.to_html()
