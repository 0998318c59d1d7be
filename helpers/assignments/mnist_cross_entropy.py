"""One-hot rows and the categorical cross-entropy on logits, for notebook 06.

Logits are (examples, classes); labels are whole numbers, the number of the right class.
"""

import numpy as np

from helpers import functions
from helpers.checking.answers import CLIPPED, Extreme
from helpers.checking.feedback import Recognition
from helpers.exercises.code_question import CodeMistake, CodeQuestion

# ------------------------------------------------------------------------------------- labels and one-hot


def _one_hot(labels, classes):
    return (np.asarray(labels)[:, np.newaxis] == np.arange(classes)) * 1.0


_PAIRS = "Two index arrays are read in pairs: `A[[0, 1], [2, 0]]` are the entries (0, 2) and (1, 0). Which pairs are 1?"
_LABEL_CASES = [(np.array([2, 0, 3, 3]), 4), (np.array([1, 4, 0, 2, 1, 1]), 5), (np.array([0, 1]), 3)]

one_hot = CodeQuestion(
    "003.3.onehot",
    "One-hot rows",
    "Turn integer labels, shape (examples,), into one-hot rows, shape (examples, classes): 1 in the column of"
    " the label, 0 elsewhere.",
    ("labels", "classes"),
    _LABEL_CASES,
    _one_hot,
    ("Y",),
    mistakes=(
        CodeMistake(
            "transpose",
            "That is the transpose: rows must belong to examples, columns to classes.",
            lambda labels, classes: _one_hot(labels, classes).T,
        ),
        CodeMistake(
            "count_from_one",
            "The classes are counted from 1 here; label 0 belongs to the first column.",
            (
                lambda labels, classes: _one_hot(labels - 1, classes),
                lambda labels, classes: np.eye(classes)[labels - 1],  # −1 is the last row
            ),
        ),
        CodeMistake(
            "too_few_columns",
            "The number of columns was taken from the labels. A class that does not occur among "
            "them needs its column too.",
            lambda labels, classes: _one_hot(labels, labels.max() + 1),
            "`classes` says how many columns there are.",
        ),
        CodeMistake(
            "all_rows",
            "Whole columns are 1: `Y[:, labels] = 1` sets every row. Each row needs its own column.",
            lambda labels, classes: np.tile(_one_hot(labels, classes).max(axis=0), (len(labels), 1)),
            _PAIRS,
        ),
        CodeMistake(
            "rows_by_label",
            "Whole rows are 1: `Y[labels] = 1` takes the labels for the numbers of rows. A label is the number of a"
            " column.",
            lambda labels, classes: np.tile(np.isin(np.arange(len(labels)), labels)[:, np.newaxis] * 1.0, (1, classes)),
            _PAIRS,
        ),
        CodeMistake(
            "value",
            "The label itself stands in its column; it must be 1.",
            lambda labels, classes: _one_hot(labels, classes) * labels[:, np.newaxis],
        ),
        CodeMistake(
            "labels",
            "Those are the labels themselves, one number for each example.",
            lambda labels, classes: labels,
        ),
        CodeMistake(
            "cumulative",
            "All columns up to the label are 1; only the label's own column should be.",
            lambda labels, classes: (labels[:, np.newaxis] >= np.arange(classes)) * 1.0,
        ),
    ),
    hints=(
        "Start with `np.zeros((len(labels), classes))`.",
        _PAIRS,
    ),
    why=(
        ("Two index arrays of the same length are read in pairs: row 0 with the first label, row 1 with the second, …"),
        "The number of classes is given, because a class may be absent among the labels at hand.",
    ),
)

# ------------------------------------------------------------------------------- cross-entropy on logits


def _log_p(Z, axis=1):
    return functions.log_softmax(Z, axis=axis)


def _picked(Z, labels):
    return Z[np.arange(len(labels)), labels]


def _cross_entropy(Z, labels):
    return -np.mean(_picked(_log_p(Z), labels))


_rng = np.random.default_rng(4)
_CE_CASES = [
    (np.round(_rng.normal(0, 1.5, (len(labels), k)), 2), np.array(labels))
    for labels, k in (((2, 0, 1, 3, 3), 4), ((1, 2, 0), 3), ((4, 0, 2, 1), 5))
]
_FAR_ABOVE = (1000.0, -1000.0, -1000.0), (-1000.0, -1000.0, 1000.0)
_FAR_BELOW = (-1000.0, 0.5, 1000.0)
# e^720 is too large for a float, and e^−720 just not too small: a wrong shift fails, a logarithm does not.
_BETWEEN = (720.0, 719.0, 0.0), (0.0, 720.0, 719.0)
_NORMAL = (3.0, 1.0, -2.0)
_SIMPLIFY = "Simplify log p before you program it: z of the right class minus log Σ e^z."
_OTHER_SHIFT = Recognition(
    "shift_not_largest",
    "The formula is right, but the number that is subtracted in a row is not its largest logit. Where one"
    " logit is far above the others, its exponential overflows.",
    "With which number is no exponent above 0?",
)
_CE_EXTREMES = [  # each looks for one cause, if those before it are no trouble
    Extreme(
        (np.array([(1000.0, 999.0, 998.0)]), np.array([1])),
        Recognition(
            "overflow",
            "The formula is right, but with logits of 1000 the exponential overflows.",
            "Subtract the largest logit of each row, and take the logarithm of the formula, not of the number.",
        ),
    ),
    Extreme(
        (np.array([(1000.0, 999.0, 998.0), (-1000.0, -999.0, -998.0)]), np.array([1, 0])),
        Recognition(
            "shift_of_all_rows",
            "The formula is right, but the same number is subtracted in all rows. Some rows are so far from it that"
            " their exponentials overflow, or are all 0.",
            "Each row needs a number of its own: its largest logit, over axis 1.",
        ),
    ),
    Extreme((np.array(_BETWEEN), np.array([1, 2])), _OTHER_SHIFT),
    Extreme(
        (np.array([(500.0, 499.0, -500.0), _NORMAL]), np.array([0, 1])),
        Recognition(
            "zero_times_log",
            "The formula is right, but a class that is not the right one has the probability 0 here: 0·log 0 is"
            " 0·(−∞), which is NaN and not 0.",
            "Pick log p of the right class only, or simplify log p first: z of the class minus log Σ e^z.",
        ),
    ),
    Extreme((np.array([*_FAR_ABOVE, _NORMAL]), np.array([0, 2, 1])), _OTHER_SHIFT),
    Extreme(
        (np.array([_FAR_BELOW, _NORMAL]), np.array([1, 0])),
        Recognition(
            "log_of_zero",
            "Softmax is safe, but a probability can be too small for a float: its logarithm is −∞ then.",
            _SIMPLIFY,
        ),
        CLIPPED,
    ),
]


def _one_term_shifted(Z, labels):
    below = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(below).sum(axis=1)) - _picked(Z, labels))


def _other_term_shifted(Z, labels):
    below = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - _picked(below, labels))


cross_entropy = CodeQuestion(
    "003.3.ce",
    "Categorical cross-entropy on logits",
    "The cost: the mean over the examples of −log p, where p is the softmax probability of the right class."
    " `Z` are the logits, shape (examples, classes), `labels` whole numbers, shape (examples,). It must be"
    " right for logits of ±1000.",
    ("Z", "labels"),
    _CE_CASES,
    _cross_entropy,
    ("J",),
    mistakes=(
        CodeMistake(
            "sum",
            "The losses have been added up; the cost is their mean.",
            lambda Z, labels: -np.sum(_picked(_log_p(Z), labels)),
        ),
        CodeMistake(
            "sign",
            "The sign is wrong: log p is negative, and a loss is positive.",
            lambda Z, labels: np.mean(_picked(_log_p(Z), labels)),
        ),
        CodeMistake(
            "log10",
            "The logarithm has the base 10; log is the natural logarithm.",
            lambda Z, labels: _cross_entropy(Z, labels) / np.log(10),
        ),
        CodeMistake(
            "log2",
            "The logarithm has the base 2; log is the natural logarithm.",
            lambda Z, labels: _cross_entropy(Z, labels) / np.log(2),
        ),
        CodeMistake(
            "axis",
            "Softmax runs over the wrong axis, over the examples instead of the classes.",
            lambda Z, labels: -np.mean(_picked(_log_p(Z, axis=0), labels)),
        ),
        CodeMistake(
            "all_classes",
            "The mean runs over all classes; only the right class of each example counts.",
            lambda Z, labels: -np.mean(_log_p(Z)),
            "`[np.arange(len(labels)), labels]` picks one entry in each row.",
        ),
        CodeMistake(
            "mean_over_table",
            "The sum was divided by examples times classes. The mean runs over the examples only.",
            lambda Z, labels: _cross_entropy(Z, labels) / Z.shape[1],
            "`np.mean` of a one-hot table divides by the zeros too.",
        ),
        CodeMistake(
            "shift_in_one_term",
            "The largest logit has been subtracted in one of the two terms only.",
            (_one_term_shifted, _other_term_shifted),
            "log Σ e^z = c + log Σ e^(z − c): what is taken out has to come back.",
        ),
        CodeMistake(
            "labels_for_one_hot",
            "The labels were multiplied in as if they were one-hot rows; they are numbers of classes.",
            (
                lambda Z, labels: -np.sum(labels[:, np.newaxis] * _log_p(Z)) / len(labels),
                lambda Z, labels: -np.mean(labels[:, np.newaxis] * _log_p(Z)),
                lambda Z, labels: -np.mean(labels * _log_p(Z)),  # raises where shapes do not happen to fit
                lambda Z, labels: -np.mean(_log_p(Z) * labels),
            ),
            "A label says which column to pick.",
        ),
        CodeMistake(
            "all_pairs",
            "`[:, labels]` takes the columns of all labels in every row. Each row needs its own column only.",
            (
                lambda Z, labels: -np.mean(_log_p(Z)[:, labels]),
                lambda Z, labels: -np.sum(_log_p(Z)[:, labels]) / len(labels),
            ),
            "Two index arrays of the same length are read in pairs: rows and columns.",
        ),
        CodeMistake(
            "not_averaged",
            "That is the loss of each example; their mean is still missing.",
            lambda Z, labels: -_picked(_log_p(Z), labels),
        ),
        CodeMistake(
            "no_log",
            "The logarithm is missing.",
            lambda Z, labels: -np.mean(_picked(functions.softmax(Z), labels)),
        ),
        CodeMistake(
            "no_softmax",
            "The logits were used as if they were logarithms of probabilities: log Σ e^z is missing.",
            lambda Z, labels: -np.mean(_picked(Z, labels)),
        ),
        CodeMistake(
            "softmax_twice",
            "Softmax has been applied twice: Z are logits, not probabilities.",
            lambda Z, labels: _cross_entropy(functions.softmax(Z), labels),
        ),
    ),
    extremes=_CE_EXTREMES,
    hints=(
        "log p = z of the right class − log Σ e^z: the fraction becomes a difference.",
        "log Σ e^z = c + log Σ e^(z − c) for every c. Take the largest logit of the row for c.",
        "`[np.arange(len(labels)), labels]` picks the right class in each row.",
    ),
    why=(
        "log p = z_y − log Σ e^z: after the logarithm no exponential of the right class is left.",
        (
            "log Σ e^z = c + log Σ e^(z − c). With c the largest logit, no exponent is above 0, and the sum"
            " is at least 1."
        ),
        (
            "The loss is the sum over all classes of −y log p with one-hot y; all terms but one are 0, so it"
            " is enough to pick that one. Ten thousand rows of zeros and ones are never needed."
        ),
    ),
)
