"""Formulas worked out by SymPy, for tests: derivatives as expressions, and proofs of the lines of a derivation.

Vectors and matrices are NumPy arrays of symbols, so every matrix formula is expanded into its indices.
"""

import numpy as np
import sympy as sp

from helpers.formulas.derivation import SIZES, index_sizes
from helpers.formulas.evaluate import Evaluator, elementwise
from helpers.formulas.symbolic import SYMBOLIC


def symbols_for(shapes, sizes):
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

    arithmetic = SYMBOLIC

    def derivative(self, function, variable):
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


def proved_lines(derivation):
    """The numbers of the lines that SymPy can show to hold, by its own differentiation; of others it is not sure."""
    values = symbols_for(derivation.shapes, SIZES)
    values |= {name: sp.Symbol(name, positive=True) for name in derivation.positive}
    evaluator = SymbolicEvaluator(values, derivation.definitions, index_sizes(SIZES))
    lines = []
    for number in range(len(derivation.steps)):
        differences = []
        for indices in derivation.index_values(number):
            evaluator.indices = indices
            left, right = map(evaluator, derivation.sides(number))
            differences += list(np.ravel(np.asarray(left - right, dtype=object)))
        if all(_is_zero(sp.sympify(difference)) for difference in differences):
            lines.append(number)
    return lines


def _is_zero(difference):
    """Whether SymPy can show that an expression is zero; False also means that it could not decide quickly."""
    if difference == 0:
        return True
    if difference.count_ops() > 200:
        return False
    numerator = sp.expand(sp.numer(sp.together(sp.expand(difference.rewrite(sp.exp)))))
    return numerator == 0 or (numerator.count_ops() < 100 and sp.simplify(numerator) == 0)
