"""Where the units of a small network stand, so that the numbers on its edges have room.

The numbers of all edges between two layers stand in one column, each on its own edge, at the share t of
the way. With the units at evenly spaced heights, the heights of these numbers depend on t and on the
spacing of both layers; here those are chosen for which the closest two are furthest apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

_SHARES = [0.5, *(0.5 + sign * 0.02 * k for k in range(1, 8) for sign in (-1, 1))]  # the middle first
_SPACINGS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of a layer, relative to the widest


@dataclass
class NetworkLayout:
    """heights: of each unit, layer by layer, 0 in the middle; shares: t for each two neighbouring layers."""

    heights: list[list[float]]
    shares: list[float]


def arranged(sizes: list[int], unit: float, label: float) -> NetworkLayout:
    """A layout for layers of these sizes. unit, label: least distances of two units, and of two numbers."""
    best = (math.inf, (), 0.0)
    for spacings in product(*(_SPACINGS if size > 1 else (1.0,) for size in sizes)):
        layers = list(zip(sizes, spacings, strict=True))
        gaps = [max(_gap(*pair, t) for t in _SHARES) for pair in pairwise(layers)]
        scale = max([unit / s for size, s in layers if size > 1] + [label / gap for gap in gaps if gap > 0])
        tall = scale * max((size - 1) * s for size, s in layers)
        if min(gaps) > 0 and tall < best[0] - 1e-9:
            best = (tall, spacings, scale)
    _, spacings, scale = best
    layers = [(size, scale * s) for size, s in zip(sizes, spacings, strict=True)]
    heights = [[(k - (size - 1) / 2) * s for k in range(size)] for size, s in layers]
    # Of the shares that leave room enough, the one nearest to the middle.
    shares = [next(t for t in _SHARES if _gap(*pair, t) >= label - 1e-6) for pair in pairwise(layers)]
    return NetworkLayout(heights, shares)


@cache
def _gap(first: tuple[int, float], second: tuple[int, float], t: float) -> float:
    """The least distance of two numbers between two layers (units, spacing); of one alone, a large one."""
    (m, near), (n, far) = first, second
    places = sorted(
        (1 - t) * near * (i - (m - 1) / 2) + t * far * (j - (n - 1) / 2) for i in range(m) for j in range(n)
    )
    return min((b - a for a, b in pairwise(places)), default=1e3)
