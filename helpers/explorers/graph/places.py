"""Where the parts of a graph are drawn, and where the numbers on its edges stand: no number covers another thing.

A place is sent as (pixels, share, row): the nodes keep their width, and the room between them is shared. Places are chosen for
the least width at which the graph is drawn. Whoever has more room pulls them apart sideways, so what is apart stays apart.
"""

from __future__ import annotations

from itertools import pairwise

from helpers.explorers.graph.layered_layout import layered

LEFT, RIGHT = 68, 14  # CSS pixels between the border and the first node, with its numbers, and the last
NODE = 26  # CSS pixels, height of a node
_ROW = 42  # CSS pixels from one row of nodes to the next
_TOP, _BOTTOM = 74, 28  # above the first row (title, note, a number) and below the last
_GAP = 57  # CSS pixels between two layers of nodes, at least
_NUMBER = (53, 13)  # CSS pixels, the largest number on an edge
_SHARES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)  # of the way along a part of an edge
_ROUNDS = 3


def placed(nodes: list[dict], edges: list[dict], links: list[tuple[int, int]], least: float) -> dict:
    """Give nodes and edges their places; what the panel has to know of the whole. The last edge leads out of the graph.

    least: CSS pixels that the panel needs for other reasons. Adds to a node place, width, beside; to an edge path (its
    corners and ends), and `at`: the place of its numbers, and on which side of it they are: −1 above, 1 below, 0 one on each.
    """
    layout = layered(len(nodes), links)
    gaps = layout.layer[-1] + 1  # the result has an edge that leads to the layer behind it, where there is no node
    widths = [8.0] * (gaps + 1)
    for layer, node in zip(layout.layer, nodes, strict=True):
        node["width"] = max(26, 12 + 6.6 * len(node["label"]))
        widths[layer] = max(widths[layer], node["width"])

    def place(layer, row):
        return [sum(widths[:layer]) + widths[layer] / 2, layer / gaps, row]

    for node, layer, row in zip(nodes, layout.layer, layout.row, strict=True):
        node |= {"place": place(layer, row), "beside": node["round"] and layer == 0}
    out = [(layer, layout.row[-1]) for layer in (gaps - 1, gaps)]
    for edge, path in zip(edges, [*layout.paths, out], strict=True):
        edge["path"] = [place(*at) for at in path]
    fixed = sum(widths)
    least = round(max(least, LEFT + RIGHT + fixed + gaps * _GAP))
    panel = {"fixed": fixed, "least": least, "rowHeight": _ROW, "top": _TOP,
             "height": round(_TOP + layout.rows * _ROW + _BOTTOM)}  # fmt: skip
    _place_numbers(nodes, edges, panel)
    return panel


def on_canvas(panel: dict, place, width: float) -> tuple[float, float]:
    """Where a place is in a panel of this width, in CSS pixels from its left upper corner."""
    pixels, share, row = place
    return LEFT + pixels + share * (width - LEFT - RIGHT - panel["fixed"]), panel["top"] + row * panel["rowHeight"]


def corners(panel: dict, nodes: list[dict], edge: dict, width: float) -> list[tuple[float, float]]:
    """The corners of an edge from the border of its first node to that of its last."""
    points = [on_canvas(panel, place, width) for place in edge["path"]]
    wide = {tuple(node["place"]): node["width"] for node in nodes}
    points[0] = (points[0][0] + wide.get(tuple(edge["path"][0]), 0) / 2, points[0][1])
    points[-1] = (points[-1][0] - wide.get(tuple(edge["path"][-1]), 0) / 2 * edge["ends"], points[-1][1])
    return points


def number_places(start, end, share: float, side: int, count: int) -> list[tuple[float, float]]:
    """The middles of the numbers (one or two) beside the line from start to end, `share` of the way, as the browser does it.

    side: −1 above the line, 1 below it, 0 one on each side, a single one above.
    """
    (x0, y0), (x1, y1) = start, end
    x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    wide, high = _NUMBER
    slope = abs(y1 - y0) / max(x1 - x0, 1)
    clear = 9.5 + slope * wide / 2
    if slope < 0.12 and x1 - x0 < wide + 4:
        clear = NODE / 2 + high / 2 + 2  # clear of the nodes at both ends
    if side == 0:
        return [(x, y - clear), (x, y + clear)][:count]
    first = y - clear - high * (count - 1) if side < 0 else y + clear
    return [(x, first + high * k) for k in range(count)]


def _place_numbers(nodes, edges, panel) -> None:
    """Choose, for the numbers of one edge after the other, the place that covers least: a few times over."""
    width = panel["least"]
    lines = [corners(panel, nodes, edge, width) for edge in edges]
    around = [box for node in nodes for box in _boxes_of_node(node, on_canvas(panel, node["place"], width))]
    counts = [sum(edge[key] is not None for key in ("above", "below")) for edge in edges]
    candidates = {k: list(_candidates(k, count, lines, around)) for k, count in enumerate(counts) if count}
    chosen: dict[int, list] = {}
    for _ in range(_ROUNDS):
        for k, found in candidates.items():
            others = [box for other, boxes in chosen.items() if other != k for box in boxes]
            _, place, chosen[k] = min(
                ((cost + 100 * sum(_over(box, other) for box in boxes for other in others), place, boxes)
                 for cost, place, boxes in found), key=lambda each: each[0],
            )  # fmt: skip
            edges[k]["at"] = place


def _candidates(k, count, lines, around):
    """(cost, [part of the edge, share of it, side], boxes of the numbers) of each place for the numbers of edge k."""
    for part, (start, end) in enumerate(pairwise(lines[k])):
        for share in _SHARES:
            for side in (0, -1, 1):
                boxes = [(*at, *_NUMBER) for at in number_places(start, end, share, side, count)]
                covered = sum(_over(box, other) for box in boxes for other in around)
                crossed = sum(_crossed(box, *ends) for box in boxes for line in lines for ends in pairwise(line))
                cost = 100 * covered + 4 * crossed + 6 * abs(share - 0.5) + 1.5 * part + 1.2 * abs(side)
                yield cost, [part, share, side], boxes


def _boxes_of_node(node, at):
    """(x, y, width, height) of a node and of the numbers beside it."""
    x, y = at
    yield x, y, node["width"] + 6, NODE + 4
    left = x - node["width"] / 2 - 30
    if node["above"]:
        yield (left, y - 9, 56, 22) if node["beside"] else (x, y - 26, 56, 22)
    if node["below"]:
        yield (left, y + 11, 62, 14) if node["beside"] else (x, y + 21, 62, 14)


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
