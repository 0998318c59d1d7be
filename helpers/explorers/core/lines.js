// Lines of a working: texts with numbers put in, as lines.py describes and writes them.

import { compile } from "../core/formula.js";
import { powerOfTen, readable } from "../core/theme.js";

/** A number of a working and what its text is as a number: `fixed` of readable.py. */
export function fixed(value, decimals) {
  if (!Number.isFinite(value)) return [readable(value), value];
  const size = Math.abs(value);
  let shown = size < 1e21 ? Number(value.toFixed(decimals)) : value;
  let text;
  if (Math.abs(value - shown) <= 1e-12 * size && size < 1e15) {
    text = shown.toFixed(decimals);
    if (text.includes(".")) text = text.replace(/\.?0+$/, "");
  } else if (size >= 10 ** (1 - decimals) && size < 1e7) {
    text = value.toFixed(decimals);
  } else {
    text = value.toExponential(Math.max(2, decimals - 2));
    shown = Number(text);
  }
  const [digits, exponent] = text.split("e");
  const mantissa = /[1-9]/.test(digits) ? digits : digits.replace("-", "");
  return [(exponent ? `${mantissa} × ${powerOfTen(Number(exponent))}` : mantissa).replace("-", "−"), shown];
}

/** The parts of a line, their formulas compiled: a function of variables and decimals that gives the line in words. */
export function compileLine(parts) {
  const writers = parts.map((part) => (typeof part === "string" ? () => part : compileNumber(part)));
  return (variables, decimals) => writers.map((write) => write(variables, decimals)).join("");
}

function compileNumber(part) {
  const tree = (key) => (part[key] === undefined ? undefined : compile(part[key]));
  const [value, relation, step] = [tree("value"), tree("relation"), tree("step")];
  return (variables, decimals) => {
    const number = value(variables);
    if (part.percent) return Number.isNaN(number) ? "—" : `${number > 5e-4 ? "+" : ""}${readable(100 * number, 1)} %`;
    let places = part.given ? 9 : decimals;
    const size = step ? Math.abs(step(variables)) : 0;
    if (size > 0 && size < 1) places = Math.min(12, Math.max(places, 2 - Math.floor(Math.log10(size))));
    let [text, shown] = fixed(number, places);
    if (part.brackets && (text.includes("×") || (number < 0 && part.brackets === true))) text = `(${text})`;
    if (!relation) return text;
    const full = relation(variables);
    return (Math.abs(shown - full) <= 1e-12 * Math.abs(full) ? " = " : " ≈ ") + text;
  };
}

/** Put a text into an element; a layer number such as the [1] of w₁₃[1] is raised. */
export function setWords(element, text) {
  if (element.dataset.words === text) return;
  element.dataset.words = text;
  element.replaceChildren(...text.split(/(\[\d\])/).filter(Boolean).map((piece) => {
    if (!/^\[\d\]$/.test(piece)) return element.ownerDocument.createTextNode(piece);
    const raised = element.ownerDocument.createElement("sup");
    raised.textContent = piece;
    return raised;
  }));
}
