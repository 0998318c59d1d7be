"""Derivatives with the mistakes that were made in them, put together and marked with further ones."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping

from helpers.checking.causes import trees
from helpers.checking.causes.rules import RIGHT, Slip, function_name
from helpers.checking.causes.trees import Tree, plus, times

Option = tuple[Tree, tuple[Slip, ...]]  # a derivative, and the mistakes that were made in it


def together(put: Callable[[Tree, Tree], Tree], first: list[Option], second: list[Option], left: int) -> list[Option]:
    """Every two derivatives put together that have no more than `left` mistakes between them."""
    return [(put(a, b), (*some, *more)) for a, some in first for b, more in second if len(some) + len(more) <= left]


def marked(options: Iterable[Option], slip: Slip, left: int) -> list[Option]:
    """The derivatives with one more mistake."""
    return [(tree, (*slips, slip)) for tree, slips in options if len(slips) < left]


def inner_lost(node: Tree, variable: str) -> Slip:
    """The chain stops too early."""
    return Slip("missing_inner", part=node, variable=variable)


def inner_added(inner: Tree, outer: Tree, g: Tree, inners: list[Option]) -> list[Option]:
    """The `inners`, derivatives of `inner`, are added to the outer one."""
    slip = Slip("added.inner", inner=inner)
    return [(times(g, plus(outer, tree)), (slip,)) for tree, _ in inners if not trees.is_number(tree, 1)]


def constant_derived(constant: Tree, definitions: Mapping[str, Tree]) -> Iterator[tuple[Tree, Slip]]:
    """A constant factor is the value of a function: the derivative of that stands in its place."""
    match definitions.get(constant.id) if isinstance(constant, ast.Name) else None:
        case ast.Call(ast.Name(written), [argument]) if function_name(written) in RIGHT:
            slope = trees.filled(trees.read(RIGHT[function_name(written)][0]), {"u": argument, "v": constant})
            yield slope, Slip("constant_derived", name=constant.id)
