"""Softmax and the categorical cross-entropy on logits, for notebook 06.

Logits are (examples, classes); labels are whole numbers, the number of the right class.
"""

import numpy as np

from .. import functions
from ..code_question import CodeMistake, CodeQuestion
from ..derivation import Step
from ..question import Mistake, Question

# --------------------------------------------------------------------------------------------- softmax

_ROWS = [
    (((0.7, -1.3, 2.2), (0.4, 1.1, -0.6)),),
    (((1.45, -0.35, 0.9, -1.8), (0.3, 2.1, -0.7, 0.6), (-1.2, 0.8, 1.7, 0.2)),),
    (((-0.9, 0.65), (1.3, -0.4), (0.25, 2.4)),),
]
_EXTREME_ROWS = [(((1000.0, 998.0, -1000.0), (-1000.0, -1001.0, -1000.5)),)]

softmax = Question(
    "003.3.softmax",
    "Softmax",
    r"For each example (row) of the logits $Z$, of shape (examples, classes), the probabilities "
    r"$p_k=e^{z_k}/\sum_je^{z_j}$. It must be right for logits of $\pm1000$ too.",
    {"Z": ("m", "k")},
    _ROWS,
    "softmax(Z)",
    extremes=_EXTREME_ROWS,
    mistakes=(
        Mistake(
            "axis",
            "The sums run over the wrong axis: each column adds up to 1, and each row should.",
            "softmax(Z.T).T",
            "Sum over the classes, axis 1, with `keepdims=True`.",
        ),
        Mistake(
            "all_together",
            "All rows share one sum: each row should add up to 1 by itself.",
            "exp(Z)/sum(exp(Z))",
            "Sum over the classes, axis 1, with `keepdims=True`.",
        ),
        Mistake("not_normalised", "The exponentials have not been divided by their sum.", "exp(Z)"),
        Mistake(
            "sigmoid",
            "Each logit went through the logistic sigmoid by itself; the rows do not add up to 1.",
            "sigma(Z)",
        ),
        Mistake(
            "no_exp",
            "The exponential is missing: the logits themselves were divided by their sum.",
            "Z/(sum(Z, 1)*ones_like(Z).T).T",
        ),
        Mistake(
            "minus",
            "The exponent has the wrong sign: the largest logit gets the smallest probability.",
            "softmax(0 - Z)",
        ),
        Mistake("log", "That is the logarithm of the probabilities.", "log(softmax(Z))"),
        Mistake("base_2", "That is softmax with powers of 2 instead of e.", "softmax(Z*log(2))"),
    ),
    hints=(
        "`np.sum(..., axis=1, keepdims=True)` gives one sum for each row, as a column.",
        "Subtract the same number from all logits of a row: the probabilities stay the same. Why?",
        "Subtract the largest logit of the row. Then no exponent is above 0.",
    ),
    target="P",
    symbols={"P": "softmax(Z)"},
    steps=[
        Step("exp(Z[i, p])/sum(exp(Z[i]))", "the definition, for example i and class p", left="P[i, p]"),
        Step(
            "exp(Z[i, p] - Z[i, 0])/sum(exp(Z[i] - Z[i, 0]))",
            "the same number subtracted from all logits of the row divides "
            "numerator and sum by the same factor; in the program it is the largest",
            left="P[i, p]",
        ),
        Step("softmax(Z)", "all examples and classes together"),
    ],
    remark=(
        "A constant that is added to all logits of a row changes nothing: only differences of logits count."
    ),
)

# ------------------------------------------------------------------------------------- labels and one-hot


def _one_hot(labels, classes):
    return (np.asarray(labels)[:, np.newaxis] == np.arange(classes)) * 1.0


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
            lambda labels, classes: _one_hot(labels - 1, classes),
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
            "`Y[np.arange(len(labels)), labels] = 1` pairs rows and columns.",
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
        "A pair of index arrays picks one entry in each row: `Y[np.arange(len(labels)), labels]`.",
    ),
    why=(
        (
            "Two index arrays of the same length are read in pairs: row 0 with the first label, row 1 with"
            " the second, …"
        ),
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
_CE_EXTREME = (
    np.array([[1000.0, -1000.0, 999.0], [-1000.0, 0.5, 1000.0], [3.0, 1.0, -2.0]]),
    np.array([2, 1, 0]),
)


def _naive(Z, labels):
    P = np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)
    return -np.mean(np.log(_picked(P, labels)))


def _clipped(Z, labels):
    return -np.mean(np.log(_picked(functions.softmax(Z), labels) + 1e-12))


def _after_softmax(Z, labels):
    return -np.mean(np.log(_picked(functions.softmax(Z), labels)))


cross_entropy = CodeQuestion(
    "003.3.ce",
    "Categorical cross-entropy on logits",
    "The cost: the mean over the examples of −log p, where p is the softmax probability of the right class."
    " `Z` are the logits, shape (examples, classes), `labels` whole numbers, shape (examples,). It must be"
    " right for logits of ±1000.",
    ("Z", "labels"),
    [*_CE_CASES, _CE_EXTREME],
    _cross_entropy,
    ("J",),
    mistakes=(
        CodeMistake(
            "overflow",
            "The formula is right, but with logits of 1000 the exponential overflows.",
            _naive,
            "Subtract the largest logit of each row, and take the logarithm of the formula, not of the"
            " number.",
        ),
        CodeMistake(
            "log_of_zero",
            "Softmax is safe, but a probability can be too small for a float: its logarithm is −∞ then.",
            _after_softmax,
            "Simplify log p before you program it: z of the right class minus log Σ e^z.",
        ),
        CodeMistake(
            "clipped",
            "A small number has been added inside the logarithm. So a logit that is wrong by 2,000 costs "
            "only 27.6, and no gradient comes from it.",
            _clipped,
            "Simplify log p before you program it: z of the right class minus log Σ e^z.",
        ),
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

_ROWS_Y = [
    (*_ROWS[0], ((0, 1, 0), (0, 0, 1))),
    (*_ROWS[1], ((0, 0, 1, 0), (1, 0, 0, 0), (0, 1, 0, 0))),
    (*_ROWS[2], ((1, 0), (0, 1), (1, 0))),
]

slope = Question(
    "003.3.slope",
    "Gradient of the cross-entropy",
    r"With one-hot rows $Y$ the cost is $J=\frac1m\sum_i\bigl(\log\sum_ke^{Z_{ik}}-\sum_kY_{ik}Z_{ik}\bigr)$."
    r" Find its "
    r"gradient with respect to the logits $Z$, of the shape of $Z$.",
    {"Z": ("m", "k"), "Y": ("m", "k")},
    _ROWS_Y,
    "(softmax(Z) - Y)/len(Z)",
    objective="J",
    variable="Z",
    definitions={
        "m": "len(Z)",
        "P": "softmax(Z)",
        "J": "Sum(i, log(sum(exp(Z[i]))) - sum(Y[i]*Z[i]))/len(Z)",
    },
    extremes=[(*_EXTREME_ROWS[0], ((0, 1, 0), (0, 0, 1)))],
    mistakes=(
        Mistake("no_mean", "The 1/m of the mean is missing.", "P - Y"),
        Mistake(
            "sign", "The sign is wrong: where p is above the target, the cost grows with z.", "(Y - P)/m"
        ),
        Mistake(
            "mean_over_table",
            "Divide by the number of examples, not by the number of entries.",
            "(P - Y)/(m*len(Z.T))",
        ),
        Mistake(
            "only_right_class",
            "Only the right class has a gradient here. Every class takes part in the sum under the "
            "logarithm.",
            "(P - 1)*Y/m",
        ),
        Mistake(
            "sigmoid",
            "Each logit went through the logistic sigmoid by itself; with several classes it is softmax.",
            "(sigma(Z) - Y)/m",
        ),
        Mistake(
            "extra_prime",
            "p(1 − p) has been multiplied in. That is the rule for the squared error; here it cancels.",
            "(P - Y)*P*(1 - P)/m",
        ),
        Mistake("to_p", "That is the derivative with respect to p, not to z.", "(0 - Y/P)/m"),
        Mistake("no_target", "The targets do not appear.", "P/m"),
        Mistake("axis", "Softmax runs over the wrong axis.", "(softmax(Z.T).T - Y)/m"),
    ),
    hints=(
        "Differentiate the loss of one example with respect to one logit: a logarithm and a product.",
        "The derivative of log Σ e^z with respect to one z is e^z/Σ e^z. Do you know that fraction?",
        "The mean brings a factor 1/m into every entry.",
    ),
    target="grad(J, Z)",
    steps=[
        Step(
            "(diff(log(sum(exp(Z[i]))), Z[i, p]) - Y[i, p]) / m",
            "only example i contains this logit; the second sum has one term with it",
            left="diff(J, Z[i, p])",
        ),
        Step(
            "(exp(Z[i, p])/sum(exp(Z[i])) - Y[i, p]) / m",
            "derivative of the logarithm, and the inner derivative of the one term that contains it",
            left="diff(J, Z[i, p])",
        ),
        Step("(softmax(Z) - Y) / len(Z)", "all entries together: probability minus target"),
    ],
    remark="Probability minus target again, as with two classes.",
)
