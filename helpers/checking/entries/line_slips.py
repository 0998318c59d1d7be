"""Slips in a formula: what stands there when one thing in it was lost, turned, or confused with another.

    for slip in slips(Formula("delta4*w7*a1*(1 - a1)").tree):
        slip.kind, slip.tree, slip.lost          # "missing_factor", the tree without w7, the tree of w7

Formulas of the same shape give their slips in the same order, so that the slips of a whole layer are made side by side.
Sums and products are taken as a whole: `a*b*c` has three factors, whichever way it is nested.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

#: What may stand in the place of a function: the id, and the function; "" is the argument alone, `-` a lost minus in σ.
OTHER_FUNCTIONS = {
    "sigma": ("tanh", "relu", "dsigma", "-"),
    "tanh": ("sigma",),
    "relu": ("sigma",),
    "step": ("relu", "sigma", "sign", "leaky"),
    "sin": ("cos",),
    "cos": ("sin",),
}
#: The name in the slope P(1 − P) of a Slip "slope_at", and in that of ReLU: to be replaced by another quantity.
PLACE = "P"


@dataclass(frozen=True)
class Slip:
    """What one slip makes of a formula: the `kind` of slip, the `tree` that then stands there, what was `lost` by it,
    and what was `put` in its place."""

    kind: str
    tree: ast.expr
    lost: ast.expr
    put: ast.expr | None = None


def slips(node: ast.expr) -> Iterator[Slip]:
    """Every single slip in a formula."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield from _in_sum(node)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div, ast.MatMult)):
        yield from _in_product(node)
    elif isinstance(node, ast.BinOp):  # a power
        yield Slip("missing_square", node.left, node)
        yield from _inside(node, "left", node.left)
    elif isinstance(node, ast.UnaryOp):
        yield Slip("inner_sign", node.operand, node)
        yield from _inside(node, "operand", node.operand)
    elif isinstance(node, ast.Call):
        yield from _in_call(node)
    elif isinstance(node, (ast.Attribute, ast.Subscript)):
        yield from _inside(node, "value", node.value)


def _inside(node, field, child):
    for slip in slips(child):
        yield Slip(slip.kind, with_field(node, field, slip.tree), slip.lost, slip.put)


def with_field(node: ast.expr, field: str, value: object) -> ast.expr:
    """A node with another value in one of its fields; the rest is shared."""
    return type(node)(**{**dict(ast.iter_fields(node)), field: value})


# ------------------------------------------------------------------------------------------ sums


def terms(node: ast.expr, plus: bool = True) -> list[tuple[bool, ast.expr]]:
    """The terms of a sum, each with whether it is added."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return [*terms(node.left, plus), *terms(node.right, plus == isinstance(node.op, ast.Add))]
    return [(plus, node)]


def sum_of(parts: list[tuple[bool, ast.expr]]) -> ast.expr:
    """The sum of such terms."""
    (plus, total), *others = parts
    if not plus:
        total = ast.UnaryOp(ast.USub(), total)
    for plus, term in others:
        total = ast.BinOp(total, ast.Add() if plus else ast.Sub(), term)
    return total


def _in_sum(node):
    parts = terms(node)
    for i, (plus, term) in enumerate(parts):
        others = [*parts[:i], *parts[i + 1 :]]
        yield Slip("missing_term", sum_of(others), term)
        yield Slip("inner_sign", sum_of([*parts[:i], (not plus, term), *parts[i + 1 :]]), term)
    for i, (plus, term) in enumerate(parts):
        for slip in slips(term):
            tree = sum_of([*parts[:i], (plus, slip.tree), *parts[i + 1 :]])
            yield Slip(slip.kind, tree, slip.lost, slip.put)


# ------------------------------------------------------------------------------------------ products


def factors(node: ast.expr) -> list[tuple[type, ast.expr]]:
    """The factors of a product, each with how it is joined to those before it: Mult, Div or MatMult."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div, ast.MatMult)):
        return [*factors(node.left), (type(node.op), node.right)]
    return [(ast.Mult, node)]


def product_of(parts: list[tuple[type, ast.expr]]) -> ast.expr:
    """The product of such factors."""
    (op, total), *others = parts
    if op is ast.Div:
        total = ast.BinOp(ast.Constant(1.0), ast.Div(), total)
    for op, factor in others:
        total = ast.BinOp(total, op(), factor)
    return total


def is_one_minus(node: ast.expr, name: ast.expr) -> bool:
    """Whether a node is `1 - name`."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and isinstance(node.left, ast.Constant)
        and node.left.value == 1
        and ast.dump(node.right) == ast.dump(name)
    )


def _in_product(node):
    parts = factors(node)
    slope = next(
        (
            i
            for i in range(len(parts) - 1)
            if is_one_minus(parts[i + 1][1], parts[i][1]) and parts[i + 1][0] is ast.Mult
        ),
        None,
    )
    if slope is not None:
        yield from _in_slope(parts, slope)
    for i, (_, factor) in enumerate(parts):
        if slope is None or i not in (slope, slope + 1):
            others = [*parts[:i], *parts[i + 1 :]]
            yield Slip("missing_factor", product_of(others), factor)
    yield from _lost_brackets(parts)
    for i, (op, factor) in enumerate(parts):
        for slip in slips(factor) if slope is None or i not in (slope, slope + 1) else ():
            tree = product_of([*parts[:i], (op, slip.tree), *parts[i + 1 :]])
            yield Slip(slip.kind, tree, slip.lost, slip.put)


def _in_slope(parts, i):
    """What stands in the place of a(1 − a), the slope of the logistic function, the activation being factor i."""
    (op, a), before, behind = parts[i], parts[:i], parts[i + 2 :]
    pair = product_of([(ast.Mult, a), parts[i + 1]])
    one = ast.Constant(1.0)

    def instead(*nodes):
        return product_of([*before, *((op if not n else ast.Mult, node) for n, node in enumerate(nodes)), *behind])

    if before or behind:
        yield Slip("slope_missing", product_of([*before, *behind]), pair)
    square = ast.BinOp(a, ast.Pow(), ast.Constant(2))
    at = ast.Name(PLACE, ast.Load())
    yield Slip("slope_at", instead(at, ast.BinOp(one, ast.Sub(), at)), pair)
    relu = ast.Call(ast.Name("step", ast.Load()), [at], [])
    yield Slip("slope_of_relu", instead(relu), pair)
    yield Slip("slope_of_tanh", instead(ast.BinOp(one, ast.Sub(), square)), pair)
    yield Slip("slope_of_a", instead(ast.Call(ast.Name("dsigma", ast.Load()), [a], [])), pair)
    yield Slip("slope_is_a", instead(a), pair)
    yield Slip("slope_is_one_minus_a", instead(parts[i + 1][1]), pair)
    yield Slip("slope_squared", instead(square), pair)
    yield Slip("slope_plus", instead(a, ast.BinOp(one, ast.Add(), a)), pair)
    lost = ast.BinOp(product_of([*before, (op, a), (ast.Mult, one)]), ast.Sub(), product_of([(ast.Mult, a), *behind]))
    yield Slip("slope_bracket", lost, pair)


def _lost_brackets(parts):
    """`u*(v - w)` written as `u*v - w`, and `u/(v + w)` as `u/v + w`, `u/(v*w)` as `u/v*w`."""
    for i, (op, factor) in enumerate(parts):
        if i == 0 and len(parts) > 1 and op is ast.Mult and len(terms(factor)) > 1:  # (u - v)*w as u - v*w
            *first, (plus, last) = terms(factor)
            yield Slip("lost_bracket", sum_of([*first, (plus, product_of([(op, last), *parts[1:]]))]), factor)
        if i and len(terms(factor)) > 1 and not is_one_minus(factor, parts[i - 1][1]):
            (plus, first), *others = terms(factor)
            if plus and others:
                *between, (sign, last) = others
                last = product_of([(ast.Mult, last), *parts[i + 1 :]])
                tree = sum_of([(True, product_of([*parts[:i], (op, first)])), *between, (sign, last)])
                yield Slip("lost_bracket", tree, factor)
        if op is ast.Div and len(factors(factor)) > 1:
            yield Slip(
                "lost_bracket",
                product_of([*parts[:i], (op, factors(factor)[0][1]), *factors(factor)[1:], *parts[i + 1 :]]),
                factor,
            )


# ------------------------------------------------------------------------------------------ functions


def _in_call(node):
    name, (argument, *more) = getattr(node.func, "id", ""), node.args or [None]
    if argument is None:
        return
    if not more and name not in ("outer", "row", "sum"):
        yield Slip("missing_function", argument, node, argument)
    for other in OTHER_FUNCTIONS.get(name, ()):
        if other == "-":
            minus = ast.UnaryOp(ast.USub(), argument)
            yield Slip("lost_minus", with_field(node, "args", [minus]), node, minus)
        else:
            put = ast.Call(ast.Name(other, ast.Load()), [argument], [])
            yield Slip("wrong_function", put, node, put)
    for i, each in enumerate(node.args):
        for slip in slips(each):
            tree = with_field(node, "args", [*node.args[:i], slip.tree, *node.args[i + 1 :]])
            yield Slip(slip.kind, tree, slip.lost, slip.put)


# ------------------------------------------------------------------------------------------ names


def renamed(tree: ast.expr, names: Mapping[str, ast.expr]) -> ast.expr:
    """The tree with other nodes in the place of some names."""
    return _rebuilt(tree, lambda node: names.get(node.id) if isinstance(node, ast.Name) else None)


def replaced(tree: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
    """The tree with another node in the place of one."""
    return _rebuilt(tree, lambda node: new if node is old else None)


def with_functions(tree: ast.expr, change: Callable[[ast.Call], ast.expr | None]) -> ast.expr:
    """The tree with every call of a function changed, where `change` gives something for it."""

    def changed(node):
        return (
            change(with_field(node, "args", [with_functions(each, change) for each in node.args]))
            if isinstance(node, ast.Call)
            else None
        )

    return _rebuilt(tree, changed)


def _rebuilt(node, change):
    other = change(node)
    if other is not None:
        return other
    if isinstance(node, list):
        return [_rebuilt(part, change) for part in node]
    if not isinstance(node, ast.AST) or isinstance(node, (ast.operator, ast.expr_context, ast.unaryop, ast.Constant)):
        return node
    return type(node)(**{name: _rebuilt(part, change) for name, part in ast.iter_fields(node)})
