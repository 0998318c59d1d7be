"""The scores of notebook 05, accuracy, precision, recall and F1, and the standard error of an accuracy."""

import numpy as np

from helpers.checking.feedback import Feedbacks
from helpers.errors import InputError
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.formulas.derivation import Step

_ANSWERS = {"y": ("m",), "yhat": ("m",)}


_TP, _FP, _FN, _TN = (1, 1), (0, 1), (1, 0), (0, 0)  # label and answer


def _table(tp, fp, fn, tn, first, last):
    """Labels and answers with these numbers of true and false positives and negatives between a first and a last pair, in
    a mixed order."""
    pairs = [_TP] * tp + [_FP] * fp + [_FN] * fn + [_TN] * tn
    order = np.random.default_rng(tp).permutation(len(pairs))
    return tuple(zip(first, *(pairs[i] for i in order), last, strict=True))


# Each kind of pair comes first once, and last once: a score that forgets one of them is seen.
_SCORE_POINTS = [
    _table(5, 2, 2, 7, _FN, _TP),
    _table(4, 2, 1, 8, _TN, _FP),
    _table(6, 1, 3, 2, _TP, _FN),
    _table(3, 5, 2, 7, _FP, _TN),
]
_COUNTS = {
    "TP": "sum(y*yhat)",
    "FP": "sum((1 - y)*yhat)",
    "FN": "sum(y*(1 - yhat))",
    "TN": "sum((1 - y)*(1 - yhat))",
}
_COUNT_HINTS = (
    "Count first: how many pairs are there with y = 1 and ŷ = 1? `np.sum(y * yhat)` counts them.",
    "TP, FP, FN and TN are the four sums of y or 1 − y times ŷ or 1 − ŷ.",
)
_SCORES = "Four numbers instead of one"
_ZEROS_COUNTED = "All right answers have been counted above; the right answers 0 do not belong here."
_WRONG_CLASS = "The wrong class is taken as positive: digit 0 of the labels instead of 1."


def _rounded_first(digits):
    """F1 of rounded precision and recall, as a function of the labels and the answers."""

    def score(y, yhat):
        p, r = (np.round(np.sum(y * yhat) / np.sum(which), digits) for which in (yhat, y))
        return 2 * p * r / (p + r)

    return score


_ROUNDED = "Precision and recall have been rounded before F1 was computed from them."
_P, _R = "TP/(TP + FP)", "TP/(TP + FN)"


def _score(key, title, statement, answer, mistakes, steps, hints=_COUNT_HINTS, **about):
    about = about or {"section": _SCORES, "optional": True}
    return Question(
        f"003.2.{key}",
        title,
        statement,
        _ANSWERS,
        _SCORE_POINTS,
        answer,
        definitions=_COUNTS,
        mistakes=[Mistake(*mistake) for mistake in mistakes],
        hints=hints,
        target=key,
        symbols={key: steps[0][0]},
        steps=[Step(*step) for step in steps],
        binary=_ANSWERS,
        **about,
    )


accuracy = _score(
    "accuracy",
    "Accuracy",
    "The share of the examples with the right answer. `y` and `yhat` hold 0 or 1.",
    "(TP + TN)/(TP + FP + FN + TN)",
    [
        ("error_rate", "That is the share of wrong answers.", "(FP + FN)/len(y)"),
        ("f1", "That is F1.", "2*TP/(2*TP + FP + FN)"),
        ("count", "That is the number of right answers; divide by the number of examples.", "TP + TN"),
        (
            "cancelled",
            "y − ŷ is 1 for one kind of mistake and −1 for the other: they cancel. The absolute value counts both.",
            "1 - mean(y - yhat)",
        ),
        (
            "cancelled_turned",
            "ŷ − y is 1 for one kind of mistake and −1 for the other: they cancel.",
            "1 - mean(yhat - y)",
        ),
        (
            "balanced",
            "That is the mean of the shares of the two classes; here every example counts alike.",
            "(TP/(TP + FN) + TN/(TN + FP))/2",
        ),
    ],
    [
        ("(TP + TN)/(TP + FP + FN + TN)", "right answers, by all answers"),
        ("(TP + TN)/len(y)", "every example is counted once"),
    ],
    (
        "`y == yhat` is True or False for each example.",
        "True counts as 1 and False as 0: a mean of them is the share of True.",
    ),
    minutes=5,
)

precision = _score(
    "precision",
    "Precision",
    "Of the examples for which the answer is 1, the share that really are 1.",
    "TP/(TP + FP)",
    [
        (
            "precision_recall_swapped",
            "That is the recall: of all that are 1, the share that was found.",
            "TP/(TP + FN)",
        ),
        ("positive_class", _WRONG_CLASS, "TN/(TN + FN)"),
        ("false_alarms", "That is the share of the answers 1 that are wrong.", "FP/(TP + FP)"),
        ("all_examples", "Divide by the number of answers 1, not by all examples.", "TP/len(y)"),
        ("specificity", "That is the share of the zeros that were recognised as zeros.", "TN/(TN + FP)"),
        ("zeros_counted", _ZEROS_COUNTED, "(TP + TN)/(TP + FP)"),
    ],
    [
        ("TP/(TP + FP)", "right answers 1, by all answers 1"),
        ("sum(y*yhat)/sum(yhat)", "TP + FP counts every answer 1"),
    ],
)

recall = _score(
    "recall",
    "Recall",
    "Of the examples that really are 1, the share for which the answer is 1.",
    "TP/(TP + FN)",
    [
        (
            "precision_recall_swapped",
            "That is the precision: of all answers 1, the share that is right.",
            "TP/(TP + FP)",
        ),
        ("positive_class", _WRONG_CLASS, "TN/(TN + FP)"),
        ("missed", "That is the share of the ones that was missed.", "FN/(TP + FN)"),
        ("all_examples", "Divide by the number of examples that are 1, not by all examples.", "TP/len(y)"),
        ("zeros_counted", _ZEROS_COUNTED, "(TP + TN)/(TP + FN)"),
    ],
    [
        ("TP/(TP + FN)", "ones that were found, by all ones"),
        ("sum(y*yhat)/sum(y)", "TP + FN counts every example that is 1"),
    ],
)

f1 = _score(
    "f1",
    "F1",
    "The harmonic mean of precision and recall, 2PR/(P + R).",
    "2*TP/(2*TP + FP + FN)",
    [
        (
            "arithmetic_mean",
            "That is the ordinary mean of precision and recall; F1 is the harmonic mean.",
            "(TP/(TP + FP) + TP/(TP + FN))/2",
        ),
        ("sum", "That is the sum P + R; F1 is the harmonic mean of the two.", "TP/(TP + FP) + TP/(TP + FN)"),
        (
            "missing_2",
            "The factor 2 is missing: with P = R the result has to be P again.",
            "TP/(2*TP + FP + FN)",
        ),
        ("positive_class", _WRONG_CLASS, "2*TN/(2*TN + FP + FN)"),
        (
            "geometric_mean",
            "That is the geometric mean of precision and recall.",
            "TP/sqrt((TP + FP)*(TP + FN))",
        ),
        ("jaccard", "That leaves out a factor 2 at TP, above and below.", "TP/(TP + FP + FN)"),
        ("precision", "That is the precision.", "TP/(TP + FP)"),
        ("recall", "That is the recall.", "TP/(TP + FN)"),
        *((f"rounded_to_{digits}", _ROUNDED, _rounded_first(digits)) for digits in (2, 3, 4)),
        ("larger", "That is the larger of the two, P and R.", f"{_P} + relu({_R} - {_P})"),
        ("smaller", "That is the smaller of the two, P and R.", f"{_R} - relu({_R} - {_P})"),
        (
            "product",
            "That is the product P·R; twice of it is to be divided by P + R.",
            "(TP/(TP + FP))*(TP/(TP + FN))",
        ),
        ("no_division", "That is 2PR; the division by P + R is missing.", "2*(TP/(TP + FP))*(TP/(TP + FN))"),
        (
            "bracket",
            "A bracket is missing: the product is to be divided by the whole sum P + R.",
            "3*TP/(TP + FN)",
        ),
        (
            "bracket_r_first",
            "A bracket is missing: the product is to be divided by the whole sum R + P.",
            "3*TP/(TP + FP)",
        ),
        (
            "bracket_of_counts",
            "A bracket is missing: 2·TP is to be divided by the whole sum.",
            "TP**2 + FP + FN",
        ),
    ],
    [
        ("2*(TP/(TP + FP))*(TP/(TP + FN))/(TP/(TP + FP) + TP/(TP + FN))", "insert precision and recall"),
        ("2*TP/((TP + FN) + (TP + FP))", "multiply above and below by (TP + FP)(TP + FN)/TP"),
        ("2*TP/(2*TP + FP + FN)", "collect: P and R can be exchanged, F1 does not see it"),
    ],
    (*_COUNT_HINTS, "Program precision and recall first and use them."),
)

standard_error = Question(
    "003.2.se",
    "Standard error of an accuracy",
    "Of $n$ independent test images a network gets each right with probability $p$. The share of right answers has "
    r"the standard deviation $\sqrt{p(1-p)/n}$. Write it as a function of $p$ and $n$.",
    {"p": (), "n": ()},
    [(0.9869, 3957.0), (0.975, 1850.0), (0.84, 360.0), (0.63, 90.0)],
    "sqrt(p*(1 - p)/n)",
    optional=True,
    minutes=8,
    mistakes=(
        Mistake("variance", "That is the variance; its square root is the standard error.", "p*(1 - p)/n"),
        Mistake(
            "no_n",
            "The number of images does not appear: more images make the estimate more accurate.",
            "sqrt(p*(1 - p))",
        ),
        Mistake(
            "n_outside_root",
            "n belongs under the root: four times as many images halve the error.",
            "sqrt(p*(1 - p))/n",
        ),
        Mistake(
            "half_power",
            "A bracket is missing: `**1/2` is the power 1, divided by 2. The root is `**(1/2)`, or `np.sqrt`.",
            "p*(1 - p)/n/2",
        ),
        Mistake(
            "root_of_n_only", "The root covers n only; it belongs over the whole of p(1 − p)/n.", "p*(1 - p)/sqrt(n)"
        ),
        Mistake("missing_q", "The factor 1 − p is missing.", "sqrt(p/n)"),
        Mistake(
            "count",
            "That is the standard deviation of the number of right answers, not of their share.",
            "sqrt(n*p*(1 - p))",
        ),
        Mistake(
            "n_minus_1",
            "Divide by n: p is given here, not estimated from the n images.",
            "sqrt(p*(1 - p)/(n - 1))",
        ),
        Mistake(
            "interval",
            "That is half the width of a 95 % interval, 1.96 standard errors; one is asked for.",
            "1.96*sqrt(p*(1 - p)/n)",
        ),
        Mistake(
            "two_runs",
            "That is the standard error of a difference of two accuracies, √2 times that of one.",
            "sqrt(2*p*(1 - p)/n)",
        ),
    ),
    hints=(
        "The number of right answers has the variance n p (1 − p).",
        "The share is that number divided by n.",
        "The standard deviation is the square root of the variance.",
    ),
    positive=("p", "n"),
    target="se",
    symbols={"se": "sqrt(n*p*(1 - p))/n"},
    steps=[
        Step("sqrt(n*p*(1 - p))/n", "standard deviation of the number of right answers, divided by n"),
        Step("sqrt(p*(1 - p)/n)", "n under the root"),
    ],
)


def check_scores(*unnamed, **functions):
    """Check accuracy, precision, recall and f1 together, by these names: `check_scores(recall=my_recall)`.
    Raises InputError if a function comes without a name or under another one."""
    known = {"accuracy": accuracy, "precision": precision, "recall": recall, "f1": f1}
    wrong = [name for name in functions if name not in known]
    if unnamed or wrong:
        what = f"`{wrong[0]}` is no score here" if wrong else "A function came without its name"
        raise InputError(f"{what}: write check_scores(accuracy=…, precision=…, recall=…, f1=…), or some of them.")
    return Feedbacks({name: known[name].check(function) for name, function in functions.items()})
