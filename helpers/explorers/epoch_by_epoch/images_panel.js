// The panel of small images of signed numbers, such as the first-layer weights of a network, on one scale.

import { unpackSigned } from "../core/mathematics.js";
import { drawSignedScale, paintPixels, signedShade } from "../core/signed_pixels.js";
import { colorTable, drawTitle } from "../core/theme.js";

const IMAGES_TOP = 28; // CSS pixels above the images, for the title
const IMAGES_FOOT = 54; // below them, for the scale and the note
const IMAGES_APART = 5;

export class ImagesPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.colors = colorTable(panel.colors);
  }

  contents(box, variables, data) {
    const { images, shown, limit } = this.panel;
    return { values: unpackSigned(data.arrays[images][variables[shown]], limit) };
  }

  /** As many columns as make the images largest. */
  places(box) {
    const { count } = this.panel;
    const [width, height] = [box.width - 16, box.height - IMAGES_TOP - IMAGES_FOOT];
    const sideFor = (columns) => Math.min(width / columns, height / Math.ceil(count / columns)) - IMAGES_APART;
    const columns = Array.from({ length: count }, (_, k) => k + 1).reduce((a, b) => (sideFor(b) > sideFor(a) ? b : a));
    const side = Math.floor(sideFor(columns));
    return Array.from({ length: count }, (_, k) => ({
      left: box.left + 8 + (k % columns) * (side + IMAGES_APART),
      top: box.top + IMAGES_TOP + Math.floor(k / columns) * (side + IMAGES_APART), side,
    }));
  }

  paint(context, box, { values }) {
    const { title, note, side, limit } = this.panel;
    const { theme } = this.picture;
    drawTitle(context, title, box, theme.text);
    const places = this.places(box);
    const shade = signedShade(this.colors, limit);
    places.forEach((place, k) => paintPixels(context, values.subarray(k * side * side, (k + 1) * side * side), side, place, shade));
    const last = places.at(-1);
    const strip = { left: box.left + 8, top: last.top + last.side + 8, width: Math.min(220, box.width - 16) };
    drawSignedScale(context, strip, this.colors, limit, theme);
    context.textAlign = "left";
    const [from, line] = box.width < 400 ? [strip.left, strip.top + 27] : [strip.left + strip.width + 14, strip.top];
    context.fillText(note, from, line, box.left + box.width - from);
  }
}
