"""Two exercises of notebook 05 on its data: preparing the images, and which part of them does which job."""

import numpy as np

from helpers.exercises.code_question import CodeQuestion
from helpers.exercises.exercise import Mistake
from helpers.exercises.judged import Job, PlanQuestion

# ------------------------------------------------------------------------------------------------- the data


def _images(labels, seed, largest=255):
    """Raw images as they come from a file: whole numbers from 0 to 255, one of 28×28 for each label."""
    return np.random.default_rng(seed).integers(0, largest + 1, (len(labels), 28, 28)).astype(np.uint8)


_DATA = (  # labels, the two digits, and the largest grey that occurs
    ("5605596", (5, 6), 255),
    ("388138", (3, 8), 255),
    ("7242722", (7, 2), 255),
    ("1031008", (1, 0), 255),  # digits that are 0 and 1 themselves: what is relabelled in place is relabelled again
    ("05509", (5, 0), 255),
    ("71184712", (1, 7), 255),
    ("6262", (3, 6), 201),  # one of the digits is absent, and so is 255
)
_PREPARE_CASES = [
    (_images(labels, seed, largest), np.array(list(labels)), *digits)
    for seed, (labels, digits, largest) in enumerate(_DATA)
]


def _prepare(images, labels, first, second, *, scale=255.0, flat=True, chosen=True, label=None):
    digits = np.asarray(labels).astype(int)
    rows = (digits == first) | (digits == second) if chosen else np.full(len(digits), True)
    x = images[rows] / scale
    y = (digits[rows] == second) * 1 if label is None else label(digits[rows], first, second)
    return (x.reshape(len(x), -1) if flat else x), y


def _with(**changes):
    return lambda *arguments: _prepare(*arguments, **changes)


def _no_rows(images, labels, first, second):
    return np.zeros((0, 784)), np.zeros(0)  # a text is never equal to a number


def _no_rows_to_reshape(images, labels, first, second):
    x = images[:0]
    return x.reshape(len(x), -1), np.zeros(0)  # raises: 0 numbers do not say how long a row is


def _always_5_and_6(images, labels, first, second):
    x, y = _prepare(images, labels, 5, 6, flat=False)
    return x.reshape(len(x), 784), y


def _always_5_and_6_reshaped(images, labels, first, second):
    return _prepare(images, labels, 5, 6)  # raises where no row is left, since then −1 may be any number


def _one_after_the_other(digits, *pairs):
    """Labels that are relabelled in place, digit by digit."""
    y = digits.copy()
    for digit, label in pairs:
        y[y == digit] = label
    return y


def _grouped(x, y):
    order = np.argsort(y, kind="stable")
    return x[order], y[order]


def _then(change, **changes):
    """The right function, or one with changes, and its result changed at the end."""
    return lambda *arguments: change(*_prepare(*arguments, **changes))


prepare = CodeQuestion(
    "003.2.data",
    "Prepare the images of two digits",
    "Raw images hold whole numbers from 0 to 255 in the shape (n, 28, 28), and the labels are texts such as"
    " '5'. Return `x`, of shape (examples, 784) with values from 0 to 1, and `y`, 0 for the first digit and 1"
    " for the second, of the rows that show one of the two.",
    ("images", "labels", "first", "second"),
    _PREPARE_CASES,
    _prepare,
    ("x", "y"),
    mistakes=(
        Mistake(
            "labels_not_remapped",
            "The labels are still the digits. The binary cross-entropy takes 0 and 1 only; "
            "with 5 and 6 the cost has no lower bound, and the accuracy is 0.",
            _with(label=lambda digits, first, second: digits),
            hint="Compare with the second digit: that is 0 or 1.",
        ),
        Mistake(
            "relabelled_again",
            "The two digits were relabelled one after the other, in place. Where a digit is 0 or 1 itself, labels that"
            " are set already are found and set again.",
            _with(label=lambda digits, first, second: _one_after_the_other(digits, (first, 0), (second, 1))),
            _with(label=lambda digits, first, second: _one_after_the_other(digits, (second, 1), (first, 0))),
            hint="Compare the digits themselves with the second one: that is 0 or 1 for all rows at once.",
        ),
        Mistake(
            "by_number",
            "The smaller of the two digits that occur has become 0. 0 has to be `first`, 1 has to be `second`, whichever"
            " is larger, and also where only one of them occurs.",
            _with(label=lambda digits, first, second: np.unique(digits, return_inverse=True)[1]),
            _with(label=lambda digits, first, second: (digits == max(first, second)) * 1),
            _with(label=lambda digits, first, second: (digits == digits.max()) * 1),
        ),
        Mistake(
            "first_subtracted",
            "The first digit was subtracted from the labels. That gives 0 and 1 only where the second digit is the next one.",
            _with(label=lambda digits, first, second: digits - first),
            hint="Compare with the second digit: that is 0 or 1.",
        ),
        Mistake(
            "compared_by_size",
            "The digits were compared by their size, with `>` or `>=`. The second digit may be the smaller of the two.",
            _with(label=lambda digits, first, second: (digits > first) * 1),
            _with(label=lambda digits, first, second: (digits >= second) * 1),
            hint="Compare with the second digit, by `==`.",
        ),
        Mistake(
            "string_labels",
            "No image is left. One of these happened: the labels are still texts, and the text '5' is not equal to"
            " the number 5; or the condition asks for both digits at once, and no image shows both.",
            _no_rows,
            _no_rows_to_reshape,
            hint="Is the condition true for either digit, and are the labels numbers?",
        ),
        Mistake(
            "always_5_and_6",
            "Your function selects 5 and 6 whatever it is called with. `first` and `second` say which digits are"
            " asked for.",
            _always_5_and_6,
            _always_5_and_6_reshaped,
            hint="No digit should stand in the function itself.",
        ),
        Mistake(
            "grouped",
            "The rows are grouped by their digit. Keep the order that they have in `images`.",
            _then(_grouped),
            hint="One condition for both digits selects the rows in their order.",
        ),
        Mistake(
            "all_zero",
            "Every entry of `y` is 0: nothing was equal to the second digit. Are the labels still texts there?",
            _with(label=lambda digits, first, second: digits * 0),
            hint="Turn the labels into whole numbers first.",
        ),
        Mistake(
            "whole_division",
            "What is behind the decimal point was dropped, so every grey became 0: by `//`, or because the shares were put"
            " into an array of whole numbers (`astype(int)`, `dtype=np.uint8`).",
            _then(lambda x, y: (x // 255, y), scale=1),
            hint="`/` keeps the shares, and an array of floats holds them.",
        ),
        Mistake(
            "by_columns",
            "The pixels of an image stand column by column; they should stand row by row.",
            lambda images, *others: _prepare(images.transpose(0, 2, 1), *others),
            hint="`reshape` without `order` keeps the rows.",
        ),
        Mistake(
            "inverted",
            "Black and white are exchanged: 0 has to stay 0, and 255 becomes 1.",
            _then(lambda x, y: (1 - x, y)),
        ),
        Mistake(
            "no_scaling",
            "The pixels still go up to 255; they are to lie between 0 and 1.",
            _with(scale=1.0),
            hint="Divide by the largest possible value.",
        ),
        Mistake(
            "positive_class",
            "0 and 1 are exchanged: 1 has to be the second digit. Precision and recall would "
            "be those of the other class.",
            _with(label=lambda digits, first, second: (digits == first) * 1),
        ),
        Mistake(
            "minus_one",
            "The labels are −1 and 1. This cross-entropy takes 0 and 1.",
            _with(label=lambda digits, first, second: np.where(digits == second, 1, -1)),
        ),
        Mistake(
            "all_rows",
            "The other digits are still among the images; they would all count as the first digit.",
            _with(chosen=False),
            hint="Select rows of `images` and of `labels` with the same condition.",
        ),
        Mistake(
            "mirrored",
            "The pixels of each row stand in reverse order: every image is mirrored.",
            lambda images, labels, first, second: _prepare(images[:, :, ::-1], labels, first, second),
        ),
        Mistake(
            "upside_down",
            "The rows of pixels stand in reverse order: every image is upside down.",
            lambda images, labels, first, second: _prepare(images[:, ::-1], labels, first, second),
        ),
        Mistake(
            "not_flat",
            "The images are still squares: each must become a row of 784 numbers.",
            _with(flat=False),
            hint="`reshape(len(x), -1)` keeps the first axis and joins the others.",
        ),
        Mistake(
            "own_largest",
            "The pixels have been divided by the largest value that occurs. In some images 255 does not occur: there the"
            " same grey would become another number than elsewhere.",
            lambda images, *others: _prepare(images, *others, scale=images.max()),
            _then(lambda x, y: (x / x.max(), y)),
            _then(lambda x, y: (x / x.max(axis=1, keepdims=True), y)),
            hint="Divide by the largest possible value.",
        ),
        Mistake("scale_256", "The largest value is 255, not 256: it would not become 1.", _with(scale=256.0)),
        Mistake(
            "standardised_by_pixel",
            "Each pixel has been standardised over the images. Here they are to lie between 0 and 1.",
            _then(lambda x, y: ((x - x.mean(axis=0)) / (x.std(axis=0) + 1e-8), y)),
            _then(lambda x, y: ((x - x.mean(axis=0)) / x.std(axis=0), y)),
            _then(lambda x, y: (x - x.mean(axis=0), y)),
        ),
        Mistake(
            "pixels_mixed",
            "`reshape(784, …).T` mixes the pixels of different images: each row must be one image.",
            _then(lambda x, y: (x.reshape(784, -1).T, y)),
        ),
        Mistake(
            "other_range",
            "The pixels lie in another range than from 0 to 1: something was added or they were stretched.",
            _then(lambda x, y: (0.99 * x + 0.01, y)),
            _then(lambda x, y: (2 * x - 1, y)),
            _then(lambda x, y: (x - 0.5, y)),
        ),
        Mistake(
            "black_or_white",
            "Every pixel became 0 or 1, black or white: the greys between them are lost.",
            _then(lambda x, y: ((x > 0.5) * 1.0, y)),
            _then(lambda x, y: ((x >= 0.5) * 1.0, y)),
            _then(lambda x, y: ((x > 0) * 1.0, y)),
            _then(lambda x, y: (np.round(x), y)),
        ),
        Mistake("results_exchanged", "`y` came first; return `x, y` in this order.", _then(lambda x, y: (y, x))),
        Mistake(
            "standardised",
            "The pixels have been standardised. That is a sound preparation, but here they are to lie between 0 and 1.",
            _then(lambda x, y: ((x - x.mean()) / x.std(), y)),
        ),
    ),
    minutes=10,
    hints=(
        "Make the labels whole numbers first, then a condition that is true for both digits.",
        "The same condition selects rows of the images and of the labels.",
        "`labels == second` is True or False for each row; `* 1` or `astype(int)` makes 1 and 0 of it.",
    ),
    look={
        "x": "Look at one image: `x.shape`, `x.min()` and `x.max()`, and whether row 0 shows what `y[0]` says.",
        "y": "Print `y` beside the labels of the rows that you selected.",
    },
    why=(
        "Texts and numbers are never equal, so the labels become numbers before they are compared.",
        "One condition selects the rows of both arrays, so that images and labels stay together.",
        "255 is the largest value that a byte can have; divided by it, every pixel lies between 0 and 1.",
        "The cross-entropy is a formula for labels 0 and 1.",
    ),
)

# -------------------------------------------------------------------------------------------- training

plan = PlanQuestion(
    "003.2.plan",
    "Which images do which job",
    "The images are split in three parts: training, validation and test. Say which part does each job, and when the "
    "validation images are drawn.",
    (
        Job(
            "set the weights",
            "training",
            {
                "validation": (
                    "train_on_validation",
                    (
                        "The weights would follow the validation images. Nothing would be left "
                        "that tells you when to stop."
                    ),
                ),
                "test": (
                    "train_on_test",
                    (
                        "The weights would follow the test images: the network could learn them by heart, "
                        "and the table would say nothing about new images."
                    ),
                ),
            },
            "The gradients are those of the training images; most of the images belong here.",
        ),
        Job(
            "decide when to stop",
            "validation",
            {
                "training": (
                    "stop_on_training",
                    (
                        "The cost on the training images goes on falling, also when the network gets "
                        "worse on others. It never tells you to stop."
                    ),
                ),
                "test": (
                    "test_in_training",
                    (
                        "Test images would decide when to stop. Then they are part of the training, and "
                        "the accuracy on them is too good to be true."
                    ),
                ),
            },
            "Early stopping needs images that the weights do not follow, and that are not needed any more afterwards.",
        ),
        Job(
            "choose the initialisation",
            "validation",
            {
                "training": (
                    "choose_on_training",
                    "On the training images the network that knows them by heart wins.",
                ),
                "test": (
                    "choose_on_test",
                    (
                        "The best of several test accuracies is partly luck. Whatever is chosen with the "
                        "test images can no longer be measured on them."
                    ),
                ),
            },
            "Every choice between networks is a kind of training. It is made on the validation images.",
        ),
        Job(
            "fill the table",
            "test",
            {
                "training": (
                    "accuracy_on_training",
                    (
                        "That would be the accuracy on images that the network has learned from. "
                        "A network that knows them by heart has 100 %."
                    ),
                ),
                "validation": (
                    "report_validation",
                    (
                        "The validation images have decided when to stop. The epoch was chosen "
                        "because it is good on just these images."
                    ),
                ),
            },
            "Test images decide nothing. They are looked at once, at the end.",
        ),
        Job(
            "draw the validation images",
            "before training",
            {
                "after training": (
                    "drawn_after_looking",
                    (
                        "The network has learned from images that are then to judge it. And whoever knows the results can "
                        "draw until they please."
                    ),
                ),
                "in every epoch": (
                    "drawn_in_every_epoch",
                    (
                        "Drawn anew in every epoch, each image is learned from sooner or later: none is left that the "
                        "weights do not follow. And the costs of two epochs are those of different images."
                    ),
                ),
            },
            "Once, before anything is known, and then left alone.",
            asked=False,
        ),
    ),
    minutes=5,
    hints=(
        "Ask for every part: what was decided with it? After that it cannot judge the decision.",
        "There are four jobs and three parts: one part has two of the jobs.",
        "What must nobody know yet when the validation images are drawn?",
    ),
)
