"""How fast a network learns MNIST. Run: python benchmarks/mnist_training.py [--threads 1] [--epochs 7]

784-128-10, ReLU and softmax, Adam, batches of 128, float32: one epoch over 60,000 images with this pack,
with scikit-learn's MLPClassifier and with PyTorch (if it is installed), beside the floor: the bare matrix products of
an epoch, and ten bare passes over all parameters for each batch, which Adam needs. All use the same number of threads.
They take turns, epoch by epoch, and the best epoch of each counts, so that a busy machine disturbs all of them alike. In
the end all have learned from the same number of epochs, and the share of the test images that each recognises is printed
too. Then this pack once more, as `train` runs it (in one thread) and with NumPy's own choice of threads, both beside two
busy processes.
"""

import argparse
import contextlib
import pathlib
import subprocess
import sys
import time
import warnings

import numpy as np
import threadpoolctl

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from helpers.datasets import load_mnist
from helpers.networks.losses import CategoricalCrossEntropy
from helpers.networks.network import Network
from helpers.networks.optimisers import Adam
from helpers.networks.threads import in_one_thread
from helpers.networks.training import Examples, train_epoch

SIZES, BATCH, RATE = (784, 128, 10), 128, 0.001


def data():
    """(x_train, y_train, x_test, y_test), MNIST or random numbers of its shape, and a line about them."""
    digits = load_mnist(quiet=True)
    if digits.is_mnist:
        return digits.x_train, digits.y_train, digits.x_test, digits.y_test, "MNIST"
    rng = np.random.default_rng(0)
    made = []
    for count in (60_000, 10_000):
        made += [rng.random((count, SIZES[0]), np.float32), rng.integers(0, SIZES[-1], count)]
    return *made, "no MNIST here: random numbers of its shape, which take as long and teach nothing"


class Floor:
    """Nothing but the five matrix products of each batch, into arrays that are there already."""

    name = "the bare matrix products"

    def __init__(self, x, y):
        rng = np.random.default_rng(0)
        inputs, hidden, outputs = SIZES
        self.x = x
        self.W1 = rng.standard_normal((hidden, inputs), np.float32)
        self.W2 = rng.standard_normal((outputs, hidden), np.float32)
        self.a1, self.u1 = np.empty((2, BATCH, hidden), np.float32)
        self.z2 = np.empty((BATCH, outputs), np.float32)
        self.dW1, self.dW2 = np.empty_like(self.W1), np.empty_like(self.W2)

    def epoch(self):
        for start in range(0, len(self.x), BATCH):
            x = self.x[start : start + BATCH]
            a1, z2, u1 = self.a1[: len(x)], self.z2[: len(x)], self.u1[: len(x)]
            np.matmul(x, self.W1.T, out=a1)
            np.matmul(a1, self.W2.T, out=z2)
            np.matmul(z2.T, a1, out=self.dW2)
            np.matmul(z2, self.W2, out=u1)
            np.matmul(u1.T, x, out=self.dW1)

    def classify(self, x):
        return None


class Passes:
    """Ten bare passes over all parameters for each batch: what Adam needs at least."""

    name = "ten passes for each batch"

    def __init__(self, x, y):
        inputs, hidden, outputs = SIZES
        self.batches = -(-len(x) // BATCH)
        self.parameters = np.ones((inputs + 1) * hidden + (hidden + 1) * outputs, np.float32)
        self.gradient = np.ones_like(self.parameters)

    def epoch(self):
        for _ in range(self.batches):
            for _ in range(10):
                np.multiply(self.parameters, self.gradient, out=self.parameters)

    def classify(self, x):
        return None


class Ours:
    name = "this pack"

    def __init__(self, x, y):
        self.network = Network.dense(SIZES, "relu", initialiser="he_normal", dtype=np.float32)
        self.loss, self.optimiser, self.rng = CategoricalCrossEntropy(), Adam(RATE), np.random.default_rng(0)
        self.optimiser.reset(self.network.parameter_vector)
        self.examples = Examples.of(self.network, self.loss, x, y)

    def epoch(self):
        batches = self.examples.batches(BATCH, self.rng)
        train_epoch(self.network, self.loss, self.optimiser, batches)

    def classify(self, x):
        return self.network.classify(x)


class ScikitLearn:
    def __init__(self, x, y):
        import sklearn
        from sklearn.neural_network import MLPClassifier

        self.name, self.x, self.y = f"scikit-learn {sklearn.__version__}", x, y
        self.model = MLPClassifier(
            SIZES[1:-1], activation="relu", solver="adam", alpha=0, batch_size=BATCH, learning_rate_init=RATE,
            random_state=0,
        )  # fmt: skip
        self.classes = np.unique(y)

    def epoch(self):
        self.model.partial_fit(self.x, self.y, classes=self.classes)

    def classify(self, x):
        return self.model.predict(x)


class PyTorch:
    """The usual loop, with the batches indexed from one tensor: a DataLoader would be slower."""

    def __init__(self, x, y, fused=False):
        import torch

        self.torch = torch
        self.name = f"PyTorch {torch.__version__.split('+')[0]}{', fused Adam' if fused else ''}"
        torch.manual_seed(0)
        inputs, hidden, outputs = SIZES
        nn = torch.nn
        self.model = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=RATE, fused=fused or None)
        self.loss = nn.CrossEntropyLoss()
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y.astype(np.int64))

    def epoch(self):
        order = self.torch.randperm(len(self.x))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            self.optimiser.zero_grad()
            self.loss(self.model(self.x[rows]), self.y[rows]).backward()
            self.optimiser.step()

    def classify(self, x):
        with self.torch.inference_mode():
            return self.model(self.torch.from_numpy(x)).argmax(1).numpy()


def contestants(x, y, threads):
    """All that can run here: the two parts of the floor, then this pack."""
    found = [Floor(x, y), Passes(x, y), Ours(x, y), ScikitLearn(x, y)]
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: skipped (pip install torch==2.13.0)")
        return found
    torch.set_num_threads(threads)
    return [*found, PyTorch(x, y), PyTorch(x, y, fused=True)]


def best_of(runs, epochs):
    """Seconds of the best epoch of each; they take turns."""
    best = [float("inf")] * len(runs)
    for _ in range(epochs):
        for index, run in enumerate(runs):
            started = time.perf_counter()
            run.epoch()
            best[index] = min(best[index], time.perf_counter() - started)
    return best


@contextlib.contextmanager
def busy(processes=2):
    """Other work on the machine while a `with` block runs."""
    loop = [sys.executable, "-c", "while True: sum(range(10**6))"]
    others = [subprocess.Popen(loop) for _ in range(processes)]
    try:
        yield
    finally:
        for other in others:
            other.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=7, help="of each, the best one counts")
    arguments = parser.parse_args()
    x, y, x_test, y_test, source = data()
    print(f"{len(x)} training images: {source}")
    print(f"threads: {arguments.threads}; best of {arguments.epochs} epochs")
    with threadpoolctl.threadpool_limits(arguments.threads), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runs = contestants(x, y, arguments.threads)
        best = best_of(runs, arguments.epochs)
        accuracies = [run.classify(x_test) for run in runs]
    floor, ours = sum(best[:2]), best[2]
    print(f"{'':28} seconds an epoch   × the floor   × this pack   test accuracy")
    for run, seconds, found in zip(runs, best, accuracies, strict=True):
        accuracy = "" if found is None else f"{np.mean(found == y_test):.2%}"
        print(f"{run.name:28} {seconds:16.3f} {seconds / floor:13.2f} {seconds / ours:13.2f} {accuracy:>15}")
    print("goals: this pack at most 1.25 × the floor (the sum of the first two); scikit-learn at least 2 × this pack,")
    print("PyTorch at least 1.6 ×; accuracy on a par")

    print("\nbeside two busy processes, mean of three epochs")
    for name, threads in (("this pack, one thread", in_one_thread), ("NumPy's own choice", contextlib.nullcontext)):
        run = Ours(x, y)
        with busy(), threads():
            started = time.perf_counter()
            for _ in range(3):
                run.epoch()
            seconds = (time.perf_counter() - started) / 3
        print(f"{name:28} {seconds:16.3f} {'':13} {seconds / ours:13.2f}")
    print("goal: in one thread at most 2.5 × the quiet epoch")


if __name__ == "__main__":
    main()
