"""Formulas and SymPy: what the functions of formulas are for SymPy's expressions, and such expressions as functions.

Import this module only where SymPy is needed: it takes a quarter of a second to load.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from helpers.formulas.evaluate import MAX_EXPONENT, ExactArithmetic, elementwise
from helpers.formulas.known import Known
from helpers.formulas.text import FormulaError


class SymbolicArithmetic(ExactArithmetic):
    """What the operations mean for SymPy expressions and arrays of them."""

    constants = {"pi": sp.pi, "e": sp.E, "E": sp.E}

    def function(self, known: Known) -> Callable:
        """SymPy's own function, or what the table makes it of."""
        return elementwise(known.within(sp, known.sympy) or self.by_others(known))

    def number(self, value: Any) -> Any:
        """The number as a fraction: 0.1 is one tenth."""
        return sp.Rational(str(value))

    def power(self, base: Any, exponent: Any) -> Any:
        """base ** exponent, where that is not too much work."""
        if getattr(exponent, "is_number", False) and getattr(base, "is_number", False) and abs(exponent) > MAX_EXPONENT:
            raise FormulaError("The exponent is too large.")
        return base**exponent


SYMBOLIC = SymbolicArithmetic()


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
