"""How fast the network of notebook 07 learns: one by one, as the printed program does it, and all points at once.

    python benchmarks/regression_fit.py

What is timed is the code of the notebook's own cells. The per-sample program runs next to the batch form at the same
arithmetic, from the same start, and both must end at the same parameters: with all parameters updated together (goal:
200 times faster), and one after the other, as printed. Beside it scikit-learn's MLPRegressor at the same settings.
"""

from __future__ import annotations

import json
import platform
import sys
import warnings
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers.networks import curve_fit  # noqa: E402

NOTEBOOK = ROOT / "notebooks" / "07_regression_ann.ipynb"
CELLS = ("network-sigmoid", "printed-program", "printed-training", "speed-train", "batch-gradients-solution")
RATE, EPOCHS = 0.01, 100
ROUNDS = 7
QUICK = 20  # calls of the quick ones in a round


def notebook_code() -> dict:
    """What the notebook's cells define: printed_program, train, batch_gradients."""
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]}
    defined = {"np": np}
    for name in CELLS:
        source = cells[name]
        exec(source.split("```python\n")[1].split("```")[0] if "```" in source else source, defined)
    return defined


def one_after_the_other(x, y, start, rate, epochs):
    """The printed order of updates, W1, W2, b1, b2, each at the values of that moment, for all points at once.

    Only W1 and b1 change the activations, so they are worked out twice in an epoch, not four times.
    """
    k, n = len(start["b1"]), len(x)
    inputs, hidden = np.stack([x, np.ones(n)]), np.column_stack([start["W1"], start["b1"]])
    W2, b2, scaled = start["W2"][0].copy(), start["b2"], 2 * rate / n
    a, slope, costs = np.empty((k, n)), np.empty((k, n)), np.empty(epochs)

    def forward():
        np.matmul(-hidden, inputs, out=a)
        np.exp(a, out=a)
        np.add(a, 1, out=a)
        np.reciprocal(a, out=a)
        np.square(a, out=slope)
        np.subtract(a, slope, out=slope)
        return W2.dot(a) + (b2 - y)

    residual = forward()
    for epoch in range(epochs):
        hidden[:, 0] -= W2 * slope.dot(scaled * x * residual)
        residual = forward()
        W2 -= a.dot(scaled * residual)
        residual = W2.dot(a) + (b2 - y)
        hidden[:, 1] -= W2 * slope.dot(scaled * residual)
        residual = forward()
        change = scaled * residual.sum()
        b2 -= change
        residual -= change
        costs[epoch] = residual.dot(residual) / n
    return {"W1": hidden[:, :1], "b1": hidden[:, 1], "W2": W2[np.newaxis], "b2": b2}, costs


def scikit_learn(x, y, start, rate, epochs):
    """MLPRegressor from the same start: its loss is half of ours, so its learning rate is twice ours."""
    from sklearn.neural_network import MLPRegressor

    network = MLPRegressor(
        hidden_layer_sizes=len(start["b1"]), activation="logistic", solver="sgd", momentum=0, alpha=0, batch_size=len(x),
        learning_rate_init=2 * rate, max_iter=epochs, tol=0, n_iter_no_change=epochs + 1, shuffle=False, warm_start=True,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has not converged: nobody asked it to
        network.partial_fit(x[:, np.newaxis], y)  # makes its arrays
        network.coefs_ = [start["W1"].T.copy(), start["W2"].T.copy()]
        network.intercepts_ = [start["b1"].copy(), np.array([start["b2"]])]
        began = process_time()
        network.fit(x[:, np.newaxis], y)
        seconds = process_time() - began
    W1, W2 = network.coefs_
    b1, b2 = network.intercepts_
    return {"W1": W1.T, "b1": b1, "W2": W2.T, "b2": b2[0]}, seconds


def timed(work, repeats=1):
    """(what work() gives, CPU seconds of one call). CPU time, so that other programs on the machine do not count."""
    began = process_time()
    for _ in range(repeats):
        result = work()
    return result, (process_time() - began) / repeats


def difference(one: dict, two: dict) -> float:
    return max(float(np.max(np.abs(one[name] - two[name]))) for name in one)


def plain(x, y, start, gradients, rate, epochs):
    """The student's own gradients in the plainest loop."""
    at, X = dict(start), x[:, np.newaxis]
    for _ in range(epochs):
        found = gradients(**at, X=X, y=y)
        at = {name: at[name] - rate * found[name] for name in at}
    return at


def main() -> None:
    code = notebook_code()
    x, y, start = curve_fit.printed(seed=0)
    settings = (x, y, start, RATE, EPOCHS)
    one_by_one, train, gradients = code["printed_program"], code["train"], code["batch_gradients"]
    train(*settings)  # warm
    rows = {name: [] for name in ("loops, together", "loops, one after the other", "batch, plain", "batch, in place",
                                  "batch, one after the other", "scikit-learn")}  # fmt: skip
    for _ in range(ROUNDS):
        # All kinds in every round, so that whatever else the machine does meets them alike.
        (loops, _), seconds = timed(lambda: one_by_one(*settings, together=True))
        rows["loops, together"].append(seconds)
        (printed, printed_costs), seconds = timed(lambda: one_by_one(*settings))
        rows["loops, one after the other"].append(seconds)
        by_hand, seconds = timed(lambda: plain(x, y, start, gradients, RATE, EPOCHS), QUICK)
        rows["batch, plain"].append(seconds)
        (batch, _), seconds = timed(lambda: train(*settings), QUICK)
        rows["batch, in place"].append(seconds)
        (sequential, costs), seconds = timed(lambda: one_after_the_other(*settings), QUICK)
        rows["batch, one after the other"].append(seconds)
        library, seconds = scikit_learn(*settings)
        rows["scikit-learn"].append(seconds)

    assert difference(loops, batch) < 1e-10 and difference(loops, by_hand) < 1e-10
    assert difference(printed, sequential) < 1e-10 and np.max(np.abs(printed_costs - costs)) < 1e-10
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {len(x)} points, 10 units, {EPOCHS} epochs, "
          f"CPU time, median of {ROUNDS} rounds")  # fmt: skip
    print(f"largest difference of a parameter: loops and batch {difference(loops, batch):.0e}, one after the other "
          f"{difference(printed, sequential):.0e}, batch and scikit-learn {difference(batch, library):.0e}")  # fmt: skip
    for name, seconds in rows.items():
        base = rows["loops, one after the other" if "after" in name else "loops, together"]
        ratio = median(slow / fast for slow, fast in zip(base, seconds, strict=True))
        print(
            f"{name:28s} {1000 * median(seconds):9.2f} ms   {1e6 * median(seconds) / EPOCHS:8.1f} µs an epoch {ratio:9.1f} ×"
        )


if __name__ == "__main__":
    main()
