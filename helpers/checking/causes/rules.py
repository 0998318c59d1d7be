"""How functions are differentiated, rightly and as people do it wrongly, and how they are written out.

In the formulas u is the argument and v the value, which may have a name of its own. A line here is a mistake that is
known in every question in which the function occurs.
"""

import ast

from helpers.checking.causes.trees import Tree, quoted
from helpers.checking.feedback import lower
from helpers.checking.sentences import hint_of, mistake_of, say
from helpers.formulas.known import SPELLINGS

Part = Tree | str


class Slip:
    """One thing that went wrong: its `id`, and whether it is `odd`: people seldom do it, so other causes of the same
    values come first. Thousands are tried, so what is said is put together only when it is asked for: the id of a
    `sentence`, and its parts. Parts that are trees are quoted; `f` and `other`, if they are texts, are functions."""

    def __init__(self, sentence: str, id: str = "", odd: bool = False, each_time: bool = False, **parts: Part) -> None:
        self.sentence, self.id, self.odd, self.parts = sentence, id or mistake_of(sentence), odd, parts
        self.each_time, self.quantity = each_time, ""

    @property
    def text(self) -> str:
        """What went wrong, in one sentence."""
        parts = {name: quoted(part) if isinstance(part, ast.AST) else part for name, part in self.parts.items()}
        functions = {name: said(parts[name]) for name in ("f", "other") if name in parts}
        text = say(self.sentence, rule=RULE.get(parts.get("f"), ""), **{**parts, **functions})
        if self.each_time:
            return say("each_time", what=text)
        if not self.quantity:
            return text
        return say("in_quantity", name=self.quantity, what=lower(text))

    @property
    def hint(self) -> str:
        """Where to look."""
        return hint_of(self.sentence)

    def within(self, quantity: str) -> "Slip":
        """The same slip, made in a quantity on the way."""
        slip = Slip(self.sentence, f"{self.id}_in_{quantity}", self.odd, **self.parts)
        slip.quantity = quantity
        return slip


#: function -> the ways to write its derivative, all right; the first is the rule.
RIGHT = {
    "sigma": ("v*(1 - v)", "sigma(u)*(1 - sigma(u))", "v - v**2", "exp(-u)/(1 + exp(-u))**2"),
    "tanh": ("1 - v**2", "1 - tanh(u)**2", "1/cosh(u)**2"),
    "softplus": ("sigma(u)", "exp(u)/(1 + exp(u))", "1/(1 + exp(-u))"),
    "exp": ("exp(u)",),
    "log": ("1/u",),
    "sin": ("cos(u)",),
    "cos": ("-sin(u)",),
    "sinh": ("cosh(u)",),
    "cosh": ("sinh(u)",),
    "abs": ("sign(u)",),
    "relu": ("step(u)",),
    "sqrt": ("1/(2*sqrt(u))",),
}

#: function -> how it is written out in simpler ones, all right
WRITTEN_OUT = {
    "sigma": ("1/(1 + exp(-u))",),
    "tanh": ("(exp(u) - exp(-u))/(exp(u) + exp(-u))",),
    "softplus": ("log(1 + exp(u))",),
}

#: functions of which the derivative may be multiplied in twice without anybody noticing
ACTIVATIONS = ("sigma", "tanh", "softplus", "relu")

#: function -> (its wrong derivative, the id of the sentence on it) for every mistake
WRONG = {
    "sigma": (
        ("1 - v**2", "tanh_rule"),
        ("1 - tanh(u)**2", "tanh_prime"),
        ("u*(1 - u)", "z_instead"),
        ("sigma(v)*(1 - sigma(v))", "prime_at_a"),
        ("v", "no_prime"),
        ("1", "missing_prime"),
        ("v*(1 + v)", "plus"),
        ("1 - v", "value_lost"),
        ("v**2", "one_lost.sigma"),
        ("-v**2", "missing_inner_in_sigma"),
        ("v**2", "missing_inner_and_sign"),
        ("1 - v", "not_squared.sigma"),
        ("(1 - v)**2", "one_minus_twice"),
        ("sigma(-u)", "sign_and_no_prime"),
    ),
    "tanh": (
        ("v*(1 - v)", "sigma_rule"),
        ("sigma(u)*(1 - sigma(u))", "sigma_prime"),
        ("1 - u**2", "z_instead"),
        ("1 - tanh(v)**2", "prime_at_a"),
        ("v", "no_prime"),
        ("1", "missing_prime"),
        ("1 - v", "not_squared"),
        ("(1 - v)**2", "squared_outside"),
        ("1 + v**2", "plus"),
        ("v**2", "one_lost"),
        ("1 - 2*v", "times_two"),
        ("1/(1 + u**2)", "arctan"),
        ("1 - tanh(u**2)", "square_inside"),
    ),
    "softplus": (
        ("sigma(u)*(1 - sigma(u))", "sigma_rule.softplus"),
        ("v*(1 - v)", "sigma_rule_of_value"),
        ("1 - v**2", "tanh_rule"),
        ("sigma(v)", "prime_at_a"),
        ("v", "no_prime"),
        ("1", "missing_prime"),
        ("sigma(-u)", "sign_in_exp"),
        ("exp(u)", "log_lost"),
        ("exp(u)", "own_sigma"),
        ("u", "argument"),
    ),
    "exp": (("u*exp(u - 1)", "power_rule"), ("1", "exp_lost"), ("u", "argument")),
    "log": (
        ("log(u)", "no_prime.value"),
        ("1", "missing_prime"),
        ("u", "not_inverted.log"),
        ("1/u**2", "square"),
        ("1/(log(10)*u)", "log10"),
        ("log(10)/u", "factor_ln10"),
    ),
    "sin": (
        ("-cos(u)", "sign_of_cos"),
        ("sin(u)", "no_prime.value"),
        ("1", "missing_prime"),
        ("-sin(u)", "second_derivative"),
    ),
    "cos": (("sin(u)", "sign_of_sin"), ("cos(u)", "no_prime.value"), ("1", "missing_prime")),
    "abs": (
        ("abs(u)", "no_prime.value"),
        ("u", "of_a_square"),
        ("2*u", "of_a_square"),
        ("1", "missing_prime.abs"),
        ("step(u)", "step"),
        ("2*step(u)", "step_twice"),
    ),
    "relu": (("relu(u)", "no_prime"), ("1", "missing_prime")),
    "sqrt": (("1/sqrt(u)", "half_lost"), ("sqrt(u)", "no_prime.value"), ("1/2*sqrt(u)", "not_inverted.sqrt")),
}

#: those of these sentences that are on something odd
ODD = {"square", "argument", "one_minus_twice", "second_derivative", "sign_and_no_prime"}

#: the rules that stand for {rule}
RULE = {"sigma": "σ(1 − σ)", "tanh": "1 − tanh²"}

#: function -> (what somebody programmed instead, the id of the sentence on it)
OWN = {
    "sigma": (
        ("1/(1 - exp(-u))", "own_minus.sigma"),
        ("1/(1 + exp(u))", "own_exponent.sigma"),
        ("1 + exp(-u)", "own_inverted.sigma"),
        ("1/1 + exp(-u)", "own_bracket.sigma"),
        ("exp(u)/1 + exp(u)", "own_bracket_of_exp"),
        ("1/(1 - exp(u))", "own_both_signs"),
        ("exp(-u)/(1 + exp(-u))", "own_numerator"),
        ("1/(1 + exp(-u))**2", "own_square"),
        ("0*u + 1", "own_constant.one"),
        ("0*u + 0.5", "own_constant.half"),
    ),
    "softplus": (
        ("log(1 + exp(-u))", "own_exponent.softplus"),
        ("log10(1 + exp(u))", "own_log10"),
        ("log2(1 + exp(u))", "own_log2"),
        ("log(1) + exp(u)", "own_bracket.softplus"),
        ("1 + exp(u)", "own_no_log"),
        ("0*u + log(2)", "own_constant.ln2"),
        ("log(exp(u) - 1)", "own_minus.softplus"),
    ),
    "tanh": (
        ("(exp(u) + exp(-u))/(exp(u) - exp(-u))", "own_inverted.tanh"),
        ("(exp(u) - exp(u))/(exp(u) + exp(-u))", "own_constant.zero"),
        ("tan(u)", "own_tan"),
        ("sinh(u)", "own_sinh"),
        ("(1 - exp(u))/(1 + exp(u))", "own_half"),
    ),
}

#: (wrong derivative of a power p = b**k, the id of the sentence on it); `less` is b**(k − 1)
OF_POWER = (
    ("less", "exponent_lost"),
    ("k*p", "power_not_reduced"),
    ("p", "power_kept"),
    ("1", "outer_lost"),
    ("k", "base_lost"),
    ("sign(b)", "absolute_for_square"),
    ("k*abs(b)", "absolute_of_base"),
)

SIGN_LOST, MINUS_LOST = Slip("sign"), Slip("sign.lost")
TWICE, HALF = Slip("factor_2", odd=True), Slip("factor_half", odd=True)

_SAID = {
    "sigma": "σ", "dsigma": "the derivative of σ", "dtanh": "the derivative of tanh", "step": "a step from 0 to 1",
    "square": "the square", "log10": "the logarithm to base 10", "log2": "the logarithm to base 2", "sign": "the sign",
    "abs": "the absolute value",
}  # fmt: skip


def said(function: str) -> str:
    """A function in a sentence."""
    return _SAID.get(function, function)


def function_name(written: str) -> str:
    """The name of a function in these tables; its own name if it is not there."""
    known = SPELLINGS.get(written, written)
    return "sigma" if known == "sigmoid" else known
