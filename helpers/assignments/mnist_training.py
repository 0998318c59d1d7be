"""Training, by the student's own hand: notebook 05's update, split and epoch. (`fit` has a module of its own.)

What they do is random or goes on inside other functions, so the checks look at facts that every right form has in common.
A `reference` takes options by name: what they are set to in the place of the first value is a mistake.
"""

import numpy as np

from helpers.checking.values import Unusable, as_numbers, shape_in_words
from helpers.exercises.exercise import Mistake
from helpers.exercises.procedure_question import ProcedureQuestion

# ---------------------------------------------------------------------------------------------- the update


def _update(parameters, gradients, eta, *, step=lambda p, g, eta, m: -eta * g, into="array", kept=lambda place: False):
    """Each parameter one step downhill. `step` is what is added; `into` says what is changed: the "array", the "list", only
    a "name", or the arrays of a new list that is "returned"; `kept` which places stay as they are."""
    made = []
    for place, (p, g) in enumerate(zip(parameters, gradients, strict=True)):
        move = 0 if kept(place) else step(p, g, eta, len(parameters))
        if into == "array":
            p += move
        elif into == "list":
            parameters[place] = p + move
        made.append(p + move)
    return made if into == "returned" else None


def _update_trial(seed, shapes, eta):
    def watch(update):
        rng = np.random.default_rng(seed)
        arrays, gradients = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
        handed, before = list(arrays), [array.copy() for array in arrays]
        kept = [gradient.copy() for gradient in gradients]
        result = update(handed, list(gradients), eta)
        wanted = [p - eta * g for p, g in zip(before, kept, strict=True)]
        moved = any(not np.array_equal(p, q) for p, q in zip(arrays, before, strict=True))
        return {
            "place": "list" if not moved and _are(handed, wanted) else "returned" if not moved and _are(result, wanted)
            else "array",
            "step": np.concatenate([(p - q).ravel() for p, q in zip(arrays, before, strict=True)]),
            "gradients": all(map(np.array_equal, gradients, kept)),
        }  # fmt: skip

    return watch


def _are(values, wanted):
    """Whether what came is a list of these arrays."""
    if not isinstance(values, (list, tuple)) or len(values) != len(wanted):
        return False
    return all(np.shape(one) == each.shape and np.allclose(one, each) for one, each in zip(values, wanted, strict=True))


update = ProcedureQuestion(
    "05.update",
    "One step downhill",
    r"`parameters` and `gradients` are two lists of arrays of the same shapes, `eta` is the learning rate $\eta$. Move each "
    r"parameter by $-\eta$ times its gradient, in place: the arrays themselves change, and nothing need be returned.",
    ("parameters", "gradients", "eta"),
    [
        _update_trial(1, [(3, 2), (3,), (1, 3), (1,)], 0.3),
        _update_trial(2, [(4, 3), (4,), (2, 4), (2,)], 0.05),
        _update_trial(3, [(5,), (2, 2), (3, 1)], 1.7),
    ],
    _update,
    mistakes=[
        Mistake(
            "not_in_place",
            "After the call the arrays are as they were. `p = p - …` makes a new array and gives it the name `p`; the same "
            "holds for a copy. The caller's array does not change.",
            {"into": "name"},
            hint="`p -= …` and `p[...] = …` write into the array that is there.",
        ),
        Mistake(
            "list_only",
            "Only the list was changed: new arrays stand in it now, and the arrays that were in it are as they were. "
            "Whoever holds the arrays, as the network does, sees no step.",
            {"into": "list"},
            hint="Write into the arrays themselves, not into the list.",
        ),
        Mistake(
            "returned_only",
            "New arrays are returned, and the old ones are as they were. The task asks for a step in place.",
            {"into": "returned"},
            hint="`p -= …` and `p[...] = …` write into the array that is there.",
        ),
        Mistake(
            "whole_lists",
            "`parameters` and `gradients` are lists of arrays, and a list cannot be multiplied or subtracted as an array can. "
            "Go through the pairs, one array after the other.",
            lambda parameters, gradients, eta: eta * gradients,
            lambda parameters, gradients, eta: parameters - gradients,
            hint="`zip` makes the pairs.",
        ),
        Mistake(
            "uphill",
            "The step goes uphill: the parameters are moved along the gradient, not against it.",
            {"step": lambda p, g, eta, m: eta * g},
        ),
        Mistake(
            "no_learning_rate",
            "The learning rate does not appear in the step.",
            {"step": lambda p, g, eta, m: -g},
        ),
        Mistake(
            "uphill_no_learning_rate",
            "The step goes uphill, and the learning rate does not appear in it.",
            {"step": lambda p, g, eta, m: g},
        ),
        Mistake(
            "divided",
            "The gradient is divided by the learning rate; it has to be multiplied.",
            {"step": lambda p, g, eta, m: -g / eta},
        ),
        Mistake(
            "old_value_lost",
            "The parameter was set to the step itself: the old value is gone.",
            {"step": lambda p, g, eta, m: -eta * g - p},
            {"step": lambda p, g, eta, m: eta * g - p},
            hint="new = old − η · gradient",
        ),
        Mistake(
            "set_to_gradient",
            "The parameter was set to its gradient: the old value is gone.",
            {"step": lambda p, g, eta, m: g - p},
            hint="new = old − η · gradient",
        ),
        Mistake(
            "times_parameter",
            "The step has the parameter as a factor: `*=` changes each entry by a multiple of itself.",
            {"step": lambda p, g, eta, m: -eta * g * p},
            {"step": lambda p, g, eta, m: eta * g * p - p},
            hint="`-=` subtracts from the array.",
        ),
        Mistake(
            "learning_rate_twice",
            "The learning rate is multiplied in twice.",
            {"step": lambda p, g, eta, m: -(eta**2) * g},
        ),
        Mistake(
            "two_steps",
            "Each parameter is moved twice.",
            {"step": lambda p, g, eta, m: -2 * eta * g},
        ),
        Mistake(
            "divided_by_count",
            "The step is divided by the number of arrays in the list. The 1/m of the mean is in the gradients already.",
            {"step": lambda p, g, eta, m: -eta * g / m},
        ),
        Mistake(
            "sign_only",
            "Only the sign of the gradient counts here: all entries move by the same amount.",
            {"step": lambda p, g, eta, m: -eta * np.sign(g)},
        ),
        Mistake(
            "first_only",
            "Only the first array has been moved. Does `return` stand inside the loop?",
            {"kept": lambda place: place > 0},
            hint="The loop has to reach every pair.",
        ),
        Mistake(
            "second_forgotten",
            "Every second array stays as it was: the weights are moved and the biases are not.",
            {"kept": lambda place: place % 2 == 1},
        ),
        Mistake(
            "only_second",
            "Only every second array is moved: the biases are, and the weights are not.",
            {"kept": lambda place: place % 2 == 0},
        ),
        Mistake(
            "first_layer_only",
            "Only the first two arrays are moved; the list may be longer.",
            {"kept": lambda place: place > 1},
        ),
    ],
    look={
        "place": "The arrays that were handed over did not move.",
        "step": "The arrays have moved, but not by −η times their gradients. Print one entry before and after the call, and "
        "its gradient.",
    },
    notes={
        "gradients": "But your function changes the gradients too: whoever needs them afterwards finds other numbers."
    },
    why=(
        "zip hands over each parameter with its own gradient, however many layers there are.",
        "`p -= …` changes the array itself. `p = p - …` would only give the name `p` to a new array, and the network would "
        "keep the old one.",
    ),
    minutes=5,
    hints=(
        "`for p, g in zip(parameters, gradients)` goes through the pairs.",
        "`p -= …` writes into the array that is there; `p = p - …` makes a new one.",
        "new value = old value − η · gradient, as in notebook 04.",
    ),
)

# ---------------------------------------------------------------------------------------------- the split


def _split(n, share, rng, *, order=None, count=lambda n, k: k, parts=lambda rows, k: (rows[k:], rows[:k])):
    """Rows to fit and rows to validate. `order` makes the rows, `count` says how many validate, `parts` takes them apart."""
    rows = rng.permutation(n) if order is None else order(n, rng)
    return parts(rows, count(n, round(share * n)))


def _two_parts(result):
    """What a split returned as two arrays of row numbers. Raises Unusable."""
    if isinstance(result, dict):
        result = tuple(result.values())
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Unusable(
            "Your function must return two things, `return rows_to_fit, rows_to_validate`.", "number_of_results"
        )
    return tuple(map(_rows, result))


def _rows(part):
    array = np.asarray(part)
    if array.dtype == bool and array.ndim == 1:
        return np.flatnonzero(array)  # a mask says as much
    rows = as_numbers(part)
    if rows.ndim != 1:
        raise Unusable(
            f"Each part is a list of row numbers; {shape_in_words(rows.shape)} came. The data are cut outside.", "shape"
        )
    if np.any(rows != np.round(rows)):
        raise Unusable("Row numbers are whole numbers; some of these have decimals.", "no_rows")
    return rows.astype(int)


def _split_trial(seed, n, share):
    k = round(share * n)

    def watch(split):
        fit, validate = split(n, share, np.random.default_rng(seed))
        again = split(n, share, np.random.default_rng(seed))[1]
        other = split(n, share, np.random.default_rng(seed + 1))[1]
        both, every = np.concatenate([fit, validate]), set(range(n))
        return {
            "outside": sorted(set(both.tolist()) - every)[:1],
            "sizes": (_size(len(fit), n - k, n), _size(len(validate), k, n)),
            "overlap": bool(set(fit.tolist()) & set(validate.tolist())),
            "repeated": any(len(set(part.tolist())) < len(part) for part in (fit, validate)),
            "left out": bool(every - set(both.tolist())),
            "drawn": not any(len(part) and np.ptp(part) + 1 == len(set(part.tolist())) < n for part in (fit, validate)),
            "repeats": set(again.tolist()) == set(validate.tolist()),
            "depends": set(other.tolist()) != set(validate.tolist()),
        }

    return watch


def _size(count, wanted, n):
    """A size in words, coarse: random mistakes have random sizes."""
    known = {
        wanted: "right",
        n: "all",
        n - wanted: "exchanged",
        wanted - 1: "one less",
        wanted + 1: "one more",
        0: "none",
    }
    return known.get(count, "other")


_GENERATOR = (
    "A new generator, `np.random.default_rng(…)`, has no place in the function: use the `rng` that is handed over."
)

split = ProcedureQuestion(
    "05.split",
    "Split at random",
    "Draw which of `n` rows are for validation: `share` of them, at random, with the generator `rng`. Return the numbers of "
    "the rows to fit and of the rows to validate, two arrays; each row stands in exactly one of them.",
    ("n", "share", "rng"),
    [_split_trial(1, 100, 0.4), _split_trial(2, 200, 0.25), _split_trial(3, 150, 0.3)],
    _split,
    returns="rows to fit and rows to validate",
    read=_two_parts,
    mistakes=[
        Mistake(
            "not_random",
            "The rows are not drawn at random: the validation rows are the first ones or the last ones. Data often come in "
            "some order, and then the two parts are of different kinds.",
            {"order": lambda n, rng: np.arange(n)},
            {"order": lambda n, rng: np.arange(n)[::-1]},
            hint="`rng.permutation(n)` are the numbers from 0 to n − 1 in random order.",
        ),
        Mistake(
            "seed_inside",
            "The split is the same for every generator: the random numbers do not come from `rng`.",
            {"order": lambda n, rng: np.random.default_rng(0).permutation(n)},
            hint=_GENERATOR,
        ),
        Mistake(
            "other_generator",
            "With the same seed another split comes out: the random numbers do not come from `rng`, and no run can be "
            "repeated.",
            {"order": lambda n, rng: np.random.default_rng().permutation(n)},
            hint=_GENERATOR,
        ),
        Mistake(
            "exchanged",
            "The two parts are exchanged: the rows to fit come first, and `share` of all rows validate.",
            {"parts": lambda rows, k: (rows[:k], rows[k:])},
            hint="With 100 rows and a share of 0.15, how many rows are left to fit?",
        ),
        Mistake(
            "not_disjoint",
            "Some rows stand in both parts: the network is measured on rows that it has learned from.",
            lambda n, share, rng: (rng.permutation(n)[round(share * n) :], rng.permutation(n)[: round(share * n)]),
            {"parts": lambda rows, k: (rows[: len(rows) - k], rows[:k])},
            lambda n, share, rng: (
                rng.choice(n, n - round(share * n), replace=False),
                rng.choice(n, round(share * n), replace=False),
            ),
            hint="Draw one order of all rows, and cut it once.",
        ),
        Mistake(
            "fit_on_all",
            "All rows are among those to fit, the validation rows too: nothing is left that the weights do not follow.",
            {"parts": lambda rows, k: (rows, rows[:k])},
            {"parts": lambda rows, k: (np.arange(len(rows)), rows[:k])},
            hint="Draw one order of all rows, and cut it once.",
        ),
        Mistake(
            "with_replacement",
            "Some rows come more than once, and others never: they were drawn with replacement.",
            {"order": lambda n, rng: rng.integers(0, n, n)},
            {"order": lambda n, rng: rng.choice(n, n)},
            lambda n, share, rng: (rng.choice(n, n - round(share * n)), rng.choice(n, round(share * n))),
            hint="`rng.permutation(n)` has every row once.",
        ),
        Mistake(
            "drawn_with_replacement",
            "The validation rows were drawn with replacement: some come more than once, so there are fewer different ones.",
            lambda n, share, rng: _rest(n, rng.integers(0, n, round(share * n))),
            hint="`rng.permutation(n)` has every row once.",
        ),
        Mistake(
            "from_one",
            "The rows are numbered from 1: row 0 is never used, and the last number is no row.",
            {"order": lambda n, rng: 1 + rng.permutation(n)},
            hint="Python counts from 0 to n − 1.",
        ),
        Mistake(
            "one_left_out",
            "One row stands in neither part.",
            {"parts": lambda rows, k: (rows[k + 1 :], rows[:k])},
            {"parts": lambda rows, k: (rows[k:-1], rows[:k])},
            {"order": lambda n, rng: rng.permutation(n - 1)},
            {"order": lambda n, rng: 1 + rng.permutation(n - 1)},
            hint="`rows[:k]` and `rows[k:]` together are all rows.",
        ),
        Mistake(
            "one_in_both",
            "One row stands in both parts.",
            {"parts": lambda rows, k: (rows[k - 1 :], rows[:k])},
            hint="`rows[:k]` and `rows[k:]` together are all rows.",
        ),
        Mistake(
            "same_part_twice",
            "Both parts are the same rows.",
            {"parts": lambda rows, k: (rows[:k], rows[:k])},
            {"parts": lambda rows, k: (rows[k:], rows[k:])},
        ),
    ],
    look={
        "outside": "There is no row {came}: the rows are numbered from 0 to n − 1.",
        "overlap": "Some rows stand in both parts: the network would be measured on rows that it has learned from.",
        "repeated": "A row comes more than once in one of the parts.",
        "sizes": "The parts do not have the right sizes: `share` of the n rows validate, the others are to fit.",
        "left out": "Some rows stand in neither part.",
        "drawn": "The rows of one part are neighbours in the data: they were not drawn at random.",
        "repeats": "With the same seed another split comes out: do all random numbers come from `rng`?",
        "depends": "The split is the same for every generator: do the random numbers come from `rng`?",
    },
    why=(
        "A permutation has every row once, in random order.",
        "Cut at one place, its two pieces have no row in common and leave none out.",
        "All chance comes from the generator that is handed over, so the same seed gives the same split.",
    ),
    minutes=8,
    hints=(
        "First one random order of all rows, then one cut.",
        "`rng.permutation(n)` are the numbers from 0 to n − 1 in random order.",
        "How many rows validate? `round(share * n)`.",
    ),
)


def _rest(n, validate):
    return np.setdiff1d(np.arange(n), validate), validate


# ---------------------------------------------------------------------------------------------- one epoch


def _starts(n, size):
    return range(0, n, size)


def _epoch(
    x, y, size, rng, step, *,
    order=None, starts=_starts, rows_of=lambda rows, start, size, rng: rows[start : start + size], labels=lambda rows, n: rows,
):  # fmt: skip
    """`step` for every batch. `order` makes the rows, `starts` says where batches begin, `rows_of` which rows are one, and
    `labels` which labels go with them."""
    rows = rng.permutation(len(x)) if order is None else order(len(x), rng)
    for start in starts(len(x), size):
        batch = rows_of(rows, start, size, rng)
        step(x[batch], y[labels(batch, len(x))])


class _Steps:
    """Notes with which rows `step` is called."""

    def __init__(self, n):
        self.x = np.column_stack([np.arange(n) + 0.25, np.arange(n) % 7, np.ones(n)])
        self.y = 10.0 * np.arange(n)
        self.batches, self.labels, self.alone = [], [], False

    def __call__(self, x_batch, y_batch=None):
        if y_batch is None:
            raise Unusable("`step` takes two things, `step(x_batch, y_batch)`; one came.", "one_argument", "wrong")
        x_batch, y_batch = np.asarray(x_batch), np.asarray(y_batch)
        if y_batch.ndim == 2 and y_batch.shape[1] == 3 and x_batch.ndim == 1:
            raise Unusable(
                "`step` is called with the labels first: it takes `(x_batch, y_batch)`.", "exchanged", "wrong"
            )
        if x_batch.shape == (3,) and y_batch.ndim == 0:
            self.alone, x_batch, y_batch = True, x_batch[np.newaxis], y_batch[np.newaxis]
        if x_batch.ndim != 2 or x_batch.shape[1] != 3 or len(x_batch) != len(y_batch):
            raise Unusable(
                f"`step` is called with {shape_in_words(x_batch.shape)} and {shape_in_words(y_batch.shape)}; it takes some "
                "rows of `x` and the labels of the same rows.",
                "not_a_batch",
                "wrong",
            )
        self.batches.append((x_batch[:, 0] - 0.25).astype(int).tolist())
        self.labels.append((y_batch / 10).round().astype(int).tolist())

    def sets(self):
        """The batches, whatever the order within each."""
        return [sorted(batch) for batch in self.batches]


def _epoch_trial(seed, n, size):
    """Two epochs with one generator, and one each with a fresh one of the same and of another seed. Where one batch is all
    of the data, its order plays no part."""

    def run(epoch, rng):
        steps = _Steps(n)
        x, y = steps.x.copy(), steps.y.copy()
        epoch(x, y, size, rng, steps)
        return steps, bool(np.array_equal(x, steps.x) and np.array_equal(y, steps.y))

    def watch(epoch):
        rng = np.random.default_rng(seed)
        (one, kept), (two, _) = run(epoch, rng), run(epoch, rng)
        again, other = (run(epoch, np.random.default_rng(each))[0] for each in (seed, seed + 1))
        batches, rows, several = one.batches, sum(one.batches, []), n > size
        return {
            "calls": "none" if not batches else "some",
            "one by one": one.alone,
            "pairs": one.labels == batches,
            "empty": not all(batches),
            "too large": max(map(len, batches), default=0) > size,
            "twice in a batch": any(len(set(batch)) < len(batch) for batch in batches),
            "again": _shared(one.sets()),
            "twice": len(set(rows)) < len(rows),
            "left out": set(rows) != set(range(n)),
            "batches": _number(len(batches), n, size),
            "shuffled": rows != sorted(rows) or not several,
            "blocks": several and all(map(_is_block, batches)),
            "anew": two.sets() != one.sets() or not several,
            "depends": other.sets() != one.sets() or not several,
            "repeats": again.sets() == one.sets() or not several,
            "data": kept,
        }

    return watch


def _shared(batches):
    """How much of the second batch was in the first one already: all, most of it, or what chance may bring."""
    if len(batches) < 2:
        return "little"
    again = len(set(batches[0]) & set(batches[1]))
    return "all" if batches[0] == batches[1] else "most" if again > 0.7 * len(batches[1]) else "little"


def _is_block(batch):
    """Whether a batch has rows that follow one another in the data."""
    return bool(batch) and sorted(batch) == list(range(min(batch), min(batch) + len(batch)))


def _number(count, n, size):
    """The number of batches in words, for it can be off in many ways."""
    right = -(-n // size)
    known = {right: "right", right - 1: "too few", right + 1: "too many", n: "one for each example"}
    return known.get(count, "other")


_ORDER_HINT = "`rows = rng.permutation(len(x))` is a new random order each time that it is called."

epoch = ProcedureQuestion(
    "05.epoch",
    "One epoch over shuffled batches",
    "Call `step(x_batch, y_batch)` for every batch of one epoch: `size` rows of `x` and the labels of the same rows in each, "
    "fewer in the last one if they do not come out even. Every example comes once, in an order that is drawn anew, with the "
    "generator `rng`, each time that your function is called. Nothing need be returned.",
    ("x", "y", "size", "rng", "step"),
    [_epoch_trial(1, 90, 20), _epoch_trial(2, 80, 16), _epoch_trial(3, 35, 40)],
    _epoch,
    mistakes=[
        Mistake(
            "never_called",
            "`step` is never called.",
            {"starts": lambda n, size: ()},
        ),
        Mistake(
            "remainder_lost",
            "The last batch is lost where the examples do not come out even: the remainder is never learned from, and where "
            "all examples are fewer than `size`, nothing is.",
            {"starts": lambda n, size: range(0, n - n % size, size)},
            hint="`range(0, len(x), size)` begins a batch at every multiple of size.",
        ),
        Mistake(
            "full_batch_lost",
            "One batch is lost even where the examples come out even: the loop ends too soon, or begins too late.",
            {"starts": lambda n, size: range(0, n - size, size)},
            {"starts": lambda n, size: range(0, n, size)[:-1]},
            {"starts": lambda n, size: range(size, n, size)},
            hint="`range(0, len(x), size)` begins a batch at every multiple of size.",
        ),
        Mistake(
            "first_batch_only",
            "Only one batch comes. Does `return` or `break` stand inside the loop?",
            {"starts": lambda n, size: (0,)},
        ),
        Mistake(
            "same_order",
            "The examples come in the order of the data, in every epoch the same.",
            {"order": lambda n, rng: np.arange(n)},
            hint=_ORDER_HINT,
        ),
        Mistake(
            "seed_inside",
            "The order is the same in every epoch: it does not come from `rng`, but from a generator that begins anew each "
            "time.",
            {"order": lambda n, rng: np.random.default_rng(0).permutation(n)},
            hint=_GENERATOR,
        ),
        Mistake(
            "other_generator",
            "The order does not come from `rng`: with the same seed another one comes out, and no run can be repeated.",
            {"order": lambda n, rng: np.random.default_rng().permutation(n)},
            hint=_GENERATOR,
        ),
        Mistake(
            "labels_left_behind",
            "Images and labels do not belong together any more: the two were shuffled apart, or only one of them was.",
            {"labels": lambda rows, n: np.roll(np.arange(n), 1)[rows]},
            hint="The same row numbers select from `x` and from `y`.",
        ),
        Mistake(
            "with_replacement",
            "Some examples come twice and others never: they were drawn with replacement.",
            {"order": lambda n, rng: rng.integers(0, n, n)},
            {"order": lambda n, rng: rng.choice(n, n)},
            {"rows_of": lambda rows, start, size, rng: rng.integers(0, len(rows), len(rows[start : start + size]))},
            hint=_ORDER_HINT,
        ),
        Mistake(
            "drawn_for_each_batch",
            "Each batch is drawn from all examples again: some come twice in an epoch, and others never.",
            {"rows_of": lambda rows, start, size, rng: rng.permutation(len(rows))[start : start + size]},
            hint="Draw one order for the whole epoch, before the loop.",
        ),
        Mistake(
            "batches_shuffled",
            "Only the batches were shuffled: in each batch are neighbours in the data, in every epoch the same.",
            lambda x, y, size, rng, step: [step(x[i : i + size], y[i : i + size])
                                           for i in rng.permutation(range(0, len(x), size))],
            hint="Shuffle the rows first, then cut.",
        ),
        Mistake(
            "shuffled_inside_batches",
            "The examples were shuffled within their batch only: in each batch are the same ones in every epoch.",
            {
                "order": lambda n, rng: np.arange(n),
                "rows_of": lambda rows, start, size, rng: rng.permutation(rows[start : start + size]),
            },
            hint="Shuffle the rows first, then cut.",
        ),
        Mistake(
            "whole",
            "All examples come in one batch: `size` is not used.",
            {"starts": lambda n, size: (0,), "rows_of": lambda rows, start, size, rng: rows},
        ),
        Mistake(
            "size_overstepped",
            "Some batches have more than `size` examples: the data were cut into too few parts.",
            lambda x, y, size, rng, step: [step(x[rows], y[rows])
                                           for rows in np.array_split(rng.permutation(len(x)), len(x) // size)],
            hint="The number of batches has to be rounded up.",
        ),
        Mistake(
            "all_each_time",
            "Every batch holds all examples.",
            {"rows_of": lambda rows, start, size, rng: rows},
        ),
        Mistake(
            "same_batch",
            "Every batch holds the same examples: the place where it begins does not move.",
            {"rows_of": lambda rows, start, size, rng: rows[:size]},
        ),
        Mistake(
            "overlapping",
            "The batches overlap: each begins one example after the one before, not `size` examples.",
            {"starts": lambda n, size: range(n)},
            {"starts": lambda n, size: range(n // size)},
            {"starts": lambda n, size: range(-(-n // size))},
            {"starts": lambda n, size: range(n // size + 1)},
            hint="The third argument of `range` is how far it goes each time.",
        ),
        Mistake(
            "one_short",
            "Each batch is one example short.",
            {"rows_of": lambda rows, start, size, rng: rows[start : start + size - 1]},
            {"rows_of": lambda rows, start, size, rng: rows[start + 1 : start + size]},
            hint="The end of a slice does not belong to it.",
        ),
        Mistake(
            "one_too_many",
            "Batches overlap: each takes one example of the next.",
            {"rows_of": lambda rows, start, size, rng: rows[start : start + size + 1]},
            hint="The end of a slice does not belong to it.",
        ),
        Mistake(
            "empty_batch",
            "Where the examples come out even, one batch more comes, and it is empty: the mean of no examples is 0/0.",
            {"starts": lambda n, size: range(0, n + 1, size)},
            {"starts": lambda n, size: range(0, (n // size + 1) * size, size)},
            hint="`range(0, len(x), size)` ends in time.",
        ),
        Mistake(
            "one_by_one",
            "`step` gets one example at a time, an array with one axis; it takes a batch, rows of `x`.",
            lambda x, y, size, rng, step: [step(x[i], y[i]) for i in rng.permutation(len(x))],
        ),
        Mistake(
            "size_one",
            "Every batch holds one example: `size` is not used.",
            lambda x, y, size, rng, step: [step(x[i : i + 1], y[i : i + 1]) for i in rng.permutation(len(x))],
        ),
    ],
    look={
        "calls": "`step` is never called.",
        "one by one": "`step` gets one example at a time, an array with one axis; it takes a batch, rows of `x`.",
        "pairs": "Images and labels do not belong together: the labels of a batch are those of other rows.",
        "empty": "One of the batches is empty: the mean of no examples is 0/0.",
        "blocks": "In each batch are neighbours in the data: the rows themselves have to be shuffled.",
        "twice in a batch": "An example comes twice in one batch.",
        "again": "The second batch has {came} of the first one again.",
        "twice": "An example comes more than once in an epoch.",
        "left out": "Some examples never come.",
        "too large": "Some batches have more than `size` examples.",
        "batches": "The number of batches is not right: `size` examples each, and what is left in one more.",
        "shuffled": "The examples come in the order of the data.",
        "anew": "The second epoch has the same batches as the first.",
        "depends": "The order is the same for every generator: does it come from `rng`?",
        "repeats": "With the same seed another order comes out: does it come from `rng`?",
    },
    notes={"data": "But your function changes the order of the data themselves: shuffle row numbers instead."},
    why=(
        "A permutation of the row numbers has every example once.",
        "Slices of `size` of it are the batches; the last one is shorter where they do not come out even.",
        "The same rows of `x` and `y` keep image and label together.",
        "The generator goes on from call to call, so every epoch has an order of its own, and the same seed gives the same run.",
    ),
    minutes=10,
    hints=(
        "Shuffle row numbers, not the data: the same numbers then select from both arrays.",
        "`rng.permutation(len(x))` draws the order once; `range(0, len(x), size)` says where the batches begin.",
        "A slice that ends behind the last row simply ends with it: the remainder comes by itself.",
    ),
)  # fmt: skip
