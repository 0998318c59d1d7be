"""Python's own slips in words, and what is said of a function from its code."""

import numpy as np
import pytest

from helpers.assignments import bump_plots, chain_rule, derivatives, questions
from helpers.checking.python_slips import meant

f = np.tanh
s, r = 0.4, np.linspace(-1, 1, 201)  # left behind by other cells
eta = 0.1
sigmoid_prime, dL_dw, dE_da = derivatives.sigmoid_prime, derivatives.dL_dw, chain_rule.dE_da
grad_tanh, grad_abs = questions["002.3.6"], questions["002.3.3"]


@pytest.fixture(autouse=True)
def fresh():
    for question in questions.values():
        question.forget()


def sigma(z):
    return 1 / (1 + np.exp(-z))


def hat(z):
    return np.exp(-z) / (1 + np.exp(-z)) ^ 2


def called(z):
    return sigma(z)(1 - sigma(z))


def without_np(z):
    return exp(-z) / (1 + exp(-z)) ** 2  # noqa: F821


def unknown_name(z):
    return my_sigma(z) * (1 - my_sigma(z))  # noqa: F821


def function_as_number(z):
    return f * (1 - f)


def not_in_numpy(z):
    return np.sech(z / 2) ** 2 / 4


def two_arguments(z):
    return np.exp(-z, (1 + np.exp(-z)) ** 2)


def empty(z):
    return np.gradient(sigma(z))


def of_the_course(z):
    return sigmoid(z) * (1 - sigmoid(z))  # noqa: F821


def by_e(z):
    return e**-z / (1 + e**-z) ** 2  # noqa: F821


def by_math(z):
    return math.exp(-z) / (1 + math.exp(-z)) ** 2  # noqa: F821


def named_e(z):
    return e * (1 - e)  # noqa: F821


def named_sigma(z):
    return sigma_of_z * (1 - relu)  # noqa: F821


def with_dots(z):
    s = ...
    return s * (1 - s)


def unpacks(z):
    s, t = 1 / (1 + np.exp(-z)), 1, 2
    return s * t


def at_of_a_number(w, x):
    return (1 - np.tanh(w @ x) ** 2) @ x


def on_the_wrong_side(w, X, y):
    return X @ np.sign(X @ w - y) / 2


def dotted(w, X, y):
    return np.dot(X, np.sign(X @ w - y)) / 2


def either(w, X, y):
    residual = X @ w - y
    return X.T @ (0.5 if residual > 0 or residual == 0 else -0.5)


def fixed_size(w, x):
    z = sum(w[j] * x[j] for j in range(5))
    return (1 - np.tanh(z) ** 2) * x


@pytest.mark.parametrize(
    "question, function, said",
    [
        (sigmoid_prime, hat, "`^` is not a power in Python: write `**`"),
        (sigmoid_prime, called, "is a `*` missing?"),
        (sigmoid_prime, without_np, "write `np.exp`"),
        (sigmoid_prime, unknown_name, "`my_sigma` is not defined"),
        (sigmoid_prime, function_as_number, "it has to be called"),
        (sigmoid_prime, of_the_course, "`sigmoid` is not defined here: write `1/(1 + np.exp(-x))`"),
        (sigmoid_prime, by_e, "The exponential function is `np.exp(x)`"),
        (sigmoid_prime, by_math, "`math` is not imported"),
        (sigmoid_prime, named_e, "`e` is not defined: it has to be computed"),
        (sigmoid_prime, named_sigma, "`sigma_of_z` is not defined: it has to be computed"),
        (sigmoid_prime, with_dots, "still `...`"),
        (sigmoid_prime, unpacks, "different numbers of things"),
        (sigmoid_prime, not_in_numpy, "NumPy has no `sech`"),
        (sigmoid_prime, two_arguments, "two arguments"),
        (sigmoid_prime, empty, "`np.gradient`: it differentiates a list of values"),
        (grad_tanh, at_of_a_number, "a number is multiplied with `*`"),
        (grad_abs, either, "one truth value"),
        (
            grad_abs,
            on_the_wrong_side,
            "`@` joins the last axis on its left, of size 2, with the first on its right, of size 3",
        ),
        (grad_abs, dotted, "arrays of shapes (3,2) and (3,) have no product"),
        (grad_tanh, fixed_size, "range(len(w))"),
    ],
)
def test_an_exception_is_said_in_words(question, function, said):
    feedback = question.check(function)
    assert feedback.status == "error" and said in feedback.message, feedback


def test_a_power_of_a_function_is_told_from_a_missing_star():
    """Python warns of it already when it reads the line."""
    problem = TypeError("'int' object is not callable")
    assert "behind its bracket" in meant(problem, "return 1 - np.tanh**2(x)")
    assert "is a `*` missing?" in meant(problem, "return 2(x + 1)")


def borrows_s(u, v, w, x, a, b, c, d):
    return 2 * s * (1 - s) * u


def borrows_r(w, x, b, y):
    return -x * y * (1 - np.tanh(r) ** 2)


def floors(w, x, b, y):
    return 1 // 2 * x * y + w


def returns_in_the_loop(w, X, y):
    g = 0
    for i in range(len(y)):
        g = g + np.sign(X[i] @ w - y[i]) * X[i] ** 3
        return g


def turns_it_off(w, x):
    return np.where(np.arange(len(w)) == 0, (1 - np.tanh(w @ x) ** 2) * x, 0)


def prints_it(z):
    print(sigma(z) * (1 - sigma(z)))


def test_what_is_printed_is_not_returned():
    feedback = sigmoid_prime.check(prints_it)
    assert feedback.mistake == "no_return" and "write `return` instead" in feedback.message


def turns_a_vector(x, W1, b1, w2, b2):
    a1 = sigma(W1 @ x + b1)
    yhat = sigma(w2 @ a1 + b2)
    return yhat * np.cos(a1[0]) * x.T


def tower_with_a_threshold(x1, x2):
    ridges = (
        sigma(x1 + 50 * x2 + 100) - sigma(x1 + 50 * x2 - 100),
        sigma(50 * x1 + x2 + 100) - sigma(50 * x1 + x2 - 100),
    )
    return (sum(ridges) >= 2) * 1.0


@pytest.mark.parametrize(
    "question, answer, said",
    [
        (dE_da, borrows_s, "uses `s`, which is not one of its arguments"),
        (dE_da, borrows_s, "Apart from that it is right."),
        (dL_dw, borrows_r, "uses `r`, which is not one of its arguments"),
        (dL_dw, floors, "divides with `//`"),
        (grad_abs, returns_in_the_loop, "A `return` stands inside the loop"),
        (grad_tanh, turns_it_off, "Only the first entry is filled in"),
        (
            derivatives.tanh_prime,
            lambda x: 1 - np.tanh(x) ** 2 if x > 0 else 0,
            "right where x > 0, and wrong where x < 0",
        ),
        (questions["000.3b.h13"], lambda x1, x2: sigma(50 * (x1 + x2 + 100)), "multipl"),
        (questions["000.3b"], tower_with_a_threshold, "a hard threshold"),
        (questions["001.vector.W1"], turns_a_vector, "`x.T` is `x` itself"),
        (bump_plots.neuron, lambda x, w, b: 1 / (1 + 2.718 ** (-(w * x + b))), "`2.718` stands for e"),
        (bump_plots.neuron, lambda x, w, b: 1 / (1 + 2.72 ** -(w * x + b)), "`2.72` stands for e"),
        (dL_dw, 0.37, "Hand in the function itself"),
        (sigmoid_prime, np.linspace(0, 1, 21), "Hand in the function itself"),
    ],
)
def test_what_the_code_shows_is_said(question, answer, said):
    feedback = question.check(answer)
    assert feedback.status == "wrong" and said in feedback.message, feedback


def test_a_rounded_constant_is_no_cause_where_something_else_is_wrong_too():
    feedback = bump_plots.neuron.check(lambda x, w, b: 1 / (1 + 2.718 ** (-(w * x - b))))
    assert feedback.status == "wrong" and "stands for e" not in feedback.message
    assert bump_plots.neuron.check(lambda x, w, b: 1 / (1 + np.e ** (-(w * x + b)))).status == "correct"


def test_sizes_that_do_not_fit_are_said_without_numpy_s_words():
    def outer_as_a_product(x, y, W1, b1, W2, b2):
        a1 = sigma(W1 @ x + b1)
        return {"W1": a1 @ x.T}

    message = questions["04.matrix"].check(outer_as_a_product).message
    assert "on its left, of size 3, with the first on its right, of size 2" in message
    assert "`np.outer(a, b)`" in message and "gufunc" not in message


def test_a_constant_from_outside_and_the_name_of_a_method_are_no_quantities():
    def scaled(w, x, b, y):
        return eta * w * x + np.exp(b) * y**3

    assert "uses" not in dL_dw.check(scaled).message


def one_minus(p):
    return 1 - p


def zero_by_zero(z, y):
    p = sigma(z)
    return (p - y) / (p * (1 - p)) * p * one_minus(p) / len(y)


def both_infinite(z, y):
    return (np.exp(z) / (1 + np.exp(z)) - y) / len(z)


@pytest.mark.parametrize(
    "function, said",
    [
        (zero_by_zero, "`p - y` is divided by `p * (1 - p)`, 0 by 0"),
        (both_infinite, "`np.exp(z)` is divided by `1 + np.exp(z)`, ∞ by ∞"),
    ],
)
def test_what_fails_at_extremes_is_named_exactly(function, said):
    feedback = questions["003.2.slope"].check(function)
    assert feedback.mistake == "overflow" and said in feedback.message, feedback
