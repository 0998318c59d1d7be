// The one picture of the pack: sliders in, canvas out.
//
// The model's `spec` says what to draw (formulas, panels, sentences), `sliders` refers to the ipywidgets sliders.
// A slider that moves changes the picture here, in the browser, in the next animation frame; Python is told, but
// the picture does not wait for it. Only functions marked `kernel` (the student's own) come from Python as `data`.

import { compile, compileNetwork } from "./formula.js";
import { colorTable, readTheme, readable } from "./theme.js";
import { drawCurves, plotArea, samplePlaces } from "./curves.js";
import { PixelBuffer, adaptiveLines, drawBox, paintSurface, pixelTable, projection } from "./surface.js";
import { drawHeat, heatArea } from "./heat.js";
import { GraphControls, drawGraph, graphContents, nodeAt } from "./graph.js";

const GAP = 10; // CSS pixels between panels
const COARSE = 32; // a surface is first looked at on so many lines to find its steep places
const SURFACE_LINES = { few: 64, many: 56 }; // lines of one surface, and of each of several

/** What the picture computes: parameters in, values of the named functions out. */
export class Mathematics {
  constructor(spec) {
    this.spec = spec;
    this.definitions = Object.entries(spec.definitions).map(([name, tree]) => [name, compile(tree)]);
    this.functions = {};
    for (const [name, { formula, network, networks, choose }] of Object.entries(spec.functions)) {
      if (formula !== undefined) this.functions[name] = { uses: namesIn(formula), compute: compile(formula) };
      else if (network) this.functions[name] = { uses: new Set(), compute: compileNetwork(network) };
      else if (networks) {
        const compiled = new Map(networks.map((candidate, index) => [index, compileNetwork(candidate)]));
        const index = compile(choose);
        this.functions[name] = { uses: new Set(), compute: (variables) => compiled.get(index(variables))(variables) };
      }
    }
    this.squares = Object.entries(spec.averages).map(([name, { of, x1, x2, points, step }]) => {
      const places = squarePoints(x1, x2, points, step);
      return { name, uses: namesIn(of), compute: compile(of), inputs: [x1.name, x2.name], x1: places[0], x2: places[1] };
    });
  }

  /** All numbers that belong to these values of the parameters: parameters, constants and definitions. */
  variables(values) {
    const variables = { ...this.spec.constants, ...values };
    for (const [name, compute] of this.definitions) variables[name] = compute(variables);
    return variables;
  }

  /** The means over a square that the sentences quote: see `average` in view.py. */
  averages(variables) {
    return Object.fromEntries(this.squares.map(({ name, uses, compute, x1, x2, inputs }) => {
      const places = { ...variables, [inputs[0]]: x1, [inputs[1]]: x2 };
      for (const used of uses) if (used in this.functions) places[used] = this.evaluate(used, places);
      const values = compute(places);
      return [name, values.reduce((sum, value) => sum + value, 0) / values.length];
    }));
  }

  /** The function `name` at the places in `variables`; functions that it is made of are computed on the way. */
  evaluate(name, variables) {
    const { uses, compute } = this.functions[name];
    for (const used of uses) {
      if (used in this.functions && !(used in variables)) variables[used] = this.evaluate(used, variables);
    }
    return compute(variables);
  }
}

/** The middles of n equal parts of an axis. */
function middles({ low, high }, n) {
  return Float64Array.from({ length: n }, (_, k) => low + ((high - low) * (k + 0.5)) / n);
}

/** The Fibonacci lattice of lattice.py on the square x1 × x2. */
function squarePoints(x1, x2, points, step) {
  const along = ({ low, high }, share) => Float64Array.from({ length: points }, (_, k) => low + (high - low) * share(k));
  return [along(x1, (k) => (k + 0.5) / points), along(x2, (k) => ((k * step) / points + 0.5 / points) % 1)];
}

/** x1 and x2 at every crossing of these lines, x1 along the rows and x2 along the columns. */
function grid(rows, columns) {
  const [x1, x2] = [new Float64Array(rows.length * columns.length), new Float64Array(rows.length * columns.length)];
  for (let i = 0, k = 0; i < rows.length; i++) {
    for (let j = 0; j < columns.length; j++, k++) {
      x1[k] = rows[i];
      x2[k] = columns[j];
    }
  }
  return [x1, x2];
}

function namesIn(tree) {
  if (typeof tree === "string") return new Set([tree]);
  if (typeof tree === "number") return new Set();
  return new Set(tree.slice(1).flatMap((operand) => [...namesIn(operand)]));
}

/** Numbers that Python packed as two characters each (see `pack` in student.py); ~~ stands for a missing value. */
export function unpack({ codes, low, high }) {
  // 0-9, A-Z, a-z, then - (whose code, 45, comes before that of 0) and ~
  const digit = (c) => (c === 45 ? 62 : c < 58 ? c - 48 : c < 91 ? c - 55 : c < 123 ? c - 61 : 63);
  return Float64Array.from({ length: codes.length / 2 }, (_, i) => {
    const code = 64 * digit(codes.charCodeAt(2 * i)) + digit(codes.charCodeAt(2 * i + 1));
    return code === 4095 ? NaN : low + ((high - low) * code) / 4094;
  });
}

class Picture {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.sliders = {};
    this.buffer = new PixelBuffer();
    this.cleanups = [];
    this.build();
    this.load();
  }

  build() {
    this.el.classList.add("nn-view");
    keepPlainKeys(this.el);
    this.el.innerHTML = `
      <canvas role="img" tabindex="0"></canvas>
      <p class="nn-sentence"></p>
      <p class="nn-message" role="alert" hidden></p>
      <div class="nn-tools"><button type="button">Reset</button><span class="nn-hint"></span></div>
      <span class="nn-spoken" role="status"></span>`;
    this.canvas = this.el.querySelector("canvas");
    this.sentence = this.el.querySelector(".nn-sentence");
    this.message = this.el.querySelector(".nn-message");
    this.spoken = this.el.querySelector(".nn-spoken");
    this.el.querySelector("button").addEventListener("click", () => this.reset());
  }

  load() {
    this.spec = this.model.get("spec");
    this.mathematics = new Mathematics(this.spec);
    this.colors = colorTable(this.spec.colors);
    this.table = pixelTable(this.colors);
    this.camera = [...this.model.get("camera")];
    this.hasSurface = this.spec.panels.some((panel) => panel.kind === "surface");
    this.hasHandles = this.spec.panels.some((panel) => panel.handles?.length || panel.drag);
    this.graph?.pause();
    const graph = this.spec.panels.findIndex((panel) => panel.kind === "graph");
    this.graph = graph < 0 ? undefined : new GraphControls(this, graph);
    this.el.querySelector(".nn-hint").textContent = [
      this.graph && "In the picture: arrow keys left and right for the step, up and down for the nodes.",
      this.hasSurface && "Turn the picture: drag it, or click it and use the arrow keys.",
      this.hasHandles && "You can also drag in the picture.",
      "Double-click a slider's name: its first value.",
    ].filter(Boolean).join(" ");
    // A finger that moves up or down scrolls the page, unless there is something to drag up and down.
    this.canvas.style.touchAction = this.spec.panels.some((panel) => panel.handles?.length) ? "none" : "pan-y";
  }

  async connect() {
    const references = this.model.get("sliders");
    for (const [name, reference] of Object.entries(references)) {
      const slider = await this.model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""));
      this.sliders[name] = slider;
      const schedule = () => this.schedule();
      slider.on("change:value", schedule);
      this.cleanups.push(() => slider.off("change:value", schedule));
    }
    this.theme = readTheme(this.el);
    this.listen();
    this.showMessage();
    this.draw();
  }

  listen() {
    const redraw = () => this.schedule();
    const onSpec = () => { this.load(); this.schedule(); };
    const onCamera = () => { this.camera = [...this.model.get("camera")]; this.schedule(); };
    const onMessage = () => this.showMessage();
    this.model.on("change:spec", onSpec);
    this.model.on("change:data", redraw);
    this.model.on("change:camera", onCamera);
    this.model.on("change:message", onMessage);
    const resize = new ResizeObserver(() => { if (this.el.clientWidth !== this.drawnWidth) this.draw(); });
    resize.observe(this.el);
    const document = this.el.ownerDocument;
    const retheme = new MutationObserver(() => { this.theme = readTheme(this.el); this.schedule(); });
    retheme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
    const onDoubleClick = (event) => this.resetByLabel(event);
    const onFocus = () => this.explainLabels();
    document.addEventListener("dblclick", onDoubleClick);
    document.addEventListener("pointerover", onFocus, { once: true });
    this.canvas.addEventListener("pointerdown", (event) => this.startDrag(event));
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("keydown", (event) => this.turnByKey(event));
    this.cleanups.push(() => {
      this.model.off("change:spec", onSpec);
      this.model.off("change:data", redraw);
      this.model.off("change:camera", onCamera);
      this.model.off("change:message", onMessage);
      resize.disconnect();
      retheme.disconnect();
      document.removeEventListener("dblclick", onDoubleClick);
      document.removeEventListener("pointerover", onFocus);
      this.graph?.pause();
      cancelAnimationFrame(this.frame);
      clearTimeout(this.speaking);
    });
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  values() {
    // ipywidgets turns 8 into 8.000000000000014 when a slider first appears; the picture shows what was set.
    const tidy = (value) => (Number.isFinite(value) ? Number(value.toFixed(9)) : value);
    return Object.fromEntries(Object.entries(this.sliders).map(([name, slider]) => [name, tidy(slider.get("value"))]));
  }

  // ---- drawing -------------------------------------------------------------------------------------------------

  /** Compute everything first, then paint: whatever goes wrong, the last good picture stays. */
  draw() {
    const width = this.el.clientWidth;
    if (width === 0 || !this.theme) return; // not on the page yet: ResizeObserver calls again
    let contents;
    let words;
    const values = this.values();
    const layout = this.layout(width);
    try {
      for (const [name, value] of Object.entries(values)) {
        if (!Number.isFinite(value)) throw new Error(`${name} is not a number: move its slider, or press Reset`);
      }
      const variables = this.mathematics.variables(values);
      const data = this.model.get("data");
      contents = this.spec.panels.map((panel, k) => this.contents(panel, layout.boxes[k], variables, data));
      words = this.words({ ...variables, ...this.mathematics.averages(variables) });
    } catch (error) {
      this.showMessage(`The picture still shows the last values that worked: ${error.message}.`);
      return;
    }
    this.prepareCanvas(width, layout);
    const context = this.canvas.getContext("2d");
    this.spec.panels.forEach((panel, k) => this.paint(context, layout.boxes[k], panel, contents[k]));
    this.sentence.textContent = words;
    this.canvas.setAttribute("aria-label", words);
    this.speak(words);
    this.graph?.update(this.mathematics.variables(values));
    this.showMessage();
    this.boxes = layout.boxes;
    this.canvas.dataset.shown = JSON.stringify(this.shownValues(values));
  }

  /** The parameter values of what is on the canvas: the student's own function may be a moment behind its sliders. */
  shownValues(values) {
    return this.spec.kernelOnly ? this.model.get("data").values ?? {} : values;
  }

  layout(width) {
    const { panels, columns, ratio, height } = this.spec;
    // As many columns as wished for, as long as a panel keeps a readable width.
    let across = Math.min(columns, panels.length);
    const least = panels.length > 3 ? 150 : 260;
    while (across > 1 && (width - GAP * (across - 1)) / across < least) across -= 1;
    // The last row is full, or its panels are curves, which may be wider than the others.
    const rest = () => panels.length % across;
    while (rest() && !panels.slice(-rest()).every(({ kind }) => kind === "curves")) across -= 1;
    const lastFull = panels.length - rest();
    const lastWidth = Math.floor((width - GAP * (rest() - 1)) / (rest() || 1));
    const panelWidth = Math.floor((width - GAP * (across - 1)) / across);
    const panelHeight = height ?? Math.round(Math.max(200, Math.min(panelWidth * ratio, 430)));
    const boxes = panels.map((_, k) => {
      const own = k < lastFull ? panelWidth : lastWidth;
      return { left: (k % across) * (own + GAP), top: Math.floor(k / across) * (panelHeight + GAP), width: own, height: panelHeight };
    });
    return { boxes, height: boxes.at(-1).top + panelHeight };
  }

  prepareCanvas(width, { height, boxes }) {
    this.scale = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
    const [wide, high] = [Math.round(width * this.scale), Math.round(height * this.scale)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    this.drawnWidth = width;
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.backdropFor(width, height, boxes), 0, 0);
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
  }

  /** What lies behind the surfaces: boxes, ticks, labels. It is drawn once for all the pictures of a drag, because the
   * words in eight boxes take as long as the surfaces. */
  backdropFor(width, height, boxes) {
    const { panels } = this.spec;
    const key = JSON.stringify([width, height, this.scale, this.camera, this.theme, panels]);
    if (key === this.backdropKey) return this.backdrop;
    this.backdrop = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const context = this.backdrop.getContext("2d");
    context.scale(this.scale, this.scale);
    context.fillStyle = this.theme.background;
    context.fillRect(0, 0, width, height);
    panels.forEach((panel, k) => {
      if (panel.kind === "surface") drawBox(context, boxes[k], projection(boxes[k], this.camera), panel, this.theme);
    });
    this.backdropKey = key;
    return this.backdrop;
  }

  contents(panel, box, variables, data) {
    if (panel.kind === "curves") return this.curveContents(panel, box, variables, data);
    if (panel.kind === "surface") return this.surfaceContents(panel, variables, data);
    if (panel.kind === "graph") return graphContents(panel, variables);
    return this.heatContents(panel, variables, data);
  }

  curveContents(panel, box, variables, data) {
    const number = (tree) => compile(tree)(variables);
    const places = samplePlaces(panel, plotArea(box, panel).width);
    const dense = { ...variables, [panel.x.name]: places };
    const curves = [];
    for (const curve of panel.curves) {
      const shape = { color: curve.color, dash: curve.dash, width: curve.width, dots: curve.dots, steps: curve.steps };
      if (curve.points) {
        const [x, y] = curve.points.map((name) => [variables[name]].flat()); // a number is one point
        curves.push({ ...shape, x, y });
      } else if (this.spec.functions[curve.function].kernel) {
        const packed = data.arrays?.[curve.function];
        if (packed) curves.push({ ...shape, ...unpackCurve(packed, panel.x) });
      } else if (curve.samples !== undefined) {
        const count = Math.max(2, Math.round(number(curve.samples)));
        const [low, high] = curve.range ?? [panel.x.low, panel.x.high];
        const x = Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
        const y = this.mathematics.evaluate(curve.function, { ...variables, [panel.x.name]: x });
        curves.push({ ...shape, dots: curve.dots ?? count <= 1200, x, y });
      } else {
        const y = this.mathematics.evaluate(curve.function, dense);
        curves.push({ ...shape, x: places, y: typeof y === "number" ? new Float64Array(places.length).fill(y) : y });
      }
    }
    const marks = panel.marks.map(({ from, to }) => ({ from: number(from), to: number(to) }));
    const handles = panel.handles.map(({ parameter, left, right }) => ({ left, right, y: variables[parameter] }));
    return { curves, marks, handles };
  }

  surfaceContents(panel, variables, data) {
    if (this.spec.functions[panel.function].kernel) {
      const packed = data.arrays?.[panel.function];
      if (!packed) return { lines: null };
      return { lines: [unpack(packed.rows), unpack(packed.columns)], z: unpack(packed.values) };
    }
    const [low, high] = [[panel.x1.low, panel.x2.low], [panel.x1.high, panel.x2.high]];
    const uniform = low.map((from, axis) => Float64Array.from({ length: COARSE }, (_, k) => from + ((high[axis] - from) * k) / (COARSE - 1)));
    const coarse = this.onGrid(panel, uniform, variables);
    const count = this.spec.panels.length > 2 ? SURFACE_LINES.many : SURFACE_LINES.few;
    const lines = adaptiveLines(coarse, COARSE, low, high, panel.z.high - panel.z.low, count);
    return { lines, z: this.onGrid(panel, lines, variables) };
  }

  heatContents(panel, variables, data) {
    const outlines = panel.outlines.map((points) => points.map((point) => point.map((tree) => compile(tree)(variables))));
    if (this.spec.functions[panel.function].kernel) {
      const packed = data.arrays?.[panel.function];
      return packed ? { z: unpack(packed.flat), n: packed.n, outlines } : { z: new Float64Array(4), n: 2, outlines };
    }
    const n = 96; // cells along a side; the browser smooths between them
    return { z: this.onGrid(panel, [middles(panel.x1, n), middles(panel.x2, n)], variables), n, outlines };
  }

  /** The panel's function on the grid of these lines: x1 along the rows of the result, x2 along its columns. */
  onGrid(panel, [rows, columns], variables) {
    const [x1, x2] = grid(rows, columns);
    const z = this.mathematics.evaluate(panel.function, { ...variables, [panel.x1.name]: x1, [panel.x2.name]: x2 });
    return typeof z === "number" ? new Float64Array(x1.length).fill(z) : z;
  }

  paint(context, box, panel, content) {
    if (panel.kind === "curves") drawCurves(context, box, panel, content, this.theme);
    else if (panel.kind === "graph") drawGraph(context, box, panel, content, this.graph.chosen, this.theme);
    else if (panel.kind === "heat") drawHeat(context, box, panel, content.z, content.n, this.colors, content.outlines, this.theme);
    else this.paintSurfacePanel(context, box, panel, content);
  }

  paintSurfacePanel(context, box, panel, { lines, z }) {
    if (!lines) return;
    const view = projection(box, this.camera);
    // At twice the screen's resolution, except where the screen itself is fine enough.
    const fine = this.scale < 2 ? 2 : 1;
    const [width, height] = [Math.floor(box.width * this.scale), Math.floor(box.height * this.scale)];
    this.buffer.clear(width * fine, height * fine, this.theme.dark ? 0x00101010 : 0x00ffffff);
    paintSurface(this.buffer, view, [this.scale * fine, box.left, box.top], panel, lines, z, this.table);
    if (this.sheet?.width !== width || this.sheet.height !== height) {
      this.sheet = new OffscreenCanvas(width, height);
      this.image = new ImageData(width, height);
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    if (fine === 2) this.buffer.halve(pixels);
    else pixels.set(this.buffer.pixels.subarray(0, width * height));
    this.sheet.getContext("2d").putImageData(this.image, 0, 0);
    context.drawImage(this.sheet, box.left, box.top, width / this.scale, height / this.scale);
  }

  // ---- words ---------------------------------------------------------------------------------------------------

  /** The sentence under the picture: the first whose condition holds, with the numbers put in. */
  words(variables, sentences = this.spec.sentences) {
    const { parts } = sentences.find(({ when }) => compile(when)(variables));
    return parts.map((part) => (typeof part === "string" ? part : readable(compile(part[0])(variables), part[1]))).join("");
  }

  /** Screen readers hear the sentence when the hand rests, not thirty times a second. */
  speak(words) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => { this.spoken.textContent = words; }, 700);
  }

  showMessage(text = this.model.get("message")) {
    this.message.hidden = !text;
    this.message.textContent = text ? `⚠ ${text}` : "";
  }

  // ---- hands ---------------------------------------------------------------------------------------------------

  set(name, value) {
    const slider = this.sliders[name];
    const [min, max, step] = ["min", "max", "step"].map((key) => slider.get(key));
    const rounded = Number((min + Math.round((value - min) / step) * step).toFixed(9));
    const inside = Math.max(min, Math.min(max, rounded));
    if (inside === slider.get("value")) return;
    slider.set("value", inside);
    slider.save_changes();
  }

  reset() {
    for (const [name, value] of Object.entries(this.spec.defaults)) {
      this.sliders[name].set("value", value);
      this.sliders[name].save_changes();
    }
    this.graph?.pause();
    this.graph?.choose(-1);
    this.setCamera(this.spec.camera);
  }

  /** The box that holds this picture and its sliders. */
  get container() {
    return this.el.closest(".nn-explorer");
  }

  nameOfLabel(label) {
    const box = label?.closest("[class*='nn-slider-']");
    const found = [...(box?.classList ?? [])].find((name) => name.startsWith("nn-slider-"));
    return found && this.container?.contains(box) ? found.slice("nn-slider-".length) : undefined;
  }

  resetByLabel(event) {
    const name = this.nameOfLabel(event.target.closest?.(".widget-label"));
    if (name in this.sliders) this.set(name, this.spec.defaults[name]);
  }

  explainLabels() {
    const container = this.container;
    if (!container) return;
    keepPlainKeys(container);
    for (const label of container.querySelectorAll("[class*='nn-slider-'] .widget-label")) {
      const name = this.nameOfLabel(label);
      if (name in this.spec.defaults) label.title = `${this.spec.meanings[name]} (double-click: back to ${this.spec.defaults[name]})`;
    }
  }

  setCamera([azimuth, elevation]) {
    this.camera = [((azimuth % 360) + 360) % 360, Math.max(5, Math.min(88, elevation))];
    this.schedule();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => {
      this.model.set("camera", this.camera);
      this.model.save_changes();
    }, 200);
  }

  turnByKey(event) {
    if (this.graph) this.graph.key(event);
    const turn = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] }[event.key];
    if (!(turn || event.key === "Home")) return;
    event.stopPropagation(); // JupyterLab would go to another cell
    if (!this.hasSurface) return;
    event.preventDefault();
    this.setCamera(turn ? [this.camera[0] + turn[0], this.camera[1] + turn[1]] : this.spec.camera);
  }

  /** Where a pointer is: the panel, and what can be dragged there. */
  target(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
    const k = this.boxes?.findIndex((box) => x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height);
    if (k === undefined || k < 0) return {};
    const panel = this.spec.panels[k];
    if (panel.kind === "surface") return { turn: true };
    if (panel.kind === "graph") return { node: nodeAt(this.boxes[k], panel, x, y), x, y };
    if (!panel.handles?.length && !panel.drag) return {};
    const area = plotArea(this.boxes[k], panel);
    const place = area.fromX(x);
    if (panel.drag) return { handle: panel.drag, value: place, sideways: true };
    const handle = panel.handles.find(({ left, right }) => place >= left && place < right);
    return handle ? { handle: handle.parameter, value: area.fromY(y) } : {};
  }

  hover(event) {
    const { turn, handle, sideways, node } = this.target(event);
    this.canvas.style.cursor = node >= 0 ? "pointer" : turn ? "grab" : handle ? (sideways ? "ew-resize" : "ns-resize") : "default";
  }

  startDrag(event) {
    const start = this.target(event);
    if (start.node !== undefined) this.graph.press(start.x, start.y);
    if (!start.turn && !start.handle) return;
    this.canvas.setPointerCapture(event.pointerId);
    const camera = [...this.camera];
    const move = (now) => {
      if (start.turn) {
        this.setCamera([camera[0] - 0.5 * (now.clientX - event.clientX), camera[1] + 0.4 * (now.clientY - event.clientY)]);
      } else {
        const { handle, value } = this.target(now);
        if (handle) this.set(handle, value); // one stroke may cross several bumps: each follows the pointer above it
      }
    };
    const stop = () => {
      this.canvas.removeEventListener("pointermove", move);
      for (const end of ["pointerup", "pointercancel"]) this.canvas.removeEventListener(end, stop);
    };
    move(event);
    this.canvas.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, stop);
  }
}

/** Arrow keys turn the picture and move sliders, they do not leave the cell; Ctrl+S and the like stay JupyterLab's. */
function keepPlainKeys(element) {
  if (element.dataset.lmSuppressShortcuts) return;
  const keep = (event) => {
    if (event.ctrlKey || event.metaKey) delete element.dataset.lmSuppressShortcuts;
    else element.dataset.lmSuppressShortcuts = "true";
  };
  keep({});
  // Also when Ctrl itself goes down or up: JupyterLab may look before these listeners hear of the next key.
  element.addEventListener("keydown", keep, true);
  element.addEventListener("keyup", keep, true);
  element.addEventListener("focusout", keep, true); // a shortcut may take the focus away before Ctrl goes up
}

function unpackCurve(packed, axis) {
  const y = unpack(packed);
  return { y, x: Float64Array.from(y, (_, i) => axis.low + ((axis.high - axis.low) * i) / (y.length - 1)) };
}

async function render({ model, el }) {
  const picture = new Picture(model, el);
  await picture.connect();
  return () => picture.cleanups.forEach((cleanup) => cleanup());
}

export default { render, Mathematics, unpack };
