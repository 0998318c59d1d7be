"""How long MNIST takes to load, and how much memory. Run: MNIST_DIR=folder python benchmarks/mnist_loading.py

Prints, each the best of five fresh processes: the time of `load_mnist()` and of the stand-in, and the peak of
memory over what was there before, beside the size of the arrays that are returned.
"""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = """
import json, sys, time
import numpy, helpers.datasets
try:
    import resource
    def peak():
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return size if sys.platform == "darwin" else 1024 * size
except ImportError:
    peak = lambda: float("nan")   # Windows
before, started = peak(), time.perf_counter()
digits = helpers.datasets.load_mnist(quiet=True)
seconds = time.perf_counter() - started
print(json.dumps([seconds, peak() - before, sum(array.nbytes for array in digits), digits.is_mnist]))
"""


def best(environment):
    """The best time and smallest peak of five runs, the size of the arrays, and whether they are MNIST."""

    def run():
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
        )
        return json.loads(done.stdout)

    runs = [run() for _ in range(5)]
    return min(run[0] for run in runs), min(run[1] for run in runs), *runs[0][2:]


def main():
    seconds, peak, size, is_mnist = best({})
    if is_mnist:
        print(f"MNIST         {seconds:.2f} s, peak {peak / 1e6:.0f} MB = {peak / size:.2f} × the arrays")
    else:
        print("MNIST is not to be had here: set MNIST_DIR to a folder with its four files")
    seconds, *_ = best({"MNIST_DIR": "", "COURSE_PACK_CACHE": "off", "COURSE_PACK_DOWNLOADS": "off"})
    print(f"the stand-in  {seconds:.2f} s, most of it the import of scikit-learn")


if __name__ == "__main__":
    main()
