// The panels of a network before training: histograms of each layer, and their sizes from layer to layer.

import { drawCurves, plotArea } from "../core/curves.js";
import { BINS, computeSignals, histogramOf, sizeOf } from "./signal_propagation.js";
import { letters, readable } from "../core/theme.js";

const RULES = { Glorot: 1, He: Math.SQRT2 }; // scales
const FULL = 0.3; // a bar of this share of the values fills the column of its layer; a longer one is cut
const FACTOR = 10; // a signal that has grown or shrunk by more than this explodes or vanishes

/** Several panels show one network, and beside it those of Glorot and He: what is drawn of each layer, {shares, size}, is
 * computed once for each setting. The last few that were used are kept. */
const recent = new Map();
function layersOf(panel, { activation, depth, scale }) {
  const key = [activation, depth, scale].join();
  let found = recent.get(key);
  if (!found) {
    const [name, ...ends] = panel.activations[activation];
    const { activations, gradients, saturated } = computeSignals(name, depth, scale);
    const measure = (layers, limits) => layers.map((layer) => ({ shares: histogramOf(layer, limits), size: sizeOf(layer) }));
    found = { activations: measure(activations, ends), gradients: measure(gradients, panel.gradients), saturated };
    if (recent.size > 8) recent.delete(recent.keys().next().value);
  }
  recent.delete(key); // what was used last stands last
  recent.set(key, found);
  return found;
}

/** A size in few characters: 0.45, 12, 3×10⁻⁷. */
function shortSize(size) {
  if (size === 0 || (size >= 0.01 && size < 1000)) return readable(Number(size.toPrecision(2)));
  return readable(Number(size.toPrecision(1))).replace(/\.00 × /, "×");
}

/** What has become of each layer's signal since the first of them, on its way: "vanish", "explode" or "". */
function fatesOf(sizes, of) {
  const first = of === "gradients" ? sizes.at(-1) : sizes[0];
  return sizes.map((size) => (size > FACTOR * first ? "explode" : size * FACTOR < first ? "vanish" : ""));
}

/** A histogram of each layer, side by side on one axis: its bars go to the right, as long as their share of the values. */
export class LayersPanel {
  wide = true;

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    if (panel.of === "activations") this.buildButtons();
  }

  /** A button for each rule; `tools` is where Reset is. */
  buildButtons() {
    const { tools, hint } = this.picture;
    if (!tools) return;
    this.buttons = Object.entries(RULES).map(([rule, scale]) => {
      const title = `scale ${readable(scale)}`;
      const button = Object.assign(tools.ownerDocument.createElement("button"), { type: "button", textContent: rule, title });
      button.addEventListener("click", () => this.picture.set("scale", scale));
      tools.insertBefore(button, hint);
      return button;
    });
  }

  remove() {
    for (const button of this.buttons ?? []) button.remove();
  }

  contents(box, variables) {
    const { panel } = this;
    const found = layersOf(panel, variables);
    const [[first, last], [below, above]] = [found.activations, found.gradients].map((layers) => [layers[0].size, layers.at(-1).size]);
    Object.assign(variables, { first, last, back: below / above, std: variables.scale / 10, saturated: found.saturated });
    const [low, high] = panel.of === "gradients" ? panel.gradients : panel.activations[variables.activation].slice(1);
    const layers = found[panel.of];
    const fates = fatesOf(layers.map(({ size }) => size), panel.of);
    const [x, y] = [{ ...panel.x, high: layers.length + 0.5 }, { ...panel.y, low, high: high + 0.15 * (high - low) }];
    return { layers, fates, ends: [low, high], shape: { ...panel, x, y } };
  }

  paint(context, box, { layers, fates, ends: [low, high], shape }) {
    const { theme } = this.picture;
    drawCurves(context, box, shape, { curves: [], marks: [], bars: [] }, theme);
    const area = plotArea(box, shape);
    const column = 0.88 * (area.toX(2) - area.toX(1));
    layers.forEach(({ shares }, k) => {
      const left = Math.round(area.toX(k + 0.56));
      context.fillStyle = theme.lines[shape.colors[fates[k]]];
      shares.forEach((share, bin) => {
        const [top, bottom] = [bin + 1, bin].map((edge) => Math.round(area.toY(low + ((high - low) * edge) / BINS)));
        if (share) context.fillRect(left, top, Math.max(1, Math.min(1, share / FULL) * column), Math.max(1, bottom - top - 1));
      });
      context.fillStyle = theme.axis;
      context.fillRect(left - 1, area.toY(high), 1, area.toY(low) - area.toY(high));
    });
    letters(context, column > 32 ? "600 11px" : "10px", theme.text, "center");
    layers.forEach(({ size }, k) => context.fillText(shortSize(size), area.toX(k + 1), area.top + 9, 1.05 * column));
  }
}

/** The root mean square of each layer on an axis of powers of ten: at this scale, and by the rules of Glorot and He. */
export class GrowthPanel {
  wide = true;

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
  }

  contents(box, variables) {
    const { panel } = this;
    const sizes = [variables.scale, ...Object.values(RULES)].map((scale) => {
      return Float64Array.from(layersOf(panel, { ...variables, scale })[panel.of], ({ size }) => size);
    });
    const x = sizes[0].map((_, k) => k + 1);
    const drawn = sizes.map((each, k) => ({ ...panel.curves[k], dots: k === 0, x, y: each.map(Math.log10) }));
    const from = Math.log10(panel.of === "gradients" ? sizes[0].at(-1) : sizes[0][0]);
    const step = Math.log10(FACTOR);
    const marks = [[from + step, 99, "explode"], [-99, from - step, "vanish"]]
      .map(([low, high, label]) => ({ from: low, to: high, label, along: "y", color: panel.colors[label] }));
    const fate = fatesOf([...sizes[0]], panel.of).at(panel.of === "gradients" ? 0 : -1);
    const title = fate ? `${panel.title}: they ${fate}` : panel.title; // what becomes of the signal
    return { marks, curves: drawn, bars: [], shape: { ...panel, title, x: { ...panel.x, high: x.length + 0.5 } } };
  }

  paint(context, box, { shape, ...contents }) {
    drawCurves(context, box, shape, contents, this.picture.theme);
  }
}
