"""What a classifier makes of its inputs: probabilities, and which inputs speak for and against a class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from helpers import functions
from helpers.errors import InputError
from helpers.networks.layers import Activation, Dense, Identity, Sigmoid, Softmax
from helpers.networks.network import Network


class Classifier:
    """The dense layers of a network, up to the logits z: the pre-activations of its last layer.

    network: a `Network`, or the arrays of one, [W1, b1, W2, b2, …], with ReLU between its layers;
    forward: with arrays, a function (x, W1, b1, W2, b2, …) -> logits of one's own, which then computes what Python is
    asked for; its logits must be those of the layers, which is what a browser computes.

    layers: (W, b, name of the activation) each, W of shape (units, inputs); the last activation is
    "identity". One logit is that of the second of two classes.
    Raises InputError for what is no network of dense layers with elementwise activations that ends in logits
    or probabilities.
    """

    def __init__(self, network: Network | Sequence[np.ndarray], forward: Callable | None = None):
        self._forward = None
        self.layers = _layers_of(network) if isinstance(network, Network) else _layers_of_arrays(network)
        self.inputs, self.outputs = self.layers[0][0].shape[1], len(self.layers[-1][1])
        self.classes = max(2, self.outputs)
        if forward is not None:
            if isinstance(network, Network):
                raise InputError("forward belongs to the arrays of a network: hand in [W1, b1, W2, b2] with it")
            arrays = [np.array(each) for each in network]  # copies: the picture stays what it is
            self._forward = lambda x: np.asarray(forward(np.asarray(x, np.result_type(*arrays)), *arrays))
            self._compare()

    def _compare(self):
        """InputError unless the own forward pass gives the logits of the layers."""
        x = np.random.default_rng(0).random((8, self.inputs))
        own, ours = self._forward(x), self._of_layers(x)
        if own.shape != ours.shape:
            raise InputError(f"forward must return logits of the shape (examples, {self.outputs}), not {own.shape}")
        if not np.allclose(own, ours, rtol=1e-3, atol=1e-3 * np.abs(ours).max()):
            raise InputError(
                "forward gives other logits than these layers with ReLU between them, which is what the picture computes"
            )

    @property
    def exact(self) -> bool:
        """Whether the network is piecewise linear, so that contributions add up exactly."""
        return all(name in ("identity", "relu") for _, _, name in self.layers)

    def logits(self, x: np.ndarray) -> np.ndarray:
        """The logits, (examples, outputs), of x (examples, inputs)."""
        return self._forward(x) if self._forward else self._of_layers(x)

    def _of_layers(self, x):
        for W, b, name in self.layers:
            x = functions.ACTIVATIONS[name][0](x @ W.T + b)
        return x

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """The probability of each class, (examples, classes), for x (examples, inputs)."""
        z = self.logits(x)
        return functions.softmax(np.hstack([np.zeros_like(z), z]) if self.outputs == 1 else z)

    def against_others(self, chosen: int) -> np.ndarray:
        """The coefficients c, (outputs,), of the lead c·z of a class.

        It is the logit of the class minus the mean of the logits of all others; for two classes, the
        logarithm of the odds. A common shift of all logits, which changes no probability, does not change it.
        """
        if self.outputs == 1:
            return np.array([1.0 if chosen == 1 else -1.0])
        coefficients = np.full(self.outputs, -1 / (self.outputs - 1))
        coefficients[chosen] = 1
        return coefficients

    def lead(self, x: np.ndarray, chosen: int) -> tuple[float, np.ndarray]:
        """The lead of a class for one example x (inputs,), and its gradient with respect to x, (inputs,)."""
        kept = []
        for W, b, name in self.layers:
            z = W @ x + b
            kept.append(z)
            x = functions.ACTIVATIONS[name][0](z)
        upstream = coefficients = self.against_others(chosen)
        for (W, _, name), z in zip(self.layers[::-1], kept[::-1], strict=True):
            upstream = (upstream * functions.ACTIVATIONS[name][1](z)) @ W
        return float(coefficients @ kept[-1]), upstream


def _layers_of(network: Network) -> list[tuple]:
    """The layers of a `Network`; InputError for one that this picture does not know."""
    layers: list[list] = []
    for layer in network.layers:
        if isinstance(layer, Dense):
            layers.append([np.array(layer.W, float), np.array(layer.b, float), "identity"])
        elif isinstance(layer, Activation) and layers[-1][2] == "identity":
            layers[-1][2] = layer.name
        else:
            raise InputError(f"this picture knows dense layers with one activation each, not {layer!r}")
    last = network.layers[-1]
    if isinstance(last, (Softmax, Sigmoid)):
        layers[-1][2] = "identity"
    elif not isinstance(last, (Dense, Identity)):
        raise InputError(f"the network must end in logits or probabilities, not in {last!r}")
    if any(name not in functions.ACTIVATIONS for _, _, name in layers):
        raise InputError("softmax belongs at the end of the network only")
    return [tuple(layer) for layer in layers]


def _layers_of_arrays(network) -> list[tuple]:
    """The layers of [W1, b1, W2, b2, …], with ReLU between them; InputError for anything else."""
    wanted = "hand in a trained network: a helpers.networks.network.Network, or its arrays [W1, b1, W2, b2]"
    if not isinstance(network, (list, tuple)) or not network or len(network) % 2:
        raise InputError(f"{wanted}, not {type(network).__name__}")
    arrays = [np.array(each, float) for each in network]
    if not all(np.all(np.isfinite(each)) for each in arrays):
        raise InputError("a weight is infinite or NaN: the training diverged. Train with a lower learning rate")
    weights, biases = arrays[::2], arrays[1::2]
    for W, b in zip(weights, biases, strict=True):
        if W.ndim != 2 or b.shape != W.shape[:1]:
            raise InputError(
                f"{wanted}; a W needs the shape (units, inputs) and its b (units,), not {W.shape}, {b.shape}"
            )
    for before, after in pairwise(weights):
        if after.shape[1] != before.shape[0]:
            raise InputError(f"{wanted}; {before.shape[0]} units do not fit a W of the shape {after.shape}")
    names = ["relu"] * (len(weights) - 1) + ["identity"]
    return list(zip(weights, biases, names, strict=True))


def class_numbers(classes, count: int) -> list[int]:
    """The whole numbers that `count` classes stand for, 0, 1, … if None. Raises InputError for others."""
    numbers = list(range(count)) if classes is None else np.ravel(classes).tolist()
    if len(numbers) != count:
        raise InputError(f"the network has {count} classes: give as many digits in classes=, not {numbers}")
    if len(set(numbers)) < count or not all(type(number) is int for number in numbers):
        raise InputError(f"classes= must be different whole numbers, such as (5, 6), not {numbers}")
    return numbers
