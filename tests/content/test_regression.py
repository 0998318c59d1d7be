"""Notebook 07: right answers in several forms, every listed mistake named, and the traps of shape."""

import re

import numpy as np
import pytest
from right_forms import batch_gradients, sigmoid

from helpers.assignments import regression


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in regression.questions:
        question.forget()


def table(W1, b1, W2, b2, X, y):
    return (sigmoid(X @ W1.T + b1) @ W2.T + b2 - y) ** 2


def column_gradients(W1, b1, W2, b2, X, y):
    A = sigmoid(X @ W1.T + b1)
    e = 2 / len(y) * (A @ W2.T + b2 - y)  # (n, n)
    D = e.mean(axis=1)[:, None] * W2 * A * (1 - A)
    return {"W1": D.T @ X, "b1": D.sum(axis=0), "W2": e.T @ A, "b2": e.sum()}


def averaged_column_gradients(W1, b1, W2, b2, X, y):
    def residuals(f, y):
        return (f[:, None] - y).mean(axis=1)

    return batch_gradients(W1, b1, W2, b2, X, y, residuals)


# ---- what students write -----------------------------------------------------------------------------------------


def forward(W1, b1, W2, b2, x):
    a = sigmoid(W1 @ x + b1)
    return a, (W2 @ a)[0] + b2


def test_the_first_feature_in_the_place_of_all_is_named():
    def column(W1, b1, W2, b2, x, y):
        a, f = forward(W1, b1, W2, b2, x)
        e = 2 * (f - y)
        delta = e * W2[0] * a * (1 - a)
        return {"W1": (delta * x[0])[:, None], "b1": delta, "W2": e * a[None, :], "b2": e}

    feedback = regression.gradients.check(column)
    assert feedback.mistake == "first_feature" and feedback.message.startswith("`W1` is off.")


@pytest.mark.parametrize("question, wrong, mistake", [
    (regression.batch_cost, lambda *p: np.mean(table(*p)), "broadcast"),
    (regression.batch_cost, lambda *p: np.sum(table(*p)) / len(p[-1]), "broadcast_summed"),
    (regression.batch_cost, table, "broadcast_table"),
    (regression.batch_gradients, column_gradients, "broadcast"),
    (regression.batch_gradients, averaged_column_gradients, "broadcast"),
])  # fmt: skip
def test_a_column_minus_a_vector_is_named(question, wrong, mistake):
    """As students write it: predictions (n, 1), targets (n,), and a table of n × n differences."""
    feedback = question.check(wrong)
    assert feedback.status == "wrong" and mistake in feedback.mistakes and "(n, 1)" in feedback.message


@pytest.mark.parametrize("wrong, mistake, said", [
    (lambda W1, b1, W2, b2, X: sigmoid(X @ W1.T + b1) @ W2.T + b2, "column", "a column, shape (n, 1)"),
    (lambda W1, b1, W2, b2, X: W2 @ sigmoid(X @ W1.T + b1).T + b2, "row", "a row, shape (1, n)"),
    (lambda W1, b1, W2, b2, X: (sigmoid(X @ W1.T + b1) @ W2.T + b2)[0], "first_only", "first example alone"),
    (lambda W1, b1, W2, b2, X: (X @ W1.T + b1) @ W2[0] + b2, "no_sigma", "straight line"),
    (lambda W1, b1, W2, b2, X: sigmoid(X @ W1.T + b1) @ W2[0], "no_b2", "bias of the output"),
    (lambda W1, b1, W2, b2, X: sigmoid(X @ W1.T) @ W2[0] + b2, "no_b1", "biases of the hidden layer"),
    (lambda W1, b1, W2, b2, X: sigmoid(X @ W1.T) @ W2[0], "no_biases", "Both biases"),
    (lambda W1, b1, W2, b2, X: sigmoid(sigmoid(X @ W1.T + b1) @ W2[0] + b2), "sigma_outside", "linear here"),
    (lambda W1, b1, W2, b2, X: (sigmoid(X @ W1.T + b1) * W2[0]).mean(axis=1) + b2, "averaged", "added up"),
    (lambda W1, b1, W2, b2, X: (sigmoid(X @ W1.T + b1) * W2[0] + b2).sum(axis=1), "b2_in_the_sum", "outside of the sum"),
    (lambda W1, b1, W2, b2, X: sigmoid(X @ W1.T + b1) * W2[0] + b2, "elementwise", "component by component"),
    (lambda W1, b1, W2, b2, X: np.tanh(X @ W1.T + b1) @ W2[0] + b2, "tanh_for_sigma", "tanh stands where σ belongs"),
    (lambda W1, b1, W2, b2, X: 1 / (1 + np.exp(X @ W1.T + b1)) @ W2[0] + b2, "sign_in_function", "sign of the argument"),
    (lambda W1, b1, W2, b2, X: sigmoid(X @ W1.T + b1).sum(axis=1) + b2, "ignores_W2", "does not change with `W2`"),
    (lambda W1, b1, W2, b2, X: np.mean(sigmoid(X @ W1.T + b1) @ W2[0] + b2), "averaged", "a single number came"),
])  # fmt: skip
def test_predictions_of_all_points_that_are_wrong(wrong, mistake, said):
    feedback = regression.predictions.check(wrong)
    assert feedback.status == "wrong" and feedback.mistakes == (mistake,) and said in feedback.message, str(feedback)


def test_a_table_of_residuals_that_stops_the_code_points_to_their_shape():
    def stops(W1, b1, W2, b2, X, y):
        A = sigmoid(X @ W1.T + b1)
        e = 2 / len(y) * (A @ W2.T + b2 - y)
        D = e[:, np.newaxis] * W2 * A * (1 - A)
        return {"W1": D.T @ X, "b1": D.sum(axis=0), "W2": (e @ A)[None, :], "b2": e.sum()}

    feedback = regression.batch_gradients.check(stops)
    assert feedback.status == "error" and "Is `f − y` of shape (n,)?" in feedback.message


def test_what_the_functions_of_the_course_are_called_with_wrongly_is_said(monkeypatch):
    """A student who calls them in a stub sees no message of `zip`."""
    for question in (regression.predictions, regression.batch_gradients):
        monkeypatch.setattr(question, "_theirs", None)  # the answer of another test
    predict, all_gradients = regression.predictions.use(), regression.batch_gradients.use()
    for wrong, said in (
        (lambda W1, b1, W2, b2, X, y: np.mean((predict(W1, b1, W2, b2, X[:, 0]) - y) ** 2), "`X` must have the shape (n, d)"),
        (lambda W1, b1, W2, b2, X, y: np.mean((predict(W1, b1, W2, X) - y) ** 2), "4 arguments came; it takes 5"),
        (lambda W1, b1, W2, b2, X, y: all_gradients({}, X, y)["b2"], "one by one: W1, b1, W2, b2, X, y, in your line"),
    ):  # fmt: skip
        feedback = regression.batch_cost.check(wrong)
        assert feedback.status == "error" and said in feedback.message, str(feedback)


def test_a_transpose_and_a_lost_axis_are_named_only_where_they_matter():
    def matrix(W1, b1, W2, b2, X):
        return sigmoid(X @ W1.T + b1) @ W2 + b2

    def vector(W1, b1, W2, b2, X):
        A = sigmoid(X @ W1.T + b1)
        return A @ W2[0] + X @ b1.T

    def product(W1, b1, W2, b2, X):
        return W1 @ X + X.sum(axis=0)

    def table(W1, b1, W2, b2, X):
        return X - X.sum(axis=1)

    said = {wrong.__name__: regression.predictions.check(wrong).message for wrong in (matrix, vector, product, table)}
    assert [name for name, message in said.items() if "does nothing to an array with one axis" in message] == ["vector"]
    assert [name for name, message in said.items() if "loses that axis" in message] == ["table"]


def test_the_gradient_of_a_number_is_used_as_a_number():
    """Taken as an array with one entry, it would make a table of the predictions of a student who works one by one."""

    def column(W1, b1, W2, b2, X, y):
        A = sigmoid(X @ W1.T + b1)
        e = 2 / len(y) * (A @ W2.T + b2 - y[:, None])
        D = e * W2 * A * (1 - A)
        return {"W1": D.T @ X, "b1": D.sum(axis=0), "W2": e.T @ A, "b2": e.sum(axis=0)}

    try:
        assert regression.batch_gradients.check(column).status == "correct"
        rng = np.random.default_rng(0)
        given = (
            rng.normal(size=(3, 2)),
            rng.normal(size=3),
            rng.normal(size=(1, 3)),
            0.5,
            rng.normal(size=(5, 2)),
            rng.normal(size=5),
        )
        found = regression.batch_gradients.use()(*given)
        assert {name: np.shape(value) for name, value in found.items()} == {
            "W1": (3, 2),
            "b1": (3,),
            "W2": (1, 3),
            "b2": (),
        }
        np.testing.assert_allclose(found["b2"], column(*given)["b2"][0])
    finally:
        regression.batch_gradients._theirs = None


def test_two_things_behind_return_are_no_ragged_list():
    feedback = regression.batch_cost.check(lambda W1, b1, W2, b2, X, y: (0.5, X @ W1.T + b1))
    assert feedback.status == "error" and "Several things came" in feedback.message, str(feedback)


def test_a_function_without_return_has_been_attempted():
    def no_return(W1, b1, W2, b2, x, y):
        f = forward(W1, b1, W2, b2, x)  # noqa: F841

    feedback = regression.gradients.check(no_return)
    assert feedback.status == "error" and "`return`" in feedback.message


def test_lines_name_the_listed_mistakes_and_want_a_name():
    lines = ["2*(f - y) * W2[0] * dsigma(z)", "2*(f - y) * W2[0] * dsigma(a)", "2*(f - y) * W2[0] * a*(1 - a)"]
    feedback = regression.gradients.check_steps(lines, "b1")
    assert feedback.mistake == "sigma_prime_of_a" and feedback.line == 1 and "two errors cancel" in feedback.message
    right = ["outer(2*(f - y) * W2[0] * dsigma(z), x)", "2*(f - y) * outer(W2[0] * a*(1 - a), x)"]
    assert regression.gradients.check_steps(right, "W1").status == "correct"
    assert regression.gradients.check_steps(["dW1 = " + right[0], right[1]]).status == "correct"
    assert regression.gradients.check_steps(right).mistake == "no_name"


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
    derived = [question for question in regression.questions if question not in (regression.training, regression.adam)]
    assert len(derived) == 5
    for question in derived:
        shown = question.solution.to_html()
        assert "W_2" in shown and r"\left(W_2^\top\right)^\top" not in shown


def test_the_help_has_the_words_of_the_notebook():
    """The number of examples is n, and what stands in the hidden layer is a unit."""
    for question in regression.questions:
        shown = question.help._repr_html_() + question.statement + "".join(m.what + m.hint for m in question.mistakes)
        assert "neuron" not in shown and not re.search(r"\bm\b[^/<]*\\times|\^\{m\}|\(m, ", shown), question.key
    for question in (regression.predictions, regression.batch_cost, regression.batch_gradients):
        assert r"X \in \mathbb R^{n \times d}" in question.solution.to_html()
    assert r"y \in \mathbb R^{n}" in regression.batch_gradients.solution.to_html()
