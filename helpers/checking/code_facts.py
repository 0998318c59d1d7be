"""What a student's function shows by its code: facts that an exception or a wrong value comes of.

A function knows the names that it takes from outside and, most of the time, its source: a `return` that stands in a loop, a
division that rounds down, a quantity that another cell has left behind.
"""

import ast
import functools
import inspect
import textwrap
import types
from collections.abc import Callable

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition, recognised
from helpers.checking.python_slips import borrowed, own_functions, said_of_borrowed
from helpers.checking.sentences import hint_of, say
from helpers.checking.values import agree, shape_in_words

# ------------------------------------------------------------------------------------------ what it takes from outside


def borrows(case: Case) -> Found:
    """The function takes a quantity from another cell, and is right if it has the right value."""
    names = _borrowed_quantities(case)
    if not names or not _right_with(case, names):
        return None
    text = say("otherwise_right", what=said_of_borrowed(names))
    return Recognition("borrowed", text, hint_of("borrowed"))


def may_borrow(case: Case) -> Found:
    """The function takes something from another cell, and is wrong."""
    names = _outside(case)
    return Recognition("borrowed", said_of_borrowed(names), hint_of("borrowed")) if names else None


def _borrowed_quantities(case):
    if not isinstance(case.answer.answer, types.FunctionType):
        return []
    return [name for name in _outside(case) if name in case.question.definitions]


def _outside(case):
    quantities = (*case.question.parameters, *case.question.definitions)
    return borrowed(case.answer.answer, quantities) if case.answer.kind == "function" else []


def _right_with(case, names):
    """Whether the function is right once the names hold the question's own quantities."""
    question = case.question
    return _is_right(
        case, lambda function, point: {"globals": {name: question.evaluate(name, point) for name in names}}
    )


def _is_right(case, change):
    """Whether the function is right with what `change` gives for a point: other values in `globals`, another `code`."""
    function = case.answer.answer
    for point, truth in zip(case.points, case.truth, strict=True):
        changed = change(function, point)
        own = types.FunctionType(
            changed.get("code", function.__code__),
            {**function.__globals__, **changed.get("globals", {})},
            function.__name__,
            function.__defaults__,
            function.__closure__,
        )
        try:
            got = np.asarray(own(*case.answer.arguments(point).values()), dtype=float)
        except Exception:
            return False
        if not agree([got], [truth], case.rtol):
            return False
    return True


def rounded_constant(case: Case) -> Found:
    """e or π is written with a few digits, and with all of them the function is right."""
    if not isinstance(case.answer.answer, types.FunctionType):
        return None
    for name, exact, written in (("e", np.e, "np.exp"), ("π", np.pi, "np.pi")):
        code = case.answer.answer.__code__
        rounded = [each for each in code.co_consts if isinstance(each, float) and 0 < abs(each / exact - 1) < 0.01]
        whole = code.replace(co_consts=tuple(exact if each in rounded else each for each in code.co_consts))
        if rounded and _is_right(case, lambda function, point, whole=whole: {"code": whole}):
            return recognised("rounded_constant", name=name, came=rounded[0], written=written)
    return None


# ------------------------------------------------------------------------------------------ what the source shows


@functools.lru_cache(maxsize=64)
def _tree(function):
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None


def shown_by_code(case: Case) -> Found:
    """A `return` inside a loop, a division that rounds down, a loop over a fixed number."""
    return code_fact(case.answer.answer) if case.answer.kind == "function" else None


def returns_in_loop(case: Case) -> Found:
    """A `return` among the lines of a loop: whatever comes of it, it ends the function in the first round."""
    found = shown_by_code(case)
    return found if found and found.mistake == "return_in_loop" else None


def rounds_down(case: Case) -> Found:
    """A division that rounds down, where only whole numbers come."""
    found = shown_by_code(case)
    whole = all(np.all(values == np.round(values)) for values in case.got)
    return found if found and found.mistake == "floor_division" and whole else None


def code_fact(function: Callable) -> Found:
    """The first of these in a student's functions."""
    for own in own_functions(function):
        tree = _tree(own)
        for recognise in (_return_in_loop, _floor_division, _fixed_loop) if tree else ():
            found = recognise(tree)
            if found:
                return found
    return None


def _return_in_loop(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.While)) and any(isinstance(line, ast.Return) for line in node.body):
            return recognised("return_in_loop")
    return None


def _floor_division(tree):
    if any(
        isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.FloorDiv) for node in ast.walk(tree)
    ):
        return recognised("floor_division")
    return None


def vector_transposed(case: Case) -> Found:
    """A vector's `.T` in the source, where the shape is wrong."""
    vectors = {name for name, value in case.points[0].items() if np.ndim(value) == 1}
    for own in own_functions(case.answer.answer) if case.answer.kind == "function" else ():
        for node in ast.walk(_tree(own) or ast.Module([], [])):
            match node:
                case ast.Attribute(ast.Name(name), "T") if name in vectors:
                    came, needed = (shape_in_words(values[0].shape) for values in (case.got, case.truth))
                    return recognised("vector_transposed", name=name, came=came, needed=needed)
    return None


def _fixed_loop(tree):
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("range"), [*_, ast.Constant(int(count))]) if count > 1:
                return recognised("fixed_loop", count=count)
    return None


def value_for_function(case: Case) -> Found:
    """A number or an array was handed in, perhaps what the function returned once."""
    if case.answer.kind != "constant":
        return None
    right_shape = case.got[0].shape == case.truth[0].shape
    came = shape_in_words(case.got[0].shape)
    return recognised("constant.value", "constant" if right_shape else "shape", came=came)
