"""The explorer of training: a small network learns a curve while you watch, drag its points, and go back in time.

The browser trains (`fit_training.js`), because what is trained there needs no way through the kernel to be seen. Python
hears what was done, not the result, and does the same in NumPy (`helpers.networks.curve_fit`): `history`, `network()` and
`figure()` are computed from seed, settings and number of epochs.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from helpers.errors import InputError
from helpers.explorers.core.explorer import Choice, Explorer, LogParameter, Parameter
from helpers.explorers.core.panels import axis, beside, sentence, whole_number
from helpers.explorers.core.paper import KINDS, draw_label, frame, line_style
from helpers.explorers.core.short_text import pack, unpack
from helpers.explorers.your_function import StudentFunction
from helpers.functions import sigmoid
from helpers.networks import curve_fit
from helpers.networks.curve_fit import OPTIMISERS, Settings
from helpers.networks.small_network import Layer, SmallNetwork
from helpers.pictures import figures
from helpers.pictures.readable import readable

MOST_EPOCHS = 200_000
_POINTS = ("n", "noise", "seed")  # what the points depend on
_PLACES = np.linspace(-1, 1, 201)  # at which a curve of the student's is taken

#: What the printed program is compared with at first.
CURE = {"optimiser": "Adam", "rate": 0.05, "epochs": 500}

_PARAMETERS = (
    Parameter("k", 1, 30, 10, 1, "number of hidden units"),
    LogParameter("rate", 0.001, 2.0, 0.01, 0.01, "learning rate", digits=2),
    Choice("optimiser", 0, len(OPTIMISERS) - 1, 0, 1, "how a gradient becomes a step", OPTIMISERS),
    Parameter("scale", 0.0, 10.0, 1.0, 0.1, "initial scale: W1 and b1 start between −scale and scale"),
    Parameter("noise", 0.0, 0.2, 0.05, 0.01, "standard deviation of the points around the curve"),
    Parameter("n", 5, 200, 100, 1, "number of points"),
    Parameter("seed", 0, 99, 0, 1, "of the points and of the first weights"),
)


def fit(
    *, optimiser="gradient descent", rate=0.01, epochs=100, compare=CURE, weights=False, own=None, **start
) -> FitExplorer:
    """Watch a small network learn σ(10x²) − ½ from noisy points. At first: what the printed program reaches.

    optimiser: one of "gradient descent", "momentum 0.9", "Adam"; rate: the learning rate, to two digits; epochs: trained at first;
    start: first values of the sliders k, scale, noise, n, seed; compare: another run, kept in the picture as a dashed
    line: a dict of sliders that differ, and epochs; None for none; weights: whether the network with its weights is unfolded;
    own: a function of x, an array of places: a curve of the student's own, drawn over the others.
    Raises InputError for a value that a slider cannot show, an unknown optimiser, a number of epochs that is none, or an own
    function that gives no numbers.
    """
    start |= {"optimiser": optimiser, "rate": rate}
    epochs = _epochs(epochs)
    if compare is None:
        return FitExplorer(start, epochs, None, weights, own)
    other = {"epochs": epochs} | compare
    kept_epochs = _epochs(other.pop("epochs"))
    known = {parameter.name: parameter for parameter in _PARAMETERS}
    if unknown := [name for name in other if name not in known]:
        raise InputError(f"compare knows no {unknown[0]!r}: choose from epochs, {', '.join(known)}")
    values = {name: each.with_start((start | other).get(name, each.start)).start for name, each in known.items()}
    return FitExplorer(start, epochs, {"values": values, "epoch": kept_epochs, "changes": []}, weights, own)


def _epochs(number) -> int:
    return whole_number("epochs", number, 0, MOST_EPOCHS)


def _sentences(own: bool) -> list[dict]:
    epochs, rate = "After {epoch:0} epochs", "the learning rate {rate} is too high here."
    cost = f"{epochs} the cost is {{cost:4}} (the constant mean(y) has {{constant:4}}"
    both = f"{cost}, the noise floor is {{floor:4}}"
    clean = " Mean squared distance from the true curve: {clean:4}" + (", of your curve {yours:4}." if own else ".")
    return [
        sentence("Training again with these settings: {head:0} of {goal:0} epochs.", when="behind"),
        sentence(f"{epochs} the numbers are too large to go on: {rate} Take a smaller one.", when="diverged"),
        sentence(f"{epochs} the cost is {{cost}}, and it was {{first}} at first: the cost grows, {rate}",
                 when="cost > constant and cost > 1.5*first"),
        sentence(f"{cost}): worse than that constant.", clean, when="cost > constant and floor < 1e-30"),
        sentence(f"{both}): worse than that constant.", clean, when="cost > constant"),
        sentence(f"{both}): below the noise floor, and far from the true curve: overfitting.", clean,
                 when="cost < 0.9*floor and clean > floor"),
        sentence(f"{both}): below the noise floor, so it follows the noise a little, too.", clean, when="cost < 0.9*floor"),
        sentence(f"{both}): as good as the noise allows.", clean, when="cost < 1.5*floor"),
        sentence(f"{both}): better than the constant, {{cost/floor:1}} times the noise floor.", clean, when="floor > 0"),
        sentence(f"{cost}): better than the constant.", clean),
    ]  # fmt: skip


def _trained(settings: Settings, epochs: int, changes: list) -> curve_fit.Run:
    return _remembered(settings, epochs, tuple(map(tuple, changes)))


_remembered = lru_cache(maxsize=8)(curve_fit.train)  # a picture and its sentence ask for the same runs again and again


class FitExplorer(Explorer):
    """Points, curve, hidden units, costs and weights of one run of training. See `fit`."""

    stored = {"most": 29_500}  # four panels with many thin curves, which fewer colours make speckled

    def __init__(self, start: dict, epochs: int, kept: dict | None, weights: bool, own=None):
        self._first = {"epochs": epochs, "kept": kept}
        drawn, constants = {}, {}
        if own is not None:
            y = StudentFunction(own, 1, [])([_PLACES], {})
            drawn, constants = {"own": pack(y)}, {"yours": float(np.mean((y - curve_fit.true_curve(_PLACES)) ** 2))}
        x, units = axis("x", -1, 1), axis("a", -0.03, 1.03, "activation a")
        panels = [
            {"kind": "fit", "title": "points and curve", "x": x, "y": axis("y", -0.4, 0.9), "run": self._first} | drawn,
            {"kind": "units", "title": "hidden units; thick: large |W₂|", "x": x, "y": units},
            {"kind": "costs", "title": "cost after each epoch", "x": axis("epoch", 0, 100),
             "y": axis("cost", -4, 1, "cost", powers=True)},
            {"kind": "weights", "title": "weights; thick: large, dashed: negative", "height": 290, "folded": not weights,
             "note": "beside each unit: where it steps, −b/w"},
        ]  # fmt: skip
        super().__init__(
            list(_PARAMETERS), {}, panels, _sentences(own is not None), constants=constants, start=start, kept=3,
            arrangement=beside(62, 2, ratio=0.41),
        )  # fmt: skip

    # ---- what was done ---------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The values of the sliders as the `Settings` of `helpers.networks.curve_fit`."""
        return Settings(**self.values)

    def _state(self) -> dict:
        """Epoch shown, epochs done, moved points and the run kept for comparison, for the present sliders."""
        state, first = self.view.state, self._first
        if not state:
            return {"epoch": first["epochs"], "head": first["epochs"], "changes": [], "kept": first["kept"]}
        before, now = state["values"], self.values
        if before == now:
            return state
        # Sliders that have moved since: the same number of epochs from the start, as in fit_run.js.
        same_points = all(before[name] == now[name] for name in _POINTS)
        changes = [[0, i, x, y] for i, (x, y) in {i: (x, y) for _, i, x, y in state["changes"]}.items()]
        return state | {"epoch": state["head"], "changes": changes if same_points else []}

    @property
    def run(self) -> curve_fit.Run:
        """The run up to the epoch in the picture: theta, costs, and the points x, y."""
        state = self._state()
        changes = [each for each in state["changes"] if each[0] <= state["epoch"]]
        return _trained(self.settings, state["epoch"], changes)

    @property
    def kept(self) -> tuple[Settings, curve_fit.Run] | None:
        """The run kept for comparison, if there is one: its settings and the run."""
        kept = self._state()["kept"]
        if not kept:
            return None
        settings = Settings(**kept["values"])
        return settings, _trained(settings, kept["epoch"], kept["changes"])

    @property
    def epoch(self) -> int:
        """The epoch in the picture."""
        return len(self.run.costs) - 1

    @property
    def history(self) -> np.ndarray:
        """The cost after 0, 1, 2, … epochs, up to the last one trained."""
        state = self._state()
        return _trained(self.settings, state["head"], state["changes"]).costs

    def network(self) -> SmallNetwork:
        """The network in the picture as a `helpers.networks.small_network.SmallNetwork`."""
        weights = curve_fit.shaped(self.run.theta)
        between = "_" if len(weights["b1"]) > 9 else ""
        names = tuple(f"h1{between}{j + 1}" for j in range(len(weights["b1"])))
        hidden = Layer(names, weights["W1"], weights["b1"], "sigmoid")
        return SmallNetwork(("x",), (hidden, Layer(("f",), weights["W2"], [weights["b2"]], "identity")))

    def reset(self) -> None:
        """Also the moved points, and the epoch."""
        super().reset()
        self.view.state = {}

    # ---- numbers ---------------------------------------------------------------------------------------------------

    def variables(self) -> dict:
        """Also the numbers of the run, which the sentences quote."""
        head = len(self.history) - 1
        # Python trains at once, so it is never behind.
        return super().variables() | curve_fit.numbers(self.run) | {"head": head, "goal": head, "behind": 0}

    @property
    def kept_label(self) -> str:
        """The kept run in a few words, as in the picture's legend."""
        settings, run = self.kept
        return f"kept: {OPTIMISERS[settings.optimiser]}, rate {settings.rate:.2g}, {len(run.costs) - 1} epochs"


# ---- on paper, as fit_panels.js draws it -----------------------------------------------------------------------------

_MANY, _MOST = 12, 8  # of more than so many units so many are drawn boldly
_OWN = 4  # the colour of the student's own curve
_POSITIVE, _NEGATIVE = 0, 1  # the line styles of a weight, by its sign


def _signed(weight: float) -> int:
    return _NEGATIVE if weight < 0 else _POSITIVE


def draw_fit(ax, panel, explorer) -> None:
    """Points, true curve, the network's curve, and that of the run kept for comparison."""
    run = explorer.run
    x = np.linspace(panel["x"]["low"], panel["x"]["high"], 401)
    ax.plot(run.x, run.y, "o", color="0.55", markersize=2.5)
    ax.plot(x, curve_fit.true_curve(x), label="true curve", **line_style(2, 1.5))
    ax.plot(x, curve_fit.output(run.theta, x), label=f"network after {explorer.epoch} epochs", **line_style(0, 2.5))
    if explorer.kept:
        ax.plot(x, curve_fit.output(explorer.kept[1].theta, x), label=explorer.kept_label, **line_style(3, 1.8))
    if "own" in panel:  # wide and pale: it shows where it is the same curve, too
        ax.plot(_PLACES, unpack(**panel["own"]), label="your curve", alpha=0.35, zorder=1.5, **line_style(_OWN, 8, 0))
    frame(ax, panel["x"], panel["y"])
    ax.legend(loc="upper center")


def draw_units(ax, panel, explorer) -> None:
    """The activation of each hidden unit, as thick as its output weight is large."""
    W1, b1, W2, _ = curve_fit.split(explorer.run.theta)
    x = np.linspace(panel["x"]["low"], panel["x"]["high"], 401)
    order = np.argsort(abs(W2))  # of many units those that count most stand out, and are drawn last
    for rank, (w, b, v) in enumerate(zip(W1[order], b1[order], W2[order], strict=True)):
        faint = len(W2) > _MANY and rank < len(W2) - _MOST
        ax.plot(x, sigmoid(w * x + b), alpha=0.35 if faint else 1, **line_style(_signed(v), 1 + min(4, abs(v))))
    for number, label in ((_POSITIVE, "W₂ > 0"), (_NEGATIVE, "W₂ < 0")):
        ax.plot([], [], label=label, **line_style(number, 2))
    frame(ax, panel["x"], panel["y"])
    ax.legend(loc="upper center", ncols=2)


def draw_costs(ax, panel, explorer) -> None:
    """The cost after each epoch beside the best constant and the noise floor, on a logarithmic axis."""
    run, kept = explorer.run, explorer.kept
    numbers = curve_fit.numbers(run)
    end = nice_end(max(100, len(explorer.history) - 1, len(kept[1].costs) - 1 if kept else 0))
    across = panel["x"] | {"high": end}

    def draw(words, style, width, place, costs):
        with np.errstate(divide="ignore"):
            x, y = (
                np.linspace(0, end, 2) if np.ndim(costs) == 0 else np.arange(len(costs)),
                np.log10(costs) + np.zeros(1),
            )
        y = np.broadcast_to(y, x.shape)
        ax.plot(x, y, label=words, **line_style(style, width))
        draw_label(ax, panel | {"x": across}, x, y, {"place": place, "color": style}, words)

    draw("constant", 1, 1.6, (1, 1), numbers["constant"])
    if numbers["floor"] > 0:
        draw("noise floor", 2, 1.6, (1, -1), numbers["floor"])
    draw("cost", 0, 2.5, (0.12, 1), explorer.history)
    if kept:
        draw("kept", 3, 1.8, (0.5, 1), kept[1].costs)
    ax.plot(explorer.epoch, np.log10(numbers["cost"]), "o", color=figures.COLORS[0], markersize=4)
    frame(ax, across, panel["y"])


def nice_end(epochs: int) -> int:
    """The end of an axis of epochs: 1, 2 or 5 times a power of ten."""
    power = 10 ** int(np.floor(np.log10(epochs)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= epochs)


def draw_weights(ax, panel, explorer) -> None:
    """The network: every weight as a line, as thick as it is large, dashed where it is negative."""
    W1, b1, W2, _ = curve_fit.split(explorer.run.theta)
    rows = (len(W1) - 1) / 2 - np.arange(len(W1))
    scale = max(4.0, len(W1) / 2)
    for row, w, b, v in zip(rows / scale, W1, b1, W2, strict=True):
        for weight, ends in ((w, ((0, 1), (0, row))), (v, ((1, 2), (row, 0)))):
            ax.plot(*ends, zorder=1, **line_style(_signed(weight), min(7.0, max(0.5, abs(weight)))))
        ax.plot(1, row, "o", color="white", markeredgecolor="black", markersize=9 if len(W1) < 16 else 4, zorder=2)
        if len(W1) < 16 and w:
            step = -b / w
            words = readable(step, 2) if abs(step) < 10 else "far left" if step < 0 else "far right"
            ax.annotate(words, (1, row), xytext=(7, 0), textcoords="offset points", va="center", fontsize=7,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8}, zorder=3)  # fmt: skip
    for place, name in ((0, "x"), (2, "f")):
        ax.plot(place, 0, "o", color="white", markeredgecolor="black", markersize=18, zorder=2)
        ax.annotate(name, (place, 0), ha="center", va="center", zorder=3)
    ax.set(xlim=(-0.25, 2.25), ylim=(-1.3, 1.3))
    if len(W1) < 16:
        ax.set_xlabel(panel["note"], fontsize=8)
    ax.set_xticks([])
    ax.set_yticks([])


KINDS |= {"fit": draw_fit, "units": draw_units, "costs": draw_costs, "weights": draw_weights}
