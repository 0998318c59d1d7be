"""Derivations: verified and displayed from the same object."""

import pytest

from helpers.formulas.derivation import Derivation, Step
from tests.symbolic import proved_lines

SQUARE = {"shapes": {"w": (), "x": ()}, "definitions": {"z": "w*x", "f": "z**2"}}
RIDGE = {
    "shapes": {"w": ("n",), "X": ("m", "n"), "y": ("m",), "lam": ()},
    "definitions": {"r": "X @ w - y", "J": "Sum(i, r[i]**2)/2 + lam*(w @ w)"},
}


def scalar(*texts):
    return Derivation("diff(f, w)", [Step(text, "because") for text in texts], **SQUARE)


def test_right_lines_hold_and_are_proved():
    derivation = scalar("diff(f, z)*diff(z, w)", "2*z*x", "2*w*x**2")
    assert derivation.verify() and derivation.verify().failures == [] and proved_lines(derivation) == [0, 1, 2]


@pytest.mark.parametrize("broken, line", [(("2*z", "2*w*x**2"), 0), (("2*z*x", "2*w*x"), 1), (("2*z*x*(1+1e-30)",), 0)])
def test_a_wrong_line_is_found_even_if_it_is_off_by_1e_30(broken, line):
    verification = scalar(*broken).verify()
    assert not verification and verification.failures == [line]


def test_matrix_form_is_verified_by_its_indices():
    good = Derivation(
        "grad(J, w)",
        [
            Step("Sum(i, r[i]*X[i, j]) + 2*lam*w[j]", "one component", left="diff(J, w[j])"),
            Step("X.T @ (X @ w - y) + 2*lam*w", "all"),
        ],
        **RIDGE,
    )
    assert good.verify()
    assert good.shape(0) == () and good.shape(1) == ("n",)
    printed = Derivation("grad(J, w)", [Step("X.T @ (X @ w - y) + 2*lam*sum(w)", "as printed")], **RIDGE)
    assert printed.verify().failures == [0]
    wrong_index = Derivation(
        "grad(J, w)", [Step("Sum(i, r[i]*X[i, j]) + 2*lam*w[0]", "", left="diff(J, w[j])")], **RIDGE
    )
    assert wrong_index.verify().failures == [0]


@pytest.mark.parametrize("text", ["X @ w", "w @ w", "X @ y", "nonsense + 1", "X.T @ r + 2*lam*w[0]*X"])
def test_a_line_of_the_wrong_shape_fails_without_an_exception(text):
    steps = [Step("X.T @ r + 2*lam*w", "right"), Step(text, "broken")]
    assert Derivation("grad(J, w)", steps, **RIDGE).verify().failures == [1]


def test_displays_show_every_line_and_reason():
    derivation = scalar("diff(f, z)*diff(z, w)", "2*z*x")
    bundle = derivation._repr_mimebundle_()
    assert r"\frac{\partial f}{\partial z}" in bundle["text/html"] and bundle["text/html"].count("because") == 2
    assert bundle["text/html"].startswith("<details>") and "2*z*x" in bundle["text/plain"]
    assert "(n,)" in Derivation("grad(J, w)", [Step("X.T @ r + 2*lam*w", "x")], **RIDGE).to_html()


def test_the_zero_quotient_line_of_tanh_fails():
    line = "((exp(x)+exp(-x))*(exp(x)-exp(-x)) - (exp(x)-exp(-x))*(exp(x)+exp(-x)))/(exp(x)+exp(-x))**2"
    derivation = Derivation(
        "diff(t, x)", [Step(line, "as printed"), Step("1 - t**2", "end")], {"x": ()}, {"t": "tanh(x)"}
    )
    assert derivation.verify().failures == [0]
