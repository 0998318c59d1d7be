"""A small network learns a curve from noisy points: the mathematics behind `explorers.fit`.

    f(x) = Σ_j W2[j] σ(W1[j] x + b1[j]) + b2        one hidden layer of k logistic units
    cost = mean over the n points of (f(x) − y)²     (assignment key 004.1, d = 1)

The picture in the browser trains by itself (`explorers/fit/fit_training.js`). This is the same in NumPy: what is trained
there can be worked with here, and a test compares the two number by number. Everything is redrawn from the seed, so
a whole run is described by its settings, the number of epochs, and the points that were moved.

All parameters lie in one vector `theta` of 3k + 1 numbers: [W1 (k), b1 (k), W2 (k), b2].
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from helpers.datasets import true_curve
from helpers.errors import InputError
from helpers.networks.optimisers import SGD, Adam, Momentum

OPTIMISERS = ("gradient descent", "momentum 0.9", "Adam")  # SGD, Momentum and Adam of helpers.networks.optimisers
_DIVERGED = 1e12  # a cost above this is not worth going on with


@dataclass(frozen=True)
class Settings:
    """What a run of training is made of.

    k: hidden units; rate: learning rate; optimiser: one of OPTIMISERS, or its index; scale: W1 and b1 start between −scale and
    scale; noise: standard deviation of the points around the curve; n: number of points; seed: of all the draws.
    """

    k: int = 10
    rate: float = 0.01
    optimiser: int = 0
    scale: float = 1.0
    noise: float = 0.05
    n: int = 100
    seed: int = 0

    def __post_init__(self):
        if self.optimiser in OPTIMISERS:
            object.__setattr__(self, "optimiser", OPTIMISERS.index(self.optimiser))
        elif self.optimiser not in range(len(OPTIMISERS)):
            raise InputError(f"the optimiser {self.optimiser!r} is not known: choose from {', '.join(OPTIMISERS)}")


@dataclass(frozen=True)
class Run:
    """theta: the parameters after the last epoch; costs[e]: the cost after e epochs; x, y: the points at the end."""

    theta: np.ndarray
    costs: np.ndarray
    x: np.ndarray
    y: np.ndarray

    @property
    def diverged(self) -> bool:
        """Whether the training ended because the cost became too large."""
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
    """W1, b1, W2 (each of shape (…, k)) and b2 (…), as views of theta (…, 3k + 1)."""
    k = theta.shape[-1] // 3
    return theta[..., :k], theta[..., k : 2 * k], theta[..., 2 * k : 3 * k], theta[..., 3 * k]


def shaped(theta) -> dict:
    """The parameters of one network by name, in the shapes of the notebook: W1 (k, 1), b1 (k,), W2 (1, k), a number b2."""
    W1, b1, W2, b2 = (np.array(part) for part in split(theta))
    return {"W1": W1[:, None], "b1": b1, "W2": W2[None, :], "b2": float(b2)}


def printed(seed: int):
    """What the printed program draws after `np.random.seed(seed)`: points x, y (100,), and its first parameters (`shaped`)."""
    x, y, theta = draws(Settings(seed=seed))
    return x, y, shaped(theta)


def output(theta, x):
    """f at the places x, (…, n)."""
    with np.errstate(over="ignore"):
        return _activations(theta, x)[1]


def _activations(theta, x):
    W1, b1, W2, b2 = split(theta)
    a = W1[..., :, None] * x[..., None, :]  # (…, k, n)
    a += b1[..., :, None]
    # σ(z) in place; where e^(−z) overflows, 1/(1 + ∞) is 0, as it should be.
    np.negative(a, out=a)
    np.exp(a, out=a)
    a += 1
    np.reciprocal(a, out=a)
    return a, (W2[..., None, :] @ a)[..., 0, :] + b2[..., None]


def cost_and_gradient(theta, x, y):
    """The cost, and its gradient as a vector like theta. With more axes in front: many networks side by side."""
    a, f = _activations(theta, x)
    residual = f - y
    upstream = 2 / x.shape[-1] * residual
    slope = a * (1 - a)
    slope *= upstream[..., None, :]
    # Columns x and 1: the bias is the weight of an input that is always 1.
    inputs = np.stack([x, np.ones_like(x)], axis=-1)  # (…, n, 2)
    hidden = split(theta)[2][..., :, None] * (slope @ inputs)  # (…, k, 2)
    gradient = np.concatenate([
        hidden[..., 0], hidden[..., 1], (a @ upstream[..., :, None])[..., 0], upstream.sum(axis=-1, keepdims=True),
    ], axis=-1)  # fmt: skip
    return np.mean(residual**2, axis=-1), gradient


def train(settings: Settings, epochs: int, changes=()) -> Run:
    """Train for so many epochs, all points in one batch, or until the numbers are too large.

    changes: (epoch, i, x, y): after that many epochs point i moved to (x, y).
    """
    x, y, theta = draws(settings)
    waiting = sorted((change for change in changes if change[1] < settings.n), key=lambda change: change[0])

    def move(epoch):
        while waiting and waiting[0][0] <= epoch:
            _, i, x[int(i)], y[int(i)] = waiting.pop(0)

    costs = _descend(settings, epochs, x, y, theta, move)
    return Run(theta, np.array(costs), x, y)


def train_seeds(settings: Settings, epochs: int, seeds) -> Run:
    """The same training for several seeds side by side: theta (seeds, 3k + 1), costs (epochs + 1, seeds), x, y (seeds, n).

    Ends early only if the numbers are too large for every seed.
    """
    x, y, theta = (
        np.stack(parts) for parts in zip(*(draws(replace(settings, seed=seed)) for seed in seeds), strict=True)
    )
    costs = _descend(settings, epochs, x, y, theta)
    return Run(theta, np.array(costs), x, y)


def _descend(settings, epochs, x, y, theta, move=lambda epoch: None) -> list:
    """Change theta in place, epoch by epoch; give the costs after 0, 1, 2, … epochs."""
    optimiser = (SGD, Momentum, Adam)[settings.optimiser](settings.rate)
    optimiser.reset(theta)
    costs = []
    for epoch in range(epochs + 1):
        move(epoch)
        with np.errstate(over="ignore", invalid="ignore"):
            cost, gradient = cost_and_gradient(theta, x, y)
            costs.append(cost)
            if epoch == epochs or not np.any(cost < _DIVERGED):
                break
            optimiser.step(theta, gradient)
    return costs


def numbers(run: Run) -> dict:
    """What can be said of a run: cost, that of the best constant, the noise floor, the distance from the curve.

    first: the cost at the start; constant: the cost of mean(y); floor: the cost of the true curve itself; clean: the mean of (f − true curve)² on
    −1 ≤ x ≤ 1.
    """
    places = np.linspace(-1, 1, 201)
    return {
        "epoch": len(run.costs) - 1,
        "cost": float(run.costs[-1]),
        "first": float(run.costs[0]),
        "constant": float(np.mean((run.y - run.y.mean()) ** 2)),
        "floor": float(np.mean((run.y - true_curve(run.x)) ** 2)),
        "clean": float(np.mean((output(run.theta, places) - true_curve(places)) ** 2)),
        "diverged": int(run.diverged),
    }
