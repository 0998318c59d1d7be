// Explorers that move on a web page, without a kernel. `front` is the front end of the notebooks, as it is there; what
// JupyterLab gives it otherwise, a model with its sliders, comes from the description beside the picture.

/** What the front end uses of a widget's model: traits that can be read, set and listened to. */
class Model {
  constructor(traits) {
    this.traits = traits;
    this.listeners = {};
  }

  get(name) { return this.traits[name]; }

  set(name, value) {
    if (this.traits[name] === value) return;
    this.traits[name] = value;
    for (const listener of [...(this.listeners[`change:${name}`] ?? [])]) listener();
  }

  on(events, listener) {
    for (const event of events.split(" ")) (this.listeners[event] ??= []).push(listener);
  }

  off(events, listener) {
    for (const event of events.split(" ")) {
      this.listeners[event] = (this.listeners[event] ?? []).filter((each) => each !== listener);
    }
  }

  save_changes() {} // nobody else wants to know
}

/** A number as ipywidgets writes it beside the slider: "d", ".1f" or ".3g". */
function written(value, format) {
  const digits = Number(format.match(/\d+/)?.[0] ?? 0);
  if (format.endsWith("g")) {
    const [mantissa, exponent] = value.toPrecision(digits).split("e");
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return exponent ? `${short}e${exponent}` : short;
  }
  return value.toFixed(format.endsWith("d") ? 0 : digits);
}

let counter = 0;

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Name, track and number of one slider. Both follow the model, and the model follows both. */
function sliderControl(name, symbol, meaning, model) {
  const id = `control-${++counter}`;
  const logarithmic = model.get("kind") === "FloatLogSlider";
  const base = model.get("base") ?? 10;
  const [min, max, step] = ["min", "max", "step"].map((key) => model.get(key));
  const placeOf = (value) => (logarithmic ? Math.log(value) / Math.log(base) : value);
  const valueAt = (place) => (logarithmic ? base ** place : place);
  const track = element("input", { type: "range", id, min, max, step });
  track.setAttribute("aria-label", `${symbol}: ${meaning}`);
  const number = element("input", { type: "text", inputMode: "decimal", className: "widget-readout", autocomplete: "off" });
  number.setAttribute("aria-label", `${symbol}, as a number`);
  const show = () => {
    const text = written(model.get("value"), model.get("readout_format"));
    track.value = placeOf(model.get("value"));
    track.setAttribute("aria-valuetext", text);
    number.value = text.replace("-", "−");
  };
  track.addEventListener("input", () => model.set("value", valueAt(Number(track.value))));
  number.addEventListener("change", () => {
    const typed = Number(number.value.replace("−", "-").replace(",", ".").trim() || NaN);
    const place = placeOf(typed);
    if (Number.isFinite(place)) {
      const inside = Math.max(min, Math.min(max, place));
      model.set("value", inside === place ? typed : valueAt(inside));
    }
    show();
  });
  number.addEventListener("focus", () => number.select());
  model.on("change:value", show);
  show();
  const label = element("label", { className: "widget-label", htmlFor: id }, symbol);
  return element("div", { className: `widget-slider nn-slider-${name}` }, label, track, number);
}

function menuControl(name, symbol, meaning, model) {
  const id = `control-${++counter}`;
  const options = model.get("options").map((text, index) => element("option", { value: index }, text));
  const menu = element("select", { id }, ...options);
  menu.setAttribute("aria-label", `${symbol}: ${meaning}`);
  const show = () => { menu.value = String(model.get("index")); };
  menu.addEventListener("change", () => model.set("index", Number(menu.value)));
  model.on("change:index", show);
  show();
  const label = element("label", { className: "widget-label", htmlFor: id }, symbol);
  return element("div", { className: `widget-dropdown nn-slider-${name}` }, label, menu);
}

/** Put the living explorer in place of the picture of `figure`, once it is drawn. */
async function enliven(figure) {
  const { sliders, view } = JSON.parse(figure.querySelector("script").textContent);
  const models = Object.fromEntries(Object.entries(sliders).map(([name, traits]) => [name, new Model(traits)]));
  const references = Object.fromEntries(Object.keys(sliders).map((name) => [name, `IPY_MODEL_${name}`]));
  const model = new Model({ ...view, sliders: references });
  model.widget_manager = { get_model: async (name) => models[name] };
  const shown = Object.entries(models).filter(([name]) => !view.spec.hidden?.includes(name));
  const controls = shown.map(([name, slider]) => {
    const control = slider.get("kind") === "Dropdown" ? menuControl : sliderControl;
    return control(name, view.spec.labels[name], view.spec.meanings[name], slider);
  });
  const picture = element("div", { className: "nn-view" });
  const box = element("div", { className: `nn-sliders widget-box${controls.length > view.spec.few ? " nn-many" : ""}` }, ...controls);
  const living = element("div", { className: "nn-explorer" }, box, picture);
  figure.append(living);
  try {
    await front.render({ model, el: picture });
    figure.classList.add("alive");
  } catch (error) {
    living.remove(); // the picture stays
    throw error;
  }
}

/** The front end asks the page, as it asks JupyterLab, whether it is light or dark. */
function followTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => { document.body.dataset.jpThemeLight = String(!dark.matches); };
  dark.addEventListener("change", tell);
  tell();
}

function start() {
  followTheme();
  // Those in sight and just below; the others when they come near.
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      enliven(target);
    }
  }, { rootMargin: "600px 0px" });
  for (const figure of document.querySelectorAll("figure.explorer:has(> script)")) near.observe(figure);
}

start();
