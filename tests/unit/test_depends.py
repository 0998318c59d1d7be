"""Does ∂ŷ/∂x depend on b2? Every number of the table of 001 2.3, and what the sentence claims."""

import re

import numpy as np
import pytest

from helpers import explorers
from helpers.explorers.depends_on_b2 import ACTIVATIONS
from helpers.formulas import browser as formula
from tests import front

# 001 2.3: x = w1 = w2 = 1, b1 = 0; b2 = 0, 1, −2, −5
TABLE = {
    "softplus": (0.576116884765829, 0.665240955774822, 0.244728471054798, 0.0178679818703045),
    "logistic": (0.0431291601624233, 0.0251302204010864, 0.0336767249912764, 0.00267645028092024),
    "tanh": (0.246867952584315, 0.0467653734068104, 0.120101934147880, 0.000349678838946846),
    "identity": (1, 1, 1, 1),
    "ReLU": (1, 1, 0, 0),
    "leaky ReLU": (1, 1, 0.1, 0.1),
}
# 001 2.3, softplus, at three points (x, w1, b1, w2, b2)
POINTS = [
    ((1.5, 0.8, -0.2, -1.2, 0.5), -0.178457851993263),
    ((2, -0.75, 1, 0.6, 0), -0.0969472214587202),
]
KEYS = {label: label.replace(" ", "_") + "_slope" for label in ACTIVATIONS}
T = np.linspace(-6, 6, 241)

SETTINGS = [
    {}, {"b2": -2}, {"b2": -6}, {"w1": 0}, {"w2": 0, "b1": 1}, {"x": -2}, {"x": -2, "b1": -1, "w2": -1},
    {"x": 3, "w1": 1.2, "b1": 3, "w2": 1.2}, {"x": 3, "w1": 1.2, "b1": 3, "w2": -1.2},
    {"x": 0.5, "w1": -1.1, "b2": 3.3},
]  # fmt: skip


def test_every_number_of_the_table():
    explorer = explorers.depends_on_b2()
    for column, b2 in enumerate((0, 1, -2, -5)):
        front.move(explorer, {"b2": b2})
        variables = explorer.variables()
        for label, values in TABLE.items():
            assert float(variables[f"{KEYS[label]}_now"]) == pytest.approx(values[column], rel=5e-15, abs=0)
            curve = np.broadcast_to(explorer.evaluate(KEYS[label], t=np.array([float(b2)])), 1)
            assert curve[0] == pytest.approx(values[column], rel=5e-15, abs=0)


@pytest.mark.parametrize(("point", "expected"), POINTS)
def test_the_softplus_reference_points(point, expected):
    explorer = explorers.depends_on_b2()
    variables = explorer.values | dict(zip(("x", "w1", "b1", "w2", "b2"), point, strict=True))
    slope = explorer.spec["definitions"]["softplus_slope_now"]
    assert float(formula.evaluate(slope, variables)) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_sentence_names_the_activations_that_stay_constant(setting):
    explorer = explorers.depends_on_b2()
    front.move(explorer, setting)
    constant = []
    for label, key in KEYS.items():
        values = np.broadcast_to(explorer.evaluate(key, t=T), T.shape)
        if np.ptp(values) <= 1e-9 * np.abs(values).max():
            constant.append(label)
    words = re.search("constant for (.*?)(?: only)?(?:; for all others|, because)", explorer.describe())[1]
    named = list(KEYS) if words == "all six" else re.split(", | and ", words)
    assert named == constant


def test_the_settings_meet_every_sentence():
    explorer = explorers.depends_on_b2()
    met = set()
    for setting in SETTINGS:
        explorer.reset()
        front.move(explorer, setting)
        met.add(explorer.describe().split("constant for ")[1])
    assert len(met) == 4  # leaky ReLU alone stays constant nowhere: where it does, ReLU does too
