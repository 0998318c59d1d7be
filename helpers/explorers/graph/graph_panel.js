// The panel of a graph: its steps, and the rule of the node that was clicked.

import { drawGraph, graphContents, nodeAt } from "./graph_drawing.js";
import { StepControls } from "../core/step_controls.js";

export class GraphPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.chosen = -1;
    this.hint = "In the picture: arrow keys left and right for the step, up and down for the nodes.";
    this.steps = new StepControls(picture, panel.step);
    this.rule = picture.el.ownerDocument.createElement("p");
    this.rule.className = "nn-rule";
    this.rule.setAttribute("role", "status");
    picture.stage.after(picture.tools);
    picture.sentence.after(this.rule);
  }

  contents(box, variables) {
    return graphContents(this.panel, variables);
  }

  paint(context, box, contents) {
    drawGraph(context, box, this.panel, contents, this.chosen, this.picture.theme);
  }

  /** After each draw: which buttons lead somewhere, and the rule of the chosen node with its present numbers. */
  show(contents, variables) {
    this.steps.show();
    const node = this.panel.nodes[this.chosen];
    this.rule.textContent = node ? this.picture.words(variables, node.rules) : "Click a node for its rule.";
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
