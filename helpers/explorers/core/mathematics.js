// What the picture computes: the formulas of its description, compiled, and the numbers that Python packed.

import { compile, compileNetwork } from "./formula.js";
import { readable } from "./theme.js";

const FAINT = 0.35; // how brightly is lit what a slider touches through something else
const ALMOST = 1e-6; // a number with so many decimals in a sentence is almost 0 below this: nobody reads 3.72 × 10⁻⁴⁴

/** What the picture computes: parameters in, values of the named functions out. */
export class Mathematics {
  constructor(spec) {
    this.spec = spec;
    this.definitions = Object.entries(spec.definitions).map(([name, tree]) => [name, compile(tree)]);
    this.functions = {};
    for (const [name, { formula, networks, choose }] of Object.entries(spec.functions)) {
      if (formula !== undefined) this.functions[name] = { uses: namesIn(formula), compute: compile(formula) };
      else if (networks) {
        const compiled = new Map(networks.map((candidate, index) => [index, compileNetwork(candidate)]));
        const index = compile(choose);
        this.functions[name] = { uses: new Set(), compute: (variables) => compiled.get(index(variables))(variables) };
      }
    }
    this.squares = Object.entries(spec.averages).map(([name, { of, x1, x2, points, step }]) => {
      const places = squarePoints(x1, x2, points, step);
      return { name, uses: namesIn(of), compute: compile(of), inputs: [x1.name, x2.name], x1: places[0], x2: places[1] };
    });
  }

  /** All numbers that belong to these values of the parameters: parameters, constants and definitions. */
  variables(values) {
    const variables = { ...this.spec.constants, ...values };
    for (const [name, compute] of this.definitions) variables[name] = compute(variables);
    return variables;
  }

  /** The means over a square that the sentences quote: see `average` in explorer.py. */
  averages(variables) {
    return Object.fromEntries(this.squares.map(({ name, uses, compute, x1, x2, inputs }) => {
      const places = { ...variables, [inputs[0]]: x1, [inputs[1]]: x2 };
      for (const used of uses) if (used in this.functions) places[used] = this.evaluate(used, places);
      const values = compute(places);
      return [name, values.reduce((sum, value) => sum + value, 0) / values.length];
    }));
  }

  /** How far the sliders of these names reach a formula: 1 where it holds one itself or in a definition, less where only another
   * function does, 0 where none. known: what is known already, by name. */
  touched(tree, names, known) {
    const { definitions, functions } = this.spec;
    const reach = (name) => names.includes(name) ? 1 : name in definitions ? this.touched(definitions[name], names, known)
      : Math.min(FAINT, this.touched(functions[name]?.formula ?? 0, names, known));
    return Math.max(0, ...[...namesIn(tree)].map((name) => {
      if (!known.has(name)) known.set(name, reach(name));
      return known.get(name);
    }));
  }

  /** The function `name` at the places in `variables`; functions that it is made of are computed on the way. */
  evaluate(name, variables) {
    const { uses, compute } = this.functions[name];
    for (const used of uses) {
      if (used in this.functions && !(used in variables)) variables[used] = this.evaluate(used, variables);
    }
    return compute(variables);
  }

  /** The function of a panel on the grid of these lines: x1 along the rows of the result, x2 along its columns. */
  onGrid({ function: name, x1, x2 }, [rows, columns], variables) {
    const [first, second] = grid(rows, columns);
    const z = this.evaluate(name, { ...variables, [x1.name]: first, [x2.name]: second });
    return typeof z === "number" ? new Float64Array(first.length).fill(z) : z;
  }
}

/** The middles of n equal parts of an axis. */
export function middles({ low, high }, n) {
  return Float64Array.from({ length: n }, (_, k) => low + ((high - low) * (k + 0.5)) / n);
}

/** The Fibonacci lattice of numerical.py on the square x1 × x2. */
function squarePoints(x1, x2, points, step) {
  const along = ({ low, high }, share) => Float64Array.from({ length: points }, (_, k) => low + (high - low) * share(k));
  return [along(x1, (k) => (k + 0.5) / points), along(x2, (k) => ((k * step) / points + 0.5 / points) % 1)];
}

/** x1 and x2 at every crossing of these lines, x1 along the rows and x2 along the columns. */
function grid(rows, columns) {
  const [x1, x2] = [new Float64Array(rows.length * columns.length), new Float64Array(rows.length * columns.length)];
  for (let i = 0, k = 0; i < rows.length; i++) {
    for (let j = 0; j < columns.length; j++, k++) {
      x1[k] = rows[i];
      x2[k] = columns[j];
    }
  }
  return [x1, x2];
}

/** Words with numbers put in: the pieces of a sentence (panels.py). */
export function inWords(parts, variables) {
  const number = (value, digits) => (digits && value !== 0 && Math.abs(value) < ALMOST ? "almost 0" : readable(value, digits));
  return parts.map((part) => (typeof part === "string" ? part : number(compile(part[0])(variables), part[1]))).join("");
}

function namesIn(tree) {
  if (typeof tree === "string") return new Set([tree]);
  if (typeof tree === "number") return new Set();
  return new Set(tree.slice(1).flatMap((operand) => [...namesIn(operand)]));
}

/** What a character of packed numbers stands for: 0-9, A-Z, a-z, then - (whose code, 45, comes before that of 0) and ~. */
function digitOf(text, place) {
  const c = text.charCodeAt(place);
  return c === 45 ? 62 : c < 58 ? c - 48 : c < 91 ? c - 55 : c < 123 ? c - 61 : 63;
}

/** Numbers that Python packed as two characters each (see `pack` in short_text.py); ~~ stands for a missing value. */
export function unpack({ codes, low, high }) {
  return Float64Array.from({ length: codes.length / 2 }, (_, i) => {
    const code = 64 * digitOf(codes, 2 * i) + digitOf(codes, 2 * i + 1);
    return code === 4095 ? NaN : low + ((high - low) * code) / 4094;
  });
}

/** Numbers from −limit to limit that Python packed as one character each (see `pack_signed` in short_text.py). */
export function unpackSigned(codes, limit) {
  return Float64Array.from({ length: codes.length }, (_, i) => (limit * (digitOf(codes, i) - 31)) / 31);
}
