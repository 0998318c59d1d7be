"""Notebook 07: right answers in several forms, every listed mistake named, and the traps of shape."""

import numpy as np
import pytest
from right_forms import RIGHT, batch_cost, batch_gradients, sigmoid

from helpers.assignments import regression
from helpers.formulas.derivation import Derivation, Step

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
    found = derivation.verify(points=1)
    assert found, found.failures
    broken = [*derivation.steps]
    broken[-1] = Step(f"-1.5*({broken[-1].text})", broken[-1].reason, broken[-1].left)
    definitions = {name: formula.text for name, formula in derivation.definitions.items()}
    copy = Derivation(derivation.target.text, broken, derivation.shapes, definitions)
    assert copy.verify(points=1).failures == [len(broken) - 1]


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


# ---- what students write -----------------------------------------------------------------------------------------


def forward(W1, b1, W2, b2, x):
    a = sigmoid(W1 @ x + b1)
    return a, (W2 @ a)[0] + b2


def with_first_feature(column):
    def gradients(W1, b1, W2, b2, x, y):
        a, f = forward(W1, b1, W2, b2, x)
        e = 2 * (f - y)
        delta = e * W2[0] * a * (1 - a)
        first = (delta * x[0])[:, None] if column else np.outer(delta, np.ones(len(x)) * x[0])
        return {"W1": first, "b1": delta, "W2": e * a[None, :], "b2": e}

    return gradients


@pytest.mark.parametrize("column", [False, True])
def test_the_first_feature_in_the_place_of_all_is_named(column):
    feedback = regression.gradients.check(with_first_feature(column))
    assert feedback.mistake == "first_feature" and feedback.message.startswith("`W1` is off.")


def summed_columns(W1, b1, W2, b2, X, y):
    return np.sum((sigmoid(X @ W1.T + b1) @ W2.T + b2 - y) ** 2) / len(y)


def table(W1, b1, W2, b2, X, y):
    return (sigmoid(X @ W1.T + b1) @ W2.T + b2 - y) ** 2


def losses(W1, b1, W2, b2, X, y):
    return (sigmoid(X @ W1.T + b1) @ W2[0] + b2 - y) ** 2


@pytest.mark.parametrize("wrong, mistake, words", [
    (summed_columns, "broadcast_summed", "(n, 1)"), (table, "broadcast_table", "(n, 1)"),
    (losses, "not_averaged", "mean is still missing"),
])  # fmt: skip
def test_other_forms_of_the_trap_are_named(wrong, mistake, words):
    feedback = regression.batch_cost.check(wrong)
    assert feedback.mistake == mistake and words in feedback.message


def test_a_table_of_residuals_that_stops_the_code_points_to_their_shape():
    def stops(W1, b1, W2, b2, X, y):
        A = sigmoid(X @ W1.T + b1)
        e = 2 / len(y) * (A @ W2.T + b2 - y)
        D = e[:, np.newaxis] * W2 * A * (1 - A)
        return {"W1": D.T @ X, "b1": D.sum(axis=0), "W2": (e @ A)[None, :], "b2": e.sum()}

    feedback = regression.batch_gradients.check(stops)
    assert feedback.status == "error" and "Is `f − y` of shape (n,)?" in feedback.message


@pytest.mark.parametrize("question", regression.questions, ids=lambda question: question.key)
def test_a_function_without_return_has_been_attempted(question):
    def no_return(W1, b1, W2, b2, x, y=None):
        a = sigmoid(x @ W1.T + b1)
        f = a @ W2[0] + b2  # noqa: F841

    given = no_return if "y" in question.parameters else lambda W1, b1, W2, b2, x: no_return(W1, b1, W2, b2, x)
    feedback = question.check(given)
    assert feedback.status == "error" and "`return`" in feedback.message


def test_lines_name_the_listed_mistakes_and_want_a_name():
    lines = ["2*(f - y) * W2[0] * dsigma(z)", "2*(f - y) * W2[0] * dsigma(a)", "2*(f - y) * W2[0] * a*(1 - a)"]
    feedback = regression.gradients.check_steps(lines, "b1")
    assert feedback.mistake == "sigma_prime_of_a" and feedback.line == 1 and "two errors cancel" in feedback.message
    right = ["outer(2*(f - y) * W2[0] * dsigma(z), x)", "2*(f - y) * outer(W2[0] * a*(1 - a), x)"]
    assert regression.gradients.check_steps(right, "W1").status == "correct"
    assert regression.gradients.check_steps(["dW1 = " + right[0], right[1]]).status == "correct"
    assert regression.gradients.check_steps(right).mistake == "no_name"


def test_a_check_that_leaves_the_progress_alone(monkeypatch):
    from helpers import check_log

    kept = []
    monkeypatch.setattr(check_log, "record", lambda key, status, mistake: kept.append(key))
    for question in regression.questions:
        assert question.check(lambda *values: 0.0, record=False).status in ("wrong", "error")
    assert kept == []
    regression.prediction.check(lambda *values: 0.0)
    assert kept == ["07.prediction"]


def test_arguments_that_were_changed_are_named_in_one_sentence():
    def spoils(W1, b1, W2, b2, x):
        result = forward(W1, b1, W2, b2, x)[1]
        W1 *= 2
        b1 += 1
        return result

    assert (
        "But your function changes its arguments `W1` and `b1`: work on a copy"
        in regression.prediction.check(spoils).message
    )


def test_a_value_of_the_right_size_is_said_to_be_too_large_or_too_small():
    """Its sign and its power of ten would say nothing."""
    for scale, word in ((1.6, "large"), (0.7, "small")):

        def near(*values, scale=scale):
            return forward(*values)[1] * (scale + 0.1 * np.sin(40 * values[4][0]))

        feedback = regression.prediction.check(near)
        assert feedback.mistake == "unknown" and "furthest off" in feedback.message
        assert f"which is too {word}" in feedback.message and "between" not in feedback.message


def test_no_transpose_of_a_transpose_is_shown():
    for question in regression.questions:
        shown = question.solution.to_html()
        assert "W_2" in shown and r"\left(W_2^\top\right)^\top" not in shown
