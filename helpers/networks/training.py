"""Training: the same three lines over and over - forward pass, backward pass, a step.

    network = Network.dense([784, 128, 10], initialiser="he_normal", dtype=np.float32)
    history = train(network, x_train, y_train, "categorical_cross_entropy", validation=0.1, patience=3)

There is no place for test data here, on purpose: whatever decides when to stop is part of the training.
Measure on the test data once, when everything is decided.
"""

import time
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from helpers.errors import InputError
from helpers.networks.layers import Sigmoid, Softmax, generator
from helpers.networks.losses import loss_of
from helpers.networks.network import Network
from helpers.networks.optimisers import optimiser_of
from helpers.networks.threads import in_one_thread
from helpers.progress_bar import ProgressBar


class Examples:
    """Examples with their targets, all rows of x and y or some of them. Both have been checked.

    x: (all examples, features). y: (all examples, …). rows: the numbers of the rows that belong; None: all.
    """

    def __init__(self, x, y, rows=None):
        self.x, self.y, self.rows = x, y, rows
        self._buffer = None

    @classmethod
    def of(cls, network, loss, x, y):
        """Return examples for this network and loss; InputError if x or y do not fit them or each other."""
        x = network.check(x)
        if len(x) == 0:
            raise InputError("there are no examples: x has the shape " + str(x.shape))
        return cls(x, loss.check(y, (len(x), network.outputs)))

    def __len__(self):
        return len(self.x if self.rows is None else self.rows)

    def split(self, share, rng):
        """Return two Examples of the same data: the larger part, and a random share (0 to 1) of the rows."""
        if isinstance(share, bool) or not isinstance(share, (float, np.floating)) or not 0 < share < 1:
            raise InputError(f"validation must be a pair (x, y) or a share such as 0.1, not {share!r}")
        rows = rng.permutation(len(self))
        count = round(share * len(self))
        if not 0 < count < len(self):
            raise InputError(f"a share of {share:g} of {len(self)} examples leaves one of the two parts empty")
        larger, smaller = np.sort(rows[count:]), np.sort(rows[:count])  # sorted: the order of the memory
        return Examples(self.x, self.y, larger), Examples(self.x, self.y, smaller)

    def with_validation(self, validation, rng, network, loss):
        """Return the Examples to train on, and those of `validation`: a pair (x, y), a share to split off, or None."""
        if isinstance(validation, (tuple, list)) and len(validation) == 2:
            return self, Examples.of(network, loss, *validation)
        return (self, None) if validation is None else self.split(validation, rng)

    def batches(self, size, rng=None):
        """Yield (x, y), `size` examples each, the last fewer: shuffled by `rng`, in order if it is None.

        What is yielded is valid until the next batch: they all share one buffer.
        """
        count = len(self)
        if self.rows is None and (rng is None or size >= count):  # the order within a batch plays no part
            for start in range(0, count, size):
                yield self.x[start : start + size], self.y[start : start + size]
            return
        rows = np.arange(count) if self.rows is None else self.rows
        if rng is not None:
            rows = rng.permutation(rows)
        size = min(size, count)
        if self._buffer is None or len(self._buffer) != size:
            self._buffer = np.empty((size, self.x.shape[1]), self.x.dtype)
        for start in range(0, count, size):
            chosen = rows[start : start + size]
            x = self._buffer[: len(chosen)]
            np.take(self.x, chosen, axis=0, out=x, mode="clip")  # "raise" would buffer once more
            yield x, self.y[chosen]


_MEASURED = ("cost", "accuracy", "validation_cost", "validation_accuracy")


@dataclass(repr=False)
class History:
    """How a training went. The lists have one entry per finished epoch; entry 0 belongs to epoch 1.

    cost, accuracy: means over the epoch's batches, each measured just before its step. They belong to weights
        on their way; with one full batch, to the weights before the epoch's only step.
    validation_cost, validation_accuracy: measured after the epoch. Empty without validation data.
        Accuracies are shares from 0 to 1; there are none for regression.
    seconds: how long each epoch took.
    best_epoch: the epoch of the lowest validation cost, counted from 1; None without validation data.
    kept_epoch: the epoch that the network's weights are from, now that the training is over.
    stopped_early, interrupted, diverged: why it ended before its time, if it did: the patience was exhausted,
        the stop button was pressed, the cost was no longer finite.
    snapshots, snapshot_epochs: copies of the parameter vector, and after how many epochs each was made.
    """

    cost: list = field(default_factory=list)
    accuracy: list = field(default_factory=list)
    validation_cost: list = field(default_factory=list)
    validation_accuracy: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    best_epoch: int | None = None
    kept_epoch: int = 0
    stopped_early: bool = False
    interrupted: bool = False
    diverged: bool = False
    snapshot_epochs: list = field(default_factory=list)
    snapshots: list = field(default_factory=list)

    @property
    def epochs(self):
        """The number of finished epochs."""
        return len(self.seconds)

    def record(self, training, validation, seconds):
        """Add an epoch. training, validation: pairs (cost, accuracy), None for what is not there."""
        for name, value in zip(_MEASURED, (*training, *validation), strict=True):
            if value is not None:
                getattr(self, name).append(value)
        cost = self.validation_cost
        if cost and (self.best_epoch is None or cost[-1] < cost[self.best_epoch - 1]):
            self.best_epoch = len(cost)
        self.seconds.append(seconds)  # last: an epoch counts once it is complete
        self.kept_epoch = self.epochs

    def drop_unfinished(self):
        """Forget an epoch that was only half recorded when the stop button was pressed."""
        for name in _MEASURED:
            del getattr(self, name)[self.epochs :]

    def snapshot(self, network):
        """Keep a copy of the network's weights as those after the latest epoch."""
        self.snapshots.append(network.get_weights())
        self.snapshot_epochs.append(self.epochs)

    def numbers(self, epoch):
        """Return what was measured in an epoch, counted from 1: {"cost": …, "accuracy": …, …}."""
        return {name: getattr(self, name)[epoch - 1] for name in _MEASURED if getattr(self, name)}

    def summary(self):
        """Return the line that remains when the training is over: no times, which differ from run to run."""
        kept = self.kept_epoch
        text = f"Epoch {kept} of {self.epochs}: {in_words(self.numbers(kept))}." if kept else "No epoch was finished."
        if self.stopped_early:
            text += " Stopped early."
        if self.interrupted:
            text += " Interrupted: what was learned is kept."
        if self.diverged:
            text += f" In epoch {self.epochs + 1} the cost was no longer finite: try a lower learning rate."
        if kept != self.epochs:
            text += f" The weights are those of epoch {kept}, the best."
        return text

    def __repr__(self):
        return f"<History. {self.summary()}>"


def in_words(numbers):
    """Return numbers by name, such as those of `History.numbers`, as text: "cost 0.12, accuracy 97.31%"."""

    def number(name, value):
        return f"{value:.2%}" if name.endswith("accuracy") else f"{value:.3g}"

    return ", ".join(f"{name.replace('_', ' ')} {number(name, value)}" for name, value in numbers.items())


@in_one_thread()
def train(
    network, x, y, loss, optimiser="adam", epochs=10, batch_size=128, validation=None, patience=None, rng=0,
    callbacks=(), snapshots=0, progress=True,
):  # fmt: skip
    """Train a network in place and return the `History`.

    x, y: the training data, (examples, features), and its targets as the loss takes them. x is not copied,
        unless it has another dtype than the network.
    loss, optimiser: names, or objects such as `BinaryCrossEntropy()` and `Adam(learning_rate=0.01)`.
    batch_size: examples in a batch; the last batch of an epoch may be smaller. None: all, one step per epoch.
    validation: a pair (x, y), or the share of the training data to set aside for it, drawn by `rng`.
    patience: stop after so many epochs in a row without a new lowest validation cost. The weights of the best
        epoch are restored at the end, whatever ended the training.
    rng: a seed or a NumPy Generator. The same seed gives the same batches.
    callbacks: functions that are called with (history, network) after each epoch.
    snapshots: copy the weights into the history at the start, after every so many epochs, and at the end.
    progress: show a bar with cost and accuracy.

    The stop button (KeyboardInterrupt) ends the training and keeps what was learned. Raises InputError for
    data and settings that do not fit, before anything is changed.
    """
    loss, optimiser, rng = loss_of(loss), optimiser_of(optimiser), generator(rng)
    _check(network, loss, validation, epochs=epochs, batch_size=batch_size, patience=patience, snapshots=snapshots)
    training, held_out = Examples.of(network, loss, x, y).with_validation(validation, rng, network, loss)
    history, bar, best = History(), ProgressBar(progress), None
    optimiser.reset(network.parameter_vector)
    if snapshots:
        history.snapshot(network)
    try:
        for epoch in range(1, epochs + 1):
            started = time.perf_counter()
            batches = training.batches(batch_size or len(training), rng)
            watch = _watcher(bar, history, epoch, epochs, training)
            trained = train_epoch(network, loss, optimiser, batches, watch)
            validated = measure(network, loss, held_out) if held_out else (None, None)
            history.diverged = not all(isfinite(cost) for cost in (trained[0], validated[0] or 0))
            if history.diverged:
                break
            history.record(trained, validated, time.perf_counter() - started)
            if history.best_epoch == epoch and patience:
                best = network.get_weights()
            if snapshots and epoch % snapshots == 0:
                history.snapshot(network)
            for callback in callbacks:
                callback(history, network)
            if patience and epoch - history.best_epoch >= patience:
                history.stopped_early = epoch < epochs
                break
    except KeyboardInterrupt:
        history.interrupted = True
        history.drop_unfinished()
    if snapshots and history.snapshot_epochs[-1] != history.epochs:
        history.snapshot(network)
    if best is not None:
        network.set_weights(best)
        history.kept_epoch = history.best_epoch
    bar.finish(history.summary())
    return history


def train_epoch(network, loss, optimiser, batches, watch=None):
    """Train on every batch once; return the mean cost and accuracy, measured while the weights moved.

    batches: pairs (x, y), checked. watch: called with the examples done and the cost and accuracy so far.
    The accuracy is None for regression. The epoch ends at the first cost that is not finite, and returns it.
    """
    done = total = right = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for x, y in batches:
            outputs = network.forward(x, checked=True)
            cost = loss.forward(outputs, y, checked=True)
            if not isfinite(cost):
                return cost, None
            network.backward(loss.backward())
            optimiser.step(network.parameter_vector, network.gradient_vector)
            done += len(x)
            total += cost * len(x)
            right += loss.correct(outputs, y) if loss.classifies else 0
            if watch:
                watch(done, total / done, right / done if loss.classifies else None)
    return total / done, right / done if loss.classifies else None


def measure(network, loss, examples):
    """Return the cost and the accuracy on `Examples`, block by block; the accuracy is None for regression."""
    total = right = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for x, y in examples.batches(1000):
            outputs = network(x, checked=True)
            total += float(np.sum(loss.losses(outputs, y)))
            right += loss.correct(outputs, y) if loss.classifies else 0
    return total / len(examples), right / len(examples) if loss.classifies else None


def _watcher(bar, history, epoch, epochs, examples):
    """Return the function for `train_epoch` that keeps the bar up to date."""

    def watch(done, cost, accuracy):
        if bar.due():
            numbers = history.numbers(epoch - 1) if epoch > 1 else {}  # the validation's are one epoch old
            numbers["cost"] = cost
            if accuracy is not None:
                numbers["accuracy"] = accuracy
            share = (epoch - 1 + done / len(examples)) / epochs
            bar.update(share, f"epoch {epoch} of {epochs}: {in_words(numbers)}")

    return watch


def _check(network, loss, validation, **numbers):
    """InputError unless the network suits the loss and the settings are whole numbers that make sense."""
    if not isinstance(network, Network):
        raise InputError(f"train takes a Network first, not {type(network).__name__}")
    if loss.classifies and isinstance(network.layers[-1], (Softmax, Sigmoid)):
        raise InputError(
            f"{loss.name} takes logits and applies {network.layers[-1].name} itself: use output='identity'"
        )
    for name, number in numbers.items():
        least = 0 if name == "snapshots" else 1
        if number is None and name in ("batch_size", "patience"):
            continue
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < least:
            raise InputError(f"{name} must be a whole number, at least {least}, not {number!r}")
    if numbers["patience"] and validation is None:
        raise InputError("patience needs validation data: validation=0.1, or a pair (x, y)")
