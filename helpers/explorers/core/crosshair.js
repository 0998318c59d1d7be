// The point that a map and its surface share: a crosshair on both, and the height there in words. It is moved on the map.

import { inWords } from "./mathematics.js";

const FINE = 200; // parts of each of its two lines over the surface
const STEPS = 1000; // places along an axis

/** The crosshair as this panel has it: its place [x1, x2, z], the same in words, and its two lines over the surface. */
export function crosshair({ mathematics, cross }, panel, variables) {
  if (!cross || !panel.cross) return undefined;
  const { x1, x2, z: { label } } = panel;
  const heights = (first, second) => mathematics.evaluate(panel.function, { ...variables, [x1.name]: first, [x2.name]: second });
  const [a, b, z] = [...cross, heights(...cross)];
  const words = inWords([`${label} is `, ["z", 3], " at (", ["a", 2], ", ", ["b", 2], ")"], { a, b, z });
  const lines = [x1, x2].map(({ low, high }, axis) => {
    const along = Float64Array.from({ length: FINE + 1 }, (_, k) => low + ((high - low) * k) / FINE);
    const z = axis ? heights(a, along) : heights(along, b);
    return Array.from(along, (place, k) => [axis ? a : place, axis ? place : b, z[k] ?? z]);
  });
  return { at: [a, b, z], words, lines };
}

/** Put the crosshair to a place, as near as its steps allow. */
export function moveCross(picture, { x1, x2 }, place) {
  picture.cross = [x1, x2].map(({ low, high }, axis) => {
    const step = (high - low) / STEPS;
    return Number((low + step * Math.max(0, Math.min(STEPS, Math.round((place[axis] - low) / step)))).toFixed(9));
  });
  picture.schedule();
}

/** The crosshair as a handle of the map (handles.js); numbers(place): what stands at a place {x, y} of the canvas. */
export function crossHandle(picture, panel, words, { x, y }, numbers) {
  const put = (place) => moveCross(picture, panel, place);
  return { x, y, along: "xy", label: "the point under the crosshair", text: words, move: (to) => put(numbers(to)), back: () => put(panel.cross) };
}

/** Stroke the path so that it shows on every colour below it: white under dashed black. */
export function strokeOnColors(context) {
  for (const [width, color, dash] of [[2.5, "#ffffff", []], [1.5, "#000000", [5, 4]]]) {
    context.lineWidth = width;
    context.strokeStyle = color;
    context.setLineDash(dash);
    context.stroke();
  }
  context.setLineDash([]);
}
