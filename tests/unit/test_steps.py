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


@pytest.mark.parametrize("key, text", [
    ("002.3.1", "u = 1 + e^-z // du/dz = -e^-z // df/du = -1/u² // df/dz = e^-z/u² // f(1-f)"),
    ("002.3.1", "u = 1+e^{-z} // f = 1/u // f' = -u'/u^2 // u' = -e^{-z} // f' = e^{-z}/u^2 = f(1-f)"),
    ("002.3.1", "dσ/dz = e^-z/(1+e^-z)^2 // = σ(z)(1-σ(z))"),
    ("002.3.1", "q = 1 + e^-z // -q^-2 q' // f(1-f)"),
    ("004.3", "(p'q - pq')/q² // (qq - pp)/q² // 1 - p²/q² // 1 - t²"),
    ("004.3", "p' = q, q' = p // (q² - p²)/q² // 1 - t²"),
    ("004.3", "u = sinh(x), v = cosh(x) // t' = (cosh²x - sinh²x)/cosh²x // = 1 - tanh²x"),
    ("004.3", "cosh²x − sinh²x = 1 ⇒ 1/cosh²x = 1 - tanh²x // 1 − t²"),
    ("000.1a", "ρ + ρ̂ = q // Produktregel: g' = ½ log(ρ/q) + ½ - q/(2q) // kürzen: ½ log(ρ/q)."),
    ("000.1b.b", "1. dL/db = L_f f_z z_u u_b // 2. = -y/f f(1-f) (1-tanh²u)/2 // 3. -½y(1-f)(1-tanh² u)"),
    ("000.1b.b", "• ∂u/∂b = 1 // • ∂L/∂b = -y/2 (1-f)(1-tanh²(u))"),
    ("000.1b.b", "We start with L = -y log(f). // L' = -y/f f', since f' = f(1-f) z' // z' = (1-tanh²u)/2 // -y/2 (1-f)(1-tanh²u) (f cancels)"),
    ("000.1b.w", "df/dz = e^-z/(1+e^-z)^2 // = f(1-f) // dL/dw = -xy/2 (1-f)(1-tanh²u)"),
    ("000.1b.w", "L' = -y/f · f' z' u' // -xy/2 (1-f)(1-tanh²u)"),
    ("000.1b.w", "dL/du = -y(1-f)(1-tanh²u)/2 =: δ // dL/dw = δ x and f cancels"),
    ("001.2.4", r"\delta_2 = \hat y(1-\hat y) // \delta_1 = \delta_2 w_2 a_1(1-a_1) // \frac{\partial\hat y}{\partial w_1} = \delta_1 x"),
    ("000.2.d", "σ' = σ(1-σ) // dE/dd = -dt/dd // t_d = (1-t²)x // the rest is 0: E_d = -x(1-t²)"),
    ("002.3.2", "∇f = σ'(z)∇z // ∇z = x // ∇f = σ(z)(1-σ(z))x"),
    ("002.3.4", "J = ½ rᵀr + λ wᵀw // ∇J = X'*r + 2*lam*w"),
    ("002.3.5", "dJ/ds = y/s - (1-y)/(1-s) // ds/dz = s(1-s) // dJ/dz = y(1-s) - (1-y)s // = y - s // X^T(y-s)"),
    ("003.2.f1", "precision = TP/(TP+FP) // recall = TP/(TP+FN) // 2*precision*recall/(precision+recall) // 2TP/(2TP+FP+FN)"),
], ids=str)  # fmt: skip
def test_lines_as_they_stand_on_paper(key, text):
    said = steps(key, *text.split(" // "))
    assert said.status == "correct" and "not yet" not in said.message and "not judged" not in said.message, said


@pytest.mark.parametrize("key, line, text", [
    ("002.3.1", 2, "u = 1 + e^-z // du/dz = -e^-z // df/du = 1/u² // df/dz = e^-z/u² // f(1-f)"),
    ("004.3", 2, "u = e^x - e^-x // v = e^x + e^-x // u' = u // t' = 1 - t²"),
    ("004.3", 0, "(p'q + pq')/q² // (q² - p²)/q² // 1 - t²"),
    ("004.3", 0, "p'q - pq'/q² // 1 - t²"),
    ("004.3", 1, "p' = q // p'/q' // 1 - t²"),
    ("002.3.1", 1, "q = 1 + e^-z // q^-2 q' // f(1-f)"),
    ("000.1a", 0, "q' = 2 // g' = ½ log(ρ/q)"),
    ("000.2.a", 2, "E' = 2s' // s' = s(1-s)·z1' // z1' = v // E' = 2us(1-s)"),
    ("000.1b.w", 0, "u = wx+b, z = (1-tanh u)/2 // dL/dw = -½xy(1-f)(1-tanh²u)"),
    ("000.1b.w", 1, "df/dz = f(1-f) // = f + f² // dL/dw = -xy/2(1-f)(1-tanh²u)"),
    ("000.1b.w", 1, "δ = -y(1-f)(1-tanh²u)/2 // dL/dw = δ w"),
    ("000.1b.w", 1, "(1) dL/dw = dL/df df/dw // (2) = xy/2 (1-f)(1-tanh²u) // (3) = -xy/2 (1-f)(1-tanh²u)"),
    ("002.3.5", 1, "dJ/dz = y - s // = s - y // Xᵀ(y-s)"),
    ("002.3.5", 0, "ds/dz = s(1+s) // Xᵀ(y-s)"),
    ("002.3.2", 0, "∇z = w // ∇f = f(1-f)x"),
], ids=str)  # fmt: skip
def test_the_first_wrong_line_as_it_stands_on_paper(key, line, text):
    said = steps(key, *text.split(" // "))
    assert (said.status, said.line) == ("wrong", line), said


@pytest.mark.parametrize("lines", [["p = dL/dw", "p"], ["L' = ∇L"], ["-y/f · f'"]], ids=str)
def test_a_derivative_behind_a_name_is_still_one(lines):
    assert steps("000.1b.w", *lines).status == "wrong"


@pytest.mark.parametrize("answer", ["1*σ'(z)", "dsigma(z + 0)", "∇f", "dσ/dz", "(1/(1+e^-z))'"])
def test_a_restatement_is_no_answer(answer):
    assert questions["002.3.1"].check(answer).mistake == "unfinished"


@pytest.mark.parametrize("key", [key for key, question in questions.items() if isinstance(question, Question)])
def test_what_is_copied_from_the_page_of_a_solution_is_right(key):
    """Its LaTeX, and its lines with numbers and with their reasons."""
    question = questions[key]
    if not question.steps:
        return
    shown = [f"{left} &= {right}" for left, right, *_ in question.solution.lines()]
    typed = [(f"{step.left} = " if step.left else "") + step.text for step in question.solution.steps]
    reasons = [step.reason.replace("$", "") for step in question.solution.steps]
    plain = [not {"\\", "="} & set(reason) for reason in reasons]
    for lines in (
        shown,
        [f"${line}$" for line in shown],
        [f"{number}) {line}" for number, line in enumerate(typed, 1)],
        [f"{reason}: {line}" if short else line for reason, line, short in zip(reasons, typed, plain, strict=True)],
        [f"{line} ({reason})" if short else line for reason, line, short in zip(reasons, typed, plain, strict=True)],
    ):
        said = question.check_steps(lines)
        assert said.status == "correct", (lines, said)


def test_names_that_double_are_worked_out_once():
    lines = ["p1 = x w", *(f"p{i + 1} = p{i}*p{i}" for i in range(1, 40)), "-xy/2 (1-f)(1-tanh²u)"]
    assert steps("000.1b.w", *lines).status == "correct"
