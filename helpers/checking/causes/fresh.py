"""Points at which nobody has looked yet: of the kind of a question's own, but drawn anew each time.

A cause that was found at the stored points has to foretell the answer at these.
"""

from collections.abc import Sequence

import numpy as np

from helpers.checking.values import Point, Question

_NEAR, _FAR = 0.03, 0.45  # how far a number is moved at most, as a part of itself


def fresh_points(question: Question, like: Sequence[Point], count: int) -> list[Point]:
    """`count` points of the sizes of those `like` them. Numbers keep what all of their name have in common: to be labels,
    whole, positive, below 1. Where nothing is differentiated most points lie close to a stored one, and some very close:
    what steep functions do shows only there."""
    rng = np.random.default_rng()
    kinds = {name: _kind([point[name] for point in question.points]) for name in question.parameters}
    points = []
    for number in range(count):
        near = question.objective is None and number % 4 > 0
        old = like[number % len(like)]
        points.append({name: _another(old[name], kinds[name], near, rng) for name in question.parameters})
    return points


def _kind(values):
    """What numbers of one name have in common."""
    all_of_them = np.concatenate([np.ravel(value) for value in values])
    if np.all((all_of_them == 0) | (all_of_them == 1)):
        return "labels"
    if np.all(all_of_them == np.round(all_of_them)) and np.all(all_of_them > 0):
        return "whole"
    if np.all(all_of_them > 0):
        return "share" if np.all(all_of_them < 1) else "positive"
    return "any"


def _another(value, kind, near, rng):
    shape, width = np.shape(value), _NEAR * 10 ** rng.uniform(-1.5, 0) if near else _FAR
    if kind == "labels":
        if len(shape) != 1:
            return rng.permutation(value) if shape else value
        return (rng.random(shape) < rng.uniform(0.3, 0.7)).astype(float)
    factor = rng.uniform(1 - width, 1 + width, shape)
    if kind == "share":
        return value**factor
    if kind == "whole":
        return np.maximum(np.round(value * factor), 1)[()]
    if kind == "any" and not near:
        factor = factor * rng.choice((-1, 1), shape)
    return np.multiply(value, factor)[()]


def scaled_points(question: Question, like: Sequence[Point], count: int) -> list[Point]:
    """Fresh points, most of them further out or further in than those of the question."""
    points = fresh_points(question, like, count)
    kinds = {name: _kind([point[name] for point in question.points]) for name in question.parameters}
    for number, point in enumerate(points):
        scale = (1, 0.3, 2, 0.05, 4)[number % 5]
        for name in question.parameters:
            if kinds[name] in ("any", "positive"):
                point[name] = np.multiply(point[name], scale)[()]
    return points


def far_points(question: Question, like: Sequence[Point], count: int) -> list[Point]:
    """Fresh points up to some thousand times further out: what has turned into a step there may stand somewhere else."""
    return _scaled(question, like, count, 0, 3.6)


def central_points(question: Question, like: Sequence[Point], count: int) -> list[Point]:
    """Fresh points up to ten thousand times further in: what changes between the stored points shows only there."""
    return _scaled(question, like, count, -4, 0)


def _scaled(question, like, count, low, high):
    rng = np.random.default_rng()
    points = fresh_points(question, like, count)
    kinds = {name: _kind([point[name] for point in question.points]) for name in question.parameters}
    for point in points:
        scale = 10 ** rng.uniform(low, high)
        for name in question.parameters:
            if kinds[name] == "any":
                point[name] = np.multiply(point[name], scale)[()]
    return points
