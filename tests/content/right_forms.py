"""For every question at least three right answers that are written differently from the reference."""

import math
from fractions import Fraction

import numpy as np
import sympy as sp


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softplus(z):
    return np.log(1 + np.exp(z))


def central_difference(function, h=1e-6):
    """Numerical derivative with respect to the first argument: a legitimate answer."""
    return lambda p, *rest: (function(p + h, *rest) - function(p - h, *rest)) / (2 * h)


def loop_over_examples(weight):
    """Gradient of a sum over examples, by Python loops: weight(r, y) is the factor of each example."""

    def gradient(w, X, y):
        result = [0.0] * len(w)
        for row, target in zip(X, y, strict=True):
            r = sum(a * b for a, b in zip(w, row, strict=True))
            for j in range(len(w)):
                result[j] += weight(r, target) * row[j]
        return result

    return gradient


def math_dL_dw(w, x, b, y):
    u = w * x + b
    z = (1 + math.tanh(u)) / 2
    f = 1 / (1 + math.exp(-z))
    return -y / f * f * (1 - f) * 0.5 * (1 - math.tanh(u) ** 2) * x


def float32_dL_db(w, x, b, y):
    w, x, b, y = (np.float32(value) for value in (w, x, b, y))
    t = np.tanh(w * x + b)
    return -y / np.float32(2) * (np.float32(1) - sigmoid((1 + t) / np.float32(2))) * (1 - t * t)


def ridge_with_assignments(w, X, y, lam):
    gradient = np.zeros_like(w)
    for i in range(X.shape[0]):
        gradient += (X[i] @ w - y[i]) * X[i]
    gradient += lam * 2 * w
    return gradient


def network(activation):
    def forward(x, w1, b1, w2, b2):
        z1 = w1 * x + b1
        a1 = activation(z1)
        z2 = w2 * a1 + b2
        return z1, a1, z2, activation(z2)

    return forward


logistic, tanh, soft = network(sigmoid), network(np.tanh), network(softplus)


def einsum_grad_W1(x, W1, b1, w2, b2):
    a1 = sigmoid(W1 @ x + b1)
    yhat = sigmoid(w2 @ a1 + b2)
    return np.einsum("i,j->ij", yhat * (1 - yhat) * w2 * a1 * (1 - a1), x)


def column_grad_W1(x, W1, b1, w2, b2):
    x, b1, w2 = x.reshape(-1, 1), b1.reshape(-1, 1), w2.reshape(1, -1)
    a1 = sigmoid(W1 @ x + b1)
    yhat = sigmoid(w2 @ a1 + b2)
    return (w2.T * a1 * (1 - a1)) @ x.T * yhat * (1 - yhat)


def trained(W1, b1, W2, b2, X, y, eta, steps):
    """Example by example."""
    for _ in range(steps):
        sums = [0, 0, 0, 0]
        for x, target in zip(X, y, strict=True):
            found = matrix_form(x, target, W1, b1, W2, b2)
            sums = [total + found[name] for total, name in zip(sums, ("W1", "b1", "W2", "b2"), strict=True)]
        W1, b1, W2, b2 = (p - eta * g for p, g in zip((W1, b1, W2, b2), sums, strict=True))
    return W1, b1, W2, b2


def trained_at_once(W1, b1, W2, b2, X, y, eta, steps):
    """All examples in one product; the result as a dict."""
    for _ in range(steps):
        a1 = sigmoid(X @ W1.T + b1)
        yhat = sigmoid(a1 @ W2.T + b2)
        delta2 = (yhat - y[:, None]) * yhat * (1 - yhat)
        delta1 = delta2 @ W2 * a1 * (1 - a1)
        W2, b2 = W2 - eta * delta2.T @ a1, b2 - eta * delta2.sum(axis=0)
        W1, b1 = W1 - eta * delta1.T @ X, b1 - eta * delta1.sum(axis=0)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def matrix_form(x, y, W1, b1, W2, b2):
    z1 = W1 @ x + b1
    a1 = sigmoid(z1)
    a2 = sigmoid(W2 @ a1 + b2)
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = (W2.T @ delta2) * a1 * (1 - a1)
    return {"W1": np.outer(delta1, x), "b1": delta1, "W2": np.outer(delta2, a1), "b2": delta2}


def matrix_form_in_columns(x, y, W1, b1, W2, b2):
    x, b1, b2 = x.reshape(-1, 1), b1.reshape(-1, 1), b2.reshape(1, 1)
    a1 = sigmoid(W1 @ x + b1)
    a2 = sigmoid(W2 @ a1 + b2)
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = W2.T @ delta2 * a1 * (1 - a1)
    return {"W1": delta1 @ x.T, "b1": delta1.ravel(), "W2": delta2 @ a1.T, "b2": delta2.item()}


def by_complex_step(loss, names):
    """Gradients of a loss with respect to the arguments of these names: no chain rule at all."""

    def gradients(*arguments):
        result = {}
        for name, position in names.items():
            argument = np.asarray(arguments[position], dtype=complex)
            gradient = np.zeros(argument.shape)
            for index in np.ndindex(argument.shape):
                moved = argument.copy()
                moved[index] += 1e-30j
                gradient[index] = loss(*arguments[:position], moved, *arguments[position + 1 :]).imag.item() / 1e-30
            result[name] = gradient
        return result

    return gradients


def network_passes(x, w1, b1, w2, b2):
    z1 = w1 * x + b1
    a1 = 1 / (1 + math.exp(-z1))
    z2 = w2 * a1 + b2
    yhat = 1 / (1 + math.exp(-z2))
    slopes = {"at_z2": yhat - yhat**2, "at_w2": (yhat - yhat**2) * a1, "at_b2": yhat / (1 + math.exp(z2))}
    at_a1 = w2 * slopes["at_b2"]
    at_z1 = at_a1 / (4 * math.cosh(z1 / 2) ** 2)
    below = {"at_a1": at_a1, "at_z1": at_z1, "at_w1": x * at_z1, "at_b1": at_z1, "at_x": w1 * at_z1}
    return {"z1": z1, "a1": a1, "z2": z2, "yhat": yhat, **slopes, **below}


def network_by_differences(x, w1, b1, w2, b2):
    """No chain rule at all: each quantity is moved a little, and what follows is worked out again."""
    given, h = {"x": x, "w1": w1, "b1": b1, "w2": w2, "b2": b2}, 1e-6

    def worked_out(**moved):
        v = {**given, **moved}
        v["z1"] = v.get("z1", v["w1"] * v["x"] + v["b1"])
        v["a1"] = v.get("a1", sigmoid(v["z1"]))
        v["z2"] = v.get("z2", v["w2"] * v["a1"] + v["b2"])
        return {**v, "yhat": sigmoid(v["z2"])}

    found = worked_out()
    at = {
        f"at_{name}": (
            worked_out(**{name: found[name] + h})["yhat"] - worked_out(**{name: found[name] - h})["yhat"]
        ) / (2 * h)
        for name in ("z2", "w2", "b2", "a1", "z1", "w1", "b1", "x")
    }  # fmt: skip
    return {**{name: found[name] for name in ("z1", "a1", "z2", "yhat")}, **at}


def layer_gradients(x, W1, b1, w2, b2):
    a1 = sigmoid(W1 @ x + b1)
    yhat = sigmoid(w2 @ a1 + b2)
    at_z2 = yhat * (1 - yhat)
    at_z1 = w2 * at_z2 * a1 * (1 - a1)
    return {
        "at_z2": at_z2, "at_w2": a1 * at_z2, "at_b2": at_z2, "at_a1": w2 * at_z2,
        "at_z1": at_z1, "at_W1": at_z1[:, None] @ x[None], "at_b1": at_z1, "at_x": at_z1 @ W1,
    }  # fmt: skip


def layer_gradients_in_loops(x, W1, b1, w2, b2):
    k, d = W1.shape
    a1 = [float(sigmoid(sum(W1[p, q] * x[q] for q in range(d)) + b1[p])) for p in range(k)]
    yhat = float(sigmoid(sum(w2[p] * a1[p] for p in range(k)) + b2))
    at_z2 = yhat * (1 - yhat)
    at_z1 = [at_z2 * w2[p] * a1[p] * (1 - a1[p]) for p in range(k)]
    return {
        "at_z2": at_z2, "at_w2": [at_z2 * a for a in a1], "at_b2": at_z2, "at_a1": [at_z2 * w for w in w2],
        "at_z1": at_z1, "at_W1": [[each * value for value in x] for each in at_z1], "at_b1": at_z1,
        "at_x": [sum(at_z1[p] * W1[p, q] for p in range(k)) for q in range(d)],
    }  # fmt: skip


def regression_gradients(W1, b1, W2, b2, x, y):
    a = sigmoid(W1 @ x + b1)
    e = 2 * (W2 @ a + b2 - y).item()
    delta = e * W2.ravel() * a * (1 - a)
    return {"W1": np.outer(delta, x), "b1": delta, "W2": e * a.reshape(1, -1), "b2": e}


def batch_residuals(W1, b1, W2, b2, X, y):
    return sigmoid(X @ W1.T + b1) @ W2[0] + b2 - y


def batch_gradients_one_by_one(W1, b1, W2, b2, X, y):
    each = [regression_gradients(W1, b1, W2, b2, row, target) for row, target in zip(X, y, strict=True)]
    return tuple(np.mean([gradients[name] for gradients in each], axis=0) for name in ("W1", "b1", "W2", "b2"))


def batch_gradients(W1, b1, W2, b2, X, y, residuals=lambda f, y: f - y):
    A = sigmoid(X @ W1.T + b1)
    e = 2 / len(y) * residuals(A @ W2[0] + b2, y)
    D = e[:, None] * W2 * A * (1 - A)
    return {"W1": D.T @ X, "b1": D.sum(axis=0), "W2": (e @ A)[None, :], "b2": e.sum()}


def batch_cost(*arguments):
    return np.mean(batch_residuals(*arguments) ** 2)


def loop_by_hand(X, y, start, rate, epochs):
    """Every parameter by its own name, and a tuple of four in the place of the dictionary."""
    W1, b1, W2, b2 = start["W1"], start["b1"], start["W2"], start["b2"]
    costs = np.zeros(epochs)
    for epoch in range(epochs):
        g = batch_gradients(W1, b1, W2, b2, X, y)
        W1, b1, W2, b2 = W1 - rate * g["W1"], b1 - rate * g["b1"], W2 - rate * g["W2"], b2 - rate * g["b2"]
        costs[epoch] = batch_cost(W1, b1, W2, b2, X, y)
    return (W1, b1, W2, b2), costs


def as_lists(parameters, costs):
    """A training in lists, the costs as a tuple."""
    values = parameters.values() if isinstance(parameters, dict) else parameters
    return [np.asarray(value).tolist() for value in values], tuple(costs)


def adam_in_one_vector(X, y, start, rate, epochs):
    """Adam on one vector of all numbers; the counter as a variable."""
    ends = np.cumsum([np.size(value) for value in start.values()])[:-1]

    def named(theta):
        parts = zip(start, np.split(theta, ends), strict=True)
        return {name: part.reshape(np.shape(start[name])) for name, part in parts}

    theta, costs, t = np.concatenate([np.ravel(value) for value in start.values()]), [], 0
    m, s = np.zeros_like(theta), np.zeros_like(theta)
    while t < epochs:
        t += 1
        g = batch_gradients(*named(theta).values(), X, y)
        g = np.concatenate([np.ravel(g[name]) for name in start])
        m += 0.1 * (g - m)
        s += 0.001 * (g * g - s)
        theta -= rate * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        costs += [float(batch_cost(*named(theta).values(), X, y))]
    return named(theta), costs


def numerical_gradient(f, p, h):
    p = np.array(p, dtype=float)
    gradient = np.zeros(p.shape)
    for index in np.ndindex(p.shape):
        plus, minus = p.copy(), p.copy()
        plus[index] += h
        minus[index] -= h
        gradient[index] = (f(plus) - f(minus)) / (2 * h)
    return gradient


def numerical_gradient_flat(f, p, h):
    flat = np.asarray(p, dtype=float).ravel()
    moves = h * np.eye(flat.size)
    return np.array([(f((flat + e).reshape(p.shape)) - f((flat - e).reshape(p.shape))) / h / 2 for e in moves]).reshape(
        p.shape
    )


def numerical_gradient_put_back(f, p, h):
    gradient = [0.0] * p.size
    for number, index in enumerate(np.ndindex(*p.shape)):
        old = p[index]
        p[index] = old + h
        above = f(p)
        p[index] = old - h
        gradient[number] = (above - f(p)) / (2 * h)
        p[index] = old
    return np.reshape(gradient, p.shape).tolist()


#: Weights and bias of the four steps of the tower.
TOWER_STEPS = {"h11": (1, 50, 100), "h12": (1, 50, -100), "h13": (50, 1, 100), "h14": (50, 1, -100)}


def step_forms(p, q, bias):
    return [
        lambda x1, x2: 1 / (1 + np.exp(-(p * x1 + q * x2 + bias))),
        f"1 - sigma(-{p}*x1-{q}*x2-({bias}))",
        lambda x1, x2: 0.5 + 0.5 * np.tanh((q * x2 + p * x1 + bias) / 2),
    ]


def ridge_forms(up):
    p, q, bias = TOWER_STEPS[up]
    return [
        lambda x1, x2: np.sinh(bias) / (np.cosh(p * x1 + q * x2) + np.cosh(bias)),
        f"σ({p}*x1+{q}*x2+{bias}) - σ({p}*x1+{q}*x2-{bias})",
        lambda x1, x2: step_forms(*TOWER_STEPS[up])[0](x1, x2) + step_forms(-p, -q, bias)[0](x1, x2) - 1,
    ]


def cross(x1, x2):
    h11, h12, h13, h14 = (step_forms(*numbers)[0](x1, x2) for numbers in TOWER_STEPS.values())
    return h11 - h12 + h13 - h14


def statement_forms(*answers):
    """Verdicts with letters, such as "accept c", as students may hand them in."""
    pairs = {number: tuple(answer.split()) for number, answer in enumerate(answers, 1)}
    return [
        pairs,
        list(answers),
        {str(n): [verdict == "accept", letter.upper()] for n, (verdict, letter) in pairs.items()},
    ]


FORWARD_BACKWARD = {
    "yhat_identity": 36,
    "yhat_relu": 38,
    "J": 16,
    "db1_2": 8,
    "dw21_2": -16,
    "db2_1": 8,
    "dw13_1": 16,
    "b2_1_new": -16,
    "w13_1_new": -29,
}


def one_step(w, b, x1=1.0, x2=0.0, y=1.0, eta=0.1):
    """All thirteen new values of the network of task 003, by matrices."""
    W1, b1, W2 = np.reshape(w[:6], (3, 2)), np.array(b[:3]), np.array(w[6:])
    g = matrix_form(np.array([x1, x2]), y, W1, b1, W2[None], np.array(b[3:]))
    new = np.concatenate(
        [(W1 - eta * g["W1"]).ravel(), W2 - eta * g["W2"][0], b1 - eta * g["b1"], b[3] - eta * g["b2"]]
    )
    return dict(zip([f"w{i}" for i in range(1, 10)] + [f"b{i}" for i in range(1, 5)], new, strict=True))


ALL_ONES = one_step([1.0] * 9, [1.0] * 4)
MIXED = one_step([0.5, -0.25] * 3 + [1.0, -1.0, 0.0], [0.1] * 4)

rho, rhohat, w, x, b, y, z = sp.symbols("rho rhohat w x b y z")
_logistic = 1 / (1 + sp.exp(-z))


def predict_as_column(W1, b1, W2, b2, x):
    return W2 @ sigmoid(W1 @ x[:, None] + b1[:, None]) + b2


def batch_cost_as_rows(W1, b1, W2, b2, X, y):
    f = W2 @ sigmoid(W1 @ X.T + b1[:, None]) + b2
    return float(((f - y[None, :]) ** 2).sum() / y.size)


def batch_gradients_in_float32(*arguments):
    narrow = [np.asarray(value, dtype=np.float32) for value in arguments]
    return batch_gradients(*narrow)


RIGHT = {
    "000.1a": [
        lambda rho, rhohat: -0.5 * np.log1p(rhohat / rho),
        lambda rho, rhohat: (math.log(rho) - math.log(rho + rhohat)) / 2,
        sp.diff(rho * sp.log(rho / (rho + rhohat)) / 2 + rhohat * sp.log(rhohat / (rho + rhohat)) / 2, rho),
        "g'(rho) = 1/2 * ln(ρ/(ρ+rhohat))",
        lambda r, c: np.log(np.sqrt(r / (r + c))),
    ],
    "000.1b.w": [
        math_dL_dw,
        "-2*x*y*sigma(2*u)*sigma(-2*u)*sigma(-z)",
        sp.diff(-y * sp.log(_logistic.subs(z, (1 + sp.tanh(w * x + b)) / 2)), w),
        "-y*x/2 * e^(-z)/(1+e^(-z)) * sech(w*x+b)^2",
        "-x*y/2/(1 + exp(z))/cosh(u)^2",
    ],
    "000.1b.b": [
        float32_dL_db,
        sp.diff(-y * sp.log(_logistic.subs(z, (1 + sp.tanh(w * x + b)) / 2)), b),
        lambda w, x, b, y: np.array(-y / 2 / (1 + np.exp(0.5 + np.tanh(w * x + b) / 2)) / np.cosh(w * x + b) ** 2),
        "-y*(1-f)*z*(1-z)*2",
    ],
    "000.2.a": [
        "2u*s(1-s)",
        lambda u, v, w, x, a, b, c, d: u / (2 * np.cosh((a * u + b * v) / 2) ** 2),
        lambda u, v, w, x, a, b, c, d: [2 * u * math.exp(-(a * u + b * v)) / (1 + math.exp(-(a * u + b * v))) ** 2],
        "2*u*exp(-(a*u+b*v))/(1+exp(-(a*u+b*v)))**2",
    ],
    "000.2.b": [
        "2*v*σ(a*u+b*v)*(1-σ(a*u+b*v))",
        lambda u, v, w, x, a, b, c, d: v / (1 + np.cosh(a * u + b * v)),
        "2*v*dsigma(z1)",
    ],
    "000.2.c": [
        "-w*sech(c*w+d*x)^2",
        lambda u, v, w, x, a, b, c, d: w * (np.tanh(c * w + d * x) ** 2 - 1),
        lambda u, v, w, x, a, b, c, d: -4 * w / (math.exp(c * w + d * x) + math.exp(-c * w - d * x)) ** 2,
    ],
    "000.2.d": [
        "-x/cosh(c*w+d*x)**2",
        lambda u, v, w, x, a, b, c, d: x * np.tanh(c * w + d * x) ** 2 - x,
        lambda *, u, v, w, x, a, b, c, d: -x * (1 - np.tanh(c * w + d * x)) * (1 + np.tanh(c * w + d * x)),
    ],
    "001.2.1.w2.logistic": [
        lambda *p: sigmoid(logistic(*p)[2]) * sigmoid(-logistic(*p)[2]) * logistic(*p)[1],
        "exp(-z2)/(1+exp(-z2))**2 * a1",
        "dsigma(z2)*a1",
        lambda x, w1, b1, w2, b2: logistic(x, w1, b1, w2 + 1j * 1e-20, b2)[3].imag / 1e-20,
    ],
    "001.2.1.b2.logistic": [
        lambda *p: 1 / (4 * np.cosh(logistic(*p)[2] / 2) ** 2),
        "yhat - yhat**2",
        "exp(z2)/(1+exp(z2))**2",
    ],
    "001.2.1.w2.tanh": [lambda *p: tanh(*p)[1] / np.cosh(tanh(*p)[2]) ** 2, "a1*sech(z2)**2", "a1 - a1*tanh(z2)^2"],
    "001.2.1.b2.tanh": [lambda *p: (1 - tanh(*p)[3]) * (1 + tanh(*p)[3]), "sech(z2)**2", "4/(exp(z2)+exp(-z2))**2"],
    "001.2.2.w2": [
        lambda *p: soft(*p)[1] * np.exp(soft(*p)[2]) / (1 + np.exp(soft(*p)[2])),
        "a1*(1 - exp(-yhat))",
        "log(1+exp(w1*x+b1)) / (1 + exp(-z2))",
        lambda *p: soft(*p)[1] * (1 + np.tanh(soft(*p)[2] / 2)) / 2,
    ],
    "001.2.2.b2": [lambda *p: 1 - np.exp(-soft(*p)[3]), "exp(z2)/(1+exp(z2))", "1/(1+exp(-z2))", "(1+tanh(z2/2))/2"],
    "001.2.3": [
        lambda x, w1, b1, w2, b2: central_difference(lambda t: soft(t, w1, b1, w2, b2)[3])(x),
        "w1*w2/((1+exp(-z1))*(1+exp(-z2)))",
        "w2*(1-exp(-yhat))*w1*(1-exp(-a1))",
    ],
    "001.2.3.b2": [
        "w1*w2*sigma(z1)*exp(-z2)/(1+exp(-z2))^2",
        "w1*w2*sigma(z1)/(2 + exp(z2) + exp(-z2))",
        lambda x, w1, b1, w2, b2: w1 * w2 * sigmoid(w1 * x + b1) / (4 * np.cosh(soft(x, w1, b1, w2, b2)[2] / 2) ** 2),
    ],
    "001.2.4": [
        "a1*w2*x*yhat*(1-a1)*(1-yhat)",
        "(yhat - yhat^2)*w2*dsigma(z1)*x",
        lambda x, w1, b1, w2, b2: central_difference(lambda t: logistic(x, t, b1, w2, b2)[3])(w1),
    ],
    "001.vector.x": [
        lambda *p: by_complex_step(lambda x, W1, b1, w2, b2: softplus(w2 @ softplus(W1 @ x + b1) + b2), {"x": 0})(*p)[
            "x"
        ],
        "sigma(z2) * ((w2*sigma(z1)) @ W1)",
        "sigma(z2)*(w2 @ diag(sigma(z1)) @ W1)",
    ],
    "001.vector.W1": [
        einsum_grad_W1,
        column_grad_W1,
        lambda *p: [[float(entry) for entry in row] for row in einsum_grad_W1(*p)],
    ],
    "002.2.x1": [
        "e^x2*cos(x1*e^x2)+2*x1+2*x2^2",
        lambda x1, x2: math.exp(x2) * math.cos(x1 * math.exp(x2)) + 2 * (x1 + x2 * x2),
        central_difference(lambda x1, x2: np.sin(x1 * np.exp(x2)) + (x1 + x2**2) ** 2),
    ],
    "002.2.x2": [
        "x1*e^x2*cos(x1*e^x2)+4*x2*x1+4*x2^3",
        lambda x1, x2: x1 * np.exp(x2) * np.cos(x1 * np.exp(x2)) + 2 * (x1 + x2**2) * 2 * x2,
        lambda x1, x2: central_difference(lambda t: np.sin(x1 * np.exp(t)) + (x1 + t**2) ** 2)(x2),
    ],
    "002.3.1": [
        sp.diff(_logistic, z),
        lambda z: 0.25 / np.cosh(z / 2) ** 2,
        "exp(-z)/(1+exp(-z))^2",
        "1/(2+exp(z)+exp(-z))",
        sp.Derivative(_logistic, z),
        lambda z: sigmoid(z) * sigmoid(-z),
        "f(1-f)",
        "f'(z) = σ(z)(1 − σ(z))",
    ],
    "002.3.2": [
        lambda w, x: x * sigmoid(w @ x) * sigmoid(-w @ x),
        lambda w, x: x / (4 * np.cosh(np.dot(w, x) / 2) ** 2),
        lambda w, x: [v * sigmoid(sum(w * x)) * (1 - sigmoid(sum(w * x))) for v in x],
        lambda w, x: np.float32(x) * sigmoid(np.float32(w @ x)) * (1 - sigmoid(np.float32(w @ x))),
    ],
    "002.3.3": [
        loop_over_examples(lambda r, y: 0.5 if r > y else -0.5),
        lambda w, X, y: 0.5 * ((X @ w - y) / np.abs(X @ w - y)) @ X,
        lambda w, X, y: (np.sign(X.dot(w) - y)[:, None] * X).sum(axis=0) / 2,
        lambda w, X, y: X.T @ np.where(X @ w > y, 0.5, -0.5),
    ],
    "002.3.4": [
        ridge_with_assignments,
        lambda w, X, y, lam: (X.T @ X + 2 * lam * np.eye(len(w))) @ w - X.T @ y,
        "X.T @ X @ w - X.T @ y + 2*λ*w",
        lambda w, X, y, lam: np.einsum("ij,i->j", X, X @ w - y) + lam * w + lam * w,
    ],
    "002.3.5": [
        loop_over_examples(lambda r, y: y - 1 / (1 + math.exp(-r))),
        "X.T @ (y*(1-s) - (1-y)*s)",
        lambda w, X, y: sum(x * (yi - sigmoid(w @ x)) for x, yi in zip(X, y, strict=True)),
        lambda w, X, y: X.T @ np.where(y == 1, sigmoid(-(X @ w)), -sigmoid(X @ w)),
    ],
    "002.3.6": [
        lambda w, x: x / np.cosh(w @ x) ** 2,
        "x*sech(w@x)^2",
        lambda w, x: (x - x * np.tanh(np.sum(w * x)) ** 2).tolist(),
    ],
    "004.3": [
        sp.sech(x) ** 2,
        lambda x: 4 / (np.exp(x) + np.exp(-x)) ** 2,
        "1 - ((exp(x)-exp(-x))/(exp(x)+exp(-x)))^2",
        lambda x: np.float32(1) - np.tanh(np.float32(x)) ** 2,
        sp.Lambda(x, 1 - sp.tanh(x) ** 2),
    ],
    "000.3a.h11": [
        "1/(1+exp(-(500*x+30)))",
        lambda x: 1 / (1 + np.exp(-500 * x - 30)),
        lambda x: (1 + np.tanh(250 * x + 15)) / 2,
        lambda x: sigmoid(np.float32(500) * np.float32(x) + 30),
    ],
    "000.3a.h12": [
        "1/(1+exp(-(500*x-30)))",
        lambda x: 1 / (1 + math.exp(30 - 500 * x)),
        lambda x: 1 - sigmoid(30 - 500 * x),
    ],
    "000.3a": [
        "sinh(30)/(cosh(500*x)+cosh(30))",
        lambda x: sigmoid(500 * x + 30) - sigmoid(500 * x - 30),
        lambda x: sigmoid(500 * x + 30) + sigmoid(30 - 500 * x) - 1,
        lambda x: np.array([sigmoid(500 * x + 30) * sigmoid(30 - 500 * x) * (1 - np.exp(-60))]),
    ],
    **{f"000.3b.{name}": step_forms(*numbers) for name, numbers in TOWER_STEPS.items()},
    "000.3b.h21": ridge_forms("h11"),
    "000.3b.h22": ridge_forms("h13"),
    "000.3b.h31": [
        "h11 - h12 + h13 - h14",
        cross,
        lambda x1, x2: sum(ridge(x1, x2) for ridge in (ridge_forms("h11")[0], ridge_forms("h13")[0])),
    ],
    "000.3b": [
        "1/(1+exp(-(100*(h21+h22)-200)))",
        lambda x1, x2: sigmoid(100 * cross(x1, x2) - 200),
        lambda x1, x2: (1 + np.tanh(50 * cross(x1, x2) - 100)) / 2,
    ],
    "001.2.3.text": [
        {"changes": True, "counterexample": {"x": 1, "w1": 1, "w2": 1, "b1": 0, "b2": 0, "b2_new": 1}},
        {"changes": True, "counterexample": {"x": 1, "w1": 1, "w2": 1, "b1": 0, "b2": (0, -2)}},
        {"changes": "yes", "proof": "w1*w2*sigma(z1)*sigma(z2)*(1-sigma(z2))"},
        {"changes": True, "counterexample": {"x": 1.0, "w1": 2, "w2": -1, "b1": 0, "b2": 0, "delta_b2": 1}},
        lambda x, w1, b1, w2, b2: w1 * w2 * sigmoid(w1 * x + b1) / (4 * np.cosh(soft(x, w1, b1, w2, b2)[2] / 2) ** 2),
    ],
    "002.1": [
        FORWARD_BACKWARD,
        {name: str(value) for name, value in FORWARD_BACKWARD.items()},
        {name: np.array(value) for name, value in FORWARD_BACKWARD.items()},
        {name.upper(): Fraction(value) for name, value in FORWARD_BACKWARD.items()},
        lambda: {name: sp.Integer(value) for name, value in FORWARD_BACKWARD.items()},
        {**FORWARD_BACKWARD, "J": "(36 - 32)^2", "b2_1_new": "b2_1 - eta*8", "note": "done by hand"},
        {name: np.float32(value) for name, value in FORWARD_BACKWARD.items()},
    ],
    "04.eta": [
        {"eta_best": 0.1, "eta_limit": 0.2},
        {"eta_best": Fraction(1, 10), "eta_limit": "1/5"},
        lambda: {"eta_limit": sp.Rational(1, 5), "eta_best": "4/40"},
    ],
    "003.1a": [
        ALL_ONES,
        {f"{name}_new": [value] for name, value in ALL_ONES.items()},
        {name: str(value) for name, value in ALL_ONES.items()},
        lambda: dict(reversed(ALL_ONES.items())),
        {name: round(value, 13) for name, value in ALL_ONES.items()},
    ],
    "003.1b": [
        MIXED,
        {name: float(value) for name, value in MIXED.items()},
        {name: sp.Float(value, 15) for name, value in MIXED.items()},
        {name: round(value, 12) for name, value in MIXED.items()},
    ],
    "002.1e": [
        *statement_forms("accept c", "reject f", "reject d", "reject b", "reject a", "accept d")[:2],
        {
            "1": (True, "c"),
            "2": (False, "F"),
            "3": [False, "d"],
            "4": {"verdict": "no", "reason": "b"},
            5: "Reject (a)",
            6: "accept: d",
        },
    ],
    "003.1.text": statement_forms("reject e", "accept b", "reject g", "reject f", "reject a", "accept f", "reject d"),
    "04.matrix": [
        matrix_form,
        matrix_form_in_columns,
        lambda *p: {name: gradient.tolist() for name, gradient in matrix_form(*p).items()},
        by_complex_step(
            lambda x, y, W1, b1, W2, b2: (y - sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2)) ** 2 / 2,
            {"W1": 2, "b1": 3, "W2": 4, "b2": 5},
        ),
    ],
    "04.train": [trained, lambda *p: list(trained(*p)), trained_at_once],
    "004.1": [
        regression_gradients,
        lambda *p: tuple(np.float32(gradient) for gradient in regression_gradients(*p).values()),
        by_complex_step(
            lambda W1, b1, W2, b2, x, y: (W2 @ sigmoid(W1 @ x + b1) + b2 - y) ** 2, {"W1": 0, "b1": 1, "W2": 2, "b2": 3}
        ),
    ],
    "07.prediction": [
        lambda W1, b1, W2, b2, x: (W2 @ sigmoid(W1 @ x + b1)).item() + b2,
        lambda W1, b1, W2, b2, x: (
            b2 + sum(w / (1 + math.exp(-(row @ x) - b)) for w, row, b in zip(W2[0], W1, b1, strict=True))
        ),
        lambda W1, b1, W2, b2, x: W2 @ (1 + np.tanh((W1.dot(x) + b1) / 2)) / 2 + b2,
        predict_as_column,
        "(W2 @ a)[0] + b2",
        "b2 - sum(-W2[0]*sigma(z))",
        "W2[0] @ sigma(W1 @ x + b1) + b2",
    ],
    "07.predictions": [
        lambda W1, b1, W2, b2, X: sigmoid(X @ W1.T + b1) @ W2[0] + b2,
        lambda W1, b1, W2, b2, X: (sigmoid(X @ W1.T + b1) @ W2.T + b2)[:, 0],
        lambda W1, b1, W2, b2, X: (sigmoid(X @ W1.T + b1) * W2).sum(axis=1) + b2,
        lambda W1, b1, W2, b2, X: [(W2 @ sigmoid(W1 @ x + b1)).item() + b2 for x in X],
        lambda W1, b1, W2, b2, X: np.squeeze(W2 @ sigmoid(W1 @ X.T + b1[:, None]), axis=0) + b2,
        "A @ W2[0] + b2",
        "sigma(X @ W1.T + b1) @ W2[0] + b2",
    ],
    "07.training": [loop_by_hand, lambda *p: [*loop_by_hand(*p)], lambda *p: as_lists(*loop_by_hand(*p))],
    "07.adam": [adam_in_one_vector, lambda *p: [*adam_in_one_vector(*p)], lambda *p: as_lists(*adam_in_one_vector(*p))],
    "07.batch_cost": [
        lambda *p: np.mean(batch_residuals(*p) ** 2),
        "mean(f**2 - 2*f*y + y**2)",
        lambda *p: batch_residuals(*p) @ batch_residuals(*p) / len(p[-1]),
        lambda *p: np.square(batch_residuals(*p)).mean(),
        batch_cost_as_rows,
        "mean((y - f)**2)",
        "sum((A @ W2[0] + b2 - y)**2)/len(y)",
    ],
    "07.batch_gradients": [
        batch_gradients,
        batch_gradients_one_by_one,
        by_complex_step(lambda *p: np.mean(batch_residuals(*p) ** 2), {"W1": 0, "b1": 1, "W2": 2, "b2": 3}),
        lambda *p: list(batch_gradients(*p).values()),
        batch_gradients_in_float32,
    ],
    "02.backward": [
        network_passes,
        lambda *p: tuple(np.float32(value) for value in network_passes(*p).values()),
        lambda *p: {name.upper(): [value] for name, value in reversed(network_passes(*p).items())},
        network_by_differences,
    ],
    "02.layers": [
        layer_gradients,
        lambda *p: {name: np.asarray(value).tolist() for name, value in layer_gradients(*p).items()},
        layer_gradients_in_loops,
    ],
    "02.numerical_gradient": [numerical_gradient, numerical_gradient_flat, numerical_gradient_put_back],
    "04.gradient_check": [numerical_gradient, numerical_gradient_flat, numerical_gradient_put_back],
}
