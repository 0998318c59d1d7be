// Small images on the canvas: ink on paper, and signed numbers in a palette that also works in grey.

import { letters, readable } from "./theme.js";

const MARKED = 0.2; // numbers at least this part of the largest carry their sign

/** Paint side × side values into the square {left, top, side}; shade(value) gives [red, green, blue]. */
export function paintPixels(context, values, side, square, shade) {
  const image = new ImageData(side, side);
  for (let i = 0; i < values.length; i++) {
    const [red, green, blue] = shade(values[i]);
    image.data.set([red, green, blue, 255], 4 * i);
  }
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, square.left, square.top, square.side, square.side);
  context.imageSmoothingEnabled = true;
}

/** Ink from 0 to 1 as black on white, or in a dark theme as white on black. */
export function inkShade({ dark }) {
  return dark ? (ink) => Array(3).fill(24 + 216 * ink) : (ink) => Array(3).fill(255 - 235 * ink);
}

/** Numbers from −limit to limit in the colours of the table, 0 in its middle. */
export function signedShade(colors, limit) {
  return (value) => colors[Math.max(0, Math.min(255, Math.round(127.5 + (127.5 * value) / (limit || 1))))];
}

export function largest(values) {
  let limit = 0;
  for (const value of values) limit = Math.max(limit, Math.abs(value));
  return limit;
}

/** A plus or a minus on each pixel whose number is not small. */
export function markSigns(context, values, side, square, limit) {
  const cell = square.side / side;
  if (!limit || cell < 5) return;
  const arm = cell * 0.28;
  context.lineWidth = Math.max(1, cell / 8);
  values.forEach((value, i) => {
    if (Math.abs(value) < MARKED * limit) return;
    const [x, y] = [square.left + ((i % side) + 0.5) * cell, square.top + (Math.floor(i / side) + 0.5) * cell];
    context.strokeStyle = value > 0 ? "#111111" : "#ffffff";
    context.beginPath();
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    if (value > 0) {
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
    }
    context.stroke();
  });
}

/** The palette as a strip, with −limit, 0 and +limit below it. */
export function drawSignedScale(context, { left, top, width }, colors, limit, theme) {
  const ramp = context.createLinearGradient(left, 0, left + width, 0);
  for (let stop = 0; stop <= 16; stop++) {
    ramp.addColorStop(stop / 16, `rgb(${colors[Math.round((255 * stop) / 16)].map(Math.round).join(",")})`);
  }
  context.fillStyle = ramp;
  context.fillRect(left, top, width, 8);
  const size = readable(Number(limit.toPrecision(2)));
  for (const [place, align, words] of [[0, "left", `−${size}`], [0.5, "center", "0"], [1, "right", `+${size}`]]) {
    letters(context, "12px", theme.text, align, "top");
    context.fillText(words, left + place * width, top + 11);
  }
}
