// The run of training that the panels of explorers.fit share: it follows the sliders, trains, and goes back in time.

import { Fit, OPTIMISERS, isTooLarge, meanSquare, output, trueCurve } from "./fit_training.js";
import { readable } from "../core/theme.js";

const BUDGET = 20; // milliseconds of training in one picture, at most
const LIMIT = 200000; // epochs
const SAVE = 400; // milliseconds from a change until Python is told

/** Epochs a second: slow enough at first to watch, faster the longer it goes on. */
const pace = (epoch) => 60 + 0.6 * epoch;

export class FitRun {
  /** first: { epochs, kept }, what there is before anybody has done anything. */
  constructor(picture, first) {
    this.picture = picture;
    this.first = first;
    this.read();
    this.onState = () => {
      if (this.saving) return;
      this.stop();
      this.read();
      picture.schedule();
    };
    picture.model.on("change:state", this.onState);
    this.buildTools();
  }

  /** Take over what Python says: epochs done, epoch shown, moved points, and the run kept for comparison. */
  read() {
    const { epochs, kept: keptAtFirst } = this.first;
    const atFirst = { epoch: epochs, head: epochs, changes: [], kept: keptAtFirst };
    const { epoch, head, changes, values, kept } = { ...atFirst, ...this.picture.model.get("state") };
    this.goal = head;
    this.shown = epoch < head ? epoch : undefined;
    this.changes = changes;
    this.values = values;
    this.kept = kept ?? undefined;
    this.fit = undefined;
    this.keptFit = undefined;
  }

  /** The epoch in the picture: the last one, unless somebody went back. */
  get epoch() { return Math.min(this.shown ?? this.fit.head, this.fit.head); }

  // ---- following the sliders -------------------------------------------------------------------------------------

  /** Bring the run up to date with these values of the sliders; give the numbers that the sentence may quote. */
  update(values) {
    if (!this.fit || !same(values, this.values)) this.begin(values);
    const deadline = performance.now() + BUDGET;
    this.fit.advance(this.goal, deadline);
    if (this.kept) {
      this.keptFit ??= new Fit(this.kept.values, this.kept.changes);
      this.keptFit.advance(this.kept.epoch, deadline);
    }
    if (!this.training && (this.catchingUp || isBehind(this.keptFit, this.kept?.epoch))) this.picture.schedule();
    this.look();
    return this.numbers;
  }

  /** Other settings: the same number of epochs, from the start. Other points take back what was moved. */
  begin(values) {
    if (this.values && !same(values, this.values)) {
      const samePoints = ["n", "noise", "seed"].every((name) => values[name] === this.values[name]);
      this.changes = samePoints ? latest(this.changes) : [];
      this.shown = undefined;
      this.save();
    }
    this.values = values;
    this.fit = new Fit(values, this.changes);
  }

  /** Whether the epochs that were done before a slider moved are being trained again. */
  get catchingUp() { return !this.training && isBehind(this.fit, this.goal); }

  /** Whether no further epoch is allowed. */
  get atLimit() { return this.epoch >= LIMIT; }

  look() {
    const { fit, epoch } = this;
    const { theta } = fit.at(epoch);
    const data = fit.data(epoch);
    const cost = epoch < fit.head ? fit.costs[epoch] : meanSquare(output(theta, data.x), data.y);
    const mean = data.y.reduce((sum, y) => sum + y, 0) / data.y.length;
    const places = Float64Array.from({ length: 201 }, (_, i) => -1 + i / 100);
    this.theta = theta;
    this.data = data;
    this.numbers = {
      epoch, head: fit.head, cost,
      constant: meanSquare(data.y, data.y.map(() => mean)),
      floor: meanSquare(data.y, data.x.map(trueCurve)),
      clean: meanSquare(output(theta, places), places.map(trueCurve)),
      first: fit.costs[0] ?? cost,
      diverged: isTooLarge(cost) ? 1 : 0,
      goal: this.goal, behind: this.catchingUp ? 1 : 0,
    };
  }

  // ---- training --------------------------------------------------------------------------------------------------

  train() {
    if (this.training) return this.stop();
    if (this.catchingUp) return this.enough();
    if (this.atLimit) return;
    this.returnToShown();
    this.training = true;
    this.owed = 0;
    let before;
    const frame = (now) => {
      if (!this.training) return;
      const seconds = Math.min(0.1, (now - (before ?? now - 16)) / 1000);
      before = now;
      this.owed += seconds * pace(this.fit.head);
      // What could not be done in time is not owed.
      this.goal = Math.min(LIMIT, this.fit.head + Math.floor(this.owed));
      this.owed -= Math.floor(this.owed);
      this.picture.draw();
      this.save();
      if (this.fit.diverged || this.fit.head >= LIMIT) this.stop();
      else this.frame = requestAnimationFrame(frame);
    };
    this.frame = requestAnimationFrame(frame);
    this.showTools();
  }

  stop() {
    if (!this.training) return;
    cancelAnimationFrame(this.frame);
    this.training = false;
    this.goal = this.fit?.head ?? this.goal;
    this.changed();
  }

  /** Do not train again all the epochs that were done before. */
  enough() {
    this.goal = this.fit.head;
    this.changed();
  }

  /** Going on from an earlier epoch forgets what came after it. */
  returnToShown() {
    this.fit.backTo(this.epoch);
    this.shown = undefined;
    this.goal = this.fit.head;
    this.changes = this.fit.changes;
  }

  one() {
    this.stop();
    if (this.atLimit) return;
    this.returnToShown();
    this.goal += 1;
    this.changed();
  }

  /** Back to the first weights; moved points stay where they are. */
  startAgain() {
    this.stop();
    this.changes = latest(this.fit.changes);
    this.goal = 0;
    this.shown = undefined;
    this.fit = undefined;
    this.changed();
  }

  go(epoch) {
    this.stop();
    const { head } = this.fit;
    const inside = Math.max(0, Math.min(head, Math.round(epoch)));
    this.shown = inside === head ? undefined : inside;
    this.changed();
  }

  /** Move point i: training goes on with it from here. */
  move(i, x, y) {
    this.returnToShown();
    this.fit.move(i, x, y);
    this.changes = this.fit.changes;
    this.changed();
  }

  keep() {
    this.kept = { values: this.values, epoch: this.epoch, changes: this.fit.changes.filter(([since]) => since <= this.epoch) };
    this.keptFit = undefined;
    this.changed();
  }

  changed() {
    this.save();
    this.picture.schedule();
  }

  /** The run that is kept, in a few words. */
  get keptLabel() {
    const { values, epoch } = this.kept;
    return `kept: ${OPTIMISERS[values.optimiser]}, rate ${readable(Number(values.rate.toPrecision(2)))}, ${epoch} epochs`;
  }

  /** Tell Python, at most every SAVE milliseconds. */
  save() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.fit) return;
      const { epoch, changes, values, kept } = this;
      this.saving = true;
      this.picture.model.set("state", { epoch, head: this.training ? this.fit.head : this.goal, changes, values, kept: kept ?? null });
      this.saving = false;
      this.picture.model.save_changes();
    }, SAVE);
  }

  // ---- buttons, keys ---------------------------------------------------------------------------------------------

  buildTools() {
    const { tools, hint, stage } = this.picture;
    const document = tools.ownerDocument;
    const actions = {
      Train: ["", () => this.train()],
      "One epoch": ["all points once, one update", () => this.one()],
      "Start again": ["back to the first weights", () => this.startAgain()],
      Keep: ["keep this run as a dashed line, to compare the next one with it", () => this.keep()],
    };
    this.buttons = Object.fromEntries(Object.entries(actions).map(([label, [title, act]]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label, title });
      button.className = label === "Train" ? "nn-step nn-main" : "nn-step";
      button.addEventListener("click", act);
      tools.append(button);
      return [label, button];
    }));
    this.label = document.createElement("label");
    this.label.className = "nn-scrub";
    this.scrub = Object.assign(document.createElement("input"), { type: "range", min: 0, step: 1 });
    this.count = document.createElement("span");
    this.label.append("epoch ", this.scrub, this.count);
    this.scrub.addEventListener("input", () => this.go(Number(this.scrub.value)));
    tools.append(this.label);
    // The buttons stand with the sliders: on a phone too they are in sight together with the first panel.
    stage.before(tools);
    stage.after(hint);
    this.keys = {
      " ": () => this.train(), Home: () => this.go(0), End: () => this.go(this.fit.head),
      ArrowLeft: () => this.go(this.epoch - this.stride), ArrowRight: () => this.go(this.epoch + this.stride),
    };
  }

  get stride() { return Math.max(1, Math.round(this.fit.head / 100)); }

  showTools() {
    if (!this.fit) return;
    this.buttons.Train.textContent = this.training || this.catchingUp ? "Stop" : "Train";
    this.buttons.Train.disabled = this.buttons["One epoch"].disabled = this.atLimit;
    this.scrub.max = this.fit.head;
    this.scrub.value = this.epoch;
    this.count.textContent = `${this.epoch} of ${this.fit.head}${this.atLimit ? ", the most that this picture trains" : ""}`;
  }

  key({ key }) {
    if (!(key in this.keys)) return false;
    this.keys[key]();
    return true;
  }

  reset() {
    this.stop();
    this.goal = this.first.epochs;
    this.kept = this.first.kept ?? undefined;
    this.changes = [];
    this.shown = undefined;
    this.fit = this.keptFit = undefined;
    this.changed();
  }

  remove() {
    this.stop();
    clearTimeout(this.timer);
    this.picture.model.off("change:state", this.onState);
    for (const element of [...Object.values(this.buttons), this.label]) element.remove();
  }
}

const same = (a, b) => Object.keys(a).every((name) => a[name] === b[name]);

/** Whether a run has not done so many epochs yet, and can. */
const isBehind = (fit, goal) => Boolean(fit) && fit.head < goal && !fit.diverged;

/** Where moved points are in the end, as if they had been there from the start. */
function latest(changes) {
  return [...new Map(changes.map(([, i, x, y]) => [i, [0, i, x, y]])).values()];
}
