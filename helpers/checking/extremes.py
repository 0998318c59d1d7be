"""Where numbers become too large or too small: what is tried there, and which operation of a student's function breaks."""

import ast
import linecache
import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import FrameType, TracebackType

import numpy as np

from helpers.checking import sandbox
from helpers.checking.answers import Answer
from helpers.checking.feedback import Recognition, recognised
from helpers.checking.values import Point, Values, agree
from helpers.formulas.text import shorten

#: (what NumPy says, what it means)
_MEANT = (
    (r"overflow encountered in exp", "an exponential becomes too large for a float, and counts as ∞"),
    (r"overflow", "a number becomes too large for a float, and counts as ∞"),
    (r"divide by zero encountered in log", "the logarithm of 0 is taken, −∞"),
    (r"divide by zero", "something is divided by 0"),
    (r"invalid value encountered in (scalar |true_)?divide", "a quotient has no value, 0/0 or ∞/∞"),
    (r"invalid value encountered in (scalar )?multiply", "0 is multiplied by ∞"),
    (r"invalid value encountered in (scalar )?(subtract|add)", "∞ is subtracted from ∞"),
    (r"invalid value encountered in log", "the logarithm of a negative number is taken"),
)


@dataclass(frozen=True)
class Extreme:
    """Arguments at which a right formula may go wrong in the computer, and the Recognitions of an answer that is right
    at the ordinary points but not here: `not_finite` if NaN or infinity comes, `finite` if a wrong number does. Left
    out, the kind of exercise says something general. `breaks` is what NumPy says of the operation that fails where
    `not_finite` is true, as a pattern: a right formula may fail there in another way."""

    arguments: tuple
    not_finite: Recognition | None = None
    finite: Recognition | None = None
    breaks: str = ""


CLIPPED = recognised("clipped")


def first_wrong(
    extremes: Iterable[Extreme], got: Iterable[Values], wanted: Iterable[Values], rtol: float
) -> tuple[int, Recognition | None] | None:
    """(index, its Recognition or None) of the first extreme at which the values are wrong; None if all are right.

    `got` and `wanted` hold a list of arrays for each extreme.
    """
    for index, (extreme, mine, right) in enumerate(zip(extremes, got, wanted, strict=True)):
        shaped = [np.reshape(g, r.shape) if g.size == r.size else g for g, r in zip(mine, right, strict=True)]
        if not agree(shaped, list(right), rtol):
            finite = all(np.all(np.isfinite(g)) for g in mine)
            return index, extreme.finite if finite else extreme.not_finite
    return None


def what_breaks(answer: Answer, point: Point) -> str:
    """A sentence on the operation that fails in a function at a point, and on what led to it; an empty text if none does."""
    failures = {kind: _first(answer, point, kind) for kind in ("over", "divide", "invalid")}
    last = failures["invalid"] or failures["divide"] or failures["over"]
    if not last:
        return ""
    problem, line, quotient = last
    what = quotient or _meaning(problem)
    before = [_meaning(each[0]) for kind, each in failures.items() if each and each is not last and each[1] == line]
    where = f"in your line `{shorten(line, 80)}`, " if line else ""
    return f"There, {where}{', and then '.join([*before, what])}."


def borne_out(known: Recognition | None, answer: Answer, point: Point, extreme: Extreme) -> Recognition | None:
    """The cause that an extreme knows, or None if no operation of the function fails at the point as that cause needs."""
    if known is None or known is not extreme.not_finite or not extreme.breaks:
        return known
    failures = (_first(answer, point, kind) for kind in ("over", "divide", "invalid"))
    return known if any(each and re.search(extreme.breaks, each[0]) for each in failures) else None


def _meaning(problem):
    return next((text for pattern, text in _MEANT if re.search(pattern, problem)), problem)


def _first(answer, point, kind):
    """(what NumPy says of the first failure of a kind, its line, what the quotient is made of); None if there is none."""

    def watched():
        with np.errstate(**{kind: "raise"}):
            return answer.at(point)

    try:
        sandbox.run(watched)
    except sandbox.Failure as failure:
        if isinstance(failure.problem, FloatingPointError):
            undefined = kind == "invalid" and "divide" in str(failure.problem)
            quotient = _undefined_quotient(failure.problem.__traceback__, failure.line) if undefined else ""
            return str(failure.problem), failure.line, quotient
    return None


def _undefined_quotient(trace: TracebackType | None, line: str) -> str:
    """Which quotient in the line has no value, worked out once more from the names that the function has there."""
    frame = _frame_of(trace, line)
    try:
        tree = ast.parse(line)
    except SyntaxError:
        return ""
    for node in ast.walk(tree) if frame else ():
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            above, below = (_value(part, frame) for part in (node.left, node.right))
            if above is None or below is None:
                continue
            both = f"`{ast.unparse(node.left)}` is divided by `{ast.unparse(node.right)}`"
            if np.any((above == 0) & (below == 0)):
                return f"{both}, 0 by 0"
            if np.any(np.isinf(above) & np.isinf(below)):
                return f"{both}, ∞ by ∞"
    return ""


def _frame_of(trace: TracebackType | None, line: str) -> FrameType | None:
    found = None
    while trace is not None:
        if linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip() == line:
            found = trace.tb_frame
        trace = trace.tb_next
    return found


def _value(node, frame):
    """A part of the student's own line as an array; None if it cannot be worked out again."""
    code = compile(ast.Expression(node), "<line>", "eval")
    try:
        value, _ = sandbox.run(lambda: np.asarray(eval(code, frame.f_globals, frame.f_locals), dtype=float), 0.5)
    except sandbox.Failure:
        return None
    return value
