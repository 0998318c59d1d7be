"""Derivatives by number: what the notebooks check a formula against. Notebook 01 writes each of these by hand first."""

import numpy as np


def central(f, x, h=1e-5):
    """Return the central difference (f(x + h) − f(x − h))/(2h), right to about ten digits for a smooth f."""
    return (f(x + h) - f(x - h)) / (2 * h)


def complex_step(f, x, h=1e-20):
    """Return Im f(x + ih)/h, right to the last digit or two. f must be analytic: no abs, no maximum, no comparison."""
    return np.imag(f(x + 1j * h)) / h


def gradient(J, w, h=1e-5):
    """Return the gradient of J at the float array w by central differences, one component at a time.

    J takes an array shaped like w and returns a number; the result has the shape of w, which is left as it is.
    """
    w = np.asarray(w, dtype=float)
    result = np.zeros_like(w)
    for place in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[place] = h
        result[place] = (J(w + step) - J(w - step)) / (2 * h)
    return result
