"""The linear 2-3-1 network that is worked out by hand in notebook 04, task 002.1: its lines, its printed numbers,
numbers of one's own, and the mistakes, each as a change of lines.

    z = W x + b,  a = z (identity) or ReLU(z),  ŷ = w · a + b,  J = (ŷ − y)²
"""

from helpers.exercises.exercise import Mistake
from helpers.exercises.table_question import TableQuestion
from helpers.exercises.working import Working
from helpers.formulas.derivation import Derivation, Step

# ------------------------------------------------------------------------------------------- the network

LINEAR_GROUPS = (
    ("input", ("x1", "x2")),
    ("weights to the hidden layer", ("w11_1", "w12_1", "w13_1", "w21_1", "w22_1", "w23_1")),
    ("its biases", ("b1_1", "b2_1", "b3_1")),
    ("weights to the output", ("w11_2", "w21_2", "w31_2")),
    ("its bias", ("b1_2",)),
    ("target", ("y",)),
    ("learning rate", ("eta",)),
)
LINEAR_NUMBERS = {
    "x1": 1.0,
    "x2": 3.0,
    "w11_1": 2.0,
    "w12_1": 1.0,
    "w13_1": 3.0,
    "w21_1": 2.0,
    "w22_1": -1.0,
    "w23_1": 1.0,
    "b1_1": 1.0,
    "b2_1": 0.0,
    "b3_1": -1.0,
    "w11_2": 3.0,
    "w21_2": 1.0,
    "w31_2": 2.0,
    "b1_2": 1.0,
    "y": 32.0,
    "eta": 2.0,
}
_HIDDEN = {f"z{j}": f"w1{j}_1*x1 + w2{j}_1*x2 + b{j}_1" for j in (1, 2, 3)}
LINEAR = Working(
    {
        **_HIDDEN,
        "a1": "z1",
        "a2": "z2",
        "a3": "z3",
        "yhat_identity": "w11_2*a1 + w21_2*a2 + w31_2*a3 + b1_2",
        "r1": "relu(z1)",
        "r2": "relu(z2)",
        "r3": "relu(z3)",
        "yhat_relu": "w11_2*r1 + w21_2*r2 + w31_2*r3 + b1_2",
        "error": "yhat_identity - y",
        "J": "error**2",
        "db1_2": "2*error",
        "dw21_2": "db1_2*a2",
        "db2_1": "db1_2*w21_2",
        "dw13_1": "db1_2*w31_2*x1",
        "b2_1_new": "b2_1 - eta*db2_1",
        "w13_1_new": "w13_1 - eta*dw13_1",
    }
)
LINEAR_LABELS = {
    "db1_2": r"\frac{\partial J}{\partial b_1^{[2]}}",
    "dw21_2": r"\frac{\partial J}{\partial w_{21}^{[2]}}",
    "db2_1": r"\frac{\partial J}{\partial b_2^{[1]}}",
    "dw13_1": r"\frac{\partial J}{\partial w_{13}^{[1]}}",
    "yhat_relu": r"\hat y_{\text{ReLU}}",
    "error": "e",
    "r1": r"a_1^{\text{ReLU}}",
    "r2": r"a_2^{\text{ReLU}}",
    "r3": r"a_3^{\text{ReLU}}",
}
_SWAPPED = {f"z{j}": f"w1{j}_1*x2 + w2{j}_1*x1 + b{j}_1" for j in (1, 2, 3)}
_NO_HIDDEN_BIAS = {f"z{j}": f"w1{j}_1*x1 + w2{j}_1*x2" for j in (1, 2, 3)}
_RELU = {f"a{j}": f"relu(z{j})" for j in (1, 2, 3)}
_AFTER_B2 = "2*(yhat_identity - eta*db2_1*w21_2 - y)*w31_2*x1"

LINEAR_MISTAKES = (
    Mistake(
        "no_bias",
        "The biases are missing in the forward pass, in both layers.",
        {
            **_NO_HIDDEN_BIAS,
            "yhat_identity": "w11_2*a1 + w21_2*a2 + w31_2*a3",
            "yhat_relu": "w11_2*r1 + w21_2*r2 + w31_2*r3",
        },
        hint="Every neuron adds its bias after the weighted sum.",
    ),
    Mistake(
        "no_hidden_bias",
        "The biases of the hidden neurons are missing in the forward pass.",
        _NO_HIDDEN_BIAS,
        hint="Every neuron adds its bias after the weighted sum, hidden ones too.",
    ),
    Mistake(
        "x_swapped",
        "The two inputs are swapped.",
        _SWAPPED,
        {**_SWAPPED, "dw13_1": "db1_2*w31_2*x2"},
        hint="The first index of a weight is the input that it comes from.",
    ),
    Mistake(
        "rows_read",
        "The six weights to the hidden layer are read in another order: the first index is the input, the second one the "
        "neuron.",
        {
            "z1": "w11_1*x1 + w12_1*x2 + b1_1",
            "z2": "w13_1*x1 + w21_1*x2 + b2_1",
            "z3": "w22_1*x1 + w23_1*x2 + b3_1",
        },
        hint="w₁₂ leads from input 1 to neuron 2.",
    ),
    Mistake(
        "relu_everywhere",
        "ReLU stands in the prediction with the identity, too.",
        {**_RELU, "db2_1": "db1_2*w21_2*(1 + sign(z2))/2"},
        _RELU,
        {"yhat_identity": "w11_2*relu(z1) + w21_2*relu(z2) + w31_2*relu(z3) + b1_2"},
        hint="With the identity a negative pre-activation stays as it is.",
    ),
    Mistake(
        "relu_not_applied",
        "The ReLU has not been applied: a negative pre-activation has to become 0.",
        {"r1": "z1", "r2": "z2", "r3": "z3"},
        hint="ReLU(z) is the larger one of z and 0.",
    ),
    Mistake(
        "sigmoid_for_identity",
        "The hidden neurons went through the logistic function; here their activation is the identity.",
        {f"a{j}": f"sigma(z{j})" for j in (1, 2, 3)},
    ),
    Mistake(
        "yhat_38",
        "The prediction of the ReLU network stands in the loss and its gradients; here the task asks for the identity.",
        {"error": "yhat_relu - y"},
        {"error": "yhat_relu - y", "dw21_2": "db1_2*r2"},
        {"error": "yhat_relu - y", "dw21_2": "db1_2*r2", "db2_1": "db1_2*w21_2*(1 + sign(z2))/2"},
        {"db1_2": "2*(yhat_relu - y)"},
    ),
    Mistake(
        "factor_2",
        "The factor 2 that the square leaves behind is missing in the gradients.",
        {"db1_2": "error"},
        hint="The derivative of u² is 2u, times the derivative of u.",
    ),
    Mistake(
        "half_loss",
        "There is a factor ½ in front of the loss; here J is the square itself.",
        {"J": "error**2/2", "db1_2": "error"},
        hint="Compare your J with the one in the task.",
    ),
    Mistake(
        "sign_error",
        "The difference is the wrong way round in the derivative of the loss: its sign is lost.",
        {"db1_2": "2*(y - yhat_identity)"},
        hint="J grows with ŷ where ŷ is above the target.",
    ),
    Mistake(
        "w_instead_of_a",
        "The derivative of ŷ with respect to a weight of the output is not that weight.",
        {"dw21_2": "db1_2*w21_2"},
        hint="ŷ contains w·a: what stands beside w?",
    ),
    Mistake(
        "missing_w21",
        "On the way to the bias of the hidden neuron the weight to the output is missing.",
        {"db2_1": "db1_2"},
        hint="Follow the path from b₂ to ŷ, one factor for each edge.",
    ),
    Mistake(
        "missing_w31",
        "On the way to the weight of the hidden neuron the weight to the output is missing.",
        {"dw13_1": "db1_2*x1"},
        hint="Follow the path from w₁₃ to ŷ, one factor for each edge.",
    ),
    Mistake(
        "missing_x1",
        "In the gradient of the weight to the hidden neuron its input is missing.",
        {"dw13_1": "db1_2*w31_2"},
        hint="z₃ contains w₁₃ times what?",
    ),
    Mistake(
        "own_weight",
        "In the gradient of the weight to the hidden neuron stands that weight "
        "itself, instead of the weight to the output.",
        {"dw13_1": "db1_2*w13_1*x1"},
        {"dw13_1": "db1_2*w13_1"},
        hint="Follow the path from w₁₃ to ŷ, one factor for each edge.",
    ),
    Mistake(
        "activation_for_input",
        "In the gradient of the weight to the hidden neuron stands the "
        "activation of that neuron; the weight to the output and the input belong there.",
        {"dw13_1": "db1_2*a3"},
        {"dw13_1": "db1_2*w31_2*a3"},
        hint="z₃ contains w₁₃ times what? And what stands beside a₃ in ŷ?",
    ),
    Mistake(
        "x2_for_x1",
        "In the gradient of the weight to the hidden neuron stands the other input.",
        {"dw13_1": "db1_2*w31_2*x2"},
        hint="The first index of a weight is the input that it comes from.",
    ),
    Mistake(
        "relu_a2_in_1c",
        "The activation of the ReLU network stands in the gradients; here the task asks for the identity.",
        {"dw21_2": "db1_2*r2", "db2_1": "db1_2*w21_2*(1 + sign(z2))/2"},
        {"dw21_2": "db1_2*r2"},
    ),
    Mistake(
        "simul_two_step",
        "The second gradient was taken after the first parameter had already "
        "moved. All gradients of one step belong to the old parameters.",
        {"dw13_1": _AFTER_B2},
        {"w13_1_new": f"w13_1 - eta*{_AFTER_B2}"},
    ),
)

# Along the step of two parameters the prediction is ŷ − η · slope, and the loss a parabola in η.
LEARNING_RATE = Working(
    {
        **{
            name: formula.text
            for name, formula in LINEAR.formulas.items()
            if name not in ("b2_1_new", "w13_1_new", "dw21_2", "r1", "r2", "r3", "yhat_relu")
        },
        "slope": "db2_1*w21_2 + dw13_1*x1*w31_2",
        "eta_best": "error/slope",
        "eta_limit": "2*error/slope",
    }
)
LEARNING_RATE_LABELS = {
    **LINEAR_LABELS,
    "slope": r"\text{slope}",
    "eta_best": r"\eta_{\text{best}}",
    "eta_limit": r"\eta_{\text{limit}}",
}
LEARNING_RATE_MISTAKES = (
    Mistake("only_b2", "Only the bias has been moved; the weight takes its step as well.", {"slope": "db2_1*w21_2"}),
    Mistake(
        "only_w13", "Only the weight has been moved; the bias takes its step as well.", {"slope": "dw13_1*x1*w31_2"}
    ),
    Mistake(
        "missing_path",
        "The way from the two parameters to the prediction is missing: a change of "
        "a parameter reaches it through an input and a weight.",
        {"slope": "db2_1 + dw13_1"},
    ),
    Mistake(
        "missing_input",
        "On the way from the weight to the prediction its input is missing.",
        {"slope": "db2_1*w21_2 + dw13_1*w31_2"},
        {"dw13_1": "db1_2*w31_2"},
    ),
    Mistake("factor_2", "The factor 2 that the square leaves behind is missing in the gradients.", {"db1_2": "error"}),
    Mistake(
        "cost_for_error",
        "The loss stands in the place of e = ŷ − y: look for where e becomes zero.",
        {"eta_best": "J/slope", "eta_limit": "2*J/slope"},
    ),
    Mistake(
        "swapped", "The two learning rates are swapped.", {"eta_best": "2*error/slope", "eta_limit": "error/slope"}
    ),
    Mistake(
        "limit_doubled_twice",
        "The limit is not twice as large as the best learning rate: the 2 has come in twice.",
        {"eta_limit": "4*error/slope"},
    ),
    Mistake(
        "error_missing",
        "The numerator is not e = ŷ − y: look for where the prediction meets the target.",
        {"eta_best": "1/slope", "eta_limit": "2/slope"},
    ),
    Mistake(
        "reciprocal",
        "Numerator and denominator are exchanged.",
        {"eta_best": "slope/error", "eta_limit": "slope/(2*error)"},
    ),
    Mistake(
        "all_thirteen",
        "All thirteen parameters have been moved; here only two of them take the step.",
        {"slope": "db1_2*(1 + a1**2 + a2**2 + a3**2 + (w11_2**2 + w21_2**2 + w31_2**2)*(1 + x1**2 + x2**2))"},
    ),
    Mistake(
        "limit_is_best",
        "The best learning rate stands in both places; beyond it the loss is still smaller than before, for a while.",
        {"eta_limit": "error/slope"},
    ),
    Mistake(
        "best_is_limit",
        "The limit stands in both places: at the best learning rate the prediction meets the target.",
        {"eta_best": "2*error/slope"},
    ),
    Mistake(
        "ascent",
        "The sign is wrong: the step goes against the gradient, with a positive learning rate.",
        {"eta_best": "-error/slope", "eta_limit": "-2*error/slope"},
    ),
)

_INPUTS, _HIDDEN_WEIGHTS = (3.0, 4.0, 5.0, 6.0), (1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 2.1, 2.2, 2.3, 2.4)
_SMALL, _OUTPUT_WEIGHTS = (0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9), (2.5, 3.5, 4.5, 7.0, 8.0)


def draw_linear(dice):
    """Numbers for task 002: small and tidy; the second hidden neuron is the one that ReLU switches off."""
    numbers = dict(zip(("x1", "x2"), dice.sample(_INPUTS, 2), strict=True))
    numbers.update(zip(("w11_1", "w12_1", "w13_1", "w21_1", "w23_1"), dice.sample(_HIDDEN_WEIGHTS, 5), strict=True))
    numbers["w22_1"] = -dice.choose((2.6, 2.7, 2.8, 3.2, 3.3, 3.4))
    numbers.update(zip(("b1_1", "b2_1", "b3_1", "b1_2"), map(dice.signed, dice.sample(_SMALL, 4)), strict=True))
    numbers.update(zip(("w11_2", "w21_2", "w31_2"), dice.sample(_OUTPUT_WEIGHTS, 3), strict=True))
    numbers["eta"] = dice.choose((1.1, 1.9, 5.5, 9.0))
    yhat = LINEAR.values({**numbers, "y": 0.0})["yhat_identity"]
    numbers["y"] = round(yhat - dice.choose((3.0, 4.0, 5.0, 6.0, -3.0, -4.0, -5.0, -6.0)), 2)
    return {name: numbers[name] for name in LINEAR_NUMBERS}


def fit_linear(numbers, values):
    """Whether drawn numbers make a problem like the printed one."""
    sizes = {abs(value) for value in numbers.values()}
    return (
        len(sizes) == len(numbers)
        and min(values["z1"], values["z3"]) > 1
        and values["z2"] < -1.2
        and not sizes & {0.0, 0.5, 1.0, 2.0}
        and abs(values["yhat_relu"] - numbers["y"]) > 1
    )


# ------------------------------------------------------------------------------------------- the exercises

_LINEAR_FORWARD = {
    **LINEAR.texts("z1", "z2", "z3", "a1", "a2", "a3"),
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
        **{
            name: (name, None)
            for name in ("z1", "z2", "z3", "yhat_identity", "yhat_relu", "J", "db1_2", "dw21_2", "db2_1", "dw13_1")
        },
        "b2_1_new": ("b2_1_new", "b2_1"),
        "w13_1_new": ("w13_1_new", "w13_1"),
    },
    LINEAR_NUMBERS,
    further=("z1", "z2", "z3"),
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
    **LEARNING_RATE.texts("db1_2", "db2_1", "dw13_1", "slope"),
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
    minutes=10,
    optional=True,
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
