"""Activation functions and their derivatives, accurate for every input that a float can hold.

Written as in a textbook, `1/(1 + exp(-z))` overflows at z = -1000 and its derivative `s*(1 - s)` is exactly
zero at z = 40, where the true value is 4e-18. The functions here are the same functions, arranged so that the
exponential is only ever taken of a number with real part <= 0, and so that nothing close to 1 is subtracted
from 1. They are accurate to a few units in the last place, in the tails too.

All of them work element by element (the softmax family: along one axis) and share these rules:

- Input: a number, a list, or an array of any shape. Integers and booleans are computed in float64; float32
  stays float32. Anything that is not a number is a TypeError.
- Output: the shape of the input; a plain number gives a NumPy scalar. NaN in gives NaN out, without a
  warning.
- Complex input is accepted where the function is analytic (all but `relu`, `logit` and their like), because
  complex-step differentiation, f'(x) = Im f(x + ih)/h, is how derivatives are checked in this course.
- A derivative is always taken at the *pre-activation* z, never at the activation a.
"""

import math

import numpy as np


def _floating(z):
    """Return z as an array of a floating or complex type."""
    z = np.asarray(z)
    if z.dtype.kind in "fc":
        return z
    if z.dtype.kind not in "biuO":
        raise TypeError(f"expected a number or an array of numbers, not {z.dtype.name}")
    try:
        if z.dtype.kind == "O":  # one by one, because NumPy's own conversion turns None into NaN
            return np.reshape([float(entry) for entry in z.flat], z.shape)
        return z.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise TypeError("expected numbers; one of the entries is not a number") from None


def _decay(z):
    """Return exp(-|z|) for real z; for complex z, whichever of exp(z) and exp(-z) does not grow."""
    return np.exp(np.where(z.real >= 0, -z, z))


# Underflow is not an error here: exp(-1000) is 0 to every digit that a float has. Hence the decorators, which
# keep a caller's np.errstate(all="raise") from turning a correct 0 into an exception.


def identity(z):
    """Return z itself, the activation of a unit that only sums."""
    return _floating(z)[()]


def identity_derivative(z):
    """Return 1 for every element of z."""
    return np.ones_like(_floating(z))[()]


@np.errstate(under="ignore")
def sigmoid(z):
    """Return the logistic sigmoid σ(z) = 1/(1 + e^(-z)), between 0 and 1.

    For z < 0 it is computed as e^z/(1 + e^z), which is the same number without the overflow
    (σ(-100) = 3.72007597602084e-44).
    """
    z = _floating(z)
    decay = _decay(z)
    return (np.where(z.real >= 0, 1, decay) / (1 + decay))[()]


@np.errstate(under="ignore")
def sigmoid_derivative(z):
    """Return σ'(z) = σ(z)(1 - σ(z)) = e^(-z)/(1 + e^(-z))², an even function with maximum 1/4 at z = 0.

    The last form has no subtraction, so that nothing is lost where σ is close to 1 (assignment key 002.3.1).
    """
    decay = _decay(_floating(z))
    return (decay / (1 + decay) ** 2)[()]


@np.errstate(under="ignore")
def tanh(z):
    """Return the hyperbolic tangent tanh(z) = 2σ(2z) - 1, between -1 and 1."""
    return np.tanh(_floating(z))


@np.errstate(under="ignore")
def tanh_derivative(z):
    """Return tanh'(z) = 1 - tanh²(z) = 1/cosh²(z), with maximum 1 at z = 0 (assignment key 004.3).

    Computed as (2e^(-|z|)/(1 + e^(-2|z|)))², because 1 - tanh² is exactly 0 from z = 19 on.
    """
    decay = _decay(_floating(z))
    return ((2 * decay / (1 + decay * decay)) ** 2)[()]


@np.errstate(under="ignore")
def softplus(z):
    """Return softplus(z) = log(1 + e^z), the smooth relative of ReLU.

    Computed as max(z, 0) + log(1 + e^(-|z|)), a sum of two numbers that are never negative.
    """
    z = _floating(z)
    return (np.where(z.real > 0, z, 0) + np.log1p(_decay(z)))[()]


def softplus_derivative(z):
    """Return softplus'(z), which is the logistic sigmoid σ(z)."""
    return sigmoid(z)


def relu(z):
    """Return the rectified linear unit max(z, 0). Real input only."""
    z = _floating(z)
    if z.dtype.kind == "c":
        raise TypeError("relu is not analytic: it takes real numbers only")
    return np.maximum(z, 0)


def relu_derivative(z):
    """Return ReLU'(z) at the pre-activation z: 1 for z > 0 and 0 for z <= 0.

    At z = 0 the derivative does not exist; 0 is the value that every large framework uses there.
    """
    z = _floating(z)
    if z.dtype.kind == "c":
        raise TypeError("relu_derivative takes real numbers only")
    return np.heaviside(z, z.dtype.type(0))


def _below_maximum(z, axis):
    """Return z minus its largest real part along the axis: the same softmax, and nothing overflows."""
    return z - np.max(z.real, axis=axis, keepdims=True)


@np.errstate(under="ignore", invalid="ignore")
def softmax(z, axis=-1):
    """Return softmax(z)_i = e^(z_i)/Σ_j e^(z_j) along `axis`: positive numbers that sum to 1.

    z has any shape, for example (examples, classes); the result has the same. An entry -inf gets
    probability 0; an entry +inf gives NaN.
    """
    exponentials = np.exp(_below_maximum(_floating(z), axis))
    return exponentials / np.sum(exponentials, axis=axis, keepdims=True)


@np.errstate(under="ignore", invalid="ignore")
def log_softmax(z, axis=-1):
    """Return log(softmax(z)) along `axis`, finite even where the softmax itself is too small for a float.

    The largest entry contributes e^0 = 1 to the sum. That 1 is left out of the sum and put back by log1p, so
    that the logarithm of a probability close to 1 keeps its digits too.
    """
    below = _below_maximum(_floating(z), axis)
    if below.ndim == 0:
        return below - below
    others = np.exp(below)
    largest = np.expand_dims(np.argmax(below.real, axis=axis), axis)
    np.put_along_axis(others, largest, np.expm1(np.take_along_axis(below, largest, axis)), axis)
    return below - np.log1p(np.sum(others, axis=axis, keepdims=True))


def logit(p):
    """Return logit(p) = log(p/(1 - p)), the inverse of the logistic sigmoid: σ(logit(p)) = p.

    Raises ValueError unless every p lies strictly between 0 and 1.
    """
    p = _floating(p)
    if p.dtype.kind == "c":
        raise TypeError("logit takes real numbers only")
    if not np.all((p > 0) & (p < 1)):
        raise ValueError("logit is defined only for numbers strictly between 0 and 1")
    # Near p = 1/2 the two logarithms nearly cancel; there log(p/(1 - p)) = 2 artanh(2p - 1) keeps every
    # digit, since 2p - 1 is then exact in floating point.
    middle = 2 * np.arctanh(np.clip(2 * p - 1, -0.5, 0.5))
    with np.errstate(under="ignore"):  # log1p of the smallest numbers, which NumPy 2.1 calls an underflow
        return np.where(np.abs(p - 0.5) < 0.25, middle, np.log(p) - np.log1p(-p))[()]


def erf(x):
    """Return the error function 2/√π ∫₀ˣ e^(-t²) dt; GELU(z) = z (1 + erf(z/√2))/2. Real input only."""
    return np.vectorize(math.erf, otypes=[float])(x)[()]


#: Name of an activation -> (the function, its derivative at the pre-activation).
ACTIVATIONS = {
    "identity": (identity, identity_derivative),
    "sigmoid": (sigmoid, sigmoid_derivative),
    "tanh": (tanh, tanh_derivative),
    "softplus": (softplus, softplus_derivative),
    "relu": (relu, relu_derivative),
}
