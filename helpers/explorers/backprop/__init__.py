"""Backpropagation by hand: one forward pass, backward pass and update of a small network, step by step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

from helpers.errors import InputError
from helpers.explorers import formula
from helpers.explorers.backprop.numbered_network import ACTIVATIONS, LOSSES, Plan, plan_of, symbol
from helpers.explorers.backprop.worked_step import Sheet, number, write
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.panels import sentence
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
    """The explorer of `backprop`: also its working as lines, and its table as numbers."""

    stored = {"most": 30_000, "plain": True}  # full of numbers

    def __init__(self, plan: Plan, sheet: Sheet, start: dict):
        self.plan, self.sheet = plan, sheet
        panels = [_network(plan, sheet), _working(sheet), _table(plan, sheet)]
        super().__init__(
            _sliders(plan, sheet), {}, panels, sheet.spoken(), definitions=sheet.definitions,
            network=plan.network, columns=1, start=start,
        )  # fmt: skip

    def working(self) -> list[str]:
        """The lines of the working that the present step shows, headings among them."""
        variables = self.variables()
        step, decimals = variables["step"], round(variables["decimals"])
        return [write(line.parts, variables, decimals) for line in self.sheet.lines if line.step <= step]

    def table(self) -> list[dict]:
        """One dict for each parameter: parameter, old, gradient, step (−η · gradient) and new, as numbers.

        With rounding on they are what the rounded working gives, and error is that of the step, relative
        to the step without rounding: −0.1 is 10 % too small.
        """
        variables = self.variables()
        rows = []
        for name in self.plan.parameters:
            row = {"parameter": name, "old": variables[name], "gradient": variables[f"g_{name}"],
                   "step": variables[f"step_{name}"], "new": variables[f"new_{name}"]}  # fmt: skip
            if variables["rounding"]:
                row["error"] = variables[f"error_{name}"]
            rows.append({key: value if key == "parameter" else float(value) for key, value in row.items()})
        return rows


# ---- sliders -----------------------------------------------------------------------------------------------


def _sliders(plan: Plan, sheet: Sheet) -> list[Parameter]:
    made = [
        Parameter("step", 0, sheet.last, sheet.last, 1, "steps shown, forward and then backward"),
        Parameter("decimals", 2, 8, 4, 1, "decimals of the numbers"),
        Parameter("rounding", 0, 1, 0, 1, "1: every intermediate result is rounded to these decimals"),
        _slider("eta", plan.values["eta"], "learning rate η", 0.0, 1.0),
        _slider("y", plan.values["y"], "target"),
    ]
    if plan.loss == "cross_entropy":
        made[-1] = _slider("y", plan.values["y"], "target", 0.0, 1.0)
    made += [_slider(name, plan.values[name], f"input {symbol(name)}") for name in plan.inputs]
    for name in plan.parameters:
        made.append(_slider(name, plan.values[name], "weight" if name[0] == "w" else "bias"))
    return made


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
    layout = arranged(sizes, _UNIT, _LABEL)
    half = max(height for heights in layout.heights for height in heights)
    if 2 * half > _MOST:
        raise InputError(f"a {'-'.join(map(str, sizes))} network is too large to be read: use fewer units")
    number_of_unit = {unit.number: len(plan.inputs) + k for k, unit in enumerate(plan.units)}
    nodes, edges = [], []

    for k, name in enumerate(plan.inputs):
        lines = [_line(f"{symbol(name)} = ", number(name, given=True), 0)]
        nodes.append(_node(symbol(name), 0, layout.heights[0][k], lines, given=True))
    for column, (layer, heights) in enumerate(zip(plan.layers, layout.heights[1:], strict=True), start=1):
        for unit, height in zip(layer, heights, strict=True):
            nodes.append(_unit(sheet, unit, column, height))
            sources = range(sizes[0]) if column == 1 else [number_of_unit[u.number] for u in plan.layers[column - 2]]
            for source, weight in zip(sources, unit.weights, strict=True):
                before = [] if column == 1 else [sheet.known[f"d{plan.units[source - len(plan.inputs)].number}"]]
                edges.append(_edge(sheet, unit, weight, source, len(nodes) - 1, layout.shares[column - 1], before))
    last, loss = len(plan.layers), sheet.known["loss"]
    output, output_delta = len(nodes) - 1, sheet.known[f"d{plan.units[-1].number}"]
    error = _line(f"{sheet.loss_symbol} = ", number("loss"), loss, above=True)
    nodes.append(_node(sheet.loss_symbol, last + 1, 0, [error], square=True, forward=[loss]))
    target = [_line("y = ", number("y", given=True), 0)]
    low = min(104, max(half, 90))
    nodes.append(_node("y", last + 1, low, target, given=True))
    edges.append({"from": output, "to": output + 1, "share": 0.5, "column": last, "lines": [],
                  "forward": [loss], "backward": [output_delta]})  # fmt: skip
    edges.append({"from": output + 2, "to": output + 1, "share": 0.5, "column": last, "lines": [],
                  "forward": [loss], "backward": []})  # fmt: skip
    activations = {ACTIVATIONS[layer[0].activation]: None for layer in plan.layers}
    where = "activation" if len(activations) == 1 else "activations"
    title = f"{plan.title}: {where} {', '.join(activations)}; {sheet.loss_symbol} = {LOSSES[plan.loss][1]}"
    delta = f"δ = ∂{sheet.loss_symbol}/∂z of a unit"
    note = f"Plain: values of the forward pass. Bold: gradients of the backward pass; {delta}."
    bottom = max(half, low) + _BOTTOM
    return {"kind": "network", "title": title, "note": note, "step": "step", "decimals": "decimals",
            "nodes": nodes, "edges": edges, "middle": _TOP + half,
            "height": round(_TOP + half + bottom)}  # fmt: skip


def _line(name: str, value: dict, since: int, *, above=False, gradient=False) -> dict:
    style = "gradient" if gradient else "value"
    return {"parts": [name, value], "short": [value], "from": since, "style": style, "above": above}


def _node(label, column, height, lines, *, given=False, square=False, forward=(), backward=()) -> dict:
    return {"label": label, "column": column, "height": height, "lines": lines, "given": given,
            "square": square, "forward": list(forward), "backward": list(backward)}  # fmt: skip


def _unit(sheet: Sheet, unit, column, height) -> dict:
    k, forward, delta = unit.number, sheet.known[f"z{unit.number}"], sheet.known[f"d{unit.number}"]
    a = sheet.activation(unit)
    if unit is sheet.output and a != "ŷ":
        a = f"ŷ = {a}"
    lines = [
        _line(f"{subscripts(f'z{k}')} = ", number(f"z{k}"), forward, above=True),
        _line(f"{a} = ", number(f"a{k}"), forward, above=True),
        _line(f"{symbol(unit.bias)} = ", number(unit.bias, given=True), 0),
        _line(f"{subscripts(f'δ{k}')} = ", number(f"d{k}"), delta, gradient=True),
    ]
    stages = {"forward": [forward], "backward": [delta, sheet.known[f"g_{unit.bias}"]]}
    return _node(str(k), column, height, lines, **stages)


def _edge(sheet: Sheet, unit, weight, source, target, share, sent_back) -> dict:
    known = sheet.known[f"g_{weight}"]
    lines = [
        _line(f"{symbol(weight)} = ", number(weight, given=True), 0),
        _line(f"{sheet.gradient(weight)} = ", number(f"g_{weight}"), known, gradient=True),
    ]
    return {"from": source, "to": target, "share": share, "column": unit.layer, "lines": lines,
            "forward": [sheet.known[f"z{unit.number}"]], "backward": [known, *sent_back]}  # fmt: skip


# ---- working and table -------------------------------------------------------------------------------------


def _working(sheet: Sheet) -> dict:
    lines = [{"step": line.step, "heading": line.heading, "parts": line.parts} for line in sheet.lines]
    words = ["Round every intermediate result to ", number("decimals"), " decimals and continue with it"]
    switch = {"name": "rounding", "parts": words}
    return {"kind": "working", "title": "Working", "step": "step", "decimals": "decimals", "lines": lines,
            "switch": switch}  # fmt: skip


def _table(plan: Plan, sheet: Sheet) -> dict:
    rows = []
    for name in plan.parameters:
        gradient, new = number(f"g_{name}"), number(f"new_{name}", step=f"step_{name}")
        step = number(f"step_{name}", step=f"step_{name}")
        cells = [([symbol(name)], 0), ([number(name, given=True)], 0), ([gradient], sheet.known[f"g_{name}"]),
                 ([step], sheet.last), ([new], sheet.last),
                 ([number(f"error_{name}", percent=True)], sheet.last)]  # fmt: skip
        rows.append({"cells": [{"parts": parts, "from": since} for parts, since in cells]})
    titles = ("parameter", "old value", "gradient", "step −η·gradient", "new value")
    columns = [{"title": title} for title in titles]
    columns.append({"title": "error of the step", "when": formula.parse("rounding > 0.5")})
    rounding = ("Rounding every intermediate result to ", ("decimals",), " decimals ")
    notes = [
        sentence("", when=f"step < {sheet.last - 0.5}"),
        sentence("No intermediate result is rounded; the numbers here are.", when="rounding < 0.5"),
        sentence(*rounding, "changes no step.", when="worst < 5e-7"),
        sentence(*rounding, "makes steps wrong by up to ",
                 ("100*worst", 1), " %.", when="worst < 1e6"),
        sentence(*rounding, "makes a step of what is none."),
    ]  # fmt: skip
    return {"kind": "table", "title": "One step of gradient descent", "step": "step", "decimals": "decimals",
            "columns": columns, "rows": rows, "notes": notes,
            "height": _PAPER_ROW * (len(rows) + 1) + 54}  # fmt: skip


_SHARES = [0.5, *(0.5 + sign * 0.02 * k for k in range(1, 8) for sign in (-1, 1))]  # the middle first
_SPACINGS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of a layer, relative to the widest


@dataclass
class NetworkLayout:
    """heights: of each unit, layer by layer, 0 in the middle; shares: t for each two neighbouring layers."""

    heights: list[list[float]]
    shares: list[float]


def arranged(sizes: list[int], unit: float, label: float) -> NetworkLayout:
    """A layout for layers of these sizes. unit, label: least distances of two units, and of two numbers."""
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
    return NetworkLayout(heights, shares)


@cache
def _gap(first: tuple[int, float], second: tuple[int, float], t: float) -> float:
    """The least distance of two numbers between two layers (units, spacing); of one alone, a large one."""
    (m, near), (n, far) = first, second
    places = sorted(
        (1 - t) * near * (i - (m - 1) / 2) + t * far * (j - (n - 1) / 2) for i in range(m) for j in range(n)
    )
    return min((b - a for a, b in pairwise(places)), default=1e3)
