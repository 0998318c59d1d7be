"""The exercises of notebook 05, two digits of MNIST: task 003.2, problem 2.

In the notebook: `from helpers.assignments import mnist_binary`, then `mnist_binary.cost.check(my_cost)`.
"""

from helpers.assignments.mnist_fit import fit
from helpers.assignments.mnist_network import backward, cost, forward, layer, layer_backward, slope
from helpers.assignments.mnist_preparation import plan, prepare
from helpers.assignments.mnist_scores import accuracy, check_scores, f1, precision, recall, standard_error
from helpers.assignments.mnist_training import epoch, split, update
from helpers.exercises.statements import Statement, StatementQuestion

#: The printed table, 5 against 6: accuracy, loss, precision, recall, F1; shares, None where nothing was
#: printed. (Its second accuracy is printed as 98.815 without a %.)
PRINTED = {
    "no early stopping": (0.9869, 0.0448, None, None, None),
    "early stopping": (0.98815, 0.0507, 0.9837, 0.9935, 0.9886),
    "random normal": (0.9821, 0.056, 0.9791, 0.9865, 0.9828),
    "He normal": (0.9848, 0.048, 0.9865, 0.9842, 0.9853),
    "Glorot uniform": (0.9863, 0.046, 0.9854, 0.9883, 0.9868),
}

conclusions = StatementQuestion(
    "003.2.claims",
    "What the printed table shows",
    "All five rows are one run each. Accept or reject each statement, and choose the reason that decides it.",
    (
        Statement(
            "The table shows that early stopping raises the accuracy (98.69 % without, 98.815 % with).",
            False,
            "noise",
            "early_stopping_better",
            "A difference of an eighth of a percentage point is taken for an effect. How large is one standard error?",
            "The difference is less than one standard error of an accuracy on 4,000 images, and still less on fewer.",
        ),
        Statement(
            "In the table, accuracy and loss agree about early stopping.",
            False,
            "loss",
            "loss_ignored",
            "Only one of the two columns has been read. Which of the two runs has the lower loss?",
            "The run with the higher accuracy has the higher loss, 0.0507 against 0.0448.",
        ),
        Statement(
            "The table shows that Glorot uniform is better than He normal (98.63 % and 98.48 %).",
            False,
            "noise",
            "glorot_better",
            "Two single runs are taken for two methods. How much do two runs of one method differ?",
            "0.15 percentage points are less than one standard error of the difference.",
        ),
        Statement(
            "The rows 'early stopping' and 'Glorot uniform' may be two runs of the same network.",
            True,
            "default",
            "default_unknown",
            "What does a framework use where nobody chooses the initial weights?",
            "Glorot uniform is the default of Keras, for example. If that was used, two runs of one network"
            " differ by 0.185 points, more than He and Glorot do in the table.",
        ),
        Statement(
            "If precision and recall were exchanged in a row, its F1 would give that away.",
            False,
            "symmetric",
            "f1_sees_swap",
            "Write F1 with P and R exchanged. What changes?",
            "2PR/(P + R) stays the same when P and R change places.",
        ),
        Statement(
            "The F1 of the rows fits their precision and recall.",
            True,
            "recomputed",
            "f1_wrong",
            "Compute 2PR/(P + R) for one of the rows, and round as the table does.",
            "Computed anew, F1 differs from the printed one by no more than rounding does.",
        ),
    ),
    {
        "noise": "The difference is about one standard error or less, and each is a single run.",
        "loss": "The run with the higher accuracy has the higher loss.",
        "default": "Glorot uniform is what a common framework takes when nothing is said.",
        "symmetric": "The formula treats precision and recall alike.",
        "recomputed": "Computed anew, the printed numbers come out.",
        "theory": "Glorot and Bengio proved it for every network.",
        "percent": "The accuracy in one row lacks the percent sign.",
    },
    optional=True,
    hints=(
        "Compute the standard error for p = 0.987 and n = 3,957 (30 % of the images, a guess) with your function.",
        "A reason has to decide the statement: that a percent sign is missing decides none of them.",
        "Two of the statements hold.",
    ),
)

__all__ = ["PRINTED", "check_scores", "questions"]

questions = [
    prepare,
    layer,
    forward,
    cost,
    slope,
    layer_backward,
    backward,
    update,
    epoch,
    plan,
    split,
    fit,
    accuracy,
    precision,
    recall,
    f1,
    standard_error,
    conclusions,
]
