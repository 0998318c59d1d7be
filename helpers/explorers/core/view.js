// The one picture of the pack: sliders in, canvas out.
//
// The model's `spec` says what to draw (formulas, panels, sentences), `sliders` refers to the ipywidgets sliders.
// A slider that moves changes the picture here, in the browser, in the next animation frame; Python is told, but
// the picture does not wait for it. Only functions marked `kernel` (the student's own) come from Python as `data`.
// What the panels are is not known here: see kinds.js.

import { compile } from "./formula.js";
import { Handles } from "./handles.js";
import { Hands } from "./hands.js";
import { describeImages } from "./image_words.js";
import { SliderWords } from "./slider_words.js";
import { KINDS } from "./kinds.js";
import { Light } from "./light.js";
import { layoutOf } from "./panel_layout.js";
import { Mathematics, inWords, unpack } from "./mathematics.js";
import { Glide } from "./pulse.js";
import { colorTable, readTheme } from "./theme.js";

const AROUND = 190; // CSS pixels: meanings, sentence, buttons, and the bar of the page or of JupyterLab

const PATIENCE = 4000; // milliseconds in which Python answers a slider, where it runs

const SILENT = "Python does not answer, and the picture stays as it was. If the kernel was restarted, run this cell again.";

const pictures = { count: 0 }; // of this page: for ids

class Picture {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.sliders = {};
    this.panels = [];
    this.cleanups = [];
    this.build();
  }

  build() {
    this.el.classList.add("nn-view");
    this.el.innerHTML = `
      <p class="nn-meanings"></p>
      <div class="nn-row">
        <div class="nn-stage"><canvas role="img" tabindex="0"></canvas><div class="nn-handles"></div></div>
        <div class="nn-side" hidden></div>
      </div>
      <p class="nn-sentence"></p>
      <p class="nn-message" role="alert" hidden></p>
      <div class="nn-tools"><button type="button">Reset</button><span class="nn-hint"></span></div>
      <div class="nn-parts"></div>
      <span class="nn-spoken" role="status"></span>`;
    const find = (selector) => this.el.querySelector(selector);
    this.canvas = find("canvas");
    this.stage = find(".nn-stage");
    this.side = find(".nn-side");
    this.handles = new Handles(this, find(".nn-handles"));
    this.light = new Light(this);
    this.sentence = find(".nn-sentence");
    this.message = find(".nn-message");
    this.tools = find(".nn-tools");
    this.hint = find(".nn-hint");
    this.parts = find(".nn-parts");
    this.spoken = find(".nn-spoken");
    find("button").addEventListener("click", () => this.reset());
    this.hint.id = `nn-hint-${++pictures.count}`;
    const titles = this.model.get("spec").panels.map(({ title }) => title).filter(Boolean).join("; ");
    const described = { "aria-label": titles || "picture", "aria-roledescription": "interactive picture", "aria-describedby": this.hint.id };
    for (const [name, words] of Object.entries(described)) this.canvas.setAttribute(name, words);
  }

  /** Take over the description; again whenever Python sends another one. */
  load() {
    this.spec = this.model.get("spec");
    this.mathematics = new Mathematics(this.spec);
    this.colors = colorTable(this.spec.colors);
    this.camera = [...this.model.get("camera")];
    this.cross = this.spec.panels.find(({ cross }) => cross)?.cross;
    this.glide = new Glide(this);
    this.removePanels();
    this.panels = this.spec.panels.map((panel) => new KINDS[panel.kind](this, panel));
    const elements = (beside) => this.panels.filter((panel) => panel.element && Boolean(panel.beside) === beside);
    this.side.replaceChildren(...elements(true).map(({ element }) => element));
    this.side.hidden = !this.side.children.length;
    this.parts.replaceChildren(...elements(false).map(({ element }) => element));
    const hints = new Set(this.panels.map(({ hint }) => hint).filter(Boolean));
    // In browse mode, screen readers keep the arrow keys of an img to themselves.
    this.canvas.setAttribute("role", this.panels.some(({ key }) => key) ? "application" : "img");
    this.hint.textContent = [...hints, "Click a number to type it. Delete on a slider, or its name pressed twice: its first value."].join(" ");
  }

  removePanels() {
    for (const panel of this.panels) panel.remove?.();
  }

  async connect() {
    const references = this.model.get("sliders");
    for (const [name, reference] of Object.entries(references)) {
      const slider = await this.model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""));
      this.sliders[name] = slider;
      this.follow(slider);
    }
    this.theme = readTheme(this.el);
    this.load();
    this.listen();
    this.showMessage();
    this.draw();
  }

  /** Draw whenever the slider's number changes; keep a whole number whole, and the handle where the number is. */
  follow(slider) {
    let moving = false;
    const changed = (_model, value, options) => {
      this.schedule();
      this.awaitPython(slider);
      if (isWhole(slider) && Number.isFinite(value) && !Number.isInteger(value)) {
        // Here, before it is sent: Python would mend it too, but its answer may come after the next key.
        slider.set("value", Math.round(value), options);
      } else if (!moving) {
        moving = true;
        moveHandle(options?.updated_view, slider, value);
        moving = false;
      }
    };
    slider.on("change:value change:index", changed);
    this.cleanups.push(() => slider.off("change:value change:index", changed));
  }

  listen() {
    const changes = {
      spec: () => { this.load(); this.schedule(); },
      data: () => { this.pythonAnswered(); this.schedule(); },
      camera: () => { this.camera = [...this.model.get("camera")]; this.schedule(); },
      message: () => this.pythonAnswered(),
    };
    for (const [trait, act] of Object.entries(changes)) this.model.on(`change:${trait}`, act);
    const resize = new ResizeObserver(() => { if (this.stage.clientWidth !== this.drawnRoom) this.draw(); });
    resize.observe(this.stage);
    const onResize = () => this.schedule(); // the window may have become lower
    window.addEventListener("resize", onResize);
    const retheme = new MutationObserver(() => { this.theme = readTheme(this.el); this.schedule(); });
    retheme.observe(this.el.ownerDocument.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
    this.hands = new Hands(this);
    this.sliderWords = new SliderWords(this);
    this.cleanups.push(() => {
      for (const [trait, act] of Object.entries(changes)) this.model.off(`change:${trait}`, act);
      resize.disconnect();
      window.removeEventListener("resize", onResize);
      retheme.disconnect();
      this.removePanels();
      cancelAnimationFrame(this.frame);
      for (const timer of [this.speaking, this.waiting, this.saving]) clearTimeout(timer);
    });
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => this.drawNow());
  }

  /** What is drawn now is on its way: draw again. */
  moving() {
    this.onTheWay = true;
    this.schedule();
  }

  /** Draw what was put off until the next frame. */
  drawNow() {
    if (this.frame === undefined) return;
    cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.draw();
  }

  values() {
    // ipywidgets turns 8 into 8.000000000000014 when a slider first appears; the picture shows what was set.
    const tidy = (value, digits, whole) => {
      if (!Number.isFinite(value)) return value;
      if (whole) return Math.round(value);
      return Number(digits ? value.toPrecision(digits) : value.toFixed(9));
    };
    const { digits } = this.spec;
    const entries = Object.entries(this.sliders).map(([name, slider]) => {
      return [name, tidy(slider.get(valueOf(slider)), digits[name], isWhole(slider))];
    });
    return Object.fromEntries(entries);
  }

  // ---- drawing -------------------------------------------------------------------------------------------------

  /** CSS pixels of height that the window has beside the controls, the words and what stands at its top. A phone scrolls. */
  roomInSight(width) {
    const sliders = this.el.closest(".nn-explorer")?.querySelector(".nn-sliders")?.offsetHeight ?? 0;
    return width > 520 ? window.innerHeight - sliders - AROUND : Infinity;
  }

  /** Compute everything first, then paint: whatever goes wrong, the last good picture stays. */
  draw() {
    const room = this.stage.clientWidth;
    if (room === 0 || !this.theme) return; // not on the page yet: ResizeObserver calls again
    this.drawnRoom = room;
    this.onTheWay = false;
    let variables;
    let contents;
    let words;
    const data = this.model.get("data");
    // The student's own function may be a moment behind its sliders, or stopped: the words are those of the picture.
    const values = { ...this.glide.values(this.values()), ...(this.spec.kernelOnly ? data.values : {}) };
    const { boxes, width, height } = layoutOf(this.panels, this.spec, room, this.roomInSight(room));
    try {
      for (const [name, value] of Object.entries(values)) {
        if (!Number.isFinite(value)) throw new Error(`${name} is not a number: move its slider, or press Reset`);
      }
      variables = this.mathematics.variables(values);
      Object.assign(variables, this.mathematics.averages(variables));
      contents = this.panels.map((panel, k) => panel.contents(boxes[k], variables, data));
      words = this.words(variables);
    } catch (error) {
      if (this.onTheWay) { // perhaps only for numbers on the way
        this.glide.end();
        return this.schedule();
      }
      this.showMessage(`The picture still shows the last values that worked: ${error.message}.`);
      return;
    }
    this.boxes = boxes;
    this.prepareCanvas(width, height);
    const context = this.canvas.getContext("2d");
    this.panels.forEach((panel, k) => panel.paint?.(context, boxes[k], contents[k]));
    this.sentence.textContent = words;
    this.canvas.setAttribute("aria-label", words);
    if (this.said !== undefined && this.said !== words) this.speak(words); // at first it waits to be read
    this.said = words;
    this.panels.forEach((panel, k) => panel.show?.(contents[k], variables));
    const handlesOf = (panel, k) => panel.handles?.(boxes[k], contents[k], variables) ?? [];
    this.handles.show(this.panels.flatMap((panel, k) => handlesOf(panel, k).map((handle) => ({ panel, ...handle }))));
    this.light.draw();
    this.showMessage();
    this.canvas.dataset.shown = JSON.stringify(this.shownValues(values));
    this.canvas.toggleAttribute("data-moving", this.onTheWay);
  }

  /** The parameter values of what is on the canvas: the student's own function may be a moment behind its sliders. */
  shownValues(values) {
    if (this.spec.kernelOnly) return this.model.get("data").values ?? {};
    const former = Object.entries(this.spec.former).map(([old, name]) => [old, Number(Math.log10(values[name]).toFixed(9))]);
    return Object.assign({}, values, Object.fromEntries(former), ...this.panels.map(({ shown }) => shown));
  }

  prepareCanvas(width, height) {
    this.scale = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
    const [wide, high] = [Math.round(width * this.scale), Math.round(height * this.scale)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
      this.stage.classList.toggle("nn-wide", width > this.drawnRoom);
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.backdropFor(width, height), 0, 0);
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
  }

  /** What lies behind the panels. It is drawn once for all the pictures of a drag, because the words in eight boxes
   * take as long as the surfaces. */
  backdropFor(width, height) {
    const key = JSON.stringify([width, height, this.scale, this.camera, this.theme, this.spec.panels]);
    if (key === this.backdropKey) return this.backdrop;
    this.backdrop = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const context = this.backdrop.getContext("2d");
    context.scale(this.scale, this.scale);
    context.fillStyle = this.theme.background;
    context.fillRect(0, 0, width, height);
    this.panels.forEach((panel, k) => panel.backdrop?.(context, this.boxes[k]));
    this.backdropKey = key;
    return this.backdrop;
  }

  // ---- words ---------------------------------------------------------------------------------------------------

  /** The sentence under the picture: the first whose condition holds, with the numbers put in. */
  words(variables, sentences = this.spec.sentences) {
    return inWords(sentences.find(({ when }) => compile(when)(variables)).parts, variables);
  }

  /** Screen readers hear words when the hand rests, not thirty times a second: the sentence, if it is another one, or a turn. */
  speak(words) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => { this.spoken.textContent = words; }, 700);
  }

  showMessage(text = this.model.get("message")) {
    if (!text && this.silent) text = SILENT;
    const shown = text ? `⚠ ${text}` : "";
    if (shown === this.message.textContent) return; // it would be spoken again
    this.message.hidden = !text;
    this.message.textContent = shown;
  }

  /** A function of the student's is computed by Python: after a restart of the kernel nobody answers. */
  awaitPython(slider) {
    if (!this.spec?.kernelOnly) return; // not loaded yet: ipywidgets tidies 10 to 9.999… as it draws a slider
    clearTimeout(this.waiting);
    const stopped = slider.comm_live === false; // ipywidgets knows; elsewhere there is only the time
    this.waiting = setTimeout(() => { this.silent = true; this.showMessage(); }, stopped ? 0 : PATIENCE);
  }

  pythonAnswered() {
    clearTimeout(this.waiting);
    this.silent = false;
    this.showMessage();
  }

  // ---- sliders and camera --------------------------------------------------------------------------------------

  /** The number next to `value` that the slider has. */
  nearest(slider, value) {
    const [min, max, step, base] = ["min", "max", "step", "base"].map((key) => slider.get(key));
    const place = base ? Math.log(value) / Math.log(base) : value; // min and max of a logarithmic slider are exponents
    const rounded = Number((min + Math.round((place - min) / step) * step).toFixed(9));
    const inside = Math.max(min, Math.min(max, rounded));
    return base ? base ** inside : inside;
  }

  set(name, value) {
    const slider = this.sliders[name];
    const now = this.nearest(slider, value);
    if (now === slider.get("value")) return;
    slider.set("value", now);
    slider.save_changes();
  }

  /** Several at once, as they were: { name: value }. */
  putAll(values) {
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  /** The number that a slider or a menu holds. */
  valueOf(slider) {
    return slider.get(valueOf(slider));
  }

  /** Give a slider its first value again. */
  setBack(name) {
    const slider = this.sliders[name];
    slider.set(valueOf(slider), this.spec.defaults[name]);
    slider.save_changes();
  }

  /** The picture goes back to its first state, and the eye can follow. */
  reset() {
    const before = [this.glide.values(this.values()), this.camera];
    for (const name of Object.keys(this.spec.defaults)) this.setBack(name);
    for (const panel of this.panels) panel.reset?.();
    this.setCamera(this.spec.camera);
    this.glide.begin(...before);
  }

  setCamera([azimuth, elevation]) {
    this.glide.end();
    const camera = this.camera = [((azimuth % 360) + 360) % 360, Math.max(5, Math.min(88, elevation))];
    this.speak(`Turned to ${Math.round(this.camera[0])}°, seen from ${Math.round(this.camera[1])}° above.`);
    this.schedule();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => {
      this.model.set("camera", camera);
      this.model.save_changes();
    }, 200);
  }
}

/** The trait that holds the number: of a slider its value, of a menu the index of the chosen option. */
function valueOf(slider) {
  return slider.get("value") === undefined ? "index" : "value";
}

/** Whether the slider is one of whole numbers (WholeSlider in Python): its readout says so. */
function isWhole(slider) {
  return slider.get("readout_format") === "d";
}

/** In Colab a number typed beside a slider leaves the handle where it was, and the next arrow key goes on from there. `view` is
 * the slider's own, where a hand has changed the number; a handle that is being dragged is left alone. */
function moveHandle(view, slider, value) {
  if (view?.updateSliderValue && !view.el.querySelector(".noUi-active")) view.updateSliderValue(slider, value, {});
}

async function render({ model, el }) {
  if (!pictures.count && el.ownerDocument.querySelector(".jp-OutputArea")) describeImages(el.ownerDocument);
  const picture = new Picture(model, el);
  await picture.connect();
  return () => {
    picture.cleanups.forEach((cleanup) => cleanup());
    // ipywidgets keeps every view that it has drawn: leave it nothing to keep.
    Object.assign(picture, { panels: [], mathematics: undefined, backdrop: undefined, backdropKey: undefined, sliders: {} });
    el.replaceChildren();
  };
}

export default { render, Mathematics, unpack };
