"""Training: the same three lines over and over - forward pass, backward pass, a step.

    network = Network.dense([784, 128, 10], initialiser="he_normal", dtype=np.float32)
    history = train(network, x_train, y_train, "categorical_cross_entropy", validation=0.1, patience=3)

There is no place for test data here, on purpose: whatever decides when to stop is part of the training.
Measure on the test data once, when everything is decided.
"""

import time
from math import isfinite

import numpy as np

from helpers.errors import InputError
from helpers.networks.examples import Examples
from helpers.networks.history import History, in_words
from helpers.networks.initialisers import generator
from helpers.networks.layers import Sigmoid, Softmax
from helpers.networks.losses import loss_of
from helpers.networks.network import Network
from helpers.networks.optimisers import SGD, Adam, Momentum, optimiser_of  # noqa: F401  (to be imported from here)
from helpers.progress_bar import ProgressBar


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
    _check(network, loss, epochs=epochs, batch_size=batch_size, patience=patience, snapshots=snapshots)
    training, held_out = Examples.of(network, loss, x, y), None
    if isinstance(validation, (tuple, list)) and len(validation) == 2:
        held_out = Examples.of(network, loss, *validation)
    elif validation is not None:
        training, held_out = training.split(validation, rng)
    if patience and not held_out:
        raise InputError("patience needs validation data: validation=0.1, or a pair (x, y)")

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


def _check(network, loss, **numbers):
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
