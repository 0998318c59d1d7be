"""The hidden units of a small network as pictures while it learns, and the weights that it has then."""

from __future__ import annotations

import numpy as np

from helpers.errors import InputError
from helpers.explorers.core.explorer import Choice, Explorer, Parameter
from helpers.explorers.core.network_drawing import network
from helpers.explorers.core.panels import axis, heat, sentence
from helpers.formulas import browser as formula
from helpers.networks.layers import finite_array

_MOST_UNITS, _MOST_PICTURES = 4, 400
_SIZE = 0.12  # of the mark around an example


def hidden_units(history, x, y, every: int = 1) -> Explorer:
    """What each hidden unit of a logistic 2-k-1 network makes of the plane, from the start to the end of its training.

    history: name of a start -> the parameters as the training went on, a list of (W1, b1, W2, b2) of the shapes (k, 2), (k,),
    (1, k), (1,), the first before any step, then one after `every` steps each; x, y: the examples, arrays (n, 2) and (n,).
    Raises InputError for other shapes, for lists of different lengths, and for more than can be seen.
    """
    x, y = finite_array(x, "x", ndim=2), finite_array(y, "y", ndim=1)
    rows = {name: [_numbers(parameters) for parameters in steps] for name, steps in history.items()}
    lengths, sizes = {len(steps) for steps in rows.values()}, {len(each) for steps in rows.values() for each in steps}
    if len(lengths) != 1 or len(sizes) != 1 or lengths == {1} or x.shape != (len(y), 2):
        words = "two or more steps for each start, as many for all, of the same network, and x two inputs for each y"
        raise InputError(f"history needs {words}")
    (count,), units = lengths, (sizes.pop() - 1) // 4
    if units > _MOST_UNITS or count * len(rows) > _MOST_PICTURES:
        raise InputError(f"at most {_MOST_UNITS} hidden units and {_MOST_PICTURES} steps in all can be shown")
    names = _names(units)
    table = np.array([each for steps in rows.values() for each in steps])
    activations = {f"a{j}": _unit(("x1", "x2"), names[3 * j - 3 : 3 * j]) for j in range(1, units + 1)}
    output = {"yhat": _unit(list(activations), names[3 * units :])}
    limits = [
        axis(name, low - 0.5, high + 0.5) for name, low, high in zip(("x1", "x2"), x.min(0), x.max(0), strict=True)
    ]
    marks = [_mark(*place, target) for place, target in zip(x.tolist(), y.tolist(), strict=True)]
    titles = {name: f"hidden unit {name[1:]}" for name in activations} | {"yhat": "output ŷ"}
    maps = [heat(title, name, *limits, axis("a", 0, 1), outlines=marks) for name, title in titles.items()]
    into = {name: (dict(zip(("x1", "x2"), names[3 * j : 3 * j + 2], strict=True)), names[3 * j + 2])
            for j, name in enumerate(activations)}  # fmt: skip
    out = {"yhat": (dict(zip(activations, names[3 * units : -1], strict=True)), names[-1])}
    return Explorer(
        [Choice("start", 0, len(rows) - 1, 0, 1, "where the training began", options=tuple(rows)),
         Parameter("steps", 0, int(every) * (count - 1), 0, int(every), "steps of training")],
        activations | output,
        [*maps, network("the network", ["x1", "x2"], [into, out], seized=False) | {"decimals": "decimals"}],
        [each for k, name in enumerate(rows) for each in _sentences(k, name, units)],
        constants={"decimals": 2} | {f"all_{name}": column for name, column in zip(names, table.T, strict=True)},
        definitions={"row": f"{count}*start + steps/{int(every)}"}
        | {name: f"at(all_{name}, row)" for name in names} | _at_examples(activations | output, x.tolist(), y.tolist(), units),
        columns=units + 1, ratio=0.8,
    )  # fmt: skip


def _numbers(parameters) -> np.ndarray:
    """The parameters in the order of `_names`. Raises InputError for shapes of another network."""
    W1, b1, W2, b2 = (finite_array(each, "a parameter") for each in parameters)
    if W1.shape != (len(b1), 2) or W2.shape != (1, len(b1)) or b2.shape != (1,):
        raise InputError(
            f"the shapes are (k, 2), (k,), (1, k) and (1,), not {W1.shape}, {b1.shape}, {W2.shape} and {b2.shape}"
        )
    return np.concatenate([np.column_stack([W1, b1]).ravel(), W2[0], b2])


def _names(units: int) -> list[str]:
    """The names of the parameters: unit by unit its two weights and its bias, then those of the output."""
    hidden = [name for j in range(1, units + 1) for name in (f"w{2 * j - 1}", f"w{2 * j}", f"b{j}")]
    return [*hidden, *(f"w{2 * units + j}" for j in range(1, units + 1)), f"b{units + 1}"]


def _unit(inputs, names) -> str:
    """A logistic unit as a formula; names: of its weights and its bias."""
    products = [f"{weight}*{each}" for weight, each in zip(names, inputs, strict=False)]
    return f"sigmoid({' + '.join(products)} + {names[-1]})"


def _mark(x1: float, x2: float, target: float) -> list[tuple[str, str]]:
    """The outline around an example: a diamond for a target above one half, else a square."""
    ways = [(1, 0), (0, 1), (-1, 0), (0, -1)] if target > 0.5 else [(0.8, 0.8), (-0.8, 0.8), (-0.8, -0.8), (0.8, -0.8)]
    return [(repr(x1 + _SIZE * a), repr(x2 + _SIZE * b)) for a, b in ways]


def _at_examples(functions: dict, x, y, units: int) -> dict:
    """The activations at the examples, how far the hidden units differ there, and the cost."""
    found: dict = {}
    for i, (x1, x2) in enumerate(x):
        for name, unit in functions.items():
            places = {"x1": x1, "x2": x2} | {f"a{j}": f"a{j}_{i}" for j in range(1, units + 1)}
            found[f"{name}_{i}"] = formula.substitute(formula.parse(unit), places)
    gaps = [f"abs(a{j}_{i} - a{k}_{i})" for i in range(len(x)) for j in range(1, units + 1) for k in range(1, j)]
    widest = gaps[0] if gaps else "0"
    for gap in gaps[1:]:
        widest = f"maximum({widest}, {gap})"
    return found | {"apart": widest, "cost": " + ".join(f"(yhat_{i} - {target!r})**2/2" for i, target in enumerate(y))}


def _sentences(number: int, start: str, units: int) -> list[dict]:
    """The words for one start; the first that holds is shown."""
    here = f"start > {number - 0.5} and start < {number + 0.5}"
    after, cost = f"{start}, after {{steps:0}} steps:", "C = {cost:4}."
    same = f"{after} the {units} hidden units are equal on all examples, and do the work of one. {cost}"
    apart = f"{after} the hidden units differ by up to {{apart:2}} on the examples. {cost}"
    return [sentence(same, when=f"{here} and apart < 0.000001"), sentence(apart, when=here)]
