"""One style for every static picture of the pack: labelled, small in bytes, with words for those who cannot see it."""

from __future__ import annotations

import base64
import ctypes
import gc
import io
import re
import sys
from contextlib import contextmanager

import matplotlib
import numpy as np
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

_MOST_BYTES = 22_400  # of a PNG: 30 kB as the base64 that a notebook stores, so that a notebook stays below a megabyte
#: (scale, number of colours) that `png` tries, one after the other
_COLORS = ((1, 192), (1, 96), (1, 64), (1, 44))
_FEWER_COLORS = ((1, 32), (1, 24))
_FEWER_PIXELS = ((0.88, 64), (0.75, 64), (0.6, 48), (0.45, 32))


@contextmanager
def style():
    """The style of the pack, for the figures made inside a `with` block."""
    with matplotlib.rc_context(_STYLE):
        yield


def stroke(number: int) -> dict:
    """Colour and dashes of curve `number`, as arguments of `plot`."""
    return {"color": COLORS[number % len(COLORS)], "linestyle": DASHES[number % len(DASHES)]}


@contextmanager
def axes(width: float, height: float, title: str = ""):
    """One pair of axes in the style of the pack, for the inside of a `with` block: (figure, ax). Sizes are in inches."""
    with style():
        figure = Figure(figsize=(width, height), layout="constrained")
        ax = figure.subplots()
        ax.set_title(title, loc="left", fontsize=10)
        yield figure, ax


def raised(text: str) -> str:
    """The text for matplotlib, with the layer number in w₁₃[1] raised."""
    return re.sub(r"(\[\d\])", r"$^{\1}$", text)


class Picture:
    """A finished figure together with the words that stand in for it. Shown by being the last line of a cell.

    figure: the matplotlib Figure, until the picture is shown; then only its PNG is kept. IPython holds on to
    whatever a cell shows, and the figure of eight surfaces takes 40 MB.
    """

    def __init__(self, figure: Figure, alt: str, beside: dict | None = None, **stored):
        """alt: what a reader who cannot see the picture has to know; stored: arguments of `png`;
        beside: more entries (MIME type -> data) of the output that holds the PNG.

        Raises ValueError if alt is empty.
        """
        if not alt.strip():
            raise ValueError("a picture needs its alt text: say in a sentence what it shows")
        self.figure = figure
        self.alt = alt
        self.beside = beside or {}
        self.stored = stored
        self._png = None

    def _ipython_display_(self):
        if self._png is None:
            self._png = png(self.figure, alt=self.alt, **self.stored)
            self.figure = None
            _give_back_memory()
        picture = {"image/png": self._png, "text/plain": self.alt, **self.beside}
        display(picture, metadata={"image/png": {"alt": self.alt}}, raw=True)


def _give_back_memory():
    """Collect what nobody can reach any more, and return free memory to the machine, which a class may share.

    A figure's parts refer to each other, so without this they pile up; and glibc keeps what Python has freed
    between small things that are still in use, 100 MB after notebook 03. Takes some 50 ms.
    """
    gc.collect()
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
        if trim:
            trim(0)


def png(figure: Figure, most: int = _MOST_BYTES, plain: bool = False, alt: str = "") -> str:
    """The figure as base64 PNG of at most `most` bytes: fewer colours first, then fewer pixels.

    plain: for words and lines, which can do with few colours but not with few pixels; alt: its words, which the file
    holds too, since JupyterLab does not show those beside it (image_words.js).
    """
    from PIL import Image, PngImagePlugin

    words = PngImagePlugin.PngInfo()
    if alt:
        words.add_itxt("Description", alt)

    # Drawn at twice the size and reduced: that smooths the edges of surfaces, which matplotlib does not.
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=192, format="png")
    picture = Image.open(drawn).convert("RGB").reduce(2)
    for scale, colors in (*_COLORS, *(_FEWER_COLORS if plain else ()), *_FEWER_PIXELS):
        size = [round(scale * pixels) for pixels in picture.size]
        small = picture if scale == 1 else picture.resize(size, Image.Resampling.LANCZOS)
        packed = io.BytesIO()
        # "Maximum coverage" keeps the rare colours, of a thin curve or of a scale beside a large plain area.
        palette = small.quantize(colors, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        palette.save(packed, format="PNG", optimize=True, pnginfo=words)
        if packed.tell() <= most:
            break
    return base64.b64encode(packed.getvalue()).decode("ascii")


def curves(
    x, drawn: dict, *, alt: str, title: str = "", xlabel: str = "x", ylabel: str = "", log: bool = False, points=None,
    ylim=None, outside: bool = False,
):  # fmt: skip
    """A Picture of one curve y(x) for each entry label -> y of `drawn`, told apart by colour and dashes.

    x, y: arrays of the same shape (n,); log: a logarithmic y axis; points: arrays (x, y) of data, drawn as grey dots
    behind the curves; ylim: (low, high), or None for what the curves need; outside: the legend stands beside the picture.
    """
    with axes(6.5, 3.2, title) as (figure, ax):
        if points is not None:
            ax.plot(*points, "o", color="0.6", markersize=3)
        for number, (label, y) in enumerate(drawn.items()):
            ax.plot(x, y, label=label, **stroke(number))
        ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
        ax.grid(True)
        if ylim is not None:
            ax.set_ylim(ylim)
        if drawn and outside:
            figure.legend(loc="outside right upper")
        elif drawn:
            ax.legend(loc="best")
    return Picture(figure, alt)


def gradient_field(function, gradient, low: float, high: float, *, alt: str, title: str = "", path=None):
    """A Picture of function(w) over two weights as contour lines, with arrows that point along its gradient(w).

    function, gradient: of an array w of shape (2,), a number and an array of shape (2,); both weights run from low to
    high. The arrows have one length: they show directions. path: array (n, 2) of points that are joined by a line.
    """
    lines, places = np.linspace(low, high, 61), np.linspace(low, high, 11)
    heights = [[function(np.array([w1, w2])) for w1 in lines] for w2 in lines]
    slopes = np.array([[gradient(np.array([w1, w2])) for w1 in places] for w2 in places])
    lengths = np.linalg.norm(slopes, axis=-1, keepdims=True)
    along = np.divide(slopes, lengths, out=np.zeros_like(slopes), where=lengths > 0)
    with axes(4.6, 4.2, title) as (figure, ax):
        ax.contour(lines, lines, heights, levels=12, colors="0.75", linewidths=0.8)
        ax.quiver(places, places, along[..., 0], along[..., 1], color=COLORS[0], scale=18, width=0.005)
        if path is not None:
            ax.plot(*np.transpose(path), "o-", color=COLORS[1], markersize=3, linewidth=1.2)
        ax.set(xlabel="w₁", ylabel="w₂", aspect="equal")
    return Picture(figure, alt)


def surfaces(functions: dict, *, alt: str, z=None):
    """A Picture of the surface function(x1, x2) for each entry title -> function of `functions`, from −5 to 5.

    The functions take two arrays that broadcast. z: (low, high) for all, or None for each panel its own, from 0.
    """
    from helpers.pictures.surface_plot import adaptive_lines, draw_surface

    columns, side = min(4, len(functions)), (-5, 5)
    rows, width, small = -(-len(functions) // columns), 9.0 / columns, columns > 2
    axis = {"low": side[0], "high": side[1]}
    with style():
        figure = Figure(figsize=(9.0, rows * (0.84 * width + 0.2)), layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for (title, function), ax in zip(functions.items(), panels, strict=False):  # the last row may have room
            grid = np.ix_(np.linspace(*side, 81), np.linspace(*side, 81))
            low, high = z or (0, max(1, round(float(np.max(function(*grid))))))
            lines = adaptive_lines(function, side, side, high - low, 60 if small else 90)
            heights = np.broadcast_to(function(*np.ix_(*lines)), [len(line) for line in lines])
            panel = {"x1": axis | {"label": "x₁"}, "x2": axis | {"label": "x₂"}, "z": {"low": low, "high": high}}
            draw_surface(ax, panel, lines, heights, (-60, 32), matplotlib.colormaps["viridis"], small)
            ax.set_title(title, loc="left", fontsize=9 if small else 10)
        for ax in panels[len(functions) :]:
            ax.axis("off")
    return Picture(figure, alt)
