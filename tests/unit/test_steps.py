"""check_steps: the first line that does not follow, and errors that cancel."""

import pytest
import sympy as sp

from helpers.assignments import questions
from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion

ZERO_LINE = "((exp(x)+exp(-x))*(exp(x)-exp(-x)) - (exp(x)-exp(-x))*(exp(x)+exp(-x)))/(exp(x)+exp(-x))^2"
c, d, w, x = sp.symbols("c d w x")


def steps(key, *lines):
    return questions[key].check_steps(list(lines))


def test_the_printed_lines_of_dE_dc_are_exposed():
    feedback = steps(
        "000.2.c", "diff(E, c)", "-diff(tanh(c*w + d*x), c)", "-(1 - tanh(c*w + d*x)**2)", "-w*(1 - tanh(c*w + d*x)**2)"
    )
    assert feedback.status == "wrong" and feedback.line == 2 and feedback.mistake == "missing_input"
    assert "right again" in feedback.message and "cancel" in feedback.message


def test_the_printed_lines_of_tanh_are_exposed():
    feedback = steps("004.3", "diff(tanh(x), x)", ZERO_LINE, "1 - ((exp(x)-exp(-x))/(exp(x)+exp(-x)))^2", "sech(x)^2")
    assert feedback.line == 1 and feedback.mistake == "seed_line1"
    assert "Line 3 is right again" in feedback.message


def test_sympy_lines():
    good = [sp.Derivative(sp.tanh(x), x), sp.Eq(sp.Symbol("t"), 1 - sp.tanh(x) ** 2, evaluate=False), sp.sech(x) ** 2]
    assert questions["004.3"].check_steps(good).status == "correct"
    bad = [-w * (1 - sp.tanh(c * w + d * x) ** 2), -w * sp.cosh(c * w + d * x) ** 2]
    assert questions["000.2.c"].check_steps(bad).line == 1


def test_leibniz_notation_labels_and_side_calculations():
    feedback = steps(
        "000.1b.w",
        "dL/dw = dL/df * df/dz * dz/du * du/dw",
        "du/dw = x",
        "df/dz = f(1-f)",
        "dL/dw = -x*y/2*(1-f)*(1-tanh(u)^2)",
    )
    assert feedback.status == "correct" and feedback.line is None
    assert steps("000.1b.w", "du/dw = w", "-x*y/2*(1-f)*(1-tanh(u)^2)").mistake == "sides_differ"
    assert steps("000.1b.w", "L_w = -x*y/2*(1-f)*(1-tanh(u)^2)").status == "correct"


@pytest.mark.parametrize(
    "lines, status, line, mistake",
    [
        (["-w*(1-t^2)"], "correct", None, None),
        (["diff(E, c)"], "wrong", None, "unfinished"),
        ([], "not attempted", None, None),
        (..., "not attempted", None, None),
        (["..."], "not attempted", None, None),
        (["w*(", "x"], "error", 0, "unreadable"),
        (["E"], "wrong", 0, "no_derivative"),
        (["-w*(1-t^2)", "w*(1-t^2)"], "wrong", 1, "sign"),
        (["-w*(1-t^2)", "-2*w*(1-t^2)", "-3*w*(1-t^2)"], "wrong", 1, "factor_2"),
        (5, "wrong", 0, "constant"),
        ("diff(E, c)\n-w*(1-t^2)", "correct", None, None),
        (["-w*(1-t^2)", "w*q"], "error", 1, "unknown_name"),
        (object(), "error", 0, "not_a_number"),
        ([{}], "not attempted", None, None),
        ([{"a": 1}], "error", 0, "not_a_number"),
    ],
)
def test_lines_of_every_kind(lines, status, line, mistake):
    feedback = questions["000.2.c"].check_steps(lines)
    assert (feedback.status, feedback.line, feedback.mistake) == (status, line, mistake), str(feedback)


def test_lines_that_follow_from_a_wrong_one_are_not_blamed():
    feedback = steps("000.2.a", "2*u*s*(1-s)", "u*s*(1-s)", "u*s - u*s^2")
    assert feedback.line == 1 and feedback.mistake == "missing_2" and "right again" not in feedback.message


def test_matrix_lines():
    assert steps("002.3.4", "grad(J, w)", "X.T @ r + 2*lam*w", "X.T @ (X @ w - y) + 2*lam*w").status == "correct"
    feedback = steps("002.3.4", "grad(J, w)", "X.T @ r + 2*lam*sum(w)", "X.T @ (X @ w - y) + 2*lam*w")
    assert feedback.line == 1 and feedback.mistake == "seed_sum" and "right again" in feedback.message


RIGHT = "-x*y/2*(1-f)*(1-tanh(u)^2)"


WRONG_LINES = {
    "000.1b.w": [
        "diff(L, w, 2)",
        "diff(L, w, w)",
        "Derivative(L, w, 2) = " + RIGHT,
        "diff(L, w, x)",
        sp.Derivative(sp.Symbol("L"), w, x),
        "(diff(u,w)-x)/(diff(u,w)-x)*dL/dw",
        "-sqrt(-1)**2*diff(L,w)",
        "-y*diff(log(-f), w)",
        "abs(log(-1))/pi*diff(L,w)",
        "diff(L)",
        "grad(L, w, x, y)",
        "(w-w)**-1+diff(L,w)",
        "[1, [1, 2]]",
        "exp(exp(exp(exp(exp(1.0)))))+diff(L,w)",
        "sin((10**1000)**1000)*0+diff(L,w)",
    ],
    "000.2.c": [
        "d/dc E = w*(1-t^2) = diff(w*t, z2)",
        "E_c = w*(1-t^2) = w*sech(z2)^2",
        "dE/dc' = w*(1-t^2) = diff(w*t, z2)",
        "dE/dq = -w*(1-t^2)",
        "d²E/dc² = -w*(1-t^2)",
    ],
    "002.3.4": [
        "w[q]",
        "diff(J, w[j]) = Sum(i, r[i]*X[i, j]) - 2*lam*w[j]",
        "Sum(i, r[i]*X[i, j]) + 2*lam*w",
        "Sum(i, r[i]*X[i, j]) + 2*lam*w[i]",
    ],
    "001.vector.W1": ["diff(yhat, W1[q, p])"],
}


@pytest.mark.parametrize("key, line", [(key, line) for key, lines in WRONG_LINES.items() for line in lines], ids=str)
def test_wrong_lines_that_looked_right(key, line):
    """None is taken for right, with or without what a right last line would cover up; each says so in a sentence."""
    answer = RIGHT if key == "000.1b.w" else "-w*(1-t^2)" if key == "000.2.c" else line
    feedback = steps(key, line, answer)
    assert feedback.status in ("wrong", "error") and feedback.line == 0, feedback
    assert "Evaluator" not in feedback.message and "Your code" not in feedback.message and feedback.message.count(".")


@pytest.mark.parametrize("key, lines", [
    ("001.2.3.b2", ["diff(yhat, x, b2)", "diff(diff(yhat, x), b2)"]), ("001.2.3.b2", ["Derivative(yhat, x, b2)"]),
    ("001.2.3.b2", [sp.Derivative(sp.Symbol("yhat"), x, sp.Symbol("b2"))]),
    ("000.1b.w", ["sp.diff(L, w)", "d/dw L", "d/dw (L + 3) + 0*x", "2dL/dw/2", RIGHT]),
    ("000.1b.w", ["dL/df df/dz dz/du du/dw", "∂L/∂f ∂f/∂z ∂z/∂u ∂u/∂w"]),
    ("001.2.2.w2", ["dŷ/dw2 = dŷ/dz2 * dz2/dw2", "dyhat/dz_2*dz_2/dw_2", "∂ŷ/∂z2 * a1"]),
    ("000.1b.w", ["sign(diff(u,w)-x)+dL/dw", "sqrt(diff(u,w)-x)+dL/dw"]),
], ids=str)  # fmt: skip
def test_right_lines_that_were_refused(key, lines):
    question = questions[key]
    last = question.solution.steps[-1].text
    said = question.check_steps([*lines, last])
    assert said.status == "correct", said


def test_the_courses_own_lines_with_indices():
    """As the solution writes them: `diff(J, w[j]) = Sum(i, r[i]*X[i, j]) + 2*lam*w[j]`."""
    with_indices = 0
    for question in questions.values():
        if isinstance(question, GradientsQuestion):
            derivations = [(steps, name) for name, steps in question.steps.items()]
        else:
            derivations = [(question.solution.steps,)] if isinstance(question, Question) and question.target else []
        for own, *name in derivations:
            lines = [(f"{step.left} = " if step.left else "") + step.text for step in own]
            said = question.check_steps(lines, *name)
            assert said.status == "correct", (question.key, name, said)
            with_indices += any(index in line for line in lines for index in ("[p", "[j", "[i"))
    assert with_indices >= 15
