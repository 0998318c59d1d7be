"""Causes of wrong answers: those that were known stay known, with or without the lists of the questions."""

import numpy as np
import pytest
from listed import JUDGED, as_function

from helpers.assignments import questions
from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion


def handed_in(key, answer):
    """The answer of the kind that the question takes; in the file formulas stand as text."""
    question = questions[key]
    if isinstance(question, (Question, GradientsQuestion)):
        return as_function(question, answer)
    return {int(name) if name.isdecimal() else name: _tuples(value) for name, value in answer.items()}


def _tuples(value):
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("key", JUDGED)
def test_mistakes_that_were_judged_once_stay_named(key):
    for mistake, answer, *truer in JUDGED[key]:
        questions[key].forget()
        feedback = questions[key].check(handed_in(key, answer))
        assert feedback.status == "wrong", (mistake, answer)
        assert (*truer, mistake)[0] in feedback.mistakes, (mistake, answer, feedback)


# ------------------------------------------------------------------------------------------ from the formulas alone

#: family -> (question, a wrong answer as a formula, what has to be said, in words)
FAMILIES = {
    "a lost bracket": [
        ("001.2.4", "yhat*(1 - yhat)*w2*a1*1 - a1*x", "A bracket is missing around `1 - a1`"),
        ("000.2.b", "2*v*s*1 - s", "A bracket is missing around `1 - s`"),
        ("000.1a", "log(rho)/2 - log(rho + rhohat)", "A bracket is missing around `log(rho) - log("),
        ("001.2.2.b2", "exp(z2)/1 + exp(z2)", "A bracket is missing around the denominator"),
        ("002.3.6", "1 - f**2*x", "A bracket is missing around `1 - f ** 2`"),
        ("001.vector.W1", "yhat*1 - yhat*outer(w2*a1*(1 - a1), x)", "A bracket is missing around `1 - yhat`"),
    ],
    "a bracket too wide": [
        ("000.3b", "sigma(100*h21 + h22 - 200)", "A bracket is missing around `h21 + h22`"),
        ("004.3", "(1 - tanh(x))**2", "the square belongs to tanh alone"),
        ("002.3.6", "x*(1 - tanh(z**2))", "the square belongs to tanh, not to its argument"),
    ],
    "the rule at the wrong place": [
        ("001.2.1.w2.logistic", "a1*z2*(1 - z2)", "applied to the argument `z2`; it takes the value `yhat`"),
        ("000.1b.b", "-y/2*(1 - f)*(1 - u**2)", "The rule 1 − tanh² was applied to the argument `u`"),
        ("000.1b.w", "-x*y/2*(1 - f)*(1 - tanh(z)**2)", "The derivative of tanh was evaluated at `z`; it belongs to `u`"),
        ("001.2.2.w2", "a1*sigma(yhat)", "The derivative of softplus was evaluated at `yhat`; it belongs to `z2`"),
        ("001.vector.x", "sigma(yhat)*(W1.T @ (w2*sigma(a1)))", "That happened each time"),
    ],
    "the rule of another function": [
        ("002.3.2", "x*(1 - f**2)", "The rule for tanh"),
        ("000.2.d", "-x*t*(1 - t)", "The rule for σ, σ(1 − σ)"),
        ("001.2.3.b2", "w1*w2*sigma(z1)*(1 - sigma(z2)**2)", "The rule for tanh"),
    ],
    "an inner derivative": [
        ("001.2.4", "yhat*(1 - yhat)*w2*a1*(1 - a1)", "The factor `x` is missing, the inner derivative of `w1 * x`"),
        ("002.2.x1", "cos(g1) + 2*g2", "the inner derivative of `x1 * exp(x2)`"),
        ("002.3.1", "-1/(1 + exp(-z))**2", "inner derivative"),
        ("000.1b.w", "-y/f*x", "2 factors of the chain rule are missing"),
    ],
    "a sum for a product": [
        ("001.2.4", "yhat*(1 - yhat) + w2 + a1*(1 - a1) + x", "The factors of the chain rule were added"),
        ("000.1b.b", "-y/f + f*(1 - f)*(1 - tanh(u)**2)/2", "is added; it has to be multiplied"),
        ("002.2.x2", "x1*exp(x2)*cos(g1)*4*x2*g2", "were multiplied; they are to be added"),
    ],
    "another variable or exercise": [
        ("001.2.4", "yhat*(1 - yhat)*w2*a1*(1 - a1)*w1", "the derivative with respect to `x`"),
        ("001.2.1.b2.logistic", "sigma(w2*softplus(z1) + b2)", "another exercise"),
        ("000.2.a", "-w*(1 - t**2)", "the derivative with respect to `c`"),
    ],
    "a quantity on the way": [
        ("000.1b.w", "-x*y/2*(1 - sigma(1 + tanh(u)/2))*(1 - tanh(u)**2)", "In the quantity `z`"),
        ("001.2.3", "w1*w2*sigma(z1)*sigma(w2*z1 + b2)", "`z1` stands where"),
    ],
    "σ programmed wrongly": [
        ("002.3.2", "x*(1/(1 - exp(-z)))*(1 - 1/(1 - exp(-z)))", "a minus stands where a plus belongs, in `1 + exp(-z)`"),
        ("001.2.1.w2.logistic", "sigma(w2/(1 + exp(z1)) + b2)*(1 - sigma(w2/(1 + exp(z1)) + b2))/(1 + exp(z1))", ""),
    ],
    "examples and components": [
        ("002.3.5", "sum(y - s)*sum(X, 0)", "The sums were taken separately"),
        ("002.3.3", "X[0]*sign(r[0])/2", "Only the first example counts"),
        ("002.3.4", "X.T @ r + lam*sign(w)", "absolute values"),
        ("002.3.4", "X.T @ abs(r) + 2*lam*w", "The absolute value of `r`"),
    ],
    "a power, a sign, a function": [
        ("002.2.x2", "x1*exp(x2)*cos(x1*exp(x2)) + 4*x2*(x1 + x2*2)", "raised to that power"),
        ("002.2.x1", "exp(x2)*sin(g1) + 2*g2", "was not differentiated"),
        ("000.1a", "log2(rho/(rho + rhohat))/2", "base 2"),
        ("004.3", "1 - tan(x)**2", "tan stands where tanh belongs"),
    ],
}  # fmt: skip
CASES = [(family, *row) for family, rows in FAMILIES.items() for row in rows if row[2] is not None]


@pytest.fixture
def without_a_list(monkeypatch):
    """A question that has no list of mistakes."""

    def question(key):
        questions[key].forget()
        monkeypatch.setattr(questions[key], "mistakes", ())
        return questions[key]

    return question


@pytest.mark.parametrize("family, key, formula, said", CASES)
def test_causes_come_out_of_the_formulas_alone(without_a_list, family, key, formula, said):
    question = without_a_list(key)
    feedback = question.check(as_function(question, formula))
    assert feedback.status == "wrong" and said in feedback.message, feedback
    assert feedback.message.count("; or ") <= 2, feedback


@pytest.mark.parametrize(
    "key, formula",
    [
        ("001.2.4", "(yhat - yhat**2)*x*w2*(a1 - a1*a1)"),
        ("000.1a", "-log((rho + rhohat)/rho)/2"),
        ("000.1b.w", "-y*x/cosh(u)**2/(2 + 2*exp(z))"),
        ("002.3.1", "1/(2 + exp(z) + exp(-z))"),
        ("004.3", "4/(exp(x) + exp(-x))**2"),
        ("001.2.2.w2", "a1*(1 - exp(-yhat))"),
        ("002.3.4", "X.T @ X @ w - X.T @ y + 2*lam*w"),
        ("002.3.5", "X.T @ (y*(1 - s) - (1 - y)*s)"),
        ("001.vector.x", "sigma(z2)*((w2*sigma(z1)) @ W1)"),
        ("000.2.d", "x*(t - 1)*(t + 1)"),
    ],
)
def test_right_answers_in_odd_forms_are_right(key, formula):
    assert questions[key].check(as_function(questions[key], formula))


def test_only_what_holds_at_fresh_points_is_a_cause():
    """Right at the stored points, or a listed mistake there, and something else elsewhere."""
    question = questions["001.2.4"]
    stored = {tuple(point.values()) for point in question.points}
    (mistake,) = (each for each in question.mistakes if each.id == "added")
    wrong, other = as_function(question, mistake.ways[0]), as_function(question, "w1 + x")

    def by_heart(*values):
        return wrong(*values) if tuple(map(float, values)) in stored else other(*values)

    assert question.check(wrong).mistake == "added"
    assert "added" not in question.check(by_heart).mistakes


@pytest.mark.parametrize(
    "times, said", [(-1, "has the wrong sign"), (2, "is twice as large"), (-0.5, "and is half of")]
)
@pytest.mark.parametrize(
    "key, formula, cause",
    [
        ("000.1b.w", "-x*y/2*(1 - sigma(u))*(1 - tanh(u)**2)", "`u` stands where `z` belongs"),
        ("001.2.3", "w1*w2*sigma(a1)*sigma(yhat)", "evaluated at `yhat` and `a1`"),
        ("001.2.3", "w1*w2*sigma(z1)*sigma(w2*a1)", "the term `b2` is missing"),
        ("001.vector.W1", "(1 - yhat**2)*outer(w2*(1 - a1**2), x)", "The rule for tanh"),
        ("002.3.5", "X.T @ (y - z)", "`z` stands where `s` belongs"),
        ("000.1a", "log(rho/(rho + rhohat))/2 - log(rhohat)", None),
    ],
)
def test_a_cause_may_come_with_a_sign_or_a_factor(key, formula, cause, times, said):
    question = questions[key]
    question.forget()
    answer = as_function(question, formula)
    feedback = question.check(lambda *values: times * answer(*values))
    if cause is None:
        assert "Two things" not in feedback.message, feedback
    else:
        assert cause in feedback.message and said in feedback.message, feedback
        assert all("+" in name for name in feedback.mistakes), feedback


@pytest.mark.parametrize("key", ["000.1b.w", "001.2.3", "000.2.a", "002.3.4"])
def test_nothing_is_said_to_be_the_same_everywhere_that_is_so_at_the_stored_points_only(key):
    question = questions[key]
    stored = [np.concatenate([np.ravel(value) for value in point.values()]) for point in question.points]
    shape = question.truth(question.points[:1])[0].shape

    def constant_there(*values):
        flat = np.concatenate([np.ravel(value) for value in values])
        known = any(len(flat) == len(each) and np.allclose(flat, each) for each in stored)
        return np.full(np.shape(values[0]) if shape else (), 0.7 if known else flat.sum())[()]

    feedback = question.check(constant_there)
    assert feedback.status == "wrong"
    for words in ("everywhere", "does not change", "only where"):
        assert words not in feedback.message
