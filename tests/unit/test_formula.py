"""The formulas that Python and the browser share: what is understood, and what NumPy makes of it."""

import json

import numpy as np
import pytest

from helpers import functions
from helpers.explorers.formula import OPERATIONS, evaluate, names, parse
from tests import front


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("2", 2),
        (2.5, 2.5),
        ("x1", "x1"),
        ("-x", ["negative", "x"]),
        ("a + b*c", ["+", "a", ["*", "b", "c"]]),
        ("a - b - c", ["-", ["-", "a", "b"], "c"]),
        ("a / b**2", ["/", "a", ["^", "b", 2]]),
        ("-x**2", ["negative", ["^", "x", 2]]),
        ("sigmoid(x1 + w*x2 + b)", ["sigmoid", ["+", ["+", "x1", ["*", "w", "x2"]], "b"]]),
        ("1 if a < b else 0", ["if", ["<", "a", "b"], 1, 0]),
        ("a < 1 and b > 2 and c < 3", ["and", ["and", ["<", "a", 1], [">", "b", 2]], ["<", "c", 3]]),
        ("a or b", ["or", "a", "b"]),
        (" (x) ", "x"),
    ],
)
def test_parse(source, tree):
    assert parse(source) == tree
    assert json.loads(json.dumps(tree)) == tree


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("sech(x)", "sech(x)"),
        ("x @ y", "x @ y"),
        ("x % 2", "x % 2"),
        ("x == 1", "x == 1"),
        ("0 < x < 1", "0 < x < 1"),
        ("not x", "not x"),
        ("'x'", "'x'"),
        ("True", "True"),
        ("x[0]", "x[0]"),
        ("x.real", "x.real"),
        ("[x]", "[x]"),
        ("sigmoid(z=1)", "sigmoid(z=1)"),
        ("__import__('os').system('true')", "__import__('os').system('true')"),
        ("(lambda: 1)()", "(lambda: 1)()"),
    ],
)
def test_what_is_not_a_formula_is_named(source, part):
    with pytest.raises(ValueError) as caught:
        parse(f"1 + {source}" if source not in ("not x",) else source)
    assert part in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("source", ["", "1 +", "x = 1", "a b", "sigmoid(", "import os"])
def test_what_is_not_python_is_refused(source):
    with pytest.raises(ValueError, match="not a formula"):
        parse(source)


def test_evaluate_against_numpy():
    x = np.linspace(-3, 3, 13)
    variables = {"x": x, "w": 2.0, "b": -0.5}
    expected = {
        "w*x + b": 2 * x - 0.5,
        "sigmoid(w*x + b)": 1 / (1 + np.exp(-(2 * x - 0.5))),
        "x**2 - abs(x)/w": x**2 - abs(x) / 2,
        "sin(x)*cos(x) + exp(-x)": np.sin(x) * np.cos(x) + np.exp(-x),
        "1 if abs(x) < 2 and x > -1 else 0": np.where((abs(x) < 2) & (x > -1), 1, 0),
        "1 if x < -1 or x > 1 else b": np.where((x < -1) | (x > 1), 1, -0.5),
        "minimum(x, 1) + maximum(x, b)": np.minimum(x, 1) + np.maximum(x, -0.5),
        "tanh(x) + softplus(x) + relu(x)": np.tanh(x) + np.log1p(np.exp(x)) + np.maximum(x, 0),
        "logit(sigmoid(x))": x,
        "mean(x**2)": np.mean(x**2),
        "at(x, 3)": x[3],
        "log(cosh(x))": np.log(np.cosh(x)),
        "atan2(sinh(x), w)": np.arctan2(np.sinh(x), 2),
        "arcosh(cosh(x))": abs(x),
        "sqrt(x*x)": abs(x),
        "-x": -x,
        # halves go away from zero: 0.25 to 0.3, −0.25 to −0.3
        "round(x/w, 1)": np.sign(x) * np.floor(abs(x / 2) * 10 + 0.5) / 10,
    }
    for source, values in expected.items():
        assert np.allclose(evaluate(parse(source), variables), values, rtol=1e-12, atol=1e-12), source
    used = set().union(*(operations(parse(source)) for source in expected))
    assert used == set(OPERATIONS), "an operation without a test"


def operations(tree):
    return {tree[0]}.union(*map(operations, tree[1:])) if isinstance(tree, list) else set()


def test_evaluate_broadcasts_and_does_not_warn():
    rows, columns = np.arange(3.0)[:, None], np.arange(4.0)[None, :]
    assert evaluate(parse("a*b"), {"a": rows, "b": columns}).shape == (3, 4)
    assert evaluate(parse("1/x"), {"x": 0.0}) == np.inf  # as in the browser
    assert np.isnan(evaluate(parse("log(x)"), {"x": -1.0}))
    assert evaluate(parse("sigmoid(1000*x)"), {"x": np.array([-1.0, 1.0])}).tolist() == [0.0, 1.0]
    assert evaluate(parse("2**(-1)"), {}) == 0.5
    assert evaluate(parse("x**(-1)"), {"x": 2}) == 0.5  # whole numbers too


def test_evaluate_names_the_missing_variable():
    with pytest.raises(ValueError, match="'w'"):
        evaluate(parse("w*x"), {"x": 1.0})


@pytest.mark.parametrize(("place", "entry"), [(0, 5), (1.2, 7), (2, np.nan), (-1, np.nan), (4, np.nan)])
def test_an_entry_of_a_list(tmp_path, place, entry):
    values = [5, 7, None]  # an empty entry, as before the first epoch
    assert np.array_equal(evaluate(parse("at(list, k)"), {"list": values, "k": place}), entry, equal_nan=True)
    script = "return plain(new front.Mathematics(question.spec).variables({ k: question.place }).entry);"
    entry_at = {"entry": parse("at(list, k)")}
    spec = {"constants": {"list": values}, "definitions": entry_at, "functions": {}, "averages": {}}
    assert np.array_equal(float(front.ask(tmp_path, script, spec=spec, place=place)), entry, equal_nan=True)


def test_names():
    assert names(parse("sigmoid(t*x1 + w*x2 - b) if w > 0 else 1")) == {"t", "x1", "w", "x2", "b"}
    assert names(parse("1 + 2")) == set()


def test_the_activations_are_those_of_the_pack():
    z = np.linspace(-5, 5, 11)
    for name in ("sigmoid", "tanh", "softplus", "relu"):
        assert np.array_equal(OPERATIONS[name](z), functions.ACTIVATIONS[name][0](z))
