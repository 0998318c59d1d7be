"""The 2-3-1 networks in matrix form: the gradients of notebook 04 (logistic output, ½(y − ŷ)²) and, with
the same layers, those of notebook 07 (linear output, (f − y)²)."""

from helpers.exercises.exercise import Mistake
from helpers.exercises.gradients_question import GradientsQuestion
from helpers.exercises.working import Working
from helpers.formulas.derivation import Step

_ENTRIES = {"W1": "dW1", "b1": "db1", "W2": "dW2", "b2": "db2"}

# ------------------------------------------------------------------------------- notebook 04: logistic output

_LOGISTIC = Working(
    {
        "z1": "W1 @ x + b1",
        "a1": "sigma(z1)",
        "z2": "W2 @ a1 + b2",
        "a2": "sigma(z2)",
        "E": "((y - a2)**2 / 2)[0]",
        "delta2": "(a2 - y)*a2*(1 - a2)",
        "delta1": "(W2.T @ delta2)*a1*(1 - a1)",
        "dW1": "outer(delta1, x)",
        "db1": "delta1",
        "dW2": "outer(delta2, a1)",
        "db2": "delta2",
    }
)
_POINTS = [
    ((1.5, -0.4), 0.8, ((0.3, -0.7), (0.45, 0.2), (-0.6, 0.9)), (0.05, -0.15, 0.25), ((0.85, -1.1, 0.35),), (-0.42,)),
    ((-0.7, 1.2), 0.3, ((-0.9, 0.4), (0.65, 1.3), (0.25, -0.55)), (-0.35, 0.1, 0.6), ((-0.75, 0.95, 1.4),), (0.17,)),
    (
        (0.6, -1.3, 0.9),
        0.65,
        ((0.7, 0.15, -0.45), (-1.15, 0.35, 0.8), (0.55, -0.95, 0.2), (-0.25, 1.05, 0.4)),
        (0.3, -0.6, 0.12, 0.85),
        ((1.25, -0.65, 0.48, -0.9),),
        (0.22,),
    ),
]
_CHAIN = "diff(E, a2[0]) * diff(a2[0], z2[0])"

matrix_form = GradientsQuestion(
    "04.matrix",
    "The backward pass in matrix form",
    r"Network: $z_1=W_1x+b_1$, $a_1=\sigma(z_1)$, $z_2=W_2a_1+b_2$, $a_2=\sigma(z_2)$, loss $E=\frac12(y-a_2)^2$, "
    "with $W_1$ of shape (k, d), $W_2$ of shape (1, k), `b1` of shape (k,), `b2` of shape (1,). Find the gradients "
    "with respect to $W_1$, $b_1$, $W_2$ and $b_2$, each of the shape of its parameter.",
    {"x": ("d",), "y": (), "W1": ("k", "d"), "b1": ("k",), "W2": ("1", "k"), "b2": ("1",)},
    _POINTS,
    _LOGISTIC,
    _ENTRIES,
    "E",
    mistakes=(
        Mistake(
            "missing_half",
            "The factor ½ of the loss is missing, so every gradient is doubled.",
            {"delta2": "2*(a2 - y)*a2*(1 - a2)"},
            hint="½ and the 2 of the square cancel.",
        ),
        Mistake(
            "sign_error",
            "The difference is the wrong way round: all signs are lost.",
            {"delta2": "(y - a2)*a2*(1 - a2)"},
            hint="The inner derivative of y − a2 is −1.",
        ),
        Mistake(
            "sign_lost_between",
            "The sign is lost between δ₂ and δ₁.",
            {"delta1": "-(W2.T @ delta2)*a1*(1 - a1)"},
            hint="δ₁ has no minus of its own.",
        ),
        Mistake(
            "output_not_activated",
            "The activation of the output is missing, forward and backward.",
            {"a2": "z2", "delta2": "a2 - y"},
            {"a2": "z2"},
            hint="a2 = σ(z2), and its derivative is a2(1 − a2).",
        ),
        Mistake(
            "no_output_sigma_prime",
            "The derivative of the output's activation is missing.",
            {"delta2": "a2 - y"},
            hint="On the way through a neuron stands σ'(z) = a(1 − a).",
        ),
        Mistake(
            "missing_sigma_prime",
            "The derivative of the hidden activation is missing.",
            {"delta1": "W2.T @ delta2"},
            hint="On the way through a neuron stands σ'(z) = a(1 − a).",
        ),
        Mistake(
            "missing_W2",
            "On the way back to the hidden layer the weights W2 are missing.",
            {"delta1": "delta2*a1*(1 - a1)"},
            hint="What comes from the output goes back along the same edges, times the weights.",
        ),
        Mistake(
            "sigma_prime_of_a",
            "The derivative σ' has been taken at the activation instead of the pre-activation.",
            {"delta2": "(a2 - y)*dsigma(a2)", "delta1": "(W2.T @ delta2)*dsigma(a1)"},
            {"delta1": "(W2.T @ delta2)*dsigma(a1)"},
            hint="σ'(z) = a(1 − a), with a as it is.",
        ),
        Mistake(
            "z_instead_a",
            "In the gradient of W2 stands the pre-activation instead of the activation.",
            {"dW2": "outer(delta2, z1)"},
            hint="z2 contains W2 times what?",
        ),
        Mistake(
            "missing_x",
            "In the gradient of W1 the input is missing.",
            {"dW1": "delta1"},
            {"dW1": "outer(delta1, ones_like(x))"},
            hint="Every entry of W1 is multiplied with an input.",
        ),
        Mistake(
            "summed_hidden",
            "The hidden neurons have been added up: between two vectors of the "
            "hidden layer belongs ⊙, component by component, not a matrix product.",
            {"delta1": "ones_like(a1)*sum((W2.T @ delta2)*a1*(1 - a1))"},
            {"db1": "sum(delta1)", "dW1": "sum(delta1)*x"},
            hint="`*` works component by component, `@` adds up.",
        ),
        Mistake(
            "broadcast",
            "A column of shape (k, 1) met a vector of shape (k,), and NumPy made a k by k table.",
            {"db1": "W2.T*delta2*(a1*(1 - a1))", "dW1": "(W2.T*delta2*(a1*(1 - a1))) @ ones_like(a1)"},
            {"db1": "W2.T*delta2*(a1*(1 - a1))"},
            hint="Print the shape of each factor.",
        ),
        Mistake(
            "transpose",
            "The gradient of W1 is transposed.",
            {"dW1": "outer(x, delta1)"},
            hint="Rows belong to hidden neurons, columns to inputs.",
        ),
        Mistake("no_bias_forward", "The biases are missing in the forward pass.", {"z1": "W1 @ x", "z2": "W2 @ a1"}),
    ),
    steps={
        "b2": (
            Step(_CHAIN, "chain rule: the bias is simply added to the pre-activation", left="diff(E, b2[0])"),
            Step("(a2 - y)*a2*(1 - a2)", "½ and the 2 of the square cancel; σ' = σ(1 − σ)"),
            Step("delta2", "a name for it"),
        ),
        "W2": (
            Step(_CHAIN + " * diff(z2[0], W2[0, p])", "the weight of hidden neuron p", left="diff(E, W2[0, p])"),
            Step("delta2[0] * a1[p]", "beside it stands the activation of that neuron", left="diff(E, W2[0, p])"),
            Step("outer(delta2, a1)", "all of them at once: one row"),
        ),
        "b1": (
            Step(
                _CHAIN + " * diff(z2[0], a1[p]) * diff(a1[p], z1[p])", "one layer further back", left="diff(E, b1[p])"
            ),
            Step("delta2[0] * W2[0, p] * a1[p]*(1 - a1[p])", "each local derivative", left="diff(E, b1[p])"),
            Step("(W2.T @ delta2)*a1*(1 - a1)", "the same for all hidden neurons; ⊙ works component by component"),
        ),
        "W1": (
            Step(
                _CHAIN + " * diff(z2[0], a1[p]) * diff(a1[p], z1[p]) * diff(z1[p], W1[p, q])",
                "the weight from input q to hidden neuron p",
                left="diff(E, W1[p, q])",
            ),
            Step(
                "delta2[0] * W2[0, p] * a1[p]*(1 - a1[p]) * x[q]",
                "beside it stands the input",
                left="diff(E, W1[p, q])",
            ),
            Step("outer((W2.T @ delta2)*a1*(1 - a1), x)", "a column times a row"),
        ),
    },
    hints=(
        "Forward first, and keep z1, a1, z2 and a2: the backward pass needs them again.",
        "Begin with delta2 (δ), the derivative of E with respect to z2. Both gradients of the second "
        "layer follow from it.",
        "delta1 = (W2ᵀ delta2) ⊙ a1 ⊙ (1 − a1); `np.outer` makes a matrix of a column and a row.",
    ),
)

# --------------------------------------------------------------------------------- notebook 07: linear output

_LINEAR = Working(
    {
        "z": "W1 @ x + b1",
        "a": "sigma(z)",
        "f": "(W2 @ a)[0] + b2",
        "L": "(f - y)**2",
        "e": "2*(f - y)",
        "delta": "e * W2[0] * a*(1 - a)",
        "dW1": "outer(delta, x)",
        "db1": "delta",
        "dW2": "e * row(a)",
        "db2": "e",
    }
)
_REGRESSION_POINTS = [
    (((0.55, -0.2), (0.1, 0.3), (-0.4, 0.7)), (0.15, -0.3, 0.25), ((0.6, -0.45, 0.8),), 0.05, (1.5, -0.65), 0.35),
    (((-0.9, 0.4), (0.65, 1.3), (0.25, -0.55)), (-0.35, 0.1, 0.6), ((-0.75, 0.95, 1.4),), 0.17, (-0.7, 1.2), -0.3),
    (((0.7,), (-1.15,), (0.55,), (-0.25,)), (0.3, -0.6, 0.12, 0.85), ((1.25, -0.65, 0.48, -0.9),), -0.22, (0.8,), 0.4),
]

gradients = GradientsQuestion(
    "004.1",
    "Four gradients of a small network",
    r"Network: $f=W_2\,\sigma(W_1x+b_1)+b_2$, loss $L=(f-y)^2$, with $W_1$ of shape (k, d), `b1` of shape "
    r"(k,), $W_2$ of shape (1, k) and a number $b_2$. Find the gradients with respect to $W_1$, $b_1$, $W_2$ "
    r"and $b_2$, each of the shape of its parameter.",
    {"W1": ("k", "d"), "b1": ("k",), "W2": ("1", "k"), "b2": (), "x": ("d",), "y": ()},
    _REGRESSION_POINTS,
    _LINEAR,
    _ENTRIES,
    "L",
    mistakes=(
        Mistake(
            "missing_2",
            "The factor 2 that the square leaves behind is missing.",
            {"e": "f - y"},
            hint="The derivative of u² is 2u, times the derivative of u.",
        ),
        Mistake(
            "sign_error",
            "The difference is the wrong way round: all signs are lost.",
            {"e": "2*(y - f)"},
            hint="L grows with f where f is above y.",
        ),
        Mistake(
            "sign_lost_between",
            "The sign is lost on the way from the output to the hidden layer.",
            {"delta": "-e * W2[0] * a*(1 - a)"},
            hint="The way back has no minus of its own.",
        ),
        Mistake(
            "missing_sigma_prime",
            "The derivative of the hidden activation is missing.",
            {"delta": "e * W2[0]"},
            hint="On the way through a neuron stands σ'(z).",
        ),
        Mistake(
            "missing_x",
            "In the gradient of W1 the input is missing.",
            {"dW1": "delta"},
            {"dW1": "outer(delta, ones_like(x))"},
            hint="Every entry of W1 is multiplied with an input.",
        ),
        Mistake(
            "first_feature",
            "In the gradient of W1 the first input stands for every input.",
            {"dW1": "outer(delta, ones_like(x)*x[0])"},
            {"dW1": "delta*x[0]"},
            hint="x₁ is one number; the whole row xᵀ belongs there.",
        ),
        Mistake(
            "a_for_sigma_prime",
            "In the place of the derivative σ'(z) stands the activation σ(z) itself.",
            {"delta": "e * W2[0] * a"},
            hint="σ'(z) = a(1 − a).",
        ),
        Mistake(
            "tanh_prime",
            "1 − a² is the derivative of tanh; here the activation is σ.",
            {"delta": "e * W2[0] * (1 - a**2)"},
            hint="σ'(z) = a(1 − a).",
        ),
        Mistake(
            "summed_hidden",
            "The hidden neurons have been added up: between W2 and σ'(z) belongs "
            "⊙, component by component, not a matrix product.",
            {"db1": "sum(delta)", "dW1": "sum(delta)*x"},
            {"delta": "ones_like(a)*sum(e * W2[0] * a*(1 - a))"},
            {"db1": "sum(delta)"},
            {"dW1": "sum(delta)*x"},
            hint="`*` works component by component, `@` adds up.",
        ),
        Mistake(
            "broadcast",
            "A column of shape (k, 1) met a vector of shape (k,), and NumPy made a k by k table.",
            {"db1": "e * W2.T * (a*(1 - a))"},
            {"db1": "e * W2.T * (a*(1 - a))", "dW1": "(e * W2.T * (a*(1 - a))) @ ones_like(a)"},
            hint="Print the shape of each factor.",
        ),
        Mistake(
            "z_instead_a",
            "In the gradient of W2 stands the pre-activation z instead of σ(z).",
            {"dW2": "e * row(z)"},
            hint="f contains W2 times what?",
        ),
        Mistake(
            "missing_W2",
            "On the way back to the hidden layer the weights W2 are missing.",
            {"delta": "e * a*(1 - a)"},
            {"db1": "e * a*(1 - a)"},
            hint="What comes from the output goes back along the same edges, times the weights.",
        ),
        Mistake(
            "sigma_prime_of_a",
            "The derivative σ' has been taken at σ(z) instead of z.",
            {"delta": "e * W2[0] * dsigma(a)"},
            hint="σ'(z) = a(1 − a), with a as it is.",
        ),
        Mistake(
            "transpose",
            "The gradient of W1 is transposed.",
            {"dW1": "outer(x, delta)"},
            hint="Rows belong to hidden neurons, columns to inputs.",
        ),
        Mistake("no_bias_forward", "The biases are missing in the forward pass.", {"z": "W1 @ x", "f": "(W2 @ a)[0]"}),
    ),
    steps={
        "b2": (
            Step("diff(L, f) * diff(f, b2)", "chain rule"),
            Step("2*(f - y)", "derivative of the square; the bias is simply added"),
        ),
        "W2": (
            Step("diff(L, f) * diff(f, W2[0, p])", "the weight of hidden neuron p", left="diff(L, W2[0, p])"),
            Step("2*(f - y) * a[p]", "beside it stands the activation of that neuron", left="diff(L, W2[0, p])"),
            Step("2*(f - y) * row(a)", "all of them at once: a row, the shape of W2"),
        ),
        "b1": (
            Step(
                "diff(L, f) * diff(f, a[p]) * diff(a[p], z[p]) * diff(z[p], b1[p])",
                "one layer further back",
                left="diff(L, b1[p])",
            ),
            Step("2*(f - y) * W2[0, p] * a[p]*(1 - a[p])", "each local derivative", left="diff(L, b1[p])"),
            Step("2*(f - y) * (W2[0] * a*(1 - a))", "the same for all hidden neurons; ⊙ works component by component"),
        ),
        "W1": (
            Step(
                "diff(L, f) * diff(f, a[p]) * diff(a[p], z[p]) * diff(z[p], W1[p, q])",
                "the weight from input q to hidden neuron p",
                left="diff(L, W1[p, q])",
            ),
            Step(
                "2*(f - y) * W2[0, p] * a[p]*(1 - a[p]) * x[q]", "beside it stands the input", left="diff(L, W1[p, q])"
            ),
            Step("2*(f - y) * outer(W2[0] * a*(1 - a), x)", "a column times a row: the shape of W1"),
        ),
    },
    hints=(
        "Work out e = 2(f − y) once: all four gradients contain it.",
        "Write down the gradient of one entry with its indices first, then look for the matrix form.",
        "The gradient of b1 is e W2ᵀ ⊙ σ'(z); that of W1 is the same, times xᵀ.",
    ),
)
