"""Softmax, one-hot rows, and the categorical cross-entropy on logits with its gradient, for notebook 06.

Logits are (examples, classes); labels are whole numbers, the number of the right class.
"""

from dataclasses import replace

import numpy as np

from helpers import functions
from helpers.assignments.points import generic
from helpers.checking.extremes import CLIPPED, Extreme
from helpers.checking.feedback import Recognition
from helpers.exercises.code_question import CodeQuestion
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.formulas.derivation import Step

# --------------------------------------------------------------------------------------------- softmax

_SIZES = {"m": (2, 3, 3, 5), "k": (3, 4, 2, 6)}
_ROWS = generic({"Z": ("m", "k")}, **_SIZES)
_SHARED_SHIFT = Recognition(
    "shift_of_all_rows",
    "The formula is right, but the same number is subtracted in all rows. Some rows are so far from it that their"
    " exponentials overflow, or are all 0.",
    "Each row needs a number of its own: its largest logit, over axis 1 with `keepdims=True`.",
)
_OTHER_SHIFT = Recognition(
    "shift_not_largest",
    "The formula is right, but the number that is subtracted in a row is not its largest logit. Where one logit is"
    " far above the others, its exponential becomes too large for a float.",
    "With which number is no exponent above 0?",
)
_CUT_OFF = Recognition(
    "cut_off",
    "The formula is right, but for large logits wrong probabilities come: a logit or an exponential has been cut off.",
    "Two logits of 1000 and 998 are as far apart as 2 and 0. What changes if 1000 is subtracted from both?",
)
_TOO_LARGE = "overflow encountered in exp"
_EXTREME_ROWS = [  # close to each other; rows far apart; one logit far above the others of its row; and mixed
    Extreme(rows, *causes, breaks=_TOO_LARGE if causes[0] is _OTHER_SHIFT else "")
    for rows, *causes in (
        ((((1000.0, 998.0, 999.0),),), None, _CUT_OFF),
        ((((-1000.0, -1001.0, -1000.5),),), None, _CUT_OFF),
        ((((1000.0, 998.0, 999.0), (-1000.0, -1001.0, -1000.5)),), _SHARED_SHIFT, _CUT_OFF),
        ((((1000.0, -1000.0, -1000.0), (-1000.0, -1000.0, 1000.0)),), _OTHER_SHIFT, _CUT_OFF),
        ((((1000.0, 998.0, -1000.0), (-1000.0, -1001.0, -1000.5)),), None, _CUT_OFF),
    )
]


def _rows_of(exponentials, sums=None):
    """Each row divided by its sum, or by other sums."""
    return exponentials / (exponentials if sums is None else sums).sum(axis=1, keepdims=True)


def _below(Z, axis=1):
    return Z - Z.max(axis=axis, keepdims=True)


def _sum_over_examples(Z):
    exponentials = np.exp(_below(Z))
    return exponentials / exponentials.sum(axis=0)


#: Softmax programmed wrongly, as functions of the logits: (id, what happened, the function).
_OWN_SOFTMAX = (
    (
        "sum_axis",
        "The exponentials are divided by the sums of their columns: the sum runs over axis 0, the examples, and should run "
        "over axis 1, the classes. The `sum` of Python adds up rows, too.",
        _sum_over_examples,
    ),
    (
        "shift_axis",
        "The largest logit of each column, axis 0, is subtracted. It has to be the largest of the row, axis 1: only what is "
        "the same in a whole row cancels.",
        lambda Z: _rows_of(np.exp(_below(Z, axis=0))),
    ),
    (
        "shift_above",
        "The largest logit is subtracted in the numerator only. It cancels if it is subtracted in the denominator too.",
        lambda Z: _rows_of(np.exp(_below(Z)), np.exp(Z)),
    ),
    (
        "shift_below",
        "The largest logit is subtracted in the denominator only. It cancels if it is subtracted in the numerator too.",
        lambda Z: _rows_of(np.exp(Z), np.exp(_below(Z))),
    ),
    (
        "shift_outside",
        "The largest logit is subtracted outside of the exponential; it belongs inside, in the exponent.",
        lambda Z: _rows_of(np.exp(Z) - Z.max(axis=1, keepdims=True)),
    ),
)

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
            hint="Sum over the classes, axis 1, with `keepdims=True`.",
        ),
        Mistake(
            "all_together",
            "All rows share one sum: each row should add up to 1 by itself.",
            "exp(Z)/sum(exp(Z))",
            hint="Sum over the classes, axis 1, with `keepdims=True`.",
        ),
        Mistake("not_normalised", "The exponentials have not been divided by their sum.", "exp(Z)"),
        Mistake(
            "shifted_not_normalised",
            "The exponentials have not been divided by their sum.",
            lambda Z: np.exp(_below(Z)),
        ),
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
        Mistake(
            "divided_by_largest",
            "The logits are divided by the largest one of their row; it has to be subtracted.",
            lambda Z: functions.softmax(Z / Z.max(axis=1, keepdims=True)),
        ),
        Mistake(
            "sigmoid_divided",
            "σ stands where the exponential belongs: its values are divided by their sum.",
            "sigma(Z)/(sum(sigma(Z), 1)*ones_like(Z).T).T",
        ),
        Mistake(
            "length_1",
            "The exponentials are divided by the root of the sum of their squares, and then their squares add up to 1.",
            lambda Z: np.exp(Z) / np.sqrt(np.sum(np.exp(2 * Z), axis=1, keepdims=True)),
        ),
        Mistake("twice", "Softmax has been applied twice: Z are logits, not probabilities.", "softmax(softmax(Z))"),
        Mistake("base_2", "That is softmax with powers of 2 instead of e.", "softmax(Z*log(2))"),
        Mistake(
            "argmax",
            "The largest logit of each row became 1 and the others 0. Softmax gives every class its probability.",
            "softmax(1000000*Z)",
        ),
        *(Mistake(name, what, function) for name, what, function in _OWN_SOFTMAX),
    ),
    course=functions.softmax,
    hints=(
        "`np.sum(..., axis=1, keepdims=True)` gives one sum for each row, as a column.",
        "Subtract the same number from all logits of a row: the probabilities stay the same. Why?",
        "Subtract the largest logit of the row. Then no exponent is above 0.",
    ),
    target="P",
    steps=[
        Step("exp(Z[i, p])/sum(exp(Z[i]))", "the definition, for example i and class p", left="P[i, p]"),
        Step(
            "exp(Z[i, p] - Z[i, q])/sum(exp(Z[i] - Z[i, q]))",
            "the logit of a class q is subtracted from all logits of the row, which divides numerator and sum by the same "
            "factor; the program takes the class with the largest logit for q",
            left="P[i, p]",
        ),
        Step("softmax(Z)", "all examples and classes together"),
    ],
    remark="A constant that is added to all logits of a row changes nothing: only differences of logits count.",
)

_RIGHT_CLASSES = ((1, 2), (2, 0, 1), (0, 1, 0), (5, 3, 0, 3, 1))
_ROWS_Y = [(Z, np.eye(Z.shape[1])[list(right)]) for (Z,), right in zip(_ROWS, _RIGHT_CLASSES, strict=True)]

slope = Question(
    "003.3.slope",
    "Gradient of the cross-entropy",
    r"With one-hot rows $Y$ the cost is $J=\frac1m\sum_i\bigl(\log\sum_ke^{Z_{ik}}-\sum_kY_{ik}Z_{ik}\bigr)$. Find "
    r"its gradient with respect to the logits $Z$, of the shape of $Z$. It must be right for logits of $\pm1000$ too.",
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
    extremes=[
        replace(extreme, arguments=(Z, ((0, 1, 0), (0, 0, 1))[: len(Z)]))
        for extreme in _EXTREME_ROWS
        for Z in extreme.arguments
    ],
    mistakes=(
        Mistake(
            "largest_for_softmax",
            "The largest logit of each row became 1 and the others 0. Softmax gives every class its probability.",
            "(softmax(1000000*Z) - Y)/m",
        ),
        Mistake("sign", "The sign is wrong: where p is above the target, the cost grows with z.", "(Y - P)/m"),
        Mistake(
            "mean_over_table",
            "Divide by the number of examples, not by the number of entries.",
            "(P - Y)/(m*len(Z.T))",
        ),
        Mistake(
            "divided_by_classes",
            "Divide by the number of examples, not by the number of classes.",
            "(P - Y)/len(Z.T)",
        ),
        Mistake(
            "only_right_class",
            "Only the right class has a gradient here. Every class takes part in the sum under the logarithm.",
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
        Mistake(
            "extra_prime_no_mean",
            "p(1 − p) has been multiplied in, and the 1/m of the mean is missing. p(1 − p) cancels here.",
            "(P - Y)*P*(1 - P)",
        ),
        Mistake(
            "squared_error",
            "That is 2(p − y) p(1 − p), from a squared error; the cost here is the cross-entropy.",
            "2*(P - Y)*P*(1 - P)/m",
        ),
        Mistake("to_p", "That is the derivative with respect to p, not to z.", "(0 - Y/P)/m"),
        Mistake("axis", "Softmax runs over the wrong axis.", "(softmax(Z.T).T - Y)/m"),
        Mistake(
            "axis_no_mean",
            "Softmax runs over the wrong axis, and the 1/m of the mean is missing.",
            "softmax(Z.T).T - Y",
        ),
        *(
            Mistake(
                name, f"In the softmax: {what[:1].lower()}{what[1:]}", lambda Z, Y, own=function: (own(Z) - Y) / len(Z)
            )
            for name, what, function in _OWN_SOFTMAX
        ),
    ),
    course=lambda Z, Y: (functions.softmax(Z) - Y) / len(Z),
    hints=(
        "Differentiate the loss of one example with respect to one logit: a logarithm and a product.",
        "The derivative of log Σ e^z with respect to one z is e^z/Σ e^z. Do you know that fraction?",
        "The mean brings a factor 1/m into every entry.",
    ),
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

# ------------------------------------------------------------------------------------- labels and one-hot


def _one_hot(labels, classes):
    return (np.asarray(labels)[:, np.newaxis] == np.arange(classes)) * 1.0


def _rows_by_label(labels, classes):
    """As students write it: a label that is no number of a row raises an IndexError."""
    rows = np.zeros((len(labels), classes))
    rows[labels] = 1
    return rows


_PAIRS = "Two index arrays are read in pairs: `A[[0, 1], [2, 0]]` are the entries (0, 2) and (1, 0). Which pairs are 1?"
_LABEL_CASES = [
    (np.array([2, 0, 3, 3]), 4),
    (np.array([1, 4, 0, 2, 1, 1]), 5),
    (np.array([0, 1]), 3),
    (np.array([5]), 7),
]

one_hot = CodeQuestion(
    "003.3.onehot",
    "One-hot rows",
    "Turn integer labels, shape (examples,), into one-hot rows, shape (examples, classes): 1 in the column of"
    " the label, 0 elsewhere.",
    ("labels", "classes"),
    _LABEL_CASES,
    _one_hot,
    ("Y",),
    by_example=True,
    mistakes=(
        Mistake(
            "transpose",
            "That is the transpose: rows must belong to examples, columns to classes.",
            lambda labels, classes: _one_hot(labels, classes).T,
        ),
        Mistake(
            "count_from_one",
            "The classes are counted from 1 here; label 0 belongs to the first column.",
            lambda labels, classes: _one_hot(labels - 1, classes),
            lambda labels, classes: np.eye(classes)[labels - 1],  # −1 is the last row,
        ),
        Mistake(
            "too_few_columns",
            "The number of columns was taken from the labels. A class that does not occur among "
            "them needs its column too.",
            lambda labels, classes: _one_hot(labels, labels.max() + 1),
            hint="`classes` says how many columns there are.",
        ),
        Mistake(
            "all_rows",
            "Whole columns are 1: every row has the 1 of all labels. Either all rows are set at once, as with "
            "`[:, labels]`, or all rows are one and the same list, as in `[[0]*classes]*len(labels)`.",
            lambda labels, classes: np.tile(_one_hot(labels, classes).max(axis=0), (len(labels), 1)),
            hint=_PAIRS,
        ),
        Mistake(
            "rows_by_label",
            "Whole rows are 1: `Y[labels] = 1` takes the labels for the numbers of rows. A label is the number of a"
            " column.",
            lambda labels, classes: np.tile(np.isin(np.arange(len(labels)), labels)[:, np.newaxis] * 1.0, (1, classes)),
            _rows_by_label,
            hint=_PAIRS,
        ),
        Mistake(
            "value",
            "The label itself stands in its column; it must be 1.",
            lambda labels, classes: _one_hot(labels, classes) * labels[:, np.newaxis],
        ),
        Mistake(
            "labels",
            "Those are the labels themselves, one number for each example.",
            lambda labels, classes: labels,
        ),
        Mistake(
            "exchanged",
            "0 and 1 are exchanged: only the label's own column is 1.",
            lambda labels, classes: 1 - _one_hot(labels, classes),
        ),
        Mistake(
            "too_few_transposed",
            "That is the transpose, and the number of columns was taken from the labels: rows belong to examples, columns to "
            "classes, and `classes` says how many there are.",
            lambda labels, classes: _one_hot(labels, labels.max() + 1).T,
        ),
        Mistake(
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
        "Two index arrays of the same length are read in pairs: row 0 with the first label, row 1 with the second, …",
        "The number of classes is given, because a class may be absent among the labels at hand.",
    ),
    minutes=10,
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
    for labels, k in (((2, 0, 1, 3, 3), 4), ((1, 2, 0), 3), ((4, 0, 2, 1), 5), ((0, 1, 1, 0, 1, 1), 2))
]
_FAR_ABOVE = (1000.0, -1000.0, -1000.0), (-1000.0, -1000.0, 1000.0)
_FAR_BELOW = (-1000.0, 0.5, 1000.0)
# e^720 is too large for a float, and e^−720 just not too small: a wrong shift fails, a logarithm does not.
_BETWEEN = (720.0, 719.0, 0.0), (0.0, 720.0, 719.0)
_NORMAL = (3.0, 1.0, -2.0)
_SIMPLIFY = "Simplify log p before you program it: z of the right class minus log Σ e^z."
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
        _SHARED_SHIFT,
    ),
    Extreme((np.array(_BETWEEN), np.array([1, 2])), _OTHER_SHIFT, breaks=_TOO_LARGE),
    Extreme(
        (np.array([(500.0, 499.0, -500.0), _NORMAL]), np.array([0, 1])),
        Recognition(
            "zero_times_log",
            "The formula is right, but a class that is not the right one has the probability 0 here: 0·log 0 is"
            " 0·(−∞), which is NaN and not 0.",
            "Pick log p of the right class only, or simplify log p first: z of the class minus log Σ e^z.",
        ),
    ),
    Extreme((np.array([*_FAR_ABOVE, _NORMAL]), np.array([0, 2, 1])), _OTHER_SHIFT, breaks=_TOO_LARGE),
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


def _errors(Z, labels):
    return functions.softmax(Z) - _one_hot(labels, Z.shape[1])


def _two_terms(inside, picked, labels):
    """log Σ e^z minus z of the right class, from two tables of logits that should be the same."""
    return np.mean(np.log(np.exp(inside).sum(axis=1)) - _picked(picked, labels))


def _binary_of_all(Z, labels):
    """The binary cross-entropy of every class, added up, and its mean over the examples."""
    P, right = functions.softmax(Z), _one_hot(labels, Z.shape[1])
    return -np.mean(np.sum(right * np.log(P) + (1 - right) * np.log(1 - P), axis=1))


def _with_softmax(own):
    """The cost with a softmax of one's own."""
    return lambda Z, labels: -np.mean(np.log(_picked(own(Z), labels)))


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
    by_example=True,
    mistakes=(
        Mistake(
            "sum",
            "The losses have been added up; the cost is their mean.",
            lambda Z, labels: -np.sum(_picked(_log_p(Z), labels)),
        ),
        Mistake(
            "sign",
            "The sign is wrong: log p is negative, and a loss is positive.",
            lambda Z, labels: np.mean(_picked(_log_p(Z), labels)),
        ),
        Mistake(
            "off_by_one",
            "The logit beside the right one is picked, that of label − 1: classes are counted from 0.",
            lambda Z, labels: _cross_entropy(Z, labels - 1),
        ),
        Mistake(
            "off_by_one_up",
            "The logit beside the right one is picked, that of label + 1: a label is itself the number of its column.",
            lambda Z, labels: _cross_entropy(Z, labels + 1),
            lambda Z, labels: _cross_entropy(Z, (labels + 1) % Z.shape[1]),
        ),
        Mistake(
            "squared_error",
            "That is a squared error of the probabilities; −log p of the right class is asked for.",
            lambda Z, labels: np.mean(_errors(Z, labels) ** 2),
            lambda Z, labels: np.mean(np.sum(_errors(Z, labels) ** 2, axis=1)),
        ),
        Mistake(
            "accuracy",
            "That is a share of right or wrong answers; −log p of the right class is asked for.",
            lambda Z, labels: np.mean(Z.argmax(axis=1) == labels),
            lambda Z, labels: np.mean(Z.argmax(axis=1) != labels),
        ),
        Mistake(
            "log_of_mean",
            "The logarithm is taken of the mean probability: first the logarithm of each one, then the mean.",
            lambda Z, labels: -np.log(np.mean(_picked(functions.softmax(Z), labels))),
        ),
        Mistake(
            "added",
            "The logit of the right class is added to log Σ e^z; it has to be subtracted.",
            lambda Z, labels: np.mean(np.logaddexp.reduce(Z, axis=1) + _picked(Z, labels)),
        ),
        Mistake(
            "sum_of_logits",
            "The logits are added up where log Σ e^z belongs: first the exponentials, then the sum, then the logarithm.",
            lambda Z, labels: np.mean(Z.sum(axis=1) - _picked(Z, labels)),
        ),
        Mistake(
            "largest",
            "The largest logit of each row is picked, whatever the label is.",
            lambda Z, labels: _cross_entropy(Z, Z.argmax(axis=1)),
        ),
        Mistake(
            "no_logit",
            "Only log Σ e^z is there; the logit of the right class has to be subtracted from it.",
            lambda Z, labels: np.mean(np.logaddexp.reduce(Z, axis=1)),
        ),
        Mistake(
            "axis",
            "Softmax runs over the wrong axis, over the examples instead of the classes.",
            lambda Z, labels: -np.mean(_picked(_log_p(Z, axis=0), labels)),
        ),
        Mistake(
            "all_classes",
            "The mean runs over all classes; only the right class of each example counts.",
            lambda Z, labels: -np.mean(_log_p(Z)),
            hint="`[np.arange(len(labels)), labels]` picks one entry in each row.",
        ),
        Mistake(
            "mean_over_table",
            "The sum was divided by examples times classes. The mean runs over the examples only.",
            lambda Z, labels: _cross_entropy(Z, labels) / Z.shape[1],
            hint="`np.mean` of a one-hot table divides by the zeros too.",
        ),
        Mistake(
            "shift_in_one_term",
            "The largest logit has been subtracted in one of the two terms only.",
            lambda Z, labels: _two_terms(_below(Z), Z, labels),
            lambda Z, labels: _two_terms(Z, _below(Z), labels),
            hint="log Σ e^z = c + log Σ e^(z − c): what is taken out has to come back.",
        ),
        Mistake(
            "labels_for_one_hot",
            "The labels were multiplied in as if they were one-hot rows; they are numbers of classes.",
            lambda Z, labels: -np.sum(labels[:, np.newaxis] * _log_p(Z)) / len(labels),
            lambda Z, labels: -np.mean(labels[:, np.newaxis] * _log_p(Z)),
            lambda Z, labels: -np.mean(labels * _log_p(Z)),  # raises where shapes do not happen to fit
            lambda Z, labels: -np.mean(_log_p(Z) * labels),
            hint="A label says which column to pick.",
        ),
        Mistake(
            "all_pairs",
            "`[:, labels]` takes the columns of all labels in every row. Each row needs its own column only.",
            lambda Z, labels: -np.mean(_log_p(Z)[:, labels]),
            lambda Z, labels: -np.sum(_log_p(Z)[:, labels]) / len(labels),
            hint="Two index arrays of the same length are read in pairs: rows and columns.",
        ),
        Mistake(
            "not_averaged",
            "That is the loss of each example; their mean is still missing.",
            lambda Z, labels: -_picked(_log_p(Z), labels),
        ),
        Mistake(
            "no_log",
            "The logarithm is missing.",
            lambda Z, labels: -np.mean(_picked(functions.softmax(Z), labels)),
            lambda Z, labels: np.mean(_picked(functions.softmax(Z), labels)),
        ),
        Mistake(
            "no_softmax",
            "The logits were used as if they were logarithms of probabilities: log Σ e^z is missing.",
            lambda Z, labels: -np.mean(_picked(Z, labels)),
        ),
        Mistake(
            "no_axis",
            "One sum, or one maximum, was taken of the whole table: each row needs its own, over axis 1.",
            lambda Z, labels: np.mean(np.log(np.exp(Z).sum()) - _picked(Z, labels)),
            lambda Z, labels: np.mean(np.log(np.exp(Z - Z.max()).sum()) + Z.max() - _picked(Z, labels)),
        ),
        Mistake(
            "divided_by_classes",
            "Divide by the number of examples, not by the number of classes.",
            lambda Z, labels: _cross_entropy(Z, labels) * len(labels) / Z.shape[1],
        ),
        Mistake(
            "one_minus_p",
            "1 − p stands where −log p belongs: the logarithm of the probability is asked for.",
            lambda Z, labels: np.mean(1 - _picked(functions.softmax(Z), labels)),
            lambda Z, labels: -np.mean(np.log(1 - _picked(functions.softmax(Z), labels))),
        ),
        Mistake(
            "binary_for_each_class",
            "That is the binary cross-entropy of every class, added up: log(1 − p) of the other classes does not belong here; "
            "only the right class counts.",
            _binary_of_all,
            lambda Z, labels: _binary_of_all(Z, labels) / Z.shape[1],
        ),
        Mistake(
            "rows_picked",
            "`[labels]` alone takes whole rows of the table. Each example needs one entry: its row and the column of its label, "
            "`[np.arange(len(labels)), labels]`.",
            lambda Z, labels: np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[labels]),
            lambda Z, labels: -np.mean(_log_p(Z)[labels]),
        ),
        *(
            Mistake(name, f"In the softmax: {what[:1].lower()}{what[1:]}", _with_softmax(function))
            for name, what, function in _OWN_SOFTMAX
            if name not in ("shift_above", "shift_below")  # the same as in one term of the logarithm only
        ),
        Mistake(
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
        "log Σ e^z = c + log Σ e^(z − c). With c the largest logit, no exponent is above 0, and the sum is at least 1.",
        (
            "The loss is the sum over all classes of −y log p with one-hot y; all terms but one are 0, so it"
            " is enough to pick that one. Ten thousand rows of zeros and ones are never needed."
        ),
    ),
)
