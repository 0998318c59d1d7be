"""How far the picture lags behind the hand: the explorers beside the machine's floor, and beside `interact`.

    python benchmarks/slider_latency.py [--repeat 3] [--without-interact]

In one run, in a real JupyterLab in headless Chromium: the mouse drags a slider in 120 moves over 2 seconds, and the page
itself notes when each pointer event came, which slider value it made, and when the first picture with that value was
painted. All designs show the same mathematics: three curves (the bump of 000.3a), one surface with its map (the tower of
000.3b), eight surfaces (all its functions).

- *floor*: a bare `<input type=range>` in an anywidget that paints its canvas in one colour. Nothing here can be quicker.
- *explorers* of this course; and the same pictures driven by such a bare input that sets the number of the slider's model,
  and tells Python nothing (*silent*) or each value (*told*). What lies between is the price of a slider of ipywidgets, and
  that of its messages.
- *interact*: `interact` with a new matplotlib figure, which is what most courses do.

Latency runs from the time stamp of the pointer event to the end of the frame in which the picture is painted.
Values that a design skips count in neither direction: they only lower its number of pictures a second. Blank
frames are counted in a drag of their own, because looking at the pixels takes time.
"""

import argparse
import base64
import re
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.dragging import MOVES, figures_of, move_through
from tests.browser import lab

SETUP = f"import sys\nsys.path.insert(0, {str(lab.ROOT)!r})\nfrom helpers import explorers"

NAIVE_SETUP = """
import numpy as np
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
np.seterr(over="ignore")

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

x1, x2 = np.meshgrid(np.linspace(-5, 5, 100), np.linspace(-5, 5, 100))

def tower(w, b=100, gain=100, bias=-150):
    h11, h12 = sigmoid(x1 + w*x2 + b), sigmoid(x1 + w*x2 - b)
    h13, h14 = sigmoid(w*x1 + x2 + b), sigmoid(w*x1 + x2 - b)
    h21, h22 = h11 - h12, h13 - h14
    h31 = h21 + h22
    return [h11, h12, h13, h14, h21, h22, h31, sigmoid(gain*h31 + bias)]
"""

#: What courses do. The printed value comes after the picture, so where it stands the picture stands too.
NAIVE = {
    "one surface": """def one_surface(w):
    fig = plt.figure(figsize=(6, 5))
    ax = fig.add_subplot(projection="3d")
    ax.plot_surface(x1, x2, tower(w)[-1], cmap="viridis")
    plt.show()
    print("shown:", w)
interact(one_surface, w=FloatSlider(50, min=1, max=100, step=1, readout_format=".0f"))""",
    "eight surfaces": """def eight_surfaces(w):
    fig = plt.figure(figsize=(12, 6))
    for k, z in enumerate(tower(w)):
        ax = fig.add_subplot(2, 4, k + 1, projection="3d")
        ax.plot_surface(x1, x2, z, cmap="viridis")
    plt.show()
    print("shown:", w)
interact(eight_surfaces, w=FloatSlider(50, min=1, max=100, step=1, readout_format=".0f"))""",
    "three curves": """def three_curves(w):
    x = np.linspace(-1, 1, 1000)
    h11, h12 = sigmoid(w*x + 30), sigmoid(w*x - 30)
    fig, axes = plt.subplots(1, 3, figsize=(12, 4))
    for ax, y in zip(axes, (h11, h12, h11 - h12)):
        ax.plot(x, y)
        ax.grid()
    plt.show()
    print("shown:", w)
interact(three_curves, w=FloatSlider(500, min=5, max=500, step=5, readout_format=".0f"))""",
}

FLOOR = "Bare()"
OURS = {
    "three curves": "explorers.bump()",
    "one surface": "explorers.tower(bias=-150)",
    "eight surfaces": "explorers.tower_panels(bias=-150)",
}

#: A bare range input: above a canvas of one colour, or for the slider `w` of an explorer, above its picture.
BARE_SETUP = """
import anywidget
import ipywidgets
import traitlets

class Bare(anywidget.AnyWidget):
    slider = traitlets.Any(None, allow_none=True).tag(sync=True, **ipywidgets.widget_serialization)
    told = traitlets.Bool(False).tag(sync=True)
    _esm = '''export default { async render({ model, el }) {
        const reference = model.get("slider");
        const slider = reference && await model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""));
        const [min, max, step, value] = slider ? ["min", "max", "step", "value"].map((name) => slider.get(name)) : [1, 100, 1, 50];
        const track = Object.assign(document.createElement("input"), { type: "range", min, max, step, value });
        track.style.width = "190px"; // as a slider of ipywidgets
        const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 340 }); // as an explorer
        const paint = () => {
            const context = canvas.getContext("2d");
            context.fillStyle = `hsl(${track.value} 60% 60%)`;
            context.fillRect(0, 0, canvas.width, canvas.height);
            canvas.dataset.shown = JSON.stringify({ w: Number(track.value) });
        };
        track.addEventListener("input", () => {
            if (slider) slider.set("value", Number(track.value));
            else requestAnimationFrame(paint);
            if (model.get("told")) slider.save_changes();
        });
        el.append(track);
        if (!slider) { el.append(canvas); paint(); }
    } };'''

def bare(explorer, told):
    return ipywidgets.VBox([Bare(slider=explorer.sliders["w"], told=told), explorer.view])
"""

#: Of each goal: how many times the floor's 95th percentile at most; how many times better than `interact`'s at least.
GOALS = {"three curves": (1.3, 6), "one surface": (2, 10), "eight surfaces": (2.5, 30)}
SETTLED, UPDATE = 60, 2500  # ms after release, bytes

#: What the page notes. `shown` reads the value that the picture shows, whenever the picture changes.
WATCH = """([handle, picture, naive, blanks]) => {
    const watch = { events: [], pictures: [], blank: 0, heights: new Set(), released: null };
    window.watch = watch;
    const printed = () => Number(picture.textContent.match(/shown: ([-0-9.]+)/)?.[1] ?? NaN);
    const shown = () => naive
        ? (picture.querySelector("img") ? printed() : NaN)
        : JSON.parse(picture.dataset.shown).w;
    watch.value = () => Number(handle.getAttribute("aria-valuenow") ?? handle.value);
    // The slider listens to mousemove, which comes with each pointermove and has its time stamp. This
    // listener is on the window, so it comes after those of the slider. A range input moves only after that.
    const bare = handle.matches("input");
    let lastMove;
    const noteEvent = () => watch.events.push({ time: lastMove, value: watch.value() });
    const moved = (event) => { lastMove = event.timeStamp; if (!bare) noteEvent(); };
    if (bare) handle.addEventListener("input", noteEvent);
    const release = (event) => { watch.released = event.timeStamp; };
    window.addEventListener("mousemove", moved);
    window.addEventListener("mouseup", release);
    let last = shown();
    const observer = new MutationObserver(() => {
        const value = Math.round(shown() * 1e6) / 1e6; // ipywidgets turns 12 into 12.000000000000002
        if (!Number.isFinite(value) || value === last) return;
        last = value;
        // The canvas changes inside a frame, which paints it; an output changes between two, and the next
        // paints it. A message that is posted in a frame arrives as soon as that frame is painted.
        const note = () => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => watch.pictures.push({ time: performance.now(), value });
            port2.postMessage(null);
        };
        if (naive) requestAnimationFrame(note);
        else note();
    });
    const changes = naive ? { subtree: true, childList: true, characterData: true } : { attributes: true };
    observer.observe(picture, changes);
    const isBlank = () => {
        if (naive) return !picture.querySelector("img")?.naturalWidth;
        const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height);
        const pixels = new Uint32Array(data.buffer);
        return pixels.every((pixel) => pixel === pixels[0]);
    };
    const look = () => {
        watch.heights.add(Math.round(picture.getBoundingClientRect().height));
        if (blanks && isBlank()) watch.blank++;
        watch.looking = requestAnimationFrame(look);
    };
    look();
    watch.stop = () => {
        window.removeEventListener("mousemove", moved);
        handle.removeEventListener("input", noteEvent);
        window.removeEventListener("mouseup", release);
        observer.disconnect();
        cancelAnimationFrame(watch.looking);
        const { events, pictures, blank, heights, released } = watch;
        return { events, pictures, blank, heights: heights.size, released };
    };
}"""


class Traffic:
    """The bytes that go over the page's web sockets, in both directions."""

    def __init__(self, page):
        self.sent = self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameSent", lambda event: self.count(event["response"], 1))
        session.on("Network.webSocketFrameReceived", lambda event: self.count(event["response"], 0))

    def count(self, frame, sent):
        """Count a frame; sent: 1 if the page sent it, 0 if it came."""
        text = frame["payloadData"]
        size = len(base64.b64decode(text)) if frame["opcode"] == 2 else len(text.encode())
        self.sent += sent
        self.bytes += size

    def reset(self):
        """Begin at nothing."""
        self.sent = self.bytes = 0


#: The handle, or the whole of a bare input; and the track.
HANDLE, TRACK = ".noUi-handle, input[type=range]", ".noUi-target, input[type=range]"


def drag(page, root, picture, naive: bool, blanks: bool) -> dict:
    """Drag the slider `w` in `root` from one end to the other in MOVES moves; what the page noted."""
    handle = root.locator(HANDLE).first
    handle.scroll_into_view_if_needed()
    track, box = root.locator(TRACK).first.bounding_box(), handle.bounding_box()
    y = box["y"] + box["height"] / 2
    places = [track["x"] + track["width"] * (0.1 + 0.85 * k / MOVES) for k in range(MOVES + 1)]
    mouse = page.mouse
    mouse.move(box["x"] + box["width"] / 2, y)
    mouse.down()
    mouse.move(places[0], y)
    wait_until_shown(page, handle, picture, naive)
    page.evaluate(WATCH, [handle.element_handle(), picture.element_handle(), naive, blanks])
    move_through(mouse, places[1:], y)
    mouse.up()
    page.wait_for_function("watch.pictures.at(-1)?.value === watch.value()", timeout=60_000)
    return page.evaluate("watch.stop()")


def wait_until_shown(page, handle, picture, naive):
    """Wait until the picture shows the value of the slider."""
    page.wait_for_function(
        """([handle, picture, naive]) => {
            const value = Number(handle.getAttribute("aria-valuenow") ?? handle.value);
            if (!naive) return Math.abs(JSON.parse(picture.dataset.shown).w - value) < 1e-6;
            const printed = Number(picture.textContent.match(/shown: ([-0-9.]+)/)?.[1]);
            return picture.querySelector("img") && Math.abs(printed - value) < 1e-6;
        }""",
        arg=[handle.element_handle(), picture.element_handle(), naive],
        timeout=60_000,
    )


def measure(page, traffic, root, picture, naive: bool) -> dict:
    """The figures of one drag, and of a second one in which blank frames are counted."""
    traffic.reset()
    noted = drag(page, root, picture, naive, blanks=False)
    result = figures_of(noted)
    result["update"] = traffic.bytes / max(1, traffic.sent)
    looked = drag(page, root, picture, naive, blanks=True)
    result["blank"], result["heights"] = looked["blank"], looked["heights"]
    return result


def best(runs: list[dict]) -> dict:
    """Of several runs the best latency: what disturbs a run only makes it longer. But the most blanks."""
    choose = {"rate": max, "blank": max, "heights": max}
    return {key: choose.get(key, min)(run[key] for run in runs) for key in runs[0]}


@contextmanager
def open_notebook(cells: list[str], **page_options):
    """A notebook of these cells in a JupyterLab and a browser of its own, with all cells run."""
    with tempfile.TemporaryDirectory() as folder, lab.browser() as chromium:
        with lab.opened(chromium, Path(folder), cells, **page_options) as opened:
            yield opened


def designs(page, interact: bool):
    """(design, picture, the root of its slider, its picture, whether it is `interact`) of everything that is measured."""
    for kind, source in NAIVE.items() if interact else ():
        output = cell_of(page, source.splitlines()[0]).locator(".widget-interact")
        picture = output.locator(".jupyter-widget-Output, .widget-output").first
        yield "interact", kind, output.locator(".widget-slider"), picture, True
    floor = cell_of(page, FLOOR)
    yield "floor", "", floor, floor.locator("canvas[data-shown]"), False
    for kind, source in OURS.items():
        for design, cell, slider in (
            ("explorer", cell_of(page, source), ".nn-slider-w"),
            ("silent", cell_of(page, bare(source, False)), ":scope"),
            ("told", cell_of(page, bare(source, True)), ":scope"),
        ):
            yield design, kind, cell.locator(slider), cell.locator("canvas[data-shown]"), False


def bare(source: str, told: bool) -> str:
    """The cell in which a bare input drives the picture of this one."""
    return f"bare({source}, {told})"


def cell_of(page, source: str):
    """What the cell with exactly this first line shows."""
    line = page.locator(".cm-line:first-child", has_text=re.compile(f"^{re.escape(source)}$"))
    return page.locator(".jp-CodeCell", has=line).locator(".jp-Cell-outputArea")


def run(repeat: int, interact: bool) -> dict:
    """The figures of every design and picture: {(design, picture): [one dict a run]}."""
    results = {}
    pictures = [FLOOR, *OURS.values(), *(bare(source, told) for source in OURS.values() for told in (False, True))]
    cells = [SETUP, NAIVE_SETUP, BARE_SETUP, *(NAIVE.values() if interact else ()), *pictures]
    with open_notebook(cells) as opened:
        traffic = Traffic(opened.page)
        for _ in range(repeat):
            for design, kind, root, picture, naive in designs(opened.page, interact):
                figures = measure(opened.page, traffic, root, picture, naive)
                results.setdefault((design, kind), []).append(figures)
        assert opened.errors == [], opened.errors
    return results


#: What the rows of the table are called.
NAMES = {
    "interact": "`interact` + new matplotlib figure",
    "explorer": "**explorers of this course**",
    "silent": "the same pictures, bare input, Python not told",
    "told": "the same pictures, bare input, Python told",
}


def report(results: dict) -> str:
    """The table of the README, and whether each goal is met."""
    figures = {key: best(runs) for key, runs in results.items()}
    floor = figures.pop(("floor", ""))
    names = {design: name for design, name in NAMES.items() if any(design == key[0] for key in figures)}
    runs = len(next(iter(results.values())))
    say = "{median:.0f}, {p95:.0f}; {rate:.0f}".format

    def row(name, show):
        return f"| {name} | " + " | ".join(show(kind) for kind in GOALS) + " |"

    def rows(what, show):
        return [row(what.format(name), lambda kind, d=design: show(figures[d, kind])) for design, name in names.items()]

    lines = [
        f"Latency in ms (median, 95th percentile; pictures a second), best of {runs} run{'s' * (runs > 1)}:",
        "",
        row("", lambda kind: kind),
        "|---|---|---|---|",
        row("floor: a bare input and one colour", lambda kind: say(**floor)),
        *rows("{}", lambda its: say(**its)),
        *rows("{}: in floors, median", lambda its: f"{its['median'] / floor['median']:.2f}"),
        *rows("{}: in floors, 95th percentile", lambda its: f"{its['p95'] / floor['p95']:.2f}"),
        *rows("{}: settled after release, ms", lambda its: f"{its['settled']:.0f}"),
        *rows("{}: bytes an update", lambda its: f"{its['update']:,.0f}"),
        *rows("{}: blank frames", lambda its: f"{its['blank']}"),
        "",
    ]
    for kind, (floors, times) in GOALS.items():
        ours = figures["explorer", kind]
        goals = {
            f"p95 {ours['p95'] / floor['p95']:.2f} floors, goal at most {floors}": ours["p95"] <= floors * floor["p95"],
            f"settled after {ours['settled']:.0f} ms, goal at most {SETTLED}": ours["settled"] <= SETTLED,
            f"{ours['blank']} blank frames, goal 0": ours["blank"] == 0,
            f"{ours['heights']} height of the picture, goal 1": ours["heights"] == 1,
            f"{ours['update']:,.0f} bytes an update, goal at most {UPDATE:,}": ours["update"] <= UPDATE,
        }
        if naive := figures.get(("interact", kind)):
            better = naive["p95"] / ours["p95"]
            goals[f"p95 {better:.1f} times better than `interact`, goal {times}"] = better >= times
        lines += [f"{'PASS' if met else 'MISS'}  {kind}: {goal}" for goal, met in goals.items()]
    if runs > 1:
        lines += ["", "Every run (median, 95th percentile, settled):"]
        for (design, kind), each in results.items():
            spread = "; ".join("{median:.0f}, {p95:.0f}, {settled:.0f}".format(**figures) for figures in each)
            lines.append(f"  {design}, {kind}: {spread}")
    return "\n".join(lines)


def main():
    """Measure, as the words of the command line say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=1, help="how often to measure everything (default: 1)")
    parser.add_argument("--without-interact", action="store_true", help="only the floor and the explorers: quicker")
    chosen = parser.parse_args()
    if missing := lab.browser_missing():
        sys.exit(missing)
    print(report(run(chosen.repeat, not chosen.without_interact)))


if __name__ == "__main__":
    main()
