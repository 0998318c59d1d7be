"""Training on the noisy curve: the assignment's table, the engine's networks, and the browser all agree with it."""

import numpy as np
import pytest

from helpers.errors import InputError
from helpers.networks import curve_fit, training
from helpers.networks.curve_fit import Settings, train
from helpers.networks.layers import Dense, Sigmoid
from helpers.networks.losses import SquaredError
from helpers.networks.network import Network
from helpers.networks.optimisers import SGD, Adam, Momentum
from tests import front

ADAM = {"optimiser": 2, "rate": 0.05}

#: Cost at first, after the printed 100 epochs, of the constant mean(y), and of the true curve itself, for seeds 0 to 3
#: of np.random (assignment key 004.code, where the parameters are updated one after the other).
PRINTED = [
    (0.062956, 0.042758, 0.035247, 0.002574), (0.846380, 0.083923, 0.035612, 0.002039),
    (0.608327, 0.041726, 0.042851, 0.003216), (3.414548, 0.038745, 0.033403, 0.002040),
]  # fmt: skip


def one_after_the_other(settings: Settings, epochs: int) -> float:
    """The final cost with the printed update: W1, then W2, b1, b2, each with a gradient at the values of that moment."""
    x, y, theta = curve_fit.draws(settings)
    W1, b1, W2, b2 = (slice(k * settings.k, (k + 1) * settings.k) for k in range(4))
    for _ in range(epochs):
        for part in (W1, W2, b1, b2):
            theta[part] -= settings.rate * curve_fit.cost_and_gradient(theta, x, y)[1][part]
    return curve_fit.cost_and_gradient(theta, x, y)[0]


def test_the_printed_program_seed_by_seed():
    for seed, (at_first, at_last, constant, floor) in enumerate(PRINTED):
        settings = Settings(seed=seed)
        run = train(settings, 100)
        numbers = curve_fit.numbers(run)
        assert [run.costs[0], numbers["constant"], numbers["floor"]] == pytest.approx(
            [at_first, constant, floor], abs=6e-7
        )
        assert one_after_the_other(settings, 100) == pytest.approx(at_last, abs=6e-7)
        # All parameters at once: a defect mended that changes the result by less than 0.0002.
        assert abs(run.costs[-1] - at_last) < 1.8e-4


def test_many_seeds_side_by_side_are_what_each_alone_is():
    together = curve_fit.train_seeds(Settings(**ADAM), 50, range(3))
    for seed in range(3):
        alone = train(Settings(seed=seed, **ADAM), 50)
        np.testing.assert_allclose(together.theta[seed], alone.theta, rtol=1e-10)
        np.testing.assert_allclose(together.costs[:, seed], alone.costs, rtol=1e-10)


@pytest.mark.parametrize("optimiser", range(3))
def test_the_engine_trains_the_same(optimiser):
    """An independent implementation of the gradients: helpers.networks.network, layer by layer, and its losses."""
    settings = Settings(k=4, n=13, seed=3, optimiser=optimiser, rate=0.02)
    x, y, theta = curve_fit.draws(settings)
    W1, b1, W2, b2 = curve_fit.split(theta)
    network = Network([Dense.of(W1[:, None], b1), Sigmoid(), Dense.of(W2[None, :], [b2])])
    loss = SquaredError()
    assert curve_fit.cost_and_gradient(theta, x, y)[0] == pytest.approx(
        loss.forward(network.forward(x[:, None]), y[:, None])
    )
    method = (SGD, Momentum, Adam)[optimiser](0.02)
    training.train(network, x[:, None], y[:, None], loss, method, epochs=40, batch_size=None, progress=False)
    np.testing.assert_allclose(train(settings, 40).theta, network.parameter_vector, rtol=1e-9)


def test_a_point_that_moves_changes_the_training_from_then_on():
    settings = Settings(n=20, **ADAM)
    still, moved = train(settings, 60), train(settings, 60, changes=[(40, 3, 0.5, 0.9)])
    np.testing.assert_array_equal(still.costs[:40], moved.costs[:40])
    assert moved.costs[40] > still.costs[40] and (moved.x[3], moved.y[3]) == (0.5, 0.9)


def test_a_learning_rate_that_is_too_high_stops():
    run = train(Settings(rate=2.0), 1000)
    assert run.diverged and len(run.costs) < 1000


# ---- the browser -------------------------------------------------------------------------------------------------


def in_the_browser(folder, runs: list[dict]) -> list[dict]:
    """What the shipped front end draws and trains, in Node.js. A run: settings, epochs, changes."""
    script = """
    return question.runs.map(({ settings, epochs, changes, back }) => {
      const first = front.draws(settings);
      const fit = new front.Fit(settings, changes);
      fit.advance(epochs);
      const early = fit.at(back);
      return { x: plain(first.x), y: plain(first.y), start: plain(first.theta), theta: plain(fit.state.theta),
               early: plain(early.theta), costs: plain(fit.costs), diverged: fit.diverged };
    });"""
    return front.ask(folder, script, runs=runs)


RUNS = [
    ({}, 100, []),
    ({"optimiser": 1, "rate": 0.1, "seed": 5}, 600, []),
    (ADAM | {"seed": 19}, 500, []),
    (ADAM | {"k": 30, "scale": 5.0, "noise": 0.2, "n": 15, "seed": 42}, 300, []),
    ({"k": 1, "n": 5, "noise": 0.0, "scale": 0.0, "seed": 99, "rate": 0.5}, 200, []),
    (ADAM | {"n": 31, "seed": 1}, 200, [[0, 4, 0.1, 0.8], [120, 7, -0.4, -0.2]]),
]


def test_the_browser_draws_and_trains_the_same(tmp_path):
    """Same points, same start, same parameters after N epochs, to 1e-9; and the same when it goes back in time."""
    asked = [{"settings": vars(Settings(**some)), "epochs": epochs, "changes": changes, "back": epochs // 3}
             for some, epochs, changes in RUNS]  # fmt: skip
    for answer, run in zip(in_the_browser(tmp_path, asked), asked, strict=True):
        settings = Settings(**run["settings"])
        x, y, theta = curve_fit.draws(settings)
        np.testing.assert_allclose(answer["x"], x, rtol=0, atol=0)  # the generator is NumPy's, bit by bit
        np.testing.assert_allclose(answer["y"], y, rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(answer["start"], theta, rtol=1e-15)
        expected = train(settings, run["epochs"], run["changes"])
        np.testing.assert_allclose(answer["theta"], expected.theta, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(answer["costs"], expected.costs[:-1], rtol=1e-9)
        early = train(settings, run["back"], run["changes"])
        np.testing.assert_allclose(answer["early"], early.theta, rtol=1e-9, atol=1e-9)


RUN = """
    const run = Object.create(front.FitRun.prototype);
    Object.assign(run, { picture: { schedule() {} }, goal: question.goal, changes: [], save() {} });
    const values = question.settings;
    while ((run.update(values), run.catchingUp)) if (question.once) break;"""


def test_before_the_explosion_the_numbers_were_not_too_large(tmp_path):
    script = (
        RUN
        + """
    const exploded = run.numbers;
    run.shown = 5;
    run.update(values);
    return [exploded, run.numbers];"""
    )
    settings = Settings(rate=2.0)
    exploded, before = front.ask(tmp_path, script, settings=vars(settings), goal=100, once=False)
    run = train(settings, 100)
    assert exploded["diverged"] == 1 and exploded["epoch"] == exploded["head"] == len(run.costs) - 1
    assert before["diverged"] == 0 and before["epoch"] == 5 and before["cost"] == pytest.approx(run.costs[5], rel=1e-9)
    assert before["first"] == pytest.approx(run.costs[0])


def test_training_again_says_how_far_it_is_and_can_be_stopped(tmp_path):
    script = (
        RUN
        + """
    const panel = new front.CostPanel({ run }, { x: {}, y: { low: -4, high: 1 } });
    const end = panel.contents().shape.x.high;
    const before = run.numbers;
    run.train();  // the button says Stop while it catches up
    run.update(values);
    return { before, end, after: run.numbers };"""
    )
    settings = vars(Settings(n=200, k=30))
    answer = front.ask(tmp_path, script, settings=settings, goal=150_000, once=True)
    before, after = answer["before"], answer["after"]
    assert before["behind"] == 1 and before["goal"] == 150_000 > before["head"] and answer["end"] == 200_000
    assert after["behind"] == 0 and after["goal"] == after["head"] == before["head"]


def test_at_the_limit_no_further_epoch_is_trained(tmp_path):
    script = (
        RUN
        + """
    const before = run.numbers.head;
    run.one();
    run.train();
    run.update(values);
    return [before, run.numbers.head, run.atLimit, Boolean(run.training)];"""
    )
    settings = vars(Settings(n=5, k=1))
    assert front.ask(tmp_path, script, settings=settings, goal=200_000, once=False) == [200_000, 200_000, True, False]


def test_the_axis_of_costs_holds_small_costs_and_no_line_for_no_noise(tmp_path):
    script = (
        RUN
        + """
    const { shape, curves } = new front.CostPanel({ run }, { x: {}, y: { low: -4, high: 1 } }).contents();
    return [run.numbers.cost, shape.y.low, curves.map(({ label }) => label)];"""
    )
    small = vars(Settings(noise=0.0, **ADAM))
    cost, low, labels = front.ask(tmp_path, script, settings=small, goal=2000, once=False)
    assert cost < 1e-4 and low < np.log10(cost) and "noise floor" not in labels
    _, low, labels = front.ask(tmp_path, script, settings=vars(Settings()), goal=100, once=False)
    assert low == -4 and "noise floor" in labels


def test_optimisers_by_name_and_an_unknown_one():
    assert Settings(optimiser="Adam") == Settings(optimiser=2)
    for wrong in ("sgd", 3, None):
        with pytest.raises(InputError, match="choose from gradient descent"):
            Settings(optimiser=wrong)
