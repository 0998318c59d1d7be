"""What came back from a student: a placeholder that was not touched, numbers, or something else."""

import contextlib
import dis
import inspect

import numpy as np

from helpers.formulas.text import shorten

_STUB_WORDS = {"", "...", "…", "todo", "none", "notimplemented", "your answer", "your answer here", "?"}
NOT_ATTEMPTED = "Replace the placeholder by your own answer, then run this cell again."


class Unusable(Exception):
    """The answer has no values to compare. `status` is "not attempted", "error" or "wrong"."""

    def __init__(self, status, message, mistake=None):
        super().__init__(message)
        self.status, self.message, self.mistake = status, message, mistake


def is_placeholder(value):
    """Whether a value is what an untouched exercise holds: `...`, None, NotImplemented, an empty text, or a
    collection of nothing but those."""
    if value is None or value is Ellipsis or value is NotImplemented or value is NotImplementedError:
        return True
    if isinstance(value, NotImplementedError):
        return True
    if isinstance(value, str):
        return value.strip().lower() in _STUB_WORDS
    if isinstance(value, dict):
        return all(is_placeholder(item) for item in value.values())
    if isinstance(value, (list, tuple)) and len(value) < 100:
        return all(is_placeholder(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == object and value.size < 100:
        return all(is_placeholder(item) for item in value.flat)
    return False


def does_nothing(function):
    """Whether a function that returned None was never filled in. One that computes something and returns
    nothing has been worked on: there the `return` is missing."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return False
    previous = None
    for step in dis.get_instructions(code):
        if step.opname.startswith(("BINARY_", "CALL", "FOR_ITER")) and step.opname != "BINARY_SLICE":
            break
        previous = step
    else:
        return True
    for step in dis.get_instructions(code):  # an explicit `answer = None` is still a placeholder
        if (
            step.opname.startswith("STORE_FAST")
            and previous is not None
            and previous.argval is None
            and previous.opname == "LOAD_CONST"
        ):
            return True
        previous = step
    return False


def as_numbers(raw):
    """A value that came from a student as a float array. Raises Unusable if it holds no numbers."""
    if hasattr(raw, "free_symbols"):
        raw = _from_sympy_value(raw)
    if isinstance(raw, (bool, np.bool_)):
        raise Unusable("error", f"The answer came out as {raw}, which is a truth value, not a number.", "not_a_number")
    if isinstance(raw, (str, bytes)):
        raise Unusable(
            "error", f"The answer came out as the text {shorten(repr(raw), 40)}; a number is needed.", "not_a_number"
        )
    if isinstance(raw, (dict, set)) or callable(raw) or inspect.isgenerator(raw) or inspect.iscoroutine(raw):
        if inspect.iscoroutine(raw):
            raw.close()
        raise Unusable(
            "error", f"The answer came out as a {type(raw).__name__}, not as a number or an array.", "not_a_number"
        )
    try:
        array = np.asarray(raw)
    except Exception:
        raise Unusable(
            "error", "The answer is a list whose rows have different lengths, so it is no array.", "ragged"
        ) from None
    if array.dtype.kind in "fiu":
        return array.astype(float)
    if array.dtype.kind == "c":
        return _real_part(array)
    if array.dtype.kind == "O" and array.size <= 10_000:
        with contextlib.suppress(Exception):
            return _real_part(array.astype(complex))
    if isinstance(raw, int):
        raise Unusable("error", "The answer came out as a whole number that is too large.", "not_a_number")
    found = "text" if array.dtype.kind in "US" else type(raw).__name__ if array.dtype.kind == "O" else array.dtype.name
    raise Unusable("error", f"The answer came out as {found}, not as a number or an array of numbers.", "not_a_number")


def _real_part(array):
    finite = np.where(np.isfinite(array), array, 0)
    if np.any(np.abs(finite.imag) > 1e-12 * (1 + np.abs(finite.real))):
        raise Unusable("wrong", "The answer came out as complex numbers, but it must be real.", "complex")
    return array.real.astype(float)


def _from_sympy_value(raw):
    import sympy as sp

    if isinstance(raw, sp.MatrixBase):
        raw = np.array(raw.tolist(), dtype=object)
        return raw[:, 0] if raw.shape[1] == 1 else raw
    if getattr(raw, "free_symbols", None):
        raise Unusable(
            "error",
            "The answer still contains symbols instead of numbers: use the function's arguments.",
            "symbols_left",
        )
    return complex(raw) if raw.is_number else raw


def in_words(point):
    """A point as `w=0.5, x=2`, arrays as lists or, if they are larger, by their shape."""
    parts = []
    for name, value in point.items():
        if callable(value):
            continue
        if np.size(value) <= 4:
            parts.append(f"{name}={_rounded(value)}")
        else:
            parts.append(f"{name} of shape {np.shape(value)}")
    return ", ".join(parts)


def _rounded(value):
    if np.ndim(value):
        return "[" + ", ".join(_rounded(item) for item in value) + "]"
    return f"{float(value):.4g}"


def shape_in_words(shape):
    """() becomes "a single number", (3,) becomes "an array of shape (3,)"."""
    return "a single number" if shape == () else f"an array of shape {tuple(int(size) for size in shape)}"
