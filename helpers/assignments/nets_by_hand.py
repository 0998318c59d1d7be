"""The two 2-3-1 networks that are worked out by hand in notebook 04: their lines, their printed numbers,
numbers of one's own, and the mistakes, each as a change of lines.

Task 002:  z = W x + b, a = z (identity) or ReLU(z), ŷ = w · a + b, J = (ŷ − y)²
Task 003:  z = W x + b, a = σ(z), z4 = w · a + b4, ŷ = a4 = σ(z4), E = ½(y − a4)²
"""

from helpers.exercises.exercise import Mistake
from helpers.exercises.working import Working

# ------------------------------------------------------------------------------------------------ task 002

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
        "eta_missing",
        "The learning rate is missing in the update.",
        {"b2_1_new": "b2_1 - db2_1", "w13_1_new": "w13_1 - dw13_1"},
        hint="The step is the learning rate times the gradient.",
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


# ------------------------------------------------------------------------------------------------ task 003

WEIGHTS = tuple(f"w{i}" for i in range(1, 10))
BIASES = tuple(f"b{i}" for i in range(1, 5))
PARAMETERS = WEIGHTS + BIASES
LOGISTIC_GROUPS = (
    ("input", ("x1", "x2")),
    ("weights to the hidden layer", WEIGHTS[:6]),
    ("its biases", BIASES[:3]),
    ("weights to the output", WEIGHTS[6:]),
    ("its bias", BIASES[3:]),
    ("target", ("y",)),
    ("learning rate", ("eta",)),
)
ALL_ONES = {"x1": 1.0, "x2": 0.0, **dict.fromkeys(PARAMETERS, 1.0), "y": 1.0, "eta": 0.1}
MIXED = {
    **ALL_ONES,
    "w1": 0.5,
    "w2": -0.25,
    "w3": 0.5,
    "w4": -0.25,
    "w5": 0.5,
    "w6": -0.25,
    "w7": 1.0,
    "w8": -1.0,
    "w9": 0.0,
    **dict.fromkeys(BIASES, 0.1),
}


def _per_hidden(name, formula):
    """Three lines, one for each hidden neuron j: its weights w, v come from x1 and x2, its weight u leads
    to the output."""

    def written(text, j):
        for letter, value in (("{j}", j), ("{w}", 2 * j - 1), ("{v}", 2 * j), ("{u}", 6 + j)):
            text = text.replace(letter, str(value))
        return text

    return {written(name, j): written(formula, j) for j in (1, 2, 3)}


_GRADIENTS = {
    **_per_hidden("dw{w}", "delta{j}*x1"),
    **_per_hidden("dw{v}", "delta{j}*x2"),
    **_per_hidden("dw{u}", "delta4*a{j}"),
    **_per_hidden("db{j}", "delta{j}"),
    "db4": "delta4",
}


def _updates(step):
    return {f"{name}_new": f"{name} {step}*d{name}" for name in PARAMETERS}


LOGISTIC = Working(
    {
        **_per_hidden("z{j}", "w{w}*x1 + w{v}*x2 + b{j}"),
        **_per_hidden("a{j}", "sigma(z{j})"),
        "z4": "w7*a1 + w8*a2 + w9*a3 + b4",
        "a4": "sigma(z4)",
        "E": "(y - a4)**2/2",
        "delta4": "(a4 - y)*a4*(1 - a4)",
        **_per_hidden("delta{j}", "delta4*w{u}*a{j}*(1 - a{j})"),
        **{f"d{name}": _GRADIENTS[f"d{name}"] for name in PARAMETERS},
        **_updates("- eta"),
    }
)
LOGISTIC_LABELS = {f"d{name}": rf"\frac{{\partial E}}{{\partial {name[0]}_{name[1:]}}}" for name in PARAMETERS}

LOGISTIC_MISTAKES = (
    Mistake(
        "ascent_sign",
        "The gradient has been added instead of subtracted: that climbs.",
        _updates("+ eta"),
        hint="A step of gradient descent is minus the learning rate times the gradient.",
    ),
    Mistake(
        "err_sign_y",
        "The derivative of ½(y − ŷ)² with respect to ŷ has the wrong sign.",
        {"delta4": "(y - a4)*a4*(1 - a4)"},
        hint="The inner derivative of y − ŷ is −1.",
    ),
    Mistake(
        "missing_half_factor2",
        "The factor ½ of the loss is missing, so every gradient is doubled.",
        {"delta4": "2*(a4 - y)*a4*(1 - a4)"},
        hint="½ and the 2 of the square cancel.",
    ),
    Mistake(
        "no_hidden_sigmoid_prime",
        "The derivative of the hidden neurons' activation is missing.",
        _per_hidden("delta{j}", "delta4*w{u}"),
        hint="On the way through a neuron stands σ'(z) = a(1 − a).",
    ),
    Mistake(
        "no_output_sigmoid_prime",
        "The derivative of the output's activation is missing.",
        {"delta4": "a4 - y"},
        hint="On the way through a neuron stands σ'(z) = a(1 − a).",
    ),
    Mistake(
        "missing_output_weight",
        "In the hidden neurons' part the weights to the output are missing.",
        _per_hidden("delta{j}", "delta4*a{j}*(1 - a{j})"),
        hint="δ goes back along the same edges as the signal came, times the same weights.",
    ),
    Mistake(
        "updated_w_used",
        "The new weights to the output were used for the hidden neurons' "
        "gradients. All gradients of one step belong to the old weights.",
        _per_hidden("delta{j}", "delta4*(w{u} - eta*delta4*a{j})*a{j}*(1 - a{j})"),
    ),
    Mistake(
        "z_instead_of_a_in_w7",
        "In the gradients of the weights to the output stands the "
        "pre-activation z of a hidden neuron instead of its activation a.",
        _per_hidden("dw{u}", "delta4*z{j}"),
        hint="z₄ contains w₇ times what?",
    ),
    Mistake(
        "sigma_prime_of_a",
        "The derivative σ' has been taken at a, that is, the logistic function was applied twice.",
        {"delta4": "(a4 - y)*dsigma(a4)", **_per_hidden("delta{j}", "delta4*w{u}*dsigma(a{j})")},
        hint="σ'(z) = a(1 − a), with a as it is.",
    ),
    Mistake(
        "no_bias_forward",
        "The biases are missing in the forward pass.",
        {**_per_hidden("z{j}", "w{w}*x1 + w{v}*x2"), "z4": "w7*a1 + w8*a2 + w9*a3"},
        hint="Every neuron adds its bias after the weighted sum.",
    ),
    Mistake(
        "bias_not_updated",
        "The biases have not been updated.",
        {f"{name}_new": name for name in BIASES},
        hint="A bias is a parameter like any other; its input is 1.",
    ),
    Mistake(
        "w2_gets_x1",
        "The weights of the second input were updated like those of the first.",
        _per_hidden("dw{v}", "delta{j}*x1"),
        hint="The gradient of a weight contains its own input.",
    ),
    Mistake(
        "missing_input",
        "The input is missing in the gradients of the weights to the hidden layer.",
        {**_per_hidden("dw{w}", "delta{j}"), **_per_hidden("dw{v}", "delta{j}")},
        hint="The gradient of a weight contains its own input.",
    ),
    Mistake(
        "x_swapped",
        "The two inputs are swapped.",
        {
            **_per_hidden("z{j}", "w{w}*x2 + w{v}*x1 + b{j}"),
            **_per_hidden("dw{w}", "delta{j}*x2"),
            **_per_hidden("dw{v}", "delta{j}*x1"),
        },
        _per_hidden("z{j}", "w{w}*x2 + w{v}*x1 + b{j}"),
    ),
    Mistake(
        "numbering",
        "The weights are numbered another way here: w1 and w2 lead to neuron 1, w3 and "
        "w4 to neuron 2, w5 and w6 to neuron 3.",
        {
            **{f"z{j}": f"w{j}*x1 + w{3 + j}*x2 + b{j}" for j in (1, 2, 3)},
            **{f"dw{j}": f"delta{j}*x1" for j in (1, 2, 3)},
            **{f"dw{3 + j}": f"delta{j}*x2" for j in (1, 2, 3)},
        },
    ),
    Mistake(
        "eta_missing",
        "The learning rate is missing in the update.",
        {f"{name}_new": f"{name} - d{name}" for name in PARAMETERS},
        hint="The step is the learning rate times the gradient.",
    ),
)
ALWAYS_ALIKE = (frozenset({"ascent_sign", "err_sign_y"}),)  # the same values whatever the numbers are

_DECIMALS = tuple(k / 20 for k in range(3, 27) if k not in (10, 20))  # 0.15, 0.2, … 1.3 without ½ and 1


def draw_logistic(dice):
    """Numbers for task 003: short decimals, all different in size."""
    y, eta = dice.sample(_DECIMALS[1:9], 2)
    left = [value for value in _DECIMALS if value not in (y, eta)]
    x1, x2, *weights = map(dice.signed, dice.sample(left, 15))
    return {"x1": x1, "x2": x2, **dict(zip(PARAMETERS, weights, strict=True)), "y": y, "eta": eta}


def fit_logistic(numbers, values):
    """Whether drawn numbers make a good problem: no neuron at rest or saturated, the target not nearly
    reached."""
    pre_activations = [abs(values[f"z{j}"]) for j in (1, 2, 3, 4)]
    return max(pre_activations) < 2.2 and min(pre_activations[:3]) > 0.1 and abs(values["a4"] - numbers["y"]) > 0.15
