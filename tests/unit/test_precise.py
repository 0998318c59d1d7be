"""Formulas with derivatives as numbers, against SymPy and by hand."""

import subprocess
import sys

import mpmath
import numpy as np
import pytest

from helpers.formulas.evaluate import Evaluator
from helpers.formulas.precise import MP, PreciseEvaluator, floats, numbers
from helpers.formulas.reader import Formula
from helpers.formulas.text import FormulaError
from helpers.shell.environments import ROOT
from tests.symbolic import SymbolicEvaluator, symbols_for


def value(text, definitions=None, sizes=None, **values):
    known = {name: numbers(each) for name, each in values.items()}
    definitions = {name: Formula(each) for name, each in (definitions or {}).items()}
    return floats(PreciseEvaluator(known, definitions, sizes)(Formula(text)))


def test_powers_and_constants():
    for text, slope in [("pow(x, 3)", "3*x**2"), ("x**x", "x**x*(log(x) + 1)"), ("pi*x + e", "pi")]:
        assert value(f"diff({text}, x)", x=0.37) == pytest.approx(float(value(slope, x=0.37)), rel=1e-15)


def test_choices():
    for text, expected in [
        ("where(x > 1, x**2, 3)", 4),
        ("where(x <= 2, 3, x)", 3),
        ("where(x >= 2, 3, x)", 3),
        ("where(x < 2, 3, x)", 2),
    ]:
        assert value(text, x=2) == Evaluator({"x": 2})(Formula(text)) == expected
    np.testing.assert_allclose(value("diff(sum(maximum(w, 0) + where(w < 0, 3*w, 0)), w)", w=[1, -2, 0]), [1, 3, 0])
    for text in ("where(x, 1, 2)", "where(x > 1, 2)", "where(1 < x < 3, 1, 2)", "x > 1"):
        with pytest.raises(FormulaError, match="where|cannot contain"):
            value(text, x=2)


def test_at_kinks_the_slopes_are_those_of_the_course():
    assert value("diff(relu(x), x)", x=0) == 0 and value("diff(abs(x), x)", x=0) == 0
    assert value("diff(step(x), x)", x=0) == 0


def test_vectors_and_matrices():
    X, w = np.array([[1.0, 2], [0.5, -1], [3, 0.25]]), np.array([0.3, -0.7])
    definitions = {"r": "X @ w", "J": "sum(r**2)"}
    np.testing.assert_allclose(value("grad(J, w)", definitions, X=X, w=w), 2 * X.T @ (X @ w), rtol=1e-14)
    np.testing.assert_allclose(value("diff(J, X)", definitions, X=X, w=w), 2 * np.outer(X @ w, w), rtol=1e-14)
    np.testing.assert_allclose(value("diff(r, w)", definitions, X=X, w=w), X, rtol=1e-14)
    assert value("diff(J, w[1])", definitions, X=X, w=w) == pytest.approx((2 * X.T @ (X @ w))[1], rel=1e-14)
    np.testing.assert_allclose(value("diff(r, X[1])", definitions, X=X, w=w), [[0, 0], w, [0, 0]], rtol=1e-14)
    s = np.exp(w) / np.sum(np.exp(w))
    np.testing.assert_allclose(value("diff(softmax(w), w)", w=w), np.diag(s) - np.outer(s, s), rtol=1e-14)
    np.testing.assert_allclose(
        value("diff(mean(X) + len(w) + sum(X, 0), X[0, 0])", X=X, w=w), [7 / 6, 1 / 6], rtol=1e-14
    )
    np.testing.assert_allclose(value("diff(ones_like(w) * w + diag(w) @ w, w[0])", w=w), [1.6, 0], rtol=1e-14)


def test_sums_over_an_index():
    got = value("diff(Sum(i, x[i]**2 * c), x[1])", sizes={"i": 3}, x=[1, 2, 3], c=0.5)
    assert got == pytest.approx(2)


def test_an_intermediate_quantity_is_held():
    definitions = {"g": "x**2", "f": "g*x + sin(g)"}
    assert value("diff(f, g)", definitions, x=1.5) == pytest.approx(1.5 + np.cos(2.25))
    assert value("diff(f, x)", definitions, x=1.5) == pytest.approx(3 * 2.25 + 3 * np.cos(2.25))
    # A derivative inside: with g held, dg/dx is 2x all the same.
    assert value("diff(f, g) * diff(g, x) + x**2", definitions, x=1.5) == pytest.approx(3 * 2.25 + 3 * np.cos(2.25))


def test_a_second_name_moves_with_the_first():
    known = numbers(2.0)
    evaluator = PreciseEvaluator({"x": known, "ex": known, "y": numbers(2.0)})
    assert floats(evaluator(Formula("diff(x * ex * y, ex)"))) == pytest.approx(8)


def test_derivatives_inside_derivatives():
    deep = "exp(2*x)"
    for n in range(1, 6):
        deep = f"diff({deep}, x)"
        assert value(deep, x=0.3) == pytest.approx(2**n * np.exp(0.6), rel=1e-14)


@pytest.mark.parametrize("text, message", [
    ("diff(1/x, x) + 1/(x - x)", "divides by zero"), ("diff(x**2, 3)", "is written"), ("gamma(x)", "not known"),
    ("diff(x**2, q)", "name to differentiate"), ("diff(" * 6 + "x**6" + ", x)" * 6, "More than 5"),
    ("9**9**9**9", "too large"), ("sin((10**1000)**1000)", "too large"), ("[1, 2]**(9**9)", "too large"),
    ("[x, [1, 2]]", "one shape"), ("exp(1, 2)", "`exp` does not take"),
])  # fmt: skip
def test_what_has_no_value(text, message):
    with pytest.raises(FormulaError, match=message):
        value(text, x=1)


@pytest.mark.parametrize("text, expected", [
    ("diff(x**3, x, 2)", 12), ("diff(x**3, (x, 2))", 12), ("diff(x**3, x, x)", 12), ("Derivative(x**3*y, x, y, x)", 12),
    ("sp.diff(x**3, x, 3)", 6), ("diff(x**2*y**2, x, 1, y, 2)", 8),
])  # fmt: skip
def test_second_derivatives(text, expected):
    """None is taken for a first one."""
    assert value(text, x=2, y=3) == pytest.approx(expected, rel=1e-14)
    symbols = symbols_for({"x": (), "y": ()}, {})
    assert SymbolicEvaluator(symbols)(Formula(text)).subs({symbols["x"]: 2, symbols["y"]: 3}) == expected


@pytest.mark.parametrize(
    "text", ["diff(x)", "grad(x, x, x)", "diff(x, x, 0)", "diff(x, x, 2.5)", "diff(x, 2)", "diff(x, x, 9)"]
)
def test_what_is_no_derivative_is_said(text):
    with pytest.raises(FormulaError, match="is written `diff"):
        value(text, x=1)


def test_zero_up_to_rounding_is_zero():
    definitions = {"u": "w*x"}
    assert value("diff(u, w) - x", definitions, w=0.3, x=0.7) == 0
    assert value("sign(diff(u, w) - x) + sqrt(diff(u, w) - x)", definitions, w=0.3, x=0.7) == 0
    with pytest.raises(FormulaError, match="divides by zero"):
        value("(diff(u, w) - x)/(diff(u, w) - x)", definitions, w=0.3, x=0.7)
    assert value("relu(1e-12 + x)*1e12 + step(1e-12 + x)", x=0) == pytest.approx(2)
    np.testing.assert_allclose(value("w + (v - w)", w=[1, 2], v=[1 + 1e-9, 5]), [1 + 1e-9, 5], rtol=1e-15)


def test_what_comes_back_from_complex_numbers_is_no_number():
    for text in ("-sqrt(-x)**2", "abs(log(-x))", "(-x)**0.5*(-x)**0.5", "diff(log(-x), x)", "log1p(-2*x)", "log2(-x)"):
        assert np.isnan(value(text, x=1)), text
    assert np.isnan(value("sqrt(w)", w=[1, -1])[1])


@pytest.mark.parametrize("text, expected", [
    ("exp(exp(exp(exp(exp(1.0)))))", np.inf), ("exp(-exp(exp(exp(exp(1.0)))))", 0), ("sigma((10**1000)**1000)", 1),
    ("sigma(-(10**1000)**1000)", 0), ("tanh(1e9) + dtanh(1e9) + dsigma(-1e9) + sech(1e9)", 1), ("sinh(-1e9)", -np.inf),
    ("softplus(1e9)", 1e9), ("log1p(exp(-300))*exp(300)", 1), ("softplus(-300)*exp(300)", 1), ("expm1(-1e9)", -1),
])  # fmt: skip
def test_large_numbers_cost_nothing(text, expected):
    assert value(text) == pytest.approx(expected)


def test_a_students_mpmath_is_left_alone():
    with mpmath.workdps(5):
        assert value("diff(exp(x), x)", x=1) == pytest.approx(np.e, rel=1e-15)
        assert mpmath.mp.dps == 5 and MP.dps == 120


def test_a_derivation_is_checked_without_sympy():
    """SymPy is 40 MB in the kernel of every student, and a quarter of a second."""
    program = (
        "import sys\nfrom helpers.assignments import questions\n"
        "said = questions['004.3'].check_steps(['diff(tanh(x), x)', '1 - tanh(x)**2'])\n"
        "assert said.status == 'correct' and 'sympy' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
