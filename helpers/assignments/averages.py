"""The puzzle of notebook 06: a mean F1 that is lower than mean precision and mean recall, which are equal."""

import numpy as np

from helpers.checking.feedback import Feedback
from helpers.checking.tables import called
from helpers.checking.values import NOT_ATTEMPTED, Unusable, as_numbers, is_placeholder
from helpers.exercises.exercise import Exercise
from helpers.exercises.reasons import Reasons

_TOLERANCE = 1e-6


class AveragesExample(Exercise):
    """Answered with an example of one's own: precision and recall of some classes, (P, R).

    classes   how many classes are asked for
    gap       how far the mean F1 must be below the equal means, a share
    """

    parameters = ("P", "R")
    wanted = "a pair of lists, `(my_P, my_R)`"
    mistakes = ()

    def __init__(self, key, title, statement, classes, gap, hints, why, section=None):
        super().__init__(key, title, statement, hints, section)
        self.classes, self.gap, self.solution = classes, gap, Reasons(why)

    def __repr__(self):
        return f"Question {self.key}: {self.title} — answer with {self.wanted}"

    def check(self, answer):
        """Judge an example, a pair (P, R) of lists of shares; returns a Feedback, never raises."""
        return super().check(answer)

    def _check(self, answer):
        answer, printed = called(answer, self.wanted)
        if is_placeholder(answer):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if isinstance(answer, dict):
            answer = tuple(answer.get(name) for name in self.parameters)
        if not isinstance(answer, (tuple, list, np.ndarray)) or len(answer) != 2:
            raise Unusable("error", f"Hand in {self.wanted}.", "unreadable")
        P, R = map(as_numbers, answer)
        for name, values in (("P", P), ("R", R)):
            if values.shape != (self.classes,):
                return self._no("shape", f"`{name}` needs {self.classes} numbers, one for each class.")
            if not np.all((values >= 0) & (values <= 1)):
                percent = " Write 0.9, not 90." if np.any(values > 1) else ""
                return self._no("range", f"A number in `{name}` is not between 0 and 1.{percent}")
        if np.any(P + R == 0):
            return self._no("both_zero", "In one class P and R are both 0: F1 is 0/0 there. Choose another number.")
        if abs(P.mean() - R.mean()) > _TOLERANCE:
            return self._no(
                "means_differ",
                f"The means differ: {P.mean():.4f} for P and {R.mean():.4f} for R.",
                "Use the same numbers for P and R, in another order.",
            )
        if np.allclose(P, R):
            return self._no(
                "all_equal",
                "In each class P and R are equal, so each F1 is the same number, and so are the means.",
                "Where P and R differ, F1 is below their ordinary mean.",
            )
        low, mean = np.mean(2 * P * R / (P + R)), P.mean()
        if low > mean - self.gap:
            return self._no(
                "too_close",
                f"The mean F1 is {low:.4f}, only {100 * (mean - low):.2f} points below {mean:.4f}.",
                "Let P and R differ more in one class, and the other way round in another.",
            )
        self._times_seen.clear()
        return Feedback(
            "correct",
            f"That is right: the means of P and R are {mean:.4f}, and the mean F1 is {low:.4f}.",
            printed=printed,
        )

    def _no(self, mistake, text, hint=""):
        return Feedback("wrong", self._leading_on(_Found(mistake, text, hint)), mistake)


class _Found:
    def __init__(self, mistake, text, hint):
        self.mistake, self.text, self.hint = mistake, text, hint


averages = AveragesExample(
    "003.3.averages",
    "A mean F1 below mean precision and recall",
    "Find precision and recall of three classes with equal means, and a mean F1 at least one percentage point below.",
    classes=3,
    gap=0.01,
    hints=(
        "In one class precision is high and recall low; in another one it is the other way round.",
        "Give R the same numbers as P, in another order: then the means are equal.",
    ),
    why=(
        (
            "The harmonic mean of two different numbers is below their ordinary mean, and the more so the"
            " further they are apart."
        ),
        "Averaged over the classes, F1 is then below the average of all precisions and recalls.",
    ),
)
