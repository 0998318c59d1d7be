"""The widget behind every explorer: ipywidgets sliders, and one picture that the browser draws.

`Explorer` takes a description of what to draw (parameters, formulas, panels, sentences) and gives sliders that
are linked, in the browser, to one `View`. The browser computes the formulas itself, so the picture follows the
hand without waiting for Python. The same description gives the static picture (`figure()`) and the sentence in
words (`describe()`), which NumPy computes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import anywidget
import ipywidgets
import numpy as np
import traitlets
from IPython.display import display
from ipywidgets import widget_serialization
from matplotlib.figure import Figure

from helpers import numerical
from helpers.errors import InputError
from helpers.explorers.core import short_text
from helpers.explorers.core.figure import figure
from helpers.explorers.core.panels import plain
from helpers.explorers.core.parameters import Choice, LogParameter, Parameter, Sliders, Values, WholeSlider, with_starts
from helpers.formulas import browser as formula
from helpers.networks.small_network import SmallNetwork
from helpers.pictures import figures
from helpers.pictures.readable import in_words, significant

__all__ = ["Choice", "Explorer", "LogParameter", "Parameter", "View"]

_HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import [^;]*? from "(\.[\w./]+)";\n', flags=re.MULTILINE)

#: Stops of matplotlib's colour map "viridis", which keeps its order for colour-blind readers and in grey.
COLORS = ("#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725")

FEW = 5  # sliders; more are folded away until they are wanted

CAMERA = (-60.0, 32.0)  # azimuth and elevation of a surface at first, in degrees


@cache
def front_end() -> str:
    """The front end as one ES module: `view.js` and, before it, all that it imports."""
    texts: dict[Path, str] = {}

    def add(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for imported in _IMPORT.findall(text):
            file = (path.parent / imported).resolve()
            if file not in texts:
                add(file)
        texts[path] = re.sub(r"^export (?!default)", "", _IMPORT.sub("", text), flags=re.MULTILINE)

    add(_HERE.resolve() / "view.js")
    return "\n".join(texts.values())


def loader() -> str:
    """The ES module that each picture carries with it: it loads the front end, once for a page."""
    text = (_HERE / "loader.js").read_text(encoding="utf-8")
    return text.replace("HASH", hashlib.sha256(front_end().encode()).hexdigest()[:16])


_held: list[ipywidgets.Widget] = []


def front_holder() -> ipywidgets.Widget:
    """The widget that brings the front end to the page, the same for all pictures; it is never shown."""
    if not _held or _held[0].comm is None:  # closed, as by Widget.close_all()
        _held[:] = [ipywidgets.Label(front_end())]
    return _held[0]


class View(anywidget.AnyWidget):
    """One canvas with its sentence. `Explorer` fills the traits; `view.js` draws them."""

    _esm = loader()
    _css = (_HERE / "view.css").read_text(encoding="utf-8")

    spec = traitlets.Dict().tag(sync=True)
    front = traitlets.Instance(ipywidgets.Widget).tag(sync=True, **widget_serialization)
    sliders = traitlets.Dict().tag(sync=True, **widget_serialization)
    data = traitlets.Dict().tag(sync=True)
    camera = traitlets.List(traitlets.Float()).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)  # what a panel remembers beyond its sliders


# ---- the explorer ------------------------------------------------------------------------------------------------


class Explorer:
    """Sliders and a picture that follows them. Shown by being the last line of a cell.

    `sliders` holds the ipywidgets sliders by parameter name, `values` their numbers; `figure()` is the picture
    as a matplotlib Figure, `describe()` the sentence under it.
    """

    stored: dict = {}  # arguments of `figures.png` for the picture that is stored with the cell
    view_class = View

    def __init__(
        self,
        parameters: list[Parameter],
        functions: dict,
        panels: list[dict],
        sentences: list[dict],
        *,
        start: dict | None = None,
        definitions: dict | None = None,
        constants: dict | None = None,
        averages: dict | None = None,
        network: Callable[[dict], SmallNetwork] | None = None,
        columns: int = 2,
        ratio: float = 0.62,
        narrowest: int | None = None,
        arrangement: dict | None = None,
        few: int = FEW,
        kept: int = 0,
    ):
        """
        functions: name -> formula, or a dict {"networks": […], "choose": formula} or {"kernel": True};
        definitions: name -> formula of parameters and constants; constants: name -> number or list of numbers;
        averages: name -> `average(...)`, a mean over a square that sentences may quote;
        network: values -> the `SmallNetwork` that the picture shows, for `network()`;
        start: parameter -> first value, where it differs from the usual one;
        columns: panels side by side; ratio: height of a panel over its width, where it has none of its own;
        narrowest: CSS pixels below which panels no longer stand side by side, or None for the usual width;
        few: so many sliders stand open, more are folded; 0 where the picture itself has handles for all of them;
        kept: so many sliders stay in sight where the others are folded away;
        arrangement: `arranged(...)` or `beside(...)`, where the panels without a height of their own stand on a page that is wide enough.
        Raises InputError (a ValueError) for a first value that its slider cannot show.
        """
        self.parameters = with_starts(parameters, start or {})
        self.sliders = Sliders(self.parameters)
        parsed = {name: _parsed(function) for name, function in functions.items()}
        self.spec = {
            **_known_of(self.parameters),
            "few": few,
            "kept": kept,
            "former": self.sliders.former,
            "constants": {name: plain(value) for name, value in (constants or {}).items()},
            "definitions": {name: formula.parse(source) for name, source in (definitions or {}).items()},
            "functions": parsed,
            "averages": averages or {},
            "panels": panels,
            "sentences": sentences,
            **{"columns": columns, "ratio": ratio, "narrowest": narrowest},
            "arrangement": arrangement,
            "camera": list(CAMERA),
            "colors": list(COLORS),
            "kernelOnly": bool(parsed) and all("kernel" in function for function in parsed.values()),
        }
        self._network = network
        self.view = self.view_class(front=front_holder(), spec=self.spec, sliders=self.sliders, camera=list(CAMERA))
        self.widget = ipywidgets.VBox([self._slider_box(), self.view])
        self.widget.add_class("nn-explorer")

    def _slider_box(self) -> ipywidgets.Box:
        """The sliders that are shown above the picture."""
        for name, slider in self.sliders.items():
            # The class tells the front end which parameter a name on a slider belongs to.
            slider.add_class(f"nn-slider-{name}")
        box = ipywidgets.Box([slider for name, slider in self.sliders.items() if name not in self.spec["hidden"]])
        for slider in box.children[: self.spec["kept"]]:
            slider.add_class("nn-kept")
        box.add_class("nn-sliders")
        if len(box.children) > self.spec["few"]:
            box.add_class("nn-many")  # folded: slider_words.js unfolds it
        return box

    @property
    def values(self) -> dict[str, float]:
        """The numbers that the sliders show now, by parameter name."""
        # A slider that first appears turns 8 into 8.000000000000014.
        values = {
            name: int(slider.value) if isinstance(slider, WholeSlider) else round(slider.value, 9)
            for name, slider in self.sliders.items()
        }
        digits = self.spec["digits"].items()
        values |= {name: significant(self.sliders[name].value, count) for name, count in digits}
        return Values(values, self.sliders.former)

    def reset(self) -> None:
        """Move every slider, and the camera, back to where they were at first."""
        for parameter in self.parameters:
            self.sliders[parameter.name].value = parameter.start
        self.view.camera = list(self.spec["camera"])

    def variables(self) -> dict:
        """Parameters, constants and definitions at the present values: what the formulas are computed from."""
        variables = {**self.spec["constants"], **self.values}
        for name, tree in self.spec["definitions"].items():
            variables[name] = formula.evaluate(tree, variables)
        return variables

    def evaluate(self, function: str, **places: np.ndarray) -> np.ndarray:
        """The named function at the given places (arrays by variable name), at the present slider values."""
        return evaluate_function(self.spec["functions"], function, {**self.variables(), **places})

    def network(self) -> SmallNetwork:
        """The network in the picture as a `helpers.networks.small_network.SmallNetwork`, with its weights as they are now.

        Its `numpy_code()` is the same network as plain NumPy. Raises InputError for a picture without a network.
        """
        if self._network is None:
            raise InputError("this explorer does not show one network: use one of the challenges, or many_towers()")
        return self._network(self.values)

    def average(self, name: str) -> float:
        """One of the means over a square that the sentence quotes, at the present values."""
        recipe = self.spec["averages"][name]
        axes = recipe["x1"], recipe["x2"]
        x1, x2 = (
            each["low"] + (each["high"] - each["low"]) * places
            for each, places in zip(axes, numerical.square_points(0, 1, recipe["points"], recipe["step"]), strict=True)
        )
        variables = {**self.variables(), axes[0]["name"]: x1, axes[1]["name"]: x2}
        functions = {**self.spec["functions"], name: {"formula": recipe["of"]}}
        return float(np.mean(evaluate_function(functions, name, variables)))

    def describe(self) -> str:
        """The sentence under the picture."""
        variables = self.variables()
        variables |= {name: self.average(name) for name in self.spec["averages"]}
        return self.say(self.spec["sentences"], variables)

    def say(self, sentences: list[dict], variables: dict | None = None) -> str:
        """The first of these sentences whose condition holds, with the numbers put in."""
        variables = self.variables() if variables is None else variables
        for candidate in sentences:
            if formula.evaluate(candidate["when"], variables):
                parts = candidate["parts"]
                return "".join(
                    part if isinstance(part, str) else in_words(formula.evaluate(part[0], variables), *part[1:])
                    for part in parts
                )
        return ""

    def figure(self) -> Figure:
        """The present picture as a matplotlib Figure: for print, and for pages without a kernel."""
        return figure(self)

    def _ipython_display_(self):
        # Two outputs. The static picture is what GitHub, nbconvert and a notebook without its kernel show; where
        # the widget lives, view.css hides it. One output with both would not do: JupyterLab prefers the widget,
        # and shows "model not found" when a notebook is reopened.
        # Beside the picture lies what a web page needs to draw it anew (short_text.py).
        picture = figures.Picture(self.figure(), self.describe(), short_text.beside(self), **self.stored)
        picture._ipython_display_()
        widget = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        display({"application/vnd.jupyter.widget-view+json": widget, "text/plain": self.describe()}, raw=True)


def _known_of(parameters: tuple[Parameter, ...]) -> dict:
    """What the picture has to know of its sliders beyond what they hold themselves."""
    return {
        "defaults": {each.name: each.start for each in parameters},
        "digits": {each.name: each.digits for each in parameters if getattr(each, "digits", None)},
        "hidden": [each.name for each in parameters if each.hidden],
        "labels": {each.name: each.written for each in parameters},
        "meanings": {each.name: each.meaning for each in parameters},
    }


def _parsed(function: str | list | dict) -> dict:
    """A function of an explorer as its description has it: the formulas in it as trees."""
    if not isinstance(function, dict):
        return {"formula": formula.parse(function)}
    return function | ({"choose": formula.parse(function["choose"])} if "choose" in function else {})


def evaluate_function(functions: dict, name: str, variables: dict) -> np.ndarray:
    """Function `name` of an explorer's description; what it is made of is computed on the way.

    `variables` holds every number and array that the formulas use. Raises InputError (a ValueError) for a function of the
    student's, which has no formula.
    """
    function = functions[name]
    if "formula" in function:
        variables = dict(variables)
        for used in sorted(formula.names(function["formula"])):
            if used in functions and used not in variables:
                variables[used] = evaluate_function(functions, used, variables)
        return formula.evaluate(function["formula"], variables)
    if "kernel" in function:
        raise InputError(f"{name} is computed by a function of your own, not by a formula")
    chosen = int(formula.evaluate(function["choose"], variables))
    return evaluate_network(function["networks"][chosen], variables)


def evaluate_network(network: dict, variables: dict) -> np.ndarray:
    """The output of a network {"inputs", "layers"}; a layer is σ(gain · (weights · inputs + bias))."""
    places = np.broadcast_arrays(*(np.asarray(variables[name], dtype=float) for name in network["inputs"]))
    values = np.stack([place.ravel() for place in places])
    for layer in network["layers"]:
        pre_activation = np.asarray(layer["weights"]) @ values + np.asarray(layer["bias"])[:, None]
        pre_activation *= formula.evaluate(layer.get("gain", 1), variables)
        activation = formula.OPERATIONS.get(layer["activation"], lambda z: z)
        values = activation(pre_activation)
    return values[0].reshape(places[0].shape)
