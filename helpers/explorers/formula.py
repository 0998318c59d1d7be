"""Formulas that Python and the browser evaluate alike.

A picture that keeps up with the hand is computed in the browser (see `view.py`), but its mathematics is
written once, in Python syntax:

    parse("sigmoid(x1 + w*x2 + b)")  ->  ["sigmoid", ["+", ["+", "x1", ["*", "w", "x2"]], "b"]]

The tree on the right is plain JSON: a number is itself, a text is the name of a variable, and a list is an
operation followed by its operands. `evaluate` below computes it with NumPy; `core/formula.js` computes the
same tree in the browser. The test suite compares the two over a grid of parameters.
"""

from __future__ import annotations

import ast

import numpy as np

from helpers import functions
from helpers.pictures.readable import rounded

Tree = float | str | list

#: Every operation, as NumPy computes it. `core/formula.js` has the same names in the same order.
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
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "arcosh": np.arccosh,
    "atan2": np.arctan2,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "mean": np.mean,
    "at": lambda values, place: values[int(place + 0.5)] if -0.5 <= place < len(values) - 0.5 else np.nan,
    "sigmoid": functions.sigmoid,
    "tanh": functions.tanh,
    "softplus": functions.softplus,
    "relu": functions.relu,
    "logit": lambda p: np.log(p) - np.log1p(-p),
    "round": np.vectorize(rounded, otypes=[float]),
}

_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
_COMPARISONS = {ast.Lt: "<", ast.Gt: ">"}
_BOOLEAN = {ast.And: "and", ast.Or: "or"}


def parse(source: Tree) -> Tree:
    """The JSON tree of a formula written in Python syntax; what is a tree already stays as it is.

    Known are numbers, names, + - * / **, one comparison < or > at a time, `and`, `or`, `a if c else b`, and
    the functions in `OPERATIONS`. Raises ValueError with the part that is not understood.
    """
    if isinstance(source, int | float | list):
        return source
    try:
        body = ast.parse(source.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{source!r} is not a formula: {error.msg}") from None
    return _tree(body, source)


def _tree(node: ast.expr, source: str) -> Tree:
    def refuse():
        raise ValueError(f"in the formula {source!r}, {ast.unparse(node)!r} is not understood")

    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name):
            return name
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return ["negative", _tree(operand, source)]
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
            return [_BINARY[type(operator)], _tree(left, source), _tree(right, source)]
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARISONS:
            return [_COMPARISONS[type(operator)], _tree(left, source), _tree(right, source)]
        case ast.BoolOp(op=operator, values=[first, *others]):
            tree = _tree(first, source)
            for other in others:
                tree = [_BOOLEAN[type(operator)], tree, _tree(other, source)]
            return tree
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return ["if", *(_tree(part, source) for part in (test, body, orelse))]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in OPERATIONS:
            return [name, *(_tree(argument, source) for argument in arguments)]
        case _:
            refuse()


def evaluate(tree: Tree, variables: dict):
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


def substitute(tree: Tree, replacements: dict) -> Tree:
    """`tree` with each name that is a key of `replacements` replaced by the tree that stands there."""
    if isinstance(tree, str):
        return replacements.get(tree, tree)
    if isinstance(tree, list):
        return [tree[0], *(substitute(operand, replacements) for operand in tree[1:])]
    return tree
