"""How far the explorers of MNIST lag behind the hand, and how much they send.

    python benchmarks/mnist_explorers.py [--repeat 3]

In one run, in a real JupyterLab in headless Chromium, 60 mouse moves over 2 seconds: along a slider, and on
the paper of `draw_digit`. Latency runs from the time stamp of the pointer event to the end of the frame in
which a picture that contains it is painted. A tower, `explorers.tower()`, is measured beside them as a
yardstick. The network has the usual 784-128-10 units; its weights do not matter for the time, so it is not
trained.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import nbformat
from slider_latency import MOVES, SECONDS, best, figures_of

from tests.browser import lab

SETUP = f"""import sys, json
sys.path.insert(0, {str(lab.ROOT)!r})
import numpy as np
from helpers import explorers
from helpers.networks.training import History
from helpers.networks.network import Network
network = Network.dense([784, 128, 10], dtype=np.float32)
rng = np.random.default_rng(0)
x, y = rng.random((1000, 784)), rng.integers(10, size=1000)
history = History()
history.snapshot(network)
for k in range(20):
    network.parameter_vector += 0.01 * rng.standard_normal(network.parameter_vector.shape, np.float32)
    history.record((1 / (k + 1), 0.5), (1 / (k + 1), 0.5), 1.0)
    history.snapshot(network)
def shown(explorer):
    print("sent:", len(json.dumps(explorer.view.data)) + len(json.dumps(explorer.spec)))
    return explorer"""

#: What is measured: (the cell, the parameter whose slider is dragged; None for a drawing).
CASES = {
    "tower, for comparison": ("shown(explorers.tower())", "w"),
    "draw_digit": ("shown(explorers.draw_digit(network, x))", None),
    "training": ("shown(explorers.training(history, network, x, y))", "epoch"),
    "initialisation, 8 layers": ("shown(explorers.initialisation())", "scale"),
    "initialisation, 12 layers": ("shown(explorers.initialisation(depth=12))", "scale"),
    "initialisation, 12 of tanh": ("shown(explorers.initialisation(depth=12, activation='tanh'))", "scale"),
}

#: What the page notes: for each move what it asks for, for each picture what it shows. A drawing is asked for
#: one more change by each move.
WATCH = """([canvas, handle, name]) => {
    const watch = { events: [], pictures: [], released: null };
    window.watch = watch;
    const shown = () => JSON.parse(canvas.dataset.shown)[name ?? "drawing"];
    let asked = shown();
    const moved = (event) => {
        asked = handle ? Number(handle.getAttribute("aria-valuenow")) : asked + 1;
        watch.events.push({ time: event.timeStamp, value: asked });
    };
    window.addEventListener("mousemove", moved);
    window.addEventListener("mouseup", (event) => { watch.released = event.timeStamp; }, { once: true });
    let last = shown();
    const observer = new MutationObserver(() => {
        const value = shown();
        if (value === last) return;
        const from = last;
        last = value;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
            const time = performance.now();
            // A picture of a drawing holds all the changes before it.
            for (let k = handle ? value : from + 1; k <= value; k++) watch.pictures.push({ time, value: k });
        };
        port2.postMessage(null);
    });
    observer.observe(canvas, { attributes: true });
    watch.stop = () => {
        window.removeEventListener("mousemove", moved);
        observer.disconnect();
        return watch;
    };
}"""


def measure(page, found, name) -> dict:
    mouse = page.mouse
    if name is None:
        found.root.get_by_role("button", name="Clear").click()
        found.canvas.scroll_into_view_if_needed()
        box = found.canvas.bounding_box()
        start = box["x"] + 40, box["y"] + 60
        places = [(start[0] + 2.5 * k, start[1] + 60 * (k % 20) / 20) for k in range(MOVES + 1)]
        handle = None
    else:
        found.handle(name).scroll_into_view_if_needed()
        track = found.slider(name).locator(".noUi-target").bounding_box()
        box = found.handle(name).bounding_box()
        start = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        shares = [0.1 + 0.85 * k / MOVES for k in range(MOVES + 1)]
        places = [(track["x"] + track["width"] * share, start[1]) for share in shares]
        handle = found.handle(name).element_handle()
    mouse.move(*start)
    mouse.down()
    mouse.move(*places[0])
    page.wait_for_timeout(300)
    page.evaluate(WATCH, [found.canvas.element_handle(), handle, name])
    began = time.perf_counter()
    for k, place in enumerate(places[1:], start=1):
        mouse.move(*place)
        time.sleep(max(0, began + k * SECONDS / MOVES - time.perf_counter()))
    mouse.up()
    page.wait_for_timeout(500)
    noted = page.evaluate("watch.stop()")
    result = figures_of(noted)
    result["rate"] = len({picture["time"] for picture in noted["pictures"]}) / SECONDS
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="drags of each explorer; the best counts")
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as name, lab.browser() as chromium:
        folder = Path(name)
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, *(cell for cell, _ in CASES.values()))]
        made = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(made, folder / "mnist.ipynb")
        with lab.server(folder) as address:
            page = chromium.new_page(viewport={"width": 1280, "height": 1000})
            opened = lab.Notebook(page, *address, "mnist.ipynb")
            opened.run_all()
            print(f"{'':28}{'median':>9}{'p95':>9}{'pictures/s':>12}{'sent':>12}")
            for number, (case, (_, parameter)) in enumerate(CASES.items()):
                found = opened.explorer(number)
                runs = best([measure(page, found, parameter) for _ in range(repeat)])
                cell = page.locator(".jp-CodeCell").nth(number + 1)
                sent = int(cell.locator("text=/sent: /").first.inner_text().split(":")[1])
                times = f"{runs['median']:6.0f} ms{runs['p95']:6.0f} ms"
                print(f"{case:28}{times}{runs['rate']:12.1f}{sent / 1000:9.1f} kB")


if __name__ == "__main__":
    main()
