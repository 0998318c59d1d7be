"""Draw a digit and watch a network recognise it: the probabilities, and what speaks for and against."""

from __future__ import annotations

from textwrap import fill

import numpy as np
import traitlets

from helpers.errors import InputError
from helpers.explorers.core.explorer import Choice, Explorer, View
from helpers.explorers.core.panels import sentence
from helpers.explorers.core.paper import KINDS
from helpers.explorers.core.short_text import pack, unpack
from helpers.explorers.digit import handwriting
from helpers.explorers.digit.classifier import Classifier, class_numbers
from helpers.pictures import digits as pictures
from helpers.pictures import figures

#: What is on the paper at first, where the network knows a 5: strokes as a hand would make them, in points of
#: the paper.
FIVE = (
    ((48, 30), (46, 50), (44, 68), (51, 64), (58, 61), (66, 60), (74, 61), (82, 64), (88, 68), (93, 74),
     (95, 81), (95, 88), (93, 95), (89, 102), (83, 107), (76, 111), (68, 113), (60, 113), (52, 111),
     (45, 108), (39, 103)),
    ((48, 30), (68, 29), (94, 27)),
)  # fmt: skip
_NOTE = "The digit, scaled to fit 20×20 pixels; its centre of mass is the centre of 28×28."
_MOST_EXAMPLES = 10
_HEIGHT = 330  # CSS pixels, on paper

#: What the evidence shows: (on the list, in the sentence).
SHOWN = ("gradient × ink", "gradient")


def draw_digit(network, examples=None, classes=None, forward=None, **start) -> DigitExplorer:
    """Draw a digit with mouse, finger or keys, and see what the network makes of it while you draw.

    network: a trained `Network` of 784 inputs (28×28 pixels, 0 is paper and 1 is ink) that ends in logits or
    in probabilities, with one output for two classes, or one for each class; or the arrays of such a network, as one
    trains them by hand: [W1, b1, W2, b2], with ReLU between the layers and logits at the end;
    examples: images (n, 784) for the button "Test digit", such as x_test[:10]; the first ten are used;
    classes: the digits that the outputs stand for, such as (5, 6); 0, 1, 2, … if None;
    forward: with arrays, one's own forward pass, a function (X, W1, b1, W2, b2) -> logits. It must give the logits that
    the picture computes, and is what Python's numbers come from;
    start: first values of the choices `class` (0 is the most probable one, k the k-th class) and `pixels`.

    The image is prepared as those of MNIST were, see `handwriting.py`. For the chosen class, each pixel is coloured
    by gradient × ink, or by the gradient alone, of the lead of that class: its logit minus the mean of the
    others'. Raises InputError for a network, images or classes that do not fit.
    """
    known = Classifier(network, forward)
    if known.inputs != handwriting.SIDE**2:
        raise InputError(f"the network must have {handwriting.SIDE**2} inputs, the pixels of 28×28, not {known.inputs}")
    digits = class_numbers(classes, known.classes)
    shown = None if examples is None else _images(examples)[:_MOST_EXAMPLES]
    strokes = FIVE if 5 in digits else ()
    panel = {
        "kind": "digit", "title": "", "height": _HEIGHT, "classes": digits, "note": _NOTE, "start": strokes,
        "examples": shown is not None, "colors": list(pictures.SIGNED_COLORS),
    }  # fmt: skip
    choices = [
        Choice("class", 0, len(digits), 0, 1, "the class that the pixels speak for or against",
               ("the most probable", *map(str, digits))),
        Choice("pixels", 0, len(SHOWN) - 1, 0, 1, "how the pixels are coloured", SHOWN),
    ]  # fmt: skip
    explorer = DigitExplorer(choices, {}, [panel], _sentences(known.exact), start=start)
    explorer.follow(known, digits, shown, strokes)
    return explorer


def _images(images) -> np.ndarray:
    """Images as (n, 784) from 0 to 1."""
    try:
        images = np.asarray(images, dtype=float)
        images = images.reshape(-1, handwriting.SIDE**2)
    except (TypeError, ValueError):
        raise InputError(
            f"an image has 28×28 = {handwriting.SIDE**2} numbers; examples need the shape (n, {handwriting.SIDE**2})"
        ) from None
    if not len(images) or not np.all((images >= 0) & (images <= 1)):
        raise InputError("pixels must lie between 0 (paper) and 1 (ink): divide those of 0 … 255 by 255")
    return images


def _sentences(exact: bool) -> list[dict]:
    says = "The network says {says:0} with probability {p_says:3}, then {next:0} with {p_next:3}. "
    lead = "The logit of {chosen:0} is {lead:2} above the mean of the others"
    rest = ", the biases to {rest:2}." if exact else ", which is exact only for small changes of ink."
    return [
        sentence("The paper is empty: draw a digit. For an empty image the network says {says:0} with probability "
                 "{p_says:3}.", when="written < 1"),
        sentence(says, lead, ": the pixels add up to {total:2} (gradient × ink)", rest, when="pixels < 1"),
        sentence(says, lead, ". Each pixel shows its gradient: by how much more ink there would raise (+) "
                 "or lower (−) that."),
    ]  # fmt: skip


class DigitView(View):
    """The picture, and the image in it: two characters a pixel (see `pack`), or "" at first."""

    drawing = traitlets.Unicode().tag(sync=True)


class DigitExplorer(Explorer):
    """The explorer of `draw_digit`. `image` is what the network sees, `show(image)` changes it."""

    view_class = DigitView

    def follow(self, known: Classifier, digits: list, examples, strokes) -> None:
        """digits: the classes; examples: images (n, 784) or None; strokes: the first drawing."""
        self._known, self.classes = known, digits
        self._ink = (
            handwriting.draw(strokes)
            if strokes or examples is None
            else handwriting.enlarged(examples[0].reshape(28, 28))
        )
        self.view.data = {
            "values": {},
            "arrays": {
                "layers": [{"W": pack(W), "b": pack(b), "activation": name} for W, b, name in known.layers],
                "examples": [] if examples is None else [pack(image, 0, 1) for image in examples],
            },
        }

    @property
    def image(self) -> np.ndarray:
        """What the network sees now, (28, 28) from 0 to 1."""
        if self.view.drawing:
            return unpack(self.view.drawing, 0, 1).reshape(handwriting.SIDE, handwriting.SIDE)
        return handwriting.as_mnist(self._ink)

    def show(self, image) -> None:
        """Put an image on the paper: 784 numbers from 0 to 1. Raises InputError for anything else."""
        images = _images(image)
        if len(images) > 1:
            raise InputError(f"show one image at a time, not {len(images)}")
        self._ink = handwriting.enlarged(images[0].reshape(handwriting.SIDE, handwriting.SIDE))
        self.view.drawing = pack(images[0], 0, 1)["codes"]

    @property
    def ink(self) -> np.ndarray:
        """The paper, (140, 140); of a drawing made in the browser, what the network sees of it, enlarged."""
        return handwriting.enlarged(self.image) if self.view.drawing else self._ink

    @property
    def probabilities(self) -> dict[int, float]:
        """The probability of each class for the image."""
        found = self._known.probabilities(self.image.reshape(1, -1))[0]
        return dict(zip(self.classes, found.tolist(), strict=True))

    @property
    def chosen(self) -> int:
        """The number of the class, from 0, that the pixels speak for or against."""
        values = list(self.probabilities.values())
        return self.values["class"] - 1 if self.values["class"] else values.index(max(values))

    @property
    def evidence(self) -> np.ndarray:
        """What the pixels say for (> 0) and against (< 0) the chosen class, (28, 28): see `draw_digit`."""
        gradient = self._known.lead(self.image.ravel(), self.chosen)[1].reshape(handwriting.SIDE, handwriting.SIDE)
        return gradient if self.values["pixels"] else gradient * self.image

    def variables(self) -> dict:
        """Also the numbers that the sentence quotes, as in digit_panel.js."""
        image, probabilities = self.image.ravel(), self.probabilities
        says, following = sorted(probabilities, key=lambda digit: -probabilities[digit])[:2]
        lead, gradient = self._known.lead(image, self.chosen)
        return super().variables() | {
            "written": float(image.any()), "says": says, "p_says": probabilities[says], "next": following,
            "p_next": probabilities[following], "chosen": self.classes[self.chosen], "lead": lead,
            "total": gradient @ image, "rest": lead - gradient @ image,
        }  # fmt: skip

    def reset(self) -> None:
        """Also the paper, to the first drawing."""
        super().reset()
        self.view.drawing = ""


def draw(ax, panel, explorer) -> None:
    """Draw the panel: the paper, the image that the network sees, the probabilities, the evidence."""
    ax.axis("off")
    places = ((0, 0.1, 0.29, 0.8), (0.31, 0.48, 0.15, 0.42), (0.505, 0.1, 0.13, 0.8), (0.71, 0.1, 0.29, 0.8))
    paper, seen, bars, evidence = map(ax.inset_axes, places)
    for place, image, title in ((paper, explorer.ink, "a drawn digit"), (seen, explorer.image, "the network sees")):
        place.imshow(1 - image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        place.set(xticks=[], yticks=[], title=title)
    seen.set_xlabel(fill(panel["note"], 22), fontsize=8)
    _bars(bars, explorer)
    label = panel["classes"][explorer.chosen]
    drawn = pictures.draw_signed(evidence, explorer.evidence, marks=True)
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


KINDS["digit"] = draw
