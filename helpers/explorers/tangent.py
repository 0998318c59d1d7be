"""A function, its tangent and a secant, its derivative, and how well a difference quotient approximates it.

The third panel is what a numerical gradient check lives on: for large h a difference quotient is off because
the curve bends (truncation), for small h because float64 keeps 16 digits (round-off). The errors drawn are
those of float64 arithmetic itself, computed as they would be in a check, in the browser as in NumPy.
"""

from __future__ import annotations

import numpy as np

from helpers.errors import InputError
from helpers.explorers.core.explorer import Explorer, LogParameter, Parameter
from helpers.explorers.core.panels import axis, curve, curves, handle, pair, sentence
from helpers.explorers.core.short_text import pack
from helpers.explorers.notation import text
from helpers.explorers.your_function import StudentFunction
from helpers.formulas import browser as formula
from helpers.pictures.readable import readable

#: Functions with a name, and the part of the x axis on which they are worth a look.
NAMED = {
    "sigmoid": ("sigmoid(x)", (-6.0, 6.0)),
    "tanh": ("tanh(x)", (-4.0, 4.0)),
    "softplus": ("softplus(x)", (-6.0, 6.0)),
    "relu": ("relu(x)", (-3.0, 3.0)),
    "square": ("x**2", (-3.0, 3.0)),
    "sin": ("sin(x)", (-6.0, 6.0)),
    "exp": ("exp(x)", (-3.0, 3.0)),
    "log": ("log(x)", (0.1, 6.0)),
}

#: Errors below this are drawn at it: an error of exactly 0 has no logarithm.
_FLOOR = 1e-17
_ROUND_OFF = 2.0**-53  # the largest relative error of one rounding in float64
_PLACES = 801


def tangent(function: str = "sigmoid", student=None, x=None, **start) -> Explorer:
    """Tangent at x, secant to x + h, the derivative, and the error of difference quotients against h.

    function: one of the names in `NAMED`, or a formula of x such as "sin(x)*exp(-x**2/8)"; student: a Python
    function of x, your derivative, drawn over the true one; x: (low, high) of the plot; start: first values
    of the sliders x and h. Raises InputError for what is no formula of x and for limits that make no
    axis.
    """
    tree, limits = _function(function)
    low, high = limits if x is None else pair("x", x)
    across = axis("x", low, high) | {"name": "t"}  # t runs along the axis; x is where the slider stands
    slope = formula.derivative(tree, "x")
    places = np.linspace(low, high, _PLACES)
    heights, slopes = (_finite(each, places, function) for each in (tree, slope))
    yours = None if student is None else Yours(student, places, slopes)
    quotients = _quotients(tree)
    errors = {name: _power(["abs", ["-", quotient, "slope"]]) for name, quotient in quotients.items()}
    along = {"h": ["^", 10, "k"]}  # k = log₁₀ h runs along the axis of the third panel
    explorer = TangentExplorer(
        [
            # a step of 0.1 for −6 to 6
            Parameter("x", low, high, round(low + 0.6 * (high - low), 2),
                      10.0 ** np.floor(np.log10((high - low) / 50)), "where the tangent touches"),
            LogParameter("h", 1e-16, 1, 1, 0.25, "the secant goes to x + h", former="log10h"),
        ],
        {
            "f": _at("t", tree),
            "tangent": "height + slope*(t - x)",
            "secant": "height + quotient*(t - x)",
            "derivative": _at("t", slope),
        }
        | ({"yours": {"kernel": True}} if yours else {})
        | {f"errors_{name}": formula.substitute(error, along) for name, error in errors.items()},
        _panels(text(tree), across, _limits(heights), _limits(slopes), quotients, yours),
        _sentences(yours.verdict if yours else ""),
        definitions={
            "height": tree, "slope": slope,
            "log10h": "log10(h)", "beyond": "x + h", "height_beyond": _at("x + h", tree), "quotient": quotients["forward"],
            "truncation": _truncation(slope),
            "round_off": f"(abs(height) + abs(x*slope))*{_ROUND_OFF!r}/h",
        } | {f"error_{name}": error for name, error in errors.items()},
        start=start,
        columns=3,
        ratio=0.82,
    )  # fmt: skip
    if yours:
        explorer.follow(yours, explorer.spec["panels"][1]["y"])
    return explorer


def _function(source) -> tuple[formula.Tree, tuple[float, float]]:
    if not isinstance(source, str):
        raise InputError(f"the function is a formula of x in quotes, such as 'x^2', not {source!r}")
    written, limits = NAMED.get(source.strip(), (source, (-4.0, 4.0)))
    limits = dict(NAMED.values()).get(written.replace(" ", ""), limits)
    known = ", ".join(NAMED)
    try:
        tree = formula.parse(written, "x")
    except ValueError as error:
        raise InputError(f"{error} Names that are known: {known}") from None
    if formula.names(tree) != {"x"}:
        raise InputError(f"{source!r} must be a formula of x alone, such as 'x^2', or one of {known}")
    return tree, limits


def _at(place: str, tree: formula.Tree) -> formula.Tree:
    """The formula of x at another place."""
    return formula.substitute(tree, {"x": formula.parse(place)})


def _quotients(tree: formula.Tree) -> dict[str, formula.Tree]:
    """The numerical derivatives of a formula of x, by name."""
    after, before = _at("x + h", tree), _at("x - h", tree)
    found = {"forward": ["/", ["-", after, tree], "h"], "central": ["/", ["-", after, before], ["*", 2, "h"]]}
    try:
        return found | {"complex": ["/", formula.complex_parts(tree, "x", "x", "h")[1], "h"]}
    except InputError:  # not analytic: there is no complex step
        return found


def _panels(written, across, heights, slopes, quotients, yours) -> list[dict]:
    def dot(x, y, style=1):
        return curve("", points=(x, y), dots=True, style=style)

    labels = {name: name.replace("complex", "complex step") for name in quotients}
    styles = list(enumerate(quotients))
    lines = [curve(labels[name], f"errors_{name}", samples="65", dots=False, style=style) for style, name in styles]
    return [
        curves(
            f"f(x) = {written}", across, axis("y", *heights, "f(x)"),
            [curve("f", "f", width=2.5), curve("tangent", "tangent", style=1), curve("secant", "secant", style=2),
             dot("x", "height"), dot("beyond", "height_beyond", 2)],
            handles=[handle("where the tangent touches", ("x", "height"), "x", {"x": "to_x"}, "x = {x:2}", anywhere=True)],
        ) | {"legend": "best"},
        curves(
            "its derivative, the slope of the tangent", across, axis("y", *slopes, "f′(x)"),
            [curve("f′", "derivative", width=4.5 if yours else 2.5),
             *([curve("yours", "yours", style=1)] if yours else []), dot("x", "slope")],
            marks=[("x", "x")],
            handles=[handle("where the tangent touches", ("x", "slope"), "x", {"x": "to_x"}, "x = {x:2}", anywhere=True)],
        ) | {"legend": "best"},
        curves(
            "error of the numerical derivative at x", axis("k", -16, 0, "h", powers=True),
            axis("e", -17.5, 2, "error", powers=True),
            [*lines, *(dot("log10h", f"error_{name}", style) for style, name in styles)],
            marks=[("log10h", "log10h")],
            handles=[handle("h", ("log10h", "error_forward"), "x", {"h": "10**to_x"}, "h = {h}", anywhere=True)],
        ) | {"legend": (0.01, 0.16)},  # below the left arm of the V
    ]  # fmt: skip


def _truncation(slope) -> formula.Tree:
    """½|f″|h + |f‴|h²/6 at x: how far off the forward quotient is by Taylor's theorem."""
    second = formula.derivative(slope, "x")
    third = formula.derivative(second, "x")
    return ["+", ["*", ["*", 0.5, "h"], ["abs", second]], ["*", ["/", ["*", "h", "h"], 6], ["abs", third]]]


def _power(error):
    """log₁₀ of an error, not below the floor."""
    return ["/", ["log", ["maximum", error, _FLOOR]], ["log", 10]]


def _finite(tree, places, function) -> np.ndarray:
    values = np.broadcast_to(formula.evaluate(tree, {"x": places}), places.shape)
    if not np.isfinite(values).any():
        where = f"from {places[0]:g} to {places[-1]:g}"
        raise InputError(f"{function!r} has no finite value {where}: choose another x")
    return values


def _limits(values) -> tuple[float, float]:
    """Low and high end of an axis for these values, without the outermost hundredth: log has a pole."""
    low, high = np.percentile(values[np.isfinite(values)], [1, 99])
    margin = 0.12 * (high - low) or 1.0
    return float(low - margin), float(high + margin)


def _sentences(verdict: str) -> list[dict]:
    # The words quote Taylor's estimates, not the errors drawn: a rounding error differs from one library's
    # exp() to another's, and the sentence is the same in the browser and in Python.
    numbers = (
        "At x = {x:2} the tangent has slope f′(x) = {slope:4}. For h = {h} the secant misses it by about {truncation} "
        "because the curve bends (truncation), and by up to about {round_off} because float64 rounds (round-off): "
    )
    known = "0*slope*height < 1"  # false where f or f′ is not a number at x
    return [
        sentence(numbers, "a smaller h would help.", verdict, when=f"{known} and truncation > 3*round_off"),
        sentence(numbers, "a larger h would help.", verdict, when=f"{known} and round_off > 3*truncation"),
        sentence(numbers, "this h balances the two.", verdict, when=known),
        sentence("At x = {x:2} the function has no derivative.", verdict),
    ]


class TangentExplorer(Explorer):
    """The explorer of `tangent`, which may also show a derivative that a student wrote in Python."""

    yours: Yours

    def follow(self, yours: Yours, vertical: dict) -> None:
        """Send the student's derivative to the picture. vertical: the axis on which it is drawn."""
        self.yours = yours
        self.view.message = yours.problem
        if yours.values is not None:
            low, high = vertical["low"], vertical["high"]
            # More than the axis shows: what is packed stops at the border, and this border is out of sight.
            packed = pack(yours.values, 2 * low - high, 2 * high - low)
            self.view.data = {"values": {}, "arrays": {"yours": packed}}

    def evaluate(self, function: str, **places):
        """The named function at the given places: the student's own, or one of the picture's formulas."""
        if function != "yours":
            return super().evaluate(function, **places)
        return self.yours.function.or_nothing(places.values(), {})


class Yours:
    """A student's derivative beside the true one: computed once, since it does not depend on the sliders."""

    def __init__(self, function, places, slopes):
        """places, slopes: arrays (n,) of x and f′(x). Raises InputError for what cannot be called."""
        if not callable(function):
            raise InputError(f"student is your derivative as a Python function of x, not {function!r}")
        try:
            self.function = StudentFunction(function, 1, [])
        except InputError:
            raise InputError("student is your derivative, a function of x and of nothing else") from None
        self.values, self.problem, self.verdict = None, "", ""
        try:
            self.values = self.function([places], {})
        except InputError as error:
            self.problem = str(error)
        else:
            self.verdict = " " + self._compare(places, slopes)

    def _compare(self, places, slopes) -> str:
        both = np.isfinite(self.values) & np.isfinite(slopes)
        off = np.where(both, np.abs(self.values - slopes), -1.0)
        worst = int(off.argmax())
        if off[worst] <= 1e-6 * (1 + np.abs(slopes[both]).max(initial=0)):
            return "Your derivative lies on the true one."
        return (
            f"Your derivative is furthest from the true one at x = {readable(places[worst], 2)}: "
            f"yours is {readable(self.values[worst])}, the true one {readable(slopes[worst])}."
        )
