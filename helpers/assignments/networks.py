"""The small network of task 001, for the questions of notebooks 01 and 02 that are asked about it.

    z1 = w1 x + b1,   a1 = φ(z1),   z2 = w2 a1 + b2,   ŷ = φ(z2)

Both layers have the same activation φ.
"""

from helpers.assignments.points import generic
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.formulas.latex import name_to_latex

PARAMETERS = {"x": (), "w1": (), "b1": (), "w2": (), "b2": ()}
POINTS = generic(PARAMETERS)
#: Of the bias of the output.
ONLY_Z2 = Mistake("one", "That is the derivative of z2, not of ŷ: the output neuron has an activation.", "1")
_NAMES = {"sigma": "logistic sigmoid", "tanh": "tanh", "softplus": "softplus, $\\ln(1+e^z)$"}


def definitions(activation):
    """The quantities on the way from x to ŷ, as formulas."""
    return {"z1": "w1*x + b1", "a1": f"{activation}(z1)", "z2": "w2*a1 + b2", "yhat": f"{activation}(z2)"}


def network_question(key, title, activation, variable, answer, *, objective="yhat", statement="", **more):
    """A Question about a derivative of ŷ. `activation` is "sigma", "tanh" or "softplus"."""
    statement = statement or (
        r"Network: $z_1=w_1x+b_1$, $a_1=\varphi(z_1)$, $z_2=w_2a_1+b_2$, $\hat y=\varphi(z_2)$; the activation is "
        rf"{_NAMES[activation]}. Find $\partial\hat y/\partial {name_to_latex(variable)}$."
    )
    return Question(
        key,
        title,
        statement,
        PARAMETERS,
        POINTS,
        answer,
        definitions=definitions(activation),
        objective=objective,
        variable=variable,
        **more,
    )
