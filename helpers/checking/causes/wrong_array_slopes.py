"""What goes back through a product of vectors and matrices, rightly and as people do it wrongly; sums without their indices."""

import ast
import functools
from collections.abc import Iterator, Mapping

from helpers.checking.causes import trees
from helpers.checking.causes.rules import Slip
from helpers.checking.causes.trees import Tree, matmul, number, quoted, times, transposed
from helpers.formulas.shapes import Shape

#: (wrong derivative of a @ a, id, what happened); the right one is 2*a
OF_OWN_SQUARE = (
    ("a", "two_lost", "The derivative of {square} has lost its factor 2."),
    ("2", "base_lost", "Of the derivative of {square} only the factor 2 is left."),
    ("a*a", "power_kept", "{square} was not differentiated: the square is still there."),
    ("2*a*a", "power_not_reduced", "In the derivative of {square} the square is still there."),
    ("sign(a)", "absolute_for_square",
     "The sign of {a} comes of a sum of absolute values; {square} is a sum of squares."),
    ("abs(a)", "absolute_and_two", "An absolute value stands in the derivative of {square}, and a factor 2 is missing."),
    ("2*abs(a)", "absolute_of_base", "The absolute value of {a} stands in the derivative of {square}, where {a} itself belongs."),
    ("2*sqrt(a @ a)*ones_like(a)", "norm", "The norm of {a}, one number, stands in the derivative of {square} where the vector {a} belongs."),
    ("sqrt(a @ a)*ones_like(a)", "norm_and_two", "The norm of {a}, one number, stands where the derivative of {square} belongs."),
    ("a/sqrt(a @ a)", "of_norm", "That is the derivative of the norm of {a}; {square} is its square."),
    ("(a @ a)*ones_like(a)", "not_differentiated", "{square}, one number, was not differentiated."),
    ("2*(a @ a)*ones_like(a)", "not_differentiated_2", "{square}, one number, stands in its own derivative where {a} belongs."),
    ("2*without_first(a)", "first_left_out",
     "In the derivative of {square} the first component is left out, as if it were a bias: here every component counts."),
    ("2*sum(a)*ones_like(a)", "summed", "In the derivative of {square} the components of {a} were added up: a sum stands in every component."),
    ("sum(a)*ones_like(a)", "summed_and_two", "In the derivative of {square} the components of {a} were added up, and a factor 2 is missing."),
)  # fmt: skip


def wrong_own_squares(a: Tree) -> Iterator[tuple[Tree, Slip]]:
    """(what stands for the derivative of a @ a, what went wrong)."""
    said = {"a": quoted(a), "square": quoted(matmul(a, a))}
    for formula, id, text in OF_OWN_SQUARE:
        yield trees.filled(trees.read(formula), {"a": a}), Slip(id, text.format(**said))


def through_product(first: bool, a: Tree, b: Tree, shapes: tuple[Shape, Shape], g: Tree) -> tuple[Tree, list]:
    """(what goes back to one side of a @ b, to the `first` or to the second, [(a wrong one, what went wrong), …])."""
    left, right = map(len, shapes)
    other, target, product = (b, a, quoted(matmul(a, b))) if first else (a, b, quoted(matmul(a, b)))
    id = f"missing_{other.id}" if isinstance(other, ast.Name) else "missing_factor"
    lost = g, Slip(id, f"The factor {quoted(other)} is missing: the derivative of {product}.")
    if left == right == 1:
        text = f"{quoted(target)} stands where {quoted(other)} belongs, the derivative of {product}."
        return times(g, other), [lost, (times(g, target), Slip("param_instead", text))]
    if first:
        turned = Slip("transposed", "The matrix is transposed: its rows and columns have changed places.")
        if right == 1:
            return trees.call("outer", g, b), [(trees.call("outer", b, g), turned)]
        return matmul(g, transposed(b)), [(matmul(b, transposed(g)), turned)]
    if left == 1:
        return trees.call("outer", a, g), [lost]
    return matmul(transposed(a), g), [lost, *_sums_mixed_up(a, b, g), *(_some_rows(a, g) if right == 1 else ())]


def _sums_mixed_up(a, b, g):
    total = trees.call("sum", g)
    text = f"The sums were taken separately: over the rows of {quoted(a)}, and over what they are multiplied by."
    yield times(trees.call("sum", a, number(0)), total), Slip("summed_separately", text)
    text = f"The entries of {quoted(a)} are missing: every component is one and the same sum."
    yield times(total, trees.call("ones_like", b)), Slip("matrix_missing", text)


def _some_rows(a, g):
    for place, which in (("0", "first"), ("-1", "last")):
        row, entry = (ast.Subscript(each, trees.read(place), ast.Load()) for each in (a, g))
        text = (
            f"Only the {which} row of {quoted(a)} counts: the loop ends too early, or it forgets the sum so far (`+=`)."
        )
        yield times(entry, row), Slip(f"only_{which}", text)
    for count in (2, 3):
        some, those = (ast.Subscript(each, ast.Slice(None, number(count)), ast.Load()) for each in (a, g))
        text = f"Only the first {count} rows of {quoted(a)} count, whatever its size: `range({count})`?"
        yield matmul(transposed(some), those), Slip("only_some", text)


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
