"""The tangent explorer: derivatives against differences, errors against plain float64 arithmetic."""

import json

import numpy as np
import pytest

from helpers import explorers
from helpers.assignments import derivatives
from helpers.errors import InputError
from helpers.formulas import browser as formula
from helpers.pictures import figures
from tests import front

FORMULAS = [
    "sigmoid(x)", "tanh(x)", "softplus(x)", "x**2", "log(x)", "sqrt(x)", "exp(-x**2)", "sin(x)*exp(-x**2/8)",
    "x**3 - 2*x", "1/(1 + x**2)", "x**(-2)", "2**x", "x**x",
    "cosh(x) - sinh(x)", "cos(3*x)/x", "-log(sigmoid(x))",
    "logit(x/10)", "tanh(sin(x*x))", "relu(x - 1)*x", "abs(x)**3",
    "maximum(x, 0.1*x)", "x if x > 1 else x**2",
]  # fmt: skip
ANALYTIC = [f for f in FORMULAS if not any(word in f for word in ("relu", "abs", "max", "if", "logit"))]

#: The functions that NumPy calls otherwise, for complex numbers too.
FUNCTIONS = vars(np) | {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softplus": lambda z: np.log(1 + np.exp(z)),
}


@pytest.mark.parametrize("source", FORMULAS)
def test_derivatives_are_those_of_differences(source):
    tree = formula.parse(source)
    slope = formula.derivative(tree, "x")
    for place in (0.3, 0.77, 1.9, 3.1):
        h = 1e-4 * np.array([1, -1, 2, -2])
        up, down, up2, down2 = formula.evaluate(tree, {"x": place + h}) / h[0]
        expected = (8 * (up - down) - (up2 - down2)) / 12
        assert float(formula.evaluate(slope, {"x": place})) == pytest.approx(expected, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("source", ANALYTIC)
def test_complex_parts_are_those_of_complex_arithmetic(source):
    parts = formula.complex_parts(formula.parse(source), "x", "x", "h")
    real, imaginary = (float(formula.evaluate(part, {"x": 1.3, "h": 0.4})) for part in parts)
    assert complex(real, imaginary) == pytest.approx(eval(source, FUNCTIONS, {"x": 1.3 + 0.4j}), rel=1e-12)


def test_saturated_derivatives_keep_their_digits():
    for source, place, expected in [("sigmoid(x)", 40, np.exp(-40)), ("tanh(x)", 20, 4 * np.exp(-40))]:
        tree = formula.derivative(formula.parse(source), "x")
        assert float(formula.evaluate(tree, {"x": place})) == pytest.approx(expected, rel=1e-12)


def test_errors_are_those_of_float64():
    explorer = explorers.tangent("sigmoid", x=(-6, 6))
    front.move(explorer, {"x": 1.2})

    def f(t):
        return 1 / (1 + np.exp(-t))

    slope = f(1.2) * (1 - f(1.2))
    for exponent in (-2, -5, -8, -11, -14, -16):
        h = 10.0**exponent
        front.move(explorer, {"h": h})
        room = 6e-16 / h  # two roundings of f(x): another exp() may differ in the last bit
        for name, quotient in {
            "forward": (f(1.2 + h) - f(1.2)) / h,
            "central": (f(1.2 + h) - f(1.2 - h)) / (2 * h),
        }.items():
            shown = 10 ** float(explorer.variables()[f"error_{name}"])
            assert shown == pytest.approx(abs(quotient - slope), rel=1e-6, abs=room)
    # at the smallest h, 1.2 + h is 1.2: the quotient is 0 and the whole slope is lost
    assert 10 ** float(explorer.variables()["error_forward"]) == pytest.approx(slope, rel=1e-12)
    assert float(explorer.variables()["error_complex"]) < -15


def test_the_v_has_its_arms_and_its_bottom():
    explorer = explorers.tangent("exp", x=(-1, 2))
    front.move(explorer, {"x": 1})
    k = np.linspace(-16, 0, 65)
    forward, central, step = (explorer.evaluate(f"errors_{n}", power=k) for n in ("forward", "central", "complex"))
    assert -9 < k[forward.argmin()] < -6.5 and -6.5 < k[central.argmin()] < -4
    slopes = [np.polyfit(k[part], error[part], 1)[0] for error, part in
              [(forward, k > -5), (central, k > -3), (forward, k < -10), (step, k > -5)]]  # fmt: skip
    assert slopes == pytest.approx([1, 2, -1, 2], abs=0.2)
    assert (step[k < -8] < -15).all()


def test_estimates_bound_the_errors_that_are_drawn():
    for name in ("sigmoid", "square", "log", "sin"):
        explorer = explorers.tangent(name)
        for exponent in np.arange(-15, -2, 0.5):
            front.move(explorer, {"h": 10.0**exponent})
            variables = explorer.variables()
            error = 10 ** float(variables["error_forward"])
            assert error < 1.2 * float(variables["truncation"]) + 4 * float(variables["round_off"])


def test_the_sentence_says_what_helps():
    explorer = explorers.tangent("sigmoid")
    for exponent, words in [(-3, "a smaller h would help"), (-12, "a larger h would help")]:
        front.move(explorer, {"h": 10.0**exponent})
        assert words in explorer.describe()
    assert "f′(x) = 0.1779" in explorer.describe()  # σ'(1.2)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "log", "sin(x)*exp(-x**2/8)", "relu"])
def test_the_browser_computes_the_same(name, tmp_path):
    explorer = explorers.tangent(name)
    low, high = explorer.sliders["x"].min, explorer.sliders["x"].max
    settings = [
        {"x": round(low + part * (high - low), 2), "h": h}
        for part in (0.1, 0.52, 0.9)
        for h in (1, 5.6e-5, 1e-9, 1e-16)
    ]
    t, k = np.linspace(low, high, 41), np.linspace(-16, 0, 41)
    answers = front.everything(tmp_path, explorer, settings, along=t, power=k)
    for setting, answer in zip(settings, answers, strict=True):
        front.move(explorer, setting)
        variables = explorer.variables()
        assert answer["words"] == explorer.describe()
        for key in ("height", "slope", "height_beyond", "truncation", "round_off"):
            assert float(answer["definitions"][key]) == pytest.approx(float(variables[key]), rel=1e-9)
        for key in ("f", "tangent", "derivative"):
            expected = explorer.evaluate(key, along=t)
            np.testing.assert_allclose(np.array(answer["functions"][key], float), expected, rtol=1e-9, atol=1e-9)
        # Errors that are rounding are the same in size only: two libraries round exp() differently.
        for kind in ("forward", "central"):
            there = 10.0 ** np.array(answer["functions"][f"errors_{kind}"], float)
            here = 10.0 ** np.asarray(explorer.evaluate(f"errors_{kind}", power=k))
            room = 8 * float(variables["round_off"]) * explorer.values["h"] / 10.0**k + 4e-16
            ok = np.isnan(here) & np.isnan(there) | (np.abs(there - here) <= room + 1e-6 * here)
            assert ok.all(), (kind, setting)


def test_a_students_derivative_is_drawn_and_judged():
    right = explorers.tangent("sigmoid", student=lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2)
    assert "Your derivative lies on the true one." in right.describe() and right.view.data["arrays"]["yours"]
    wrong = explorers.tangent("tanh", student=lambda x: 1 - np.tanh(x))
    assert "furthest from the true one at x = −4.00: yours is 1.999" in wrong.describe()
    assert len(json.dumps(wrong.view.data)) < 4096
    places = np.linspace(-4, 4, 9)
    np.testing.assert_allclose(wrong.evaluate("yours", along=places), 1 - np.tanh(places))


def test_the_variable_has_the_name_that_the_formula_gives_it():
    for explorer, name, shown in [
        (explorers.tangent("w*log(1 + w^2)"), "w", "w"),
        (explorers.tangent("sigmoid", variable="z", z=0.5), "z", "z"),
        (explorers.tangent("0.5*rho^2", x=(0.1, 2)), "rho", "ρ"),
        (explorers.tangent("2k + k^2"), "k", "k"),  # a letter that the picture may not use for itself
    ]:
        assert list(explorer.sliders) == [name, "h"]
        title = explorer.spec["panels"][0]["title"]
        assert title.startswith(f"f({shown}) = ") and "x" not in title
        assert f"At {shown} = " in explorer.describe() and f"f′({shown}) = " in explorer.describe()
        main, derivative, error = explorer.figure().axes
        assert main.get_xlabel() == derivative.get_xlabel() == shown and error.get_xlabel() == "h"
        handles = [handle for panel in explorer.spec["panels"] for handle in panel["handles"]]
        assert {each for handle in handles for each in handle["sets"]} == {name, "h"}
    (z,) = (
        slider.value for key, slider in explorers.tangent("sigmoid", variable="z", z=0.5).sliders.items() if key == "z"
    )
    assert z == 0.5


def test_the_derivative_can_be_hidden_and_a_students_is_shown_all_the_same():
    hidden = explorers.tangent("sigmoid", derivative=False)
    assert len(hidden.figure().axes) == 2 and not any(
        "derivative, the slope" in p["title"] for p in hidden.spec["panels"]
    )
    assert not any(curve["function"] == "derivative" for panel in hidden.spec["panels"] for curve in panel["curves"])
    shown = explorers.tangent("sigmoid", student=np.cos, derivative=False)
    assert [text.get_text() for text in shown.figure().axes[1].get_legend().get_texts()] == ["f′", "yours"]


def test_at_first_the_point_at_x_and_h_is_in_sight():
    for function, limits in [("sigmoid", None), ("log", None), ("x^2", (0.02, 2)), ("x^2", (0, 0.05)), ("x", (-3, 3))]:
        explorer = explorers.tangent(function, x=limits)
        x, h, high = explorer.values["x"], explorer.values["h"], explorer.sliders["x"].max
        assert x + h < high and (h == 1 or x + 2.5 * h > high)


def test_h_is_a_bracket_from_x_to_the_second_point():
    explorer = explorers.tangent("sigmoid", h=0.5)
    main = explorer.figure().axes[0]
    (bracket,) = (line for line in main.lines if len(line.get_xdata()) == 5)
    x, y = bracket.get_data()
    assert x == pytest.approx([1.2, 1.2, 1.45, 1.7, 1.7]) and y[[0, 4]] == pytest.approx(1 / (1 + np.exp([-1.2, -1.7])))
    assert y[1] == y[2] == y[3] < 0.1
    assert {"h = 0.5", "f", "tangent", "secant"} == {
        text.get_text() for text in main.texts
    } and main.get_legend() is None
    (grip,) = (handle for handle in explorer.spec["panels"][0]["handles"] if "h" in handle["sets"])
    moved = formula.evaluate(grip["sets"]["h"], explorer.variables() | {"to_x": 1.45})
    assert (
        moved == pytest.approx(0.25)
        and formula.evaluate(grip["sets"]["h"], explorer.variables() | {"to_x": 0}) == 1e-16
    )


@pytest.mark.parametrize(
    ("student", "words"),
    [(lambda x: 1 / 0, "ZeroDivisionError"), (lambda x: ..., "not written yet"), 
     (lambda x: None, "gives nothing back"),
     (lambda x: x[:3], "shape")],
)  # fmt: skip
def test_a_broken_derivative_becomes_one_line(student, words):
    explorer = explorers.tangent("sigmoid", student=student)
    assert words in explorer.view.message and "\n" not in explorer.view.message
    figures.png(explorer.figure())


@pytest.mark.parametrize(
    "arguments",
    [("foo",), (3,), ("x*y",), ("x <",), ("1",), ("mean(x)",), ("log(x)", None, (-3, -1)),
     ("x", None, (2, 1)), ("x", None, 3),
     ("x", 3), ("x", lambda x, k: x), ("h^2",), ("sigma(h)",)],
)  # fmt: skip
def test_bad_input_is_named_in_one_line(arguments):
    with pytest.raises(InputError) as caught:
        explorers.tangent(*arguments)
    assert "\n" not in str(caught.value) and len(str(caught.value)) > 20


@pytest.mark.parametrize(
    ("source", "variable"), [("x^2", "w"), ("sigmoid", "h"), ("w^2", 3), ("w*z", None), ("w*z", "w")]
)
def test_a_variable_that_does_not_fit_is_refused(source, variable):
    with pytest.raises(InputError):
        explorers.tangent(source, variable=variable)


def test_a_variable_may_have_a_long_name():
    explorer = explorers.tangent("rho*log(rho/(rho + 0.2))", variable="rho", x=(0.02, 2))
    assert "rho" in explorer.sliders and explorer.values["rho"] > 0


def test_the_courses_derivative_is_not_called_yours(monkeypatch):
    question = derivatives.sigmoid_prime
    monkeypatch.setattr(question, "_theirs", None)
    course = question.use()
    for given in (course, lambda z: course(z)):
        explorer = explorers.tangent("sigmoid", student=given)
        assert "The course's derivative lies on the true one." in explorer.describe()
        assert "Your derivative" not in explorer.describe()
        assert "the course's" in [text.get_text() for text in explorer.figure().axes[1].get_legend().get_texts()]
        assert explorers.curve_of(given).describe().startswith("The course's function")
    # What is made from it and is something else is the student's.
    assert "Your derivative is furthest" in explorers.tangent("sigmoid", student=lambda z: 2 * course(z)).describe()
    monkeypatch.setattr(question, "_theirs", lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2)
    own = explorers.tangent("sigmoid", student=question.use())
    assert "Your derivative lies on the true one." in own.describe()
    assert explorers.curve_of(question.use()).describe().startswith("Your function")
