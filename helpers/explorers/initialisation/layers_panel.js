// The panels of a network before training: histograms of each layer, sizes from layer to layer, the axis of the scale.

import { drawCurves } from "../core/curves.js";
import { BINS, computeSignals, histogramOf, sizeOf } from "./signal_propagation.js";
import { FONT, readable, ticks } from "../core/theme.js";

const GLOROT = 1;
const HE = Math.SQRT2;
const SIDE_ROOM = 12;
const ROW_HEAD = 24; // CSS pixels above a row of histograms
const ROW_FOOT = 44; // below it: ticks, the layer, the size
const FULL = 0.3; // a bar of this share of the values is as high as the histogram; a longer one is cut

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

export class LayersPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
  }

  contents(box, variables) {
    const found = layersOf(this.panel, variables);
    const [, ...ends] = this.panel.activations[variables.activation];
    const rows = [
      { title: "activations", ends, color: 0 }, { title: "gradients", ends: this.panel.gradients, color: 1 },
    ].map((row) => ({ ...row, layers: found[row.title] }));
    const [up, back] = rows.map(({ layers }) => [layers[0].size, layers.at(-1).size]);
    Object.assign(variables, {
      first: up[0], last: up[1], back: back[0] / back[1], std: variables.scale / 10, saturated: found.saturated,
    });
    return { rows };
  }

  paint(context, box, { rows }) {
    const { theme } = this.picture;
    const height = box.height / rows.length;
    rows.forEach((row, k) => this.paintRow(context, { ...box, top: box.top + k * height, height }, row, theme));
  }

  paintRow(context, box, { title, ends, color, layers }, theme) {
    context.fillStyle = theme.text;
    context.font = `600 13px ${FONT}`;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    const words = title === "activations" ? "activations, from layer to layer →" : "← gradients, on the way back";
    context.fillText(words, box.left + 8, box.top + 16, box.width - 16);
    const step = (box.width - 2 * SIDE_ROOM) / layers.length;
    const areas = layers.map((_, k) => {
      const left = Math.round(box.left + SIDE_ROOM + k * step + 3);
      return { left, top: box.top + ROW_HEAD, width: Math.round(step - 6), height: box.height - ROW_HEAD - ROW_FOOT };
    });
    layers.forEach(({ shares }, k) => paintHistogram(context, areas[k], shares, ends, theme.lines[color], theme));
    // Each font once: to set one takes longer than to write in it.
    const write = (font, below, words) => {
      context.font = `${font} 11px ${FONT}`;
      areas.forEach(({ left, top, width, height }, k) => context.fillText(words(k), left + width / 2, top + height + below, step - 2));
    };
    context.fillStyle = theme.text;
    context.textAlign = "center";
    write(400, 17, (k) => (step > 52 ? `layer ${k + 1}` : String(k + 1)));
    write(600, 31, (k) => shortSize(layers[k].size));
  }
}

/** A size in few characters: 0.45, 12, 3×10⁻⁷. */
function shortSize(size) {
  if (size === 0 || (size >= 0.01 && size < 1000)) return readable(Number(size.toPrecision(2)));
  return readable(Number(size.toPrecision(1))).replace(/\.00 × /, "×");
}

function paintHistogram(context, { left, top, width, height }, shares, [low, high], color, theme) {
  context.fillStyle = theme.wall;
  context.fillRect(left, top, width, height);
  context.fillStyle = color;
  context.beginPath();
  shares.forEach((share, k) => {
    const from = Math.round((k * width) / BINS);
    const to = Math.round(((k + 1) * width) / BINS);
    const tall = Math.round(Math.min(1, share / FULL) * height);
    if (tall > 0) context.rect(left + from, top + height - tall, Math.max(1, to - from - (to - from > 2 ? 1 : 0)), tall);
  });
  context.fill();
  context.strokeStyle = theme.axis;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(left, top + height + 0.5);
  context.lineTo(left + width, top + height + 0.5);
  if (low < 0) {
    const zero = Math.round(left + (width * -low) / (high - low)) + 0.5;
    context.moveTo(zero, top + height);
    context.lineTo(zero, top + height + 4);
  }
  context.stroke();
}

/** The root mean square of each layer on an axis of powers of ten: at this scale, and by the rules of Glorot and He. */
export class GrowthPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
  }

  contents(box, variables) {
    const { of, curves } = this.panel;
    const x = Float64Array.from({ length: variables.depth }, (_, k) => k + 1);
    return {
      marks: [], bars: [],
      curves: [variables.scale, GLOROT, HE].map((scale, k) => ({
        ...curves[k], dots: k === 0, x,
        y: Float64Array.from(layersOf(this.panel, { ...variables, scale })[of], ({ size }) => Math.log10(size)),
      })),
    };
  }

  paint(context, box, contents) {
    const { x } = this.panel;
    const panel = { ...this.panel, x: { ...x, high: contents.curves[0].x.length + 0.5 } };
    drawCurves(context, box, panel, contents, this.picture.theme);
  }
}

/** The axis of a parameter with named places on it: drag along it, or click a name. */
export class ScalePanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.hint = "Drag along the axis of the scale, or click Glorot or He.";
  }

  contents(box, variables) {
    return { value: variables[this.panel.parameter] };
  }

  area(box) {
    const { low, high } = this.panel;
    const [left, width] = [box.left + 20, box.width - 40];
    return {
      left, width, top: box.top + 26, toX: (value) => left + ((value - low) / (high - low)) * width,
      fromX: (pixel) => low + ((pixel - left) / width) * (high - low),
    };
  }

  paint(context, box, { value }) {
    const { theme } = this.picture;
    const { left, width, top, toX } = this.area(box);
    const { low, high, marks } = this.panel;
    context.strokeStyle = theme.axis;
    context.fillStyle = theme.text;
    context.lineWidth = 1;
    context.font = `12px ${FONT}`;
    context.textAlign = "center";
    strokeLine(context, left, top + 0.5, left + width, top + 0.5);
    context.textBaseline = "top";
    for (const place of ticks(low, high, width / 90)) {
      strokeLine(context, toX(place), top, toX(place), top + 5);
      context.fillText(place === low ? "scale 0" : readable(place), toX(place) + (place === low ? 16 : 0), top + 9);
    }
    context.textBaseline = "alphabetic";
    context.strokeStyle = theme.text;
    context.lineWidth = 2;
    marks.forEach(([name, place], k) => {
      context.textAlign = k === 0 ? "right" : "left";
      context.font = `600 13px ${FONT}`;
      context.fillText(name, toX(place) + (k === 0 ? 4 : -4), top - 10);
      strokeLine(context, toX(place), top - 7, toX(place), top + 1);
    });
    context.fillStyle = theme.lines[0];
    context.beginPath();
    context.arc(toX(value), top, 7, 0, 2 * Math.PI);
    context.fill();
  }

  /** What a press here sets: the place of a name that was hit, else the place itself. */
  valueAt({ x, y }, box) {
    const { top, toX, fromX } = this.area(box);
    const hit = y < top - 6 && this.panel.marks.find(([, place], k) => {
      const from = x - toX(place);
      return k === 0 ? from > -46 && from < 6 : from > -6 && from < 24;
    });
    return hit ? hit[1] : fromX(x);
  }

  cursor({ x, y }, box) {
    return y < this.area(box).top - 6 && this.valueAt({ x, y }, box) !== this.area(box).fromX(x) ? "pointer" : "ew-resize";
  }

  press(at, box) {
    const { top, fromX } = this.area(box);
    const onName = at.y < top - 6;
    if (onName) {
      this.picture.set(this.panel.parameter, this.valueAt(at, box));
      return undefined;
    }
    return (now) => this.picture.set(this.panel.parameter, fromX(now.x));
  }
}

function strokeLine(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
