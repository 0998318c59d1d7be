"""Panels of different kinds in one picture: where they go in the browser and on paper, who knows them."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from helpers import explorers
from helpers.explorers.core.explorer import Explorer, Parameter, front_end
from helpers.explorers.core.lines import line, number
from helpers.explorers.core.panels import axis, beside, curve, curves, sentence
from helpers.explorers.core.paper import KINDS
from tests import front

LAYOUT = """
const tenth = (width) => width / 10;
const panels = question.panels.map((panel) =>
  ({ panel, wide: panel.kind === "curves", element: panel.element, height: panel.tall ? tenth : undefined }));
return front.layoutOf(panels, question.spec, question.width);
"""


#: What a panel of curves draws, on a canvas that only takes notes: rectangles, words with their width, lines.
DRAWN = """
const box = { left: 0, top: 0, ...question.box };
const theme = { lines: ["a", "b", "c", "d", "e", "f"], text: "text", background: "paper", band: "band", axis: "axis" };
return question.settings.map((values) => {
  const [rectangles, words, dashed] = [[], [], []];
  let [dash, path] = [[], []];
  const notes = {
    fillRect: (...at) => rectangles.push([notes.fillStyle, ...at]), measureText: (text) => ({ width: 7 * text.length }),
    fillText: (text, x, y) => words.push([text, x, y]), setLineDash: (given) => { dash = given; },
    beginPath: () => { path = []; }, moveTo: (x) => path.push(x), stroke: () => { if (dash.length && path.length === 1) dashed.push(path[0]); },
  };
  const context = new Proxy(notes, { get: (of, name) => of[name] ?? (() => {}) });
  const mathematics = new front.Mathematics(question.spec);
  const picture = { spec: question.spec, mathematics, words: front.Picture.prototype.words, theme };
  const panel = new front.KINDS.curves(picture, question.panel);
  const variables = mathematics.variables(values);
  front.drawCurves(context, box, question.panel, panel.contents(box, variables, {}), theme);
  return { rectangles, words, dashed };
});
"""


def drawn(folder, explorer, number, settings, width=600, height=400):
    settings = [explorer.values | each for each in settings]
    box, panel = {"width": width, "height": height}, explorer.spec["panels"][number]
    return front.ask(folder, DRAWN, spec=explorer.spec, panel=panel, settings=settings, box=box)


def layout(folder, panels, width, columns=2, ratio=0.5, **more):
    answer = front.ask(folder, LAYOUT, panels=panels, width=width, spec={"columns": columns, "ratio": ratio} | more)
    return answer["boxes"], answer["height"]


def test_a_panel_with_a_height_has_a_row_of_its_own(tmp_path):
    kinds = [{"kind": "curves"}, {"kind": "curves"}, {"kind": "graph", "height": 300}, {"kind": "curves"}]
    boxes, height = layout(tmp_path, kinds, 1010)
    places = [(box["left"], box["top"], box["width"], box["height"]) for box in boxes]
    assert places == [(0, 0, 500, 250), (510, 0, 500, 250), (0, 260, 1010, 300), (0, 570, 1010, 430)]
    assert height == 1000


def test_a_kind_may_compute_its_height_and_html_takes_no_place(tmp_path):
    kinds = [{"kind": "table", "element": True}, {"kind": "strip", "tall": True}, {"kind": "curves"}]
    boxes, height = layout(tmp_path, kinds, 1000)
    assert boxes[0] is None and boxes[1]["height"] == 100 and boxes[2]["top"] == 110
    assert height == 110 + boxes[2]["height"]
    assert layout(tmp_path, kinds[:1], 1000) == ([None], 1)


def test_paper_has_the_same_rows():
    x, y = axis("x", -1, 1), axis("y", -1, 1)
    line = curves("line", x, y, [curve("k x", "line")])
    strip = line | {"title": "strip", "height": 200}
    slope = Parameter("k", -1, 1, 0.5, 0.1, "slope")
    explorer = Explorer([slope], {"line": "k*x"}, [line, line, strip, line], [sentence("k.")])
    figure = explorer.figure()
    figure.canvas.draw()
    boxes = [ax.get_position() for ax in figure.axes]
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["line", "line", "strip", "line"]
    assert boxes[0].y0 == pytest.approx(boxes[1].y0) and boxes[0].x1 < boxes[1].x0
    assert boxes[1].y0 > boxes[2].y1 > boxes[2].y0 > boxes[3].y1
    assert boxes[2].width > 1.8 * boxes[0].width


def test_a_main_panel_has_the_others_beside_it(tmp_path):
    kinds = [{"kind": "curves"}] * 3 + [{"kind": "graph", "height": 300}]
    arrangement = beside(60, 2, ratio=0.42)
    boxes, height = layout(tmp_path, kinds, 1000, arrangement=arrangement)
    places = [(box["left"], box["top"], box["width"], box["height"]) for box in boxes]
    assert places == [(0, 0, 600, 420), (610, 0, 390, 206), (610, 213, 390, 206), (0, 430, 1000, 300)]
    assert height == 730
    low, _ = layout(tmp_path, kinds, 600, arrangement=arrangement)
    assert low[0]["height"] == 300  # high enough for two beside it
    narrow, _ = layout(tmp_path, kinds, 390, arrangement=arrangement)
    assert [box["width"] for box in narrow] == [390] * 4  # one below the other
    x, y = axis("x", -1, 1), axis("y", -1, 1)
    line = curves("line", x, y, [curve("k x", "line")])
    panels = [
        line,
        line | {"title": "b"},
        line | {"title": "c"},
        line | {"title": "d", "height": 200},
        line | {"folded": True},
    ]
    slope = Parameter("k", -1, 1, 0.5, 0.1, "slope")
    arrangement = beside(60, 2, ratio=0.4)
    figure = Explorer([slope], {"line": "k*x"}, panels, [sentence("k.")], arrangement=arrangement).figure()
    figure.canvas.draw()
    main, b, c, d = (ax.get_position() for ax in figure.axes)
    assert (
        main.x1 < b.x0 == c.x0
        and b.y0 > c.y1
        and c.y0 > d.y1
        and main.width > 1.3 * b.width
        and d.width > 1.5 * main.width
    )
    assert main.y0 == pytest.approx(c.y0, abs=0.01) and main.y1 == pytest.approx(b.y1, abs=0.01)


def test_a_band_may_be_reversed_and_what_lies_outside_is_not_drawn(tmp_path):
    x, y = axis("x", 0, 10), axis("y", 0, 1)
    panel = curves(
        "bands", x, y, [curve("", "zero")], marks=[("a", "b"), ("c", "c"), ("a", "b", "long name: of it", 2)]
    )
    sliders = [Parameter(name, -99, 99, 2, 1, "place") for name in "abc"]
    explorer = Explorer(sliders, {"zero": "0*x"}, [panel], [sentence("Bands.")])
    settings = [{"a": 2, "b": 4, "c": 5}, {"a": 4, "b": 2}, {"a": -3, "b": 4, "c": 11}, {"a": 11, "b": 12, "c": -1}]
    usual, reversed_, beyond, outside = drawn(tmp_path, explorer, 0, settings)
    left, wide = 56, 600 - 68
    band, region, *strip = usual["rectangles"]
    assert band[:2] == ["band", pytest.approx(left + 0.2 * wide)] and band[3] == pytest.approx(0.2 * wide)
    assert region[0] == "c" and [each[0] for each in strip] == ["paper", "c"] and strip[1][1:] == strip[0][1:]
    assert reversed_["rectangles"] == usual["rectangles"]
    assert beyond["rectangles"][0][1] == left and beyond["rectangles"][0][3] == pytest.approx(0.4 * wide)
    assert outside["rectangles"] == [] and not any(words[0].startswith("long") for words in outside["words"])
    assert [len(each["dashed"]) for each in (usual, beyond, outside)] == [1, 0, 0]
    # The whole name where it fits, else what stands before its colon.
    assert "long name" in [words for words, _, _ in usual["words"]]
    assert "long name: of it" in [words for words, _, _ in beyond["words"]]


@pytest.mark.parametrize("width", [300, 420, 600, 1100])
def test_the_words_at_the_curves_of_tangent_do_not_cover_each_other(tmp_path, width):
    explorer = explorers.tangent("sigmoid")
    settings = [
        {"x": x, "h": h} for x in (-5.5, 0, 1.2, 5) for h in (1, 0.1, 1e-8)
    ]  # tangent and secant coincide at last
    names = {"f", "tangent", "secant"}
    for answer in drawn(tmp_path, explorer, 0, settings, width, max(300, round(0.66 * width))):
        found = [(text, x, y) for text, x, y in answer["words"] if text in names or text.startswith("h = ")]
        assert {text for text, _, _ in found} >= names and len(found) == 4
        for k, (text, x, y) in enumerate(found):
            assert x >= 56 and x + 7 * len(text) <= width - 12
            for other, x2, y2 in found[:k]:
                assert abs(y - y2) >= 14 or x2 > x + 7 * len(text) or x > x2 + 7 * len(other), (text, other)


def test_numbers_stand_in_braces():
    """Texts that are handed over one by one stay pieces of their own: stored notebooks are compared piece by piece."""
    said = sentence("At {-b/w:2} it is {n}.", "", " More: {k:0}")["parts"]
    assert said == ["At ", [["/", ["negative", "b"], "w"], 2], " it is ", ["n"], ".", "", " More: ", ["k", 0]]
    given = {"value": "w1", "given": True, "brackets": True}
    assert line("w₁·{w1:given,brackets}", number("x")) == ["w₁·", given, {"value": "x"}]
    assert line("{a1:power}{z1:result}") == [
        {"value": "a1", "brackets": "power"},
        {"value": "z1", "relation": "z1_full"},
    ]


def test_every_kind_is_known_in_the_browser_and_on_paper(tmp_path):
    known = front.ask(tmp_path, "return Object.keys(front.KINDS);")
    assert sorted(known) == sorted(KINDS)


def front_files() -> dict[Path, str]:
    """The files that become the front end, and what is written in them."""
    folder = Path(explorers.__file__).parent
    return {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.js") if path.name != "loader.js"}


def test_the_browser_gets_every_file_once_and_after_what_it_imports():
    files, source = front_files(), front_end()
    assert not re.search(r"^import|^export (?!default)", source, flags=re.MULTILINE)
    first_lines = {path: text.splitlines()[0] for path, text in files.items()}
    assert all(source.count(line) == 1 for line in first_lines.values())
    for path, text in files.items():
        imported = re.findall(r'from "(.*?)"', text)
        assert len(imported) == text.count("import {") == text.count("import ")
        for other in imported:
            assert source.index(first_lines[(path.parent / other).resolve()]) < source.index(first_lines[path])


def names_of_two_files(texts) -> set[str]:
    """The names that more than one of these files gives at its top level: in one module they would clash."""
    found = Counter()
    for text in texts:
        named = r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) (?:(\w+)|[\[{](.*?)[\]}] =)"
        given = re.findall(named, text, flags=re.MULTILINE)
        found.update({name for one, several in given for name in re.findall(r"\w+", one or several)})
    return {name for name, files in found.items() if files > 1}


def test_no_two_files_of_the_front_end_use_one_name():
    texts = list(front_files().values())
    assert names_of_two_files(texts) == set() and " as " not in "".join(re.findall(r"import \{.*?\}", "".join(texts)))
    for again in ("const GAP = 3;", "let GAP;", "function GAP() {}", "const [A, GAP] = [1, 2];", "export class GAP {}"):
        assert names_of_two_files([*texts, again]) == {"GAP"}, again
    assert names_of_two_files([*texts, "  const GAP = 3;"]) == set()  # not at the top level


@pytest.mark.parametrize(
    ("low", "high", "count", "places"),
    [
        (0, 4.5, 9, [0, 1, 2, 3, 4]),
        (-4, 4, 3.4, [-3, 0, 3]),
        (0, 20.5, 5, [0, 5, 10, 15, 20]),
        (0, 300, 5, [0, 100, 200, 300]),
    ],
)
def test_an_axis_that_counts_has_no_ticks_between_whole_numbers(tmp_path, low, high, count, places):
    script = "return plain(front.ticks(question.low, question.high, question.count, true));"
    assert front.ask(tmp_path, script, low=low, high=high, count=count) == places


def test_a_low_window_has_low_panels_that_stay_readable(tmp_path):
    script = LAYOUT.replace("question.width", "question.width, question.room")
    kinds = [{"kind": "curves"}] * 4

    def heights(room, columns):
        spec = {"columns": columns, "ratio": 0.8}
        answer = front.ask(tmp_path, script, panels=kinds, width=1010, spec=spec, room=room)
        return {box["height"] for box in answer["boxes"]}, answer["height"]

    assert heights(10_000, 2) == ({400}, 810)
    assert heights(500, 2) == ({245}, 500)
    assert heights(245, 4) == ({200}, 200)  # as high as they are wide: nothing to shrink
    assert heights(240, 2) == ({170}, 350)  # no lower


def test_what_is_wide_stands_beside_the_others_in_a_low_window_and_scrolls_alone_in_a_narrow_one(tmp_path):
    script = """
    const panels = [{ panel: {} }, { panel: {} }, { panel: {}, height: () => 360, leastWidth: 520 }];
    return question.rooms.map(([seen, room]) => front.layoutOf(panels, { columns: 2, ratio: 0.8 }, seen, room));
    """
    high, low, narrow = front.ask(tmp_path, script, rooms=[(900, 900), (900, 540), (360, 540)])
    assert [box["top"] for box in high["boxes"]] == [0, 0, 366] and high["width"] == 900
    assert [box["left"] for box in low["boxes"]] == [0, 0, 380] and low["boxes"][2]["width"] == 520
    assert low["height"] <= 540 and low["boxes"][1]["top"] == low["boxes"][0]["height"] + 10 >= 210
    assert [box["width"] for box in narrow["boxes"]] == [360, 360, 520] and narrow["width"] == 520


def test_letters_on_every_colour_are_read_easily(tmp_path):
    def light(channels):
        parts = np.array(channels) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    grid = [[r, g, b] for r in range(0, 256, 15) for g in range(0, 256, 15) for b in range(0, 256, 15)]
    inks = front.ask(tmp_path, "return question.grid.map((rgb) => front.inkOn(rgb));", grid=grid)
    assert set(inks) == {"#000000", "#ffffff"}
    for ground, ink in zip(grid, inks, strict=True):
        pair = sorted((light(ground), light([int(ink[k : k + 2], 16) for k in (1, 3, 5)])))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, (ground, ink)


#: Explorers whose panels have places of their own.
ARRANGED = [explorers.bump, explorers.tower_panels, explorers.tangent, explorers.learning_rate]


def test_arranged_panels_fill_their_page_and_do_not_meet(tmp_path):
    """Where there is room each has its place; on a narrow page they stand as usual."""
    script = """
    const panelsOf = (spec) => spec.panels.map((panel) => ({ panel }));
    return question.widths.map(([width, room]) => front.layoutOf(panelsOf(question.spec), question.spec, width, room));
    """
    for make in ARRANGED:
        spec = make().spec
        widths = [(1076, 430), (659, 230), (620, 1e9), (366, 1e9)]
        answers = front.ask(tmp_path, script, spec=spec, widths=widths)
        for (width, room), answer in zip(widths, answers, strict=True):
            boxes = [(b["left"], b["top"], b["left"] + b["width"], b["top"] + b["height"]) for b in answer["boxes"]]
            for k, (left, top, right, bottom) in enumerate(boxes):
                assert left >= 0 and right <= width and bottom <= answer["height"]
                for other in boxes[:k]:
                    assert (
                        right <= other[0] + 1 or left >= other[2] - 1 or bottom <= other[1] + 1 or top >= other[3] - 1
                    )
            arranged = width >= spec["arrangement"]["least"]
            together = [k for k, panel in enumerate(spec["panels"]) if "height" not in panel]
            sizes = {(answer["boxes"][k]["width"], answer["boxes"][k]["height"]) for k in together}
            assert (len(sizes) > 1) == arranged
            if arranged:
                assert max(boxes[k][3] for k in together) <= max(room, spec["arrangement"]["lowest"]) + 10
