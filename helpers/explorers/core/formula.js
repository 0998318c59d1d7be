// Formulas: the JSON trees of helpers/formulas/browser.py, compiled to functions over numbers and arrays.
//
// compile(tree) returns evaluate(variables), where a variable is a number or a Float64Array. Numbers broadcast
// over arrays; all arrays in one formula have the same length.

/** The logistic sigmoid. e^-|z| never overflows, and keeps its relative accuracy in the lower tail; from 37 on σ rounds to 1. */
export function sigmoid(z) {
  if (z >= 37) return 1; // half of a large network is there, and e^z is most of the work
  const e = Math.exp(-Math.abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

export function softplus(z) {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** By the series 7.1.6 of Abramowitz and Stegun (1964), whose terms all have one sign: nothing cancels. From 6 on it is ±1. */
function erf(x) {
  if (!(Math.abs(x) < 6)) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) sum += term *= (2 * x * x) / (2 * k + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const OPERATIONS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  negative: (a) => -a,
  "<": (a, b) => (a < b ? 1 : 0),
  ">": (a, b) => (a > b ? 1 : 0),
  and: (a, b) => (a && b ? 1 : 0),
  or: (a, b) => (a || b ? 1 : 0),
  if: (condition, yes, no) => (condition ? yes : no),
  round: (value, decimals) => (Math.abs(value) < 1e21 ? Number(value.toFixed(Math.round(decimals))) : value),
  identity: (z) => z,
  abs: Math.abs,
  sign: Math.sign,
  step: (z) => (z > 0 ? 1 : 0),
  square: (z) => z * z,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  arctan: Math.atan,
  atan2: Math.atan2,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  sech: (z) => 1 / Math.cosh(z),
  arcosh: Math.acosh,
  erf,
  sigmoid,
  dsigma: (z) => sigmoid(z) * sigmoid(-z),
  dtanh: (z) => 1 / Math.cosh(z) ** 2,
  logit: (p) => Math.log(p) - Math.log1p(-p),
  softplus,
  relu: (z) => Math.max(z, 0),
  minimum: Math.min,
  maximum: Math.max,
};

/** Loops of their own for what formulas do most: calling a function for each element costs more than the sum itself.
 * `stepA` and `stepB` are 0 for a number, which came as an array of one element, and 1 for an array. */
const LOOPS = {
  "+": (result, a, stepA, b, stepB) => { for (let i = 0; i < result.length; i++) result[i] = a[i * stepA] + b[i * stepB]; },
  "-": (result, a, stepA, b, stepB) => { for (let i = 0; i < result.length; i++) result[i] = a[i * stepA] - b[i * stepB]; },
  "*": (result, a, stepA, b, stepB) => { for (let i = 0; i < result.length; i++) result[i] = a[i * stepA] * b[i * stepB]; },
  sigmoid: (result, a) => { for (let i = 0; i < result.length; i++) result[i] = sigmoid(a[i]); },
};

function mean(values) {
  if (typeof values === "number") return values;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The entry of a list at a place, counted from 0; where there is none, not a number. */
function at(values, place) {
  return values[Math.round(place)] ?? NaN;
}

/** Apply an operation of one, two or three operands to each element; numbers broadcast. The result takes the place of an
 * operand that is `fresh`, an array that nobody else holds: new ones for each operation cost more than the sums. */
function elementwise(operation, operands, fresh, loop) {
  const longest = operands.find((operand) => typeof operand !== "number");
  if (longest === undefined) return operation(...operands);
  const result = operands.find((operand, k) => fresh[k] && typeof operand !== "number") ?? new Float64Array(longest.length);
  const [a, b, c] = operands;
  if (loop !== undefined) {
    const [first, second] = operands.map((operand) => (typeof operand === "number" ? Float64Array.of(operand) : operand));
    loop(result, first, first === a ? 1 : 0, second, second === b ? 1 : 0);
  } else if (operands.length === 1) {
    for (let i = 0; i < result.length; i++) result[i] = operation(a[i]);
  } else if (operands.length === 2 && typeof a === "number") {
    for (let i = 0; i < result.length; i++) result[i] = operation(a, b[i]);
  } else if (operands.length === 2 && typeof b === "number") {
    for (let i = 0; i < result.length; i++) result[i] = operation(a[i], b);
  } else if (operands.length === 2) {
    for (let i = 0; i < result.length; i++) result[i] = operation(a[i], b[i]);
  } else {
    const item = (operand, i) => (typeof operand === "number" ? operand : operand[i]);
    for (let i = 0; i < result.length; i++) result[i] = operation(item(a, i), item(b, i), item(c, i));
  }
  return result;
}

export function compile(tree) {
  if (typeof tree === "number") return () => tree;
  if (typeof tree === "string") {
    return (variables) => {
      if (!(tree in variables)) throw new Error(`the formula needs a value for "${tree}"`);
      return variables[tree];
    };
  }
  const [name, ...operandTrees] = tree;
  const operands = operandTrees.map(compile);
  if (name === "mean") return (variables) => mean(operands[0](variables));
  if (name === "at") return (variables) => at(operands[0](variables), operands[1](variables));
  const operation = OPERATIONS[name];
  if (operation === undefined) throw new Error(`unknown operation "${name}"`);
  const fresh = operandTrees.map(Array.isArray);
  return (variables) => elementwise(operation, operands.map((operand) => operand(variables)), fresh, LOOPS[name]);
}

/** The function computed by a network of layers {weights, bias, activation, gain}, as one more kind of formula. */
export function compileNetwork(network) {
  const layers = network.layers.map((layer) => ({
    activation: OPERATIONS[layer.activation],
    gain: compile(layer.gain ?? 1),
    bias: layer.bias,
    // Most weights of a network of bumps and towers are zero: keep [input, weight] pairs of the others.
    rows: layer.weights.map((row) => row.flatMap((weight, input) => (weight === 0 ? [] : [[input, weight]]))),
  }));
  return (variables) => {
    let values = network.inputs.map((name) => variables[name]);
    const length = values[0].length;
    for (const { rows, bias, activation, gain } of layers) {
      const factor = gain(variables);
      values = rows.map((row, unit) => {
        const z = new Float64Array(length).fill(bias[unit]);
        for (const [input, weight] of row) {
          const source = values[input];
          for (let i = 0; i < length; i++) z[i] += weight * source[i];
        }
        for (let i = 0; i < length; i++) z[i] = activation(factor * z[i]);
        return z;
      });
    }
    return values[0];
  };
}
