"""One thread for products of matrices.

NumPy's matrix library starts a thread for each core. Matrices of the size of these networks gain an eighth from a second
thread; where something else runs on the machine, the threads wait for each other, and an epoch takes several times as
long. (`python benchmarks/mnist_training.py` measures both.)
"""

import contextlib
import functools
import sys


def one_thread() -> None:
    """Limit products of matrices to one thread, until the kernel ends."""
    _limit()


@contextlib.contextmanager
def in_one_thread():
    """Limit products of matrices to one thread while a `with` block runs; as before afterwards."""
    limits = _limit()
    try:
        yield
    finally:
        if limits:
            limits.restore_original_limits()


def _limit():
    """Set the limit; an object that knows what was before. None in the browser, where there is one thread."""
    return None if sys.platform == "emscripten" else _controller().limit(limits=1, user_api="blas")


@functools.cache
def _controller():
    """What has found NumPy's matrix library among all that is loaded: searched once, because it takes milliseconds."""
    import threadpoolctl  # not at the top: only those who train need it

    return threadpoolctl.ThreadpoolController()
