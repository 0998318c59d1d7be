// A surface z = f(x1, x2) in orthographic projection, filled scanline by scanline into a pixel buffer.
//
// Canvas paths need 45-60 ms for eight surfaces and block the page; filling pixels ourselves takes a few
// milliseconds. Cells are painted from the back to the front, at twice the resolution of the screen, and the
// buffer is then averaged two by two: that is what makes the edges smooth.

import { drawTitle, letters, readable, ticks } from "./theme.js";

const SHADES = 24; // brightness levels in the table of colours
const HALF_HEIGHT = 0.62; // half of the box's height, where half of its sides is 1
const SAME_HEIGHT = 0.2; // of 255 heights: less is no slope
const MESH = 10; // lines on the surface divide each side into so many parts

/** `count` places between low and high, denser where `f` is steep: a wall one hundredth as wide as the box still gets
 * its share. The places of the mesh lines are always among them. */
export function adaptiveLines(values, coarse, low, high, span, count) {
  const alongRows = new Float64Array(coarse - 1);
  const alongColumns = new Float64Array(coarse - 1);
  for (let i = 0; i < coarse; i++) {
    for (let j = 0; j < coarse - 1; j++) {
      const inRow = Math.abs(values[i * coarse + j + 1] - values[i * coarse + j]);
      const inColumn = Math.abs(values[(j + 1) * coarse + i] - values[j * coarse + i]);
      if (inRow > alongRows[j]) alongRows[j] = inRow;
      if (inColumn > alongColumns[j]) alongColumns[j] = inColumn;
    }
  }
  return [alongColumns, alongRows].map((changes, axis) => spread(changes, low[axis], high[axis], span, count));
}

function spread(changes, low, high, span, count) {
  // A part gets lines for its length and for the change of height in it and (half as much) next to it, since
  // the wall may begin just across the border.
  const parts = changes.length;
  const weight = Float64Array.from(changes, (change, k) => {
    const near = Math.max(changes[k - 1] ?? 0, changes[k + 1] ?? 0);
    return 1 / parts + 0.25 * Math.min(1, Math.max(change, near / 2) / span);
  });
  const total = weight.reduce((sum, w) => sum + w, 0);
  const lines = new Float64Array(count + 1);
  let part = 0;
  let before = 0;
  for (let k = 0; k <= count; k++) {
    const wanted = (k / count) * total;
    while (part < parts - 1 && before + weight[part] < wanted) before += weight[part++];
    lines[k] = low + ((high - low) * (part + Math.min(1, (wanted - before) / weight[part]))) / parts;
  }
  for (let mesh = 0; mesh <= MESH; mesh++) {
    const place = low + ((high - low) * mesh) / MESH;
    let nearest = 0;
    for (let k = 1; k <= count; k++) if (Math.abs(lines[k] - place) < Math.abs(lines[nearest] - place)) nearest = k;
    lines[nearest] = place;
  }
  return lines;
}

/** The orthographic view of the box from `camera` = [azimuth, elevation] in degrees, fitted into `box`. */
export function projection(box, [azimuth, elevation]) {
  const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  const [cosA, sinA, cosE, sinE] = [Math.cos(a), Math.sin(a), Math.cos(e), Math.sin(e)];
  const toViewer = [cosE * cosA, cosE * sinA, sinE];
  const margin = box.width < 330 ? 26 : 40;
  const halfHeight = Math.SQRT2 * sinE + HALF_HEIGHT * cosE;
  const scale = Math.min((box.width / 2 - margin) / Math.SQRT2, ((box.height - 24) / 2 - margin * 0.5) / halfHeight);
  const centre = [box.left + box.width / 2, box.top + 20 + (box.height - 20) / 2];
  return {
    toViewer,
    /** Each of x, y, z from -1 to 1, the ends of the axes, as a place {x, y} of the canvas. */
    at([x, y, z]) { return { x: this.x(x, y), y: this.y(x, y, HALF_HEIGHT * z) }; },
    // x, y in [-1, 1], z in [-HALF_HEIGHT, HALF_HEIGHT] to pixels
    x: (x, y) => centre[0] + scale * (cosA * y - sinA * x),
    y: (x, y, z) => centre[1] - scale * (cosE * z - sinE * (cosA * x + sinA * y)),
  };
}

/** Brightness × height to 32-bit pixels, in the byte order of ImageData. */
export function pixelTable(colors) {
  const table = new Uint32Array(SHADES * 256);
  for (let shade = 0; shade < SHADES; shade++) {
    const light = 0.55 + (0.5 * shade) / (SHADES - 1);
    for (let height = 0; height < 256; height++) {
      const [red, green, blue] = colors[height].map((channel) => Math.min(255, Math.round(channel * light)));
      table[shade * 256 + height] = (255 << 24) | (blue << 16) | (green << 8) | red;
    }
  }
  return table;
}

/** A buffer of pixels at twice the size of the picture, kept between frames. */
export class PixelBuffer {
  constructor() {
    this.pixels = new Uint32Array(0);
  }

  /** Clear to `background` (transparent), with room for width × height pixels. */
  clear(width, height, background) {
    if (this.pixels.length < width * height) this.pixels = new Uint32Array(width * height);
    this.width = width;
    this.height = height;
    this.pixels.fill(background, 0, width * height);
  }

  /** Fill a triangle; c0, c1, c2 are the heights (0..255) at its corners and `row` the table of its brightness. */
  triangle(x0, y0, c0, x1, y1, c1, x2, y2, c2, table, row) {
    let t;
    if (y1 < y0) { t = y0; y0 = y1; y1 = t; t = x0; x0 = x1; x1 = t; t = c0; c0 = c1; c1 = t; }
    if (y2 < y0) { t = y0; y0 = y2; y2 = t; t = x0; x0 = x2; x2 = t; t = c0; c0 = c2; c2 = t; }
    if (y2 < y1) { t = y1; y1 = y2; y2 = t; t = x1; x1 = x2; x2 = t; t = c1; c1 = c2; c2 = t; }
    const { pixels, width, height } = this;
    const first = Math.max(0, Math.ceil(y0 - 0.5));
    const last = Math.min(height - 1, Math.ceil(y2 - 0.5) - 1);
    if (last < first) return;
    const doubleArea = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    if (doubleArea === 0) return;
    const slope = ((c1 - c0) * (y2 - y0) - (c2 - c0) * (y1 - y0)) / doubleArea;
    const longSlope = (x2 - x0) / (y2 - y0);
    const longColor = (c2 - c0) / (y2 - y0);
    const flat = c0 === c1 && c0 === c2;
    const [upperSlope, lowerSlope] = [(x1 - x0) / (y1 - y0), (x2 - x1) / (y2 - y1)];
    for (let y = first; y <= last; y++) {
      const dy = y + 0.5 - y0;
      const longX = x0 + longSlope * dy;
      const shortX = y + 0.5 < y1 ? x0 + upperSlope * dy : x1 + lowerSlope * (y + 0.5 - y1);
      const from = Math.max(0, Math.ceil(Math.min(longX, shortX) - 0.5));
      const to = Math.min(width, Math.ceil(Math.max(longX, shortX) - 0.5));
      let color = c0 + longColor * dy + slope * (from + 0.5 - longX);
      if (flat && to - from > 30) {
        pixels.fill(table[row + (c0 | 0)], y * width + from, y * width + to);
        continue;
      }
      for (let i = y * width + from, end = y * width + to; i < end; i++) {
        pixels[i] = table[row + (color < 0 ? 0 : color > 255 ? 255 : color | 0)];
        color += slope;
      }
    }
  }

  /** Darken the pixels on a line: the mesh that shows the form. */
  darken(x0, y0, x1, y1) {
    const { pixels, width, height } = this;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (let k = 0; k < steps; k++) {
      const x = (x0 + ((x1 - x0) * (k + 0.5)) / steps) | 0;
      const y = (y0 + ((y1 - y0) * (k + 0.5)) / steps) | 0;
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const pixel = pixels[y * width + x];
      pixels[y * width + x] = (pixel & 0xff000000) | ((pixel >>> 1) & 0x7f7f7f);
    }
  }

  /** Average two by two pixels into `target`, a Uint32Array of half the width and half the height. */
  halve(target) {
    const { pixels, width, height } = this;
    const half = (a, b) => (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
    for (let y = 0, to = 0; y < height; y += 2) {
      for (let x = 0, i = y * width; x < width; x += 2, i += 2) {
        target[to++] = half(half(pixels[i], pixels[i + 1]), half(pixels[i + width], pixels[i + width + 1]));
      }
    }
  }
}

/** Paint the surface of heights `z` over the lines x1 (rows) and x2 (columns) into `buffer`; `toPixel` = [scale, left, top]. */
export function paintSurface(buffer, view, [scale, left, top], panel, [rows, columns], z, table) {
  const n = rows.length;
  const normalise = (lines, { low, high }) => lines.map((v) => (2 * (v - low)) / (high - low) - 1);
  const [x, y] = [normalise(rows, panel.x1), normalise(columns, panel.x2)];
  const px = new Float64Array(n * n);
  const py = new Float64Array(n * n);
  const level = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const k = i * n + j;
      const t = Number.isFinite(z[k]) ? Math.max(0, Math.min(1, (z[k] - panel.z.low) / (panel.z.high - panel.z.low))) : NaN;
      level[k] = 255 * t;
      px[k] = scale * (view.x(x[i], y[j]) - left);
      py[k] = scale * (view.y(x[i], y[j], HALF_HEIGHT * (2 * t - 1)) - top);
    }
  }
  const isMesh = (lines, { low, high }) => lines.map((v) => {
    const part = ((v - low) / (high - low)) * MESH;
    return Math.abs(part - Math.round(part)) < 3e-3 ? 1 : 0; // lines packed by Python are that exact
  });
  const [meshRow, meshColumn] = [isMesh(rows, panel.x1), isMesh(columns, panel.x2)];
  const forward = [view.toViewer[0] > 0, view.toViewer[1] > 0];
  for (let stepI = 0; stepI < n - 1; stepI++) {
    const i = forward[0] ? stepI : n - 2 - stepI;
    for (let stepJ = 0, cells; stepJ < n - 1; stepJ += cells) {
      cells = flatCells(level, n, i, forward[1] ? stepJ : n - 1 - stepJ, forward[1] ? 1 : -1);
      const from = forward[1] ? stepJ : n - 1 - stepJ - cells;
      const to = from + cells;
      const [a, b, c, d] = [i * n + from, i * n + to, (i + 1) * n + to, (i + 1) * n + from];
      if (!Number.isFinite(level[a] + level[b] + level[c] + level[d])) continue;
      const row = 256 * shadeOf(level, a, b, c, d, x[i + 1] - x[i], y[to] - y[from]);
      const levels = cells > 1 ? [level[a], level[a], level[a], level[a]] : [level[a], level[b], level[c], level[d]];
      buffer.triangle(px[a], py[a], levels[0], px[b], py[b], levels[1], px[c], py[c], levels[2], table, row);
      buffer.triangle(px[a], py[a], levels[0], px[c], py[c], levels[2], px[d], py[d], levels[3], table, row);
      if (meshRow[i]) buffer.darken(px[a], py[a], px[b], py[b]);
      if (meshRow[i + 1]) buffer.darken(px[d], py[d], px[c], py[c]);
      for (let j = from; j <= to; j++) {
        if (meshColumn[j]) buffer.darken(px[i * n + j], py[i * n + j], px[(i + 1) * n + j], py[(i + 1) * n + j]);
      }
    }
  }
}

/** How many cells of row `i`, from column `j` on to one side (`way` = ±1), are one flat piece; at least 1. Of a step, a bump
 * or a tower nine cells in ten are: they are painted together. */
function flatCells(level, n, i, j, way) {
  const start = level[i * n + j];
  const same = (k) => Math.abs(level[i * n + k] - start) < SAME_HEIGHT && Math.abs(level[(i + 1) * n + k] - start) < SAME_HEIGHT;
  let cells = 0;
  if (same(j)) while (j + way * (cells + 1) >= 0 && j + way * (cells + 1) < n && same(j + way * (cells + 1))) cells++;
  return Math.max(1, cells);
}

/** The brightness of a cell: light falls from above and a little from x1 < 0, x2 < 0. */
function shadeOf(level, a, b, c, d, dx, dy) {
  const rise = (2 * HALF_HEIGHT) / 255;
  const slopeX = (rise * (level[d] + level[c] - level[a] - level[b])) / (2 * dx);
  const slopeY = (rise * (level[b] + level[c] - level[a] - level[d])) / (2 * dy);
  const cosine = (0.86 + 0.36 * slopeX - 0.36 * slopeY) / Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY);
  return Math.round((SHADES - 1) * Math.max(0, Math.min(1, 0.28 + 0.84 * cosine)));
}

/** Walls, floor, ticks and labels of the box. What is drawn here lies behind the surface or outside it. */
export function drawBox(context, box, view, panel, theme) {
  const [sideX, sideY] = [view.toViewer[0] > 0 ? 1 : -1, view.toViewer[1] > 0 ? 1 : -1];
  const H = HALF_HEIGHT;
  const at = (x, y, z) => [view.x(x, y), view.y(x, y, z)];
  context.fillStyle = theme.wall;
  context.strokeStyle = theme.faint;
  context.lineWidth = 1;
  polygon(context, [at(-1, -1, -H), at(1, -1, -H), at(1, 1, -H), at(-1, 1, -H)]);
  polygon(context, [at(-sideX, -1, -H), at(-sideX, 1, -H), at(-sideX, 1, H), at(-sideX, -1, H)]);
  polygon(context, [at(-1, -sideY, -H), at(1, -sideY, -H), at(1, -sideY, H), at(-1, -sideY, H)]);
  if (panel.plain) return drawTitle(context, panel.title, box, theme.text);
  const small = box.width < 330;
  letters(context, small ? "11px" : "12px", theme.text);
  const along = (axis, value) => (2 * (value - axis.low)) / (axis.high - axis.low) - 1;
  const wanted = small ? 2 : 4;
  for (const value of ticks(panel.z.low, panel.z.high, small ? 2 : 4)) {
    const z = H * along(panel.z, value);
    segment(context, [at(-sideX, -1, z), at(-sideX, 1, z)], theme.faint);
    segment(context, [at(-1, -sideY, z), at(1, -sideY, z)], theme.faint);
    // the leftmost upright edge of the box carries the heights
    const corner = [[1, 1], [1, -1], [-1, 1], [-1, -1]].reduce((best, xy) => (view.x(...xy) < view.x(...best) ? xy : best));
    const [px, py] = at(...corner, z);
    context.textAlign = "right";
    context.fillText(readable(value), px - 5, py - (z === -H ? 8 : 0)); // the lowest shares its corner with the floor's ticks
  }
  const floorTicks = (axis, place, outward) => {
    const label = (value, away, text) => {
      const [px, py] = at(...place(value), -H);
      const [ox, oy] = at(...outward(value), -H);
      const length = Math.hypot(ox - px, oy - py) || 1;
      context.textAlign = ox - px > 3 ? "left" : ox - px < -3 ? "right" : "center";
      context.fillText(text, px + ((ox - px) / length) * away, py + ((oy - py) / length) * away + 3);
    };
    for (const value of ticks(axis.low, axis.high, wanted)) {
      const t = along(axis, value);
      segment(context, [at(...place(t), -H), at(...place(t).map((v, i) => (outward(t)[i] === v ? v : -v)), -H)], theme.faint);
      label(t, 7, readable(value));
    }
    label(small ? 0.5 : 0.25, small ? 18 : 26, axis.label);
  };
  floorTicks(panel.x1, (t) => [t, sideY], (t) => [t, 2 * sideY]);
  floorTicks(panel.x2, (t) => [sideX, t], (t) => [2 * sideX, t]);
  drawTitle(context, panel.title, box, theme.text);
}

function polygon(context, points) {
  context.beginPath();
  points.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.fill();
  context.stroke();
}

export function segment(context, [[x0, y0], [x1, y1]], color) {
  context.strokeStyle = color;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
