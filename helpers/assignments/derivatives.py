"""Notebook 01, derivatives: tasks 000.1, 001.2.2, 002.3 and 004.3.

In the notebook: `from helpers.assignments import derivatives`, then `derivatives.dL_dw.check(my_dL_dw)`.
"""

import numpy as np

from helpers import numerical
from helpers.assignments.networks import ONLY_Z2, network_question
from helpers.assignments.points import generic
from helpers.exercises.code_question import CodeQuestion
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.exercises.tool_question import ToolQuestion
from helpers.formulas.derivation import Step

# ------------------------------------------------------------- section 1: the numerical derivatives that students write
# They stand outside `questions`: they are tools, no tasks. Each is tried on functions for which the quotient with a
# *large* h is computed right, so that rounding plays no part: check(my_central).

_STEP_POINTS = [(0.7, 0.3), (-1.1, 0.2), (2.3, 0.45), (0.4, 0.6)]

_SINE = ("the sine", np.sin)
_OTHERS = {"the exponential function": np.exp, "x³ − 2x": lambda x: x**3 - 2 * x}

central = ToolQuestion(
    "01.central",
    "Central difference",
    r"Write $\frac{f(x+h)-f(x-h)}{2h}$ as a function of $f$, $x$ and $h$.",
    {"x": (), "h": ()},
    _STEP_POINTS,
    "(sin(x + h) - sin(x - h))/(2*h)",
    mistakes=[
        Mistake("forward", "That is the forward difference, from x to x + h.", "(sin(x + h) - sin(x))/h"),
        Mistake("backward", "That is the backward difference, from x − h to x.", "(sin(x) - sin(x - h))/h"),
        Mistake(
            "divided_by_h",
            "The quotient is twice too large: how far apart are x + h and x − h?",
            "(sin(x + h) - sin(x - h))/h",
        ),
        Mistake(
            "precedence",
            "Dividing by 2 and multiplying by h is not dividing by 2h: a bracket is missing.",
            "(sin(x + h) - sin(x - h))/2*h",
        ),
        Mistake(
            "bracket_above",
            "Only the second term was divided: the numerator needs a bracket.",
            "sin(x + h) - sin(x - h)/(2*h)",
        ),
        Mistake("not_divided", "The difference is still to be divided by 2h.", "sin(x + h) - sin(x - h)"),
        Mistake("divided_by_2", "The division by h is missing.", "(sin(x + h) - sin(x - h))/2"),
        Mistake(
            "added",
            "The two values of f are added; the slope needs their difference.",
            "(sin(x + h) + sin(x - h))/(2*h)",
        ),
    ],
    given="f",
    own=_SINE,
    others=_OTHERS,
    right=numerical.central,
    why=(
        "Both places are h away from x, one on each side: so the even powers of h cancel.",
        "They are 2h apart, and the whole difference is divided by that.",
    ),
    hints=("Call f twice, to the right and to the left of x.", "The two places are 2h apart."),
)

complex_step = ToolQuestion(
    "01.complex",
    "Complex step",
    r"Write $\operatorname{Im} f(x+ih)/h$ as a function of $f$, $x$ and $h$.",
    {"x": (), "h": ()},
    _STEP_POINTS,
    "cos(x)*sinh(h)/h",
    mistakes=[
        Mistake("real_part", "That is the real part; the derivative is in the imaginary part.", "sin(x)*cosh(h)/h"),
        Mistake("not_divided", "The imaginary part is still to be divided by h.", "cos(x)*sinh(h)"),
    ],
    given="f",
    own=_SINE,
    others=_OTHERS,
    right=numerical.complex_step,
    why=(
        "The step is made in the imaginary direction, so the derivative stands in the imaginary part, times h.",
        "Nothing is subtracted, so no digits are lost.",
    ),
    hints=("In Python the imaginary unit is written 1j.", "`np.imag` gives the imaginary part of a number."),
    optional=True,
)

numerical_gradient = ToolQuestion(
    "01.gradient",
    "Numerical gradient",
    "Write the gradient of $J$ at $w$ by central differences, for any function $J$ of an array $w$ of shape (n,).",
    {"w": ("n",), "h": ()},
    [([0.7, -1.2, 0.4], 0.3), ([1.3, 0.6], 0.2), ([-0.8, 0.5, 1.1, -0.3], 0.4)],
    "3*w**2 + h**2",
    mistakes=[
        Mistake(
            "forward", "The components are forward differences; the step back is missing.", "3*w**2 + 3*w*h + h**2"
        ),
        Mistake(
            "divided_by_h", "Every component is twice too large: the two places are 2h apart.", "2*(3*w**2 + h**2)"
        ),
        Mistake(
            "all_at_once",
            "All components of w were moved at once; each partial derivative moves only one of them.",
            "ones_like(w)*sum(3*w**2 + h**2)",
        ),
    ],
    given="J",
    own=("the sum of the cubes", lambda w: np.sum(w**3)),
    others={
        "the product of all components": np.prod,
        "the cube of a weighted sum": lambda w: np.sum(np.arange(1, len(w) + 1) * w) ** 3,
    },
    right=numerical.gradient,
    why=(
        "Every component is a central difference of its own, in which that component alone moves.",
        "A step that is zero elsewhere, added to w and subtracted from it, makes new arrays: w stays as it was.",
    ),
    minutes=18,
    hints=(
        "Start with `np.zeros(w.shape)`, and fill it in a loop over the components.",
        "Make a step that is zero everywhere but in component j, and use w + step and w − step: w stays as it is.",
    ),
)


def _lengths(g_formula, g_number):
    """The lengths of the two gradients and of their difference."""
    return (*map(np.linalg.norm, (g_formula, g_number)), np.linalg.norm(np.subtract(g_formula, g_number)))


def _relative_error(g_formula, g_number):
    a, b, difference = _lengths(g_formula, g_number)
    return difference / (a + b) if a + b > 0 else 0.0


def _with_and_without_zero(wrong):
    """A wrong relative error in two ways: 0 where both gradients are zero, and 0/0 there."""
    return (lambda a, b: wrong(a, b) if np.any(a) or np.any(b) else 0.0), wrong


def _relative(of_lengths):
    """The same for one made of the two lengths, that of the difference and that of the sum."""
    return _with_and_without_zero(
        lambda a, b: of_lengths(*map(np.float64, (*_lengths(a, b), np.linalg.norm(np.add(a, b)))))
    )


relative_error = CodeQuestion(
    "01.relative",
    "Relative error",
    "Write the relative error of two gradients of the same shape, one by formula and one by number. Two gradients that "
    "are both zero agree: their relative error is 0.",
    ("g_formula", "g_number"),
    [
        (np.array([2.1, -0.4, 1.3]), np.array([2.0, -0.6, 1.35])),
        (np.array([0.3, 0.8]), np.array([-0.3, 0.7])),
        (np.array([1e-6, -3e-6, 2e-6, 5e-7]), np.array([1.1e-6, -3e-6, 2e-6, 4e-7])),
        (np.zeros(3), np.zeros(3)),
    ],
    _relative_error,
    ("error",),
    mistakes=[
        Mistake(
            "zero_by_zero",
            "Where both gradients are zero, your function divides 0 by 0. They agree there, so the error is 0.",
            lambda a, b: np.float64(_lengths(a, b)[2]) / np.float64(sum(_lengths(a, b)[:2])),
            hint="Ask first whether the sum of the two lengths is 0.",
        ),
        Mistake(
            "one_length",
            "You divide by one of the two lengths; the formula divides by their sum.",
            *_relative(lambda a, b, difference, _: difference / a),
            *_relative(lambda a, b, difference, _: difference / b),
        ),
        Mistake(
            "larger_length",
            "You divide by the larger of the two lengths; the formula divides by their sum.",
            *_relative(lambda a, b, difference, _: difference / max(a, b)),
        ),
        Mistake(
            "difference_below",
            "You divide by the difference of the two lengths; the formula divides by their sum.",
            *_relative(lambda a, b, difference, _: difference / (a - b)),
            *_relative(lambda a, b, difference, _: difference / abs(a - b)),
        ),
        Mistake(
            "length_of_sum",
            "You divide by the length of the sum of the two gradients; the formula divides by the sum of their lengths.",
            *_relative(lambda a, b, difference, total: difference / total),
        ),
        Mistake(
            "sum_above",
            "You take the length of the sum of the two gradients in the numerator; it is that of their difference.",
            *_relative(lambda a, b, _, total: total / (a + b)),
        ),
        Mistake(
            "not_divided",
            "That is the length of the difference, the *absolute* error. A small gradient always has a small one.",
            *_relative(lambda a, b, difference, _: difference),
        ),
        Mistake(
            "mean_of_lengths",
            "You divide by the mean of the two lengths; the formula divides by their sum.",
            *_relative(lambda a, b, difference, _: 2 * difference / (a + b)),
        ),
        Mistake(
            "difference_of_lengths",
            "That is the difference of the two lengths. Two gradients of the same length may point in different "
            "directions: subtract first, then take the length.",
            *_relative(lambda a, b, difference, _: abs(a - b) / (a + b)),
            *_relative(lambda a, b, difference, _: (a - b) / (a + b)),
        ),
        Mistake(
            "precedence",
            "Only the first length is divided by: the denominator needs a bracket.",
            *_relative(lambda a, b, difference, _: difference / a + b),
        ),
        Mistake(
            "squares",
            "These are sums of squares; a length is the square root of one.",
            *_relative(lambda a, b, difference, _: difference**2 / (a**2 + b**2)),
            *_relative(lambda a, b, difference, _: difference**2 / (a + b)),
        ),
        Mistake(
            "largest_component",
            "You look at the largest component alone; the length of a vector counts all of them.",
            *_with_and_without_zero(lambda a, b: abs(a - b).max() / (abs(a).max() + abs(b).max())),
        ),
        Mistake(
            "by_component",
            "You divide component by component; the formula divides one length by two, those of the whole vectors.",
            *(
                way
                for of_all in (np.max, np.mean, np.sum)
                for way in _with_and_without_zero(lambda a, b, of_all=of_all: of_all(abs(a - b) / (abs(a) + abs(b))))
            ),
        ),
        Mistake(
            "sums",
            "You add up the components; the length of a vector is the square root of the sum of their squares.",
            *_with_and_without_zero(lambda a, b: np.sum(a - b) / (np.sum(a) + np.sum(b))),
            *_with_and_without_zero(lambda a, b: abs(np.sum(a - b)) / (abs(np.sum(a)) + abs(np.sum(b)))),
            *_with_and_without_zero(lambda a, b: np.sum(abs(a - b)) / (np.sum(abs(a)) + np.sum(abs(b)))),
        ),
    ],
    why=(
        "The length of a vector v is the square root of the sum of its squares: np.linalg.norm(v).",
        "Subtract the gradients first, and take the length of the difference.",
        "Where both are zero, the quotient is 0/0: return 0 before you divide.",
    ),
    hints=(
        "`np.linalg.norm(v)` is the length of a vector.",
        "Name the sum of the two lengths, and look whether it is 0.",
    ),
    minutes=10,
)

# ---------------------------------------------------------------------------------------------- 000.1a

dg_drho = Question(
    "000.1a",
    "Derivative of g with respect to rho",
    r"For a constant $\hat\rho>0$ and $\rho>0$ let $g(\rho)=\frac12\rho\log\frac{\rho}{\rho+\hat\rho}"
    r"+\frac12\hat\rho\log\frac{\hat\rho}{\rho+\hat\rho}$. Find $g'(\rho)$.",
    {"rho": (), "rhohat": ()},
    [(0.2, 0.05), (0.06, 0.21), (1.5, 2.5), (0.7, 0.35), (3.1, 0.45)],
    "log(rho/(rho + rhohat))/2",
    definitions={"q": "rho + rhohat", "g": "rho*log(rho/q)/2 + rhohat*log(rhohat/q)/2"},
    objective="g",
    variable="rho",
    positive=("rho", "rhohat"),
    aliases={"rho_hat": "rhohat", "hatrho": "rhohat"},
    mistakes=[
        Mistake(
            "no_product_rule",
            "The product rule is incomplete: the factor in front of the logarithm was treated as a constant.",
            "rho*(1/rho - 1/(rho + rhohat))/2 - rhohat/(2*(rho + rhohat))",
            hint="A product has two derivatives, one for each factor.",
        ),
        Mistake(
            "sign",
            "The sign is wrong, or the fraction inside the logarithm is upside down.",
            "-log(rho/(rho + rhohat))/2",
        ),
    ],
    hints=(
        "Differentiate the two terms one after the other; ρ stands in both.",
        "Write the logarithm of a fraction as a difference of logarithms before you differentiate.",
        "After differentiating, collect everything that is not a logarithm: look what it adds up to.",
    ),
    steps=[
        Step(
            "log(rho/q)/2 + rho/2 * (1/rho - 1/q) + rhohat/2 * (-1/q)",
            r"product rule in the first term; $\log\frac{\rho}{q} = \log\rho - \log q$ and $q' = 1$",
        ),
        Step("log(rho/q)/2 + 1/2 - (rho + rhohat)/(2*q)", "collect what is not a logarithm"),
        Step("log(rho/q)/2", r"$\rho + \hat\rho = q$, so the rest cancels"),
        Step("log(rho/(rho + rhohat))/2", "insert q"),
    ],
    remark="It is negative for every ρ > 0.",
    optional=True,
    lines="optional",
)

# ---------------------------------------------------------------------------------------------- 000.1b

_CHAIN = {"u": "w*x + b", "z": "(1 + tanh(u))/2", "f": "sigma(z)", "L": "-y*log(f)"}
_CHAIN_SHAPES = {"w": (), "x": (), "b": (), "y": ()}


def _chain_question(key, parameter, inner, steps, **more):
    """∂L/∂parameter; `inner` is the derivative of u, as a factor: "x*" or ""."""
    return Question(
        key,
        f"Derivative of L with respect to {parameter}",
        rf"Let $u=wx+b$, $z=\frac{{1+\tanh u}}2$, $f=\sigma(z)$ and $L=-y\log f$ with constants $x, y$. "
        rf"Find $\partial L/\partial {parameter}$.",
        _CHAIN_SHAPES,
        generic(_CHAIN_SHAPES),
        f"-{inner}y/2*(1 - f)*(1 - tanh(u)**2)",
        definitions=_CHAIN,
        objective="L",
        variable=parameter,
        mistakes=[
            Mistake(
                "missing_half",
                "The factor that z has in front of the bracket is missing.",
                f"-{inner}y*(1 - f)*(1 - tanh(u)**2)",
            ),
            Mistake(
                "f_instead",
                "After cancelling, f stands where the other factor of σ' = f(1 − f) should be left.",
                f"-{inner}y/2*f*(1 - tanh(u)**2)",
            ),
        ],
        hints=(
            "Name every quantity on the way, L → f → z → u, and differentiate one step at a time.",
            f"The chain has four factors: L by f, f by z, z by u, and u by {parameter}.",
            "The derivative of σ can be written with f alone, that of tanh with tanh alone.",
        ),
        steps=steps,
        **more,
    )


dL_dw = _chain_question(
    "000.1b.w",
    "w",
    "x*",
    [
        Step("diff(L, f) * diff(f, z) * diff(z, u) * diff(u, w)", "chain rule"),
        Step(
            "(-y/f) * (f*(1 - f)) * ((1 - tanh(u)**2)/2) * x",
            r"each local derivative, with $\sigma' = \sigma(1-\sigma)$",
        ),
        Step("-x*y/2 * (1 - f) * (1 - tanh(u)**2)", "f cancels"),
    ],
    lines="optional",
)

dL_db = _chain_question(
    "000.1b.b",
    "b",
    "",
    [
        Step("diff(L, f) * diff(f, z) * diff(z, u) * diff(u, b)", "chain rule"),
        Step(
            "(-y/f) * (f*(1 - f)) * ((1 - tanh(u)**2)/2) * 1",
            r"each local derivative, with $\sigma' = \sigma(1-\sigma)$",
        ),
        Step("-y/2 * (1 - f) * (1 - tanh(u)**2)", "f cancels"),
    ],
    optional=True,
)

# ----------------------------------------------------------------------------------- 001.2.2: softplus

_SOFTPLUS_HINTS = (
    "First find the derivative of softplus, log(1 + eᶻ): the outer function is the logarithm.",
    "Do not forget the inner derivative, that of 1 + eᶻ. The result is a function that you know.",
    "Then the chain rule: ŷ depends on the parameter only through z2.",
)


def _softplus(parameter, factor, mistakes, steps):
    """ŷ by a parameter of the output neuron: σ(z2) times what the parameter multiplies, "a1*" or ""."""
    return network_question(
        f"001.2.2.{parameter}",
        f"Softplus network, derivative with respect to {parameter}",
        "softplus",
        parameter,
        f"{factor}sigma(z2)",
        mistakes=[
            Mistake(
                "no_inner",
                "The sign of an exponent is wrong, or the inner derivative of softplus is missing.",
                f"{factor}sigma(-z2)",
            ),
            *mistakes,
        ],
        hints=_SOFTPLUS_HINTS,
        steps=[Step(f"diff(yhat, z2) * diff(z2, {parameter})", "chain rule"), *steps],
        optional=True,
    )


softplus_dw2 = _softplus(
    "w2",
    "a1*",
    (),
    [
        Step("exp(z2)/(1 + exp(z2)) * a1", "derivative of the logarithm times the inner derivative"),
        Step("a1/(1 + exp(-z2))", r"divide numerator and denominator by $e^{z_2}$"),
        Step("a1 * sigma(z2)", "that is the logistic sigmoid"),
    ],
)

softplus_db2 = _softplus(
    "b2",
    "",
    [ONLY_Z2],
    [
        Step("exp(z2)/(1 + exp(z2)) * 1", "derivative of the logarithm times the inner derivative"),
        Step("1/(1 + exp(-z2))", r"divide numerator and denominator by $e^{z_2}$"),
        Step("sigma(z2)", "that is the logistic sigmoid"),
    ],
)

# ----------------------------------------------------------------------------------- 002.3.1 and 004.3

sigmoid_prime = Question(
    "002.3.1",
    "Derivative of the logistic sigmoid",
    r"Find the derivative of $f(z)=\frac1{1+e^{-z}}$.",
    {"z": ()},
    generic({"z": ()}),
    "sigma(z)*(1 - sigma(z))",
    definitions={"f": "sigma(z)"},
    objective="f",
    variable="z",
    mistakes=[
        Mistake("sign", "The sign is wrong: two minus signs meet, one of them was lost.", "-sigma(z)*(1 - sigma(z))"),
        Mistake("no_square", "The denominator of the quotient rule is not squared.", "exp(-z)/(1 + exp(-z))"),
    ],
    hints=(
        "Write f as a power with the exponent −1, then use the chain rule.",
        "The outer derivative brings a square into the denominator and a minus sign; the inner one brings another.",
        "The result can be written with f alone.",
    ),
    steps=[
        Step("-1/(1 + exp(-z))**2 * (-exp(-z))", "chain rule for the power −1"),
        Step("exp(-z)/(1 + exp(-z))**2", "two minus signs make a plus"),
        Step("1/(1 + exp(-z)) * (exp(-z)/(1 + exp(-z)))", "split into two factors"),
        Step("f*(1 - f)", "the second factor is what is missing from f to 1"),
    ],
)

tanh_prime = Question(
    "004.3",
    "Derivative of tanh",
    r"Show with the quotient rule what the derivative of $\tanh x=\frac{e^x-e^{-x}}{e^x+e^{-x}}$ is.",
    {"x": ()},
    generic({"x": ()}),
    "1 - tanh(x)**2",
    definitions={"t": "tanh(x)", "p": "exp(x) - exp(-x)", "q": "exp(x) + exp(-x)"},
    objective="t",
    variable="x",
    mistakes=[
        Mistake(
            "seed_line1",
            "Your answer is zero everywhere: in the quotient rule the two products cancel if each of them has the "
            "same two factors.",
            "0",
            hint="Numerator and denominator have different derivatives: write both down first.",
        ),
        Mistake("sigma_rule", "That is the rule for σ, not for tanh.", "tanh(x)*(1 - tanh(x))"),
        Mistake("not_squared", "A square is missing.", "1 - tanh(x)"),
    ],
    hints=(
        "Write down the derivatives of the numerator and of the denominator first.",
        "The derivative of the numerator is the denominator, and the other way round.",
        "Split the fraction of the quotient rule into two: one of them is a square of tanh.",
    ),
    steps=[
        Step(
            "((exp(x) + exp(-x))*(exp(x) + exp(-x)) - (exp(x) - exp(-x))*(exp(x) - exp(-x))) / (exp(x) + exp(-x))**2",
            "quotient rule; each of the two is the derivative of the other",
        ),
        Step("1 - ((exp(x) - exp(-x))/(exp(x) + exp(-x)))**2", "split the fraction"),
        Step("1 - t**2", "the fraction in brackets is tanh"),
    ],
    optional=True,
    lines="optional",
)

# --------------------------------------------------------------------------------- 002.3.2 and 002.3.6

_VECTORS = {"w": ("n",), "x": ("n",)}


def _of_scalar_product(key, name, formula, function, mistakes, hints, rule, **more):
    """The gradient of a function of wᵀx; `formula` is the derivative of the function, written with its value f."""
    return Question(
        key,
        f"Gradient of {name} of a scalar product",
        rf"Let $f(w)={function}(w^\top x)$ with vectors $w, x\in\mathbb R^n$. Find $\nabla_w f$.",
        _VECTORS,
        generic(_VECTORS, n=(3, 3, 2, 4, 2)),
        f"x*{formula}",
        definitions={"z": "w @ x", "f": f"{function[1:]}(z)"},
        objective="f",
        variable="w",
        mistakes=mistakes,
        hints=("A gradient has the shape of its parameter: one component for each weight.", *hints),
        steps=[
            Step("diff(f, z) * diff(z, w[j])", "chain rule, for one component", left="diff(f, w[j])"),
            Step(f"{formula} * x[j]", f"{rule}; in the sum z only one term contains the weight", left="diff(f, w[j])"),
            Step(f"{formula} * x", "all components together"),
        ],
        **more,
    )


grad_sigmoid = _of_scalar_product(
    "002.3.2",
    "the logistic sigmoid",
    "f*(1 - f)",
    r"\sigma",
    (),
    (
        "Find the derivative with respect to one weight first; in wᵀx only one term contains it.",
        "Chain rule: the derivative of σ at z = wᵀx, times the gradient of z.",
    ),
    r"$\sigma' = \sigma(1-\sigma)$",
    optional=True,
)

grad_tanh = _of_scalar_product(
    "002.3.6",
    "tanh",
    "(1 - f**2)",
    r"\tanh",
    [Mistake("sech_not_squared", "The derivative of tanh is the square of that function.", "x*sech(z)")],
    (
        "You know the derivative of tanh; its argument is the number z = wᵀx.",
        "Chain rule: the derivative of tanh at z, times the gradient of z.",
    ),
    r"$\tanh' = 1 - \tanh^2$",
    optional=True,
)

# ---------------------------------------------------------------------------------- 002.3.3 to 002.3.5

_DATA = {"w": ("n",), "X": ("m", "n"), "y": ("m",)}
_DATA_POINTS = generic(_DATA, n=(2, 2, 3, 2, 4), m=(3, 3, 4, 5, 6))
_LABELS = ((1, 0, 1), (0, 0, 1), (0, 1, 1, 0), (1, 0, 1, 1, 0), (0, 1, 1, 1, 0, 1))
_DATA_HINTS = (
    "Differentiate with respect to one weight first, and only then collect all of them.",
    "The residual of example i is a number; its derivative with respect to one weight is one entry of X.",
    "A sum over the examples, weighted by something, is a product with the transpose of X.",
)

grad_absolute = Question(
    "002.3.3",
    "Gradient of the absolute error",
    r"Let $J(w)=\frac12\sum_i|w^\top x^{(i)}-y^{(i)}|$; row i of X is the example $x^{(i)}$. "
    r"Find $\nabla_w J$ where no residual is zero.",
    _DATA,
    _DATA_POINTS,
    "X.T @ sign(X @ w - y)/2",
    definitions={"r": "X @ w - y", "J": "Sum(i, abs(r[i]))/2"},
    objective="J",
    variable="w",
    mistakes=[
        Mistake("missing_half", "The constant factor in front of the sum is missing.", "X.T @ sign(r)"),
        Mistake("sign", "The sign of the residual is wrong: prediction minus target.", "-(X.T @ sign(r))/2"),
    ],
    hints=(*_DATA_HINTS, "The derivative of |r| is +1 or −1, depending on the sign of r."),
    steps=[
        Step(
            "1/2 * Sum(i, sign(r[i]) * diff(r[i], w[j]))",
            "derivative of the absolute value, for a residual that is not zero",
            left="diff(J, w[j])",
        ),
        Step("1/2 * Sum(i, sign(r[i]) * X[i, j])", "each residual is linear in the weights", left="diff(J, w[j])"),
        Step("1/2 * (X.T @ sign(r))", "all components together: a sum over the rows of X"),
        Step("1/2 * (X.T @ sign(X @ w - y))", "insert the residuals"),
    ],
    remark="Where a residual is exactly zero there is no derivative, only a range of slopes.",
    optional=True,
)

grad_ridge = Question(
    "002.3.4",
    "Gradient of the squared error with a penalty",
    r"Let $J(w)=\frac12\sum_i(w^\top x^{(i)}-y^{(i)})^2+\lambda\|w\|_2^2$. Find $\nabla_w J$.",
    {**_DATA, "lam": ()},
    [(*point, lam) for point, lam in zip(_DATA_POINTS, (0.13, 0.4, 0.27, 0.7, 1.9), strict=True)],
    "X.T @ (X @ w - y) + 2*lam*w",
    definitions={"r": "X @ w - y", "J": "Sum(i, r[i]**2)/2 + lam*(w @ w)"},
    objective="J",
    variable="w",
    aliases={"lambda_": "lam", "lamda": "lam", "lmbda": "lam", "l": "lam"},
    mistakes=[
        Mistake(
            "seed_sum",
            "The penalty's part is not right: the sum over all weights was added to every component.",
            "X.T @ r + 2*lam*sum(w)",
            hint="Differentiate the penalty with respect to a single weight: which terms of the sum contain it?",
        ),
        Mistake("lambda_no_2", "In the penalty's part the factor that a square brings is missing.", "X.T @ r + lam*w"),
        Mistake(
            "factor_2",
            "In the first term the factor 2 of the square and the ½ in front should have cancelled.",
            "2*(X.T @ r) + 2*lam*w",
        ),
        Mistake(
            "sign",
            "The residual in the first term has the wrong sign: prediction minus target.",
            "-(X.T @ r) + 2*lam*w",
        ),
        *(
            Mistake(
                f"{which}_not_penalised",
                f"In the penalty's part the {which} weight is left out: here every weight is penalised.",
                lambda w, X, y, lam, place=place: (
                    X.T @ (X @ w - y) + 2 * lam * np.where(np.arange(len(w)) == place % len(w), 0, w)
                ),
            )
            for which, place in (("first", 0), ("last", -1))
        ),
        Mistake(
            "penalty_normalised",
            "In the penalty's part w was divided by its length.",
            "X.T @ r + 2*lam*w/sqrt(w @ w)",
        ),
    ],
    hints=(*_DATA_HINTS, "The penalty is a sum of squares; only one of them contains a given weight."),
    steps=[
        Step(
            "Sum(i, r[i] * diff(r[i], w[j])) + lam * (2*w[j])",
            "chain rule for the squares; only one term of the penalty contains the weight",
            left="diff(J, w[j])",
        ),
        Step("Sum(i, r[i] * X[i, j]) + 2*lam*w[j]", "each residual is linear in the weights", left="diff(J, w[j])"),
        Step("X.T @ r + 2*lam*w", "all components together: both terms are vectors like w"),
        Step("X.T @ (X @ w - y) + 2*lam*w", "insert the residuals"),
    ],
)

grad_log_likelihood = Question(
    "002.3.5",
    "Gradient of the log-likelihood",
    r"Let $J(w)=\sum_i\left[y_i\log\sigma_i+(1-y_i)\log(1-\sigma_i)\right]$ with $\sigma_i=\sigma(w^\top x^{(i)})$ "
    r"and labels $y_i\in\{0,1\}$. Find $\nabla_w J$. (J is the log-likelihood: it is maximised.)",
    _DATA,
    [(w, X, labels) for (w, X, _), labels in zip(_DATA_POINTS, _LABELS, strict=True)],
    "X.T @ (y - sigma(X @ w))",
    definitions={"z": "X @ w", "s": "sigma(z)", "J": "Sum(i, y[i]*log(s[i]) + (1 - y[i])*log(1 - s[i]))"},
    objective="J",
    variable="w",
    mistakes=[
        Mistake(
            "sign",
            "The sign is wrong: that is the gradient of −J, the cross-entropy, which is minimised.",
            "X.T @ (s - y)",
        ),
        Mistake(
            "seed_intermediate",
            "The two terms were put over one denominator, but they have different ones.",
            "X.T @ (s*(2*y - 1))",
        ),
        Mistake(
            "extra_sigma_prime",
            "There is a factor too many: the derivative of σ cancels here, unlike with the squared error.",
            "X.T @ ((y - s)*s*(1 - s))",
        ),
        Mistake(
            "missing_x", "The derivative of wᵀx is missing: the entries of X do not appear.", "ones_like(w)*sum(y - s)"
        ),
    ],
    hints=(
        _DATA_HINTS[0],
        "Every σᵢ depends on the weights through wᵀx; its derivative with respect to one weight has the "
        "factor σ' and one entry of X.",
        _DATA_HINTS[2],
        "In each term the derivative of σ cancels against the denominator from the logarithm.",
    ),
    steps=[
        Step(
            "Sum(i, (y[i]/s[i] - (1 - y[i])/(1 - s[i])) * diff(s[i], w[j]))",
            "derivative of both logarithms",
            left="diff(J, w[j])",
        ),
        Step(
            "Sum(i, (y[i]/s[i] - (1 - y[i])/(1 - s[i])) * s[i]*(1 - s[i]) * X[i, j])",
            r"$\sigma' = \sigma(1-\sigma)$ and the inner derivative",
            left="diff(J, w[j])",
        ),
        Step(
            "Sum(i, (y[i]*(1 - s[i]) - (1 - y[i])*s[i]) * X[i, j])",
            "multiply out: each denominator cancels",
            left="diff(J, w[j])",
        ),
        Step("Sum(i, (y[i] - s[i]) * X[i, j])", "two products cancel", left="diff(J, w[j])"),
        Step("X.T @ (y - s)", "all components together: a sum over the rows of X"),
        Step("X.T @ (y - sigma(X @ w))", "insert the definitions"),
    ],
    remark="J is to be maximised; gradient descent on −J uses the opposite sign.",
    optional=True,
    lines="optional",
)

# Those of the tasks, and all of them in the order in which the notebook asks.
questions = [
    sigmoid_prime,
    dL_dw,
    grad_ridge,
    tanh_prime,
    dL_db,
    softplus_dw2,
    softplus_db2,
    grad_sigmoid,
    grad_tanh,
    grad_log_likelihood,
    grad_absolute,
    dg_drho,
]
exercises = [central, numerical_gradient, relative_error, *questions[:3], complex_step, *questions[3:]]
