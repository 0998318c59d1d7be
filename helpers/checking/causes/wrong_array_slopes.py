"""What goes back through a product of vectors and matrices, rightly and as people do it wrongly; sums without their indices."""

import ast
import functools
from collections.abc import Iterator, Mapping

from helpers.checking.causes import trees
from helpers.checking.causes.rules import Slip
from helpers.checking.causes.trees import Tree, matmul, number, times, transposed
from helpers.formulas.shapes import Shape

#: (wrong derivative of a @ a, the id of the sentence on it); the right one is 2*a
OF_OWN_SQUARE = (
    ("a", "two_lost"),
    ("2", "base_lost"),
    ("a*a", "power_kept"),
    ("2*a*a", "power_not_reduced"),
    ("sign(a)", "absolute_for_square.sum"),
    ("abs(a)", "absolute_and_two"),
    ("2*abs(a)", "absolute_of_base"),
    ("2*sqrt(a @ a)*ones_like(a)", "norm"),
    ("sqrt(a @ a)*ones_like(a)", "norm_and_two"),
    ("a/sqrt(a @ a)", "of_norm"),
    ("(a @ a)*ones_like(a)", "not_differentiated"),
    ("2*(a @ a)*ones_like(a)", "not_differentiated_2"),
    ("2*without_first(a)", "first_left_out"),
    ("2*sum(a)*ones_like(a)", "summed.square"),
    ("sum(a)*ones_like(a)", "summed_and_two"),
)


def wrong_own_squares(a: Tree) -> Iterator[tuple[Tree, Slip]]:
    """(what stands for the derivative of a @ a, what went wrong)."""
    for formula, sentence in OF_OWN_SQUARE:
        parts = {"b": a, "k": number(2), "p": matmul(a, a), "still": "the square is still there"}
        yield trees.filled(trees.read(formula), {"a": a}), Slip(sentence, **parts)


def through_product(first: bool, a: Tree, b: Tree, shapes: tuple[Shape, Shape], g: Tree) -> tuple[Tree, list]:
    """(what goes back to one side of a @ b, to the `first` or to the second, [(a wrong one, what went wrong), …])."""
    left, right = map(len, shapes)
    other, target, product = (b, a, matmul(a, b)) if first else (a, b, matmul(a, b))
    id = f"missing_{other.id}" if isinstance(other, ast.Name) else "missing_factor"
    lost = g, Slip("missing_factor.inner", id, factor=other, product=product)
    if left == right == 1:
        instead = Slip("param_instead", product=product, factor=other, put=target)
        return times(g, other), [lost, (times(g, target), instead)]
    if first:
        turned = Slip("transposed")
        if right == 1:
            return trees.call("outer", g, b), [(trees.call("outer", b, g), turned)]
        return matmul(g, transposed(b)), [(matmul(b, transposed(g)), turned)]
    if left == 1:
        return trees.call("outer", a, g), [lost]
    return matmul(transposed(a), g), [lost, *_sums_mixed_up(a, b, g), *(_some_rows(a, g) if right == 1 else ())]


def _sums_mixed_up(a, b, g):
    total = trees.call("sum", g)
    yield times(trees.call("sum", a, number(0)), total), Slip("summed_separately", a=a)
    yield times(total, trees.call("ones_like", b)), Slip("matrix_missing", a=a)


def _some_rows(a, g):
    for place, which in (("0", "first"), ("-1", "last")):
        row, entry = (ast.Subscript(each, trees.read(place), ast.Load()) for each in (a, g))
        yield times(entry, row), Slip("only_row", f"only_{which}", which=which, a=a)
    for count in (2, 3):
        some, those = (ast.Subscript(each, ast.Slice(None, number(count)), ast.Load()) for each in (a, g))
        yield matmul(transposed(some), those), Slip("only_some", count=str(count), a=a)


def vectorised(tree: Tree, letters: Mapping[str, str], inside: bool = False) -> Tree:
    """`Sum(i, r[i]**2)` as `sum(r**2)`: the sum over the examples of what is then an array. `letters` are the indices."""
    match tree:
        case ast.Call(ast.Name("Sum"), [ast.Name(), body]):
            return trees.call("sum", vectorised(body, letters, True))
        case ast.Subscript(value, ast.Name(letter)) if letter in letters:
            return vectorised(value, letters, inside)
        case ast.Call(ast.Name("sum"), [argument]) if inside:  # of one example: along its row
            return trees.call("sum", vectorised(argument, letters, inside), number(1))
    return trees.with_children(tree, functools.partial(vectorised, letters=letters, inside=inside))
