// The panel of a heat map: the surface seen from straight above, with a scale of colours and outlines.

import { compile } from "./formula.js";
import { crossHandle, crosshair, moveCross, strokeOnColors } from "./crosshair.js";
import { GRIPS } from "./curves.js";
import { describedHandles } from "./handles.js";
import { middles, unpack } from "./mathematics.js";
import { colorTable, drawTitle, letters, readable, ticks } from "./theme.js";

const CELLS = 96; // along a side; the browser smooths between them

export class HeatPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    if (panel.handles.length) this.hint = GRIPS;
    this.colors = panel.colors ? colorTable(panel.colors) : picture.colors;
  }

  contents(box, variables, data) {
    const { panel, picture } = this;
    const outlines = panel.outlines.map((points) => points.map((point) => point.map((tree) => compile(tree)(variables))));
    if (picture.spec.functions[panel.function].kernel) {
      const packed = data.arrays?.[panel.function];
      return packed ? { z: unpack(packed.flat), n: packed.n, outlines } : { z: new Float64Array(4), n: 2, outlines };
    }
    const lines = [middles(panel.x1, CELLS), middles(panel.x2, CELLS)];
    return { z: picture.mathematics.onGrid(panel, lines, variables), n: CELLS, outlines, cross: crosshair(picture, panel, variables) };
  }

  paint(context, box, { z, n, outlines, cross }) {
    drawHeat(context, box, this.panel, z, n, this.colors, outlines, this.picture.theme);
    if (!cross) return;
    const { left, top, side, toX, toY } = heatArea(box, this.panel);
    const [x, y] = [toX(cross.at[0]), toY(cross.at[1])];
    context.beginPath();
    for (const [from, to] of [[[left, y], [left + side, y]], [[x, top], [x, top + side]]]) {
      context.moveTo(...from);
      context.lineTo(...to);
    }
    strokeOnColors(context);
  }

  handles(box, { cross }, variables) {
    const { left, top, side, toX, toY, fromX, fromY } = heatArea(box, this.panel);
    const grips = describedHandles(this.picture, this.panel, variables, {
      area: { left, top, width: side, height: side },
      pixel: ([a, b]) => ({ x: toX(a), y: toY(b) }),
      numbers: ({ x, y }, [a, b], along) => [along === "y" ? a : fromX(x), along === "x" ? b : fromY(y)],
    });
    if (!cross) return grips;
    const numbers = ({ x, y }) => [fromX(x), fromY(y)];
    return [crossHandle(this.picture, this.panel, cross.words, { x: toX(cross.at[0]), y: toY(cross.at[1]) }, numbers), ...grips];
  }

  cursor({ x, y }, box) {
    const { left, top, side } = heatArea(box, this.panel);
    return this.panel.cross && x >= left && x <= left + side && y >= top && y <= top + side && "crosshair";
  }

  press(at, box) {
    const { fromX, fromY } = heatArea(box, this.panel);
    return this.cursor(at, box) && (({ x, y }) => moveCross(this.picture, this.panel, [fromX(x), fromY(y)]));
  }

  reset() {
    if (this.panel.cross) moveCross(this.picture, this.panel, this.panel.cross);
  }
}

/** The plot area of a heat map: a square, with room for ticks on the left and below and for the scale on the right. */
export function heatArea(box, { x1, x2 }) {
  const side = Math.min(box.width - 46 - 62, box.height - 28 - 38);
  const left = box.left + 46 + Math.max(0, (box.width - 46 - 62 - side) / 2);
  const top = box.top + 28;
  return {
    left, top, side,
    toX: (value) => left + ((value - x1.low) / (x1.high - x1.low)) * side,
    toY: (value) => top + (1 - (value - x2.low) / (x2.high - x2.low)) * side,
    fromX: (pixel) => x1.low + ((pixel - left) / side) * (x1.high - x1.low),
    fromY: (pixel) => x2.low + (1 - (pixel - top) / side) * (x2.high - x2.low),
  };
}

/** Paint `values` (n × n, x1 along the rows of the array, x2 along its columns) with x1 to the right and x2 upwards. */
export function drawHeat(context, box, panel, values, n, colors, outlines, theme) {
  const { left, top, side, toX, toY } = heatArea(box, panel);
  const image = new ImageData(n, n);
  const pixels = new Uint32Array(image.data.buffer);
  const shades = Uint32Array.from(colors, ([red, green, blue]) => (255 << 24) | (blue << 16) | (green << 8) | red);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const value = values[i * n + j];
      const t = Math.max(0, Math.min(255, ((value - panel.z.low) / (panel.z.high - panel.z.low)) * 255)) | 0;
      pixels[(n - 1 - j) * n + i] = Number.isFinite(value) ? shades[t] : 0;
    }
  }
  const small = new OffscreenCanvas(n, n);
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, left, top, side, side);
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip(); // a flat tower's footprint reaches beyond the square
  drawOutlines(context, outlines, toX, toY);
  context.restore();
  drawHeatFrame(context, box, panel, { left, top, side, toX, toY }, theme);
  drawScale(context, panel, { left: left + side + 14, top, height: side }, colors, theme);
}

/** Closed outlines. */
function drawOutlines(context, outlines, toX, toY) {
  for (const points of outlines) {
    context.beginPath();
    points.forEach(([x, y], k) => (k ? context.lineTo(toX(x), toY(y)) : context.moveTo(toX(x), toY(y))));
    context.closePath();
    strokeOnColors(context);
  }
}

function drawHeatFrame(context, box, panel, { left, top, side, toX, toY }, theme) {
  context.strokeStyle = theme.axis;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side, side);
  drawTitle(context, panel.title, box, theme.text);
  const count = side / 70;
  letters(context, "12px", theme.text, "center", "top");
  for (const value of ticks(panel.x1.low, panel.x1.high, count)) context.fillText(readable(value), toX(value), top + side + 4);
  context.fillText(panel.x1.label, left + side / 2, top + side + 19);
  letters(context, "12px", theme.text, "right");
  for (const value of ticks(panel.x2.low, panel.x2.high, count)) context.fillText(readable(value), left - 5, toY(value));
  context.fillText(panel.x2.label, left - 26, top + side / 2);
}

function drawScale(context, panel, { left, top, height }, colors, theme) {
  const ramp = context.createLinearGradient(0, top + height, 0, top);
  for (let stop = 0; stop <= 16; stop++) {
    const [red, green, blue] = colors[Math.round((255 * stop) / 16)];
    ramp.addColorStop(stop / 16, `rgb(${red | 0}, ${green | 0}, ${blue | 0})`);
  }
  context.fillStyle = ramp;
  context.fillRect(left, top, 10, height);
  letters(context, "12px", theme.text);
  for (const value of ticks(panel.z.low, panel.z.high, 4)) {
    context.fillText(readable(value), left + 14, top + height * (1 - (value - panel.z.low) / (panel.z.high - panel.z.low)));
  }
}
