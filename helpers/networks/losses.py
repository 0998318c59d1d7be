"""Losses: how wrong the outputs of a network are, and in which direction each should move.

The loss belongs to one example; the cost is its mean over the examples. Like a layer, a loss is a pair:
`forward` returns the cost, `backward` the cost's gradient with respect to the outputs, which starts the
backward pass.

The two cross-entropies take *logits*, the pre-activations of the last layer, and contain the logistic
sigmoid or the softmax themselves. So nothing overflows and no logarithm of 0 is taken, at logits of ±1000
either, and the gradient becomes as simple as that of a squared error: probability - target.

Shapes: outputs (examples, units), one row per example; the targets are described with each loss.
"""

import numpy as np

from helpers import functions
from helpers.errors import InputError
from helpers.networks.layers import finite_array


class Loss:
    """What all losses share. Subclasses say what one example costs and how that changes with its outputs."""

    name = None
    classifies = False

    def forward(self, outputs, targets, checked=False):
        """Return the cost, one number: the mean of the examples' losses. Keeps what `backward` needs.

        checked: True if the targets came from `check` already, as in a training loop.
        Raises InputError for targets that do not fit the outputs.
        """
        if not checked:
            targets = self.check(targets, outputs)
        return self.losses(outputs, targets).mean().item()

    def losses(self, outputs, targets):
        """Return the loss of each example, shape (examples,). The targets must come from `check`."""
        raise NotImplementedError

    def backward(self):
        """Return ∂cost/∂outputs at the latest `forward`, shape (examples, units)."""
        raise NotImplementedError

    def check(self, targets, outputs):
        """Return targets in the form that the other methods take; InputError if they do not fit.

        outputs: an array of outputs, or only its shape (examples, units).
        """
        shape = getattr(outputs, "shape", outputs)
        targets = finite_array(targets, "targets", None)
        if targets.shape == shape[:1] and shape[1] == 1:
            targets = targets[:, np.newaxis]  # (examples,) against (examples, 1) would broadcast to a square
        if targets.shape != shape:
            raise InputError(f"targets of the shape {targets.shape} do not fit outputs of the shape {shape}")
        return targets


class SquaredError(Loss):
    """The loss of an example is Σ (y - ŷ)² over its outputs ŷ.

    Targets y have the outputs' shape (examples, units); for one unit (examples,) will do.
    """

    name = "squared_error"
    factor = 1.0

    def losses(self, outputs, targets):
        """Return Σ (y - ŷ)² of each example, shape (examples,); targets have the shape of the outputs."""
        self._residual = outputs - targets.astype(outputs.dtype, copy=False)
        return self.factor * np.sum(self._residual * self._residual, axis=1)

    def backward(self):
        """Return 2(ŷ - y)/examples, shape (examples, units); half of it for the half squared error."""
        return self._residual * (2 * self.factor / len(self._residual))


class HalfSquaredError(SquaredError):
    """½ Σ (y - ŷ)²: the ½ cancels the 2 of the derivative, which becomes ŷ - y."""

    name = "half_squared_error"
    factor = 0.5


class BinaryCrossEntropy(Loss):
    """-y log p - (1 - y) log(1 - p) with p = σ(z), for a yes-or-no question; targets y are 0 or 1.

    z is the logit of the answer "1". In z the loss is softplus(z) - y z, and its derivative is p - y. With
    several units every unit answers a question of its own, and the losses are added.
    """

    name = "binary_cross_entropy"
    classifies = True

    def losses(self, outputs, targets):
        """Return softplus(z) - y z of each example, shape (examples,), summed over its units."""
        targets = targets.astype(outputs.dtype, copy=False)
        self._logits, self._targets = outputs, targets
        return np.sum(functions.softplus(outputs) - targets * outputs, axis=1)

    def backward(self):
        """Return (σ(z) - y)/examples, shape (examples, units)."""
        slope = functions.sigmoid(self._logits) - self._targets
        slope /= len(slope)
        return slope

    def check(self, targets, outputs):
        """Return targets as an array of 0 and 1 in the shape of the outputs; InputError for anything else."""
        targets = super().check(targets, outputs)
        if not np.all((targets == 0) | (targets == 1)):
            raise InputError(f"labels must be 0 or 1, not {_some(targets)}: remap them, as y = labels == 6")
        return targets

    def correct(self, outputs, targets):
        """Return how many examples are on the right side of p = ½, which is z = 0."""
        return int(np.count_nonzero(np.all((outputs > 0) == (targets == 1), axis=1)))


class CategoricalCrossEntropy(Loss):
    """-log p_y, with p = softmax(z) and y the right class; targets are class numbers 0, 1, … or one-hot rows.

    In the logits z the loss is log Σ_j e^(z_j) - z_y, and its gradient is p minus the one-hot row of y.
    """

    name = "categorical_cross_entropy"
    classifies = True

    def losses(self, outputs, targets):
        """Return -log p_y of each example, shape (examples,)."""
        # The largest logit is subtracted first: the same softmax, and e^z cannot overflow.
        below = outputs - outputs.real.max(axis=1, keepdims=True)
        with np.errstate(under="ignore"):
            probabilities = np.exp(below)
        total = probabilities.sum(axis=1)
        probabilities /= total[:, np.newaxis]
        self._probabilities, self._labels = probabilities, targets
        return np.log(total) - below[np.arange(len(targets)), targets]

    def backward(self):
        """Return (p - one-hot row of y)/examples, shape (examples, units)."""
        slope = self._probabilities.copy()
        slope[np.arange(len(slope)), self._labels] -= 1
        slope /= len(slope)
        return slope

    def check(self, targets, outputs):
        """Return class numbers, shape (examples,), from class numbers or one-hot rows (examples, units)."""
        examples, units = getattr(outputs, "shape", outputs)
        if units == 1:
            raise InputError("softmax of one unit is always 1: use one unit per class, or BinaryCrossEntropy")
        targets = finite_array(targets, "targets", None)
        if targets.shape == (examples, units):
            if not (np.all((targets == 0) | (targets == 1)) and np.all(np.sum(targets, axis=1) == 1)):
                raise InputError("a one-hot row must hold a single 1 and otherwise 0")
            return np.argmax(targets, axis=1)
        if targets.size != examples or targets.shape[:1] != (examples,):
            expected = f"({examples},) or, one-hot, ({examples}, {units})"
            raise InputError(f"labels must have the shape {expected}, not {targets.shape}")
        targets = targets.reshape(examples)
        labels = targets.astype(np.intp, copy=False)
        if np.any(labels != targets):
            raise InputError(f"labels must be whole numbers, not {_some(targets[labels != targets])}")
        wrong = labels[(labels < 0) | (labels >= units)]
        if wrong.size:
            raise InputError(f"labels must be 0 … {units - 1}, one per unit, not {_some(wrong)}: remap them")
        return labels

    def correct(self, outputs, targets):
        """Return how many examples have their largest output at the right class."""
        return int(np.count_nonzero(outputs.argmax(axis=1) == targets))


LOSSES = {loss.name: loss for loss in (SquaredError, HalfSquaredError, BinaryCrossEntropy, CategoricalCrossEntropy)}


def loss_of(loss):
    """Return the loss of that name, or `loss` itself if it is a Loss; InputError for anything else."""
    if isinstance(loss, Loss):
        return loss
    if not isinstance(loss, str) or loss not in LOSSES:
        raise InputError(f"loss {loss!r} is unknown: use one of {', '.join(LOSSES)}")
    return LOSSES[loss]()


def _some(values):
    """Return a few of the different values in words: '5 and 6'; '2, 3, 4, …'."""
    different = [f"{value:g}" for value in np.unique(values)]
    return " and ".join(different) if len(different) <= 2 else ", ".join(different[:3]) + ", …"
