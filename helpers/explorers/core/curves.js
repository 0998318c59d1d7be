// The panel of curves: axes, marks (vertical lines, bands, points), curves with labels, bars to drag.

import { compile } from "./formula.js";
import { describedHandles } from "./handles.js";
import { unpack } from "./mathematics.js";
import { DASHES, drawTitle, letters, powerOfTen, readable, ticks } from "./theme.js";

const LEGEND_LINE = 17; // CSS pixels from one row of labels to the next

export const GRIPS = "Drag a round grip, or reach it with Tab and use the arrow keys; Home: its first value.";

const STRIP = 18; // CSS pixels of height for the names of regions on the x axis
const SWEEP = "Sweep over the bars. With keys: Tab to the first, arrow keys, Enter for the next.";
const FEW_BARS = 5; // of more, only the one under the hand shows its grip, and only the first is reached with Tab

const MARGIN = 56; // CSS pixels on the left, for the label of the y axis and the numbers on its ticks

export class CurvesPanel {
  wide = true; // may be wider than the panels above it

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    if (panel.handles.length || panel.bars.length) this.hint = panel.bars.length > FEW_BARS ? SWEEP : GRIPS;
  }

  contents(box, variables, data) {
    const { panel } = this;
    const number = (tree) => compile(tree)(variables);
    const places = samplePlaces(panel, plotArea(box, panel).width);
    const dense = { ...variables, [panel.x.name]: places }; // keeps what one curve computes for the next
    const curves = panel.curves.map((curve) => {
      const { color, dash, width, dots, place, faint } = curve;
      const label = place ? this.picture.words(variables, [curve.says]) : curve.label;
      return { function: curve.function, color, dash, width, dots, label, place, faint, ...this.points(curve, places, dense, variables, data) };
    });
    const absent = panel.curves.filter((_, k) => !curves[k].x); // Python has not computed them: the legend does not promise them
    const marks = panel.marks.map((mark) => ({ ...mark, from: number(mark.from), to: number(mark.to) }));
    const bars = panel.bars.map(({ parameter, left, right }) => ({ left, right, y: variables[parameter] }));
    return { curves: curves.filter(({ x }) => x), absent, marks, bars };
  }

  /** The points x, y of a curve; of a function of the student's that Python has not computed yet, none. */
  points(curve, places, dense, variables, data) {
    const { x: axis } = this.panel;
    const { mathematics, spec } = this.picture;
    if (curve.points) {
      const [x, y] = curve.points.map((name) => (typeof variables[name] === "number" ? [variables[name]] : variables[name]));
      return { x, y };
    }
    if (spec.functions[curve.function].kernel) {
      const packed = data.arrays?.[curve.function];
      return packed ? unpackCurve(packed, axis) : {};
    }
    if (curve.samples !== undefined) {
      const count = Math.max(2, Math.round(compile(curve.samples)(variables)));
      const [low, high] = curve.range ?? [axis.low, axis.high];
      const x = Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
      const y = mathematics.evaluate(curve.function, { ...variables, [axis.name]: x });
      return { dots: curve.dots ?? count <= 1200, x, y };
    }
    const y = mathematics.evaluate(curve.function, dense);
    return { x: places, y: typeof y === "number" ? new Float64Array(places.length).fill(y) : y };
  }

  paint(context, box, contents) {
    this.curves = contents.curves;
    drawCurves(context, box, this.panel, contents, this.picture.theme);
  }

  /** A broad bright line over each curve that changes. */
  light(context, box, touched) {
    const { functions } = this.picture.spec;
    const area = plotArea(box, this.panel);
    context.save();
    context.beginPath();
    context.rect(area.left, area.top, area.width, area.height);
    context.clip();
    for (const curve of this.curves.filter((each) => each.function)) {
      strokeCurve(context, area, { ...curve, color: 1, dash: 0, width: curve.width + 9 }, this.picture.theme, 0.5 * touched(functions[curve.function].formula));
    }
    context.restore();
  }

  handles(box, contents, variables) {
    const area = plotArea(box, this.panel);
    const bars = this.panel.bars.map(({ parameter, left, right, label }) => ({
      x: area.toX((left + right) / 2), y: Math.max(area.top, Math.min(area.top + area.height, area.toY(variables[parameter]))),
      along: "y", label, text: readable(variables[parameter]), names: [parameter], many: this.panel.bars.length > FEW_BARS,
      width: Math.min(28, area.toX(right) - area.toX(left)), move: (to) => this.sweep(to, area),
    }));
    return [...bars, ...describedHandles(this.picture, this.panel, variables, {
      area,
      pixel: ([x, y]) => ({ x: area.toX(x), y: area.toY(y) }),
      numbers: ({ x, y }, [hereX, hereY], along) => [along === "y" ? hereY : area.fromX(x), along === "x" ? hereX : area.fromY(y)],
    })];
  }

  /** Set the bar that is at this place: one stroke may cross several. */
  sweep({ x, y }, area) {
    const place = area.fromX(x);
    const bar = this.panel.bars.find(({ left, right }) => place >= left && place < right);
    if (bar) this.picture.set(bar.parameter, area.fromY(y));
    return bar;
  }

  /** Where a press beside the grips does something: on the column of a bar, or all over where one number is chosen. */
  grip({ x, y }, box) {
    const area = plotArea(box, this.panel);
    if (x < area.left || x > area.left + area.width || y < area.top || y > area.top + area.height) return undefined;
    if (this.panel.bars.length) return { along: "y", move: (to) => this.sweep(to, area), names: this.panel.bars.map(({ parameter }) => parameter) };
    return this.picture.handles.of(this).find(({ anywhere }) => anywhere);
  }

  cursor(at, box) {
    const grip = this.grip(at, box);
    return grip && (grip.along === "x" ? "ew-resize" : "ns-resize");
  }

  press(at, box) {
    const grip = this.grip(at, box);
    return grip && Object.assign((to) => grip.move(to), { names: grip.names });
  }
}

function unpackCurve(packed, axis) {
  const y = unpack(packed);
  return { y, x: Float64Array.from(y, (_, i) => axis.low + ((axis.high - axis.low) * i) / (y.length - 1)) };
}

/** Where a curves panel puts its data: `box` is {left, top, width, height} in CSS pixels. */
export function plotArea(box, panel) {
  const rows = legendPlaces(box, panel).at(-1)?.row ?? -1;
  const legendHeight = rows < 0 ? 4 : 22 + LEGEND_LINE * rows;
  const left = box.left + MARGIN;
  const top = box.top + (panel.title ? 24 : 4) + legendHeight;
  const width = box.width - MARGIN - 12;
  const height = box.height - (top - box.top) - (panel.joined ? 4 : 40);
  const { x, y } = panel;
  return {
    left, top, width, height,
    toX: (value) => left + ((value - x.low) / (x.high - x.low)) * width,
    toY: (value) => top + (1 - (value - y.low) / (y.high - y.low)) * height,
    fromX: (pixel) => x.low + ((pixel - left) / width) * (x.high - x.low),
    fromY: (pixel) => y.low + (1 - (pixel - top) / height) * (y.high - y.low),
  };
}

/** The curves that have a label, and where it stands: as many in a row as fit, by an estimate of their widths. */
function legendPlaces(box, panel) {
  let [row, left] = [0, MARGIN];
  return panel.curves.filter(({ label, place }) => label && !place).map((curve) => {
    const width = 32 + 6.3 * curve.label.length + 18;
    if (left > MARGIN && left + width - 18 > box.width) [row, left] = [row + 1, MARGIN];
    const place = { curve, row, left };
    left += width;
    return place;
  });
}

/** The ticks of an axis with their words: whole numbers on an axis that counts, and on one of powers of ten 10⁻⁸ for −8. */
function labelledTicks({ low, high, powers, whole }, count) {
  return ticks(low, high, count, powers || whole).map((place) => [place, powers ? powerOfTen(place) : readable(place)]);
}

/** The places at which a curve is computed: two in each pixel, so that a step of any slope has true edges. */
export function samplePlaces(panel, width) {
  const count = Math.max(2, Math.round(2 * width));
  const { low, high } = panel.x;
  return Float64Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
}

export function drawCurves(context, box, panel, contents, theme) {
  const area = plotArea(box, panel);
  drawFrame(context, box, area, panel, theme);
  context.save();
  context.beginPath();
  const above = panel.title ? area.top - 1 : box.top; // below a panel of the same x axis the marks go on
  const below = panel.joined ? box.top + box.height : area.top + area.height + 1;
  context.rect(area.left, above, area.width, below - above);
  context.clip();
  const marks = contents.marks.map((mark) => ({ ...mark, band: bandOf({ ...area, top: above, height: below - above }, mark) })).filter(({ band }) => band);
  for (const mark of marks) drawMark(context, mark, theme);
  if (panel.between) shadeBetween(context, area, panel.between.map((k) => contents.curves[k]), theme);
  for (const bar of contents.bars) drawBar(context, area, bar, theme);
  for (const curve of contents.curves) strokeCurve(context, area, curve, theme);
  context.restore();
  nameMarks(context, marks, theme);
  for (const curve of contents.curves) if (curve.dots) drawDots(context, area, curve, theme);
  labelCurves(context, area, contents.curves, theme);
  drawLegend(context, box, panel, contents.absent, theme);
}

function drawFrame(context, box, area, panel, theme) {
  if (panel.title) drawTitle(context, panel.title, box, theme.text);
  context.lineWidth = 1;
  context.strokeStyle = theme.faint;
  letters(context, "12px", theme.text, "center", "top");
  for (const [place, words] of labelledTicks(panel.x, area.width / (panel.x.whole ? 30 : 70))) {
    const pixel = Math.round(area.toX(place)) + 0.5;
    line(context, pixel, area.top, pixel, area.top + area.height);
    if (!panel.joined) context.fillText(words, pixel, area.top + area.height + 5);
  }
  letters(context, "12px", theme.text, "right");
  for (const [place, words] of labelledTicks(panel.y, area.height / (panel.y.powers ? 24 : 34))) {
    const pixel = Math.round(area.toY(place)) + 0.5;
    line(context, area.left, pixel, area.left + area.width, pixel);
    context.fillText(words, area.left - 6, pixel);
  }
  context.strokeStyle = theme.axis;
  context.strokeRect(area.left + 0.5, area.top + 0.5, area.width, area.height);
  letters(context, "12px", theme.text, "center", "bottom");
  const reach = box.left + box.width - context.measureText(panel.x.label).width / 2;
  if (!panel.joined) context.fillText(panel.x.label, Math.min(reach, area.left + area.width / 2), box.top + box.height - 2);
  context.save();
  context.translate(box.left + 3, area.top + area.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(panel.y.label, 0, 0, area.height);
  context.restore();
}

function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Where a band lies that is seen, in CSS pixels: across the panel, or up and down where its ends are on the y axis. */
function bandOf(area, { from, to, along }) {
  const [start, size, place] = along === "y" ? [area.top, area.height, area.toY] : [area.left, area.width, area.toX];
  const ends = [place(from), place(to)].sort((a, b) => a - b);
  if (!ends.every(Number.isFinite) || ends[1] < start || ends[0] > start + size) return undefined;
  const [low, high] = ends.map((end) => Math.max(start, Math.min(start + size, end)));
  return along === "y" ? [area.left, low, area.width, high - low] : [low, area.top, high - low, area.height];
}

function drawMark(context, mark, theme) {
  const [left, top, width, height] = mark.band;
  if (mark.from !== mark.to) {
    tint(context, [left, top, Math.max(width, 1), height], mark, 0.12, theme);
  } else {
    context.strokeStyle = theme.axis;
    context.setLineDash([4, 3]);
    line(context, left, top, left, top + height);
    context.setLineDash([]);
  }
}

function tint(context, rectangle, { color }, strength, theme) {
  context.globalAlpha = color === undefined ? 1 : strength;
  context.fillStyle = color === undefined ? theme.band : theme.lines[color];
  context.fillRect(...rectangle);
  context.globalAlpha = 1;
}

/** The names of regions: along the x axis on a strip of their own, beside the y axis at their top. */
function nameMarks(context, marks, theme) {
  letters(context, "600 12px", theme.text);
  const named = marks.filter(({ label }) => label);
  for (const { band: [left, top, width, height], ...mark } of named.filter(({ along }) => along !== "y")) {
    const strip = [left, top + height - STRIP, width, STRIP];
    context.fillStyle = theme.background;
    context.fillRect(...strip);
    tint(context, strip, mark, 0.3, theme);
  }
  for (const { band: [left, top, width, height], along, label } of named) {
    context.textAlign = along === "y" ? "right" : "center";
    context.fillStyle = theme.text;
    const words = context.measureText(label).width < width - 16 ? label : label.split(":")[0];
    if (along !== "y") context.fillText(words, left + width / 2, top + height - STRIP / 2);
    else if (height > STRIP) haloed(context, label, left + width - 6, top + 10, theme.text, theme);
  }
}

/** The words of a curve beside it: `place` is [share of what is seen of it, 1 above or -1 below]. */
function labelCurves(context, area, curves, theme) {
  letters(context, "600 12px", theme.text);
  const taken = [];
  for (const { x, y, label, place, color } of curves.filter((curve) => curve.place)) {
    const seen = [...x.keys()].filter((i) => Math.abs(2 * area.toY(y[i]) - 2 * area.top - area.height) <= area.height);
    const i = seen[Math.round(place[0] * (seen.length - 1))];
    if (i === undefined) continue;
    const width = context.measureText(label).width;
    const left = Math.max(area.left + 4, Math.min(area.left + area.width - width - 4, area.toX(x[i]) - width / 2));
    let top = Math.max(area.top + 9, Math.min(area.top + area.height - 9, area.toY(y[i]) - 12 * place[1]));
    const covers = (other) => Math.abs(other.top - top) < 14 && left < other.right && other.left < left + width;
    for (let tries = 0; tries < 3 && taken.some(covers); tries++) top += top > area.top + area.height / 2 ? -15 : 15;
    taken.push({ left, top, right: left + width });
    haloed(context, label, left, top, theme.lines[color % theme.lines.length], theme);
  }
}

/** Words with a rim in the colour of the page: they stay readable where a line passes. */
export function haloed(context, words, x, y, color, theme) {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = theme.background;
  context.strokeText(words, x, y);
  context.fillStyle = color;
  context.fillText(words, x, y);
}

/** Far outside the panel a point is moved to just outside: canvases lose lines with huge coordinates. */
const pixelY = (area, value) => Math.max(area.top - 50, Math.min(area.top + area.height + 50, area.toY(value)));

/** What lies between two curves, so that one sees how far they are apart. */
function shadeBetween(context, area, [{ x, y }, other], theme) {
  context.beginPath();
  x.forEach((place, i) => context.lineTo(area.toX(place), pixelY(area, y[i])));
  for (let i = x.length - 1; i >= 0; i--) context.lineTo(area.toX(x[i]), pixelY(area, other.y[i]));
  context.fillStyle = theme.lines[1];
  context.globalAlpha = 0.28;
  context.fill();
  context.globalAlpha = 1;
}

function strokeCurve(context, area, { x, y, color, dash, width, faint }, theme, alpha = faint ? 0.35 : 1) {
  if (!width) return; // dots alone
  context.strokeStyle = theme.lines[color % theme.lines.length];
  context.globalAlpha = alpha;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(DASHES[dash % DASHES.length]);
  context.beginPath();
  let drawing = false;
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(y[i])) {
      drawing = false;
      continue;
    }
    if (drawing) context.lineTo(area.toX(x[i]), pixelY(area, y[i]));
    else context.moveTo(area.toX(x[i]), pixelY(area, y[i]));
    drawing = true;
  }
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/** The dots of a curve, whole also on the edge of the panel. */
function drawDots(context, area, { x, y, color }, theme) {
  context.fillStyle = theme.lines[color % theme.lines.length];
  for (let i = 0; i < x.length; i++) {
    const [left, top] = [area.toX(x[i]) - area.left, area.toY(y[i]) - area.top];
    if (!(left > -1 && left < area.width + 1 && top > -1 && top < area.height + 1)) continue;
    context.beginPath();
    context.arc(area.left + left, area.top + top, x.length === 1 ? 5 : 3, 0, 2 * Math.PI);
    context.fill();
  }
}

function drawBar(context, area, { left, right, y }, theme) {
  const top = area.toY(y);
  context.strokeStyle = theme.text;
  context.lineWidth = 3;
  line(context, area.toX(left) + 1, top, area.toX(right) - 1, top);
}

function drawLegend(context, box, panel, absent, theme) {
  letters(context, "12px", theme.text);
  for (const { curve, row, left: offset } of legendPlaces(box, panel)) {
    if (absent?.includes(curve)) continue;
    const left = box.left + offset;
    const middle = box.top + 34 + LEGEND_LINE * row;
    context.strokeStyle = theme.lines[curve.color % theme.lines.length];
    context.lineWidth = Math.max(2, curve.width);
    context.setLineDash(DASHES[curve.dash % DASHES.length]);
    context.globalAlpha = curve.faint ? 0.35 : 1;
    line(context, left, middle, left + 26, middle);
    context.globalAlpha = 1;
    context.setLineDash([]);
    context.fillText(curve.label, left + 32, middle, box.width - offset - 36);
  }
}
