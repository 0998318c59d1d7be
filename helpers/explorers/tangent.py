"""A function, its tangent and a secant, its derivative, and how well a difference quotient approximates it.

The third panel is what a numerical gradient check lives on: for large h a difference quotient is off because
the curve bends (truncation), for small h because float64 keeps 16 digits (round-off). The errors drawn are
those of float64 arithmetic itself, computed as they would be in a check, in the browser as in NumPy.
"""

from __future__ import annotations

import re

import numpy as np

from helpers.errors import InputError
from helpers.explorers.core.explorer import Explorer, LogParameter, Parameter
from helpers.explorers.core.panels import axis, beside, curve, curves, handle, pair, sentence
from helpers.explorers.core.short_text import pack
from helpers.explorers.notation import name, text
from helpers.explorers.your_function import StudentFunction, is_courses
from helpers.formulas import browser as formula
from helpers.pictures.readable import readable, significant

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
_DIGITS = 12  # of h: of 10^(−1/2) it shows four, and computes with all
#: A letter, also Greek, with or without a number.
_VARIABLE = re.compile(r"[A-Za-z]_?\d*|alpha|beta|gamma|delta|epsilon|eta|theta|lam|mu|rho|tau|phi|psi|omega|sigma")


def tangent(
    function: str = "sigmoid", student=None, x=None, *, variable: str | None = None, derivative: bool = True, **start
) -> Explorer:
    """Tangent at x, secant to x + h, the derivative, and the error of difference quotients against h.

    function: one of the names in `NAMED`, or a formula of one variable such as "sin(x)*exp(-x**2/8)" or "log(1 + w^2)";
    student: a Python function of one array, your derivative, drawn over the true one; x: (low, high) of the plot;
    variable: the name of the variable, where it is not x or the only letter in the formula; derivative: False hides the
    picture of the true derivative (with student it is shown); start: first values of the sliders, which are h and the one
    with the variable's name.
    Raises InputError for what is no formula of one variable and for limits that make no axis.
    """
    tree, variable, limits = _function(function, variable)
    low, high = limits if x is None else pair("x", x)
    shown = name(variable)
    across = axis(variable, low, high, shown) | {"name": "along"}  # the variable itself is where the slider stands
    slope = formula.derivative(tree, variable)
    places = np.linspace(low, high, _PLACES)
    heights, slopes = (_finite(each, variable, places, function) for each in (tree, slope))
    yours = None if student is None else Yours(student, places, slopes, shown)
    quotients = _quotients(tree, variable)
    errors = {kind: _power(["abs", ["-", quotient, "slope"]]) for kind, quotient in quotients.items()}
    first = round(low + 0.6 * (high - low), 2)
    vertical = _limits(heights)
    base = vertical[0] + 0.14 * (vertical[1] - vertical[0])
    panels = _panels(
        text(tree), variable, across, vertical, base, _limits(slopes) if derivative or yours else None, quotients, yours
    )
    explorer = TangentExplorer(
        [
            # a step of 0.1 for −6 to 6
            Parameter(variable, low, high, first, 10.0 ** np.floor(np.log10((high - low) / 50)), "where the tangent touches",
                      label=shown),
            LogParameter("h", 1e-16, 1, _first_h(0.9 * (high - first)), 0.05, f"the secant goes to {shown} + h",
                         digits=_DIGITS, former="log10h"),
        ],
        {
            "f": _at("along", tree, variable),
            "tangent": f"height + slope*(along - {variable})",
            "secant": f"height + quotient*(along - {variable})",
            "derivative": _at("along", slope, variable),
        }
        | ({"yours": {"kernel": True}} if yours else {})
        # along the axis of the last panel runs the power of ten of h
        | {f"errors_{kind}": formula.substitute(error, {"h": ["^", 10, "power"]}) for kind, error in errors.items()},
        panels,
        _sentences(variable, yours.verdict if yours else ""),
        constants={"bracket": [0, 0, 0.5, 1, 1], "at_first": [1, 0, 0, 0, 0], "at_last": [0, 0, 0, 0, 1]},
        definitions=_definitions(tree, slope, variable, quotients, base) | {f"error_{kind}": each for kind, each in errors.items()},
        start=start,
        arrangement=beside(60, len(panels) - 1, ratio=0.4),
    )  # fmt: skip
    if yours:
        explorer.follow(yours, _limits(slopes))
    return explorer


def _definitions(tree, slope, variable: str, quotients, base: float) -> dict:
    """The numbers of the picture at the sliders' values. base: the height of the bracket from x to x + h."""
    return {
        "log_h": "log(h)/log(10)", "height": tree, "slope": slope,
        "beyond": f"{variable} + h", "height_beyond": _at(f"{variable} + h", tree, variable), "quotient": quotients["forward"],
        "bracket_x": f"{variable} + h*bracket",
        "bracket_y": f"{base!r} + (height - {base!r})*at_first + (height_beyond - {base!r})*at_last",
        "truncation": _truncation(slope, variable),
        "round_off": f"(abs(height) + abs({variable}*slope))*{_ROUND_OFF!r}/h",
    }  # fmt: skip


def _function(source, variable) -> tuple[formula.Tree, str, tuple[float, float]]:
    """The formula, the name of its variable, and the part of the axis on which it is worth a look."""
    if not isinstance(source, str):
        raise InputError(f"the function is a formula of x in quotes, such as 'x^2', not {source!r}")
    if variable is not None and not (isinstance(variable, str) and _VARIABLE.fullmatch(variable)):
        raise InputError(f"variable is the name of the variable in quotes, such as 'w', not {variable!r}")
    written, limits = NAMED.get(source.strip(), (source, (-4.0, 4.0)))
    limits = dict(NAMED.values()).get(written.replace(" ", ""), limits)
    known = ", ".join(NAMED)
    try:
        tree = formula.parse(written, (variable or "x",))
    except ValueError as error:
        raise InputError(f"{error} Names that are known: {known}") from None
    if source.strip() in NAMED:
        tree = formula.substitute(tree, {"x": variable or "x"})
    used = formula.names(tree)
    if variable is None and len(used) == 1 and _VARIABLE.fullmatch(*used):
        variable = used.pop()
    elif used != {variable or "x"}:
        raise InputError(
            f"{source!r} must be a formula of {variable or 'one variable'} alone, such as 'x^2', or one of {known}"
        )
    if variable == "h":
        raise InputError("h is how far the secant goes: call the variable of the formula something else, such as x")
    return tree, variable or "x", limits


def _first_h(room: float) -> float:
    """The first h, a quarter of a power of ten at most 1: its point is in sight, not on the edge of the picture."""
    return significant(10 ** min(0.0, np.floor(4 * np.log10(room)) / 4), _DIGITS)


def _at(place: str, tree: formula.Tree, variable: str) -> formula.Tree:
    """The formula at another place."""
    return formula.substitute(tree, {variable: formula.parse(place)})


def _quotients(tree: formula.Tree, variable: str) -> dict[str, formula.Tree]:
    """The numerical derivatives of a formula, by name."""
    after, before = (_at(f"{variable} {sign} h", tree, variable) for sign in "+-")
    found = {"forward": ["/", ["-", after, tree], "h"], "central": ["/", ["-", after, before], ["*", 2, "h"]]}
    try:
        return found | {"complex": ["/", formula.complex_parts(tree, variable, variable, "h")[1], "h"]}
    except InputError:  # not analytic: there is no complex step
        return found


def _panels(written, variable, across, heights, base, slopes, quotients, yours) -> list[dict]:
    """slopes: the ends of the axis of the derivative, or None for no picture of it."""
    shown = across["label"]

    def dot(x, y, style=1):
        return curve("", points=(x, y), dots=True, style=style)

    def touch(height):
        return handle("where the tangent touches", (variable, height), "x", {variable: "to_x"}, f"{shown} = {{{variable}:2}}",
                      anywhere=True, style=1)  # fmt: skip

    places = {"forward": (0.75, 1), "central": (0.86, -1), "complex": (0.3, 1)}
    labels = {kind: kind.replace("complex", "complex step") for kind in quotients}
    styles = list(enumerate(quotients))
    lines = [curve(labels[kind], f"errors_{kind}", samples="65", dots=False, style=style, place=places[kind])
             for style, kind in styles]  # fmt: skip
    h = "h = {h}"
    main = curves(
        f"f({shown}) = {written}", across, axis("y", *heights, f"f({shown})"),
        [curve(h, points=("bracket_x", "bracket_y"), style=3, width=1.5, place=(0.5, -1.4)),
         curve("f", "f", width=2.5, place=(0.04, 1)), curve("tangent", "tangent", style=1, place=(0.97, 1)),
         curve("secant", "secant", style=2, place=(0.1, -1)),
         dot(variable, "height"), dot("beyond", "height_beyond", 2)],
        handles=[touch("height"),
                 handle("h, how far the secant goes", ("beyond", repr(base)), "x",
                        {"h": f"maximum(to_x - {variable}, 1e-16)"}, h, style=3)],
    )  # fmt: skip
    its_slope = [] if slopes is None else [curves(
        "its derivative, the slope of the tangent", across, axis("y", *slopes, f"f′({shown})"),
        [curve("f′" if yours else "", "derivative", width=4.5 if yours else 2.5),
         *([curve(yours.label, "yours", style=1)] if yours and yours.values is not None else []), dot(variable, "slope")],
        marks=[(variable, variable)], handles=[touch("slope")],
    )]  # fmt: skip
    error = curves(
        f"error of the numerical derivative at {shown}", axis("power", -16, 0, "h", powers=True),
        axis("e", -17.5, 2, "error", powers=True),
        [*lines, *(dot("log_h", f"error_{kind}", style) for style, kind in styles)],
        marks=[("log_h", "log_h")], handles=[handle("h", ("log_h", -17), "x", {"h": "10**to_x"}, h, anywhere=True, style=3)],
    )  # fmt: skip
    return [main, *its_slope, error]


def _truncation(slope, variable: str) -> formula.Tree:
    """½|f″|h + |f‴|h²/6 at x: how far off the forward quotient is by Taylor's theorem."""
    second = formula.derivative(slope, variable)
    third = formula.derivative(second, variable)
    return ["+", ["*", ["*", 0.5, "h"], ["abs", second]], ["*", ["/", ["*", "h", "h"], 6], ["abs", third]]]


def _power(error):
    """log₁₀ of an error, not below the floor."""
    return ["/", ["log", ["maximum", error, _FLOOR]], ["log", 10]]


def _finite(tree, variable, places, function) -> np.ndarray:
    values = np.broadcast_to(formula.evaluate(tree, {variable: places}), places.shape)
    if not np.isfinite(values).any():
        where = f"from {places[0]:g} to {places[-1]:g}"
        raise InputError(f"{function!r} has no finite value {where}: choose another x")
    return values


def _limits(values) -> tuple[float, float]:
    """Low and high end of an axis for these values, without the outermost hundredth: log has a pole."""
    low, high = np.percentile(values[np.isfinite(values)], [1, 99])
    margin = 0.12 * (high - low) or 1.0
    return float(low - margin), float(high + margin)


def _sentences(variable: str, verdict: str) -> list[dict]:
    at = f"At {name(variable)} = {{{variable}:2}} the"
    # The words quote Taylor's estimates, not the errors drawn: a rounding error differs from one library's
    # exp() to another's, and the sentence is the same in the browser and in Python.
    numbers = (
        f"{at} tangent has slope f′({name(variable)}) = {{slope:4}}. "
        "For h = {h} the secant misses it by about {truncation} "
        "because the curve bends (truncation), and by up to about {round_off} because float64 rounds (round-off): "
    )
    known = "0*slope*height < 1"  # false where f or f′ is not a number at x
    return [
        sentence(numbers, "a smaller h would help.", verdict, when=f"{known} and truncation > 3*round_off"),
        sentence(numbers, "a larger h would help.", verdict, when=f"{known} and round_off > 3*truncation"),
        sentence(numbers, "this h balances the two.", verdict, when=known),
        sentence(f"{at} function has no derivative.", verdict),
    ]


class TangentExplorer(Explorer):
    """The explorer of `tangent`, which may also show a derivative that a student wrote in Python."""

    yours: Yours

    def follow(self, yours: Yours, vertical: tuple[float, float]) -> None:
        """Send the student's derivative to the picture. vertical: the ends of the axis on which it is drawn."""
        self.yours = yours
        self.view.message = yours.problem
        if yours.values is not None:
            low, high = vertical
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

    def __init__(self, function, places, slopes, variable: str):
        """places, slopes: arrays (n,) of x and f′(x); variable: what the reader calls x.

        Raises InputError for what cannot be called.
        """
        if not callable(function):
            raise InputError(f"student is your derivative as a Python function of {variable}, not {function!r}")
        try:
            self.function = StudentFunction(function, 1, [])
        except InputError:
            raise InputError(f"student is your derivative, a function of {variable} and of nothing else") from None
        self.label = "yours"  # at its curve
        self.values, self.problem, self.verdict = None, "", ""
        try:
            self.values = self.function([places], {})
        except InputError as error:
            self.problem = str(error)
        else:
            self.verdict = " " + self._compare(places, slopes, variable)

    def _compare(self, places, slopes, variable: str) -> str:
        both = np.isfinite(self.values) & np.isfinite(slopes)
        off = np.where(both, np.abs(self.values - slopes), -1.0)
        worst = int(off.argmax())
        if off[worst] <= 1e-6 * (1 + np.abs(slopes[both]).max(initial=0)):
            if not is_courses(self.function.function):
                return "Your derivative lies on the true one."
            self.label = "the course's"
            return "The course's derivative lies on the true one. Yours is drawn once a check has found it right."
        return (
            f"Your derivative is furthest from the true one at {variable} = {readable(places[worst], 2)}: "
            f"yours is {readable(self.values[worst])}, the true one {readable(slopes[worst])}."
        )
