"""explorers.fit in Python: what was done is replayed in NumPy, drawn on paper, and said in a sentence."""

import json

import numpy as np
import pytest

from helpers import explorers
from helpers.errors import InputError
from helpers.explorers.fit import nice_end
from helpers.networks import curve_fit
from helpers.networks.curve_fit import Settings


@pytest.fixture
def explorer():
    return explorers.fit()


def tell(explorer, **changed):
    """What the browser tells Python when something was done in the picture."""
    first = {"epoch": explorer.epoch, "head": len(explorer.history) - 1, "changes": [], "kept": None}
    explorer.view.state = first | explorer.view.state | changed | {"values": explorer.values}


def changes_until(explorer) -> list:
    return [each for each in explorer.view.state.get("changes", []) if each[0] <= explorer.epoch]


def show(explorer, epoch):
    """Go back to an epoch, as the slider of the time does."""
    tell(explorer, epoch=epoch)


def train(explorer, epochs):
    """Train on from the epoch in the picture: what came after it is forgotten."""
    head = explorer.epoch + epochs
    tell(explorer, epoch=head, head=head, changes=changes_until(explorer))


def move(explorer, i, x, y):
    """Drag point i to (x, y)."""
    tell(explorer, head=explorer.epoch, changes=[*changes_until(explorer), [explorer.epoch, i, x, y]])


def test_at_first_the_printed_program_and_its_cure(explorer):
    assert explorer.settings == Settings() and explorer.epoch == 100
    assert explorer.history[-1] == pytest.approx(0.042776, abs=1e-6)
    settings, kept = explorer.kept
    assert settings == Settings(optimiser=2, rate=0.05) and len(kept.costs) == 501 and kept.costs[-1] < 0.00375
    assert "worse than that constant" in explorer.describe()


@pytest.mark.parametrize("start, words", [
    ({"optimiser": "Adam", "rate": 0.05, "epochs": 500}, "as good as the noise allows"),
    ({"optimiser": "Adam", "rate": 0.05, "epochs": 1000, "n": 15, "k": 30, "noise": 0.1}, "below the noise floor, so it follows"),
    ({"optimiser": "Adam", "rate": 0.1, "epochs": 4000, "n": 10, "k": 30, "noise": 0.2}, "far from the true curve: overfitting"),
    ({"optimiser": "momentum 0.9", "rate": 0.1, "epochs": 1000}, "better than the constant, 2.5 times the noise floor"),
    ({"rate": 1.0, "epochs": 2000}, "the cost is 726.7, and it was 0.06296 at first: the cost grows, the learning rate 1 is too high"),
    ({"rate": 2.0}, "too large to go on: the learning rate 2 is too high"),
])  # fmt: skip
def test_the_sentence_says_how_the_fit_is(start, words):
    assert words in explorers.fit(compare=None, **start).describe()


def test_what_else_the_sentence_says():
    for epochs in (0, 100, 2000):
        assert "floor" not in explorers.fit(compare=None, noise=0.0, epochs=epochs).describe()
    exploded = explorers.fit(rate=2.0)
    show(exploded, 5)
    assert exploded.describe().startswith("After 5 epochs the cost is") and "too large" not in exploded.describe()
    # The sentences know how far the browser is when it trains again; Python is never behind.
    spec = explorers.fit()
    assert spec.say(spec.spec["sentences"], spec.variables() | {"behind": 1, "head": 320, "goal": 2223}) == (
        "Training again with these settings: 320 of 2223 epochs."
    )


def test_a_learning_rate_of_two_digits_stays_what_it_is():
    explorer = explorers.fit(rate=0.05)
    explorer.sliders["rate"].value = 10**-1.3  # what the slider makes of it on the page
    assert explorer.values["rate"] == 0.05 and explorer.settings == Settings(rate=0.05)
    explorer.sliders["rate"].value = 0.125
    assert explorer.values["rate"] == 0.13


def test_network_and_weights_are_those_of_the_run(explorer):
    x = np.linspace(-1, 1, 7)
    expected = curve_fit.output(curve_fit.train(Settings(), 100).theta, x)
    np.testing.assert_allclose(explorer.network()(x), expected, rtol=1e-12)


def test_train_go_back_and_on(explorer):
    train(explorer, 50)
    assert explorer.epoch == 150 and len(explorer.history) == 151
    show(explorer, 20)
    assert explorer.epoch == 20 and len(explorer.history) == 151
    assert explorer.describe().startswith("After 20 epochs")
    train(explorer, 1)  # from the epoch in the picture: what came after it is forgotten
    assert explorer.epoch == 21 and len(explorer.history) == 22


def test_a_moved_point_counts_from_then_on(explorer):
    before = explorer.history
    show(explorer, 60)
    move(explorer, 3, 0.5, -0.3)
    assert explorer.run.x[3] == 0.5 and explorer.run.y[3] == -0.3
    assert explorer.history[-1] > before[60]
    train(explorer, 10)
    np.testing.assert_array_equal(explorer.history[:60], before[:60])
    assert explorer.epoch == 70 and explorer.run.y[3] == -0.3


def test_other_settings_start_again_and_other_points_take_back_what_was_moved(explorer):
    move(explorer, 3, 0.5, -0.3)
    explorer.sliders["rate"].value = 0.1
    assert explorer.epoch == 100
    expected = curve_fit.train(Settings(rate=0.1), 100, [(0, 3, 0.5, -0.3)])  # as if it had been there from the start
    np.testing.assert_allclose(explorer.history, expected.costs)
    explorer.sliders["seed"].value = 4
    np.testing.assert_allclose(explorer.history, curve_fit.train(Settings(rate=0.1, seed=4), 100).costs)


def test_keep_and_reset(explorer):
    explorer.sliders["optimiser"].value = 1
    tell(explorer, kept={"values": explorer.values, "epoch": 100, "changes": []})
    assert explorer.kept[0] == Settings(optimiser=1) and len(explorer.kept[1].costs) == 101
    train(explorer, 3)
    explorer.reset()
    assert explorer.epoch == 100 and explorer.settings == Settings() and explorer.kept[0].optimiser == 2
    assert explorers.fit(compare=None).kept is None


@pytest.mark.parametrize("wrong, words", [
    ({"optimiser": "sgd"}, "must be one of gradient descent"), ({"rate": 5}, "rate must lie"), ({"epochs": 1.5}, "epochs must be"),
    ({"epochs": -1}, "epochs must be"), ({"k": 0}, "k must lie"), ({"hidden": 3}, "no slider 'hidden'"),
    ({"compare": {"speed": 1}}, "compare knows no 'speed'"), ({"compare": {"rate": 99}}, "rate must lie"),
])  # fmt: skip
def test_bad_input_gets_one_line(wrong, words):
    with pytest.raises(InputError, match=words):
        explorers.fit(**wrong)


def test_what_is_drawn_on_paper(explorer):
    assert len(explorer.figure().axes) == 3  # the weights are folded away
    fit, units, costs, weights = explorers.fit(weights=True).figure().axes
    assert (
        fit.get_position().width > 1.4 * units.get_position().width
        and fit.get_position().height > 2 * units.get_position().height
    )
    assert {text.get_text() for text in costs.texts} == {"constant", "noise floor", "cost", "kept"}
    x, y, _ = curve_fit.draws(Settings())
    lines = {line.get_label(): line for line in fit.lines}
    np.testing.assert_array_equal(fit.lines[0].get_ydata(), y)
    shown = lines["network after 100 epochs"]
    np.testing.assert_allclose(shown.get_ydata(), explorer.network()(shown.get_xdata()))
    assert "kept: Adam, rate 0.05, 500 epochs" in lines
    assert sum(len(line.get_xdata()) > 2 for line in units.lines) == 10
    levels = {line.get_label(): line for line in costs.lines}
    np.testing.assert_allclose(levels["cost"].get_ydata(), np.log10(explorer.history))
    assert levels["constant"].get_ydata()[0] == pytest.approx(np.log10(y.var()))
    assert levels["noise floor"].get_ydata()[0] == pytest.approx(np.log10(0.002574), abs=1e-3)
    # A line for each weight, dashed where it is negative.
    edges = [line for line in weights.lines if len(line.get_xdata()) == 2]
    W1, _, W2, _ = curve_fit.split(explorer.run.theta)
    negative = np.sum(W1 < 0) + np.sum(W2 < 0)
    assert len(edges) == 20 and sum(line.is_dashed() for line in edges) == negative


def test_a_curve_of_the_students_own_lies_over_the_others():
    """As given, as drawn, and its distance from the true curve in the sentence; sliders leave it as it is."""
    mine = explorers.fit(own=lambda x: 0.3 + 0.1 * x, compare=None)
    assert "yours" not in explorers.fit().spec["constants"] and "own" not in explorers.fit().spec["panels"][0]
    places = np.linspace(-1, 1, 201)
    away = np.mean((0.3 + 0.1 * places - curve_fit.true_curve(places)) ** 2)
    assert f", of your curve {away:.4f}." in mine.describe()
    lines = {line.get_label(): line for line in mine.figure().axes[0].lines}
    np.testing.assert_allclose(lines["your curve"].get_ydata(), 0.3 + 0.1 * lines["your curve"].get_xdata(), atol=1e-3)
    mine.sliders["seed"].value = 4
    assert f", of your curve {away:.4f}." in mine.describe()
    assert "of your curve" in explorers.fit(own=np.sin, optimiser="Adam", rate=0.05, epochs=500).describe()
    high = explorers.fit(own=lambda x: 7 * x, compare=None)
    assert max(abs(high.figure().axes[0].lines[-1].get_ydata())) == pytest.approx(7, rel=1e-3)


@pytest.mark.parametrize("own, words", [
    (lambda x: ..., "not written yet"), (lambda x: "high", "not numbers"), (lambda x: x[:3], "one number for each"),
    (lambda x: x / 0 * np.nan, "nan everywhere"), (lambda x, k: k * x, "wants a value for k"), (3, "not callable"),
])  # fmt: skip
def test_an_own_curve_that_is_none_gets_one_line(own, words):
    with pytest.raises(InputError, match=words), np.errstate(all="ignore"):
        explorers.fit(own=own)


def test_a_picture_without_noise_and_one_that_exploded_can_be_drawn():
    for one in (explorers.fit(noise=0.0, compare=None), explorers.fit(rate=2.0), explorers.fit(k=30, n=5, scale=0.0)):
        assert len(one.figure().axes) == 3 and one.describe()


def test_of_many_units_those_that_count_stand_out():
    explorer = explorers.fit(k=30, epochs=50)
    units = [line for line in explorer.figure().axes[1].lines if len(line.get_xdata()) > 2]
    W1, b1, W2, _ = curve_fit.split(explorer.run.theta)
    strongest = np.argsort(-abs(W2))[:8]
    bold = [line for line in units if line.get_alpha() == 1]
    assert len(units) == 30 and len(bold) == 8 and units[-8:] == bold
    starts = [line.get_ydata()[0] for line in bold]
    assert sorted(starts) == pytest.approx(sorted(1 / (1 + np.exp(W1 - b1)[strongest])))


def test_the_axis_of_epochs_does_not_creep():
    assert [nice_end(n) for n in (100, 101, 200, 201, 999, 5000, 5001)] == [100, 200, 200, 500, 1000, 5000, 10000]


def test_little_json(explorer):
    move(explorer, 3, 0.5, -0.3)
    assert len(json.dumps(explorer.spec)) < 6000 and len(json.dumps(explorer.view.state)) < 1000
