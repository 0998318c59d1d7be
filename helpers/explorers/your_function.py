"""A student's own function in the picture: computed by Python as the sliders move, drawn by the browser.

A picture that draws its own sigmoid would look right even when the student's is wrong. Here every number on the
canvas comes from the function that was handed in.
"""

from __future__ import annotations

import functools
import inspect
import time

import numpy as np
from IPython.display import display

from helpers.checking import sandbox
from helpers.checking.answers import explained
from helpers.checking.feedback import Feedback
from helpers.checking.sandbox import student_line
from helpers.errors import InputError
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.panels import axis, curve, curves, pair, sentence, surface
from helpers.explorers.core.short_text import pack
from helpers.pictures.readable import readable
from helpers.pictures.surface_plot import adaptive_lines

_CURVE_SAMPLES = 801  # 1.6 KB for an update
_SURFACE_LINES = 40  # 41 × 41 heights are 3.4 KB
_NAMELESS = "your function"  # the title over a function without a name
_SLOW = 0.25  # seconds for one picture, above which the sliders no longer feel connected to it


def parameter(name: str, limits) -> Parameter:
    """A slider from (low, high), (low, high, start) or (low, high, start, step).

    Raises InputError where the numbers make no slider.
    """
    try:
        numbers = [float(number) for number in limits]
        low, high = numbers[:2]
        if len(numbers) > 4:
            raise ValueError
    except (TypeError, ValueError):
        raise InputError(
            f"{name} needs (low, high), (low, high, start) or (low, high, start, step), not {limits!r}"
        ) from None
    axis(name, low, high)  # the same demands, the same words
    step = numbers[3] if len(numbers) > 3 else (high - low) / 200
    if not (np.isfinite(step) and 0 < step <= high - low):
        raise InputError(f"the step of {name} must be positive and smaller than {high - low:g}, not {step:g}")
    start = numbers[2] if len(numbers) > 2 else low + step * round((high - low) / 2 / step)
    return Parameter(name, low, high, low, step, f"your parameter {name}").with_start(start)


def curve_of(function, x=(-1, 1), y=None, *, points=None, beside=None, **sliders) -> YourExplorer:
    """A function of your own over x, with a slider for each of its other parameters.

    function: takes x (an array) and the parameters by name, gives one number for each x; x: (low, high) of the
    plot; y: (low, high), or None for what the first picture needs; points: arrays (x, y) of data, drawn as dots; beside:
    other curves that stay as they are, label -> function of x alone; sliders: name=(low, high, start, step),
    of which start and step may be left out. Raises InputError for limits that make no axis or no slider.
    """
    x_axis = axis("x", *pair("x", x))
    places = np.linspace(x_axis["low"], x_axis["high"], _CURVE_SAMPLES)
    few, constants, others = places[::4], {}, []
    for label, other in (beside or {}).items():
        names = f"x_{len(others)}", f"y_{len(others)}"
        others.append(curve(label, style=2 + len(others), width=1.5, points=names))
        constants |= {
            names[0]: few.round(4).tolist(),
            names[1]: StudentFunction(other, 1, [])([few], {}).round(4).tolist(),
        }
    dots = []
    if points is not None:
        constants |= {
            "points_x": np.ravel(points[0]).round(4).tolist(),
            "points_y": np.ravel(points[1]).round(4).tolist(),
        }
        dots = [curve("", style=5, width=0, points=("points_x", "points_y"), dots=True)]
    return _explorer(
        function, [places], sliders, y, "y",
        panel=lambda y_axis, name: curves(
            f"{name}(x)", x_axis, y_axis, [*dots, *others, curve(name, "yours", width=2.5)]
        ),
        compute=lambda call, y_axis: pack(call(places), y_axis["low"], y_axis["high"]),
        ratio=0.55, constants=constants,
    )  # fmt: skip


def surface_of(function, x1=(-5, 5), x2=(-5, 5), z=None, **sliders) -> YourExplorer:
    """A function of your own over x1 and x2, with a slider for each of its other parameters.

    function: takes x1 and x2 (arrays of one shape) and the parameters by name, gives one number for each
    point; x1, x2: (low, high) of the plot; z: (low, high), or None for what the first picture needs; sliders
    as for `curve_of`. Raises InputError for limits that make no axis or no slider.
    """
    axes = axis("x1", *pair("x1", x1)), axis("x2", *pair("x2", x2))
    limits = [(each["low"], each["high"]) for each in axes]
    first = np.meshgrid(*(np.linspace(*ends, _SURFACE_LINES + 1) for ends in limits), indexing="ij")

    def compute(call, z_axis):
        rows, columns = adaptive_lines(call, *limits, z_axis["high"] - z_axis["low"], _SURFACE_LINES, coarse=30)
        z = call(rows[:, None], columns[None, :])
        return {"rows": pack(rows, *limits[0]), "columns": pack(columns, *limits[1]),
                "values": pack(z, z_axis["low"], z_axis["high"])}  # fmt: skip

    return _explorer(
        function, first, sliders, z, "z",
        panel=lambda z_axis, name: surface(f"{name}(x₁, x₂)", "yours", *axes, z_axis),
        compute=compute, ratio=0.62,
    )  # fmt: skip


def _explorer(function, places, sliders, limits, vertical, *, panel, compute, ratio, constants=None) -> YourExplorer:
    if not callable(function):
        raise InputError(f"hand in the function itself, for example curve(my_function), not {type(function).__name__}")
    parameters = [parameter(name, numbers) for name, numbers in sliders.items()]
    student = StudentFunction(function, len(places), [each.name for each in parameters])
    if limits is None:
        limits = student.range(places, {each.name: each.start for each in parameters})
    vertical_axis = axis(vertical, *pair(vertical, limits))
    numbers = "".join(f", {each.written} = {{{each.name}}}" for each in parameters)
    name = "" if student.name == _NAMELESS else f" {student.name}"
    whose = "The course's function" if is_courses(function) else "Your function"
    explorer = YourExplorer(
        parameters, {"yours": {"kernel": True}}, [panel(vertical_axis, student.name)],
        [sentence(f"{whose}{name}, computed by Python", f"{numbers}.")], ratio=ratio, constants=constants,
    )  # fmt: skip
    explorer.follow(student, lambda call: compute(call, vertical_axis))
    return explorer


def is_courses(function) -> bool:
    """Whether `use` of an exercise gave this function, or one that it calls, because the student's own is not right yet."""
    if not inspect.isfunction(function):
        return False
    called = inspect.getclosurevars(function)
    return any(
        getattr(each, "of_course", False) for each in (function, *called.globals.values(), *called.nonlocals.values())
    )


class NotWritten(InputError):
    """The stub is still as it was."""


class YourExplorer(Explorer):
    """An explorer whose picture a function of the student's computes, in the kernel."""

    def follow(self, student: StudentFunction, compute) -> None:
        """Compute the picture now and whenever a slider moves."""
        self.student, self._compute = student, compute
        for slider in self.sliders.values():
            slider.observe(lambda change: self.update(), names="value")
        self.update()

    def update(self) -> None:
        """Compute the picture for the present values. What goes wrong becomes one line; the last picture stays."""
        values = self.values
        began = time.perf_counter()
        self.unwritten = False
        try:
            drawn = self._compute(lambda *places: self.student(places, values))
        except InputError as error:
            self.view.message = str(error)
            self.unwritten = isinstance(error, NotWritten)
            return
        seconds = time.perf_counter() - began
        self.view.data = {"values": values, "arrays": {"yours": drawn}}
        slow = f"Your function took {seconds:.1f} s for this picture, so it lags behind the slider. "
        advice = "Compute with whole arrays instead of a loop."
        self.view.message = slow + advice if seconds > _SLOW else ""

    def evaluate(self, function: str, **places):
        """The student's function at the given places; NaN where it fails: `message` says why, the axes stay empty."""
        return self.student.or_nothing(places.values(), self.values)

    def describe(self) -> str:
        """The sentence under the picture, or what went wrong."""
        return self.view.message or super().describe()

    def _ipython_display_(self):
        # Empty axes would only be in the way of somebody who has not started.
        if self.unwritten:
            display(Feedback("not attempted", self.view.message))
        else:
            super()._ipython_display_()


class StudentFunction:
    """A function handed in by a student: called with arrays, or point by point if it cannot take them."""

    def __init__(self, function, places: int, sliders: list[str]):
        """places: how many arguments are places (1 or 2). Raises InputError for a parameter without a slider."""
        self.function = function
        self.name = getattr(function, "__name__", _NAMELESS).replace("<lambda>", _NAMELESS)
        self.accepted = []
        try:
            found = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):  # a ufunc or a built-in: it takes the places only
            return
        named = [each for each in found if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)][places:]
        takes_any = any(each.kind is each.VAR_KEYWORD for each in found)
        self.accepted = sliders if takes_any else [each.name for each in named if each.name in sliders]
        missing = [each.name for each in named if each.name not in sliders and each.default is each.empty]
        if missing:
            raise InputError(f"{self.name} wants a value for {missing[0]}: give it a slider, {missing[0]}=(low, high)")
        unused = [name for name in sliders if name not in self.accepted]
        if unused:
            raise InputError(f"{self.name} has no parameter {unused[0]}, so its slider would move nothing")

    def __call__(self, places, values: dict) -> np.ndarray:
        """The values at arrays `places` of one shape. Raises InputError with one line for the student."""
        places = np.broadcast_arrays(*places)
        arguments = {name: values[name] for name in self.accepted}
        try:
            work = functools.partial(self._explained, places, arguments)
            result, printed = sandbox.run(work)
        except sandbox.Failure as failure:
            if isinstance(failure.problem, InputError):
                raise failure.problem from None
            raise InputError(f"{explained(failure).message} There is no new picture.") from None
        if printed:
            print(printed, end="")
        bad = ~np.isfinite(result)
        if bad.all():
            first = ", ".join(readable(place[bad][0]) for place in places)
            raise InputError(f"{self.name} gives {result[bad][0]} everywhere, for example at {first}.")
        return result

    def _explained(self, places, arguments):
        """The values; an exception of the student's code becomes an InputError in words."""
        try:
            return self._arrays(places, arguments)
        except InputError:
            raise
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            if "ellipsis" in str(error):
                raise NotWritten(f"{self.name} uses a function that is not written yet.") from None
            raise InputError(f"{self.name} stopped with {_in_one_line(error)}. There is no new picture.") from None

    def or_nothing(self, places, values: dict) -> np.ndarray:
        """The values at these places; NaN everywhere where there are none."""
        try:
            return self(places, values)
        except InputError:
            return np.full(np.broadcast_shapes(*map(np.shape, places)), np.nan)

    def _arrays(self, places, arguments) -> np.ndarray:
        shape = places[0].shape
        copies = [place.copy() for place in places]  # the function may change what it is given
        try:
            result = self.function(*copies, **arguments)
        except (TypeError, ValueError):
            # math.exp, or `if x > 0`: it wants one number at a time
            result = [
                self.function(*map(float, point), **arguments) for point in zip(*map(np.ravel, places), strict=True)
            ]
            result = np.reshape(self._numbers(result), shape)
        result = self._numbers(result)
        if result.ndim == 0:
            return np.full(shape, result)
        if result.shape != shape:
            raise InputError(
                f"{self.name} gave an array of shape {result.shape} for places of shape {shape}: one number for each."
            )
        return result

    def _numbers(self, result) -> np.ndarray:
        if result is ...:
            raise NotWritten(f"{self.name} is not written yet: put your formula in place of the dots.")
        if result is None:
            raise InputError(f"{self.name} gives nothing back: end it with return.")
        result = np.asarray(result)
        if result.dtype.kind == "c":
            raise InputError(f"{self.name} gives complex numbers: the picture needs real ones.")
        if result.dtype.kind not in "fiub":
            raise InputError(f"{self.name} gives {_kind(result)}, not numbers.")
        return result.astype(float)

    def range(self, places, values) -> tuple[float, float]:
        """The limits of an axis that shows the first picture whole."""
        try:
            result = self(places, values)
        except InputError:
            return 0.0, 1.0
        finite = result[np.isfinite(result)]
        low, high = float(finite.min()), float(finite.max())
        margin = 0.06 * (high - low) or 1.0
        return low - margin, high + margin


def _kind(values: np.ndarray) -> str:
    """What an array that holds no numbers holds: str, dict, …"""
    first = values.ravel()[:1].tolist()
    return type(first[0]).__name__ if first else "an empty list"


def _in_one_line(error: BaseException) -> str:
    """The error, and the student's own line in which it arose."""
    name, words, line = type(error).__name__, " ".join(str(error).split()), student_line(error)
    return (f"{name}: {words}" if words else name) + (f" in the line “{line}”" if line else "")
