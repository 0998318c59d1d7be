"""Where the nodes of a small graph go: layers from left to right, few crossings, edges around the nodes.

The method is Sugiyama's: (1) a layer for each node, (2) a stand-in node wherever an edge passes a layer, (3)
an order within each layer by the mean place of the neighbours, (4) rows as straight as that order allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12
_PULL_OF_JOINING = 0.01  # of an operation: 1
_ROOM_FOR_EDGE = 0.7  # rows between an edge that passes a node and that node
_ROOM_FOR_INPUT = 1.55  # rows between an input inside the graph, its numbers above and below it, and the next node


@dataclass
class Layout:
    """layer, row: the place of each node; paths: the (layer, row) of each edge's corners and ends."""

    layer: list[int]
    row: list[float]
    paths: list[list[tuple[float, float]]]
    rows: float  # the last row in use; the first is 0


def layered(count: int, edges: list[tuple[int, int]]) -> Layout:
    """A layout of `count` nodes, numbered from 0; each edge (from, to) leads to a later layer."""
    layer = _layers(count, edges)
    chains = _chains(count, edges, layer)
    layer += [0] * (max((node for chain in chains for node in chain), default=0) + 1 - count)
    for chain in chains:
        for step, node in enumerate(chain):
            layer[node] = layer[chain[0]] + step
    links = [pair for chain in chains for pair in pairwise(chain)]
    order = _ordered(count, layer, links)
    inputs = set(range(count)) - {end for _, end in edges}
    # What joins a chain half-way: an input whose consumer has an operation for its other operand.
    joining = {a for a, b in edges if a in inputs and any(c not in inputs for c, d in edges if d == b)}

    def room(node):
        inside = node in inputs and layer[node] > 0
        return _ROOM_FOR_INPUT if inside else 1.0 if node < count else _ROOM_FOR_EDGE

    row = _rows(order, links, room, joining)
    lowest = min(row)
    row = [place - lowest for place in row]
    paths = [[(layer[node], row[node]) for node in chain] for chain in chains]
    return Layout(layer[:count], row[:count], paths, max(row))


def _layers(count, edges) -> list[int]:
    """The longest way from an input to each node; inputs stand just before the first node that uses them."""
    layer = [0] * count
    for _ in range(count):
        for start, end in edges:
            layer[end] = max(layer[end], layer[start] + 1)
    targets = {end for _, end in edges}
    for node in range(count):
        uses = [layer[end] for start, end in edges if start == node]
        if node not in targets and uses:
            layer[node] = min(uses) - 1
    return layer


def _chains(count, edges, layer) -> list[list[int]]:
    """Each edge as the nodes that it passes: its start, a stand-in for each layer between, its end."""
    chains, new = [], count
    for start, end in edges:
        between = layer[end] - layer[start] - 1
        chains.append([start, *range(new, new + between), end])
        new += between
    return chains


def _ordered(count, layer, links) -> list[list[int]]:
    """The nodes of each layer from top to bottom, with few crossings: the best of several sweeps."""
    layers = [[node for node, at in enumerate(layer) if at == number] for number in range(max(layer) + 1)]
    # A first order that keeps what belongs together: depth first from the output.
    seen: list[int] = []

    def visit(node):
        if node not in seen:
            seen.append(node)
            for start, end in links:
                if end == node:
                    visit(start)

    for node in reversed(range(count)):
        visit(node)
    layers = [sorted(nodes, key=seen.index) for nodes in layers]
    found = [[list(nodes) for nodes in layers]]
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for nodes in layers if forward else reversed(layers):
            place = {node: k for each in layers for k, node in enumerate(each)}

            def mean(node, place=place, forward=forward):
                near = [place[a if forward else b] for a, b in links if node == (b if forward else a)]
                return sum(near) / len(near) if near else place[node]

            nodes.sort(key=mean)
        found.append([list(nodes) for nodes in layers])
    return min(found, key=lambda order: _crossings(order, links))


def _crossings(layers, links) -> int:
    place = {node: (number, k) for number, nodes in enumerate(layers) for k, node in enumerate(nodes)}
    spans = [(*place[a], place[b][1]) for a, b in links]
    return sum(
        one[0] == two[0] and (one[1] - two[1]) * (one[2] - two[2]) < 0
        for k, one in enumerate(spans) for two in spans[:k]
    )  # fmt: skip


def _rows(order, links, room, joining) -> list[float]:
    """A row for each node: near the mean of its neighbours, and no closer to the next than both need.

    Inputs that join a chain pull little: the chain stays straight, they stand above or below it.
    """
    row = {node: float(k) for nodes in order for k, node in enumerate(nodes)}
    near: dict[int, list] = {node: [] for node in row}
    for start, end in links:
        pull = _PULL_OF_JOINING if start in joining else 1.0
        near[start].append((end, pull))
        near[end].append((start, pull))
    for sweep in range(_SWEEPS * len(order)):
        for nodes in order if sweep % 2 == 0 else reversed(order):
            wanted = [
                sum(pull * row[other] for other, pull in near[node]) / sum(pull for _, pull in near[node])
                if near[node] else row[node]
                for node in nodes
            ]  # fmt: skip
            weights = [sum(pull for _, pull in near[node]) or 1.0 for node in nodes]
            gaps = [max(room(a), room(b)) for a, b in pairwise(nodes)]
            row.update(zip(nodes, _apart(wanted, weights, gaps), strict=True))
    return [round(row[node], 3) for node in range(len(row))]


def _apart(wanted: list[float], weights: list[float], gaps: list[float]) -> list[float]:
    """The places nearest to `wanted` (weighted least squares), neighbours at least `gaps` apart.

    Without the gaps this is the best rising sequence: neighbours in the wrong order are pooled.
    """
    shift = [sum(gaps[:k]) for k in range(len(wanted))]
    pools: list[list] = []  # [weighted sum, weight, number of nodes]
    for place, weight, offset in zip(wanted, weights, shift, strict=True):
        pools.append([weight * (place - offset), weight, 1])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            last = pools.pop()
            pools[-1] = [mine + more for mine, more in zip(pools[-1], last, strict=True)]
    level = [total / weight for total, weight, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(level, shift, strict=True)]
