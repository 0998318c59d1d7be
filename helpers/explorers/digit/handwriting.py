"""Ink on paper, and the image that a network sees of it: prepared as the images of MNIST were.

The makers of MNIST scaled each black and white digit, with its proportions kept, to a box of 20×20, which
turned its edges grey, and put the box into 28×28 so that the centre of mass came to the middle (Y. LeCun and
others, "Gradient-based learning applied to document recognition", 1998). `handwriting.js` does the same in the
browser.
"""

from __future__ import annotations

import numpy as np

PAD = 140  # the paper has so many points along a side
PEN = 6.0  # radius of the pen, in points
SIDE, BOX = 28, 20  # pixels along a side of the image, and of the box that holds the digit


def blank() -> np.ndarray:
    """Paper without ink: (PAD, PAD), 0 is paper and 1 is ink."""
    return np.zeros((PAD, PAD))


def stroke(ink: np.ndarray, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw a line with the round pen, its edge one point wide. Places in points, x to the right, y down."""
    places = np.arange(PAD) + 0.5
    x, y = places[None, :], places[:, None]
    dx, dy = x1 - x0, y1 - y0
    length = dx * dx + dy * dy
    along = np.clip(((x - x0) * dx + (y - y0) * dy) / length, 0, 1) if length > 0 else 0.0
    off_x, off_y = x - x0 - along * dx, y - y0 - along * dy
    np.maximum(ink, np.clip(PEN + 0.5 - np.sqrt(off_x * off_x + off_y * off_y), 0, 1), out=ink)


def draw(strokes) -> np.ndarray:
    """Ink, (PAD, PAD), of strokes: each a list of places (x, y) in points that the pen goes through."""
    ink = blank()
    for places in strokes:
        places = list(places)
        for (x0, y0), (x1, y1) in zip(places, places[1:] or places, strict=False):
            stroke(ink, x0, y0, x1, y1)
    return ink


def as_mnist(ink: np.ndarray) -> np.ndarray:
    """The image of the ink, (SIDE, SIDE), 0 to 1: fitted into the box, its centre of mass in the middle."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    image = np.zeros((SIDE, SIDE))
    if not len(rows):
        return image
    cropped = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(cropped.shape)
    height, width = (max(1, int(scale * length + 0.5)) for length in cropped.shape)
    small = _shares(height, cropped.shape[0]) @ cropped @ _shares(width, cropped.shape[1]).T
    mass = small.sum()
    top, left = (
        int(
            np.clip(
                np.floor(SIDE / 2 - small.sum(axis=1 - axis) @ np.arange(length) / mass + 0.5),
                0,
                SIDE - length,
            )
        )
        for axis, length in enumerate(small.shape)
    )
    image[top : top + height, left : left + width] = np.minimum(small, 1)  # rounding may have gone beyond
    return image


def enlarged(image: np.ndarray) -> np.ndarray:
    """Ink, (PAD, PAD), that looks like an image (SIDE, SIDE): each pixel a square of points."""
    return np.kron(image, np.ones((PAD // SIDE, PAD // SIDE)))


def _shares(count: int, length: int) -> np.ndarray:
    """Which share of `length` points belongs to each of `count` equal pixels: a matrix (count, length)."""
    edges = np.arange(count + 1) * (length / count)
    points = np.arange(length)
    covered = np.minimum(edges[1:, None], points + 1) - np.maximum(edges[:-1, None], points)
    return np.maximum(covered, 0) * (count / length)
