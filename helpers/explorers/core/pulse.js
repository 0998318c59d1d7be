// Between two states the eye is led: what a step has computed runs along the edges, and Reset and the choice of an example
// move the picture. A drag and Python are shown at once.

const MOVE = 200; // milliseconds of a move

/** A clock that runs for the time of a move; never where the reader wants no motion. */
class Clock {
  start = -Infinity;

  begin() {
    this.start = matchMedia("(prefers-reduced-motion: reduce)").matches ? -Infinity : performance.now();
  }

  /** How much of the move is done, from 0 to 1. Draws on until it is done. */
  share(picture) {
    const share = Math.min(1, (performance.now() - this.start) / MOVE);
    if (share < 1) picture.moving();
    return share;
  }
}

export class Pulse {
  constructor(picture) {
    this.picture = picture;
    this.clock = new Clock();
  }

  /** How far, from 0 to 1, the move to this step has come; only one step forward is a move. */
  at(step) {
    if (step !== this.step) {
      if (step === this.step + 1) this.clock.begin();
      else this.clock.start = -Infinity;
      this.step = step;
    }
    return this.clock.share(this.picture);
  }
}

/** The way of a picture of formulas, and of its camera, to what holds now. What is trained, or computed by Python, is not
 * computed for numbers on the way, and the step of a working has a pulse of its own. */
export class Glide {
  constructor(picture) {
    this.picture = picture;
    this.clock = new Clock();
    const { functions, definitions, kernelOnly, panels, defaults } = picture.spec;
    const formulas = !kernelOnly && (Object.keys(functions).length || Object.keys(definitions).length);
    const steps = panels.map(({ step }) => step);
    this.names = formulas ? Object.keys(defaults).filter((name) => picture.sliders[name].get("step") && !steps.includes(name)) : [];
  }

  /** From these values and this camera on to what holds now. */
  begin(values, camera) {
    Object.assign(this, { from: values, camera, to: this.picture.values(), turned: this.picture.camera });
    this.clock.begin();
  }

  end() {
    if (this.from) this.picture.camera = this.turned;
    this.from = undefined;
  }

  /** The values to be drawn where `now` hold, and the camera on its way. Who changes them meanwhile ends the move. */
  values(now) {
    if (!this.from) return now;
    const { picture, from, to, camera, turned } = this;
    const share = this.clock.share(picture);
    if (share === 1 || Object.keys(now).some((name) => now[name] !== to[name])) {
      this.end();
      return now;
    }
    const way = (start, end) => start + (end - start) * share * (2 - share);
    const round = ((turned[0] - camera[0] + 540) % 360) - 180; // the shorter way round
    picture.camera = [way(camera[0], camera[0] + round), way(camera[1], turned[1])];
    const moved = this.names.filter((name) => from[name] !== now[name] && Number.isFinite(from[name]));
    return { ...now, ...Object.fromEntries(moved.map((name) => {
      const slider = picture.sliders[name];
      return [name, picture.nearest(slider, slider.get("base") ? from[name] * (now[name] / from[name]) ** way(0, 1) : way(from[name], now[name]))];
    })) };
  }
}
