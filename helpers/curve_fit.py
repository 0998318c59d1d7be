"""A small network learns a curve from noisy points: the mathematics behind `explorers.fit`.

    f(x) = Σ_j W2[j] σ(W1[j] x + b1[j]) + b2        one hidden layer of k logistic units
    cost = mean over the n points of (f(x) − y)²     (assignment key 004.1, d = 1)

The picture in the browser trains by itself (`explorers/front/fit.js`). This is the same in NumPy: what is trained
there can be worked with here, and a test compares the two number by number. Everything is redrawn from the seed, so
a whole run is described by its settings, the number of epochs, and the points that were moved.

All parameters lie in one vector `theta` of 3k + 1 numbers: [W1 (k), b1 (k), W2 (k), b2].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.datasets import true_curve
from helpers.functions import sigmoid

OPTIMISERS = ("gradient descent", "momentum 0.9", "Adam")
_INERTIA, _MEAN, _SQUARE, _TINY = 0.9, 0.9, 0.999, 1e-8  # of momentum, and β₁, β₂ and ε of Adam (Kingma and Ba 2015)
_DIVERGED = 1e12  # a cost above this is not worth going on with


@dataclass(frozen=True)
class Settings:
    """What a run of training is made of.

    k: hidden units; rate: learning rate; optimiser: an index of OPTIMISERS; scale: W1 and b1 start between −scale and
    scale; noise: standard deviation of the points around the curve; n: number of points; seed: of all the draws.
    """

    k: int = 10
    rate: float = 0.01
    optimiser: int = 0
    scale: float = 1.0
    noise: float = 0.05
    n: int = 100
    seed: int = 0


@dataclass(frozen=True)
class Run:
    """theta: the parameters after the last epoch; costs[e]: the cost after e epochs; x, y: the points at the end."""

    theta: np.ndarray
    costs: np.ndarray
    x: np.ndarray
    y: np.ndarray

    @property
    def diverged(self) -> bool:
        return not self.costs[-1] < _DIVERGED


def draws(settings: Settings):
    """Points x, y of shape (n,) and first parameters theta (3k + 1,), in the order of the printed program.

    With the usual settings these are the draws of `np.random.seed(seed)` there: x, the noise, W1, W2, b1, b2.
    """
    random = np.random.RandomState(settings.seed)
    x = random.uniform(-1, 1, settings.n)
    y = true_curve(x) + settings.noise * random.normal(size=settings.n)
    W1, W2, b1, b2 = (random.uniform(-1, 1, size) for size in (settings.k, settings.k, settings.k, 1))
    return x, y, np.concatenate([settings.scale * W1, settings.scale * b1, W2, b2])


def split(theta):
    """W1, b1, W2 (each of shape (k,)) and the number b2, as views of theta."""
    k = len(theta) // 3
    return theta[:k], theta[k : 2 * k], theta[2 * k : 3 * k], theta[3 * k]


def output(theta, x):
    """f at the places x (n,)."""
    W1, b1, W2, b2 = split(theta)
    return W2 @ sigmoid(np.outer(W1, x) + b1[:, None]) + b2


def cost_and_gradient(theta, x, y):
    """The cost, and its gradient as a vector like theta."""
    W1, b1, W2, b2 = split(theta)
    a = sigmoid(np.outer(W1, x) + b1[:, None])
    residual = W2 @ a + b2 - y
    upstream = 2 / len(x) * residual
    delta = W2[:, None] * a * (1 - a) * upstream
    gradient = np.concatenate([delta @ x, delta.sum(axis=1), a @ upstream, [upstream.sum()]])
    return residual @ residual / len(x), gradient


def train(settings: Settings, epochs: int, changes=()) -> Run:
    """Train for so many epochs, all points in one batch, or until the numbers are too large.

    changes: (epoch, i, x, y): after that many epochs point i moved to (x, y).
    """
    x, y, theta = draws(settings)
    changes = sorted((change for change in changes if change[1] < settings.n), key=lambda change: change[0])
    waiting = list(changes)
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    costs = []
    for epoch in range(epochs + 1):
        while waiting and waiting[0][0] <= epoch:
            _, i, x[int(i)], y[int(i)] = waiting.pop(0)
        with np.errstate(over="ignore", invalid="ignore"):
            cost, gradient = cost_and_gradient(theta, x, y)
        costs.append(cost)
        if epoch == epochs or not cost < _DIVERGED:
            break
        if settings.optimiser == 0:
            theta -= settings.rate * gradient
        elif settings.optimiser == 1:
            first = _INERTIA * first + gradient
            theta -= settings.rate * first
        else:
            first = _MEAN * first + (1 - _MEAN) * gradient
            second = _SQUARE * second + (1 - _SQUARE) * gradient**2
            corrected = first / (1 - _MEAN ** (epoch + 1)), second / (1 - _SQUARE ** (epoch + 1))
            theta -= settings.rate * corrected[0] / (np.sqrt(corrected[1]) + _TINY)
    return Run(theta, np.array(costs), x, y)


def numbers(run: Run) -> dict:
    """What can be said of a run: cost, that of the best constant, the noise floor, the distance from the curve.

    constant: the cost of mean(y); floor: the cost of the true curve itself; clean: the mean of (f − true curve)² on
    −1 ≤ x ≤ 1.
    """
    places = np.linspace(-1, 1, 201)
    return {
        "epoch": len(run.costs) - 1,
        "cost": float(run.costs[-1]),
        "constant": float(np.mean((run.y - run.y.mean()) ** 2)),
        "floor": float(np.mean((run.y - true_curve(run.x)) ** 2)),
        "clean": float(np.mean((output(run.theta, places) - true_curve(places)) ** 2)),
        "diverged": int(run.diverged),
    }
