// The panel of a working: lines of text with the numbers put in, which appear with the steps. Real HTML.

import { compileLine, setWords } from "../core/lines.js";

export class WorkingPanel {
  beside = true;

  constructor(picture, panel) {
    this.picture = picture;
    this.panel = panel;
    this.lines = panel.lines.map((line) => ({ ...line, write: compileLine(line.parts) }));
    const document = picture.el.ownerDocument;
    const make = (tag, name, parent) => {
      const element = document.createElement(tag);
      element.className = name;
      parent?.append(element);
      return element;
    };
    this.element = make("section", "nn-working");
    make("h3", "", this.element).textContent = panel.title;
    if (panel.switch) this.addSwitch(make("label", "nn-switch", this.element));
    this.list = make("div", "nn-lines", this.element);
    this.list.tabIndex = 0; // it scrolls: the arrow keys reach all of it
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", panel.title);
    this.list.addEventListener("keydown", (event) => {
      if (/^(Arrow|Page|Home|End)/.test(event.key)) event.stopPropagation(); // JupyterLab would go to another cell
    });
    this.rows = this.lines.map(({ heading }) => make(heading ? "h4" : "p", "", this.list));
  }

  /** A parameter that is 0 or 1, as a box to tick. */
  addSwitch(label) {
    const { name } = this.panel.switch;
    this.box = label.ownerDocument.createElement("input");
    this.box.type = "checkbox";
    this.box.addEventListener("change", () => this.picture.set(name, this.box.checked ? 1 : 0));
    this.words = label.ownerDocument.createElement("span");
    label.append(this.box, this.words);
    this.writeSwitch = compileLine(this.panel.switch.parts);
  }

  contents(box, variables) {
    const decimals = Math.round(variables[this.panel.decimals]);
    return {
      step: Math.round(variables[this.panel.step]),
      lines: this.lines.map(({ write }) => write(variables, decimals)),
      label: this.writeSwitch?.(variables, decimals),
    };
  }

  show({ step, lines, label }, variables) {
    if (this.box) {
      this.box.checked = variables[this.panel.switch.name] > 0.5;
      this.words.textContent = label;
    }
    this.rows.forEach((row, k) => {
      setWords(row, lines[k]);
      row.hidden = step < this.lines[k].step;
      row.classList.toggle("nn-now", step === this.lines[k].step && !this.lines[k].heading);
    });
    if (step !== this.step) this.scrollTo(step);
    this.step = step;
  }

  /** The lines of this step into view, in their own box: the page stays where it is. */
  scrollTo(step) {
    const present = this.rows.filter((_, k) => this.lines[k].step === step);
    if (!present.length) this.list.scrollTop = 0;
    else {
      const bottom = present.at(-1).offsetTop + present.at(-1).offsetHeight - this.list.clientHeight + 6;
      this.list.scrollTop = Math.max(0, Math.min(bottom, present[0].offsetTop));
    }
  }
}
