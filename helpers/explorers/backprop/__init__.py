"""Backpropagation by hand: one forward pass, backward pass and update of a small network, step by step."""

from __future__ import annotations

import math
from dataclasses import replace

from helpers.errors import InputError
from helpers.explorers.backprop import backprop_figure
from helpers.explorers.backprop.numbered_network import ACTIVATIONS, LOSSES, Plan, plan_of, symbol
from helpers.explorers.backprop.worked_step import Sheet
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.lines import line, number
from helpers.explorers.core.network_drawing import BORDER, edge, heights_and_shares, label, least_width, node
from helpers.explorers.core.panels import sentence
from helpers.explorers.core.paper import KINDS
from helpers.formulas import browser as formula
from helpers.pictures.readable import subscripts

_UNIT, _LABEL = 120, 38  # CSS pixels: from one unit to the next, and from one number on an edge to the next
_TOP, _BOTTOM, _MOST = 98, 64, 620  # above and below the middle of the outermost units; the tallest network
_COLUMN, _TO_LOSS = 150, 0.42  # CSS pixels from one column to the next at least; the share of that from output to loss
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
    stop=None,
    **start,
) -> BackpropExplorer:
    """Forward pass, backward pass and update of a small network, one step at a time.

    network: "002.1", "003.1a" or "003.1b"; "2-2-2", a well-known example with two outputs; or a
    `helpers.networks.small_network.SmallNetwork` or a list of its `Layer`s, whose parameters are then called w1, w2, …, b1,
    b2, …, unit by unit (needs inputs and target); inputs: a dict by name, or numbers in the order of the inputs;
    target: y, or a list of y1 and y2; loss, of several outputs the sum: "half_square" ½(y − ŷ)², "square" (ŷ − y)² or
    "cross_entropy"; learning_rate: η; activation: of the hidden units, or a pair (hidden, output):
    "identity", "sigmoid", "tanh", "softplus", "relu"; numbers: a dict of parameters, inputs, target "y"
    and learning rate "eta" by name, such as `question.variant("…").numbers`; stop: "forward" for the forward pass
    alone, up to the loss; start: the same as keywords, such as w7=0.5, and first values of step (0 without it, or "forward"
    for the loss, or "all"), decimals and rounding (1 rounds every intermediate result).
    Raises InputError for what is no such network or number, and for a network too large to be read.
    """
    own = {name: start.pop(name) for name in ("step", "decimals", "rounding") if name in start}
    given = {**numbers, **start} if isinstance(numbers, dict) else start if numbers is None else numbers
    plan = plan_of(network, inputs, target, loss, learning_rate, activation, given)
    if stop not in (None, "forward"):
        raise InputError(f"stop is 'forward', for the forward pass alone, or None, not {stop!r}")
    sheet = Sheet(plan, forward_only=stop == "forward")
    named = {"forward": sheet.forward_end, "all": sheet.last}
    step = own.get("step", 0)
    own["step"] = named.get(step, step) if isinstance(step, str) else step
    return BackpropExplorer(plan, sheet, own)


class BackpropExplorer(Explorer):
    """The explorer of `backprop`."""

    stored = {"most": 30_000, "plain": True}  # full of numbers

    def __init__(self, plan: Plan, sheet: Sheet, start: dict):
        self.plan, self.sheet = plan, sheet
        panels = [_network(plan, sheet), _working(sheet)] + ([] if sheet.forward_only else [_table(plan, sheet)])
        super().__init__(
            _sliders(plan, sheet), {}, panels, sheet.spoken(), definitions=sheet.definitions,
            network=plan.network if len(plan.targets) == 1 else None, columns=1, start=start, few=0, kept=1,
        )  # fmt: skip


# ---- sliders -----------------------------------------------------------------------------------------------


def _sliders(plan: Plan, sheet: Sheet) -> list[Parameter]:
    values = plan.values
    probability = {"low": 0.0, "high": 1.0} if plan.loss == "cross_entropy" else {}
    return [
        Parameter("step", 0, sheet.last, 0, 1, "steps shown, forward and then backward", hidden=True),
        Parameter("decimals", 2, 8, 4, 1, "decimals of the numbers"),
        Parameter("rounding", 0, 1, 0, 1, "1: every intermediate result is rounded to these decimals", hidden=True),
        replace(_slider("eta", values["eta"], "learning rate", 0.0, 1.0), label="η"),
        *(_slider(name, values[name], "target", **probability) for name in plan.targets),
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
    """The panel of the network, with the loss behind it (see network_drawing.py)."""
    sizes = [len(plan.inputs), *(len(layer) for layer in plan.layers)]
    heights, shares = heights_and_shares(sizes, _UNIT, _LABEL)
    half, low = max(map(max, heights)), 104
    if 2 * half > _MOST:
        raise InputError(f"a {'-'.join(map(str, sizes))} network is too large to be read: use fewer units")
    known, last = sheet.known, len(plan.layers)
    nodes = [
        node(symbol(name), 0, height, [label(f"{symbol(name)} = ", name)], given=True)
        for name, height in zip(plan.inputs, heights[0], strict=True)
    ]
    edges = []
    for column, (layer, places) in enumerate(zip(plan.layers, heights[1:], strict=True), start=1):
        first = len(nodes) - sizes[column - 1]  # of the layer before, the number of the first node
        sent = [known.get(f"d{unit.number}") for unit in plan.layers[column - 2]] if column > 1 else []
        edges += [
            _edge(sheet, unit, weight, first + i, first + sizes[column - 1] + j, shares[column - 1], sent[i : i + 1])
            for j, unit in enumerate(layer)
            for i, weight in enumerate(unit.weights)
        ]
        nodes += [_unit(sheet, unit, column, height) for unit, height in zip(layer, places, strict=True)]
    loss, output = len(nodes), len(nodes) - sizes[-1]
    error = label(f"{sheet.loss_symbol} = ", "loss", known["loss"], above=True)
    nodes.append(node(sheet.loss_symbol, last + 1, 0, [error], square=True, forward=[known["loss"]]))
    for k, (unit, target) in enumerate(zip(plan.layers[-1], plan.targets, strict=True)):
        height = low if len(plan.targets) == 1 else 88 * (2 * k - 1)
        nodes.append(node(symbol(target), last + 1, height, [label(f"{symbol(target)} = ", target)], given=True))
        back = _only(known.get(f"d{unit.number}"))
        edges.append(edge(output + k, loss, 0.5, last, [], forward=[known["loss"]], backward=back))
        edges.append(edge(len(nodes) - 1, loss, 0.5, last, [], forward=[known["loss"]]))
    activations = {ACTIVATIONS[layer[0].activation]: None for layer in plan.layers}
    where = "activation" if len(activations) == 1 else "activations"
    title = f"{plan.title}: {where} {', '.join(activations)}; {sheet.loss_symbol} = {LOSSES[plan.loss][1]}"
    title += ", summed over the outputs" if len(plan.targets) > 1 else ""
    bold = "" if sheet.forward_only else f" Bold orange: gradients, δ = ∂{sheet.loss_symbol}/∂z."
    note = f"Framed: given numbers. Blue: forward pass.{bold}"
    return {"kind": "network", "lit": True, "title": title, "note": note, "step": "step", "decimals": "decimals",
            "nodes": nodes, "edges": edges, "middle": _TOP + half, "lastGap": _TO_LOSS,
            "least": least_width(title, note, BORDER + _COLUMN * (last + _TO_LOSS)),
            "height": round(_TOP + half + max(half, low) + _BOTTOM)}  # fmt: skip


def _only(*steps) -> list[int]:
    """Those that there are."""
    return [step for step in steps if step is not None]


def _unit(sheet: Sheet, unit, column, height) -> dict:
    k, forward, delta = unit.number, sheet.known[f"z{unit.number}"], sheet.known.get(f"d{unit.number}")
    lines = [
        label(f"{subscripts(f'z{k}')} = ", f"z{k}", forward, above=True),
        label(f"{sheet.prediction(unit)} = ", f"a{k}", forward, above=True),
        label(f"{symbol(unit.bias)} = ", unit.bias),
    ]
    if delta:
        lines.append(label(f"{subscripts(f'δ{k}')} = ", f"d{k}", delta, style="gradient"))
    back = _only(delta, sheet.known.get(f"g_{unit.bias}"))
    return node(str(k), column, height, lines, forward=[forward], backward=back)


def _edge(sheet: Sheet, unit, weight, source, target, share, sent_back) -> dict:
    known, lines = sheet.known.get(f"g_{weight}"), [label(f"{symbol(weight)} = ", weight)]
    if known:
        lines.append(label(f"{sheet.gradient(weight)} = ", f"g_{weight}", known, style="gradient"))
    return edge(source, target, share, unit.layer, lines, weight=weight, forward=[sheet.known[f"z{unit.number}"]],
                backward=_only(known, *sent_back))  # fmt: skip


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


KINDS |= {"table": backprop_figure.draw_table, "working": None}
