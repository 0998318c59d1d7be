"""Formulas as numbers: an `Evaluator` walks the tree of a `Formula` and knows only what is on the list.

Numbers and arrays work alike: `X.T @ sign(X @ w - y) / 2` is a formula too. What numbers are is said by an `Arithmetic`:
floats here, SymPy's expressions in `helpers.formulas.symbolic`, 120 digits in `helpers.formulas.precise`. How the shapes
of vectors and matrices follow from those of their parts is said by `shape_of`.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers import functions
from helpers.formulas.known import KNOWN, OF_ARRAYS, Known
from helpers.formulas.reader import Formula
from helpers.formulas.text import FormulaError, shorten
from helpers.formulas.vocabulary import DERIVATIVES, PRIME

MAX_DERIVATIVES = 5  # inside each other
MAX_EXPONENT = 1000  # of a plain number: 9**9**9 would keep the machine busy for ever


def elementwise(function: Callable) -> Callable:
    """A function of objects as a function of arrays of them too."""

    def apply(*arguments):
        if any(np.ndim(argument) for argument in arguments):
            return np.vectorize(function, otypes=[object])(*arguments)
        return function(*arguments)

    return apply


class Arithmetic:
    """What the operations mean for one kind of numbers: this one for floats. `functions` has every spelling of each."""

    constants: dict[str, Any] = {"pi": np.pi, "e": np.e, "E": np.e}

    def __init__(self):
        of_numbers = {name: self.function(known) for known in KNOWN.values() for name in (known.name, *known.spellings)}
        self.functions: dict[str, Callable] = of_numbers | OF_ARRAYS
        self.functions |= {"len": lambda vector: self.number(len(vector)), "softmax": self.softmax}
        self.functions |= {"pow": self.power, "power": self.power}

    def function(self, known: Known) -> Callable:
        """A function of the table for these numbers and arrays of them."""
        return known.numpy

    def by_others(self, known: Known) -> Callable:
        """A function of the table, worked out by the simpler ones that it is made of."""
        formula, evaluator = Formula(known.by), Evaluator({})
        evaluator.arithmetic = self

        def apply(*arguments):
            evaluator.values = dict(zip("uv", arguments, strict=False))
            return evaluator(formula)

        return apply

    def number(self, value: Any) -> Any:
        """A number that stands in a formula."""
        return value

    def power(self, base: Any, exponent: Any) -> Any:
        """base ** exponent, where that is not too much work."""
        if isinstance(exponent, (int, float)) and abs(exponent) > MAX_EXPONENT:
            raise FormulaError(f"The exponent {shorten(exponent, 12)} is too large.")
        if isinstance(base, int) and isinstance(exponent, int):
            base = float(base)  # no integers of a million digits
        return base**exponent

    def softmax(self, z: Any) -> Any:
        """Along the last axis."""
        return functions.softmax(z)

    def array(self, values: list) -> np.ndarray:
        """A list that stands in a formula."""
        return np.array(values, dtype=float)


class ExactArithmetic(Arithmetic):
    """What arithmetics have in common whose numbers are objects, and whose arrays hold objects."""

    def softmax(self, z: Any) -> Any:
        """Along the last axis."""
        exponentials = self.functions["exp"](z)
        return exponentials / np.sum(exponentials, axis=-1, keepdims=True)

    def array(self, values: list) -> np.ndarray:
        """A list that stands in a formula."""
        return np.array(values, dtype=object)


NUMPY = Arithmetic()
_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
}


class Evaluator:
    """Walks a formula's tree. `values` gives the parameters, `definitions` further names as Formulas in them.

    `sizes` gives the range of each index letter, for `Sum(i, …)` and `x[i]` in derivations; `indices` are those that
    have a value now; `arithmetic` says what numbers are. Raises FormulaError for anything that is not on the list of
    known operations.
    """

    arithmetic: Arithmetic = NUMPY

    def __init__(
        self,
        values: dict[str, Any],
        definitions: dict[str, Formula] | None = None,
        sizes: dict[str, int] | None = None,
    ):
        self.values, self.definitions, self.sizes = dict(values), definitions or {}, sizes or {}
        self._found = {}
        self.indices: dict[str, int] = {}

    def __call__(self, formula: Formula) -> Any:
        return self.visit(formula.tree)

    def visit(self, node: ast.AST) -> Any:
        """The value of a part of the tree."""
        method = getattr(self, "visit_" + type(node).__name__, None)
        if method is None:
            raise FormulaError(f"A formula cannot contain `{shorten(ast.unparse(node))}`.")
        return method(node)

    def visit_Constant(self, node: ast.Constant) -> Any:
        """A number."""
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise FormulaError(f"A formula cannot contain `{shorten(repr(node.value))}`.")
        if node.value > 1e300:
            raise FormulaError("A number in the formula is too large.")
        return self.arithmetic.number(node.value)

    def visit_Name(self, node: ast.Name) -> Any:
        """A quantity, or a constant such as pi."""
        return self.name(node.id)

    def name(self, name: str) -> Any:
        """The value of an index, a parameter, a definition or a constant."""
        if name in self.indices:
            return self.arithmetic.number(self.indices[name])
        if name in self.values:
            return self.values[name]
        if name in self.definitions:
            place = (name, *self.indices.items())
            if place not in self._found:  # once: in p2 = p1*p1, p3 = p2*p2, … it doubles
                self._found[place] = self.visit(self.definitions[name].tree)
            return self._found[place]
        if name in self.arithmetic.constants:
            return self.arithmetic.constants[name]
        if self.is_function(name):
            raise FormulaError(f"`{name}` is a function: it needs an argument in brackets.")
        known = f"the formula may use {', '.join(self.values)}" if self.values else "write numbers only"
        raise FormulaError(f"The name `{shorten(name)}` is not known here; {known}.")

    def is_function(self, name: str) -> bool:
        """Whether the name is that of a function, or of a derivative."""
        return name in self.arithmetic.functions or name in DERIVATIVES

    def is_quantity(self, name: str) -> bool:
        """Whether the name has a value here."""
        return name in self.values or name in self.definitions or name in self.indices

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        """−x or +x."""
        value = self.visit(node.operand)
        if isinstance(node.op, ast.USub):
            return -value
        if isinstance(node.op, ast.UAdd):
            return value
        raise FormulaError("A formula cannot contain `not` or `~`.")

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        """Two operands with + - * / @ or ** between them."""
        left, right = self.visit(node.left), self.visit(node.right)
        operation = self.arithmetic.power if isinstance(node.op, ast.Pow) else _BINARY.get(type(node.op))
        if operation is None:
            raise FormulaError(f"`{shorten(ast.unparse(node))}` uses an operation that formulas do not have.")
        return self.combine(operation, left, right, node)

    def combine(self, operation: Callable, left: Any, right: Any, node: ast.BinOp) -> Any:
        """The value of two operands and the operation between them, which is `node`."""

        def misfit(problem):
            return f"The shapes of `{shorten(ast.unparse(node))}` do not fit: {np.shape(left)} and {np.shape(right)}."

        return _worked_out(operation, (left, right), misfit)

    def visit_Call(self, node: ast.Call) -> Any:
        """A function of the table, or one of an array."""
        return self.call(node.func.id, node.args)

    def call(self, name: str, arguments: list[ast.expr]) -> Any:
        """The value of the function of that name."""
        if name == "Sum":
            return self.sum_over(*arguments)
        if name == PRIME:
            raise FormulaError("A prime does not say with respect to what: write `dL/dw` or `diff(L, w)`.")
        if name in DERIVATIVES:
            return self.derivative(*_one_by_one(name, arguments))
        if name == "where":
            arguments = _compared(*arguments)
        function = self.arithmetic.functions.get(name)
        if function is None:
            raise FormulaError(f"The function `{shorten(name)}` is not known here.")
        values = [self.visit(argument) for argument in arguments]

        def misfit(problem):
            if isinstance(problem, TypeError):
                return f"`{name}` does not take what stands in its brackets."
            return f"`{name}` cannot be worked out: {shorten(problem, 120) or type(problem).__name__}."

        return _worked_out(function, values, misfit)

    def sum_over(self, index: ast.expr, body: ast.expr, *_) -> Any:
        """`Sum(i, …)`: the sum of `body` over all values of the index, as many as the arrays have that it is an index of."""
        letter = getattr(index, "id", None)
        size = self._counted(letter, body) if letter else None
        if size is None:
            raise FormulaError("A sum is written `Sum(i, …)`, with i for the examples, as in `Sum(i, x[i])`.")
        total, outside = 0, self.indices
        for number in range(size):
            self.indices = {**outside, letter: number}
            total = total + self.visit(body)
        self.indices = outside  # the same letter may count something else around the sum
        return total

    def _counted(self, letter, body):
        """How far an index counts: as its first array does, or as the letter usually does."""
        for node in ast.walk(body):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and self.is_quantity(node.value.id):
                places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                for axis, place in enumerate(places):
                    shape = np.shape(self.name(node.value.id))
                    if getattr(place, "id", None) == letter and axis < len(shape):
                        return shape[axis]
        return self.sizes.get(letter)

    def derivative(self, function: ast.expr, variable: ast.expr) -> Any:
        """The derivative of `function` with respect to `variable`; floats have none."""
        raise FormulaError("A derivative that is not worked out has no value yet.")

    def variable_name(self, variable: ast.expr) -> str:
        """The name of what a derivative is taken with respect to: w for `w` and for `w[1]`."""
        name = getattr(variable.value if isinstance(variable, ast.Subscript) else variable, "id", None)
        if name is None or not self.is_quantity(name):
            raise FormulaError("A derivative needs a name to differentiate with respect to.")
        return name

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """A transpose, x.T."""
        if node.attr == "T":
            return np.transpose(self.visit(node.value))[()]
        raise FormulaError(f"A formula cannot contain `.{shorten(node.attr)}`.")

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        """An entry, x[i]."""
        return self.entry(self.visit(node.value), node)

    def entry(self, array: Any, node: ast.Subscript) -> Any:
        """The entry of an array, or the part of it, that the Subscript `node` names."""
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        values = [self.visit(part) for part in parts]
        try:
            return array[tuple(int(value) for value in values)]
        except (IndexError, TypeError, ValueError):
            raise FormulaError(f"`{shorten(ast.unparse(node))}` does not exist.") from None

    def visit_List(self, node: ast.List | ast.Tuple) -> Any:
        """A list, or a tuple, of numbers or of rows."""
        items = [self.visit(item) for item in node.elts]
        if len({np.shape(item) for item in items}) > 1:
            raise FormulaError("The parts of a list must be of one shape.")
        return self.arithmetic.array(items)

    visit_Tuple = visit_List


def _worked_out(function, arguments, misfit):
    """function(*arguments); an exception becomes a sentence, that of `misfit` where the arguments do not go together."""
    try:
        return function(*arguments)
    except FormulaError:
        raise
    except ZeroDivisionError:
        raise FormulaError("The formula divides by zero.") from None
    except OverflowError:
        raise FormulaError("A number in the formula is too large.") from None
    except Exception as problem:
        raise FormulaError(misfit(problem)) from None


def _one_by_one(name, arguments):
    """The two arguments of a derivative; of `diff(f, x, 2)`, `diff(f, x, y)` and `diff(f, (x, 2))` the first is the
    derivative inside."""
    variables = []
    for argument in arguments[1:]:
        match argument:
            case ast.Tuple(elts=[variable, again]) | ast.List(elts=[variable, again]):
                variables.append(variable)
            case ast.Constant():
                again = argument
            case _:
                variables.append(argument)
                continue
        times = getattr(again, "value", None)
        if not variables or type(times) is not int or not 1 <= times <= MAX_DERIVATIVES:
            variables = []
            break
        variables += variables[-1:] * (times - 1)
    if not variables or name == "grad" and len(variables) > 1:
        raise FormulaError(
            "A derivative is written `diff(f, x)`, a gradient `grad(f, w)`, and a second derivative `diff(f, x, 2)`."
        )
    function = arguments[0]
    for variable in variables[:-1]:
        function = ast.Call(ast.Name("diff"), [function, variable], [])
    return function, variables[-1]


def _compared(*arguments):
    """Of `where(a > b, yes, no)` the four arguments a, b, yes, no; a comparison stands nowhere else."""
    match arguments:
        case ast.Compare(left=a, ops=[ast.Gt() | ast.LtE() as sign], comparators=[b]), yes, no:
            pass
        case ast.Compare(left=b, ops=[ast.Lt() | ast.GtE() as sign], comparators=[a]), yes, no:
            pass
        case _:
            raise FormulaError("A choice is written `where(z > 0, …, …)`: a comparison, then two values.")
    return [a, b, yes, no] if isinstance(sign, (ast.Gt, ast.Lt)) else [a, b, no, yes]
