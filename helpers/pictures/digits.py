"""Pictures of digits, and of what a network makes of them.

Each is a `Picture` with words; those that show results write their words themselves, from the numbers that they show.
"""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers.errors import InputError
from helpers.pictures.figures import COLORS, DASHES, Picture, axes, stroke, style

_SIDE = 28
_PLAIN = {"xticks": [], "yticks": []}

#: Signed numbers in a palette in which the sign is a matter of brightness too. Eleven stops of the colour map "cividis"
#: (J. R. Nuñez and others 2018), made for colour-blind readers: dark blue below zero, grey at zero, yellow above. It
#: grows lighter all the way, so it keeps its meaning in grey.
SIGNED_COLORS = (
    "#00224e", "#083370", "#35456c", "#4f576c", "#666970", "#7d7c78",
    "#948e77", "#aea371", "#c8b866", "#e5cf52", "#fee838",
)  # fmt: skip
_RIGHT = "#cfe3f1"  # of right answers in a confusion matrix
_MARKED = 0.2  # a number of at least this part of the largest carries its sign as a mark


def signed_color_map() -> LinearSegmentedColormap:
    """The palette of `SIGNED_COLORS` for matplotlib."""
    return LinearSegmentedColormap.from_list("signed", SIGNED_COLORS)


def draw_signed(ax, image: np.ndarray, limit: float | None = None, *, marks: bool = False):
    """Draw the image (side, side) on a scale of ±limit; with marks, a plus or minus where it is large."""
    limit = limit or float(np.abs(image).max()) or 1.0
    drawn = ax.imshow(image, cmap=signed_color_map(), vmin=-limit, vmax=limit, interpolation="nearest")
    ax.set(**_PLAIN)
    if marks:
        for sign, marker, color in ((1, "+", "#111111"), (-1, "_", "white")):
            rows, columns = np.nonzero(sign * image >= _MARKED * limit)
            ax.scatter(columns, rows, marker=marker, c=color, s=14, linewidths=0.9)
    return drawn


def _squares(images) -> np.ndarray:
    images = np.asarray(images, dtype=float)
    if images.ndim != 2 or images.shape[1] != _SIDE**2 or not len(images):
        raise InputError(f"images must have the shape (examples, 784), not {images.shape}")
    return images.reshape(-1, _SIDE, _SIDE)


def gallery(images, captions=None, *, alt: str, columns: int = 10) -> Picture:
    """Images, shape (n, 784) with 0 for paper and 1 for ink, in rows of `columns`, each with its caption."""
    return _tiles(_squares(images), captions, alt, columns, {"cmap": "gray_r", "vmin": 0, "vmax": 1})


def weight_images(W, captions=None, *, alt: str, columns: int = 8) -> Picture:
    """Rows of a weight matrix, shape (units, 784), as images: yellow for positive weights, dark for negative.

    All have one scale, shown by a bar; it ends where only one weight in a hundred is larger in size.
    """
    squares = _squares(W)
    most = float(np.quantile(np.abs(squares), 0.99)) or 1.0
    return _tiles(squares, captions, alt, columns, {"cmap": signed_color_map(), "vmin": -most, "vmax": most})


def _tiles(squares, captions, alt, columns, how) -> Picture:
    columns = min(columns, len(squares))
    rows = -(-len(squares) // columns)
    size = min(1.0, 8.0 / columns)
    lines = 0 if captions is None else max(str(caption).count("\n") + 1 for caption in captions)
    with style():
        figure = Figure(figsize=(columns * size, rows * (size + 0.17 * lines)), layout="constrained")
        tiles = figure.subplots(rows, columns, squeeze=False).ravel()
        for number, ax in enumerate(tiles):
            ax.set(**_PLAIN)
            ax.axis("off")
            if number < len(squares):  # the last row may have room
                ax.imshow(squares[number], interpolation="nearest", **how)
                ax.set_title("" if captions is None else captions[number], fontsize=8, pad=2)
        if how["vmin"] < 0:  # weights have a scale worth reading; paper and ink speak for themselves
            drawn = figure.colorbar(tiles[0].images[0], ax=list(tiles), extend="both", aspect=8 * rows, pad=0.01)
            drawn.ax.tick_params(labelsize=7)
    return Picture(figure, alt)


# ---------------------------------------------------------------------------------------------- training


def training_curves(history, title: str = "") -> Picture:
    """Cost and accuracy, epoch by epoch, of a `History`; the best epoch and the last one are marked."""
    if not history.epochs:
        raise InputError("there is nothing to draw: no epoch was finished")
    panels = {"cost": (history.cost, history.validation_cost)}
    if history.accuracy:
        panels["accuracy in %"] = tuple(
            100 * np.array(part) for part in (history.accuracy, history.validation_accuracy)
        )
    best, last = history.best_epoch, history.epochs
    with style():
        figure = Figure(figsize=(8.0, 3.0), layout="constrained")
        for ax, (label, values) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
            for number, (name, each) in enumerate(zip(("training", "validation"), values, strict=True)):
                if len(each):
                    ax.plot(range(1, last + 1), each, label=name, marker="o", markersize=3, **stroke(number))
            if best:
                name = f"{'restored' if history.kept_epoch == best else 'lowest cost'}: epoch {best}"
                ax.plot(best, values[1][best - 1], "*", markersize=13, color=COLORS[2], zorder=3, label=name)
            if history.stopped_early:
                ax.axvline(last, color="0.4", linestyle=DASHES[4], linewidth=1, label=f"stopped: epoch {last}")
            ax.set(ylabel=label, ylim=(0, None) if label == "cost" else None)
            _epochs_across(ax)
        ax.legend(loc="best")
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
    return Picture(figure, _history_in_words(history))


def learning_curves(curves: dict, best: int, *, title: str = "", last: str = "stopped") -> Picture:
    """Costs epoch by epoch of one training that `fit` ran: curves {"training": costs, "validation": costs}, one cost for each
    epoch. best: the epoch, counted from 1, whose parameters were kept, marked on the last curve; the epoch at the end is
    called `last`."""
    count, kept = len(next(iter(curves.values()))), list(curves.values())[-1]
    with axes(6.5, 3.0, title) as (figure, ax):
        for number, (label, costs) in enumerate(curves.items()):
            ax.plot(range(1, count + 1), costs, label=label, marker="o", markersize=3, **stroke(number))
        name = f"kept: epoch {best}"
        ax.plot(best, kept[best - 1], "*", markersize=13, color=COLORS[2], zorder=3, label=name)
        ax.axvline(count, color="0.4", linestyle=DASHES[4], linewidth=1, label=f"{last}: epoch {count}")
        ax.set(ylabel="cost", ylim=(0, None))
        _epochs_across(ax)
        figure.legend(loc="outside right upper")
    words = [f"the {label} cost goes from {costs[0]:.3g} to {costs[-1]:.3g}" for label, costs in curves.items()]
    text = f"Over {count} epochs {', '.join(words)}; kept is epoch {best}, with {kept[best - 1]:.3g}."
    return Picture(figure, text)


def runs(costs: dict, *, apart=(), ylabel: str = "validation cost") -> Picture:
    """A panel for each label with one thin line for each of its runs, on one logarithmic scale; a star marks the lowest cost
    of a run, and its line ends where the run ended.

    costs: label -> list of runs, each a list with one cost for each epoch.
    apart: labels with a scale of their own, because they would flatten the others.
    """
    words, columns = [], min(len(costs), 3)
    rows = -(-len(costs) // columns)
    longest = max(len(run) for several in costs.values() for run in several)
    common = [run for label, several in costs.items() if label not in apart for run in several]
    with style():
        figure = Figure(figsize=(8.0, 2.3 * rows), layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for (label, several), ax in zip(costs.items(), panels, strict=False):  # the last row may have room
            for number, run in enumerate(several):
                at = int(np.argmin(run))
                ax.plot(range(1, len(run) + 1), run, linewidth=1.1, **stroke(number))
                ax.plot(at + 1, run[at], "*", markersize=9, color=stroke(number)["color"], zorder=3)
            ax.set_title(label, loc="left", fontsize=9)
            own = label in apart
            ax.set(yscale="log", xlim=(0.5, longest + 0.5), ylim=_limits(several if own else common))
            ax.set_title("another scale" if own else "", loc="right", fontsize=8)
            for axis in (ax.yaxis.set_major_formatter, ax.yaxis.set_minor_formatter):
                axis(_plain)
            _epochs_across(ax)
            ends = ", ".join(str(len(run)) for run in several)
            lowest = ", ".join(f"{min(run):.3g}" for run in several)
            words.append(f"{label}: lowest {lowest}, after {ends} epochs in all")
        for ax in panels[len(costs) :]:
            ax.axis("off")
        for ax in panels[::columns]:
            ax.set_ylabel(ylabel)
    return Picture(figure, f"One line for each run. {'; '.join(words)}.")


@FuncFormatter
def _plain(value, _):
    """A number on a logarithmic axis as one writes it, 0.02; between powers of ten those alone that have room."""
    return f"{value:g}" if f"{value:e}"[0] in "125" else ""


def _limits(several):
    """The ends of a logarithmic axis on which all costs of these runs have room."""
    every = np.concatenate([np.ravel(run) for run in several])
    every = every[every > 0]
    return (0.8 * every.min(), 1.25 * every.max()) if len(every) else None


def _epochs_across(ax):
    ax.set(xlabel="epoch")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(True)


def _history_in_words(history) -> str:
    text = f"Over {history.epochs} epochs the training cost goes from {history.cost[0]:.3g} to {history.cost[-1]:.3g}."
    if history.best_epoch:
        text += (
            f" The validation cost is lowest, {history.validation_cost[history.best_epoch - 1]:.3g}, in epoch"
            f" {history.best_epoch}, and {history.validation_cost[-1]:.3g} at the end."
        )
    if history.stopped_early:
        text += f" Training stopped early, in epoch {history.epochs}."
    return text


def bands(histories: dict, *, apart=(), title: str = "") -> Picture:
    """The validation cost of several runs for each label: the mean as a line, lowest to highest as a band.

    histories: label -> list of `History`. A band ends where the first of its runs was stopped.
    apart: labels in a panel of their own, because they would flatten the others.
    """
    words = []
    with style():
        figure = Figure(figsize=(7.5, 3.4), layout="constrained")
        panels = figure.subplots(1, 2, width_ratios=(2, 1)) if apart else [figure.subplots()]
        for number, (label, runs) in enumerate(histories.items()):
            ax, last = panels[-1 if label in apart else 0], min(run.epochs for run in runs)
            costs, epochs = np.array([run.validation_cost[:last] for run in runs]), range(1, last + 1)
            drawn, mean = stroke(number), costs.mean(axis=0)
            ax.fill_between(epochs, costs.min(axis=0), costs.max(axis=0), color=drawn["color"], alpha=0.18, linewidth=0)
            # A line on the same line leaves its border visible.
            ax.plot(epochs, mean, label=label, linewidth=max(1.2, 3.6 - 0.6 * number), **drawn)
            words.append(f"{label}: {mean[0]:.3g} after epoch 1, {mean[-1]:.3g} after epoch {last}")
        for ax in panels:
            ax.set(yscale="log")
            _epochs_across(ax)
            ax.legend(loc="best")
        panels[0].set(ylabel="validation cost")
        panels[0].set_title(title, loc="left", fontsize=10)
    text = f"Mean validation cost, with a band from the lowest to the highest run. {'; '.join(words)}."
    return Picture(figure, text)


def spread(accuracies: dict, error: float, *, title: str = "") -> Picture:
    """One row of dots for each label: each run, the mean as a bar, and a band of ± one standard error.

    accuracies: label -> list of shares. error: the standard error of one accuracy, a share.
    """
    words, error = [], 100 * error
    with axes(7.5, 0.5 * len(accuracies) + 0.9, title) as (figure, ax):
        for row, (label, values) in enumerate(accuracies.items()):
            values = 100 * np.array(values)
            mean, across = float(values.mean()), [row - 0.3, row + 0.3]
            # Only what stands in the first row has a name in the legend.
            names = ("mean ± one standard error", "one run") if row == 0 else (None, None)
            low, high = mean - error, mean + error
            ax.fill_betweenx(across, low, high, color=COLORS[0], alpha=0.15, linewidth=0, label=names[0])
            ax.plot([mean, mean], across, color=COLORS[0])
            dots = row + np.linspace(-0.15, 0.15, len(values))  # equal runs would hide each other
            ax.plot(values, dots, "o", color="0.2", markersize=4, label=names[1])
            words.append(f"{label}: mean {mean:.2f} %, from {values.min():.2f} to {values.max():.2f} %")
        ax.set(xlabel="test accuracy in %", yticks=range(len(accuracies)), yticklabels=list(accuracies))
        ax.invert_yaxis()
        ax.grid(True, axis="x")
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return Picture(figure, f"One dot for each run. {'; '.join(words)}. One standard error is {error:.2f} points.")


# -------------------------------------------------------------------------------------------- answers


def confusion(C, *, title: str = "") -> Picture:
    """A confusion matrix, (classes, classes): one row for each true class, one column for each answer."""
    C = np.asarray(C)
    wrong = C - np.diag(np.diag(C))
    with axes(5.6, 4.4, title) as (figure, ax):
        # The scale is that of the mistakes only; beside the right answers they would all be white.
        drawn = ax.imshow(wrong, cmap="Oranges", vmin=0, vmax=max(1, wrong.max()))
        on_diagonal = np.where(np.eye(len(C), dtype=bool), 1.0, np.nan)
        ax.imshow(on_diagonal, cmap=ListedColormap([_RIGHT]), vmin=0, vmax=1)
        for i, j in np.ndindex(*C.shape):
            dark = i != j and C[i, j] > 0.6 * wrong.max()
            how = {"color": "white" if dark else "0.1" if C[i, j] else "0.7", "weight": "bold" if i == j else "normal"}
            ax.text(j, i, int(C[i, j]), ha="center", va="center", fontsize=8, **how)
        ax.set(xlabel="answer (diagonal, blue: right)", ylabel="true class")
        ax.set(xticks=range(len(C)), yticks=range(len(C)))
        ax.spines[:].set_visible(False)
        bar = figure.colorbar(drawn, label="number of mistakes", shrink=0.6, aspect=14)
        bar.ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    right, most = int(np.trace(C)), int(wrong.max())
    text = f"{right} of {int(C.sum())} answers are on the diagonal, the right ones."
    if most:
        places = np.argwhere(wrong == most)
        pairs = [f"{true} taken for {answer}" for true, answer in places[:4]]
        if len(places) > len(pairs):
            pairs.append(f"and {len(places) - len(pairs)} more")
        times = f"{most} time{'s' * (most > 1)}{' each' * (len(pairs) > 1)}"
        text += f" The most frequent mistake{'s' * (len(pairs) > 1)}: {', '.join(pairs)}, {times}."
    return Picture(figure, text)


def calibration(confidence, right, *, title: str = "", bins: int = 10) -> Picture:
    """How often answers are right that are given with a certain probability.

    confidence: the probability of each answer, shape (n,); right: whether it was right, shape (n,). The
    answers are put into `bins` groups by their probability. The bars are the shares that the answers of a group are
    compatible with, see `wilson`, and the number beside a point counts its answers.
    """
    confidence, right = np.asarray(confidence, float), np.asarray(right, float)
    group = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(group, minlength=bins)
    used = counts > 0
    said = 100 * np.bincount(group, confidence, bins)[used] / counts[used]
    found = np.bincount(group, right, bins)[used] / counts[used]
    low, high = wilson(found, counts[used])
    with axes(5.4, 3.8, title) as (figure, ax):
        ax.plot([0, 100], [0, 100], color="0.4", linestyle=DASHES[1], label="as often as it says")
        bars = np.maximum(0, [100 * (found - low), 100 * (high - found)])  # 0 up to rounding where all are right
        ax.errorbar(said, 100 * found, bars, fmt="o", color=COLORS[0], capsize=3, label="the network, 68 % interval")
        for x, y, count in zip(said, 100 * found, counts[used], strict=True):
            place = (6, -11) if y > 10 else (6, 5)  # never below the axis
            behind = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6}
            ax.annotate(
                f"{count:,}", (x, y), place, textcoords="offset points", fontsize=7, color="0.3", bbox=behind, zorder=4
            )
        ax.set(xlabel="probability of the answer in %", xlim=(0, 110), ylim=(-3, 105))
        ax.set(ylabel="share of right answers in %")
        ax.grid(True)
        ax.legend(loc="lower right")
    return Picture(
        figure,
        f"{counts[-1]:,} answers have a probability above {100 - 100 // bins} %; {found[-1]:.1%} of them are "
        f"right. On average the network says {confidence.mean():.1%} and is right in {right.mean():.1%}.",
    )


def wilson(share, count, z: float = 1.0):
    """The interval (low, high) of z standard errors for the probability of a success, from the share among `count` trials.

    It stays between 0 and 1, and is not empty where all trials or none succeeded.
    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    share, count = np.asarray(share, float), np.asarray(count, float)
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    return middle - half, middle + half
