"""The logistic 2-3-1 network that is worked out by hand in notebook 04, task 003.1: its lines, its printed numbers,
numbers of one's own, and the mistakes, each as a change of lines.

    z = W x + b,  a = σ(z),  z4 = w · a + b4,  ŷ = a4 = σ(z4),  E = ½(y − a4)²
"""

from helpers.exercises.exercise import Mistake
from helpers.exercises.table_question import TableQuestion
from helpers.exercises.working import Working
from helpers.formulas.derivation import Derivation, Step

# ------------------------------------------------------------------------------------------- the network

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
        "half_twice",
        "The factor ½ stands in the gradients too; there it and the 2 of the square cancel.",
        {"delta4": "(a4 - y)*a4*(1 - a4)/2"},
        hint="The derivative of ½u² is u.",
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
        {
            **{f"dw{j}": f"delta{j}*x1" for j in (1, 2, 3)},
            **{f"dw{3 + j}": f"delta{j}*x2" for j in (1, 2, 3)},
        },
        {f"z{j}": f"w{j}*x1 + w{3 + j}*x2 + b{j}" for j in (1, 2, 3)},
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


# ------------------------------------------------------------------------------------------- the exercises

_FORWARD = LOGISTIC.texts("z1", "z2", "z3", "a1", "a2", "a3", "z4", "a4", "E")
_BACK = LOGISTIC.texts("delta4", "delta1", "delta2", "delta3")


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


def _logistic_question(key, title, statement, numbers, hints, **more):
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
        **more,
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
    optional=True,
    own_numbers="optional",
)
