"""Formulas that Python and the browser evaluate alike.

A picture that keeps up with the hand is computed in the browser (see `helpers.explorers.core.explorer`), but its mathematics is
written once, as a formula:

    parse("sigmoid(x1 + w*x2 + b)")  ->  ["sigmoid", ["+", ["+", "x1", ["*", "w", "x2"]], "b"]]

The tree on the right is plain JSON: a number is itself, a text is the name of a variable, and a list is an operation
followed by its operands. `evaluate` computes it with NumPy; `explorers/core/formula.js` computes the same tree in the
browser. `derivative` and `complex_parts` give trees again, which the browser evaluates like any other.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection
from functools import cache
from typing import Any

import numpy as np

from helpers.errors import InputError
from helpers.formulas.known import KNOWN, SPELLINGS
from helpers.formulas.reader import Formula
from helpers.formulas.vocabulary import Vocabulary
from helpers.pictures.readable import rounded

Tree = float | str | list

#: Every operation, as NumPy computes it. `front/formula.js` has the same names.
OPERATIONS = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "negative": np.negative,
    "<": np.less,
    ">": np.greater,
    "and": np.logical_and,
    "or": np.logical_or,
    "if": np.where,
    "mean": np.mean,
    "at": lambda values, place: values[int(place + 0.5)] if -0.5 <= place < len(values) - 0.5 else np.nan,
    "round": np.vectorize(rounded, otypes=[float]),
} | {known.name: known.numpy for known in KNOWN.values() if known.browser}

_SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^", ast.Lt: "<", ast.Gt: ">", ast.And: "and",
    ast.Or: "or",
}  # fmt: skip


def parse(source: Tree, variables: Collection[str] = ()) -> Tree:
    """The JSON tree of a formula; what is a tree already stays as it is.

    Known are numbers, names, + - * / and powers, one comparison < or > at a time, `and`, `or`, `a if c else b`, and the
    functions in `OPERATIONS`, in all notations that `helpers.formulas.reader` knows. With `variables` these are the only
    names, which may stand side by side. Raises ValueError with the part that is not understood.
    """
    if isinstance(source, int | float | list):
        return source
    if not variables:
        return _tree(Formula(source).tree, source)
    tree = _tree(Formula(source, Vocabulary(dict.fromkeys(variables, ()))).tree, source)
    return tree if "e" in variables else substitute(tree, {"e": math.e})


def _tree(node: ast.expr, source: str) -> Tree:
    def operation(name, *parts):
        return [name, *(_tree(part, source) for part in parts)]

    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id="pi"):
            return math.pi
        case ast.Name(id=name):
            return name
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operation("negative", operand)
        case ast.BinOp(left=ast.Name(id="e"), op=ast.Pow(), right=exponent):
            return operation("exp", exponent)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return operation(_SIGNS[type(sign)], left, right)
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _SIGNS:
            return operation(_SIGNS[type(sign)], left, right)
        case ast.BoolOp(op=sign, values=[first, *others]):
            tree = _tree(first, source)
            for other in others:
                tree = [_SIGNS[type(sign)], tree, _tree(other, source)]
            return tree
        case ast.IfExp(test=test, body=yes, orelse=no):
            return operation("if", test, yes, no)
        case ast.Call(func=ast.Name(id="where"), args=[ast.Compare() as test, yes, no], keywords=[]):
            return operation("if", test, yes, no)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if SPELLINGS.get(name, name) in OPERATIONS:
            return operation(SPELLINGS.get(name, name), *arguments)
    raise ValueError(f"in the formula {source!r}, {ast.unparse(node)!r} is not understood.")


def evaluate(tree: Tree, variables: dict[str, Any]) -> Any:
    """The value of `tree` where each name stands for `variables[name]`, a number or an array.

    Arrays broadcast as in NumPy. Raises ValueError that names a variable without a value.
    """
    if isinstance(tree, str):
        if tree not in variables:
            raise ValueError(f"the formula needs a value for {tree!r}")
        return variables[tree]
    if isinstance(tree, list):
        operation, *operands = tree
        values = [np.asarray(evaluate(operand, variables), dtype=float) for operand in operands]
        with np.errstate(all="ignore"):  # 1/0 is infinity here, as it is in the browser
            return OPERATIONS[operation](*values)
    return tree


def names(tree: Tree) -> set[str]:
    """The variables that occur in `tree`."""
    if isinstance(tree, str):
        return {tree}
    if isinstance(tree, list):
        return set().union(*(names(operand) for operand in tree[1:]))
    return set()


def substitute(tree: Tree, replacements: dict[str, Tree]) -> Tree:
    """`tree` with each name that is a key of `replacements` replaced by the tree that stands there."""
    if isinstance(tree, str):
        return replacements.get(tree, tree)
    if isinstance(tree, list):
        return [tree[0], *(substitute(operand, replacements) for operand in tree[1:])]
    return tree


# ---- building trees without idle parts: 0 + u, 1 · u, u¹ ---------------------------------------------------


def _constants(*trees: Tree) -> bool:
    return all(isinstance(tree, int | float) for tree in trees)


def _plus(a: Tree, b: Tree) -> Tree:
    if _constants(a, b):
        return a + b
    if a == 0 or b == 0:
        return b if a == 0 else a
    return ["+", a, b]


def _minus(a: Tree, b: Tree) -> Tree:
    if _constants(a, b):
        return a - b
    if b == 0:
        return a
    return _negative(b) if a == 0 else ["-", a, b]


def _times(a: Tree, b: Tree) -> Tree:
    if _constants(a, b):
        return a * b
    if a == 0 or b == 0:
        return 0
    if a == 1 or b == 1:
        return b if a == 1 else a
    if a == -1 or b == -1:
        return _negative(b if a == -1 else a)
    return ["*", a, b]


def _over(a: Tree, b: Tree) -> Tree:
    return a if a == 0 or b == 1 else ["/", a, b]


def _negative(a: Tree) -> Tree:
    if isinstance(a, int | float):
        return -a
    return a[1] if a[0] == "negative" else ["negative", a]


def _power(a: Tree, b: Tree) -> Tree:
    return 1 if b == 0 else a if b == 1 else ["^", a, b]


# ---- derivatives -------------------------------------------------------------------------------------------


def derivative(tree: Tree, name: str) -> Tree:
    """The derivative of `tree` with respect to the variable `name`, as a tree.

    At a kink (relu, abs, maximum) it is the derivative from the left. Raises InputError for an operation that
    has no derivative here.
    """
    if name not in names(tree):
        return 0
    if tree == name:
        return 1
    operation, *operands = (_folded(part) for part in tree)
    condition = operation == "if"  # has no derivative, and needs none
    inner = [derivative(operand, name) for operand in operands[condition:]]
    match operation, operands, inner:
        case "negative", _, [du]:
            return _negative(du)
        case "+", _, [du, dv]:
            return _plus(du, dv)
        case "-", _, [du, dv]:
            return _minus(du, dv)
        case "*", [u, v], [du, dv]:
            return _plus(_times(du, v), _times(u, dv))
        case "/", [u, v], [du, 0]:
            return _over(du, v)
        case "/", [u, v], [du, dv]:
            return _over(_minus(_times(du, v), _times(u, dv)), ["^", v, 2])
        case "^", [u, v], [du, 0]:
            return _times(_times(v, _power(u, _minus(v, 1))), du)
        case "^", [u, v], [du, dv]:
            return _times(tree, _plus(_times(dv, ["log", u]), _over(_times(v, du), u)))
        case "if", _, [yes, no]:
            return ["if", operands[0], yes, no]
        case "maximum" | "minimum", [u, v], [du, dv]:
            return ["if", [">" if operation == "maximum" else "<", u, v], du, dv]
        case _, [u], [du] if operation in KNOWN:
            return _times(substitute(_column(operation, "slope"), {"u": u}), du)
    raise InputError(f"the derivative of {operation!r} is not known here: choose another function")


@cache
def _column(name: str, column: str) -> Tree:
    """What the table of functions says about one of them, as a tree."""
    return parse(getattr(KNOWN[name], column))


def _folded(tree: Tree) -> Tree:
    """−2 as one number, where the parser writes "negative" and 2."""
    return -tree[1] if isinstance(tree, list) and tree[0] == "negative" and _constants(tree[1]) else tree


# ---- complex arithmetic ------------------------------------------------------------------------------------


#: Real and imaginary part of each function at a + ib.
_COMPLEX = {
    "exp": ("exp(a)*cos(b)", "exp(a)*sin(b)"),
    "log": ("0.5*log(a*a + b*b)", "atan2(b, a)"),
    "sin": ("sin(a)*cosh(b)", "cos(a)*sinh(b)"),
    "cos": ("cos(a)*cosh(b)", "-(sin(a)*sinh(b))"),
    "sinh": ("sinh(a)*cos(b)", "cosh(a)*sin(b)"),
    "cosh": ("cosh(a)*cos(b)", "sinh(a)*sin(b)"),
    "tanh": ("sinh(2*a)/(cosh(2*a) + cos(2*b))", "sin(2*b)/(cosh(2*a) + cos(2*b))"),
}


def complex_parts(tree: Tree, name: str, real: Tree, imaginary: Tree) -> tuple[Tree, Tree]:
    """Real and imaginary part of `tree` where the variable `name` has the value real + i · imaginary.

    The complex step f′(x) ≈ Im f(x + ih)/h needs no more than this, and the browser has no complex numbers of its own.
    Raises InputError for what has no complex values here, such as relu: the complex step fails.
    """
    if tree == name:
        return real, imaginary
    if name not in names(tree):
        return tree, 0
    operation, *operands = tree
    if operation in KNOWN and KNOWN[operation].by:
        simpler = substitute(_column(operation, "by"), dict(zip("uv", operands, strict=False)))
        return complex_parts(simpler, name, real, imaginary)
    parts = [complex_parts(operand, name, real, imaginary) for operand in operands]
    match operation, parts:
        case "negative", [(a, b)]:
            return _negative(a), _negative(b)
        case "+", [(a, b), (c, d)]:
            return _plus(a, c), _plus(b, d)
        case "-", [(a, b), (c, d)]:
            return _minus(a, c), _minus(b, d)
        case "*", [first, second]:
            return _product(first, second)
        case "/", [first, second]:
            return _quotient(first, second)
        case "^", [first, (int(n), 0)] if 1 <= n <= 8:
            result = first
            for _ in range(n - 1):
                result = _product(result, first)
            return result
        case "^", [first, second]:
            return _at("exp", _product(_at("log", first), second))
        case _, [first] if operation in _COMPLEX:
            return _at(operation, first)
    raise InputError(f"{operation!r} has no complex values here, so the complex step does not work for it")


def _product(first, second):
    (a, b), (c, d) = first, second
    return _minus(_times(a, c), _times(b, d)), _plus(_times(a, d), _times(b, c))


def _quotient(first, second):
    a, b = second
    size = _plus(_times(a, a), _times(b, b))
    c, d = _product(first, (a, _negative(b)))
    return _over(c, size), _over(d, size)


def _at(name, z):
    """Both parts of the function of that name at z."""
    return tuple(substitute(parse(part), dict(zip("ab", z, strict=True))) for part in _COMPLEX[name])
