"""Backpropagation by hand: one forward pass, backward pass and update of a small network, step by step."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise, product

from helpers.errors import InputError
from helpers.explorers.backprop import backprop_figure
from helpers.explorers.backprop.numbered_network import ACTIVATIONS, LOSSES, Plan, plan_of, symbol
from helpers.explorers.backprop.worked_step import Sheet, line, number
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.panels import sentence
from helpers.explorers.core.paper import KINDS
from helpers.formulas import browser as formula
from helpers.pictures.readable import subscripts

_UNIT, _LABEL = 124, 38  # CSS pixels: from one unit to the next, and from one number on an edge to the next
_TOP, _BOTTOM, _MOST = 112, 66, 620  # above and below the middle of the outermost units; the tallest network
_PAPER_ROW = 19  # CSS pixels of a row of the table on paper


def backprop(
    network="003.1a",
    *,
    inputs=None,
    target=None,
    loss=None,
    learning_rate=None,
    activation=None,
    numbers=None,
    **start,
) -> BackpropExplorer:
    """Forward pass, backward pass and update of a small network, one step at a time.

    network: "002.1", "003.1a" or "003.1b", or a `helpers.networks.small_network.SmallNetwork`, whose parameters
    are then called w1, w2, …, b1, b2, …, unit by unit (needs inputs and target); inputs: a dict by name,
    or numbers in the order of the inputs; target: y; loss: "half_square" ½(y − ŷ)², "square" (ŷ − y)² or
    "cross_entropy"; learning_rate: η; activation: of the hidden units, or a pair (hidden, output):
    "identity", "sigmoid", "tanh", "softplus", "relu"; numbers: a dict of parameters, inputs, target "y"
    and learning rate "eta" by name, such as `question.variant("…").numbers`; start: the same as keywords,
    such as w7=0.5, and the first values of the sliders step (without it, all steps are shown), decimals
    and rounding (1 rounds every intermediate result).
    Raises InputError for what is no such network or number, and for a network too large to be read.
    """
    own = {name: start.pop(name) for name in ("step", "decimals", "rounding") if name in start}
    given = {**numbers, **start} if isinstance(numbers, dict) else start if numbers is None else numbers
    plan = plan_of(network, inputs, target, loss, learning_rate, activation, given)
    return BackpropExplorer(plan, Sheet(plan), own)


class BackpropExplorer(Explorer):
    """The explorer of `backprop`."""

    stored = {"most": 30_000, "plain": True}  # full of numbers

    def __init__(self, plan: Plan, sheet: Sheet, start: dict):
        self.plan, self.sheet = plan, sheet
        panels = [_network(plan, sheet), _working(sheet), _table(plan, sheet)]
        super().__init__(
            _sliders(plan, sheet), {}, panels, sheet.spoken(), definitions=sheet.definitions,
            network=plan.network, columns=1, start=start,
        )  # fmt: skip


# ---- sliders -----------------------------------------------------------------------------------------------


def _sliders(plan: Plan, sheet: Sheet) -> list[Parameter]:
    values = plan.values
    probability = {"low": 0.0, "high": 1.0} if plan.loss == "cross_entropy" else {}
    return [
        Parameter("step", 0, sheet.last, sheet.last, 1, "steps shown, forward and then backward"),
        Parameter("decimals", 2, 8, 4, 1, "decimals of the numbers"),
        Parameter("rounding", 0, 1, 0, 1, "1: every intermediate result is rounded to these decimals"),
        _slider("eta", values["eta"], "learning rate η", 0.0, 1.0),
        _slider("y", values["y"], "target", **probability),
        *(_slider(name, values[name], f"input {symbol(name)}") for name in plan.inputs),
        *(_slider(name, values[name], "weight" if name[0] == "w" else "bias") for name in plan.parameters),
    ]


def _slider(name: str, start: float, meaning: str, low: float | None = None, high=3.0) -> Parameter:
    """A slider around its first value: wide enough to see a change, fine enough to show the value itself."""
    reach = max(high, float(math.ceil(1.25 * abs(start))))
    decimals = next((k for k in (2, 3, 4, 5, 6) if abs(start - round(start, k)) < 1e-12), 6)
    return Parameter(name, -reach if low is None else low, reach, float(start), 10.0**-decimals, meaning)


# ---- the network -------------------------------------------------------------------------------------------


def _network(plan: Plan, sheet: Sheet) -> dict:
    """The panel of the network: nodes (column, height about the middle) and edges, with their lines.

    A line appears at step `from`; `short` is what remains of it where there is little room. forward,
    backward: the steps that are about a part.
    """
    sizes = [len(plan.inputs), *(len(layer) for layer in plan.layers)]
    heights, shares = arranged(sizes, _UNIT, _LABEL)
    half = max(map(max, heights))
    if 2 * half > _MOST:
        raise InputError(f"a {'-'.join(map(str, sizes))} network is too large to be read: use fewer units")
    known = sheet.known
    nodes = [
        _node(symbol(name), 0, height, [_label(f"{symbol(name)} = ", name, 0)], given=True)
        for name, height in zip(plan.inputs, heights[0], strict=True)
    ]
    edges = []
    for column, (layer, places) in enumerate(zip(plan.layers, heights[1:], strict=True), start=1):
        first = len(nodes) - sizes[column - 1]  # of the layer before, the number of the first node
        sent = [known[f"d{unit.number}"] for unit in plan.layers[column - 2]] if column > 1 else []
        share = shares[column - 1]
        edges += [
            _edge(sheet, unit, weight, first + i, first + sizes[column - 1] + j, share, sent[i : i + 1])
            for j, unit in enumerate(layer)
            for i, weight in enumerate(unit.weights)
        ]
        nodes += [_unit(sheet, unit, column, height) for unit, height in zip(layer, places, strict=True)]
    last, loss, output = len(plan.layers), known["loss"], len(nodes) - 1
    low = min(104, max(half, 90))
    error = _label(f"{sheet.loss_symbol} = ", "loss", loss, above=True)
    nodes += [
        _node(sheet.loss_symbol, last + 1, 0, [error], square=True, forward=[loss]),
        _node("y", last + 1, low, [_label("y = ", "y", 0)], given=True),
    ]
    edges += [
        {
            "from": start,
            "to": output + 1,
            "share": 0.5,
            "column": last,
            "lines": [],
            "forward": [loss],
            "backward": back,
        }
        for start, back in ((output, [known[f"d{plan.units[-1].number}"]]), (output + 2, []))
    ]
    activations = {ACTIVATIONS[layer[0].activation]: None for layer in plan.layers}
    where = "activation" if len(activations) == 1 else "activations"
    title = f"{plan.title}: {where} {', '.join(activations)}; {sheet.loss_symbol} = {LOSSES[plan.loss][1]}"
    delta = f"δ = ∂{sheet.loss_symbol}/∂z of a unit"
    note = f"Plain: values of the forward pass. Bold: gradients of the backward pass; {delta}."
    return {"kind": "network", "title": title, "note": note, "step": "step", "decimals": "decimals",
            "nodes": nodes, "edges": edges, "middle": _TOP + half,
            "height": round(_TOP + half + max(half, low) + _BOTTOM)}  # fmt: skip


def _label(words: str, name: str, since: int, *, above=False, gradient=False) -> dict:
    """A line beside a node or an edge: words, and the number `name`, from step `since` on."""
    value = number(name, given=True) if since == 0 else number(name)
    style = "gradient" if gradient else "value"
    return {"parts": [words, value], "short": [value], "from": since, "style": style, "above": above}


def _node(label, column, height, lines, *, given=False, square=False, forward=(), backward=()) -> dict:
    return {"label": label, "column": column, "height": height, "lines": lines, "given": given,
            "square": square, "forward": list(forward), "backward": list(backward)}  # fmt: skip


def _unit(sheet: Sheet, unit, column, height) -> dict:
    k, forward, delta = unit.number, sheet.known[f"z{unit.number}"], sheet.known[f"d{unit.number}"]
    a = sheet.prediction if unit is sheet.output else sheet.activation(unit)
    lines = [
        _label(f"{subscripts(f'z{k}')} = ", f"z{k}", forward, above=True),
        _label(f"{a} = ", f"a{k}", forward, above=True),
        _label(f"{symbol(unit.bias)} = ", unit.bias, 0),
        _label(f"{subscripts(f'δ{k}')} = ", f"d{k}", delta, gradient=True),
    ]
    return _node(str(k), column, height, lines, forward=[forward], backward=[delta, sheet.known[f"g_{unit.bias}"]])


def _edge(sheet: Sheet, unit, weight, source, target, share, sent_back) -> dict:
    known = sheet.known[f"g_{weight}"]
    lines = [
        _label(f"{symbol(weight)} = ", weight, 0),
        _label(f"{sheet.gradient(weight)} = ", f"g_{weight}", known, gradient=True),
    ]
    return {"from": source, "to": target, "share": share, "column": unit.layer, "lines": lines,
            "forward": [sheet.known[f"z{unit.number}"]], "backward": [known, *sent_back]}  # fmt: skip


# ---- working and table -------------------------------------------------------------------------------------


def _working(sheet: Sheet) -> dict:
    lines = [{"step": each.step, "heading": each.heading, "parts": each.parts} for each in sheet.lines]
    words = line("Round every intermediate result to {decimals} decimals and continue with it")
    return {"kind": "working", "title": "Working", "step": "step", "decimals": "decimals", "lines": lines,
            "switch": {"name": "rounding", "parts": words}}  # fmt: skip


def _table(plan: Plan, sheet: Sheet) -> dict:
    def cells(name):
        change = f"step_{name}"
        yield [symbol(name)], 0
        yield [number(name, given=True)], 0
        yield [number(f"g_{name}")], sheet.known[f"g_{name}"]
        yield [number(change, step=change)], sheet.last
        yield [number(f"new_{name}", step=change)], sheet.last
        yield [number(f"error_{name}", percent=True)], sheet.last

    rows = [{"cells": [{"parts": parts, "from": since} for parts, since in cells(name)]} for name in plan.parameters]
    titles = ("parameter", "old value", "gradient", "step −η·gradient", "new value")
    error = {"title": "error of the step", "when": formula.parse("rounding > 0.5")}
    rounding = "Rounding every intermediate result to {decimals} decimals "
    notes = [
        sentence("", when=f"step < {sheet.last - 0.5}"),
        sentence("No intermediate result is rounded; the numbers here are.", when="rounding < 0.5"),
        sentence(rounding, "changes no step.", when="worst < 5e-7"),
        sentence(rounding, "makes steps wrong by up to {100*worst:1} %.", when="worst < 1e6"),
        sentence(rounding, "makes a step of what is none."),
    ]
    return {"kind": "table", "title": "One step of gradient descent", "step": "step", "decimals": "decimals",
            "columns": [*({"title": title} for title in titles), error], "rows": rows, "notes": notes,
            "height": _PAPER_ROW * (len(rows) + 1) + 54}  # fmt: skip


# ---- where the units stand ---------------------------------------------------------------------------------
#
# The numbers of all edges between two layers stand in one column, each on its own edge, at the share t of the way.
# With the units at evenly spaced heights, the heights of these numbers depend on t and on the spacing of both layers;
# here those are chosen for which the closest two are furthest apart.

_SHARES = [0.5, *(0.5 + sign * 0.02 * k for k in range(1, 8) for sign in (-1, 1))]  # the middle first
_SPACINGS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of a layer, relative to the widest


def arranged(sizes: list[int], unit: float, label: float) -> tuple[list[list[float]], list[float]]:
    """For layers of these sizes, the heights of the units, 0 in the middle, and t for each two neighbouring layers.

    unit, label: least distances of two units, and of two numbers.
    """
    best = (math.inf, (), 0.0)
    for spacings in product(*(_SPACINGS if size > 1 else (1.0,) for size in sizes)):
        layers = list(zip(sizes, spacings, strict=True))
        gaps = [max(_gap(*pair, t) for t in _SHARES) for pair in pairwise(layers)]
        scale = max([unit / s for size, s in layers if size > 1] + [label / gap for gap in gaps if gap > 0])
        tall = scale * max((size - 1) * s for size, s in layers)
        if min(gaps) > 0 and tall < best[0] - 1e-9:
            best = (tall, spacings, scale)
    _, spacings, scale = best
    layers = [(size, scale * s) for size, s in zip(sizes, spacings, strict=True)]
    heights = [[(k - (size - 1) / 2) * s for k in range(size)] for size, s in layers]
    # Of the shares that leave room enough, the one nearest to the middle.
    shares = [next(t for t in _SHARES if _gap(*pair, t) >= label - 1e-6) for pair in pairwise(layers)]
    return heights, shares


@cache
def _gap(first: tuple[int, float], second: tuple[int, float], t: float) -> float:
    """The least distance of two numbers between two layers (units, spacing); of one alone, a large one."""
    (m, near), (n, far) = first, second
    places = sorted(
        (1 - t) * near * (i - (m - 1) / 2) + t * far * (j - (n - 1) / 2) for i in range(m) for j in range(n)
    )
    return min((b - a for a, b in pairwise(places)), default=1e3)


KINDS |= {"network": backprop_figure.draw, "table": backprop_figure.draw_table, "working": None}
