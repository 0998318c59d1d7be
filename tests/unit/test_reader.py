"""The reader of formulas: every notation, doubts, errors that say where, and texts that nobody would write."""

import ast
import random
import re

import numpy as np
import pytest

from helpers.assignments import chain_rule, questions
from helpers.formulas.evaluate import Evaluator
from helpers.formulas.reader import Formula, split_equation
from helpers.formulas.text import MAX_LENGTH, FormulaError
from helpers.formulas.vocabulary import Vocabulary
from tests.browser.lab import ROOT

SCALARS = Vocabulary(
    {name: () for name in ("w", "v", "x", "b", "u", "g1", "s", "t", "rho", "rhohat", "lam", "yhat", "a1", "z2", "L")},
    {
        "u": {"w", "x", "b"},
        "s": {"u", "w", "x", "b"},
        "L": {"s", "t", "u", "w", "x", "b"},
        "yhat": {"z2", "a1"},
        "g1": {"v", "x"},
    },
    {"rho_hat": "rhohat", "phi": "tanh"},
    {"sigma": "s"},
)
ARRAYS = Vocabulary(
    {
        "A": ("m", "n"),
        "c": ("n",),
        "d": ("n",),
        "y": ("m",),
        "r": ("m",),
        "p": ("m",),
        "lam": (),
        "k": (),
        "X": ("m", "n"),
    },
    {"r": {"A", "c", "y"}},
    {},
    {"sigma": "p"},
    frozenset("ij"),
)


def read(text, vocabulary=SCALARS):
    return ast.unparse(Formula(text, vocabulary).tree)


DOCUMENTED = Vocabulary(
    {"X": ("m", "n"), "w": ("n",), "v": ("n",), "y": ("m",), "r": ("m",), "s": ("m",), "lam": ()},
    {"s": {"X", "w"}},
    {},
    {"sigma": "s"},
    frozenset("ij"),
)


def notations():
    """The rows of the tables in the docs: (what is written, what it means, the names)."""
    text = (ROOT / "docs" / "formulas.md").read_text(encoding="utf-8")
    for part in text.split("\n## ")[1:]:
        vocabulary = DOCUMENTED if part.startswith("Vectors") else SCALARS
        for cell, meant in re.findall(r"^\| [^`]* \| (`.*`) \| `(.+?)` \|$", part, re.M):
            for written in re.findall(r"`(.+?)`", cell):
                yield written.replace(r"\|", "|"), meant, vocabulary


def test_the_tables_in_the_docs_are_long():
    assert len(list(notations())) > 150


@pytest.mark.parametrize("written, meant, vocabulary", notations())
def test_the_tables_in_the_docs_are_true(written, meant, vocabulary):
    mine, theirs = Formula(written, vocabulary), Formula(meant, vocabulary)
    if read(written, vocabulary) != read(
        meant, vocabulary
    ):  # e**(-x) for exp(-x): not the same tree, but the same number
        sizes = {"m": 3, "n": 2}
        draw = np.random.default_rng(0)
        values = {
            name: draw.uniform(0.2, 0.9, [sizes[one] for one in shape])[()] for name, shape in vocabulary.shapes.items()
        }
        np.testing.assert_allclose(Evaluator(values)(mine), Evaluator(values)(theirs), rtol=1e-14)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2u(1-s)w", "2 * u * (1 - s) * w"),
        ("a1 yhat(1-yhat)", "a1 * yhat * (1 - yhat)"),
        ("s(u)(1-s(u))", "s * (1 - s)"),
        ("s(1-u)", "s * (1 - u)"),
        ("u(v)", "u * v"),  # v is no argument of u
        ("σ(u)(1−σ)", "sigma(u) * (1 - s)"),
        ("exp(g1)e^x v", "exp(g1) * e ** x * v"),
        ("cosh^2 x - sinh^2 x", "cosh(x) ** 2 - sinh(x) ** 2"),
        ("log ρ/ρ̂", "log(rho) / rhohat"),
        ("|w| |x|", "abs(w) * abs(x)"),
        ("2|x-|w||", "2 * abs(x - abs(w))"),
        ("√(1+x²)", "sqrt(1 + x ** 2)"),
        ("x₁", "x_1"),
        ("a₁²", "a1 ** 2"),
        ("e⁻ˣ", "e ** (-x)"),
        ("𝑤𝑥", "w * x"),
        ("wxb", "w * x * b"),
        ("-wx/2", "-w * x / 2"),
        ("[w-x]{b}", "(w - x) * b"),
        ("x^-1", "x ** (-1)"),
        ("2^3^2", "2 ** 3 ** 2"),
        ("-x^2", "-x ** 2"),
        ("w/x/b", "w / x / b"),
        ("w/2 x", "w / 2 * x"),
        (r"\tfrac12 w", "1 / 2 * w"),
        (r"\dfrac{w+x}{2b}", "(w + x) / (2 * b)"),
        (r"\frac w{x}", "w / x"),
        (r"\sqrt{w}\,\lambda", "sqrt(w) * lam"),
        (r"\mathrm{e}^{-\frac{x}{2}}", "e ** (-(x / 2))"),
        (r"\left|w\right|", "abs(w)"),
        (r"$\hat{\rho}\log\hat\rho$", "rhohat * log(rhohat)"),
        (r"\operatorname{sigmoid}(x)", "sigmoid(x)"),
        (r"\frac{\partial L}{\partial s}\frac{\mathrm{d} s}{\mathrm{d} u}", "diff(L, s) * diff(s, u)"),
        (r"\frac{d}{dx}\left(x^2\right)", "diff(x ** 2, x)"),
        (r"\frac{d\,(wx)}{dw}", "diff(w * x, w)"),
        ("dŷ/da1", "diff(yhat, a1)"),
        ("∂L/∂ρ̂", "diff(L, rhohat)"),
        ("d/du tanh(u) - d/du u^2", "diff(tanh(u), u) - diff(u ** 2, u)"),
        ("d/du -u", "diff(-u, u)"),
        ("ds/du du/dw", "diff(s, u) * diff(u, w)"),
        ("s'", "prime(s)"),
        ("s'(u)u'(w)", "diff(s, u) * diff(u, w)"),
        ("(w x)'", "prime(w * x)"),
        ("relu'(x)", "1 if x > 0 else 0"),
        ("phi'(z2)", "dtanh(z2)"),
        ("φ(z2)", "tanh(z2)"),
        ("s_u", "diff(s, u)"),
        ("np.where(x > 0, x, 0)", "where(x > 0, x, 0)"),
        ("torch.sigmoid(x)*math.pi", "sigmoid(x) * pi"),
        ("1e-3x + .5", "0.001 * x + 0.5"),
        ("x.^2 ./ w .* b", "x ** 2 / w * b"),
        ("tanh.(x) .- 0.5.*w", "tanh(x) - 0.5 * w"),
        ("Tanh(x) + EXP(-w)/Math.exp(b)", "tanh(x) + exp(-w) / exp(b)"),
        (r"\[\log_e(x)\]", "log(x)"),
        ("\u201cw + x\u201d", "w + x"),
        ("`w x`", "w * x"),
        ("w/x.", "w / x"),
        ("\u02c6y(1 \u2212 y\u02c6)", "yhat * (1 - yhat)"),
        (r"\text{softplus}(x)\,\text{by the rule}", "softplus(x)"),
        (r"\cosh^{-2} x", "cosh(x) ** (-2)"),
        ("dσ/du", "diff(sigma(u), u)"),
        ("∇L", "prime(L)"),
        ("σ' w", "dsigma(w)"),
        ("L_{z_2}", "diff(L, z2)"),
        ("s_{u}w", "diff(s, u) * w"),
    ],
)
def test_notations_of_numbers(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Aᵀ(Ac − y)", "A.T @ (A @ c - y)"),
        ("A^T r + 2λc", "A.T @ r + 2 * lam * c"),
        (r"A^{\top} r", "A.T @ r"),
        ("Ac", "A @ c"),
        ("c·d", "c @ d"),
        ("k·c", "k * c"),
        ("cᵀd", "c.T @ d"),
        ("r cᵀ", "outer(r, c)"),
        ("c d", "c * d"),
        ("c ⊙ d", "c * d"),
        ("rA", "r @ A"),
        ("Sum(j, A_{ij} c_j)", "Sum(j, A[i, j] * c[j])"),
        (r"\sum_{i=1}^{m} r_i X_i", "Sum(i, r[i] * X[i])"),
        (r"\sum_i r^{(i)} x^{(i)}", "Sum(i, r[i] * X[i])"),
        ("∑_i (y_i − σ_i) x_i", "Sum(i, (y[i] - p[i]) * X[i])"),
        ("sum(r[n]*X[n] for n in range(len(y)))", "Sum(n, r[n] * X[n])"),
        ("r.sum() + X.mean()", "sum(r) + mean(X)"),
        ("np.sum(X, axis=0)", "sum(X, 0)"),
        ("X.T.dot(r)", "dot(X.T, r)"),
        ("∇_c r", "grad(r, c)"),
        ("(A @ c)[0]", "(A @ c)[0]"),
        ("k[1-k]", "k * (1 - k)"),
        ("c_1 d_2", "c[0] * d[1]"),
        ("A_{i0}", "A[i, 0]"),
        ("(A)_{ij}", "A[i, j]"),
        ("A'*r", "A.T @ r"),
        ("A'(A*c - y)", "A.T @ (A @ c - y)"),
        ("(y - r)'A", "(y - r).T @ A"),
        ("A^TAc", "A.T @ A @ c"),
        ("c'd", "c.T @ d"),
        ("A .* A", "A * A"),
        ("½cᵀd", "1 / 2 * c.T @ d"),
        ("cᵀAᵀAc", "c.T @ A.T @ A @ c"),
        ("r (2cᵀ)", "outer(r, 2 * c.T)"),
        (r"\mathbf 1^\top (y \odot r)", "sum(y * r)"),
        (r"\frac{y}{\mathbf{1}^T r}", "y / sum(r)"),
        ("Sum(n, r_n A_n)", "Sum(n, r[n] * A[n])"),
        (r"\frac{\partial (r)_i}{\partial (c)_{j}}", "diff(r[i], c[j])"),
    ],
)
def test_notations_of_arrays(text, expected):
    assert read(text, ARRAYS) == expected


@pytest.mark.parametrize(
    "text, other",
    [
        ("1/2x", "1 / (2 * x)"),
        ("e^2x", "e ** (2 * x)"),
        ("log w x", "log(w * x)"),
        ("s(u)", "s * u"),
        ("d/dx (w) * x", "diff(w * x, x)"),
        ("d/dx w * x", "diff(w, x) * x"),
        ("c·d", "c * d"),
        ("c d", "c @ d"),
        ("r'", "prime(r)"),
    ],
)
def test_where_two_readings_are_possible_both_are_known(text, other):
    formula = Formula(text, ARRAYS if {"c", "r"} & set(text) - {*"log"} else SCALARS)
    assert formula.doubts and other in [ast.unparse(reading.tree) for reading in formula.other_readings()]


@pytest.mark.parametrize("text", ["1/2 x", "2x", "e^(2x)", "log(w) x", "(1/2)x", "w/(2b)", "d/dx(w)", "-x*w/2*(1 - s)"])
def test_where_there_is_no_doubt_none_is_raised(text):
    assert not Formula(text, SCALARS).doubts


@pytest.mark.parametrize(
    "text, said",
    [
        ("2*(w + x", "`(` is not closed"),
        ("2*w + x)", "behind `2*w + x`: this `)` does not close any bracket"),
        ("(w + x]", "does not close the bracket `(`"),
        ("w + * x", "behind `w +`: in front of this `*` a number, a name or a bracket is missing"),
        ("w +", "ends too early"),
        ("x ± w", "± stands for two formulas"),
        ("∫ x", "integral"),
        ("w + … + x", "dots"),
        ("x 2", "`*` or `**` in front"),
        ("3 4", "is to happen to the 4"),
        ("0,5 x", "has a point"),
        ("x!", "`!`"),
        ("x // 2", "rounds down"),
        ("‖w‖", "sqrt(w @ w)"),
        ("||w||", "sqrt(w @ w)"),
        ("sin^-1(x)", "the inverse"),
        ("tanh", "needs an argument"),
        (r"\frac{w}", r"\frac{…}{…}"),
        (r"\frac{w}{}", "nothing in the brackets"),
        ("exp()", "nothing in the brackets"),
        ("tanh''(x)", "write it out"),
        ("x.real", "`.real` is not known"),
        ("d/dx", "must follow"),
        ("∂", "∂L/∂w"),
        ("w = x", "`=` belongs between"),
        ("lambda x: x", "write the formula alone"),
        ("__import__('os')", "cannot be read"),
        ("9" * 60, "too many digits"),
        ("1e400", "too large"),
        ("w" * (MAX_LENGTH + 1), "longer than"),
        ("(" * 100 + "w" + ")" * 100, "nested too deeply"),
        ("-" * 100 + "w", "nested too deeply"),
        ("+".join("w" * 500), "too many terms"),
        ("*".join("w" * 500), "too many factors"),
        (r"\frac{1}{" * 80 + "w" + "}" * 80, "nested too deeply"),
        ("", "no formula"),
        ("(w + )*x", "in front of this `)` a number"),
        ("w + ^x", "in front of this `^` a number"),
        ("w + _2", "a subscript must stand behind a name"),
        ("so: w", "write the formula alone"),
        (r"\frc12", "no LaTeX command"),
        ("mean(w==x)", "an `=` cannot stand in the brackets"),
        ("sin^-1 x", "the inverse"),
        ("x" + "'" * 100, "too many primes"),
        ("sin " + "ŷ" * 200, "too many"),
    ],
)
def test_errors_say_where_and_what_instead(text, said):
    with pytest.raises(FormulaError) as caught:
        Formula(text, SCALARS)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_two_ways_to_cut_a_word_ask_for_the_sign():
    with pytest.raises(FormulaError, match=r"write the `\*` between"):
        Formula("abc", Vocabulary({"a": (), "bc": (), "ab": (), "c": ()}))


def test_sides():
    assert split_equation("a = b == c := d") == ["a", "b", "c", "d"]
    assert split_equation(r"a &= \sum_{i=1}^m x_i") == [r"a &", r"\sum_{i=1}^m x_i"]
    assert split_equation("sum(x, axis=0)") == ["sum(x, axis=0)"]
    assert split_equation("a <= b") == ["a <= b"]


PIECES = [
    *"wxbust()[]{}+-*/^=|'.,·×−½²₁′ᵀ⊙σφ∂√∑∇ρ_&$#!?%;:\\ \t0123456789",
    "ŷ", "ρ̂", "**", "//", "...", "dL/dw", "d/dx ", "∂L/∂w", "diff(", "grad(", "Sum(i, ", "sum_i ", "for i in range(", "np.", ".T", "[i]", "if ",
    "else ", "and ", "sin ", "tanh^2 ", "exp(", "log", "e^", "where(", "f(", "f'(z)", "1e5", "0.5", r"\frac", r"\frac{", r"\hat{", r"\hat", r"\left(",
    r"\right)", r"\sigma", r"\partial ", r"\sum_{i=1}^m ", r"\cdot ", r"\\ ", r"\text{", r"\begin{", "}{", "words here ", "lambda ", "__class__",
]  # fmt: skip


def fuzzed(made: random.Random) -> str:
    """A text of 1 to 4,000 characters made of the pieces; some of one short piece many times: what nests, or makes long rows."""
    pieces = [made.choice(PIECES) for _ in range(made.choice([5, 20, 100, 1000]))]
    if made.random() < 0.3:
        pieces = pieces[: made.choice([1, 2, 3])] * MAX_LENGTH
    return "".join(pieces)[: made.choice([50, 500, MAX_LENGTH])]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_made_of_the_pieces_gives_a_formula_or_a_sentence(seed):
    """How fast is measured by benchmarks/reader.py."""
    made = random.Random(seed)
    for _ in range(60):
        text = fuzzed(made)
        for vocabulary in (SCALARS, ARRAYS, None):
            try:
                Formula(text, vocabulary).other_readings()
            except FormulaError as problem:
                assert str(problem) and "\n" not in str(problem)


def test_random_bytes_raise_nothing_else():
    random_ = random.Random(0)
    for size in [10, 100, 1000] * 40:
        text = random_.randbytes(size).decode(random_.choice(["latin-1", "utf-16-le"]), "replace")
        try:
            Formula(text, SCALARS)
        except FormulaError as problem:
            str(problem).encode()


def test_no_text_reaches_the_check_unread():
    """Every notation above is an answer too: it is read, not refused, wherever its names are known."""
    feedback = questions["000.1b.w"].check(r"-\frac{xy}{2}\,(1-f)(1-\tanh^2 u)")
    assert feedback and feedback.read and "read as" in str(feedback).lower() and r"\frac" in feedback._repr_html_()


def test_the_example_of_the_readme_runs():
    """Every line of it is right: four answers in four notations, and a derivation."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    given, *statements = re.split(r"\n(?=question)", re.search(r"```python\n(.*?)```", text, re.S)[1])
    names = {"chain_rule": chain_rule}
    exec(given, names)
    assert len(statements) == 5
    for statement in statements:
        assert eval(statement.strip(), names), statement


@pytest.mark.parametrize(
    "key, text, right",
    [
        ("002.3.2", "f(wᵀx)(1-f(w @ x)) x", True),
        ("002.3.6", r"(1-f(\mathbf w^\top\mathbf x)^2)\,x", True),
        ("002.3.5", "Xᵀ(y - s(Xw))", True),
        ("001.2.4", "ŷ(1-ŷ) w2 a1(w1 x + b1)(1-a1) x", True),
        ("002.3.1", "f(-z)(1-f)", False),  # f(−z) is not f
        ("001.2.4", "ŷ(1-ŷ) w2 a1(w1 x - b1)(1-a1) x", False),
    ],
)
def test_a_quantity_may_be_called_with_what_it_depends_on_in_full(key, text, right):
    feedback = questions[key].check(text)
    assert bool(feedback) == right and feedback.read, feedback
