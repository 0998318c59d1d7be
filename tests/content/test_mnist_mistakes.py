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
        ("log10", lambda P, labels: -np.mean(np.log10(picked(P, labels)))),
        ("mean_over_table", lambda P, labels: -np.mean(one_hot(P, labels) * np.log(P))),
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
        ("nan", lambda z, y: np.mean(np.log(z) * y)),
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
        ("precision", "percent", lambda tp, fp, fn, tn: 100 * tp / (tp + fp)),
        ("precision", "unknown", lambda tp, fp, fn, tn: tp / (tp + fp + 1)),
        ("recall", "percent", lambda tp, fp, fn, tn: 100 * tp / (tp + fn)),
        ("recall", "other_quotient", lambda tp, fp, fn, tn: (tp + fn) / (tp + fp + fn + tn)),
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


@pytest.mark.parametrize(
    "said, prepare",
    [
        ("put each comparison in brackets", lambda images, labels, a, b: images[labels == str(a) | labels == str(b)]),
        ("put each comparison in brackets", lambda images, labels, a, b: images[labels.astype(int) == a | b == a]),
        ("want one truth value", lambda images, labels, a, b: images[(labels == str(a)) or (labels == str(b))]),
        ("`a = a / 2` makes a new array", lambda images, labels, a, b: images.__itruediv__(255)),
    ],
)
def test_slips_with_arrays_are_said_in_words(said, prepare):
    feedback = questions["003.2.data"].check(prepare)
    assert feedback.status == "error" and said in feedback.message, str(feedback)


@pytest.mark.parametrize(
    "name, cost",
    [
        ("sign_with_1", lambda z, y: np.mean(-y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))),
        ("sign_with_0", lambda z, y: np.mean(y * np.logaddexp(0, -z) - (1 - y) * np.logaddexp(0, z))),
        (
            "sign_with_0",
            lambda z, y: np.mean(-y * np.log(1 / (1 + np.exp(-z))) + (1 - y) * np.log(1 - 1 / (1 + np.exp(-z)))),
        ),
    ],
)
def test_a_minus_at_one_of_the_two_logarithms(name, cost):
    feedback = questions["003.2.cost"].check(cost)
    assert (feedback.status, feedback.mistake) == ("wrong", name), str(feedback)


def changed(pixels=lambda x: x / 255, order="C"):
    def prepare(images, labels, first, second):
        rows = np.isin(labels, [str(first), str(second)])
        x = [image.ravel(order=order) for image in images[rows]]
        return pixels(np.array(x)), (labels[rows] == str(second)) * 1

    return prepare


def test_pixels_and_labels():
    question = questions["003.2.data"]
    assert question.check(changed()).status == "correct"
    assert question.check(changed(order="F")).mistake == "by_columns"
    first, second = (question.check(changed(lambda x: (x / 255) ** 2)) for _ in range(2))
    assert first.mistake == "values" and "x.min()" in second.message  # the hint is about the output that is off


def relabelled(*order):
    """Labels that are written one after the other into the array in which they are looked for."""

    def prepare(images, labels, first, second):
        digits = labels.astype(int)
        rows = np.isin(digits, [first, second])
        y = digits[rows].tolist()
        for digit, label in ([(first, 0), (second, 1)][k] for k in order):
            y = [label if each == digit else each for each in y]
        return images[rows].reshape(-1, 784) / 255, y

    return prepare


@pytest.mark.parametrize(
    "name, label",
    [
        ("by_number", lambda digits, first, second: np.searchsorted(np.unique(digits), digits)),
        ("by_number", lambda digits, first, second: digits > min(first, second)),
        ("values", lambda digits, first, second: digits > 5),
        ("first_subtracted", lambda digits, first, second: digits - first),
        ("compared_by_size", lambda digits, first, second: digits > first),
        ("compared_by_size", lambda digits, first, second: (digits >= second) * 1.0),
        ("minus_one", lambda digits, first, second: 2 * (digits == second) - 1),
        (None, lambda digits, first, second: digits != first),
        (None, lambda digits, first, second: ((digits - first) / (second - first)).round().astype(np.float32)),
        (None, lambda digits, first, second: [{first: 0, second: 1}[digit] for digit in digits]),
    ],
)
def test_labels_for_every_pair_of_digits(name, label):
    def prepare(images, labels, first, second):
        digits = labels.astype(int)
        rows = (digits == first) | (digits == second)
        return images[rows].reshape(-1, 784) / 255, label(digits[rows], first, second)

    feedback = questions["003.2.data"].check(prepare)
    assert (feedback.status, feedback.mistake) == ("wrong" if name else "correct", name), str(feedback)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_labels_that_are_set_twice(order):
    assert questions["003.2.data"].check(relabelled(*order)).mistake == "relabelled_again"


@pytest.mark.parametrize("largest", [np.max, lambda x: x.max(axis=1, keepdims=True)])
def test_pixels_by_the_largest_that_occurs(largest):
    assert questions["003.2.data"].check(changed(lambda x: x / largest(x))).mistake == "own_largest"


def test_the_hints_on_one_hot_rows_are_not_the_solution():
    question = questions["003.3.onehot"]
    texts = (*question.hints, *(mistake.hint for mistake in question.mistakes))
    assert not any("arange(len(labels)), labels" in text for text in texts)


def test_one_number_in_an_array_is_a_cost():
    cost = questions["003.3.ce"].check(lambda Z, labels: np.array([-np.mean(picked(log_softmax(Z, axis=1), labels))]))
    assert cost.status == "correct"


def test_scores_of_each_class_in_one_table():
    question = questions["003.3.perclass"]
    assert question.check(lambda C: np.array(question.reference(C)))


@pytest.mark.parametrize("apart, name", [(0.0, None), (-1e-5, "too_close")])
def test_exactly_one_point_below_is_enough(apart, name):
    # in two classes p = m ± d and r = m ∓ d: there F1 is m − d²/m, so on the mean it is 2d²/(3m) below m
    m = 0.75
    d = np.sqrt(1.5 * m * (0.01 + apart))
    assert mnist_multiclass.averages.check(([m + d, m - d, m], [m - d, m + d, m])).mistake == name


def test_zero_is_a_precision_unless_recall_is_zero_too():
    assert mnist_multiclass.averages.check(([1, 0, 0.5], [0, 1, 0.5])).status == "correct"
    assert mnist_multiclass.averages.check(([1, 0, 0.5], [1, 0, 0.5])).mistake == "both_zero"


# -------------------------------------------------------------------------------------- gradients and hints


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
