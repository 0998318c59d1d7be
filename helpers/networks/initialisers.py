"""Initial weights: where training starts. Each function draws the weight matrix W of one dense layer.

Take a unit with inputs of mean square q, and independent weights of mean 0 and variance v. Its pre-activation
has mean 0 and variance inputs·v·q. The rules of Glorot and He choose v so that the signal neither grows nor
shrinks from layer to layer: v = 2/(inputs + outputs) as a compromise between the forward and the backward
pass (Glorot and Bengio 2010). Of a pre-activation that is symmetric about 0, ReLU keeps half of the mean
square: inputs·v·q/2 = q gives v = 2/inputs (He et al. 2015).

All functions share one form: shape = (outputs, inputs) is the shape of W, `rng` is a NumPy Generator, the
result is a new float64 array. A uniform distribution on [-limit, limit] has the variance limit²/3.
"""

import numpy as np

from helpers.errors import InputError


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
