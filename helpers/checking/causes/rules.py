"""How functions are differentiated, rightly and as people do it wrongly, and how they are written out.

In the formulas u is the argument and v the value, which may have a name of its own. A line here is a mistake that is
known in every question in which the function occurs.
"""

from dataclasses import dataclass

from helpers.formulas.known import SPELLINGS


@dataclass(frozen=True)
class Slip:
    """One thing that went wrong. `text`: what, in one sentence; `hint`: where to look; `odd`: people seldom do it, so
    other causes of the same values come first."""

    id: str
    text: str
    hint: str = ""
    odd: bool = False


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

_AT_VALUE = "The derivative of {f} was evaluated at {v}; it belongs to {u}."
_ITSELF = "{f} itself stands where its derivative belongs."
_MISSING = "The derivative of {f}, at {u}, is missing."
_TO_ARGUMENT = "The rule {rule} was applied to the argument {u}; it takes the value {v}."
_SQUARE = "In the rule for tanh, 1 − tanh²,"
_LOGISTIC = "In the rule for σ, σ(1 − σ),"
_WRITTEN_OUT = "In the derivative of σ, 1/(1 + e⁻ᶻ),"

#: function -> (its wrong derivative, id, what happened) for every mistake; {f}, {u}, {v} and {rule} are filled in
WRONG = {
    "sigma": (
        ("1 - v**2", "tanh_rule", "The rule for tanh, 1 − tanh², was applied; here the function is σ."),
        ("1 - tanh(u)**2", "tanh_prime", "The derivative of tanh stands where that of σ belongs."),
        ("u*(1 - u)", "z_instead", _TO_ARGUMENT),
        ("sigma(v)*(1 - sigma(v))", "prime_at_a", _AT_VALUE),
        ("v", "no_prime", _ITSELF),
        ("1", "missing_prime", _MISSING),
        ("v*(1 + v)", "plus", f"{_LOGISTIC} there is a plus for the minus."),
        ("1 - v", "value_lost", f"{_LOGISTIC} the factor {{v}} is missing."),
        ("v**2", "one_lost", f"{_LOGISTIC} the 1 is missing: σ was multiplied by itself."),
        ("-v**2", "missing_inner_in_sigma", f"{_WRITTEN_OUT} the inner derivative, that of 1 + e⁻ᶻ, is missing."),
        ("v**2", "missing_inner_and_sign", f"{_WRITTEN_OUT} the inner derivative, that of 1 + e⁻ᶻ, is missing, and a minus."),
        ("1 - v", "not_squared", f"{_WRITTEN_OUT} the denominator is not squared."),
        ("(1 - v)**2", "one_minus_twice", f"{_LOGISTIC} both factors became 1 − σ."),
        ("sigma(-u)", "sign_and_no_prime", "σ with another sign in the exponent stands where the derivative of σ belongs."),
    ),
    "tanh": (
        ("v*(1 - v)", "sigma_rule", "The rule for σ, σ(1 − σ), was applied; here the function is tanh."),
        ("sigma(u)*(1 - sigma(u))", "sigma_prime", "The derivative of σ, by the rule for σ, stands where that of tanh belongs."),
        ("1 - u**2", "z_instead", _TO_ARGUMENT),
        ("1 - tanh(v)**2", "prime_at_a", _AT_VALUE),
        ("v", "no_prime", _ITSELF),
        ("1", "missing_prime", _MISSING),
        ("1 - v", "not_squared", f"{_SQUARE} the square is missing."),
        ("(1 - v)**2", "squared_outside", f"{_SQUARE} the square belongs to tanh alone."),
        ("1 + v**2", "plus", f"{_SQUARE} there is a plus for the minus."),
        ("v**2", "one_lost", f"{_SQUARE} the 1 is missing."),
        ("1 - 2*v", "times_two", f"{_SQUARE} the square became a factor 2."),
        ("1/(1 + u**2)", "arctan", "That is the derivative of arctan; here the function is tanh."),
        ("1 - tanh(u**2)", "square_inside", f"{_SQUARE} the square belongs to tanh, not to its argument."),
    ),
    "softplus": (
        ("sigma(u)*(1 - sigma(u))", "sigma_rule",
         "The rule for the derivative of σ was applied; the derivative of softplus is σ itself."),
        ("v*(1 - v)", "sigma_rule_of_value", "The rule for σ, σ(1 − σ), was applied to {v}; here the function is softplus."),
        ("1 - v**2", "tanh_rule", "The rule for tanh, 1 − tanh², was applied to {v}; here the function is softplus."),
        ("sigma(v)", "prime_at_a", _AT_VALUE),
        ("v", "no_prime", _ITSELF),
        ("1", "missing_prime", _MISSING),
        ("sigma(-u)", "sign_in_exp", "In the derivative of softplus, 1/(1 + e⁻ᶻ), the minus in the exponent is missing."),
        ("exp(u)", "log_lost", "Only the exponential in softplus was differentiated, not the logarithm around it."),
        ("exp(u)", "own_sigma", "σ, the derivative of softplus, is written as 1/e⁻ᶻ: the 1 + of its denominator is missing."),
        ("u", "argument", "The argument {u} stands where the derivative of softplus belongs."),
    ),
    "exp": (
        ("u*exp(u - 1)", "power_rule", "The rule for powers does not hold for the exponential function {v}."),
        ("1", "exp_lost", "The inner derivative is incomplete: the exponential {v} was lost when it was differentiated."),
        ("u", "argument", "The exponent {u} stands where the exponential belongs."),
    ),
    "log": (
        ("log(u)", "no_prime", "The logarithm {v} was not differentiated."),
        ("1", "missing_prime", "The derivative of the logarithm {v} is missing."),
        ("u", "not_inverted", "The derivative of a logarithm is one over its argument, not the argument {u}."),
        ("1/u**2", "square", "The derivative of {v} is one over the argument, without a square."),
        ("1/(log(10)*u)", "log10", "That is the derivative of a logarithm to base 10; here log is the natural one."),
        ("log(10)/u", "factor_ln10", "There is a factor log(10) too many: here log is the natural one."),
    ),
    "sin": (
        ("-cos(u)", "sign_of_cos", "The derivative of sin is cos, with a plus."),
        ("sin(u)", "no_prime", "The sine {v} was not differentiated."),
        ("1", "missing_prime", _MISSING),
        ("-sin(u)", "second_derivative", "The sine {v} was differentiated twice."),
    ),
    "cos": (
        ("sin(u)", "sign_of_sin", "The derivative of cos is −sin: the minus is missing."),
        ("cos(u)", "no_prime", "The cosine {v} was not differentiated."),
        ("1", "missing_prime", _MISSING),
    ),
    "abs": (
        ("abs(u)", "no_prime", "The absolute value {v} was not differentiated."),
        ("u", "of_a_square", "The residual itself stands where its sign belongs: that comes of a squared error, not of an absolute one."),
        ("2*u", "of_a_square", "Twice the residual stands where its sign belongs: that comes of a squared error, not of an absolute one."),
        ("1", "missing_prime", "The derivative of the absolute value is missing: the sign of {u}."),
        ("step(u)", "step", "A step stands where the sign belongs: where {u} is negative the slope is −1, not 0."),
        ("2*step(u)", "step_twice", "A step from 0 to 1 stands where half the sign belongs: at a negative residual the slope is negative, not 0."),
    ),
    "relu": (
        ("relu(u)", "no_prime", _ITSELF),
        ("1", "missing_prime", _MISSING),
    ),
    "sqrt": (
        ("1/sqrt(u)", "half_lost", "In the derivative of a square root the ½ is missing."),
        ("sqrt(u)", "no_prime", "The square root was not differentiated."),
        ("1/2*sqrt(u)", "not_inverted", "The derivative of a square root has the root in its denominator."),
    ),
}  # fmt: skip

#: what stands for {rule}
RULE = {"sigma": "σ(1 − σ)", "tanh": "1 − tanh²"}

#: ids of those wrong derivatives that are odd
ODD = {"square", "argument", "one_minus_twice", "second_derivative", "sign_and_no_prime"}

#: how a function is called in a sentence
SIGN = {"sigma": "σ"}

_OWN = "Your {f} is not {f}: "
#: function -> (what somebody programmed instead, id, what is wrong with it)
OWN = {
    "sigma": (
        ("1/(1 - exp(-u))", "own_minus", _OWN + "in the denominator there is a minus for the plus, 1 + e⁻ᶻ."),
        ("1/(1 + exp(u))", "own_exponent", _OWN + "the minus in the exponent is missing, 1 + e⁻ᶻ."),
        ("1 + exp(-u)", "own_inverted", _OWN + "one over the denominator 1 + e⁻ᶻ was forgotten."),
        ("1/1 + exp(-u)", "own_bracket", _OWN + "the denominator 1 + e⁻ᶻ needs a bracket."),
        ("exp(u)/1 + exp(u)", "own_bracket_of_exp", _OWN + "the denominator 1 + eᶻ needs a bracket."),
        ("1/(1 - exp(u))", "own_both_signs", _OWN + "in the denominator both signs are wrong, 1 + e⁻ᶻ."),
        ("exp(-u)/(1 + exp(-u))", "own_numerator", _OWN + "the numerator is 1, not e⁻ᶻ."),
        ("1/(1 + exp(-u))**2", "own_square", _OWN + "the denominator 1 + e⁻ᶻ is not squared."),
        ("0*u + 1", "own_constant_1", _OWN + "it is 1 everywhere, a constant."),
        ("0*u + 0.5", "own_constant_half", _OWN + "it is ½ everywhere, a constant."),
    ),
    "softplus": (
        ("log(1 + exp(-u))", "own_exponent", _OWN + "there is a minus too many in the exponent, ln(1 + eᶻ)."),
        ("log10(1 + exp(u))", "own_log10", _OWN + "it has the logarithm to base 10, not the natural one."),
        ("log2(1 + exp(u))", "own_log2", _OWN + "it has the logarithm to base 2, not the natural one."),
        ("log(1) + exp(u)", "own_bracket", _OWN + "the logarithm of the whole sum 1 + eᶻ is taken: a bracket."),
        ("1 + exp(u)", "own_no_log", _OWN + "the logarithm is missing, ln(1 + eᶻ)."),
        ("0*u + log(2)", "own_constant", _OWN + "it is ln 2 everywhere, a constant."),
        ("log(exp(u) - 1)", "own_minus", _OWN + "there is a minus for the plus, ln(1 + eᶻ)."),
    ),
    "tanh": (
        ("(exp(u) + exp(-u))/(exp(u) - exp(-u))", "own_inverted", _OWN + "numerator and denominator have changed places."),
        ("(exp(u) - exp(u))/(exp(u) + exp(-u))", "own_zero", _OWN + "it is zero everywhere, a constant."),
        ("tan(u)", "own_tan", "tan stands where tanh belongs."),
        ("sinh(u)", "own_sinh", "sinh stands where tanh belongs."),
        ("(1 - exp(u))/(1 + exp(u))", "own_half", _OWN + "the exponents are 2z, and the sign is the other one."),
    ),
}  # fmt: skip

#: (wrong derivative of a power p = b**k, id, what happened); `less` is b**(k − 1)
OF_POWER = (
    ("less", "exponent_lost", "The exponent of {p} was not brought down as a factor."),
    ("k*p", "power_not_reduced", "The power of {p} was not lowered by one: {still}."),
    ("p", "power_kept", "{p} was not differentiated: {still}."),
    ("1", "outer_lost", "The derivative of the power {p} is missing."),
    ("k", "base_lost", "Of the derivative of {p} only the factor {k} is left."),
    ("sign(b)", "absolute_for_square", "The sign of {b} stands where {b} belongs: that comes of an absolute value."),
    ("k*abs(b)", "absolute_of_base", "The absolute value of {b} stands where {b} itself belongs."),
)

SIGN_LOST = Slip("sign", "The sign is wrong.", "Follow the minus signs line by line.")
MINUS_LOST = Slip("sign", "A minus sign was lost.", "Follow the minus signs line by line.")
TWICE = Slip("factor_2", "There is a factor 2 too many: the answer is twice as large as it should be.", odd=True)
HALF = Slip("factor_half", "There is a factor ½ too many: the answer is half of what it should be.", odd=True)


def function_name(written: str) -> str:
    """The name of a function in these tables; its own name if it is not there."""
    known = SPELLINGS.get(written, written)
    return "sigma" if known == "sigmoid" else known


def worded(text: str, function: str, u: str, v: str) -> str:
    """A sentence of `rules` with its names filled in."""
    said = text.format(f=SIGN.get(function, function), u=u, v=v, rule=RULE.get(function, ""))
    return said.replace("softplus", "Softplus", 1) if said.startswith("softplus") else said
