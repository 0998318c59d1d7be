"""The 2-3-1 network of notebook 04 in matrix form: the gradients with a logistic output and ½(y − ŷ)², a gradient
check of one's own, and training with the gradients."""

import numpy as np

from helpers.assignments.points import generic
from helpers.exercises.code_question import CodeQuestion
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
    optional=True,
)

# ------------------------------------------------------------------------------------------ training


def _summed(parameters, X, y):
    """The four gradients of the sum of the losses, in the order of the parameters."""
    names = dict(zip(("W1", "b1", "W2", "b2"), parameters, strict=True))
    each = [matrix_form.values({"x": x, "y": target, **names}) for x, target in zip(X, y, strict=True)]
    return [sum(gradients[name] for gradients in each) for name in names]


def _trained(W1, b1, W2, b2, X, y, eta, steps, move=lambda p, g, eta, m: p - eta * g, parts=None, kept=()):
    """The parameters after so many steps. For mistakes: another `move` of a parameter by its gradient, `parts` of the
    examples that are used one after the other, places of parameters that are `kept` as they were."""
    parameters = W1, b1, W2, b2
    for _ in range(steps):
        for part in parts(len(y)) if parts else [slice(None)]:
            gradients = _summed(parameters, X[part], y[part])
            pairs = enumerate(zip(parameters, gradients, strict=True))
            parameters = [p if place in kept else move(p, g, eta, len(y)) for place, (p, g) in pairs]
    return tuple(parameters)


def _with(**changes):
    def wrong(W1, b1, W2, b2, X, y, eta, steps):
        count = changes.get("count", lambda steps: steps)
        others = {name: change for name, change in changes.items() if name != "count"}
        return _trained(W1, b1, W2, b2, X, y, eta, count(steps), **others)

    return wrong


def _not_reset(W1, b1, W2, b2, X, y, eta, steps):
    parameters, sums = (W1, b1, W2, b2), [0, 0, 0, 0]
    for _ in range(steps):
        sums = [kept + new for kept, new in zip(sums, _summed(parameters, X, y), strict=True)]
        parameters = [p - eta * g for p, g in zip(parameters, sums, strict=True)]
    return tuple(parameters)


def _one_after_the_other(W1, b1, W2, b2, X, y, eta, steps):
    parameters = [W1, b1, W2, b2]
    for _ in range(steps):
        for place in range(4):
            parameters[place] = parameters[place] - eta * _summed(parameters, X, y)[place]
    return tuple(parameters)


def _training_case(seed, d, k, m, eta, steps):
    rng = np.random.default_rng(seed)
    shapes = (k, d), (k,), (1, k), (1,), (m, d)
    return *(rng.normal(size=shape) for shape in shapes), rng.integers(0, 2, m) * 0.8 + 0.1, eta, steps


train = CodeQuestion(
    "04.train",
    "Training with your gradients",
    "Write `my_train(W1, b1, W2, b2, X, y, eta, steps)`: in each step add up the gradients of all examples, the rows of "
    "`X` with their targets in `y`, and move every parameter by −η times its sum. Return the four parameters after the "
    "last step.",
    ("W1", "b1", "W2", "b2", "X", "y", "eta", "steps"),
    [_training_case(1, 2, 3, 4, 0.7, 3), _training_case(2, 3, 4, 6, 0.5, 2), _training_case(3, 4, 2, 5, 0.9, 4)],
    _trained,
    ("W1", "b1", "W2", "b2"),
    mistakes=[
        Mistake(
            "uphill",
            "Every step goes uphill: the parameters are moved along the gradient, not against it.",
            _with(move=lambda p, g, eta, m: p + eta * g),
        ),
        Mistake(
            "no_learning_rate",
            "The learning rate does not appear in the step.",
            _with(move=lambda p, g, eta, m: p - g),
        ),
        Mistake(
            "mean",
            "You take the mean of the gradients; the task asks for their sum.",
            _with(move=lambda p, g, eta, m: p - eta * g / m),
        ),
        Mistake(
            "after_each_example",
            "The parameters are moved after each example; the task adds up the gradients of all examples first, all taken "
            "at the same parameters.",
            _with(parts=lambda m: [slice(i, i + 1) for i in range(m)]),
            hint="Put the update behind the loop over the examples.",
        ),
        Mistake(
            "last_example_only",
            "Only the last example counts: does `=` stand where `+=` belongs?",
            _with(parts=lambda m: [slice(m - 1, m)]),
        ),
        Mistake(
            "first_example_only",
            "Only the first example counts. Is there a loop over the rows of `X`?",
            _with(parts=lambda m: [slice(0, 1)]),
        ),
        Mistake(
            "one_step",
            "Only one step is made. Is there a loop over the steps, and does `return` stand behind it?",
            _with(count=lambda steps: 1),
        ),
        Mistake("one_step_less", "One step too few is made.", _with(count=lambda steps: steps - 1)),
        Mistake("one_step_more", "One step too many is made.", _with(count=lambda steps: steps + 1)),
        Mistake(
            "not_moved", "The parameters are as they were at the start: no step is kept.", _with(count=lambda _: 0)
        ),
        Mistake(
            "not_reset",
            "The sums go on from step to step: each step also moves by the gradients of all steps before.",
            _not_reset,
            hint="Set the sums to zero at the beginning of each step.",
        ),
        Mistake(
            "one_after_the_other",
            "One parameter is moved before the gradient of the next is taken. All four gradients of a step belong to the same "
            "parameters.",
            _one_after_the_other,
        ),
        Mistake(
            "biases_forgotten",
            "The weights are moved and the biases are not.",
            _with(kept=(1, 3)),
        ),
        Mistake(
            "first_layer_kept",
            "Only the second layer learns: `W1` and `b1` stay as they were.",
            _with(kept=(0, 1)),
        ),
        Mistake(
            "second_layer_kept",
            "Only the first layer learns: `W2` and `b2` stay as they were.",
            _with(kept=(2, 3)),
        ),
        *(
            Mistake(f"{name}_kept", f"`{name}` stays as it was; the other three are moved.", _with(kept=(place,)))
            for place, name in enumerate(("W1", "b1", "W2", "b2"))
        ),
    ],
    why=(
        "All gradients of a step are taken at the same parameters, so the update comes behind the loop over the examples.",
        "The sum starts again with zero in every step.",
        "Against the gradient the sum of the losses falls, if η is small enough.",
    ),
    hints=(
        "Two loops: one over the steps, and in it one over the examples, `for x, target in zip(X, y)`.",
        "`sums` may start as four arrays of zeros; add the gradients of each example to them.",
        "The update stands behind the inner loop, `return` behind the outer one.",
    ),
)
