"""Examples for training: batches in a new order in each epoch, without a second copy of the data."""

import numpy as np

from helpers.errors import InputError


class Examples:
    """Examples with their targets, all rows of x and y or some of them. Both have been checked.

    x: (all examples, features). y: (all examples, …). rows: the numbers of the rows that belong; None: all.
    """

    def __init__(self, x, y, rows=None):
        self.x, self.y, self.rows = x, y, rows
        self._buffer = None

    @classmethod
    def of(cls, network, loss, x, y):
        """Return examples for this network and loss; InputError if x or y do not fit them or each other."""
        x = network.check(x)
        if len(x) == 0:
            raise InputError("there are no examples: x has the shape " + str(x.shape))
        return cls(x, loss.check(y, (len(x), network.outputs)))

    def __len__(self):
        return len(self.x if self.rows is None else self.rows)

    def split(self, share, rng):
        """Return two Examples of the same data: the larger part, and a random share (0 to 1) of the rows."""
        if isinstance(share, bool) or not isinstance(share, (float, np.floating)) or not 0 < share < 1:
            raise InputError(f"validation must be a pair (x, y) or a share such as 0.1, not {share!r}")
        rows = rng.permutation(len(self))
        count = round(share * len(self))
        if not 0 < count < len(self):
            raise InputError(f"a share of {share:g} of {len(self)} examples leaves one of the two parts empty")
        larger, smaller = np.sort(rows[count:]), np.sort(rows[:count])  # sorted: the order of the memory
        return Examples(self.x, self.y, larger), Examples(self.x, self.y, smaller)

    def batches(self, size, rng=None):
        """Yield (x, y), `size` examples each, the last fewer: shuffled by `rng`, in order if it is None.

        What is yielded is valid until the next batch: they all share one buffer.
        """
        count = len(self)
        if self.rows is None and (rng is None or size >= count):  # the order within a batch plays no part
            for start in range(0, count, size):
                yield self.x[start : start + size], self.y[start : start + size]
            return
        rows = np.arange(count) if self.rows is None else self.rows
        if rng is not None:
            rows = rng.permutation(rows)
        size = min(size, count)
        if self._buffer is None or len(self._buffer) != size:
            self._buffer = np.empty((size, self.x.shape[1]), self.x.dtype)
        for start in range(0, count, size):
            chosen = rows[start : start + size]
            x = self._buffer[: len(chosen)]
            np.take(self.x, chosen, axis=0, out=x, mode="clip")  # "raise" would buffer once more
            yield x, self.y[chosen]
