"""Small images of signed numbers, in a palette in which the sign is a matter of brightness too."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from helpers.explorers.packing import DIGITS

#: Eleven stops of the colour map "cividis" (J. R. Nuñez and others 2018), made for colour-blind readers: dark
#: blue below zero, grey at zero, yellow above. It grows lighter all the way, so it keeps its meaning in grey.
COLORS = (
    "#00224e", "#083370", "#35456c", "#4f576c", "#666970", "#7d7c78",
    "#948e77", "#aea371", "#c8b866", "#e5cf52", "#fee838",
)  # fmt: skip

#: A number at least this part of the largest carries its sign as a mark.
_MARKED = 0.2


def color_map() -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("signed", COLORS)


def pack(values: np.ndarray, limit: float) -> str:
    """Numbers from −limit to limit as one character each: 63 levels. Others are moved to the border."""
    codes = np.rint(31 + 31 * np.clip(np.ravel(values) / limit, -1, 1)).astype(int)
    return "".join(DIGITS[code] for code in codes)


def draw(ax, image: np.ndarray, limit: float | None = None, *, marks: bool = False):
    """Draw the image (side, side) on a scale of ±limit; with marks, a plus or minus where it is large."""
    limit = limit or float(np.abs(image).max()) or 1.0
    drawn = ax.imshow(image, cmap=color_map(), vmin=-limit, vmax=limit, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    if marks:
        for sign, marker, color in ((1, "+", "#111111"), (-1, "_", "white")):
            rows, columns = np.nonzero(sign * image >= _MARKED * limit)
            ax.scatter(columns, rows, marker=marker, c=color, s=14, linewidths=0.9)
    return drawn
