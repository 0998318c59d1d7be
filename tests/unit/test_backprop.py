"""Backpropagation by hand: values against NumPy and finite differences, working, rounding, refusals."""

import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from helpers import explorers
from helpers.errors import InputError
from helpers.networks.small_network import Layer, SmallNetwork
from helpers.pictures import figures
from tests import front

PRINTED = json.loads((Path(__file__).parents[1] / "content" / "printed_tables.json").read_text(encoding="utf-8"))
EXACT = {"rel": 1e-12, "abs": 1e-15}


ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "relu": lambda z: z * (np.real(z) > 0),
}
LOSSES = {
    "half_square": lambda yhat, y: (y - yhat) ** 2 / 2,
    "square": lambda yhat, y: (yhat - y) ** 2,
    "cross_entropy": lambda yhat, y: -y * np.log(yhat) - (1 - y) * np.log(1 - yhat),
}


def cost(explorer, values: dict):
    """The loss at these values, computed in NumPy from the matrices alone; complex values are welcome."""
    plan = explorer.plan
    a = np.array([values[name] for name in plan.inputs])
    for units in plan.layers:
        weights = np.array([[values[name] for name in unit.weights] for unit in units])
        a = ACTIVATIONS[units[0].activation](weights @ a + np.array([values[unit.bias] for unit in units]))
    return sum(LOSSES[plan.loss](yhat, values[target]) for yhat, target in zip(a, plan.targets, strict=True))


def complex_step(explorer, name: str) -> float:
    """∂loss/∂name by the complex step, exact to the last digits."""
    values = {key: explorer.values[key] for key in explorer.plan.values}
    return float(np.imag(cost(explorer, values | {name: values[name] + 1e-30j})) / 1e-30)


def numbers(explorer) -> dict:
    """The table: for each parameter old value, gradient, step (−η · gradient), new value, error of the step."""
    values = explorer.variables()
    named = {"old": "", "gradient": "g_", "step": "step_", "new": "new_", "error": "error_"}
    return {
        name: {key: float(values[start + name]) for key, start in named.items()} for name in explorer.plan.parameters
    }


# ---- the printed assignments ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activation", "activations", "gradients"),
    [
        ("identity", [9, -2, 5, 36], [24, 72, 8, 24, 16, 48, 72, -16, 40, 24, 8, 16, 8]),
        ("relu", [9, 0, 5, 38], [36, 108, 0, 0, 24, 72, 108, 0, 60, 36, 0, 24, 12]),
    ],
)
def test_all_figures_of_002_1(activation, activations, gradients):
    explorer = explorers.backprop("002.1", activation=activation)
    values, rows = explorer.variables(), numbers(explorer)
    assert [values[f"a{k}"] for k in (1, 2, 3, 4)] == activations and values["loss"] == (activations[-1] - 32) ** 2
    assert [row["gradient"] for row in rows.values()] == gradients
    assert [row["new"] for row in rows.values()] == [row["old"] - 2 * row["gradient"] for row in rows.values()]


@pytest.mark.parametrize("task", ["003.1a", "003.1b", "003.1.generic"])
def test_all_figures_of_003_1(task):
    printed = PRINTED[task]
    explorer = explorers.backprop(task[:6].replace("003.1.", "003.1a"), numbers=printed.get("numbers"))
    variables, rows = explorer.variables(), numbers(explorer)
    for name in variables.keys() & printed["forward"].keys():
        assert variables[name] == pytest.approx(printed["forward"][name], rel=1e-12, abs=1e-14), name
    assert rows.keys() == printed["gradients"].keys()
    for name, row in rows.items():
        assert row["gradient"] == pytest.approx(printed["gradients"][name], rel=1e-12, abs=1e-16), name
        assert row["new"] == pytest.approx(printed["new"][name], rel=1e-13), name


def test_the_well_known_example_with_two_outputs():
    """The figures that M. Mazur prints, for the network in which each unit of a layer has a bias of its own."""
    explorer = explorers.backprop("2-2-2", step="all")
    values, rows = explorer.variables(), numbers(explorer)
    forward = [values["a1"], values["a2"], values["a3"], values["a4"], values["loss"]]
    assert forward == pytest.approx([0.593269992, 0.596884378, 0.75136507, 0.772928465, 0.298371109], abs=5e-10)
    new = {"w1": 0.149780716, "w2": 0.19956143, "w3": 0.24975114, "w4": 0.29950229, "w5": 0.35891648, "w6": 0.408666186,
           "w7": 0.511301270, "w8": 0.561370121}  # fmt: skip
    for name, value in new.items():
        assert rows[name]["new"] == pytest.approx(value, abs=5e-9), name
    for name, row in rows.items():
        assert row["gradient"] == pytest.approx(complex_step(explorer, name), rel=1e-11), name
    lines = front.working(explorer)
    assert "E = ½(y₁ − ŷ₁)² + ½(y₂ − ŷ₂)² = ½(0.01 − 0.7514)² + ½(0.99 − 0.7729)² ≈ 0.2984" in lines
    assert "δ₃ = ∂E/∂z₃ = (a₃ − y₁)·a₃(1 − a₃) = (0.7514 − 0.01)·0.1868 ≈ 0.1385" in lines
    assert "δ₁ = (δ₃·w₅ + δ₄·w₇)·a₁(1 − a₁) = (0.1385·0.4 + (−0.0381)·0.5)·0.2413 ≈ 0.0088" in lines
    targets = [node["label"] for node in explorer.spec["panels"][0]["nodes"] if node["label"][0] == "y"]
    assert targets == ["y₁", "y₂"]
    with pytest.raises(InputError, match="does not show one network"):
        explorer.network()


def test_layers_with_two_outputs_and_a_cross_entropy():
    layers = [Layer(("h",), [[0.5, -1]], [0.2], "tanh"), Layer(("p", "q"), [[1.5], [-0.5]], [0, 0.1], "sigmoid")]
    explorer = explorers.backprop(layers, inputs=[1, 2], target=[1, 0.25], loss="cross_entropy")
    values = {key: explorer.values[key] for key in explorer.plan.values}
    assert explorer.variables()["loss"] == pytest.approx(cost(explorer, values), **EXACT)
    for name, row in numbers(explorer).items():
        assert row["gradient"] == pytest.approx(complex_step(explorer, name), rel=1e-11, abs=1e-14), name


@pytest.mark.parametrize("task", ["002.1", "2-2-2"])
def test_it_may_stop_after_the_forward_pass_and_then_holds_no_answer(task):
    explorer = explorers.backprop(task, stop="forward", step="all")
    whole = explorers.backprop(task, step="forward")
    assert explorer.values["step"] == whole.values["step"] == explorer.parameters[0].high
    assert explorer.describe().split(", ", 1)[1] == whole.describe().split(", ", 1)[1]
    assert front.working(explorer) == front.working(whole) and front.working(explorer)[-1][:4] in ("J = ", "E = ")
    text = json.dumps(explorer.spec, ensure_ascii=False)
    assert "∂" not in text.replace("∂x", "") and "g_w" not in text and "new_" not in text
    assert [panel["kind"] for panel in explorer.spec["panels"]] == ["network", "working"]


def test_it_opens_before_the_first_step_and_has_no_sliders_for_what_has_buttons():
    explorer = explorers.backprop("002.1")
    assert explorer.values["step"] == 0
    shown = {slider.description for slider in explorer.widget.children[0].children}
    assert {"x₁", "w₁₁⁽¹⁾", "y"} < shown and not {"step", "rounding"} & shown
    assert {"step", "rounding"} < set(explorer.sliders)
    assert explorers.backprop("002.1", step=3, rounding=1).values["rounding"] == 1


# ---- any network ---------------------------------------------------------------------------------


def random_network(random, shape, activations):
    layers = tuple(
        Layer(tuple(f"u{k}_{i}" for i in range(n)), np.round(random.normal(size=(n, m)), 2),
              np.round(random.normal(size=n), 2), activation)
        for k, (m, n, activation) in enumerate(zip(shape, shape[1:], activations, strict=False))
    )  # fmt: skip
    return SmallNetwork(tuple(f"x{k + 1}" for k in range(shape[0])), layers)


@pytest.mark.parametrize(
    ("shape", "activations", "loss"),
    [
        ((2, 3, 1), ("sigmoid", "sigmoid"), "half_square"),
        ((2, 3, 1), ("tanh", "identity"), "square"),
        ((2, 3, 1), ("relu", "sigmoid"), "cross_entropy"),
        ((3, 2, 2, 1), ("softplus", "tanh", "sigmoid"), "cross_entropy"),
        ((1, 4, 1), ("sigmoid", "softplus"), "half_square"),
        ((2, 2, 3, 1), ("relu", "sigmoid", "relu"), "square"),
        ((1, 1), ("tanh",), "half_square"),
    ],
)
def test_gradients_are_those_of_the_complex_step(shape, activations, loss):
    random = np.random.default_rng(4)
    for _ in range(3):
        network = random_network(random, shape, activations)
        inputs = np.round(random.normal(size=shape[0]), 2).tolist()
        explorer = explorers.backprop(network, inputs=inputs, target=0.3, loss=loss, learning_rate=0.2)
        values = {key: explorer.values[key] for key in explorer.plan.values}
        assert explorer.variables()["loss"] == pytest.approx(cost(explorer, values), **EXACT)
        assert explorer.variables()[f"a{sum(shape[1:])}"] == pytest.approx(network(*inputs), **EXACT)
        assert explorer.network()(*inputs) == pytest.approx(network(*inputs), **EXACT)
        for name, row in numbers(explorer).items():
            assert row["gradient"] == pytest.approx(complex_step(explorer, name), rel=1e-11, abs=1e-14), name
            assert row["new"] == pytest.approx(row["old"] - 0.2 * row["gradient"], **EXACT)


def test_the_sliders_move_everything():
    explorer = explorers.backprop("003.1b", step="all")
    for name, value in {"w7": 0.5, "x2": -1.5, "y": 0.2, "eta": 0.5, "b2": -0.3}.items():
        explorer.sliders[name].value = value
    for name, row in numbers(explorer).items():
        assert row["gradient"] == pytest.approx(complex_step(explorer, name), rel=1e-11, abs=1e-14)
        assert row["step"] == pytest.approx(-0.5 * row["gradient"], **EXACT)
    assert "w₇·a₁" in front.working(explorer)[7] and "0.5·" in front.working(explorer)[7]


# ---- the working and rounding --------------------------------------------------------------------


def test_the_working_as_a_student_writes_it():
    lines = front.working(explorers.backprop("003.1a", decimals=6, step="all"))
    for line in (
        "Forward pass",
        "z₁ = w₁·x₁ + w₂·x₂ + b₁ = 1·1 + 1·0 + 1 = 2",
        "a₁ = σ(z₁) = σ(2) ≈ 0.880797",
        "ŷ = a₄ = σ(z₄) = σ(3.642391) ≈ 0.974479",
        "E = ½(y − ŷ)² = ½(1 − 0.974479)² ≈ 0.000326",
        "σ′(z₄) = a₄(1 − a₄) = 0.974479·(1 − 0.974479) ≈ 0.024870",
        "δ₄ = ∂E/∂z₄ = (a₄ − y)·a₄(1 − a₄) = (0.974479 − 1)·0.024870 ≈ −0.000635",
        "∂E/∂w₇ = δ₄·a₁ = −0.000635·0.880797 ≈ −0.000559",
        "∂E/∂b₄ = δ₄ ≈ −0.000635",
        "w₂ ← w₂ − η·∂E/∂w₂ = 1 − 0.1·0 = 1",
    ):
        assert line in lines
    other = front.working(explorers.backprop("002.1", step="all"))
    assert "z₂ = w₁₂[1]·x₁ + w₂₂[1]·x₂ + b₂[1] = 1·1 + (−1)·3 + 0 = −2" in other
    assert "J = (ŷ − y)² = (36 − 32)² = 16" in other
    assert "w₁₃[1] ← w₁₃[1] − η·∂J/∂w₁₃[1] = 3 − 2·16 = −29" in other
    relu = front.working(explorers.backprop("002.1", activation="relu", step="all"))
    assert "ReLU′(z₂) = 0 (1 for z₂ > 0, else 0; here z₂ is −2)" in relu


def test_lines_come_with_the_steps():
    explorer = explorers.backprop("003.1a", step=0)
    assert front.working(explorer) == []
    counts = []
    for step in range(explorer.sheet.last + 1):
        explorer.sliders["step"].value = step
        counts.append(len(front.working(explorer)))
        words = explorer.describe()
        assert words.startswith(f"Step {step}") and words.endswith(".") and len(words) < 240
    assert counts == sorted(set(counts))  # each step adds a line
    assert counts[-1] == len(explorer.sheet.lines)
    # a number is written only once it is known: what a line uses stands in lines before it
    assert front.working(explorer)[-1].startswith("b₄ ←")


def test_rounding_early_is_what_the_printed_solution_did():
    explorer = explorers.backprop("003.1a", decimals=4, rounding=1, step="all")
    rows, exact = numbers(explorer), numbers(explorers.backprop("003.1a"))
    assert rows["w7"]["gradient"] == -0.0005  # as printed; 0.000559 without rounding
    assert rows["w7"]["new"] == pytest.approx(1.00005, abs=1e-12)
    assert rows["w7"]["error"] == pytest.approx(-0.1056, abs=5e-5)
    assert rows["w2"]["error"] == 0
    for name, row in rows.items():
        if exact[name]["step"]:
            assert row["error"] == pytest.approx(row["step"] / exact[name]["step"] - 1, rel=1e-9)
    lines = front.working(explorer)
    assert "δ₄ = ∂E/∂z₄ = (a₄ − y)·a₄(1 − a₄) = (0.9745 − 1)·0.0248 ≈ −0.0006" in lines
    assert "∂E/∂w₇ = δ₄·a₁ = −0.0006·0.8808 ≈ −0.0005" in lines
    assert exact["w7"]["error"] == pytest.approx(0, abs=1e-12)
    fine = numbers(explorers.backprop("003.1a", decimals=8, rounding=1))
    assert max(abs(row["error"]) for row in fine.values()) < 2e-4


def test_every_rounded_number_follows_from_the_rounded_numbers_before_it():
    explorer = explorers.backprop("003.1b", decimals=3, rounding=1)
    values = explorer.variables()
    round3 = lambda x: np.floor(abs(x) * 1000 + 0.5 + 1e-9) / 1000 * np.sign(x)  # noqa: E731
    assert values["a1"] == 0.646 and values["a4"] == 0.525
    assert values["s4"] == pytest.approx(round3(0.525 * 0.475)) == pytest.approx(0.249)
    assert values["d4"] == pytest.approx(round3(-0.475 * 0.249))
    assert values["g_w7"] == pytest.approx(round3(values["d4"] * 0.646))
    assert values["d1"] == pytest.approx(round3(values["d4"] * values["s1"]))


# ---- the picture on paper ------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{"step": "all"}, {"step": "all", "decimals": 6, "rounding": 1}, {"step": 8}])
def test_the_stored_picture_is_small_and_readable(more):
    explorer = explorers.backprop("003.1b", **more)
    stored = base64.b64decode(figures.png(explorer.figure(), **explorer.stored))
    assert len(stored) <= 30_000
    assert Image.open(io.BytesIO(stored)).size[0] > 800, "reduced until its words cannot be read"


def test_no_two_labels_on_paper_overlap():
    for task in ("002.1", "003.1a", "003.1b", "2-2-2"):
        for decimals in (3, 6):
            figure = explorers.backprop(task, decimals=decimals, step="all").figure()
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            renderer = canvas.get_renderer()
            for ax in figure.axes:
                texts = [text for text in ax.texts if text.get_text()]
                boxes = [text.get_window_extent(renderer) for text in texts]
                assert len(boxes) > 25
                for i, one in enumerate(boxes):
                    for j in range(i):
                        assert not one.overlaps(boxes[j]), (task, texts[i].get_text(), texts[j].get_text())


def test_the_picture_on_paper_shows_the_numbers_of_the_step():
    network, table = explorers.backprop("003.1a", step="all").figure().axes
    shown = [text.get_text() for text in network.texts]
    for words in ("w₇ = 1", "δ₄ = −6.35×10⁻⁴", "ŷ = a₄ = 0.9745", "−5.59×10⁻⁴"):
        assert words in shown
    assert "1.0000559" in [text.get_text() for text in table.texts]
    network, table = explorers.backprop("003.1a", step=3).figure().axes
    shown = [text.get_text() for text in network.texts]
    assert "a₃ = 0.8808" in shown and not [words for words in shown if "δ₄" in words or "ŷ" in words]
    assert "1.0000559" not in [text.get_text() for text in table.texts]


# ---- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "more", "words"),
    [
        (("004",), {}, "002.1"),
        ((), {"w10": 1}, "no number 'w10'"),
        ((), {"w1": float("nan")}, "finite"),
        ((), {"numbers": [1, 2]}, "dict"),
        ((), {"loss": "hinge"}, "half_square"),
        ((), {"activation": "step"}, "sigmoid"),
        ((), {"activation": ("tanh", "identity"), "loss": "cross_entropy"}, "sigmoid in the output"),
        ((), {"loss": "cross_entropy", "y": 2}, "from 0 to 1"),
        ((), {"learning_rate": -1}, "negative"),
        ((), {"inputs": [1, 2, 3]}, "2 (x1, x2) inputs, and 3"),
        ((), {"decimals": 40}, "decimals must lie from 2 to 8"),
        ((), {"step": "last"}, "step must be a finite number"),
        ((), {"stop": "backward"}, "stop is 'forward'"),
        (("2-2-2",), {"target": [1, 2, 3]}, "2 (y1, y2) targets, and 3"),
        (("2-2-2",), {"loss": "cross_entropy", "y2": 2}, "from 0 to 1"),
        (
            ([Layer(("a", "b", "c"), np.ones((3, 1)), [0, 0, 0], "tanh")],),
            {"inputs": 1, "target": 0},
            "at most 2 outputs",
        ),
        (([Layer(("a",), [[1, 2]], [0], "tanh"), Layer(("b",), [[1, 2]], [0], "tanh")],), {}, "needs 1 columns"),
    ],
)
def test_what_is_refused(arguments, more, words):
    with pytest.raises(InputError) as error:
        explorers.backprop(*arguments, **more)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_networks_that_are_refused():
    random = np.random.default_rng(0)
    small = random_network(random, (2, 2, 1), ("tanh", "tanh"))
    with pytest.raises(InputError, match="inputs=… and target=…"):
        explorers.backprop(small)
    with pytest.raises(InputError, match="at most 4 inputs"):
        explorers.backprop(random_network(random, (2, 9, 1), ("tanh", "tanh")), inputs=[1, 2], target=0)
    with pytest.raises(InputError, match="cannot be read|too large"):
        explorers.backprop(random_network(random, (4, 4, 4, 1), ["tanh"] * 3), inputs=[1] * 4, target=0)
    for name in ("step", "w1", "z1", "loss", "exp"):
        named = SmallNetwork((name, "x2"), small.layers)
        with pytest.raises(InputError, match="cannot be called"):
            explorers.backprop(named, inputs=[1, 2], target=0)
