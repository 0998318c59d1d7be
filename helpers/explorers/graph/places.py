"""Where the parts of a graph are drawn, and where the numbers on its edges stand: no number covers another thing.

A place is sent as (pixels, share, row): the nodes keep their width, and the room between them is shared. Places are chosen for
the least width at which the graph is drawn. Whoever has more room pulls them apart sideways, so what is apart stays apart.
"""

from __future__ import annotations

from itertools import pairwise

from helpers.explorers.graph.layered_layout import layered

LEFT, RIGHT = 75, 14  # CSS pixels between the border and the first node, with its numbers, and the last
NODE = 26  # CSS pixels, height of a node
CHIP = (46, 20)  # CSS pixels, the frame of a number that can be seized
_TOP, _BOTTOM = 74, 28  # above the first row (title, note, a number) and below the last
#: CSS pixels between two layers of nodes, at least, and from row to row: the first with which no number covers anything.
_ROOM = ((54, 42), (58, 50), (62, 58), (68, 68))
_NUMBER = (52, 13)  # CSS pixels, the largest number on an edge
_SHARES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)  # of the way along a part of an edge
_ROUNDS, _COVERED = 3, 100.0


def placed(nodes: list[dict], edges: list[dict], links: list[tuple[int, int]], least: float) -> dict:
    """Give nodes and edges their places; what the panel has to know of the whole. The last edge leads out of the graph.

    least: CSS pixels that the panel needs for other reasons. Adds to a node place, width, beside; to an edge path (its
    corners and ends), and `numbers`: the places of the numbers on it.
    """
    layout = layered(len(nodes), links)
    gaps = layout.layer[-1] + 1  # the result has an edge that leads to the layer behind it, where there is no node
    widths = [8.0] * (gaps + 1)
    for layer, node in zip(layout.layer, nodes, strict=True):
        node |= {"width": max(26, 12 + 6.6 * len(node["label"])), "beside": node["round"] and layer == 0}
        inside = node["round"] and layer > 0  # its numbers stand above and below it
        widths[layer] = max(widths[layer], CHIP[0] + 4 if inside else node["width"])

    def place(layer, row):
        return [sum(widths[:layer]) + widths[layer] / 2, layer / gaps, row]

    for node, layer, row in zip(nodes, layout.layer, layout.row, strict=True):
        node["place"] = place(layer, row)
    out = [(layer, layout.row[-1]) for layer in (gaps - 1, gaps)]
    for edge, path in zip(edges, [*layout.paths, out], strict=True):
        edge["path"] = [place(*at) for at in path]
    fixed = sum(widths)
    panel = {"fixed": fixed, "top": _TOP}
    for gap, row in _ROOM:
        panel["least"] = round(max(least, LEFT + RIGHT + fixed + gaps * gap))
        panel |= {"rowHeight": row, "height": round(_TOP + layout.rows * row + _BOTTOM)}
        if _place_numbers(nodes, edges, panel) < _COVERED:
            break
    return panel


def on_canvas(panel: dict, place, width: float) -> tuple[float, float]:
    """Where a place is in a panel of this width, in CSS pixels from its left upper corner."""
    pixels, share, row = place
    return LEFT + pixels + share * (width - LEFT - RIGHT - panel["fixed"]), panel["top"] + row * panel["rowHeight"]


def ends_of(edge: dict, nodes: list[dict]) -> list[list[float]]:
    """The places of the corners of an edge, from the border of its first node to that of its last."""
    wide = {tuple(node["place"]): node["width"] for node in nodes}
    points = [list(place) for place in edge["path"]]
    points[0][0] += wide.get(tuple(edge["path"][0]), 0) / 2
    points[-1][0] -= wide.get(tuple(edge["path"][-1]), 0) / 2 * edge["ends"]
    return points


def _place_numbers(nodes, edges, panel) -> float:
    """Choose, for the numbers of one edge after the other, the place that covers least; give the cost of the worst."""
    around = [box for node in nodes for box in _boxes_of_node(node, on_canvas(panel, node["place"], panel["least"]))]
    ways = [ends_of(edge, nodes) for edge in edges]
    counts = [sum(edge[key] is not None for key in ("above", "below")) for edge in edges]
    candidates = {k: list(_candidates(k, count, ways, around, panel)) for k, count in enumerate(counts) if count}
    chosen: dict[int, list] = {}
    costs: dict[int, float] = {}
    for _ in range(_ROUNDS):
        for k, found in candidates.items():
            others = [box for other, boxes in chosen.items() if other != k for box in boxes]
            costs[k], edges[k]["numbers"], chosen[k] = min(
                ((cost + _COVERED * sum(_over(box, other) for box in boxes for other in others), numbers, boxes)
                 for cost, numbers, boxes in found), key=lambda each: each[0],
            )  # fmt: skip
    for edge, count in zip(edges, counts, strict=True):
        edge |= {} if count else {"numbers": []}
    return max(costs.values())


def _candidates(k, count, ways, around, panel):
    """(cost, places, boxes) of the numbers of edge k: above the line, below it, or one on each side."""
    lines = [[on_canvas(panel, place, panel["least"]) for place in way] for way in ways]
    for part, ends in enumerate(pairwise(ways[k])):
        (x0, y0), (x1, y1) = lines[k][part : part + 2]
        slope = abs(y1 - y0) / max(x1 - x0, 1)
        for share in _SHARES:
            middle = [first + share * (last - first) for first, last in zip(*ends, strict=True)]
            x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
            # Beside the line, and clear of the nodes at its ends where it is too short for a number.
            tight = min(share, 1 - share) * (x1 - x0) < _NUMBER[0] / 2 + 2
            clear = NODE / 2 + _NUMBER[1] / 2 + 2 if slope < 0.12 and tight else 9.5 + slope * _NUMBER[0] / 2
            far = clear + _NUMBER[1]
            for sides in ([-clear, clear], [-far, -clear], [clear, far]) if count == 2 else ([-clear], [clear]):
                boxes = [(x, y + side, *_NUMBER) for side in sides]
                covered = sum(_over(box, other) for box in boxes for other in around)
                pairs = () if covered else (pair for line in lines for pair in pairwise(line))
                crossed = sum(_crossed(box, *pair) for pair in pairs for box in boxes)
                cost = _COVERED * covered + 4 * crossed + 6 * abs(share - 0.5) + 1.5 * part + (sides[0] != -clear)
                yield cost, [[*middle[:2], middle[2] + side / panel["rowHeight"]] for side in sides], boxes


def _boxes_of_node(node, at):
    """(x, y, width, height) of a node and of the numbers beside it."""
    x, y = at
    yield x, y, node["width"] + 6, NODE + 4
    left = x - node["width"] / 2 - 4
    if node["above"]:
        yield (left - CHIP[0] / 2, y - 9, *CHIP) if node["beside"] else (x, y - 26, *CHIP)
    if node["below"]:
        yield (left - 29, y + 11, 58, 13) if node["beside"] else (x, y + 21, 58, 13)


def _over(one, other) -> bool:
    """Whether two boxes overlap, a pixel of air included."""
    (x, y, w, h), (x2, y2, w2, h2) = one, other
    return abs(x - x2) < (w + w2) / 2 + 1 and abs(y - y2) < (h + h2) / 2


def _crossed(box, start, end) -> bool:
    """Whether the line from start to end passes through the box."""
    x, y, w, h = box
    (x0, y0), (x1, y1) = start, end
    low, high = max(x - w / 2, min(x0, x1)), min(x + w / 2, max(x0, x1))
    if low > high:
        return False
    first, last = (y0 + (y1 - y0) * (at - x0) / ((x1 - x0) or 1) for at in (low, high))
    return max(first, last) > y - h / 2 and min(first, last) < y + h / 2
