"""Training in the page or in the kernel: which keeps up? Epochs and pictures a second of explorers.fit, in JupyterLab.

    python benchmarks/fit_explorer.py

The same network, the same points. In the page: the explorer as it is, after Train is pressed. In the kernel: NumPy
trains 20 epochs at a time and tells the same picture the new epoch through the widget, as fast as it can; the page
counts the pictures. Both in one run, in turns.

The page could train faster than it does: its pace (explorers/fit/fit_run.js) is set for the eye, 60 epochs a second at first.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import lab  # noqa: E402

SECONDS, ROUNDS = 4, 3
CELLS = [
    f"""import sys
sys.path.insert(0, {str(ROOT)!r})
import numpy as np
from helpers import explorers, notebook
from helpers.networks import curve_fit
notebook.ready()""",
    "explorer = explorers.fit()\nexplorer",
    """import asyncio, ipywidgets
button = ipywidgets.Button(description="kernel")
button.add_class("in-kernel")
async def kernel():
    settings, x, y, theta, epoch = explorer.settings, *curve_fit.draws(explorer.settings), 0
    began = asyncio.get_event_loop().time()
    while asyncio.get_event_loop().time() - began < SECONDS:
        for _ in range(20):
            theta -= settings.rate * curve_fit.cost_and_gradient(theta, x, y)[1]
        epoch += 20
        # As small as it can be: the parameters, as text; the page draws what it has.
        explorer.view.data = {"theta": np.round(theta, 4).tolist(), "epoch": epoch}
        await asyncio.sleep(0)
    button.description = f"kernel {epoch}"
button.on_click(lambda _: asyncio.ensure_future(kernel()))
button""".replace("SECONDS", str(SECONDS)),
]
#: Count the pictures that are drawn: each writes data-shown.
COUNT = """canvas => { window.pictures = 0;
  new MutationObserver(() => { window.pictures += 1 }).observe(canvas, { attributes: true, attributeFilter: ["data-shown"] }) }"""


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(made, folder / "fit.ipynb")
    with lab.browser() as chromium, lab.server(folder) as address:
        page = chromium.new_page(viewport={"width": 1280, "height": 1100})
        notebook = lab.Notebook(page, *address, "fit.ipynb")
        notebook.run_all()
        explorer = notebook.explorer(0)
        explorer.canvas.evaluate(COUNT)
        print(f"{'':10s}{'epochs a second':>18s}{'pictures a second':>20s}")
        results = {"page": [], "kernel": []}
        for _ in range(ROUNDS):
            explorer.reset()
            page.wait_for_timeout(1000)
            page.evaluate("window.pictures = 0")
            explorer.root.get_by_role("button", name="Train").click()
            before = explorer.shown()["epoch"]
            page.wait_for_timeout(1000 * SECONDS)
            pictures, after = page.evaluate("window.pictures"), explorer.shown()["epoch"]
            explorer.root.get_by_role("button", name="Stop").click()
            results["page"].append(((after - before) / SECONDS, pictures / SECONDS))
            page.wait_for_timeout(1000)
            page.evaluate("window.pictures = 0")
            button = page.locator("button.in-kernel")
            said = button.inner_text()
            button.click()
            page.wait_for_timeout(1000 * SECONDS)
            pictures = page.evaluate("window.pictures")
            page.wait_for_function("([button, said]) => button.innerText !== said", arg=[button.element_handle(), said])
            results["kernel"].append((int(button.inner_text().split()[1]) / SECONDS, pictures / SECONDS))
        for name, pairs in results.items():
            print(f"{name:10s}{median(e for e, _ in pairs):18.0f}{median(p for _, p in pairs):20.1f}")


if __name__ == "__main__":
    main()
