"""What came back from a student: a placeholder that was not touched, numbers that are compared, or something else."""

import contextlib
import dis
import inspect
import itertools
import sys
from collections.abc import Mapping, Set
from typing import Any

import numpy as np

from helpers.checking.feedback import Feedback, lower
from helpers.formulas.text import shorten

Question = Any  # the exercise: helpers.exercises lies above, and its names here would be a circle
Point = dict  # the arguments of one call: name -> number or array
Values = list  # one float array for each point

NOT_ATTEMPTED = "Replace the placeholder by your own answer, then run this cell again."
TOO_MANY = 10_000  # numbers in one value: its shape alone says that it is wrong
_FEW = 100  # things in an untouched exercise
_MOST, _MOST_IN_AN_ARRAY, _DEEP = (
    100_000,
    10_000_000,
    30,
)  # entries of lists, of arrays, and how deep lists may be nested
_STUB_WORDS = {"", "...", "…", "todo", "none", "notimplemented", "your answer", "your answer here", "?"}


class Unusable(Exception):
    """The answer has no values to compare. `status` is "error", "wrong" or "not attempted"."""

    def __init__(self, message: str, mistake: str | None = None, status: str = "error") -> None:
        super().__init__(message)
        self.status, self.message, self.mistake = status, message, mistake

    def feedback(self) -> Feedback:
        """The same as a Feedback. No exception says that an answer is right, whoever raised it."""
        status = self.status if self.status in ("wrong", "not attempted") else "error"
        return Feedback(status, self.message, self.mistake).plain()

    def named(self, name: str) -> "Unusable":
        """The same, said of one entry of the answer."""
        return Unusable(f"`{name}`: {lower(self.message)}", self.mistake, self.status)


class NotAttempted(Unusable):
    """The exercise is as it was handed out."""

    def __init__(self) -> None:
        super().__init__(NOT_ATTEMPTED, status="not attempted")


# ------------------------------------------------------------------------------------------ placeholders


def is_placeholder(value: object) -> bool:
    """Whether a value is what an untouched exercise holds: `...`, None, NotImplemented, an empty text, or a
    collection of nothing but those."""
    waiting, seen = [value], 0
    while waiting and seen < _FEW:
        one, seen = waiting.pop(), seen + 1
        if isinstance(one, np.ndarray):
            one = one.ravel().tolist() if one.dtype == object and one.size < _FEW else 0
        if isinstance(one, dict):
            waiting += itertools.islice(one.values(), _FEW)
        elif isinstance(one, (list, tuple)):
            waiting += itertools.islice(one, _FEW)
        elif not _is_blank(one):
            return False
    return not waiting


def _is_blank(value):
    if value is None or value is Ellipsis or value is NotImplemented or value is NotImplementedError:
        return True
    if isinstance(value, str):
        return value.strip().lower() in _STUB_WORDS
    return isinstance(value, NotImplementedError)


def says_nothing(problem: NotImplementedError) -> bool:
    """Whether an exception is that of a stub: raised without a text, or where nothing else is done."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code if trace else None
    is_stub = (
        code is not None and code.co_names == ("NotImplementedError",) and len(code.co_varnames) == _parameters(code)
    )
    return type(problem) is NotImplementedError and (is_stub or is_placeholder(list(problem.args)))


def _parameters(code):
    """How many parameters a function has, `*args` and `**kwargs` among them."""
    several = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return code.co_argcount + code.co_kwonlyargcount + several


def does_nothing(function: object) -> bool:
    """Whether a function that returned None was never filled in. One that computes something and returns
    nothing has been worked on: there the `return` is missing."""
    if not computes(function):
        return True
    code = getattr(inspect.unwrap(function), "__code__", None)
    steps = list(dis.get_instructions(code)) if code else []
    return any(  # an explicit `answer = None` is still a placeholder
        step.opname.startswith("STORE_FAST") and before.opname == "LOAD_CONST" and before.argval is None
        for before, step in zip(steps, steps[1:], strict=False)
    )


def computes(function: object) -> bool:
    """Whether a function's own code does more than hand something back: it calls, loops or works something out."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code is None or any(
        step.opname.startswith(("BINARY_", "CALL", "FOR_ITER")) and step.opname != "BINARY_SLICE"
        for step in dis.get_instructions(code)
    )


def nothing_returned(function: object) -> Unusable:
    """What is said of a function that works something out and returns nothing."""
    names = getattr(getattr(function, "__code__", None), "co_names", ())
    prints = " What it prints is not returned: write `return` instead." if "print" in names else ""
    return Unusable(f"Your function returned None: is the line with `return` missing?{prints}", "no_return")


# ------------------------------------------------------------------------------------------ numbers


def as_numbers(raw: object) -> np.ndarray:
    """A value that came from a student as a float array. Raises Unusable if it holds no numbers."""
    if hasattr(raw, "free_symbols"):
        raw = _from_sympy_value(raw)
    if isinstance(raw, (bool, np.bool_)):
        raise _no_number(f"{raw}, which is a truth value, not a number")
    if isinstance(raw, (str, bytes)):
        raise _no_number(f"the text {shorten(repr(raw), 40)}; a number is needed")
    if inspect.iscoroutine(raw):
        raw.close()
    if isinstance(raw, (Mapping, Set)) or callable(raw) or inspect.isgenerator(raw) or inspect.iscoroutine(raw):
        raise _no_number(f"a {type(raw).__name__}, not as a number or an array")
    array = as_array(raw)
    if array.dtype.kind in "fiu":
        return array.astype(float)
    if array.dtype.kind == "c":
        return _real_part(array)
    if array.dtype.kind == "O" and array.size <= TOO_MANY:
        with contextlib.suppress(Exception):
            return _real_part(array.astype(complex))
    if isinstance(raw, int):
        raise _no_number("a whole number that is too large")
    found = "text" if array.dtype.kind in "US" else type(raw).__name__ if array.dtype.kind == "O" else array.dtype.name
    raise _no_number(f"{found}, not as a number or an array of numbers")


def as_array(raw: object) -> np.ndarray:
    """A value that came from a student as an array of whatever it holds. Raises Unusable if there is no such array."""
    lists = _in_lists(raw)
    try:
        array = np.asarray(lists)
    except Exception as problem:
        if isinstance(lists, list) and "inhomogeneous" in str(problem):
            text = "The answer is a list whose rows have different lengths, so it is no array."
            if isinstance(raw, tuple):
                text = f"Several things came, a tuple of {len(raw)}, and they do not make one array: which of them is asked for?"
            raise Unusable(text, "ragged") from None
        raise _no_number(f"a {type(raw).__name__}, which cannot be turned into numbers") from None
    if array.size > _MOST_IN_AN_ARRAY:
        raise _too_large(f"an array of shape {array.shape}")
    return array


def _in_lists(raw):
    """Sequences as plain lists, counted before NumPy takes them: it goes through all that they yield, however long."""
    left = _MOST

    def plain(one, depth=0):
        nonlocal left
        if isinstance(one, (Mapping, Set)):
            raise _no_number(f"a {type(one).__name__}, not as a number or an array")
        if not _is_sequence(one):
            return one
        items = list(itertools.islice(one, left + 1))
        left -= len(items)
        if left < 0 or depth > _DEEP:
            raise _too_large(f"more than {_MOST:,} entries" if left < 0 else f"lists nested more than {_DEEP} deep")
        return [plain(item, depth + 1) for item in items]

    return plain(raw)


def _is_sequence(one):
    """Whether NumPy would ask for one entry after the other."""
    if isinstance(one, (list, tuple, range)):
        return True
    if isinstance(one, (np.ndarray, np.generic, int, float, complex, str, bytes)):
        return False
    return all(hasattr(one, name) for name in ("__len__", "__getitem__")) and not hasattr(one, "__array__")


def plain_list(things: object) -> object:
    """A list of a kind of its own as an ordinary one, not longer than is ever looked at; anything else as it is."""
    return list(itertools.islice(things, 1000)) if isinstance(things, (list, tuple)) else things


def is_sympy(value: object) -> bool:
    """Whether a value is a SymPy object; where SymPy was never imported, nothing is."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(value, (sympy.Basic, sympy.MatrixBase))


def _no_number(what):
    return Unusable(f"The answer came out as {what}.", "not_a_number")


def _too_large(what):
    return Unusable(f"The answer came out as {what}: that is too large to be right.", "shape", "wrong")


def _real_part(array):
    finite = np.where(np.isfinite(array), array, 0)
    if np.any(np.abs(finite.imag) > 1e-12 * (1 + np.abs(finite.real))):
        raise Unusable("The answer came out as complex numbers, but it must be real.", "complex", "wrong")
    return array.real.astype(float)


def _from_sympy_value(raw):
    import sympy as sp

    if isinstance(raw, sp.MatrixBase):
        raw = np.array(raw.tolist(), dtype=object)
        return raw[:, 0] if raw.shape[1] == 1 else raw
    if getattr(raw, "free_symbols", None):
        raise Unusable(
            "The answer still contains symbols instead of numbers: use the function's arguments.",
            "symbols_left",
        )
    return complex(raw) if raw.is_number else raw


def agree(got: Values, wanted: Values, rtol: float) -> bool:
    """Whether two lists of arrays are equal to float32 accuracy: relative `rtol`, and a twentieth of that of
    the largest value for entries near zero."""
    if len(got) != len(wanted) or any(g.shape != w.shape for g, w in zip(got, wanted, strict=True)):
        return False
    got, wanted = flat(got), flat(wanted)
    if not np.all(np.isfinite(got)):
        return False
    scale = np.max(np.abs(wanted), initial=0.0)
    return bool(np.all(np.abs(got - wanted) <= rtol * np.abs(wanted) + 0.05 * rtol * scale))


def plain_numbers(got: Values, wanted: Values) -> Values:
    """Arrays of one entry as plain numbers, if numbers are wanted and nothing else came."""
    if all(g.size == 1 and w.shape == () for g, w in zip(got, wanted, strict=False)):
        return [g.reshape(()) for g in got]
    return got


def flat(arrays: Values) -> np.ndarray:
    """All numbers of some arrays in one row."""
    return np.concatenate([np.ravel(array) for array in arrays]) if arrays else np.zeros(0)


# ------------------------------------------------------------------------------------------ in words


def in_words(point: Point) -> str:
    """A point as `w=0.5, x=2`, arrays as lists or, if they are larger, by their shape."""
    return ", ".join(
        f"{name}={_rounded(value)}" if np.size(value) <= 4 else f"{name} of shape {np.shape(value)}"
        for name, value in point.items()
        if not callable(value)
    )


def _rounded(value):
    if np.ndim(value):
        return "[" + ", ".join(map(_rounded, value)) + "]"
    return f"{float(value):.4g}"


def shape_in_words(shape: tuple) -> str:
    """() becomes "a single number", (3,) becomes "an array of shape (3,)"."""
    return "a single number" if shape == () else f"an array of shape {tuple(int(size) for size in shape)}"
