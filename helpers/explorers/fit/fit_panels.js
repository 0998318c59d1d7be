// The four panels of explorers.fit: points and curve, hidden units, costs, weights. They share one FitRun.

import { drawCurves, haloed, plotArea, samplePlaces } from "../core/curves.js";
import { output, trueCurve } from "./fit_training.js";
import { FitRun } from "./fit_run.js";
import { sigmoid } from "../core/formula.js";
import { unpack } from "../core/mathematics.js";
import { DASHES, drawTitle, letters, readable } from "../core/theme.js";

const LOWER = -7; // where the axis of costs begins, as a power of ten, once the usual one is too short
const NEAR = 24; // CSS pixels from a point within which it is grabbed
const NUDGE = 0.02; // how far an arrow key moves a point
const [MANY, MOST] = [12, 8]; // of more than so many units so many are drawn boldly
const SIGN = { positive: 0, negative: 1 }; // the line style (colour and dashes) of a weight
const OWN = 4; // the colour of the student's own curve

const style = (number, width = 2) => ({ color: number, dash: number, width });
const signStyle = (weight) => (weight < 0 ? SIGN.negative : SIGN.positive);

/** Points to drag, the true curve, the network's curve, and the curve of the run that was kept. */
export class FitPanel {
  wide = true;
  leastHeight = 250; // with its legend
  hint = "Drag a point. In the picture Space trains or stops, arrow keys go through the epochs, Enter chooses a point to move.";

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.chosen = -1;
    // The other panels find the run here.
    this.run = picture.run = new FitRun(picture, panel.run);
    if (panel.own) {
      const y = unpack(panel.own);
      this.own = { x: y.map((_, i) => -1 + (2 * i) / (y.length - 1)), y };
    }
  }

  contents(box, variables) {
    const { run, panel, picture } = this;
    Object.assign(variables, run.update(picture.values()));
    const { epoch, head, cost, constant, floor, clean } = run.numbers;
    this.shown = { epoch, head, cost, constant, floor, clean, training: Boolean(run.training), moved: run.fit.changes.length };
    const shape = { ...panel, curves: [
      ...(this.own ? [{ label: "your curve", ...style(OWN, 8), dash: 0, faint: true }] : []), // below: it shows where it is the same
      { label: "true curve", ...style(2, 1.5) },
      { label: `network after ${epoch} epochs`, ...style(0, 2.5) },
      ...(run.kept ? [{ label: run.keptLabel, ...style(3, 1.8) }] : []),
    ] };
    const x = samplePlaces(panel, plotArea(box, shape).width);
    const lines = [x.map(trueCurve), output(run.theta, x), run.kept && output(run.keptFit.state.theta, x)];
    const drawn = [...(this.own ? [this.own] : []), ...lines.filter(Boolean).map((y) => ({ x, y }))];
    return { shape, curves: drawn.map((line, i) => ({ ...shape.curves[i], ...line })), marks: [], bars: [], points: run.data };
  }

  paint(context, box, { shape, points, ...contents }) {
    const { theme } = this.picture;
    drawCurves(context, box, shape, contents, theme);
    const area = plotArea(box, shape);
    this.area = area;
    context.fillStyle = theme.axis;
    for (let i = 0; i < points.x.length; i++) {
      const [x, y] = [area.toX(points.x[i]), area.toY(points.y[i])];
      if (y < area.top || y > area.top + area.height) continue;
      context.beginPath();
      context.arc(x, y, 2.6, 0, 2 * Math.PI);
      context.fill();
      if (i !== this.chosen) continue;
      context.strokeStyle = theme.text;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(x, y, 7, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  show() { this.run.showTools(); }

  /** The point next to a place of the canvas, or -1. */
  pointAt({ x, y }) {
    const { area, run } = this;
    let [nearest, least] = [-1, NEAR];
    run.data.x.forEach((place, i) => {
      const distance = Math.hypot(area.toX(place) - x, area.toY(run.data.y[i]) - y);
      if (distance < least) [nearest, least] = [i, distance];
    });
    return nearest;
  }

  cursor(at) { return this.pointAt(at) >= 0 ? "grab" : undefined; }

  holds(at) { return this.pointAt(at) >= 0; }

  press(at) {
    const point = this.pointAt(at);
    if (point < 0) return undefined;
    this.chosen = point;
    let moved = false;
    return ({ x, y }) => {
      moved ||= Math.hypot(x - at.x, y - at.y) > 2; // a click chooses, it does not move
      if (moved) this.put(point, this.area.fromX(x), this.area.fromY(y));
      else this.picture.schedule();
    };
  }

  put(i, x, y) {
    const inside = (value, { low, high }) => Number(Math.max(low, Math.min(high, value)).toFixed(3));
    this.run.move(i, inside(x, { low: -1, high: 1 }), inside(y, this.panel.y));
  }

  /** Enter goes from point to point, from left to right; the arrow keys move the one that is chosen. */
  key(event) {
    const { x, y } = this.run.data;
    if (event.key === "Enter") {
      const order = [...x.keys()].sort((a, b) => x[a] - x[b]);
      this.chosen = order[(order.indexOf(this.chosen) + 1) % order.length];
      this.picture.schedule();
      return true;
    }
    if (this.chosen >= 0) {
      if (event.key === "Escape") {
        this.chosen = -1;
        this.picture.schedule();
        return true;
      }
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (by) {
        this.put(this.chosen, x[this.chosen] + NUDGE * by[0], y[this.chosen] + NUDGE * by[1]);
        return true;
      }
    }
    return this.run.key(event);
  }

  reset() {
    this.chosen = -1;
    this.run.reset();
  }

  remove() { this.run.remove(); }
}

/** The activation of each hidden unit over x, as thick as its output weight is large. */
export class UnitsPanel {
  wide = true;

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.shape = { ...panel, curves: [
      { label: "W₂ > 0", ...style(SIGN.positive) },
      { label: "W₂ < 0", ...style(SIGN.negative) },
    ] };
  }

  contents(box) {
    const { theta } = this.picture.run;
    const k = (theta.length - 1) / 3;
    const x = samplePlaces(this.shape, plotArea(box, this.shape).width / 2);
    // Of many units those that count most stand out, and are drawn last.
    const order = [...Array(k).keys()].sort((i, j) => Math.abs(theta[2 * k + i]) - Math.abs(theta[2 * k + j]));
    const curves = order.map((j, rank) => {
      const [w, b, v] = [theta[j], theta[k + j], theta[2 * k + j]];
      const faint = k > MANY && rank < k - MOST;
      return { ...style(signStyle(v), thickness(v)), faint, x, y: x.map((place) => sigmoid(w * place + b)) };
    });
    return { curves, marks: [], bars: [] };
  }

  paint(context, box, contents) { drawCurves(context, box, this.shape, contents, this.picture.theme); }
}

/** A line's width in CSS pixels for a weight: 1 for a weight of 0, 5 for 4 and more. */
const thickness = (weight) => 1 + Math.min(4, Math.abs(weight));

/** The cost after each epoch on a logarithmic axis, beside what a constant reaches and what the noise leaves. */
export class CostPanel {
  wide = true;

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
  }

  contents() {
    const { run } = this.picture;
    const { epoch, head, goal, cost, constant, floor } = run.numbers;
    // The end of the axis stays where it is while epochs are trained again.
    const end = niceEnd(Math.max(100, goal, run.kept?.epoch ?? 0));
    const across = { x: [0, end] };
    const level = (value) => ({ ...across, y: [Math.log10(value), Math.log10(value)] });
    const costs = [...run.fit.costs, ...(epoch === head ? [cost] : [])];
    const drawn = [
      { label: "constant", place: [1, 1], ...style(1, 1.6), ...level(constant) },
      ...(floor > 0 ? [{ label: "noise floor", place: [1, -1], ...style(2, 1.6), ...level(floor) }] : []),
      { label: "cost", place: [0.12, 1], ...style(0, 2.5), ...logarithms(costs) },
      ...(run.kept ? [{ label: "kept", place: [0.5, 1], ...style(3, 1.8), ...logarithms(run.keptFit.costs) }] : []),
      { label: "", ...style(0), ...{ x: [epoch], y: [Math.log10(cost)] }, dots: true },
    ];
    const x = { ...this.panel.x, low: 0, high: end };
    const least = Math.min(cost, ...logarithms(costs).y.map((power) => 10 ** power));
    const y = { ...this.panel.y, low: least < 1e-4 ? LOWER : this.panel.y.low };
    return { shape: { ...this.panel, x, y, curves: drawn }, curves: drawn, marks: [], bars: [] };
  }

  paint(context, box, { shape, ...contents }) { drawCurves(context, box, shape, contents, this.picture.theme); }
}

/** log₁₀ of the costs against the epochs, a thousand of them at most. */
function logarithms(costs) {
  const stride = Math.max(1, Math.floor(costs.length / 1000));
  const x = Array.from({ length: Math.ceil(costs.length / stride) }, (_, i) => i * stride);
  return { x, y: x.map((epoch) => Math.log10(costs[epoch])) };
}

/** The end of an axis of epochs: 1, 2 or 5 times a power of ten, so that the axis does not creep. */
function niceEnd(epochs) {
  const power = 10 ** Math.floor(Math.log10(epochs));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= epochs);
}

/** The network: every weight as a line, as thick as it is large, dashed where it is negative. A button folds it away. */
export class WeightsPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    const { tools } = picture;
    this.button = Object.assign(tools.ownerDocument.createElement("button"), { type: "button", textContent: "Weights" });
    this.button.addEventListener("click", () => this.fold(!this.folded));
    tools.append(this.button);
    this.fold(panel.folded);
  }

  fold(folded) {
    this.folded = folded;
    this.button.setAttribute("aria-expanded", String(!folded));
    this.picture.schedule();
  }

  remove() { this.button.remove(); }

  contents() { return { theta: this.picture.run.theta.slice() }; }

  paint(context, box, { theta }) {
    if (this.folded) return;
    const { theme } = this.picture;
    const k = (theta.length - 1) / 3;
    const top = box.top + 44;
    const gap = (box.height - 58) / k;
    const radius = Math.max(3, Math.min(9, 0.42 * gap));
    const [left, middle, right] = [0.12, 0.5, 0.88].map((share) => box.left + share * box.width);
    const centre = top + (k * gap) / 2;
    drawTitle(context, this.panel.title, box, theme.text, gap >= 12 ? this.panel.note : "");
    for (let j = 0; j < k; j++) {
      const y = top + (j + 0.5) * gap;
      edge(context, theta[j], left + 14, centre, middle - radius, y, theme);
      edge(context, theta[2 * k + j], middle + radius, y, right - 14, centre, theme);
    }
    for (let j = 0; j < k; j++) {
      const y = top + (j + 0.5) * gap;
      circle(context, middle, y, radius, theme);
      if (gap < 12) continue;
      // Beside the unit: where it steps.
      const step = -theta[k + j] / theta[j];
      letters(context, "10px", theme.text);
      const words = Math.abs(step) < 10 ? readable(step, 2) : step < 0 ? "far left" : "far right";
      haloed(context, words, middle + radius + 3, y, theme.text, theme);
    }
    for (const [x, name] of [[left, "x"], [right, "f"]]) {
      circle(context, x, centre, 13, theme);
      letters(context, "13px", theme.text, "center");
      context.fillText(name, x, centre);
    }
  }
}

function edge(context, weight, x0, y0, x1, y1, theme) {
  const number = signStyle(weight);
  context.strokeStyle = theme.lines[number];
  context.lineWidth = Math.max(0.4, Math.min(7, Math.abs(weight)));
  context.setLineDash(DASHES[number]);
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
  context.setLineDash([]);
}

function circle(context, x, y, radius, theme) {
  context.fillStyle = theme.background;
  context.strokeStyle = theme.text;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
