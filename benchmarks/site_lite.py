"""The Lite site: bytes and seconds to the first moving picture, with a cold cache.

    python benchmarks/site_lite.py FOLDER       the folder `lite` of a built site

Opens notebook 03 in a fresh headless Chromium, runs its cells, and drags the first slider as soon as its picture is
there. The bytes are those of the files that were sent, not compressed on the way.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser import lab
from tests.browser.lite import LiteNotebook, site

NOTEBOOK = "03_bump_plots.ipynb"


def measure(folder: Path) -> dict[str, float]:
    """Seconds until Python is `ready`, to the first `picture` and to the first `moved` one; `megabytes` sent until then, and
    `all_cells`, the seconds until the last cell has run."""
    with site(Path(folder)) as server, lab.browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        began = time.perf_counter()
        notebook = LiteNotebook(page, server.address, NOTEBOOK)
        ready = time.perf_counter() - began
        notebook.start()
        page.locator(".nn-explorer canvas[data-shown]").first.wait_for(state="attached", timeout=180_000)
        picture = time.perf_counter() - began
        canvas = page.locator(".nn-explorer canvas[data-shown]").first
        notebook.reveal(canvas)
        explorer = lab.OpenExplorer(page, page.locator(".nn-explorer").first)
        before = explorer.shown()
        explorer.drag("w", 0.8, steps=4, seconds=0.1)
        explorer.wait_for(f"canvas => JSON.parse(canvas.dataset.shown).w !== {before['w']}", 60)
        moved, sent = time.perf_counter() - began, server.sent
        notebook.wait(300)
        return {"ready": ready, "picture": picture, "moved": moved, "megabytes": sent / 1e6,
                "all_cells": time.perf_counter() - began}  # fmt: skip


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    for name, value in measure(Path(arguments[0])).items():
        print(f"{name:10} {value:7.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
