"""The numbers that an explorer's sliders set: what each is, its slider, and the names under which it is known."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import ipywidgets
import traitlets

from helpers.errors import InputError
from helpers.explorers.core.panels import is_finite, plain
from helpers.pictures.readable import subscripts, superscript


class WholeSlider(ipywidgets.FloatSlider):
    """A slider of whole numbers that arrive whole in every front end.

    Not an IntSlider: the one in Colab cuts off decimals where noUiSlider has turned 10 into 9.999…, and sends 9 to Python.
    This one's number may come back as 9.999… or be typed as 3.7; it is rounded here, and by the picture where the
    readout's format is "d".
    """

    @traitlets.validate("value")
    def _validate_value(self, proposal):
        return float(round(super()._validate_value(proposal)))


@dataclass(frozen=True)
class Parameter:
    """A number that a slider sets; a whole one where both ends and the step are ints.

    name: as in the formulas; meaning: what it is, in words; start: its first value; label: its name on the slider, that of the
    picture: "" for x₁ where the name is x1, and w₁₁⁽¹⁾ for w11_1; hidden: the picture has controls of its own for it, so that no
    slider is shown.
    """

    name: str
    low: float
    high: float
    start: float
    step: float
    meaning: str
    label: str = field(default="", kw_only=True)
    hidden: bool = field(default=False, kw_only=True)

    @property
    def written(self) -> str:
        """Its name on the slider."""
        symbol, _, layer = self.name.partition("_")
        return self.label or (
            f"{subscripts(symbol)}⁽{superscript(layer)}⁾" if layer.isdecimal() else subscripts(self.name)
        )

    def with_start(self, value: object) -> Parameter:
        """The same parameter with another first value. Raises InputError (a ValueError) where the slider cannot show it."""
        if not is_finite(value):
            raise InputError(f"{self.name} must be a finite number from {self.low:g} to {self.high:g}, not {value!r}")
        value = plain(value)
        if not self.low <= value <= self.high:
            raise InputError(f"{self.name} must lie from {self.low:g} to {self.high:g}, and {value:g} does not")
        return replace(self, start=value)

    def slider(self) -> ipywidgets.Widget:
        """A new slider for it."""
        whole = all(isinstance(number, int) for number in (self.low, self.high, self.step))
        kind = WholeSlider if whole else ipywidgets.FloatSlider
        decimals = 0 if whole else max(0, -math.floor(math.log10(self.step) + 1e-9))
        return kind(
            value=self.start, min=self.low, max=self.high, step=self.step, description=self.written,
            readout_format="d" if whole else f".{decimals}f", continuous_update=True,
        )  # fmt: skip


@dataclass(frozen=True)
class LogParameter(Parameter):
    """A positive number whose slider moves in factors: `step` is that of its logarithm to base 10.

    digits: significant digits of the number, or None for all. The slider knows only its steps: 0.05 comes back as
    10^(−1.3) = 0.0501; with two digits it is 0.05 again. former: a name under which its logarithm to base 10 is known too, as
    a first value, in `sliders`, `values` and `data-shown`.
    """

    digits: int | None = None
    former: str = ""

    def slider(self) -> ipywidgets.Widget:
        """A new logarithmic slider for it."""
        return ipywidgets.FloatLogSlider(
            value=self.start, base=10, min=math.log10(self.low), max=math.log10(self.high), step=self.step,
            description=self.written, readout_format=f".{self.digits or 3}g", continuous_update=True,
        )  # fmt: skip


@dataclass(frozen=True)
class Choice(Parameter):
    """One of several named options, by number: the number of the option is the parameter's value, from 0."""

    options: tuple[str, ...] = ()

    def with_start(self, value: object) -> Choice:
        """The same choice with another first option, by its name or its number. Raises InputError for any other."""
        number = self.options.index(value) if value in self.options else value
        if number not in range(len(self.options)):
            raise InputError(f"{self.name} must be one of {', '.join(self.options)}, not {value!r}")
        return replace(self, start=int(number))

    def slider(self) -> ipywidgets.Widget:
        """A new menu for it."""
        pairs = [(label, number) for number, label in enumerate(self.options)]
        return ipywidgets.Dropdown(options=pairs, value=self.start, description=self.written)


def with_starts(parameters: Iterable[Parameter], start: dict) -> tuple[Parameter, ...]:
    """The parameters with these first values, by name or former name.

    Raises InputError (a ValueError) for a value that its slider cannot show, and for a name without a slider.
    """
    start = dict(start)
    for each in parameters:
        former = getattr(each, "former", "")
        if former in start:
            power = start.pop(former)
            start[each.name] = 10.0**power if is_finite(power) else power
    found = tuple(each.with_start(start.pop(each.name)) if each.name in start else each for each in parameters)
    if start:
        known = ", ".join(each.name for each in parameters)
        raise InputError(f"there is no slider {next(iter(start))!r} here: choose from {known}")
    return found


class Sliders(dict):
    """The sliders by parameter name; by a former name also one that is shown nowhere, and moves with the slider."""

    def __init__(self, parameters: Iterable[Parameter]):
        """A new slider for each parameter."""
        super().__init__({parameter.name: parameter.slider() for parameter in parameters})
        self.former = {each.former: each.name for each in parameters if isinstance(each, LogParameter) and each.former}
        self._hidden: dict[str, ipywidgets.FloatSlider] = {}

    def __missing__(self, name: str) -> ipywidgets.FloatSlider:
        if name not in self._hidden:
            slider = self[self.former[name]]
            power = ipywidgets.FloatSlider(
                min=slider.min, max=slider.max, step=slider.step, value=math.log10(slider.value)
            )
            traitlets.link((slider, "value"), (power, "value"), transform=(math.log10, lambda power: 10.0**power))
            self._hidden[name] = power
        return self._hidden[name]


class Values(dict):
    """Numbers by parameter name; by a former name, which does not count, the logarithm."""

    def __init__(self, values: dict[str, float], former: dict[str, str]):
        """former: names of logarithms to base 10 -> what they are logarithms of."""
        super().__init__(values)
        self._former = former

    def __missing__(self, name: str) -> float:
        return round(math.log10(self[self._former[name]]), 9)
