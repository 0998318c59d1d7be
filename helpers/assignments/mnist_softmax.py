"""Softmax and the gradient of the cross-entropy on logits, for notebook 06. Logits are (examples, classes)."""

from dataclasses import replace

import numpy as np

from helpers.assignments.points import generic
from helpers.checking.answers import Extreme
from helpers.checking.feedback import Recognition
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.formulas.derivation import Step

# --------------------------------------------------------------------------------------------- softmax

_SIZES = {"m": (2, 3, 3), "k": (3, 4, 2)}
_ROWS = generic({"Z": ("m", "k")}, **_SIZES)
_SHARED_SHIFT = Recognition(
    "shift_of_all_rows",
    "The formula is right, but the same number is subtracted in all rows. Some rows are so far from it that their"
    " exponentials overflow, or are all 0, and 0/0 is no number.",
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
_EXTREME_ROWS = [  # close to each other; rows far apart; one logit far above the others of its row; and mixed
    Extreme(rows, *causes)
    for rows, *causes in (
        ((((1000.0, 998.0, 999.0),),), None, _CUT_OFF),
        ((((1000.0, 998.0, 999.0), (-1000.0, -1001.0, -1000.5)),), _SHARED_SHIFT, _CUT_OFF),
        ((((1000.0, -1000.0, -1000.0), (-1000.0, -1000.0, 1000.0)),), _OTHER_SHIFT, _CUT_OFF),
        ((((1000.0, 998.0, -1000.0), (-1000.0, -1001.0, -1000.5)),), None, _CUT_OFF),
    )
]

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
        Mistake(
            "argmax",
            "The largest logit of each row became 1 and the others 0. Softmax gives every class its probability.",
            "softmax(1000000*Z)",
        ),
    ),
    hints=(
        "`np.sum(..., axis=1, keepdims=True)` gives one sum for each row, as a column.",
        "Subtract the same number from all logits of a row: the probabilities stay the same. Why?",
        "Subtract the largest logit of the row. Then no exponent is above 0.",
    ),
    target="P",
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
    remark=("A constant that is added to all logits of a row changes nothing: only differences of logits count."),
)

_RIGHT_CLASSES = ((1, 2), (2, 0, 1), (0, 1, 0))
_ROWS_Y = [(Z, np.eye(Z.shape[1])[list(right)]) for (Z,), right in zip(_ROWS, _RIGHT_CLASSES, strict=True)]

slope = Question(
    "003.3.slope",
    "Gradient of the cross-entropy",
    r"With one-hot rows $Y$ the cost is $J=\frac1m\sum_i\bigl(\log\sum_ke^{Z_{ik}}-\sum_kY_{ik}Z_{ik}\bigr)$. Find "
    "its gradient with respect to the logits $Z$, of the shape of $Z$.",
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
        Mistake("no_mean", "The 1/m of the mean is missing.", "P - Y"),
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
        Mistake("no_target", "The targets do not appear.", "P/m"),
        Mistake("axis", "Softmax runs over the wrong axis.", "(softmax(Z.T).T - Y)/m"),
    ),
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
