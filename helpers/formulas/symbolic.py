"""Formulas as SymPy objects: the same trees that `helpers.formulas.text` evaluates with NumPy, with derivatives.

Vectors and matrices are NumPy arrays of SymPy symbols, so every matrix formula is expanded into its indices.
Import this module only where SymPy is needed: it takes a quarter of a second to load.
"""

import ast
import typing

import numpy as np
import sympy as sp

from helpers.formulas.text import Evaluator, Formula, FormulaError, elementwise


def _sigma(z):
    return 1 / (1 + sp.exp(-z))


def _row_sums(z):
    return np.sum(elementwise(sp.exp)(z), axis=-1, keepdims=True)


class SymbolicArithmetic:
    """What the operations mean for SymPy expressions and arrays of them."""

    functions: typing.ClassVar = {
        name: elementwise(function)
        for name, function in {
            "exp": sp.exp,
            "log": sp.log,
            "log10": lambda z: sp.log(z, 10),
            "log2": lambda z: sp.log(z, 2),
            "log1p": lambda z: sp.log(1 + z),
            "expm1": lambda z: sp.exp(z) - 1,
            "sqrt": sp.sqrt,
            "abs": sp.Abs,
            "sign": sp.sign,
            "square": lambda z: z**2,
            "sin": sp.sin,
            "cos": sp.cos,
            "tan": sp.tan,
            "atan": sp.atan,
            "sinh": sp.sinh,
            "cosh": sp.cosh,
            "tanh": sp.tanh,
            "sech": sp.sech,
            "sigma": _sigma,
            "softplus": lambda z: sp.log(1 + sp.exp(z)),
            "relu": lambda z: sp.Piecewise((z, z > 0), (0, True)),
            "step": lambda z: sp.Piecewise((1, z > 0), (0, True)),
            "dsigma": lambda z: _sigma(z) * _sigma(-z),
            "dtanh": lambda z: 1 - sp.tanh(z) ** 2,
        }.items()
    } | {
        "sum": np.sum,
        "mean": np.mean,
        "dot": np.matmul,
        "outer": np.outer,
        "diag": np.diag,
        "transpose": np.transpose,
        "pow": lambda base, exponent: base**exponent,
        "ones_like": np.ones_like,
        "row": lambda v: v[None],
        "len": lambda v: sp.Integer(len(v)),
        "softmax": lambda z: elementwise(sp.exp)(z) / _row_sums(z),
    }
    constants: typing.ClassVar = {"pi": sp.pi, "e": sp.E, "E": sp.E}

    @staticmethod
    def number(value):
        return sp.Rational(str(value))

    @staticmethod
    def power(base, exponent):
        if getattr(exponent, "is_number", False) and getattr(base, "is_number", False) and abs(exponent) > 1000:
            raise FormulaError("The exponent is too large.")
        return base**exponent

    @staticmethod
    def array(values):
        return np.array(values, dtype=object)


SYMBOLIC = SymbolicArithmetic()


def symbols_for(shapes, sizes):
    """A real SymPy symbol, or an array of them, for every name. `shapes` maps a name to its tuple of size
    letters, `sizes` a letter to its number: `symbols_for({"w": ("n",)}, {"n": 2})` is {"w": array([w1,
    w2])}."""
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

    def __init__(self, values, definitions=None, sizes=None):
        super().__init__(values, definitions, SYMBOLIC, sizes)

    def derivative(self, function, variable):
        name = variable.value.id if isinstance(variable, ast.Subscript) else getattr(variable, "id", None)
        if name is None or not self.is_quantity(name):
            raise FormulaError("A derivative needs a name to differentiate with respect to.")
        if name in self.values:
            return _partial(self.visit(function), self.visit(variable))
        value = self.name(name)
        held = _dummies_like(value, name)
        inside = SymbolicEvaluator({**self.values, name: held}, self.definitions, self.sizes)
        inside.indices = self.indices
        result = _partial(inside.visit(function), inside.visit(variable))
        back = dict(zip(np.ravel(held), np.ravel(np.asarray(value, dtype=object)), strict=False))
        return elementwise(lambda entry: sp.sympify(entry).xreplace(back))(result)


def _dummies_like(value, name):
    if not np.ndim(value):
        return sp.Dummy(name, real=True)
    result = np.empty(np.shape(value), dtype=object)
    for index in np.ndindex(*result.shape):
        result[index] = sp.Dummy(name, real=True)
    return result


def _partial(function, variable):
    """All partial derivatives, of shape `function.shape + variable.shape`: a gradient has the shape of its
    variable, the derivative of a vector by a vector is the Jacobian matrix."""
    outer, inner = np.shape(function), np.shape(variable)
    result = np.empty(outer + inner, dtype=object)
    for i in np.ndindex(*outer):
        for j in np.ndindex(*inner):
            f = function[i] if outer else function
            result[i + j] = sp.diff(sp.sympify(f), variable[j] if inner else variable)
    return result if result.ndim else result[()]


def as_sympy(text, parameters, definitions=None):
    """A formula's text as a SymPy expression in symbols named like the parameters (numbers only)."""
    symbols = {name: sp.Symbol(name, real=True) for name in parameters}
    return SymbolicEvaluator(symbols, definitions)(Formula(text) if isinstance(text, str) else text)


def to_function(expression, symbols):
    """A fast function of the symbols' values, exact to the working precision of mpmath."""
    return sp.lambdify(symbols, expression, modules="mpmath")


def to_numpy(expression, symbols, functions=None):
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
