"""Surfaces z = f(x1, x2) for static pictures, drawn with the geometry of `explorers/core/surface.js`.

The same projection, the same lines where the function is steep, the same light. (matplotlib's own 3-D plots
leave sawtooth edges on a tower, and need a second for eight of them.)
"""

from __future__ import annotations

import numpy as np
from matplotlib.collections import PolyCollection, TriMesh
from matplotlib.colors import to_rgb
from matplotlib.tri import Triangulation

from helpers.pictures.readable import readable, ticks

_HALF_HEIGHT = 0.62  # half of the box's height, where half of its sides is 1
_TARGET = "#f0a045"  # the colour of the box that a surface is to fill
_MESH = 10  # lines on the surface divide each side into so many parts


def adaptive_lines(function, x1: tuple[float, float], x2: tuple[float, float], span: float, count: int, coarse=40):
    """Places for lines on each axis, denser where `function(x1, x2)` is steep; `span` is the range of heights.

    Returns two arrays of count + 1 places. The places of the mesh lines are among them.
    """
    grid = [np.linspace(*limits, coarse) for limits in (x1, x2)]
    z = np.broadcast_to(function(grid[0][:, None], grid[1][None, :]), (coarse, coarse))
    with np.errstate(invalid="ignore"):
        changes = [
            np.nan_to_num(np.abs(np.diff(z, axis=0)).max(axis=1)),
            np.nan_to_num(np.abs(np.diff(z, axis=1)).max(axis=0)),
        ]
    return [_spread(change, *limits, span, count) for change, limits in zip(changes, (x1, x2), strict=True)]


def _spread(changes, low, high, span, count):
    parts = len(changes)
    padded = np.pad(changes, 1)
    near = np.maximum(padded[:-2], padded[2:])
    weight = 1 / parts + 0.25 * np.minimum(1, np.maximum(changes, near / 2) / span)
    reached = np.concatenate([[0], np.cumsum(weight)])
    lines = np.interp(np.linspace(0, reached[-1], count + 1), reached, np.linspace(low, high, parts + 1))
    for place in np.linspace(low, high, _MESH + 1):
        lines[np.abs(lines - place).argmin()] = place
    return lines


def _project(camera):
    azimuth, elevation = np.radians(camera)

    def to_page(x, y, z):
        across = -np.sin(azimuth) * x + np.cos(azimuth) * y
        up = -np.sin(elevation) * (np.cos(azimuth) * x + np.sin(azimuth) * y) + np.cos(elevation) * z
        return np.stack(np.broadcast_arrays(across, up), axis=-1)

    toward_viewer = np.cos(azimuth) >= 0, np.sin(azimuth) >= 0
    return to_page, toward_viewer


def draw_surface(ax, panel, lines, z, camera, colors, small=False, cross=None):
    """Draw heights `z` over the grid of `lines` (x1 along its rows) on `ax`, as `surface.js` does.

    Cells are painted from the back to the front, each as two triangles with the colours of its corners. cross: a place
    (x1, x2, z), its words, and lines through it, arrays (n, 3), over the surface.
    """
    to_page, forward = _project(camera)
    low, high = panel["z"]["low"], panel["z"]["high"]
    level = np.clip((z - low) / (high - low), 0, 1)
    # A wall that is one cell wide would be coloured straight from dark to light, past all colours in between.
    rows, level = _refined(lines[0], level)
    columns, turned = _refined(lines[1], level.T)
    lines, level = (rows, columns), turned.T
    x, y = (
        2 * (line - panel[key]["low"]) / (panel[key]["high"] - panel[key]["low"]) - 1
        for line, key in zip(lines, ("x1", "x2"), strict=True)
    )
    points = to_page(x[:, None], y[None, :], _HALF_HEIGHT * (2 * level - 1))
    slope_x = _HALF_HEIGHT * np.diff(level[:, :-1] + level[:, 1:], axis=0) / np.diff(x)[:, None]
    slope_y = _HALF_HEIGHT * np.diff(level[:-1] + level[1:], axis=1) / np.diff(y)[None, :]
    cosine = (0.86 + 0.36 * slope_x - 0.36 * slope_y) / np.sqrt(1 + slope_x**2 + slope_y**2)
    light = 0.55 + 0.5 * np.clip(0.28 + 0.84 * cosine, 0, 1)

    order = [np.arange(len(line) - 1)[:: 1 if front else -1] for line, front in zip((x, y), forward, strict=True)]
    i, j = (index.ravel() for index in np.meshgrid(*order, indexing="ij"))
    corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
    place = np.stack([points[corner] for corner in corners], axis=1)  # (cells, 4, 2)
    color = np.stack([colors(level[corner])[:, :3] * light[i, j][:, None] for corner in corners], axis=1)
    is_mesh = [np.isclose((line + 1) * _MESH / 2 % 1, [[0], [1]], atol=1e-7).any(axis=0) for line in (x, y)]
    edges = [(is_mesh[0][i], 0, 1), (is_mesh[0][i + 1], 3, 2), (is_mesh[1][j], 0, 3), (is_mesh[1][j + 1], 1, 2)]
    # Everything of one cell stays together, so that a nearer cell hides it: its quadrilateral, then its mesh lines.
    quadrilaterals = [(place, color, np.isfinite(place).all(axis=(1, 2)))]
    quadrilaterals += [(*_thick(place, color, start, end, 0.008 if small else 0.005), on) for on, start, end in edges]
    triangles = [[0, 1, 2], [0, 2, 3]]
    shapes = np.stack([quad[:, triangles] for quad, _, _ in quadrilaterals], axis=1)
    tints = np.stack([tint[:, triangles] for _, tint, _ in quadrilaterals], axis=1)
    drawn = np.stack([on & quadrilaterals[0][2] for _, _, on in quadrilaterals], axis=1)
    shapes, tints = shapes[drawn].reshape(-1, 2), np.clip(tints[drawn].reshape(-1, 3), 0, 1)

    _box(ax, panel, to_page, forward, small)
    if not len(shapes):
        return  # a function that is nowhere finite: an empty box
    mesh = TriMesh(Triangulation(*shapes.T, np.arange(len(shapes)).reshape(-1, 3)), zorder=3)
    mesh.set_facecolor(np.column_stack([tints, np.ones(len(tints))]))
    ax.add_collection(mesh, autolim=False)
    if "target" in panel:
        ax.add_collection(_target(panel, to_page, forward), autolim=False)
    if cross:
        _cross(ax, panel, to_page, *cross)


def _cross(ax, panel, to_page, place, words, lines):
    """The crosshair over the surface: white under dashed black, with its words."""
    for line in lines:
        along = _on_page(panel, to_page, line).T
        ax.plot(*along, color="white", linewidth=2, zorder=5)
        ax.plot(*along, color="black", linewidth=1.2, linestyle=(0, (4, 3)), zorder=5)
    point = _on_page(panel, to_page, place)
    ax.plot(*point, "o", color="black", markeredgecolor="white", markersize=6, zorder=6)
    ax.annotate(words, point, (0, 9), textcoords="offset points", ha="center", fontsize=8, zorder=7,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8})  # fmt: skip


def _on_page(panel, to_page, places):
    """Where places (…, 3) of x1, x2, z come to lie."""
    axes = [panel[key] for key in ("x1", "x2", "z")]
    low, high = (np.array([axis[end] for axis in axes]) for end in ("low", "high"))
    scaled = (2 * (np.asarray(places, dtype=float) - low) / (high - low) - 1) * (1, 1, _HALF_HEIGHT)
    return to_page(*np.moveaxis(scaled, -1, 0))


def _target(panel, to_page, forward):
    """The three sides that are seen of the translucent box `panel["target"]`, from the floor to its top."""
    x1, x2 = panel["target"]["x1"], panel["target"]["x2"]
    ends = panel["z"]["low"], panel["target"]["top"]
    near = x1[int(forward[0])], x2[int(forward[1])]
    order = [(0, 0), (1, 0), (1, 1), (0, 1)]
    sides = [[(x1[i], x2[j], ends[1]) for i, j in order], [(near[0], x2[i], ends[j]) for i, j in order],
             [(x1[i], near[1], ends[j]) for i, j in order]]  # fmt: skip
    faces = _on_page(panel, to_page, sides)
    return PolyCollection(faces, facecolors=(*to_rgb(_TARGET), 0.2), edgecolors=_TARGET, linewidths=1.5, zorder=4)


def _refined(lines, level, parts=5, most=0.25):
    """More lines, and the levels between, where the level changes by more than `most` from one line to the next."""
    steep = np.nan_to_num(np.abs(np.diff(level, axis=0)).max(axis=1)) > most
    index = np.concatenate([k + np.arange(parts if split else 1) / parts for k, split in enumerate(steep)])
    index = np.append(index, len(lines) - 1)
    before = np.minimum(index.astype(int), len(lines) - 2)
    share = index - before
    return (
        lines[before] * (1 - share) + lines[before + 1] * share,
        level[before] * (1 - share)[:, None] + level[before + 1] * share[:, None],
    )


def _thick(place, color, start, end, width):
    """The edge of each cell from corner `start` to corner `end`, as a thin dark quadrilateral."""
    p, q = place[:, start], place[:, end]
    along = q - p
    length = np.maximum(np.hypot(*along.T), 1e-12)[:, None]
    across = width / 2 * np.column_stack([-along[:, 1], along[:, 0]]) / length
    dark = 0.45 * np.stack([color[:, start], color[:, start], color[:, end], color[:, end]], axis=1)
    return np.stack([p + across, p - across, q - across, q + across], axis=1), dark


def _box(ax, panel, to_page, forward, small):
    side_x, side_y = (1 if front else -1 for front in forward)
    H = _HALF_HEIGHT
    walls = [
        [(-1, -1, -H), (1, -1, -H), (1, 1, -H), (-1, 1, -H)],
        [(-side_x, -1, -H), (-side_x, 1, -H), (-side_x, 1, H), (-side_x, -1, H)],
        [(-1, -side_y, -H), (1, -side_y, -H), (1, -side_y, H), (-1, -side_y, H)],
    ]
    ax.add_collection(
        PolyCollection([[to_page(*corner) for corner in wall] for wall in walls], facecolors="white", edgecolors="0.85")
    )
    plain = panel.get("plain", False)
    ax.set_aspect("equal")
    ax.set_xlim(*((-1.45, 1.45) if plain else (-1.75, 1.75)))
    ax.set_ylim(to_page(side_x * 1.3, side_y * 1.3, -H)[1], to_page(-side_x, -side_y, H)[1] + 0.05)
    ax.axis("off")
    if plain:
        return
    size = 6.5 if small else 8

    def label(place, text, **alignment):
        ax.annotate(text, to_page(*place), fontsize=size, annotation_clip=False, **alignment)

    corner = min(((1, 1), (1, -1), (-1, 1), (-1, -1)), key=lambda xy: to_page(*xy, 0.0)[0])
    for value in ticks(panel["z"]["low"], panel["z"]["high"], 2 if small else 4):
        height = H * (2 * (value - panel["z"]["low"]) / (panel["z"]["high"] - panel["z"]["low"]) - 1)
        # the lowest shares its corner with the ticks of the floor
        label((*corner, height), readable(value) + "  ", ha="right", va="bottom" if height == -H else "center")
    for key, place in (("x1", lambda t: (t, 1.16 * side_y, -H)), ("x2", lambda t: (1.16 * side_x, t, -H))):
        axis = panel[key]
        for value in ticks(axis["low"], axis["high"], 2 if small else 4):
            label(
                place(2 * (value - axis["low"]) / (axis["high"] - axis["low"]) - 1),
                readable(value),
                ha="center",
                va="center",
            )
    away = 1.48 if small else 1.36
    label((0.5 * side_x, away * side_y, -H), panel["x1"]["label"], ha="center", va="center")
    label((away * side_x, 0.5 * side_y, -H), panel["x2"]["label"], ha="center", va="center")
