// What the sliders above a picture say: their names and meanings, values as they are shown, their first values, all of them
// folded away where there are many. The sliders are drawn by ipywidgets, when it pleases, or by live.js.

import { keepPlainKeys } from "./hands.js";

const SLIDER = "[class*='nn-slider-']"; // around the name, track and number of one
const TRACK = ".noUi-handle, .ui-slider-handle, input[type=range], select"; // what has the focus

export class SliderWords {
  constructor(picture) {
    this.picture = picture;
    this.line = picture.el.querySelector(".nn-meanings");
    this.changes = new MutationObserver((changes) => {
      // Not the number beside a slider, which changes thirty times a second.
      if (changes.some(({ type, attributeName, target }) => (type === "childList" && !target.matches(".widget-readout")) || attributeName === "class")) {
        this.explaining ??= requestAnimationFrame(() => this.explain());
      }
      for (const { target } of changes) {
        const box = (target.closest ? target : target.parentElement)?.closest(SLIDER);
        if (box) this.sayValue(box);
      }
    });
    const listeners = {
      dblclick: (event) => event.target.closest(".widget-label") && this.putBack(event),
      keydown: (event) => ["Delete", "Backspace"].includes(event.key) && event.target.matches(TRACK) && this.putBack(event),
      focusin: (event) => {
        // Notebook 7 hears a key before the page does, and its shortcuts look at what has the focus, not around it.
        keepPlainKeys(event.target);
        this.use(event.target);
      },
      focusout: () => this.use(),
      pointerover: (event) => this.use(event.target, event.target.ownerDocument.activeElement),
      pointerleave: (event) => this.use(event.target.ownerDocument.activeElement),
    };
    const gone = new AbortController();
    const begin = () => {
      const { container } = this;
      if (!container?.querySelector(".nn-sliders") || this.begun) return;
      this.begun = true;
      for (const [event, act] of Object.entries(listeners)) container.addEventListener(event, act, { signal: gone.signal });
      const everything = { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-valuetext", "class"] };
      this.changes.observe(container.querySelector(".nn-sliders"), everything);
      this.explain();
    };
    begin();
    const placed = new ResizeObserver(begin); // once it is on the page
    placed.observe(picture.el);
    picture.cleanups.push(() => { this.changes.disconnect(); placed.disconnect(); gone.abort(); });
  }

  /** The box that holds this picture and its sliders. */
  get container() { return this.picture.el.closest(".nn-explorer"); }

  nameOf(element) {
    const box = element.closest?.(SLIDER);
    return box && [...box.classList].map((each) => each.replace("nn-slider-", "")).find((each) => each in this.picture.sliders);
  }

  /** The first of these elements that has to do with sliders is under the hand or has the focus: the meaning of its slider, and
   * what it touches in the picture. */
  use(...elements) {
    const { handles: { grips }, light } = this.picture;
    const here = elements.filter((element) => this.container?.contains(element));
    this.tell(here.map((element) => this.nameOf(element)).find(Boolean));
    const touched = here.map((element) => [this.nameOf(element) ?? grips.find((grip) => grip.element === element)?.handle.names ?? []].flat());
    light.on(touched.find(({ length }) => length) ?? []);
  }

  /** The first value again of the slider that was pressed. */
  putBack(event) {
    const name = this.nameOf(event.target);
    if (!name) return;
    this.picture.setBack(name);
    event.preventDefault();
    event.stopPropagation();
  }

  /** Names for those who hear the page, and the line of meanings. */
  explain() {
    this.explaining = undefined;
    const { labels, meanings } = this.picture.spec;
    keepPlainKeys(this.container);
    for (const box of this.container.querySelectorAll(SLIDER)) {
      const name = this.nameOf(box);
      if (!name) continue;
      box.title = meanings[name];
      for (const track of box.querySelectorAll(TRACK)) track.setAttribute("aria-label", `${labels[name]}: ${meanings[name]}`);
      this.sayValue(box);
    }
    this.tell();
  }

  /** A value is spoken as it is shown, not as 0.7000000000000002. */
  sayValue(box) {
    const [handle, shown] = [box.querySelector(".noUi-handle, .ui-slider-handle"), box.querySelector(".widget-readout")];
    if (handle && shown && handle.getAttribute("aria-valuetext") !== shown.textContent) handle.setAttribute("aria-valuetext", shown.textContent);
  }

  /** The line between sliders and picture: what each of a few means; of many the one in use, and the button that unfolds. */
  tell(name) {
    const { labels, meanings, hidden } = this.picture.spec;
    const names = Object.keys(meanings).filter((each) => !hidden.includes(each));
    const many = names.length > this.picture.spec.few;
    if (this.told && (!many || !name || name === this.told)) return;
    this.told = name ?? "all";
    const said = (each) => {
      const symbol = Object.assign(this.line.ownerDocument.createElement("i"), { textContent: labels[each] });
      return [symbol, ` ${meanings[each]}`];
    };
    const shown = many ? (name ? said(name) : []) : names.flatMap((each, k) => [...(k ? [" · "] : []), ...said(each)]);
    this.line.replaceChildren(...(many ? [this.unfold ??= this.unfoldButton(names.length)] : []), ...shown);
  }

  unfoldButton(count) {
    const button = Object.assign(this.line.ownerDocument.createElement("button"), { type: "button", className: "nn-unfold" });
    const show = () => {
      const { model } = this.picture;
      this.container.querySelector(".nn-sliders").classList.toggle("nn-open", Boolean(model.unfolded));
      button.setAttribute("aria-expanded", String(Boolean(model.unfolded)));
      const { kept } = this.picture.spec;
      button.textContent = model.unfolded ? "▾ Sliders" : `▸ ${count - kept}${kept ? " more" : ""} sliders`;
    };
    button.addEventListener("click", () => {
      this.picture.model.unfolded = !this.picture.model.unfolded; // remembered for the next view of this picture
      show();
    });
    show();
    return button;
  }
}
