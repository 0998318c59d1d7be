"""What a gradient check by difference quotients can get wrong: the functions that it is tried on, the
mistakes, and the points at which it takes f."""

import numpy as np

from helpers.checking.answers import not_finite
from helpers.checking.feedback import Recognition
from helpers.checking.values import agree, flat, shape_in_words

_RTOL = 1e-5  # central differences are right to about h² here; one-sided ones are off by 1e-3 and more
STEP = 1e-3


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


def quotient(f, p, h, sides=(1, -1), divide=None, together=False):
    """The difference quotients of f at p, an array of the shape of p: entry by entry, or with all entries
    moved `together`. `sides` are the two points, in units of h; `divide` by what, instead of their
    distance."""
    result = np.zeros(p.shape)
    for index in np.ndindex(p.shape):
        move = np.ones(p.shape) if together else np.zeros(p.shape)
        move[index] = 1
        difference = f(p + sides[0] * h * move) - f(p + sides[1] * h * move)
        result[index] = difference / ((sides[0] - sides[1]) * h if divide is None else divide(h))
    return result


def _not_reset(f, p, h):
    result, move = np.zeros(p.shape), np.zeros(p.shape)
    for index in np.ndindex(p.shape):
        move[index] = h
        result[index] = (f(p + move) - f(p - move)) / (2 * h)
    return result


def _only_first(f, p, h):
    result = np.zeros(p.shape)
    result.flat[0] = quotient(f, p, h).flat[0]
    return result


MISTAKES = {  # id -> (what happened, the hint, a function that makes the mistake)
    "forward_difference": (
        "That is a difference from one side only: f(p + h e) − f(p), or f(p) − f(p − h e).",
        "A central difference takes one point on each side.",
        lambda f, p, h: quotient(f, p, h, (1, 0)),
        lambda f, p, h: quotient(f, p, h, (0, -1)),
    ),
    "not_divided": (
        "The difference has not been divided by the distance of the two points.",
        "A slope is a rise divided by a run.",
        lambda f, p, h: quotient(f, p, h, divide=lambda h: 1),
        lambda f, p, h: quotient(f, p, h, (1, 0), lambda h: 1),
    ),
    "divided_by_h": (
        "The distance of the two points is not h: every entry is twice too large.",
        "From p − h to p + h it is how far?",
        lambda f, p, h: quotient(f, p, h, divide=lambda h: h),
    ),
    "forward_by_2h": (
        "That is a difference from one side, divided by the distance of two sides.",
        "A central difference takes one point on each side.",
        lambda f, p, h: quotient(f, p, h, (1, 0), lambda h: 2 * h),
    ),
    "missing_brackets": (
        "The difference is divided by 2 and then multiplied with h: `/ 2*h` is not `/ (2*h)`.",
        "Put the product in brackets.",
        lambda f, p, h: quotient(f, p, h, divide=lambda h: 2 / h),
    ),
    "sign": ("The sign is wrong: f(p + h e) − f(p − h e) is what to divide.", "", lambda f, p, h: -quotient(f, p, h)),
    "only_first": (
        "Only the first entry of p has been moved.",
        "Every entry has a partial derivative of its own.",
        _only_first,
    ),
    "all_at_once": (
        "All entries of p have been moved at once. That gives one slope in one direction, not the partial derivatives.",
        "Move one entry and leave the others where they are.",
        lambda f, p, h: quotient(f, p, h, together=True),
    ),
    "not_reset": (
        "The entries that were moved before have not been put back: each time one more entry is moved.",
        "Begin anew for each entry: with a fresh copy of p, or a step that is zero elsewhere.",
        _not_reset,
    ),
    "summed": (
        "The partial derivatives have been added up.",
        "Put each one into its own entry of an array.",
        lambda f, p, h: np.asarray(quotient(f, p, h).sum()),
    ),
}


def strict(f, p, points):
    """f as a student's function gets it: it says so if it is called with another shape, and notes in `points`
    where it is called."""

    def called(array):
        if np.shape(array) != p.shape:
            raise ValueError(f"f was called with {shape_in_words(np.shape(array))}, but p is {shape_in_words(p.shape)}")
        points.append(np.array(array, dtype=complex if np.iscomplexobj(array) else float))
        return f(points[-1])

    return called


def recognise_difference(got, taken, spoilt):
    """The Recognition of what is wrong with a gradient check; None if it is right.

    `got`: what it returned for each of the TRIALS; `taken`: the points at which it called f in each;
    `spoilt`: whether it changed the array that it was given.
    """
    truth = [gradient(p) for _, gradient, p in TRIALS]
    still = all(points and np.max(np.ptp(points, axis=0)) < 1e-9 for points in taken)
    if still and not np.any(flat(got)):
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
    if [g.shape for g in got] == [t.shape for t in truth] and agree(got, truth, _RTOL):
        return _other_points(taken)
    return (
        not_finite(got, [{"p": p} for _, _, p in TRIALS][: len(got)])
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
    if any(np.iscomplexobj(point) for points in taken for point in points):
        return Recognition(
            "complex_step",
            "That is the complex step, and its values are right; here the "
            "central difference is asked for, which works for every function.",
            "Take f at p + h e and p − h e.",
        )
    sides = {
        side: all(
            _was_taken(points, p + side * STEP * _unit(p, index))
            for (_, _, p), points in zip(TRIALS, taken, strict=True)
            for index in np.ndindex(p.shape)
        )
        for side in (1, -1)
    }
    if all(sides.values()):
        return None
    moves = [point - p for (_, _, p), points in zip(TRIALS, taken, strict=True) for point in points]
    signs = {np.sign(move[np.abs(move) > 0.5 * np.max(np.abs(move))][0]) for move in moves if np.any(move)}
    if len(signs) == 1:
        what, hint = MISTAKES["forward_difference"][:2]
        return Recognition(
            "forward_difference", f"{what} It also takes another distance than the h that it is given.", hint
        )
    return Recognition(
        "ignores_h",
        "The values are right, but your function does not take f at p + h e and p − h e with the h that it is given.",
        "Use the argument h, without a value of your own.",
    )


def _unit(p, index):
    e = np.zeros(p.shape)
    e[index] = 1
    return e


def _was_taken(points, wanted):
    return any(np.max(np.abs(point - wanted)) < 1e-3 * STEP for point in points)


def _listed(got):
    for name, (what, hint, *makers) in MISTAKES.items():
        for make in makers:
            values = [np.asarray(make(f, p, STEP)) for f, _, p in TRIALS]
            alone = [v.reshape(-1)[0] for v in values]
            if (
                _same(got, values)
                or name == "all_at_once"
                and all(g.size == 1 for g in got)
                and _same([g.reshape(()) for g in got], [np.asarray(v) for v in alone])
            ):
                return Recognition(name, what, hint)
    return None


def _same(got, wanted):
    return [g.shape for g in got] == [w.shape for w in wanted] and agree(got, wanted, 1e-7)


def _only_vectors(got, truth):
    right = [g.shape == t.shape and agree([g], [t], _RTOL) for g, t in zip(got, truth, strict=False)]
    if right == [t.ndim == 1 for t in truth] and got[1].shape == truth[1].shape:
        rows = np.allclose(got[1], truth[1].sum(axis=1, keepdims=True), rtol=1e-4)
        return Recognition(
            "only_vectors",
            "That is right for a vector p, but "
            + ("for a matrix whole rows were moved at once." if rows else "not for a matrix."),
            "`np.ndindex(p.shape)` goes through the entries, whatever the number of dimensions.",
        )
    return None


def _wrong_shape(got, truth):
    index = next((i for i, (g, t) in enumerate(zip(got, truth, strict=False)) if g.shape != t.shape), None)
    if index is None:
        return None
    came = (
        f"For an array p of shape {truth[index].shape} your function returns {shape_in_words(got[index].shape)}; the "
        "gradient has the shape of p."
    )
    if all(g.size == t.size for g, t in zip(got, truth, strict=False)) and np.allclose(
        flat(got), flat(truth), rtol=1e-4
    ):
        came += " The numbers themselves are right."
    return Recognition("shape", came, "Begin with `np.zeros(p.shape)`, and go through `np.ndindex(p.shape)`.")


def _by_a_factor(got, truth):
    ratio = flat(got) / flat(truth)
    if np.ptp(ratio) < 1e-4 * abs(ratio[0]):
        return Recognition(
            "constant_factor",
            "Every entry is off by the same factor: look at what you divide by.",
            "The distance of the two points is 2h.",
        )
    return None
