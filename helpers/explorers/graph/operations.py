"""A scalar expression as a list of operations: the nodes of its computation graph, and their derivatives.

Named steps such as {"u": "w*x + b", "f": "sigmoid(u)"} become nodes in the order in which they are computed.
What is used twice is one node with two consumers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from helpers.errors import InputError
from helpers.explorers.notation import name as written
from helpers.explorers.notation import text
from helpers.formulas import browser as formula
from helpers.formulas.browser import Tree

#: Derivatives as a course writes them, where they are computed in another form.
_LOCAL_WORDS = {"tanh": "1 − tanh²({})", "sigmoid": "σ({0})·(1 − σ({0}))"}


@dataclass
class Node:
    """One operation, or an input of the graph (which has no `local` tree).

    local: the operation in p0, p1, which stand for its operands; operands: their numbers; expression: the
    same for a reader, in the names of the operands; consumers: the numbers of the nodes that use this one.
    """

    local: Tree | None
    operands: list[int]
    name: str
    expression: Tree
    named: bool = False
    consumers: list[int] = field(default_factory=list)

    @property
    def symbol(self) -> Tree:
        """What other nodes call this one: its name, or what it computes if it has none."""
        return self.name if self.named else self.expression

    def derivative(self, k: int) -> Tree:
        """The local derivative with respect to operand k, in p0, p1."""
        return formula.derivative(self.local, f"p{k}")

    def derivative_words(self, k: int, names: list[Tree]) -> str:
        """The local derivative as a course writes it, in the names of the operands."""
        if self.local[0] in _LOCAL_WORDS and self.local[1] == "p0":
            return _LOCAL_WORDS[self.local[0]].format(text(names[0]))
        return text(formula.substitute(self.derivative(k), {f"p{i}": name for i, name in enumerate(names)}))

    @property
    def label(self) -> str:
        """What stands in the picture of the node: the input's name, or the sign of the operation."""
        if self.local is None:
            return written(self.name)
        match self.local:
            case ["*", "p0", "p1"]:
                return "×"
            case ["/", "p0", "p1"]:
                return "÷"
            case [("+" | "-") as sign, "p0", "p1"]:
                return "−" if sign == "-" else "+"
            case ["*", (int() | float()) as factor, "p0"] | ["*", "p0", (int() | float()) as factor]:
                return f"{text(factor)} ×"
            case [("maximum" | "minimum") as function, "p0", "p1"]:
                return function[:3]
            case ["negative", "p0"]:
                return "× (−1)"
            case ["negative", [function, "p0"]]:
                return f"−{written(function)}"
            case [function, "p0"]:
                return written(function)
            case _:
                return text(formula.substitute(self.local, {"p0": "□", "p1": "□"}))


def operations(steps: dict[str, str]) -> list[Node]:
    """The nodes of named steps, each after its operands; the last one is the result.

    Raises InputError where a step is no formula, depends on itself or on a later one, or is used by none.
    """
    builder = _Builder(steps)
    for name in steps:
        builder.define(name)
    nodes = _merged(builder.nodes)
    for number, node in enumerate(nodes):
        for operand in node.operands:
            nodes[operand].consumers.append(number)
    for node in nodes[:-1]:
        if not node.consumers:
            raise InputError(f"the step {node.name!r} is used by no later step: leave it out, or put it last")
    return nodes


class _Builder:
    def __init__(self, steps):
        self.steps = steps
        self.nodes: list[Node] = []
        self.known: dict[str, int] = {}  # an operation on certain nodes, or a name -> its node

    def define(self, name: str) -> None:
        """Add the nodes of the step of this name."""
        try:
            tree = formula.parse(self.steps[name])
        except ValueError as problem:
            raise InputError(f"the step {name} is not understood: {problem}") from None
        later = [used for used in formula.names(tree) if used in self.steps and used not in self.known]
        if later:
            raise InputError(f"the step {name} uses {later[0]}, which is computed after it: change the order")
        number = self.visit(tree)
        if not isinstance(number, int) or isinstance(tree, str | int | float):
            raise InputError(f"the step {name} = {self.steps[name]} computes nothing: write an operation")
        node = self.nodes[number]
        if not node.named:
            node.name, node.named = name, True
        self.known[name] = number

    def visit(self, tree: Tree) -> int | tuple[float]:
        """The number of the node that computes `tree`, or (value,) for a constant."""
        if isinstance(tree, str):
            if tree not in self.known:
                self.known[tree] = self._append(Node(None, [], tree, tree, named=True))
            return self.known[tree]
        if not isinstance(tree, list):
            return (tree,)
        parts = [self.visit(operand) for operand in tree[1:]]
        operands = list(dict.fromkeys(part for part in parts if isinstance(part, int)))
        local = [
            tree[0],
            *(part[0] if isinstance(part, tuple) else f"p{operands.index(part)}" for part in parts),
        ]
        if not operands:
            return (float(formula.evaluate(local, {})),)
        key = json.dumps([local, operands])
        if key not in self.known:
            names = {f"p{k}": self.nodes[operand].symbol for k, operand in enumerate(operands)}
            expression = formula.substitute(local, names)
            self.known[key] = self._append(Node(local, operands, text(expression), expression))
        return self.known[key]

    def _append(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1


def _merged(nodes: list[Node]) -> list[Node]:
    """Chains such as 1 + t, then halved, as one node (1 + t)/2; −log(f) as one node too.

    Only constants are swallowed this way, and only where the inner step has no name and no other consumer.
    """
    uses = [sum(number in node.operands for node in nodes) for number in range(len(nodes))]
    gone = set()
    for node in nodes:
        while node.local is not None and len(node.operands) == 1:
            inner = nodes[node.operands[0]]
            # A minus joins any function of one operand, other constants only a chain of constants.
            fits = node.local == ["negative", "p0"] or (_affine(node.local) and _affine(inner.local))
            if inner.named or uses[node.operands[0]] > 1 or len(inner.operands) != 1 or not fits:
                break
            gone.add(node.operands[0])
            node.local = formula.substitute(node.local, {"p0": inner.local})
            node.operands = inner.operands
    kept = [number for number in range(len(nodes)) if number not in gone]
    for number in kept:
        nodes[number].operands = [kept.index(operand) for operand in nodes[number].operands]
    return [nodes[number] for number in kept]


def _affine(local: Tree | None) -> bool:
    """Whether the operation only adds, multiplies or divides by constants."""
    if not isinstance(local, list):
        return local == "p0"
    inner = [operand for operand in local[1:] if isinstance(operand, list | str)]
    return local[0] in ("+", "-", "*", "/", "negative") and len(inner) == 1 and _affine(inner[0])
