"""Notebook 02, the chain rule: tasks 000.2, 001.2.1, 001.2.3, 001.2.4, the vector form of 001, and 002.2.

In the notebook: `from helpers.assignments import chain_rule`, then `chain_rule.dE_da.check(my_dE_da)`.
"""

from helpers.assignments.networks import ONLY_Z2, network_question
from helpers.assignments.points import generic
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.exercises.judged import ChangesClaim
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
    """∂E/∂parameter. `own` is the input that it multiplies; slope(q) is the answer for the input q."""
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
)

# --------------------------------------------------------------------------------------------- 001.2.4

dyhat_dw1 = network_question(
    "001.2.4",
    "Logistic network, derivative with respect to w1",
    "sigma",
    "w1",
    "yhat*(1 - yhat)*w2*a1*(1 - a1)*x",
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
            "diff(yhat, z2) * (diff(z2, a1) @ diff(a1, z1) @ diff(z1, x))",
            "chain rule: number · row · (k × k) · (k × d)",
        ),
        Step(
            "sigma(z2) * (w2 @ diag(sigma(z1)) @ W1)",
            "each local derivative; an activation has a diagonal Jacobian matrix",
        ),
        Step("sigma(z2) * (W1.T @ (w2 * sigma(z1)))", "the same as a column, with ⊙ instead of the diagonal matrix"),
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
    grad_x,
    grad_W1,
]
