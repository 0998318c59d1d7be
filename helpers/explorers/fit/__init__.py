"""The explorer of training: a small network learns a curve while you watch, drag its points, and go back in time.

The browser trains (`fit_training.js`), because what is trained there needs no way through the kernel to be seen. Python
hears what was done, not the result, and does the same in NumPy (`helpers.networks.curve_fit`): `history`, `network()` and
`figure()` are computed from seed, settings and number of epochs.
"""

from __future__ import annotations

import numpy as np

from helpers.errors import InputError
from helpers.explorers.core.explorer import Choice, Explorer, LogParameter, Parameter
from helpers.explorers.core.panels import axis, sentence, whole_number
from helpers.networks import curve_fit
from helpers.networks.curve_fit import OPTIMISERS, Settings
from helpers.networks.small_network import Layer, SmallNetwork

MOST_EPOCHS = 200_000
_POINTS = ("n", "noise", "seed")  # what the points depend on

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


def fit(*, optimiser="gradient descent", rate=0.01, epochs=100, compare=CURE, **start) -> FitExplorer:
    """Watch a small network learn σ(10x²) − ½ from noisy points. At first: what the printed program reaches.

    optimiser: one of "gradient descent", "momentum 0.9", "Adam"; rate: the learning rate, to two digits; epochs: trained at first;
    start: first values of the sliders k, scale, noise, n, seed; compare: another run, kept in the picture as a dashed
    line: a dict of sliders that differ, and epochs; None for none.
    Raises InputError for a value that a slider cannot show, an unknown optimiser, or a number of epochs that is none.
    """
    start |= {"optimiser": optimiser, "rate": rate}
    epochs = _epochs(epochs)
    if compare is None:
        return FitExplorer(start, epochs, None)
    other = {"epochs": epochs} | compare
    kept_epochs = _epochs(other.pop("epochs"))
    known = {parameter.name: parameter for parameter in _PARAMETERS}
    if unknown := [name for name in other if name not in known]:
        raise InputError(f"compare knows no {unknown[0]!r}: choose from epochs, {', '.join(known)}")
    values = {name: each.with_start((start | other).get(name, each.start)).start for name, each in known.items()}
    return FitExplorer(start, epochs, {"values": values, "epoch": kept_epochs, "changes": []})


def _epochs(number) -> int:
    return whole_number("epochs", number, 0, MOST_EPOCHS)


def _sentences() -> list[dict]:
    epochs, rate = "After {epoch:0} epochs", "the learning rate {rate} is too high here."
    cost = f"{epochs} the cost is {{cost:4}} (the constant mean(y) has {{constant:4}}"
    both = f"{cost}, the noise floor is {{floor:4}}"
    clean = " Mean squared distance from the true curve: {clean:4}."
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


class FitExplorer(Explorer):
    """Points, curve, hidden units, costs and weights of one run of training. See `fit`."""

    stored = {"most": 29_500}  # four panels with many thin curves, which fewer colours make speckled

    def __init__(self, start: dict, epochs: int, kept: dict | None):
        self._first = {"epochs": epochs, "kept": kept}
        self._cache: dict = {}
        x, units = axis("x", -1, 1), axis("a", -0.03, 1.03, "activation a")
        panels = [
            {"kind": "fit", "title": "points and curve", "x": x, "y": axis("y", -0.4, 0.9), "run": self._first},
            {"kind": "units", "title": "hidden units; thick: large output weight W₂", "x": x, "y": units},
            {"kind": "costs", "title": "cost after each epoch", "x": axis("epoch", 0, 100),
             "y": axis("cost", -4, 1, "cost", powers=True)},
            {"kind": "weights", "title": "weights; thick: large, dashed: negative",
             "note": "beside each unit: where it steps, −b/w"},
        ]  # fmt: skip
        super().__init__(list(_PARAMETERS), {}, panels, _sentences(), start=start, ratio=0.66, narrowest=240)

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

    def _run(self, epochs: int, settings: Settings | None = None, changes=()) -> curve_fit.Run:
        settings = settings or self.settings
        key = settings, epochs, tuple(map(tuple, changes))
        if key not in self._cache:
            if len(self._cache) > 8:
                self._cache.clear()
            self._cache[key] = curve_fit.train(settings, epochs, changes)
        return self._cache[key]

    @property
    def run(self) -> curve_fit.Run:
        """The run up to the epoch in the picture: theta, costs, and the points x, y."""
        state = self._state()
        return self._run(state["epoch"], changes=[each for each in state["changes"] if each[0] <= state["epoch"]])

    @property
    def kept(self) -> tuple[Settings, curve_fit.Run] | None:
        """The run kept for comparison, if there is one: its settings and the run."""
        kept = self._state()["kept"]
        if not kept:
            return None
        settings = Settings(**kept["values"])
        return settings, self._run(kept["epoch"], settings, kept["changes"])

    @property
    def epoch(self) -> int:
        """The epoch in the picture."""
        return len(self.run.costs) - 1

    @property
    def history(self) -> np.ndarray:
        """The cost after 0, 1, 2, … epochs, up to the last one trained."""
        state = self._state()
        return self._run(state["head"], changes=state["changes"]).costs

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
