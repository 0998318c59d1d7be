// Pointer and keys: what is pressed, dragged and typed goes to the panel that it is meant for.

import { followPointer } from "./handles.js";

export class Hands {
  constructor(picture) {
    this.picture = picture;
    const { canvas, el } = picture;
    keepPlainKeys(el);
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("touchstart", (event) => this.touch(event), { passive: false });
    canvas.addEventListener("pointermove", (event) => this.hover(event));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Where a pointer is on the canvas. */
  place(event) {
    const bounds = this.picture.canvas.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  }

  /** The panel at a place of the canvas, and its box. */
  panelAt({ x, y }) {
    const { boxes, panels } = this.picture;
    const inside = (box) => box && x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height;
    const k = boxes?.findIndex(inside) ?? -1;
    return k < 0 ? {} : { panel: panels[k], box: boxes[k] };
  }

  hover(event) {
    const at = this.place(event);
    const { panel, box } = this.panelAt(at);
    this.picture.canvas.style.cursor = panel?.cursor?.(at, box) ?? "default";
  }

  press(event) {
    const { canvas } = this.picture;
    const at = this.place(event);
    const { panel, box } = this.panelAt(at);
    const drag = !event.button && panel?.press?.(at, box);
    if (!drag) return;
    const start = this.picture.handles.startOf({ ...at, names: drag.names });
    followPointer(canvas, event, (now) => this.place(now), drag, {
      held: panel.holds?.(at, box), undo: () => this.picture.putAll(start.values),
    });
  }

  /** A finger scrolls the page, unless a panel holds it there: on paper to write on, on a point to move. */
  touch(event) {
    const at = this.place(event.changedTouches[0]);
    const { panel, box } = this.panelAt(at);
    if (panel?.holds?.(at, box)) event.preventDefault();
  }

  key(event) {
    this.picture.drawNow(); // what an earlier key or button has changed
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    const used = plain && this.picture.panels.some((panel) => panel.key?.(event));
    if (used) event.preventDefault();
    // JupyterLab would go to another cell
    if (used || ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home"].includes(event.key)) event.stopPropagation();
  }
}

/** Arrow keys turn the picture and move sliders, they do not leave the cell; Ctrl+S and the like stay JupyterLab's. */
export function keepPlainKeys(element) {
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
