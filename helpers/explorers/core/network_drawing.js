// The one drawing of a network: units in columns, weights on edges, biases at units, and where the numbers go.
//
// Python computes heights and shares (`arranged` of network_drawing.py); here everything gets its place for the present width,
// and what has no room is left out: first the names before the numbers, last those before the numbers that can be seized, then
// all but the numbers of the present step and those that can be seized. Colour and dashes of an edge are the sign of its weight, its width is the size.

import { FONT, drawTitle, letters } from "./theme.js";

const RADIUS = 21; // CSS pixels, of a unit
const LINE = 15; // from one line of numbers to the next
const CHIP = { width: 28, height: 20, around: 12 }; // a number that can be seized: least width, height, what it is wider than its text
const CLEAR = 5; // around each number
const BORDER = { left: 44, right: 52 }; // between the border and the first and last column
const DETAILS = ["none", "now", "short", "named", "full"];
const FONTS = { given: `400 12px ${FONT}`, value: `400 12px ${FONT}`, gradient: `700 12px ${FONT}`, small: `400 8.5px ${FONT}` };

/** The words of a line as pieces; the layer number in w₁₃[1] is a piece of its own, raised and small. */
const pieces = (text) => text.split(/(\[\d\])/).filter(Boolean);
const isRaised = (piece) => /^\[\d\]$/.test(piece);

/** How wide a text is on this canvas: a function of text and style. */
export function measureOn(context) {
  return (text, style) => {
    let width = 0;
    for (const piece of pieces(text)) {
      context.font = isRaised(piece) ? FONTS.small : FONTS[style];
      width += context.measureText(piece).width;
    }
    return width;
  };
}

/** The centres of the units on the canvas. The last column may stand nearer than the others, as that of the loss does. */
export function networkPlaces(panel, box) {
  const room = box.width - BORDER.left - BORDER.right;
  const last = Math.max(...panel.nodes.map(({ column }) => column));
  const across = (column) => (column < last ? (column * room) / (last - 1 + panel.lastGap) : room);
  const middle = panel.height ? panel.middle : panel.middle + (box.height - panel.leastHeight) / 2;
  return panel.nodes.map(({ column, height }) => ({ x: box.left + BORDER.left + across(column), y: box.top + middle + height }));
}

/** Every number that is shown: {text, style, x, y, width, height, name, chip}, centred at x, y. `measure` tells how wide a text
 * is; a `name` is that of the slider whose number can be seized here, in the last `chip` pixels. */
export function networkLabels(panel, contents, box, measure) {
  const places = networkPlaces(panel, box);
  const units = places.map(({ x, y }) => ({ x, y, width: 2 * RADIUS, height: 2 * RADIUS }));
  // Units of a column are alike, and so are edges between two columns.
  const columns = [...new Set(panel.nodes.map(({ column }) => column))];
  const groups = columns.flatMap((column) => ["nodes", "edges"].map((key) => {
    const parts = panel[key].map((part, k) => ({ ...part, ...contents[key][k], place: places[k] }));
    return { key, parts: parts.filter((part) => part.column === column) };
  }));
  const labelled = (group, detail) => group.parts.flatMap((part) => {
    const lines = written(part, detail, measure);
    if (group.key === "nodes") {
      const above = lines.filter((line) => line.above);
      const { x, y } = part.place;
      return [...stacked(above, x, y - RADIUS - 4 - high(above)), ...stacked(lines.filter((line) => !line.above), x, y + RADIUS + 3)];
    }
    const at = (axis) => places[part.from][axis] + part.share * (places[part.to][axis] - places[part.from][axis]);
    return stacked(lines, at("x"), at("y") - high(lines) / 2);
  });
  // From the fewest words to all of them, as long as nothing covers anything.
  let shown = groups.map((group) => labelled(group, DETAILS[0]));
  for (const detail of DETAILS.slice(1)) {
    groups.forEach((group, k) => {
      const more = shown.map((labels, i) => (i === k ? labelled(group, detail) : labels));
      if (more[k].length && !covered(more[k], [...units, ...more.flat()], box)) shown = more;
    });
  }
  return shown.flat();
}

/** The lines of a node or an edge in so many words. */
function written(part, detail, measure) {
  const kept = ({ name }) => name || (detail !== "none" && (detail !== "now" || part.now));
  return part.lines.filter(kept).map((line) => {
    const height = line.name ? CHIP.height : LINE;
    if (!line.name) {
      const text = detail === "full" ? line.full : line.short;
      return { ...line, text, height, width: measure(text, line.style) };
    }
    // of a number that can be seized: its name, and a frame for the number
    const named = detail === "full" || detail === "named";
    const text = named ? line.full.slice(0, line.full.length - line.short.length).replace(" = ", " ") : "";
    const chip = Math.max(CHIP.width, measure(line.short, line.style) + CHIP.around);
    return { ...line, text, height, chip, width: measure(text, line.style) + chip };
  });
}

const high = (lines) => lines.reduce((sum, { height }) => sum + height, 0);

/** Lines one below the other, the first from `top` on. */
function stacked(lines, x, top) {
  return lines.map((line) => {
    top += line.height;
    return { ...line, x, y: top - line.height / 2 };
  });
}

/** Whether one of these labels lies over another thing, or reaches out of the box. */
function covered(labels, things, box) {
  const near = (a, b, size, gap) => Math.abs(a - b) < size / 2 + gap;
  return labels.some((one) => one.x - one.width / 2 < box.left || one.x + one.width / 2 > box.left + box.width || things.some((other) =>
    other !== one && near(one.x, other.x, one.width + other.width, CLEAR) && near(one.y, other.y, one.height + other.height, -1.5)));
}

/** Gives the labels, so that what can be seized lies where it is drawn. pulse: how far the numbers of this step have come. */
export function drawNetwork(context, box, panel, contents, theme, pulse = 1) {
  drawTitle(context, panel.title, box, theme.text, panel.note);
  const places = networkPlaces(panel, box);
  // Edges of the present step on top of the others.
  const order = panel.edges.map((_, k) => k).sort((a, b) => contents.edges[a].now - contents.edges[b].now);
  for (const k of order) drawNetworkEdge(context, places[panel.edges[k].from], places[panel.edges[k].to], contents.edges[k], theme, pulse);
  panel.nodes.forEach((node, k) => drawUnit(context, places[k], node, contents.nodes[k], theme));
  const labels = networkLabels(panel, contents, box, measureOn(context));
  for (const label of labels) drawLabel(context, label, theme);
  return labels;
}

/** A broad bright line along each edge whose weight is touched, a ring around each unit whose bias, input or number is. */
export function lightNetwork(context, places, panel, touched) {
  const stroke = (bright, width) => {
    context.globalAlpha = 0.5 * bright;
    context.lineWidth = width;
    context.stroke();
  };
  for (const { from, to, weight } of panel.edges) {
    context.beginPath();
    context.moveTo(places[from].x, places[from].y);
    context.lineTo(places[to].x, places[to].y);
    stroke(touched(weight ?? 0), 12);
  }
  panel.nodes.forEach(({ lines }, k) => {
    const given = lines.filter(({ style }) => style === "given").map(({ parts }) => parts.at(-1).value ?? 0);
    context.beginPath();
    context.arc(places[k].x, places[k].y, RADIUS + 4, 0, 2 * Math.PI);
    context.globalCompositeOperation = "destination-out"; // edges end at their units
    context.globalAlpha = 1;
    context.fill();
    context.globalCompositeOperation = "source-over";
    stroke(Math.max(0, ...given.map(touched)), 6);
  });
}

/** The colour of the pass that a step belongs to. */
export const passColor = (theme, backward) => theme.lines[backward ? 1 : 0];

function drawNetworkEdge(context, from, to, { now, backward, weight, size }, theme, pulse) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const along = (distance) => ({
    x: from.x + ((to.x - from.x) * distance) / length,
    y: from.y + ((to.y - from.y) * distance) / length,
  });
  let [tail, tip] = [along(RADIUS + 2), along(length - RADIUS - 3)];
  if (now && backward) [tail, tip] = [tip, tail];
  const sign = weight === undefined || !weight ? theme.axis : theme.lines[weight > 0 ? 2 : 3];
  context.strokeStyle = context.fillStyle = now ? passColor(theme, backward) : sign;
  const wide = (context.lineWidth = now ? Math.max(3, size) : size);
  context.setLineDash(weight < 0 ? [7, 4] : []);
  const angle = Math.atan2(tip.y - tail.y, tip.x - tail.x);
  const head = 7 + 1.4 * wide;
  context.beginPath();
  context.moveTo(tail.x, tail.y);
  context.lineTo(tip.x - 0.8 * head * Math.cos(angle), tip.y - 0.8 * head * Math.sin(angle));
  context.stroke();
  context.setLineDash([]);
  arrowHead(context, tail, { x: tip.x + 2 * Math.cos(angle), y: tip.y + 2 * Math.sin(angle) }, head);
  if (now) drawPulse(context, [tail, tip], pulse, theme);
}

/** The head of an arrow that comes from `from`, its tip at `to`. */
export function arrowHead(context, from, to, size = 8) {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  context.beginPath();
  context.moveTo(to.x, to.y);
  for (const side of [-0.42, 0.42]) context.lineTo(to.x - size * Math.cos(angle + side), to.y - size * Math.sin(angle + side));
  context.closePath();
  context.fill();
}

/** What runs along a way of points, in the colour of the way: `share` of it is done. At its end nothing is left to draw. */
export function drawPulse(context, points, share, theme) {
  if (share >= 1) return;
  const parts = points.slice(1).map((point, k) => Math.hypot(point.x - points[k].x, point.y - points[k].y));
  let left = share * parts.reduce((sum, part) => sum + part, 0);
  const k = Math.max(0, parts.findIndex((part) => left <= part || !(left -= part)));
  const at = (axis) => points[k][axis] + ((points[k + 1][axis] - points[k][axis]) * left) / (parts[k] || 1);
  context.beginPath();
  context.arc(at("x"), at("y"), 7, 0, 2 * Math.PI);
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = theme.background;
  context.stroke();
}

function drawUnit(context, { x, y }, node, { now, backward, reached }, theme) {
  // of many that are alike, those behind
  if (node.many) for (const by of [8, 4]) drawUnit(context, { x: x + by, y: y - by }, { given: node.given, label: "" }, { reached }, theme);
  context.beginPath();
  if (node.square) context.roundRect(x - RADIUS + 2, y - RADIUS + 2, 2 * RADIUS - 4, 2 * RADIUS - 4, 4);
  else context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  context.fillStyle = theme.background;
  context.fill();
  if (now || node.given) {
    context.fillStyle = now ? theme.band : theme.wall;
    context.fill();
  }
  const own = node.color === undefined ? (reached ? theme.text : theme.axis) : theme.lines[node.color];
  context.strokeStyle = now && node.color === undefined ? passColor(theme, backward) : own;
  context.lineWidth = now ? 3.5 : node.given ? 1.2 : node.color === undefined ? 1.8 : 3;
  context.stroke();
  letters(context, `${node.given ? "italic" : "600"} 15px`, reached ? theme.text : theme.axis, "center");
  context.fillText(node.label, x, y + 1);
}

/** A number, on a patch in the colour of the page: it stays readable where edges pass. Of one that can be seized only the
 * words before it; the number itself is the face of its handle. */
function drawLabel(context, { text, style, x, y, width, height }, theme) {
  context.fillStyle = theme.background;
  context.fillRect(x - width / 2 - 3, y - height / 2, width + 6, height);
  letters(context, "12px", style === "given" ? theme.text : passColor(theme, style === "gradient"));
  let left = x - width / 2;
  for (const piece of pieces(text)) {
    const raised = isRaised(piece);
    context.font = raised ? FONTS.small : FONTS[style];
    context.fillText(piece, left, y + (raised ? -4 : 0.5));
    left += context.measureText(piece).width;
  }
}
