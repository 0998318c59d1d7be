"""The activation functions against 40-digit arithmetic, at ordinary, extreme and hostile inputs."""

import warnings

import mpmath
import numpy as np
import pytest

from helpers import functions
from helpers.functions import ACTIVATIONS

EXACT = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "softplus": lambda z: mpmath.log1p(mpmath.exp(z)),
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "identity_derivative": lambda z: mpmath.mpf(1),
    "sigmoid_derivative": lambda z: 1 / (4 * mpmath.cosh(z / 2) ** 2),
    "tanh_derivative": lambda z: mpmath.sech(z) ** 2,
    "softplus_derivative": lambda z: 1 / (1 + mpmath.exp(-z)),
    "relu_derivative": lambda z: mpmath.mpf(z > 0),
}
RISING = {
    "identity": (-np.inf, np.inf),
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "softplus": (0, np.inf),
    "relu": (0, np.inf),
}
LIMITS = RISING | {"identity_derivative": (1, 1), "sigmoid_derivative": (0, 0), "tanh_derivative": (0, 0)}
LIMITS |= dict.fromkeys(("softplus_derivative", "relu_derivative"), (0, 1))
TAILS = [0.0, 1e-300, 1e-12, 1e-3, 0.5, 1.0, 3.5, 18.0, 19.5, 36.0, 40.0, 100.0, 345.0, 700.0]
RANDOM = np.random.default_rng(7).normal(scale=8, size=100)
GRID = np.array(sorted({sign * z for z in TAILS for sign in (1, -1)} | set(RANDOM)))


def relative_error(value, exact):
    """|value - exact|/|exact|, in high precision."""
    return float(abs(mpmath.mpf(float(value)) - exact) / abs(exact)) if exact else abs(float(value))


@pytest.mark.parametrize("name", EXACT)
def test_accurate_to_machine_precision_in_the_tails_too(name):
    with mpmath.workdps(700):  # 1 + e^(-700) needs 304 digits
        for z, value in zip(GRID, getattr(functions, name)(GRID), strict=True):
            exact = EXACT[name](mpmath.mpf(float(z)))
            if abs(exact) < 1e-300 and exact:  # subnormal numbers have fewer digits
                assert abs(value - float(exact)) < 1e-300
            else:
                assert relative_error(value, exact) < 1e-15, (name, z)


@pytest.mark.parametrize("name", [*EXACT, "softmax", "log_softmax"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_warning_no_overflow_and_the_same_type_back(name, dtype):
    z = np.array([-np.finfo(dtype).max, -1000, -104, -1, -0.0, 0, 1, 104, 1000, np.finfo(dtype).max], dtype=dtype)
    z = z if "max" not in name else z[1:-1]
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        value = getattr(functions, name)(z)
    assert value.dtype == dtype
    assert np.all(np.isfinite(value))


@pytest.mark.parametrize("name", EXACT)
def test_infinity_and_nan(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tuple(getattr(functions, name)([-np.inf, np.inf])) == LIMITS[name]
        assert np.isnan(getattr(functions, name)(np.nan)) or name == "identity_derivative"


@pytest.mark.parametrize("name", EXACT)
def test_scalars_lists_integers_and_shapes(name):
    function = getattr(functions, name)
    for number in (1, 1.0, True, np.float64(1), np.array(1.0)):
        assert type(function(number)) is np.float64
    assert type(function(np.float32(1))) is np.float32
    assert function([[1, 2, 3]]).shape == (1, 3) and function([1, 2]).dtype == np.float64
    assert function(np.zeros((0, 4))).shape == (0, 4)
    assert function(10**30) == function(1e30)


@pytest.mark.parametrize("name", [*EXACT, "softmax", "log_softmax", "logit"])
@pytest.mark.parametrize("bad", ["1.5", None, ["a"], [None, 1.0], object()])
def test_what_is_not_a_number_is_one_type_error(name, bad):
    with pytest.raises(TypeError) as caught:
        getattr(functions, name)(bad)
    assert "\n" not in str(caught.value) and "number" in str(caught.value)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus", "identity"])
def test_each_derivative_is_the_complex_step_of_its_function(name):
    function, derivative = ACTIVATIONS[name]
    z = np.random.default_rng(3).uniform(-30, 30, size=300)
    complex_step = function(z + 1e-30j).imag / 1e-30
    assert np.allclose(complex_step, derivative(z), rtol=1e-14, atol=0)
    # A derivative taken at the activation instead of at the pre-activation is not the same thing.
    if name != "identity":
        assert not np.allclose(complex_step, derivative(function(z)), rtol=1e-3)


def test_what_is_not_analytic_takes_no_complex_numbers():
    for function in (functions.relu, functions.relu_derivative, functions.logit):
        with pytest.raises(TypeError, match="real numbers"):
            function(1j)


def test_softmax_against_high_precision():
    for z in ([1.0, 2.0, 3.0], [40.0, 0.0, -3.0], [-1000.0, 1000.0], [0.0, 0.0, -700.0], [5.0]):
        with mpmath.workdps(1000):
            exponentials = [mpmath.exp(mpmath.mpf(entry)) for entry in z]
            exact = [e / sum(exponentials) for e in exponentials]
            for value, p in zip(functions.softmax(z), exact, strict=True):
                assert abs(value - p) <= 1e-15 * p + mpmath.mpf("1e-320")
            for value, p in zip(functions.log_softmax(z), exact, strict=True):
                assert abs(value - mpmath.log(p)) <= 1e-15 * abs(mpmath.log(p)) + mpmath.mpf("1e-320"), z


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_softmax_along_any_axis(axis):
    z = np.random.default_rng(5).normal(size=(2, 3, 4))
    s = functions.softmax(z, axis=axis)
    assert s.shape == z.shape
    assert np.allclose(s.sum(axis=axis), 1, rtol=1e-15)
    assert np.allclose(functions.log_softmax(z, axis=axis), np.log(s), rtol=1e-13)
    assert np.allclose(functions.softmax(z + 300, axis=axis), s, rtol=1e-12)


def test_softmax_with_masks_and_infinities():
    assert functions.softmax([0, -np.inf, 0]).tolist() == [0.5, 0, 0.5]
    assert functions.log_softmax([0, -np.inf, 0])[1] == -np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(functions.softmax([np.inf, 0])).any()
        assert np.isnan(functions.softmax([np.nan, 0])).all()
        assert np.isnan(functions.log_softmax([0, np.nan])).all()
    assert functions.softmax(3.0) == 1.0 and functions.log_softmax(3.0) == 0.0


def test_logit_inverts_the_sigmoid():
    p = [5e-324, 1e-300, 0.1, 0.2500001, 0.4999999, 0.5, 0.5 + 1e-10, 0.7499999, 0.75, 0.9, 1 - 2**-53]
    with mpmath.workdps(60), np.errstate(all="raise"):
        for number, value in zip(p, functions.logit(p), strict=True):
            exact = mpmath.log(mpmath.mpf(number) / (1 - mpmath.mpf(number)))
            assert abs(value - exact) <= 1e-15 * abs(exact), number
    z = np.linspace(-30, 30, 61)
    assert np.allclose(functions.logit(functions.sigmoid(z[z < 1])), z[z < 1], rtol=1e-15, atol=1e-15)
    assert type(functions.logit(0.5)) is np.float64 and functions.logit(np.float32(0.3)).dtype == np.float32


@pytest.mark.parametrize("bad", [0, 1, -0.1, 1.5, np.nan, np.inf, [0.5, 0.0], [[0.2], [1.0]]])
def test_logit_outside_the_open_interval(bad):
    with pytest.raises(ValueError, match="strictly between 0 and 1") as caught:
        functions.logit(bad)
    assert "\n" not in str(caught.value)
