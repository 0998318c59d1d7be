// A classifier of dense layers in the browser: probabilities, and which inputs speak for and against a class. See classifier.py.

import { sigmoid, softplus } from "../core/formula.js";
import { unpack } from "../core/mathematics.js";

/** Name -> the activation and its derivative at the pre-activation. */
export const ACTIVATIONS = {
  identity: [(z) => z, () => 1],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  sigmoid: [sigmoid, (z) => sigmoid(z) * sigmoid(-z)],
  softplus: [softplus, sigmoid],
};

export class Classifier {
  /** layers: {W, b: packed numbers, activation: name} each. */
  constructor(layers) {
    this.layers = layers.map(({ W, b, activation }) => ({ W: unpack(W), b: unpack(b), activation }));
    this.outputs = this.layers.at(-1).b.length;
  }

  /** The logits of one example; what the way back needs is kept. */
  logits(x) {
    this.kept = this.layers.map(({ W, b, activation }) => {
      const z = Float64Array.from(b);
      for (let unit = 0; unit < z.length; unit++) {
        let sum = 0;
        const row = unit * x.length;
        for (let i = 0; i < x.length; i++) sum += W[row + i] * x[i];
        z[unit] += sum;
      }
      x = z.map(ACTIVATIONS[activation][0]);
      return z;
    });
    return this.kept.at(-1);
  }

  /** The probability of each class. One logit is that of the second of two classes. */
  probabilities(logits) {
    if (logits.length === 1) return [sigmoid(-logits[0]), sigmoid(logits[0])];
    const most = Math.max(...logits);
    const powers = Array.from(logits, (z) => Math.exp(z - most));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  }

  /** The lead of a class in the latest `logits`, and its gradient with respect to the inputs. */
  lead(chosen) {
    const others = -1 / (this.outputs - 1);
    const coefficients = this.outputs === 1
      ? Float64Array.of(chosen === 1 ? 1 : -1)
      : Float64Array.from({ length: this.outputs }, (_, k) => (k === chosen ? 1 : others));
    const lead = this.kept.at(-1).reduce((sum, z, k) => sum + coefficients[k] * z, 0);
    let upstream = coefficients;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { W, b, activation } = this.layers[l];
      const inputs = W.length / b.length;
      const downstream = new Float64Array(inputs);
      for (let unit = 0; unit < b.length; unit++) {
        const slope = upstream[unit] * ACTIVATIONS[activation][1](this.kept[l][unit]);
        if (slope === 0) continue;
        for (let i = 0; i < inputs; i++) downstream[i] += slope * W[unit * inputs + i];
      }
      upstream = downstream;
    }
    return { lead, gradient: upstream };
  }
}
