// A number that is seized where it is written: dragged left and right, typed, or moved with the arrow keys.

const SCRUB_WAY = 240; // CSS pixels from one end of the slider to the other
const SCRUB_HEIGHT = 26; // CSS pixels that a hand can hit

/** The handle (handles.js) of a number around x, y: `face` is how it is written, `name` its slider, whose value it is times
 * `sign`; words: the number with its name, as it is written in the picture. */
export function scrub(picture, { name, sign = 1, face, x, y, width, words = "" }) {
  const slider = picture.sliders[name];
  const [min, max, step] = ["min", "max", "step"].map((key) => slider.get(key));
  const put = (value) => {
    if (!Number.isFinite(value)) return;
    slider.set("value", Math.max(min, Math.min(max, Number(value.toFixed(9)))));
    slider.save_changes();
  };
  const move = (to, start) => {
    picture.set(name, start.values[name] + (sign * (to.x - start.x) * (max - min)) / SCRUB_WAY);
  };
  const ways = { ArrowUp: 1, ArrowRight: 1, PageUp: 10, ArrowDown: -1, ArrowLeft: -1, PageDown: -10 };
  return {
    x, y, width, height: SCRUB_HEIGHT, along: "x", face, names: [name], move,
    label: `${words.split(" = ").slice(0, -1).join(" = ") || name}: ${picture.spec.meanings[name]}`,
    tap: (element) => typeInto(element, "", (typed) => put(sign * typed)),
    key: (event, element) => {
      if (element.isContentEditable) return false;
      const by = ways[event.key];
      if (by) picture.set(name, slider.get("value") + sign * by * (event.shiftKey ? 10 : 1) * step);
      else if (/^[-−+.\d]$/.test(event.key)) typeInto(element, event.key, (typed) => put(sign * typed));
      else if (event.key === "Enter") typeInto(element, "", (typed) => put(sign * typed));
      return Boolean(by) || /^([-−+.\d]|Enter)$/.test(event.key);
    },
  };
}

/** Let a number be typed into the element, over what stands there or after `first`; Escape and what is no number leave all as
 * it was. */
function typeInto(element, first, put) {
  const before = element.textContent;
  const end = (keep) => {
    if (!element.isContentEditable) return;
    element.contentEditable = "false";
    element.removeEventListener("keydown", onKey, true);
    const typed = Number(element.textContent.replace("−", "-").replace(",", ".").trim() || NaN);
    element.textContent = before; // the next picture writes what holds then
    if (keep) put(typed);
  };
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.stopImmediatePropagation(); // the handle's own keys and JupyterLab's
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    end(event.key === "Enter");
    element.focus();
  };
  element.contentEditable = "true";
  element.inputMode = "decimal";
  if (first) element.textContent = first;
  element.addEventListener("keydown", onKey, true);
  element.addEventListener("blur", () => end(true), { once: true });
  element.focus();
  const selection = element.ownerDocument.getSelection();
  selection.selectAllChildren(element);
  if (first) selection.collapseToEnd();
}
