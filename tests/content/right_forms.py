"""For every question at least three right answers that are written differently from the reference."""

import math

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
        for row, target in zip(X, y):
            r = sum(a * b for a, b in zip(w, row))
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


def loop_grad_W1(x, W1, b1, w2, b2):
    a1 = [1 / (1 + math.exp(-(sum(w * v for w, v in zip(row, x)) + b))) for row, b in zip(W1, b1)]
    yhat = 1 / (1 + math.exp(-(sum(w * a for w, a in zip(w2, a1)) + b2)))
    return [[yhat * (1 - yhat) * w * a * (1 - a) * v for v in x] for w, a in zip(w2, a1)]


def complex_step_grad_x(x, W1, b1, w2, b2, h=1e-30):
    result = np.zeros(len(x))
    for j in range(len(x)):
        moved = x.astype(complex)
        moved[j] += 1j * h
        result[j] = softplus(w2 @ softplus(W1 @ moved + b1) + b2).imag / h
    return result


rho, rhohat, w, x, b, y, z = sp.symbols("rho rhohat w x b y z")
_logistic = 1 / (1 + sp.exp(-z))

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
        lambda w, x, b, y: -2 * x * y * sigmoid(2 * (w * x + b)) * sigmoid(-2 * (w * x + b)) * sigmoid(
            -sigmoid(2 * (w * x + b))),
        sp.diff(-y * sp.log(_logistic.subs(z, (1 + sp.tanh(w * x + b)) / 2)), w),
        "-y*x/2 * e^(-z)/(1+e^(-z)) * sech(w*x+b)^2",
        lambda *args: -args[1] * args[3] / 2 / (1 + np.exp((1 + np.tanh(args[0] * args[1] + args[2])) / 2))
        / np.cosh(args[0] * args[1] + args[2]) ** 2,
    ],
    "000.1b.b": [
        float32_dL_db,
        sp.diff(-y * sp.log(_logistic.subs(z, (1 + sp.tanh(w * x + b)) / 2)), b),
        lambda w, x, b,
        y: np.array(-y / 2 / (1 + np.exp(0.5 + np.tanh(w * x + b) / 2)) / np.cosh(w * x + b) ** 2),
        "-y*(1-f)*z*(1-z)*2",
    ],
    "000.2.a": ["2u*s(1-s)", lambda u, v, w, x, a, b, c, d: u / (2 * np.cosh((a * u + b * v) / 2) ** 2),
                lambda u, v, w, x, a, b, c,
                d: [2 * u * math.exp(-(a * u + b * v)) / (1 + math.exp(-(a * u + b * v))) ** 2],
                "2*u*exp(-(a*u+b*v))/(1+exp(-(a*u+b*v)))**2"],
    "000.2.b": ["2v σ(a*u+b*v)(1-σ(a*u+b*v))".replace("2v σ", "2*v*σ"),
                lambda u, v, w, x, a, b, c, d: v / (1 + np.cosh(a * u + b * v)),
                lambda u, v, w, x, a, b, c, d: np.float32(2 * v) * sigmoid(np.float32(a * u + b * v))
                * (1 - sigmoid(np.float32(a * u + b * v)))],
    "000.2.c": ["-w*sech(c*w+d*x)^2", lambda u, v, w, x, a, b, c, d: w * (np.tanh(c * w + d * x) ** 2 - 1),
                lambda u, v, w, x, a, b, c,
                d: -4 * w / (math.exp(c * w + d * x) + math.exp(-c * w - d * x)) ** 2],
    "000.2.d": ["-x/cosh(c*w+d*x)**2", lambda u, v, w, x, a, b, c, d: x * np.tanh(c * w + d * x) ** 2 - x,
                lambda *, u, v, w, x, a, b, c,
                d: -x * (1 - np.tanh(c * w + d * x)) * (1 + np.tanh(c * w + d * x))],
    "001.2.1.w2.logistic": [
        lambda *p: sigmoid(logistic(*p)[2]) * sigmoid(-logistic(*p)[2]) * logistic(*p)[1],
        "exp(-z2)/(1+exp(-z2))**2 * a1", "sigmoid'(z2)*a1".replace("sigmoid'(", "dsigma("),
        lambda x, w1, b1, w2, b2: logistic(x, w1, b1, w2 + 1j * 1e-20, b2)[3].imag / 1e-20],
    "001.2.1.b2.logistic": [
        lambda *p: 1 / (4 * np.cosh(logistic(*p)[2] / 2) ** 2), "yhat - yhat**2", "exp(z2)/(1+exp(z2))**2"],
    "001.2.1.w2.tanh": [
        lambda *p: tanh(*p)[1] / np.cosh(tanh(*p)[2]) ** 2, "a1*sech(z2)**2", "a1 - a1*tanh(z2)^2"],
    "001.2.1.b2.tanh": [
        lambda *p: (1 - tanh(*p)[3]) * (1 + tanh(*p)[3]), "sech(z2)**2", "4/(exp(z2)+exp(-z2))**2"],
    "001.2.2.w2": [
        lambda *p: soft(*p)[1] * np.exp(soft(*p)[2]) / (1 + np.exp(soft(*p)[2])), "a1*(1 - exp(-yhat))",
        "log(1+exp(w1*x+b1)) / (1 + exp(-z2))", lambda *p: soft(*p)[1] * (1 + np.tanh(soft(*p)[2] / 2)) / 2],
    "001.2.2.b2": [
        lambda *p: 1 - np.exp(-soft(*p)[3]), "exp(z2)/(1+exp(z2))", "1/(1+exp(-z2))", "(1+tanh(z2/2))/2"],
    "001.2.3": [
        lambda x, w1, b1, w2, b2: central_difference(lambda t: soft(t, w1, b1, w2, b2)[3])(x),
        "w1*w2/((1+exp(-z1))*(1+exp(-z2)))", "w2*(1-exp(-yhat))*w1*(1-exp(-a1))"],
    "001.2.3.b2": [
        "w1*w2*sigma(z1)*exp(-z2)/(1+exp(-z2))^2", "w1*w2*sigma(z1)/(2 + exp(z2) + exp(-z2))",
        lambda x, w1, b1, w2, b2: w1 * w2 * sigmoid(w1 * x + b1) / (4 * np.cosh(soft(x, w1, b1, w2,
                                                                                     b2)[2] / 2) ** 2)],
    "001.2.4": [
        "a1*w2*x*yhat*(1-a1)*(1-yhat)", lambda *p: logistic(*p)[3] * (1 - logistic(*p)[3]) * p[3]
        / (4 * np.cosh(logistic(*p)[0] / 2) ** 2) * p[0],
        lambda x, w1, b1, w2, b2: central_difference(lambda t: logistic(x, t, b1, w2, b2)[3])(w1)],
    "001.vector.x": [
        complex_step_grad_x, "sigma(z2) * ((w2*sigma(z1)) @ W1)",
        lambda x, W1, b1, w2, b2: (w2 @ np.diag(sigmoid(W1 @ x + b1)) @ W1)
        * sigmoid(w2 @ softplus(W1 @ x + b1) + b2)],
    "001.vector.W1": [einsum_grad_W1, column_grad_W1, loop_grad_W1],
    "002.2.x1": [
        "e^x2*cos(x1*e^x2)+2*x1+2*x2^2", lambda x1,
        x2: math.exp(x2) * math.cos(x1 * math.exp(x2)) + 2 * (x1 + x2 * x2),
        central_difference(lambda x1, x2: np.sin(x1 * np.exp(x2)) + (x1 + x2**2) ** 2)],
    "002.2.x2": [
        "x1*e^x2*cos(x1*e^x2)+4*x2*x1+4*x2^3", lambda x1, x2: x1 * np.exp(x2) * np.cos(x1 * np.exp(x2))
        + 2 * (x1 + x2**2) * 2 * x2,
        lambda x1, x2: central_difference(lambda t: np.sin(x1 * np.exp(t)) + (x1 + t**2) ** 2)(x2)],
    "002.3.1": [
        sp.diff(_logistic, z), lambda z: 0.25 / np.cosh(z / 2) ** 2, "exp(-z)/(1+exp(-z))^2",
        "1/(2+exp(z)+exp(-z))",
        sp.Derivative(_logistic, z), lambda z: sigmoid(z) * sigmoid(-z), "f(1-f)", "f'(z) = σ(z)(1 − σ(z))"],
    "002.3.2": [
        lambda w, x: x * sigmoid(w @ x) * sigmoid(-w @ x), lambda w,
        x: x / (4 * np.cosh(np.dot(w, x) / 2) ** 2),
        lambda w, x: [v * sigmoid(sum(w * x)) * (1 - sigmoid(sum(w * x))) for v in x],
        lambda w, x: np.float32(x) * sigmoid(np.float32(w @ x)) * (1 - sigmoid(np.float32(w @ x)))],
    "002.3.3": [
        loop_over_examples(lambda r, y: 0.5 if r > y else -0.5),
        lambda w, X, y: 0.5 * ((X @ w - y) / np.abs(X @ w - y)) @ X,
        lambda w, X, y: (np.sign(X.dot(w) - y)[:, None] * X).sum(axis=0) / 2,
        lambda w, X, y: X.T @ np.where(X @ w > y, 0.5, -0.5)],
    "002.3.4": [
        ridge_with_assignments, lambda w, X, y, lam: (X.T @ X + 2 * lam * np.eye(len(w))) @ w - X.T @ y,
        "X.T @ X @ w - X.T @ y + 2λ*w".replace("2λ*w", "2*λ*w"),
        lambda w, X, y, lam: np.einsum("ij,i->j", X, X @ w - y) + lam * w + lam * w],
    "002.3.5": [
        loop_over_examples(lambda r, y: y - 1 / (1 + math.exp(-r))), "X.T @ (y*(1-s) - (1-y)*s)",
        lambda w, X, y: sum(x * (yi - sigmoid(w @ x)) for x, yi in zip(X, y)),
        lambda w, X, y: X.T @ np.where(y == 1, sigmoid(-(X @ w)), -sigmoid(X @ w))],
    "002.3.6": [
        lambda w, x: x / np.cosh(w @ x) ** 2, "x*sech(w@x)^2", lambda w,
        x: (x - x * np.tanh(np.sum(w * x)) ** 2).tolist()],
    "004.3": [
        sp.sech(x) ** 2, lambda x: 4 / (np.exp(x) + np.exp(-x)) ** 2,
        "1 - ((exp(x)-exp(-x))/(exp(x)+exp(-x)))^2",
        lambda x: np.float32(1) - np.tanh(np.float32(x)) ** 2, sp.Lambda(x, 1 - sp.tanh(x) ** 2)],
    "000.3a.h11": ["1/(1+exp(-(500*x+30)))", lambda x: 1 / (1 + np.exp(-500 * x - 30)),
                   lambda x: (1 + np.tanh(250 * x + 15)) / 2,
                   lambda x: sigmoid(np.float32(500) * np.float32(x) + 30)],
    "000.3a.h12": ["1/(1+exp(-(500*x-30)))", lambda x: 1 / (1 + math.exp(30 - 500 * x)),
                   lambda x: 1 - sigmoid(30 - 500 * x)],
    "000.3a": ["sinh(30)/(cosh(500*x)+cosh(30))", lambda x: sigmoid(500 * x + 30) - sigmoid(500 * x - 30),
               lambda x: sigmoid(500 * x + 30) + sigmoid(30 - 500 * x) - 1,
               lambda x: np.array([sigmoid(500 * x + 30) * sigmoid(30 - 500 * x) * (1 - np.exp(-60))])],
    "000.3b.h11": [lambda x1, x2: 1 / (1 + np.exp(-(x1 + 50 * x2 + 100))), "1 - sigma(-x1-50*x2-100)",
                   lambda x1, x2: 0.5 + 0.5 * np.tanh((x1 + 50 * x2 + 100) / 2)],
    "000.3b.h12": [lambda x1, x2: 1 / (1 + np.exp(-(x1 + 50 * x2 - 100))), "1 - sigma(100-x1-50*x2)",
                   lambda x1, x2: 0.5 + 0.5 * np.tanh((x1 + 50 * x2 - 100) / 2)],
    "000.3b.h13": [lambda x1, x2: 1 / (1 + np.exp(-(50 * x1 + x2 + 100))), "1 - sigma(-x2-50*x1-100)",
                   lambda x1, x2: 0.5 + 0.5 * np.tanh((x2 + 50 * x1 + 100) / 2)],
    "000.3b.h14": [lambda x1, x2: 1 / (1 + np.exp(-(50 * x1 + x2 - 100))), "1 - sigma(100-x2-50*x1)",
                   lambda x1, x2: 0.5 + 0.5 * np.tanh((x2 + 50 * x1 - 100) / 2)],
    "000.3b.h21": [lambda x1, x2: np.sinh(100) / (np.cosh(x1 + 50 * x2) + np.cosh(100)),
                   "σ(x1+50*x2+100) - σ(x1+50*x2-100)",
                   lambda x1, x2: sigmoid(x1 + 50 * x2 + 100) + sigmoid(100 - x1 - 50 * x2) - 1],
    "000.3b.h22": [lambda x1, x2: np.sinh(100) / (np.cosh(50 * x1 + x2) + np.cosh(100)),
                   "σ(50*x1+x2+100) - σ(50*x1+x2-100)",
                   lambda x1, x2: sigmoid(50 * x1 + x2 + 100) + sigmoid(100 - 50 * x1 - x2) - 1],
    "000.3b.h31": ["h11 - h12 + h13 - h14", lambda x1,
                   x2: np.sinh(100) / (np.cosh(50 * x1 + x2) + np.cosh(100))
                   + np.sinh(100) / (np.cosh(50 * x2 + x1) + np.cosh(100)),
                   lambda x1, x2: sum(sign * sigmoid(p * x1 + q * x2 + bias) for p, q in ((1, 50), (50, 1))
                                      for sign, bias in ((1, 100), (-1, -100)))],
    "000.3b": ["1/(1+exp(-(100*(h21+h22)-200)))",
               lambda x1, x2: sigmoid(100 * sum(sign * sigmoid(p * x1 + q * x2 + bias) for p,
                                                q in ((1, 50), (50, 1))
                                                for sign, bias in ((1, 100), (-1, -100))) - 200),
               lambda x1, x2: sigmoid(100 * (np.sinh(100) / (np.cosh(50 * x1 + x2) + np.cosh(100))
                                             + np.sinh(100) / (np.cosh(50 * x2 + x1) + np.cosh(100)) - 2))],
    "001.2.3.text": [
        {"changes": True, "counterexample": {"x": 1, "w1": 1, "w2": 1, "b1": 0, "b2": 0, "b2_new": 1}},
        {"changes": True, "counterexample": {"x": 1, "w1": 1, "w2": 1, "b1": 0, "b2": (0, -2)}},
        {"changes": "yes", "proof": "w1*w2*sigma(z1)*sigma(z2)*(1-sigma(z2))"},
        {"changes": True, "counterexample": {"x": 1.0, "w1": 2, "w2": -1, "b1": 0, "b2": 0, "delta_b2": 1}},
        lambda x, w1, b1, w2, b2: w1 * w2 * sigmoid(w1 * x + b1) / (4 * np.cosh(soft(x, w1, b1, w2,
                                                                                     b2)[2] / 2) ** 2),
    ],
}
