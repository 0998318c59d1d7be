// A network with one hidden layer learns a curve: its data, its start, its gradients, three optimisers.
//
// The same in NumPy is helpers/networks/curve_fit.py; a test compares the two number by number. All parameters lie in one
// array, [W1 (k), b1 (k), W2 (k), b2]: the network is f(x) = Σ_j W2[j] σ(W1[j] x + b1[j]) + b2.

import { sigmoid } from "../core/formula.js";
import { RandomState } from "./random_state.js";

export const OPTIMISERS = ["gradient descent", "momentum 0.9", "Adam"];
const [INERTIA, MEAN, SQUARE, TINY] = [0.9, 0.9, 0.999, 1e-8]; // of momentum, and β₁, β₂ and ε of Adam
const SNAPSHOTS = 400; // remembered states of a run, at most

/** The curve that the points scatter around. */
export const trueCurve = (x) => sigmoid(10 * x * x) - 0.5;

/** Points and first parameters, drawn in the order of the printed program: x, noise, W1, W2, b1, b2. */
export function draws({ k, scale, noise, n, seed }) {
  const random = new RandomState(seed);
  const x = random.uniform(-1, 1, n);
  const y = random.normal(n).map((draw, i) => trueCurve(x[i]) + noise * draw);
  const [W1, W2, b1, b2] = [k, k, k, 1].map((count) => random.uniform(-1, 1, count));
  const scaled = (values) => values.map((value) => scale * value);
  return { x, y, theta: Float64Array.of(...scaled(W1), ...scaled(b1), ...W2, ...b2) };
}

/** Whether a cost is not worth going on with. */
export const isTooLarge = (cost) => !(cost < 1e12);

/** f at each of the places x. */
export function output(theta, x) {
  const k = (theta.length - 1) / 3;
  return x.map((place) => {
    let sum = theta[3 * k];
    for (let j = 0; j < k; j++) sum += theta[2 * k + j] * sigmoid(theta[j] * place + theta[k + j]);
    return sum;
  });
}

/** The mean of the squares of a − b. */
export function meanSquare(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}

/** Write the gradient of the cost into `gradient` and give the cost, the mean of (f(x) − y)² over all points. */
export function costAndGradient(theta, x, y, gradient, activations) {
  const [k, n] = [activations.length, x.length];
  gradient.fill(0);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let residual = theta[3 * k] - y[i];
    for (let j = 0; j < k; j++) {
      activations[j] = sigmoid(theta[j] * x[i] + theta[k + j]);
      residual += theta[2 * k + j] * activations[j];
    }
    sum += residual * residual;
    const upstream = (2 * residual) / n;
    for (let j = 0; j < k; j++) {
      const a = activations[j];
      const delta = upstream * theta[2 * k + j] * a * (1 - a);
      gradient[j] += delta * x[i];
      gradient[k + j] += delta;
      gradient[2 * k + j] += upstream * a;
    }
    gradient[3 * k] += upstream;
  }
  return sum / n;
}

/** Training, one epoch after the other, which can be looked at again at any epoch.
 *
 * settings: { k, rate, optimiser, scale, noise, n, seed }, optimiser as an index of OPTIMISERS.
 * changes: [epoch, i, x, y]: after that many epochs point i moved to (x, y). */
export class Fit {
  constructor(settings, changes = []) {
    this.settings = settings;
    this.changes = changes.filter(([, i]) => i < settings.n);
    const { x, y, theta } = draws(settings);
    this.points = { x, y };
    this.costs = []; // after 0, 1, 2, … epochs; that after the last epoch is not among them yet
    this.diverged = false; // whether the parameters became too large to go on
    this.spacing = 20; // epochs from one snapshot to the next
    this.snapshots = [];
    this.gradient = new Float64Array(theta.length);
    this.activations = new Float64Array(settings.k);
    this.state = { epoch: 0, theta, first: new Float64Array(theta.length), second: new Float64Array(theta.length) };
  }

  get head() { return this.costs.length; }

  /** The points as they are after that many epochs. */
  data(epoch) {
    const [x, y] = [this.points.x.slice(), this.points.y.slice()];
    for (const [since, i, toX, toY] of this.changes) if (since <= epoch) [x[i], y[i]] = [toX, toY];
    return { x, y };
  }

  /** Train until so many epochs are done, or the cost is no longer finite, or the clock shows `deadline`. */
  advance(epochs, deadline = Infinity) {
    let data = this.data(this.head);
    const turns = new Set(this.changes.map(([epoch]) => epoch));
    while (this.head < epochs && !this.diverged) {
      if (this.head % this.spacing === 0) this.remember();
      if (turns.has(this.head)) data = this.data(this.head);
      const cost = this.step(this.state, data);
      if (isTooLarge(cost)) this.diverged = true;
      else this.costs.push(cost);
      if (this.head % 10 === 0 && performance.now() > deadline) break;
    }
  }

  /** One epoch: all the points once, then one update, unless the cost is too large. Gives the cost before it. */
  step(state, { x, y }) {
    const { gradient } = this;
    const { rate, optimiser } = this.settings;
    const { theta, first, second } = state;
    const cost = costAndGradient(theta, x, y, gradient, this.activations);
    if (isTooLarge(cost)) return cost;
    state.epoch += 1;
    if (optimiser === 0) {
      for (let p = 0; p < theta.length; p++) theta[p] -= rate * gradient[p];
    } else if (optimiser === 1) {
      for (let p = 0; p < theta.length; p++) {
        first[p] = INERTIA * first[p] + gradient[p];
        theta[p] -= rate * first[p];
      }
    } else {
      const [correctFirst, correctSecond] = [1 - MEAN ** state.epoch, 1 - SQUARE ** state.epoch];
      for (let p = 0; p < theta.length; p++) {
        first[p] = MEAN * first[p] + (1 - MEAN) * gradient[p];
        second[p] = SQUARE * second[p] + (1 - SQUARE) * gradient[p] ** 2;
        theta[p] -= (rate * first[p] / correctFirst) / (Math.sqrt(second[p] / correctSecond) + TINY);
      }
    }
    return cost;
  }

  remember() {
    this.snapshots.push(copyOf(this.state));
    if (this.snapshots.length <= SNAPSHOTS) return;
    this.spacing *= 2;
    this.snapshots = this.snapshots.filter(({ epoch }) => epoch % this.spacing === 0);
  }

  /** The state after so many epochs: the last remembered one before it, trained again from there. */
  at(epoch) {
    if (epoch === this.head) return this.state;
    const state = copyOf(this.snapshots.findLast((snapshot) => snapshot.epoch <= epoch));
    while (state.epoch < epoch) this.step(state, this.data(state.epoch));
    return state;
  }

  /** Forget what came after so many epochs. */
  backTo(epoch) {
    if (epoch === this.head) return;
    this.state = this.at(epoch);
    this.diverged = false;
    this.costs.length = epoch;
    this.snapshots = this.snapshots.filter((snapshot) => snapshot.epoch < epoch);
    this.changes = this.changes.filter(([since]) => since <= epoch);
  }

  /** Move point i now; of several moves at the same epoch only the last is kept. */
  move(i, x, y) {
    this.changes = [...this.changes.filter(([since, point]) => since !== this.head || point !== i), [this.head, i, x, y]];
  }
}

function copyOf({ epoch, theta, first, second }) {
  return { epoch, theta: theta.slice(), first: first.slice(), second: second.slice() };
}
