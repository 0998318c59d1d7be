"""A derivative whose mistake is not known: the first quantity to print, where one factor or one term alone is off."""

import numpy as np
import pytest

from helpers.assignments import questions


def sigma(z):
    return 1 / (1 + np.exp(-z))


def chain(w, x, b):
    u = w * x + b
    return u, sigma((1 + np.tanh(u)) / 2)


def network(x, w1, b1, w2, b2):
    a1 = sigma(w1 * x + b1)
    return a1, sigma(w2 * a1 + b2)


def loss_slope(w, x, b, y, *, inner=None, outer=None, at=None):
    """∂L/∂w with something else in the place of x, of y, of 1 − tanh²."""
    u, f = chain(w, x, b)
    return -(x if inner is None else inner) * (y if outer is None else outer) / 2 * (1 - f) * (
        1 - np.tanh(u) ** 2 if at is None else at(u)
    )  # fmt: skip


def network_slope(x, w1, b1, w2, b2, *, hidden=lambda a: a * (1 - a), output=lambda a: a * (1 - a), weight=lambda w: w):
    """∂ŷ/∂w1 with something else in the place of a slope or a weight."""
    a1, yhat = network(x, w1, b1, w2, b2)
    return output(yhat) * weight(w2) * hidden(a1) * x


def odd(a):
    return a * (1.3 - a**3)


#: (question, a wrong answer, what stands in the message)
LEAD = [
    ("000.1b.w", lambda w, x, b, y: loss_slope(w, x, b, y, inner=np.sin(3 * x)), "depends on `x` only: begin with the "
     "derivative of `u` with respect to `w`"),
    ("000.1b.w", lambda w, x, b, y: loss_slope(w, x, b, y, outer=np.cosh(y)), "depends on `f` and `y` only: begin with the "
     "derivative of `L` with respect to `f`"),
    ("001.2.4", lambda *p: network_slope(*p, hidden=odd), "depends on `a1` only: begin with the derivative of `a1` with "
     "respect to `z1`"),
    ("001.2.4", lambda *p: network_slope(*p, output=odd), "depends on `yhat` only: begin with the derivative of `yhat` with "
     "respect to `z2`"),
    ("001.2.4", lambda *p: network_slope(*p, weight=lambda w: np.tanh(w + 2)), "derivative of `z2` with respect to `a1`"),
    ("000.2.a", lambda u, v, w, x, a, b, c, d: 2 * np.sin(u) * sigma(a * u + b * v) * (1 - sigma(a * u + b * v)),
     "depends on `u` only"),
    ("002.3.2", lambda w, x: x * odd(sigma(w @ x)), "depends on `f` only: print every factor that is made of it"),
    ("002.3.4", lambda w, X, y, lam: X.T @ (X @ w - y) + np.sin(lam) * w**3, "depends on `lam` and `w` only: begin with the "
     "term that is made of them"),
    ("002.2.x1", lambda p, q: np.exp(q) * np.cos(p * np.exp(q)) + 2.3 * (p + q**2) ** 3, "depends on `g2` only"),
]  # fmt: skip

#: (question, a wrong answer): more than one factor is off, or something that is no factor at all
SILENT = [
    ("001.2.4", lambda *p: network_slope(*p, hidden=odd, output=odd)),
    ("001.2.4", lambda x, w1, b1, w2, b2: network_slope(x, w1, b1, w2, b2) + x * b1 / 7),
    ("001.2.4", lambda x, w1, b1, w2, b2: network_slope(x, w1, b1, w2, b2, hidden=odd) * np.cosh(x)),
    ("000.1b.w", lambda w, x, b, y: loss_slope(w, x, b, y, inner=np.sin(3 * x), outer=np.cosh(y))),
    ("000.2.a", lambda u, v, w, x, a, b, c, d: 2 * np.sin(u) * odd(sigma(a * u + b * v))),
    ("002.3.4", lambda w, X, y, lam: X.T @ (X @ w - y) ** 3 / 5 + np.sin(lam) * w**3),
    ("002.2.x1", lambda p, q: 1.7 * np.exp(q) * np.sin(p * np.exp(q)) ** 2 + 2.3 * (p + q**2) ** 3),
    ("004.3", lambda x: (1 - np.tanh(x) ** 2) * (1 + np.tanh(x) ** 4 / 3)),  # of one input everything depends on it
]


@pytest.mark.parametrize("key, answer, said", LEAD)
def test_one_factor_or_term_that_is_off_leads_on(key, answer, said):
    questions[key].forget()
    feedback = questions[key].check(answer)
    assert feedback.status == "wrong" and feedback.mistake == "unknown" and said in feedback.message
    assert feedback.message.count(" only: ") == 1


@pytest.mark.parametrize("key, answer", SILENT)
def test_where_more_is_off_nothing_is_said_of_one_factor(key, answer):
    questions[key].forget()
    feedback = questions[key].check(answer)
    assert feedback.status == "wrong" and feedback.message and " only: " not in feedback.message
