"""One style for every static picture of the pack: labelled, small in bytes, with words for those who cannot see it."""

from __future__ import annotations

import base64
import io
import math
from contextlib import contextmanager

import matplotlib
from IPython.display import display
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

    def _ipython_display_(self):
        picture = {"image/png": png(self.figure), "text/plain": self.alt}
        display(picture, metadata={"image/png": {"alt": self.alt}}, raw=True)


def png(figure: Figure, most: int = _MOST_BYTES) -> str:
    """The figure as base64 PNG of at most `most` bytes: fewer colours first, then fewer pixels."""
    from PIL import Image

    # Drawn at twice the size and reduced: that smooths the edges of surfaces, which matplotlib does not.
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=192, format="png")
    picture = Image.open(drawn).convert("RGB").reduce(2)
    for scale, colors in ((1, 192), (1, 96), (0.88, 128), (0.88, 64), (0.75, 64), (0.6, 48), (0.45, 32)):
        size = [round(scale * pixels) for pixels in picture.size]
        small = picture if scale == 1 else picture.resize(size, Image.Resampling.LANCZOS)
        packed = io.BytesIO()
        # "Maximum coverage" keeps the rare colours, of a thin curve or of a scale beside a large plain area.
        palette = small.quantize(colors, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        palette.save(packed, format="PNG", optimize=True)
        if packed.tell() <= most:
            break
    return base64.b64encode(packed.getvalue()).decode("ascii")


def ticks(low: float, high: float, count: float) -> list[float]:
    """Round numbers, about `count` of them, from low to high, as `ticks` of `front/theme.js` chooses them."""
    rough = (high - low) / max(count, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999) * power
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]
