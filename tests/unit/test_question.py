"""Checking: hostile answers, mistakes that no list contains, and what the student is told."""

import math
import sys
import time

import numpy as np
import pytest
import sympy as sp

from helpers.assignments import chain_rule, derivatives, questions
from helpers.checking import sandbox
from helpers.checking.feedback import Feedback
from helpers.checking.values import is_placeholder

dL_dw, grad_ridge, tanh_prime = derivatives.dL_dw, derivatives.grad_ridge, derivatives.tanh_prime


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    for question in questions.values():
        question.forget()


def right(w, x, b, y):
    u = w * x + b
    z = (1 + np.tanh(u)) / 2
    return -x * y / 2 * (1 - 1 / (1 + np.exp(-z))) * (1 - np.tanh(u) ** 2)


def ridge(w, X, y, lam):
    return X.T @ (X @ w - y) + 2 * lam * w


class Hostile:
    """Raises whatever is done with it."""

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise ValueError

    def __len__(self):
        raise ValueError

    def __array__(self, *args, **kwargs):
        raise ValueError

    __hash__ = None


def endless(*args):
    while True:
        pass


def mutates(w, X, y, lam):
    w *= 2
    return ridge(w, X, y, lam)


HOSTILE = {
    "error": [
        (lambda w, x, b, y: sys.exit(), "raises"),
        (endless, "endless"),
        (lambda *_: "0.3", "not_a_number"),
        (lambda *_: True, "not_a_number"),
        (lambda *_: {"w": 1}, "not_a_number"),
        (lambda *_: right, "not_a_number"),
        (lambda *_: (v for v in range(3)), "not_a_number"),
        (lambda *_: [[1, 2], [3]], "ragged"),
        (lambda w: w, "wrong_parameters"),
        (lambda: 3, "wrong_parameters"),
        (lambda a, b, c, d, e: a, "wrong_parameters"),
        (lambda *p: print(right(*p)), "no_return"),
        (Hostile(), "unreadable"),
        (lambda *_: Hostile(), "raises"),
        ("__import__('os')", "unreadable"),
        ("w*(x", "unreadable"),
        ("tanh^2(x", "unreadable"),
        ("x_1", "unknown_name"),
        (sp.Symbol("q"), "unknown_name"),
        (sp.true, "not_a_number"),
        ({"answer": 3}, "not_a_number"),
        (np, None),
        (int, "raises"),
        (lambda *_: 10**400, "not_a_number"),
        ({1, 2}, "not_a_number"),
    ],
    "wrong": [
        (lambda *p: 1j * right(*p), "complex"),
        (lambda *_: float("nan"), "nan"),
        (lambda w, x, b, y: math.inf if w < -0.5 else right(w, x, b, y), "infinity"),
        (lambda *_: np.zeros(10**6), "shape"),
        (list(range(10**6)), "shape"),
        (lambda *p: np.full((5, 1), right(*p)), "shape"),
        (lambda *_: (1.0, 2.0), "shape"),
        ("diff(L, w)", "unfinished"),
        (lambda *_: np.random.rand(), "not_repeatable"),
    ],
}


@pytest.mark.parametrize(
    "status, answer, mistake",
    [(status, *row) for status, rows in HOSTILE.items() for row in rows],
    ids=lambda value: type(value).__name__,
)
def test_hostile_answers_get_a_clear_message(status, answer, mistake):
    feedback = dL_dw.check(answer)
    assert isinstance(feedback, Feedback) and (feedback.status, feedback.mistake) == (status, mistake), str(feedback)
    assert 10 < len(feedback.message) < 600 and "Traceback" not in feedback.message
    assert str(feedback) and feedback._repr_html_()


def uses_an_undefined_name(w, x, b, y):
    return undefined_name * w  # noqa: F821


FITS_AT_SOME_INPUTS = "(2,) came, an array of shape (3,) is needed at w="


@pytest.mark.parametrize(
    "question, answer, said",
    [
        (dL_dw, uses_an_undefined_name, ["NameError", "return undefined_name * w", "w=0.5"]),
        (dL_dw, lambda w, x, b, y: np.sqrt(w) * right(w, x, b, y), ["NaN", "w=-0.15"]),
        (dL_dw, lambda w, x: w, ["(w, x)", "(w, x, b, y)"]),
        (grad_ridge, lambda *p: ridge(*p).reshape(-1, 1), ["(2, 1)", "(2,)"]),
        (grad_ridge, "1, 2", [FITS_AT_SOME_INPUTS]),
        (grad_ridge, [1.0, 2.0], ["a function is asked for"]),
        (grad_ridge, lambda *_: np.array([1.0, 2.0]), [FITS_AT_SOME_INPUTS]),
        (tanh_prime, lambda x: 10**5000, ["too large"]),
        (tanh_prime, [1, "a"], ["came out as text"]),
        (tanh_prime, lambda x: 1.000025 * (1 - np.tanh(x) ** 2), ["Your answer is close, but not exact."]),
    ],
)
def test_what_is_wrong_is_said_with_the_students_own_words_and_inputs(question, answer, said):
    feedback = question.check(answer)
    assert not feedback and all(part in feedback.message for part in said), feedback


def test_arguments_are_protected_and_a_change_is_mentioned():
    points = [{k: np.array(v) for k, v in point.items()} for point in grad_ridge.points]

    def changes(w, X, y, lam):
        gradient = ridge(w, X, y, lam)
        w -= 0.1 * gradient
        return gradient

    feedback = grad_ridge.check(changes)
    assert feedback.status == "correct" and "changes its argument `w`" in feedback.message
    assert grad_ridge.check(mutates).mistake == "changes_argument"
    for point, kept in zip(grad_ridge.points, points, strict=True):
        assert all(np.array_equal(point[name], kept[name]) for name in point)


def test_printing_is_kept_out_of_the_way_and_shown(capsys):
    feedback = dL_dw.check(lambda *p: print("here", p[0]) or right(*p))
    assert feedback.status == "correct" and feedback.printed.startswith("here 0.5")
    assert capsys.readouterr().out == ""


def elementwise(w, x):
    f = 1 / (1 + np.exp(-w * x))
    return x * f * (1 - f)


UNLISTED = [
    (
        dL_dw,
        [
            (lambda *p: -2 * right(*p), "sign+factor_2"),
            (lambda w, x, b, y: right(w, x, b, y) * x, "twice"),
            (lambda w, x, b, y: right(w, x, b, y) / x * b, "b_for_x"),
            (lambda *p: right(*p) + 1, "extra_constant"),
            (lambda *p: round(right(*p), 3), "rounded"),
            (lambda *p: abs(right(*p)), "absolute_value"),
            (lambda *_: 0, "zero"),
            (lambda *p: 1 / right(*p), "reciprocal"),
            (lambda x, w, b, y: right(w, x, b, y), "parameter_order"),
            (lambda p, q, r, s: right(q, p, s, r), "parameter_order"),
            ("L", "no_derivative"),
            ("z", "intermediate"),
            (lambda w, x, b, y: (right(w + 1e-3, x, b, y) + right(w, x, b, y)) / 2, "inaccurate"),
            (lambda w, x, b, y: right(w, x, b, y) / x * w * 2, "factor_2+param_instead"),
            (lambda *_: 5.0, "constant"),
        ],
    ),
    (
        grad_ridge,
        [
            (lambda *p: ridge(*p).reshape(-1, 1), "column"),
            (lambda *p: ridge(*p)[None], "column"),
            (lambda *p: ridge(*p) / len(p[2]), "divided_by_m"),
            (lambda *p: ridge(*p) / len(p[0]), "divided_by_n"),
            (lambda *p: ridge(*p).sum(), "summed"),
            (lambda *p: np.full(len(p[0]), ridge(*p).sum()), "summed"),
            (lambda *p: ridge(*p).mean(), "averaged"),
            (lambda *p: ridge(*p)[::-1], "reversed"),
            (lambda w, X, y, lam: X.T @ (X @ w - y.reshape(-1, 1)), "broadcast"),
            (lambda w, X, y, lam: X * (X @ w - y)[:, None], "not_summed"),
            (lambda w, X, y, lam: w, "intermediate"),
            (lambda w, X, y, lam: ((X @ w - y) ** 2).sum() / 2 + lam * w @ w, "no_derivative"),
            (lambda w, X, y, lam: X.T @ (X @ w - y) + 2 * lam * np.abs(w), "absolute_of_base"),
            (lambda X, w, y, lam: ridge(w, X, y, lam), "parameter_order"),
        ],
    ),
    (
        chain_rule.grad_W1,
        [
            (lambda x, W1, b1, w2, b2: np.zeros((7,)), "shape"),
        ],
    ),
    (
        tanh_prime,
        [
            (np.cos, "unknown"),
            (lambda x: 1 - x**2, "z_instead"),
            ("1 + x", "unknown"),
            ("1 + tanh(x)^2", "plus"),
        ],
    ),
    (
        derivatives.grad_sigmoid,
        [
            (elementwise, "elementwise_in_z"),
        ],
    ),
    (
        chain_rule.dyhat_dw1,
        [
            ("yhat*(1+yhat)*w2*a1*(1-a1)*x", "plus"),
            ("yhat*w2*a1*x", "no_prime"),
        ],
    ),
    (
        chain_rule.dE_da,
        [
            ("2*u*sigma(a*u)*(1-sigma(a*u))", "missing_term_in_z1"),
            ("2*u*sigma(a*u-b*v)*(1-sigma(a*u-b*v))", "inner_sign_in_z1"),
        ],
    ),
    (
        derivatives.grad_log_likelihood,
        [
            ("X.T @ (y - tanh(X @ w))", "tanh_for_sigma"),
        ],
    ),
]


@pytest.mark.parametrize("question, answer, mistake", [(question, *row) for question, rows in UNLISTED for row in rows])
def test_mistakes_outside_the_lists_are_recognised(question, answer, mistake):
    feedback = question.check(answer)
    assert feedback.status == "wrong" and (mistake == feedback.mistake or mistake in feedback.mistakes), feedback


def test_right_at_zero_comes_last_and_never_alone():
    feedback = tanh_prime.check(np.cos)
    assert feedback.message.endswith("It is right where x = 0.") and "furthest off" in feedback.message


def test_an_unknown_mistake_gets_the_point_furthest_off_and_a_finite_difference():
    def wrong(w, x, b, y):
        return np.sin(3 * w * y) + x * np.cosh(b) + y

    first, second = dL_dw.check(wrong), dL_dw.check(wrong)
    assert first.mistake == "unknown" and "furthest off" in first.message and "between" in first.message
    assert "finite difference" in second.message


def test_a_slow_answer_does_not_make_the_check_endless():
    started = time.monotonic()
    dL_dw.check(lambda w, x, b, y: time.sleep(0.05) or w + x)
    assert time.monotonic() - started < 6


def test_vectorised_answers_and_components_are_accepted():
    assert tanh_prime.check(np.vectorize(lambda x: 1 - math.tanh(x) ** 2))
    w, x = sp.symbols("w1:4"), sp.symbols("x1:4")
    product = sum(a * b for a, b in zip(w, x, strict=True))
    assert derivatives.grad_tanh.check(sp.Matrix([sp.diff(sp.tanh(product), v) for v in w]))
    W, X, Y = sp.MatrixSymbol("w", 2, 1), sp.MatrixSymbol("X", 3, 2), sp.MatrixSymbol("y", 3, 1)
    assert grad_ridge.check(X.T * (X * W - Y) + 2 * sp.Symbol("lam") * W)


def test_sympy_answers_with_functions_of_their_own_and_equations():
    z = sp.Symbol("z")
    sigma = sp.Function("sigma")
    assert derivatives.sigmoid_prime.check(sigma(z) * (1 - sigma(z)))
    assert derivatives.sigmoid_prime.check(sp.Eq(sp.Symbol("f"), sp.exp(-z) / (1 + sp.exp(-z)) ** 2, evaluate=False))
    assert derivatives.sigmoid_prime.check(sp.Symbol("f") * (1 - sp.Symbol("f")))
    assert derivatives.sigmoid_prime.check(sp.Function("mystery")(z)).mistake == "unknown_name"


def test_placeholders():
    assert all(is_placeholder(value) for value in (None, ..., "", "...", [..., None], {"a": ...}, np.array([None])))
    assert not any(is_placeholder(value) for value in (0, 0.0, "x", [1], {"a": 1}, np.zeros(2), False))


def test_feedback_is_readable_without_colour_and_safe():
    feedback = Feedback("wrong", "A factor `x` < 1 is missing & <b>bold</b>.", "a|b", printed="<script>")
    html = feedback._repr_html_()
    assert 'role="status"' in html and "Not yet right" in html and "<code>x</code>" in html
    assert "<b>bold" not in html and "<script>" not in html and "background: transparent" in html
    assert feedback.mistakes == ("a", "b") and not feedback and "Not yet right" in str(feedback)
    assert Feedback("correct", "Yes.") and Feedback("correct", "Yes.").mistakes == ()


# ------------------------------------------------------------------------- found by attacking the checkers


@pytest.mark.parametrize(
    "text", ["1 - tanh^2(x)", "1−tanh²(x)", "sech^2(x)", "1 - np.tanh**2(1*(x))", "(1 - tanh^2((x)))"]
)
def test_a_power_may_stand_behind_the_functions_name(text):
    assert tanh_prime.check(text)


@pytest.mark.parametrize(
    "question, text",
    [
        (questions["002.3.2"], "x*sigma(w·x)*(1 - sigma(w ⋅ x))"),
        (questions["002.3.2"], "x·f·(1 - f)"),
        (questions["002.3.3"], "X.T @ sign(X·w - y)/2"),
        (tanh_prime, "1 - t·t"),
        (questions["001.2.4"], "w_2*x*a_1*(1-a_1)*yhat*(1-yhat)"),
        (chain_rule.dE_dc, "-w*(1 - t)*(1 + t)*1.0"),
    ],
)
def test_dots_and_underscores_are_read(question, text):
    assert question.check(text)


def test_half_a_character_can_be_shown():
    str(tanh_prime.check("\ud800")).encode("utf-8")
    str(tanh_prime.check_steps(["\ud800"])).encode("utf-8")


def test_an_endless_sympy_expression_is_stopped(monkeypatch):
    class Endless(sp.Function):
        def doit(self, **_):
            while True:
                pass

    monkeypatch.setattr(sandbox, "SECONDS", 0.3)
    monkeypatch.setattr("helpers.checking.formula_answers._known_functions", lambda expression: expression)
    feedback = tanh_prime.check(Endless(sp.Symbol("x")))
    assert feedback.status == "error" and feedback.mistake == "endless" and "SymPy" in feedback.message


def test_a_derivation_that_starts_with_the_function_has_no_cancelling_errors():
    feedback = tanh_prime.check_steps(["tanh(x)", "1 - tanh(x)^2"])
    assert feedback.line == 0 and feedback.mistake == "no_derivative"
    assert "cancel" not in feedback.message and "diff" in feedback.message


def test_the_text_question_gives_one_hint_and_no_false_equality():
    question = questions["001.2.3.text"]
    for _ in range(3):
        feedback = question.check({"changes": True, "proof": lambda *_: 1.0})
    assert feedback.message.count("Hint:") == 1
    example = {"x": 1, "w1": 1, "w2": 1, "b1": 0, "b2": 0, "b2_new": 1e-12}
    assert "too close" in question.check({"changes": True, "counterexample": example}).message


def test_right_for_a_single_example_is_not_called_right_for_a_single_component():
    divided = grad_ridge.check(lambda w, X, y, lam: X.T @ (X @ w - y) / len(y) + 2 * lam * w)
    assert divided.mistake == "mean" and "divided by their number" in divided.message
    first = grad_ridge.check(lambda w, X, y, lam: X[0] * (X[0] @ w - y[0]) + 2 * lam * w)
    assert first.mistake == "one_example" and "Only the first example counts" in first.message
    absolute = questions["002.3.3"].check(lambda w, X, y: np.abs(X).T @ np.sign(X @ w - y) / 2)
    assert absolute.status == "wrong" and "only_for" not in absolute.mistake


@pytest.mark.parametrize("key", ["002.3.2", "002.3.6"])
def test_answers_that_are_right_for_small_pre_activations_only_are_wrong(key):
    question = questions[key]
    assert not question.check(
        lambda w, x: question.evaluate(question.answer_formula, {"w": w * min(1, 1 / abs(w @ x)), "x": x})
    )
    assert not question.check(
        lambda w, x: (1 if w.sum() > 0 else 2) * question.evaluate(question.answer_formula, {"w": w, "x": x})
    )
