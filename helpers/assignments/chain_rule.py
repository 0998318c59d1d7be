"""Notebook 02, the chain rule: tasks 000.2, 001.2.1, 001.2.3, 001.2.4, the vector form of 001, and 002.2; the backward
pass of the small network as a program, and a gradient check.

In the notebook: `from helpers.assignments import chain_rule`, then `chain_rule.dE_da.check(my_dE_da)`.
"""

from helpers.assignments.matrix_form import gradient_check
from helpers.assignments.networks import ONLY_Z2, PARAMETERS, POINTS, network_question
from helpers.assignments.points import generic
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.exercises.gradient_check import GradientCheckQuestion
from helpers.exercises.gradients_question import GradientsQuestion
from helpers.exercises.judged import ChangesClaim
from helpers.exercises.working import Working
from helpers.formulas.derivation import Step

# ----------------------------------------------------------------------------------------------- 000.2

_TREE = {"z1": "a*u + b*v", "s": "sigma(z1)", "z2": "c*w + d*x", "t": "tanh(z2)", "E": "2*s - t"}
_TREE_SHAPES = dict.fromkeys("uvwxabcd", ())
_TREE_HINTS = (
    "Draw the graph of E and look for the path from the parameter to E: only one of the two terms contains it.",
    "Chain rule along that path: outer derivative at the pre-activation, times the derivative of the pre-activation.",
    "The derivative of a product of an input and a parameter with respect to the parameter is the input.",
)
_TREE_STATEMENT = (
    r"Let $E=2\sigma(au+bv)-\tanh(cw+dx)$ with inputs $u,v,w,x$ and parameters $a,b,c,d$. "
    r"Find $\partial E/\partial {}$."
)


def _branch(parameter, own, slope, mistake, steps):
    """∂E/∂parameter. `own` is the input that it multiplies; slope(q) is the answer for the input q. The notebook asks
    for a and d, and on side paths for b and c and for the lines of c and d."""
    missing = "The inner derivative is missing: the input that the parameter multiplies."
    return Question(
        f"000.2.{parameter}",
        f"Derivative of E with respect to {parameter}",
        _TREE_STATEMENT.format(parameter),
        _TREE_SHAPES,
        generic(_TREE_SHAPES),
        slope(own),
        definitions=_TREE,
        objective="E",
        variable=parameter,
        mistakes=[Mistake("missing_input", missing, slope("1")), mistake],
        hints=_TREE_HINTS,
        steps=steps,
        optional=parameter in "bc",
        lines="optional" if parameter in "cd" else "",
    )


def _sigma_branch(parameter, own):
    """∂E/∂a and ∂E/∂b."""
    return _branch(
        parameter,
        own,
        "2*{}*s*(1 - s)".format,
        Mistake("missing_2", "The constant factor in front of σ was lost.", f"{own}*s*(1 - s)"),
        [
            Step(f"diff(E, s) * diff(s, z1) * diff(z1, {parameter})", "chain rule; t does not contain the parameter"),
            Step(
                f"2 * (s*(1 - s)) * {own}",
                r"$\sigma' = \sigma(1-\sigma)$ at the pre-activation, times the input",
            ),
            Step(f"2*{own} * s*(1 - s)", "reorder"),
        ],
    )


def _tanh_branch(parameter, own):
    """∂E/∂c and ∂E/∂d."""
    return _branch(
        parameter,
        own,
        "-{}*(1 - t**2)".format,
        Mistake("sign", "The minus in front of tanh was lost.", f"{own}*(1 - t**2)"),
        [
            Step(f"diff(E, t) * diff(t, z2) * diff(z2, {parameter})", "chain rule; s does not contain the parameter"),
            Step(f"-(1 - t**2) * {own}", r"$\tanh' = 1 - \tanh^2$ at the pre-activation, times the input"),
            Step(f"-{own} * (1 - t**2)", "reorder"),
        ],
    )


dE_da = _sigma_branch("a", "u")
dE_db = _sigma_branch("b", "v")
dE_dc = _tanh_branch("c", "w")
dE_dd = _tanh_branch("d", "x")

# --------------------------------------------------------------------------------------------- 001.2.1

_OUTPUT_HINTS = (
    "Only the output neuron contains this parameter: a1 does not change with it.",
    "Chain rule: the derivative of the output activation at z2, times the derivative of z2.",
)
_OUTPUT_SLOPE = {"logistic": ("sigma", "yhat*(1 - yhat)"), "tanh": ("tanh", "(1 - yhat**2)")}


def _output(parameter, kind, name, factor, mistakes, hint, why):
    """A parameter of the output neuron: the slope of its activation, times what the parameter multiplies."""
    activation, slope = _OUTPUT_SLOPE[name]
    return network_question(
        f"001.2.1.{parameter}.{name}",
        f"Output {kind}, {name} activation",
        activation,
        parameter,
        slope + factor,
        mistakes=mistakes,
        hints=(*_OUTPUT_HINTS, hint),
        optional=(parameter, name) != ("w2", "tanh"),  # the backward pass of the notebook has the logistic ones
        steps=[
            Step(f"diff(yhat, z2) * diff(z2, {parameter})", "chain rule"),
            Step(slope + (factor or "*1"), rf"derivative of the activation, written with $\hat y$; {why}"),
        ],
    )


def _output_weight(name):
    hint, why = "Which quantity multiplies the parameter in z2?", "the weight multiplies the hidden activation"
    return _output("w2", "weight", name, "*a1", (), hint, why)


def _output_bias(name):
    hint, why = "A bias is added, not multiplied: what is the derivative of z2?", "the bias is only added"
    return _output("b2", "bias", name, "", [ONLY_Z2], hint, why)


dyhat_dw2_logistic = _output_weight("logistic")
dyhat_db2_logistic = _output_bias("logistic")
dyhat_dw2_tanh = _output_weight("tanh")
dyhat_db2_tanh = _output_bias("tanh")

# --------------------------------------------------------------------------------------------- 001.2.3

dyhat_dx = network_question(
    "001.2.3",
    "Softplus network, derivative with respect to x",
    "softplus",
    "x",
    "w1*w2*sigma(z1)*sigma(z2)",
    optional=True,
    hints=(
        "The path is x → z1 → a1 → z2 → ŷ: four local derivatives.",
        "The derivative of softplus is the logistic sigmoid, each time at its own pre-activation.",
        "The two weights are the derivatives of the two pre-activations.",
    ),
    steps=[
        Step("diff(yhat, z2) * diff(z2, a1) * diff(a1, z1) * diff(z1, x)", "chain rule along the whole path"),
        Step("sigma(z2) * w2 * sigma(z1) * w1", "the derivative of softplus is the logistic sigmoid"),
        Step("w1*w2 * (1/(1 + exp(-z1))) * (1/(1 + exp(-z2)))", "written out; $z_2$ contains $b_2$"),
    ],
)

d2yhat_dx_db2 = network_question(
    "001.2.3.b2",
    "Softplus network, how the slope changes with b2",
    "softplus",
    "b2",
    "w1*w2*sigma(z1)*sigma(z2)*(1 - sigma(z2))",
    objective="slope",
    statement=r"Softplus network: $z_1=w_1x+b_1$, $a_1=\ln(1+e^{z_1})$, $z_2=w_2a_1+b_2$, $\hat "
    r"y=\ln(1+e^{z_2})$. "
    r"How fast does $\partial\hat y/\partial x$ change with $b_2$: find "
    r"$\frac{\partial^2\hat y}{\partial b_2\,\partial x}$.",
    target="diff(diff(yhat, x), b2)",
    optional=True,
    mistakes=[
        Mistake(
            "zero",
            "Zero would mean that b2 has no influence. But ∂ŷ/∂x is evaluated at z2, and z2 contains b2.",
            "0",
            hint="Which of the quantities in your formula for ∂ŷ/∂x contain b2, written out?",
        ),
        Mistake(
            "missing_1ms",
            "The last step is missing: the logistic sigmoid of z2 was not differentiated.",
            "w1*w2*sigma(z1)*sigma(z2)",
        ),
    ],
    hints=(
        "Begin with ∂ŷ/∂x and look for b2 in it: it is hidden in a pre-activation.",
        "Three of the four factors of ∂ŷ/∂x do not contain b2, so they stay as they are.",
        "The remaining factor is a logistic sigmoid; its derivative you know.",
    ),
    steps=[
        Step("diff(w1*w2*sigma(z1)*sigma(z2), b2)", r"insert $\partial\hat y/\partial x$"),
        Step("w1*w2*sigma(z1) * diff(sigma(z2), z2) * diff(z2, b2)", "only $z_2$ contains $b_2$"),
        Step(
            "w1*w2*sigma(z1) * (sigma(z2)*(1 - sigma(z2)))",
            r"$\sigma' = \sigma(1-\sigma)$, and the bias is only added",
        ),
    ],
)

does_the_slope_change = ChangesClaim(
    "001.2.3.text",
    "Does the slope depend on b2",
    r"In the softplus network $b_2$ is replaced by $b_2+\Delta b_2$. Does $\partial\hat y/\partial x$ change? Answer "
    "with a counterexample or a proof: `{'changes': True, 'counterexample': {'x': …, 'w1': …, 'b1': …, 'w2': …, 'b2': "
    r"…, 'b2_new': …}}`, or `{'changes': …, 'proof': formula}` where the formula is $\partial^2\hat y/\partial "
    r"b_2\,\partial x$.",
    slope=dyhat_dx,
    rate=d2yhat_dx_db2,
    variable="b2",
    optional=True,
)

# --------------------------------------------------------------------------------------------- 001.2.4

dyhat_dw1 = network_question(
    "001.2.4",
    "Logistic network, derivative with respect to w1",
    "sigma",
    "w1",
    "yhat*(1 - yhat)*w2*a1*(1 - a1)*x",
    optional=True,
    lines="optional",
    mistakes=[
        Mistake(
            "seed_243c_literal",
            "In the hidden layer σ itself stands where its derivative belongs.",
            "yhat*(1 - yhat)*w2*a1*x",
        ),
        Mistake(
            "added",
            "The factors along one path are multiplied; only different paths are added.",
            "yhat*(1 - yhat)*w2 + a1*(1 - a1)*x",
        ),
    ],
    hints=(
        "The path is w1 → z1 → a1 → z2 → ŷ: four local derivatives.",
        "Both activations are logistic: write each derivative with the activation's own value.",
        "The derivative of z2 with respect to a1 is a weight, that of z1 with respect to w1 is an input.",
    ),
    steps=[
        Step("diff(yhat, z2) * diff(z2, a1) * diff(a1, z1) * diff(z1, w1)", "chain rule along the whole path"),
        Step("(yhat*(1 - yhat)) * w2 * (a1*(1 - a1)) * x", r"$\sigma' = \sigma(1-\sigma)$ in both layers"),
    ],
)

# ---------------------------------------------------------------------------------- 001 in vector form

_LAYER = {"x": ("d",), "W1": ("k", "d"), "b1": ("k",), "w2": ("k",), "b2": ()}
_LAYER_POINTS = generic(_LAYER, d=(2, 2, 3, 4, 4), k=(3, 3, 2, 3, 6))


def _layer_definitions(activation):
    return {"z1": "W1 @ x + b1", "a1": f"{activation}(z1)", "z2": "w2 @ a1 + b2", "yhat": f"{activation}(z2)"}


grad_x = Question(
    "001.vector.x",
    "Softplus network, gradient with respect to x",
    r"Now $x\in\mathbb R^d$, $W_1\in\mathbb R^{k\times d}$, $b_1,w_2\in\mathbb R^k$: $z_1=W_1x+b_1$, "
    r"$a_1=\operatorname{softplus}(z_1)$, $z_2=w_2^\top a_1+b_2$, $\hat y=\operatorname{softplus}(z_2)$. "
    r"Find the gradient $\partial\hat y/\partial x$, of shape (d,).",
    _LAYER,
    _LAYER_POINTS,
    "sigma(z2) * (W1.T @ (w2*sigma(z1)))",
    definitions=_layer_definitions("softplus"),
    objective="yhat",
    variable="x",
    target="diff(yhat, x)",
    mistakes=[
        Mistake(
            "summed_hidden",
            "The product over the hidden neurons was summed too early: weights and slopes belong together neuron by "
            "neuron.",
            "sigma(z2)*(w2 @ sigma(z1))*(W1.T @ ones_like(w2))",
        ),
        Mistake(
            "sigma_rule_outer",
            "In the output layer, that is the rule for the derivative of σ; here σ itself is the derivative.",
            "sigma(z2)*(1 - sigma(z2))*(W1.T @ (w2*sigma(z1)))",
        ),
        Mistake(
            "sigma_rule_inner",
            "In the hidden layer, that is the rule for the derivative of σ; here σ itself is the derivative.",
            "sigma(z2)*(W1.T @ (w2*sigma(z1)*(1 - sigma(z1))))",
        ),
    ],
    hints=(
        "Write the shape under every factor: ŷ is a number, the gradient has the shape of x.",
        "The hidden activation acts neuron by neuron, so its derivative multiplies neuron by neuron.",
        "To get from the hidden layer (k) back to the input (d), multiply by the transpose of a matrix.",
    ),
    steps=[
        Step(
            "Sum(p, diff(yhat, z2) * diff(z2, a1[p]) * diff(a1[p], z1[p]) * diff(z1[p], x[q]))",
            "along a path multiply, over the paths add: p counts the hidden neurons, q the inputs",
            left="diff(yhat, x[q])",
        ),
        Step(
            "Sum(p, sigma(z2) * w2[p] * sigma(z1[p]) * W1[p, q])",
            "each local derivative; that of softplus is the logistic sigmoid",
            left="diff(yhat, x[q])",
        ),
        Step(
            "sigma(z2) * (W1.T @ (w2 * sigma(z1)))",
            "a matrix product does the adding; ⊙ multiplies component by component, in NumPy with *",
        ),
    ],
)

grad_W1 = Question(
    "001.vector.W1",
    "Logistic network, gradient with respect to W1",
    r"The same network with the logistic sigmoid in both layers. Find the gradient $\partial\hat y/\partial W_1$, of "
    "shape (k, d).",
    _LAYER,
    _LAYER_POINTS,
    "yhat*(1 - yhat) * outer(w2*a1*(1 - a1), x)",
    definitions=_layer_definitions("sigma"),
    objective="yhat",
    variable="W1",
    target="diff(yhat, W1)",
    optional=True,
    mistakes=[
        Mistake(
            "no_prime",
            "In the hidden layer σ itself stands where its derivative belongs.",
            "yhat*(1 - yhat) * outer(w2*a1, x)",
        ),
        Mistake(
            "summed_hidden",
            "A matrix product summed over the hidden neurons: weights and slopes belong together neuron by neuron.",
            "yhat*(1 - yhat) * outer((w2 @ (a1*(1 - a1)))*ones_like(w2), x)",
        ),
    ],
    hints=(
        "A gradient has the shape of its parameter: one row for each hidden neuron, one column for each input.",
        "First find the gradient with respect to z1, a vector with one component for each hidden neuron.",
        "Weight (i, j) reaches z1 only in neuron i, and there it multiplies input j: that is an outer product.",
    ),
    steps=[
        Step(
            "diff(yhat, z1[p]) * diff(z1[p], W1[p, q])",
            "chain rule: a weight of row p reaches only neuron p",
            left="diff(yhat, W1[p, q])",
        ),
        Step(
            "yhat*(1 - yhat) * w2[p] * a1[p]*(1 - a1[p]) * x[q]",
            r"$\sigma' = \sigma(1-\sigma)$ in both layers",
            left="diff(yhat, W1[p, q])",
        ),
        Step("outer(diff(yhat, z1), x)", "all rows and columns together"),
        Step("yhat*(1 - yhat) * outer(w2 * a1 * (1 - a1), x)", "insert the gradient with respect to $z_1$"),
    ],
)

# ------------------------------------------------------------------- forward and backward, each quantity by name

_PASSES = {
    "z1": "w1*x + b1",
    "a1": "sigma(z1)",
    "z2": "w2*a1 + b2",
    "yhat": "sigma(z2)",
    "at_z2": "yhat*(1 - yhat)",
    "at_w2": "at_z2*a1",
    "at_b2": "at_z2",
    "at_a1": "at_z2*w2",
    "at_z1": "at_a1*a1*(1 - a1)",
    "at_w1": "at_z1*x",
    "at_b1": "at_z1",
    "at_x": "at_z1*w1",
}
_BY = {name: name[3:] if name[:3] == "at_" else "" for name in _PASSES}
_TO_Z2, _TO_Z1 = "diff(yhat, z2)", "diff(yhat, z2) * diff(z2, a1) * diff(a1, z1)"
_AT_Z1 = "(yhat*(1 - yhat)) * w2 * (a1*(1 - a1))"
_SLOPE = r"$\sigma' = \sigma(1-\sigma)$, at the pre-activation"
_UPSTREAM = "upstream times local"


def _from_z1(end, local):
    """The Steps to a start of the first link."""
    chain = Step(f"{_TO_Z1} * diff(z1, {end})", _UPSTREAM)
    return (chain, Step(f"{_AT_Z1} * {local}" if local else _AT_Z1, "all four links with their local derivatives"))


backward = GradientsQuestion(
    "02.backward",
    "The whole network, forward and backward",
    r"Network: $z_1=w_1x+b_1$, $a_1=\sigma(z_1)$, $z_2=w_2a_1+b_2$, $\hat y=\sigma(z_2)$. Work out every quantity of the "
    r"forward pass by its name, then the gradients of $\hat y$ in reverse order: `at_z2` stands for "
    r"$\partial\hat y/\partial z_2$.",
    PARAMETERS,
    POINTS,
    Working(_PASSES),
    {name: name for name in _PASSES},
    "yhat",
    by=_BY,
    minutes=18,
    mistakes=(
        Mistake(
            "no_outer_prime",
            "The walk back begins too late: the link from z2 to ŷ has a slope, too, σ'(z) = a(1 − a).",
            {"at_z2": "1.0 + 0*z2"},
            hint="The walk begins at ŷ with 1. The first link leads from z2 to ŷ.",
        ),
        Mistake(
            "not_swapped",
            "A product passes the gradient on times the *other* factor. In z2 = w2 a1 + b2 the two were not swapped.",
            {"at_w2": "at_z2*w2", "at_a1": "at_z2*a1"},
            {"at_w2": "at_z2*w2"},
            {"at_a1": "at_z2*a1"},
            hint="To w2 goes what w2 is multiplied with.",
        ),
        Mistake(
            "not_swapped_below",
            "A product passes the gradient on times the *other* factor. In z1 = w1 x + b1 the two were not swapped.",
            {"at_w1": "at_z1*w1", "at_x": "at_z1*x"},
            {"at_w1": "at_z1*w1"},
            {"at_x": "at_z1*x"},
            hint="To w1 goes what w1 is multiplied with.",
        ),
        Mistake(
            "upstream_lost",
            "The walk back was begun anew: the gradient at z1 needs the one at a1, which comes from above.",
            {"at_z1": "a1*(1 - a1)"},
            hint="Every line is upstream times local.",
        ),
        Mistake(
            "wrong_upstream",
            "The first layer takes the gradient at z2 for its upstream gradient; it needs the one at z1.",
            {"at_w1": "at_z2*x", "at_b1": "at_z2", "at_x": "at_z2*w1"},
            {"at_w1": "at_z2*x"},
            {"at_b1": "at_z2"},
            {"at_x": "at_z2*w1"},
            hint="Which quantity contains w1, b1 and x?",
        ),
        Mistake(
            "hidden_passed_by",
            "The hidden neuron was passed by: the first layer takes the gradient at a1; it needs the one at z1.",
            {"at_w1": "at_a1*x", "at_b1": "at_a1", "at_x": "at_a1*w1"},
            {"at_w1": "at_a1*x"},
            {"at_b1": "at_a1"},
            {"at_x": "at_a1*w1"},
            hint="Which quantity contains w1, b1 and x?",
        ),
        Mistake(
            "bias_one",
            "The gradient at a bias is not 1: a sum passes on the gradient that arrives.",
            {"at_b2": "1.0 + 0*z2", "at_b1": "1.0 + 0*z1"},
            {"at_b2": "1.0 + 0*z2"},
            {"at_b1": "1.0 + 0*z1"},
            hint="Local 1, times upstream.",
        ),
    ),
    steps={
        "at_z2": (Step("yhat*(1 - yhat)", _SLOPE),),
        "at_w2": (
            Step(f"{_TO_Z2} * diff(z2, w2)", _UPSTREAM),
            Step("yhat*(1 - yhat) * a1", "a product passes on the other factor"),
        ),
        "at_b2": (Step(f"{_TO_Z2} * diff(z2, b2)", _UPSTREAM), Step("yhat*(1 - yhat)", "a sum passes on")),
        "at_a1": (
            Step(f"{_TO_Z2} * diff(z2, a1)", _UPSTREAM),
            Step("yhat*(1 - yhat) * w2", "a product passes on the other factor"),
        ),
        "at_z1": (Step(_TO_Z1, "three links"), Step(_AT_Z1, _SLOPE)),
        "at_w1": _from_z1("w1", "x"),
        "at_b1": _from_z1("b1", ""),
        "at_x": _from_z1("x", "w1"),
    },
    hints=(
        "Forward first: each line uses the names of the lines above it.",
        "Backward, each line is upstream times local. The upstream gradient is the one at the end of the link.",
        "Add passes on, multiply swaps, and an activation brings its slope a(1 − a).",
    ),
)

# ----------------------------------------------------------------------------- the same for a layer of neurons

_LAYERS = {
    **_layer_definitions("sigma"),
    "at_z2": "yhat*(1 - yhat)",
    "at_w2": "at_z2*a1",
    "at_b2": "at_z2",
    "at_a1": "at_z2*w2",
    "at_z1": "at_a1*a1*(1 - a1)",
    "at_W1": "outer(at_z1, x)",
    "at_b1": "at_z1",
    "at_x": "W1.T @ at_z1",
}
_LAYER_ENTRIES = [name for name in _LAYERS if name[:3] == "at_"]
_LAYER_Z1 = "yhat*(1 - yhat) * w2 * a1 * (1 - a1)"

layers_backward = GradientsQuestion(
    "02.layers",
    "The backward pass in vector form",
    r"The logistic network with $x\in\mathbb R^d$ and $k$ hidden neurons: $z_1=W_1x+b_1$, $a_1=\sigma(z_1)$, "
    r"$z_2=w_2^\top a_1+b_2$, $\hat y=\sigma(z_2)$. Find the gradients of $\hat y$ at all quantities, each of the shape of "
    "its quantity: `at_W1` has the shape (k, d).",
    _LAYER,
    _LAYER_POINTS,
    Working(_LAYERS),
    {name: name for name in _LAYER_ENTRIES},
    "yhat",
    by={name: name[3:] for name in _LAYER_ENTRIES},
    optional=True,
    advice="Write the shape behind each line; a gradient has the shape of its quantity.",
    mistakes=(
        Mistake(
            "no_outer_prime",
            "The derivative of the output activation is missing.",
            {"at_z2": "1.0 + 0*z2"},
            hint="The first link leads from z2 to ŷ.",
        ),
        Mistake(
            "not_swapped",
            "A product passes the gradient on times the *other* factor. In z2 = w2 · a1 + b2 the two were not swapped.",
            {"at_w2": "at_z2*w2", "at_a1": "at_z2*a1"},
            hint="To w2 goes what w2 is multiplied with.",
        ),
        Mistake(
            "hidden_passed_by",
            "The hidden layer was passed by: the first layer takes the gradient at a1; it needs the one at z1.",
            {"at_W1": "outer(at_a1, x)", "at_b1": "at_a1", "at_x": "W1.T @ at_a1"},
            {"at_W1": "outer(at_a1, x)"},
            {"at_b1": "at_a1"},
            {"at_x": "W1.T @ at_a1"},
            hint="Which quantity contains W1, b1 and x?",
        ),
        Mistake(
            "bias_one",
            "The gradient at a bias is not 1: a sum passes on the gradient that arrives.",
            {"at_b1": "ones_like(b1)", "at_b2": "1.0 + 0*z2"},
            {"at_b1": "ones_like(b1)"},
            {"at_b2": "1.0 + 0*z2"},
            hint="Local 1, times upstream.",
        ),
        Mistake(
            "summed_hidden",
            "The hidden neurons have been added up: between two vectors of the hidden layer belongs `*`, component by "
            "component, not `@`.",
            {"at_z1": "(at_a1 @ (a1*(1 - a1)))*ones_like(a1)"},
            hint="`*` works component by component, `@` adds up.",
        ),
        Mistake(
            "missing_x",
            "In the gradient of W1 the input is missing.",
            {"at_W1": "at_z1"},
            {"at_W1": "outer(at_z1, ones_like(x))"},
            hint="Every weight of W1 multiplies an input.",
        ),
    ),
    steps={
        "at_z2": (Step("yhat*(1 - yhat)", _SLOPE),),
        "at_w2": (
            Step("diff(yhat, z2) * diff(z2, w2[p])", _UPSTREAM, left="diff(yhat, w2[p])"),
            Step("yhat*(1 - yhat) * a1", "all neurons together"),
        ),
        "at_b2": (Step("diff(yhat, z2) * diff(z2, b2)", _UPSTREAM), Step("yhat*(1 - yhat)", "a sum passes on")),
        "at_a1": (
            Step("diff(yhat, z2) * diff(z2, a1[p])", _UPSTREAM, left="diff(yhat, a1[p])"),
            Step("yhat*(1 - yhat) * w2", "all neurons together"),
        ),
        "at_z1": (
            Step(
                "diff(yhat, z2) * diff(z2, a1[p]) * diff(a1[p], z1[p])",
                "neuron by neuron",
                left="diff(yhat, z1[p])",
            ),
            Step(_LAYER_Z1, _SLOPE),
        ),
        "at_W1": (
            Step(
                "diff(yhat, z1[p]) * diff(z1[p], W1[p, q])",
                "a weight of row p reaches only neuron p",
                left="diff(yhat, W1[p, q])",
            ),
            Step(f"outer({_LAYER_Z1}, x)", "all rows and columns together"),
        ),
        "at_b1": (
            Step("diff(yhat, z1[p]) * diff(z1[p], b1[p])", _UPSTREAM, left="diff(yhat, b1[p])"),
            Step(_LAYER_Z1, "a sum passes on"),
        ),
        "at_x": (
            Step("Sum(p, diff(yhat, z1[p]) * diff(z1[p], x[q]))", "over the paths, add", left="diff(yhat, x[q])"),
            Step(f"W1.T @ ({_LAYER_Z1})", "a matrix product does the adding"),
        ),
    },
    hints=(
        "Take the lines of your backward pass one by one, and write the shape behind each.",
        "`*` stays where two vectors of the hidden layer meet. Only at W1 and at x something changes.",
        "Going back through W1 takes its transpose; a table of all products is an outer product.",
    ),
)

numerical_gradient = GradientCheckQuestion(
    "02.numerical_gradient",
    "A numerical gradient for a matrix",
    "Write `numerical_gradient(f, p, h)`: the gradient of a function $f$ of a vector or matrix $p$ by central differences, "
    "one entry at a time, an array of the shape of $p$. `f` takes an array of the shape of `p` and returns a number.",
    solution=gradient_check.solution,
    hints=gradient_check.hints,
    optional=True,
)

# ----------------------------------------------------------------------------------------------- 002.2

_TWO_PATHS = {"g1": "x1*exp(x2)", "g2": "x1 + x2**2", "f": "sin(g1) + g2**2"}
_TWO_PATHS_SHAPES = {"x1": (), "x2": ()}
_TWO_PATHS_STATEMENT = r"Let $f=\sin g_1+g_2^2$, $g_1=x_1e^{{x_2}}$, $g_2=x_1+x_2^2$. Find $\partial f/\partial x_{}$."
_TWO_PATHS_HINTS = (
    "There are two paths from the variable to f, one through g1 and one through g2: their contributions add up.",
    "For each path: derivative of f with respect to g, times derivative of g with respect to the variable.",
    "Write down the four local derivatives before you put anything together.",
)


def _two_paths(variable, inner, second, mistakes, steps):
    """∂f/∂x: `inner` is ∂g1/∂x, `second` the path through g2."""
    return Question(
        f"002.2.{variable}",
        f"Two paths, derivative with respect to {variable}",
        _TWO_PATHS_STATEMENT.format(variable[1:]),
        _TWO_PATHS_SHAPES,
        generic(_TWO_PATHS_SHAPES),
        f"{inner}*cos(g1) + {second}",
        definitions=_TWO_PATHS,
        objective="f",
        variable=variable,
        mistakes=[
            Mistake(
                "only_first", "Only the path through g1 was taken; the other one contributes too.", f"{inner}*cos(g1)"
            ),
            Mistake("only_second", "Only the path through g2 was taken; the other one contributes too.", second),
            *mistakes,
        ],
        hints=_TWO_PATHS_HINTS,
        optional=variable == "x2",
        steps=[
            Step(
                f"diff(f, g1)*diff(g1, {variable}) + diff(f, g2)*diff(g2, {variable})",
                "chain rule: several paths add up",
            ),
            *steps,
        ],
    )


df_dx1 = _two_paths(
    "x1",
    "exp(x2)",
    "2*g2",
    (),
    [
        Step("cos(g1) * exp(x2) + 2*g2 * 1", "the four local derivatives"),
        Step("exp(x2)*cos(x1*exp(x2)) + 2*(x1 + x2**2)", "insert the definitions"),
    ],
)

df_dx2 = _two_paths(
    "x2",
    "x1*exp(x2)",
    "4*x2*g2",
    [
        Mistake(
            "missing_2",
            "On the path through g2 a factor 2 is missing: there are two powers.",
            "x1*exp(x2)*cos(g1) + 2*x2*g2",
        ),
        Mistake(
            "prime_inside",
            "On the path through g2 the outer derivative was evaluated at the wrong place, and the inner one is not "
            "multiplied.",
            "x1*exp(x2)*cos(g1) + 2*(x1 + 2*x2)",
        ),
    ],
    [
        Step("cos(g1) * (x1*exp(x2)) + 2*g2 * (2*x2)", "the four local derivatives"),
        Step("x1*exp(x2)*cos(x1*exp(x2)) + 4*x2*(x1 + x2**2)", "insert the definitions"),
    ],
)

#: In the order of the notebook.
exercises = [
    dE_da,
    dE_dd,
    dE_db,
    dE_dc,
    df_dx1,
    df_dx2,
    backward,
    dyhat_dw2_tanh,
    dyhat_db2_tanh,
    dyhat_dw2_logistic,
    dyhat_db2_logistic,
    dyhat_dw1,
    dyhat_dx,
    d2yhat_dx_db2,
    does_the_slope_change,
    grad_x,
    grad_W1,
    layers_backward,
    numerical_gradient,
]
questions = [
    dE_da,
    dE_db,
    dE_dc,
    dE_dd,
    df_dx1,
    df_dx2,
    dyhat_dw2_logistic,
    dyhat_db2_logistic,
    dyhat_dw2_tanh,
    dyhat_db2_tanh,
    dyhat_dw1,
    dyhat_dx,
    d2yhat_dx_db2,
    does_the_slope_change,
    backward,
    grad_x,
    grad_W1,
    layers_backward,
    numerical_gradient,
]
