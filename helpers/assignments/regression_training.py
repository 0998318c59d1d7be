"""Two ways to train the network of notebook 07: gradient descent, and Adam (Kingma and Ba 2015, algorithm 1).

Parameters are dictionaries of W1 (k, d), b1 (k,), W2 (1, k) and a number b2; the examples are the rows of X.
"""

import numpy as np

from helpers.exercises.exercise import Mistake
from helpers.exercises.training_question import TrainingQuestion

_NAMES = ("W1", "b1", "W2", "b2")

# ------------------------------------------------------------------------------------------ training, and mistakes in it


def _forward(parameters, X):
    """The activations (n, k) and the predictions (n,)."""
    W1, b1, W2, b2 = (parameters[name] for name in _NAMES)
    A = 1 / (1 + np.exp(-(X @ W1.T + b1)))
    return A, A @ W2[0] + b2


def _cost(parameters, X, y):
    return np.mean((_forward(parameters, X)[1] - y) ** 2)


def _gradients(parameters, X, y):
    """The four gradients of the cost, by the names of the parameters."""
    A, f = _forward(parameters, X)
    e = 2 / len(y) * (f - y)
    D = e[:, np.newaxis] * parameters["W2"] * A * (1 - A)
    return {"W1": D.T @ X, "b1": D.sum(axis=0), "W2": (e @ A)[np.newaxis, :], "b2": e.sum()}


def _descent(g, rate, memory, t):
    """What a step of gradient descent takes off a parameter with the gradient g."""
    return rate * g


def _adam(
    beta=(0.9, 0.999),
    new=None,
    square=np.square,
    corrected=lambda m, s, t, beta: (m / (1 - beta[0] ** t), s / (1 - beta[1] ** t)),
    step=lambda m, s: m / (np.sqrt(s) + 1e-8),
    stored=False,
    kept="ms",
):
    """What a step of Adam takes off a parameter. For mistakes: other `beta`, shares of what is `new`, another `square`, other
    corrections or steps; corrected means that are `stored`; which means are `kept` from step to step."""
    shares = new or [1 - each for each in beta]

    def move(g, rate, memory, t):
        m, s = (memory.get(name, 0.0) if name in kept else 0.0 for name in "ms")
        m, s = beta[0] * m + shares[0] * g, beta[1] * s + shares[1] * square(g)
        corrected_m, corrected_s = corrected(m, s, t, beta)
        memory["m"], memory["s"] = (corrected_m, corrected_s) if stored else (m, s)
        return rate * step(corrected_m, corrected_s)

    return move


def _trained(
    X, y, start, rate, epochs, move=_descent, groups=(_NAMES,), kept=(), at=None, measured="after", parts=None, first=1, base=None,
):  # fmt: skip
    """(W1, b1, W2, b2, costs) after so many epochs. For mistakes: the `groups` of parameters that are updated one after the
    other; those that are `kept` as they were; `at` "start" the gradients are always taken there; `measured` "before" the step,
    or "at start"; `parts` of the examples that are used one after the other; the number of the `first` step; a `base` from which every step
    is taken, in the place of the parameters."""
    parameters, costs, memory = dict(start), [], {name: {} for name in _NAMES}
    for t in range(first, first + epochs):
        before = dict(parameters)
        for part in parts(len(y)) if parts else [slice(None)]:
            for group in groups:
                gradients = _gradients(start if at == "start" else parameters, X[part], y[part])
                steps = {name: move(gradients[name], rate, memory[name], t) for name in group if name not in kept}
                old = base(start) if base else parameters
                parameters |= {name: old[name] - step for name, step in steps.items()}
        measure = {"after": parameters, "before": before, "at start": start}[measured]
        costs.append(_cost(measure, X, y))
    return *(parameters[name] for name in _NAMES), np.array(costs)


def _with(count=lambda epochs: epochs, **changes):
    """The training with some things changed."""
    return lambda X, y, start, rate, epochs: _trained(X, y, start, rate, count(epochs), **changes)


def _other_costs(change, **changes):
    """The training with right parameters, and with other costs."""

    def wrong(X, y, start, rate, epochs):
        *parameters, costs = _trained(X, y, start, rate, epochs, **changes)
        return *parameters, change(costs, X, y, start)

    return wrong


def _begins_again(**changes):
    """Every epoch begins at the start."""

    def wrong(X, y, start, rate, epochs):
        *parameters, costs = _trained(X, y, start, rate, 1, **changes)
        return *parameters, np.repeat(costs, epochs)

    return wrong


def _replaces(**changes):
    """The new parameters are put into the dictionary `start` itself."""

    def wrong(X, y, start, rate, epochs):
        *parameters, costs = _trained(X, y, start, rate, epochs, **changes)
        start |= dict(zip(_NAMES, parameters, strict=True))
        return start, costs

    return wrong


def _in_place(**changes):
    """The arrays in `start` are written into."""

    def wrong(X, y, start, rate, epochs):
        *parameters, costs = _trained(X, y, start, rate, epochs, **changes)
        for name, parameter in zip(_NAMES[:3], parameters, strict=False):
            start[name][...] = parameter
        return *parameters, costs

    return wrong


_ONE_BY_ONE = tuple((name,) for name in _NAMES)
_ORDERS = (
    _ONE_BY_ONE,
    (("W1",), ("W2",), ("b1",), ("b2",)),
    (("b2",), ("W2",), ("b1",), ("W1",)),
    (("W2",), ("b2",), ("W1",), ("b1",)),
    (("W1", "b1"), ("W2", "b2")),
    (("W2", "b2"), ("W1", "b1")),
    (("W1", "W2"), ("b1", "b2")),
)
_KEPT = {
    "W1": "`W1` never moves.",
    "b1": "`b1` never moves.",
    "W2": "`W2` never moves.",
    "b2": "`b2` never moves. It is a number: `-=` on a loop variable gives the variable a new number, not the dictionary.",
    "b1 b2": "The weights are moved and the biases are not.",
    "W1 W2": "The biases are moved and the weights are not.",
    "W1 b1": "Only the output learns: `W1` and `b1` stay as they were.",
    "W2 b2": "Only the hidden layer learns: `W2` and `b2` stay as they were.",
}


def _in_every_loop(move=_descent):
    """The mistakes that are possible in every training loop, with what a step takes off a parameter."""
    return (
        Mistake(
            "uphill",
            "Every step goes uphill: the parameters are moved along the gradient, not against it.",
            _with(move=lambda g, rate, memory, t: -move(g, rate, memory, t)),
        ),
        Mistake(
            "no_learning_rate",
            "The learning rate does not appear in the step.",
            _with(move=lambda g, rate, memory, t: move(g, 1.0, memory, t)),
        ),
        Mistake(
            "one_after_the_other",
            "One parameter is moved before the gradient of the next is taken. All four gradients of a step belong to the same "
            "parameters.",
            *(_with(move=move, groups=groups) for groups in _ORDERS),
            hint="Work out all four gradients first, then move all four parameters.",
        ),
        Mistake(
            "gradient_of_the_start",
            "The gradients are always those of the start. After a step the parameters are others, and so are the gradients.",
            _with(move=move, at="start"),
            hint="The gradients belong into the loop, with the parameters of this epoch.",
        ),
        Mistake(
            "begins_again",
            "Every epoch begins at the start again, so all of them do the same step.",
            _begins_again(move=move),
            hint="Which lines stand inside the loop, and which before it?",
        ),
        *(
            Mistake(f"{names.replace(' ', '_')}_kept", text, _with(move=move, kept=names.split()))
            for names, text in _KEPT.items()
        ),
        Mistake(
            "not_moved",
            "The parameters are as they were at the start: no step is kept.",
            _with(move=move, kept=_NAMES),
            hint="`p - eta * g` alone is a value that nobody keeps. Into which entry does it go?",
        ),
        Mistake(
            "old_value_lost",
            "The new value is the step alone; it should be the old value minus the step.",
            _with(move=move, base=lambda start: dict.fromkeys(_NAMES, 0)),
            _with(
                move=lambda g, rate, memory, t: -move(g, rate, memory, t), base=lambda start: dict.fromkeys(_NAMES, 0)
            ),
        ),
        Mistake(
            "from_the_start",
            "Every step is taken from the start; it should be taken from where the parameters are.",
            _with(move=move, base=dict),
        ),
        Mistake(
            "fixed_rate",
            "A number of your own stands in the place of the learning rate `rate`.",
            *(
                _with(move=lambda g, rate, memory, t, own=own: move(g, own, memory, t))
                for own in (0.001, 0.01, 0.05, 0.1, 0.5)
            ),
        ),
        Mistake(
            "fixed_epochs",
            "A hundred epochs are trained, whatever `epochs` is.",
            _with(move=move, count=lambda epochs: 100),
        ),
        Mistake(
            "one_epoch",
            "Only one epoch is trained. Does `return` stand inside the loop?",
            _with(move=move, count=lambda epochs: 1),
        ),
        Mistake("one_epoch_less", "One epoch too few is trained.", _with(move=move, count=lambda epochs: epochs - 1)),
        Mistake("one_epoch_more", "One epoch too many is trained.", _with(move=move, count=lambda epochs: epochs + 1)),
        Mistake(
            "cost_before",
            "The parameters are right. Each cost is measured before the step of its epoch; the task asks for the cost after it.",
            _with(move=move, measured="before"),
        ),
        Mistake(
            "cost_of_the_start",
            "The parameters are right. The costs are all that of the start: they do not see the new parameters.",
            _with(move=move, measured="at start"),
        ),
        Mistake(
            "cost_of_the_start_too",
            "The parameters are right. There is one cost too many, that of the start: the task asks for one after each epoch.",
            _other_costs(lambda costs, X, y, start: np.append(_cost(start, X, y), costs), move=move),
        ),
        Mistake(
            "last_cost_only",
            "The parameters are right. Only the last cost is returned; the task asks for one after each epoch.",
            _other_costs(lambda costs, X, y, start: costs[-1], move=move),
            _other_costs(lambda costs, X, y, start: costs[-1:], move=move),
            hint="`costs.append(…)` stands inside the loop.",
        ),
        Mistake(
            "cost_summed",
            "The parameters are right. The costs are sums of the losses; the cost is their mean.",
            _other_costs(lambda costs, X, y, start: costs * len(y), move=move),
        ),
        Mistake(
            "start_replaced",
            "The numbers are right. But `start` is another one afterwards: your loop puts the new parameters into the very "
            "dictionary that it is given. (`parameters = start` makes no copy; it is a second name.) The next training would "
            "begin where this one ended.",
            _replaces(move=move),
            hint="`dict(start)` makes a second dictionary.",
        ),
        Mistake(
            "start_in_place",
            "The numbers are right. But the arrays in `start` are others afterwards: something writes into them, as `-=` does. "
            "A second dictionary, `dict(start)`, still holds the same arrays.",
            _in_place(move=move),
            hint="`parameters[name] = parameters[name] - …` makes a new array.",
        ),
    )


def _case(seed, d, k, n, rate, epochs, scale=1.0):
    """Arguments for one training; `scale` is that of the weights of the output. (The seeds are such that no gradient comes
    near 0 on the way: there the place of ε would matter.)"""
    rng = np.random.default_rng(seed)
    start = {
        "W1": rng.normal(size=(k, d)),
        "b1": rng.normal(size=k),
        "W2": scale * rng.normal(size=(1, k)),
        "b2": rng.normal(),
    }
    return rng.normal(size=(n, d)), 3 * rng.normal(size=n), start, rate, epochs


def _summed_up(X, y, start, rate, epochs):
    """The gradients are added up from epoch to epoch."""

    def move(g, rate, memory, t):
        memory["sum"] = memory.get("sum", 0) + g
        return rate * memory["sum"]

    return _trained(X, y, start, rate, epochs, move)


def _scaled(power):
    """The gradients times a power of the number of examples."""

    def wrong(X, y, start, rate, epochs):
        return _trained(X, y, start, rate * float(len(y)) ** power, epochs)

    return wrong


_PARAMETERS = ("X", "y", "start", "rate", "epochs")
_RETURNS = (*_NAMES, "costs")
_LOOK = {"costs": "Measure each cost with the parameters after the step of its epoch."}

training = TrainingQuestion(
    "07.training",
    "Your own training loop",
    r"Write `my_training(X, y, start, rate, epochs)`: gradient descent with all examples in every step. `start` is a dictionary "
    r"of `W1`, `b1`, `W2` and `b2`; it must be the same afterwards. In each epoch move every parameter by $-\eta$ times its "
    r"gradient, with $\eta$ = `rate`. Return the new dictionary, and the list of the costs after each epoch.",
    _PARAMETERS,
    [_case(166, 2, 3, 5, 0.3, 3), _case(53, 3, 4, 7, 0.2, 2), _case(158, 1, 2, 4, 0.4, 5)],
    _trained,
    _RETURNS,
    mistakes=[
        *_in_every_loop(),
        Mistake(
            "mean_twice",
            "The gradients are divided by the number of examples once more: they are those of a mean already.",
            _scaled(-1),
        ),
        Mistake(
            "sum_for_mean",
            "The steps are too long by the number of examples: the gradients of the cost are means, not sums.",
            _scaled(1),
        ),
        Mistake(
            "after_each_example",
            "The parameters are moved after each example; here a step takes the gradients of all examples at once.",
            _with(parts=lambda n: [slice(i, i + 1) for i in range(n)]),
        ),
        Mistake(
            "gradients_added_up",
            "The gradients of earlier epochs are still in the step: they are added up from epoch to epoch.",
            _summed_up,
        ),
    ],
    why=(
        "All four gradients of a step are taken at the same parameters; only then do the parameters move.",
        "Against the gradient the cost falls, if the learning rate is small enough.",
        "start stays as it is, so that the next training can begin at the same place.",
    ),
    hints=(
        "Before the loop: a second dictionary, and an empty list for the costs.",
        "In each epoch: the gradients of all four, then a loop over the four names, then the cost.",
        "`for name in parameters:` goes through the names; `parameters[name] - rate * g[name]` is the new value.",
    ),
    look=_LOOK,
    minutes=15,
)

# ------------------------------------------------------------------------------------------ Adam


def _same_means(X, y, start, rate, epochs):
    """One dictionary is both m and s."""

    def move(g, rate, memory, t):
        m = 0.9 * memory.get("both", 0.0) + 0.1 * g
        memory["both"] = s = 0.999 * m + 0.001 * g**2
        return rate * (s / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)

    return _trained(X, y, start, rate, epochs, move)


def _fits(case, residual):
    """A case whose start nearly fits: its gradients are as small as the residual."""
    X, y, start, rate, _ = case
    return X, _forward(start, X)[1] + residual * y, start, rate, 1


def _uncorrected(m, s, t, beta):
    return m, s


def _right_corrections(m, s, t, beta):
    return m / (1 - 0.9**t), s / (1 - 0.999**t)


def _counts_parameters(X, y, start, rate, epochs):
    """t grows by 1 at each parameter."""
    count = iter(range(1, 1 + 4 * epochs))
    adam = _adam(corrected=lambda m, s, t, beta: _right_corrections(m, s, next(count), beta))
    return _trained(X, y, start, rate, epochs, adam)


adam = TrainingQuestion(
    "07.adam",
    "Adam, written by you",
    r"Write `my_adam(X, y, start, rate, epochs)`, which trains as your loop does, with another step. For every parameter keep "
    r"two running means, at first 0. In step $t = 1, 2, \dots$, with its gradient $g$: $m\leftarrow 0.9\,m+0.1\,g$, "
    r"$s\leftarrow 0.999\,s+0.001\,g^2$, $\hat m=m/(1-0.9^t)$, $\hat s=s/(1-0.999^t)$; then move it by "
    r"$-\eta\,\hat m/(\sqrt{\hat s}+10^{-8})$.",
    _PARAMETERS,
    [_case(80, 2, 3, 5, 0.2, 3), _case(38, 3, 4, 7, 0.1, 4), _case(133, 1, 2, 4, 0.3, 6), _case(146, 2, 4, 6, 0.2, 1)],
    _with(move=_adam()),
    _RETURNS,
    mistakes=[
        *_in_every_loop(_adam()),
        Mistake(
            "plain_descent", "That is the step of section 4, −η times the gradient: there is no Adam in it.", _trained
        ),
        Mistake(
            "no_correction",
            "The two means are not corrected for their start at 0.",
            _with(move=_adam(corrected=_uncorrected)),
            hint="Divide by 1 − 0.9ᵗ and by 1 − 0.999ᵗ.",
        ),
        Mistake(
            "m_not_corrected",
            "Only `s` is corrected for its start at 0; `m` is not.",
            _with(move=_adam(corrected=lambda m, s, t, beta: (m, s / (1 - beta[1] ** t)))),
        ),
        Mistake(
            "s_not_corrected",
            "Only `m` is corrected for its start at 0; `s` is not.",
            _with(move=_adam(corrected=lambda m, s, t, beta: (m / (1 - beta[0] ** t), s))),
        ),
        Mistake(
            "t_from_0",
            "Everything is NaN. Two slips do that: a correction that is 0 in the first step, as 1 − 0.9⁰ is where t is counted "
            "from 0; or the root of a negative number.",
            _with(move=_adam(), first=0),
            hint="`range(1, epochs + 1)`.",
        ),
        Mistake(
            "t_from_2",
            "The steps are counted from t = 2; the first step is t = 1.",
            _with(move=_adam(), first=2),
        ),
        Mistake(
            "t_stands_still",
            "The corrections are those of t = 1 in every step.",
            _with(move=_adam(corrected=lambda m, s, t, beta: (m / (1 - beta[0]), s / (1 - beta[1])))),
            hint="t grows by 1 in each step.",
        ),
        Mistake(
            "t_counts_parameters",
            "t grows by 1 at each of the four parameters; it is the number of the epoch, the same for all four.",
            _counts_parameters,
        ),
        Mistake(
            "beta_times_t",
            "In the corrections 0.9 and 0.999 are multiplied by t; they are to be raised to the power t.",
            _with(move=_adam(corrected=lambda m, s, t, beta: (m / (1 - beta[0] * t), s / (1 - beta[1] * t)))),
            hint="`**` is the power.",
        ),
        Mistake(
            "power_outside",
            "In the corrections the power belongs to 0.9 and to 0.999 alone: 1 − 0.9ᵗ is not (1 − 0.9)ᵗ.",
            _with(move=_adam(corrected=lambda m, s, t, beta: (m / (1 - beta[0]) ** t, s / (1 - beta[1]) ** t))),
            _with(move=_adam(corrected=lambda m, s, t, beta: (m / (1 - beta[0]) ** t, s / (1 - beta[1] ** t)))),
            _with(move=_adam(corrected=lambda m, s, t, beta: (m / (1 - beta[0] ** t), s / (1 - beta[1]) ** t))),
        ),
        Mistake(
            "other_numbers",
            "The numbers here are 0.9 for `m` and 0.999 for `s`; one of them is another in your function.",
            *(_with(move=_adam(beta=beta)) for beta in ((0.9, 0.9), (0.9, 0.99), (0.99, 0.999), (0.999, 0.999))),
        ),
        Mistake(
            "corrections_exchanged",
            "The two corrections are exchanged: 0.9 belongs to `m`, 0.999 to `s`.",
            _with(move=_adam(corrected=lambda m, s, t, beta: (m / (1 - beta[1] ** t), s / (1 - beta[0] ** t)))),
        ),
        Mistake(
            "corrected_stored",
            "The corrected means are kept as the running means themselves, so the next step corrects them once more.",
            _with(move=_adam(stored=True)),
            hint="Give the corrected ones names of their own.",
        ),
        Mistake(
            "betas_exchanged",
            "0.9 and 0.999 are exchanged: `m` forgets quickly (0.9), `s` slowly (0.999).",
            _with(move=_adam(beta=(0.999, 0.9))),
            _with(
                move=_adam(
                    beta=(0.999, 0.9), corrected=lambda m, s, t, beta: (m / (1 - beta[1] ** t), s / (1 - beta[0] ** t))
                )
            ),
        ),
        Mistake(
            "shares_exchanged",
            "Old and new are exchanged: nine tenths of `m` are the old mean, one tenth is the new gradient, and with `s` likewise.",
            _with(move=_adam(beta=(0.1, 0.001), corrected=_right_corrections)),
            _with(move=_adam(beta=(0.1, 0.001))),
        ),
        Mistake(
            "m_shares_exchanged",
            "Old and new are exchanged in `m`: nine tenths are the old mean, one tenth is the new gradient.",
            _with(move=_adam(beta=(0.1, 0.999), corrected=_right_corrections)),
        ),
        Mistake(
            "s_shares_exchanged",
            "Old and new are exchanged in `s`: 0.999 of it are the old mean, 0.001 is the new square.",
            _with(move=_adam(beta=(0.9, 0.001), corrected=_right_corrections)),
        ),
        Mistake(
            "share_squared",
            "The share 0.001 has been squared, too: it is multiplied with the square of the gradient.",
            _with(move=_adam(new=(0.1, 0.001**2))),
        ),
        Mistake(
            "m_adds_up",
            "The new gradient goes into `m` whole; one tenth of it is right.",
            _with(move=_adam(new=(1, 0.001))),
        ),
        Mistake(
            "s_adds_up",
            "The new square goes into `s` whole; one thousandth of it is right.",
            _with(move=_adam(new=(0.1, 1))),
        ),
        Mistake(
            "both_add_up",
            "The shares of the new gradient in `m` and of its square in `s` do not fit each other: they are 0.1 and 0.001. Is one "
            "of them left out or mistyped?",
            _with(move=_adam(new=(1, 1))),
        ),
        Mistake(
            "not_squared",
            "`s` is the mean of the gradient itself; it should be that of its square.",
            _with(move=_adam(square=lambda g: g)),
            hint="The root of a negative number is NaN. Can a square be negative?",
        ),
        Mistake(
            "absolute",
            "`s` is the mean of the size of the gradient; it should be that of its square.",
            _with(move=_adam(square=np.abs)),
        ),
        Mistake(
            "no_root",
            "The root of `s` is missing: it is a mean of squares.",
            _with(move=_adam(step=lambda m, s: m / (s + 1e-8))),
        ),
        Mistake(
            "root_of_m",
            "The root is taken of `m`, too; it belongs to `s` alone.",
            _with(move=_adam(step=lambda m, s: np.sqrt(m) / (np.sqrt(s) + 1e-8))),
            _with(move=_adam(step=lambda m, s: np.sqrt(m / (s + 1e-8)))),
        ),
        Mistake(
            "root_of_m_alone",
            "The root is taken of `m`; it belongs to `s`.",
            _with(move=_adam(step=lambda m, s: np.sqrt(m) / (s + 1e-8))),
        ),
        Mistake(
            "gradient_for_m",
            "The gradient itself stands over the root; `m`, its running mean, belongs there.",
            _with(move=_adam(beta=(0.0, 0.999))),
        ),
        Mistake(
            "not_kept",
            "The two means begin at 0 again in every step. They have to be kept from step to step.",
            _with(move=_adam(kept="")),
            _with(move=_adam(kept="", corrected=_uncorrected)),
            hint="Set them to 0 before the loop, not in it.",
        ),
        Mistake(
            "m_not_kept",
            "`m` begins at 0 again in every step: what is worked out has to be kept for the next one.",
            _with(move=_adam(kept="s")),
        ),
        Mistake(
            "s_not_kept",
            "`s` begins at 0 again in every step: what is worked out has to be kept for the next one.",
            _with(move=_adam(kept="m")),
        ),
        Mistake(
            "same_means",
            "`m` and `s` are one and the same dictionary: what goes into one of them is in the other, too.",
            _same_means,
            hint="`m = s = {…}` makes one dictionary with two names.",
        ),
        Mistake(
            "epsilon_inside",
            "ε stands inside the root. With ordinary gradients nobody sees that. But √(s + ε) is never below √ε = 0.0001, not "
            "10⁻⁸: where gradients are smaller than that, your steps are much shorter than η.",
            _with(move=_adam(step=lambda m, s: m / np.sqrt(s + 1e-8))),
            hint="Close the bracket of the root before ε.",
        ),
        Mistake(
            "epsilon_missing",
            "ε is not in the denominator: it is missing, or the brackets around √ŝ + ε are. Where a gradient is exactly 0, as "
            "behind a weight of 0, your step is 0/0, and that is NaN.",
            _with(move=_adam(step=lambda m, s: m / np.sqrt(s))),
        ),
        Mistake(
            "epsilon_1e-7",
            "ε is 10⁻⁷ in your function, not 10⁻⁸. (In Python 10⁻⁸ is `1e-8`; `10e-8` is ten times that.)",
            _with(move=_adam(step=lambda m, s: m / (np.sqrt(s) + 1e-7))),
        ),
    ],
    why=(
        "m̂ is a mean of the last gradients, √ŝ their typical size. So a step is about η long where the gradients keep their "
        "sign and size, however small they are.",
        "After one step m is 0.1 g and s is 0.001 g². The corrections 1 − 0.9¹ and 1 − 0.999¹ make g and g² of them.",
        "ε = 10⁻⁸ is there for gradients that are 0: it makes 0/0 a 0.",
    ),
    hints=(
        "Copy your training loop, and put a step of Adam in the place of its step.",
        "Before the loop: `m = {name: 0 for name in start}`, and another dictionary `s`. They hold the means of each parameter.",
        "t is the number of the epoch, from 1: `for t in range(1, epochs + 1)`.",
        "Inside: m[name], s[name], their corrected values under names of their own, and the step. `**` is the power.",
    ),
    look=_LOOK,
    advice="Has every parameter an m and an s of its own?",
    minutes=20,
    small=[_fits(_case(7, 2, 3, 5, 0.2, 1), 1e-7), _case(8, 3, 4, 6, 0.2, 2, scale=0)],
    # As section 2 of the paper recommends to compute it: ε is added before the correction.
    variants=[
        _with(move=_adam(corrected=lambda m, s, t, beta: (np.sqrt(1 - beta[1] ** t) / (1 - beta[0] ** t) * m, s)))
    ],
)
