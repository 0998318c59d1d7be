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
from helpers.checking.causes.trees import ONE, Tree, minus, negative, number, plus, quoted, times


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
            text = f"{quoted(times(a, b))}, component by component, stands where {quoted(node)} belongs."
            yield Slip("elementwise", text), times(a, b)
        case ast.BinOp(a, ast.Pow(), exponent):
            higher = ast.BinOp(a, ast.Pow(), plus(exponent, ONE))
            text = f"The power of {quoted(a)} is too high by one: {quoted(node)} is needed."
            yield Slip("higher_power", text, odd=True), higher
            yield Slip("missing_square", f"The power of {quoted(a)} is missing: {quoted(node)} is needed."), a
            text = (
                f"{quoted(a)} is multiplied by {quoted(exponent)}; it has to be raised to that power, {quoted(node)}."
            )
            yield Slip("times_for_power", text), times(exponent, a)
        case ast.Call(ast.Name(function), [argument]):
            yield from _of_function(node, function_name(function), argument)
        case ast.Name(id=name):
            yield (
                Slip("squared", f"`{name}` is squared; it has to stand there without a square.", odd=True),
                ast.BinOp(node, ast.Pow(), number(2)),
            )
            yield (
                Slip(
                    "absolute",
                    f"The absolute value of `{name}` stands where `{name}` itself, with its sign, belongs.",
                    odd=True,
                ),
                trees.call("abs", node),
            )


# ------------------------------------------------------------------------------------------ sums, products, functions


def _of_sum(node, a, b):
    other = minus(a, b) if isinstance(node.op, ast.Add) else plus(a, b)
    wrong, right = ("minus", "plus") if isinstance(node.op, ast.Add) else ("plus", "minus")
    yield Slip("inner_sign", f"A {wrong} stands where a {right} belongs, in {quoted(node)}."), other
    yield Slip("missing_term", f"The term {quoted(b)} is missing in {quoted(node)}."), a
    rest = b if isinstance(node.op, ast.Add) else negative(b)
    yield Slip("missing_term", f"The term {quoted(a)} is missing in {quoted(node)}."), rest
    yield Slip("turned_term", f"The sign of {quoted(a)} is wrong in {quoted(node)}.", odd=True), plus(negative(a), rest)
    yield (
        Slip("turned_sum", f"In {quoted(node)} every sign is wrong: it has been turned round.", odd=True),
        negative(node),
    )
    yield (
        Slip(
            "multiplied",
            f"{quoted(a)} and {quoted(b)} are multiplied; they have to be added, {quoted(node)}.",
            odd=True,
        ),
        times(a, b),
    )
    yield (
        Slip(
            "same_twice",
            f"{quoted(a)} stands there twice; {quoted(b)} belongs in the place of one of them, {quoted(node)}.",
            odd=True,
        ),
        ast.BinOp(a, node.op, a),
    )
    yield (
        Slip(
            "same_twice",
            f"{quoted(b)} stands there twice; {quoted(a)} belongs in the place of one of them, {quoted(node)}.",
            odd=True,
        ),
        ast.BinOp(b, node.op, b),
    )


def _once_for_each_row(a, b):
    """What stands beside the sum over the rows of a matrix, added in the loop: once for each of them."""
    match a:
        case ast.BinOp(ast.Attribute(ast.Name(matrix), "T"), ast.MatMult(), _):
            text = f"{quoted(b)} is added once for each row of `{matrix}`, inside the sum; it belongs outside, once."
            yield Slip("added_in_the_loop", text), plus(a, times(trees.call("len", trees.name(matrix)), b))


def _of_product(node):
    sign, above, below = factors_of(node)
    if sign < 0:
        yield (
            Slip(
                "sign",
                f"The minus in front of {quoted(node.operand if isinstance(node, ast.UnaryOp) else node)} is missing.",
            ),
            product_of(1, above, below),
        )
    for place, factor in enumerate(above if len(above) + len(below) > 1 else ()):
        rest = above[:place] + above[place + 1 :]
        without = product_of(sign, rest, below)
        yield Slip(_missing(factor), f"The factor {quoted(factor)} is missing."), without
        yield Slip("added", f"{quoted(factor)} is added; it has to be multiplied."), plus(without, factor)
        for other in above[:place] if len(above) > 2 and isinstance(factor, ast.Name) else ():
            if isinstance(other, ast.Name):
                text = f"{quoted(other)} and {quoted(factor)} are added; they have to be multiplied."
                left = [each for each in rest if each is not other]
                yield Slip("names_added", text, odd=True), product_of(sign, [plus(other, factor), *left], below)
        yield (
            Slip("subtracted", f"{quoted(factor)} is subtracted; it has to be multiplied.", odd=True),
            minus(without, factor),
        )
        yield (
            Slip("divided", f"The formula is divided by {quoted(factor)}; it has to be multiplied by it.", odd=True),
            product_of(sign, rest, [*below, factor]),
        )
        yield (
            Slip("twice", f"The factor {quoted(factor)} stands there twice.", odd=True),
            times(product_of(sign, above, below), factor),
        )
    for place, divisor in enumerate(below):
        rest = below[:place] + below[place + 1 :]
        half = ", a factor ½" if trees.is_number(divisor, 2) else ""
        yield (
            Slip("missing_divisor", f"The division by {quoted(divisor)} is missing{half}."),
            product_of(sign, above, rest),
        )
        yield (
            Slip("multiplied_by_divisor", f"{quoted(divisor)} multiplies instead of dividing."),
            product_of(sign, [*above, divisor], rest),
        )
        yield (
            Slip("divided_twice", f"The division by {quoted(divisor)} happens twice.", odd=True),
            product_of(sign, above, [*below, divisor]),
        )


def _missing(factor):
    return f"missing_{factor.id}" if isinstance(factor, ast.Name) else "missing_factor"


#: function -> the others that are written in its place
_OTHERS = {
    "sigma": ("tanh", "softplus", "dsigma", "step", "relu"), "tanh": ("sigma", "softplus", "tan", "dtanh", "sinh", "cosh", "relu"),
    "softplus": ("sigma", "tanh", "relu", "exp"), "sin": ("cos", "sinh", "tan"), "cos": ("sin", "cosh"), "cosh": ("cos", "sinh"),
    "log": ("log10", "log2", "exp"), "exp": ("log",), "abs": ("square",), "sign": ("abs", "step"),
    "relu": ("sigma", "tanh", "softplus", "step"), "sqrt": ("square",), "square": ("abs",),
}  # fmt: skip
_SAID = {
    "dsigma": "the derivative of σ", "dtanh": "the derivative of tanh", "step": "a step from 0 to 1", "square": "the square",
    "sigma": "σ", "log10": "the logarithm to base 10", "log2": "the logarithm to base 2", "sign": "the sign",
    "abs": "the absolute value",
}  # fmt: skip


def said(function: str) -> str:
    """A function in a sentence."""
    return _SAID.get(function, function)


def _of_function(node, function, argument):
    for other in _OTHERS.get(function, ()):
        text = f"{said(other)} stands where {said(function)} belongs, in {quoted(node)}."
        text = text if text[0] == "σ" or text.startswith(other) else text[0].upper() + text[1:]
        if other in ("dsigma", "dtanh"):
            text = f"{_SAID[other]} stands where {said(function)} itself belongs, {quoted(node)}."
            text = text[0].upper() + text[1:]
        yield Slip(f"{other}_for_{function}", text), trees.call(other, argument)
    if function in (*_OTHERS, "softmax"):
        yield (
            Slip(
                "missing_function", f"The function is missing: {quoted(argument)} stands where {quoted(node)} belongs."
            ),
            argument,
        )
        yield Slip("function_twice", f"`{function}` is taken twice.", odd=True), trees.call(function, node)
        yield (
            Slip("sign_in_function", f"The sign of the argument of {quoted(node)} is wrong."),
            trees.call(function, negative(argument)),
        )
    if function == "sigma" and is_sum(argument):
        turned = ast.Sub() if isinstance(argument.op, ast.Add) else ast.Add()
        text = f"In the exponent a bracket is missing around {quoted(argument)}: the minus acts on its first term only."
        yield Slip("bracket_in_exponent", text), trees.call(function, ast.BinOp(argument.left, turned, argument.right))
        if is_sum(argument.left):
            both = ast.BinOp(argument.left.left, _turned(argument.left.op), argument.left.right)
            yield Slip("bracket_in_exponent", text), trees.call(function, ast.BinOp(both, turned, argument.right))
    if function in ("sum", "mean"):
        other = "mean" if function == "sum" else "sum"
        yield (
            Slip(f"{other}_for_{function}", f"The {other} is taken; the {function} is needed."),
            trees.call(other, argument),
        )


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
            slip = Slip(f"{new}_for_{old}", f"`{new}` stands where `{old}` belongs.")
            yield slip, trees.filled(tree, {old: trees.name(new)})
            for put in spots if len(spots) == 2 else ():
                yield (
                    Slip(f"{new}_for_{old}", f"In one place `{new}` stands where `{old}` belongs.", odd=True),
                    put(trees.name(new)),
                )
    for a, b in itertools.combinations(used, 2):
        slip = Slip("exchanged", f"`{a}` and `{b}` have changed places.")
        yield slip, trees.filled(tree, {a: trees.name(b), b: trees.name(a)})


def mixed_up(tree: Tree, names: Collection[str]) -> Iterator[Slipped]:
    """The quantities on the way in another order, as one takes them over from a function that returns them all."""
    if len(names) > 4:
        return
    for order in itertools.permutations(names):
        moved = {old: new for old, new in zip(names, order, strict=True) if old != new and old in trees.names_in(tree)}
        if len(moved) > 1 and any(moved.get(new) != old for old, new in moved.items()):
            what = ", and ".join(f"`{new}` where `{old}` belongs" for old, new in moved.items())
            text = f"The quantities are taken over in the wrong order: there stands {what}."
            yield Slip("mixed_up", text), trees.filled(tree, {old: trees.name(new) for old, new in moved.items()})
