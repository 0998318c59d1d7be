"""Computation graphs: values forward, gradients backward, one step at a time.

The graph of a scalar expression is drawn with its values and, from the right to the left, what the chain rule
does at each node: downstream gradient = upstream gradient × local gradient; where a node has several
consumers, what they send down adds.
"""

from __future__ import annotations

from dataclasses import replace

from helpers.errors import InputError
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.network_drawing import least_width
from helpers.explorers.core.panels import sentence
from helpers.explorers.core.paper import KINDS
from helpers.explorers.graph import graph_figure, places
from helpers.explorers.graph.operations import Node, operations
from helpers.explorers.notation import name as written
from helpers.explorers.notation import text
from helpers.explorers.your_function import parameter
from helpers.formulas import browser as formula

#: The expressions of the pack: their steps, and first values of their inputs (low, high, start).
EXPRESSIONS = {
    # 000.1b: L = −y log σ((1 + tanh(w x + b))/2)
    "loss": (
        {"u": "w*x + b", "z": "(1 + tanh(u))/2", "f": "sigmoid(z)", "L": "y*(-log(f))"},
        {"w": (-3, 3, 0.5), "x": (-3, 3, 2), "b": (-3, 3, -0.3), "y": (0, 3, 1)},
    ),
    # 000.2: E = 2σ(a u + b v) − tanh(c w + d x)
    "difference": (
        {"p": "a*u + b*v", "s": "sigmoid(p)", "q": "c*w + d*x", "t": "tanh(q)", "E": "2*s - t"},
        {"a": (-3, 3, 0.5), "u": (-3, 3, 1), "b": (-3, 3, 0.3), "v": (-3, 3, 2),
         "c": (-3, 3, 0.2), "w": (-3, 3, 3), "d": (-3, 3, 0.3), "x": (-3, 3, -1)},
    ),
    # 001: ŷ = σ(w2 σ(w1 x + b1) + b2)
    "network": (
        {"z1": "w1*x + b1", "a1": "sigmoid(z1)", "z2": "w2*a1 + b2", "yhat": "sigmoid(z2)"},
        {"w1": (-3, 3, 0.8), "x": (-3, 3, 1.5), "b1": (-3, 3, -0.2), "w2": (-3, 3, -1.2), "b2": (-3, 3, 0.5)},
    ),
    # 002.2: f = sin(x1 exp(x2)) + (x1 + x2²)²
    "two_paths": (
        {"g1": "x1*exp(x2)", "g2": "x1 + x2**2", "f": "sin(g1) + g2**2"},
        {"x1": (-2, 2, 0.5), "x2": (-2, 2, 1)},
    ),
}  # fmt: skip
#: The same by assignment key.
KEYS = {"000.1b": "loss", "000.2": "difference", "001": "network", "002.2": "two_paths"}

_MOST_NODES = 30


def graph(expression="loss", inputs: dict | None = None, **start) -> Explorer:
    """The computation graph of a scalar expression, step by step, with a slider for each input.

    expression: a name of `EXPRESSIONS` or its assignment key, a formula such as "x*exp(y)", or named steps in
    order, such as {"u": "w*x + b", "f": "sigmoid(u)"}; inputs: name -> (low, high), (low, high, start) or
    (low, high, start, step) for the sliders; start: first values of the sliders, and of step: 0 without it, or
    "forward" for the end of the forward pass, or "all". Raises InputError for what is no such expression.
    """
    steps, limits = _expression(expression)
    nodes = operations(steps)
    if len(nodes) > _MOST_NODES:
        raise InputError(f"this graph has {len(nodes)} nodes; more than {_MOST_NODES} cannot be read")
    limits = limits | (inputs or {})
    leaves = [node.name for node in nodes if node.local is None]
    unknown = [name for name in limits if name not in leaves]
    if unknown:
        raise InputError(f"{unknown[0]!r} is no input of this expression: its inputs are {', '.join(leaves)}")
    if "step" in leaves:
        raise InputError("an input cannot be called 'step': that is the slider of the steps")
    order = _Order(nodes)
    sliders = [_slider(name, limits.get(name, (-3, 3, 1))) for name in leaves]
    sliders.append(Parameter("step", 0, order.last, 0, 1, "steps shown, forward and then backward", hidden=True))
    named = {"forward": order.seed - 1, "all": order.last}
    step = start.get("step", 0)
    start["step"] = named.get(step, step) if isinstance(step, str) else step
    return Explorer(
        sliders, {}, [_panel(nodes, order, steps)], _sentences(nodes, order),
        definitions=_definitions(nodes), start=start, few=0,
    )  # fmt: skip


class _Order:
    """The step at which each node is computed and each gradient known: 0, forward, the seed, backward."""

    def __init__(self, nodes: list[Node]):
        computed = [number for number, node in enumerate(nodes) if node.local is not None]
        count = len(computed)
        self.forward = {number: 0 for number in range(len(nodes))}
        self.forward |= {number: k + 1 for k, number in enumerate(computed)}
        self.seed = count + 1
        self.backward = {number: 2 * count + 1 - k for k, number in enumerate(computed)}
        self.last = 2 * count + 1

    def known(self, nodes, number) -> int:
        """The step after which the whole gradient of a node is known: all its consumers have sent theirs."""
        return max((self.backward[consumer] for consumer in nodes[number].consumers), default=self.seed)


def _expression(source) -> tuple[dict, dict]:
    named = isinstance(source, dict) and source
    if named and all(isinstance(part, str) for pair in source.items() for part in pair):
        for name in source:
            if not name.isidentifier() or name in formula.OPERATIONS:
                raise InputError(f"a step cannot be called {name!r}: choose a name such as u")
        return source, {}
    if isinstance(source, str) and source.strip():
        source = KEYS.get(source, source)
        return EXPRESSIONS.get(source) or ({"f": source}, {})
    example = "{'u': 'w*x + b'}"
    raise InputError(f"the expression is a formula in quotes, or steps such as {example}, not {source!r}")


def _slider(name: str, limits) -> Parameter:
    limits = tuple(limits) if isinstance(limits, list | tuple) else limits
    if isinstance(limits, tuple) and len(limits) == 3:
        limits = (*limits, 0.1 if limits[1] - limits[0] > 1 else (limits[1] - limits[0]) / 20)
    return replace(parameter(name, limits), meaning=f"input {written(name)}")


# ---- what is computed --------------------------------------------------------------------------------------


def _value(nodes, number) -> str:
    return nodes[number].name if nodes[number].local is None else f"value_{number}"


def _definitions(nodes: list[Node]) -> dict:
    """Values forward, local gradients, then gradients backward: value_3, local_3_0, down_3_0, gradient_3."""
    made = {}
    for number, node in enumerate(nodes):
        if node.local is None:
            continue
        places = {f"p{k}": _value(nodes, operand) for k, operand in enumerate(node.operands)}
        made[f"value_{number}"] = formula.substitute(node.local, places)
        for k in range(len(node.operands)):
            made[f"local_{number}_{k}"] = formula.substitute(node.derivative(k), places)
    for number in reversed(range(len(nodes))):
        made[f"gradient_{number}"] = " + ".join(_from_consumers(nodes, number)) or 1
        for k in range(len(nodes[number].operands)):
            made[f"down_{number}_{k}"] = f"gradient_{number}*local_{number}_{k}"
    return made


def _from_consumers(nodes, number) -> list[str]:
    return [f"down_{user}_{nodes[user].operands.index(number)}" for user in nodes[number].consumers]


# ---- what is said ------------------------------------------------------------------------------------------


def _sentences(nodes, order) -> list[dict]:
    result, last = written(nodes[-1].name), order.last
    computed = [(number, node) for number, node in enumerate(nodes) if node.local is not None]
    made = [
        sentence(
            "Step 0: only the inputs are known. Step forward to compute one node after the other.", when="step < 0.5"
        )
    ]
    for number, node in computed:
        step = order.forward[number]
        made.append(
            sentence(f"Step {step} of {last}, forward: {_equation(node)} = {{value_{number}}}.", when=_is(step))
        )
    seed = f"Step {order.seed} of {last}, the backward pass begins: ∂{result}/∂{result} = 1."
    made.append(sentence(seed, when=_is(order.seed)))
    gradients = [f"∂{result}/∂{text(node.name)} = {{gradient_{number}}}"
                 for number, node in enumerate(nodes) if node.local is None]  # fmt: skip
    for number, _ in computed:
        step = order.backward[number]
        # every number after the first begins with a comma of its own
        ending = (
            [" All gradients: ", *gradients[:1], *(f", {each}" for each in gradients[1:]), "."] if step == last else []
        )
        made.append(
            sentence(f"Step {step} of {last}, backward: ", *_chain_rule(nodes, number), *ending, when=_is(step))
        )
    return made


def _is(step: int) -> str:
    return f"step > {step - 0.5} and step < {step + 0.5}"


def _equation(node: Node) -> str:
    return f"{written(node.name)} = {text(node.expression)}" if node.named else text(node.expression)


def _chain_rule(nodes, number) -> list[str]:
    """Upstream × local = downstream for each operand of a node, in words and numbers."""
    node = nodes[number]
    names = [nodes[operand].symbol for operand in node.operands]
    several = f" (the sum from {len(node.consumers)} consumers)" if len(node.consumers) > 1 else ""
    parts = [f"{_equation(node)}: upstream gradient {{gradient_{number}}}", several]
    for k, symbol in enumerate(names):
        constant = isinstance(formula.substitute(node.derivative(k), {}), int | float)
        value = [] if constant else [f" = {{local_{number}_{k}}}"]
        words = f"; to {text(symbol)}: local {node.derivative_words(k, names)}"
        parts += [words, *value, f", downstream {{down_{number}_{k}}}"]
    return [*parts, "."]


def _rules(nodes, order, number) -> list[dict]:
    """What a click on the node says: before the backward pass has come to it, only its value."""
    node = nodes[number]
    result, own = written(nodes[-1].name), text(node.symbol)
    if node.local is not None:
        value = f"{_equation(node)} = {{value_{number}}}. Its gradients come in the backward pass."
        return [
            sentence(*_chain_rule(nodes, number), when=f"step > {order.backward[number] - 0.5}"),
            sentence(value, when=f"step > {order.forward[number] - 0.5}"),
            sentence(f"{_equation(node)}: not computed yet."),
        ]
    value = f"Input {own} = {{{node.name}}}"
    gradient = [f": ∂{result}/∂{own} = {{gradient_{number}}}"]
    terms = _from_consumers(nodes, number)
    if len(terms) > 1:
        gradient.append(", the sum of what its consumers send down: ")
        for k, term in enumerate(terms):
            gradient += [" and " * (k > 0), f"{{{term}}}"]
    else:
        gradient.append(", the downstream gradient that arrives here")
    return [
        sentence(value, *gradient, ".", when=f"step > {order.known(nodes, number) - 0.5}"),
        sentence(f"{value}. Its gradient comes in the backward pass."),
    ]


# ---- what is drawn -----------------------------------------------------------------------------------------


def _panel(nodes, order, steps) -> dict:
    """The picture as numbers: nodes in layers, and edges; where they are is said in places.py.

    A node: `above` and `below` (names of the numbers beside it, or None); rules (sentences that a click shows); round (an
    input: its upper number is that of a slider); beside (its numbers stand to its left); sum (`below` is one). An edge:
    `above` and `below` (numbers on it); ends (whether the last place is a node). aboveFrom, belowFrom: the first step at
    which the number is shown; now: the steps of the forward and of the backward pass that are about the part.
    """
    links = [(operand, number) for number, node in enumerate(nodes) for operand in node.operands]
    last = len(nodes) - 1
    drawn, edges = [], []
    for number, node in enumerate(nodes):
        leaf, several = node.local is None, len(node.consumers) > 1
        drawn.append({
            "name": node.name, "symbol": text(node.symbol), "label": node.label, "round": leaf,
            "above": node.name if leaf else None, "aboveFrom": 0,
            "below": f"gradient_{number}" if leaf or several else None, "belowFrom": order.known(nodes, number),
            "sum": several, "now": [0, 0] if leaf else [order.forward[number], order.backward[number]],
            "rules": _rules(nodes, order, number),
        })  # fmt: skip
    for start, end in links:
        leaf = nodes[start].local is None
        # The numbers of an input with one consumer stand at the input itself: there is room.
        alone = leaf and len(nodes[start].consumers) == 1
        edges.append({
            "ends": True,
            "above": None if leaf else f"value_{start}", "aboveFrom": order.forward[start],
            "below": None if alone else f"down_{end}_{nodes[end].operands.index(start)}",
            "belowFrom": order.backward[end], "now": [order.forward[end], order.backward[end]],
        })  # fmt: skip
    edges.append({
        "ends": False, "above": f"value_{last}", "aboveFrom": order.forward[last],
        "below": f"gradient_{last}", "belowFrom": order.seed, "now": [order.forward[last], order.seed],
    })  # fmt: skip
    title = ",   ".join(f"{written(name)} = {text(formula.parse(source))}" for name, source in steps.items())
    note = f"Above: values. Below, bold: gradients of {written(nodes[-1].name)}."
    panel = {"kind": "graph", "step": "step", "title": title, "note": note, "nodes": drawn, "edges": edges}
    return panel | places.placed(drawn, edges, links, least_width(title, note, 0))


KINDS["graph"] = graph_figure.draw
