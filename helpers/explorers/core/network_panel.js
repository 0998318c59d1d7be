// The panel of a network, step by step where it has steps: what network_drawing.py describes. Its numbers can be seized.

import { compile } from "./formula.js";
import { compileLine } from "./lines.js";
import { drawNetwork, lightNetwork, networkPlaces } from "./network_drawing.js";
import { Pulse } from "./pulse.js";
import { scrub } from "./scrub.js";
import { StepControls } from "./step_controls.js";

const SCRUB_HINT = "Drag a number to the left or right, or click it and type.";

/** What is known of a part of the network at a step: its lines in words, and whether the step is about it. */
function shownOf(part, variables, step, decimals) {
  const compact = (text) => text.replaceAll(" × ", "×");
  const lines = part.lines.filter(({ from }) => step >= from).map(({ write, brief, style, above, name, sign }) => ({
    style, above, name, sign, full: compact(write(variables, decimals)), short: compact(brief(variables, decimals)),
  }));
  const backward = part.backward.includes(step);
  const weight = part.strength?.(variables);
  // as wide as its weight is large, in comparison with the largest of its column at first
  const size = weight ? Math.min(7, 1 + 2.4 * Math.sqrt(Math.abs(weight) / part.scale)) : 1.2;
  return { lines, backward, weight, size, now: backward || part.forward.includes(step), reached: step >= (part.forward[0] ?? 0) };
}

/** The lines of each part of the panel, compiled. */
function compiledPart(part) {
  const strength = part.weight === null || part.weight === undefined ? undefined : compile(part.weight);
  const lines = part.lines.map((line) => ({ ...line, write: compileLine(line.parts), brief: compileLine(line.short) }));
  return { ...part, strength, lines };
}

/** The words on nodes and edges, as a function of the values: compiled once for all the pictures of a drag. first: the values
 * at first, by which the widths of the edges are measured. */
export function networkContents(panel, first) {
  const [nodes, edges] = [panel.nodes.map(compiledPart), panel.edges.map(compiledPart)];
  for (const edge of edges) {
    const sizes = edges.filter(({ column }) => column === edge.column).map(({ strength }) => Math.abs(strength?.(first) ?? 0));
    edge.scale = Math.max(...sizes) || 1;
  }
  return (variables) => {
    const [step, decimals] = [panel.step, panel.decimals].map((name) => Math.round(variables[name] ?? 0));
    const shown = (part) => shownOf(part, variables, step, decimals || 4);
    return { step, nodes: nodes.map(shown), edges: edges.map(shown) };
  };
}

export class NetworkPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.leastHeight = panel.leastHeight;
    this.leastWidth = panel.height && panel.least;
    this.compute = networkContents(panel, picture.mathematics.variables(picture.spec.defaults));
    if ([...panel.nodes, ...panel.edges].some(({ lines }) => lines.some(({ name }) => name))) this.hint = SCRUB_HINT;
    if (!panel.step) return;
    this.hint = `${this.hint} Arrow keys on the picture: the steps; space: play.`;
    this.steps = new StepControls(picture, panel.step);
    this.pulse = new Pulse(picture);
  }

  contents(box, variables) {
    return this.compute(variables);
  }

  paint(context, box, contents) {
    this.box = box;
    this.labels = drawNetwork(context, box, this.panel, contents, this.picture.theme, this.pulse?.at(contents.step));
  }

  light(context, box, touched) {
    lightNetwork(context, networkPlaces(this.panel, box), this.panel, touched);
  }

  handles() {
    return this.labels.filter(({ name }) => name).map(({ name, sign, short, x, y, width, chip, full }) =>
      scrub(this.picture, { name, sign, face: short, x: x + (width - chip) / 2, y, width: chip, words: full }));
  }

  show(contents) {
    this.steps?.show(networkPlaces(this.panel, this.box).filter((_, k) => contents.nodes[k].now));
  }

  key(event) {
    return this.steps?.key(event);
  }

  reset() {
    this.steps?.pause();
  }

  remove() {
    this.steps?.remove();
  }
}
