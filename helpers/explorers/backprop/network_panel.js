// The panel of a network with one example: what `_network` of __init__.py describes, step by step.

import { compileLine } from "./lines.js";
import { drawNetwork } from "./network_drawing.js";
import { StepControls } from "../core/step_controls.js";

/** What is known of a part of the network at a step: its lines in words, and whether the step is about it. */
function shownOf(part, variables, step, decimals) {
  const compact = (text) => text.replaceAll(" × ", "×");
  const lines = part.lines.filter(({ from }) => step >= from).map(({ write, brief, style, above }) => ({
    style, above, full: compact(write(variables, decimals)), short: compact(brief(variables, decimals)),
  }));
  const backward = part.backward.includes(step);
  return { lines, backward, now: backward || part.forward.includes(step), reached: step >= (part.forward[0] ?? 0) };
}

/** The lines of each part of the panel, compiled. */
function compiledPart(part) {
  return { ...part, lines: part.lines.map((line) => ({ ...line, write: compileLine(line.parts), brief: compileLine(line.short) })) };
}

/** The words on nodes and edges, as a function of the values: compiled once for all the pictures of a drag. */
export function networkContents(panel) {
  const [nodes, edges] = [panel.nodes.map(compiledPart), panel.edges.map(compiledPart)];
  return (variables) => {
    const [step, decimals] = [Math.round(variables[panel.step]), Math.round(variables[panel.decimals])];
    const shown = (part) => shownOf(part, variables, step, decimals);
    return { nodes: nodes.map(shown), edges: edges.map(shown) };
  };
}

export class NetworkPanel {
  hint = "In the picture: arrow keys left and right for the step, space to play.";

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.compute = networkContents(panel);
    this.steps = new StepControls(picture, panel.step);
  }

  contents(box, variables) {
    return this.compute(variables);
  }

  paint(context, box, contents) {
    drawNetwork(context, box, this.panel, contents, this.picture.theme);
  }

  show() {
    this.steps.show();
  }

  key(event) {
    return this.steps.key(event);
  }

  reset() {
    this.steps.pause();
  }

  remove() {
    this.steps.remove();
  }
}
