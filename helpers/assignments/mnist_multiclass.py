"""The exercises of notebook 06, all ten digits of MNIST: task 003.2, problem 3.

In the notebook: `from helpers.assignments import mnist_multiclass`, then
`mnist_multiclass.slope.check(my_slope)`.
"""

import numpy as np

from helpers.assignments import mnist_binary
from helpers.assignments.mnist_cross_entropy import cross_entropy, one_hot, slope, softmax
from helpers.checking.feedback import Feedbacks
from helpers.errors import InputError
from helpers.exercises.code_question import CodeQuestion
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.exercises.judged import AveragesExample
from helpers.formulas.derivation import Step


def _per_class(C):
    right = np.diag(C)
    precision, recall = right / C.sum(axis=0), right / C.sum(axis=1)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _of_shares(precision, recall):
    """Precision, recall and the F1 of them."""
    return precision, recall, 2 * precision * recall / (precision + recall)


def _then(change):
    """The right scores of each class, changed at the end: a function of the confusion matrix."""
    return lambda C: change(*_per_class(C))


_MANY = np.random.default_rng(12).integers(1, 6, (12, 12))
_CONFUSIONS = [
    (np.array([[9, 2, 1], [3, 14, 4], [0, 1, 6]]),),
    (np.array([[21, 3, 0, 2], [1, 9, 4, 3], [5, 2, 17, 1], [2, 6, 1, 30]]),),
    (np.array([[7, 2], [4, 19]]),),
    (_MANY + 9 * np.diag(1 + np.arange(12) % 5),),  # more classes than the ten digits
]


def _rounded_first(digits):
    """F1 of rounded scores."""

    def scores(p, r, f):
        p2, r2 = np.round(p, digits), np.round(r, digits)
        return p, r, 2 * p2 * r2 / (p2 + r2)

    return scores


_NAMES = ("precision", "recall", "f1")

per_class = CodeQuestion(
    "003.3.perclass",
    "Precision, recall and F1 of each class",
    "The confusion matrix `C` has one row for each true class and one column for each answer: `C[i, j]`"
    " images of class i were taken for class j. Return three arrays with one entry for each class."
    " Every class occurs, and is the answer at least once. It must be right for any number of classes.",
    ("C",),
    _CONFUSIONS,
    _per_class,
    _NAMES,
    mistakes=(
        Mistake(
            "precision_recall_swapped",
            "Precision and recall are exchanged. Precision divides by the column, all that "
            "were given this answer; recall by the row, all that are of this class.",
            _then(lambda p, r, f: (r, p, f)),
        ),
        Mistake(
            "divided_by_all",
            "Divide by the images of the class, or by its answers, not by all images.",
            lambda C: (np.diag(C) / C.sum(),) * 3,
        ),
        Mistake(
            "arithmetic_mean",
            "F1 is the harmonic mean of precision and recall, not the ordinary one.",
            _then(lambda p, r, f: (p, r, (p + r) / 2)),
        ),
        Mistake(
            "geometric_mean",
            "F1 is the harmonic mean of precision and recall; that is the geometric mean, the root of their product.",
            _then(lambda p, r, f: (p, r, np.sqrt(p * r))),
        ),
        Mistake(
            "jaccard",
            "In F1 a factor 2 at TP is left out, above and below.",
            _then(lambda p, r, f: (p, r, f / (2 - f))),
        ),
        Mistake(
            "product",
            "In F1 stands the product of precision and recall; twice of it is to be divided by their sum.",
            _then(lambda p, r, f: (p, r, p * r)),
        ),
        Mistake(
            "missing_2",
            "In F1 the factor 2 is missing.",
            _then(lambda p, r, f: (p, r, f / 2)),
        ),
        Mistake("sum", "As F1 stands the sum of precision and recall.", _then(lambda p, r, f: (p, r, p + r))),
        Mistake(
            "larger",
            "As F1 stands the larger one of precision and recall.",
            _then(lambda p, r, f: (p, r, np.maximum(p, r))),
        ),
        Mistake(
            "not_divided",
            "Those are the numbers of right answers: precision and recall divide them by a sum.",
            lambda C: (np.diag(C),) * 3,
        ),
        Mistake(
            "rounded_first",
            "Precision and recall have been rounded before F1 was computed from them.",
            *(_then(_rounded_first(digits)) for digits in (2, 3, 4)),
        ),
        Mistake(
            "averaged",
            "Those are the means over the classes; here each class has its own numbers.",
            _then(lambda *parts: tuple(map(np.mean, parts))),
        ),
        Mistake(
            "same_axis",
            "Precision and recall are the same here: one of the two sums must run over the other axis.",
            _then(lambda p, r, f: (r, r, r)),
            _then(lambda p, r, f: (p, p, p)),
            _then(lambda p, r, f: (r, r, f)),
            _then(lambda p, r, f: (p, p, f)),
        ),
        Mistake(
            "bracket",
            "A bracket is missing in F1: 2PR is to be divided by the whole sum of precision and recall.",
            _then(lambda p, r, f: (p, r, 2 * p * r / p + r)),
            _then(lambda p, r, f: (p, r, 2 * p * r / r + p)),
        ),
        Mistake(
            "normalised_first",
            "The matrix was normalised first, so that its rows (or columns) add up to 1. The other score needs the counts "
            "themselves: it divides by the sum of a column (or row) of counts.",
            lambda C: _per_class(C / C.sum(axis=1, keepdims=True)),
            lambda C: _per_class(C / C.sum(axis=0)),
        ),
        Mistake(
            "only_wrong_below",
            "The right answers are missing below: the sum of the row or column holds the diagonal, too.",
            lambda C: _of_shares(np.diag(C) / (C.sum(axis=0) - np.diag(C)), np.diag(C) / (C.sum(axis=1) - np.diag(C))),
        ),
        Mistake(
            "whole_division",
            "`//` drops what is behind the decimal point: every score became 0.",
            lambda C: _of_shares(np.diag(C) // C.sum(axis=0), np.diag(C) // C.sum(axis=1)),
            _then(lambda p, r, f: (p // 1, r // 1, f)),
        ),
    ),
    hints=(
        "`np.diag(C)` holds the right answers of each class.",
        "A row holds all images of a class: its sum belongs to recall.",
        "A column holds all images with one answer: its sum belongs to precision.",
    ),
    why=(
        "On the diagonal stand the right answers of each class.",
        "The sum of a column counts how often this answer was given: precision divides by it.",
        "The sum of a row counts how many images of this class there are: recall divides by it.",
    ),
    optional=True,
)

macro_f1 = Question(
    "003.3.macro",
    "Macro F1",
    "For each class there is a precision (array $P$) and a recall (array $R$). The macro F1 is the mean of the F1 of "
    "the classes, however many there are.",
    {"P": ("k",), "R": ("k",)},
    [
        ((0.94, 0.71, 0.85), (0.62, 0.97, 0.83)),
        ((0.55, 0.91), (0.88, 0.43)),
        ((0.99, 0.35, 0.72, 0.81), (0.44, 0.93, 0.67, 0.76)),
    ],
    "mean(2*P*R/(P + R))",
    definitions={"F": "2*P*R/(P + R)"},
    mistakes=(
        Mistake(
            "harmonic_of_means",
            "Precision and recall were averaged first, and F1 taken of the means. That is another "
            "number, and never a smaller one.",
            "2*mean(P)*mean(R)/(mean(P) + mean(R))",
        ),
        Mistake(
            "arithmetic_mean",
            "F1 is the harmonic mean of precision and recall, not the ordinary one.",
            "mean((P + R)/2)",
        ),
        Mistake(
            "geometric_mean",
            "F1 is the harmonic mean of precision and recall; that is the geometric mean, the root of their product.",
            "mean(sqrt(P*R))",
        ),
        Mistake(
            "product",
            "That is the mean of the products P·R; twice of each is to be divided by P + R.",
            "mean(P*R)",
        ),
        Mistake(
            "bracket",
            "A bracket is missing: 2PR is to be divided by the whole sum of P and R.",
            "mean(2*P*R/P + R)",
        ),
        Mistake(
            "bracket_r_first",
            "A bracket is missing: 2PR is to be divided by the whole sum of R and P.",
            "mean(2*P*R/R + P)",
        ),
        Mistake("missing_2", "The factor 2 of F1 is missing.", "mean(P*R/(P + R))"),
        Mistake(
            "median",
            "That is the median of the F1 of the classes; the mean is asked for.",
            lambda P, R: np.median(2 * P * R / (P + R)),
        ),
        Mistake("product_of_means", "F1 is taken class by class, then averaged.", "2*mean(P*R)/mean(P + R)"),
    ),
    hints=("First an array with the F1 of each class.", "Then its mean: the order matters."),
    target="M",
    symbols={"M": "mean(F)"},
    steps=[
        Step("mean(2*P*R/(P + R))", "the F1 of each class, and their mean"),
        Step("Sum(p, 2*P[p]*R[p]/(P[p] + R[p]))/len(P)", "written out"),
    ],
    remark=(
        "It is never larger than the F1 of the mean precision and the mean recall: 96.96 with P = R = 96.97"
        " is possible."
    ),
    optional=True,
)

averages = AveragesExample(
    "003.3.averages",
    "A mean F1 below mean precision and recall",
    "Find precision and recall of three classes with equal means, and a mean F1 at least one percentage point below.",
    classes=3,
    gap=0.01,
    hints=(
        "In one class precision is high and recall low; in another one it is the other way round.",
        "Give R the same numbers as P, in another order: then the means are equal.",
    ),
    why=(
        (
            "The harmonic mean of two different numbers is below their ordinary mean, and the more so the"
            " further they are apart."
        ),
        "Averaged over the classes, F1 is then below the average of all precisions and recalls.",
    ),
    optional=True,
)

#: The pieces of the network of notebook 05 that train ten classes too, as `check_network` takes them.
PIECES = ("forward", "backward", "update", "split", "epoch", "fit")


def check_network(*unnamed, **functions):
    """Check pieces of the network of notebook 05, all or some of them, by their names: `check_network(fit=my_fit)`.

    They are the exercises of notebook 05: what is right here counts there, and its `use` gives it from then on.
    Raises InputError if a function comes without a name or under another one.
    """
    wrong = [name for name in functions if name not in PIECES]
    if unnamed or wrong:
        what = f"`{wrong[0]}` is no piece of the network" if wrong else "A function came without its name"
        raise InputError(f"{what}: write check_network(forward=…, backward=…, …); the pieces are {', '.join(PIECES)}.")
    return Feedbacks({name: getattr(mnist_binary, name).check(function) for name, function in functions.items()})


questions = [softmax, one_hot, cross_entropy, slope, per_class, macro_f1, averages]
