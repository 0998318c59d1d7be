"""The exercises of notebook 04, backpropagation by hand: tasks 002.1 and 003.1."""

from helpers.assignments.matrix_form import matrix_form
from helpers.assignments.nets_by_hand import (
    ALL_ONES,
    ALWAYS_ALIKE,
    LEARNING_RATE,
    LEARNING_RATE_LABELS,
    LEARNING_RATE_MISTAKES,
    LINEAR,
    LINEAR_GROUPS,
    LINEAR_LABELS,
    LINEAR_MISTAKES,
    LINEAR_NUMBERS,
    LOGISTIC,
    LOGISTIC_GROUPS,
    LOGISTIC_LABELS,
    LOGISTIC_MISTAKES,
    MIXED,
    PARAMETERS,
    draw_linear,
    draw_logistic,
    fit_linear,
    fit_logistic,
)
from helpers.assignments.statements_by_hand import initialisation, validation
from helpers.exercises.judged import GradientCheckQuestion
from helpers.exercises.table_question import TableQuestion
from helpers.formulas.derivation import Derivation, Step


def _lines(working, *names):
    return {name: working.formulas[name].text for name in names}


# ------------------------------------------------------------------------------------------- task 002

_LINEAR_FORWARD = {
    **_lines(LINEAR, "z1", "z2", "z3", "a1", "a2", "a3"),
    "yhat": LINEAR.formulas["yhat_identity"].text,
    "J": "(yhat - y)**2",
}
_LINEAR_DERIVATION = Derivation(
    "diff(J, b1_2)",
    [
        Step("diff(J, yhat) * diff(yhat, b1_2)", "chain rule: the bias acts on the loss through the prediction"),
        Step("2*(yhat - y) * 1", "derivative of the square; the bias is simply added to the prediction"),
        Step("diff(J, yhat) * diff(yhat, w21_2)", "the same path, with the weight at its end", left="diff(J, w21_2)"),
        Step("2*(yhat - y) * a2", "beside the weight stands the activation of hidden neuron 2", left="diff(J, w21_2)"),
        Step(
            "diff(J, yhat) * diff(yhat, a2) * diff(a2, z2) * diff(z2, b2_1)",
            "one edge further back, through hidden neuron 2",
            left="diff(J, b2_1)",
        ),
        Step(
            "2*(yhat - y) * w21_2 * 1 * 1",
            "the identity has the derivative 1, and the bias is simply added",
            left="diff(J, b2_1)",
        ),
        Step(
            "diff(J, yhat) * diff(yhat, a3) * diff(a3, z3) * diff(z3, w13_1)",
            "the same through hidden neuron 3",
            left="diff(J, w13_1)",
        ),
        Step("2*(yhat - y) * w31_2 * 1 * x1", "beside this weight stands the first input", left="diff(J, w13_1)"),
    ],
    dict.fromkeys(LINEAR_NUMBERS, ()),
    _LINEAR_FORWARD,
    title="Gradients of the linear network",
)

forward_backward = TableQuestion(
    "002.1",
    "One pass forward and back",
    "A network with two inputs, three hidden neurons and one output: $z_j=w_{1j}^{[1]}x_1+w_{2j}^{[1]}x_2+b_j^{[1]}$, "
    r"$\hat y=w_{11}^{[2]}a_1+w_{21}^{[2]}a_2+w_{31}^{[2]}a_3+b_1^{[2]}$, loss $J=(\hat y-y)^2$. Find the prediction "
    r"with the identity ($a_j=z_j$) and with ReLU ($a_j=\max(z_j,0)$); then, with the identity, the loss, the four "
    "gradients, and the new values of $b_2^{[1]}$ and $w_{13}^{[1]}$ after one step of gradient descent.",
    LINEAR,
    {
        **{name: (name, None) for name in ("yhat_identity", "yhat_relu", "J", "db1_2", "dw21_2", "db2_1", "dw13_1")},
        "b2_1_new": ("b2_1_new", "b2_1"),
        "w13_1_new": ("w13_1_new", "w13_1"),
    },
    LINEAR_NUMBERS,
    groups=LINEAR_GROUPS,
    mistakes=LINEAR_MISTAKES,
    labels=LINEAR_LABELS,
    derivation=_LINEAR_DERIVATION,
    objective="J",
    gradients={"db1_2": "b1_2", "dw21_2": "w21_2", "db2_1": "b2_1", "dw13_1": "w13_1"},
    draw=draw_linear,
    fit=fit_linear,
    hints=(
        "Write down the three pre-activations first; everything else is made of them.",
        "A gradient is a product with one factor for each edge on the way from the loss back to the parameter.",
        "Work out the derivative of J with respect to the prediction once; all four gradients contain it.",
    ),
)

# ---------------------------------------------------------------------- the learning rate of task 002.1d

_ALONG = {
    **_LINEAR_FORWARD,
    "error": "yhat - y",
    **_lines(LEARNING_RATE, "db1_2", "db2_1", "dw13_1", "slope"),
    "yhat_new": "w11_2*a1 + w21_2*(z2 - eta*db2_1) + w31_2*(z3 - eta*dw13_1*x1) + b1_2",
    "J_new": "(yhat_new - y)**2",
}
del _ALONG["J"]
_ALONG_DERIVATION = Derivation(
    "yhat_new",
    [
        Step(
            "yhat - eta*(db2_1*w21_2 + dw13_1*x1*w31_2)",
            "each update moves one pre-activation, and that the prediction",
        ),
        Step("yhat - eta*slope", "a name for what stands in brackets"),
        Step("(error - eta*slope)**2", "so the new loss is a parabola in the learning rate", left="J_new"),
        Step(
            "-2*slope*(error - eta*slope)",
            "its derivative is zero where the learning rate is e divided by that slope: there the loss is smallest",
            left="diff(J_new, eta)",
        ),
        Step(
            "eta*slope*(eta*slope - 2*error)",
            "what the loss gains: zero again at twice that learning rate, and positive beyond",
            left="J_new - error**2",
        ),
    ],
    dict.fromkeys(LINEAR_NUMBERS, ()),
    _ALONG,
    title="The loss along the step",
)

learning_rate = TableQuestion(
    "04.eta",
    "Which learning rate is too large",
    r"In the linear network only $b_2^{[1]}$ and $w_{13}^{[1]}$ take the step, with a learning rate $\eta$ "
    r"that is still open. Find `eta_best`, at which the loss after the step is smallest, and `eta_limit`, "
    r"above which the step makes the loss larger than it was.",
    LEARNING_RATE,
    {"eta_best": ("eta_best", None), "eta_limit": ("eta_limit", None)},
    LINEAR_NUMBERS,
    groups=LINEAR_GROUPS[:-1],
    mistakes=LEARNING_RATE_MISTAKES,
    labels=LEARNING_RATE_LABELS,
    derivation=_ALONG_DERIVATION,
    objective="J",
    gradients={"db2_1": "b2_1", "dw13_1": "w13_1"},
    draw=draw_linear,
    fit=fit_linear,
    numbers_of=forward_backward,
    hints=(
        "Write the prediction after the step as the old one minus the learning rate times a number.",
        "A change of the bias of hidden neuron 2 reaches the prediction through one weight; a change of "
        "the other weight through an input and a weight.",
        "The loss is the square of e = ŷ − y: it is smallest where e is zero, and as large as before "
        "where e has only changed its sign.",
    ),
)

# ---------------------------------------------------------------------------- matrix form, gradient check

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

# ------------------------------------------------------------------------------------------- task 003

_FORWARD = _lines(LOGISTIC, "z1", "z2", "z3", "a1", "a2", "a3", "z4", "a4", "E")
_BACK = _lines(LOGISTIC, "delta4", "delta1", "delta2", "delta3")


def _logistic_steps():
    yield Step("diff(E, a4) * diff(a4, z4)", "chain rule, through the output neuron")
    yield Step("(a4 - y) * diff(a4, z4)", "the ½ and the 2 of the square cancel; the inner derivative is −1")
    yield Step("(a4 - y) * a4*(1 - a4)", "derivative of the logistic function: σ' = σ(1 − σ)")
    yield Step("delta4", "a name for it: the δ of the output neuron")
    yield Step("diff(E, z4) * diff(z4, b4)", "the bias of the output", left="diff(E, b4)")
    yield Step("delta4 * 1", "it is simply added", left="diff(E, b4)")
    for j in (1, 2, 3):
        w, v, u = 2 * j - 1, 2 * j, 6 + j
        yield Step(
            f"delta4 * a{j}", f"weight {u}: beside it stands the activation of hidden neuron {j}", left=f"diff(E, w{u})"
        )
        yield Step(
            f"diff(E, z4) * diff(z4, a{j}) * diff(a{j}, z{j})", f"back through hidden neuron {j}", left=f"diff(E, z{j})"
        )
        yield Step(
            f"delta4 * w{u} * a{j}*(1 - a{j})",
            "the weight of the edge, and the derivative of the neuron",
            left=f"diff(E, z{j})",
        )
        yield Step(f"delta{j} * x1", "beside this weight stands the first input", left=f"diff(E, w{w})")
        yield Step(f"delta{j} * x2", "beside this weight stands the second input", left=f"diff(E, w{v})")
        yield Step(f"delta{j}", "the bias is simply added", left=f"diff(E, b{j})")


_LOGISTIC_DERIVATION = Derivation(
    "diff(E, z4)",
    list(_logistic_steps()),
    dict.fromkeys(("x1", "x2", *PARAMETERS, "y"), ()),
    {**_FORWARD, **_BACK},
    title="All thirteen gradients",
)


def _logistic_question(key, title, statement, numbers, hints):
    return TableQuestion(
        key,
        title,
        statement,
        LOGISTIC,
        {name: (f"{name}_new", name) for name in PARAMETERS},
        numbers,
        groups=LOGISTIC_GROUPS,
        mistakes=LOGISTIC_MISTAKES,
        labels=LOGISTIC_LABELS,
        alike=ALWAYS_ALIKE,
        derivation=_LOGISTIC_DERIVATION,
        objective="E",
        gradients={f"d{name}": name for name in PARAMETERS},
        readings={"delta4": "b4", "delta1": "b1", "delta2": "b2", "delta3": "b3"},
        draw=draw_logistic,
        fit=fit_logistic,
        hints=hints,
    )


_NETWORK = (
    r"Network: $z_1=w_1x_1+w_2x_2+b_1$, $z_2=w_3x_1+w_4x_2+b_2$, $z_3=w_5x_1+w_6x_2+b_3$, $a_j=\sigma(z_j)$, "
    r"$z_4=w_7a_1+w_8a_2+w_9a_3+b_4$, $a_4=\sigma(z_4)$, loss $E=\frac12(y-a_4)^2$. "
)

all_ones = _logistic_question(
    "003.1a",
    "All thirteen parameters, from ones",
    _NETWORK + "All parameters are 1. Find the thirteen new values after one step of gradient descent.",
    ALL_ONES,
    (
        "Work out the four activations first, then the δ of the output, then those of the hidden neurons.",
        "The δ (delta) of a neuron is the derivative of E with respect to its pre-activation z; every gradient "
        "is a δ times what comes in along the edge.",
        "Keep all digits: the steps are a hundred thousand times smaller than the values.",
    ),
)

mixed_start = _logistic_question(
    "003.1b",
    "All thirteen parameters, from a mixed start",
    _NETWORK + "Find the thirteen new values after one step of gradient descent.",
    MIXED,
    (
        "Work out the four activations first, then the δ of the output, then those of the hidden neurons.",
        "The δ (delta) of a hidden neuron, ∂E/∂z, is that of the output, times the weight between them, times "
        "a(1 − a).",
        "The new value is the old one, with its sign, minus the learning rate times the gradient.",
    ),
)

questions = [
    forward_backward,
    learning_rate,
    validation,
    all_ones,
    mixed_start,
    initialisation,
    matrix_form,
    gradient_check,
]
