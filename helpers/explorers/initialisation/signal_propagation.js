// Activations and gradients in a deep network before training: what signal_propagation.py computes, from the same random numbers.

const UNITS = 100;
const EXAMPLES = 40;
export const BINS = 25;
const FLAT = 0.05; // of its largest slope: an activation function that is flatter than this is saturated

/** Standard normal numbers, the same in each browser and in Python: see `random_normals` of signal_propagation.py. */
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

/** W and its transpose, of one layer: both products then run along rows, which lie together in memory. */
const weightsOf = new Map();
function weights(layer) {
  if (!weightsOf.has(layer)) {
    const W = normals(2 + layer, UNITS * UNITS);
    weightsOf.set(layer, { W, transposed: W.map((_, k) => W[(k % UNITS) * UNITS + Math.floor(k / UNITS)]) });
  }
  return weightsOf.get(layer);
}

/** Name -> a function that fills in the activations and the slopes at the pre-activations z. */
const FILL = {
  relu(z, a, slopes) {
    for (let i = 0; i < z.length; i++) {
      slopes[i] = z[i] > 0 ? 1 : 0;
      a[i] = slopes[i] * z[i];
    }
  },
  tanh(z, a, slopes) {
    for (let i = 0; i < z.length; i++) {
      a[i] = Math.tanh(z[i]);
      slopes[i] = 1 - a[i] * a[i];
    }
  },
  sigmoid(z, a, slopes) {
    for (let i = 0; i < z.length; i++) {
      const e = Math.exp(-Math.abs(z[i])); // never overflows
      const larger = 1 / (1 + e); // σ(|z|)
      a[i] = z[i] > 0 ? larger : e * larger;
      slopes[i] = e * larger * larger;
    }
  },
};
const LARGEST_SLOPE = { relu: 0, tanh: 1, sigmoid: 0.25 }; // that at 0, which is 0 for ReLU, by convention

// The arrays are used again for the next scale: thirty times a second, new ones would cost as much as what is in them.
const room = { z: make(), upstream: make(), activations: [], gradients: [] };
function make() {
  return new Float64Array(EXAMPLES * UNITS);
}

/** Activations and gradients of `depth` layers, into the arrays of `into`. */
function run(activation, depth, scale, into) {
  const factor = scale / Math.sqrt(UNITS);
  const { activations, gradients } = into;
  while (activations.length < depth) {
    activations.push(make());
    gradients.push(make());
  }
  for (let layer = 0; layer < depth; layer++) {
    const below = layer > 0 ? activations[layer - 1] : normals(1, EXAMPLES * UNITS);
    timesTransposed(below, weights(layer).W, factor, room.z);
    FILL[activation](room.z, activations[layer], gradients[layer]); // the slopes, for now
  }
  const flattest = FLAT * LARGEST_SLOPE[activation];
  let [upstream, flat] = [normals(0, EXAMPLES * UNITS), 0];
  for (let layer = depth - 1; layer >= 0; layer--) {
    const gradient = gradients[layer];
    for (let i = 0; i < gradient.length; i++) {
      if (gradient[i] < flattest) flat += 1;
      gradient[i] *= upstream[i];
    }
    if (layer > 0) timesTransposed(gradient, weights(layer).transposed, factor, room.upstream);
    upstream = room.upstream;
  }
  return flat / (depth * EXAMPLES * UNITS);
}

/** The ReLU network with scale 1 that was used last. */
const ofScaleOne = { depth: 0, activations: [], gradients: [] };

/** The signals of a network of `depth` layers, activation: "relu", "tanh" or "sigmoid".
 *
 * activations, gradients: {values, factor} of each layer; the signals are factor · values. The values hold until the next call.
 *
 * ReLU(s·z) is s·ReLU(z) for every s > 0, and its slope does not change: such a network needs to be computed only once. With
 * scale s each layer multiplies the activations by s on the way up, and the gradients on the way back. */
export function computeSignals(activation, depth, scale) {
  if (activation !== "relu") {
    const saturated = run(activation, depth, scale, room);
    const plain = (arrays) => arrays.slice(0, depth).map((values) => ({ values, factor: 1 }));
    return { activations: plain(room.activations), gradients: plain(room.gradients), saturated };
  }
  if (ofScaleOne.depth !== depth) {
    run(activation, depth, 1, ofScaleOne);
    ofScaleOne.depth = depth;
  }
  const times = (arrays, power) => arrays.slice(0, depth)
    .map((values, layer) => ({ values, factor: scale === 0 ? 0 : scale ** power(layer) }));
  return {
    activations: times(ofScaleOne.activations, (layer) => layer + 1),
    gradients: times(ofScaleOne.gradients, (layer) => depth - 1 - layer),
    saturated: 0,
  };
}

/** result = factor · A Wᵀ for A (examples, units) and W (units, units). Two examples and four units at a time: each number
 * that is read serves several sums, and a single sum would wait for each of its additions. */
function timesTransposed(A, W, factor, result) {
  for (let row = 0; row < A.length; row += 2 * UNITS) {
    for (let unit = 0; unit < UNITS; unit += 4) {
      const first = unit * UNITS;
      let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let i = 0; i < UNITS; i++) {
        const a = A[row + i];
        const b = A[row + UNITS + i];
        const w0 = W[first + i];
        const w1 = W[first + i + UNITS];
        const w2 = W[first + i + 2 * UNITS];
        const w3 = W[first + i + 3 * UNITS];
        s0 += a * w0;
        s1 += a * w1;
        s2 += a * w2;
        s3 += a * w3;
        t0 += b * w0;
        t1 += b * w1;
        t2 += b * w2;
        t3 += b * w3;
      }
      const at = row + unit;
      result[at] = factor * s0;
      result[at + 1] = factor * s1;
      result[at + 2] = factor * s2;
      result[at + 3] = factor * s3;
      result[at + UNITS] = factor * t0;
      result[at + UNITS + 1] = factor * t1;
      result[at + UNITS + 2] = factor * t2;
      result[at + UNITS + 3] = factor * t3;
    }
  }
}

/** The root mean square of factor · values. */
export function sizeOf({ values, factor }) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return factor * Math.sqrt(sum / values.length);
}

/** The share of factor · values in each of BINS equal parts; what lies outside counts to the outermost. */
export function histogramOf({ values, factor }, [low, high]) {
  const counts = new Float64Array(BINS);
  const perUnit = BINS / (high - low);
  const share = 1 / values.length;
  for (let i = 0; i < values.length; i++) {
    const place = (factor * values[i] - low) * perUnit;
    counts[place < 0 ? 0 : place < BINS ? Math.floor(place) : BINS - 1] += share;
  }
  return counts;
}
