"""Hidden units as pictures while they learn: the maps are the network's, the numbers on its edges those of the step."""

import numpy as np
import pytest

from helpers import explorers
from helpers.errors import InputError
from helpers.functions import sigmoid
from tests import front

X, Y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0.0, 1, 1, 0])


def history(units: int = 3, count: int = 4) -> dict:
    """Two starts: units that are equal throughout, and units that are not."""
    random = np.random.default_rng(0)
    shapes = (units, 2), units, (1, units), 1
    equal = [tuple(np.full(shape, 1 + 0.5 * k) for shape in shapes) for k in range(count)]
    return {"equal": equal, "random": [tuple(random.normal(size=shape) for shape in shapes) for _ in range(count)]}


def numpy_network(parameters, points):
    W1, b1, W2, b2 = parameters
    hidden = sigmoid(points @ W1.T + b1)
    return hidden, sigmoid(hidden @ W2[0] + b2)


@pytest.mark.parametrize("units", [1, 2, 4])
def test_each_step_of_each_start_is_drawn_as_it_was(units):
    runs = history(units)
    explorer = explorers.hidden_units(runs, X, Y, every=100)
    assert [(p.name, p.low, p.high, p.step) for p in explorer.parameters] == [
        ("start", 0, 1, 1),
        ("steps", 0, 300, 100),
    ]
    points = np.random.default_rng(1).uniform(-0.5, 1.5, (50, 2))
    for start, steps in enumerate(runs.values()):
        for k, parameters in enumerate(steps):
            front.move(explorer, {"start": start, "steps": 100 * k})
            hidden, output = numpy_network(parameters, points)
            at = {"x1": points[:, 0], "x2": points[:, 1]}
            for j in range(units):
                np.testing.assert_allclose(explorer.evaluate(f"a{j + 1}", **at), hidden[:, j], rtol=1e-12)
            np.testing.assert_allclose(explorer.evaluate("yhat", **at), output, rtol=1e-12)
            cost = np.sum((numpy_network(parameters, X)[1] - Y) ** 2) / 2
            words = explorer.describe()
            assert f"{list(runs)[start]}, after {100 * k} steps: " in words and words.endswith(f"C = {cost:.4f}.")
            assert ("are equal" in words) == (start == 0 or units == 1)
    axes = explorer.figure().axes
    assert [ax.get_title(loc="left") for ax in axes if ax.get_title(loc="left")] == [
        *(f"hidden unit {j + 1}" for j in range(units)), "output ŷ", "the network"]  # fmt: skip
    written = {text.get_text() for ax in axes for text in ax.texts}
    assert f"w₁ = {parameters[0][0, 0]:.2f}".replace("-", "−") in written


def test_how_far_the_units_differ_is_said():
    runs = history()
    explorer = explorers.hidden_units(runs, X, Y)
    front.move(explorer, {"start": 1, "steps": 2})
    hidden, _ = numpy_network(runs["random"][2], X)
    assert f"differ by up to {np.ptp(hidden, axis=1).max():.2f} on the examples" in explorer.describe()


def test_the_browser_computes_the_same(tmp_path):
    explorer = explorers.hidden_units(history(), X, Y, every=10)
    settings = [explorer.values | {"start": start, "steps": 10 * k} for start in (0, 1) for k in range(4)]
    places = {"x1": np.linspace(-0.5, 1.5, 9), "x2": np.linspace(1.5, -0.5, 9)}
    for setting, answer in zip(settings, front.everything(tmp_path, explorer, settings, **places), strict=True):
        front.move(explorer, setting)
        assert answer["words"] == explorer.describe()
        for name, values in answer["functions"].items():
            np.testing.assert_allclose(values, explorer.evaluate(name, **places), rtol=1e-9)


def test_what_cannot_be_shown_is_refused():
    runs, (W1, b1, W2, b2) = history(), history()["equal"][0]
    for wrong, message in (
        ({"a": runs["equal"], "b": runs["random"][:2]}, "as many for all"),
        ({"a": runs["equal"][:1]}, "two or more steps"),
        ({"a": runs["equal"], "b": history(2)["equal"]}, "of the same network"),
        ({"a": [(W1.T, b1, W2, b2)] * 2}, "the shapes are"),
        ({"a": [(W1, b1, W2[0], b2)] * 2}, "the shapes are"),
        (history(5), "at most 4 hidden units"),
        ({"a": [(W1, b1, W2, b2)] * 401}, "400 steps"),
    ):
        with pytest.raises(InputError, match=message):
            explorers.hidden_units(wrong, X, Y)
    with pytest.raises(InputError, match="two inputs for each y"):
        explorers.hidden_units(runs, X, Y[:3])
