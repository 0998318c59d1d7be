"""Networks: every backward pass against central differences and complex steps, and what may go wrong."""

import copy
import pickle

import numpy as np
import pytest

from helpers import functions, numerical
from helpers.errors import InputError
from helpers.networks.layers import ACTIVATION_LAYERS, INITIALISERS, Dense, Identity, ReLU, Softmax, draw
from helpers.networks.losses import (
    LOSSES,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    HalfSquaredError,
    SquaredError,
)
from helpers.networks.network import Network

RNG = np.random.default_rng(20)
SHAPES = [tuple(int(n) for n in RNG.integers(1, 8, 3)) for _ in range(4)]  # examples, inputs, outputs


def furthest(value, exact):
    """The largest difference, as a part of the largest exact entry."""
    value, exact = np.asarray(value), np.asarray(exact)
    assert value.shape == exact.shape
    return np.max(np.abs(value - exact)) / max(np.max(np.abs(exact)), 1e-3)


def complex_gradient(J, w):
    """∂J/∂w by one complex step for each component."""
    result = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        step = np.zeros(w.shape)
        step[place] = 1
        result[place] = numerical.complex_step(lambda t, step=step: J(w + t * step), 0.0)
    return result


def targets_for(loss, examples, outputs, rng):
    if isinstance(loss, CategoricalCrossEntropy):
        return rng.integers(0, outputs, examples)
    if isinstance(loss, BinaryCrossEntropy):
        return rng.integers(0, 2, (examples, outputs))
    return rng.normal(size=(examples, outputs))


def check_network(network, loss, x, targets):
    """Assert that all gradients, with respect to x too, agree with both numerical derivatives."""
    analytic = not any(isinstance(layer, ReLU) for layer in network.layers)
    twin = Network(layer.copy() for layer in network.layers)
    if analytic:
        twin = Network(
            [
                Dense.of(layer.W, layer.b, complex) if isinstance(layer, Dense) else layer.copy()
                for layer in network.layers
            ]
        )

    def J(vector, x=x):
        twin.set_weights(vector)
        return loss.forward(twin(x), targets)

    weights = network.get_weights()
    loss.forward(network.forward(x), targets)
    with_respect_to_x = network.backward(loss.backward(), downstream=True)
    found = network.gradient_vector.copy()
    assert furthest(found, numerical.gradient(lambda w: J(w).real, weights)) < 1e-7
    assert furthest(with_respect_to_x, numerical.gradient(lambda x: J(weights, x).real, x)) < 1e-7
    if analytic:
        assert furthest(found, complex_gradient(J, weights)) < 1e-12
        assert furthest(with_respect_to_x, complex_gradient(lambda x: J(weights, x), x)) < 1e-12


# ------------------------------------------------------------------------------------- backward passes


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("activation", ACTIVATION_LAYERS)
def test_gradients_of_whole_networks(activation, shape):
    examples, inputs, outputs = shape
    losses = [SquaredError(), HalfSquaredError(), BinaryCrossEntropy()]
    losses += [CategoricalCrossEntropy()] if outputs > 1 else []
    for loss in losses:
        network = Network.dense([inputs, 4, 3, outputs], activation, initialiser="normal", scale=1, bias=0.3, rng=RNG)
        check_network(network, loss, RNG.normal(size=(examples, inputs)), targets_for(loss, examples, outputs, RNG))


@pytest.mark.parametrize("output", ACTIVATION_LAYERS)
def test_gradients_through_the_activation_of_the_output(output):
    network = Network.dense([3, 4, 2], "tanh", output, initialiser="normal", scale=1, bias=0.3, rng=5)
    check_network(network, SquaredError(), RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2)))


# ------------------------------------------------------------------------------------- printed examples


def test_a_step_of_the_network_of_002_1():
    W1 = np.array([[2, 1, 3], [2, -1, 1]]).T  # printed there with one row per input
    net = Network([Dense.of(W1, [1, 0, -1]), Identity(), Dense.of([[3, 1, 2]], [1]), Identity()])
    x, loss = [[1, 3]], SquaredError()
    assert loss.forward(net.forward(x), [32]) == 16
    net.backward(loss.backward())
    net.parameter_vector -= 2 * net.gradient_vector
    assert np.array_equal(net.parameters[0].T, [[-46, -15, -29], [-142, -49, -95]])
    assert loss.forward(net.forward(x), [32]) == 8897016976


# -------------------------------------------------------------------------------------- extreme logits


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropies_at_extreme_logits(dtype):
    with np.errstate(all="raise", under="ignore"):
        loss = BinaryCrossEntropy()
        z = np.array([[1000], [1000], [-1000], [-1000], [0]], dtype)
        y = [0, 1, 0, 1, 1]
        np.testing.assert_allclose(loss.losses(z, loss.check(y, z)), [1000, 0, 0, 1000, np.log(2)], rtol=1e-6)
        loss.forward(z, y)
        np.testing.assert_allclose(5 * loss.backward()[:, 0], [1, 0, 0, -1, -0.5], rtol=1e-6)
        loss = CategoricalCrossEntropy()
        z = np.array([[1000, -1000, 0], [1000, -1000, 0], [1000, 1000, 1000], [-1000, -1000, -1000]], dtype)
        y = np.array([0, 1, 2, 0])
        np.testing.assert_allclose(loss.losses(z, y), [0, 2000, np.log(3), np.log(3)], rtol=1e-6)
        loss.forward(z, y)
        slope = 4 * loss.backward()
        assert slope.dtype == dtype
        np.testing.assert_allclose(slope[:2], [[0, 0, 0], [1, -1, 0]], atol=1e-7)
        np.testing.assert_allclose(slope[2], [1 / 3, 1 / 3, -2 / 3], rtol=1e-6)


def test_one_hot_and_class_numbers_are_the_same():
    z, y, loss = RNG.normal(size=(6, 4)), np.array([0, 3, 1, 1, 2, 0]), CategoricalCrossEntropy()
    cost, slope = loss.forward(z, y), loss.backward()
    for same in (
        np.eye(4)[y],
        np.eye(4, dtype=bool)[y],
        y.astype(float),
        y[:, np.newaxis],
        y.tolist(),
        np.uint8(y),
    ):
        assert loss.forward(z, same) == cost
        assert np.array_equal(loss.backward(), slope)
    log_p = functions.log_softmax(z)
    assert cost == pytest.approx(-np.mean(log_p[np.arange(6), y]), rel=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_keep_the_type_of_the_outputs(name, dtype):
    loss, z = LOSSES[name](), RNG.normal(size=(6, 2)).astype(dtype)
    cost = loss.forward(z, targets_for(loss, 6, 2, RNG))  # integers or float64
    assert type(cost) is float and loss.backward().dtype == dtype


# ------------------------------------------------------------------------------- aliasing and in-place


def small(dtype=np.float64, **more):
    return Network.dense([3, 5, 4, 2], "softplus", initialiser="normal", scale=1, rng=3, dtype=dtype, **more)


def frozen(array):
    """The same array, which raises when something is written into it."""
    array.setflags(write=False)
    return array


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_results_and_arguments_are_never_overwritten(dtype):
    network, loss = small(dtype), SquaredError()
    x, other, y = (frozen(RNG.normal(size=(6, width)).astype(dtype)) for width in (3, 3, 2))
    outputs = frozen(network.forward(x))
    loss.forward(outputs, y)
    upstream = frozen(loss.backward())
    downstream = frozen(network.backward(upstream, downstream=True))
    gradient = network.gradient_vector.copy()
    network.backward(upstream)  # once more: nothing was used up, nothing adds up
    assert np.array_equal(network.gradient_vector, gradient)
    network.forward(other)
    network.backward(upstream)
    assert not np.array_equal(network.gradient_vector, gradient)
    assert outputs.dtype == upstream.dtype == downstream.dtype == gradient.dtype == dtype


def test_backward_belongs_to_the_latest_forward_whatever_the_batch_size():
    network, loss = small(), SquaredError()
    batches = [(RNG.normal(size=(n, 3)), RNG.normal(size=(n, 2))) for n in (8, 3, 1, 8)]
    expected = []
    for x, y in batches:
        fresh = small()
        loss.forward(fresh.forward(x), y)
        fresh.backward(loss.backward())
        expected.append(fresh.gradient_vector.copy())
    for (x, y), gradient in zip(batches, expected, strict=True):
        network.forward(batches[0][0])
        loss.forward(network.forward(x), y)
        network(batches[1][0]), network.predict(batches[0][0])  # these leave the caches alone
        network.backward(loss.backward())
        assert np.array_equal(network.gradient_vector, gradient)


def test_an_upstream_gradient_of_another_batch_is_refused():
    network, loss = small(), SquaredError()
    with pytest.raises(InputError, match="run the forward pass first"):
        network.backward(np.ones((4, 2)))
    loss.forward(network.forward(np.ones((4, 3))), np.ones((4, 2)))
    network.forward(np.ones((3, 3)))
    with pytest.raises(InputError, match=r"\(3, 2\), not \(4, 2\)"):
        network.backward(loss.backward())
    dense = Dense(3, 2)
    dense.forward(np.ones((4, 3)))
    with pytest.raises(InputError, match=r"\(4, 2\), not \(4, 1\)"):
        dense.backward(np.ones((4, 1)))


def test_one_vector_and_its_views():
    network = small()
    assert [p.shape for p in network.parameters] == [(5, 3), (5,), (4, 5), (4,), (2, 4), (2,)]
    assert [g.shape for g in network.gradients] == [p.shape for p in network.parameters]
    for arrays, vector in [
        (network.parameters, network.parameter_vector),
        (network.gradients, network.gradient_vector),
    ]:
        assert np.array_equal(np.concatenate([a.ravel() for a in arrays]), vector)
        for array in arrays:
            assert np.shares_memory(array, vector)
    before = network(np.ones((1, 3)))
    network.parameter_vector -= 0.1
    layer = network.layers[2]
    assert np.array_equal(layer.W, network.parameters[2]) and np.shares_memory(layer.W, network.parameter_vector)
    assert not np.array_equal(network(np.ones((1, 3))), before)
    layer.W = np.zeros((4, 5))  # assigned, not replaced
    layer.b -= 1
    assert np.all(network.parameters[2] == 0) and np.shares_memory(layer.W, network.parameter_vector)
    network.parameter_vector = np.zeros(network.parameter_vector.size)
    assert all(np.all(p == 0) for p in network.parameters)


@pytest.mark.parametrize(
    "duplicate", [Network.copy, copy.deepcopy, copy.copy, lambda network: pickle.loads(pickle.dumps(network))]
)
def test_copies_are_independent_and_whole(duplicate):
    network, x = small(), RNG.normal(size=(4, 3))
    twin, y = duplicate(network), network(x)
    assert np.array_equal(twin(x), y)
    twin.parameter_vector += 1
    assert np.array_equal(network(x), y) and not np.array_equal(twin(x), y)
    assert np.shares_memory(twin.layers[0].W, twin.parameter_vector)
    twin.forward(x)
    twin.backward(np.ones((4, 2)))
    assert np.any(twin.gradient_vector)


# ---------------------------------------------------------------------------------------- initial weights


@pytest.mark.parametrize(("name", "scale", "variance", "limit"), [
    ("uniform", 0.2, 0.04 / 3, 0.2), ("normal", 0.2, 0.04, None), ("uniform", None, 0.05**2 / 3, 0.05),
    ("normal", None, 0.05**2, None), ("glorot_uniform", None, 2 / 500, (6 / 500) ** 0.5),
    ("glorot_normal", None, 2 / 500, None), ("he_uniform", None, 2 / 300, (6 / 300) ** 0.5),
    ("he_normal", None, 2 / 300, None), ("he_normal", 3, 9 * 2 / 300, None),
    ("glorot_uniform", 3, 18 / 500, 3 * (6 / 500) ** 0.5),
])  # fmt: skip
def test_variances_of_the_initialisers(name, scale, variance, limit):
    W = draw(name, (200, 300), np.random.default_rng(1), scale)
    assert W.shape == (200, 300) and W.dtype == np.float64
    # 60,000 numbers: the standard error of a variance is at most √(2/60000) = 0.6 %
    assert np.var(W) == pytest.approx(variance, rel=0.03)
    assert np.mean(W) == pytest.approx(0, abs=5 * (variance / W.size) ** 0.5)
    if limit:
        assert 0.99 * limit < np.max(np.abs(W)) <= limit
    else:
        assert np.max(np.abs(W)) > 3.5 * variance**0.5  # the tails of a normal distribution


# --------------------------------------------------------------------------------------------- answers


def test_predictions_block_by_block():
    network, x = small(), RNG.normal(size=(23, 3))
    for block in (1, 5, 23, 100):
        np.testing.assert_allclose(network.predict(x, block), network(x), rtol=1e-13)


def test_probabilities_and_classes():
    x = RNG.normal(size=(50, 3))
    logits = Network.dense([3, 4], rng=1, initialiser="normal", scale=1)
    assert np.allclose(logits.probabilities(x), functions.softmax(logits(x)))
    assert np.array_equal(logits.classify(x), np.argmax(logits(x), axis=1))
    ends = Network([logits.layers[0].copy(), Softmax()])
    assert np.allclose(ends.probabilities(x), logits.probabilities(x))
    for output in ("identity", "sigmoid"):
        binary = Network.dense([3, 1], output=output, rng=1, initialiser="normal", scale=1)
        p = functions.sigmoid(x @ binary.parameters[0].T)
        assert np.allclose(binary.probabilities(x), p)
        assert np.array_equal(binary.classify(x), (p[:, 0] > 0.5).astype(int))
        assert 0 < binary.classify(x).mean() < 1


def test_correct_answers_are_counted():
    categorical, binary = CategoricalCrossEntropy(), BinaryCrossEntropy()
    z = np.array([[1.0, 2, 0], [3, 1, 2], [0, 0, 1]])
    assert categorical.correct(z, categorical.check([1, 1, 2], z)) == 2
    z = np.array([[-1.0], [2], [0.5], [-3]])
    assert binary.correct(z, binary.check([0, 1, 0, 1], z)) == 2
    assert isinstance(binary.correct(z, binary.check([0, 1, 0, 1], z)), int)


# ------------------------------------------------------------------------------------- what may go wrong


@pytest.mark.parametrize(("x", "message"), [
    (np.ones(3), r"x\[np.newaxis, :\]"),
    (np.ones((3, 5)), "transpose it"),
    ([[1, 2, np.nan]], "must be finite"),
    ([[1, 2, None]], "must be real numbers, not object"),
    ([[1, 2, 3], [1, 2]], "the same length"),
    ([[1, 2, 3j]], "must be real numbers, not complex"),
])  # fmt: skip
def test_bad_inputs(x, message):
    for method in (small().forward, small(), small().predict):
        with pytest.raises(InputError, match=message):
            method(x)


def test_inputs_of_other_types():
    network = small(np.float32)
    expected = network.forward(np.ones((2, 3), np.float32))
    for x in ([[1, 1, 1], [1, 1, 1]], np.ones((2, 3), np.uint8), np.ones((2, 3), bool), np.ones((3, 2)).T):
        assert np.array_equal(network.forward(x), expected) and network.forward(x).dtype == np.float32
    huge = np.full((2, 3), 3e38, np.float32)  # the sum overflows, the numbers do not
    assert network.check(huge) is huge
    with pytest.raises(InputError, match="one feature"):
        Network.dense([1, 2]).forward(np.ones(4))


@pytest.mark.parametrize(("name", "outputs", "targets", "message"), [
    ("categorical_cross_entropy", 10, [5, 6, 12], "0 … 9, one per unit, not 12: remap"),
    ("categorical_cross_entropy", 2, [5, 6, 5], "0 … 1, one per unit, not 5 and 6: remap"),
    ("categorical_cross_entropy", 3, ["1", "2", "0"], "must be real numbers, not str.*astype"),
    ("categorical_cross_entropy", 3, [0.5, 1, 2], "whole numbers, not 0.5"),
    ("categorical_cross_entropy", 3, [0, 1], r"\(3,\) or, one-hot, \(3, 3\), not \(2,\)"),
    ("categorical_cross_entropy", 3, [[0, 1, 1], [1, 0, 0], [1, 0, 0]], "a single 1"),
    ("categorical_cross_entropy", 1, [0, 0, 0], "always 1"),
    ("binary_cross_entropy", 1, [5, 6, 5], "0 or 1, not 5 and 6: remap"),
    ("binary_cross_entropy", 2, [0, 1, 0], "do not fit"),
    ("squared_error", 1, [0, 1], r"shape \(2,\) do not fit outputs of the shape \(3, 1\)"),
    ("half_squared_error", 1, [0, np.nan, 1], "finite"),
    ("squared_error", 1, 0.5, "do not fit"),
    ("squared_error", 1, [[1], [1, 2], [3]], "the same length"),
])  # fmt: skip
def test_bad_targets(name, outputs, targets, message):
    with pytest.raises(InputError, match=message):
        LOSSES[name]().forward(np.zeros((3, outputs)), targets)


def test_targets_of_one_output_do_not_broadcast():
    z, y = np.arange(3.0)[:, np.newaxis], np.array([0.0, 1, 5])
    assert SquaredError().forward(z, y) == 3 == SquaredError().forward(z, y[:, np.newaxis])


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Network([ReLU()]), "first layer"),
    (lambda: Network([Dense(2, 3), ReLU(), Dense(4, 1)]), r"Dense\(2, 3\) does not fit Dense\(4, 1\)"),
    (lambda: Network([Dense(2, 3), Dense(3, 1, dtype=np.float32)]), "same dtype"),
    (lambda: Network([layer := Dense(2, 2), layer]), "only once"),
    (lambda: Network.dense([3]), "sizes must be a list"),
    (lambda: Network.dense([3, 0]), "whole number of outputs"),
    (lambda: Network.dense([2, 3], output="sofmax"), "'sofmax' is unknown"),
    (lambda: Network.dense([2, 3], initialiser="xavier"), "'xavier' is unknown"),
    (lambda: Network.dense([2, 3], initialiser="normal", scale=-1), "must not be negative"),
    (lambda: Network.dense([2, 3], scale="big"), "finite number"),
    (lambda: Network.dense([2, 3], rng="seed"), "rng must be"),
    (lambda: Network.dense([2, 3], dtype=int), "dtype must be"),
    (lambda: Network.dense([2, 3], bias=np.nan), "b must be finite"),
    (lambda: Dense.of([1, 2], [0]), "W must have the shape"),
    (lambda: Dense.of([[1, 2j]], [0]), "real numbers"),
    (lambda: setattr(Dense(2, 3), "W", np.zeros((2, 3))), r"shape \(3, 2\), not \(2, 3\): transpose it"),
])  # fmt: skip
def test_bad_networks(make, message):
    with pytest.raises(InputError, match=message):
        make()


@pytest.mark.parametrize("name", INITIALISERS)
def test_the_same_seed_gives_the_same_weights_in_every_precision(name):
    one, same = (Network.dense([20, 30, 5], initialiser=name, rng=8).get_weights() for _ in range(2))
    rounded = Network.dense([20, 30, 5], initialiser=name, rng=8, dtype=np.float32)
    assert np.array_equal(one, same) and np.array_equal(rounded.get_weights(), one.astype(np.float32))
    other = Network.dense([20, 30, 5], initialiser=name, rng=np.random.default_rng(9)).get_weights()
    assert np.array_equal(one, other) == (name == "constant")
