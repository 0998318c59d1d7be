"""A layer of the network of notebook 05, forward and backward.

Data matrices are (examples, features); a weight matrix is (outputs, inputs), one row for each unit.
"""

from helpers.assignments.points import generic
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion
from helpers.exercises.working import Working
from helpers.formulas.derivation import Step

# ------------------------------------------------------------------------------------- one layer, forward

_LAYER = {"X": ("m", "n"), "W": ("k", "n"), "b": ("k",)}
_SIZES = {"m": (4, 3, 2), "n": (3, 2, 4), "k": (2, 4, 3)}

layer = Question(
    "003.2.layer",
    "Forward pass of a layer",
    r"A layer of units with the activation ReLU, for all examples at once: $Z=XW^\top+b$ and $A=\max(Z,0)$. $X$ has "
    "the shape (examples, inputs), $W$ the shape (outputs, inputs), $b$ the shape (outputs,).",
    _LAYER,
    generic(_LAYER, **_SIZES),
    "relu(X @ W.T + b)",
    definitions={"Z": "X @ W.T + b"},
    mistakes=(
        Mistake("no_relu", "That is the pre-activation; the ReLU is missing.", "Z"),
        Mistake("no_bias", "The biases are missing.", "relu(X @ W.T)"),
        Mistake(
            "bias_outside",
            "The bias belongs inside the activation: it is part of the pre-activation.",
            "relu(X @ W.T) + b",
        ),
        Mistake("absolute", "Negative pre-activations become 0; here they have changed their sign.", "abs(Z)"),
        Mistake("sigmoid", "The activation is the logistic sigmoid here; ReLU is asked for.", "sigma(Z)"),
        Mistake(
            "step",
            "That says which units are on, 1 or 0. ReLU lets the positive pre-activation itself through.",
            "step(Z)",
        ),
        Mistake("minimum", "Minimum instead of maximum: the negative part came through.", "Z - relu(Z)"),
        Mistake("bias_sign", "The bias is added, not subtracted.", "relu(X @ W.T - b)"),
    ),
    hints=(
        "Write the shapes under the product: (examples, inputs) times what gives (examples, outputs)?",
        "b has one entry for each unit; NumPy adds it to every row.",
        "`np.maximum(z, 0)` compares entry by entry; `np.max` would give one number.",
    ),
    target="A",
    symbols={"A": "relu(Z)"},
    steps=[
        Step("relu(Z)", "the activation, entry by entry"),
        Step("relu(X @ W.T + b)", "every unit's weighted sum of the inputs, plus its bias in every row"),
    ],
)

# ------------------------------------------------------------------------------------- one layer, backward

_BACKWARD = Working(
    {
        "Z": "X @ W.T + b",
        "A": "relu(Z)",
        "J": "sum(G * A)",
        "delta": "G * step(Z)",
        "dX": "delta @ W",
        "dW": "delta.T @ X",
        "db": "sum(delta, 0)",
    }
)
_WITH_UPSTREAM = {**_LAYER, "G": ("m", "k")}

layer_backward = GradientsQuestion(
    "003.2.backward",
    "Backward pass of a layer",
    r"The layer $Z=XW^\top+b$, $A=\max(Z,0)$ gets the upstream gradient $G=\partial J/\partial A$, of the shape of "
    "$A$. Find the gradients of $J$ with respect to $X$, $W$ and $b$, each of the shape of its parameter.",
    _WITH_UPSTREAM,
    generic(_WITH_UPSTREAM, **_SIZES),
    _BACKWARD,
    {"X": "dX", "W": "dW", "b": "db"},
    "J",
    mistakes=(
        Mistake(
            "no_relu_prime",
            "The derivative of ReLU is missing: units that are off pass no gradient on.",
            {"delta": "G"},
            hint="ReLU has the slope 1 where z > 0, and 0 elsewhere.",
        ),
        Mistake(
            "relu_instead_prime",
            "The upstream gradient has been multiplied with the activation instead of the "
            "derivative of ReLU, which is 0 or 1.",
            {"delta": "G * A"},
            hint="ReLU has the slope 1 where z > 0.",
        ),
        Mistake(
            "relu_of_gradient",
            "The gradient has been rectified. What counts is the sign of the pre-activation, not that of the gradient.",
            {"delta": "relu(G)"},
            {"delta": "G * step(G)"},
        ),
        Mistake(
            "sigmoid_prime",
            "That is the derivative of the logistic sigmoid; the activation is ReLU.",
            {"delta": "G * dsigma(Z)"},
        ),
        Mistake("no_bias", "The biases are missing in the pre-activation.", {"Z": "X @ W.T"}),
        Mistake(
            "mean",
            "The examples have been averaged. The 1/m of the mean is part of G already; here they are added up.",
            {"dW": "delta.T @ X / len(X)", "db": "sum(delta, 0) / len(X)"},
            {"db": "sum(delta, 0) / len(X)"},
            hint="The chain rule adds up all paths, one for each example.",
        ),
        Mistake(
            "bias_axis",
            "The gradient of the biases has been summed over the wrong axis: over the units instead of the examples.",
            {"db": "sum(delta, 1)"},
            hint="b has one entry for each unit.",
        ),
        Mistake(
            "bias_total",
            "The gradient of the biases has been summed over everything.",
            {"db": "sum(delta)"},
            hint="b has one entry for each unit: sum over the examples only.",
        ),
        Mistake(
            "transpose",
            "The gradient of W is transposed.",
            {"dW": "X.T @ delta"},
            hint="W has the shape (outputs, inputs): one row for each unit.",
        ),
        Mistake(
            "weights_instead",
            "In the gradient of W stands the activation instead of the layer's input.",
            {"dW": "delta.T @ A"},
            hint="z is W times what?",
        ),
    ),
    steps={
        "X": (
            Step(
                "Sum(p, G[i, p] * step(Z[i, p]) * W[p, j])",
                "an input acts on all units, so the paths add up",
                left="diff(J, X[i, j])",
            ),
            Step("(G * step(Z)) @ W", "the same for all examples and inputs: a matrix product"),
        ),
        "W": (
            Step(
                "Sum(i, G[i, p] * step(Z[i, p]) * X[i, j])",
                "a weight acts on its unit, in every example",
                left="diff(J, W[p, j])",
            ),
            Step("(G * step(Z)).T @ X", "the same for all weights: a matrix product over the examples"),
        ),
        "b": (
            Step(
                "Sum(i, G[i, p] * step(Z[i, p]))",
                "the bias of unit p, in every example; its local gradient is 1",
                left="diff(J, b[p])",
            ),
            Step("sum(G * step(Z), 0)", "the same for all units: the sum over the rows"),
        ),
    },
    hints=(
        ("First the gradient with respect to Z: G, entry by entry times the slope of ReLU at Z. Call it delta."),
        ("Write the shapes of delta, X and W below each other. Only one product gives the shape of W, one that of X."),
        ("Every example adds its part: matrix products do that by themselves, for b it takes a sum over the rows."),
    ),
    remark=("These are all the gradients that a network needs: one call for each layer, from the last to the first."),
)
