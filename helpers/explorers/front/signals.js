// Activations and gradients in a deep network before training: what signals.py computes, from the same random numbers.

import { ACTIVATIONS } from "./classifier.js";

const UNITS = 100;
const EXAMPLES = 40;
export const BINS = 25;
const FLAT = 0.05; // of its largest slope: an activation function that is flatter than this is saturated

/** Standard normal numbers, the same in each browser and in Python: see `random_normals` of signals.py. */
export function randomNormals(stream, count) {
  let state = Math.imul(stream + 1, 0x9e3779b9);
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  });
}

const drawn = new Map();
function normals(stream, count) {
  if (!drawn.has(stream)) drawn.set(stream, randomNormals(stream, count));
  return drawn.get(stream);
}

/** The signals of a network of `depth` layers. activation: a name in ACTIVATIONS. */
export function computeSignals(activation, depth, scale) {
  const [f, slope] = ACTIVATIONS[activation];
  const factor = scale / Math.sqrt(UNITS);
  const layers = [];
  let a = normals(1, EXAMPLES * UNITS);
  for (let layer = 0; layer < depth; layer++) {
    const z = timesTransposed(a, normals(2 + layer, UNITS * UNITS), factor);
    a = z.map(f);
    layers.push({ z, a });
  }
  const flattest = FLAT * slope(0); // the slope at 0 is the largest; that of ReLU is 0 there, by convention
  const gradients = [];
  let [upstream, flat] = [normals(0, EXAMPLES * UNITS), 0];
  for (let layer = depth - 1; layer >= 0; layer--) {
    const gradient = layers[layer].z.map(slope);
    for (let i = 0; i < gradient.length; i++) {
      if (gradient[i] < flattest) flat += 1;
      gradient[i] *= upstream[i];
    }
    gradients.unshift(gradient);
    if (layer > 0) upstream = timesMatrix(gradient, normals(2 + layer, UNITS * UNITS), factor);
  }
  return { activations: layers.map((layer) => layer.a), gradients, saturated: flat / (depth * EXAMPLES * UNITS) };
}

/** factor · A Wᵀ for A (examples, units) and W (units, units), row by row. Four units at a time: a single sum would wait
 * for each of its additions, four of them overlap. */
function timesTransposed(A, W, factor) {
  const result = new Float64Array(A.length);
  for (let row = 0; row < A.length; row += UNITS) {
    for (let unit = 0; unit < UNITS; unit += 4) {
      const first = unit * UNITS;
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let i = 0; i < UNITS; i++) {
        const a = A[row + i];
        const w = first + i;
        s0 += a * W[w];
        s1 += a * W[w + UNITS];
        s2 += a * W[w + 2 * UNITS];
        s3 += a * W[w + 3 * UNITS];
      }
      result[row + unit] = factor * s0;
      result[row + unit + 1] = factor * s1;
      result[row + unit + 2] = factor * s2;
      result[row + unit + 3] = factor * s3;
    }
  }
  return result;
}

/** factor · A W, four rows of W at a time. */
function timesMatrix(A, W, factor) {
  const result = new Float64Array(A.length);
  for (let row = 0; row < A.length; row += UNITS) {
    for (let unit = 0; unit < UNITS; unit += 4) {
      const [a0, a1, a2, a3] = [0, 1, 2, 3].map((k) => factor * A[row + unit + k]);
      const first = unit * UNITS;
      for (let i = 0; i < UNITS; i++) {
        const w = first + i;
        result[row + i] += a0 * W[w] + a1 * W[w + UNITS] + a2 * W[w + 2 * UNITS] + a3 * W[w + 3 * UNITS];
      }
    }
  }
  return result;
}

/** The root mean square. */
export function sizeOf(values) {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

/** The share of the values in each of BINS equal parts; what lies outside counts to the outermost. */
export function histogramOf(values, [low, high]) {
  const counts = new Float64Array(BINS);
  const perUnit = BINS / (high - low);
  for (const value of values) counts[Math.max(0, Math.min(BINS - 1, Math.floor((value - low) * perUnit)))] += 1;
  return counts.map((count) => count / values.length);
}
