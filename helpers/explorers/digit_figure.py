"""The panel of a drawn digit in matplotlib: what `front/digit_picture.js` draws."""

from __future__ import annotations

from textwrap import fill

import numpy as np

from helpers.explorers import signed_images
from helpers.pictures import figures


def draw(ax, panel, explorer) -> None:
    """Draw the panel: the paper, the image that the network sees, the probabilities, the evidence."""
    ax.axis("off")
    paper, seen, bars, evidence = (
        ax.inset_axes(place)
        for place in (
            (0, 0.1, 0.29, 0.8),
            (0.31, 0.48, 0.15, 0.42),
            (0.505, 0.1, 0.13, 0.8),
            (0.71, 0.1, 0.29, 0.8),
        )
    )
    for place, image, title in (
        (paper, explorer.ink, "a drawn digit"),
        (seen, explorer.image, "the network sees"),
    ):
        place.imshow(1 - image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        place.set(xticks=[], yticks=[], title=title)
    seen.set_xlabel(fill(panel["note"], 22), fontsize=8)
    _bars(bars, explorer)
    label = panel["classes"][explorer.chosen]
    drawn = signed_images.draw(evidence, explorer.evidence, marks=True)
    evidence.set_title(f"+ speaks for {label}, − against it")
    ax.figure.colorbar(drawn, cax=ax.inset_axes((0.73, 0.04, 0.25, 0.03)), orientation="horizontal")


def _bars(ax, explorer) -> None:
    probabilities = explorer.probabilities
    places = np.arange(len(probabilities))
    ax.barh(places, 1, color="0.92", height=0.7)
    ax.barh(places, list(probabilities.values()), color=figures.COLORS[0], height=0.7)
    most = max(probabilities.values())
    for place, value in zip(places, probabilities.values(), strict=True):
        ax.text(1.05, place, f"{value:.3f}", va="center", fontsize=8, weight="bold" if value == most else "normal")
    labels = [f"▸ {digit}" if k == explorer.chosen else str(digit) for k, digit in enumerate(probabilities)]
    ax.set_yticks(places, labels)
    ax.set(xticks=[], xlim=(0, 1), title="probability")
    ax.set_ylim(max(len(places), 6) - 0.5, -0.5)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.tick_params(length=0)
