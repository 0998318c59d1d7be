"""A calculation as one writes it by hand: lines, each a name and a formula in given numbers and earlier
names.

    working = Working({"z": "w*x + b", "a": "sigma(z)", "E": "(y - a)**2 / 2"})
    working.values({"w": 0.3, "x": 2, "b": 0.1, "y": 1})                        # all lines, as numbers
    working.values(numbers, changes={"E": "(y - a)**2"})                        # the same with a mistake in E
    working.values(numbers, fixed={"z": 0.8})                                   # … with another number for z

The lines are the one place in which a network is written down: the right values, the values that each mistake
leads to, the numbers put in and the derivation all come from them. Numbers may be arrays too, for lines such
as `W1 @ x + b1`, or to work many instances out at once.
"""

import ast
import functools
import math
from dataclasses import dataclass

import numpy as np

from helpers.formulas.evaluate import NUMPY
from helpers.formulas.latex import name_to_latex, number_to_latex, to_latex, with_numbers
from helpers.formulas.text import Formula


@dataclass(frozen=True)
class LineMistake:
    """A mistake in the lines of a Working. `id` as in the tests; `what` says in one or two sentences which
    kind it is; `ways` are the ways in which it comes about, each a dict of changed lines (name -> formula);
    `hint` (optional) says where to look."""

    id: str
    what: str
    ways: tuple
    hint: str = ""


def line_mistake(name, what, *ways, hint=""):
    return LineMistake(name, what, tuple(ways), hint)


class Working:
    """Lines in the order in which they are worked out: a dict name -> formula."""

    def __init__(self, lines):
        self.formulas = {name: Formula(text) for name, text in lines.items()}

    def values(self, numbers, changes=None, fixed=None, functions=None, carried=None):
        """The value of every line, as a dict, for a dict of given numbers.

        `changes` (name -> formula) puts other formulas in the place of some lines, `fixed` (name -> number)
        numbers. `functions` says what `sigma` and its like mean, for other arithmetic than NumPy's. `carried`
        (name, value -> value) is what is carried on of each line, for example rounded.
        """
        changes, fixed = changes or {}, fixed or {}
        functions, values, found = functions or _FUNCTIONS, dict(numbers), {}
        with np.errstate(all="ignore"):
            for name, formula in self.formulas.items():
                if name in fixed:
                    value = fixed[name]
                else:
                    code = _code(_text(changes[name])) if name in changes else _code(formula.text)
                    try:
                        # the course's own formulas, never a student's text
                        value = eval(code, functions, values)
                    except ZeroDivisionError:  # a slip can make a zero of a denominator
                        value = float("nan")
                found[name] = values[name] = value if carried is None else carried(name, value)
        return found

    def depends(self, name):
        """The names of all lines on which a line rests, in order, itself last."""
        needed = {name}
        for line in reversed(self.formulas):
            if line in needed:
                needed |= self.formulas[line].names & set(self.formulas)
        return [line for line in self.formulas if line in needed]

    def mistaken(self, numbers, mistake):
        """The values of every line for each way of a LineMistake."""
        return [self.values(numbers, way) for way in mistake.ways]

    def latex_lines(self, numbers, labels=None, precise=()):
        """Every line as LaTeX: its name, the formula, the numbers put in, the value. Lines named in `precise`
        show ten digits of their value, the others six; a value that is rounded stands behind ≈."""
        labels = labels or {}
        values, rows = {**numbers, **self.values(numbers)}, []
        for name, formula in self.formulas.items():
            put_in = with_numbers(formula, values)
            value = number_to_latex(values[name], 10 if name in precise else 6)
            row = f"{labels.get(name) or name_to_latex(name)} = {to_latex(formula, labels=labels)} = {put_in}"
            if value != put_in:
                row += f" {_relation(formula, values, name, value)} {value}"
            rows.append(row)
        return rows


def _relation(formula, values, name, shown):
    """`=` if the value and all the numbers put in are shown in full, ≈ if one of them is rounded."""
    if values[name] == 0:
        return "="
    used = [values[one] for one in formula.names if one in values]
    exact = all(float(f"{float(value):.6g}") == float(value) for value in used) and (
        r"\cdot" not in shown and abs(float(shown) - float(values[name])) <= 1e-12 * abs(float(values[name]))
    )
    return "=" if exact else r"\approx"


def exact_values(working, numbers, changes=None, moved=None):
    """The values of every line with 40 digits (mpmath numbers), an arithmetic apart from NumPy's. `moved`
    (name -> small number) is added to the given numbers."""
    import mpmath

    functions = {
        "__builtins__": {},
        "sigma": lambda z: 1 / (1 + mpmath.exp(-z)),
        "sign": mpmath.sign,
        "relu": lambda z: max(z, mpmath.mpf(0)),
    }
    with mpmath.workdps(40):
        exact = {name: mpmath.mpf(repr(float(value))) + (moved or {}).get(name, 0) for name, value in numbers.items()}
        return working.values(exact, changes, functions=functions)


def exact_derivative(working, numbers, objective, name):
    """The derivative of a line with respect to a given number, by a difference quotient with 40 digits:
    good to 20 of them."""
    import mpmath

    with mpmath.workdps(40):
        h = mpmath.mpf(10) ** -6
        f = [exact_values(working, numbers, moved={name: k * h})[objective] for k in (-2, -1, 1, 2)]
        return (8 * (f[2] - f[1]) - (f[3] - f[0])) / (12 * h)


def _text(change):
    return change if isinstance(change, str) else ast.unparse(change.tree)


@functools.lru_cache(maxsize=4096)
def _code(text):
    return compile(ast.fix_missing_locations(ast.Expression(Formula(text).tree)), "<line>", "eval")


def _sigma(z):
    """The logistic function; of a plain number without the detour through arrays, which takes ten times as
    long."""
    if not isinstance(z, float):
        return NUMPY.functions["sigma"](z)
    if z < 0:
        decay = math.exp(max(z, -745.0))
        return decay / (1 + decay)
    return 1 / (1 + math.exp(-z))


def _relu(z):
    return max(z, 0.0) if isinstance(z, float) else np.maximum(z, 0)


_FUNCTIONS = {
    "__builtins__": {},
    **NUMPY.functions,
    "sigma": _sigma,
    "relu": _relu,
    "dsigma": lambda z: _sigma(z) * _sigma(-z),
}
