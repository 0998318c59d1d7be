"""The exercise of writing a gradient check by central differences: `numerical_gradient(f, p, h)`.

Here are the functions that it is tried on, the mistakes, and what the points at which it takes f say.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers import numerical
from helpers.checking.answers import Answer, not_finite
from helpers.checking.feedback import Feedback, Recognition, jointly
from helpers.checking.formula_mistakes import constant_of
from helpers.checking.loops import slip_in
from helpers.checking.sizes import scaled_or_rounded
from helpers.checking.values import Unusable, agree, flat, shape_in_words
from helpers.exercises.exercise import Mistake, own_function
from helpers.exercises.judged import JudgedQuestion
from helpers.formulas.derivation import Derivation

_RTOL = 1e-5  # central differences are right to about h² here; one-sided ones are off by 1e-3 and more

# ------------------------------------------------------------------------------------------ what it is tried on


_WEIGHTS = np.array([[0.7, -1.3, 2.1], [1.6, 0.4, -0.9]])


def _table(p):
    return np.sum(_WEIGHTS * p**2) + p[0, 0] * p[1, 2] * p[0, 1]


def _table_gradient(p):
    more = np.zeros((2, 3))
    more[0, 0], more[1, 2], more[0, 1] = p[1, 2] * p[0, 1], p[0, 0] * p[0, 1], p[0, 0] * p[1, 2]
    return 2 * _WEIGHTS * p + more


_TRIALS = (  # (function, its gradient, the array at which it is asked for, the step)
    (
        lambda p: p[0] ** 2 * p[1] + 3 * p[1] * p[2] - 0.4 * p[2] ** 3,
        lambda p: np.array([2 * p[0] * p[1], p[0] ** 2 + 3 * p[2], 3 * p[1] - 1.2 * p[2] ** 2]),
        np.array([1.3, -0.7, 1.9]),
        1e-3,
    ),
    (_table, _table_gradient, np.array([[0.6, -1.4, 0.9], [1.7, 0.3, -1.1]]), 2e-3),
    (
        lambda p: np.sum(p[:-1] ** 2 * p[1:]),
        lambda p: np.append(2 * p[:-1] * p[1:], 0) + np.append(0, p[:-1] ** 2),
        np.array([-0.8, 1.2, 0.6, -1.7, 0.9]),
        5e-4,
    ),
)


# ------------------------------------------------------------------------------------------ what goes wrong


def _quotient(f, p, h, sides=(1, -1), run=None, moves=np.eye):
    """The difference quotients of f at p, an array of the shape of p. `sides` are the two points, in steps of h; `run` is
    what is divided by, 2h if nothing is said; `moves` makes a table whose k-th row says which entries are moved for the
    k-th quotient."""
    steps, run = [h * move.reshape(p.shape) for move in moves(p.size)], run or 2 * h
    return np.reshape([(f(p + sides[0] * step) - f(p + sides[1] * step)) / run for step in steps], p.shape)


def _all_entries(size):
    return np.ones((size, size))


def _first_entry(size):
    return np.diag(np.arange(size) == 0).astype(float)


_USE_H = "Use the argument h, without a value of your own."
_ONE_SIDE = "A central difference takes one point on each side."
_FORWARD = Mistake(
    "forward_difference",
    "That is a difference from one side only: f(p + h e) − f(p), or f(p) − f(p − h e).",
    lambda f, p, h: _quotient(f, p, h, (1, 0), h),
    lambda f, p, h: _quotient(f, p, h, (0, -1), h),
    hint=_ONE_SIDE,
)
_MISTAKES = (
    _FORWARD,
    Mistake(
        "not_divided",
        "The difference has not been divided by the distance of the two points.",
        lambda f, p, h: _quotient(f, p, h, run=1),
        lambda f, p, h: _quotient(f, p, h, (1, 0), 1),
        hint="A slope is a rise divided by a run.",
    ),
    Mistake(
        "divided_by_h",
        "The distance of the two points is not h: every entry is twice too large.",
        lambda f, p, h: _quotient(f, p, h, run=h),
        hint="From p − h to p + h it is how far?",
    ),
    Mistake(
        "forward_by_2h",
        "That is a difference from one side, divided by the distance of two sides.",
        lambda f, p, h: _quotient(f, p, h, (1, 0)),
        hint=_ONE_SIDE,
    ),
    Mistake(
        "missing_brackets",
        "The difference is divided by 2 and then multiplied with h: `/ 2*h` is not `/ (2*h)`.",
        lambda f, p, h: _quotient(f, p, h, run=2 / h),
        hint="Put the product in brackets.",
    ),
    Mistake(
        "multiplied",
        "The difference is multiplied by the distance of the two points; it has to be divided by it.",
        lambda f, p, h: _quotient(f, p, h, run=1 / (2 * h)),
        lambda f, p, h: _quotient(f, p, h, run=1 / h),
        hint="A slope is a rise divided by a run.",
    ),
    Mistake(
        "distance_4h",
        "The distance of the two points is 2h: every entry is half of what it should be.",
        lambda f, p, h: _quotient(f, p, h, run=4 * h),
        hint="From p − h to p + h it is how far?",
    ),
    Mistake(
        "added",
        "The two values of f are added; a slope is their difference, divided by 2h.",
        lambda f, p, h: _quotient(f, p, h, (1, 0)) - _quotient(f, p, h, (0, -1)) + f(p) / h,
    ),
    Mistake(
        "absolute",
        "The difference has lost its sign: where f falls, the slope is negative.",
        lambda f, p, h: np.abs(_quotient(f, p, h)),
        hint="No absolute value here.",
    ),
    Mistake(
        "second",
        "That is the second difference, f(p + h e) − 2f(p) + f(p − h e), for a second derivative.",
        lambda f, p, h: _quotient(f, p, h, (1, 0), h * h) - _quotient(f, p, h, (0, -1), h * h),
        lambda f, p, h: _quotient(f, p, h, (1, 0)) - _quotient(f, p, h, (0, -1)),
        hint="The slope needs f at two points only.",
    ),
    Mistake("sign", "The sign is wrong: f(p + h e) − f(p − h e) is what to divide.", lambda *fph: -_quotient(*fph)),
    Mistake(
        "only_first",
        "Only the first entry of p has been moved.",
        lambda f, p, h: _quotient(f, p, h, moves=_first_entry),
        hint="Every entry has a partial derivative of its own.",
    ),
    Mistake(
        "all_at_once",
        "All entries of p have been moved at once. That gives one slope in one direction, not the partial derivatives.",
        lambda f, p, h: _quotient(f, p, h, moves=_all_entries),
        hint="Move one entry and leave the others where they are.",
    ),
    Mistake(
        "not_reset",
        "The entries that were moved before have not been put back: each time one more entry is moved.",
        lambda f, p, h: _quotient(f, p, h, moves=np.tri),
        hint="Begin anew for each entry: with a fresh copy of p, or a step that is zero elsewhere.",
    ),
    Mistake(
        "summed",
        "The partial derivatives have been added up.",
        lambda f, p, h: np.asarray(_quotient(f, p, h).sum()),
        hint="Put each one into its own entry of an array.",
    ),
)


def _recognise(trials):
    """What is wrong with a gradient check; None if it is right."""
    got, taken, truth = trials.got, trials.taken, [gradient(p) for _, gradient, p, _ in _TRIALS]
    if not np.any(flat(got)) and all(points and np.max(np.ptp(points, axis=0)) < 1e-9 for points in taken):
        return Recognition(
            "no_copy",
            "f is taken twice at the same point, so every difference is zero. If "
            "you wrote `plus = p`: that makes no copy, both names are the same array.",
            "`p.copy()` makes a copy, one for each side.",
        )
    if "p" in trials.changed:
        return Recognition(
            "changes_argument",
            "Your function changes the array p that it is given: whoever calls it finds other numbers in it "
            "afterwards, and f is taken at the wrong points.",
            "Work on a copy, `p.copy()`, for each side.",
        )
    if agree(got, truth, _RTOL):
        return _other_points(taken)
    return (
        not_finite(got, [{"p": p} for _, _, p, _ in _TRIALS])
        or _only_vectors(got, truth)
        or _listed(got)
        or _wrong_shape(got, truth)
        or _by_a_factor(got, truth)
        or slip_in(got, truth, _RTOL)
        or _rounded(got, truth)
        or _another_distance(taken)
        or Recognition(
            "unknown",
            "The values are not the partial derivatives.",
            "Try it on f(p) = p[0]**2 + 3*p[1], whose gradient you know.",
        )
    )


def _other_points(taken):
    """Right values, but not from the points p + h e and p − h e; None if those were taken."""
    if any(map(np.iscomplexobj, itertools.chain(*taken))):
        return Recognition(
            "complex_step",
            "That is the complex step, and its values are right; here the "
            "central difference is asked for, which works for every function.",
            "Take f at p + h e and p − h e.",
        )
    moves, wanted = [], []
    for (_, _, p, h), points in zip(_TRIALS, taken, strict=True):
        mine = [(point - p).ravel() / h for point in points]
        moves += mine
        wanted += [any(np.max(np.abs(move - e)) < 1e-3 for move in mine) for e in (*np.eye(p.size), *-np.eye(p.size))]
    if all(wanted):
        return None
    signs = {np.sign(move[np.abs(move) > 0.5 * np.max(np.abs(move))][0]) for move in moves if np.any(move)}
    if len(signs) == 1:
        text = f"{_FORWARD.what} It also takes another distance than the h that it is given."
        return Recognition(_FORWARD.id, text, _FORWARD.hint)
    return Recognition(
        "ignores_h",
        "The values are right, but your function does not take f at p + h e and p − h e with the h that it is given.",
        _USE_H,
    )


def _listed(got):
    """One of the mistakes; where all entries are moved at once, a single number may come for them."""
    for mistake in _MISTAKES:
        for make in mistake.ways:
            came, values = got, [make(f, p, h) for f, _, p, h in _TRIALS]
            if mistake.id == "all_at_once" and all(g.size == 1 for g in got):
                came, values = [g.ravel() for g in got], [v.ravel()[:1] for v in values]
            if agree(came, values, 1e-7):
                return jointly([mistake])
    return None


def _only_vectors(got, truth):
    """Right for a vector, and of the right shape for a matrix."""
    right = [agree([g], [t], _RTOL) for g, t in zip(got, truth, strict=False)]
    if right != [t.ndim == 1 for t in truth] or got[1].shape != truth[1].shape:
        return None
    rows = np.allclose(got[1], truth[1].sum(axis=1, keepdims=True), rtol=1e-4)
    what = "for a matrix whole rows were moved at once" if rows else "not for a matrix"
    hint = "`np.ndindex(p.shape)` goes through the entries, whatever the number of dimensions."
    return Recognition("only_vectors", f"That is right for a vector p, but {what}.", hint)


def _wrong_shape(got, truth):
    """Not of the shape of p, whatever the numbers are."""
    for g, t in zip(got, truth, strict=False):
        if g.shape != t.shape:
            same = [g.size for g in got] == [t.size for t in truth] and np.allclose(flat(got), flat(truth), rtol=1e-4)
            return Recognition(
                "shape",
                f"For an array p of shape {t.shape} your function returns {shape_in_words(g.shape)}; the "
                f"gradient has the shape of p.{' The numbers themselves are right.' if same else ''}",
                "Begin with `np.zeros(p.shape)`, and go through `np.ndindex(p.shape)`.",
            )
    return None


def _by_a_factor(got, truth):
    """The same multiple of the right values everywhere."""
    if constant_of(flat(got) / flat(truth)) is None:
        return None
    text = "Every entry is off by the same factor: look at what you divide by. The two points are 2h apart."
    return Recognition("constant_factor", text, "The distance of the two points is 2h.")


def _rounded(got, truth):
    """The right values, rounded."""
    found = scaled_or_rounded(got, truth)
    return found and Recognition(found.mistake, f"Your answer is {found.text}", found.hint)


def _another_distance(taken):
    """f is taken at points that lie all at one distance from p, which is not the h that is given."""
    distances = [
        np.abs(point - p).max() for (_, _, p, _), points in zip(_TRIALS, taken, strict=True) for point in points
    ]
    if not distances:
        return Recognition("not_called", "f is never called.", "Take f at p + h e and p − h e.")
    size = max(distances)
    if size < 1e-12:
        text = "f is never taken beside p: the step is 0, or so small that it is lost in the digits of p."
        return Recognition("ignores_h", text, _USE_H)
    if np.ptp([distance for distance in distances if distance > 1e-12]) > 1e-3 * size:
        return None
    text = f"f is taken at a distance of {size:.3g} from p, whatever h is."
    return Recognition("ignores_h", text, _USE_H)


# ------------------------------------------------------------------------------------------ the exercise


@dataclass(eq=False, repr=False)
class GradientCheckQuestion(JudgedQuestion):
    """Write `numerical_gradient(f, p, h)`. It is called with functions whose gradients are known, at arrays of one
    and of two dimensions."""

    solution: Derivation

    usual_minutes = 18
    parameters = ("f", "p", "h")
    wanted = "the function itself, as in `check(numerical_gradient)`"
    form = "a function of `(f, p, h)`"
    mistakes = _MISTAKES

    def _course_function(self):
        return numerical.gradient

    def read(self, answer: Any) -> tuple["_Trials", str]:
        """What the function returns for each of the _TRIALS, and where it takes f."""
        calls = "it is called with a function, an array and a small number"
        trials = _Trials(self, own_function(answer, calls, "numerical_gradient"))
        return trials, trials.printed

    def judge(self, trials: "_Trials") -> Recognition | Feedback:
        """What is wrong with the values, or with the points at which f is taken."""
        found = _recognise(trials)
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


def _strict(f, p, points):
    """f as a student's function gets it: it says so if it is called with another shape, and notes in `points` where it is
    called."""

    def called(array):
        if np.shape(array) != p.shape:
            raise ValueError(f"f was called with {shape_in_words(np.shape(array))}, but p is {shape_in_words(p.shape)}")
        points.append(np.array(array, dtype=complex if np.iscomplexobj(array) else float))
        return f(points[-1])

    return called


class _Trials(Answer):
    """A student's gradient check, called for each of the _TRIALS.

    got       what it returned for each of them; `printed` what it printed
    taken     the points at which it took f in each
    touched   whether it left an array changed, by no more than a rounding error
    """

    def __init__(self, question: GradientCheckQuestion, function: Callable):
        self.touched = False
        super().__init__(question, function)
        self.taken = [[] for _ in _TRIALS]
        points = [
            {"f": _strict(f, p, taken), "p": p, "h": h} for (f, _, p, h), taken in zip(_TRIALS, self.taken, strict=True)
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
        point = {"f": lambda p: float(np.sum(np.asarray(p, dtype=float) ** 2)), "p": np.array([3, 5]), "h": 1e-3}
        try:
            (got,), _ = self.values([point])
        except Unusable:
            return False
        return got.shape == (2,) and np.allclose(got, [6, 10], rtol=1e-4)
