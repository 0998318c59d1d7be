"""How the browser paints a surface: flat pieces in one go, as if cell by cell, from every side, around a hole."""

import numpy as np
import pytest

from helpers import explorers
from helpers.explorers.core.explorer import front_end
from helpers.explorers.core.paper import crosshair
from tests import front

SIZE, LINES = 200, 25

PAINT = f"""
const axis = (low, high) => ({{ low, high, label: "" }});
const panel = {{ x1: axis(-5, 5), x2: axis(-5, 5), z: axis(0, 1) }};
const box = {{ left: 0, top: 0, width: {SIZE}, height: {SIZE} }};
const lines = Float64Array.from({{ length: {LINES} }}, (_, k) => -5 + (10 * k) / {LINES - 1});
const colors = Array.from({{ length: 256 }}, (_, k) => [k, 0, 255 - k]);
return question.heights.map((z) => {{
  const buffer = new front.PixelBuffer();
  buffer.clear({SIZE}, {SIZE}, 0);
  const view = front.projection(box, question.camera);
  front.paintSurface(buffer, view, [1, 0, 0], panel, [lines, lines], z.map(Number), front.pixelTable(colors));
  return plain(buffer.pixels);
}});
"""


def painted(tmp_path, camera, *heights) -> list[np.ndarray]:
    """The pixels of these surfaces, (SIZE, SIZE, 4) each: red, green, blue, alpha."""
    heights = [["NaN" if np.isnan(value) else float(value) for value in z.ravel()] for z in heights]
    source = front_end() + "\nexport { PixelBuffer, paintSurface, pixelTable, projection };\n"
    answers = front.ask(tmp_path, PAINT, source, heights=heights, camera=camera)
    return [np.array(answer, dtype=np.uint32).view(np.uint8).reshape(SIZE, SIZE, 4).astype(int) for answer in answers]


def tower() -> np.ndarray:
    x = np.linspace(-5, 5, LINES)
    return np.where((np.abs(x)[:, None] < 2) & (np.abs(x) < 3), 1.0, 0.0)


@pytest.mark.parametrize("camera", [[-60, 32], [30, 32], [120, 60], [-150, 10]], ids=str)
def test_flat_pieces_look_as_cell_by_cell(tmp_path, camera):
    """A ripple of one part in 250 keeps the cells apart, and is hardly seen."""
    ripple = 0.004 * (np.indices((LINES, LINES)).sum(axis=0) % 2)
    flat, rippled, empty = painted(tmp_path, camera, tower(), np.abs(tower() - ripple), 0 * tower())
    assert (np.abs(flat - rippled).max(axis=-1) > 40).mean() < 0.02
    assert (np.abs(flat - empty).max(axis=-1) > 40).mean() > 0.04  # the tower is seen


def test_a_hole_stays_open(tmp_path):
    floor = np.zeros((LINES, LINES))
    holed = floor.copy()
    holed[3:6, 10:14] = np.nan
    whole, holed = ((each[..., 3] == 255) for each in painted(tmp_path, [-60, 60], floor, holed))
    # Every cell that touches one of the 3 × 4 missing points: 4 × 5 of them, of 24 × 24.
    assert (whole & ~holed).sum() / whole.sum() == pytest.approx(20 / 24**2, rel=0.05)
    assert not (holed & ~whole).any()


@pytest.mark.parametrize("azimuth, near", [(0, -1), (180, 0)])
def test_what_is_near_hides_what_is_far(tmp_path, azimuth, near):
    """A wall hides a bump that stands behind it, and not one that stands before it."""
    wall, bump = np.zeros((LINES, LINES)), np.zeros((LINES, LINES))
    wall[near], bump[10:14, 10:14] = 1, 0.8
    pictures = painted(tmp_path, [azimuth, 5], wall, np.maximum(wall, bump), wall[::-1], np.maximum(wall[::-1], bump))
    behind, before = ((pictures[k] != pictures[k + 1]).any(axis=-1).mean() for k in (0, 2))
    assert behind < 0.002 and before > 0.02


CROSS = """
const mathematics = new front.Mathematics(question.spec);
return question.settings.map((values) => {
  const variables = mathematics.variables(values);
  const found = front.crosshair({ mathematics, cross: question.cross }, question.panel, variables);
  return { at: found.at, words: found.words, lines: found.lines };
});
"""


@pytest.mark.parametrize("make", [explorers.tower, explorers.tower_challenge])
def test_the_crosshair_is_where_the_function_is_and_alike_on_paper(tmp_path, make):
    explorer = make()
    settings = [explorer.values | each for each in ({}, {"bias": -100}, {"bias": -150, "b": 200}, {"w": 3, "t": 9})]
    panels = [panel for panel in explorer.spec["panels"] if "cross" in panel]
    assert [panel["kind"] for panel in panels] == ["surface", "heat"]
    for panel in panels:
        answers = front.ask(tmp_path, CROSS, spec=explorer.spec, panel=panel, settings=settings, cross=panel["cross"])
        for setting, answer in zip(settings, answers, strict=True):
            front.move(explorer, setting)
            point, words, lines = crosshair(panel, explorer)
            assert answer["words"] == words
            np.testing.assert_allclose(answer["at"], point, atol=1e-12)
            for browser, python in zip(answer["lines"], lines, strict=True):
                np.testing.assert_allclose(browser, python, atol=1e-9)
            x1, x2 = np.array(lines).transpose(2, 0, 1)[:2]
            np.testing.assert_allclose(np.array(lines)[..., 2], explorer.evaluate(panel["function"], x1=x1, x2=x2))
            (ax,) = (
                ax for ax in explorer.figure().axes if ax.get_title(loc="left").replace("\n", " ") == panel["title"]
            )
            assert panel["kind"] == "heat" or words in [text.get_text() for text in ax.texts]
    front.move(explorer, settings[1])
    assert crosshair(panels[0], explorer)[1] == "f is 0.500 at (3.50, 0.00)"  # an arm
