"""Notebook 07: right answers in several forms, every listed mistake named, and the traps of shape."""

import numpy as np
import pytest
from right_forms import RIGHT, batch_cost, batch_gradients, sigmoid

from helpers.assignments import regression
from helpers.derivation import Derivation, Step

OWN = [regression.prediction, regression.batch_cost, regression.batch_gradients]


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in regression.questions:
        question._times_seen.clear()


@pytest.mark.parametrize("question", OWN, ids=lambda question: question.key)
def test_right_answers_in_any_form(question):
    for answer in RIGHT[question.key]:
        feedback = question.check(answer)
        assert feedback.status == "correct", feedback.message


@pytest.mark.parametrize("question", [regression.prediction, regression.batch_cost], ids=lambda question: question.key)
def test_every_listed_mistake_is_named(question):
    for mistake in question.mistakes:
        def wrong(*values, formula=mistake.formula):
            return question.evaluate(formula, dict(zip(question.parameters, values, strict=True)))

        feedback = question.check(wrong)
        assert feedback.status == "wrong" and mistake.id in feedback.mistake.split("|"), mistake.id
        assert feedback.mistake.count("|") == 0, feedback.mistake


def test_every_listed_mistake_in_the_gradients_is_named():
    question = regression.batch_gradients
    for mistake in question.mistakes:
        for way in mistake.ways:
            feedback = question.check(
                lambda *values, way=way: question.values(dict(zip(question.parameters, values, strict=True)), way)
            )
            assert feedback.status == "wrong" and mistake.id in feedback.mistake.split("|"), (mistake.id, way)


@pytest.mark.parametrize("question", OWN, ids=lambda question: question.key)
@pytest.mark.parametrize("stub", [..., None, lambda *a: ..., lambda *a: {"W1": ..., "b1": ..., "W2": ..., "b2": ...}])
def test_untouched_stubs_are_not_attempted(question, stub):
    assert question.check(stub).status == "not attempted"


def column_cost(W1, b1, W2, b2, X, y):
    return np.mean((sigmoid(X @ W1.T + b1) @ W2.T + b2 - y) ** 2)


def column_gradients(W1, b1, W2, b2, X, y):
    A = sigmoid(X @ W1.T + b1)
    e = 2 / len(y) * (A @ W2.T + b2 - y)  # (n, n)
    D = e.mean(axis=1)[:, None] * W2 * A * (1 - A)
    return {"W1": D.T @ X, "b1": D.sum(axis=0), "W2": e.T @ A, "b2": e.sum()}


def averaged_column_gradients(W1, b1, W2, b2, X, y):
    def residuals(f, y):
        return (f[:, None] - y).mean(axis=1)

    return batch_gradients(W1, b1, W2, b2, X, y, residuals)


@pytest.mark.parametrize("question, wrong", [
    (regression.batch_cost, column_cost), (regression.batch_gradients, column_gradients),
    (regression.batch_gradients, averaged_column_gradients),
])  # fmt: skip
def test_a_column_minus_a_vector_is_named(question, wrong):
    """As students write it: predictions (n, 1), targets (n,), and a table of n × n differences."""
    feedback = question.check(wrong)
    assert feedback.status == "wrong" and "broadcast" in feedback.mistake and "(n, 1)" in feedback.message


@pytest.mark.parametrize("question", regression.questions, ids=lambda question: question.key)
def test_derivations_hold_line_by_line_and_a_broken_copy_fails(question):
    derivation = question.solution
    found = derivation.verify(points=1, prove=False)
    assert found, found.failures
    broken = [*derivation.steps]
    broken[-1] = Step(f"-1.5*({broken[-1].text})", broken[-1].reason, broken[-1].left)
    definitions = {name: formula.text for name, formula in derivation.definitions.items()}
    copy = Derivation(derivation.target.text, broken, derivation.shapes, definitions)
    assert copy.verify(points=1, prove=False).failures == [len(broken) - 1]


def test_the_gradients_are_those_of_the_cost():
    """Difference quotients, from the student's side: no formula of ours."""
    rng = np.random.default_rng(3)
    at = {"W1": rng.normal(size=(3, 2)), "b1": rng.normal(size=3), "W2": rng.normal(size=(1, 3)), "b2": np.float64(0.3)}
    X, y, h = rng.normal(size=(6, 2)), rng.normal(size=6), 1e-6
    expected = regression.batch_gradients.values({**at, "X": X, "y": y})
    for name, value in at.items():
        for place in np.ndindex(np.shape(value)):
            step = np.zeros(np.shape(value))
            step[place] = h
            moved = [batch_cost(**(at | {name: value + sign * step}), X=X, y=y) for sign in (1, -1)]
            assert (moved[0] - moved[1]) / (2 * h) == pytest.approx(expected[name][place], abs=1e-8)


def test_the_hints_do_not_give_the_answer_away():
    for question in OWN:
        assert len(question.hints) >= 2 and question.statement
