"""Notebooks 05 and 06: right answers in odd forms."""

import copy
import math

import numpy as np
import sympy as sp
from right_forms import statement_forms

PLAN = {
    "set the weights": "training",
    "decide when to stop": "validation",
    "choose the initialisation": "validation",
    "fill the table": "test",
}


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def layer_in_loops(X, W, b):
    return [
        [max(0.0, sum(w * x for w, x in zip(row, example, strict=True)) + bias) for row, bias in zip(W, b, strict=True)]
        for example in X
    ]


def cost_in_a_loop(z, y):
    losses = [max(t, 0) - label * t + math.log1p(math.exp(-abs(t))) for t, label in zip(z, y, strict=True)]
    return sum(losses) / len(losses)


def cost_by_sides(z, y):
    return np.mean(np.logaddexp(0, np.where(y == 1, -z, z)))


def slope_in_a_loop(z, y):
    return [float(sigmoid(t) - label) / len(z) for t, label in zip(z, y, strict=True)]


def counted(y, yhat):
    pairs = list(zip(y, yhat, strict=True))
    return pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0)), pairs.count((0, 0))


def f1_by_names(y, yhat):
    tp, fp, fn, _ = counted(y, yhat)
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return 2 / (1 / precision + 1 / recall)


def softmax_in_rows(Z):
    rows = []
    for z in Z:
        e = np.exp(z - max(z))
        rows.append(e / e.sum())
    return np.array(rows)


def softmax_by_logs(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


def backward(X, W, b, G):
    delta = G * (X @ W.T + b > 0)
    return {"X": delta @ W, "W": delta.T @ X, "b": delta.sum(axis=0)}


def prepare(images, labels, first, second):
    digits = labels.astype(int)
    rows = (digits == first) | (digits == second)
    return images[rows].reshape(-1, 784) / 255, (digits[rows] == second).astype(int)


def prepare_in_a_loop(images, labels, first, second):
    x, y = [], []
    for image, label in zip(images, labels, strict=True):
        if label in (str(first), str(second)):
            x.append((image.astype(np.float32) / np.float32(255)).ravel())
            y.append(label == str(second))
    return np.array(x), np.array(y)


def prepare_with_isin(images, labels, first, second):
    keep = np.isin(labels, [str(first), str(second)])
    return {
        "x": np.reshape(images[keep] * (1 / 255), (keep.sum(), 28 * 28)),
        "y": labels[keep] == str(second),
    }


def one_hot(labels, classes):
    Y = np.zeros((len(labels), classes))
    Y[np.arange(len(labels)), labels] = 1
    return Y


def cross_entropy(Z, labels):
    below = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(below).sum(axis=1)) - below[np.arange(len(labels)), labels])


def cross_entropy_one_hot(Z, labels):
    log_p = Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)
    return -np.sum(one_hot(labels, Z.shape[1]) * log_p) / len(labels)


def per_class(C):
    precision, recall = np.diag(C) / C.sum(axis=0), np.diag(C) / C.sum(axis=1)
    return precision, recall, 2 * precision * recall / (precision + recall)


def forward_in_loops(X, W1, b1, W2, b2):
    A = layer_in_loops(X, W1, b1)
    return [
        [sum(w * a for w, a in zip(row, example, strict=True)) + b for row, b in zip(W2, b2, strict=True)]
        for example in A
    ]


def network_backward(X, W1, b1, W2, b2, dZ):
    Z1 = X @ W1.T + b1
    A1 = np.maximum(Z1, 0)
    dZ1 = (dZ @ W2) * (Z1 > 0)
    return {"W1": dZ1.T @ X, "b1": dZ1.sum(axis=0), "W2": dZ.T @ A1, "b2": dZ.sum(axis=0)}


def network_backward_by_layers(X, W1, b1, W2, b2, dZ):
    A1 = np.maximum(X @ W1.T + b1, 0)
    below = backward(X, W1, b1, dZ @ W2)
    return {"W1": below["W"], "b1": below["b"], "W2": np.einsum("mc,mk->ck", dZ, A1), "b2": np.ones(len(X)) @ dZ}


def network_backward_in_loops(X, W1, b1, W2, b2, dZ):
    dW1, db1, dW2, db2 = (np.zeros(p.shape) for p in (W1, b1, W2, b2))
    for x, dz in zip(X, dZ, strict=True):
        z1 = W1 @ x + b1
        delta = W2.T @ dz * np.heaviside(z1, 0)
        dW2 += np.outer(dz, np.maximum(z1, 0))
        db2 += dz
        dW1 += delta[:, None] * x
        db1 += delta
    return dW1, db1, dW2, db2


# --------------------------------------------------------------------------------- what does something, in odd forms


def update_by_out(parameters, gradients, eta):
    for p, g in zip(parameters, gradients, strict=True):
        np.subtract(p, eta * g, out=p)


def update_by_index(parameters, gradients, eta):
    for i in range(len(parameters)):
        parameters[i][...] = parameters[i] - eta * gradients[i]
    return parameters


def update_entry_by_entry(parameters, gradients, eta):
    for p, g in zip(parameters, gradients, strict=True):
        for place in np.ndindex(p.shape):
            p[place] -= eta * g[place]


def update_by_number(parameters, gradients, eta):
    k = 0
    while k < len(parameters):
        parameters[k] -= eta * np.asarray(gradients[k], dtype=np.float32)
        k += 1
    return None


def split_by_shuffle(n, share, rng):
    rows = np.arange(n)
    rng.shuffle(rows)
    k = int(share * n)
    return rows[k:].tolist(), rows[:k].tolist()


def split_by_choice(n, share, rng):
    validate = rng.choice(n, size=round(n * share), replace=False)
    return {"fit": np.setdiff1d(np.arange(n), validate), "validate": validate}


def split_by_mask(n, share, rng):
    mask = np.zeros(n, dtype=bool)
    mask[rng.permutation(n)[: int(np.ceil(share * n))]] = True
    return ~mask, mask


def split_by_numbers(n, share, rng):
    order = np.argsort(rng.random(n))
    fit, validate = np.split(order, [n - round(share * n)])
    return np.sort(fit), np.sort(validate)


def split_in_a_loop(n, share, rng):
    left, validate = list(range(n)), []
    while len(validate) < share * n:
        validate.append(left.pop(rng.integers(len(left))))
    return left, validate


def epoch_by_parts(x, y, size, rng, step):
    for rows in np.array_split(rng.permutation(len(x)), range(size, len(x), size)):
        step(x[rows], y[rows])


def epoch_in_even_parts(x, y, size, rng, step):
    rows = np.arange(len(y))
    rng.shuffle(rows)
    for batch in np.array_split(rows, -(-len(y) // size)):
        step(x[batch], y[batch])


def epoch_by_while(x, y, size, rng, step):
    rows, start = list(rng.permutation(len(x))), 0
    while start < len(rows):
        batch = rows[start : start + size]
        step(np.array([x[i] for i in batch]), np.array([y[i] for i in batch]))
        start += size


def epoch_of_copies(x, y, size, rng, step):
    order = rng.permutation(x.shape[0])
    x, y = x[order], y[order]
    batches = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x), size)]
    for x_batch, y_batch in batches:
        step(x_batch, y_batch)
    return len(batches)


def epoch_sorted_inside(x, y, size, rng, step):
    order = rng.permutation(len(x))
    for b in range(int(np.ceil(len(x) / size))):
        rows = np.sort(order[b * size : min((b + 1) * size, len(x))])
        step(x[rows], y[rows])


def fit_by_counter(parameters, run_epoch, validation_cost, epochs, patience):
    best, lowest, waited, costs = None, None, 0, []
    for _ in range(epochs):
        run_epoch()
        cost = validation_cost()
        costs.append(cost)
        if lowest is None or cost < lowest:
            lowest, waited = cost, 0
            best = [p.copy() for p in parameters]
        else:
            waited += 1
        if waited == patience:
            break
    return best, costs


def fit_by_epochs(parameters, run_epoch, validation_cost, epochs, patience):
    best_epoch, costs, kept = 0, [], {}
    while len(costs) < epochs and len(costs) - best_epoch < patience:
        run_epoch()
        costs += [validation_cost()]
        if costs[-1] == min(costs) and costs.count(costs[-1]) == 1:
            best_epoch = len(costs)
            kept = dict(enumerate(copy.deepcopy(parameters)))
    return kept, np.array(costs)


def fit_with_history(parameters, run_epoch, validation_cost, epochs, patience):
    history = []
    for _ in range(epochs):
        run_epoch()
        history.append((validation_cost(), tuple(np.array(p) for p in parameters)))
        costs = [cost for cost, _ in history]
        if len(costs) - 1 - costs.index(min(costs)) >= patience:
            break
    return {"costs": costs, "best": history[costs.index(min(costs))][1]}


def fit_that_puts_back(parameters, run_epoch, validation_cost, epochs, patience):
    best, costs = fit_by_counter(parameters, run_epoch, validation_cost, epochs, patience)
    for p, kept in zip(parameters, best, strict=True):
        p[:] = kept
    return parameters, costs


RIGHT = {
    "05.forward": [
        lambda X, W1, b1, W2, b2: np.maximum(X @ W1.T + b1, 0) @ W2.T + b2,
        forward_in_loops,
        lambda X, W1, b1, W2, b2: np.einsum("mk,ck->mc", (X @ W1.T + b1).clip(min=0), W2) + b2[np.newaxis],
        "A1 @ W2.T + b2",
    ],
    "05.backward": [
        network_backward,
        network_backward_by_layers,
        network_backward_in_loops,
        lambda *point: {name: value.tolist() for name, value in reversed(network_backward(*point).items())},
    ],
    "05.update": [update_by_out, update_by_index, update_entry_by_entry, update_by_number],
    "05.split": [split_by_shuffle, split_by_choice, split_by_mask, split_by_numbers, split_in_a_loop],
    "05.epoch": [epoch_by_parts, epoch_in_even_parts, epoch_by_while, epoch_of_copies, epoch_sorted_inside],
    "05.fit": [fit_by_counter, fit_by_epochs, fit_with_history, fit_that_puts_back],
    "003.2.layer": [
        layer_in_loops,
        lambda X, W, b: np.where(X @ W.T + b > 0, X @ W.T + b, 0),
        "(Z + abs(Z))/2",
        lambda X, W, b: np.einsum("mn,kn->mk", X, W).__add__(b).clip(0),
    ],
    "003.2.cost": [
        cost_in_a_loop,
        cost_by_sides,
        lambda z, y: np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))),
        "mean(-y*log(sigma(z)) - (1 - y)*log(1 - sigma(z)))",
        "sum(log(1 + exp(z)) - y*z)/m",
    ],
    "003.2.slope": [
        slope_in_a_loop,
        lambda z, y: (sigmoid(z) - y) / z.size,
        "(p - y)/m",
        "(1/(1 + exp(-z)) - y)/len(z)",
    ],
    "003.2.accuracy": [
        lambda y, yhat: np.mean(y == yhat),
        lambda y, yhat: 1 - np.abs(y - yhat).mean(),
        lambda y, yhat: sum(a == b for a, b in zip(y, yhat, strict=True)) / len(y),
        "1 - (FP + FN)/len(y)",
    ],
    "003.2.precision": [
        lambda y, yhat: y[yhat == 1].mean(),
        lambda y, yhat: np.sum((y == 1) & (yhat == 1)) / np.sum(yhat == 1),
        lambda y, yhat: counted(y, yhat)[0] / sum(counted(y, yhat)[:2]),
        "sum(y*yhat)/sum(yhat)",
    ],
    "003.2.recall": [
        lambda y, yhat: yhat[y == 1].mean(),
        "y @ yhat / sum(y)",
        lambda y, yhat: counted(y, yhat)[0] / (counted(y, yhat)[0] + counted(y, yhat)[2]),
    ],
    "003.2.f1": [
        f1_by_names,
        "2*sum(y*yhat)/(sum(y) + sum(yhat))",
        lambda y, yhat: 2 * (y @ yhat) / (y + yhat).sum(),
    ],
    "003.2.se": [
        lambda p, n: math.sqrt(p * (1 - p)) / math.sqrt(n),
        "sqrt((p - p^2)/n)",
        sp.sqrt(sp.Symbol("p") * (1 - sp.Symbol("p")) / sp.Symbol("n")),
        lambda p, n: (p * (1 - p) / n) ** 0.5,
    ],
    "003.3.softmax": [
        softmax_in_rows,
        softmax_by_logs,
        lambda Z: (np.exp(Z.T - Z.max(axis=1)) / np.exp(Z.T - Z.max(axis=1)).sum(axis=0)).T,
    ],
    "003.3.slope": [
        lambda Z, Y: (softmax_in_rows(Z) - Y) / len(Z),
        "(P - Y)/m",
        "P/m - Y/m",
        lambda Z, Y: np.array([(p - y) / Z.shape[0] for p, y in zip(softmax_by_logs(Z), Y, strict=True)]),
    ],
    "003.3.macro": [
        "mean(F)",
        lambda P, R: np.mean(2 / (1 / P + 1 / R)),
        lambda P, R: sum(2 * p * r / (p + r) for p, r in zip(P, R, strict=True)) / len(P),
    ],
    "003.2.data": [prepare, prepare_in_a_loop, prepare_with_isin],
    "003.2.backward": [
        backward,
        lambda *point: [value.tolist() for value in backward(*point).values()],
        lambda *point: {name: value.astype(np.float32) for name, value in backward(*point).items()},
    ],
    "003.2.plan": [
        {**PLAN, "draw the validation images": "Before training"},
        PLAN,
        {job: part.upper() for job, part in PLAN.items()},
        dict(reversed(PLAN.items())),
    ],
    "003.2.claims": statement_forms("reject a", "reject b", "reject a", "accept c", "reject d", "accept e"),
    "003.3.onehot": [
        one_hot,
        lambda labels, classes: np.eye(classes)[labels],
        lambda labels, classes: [[k == label for k in range(classes)] for label in labels],
    ],
    "003.3.ce": [
        cross_entropy,
        cross_entropy_one_hot,
        lambda Z, labels: np.mean([np.logaddexp.reduce(z) - z[y] for z, y in zip(Z, labels, strict=True)]),
    ],
    "003.3.perclass": [
        per_class,
        lambda C: [score.tolist() for score in per_class(C)],
        lambda C: dict(zip(("precision", "recall", "f1"), per_class(C), strict=True)),
    ],
    "003.3.averages": [
        ([0.9, 0.6, 0.75], [0.6, 0.9, 0.75]),
        (np.array([1, 0.5, 0.3]), np.array([0.3, 0.5, 1])),
        {"P": [0.8, 0.5, 0.5], "R": [0.5, 0.5, 0.8]},
    ],
}
