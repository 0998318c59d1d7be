// The panel of a drawn digit: mouse, finger or keys put ink on paper, and the network's answer follows.

import { Classifier } from "./classifier.js";
import { barAt, digitLayout, digitParts, drawDigit } from "./digit_drawing.js";
import { PAD, asMnist, blankPaper, enlargedImage, imageCode, strokeInk } from "./handwriting.js";
import { unpack } from "../core/mathematics.js";
import { Pulse } from "../core/pulse.js";
import { colorTable } from "../core/theme.js";

const KEY_STEP = 5; // points that an arrow key moves the pen
const TELL = 250; // milliseconds of rest after which Python is told what is on the paper

export class DigitPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.colors = colorTable(panel.colors);
    this.hint = "Or by keyboard, in the picture: arrow keys move the pen, space lowers and lifts it, Delete clears.";
    this.changes = 0;
    this.example = -1;
    this.sent = ""; // the drawing that Python knows
    this.fade = new Pulse(picture);
    this.buttons = [this.button("Clear", () => this.clear())];
    if (panel.examples) this.buttons.push(this.button("Test digit", () => this.nextExample()));
    picture.stage.after(picture.tools);
    this.onDrawing = () => this.take(picture.model.get("drawing"));
    picture.model.on("change:drawing", this.onDrawing);
    this.reset();
    this.take(picture.model.get("drawing"));
  }

  button(label, act) {
    const { tools, hint } = this.picture;
    const button = tools.ownerDocument.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", act);
    tools.insertBefore(button, hint);
    return button;
  }

  get data() { return this.picture.model.get("data").arrays; }

  get classifier() {
    if (this.layers !== this.data.layers) {
      this.layers = this.data.layers;
      this.known = new Classifier(this.layers);
    }
    return this.known;
  }

  // ---- what is on the paper ------------------------------------------------------------------------------------

  /** Other ink; what the network sees of it is computed when it is drawn. */
  changed() {
    this.image = undefined;
    this.changes += 1;
    this.picture.schedule();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tell(), TELL);
  }

  tell() {
    this.sent = imageCode(this.seen());
    this.picture.model.set("drawing", this.sent);
    this.picture.model.save_changes();
  }

  /** What Python put on the paper. */
  take(code) {
    if (code === this.sent) return;
    this.sent = code;
    if (!code) this.reset();
    else this.put(unpack({ codes: code, low: 0, high: 1 }));
  }

  put(image) {
    this.former = { ink: this.ink, image: this.seen() };
    this.ink = enlargedImage(image);
    this.pen = undefined;
    this.changed();
  }

  seen() {
    return (this.image ??= asMnist(this.ink));
  }

  line(from, to) {
    strokeInk(this.ink, from.x, from.y, to.x, to.y);
    this.changed();
  }

  clear() {
    this.ink = blankPaper();
    this.changed();
  }

  nextExample() {
    const { examples } = this.data;
    this.example = (this.example + 1) % examples.length;
    this.put(unpack(examples[this.example]));
  }

  reset() {
    this.ink = blankPaper();
    this.pen = undefined;
    this.example = -1;
    for (const places of this.panel.start) {
      places.forEach(([x, y], k) => strokeInk(this.ink, ...places[Math.max(0, k - 1)], x, y));
    }
    if (!this.panel.start.length && this.panel.examples) this.nextExample();
    else this.changed();
  }

  // ---- computing and drawing -----------------------------------------------------------------------------------

  contents(box, variables) {
    this.box = box;
    // One example becomes the next.
    const share = this.fade.at(this.example);
    const faded = (now, from) => (share < 1 && from ? now.map((ink, i) => from[i] + share * (ink - from[i])) : now);
    const image = faded(this.seen(), this.former?.image);
    const probabilities = this.classifier.probabilities(this.classifier.logits(image));
    const [first, second] = probabilities.map((p, k) => [p, k]).sort(([p, k], [q, l]) => q - p || k - l).map(([, k]) => k);
    const chosen = variables.class === 0 ? first : variables.class - 1;
    const { lead, gradient } = this.classifier.lead(chosen);
    const spoken = gradient.map((slope, i) => slope * image[i]);
    const total = spoken.reduce((a, b) => a + b, 0);
    const { classes } = this.panel;
    Object.assign(variables, {
      written: image.some((ink) => ink > 0) ? 1 : 0, says: classes[first], p_says: probabilities[first],
      next: classes[second], p_next: probabilities[second], chosen: classes[chosen], lead, total, rest: lead - total,
    });
    this.shown = { drawing: this.changes, says: classes[first] };
    return { ink: faded(this.ink, this.former?.ink), image, probabilities, first, chosen, evidence: variables.pixels === 0 ? spoken : gradient };
  }

  height(width) {
    return digitLayout(width).height;
  }

  paint(context, box, contents) {
    drawDigit(context, digitParts(box), this.panel, contents, this.pen, this.picture.theme, this.colors);
  }

  // ---- hands ---------------------------------------------------------------------------------------------------

  onPad({ x, y }, box) {
    const { left, top, side } = digitParts(box).pad;
    return x >= left && x <= left + side && y >= top && y <= top + side;
  }

  /** A place of the canvas in points of the paper. */
  onPaper({ x, y }, box) {
    const { left, top, side } = digitParts(box).pad;
    return { x: ((x - left) / side) * PAD, y: ((y - top) / side) * PAD };
  }

  /** A finger on the paper draws; anywhere else it scrolls the page. */
  holds(at, box) {
    return this.onPad(at, box);
  }

  cursor(at, box) {
    if (this.onPad(at, box)) return "crosshair";
    return barAt(digitParts(box), at, this.panel.classes.length) >= 0 ? "pointer" : undefined;
  }

  press(at, box) {
    if (!this.onPad(at, box)) {
      const bar = barAt(digitParts(box), at, this.panel.classes.length);
      if (bar >= 0) this.choose(bar + 1);
      return undefined;
    }
    this.pen = undefined;
    let last = this.onPaper(at, box);
    return (now) => {
      const next = this.onPaper(now, box);
      this.line(last, next);
      last = next;
    };
  }

  /** Choose a class, by its place in the menu; the same again, and the most probable one is chosen. */
  choose(place) {
    const menu = this.picture.sliders.class;
    menu.set("index", menu.get("index") === place ? 0 : place);
    menu.save_changes();
  }

  key({ key }) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (key === "Delete" || key === "Backspace") this.clear();
    else if (key === " " || move) this.movePen(move);
    else return false;
    return true;
  }

  /** Move the pen of the keyboard, or lower and lift it. */
  movePen(move) {
    const from = (this.pen ??= { x: PAD / 2, y: PAD / 4, down: false });
    const within = (place) => Math.max(10, Math.min(PAD - 10, place));
    this.pen = move
      ? { ...from, x: within(from.x + KEY_STEP * move[0]), y: within(from.y + KEY_STEP * move[1]) }
      : { ...from, down: !from.down };
    if (this.pen.down) this.line(from, this.pen);
    else this.picture.schedule();
  }

  remove() {
    clearTimeout(this.telling);
    this.picture.model.off("change:drawing", this.onDrawing);
    for (const button of this.buttons) button.remove();
  }
}
