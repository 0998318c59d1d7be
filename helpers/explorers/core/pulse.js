// From one step to the next something runs along the edges: how far it has come.

const MOVE = 200; // milliseconds of a move

export class Pulse {
  constructor(picture) {
    this.picture = picture;
    this.start = -Infinity;
  }

  /** How far, from 0 to 1, the move to this step has come; only one step forward is a move. Draws on until it is done. */
  at(step) {
    const now = performance.now();
    if (step !== this.step) {
      const moves = step === this.step + 1 && !matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.start = moves ? now : -Infinity;
      this.step = step;
    }
    const share = Math.min(1, (now - this.start) / MOVE);
    if (share < 1) this.picture.schedule();
    return share;
  }
}
