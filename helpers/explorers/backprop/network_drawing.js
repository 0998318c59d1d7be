// How a network is drawn: units in columns, weights on edges, values of the forward pass and bold gradients.
//
// Python computes heights and shares (`arranged` of __init__.py); here everything gets its place for the present width, and
// what has no room is left out: first the names before the numbers, then all but the numbers of the present step.

import { FONT } from "../core/theme.js";

const RADIUS = 21; // CSS pixels, of a unit
const LINE = 15; // from one line of numbers to the next
const CLEAR = 5; // around each number
const BORDER = { left: 44, right: 52 }; // between the border and the first and last column
const DETAILS = ["full", "short", "now", "none"];
const FONTS = { value: `400 12px ${FONT}`, gradient: `700 12px ${FONT}`, small: `400 8.5px ${FONT}` };

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

/** The centres of the units on the canvas. The last column, that of the loss, stands nearer than the others. */
export function networkPlaces(panel, box) {
  const room = box.width - BORDER.left - BORDER.right;
  const last = Math.max(...panel.nodes.map(({ column }) => column));
  const toLoss = Math.max(2.4 * RADIUS, (0.42 * room) / (last - 0.58));
  const across = (column) => (column < last ? (column * (room - toLoss)) / (last - 1) : room);
  return panel.nodes.map(({ column, height }) => ({ x: box.left + BORDER.left + across(column), y: box.top + panel.middle + height }));
}

/** Every number that is shown: {text, style, x, y, width}, centred at x, y. `measure` tells how wide a text is. */
export function networkLabels(panel, { nodes, edges }, box, measure) {
  const places = networkPlaces(panel, box);
  const written = (part, detail) => {
    if (detail === "none" || (detail === "now" && !part.now)) return [];
    return part.lines.map((line) => ({ ...line, text: detail === "full" ? line.full : line.short }));
  };
  const widest = (lines) => Math.max(0, ...lines.map(({ text, style }) => measure(text, style)));
  const columns = [...new Set(panel.nodes.map(({ column }) => column))]; // 0, 1, 2, … from the left
  const across = (column) => places[panel.nodes.findIndex((node) => node.column === column)].x;
  const inColumn = (parts, column, key) => parts.filter((_, k) => panel[key][k].column === column);
  const half = (column, detail) =>
    Math.max(RADIUS, ...inColumn(nodes, column, "nodes").map((node) => widest(written(node, detail)) / 2));

  // A column of units may fill half of the way to its neighbours, or all of that to the border.
  const nodeDetails = columns.map((column, k) => {
    const x = across(column);
    const left = k ? (x - across(columns[k - 1])) / 2 : x - box.left;
    const right = k < columns.length - 1 ? (across(columns[k + 1]) - x) / 2 : box.left + box.width - x;
    return DETAILS.slice(0, 2).find((detail) => half(column, detail) <= Math.min(left, right) - CLEAR / 2) ?? "now";
  });
  const taken = columns.map((column, k) => half(column, nodeDetails[k]));
  const edgesFit = (column, detail) => inColumn(edges, column, "edges").every((edge, k) => {
    const { share } = panel.edges.filter((each) => each.column === column)[k];
    const gap = across(columns[column + 1]) - across(column);
    const width = widest(written(edge, detail)) / 2 + CLEAR;
    return width <= CLEAR || (share * gap - width >= taken[column] && (1 - share) * gap - width >= taken[column + 1]);
  });

  const labels = [];
  const add = (lines, x, top) => lines.forEach(({ text, style }, k) => {
    labels.push({ text, style, x, y: top + LINE * (k + 0.5), width: measure(text, style) });
  });
  nodes.forEach((node, k) => {
    const lines = written(node, nodeDetails[panel.nodes[k].column]);
    const above = lines.filter((line) => line.above);
    add(above, places[k].x, places[k].y - RADIUS - 4 - LINE * above.length);
    add(lines.filter((line) => !line.above), places[k].x, places[k].y + RADIUS + 4);
  });
  const details = Object.fromEntries(columns.map((column) => [column, DETAILS.find((detail) => edgesFit(column, detail)) ?? "none"]));
  edges.forEach((edge, k) => {
    const { from, to, share, column } = panel.edges[k];
    const lines = written(edge, details[column]);
    const at = (axis) => places[from][axis] + share * (places[to][axis] - places[from][axis]);
    add(lines, at("x"), at("y") - (LINE * lines.length) / 2);
  });
  return labels;
}

export function drawNetwork(context, box, panel, contents, theme) {
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = theme.text;
  context.font = `600 13px ${FONT}`;
  context.fillText(panel.title, box.left + 8, box.top + 16, box.width - 16);
  context.font = `12px ${FONT}`;
  inTwoLines(context, panel.note, box.width - 16).forEach((line, k) => context.fillText(line, box.left + 8, box.top + 35 + 15 * k, box.width - 16));
  const places = networkPlaces(panel, box);
  // Edges of the present step on top of the others.
  const order = panel.edges.map((_, k) => k).sort((a, b) => contents.edges[a].now - contents.edges[b].now);
  for (const k of order) drawNetworkEdge(context, places[panel.edges[k].from], places[panel.edges[k].to], contents.edges[k], theme);
  panel.nodes.forEach((node, k) => drawUnit(context, places[k], node, contents.nodes[k], theme));
  for (const label of networkLabels(panel, contents, box, measureOn(context))) drawLabel(context, label, theme);
}

/** The text, broken once where it is wider than `width`. */
function inTwoLines(context, text, width) {
  if (context.measureText(text).width <= width) return [text];
  const words = text.split(" ");
  let count = words.length - 1;
  while (count > 1 && context.measureText(words.slice(0, count).join(" ")).width > width) count -= 1;
  return [words.slice(0, count).join(" "), words.slice(count).join(" ")];
}

function drawNetworkEdge(context, from, to, { now, backward, reached }, theme) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const along = (distance) => ({
    x: from.x + ((to.x - from.x) * distance) / length,
    y: from.y + ((to.y - from.y) * distance) / length,
  });
  let [tail, tip] = [along(RADIUS + 2), along(length - RADIUS - 3)];
  if (now && backward) [tail, tip] = [tip, tail];
  context.strokeStyle = context.fillStyle = now ? (backward ? theme.lines[1] : theme.lines[0]) : reached ? theme.axis : theme.faint;
  context.lineWidth = now ? 3 : 1.2;
  context.beginPath();
  context.moveTo(tail.x, tail.y);
  context.lineTo(tip.x, tip.y);
  context.stroke();
  const angle = Math.atan2(tip.y - tail.y, tip.x - tail.x);
  const size = now ? 11 : 8;
  context.beginPath();
  context.moveTo(tip.x + 2 * Math.cos(angle), tip.y + 2 * Math.sin(angle));
  for (const side of [-0.4, 0.4]) context.lineTo(tip.x - size * Math.cos(angle + side), tip.y - size * Math.sin(angle + side));
  context.closePath();
  context.fill();
}

function drawUnit(context, { x, y }, node, { now, backward, reached }, theme) {
  context.beginPath();
  if (node.square) context.roundRect(x - RADIUS + 2, y - RADIUS + 2, 2 * RADIUS - 4, 2 * RADIUS - 4, 4);
  else context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  context.fillStyle = theme.background;
  context.fill();
  if (now || node.given) {
    context.fillStyle = now ? theme.band : theme.wall;
    context.fill();
  }
  context.strokeStyle = now ? (backward ? theme.lines[1] : theme.lines[0]) : reached ? theme.text : theme.axis;
  context.lineWidth = now ? 3.5 : node.given ? 1.2 : 1.8;
  context.stroke();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = reached ? theme.text : theme.axis;
  context.font = `${node.given ? "italic" : "600"} 15px ${FONT}`;
  context.fillText(node.label, x, y + 1);
}

/** A number, on a patch in the colour of the page: it stays readable where edges pass. */
function drawLabel(context, { text, style, x, y, width }, theme) {
  context.fillStyle = theme.background;
  context.globalAlpha = 0.88;
  context.fillRect(x - width / 2 - 3, y - LINE / 2, width + 6, LINE);
  context.globalAlpha = 1;
  context.fillStyle = style === "gradient" ? theme.lines[1] : theme.lines[0];
  context.textAlign = "left";
  context.textBaseline = "middle";
  let left = x - width / 2;
  for (const piece of pieces(text)) {
    const raised = isRaised(piece);
    context.font = raised ? FONTS.small : FONTS[style];
    context.fillText(piece, left, y + (raised ? -4 : 0.5));
    left += context.measureText(piece).width;
  }
}
