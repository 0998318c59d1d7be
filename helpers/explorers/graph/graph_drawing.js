// How a graph is drawn: nodes in layers, numbers on nodes and edges.
//
// Python computes the layout and the places of the numbers (places.py): a place is [pixels, share, row], where the pixels are the
// widths of the nodes to its left and the share that of the free room.

import { haloed } from "../core/curves.js";
import { compile } from "../core/formula.js";
import { arrowHead, drawPulse, passColor } from "../core/network_drawing.js";
import { drawTitle, letters, readable } from "../core/theme.js";

const NODE_HEIGHT = 26;
const LEFT = 75; // CSS pixels between the panel's border and the first node: room for its numbers
const RIGHT = 14;
export const CHIP_WIDTH = 46; // of the frame of a number that can be seized

/** A number for a label in the picture: three digits, as `short` of graph_figure.py writes it. */
export function short(value) {
  const words = readable(Number(value.toPrecision(3)));
  return words.includes("×") ? readable(Number(value.toPrecision(1))).replace(".00 × ", "×") : words;
}

/** Where a place of the layout is on the canvas. */
export function onCanvas(box, panel, [pixels, share, row]) {
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
    reached: step >= part.now[0],
    backward: step > 0 && step >= part.now[1],
  });
  return { step, nodes: panel.nodes.map(numbers), edges: panel.edges.map(numbers) };
}

/** The node of this panel at a place of the canvas, or -1. */
export function nodeAt(box, panel, x, y) {
  return panel.nodes.findIndex((node) => {
    const at = onCanvas(box, panel, node.place);
    return Math.abs(x - at.x) <= node.width / 2 + 3 && Math.abs(y - at.y) <= NODE_HEIGHT / 2 + 3;
  });
}

/** Every number that is shown: {text, x, y, align, gradient, chip}; a chip is the number of an input, which can be seized. */
export function graphLabels(panel, contents, box) {
  const nodes = panel.nodes.flatMap((node, k) => {
    const { above, below } = contents.nodes[k];
    const at = onCanvas(box, panel, node.place);
    const [left, top] = [at.x - node.width / 2 - 4, at.y - NODE_HEIGHT / 2];
    const [x, align] = node.beside ? [left, "right"] : [at.x, "center"];
    const chip = node.round && { name: node.name, x: node.beside ? left - CHIP_WIDTH / 2 : at.x, y: top + (node.beside ? 4 : -13), words: `${node.symbol} = ${above}` };
    return [
      { text: above, ...chip, align: "center", chip: node.round },
      { text: below !== undefined && node.sum ? `Σ ${below}` : below, x, align, gradient: true, y: top + NODE_HEIGHT + (node.beside ? -2 : 8) },
    ];
  });
  const edges = panel.edges.flatMap((edge, k) => {
    const { above, below } = contents.edges[k];
    return edge.numbers.map((place, i) => {
      const gradient = i > 0 || edge.above === null;
      return { text: gradient ? below : above, gradient, ...onCanvas(box, panel, place), align: "center" };
    });
  });
  return [...nodes, ...edges].filter(({ text }) => text !== undefined);
}

/** The corners of an edge, from the border of one node to the border of the other. */
function cornersOf(box, panel, { path, ends }) {
  const widthAt = (place) => panel.nodes.find((node) => node.place.every((number, k) => number === place[k]))?.width ?? 0;
  const points = path.map((place) => onCanvas(box, panel, place));
  points[0].x += widthAt(path[0]) / 2;
  if (ends) points.at(-1).x -= widthAt(path.at(-1)) / 2;
  return points;
}

/** pulse: how far the numbers of this step have come. Gives the labels, so that what can be seized lies where it is drawn. */
export function drawGraph(context, box, panel, contents, chosen, theme, pulse = 1) {
  drawTitle(context, panel.title, box, theme.text, panel.note);
  panel.edges.forEach((edge, k) => drawEdge(context, cornersOf(box, panel, edge), contents.edges[k], theme, pulse));
  panel.nodes.forEach((node, k) => drawNode(context, onCanvas(box, panel, node.place), node, contents.nodes[k], k === chosen, theme));
  const labels = graphLabels(panel, contents, box);
  for (const label of labels) if (!label.chip) write(context, label, theme);
  return labels;
}

/** Forward the edge leads to its consumer; once the gradient has come back on it, it is orange and leads backward. */
function drawEdge(context, points, { now, backward, reached }, theme, pulse) {
  const way = backward ? [...points].reverse() : points;
  context.strokeStyle = context.fillStyle = now || backward ? passColor(theme, backward) : reached ? theme.axis : theme.faint;
  context.lineWidth = now ? 3 : backward ? 1.8 : 1.2;
  context.lineJoin = "round";
  context.beginPath();
  way.forEach(({ x, y }, k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
  arrowHead(context, ...way.slice(-2), now ? 11 : 8);
  if (now) drawPulse(context, way, pulse, theme);
}

/** A number of the graph, with a rim in the colour of the page: it stays readable where an edge passes. */
function write(context, { text, x, y, align, gradient }, theme) {
  letters(context, `${gradient ? 600 : 400} 11px`, theme.text, align);
  haloed(context, text, x, y, passColor(theme, gradient), theme);
}

function drawNode(context, { x, y }, node, { now, backward, reached }, chosen, theme) {
  const [left, top] = [x - node.width / 2, y - NODE_HEIGHT / 2];
  context.beginPath();
  context.roundRect(left, top, node.width, NODE_HEIGHT, node.round ? NODE_HEIGHT / 2 : 4);
  context.fillStyle = theme.background;
  context.fill();
  if (now || node.round) {
    context.fillStyle = now ? theme.band : theme.wall;
    context.fill();
  }
  context.strokeStyle = now ? passColor(theme, backward) : reached ? theme.text : theme.axis;
  context.lineWidth = now ? 3 : 1.2;
  context.stroke();
  if (chosen) {
    context.setLineDash([4, 3]);
    context.lineWidth = 2;
    context.strokeStyle = theme.lines[3];
    context.strokeRect(left - 3.5, top - 3.5, node.width + 7, NODE_HEIGHT + 7);
    context.setLineDash([]);
  }
  letters(context, `${node.round ? "italic " : ""}13px`, reached ? theme.text : theme.axis, "center");
  context.fillText(node.label, x, y + 0.5);
}
