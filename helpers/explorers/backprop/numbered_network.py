"""Small networks as a student numbers them: names, first values, loss."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from helpers import functions
from helpers.errors import InputError
from helpers.explorers.core.panels import is_finite
from helpers.formulas import browser as formula
from helpers.formulas.known import KNOWN
from helpers.networks.small_network import Layer, SmallNetwork
from helpers.pictures.readable import subscripts

#: loss -> its symbol, what a reader sees, and its formula in yhat and y.
LOSSES = {
    "half_square": ("E", "½(y − ŷ)²", "(y - yhat)**2/2"),
    "square": ("J", "(ŷ − y)²", "(yhat - y)**2"),
    "cross_entropy": ("E", "−y log ŷ − (1 − y) log(1 − ŷ)", "-y*log(yhat) - (1 - y)*log(1 - yhat)"),
}
ACTIVATIONS = {name: KNOWN[name].sign or name for name in functions.ACTIVATIONS}

MOST_INPUTS, MOST_UNITS, MOST_LAYERS, MOST_PARAMETERS, MOST_OUTPUTS = 4, 4, 3, 30, 2
_OWN = {"step", "decimals", "rounding", "eta", "y"}  # names of sliders


@dataclass(frozen=True)
class Unit:
    """A unit with its parameters by name: weights[k] is the weight of the k-th number that comes in."""

    number: int  # counted from 1, over all layers
    layer: int  # 0 is the first hidden layer
    activation: str
    weights: tuple[str, ...]
    bias: str


@dataclass(frozen=True)
class Plan:
    """A network, an example, a learning rate. values: every number by name (parameters, inputs, targets, eta)."""

    title: str
    inputs: tuple[str, ...]
    layers: tuple[tuple[Unit, ...], ...]
    loss: str
    values: dict[str, float]

    @property
    def units(self) -> list[Unit]:
        """All units, layer by layer."""
        return [unit for layer in self.layers for unit in layer]

    @property
    def parameters(self) -> list[str]:
        """The weights, unit by unit, then the biases."""
        return [name for unit in self.units for name in unit.weights] + [unit.bias for unit in self.units]

    @property
    def targets(self) -> list[str]:
        """The names of the targets: y, or of several outputs y1, y2."""
        outputs = len(self.layers[-1])
        return ["y"] if outputs == 1 else [f"y{k}" for k in range(1, outputs + 1)]

    def before(self, layer: int) -> list[str]:
        """The names of the numbers that come into a layer: inputs, or activations of the layer before."""
        return list(self.inputs) if layer == 0 else [f"a{unit.number}" for unit in self.layers[layer - 1]]

    def network(self, values: dict) -> SmallNetwork:
        """The network, of one output, with these values of its parameters."""
        layers = []
        for k, units in enumerate(self.layers):
            output = k == len(self.layers) - 1
            names = tuple("yhat" if output else f"a{unit.number}" for unit in units)
            rows = [[values[name] for name in unit.weights] for unit in units]
            layers.append(Layer(names, rows, [values[unit.bias] for unit in units], units[0].activation))
        return SmallNetwork(self.inputs, tuple(layers))


def symbol(name: str) -> str:
    """w13_1 as w₁₃[1], w7 as w₇, eta as η."""
    if layered := re.fullmatch(r"([wb]\d+)_(\d)", name):
        return f"{subscripts(layered[1])}[{layered[2]}]"
    return {"eta": "η", "yhat": "ŷ"}.get(name, subscripts(name))


def _plan(title, sizes, activations, loss, inputs, values, weight="w{running}", bias="b{number}") -> Plan:
    """A fully connected network, as a rule with weights w1, w2, … and biases b1, b2, …, unit by unit, as in 003.

    weight, bias: their names, from layer, i (input), j (unit), number (of the unit) and running number, all from 1.
    """
    layers, number, running, width = [], 0, 0, len(inputs)
    for layer, (size, activation) in enumerate(zip(sizes, activations, strict=True), start=1):
        units = []
        for j in range(1, size + 1):
            number += 1
            names = [weight.format(layer=layer, i=i, j=j, running=running + i) for i in range(1, width + 1)]
            running += width
            units.append(
                Unit(number, layer - 1, activation, tuple(names), bias.format(layer=layer, j=j, number=number))
            )
        layers.append(tuple(units))
        width = size
    return Plan(title, tuple(inputs), tuple(layers), loss, values)


def _task_002() -> Plan:
    """002.1, with its names: w13_1 is the weight from input 1 to hidden unit 3, of layer [1]."""
    values = {"w11_1": 2, "w21_1": 2, "w12_1": 1, "w22_1": -1, "w13_1": 3, "w23_1": 1, "b1_1": 1, "b2_1": 0,
              "b3_1": -1, "w11_2": 3, "w21_2": 1, "w31_2": 2, "b1_2": 1,
              "x1": 1, "x2": 3, "y": 32, "eta": 2}  # fmt: skip
    return _plan("2-3-1 network", (3, 1), ("identity", "identity"), "square", ("x1", "x2"), values,
                 "w{i}{j}_{layer}", "b{j}_{layer}")  # fmt: skip


def _task_003(part: str) -> Plan:
    ones = {f"w{k}": 1 for k in range(1, 10)} | {f"b{k}": 1 for k in range(1, 5)}
    other = {f"w{k}": 0.5 if k % 2 else -0.25 for k in range(1, 7)} | {"w7": 1, "w8": -1, "w9": 0}
    other |= {f"b{k}": 0.1 for k in range(1, 5)}
    values = (ones if part == "a" else other) | {"x1": 1, "x2": 0, "y": 1, "eta": 0.1}
    title = f"2-3-1 network, part {part}"
    return _plan(title, (3, 1), ("sigmoid", "sigmoid"), "half_square", ("x1", "x2"), values)


def _two_outputs() -> Plan:
    """The example of M. Mazur, A Step by Step Backpropagation Example (2015): two inputs, two units, two outputs."""
    values = {"w1": 0.15, "w2": 0.2, "w3": 0.25, "w4": 0.3, "w5": 0.4, "w6": 0.45, "w7": 0.5, "w8": 0.55}
    values |= {"b1": 0.35, "b2": 0.35, "b3": 0.6, "b4": 0.6, "x1": 0.05, "x2": 0.1, "y1": 0.01, "y2": 0.99, "eta": 0.5}
    return _plan("2-2-2 network", (2, 2), ("sigmoid", "sigmoid"), "half_square", ("x1", "x2"), values)


TASKS = {"002.1": _task_002, "003.1a": lambda: _task_003("a"), "003.1b": lambda: _task_003("b"), "2-2-2": _two_outputs}


def plan_of(network, inputs=None, target=None, loss=None, learning_rate=None, activation=None, numbers=None) -> Plan:
    """The plan that `backprop` was asked for; its parameters are those of `backprop`. Raises InputError."""
    if isinstance(network, SmallNetwork):
        plan = _from_network(network.inputs, network.layers)
    elif isinstance(network, list | tuple) and network and all(isinstance(layer, Layer) for layer in network):
        plan = _from_network([f"x{k + 1}" for k in range(network[0].weights.shape[1])], network)
    elif isinstance(network, str) and network in TASKS:
        plan = TASKS[network]()
    else:
        raise InputError(
            f"give a SmallNetwork, a list of Layers or one of {', '.join(map(repr, TASKS))}, not {network!r}"
        )
    if loss is not None:
        if loss not in LOSSES:
            raise InputError(f"the loss {loss!r} is not known: choose from {', '.join(LOSSES)}")
        plan = replace(plan, loss=loss)
    if activation is not None:
        plan = _with_activation(plan, activation)
    values = dict(plan.values)
    for name, value in _given(plan, inputs, target, learning_rate, numbers).items():
        if name not in values:
            raise InputError(f"this network has no number {name!r}: its numbers are {', '.join(values)}")
        if not is_finite(value):
            raise InputError(f"{name} must be a finite number, not {value!r}")
        values[name] = float(value)
    if missing := [name for name in (*plan.inputs, *plan.targets) if values[name] is None]:
        raise InputError(f"no value for {missing[0]}: give inputs=… and target=…")
    if values["eta"] < 0:
        raise InputError(f"the learning rate must not be negative, and {values['eta']:g} is")
    if plan.loss == "cross_entropy":
        if plan.layers[-1][0].activation != "sigmoid":
            raise InputError("the cross-entropy needs a sigmoid in the output unit, which gives a probability")
        for name in plan.targets:
            if not 0 <= values[name] <= 1:
                raise InputError(f"the cross-entropy needs a target from 0 to 1, not {values[name]:g}")
    return replace(plan, values=values)


def _given(plan, inputs, target, learning_rate, numbers) -> dict:
    given = {}
    if numbers is not None:
        if not isinstance(numbers, dict):
            raise InputError('numbers is a dict of numbers by name, such as {"w1": 0.5}')
        given |= numbers
    for what, names, some in (("inputs", plan.inputs, inputs), ("targets", plan.targets, target)):
        if some is None:
            continue
        if not isinstance(some, dict):
            some = [some] if np.ndim(some) == 0 else list(some)
            if len(some) != len(names):
                raise InputError(
                    f"this network has {len(names)} ({', '.join(names)}) {what}, and {len(some)} were given"
                )
            some = dict(zip(names, some, strict=True))
        given |= some
    return given | ({} if learning_rate is None else {"eta": learning_rate})


def _with_activation(plan: Plan, activation) -> Plan:
    """The same plan with another activation of the hidden units, or (hidden, output) activations."""
    pair = (activation,) if isinstance(activation, str) else tuple(activation)
    for name in pair:
        if name not in ACTIVATIONS:
            raise InputError(f"the activation {name!r} is not known: choose from {', '.join(ACTIVATIONS)}")
    last = len(plan.layers) - 1
    output = pair[1] if len(pair) > 1 else plan.layers[-1][0].activation
    layers = tuple(
        tuple(replace(unit, activation=output if k == last else pair[0]) for unit in layer)
        for k, layer in enumerate(plan.layers)
    )
    return replace(plan, layers=layers)


def _from_network(inputs, network_layers) -> Plan:
    sizes = [len(layer.names) for layer in network_layers]
    shape = "-".join(map(str, (len(inputs), *sizes)))
    for width, layer in zip((len(inputs), *sizes), network_layers, strict=False):
        if layer.weights.shape[1] != width:
            raise InputError(f"a layer needs {width} columns of weights, one per input, not {layer.weights.shape[1]}")
    if sizes[-1] > MOST_OUTPUTS:
        raise InputError(f"a {shape} network cannot be read in one picture: at most {MOST_OUTPUTS} outputs")
    if len(inputs) > MOST_INPUTS or max(sizes) > MOST_UNITS or len(sizes) > MOST_LAYERS:
        most = f"at most {MOST_INPUTS} inputs, {MOST_UNITS} units in a layer and {MOST_LAYERS} layers"
        raise InputError(f"a {shape} network cannot be read in one picture: {most}")
    values: dict = {}
    activations = [layer.activation for layer in network_layers]
    plan = _plan(f"{shape} network", sizes, activations, "half_square", inputs, values)
    if (count := len(plan.parameters)) > MOST_PARAMETERS:
        raise InputError(f"{count} parameters cannot be read in one picture: at most {MOST_PARAMETERS}")
    for units, layer in zip(plan.layers, network_layers, strict=True):
        for unit, row, bias in zip(units, layer.weights.tolist(), layer.bias.tolist(), strict=True):
            values |= dict(zip(unit.weights, row, strict=True)) | {unit.bias: bias}
    for name in inputs:
        if name in plan.targets or name in _OWN or name in values or name in formula.OPERATIONS:
            raise InputError(f"an input cannot be called {name!r} here: choose a name such as x1")
        values[name] = None
    return replace(plan, values=values | dict.fromkeys(plan.targets) | {"eta": 0.1})
