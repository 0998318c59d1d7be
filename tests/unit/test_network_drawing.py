"""The one drawing of a network: what stands where, what can be seized, how wide and of which sign an edge is."""

import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch

from helpers import explorers
from helpers.errors import InputError
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.network_drawing import network
from helpers.explorers.core.panels import sentence
from helpers.pictures import figures
from tests import front

LAYERS = [{"h11": ({"x": "w"}, "b1"), "h12": ({"x": "-w"}, None)}, {"h21": ({"h11": "v", "h12": -1}, 0.5)}]


def drawing(**more) -> Explorer:
    sliders = [Parameter("w", -500, 500, 500, 5, "weight"), Parameter("b1", -9, 9, 3, 1, "bias of h11"),
               Parameter("v", -2, 2, 1, 0.1, "output weight")]  # fmt: skip
    return Explorer(sliders, {}, [network("two hidden units", ["x"], LAYERS, **more)], [sentence("w = {w}.")])


def test_weights_and_biases_have_their_names_and_those_of_sliders_can_be_seized():
    panel = drawing().spec["panels"][0]
    assert [node["label"] for node in panel["nodes"]] == ["x", "h₁₁", "h₁₂", "h₂₁"]
    lines = [line for part in panel["nodes"] + panel["edges"] for line in part["lines"]]
    assert [(line["parts"][0], line.get("name"), line.get("sign")) for line in lines if len(line["parts"]) > 1] == [
        ("b₁ = ", "b1", 1), ("w = ", "w", 1), ("−w = ", "w", -1), ("v = ", "v", 1)]  # fmt: skip
    assert [line.get("name") for line in lines if len(line["parts"]) == 1] == [None, None]  # −1 and 0.5 are not sliders
    assert panel["nodes"][2]["lines"] == []


def test_a_network_may_have_no_numbers_and_several_outputs():
    layers = [{"a": ({"x1": None, "x2": None}, None)}, {"y1": ({"a": None}, None), "y2": ({"a": None}, None)}]
    panel = network("structure", ["x1", "x2"], layers, highlight=["y2"])
    assert not any(part["lines"] for part in panel["nodes"] + panel["edges"])
    assert [node["label"] for node in panel["nodes"] if node["forward"]] == ["y₂"]
    assert [edge["forward"] for edge in panel["edges"]] == [[], [], [], [0]]


def test_a_weight_that_jumps_over_a_layer_is_refused():
    with pytest.raises(InputError, match="a weight of f comes from 'x'"):
        network("wrong", ["x"], [{"a": ({"x": 1}, 0)}, {"f": ({"x": 1}, 0)}])


LOOKS = """
const { spec, settings } = question;
const mathematics = new front.Mathematics(spec);
const compute = front.networkContents(spec.panels[0], mathematics.variables(spec.defaults));
return settings.map((values) => compute(mathematics.variables(values)).edges.map(({ weight, size }) => [weight, size]));
"""


def test_an_edge_is_as_wide_as_its_weight_is_large_on_paper_too(tmp_path):
    explorer = drawing()
    settings = [explorer.values | {"w": w, "v": v} for w, v in ((500, 1), (125, -0.25), (0, -2), (-20, 0))]
    answers = front.ask(tmp_path, LOOKS, spec=explorer.spec, settings=settings)
    for setting, edges in zip(settings, answers, strict=True):
        front.move(explorer, setting)
        (ax,) = explorer.figure().axes
        drawn = [patch for patch in (text.arrow_patch for text in ax.texts if hasattr(text, "arrow_patch")) if patch]
        assert len(drawn) == len(edges) == 4
        for (weight, size), patch in zip(edges, drawn, strict=True):
            assert isinstance(patch, FancyArrowPatch)
            assert patch.get_linewidth() == pytest.approx(0.75 * size)
            colors = {1: figures.COLORS[2], -1: figures.COLORS[3], 0: "0.45"}
            expected = FancyArrowPatch((0, 0), (1, 1), color=colors[(weight > 0) - (weight < 0)]).get_edgecolor()
            assert patch.get_edgecolor() == expected
            assert (patch.get_linestyle() != "solid") == (weight < 0)  # not by colour alone
    (first, negative, _, _), (quarter, *_), (none, *_), _ = answers
    assert first[1] > quarter[1] > none[1] and negative[0] == -500


def test_the_drawing_stands_beside_bump_and_tower():
    for make, units in ((explorers.bump, 4), (explorers.tower, 10), (explorers.tower_panels, 5 + 2 * 3)):
        explorer = make()
        (panel,) = (panel for panel in explorer.spec["panels"] if panel["kind"] == "network")
        ax = next(ax for ax in explorer.figure().axes if ax.get_title(loc="left") == panel["title"])
        assert sum(isinstance(patch, Circle) for patch in ax.patches) == units
        seized = {line.get("name") for part in panel["nodes"] + panel["edges"] for line in part["lines"]} - {None}
        assert seized == set(explorer.sliders)
        framed = [text for text in ax.texts if text.get_bbox_patch() and text.get_bbox_patch().get_edgecolor()[3] > 0]
        names = sum("name" in line for part in panel["nodes"] + panel["edges"] for line in part["lines"])
        assert len(framed) == names >= len(seized)


def test_what_is_repeated_is_drawn_once_with_its_number():
    explorer = explorers.many_towers()
    (panel,) = (panel for panel in explorer.spec["panels"] if panel["kind"] == "network")
    for n in (1, 2, 5, 10):
        front.move(explorer, {"n": n, "w": 37})
        real, variables = explorer.network(), explorer.variables()
        steps, towers, _ = real.layers
        assert len(steps.names) == 2 * (n + 1) and len(towers.names) == n * n
        # the drawn weights and biases are those of the network
        assert set(np.abs(steps.weights).ravel().tolist()) - {0} == {37}
        assert set(np.abs(towers.weights).ravel().tolist()) - {0} == {float(variables["gain"])}
        assert set(towers.bias.tolist()) == {-1.5 * float(variables["gain"])}
        ax = next(ax for ax in explorer.figure().axes if ax.get_title(loc="left").startswith("the network"))
        words = [text.get_text() for text in ax.texts]
        assert words.count(f"×{n + 1}") == 2 and words.count(f"×{n * n}") == 1 and words.count("w = 37") == 2
        assert words.count(f"gain = ±{variables['gain']:g}") == 2
        assert sum(isinstance(patch, Circle) for patch in ax.patches) == 6 + 2 * 3  # three of them stand for many


def test_a_small_label_keeps_its_sign(tmp_path):
    """Where there is no room for words, a number that means something only with its sign keeps it."""
    asked = """
    const panel = question.spec.panels.find(({ kind }) => kind === "network");
    const values = new front.Mathematics(question.spec).variables(question.spec.defaults);
    const box = { left: 0, top: 0, width: panel.least, height: panel.height };
    const labels = front.networkLabels(panel, front.networkContents(panel, values)(values), box, (text) => 7 * text.length);
    return labels.map(({ text, short }) => text || short);
    """
    words = front.ask(tmp_path, asked, spec=explorers.many_towers().spec)
    assert words.count("×5") == 2 and "×16" in words and words.count("±18") == 2
