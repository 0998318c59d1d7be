"""A wrong answer beside the right one: what the recognisers of mistakes work on."""

import time
from dataclasses import dataclass

import numpy as np

from helpers.checking.values import Unusable, in_words
from helpers.formulas.text import FormulaError

EXTRA_SECONDS = 1.5  # for calling the student's function at further points


@dataclass(frozen=True)
class Recognition:
    """`mistake`: id, or several joined by "|"; `text`: the kind of mistake in plain words; `hint`: where to
    look."""

    mistake: str
    text: str
    hint: str = ""


def jointly(mistakes):
    """The Recognition of listed mistakes that lead to the same values: of one, or of all together; None of none."""
    if not mistakes:
        return None
    first, *others = (mistake.what.rstrip(".") for mistake in mistakes)
    causes = "; or ".join((first, *others))
    text = f"One of these happened (the values are the same): {causes}." if others else mistakes[0].what
    return Recognition("|".join(mistake.id for mistake in mistakes), text, mistakes[0].hint)


class Case:
    """One wrong answer: the question, its points, the right values and the student's, all as lists of
    arrays."""

    def __init__(self, question, answer, points, got):
        self.question, self.answer, self.points, self.got = question, answer, points, got
        self.truth = question.truth(points)
        self.rtol = question.rtol
        self.same_shape = len(got) == len(points) and all(
            g.shape == t.shape for g, t in zip(got, self.truth, strict=False)
        )
        self._seconds_left = EXTRA_SECONDS

    @property
    def is_derivative(self):
        """Whether the question asks for a derivative: hints on finite differences and gradients fit only there."""
        return getattr(self.question, "variable", None) is not None

    def matches(self, wanted, got=None):
        """Whether the student's values are these."""
        return agree(self.got if got is None else got, wanted, self.rtol)

    def call(self, points):
        """The student's values at other points; Unusable once the time for such extra calls is used up."""
        started = time.monotonic()
        if self._seconds_left <= 0:
            raise Unusable("error", "", "endless")
        try:
            return self.answer.values(points, seconds=min(0.5, self._seconds_left))[0]
        finally:
            self._seconds_left -= time.monotonic() - started

    def quantities(self):
        """name -> values at the points, for every parameter and every named intermediate quantity."""
        found = {}
        for name in (*self.question.parameters, *self.question.definitions):
            try:
                found[name] = [self.question.evaluate(name, point) for point in self.points]
            except FormulaError:
                continue
        return found


def agree(got, wanted, rtol):
    """Whether two lists of arrays are equal to float32 accuracy: relative `rtol`, and a twentieth of that of
    the largest value for entries near zero."""
    if len(got) != len(wanted) or any(g.shape != w.shape for g, w in zip(got, wanted, strict=False)):
        return False
    got, wanted = flat(got), flat(wanted)
    if not np.all(np.isfinite(got)):
        return False
    scale = np.max(np.abs(wanted), initial=0.0)
    return bool(np.all(np.abs(got - wanted) <= rtol * np.abs(wanted) + 0.05 * rtol * scale))


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays]) if arrays else np.zeros(0)


def not_finite(got, points):
    """A Recognition if a value is NaN or infinite, naming the input; None otherwise."""
    for values, point in zip(got, points, strict=False):
        if not np.all(np.isfinite(values)):
            kind, name = ("NaN (not a number)", "nan") if np.any(np.isnan(values)) else ("infinite", "infinity")
            return Recognition(
                name,
                f"Your answer is {kind} at {in_words(point)}.",
                "Look for a division by zero, a logarithm of a number that is not positive, or an exponential of a "
                "large number.",
            )
    return None
