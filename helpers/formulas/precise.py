"""Formulas with derivatives as numbers: `diff(f, z)` by central differences with 120 digits.

For the lines of derivations, a student's and the course's own, which are compared at points. SymPy would work the
derivatives out as formulas; it takes 40 MB of a student's kernel and a quarter of a second for that. With so many digits a
difference is as good: where f has a third derivative, the central difference (f(x + h) − f(x − h))/(2h) is off by
f'''(x) h²/6, here with h = 10⁻²⁰ by some 10⁻⁴⁰, and rounding by 10⁻¹⁰⁰. A derivative of a derivative loses twenty
digits more, so five may stand inside each other. What changes within h, such as sin(1e30 x), or is smaller than 10⁻⁵⁰ of
what is beside it, is not seen.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from helpers.formulas.evaluate import MAX_DERIVATIVES, MAX_EXPONENT, Evaluator, ExactArithmetic, elementwise
from helpers.formulas.known import Known
from helpers.formulas.text import FormulaError

DIGITS = 120
MP = mpmath.mp.clone()  # a working precision of our own, whatever a student does to mpmath.mp
MP.dps = DIGITS
STEP = MP.mpf("1e-20")
MP.kink = 1000 * STEP  # nearer to 0 than this is 0: there step(z), sign(z) and the slope of relu are 0
_NOISE = MP.mpf("1e-50")  # a sum that is so much smaller than its parts is 0: a difference knows no more digits
_LARGE = MP.mpf("1e6")  # beyond it exp(z) has half a million digits before the point, and all that is bounded its limit
_PERIODIC = ("sin", "cos")


def _real(function):
    """The function where its values are real, and nan elsewhere, as with NumPy."""

    def apply(*arguments):
        value = function(*arguments)
        return MP.nan if isinstance(value, MP.mpc) else value

    return apply


def _limited(function, above, below):
    """The function, and for arguments beyond ±_LARGE its limits, or functions of z, without working anything out."""

    def apply(z):
        if z != z or abs(z) <= _LARGE:
            return function(z)
        limit = above if z > 0 else below
        return limit(z) if callable(limit) else MP.mpf(limit)

    return apply


def _within_reach(function):
    """A periodic function, unless its argument has so many digits that it would take for ever."""

    def apply(z):
        if abs(z) > _LARGE**10:
            raise FormulaError("A number in the formula is too large.")
        return function(z)

    return apply


class PreciseArithmetic(ExactArithmetic):
    """What the operations mean for numbers of 120 digits and arrays of them."""

    constants = {"pi": +MP.pi, "e": +MP.e, "E": +MP.e}

    def function(self, known: Known) -> Callable:
        """A function of the table, with its limits where its argument is too large to work it out."""
        function = known.within(MP, known.precise) or self.by_others(known)
        if known.name in _PERIODIC:
            function = _within_reach(function)
        if known.far:
            function = _limited(function, *known.far)
        return elementwise(_real(function))

    def number(self, value: Any) -> Any:
        """The number as it was written, not as a float."""
        return MP.mpf(str(value))

    def power(self, base: Any, exponent: Any) -> Any:
        """base ** exponent; nan where it is not real."""
        if np.any(abs(np.asarray(exponent)) > MAX_EXPONENT):
            raise FormulaError("The exponent is too large.")
        return elementwise(_real(operator.pow))(base, exponent)


PRECISE = PreciseArithmetic()


def _unless_noise(total, left, right):
    return total if not abs(total) < _NOISE * max(abs(left), abs(right)) else 0 * total


class PreciseEvaluator(Evaluator):
    """Evaluates a Formula with 120 digits; `diff(f, z)` and `grad(f, z)` are worked out at the point.

    The derivative with respect to an intermediate quantity z holds z as a variable of its own: with f = sin(g1) + g2**2,
    `diff(f, g1)` is cos(g1) although g2 hangs on the same inputs. Values are numbers or arrays of `numbers`.
    """

    arithmetic = PRECISE
    depth = 0  # how many derivatives this one stands inside of

    def combine(self, operation: Callable, left: Any, right: Any, node: ast.BinOp) -> Any:
        """As elsewhere, but what is 0 up to rounding is 0: else 0/0 would be a number."""
        result = super().combine(operation, left, right, node)
        if self.depth == 0 and isinstance(node.op, (ast.Add, ast.Sub)):
            return elementwise(_unless_noise)(result, left, right)
        return result

    def derivative(self, function: ast.expr, variable: ast.expr) -> Any:
        """All partial derivatives, of shape `function.shape + variable.shape`."""
        name = self.variable_name(variable)
        if self.depth == MAX_DERIVATIVES:
            raise FormulaError(f"More than {MAX_DERIVATIVES} derivatives inside each other cannot be worked out here.")
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
        inside.indices, inside.depth = self.indices, self.depth + 1
        return inside


def numbers(value: Any) -> Any:
    """A number or an array of them, each exactly what the float is, as Evaluator wants it."""
    return np.vectorize(MP.mpf, otypes=[object])(np.asarray(value, dtype=float))[()]


def floats(value: Any) -> Any:
    """A number or an array of numbers of 120 digits as floats."""

    def as_float(entry):
        return float(entry) if entry == entry else np.nan  # float(MP.nan) would warn

    return np.vectorize(as_float, otypes=[float])(np.asarray(value, dtype=object))[()]
