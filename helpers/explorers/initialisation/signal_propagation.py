"""What a deep network does to its signals before any training: activations on the way up, gradients on the
way back.

A network of layers of 100 units without biases, its weights normal with mean 0 and standard deviation
scale/√100. The 40 examples are normal too, with mean 0 and variance 1 in each of 100 features, and so is the
gradient of the cost with respect to the activations of the last layer. `signal_propagation.js` computes the same
from the same random numbers.

For a layer of as many outputs as inputs, the variance of Glorot and Bengio (2010), 2/(inputs + outputs), is
that of scale 1; that of He and others (2015), 2/inputs, is that of scale √2.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from helpers import functions

UNITS, EXAMPLES = 100, 40
GLOROT, HE = 1.0, 2**0.5

#: Name for a reader -> (name in `functions`, ends of the histogram of its activations).
ACTIVATIONS = {
    "ReLU": ("relu", (0.0, 4.0)),
    "tanh": ("tanh", (-1.0, 1.0)),
    "logistic": ("sigmoid", (0.0, 1.0)),
}
GRADIENTS = (-3.0, 3.0)  # ends of the histograms of the gradients
BINS = 25
_FLAT = 0.05  # of its largest slope: an activation function that is flatter than this is saturated


class Signals(NamedTuple):
    """activations, gradients: one array (examples, units) for each layer, from the first to the last.

    A gradient is that of the cost with respect to the layer's pre-activations z. saturated: the share of all
    units and examples at which the activation function is nearly flat: below 1/20 of its largest slope. It is
    0 for ReLU, which does not saturate.
    """

    activations: list
    gradients: list
    saturated: float


@cache
def random_normals(stream: int, count: int) -> np.ndarray:
    """`count` standard normal numbers that Python and the browser draw alike; each stream has its own.

    Uniform numbers come from T. Ettinger's generator mulberry32, whose state is a counter; Box and Muller's
    method (1958) makes them normal.
    """
    start = (stream + 1) * 0x9E3779B9 % 2**32
    with np.errstate(over="ignore"):
        state = np.uint32(start) + np.arange(1, 2 * count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (state ^ (state >> 15)) * (state | np.uint32(1))
        t ^= t + (t ^ (t >> 7)) * (t | np.uint32(61))
    uniform = (t ^ (t >> 14)) / 2**32
    return np.sqrt(-2 * np.log(1 - uniform[::2])) * np.cos(2 * np.pi * uniform[1::2])


def signals(activation: str, depth: int, scale: float) -> Signals:
    """The signals in a network of `depth` layers. activation: "ReLU", "tanh" or "logistic"."""
    function, slope = functions.ACTIVATIONS[ACTIVATIONS[activation][0]]
    a, layers = random_normals(1, EXAMPLES * UNITS).reshape(EXAMPLES, UNITS), []
    for layer in range(depth):
        W = scale / np.sqrt(UNITS) * random_normals(2 + layer, UNITS * UNITS).reshape(UNITS, UNITS)
        z = a @ W.T
        a = function(z)
        layers.append((W, z, a))
    flattest = _FLAT * slope(np.zeros(1))[0]  # the slope at 0 is the largest; that of ReLU is 0 there, by convention
    upstream, gradients, flat = random_normals(0, EXAMPLES * UNITS).reshape(EXAMPLES, UNITS), [], []
    for W, z, _ in reversed(layers):
        local = slope(z)
        flat.append(np.mean(local < flattest))
        gradients.append(upstream * local)
        upstream = gradients[-1] @ W
    return Signals([a for _, _, a in layers], gradients[::-1], float(np.mean(flat)))


def size(values: np.ndarray) -> float:
    """The root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def histogram(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """The share of the values in each of BINS equal parts, (BINS,); what lies outside is in the outermost."""
    places = np.clip(np.floor((values - low) * (BINS / (high - low))), 0, BINS - 1).astype(int)
    return np.bincount(places.ravel(), minlength=BINS) / values.size
