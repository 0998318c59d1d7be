"""Drawing a digit: the image as MNIST has it, the browser against NumPy, the evidence, bad input."""

import json

import numpy as np
import pytest

from helpers import explorers
from helpers.datasets import load_mnist, two_digits
from helpers.errors import InputError
from helpers.explorers.core.short_text import pack, unpack
from helpers.explorers.digit import handwriting
from helpers.explorers.digit.classifier import Classifier
from helpers.networks.network import Network, Softmax
from helpers.networks.training import train
from helpers.pictures import figures
from tests import front

DIGITS = 200
STROKES = [[(40, 30), (70, 32), (90, 60.5), (60, 110)], [(100, 100)], [(20, 70), (130, 75)]]

ANSWERS = """
const network = new front.Classifier(question.layers);
return question.images.map((packed) => {
  const image = front.asMnist(front.enlargedImage(front.unpack(packed)));
  const probabilities = network.probabilities(network.logits(image));
  const { lead, gradient } = network.lead(question.chosen);
  return { image: plain(image), probabilities: plain(probabilities), lead, gradient: plain(gradient) };
});
"""
INK = """
const ink = front.blankPaper();
for (const places of question.strokes) {
  places.forEach(([x, y], k) => front.strokeInk(ink, ...places[Math.max(0, k - 1)], x, y));
}
return { ink: plain(ink), image: plain(front.asMnist(ink)) };
"""
PANEL = """
// The panel without the page around it: what it computes from the ink and the sliders.
const panel = Object.create(front.KINDS.digit.prototype);
const { spec, data, values } = question;
Object.assign(panel, { panel: spec.panels[0], picture: { model: { get: () => data } }, changes: 3 });
panel.ink = front.enlargedImage(front.unpack({ codes: question.image, low: 0, high: 1 }));
return values.map((value) => {
  const variables = { ...value };
  const contents = panel.contents({}, variables, data);
  const words = front.Picture.prototype.words.call({ spec }, variables);
  return { words, evidence: plain(contents.evidence), shown: panel.shown };
});
"""


@pytest.fixture(scope="module")
def digits():
    """Real test images, or the stand-in's."""
    return load_mnist(quiet=True)


def quickly(x, y, outputs, loss, activation="relu"):
    network = Network.dense([784, 24, outputs], activation=activation, dtype=np.float32)
    train(network, x, y, loss, epochs=3, progress=False)
    return network


@pytest.fixture(scope="module")
def network(digits):
    return quickly(digits.x_train[:6000], digits.y_train[:6000], 10, "categorical_cross_entropy")


def asked(folder, explorer, images, chosen=0):
    return front.ask(
        folder, ANSWERS, layers=explorer.view.data["arrays"]["layers"],
        images=[pack(x, 0, 1) for x in images], chosen=chosen,
    )  # fmt: skip


# ---- the image -----------------------------------------------------------------------------------


def test_a_digit_of_the_data_comes_back_as_it_was(digits):
    for x in digits.x_test[:DIGITS]:
        assert np.allclose(handwriting.as_mnist(handwriting.enlarged(x.reshape(28, 28))).ravel(), x, atol=1e-7)


def test_the_image_does_not_depend_on_place_and_size():
    image = handwriting.as_mnist(handwriting.draw(STROKES[:1]))
    moved = handwriting.draw([[(x - 25, y + 20) for x, y in STROKES[0]]])
    assert np.allclose(handwriting.as_mnist(moved), image)
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) == 19  # the box of 20
    for axis in (0, 1):
        assert abs(image.sum(axis=axis) @ np.arange(28) / image.sum() - 14) <= 0.5
    assert 0 < ((image > 0.1) & (image < 0.9)).sum()  # grey edges
    assert image.min() == 0 and image.max() <= 1


def test_an_empty_paper_gives_an_empty_image(tmp_path):
    assert not handwriting.as_mnist(handwriting.blank()).any()
    assert not any(front.ask(tmp_path, INK, strokes=[])["image"])


def test_strokes_are_the_same_in_the_browser(tmp_path):
    answer = front.ask(tmp_path, INK, strokes=STROKES)
    drawn = handwriting.draw(STROKES)
    assert drawn.sum() > 1000
    assert np.allclose(np.reshape(answer["ink"], drawn.shape), drawn, atol=1e-12)
    assert np.allclose(np.reshape(answer["image"], (28, 28)), handwriting.as_mnist(drawn), atol=1e-12)


# ---- the network in the browser ------------------------------------------------------------------


def test_ten_classes_agree_with_numpy(tmp_path, digits, network):
    x, y = digits.x_test[:DIGITS], digits.y_test[:DIGITS]
    explorer = explorers.draw_digit(network)
    found = asked(tmp_path, explorer, x, chosen=3)
    probabilities = np.array([answer["probabilities"] for answer in found])
    expected = network.probabilities(x)
    assert np.abs(probabilities - expected).max() < 0.01  # weights and pixels were packed to 12 bits
    assert np.abs(probabilities - expected).mean() < 3e-4
    assert np.mean(probabilities.argmax(axis=1) == expected.argmax(axis=1)) >= 0.99
    assert np.mean(probabilities.argmax(axis=1) == y) > 0.75  # it is a network that has learned something
    # From the packed weights themselves, the arithmetic is the same to rounding.
    packed = [(unpack(**each["W"]), unpack(**each["b"])) for each in explorer.view.data["arrays"]["layers"]]
    known = Classifier(network)
    known.layers = [(W.reshape(old[0].shape), b, old[2]) for (W, b), old in zip(packed, known.layers, strict=True)]
    image = np.array(found[7]["image"])
    assert np.allclose(known.probabilities(image[None])[0], found[7]["probabilities"], atol=1e-12)
    lead, gradient = known.lead(image, 3)
    assert found[7]["lead"] == pytest.approx(lead, abs=1e-10)
    assert np.allclose(found[7]["gradient"], gradient, atol=1e-10)


@pytest.mark.parametrize(("outputs", "loss"), [(1, "binary_cross_entropy"), (2, "categorical_cross_entropy")])
@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_two_classes_agree_with_numpy(tmp_path, digits, outputs, loss, activation):
    x, y, x_test, _ = two_digits(digits, 3, 8)
    network = quickly(x[:1000], y[:1000], outputs, loss, activation)
    explorer = explorers.draw_digit(network, classes=(3, 8))
    found = asked(tmp_path, explorer, x_test[:40], chosen=1)
    second = network.probabilities(x_test[:40])[:, -1]
    first, drawn = np.transpose([answer["probabilities"] for answer in found])
    assert np.allclose(drawn, second, atol=0.01) and np.allclose(first + drawn, 1)
    # The lead of the second of two classes is the logarithm of the odds.
    assert np.allclose([answer["lead"] for answer in found], np.log(drawn / first), atol=1e-6)
    explorer.show(x_test[0])
    assert explorer.probabilities == pytest.approx({3: 1 - second[0], 8: second[0]}, abs=1e-3)


def test_a_network_that_ends_in_probabilities_says_the_same(network):
    ending = Network([*(layer.copy() for layer in network.layers[:-1]), Softmax()])
    first, second = explorers.draw_digit(network), explorers.draw_digit(ending)
    assert first.probabilities == pytest.approx(second.probabilities)
    assert first.describe() == second.describe()


# ---- the evidence --------------------------------------------------------------------------------


def test_contributions_add_up(network, digits):
    known = Classifier(network)
    for chosen in (0, 5):
        x = digits.x_test[chosen].astype(float)
        lead, gradient = known.lead(x, chosen)
        z = known.logits(x[None])[0]
        assert lead == pytest.approx(z[chosen] - np.delete(z, chosen).mean())
        step = 1e-6
        for pixel in np.flatnonzero(x)[::17]:
            more = x.copy()
            more[pixel] += step
            assert (known.lead(more, chosen)[0] - lead) / step == pytest.approx(gradient[pixel], abs=1e-4)
    # Without biases a ReLU network is homogeneous: the pixels make up the whole lead.
    bare = Network([layer.copy() for layer in network.layers])
    for layer in bare.layers[::2]:
        layer.b = np.zeros_like(layer.b)
    lead, gradient = Classifier(bare).lead(x, 5)
    assert gradient @ x == pytest.approx(lead)


def test_the_panel_says_in_the_browser_what_python_says(tmp_path, network, digits):
    explorer = explorers.draw_digit(network, digits.x_test)
    explorer.show(digits.x_test[4])
    values = [{"class": c, "pixels": p} for c, p in ((0, 0), (8, 0), (3, 1))]
    sent = {"spec": explorer.spec, "data": explorer.view.data}
    found = front.ask(tmp_path, PANEL, values=values, image=explorer.view.drawing, **sent)
    for value, answer in zip(values, found, strict=True):
        front.move(explorer, value)
        assert np.allclose(answer["evidence"], explorer.evidence.ravel(), atol=5e-3)
        assert answer["shown"]["drawing"] == 3
        assert shape_of(answer["words"]) == shape_of(explorer.describe())
        assert answer["shown"]["says"] == max(explorer.probabilities, key=explorer.probabilities.get)
    blank = front.ask(tmp_path, PANEL, values=values[:1], image=pack(np.zeros(784), 0, 1)["codes"], **sent)
    assert blank[0]["words"].startswith("The paper is empty: draw a digit.")


def shape_of(words: str) -> list[str]:
    """A sentence without its decimals: those of packed weights differ in the last digit."""
    return [
        word.split(".")[0] if any(c.isdigit() for c in word) and "." in word[:-1] else word for word in words.split()
    ][:8]


# ---- the explorer --------------------------------------------------------------------------------


def test_the_first_drawing_is_a_five(network):
    explorer = explorers.draw_digit(network)
    assert "5" in explorer.describe() and not explorer.view.drawing
    assert explorer.image.shape == (28, 28) and explorer.image.sum() > 40


def test_without_a_five_a_test_digit_comes_first(digits):
    x, y, x_test, _ = two_digits(digits, 3, 8)
    network = Network.dense([784, 1])
    explorer = explorers.draw_digit(network, x_test, classes=(3, 8))
    assert np.allclose(explorer.image.ravel(), x_test[0], atol=1e-6)
    explorer = explorers.draw_digit(network, classes=(3, 8))
    assert explorer.describe().startswith("The paper is empty")


def test_what_is_sent_is_small(network, digits):
    explorer = explorers.draw_digit(network, digits.x_test)
    sent = len(json.dumps(explorer.view.data))
    numbers = sum(W.size + b.size for W, b, _ in Classifier(network).layers)
    assert sent < 2 * numbers + 10 * 1568 + 2000  # two characters for each weight and for each pixel of ten images
    assert len(json.dumps(explorer.spec)) < 4000
    explorer.show(digits.x_test[0])
    assert len(explorer.view.drawing) == 1568


def test_the_picture_on_paper(network):
    explorer = explorers.draw_digit(network, **{"class": "7"})
    figure = explorer.figure()
    figure.canvas.draw()
    parts = figure.axes[0].child_axes
    assert [part.get_title() for part in parts[:4]] == [
        "a drawn digit", "the network sees", "probability", "+ speaks for 7, − against it",
    ]  # fmt: skip
    assert np.allclose(1 - parts[1].images[0].get_array(), explorer.image)
    widths = [bar.get_width() for bar in parts[2].patches[10:]]
    assert widths == pytest.approx(list(explorer.probabilities.values()))
    assert np.allclose(parts[3].images[0].get_array(), explorer.evidence)
    assert len(figures.png(figure)) <= 30_000


# ---- a network of one's own ------------------------------------------------------------------------


def by_hand(X, W1, b1, W2, b2):
    return np.maximum(X @ W1.T + b1, 0) @ W2.T + b2


@pytest.fixture(scope="module")
def arrays(network):
    return [array.copy() for array in network.parameters]


def test_the_arrays_of_a_network_are_the_network(network, arrays):
    first, second = explorers.draw_digit(network), explorers.draw_digit(arrays)
    assert first.view.data == second.view.data and first.describe() == second.describe()
    assert second.probabilities == pytest.approx(first.probabilities)


def test_an_own_forward_pass_is_what_answers(arrays):
    asked = []

    def noted(X, *parameters):
        asked.append((X.shape, X.dtype))
        return by_hand(X, *parameters)

    explorer = explorers.draw_digit(arrays, forward=noted)
    del asked[:]
    probabilities = explorer.probabilities
    assert asked == [((1, 784), np.float32)]
    assert probabilities == pytest.approx(explorers.draw_digit(arrays).probabilities, abs=1e-5)
    for array in arrays:
        array *= 1.0  # the picture has copies
    arrays[1] += 5
    assert explorer.probabilities == probabilities
    arrays[1] -= 5


@pytest.mark.parametrize(
    ("forward", "message"),
    [
        (lambda X, W1, b1, W2, b2: X @ W1.T @ W2.T + b2, "other logits"),
        (lambda X, W1, b1, W2, b2: by_hand(X, W1, b1, W2, 0 * b2), "other logits"),
        (lambda X, W1, b1, W2, b2: by_hand(X, W1, b1, W2, b2)[:, 0], "must return logits of the shape"),
    ],
)
def test_a_forward_pass_of_another_network_is_named(arrays, forward, message):
    arrays[3][:] = 0.5 * np.arange(10)
    with pytest.raises(InputError, match=message):
        explorers.draw_digit(arrays, forward=forward)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([[1, 2, 3]], "trained network"),
        ([[np.ones((4, 784)), np.ones(4), np.ones((3, 5)), np.ones(3)]], "4 units do not fit"),
        ([[np.ones((4, 784)), np.ones(3)]], "its b"),
        ([[np.ones((4, 64)), np.ones(4)]], "784 inputs"),
        ([[np.full((4, 784), np.nan), np.ones(4)]], "the training diverged"),
        ([Network.dense([784, 10]), None, None, by_hand], "belongs to the arrays"),
        ([Network.dense([64, 10])], "784 inputs"),
        ([Network.dense([784, 10], output="relu")], "must end in logits"),
        ([Network.dense([784, 2]), None, (5, 5)], "different whole numbers"),
        ([Network.dense([784, 2]), None, (5, 6, 7)], "2 classes"),
        ([Network.dense([784, 1]), None, ("5", "6")], "whole numbers"),
        ([Network.dense([784, 10]), np.zeros((3, 64))], "28×28"),
        ([Network.dense([784, 10]), np.full((3, 784), 255.0)], "divide"),
        ([Network.dense([784, 10]), "digits"], "28×28"),
        ([Network.dense([784, 10]), np.zeros((0, 784))], "pixels"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        explorers.draw_digit(*arguments)


def test_a_choice_that_is_none_is_named(network):
    with pytest.raises(InputError, match="class must be one of the most probable, 0, 1"):
        explorers.draw_digit(network, **{"class": "eleven"})
    with pytest.raises(InputError, match="one image at a time"):
        explorers.draw_digit(network).show(np.zeros((2, 784)))
