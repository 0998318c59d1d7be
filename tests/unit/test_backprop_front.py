"""Backpropagation by hand in the browser: numbers and lines as in Python, no two labels on each other."""

import pytest

from helpers import explorers
from helpers.explorers.core.explorer import front_end
from helpers.explorers.core.lines import write
from helpers.networks.small_network import Layer, SmallNetwork
from tests import front

#: A network of several activations in which two units send back to two, for the cross-entropy.
DEEP = SmallNetwork(
    ("x1", "x2"),
    (
        Layer(("h1", "h2"), [[0.5, -0.25], [1.5, 0.75]], [0.1, -0.2], "tanh"),
        Layer(("k1", "k2"), [[0.4, -1], [-0.6, 0.3]], [0, 0.2], "relu"),
        Layer(("yhat",), [[1.2, -0.7]], [0.05], "sigmoid"),
    ),
)
EXPLORERS = {
    "002.1": lambda **start: explorers.backprop("002.1", **start),
    "003.1a": lambda **start: explorers.backprop("003.1a", **start),
    "003.1b": lambda **start: explorers.backprop("003.1b", **start),
    "softplus": lambda **start: explorers.backprop("002.1", activation="softplus", **start),
    "two outputs": lambda **start: explorers.backprop("2-2-2", **start),
    "deep": lambda **start: explorers.backprop(DEEP, inputs=[0.5, -1.5], target=1, loss="cross_entropy", **start),
}

SHEET = """
const { spec, settings } = question;
const mathematics = new front.Mathematics(spec);
const [network, working, table] = spec.panels;
const lines = working.lines.map(({ parts }) => front.compileLine(parts));
const cells = table.rows.map(({ cells }) => cells.map(({ parts }) => front.compileLine(parts)));
const compute = front.networkContents(network, mathematics.variables(spec.defaults));
return settings.map((values) => {
  const variables = mathematics.variables(values);
  const decimals = values.decimals;
  const labels = compute(variables);
  return {
    lines: lines.map((write) => write(variables, decimals)),
    cells: cells.map((row) => row.map((write) => write(variables, decimals))),
    note: front.Picture.prototype.words.call({ spec }, variables, table.notes),
    labels: [...labels.nodes, ...labels.edges].map(({ lines }) => lines.map(({ full }) => full)),
  };
});
"""


def settings_of(explorer) -> list[dict]:
    """The first values, several numbers of decimals, rounding on and off, and random slider positions."""
    first = explorer.values
    settings = [first | {"decimals": d, "rounding": r} for d, r in ((2, 0), (3, 1), (4, 1), (6, 0), (6, 1), (8, 1))]
    settings += [first | {"step": step} for step in (0, 2, 5, 6, 9)]
    return settings + front.anywhere(explorer, 5)


@pytest.mark.parametrize("name", EXPLORERS)
def test_browser_and_python_write_the_same(tmp_path, name):
    explorer = EXPLORERS[name]()
    settings = settings_of(explorer)
    answers = front.ask(tmp_path, SHEET, spec=explorer.spec, settings=settings)
    network, _, table = explorer.spec["panels"]
    for setting, answer in zip(settings, answers, strict=True):
        front.move(explorer, setting)
        variables = explorer.variables()
        step, decimals = variables["step"], int(variables["decimals"])
        assert answer["lines"] == [write(line.parts, variables, decimals) for line in explorer.sheet.lines]
        rows = [[write(cell["parts"], variables, decimals) for cell in row["cells"]] for row in table["rows"]]
        assert answer["cells"] == rows
        assert answer["note"] == explorer.say(table["notes"])
        parts = network["nodes"] + network["edges"]
        labels = [
            [write(line["parts"], variables, decimals).replace(" × ", "×") for line in part["lines"]
             if step >= line["from"]]
            for part in parts
        ]  # fmt: skip
        assert answer["labels"] == labels


# ---- where the labels stand ----------------------------------------------------------------------

LABELS = """
const { spec, settings, widths } = question;
const mathematics = new front.Mathematics(spec);
const [panel] = spec.panels;
const compute = front.networkContents(panel, mathematics.variables(spec.defaults));
// Generous: the widest usual letters of a 12 pixel sans-serif, in bold wider still.
const measure = (text, style) => text.replace(/\\[\\d\\]/, "x").length * (style === "gradient" ? 7.3 : 6.7);
return widths.map((width) => settings.map((values) => {
  const contents = compute(mathematics.variables(values));
  const box = { left: 0, top: 0, width: Math.max(width, panel.least), height: panel.height };
  const labels = front.networkLabels(panel, contents, box, measure);
  return { labels, places: front.networkPlaces(panel, box) };
}));
"""
WIDTHS = [1100, 900, 700, 400, 320]


def boxes_of(answer):
    """(name, left, top, right, bottom) of every label and every unit."""
    boxes = [(label["text"], label["x"] - label["width"] / 2, label["y"] - 6, label["x"] + label["width"] / 2,
              label["y"] + 6 + 3 * bool(label.get("name"))) for label in answer["labels"]]  # fmt: skip
    return boxes + [
        (k, at["x"] - 21, at["y"] - 21, at["x"] + 21, at["y"] + 21) for k, at in enumerate(answer["places"])
    ]


def overlaps(boxes):
    return [
        (one[0], two[0])
        for i, one in enumerate(boxes) for two in boxes[:i]
        if one[1] < two[3] and two[1] < one[3] and one[2] < two[4] and two[2] < one[4]
    ]  # fmt: skip


def labelled(folder, name, source=None):
    explorer = EXPLORERS[name]()
    negative = {parameter: -2.75 for parameter in explorer.plan.parameters}
    settings = [
        explorer.values | more | {"decimals": decimals, "step": step}
        for decimals in (3, 6) for step in range(explorer.sheet.last + 1) for more in ({}, negative)
    ]  # fmt: skip
    answers = front.ask(folder, LABELS, source, spec=explorer.spec, settings=settings, widths=WIDTHS)
    return explorer, settings, answers


@pytest.mark.parametrize("name", EXPLORERS)
def test_no_two_labels_overlap_and_none_is_lost_without_need(tmp_path, name):
    explorer, settings, answers = labelled(tmp_path, name)
    height, least = (explorer.spec["panels"][0][key] for key in ("height", "least"))
    seized = len(explorer.plan.values) - 1  # all but η
    for width, row in zip(WIDTHS, answers, strict=True):
        for setting, answer in zip(settings, row, strict=True):
            boxes = boxes_of(answer)
            assert overlaps(boxes) == [], (width, setting["decimals"], setting["step"])
            for text, left, top, right, bottom in boxes:
                assert left >= 0 and right <= max(width, least) and top >= 40 and bottom <= height, (width, text)
            assert sum("name" in label for label in answer["labels"]) == seized  # on a telephone too
            if (
                width >= 900
                and setting["step"] == 14
                and name[0] == "0"
                and setting[explorer.plan.units[0].bias] != -2.75
            ):
                texts = [label["text"] for label in answer["labels"]]
                assert len(texts) == 2 + 4 * 4 + 2 + 2 * 9 and all(texts), (width, texts)


def test_the_test_of_labels_notices_a_bad_layout(tmp_path):
    shipped, broken = "!covered(more[k], [...units, ...more.flat()], box)", "true"
    source = front_end()
    assert shipped in source
    _, _, answers = labelled(tmp_path, "003.1a", source.replace(shipped, broken))
    assert any(overlaps(boxes_of(answer)) for row in answers for answer in row)
