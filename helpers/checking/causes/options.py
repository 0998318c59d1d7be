"""Derivatives with the mistakes that were made in them, put together and marked with further ones."""

from collections.abc import Callable, Iterable

from helpers.checking.causes.rules import Slip
from helpers.checking.causes.trees import Tree

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
