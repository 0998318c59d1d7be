// The panel of a confusion matrix: how many examples of each class were taken for which class.

import { StepControls } from "../core/step_controls.js";
import { FONT, colorTable, drawTitle, inkOn, letters } from "../core/theme.js";

const PACE = 600; // milliseconds from one epoch to the next
const CONFUSION_MARGIN = { left: 46, top: 62, bottom: 8, right: 8 };

export class ConfusionPanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.steps = panel.step ? new StepControls(picture, panel.step, PACE) : undefined;
    this.hint = panel.step ? `In the picture: arrow keys left and right for the ${panel.step}, space plays.` : "";
  }

  contents(box, variables, data) {
    return { counts: data.arrays[this.panel.counts][variables[this.panel.shown]] };
  }

  area(box) {
    const { left, top, bottom, right } = CONFUSION_MARGIN;
    const count = this.panel.classes.length;
    const cell = Math.min((box.height - top - bottom) / count, (box.width - left - right) / count, 76);
    return { left: box.left + left, top: box.top + top, cell, wide: Math.min((box.width - left - right) / count, 1.5 * cell) };
  }

  paint(context, box, { counts }) {
    const { classes, title } = this.panel;
    const { theme } = this.picture;
    const { left, top, cell, wide } = this.area(box);
    const count = classes.length;
    drawTitle(context, title, box, theme.text);
    letters(context, "12px", theme.text, "left", "alphabetic");
    context.fillText("answer →", left, top - 22);
    context.save();
    context.translate(box.left + 16, top + count * cell);
    context.rotate(-Math.PI / 2);
    context.fillText("← true class", 0, 0);
    context.restore();
    letters(context, "12px", theme.text, "center");
    classes.forEach((label, k) => {
      context.fillText(label, left + (k + 0.5) * wide, top - 9);
      context.fillText(label, left - 12, top + (k + 0.5) * cell);
    });
    for (let row = 0; row < count; row++) {
      const all = counts.slice(row * count, (row + 1) * count).reduce((a, b) => a + b, 0) || 1;
      for (let column = 0; column < count; column++) {
        const number = counts[row * count + column];
        this.paintCell(context, left + column * wide, top + row * cell, wide, cell, number, number / all, row === column);
      }
    }
    context.strokeStyle = theme.axis;
    context.lineWidth = 1;
    context.strokeRect(left - 0.5, top - 0.5, count * wide + 1, count * cell + 1);
  }

  /** Right ones in one colour, mistakes in another that grows sooner: 2 % of a class shall be seen. */
  paintCell(context, left, top, width, height, number, share, right) {
    const { theme } = this.picture;
    const strength = right ? 0.75 * share : Math.min(1, Math.sqrt(share) * 1.4);
    const [ground, color] = colorTable([theme.wall, theme.lines[right ? 0 : 1]], 2);
    const shade = ground.map((channel, k) => Math.round(channel + (color[k] - channel) * strength));
    context.fillStyle = `rgb(${shade})`;
    context.fillRect(left, top, width - 1, height - 1);
    if (number === 0) return;
    context.fillStyle = inkOn(shade);
    context.font = `${right ? 600 : 400} ${Math.min(14, Math.max(9, Math.round(height * 0.46)))}px ${FONT}`;
    context.fillText(number, left + width / 2, top + height / 2 + 0.5, width - 3);
  }

  show() {
    this.steps?.show();
  }

  key(event) {
    return Boolean(this.steps?.key(event));
  }

  reset() {
    this.steps?.pause();
  }

  remove() {
    this.steps?.remove();
  }
}
