"""Go through a training epoch by epoch: curves, confusion matrix and first-layer weights move together."""

from __future__ import annotations

from math import isqrt

import numpy as np

from helpers.errors import InputError
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.panels import axis, curve, curves, handle, sentence
from helpers.explorers.core.paper import KINDS
from helpers.explorers.core.short_text import pack_signed
from helpers.explorers.digit.classifier import Classifier, class_numbers
from helpers.networks.network import Network
from helpers.networks.training import History
from helpers.pictures import digits as pictures
from helpers.pictures import figures

_MOST_SNAPSHOTS = 24  # more would make the picture slow to arrive: 12 units of 28×28 are 9 KB for each
_UNITS = 12  # so many of the first layer are shown: those whose weights changed most


def training(history: History, network: Network, x, y, classes=None, **start) -> TrainingExplorer:
    """Go through a training with a slider, or play it: how costs, mistakes and weights changed from epoch to
    epoch.

    history: of `train(..., snapshots=1)`, which keeps the weights of every epoch;
    network: the network that was trained; its weights stay as they are;
    x, y: images (n, 784) and their labels (n,), whose confusion matrix is shown: validation or test data;
    classes: the digits that the outputs stand for, such as (5, 6), where the labels y are 0, 1, …; 0, 1, 2, …
    if None;
    start: the first value of the slider `epoch`, otherwise the epoch whose weights were kept.
    Raises InputError for a history without snapshots and for arguments that do not belong together.
    """
    known = Classifier(network)
    snapshots, epochs = _snapshots(history, network)
    side = isqrt(known.inputs)
    if side**2 != known.inputs:
        raise InputError(f"the first-layer weights make no square pictures: the network has {known.inputs} inputs")
    digits = class_numbers(classes, known.classes)
    x, y = _examples(network, known.classes, x, y)
    counts, weights = _measured(network, snapshots, x, y, known.classes)
    moved = np.linalg.norm(weights[-1] - weights[0], axis=1)
    chosen = np.sort(np.argsort(-moved, kind="stable")[:_UNITS])
    weights = weights[:, chosen]
    limit = float(np.quantile(np.abs(weights), 0.998)) or 1.0
    lists = _lists(history)
    limits = _limits(lists)
    explorer = TrainingExplorer(
        [Parameter("epoch", 0, max(1, history.epochs), 0, 1, "epochs of training that are over")],
        {},
        [
            *(_curves(history, lists, name, limits[name]) for name in ("cost", "accuracy") if name in lists),
            {"kind": "confusion", "title": "confusion matrix", "classes": digits,
             "counts": "confusion", "shown": "shown", "step": "epoch"},
            _images(len(chosen), network.layers[0].outputs, side, limit),
        ],
        _sentences(history, lists),
        definitions={"shown": "at(snapshot, epoch)"}
        | {f"{name}_now": f"at({name}, epoch)" for name in lists}
        | {name: f"at({name}_of, shown)" for name in ("right", "true", "taken", "times")},
        constants=_constants(history, lists, limits) | _mistakes(counts, digits, epochs, history.epochs),
        start={"epoch": history.kept_epoch} | start,
        ratio=0.74,
        narrowest=300,
    )  # fmt: skip
    explorer.follow(counts, weights.reshape(len(weights), len(chosen), side, side), limit)
    return explorer


def _snapshots(history, network):
    """The snapshots that are shown, about _MOST_SNAPSHOTS, and after which epochs they were made."""
    if not isinstance(history, History):
        raise InputError(f"hand in the History that train(...) returns, not {type(history).__name__}")
    if not history.snapshots or history.epochs < 1:
        raise InputError("this history has no weights to show: train with snapshots=1")
    if history.snapshots[0].shape != network.parameter_vector.shape:
        raise InputError(f"this history belongs to another network: it has {history.snapshots[0].size} parameters")
    last = len(history.snapshots) - 1
    places = set(np.linspace(0, last, min(last + 1, _MOST_SNAPSHOTS)).round().astype(int).tolist())
    kept = [k for k, epoch in enumerate(history.snapshot_epochs) if epoch in (history.kept_epoch, history.best_epoch)]
    places = sorted(places | set(kept))
    return [history.snapshots[k] for k in places], [history.snapshot_epochs[k] for k in places]


def _examples(network, classes, x, y):
    x = network.check(x)
    labels = np.asarray(y)
    if labels.shape != (len(x),):
        expected = f"one label for each of the {len(x)} images: shape ({len(x)},)"
        raise InputError(f"y must hold {expected}, not {labels.shape}")
    if not len(x) or labels.dtype.kind not in "iubf" or not np.all(np.isin(labels, np.arange(classes))):
        raise InputError(f"the labels y must be 0 … {classes - 1}, as in training; classes= says what they stand for")
    return x, labels.astype(int)


def _measured(network, snapshots, x, y, classes):
    """Confusion matrices (snapshots, true, predicted) and first-layer weights (snapshots, units, inputs)."""
    copy, counts, weights = network.copy(), [], []
    for snapshot in snapshots:
        copy.set_weights(snapshot)
        counts.append(np.bincount(classes * y + copy.classify(x), minlength=classes**2).reshape(classes, classes))
        weights.append(copy.layers[0].W.astype(float))
    return np.array(counts), np.array(weights)


def _lists(history) -> dict[str, list[float]]:
    names = ("cost", "validation_cost", "accuracy", "validation_accuracy")
    per = {name: 100.0 if name.endswith("accuracy") else 1.0 for name in names}  # percent
    return {
        name: [per[name] * float(each) for each in getattr(history, name)] for name in names if getattr(history, name)
    }


def _limits(lists) -> dict[str, tuple[float, float]]:
    """The ends of the axes of cost and accuracy."""
    costs, shares = ([v for name, values in lists.items() if name.endswith(end) for v in values]
                     for end in ("cost", "accuracy"))  # fmt: skip
    low = min(shares, default=0.0)
    return {"cost": (0, 1.08 * max(costs)), "accuracy": (max(0.0, low - 0.1 * (100 - low)), 100.0)}


def _constants(history, lists, limits) -> dict:
    return (
        {
            "epochs": list(range(1, history.epochs + 1)),
            "best": [history.best_epoch] * 2 if history.best_epoch else [],
            "stop": [history.epochs] * 2,
        }
        | {f"whole_{name}": list(ends) for name, ends in limits.items()}
        | {f"{name}_drawn": values for name, values in lists.items()}
        | {name: [None, *values] for name, values in lists.items()}  # nothing was measured in epoch 0
    )


def _mistakes(counts, digits, epochs, last) -> dict:
    """What the sentences quote of the confusion matrices: share that is right, most frequent mistake."""
    mistakes = counts * (1 - np.eye(len(digits), dtype=int))
    worst = [np.unravel_index(each.argmax(), each.shape) for each in mistakes]
    return {
        "snapshot": np.maximum(np.searchsorted(epochs, np.arange(last + 1), side="right") - 1, 0),
        "right_of": np.trace(counts, axis1=1, axis2=2) / counts[0].sum(),
        "true_of": [digits[row] for row, _ in worst],
        "taken_of": [digits[column] for _, column in worst],
        "times_of": [int(each.max()) for each in mistakes],
    }


def _curves(history, lists, name, limits) -> dict:
    """The panel of the cost or the accuracy, with the best epoch and the one at which the training stopped."""
    drawn = []
    for style, (each, words) in enumerate(((name, "training"), (f"validation_{name}", "validation"))):
        if each in lists:
            drawn += [
                curve(words, points=("epochs", f"{each}_drawn"), style=style),
                curve("", points=("epoch", f"{each}_now"), dots=True, style=style),
            ]
    whole = f"whole_{name}"
    if history.best_epoch:
        drawn.append(curve(f"best: epoch {history.best_epoch}", points=("best", whole), style=3, width=1.5))
    if history.stopped_early:
        drawn.append(curve(f"stopped: epoch {history.epochs}", points=("stop", whole), style=5, width=1.5))
    label, legend = ("cost", "upper right") if name == "cost" else ("right, in %", "lower right")
    across = axis("epoch", 0, max(1, history.epochs) + 0.5, whole=True)  # the last epoch is not on the border
    panel = curves(
        name,
        across,
        axis(name, *limits, label),
        drawn,
        marks=[("epoch", "epoch")],
        handles=[
            handle(
                "epoch",
                ("epoch", limits[0] + 0.5 * (limits[1] - limits[0])),
                "x",
                {"epoch": "to_x"},
                "{epoch:0}",
                tall=True,
                anywhere=True,
            )
        ],
    )
    return panel | {"legend": legend}


def _images(count, units, side, limit) -> dict:
    which, note = (f"{count} of {units}", "units that changed most") if count < units else (f"all {units}", "")
    return {"kind": "images", "title": f"first-layer weights, {which} units", "note": note,
            "images": "weights", "shown": "shown",
            "side": side, "count": count, "limit": limit, "colors": list(pictures.SIGNED_COLORS)}  # fmt: skip


def _sentences(history, lists) -> list[dict]:
    def measured(prefix):
        cost = [f" {prefix.replace('_', ' ')}cost {{{prefix}cost_now:3}}"] if f"{prefix}cost" in lists else []
        accuracy = [f", accuracy {{{prefix}accuracy_now:1}}", " %"] if f"{prefix}accuracy" in lists else []
        return cost + accuracy

    costs = ["training", *measured("")] + ([";", *measured("validation_")] if "validation_cost" in lists else [])
    best, after = history.best_epoch, ["After epoch {epoch:0}: ", *costs, ". "]
    places = [("epoch < 0.5", ["Before the training. "], [])]
    if best:
        here = f"epoch > {best - 0.5} and epoch < {best + 0.5}"
        places.append((here, after, [" The validation cost is lowest here."]))
    if history.stopped_early:
        stopped = f" Here the training stopped: no lower validation cost since epoch {best}."
        places.append((f"epoch > {history.epochs - 0.5}", after, [stopped]))
    shown = "Of the images shown {100*right:1} % are right"
    # There may be another mistake that is as frequent.
    mistake = "; no mistake is more frequent than {true:0} taken for {taken:0}: {times:0} times."
    return [
        sentence(*before, shown, end, *words, when=f"({when}) and ({none})")
        for when, before, words in [*places, ("1", after, [""])]
        for none, end in (("times > 0", mistake), ("1", "."))
    ]


class TrainingExplorer(Explorer):
    """The explorer of `training`. `confusion` and `weights` are what it shows now, as arrays."""

    stored = {"most": 30_000, "plain": True}  # numbers in a table, which fewer pixels would blur

    def follow(self, counts: np.ndarray, weights: np.ndarray, limit: float) -> None:
        """counts: (snapshots, classes, classes); weights: (snapshots, units, side, side)."""
        self._counts, self._weights = counts, weights
        self.view.data = {
            "values": {},
            "arrays": {
                "confusion": counts.reshape(len(counts), -1).tolist(),
                "weights": [pack_signed(each, limit) for each in weights],
            },
        }

    @property
    def confusion(self) -> np.ndarray:
        """How many images of each class (rows) were taken for each class (columns) at the present epoch."""
        return self._counts[int(self.variables()["shown"])]

    @property
    def weights(self) -> np.ndarray:
        """The first-layer weights that are shown at the present epoch, (units, side, side)."""
        return self._weights[int(self.variables()["shown"])]


def draw_confusion(ax, panel, explorer) -> None:
    """How many examples of each class (rows) were taken for which class (columns)."""
    counts = explorer.confusion
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    right = np.eye(len(counts), dtype=bool)
    strength = np.where(right, 0.75 * shares, np.minimum(1, 1.4 * np.sqrt(shares)))
    colors = np.array([[int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)] for color in figures.COLORS[:2]])
    ax.imshow(1 - strength[..., None] * (1 - colors[np.where(right, 0, 1)]), aspect="auto")
    for row, column in np.argwhere(counts > 0):
        ax.text(
            column, row, str(counts[row, column]), ha="center", va="center",
            fontsize=7 if len(counts) > 4 else 10, weight="bold" if row == column else "normal",
            color="white" if strength[row, column] > 0.55 else "black",
        )  # fmt: skip
    places = np.arange(len(counts))
    ax.set_xticks(places, panel["classes"])
    ax.set_yticks(places, panel["classes"])
    ax.set(xlabel="answer", ylabel="true class")
    ax.tick_params(length=0)


def draw_images(ax, panel, explorer) -> None:
    """Small images of signed numbers on one scale."""
    ax.axis("off")
    count, columns = panel["count"], min(panel["count"], max(4, -(-panel["count"] // 3)))
    rows = -(-count // columns)
    for k, image in enumerate(explorer.weights):
        row, column = divmod(k, columns)
        place = ax.inset_axes((column / columns, 1 - (row + 1) * 0.84 / rows, 0.96 / columns, 0.8 / rows))
        drawn = pictures.draw_signed(place, image, panel["limit"])
        for spine in place.spines.values():
            spine.set_visible(False)
    ax.figure.colorbar(drawn, cax=ax.inset_axes((0.1, 0.08, 0.6, 0.035)), orientation="horizontal")


KINDS |= {"confusion": draw_confusion, "images": draw_images}
