"""A calculation as one writes it by hand: given numbers, and lines, each a name and a formula in them and earlier names.

    working = Working({"z": "w*x + b", "a": "sigma(z)", "E": "(y - a)**2 / 2"})
    working.values({"w": 0.3, "x": 2, "b": 0.1, "y": 1})                        # all lines, as numbers
    working.values(numbers, changes={"E": "(y - a)**2"})                        # the same with a mistake in E
    working.values(numbers, fixed={"z": 0.8})                                   # … with another number for z

The lines are the one place in which a network is written down: the right values, the values that each mistake
leads to, the numbers put in and the derivation all come from them. Numbers may be arrays too, for lines such
as `W1 @ x + b1`, or to work many instances out at once. Numbers of one's own are drawn from a text such as a student's ID,
the same on every computer.
"""

import ast
import functools
import hashlib
import html
import math
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from types import CodeType
from typing import Any

import numpy as np

from helpers.checking.entries.changes import Change, changes
from helpers.formulas.evaluate import NUMPY
from helpers.formulas.latex import name_to_latex, number_to_latex, to_latex, with_numbers
from helpers.formulas.reader import Formula

# ------------------------------------------------------------------------------------------ given numbers


class Dice:
    """Draws that hang on a text alone: SHA-256 in counter mode, no random generator of any library."""

    def __init__(self, text: str):
        self._seed, self._count = text.encode("utf-8", "surrogatepass"), 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit − 1."""
        block = hashlib.sha256(self._seed + b"#" + str(self._count).encode()).digest()
        self._count += 1
        return int.from_bytes(block[:8], "big") % limit

    def choose(self, options: Sequence[Any]) -> Any:
        """One of the options."""
        return options[self.below(len(options))]

    def sample(self, options: Sequence[Any], count: int) -> list[Any]:
        """`count` different ones of the options, in random order."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def signed(self, value: float) -> float:
        """The value with a sign that is drawn."""
        return value if self.below(2) else -value


def spelled_alike(text: Any) -> str:
    """The text of a variant without what one does not see: spaces around it, capitals, other encodings; of a number
    without the point behind a whole one."""
    text = int(text) if isinstance(text, float) and text.is_integer() else text
    return unicodedata.normalize("NFKC", str(text)).strip().casefold()


class Numbers(dict):
    """The given numbers of a question by name; the last line of a cell shows them as a table."""

    def __init__(
        self, values: Mapping[str, float], groups: Sequence[tuple[str, Sequence[str]]] = (), caption: str = ""
    ):
        super().__init__(values)
        self.groups, self.caption = tuple(groups), caption

    def __repr__(self):
        return "\n".join(
            f"{group}: " + ", ".join(f"{name} = {self[name]:g}" for name in names) for group, names in self.groups
        )

    def _repr_html_(self):
        rows = "".join(
            f'<tr><th scope="row" style="text-align: left">{html.escape(group)}</th>'
            f'<td style="text-align: left">'
            + ", &ensp;".join(f"${name_to_latex(name)} = {self[name]:g}$" for name in names)
            + "</td></tr>"
            for group, names in self.groups
        )
        caption = f'<caption style="text-align: left">{html.escape(self.caption)}</caption>' if self.caption else ""
        return f'<table style="color: inherit">{caption}{rows}</table>'


# ------------------------------------------------------------------------------------------ lines


class Working:
    """Lines in the order in which they are worked out: a dict name -> formula."""

    def __init__(self, lines: Mapping[str, str]):
        self.formulas = {name: Formula(text) for name, text in lines.items()}
        self._uses = {name: formula.names for name, formula in self.formulas.items()}

    def values(
        self,
        numbers: Mapping[str, Any],
        changes: Mapping[str, str | Formula | CodeType] | None = None,
        fixed: Mapping[str, float] | None = None,
        carried: Callable[[str, float], float] | None = None,
        only: Collection[str] | None = None,
    ) -> dict[str, Any]:
        """The value of every line, as a dict, for a dict of given numbers.

        `changes` (name -> formula, or its code) puts other formulas in the place of some lines, `fixed` (name -> number)
        numbers. `carried` (name, value -> value) is what is carried on of each line, for example rounded. `only` these
        lines are worked out, if some are named.
        """
        changes, fixed = changes or {}, fixed or {}
        values, found = dict(numbers), {}
        with np.errstate(all="ignore"):
            for name, formula in self.formulas.items():
                if only is not None and name not in only:
                    continue
                if name in fixed:
                    value = fixed[name]
                else:
                    change = changes.get(name, formula.text)
                    code = change if isinstance(change, CodeType) else _code(_text(change))
                    try:
                        value = eval(code, _FUNCTIONS, values)  # the course's own formulas, never a student's text
                    except ZeroDivisionError:  # a slip can make a zero of a denominator
                        value = float("nan")
                found[name] = values[name] = value if carried is None else carried(name, value)
        return found

    def depends(self, name: str) -> list[str]:
        """The names of all lines on which a line rests, in order, itself last."""
        needed = {name}
        for line in reversed(self.formulas):
            if line in needed:
                needed |= self._uses[line] & set(self.formulas)
        return [line for line in self.formulas if line in needed]

    @functools.cached_property
    def changes(self) -> list[Change]:
        """Every change that people make in such lines."""
        return list(changes({name: formula.tree for name, formula in self.formulas.items()}))

    def affected(self, lines: Collection[str]) -> set[str]:
        """All lines that rest on one of these, themselves included."""
        found = set(lines)
        for line, used in self._uses.items():
            if used & found:
                found.add(line)
        return found

    def texts(self, *names: str) -> dict[str, str]:
        """Some of the lines as they were written."""
        return {name: self.formulas[name].text for name in names}

    def latex_lines(
        self, numbers: Mapping[str, float], labels: Mapping[str, str] | None = None, precise: Collection[str] = ()
    ) -> list[str]:
        """Every line as LaTeX: its name, the formula, the numbers put in, the value. Lines named in `precise`
        show ten digits of their value, the others six; a value that is rounded stands behind ≈."""
        labels = labels or {}
        values, rows = {**numbers, **self.values(numbers)}, []
        for name, formula in self.formulas.items():
            put_in = with_numbers(formula, values)
            value = number_to_latex(values[name], 10 if name in precise else 6)
            row = f"{labels.get(name) or name_to_latex(name)} = {to_latex(formula, labels=labels)} = {put_in}"
            if value != put_in:
                row += f" {_relation(formula, values, name, value)} {value}"
            rows.append(row)
        return rows


def _relation(formula, values, name, shown):
    """`=` if the value and all the numbers put in are shown in full, ≈ if one of them is rounded."""
    if values[name] == 0:
        return "="
    used = [values[one] for one in formula.names if one in values]
    exact = all(float(f"{float(value):.6g}") == float(value) for value in used) and (
        r"\cdot" not in shown and abs(float(shown) - float(values[name])) <= 1e-12 * abs(float(values[name]))
    )
    return "=" if exact else r"\approx"


def _text(change):
    return change if isinstance(change, str) else ast.unparse(change.tree)


@functools.lru_cache(maxsize=4096)
def _code(text):
    return compile(ast.fix_missing_locations(ast.Expression(Formula(text).tree)), "<line>", "eval")


def _sigma(z):
    """The logistic function; of a plain number without the detour through arrays, which takes ten times as
    long."""
    if not isinstance(z, float):
        return NUMPY.functions["sigma"](z)
    if z < 0:
        decay = math.exp(max(z, -745.0))
        return decay / (1 + decay)
    return 1 / (1 + math.exp(-z))


def _relu(z):
    return max(z, 0.0) if isinstance(z, float) else np.maximum(z, 0)


_FUNCTIONS = {
    "__builtins__": {},
    **NUMPY.functions,
    "sigma": _sigma,
    "relu": _relu,
    "leaky": lambda z: np.where(np.asarray(z) > 0, 1.0, 0.01),  # the slope of a leaky ReLU
    "dsigma": lambda z: _sigma(z) * _sigma(-z),
}
