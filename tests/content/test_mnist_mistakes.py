"""Notebooks 05 and 06: answers as students write them, wrong in one way, and the cause that the check must name."""

import numpy as np
import pytest

from helpers.assignments import mnist_binary, mnist_multiclass, questions
from helpers.errors import InputError
from helpers.functions import log_softmax, sigmoid, softmax

ROWS = {"axis": 1, "keepdims": True}


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in (*mnist_binary.questions, *mnist_multiclass.questions):
        question.forget()


def shifted(shift):
    """Softmax with a number subtracted from the logits before the exponential."""

    def probabilities(Z):
        e = np.exp(Z - shift(Z))
        return e / np.sum(e, **ROWS)

    return probabilities


SHIFTS = {
    "overflow": [lambda Z: 0],
    "shift_of_all_rows": [lambda Z: Z.max(), lambda Z: Z.mean()],
    "shift_not_largest": [
        lambda Z: Z.mean(**ROWS),
        lambda Z: np.median(Z, **ROWS),
        lambda Z: Z.min(**ROWS),
        lambda Z: Z[:, -1:],
        lambda Z: Z[:, :1],
    ],
}
EVERY_SHIFT = [(name, shift) for name, shifts in SHIFTS.items() for shift in shifts]


def picked(table, labels):
    return table[np.arange(len(labels)), labels]


def one_hot(Z, labels):
    return np.eye(Z.shape[1])[labels]


# --------------------------------------------------------------------------------- what extreme logits show


@pytest.mark.parametrize("name, shift", EVERY_SHIFT)
def test_a_wrong_shift_is_named_wherever_softmax_stands(name, shift):
    p = shifted(shift)

    def by_logs(Z, labels):
        c = np.broadcast_to(shift(Z), (len(Z), 1)) if np.ndim(shift(Z)) else shift(Z)
        return np.mean(np.log(np.sum(np.exp(Z - c), axis=1)) + np.ravel(c) - picked(Z, labels))

    for key, answer in (
        ("003.3.softmax", p),
        ("003.3.slope", lambda Z, Y: (p(Z) - Y) / len(Z)),
        ("003.3.ce", lambda Z, labels: -np.mean(np.log(picked(p(Z), labels)))),
        ("003.3.ce", by_logs),
    ):
        feedback = questions[key].check(answer)
        assert feedback.status == "wrong" and feedback.mistake == name, (key, str(feedback))


def test_the_largest_logit_of_each_row_is_right():
    p = shifted(lambda Z: Z.max(**ROWS))
    assert questions["003.3.softmax"].check(p)
    assert questions["003.3.slope"].check(lambda Z, Y: (p(Z) - Y) / len(Z))
    assert questions["003.3.softmax"].check(lambda Z: p(np.clip(Z, -500, 500))).mistake == "cut_off"


@pytest.mark.parametrize(
    "name, cost",
    [
        ("log_of_zero", lambda P, labels: -np.mean(np.log(picked(P, labels)))),
        ("zero_times_log", lambda P, labels: -np.sum(one_hot(P, labels) * np.log(P)) / len(P)),
        ("clipped", lambda P, labels: -np.mean(np.log(picked(P, labels) + 1e-12))),
        ("clipped", lambda P, labels: -np.mean(np.log(picked(P, labels) + 1e-8))),
        ("clipped", lambda P, labels: -np.mean(np.log(np.maximum(picked(P, labels), 1e-15)))),
        ("clipped", lambda P, labels: -np.mean(np.log(np.clip(picked(P, labels), 1e-7, 1 - 1e-7)))),
        ("clipped", lambda P, labels: -np.sum(one_hot(P, labels) * np.log(P + 1e-12)) / len(P)),
    ],
)
def test_safe_softmax_before_the_logarithm(name, cost):
    feedback = questions["003.3.ce"].check(lambda Z, labels: cost(softmax(Z, axis=1), labels))
    assert feedback.status == "wrong" and feedback.mistake == name, str(feedback)


@pytest.mark.parametrize(
    "name, cost",
    [
        ("sum", lambda P, labels: -np.sum(np.log(picked(P, labels)))),
        ("sign", lambda P, labels: np.mean(np.log(picked(P, labels)))),
        ("log10", lambda P, labels: -np.mean(np.log10(picked(P, labels)))),
        ("mean_over_table", lambda P, labels: -np.mean(one_hot(P, labels) * np.log(P))),
        ("not_averaged", lambda P, labels: -np.log(picked(P, labels))),
    ],
)
def test_an_overflow_does_not_hide_another_mistake(name, cost):
    feedback = questions["003.3.ce"].check(lambda Z, labels: cost(shifted(lambda Z: 0)(Z), labels))
    assert feedback.mistake == name, str(feedback)


def kept_from_0_and_1(least):
    return lambda z: np.clip(sigmoid(z), least, 1 - least)


def binary(first, second):
    return lambda z, y: -np.mean(y * np.log(first(z)) + (1 - y) * np.log(second(z)))


@pytest.mark.parametrize(
    "name, cost",
    [
        ("clipped", binary(lambda z: sigmoid(z) + 1e-12, lambda z: 1 - sigmoid(z) + 1e-12)),
        ("clipped", binary(kept_from_0_and_1(1e-15), lambda z: 1 - kept_from_0_and_1(1e-15)(z))),
        ("clipped", binary(kept_from_0_and_1(1e-7), lambda z: 1 - kept_from_0_and_1(1e-7)(z))),
        ("overflow", lambda z, y: np.mean(np.log(1 + np.exp(z)) - y * z)),
        ("overflow", binary(sigmoid, lambda z: 1 - sigmoid(z))),
        ("no_sigmoid", binary(lambda z: z, lambda z: 1 - z)),
        ("nan", lambda z, y: np.mean(np.log(z) * y)),
        ("sign_of_yz", lambda z, y: np.mean(np.logaddexp(0, z) + y * z)),
        ("no_yz", lambda z, y: np.mean(np.logaddexp(0, z))),
        ("sign_in_softplus", lambda z, y: np.mean(np.logaddexp(0, -z) - y * z)),
    ],
)
def test_binary_cost(name, cost):
    feedback = questions["003.2.cost"].check(cost)
    assert feedback.status == "wrong" and feedback.mistake == name, str(feedback)


# ------------------------------------------------------------------------------------------------ scores


def parts(y, yhat):
    return np.sum(y & yhat), np.sum(~y & yhat & 1), np.sum(y & (1 - yhat)), np.sum((1 - y) & (1 - yhat))


@pytest.mark.parametrize(
    "key, answer",
    [
        ("accuracy", lambda y, yhat: np.trace(np.bincount(2 * y + yhat, minlength=4).reshape(2, 2)) / len(y)),
        ("precision", lambda y, yhat: np.sum(y & yhat) / np.sum(yhat)),
        ("recall", lambda y, yhat: np.eye(2)[yhat][y == 1][:, 1].mean()),
    ],
)
def test_labels_are_whole_numbers(key, answer):
    assert questions[f"003.2.{key}"].check(answer).status == "correct"


@pytest.mark.parametrize(
    "key, name, share",
    [
        ("precision", "zeros_counted", lambda tp, fp, fn, tn: (tp + tn) / (tp + fp)),
        ("precision", "right_answers", lambda tp, fp, fn, tn: tp / (tp + tn)),
        ("precision", "odds", lambda tp, fp, fn, tn: tp / fp),
        ("precision", "percent", lambda tp, fp, fn, tn: 100 * tp / (tp + fp)),
        ("precision", "unknown", lambda tp, fp, fn, tn: tp / (tp + fp + 1)),
        ("recall", "zeros_counted", lambda tp, fp, fn, tn: (tp + tn) / (tp + fn)),
        ("recall", "right_answers", lambda tp, fp, fn, tn: tp / (tp + tn)),
        ("recall", "odds", lambda tp, fp, fn, tn: tp / fn),
        ("recall", "percent", lambda tp, fp, fn, tn: 100 * tp / (tp + fn)),
        ("recall", "ignores_yhat", lambda tp, fp, fn, tn: (tp + fn) / (tp + fp + fn + tn)),
        ("f1", "precision", lambda tp, fp, fn, tn: tp / (tp + fp)),
        ("f1", "recall", lambda tp, fp, fn, tn: tp / (tp + fn)),
        ("f1", "product", lambda tp, fp, fn, tn: tp / (tp + fp) * tp / (tp + fn)),
        ("f1", "no_division", lambda tp, fp, fn, tn: 2 * tp / (tp + fp) * tp / (tp + fn)),
        ("f1", "bracket", lambda tp, fp, fn, tn: 3 * tp / (tp + fn)),
    ],
)
def test_scores_of_the_wrong_counts(key, name, share):
    feedback = questions[f"003.2.{key}"].check(lambda y, yhat: share(*parts(y, yhat)))
    assert feedback.status == "wrong" and feedback.mistake == name, str(feedback)


@pytest.mark.parametrize("functions", [{"acc": lambda y, yhat: 1}, {"F1": ...}])
def test_scores_have_their_names(functions):
    with pytest.raises(InputError, match="is no score here"):
        mnist_binary.check_scores(**functions)
    with pytest.raises(InputError, match="without its name"):
        mnist_binary.check_scores(*functions.values())


@pytest.mark.parametrize(
    "name, factor",
    [
        ("n_minus_1", lambda n: np.sqrt(n / (n - 1))),
        ("interval", lambda n: 1.96),
        ("two_runs", lambda n: np.sqrt(2)),
    ],
)
def test_standard_error(name, factor):
    feedback = questions["003.2.se"].check(lambda p, n: factor(n) * np.sqrt(p * (1 - p) / n))
    assert feedback.mistake == name, str(feedback)


# ----------------------------------------------------------------------------------- the data, the labels


def prepared(images, digits, rows, second, shape):
    return images[rows].reshape(*shape(rows)) / 255, (digits[rows] == second) * 1


@pytest.mark.parametrize("shape", [lambda rows: (rows.sum(), -1), lambda rows: (rows.sum(), 784)], ids=["-1", "784"])
@pytest.mark.parametrize(
    "name, select",
    [
        ("string_labels", lambda labels, a, b: (labels, (labels == a) | (labels == b), b)),
        ("string_labels", lambda labels, a, b: (labels.astype(int), (labels == str(a)) & (labels == str(b)), b)),
        ("always_5_and_6", lambda labels, a, b: (labels.astype(int), np.isin(labels, ["5", "6"]), 6)),
    ],
)
def test_rows_that_are_not_there(name, select, shape):
    def prepare(images, labels, first, second):
        digits, rows, positive = select(labels, first, second)
        return prepared(images, digits, rows, positive, shape)

    feedback = questions["003.2.data"].check(prepare)
    assert feedback.status == "wrong" and feedback.mistake == name, str(feedback)


def grouped(images, labels, first, second):
    parts = [images[labels == str(digit)] for digit in (first, second)]
    return np.concatenate(parts).reshape(-1, 784) / 255, np.repeat([0, 1], [len(part) for part in parts])


def changed(pixels=lambda x: x / 255, order="C", label=lambda texts, second: texts == str(second)):
    def prepare(images, labels, first, second):
        rows = np.isin(labels, [str(first), str(second)])
        x = [image.ravel(order=order) for image in images[rows]]
        return pixels(np.array(x)), label(labels[rows], second) * 1

    return prepare


@pytest.mark.parametrize(
    "name, answer",
    [
        ("grouped", grouped),
        ("by_columns", changed(order="F")),
        ("whole_division", changed(lambda x: x // 255)),
        ("inverted", changed(lambda x: 1 - x / 255)),
        ("all_zero", changed(label=lambda texts, second: np.zeros(len(texts)))),
        ("values", changed(lambda x: (x / 255) ** 2)),
    ],
)
def test_pixels_and_labels(name, answer):
    question = questions["003.2.data"]
    assert question.check(changed()).status == "correct"
    first, second = question.check(answer), question.check(answer)
    assert first.status == "wrong" and first.mistake == name, str(first)
    assert name != "values" or "x.min()" in second.message  # the hint is about the output that is off


def test_one_hot_rows():
    def rows_by_label(labels, classes):
        Y = np.zeros((len(labels), classes))
        Y[labels] = 1
        return Y

    question = questions["003.3.onehot"]
    assert question.check(rows_by_label).mistake == "rows_by_label"
    assert question.check(lambda labels, classes: np.eye(classes)[labels - 1]).mistake == "count_from_one"
    texts = (*question.hints, *(mistake.hint for mistake in question.mistakes))
    assert not any("arange(len(labels)), labels" in text for text in texts)  # that would be the solution


@pytest.mark.parametrize(
    "name, answer",
    [
        ("labels_for_one_hot", lambda Z, labels: -np.mean(labels * log_softmax(Z, axis=1))),
        ("labels_for_one_hot", lambda Z, labels: -np.sum(labels[:, None] * log_softmax(Z, axis=1)) / len(Z)),
        ("all_pairs", lambda Z, labels: -np.mean(log_softmax(Z, axis=1)[:, labels])),
        (
            "shift_in_one_term",
            lambda Z, labels: np.mean(np.log(np.exp(Z - Z.max(**ROWS)).sum(axis=1)) - picked(Z, labels)),
        ),
        (None, lambda Z, labels: np.array([-np.mean(picked(log_softmax(Z, axis=1), labels))])),
    ],
)
def test_cross_entropy_on_logits(name, answer):
    feedback = questions["003.3.ce"].check(answer)
    assert feedback.mistake == name and bool(feedback) == (name is None), str(feedback)


def test_scores_of_each_class():
    question = questions["003.3.perclass"]
    precision, recall, f1 = range(3)
    assert question.check(lambda C: np.array(question.reference(C)))
    for rows in ((precision,) * 3, (recall,) * 3, (recall, recall, f1), (precision, precision, f1)):
        feedback = question.check(lambda C, rows=rows: [question.reference(C)[row] for row in rows])
        assert feedback.mistake == "same_axis", str(feedback)
    assert question.check(lambda C: [100 * part for part in question.reference(C)]).mistake == "percent"


def test_zero_is_a_precision_unless_recall_is_zero_too():
    assert mnist_multiclass.averages.check(([1, 0, 0.5], [0, 1, 0.5])).status == "correct"
    assert mnist_multiclass.averages.check(([1, 0, 0.5], [1, 0, 0.5])).mistake == "both_zero"


# -------------------------------------------------------------------------------------- gradients and hints


@pytest.mark.parametrize(
    "key, name, gradient",
    [
        ("003.2.slope", "squared_error", lambda p, y, classes: 2 * (p - y) * p * (1 - p) / len(p)),
        ("003.2.slope", "extra_prime_no_mean", lambda p, y, classes: (p - y) * p * (1 - p)),
        ("003.3.slope", "squared_error", lambda p, y, classes: 2 * (p - y) * p * (1 - p) / len(p)),
        ("003.3.slope", "extra_prime_no_mean", lambda p, y, classes: (p - y) * p * (1 - p)),
        ("003.3.slope", "divided_by_classes", lambda p, y, classes: (p - y) / classes),
    ],
)
def test_gradients_with_another_factor(key, name, gradient):
    def answer(z, y):
        return gradient(softmax(z, axis=1) if z.ndim == 2 else sigmoid(z), y, z.shape[-1])

    feedback = questions[key].check(answer)
    assert feedback.mistake == name, str(feedback)


@pytest.mark.parametrize("key", ["layer", "cost", "precision", "f1", "se"])
@pytest.mark.parametrize(
    "change", [lambda r: np.cos(r) + 0.3, lambda r: np.append(np.ravel(r), 1.0), lambda r: 0 * r, lambda r: r + 0.5]
)
def test_no_hint_on_derivatives_where_none_is_asked_for(key, change):
    question = questions[f"003.2.{key}"]

    def answer(*values):
        return change(question.evaluate(question.answer_formula, dict(zip(question.parameters, values, strict=True))))

    messages = [question.check(answer).message for _ in range(6)]
    assert not any(word in text for text in messages for word in ("finite difference", "radient", "derivative"))


def test_softmax_of_one_class_shows_nothing():
    question = questions["003.3.softmax"]
    assert question.check(lambda Z: np.eye(Z.shape[1])[Z.argmax(axis=1)]).mistake == "argmax"
    assert question.check(lambda Z: Z / Z.max(**ROWS)).mistake == "unknown"
