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
const box = { left: 0, top: 0, width: 500, height: 300 };
const [layers, growth] = ["layers", "growth"].map((kind) => {
  const described = spec.panels.filter((panel) => panel.kind === kind);
  return described.map((panel) => new front.KINDS[kind]({}, panel));
});
return values.map((value) => {
  const variables = { ...value };
  const found = layers.map((panel) => panel.contents(box, variables));
  return {
    words: front.Picture.prototype.words.call({ spec }, variables), saturated: variables.saturated,
    rows: found.map((row) => row.layers.map(({ shares, size }) => ({ shares: plain(shares), size }))),
    fates: found.map(({ fates }) => fates), ends: found.map(({ shape: { x, y } }) => [x.high, y.low, y.high]),
    growth: growth.map((panel) => {
      const { curves, marks, shape } = panel.contents(box, variables);
      return { curves: curves.map(({ label, y }) => [label, plain(y)]), marks: plain(marks.map(({ from, to }) => [from, to])), title: shape.title };
    }),
  };
});
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


def fate_of(size, first):
    return "explode" if size > 10 * first else "vanish" if size * 10 < first else ""


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
        depth, top = setting["depth"], ends[1] + 0.15 * (ends[1] - ends[0])
        assert answer["ends"] == [[depth + 0.5, ends[0], pytest.approx(top)], [depth + 0.5, -3, pytest.approx(3.9)]]
        growth = dict(answer["growth"][1]["curves"])
        he = [np.log10(size(values)) for values in explorer.at_scale(HE).gradients]
        assert np.allclose(growth["He"], he, atol=1e-6) and set(growth) == {"this scale", "Glorot", "He"}
        # What vanishes or explodes is coloured, titled and said, all three alike; and so on paper.
        ups, backs = ([size(values) for values in layers] for layers in found[:2])
        fates = [[fate_of(each, ups[0]) for each in ups], [fate_of(each, backs[-1]) for each in backs]]
        assert answer["fates"] == fates
        for k, (fate, what) in enumerate(((fates[0][-1], "activations"), (fates[1][0], "gradients"))):
            assert answer["growth"][k]["title"] == f"size of the {what}" + (f": they {fate}" if fate else "")
            assert not fate or not setting["scale"] or f"The {what} {fate}: they" in explorer.describe()
            assert any(ax.get_title(loc="left") == answer["growth"][k]["title"] for ax in explorer.figure().axes)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ({"activation": "ReLU"}, "The gradients vanish: they shrink to 9 % on the way back"),
        (
            {"activation": "ReLU", "scale": 0.3},
            "The activations vanish: they shrink to less than 1 % from layer 1 to layer 8.",
        ),
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


def test_the_picture_on_paper():
    explorer = explorers.initialisation(activation="tanh", depth=5)
    figure = explorer.figure()
    figure.canvas.draw()
    activations, gradients, *growth = figure.axes
    expected = histogram(explorer.signals.activations[0], -1, 1)
    bars = activations.patches
    assert len(bars) == len(gradients.patches) == 5 * 25
    assert [bar.get_width() for bar in bars[:25]] == pytest.approx(0.88 / 0.3 * np.minimum(expected, 0.3))
    assert [bar.get_y() for bar in bars[:25]] == pytest.approx(np.linspace(-1, 1, 26)[:-1])  # one axis for all layers
    assert {round(bar.get_x(), 9) for bar in bars} == {0.56, 1.56, 2.56, 3.56, 4.56} and activations.get_ylim() == (
        -1,
        1.3,
    )
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
