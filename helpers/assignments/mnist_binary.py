"""Notebook 05, two digits of MNIST: task 003.2, problem 2.

In the notebook: `from helpers.assignments import mnist_binary`, then `mnist_binary.cost.check(my_cost)`.
Data matrices are (examples, features); a weight matrix is (outputs, inputs), one row for each unit.
"""

import numpy as np

from ..code_question import CodeMistake, CodeQuestion
from ..derivation import Step
from ..feedback import Feedbacks
from ..gradients import GradientsQuestion
from ..plan_question import Job, PlanQuestion
from ..question import Mistake, Question
from ..working import Working, line_mistake
from .mnist_claims import conclusions

# ------------------------------------------------------------------------------------------------- the data


def _images(labels, seed):
    """Raw images as they come from a file: whole numbers from 0 to 255, one of 28×28 for each label."""
    return np.random.default_rng(seed).integers(1, 256, (len(labels), 28, 28)).astype(np.uint8)


_LABELS = (("5", "6", "0", "6", "5", "9", "6"), ("3", "8", "8", "1", "3", "8"), ("7", "2", "4", "2", "7", "2", "2"))
_PREPARE_CASES = [(_images(labels, seed), np.array(labels), *digits)
                  for seed, (labels, digits) in enumerate(zip(_LABELS, ((5, 6), (3, 8), (7, 2))))]


def _prepare(images, labels, first, second, *, scale=255.0, flat=True, chosen=True, label=None):
    digits = np.asarray(labels).astype(int)
    rows = (digits == first) | (digits == second) if chosen else np.full(len(digits), True)
    x = images[rows] / scale
    y = (digits[rows] == second) * 1 if label is None else label(digits[rows], first, second)
    return (x.reshape(len(x), -1) if flat else x), y


def _with(**changes):
    return lambda images, labels, first, second: _prepare(images, labels, first, second, **changes)


def _no_rows(images, labels, first, second):
    return np.zeros((0, 784)), np.zeros(0)     # a text is never equal to a number


def _no_rows_to_reshape(images, labels, first, second):
    x = images[:0]
    return x.reshape(len(x), -1), np.zeros(0)     # raises: 0 numbers do not say how long a row is


def _largest_of_all(images, labels, first, second):
    x, y = _prepare(images, labels, first, second, scale=1.0)
    return (x - x.mean()) / x.std(), y


prepare = CodeQuestion(
    "003.2.data", "Prepare the images of two digits",
    "Raw images hold whole numbers from 0 to 255 in the shape (n, 28, 28), and the labels are texts such as '5'. Return "
    "`x`, of shape (examples, 784) with values from 0 to 1, and `y`, 0 for the first digit and 1 for the second, of the "
    "rows that show one of the two.",
    ("images", "labels", "first", "second"), _PREPARE_CASES, _prepare, ("x", "y"),
    mistakes=(
        CodeMistake("labels_not_remapped", "The labels are still the digits. The binary cross-entropy takes 0 and 1 only; "
                    "with 5 and 6 the cost has no lower bound, and the accuracy is 0.",
                    _with(label=lambda digits, first, second: digits), "Compare with the second digit: that is 0 or 1."),
        CodeMistake("string_labels", "No image is left: the labels are texts, and the text '5' is not equal to the number "
                    "5.", (_no_rows, _no_rows_to_reshape), "Turn the labels into whole numbers first."),
        CodeMistake("no_scaling", "The pixels still go up to 255. With inputs that large, the units are saturated and the "
                    "steps of the training much too long.", _with(scale=1.0), "Divide by the largest possible value."),
        CodeMistake("positive_class", "0 and 1 are exchanged: 1 has to be the second digit. Precision and recall would "
                    "be those of the other class.",
                    _with(label=lambda digits, first, second: (digits == first) * 1)),
        CodeMistake("minus_one", "The labels are −1 and 1. This cross-entropy takes 0 and 1.",
                    _with(label=lambda digits, first, second: np.where(digits == second, 1, -1))),
        CodeMistake("all_rows", "The other digits are still among the images; they would all count as the first digit.",
                    _with(chosen=False), "Select rows of `images` and of `labels` with the same condition."),
        CodeMistake("not_flat", "The images are still squares: each must become a row of 784 numbers.", _with(flat=False),
                    "`reshape(len(x), -1)` keeps the first axis and joins the others."),
        CodeMistake("scale_256", "The largest value is 255, not 256: white would not be 1.", _with(scale=256.0)),
        CodeMistake("standardised", "The pixels have been standardised. That is a sound preparation, but here they are to "
                    "lie between 0 and 1.", _largest_of_all),
    ),
    hints=("Make the labels whole numbers first, then a condition that is true for both digits.",
           "The same condition selects rows of the images and of the labels.",
           "`labels == second` is True or False for each row; `* 1` or `astype(int)` makes 1 and 0 of it."),
    why=("Texts and numbers are never equal, so the labels become numbers before they are compared.",
         "One condition selects the rows of both arrays, so that images and labels stay together.",
         "255 is the largest value that a byte can have; divided by it, every pixel lies between 0 and 1.",
         "The cross-entropy is a formula for labels 0 and 1."))

# ------------------------------------------------------------------------------------- one layer, forward

_LAYER = {"X": ("m", "n"), "W": ("k", "n"), "b": ("k",)}
_LAYER_POINTS = [
    (((0.9, -0.4, 0.3), (0.2, 0.7, -1.1), (-0.6, 0.55, 0.85), (1.3, -0.15, 0.45)), ((0.5, -0.8, 0.35), (-0.45, 0.9, 0.65)),
     (0.62, -0.57)),
    (((0.7, 1.2), (-0.3, 0.4), (0.85, -0.95)), ((0.6, -1.3), (0.25, 0.8), (-0.9, 0.15), (1.1, 0.35)),
     (-0.21, 0.33, 0.47, -0.16)),
    (((-1.4, 0.65, 0.35, 0.2), (0.75, -0.55, 1.15, 0.95)), ((0.3, 1.25, -0.7, 0.45), (0.85, -0.35, 0.6, -1.05),
     (-0.2, 0.4, 0.95, 0.7)), (0.31, -0.44, 0.13)),
]

layer = Question(
    "003.2.layer", "Forward pass of a layer",
    r"A layer of units with the activation ReLU, for all examples at once: $Z=XW^\top+b$ and $A=\max(Z,0)$. $X$ has the "
    r"shape (examples, inputs), $W$ the shape (outputs, inputs), $b$ the shape (outputs,).",
    _LAYER, _LAYER_POINTS, "relu(X @ W.T + b)", definitions={"Z": "X @ W.T + b"},
    mistakes=(
        Mistake("no_relu", "That is the pre-activation; the ReLU is missing.", "Z"),
        Mistake("no_bias", "The biases are missing.", "relu(X @ W.T)"),
        Mistake("bias_outside", "The bias belongs inside the activation: it is part of the pre-activation.",
                "relu(X @ W.T) + b"),
        Mistake("absolute", "Negative pre-activations become 0; here they have changed their sign.", "abs(Z)"),
        Mistake("sigmoid", "The activation is the logistic sigmoid here; ReLU is asked for.", "sigma(Z)"),
        Mistake("step", "That says which units are on, 1 or 0. ReLU lets the positive pre-activation itself through.",
                "step(Z)"),
        Mistake("minimum", "Minimum instead of maximum: the negative part came through.", "Z - relu(Z)"),
        Mistake("bias_sign", "The bias is added, not subtracted.", "relu(X @ W.T - b)"),
    ),
    hints=("Write the shapes under the product: (examples, inputs) times what gives (examples, outputs)?",
           "b has one entry for each unit; NumPy adds it to every row.",
           "`np.maximum(z, 0)` compares entry by entry; `np.max` would give one number."),
    target="A", symbols={"A": "relu(Z)"},
    steps=[Step("relu(Z)", "the activation, entry by entry"),
           Step("relu(X @ W.T + b)", "every unit's weighted sum of the inputs, plus its bias in every row")])

# --------------------------------------------------------------------------- binary cross-entropy on logits

_LOGITS = {"z": ("m",), "y": ("m",)}
_LOGIT_POINTS = [
    ((0.7, -1.3, 2.2, 0.4), (1, 0, 0, 1)), ((-0.6, 1.7, -2.4), (1, 1, 0)), ((1.45, -0.35, 0.9, -1.8, 3.1), (0, 1, 1, 0, 1)),
]
_EXTREME_LOGITS = [((1000.0, -1000.0, 3.0), (1, 0, 1)), ((-1000.0, 1000.0, 0.7), (1, 0, 1))]

cost = Question(
    "003.2.cost", "Binary cross-entropy on logits",
    r"The cost $J=\frac1m\sum_i\bigl(-y_i\log p_i-(1-y_i)\log(1-p_i)\bigr)$ with $p_i=\sigma(z_i)$, as a function of the "
    r"logits $z$ and the labels $y$ (0 or 1), both of shape (m,). It must be right for $z=\pm1000$ too.",
    _LOGITS, _LOGIT_POINTS, "mean(softplus(z) - y*z)", definitions={"m": "len(z)"},
    extremes=_EXTREME_LOGITS,
    mistakes=(
        Mistake("sum", "The losses have been added up; the cost is their mean.", "sum(softplus(z) - y*z)"),
        Mistake("sign", "The sign is wrong: log p is negative, and a loss is positive.", "mean(y*z - softplus(z))"),
        Mistake("log10", "The logarithm has the base 10; log is the natural logarithm.", "mean(softplus(z) - y*z)/log(10)"),
        Mistake("log2", "The logarithm has the base 2; log is the natural logarithm.", "mean(softplus(z) - y*z)/log(2)"),
        Mistake("labels_exchanged", "The labels are exchanged: y belongs to log p, and 1 − y to log(1 − p).",
                "mean(softplus(z) - (1 - y)*z)"),
        Mistake("only_positive", "Only the examples with the label 1 count here; the part with 1 − y is missing.",
                "mean(y*softplus(-z))"),
        Mistake("only_negative", "Only the examples with the label 0 count here; the part with y is missing.",
                "mean((1 - y)*softplus(z))"),
        Mistake("not_averaged", "That is the loss of each example; their mean is still missing.", "softplus(z) - y*z"),
        Mistake("squared", "That is the mean squared error of the probabilities.", "mean((sigma(z) - y)**2)"),
        Mistake("sigma_twice", "The logistic sigmoid has been applied twice: z are logits, not probabilities.",
                "mean(softplus(sigma(z)) - y*sigma(z))"),
    ),
    hints=("Insert p = σ(z) = 1/(1 + e^(−z)) into the loss and simplify before you program it.",
           "−log σ(z) = log(1 + e^(−z)), and log(1 + e^(−z)) = log(1 + e^z) − z.",
           "`np.logaddexp(0, z)` is log(e⁰ + e^z), without overflow."),
    target="J", symbols={"J": "mean(0 - y*log(sigma(z)) - (1 - y)*log(1 - sigma(z)))"},
    steps=[
        Step("mean(y*log(1 + exp(-z)) + (1 - y)*log(1 + exp(z)))",
             r"$-\log\sigma(z)=\log(1+e^{-z})$, and $1-\sigma(z)=\sigma(-z)$"),
        Step("mean(y*(log(1 + exp(z)) - z) + (1 - y)*log(1 + exp(z)))", r"$\log(1+e^{-z})=\log(1+e^z)-z$"),
        Step("mean(softplus(z) - y*z)", r"collect: $\operatorname{softplus}(z)=\log(1+e^z)$, which is about z for large z"),
    ])

slope = Question(
    "003.2.slope", "Gradient with respect to the logits",
    r"The cost in the simplified form, $J=\frac1m\sum_i\bigl(\log(1+e^{z_i})-y_iz_i\bigr)$. Find its gradient with respect "
    r"to the logits, $\partial J/\partial z$, of shape (m,).",
    _LOGITS, _LOGIT_POINTS, "(sigma(z) - y)/len(z)", objective="J", variable="z", extremes=_EXTREME_LOGITS,
    definitions={"m": "len(z)", "p": "sigma(z)", "J": "mean(softplus(z) - y*z)"},
    mistakes=(
        Mistake("no_mean", "The 1/m of the mean is missing.", "p - y"),
        Mistake("sign", "The sign is wrong: where p is above the label, the cost grows with z.", "(y - p)/m"),
        Mistake("extra_prime", "σ' has been multiplied in. That is the rule for the squared error; here it cancels.",
                "(p - y)*p*(1 - p)/m"),
        Mistake("to_p", "That is the derivative with respect to p, not to z: σ' is missing.", "(p - y)/(p*(1 - p))/m"),
        Mistake("z_instead_p", "The logit stands where the probability belongs.", "(z - y)/m"),
        Mistake("no_label", "The labels do not appear.", "p/m"),
    ),
    hints=("Differentiate the loss of one example: two terms.",
           "The derivative of log(1 + e^z) is a function that you know well.",
           "The mean brings a factor 1/m into every component."),
    target="grad(J, z)",
    steps=[
        Step("diff(softplus(z[i]) - y[i]*z[i], z[i]) / m", "only the loss of example i contains its logit; mean: divide by m",
             left="diff(J, z[i])"),
        Step("(exp(z[i])/(1 + exp(z[i])) - y[i]) / m", "derivative of the logarithm, and its inner derivative",
             left="diff(J, z[i])"),
        Step("(sigma(z) - y) / len(z)", "all components together: probability minus label"),
    ],
    remark="Probability minus label, and no σ' in it: even a unit that is completely wrong still learns.")

# ------------------------------------------------------------------------------------- one layer, backward

_BACKWARD = Working({
    "Z": "X @ W.T + b", "A": "relu(Z)", "J": "sum(G * A)",
    "delta": "G * step(Z)", "dX": "delta @ W", "dW": "delta.T @ X", "db": "sum(delta, 0)",
})
_UPSTREAM = [((0.8, -0.45), (-1.2, 0.65), (0.35, 1.15), (-0.7, -0.25)),
             ((0.55, -0.85, 1.25, -0.4), (-0.65, 0.95, 0.3, 0.75), (1.35, -0.2, -0.9, 0.6)),
             ((0.45, -1.1, 0.7), (-0.95, 0.85, -0.35))]

layer_backward = GradientsQuestion(
    "003.2.backward", "Backward pass of a layer",
    r"The layer $Z=XW^\top+b$, $A=\max(Z,0)$ gets the upstream gradient $G=\partial J/\partial A$, of the shape of $A$. "
    r"Find the gradients of $J$ with respect to $X$, $W$ and $b$, each of the shape of its parameter.",
    {**_LAYER, "G": ("m", "k")}, [(*point, upstream) for point, upstream in zip(_LAYER_POINTS, _UPSTREAM)],
    _BACKWARD, {"X": "dX", "W": "dW", "b": "db"}, "J",
    mistakes=(
        line_mistake("no_relu_prime", "The derivative of ReLU is missing: units that are off pass no gradient on.",
                     {"delta": "G"}, hint="ReLU has the slope 1 where z > 0, and 0 elsewhere."),
        line_mistake("relu_instead_prime", "The upstream gradient has been multiplied with the activation instead of the "
                     "derivative of ReLU, which is 0 or 1.", {"delta": "G * A"}, hint="ReLU has the slope 1 where z > 0."),
        line_mistake("relu_of_gradient", "The gradient has been rectified. What counts is the sign of the pre-activation, "
                     "not that of the gradient.", {"delta": "relu(G)"}, {"delta": "G * step(G)"}),
        line_mistake("sigmoid_prime", "That is the derivative of the logistic sigmoid; the activation is ReLU.",
                     {"delta": "G * dsigma(Z)"}),
        line_mistake("no_bias", "The biases are missing in the pre-activation.", {"Z": "X @ W.T"}),
        line_mistake("mean", "The examples have been averaged. The 1/m of the mean is part of G already; here they are "
                     "added up.", {"dW": "delta.T @ X / len(X)", "db": "sum(delta, 0) / len(X)"},
                     {"db": "sum(delta, 0) / len(X)"}, hint="The chain rule adds up all paths, one for each example."),
        line_mistake("bias_axis", "The gradient of the biases has been summed over the wrong axis: over the units instead "
                     "of the examples.", {"db": "sum(delta, 1)"}, hint="b has one entry for each unit."),
        line_mistake("bias_total", "The gradient of the biases has been summed over everything.", {"db": "sum(delta)"},
                     hint="b has one entry for each unit: sum over the examples only."),
        line_mistake("transpose", "The gradient of W is transposed.", {"dW": "X.T @ delta"},
                     hint="W has the shape (outputs, inputs): one row for each unit."),
        line_mistake("weights_instead", "In the gradient of W stands the activation instead of the layer's input.",
                     {"dW": "delta.T @ A"}, hint="z is W times what?"),
    ),
    steps={
        "X": (Step("Sum(p, G[i, p] * step(Z[i, p]) * W[p, j])", "an input acts on all units, so the paths add up",
                   left="diff(J, X[i, j])"),
              Step("(G * step(Z)) @ W", "the same for all examples and inputs: a matrix product")),
        "W": (Step("Sum(i, G[i, p] * step(Z[i, p]) * X[i, j])", "a weight acts on its unit, in every example",
                   left="diff(J, W[p, j])"),
              Step("(G * step(Z)).T @ X", "the same for all weights: a matrix product over the examples")),
        "b": (Step("Sum(i, G[i, p] * step(Z[i, p]))", "the bias of unit p, in every example; its local gradient is 1",
                   left="diff(J, b[p])"),
              Step("sum(G * step(Z), 0)", "the same for all units: the sum over the rows")),
    },
    hints=("First the gradient with respect to Z: G, entry by entry times the slope of ReLU at Z. Call it delta.",
           "Write the shapes of delta, X and W below each other. Only one product gives the shape of W, one that of X.",
           "Every example adds its part: matrix products do that by themselves, for b it takes a sum over the rows."),
    remark="These are all the gradients that a network needs: one call for each layer, from the last to the first.")

# -------------------------------------------------------------------------------------------- training

plan = PlanQuestion(
    "003.2.plan", "Which images do which job",
    "The images are split in three parts: training, validation and test. Say which part does each job.", (
        Job("set the weights", "training", {
            "validation": ("train_on_validation", "The weights would follow the validation images. Nothing would be left "
                           "that tells you when to stop."),
            "test": ("train_on_test", "The weights would follow the test images: the network could learn them by heart, "
                     "and the table would say nothing about new images.")},
            "The gradients are those of the training images; most of the images belong here."),
        Job("decide when to stop", "validation", {
            "training": ("stop_on_training", "The cost on the training images goes on falling, also when the network gets "
                         "worse on others. It never tells you to stop."),
            "test": ("test_in_training", "Test images would decide when to stop. Then they are part of the training, and "
                     "the accuracy on them is too good to be true.")},
            "Early stopping needs images that the weights do not follow, and that are not needed any more afterwards."),
        Job("choose the initialisation", "validation", {
            "training": ("choose_on_training", "On the training images the network that knows them by heart wins."),
            "test": ("choose_on_test", "The best of several test accuracies is partly luck. Whatever is chosen with the "
                     "test images can no longer be measured on them.")},
            "Every choice between networks is a kind of training. It is made on the validation images."),
        Job("fill the table", "test", {
            "training": ("accuracy_on_training", "That would be the accuracy on images that the network has learned from. "
                         "A network that knows them by heart has 100 %."),
            "validation": ("report_validation", "The validation images have decided when to stop. The epoch was chosen "
                           "because it is good on just these images.")},
            "Test images decide nothing. They are looked at once, at the end."),
    ),
    hints=("Ask for every part: what was decided with it? After that it cannot judge the decision.",
           "There are four jobs and three parts: one part has two of the jobs."))

# ---------------------------------------------------------------------------------------------- scores

_ANSWERS = {"y": ("m",), "yhat": ("m",)}


def _table(tp, fp, fn, tn):
    """Labels and answers with these numbers of true and false positives and negatives, in a mixed order."""
    pairs = [(1, 1)] * tp + [(0, 1)] * fp + [(1, 0)] * fn + [(0, 0)] * tn
    order = np.random.default_rng(tp).permutation(len(pairs))
    return tuple(zip(*(pairs[i] for i in order)))


_SCORE_POINTS = [_table(5, 2, 3, 7), _table(4, 3, 1, 9), _table(7, 1, 4, 2), _table(3, 6, 2, 8)]
_COUNTS = {"TP": "sum(y*yhat)", "FP": "sum((1 - y)*yhat)", "FN": "sum(y*(1 - yhat))", "TN": "sum((1 - y)*(1 - yhat))"}
_COUNT_HINTS = ("Count first: how many pairs are there with y = 1 and ŷ = 1? `np.sum(y * yhat)` counts them.",
                "TP, FP, FN and TN are the four sums of y or 1 − y times ŷ or 1 − ŷ.")
_SCORES = "4. Four numbers instead of one"
_WRONG_CLASS = "The wrong class is taken as positive: digit 0 of the labels instead of 1."


def _score(key, title, statement, answer, mistakes, steps, hints=()):
    return Question(f"003.2.{key}", title, statement, _ANSWERS, _SCORE_POINTS, answer, definitions=_COUNTS,
                    mistakes=[Mistake(*mistake) for mistake in mistakes], hints=(*_COUNT_HINTS, *hints),
                    target=key, symbols={key: steps[0][0]}, steps=[Step(*step) for step in steps], section=_SCORES)


accuracy = _score(
    "accuracy", "Accuracy", "The share of the examples with the right answer. `y` and `yhat` hold 0 or 1.",
    "(TP + TN)/(TP + FP + FN + TN)",
    [("error_rate", "That is the share of wrong answers.", "(FP + FN)/len(y)"),
     ("only_positives", "The right answers 0 count too.", "TP/len(y)"),
     ("precision", "That is the precision.", "TP/(TP + FP)"), ("recall", "That is the recall.", "TP/(TP + FN)"),
     ("count", "That is the number of right answers; divide by the number of examples.", "TP + TN"),
     ("percent", "That is in percent; here a share between 0 and 1 is asked for.", "100*(TP + TN)/len(y)")],
    [("(TP + TN)/(TP + FP + FN + TN)", "right answers, by all answers"), ("(TP + TN)/len(y)", "every example is counted once")])

precision = _score(
    "precision", "Precision", "Of the examples for which the answer is 1, the share that really are 1.", "TP/(TP + FP)",
    [("precision_recall_swapped", "That is the recall: of all that are 1, the share that was found.", "TP/(TP + FN)"),
     ("positive_class", _WRONG_CLASS, "TN/(TN + FN)"), ("accuracy", "That is the accuracy.", "(TP + TN)/len(y)"),
     ("false_alarms", "That is the share of the answers 1 that are wrong.", "FP/(TP + FP)"),
     ("all_examples", "Divide by the number of answers 1, not by all examples.", "TP/len(y)"),
     ("specificity", "That is the share of the zeros that were recognised as zeros.", "TN/(TN + FP)")],
    [("TP/(TP + FP)", "right answers 1, by all answers 1"), ("sum(y*yhat)/sum(yhat)", "TP + FP counts every answer 1")])

recall = _score(
    "recall", "Recall", "Of the examples that really are 1, the share for which the answer is 1.", "TP/(TP + FN)",
    [("precision_recall_swapped", "That is the precision: of all answers 1, the share that is right.", "TP/(TP + FP)"),
     ("positive_class", _WRONG_CLASS, "TN/(TN + FP)"), ("accuracy", "That is the accuracy.", "(TP + TN)/len(y)"),
     ("missed", "That is the share of the ones that was missed.", "FN/(TP + FN)"),
     ("all_examples", "Divide by the number of examples that are 1, not by all examples.", "TP/len(y)")],
    [("TP/(TP + FN)", "ones that were found, by all ones"), ("sum(y*yhat)/sum(y)", "TP + FN counts every example that is 1")])

f1 = _score(
    "f1", "F1", "The harmonic mean of precision and recall, 2PR/(P + R).", "2*TP/(2*TP + FP + FN)",
    [("arithmetic_mean", "That is the ordinary mean of precision and recall; F1 is the harmonic mean.",
      "(TP/(TP + FP) + TP/(TP + FN))/2"),
     ("missing_2", "The factor 2 is missing: with P = R the result has to be P again.", "TP/(2*TP + FP + FN)"),
     ("positive_class", _WRONG_CLASS, "2*TN/(2*TN + FP + FN)"), ("accuracy", "That is the accuracy.", "(TP + TN)/len(y)"),
     ("geometric_mean", "That is the geometric mean of precision and recall.", "TP/sqrt((TP + FP)*(TP + FN))"),
     ("jaccard", "That leaves out a factor 2 at TP, above and below.", "TP/(TP + FP + FN)")],
    [("2*(TP/(TP + FP))*(TP/(TP + FN))/(TP/(TP + FP) + TP/(TP + FN))", "insert precision and recall"),
     ("2*TP/((TP + FN) + (TP + FP))", "multiply above and below by (TP + FP)(TP + FN)/TP"),
     ("2*TP/(2*TP + FP + FN)", "collect: P and R can be exchanged, F1 does not see it")],
    ("Program precision and recall first and use them.",))

standard_error = Question(
    "003.2.se", "Standard error of an accuracy",
    r"Of $n$ independent test images a network gets each right with probability $p$. The share of right answers has the "
    r"standard deviation $\sqrt{p(1-p)/n}$. Write it as a function of $p$ and $n$.",
    {"p": (), "n": ()}, [(0.9869, 3957.0), (0.975, 1850.0), (0.84, 360.0), (0.63, 90.0)], "sqrt(p*(1 - p)/n)",
    mistakes=(
        Mistake("variance", "That is the variance; its square root is the standard error.", "p*(1 - p)/n"),
        Mistake("no_n", "The number of images does not appear: more images make the estimate more accurate.",
                "sqrt(p*(1 - p))"),
        Mistake("n_outside_root", "n belongs under the root: four times as many images halve the error.",
                "sqrt(p*(1 - p))/n"),
        Mistake("missing_q", "The factor 1 − p is missing.", "sqrt(p/n)"),
        Mistake("percent", "That is in percentage points; here p is a share.", "100*sqrt(p*(1 - p)/n)"),
        Mistake("count", "That is the standard deviation of the number of right answers, not of their share.",
                "sqrt(n*p*(1 - p))"),
        Mistake("bracket", "A bracket is missing: the whole product is divided by n.", "sqrt(p*1 - p/n)"),
    ),
    hints=("The number of right answers has the variance n p (1 − p).", "The share is that number divided by n.",
           "The standard deviation is the square root of the variance."),
    positive=("p", "n"), target="se", symbols={"se": "sqrt(n*p*(1 - p))/n"},
    steps=[Step("sqrt(n*p*(1 - p))/n", "standard deviation of the number of right answers, divided by n"),
           Step("sqrt(p*(1 - p)/n)", "n under the root")])

questions = [prepare, layer, cost, slope, layer_backward, plan, accuracy, precision, recall, f1, standard_error,
             conclusions]


def check_scores(**functions):
    """Check accuracy, precision, recall and f1 together, by these names."""
    known = {"accuracy": accuracy, "precision": precision, "recall": recall, "f1": f1}
    return Feedbacks({name: known[name].check(function) for name, function in functions.items()})
