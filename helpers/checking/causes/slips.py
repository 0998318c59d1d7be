"""Slips of writing: a right formula in which one bracket, name, sign, power, term or function is not as it should be.

`slips(tree)` gives every formula that comes of a single slip, with what happened. A bracket that is lost changes what
belongs together: `a*(1 - f)*x` becomes `a*1 - f*x`, whichever of the other factors stood in front.
"""

import ast
import itertools
from collections.abc import Collection, Iterator

from helpers.checking.causes import trees
from helpers.checking.causes.brackets import Slipped, factors_of, is_sum, lost_brackets, moved_brackets, product_of
from helpers.checking.causes.rules import Slip, function_name
from helpers.checking.causes.trees import ONE, Tree, minus, negative, number, plus, times


def slips(tree: Tree, quantities: Collection[str]) -> Iterator[Slipped]:
    """Every formula with one slip in it. `quantities` are the names that may stand for one another."""
    outer = [*_terms(tree)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) == 1:
            outer += _terms(node.args[0])
    for node, put in trees.places(tree):
        for slip, other in _at(node):
            if slip.id not in ("added", "subtracted") or any(node is term for term in outer):
                yield slip, put(other)  # deep inside a product nobody takes a * for a +
    yield from _names(tree, quantities)


def _terms(tree):
    if is_sum(tree):
        yield from _terms(tree.left)
        yield from _terms(tree.right)
    else:
        yield tree


def _at(node):
    yield from lost_brackets(node)
    yield from moved_brackets(node)
    match node:
        case ast.BinOp(a, ast.Add() | ast.Sub(), b):
            yield from _of_sum(node, a, b)
            yield from _once_for_each_row(a, b)
        case ast.BinOp(_, ast.Mult() | ast.Div(), _) | ast.UnaryOp():
            yield from _of_product(node)
        case ast.BinOp(a, ast.MatMult(), b):
            yield Slip("elementwise", product=times(a, b), whole=node), times(a, b)
        case ast.BinOp(a, ast.Pow(), exponent):
            higher = ast.BinOp(a, ast.Pow(), plus(exponent, ONE))
            yield Slip("higher_power", odd=True, part=a, whole=node), higher
            yield Slip("missing_square", part=a, whole=node), a
            yield Slip("times_for_power", part=a, exponent=exponent, whole=node), times(exponent, a)
        case ast.Call(ast.Name(function), [argument]):
            yield from _of_function(node, function_name(function), argument)
        case ast.Name(id=name):
            yield Slip("squared", odd=True, name=name), ast.BinOp(node, ast.Pow(), number(2))
            yield Slip("absolute", odd=True, name=name), trees.call("abs", node)


# ------------------------------------------------------------------------------------------ sums, products, functions


def _of_sum(node, a, b):
    other = minus(a, b) if isinstance(node.op, ast.Add) else plus(a, b)
    wrong, right = ("minus", "plus") if isinstance(node.op, ast.Add) else ("plus", "minus")
    yield Slip("inner_sign", wrong=wrong, right=right, whole=node), other
    yield Slip("missing_term", term=b, whole=node), a
    rest = b if isinstance(node.op, ast.Add) else negative(b)
    yield Slip("missing_term", term=a, whole=node), rest
    yield Slip("turned_term", odd=True, term=a, whole=node), plus(negative(a), rest)
    yield Slip("turned_sum", odd=True, whole=node), negative(node)
    yield Slip("multiplied", odd=True, a=a, b=b, whole=node), times(a, b)
    yield Slip("same_twice", odd=True, there=a, gone=b, whole=node), ast.BinOp(a, node.op, a)
    yield Slip("same_twice", odd=True, there=b, gone=a, whole=node), ast.BinOp(b, node.op, b)


def _once_for_each_row(a, b):
    """What stands beside the sum over the rows of a matrix, added in the loop: once for each of them."""
    match a:
        case ast.BinOp(ast.Attribute(ast.Name(matrix), "T"), ast.MatMult(), _):
            yield (
                Slip("added_in_the_loop", term=b, matrix=matrix),
                plus(a, times(trees.call("len", trees.name(matrix)), b)),
            )


def _of_product(node):
    sign, above, below = factors_of(node)
    if sign < 0:
        part = node.operand if isinstance(node, ast.UnaryOp) else node
        yield Slip("missing_sign", "sign", part=part), product_of(1, above, below)
    for place, factor in enumerate(above if len(above) + len(below) > 1 else ()):
        rest = above[:place] + above[place + 1 :]
        without = product_of(sign, rest, below)
        yield Slip("missing_factor", _missing(factor), factor=factor), without
        yield Slip("added", factor=factor), plus(without, factor)
        for other in above[:place] if len(above) > 2 and isinstance(factor, ast.Name) else ():
            if isinstance(other, ast.Name):
                left = [each for each in rest if each is not other]
                together = product_of(sign, [plus(other, factor), *left], below)
                yield Slip("names_added", odd=True, a=other, b=factor), together
        yield Slip("subtracted", odd=True, factor=factor), minus(without, factor)
        yield Slip("divided", odd=True, factor=factor), product_of(sign, rest, [*below, factor])
        yield Slip("twice", odd=True, factor=factor), times(product_of(sign, above, below), factor)
    for place, divisor in enumerate(below):
        rest = below[:place] + below[place + 1 :]
        missing = "missing_divisor.half" if trees.is_number(divisor, 2) else "missing_divisor"
        yield Slip(missing, factor=divisor), product_of(sign, above, rest)
        yield Slip("multiplied_by_divisor", factor=divisor), product_of(sign, [*above, divisor], rest)
        yield Slip("divided_twice", odd=True, factor=divisor), product_of(sign, above, [*below, divisor])


def _missing(factor):
    return f"missing_{factor.id}" if isinstance(factor, ast.Name) else "missing_factor"


#: function -> the others that are written in its place
_OTHERS = {
    "sigma": ("tanh", "softplus", "dsigma", "step", "relu"), "tanh": ("sigma", "softplus", "tan", "dtanh", "sinh", "cosh", "relu"),
    "softplus": ("sigma", "tanh", "relu", "exp"), "sin": ("cos", "sinh", "tan"), "cos": ("sin", "cosh"), "cosh": ("cos", "sinh"),
    "log": ("log10", "log2", "exp"), "exp": ("log",), "abs": ("square",), "sign": ("abs", "step"),
    "relu": ("sigma", "tanh", "softplus", "step"), "sqrt": ("square",), "square": ("abs",),
}  # fmt: skip


def _of_function(node, function, argument):
    for other in _OTHERS.get(function, ()):
        sentence = "slope_for" if other in ("dsigma", "dtanh") else "function_for"
        yield (
            Slip(sentence, f"{other}_for_{function}", other=other, f=function, whole=node),
            trees.call(other, argument),
        )
    if function in (*_OTHERS, "softmax"):
        yield Slip("missing_function", part=argument, whole=node), argument
        yield Slip("function_twice", odd=True, function=function), trees.call(function, node)
        yield Slip("sign_in_function", whole=node), trees.call(function, negative(argument))
    if function == "sigma" and is_sum(argument):
        turned = ast.Sub() if isinstance(argument.op, ast.Add) else ast.Add()
        slip = Slip("bracket_in_exponent", inner=argument)
        yield slip, trees.call(function, ast.BinOp(argument.left, turned, argument.right))
        if is_sum(argument.left):
            both = ast.BinOp(argument.left.left, _turned(argument.left.op), argument.left.right)
            yield slip, trees.call(function, ast.BinOp(both, turned, argument.right))
    if function in ("sum", "mean"):
        other = "mean" if function == "sum" else "sum"
        yield Slip("mean_for_sum", f"{other}_for_{function}", other=other, f=function), trees.call(other, argument)


def _turned(op):
    return ast.Sub() if isinstance(op, ast.Add) else ast.Add()


# ------------------------------------------------------------------------------------------ names


def _names(tree, quantities):
    """One name for another, everywhere or once; two that have changed places; several that are mixed up."""
    used = [name for name in quantities if name in trees.names_in(tree)]
    for old in used:
        spots = [put for node, put in trees.places(tree) if isinstance(node, ast.Name) and node.id == old]
        for new in quantities:
            if new == old:
                continue
            id, names = f"{new}_for_{old}", {"new": new, "old": old}
            yield Slip("name_for", id, **names), trees.filled(tree, {old: trees.name(new)})
            for put in spots if len(spots) == 2 else ():
                yield Slip("name_for.once", id, odd=True, **names), put(trees.name(new))
    for a, b in itertools.combinations(used, 2):
        yield Slip("exchanged", a=a, b=b), trees.filled(tree, {a: trees.name(b), b: trees.name(a)})


def mixed_up(tree: Tree, names: Collection[str]) -> Iterator[Slipped]:
    """The quantities on the way in another order, as one takes them over from a function that returns them all."""
    if len(names) > 4:
        return
    for order in itertools.permutations(names):
        moved = {old: new for old, new in zip(names, order, strict=True) if old != new and old in trees.names_in(tree)}
        if len(moved) > 1 and any(moved.get(new) != old for old, new in moved.items()):
            what = ", and ".join(f"`{new}` where `{old}` belongs" for old, new in moved.items())
            yield Slip("mixed_up", what=what), trees.filled(tree, {old: trees.name(new) for old, new in moved.items()})
