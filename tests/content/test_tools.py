"""Notebook 01: numerical derivatives as students write them, handed in as they are or on one function only."""

import functools

import numpy as np
import pytest

from helpers.assignments import bump_plots, derivatives, questions


def quotient(f, x, h, scale=2):
    return (f(x + h) - f(x - h)) / (scale * h)


def moved(J, w, h=1e-5, back=True, copy=False, size=None):
    """The components of w moved in the array itself, and put back by adding and subtracting."""
    w = w.copy() if copy else w
    gradient = np.zeros(size or len(w))
    for j in range(len(gradient)):
        w[j] += h
        above = J(w)
        w[j] -= 2 * h
        gradient[j] = (above - J(w)) / (2 * h)
        if back:
            w[j] += h
    return gradient


def with_steps(J, w, h=1e-5, fresh=True, rest=1.0):
    """Steps of zeros; `rest`: what the other components are multiplied with."""
    gradient, step = np.zeros(len(w)), np.zeros(len(w))
    for j in range(len(w)):
        step = np.zeros(len(w)) if fresh else step
        step[j] = h
        others = np.where(np.arange(len(w)) == j, 1, rest) * w
        gradient[j] = (J(others + step) - J(others - step)) / (2 * h)
    return gradient


def without_copies(J, w, h=1e-5):
    gradient = np.zeros(len(w))
    for j in range(len(w)):
        plus, minus = w, w
        plus[j] += h
        minus[j] -= h
        gradient[j] = (J(plus) - J(minus)) / (2 * h)
    return gradient


def too_early(J, w, h=1e-5):
    gradient = np.zeros(len(w))
    for j, e in enumerate(np.eye(len(w))):
        gradient[j] = (J(w + h * e) - J(w - h * e)) / (2 * h)
        return gradient


CENTRAL, COMPLEX, GRADIENT = derivatives.central, derivatives.complex_step, derivatives.numerical_gradient

RIGHT = [
    (CENTRAL, quotient),
    (CENTRAL, lambda func, at, eps=1e-6: (func(at + eps) - func(at - eps)) / eps / 2),
    (CENTRAL, lambda f, x, *, h: quotient(f, x, h)),
    (CENTRAL, functools.partial(quotient, scale=2)),
    (CENTRAL, lambda f, x, h: np.diff(f(np.array([x - h, x + h]))) / (2 * h)),
    (CENTRAL, lambda x, h: quotient(np.sin, x, h)),
    (COMPLEX, lambda f, x, h=1e-20: np.imag(f(x + 1j * h)) / h),
    (COMPLEX, lambda f, x, h=1e-20: f(complex(x, h)).imag / h),
    (
        GRADIENT,
        lambda J, w, h=1e-5: [
            (J([*w[:j], w[j] + h, *w[j + 1 :]]) - J([*w[:j], w[j] - h, *w[j + 1 :]])) / (2 * h) for j in range(len(w))
        ],
    ),  # fmt: skip
    (GRADIENT, moved),  # w + h − 2h + h is w up to rounding
    (GRADIENT, functools.partial(moved, copy=True, back=True)),
    (GRADIENT, with_steps),
    (GRADIENT, lambda J, w, h: with_steps(J, w.astype(np.longdouble), h).astype(np.float32)),
    (GRADIENT, lambda w, h: moved(lambda w: np.sum(w**3), w, h)),
]


@pytest.mark.parametrize("question, tool", RIGHT)
def test_right_tools_in_odd_forms(question, tool):
    feedback = question.check(tool)
    assert feedback.status == "correct" and "changes" not in feedback.message, str(feedback)


@pytest.mark.parametrize(
    "question, tool, name",
    [
        (CENTRAL, lambda f, x, h: quotient(np.sin, x, h), "never_called"),
        (CENTRAL, lambda f, x, h: np.cos(x) * np.sin(h) / h, "never_called"),
        (CENTRAL, lambda f, x, h: (f(x + h) - np.sin(x - h)) / (2 * h), "one_function_only"),
        (CENTRAL, lambda f, x, h: (f(x) + h - f(x) - h) / (2 * h), "not_moved"),
        (CENTRAL, lambda f, x, h: f * (x + h), "function_as_number"),
        (CENTRAL, lambda f, x, h: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, "ignores_h"),
        (CENTRAL, lambda f, x: quotient(f, x, 1e-5), "wrong_parameters"),
        (CENTRAL, lambda f, x, h: (f(x + h) - f(x)) / h, "forward"),
        (CENTRAL, lambda f, x, h: quotient(f, x, h / 2), "other_step"),
        (CENTRAL, lambda f, x, h: (f(x + 2 * h) - f(x)) / (2 * h), "other_step"),
        (CENTRAL, lambda f, x, h: (f(x + h) - 2 * f(x) + f(x - h)) / h**2, "unknown"),  # at the right places
        (CENTRAL, lambda f, x, h: f(x, h), "arguments_of_the_function"),
        (CENTRAL, lambda f, x, h: (f(x=x + h) - f(x=x - h)) / (2 * h), "arguments_of_the_function"),
        (CENTRAL, lambda f, x, h: f(x + h) - f(x - h), "not_divided"),
        (CENTRAL, lambda f, x, h: (f(x + h) - f(x - h)) / 2, "divided_by_2"),
        (CENTRAL, 0.36, "constant"),
        (COMPLEX, np.float64(0.36), "constant"),
        (CENTRAL, lambda f, x, h: (f(x + h) + f(x - h)) / (2 * h), "added"),
        (GRADIENT, lambda J, w, h: [(J(w + e) - J(w - e)) / (2 * h) for e in np.eye(len(w))], "other_step"),
        (GRADIENT, lambda J, w, h: [J(*w) for _ in w], "arguments_of_the_function"),
        (COMPLEX, lambda f, x, h: np.imag(np.sin(x + 1j * h)) / h, "never_called"),
        (COMPLEX, lambda f, x, h: np.imag(f(x + 1e-20j)) / 1e-20, "ignores_h"),
        (GRADIENT, lambda J, w, h: quotient(lambda w: w**3, w, h), "never_called"),
        (GRADIENT, lambda J, w, h: [(J(v + h) - J(v - h)) / (2 * h) for v in w], "not_the_whole_array"),
        (GRADIENT, lambda J, w, h: with_steps(J, w, h, rest=0), "one_function_only"),
        (GRADIENT, lambda J, w, h: with_steps(J, w, h, fresh=False), "several_moved"),
        (GRADIENT, functools.partial(moved, back=False), "changes_argument"),
        (GRADIENT, lambda w, h: moved(lambda w: np.sum(w**3), w, h, back=False), "changes_argument"),
        (GRADIENT, lambda J, w, h: moved(J, w, h, back=False, copy=True), "one_function_only"),
        (GRADIENT, without_copies, "not_moved"),
        (GRADIENT, too_early, "first_only"),
        (GRADIENT, functools.partial(moved, size=3), "raises"),
    ],
)
def test_wrong_tools_are_named(question, tool, name):
    feedback = question.check(tool)
    assert feedback.status in ("wrong", "error") and feedback.mistake == name, str(feedback)


@pytest.mark.parametrize("question", derivatives.exercises)
def test_every_exercise_of_the_notebook_shows_hints_and_code_as_code(question):
    shown = question.help._repr_html_()
    assert len(question.hints) >= 2 and "Hint 2" in shown and "`" not in shown
    assert "<code>" in shown or "`" not in "".join(question.hints)


@pytest.mark.parametrize("question", [CENTRAL, COMPLEX])
def test_a_tool_is_no_neuron(question):
    """What is said of a constant picture of neurons is not said of a constant."""
    for answer in (0.36, lambda f, x, h: 0.36):
        assert "pre-activation" not in question.check(answer).message
    assert "without brackets" in question.check(0.36).message


@pytest.mark.parametrize("question", [CENTRAL, COMPLEX, GRADIENT])
def test_stubs_and_listed_mistakes_of_tools(question):
    assert question.check(lambda f, x, h=1e-5: ...).status == "not attempted"
    assert question.tool_signature in repr(question)
    for mistake in question.mistakes:
        assert mistake.id in question.check(mistake.ways[0]).mistakes


@pytest.mark.parametrize(
    "key, answer, status, mistake",
    [
        ("002.3.1", lambda z: np.gradient(1 / (1 + np.exp(-z))), "error", "np_gradient"),
        ("004.3", lambda x: np.gradient(np.tanh(x)), "error", "np_gradient"),
        ("002.3.2", lambda w, x: [each for each in w if each > 99], "wrong", "shape"),
        ("003.2.data", lambda images, labels, *digits: ([i for i in images if i is labels], []), "wrong", "shape"),
        ("003.3.onehot", lambda labels, classes: [label for label in labels if label > classes], "wrong", "shape"),
        ("002.3.2", lambda w, x: [], "not attempted", None),
        ("003.2.data", lambda *arguments: ([], []), "not attempted", None),
    ],
)
@pytest.mark.filterwarnings("ignore:Mean of empty slice")
def test_nothing_that_was_computed_is_no_placeholder(key, answer, status, mistake):
    feedback = questions[key].check(answer)
    assert (feedback.status, feedback.mistake) == (status, mistake), str(feedback)


# ---- the relative error -----------------------------------------------------------------------------------------------

norm = np.linalg.norm


def by_hand(a, b):
    below = sum(v**2 for v in a) ** 0.5 + np.sqrt(np.dot(b, b))
    if below == 0:
        return 0
    return np.sqrt(np.sum(np.square(np.asarray(a) - b))) / below


@pytest.mark.parametrize(
    "answer",
    [
        by_hand,
        lambda a, b: norm(b - a) / max(norm(a) + norm(b), 1e-300),
        lambda a, b: [norm(a - b) / (norm(a) + norm(b) or 1)],
    ],
)
def test_right_relative_errors(answer):
    assert derivatives.relative_error.check(answer).status == "correct"


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (lambda a, b: norm(a - b) / (norm(a) + norm(b)), "zero_by_zero"),
        (lambda a, b: norm(a - b) / norm(b), "one_length"),
        (lambda a, b: norm(a - b) / max(norm(a), norm(b)) if a.any() else 0, "larger_length"),
        (lambda a, b: norm(a - b) / norm(a + b), "length_of_sum"),
        (lambda a, b: norm(a + b) / (norm(a) + norm(b)), "sum_above"),
        (lambda a, b: norm(a - b), "not_divided"),
        (lambda a, b: norm(a - b) / ((norm(a) + norm(b)) / 2), "mean_of_lengths"),
        (lambda a, b: abs(norm(a) - norm(b)) / (norm(a) + norm(b)), "difference_of_lengths"),
        (lambda a, b: norm(a - b) / norm(a) + norm(b), "precedence"),
        (lambda a, b: sum((a - b) ** 2) / sum(a**2 + b**2), "squares"),
        (lambda a, b: max(abs(a - b)) / (max(abs(a)) + max(abs(b))), "largest_component"),
        (lambda a, b: sum(abs(a - b)) / sum(abs(a) + abs(b)), "sums"),
        (lambda a, b: abs(a - b) / (abs(a) + abs(b)), "shape"),
        (lambda a, b: sum((a - b) ** 2) / (norm(a) + norm(b) or 1), "squares"),
        (lambda a, b: norm(a - b) / (norm(a) - norm(b)), "difference_below"),
        (lambda a, b: np.max(abs(a - b) / np.maximum(1e-8, abs(a) + abs(b))), "by_component"),
        (lambda a, b: np.mean(abs(a - b) / (abs(a) + abs(b))), "by_component"),
        (lambda a, b: 1 - a @ b / (norm(a) * norm(b)) if a.any() else 0, "values"),
    ],
)
def test_wrong_relative_errors_are_named(answer, mistake):
    feedback = derivatives.relative_error.check(answer)
    assert (feedback.status, feedback.mistake) == ("wrong", mistake), feedback.message


# ---- a bump anywhere ---------------------------------------------------------------------------------------------------


def neuron(x, w, b):
    return 1 / (1 + np.exp(-(w * x + b)))


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, left, right, height: height * (neuron(x, 500, -500 * left) - neuron(x, 500, -500 * right)),
        lambda x, left, right, height: (np.tanh(250 * (x - left)) - np.tanh(250 * (x - right))) * height / 2,
        lambda x, left, right, height: height * neuron(x, 500, -500 * left) - height * neuron(500, x, -500 * right),
    ],
)
def test_right_bumps_anywhere(answer):
    assert bump_plots.placed_bump.check(answer).status == "correct"


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        (lambda x, left, right, height: height * (neuron(x, 500, left) - neuron(x, 500, right)), "place_not_bias"),
        (
            lambda x, left, right, height: height * (neuron(x, 500, 500 * left) - neuron(x, 500, 500 * right)),
            "sign_of_bias",
        ),
        (
            lambda x, left, right, height: height * (neuron(x, 500, -500 * right) - neuron(x, 500, -500 * left)),
            "reversed_steps",
        ),
        (lambda x, left, right, height: neuron(x, 500, -500 * left) - neuron(x, 500, -500 * right), "no_height"),
        (
            lambda x, left, right, height: height * neuron(x, 500, -500 * left) - neuron(x, 500, -500 * right),
            "height_once",
        ),
        (
            lambda x, left, right, height: height * (neuron(x, 500, -500 * left) + neuron(x, 500, -500 * right)),
            "steps_added",
        ),
        (
            lambda x, left, right, height: height * neuron(x, 500, -500 * left) * neuron(x, 500, -500 * right),
            "steps_multiplied",
        ),
        (lambda x, left, right, height: height * neuron(x, 500, -500 * left), "one_step"),
        (lambda x, left, right, height: height if left < x < right else 0.0, "partly_right"),
    ],
)
def test_wrong_bumps_anywhere_are_named(answer, mistake):
    feedback = bump_plots.placed_bump.check(answer)
    assert feedback.status == "wrong" and mistake in feedback.mistakes, feedback.message
