"""The one table of functions: what each is called, what it is worth, its slope, and how it is written.

A line here makes a function known to answers and derivations, with floats (`evaluate`), 120 digits (`precise`) and
SymPy (`symbolic`), on the page (`latex`) and in the explorers (`browser`). Browsers have a table of their own,
`explorers/core/formula.js`; a test compares the two, number by number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers import functions


@dataclass(frozen=True)
class Known:
    """A function of numbers, which works on arrays entry by entry. In its formulas u and v are its arguments.

    numpy      its value, of floats and arrays of them
    slope      its derivative, as a formula that keeps its digits where the function is flat
    by         the same function by simpler ones, right for complex numbers too; its value where no other is given
    spellings  the other names under which it is read
    sympy      its name in SymPy, or a function of SymPy and the arguments; "": `by`, or the same name
    precise    its name in mpmath, or a function of mpmath and the arguments; "": as above
    far        its limits for large u and for large −u, with 120 digits: the numbers, or functions of u
    latex      as on a page; "": the name in upright letters
    sign       in plain text; "": the name
    code       as Python with NumPy; "": NumPy's function of this name
    browser    whether browsers have it under this name
    """

    name: str
    numpy: Callable
    slope: str = ""
    by: str = ""
    spellings: tuple[str, ...] = ()
    sympy: str | Callable = ""
    precise: str | Callable = ""
    far: tuple | None = None
    latex: str = ""
    sign: str = ""
    code: str = ""
    browser: bool = True

    def within(self, library: Any, column: str | Callable) -> Callable | None:
        """The function as `library` (SymPy, mpmath) has it; None if it is to be worked out by `by`."""
        if callable(column):
            return lambda *arguments: column(library, *arguments)
        name = column or ("" if self.by else self.name)
        return getattr(library, name) if name else None


def _precise_softplus(mp, z):
    return max(z, 0 * z) + mp.log1p(mp.exp(-abs(z)))


def _nearly_larger(mp, a, b, yes, no):
    """`yes` where a > b by more than a central difference moves them: at a kink the slopes are those of `no`."""
    return yes if a - b > mp.kink else no


_TABLE = (
    Known("identity", functions.identity, "1", by="u", code="{}"),
    Known("abs", np.abs, "1 if u > 0 else -1", spellings=("Abs", "fabs", "absolute"), sympy="Abs", precise="fabs"),
    Known("sign", np.sign, "0", by="where(u > 0, 1, 0) - where(u < 0, 1, 0)", spellings=("sgn",), sympy="sign"),
    Known("step", lambda z: np.where(z > 0, 1.0, 0.0), "0", by="where(u > 0, 1, 0)"),
    Known("square", np.square, "2*u", by="u*u"),
    Known("sqrt", np.sqrt, "0.5/sqrt(u)", by="exp(log(u)*0.5)", sympy="sqrt", precise="sqrt"),
    Known("exp", np.exp, "exp(u)", far=("inf", 0)),
    Known("expm1", np.expm1, "exp(u)", by="exp(u) - 1", precise="expm1", far=("inf", -1)),
    Known("log", np.log, "1/u", spellings=("ln",), latex=r"\log"),
    Known("log10", np.log10, "1/(u*log(10))", by="log(u)/log(10)", latex=r"\log_{10}"),
    Known("log2", np.log2, "1/(u*log(2))", by="log(u)/log(2)", latex=r"\log_{2}"),
    Known("log1p", np.log1p, "1/(1 + u)", by="log(1 + u)", precise="log1p"),
    Known("sin", np.sin, "cos(u)", latex=r"\sin"),
    Known("cos", np.cos, "-sin(u)", latex=r"\cos"),
    Known("tan", np.tan, "1/cos(u)**2", by="sin(u)/cos(u)", latex=r"\tan"),
    Known("arctan", np.arctan, "1/(1 + u**2)", spellings=("atan",), sympy="atan", precise="atan", latex=r"\arctan"),
    Known("atan2", np.arctan2, spellings=("arctan2",)),
    Known("sinh", np.sinh, "cosh(u)", far=("inf", "-inf"), latex=r"\sinh"),
    Known("cosh", np.cosh, "sinh(u)", far=("inf", "inf"), latex=r"\cosh"),
    Known("tanh", np.tanh, "1/cosh(u)**2", far=(1, -1), latex=r"\tanh"),
    Known("sech", lambda z: 1 / np.cosh(z), "-sech(u)*tanh(u)", by="1/cosh(u)"),
    Known("arcosh", np.arccosh, "1/(sqrt(u - 1)*sqrt(u + 1))", spellings=("arccosh", "acosh"),
          sympy="acosh", precise="acosh"),
    Known("erf", functions.erf, "1.1283791670955126*exp(-u**2)", far=(1, -1)),  # 2/√π
    Known("sigmoid", functions.sigmoid, "sigmoid(u)*sigmoid(-u)", by="1/(1 + exp(-u))",
          precise=lambda mp, z: 1 / (1 + mp.exp(-z)), far=(1, 0),  # `by` takes twice as long
          spellings=("sigma", "σ", "sigm", "logistic", "expit"), latex=r"\sigma", sign="σ", code="sigmoid({})"),
    Known("dsigma", functions.sigmoid_derivative, "-dsigma(u)*tanh(u/2)", by="sigmoid(u)*sigmoid(-u)",
          spellings=("sigma_prime", "sigmoid_prime", "σ_prime"), latex=r"\sigma'", sign="σ′"),
    Known("dtanh", functions.tanh_derivative, "-2*tanh(u)*dtanh(u)", by="1/cosh(u)**2",
          spellings=("tanh_prime",), latex=r"\tanh'", sign="tanh′"),
    Known("logit", lambda p: np.log(p) - np.log1p(-p), "1/(u*(1 - u))", by="log(u) - log(1 - u)"),
    Known("softplus", functions.softplus, "sigmoid(u)", by="log(1 + exp(u))", precise=_precise_softplus,
          far=(lambda z: z, 0), code="np.logaddexp(0, {})"),
    Known("relu", functions.relu, "1 if u > 0 else 0", by="where(u > 0, u, 0)", spellings=("ReLU",),
          latex=r"\operatorname{ReLU}", sign="ReLU", code="np.maximum({}, 0)"),
    Known("minimum", np.minimum, by="where(u < v, u, v)", spellings=("min", "fmin"), latex=r"\min", sign="min"),
    Known("maximum", np.maximum, by="where(u > v, u, v)", spellings=("max", "fmax"), latex=r"\max", sign="max"),
    # Written `where(a > b, yes, no)`, in browsers `if`.
    Known("where", lambda a, b, yes, no: np.where(a > b, yes, no)[()], precise=_nearly_larger, browser=False,
          sympy=lambda sp, a, b, yes, no: sp.Piecewise((yes, a > b), (no, True))),
)  # fmt: skip

#: Every function of numbers by its name, and the name that belongs to each spelling.
KNOWN = {known.name: known for known in _TABLE}
SPELLINGS = {spelling: known.name for known in _TABLE for spelling in (known.name, *known.spellings)}


def _sum(values, axis=None):
    return np.sum(values, axis=None if axis is None else int(axis))


def _mean(values, axis=None):
    total = _sum(values, axis)
    return total / (np.size(values) // np.size(total))


#: Functions of vectors and matrices, whatever their entries are. `len`, `pow` and `softmax` depend on these: see `Arithmetic`.
OF_ARRAYS = {
    "sum": _sum,
    "mean": _mean,
    "dot": np.matmul,
    "inner": np.matmul,
    "matmul": np.matmul,
    "outer": np.outer,
    "diag": np.diag,
    "transpose": np.transpose,
    "ones_like": np.ones_like,
    "row": lambda vector: vector[None],
}
