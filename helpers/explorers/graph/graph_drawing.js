// How a graph is drawn: nodes in layers, numbers on nodes and edges.
//
// Python computes the layout (see `_panel` in __init__.py): a place is [pixels, share, row], where the pixels
// are the widths of the nodes to its left and the share that of the free room.

import { compile } from "../core/formula.js";
import { FONT, readable } from "../core/theme.js";

const NODE_HEIGHT = 26;
const LEFT = 60; // CSS pixels between the panel's border and the first node: room for its numbers
const RIGHT = 14;

/** A number for a label in the picture: three digits, as `short` of graph_figure.py writes it. */
export function short(value) {
  const words = readable(Number(value.toPrecision(3)));
  return words.includes("×") ? readable(Number(value.toPrecision(1))).replace(".00 × ", "×") : words;
}

/** Where a place of the layout is on the canvas. */
function onCanvas(box, panel, [pixels, share, row]) {
  const room = box.width - LEFT - RIGHT - panel.fixed;
  return { x: box.left + LEFT + pixels + share * room, y: box.top + panel.top + row * panel.rowHeight };
}

/** The numbers of the graph at these values; what the present step does not show yet is undefined. */
export function graphContents(panel, variables) {
  const step = Math.round(variables[panel.step]);
  const number = (name, from) => (name && step >= from ? short(Number(compile(name)(variables))) : undefined);
  const numbers = (part) => ({
    above: number(part.above, part.aboveFrom),
    below: number(part.below, part.belowFrom),
    now: step > 0 && part.now.includes(step),
    backward: step === part.now[1],
    reached: step >= part.now[0],
  });
  return { nodes: panel.nodes.map(numbers), edges: panel.edges.map(numbers) };
}

/** The node of this panel at a place of the canvas, or -1. */
export function nodeAt(box, panel, x, y) {
  return panel.nodes.findIndex((node) => {
    const at = onCanvas(box, panel, node.place);
    return Math.abs(x - at.x) <= node.width / 2 + 3 && Math.abs(y - at.y) <= NODE_HEIGHT / 2 + 3;
  });
}

export function drawGraph(context, box, panel, contents, chosen, theme) {
  context.fillStyle = theme.text;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.font = `600 13px ${FONT}`;
  context.fillText(panel.title, box.left + 8, box.top + 16, box.width - 16);
  context.font = `12px ${FONT}`;
  context.fillText(panel.note, box.left + 8, box.top + 35, box.width - 16);
  const drawn = panel.edges.map((edge, k) => drawEdge(context, box, panel, edge, contents.edges[k], theme));
  drawn.forEach((ends, k) => drawEdgeNumbers(context, ...ends, contents.edges[k], theme));
  panel.nodes.forEach((node, k) => drawNode(context, box, panel, node, contents.nodes[k], k === chosen, theme));
}

/** The line with its arrow; gives the two ends of its first part, where its numbers go. */
function drawEdge(context, box, panel, edge, { now, backward, reached }, theme) {
  const points = edge.path.map((place) => onCanvas(box, panel, place));
  // From the border of one node to the border of the other.
  const first = points[0];
  first.x += startWidth(panel, edge) / 2;
  const last = points.at(-1);
  if (edge.ends) last.x -= endWidth(panel, edge) / 2;
  context.strokeStyle = context.fillStyle = now ? theme.text : reached ? theme.axis : theme.faint;
  context.lineWidth = now ? 2.5 : 1.2;
  context.lineJoin = "round";
  context.beginPath();
  points.forEach(({ x, y }, k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
  if (now && backward) arrowHead(context, points[1], first);
  else arrowHead(context, points.at(-2), last);
  return [first, points[1]];
}

/** The value above the middle of an edge and the gradient below it; both on the free side of a steep edge. */
function drawEdgeNumbers(context, from, to, { above, below }, theme) {
  context.font = `600 11px ${FONT}`;
  const x = (from.x + to.x) / 2;
  const y = (from.y + to.y) / 2;
  const slope = Math.abs((to.y - from.y) / (to.x - from.x || 1));
  const texts = [above, below].filter((text) => text !== undefined);
  if (texts.length === 0) return;
  context.textAlign = "center";
  const width = Math.max(...texts.map((text) => context.measureText(text).width));
  const both = texts.length === 2;
  let [upper, lower] = [y - 9, y + 9];
  if (slope < 0.12) {
    // Where the numbers are wider than the edge they stand clear of the nodes at both its ends.
    if (width + 6 > to.x - from.x) [upper, lower] = [y - NODE_HEIGHT / 2 - 9, y + NODE_HEIGHT / 2 + 10];
  } else {
    const gap = 9 + (slope * width) / 2;
    [upper, lower] = to.y > from.y ? [y - gap - (both ? 13 : 0), y - gap] : [y + gap, y + gap + (above !== undefined ? 13 : 0)];
  }
  write(context, above, x, upper, "400", theme.lines[0], theme);
  write(context, below, x, lower, "600", theme.lines[1], theme);
}

/** A number of the graph, with a rim in the colour of the page: it stays readable where an edge passes. */
function write(context, text, x, y, weight, color, theme) {
  if (text === undefined) return;
  context.font = `${weight} 11px ${FONT}`;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = theme.background;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

function arrowHead(context, from, to) {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  context.beginPath();
  context.moveTo(to.x, to.y);
  for (const side of [-0.42, 0.42]) context.lineTo(to.x - 8 * Math.cos(angle + side), to.y - 8 * Math.sin(angle + side));
  context.closePath();
  context.fill();
}

const startWidth = (panel, edge) => nodeOf(panel, edge.path[0])?.width ?? 0;
const endWidth = (panel, edge) => nodeOf(panel, edge.path.at(-1))?.width ?? 0;
const nodeOf = (panel, place) => panel.nodes.find((node) => node.place.every((number, k) => number === place[k]));

function drawNode(context, box, panel, node, { above, below, now, reached }, chosen, theme) {
  const { x, y } = onCanvas(box, panel, node.place);
  const [left, top] = [x - node.width / 2, y - NODE_HEIGHT / 2];
  context.beginPath();
  context.roundRect(left, top, node.width, NODE_HEIGHT, node.round ? NODE_HEIGHT / 2 : 4);
  context.fillStyle = theme.background;
  context.fill();
  if (now || node.round) {
    context.fillStyle = now ? theme.band : theme.wall;
    context.fill();
  }
  context.strokeStyle = reached ? theme.text : theme.axis;
  context.lineWidth = now ? 3 : 1.2;
  context.stroke();
  if (chosen) {
    context.setLineDash([4, 3]);
    context.lineWidth = 2;
    context.strokeStyle = theme.lines[3];
    context.strokeRect(left - 3.5, top - 3.5, node.width + 7, NODE_HEIGHT + 7);
    context.setLineDash([]);
  }
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = reached ? theme.text : theme.axis;
  context.font = `${node.round ? "italic " : ""}13px ${FONT}`;
  context.fillText(node.label, x, y + 0.5);
  // The numbers of the first inputs stand to their left, those of others above and below.
  const [place, inwards] = node.beside ? [left - 6, 6] : [x, -10.5];
  context.textAlign = node.beside ? "right" : "center";
  write(context, above, place, top + inwards, "400", theme.lines[0], theme);
  const sum = below !== undefined && node.sum ? `Σ ${below}` : below;
  write(context, sum, place, top + NODE_HEIGHT - inwards, "600", theme.lines[1], theme);
}
