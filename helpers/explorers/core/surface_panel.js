// The panel of a surface, which a drag or the arrow keys turn. All the surfaces of a picture share its camera.

import { crosshair, strokeOnColors } from "./crosshair.js";
import { haloed } from "./curves.js";
import { describedHandles } from "./handles.js";
import { unpack } from "./mathematics.js";
import { arrowHead } from "./network_drawing.js";
import { letters } from "./theme.js";
import { PixelBuffer, adaptiveLines, drawBox, paintSurface, pixelTable, projection, segment } from "./surface.js";

const COARSE = 32; // a surface is first looked at on so many lines to find its steep places
const SURFACE_LINES = { few: 64, many: 56 }; // lines of one surface, and of each of several

const TARGET = "#f0a045"; // of the box that a surface is to fill, light enough for the dark floor
const NAMES = ["x1", "x2", "z"]; // the axes, in the order of a place

/** Where the pixels of a surface are made before they go to a canvas: surfaces are painted one after the other. */
const workshop = { buffer: new PixelBuffer() };

export class SurfacePanel {
  hint = "Turn the picture: drag it, or click it and use the arrow keys.";

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.table = pixelTable(picture.colors);
  }

  /** The projection into the box; without numbers on its axes a surface has their room. */
  view(box) {
    return projection(this.panel.plain ? { ...box, left: box.left - 18, width: box.width + 36 } : box, this.picture.camera);
  }

  contents(box, variables, data) {
    const { panel, picture } = this;
    if (picture.spec.functions[panel.function].kernel) {
      const packed = data.arrays?.[panel.function];
      if (!packed) return { lines: null };
      return { lines: [unpack(packed.rows), unpack(packed.columns)], z: unpack(packed.values) };
    }
    const [low, high] = [[panel.x1.low, panel.x2.low], [panel.x1.high, panel.x2.high]];
    const uniform = low.map((from, axis) => Float64Array.from({ length: COARSE }, (_, k) => from + ((high[axis] - from) * k) / (COARSE - 1)));
    const coarse = picture.mathematics.onGrid(panel, uniform, variables);
    const count = picture.panels.length > 2 ? SURFACE_LINES.many : SURFACE_LINES.few;
    const lines = adaptiveLines(coarse, COARSE, low, high, panel.z.high - panel.z.low, count);
    return { lines, z: picture.mathematics.onGrid(panel, lines, variables), cross: crosshair(picture, panel, variables) };
  }

  /** What lies behind the surface: box, ticks, labels. */
  backdrop(context, box) {
    const { panel: { arrows = [] }, picture: { theme } } = this;
    drawBox(context, box, this.view(box), this.panel, theme);
    context.fillStyle = theme.axis;
    context.lineWidth = 2;
    arrows.forEach((k, number) => {
      const { left, top, width, height } = this.picture.boxes[k];
      const [tail, tip] = [{ x: left + width + 2, y: top + height / 2 }, { x: box.left - 1, y: box.top + (box.height * (number + 1)) / (arrows.length + 1) }];
      if (tail.x > tip.x) return; // on a narrow page they stand below each other
      segment(context, [[tail.x, tail.y], [tip.x - 5, tip.y - 5 * ((tip.y - tail.y) / (tip.x - tail.x))]], theme.axis);
      arrowHead(context, tail, tip, 11);
    });
  }

  paint(context, box, { lines, z, cross }) {
    if (!lines) return;
    const { scale, theme } = this.picture;
    const { buffer } = workshop;
    // At twice the screen's resolution, except where the screen itself is fine enough.
    const fine = scale < 2 ? 2 : 1;
    const [width, height] = [Math.floor(box.width * scale), Math.floor(box.height * scale)];
    buffer.clear(width * fine, height * fine, theme.dark ? 0x00101010 : 0x00ffffff);
    paintSurface(buffer, this.view(box), [scale * fine, box.left, box.top], this.panel, lines, z, this.table);
    if (workshop.sheet?.width !== width || workshop.sheet.height !== height) {
      workshop.sheet = new OffscreenCanvas(width, height);
      workshop.image = new ImageData(width, height);
    }
    const pixels = new Uint32Array(workshop.image.data.buffer);
    if (fine === 2) buffer.halve(pixels);
    else pixels.set(buffer.pixels.subarray(0, width * height));
    workshop.sheet.getContext("2d").putImageData(workshop.image, 0, 0);
    context.drawImage(workshop.sheet, box.left, box.top, width / scale, height / scale);
    if (this.panel.target) this.paintTarget(context, box);
    if (cross) this.paintCross(context, box, cross);
  }

  /** The two lines of the crosshair over the surface, and the height where they meet. */
  paintCross(context, box, { at, words, lines }) {
    const view = this.view(box);
    const { theme } = this.picture;
    for (const line of lines) {
      context.beginPath();
      for (const place of line) {
        const { x, y } = this.pixel(view, place);
        context.lineTo(x, y);
      }
      strokeOnColors(context);
    }
    const { x, y } = this.pixel(view, at);
    letters(context, "600 12px", theme.text, "center");
    haloed(context, "●", x, y, theme.text, theme);
    const half = context.measureText(words).width / 2 + 4;
    haloed(context, words, Math.max(box.left + half, Math.min(box.left + box.width - half, x)), y - 16, theme.text, theme);
  }

  /** A frame, bright where the panel's own formula holds what is lit. */
  light(context, { left, top, width, height }, touched) {
    context.globalAlpha = touched(this.picture.spec.functions[this.panel.function].formula);
    context.lineWidth = 3;
    context.strokeRect(left + 1.5, top + 1.5, width - 3, height - 3);
  }

  /** The three sides that are seen of a translucent box, from the floor to the height `top`. */
  paintTarget(context, box) {
    const view = this.view(box);
    const { x1, x2, top } = this.panel.target;
    const [near1, near2] = [x1[Number(view.toViewer[0] > 0)], x2[Number(view.toViewer[1] > 0)]];
    const z = [this.panel.z.low, top];
    const sides = [(i, j) => [x1[i], x2[j], top], (i, j) => [near1, x2[i], z[j]], (i, j) => [x1[i], near2, z[j]]];
    context.strokeStyle = context.fillStyle = TARGET;
    context.lineWidth = 2;
    for (const side of sides) {
      context.beginPath();
      for (const corner of [[0, 0], [1, 0], [1, 1], [0, 1]]) {
        const { x, y } = this.pixel(view, side(...corner));
        context.lineTo(x, y);
      }
      context.closePath();
      context.globalAlpha = 0.2;
      context.fill();
      context.globalAlpha = 1;
      context.stroke();
    }
  }

  /** The place {x, y} of the numbers [x1, x2, z] on the canvas. */
  pixel(view, at) {
    return view.at(at.map((value, k) => {
      const { low, high } = this.panel[NAMES[k]];
      return (2 * (value - low)) / (high - low) - 1;
    }));
  }

  /** A grip on a surface goes along one edge of the box: "x1", "x2" or "z". */
  handles(box, contents, variables) {
    const view = this.view(box);
    const pixel = (at) => this.pixel(view, at);
    /** Where one more of a number goes on the canvas, in CSS pixels. */
    const wayOf = (at, along) => {
      const [from, to] = [pixel(at), pixel(at.map((value, k) => value + (NAMES[k] === along ? 1 : 0)))];
      return [to.x - from.x, to.y - from.y];
    };
    return describedHandles(this.picture, this.panel, variables, {
      pixel: (at, along) => {
        const [dx, dy] = wayOf(at, along);
        return { ...pixel(at), angle: (Math.atan2(dy, dx) * 180) / Math.PI };
      },
      numbers: ({ x, y }, at, along) => {
        const [from, [dx, dy]] = [pixel(at), wayOf(at, along)];
        const by = ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1);
        return at.map((value, k) => value + (NAMES[k] === along ? by : 0));
      },
    });
  }

  cursor() {
    return "grab";
  }

  press(from) {
    const [azimuth, elevation] = this.picture.camera;
    return (now) => this.picture.setCamera([azimuth - 0.5 * (now.x - from.x), elevation + 0.4 * (now.y - from.y)]);
  }

  key({ key }) {
    const { camera, spec } = this.picture;
    const turn = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] }[key];
    if (!turn && key !== "Home") return false;
    this.picture.setCamera(turn ? [camera[0] + turn[0], camera[1] + turn[1]] : spec.camera);
    return true;
  }
}
