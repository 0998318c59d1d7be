"""Wrong answers of families that the checks know, at questions for which nobody has listed them, right ones beside them:
a message names the cause, and claims nothing that is false of the answer."""

import re

import numpy as np
import pytest

from helpers.assignments import questions
from helpers.functions import sigmoid, softplus


def _soft(Z):
    exponentials = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def _layers(x, w1, b1, w2, b2, f, g):
    z1 = w1 * x + b1
    z2 = w2 * f(z1) + b2
    return z1, f(z1), z2, g(z2)


def _hidden_tanh(x, w1, b1, w2, b2):
    _, a1, _, yhat = _layers(x, w1, b1, w2, b2, np.tanh, sigmoid)
    return yhat * (1 - yhat) * w2 * (1 - a1**2) * x


def _weights_added(x, w1, b1, w2, b2):
    z1, _, z2, s = _layers(x, w1, b1, w2, b2, softplus, sigmoid)
    return (w1 + w2) * sigmoid(z1) * s * (1 - s)


def _penalty_in_the_loop(w, X, y, lam):
    gradient = np.zeros(len(w))
    for row, target in zip(X, y, strict=True):
        gradient += (row @ w - target) * row + 2 * lam * w
    return gradient


def _penalty_behind_the_loop(w, X, y, lam):
    gradient = 2 * lam * w
    for row, target in zip(X, y, strict=True):
        gradient = gradient + (row @ w - target) * row
    return gradient


def _returns_too_early(w, X, y):
    gradient = np.zeros(len(w))
    for row, target in zip(X, y, strict=True):
        gradient += (target - sigmoid(row @ w)) * row
        return gradient


def _denominator(x, W1, b1, w2, b2):
    z1 = W1 @ x + b1
    return 1 / 1 + np.exp(-(w2 @ softplus(z1) + b2)) * (W1.T @ (w2 * sigmoid(z1)))


def _batch_cost(of_losses):
    return lambda W1, b1, W2, b2, X, y: of_losses((sigmoid(X @ W1.T + b1) @ W2[0] + b2 - y) ** 2)


def _backwards(change=lambda W1, W2: W2[0], factor=1.0):
    def gradients(W1, b1, W2, b2, x, y):
        a = sigmoid(W1 @ x + b1)
        e = factor * 2 * ((W2 @ a)[0] + b2 - y)
        delta = e * change(W1, W2) * a * (1 - a)
        return {"W1": np.outer(delta, x), "b1": delta, "W2": e * a[np.newaxis], "b2": e}

    return gradients


def _through_p(Z, Y):
    P = _soft(Z)
    slope = -Y / P / len(Z)
    return P * (slope - (slope * P).sum(axis=1, keepdims=True))


def _picked(Z, labels):
    return np.logaddexp.reduce(Z, axis=1) - Z[np.arange(len(labels)), labels]


def _scores(f1):
    def scores(C):
        p, r = np.diag(C) / C.sum(axis=0), np.diag(C) / C.sum(axis=1)
        return p, r, f1(p, r)

    return scores


def _tower(x1, x2):
    steps = [sigmoid(a + 50 * b + c) for a, b in ((x1, x2), (x2, x1)) for c in (100, -100)]
    return sigmoid(100 * (steps[0] - steps[1] + steps[2] - steps[3]) - 200)


WRONG = [  # the question, the answer, what is said, what must not be said
    ("001.2.4", _hidden_tanh, r"`a1` tanh stands where σ", r"everywhere|Two things"),
    ("001.2.3.b2", _weights_added, r"added.*multiplied", r"term"),
    ("002.3.4", _penalty_in_the_loop, r"once for each row", r"single example"),
    ("002.3.5", _returns_too_early, r"`return` stands inside the loop", r"twice"),
    ("001.vector.x", _denominator, r"bracket.*denominator", r"term of a sum"),
    ("002.3.2", lambda w, x: -sigmoid(w @ x) ** 2 * x, r"inner derivative.*1 \+ e", r"[Tt]erm"),
    ("000.2.b", lambda u, v, w, x, a, b, c, d: -2 * sigmoid(a * u + b * v) ** 2 * v, r"inner derivative", r"[Tt]erm"),
    ("003.3.slope", _through_p, r"divided by|0 by 0", r"largest logit"),
    ("003.2.cost", lambda z, y: np.mean((z > 0) == y), r"", r"does not change"),
    ("07.batch_cost", _batch_cost(lambda losses: losses.sum() / 2), r"divided by 2, whatever", r"fixed size"),
    ("07.batch_cost", _batch_cost(lambda losses: losses.sum() / (len(losses) - 1)), r"less one", r"fixed size"),
    ("003.3.softmax", lambda Z: _soft(Z) * Z.shape[1], r"number of classes", r"hidden"),
    ("003.3.ce", lambda Z, labels: _picked(Z, labels)[-1], r"last example", r"not right yet"),
    ("003.3.ce", lambda Z, labels: np.mean(_picked(Z, labels - 1)), r"label − 1", r"not right yet"),
    ("003.3.perclass", _scores(lambda p, r: np.sqrt(p * r)), r"geometric", r"ordinary"),
    ("003.3.perclass", lambda C: tuple(v[:10] for v in _scores(lambda p, r: 2 * p * r / (p + r))(C)), r"shape", r"values"),
    ("003.3.macro", lambda P, R: np.mean(np.sqrt(P * R)), r"geometric", r"ordinary"),
    ("003.2.f1", lambda y, h: np.sum(y * h) / np.sum(h) + np.sum(y * h) / np.sum(y), r"sum P \+ R", r"Two things"),
    ("003.2.accuracy", lambda y, h: 2 * np.sum(y * h) / (np.sum(y) + np.sum(h)), r"F1", r"`TP` stands"),
    ("004.1", _backwards(lambda W1, W2: W1[:, 0]), r"`W1` stands where .*`W2`", r"begin with"),
    ("004.1", _backwards(lambda W1, W2: W2.sum()), r"sum of all entries", r"single component"),
    ("004.1", _backwards(factor=-0.1), r"learning rate 0.1", r"fixed multiple"),
    ("000.3b.h14", lambda x1, x2: sigmoid(50 * x1 - x2 + 100), r"first term only", r"multiplies the bias"),
    ("000.3b", lambda x1, x2: sigmoid(_tower(x1, x2)), r"twice", r"no activation of its own"),
    ("000.3b.h11", lambda x1, x2: sigmoid(x1 - 50 * x2 - 100), r"bracket is missing", r"constant"),
]  # fmt: skip


def _summed(value, divided=len, rows=range):
    """A mean over the examples by a loop: `value` of one of them."""

    def mean(*arrays):
        total = 0
        for i in rows(len(arrays[0])):
            total = total + value(*(each[i] for each in arrays))
        return total / divided(arrays[0])

    return mean


def _last_only(z, y):
    for i in range(len(z)):
        total = np.logaddexp(0, z[i]) - y[i] * z[i]
    return total / len(z)


def _prediction(units=slice(None), w2=lambda W2: W2[0], around=lambda f: f):
    return lambda W1, b1, W2, b2, x: around(w2(W2)[units] @ sigmoid(W1 @ x + b1)[units] + b2)


def _rows(change):
    return lambda Z: change(_soft(Z))


def _batch(change_e=lambda e, f: e, change_w=lambda w: w, change=lambda g: g):
    def gradients(W1, b1, W2, b2, X, y):
        A = sigmoid(X @ W1.T + b1)
        f = A @ W2[0] + b2
        e = 2 / len(y) * change_e(f - y, f)
        D = e[:, np.newaxis] * change_w(W2[0]) * A * (1 - A)
        return change({"W1": D.T @ X, "b1": D.sum(axis=0), "W2": (e @ A)[np.newaxis], "b2": e.sum()})

    return gradients


def _layer_back(slope):
    def gradients(X, W, b, G):
        delta = G * slope(X @ W.T + b)
        return {"X": delta @ W, "W": delta.T @ X, "b": delta.sum(axis=0)}

    return gradients


def _checked(quotient):
    def numerical_gradient(f, p, h=1e-5):
        gradient = np.zeros_like(p)
        for place in np.ndindex(p.shape):
            step = np.zeros_like(p)
            step[place] = 1
            gradient[place] = quotient(f, p, step, h)
        return gradient

    return numerical_gradient


def _cut(values):
    values[-1] = 0
    return values


def _loss(z, y):
    return np.logaddexp(0, z) - y * z


def _loss_of_row(z, label):
    return np.logaddexp.reduce(z) - z[label]


def _bump(x):
    return sigmoid(500 * x + 30) - sigmoid(500 * x - 30)


def _last_neuron(x1, x2):
    a, b = x1 + 50 * x2, 50 * x1 + x2
    return sigmoid(a + 100) - sigmoid(a - 100) + sigmoid(b + 100) - sigmoid(b - 100)


_H1, _H2 = lambda y, h: np.sum(y == h), lambda y, h: np.sum(y * h)

WRONG += [  # loops, scores, lines of a backward pass, a gradient check, neurons, derivatives
    ("003.2.cost", _summed(_loss, rows=lambda n: range(1, n)), r"first example is left out", r"last"),
    ("003.2.cost", _summed(_loss, rows=lambda n: range(n - 1)), r"last example is left out", r"first"),
    ("003.2.cost", _summed(_loss, lambda z: len(z) ** 2), r"number of examples twice", r"factor"),
    ("003.2.cost", _last_only, r"last example counts", r"first"),
    ("003.3.ce", _summed(_loss_of_row, rows=lambda n: range(1, n)), r"first example is left out", r"not right yet"),
    ("003.3.ce", lambda Z, labels: np.median(_picked(Z, labels)), r"median", r"not right yet"),
    ("003.3.onehot", lambda labels, k: np.eye(k)[(labels + 1) % k], r"columns are shifted", r"not right yet"),
    ("003.3.onehot", lambda labels, k: 2 * np.eye(k)[labels] - 1, r"−1 stands where 0", r"not right yet"),
    ("003.3.softmax", _rows(_cut), r"last row is 0", r"components"),
    ("003.3.slope", lambda Z, Y: (_soft(Z) - Y) / len(Z) ** 2, r"number of examples twice", r"would be a mean"),
    ("003.3.softmax", lambda Z: _soft(Z / np.abs(Z).max(axis=1, keepdims=True)), r"", r"all rows"),
    ("07.prediction", _prediction(slice(1, None)), r"first unit is left out", r"W2 = 0"),
    ("07.prediction", _prediction(w2=lambda W2: W2[0, ::-1]), r"`W2` is taken in reverse", r"single component"),
    ("07.prediction", _prediction(around=np.tanh), r"tanh", r"W2 = 0"),
    ("003.2.accuracy", lambda y, h: _H1(y, h) / np.sum(y), r"\(TP \+ TN\)/\(TP \+ FN\).*denominator is not", r"missing"),
    ("003.2.f1", lambda y, h: 2 * _H2(y, h) / len(y), r"numerator is right, the denominator is not", r"missing"),
    ("003.2.accuracy", lambda y, h: 1 - np.mean(y - h), r"cancel", r"plus"),
    ("07.batch_gradients", _batch(lambda e, f: np.sign(e)), r"only the sign of `f - y`", r"[Tt]wo things"),
    ("07.batch_gradients", _batch(lambda e, f: e * f * (1 - f)), r"slope of σ.*no activation", r"[Tt]wo things"),
    ("07.batch_gradients", _batch(change_w=np.mean), r"mean of all entries", r"single component"),
    ("07.batch_gradients", _batch(change=lambda g: g | {"W1": _cut(g["W1"])}), r"last row is 0", r"components"),
    ("003.2.backward", _layer_back(lambda Z: np.where(Z > 0, 1, 0.01)), r"leaky", r"components"),
    ("003.2.backward", _layer_back(np.sign), r"sign \(−1 or 1\)", r"components"),
    ("04.gradient_check", _checked(lambda f, p, e, h: (f(p + h * e) - f(p - h * e)) * 2 * h), r"multiplied", r"same factor"),
    ("04.gradient_check", _checked(lambda f, p, e, h: (f(p + h * e) + f(p - h * e)) / 2 / h), r"added", r"same factor"),
    ("04.gradient_check", _checked(lambda f, p, e, h: f(p + e) / 2 - f(p - e) / 2), r"distance of 1 from", r"one side"),
    ("000.3a", lambda x: _bump(x) * (x > 0), r"wrong at others", r"multiplied|divided|twice"),
    ("000.3b", lambda x1, x2: float(_last_neuron(x1, x2) > 1.5), r"Only 0 and 1 come.*another place", r"−150"),
    ("001.2.2.w2", "sigma(z1)*sigma(z2)", r"derivative is too many: that of `a1`", r"term"),
    ("002.2.x2", "x1*exp(x2)*cos(g1) + 2*g2 + 2*x2", r"inner derivative, that of `g2`, is added", r"too large"),
    ("004.3", "1/(1 + x**2)", r"arctan", r"right where"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "answer", "said", "unsaid"), WRONG)
def test_a_family_is_known_where_nobody_listed_it(key, answer, said, unsaid):
    questions[key].forget()
    feedback = questions[key].check(answer, record=False)
    assert feedback.status == "wrong", feedback
    assert re.search(said, feedback.message), feedback
    assert not re.search(unsaid, feedback.message), feedback


RIGHT = [
    ("001.2.4", lambda x, w1, b1, w2, b2: (lambda z1: w2 * x / (4 * np.cosh(z1 / 2) ** 2 * (2 + 2 * np.cosh(w2 * sigmoid(z1) + b2))))(w1 * x + b1)),
    ("002.3.4", _penalty_behind_the_loop),
    ("002.3.2", lambda w, x: x / (2 + 2 * np.cosh(w @ x))),
    ("003.3.slope", lambda Z, Y: (np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, np.newaxis]) - Y) / len(Z)),
    ("07.batch_cost", _batch_cost(np.mean)),
    ("003.3.ce", lambda Z, labels: np.mean(_picked(Z, labels))),
    ("003.3.perclass", _scores(lambda p, r: 2 / (1 / p + 1 / r))),
    ("003.3.macro", lambda P, R: np.mean(2 / (1 / P + 1 / R))),
    ("004.1", _backwards()),
    ("000.3b.h11", lambda x1, x2: (1 + np.tanh(x1 / 2 + 25 * x2 + 50)) / 2),
    ("003.2.cost", _summed(_loss)),
    ("003.3.ce", _summed(_loss_of_row)),
    ("003.3.onehot", lambda labels, k: np.equal.outer(labels, np.arange(k))),
    ("07.prediction", _prediction()),
    ("07.batch_gradients", _batch()),
    ("003.2.backward", _layer_back(np.vectorize(lambda z: float(z > 0)))),
    ("04.gradient_check", _checked(lambda f, p, e, h: (f(p + h * e) - f(p - h * e)) / h / 2)),
    ("003.2.accuracy", lambda y, h: 1 - np.mean((y - h) ** 2)),
    ("000.3a", lambda x: sigmoid(500 * x + 30) * (1 - sigmoid(500 * x - 30))),
]  # fmt: skip


@pytest.mark.parametrize(("key", "answer"), RIGHT)
def test_right_ones_in_odd_forms_stay_right(key, answer):
    assert questions[key].check(answer, record=False).status == "correct"


def test_what_a_computer_adds_in_the_last_digits_is_no_decimal():
    question = questions["002.1"].variant("Anna")
    lines = question.working.values(question.numbers)
    table = {name: float(lines[line]) for name, (line, _) in question.entries.items()} | {"J": 7.999999999999929}
    message = question.check(table, record=False).message
    assert "`J`" in message and "whole number in front" not in message
