"""Signals before training: the theory of Glorot and He, the browser against NumPy, the words, the picture."""

import numpy as np
import pytest

from helpers import explorers
from helpers.errors import InputError
from helpers.explorers.initialisation.signal_propagation import (
    ACTIVATIONS,
    GLOROT,
    GRADIENTS,
    HE,
    histogram,
    random_normals,
    signals,
    size,
)
from helpers.pictures import figures
from tests import front

SETTINGS = [
    {"scale": scale, "activation": activation, "depth": depth}
    for activation in (0, 1, 2)
    for scale, depth in ((0.0, 3), (0.2, 12), (1.0, 8), (1.41, 2), (3.7, 10))
]

LAYERS = """
const { spec, values } = question;
const find = (kind) => spec.panels.find((panel) => panel.kind === kind);
const layers = new front.KINDS.layers({}, find("layers"));
const growth = new front.KINDS.growth({}, spec.panels.at(-1));
return values.map((value) => {
  const variables = { ...value };
  const { rows } = layers.contents({}, variables);
  return {
    words: front.Picture.prototype.words.call({ spec }, variables), saturated: variables.saturated,
    rows: rows.map((row) => row.layers.map(({ shares, size }) => ({ shares: plain(shares), size }))),
    growth: growth.contents({}, variables).curves.map(({ label, y }) => [label, plain(y)]),
  };
});
"""
DRAG = """
const sets = [];
const panel = new front.KINDS.scale({ set: (...given) => sets.push(given) }, question.panel);
const box = { left: 0, top: 100, width: 840, height: 58 };
const { top, toX } = panel.area(box);
panel.press({ x: toX(1) - 20, y: top - 12 }, box);
panel.press({ x: toX(Math.SQRT2) + 8, y: top - 12 }, box);
panel.press({ x: toX(3), y: top }, box)({ x: toX(2.5), y: 700 });
return sets;
"""


def test_the_numbers_are_normal_and_the_browsers(tmp_path):
    drawn = random_normals(3, 40_000)
    assert abs(drawn.mean()) < 0.02 and abs(drawn.std() - 1) < 0.01
    assert abs(np.mean(drawn**4) - 3) < 0.15
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.02
    assert abs(np.corrcoef(drawn, random_normals(4, 40_000))[0, 1]) < 0.02
    answer = front.ask(tmp_path, "return plain(front.randomNormals(3, 500));")
    assert np.allclose(answer, drawn[:500], rtol=1e-12, atol=1e-12)


def test_the_scales_of_glorot_and_he_keep_the_signals():
    sizes = {
        (name, scale): [size(a) for a in signals(name, 12, scale).activations]
        for name in ACTIVATIONS for scale in (GLOROT, HE)
    }  # fmt: skip
    relu = sizes["ReLU", HE]
    assert 0.5 < relu[-1] / relu[0] < 2  # He keeps the mean square of ReLU layers
    assert sizes["ReLU", GLOROT][-1] / relu[-1] == pytest.approx(2**-6, rel=1e-9)  # 1/√2 a layer
    gradients = [size(g) for g in signals("ReLU", 12, HE).gradients]
    assert 0.4 < gradients[0] / gradients[-1] < 2.5
    assert sizes["tanh", GLOROT][-1] > 0.15


def test_gradients_against_differences():
    """The gradient of Σ upstream · activation with respect to one pre-activation, through later layers."""
    found = signals("tanh", 4, 1.3)
    upstream = random_normals(0, 4000).reshape(40, 100)
    W = [1.3 / 10 * random_normals(2 + k, 10_000).reshape(100, 100) for k in range(4)]

    def cost(step):
        z = np.arctanh(found.activations[1])
        z[5, 7] += step
        a = np.tanh(z)
        for k in (2, 3):
            a = np.tanh(a @ W[k].T)
        return np.sum(upstream * a)

    slope = (cost(1e-5) - cost(-1e-5)) / 2e-5
    assert found.gradients[1][5, 7] == pytest.approx(slope, rel=1e-6)


def test_the_browser_agrees_with_numpy(tmp_path):
    explorer = explorers.initialisation()
    answers = front.ask(tmp_path, LAYERS, spec=explorer.spec, values=SETTINGS)
    for setting, answer in zip(SETTINGS, answers, strict=True):
        front.move(explorer, setting)
        found = explorer.signals
        ends = ACTIVATIONS[explorer.activation][1]
        for row, layers, limits in zip(answer["rows"], found[:2], (ends, GRADIENTS), strict=True):
            assert len(row) == setting["depth"] == len(layers)
            for drawn, values in zip(row, layers, strict=True):
                assert drawn["size"] == pytest.approx(size(values), rel=1e-6)
                assert np.allclose(drawn["shares"], histogram(values, *limits), atol=5e-4)
        assert answer["saturated"] == pytest.approx(found.saturated, abs=1e-4)
        assert answer["words"] == explorer.describe()
        growth = dict(answer["growth"])
        he = [np.log10(size(values)) for values in explorer.at_scale(HE).gradients]
        assert np.allclose(growth["He"], he, atol=1e-6) and set(growth) == {"this scale", "Glorot", "He"}


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ({"activation": "ReLU", "scale": 1.41}, "Healthy."),
        ({"activation": "ReLU", "scale": 0.5}, "The activations vanish"),
        ({"activation": "ReLU", "scale": 3}, "The activations explode"),
        ({"activation": "ReLU", "scale": 3}, "The gradients explode"),
        ({"activation": "tanh", "scale": 1}, "Healthy."),
        ({"activation": "tanh", "scale": 3.5}, "The activations saturate"),
        ({"activation": "tanh", "scale": 0.3}, "The gradients vanish"),
        ({"activation": "logistic", "scale": 1}, "The gradients vanish"),
        ({"scale": 0}, "All weights are 0"),
    ],
)
def test_the_sentence_says_what_happens(start, words):
    explorer = explorers.initialisation(**start)
    assert words in explorer.describe()
    assert ("Healthy" in explorer.describe()) == (words == "Healthy.")


def test_saturated_counts_flat_places_only():
    assert signals("ReLU", 5, 3.0).saturated == 0  # the units that are cut off do not count
    assert signals("tanh", 5, 40.0).saturated > 0.9  # also where tanh′ is 0 in float64
    assert signals("logistic", 5, 0.1).saturated == 0


def test_a_histogram_holds_every_value():
    shares = histogram(np.array([-9.0, -1.0, 0.0, 0.999, 1.0, 50.0]), -1, 1)
    assert shares.sum() == pytest.approx(1) and shares[0] == pytest.approx(2 / 6) and shares[-1] == pytest.approx(3 / 6)


def test_names_on_the_axis_set_the_scale(tmp_path):
    panel = explorers.initialisation().spec["panels"][0]
    (glorot, he, dragged) = front.ask(tmp_path, DRAG, panel=panel)
    assert glorot == ["scale", 1] and he == ["scale", pytest.approx(2**0.5)]
    assert dragged == ["scale", pytest.approx(2.5)]


def test_the_picture_on_paper():
    explorer = explorers.initialisation(activation="tanh", depth=5)
    figure = explorer.figure()
    figure.canvas.draw()
    scale, layers, *growth = figure.axes
    assert [text.get_text() for text in scale.texts] == ["Glorot", "He"]
    assert len(layers.child_axes) == 10
    heights = [bar.get_height() for bar in layers.child_axes[0].patches]
    expected = histogram(explorer.signals.activations[0], -1, 1)
    assert heights == pytest.approx(np.minimum(expected, 0.3))
    sizes = [np.log10(size(values)) for values in explorer.signals.gradients]
    assert growth[1].lines[0].get_ydata() == pytest.approx(sizes)
    assert [text.get_text() for text in growth[0].get_legend().get_texts()] == ["this scale", "Glorot", "He"]
    assert len(figures.png(figure)) <= 30_000


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ({"activation": "sine"}, "ReLU, tanh, logistic"),
        ({"scale": 9}, "scale must lie"),
        ({"width": 3}, "no slider 'width'"),
    ],
)
def test_bad_input_is_named(start, message):
    with pytest.raises(InputError, match=message):
        explorers.initialisation(**start)
