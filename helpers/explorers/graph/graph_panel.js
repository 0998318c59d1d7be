// The panel of a graph: its steps, the numbers of its inputs, and the rule of the node that was clicked.

import { CHIP_WIDTH, drawGraph, graphContents, nodeAt, onCanvas } from "./graph_drawing.js";
import { Pulse } from "../core/pulse.js";
import { scrub } from "../core/scrub.js";
import { StepControls } from "../core/step_controls.js";

export class GraphPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.leastWidth = panel.least;
    this.chosen = -1;
    this.hint = "Drag a framed number to the left or right, or click it and type. Arrow keys on the picture: left and right the steps, up and down the nodes.";
    this.steps = new StepControls(picture, panel.step);
    this.pulse = new Pulse(picture);
    this.rule = picture.el.ownerDocument.createElement("p");
    this.rule.className = "nn-rule";
    picture.sentence.after(this.rule);
  }

  contents(box, variables) {
    return graphContents(this.panel, variables);
  }

  paint(context, box, contents) {
    this.box = box;
    this.labels = drawGraph(context, box, this.panel, contents, this.chosen, this.picture.theme, this.pulse.at(contents.step));
  }

  handles() {
    return this.labels.filter(({ chip }) => chip).map(({ name, text, x, y, words }) =>
      scrub(this.picture, { name, face: text, x, y, width: CHIP_WIDTH, words }));
  }

  /** After each draw: which buttons lead somewhere, and the rule of the chosen node with its present numbers. */
  show(contents, variables) {
    this.steps.show(this.panel.nodes.filter((_, k) => contents.nodes[k].now).map(({ place }) => onCanvas(this.box, this.panel, place)));
    const node = this.panel.nodes[this.chosen];
    this.rule.textContent = node ? this.picture.words(variables, node.rules) : "Click a node for its rule.";
    if (node) this.picture.speak(`${this.picture.sentence.textContent} ${this.rule.textContent}`);
  }

  choose(node) {
    this.chosen = node;
    this.picture.schedule();
  }

  cursor({ x, y }, box) {
    return nodeAt(box, this.panel, x, y) >= 0 ? "pointer" : undefined;
  }

  press({ x, y }, box) {
    const node = nodeAt(box, this.panel, x, y);
    if (node >= 0) this.choose(node === this.chosen ? -1 : node);
  }

  /** Left and right go through the steps, up and down through the nodes; Enter or Escape lets go of a node. */
  key(event) {
    const nodes = this.panel.nodes.length;
    const next = (by) => this.choose(this.chosen < 0 ? (by > 0 ? 0 : nodes - 1) : (this.chosen + by + nodes) % nodes);
    const act = {
      ArrowUp: () => next(-1), ArrowDown: () => next(1), Escape: () => this.choose(-1),
      Enter: () => (this.chosen < 0 ? next(1) : this.choose(-1)),
    }[event.key];
    act?.();
    return Boolean(act) || this.steps.key(event);
  }

  reset() {
    this.steps.pause();
    this.choose(-1);
  }

  remove() {
    this.steps.remove();
    this.rule.remove();
  }
}
