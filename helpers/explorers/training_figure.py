"""The panels of a training in matplotlib: what `front/confusion.js` and `front/images.js` draw."""

from __future__ import annotations

import numpy as np

from helpers.explorers import signed_images
from helpers.pictures import figures


def draw_confusion(ax, panel, explorer) -> None:
    """How many examples of each class (rows) were taken for which class (columns)."""
    counts = explorer.confusion
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    right = np.eye(len(counts), dtype=bool)
    strength = np.where(right, 0.75 * shares, np.minimum(1, 1.4 * np.sqrt(shares)))
    colors = np.array([[int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)] for color in figures.COLORS[:2]])
    ax.imshow(1 - strength[..., None] * (1 - colors[np.where(right, 0, 1)]), aspect="auto")
    for row, column in np.argwhere(counts > 0):
        ax.text(
            column, row, str(counts[row, column]), ha="center", va="center",
            fontsize=7 if len(counts) > 4 else 10, weight="bold" if row == column else "normal",
            color="white" if strength[row, column] > 0.55 else "black",
        )  # fmt: skip
    places = np.arange(len(counts))
    ax.set_xticks(places, panel["classes"])
    ax.set_yticks(places, panel["classes"])
    ax.set(xlabel="answer", ylabel="true class")
    ax.tick_params(length=0)


def draw_images(ax, panel, explorer) -> None:
    """Small images of signed numbers on one scale."""
    ax.axis("off")
    count, columns = panel["count"], min(panel["count"], max(4, -(-panel["count"] // 3)))
    rows = -(-count // columns)
    for k, image in enumerate(explorer.weights):
        row, column = divmod(k, columns)
        place = ax.inset_axes((column / columns, 1 - (row + 1) * 0.84 / rows, 0.96 / columns, 0.8 / rows))
        drawn = signed_images.draw(place, image, panel["limit"])
        for spine in place.spines.values():
            spine.set_visible(False)
    ax.figure.colorbar(drawn, cax=ax.inset_axes((0.1, 0.08, 0.6, 0.035)), orientation="horizontal")
