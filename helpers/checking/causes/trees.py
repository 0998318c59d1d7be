"""Formulas as trees that are put together, changed in one place, and worked out at several points at once.

What is wrong with an answer is found by predicting it: thousands of formulas, each a little different from the others.
They are trees of Python's `ast` that share what does not change, and what is shared is worked out once.
"""

import ast
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from helpers.checking.values import Point, Question, Values, flat
from helpers.formulas.derivation import index_sizes
from helpers.formulas.evaluate import Evaluator
from helpers.formulas.reader import Formula
from helpers.formulas.text import FormulaError

Tree = ast.expr

# ------------------------------------------------------------------------------------------ putting together


@functools.cache
def read(text: str) -> Tree:
    """The tree of a formula."""
    return Formula(text).tree


def number(value: float) -> Tree:
    """A number as a tree."""
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


ONE, ZERO = number(1), number(0)


def is_number(tree: Tree, value: float) -> bool:
    """Whether a tree is this very number."""
    return isinstance(tree, ast.Constant) and tree.value == value


def name(text: str) -> Tree:
    """A name as a tree."""
    return ast.Name(text, ast.Load())


def call(function: str, *arguments: Tree) -> Tree:
    """`function(…)`."""
    return ast.Call(ast.Name(function, ast.Load()), list(arguments), [])


def plus(a: Tree, b: Tree) -> Tree:
    """a + b, without zeros."""
    return b if is_number(a, 0) else a if is_number(b, 0) else ast.BinOp(a, ast.Add(), b)


def minus(a: Tree, b: Tree) -> Tree:
    """a − b, without zeros."""
    return negative(b) if is_number(a, 0) else a if is_number(b, 0) else ast.BinOp(a, ast.Sub(), b)


def negative(a: Tree) -> Tree:
    """−a; of −a it is a."""
    return a.operand if isinstance(a, ast.UnaryOp) else a if is_number(a, 0) else ast.UnaryOp(ast.USub(), a)


def times(a: Tree, b: Tree) -> Tree:
    """a * b, without ones."""
    return b if is_number(a, 1) else a if is_number(b, 1) else ast.BinOp(a, ast.Mult(), b)


def over(a: Tree, b: Tree) -> Tree:
    """a / b."""
    return a if is_number(b, 1) else ast.BinOp(a, ast.Div(), b)


def matmul(a: Tree, b: Tree) -> Tree:
    """a @ b."""
    return ast.BinOp(a, ast.MatMult(), b)


def transposed(a: Tree) -> Tree:
    """a.T; of a.T it is a."""
    return a.value if isinstance(a, ast.Attribute) else ast.Attribute(a, "T", ast.Load())


def filled(tree: Tree, parts: Mapping[str, Tree]) -> Tree:
    """The tree with other trees in the place of some names; what does not change is shared."""
    if isinstance(tree, ast.Name):
        return parts.get(tree.id, tree)
    return with_children(tree, lambda child: filled(child, parts))


def with_children(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """The tree with every operand and argument changed; the very tree if none is. Functions keep their names."""
    match tree:
        case ast.BinOp(left, op, right):
            new = change(left), change(right)
            return tree if new[0] is left and new[1] is right else ast.BinOp(new[0], op, new[1])
        case ast.UnaryOp(op, operand):
            new = change(operand)
            return tree if new is operand else ast.UnaryOp(op, new)
        case ast.Call(function, arguments):
            new = [change(argument) for argument in arguments]
            same = all(a is b for a, b in zip(new, arguments, strict=True))
            return tree if same else ast.Call(function, new, [])
        case ast.Attribute(value, attribute):
            new = change(value)
            return tree if new is value else ast.Attribute(new, attribute, ast.Load())
        case ast.Subscript(value, place):
            new = change(value)
            return tree if new is value else ast.Subscript(new, place, ast.Load())
    return tree


def places(tree: Tree) -> Iterator[tuple[Tree, Callable[[Tree], Tree]]]:
    """(a part of the tree, a function that puts another in its place) for every part, the whole one first."""
    yield tree, lambda other: other

    def inside(child):
        return lambda other: with_children(tree, lambda each: other if each is child else each)

    children = []
    with_children(tree, lambda child: children.append(child) or child)
    for child in children:
        put = inside(child)
        for part, within in places(child):
            yield part, lambda other, put=put, within=within: put(within(other))


def names_in(tree: ast.AST) -> frozenset[str]:
    """All names of quantities and functions in a tree; each part remembers its own."""
    known = vars(tree).get("names_in_it")
    if known is None:
        inner = (names_in(child) for child in ast.iter_child_nodes(tree))
        known = frozenset([tree.id] if isinstance(tree, ast.Name) else []).union(*inner)
        tree.names_in_it = known
    return known


def quoted(tree: Tree) -> str:
    """A tree as text, for a message."""
    return f"`{ast.unparse(tree)}`"


# ------------------------------------------------------------------------------------------ working out


class _Remembering(Evaluator):
    """An Evaluator that works every part of a tree out once."""

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self._known: dict[int, tuple[Tree, Any]] = {}

    def visit(self, node: ast.AST) -> Any:
        if self.indices:  # inside a sum a part has a value for each index
            return super().visit(node)
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = node, super().visit(node)
        return found[1]

    def call(self, name: str, arguments: list[Tree]) -> Any:
        if name != "without_first":
            return super().call(name, arguments)
        vector = np.array(self.visit(arguments[0]))
        vector[0] = 0
        return vector

    def visit_Slice(self, node: ast.Slice) -> slice:
        """Rows from … to …, which only predicted answers have."""
        return slice(*(each and int(self.visit(each)) for each in (node.lower, node.upper)))

    def entry(self, array: Any, node: ast.Subscript) -> Any:
        return array[self.visit(node.slice)] if isinstance(node.slice, ast.Slice) else super().entry(array, node)


class TreeValues:
    """The values of trees at some points. Where all is numbers, all points are one calculation."""

    def __init__(self, question: Question, points: Sequence[Point], changes: Mapping[str, Tree] | None = None) -> None:
        definitions = dict(question.definitions)
        for changed, tree in (changes or {}).items():
            definitions[changed] = _Tree(tree)
        self.count, self.together = len(points), not any(question.shapes.values())
        sizes = index_sizes(question.sizes(points[0]))
        if self.together:
            rows = [{key: np.array([float(point[key]) for point in points]) for key in question.parameters}]
        else:
            rows = points
        self._evaluators = [
            _Remembering(question.with_aliases(row), definitions, sizes if self.together else _sizes(question, row))
            for row in rows
        ]

    def __call__(self, tree: Tree) -> Values | None:
        """One float array for each point; None where something is no finite number."""
        results = self._results(tree)
        if results is None:
            return None
        return list(np.broadcast_to(results[0], self.count)) if self.together else results

    def in_a_row(self, tree: Tree) -> tuple[tuple, np.ndarray] | None:
        """(the shapes, all numbers in one row) of the same."""
        results = self._results(tree)
        if results is None:
            return None
        if self.together:
            return ((),) * self.count, np.broadcast_to(results[0], self.count)
        return tuple(result.shape for result in results), flat(results)

    def _results(self, tree):
        try:
            with np.errstate(all="ignore"):
                results = [np.asarray(evaluator.visit(tree), dtype=float) for evaluator in self._evaluators]
        except (FormulaError, ValueError, TypeError, IndexError, ArithmeticError):
            return None
        return results if all(np.isfinite(result).all() for result in results) else None


class _Tree:
    """A tree where a Formula is expected."""

    def __init__(self, tree):
        self.tree = tree


def _sizes(question, point):
    return index_sizes(question.sizes(point))
