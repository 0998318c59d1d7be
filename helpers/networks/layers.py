"""Layers: pairs of a forward and a backward pass, each small enough to check by hand.

`forward` computes the layer's output and keeps in a cache what `backward` will need. `backward` takes the
upstream gradient, which is the cost's gradient with respect to that output, multiplies it by the layer's
local gradient, and returns the downstream gradient: the cost's gradient with respect to the layer's input.
That product is the chain rule, and a network's backward pass is nothing but these calls from the last layer
to the first.

Shapes: data matrices are (examples, features), one row per example. A gradient has its parameter's shape.

A layer never writes into an array that it was given or that it has returned, so results stay yours. The cache
belongs to the latest `forward`; calling a layer, `layer(x)`, computes the same output and leaves the cache
alone. Real numbers are not the only ones accepted: with complex ones every analytic layer can be checked by
a complex step.
"""

import numpy as np

from helpers import functions
from helpers.errors import InputError


class Dense:
    """A dense layer: Z = X Wᵀ + b, every unit's weighted sum of all inputs plus its bias.

    W: weights, shape (outputs, inputs); row i holds the weights of the connections *into* unit i.
    b: biases, shape (outputs,).
    dW, db: the cost's gradients with respect to W and b, in their shapes, written by `backward`.

    Assigning to `W` or `b` copies the numbers into place: in a network all four are views of its vectors.
    """

    def __init__(self, inputs, outputs, initialiser="glorot_uniform", scale=None, bias=0.0, rng=0, dtype=np.float64):
        for number, what in ((inputs, "inputs"), (outputs, "outputs")):
            if not isinstance(number, (int, np.integer)) or number < 1:
                raise InputError(f"a layer needs a whole number of {what}, at least 1, not {number!r}")
        self.inputs, self.outputs = int(inputs), int(outputs)
        self.size = self.outputs * (self.inputs + 1)
        self.in_network, self._x = False, None
        self.use(np.empty(self.size, dtype), np.empty(self.size, dtype))
        self.W = draw(initialiser, (self.outputs, self.inputs), generator(rng), scale)
        self.b = np.full(self.outputs, bias)

    @classmethod
    def of(cls, W, b, dtype=np.float64):
        """Return the layer with these weights, shape (outputs, inputs), and biases, shape (outputs,)."""
        W = np.asarray(W)
        if W.ndim != 2:
            raise InputError(f"W must have the shape (outputs, inputs), not {W.shape}")
        layer = cls(W.shape[1], W.shape[0], "constant", dtype=dtype)
        layer.W, layer.b = W, b
        return layer

    def use(self, parameters, gradients):
        """Keep the parameters and gradients in these two vectors of length `size`: W row by row, then b."""
        shape, weights = (self.outputs, self.inputs), self.outputs * self.inputs
        self._W, self._b = parameters[:weights].reshape(shape), parameters[weights:]
        self.dW, self.db = gradients[:weights].reshape(shape), gradients[weights:]
        gradients[:] = 0

    @property
    def W(self):
        """The weights, shape (outputs, inputs)."""
        return self._W

    @W.setter
    def W(self, values):
        """Copy the numbers into place."""
        _put(values, self._W, "W")

    @property
    def b(self):
        """The biases, shape (outputs,)."""
        return self._b

    @b.setter
    def b(self, values):
        """Copy the numbers into place."""
        _put(values, self._b, "b")

    def __call__(self, x):
        """Return Z = X Wᵀ + b, shape (examples, outputs), for x of shape (examples, inputs)."""
        if x.ndim != 2 or x.shape[1] != self.inputs:
            raise InputError(f"this layer takes the shape (examples, {self.inputs}), not {x.shape}")
        z = x @ self._W.T
        z += self._b
        return z

    def forward(self, x):
        """Return Z, shape (examples, outputs), and keep x, shape (examples, inputs), for `backward`."""
        z = self(x)
        self._x = x
        return z

    def backward(self, upstream, downstream=True):
        """Write dW and db; return the downstream gradient ∂cost/∂X, shape (examples, inputs).

        upstream: ∂cost/∂Z, shape (examples, outputs). From z_i = Σ_j w_ij x_j + b_i, for each example:
        ∂z_i/∂w_ij = x_j and ∂z_i/∂b_i = 1, both summed over the examples, and ∂z_i/∂x_j = w_ij, summed over
        the units i.
        downstream: False skips the last product and returns None, because nothing lies below the first layer.
        """
        x = _cached(self._x, upstream, (self.outputs,))
        np.matmul(upstream.T, x, out=self.dW)
        np.sum(upstream, axis=0, out=self.db)
        return upstream @ self._W if downstream else None

    def copy(self):
        """Return a layer with the same numbers that belongs to no network."""
        return Dense.of(self._W, self._b, self._W.dtype)

    def __repr__(self):
        return f"Dense({self.inputs}, {self.outputs})"


class Activation:
    """An activation function g, the same for each unit: A = g(Z). The local gradient is g′(Z).

    g′ is taken at the pre-activation z, which the cache keeps, never at the activation a. All arrays have the
    shape of z: (examples, units). Subclasses name g; the functions themselves stand in helpers/functions.py.
    """

    name = None
    _z = None

    def __call__(self, z):
        """Return A = g(Z)."""
        return functions.ACTIVATIONS[self.name][0](z)

    def forward(self, z):
        """Return A = g(Z), and keep z for `backward`."""
        self._z = z
        return self(z)

    def backward(self, upstream):
        """Return the downstream gradient ∂cost/∂Z = ∂cost/∂A ⊙ g′(Z): unit by unit, no sum."""
        return upstream * functions.ACTIVATIONS[self.name][1](_cached(self._z, upstream))

    def copy(self):
        """Return the same activation with an empty cache."""
        return type(self)()

    def __repr__(self):
        return f"{type(self).__name__}()"


class Identity(Activation):
    """a = z, for outputs that may be any number: regression, and logits. g′ = 1."""

    name = "identity"

    def backward(self, upstream):
        """Return the upstream gradient itself."""
        _cached(self._z, upstream)
        return upstream


class ReLU(Activation):
    """The rectified linear unit a = max(z, 0). g′ = 1 for z > 0, otherwise 0 (at z = 0 by convention)."""

    name = "relu"

    def backward(self, upstream):
        """Return the upstream gradient where z > 0 and 0 elsewhere."""
        return upstream * (_cached(self._z, upstream) > 0)  # several times faster than a derivative in floats


class Sigmoid(Activation):
    """The logistic sigmoid a = 1/(1 + e^(-z)), between 0 and 1. g′ = a(1 - a), at most 1/4."""

    name = "sigmoid"


class Tanh(Activation):
    """The hyperbolic tangent a = tanh z, between -1 and 1. g′ = 1 - a², at most 1."""

    name = "tanh"


class Softplus(Activation):
    """a = log(1 + e^z), a smooth ReLU. g′ is the logistic sigmoid."""

    name = "softplus"


class Softmax(Activation):
    """a_i = e^(z_i)/Σ_j e^(z_j): the units share one probability. The only activation that mixes units.

    To train a classifier, leave it out: the loss `CategoricalCrossEntropy` takes the logits z.
    """

    name = "softmax"

    def __call__(self, z):
        """Return A, shape (examples, units), every row positive with sum 1."""
        return functions.softmax(z)

    def backward(self, upstream):
        """Return ∂cost/∂Z, shape (examples, units).

        With u = upstream and ∂a_i/∂z_j = a_i(δ_ij - a_j), it is Σ_i u_i ∂a_i/∂z_j = a_j(u_j - Σ_i u_i a_i).
        """
        a = self(_cached(self._z, upstream))
        return a * (upstream - np.sum(upstream * a, axis=1, keepdims=True))


#: Name of an activation, as in helpers/functions.py -> its layer.
ACTIVATION_LAYERS = {layer.name: layer for layer in (Identity, ReLU, Sigmoid, Tanh, Softplus, Softmax)}


def finite_array(values, what, dtype=np.float64, ndim=None):
    """Return `values` as an array of finite numbers; InputError naming `what` if they are not that.

    dtype: a copy is made only if they have another; None leaves it. Only a complex dtype takes complex numbers.
    ndim: the number of axes that is required; None accepts any.
    """
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        raise InputError(f"the rows of {what} must all have the same length") from None
    allowed = "biuf" if dtype is None or np.dtype(dtype).kind != "c" else "biufc"
    if array.dtype.kind not in allowed:
        hint = ": use .astype(float)" if array.dtype.kind in "US" else ""
        raise InputError(f"{what} must be real numbers, not {array.dtype.name}{hint}")
    if ndim not in (None, array.ndim):
        raise InputError(f"{what} must have {ndim} axes, not {array.ndim}: the shape is {array.shape}")
    with np.errstate(over="ignore", invalid="ignore"):
        array = array if dtype is None else array.astype(dtype, copy=False)
        # The sum is finite if all numbers are and it does not overflow: no second array of that size.
        if not np.isfinite(np.sum(array)) and not np.all(np.isfinite(array)):
            raise InputError(f"{what} must be finite: replace the NaN or infinity")
    return array


def finite_number(value, what):
    """Return `value` as a float; InputError naming `what` if it is not one finite real number."""
    array = finite_array(value, what)
    if array.ndim:
        raise InputError(f"{what} must be one number, not an array of shape {array.shape}")
    return float(array)


def _put(values, target, name):
    """Copy values into the array target; InputError unless they are finite numbers in its shape."""
    values = finite_array(values, name, target.dtype)
    if values.shape != target.shape:
        hint = ": transpose it" if values.ndim == 2 and values.T.shape == target.shape else ""
        raise InputError(f"{name} must have the shape {target.shape}, not {values.shape}{hint}")
    target[...] = values


def _cached(cache, upstream, units=None):
    """Return the cache, once it is sure that upstream has the shape of the output that belongs to it."""
    if cache is None:
        raise InputError("run the forward pass first: the backward pass needs what it remembers")
    expected = cache.shape[:1] + (units or cache.shape[1:])
    if upstream.shape != expected:
        raise InputError(f"the upstream gradient needs the output's shape {expected}, not {upstream.shape}")
    return cache


# ---- initial weights ----
# Where training starts: each function draws the weight matrix W of one dense layer.
#
# Take a unit with inputs of mean square q, and independent weights of mean 0 and variance v. Its pre-activation has mean 0
# and variance inputs·v·q. The rules of Glorot and He choose v so that the signal neither grows nor shrinks from layer to
# layer: v = 2/(inputs + outputs) as a compromise between the forward and the backward pass (Glorot and Bengio 2010). Of a
# pre-activation that is symmetric about 0, ReLU keeps half of the mean square: inputs·v·q/2 = q gives v = 2/inputs (He et
# al. 2015).
#
# All share one form: shape = (outputs, inputs) is the shape of W, `rng` is a NumPy Generator, the result is a new float64
# array. A uniform distribution on [-limit, limit] has the variance limit²/3.


def constant(shape, rng, scale=1.0):
    """Every weight is `scale`. Units that start equal stay equal: notebook 04 shows what that costs."""
    return np.full(shape, float(scale))


def uniform(shape, rng, scale=0.05):
    """Uniform on [-scale, scale], whatever the size of the layer."""
    return rng.uniform(-scale, scale, shape)


def normal(shape, rng, scale=0.05):
    """Normal with mean 0 and standard deviation `scale`, whatever the size of the layer."""
    return scale * rng.standard_normal(shape)


def glorot_uniform(shape, rng, scale=1.0):
    """Uniform with variance scale²·2/(inputs + outputs): the limit is scale·√(6/(inputs + outputs))."""
    return uniform(shape, rng, scale * np.sqrt(6 / sum(shape)))


def glorot_normal(shape, rng, scale=1.0):
    """Normal with variance scale²·2/(inputs + outputs)."""
    return normal(shape, rng, scale * np.sqrt(2 / sum(shape)))


def he_uniform(shape, rng, scale=1.0):
    """Uniform with variance scale²·2/inputs: the limit is scale·√(6/inputs)."""
    return uniform(shape, rng, scale * np.sqrt(6 / shape[1]))


def he_normal(shape, rng, scale=1.0):
    """Normal with variance scale²·2/inputs."""
    return normal(shape, rng, scale * np.sqrt(2 / shape[1]))


INITIALISERS = {
    rule.__name__: rule for rule in (constant, uniform, normal, glorot_uniform, glorot_normal, he_uniform, he_normal)
}


def generator(rng):
    """Return a NumPy Generator: `rng` itself if it is one, otherwise a new one with the seed `rng`."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        raise InputError(f"rng must be a whole number or np.random.default_rng(...), not {rng!r}") from None


def draw(name, shape, rng, scale=None):
    """Return weights of that shape, (outputs, inputs), from the initialiser of that name.

    scale: the initialiser's own default if None. Raises InputError for an unknown name or a bad scale.
    """
    if not isinstance(name, str) or name not in INITIALISERS:
        raise InputError(f"initialiser {name!r} is unknown: use one of {', '.join(INITIALISERS)}")
    if scale is None:
        return INITIALISERS[name](shape, rng)
    if not isinstance(scale, (int, float, np.number)) or not np.isfinite(scale):
        raise InputError(f"scale must be a finite number, not {scale!r}")
    if scale < 0 and name != "constant":
        raise InputError(f"scale must not be negative: {scale:g}")
    return INITIALISERS[name](shape, rng, scale)
