// What a slider, or a grip in the picture, touches is lit up. The light is a sheet of its own before the picture, which stays
// the same for the same values.

export class Light {
  constructor(picture) {
    this.picture = picture;
    this.names = [];
    this.sheet = Object.assign(picture.el.ownerDocument.createElement("canvas"), { className: "nn-light" });
    this.sheet.setAttribute("aria-hidden", "true");
  }

  /** Light what holds the sliders of these names; [] puts the light out. */
  on(names) {
    if (names.join() === this.names.join()) return;
    this.names = names;
    for (const box of this.picture.el.closest(".nn-explorer").querySelectorAll(".nn-sliders > *")) {
      box.classList.toggle("nn-lit", names.some((name) => box.classList.contains(`nn-slider-${name}`)));
    }
    this.draw();
  }

  /** Anew after each draw of the picture. */
  draw() {
    const { names, sheet, picture: { canvas, stage, panels, boxes, scale, theme, mathematics } } = this;
    if (!names.length || !boxes || !panels.some(({ panel }) => panel?.lit)) return sheet.remove();
    if (!sheet.isConnected) stage.append(sheet);
    Object.assign(sheet, { width: canvas.width, height: canvas.height }); // also wipes it
    Object.assign(sheet.style, { width: canvas.style.width, height: canvas.style.height });
    const context = sheet.getContext("2d");
    context.scale(scale, scale);
    context.strokeStyle = theme.lines[1];
    const known = new Map();
    panels.forEach((panel, k) => panel.panel?.lit && panel.light(context, boxes[k], (tree) => mathematics.touched(tree, names, known)));
  }
}
