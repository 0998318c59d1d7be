"""How far the picture lags behind the hand: the explorers beside `interact` with a new matplotlib figure.

    python benchmarks/slider_latency.py [--repeat 3]
    python benchmarks/slider_latency.py --record docs/tower.gif

In one run, in a real JupyterLab in headless Chromium: the mouse drags a slider in 60 moves over 2 seconds,
and the page itself notes when each pointer event came, which slider value it made, and when the first picture
with that value was painted. The mathematics of both designs is the same: one surface (the tower of 000.3b),
eight surfaces (all its functions), three curves (the bump of 000.3a).

Latency runs from the time stamp of the pointer event to the end of the frame in which the picture is painted.
Values that a design skips count in neither direction: they only lower its number of pictures a second. Blank
frames are counted in a drag of their own, because looking at the pixels takes time.

--record measures nothing and makes the animation of the README, a looping GIF: the mouse drags the slider `bias` of
the tower from the printed value to one that gives a tower, then `w` and back. Every frame is a screenshot of the page; a
dot shows where the mouse is, since screenshots leave it out.
"""

import argparse
import base64
import io
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image, ImageDraw

from benchmarks.dragging import MOVES, figures_of, move_through
from tests.browser import lab

SETUP = f"import sys\nsys.path.insert(0, {str(lab.ROOT)!r})\nfrom helpers import explorers"

#: Of the animation: its width, bytes at most, ms a frame.
WIDTH, MOST_BYTES, FRAME = 600, 1_500_000, 70
#: Slider, the fraction of its track to which it is dragged, frames for it, frames of rest after it.
STROKES = [("bias", 0.52, 14, 8), ("w", 0.25, 14, 2), ("w", 0.85, 16, 4), ("w", 0.495, 8, 2), ("bias", 0.3333, 8, 0)]

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

OURS = {
    "one surface": "explorers.tower(bias=-150)",
    "eight surfaces": "explorers.tower_panels(bias=-150)",
    "three curves": "explorers.bump()",
}

#: Each goal: p95 in ms, and how many times better than `interact`.
GOALS = {"one surface": (50, 10), "eight surfaces": (66, 30), "three curves": (50, 6)}
SETTLED, UPDATE = 60, 4096  # ms after release, bytes

#: What the page notes. `shown` reads the value that the picture shows, whenever the picture changes.
WATCH = """([handle, picture, naive, blanks]) => {
    const watch = { events: [], pictures: [], blank: 0, heights: new Set(), released: null };
    window.watch = watch;
    const printed = () => Number(picture.textContent.match(/shown: ([-0-9.]+)/)?.[1] ?? NaN);
    const shown = () => naive
        ? (picture.querySelector("img") ? printed() : NaN)
        : JSON.parse(picture.dataset.shown).w;
    watch.value = () => Number(handle.getAttribute("aria-valuenow"));
    // The slider listens to mousemove, which comes with each pointermove and has its time stamp. This
    // listener is on the window, so it comes after those of the slider.
    const moved = (event) => watch.events.push({ time: event.timeStamp, value: watch.value() });
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


def drag(page, slider, picture, naive: bool, blanks: bool) -> dict:
    """Drag the slider `w` from one end to the other in 60 moves over 2 s; what the page noted."""
    handle = slider.locator(".noUi-handle")
    handle.scroll_into_view_if_needed()
    track, box = slider.locator(".noUi-target").bounding_box(), handle.bounding_box()
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
            const value = Number(handle.getAttribute("aria-valuenow"));
            if (!naive) return Math.abs(JSON.parse(picture.dataset.shown).w - value) < 1e-6;
            const printed = Number(picture.textContent.match(/shown: ([-0-9.]+)/)?.[1]);
            return picture.querySelector("img") && Math.abs(printed - value) < 1e-6;
        }""",
        arg=[handle.element_handle(), picture.element_handle(), naive],
        timeout=60_000,
    )


def measure(page, traffic, slider, picture, naive: bool) -> dict:
    """The figures of one drag, and of a second one in which blank frames are counted."""
    traffic.reset()
    noted = drag(page, slider, picture, naive, blanks=False)
    result = figures_of(noted)
    result["update"] = traffic.bytes / max(1, traffic.sent)
    looked = drag(page, slider, picture, naive, blanks=True)
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


def run(repeat: int) -> dict:
    """The figures of every design and picture: {(design, picture): [one dict a run]}."""
    results = {}
    cells = [SETUP, NAIVE_SETUP, *NAIVE.values(), *OURS.values()]
    with open_notebook(cells) as opened:
        page, traffic = opened.page, Traffic(opened.page)
        for _ in range(repeat):
            for kind, source in NAIVE.items():
                output = page.locator(".jp-CodeCell", has_text=source.splitlines()[0]).locator(".widget-interact")
                picture = output.locator(".jupyter-widget-Output, .widget-output").first
                figures = measure(page, traffic, output.locator(".widget-slider"), picture, True)
                results.setdefault(("interact", kind), []).append(figures)
            for kind, source in OURS.items():
                explorer = opened.explorer_of_cell(source)
                figures = measure(page, traffic, explorer.slider("w"), explorer.canvas, False)
                results.setdefault(("explorer", kind), []).append(figures)
        assert opened.errors == [], opened.errors
    return results


def report(results: dict) -> str:
    """The table of the README, and whether each goal is met."""
    figures = {key: best(runs) for key, runs in results.items()}
    runs = len(next(iter(results.values())))
    kinds = list(GOALS)

    def row(name, show):
        return f"| {name} | " + " | ".join(show(kind) for kind in kinds) + " |"

    def latency(design):
        return lambda kind: "{median:.0f}, {p95:.0f}; {rate:.0f}".format(**figures[design, kind])

    def number(design, key):
        return lambda kind: f"{figures[design, kind][key]:,.0f}"

    def ratio(key):
        return lambda kind: f"{figures['interact', kind][key] / figures['explorer', kind][key]:.1f}×"

    lines = [
        f"Latency in ms (median, 95th percentile; pictures a second), best of {runs} run{'s' * (runs > 1)}:",
        "",
        row("", lambda kind: kind),
        "|---|---|---|---|",
        row("`interact` + new matplotlib figure", latency("interact")),
        row("**explorers of this course**", latency("explorer")),
        row("times quicker, median", ratio("median")),
        row("times quicker, 95th percentile", ratio("p95")),
        row("settled after release, `interact`, ms", number("interact", "settled")),
        row("settled after release, explorers, ms", number("explorer", "settled")),
        row("bytes an update, `interact`", number("interact", "update")),
        row("bytes an update, explorers", number("explorer", "update")),
        row("blank frames, `interact`", number("interact", "blank")),
        row("blank frames, explorers", number("explorer", "blank")),
        "",
    ]
    for kind, (most, times) in GOALS.items():
        ours, naive = figures["explorer", kind], figures["interact", kind]
        for goal, met in {
            f"p95 {ours['p95']:.0f} ms, goal at most {most}": ours["p95"] <= most,
            f"p95 {naive['p95'] / ours['p95']:.1f} times better, goal {times}": naive["p95"] / ours["p95"] >= times,
            f"settled after {ours['settled']:.0f} ms, goal at most {SETTLED}": ours["settled"] <= SETTLED,
            f"{ours['blank']} blank frames, goal 0": ours["blank"] == 0,
            f"{ours['heights']} height of the picture, goal 1": ours["heights"] == 1,
            f"{ours['update']:,.0f} bytes an update, goal at most {UPDATE:,}": ours["update"] <= UPDATE,
        }.items():
            lines.append(f"{'PASS' if met else 'MISS'}  {kind}: {goal}")
    if runs > 1:
        lines += ["", "Every run (median, 95th percentile, settled):"]
        for (design, kind), each in results.items():
            spread = "; ".join("{median:.0f}, {p95:.0f}, {settled:.0f}".format(**figures) for figures in each)
            lines.append(f"  {design}, {kind}: {spread}")
    return "\n".join(lines)


def record(path: Path):
    """Write the animation of the README."""
    with (
        tempfile.TemporaryDirectory() as folder,
        lab.browser() as chromium,
        lab.opened(
            chromium, Path(folder), [SETUP, "explorers.tower()"], viewport={"width": 1180, "height": 900}
        ) as opened,
    ):
        frames = list(frames_of(opened.page, opened.explorer()))
    write(frames, path)
    size = path.stat().st_size
    print(f"{path}: {len(frames)} frames, {len(frames) * FRAME / 1000:.1f} s, {size:,} bytes")
    if size > MOST_BYTES:
        sys.exit(f"more than {MOST_BYTES:,} bytes: fewer frames, or a narrower picture")


def frames_of(page, explorer):
    """The pictures of all strokes, one after the other."""
    explorer.handle("bias").scroll_into_view_if_needed()
    area = explorer.root.bounding_box()
    # From the sliders to the sentence, without the buttons below.
    area["height"] = explorer.root.locator(".nn-tools").bounding_box()["y"] - area["y"] - 22
    for name, to, moves, rest in STROKES:
        track = explorer.slider(name).locator(".noUi-target").bounding_box()
        handle = explorer.handle(name).bounding_box()
        x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
        end = track["x"] + to * track["width"]
        page.mouse.move(x, y)
        page.mouse.down()
        for k in range(1, moves + 1):
            # Slow at both ends, as a hand is.
            share = k / moves
            place = x + (end - x) * share * share * (3 - 2 * share)
            page.mouse.move(place, y)
            yield frame(page, explorer, name, area, (place - area["x"], y - area["y"]))
        page.mouse.up()
        for _ in range(rest):
            yield frame(page, explorer, name, area, (end - area["x"], y - area["y"]))


def frame(page, explorer, name, area, mouse) -> Image.Image:
    """What the page shows in `area`, with a dot where the mouse is."""
    explorer.wait_until_shown(name, explorer.slider_value(name))
    shot = Image.open(io.BytesIO(page.screenshot(clip=area))).convert("RGB")
    x, y = mouse
    ImageDraw.Draw(shot, "RGBA").ellipse((x - 9, y - 9, x + 9, y + 9), fill=(0, 114, 178, 150))
    height = round(shot.height * WIDTH / shot.width)
    return shot.resize((WIDTH, height), Image.Resampling.LANCZOS)


def write(frames: list[Image.Image], path: Path):
    """Write a looping GIF with one palette for all frames: then a pixel that does not change costs nothing."""
    sample = Image.new("RGB", (WIDTH, 4 * frames[0].height))
    for k in range(4):
        sample.paste(frames[k * (len(frames) - 1) // 3], (0, k * frames[0].height))
    palette = sample.quantize(256, method=Image.Quantize.MEDIANCUT)
    palette.putpalette([255 if color > 250 else color for color in palette.getpalette()])  # white stays white
    first, *others = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    first.save(path, save_all=True, append_images=others, duration=FRAME, loop=0, optimize=False)


def main():
    """Measure, or record, as the words of the command line say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=1, help="how often to measure everything (default: 1)")
    parser.add_argument("--record", type=Path, metavar="GIF", help="write the animation there")
    chosen = parser.parse_args()
    if missing := lab.browser_missing():
        sys.exit(missing)
    if chosen.record:
        record(chosen.record)
    else:
        print(report(run(chosen.repeat)))


if __name__ == "__main__":
    main()
