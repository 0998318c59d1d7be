"""What an exception in a student's code means, in words that say what to do."""

import re

import numpy as np

_NOT_IN_NUMPY = {
    "sech": "1/np.cosh(x)", "ln": "np.log(x)", "sigmoid": "1/(1 + np.exp(-x))", "sigma": "1/(1 + np.exp(-x))",
    "softplus": "np.log(1 + np.exp(x))", "relu": "np.maximum(x, 0)", "pow": "x**2", "max_": "np.maximum(x, 0)",
    "softmax": "np.exp(z) over its sum", "tg": "np.tan(x)", "tangens": "np.tan(x)",
}  # fmt: skip
_CALLED = "is not callable"
#: (kind of exception, what is found in its text, the sentence)
_MEANT = (
    (TypeError, r"bitwise_xor|for \^", "`^` is not a power in Python: write `**`."),
    (TypeError, r"bitwise_(or|and)|for [|&]", "`|` and `&` do not work on numbers with a point: write `np.logical_or`, or a sum."),
    (TypeError, r"'(numpy\.)?ufunc'|'function'|'builtin_function_or_method'|'method'|_ArrayFunctionDispatcher",
     "A function is used as if it were a number: it has to be called, with its argument in brackets, as in `f(x + h)`."),
    (TypeError, r"'NoneType'", "One of the two values is None: a function that is called here returns nothing; is its `return` missing?"),
    (TypeError, r"return arrays must be of ArrayType",
     "A function such as `np.log` was called with two arguments, and takes the second for the place of its result: is the comma meant to be `/`?"),
    (TypeError, r"(only length-1|only size-1|only 0-dimensional) arrays",
     "A function of one number was called with a whole array: those of `math` take one number, those of `np` take both."),
    (TypeError, r"can't multiply sequence|can only concatenate", "A list is no array: make one with `np.array(…)` before you compute with it."),
    (ValueError, r"truth value of an array",
     "`if`, `and`, `or`, `max` and `min` decide on one truth value, but here is a whole array: take `np.where`, `&`, `|`, `np.maximum` or `np.minimum`."),
    (ValueError, r"does not have enough dimensions",
     "`@` has a single number on one of its sides: a number is multiplied with `*`, `@` needs arrays on both sides."),
    (IndexError, r"out of bounds", "An index runs too far, over a size that is written in as a number: let the loop run over `range(len(w))`."),
    (IndexError, r"invalid index to scalar|too many indices", "Something has an index that has none, or not so many: print its shape."),
    (RecursionError, r"", "The function calls itself without end."),
    (AttributeError, r"'(float|int|numpy\.float64)' object has no attribute 'T'", "A single number has no `.T`."),
)  # fmt: skip


def meant(problem: BaseException, line: str) -> str:
    """What an exception in a student's `line` means, in a sentence; an empty text if nothing better than its own is known."""
    text = str(problem)
    if isinstance(problem, UnboundLocalError):
        return ""
    if isinstance(problem, NameError):
        return _unknown_name(problem)
    if isinstance(problem, TypeError) and _CALLED in text:
        return _not_callable(text, line)
    if isinstance(problem, AttributeError) and "module 'numpy'" in text:
        name = getattr(problem, "name", None) or text.split("'")[-2]
        instead = _NOT_IN_NUMPY.get(name)
        return f"NumPy has no `{name}`{f'; write `{instead}`' if instead else ''}."
    return next((said for kind, pattern, said in _MEANT if isinstance(problem, kind) and re.search(pattern, text)), "")


def _unknown_name(problem):
    name = getattr(problem, "name", None)
    if not name:
        return ""
    if name in _NOT_IN_NUMPY or not callable(getattr(np, name, None)):
        return f"`{name}` is not defined: it has to be computed in your function, or defined in a cell that has been run."
    return f"`{name}` is not defined; NumPy has it: write `np.{name}`."


def _not_callable(text, line):
    kind = text.split("'")[1] if "'" in text else ""
    if re.search(r"\w\s*\*\*\s*\d+\s*\(", line):
        return "The power of a function belongs behind its bracket: `np.tanh(x)**2`, not `np.tanh**2(x)`."
    if kind in ("int", "float", "numpy.float64", "numpy.int64", "numpy.ndarray"):
        what = "An array" if kind == "numpy.ndarray" else "A number"
        return f"{what} stands in front of a bracket, as if it were a function: is a `*` missing?"
    return ""
