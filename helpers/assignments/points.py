"""Points at which answers are compared: generic numbers, drawn once and for all, the same on every computer."""

import math

import numpy as np

from helpers.exercises.working import Dice

_SIZES = [k / 100 for k in range(15, 171) if k not in (50, 100)]
_COUNT = 5  # points of numbers alone


def generic(shapes, **lengths):
    """Points for parameters of these shapes, as tuples of arguments: numbers of either sign from 0.15 to 1.7 in size,
    none of them ½ or 1, and no two in a point of one size. `lengths` has those of each axis, one for each point:

    generic({"w": ("n",), "X": ("m", "n")}, n=(2, 3), m=(4, 3))
    """
    counts = {len(each) for each in lengths.values()} or {_COUNT}
    return [
        _point(shapes, {axis: each[number] for axis, each in lengths.items()}, Dice(f"point {number}"))
        for number in range(counts.pop())
    ]


def _point(shapes, lengths, dice):
    full = [tuple(lengths.get(axis, 1) for axis in axes) for axes in shapes.values()]  # an axis "1" has length 1
    numbers = iter(dice.sample(_SIZES, sum(map(math.prod, full))))
    return tuple(np.reshape([dice.signed(next(numbers)) for _ in range(math.prod(shape))], shape)[()] for shape in full)
