"""Formulas with derivatives as numbers: `diff(f, z)` by central differences with 120 digits.

For the lines of a student's derivation, which are compared at points. SymPy would work the derivatives out as formulas
(`helpers.formulas.symbolic`, which verifies the course's own derivations); it takes 40 MB of a student's kernel and
half a second for that. With so many digits a difference is as good: where f has a third derivative, the central
difference (f(x + h) − f(x − h))/(2h) is off by f'''(x) h²/6, here with h = 10⁻²⁰ by some 10⁻⁴⁰, and rounding by 10⁻¹⁰⁰.
A derivative of a derivative loses twenty digits more, so five may stand inside each other.
"""

import ast
import typing

import mpmath
import numpy as np

from .text import Evaluator, FormulaError, elementwise

DIGITS = 120
MP = mpmath.mp.clone()  # a working precision of our own, whatever a student does to mpmath.mp
MP.dps = DIGITS
STEP = MP.mpf("1e-20")
_KINK = STEP**0.5  # nearer to 0 than this is 0: there step(z) and the slope of relu are 0, as the course defines them


def _softmax(z):
    e = elementwise(MP.exp)(z)
    return e / np.sum(e, axis=-1, keepdims=True)


def _mean(values):
    return np.sum(values) / np.size(values)


def _sum(values, axis=None):
    return np.sum(values, axis=None if axis is None else int(axis))


class PreciseArithmetic:
    """What the operations mean for numbers of 120 digits and arrays of them."""

    functions: typing.ClassVar = {name: elementwise(function) for name, function in {
        "exp": MP.exp, "log": MP.log, "log10": MP.log10, "log2": lambda z: MP.log(z, 2), "log1p": lambda z: MP.log(1 + z),
        "expm1": MP.expm1, "sqrt": MP.sqrt, "abs": abs, "sign": MP.sign, "square": lambda z: z * z,
        "sin": MP.sin, "cos": MP.cos, "tan": MP.tan, "atan": MP.atan,
        "sinh": MP.sinh, "cosh": MP.cosh, "tanh": MP.tanh, "sech": MP.sech,
        "sigma": lambda z: 1 / (1 + MP.exp(-z)), "softplus": lambda z: MP.log(1 + MP.exp(z)),
        "relu": lambda z: z if z > _KINK else 0 * z, "step": lambda z: MP.mpf(z > _KINK),
        "dsigma": lambda z: 1 / ((1 + MP.exp(-z)) * (1 + MP.exp(z))), "dtanh": lambda z: MP.sech(z) ** 2,
    }.items()} | {
        "sum": _sum, "mean": _mean, "dot": np.matmul, "outer": np.outer, "diag": np.diag, "transpose": np.transpose,
        "pow": lambda base, exponent: PreciseArithmetic.power(base, exponent), "row": lambda v: v[None],
        "ones_like": lambda v: v * 0 + 1, "len": lambda v: MP.mpf(len(v)), "softmax": _softmax,
    }  # fmt: skip
    constants: typing.ClassVar = {"pi": +MP.pi, "e": +MP.e, "E": +MP.e}

    @staticmethod
    def number(value):
        return MP.mpf(str(value))

    @staticmethod
    def power(base, exponent):
        if np.ndim(exponent) == 0 and abs(exponent) > 1000:
            raise FormulaError("The exponent is too large.")
        return base**exponent

    @staticmethod
    def array(values):
        return np.array(values, dtype=object)


class PreciseEvaluator(Evaluator):
    """Evaluates a Formula with 120 digits; `diff(f, z)` and `grad(f, z)` are worked out at the point.

    The derivative with respect to an intermediate quantity z holds z as a variable of its own, as SymbolicEvaluator
    does. Values are numbers or arrays of `numbers`.
    """

    def __init__(self, values, definitions=None, sizes=None):
        super().__init__(values, definitions, PreciseArithmetic, sizes)

    def derivative(self, function, variable, *_):
        """All partial derivatives, of shape `function.shape + variable.shape`."""
        at = variable.value if isinstance(variable, ast.Subscript) else variable
        name = getattr(at, "id", None)
        if name is None or not self.is_quantity(name):
            raise FormulaError("A derivative needs a name to differentiate with respect to.")
        value = np.asarray(self.name(name), dtype=object)
        places = np.arange(value.size).reshape(value.shape)
        if isinstance(variable, ast.Subscript):
            places = self.entry(places, variable)
        slopes = [self._slope(function, name, value, place) for place in np.ravel(places)]
        return np.reshape(np.stack(slopes, axis=-1), np.shape(slopes[0]) + np.shape(places))[()]

    def _slope(self, function, name, value, place):
        """The derivative of the function with respect to one entry of the named quantity."""
        above, below = (self._moved(name, value, place, by).visit(function) for by in (STEP, -STEP))
        return np.asarray((above - below) / (2 * STEP), dtype=object)

    def _moved(self, name, value, place, by):
        moved = value.copy()
        moved.flat[place] += by
        # Another name for the same quantity moves with it.
        names = {name, *(other for other, known in self.values.items() if known is self.values.get(name))}
        inside = PreciseEvaluator({**self.values, **dict.fromkeys(names, moved[()])}, self.definitions, self.sizes)
        inside.indices = self.indices
        return inside


def numbers(value):
    """A number or an array of them, each exactly what the float is, as Evaluator wants it."""
    return np.vectorize(MP.mpf, otypes=[object])(np.asarray(value, dtype=float))[()]


def floats(value):
    """A number or an array of numbers of 120 digits as floats; what is complex becomes nan, as with NumPy."""
    def as_float(entry):
        return np.nan if getattr(entry, "imag", 0) else float(entry.real if hasattr(entry, "real") else entry)

    return np.vectorize(as_float, otypes=[float])(np.asarray(value, dtype=object))[()]
