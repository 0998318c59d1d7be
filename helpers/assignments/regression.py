"""The exercises of notebook 07, regression with a small network: task 004.1, the network for all points at once, and two
ways to train it (`regression_training`).

In the notebook: `from helpers.assignments import regression`, then
`regression.gradients.check(my_gradients)`.
Examples are rows: X has the shape (m, d), y the shape (m,). In the notebook their number is called n.
"""

from helpers.assignments.points import generic
from helpers.assignments.regression_training import adam, training
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion
from helpers.exercises.working import Working
from helpers.formulas.derivation import Step

_SHAPES = {"W1": ("k", "d"), "b1": ("k",), "W2": ("1", "k"), "b2": ()}
_SIZES = {"d": (2, 2, 1, 4, 5), "k": (3, 3, 4, 2, 3)}
_ENTRIES = {"W1": "dW1", "b1": "db1", "W2": "dW2", "b2": "db2"}
_ONE = {**_SHAPES, "x": ("d",), "y": ()}
_BATCH = {**_SHAPES, "X": ("m", "d"), "y": ("m",)}
_EXAMPLES = (5, 4, 6, 3, 2)
_BATCHES = generic(_BATCH, **_SIZES, m=_EXAMPLES)
_LABELS = {"m": "n"}  # the number of examples, in solutions

prediction = Question(
    "07.prediction",
    "The network for one example",
    r"Program $f=W_2\,\sigma(W_1x+b_1)+b_2$ for one example $x$ of shape (d,), with $W_1$ of shape (k, d), "
    r"$b_1$ of shape (k,), $W_2$ of shape (1, k) and a number $b_2$. The result is a number.",
    {**_SHAPES, "x": ("d",)},
    generic({**_SHAPES, "x": ("d",)}, **_SIZES),
    "(W2 @ sigma(W1 @ x + b1))[0] + b2",
    definitions={"z": "W1 @ x + b1", "a": "sigma(z)"},
    mistakes=[
        Mistake("no_sigma", "The activation is missing: without σ the network is a straight line.", "(W2 @ z)[0] + b2"),
        Mistake("no_b2", "The bias of the output is missing.", "(W2 @ a)[0]"),
        Mistake("no_biases", "Both biases are missing.", "(W2 @ sigma(W1 @ x))[0]"),
        Mistake("sigma_outside", "The output is linear here: no σ around the last sum.", "sigma((W2 @ a)[0] + b2)"),
        Mistake(
            "no_brackets",
            "The activation is 1/(1 + exp(−z)): without the brackets the 1 is divided by 1 alone.",
            "(W2 @ (1 + exp(-z)))[0] + b2",
        ),
        Mistake(
            "b2_in_the_sum",
            "The bias of the output is added for every hidden unit: it belongs outside of the sum, once.",
            "(W2 @ a)[0] + b2*len(a)",
        ),
        Mistake(
            "averaged",
            "The contributions of the hidden units are averaged; they are to be added up.",
            "(W2 @ a)[0]/len(a) + b2",
        ),
    ],
    hints=(
        "Work out the pre-activations z = W1 x + b1 first: k numbers, one for each hidden unit.",
        "`W2 @ a` is an array of shape (1,), because W2 has one row: take its entry [0].",
    ),
    target="f",
    symbols={"f": "(W2 @ a)[0] + b2"},
    steps=[
        Step("W2[0] @ a + b2", "the output is a weighted sum of the activations"),
        Step("W2[0] @ sigma(z) + b2", "each activation is σ of its pre-activation"),
        Step("W2[0] @ sigma(W1 @ x + b1) + b2", "each pre-activation is a weighted sum of the inputs"),
    ],
    optional=True,
    minutes=6,
)

_ALL = {**_SHAPES, "X": ("m", "d")}
_HIDDEN = {"Z": "X @ W1.T + b1", "A": "sigma(Z)"}

predictions = Question(
    "07.predictions",
    "The network for all points at once",
    r"Program the predictions $f(x_i)=W_2\,\sigma(W_1x_i+b_1)+b_2$ for all examples at once, without a loop: $X$ has the "
    "shape (n, d), one example in each row, $W_1$ has the shape (k, d), $b_1$ the shape (k,), $W_2$ the shape (1, k). The "
    "result has the shape (n,).",
    _ALL,
    generic(_ALL, **_SIZES, m=_EXAMPLES),
    "A @ W2[0] + b2",
    definitions=_HIDDEN,
    mistakes=[
        Mistake(
            "column",
            "The predictions are right, but they stand in a column, shape (n, 1): `y` has the shape (n,).",
            "row(A @ W2[0] + b2).T",
            hint="`W2[0]`, the only row of W2, has the shape (k,).",
        ),
        Mistake(
            "row",
            "The predictions are right, but they stand in a row, shape (1, n): `y` has the shape (n,).",
            "row(A @ W2[0] + b2)",
            hint="`W2[0]`, the only row of W2, has the shape (k,).",
        ),
        Mistake(
            "first_only",
            "That is the prediction of the first example alone: in an array of shape (n, 1), `[0]` is the first row.",
            "W2 @ A[0] + b2",
            hint="`[:, 0]` takes the first column, one number from each row; or begin with `W2[0]`.",
        ),
        Mistake("no_sigma", "The activation is missing: without σ the network is a straight line.", "Z @ W2[0] + b2"),
        Mistake("no_b2", "The bias of the output is missing.", "A @ W2[0]"),
        Mistake("no_b1", "The biases of the hidden layer are missing.", "sigma(X @ W1.T) @ W2[0] + b2"),
        Mistake("no_biases", "Both biases are missing.", "sigma(X @ W1.T) @ W2[0]"),
        Mistake(
            "sigma_outside",
            "The output is linear here: no σ around the last sum.",
            "sigma(A @ W2[0] + b2)",
        ),
        Mistake(
            "averaged",
            "The contributions of the hidden units are averaged; they are to be added up.",
            "A @ W2[0]/sum(ones_like(b1)) + b2",
        ),
        Mistake(
            "b2_in_the_sum",
            "The bias of the output is added for every hidden unit: it belongs outside of the sum, once.",
            "A @ W2[0] + b2*sum(ones_like(b1))",
        ),
    ],
    hints=(
        "Write the shape of every step beside it: X (n, d), so W1 must be turned round for the product. The "
        "pre-activations of all examples are (n, k).",
        "`X @ W1.T + b1` adds b1 to every row. σ acts on each entry.",
        "A matrix of shape (n, k) times the vector `W2[0]` of shape (k,) is a vector of shape (n,).",
    ),
    target="f",
    symbols={"f": "A @ W2[0] + b2"},
    steps=[
        Step("A @ W2[0] + b2", "one weighted sum for each row of A"),
        Step("sigma(Z) @ W2[0] + b2", "σ acts on each entry"),
        Step("sigma(X @ W1.T + b1) @ W2[0] + b2", "row i of Z belongs to example i; NumPy adds b1 to every row"),
    ],
    labels=_LABELS,
    minutes=8,
)

#: What is said of mistakes in the gradients, of one example and of a batch: the mistake, and where to look.
_SENTENCES = {
    "missing_2": (
        "The factor 2 that the square leaves behind is missing.",
        "The derivative of u² is 2u, times the derivative of u.",
    ),
    "missing_W2": (
        "On the way back to the hidden layer the weights W2 are missing.",
        "What comes from the output goes back along the same edges, times the weights.",
    ),
    "sigma_prime_of_a": (
        "The derivative σ' has been taken at σ(z) instead of z.",
        "σ'(z) = a(1 − a), with a as it is.",
    ),
}


def _known(id, *ways):
    what, hint = _SENTENCES[id]
    return Mistake(id, what, *ways, hint=hint)


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

gradients = GradientsQuestion(
    "004.1",
    "Four gradients of a small network",
    r"Network: $f=W_2\,\sigma(W_1x+b_1)+b_2$, loss $L=(f-y)^2$, with $W_1$ of shape (k, d), `b1` of shape "
    r"(k,), $W_2$ of shape (1, k) and a number $b_2$. Find the gradients with respect to $W_1$, $b_1$, $W_2$ "
    r"and $b_2$, each of the shape of its parameter.",
    _ONE,
    generic(_ONE, **_SIZES),
    _LINEAR,
    _ENTRIES,
    "L",
    mistakes=(
        _known("missing_2", {"e": "f - y"}),
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
            "summed_hidden",
            "The hidden units have been added up: between W2 and σ'(z) belongs "
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
        _known("missing_W2", {"delta": "e * a*(1 - a)"}, {"db1": "e * a*(1 - a)"}),
        _known("sigma_prime_of_a", {"delta": "e * W2[0] * dsigma(a)"}),
    ),
    steps={
        "b2": (
            Step("diff(L, f) * diff(f, b2)", "chain rule"),
            Step("2*(f - y)", "derivative of the square; the bias is simply added"),
        ),
        "W2": (
            Step("diff(L, f) * diff(f, W2[0, p])", "the weight of hidden unit p", left="diff(L, W2[0, p])"),
            Step("2*(f - y) * a[p]", "beside it stands the activation of that unit", left="diff(L, W2[0, p])"),
            Step("2*(f - y) * row(a)", "all of them at once: a row, the shape of W2"),
        ),
        "b1": (
            Step(
                "diff(L, f) * diff(f, a[p]) * diff(a[p], z[p]) * diff(z[p], b1[p])",
                "one layer further back",
                left="diff(L, b1[p])",
            ),
            Step("2*(f - y) * W2[0, p] * a[p]*(1 - a[p])", "each local derivative", left="diff(L, b1[p])"),
            Step("2*(f - y) * (W2[0] * a*(1 - a))", "the same for all hidden units; ⊙ works component by component"),
        ),
        "W1": (
            Step(
                "diff(L, f) * diff(f, a[p]) * diff(a[p], z[p]) * diff(z[p], W1[p, q])",
                "the weight from input q to hidden unit p",
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
        "The gradient of b1 is e W2ᵀ ⊙ σ'(z): in NumPy `W2[0]`, shape (k,), stands for W2ᵀ, and `*` for ⊙, component by "
        "component. We call it delta.",
        "The gradient of W1 is a column of k numbers times a row of d numbers: `np.outer(delta, x)`. The gradient of W2 has "
        "one row: `e * a[np.newaxis, :]`.",
    ),
    lines="optional",
    minutes=15,
)

# ------------------------------------------------------------------------------------------ a whole batch

#: Row i of Z belongs to example i.
_FORWARD = {**_HIDDEN, "f": "A @ W2[0] + b2", "J": "mean((f - y)**2)"}

batch_cost = Question(
    "07.batch_cost",
    "The cost of a whole batch",
    r"Program the cost $J=\frac1n\sum_i\,(f(x_i)-y_i)^2$ for all $n$ examples at once, without a loop: $X$ "
    r"has the shape (n, d), one example in each row, and $y$ the shape (n,). The result is a number.",
    _BATCH,
    _BATCHES,
    "J",
    definitions=_FORWARD,
    mistakes=[
        Mistake(
            "broadcast",
            "Predictions of shape (n, 1) met targets of shape (n,): NumPy subtracted every target from every "
            "prediction, a table of n × n differences, and the mean is taken over all of them.",
            "mean(f**2) - 2*mean(f)*mean(y) + mean(y**2)",
            hint="Print `(f - y).shape`. It must be (n,).",
        ),
        Mistake(
            "broadcast_summed",
            "Predictions of shape (n, 1) met targets of shape (n,): NumPy subtracted every "
            "target from every prediction, and all n × n squares have been added up.",
            "sum(ones_like(y)) * (mean(f**2) - 2*mean(f)*mean(y) + mean(y**2))",
            hint="Print `(f - y).shape`. It must be (n,).",
        ),
        Mistake(
            "broadcast_table",
            "A table of n × n numbers came: predictions of shape (n, 1) met targets of shape (n,), and NumPy "
            "subtracted every target from every prediction. And the cost is one number, a mean.",
            "(outer(f, ones_like(y)) - outer(ones_like(f), y))**2",
            hint="Print `(f - y).shape`. It must be (n,).",
        ),
        Mistake("half", "There is no ½ in this cost: it is the mean of the squares.", "J / 2"),
        Mistake("root", "No root here: the cost is the mean of the squares.", "sqrt(J)"),
        Mistake("absolute", "The differences are squared here, not taken as absolute values.", "mean(abs(f - y))"),
        Mistake(
            "square_outside",
            "First square, then average: the mean of the differences lets them cancel.",
            "mean(f - y)**2",
        ),
        Mistake(
            "variance",
            "That is the variance of the differences: their mean is subtracted first. It does not belong here.",
            "mean((f - y)**2) - mean(f - y)**2",
        ),
        Mistake(
            "deviation",
            "That is the standard deviation of the differences: no root here, and their mean is not subtracted.",
            "sqrt(mean((f - y)**2) - mean(f - y)**2)",
        ),
        Mistake("no_sigma", "The activation is missing in the hidden layer.", "mean((Z @ W2[0] + b2 - y)**2)"),
        Mistake("no_b1", "The hidden biases are missing.", "mean((sigma(X @ W1.T) @ W2[0] + b2 - y)**2)"),
    ],
    hints=(
        "Pre-activations of all examples: `X @ W1.T + b1`, shape (n, k). NumPy adds b1 to every row.",
        "`A @ W2.T` has the shape (n, 1), y the shape (n,). Make both (n,) before you subtract: `A @ W2[0] + b2`.",
    ),
    target="J",
    steps=[
        Step("mean((f - y)**2)", "the mean of the losses"),
        Step("mean((A @ W2[0] + b2 - y)**2)", "one weighted sum for each row of A"),
        Step("mean((sigma(Z) @ W2[0] + b2 - y)**2)", "σ acts on each entry"),
    ],
    labels=_LABELS,
    minutes=5,
)

_BATCH_LINES = Working(
    {
        **_FORWARD,
        "n": "len(y)",
        "e": "2*(f - y)/n",
        "D": "outer(e, W2[0]) * A*(1 - A)",
        "dW1": "D.T @ X",
        "db1": "D.T @ ones_like(y)",
        "dW2": "row(A.T @ e)",
        "db2": "sum(e)",
    }
)
#: What (n, 1) minus (n,) makes of the residuals: every prediction minus every target.
_TABLE = "outer(f, ones_like(y)) - outer(ones_like(f), y)"

batch_gradients = GradientsQuestion(
    "07.batch_gradients",
    "The gradients of a whole batch",
    r"Find the four gradients of the cost $J=\frac1n\sum_i(f(x_i)-y_i)^2$ for all examples at once, without "
    r"a loop. They are the means of the gradients of the single losses, each of the shape of its parameter.",
    _BATCH,
    _BATCHES,
    _BATCH_LINES,
    _ENTRIES,
    "J",
    mistakes=(
        Mistake(
            "summed",
            "The gradients of the examples are added up, but not divided by n.",
            {"e": "2*(f - y)"},
            hint="The cost is a mean, so its gradient is a mean, too.",
        ),
        _known("missing_2", {"e": "(f - y)/n"}),
        Mistake(
            "sign_error",
            "The difference is the wrong way round: all signs are lost.",
            {"e": "2*(y - f)/n"},
            hint="J grows with f where f is above y.",
        ),
        Mistake(
            "broadcast",
            "Predictions of shape (n, 1) met targets of shape (n,): NumPy subtracted every target from every "
            "prediction. That drives every prediction towards the mean of y.",
            {"e": "2*(f - mean(y))/n"},
            {"db2": f"sum(2*({_TABLE})/n)", "dW2": f"(2*({_TABLE})/n).T @ A"},
            {"db2": f"sum(2*({_TABLE})/n)"},
            {"dW2": f"(2*({_TABLE})/n).T @ A"},
            hint="Print `(f - y).shape`. It must be (n,).",
        ),
        _known("sigma_prime_of_a", {"D": "outer(e, W2[0]) * dsigma(A)"}),
        _known("missing_W2", {"D": "outer(e, ones_like(W2[0])) * A*(1 - A)"}),
        Mistake(
            "missing_x",
            "In the gradient of W1 the inputs are missing.",
            {"dW1": "outer(D.T @ ones_like(y), ones_like(X[0]))"},
            {"dW1": "D.T @ ones_like(y)"},
            hint="Every entry of W1 is multiplied with an input.",
        ),
        Mistake(
            "summed_hidden",
            "The hidden units have been added up: between W2 and σ'(z) belongs ⊙, "
            "component by component, not a matrix product.",
            {"D": "outer(e * ((A*(1 - A)) @ W2[0]), ones_like(W2[0]))"},
            hint="`*` works component by component, `@` adds up.",
        ),
    ),
    steps={
        "b2": (
            Step("2*mean(f - y)", "derivative of each square; the bias is added to every prediction"),
            Step("sum(2*(f - y)/n)", "the mean, written as a sum of n parts"),
        ),
        "W2": (
            Step(
                "Sum(i, 2*(f[i] - y[i])/n * A[i, p])",
                "beside the weight of unit p stands its activation, for each example",
                left="diff(J, W2[0, p])",
            ),
            Step("row(A.T @ (2*(f - y)/n))", "all units at once: the matrix product adds over the examples"),
        ),
        "b1": (
            Step(
                "Sum(i, 2*(f[i] - y[i])/n * W2[0, p] * A[i, p]*(1 - A[i, p]))",
                "one layer further back, for each example",
                left="diff(J, b1[p])",
            ),
            Step(
                "(outer(2*(f - y)/n, W2[0]) * A*(1 - A)).T @ ones_like(y)",
                "D = (e W2) ⊙ A ⊙ (1 − A) has a row for each example; the product with a vector of ones adds them up",
            ),
        ),
        "W1": (
            Step(
                "Sum(i, 2*(f[i] - y[i])/n * W2[0, p] * A[i, p]*(1 - A[i, p]) * X[i, q])",
                "beside this weight stands the input",
                left="diff(J, W1[p, q])",
            ),
            Step("(outer(2*(f - y)/n, W2[0]) * A*(1 - A)).T @ X", "Dᵀ X: the matrix product adds over the examples"),
        ),
    },
    hints=(
        "Keep A (n, k) and the residuals f − y (n,): all four gradients are made of them.",
        "Work out e = 2(f − y)/n once, shape (n,). The gradient of b2 is its sum.",
        "D, of shape (n, k), holds what example i sends back to unit p. `e[:, np.newaxis]` is a column (n, 1), and a column "
        "times the row `W2` is a table of shape (n, k): `D = e[:, np.newaxis] * W2 * A * (1 - A)`.",
        "Adding up over the examples is a matrix product: ∇W1 = Dᵀ X, ∇W2 = eᵀ A; for the biases a sum over the rows, "
        "`D.sum(axis=0)`. The gradient of W2 is one row, (1, k).",
    ),
    advice="Is `f − y` of shape (n,)?",
    labels=_LABELS,
    minutes=16,
)

questions = [prediction, predictions, gradients, batch_cost, batch_gradients, training, adam]
