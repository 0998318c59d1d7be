"""Python's own slips: what an exception in a student's code means, and what his functions take from outside."""

import dis
import functools
import inspect
import re
import sys
import types
from collections.abc import Collection, Iterator

import numpy as np

from helpers.checking import sandbox
from helpers.checking.feedback import in_list
from helpers.checking.sentences import say

_NOT_IN_NUMPY = {
    "sech": "1/np.cosh(x)", "ln": "np.log(x)", "sigmoid": "1/(1 + np.exp(-x))", "sigma": "1/(1 + np.exp(-x))",
    "softplus": "np.log(1 + np.exp(x))", "relu": "np.maximum(x, 0)", "pow": "x**2", "max_": "np.maximum(x, 0)",
    "softmax": "np.exp(z)/np.exp(z).sum()", "tg": "np.tan(x)", "tangens": "np.tan(x)",
}  # fmt: skip
_CALLED = "is not callable"
#: (kind of exception, what is found in its text, the sentence)
_MEANT = (
    (TypeError, r"'ellipsis'", "A value in this line is still `...`: its dots have not been replaced yet."),
    (ValueError, r"(too many|not enough) values to unpack",
     "On the left and on the right of the `=` stand different numbers of things."),
    (TypeError, r"bitwise_xor|for \^", "`^` is not a power in Python: write `**`."),
    (TypeError, r"bitwise_(or|and)|for [|&]", "`|` and `&` do not work on numbers with a point: write `np.logical_or`, or a sum."),
    (TypeError, r"'(numpy\.)?ufunc'|'function'|'builtin_function_or_method'|'method'|_ArrayFunctionDispatcher",
     "A function is used as if it were a number: it has to be called, with its argument in brackets, as in `f(x + h)`."),
    (TypeError, r"'NoneType'", "One of the two values is None: a function that is called here returns nothing; is its `return` missing?"),
    (TypeError, r"return arrays must be of ArrayType",
     "A function such as `np.log` was called with two arguments, and takes the second for the place of its result: is the comma meant to be `/`?"),
    (TypeError, r"Cannot cast ufunc .* to dtype\('u?int",
     "This array holds whole numbers, and `/=`, `-=` and their like write into it: `a = a / 2` makes a new array, `a /= 2` does not."),
    (TypeError, r"(only length-1|only size-1|only 0-dimensional) arrays",
     "A function of one number was called with a whole array: those of `math` take one number, those of `np` take both."),
    (TypeError, r"can't multiply sequence|can only concatenate", "A list is no array: make one with `np.array(…)` before you compute with it."),
    (ValueError, r"truth value of an array",
     "`if`, `and`, `or`, `max` and `min` want one truth value, but here is a whole array: take `np.where`, `&`, `|`, `np.maximum` or `np.minimum`."),
    (ValueError, r"does not have enough dimensions",
     "`@` needs an array on both sides, and on one there is a single number, or the `...` of a function that is not written "
     "yet: a number is multiplied with `*`."),
    (TypeError, r"slice indices must be integers", "A slice begins and ends at whole numbers: `round(…)` or `int(…)` makes one."),
    (IndexError, r"out of bounds|index out of range",
     "An index runs past the end. Is a size written in as a number, where `range(len(w))` would follow the "
     "array? Or are two indices exchanged?"),
    (IndexError, r"arrays used as indices must be of integer",
     "Numbers with a point stand in the square brackets, where places belong: whole numbers, such as labels. One-hot rows are no "
     "labels."),
    (IndexError, r"invalid index to scalar|too many indices", "Something has an index that has none, or not so many: print its shape."),
    (RecursionError, r"", "The function calls itself without end."),
    (AttributeError, r"'(float|int|numpy\.float64)' object has no attribute 'T'", "A single number has no `.T`."),
)  # fmt: skip


#: what stands in the line -> the sentence, where an array came in the place of one whole number
_OF_ARRAYS = {
    r"\bnp\.(max|min)\(": "`np.max` and `np.min` take their second argument for an axis: of two values the larger is `np.maximum(a, b)`, "
    "the smaller `np.minimum(a, b)`.",
    r"(?<![\w.])(int|float)\(": "`int(…)` and `float(…)` take one number: a whole array is turned by `.astype(int)` or `.astype(float)`.",
}  # fmt: skip


_COMPARED_TOO_LATE = re.compile(r"(==|!=|<|>)=?\s*[\w.'\"]+(\([\w.]*\))?\s*[|&]")  # nothing closes between them


def meant(problem: BaseException, line: str) -> str:
    """What an exception in a student's `line` means, in a sentence; an empty text if nothing better than its own is known."""
    text = str(problem)
    if isinstance(problem, UnboundLocalError):
        return ""
    if isinstance(problem, NameError):
        return _unknown_name(problem, line)
    if isinstance(problem, TypeError) and _CALLED in text:
        return _not_callable(text, line)
    if re.search("bitwise_|for [|&]|truth value of an array", text) and _COMPARED_TOO_LATE.search(line):
        return "`|` and `&` are worked out before `==`: put each comparison in brackets, as in `(a == b) | (a == c)`."
    if "values to unpack" in text and re.search(r"\bfor [\w, ]+ in \w+ *, *\w+ *:", line):
        return "`for p, g in a, b` takes first `a`, then `b`: pairs of their entries come from `zip(a, b)`."
    if isinstance(problem, TypeError) and " arrays can be converted" in text:
        for pattern, said in _OF_ARRAYS.items():
            if re.search(pattern, line):
                return said
    if isinstance(problem, AttributeError) and "module 'numpy'" in text:
        name = getattr(problem, "name", None) or text.split("'")[-2]
        instead = _NOT_IN_NUMPY.get(name)
        return f"NumPy has no `{name}`{f'; write `{instead}`' if instead else ''}."
    return next((said for kind, pattern, said in _MEANT if isinstance(problem, kind) and re.search(pattern, text)), "")


def _unknown_name(problem, line):
    name = getattr(problem, "name", None)
    if not name:
        return ""
    if name == "math":
        return "`math` is not imported. NumPy has its functions too: write `np.log(x)` for `math.log(x)`."
    if name == "e" and re.search(r"(?<![\w.])e\s*\*\*", line):
        return "`e` is not defined. The exponential function is `np.exp(x)`."
    if name in _NOT_IN_NUMPY and re.search(rf"(?<![\w.]){name}\s*\(", line):
        return f"`{name}` is not defined here: write `{_NOT_IN_NUMPY[name]}`."
    if name in _NOT_IN_NUMPY or not callable(getattr(np, name, None)):
        return (
            f"`{name}` is not defined: it has to be computed in your function, or defined in a cell that has been run."
        )
    return f"`{name}` is not defined; NumPy has it: write `np.{name}`."


def _not_callable(text, line):
    kind = text.split("'")[1] if "'" in text else ""
    if re.search(r"\w\s*\*\*\s*\d+\s*\(", line):
        return "The power of a function belongs behind its bracket: `np.tanh(x)**2`, not `np.tanh**2(x)`."
    if kind.endswith("Generator"):
        return "A generator draws by its methods, such as `rng.permutation(n)`: it is no function itself."
    if kind in ("int", "float", "numpy.float64", "numpy.int64", "numpy.ndarray"):
        what = "An array" if kind == "numpy.ndarray" else "A number"
        return f"{what} stands in front of a bracket, as if it were a function: is a `*` missing?"
    return ""


# ------------------------------------------------------------------------------------------ what is taken from outside


def own_functions(function: object) -> Iterator[types.FunctionType]:
    """A student's function, and those that are his for sure: inside it, or called `my_…` as the stubs are. Others may have
    been given to him."""
    waiting, seen = [function], set()
    while waiting and len(seen) < 20:
        here = waiting.pop(0)
        here = inspect.unwrap(here) if callable(here) else here
        if not isinstance(here, types.FunctionType) or here in seen or _is_library(here):
            continue
        seen.add(here)
        yield here
        mine = [name for name in _outside_names(here) if name.startswith("my_")]
        waiting += [value for name in mine if callable(value := here.__globals__.get(name))]
        waiting += [
            cell.cell_contents for cell in here.__closure__ or () if _is_filled(cell) and callable(cell.cell_contents)
        ]


def as_it_is(function: object) -> object:
    """A student's function that goes on calling the others of his notebook as they are now, whatever becomes of them; the
    very one if it calls none."""
    if type(function) is not types.FunctionType:
        return function
    names, called, waiting = function.__globals__, {}, [function]
    while waiting:
        for name in _outside_names(waiting.pop()):
            other = names.get(name)
            if type(other) is types.FunctionType and other.__globals__ is names and name not in called:
                called[name] = other
                waiting.append(other)
    if all(other is function for other in called.values()):
        return function
    fixed = dict(names)
    fixed |= {name: _in_namespace(other, fixed) for name, other in called.items()}
    return _in_namespace(function, fixed)


def _in_namespace(function, names):
    """A copy of a function that takes names from there."""
    copy = types.FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    return functools.update_wrapper(copy, function)


def _is_library(function):
    module = function.__module__ or ""
    return module.split(".")[0] in ("numpy", "helpers", "math", "scipy", "sympy") or module in sys.stdlib_module_names


def _is_filled(cell):
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _outside_names(function):
    """The names that a function, or one inside it, takes from outside."""
    waiting, names = [function.__code__], set()
    while waiting:
        code = waiting.pop()
        names |= {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
        waiting += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return names


def borrowed(function: object, quantities: Collection[str]) -> list[str]:
    """The names of arrays, and of numbers that are called like one of the quantities, that a student's function takes
    from other cells. A number of another name may be a constant."""
    found = {}
    for own in own_functions(function):
        for name in sorted(_outside_names(own) & set(own.__globals__)):
            value = own.__globals__[name]
            is_number = isinstance(value, (int, float, np.generic)) and not isinstance(value, bool)
            if isinstance(value, np.ndarray) and value.ndim or is_number and name in quantities:
                found[name] = None
    return list(found)


def said_of_borrowed(names: list[str]) -> str:
    """A sentence on names that are taken from other cells."""
    return say("borrowed" if len(names) == 1 else "borrowed.several", names=in_list(names))


def sizes_apart(text: str) -> str:
    """What NumPy says of two arrays whose product does not exist, in words; an empty text if it says something else."""
    if sizes := re.search(r"core dimension.*size (\d+) is different from (\d+)", text):
        right, left = sizes.groups()
        return f"`@` joins the last axis on its left, of size {left}, with the first on its right, of size {right}"
    if shapes := re.search(r"shapes (\(.*?\)) and (\(.*?\)) not aligned", text):
        return f"arrays of shapes {shapes[1]} and {shapes[2]} have no product"
    return ""


def lost_axis(line: str, text: str, problem: BaseException) -> str:
    """What a maximum, a sum over an axis or the `.T` of a vector does to the shape, if there is one in a student's line that
    stopped with this `problem`; nothing where by NumPy's `text` no axis is lost, or where a product with `@` has stopped."""
    if not line or re.findall(r"\(\d+, ?\d+\)", text)[1:]:  # both shapes are there, and none has one axis only
        return ""
    names = sandbox.student_names(problem)
    turned = [names.get(name) for name in re.findall(r"@\s*(\w+)\.T\b", line)]
    if any(isinstance(value, np.ndarray) and value.ndim == 1 for value in turned):
        return " `.T` does nothing to an array with one axis: a column times a row is `np.outer(a, b)`."
    over_axis = "axis" in line and "keepdims" not in line and re.search(r"\b(max|min|sum|mean)\(", line)
    over_axis = over_axis and not text.startswith("`@`")
    return " A maximum or a sum over an axis loses that axis, unless `keepdims=True` keeps it." if over_axis else ""
