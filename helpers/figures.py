"""One style for every static picture of the pack: labelled, small in bytes, with words for those who cannot see it."""

from __future__ import annotations

import base64
import io
import math
from contextlib import contextmanager

import matplotlib
from matplotlib.figure import Figure

#: Line colours safe for colour-blind readers (Okabe and Ito 2008, darkened), with a dash pattern for each.
COLORS = ("#0072b2", "#b84e00", "#00795a", "#a4467c", "#5f5f00", "#4a4a4a")
DASHES = ("-", (0, (6, 2.5)), (0, (1.5, 2)), (0, (6, 2, 1.5, 2)), (0, (10, 3)), (0, (3, 3)))

_STYLE = {
    "figure.facecolor": "white",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "0.4",
    "grid.color": "0.9",
    "grid.linewidth": 0.7,
    "legend.frameon": True,
    "legend.framealpha": 0.85,
    "legend.edgecolor": "none",
    "legend.fontsize": 8,
}

_MOST_BYTES = 30_000  # a stored picture stays below this, so that a notebook stays below a megabyte


@contextmanager
def style():
    """The style of the pack, for the figures made inside a `with` block."""
    with matplotlib.rc_context(_STYLE):
        yield


class Picture:
    """A finished figure together with the words that stand in for it. Shown by being the last line of a cell."""

    def __init__(self, figure: Figure, alt: str):
        """alt: what a reader who cannot see the picture has to know. Raises ValueError if it is empty."""
        if not alt.strip():
            raise ValueError("a picture needs its alt text: say in a sentence what it shows")
        self.figure = figure
        self.alt = alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/png": png(self.figure), "text/plain": self.alt}, {"image/png": {"alt": self.alt}}


def png(figure: Figure, most: int = _MOST_BYTES) -> str:
    """The figure as base64 PNG of at most `most` bytes: fewer colours first, then fewer pixels."""
    from PIL import Image

    for dpi, colors in ((110, 128), (110, 64), (96, 64), (80, 48), (64, 32), (48, 16)):
        raw = io.BytesIO()
        figure.savefig(raw, dpi=dpi, format="png")
        small = io.BytesIO()
        image = Image.open(raw).convert("RGB").quantize(colors, dither=Image.Dither.NONE)
        image.save(small, format="PNG", optimize=True)
        if small.tell() <= most:
            break
    return base64.b64encode(small.getvalue()).decode("ascii")


def ticks(low: float, high: float, count: float) -> list[float]:
    """Round numbers, about `count` of them, from low to high, as `ticks` of `front/theme.js` chooses them."""
    rough = (high - low) / max(count, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999) * power
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]
