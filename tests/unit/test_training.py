"""Training: optimisers, batches, early stopping, the record, the bar, the stop button."""

import io
import os
import subprocess
import sys
import textwrap
import tracemalloc
from functools import partial

import numpy as np
import pytest
import threadpoolctl

from helpers import progress_bar
from helpers.errors import InputError
from helpers.networks.losses import CategoricalCrossEntropy, SquaredError
from helpers.networks.network import Network
from helpers.networks.optimisers import SGD, Adam, Momentum
from helpers.networks.training import Examples, History, train

RNG = np.random.default_rng(4)


def blobs(examples=300, classes=3, noise=0.6, seed=0):
    """Points around `classes` centres on a circle, and the numbers of the centres."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, examples)
    angle = 2 * np.pi * labels / classes
    return np.column_stack([np.cos(angle), np.sin(angle)]) + rng.normal(scale=noise, size=(examples, 2)), labels


def classifier(**more):
    return Network.dense([2, 8, 3], "tanh", **more)


def fit(network=None, seed=0, **settings):
    """Train on blobs, quietly: (history, network)."""
    network = network or classifier()
    x, y = blobs(seed=seed)
    settings = {"loss": "categorical_cross_entropy", "progress": False} | settings
    return train(network, x, y, **settings), network


# -------------------------------------------------------------------------------------------- optimisers


def textbook_momentum(w, gradients, lr=0.3, mu=0.8):
    v = 0
    for g in gradients:
        v = mu * v + g
        w = w - lr * v
    return w


def textbook_adam(w, gradients, lr=0.3, beta1=0.8, beta2=0.95, epsilon=1e-3):
    m = v = 0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + epsilon)
    return w


OPTIMISERS = [
    (SGD(0.3), partial(textbook_momentum, mu=0)),
    (Momentum(0.3, 0.8), textbook_momentum),
    (Adam(0.3, 0.8, 0.95, 1e-3), textbook_adam),
]  # fmt: skip


@pytest.mark.parametrize(("optimiser", "textbook"), OPTIMISERS)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 1e-4)])
@pytest.mark.parametrize("size", [1, 7, 100_001])
def test_optimisers_follow_the_textbook(optimiser, textbook, dtype, tolerance, size):
    start, gradients = RNG.normal(size=size), RNG.normal(size=(6, size))
    for _ in range(2):  # the second time after a reset: nothing is left of the first
        w = start.astype(dtype)
        optimiser.reset(w)
        for gradient in gradients.astype(dtype):
            before = gradient.copy()
            optimiser.step(w, gradient)
            assert np.array_equal(gradient, before)
        assert w.dtype == dtype
        np.testing.assert_allclose(w, textbook(start, gradients), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: SGD(-1), "learning_rate must be a number ≥ 0"),
    (lambda: SGD("fast"), "learning_rate"),
    (lambda: SGD(np.nan), "learning_rate"),
    (lambda: Momentum(0.1, 1), "momentum must be a number from 0 to less than 1"),
    (lambda: Adam(beta2=1.5), "beta2"),
])  # fmt: skip
def test_bad_settings_of_optimisers(make, message):
    with pytest.raises(InputError, match=message):
        make()


# ---------------------------------------------------------------------------------------------- batches


EXAMPLES = Examples(np.arange(20.0).reshape(10, 2), np.arange(10))


@pytest.mark.parametrize("size", [1, 3, 5, 10, 11])
def test_every_example_once_an_epoch_with_its_own_target(size):
    examples, rng = EXAMPLES, np.random.default_rng(0)
    orders = []
    for _ in range(3):
        seen = []
        for x, y in examples.batches(size, rng):
            assert np.array_equal(x[:, 0], 2 * y) and len(x) <= size
            seen += y.tolist()
        assert sorted(seen) == list(range(10))
        orders.append(seen)
    if size < 10:
        assert orders[0] != orders[1] != orders[2] and orders[0] != list(range(10))
    assert [len(y) for _, y in examples.batches(3)] == [3, 3, 3, 1]
    assert np.concatenate([y for _, y in examples.batches(3)]).tolist() == list(range(10))


def test_a_split_is_a_partition_without_a_copy():
    parts = larger, smaller = EXAMPLES.split(0.3, np.random.default_rng(0))
    assert (len(larger), len(smaller)) == (7, 3) and larger.x is smaller.x is EXAMPLES.x
    assert sorted(y for part in parts for _, batch in part.batches(2) for y in batch) == list(range(10))
    other, _ = EXAMPLES.split(0.3, np.random.default_rng(1))
    assert not np.array_equal(other.rows, larger.rows)


def test_the_data_are_not_copied():
    x = RNG.random((20_000, 50), dtype=np.float32)
    y = (x[:, 0] > 0.5).astype(int)
    network = Network.dense([50, 4, 2], dtype=np.float32)
    kept = x.copy()
    tracemalloc.start()
    try:
        train(network, x, y, "categorical_cross_entropy", epochs=2, validation=0.2, patience=1, progress=False)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < x.nbytes / 2
    assert np.array_equal(x, kept)


# --------------------------------------------------------------------------------------------- training


def test_one_epoch_is_the_three_lines_written_by_hand():
    x, y = blobs(50)
    network, loss = classifier(rng=1), CategoricalCrossEntropy()
    costs, right = [], 0
    rows = np.random.default_rng(5).permutation(50)
    for start in range(0, 50, 16):
        batch = rows[start : start + 16]
        outputs = network.forward(x[batch])
        costs += [loss.forward(outputs, y[batch])] * len(batch)
        right += np.sum(np.argmax(outputs, axis=1) == y[batch])
        network.backward(loss.backward())
        network.parameter_vector -= 0.2 * network.gradient_vector
    trained = classifier(rng=1)
    history = train(trained, x, y, loss, SGD(0.2), epochs=1, batch_size=16, rng=5, progress=False)
    np.testing.assert_allclose(trained.get_weights(), network.get_weights(), rtol=1e-12)
    assert history.cost == pytest.approx([np.mean(costs)], rel=1e-12)
    assert history.accuracy == [right / 50]


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam", Adam(0.01)])
def test_it_learns(optimiser):
    history, network = fit(optimiser=optimiser, epochs=30, batch_size=32)
    x, y = blobs(1000, seed=9)
    assert np.mean(network.classify(x) == y) > 0.8 > history.accuracy[0] - 0.2
    assert history.cost[-1] < history.cost[0] and len(history.cost) == 30 == history.epochs == history.kept_epoch


def test_binary_and_regression():
    x, labels = blobs()
    binary = Network.dense([2, 8, 1], "tanh")
    history = train(binary, x, labels == 1, "binary_cross_entropy", Adam(0.02), 20, validation=0.2, progress=False)
    assert history.validation_accuracy[-1] > 0.8
    x = np.linspace(-1, 1, 80)[:, np.newaxis]
    network = Network.dense([1, 10, 1], "sigmoid", initialiser="normal", scale=1)
    y = np.sin(3 * x[:, 0])
    start = SquaredError().forward(network(x), y)
    history = train(network, x, y, "squared_error", Adam(0.05), epochs=500, batch_size=None, progress=False)
    assert history.cost[0] == pytest.approx(start, rel=1e-12)  # full batch: before the step
    assert history.cost[-1] < 0.05 * np.var(y) < start
    assert history.accuracy == history.validation_accuracy == history.validation_cost == []
    assert history.best_epoch is None and history.kept_epoch == 500


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_seed_gives_the_same_training(dtype):
    settings = {"epochs": 4, "validation": 0.2, "patience": 2}
    (one, first), (two, second), (_, other) = (
        fit(classifier(dtype=dtype), rng=rng, **settings) for rng in (3, np.random.default_rng(3), 4)
    )
    assert np.array_equal(first.get_weights(), second.get_weights())
    assert one.cost == two.cost and one.validation_cost == two.validation_cost
    assert not np.array_equal(first.get_weights(), other.get_weights())
    assert first.get_weights().dtype == dtype


def test_validation_measures_the_weights_after_the_epoch_and_never_trains():
    x, y = blobs(100, seed=1)
    seen = []
    history, network = fit(
        epochs=3, validation=(x, y), callbacks=[lambda history, network: seen.append(network.copy())]
    )
    for epoch, copy in enumerate(seen):
        assert history.validation_cost[epoch] == pytest.approx(CategoricalCrossEntropy().forward(copy(x), y), rel=1e-12)
        assert history.validation_accuracy[epoch] == pytest.approx(np.mean(copy.classify(x) == y), rel=1e-12)
    _, without = fit(epochs=3)
    assert np.array_equal(network.get_weights(), without.get_weights())


def test_held_out_examples_are_not_trained_on():
    x, y = blobs()
    marked = x.copy()
    rows = Examples(x, y).split(0.2, np.random.default_rng(0))[1].rows  # what `train` will draw with rng=0
    marked[rows] = 50 + 10 * RNG.random((len(rows), 2))
    histories = []
    for data in (x, marked):
        network = classifier()
        histories.append(train(network, data, y, "categorical_cross_entropy", epochs=2, validation=0.2, progress=False))
    assert histories[0].cost == histories[1].cost
    assert histories[0].validation_cost != histories[1].validation_cost


def overfit(**more):
    """A training that overfits soon: few examples, much noise, a large step."""
    x, y = blobs(40, noise=1.5)
    network = Network.dense([2, 60, 3], "tanh", rng=1)
    seen = []
    settings = {"optimiser": Adam(0.05), "epochs": 200, "batch_size": 8, "progress": False}
    settings |= {
        "validation": blobs(200, noise=1.5, seed=5),
        "callbacks": [lambda h, n: seen.append(n.get_weights())],
    }
    return train(network, x, y, "categorical_cross_entropy", **settings | more), network, seen


@pytest.mark.parametrize("patience", [1, 4])
def test_early_stopping_restores_the_best_weights(patience):
    history, network, seen = overfit(patience=patience)
    best = int(np.argmin(history.validation_cost)) + 1
    assert history.stopped_early and history.epochs < 200
    assert history.best_epoch == history.kept_epoch == best == history.epochs - patience
    assert np.array_equal(network.get_weights(), seen[best - 1])
    assert not np.array_equal(network.get_weights(), seen[-1])
    for waited in range(patience, history.epochs):  # it stopped as soon as it had to, and not before
        recent = history.validation_cost[waited - patience : waited]
        assert min(recent) < min(history.validation_cost[: waited - patience], default=np.inf)


@pytest.mark.parametrize("patience", [None, 15])
def test_at_the_end_the_best_weights_come_back_if_there_is_a_patience(patience):
    history, network, seen = overfit(epochs=15, patience=patience)
    best = int(np.argmin(history.validation_cost)) + 1
    kept = best if patience else 15
    assert not history.stopped_early and history.epochs == 15
    assert history.best_epoch == best < 15 and history.kept_epoch == kept
    assert np.array_equal(network.get_weights(), seen[kept - 1])
    assert history.summary().endswith(f"The weights are those of epoch {best}, the best.") == bool(patience)


def test_snapshots():
    history, network = fit(epochs=5, snapshots=2)
    assert history.snapshot_epochs == [0, 2, 4, 5]
    assert np.array_equal(history.snapshots[0], classifier().get_weights())
    assert np.array_equal(history.snapshots[-1], network.get_weights())
    middle = fit(epochs=2)[1]
    assert np.array_equal(history.snapshots[1], middle.get_weights())
    assert fit(epochs=2)[0].snapshots == []


def test_the_record():
    history, _ = fit(epochs=3, validation=0.2, snapshots=1)
    assert len(history.seconds) == 3 and all(seconds > 0 for seconds in history.seconds)
    measured = ("cost", "accuracy", "validation_cost", "validation_accuracy")
    assert history.numbers(2) == {name: getattr(history, name)[1] for name in measured}
    assert repr(history) == f"<History. {history.summary()}>" and "\n" not in repr(history)
    assert f"cost {history.cost[-1]:.3g}, accuracy {history.accuracy[-1]:.2%}" in history.summary()


# ------------------------------------------------------------------------------------- stopped, diverged


def test_the_stop_button_keeps_what_was_learned(capsys):
    def press(history, network):
        if history.epochs == 3:
            raise KeyboardInterrupt

    history, network = fit(epochs=100, callbacks=[press], progress=True)
    assert history.interrupted and history.epochs == 3 == len(history.cost)
    assert np.array_equal(network.get_weights(), fit(epochs=3)[1].get_weights())
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Epoch 3 of 3: cost") and line.endswith("Interrupted: what was learned is kept.")


@pytest.mark.parametrize("steps", [1, 4, 12])
def test_the_stop_button_within_an_epoch(steps):
    left = steps

    class Stopped(SGD):
        def step(self, parameters, gradient):
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            super().step(parameters, gradient)

    history, network = fit(optimiser=Stopped(0.1), epochs=9, batch_size=100, validation=(blobs(30)), patience=5)
    assert history.interrupted and history.kept_epoch == (history.best_epoch or 0)
    assert len(history.cost) == len(history.validation_cost) == history.epochs == steps // 3
    assert np.all(np.isfinite(network.get_weights()))
    assert not np.array_equal(network.get_weights(), classifier().get_weights())


def test_a_half_recorded_epoch_is_dropped():
    history = History()
    history.record((1.0, 0.5), (2.0, 0.4), 0.1)
    history.cost.append(0.9)  # the button was pressed here
    history.drop_unfinished()
    assert history.cost == [1.0] and history.epochs == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_cost_that_explodes_ends_it_with_one_line(capsys, dtype):
    x = np.linspace(-1, 1, 50)[:, np.newaxis]
    network = Network.dense([1, 10, 1], "softplus", initialiser="normal", scale=1, dtype=dtype)
    history = train(network, x, x[:, 0], "squared_error", SGD(100), epochs=500, batch_size=None)
    assert history.diverged and history.epochs < 500
    (line,) = capsys.readouterr().out.splitlines()
    assert f"In epoch {history.epochs + 1} the cost was no longer finite: try a lower learning rate." in line


def test_a_validation_cost_that_explodes_ends_it_too():
    history, _ = fit(epochs=3, validation=(np.full((3, 2), 1e308), [0, 1, 2]), network=Network.dense([2, 3], scale=9))
    assert history.diverged and history.epochs == 0 and history.validation_cost == []


# ---------------------------------------------------------------------------------------- what may go wrong


@pytest.mark.parametrize(("settings", "message"), [
    ({"loss": "cross_entropy"}, "loss 'cross_entropy' is unknown"),
    ({"optimiser": "adamw"}, "optimiser 'adamw' is unknown"),
    ({"epochs": 0}, "epochs must be a whole number, at least 1"),
    ({"batch_size": 0}, "batch_size"),
    ({"snapshots": -1}, "snapshots must be a whole number, at least 0"),
    ({"patience": 2}, "patience needs validation data"),
    ({"patience": 0, "validation": 0.1}, "patience must be a whole number, at least 1"),
    ({"validation": 1.5}, "a pair .x, y. or a share such as 0.1, not 1.5"),
    ({"validation": 1e-9}, "leaves one of the two parts empty"),
    ({"validation": (np.ones((3, 2)), [0, 1, 3])}, "labels must be 0 … 2"),
    ({"network": Network.dense([2, 3], output="softmax")}, "takes logits and applies softmax itself"),
    ({"network": Network.dense([2, 1], output="sigmoid"), "loss": "binary_cross_entropy"}, "applies sigmoid"),
    ({"network": Network.dense([2, 1]), "loss": "binary_cross_entropy"}, "must be 0 or 1, not 0, 1, 2"),
    ({"network": "784-128-10"}, "train takes a Network first, not str"),
])  # fmt: skip
def test_bad_settings(settings, message):
    network = settings.get("network", classifier())
    before = network.get_weights() if isinstance(network, Network) else None
    with pytest.raises(InputError, match=message):
        fit(**{"network": network} | settings)
    assert before is None or np.array_equal(network.get_weights(), before)


# ----------------------------------------------------------------------------------------------- the bar


@pytest.fixture
def shown(monkeypatch):
    """What a bar shows, as pairs of the share that is done and the text: every update, however quick."""
    shown = []
    monkeypatch.setattr(progress_bar, "_SECONDS_BETWEEN", 0)
    monkeypatch.setattr(progress_bar, "_writer", lambda: lambda done, text: shown.append((done, text)))
    return shown


@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_bar_in_a_terminal_is_one_line(monkeypatch, is_terminal):
    screen = io.StringIO()
    screen.isatty = lambda: is_terminal
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(progress_bar, "_SECONDS_BETWEEN", 0)
    bar = progress_bar.ProgressBar()
    bar.update(0.25, "epoch 1: a long line of text")
    bar.update(0.5, "epoch 2")
    bar.finish("done")
    if not is_terminal:  # a file: the last line alone
        assert screen.getvalue() == "done\n"
        return
    _, first, second, last = screen.getvalue().split("\r")  # each is written over the one before, to its end
    assert first == "[#####---------------] epoch 1: a long line of text"
    assert second.rstrip() == "[##########----------] epoch 2" and last.split() == ["done"] and last[-1] == "\n"
    assert len(first) == len(second) == len(last[:-1])


def test_the_bar_in_a_notebook_is_one_output(monkeypatch):
    outputs = []

    class Handle:
        def update(self, bundle, raw):
            outputs[-1] = bundle

    monkeypatch.setattr(progress_bar, "in_notebook", lambda: True)
    monkeypatch.setattr(progress_bar, "_SECONDS_BETWEEN", 0)
    monkeypatch.setattr("IPython.display.display", lambda bundle, **how: outputs.append(bundle) or Handle())
    bar = progress_bar.ProgressBar()
    bar.update(0.25, "a < b")
    (output,) = outputs
    assert output["text/plain"] == "a < b" and '<progress value="0.250"' in output["text/html"]
    bar.finish("done")
    (output,) = outputs
    assert output["text/plain"] == "done" and "<progress" not in output["text/html"]


def test_the_bar_is_not_redrawn_all_the_time(shown, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress_bar, "_SECONDS_BETWEEN", 0.15)
    monkeypatch.setattr(progress_bar.time, "monotonic", lambda: now[0])
    bar = progress_bar.ProgressBar()
    for step in range(1000):
        now[0] = step / 1000
        bar.update(step / 1000, str(step))
    assert 5 <= len(shown) <= 8
    silent = progress_bar.ProgressBar(show=False)
    silent.update(0.5, "nothing")
    silent.finish("nothing")
    assert not silent.due() and 5 <= len(shown) <= 8


def test_the_bar_shows_cost_and_accuracy_while_it_runs(shown):
    history, _ = fit(epochs=2, batch_size=150, validation=(blobs(30)), progress=True)
    assert [done for done, _ in shown] == [0.25, 0.5, 0.75, 1, None]
    assert shown[0][1].startswith("epoch 1 of 2: cost ") and "accuracy" in shown[0][1]
    assert f"cost {history.cost[0]:.3g}, accuracy {history.accuracy[0]:.2%}" in shown[1][1]
    assert "validation" not in shown[1][1]
    assert f"validation accuracy {history.validation_accuracy[0]:.2%}" in shown[2][1]
    assert shown[-1][1] == history.summary()


def test_a_bar_around_a_loop(shown):
    assert list(progress_bar.with_bar(range(4), "squares")) == [0, 1, 2, 3]
    assert shown == [(k / 4, f"squares: {k} of 4") for k in range(4)] + [(None, "squares: done.")]


def test_a_script_prints_one_line():
    code = textwrap.dedent("""
        import numpy as np
        from helpers.networks.network import Network
        from helpers.networks.training import train
        x = np.linspace(-1, 1, 50)[:, np.newaxis]
        train(Network.dense([1, 4, 1]), x, x, "squared_error", epochs=30)
        import sys
        assert not {"sklearn", "matplotlib", "IPython", "sympy", "scipy"} & set(sys.modules), "heavy imports"
    """)
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        encoding="utf-8",
    )
    assert run.stderr == "" and run.returncode == 0
    (line,) = run.stdout.splitlines()
    assert line.startswith("Epoch 30 of 30: cost ")


# ---- threads ---------------------------------------------------------------------------------------------------------


def test_training_keeps_to_one_thread_and_leaves_the_others_as_they_were():
    def threads():
        return {each["num_threads"] for each in threadpoolctl.threadpool_info() if each["user_api"] == "blas"}

    seen = []
    with threadpoolctl.threadpool_limits(2):
        fit(epochs=1, callbacks=[lambda *_: seen.append(threads())])
        with pytest.raises(InputError):
            fit(epochs=0)
        assert threads() == {2}
    assert seen == [{1}]
