"""Layer and SmallNetwork: evaluation, shapes, hostile input, JSON and printed code."""

import warnings

import numpy as np
import pytest

from helpers import functions
from helpers.networks.small_network import Layer, SmallNetwork
from helpers.networks.towers import bumps, grid_of_towers, tower_network


def random_network(seed):
    """A network with random sizes, activations and weights from 1e-9 to 1e9."""
    rng = np.random.default_rng(seed)
    inputs = ("x1", "x2", "x3")[: rng.integers(1, 4)]
    layers, width = [], len(inputs)
    for number, units in enumerate([*rng.integers(1, 6, size=rng.integers(0, 3)), 1], start=1):
        weights = rng.normal(size=(units, width)) * 10 ** rng.uniform(-9, 1, size=(units, width))
        activation = rng.choice(list(functions.ACTIVATIONS))
        names = [f"h{number}_{unit}" for unit in range(units)]
        layers.append(Layer(names, weights, rng.normal(size=units), str(activation)))
        width = units
    return SmallNetwork(inputs, tuple(layers))


def by_hand(network, point):
    """The output at one point, by loops over units and weights."""
    activations = list(point)
    for layer in network.layers:
        function = functions.ACTIVATIONS[layer.activation][0]
        activations = [
            function(sum(w * a for w, a in zip(row, activations, strict=True)) + b)
            for row, b in zip(layer.weights, layer.bias, strict=True)
        ]
    (output,) = activations
    return output


@pytest.mark.parametrize("seed", range(12))
def test_output_and_units_are_what_loops_over_the_weights_give(seed):
    network = random_network(seed)
    points = np.random.default_rng(seed + 1000).normal(size=(7, len(network.inputs)))
    expected = [by_hand(network, point) for point in points]
    assert np.allclose(network(*points.T), expected, rtol=1e-12, atol=1e-14)
    units = network.units(*points.T)
    assert list(units) == [name for layer in network.layers for name in layer.names]
    assert np.array_equal(units[network.layers[-1].names[0]], network(*points.T))


@pytest.mark.parametrize("seed", range(12))
def test_printed_code_computes_the_same(seed):
    network = random_network(seed)
    code = network.numpy_code("net")
    namespace = {}
    exec(code, namespace)
    grid = np.random.default_rng(seed).normal(scale=3, size=(len(network.inputs), 4, 5))
    assert np.allclose(namespace["net"](*grid), network(*grid), rtol=1e-12, atol=1e-300)
    assert np.allclose(namespace["net"](*grid[:, 0, 0]), network(*grid[:, 0, 0]), rtol=1e-12, atol=1e-300)
    assert namespace["net"](*grid[:, 0, 0]).shape == ()
    # Every weight is in the code to the last bit.
    for number, layer in enumerate(network.layers, start=1):
        assert np.array_equal(namespace[f"W{number}"], layer.weights)
        assert np.array_equal(namespace[f"b{number}"], layer.bias)


def test_printed_code_is_readable_and_imports_only_numpy():
    networks = [
        bumps([-0.06, 0.06], [1], 500),
        tower_network(),
        grid_of_towers(lambda x1, x2: x1 * np.sin(x2), 12, -2, 2, 1000),
        SmallNetwork(("x",), (Layer(("f",), [[1 / 3]], [0.1], "tanh"),)),
    ]
    for network in networks:
        code = network.numpy_code()
        assert max(len(line) for line in code.splitlines()) <= 110
        assert [line for line in code.splitlines() if "import" in line] == ["import numpy as np"]
        assert ("def sigmoid" in code) == any(layer.activation == "sigmoid" for layer in network.layers)
    assert "h11, h12, h13, h14" in tower_network().numpy_code()


def test_printed_code_does_not_overflow():
    namespace, x = {}, np.linspace(-1e6, 1e6, 41)
    exec(tower_network().numpy_code(), namespace)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values = namespace["network"](x[:, np.newaxis], x)
    assert np.allclose(values, tower_network()(x[:, np.newaxis], x), rtol=1e-12, atol=1e-20)


@pytest.mark.parametrize("name", ["np", "a", "sigmoid", "W1", "b2", "x1", "2f", "f g", "lambda", "", None, 3, "f()\nx"])
def test_a_name_that_would_break_the_printed_code_is_refused(name):
    with pytest.raises(ValueError) as caught:
        tower_network().numpy_code(name)
    assert "\n" not in str(caught.value)


def test_shapes_that_broadcast():
    network = tower_network(bias=-150)
    x = np.linspace(-5, 5, 11)
    assert type(network(0, 0)) is np.float64 and network([], []).shape == (0,)
    assert network(x.reshape(1, 11, 1), np.zeros((3, 1, 2))).shape == (3, 11, 2)
    assert network([0, 1], 0).dtype == network(np.float32([0, 1]), 0).dtype == np.float64
    assert network(x[:, np.newaxis], x)[2, 7] == network(x[2], x[7])
    assert {values.shape for values in network.units(x[:, np.newaxis], x).values()} == {(11, 11)}
    assert all(type(value) is np.float64 for value in network.units(0, 1).values())


def test_evaluation_in_blocks_gives_the_same(monkeypatch):
    x = np.linspace(-5, 5, 37)
    whole = tower_network(bias=-190)(x[:, np.newaxis], x)
    for numbers in (1, 7, 64, 1000):
        monkeypatch.setattr("helpers.networks.small_network._NUMBERS_AT_ONCE", numbers)
        assert np.allclose(tower_network(bias=-190)(x[:, np.newaxis], x), whole, rtol=1e-12, atol=0)


def test_extreme_inputs_give_numbers_or_nan_and_no_warning():
    network = tower_network()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert network(1e300, -1e300) < 1e-40
        assert np.isnan(network(np.nan, 0.0))
        assert network([0.0, np.nan], 0.0)[0] == 0.5
        assert network(np.inf, 0.0).shape == ()


@pytest.mark.parametrize("arguments", [(), (1,), (1, 2, 3), ("a", 1), (None, 1), (1j, 0), ([None, 1], 0)])
def test_wrong_inputs_are_a_type_error_in_one_line(arguments):
    for call in (tower_network(), tower_network().units):
        with pytest.raises(TypeError) as caught:
            call(*arguments)
        assert "\n" not in str(caught.value)


def test_inputs_that_do_not_broadcast():
    with pytest.raises(ValueError, match=r"\(2,\), \(3,\)"):
        tower_network()([1, 2], [1, 2, 3])


@pytest.mark.parametrize(
    ("names", "weights", "bias", "activation", "message"),
    [
        (("h",), [[1, 2]], [0, 0], "sigmoid", "1 units need weights"),
        (("h", "k"), [[1, 2]], [0, 0], "sigmoid", "2 units need weights"),
        (("h",), [[1]], 0, "sigmoid", "bias must have 1 axes"),
        (("h",), [[np.nan]], [0], "sigmoid", "weights must be finite"),
        (("h",), [[1]], [0], "sigma", "use one of identity, sigmoid"),
        ("h", [[1]], [0], "sigmoid", "tuple of at least one name"),
        (("h", "h"), [[1], [1]], [0, 0], "sigmoid", "only once"),
        (("class",), [[1]], [0], "sigmoid", "'class' is not a name"),
        ((), np.zeros((0, 1)), [], "sigmoid", "at least one name"),
    ],
)
def test_a_layer_that_cannot_be(names, weights, bias, activation, message):
    with pytest.raises(ValueError, match=message) as caught:
        Layer(names, weights, bias, activation)
    assert "\n" not in str(caught.value)


def test_networks_that_cannot_be():
    one = Layer(("f",), [[1.0]], [0.0], "tanh")
    two = Layer(("g", "h"), [[1.0], [2.0]], [0.0, 0.0], "tanh")
    for inputs, layers, message in [
        (("x", "y"), (one,), "layer 1 needs 2 columns"),
        (("x",), (two,), "last layer must have one unit"),
        (("x",), (), "at least one Layer"),
        (("f",), (one,), "only once"),
        ("x", (one,), "tuple of at least one name"),
    ]:
        with pytest.raises(ValueError, match=message) as caught:
            SmallNetwork(inputs, layers)
        assert "\n" not in str(caught.value)


def test_nothing_can_be_changed_behind_the_back():
    weights = np.ones((1, 1))
    layer = Layer(["f"], weights, [0], "identity")
    weights[0, 0] = 7
    assert layer.weights[0, 0] == 1 and layer.names == ("f",)
    with pytest.raises(ValueError, match="read-only"):
        layer.weights[0, 0] = 2
