"""Calculus on the trees of `formula.py`: derivatives, and complex arithmetic spelled out in real operations.

Both give trees again, which the browser evaluates like any other formula.
"""

from __future__ import annotations

from helpers.errors import InputError
from helpers.explorers.formula import Tree, names

# ---- building trees without idle parts: 0 + u, 1 · u, u¹ ---------------------------------------------------


def _constants(*trees: Tree) -> bool:
    return all(isinstance(tree, int | float) for tree in trees)


def plus(a: Tree, b: Tree) -> Tree:
    if _constants(a, b):
        return a + b
    if a == 0 or b == 0:
        return b if a == 0 else a
    return ["+", a, b]


def minus(a: Tree, b: Tree) -> Tree:
    if _constants(a, b):
        return a - b
    if b == 0:
        return a
    return negative(b) if a == 0 else ["-", a, b]


def times(a: Tree, b: Tree) -> Tree:
    if _constants(a, b):
        return a * b
    if a == 0 or b == 0:
        return 0
    if a == 1 or b == 1:
        return b if a == 1 else a
    if a == -1 or b == -1:
        return negative(b if a == -1 else a)
    return ["*", a, b]


def over(a: Tree, b: Tree) -> Tree:
    return a if a == 0 or b == 1 else ["/", a, b]


def negative(a: Tree) -> Tree:
    if isinstance(a, int | float):
        return -a
    return a[1] if a[0] == "negative" else ["negative", a]


def power(a: Tree, b: Tree) -> Tree:
    return 1 if b == 0 else a if b == 1 else ["^", a, b]


# ---- derivatives -------------------------------------------------------------------------------------------

#: The derivative of each function of one argument u. The forms keep their accuracy where the function
#: saturates: 1 − tanh²u, computed as it stands, would lose all its digits there.
DERIVATIVES = {
    "negative": lambda u: -1,
    "abs": lambda u: ["if", [">", u, 0], 1, -1],
    "sqrt": lambda u: ["/", 0.5, ["sqrt", u]],
    "exp": lambda u: ["exp", u],
    "log": lambda u: ["/", 1, u],
    "sin": lambda u: ["cos", u],
    "cos": lambda u: ["negative", ["sin", u]],
    "sinh": lambda u: ["cosh", u],
    "cosh": lambda u: ["sinh", u],
    "arcosh": lambda u: ["/", 1, ["*", ["sqrt", ["-", u, 1]], ["sqrt", ["+", u, 1]]]],
    "sigmoid": lambda u: ["*", ["sigmoid", u], ["sigmoid", ["negative", u]]],
    "tanh": lambda u: ["/", 1, ["^", ["cosh", u], 2]],
    "softplus": lambda u: ["sigmoid", u],
    "relu": lambda u: ["if", [">", u, 0], 1, 0],
    "logit": lambda u: ["/", 1, ["*", u, ["-", 1, u]]],
}


def derivative(tree: Tree, name: str) -> Tree:
    """The derivative of `tree` with respect to the variable `name`, as a tree.

    At a kink (relu, abs, maximum) it is the derivative from the left. Raises InputError for an operation that
    has no derivative here.
    """
    if name not in names(tree):
        return 0
    if tree == name:
        return 1
    operation, *operands = (_folded(part) for part in tree)
    condition = operation == "if"  # has no derivative, and needs none
    inner = [derivative(operand, name) for operand in operands[condition:]]
    match operation, operands, inner:
        case "+", _, [du, dv]:
            return plus(du, dv)
        case "-", _, [du, dv]:
            return minus(du, dv)
        case "*", [u, v], [du, dv]:
            return plus(times(du, v), times(u, dv))
        case "/", [u, v], [du, 0]:
            return over(du, v)
        case "/", [u, v], [du, dv]:
            return over(minus(times(du, v), times(u, dv)), ["^", v, 2])
        case "^", [u, v], [du, 0]:
            return times(times(v, power(u, minus(v, 1))), du)
        case "^", [u, v], [du, dv]:
            return times(tree, plus(times(dv, ["log", u]), over(times(v, du), u)))
        case "if", _, [yes, no]:
            return ["if", operands[0], yes, no]
        case "maximum" | "minimum", [u, v], [du, dv]:
            return ["if", [">" if operation == "maximum" else "<", u, v], du, dv]
        case _ if operation in DERIVATIVES:
            return times(DERIVATIVES[operation](operands[0]), inner[0])
    raise InputError(f"the derivative of {operation!r} is not known here: choose another function")


def _folded(tree: Tree) -> Tree:
    """−2 as one number, where the parser writes "negative" and 2."""
    return -tree[1] if isinstance(tree, list) and tree[0] == "negative" and _constants(tree[1]) else tree


# ---- complex arithmetic ------------------------------------------------------------------------------------


def complex_parts(tree: Tree, name: str, real: Tree, imaginary: Tree) -> tuple[Tree, Tree]:
    """Real and imaginary part of `tree` where the variable `name` has the value real + i · imaginary.

    The complex step f′(x) ≈ Im f(x + ih)/h needs no more than this, and the browser has no complex numbers
    of its own. Raises InputError for operations that are not analytic, such as relu: the complex step fails.
    """
    if tree == name:
        return real, imaginary
    if name not in names(tree):
        return tree, 0
    operation, *operands = tree
    parts = [complex_parts(operand, name, real, imaginary) for operand in operands]
    match operation, parts:
        case "negative", [(a, b)]:
            return negative(a), negative(b)
        case "+", [(a, b), (c, d)]:
            return plus(a, c), plus(b, d)
        case "-", [(a, b), (c, d)]:
            return minus(a, c), minus(b, d)
        case "*", [first, second]:
            return _product(first, second)
        case "/", [first, second]:
            return _quotient(first, second)
        case "^", [first, (int(n), 0)] if 1 <= n <= 8:
            result = first
            for _ in range(n - 1):
                result = _product(result, first)
            return result
        case "^", [first, second]:
            return _exponential(_product(_logarithm(first), second))
        case "sqrt", [first]:
            return _exponential(_product(_logarithm(first), (0.5, 0)))
        case "exp", [first]:
            return _exponential(first)
        case "log", [first]:
            return _logarithm(first)
        case "sin", [(a, b)]:
            return ["*", ["sin", a], ["cosh", b]], ["*", ["cos", a], ["sinh", b]]
        case "cos", [(a, b)]:
            return ["*", ["cos", a], ["cosh", b]], ["negative", ["*", ["sin", a], ["sinh", b]]]
        case "sinh", [(a, b)]:
            return ["*", ["sinh", a], ["cos", b]], ["*", ["cosh", a], ["sin", b]]
        case "cosh", [(a, b)]:
            return ["*", ["cosh", a], ["cos", b]], ["*", ["sinh", a], ["sin", b]]
        case "tanh", [(a, b)]:
            below = ["+", ["cosh", ["*", 2, a]], ["cos", ["*", 2, b]]]
            return ["/", ["sinh", ["*", 2, a]], below], ["/", ["sin", ["*", 2, b]], below]
        case "sigmoid", [(a, b)]:
            e, f = _exponential((negative(a), negative(b)))
            return _quotient((1, 0), (plus(1, e), f))
        case "softplus", [first]:
            e, f = _exponential(first)
            return _logarithm((plus(1, e), f))
    raise InputError(f"{operation!r} is not analytic, so the complex step does not work for it")


def _product(first, second):
    (a, b), (c, d) = first, second
    return minus(times(a, c), times(b, d)), plus(times(a, d), times(b, c))


def _quotient(first, second):
    a, b = second
    size = plus(times(a, a), times(b, b))
    c, d = _product(first, (a, negative(b)))
    return over(c, size), over(d, size)


def _exponential(z):
    a, b = z
    return ["*", ["exp", a], ["cos", b]], ["*", ["exp", a], ["sin", b]]


def _logarithm(z):
    a, b = z
    return ["*", 0.5, ["log", plus(times(a, a), times(b, b))]], ["atan2", b, a]
