"""What a gradient check by difference quotients can get wrong.

Here are the functions that it is tried on, the mistakes, and what the points at which it takes f say.
"""

import itertools
from collections.abc import Callable

import numpy as np

from helpers.checking.answers import not_finite
from helpers.checking.feedback import Found, Recognition
from helpers.checking.values import Values, agree, flat, shape_in_words

_RTOL = 1e-5  # central differences are right to about h² here; one-sided ones are off by 1e-3 and more
STEP = 1e-3

# ------------------------------------------------------------------------------------------ what it is tried on


def _mixed(p):
    return p[0] ** 2 * p[1] + 3 * p[1] * p[2] - 0.4 * p[2] ** 3


def _mixed_gradient(p):
    return np.array([2 * p[0] * p[1], p[0] ** 2 + 3 * p[2], 3 * p[1] - 1.2 * p[2] ** 2])


_WEIGHTS = np.array([[0.7, -1.3, 2.1], [1.6, 0.4, -0.9]])


def _table(p):
    return np.sum(_WEIGHTS * p**2) + p[0, 0] * p[1, 2] * p[0, 1]


def _table_gradient(p):
    more = np.zeros((2, 3))
    more[0, 0], more[1, 2], more[0, 1] = p[1, 2] * p[0, 1], p[0, 0] * p[0, 1], p[0, 0] * p[1, 2]
    return 2 * _WEIGHTS * p + more


TRIALS = (  # (function, its gradient, the array at which it is asked for)
    (_mixed, _mixed_gradient, np.array([1.3, -0.7, 1.9])),
    (_table, _table_gradient, np.array([[0.6, -1.4, 0.9], [1.7, 0.3, -1.1]])),
    (_mixed, _mixed_gradient, np.array([-0.8, 1.2, 0.6])),
)


def strict(f: Callable, p: np.ndarray, points: list[np.ndarray]) -> Callable:
    """f as a student's function gets it: it says so if it is called with another shape, and notes in `points`
    where it is called."""

    def called(array):
        if np.shape(array) != p.shape:
            raise ValueError(f"f was called with {shape_in_words(np.shape(array))}, but p is {shape_in_words(p.shape)}")
        points.append(np.array(array, dtype=complex if np.iscomplexobj(array) else float))
        return f(points[-1])

    return called


# ------------------------------------------------------------------------------------------ what goes wrong


def _quotient(f, p, sides=(1, -1), run=2 * STEP, moves=np.eye):
    """The difference quotients of f at p, an array of the shape of p. `sides` are the two points, in steps; `run` is what
    is divided by; `moves` makes a table whose k-th row says which entries are moved for the k-th quotient."""
    steps = [STEP * move.reshape(p.shape) for move in moves(p.size)]
    return np.reshape([(f(p + sides[0] * step) - f(p + sides[1] * step)) / run for step in steps], p.shape)


def _all_entries(size):
    return np.ones((size, size))


def _first_entry(size):
    return np.diag(np.arange(size) == 0).astype(float)


_ONE_SIDE = "A central difference takes one point on each side."
MISTAKES = {  # id -> (what happened, the hint, functions that make the mistake)
    "forward_difference": (
        "That is a difference from one side only: f(p + h e) − f(p), or f(p) − f(p − h e).",
        _ONE_SIDE,
        lambda f, p, h: _quotient(f, p, (1, 0), h),
        lambda f, p, h: _quotient(f, p, (0, -1), h),
    ),
    "not_divided": (
        "The difference has not been divided by the distance of the two points.",
        "A slope is a rise divided by a run.",
        lambda f, p, h: _quotient(f, p, run=1),
        lambda f, p, h: _quotient(f, p, (1, 0), 1),
    ),
    "divided_by_h": (
        "The distance of the two points is not h: every entry is twice too large.",
        "From p − h to p + h it is how far?",
        lambda f, p, h: _quotient(f, p, run=h),
    ),
    "forward_by_2h": (
        "That is a difference from one side, divided by the distance of two sides.",
        _ONE_SIDE,
        lambda f, p, h: _quotient(f, p, (1, 0)),
    ),
    "missing_brackets": (
        "The difference is divided by 2 and then multiplied with h: `/ 2*h` is not `/ (2*h)`.",
        "Put the product in brackets.",
        lambda f, p, h: _quotient(f, p, run=2 / h),
    ),
    "sign": ("The sign is wrong: f(p + h e) − f(p − h e) is what to divide.", "", lambda f, p, h: -_quotient(f, p)),
    "only_first": (
        "Only the first entry of p has been moved.",
        "Every entry has a partial derivative of its own.",
        lambda f, p, h: _quotient(f, p, moves=_first_entry),
    ),
    "all_at_once": (
        "All entries of p have been moved at once. That gives one slope in one direction, not the partial derivatives.",
        "Move one entry and leave the others where they are.",
        lambda f, p, h: _quotient(f, p, moves=_all_entries),
    ),
    "not_reset": (
        "The entries that were moved before have not been put back: each time one more entry is moved.",
        "Begin anew for each entry: with a fresh copy of p, or a step that is zero elsewhere.",
        lambda f, p, h: _quotient(f, p, moves=np.tri),
    ),
    "summed": (
        "The partial derivatives have been added up.",
        "Put each one into its own entry of an array.",
        lambda f, p, h: np.asarray(_quotient(f, p).sum()),
    ),
}


def recognise_difference(got: Values, taken: list[list[np.ndarray]], spoilt: bool) -> Found:
    """What is wrong with a gradient check; None if it is right.

    `got`: what it returned for each of the TRIALS; `taken`: the points at which it called f in each;
    `spoilt`: whether it changed the array that it was given.
    """
    truth = [gradient(p) for _, gradient, p in TRIALS]
    if not np.any(flat(got)) and all(points and np.max(np.ptp(points, axis=0)) < 1e-9 for points in taken):
        return Recognition(
            "no_copy",
            "f is taken twice at the same point, so every difference is zero. If "
            "you wrote `plus = p`: that makes no copy, both names are the same array.",
            "`p.copy()` makes a copy, one for each side.",
        )
    if spoilt:
        return Recognition(
            "changes_argument",
            "Your function changes the array p that it is given: whoever calls it finds other numbers in it "
            "afterwards, and f is taken at the wrong points.",
            "Work on a copy, `p.copy()`, for each side.",
        )
    if agree(got, truth, _RTOL):
        return _other_points(taken)
    return (
        not_finite(got, [{"p": p} for _, _, p in TRIALS])
        or _only_vectors(got, truth)
        or _listed(got)
        or _wrong_shape(got, truth)
        or _by_a_factor(got, truth)
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
    for (_, _, p), points in zip(TRIALS, taken, strict=True):
        mine = [(point - p).ravel() / STEP for point in points]
        moves += mine
        wanted += [any(np.max(np.abs(move - e)) < 1e-3 for move in mine) for e in (*np.eye(p.size), *-np.eye(p.size))]
    if all(wanted):
        return None
    signs = {np.sign(move[np.abs(move) > 0.5 * np.max(np.abs(move))][0]) for move in moves if np.any(move)}
    if len(signs) == 1:
        what, hint, *_ = MISTAKES["forward_difference"]
        text = f"{what} It also takes another distance than the h that it is given."
        return Recognition("forward_difference", text, hint)
    return Recognition(
        "ignores_h",
        "The values are right, but your function does not take f at p + h e and p − h e with the h that it is given.",
        "Use the argument h, without a value of your own.",
    )


def _listed(got):
    """One of the MISTAKES; where all entries are moved at once, a single number may come for them."""
    for name, (what, hint, *makers) in MISTAKES.items():
        for make in makers:
            came, values = got, [make(f, p, STEP) for f, _, p in TRIALS]
            if name == "all_at_once" and all(g.size == 1 for g in got):
                came, values = [g.ravel() for g in got], [v.ravel()[:1] for v in values]
            if agree(came, values, 1e-7):
                return Recognition(name, what, hint)
    return None


def _only_vectors(got, truth):
    """Right for a vector, and of the right shape for a matrix."""
    right = [agree([g], [t], _RTOL) for g, t in zip(got, truth, strict=False)]
    if right != [t.ndim == 1 for t in truth] or got[1].shape != truth[1].shape:
        return None
    rows = np.allclose(got[1], truth[1].sum(axis=1, keepdims=True), rtol=1e-4)
    return Recognition(
        "only_vectors",
        "That is right for a vector p, but "
        + ("for a matrix whole rows were moved at once." if rows else "not for a matrix."),
        "`np.ndindex(p.shape)` goes through the entries, whatever the number of dimensions.",
    )


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
    ratio = flat(got) / flat(truth)
    if np.ptp(ratio) >= 1e-4 * abs(ratio[0]):
        return None
    return Recognition(
        "constant_factor",
        "Every entry is off by the same factor: look at what you divide by.",
        "The distance of the two points is 2h.",
    )
