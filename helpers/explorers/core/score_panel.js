// The panel of a score: a large number, and in shape, word and colour whether it is passed or even gold.

import { compile } from "./formula.js";
import { drawTitle, letters, readable } from "./theme.js";

export class ScorePanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.value = compile(panel.value);
  }

  contents(box, variables) {
    const value = this.value(variables);
    const { mark, word, color } = this.panel.levels.find(({ most }) => most === null || value <= most);
    return { number: `${readable(value, this.panel.decimals)}${this.panel.unit}`, word: `${mark} ${word}`, color };
  }

  paint(context, box, { number, word, color }) {
    const { theme } = this.picture;
    const write = (text, font, x, y, ink) => {
      letters(context, font, ink, "left", "alphabetic");
      context.fillText(text, x, y);
      return x + context.measureText(text).width;
    };
    const after = write(number, "700 26px", box.left + 8, box.top + 25, theme.text);
    write(word, "700 22px", after + 18, box.top + 25, theme.lines[color]);
    drawTitle(context, this.panel.title, { ...box, top: box.top + 27 }, theme.text);
  }
}
