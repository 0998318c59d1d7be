"""Early stopping, by the student's own hand: notebook 05's `fit`, tried on trainings whose costs are known in advance."""

import numpy as np

from helpers.checking.values import Unusable, as_numbers
from helpers.exercises.exercise import Mistake
from helpers.exercises.procedure_question import ProcedureQuestion


def _copies(parameters):
    return [parameter.copy() for parameter in parameters]


def _fit(
    parameters, run_epoch, validation_cost, epochs, patience, *,
    new_best=lambda cost, lowest, before: cost < lowest, waits_for=None, late=0, reset=True, update_lowest=True, keep="copies",
    limit=True, stops=True, measure="after", start=False, note="all", trains=True,
):  # fmt: skip
    """Train with early stopping. `new_best` says whether a cost is a new lowest one, `waits_for` the same for the patience
    alone; `late` is by how many epochs it stops too late; `keep` what is kept of the parameters: "copies", the arrays
    "themselves", those at the "last" epoch or at the "start"; `note` which costs are noted; the others speak for
    themselves."""
    best, lowest, before, waited = _copies(parameters), np.inf, np.inf, 0
    costs = [validation_cost()] if start else []
    for _ in range(epochs if limit else 10**6):
        if measure == "before":
            cost = validation_cost()
        if trains:
            run_epoch()
        if measure == "after":
            cost = validation_cost()
        better = new_best(cost, lowest, before)
        improved = better if waits_for is None else waits_for(cost, lowest, before)
        if note == "all" or better:
            costs.append(cost)
        before = cost
        if better:
            lowest = cost if update_lowest else lowest
            best = best if keep == "start" else parameters if keep == "themselves" else _copies(parameters)
        waited = (0 if reset else waited) if improved else waited + 1
        if stops and not improved and waited >= patience + late:
            break
    if keep == "last":
        best = _copies(parameters)
    return best, costs


def _best_and_costs(result):
    """What a fit returned: the list of arrays, and the costs as floats. Raises Unusable."""
    if isinstance(result, dict):
        named = {str(name).lower(): value for name, value in result.items()}
        result = (named["best"], named["costs"]) if set(named) == {"best", "costs"} else tuple(result.values())
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Unusable("Your function must return two things, `return best, costs`.", "number_of_results")
    best, costs = (list(part.values()) if isinstance(part, dict) else part for part in result)
    if _is_list_of_arrays(costs) and not _is_list_of_arrays(best):
        raise Unusable(
            "The two results are exchanged: `return best, costs`, the parameters first.", "results_exchanged", "wrong"
        )
    if best is None:
        raise Unusable(
            "`best` is still None: no cost counted as a new lowest one. Is each compared with a list in which it stands "
            "already, or does the lowest one begin too low?",
            "never_better",
            "wrong",
        )
    if not _is_list_of_arrays(best):
        raise Unusable(
            "`best` must be the list of the parameters at the lowest cost, an array each"
            + ("; a single number came: is it the epoch, or the cost?" if np.ndim(best) == 0 else "."),
            "no_parameters",
            "wrong",
        )
    values = as_numbers(costs)
    if values.ndim != 1:
        raise Unusable("`costs` must be a list with the validation cost of each epoch.", "no_list", "wrong")
    return list(best), values.tolist()


def _is_list_of_arrays(part):
    return isinstance(part, (list, tuple, np.ndarray)) and len(part) and all(np.ndim(each) for each in part)


class _Script:
    """A training whose validation costs are known in advance: after epoch k every parameter is full of the number k."""

    START, MOST = 6.5, 40  # the cost before the first epoch, and after how many epochs it is endless

    def __init__(self, costs, shapes):
        self.costs, self.epoch = costs, 0
        self.parameters = [np.zeros(shape) for shape in shapes]

    def run_epoch(self):
        """One epoch: the arrays change in place."""
        self.epoch += 1
        if self.epoch > self.MOST:
            raise Unusable("The training never ends: after 40 epochs it still goes on.", "endless", "wrong")
        for parameter in self.parameters:
            parameter[...] = self.epoch

    def validation_cost(self):
        """The cost now; when the script is over it rises slowly."""
        if self.epoch == 0:
            return self.START
        over = self.epoch - len(self.costs)
        return self.costs[self.epoch - 1] if over <= 0 else max(self.costs) + 0.1 * over


def _fit_trial(costs, patience, epochs, shapes=((2, 3), (2,))):
    def watch(fit):
        script = _Script(costs, shapes)
        best, noted = fit(script.parameters, script.run_epoch, script.validation_cost, epochs, patience)
        held = _epoch_of(best, shapes)
        for parameter in script.parameters:
            parameter += 1000.0
        shared = _epoch_of(best, shapes) != held
        if script.epoch and held == 1 + int(np.argmin(costs[: script.epoch])):
            shared = False  # put back into the parameters themselves, or the last epoch was the best: as good as copies
        return {
            "script": f"the validation costs {', '.join(f'{cost:g}' for cost in costs[:epochs])}, a patience of {patience} "
            f"and at most {epochs} epochs",
            "shared": shared,
            "epochs": script.epoch,
            "best": f"epoch {held}" if isinstance(held, int) else held,
            "costs": np.array(noted, dtype=float),
        }

    return watch


def _epoch_of(best, shapes):
    """The epoch that the numbers in `best` are from; a text if they are from several. Raises Unusable."""
    if len(best) != len(shapes):
        more = (
            " Does each new best come behind the old one, instead of in its place?" if len(best) > len(shapes) else ""
        )
        text = f"`best` has {len(best)} arrays, but `parameters` has {len(shapes)}.{more}"
        raise Unusable(text, "number_of_arrays", "wrong")
    if [np.shape(array) for array in best] != [tuple(shape) for shape in shapes]:
        raise Unusable("The arrays in `best` have other shapes than those in `parameters`.", "other_shapes", "wrong")
    numbers = {float(number) for array in best for number in np.ravel(array)}
    return int(numbers.pop()) if len(numbers) == 1 else "several epochs"


fit = ProcedureQuestion(
    "05.fit",
    "Fit with early stopping",
    "`run_epoch()` trains for one epoch and changes the arrays in the list `parameters` in place; `validation_cost()` "
    "measures their cost on the validation images. Train for `epochs` epochs at most, measure after each, and stop as soon as "
    "`patience` epochs in a row have brought no new lowest cost. Return `best`, copies of the parameters at the lowest cost, "
    "and `costs`, the list of all validation costs.",
    ("parameters", "run_epoch", "validation_cost", "epochs", "patience"),
    [
        _fit_trial((5, 4, 3, 3.5, 3.2, 3.3, 3.1, 2.9), 3, 20),  # the patience is reached in the middle
        _fit_trial((5, 4, 4, 4.5, 3.8, 3.9, 4.2), 2, 20, ((3, 1), (3,), (1, 3), (1,))),  # a tie is no new lowest cost
        _fit_trial((5, 3, 4, 4.5, 2, 4.2, 4.1, 4.4, 1), 3, 20),  # the patience begins anew after a new best
        _fit_trial((5, 3, 4, 3.5, 3.6, 3.3, 3.4, 3.2), 2, 20),  # lower than before is not lower than ever
        _fit_trial((5, 4, 3, 2), 3, 4),  # the epochs run out, and the last is the best
        _fit_trial((5, 2, 3), 5, 3),  # … and it is not
        _fit_trial((2, 3, 4, 5), 3, 20, ((4,), (2, 2), (1,))),  # the first is the best
        _fit_trial((4, 3, 3.5, 2), 1, 20),  # no patience at all
        _fit_trial((3, 3, 2.5, 2.5, 2, 2.2, 2.1), 2, 6),  # ties before each new best
        _fit_trial((7, 8, 6, 7.5, 6.2, 6.1), 3, 20),  # above the cost at the start
    ],
    _fit,
    returns="best and costs",
    read=_best_and_costs,
    mistakes=[
        Mistake(
            "ties_count",
            "A cost that only equals the lowest one counts as a new lowest one. It has to be lower: with `<=` training goes on "
            "while nothing gets better.",
            {"new_best": lambda cost, lowest, before: cost <= lowest},
            {"waits_for": lambda cost, lowest, before: cost <= lowest},
            hint="`<`, not `<=`, asks for a new lowest cost.",
        ),
        Mistake(
            "compared_with_before",
            "Each cost is compared with the one before it, not with the lowest so far: a cost that falls after a rise is no "
            "new lowest cost.",
            {"new_best": lambda cost, lowest, before: cost < before},
            {"waits_for": lambda cost, lowest, before: cost < before},
            hint="Keep the lowest cost so far in a variable of its own.",
        ),
        Mistake(
            "compared_with_before_and_ties",
            "Each cost is compared with the one before it, not with the lowest so far, and a tie counts as better.",
            {"new_best": lambda cost, lowest, before: cost <= before},
            {"waits_for": lambda cost, lowest, before: cost <= before},
            hint="Keep the lowest cost so far in a variable of its own.",
        ),
        Mistake(
            "lowest_never_updated",
            "The lowest cost so far is never set anew, so every cost counts as better.",
            {"update_lowest": False},
            hint="Where the parameters are kept, the cost has to be kept as well.",
        ),
        Mistake(
            "never_better",
            "No cost counts as a new lowest one. Is each compared with a list in which it stands already, or does the lowest one "
            "begin too low?",
            {"new_best": lambda cost, lowest, before: False},
            hint="Compare first, or keep the lowest cost in a variable of its own, which begins with infinity.",
        ),
        Mistake(
            "highest",
            "The highest cost counts as the best one: the comparison is the wrong way round.",
            {"new_best": lambda cost, lowest, before: cost > (-np.inf if lowest == np.inf else lowest)},
        ),
        Mistake(
            "one_later",
            "Training stops one epoch too late: after `patience` epochs without a new lowest cost it is over.",
            {"late": 1},
            hint="With a patience of 1, training ends at the first epoch that is not better.",
        ),
        Mistake(
            "one_sooner",
            "Training stops one epoch too soon: `patience` epochs in a row may bring no new lowest cost.",
            {"late": -1},
            hint="With a patience of 1, training ends at the first epoch that is not better.",
        ),
        Mistake(
            "at_first_rise",
            "Training stops at the first epoch without a new lowest cost: `patience` is not used.",
            {"late": -(10**6)},
        ),
        Mistake(
            "never_reset",
            "The epochs without a new lowest cost are counted from the start of the training. They have to be in a row: after a "
            "new lowest cost the count begins again.",
            {"reset": False},
            hint="Set the counter to 0 where the parameters are kept.",
        ),
        Mistake(
            "not_stopped",
            "Training goes on to the last epoch, whatever the costs do: the patience is not used.",
            {"stops": False},
            hint="`break` leaves the loop.",
        ),
        Mistake(
            "one_epoch",
            "Only one epoch is run. Does `return` stand inside the loop?",
            lambda parameters, run_epoch, validation_cost, epochs, patience: _fit(
                parameters, run_epoch, validation_cost, 1, patience
            ),
        ),
        Mistake(
            "never_trained",
            "`run_epoch()` is never called, so nothing is trained. (Without its brackets a function is not called.)",
            {"trains": False},
            hint="First `run_epoch()`, then `validation_cost()`.",
        ),
        Mistake(
            "epochs_ignored",
            "Training goes on behind `epochs`: that is the largest number of epochs.",
            {"limit": False},
        ),
        Mistake(
            "not_copied",
            "What was kept are the arrays themselves: they went on changing, and now hold the parameters of the last epoch. A "
            "list of the same arrays is no copy either.",
            {"keep": "themselves"},
            hint="`[p.copy() for p in parameters]` copies each array.",
        ),
        Mistake(
            "last_kept",
            "The parameters of the last epoch are returned, not those at the lowest cost.",
            {"keep": "last"},
            hint="Copy the parameters where a new lowest cost is seen.",
        ),
        Mistake(
            "start_kept",
            "The parameters from before the training are returned.",
            {"keep": "start"},
            hint="Copy the parameters where a new lowest cost is seen.",
        ),
        Mistake(
            "measured_before",
            "The cost is measured before the epoch: each one belongs to the parameters of the epoch before.",
            {"measure": "before"},
            hint="First `run_epoch()`, then `validation_cost()`.",
        ),
        Mistake(
            "start_counted",
            "`costs` has the cost before the first epoch too; it holds one cost for each epoch.",
            {"start": True},
        ),
        Mistake(
            "only_better_noted",
            "`costs` has the new lowest costs only; all are asked for, one for each epoch.",
            {"note": "better"},
            hint="Note the cost before you compare it.",
        ),
        Mistake(
            "last_cost_missing",
            "The last cost is missing in `costs`: the loop is left before it is noted.",
            lambda *arguments: _without_the_last(*arguments),
            hint="Note the cost before you compare it.",
        ),
    ],
    look={
        "shared": "What is returned as `best` are the arrays themselves, which go on changing: copy each array where its cost "
        "is the lowest so far.",
        "epochs": "With {script} your function runs {came} epochs; it should be {right}.",
        "best": "With {script} your `best` is from {came}; the lowest cost is elsewhere.",
        "costs": "`costs` is not the list of the validation costs, one for each epoch that was run.",
    },
    why=(
        "`lowest` begins with infinity, so that the first cost is a new lowest one.",
        "The parameters are copied at every new lowest cost, since the next epoch writes into the same arrays.",
        "The counter begins again at every new lowest cost, and training ends when it has reached the patience.",
    ),
    minutes=15,
    hints=(
        "Three things have to be kept from epoch to epoch: the lowest cost so far, the parameters at it, and for how many "
        "epochs it has stood.",
        "At a new lowest cost: keep it, copy every array, set the counter to 0. Otherwise: count one more, and look whether "
        "the patience is reached.",
        "`[p.copy() for p in parameters]` copies each array; `parameters.copy()` copies the list only.",
    ),
)


def _without_the_last(parameters, run_epoch, validation_cost, epochs, patience):
    best, costs = _fit(parameters, run_epoch, validation_cost, epochs, patience)
    return best, costs[:-1] if len(costs) < epochs else costs
