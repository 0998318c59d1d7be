"""The classic Notebook 6 in a real headless Chromium: the front end of ipywidgets 7, which Colab has."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

from tests.browser import lab


class ClassicNotebook:
    """One notebook, open in one page, with the same names as `lab.Notebook`."""

    def __init__(self, page, address: str, token: str, path: str):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{address}/notebooks/{path}?token={token}")
        page.wait_for_function("window.Jupyter?.notebook?.kernel?.is_connected?.()", timeout=60_000)
        self._wait_until_idle(60)

    def _wait_until_idle(self, timeout: float):
        self.page.wait_for_selector("#kernel_indicator_icon.kernel_idle_icon", timeout=1000 * timeout)

    def run_all(self, timeout: float = 120):
        """Cell > Run All, and wait until every code cell has a number."""
        self.page.locator("#celllink").click()
        self.page.locator("#run_all_cells").click()
        self.page.wait_for_function(
            """() => [...document.querySelectorAll(".code_cell .input_prompt")]
                .every((prompt) => /\\[[0-9]+\\]/.test(prompt.textContent))""",
            timeout=1000 * timeout,
        )
        self._wait_until_idle(timeout)

    def cell(self, text: str):
        """The code cell whose source contains this text."""
        lines = self.page.locator(".CodeMirror-code", has_text=text)
        return self.page.locator(".code_cell", has=lines).first

    def explorer_of_cell(self, text: str) -> lab.OpenExplorer:
        return lab.OpenExplorer(self.page, self.cell(text).locator(".nn-explorer").first)


@contextmanager
def opened(chromium, folder: Path, cells: list[str]):
    """A notebook of these code cells, open in a page of its own, with all cells run; folder: an empty one to serve."""
    lab.write(folder / "cells.ipynb", cells)
    with lab.server(folder, "notebook") as address:
        page = chromium.new_page(viewport={"width": 1280, "height": 1000})
        notebook = ClassicNotebook(page, *address, "cells.ipynb")
        notebook.run_all()
        yield notebook
        page.close()
