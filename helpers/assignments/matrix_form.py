"""The 2-3-1 network of notebook 04 in matrix form: the gradients with a logistic output and ½(y − ŷ)²,
and a gradient check of one's own."""

from helpers.assignments.points import generic
from helpers.exercises.exercise import Mistake
from helpers.exercises.gradient_check import GradientCheckQuestion
from helpers.exercises.gradients_question import GradientsQuestion
from helpers.exercises.working import Working
from helpers.formulas.derivation import Derivation, Step

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
_SHAPES = {"x": ("d",), "y": (), "W1": ("k", "d"), "b1": ("k",), "W2": ("1", "k"), "b2": ("1",)}
_CHAIN = "diff(E, a2[0]) * diff(a2[0], z2[0])"

matrix_form = GradientsQuestion(
    "04.matrix",
    "The backward pass in matrix form",
    r"Network: $z_1=W_1x+b_1$, $a_1=\sigma(z_1)$, $z_2=W_2a_1+b_2$, $a_2=\sigma(z_2)$, loss $E=\frac12(y-a_2)^2$, "
    "with $W_1$ of shape (k, d), $W_2$ of shape (1, k), `b1` of shape (k,), `b2` of shape (1,). Find the gradients "
    "with respect to $W_1$, $b_1$, $W_2$ and $b_2$, each of the shape of its parameter.",
    _SHAPES,
    generic(_SHAPES, d=(2, 2, 3, 4), k=(3, 3, 4, 2)),
    _LOGISTIC,
    {"W1": "dW1", "b1": "db1", "W2": "dW2", "b2": "db2"},
    "E",
    mistakes=(
        Mistake(
            "missing_half",
            "The factor ½ of the loss is missing, so every gradient is doubled.",
            {"delta2": "2*(a2 - y)*a2*(1 - a2)"},
            hint="½ and the 2 of the square cancel.",
        ),
        Mistake(
            "output_not_activated",
            "The activation of the output is missing, forward and backward.",
            {"a2": "z2", "delta2": "a2 - y"},
            {"a2": "z2"},
            hint="a2 = σ(z2), and its derivative is a2(1 − a2).",
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

# ------------------------------------------------------------------------------------------ a gradient check

_CUBIC = "c0 + c1*{p} + c2*{p}**2 + c3*{p}**3"
gradient_check = GradientCheckQuestion(
    "04.gradient_check",
    "A gradient check of your own",
    "Write `numerical_gradient(f, p, h)`: the gradient of a function $f$ of an array $p$ by central differences, "
    r"$\frac{\partial f}{\partial p_i}\approx\frac{f(p+he_i)-f(p-he_i)}{2h}$, an array of the shape of $p$; $e_i$ is "
    "1 in entry $i$ and 0 elsewhere. `f` takes an array of the shape of `p` and returns a number.",
    solution=Derivation(
        "(f_plus - f_minus)/(2*h)",
        [
            Step("c1 + 2*c2*p + 3*c3*p**2 + c3*h**2", "for a cubic, in one entry: the even powers of h cancel"),
            Step("diff(f_0, p) + c3*h**2", "the derivative, up to an error that shrinks like h²"),
            Step(
                "diff(f_0, p) + c2*h + 3*c3*p*h + c3*h**2",
                "from one side only the error shrinks just like h",
                left="(f_plus - f_0)/h",
            ),
        ],
        dict.fromkeys(("c0", "c1", "c2", "c3", "p", "h"), ()),
        {"f_0": _CUBIC.format(p="p"), "f_plus": _CUBIC.format(p="(p + h)"), "f_minus": _CUBIC.format(p="(p - h)")},
        title="Why central differences",
        labels={"f_plus": "f_+", "f_minus": "f_-"},
    ),
    hints=(
        "Go through the entries one by one: `for index in np.ndindex(p.shape)`.",
        "Make a copy for each side, `plus = p.copy()`, and change one entry of it.",
        "Divide by the distance between the two points, which is 2h.",
    ),
)
