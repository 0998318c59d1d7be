"""What the learning rate does to 002.1: costs after one update and after many, thresholds, words."""

import re

import numpy as np
import pytest

from helpers import explorers
from helpers.assignments import questions
from helpers.errors import InputError

PRINTED = {"w11_1": 2, "w21_1": 2, "w12_1": 1, "w22_1": -1, "w13_1": 3, "w23_1": 1, "b1_1": 1,
           "b2_1": 0, "b3_1": -1, "w11_2": 3, "w21_2": 1, "w31_2": 2, "b1_2": 1,
           "x1": 1, "x2": 3, "y": 32}  # fmt: skip


def costs(values: dict, eta: float, updates: int, updated=None) -> list[float]:
    """J before and after each update, by matrices; updated: parameters that move, or None for all."""
    v = {name: float(value) for name, value in values.items()}
    found = []
    for _ in range(updates + 1):
        x = np.array([v["x1"], v["x2"]])
        inner = np.array([[v[f"w{i}{j}_1"] for i in (1, 2)] for j in (1, 2, 3)])
        outer = np.array([v[f"w{j}1_2"] for j in (1, 2, 3)])
        a = inner @ x + np.array([v[f"b{j}_1"] for j in (1, 2, 3)])
        error = outer @ a + v["b1_2"] - v["y"]
        found.append(error**2)
        slopes = {f"w{i}{j}_1": outer[j - 1] * x[i - 1] for i in (1, 2) for j in (1, 2, 3)}
        slopes |= {f"b{j}_1": outer[j - 1] for j in (1, 2, 3)} | {f"w{j}1_2": a[j - 1] for j in (1, 2, 3)} | {"b1_2": 1}
        for name in updated or slopes:
            v[name] -= eta * 2 * error * slopes[name]
    return found


def drawn(explorer, way: str) -> np.ndarray:
    return 10 ** explorer.variables()[f"{way}_losses"]


def test_the_printed_update():
    explorer = explorers.learning_rate()
    values = explorer.variables()
    assert values["eta"] == 2
    assert (values["loss_two0"], values["loss_two1"], values["loss_all1"]) == (16, 5776, 8897016976)
    assert values["two_slope"] == pytest.approx(10, rel=1e-14)  # best at 1/10, limit at 1/5
    assert "5776" in explorer.describe() and explorer.describe().count("diverges") == 2


@pytest.mark.parametrize("eta", [0.001, 0.002, 0.0033, 0.05, 0.1, 0.19, 0.2, 0.21])
def test_costs_of_the_next_updates(eta):
    explorer = explorers.learning_rate(eta)
    assert explorer.variables()["eta"] == pytest.approx(eta, rel=5e-3)
    eta = explorer.variables()["eta"]
    two = costs(PRINTED, eta, 20, ["b2_1", "w13_1"])
    assert drawn(explorer, "two") == pytest.approx(np.maximum(two, 1e-30), rel=1e-9, abs=1e-24)
    with np.errstate(all="ignore"):
        every = costs(PRINTED, eta, 20)
    usual = np.isfinite(every) & (np.array(every) < 1e100)
    got, wanted = drawn(explorer, "all")[usual], np.maximum(every, 1e-30)[usual]
    # J is a square: where the residual is nearly 0, its own rounding, some 1e-14, is all that differs.
    assert np.all(abs(got - wanted) <= 1e-8 * wanted + 1e-13 * np.sqrt(wanted))


def test_one_update_along_the_axis():
    explorer = explorers.learning_rate()
    places = np.linspace(-3, 0.39, 12)
    for way, updated in (("two", ["b2_1", "w13_1"]), ("all", None)):
        wanted = [costs(PRINTED, 10**s, 1, updated)[1] for s in places]
        assert explorer.evaluate(way, s=places) == pytest.approx(wanted, rel=1e-9)
    assert explorer.evaluate("before", s=places) == pytest.approx(np.full(12, 16))
    # 1/10 takes J to 0, 1/5 leaves it; with all thirteen 1/500 nearly solves it, 1/200 is too much
    assert explorer.evaluate("two", s=np.log10([0.1, 0.2])) == pytest.approx([0, 16], abs=1e-12)
    assert explorer.evaluate("all", s=np.log10([1 / 500, 1 / 200])) == pytest.approx([0.0200, 35.8], rel=5e-3)


@pytest.mark.parametrize(
    ("eta", "two", "every"),
    [
        (0.001, "falls;", "falls."),
        (0.0049, "falls;", "neither settles nor grows|rises at times|diverges"),
        (0.15, "falls while ŷ jumps", "diverges."),
        (0.2, "stays", "diverges."),
        (0.25, r"diverges \(η < 0.2 is needed\)", "diverges."),
    ],
)
def test_what_is_said(eta, two, every):
    explorer = explorers.learning_rate(eta)
    words = explorer.describe()
    assert len(words) < 240
    assert re.search(f"with the two J {two}.*with all thirteen it ({every})", words), words


def test_personal_numbers():
    numbers = PRINTED | {"x1": 1.5, "w21_2": 2.5, "y": 30}
    explorer = explorers.learning_rate(0.01, **numbers)
    assert explorer.variables()["loss_all0"] == 1681 / 16
    assert drawn(explorer, "two") == pytest.approx(costs(numbers, 0.01, 20, ["b2_1", "w13_1"]), rel=1e-9)
    limit = 2 / explorer.variables()["two_slope"]
    for factor, grows in ((0.99, False), (1.01, True)):
        before, after = costs(numbers, factor * limit, 1, ["b2_1", "w13_1"])
        assert (after > before) == grows


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"eta": 300}, "to 100"),
        ({"eta": "2"}, "to 100"),
        ({"w1": 1}, "no number 'w1'"),
        ({"y": 36}, "nothing to learn"),
        ({"x1": float("inf")}, "finite"),
    ],
)
def test_what_is_refused(arguments, words):
    with pytest.raises(InputError) as error:
        explorers.learning_rate(**arguments)
    assert words in str(error.value)


def test_every_variant_of_the_assignment_fits_its_sliders():
    question = questions["002.1"]
    for text in map(str, range(12)):
        numbers = dict(question.variant(text).numbers)
        rate = explorers.learning_rate(**numbers)
        (slider,) = rate.parameters
        assert rate.variables()["eta"] == pytest.approx(numbers["eta"], rel=5e-3)
        best = np.geomspace(slider.low, slider.high, 301)
        found = best[np.argmin([costs(numbers, eta, 1)[1] for eta in best])]
        assert slider.low < found < slider.high  # the best η for all thirteen is in the picture
        explorer = explorers.backprop("002.1", numbers=numbers)
        assert {name: explorer.values[name] for name in numbers} == numbers
