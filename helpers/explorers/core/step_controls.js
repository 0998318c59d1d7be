// Going through steps: the buttons Start, Back, Step, Play and All, and the keys that do the same.

const PLAY = 900; // milliseconds from one step to the next

/** The controls of the parameter `name`, which counts the steps. They stand above the picture. */
export class StepControls {
  constructor(picture, name, pace = PLAY) {
    this.picture = picture;
    this.name = name;
    this.pace = pace;
    this.buttons = {};
    this.keys = {
      ArrowLeft: () => this.move(-1), ArrowRight: () => this.move(1), " ": () => this.play(),
      Home: () => this.go(0), End: () => this.go(this.last),
    };
    const actions = {
      Start: () => this.go(0), Back: () => this.move(-1), Step: () => this.move(1), Play: () => this.play(),
      All: () => this.go(this.last),
    };
    const { tools, hint } = picture;
    for (const [label, act] of Object.entries(actions)) {
      const button = tools.ownerDocument.createElement("button");
      button.type = "button";
      button.className = "nn-step";
      button.textContent = label;
      button.addEventListener("click", () => {
        if (label !== "Play") this.pause();
        act();
      });
      tools.insertBefore(button, hint);
      this.buttons[label] = button;
    }
    // Above: there they stay where they are when the words below the picture need more lines.
    picture.el.prepend(tools);
    tools.append(picture.el.querySelector(".nn-meanings"));
    picture.parts.before(hint);
  }

  get step() { return Math.round(this.picture.sliders[this.name].get("value")); }
  get last() { return this.picture.sliders[this.name].get("max"); }
  go(step) { this.picture.set(this.name, step); }
  move(by) { this.go(this.step + by); }

  play() {
    if (this.playing) return this.pause();
    if (this.step >= this.last) this.go(0);
    this.buttons.Play.textContent = "Pause";
    this.playing = setInterval(() => {
      this.move(1);
      if (this.step >= this.last) this.pause();
    }, this.pace);
  }

  pause() {
    clearInterval(this.playing);
    this.playing = undefined;
    this.buttons.Play.textContent = "Play";
  }

  /** After each draw: which buttons lead somewhere. about: the places that a new step is about; where the picture scrolls
   * sideways it goes there. */
  show(about = []) {
    const { stage } = this.picture;
    if (this.shown !== undefined && this.shown !== this.step && about.length && stage.scrollWidth > stage.clientWidth) {
      const middle = (Math.min(...about.map(({ x }) => x)) + Math.max(...about.map(({ x }) => x))) / 2;
      stage.scrollTo({ left: middle - stage.clientWidth / 2, behavior: "smooth" });
    }
    this.shown = this.step;
    this.buttons.Back.disabled = this.buttons.Start.disabled = this.step <= 0;
    this.buttons.Step.disabled = this.buttons.All.disabled = this.step >= this.last;
  }

  /** Left and right, Home and End, space; true if the key is one of these. */
  key({ key }) {
    if (!(key in this.keys)) return false;
    if (key !== " ") this.pause();
    this.keys[key]();
    return true;
  }

  remove() {
    this.pause();
    for (const button of Object.values(this.buttons)) button.remove();
  }
}
