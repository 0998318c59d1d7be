"""The points and cases of every question tell a right answer from one that is right by chance: with a size written in, a
component forgotten, a sign that never occurs, two inputs that happen to agree."""

import itertools

import numpy as np
import pytest

from helpers.assignments import questions
from helpers.checking.values import agree
from helpers.exercises.code_question import CodeQuestion
from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion

FORMULAS = {key: question for key, question in questions.items() if isinstance(question, (Question, GradientsQuestion))}
CODE = sorted(key for key, question in questions.items() if isinstance(question, CodeQuestion))
IN_ARRAYS = sorted(key for key, question in FORMULAS.items() if any(question.shapes.values()))


def values(question, point):
    """The right answer at a point, all numbers in one row with the shapes in front."""
    if isinstance(question, GradientsQuestion):
        return list(question.values(point).values())
    return question.truth([point])


def seen(question, change, points=None):
    """Whether an answer that computes the right formula from changed arguments is told from the right one."""
    for point in question.points if points is None else points:
        try:
            wrong = values(question, change(point))
        except Exception:
            return True  # it stops
        if not agree(wrong, values(question, point), question.rtol):
            return True
    return False


def others(question):
    """Other points, as random ones as the parameters allow: labels stay labels, what is always positive stays so."""
    rng = np.random.default_rng(1)
    for _ in range(4):
        sizes = {letter: 6 + place for place, letter in enumerate(letters_of(question))}
        point = {}
        for name, letters in question.shapes.items():
            known = np.concatenate([np.ravel(each[name]) for each in question.points])
            value = rng.normal(size=[sizes.get(letter, 1) for letter in letters]) * np.abs(known).max()
            if set(known) <= {0, 1}:
                value = (value > 0) * 1.0
            elif np.all(known > 0):
                value = rng.uniform(known.min(), known.max(), np.shape(value))
            point[name] = value
        yield point


def axes(question, letter):
    """Of each parameter the axis with this size letter; None if it has none."""
    return {name: letters.index(letter) if letter in letters else None for name, letters in question.shapes.items()}


def letters_of(question):
    return sorted({letter for letters in question.shapes.values() for letter in letters} - {"1"})


def taken(question, letter, places):
    """The arguments with only some places along an axis: `places` is a function of its length."""

    def change(point):
        return {
            name: point[name] if axis is None else np.take(point[name], places(np.shape(point[name])[axis]), axis)
            for name, axis in axes(question, letter).items()
        }

    return change


@pytest.mark.parametrize("key", IN_ARRAYS)
def test_every_component_counts_whatever_the_size(key):
    question = questions[key]
    for letter in letters_of(question):
        for count in (1, 2, 3):
            assert seen(question, taken(question, letter, lambda n, k=count: range(min(n, k)))), (letter, count)
        assert seen(question, taken(question, letter, lambda n: range(n - 1))), letter
        assert seen(question, taken(question, letter, lambda n: range(1, n))), letter
        assert seen(question, taken(question, letter, lambda n: [*range(n - 1), 0])), letter


@pytest.mark.parametrize("key", IN_ARRAYS)
def test_no_size_is_the_same_everywhere_or_that_of_another_axis(key):
    question = questions[key]
    sizes = {
        letter: [
            np.shape(point[name])[axis]
            for point in question.points
            for name, axis in axes(question, letter).items()
            if axis is not None
        ]
        for letter in letters_of(question)
    }
    assert all(len(set(found)) > 1 and max(found) > 3 for found in sizes.values()), sizes
    for one, other in itertools.combinations(sizes.values(), 2):
        assert set(one) != set(other) or one != other


@pytest.mark.parametrize("key", sorted(FORMULAS))
def test_what_matters_elsewhere_matters_at_the_points(key):
    question, elsewhere = questions[key], list(others(questions[key]))
    changes = {}
    for name in question.parameters:
        for what, change in CHANGES.items():
            changes[what, name] = lambda point, name=name, change=change: {**point, name: change(point[name])}
    for one, other in itertools.permutations(question.parameters, 2):
        if question.shapes[one] == question.shapes[other]:
            changes["instead of", one, other] = lambda point, one=one, other=other: {**point, other: point[one]}
    for what, change in changes.items():
        assert seen(question, change) or not seen(question, change, elsewhere), what


CHANGES = {
    "its size": np.abs,
    "never positive": lambda value: np.minimum(value, 0),
    "never negative": lambda value: np.maximum(value, 0),
    "in order": lambda value: np.sort(value, axis=0) if np.ndim(value) else value,
    "backwards": lambda value: value[::-1] if np.ndim(value) else value,
    "its mean": lambda value: np.full(np.shape(value), np.mean(value)),
    "its first row": lambda value: np.broadcast_to(value[:1], value.shape) if np.ndim(value) else value,
    "1 instead": np.ones_like,
}


@pytest.mark.parametrize("key", CODE)
def test_cases_have_several_sizes_and_no_order(key):
    question = questions[key]
    truth = question.values(question.reference, question.cases)

    def passes(change):
        """Whether the right function of a changed first argument, an array, is right in every case."""
        try:
            got = question.values(lambda first, *rest: question.reference(change(first), *rest), question.cases)
        except Exception:
            return False
        return all(agree(list(g.values()), list(t.values()), 1e-6) for g, t in zip(got, truth, strict=True))

    assert len({len(case[0]) for case in question.cases}) >= 3
    for length in (1, 2, 3):
        assert not passes(lambda first, length=length: first[:length])
    assert not passes(lambda first: first[::-1]) and not passes(lambda first: np.sort(first, axis=0))
    assert np.ndim(question.cases[0][0]) == 1 or not passes(np.transpose)
