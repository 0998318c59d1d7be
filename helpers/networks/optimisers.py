"""Optimisers: what a step downhill looks like, once the gradient is known.

They change one vector of parameters in place, given the vector of its gradients (see helpers/networks/network.py).
What they remember from step to step lies in vectors of the same length; `reset` forgets it.
"""

import math

import numpy as np

from helpers.errors import InputError


class SGD:
    """Stochastic gradient descent: w ← w - η g, with the learning rate η."""

    name = "sgd"

    def __init__(self, learning_rate=0.1):
        self.learning_rate = _within("learning_rate", learning_rate, 0, np.inf)

    def reset(self, parameters):
        """Forget all earlier steps, and prepare for a vector of this length and type."""
        self._scratch = np.empty_like(parameters)

    def step(self, parameters, gradient):
        """Change `parameters` in place, vectors of one length. The gradient is left as it is."""
        np.multiply(gradient, self.learning_rate, out=self._scratch)
        parameters -= self._scratch

    def __repr__(self):
        settings = ", ".join(f"{name}={value:g}" for name, value in vars(self).items() if name[0] != "_")
        return f"{type(self).__name__}({settings})"


class Momentum(SGD):
    """Gradient descent with a memory: v ← μ v + g, w ← w - η v. Steps along a valley add up."""

    name = "momentum"

    def __init__(self, learning_rate=0.01, momentum=0.9):
        super().__init__(learning_rate)
        self.momentum = _within("momentum", momentum, 0, 1)

    def reset(self, parameters):
        """Forget the velocity, too."""
        super().reset(parameters)
        self._velocity = np.zeros_like(parameters)

    def step(self, parameters, gradient):
        """Change `parameters` in place by the velocity, to which the gradient is added."""
        self._velocity *= self.momentum
        self._velocity += gradient
        super().step(parameters, self._velocity)


class Adam(SGD):
    """Adam (Kingma and Ba 2015): every parameter moves by about η, however large or small its gradient is.

    m ← β₁m + (1 - β₁)g and v ← β₂v + (1 - β₂)g² are running means of the gradient and of its square. They
    start at 0; m̂ = m/(1 - β₁ᵗ) and v̂ = v/(1 - β₂ᵗ) correct for that at step t. w ← w - η m̂/(√v̂ + ε).
    """

    name = "adam"

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(learning_rate)
        self.beta1, self.beta2 = _within("beta1", beta1, 0, 1), _within("beta2", beta2, 0, 1)
        self.epsilon = _within("epsilon", epsilon, 0, np.inf)

    def reset(self, parameters):
        """Forget both means, too."""
        super().reset(parameters)
        self._m, self._v, self._t = np.zeros_like(parameters), np.zeros_like(parameters), 0

    def step(self, parameters, gradient):
        """Change `parameters` in place by about the learning rate each, whatever the size of the gradient."""
        # The vectors hold m/(1 - β₁) and v/(1 - β₂): two passes over all parameters fewer. The factors that
        # are missing are the same for all parameters, so they are multiplied out as plain numbers.
        self._t += 1
        mean = (1 - self.beta1) / (1 - self.beta1**self._t)
        root = math.sqrt((1 - self.beta2) / (1 - self.beta2**self._t))
        m, v, step = self._m, self._v, self._scratch
        m *= self.beta1
        m += gradient
        v *= self.beta2
        np.multiply(gradient, gradient, out=step)
        v += step
        np.sqrt(v, out=step)
        step += self.epsilon / root
        np.divide(m, step, out=step)
        step *= self.learning_rate * mean / root
        parameters -= step


OPTIMISERS = {optimiser.name: optimiser for optimiser in (SGD, Momentum, Adam)}


def optimiser_of(optimiser):
    """Return the optimiser of that name with its usual settings, or `optimiser` itself if it is one."""
    if isinstance(optimiser, SGD):
        return optimiser
    if not isinstance(optimiser, str) or optimiser not in OPTIMISERS:
        raise InputError(
            f"optimiser {optimiser!r} is unknown: use {', '.join(OPTIMISERS)}, or Adam(learning_rate=0.01)"
        )
    return OPTIMISERS[optimiser]()


def _within(name, value, low, high):
    """Return value as a float, low ≤ value < high; InputError naming it otherwise."""
    if not isinstance(value, (int, float, np.number)) or not low <= value < high:
        limits = "a number ≥ 0" if high == np.inf else f"a number from {low} to less than {high}"
        raise InputError(f"{name} must be {limits}, not {value!r}")
    return float(value)
