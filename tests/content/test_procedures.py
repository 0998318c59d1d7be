"""What a student writes to train a network, update, split, epoch and fit: wrong as students write it, and the cause that the
check must name. (Right answers in odd forms stand in mnist_forms.)"""

# ruff: noqa: B007, B905, F841 - students write like this

import copy
import itertools

import numpy as np
import pytest

from helpers.assignments import mnist_binary, questions
from helpers.exercises.procedure_question import ProcedureQuestion
from helpers.functions import softmax

KEYS = sorted(key for key, question in questions.items() if isinstance(question, ProcedureQuestion))
WRONG = {key: [] for key in ("05.update", "05.split", "05.epoch", "05.fit", "05.backward", "05.forward")}


def wrong(key, mistake):
    """Notes a wrong answer and what it must be called."""

    def note(function):
        WRONG[key].append(pytest.param(key, mistake, function, id=f"{key}-{function.__name__}"))
        return function

    return note


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in mnist_binary.questions:
        question.forget()


# ---------------------------------------------------------------------------------------------- the update


@wrong("05.update", "not_in_place")
def rebinds(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p = p - eta * g


@wrong("05.update", "not_in_place")
def rebinds_and_hands_back_the_old_ones(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p = p - eta * g
    return parameters


@wrong("05.update", "not_in_place")
def works_on_copies(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p = p.copy()
        p -= eta * g


@wrong("05.update", "not_in_place")
def a_new_list_with_the_old_name(parameters, gradients, eta):
    parameters = [p - eta * g for p, g in zip(parameters, gradients)]


@wrong("05.update", "returned_only")
def returns_new_arrays(parameters, gradients, eta):
    return [p - eta * g for p, g in zip(parameters, gradients)]


@wrong("05.update", "list_only")
def new_arrays_in_the_list(parameters, gradients, eta):
    for i in range(len(parameters)):
        parameters[i] = parameters[i] - eta * gradients[i]
    return parameters


@wrong("05.update", "uphill")
def plus(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p += eta * g


@wrong("05.update", "no_learning_rate")
def without_eta(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p -= g


@wrong("05.update", "uphill_no_learning_rate")
def plus_without_eta(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p[:] = p + g


@wrong("05.update", "whole_lists")
def lists_as_arrays(parameters, gradients, eta):
    parameters = parameters - eta * gradients


@wrong("05.update", "whole_lists")
def one_list_as_an_array(parameters, gradients, eta):
    for i in range(len(parameters)):
        parameters[i] -= eta * gradients


@wrong("05.update", "first_only")
def returns_too_soon(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p -= eta * g
        return parameters


@wrong("05.update", "old_value_lost")
def only_the_step(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p[...] = -eta * g


@wrong("05.update", "second_forgotten")
def weights_alone(parameters, gradients, eta):
    for i in range(0, len(parameters), 2):
        parameters[i][:] -= eta * gradients[i]


@wrong("05.update", "first_layer_only")
def two_arrays(parameters, gradients, eta):
    parameters[0] -= eta * gradients[0]
    parameters[1] -= eta * gradients[1]


@wrong("05.update", "learning_rate_twice")
def scales_the_gradient_first(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        g *= eta
        p -= eta * g


@wrong("05.update", "times_parameter")
def times_equals(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p *= 1 - eta * g


@wrong("05.update", "uphill+second_forgotten")
def uphill_and_no_biases(parameters, gradients, eta):
    for p, g in list(zip(parameters, gradients))[::2]:
        p += eta * g


@wrong("05.update", "step")
def half_a_step(parameters, gradients, eta):
    for p, g in zip(parameters, gradients):
        p -= 0.5 * eta * g


def test_a_gradient_that_is_changed_is_said_and_no_mistake():
    def scaled(parameters, gradients, eta):
        for p, g in zip(parameters, gradients):
            g *= eta
            p -= g

    feedback = questions["05.update"].check(scaled)
    assert feedback and "changes the gradients" in feedback.message


# ---------------------------------------------------------------------------------------------- the split


@wrong("05.split", "not_random")
def first_rows(n, share, rng):
    k = round(share * n)
    return np.arange(k, n), np.arange(k)


@wrong("05.split", "not_random")
def last_rows(n, share, rng):
    k = int(n * (1 - share))
    return list(range(k)), list(range(k, n))


@wrong("05.split", "not_random")
def shuffled_and_forgotten(n, share, rng):
    rows = np.arange(n)
    rng.permutation(rows)
    k = round(share * n)
    return rows[k:], rows[:k]


@wrong("05.split", "seed_inside")
def own_seed(n, share, rng):
    rng = np.random.default_rng(0)
    rows = rng.permutation(n)
    k = round(share * n)
    return rows[k:], rows[:k]


@wrong("05.split", "other_generator")
def numpys_own(n, share, rng):
    rows = np.random.permutation(n)
    k = round(share * n)
    return rows[k:], rows[:k]


@wrong("05.split", "exchanged")
def share_to_fit(n, share, rng):
    rows = rng.permutation(n)
    k = round(share * n)
    return rows[:k], rows[k:]


@wrong("05.split", "not_disjoint")
def two_permutations(n, share, rng):
    k = round(share * n)
    return rng.permutation(n)[: n - k], rng.permutation(n)[n - k :]


@wrong("05.split", "not_disjoint")
def two_choices(n, share, rng):
    k = round(share * n)
    return rng.choice(n, n - k, replace=False), rng.choice(n, k, replace=False)


@wrong("05.split", "fit_on_all")
def nothing_held_back(n, share, rng):
    rows = rng.permutation(n)
    return rows, rows[: round(share * n)]


@wrong("05.split", "drawn_with_replacement")
def choice_with_replacement(n, share, rng):
    validate = rng.choice(n, round(share * n))
    return np.array([row for row in range(n) if row not in validate]), validate


@wrong("05.split", "with_replacement")
def integers(n, share, rng):
    rows = rng.integers(0, n, size=n)
    k = round(share * n)
    return rows[k:], rows[:k]


@wrong("05.split", "one_left_out")
def one_lost(n, share, rng):
    rows = rng.permutation(n)
    k = round(share * n)
    return rows[k + 1 :], rows[:k]


@wrong("05.split", "from_one")
def from_one(n, share, rng):
    rows = rng.permutation(np.arange(1, n + 1))
    k = round(share * n)
    return rows[k:], rows[:k]


@wrong("05.split", "seed_inside+exchanged")
def two_slips_of_a_split(n, share, rng):
    rows = np.random.default_rng(42).permutation(n)
    k = round(share * n)
    return rows[:k], rows[k:]


@wrong("05.split", "number_of_results")
def rows_only(n, share, rng):
    return rng.permutation(n)


@wrong("05.split", "sizes")
def a_fixed_share(n, share, rng):
    rows = rng.permutation(n)
    return rows[n // 7 :], rows[: n // 7]


# ---------------------------------------------------------------------------------------------- one epoch


@wrong("05.epoch", "remainder_lost")
def whole_batches_only(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for b in range(len(x) // size):
        batch = rows[b * size : (b + 1) * size]
        step(x[batch], y[batch])


@wrong("05.epoch", "full_batch_lost")
def ends_too_soon(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for start in range(0, len(x) - size, size):
        step(x[rows[start : start + size]], y[rows[start : start + size]])


@wrong("05.epoch", "same_order")
def never_shuffled(x, y, size, rng, step):
    for start in range(0, len(x), size):
        step(x[start : start + size], y[start : start + size])


@wrong("05.epoch", "same_order")
def permutation_not_kept(x, y, size, rng, step):
    rows = np.arange(len(x))
    rng.permutation(rows)
    for start in range(0, len(x), size):
        step(x[rows[start : start + size]], y[rows[start : start + size]])


@wrong("05.epoch", "seed_inside")
def seed_in_the_loop(x, y, size, rng, step):
    rng = np.random.default_rng(5)
    rows = rng.permutation(len(x))
    for start in range(0, len(x), size):
        step(x[rows[start : start + size]], y[rows[start : start + size]])


@wrong("05.epoch", "other_generator")
def numpys_shuffle(x, y, size, rng, step):
    rows = np.arange(len(x))
    np.random.shuffle(rows)
    for start in range(0, len(x), size):
        step(x[rows[start : start + size]], y[rows[start : start + size]])


@wrong("05.epoch", "labels_left_behind")
def x_without_y(x, y, size, rng, step):
    x = x[rng.permutation(len(x))]
    for start in range(0, len(x), size):
        step(x[start : start + size], y[start : start + size])


@wrong("05.epoch", "labels_left_behind")
def each_shuffled_alone(x, y, size, rng, step):
    x, y = rng.permutation(x), rng.permutation(y)
    for start in range(0, len(x), size):
        step(x[start : start + size], y[start : start + size])


@wrong("05.epoch", "with_replacement")
def choice_each_time(x, y, size, rng, step):
    for start in range(0, len(x), size):
        rows = rng.choice(len(x), min(size, len(x) - start))
        step(x[rows], y[rows])


@wrong("05.epoch", "drawn_for_each_batch")
def permutation_each_time(x, y, size, rng, step):
    for start in range(0, len(x), size):
        rows = rng.permutation(len(x))[start : start + size]
        step(x[rows], y[rows])


@wrong("05.epoch", "batches_shuffled")
def whole_batches_shuffled(x, y, size, rng, step):
    starts = np.arange(0, len(x), size)
    rng.shuffle(starts)
    for start in starts:
        step(x[start : start + size], y[start : start + size])


@wrong("05.epoch", "overlapping")
def counts_batches_as_rows(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for start in range(len(x) // size):
        step(x[rows[start : start + size]], y[rows[start : start + size]])


@wrong("05.epoch", "overlapping")
def begins_everywhere(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for start in range(len(x)):
        step(x[rows[start : start + size]], y[rows[start : start + size]])


@wrong("05.epoch", "same_batch")
def never_moves_on(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for _ in range(0, len(x), size):
        step(x[rows[:size]], y[rows[:size]])


@wrong("05.epoch", "blocks")
def neighbours_of_random_rows(x, y, size, rng, step):
    for row in rng.permutation(len(x)):
        step(x[row : row + size], y[row : row + size])


@wrong("05.epoch", "size_overstepped")
def too_few_parts(x, y, size, rng, step):
    for rows in np.array_split(rng.permutation(len(x)), len(x) // size):
        step(x[rows], y[rows])


@wrong("05.epoch", "empty_batch")
def one_batch_more(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for b in range(len(x) // size + 1):
        step(x[rows[b * size : (b + 1) * size]], y[rows[b * size : (b + 1) * size]])


@wrong("05.epoch", "first_batch_only")
def return_in_the_loop(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for start in range(0, len(x), size):
        return step(x[rows[start : start + size]], y[rows[start : start + size]])


@wrong("05.epoch", "one_by_one")
def each_example(x, y, size, rng, step):
    for i in rng.permutation(len(x)):
        step(x[i], y[i])


@wrong("05.epoch", "one_argument")
def step_with_row_numbers(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for i in range(0, len(x), size):
        step(rows[i : i + size])


@wrong("05.epoch", "one_argument")
def step_with_a_pair(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for i in range(0, len(x), size):
        step((x[rows[i : i + size]], y[rows[i : i + size]]))


@wrong("05.epoch", "whole")
def no_batches(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    step(x[rows], y[rows])


@wrong("05.epoch", "exchanged")
def labels_first(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for start in range(0, len(x), size):
        step(y[rows[start : start + size]], x[rows[start : start + size]])


@wrong("05.epoch", "not_a_batch")
def row_numbers(x, y, size, rng, step):
    rows = rng.permutation(len(x))
    for start in range(0, len(x), size):
        step(rows[start : start + size], y[rows[start : start + size]])


@wrong("05.epoch", "remainder_lost+same_order")
def two_slips_of_an_epoch(x, y, size, rng, step):
    for b in range(len(x) // size):
        step(x[b * size : (b + 1) * size], y[b * size : (b + 1) * size])


def test_data_shuffled_in_place_are_said_and_no_mistake():
    def in_place(x, y, size, rng, step):
        rows = rng.permutation(len(x))
        x[:], y[:] = x[rows], y[rows]
        for start in range(0, len(x), size):
            step(x[start : start + size], y[start : start + size])

    feedback = questions["05.epoch"].check(in_place)
    assert feedback and "order of the data" in feedback.message


# -------------------------------------------------------------------------------------------------- fit


def student_fit(
    better=lambda cost, lowest, costs: cost < lowest,
    over=lambda waited, patience: waited >= patience,
    keep=lambda parameters: [p.copy() for p in parameters],
    reset=True,
    lowest_kept=True,
):
    """A fit as most students write it, with one or more of its lines wrong."""

    def fit(parameters, run_epoch, validation_cost, epochs, patience):
        lowest, waited, costs, best = np.inf, 0, [], keep(parameters)
        for epoch in range(epochs):
            run_epoch()
            cost = validation_cost()
            costs.append(cost)
            if better(cost, lowest, costs):
                if lowest_kept:
                    lowest = cost
                best = keep(parameters)
                if reset:
                    waited = 0
            else:
                waited += 1
                if over(waited, patience):
                    break
        return best, costs

    return fit


SLIPS = {
    "ties_count": [{"better": lambda cost, lowest, costs: cost <= lowest}],
    "compared_with_before": [{"better": lambda cost, lowest, costs: len(costs) == 1 or cost < costs[-2]}],
    "one_later": [{"over": lambda waited, patience: waited > patience}],
    "one_sooner": [{"over": lambda waited, patience: waited >= patience - 1}],
    "at_first_rise": [{"over": lambda waited, patience: True}],
    "not_stopped": [{"over": lambda waited, patience: False}],
    "not_copied": [{"keep": lambda parameters: parameters}, {"keep": lambda parameters: parameters.copy()},
                   {"keep": list}, {"keep": copy.copy}, {"keep": lambda parameters: [p for p in parameters]},
                   {"keep": lambda parameters: [p[:] for p in parameters]},
                   {"keep": lambda parameters: [np.asarray(p) for p in parameters]}],
    "never_reset": [{"reset": False}],
    "never_better": [{"better": lambda cost, lowest, costs: cost < min(costs)}],
    "lowest_never_updated": [{"lowest_kept": False}],
}  # fmt: skip
CASES = [(name, slip) for name, slips in SLIPS.items() for slip in slips]


@pytest.mark.parametrize("name, slip", CASES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(CASES)])
def test_a_slip_in_fit_is_named(name, slip):
    feedback = questions["05.fit"].check(student_fit(**slip))
    assert (feedback.status, feedback.mistake) == ("wrong", name), str(feedback)


PAIRS = [
    (one, two)
    for one, two in itertools.combinations(CASES, 2)
    if not set(one[1]) & set(two[1]) and not {"not_stopped", "never_better"} & {one[0], two[0]}  # they hide others
]


def test_two_slips_in_fit_are_both_named_or_none_is_named_that_is_not_there():
    both = 0
    for (one, first), (two, second) in PAIRS:
        feedback = questions["05.fit"].check(student_fit(**first, **second))
        assert feedback.status == "wrong", (one, two)
        for name in feedback.mistakes:
            named = set(name.split("+"))
            both += named == {one, two}
            made = {"shared", "epochs", "best", "costs"} | {one, two}
            assert named <= made or feedback.mistake.count("|"), (one, two, str(feedback))
    assert both >= 0.8 * len(PAIRS)


@wrong("05.fit", "last_kept")
def last_ones(parameters, run_epoch, validation_cost, epochs, patience):
    _, costs = student_fit()(parameters, run_epoch, validation_cost, epochs, patience)
    return [p.copy() for p in parameters], costs


@wrong("05.fit", "not_copied")
def the_parameters_themselves(parameters, run_epoch, validation_cost, epochs, patience):
    _, costs = student_fit()(parameters, run_epoch, validation_cost, epochs, patience)
    return parameters, costs


@wrong("05.fit", "start_kept")
def kept_before(parameters, run_epoch, validation_cost, epochs, patience):
    best = [p.copy() for p in parameters]
    _, costs = student_fit()(parameters, run_epoch, validation_cost, epochs, patience)
    return best, costs


@wrong("05.fit", "one_epoch")
def returns_in_the_loop(parameters, run_epoch, validation_cost, epochs, patience):
    costs = []
    for _ in range(epochs):
        run_epoch()
        costs.append(validation_cost())
        return [p.copy() for p in parameters], costs


@wrong("05.fit", "number_of_arrays")
def best_grows(parameters, run_epoch, validation_cost, epochs, patience):
    kept = []
    fit = student_fit(keep=lambda now: kept.extend(p.copy() for p in now) or kept)
    return fit(parameters, run_epoch, validation_cost, epochs, patience)


@wrong("05.fit", "other_shapes")
def best_flat(parameters, run_epoch, validation_cost, epochs, patience):
    best, costs = student_fit()(parameters, run_epoch, validation_cost, epochs, patience)
    return [p.reshape(-1, 1) for p in best], costs


@wrong("05.fit", "never_trained")
def brackets_forgotten(parameters, run_epoch, validation_cost, epochs, patience):
    def no_epoch():
        run_epoch  # noqa: B018

    return student_fit()(parameters, no_epoch, validation_cost, epochs, patience)


@wrong("05.fit", "never_better")
def lowest_begins_at_zero(parameters, run_epoch, validation_cost, epochs, patience):
    costs, best, lowest = [], None, 0
    for _ in range(epochs):
        run_epoch()
        costs.append(validation_cost())
        if costs[-1] < lowest:
            best, lowest = [p.copy() for p in parameters], costs[-1]
        elif len(costs) == patience:
            break
    return best, costs


@wrong("05.fit", "epochs_ignored")
def no_limit(parameters, run_epoch, validation_cost, epochs, patience):
    return student_fit()(parameters, run_epoch, validation_cost, 1000, patience)


@wrong("05.fit", "endless")
def neither_limit_nor_patience(parameters, run_epoch, validation_cost, epochs, patience):
    while True:
        run_epoch()


@wrong("05.fit", "results_exchanged")
def costs_first(parameters, run_epoch, validation_cost, epochs, patience):
    return student_fit()(parameters, run_epoch, validation_cost, epochs, patience)[::-1]


@wrong("05.fit", "no_parameters")
def the_lowest_cost(parameters, run_epoch, validation_cost, epochs, patience):
    _, costs = student_fit()(parameters, run_epoch, validation_cost, epochs, patience)
    return min(costs), costs


@wrong("05.fit", "never_better")
def compared_with_itself(parameters, run_epoch, validation_cost, epochs, patience):
    costs, best, waited = [], None, 0
    for _ in range(epochs):
        run_epoch()
        costs.append(validation_cost())
        if costs[-1] < min(costs):
            best, waited = [p.copy() for p in parameters], 0
        else:
            waited += 1
            if waited == patience:
                break
    return best, costs


@wrong("05.fit", "measured_before")
def cost_before_the_epoch(parameters, run_epoch, validation_cost, epochs, patience):
    lowest, waited, costs = np.inf, 0, []
    for _ in range(epochs):
        cost = validation_cost()
        run_epoch()
        costs.append(cost)
        if cost < lowest:
            lowest, waited, best = cost, 0, [p.copy() for p in parameters]
        else:
            waited += 1
            if waited == patience:
                break
    return best, costs


@wrong("05.fit", "no_return")
def forgets_to_return(parameters, run_epoch, validation_cost, epochs, patience):
    best = None
    for _ in range(epochs):
        run_epoch()
        best = [p.copy() for p in parameters]


@wrong("05.fit", "number_of_results")
def best_only(parameters, run_epoch, validation_cost, epochs, patience):
    best, _ = student_fit()(parameters, run_epoch, validation_cost, epochs, patience)
    return [*best, 0]


def test_what_is_off_is_said_with_the_training_that_shows_it():
    def stops_at_seven(parameters, run_epoch, validation_cost, epochs, patience):
        return student_fit(over=lambda waited, _: waited >= 7)(
            parameters, run_epoch, validation_cost, epochs, patience
        )  # fmt: skip

    feedback = questions["05.fit"].check(stops_at_seven)
    assert feedback.mistake == "epochs"
    assert "5, 4, 3, 3.5" in feedback.message and "a patience of 3" in feedback.message


# -------------------------------------------------------------------------------- the network, as a whole


def passes(**other):
    """The backward pass line by line, as students write it, with other lines in the place of some."""
    lines = {
        "Z1": "X @ W1.T + b1", "A1": "np.maximum(Z1, 0)", "dW2": "dZ.T @ A1", "db2": "dZ.sum(axis=0)", "dA1": "dZ @ W2",
        "dZ1": "dA1 * (Z1 > 0)", "dW1": "dZ1.T @ X", "db1": "dZ1.sum(axis=0)",
    } | other  # fmt: skip

    def backward(X, W1, b1, W2, b2, dZ):
        known = {"X": X, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "dZ": dZ, "np": np}
        for name, line in lines.items():
            known[name] = eval(line, {}, known)
        return {name: known["d" + name] for name in ("W1", "b1", "W2", "b2")}

    return backward


@pytest.mark.parametrize(
    "mistake, lines",
    [
        ("no_relu_prime", {"dZ1": "dA1"}),
        ("relu_prime_of_gradient", {"dZ1": "dA1 * (dA1 > 0)"}),
        ("relu_instead_prime", {"dZ1": "dA1 * np.maximum(Z1, 0)"}),
        ("sigmoid_prime", {"dZ1": "dA1 * A1 * (1 - A1)"}),
        ("bias_axis", {"db1": "dZ1.sum(axis=1)", "db2": "dZ.sum(axis=1)"}),
        ("bias_total", {"db1": "dZ1.sum()", "db2": "dZ.sum()"}),
        ("mean", {"dW1": "dZ1.T @ X / len(X)", "db1": "dZ1.mean(axis=0)", "dW2": "dZ.T @ A1 / len(X)",
                  "db2": "dZ.mean(axis=0)"}),
        ("mean", {"db1": "dZ1.mean(axis=0)", "db2": "dZ.mean(axis=0)"}),
        ("pre_activation_for_activation", {"dW2": "dZ.T @ Z1"}),
        ("no_W2", {"dA1": "dZ.sum(axis=1, keepdims=True) * np.ones(len(b1))"}),
        ("not_chained", {"dZ1": "dZ.sum(axis=1, keepdims=True) * np.ones(len(b1))"}),
        ("relu_prime_at_output", {"A1": "np.maximum(Z1, 0); ", "dZ": "dZ * (A1 @ W2.T + b2 > 0)"}),
    ],
)  # fmt: skip
def test_backward_passes(mistake, lines):
    if "dZ" in lines:  # it comes before the lines that use it
        lines = {"Z1": "X @ W1.T + b1", "A1": "np.maximum(Z1, 0)", "dZ": lines["dZ"]}

        def answer(X, W1, b1, W2, b2, dZ):
            A1 = np.maximum(X @ W1.T + b1, 0)
            return passes()(X, W1, b1, W2, b2, dZ * (A1 @ W2.T + b2 > 0))
    else:
        answer = passes(**lines)
    feedback = questions["05.backward"].check(answer)
    assert (feedback.status, feedback.mistake) == ("wrong", mistake), str(feedback)


@pytest.mark.parametrize("line", [{"dA1": "dZ @ W2.T"}, {"dW2": "dZ @ A1"}, {"dW1": "dZ1 @ X"}])
def test_products_whose_shapes_do_not_fit_are_quoted(line):
    feedback = questions["05.backward"].check(passes(**line))
    assert feedback.status == "error" and "shapes do not fit" in feedback.message, str(feedback)


@pytest.mark.parametrize(
    "answer",
    [
        lambda X, W1, b1, W2, b2: X @ W2.T + b2,
        lambda X, W1, b1, W2, b2: np.sum(np.maximum(X @ W1.T + b1, 0) * W2, axis=1) + b2,
    ],
)
def test_no_axis_is_said_to_be_lost_where_all_arrays_have_two(answer):
    message = questions["05.forward"].check(answer).message
    assert "shapes do not fit" in message and "one axis" not in message and "loses that axis" not in message, message


@pytest.mark.parametrize(
    "key, said, answer",
    [
        ("05.epoch", "draws by its methods", lambda x, y, size, rng, step: step(x[rng(len(x))], y)),
        ("05.split", "A slice begins and ends at whole numbers", lambda n, share, rng: (np.arange(n)[share * n :], [])),
        ("05.forward", "a function that is not written yet", lambda X, W1, b1, W2, b2: ... @ W2.T + b2),
        ("05.update", "An index runs past the end.", lambda parameters, gradients, eta: parameters[99]),
    ],
)
def test_slips_are_said_in_words(key, said, answer):
    feedback = questions[key].check(answer)
    assert feedback.status == "error" and said in feedback.message, str(feedback)


def test_pairs_without_zip_are_said_in_words():
    def update(parameters, gradients, eta):
        for p, g in parameters, gradients:
            p -= eta * g

    message = questions["05.update"].check(update).message
    assert "come from `zip(a, b)`" in message, message


def test_a_quantity_that_says_what_it_is_has_no_second_article():
    message = questions["05.backward"].check(passes(dW2="dZ.T @ X")).message
    assert "`X` stands where the activation of the hidden layer belongs" in message, message


def test_a_tuple_that_is_no_array_is_called_a_tuple():
    both = lambda X, W1, b1, W2, b2: (X @ W1.T, X @ W1.T @ W2.T + b2)  # noqa: E731
    feedback = questions["05.forward"].check(both)
    assert feedback.status == "error" and "a tuple of 2" in feedback.message, str(feedback)


@pytest.mark.parametrize(
    "mistake, answer",
    [
        ("relu_at_output", lambda X, W1, b1, W2, b2: np.maximum(np.maximum(X @ W1.T + b1, 0) @ W2.T + b2, 0)),
        ("no_relu", lambda X, W1, b1, W2, b2: (X @ W1.T + b1) @ W2.T + b2),
        ("softmax_at_output", lambda X, W1, b1, W2, b2: softmax(np.maximum(X @ W1.T + b1, 0) @ W2.T + b2)),
        ("sigma_at_output", lambda X, W1, b1, W2, b2: 1 / (1 + np.exp(-(np.maximum(X @ W1.T + b1, 0) @ W2.T + b2)))),
        ("relu_at_output_only", lambda X, W1, b1, W2, b2: np.maximum((X @ W1.T + b1) @ W2.T + b2, 0)),
        ("sigma_hidden", lambda X, W1, b1, W2, b2: 1 / (1 + np.exp(-(X @ W1.T + b1))) @ W2.T + b2),
        ("tanh_for_relu", lambda X, W1, b1, W2, b2: np.tanh(X @ W1.T + b1) @ W2.T + b2),
        ("missing_term", lambda X, W1, b1, W2, b2: np.maximum(X @ W1.T, 0) @ W2.T + b2),
        ("missing_term", lambda X, W1, b1, W2, b2: np.maximum(X @ W1.T + b1, 0) @ W2.T),
        ("bracket_too_early", lambda X, W1, b1, W2, b2: (np.maximum(X @ W1.T, 0) + b1) @ W2.T + b2),
        ("inner_sign", lambda X, W1, b1, W2, b2: np.maximum(X @ W1.T + b1, 0) @ W2.T - b2),
        ("summed", lambda X, W1, b1, W2, b2: (np.maximum(X @ W1.T + b1, 0) @ W2.T + b2).sum(axis=1)),
        ("transpose", lambda X, W1, b1, W2, b2: (np.maximum(X @ W1.T + b1, 0) @ W2.T + b2).T),
        ("divided_by_m", lambda X, W1, b1, W2, b2: (np.maximum(X @ W1.T + b1, 0) @ W2.T + b2) / len(X)),
    ],
)
def test_forward_passes(mistake, answer):
    feedback = questions["05.forward"].check(answer)
    assert (feedback.status, feedback.mistake) == ("wrong", mistake), str(feedback)


# ---------------------------------------------------------------------------------------- all of them together


@pytest.mark.parametrize("key, mistake, answer", [case for cases in WRONG.values() for case in cases])
def test_wrong_procedures_are_named(key, mistake, answer):
    feedback = questions[key].check(answer)
    assert feedback.status != "correct" and feedback.mistake == mistake, str(feedback)


@pytest.mark.parametrize("key", KEYS)
def test_every_fact_is_looked_at_or_noted(key):
    question = questions[key]
    seen = {name for facts in question.truth for name in facts}
    assert set(question.look) <= seen and set(question.notes) <= seen
    assert seen - set(question.look) - set(question.notes) <= {"script"}


@pytest.mark.parametrize("key", KEYS)
def test_what_use_gives_is_the_students_own_function_in_its_usual_form(key, monkeypatch, capsys):
    question = questions[key]
    monkeypatch.setattr(question, "_theirs", None)
    assert question.use() is question.reference
    if key == "05.fit":
        assert question.check(lambda *a: dict(zip(("best", "costs"), student_fit()(*a), strict=True)))
        best, costs = question.use()([np.zeros(2)], lambda: None, lambda: 1.0, 3, 2)
        assert len(best) == 1 and costs == [1.0, 1.0, 1.0]
    if key == "05.split":
        assert question.check(lambda n, share, rng: [part.tolist() for part in question.reference(n, share, rng)])
        fit, validate = question.use()(10, 0.3, np.random.default_rng(0))
        assert len(fit) == 7 and sorted(np.append(fit, validate)) == list(range(10))
    if key in ("05.fit", "05.split"):
        assert "your own function" in capsys.readouterr().out


@pytest.mark.parametrize("key", ["003.2.layer", "003.2.slope", "05.forward", "05.backward", "003.2.backward"])
def test_a_right_function_that_returns_lists_gives_arrays_to_later_cells(key, monkeypatch):
    question = questions[key]
    monkeypatch.setattr(question, "_theirs", None)

    def in_lists(*values):
        right = question.course(*values)
        return {name: each.tolist() for name, each in right.items()} if isinstance(right, dict) else right.tolist()

    assert question.check(in_lists)
    mine, truth = question.use()(*question.points[0].values()), question.course(*question.points[0].values())
    pairs = [(mine[name], truth[name]) for name in truth] if isinstance(truth, dict) else [(mine, truth)]
    assert all(isinstance(one, np.ndarray) and np.allclose(one, other) for one, other in pairs)


@pytest.mark.parametrize("key", [key for key, question in questions.items() if question.course is not None])
def test_what_the_course_gives_to_use_is_right(key):
    question = questions[key]
    assert question.check(question.course, record=False).status == "correct"
