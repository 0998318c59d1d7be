"""The network of notebook 05: a layer and the whole, forward and backward, and the binary cross-entropy on logits with its gradient.

Data matrices are (examples, features); a weight matrix is (outputs, inputs), one row for each unit.
"""

import numpy as np

from helpers.assignments.points import generic
from helpers.checking.extremes import CLIPPED, Extreme
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion
from helpers.exercises.working import Working
from helpers.formulas.derivation import Step
from helpers.functions import sigmoid

# ------------------------------------------------------------------------------------- what `use` gives


def _layer(X, W, b):
    return np.maximum(X @ W.T + b, 0)


def _layer_backward(X, W, b, G):
    delta = G * (X @ W.T + b > 0)
    return {"X": delta @ W, "W": delta.T @ X, "b": delta.sum(axis=0)}


def _forward(X, W1, b1, W2, b2):
    return _layer(X, W1, b1) @ W2.T + b2


def _backward(X, W1, b1, W2, b2, dZ):
    Z1 = X @ W1.T + b1
    dZ1 = (dZ @ W2) * (Z1 > 0)
    return {"W1": dZ1.T @ X, "b1": dZ1.sum(axis=0), "W2": dZ.T @ np.maximum(Z1, 0), "b2": dZ.sum(axis=0)}


def _cost(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


def _slope(z, y):
    return (sigmoid(z) - y) / len(z)


# ------------------------------------------------------------------------------------- one layer, forward

_LAYER = {"X": ("m", "n"), "W": ("k", "n"), "b": ("k",)}
_SIZES = {"m": (4, 3, 2, 6), "n": (3, 2, 4, 5), "k": (2, 4, 3, 5)}

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
        Mistake("absolute", "Negative pre-activations become 0; here they have changed their sign.", "abs(Z)"),
        *(
            Mistake(
                f"leaky_{slope}",
                "That is the leaky ReLU: ReLU makes 0 of every negative pre-activation.",
                f"relu(Z) - {slope}*relu(-Z)",
            )
            for slope in (0.01, 0.1, 0.2)
        ),
        Mistake("minimum", "Minimum instead of maximum: the negative part came through.", "Z - relu(Z)"),
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
    minutes=5,
    course=_layer,
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
    called={"delta": "the gradient with respect to `Z`"},
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
        "First the gradient with respect to Z: G, entry by entry times the slope of ReLU at Z. Call it delta.",
        "Write the shapes of delta, X and W below each other. Only one product gives the shape of W, one that of X.",
        "Every example adds its part: matrix products do that by themselves, for b it takes a sum over the rows.",
    ),
    remark="These are all the gradients that a network needs: one call for each layer, from the last to the first.",
    minutes=10,
    course=_layer_backward,
)

# ------------------------------------------------------------------------------------- the network, forward and backward

_NETWORK = {"X": ("m", "n"), "W1": ("k", "n"), "b1": ("k",), "W2": ("c", "k"), "b2": ("c",)}
_NETWORK_SIZES = {"m": (4, 3, 2, 5), "n": (3, 2, 4, 3), "k": (2, 4, 3, 2), "c": (1, 1, 3, 4)}
_HIDDEN = {"Z1": "X @ W1.T + b1", "A1": "relu(Z1)"}

forward = Question(
    "05.forward",
    "Forward pass of the network",
    "The logits of a network with one hidden layer, for all examples at once: a layer with ReLU, then a layer without an "
    r"activation, $Z=\mathrm{relu}(XW_1^\top+b_1)\,W_2^\top+b_2$. $W_1$ has the shape (hidden units, inputs), $W_2$ the shape "
    "(outputs, hidden units), and $Z$ the shape (examples, outputs).",
    _NETWORK,
    generic(_NETWORK, **_NETWORK_SIZES),
    "relu(X @ W1.T + b1) @ W2.T + b2",
    definitions=_HIDDEN,
    mistakes=(
        Mistake(
            "relu_at_output",
            "The output has ReLU too: a logit may be negative, and a network that cannot say so never answers 0.",
            "relu(A1 @ W2.T + b2)",
            hint="`my_layer` always applies ReLU; the last layer only sums.",
        ),
        Mistake(
            "no_relu",
            "The hidden layer has no activation: two layers in a row without one are no more than a single layer.",
            "Z1 @ W2.T + b2",
            hint="ReLU stands between the two layers.",
        ),
        Mistake(
            "relu_at_output_only",
            "ReLU stands behind the second layer; it belongs behind the first.",
            "relu(Z1 @ W2.T + b2)",
        ),
        Mistake(
            "sigma_at_output",
            "That is the probability: here the logits are asked for, without σ.",
            "sigma(A1 @ W2.T + b2)",
            hint="The cost takes logits, and applies σ itself.",
        ),
        Mistake(
            "softmax_at_output",
            "Those are probabilities: softmax stands in the forward pass already. It returns the logits; softmax comes after it.",
            "softmax(A1 @ W2.T + b2)",
        ),
        Mistake(
            "sigma_hidden",
            "The hidden layer has the logistic sigmoid here; the task takes ReLU.",
            "sigma(Z1) @ W2.T + b2",
        ),
    ),
    hints=(
        "Two layers, one after the other: what comes out of the first goes into the second.",
        "The second layer has no ReLU. Write the shapes: (examples, hidden units) times what gives (examples, outputs)?",
        "The matrix is turned here as in the first layer, with `.T`.",
    ),
    target="Z",
    symbols={"Z": "A1 @ W2.T + b2"},
    steps=[
        Step("relu(Z1) @ W2.T + b2", "the hidden layer is what the output layer gets"),
        Step("relu(X @ W1.T + b1) @ W2.T + b2", "and it has its own weighted sum"),
    ],
    minutes=5,
    course=_forward,
)

_CHAINED = Working(
    {
        "Z1": "X @ W1.T + b1",
        "A1": "relu(Z1)",
        "Z": "A1 @ W2.T + b2",
        "J": "sum(dZ * Z)",
        "dW2": "dZ.T @ A1",
        "db2": "sum(dZ, 0)",
        "dA1": "dZ @ W2",
        "dZ1": "dA1 * step(Z1)",
        "dW1": "dZ1.T @ X",
        "db1": "sum(dZ1, 0)",
    }
)
_WITH_DZ = {**_NETWORK, "dZ": ("m", "c")}
_RELU_HINT = "ReLU has the slope 1 where Z1 > 0, and 0 elsewhere."

backward = GradientsQuestion(
    "05.backward",
    "Backward pass of the network",
    r"The network $Z_1=XW_1^\top+b_1$, $A_1=\max(Z_1,0)$, $Z=A_1W_2^\top+b_2$ gets $\partial J/\partial Z$ as `dZ`, of the "
    "shape of $Z$. Find the gradients of $J$ with respect to $W_1$, $b_1$, $W_2$ and $b_2$, each of the shape of its "
    "parameter.",
    _WITH_DZ,
    generic(_WITH_DZ, **_NETWORK_SIZES),
    _CHAINED,
    {"W1": "dW1", "b1": "db1", "W2": "dW2", "b2": "db2"},
    "J",
    called={
        "dZ1": "the gradient with respect to `Z1`",
        "dA1": "the gradient with respect to `A1`",
        "Z1": "the pre-activation of the hidden layer",
        "A1": "the activation of the hidden layer",
    },
    mistakes=(
        Mistake(
            "no_relu_prime",
            "In the hidden layer the derivative of ReLU is missing: units that are off pass no gradient on.",
            {"dZ1": "dA1"},
            hint=_RELU_HINT,
        ),
        Mistake(
            "relu_prime_of_gradient",
            "The sign of the gradient has been asked, not that of the pre-activation: ReLU' is 1 where Z1 > 0.",
            {"dZ1": "dA1 * step(dA1)"},
            hint=_RELU_HINT,
        ),
        Mistake(
            "relu_instead_prime",
            "The gradient has been multiplied with the activation instead of the derivative of ReLU, which is 0 or 1.",
            {"dZ1": "dA1 * A1"},
            hint=_RELU_HINT,
        ),
        Mistake(
            "sigmoid_prime",
            "That is the derivative of the logistic sigmoid; the hidden layer has ReLU.",
            {"dZ1": "dA1 * dsigma(Z1)"},
            {"dZ1": "dA1 * A1 * (1 - A1)"},
            hint=_RELU_HINT,
        ),
        Mistake(
            "no_W2",
            "On the way to the hidden layer the weights of the output are missing: every unit would get the same gradient.",
            {"dA1": "dZ @ ones_like(W2)"},
            hint="∂J/∂A1 is dZ times the weights that lead from the hidden units to the outputs.",
        ),
        Mistake(
            "pre_activation_for_activation",
            "In the gradient of W2 stands Z1; what goes into the output layer is A1, after ReLU.",
            {"dW2": "dZ.T @ Z1"},
            hint="A weight's gradient: what arrives at its end, times what entered at its start.",
        ),
        Mistake(
            "relu_prime_at_output",
            "A slope of ReLU has been multiplied in at the output, which has no activation.",
            {"dW2": "(dZ*step(Z)).T @ A1", "db2": "sum(dZ*step(Z), 0)", "dA1": "(dZ*step(Z)) @ W2"},
            hint="The output layer only sums.",
        ),
        Mistake(
            "mean",
            "The examples have been averaged. The 1/m of the mean is in dZ already; here they are added up.",
            {
                "dW1": "dZ1.T @ X / len(X)",
                "db1": "sum(dZ1, 0) / len(X)",
                "dW2": "dZ.T @ A1 / len(X)",
                "db2": "sum(dZ, 0) / len(X)",
            },
            {"db1": "sum(dZ1, 0) / len(X)", "db2": "sum(dZ, 0) / len(X)"},
            {"dW1": "dZ1.T @ X / len(X)", "dW2": "dZ.T @ A1 / len(X)"},
            hint="The chain rule adds up all paths, one for each example.",
        ),
        Mistake(
            "bias_axis",
            "The gradient of a bias has been summed over the wrong axis: over the units instead of the examples.",
            {"db1": "sum(dZ1, 1)", "db2": "sum(dZ, 1)"},
            {"db1": "sum(dZ1, 1)"},
            hint="A bias has one entry for each unit.",
        ),
        Mistake(
            "bias_total",
            "The gradient of a bias has been summed over everything.",
            {"db1": "sum(dZ1)", "db2": "sum(dZ)"},
            {"db1": "sum(dZ1)"},
            hint="A bias has one entry for each unit: sum over the examples only.",
        ),
        Mistake(
            "not_chained",
            "The first layer gets dZ itself: the way back through the output layer and ReLU is missing.",
            {"dZ1": "dZ @ ones_like(W2)"},
            hint="Chain: from dZ to ∂J/∂A1, from there to ∂J/∂Z1, and only then to W1.",
        ),
    ),
    steps={
        "b2": (
            Step(
                "Sum(i, dZ[i, o])",
                "the bias of output o, in every example; its local gradient is 1",
                left="diff(J, b2[o])",
            ),
            Step("sum(dZ, 0)", "the same for all outputs: the sum over the rows"),
        ),
        "W2": (
            Step(
                "Sum(i, dZ[i, o] * relu(Z1[i, p]))",
                "a weight acts on its output, in every example; at its start stands A1",
                left="diff(J, W2[o, p])",
            ),
            Step("dZ.T @ relu(Z1)", "the same for all weights: a matrix product over the examples"),
        ),
        "b1": (
            Step(
                "Sum(i, Sum(o, dZ[i, o] * W2[o, p]) * step(Z1[i, p]))",
                "a hidden unit acts on all outputs, so the paths add up; then through ReLU",
                left="diff(J, b1[p])",
            ),
            Step("sum((dZ @ W2) * step(Z1), 0)", "the same for all units; ⊙ works entry by entry"),
        ),
        "W1": (
            Step(
                "Sum(i, Sum(o, dZ[i, o] * W2[o, p]) * step(Z1[i, p]) * X[i, j])",
                "the same way back, and at the start of the weight stands the input",
                left="diff(J, W1[p, j])",
            ),
            Step("((dZ @ W2) * step(Z1)).T @ X", "the same for all weights: a matrix product over the examples"),
        ),
    },
    hints=(
        "Forward first, up to A1: the backward pass needs Z1 and A1 again.",
        "The output layer is a layer without ReLU, with the inputs A1: which product of dZ and A1 has the shape of W2? Which "
        "product of dZ and W2 has the shape of A1?",
        "That product is the upstream gradient of the hidden layer, and what to do with it you have written already: "
        "`my_layer_backward`.",
    ),
    remark="What goes out of one layer on its lower side comes into the next one from above: that is the chain.",
    minutes=10,
    course=_backward,
)

# ------------------------------------------------------------------------------------------------------ the cost

_LOGITS = {"z": ("m",), "y": ("m",)}
_LABELS = ((1, 0, 0, 1), (1, 1, 0), (0, 1, 1, 0, 1), (0, 0, 1, 0, 0, 0, 1))
_LOGIT_POINTS = [(z, y) for (z, _), y in zip(generic(_LOGITS, m=(4, 3, 5, 7)), _LABELS, strict=True)]
_EXTREME_LOGITS = [((1000.0, -1000.0, 3.0), (1, 0, 1)), ((-1000.0, 1000.0, 0.7), (1, 0, 1))]
_EXTREME_LOSSES = [Extreme(point, finite=CLIPPED) for point in _EXTREME_LOGITS]

cost = Question(
    "003.2.cost",
    "Binary cross-entropy on logits",
    r"The cost $J=\frac1m\sum_i\bigl(-y_i\log p_i-(1-y_i)\log(1-p_i)\bigr)$ with $p_i=\sigma(z_i)$, as a function of "
    r"the logits $z$ and the labels $y$ (0 or 1), both of shape (m,). It must be right for $z=\pm1000$ too.",
    _LOGITS,
    _LOGIT_POINTS,
    "mean(softplus(z) - y*z)",
    definitions={"m": "len(z)"},
    extremes=_EXTREME_LOSSES,
    mistakes=(
        Mistake("sign", "The sign is wrong: log p is negative, and a loss is positive.", "mean(y*z - softplus(z))"),
        Mistake(
            "sign_with_0",
            "The part with 1 − y has the wrong sign: log p and log(1 − p) are both negative, so both need a minus.",
            "mean(y*softplus(-z) - (1 - y)*softplus(z))",
        ),
        Mistake(
            "sign_with_1",
            "The part with y has the wrong sign: log p and log(1 − p) are both negative, so both need a minus.",
            "mean((1 - y)*softplus(z) - y*softplus(-z))",
        ),
        Mistake(
            "log10",
            "The logarithm has the base 10; log is the natural logarithm.",
            "mean(softplus(z) - y*z)/log(10)",
        ),
        Mistake(
            "log2",
            "The logarithm has the base 2; log is the natural logarithm.",
            "mean(softplus(z) - y*z)/log(2)",
        ),
        Mistake(
            "labels_exchanged",
            "The labels are exchanged: y belongs to log p, and 1 − y to log(1 − p).",
            "mean(softplus(z) - (1 - y)*z)",
        ),
        Mistake(
            "only_positive",
            "Only the examples with the label 1 count here; the part with 1 − y is missing.",
            "mean(y*softplus(-z))",
        ),
        Mistake(
            "only_negative",
            "Only the examples with the label 0 count here; the part with y is missing.",
            "mean((1 - y)*softplus(z))",
        ),
        Mistake("squared", "That is the mean squared error of the probabilities.", "mean((sigma(z) - y)**2)"),
        Mistake("absolute", "That is the mean absolute error of the probabilities.", "mean(abs(sigma(z) - y))"),
        Mistake(
            "error_rate",
            "That is the share of wrong answers; the cost takes the logarithms of the probabilities.",
            "mean(abs(step(z) - y))",
        ),
        Mistake(
            "sigma_twice",
            "The logistic sigmoid has been applied twice: z are logits, not probabilities.",
            "mean(softplus(sigma(z)) - y*sigma(z))",
        ),
        Mistake(
            "no_sigmoid",
            "The logits were used as if they were probabilities: the logistic sigmoid is missing.",
            "mean(0 - y*log(z) - (1 - y)*log(1 - z))",
            hint="A logit may be negative, and a negative number has no logarithm. First p = σ(z), then the loss.",
        ),
        Mistake("no_yz", "The part y z is missing: the labels do not appear.", "mean(softplus(z))"),
        Mistake(
            "sign_in_softplus",
            "log(1 + e^(−z)) belongs to the label 1, and −y z to log(1 + e^z): the two forms are mixed.",
            "mean(softplus(0 - z) - y*z)",
        ),
    ),
    binary=("y",),
    gentle=[((0.3, 0.62, 0.85), (1, 0, 1)), ((0.17, 0.44), (0, 1))],
    hints=(
        "Insert p = σ(z) = 1/(1 + e^(−z)) into the loss and simplify before you program it.",
        "−log σ(z) = log(1 + e^(−z)), and log(1 + e^(−z)) = log(1 + e^z) − z.",
        "`np.logaddexp(0, z)` is log(e⁰ + e^z), without overflow.",
    ),
    target="J",
    symbols={"J": "mean(0 - y*log(sigma(z)) - (1 - y)*log(1 - sigma(z)))"},
    steps=[
        Step(
            "mean(y*log(1 + exp(-z)) + (1 - y)*log(1 + exp(z)))",
            r"$-\log\sigma(z)=\log(1+e^{-z})$, and $1-\sigma(z)=\sigma(-z)$",
        ),
        Step("mean(y*(log(1 + exp(z)) - z) + (1 - y)*log(1 + exp(z)))", r"$\log(1+e^{-z})=\log(1+e^z)-z$"),
        Step(
            "mean(softplus(z) - y*z)",
            r"collect: $\operatorname{softplus}(z)=\log(1+e^z)$, which is about z for large z",
        ),
    ],
    minutes=8,
    course=_cost,
)

_SQUARED_ERROR = "That is the gradient of the squared error (p − y)²; the cost here is the cross-entropy."

slope = Question(
    "003.2.slope",
    "Gradient with respect to the logits",
    r"The cost in the simplified form, $J=\frac1m\sum_i\bigl(\log(1+e^{z_i})-y_iz_i\bigr)$. Find its gradient with "
    r"respect to the logits, $\partial J/\partial z$, of shape (m,).",
    _LOGITS,
    _LOGIT_POINTS,
    "(sigma(z) - y)/len(z)",
    objective="J",
    variable="z",
    binary=("y",),
    extremes=_EXTREME_LOGITS,
    definitions={"m": "len(z)", "p": "sigma(z)", "J": "mean(softplus(z) - y*z)"},
    mistakes=(
        Mistake("sign", "The sign is wrong: where p is above the label, the cost grows with z.", "(y - p)/m"),
        Mistake(
            "extra_prime",
            "σ' has been multiplied in. That is the rule for the squared error; here it cancels.",
            "(p - y)*p*(1 - p)/m",
        ),
        Mistake(
            "to_p",
            "That is the derivative with respect to p, not to z: σ' is missing.",
            "(p - y)/(p*(1 - p))/m",
        ),
        Mistake(
            "to_p_no_mean",
            "That is the derivative with respect to p, not to z: σ' is missing, and so is the 1/m of the mean.",
            "(p - y)/(p*(1 - p))",
        ),
        Mistake(
            "extra_prime_no_mean",
            "σ' has been multiplied in, and the 1/m of the mean is missing. σ' cancels here.",
            "(p - y)*p*(1 - p)",
        ),
        Mistake("squared_error", _SQUARED_ERROR, "2*(p - y)*p*(1 - p)/m"),
        Mistake("squared_error_no_mean", _SQUARED_ERROR + " Besides, the 1/m is missing.", "2*(p - y)*p*(1 - p)"),
        Mistake("z_instead_p", "The logit stands where the probability belongs.", "(z - y)/m"),
    ),
    hints=(
        "Differentiate the loss of one example: two terms.",
        "The derivative of log(1 + e^z) is a function that you know well.",
        "The mean brings a factor 1/m into every component.",
    ),
    steps=[
        Step(
            "diff(softplus(z[i]) - y[i]*z[i], z[i]) / m",
            "only the loss of example i contains its logit; mean: divide by m",
            left="diff(J, z[i])",
        ),
        Step(
            "(exp(z[i])/(1 + exp(z[i])) - y[i]) / m",
            "derivative of the logarithm, and its inner derivative",
            left="diff(J, z[i])",
        ),
        Step("(sigma(z) - y) / len(z)", "all components together: probability minus label"),
    ],
    remark="Probability minus label, and no σ' in it: even a unit that is completely wrong still learns.",
    minutes=8,
    course=_slope,
)
