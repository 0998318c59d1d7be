"""Going through a training: each epoch shows what its snapshot gives, in the browser as in Python."""

import json

import numpy as np
import pytest

from helpers import explorers
from helpers.datasets import load_mnist, two_digits
from helpers.errors import InputError
from helpers.networks.network import Network
from helpers.networks.training import History, train
from helpers.pictures import figures
from tests import front

SHOWN = """
const { spec, data, values } = question;
const mathematics = new front.Mathematics(spec);
const panel = (kind) => spec.panels.find((each) => each.kind === kind);
const document = { createElement: () => ({ addEventListener() {} }) };
const tools = { ownerDocument: document, insertBefore() {}, append() {} };
const el = { prepend() {}, querySelector() {} };
const picture = { tools, el, parts: { before() {} }, stage: { after() {} }, sliders: {} };
return values.map((value) => {
  const variables = mathematics.variables(value);
  const images = new front.KINDS.images(picture, panel("images"));
  const confusion = new front.KINDS.confusion(picture, panel("confusion"));
  return {
    words: front.Picture.prototype.words.call({ spec }, variables),
    counts: confusion.contents({}, variables, data).counts,
    weights: plain(images.contents({}, variables, data).values), dot: plain(variables.validation_cost_now),
  };
});
"""


@pytest.fixture(scope="module")
def run():
    """A short training on two digits, stopped early, with the data of its confusion matrix."""
    digits = two_digits(load_mnist(quiet=True), 5, 6)
    network = Network.dense([784, 16, 1], dtype=np.float32, rng=1)
    history = train(
        network, digits.x_train[:240], digits.y_train[:240], "binary_cross_entropy", epochs=60, batch_size=16,
        optimiser="adam", validation=0.25, patience=2, snapshots=1, progress=False,
    )  # fmt: skip
    return history, network, digits.x_test[:100], digits.y_test[:100]


def test_each_epoch_shows_its_own_numbers(tmp_path, run):
    history, network, x, y = run
    before = network.get_weights()
    explorer = explorers.training(*run, classes=(5, 6))
    values = [{"epoch": epoch} for epoch in (0, 1, history.best_epoch, history.epochs)]
    answers = front.ask(tmp_path, SHOWN, spec=explorer.spec, data=explorer.view.data, values=values)
    copy = network.copy()
    for value, answer in zip(values, answers, strict=True):
        epoch = value["epoch"]
        explorer.sliders["epoch"].value = epoch
        copy.set_weights(history.snapshots[history.snapshot_epochs.index(epoch)])
        said = copy.classify(x)
        counts = [[int(np.sum((y == true) & (said == taken))) for taken in (0, 1)] for true in (0, 1)]
        assert explorer.confusion.tolist() == counts and answer["counts"] == sum(counts, [])
        units = explorer.weights.reshape(-1, 784)
        assert all(any(np.allclose(unit, row) for row in copy.layers[0].W) for unit in units)
        limit = explorer.spec["panels"][-1]["limit"]
        assert np.abs(np.ravel(answer["weights"]) - np.clip(units.ravel(), -limit, limit)).max() <= limit / 62 + 1e-9
        assert answer["words"] == explorer.describe()
        right = 100 * np.mean(said == y)
        assert f"{right:.1f} % are right" in answer["words"]
        if epoch:
            assert answer["dot"] == pytest.approx(history.validation_cost[epoch - 1])
    assert np.array_equal(network.get_weights(), before)


def test_best_and_last_epoch_are_marked_and_said(run):
    history = run[0]
    assert history.stopped_early and history.best_epoch == history.epochs - 2
    explorer = explorers.training(*run)
    assert explorer.values["epoch"] == history.kept_epoch == history.best_epoch
    assert "lowest here" in explorer.describe()
    explorer.sliders["epoch"].value = history.epochs
    assert f"no lower validation cost since epoch {history.best_epoch}" in explorer.describe()
    explorer.sliders["epoch"].value = 0
    assert explorer.describe().startswith("Before the training.")
    labels = [curve["label"] for curve in explorer.spec["panels"][0]["curves"] if curve["label"]]
    marked = [f"best: epoch {history.best_epoch}", f"stopped: epoch {history.epochs}"]
    assert labels == ["training", "validation", *marked]


def test_digits_stand_for_their_classes(run):
    history, network, x, y = run
    explorer = explorers.training(history, network, x, 1 - y, classes=(5, 6), epoch=history.epochs)
    assert explorer.spec["panels"][2]["classes"] == [5, 6]
    assert "than 5 taken for 6: " in explorer.describe() or "than 6 taken for 5: " in explorer.describe()


def test_a_long_history_is_thinned_out_but_keeps_the_best(run):
    _, network, x, y = run
    history = History(cost=[1 / k for k in range(1, 101)], seconds=[0.0] * 100, kept_epoch=100, best_epoch=37)
    history.validation_cost = [abs(k - 37) / 50 + 0.1 for k in range(1, 101)]
    rng = np.random.default_rng(0)
    history.snapshot_epochs = list(range(101))
    history.snapshots = [rng.normal(size=network.parameter_vector.shape) for _ in range(101)]
    explorer = explorers.training(history, network, x, y)
    assert len(explorer.view.data["arrays"]["weights"]) <= 26
    copy = network.copy()
    for epoch in (0, 37, 100):
        explorer.sliders["epoch"].value = epoch
        copy.set_weights(history.snapshots[epoch])
        assert np.trace(explorer.confusion) == np.sum(copy.classify(x) == y)
    assert len(json.dumps(explorer.view.data)) < 260_000


def test_what_is_sent_is_small(run):
    explorer = explorers.training(*run)
    snapshots = len(run[0].snapshots)
    assert len(json.dumps(explorer.view.data)) < snapshots * (12 * 784 + 60) + 500
    assert len(json.dumps(explorer.spec)) < 12_000


def test_without_validation_there_is_one_curve(run):
    _, network, x, y = run
    network = network.copy()
    history = train(network, x, y, "binary_cross_entropy", epochs=2, snapshots=1, progress=False)
    explorer = explorers.training(history, network, x, y)
    labels = [curve["label"] for curve in explorer.spec["panels"][0]["curves"] if curve["label"]]
    assert labels == ["training"] and "validation" not in explorer.describe()
    assert explorer.weights.shape == (12, 28, 28)


def test_the_picture_on_paper(run):
    explorer = explorers.training(*run, classes=(5, 6))
    figure = explorer.figure()
    figure.canvas.draw()
    cost, _, confusion, images, *_ = figure.axes
    assert confusion.get_title(loc="left") == "confusion matrix"
    written = [text.get_text() for text in confusion.texts]
    assert written == [str(count) for count in explorer.confusion.ravel() if count]
    assert [label.get_text() for label in confusion.get_xticklabels()] == ["5", "6"]
    assert np.allclose(images.child_axes[2].images[0].get_array(), explorer.weights[2])
    assert "best: epoch" in cost.get_legend().get_texts()[2].get_text()
    assert len(figures.png(figure)) <= 30_000


def test_bad_input_is_named(run):
    history, network, x, y = run
    bare = History(cost=[1.0], seconds=[1.0])
    for arguments, message in (
        (([1, 2], network, x, y), "History that train"),
        ((bare, network, x, y), "snapshots=1"),
        ((history, "net", x, y), "trained network"),
        ((history, Network.dense([784, 10]), x, y), "another network"),
        ((history, network, x[:, :700], y), "784"),
        ((history, network, x, y[:5]), "one label for each"),
        ((history, network, x, y + 5), "labels y must be 0 … 1"),
        ((history, network, x[:0], y[:0]), "labels"),
        ((history, network, x, y, (5, 6, 7)), "2 classes"),
    ):
        with pytest.raises(InputError, match=message):
            explorers.training(*arguments)
    with pytest.raises(InputError, match="epoch must lie"):
        explorers.training(*run, epoch=1000)
