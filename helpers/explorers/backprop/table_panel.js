// The panel of a table: names, and numbers that appear with the steps. Real HTML.

import { compile } from "../core/formula.js";
import { compileLine, setWords } from "../core/lines.js";

export class TablePanel {
  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.rows = panel.rows.map(({ cells, ...row }) => ({ ...row, cells: cells.map((cell) => ({ ...cell, write: compileLine(cell.parts) })) }));
    this.conditions = panel.columns.map(({ when }) => compile(when ?? 1));
    this.element = picture.el.ownerDocument.createElement("section");
    this.element.className = "nn-table";
    // It scrolls sideways on narrow pages: the arrow keys reach all of it.
    for (const [name, value] of Object.entries({ tabindex: 0, role: "group", "aria-label": panel.title })) this.element.setAttribute(name, value);
    const heads = panel.columns.map(() => '<th scope="col"></th>').join("");
    const cells = panel.columns.slice(1).map(() => "<td></td>").join("");
    this.element.innerHTML = `<table><caption></caption><thead><tr>${heads}</tr></thead>
      <tbody>${this.rows.map(() => `<tr><th scope="row"></th>${cells}</tr>`).join("")}</tbody></table><p></p>`;
    this.element.querySelector("caption").textContent = panel.title;
    [...this.element.querySelectorAll("thead th")].forEach((head, k) => setWords(head, panel.columns[k].title));
    this.places = [...this.element.querySelectorAll("tbody tr")].map((row) => [...row.children]);
    this.heads = [...this.element.querySelectorAll("thead th")];
    this.note = this.element.querySelector("p");
  }

  contents(box, variables) {
    const [step, decimals] = [Math.round(variables[this.panel.step]), Math.round(variables[this.panel.decimals])];
    return {
      step,
      shown: this.conditions.map((condition) => Boolean(condition(variables))),
      cells: this.rows.map(({ cells }) => cells.map(({ write, from }) => (step >= from ? write(variables, decimals) : ""))),
      note: this.picture.words(variables, this.panel.notes),
    };
  }

  show({ step, shown, cells, note }) {
    const mark = (cell, k, now) => {
      cell.hidden = !shown[k];
      cell.classList.toggle("nn-now", now);
    };
    this.heads.forEach((head, k) => mark(head, k, false));
    this.places.forEach((row, i) => row.forEach((cell, k) => {
      setWords(cell, cells[i][k]);
      mark(cell, k, step > 0 && this.rows[i].cells[k].from === step);
    }));
    setWords(this.note, note);
  }
}
