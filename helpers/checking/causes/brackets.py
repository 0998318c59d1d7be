"""Brackets that are lost, moved or too wide: what belongs together then, as formulas.

A bracket that is lost changes what belongs together: `a*(1 - f)*x` becomes `a*1 - f*x`, whichever of the other factors
stood in front. So each of them is tried in front and behind.
"""

import ast
import itertools
from collections.abc import Collection, Iterator

from helpers.checking.causes import trees
from helpers.checking.causes.rules import Slip
from helpers.checking.causes.trees import ONE, Tree, minus, negative, over, quoted, times

Slipped = tuple[Slip, Tree]  # what happened, and what is written then

_MOST = 5  # factors of a product that are shared out in front of a bracket and behind it


def factors_of(node: Tree) -> tuple[int, list[Tree], list[Tree]]:
    """(sign, what multiplies, what divides) of a product."""
    match node:
        case ast.UnaryOp(ast.USub(), operand):
            sign, above, below = factors_of(operand)
            return -sign, above, below
        case ast.BinOp(a, ast.Mult(), b):
            (s, up, down), (t, more, under) = factors_of(a), factors_of(b)
            return s * t, up + more, down + under
        case ast.BinOp(a, ast.Div(), b):
            (s, up, down), (t, more, under) = factors_of(a), factors_of(b)
            return s * t, up + under, down + more
    return 1, [] if trees.is_number(node, 1) else [node], []


def product_of(sign: int, above: Collection[Tree], below: Collection[Tree]) -> Tree:
    """The product again."""
    result = ONE
    for factor in above:
        result = times(result, factor)
    for factor in below:
        result = over(result, factor)
    return negative(result) if sign < 0 else result


def is_sum(node: Tree) -> bool:
    """Whether a tree is a sum or a difference."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))


def lost_brackets(node: Tree) -> Iterator[Slipped]:
    """A product with a sum in it, whose bracket is lost: some of the other factors act on its first term only, the rest
    on the last."""
    if not isinstance(node, (ast.BinOp, ast.UnaryOp)):
        return
    if is_sum(node):
        if isinstance(node.op, ast.Sub):
            for slip, inner in lost_brackets(node.right):
                if is_sum(inner):
                    yield slip, ast.BinOp(minus(node.left, inner.left), inner.op, inner.right)
        return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        if is_sum(node.left):
            base = node.left
            last = ast.BinOp(base.right, ast.Pow(), node.right)
            yield Slip("bracket.power", inner=base), ast.BinOp(base.left, base.op, last)
        return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) and is_sum(node.right):
        inner = node.right  # Sum(i, (y − s)*X) as Sum(i, y − s*X)
        last = trees.matmul(node.left, inner.right)
        yield Slip("bracket", inner=inner), ast.BinOp(trees.call("sum", inner.left), inner.op, last)
    sign, above, below = factors_of(node)
    members = [(factor, 1) for factor in above] + [(factor, -1) for factor in below]
    for place, (factor, side) in enumerate(members):
        total, power = (factor.left, factor.right) if _is_power_of_sum(factor) else (factor, None)
        others = members[:place] + members[place + 1 :]
        if not is_sum(total) or len(others) > _MOST or not (others or sign < 0 or side < 0):
            continue
        which, inner = ("bracket.denominator", factor) if side < 0 else ("bracket", total)
        for first, last, odd in _shared_out(total, power, side, others, sign):
            yield Slip(which, odd=odd, inner=inner), ast.BinOp(first, total.op, last)
            if sign < 0:
                yield Slip(which, odd=odd, inner=inner), ast.BinOp(first, total.op, negative(last))
    if len(below) > 1:
        for count in range(1, len(below)):
            for freed in itertools.combinations(below, count):
                kept = [factor for factor in below if not any(factor is each for each in freed)]
                what = " and ".join(map(quoted, freed))
                yield Slip("bracket.divisors", freed=what), product_of(sign, [*above, *freed], kept)


def _is_power_of_sum(factor):
    return isinstance(factor, ast.BinOp) and isinstance(factor.op, ast.Pow) and is_sum(factor.left)


def _shared_out(total, power, side, others, sign):
    """(first term, last term, whether that is odd) of a sum without its bracket, for every way in which the other factors
    stand around it: in front, behind, or one of them, which is odd, at each term, since it was multiplied in before."""
    last = total.right if power is None else ast.BinOp(total.right, ast.Pow(), power)
    for chosen in itertools.product("fbe", repeat=len(others)):
        each = chosen.count("e")
        if each > (1 if len(others) < _MOST else 0):
            continue
        front = [member for member, where in zip(others, chosen, strict=True) if where != "b"]
        back = [member for member, where in zip(others, chosen, strict=True) if where != "f"]
        yield _product_with((total.left, side), front, sign), _product_with((last, 1), back, 1), bool(each)


def _product_with(factor, members, sign):
    members = [*members, factor]
    return product_of(sign, [each for each, side in members if side > 0], [each for each, side in members if side < 0])


def moved_brackets(node: Tree) -> Iterator[Slipped]:
    """A bracket that takes in too much, or too little."""
    match node:
        case ast.BinOp(a, ast.Add() | ast.Sub() as op, b):
            yield from _too_wide(node, a, op, b)
        case ast.Call(ast.Name(function), [ast.BinOp(a, op, b)]):
            yield Slip("bracket_too_early", function=function, part=b), ast.BinOp(trees.call(function, a), op, b)
            if isinstance(op, ast.Mult):
                yield (
                    Slip("bracket_too_early.opens", function=function, part=a),
                    ast.BinOp(a, op, trees.call(function, b)),
                )
            if isinstance(op, (ast.Div, ast.Mult, ast.Add, ast.Sub)) and ast.dump(a) != ast.dump(b):
                both = ast.BinOp(trees.call(function, a), op, trees.call(function, b))
                kind = {ast.Div: "quotient", ast.Mult: "product", ast.Add: "sum", ast.Sub: "difference"}[type(op)]
                yield Slip("function_of_parts", both=both, kind=kind, function=function, whole=node), both
        case ast.BinOp(ast.Call(ast.Name(function), [argument]), op, b):
            yield Slip("bracket_too_late", function=function, part=b), trees.call(function, ast.BinOp(argument, op, b))
        case ast.BinOp(a, ast.Mult() | ast.MatMult() as op, ast.Call(ast.Name(function), [argument])):
            inside = times(a, argument) if isinstance(op, ast.Mult) else ast.BinOp(a, op, argument)
            yield Slip("bracket_too_late.opens", function=function, part=a), trees.call(function, inside)


def _too_wide(node, a, op, b):
    """In a sum: a factor, a divisor, a power or a minus that takes in the other terms too."""
    for part, other, put in ((a, b, lambda x: ast.BinOp(x, op, b)), (b, a, lambda x: ast.BinOp(a, op, x))):
        first = part is a
        lead, last = _last_term(part) if first else _first_term(part)
        sign, above, below = factors_of(last)
        members = [(each, 1) for each in above] + [(each, -1) for each in below]
        for place, (factor, side) in enumerate(members if len(members) > 1 else ()):
            rest = members[:place] + members[place + 1 :]
            wide = Slip("bracket_too_wide", part=_product_with((ONE, 1), rest, 1), other=other)
            if side > 0:
                inner = ast.BinOp(factor, op, other) if first else ast.BinOp(other, op, factor)
                yield wide, lead(_product_with((inner, 1), rest, sign))
            elif first:
                wide = Slip("bracket_too_wide.division", part=factor, other=other)
                yield wide, lead(_product_with((ast.BinOp(factor, op, other), -1), rest, sign))
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow):
            yield Slip("power_too_wide", part=part.left), ast.BinOp(put(part.left), ast.Pow(), part.right)
    if is_sum(a):  # p − q − r as p − (q − r); 50*p + q + r as 50*(p + q + r)
        if isinstance(a.op, ast.Sub):
            wide = Slip("bracket_too_wide.sign", part=a.right, other=b)
            yield wide, ast.BinOp(a.left, a.op, ast.BinOp(a.right, op, b))
        sign, above, below = factors_of(a.left)
        if len(above) == 2 and not below:
            for factor, inner in (above, above[::-1]):
                wide = Slip("bracket_too_wide.factor", factor=factor, part=a.right, other=b)
                whole = ast.BinOp(ast.BinOp(inner, a.op, a.right), op, b)
                yield wide, product_of(sign, [factor, whole], [])


def _last_term(part):
    """(a function that puts another term in the place of the last one of a sum, that term)."""
    if is_sum(part):
        return lambda term: ast.BinOp(part.left, part.op, term), part.right
    return lambda term: term, part


def _first_term(part):
    if is_sum(part):
        return lambda term: ast.BinOp(term, part.op, part.right), part.left
    return lambda term: term, part


def without_two_brackets(tree: Tree) -> Iterator[Slipped]:
    """The formula as it is written, without two of its brackets."""
    text = ast.unparse(tree)
    pairs, open_ones = [], []
    for place, character in enumerate(text):
        if character == "(":
            open_ones.append(place)
        elif character == ")":
            start = open_ones.pop()
            if not start or not (text[start - 1].isalnum() or text[start - 1] in "_."):
                pairs.append((start, place))
    for lost in itertools.combinations(pairs, 2):
        gone = set(sum(lost, ()))
        shorter = "".join(character for place, character in enumerate(text) if place not in gone)
        around = " and around ".join(f"`{text[start + 1 : end]}`" for start, end in lost)
        yield Slip("two_brackets", around=around), trees.read(shorter)
