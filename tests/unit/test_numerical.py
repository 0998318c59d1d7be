"""Numerical derivatives against closed forms."""

import numpy as np
import pytest

from helpers import functions, numerical


@pytest.mark.parametrize("x", [-2.3, -0.4, 0.7, 3.1])
def test_derivatives_of_a_function_of_one_number(x):
    assert numerical.central(np.sin, x) == pytest.approx(np.cos(x), rel=1e-9, abs=1e-10)
    assert numerical.complex_step(functions.sigmoid, x) == pytest.approx(functions.sigmoid_derivative(x), rel=1e-14)


def test_both_take_arrays():
    x = np.linspace(-2, 2, 9)
    assert np.allclose(numerical.central(np.tanh, x), functions.tanh_derivative(x), rtol=0, atol=1e-9)
    assert np.allclose(numerical.complex_step(np.tanh, x), functions.tanh_derivative(x), rtol=1e-13)


@pytest.mark.parametrize("shape", [(3,), (2, 4), ()])
def test_gradient_has_the_shape_of_its_parameter(shape, rng=np.random.default_rng(0)):
    w = rng.normal(size=shape)
    before = w.copy()
    found = numerical.gradient(lambda w: np.sum(w**3), w)
    assert found.shape == shape
    assert np.allclose(found, 3 * w**2, rtol=0, atol=1e-8)
    assert np.array_equal(w, before)


def test_gradient_takes_whole_numbers():
    assert np.allclose(numerical.gradient(lambda w: w @ w, [1, 2]), [2, 4])
