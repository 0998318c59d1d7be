"""The data of notebooks 05 to 07: MNIST, with a stand-in that needs no network, and a noisy curve.

    from helpers.datasets import load_mnist, two_digits
    x_train, y_train, x_test, y_test = load_mnist()

Where MNIST is looked for, and the environment variables that say so, are listed in data/README.md.
"""

import os
import weakref
from functools import cache
from numbers import Integral
from typing import NamedTuple

import numpy as np

from helpers.datasets import mnist
from helpers.errors import InputError
from helpers.functions import sigmoid

__all__ = [
    "Digits",
    "load_mnist",
    "one_hot",
    "true_curve",
    "two_digits",
]


class _Arrays(NamedTuple):
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


class Digits(_Arrays):
    """Images and labels: `x_train, y_train, x_test, y_test = digits`, or digits.x_train and so on.

    x_train, x_test: float32, shape (examples, 784), 0 is paper and 1 is ink; a row is an image of 28 rows of
    28 pixels. y_train, y_test: int64, shape (examples,).

    source: where they came from, in words. is_mnist: False for the stand-in.
    """

    source = ""
    is_mnist = False


# Environment variables -> weak references to the arrays of the last call, and where they came from.
_loaded = {}


def load_mnist(quiet=False, *, retry=False):
    """Return MNIST as `Digits`, and say in one line where it came from (quiet=True: say nothing).

    The first good source wins: the folder that MNIST_DIR names, data/mnist, the cache, a download, OpenML.
    Every file is checked by its checksum. Where none of them works, the 1,797 small digits inside
    scikit-learn stand in, and the line says so: every notebook runs without a network. A failed download is
    not tried again for ten minutes; retry=True tries at once.

    The arrays are read-only, because all cells of a notebook share one copy: a second call returns the same
    ones while any of them is in use. Write `x = x_train.copy()` to change them.
    """
    place = os.environ.get(mnist.FOLDER), os.environ.get(mnist.CACHE)
    digits = _recall(place)
    if digits is None:
        digits = _load(quiet, retry)
        if digits.is_mnist:
            _loaded[place] = [weakref.ref(array) for array in digits], digits.source
    if not quiet:
        print(_announcement(digits))
    return digits


def _recall(place):
    """Return what the last call returned if the caller still has it, else None."""
    references, source = _loaded.get(place, ((), ""))
    arrays = [reference() for reference in references]
    if not arrays or any(array is None for array in arrays):
        return None
    return _digits(arrays, source, True)


def _load(quiet, retry):
    @cache  # the same is said once
    def say(problem, following):
        if not quiet:
            print(f"MNIST: {problem}{f'; next: {following}' if following else ''}.")

    arrays, source = mnist.search(say, retry=retry, show=not quiet)
    if arrays:
        return _digits(_scaled(arrays), source, True)
    from helpers.datasets.standin import standin_digits

    return _digits(_scaled(list(standin_digits())), mnist.STAND_IN, False)


def _scaled(arrays):
    """Turn uint8 images (n, 28, 28) into float32 (n, 784) in [0, 1], and labels into int64.

    `arrays` is emptied on the way, so that the bytes of one are gone before the next becomes floats.
    """
    scaled = []
    while arrays:
        array = arrays.pop(0)
        if array.ndim == 1:
            array = array.astype(np.int64)
        else:
            array = np.divide(array.reshape(len(array), -1), np.float32(255), dtype=np.float32)
        array.setflags(write=False)
        scaled.append(array)
    return scaled


def _digits(arrays, source, is_mnist):
    digits = Digits(*arrays)
    digits.source, digits.is_mnist = source, is_mnist
    return digits


def _announcement(digits):
    train, test = len(digits.y_train), len(digits.y_test)
    if digits.is_mnist:
        return f"MNIST: {train:,} training and {test:,} test images, from {digits.source}."
    return (
        f"MNIST is not to be had here. In its place: the {train + test:,} small handwritten digits "
        f"inside scikit-learn ({train:,} for training, {test:,} for testing), enlarged to 28×28. "
        "Everything runs, but the numbers are not those of MNIST."
    )


def two_digits(data, first=5, second=6):
    """Return the images of two digits of `data` (from `load_mnist`), with labels 0 (first) and 1 (second).

    The result is of the same kind, and a copy: data stays as it is. Raises InputError when the digits are
    equal, or one of them is not among the labels.
    """
    try:
        x_train, y_train, x_test, y_test = data
    except (TypeError, ValueError):
        raise InputError("two_digits takes what load_mnist returns: x_train, y_train, x_test, y_test.") from None
    known = np.unique(y_train)
    for digit in (first, second):
        if not _whole(digit) or digit not in known:
            raise InputError(f"{digit!r} is not one of the digits in these data: {', '.join(map(str, known))}.")
    if first == second:
        raise InputError(f"Choose two different digits: both are {first}.")

    pieces = []
    for x, y in ((x_train, y_train), (x_test, y_test)):
        chosen = np.flatnonzero((y == first) | (y == second))
        pieces += [x[chosen], (y[chosen] == second).astype(np.int64)]
    origin = data if isinstance(data, Digits) else Digits
    return _digits(pieces, origin.source, origin.is_mnist)


def _whole(number):
    return isinstance(number, Integral) and not isinstance(number, bool)


def one_hot(labels, classes=10):
    """Return a float32 array of shape (examples, classes) with a 1 in the column of each label and 0
    elsewhere.

    labels: integers from 0 to classes - 1, shape (examples,). Raises InputError for anything else: text,
    numbers with a fraction, labels that are one-hot already, labels out of range.
    """
    if not _whole(classes) or classes < 1:
        raise InputError(f"classes is the number of classes, a whole number from 1 on, not {classes!r}.")
    try:
        labels = np.asarray(labels)
    except ValueError:
        raise InputError(
            "The labels must be one list of whole numbers; these have rows of different lengths."
        ) from None
    if labels.ndim != 1:
        raise InputError(f"The labels must have shape (examples,), one whole number each, not {labels.shape}.")
    if labels.size and labels.dtype.kind not in "iu":
        raise InputError(
            f"The labels must be whole numbers; {labels.tolist()[0]!r} is none. Convert them first, if that is what they "
            "mean: labels.astype(int)."
        )
    if wrong := [label for label in labels.tolist() if not 0 <= label < classes]:
        raise InputError(
            f"The label {wrong[0]} is not between 0 and {classes - 1}, as it must be for {classes} classes."
        )
    return (labels[:, np.newaxis] == np.arange(classes)).astype(np.float32)


# ------------------------------------------------------------------------------------------ the noisy curve


def true_curve(x):
    """Return σ(10x²) - ½, the curve behind the noisy data of notebook 07 (assignment key 004.fun), shaped
    like x."""
    return sigmoid(10 * np.square(x)) - 0.5
