"""Formulas as SymPy objects: the same trees that `helpers.formulas.evaluate` walks with NumPy, with derivatives.

Vectors and matrices are NumPy arrays of SymPy symbols, so every matrix formula is expanded into its indices.
Import this module only where SymPy is needed: it takes a quarter of a second to load.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from helpers.formulas.evaluate import Evaluator, ExactArithmetic, Shape, elementwise
from helpers.formulas.known import Known
from helpers.formulas.text import Formula, FormulaError


class SymbolicArithmetic(ExactArithmetic):
    """What the operations mean for SymPy expressions and arrays of them."""

    constants = {"pi": sp.pi, "e": sp.E, "E": sp.E}

    def function(self, known: Known) -> Callable:
        return elementwise(known.within(sp, known.sympy) or self.by_others(known))

    def number(self, value: Any) -> Any:
        return sp.Rational(str(value))

    def power(self, base: Any, exponent: Any) -> Any:
        if getattr(exponent, "is_number", False) and getattr(base, "is_number", False) and abs(exponent) > 1000:
            raise FormulaError("The exponent is too large.")
        return base**exponent


SYMBOLIC = SymbolicArithmetic()


def symbols_for(shapes: dict[str, Shape], sizes: dict[str, int]) -> dict[str, Any]:
    """A real SymPy symbol, or an array of them, for every name: {"w": array([w1, w2])} for the shapes {"w": ("n",)} and
    the sizes {"n": 2}."""
    result = {}
    for name, letters in shapes.items():
        shape = tuple(sizes[letter] for letter in letters)
        array = np.empty(shape, dtype=object)
        for index in np.ndindex(*shape):
            array[index] = sp.Symbol(name + "".join(str(i + 1) for i in index), real=True)
        result[name] = array if shape else array[()]
    return result


class SymbolicEvaluator(Evaluator):
    """Evaluates a Formula with SymPy; `diff(f, z)` and `grad(f, z)` are worked out.

    The derivative with respect to an intermediate quantity z holds z as a variable of its own and expands
    everything else: with f = sin(g1) + g2**2, `diff(f, g1)` is cos(g1) although g2 hangs on the same inputs.
    """

    def __init__(
        self,
        values: dict[str, Any],
        definitions: dict[str, Formula] | None = None,
        sizes: dict[str, int] | None = None,
    ):
        super().__init__(values, definitions, SYMBOLIC, sizes)

    def derivative(self, function: ast.expr, variable: ast.expr) -> Any:
        name = self.variable_name(variable)
        if name in self.values:
            return _partial(self.visit(function), self.visit(variable))
        value = self.name(name)
        held = _dummies_like(value, name)
        inside = SymbolicEvaluator({**self.values, name: held}, self.definitions, self.sizes)
        inside.indices = self.indices
        result = _partial(inside.visit(function), inside.visit(variable))
        back = dict(zip(np.ravel(held), np.ravel(np.asarray(value, dtype=object)), strict=True))
        return elementwise(lambda entry: sp.sympify(entry).xreplace(back))(result)


def _dummies_like(value, name):
    return np.vectorize(lambda _: sp.Dummy(name, real=True), otypes=[object])(value)[()]


def _partial(function, variable):
    """All partial derivatives, of shape `function.shape + variable.shape`: a gradient has the shape of its
    variable, the derivative of a vector by a vector is the Jacobian matrix."""
    function = np.asarray(function, dtype=object)
    outer = function.reshape(function.shape + (1,) * np.ndim(variable))
    return np.vectorize(lambda f, x: sp.diff(sp.sympify(f), x), otypes=[object])(outer, variable)[()]


def to_numpy(expression: Any, symbols: list, functions: dict[str, Callable] | None = None) -> Callable:
    """A function of numbers and arrays, worked out by NumPy. functions: more of them, by the names they have in SymPy.

    `lambdify(…, modules="numpy")` would do the same after `from numpy import *`, which loads every part of NumPy that
    waits until it is used, its Fortran compiler among them: 16 MB and 0.2 s in the kernel of every student.
    """
    from sympy.printing.numpy import NumPyPrinter

    functions = functions or {}
    loaded = {name: vars(module)[name] for module in (np.linalg, np) for name in module.__all__ if name in vars(module)}
    printer = NumPyPrinter(
        {
            "fully_qualified_modules": False,
            "inline": True,
            "allow_unknown_functions": True,
            "user_functions": {name: name for name in functions},
        }
    )
    return sp.lambdify(symbols, expression, modules=[functions, {"I": 1j, "Abs": abs} | loaded], printer=printer)
