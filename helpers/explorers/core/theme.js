// Colours, fonts and numbers: everything that has to look alike in every panel.

/** Line colours safe for colour-blind readers (Okabe and Ito 2008), darkened or lightened for contrast with the page. */
export const LINE_COLORS = {
  light: ["#0072b2", "#b84e00", "#00795a", "#a4467c", "#5f5f00", "#4a4a4a"],
  dark: ["#56b4e9", "#f0a045", "#2fc79a", "#e39ac5", "#f0e442", "#c8c8c8"],
};

/** Dashes go with the colours, so that no curve is told from another by its colour alone. */
export const DASHES = [[], [9, 4], [2, 3], [9, 3, 2, 3], [14, 4], [4, 4]];

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** The theme of the page around `element`: JupyterLab's variables where there are any, else what the system prefers. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const background = style.getPropertyValue("--jp-layout-color0").trim();
  const body = element.ownerDocument.body;
  const declared = body.dataset.jpThemeLight ?? (body.classList.contains("vscode-dark") ? "false" : undefined);
  const dark = declared !== undefined
    ? declared === "false"
    : !background && matchMedia("(prefers-color-scheme: dark)").matches && !isLight(style.color);
  return {
    dark,
    background: background || (dark ? "#111111" : "#ffffff"),
    text: dark ? "#e6e6e6" : "#212121",
    faint: dark ? "#3c3c3c" : "#e2e2e2",
    axis: dark ? "#9a9a9a" : "#707070",
    wall: dark ? "#1c1c1e" : "#f6f6f7",
    band: dark ? "rgba(240, 228, 66, 0.16)" : "rgba(0, 114, 178, 0.10)",
    lines: dark ? LINE_COLORS.dark : LINE_COLORS.light,
  };
}

/** Text in a dark colour means a light page, whatever the system prefers. */
function isLight(color) {
  const [red, green, blue] = (color.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  return red + green + blue < 384;
}

/** How letters are written from now on: `font` is "600 13px". */
export function letters(context, font, fillStyle, textAlign = "left", textBaseline = "middle") {
  Object.assign(context, { font: `${font} ${FONT}`, fillStyle, textAlign, textBaseline });
}

/** The title of a panel in `width` CSS pixels: in smaller letters where it is long, in two lines where it is longer. note: a line
 * below it. */
export function drawTitle(context, title, { left, top, width }, color, note = "") {
  letters(context, "12px", color, "left", "alphabetic");
  if (note) context.fillText(note, left + 8, top + 35, width - 8);
  const room = width - 16;
  const fits = (size, words = title) => {
    context.font = `600 ${size}px ${FONT}`;
    return context.measureText(words).width <= room;
  };
  if ([13, 12, 11].some((size) => fits(size))) return context.fillText(title, left + 8, top + 16);
  const words = title.split(" ");
  let count = words.length;
  while (count > 1 && !fits(11, words.slice(0, count).join(" "))) count -= 1;
  [words.slice(0, count), words.slice(count)].forEach((line, k) => context.fillText(line.join(" "), left + 8, top + 10 + 12 * k, room));
}

/** Dark or light letters on the colour [red, green, blue], whichever is read more easily: 4.5 to 1 at least (WCAG 1.4.3). */
export function inkOn(rgb) {
  const [red, green, blue] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

/** `count` colours as [red, green, blue] between evenly spaced stops "#rrggbb". */
export function colorTable(stops, count = 256) {
  const rgb = stops.map((stop) => [1, 3, 5].map((start) => parseInt(stop.slice(start, start + 2), 16)));
  return Array.from({ length: count }, (_, index) => {
    const position = (index / (count - 1)) * (rgb.length - 1);
    const left = Math.min(Math.floor(position), rgb.length - 2);
    return rgb[left].map((channel, i) => channel + (rgb[left + 1][i] - channel) * (position - left));
  });
}

/** Round numbers, about `count` of them, from low to high: the places of ticks. whole: no fractions. */
export function ticks(low, high, count, whole = false) {
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.max(whole ? 0 : -Infinity, Math.floor(Math.log10(rough)));
  const factors = whole && power === 1 ? [1, 2, 3, 4, 5, 6, 8, 10] : [1, 2, 2.5, 5, 10];
  const step = factors.find((factor) => factor * power >= rough * 0.999) * power;
  const places = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) places.push(k * step);
  return places;
}

/** −7 as 10⁻⁷. */
export function powerOfTen(exponent) {
  return "10" + [...String(exponent)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
}

/** A number for reading: a true minus sign, powers of ten as ×10⁻⁷, no trailing zeros unless `digits` asks for them. */
export function readable(value, digits) {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  let text;
  if (size !== 0 && (size < 5e-4 || size >= 1e6)) {
    const [mantissa, exponent] = value.toExponential(2).split("e");
    text = `${mantissa} × ${powerOfTen(Number(exponent))}`;
  } else {
    text = digits === undefined ? String(Number(value.toPrecision(4))) : value.toFixed(digits);
    if (Number(text) === 0) text = text.replace("-", "");
  }
  return text.replace("-", "−");
}
