"""A network: layers one after the other, forward to compute, backward to learn.

    network = Network.dense([784, 128, 10], activation="relu", initialiser="he_normal", rng=0)
    loss = CategoricalCrossEntropy()

    cost = loss.forward(network.forward(x), labels)            # forward pass
    network.backward(loss.backward())                          # backward pass: fills the gradients
    network.parameter_vector -= 0.1 * network.gradient_vector  # one step downhill

That is all that training is; helpers/networks/training.py only repeats it. The layers and their initial weights
stand in helpers/networks/layers.py, the losses in helpers/networks/losses.py.

All parameters lie in one vector, and so do all gradients; each layer's W, b, dW and db are views of them. An
optimiser is therefore a few operations in place on two vectors, however many layers there are.
"""

from itertools import pairwise

import numpy as np

from helpers import functions
from helpers.errors import InputError
from helpers.networks.layers import ACTIVATION_LAYERS, Activation, Dense, Sigmoid, Softmax, finite_array, generator


class Network:
    """A feed-forward network.

    layers: Dense and activation layers in the order of the forward pass. They become part of the network.
    inputs, outputs: the numbers of features that go in and come out.
    dtype: of all its numbers: float32 (fast), float64 (accurate), complex128 (for checks by complex step).
    parameters, gradients: lists of arrays [W, b, W, b, …]; a gradient has the shape of its parameter.
    parameter_vector, gradient_vector: the same numbers as one vector each.

    Raises InputError if the layers do not fit together.
    """

    def __init__(self, layers):
        self.layers = tuple(layers)
        dense = [layer for layer in self.layers if isinstance(layer, Dense)]
        if not self.layers or not isinstance(self.layers[0], Dense):
            raise InputError("the first layer of a network must be a Dense layer")
        for before, after in pairwise(dense):
            if before.outputs != after.inputs:
                raise InputError(f"{before} does not fit {after}: its outputs must be the other's inputs")
        types = sorted({layer.W.dtype.name for layer in dense})
        if len(types) > 1:
            raise InputError(f"all layers must have the same dtype, not {' and '.join(types)}")
        if len(set(map(id, dense))) < len(dense) or any(layer.in_network for layer in dense):
            raise InputError("a layer can be in one network only, and only once: use layer.copy()")
        self.inputs, self.outputs, self.dtype = dense[0].inputs, dense[-1].outputs, dense[0].W.dtype
        self._parameters = np.empty(sum(layer.size for layer in dense), self.dtype)
        self._gradients = np.empty_like(self._parameters)
        start = 0
        for layer in dense:
            W, b, end = layer.W, layer.b, start + layer.size
            layer.use(self._parameters[start:end], self._gradients[start:end])
            layer.W, layer.b, layer.in_network = W, b, True
            start = end
        self.parameters = [array for layer in dense for array in (layer.W, layer.b)]
        self.gradients = [array for layer in dense for array in (layer.dW, layer.db)]

    @classmethod
    def dense(
        cls, sizes, activation="relu", output="identity", initialiser="glorot_uniform", scale=None, bias=0.0,
        rng=0, dtype=np.float64,
    ):  # fmt: skip
        """Return a network of dense layers.

        sizes: the number of inputs, then the units of each layer: [784, 128, 10] has one hidden layer of 128.
        activation, output: names of the activations of the hidden layers and of the last one.
        initialiser, scale: see the end of helpers/networks/layers.py. bias: the initial value of every bias.
        rng: a seed or a NumPy Generator. The numbers drawn do not depend on dtype; float32 rounds them.
        """
        sizes = list(sizes) if np.iterable(sizes) and not isinstance(sizes, str) else []
        if len(sizes) < 2:
            raise InputError("sizes must be a list such as [784, 128, 10]: inputs, hidden units, outputs")
        if np.dtype(dtype).kind not in "fc":
            raise InputError(f"dtype must be np.float32 or np.float64, not {np.dtype(dtype).name}")
        rng, layers = generator(rng), []
        for number, (before, after) in enumerate(pairwise(sizes), start=2):
            layers.append(Dense(before, after, initialiser, scale, bias, rng, dtype))
            layers.append(_activation(output if number == len(sizes) else activation))
        return cls(layers)

    @property
    def parameter_vector(self):
        """All weights and biases, one vector; assigning copies the numbers into place."""
        return self._parameters

    @parameter_vector.setter
    def parameter_vector(self, values):
        """Copy the numbers into place, so that `network.parameter_vector -= …` changes the layers too."""
        self.set_weights(values)

    @property
    def gradient_vector(self):
        """The gradients of all weights and biases, one vector."""
        return self._gradients

    # ------------------------------------------------------------------------------ forward and backward

    def __call__(self, x, checked=False):
        """Return the outputs, (examples, outputs), for x (examples, inputs). Leaves the caches alone."""
        if not checked:
            x = self.check(x)
        for layer in self.layers:
            x = layer(x)
        return x

    def forward(self, x, checked=False):
        """Return the outputs, (examples, outputs), for x (examples, inputs); the layers fill their caches.

        x itself is remembered, not copied: do not change it before the backward pass.
        checked: True if x came from `check` already, as in a training loop.
        """
        if not checked:
            x = self.check(x)
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream, downstream=False):
        """Fill all gradients with those of the cost. upstream: ∂cost/∂outputs, shape (examples, outputs).

        Belongs to the latest `forward`. The gradients are overwritten, not added up.
        downstream: True returns ∂cost/∂x as well, (examples, inputs); that costs one more matrix product.
        """
        upstream = np.asarray(upstream, self.dtype)
        for layer in self.layers[:0:-1]:
            upstream = layer.backward(upstream)
        return self.layers[0].backward(upstream, downstream)

    def check(self, x):
        """Return x, (examples, inputs), as an array of this network's dtype: a copy only if it has another.

        Raises InputError for other shapes, for NaN and infinity, and for what is no number.
        """
        x = finite_array(x, "x", self.dtype)
        if x.ndim != 2 or x.shape[1] != self.inputs:
            hint = ""
            if x.shape == (self.inputs,):
                hint = ": one example is x[np.newaxis, :]"
            elif self.inputs == 1 and x.ndim == 1:
                hint = ": one feature is x[:, np.newaxis]"
            elif x.ndim == 2 and x.shape[0] == self.inputs:
                hint = ": transpose it"
            raise InputError(f"x must have the shape (examples, {self.inputs}), not {x.shape}{hint}")
        return x

    # ------------------------------------------------------------------------------------------- answers

    def predict(self, x, block=1000):
        """Return the outputs, (examples, outputs), computed block by block: little memory for much data."""
        x, outputs = self.check(x), np.empty((len(x), self.outputs), self.dtype)
        for start in range(0, len(x), block):
            outputs[start : start + block] = self(x[start : start + block], checked=True)
        return outputs

    def probabilities(self, x):
        """Return the probability of each class, (examples, outputs); with one output that of the answer 1.

        Outputs that are not probabilities already are taken for logits: softmax of several, logistic of one.
        """
        outputs = self.predict(x)
        if isinstance(self.layers[-1], (Softmax, Sigmoid)):
            return outputs
        return functions.softmax(outputs) if self.outputs > 1 else functions.sigmoid(outputs)

    def classify(self, x):
        """Return the most probable class of each example, shape (examples,); with one output 0 or 1."""
        probabilities = self.probabilities(x)
        if self.outputs > 1:
            return np.argmax(probabilities, axis=1)
        return (probabilities[:, 0] > 0.5).astype(np.intp)

    # ------------------------------------------------------------------------------------------- weights

    def get_weights(self):
        """Return a copy of all weights and biases, one vector."""
        return self._parameters.copy()

    def set_weights(self, vector):
        """Put back what `get_weights` returned."""
        vector = np.asarray(vector)
        if vector.shape != self._parameters.shape:
            raise InputError(f"weights must have the shape {self._parameters.shape}, not {vector.shape}")
        self._parameters[:] = vector

    def copy(self):
        """Return an independent network with the same layers and weights."""
        return Network(layer.copy() for layer in self.layers)

    def __reduce__(self):  # for pickle and copy.deepcopy, which would tear the views from the vectors
        return Network, (tuple(layer.copy() for layer in self.layers),)

    def __repr__(self):
        sizes = [self.inputs] + [layer.outputs for layer in self.layers if isinstance(layer, Dense)]
        names = [layer.name for layer in self.layers if isinstance(layer, Activation)]
        shape = f"{'-'.join(map(str, sizes))} ({', '.join(names)})"
        return f"Network {shape}, {self._parameters.size} parameters, {self.dtype.name}"


def _activation(name):
    """Return the activation layer of that name."""
    if not isinstance(name, str) or name not in ACTIVATION_LAYERS:
        raise InputError(f"activation {name!r} is unknown: use one of {', '.join(ACTIVATION_LAYERS)}")
    return ACTIVATION_LAYERS[name]()
