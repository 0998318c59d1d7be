// What a drawn digit looks like: the paper, the image that the network sees, the probabilities, the evidence.

import { IMAGE_SIDE, PAD } from "./handwriting.js";
import { drawSignedScale, inkShade, largest, markSigns, paintPixels, signedShade } from "../core/signed_pixels.js";
import { letters } from "../core/theme.js";

const TITLE_ROOM = 24; // CSS pixels above each part
const SCALE_ROOM = 34; // below the evidence
const BETWEEN = 18;
const BAR = { most: 36, label: 26, number: 46 };

/** Where the parts are in the width, from the left upper corner of the panel; `height` is that of the panel. */
export function digitLayout(width) {
  const square = (left, top, side) => ({ left, top, side: Math.floor(side) });
  if (width >= 600) {
    const free = width - 3 * BETWEEN - 16;
    const side = Math.min(320, 0.31 * free);
    const pad = square(8, TITLE_ROOM, side);
    const seen = square(8 + side + BETWEEN, TITLE_ROOM, Math.min(0.15 * free, side));
    const evidence = square(width - 8 - side, TITLE_ROOM, side);
    const left = seen.left + seen.side + BETWEEN;
    const bars = { left, top: TITLE_ROOM, width: evidence.left - BETWEEN - left, height: pad.side };
    return { pad, seen, bars, evidence, height: TITLE_ROOM + pad.side + SCALE_ROOM };
  }
  const free = width - BETWEEN - 16;
  const pad = square(8, TITLE_ROOM, Math.min(320, 0.64 * free));
  const seen = square(8 + pad.side + BETWEEN, TITLE_ROOM, 0.36 * free);
  const top = TITLE_ROOM + pad.side + 10 + TITLE_ROOM;
  const bars = { left: 8, top, width: Math.floor(0.4 * free), height: pad.side };
  const left = bars.left + bars.width + BETWEEN;
  const evidence = square(left, top, Math.min(width - 8 - left, 320));
  return { pad, seen, bars: { ...bars, height: evidence.side }, evidence, height: top + evidence.side + SCALE_ROOM };
}

/** The same parts where the panel is. */
export function digitParts(box) {
  const parts = digitLayout(box.width);
  const moved = (part) => ({ ...part, left: part.left + box.left, top: part.top + box.top });
  return { pad: moved(parts.pad), seen: moved(parts.seen), bars: moved(parts.bars), evidence: moved(parts.evidence) };
}

function barRows({ top, height }, count) {
  const step = Math.min(BAR.most, height / count);
  return Array.from({ length: count }, (_, k) => ({ top: top + k * step, height: step }));
}

/** The number of the class whose bar is at this place, or −1. */
export function barAt({ bars }, { x, y }, count) {
  if (x < bars.left || x > bars.left + bars.width) return -1;
  return barRows(bars, count).findIndex(({ top, height }) => y >= top && y < top + height);
}

export function drawDigit(context, parts, panel, contents, pen, theme, colors) {
  const { pad, seen, bars, evidence } = parts;
  writeTitle(context, pad, pad.side, "draw a digit here", theme);
  paintPixels(context, contents.ink, PAD, pad, inkShade(theme));
  frameSquare(context, pad, theme);
  if (pen) drawPen(context, pad, pen, theme);
  writeTitle(context, seen, seen.side, "the network sees", theme);
  paintPixels(context, contents.image, IMAGE_SIDE, seen, inkShade(theme));
  frameSquare(context, seen, theme);
  writeNote(context, seen, panel.note, theme);
  writeTitle(context, bars, bars.width, "probability", theme);
  drawBars(context, bars, panel.classes, contents, theme);
  const label = panel.classes[contents.chosen];
  writeTitle(context, evidence, evidence.side, `+ speaks for ${label}, − against it`, theme);
  const limit = largest(contents.evidence);
  paintPixels(context, contents.evidence, IMAGE_SIDE, evidence, signedShade(colors, limit));
  markSigns(context, contents.evidence, IMAGE_SIDE, evidence, limit);
  drawSignedScale(context, { left: evidence.left, top: evidence.top + evidence.side + 6, width: evidence.side }, colors, limit, theme);
}

function writeTitle(context, { left, top }, width, words, theme) {
  letters(context, "600 13px", theme.text, "left", "alphabetic");
  context.fillText(words, left, top - 8, width);
}

/** Words below the small image, in lines of its width. */
function writeNote(context, { left, top, side }, note, theme) {
  letters(context, "12px", theme.text, "left", "top");
  let [line, row] = ["", 0];
  for (const word of [...note.split(" "), ""]) {
    const longer = line ? `${line} ${word}` : word;
    if (word && context.measureText(longer).width <= side) line = longer;
    else {
      context.fillText(line, left, top + side + 6 + 16 * row, side);
      [line, row] = [word, row + 1];
    }
  }
}

function frameSquare(context, { left, top, side }, theme) {
  context.strokeStyle = theme.axis;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
}

/** The pen of the keyboard: a cross, with a ring while it writes. */
function drawPen(context, pad, { x, y, down }, theme) {
  const [left, top] = [pad.left + (x / PAD) * pad.side, pad.top + (y / PAD) * pad.side];
  context.strokeStyle = theme.lines[1];
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(left - 9, top);
  context.lineTo(left + 9, top);
  context.moveTo(left, top - 9);
  context.lineTo(left, top + 9);
  if (down) {
    context.moveTo(left + 7, top);
    context.arc(left, top, 7, 0, 2 * Math.PI);
  }
  context.stroke();
}

function drawBars(context, bars, classes, { probabilities, first, chosen }, theme) {
  const room = bars.width - BAR.label - BAR.number;
  barRows(bars, classes.length).forEach(({ top, height }, k) => {
    const middle = top + height / 2;
    const thick = Math.min(18, height - 6);
    letters(context, `${k === first ? 700 : 400} 13px`, theme.text, "right");
    context.fillText(k === chosen ? `▸ ${classes[k]}` : String(classes[k]), bars.left + BAR.label - 6, middle);
    context.fillStyle = theme.faint;
    context.fillRect(bars.left + BAR.label, middle - thick / 2, room, thick);
    context.fillStyle = theme.lines[0];
    context.fillRect(bars.left + BAR.label, middle - thick / 2, room * probabilities[k], thick);
    context.fillStyle = theme.text;
    context.fillText(probabilities[k].toFixed(3), bars.left + bars.width, middle);
  });
}
