"""How the shapes of vectors and matrices in a formula follow from those of its names."""

import ast
from collections.abc import Mapping
from typing import Any

from helpers.formulas.text import FormulaError

Shape = tuple[str, ...]  # size letters, such as ("m", "n"); () is a number


def shapes_with(shapes: Mapping[str, Shape], definitions: Mapping[str, Any]) -> dict[str, Shape]:
    """The shapes of parameters and of `definitions` (name -> Formula) together; a definition may use a later one."""
    shapes = dict(shapes)
    for _ in definitions:
        for name, formula in definitions.items():
            if formula.names & set(definitions) <= set(shapes):
                shapes[name] = shape_of(formula.tree, shapes)
    return shapes


def shape_of(node: ast.AST, shapes: dict[str, Shape]) -> Shape:
    """The shape of a formula's tree, from the shapes of its names; a name that has none is a number.

    Raises FormulaError when the shapes do not fit together.
    """
    match node:
        case ast.Name(id=name):
            return shapes.get(name, ())
        case ast.UnaryOp(operand=operand):
            return shape_of(operand, shapes)
        case ast.Attribute(value=value):  # .T
            return shape_of(value, shapes)[::-1]
        case ast.Subscript(value=value, slice=places):
            return shape_of(value, shapes)[len(places.elts) if isinstance(places, ast.Tuple) else 1 :]
        case ast.BinOp(left=left, right=right):
            return _shape_of_pair(node, shape_of(left, shapes), shape_of(right, shapes))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _shape_of_call(name, arguments, [shape_of(argument, shapes) for argument in arguments])
    return ()


def _shape_of_call(name, arguments, inner):
    match name:
        case "diff":
            return sum(inner, ())
        case "row":
            return ("1", *inner[0])
        case "outer" | "diag":
            return inner[0] + inner[-1]
        case "grad" | "Sum":
            return inner[1]
        case "sum" if len(arguments) == 2:  # sum(X, 0): over the rows, one number for each column
            axis = arguments[1].value
            return inner[0][:axis] + inner[0][axis + 1 :]
        case "sum" | "mean" | "len":
            return ()
    return next((shape for shape in inner if shape), ())


def _shape_of_pair(node, left, right):
    if isinstance(node.op, ast.MatMult):
        if not left or not right or left[-1] != right[0]:
            raise FormulaError(f"shapes {left} and {right} cannot be multiplied in {ast.unparse(node)}")
        return left[:-1] + right[1:]
    if len(left) == 2 and left[1:] == right:  # a row for each example, and one row more that is added to all
        return left
    if left and right and left != right:
        raise FormulaError(f"shapes {left} and {right} do not fit in {ast.unparse(node)}")
    return left or right
