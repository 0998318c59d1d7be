"""The binary cross-entropy on logits of notebook 05, and its gradient."""

from helpers.assignments.points import generic
from helpers.checking.answers import CLIPPED, Extreme
from helpers.exercises.exercise import Mistake
from helpers.exercises.formula_question import Question
from helpers.formulas.derivation import Step

_LOGITS = {"z": ("m",), "y": ("m",)}
_LABELS = ((1, 0, 0, 1), (1, 1, 0), (0, 1, 1, 0, 1))
_LOGIT_POINTS = [(z, y) for (z, _), y in zip(generic(_LOGITS, m=(4, 3, 5)), _LABELS, strict=True)]
_EXTREME_LOGITS = [((1000.0, -1000.0, 3.0), (1, 0, 1)), ((-1000.0, 1000.0, 0.7), (1, 0, 1))]
_EXTREME_LOSSES = [Extreme(point, finite=CLIPPED) for point in _EXTREME_LOGITS]

cost = Question(
    "003.2.cost",
    "Binary cross-entropy on logits",
    r"The cost $J=\frac1m\sum_i\bigl(-y_i\log p_i-(1-y_i)\log(1-p_i)\bigr)$ with $p_i=\sigma(z_i)$, as a function of "
    r"the logits $z$ and the labels $y$ (0 or 1), both of shape (m,). It must be right for $z=\pm1000$ too.",
    _LOGITS,
    _LOGIT_POINTS,
    "mean(softplus(z) - y*z)",
    definitions={"m": "len(z)"},
    extremes=_EXTREME_LOSSES,
    mistakes=(
        Mistake("sum", "The losses have been added up; the cost is their mean.", "sum(softplus(z) - y*z)"),
        Mistake("sign", "The sign is wrong: log p is negative, and a loss is positive.", "mean(y*z - softplus(z))"),
        Mistake(
            "log10",
            "The logarithm has the base 10; log is the natural logarithm.",
            "mean(softplus(z) - y*z)/log(10)",
        ),
        Mistake(
            "log2",
            "The logarithm has the base 2; log is the natural logarithm.",
            "mean(softplus(z) - y*z)/log(2)",
        ),
        Mistake(
            "labels_exchanged",
            "The labels are exchanged: y belongs to log p, and 1 − y to log(1 − p).",
            "mean(softplus(z) - (1 - y)*z)",
        ),
        Mistake(
            "only_positive",
            "Only the examples with the label 1 count here; the part with 1 − y is missing.",
            "mean(y*softplus(-z))",
        ),
        Mistake(
            "only_negative",
            "Only the examples with the label 0 count here; the part with y is missing.",
            "mean((1 - y)*softplus(z))",
        ),
        Mistake(
            "not_averaged",
            "That is the loss of each example; their mean is still missing.",
            "softplus(z) - y*z",
        ),
        Mistake("squared", "That is the mean squared error of the probabilities.", "mean((sigma(z) - y)**2)"),
        Mistake(
            "sigma_twice",
            "The logistic sigmoid has been applied twice: z are logits, not probabilities.",
            "mean(softplus(sigma(z)) - y*sigma(z))",
        ),
        Mistake(
            "no_sigmoid",
            "The logits were used as if they were probabilities: the logistic sigmoid is missing.",
            "mean(0 - y*log(z) - (1 - y)*log(1 - z))",
            hint="A logit may be negative, and a negative number has no logarithm. First p = σ(z), then the loss.",
        ),
        Mistake("sign_of_yz", "y z is subtracted, not added.", "mean(softplus(z) + y*z)"),
        Mistake("no_yz", "The part y z is missing: the labels do not appear.", "mean(softplus(z))"),
        Mistake(
            "sign_in_softplus",
            "log(1 + e^(−z)) belongs to the label 1, and −y z to log(1 + e^z): the two forms are mixed.",
            "mean(softplus(0 - z) - y*z)",
        ),
    ),
    binary=("y",),
    gentle=[((0.3, 0.62, 0.85), (1, 0, 1)), ((0.17, 0.44), (0, 1))],
    hints=(
        "Insert p = σ(z) = 1/(1 + e^(−z)) into the loss and simplify before you program it.",
        "−log σ(z) = log(1 + e^(−z)), and log(1 + e^(−z)) = log(1 + e^z) − z.",
        "`np.logaddexp(0, z)` is log(e⁰ + e^z), without overflow.",
    ),
    target="J",
    symbols={"J": "mean(0 - y*log(sigma(z)) - (1 - y)*log(1 - sigma(z)))"},
    steps=[
        Step(
            "mean(y*log(1 + exp(-z)) + (1 - y)*log(1 + exp(z)))",
            r"$-\log\sigma(z)=\log(1+e^{-z})$, and $1-\sigma(z)=\sigma(-z)$",
        ),
        Step("mean(y*(log(1 + exp(z)) - z) + (1 - y)*log(1 + exp(z)))", r"$\log(1+e^{-z})=\log(1+e^z)-z$"),
        Step(
            "mean(softplus(z) - y*z)",
            r"collect: $\operatorname{softplus}(z)=\log(1+e^z)$, which is about z for large z",
        ),
    ],
)

_SQUARED_ERROR = "That is the gradient of the squared error (p − y)²; the cost here is the cross-entropy."

slope = Question(
    "003.2.slope",
    "Gradient with respect to the logits",
    r"The cost in the simplified form, $J=\frac1m\sum_i\bigl(\log(1+e^{z_i})-y_iz_i\bigr)$. Find its gradient with "
    r"respect to the logits, $\partial J/\partial z$, of shape (m,).",
    _LOGITS,
    _LOGIT_POINTS,
    "(sigma(z) - y)/len(z)",
    objective="J",
    variable="z",
    binary=("y",),
    extremes=_EXTREME_LOGITS,
    definitions={"m": "len(z)", "p": "sigma(z)", "J": "mean(softplus(z) - y*z)"},
    mistakes=(
        Mistake("no_mean", "The 1/m of the mean is missing.", "p - y"),
        Mistake("sign", "The sign is wrong: where p is above the label, the cost grows with z.", "(y - p)/m"),
        Mistake(
            "extra_prime",
            "σ' has been multiplied in. That is the rule for the squared error; here it cancels.",
            "(p - y)*p*(1 - p)/m",
        ),
        Mistake(
            "to_p",
            "That is the derivative with respect to p, not to z: σ' is missing.",
            "(p - y)/(p*(1 - p))/m",
        ),
        Mistake(
            "extra_prime_no_mean",
            "σ' has been multiplied in, and the 1/m of the mean is missing. σ' cancels here.",
            "(p - y)*p*(1 - p)",
        ),
        Mistake("squared_error", _SQUARED_ERROR, "2*(p - y)*p*(1 - p)/m"),
        Mistake("squared_error_no_mean", _SQUARED_ERROR + " Besides, the 1/m is missing.", "2*(p - y)*p*(1 - p)"),
        Mistake("z_instead_p", "The logit stands where the probability belongs.", "(z - y)/m"),
        Mistake("no_label", "The labels do not appear.", "p/m"),
    ),
    hints=(
        "Differentiate the loss of one example: two terms.",
        "The derivative of log(1 + e^z) is a function that you know well.",
        "The mean brings a factor 1/m into every component.",
    ),
    steps=[
        Step(
            "diff(softplus(z[i]) - y[i]*z[i], z[i]) / m",
            "only the loss of example i contains its logit; mean: divide by m",
            left="diff(J, z[i])",
        ),
        Step(
            "(exp(z[i])/(1 + exp(z[i])) - y[i]) / m",
            "derivative of the logarithm, and its inner derivative",
            left="diff(J, z[i])",
        ),
        Step("(sigma(z) - y) / len(z)", "all components together: probability minus label"),
    ],
    remark="Probability minus label, and no σ' in it: even a unit that is completely wrong still learns.",
)
