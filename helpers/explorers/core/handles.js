// What can be seized in a picture: grips of one look that lie on the canvas, for mouse, finger, keys and ears.
//
// A panel's `handles(box, contents, variables)` says after each draw what there is to seize. A handle has
//   x, y         where its grip is, in CSS pixels of the canvas
//   along        "x", "y" or "xy": where it can go
//   label        what it is: "place of the step"
//   text         its value in words, as the picture shows it: "x = 0.30"
//   names        the sliders that it moves: the first tells its range, and all are put back when a finger scrolls on
//   move(to, start)  put it to the place {x, y}; `start` = { x, y, values } is how all was when it was seized
// and, where it needs them,
//   width, height    what a hand can hit, where that is more than 28 × 28; the knob is in its middle, or `knob` pixels lower
//   angle        degrees by which the arrows on the grip are turned; the arrow keys follow
//   color        the line style whose colour it has: that of the curve or quantity that it belongs to
//   face         words on the grip in place of its knob: a number to scrub
//   anywhere     whether a press anywhere in the panel brings it there
//   many         one of a crowd: only the first is reached with Tab, the others from it with Enter
//   tap(element)  a press that does not move
//   back()       back to where it was at first, where that is no slider's
//   key(event, element)  a key before any other; true if it was used. `element` is its <span>, to be typed into

import { compile } from "./formula.js";
import { inWords } from "./mathematics.js";
import { LINE_COLORS } from "./theme.js";

const REACH = 28; // CSS pixels across that a hand can hit; WCAG 2.2 asks for 24
const SIDEWAYS = 6; // CSS pixels that a finger goes sideways before it drags: up and down it scrolls the page
const FARTHEST = 400; // CSS pixels that one arrow key may move a grip to reach the next step of its slider

/** Follow a pointer that went down on `element` with move(place), at once or, a finger that is not `held` there, once it has
 * gone sideways. undo() where the browser takes the pointer away to scroll. */
export function followPointer(element, event, placeOf, move, { undo, held } = {}) {
  const from = placeOf(event);
  let moving = held || event.pointerType === "mouse";
  element.setPointerCapture(event.pointerId);
  const onMove = (now) => {
    const to = placeOf(now);
    moving ||= Math.abs(to.x - from.x) > SIDEWAYS;
    if (moving) move(to);
  };
  const stop = (now) => {
    element.removeEventListener("pointermove", onMove);
    for (const end of ["pointerup", "pointercancel"]) element.removeEventListener(end, stop);
    if (now.type === "pointercancel") undo?.();
    else if (!moving) move(placeOf(now)); // a tap
  };
  if (moving) move(from);
  element.addEventListener("pointermove", onMove);
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, stop);
}

export class Handles {
  constructor(picture, layer) {
    this.picture = picture;
    this.layer = layer;
    this.grips = [];
  }

  /** After each draw: a grip for each handle of each panel, where it belongs now. */
  show(handles) {
    while (this.grips.length > handles.length) this.grips.pop().element.remove();
    while (this.grips.length < handles.length) this.grips.push(this.newGrip());
    handles.forEach((handle, k) => this.place(this.grips[k], handle));
  }

  /** The handles of a panel, as they are now. */
  of(panel) {
    return this.grips.map(({ handle }) => handle).filter((handle) => handle.panel === panel);
  }

  newGrip() {
    const element = this.layer.ownerDocument.createElement("span");
    element.setAttribute("role", "slider");
    const grip = { element, written: {} };
    element.addEventListener("pointerdown", (event) => this.seize(grip, event));
    element.addEventListener("keydown", (event) => this.key(grip, event));
    element.addEventListener("dblclick", () => this.putBack(grip));
    this.layer.append(element);
    return grip;
  }

  place(grip, handle) {
    const { element, written } = grip;
    grip.handle = handle;
    const { x, y, along, label, text, face, many, color, width = REACH, height = REACH, knob = 0, angle = 0, names = [] } = handle;
    const slider = this.picture.sliders[names[0]];
    const [low, high, value] = slider ? ["min", "max", "value"].map((key) => slider.get(key)) : [0, 1, 0];
    const crowd = many && this.grips.find((other) => other.handle?.many) !== grip;
    const now = {
      class: `nn-handle nn-along-${along}${face === undefined ? "" : " nn-face"}${many ? " nn-many" : ""}${grip.held ? " nn-held" : ""}`,
      style: `left: ${(x - width / 2).toFixed(1)}px; top: ${(y - height / 2).toFixed(1)}px; width: ${width}px; height: ${height}px; --ink: ${LINE_COLORS.light[color] ?? "#212121"}; --turn: ${angle.toFixed(0)}deg; --knob: ${knob.toFixed(1)}px`,
      "aria-label": label, "aria-valuetext": text ?? face ?? "", "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": value,
      tabindex: crowd ? -1 : 0,
    };
    for (const [name, what] of Object.entries(now)) {
      if (written[name] !== what) element.setAttribute(name, (written[name] = what));
    }
    if (element.isContentEditable || written.face === face) return; // being typed into
    element.textContent = written.face = face;
  }

  /** How all is now: what a drag counts from, and what it is put back to. */
  startOf({ x, y, names = [] }) {
    const { sliders, valueOf } = this.picture;
    return { x, y, values: Object.fromEntries(names.map((name) => [name, valueOf(sliders[name])])) };
  }

  seize(grip, event) {
    if (event.button || grip.element.isContentEditable) return;
    const { handle, element } = grip;
    event.stopPropagation();
    const start = this.startOf(handle);
    const from = this.picture.hands.place(event);
    let moved = false;
    this.hold(grip, true);
    const ended = ({ type }) => {
      for (const end of ["pointerup", "pointercancel"]) element.removeEventListener(end, ended);
      this.hold(grip, false);
      if (type === "pointerup" && !moved) handle.tap?.(element);
    };
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, ended);
    // The grip keeps its distance from the finger: nothing jumps when it is seized.
    followPointer(element, event, (now) => this.picture.hands.place(now), (now) => {
      moved ||= Math.hypot(now.x - from.x, now.y - from.y) > (handle.tap ? 4 : 1);
      if (moved) handle.move({ x: handle.x + now.x - from.x, y: handle.y + now.y - from.y }, start);
    }, {
      held: handle.along !== "x", // as its touch-action has it
      undo: () => this.picture.putAll(start.values),
    });
  }

  hold(grip, held) {
    grip.held = held;
    this.place(grip, grip.handle);
  }

  putBack({ handle }) {
    handle.back?.();
    for (const name of handle.names ?? []) this.picture.setBack(name);
  }

  key(grip, event) {
    const { handle, element } = grip;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const turn = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], PageUp: [1, -1], PageDown: [-1, 1] };
    if (!handle.key?.(event, element)) {
      if (event.key in turn) this.nudge(grip, turn[event.key], event.shiftKey || event.key.startsWith("Page") ? 10 : 1);
      else if (event.key === "Home" || event.key === "Backspace") this.putBack(grip);
      else if (event.key === "Enter" && handle.many) this.next(grip);
      else return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** An arrow key: as many pixels as the next step of a slider needs, and so many times more. */
  nudge(grip, [right, down], times) {
    this.picture.drawNow(); // what an earlier key has changed
    const { handle } = grip;
    const [dx, dy] = { x: [right || -down, 0], y: [0, down || -right], xy: [right, down] }[handle.along];
    const turned = ((handle.angle ?? 0) * Math.PI) / 180;
    const way = handle.angle
      ? [dx * Math.cos(turned) - dy * Math.sin(turned), dx * Math.sin(turned) + dy * Math.cos(turned)] : [dx, dy];
    const start = this.startOf(handle);
    const still = () => Object.entries(start.values).every(([name, value]) => this.picture.valueOf(this.picture.sliders[name]) === value);
    let pixels = 0;
    const go = (to) => handle.move({ x: handle.x + way[0] * to, y: handle.y + way[1] * to }, start);
    if (!handle.names?.length) return go(times);
    while (still() && ++pixels < FARTHEST) go(pixels);
    if (times > 1) go(pixels * times);
  }

  /** Of many: the next one to the right of this. */
  next(grip) {
    const crowd = this.grips.filter(({ handle }) => handle.many && handle.panel === grip.handle.panel);
    crowd.sort((a, b) => a.handle.x - b.handle.x);
    crowd[(crowd.indexOf(grip) + 1) % crowd.length].element.focus();
  }
}

/** The handles in a panel's description (see `handle` in panels.py). The panel knows its geometry:
 * pixel(at) is the place {x, y} of numbers on the canvas, numbers(place, at) those that a grip at `at` has at another place. */
export function describedHandles(picture, panel, variables, { pixel, numbers, area }) {
  return panel.handles.flatMap(({ label, at, along, sets, says, tall, anywhere, color }) => {
    const here = at.map((tree) => compile(tree)(variables));
    const { x, y, angle } = pixel(here, along);
    if (!Number.isFinite(x) || !Number.isFinite(y)) return [];
    const inside = (place, from, size) => Math.max(from, Math.min(from + size, place));
    const move = (to) => {
      const [to_x, to_y, to_z] = numbers(to, here, along);
      for (const [name, tree] of Object.entries(sets)) {
        const value = compile(tree)({ ...variables, to_x, to_y, to_z });
        if (Number.isFinite(value)) picture.set(name, value);
      }
    };
    const steep = Math.abs(Math.sin(((angle ?? 0) * Math.PI) / 180)) > 0.7; // a finger that goes along it must not scroll
    const turned = angle === undefined ? { along } : steep ? { along: "y", angle: angle + 90 } : { along: "x", angle };
    const handle = { ...turned, label, text: inWords(says, variables), names: Object.keys(sets), anywhere, color, move };
    if (!area) return [{ ...handle, x, y }];
    const clamped = { x: inside(x, area.left, area.width), y: inside(y, area.top, area.height) };
    const middle = area.top + area.height / 2;
    return [{ ...handle, ...clamped, ...(tall ? { y: middle, height: area.height, knob: clamped.y - middle } : {}) }];
  });
}
