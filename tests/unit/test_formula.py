"""The formulas that Python and the browser share: what is understood, and that both make the same of it."""

import mpmath
import numpy as np
import pytest

from helpers.formulas.browser import OPERATIONS, complex_parts, derivative, evaluate, names, parse
from helpers.formulas.evaluate import NUMPY
from helpers.formulas.known import KNOWN
from helpers.formulas.latex import function_to_latex
from helpers.formulas.precise import PRECISE, floats, numbers
from helpers.formulas.symbolic import SYMBOLIC
from tests import front


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("2", 2),
        (2.5, 2.5),
        ("-x", ["negative", "x"]),
        ("a - b - c", ["-", ["-", "a", "b"], "c"]),
        ("-x**2", ["negative", ["^", "x", 2]]),
        ("sigmoid(x1 + w*x2 + b)", ["sigmoid", ["+", ["+", "x1", ["*", "w", "x2"]], "b"]]),
        ("1 if a < b else 0", ["if", ["<", "a", "b"], 1, 0]),
        ("where(a < b, 1, 0)", ["if", ["<", "a", "b"], 1, 0]),
        ("a < 1 and b > 2 and c < 3", ["and", ["and", ["<", "a", 1], [">", "b", 2]], ["<", "c", 3]]),
        ("a > 0.95 or b", ["or", [">", "a", 0.95], "b"]),
        (" (x) ", "x"),
        # what answers may be written in, too
        ("2x^2", ["*", 2, ["^", "x", 2]]),
        ("σ(x) + sigma(x)", ["+", ["sigmoid", "x"], ["sigmoid", "x"]]),
        ("np.exp(x) - ln(x)", ["-", ["exp", "x"], ["log", "x"]]),
        ("pi*x²", ["*", np.pi, ["^", "x", 2]]),
    ],
)
def test_parse(source, tree):
    assert parse(source) == tree


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("foo(x)", "foo(x)"),
        ("x @ y", "x @ y"),
        ("x == 1", "`=` belongs between two whole formulas"),
        ("0 < x < 1", "`<` cannot stand here"),
        ("not x", "`not` cannot stand here"),
        ("w + 'x'", "a prime must stand behind a name"),
        ("True", "`True` cannot stand here"),
        ("x[0]", "x[0]"),
        ("x.real", "`.real` is not known"),
        ("sigmoid(z=1)", "without named arguments"),
        ("__import__('os').system('true')", "__import__('os').system"),
        ("(lambda: 1)()", "write the formula alone"),
        ("", "no formula"),
        ("1 +", "something must follow"),
        ("sigmoid(", "`sigmoid(` ends too early"),
        ("import os", "`import` cannot stand here"),
    ],
)
def test_what_is_not_a_formula_is_named(source, part):
    with pytest.raises(ValueError) as caught:
        parse(source)
    assert part in str(caught.value) and "\n" not in str(caught.value)


def test_evaluate_against_numpy():
    x = np.linspace(-3, 3, 13)
    expected = {
        "w*x + b": 2 * x - 0.5,
        "x**2 - abs(x)/w": x**2 - abs(x) / 2,
        "1 if abs(x) < 2 and x > -1 else 0": np.where((abs(x) < 2) & (x > -1), 1, 0),
        "1 if x < -1 or x > 1 else b": np.where((x < -1) | (x > 1), 1, -0.5),
        "logit(sigmoid(x))": x,
        "mean(x**2)": np.mean(x**2),
        "at(x, 3)": x[3],
        "-x": -x,
        # halves go away from zero: 0.25 to 0.3, −0.25 to −0.3
        "round(x/w, 1)": np.sign(x) * np.floor(abs(x / 2) * 10 + 0.5) / 10,
    }
    for source, values in expected.items():
        found = evaluate(parse(source), {"x": x, "w": 2.0, "b": -0.5})
        assert np.allclose(found, values, rtol=1e-12, atol=1e-12), source


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


# ---- the table of functions ------------------------------------------------------------------------------------------

PLACES = (-700.0, -30.0, -3.0, -1.2, -1e-3, 0.0, 1e-9, 0.37, 0.9, 2.5, 5.999, 40.0, 710.0)
GENERIC = [0.37, 2.5]
OUTSIDE = {"logit": [0.37, 0.9], "arcosh": [1.2, 2.5]}  # places where these have values


def test_the_browser_has_the_same_functions_with_the_same_values(tmp_path):
    """Name by name, number by number."""
    of_two = ("+", "-", "*", "/", "^", "<", ">", "and", "or", "atan2", "minimum", "maximum")
    trees = {name: [name, "u", "v"] if name in of_two else [name, "u"] for name in OPERATIONS}
    trees |= {"if": ["if", "v", "u", 7], "round": ["round", "u", 1], "at": ["at", "u", 2]}
    variables = {"u": np.array(PLACES), "v": np.roll(PLACES, 1)}
    script = """
    const variables = each(question.variables, (name) => Float64Array.from(question.variables[name]));
    return [Object.keys(front.OPERATIONS), each(question.trees, (name) => plain(front.compile(question.trees[name])(variables)))];
    """
    plain = {name: values.tolist() for name, values in variables.items()}
    known, found = front.ask(tmp_path, script, trees=trees, variables=plain)
    assert {*known, "mean", "at"} == set(OPERATIONS)
    for name, values in found.items():
        np.testing.assert_allclose(
            np.array(values, dtype=float), evaluate(trees[name], variables), rtol=2e-12, atol=1e-300, err_msg=name
        )


def test_erf_to_the_last_digits(tmp_path):
    """In the browser it is our own."""
    script = "return plain(front.compile(['erf', 'u'])({ u: Float64Array.from(question.places) }));"
    places = np.linspace(-6.5, 6.5, 131).tolist()
    exact = [float(mpmath.erf(place)) for place in places]
    np.testing.assert_allclose(front.ask(tmp_path, script, places=places), exact, rtol=1e-14)
    np.testing.assert_allclose(NUMPY.functions["erf"](places), exact, rtol=1e-14)


@pytest.mark.parametrize("name", [name for name, known in KNOWN.items() if known.slope])
def test_every_value_and_slope_agrees_with_120_digits_and_sympy(name):
    for place in OUTSIDE.get(
        name, [-1.3, *GENERIC] if name not in ("log", "log2", "log10", "log1p", "sqrt") else GENERIC
    ):
        value = floats(PRECISE.functions[name](numbers(place)))
        assert KNOWN[name].numpy(place) == pytest.approx(value, rel=1e-14)
        assert float(SYMBOLIC.functions[name](SYMBOLIC.number(place))) == pytest.approx(value, rel=1e-14)
        above, below = (PRECISE.functions[name](numbers(place) + step) for step in (numbers(1e-20), -numbers(1e-20)))
        slope = evaluate(derivative(parse(f"{name}(x)"), "x"), {"x": place})
        assert slope == pytest.approx(float((above - below) / 2e-20), rel=1e-13)


@pytest.mark.parametrize("name", [name for name, known in KNOWN.items() if known.by and "where" not in known.by])
def test_what_is_made_of_simpler_functions_has_a_complex_step(name):
    (place,) = OUTSIDE.get(name, GENERIC)[:1]
    step = complex_parts(parse(f"{name}(x)"), "x", "x", 1e-20)[1]
    slope = evaluate(derivative(parse(f"{name}(x)"), "x"), {"x": place})
    assert evaluate(step, {"x": place}) / 1e-20 == pytest.approx(slope, rel=1e-12)


def test_every_function_is_read_and_printed():
    for name in NUMPY.functions:
        assert function_to_latex(name)
    assert function_to_latex("sigma") == r"\sigma" and function_to_latex("softplus") == r"\operatorname{softplus}"
