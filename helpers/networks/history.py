"""The record of a training: costs and accuracies epoch by epoch, why it ended, and the line that says so."""

from dataclasses import dataclass, field, fields

_MEASURED = ("cost", "accuracy", "validation_cost", "validation_accuracy")


@dataclass(repr=False)
class History:
    """How a training went. The lists have one entry per finished epoch; entry 0 belongs to epoch 1.

    cost, accuracy: means over the epoch's batches, each measured just before its step. They belong to weights
        on their way; with one full batch, to the weights before the epoch's only step.
    validation_cost, validation_accuracy: measured after the epoch. Empty without validation data.
        Accuracies are shares from 0 to 1; there are none for regression.
    seconds: how long each epoch took.
    best_epoch: the epoch of the lowest validation cost, counted from 1; None without validation data.
    kept_epoch: the epoch that the network's weights are from, now that the training is over.
    stopped_early, interrupted, diverged: why it ended before its time, if it did: the patience was exhausted,
        the stop button was pressed, the cost was no longer finite.
    snapshots, snapshot_epochs: copies of the parameter vector, and after how many epochs each was made.
    """

    cost: list = field(default_factory=list)
    accuracy: list = field(default_factory=list)
    validation_cost: list = field(default_factory=list)
    validation_accuracy: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    best_epoch: int | None = None
    kept_epoch: int = 0
    stopped_early: bool = False
    interrupted: bool = False
    diverged: bool = False
    snapshot_epochs: list = field(default_factory=list)
    snapshots: list = field(default_factory=list)

    @property
    def epochs(self):
        """The number of finished epochs."""
        return len(self.seconds)

    def record(self, training, validation, seconds):
        """Add an epoch. training, validation: pairs (cost, accuracy), None for what is not there."""
        for name, value in zip(_MEASURED, (*training, *validation), strict=True):
            if value is not None:
                getattr(self, name).append(value)
        cost = self.validation_cost
        if cost and (self.best_epoch is None or cost[-1] < cost[self.best_epoch - 1]):
            self.best_epoch = len(cost)
        self.seconds.append(seconds)  # last: an epoch counts once it is complete
        self.kept_epoch = self.epochs

    def drop_unfinished(self):
        """Forget an epoch that was only half recorded when the stop button was pressed."""
        for name in _MEASURED:
            del getattr(self, name)[self.epochs :]

    def snapshot(self, network):
        """Keep a copy of the network's weights as those after the latest epoch."""
        self.snapshots.append(network.get_weights())
        self.snapshot_epochs.append(self.epochs)

    def numbers(self, epoch):
        """Return what was measured in an epoch, counted from 1: {"cost": …, "accuracy": …, …}."""
        return {name: getattr(self, name)[epoch - 1] for name in _MEASURED if getattr(self, name)}

    def summary(self):
        """Return the line that remains when the training is over: no times, which differ from run to run."""
        kept = self.kept_epoch
        text = f"Epoch {kept} of {self.epochs}: {in_words(self.numbers(kept))}." if kept else "No epoch was finished."
        if self.stopped_early:
            text += " Stopped early."
        if self.interrupted:
            text += " Interrupted: what was learned is kept."
        if self.diverged:
            text += f" In epoch {self.epochs + 1} the cost was no longer finite: try a lower learning rate."
        if kept != self.epochs:
            text += f" The weights are those of epoch {kept}, the best."
        return text

    def to_dict(self):
        """Return everything but the snapshots as lists, numbers and booleans, ready for `json.dumps`."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "snapshots"}

    def __repr__(self):
        return f"<History. {self.summary()}>"


def in_words(numbers):
    """Return numbers by name, such as those of `History.numbers`, as text: "cost 0.12, accuracy 97.31%"."""

    def number(name, value):
        return f"{value:.2%}" if name.endswith("accuracy") else f"{value:.3g}"

    return ", ".join(f"{name.replace('_', ' ')} {number(name, value)}" for name, value in numbers.items())
