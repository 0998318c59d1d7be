"""Derivations whose displayed lines are the ones that are verified.

A `Step` is one line: a formula, written once as text, and the reason for it. From that one object come the
LaTeX on the page and the verification; nothing is typed twice.

    derivation = Derivation(
        "diff(E, a)", shapes={"a": (), "u": (), …}, definitions={"s": "sigma(a*u + b*v)", "E": "2*s - t"},
        steps=[Step("diff(E, s) * diff(s, a)", "chain rule"), Step("2 * s*(1 - s) * u", "…")])
    derivation.verify()      # true: every line equals the derivative itself
    derivation               # in a notebook: folded in <details>

Each line continues the one before (`= …`) and must equal the left-hand side, whose value is worked out by differences
with 120 digits (`helpers.formulas.precise`). A step with a left-hand side of its own (`Step("u**2", "…", left="f")`) is a side
calculation.

Matrix derivations keep their matrix form, `X.T @ (X @ w - y)`, and are verified entry by entry. The shape of
every line is inferred from the shapes of the parameters.
"""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.formulas.latex import name_to_latex, to_latex
from helpers.formulas.reader import Formula
from helpers.formulas.shapes import Shape, shape_of, shapes_with
from helpers.formulas.text import FormulaError

_TOLERANCE = 1e-34  # of a relative difference: a central difference with 120 digits is good to some 40
SIZES = {"m": 3, "n": 2, "k": 3, "d": 2, "c": 2, "1": 1}  # small, and different where they can meet
INDICES = {"i": "m", "j": "n", "p": "k", "q": "d", "o": "c"}  # what an index letter counts


@dataclass(frozen=True)
class Step:
    """One line of a derivation. `text` is the formula (see `helpers.formulas.text`), `reason` says why it follows (plain
    words; `$…$` for mathematics), `left` is a left-hand side of its own, if the line is a side calculation."""

    text: str
    reason: str
    left: str | None = None

    @property
    def formula(self) -> Formula:
        """The text, read."""
        return Formula(self.text)


class Verification(tuple):
    """How far the two sides of each line are apart, relatively; true if all lines hold."""

    def __bool__(self):
        return not self.failures

    @property
    def failures(self) -> list[int]:
        """The indices of the lines that do not hold."""
        return [index for index, error in enumerate(self) if not error < _TOLERANCE]


class Derivation:
    """A derivation that can be shown, verified and read line by line.

    target        what is derived, as a formula: "diff(L, w)" or "grad(J, w)"
    steps         the Steps, in order
    shapes        every parameter with its tuple of size letters: {"w": ("n",), "lam": ()}
    definitions   further names, as formulas in the parameters and in each other: {"u": "w*x + b"}
    positive      names that stand for positive numbers (logarithms need them)
    labels        the LaTeX of names and size letters that are not to be printed as usual
    near          points (name -> number) at which verification looks too; steep functions need them on their
                  edges
    """

    def __init__(
        self,
        target: str,
        steps: Sequence[Step],
        shapes: dict[str, Shape],
        definitions: dict[str, str] | None = None,
        positive: Sequence[str] = (),
        title: str = "",
        near: Sequence[dict[str, float]] = (),
        labels: dict[str, str] | None = None,
    ):
        self.labels = labels or {}
        self.target, self.title, self.near = Formula(target), title, tuple(near)
        self.steps = tuple(steps)
        self.shapes, self.positive = dict(shapes), tuple(positive)
        self.definitions = {name: Formula(text) for name, text in (definitions or {}).items()}

    # ------------------------------------------------------------------------------------------ reading

    @property
    def result(self) -> Formula:
        """The last line as a Formula: the answer."""
        return self.steps[-1].formula

    @property
    def all_shapes(self) -> dict[str, Shape]:
        """The shapes of parameters and definitions together."""
        return shapes_with(self.shapes, self.definitions)

    def shape(self, index: int) -> Shape:
        """The shape of a line as a tuple of size letters, () for a number."""
        return shape_of(self.steps[index].formula.tree, self.all_shapes)

    # ------------------------------------------------------------------------------------------ verifying

    def sides(self, index: int) -> tuple[Formula, Formula]:
        """The two Formulas that a line says are equal."""
        step = self.steps[index]
        return Formula(step.left) if step.left else self.target, step.formula

    def index_values(self, index: int) -> list[dict[str, int]]:
        """Every value of the free index letters of a line, `[{}]` if it has none: it must hold for each of them."""
        bound = {name for name in INDICES if f"Sum({name}," in self.steps[index].text.replace(" ", "")}
        known = set(self.shapes) | set(self.definitions) | bound
        assignments = [{}]
        for letter in sorted(set(INDICES) & set().union(*(side.names for side in self.sides(index))) - known):
            assignments = [{**others, letter: i} for others in assignments for i in range(SIZES[INDICES[letter]])]
        return assignments

    def verify(self, points: int = 3, seed: int = 0) -> Verification:
        """Check every line at `points` random points, and beside the points `near`: its sides must agree in 34 digits.

        Derivatives are worked out with 120 digits. The random numbers come from `seed`.
        """
        rng = random.Random(seed)
        samples = [self._sample(rng) for _ in range(points)] + [self._sample(rng, point) for point in self.near]

        def worst(line):
            errors = [self._error(line, sample) for sample in samples]
            return max((error for error in errors if error is not None), default=float("inf"))

        return Verification(worst(line) for line in range(len(self.steps)))

    def _sample(self, rng, near=None):
        """A random point: numbers between 0.2 and 1.7 in size, of either sign unless positive; or close to `near`."""
        from helpers.formulas.precise import MP

        def number(name):
            fraction = MP.mpf(rng.getrandbits(200)) / 2**200
            if near:
                return near[name] * (1 + fraction / 1000)
            return (1 if name in self.positive else rng.choice((1, -1))) * (fraction * 1.5 + 0.2)

        sample = {}
        for name, letters in self.shapes.items():
            shape = tuple(SIZES[letter] for letter in letters)
            sample[name] = np.reshape([number(name) for _ in np.ndindex(shape)], shape)[()]
        return sample

    def _error(self, index, sample):
        """The largest relative difference between the sides of a line: infinite where they cannot be compared, None where
        the left side has no value, as the root of a negative number."""
        from helpers.formulas.precise import PreciseEvaluator

        evaluator, worst, size = PreciseEvaluator(sample, self.definitions, index_sizes(SIZES)), [0], [1e-3]
        for indices in self.index_values(index):
            evaluator.indices = indices
            try:
                left, right = (np.asarray(evaluator(side), dtype=object) for side in self.sides(index))
            except FormulaError:  # unreadable, or without a value
                return float("inf")
            if any(value != value for value in np.ravel(left)):
                return None
            if left.shape != right.shape or any(value != value for value in np.ravel(right)):
                return float("inf")
            worst += list(np.ravel(abs(left - right)))
            size += list(np.ravel(abs(left)))
        return float(max(worst) / max(size))

    # ------------------------------------------------------------------------------------------ showing

    def lines(self) -> list[tuple[str, str, str, str]]:
        """(left LaTeX or '', right LaTeX, reason, shape in words, '' for a number) for every line."""
        shapes, rows = self.all_shapes, []
        for number, step in enumerate(self.steps):
            left, right = (to_latex(side, shapes, self.labels) for side in self.sides(number))
            continued = not step.left and number > 0 and not self.steps[number - 1].left
            letters = self.shape(number)
            rows.append(
                ("" if continued else left, right, step.reason, shape_in_words(self._shown(letters)) if letters else "")
            )
        return rows

    def where(self) -> list[str]:
        """The LaTeX of every definition, `u = w x + b`, and of the shapes of the parameters, if there are
        vectors."""
        shapes = self.all_shapes
        given = [
            rf"{self.labels.get(name) or name_to_latex(name)} = {to_latex(formula, shapes, self.labels)}"
            for name, formula in self.definitions.items()
        ]
        if any(self.shapes.values()):
            given += [
                rf"{name_to_latex(name)} \in \mathbb R{_power(self._shown(letters))}"
                for name, letters in self.shapes.items()
            ]
        return given

    def _shown(self, letters):
        """Size letters as they are printed."""
        return tuple(self.labels.get(letter, letter) for letter in letters)

    def to_html(self) -> str:
        """The derivation as HTML, folded in <details>; mathematics between $ signs."""
        return f"<details><summary><b>Solution</b></summary>{self.body()}</details>"

    def body(self) -> str:
        """What is folded: the definitions, and every line with its reason."""
        items = []
        for left, right, reason, shape in self.lines():
            note = f" <small>(shape {shape})</small>" if shape else ""
            formula = html.escape(f"$$\\displaystyle {left} = {right}$$", quote=False)
            items.append(f"<li>{html.escape(reason, quote=False)}{note}<div>{formula}</div></li>")
        # Each in its own $…$: a single formula would not wrap.
        where = ", &ensp;".join(f"${html.escape(given, quote=False)}$" for given in self.where())
        return (f"<p>With {where}:</p>" if where else "") + f"<ol>{''.join(items)}</ol>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": str(self), "text/html": self.to_html()}

    def __repr__(self):
        """The lines in plain text, one below the other, each with its reason."""
        rows = []
        for number, step in enumerate(self.steps):
            left = step.left or (self.target.text if number == 0 else " " * len(self.target.text))
            rows.append(f"{left} = {step.text}    [{step.reason}]")
        return "\n".join(rows)


def index_sizes(sizes: dict[str, int]) -> dict[str, int]:
    """How far each index letter counts, for the size letters that are known: {"m": 3} gives {"i": 3}."""
    return {index: sizes[letter] for index, letter in INDICES.items() if letter in sizes}


def shape_in_words(letters: Shape) -> str:
    """("m", "n") becomes "(m, n)", ("n",) becomes "(n,)" as NumPy writes it, () becomes "a number"."""
    if not letters:
        return "a number"
    return "(" + ", ".join(letters) + ("," if len(letters) == 1 else "") + ")"


def _power(letters):
    return "^{" + r" \times ".join(letters) + "}" if letters else ""
