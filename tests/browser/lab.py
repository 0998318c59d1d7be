"""A real JupyterLab or Notebook 7 in a real headless Chromium, for the browser tests and the benchmarks."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

from tests import front

ROOT = Path(__file__).resolve().parents[2]
#: The first cell of a notebook with explorers.
SETUP = f"""import sys
sys.path.insert(0, {str(ROOT)!r})
import numpy as np
from helpers import explorers, notebook
notebook.ready()
"""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Where Chrome installs itself without telling the PATH.
_INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)


def browser_path() -> str | None:
    """The Chromium or Chrome on this machine, or None. The environment variable CHROMIUM comes first."""
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given)
    for name in (
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        *_INSTALLED,
    ):
        if path := shutil.which(name):
            return path
    return None


def browser_missing() -> str | None:
    """Why no browser test can run here, and what enables them; None where they can."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is missing: python -m pip install -r tests/requirements.txt"
    if browser_path() is None:
        return (
            "no Chromium found: apt-get install chromium, or brew install --cask chromium, "
            "or set CHROMIUM to the path of a Chromium or Chrome"
        )
    return None


@contextmanager
def server(folder: Path, program: str = "jupyterlab", more_options: Sequence[str] = ()):
    """A JupyterLab, or the program "notebook" of Notebook 6, that serves `folder` on a free port of this machine; gives its
    address and its token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    home = folder / ".jupyter-test"
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    news = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(news))
    options = {
        "jupyterlab": [
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
            "--ServerApp.allow_root=True", "--LabApp.news_url=None",
        ],
        "notebook": [
            "--NotebookApp.port_retries=0", f"--NotebookApp.token={token}", f"--NotebookApp.notebook_dir={folder}",
            "--NotebookApp.allow_root=True",
        ],
    }  # fmt: skip
    command = [sys.executable, "-m", program, "--no-browser", f"--port={port}", *options[program], *more_options]
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}/api?token={token}", process, folder / "server.log")
        yield f"http://127.0.0.1:{port}", token
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _wait_until_up(address: str, process, log: Path):
    for _ in range(240):
        if process.poll() is not None:
            raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError(f"the server did not answer within a minute:\n{log.read_text()[-2000:]}")


@contextmanager
def driver():
    """Playwright itself: one in a process at a time, for as many browsers as one likes."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def browser(playwright=None, **options):
    """Headless Chromium. playwright: the `driver` that runs already, or None to start one."""
    with nullcontext(playwright) if playwright else driver() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS, **options)
        try:
            yield chromium
        finally:
            chromium.close()


#: What the prompts of the code cells say, [*] or [7], and whether the kernel rests.
_PROMPTS = """() => {
    const cells = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
    const prompts = cells.map((prompt) => prompt.textContent);
    return {
        busy: prompts.some((text) => text.includes('*')),
        highest: Math.max(0, ...prompts.map((text) => Number(text.match(/[0-9]+/) ?? 0))),
        idle: document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle',
    };
}"""

#: Whether JupyterLab asks for a kernel.
_ASKING = (
    """[...document.querySelectorAll('.jp-Dialog')].some((dialog) => dialog.textContent.includes('Select Kernel'))"""
)


class Notebook:
    """One notebook, open in one page: in JupyterLab ("lab/tree") or in Notebook 7 ("notebooks")."""

    patience = 60_000  # ms in which the kernel must be ready

    def __init__(self, page, address: str, token: str, path: str, front_end: str = "lab/tree"):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._address = f"{address}/{front_end}/{path}?token={token}&reset"
        self._open()

    def _open(self):
        """Load the page, and wait until the kernel is ready.

        It is when its indicator says idle, and still does half a second later: it says so too while the page is
        only just connecting, and forgets what it is asked then. On a busy machine JupyterLab may ask for a kernel
        before it has heard which ones there are; then it is loaded again.
        """
        for _ in range(4):
            self.page.goto(self._address)
            self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=self.patience)
            self.page.wait_for_function(
                f"""() => {{
                    if ({_ASKING}) return true;
                    const idle = ({_PROMPTS})().idle;
                    window.idleSince = idle ? window.idleSince ?? performance.now() : undefined;
                    return idle && performance.now() - window.idleSince > 500;
                }}""",
                timeout=self.patience,
            )
            if not self.page.evaluate(_ASKING):
                return
        raise AssertionError("JupyterLab asks for a kernel, four times over")

    def run_all(self, timeout: float = 120):
        """Run > Run All Cells, and wait until no cell is running or waiting any more.

        Tried again where no cell has run: on a busy machine JupyterLab now and then drops what is asked while it is
        still connecting to the kernel, or asks for one.
        """
        from playwright.sync_api import TimeoutError

        before = self.page.evaluate(f"({_PROMPTS})().highest")
        for last in (False, False, True):
            try:
                self.page.get_by_role("menuitem", name="Run", exact=True).click(timeout=10_000)
                self.page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click(timeout=10_000)
                self.page.wait_for_function(
                    f"before => {{ const now = ({_PROMPTS})(); return now.busy || now.highest > before }}",
                    arg=before,
                    timeout=10_000,
                )
            except TimeoutError:
                if last:
                    raise
            self.page.wait_for_function(
                f"() => {{ const now = ({_PROMPTS})(); return {_ASKING} || (now.idle && !now.busy) }}",
                timeout=1000 * timeout,
            )
            if self.page.evaluate(_ASKING):
                self._open()
            elif self.page.evaluate(f"({_PROMPTS})().highest") >= max(before, 1):
                return
        raise AssertionError("no cell has run")

    def run_cell(self, number: int):
        """Run a code cell with Shift+Enter. On a busy machine JupyterLab may drop what is asked while it is still
        connecting; then the page is loaded again."""
        from playwright.sync_api import TimeoutError

        for last in (False, False, True):
            cell = self.page.locator(".jp-CodeCell").nth(number)
            cell.locator(".cm-content").click()
            self.page.keyboard.press("Shift+Enter")
            try:
                cell.locator(".jp-InputPrompt", has_text=re.compile(r"[*\d]")).wait_for(timeout=10_000)
                return
            except TimeoutError:
                if last:
                    raise
                self._open()

    def active_cell(self) -> int:
        """The number of the selected cell, from 0."""
        return self.page.evaluate(
            "[...document.querySelectorAll('.jp-Notebook .jp-Cell')].findIndex((cell) =>"
            " cell.matches('.jp-mod-active'))"
        )

    def theme(self, name: str):
        """Settings > Theme > name."""
        self.page.get_by_role("menuitem", name="Settings", exact=True).click()
        self.page.locator(".lm-Menu-item", has_text="Theme").first.hover()
        self.page.locator(".lm-Menu-item", has_text=name).first.click()
        light = "false" if "Dark" in name else "true"
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")

    def save(self):
        """Save, and wait until the file is written."""
        self.page.keyboard.press("Control+S")
        self.page.wait_for_function("!document.querySelector('.lm-TabBar-tab.jp-mod-dirty')")

    def explorer(self, number: int = 0):
        """The explorer number `number` of the notebook, from the top, scrolled into view."""
        return OpenExplorer(self.page, self.page.locator(".jp-OutputArea-output .nn-explorer").nth(number))

    def explorer_of_cell(self, cell_id_or_text: str):
        """The explorer in the output of the code cell whose source contains this text."""
        cell = self.page.locator(".jp-CodeCell", has=self.page.locator(".cm-content", has_text=cell_id_or_text)).first
        return OpenExplorer(self.page, cell.locator(".nn-explorer").first)


@contextmanager
def opened(chromium, folder: Path, cells: list[str], front_end: str = "lab/tree", **page_options):
    """A notebook of these code cells, open in a page of its own, with all cells run.

    folder: an empty folder to serve; page_options: of the browser's `new_page`, such as viewport.
    """
    write(folder / "cells.ipynb", cells)
    with server(folder) as address:
        page = chromium.new_page(**{"viewport": {"width": 1280, "height": 1000}} | page_options)
        notebook = Notebook(page, *address, "cells.ipynb", front_end)
        if front_end == "notebooks":
            notebook.errors.clear()  # what Notebook 7 itself complains of before any cell has run
        notebook.run_all()
        yield notebook
        page.close()


def serious(page, *where: str, rules: Sequence[str] = ()) -> list[str]:
    """What axe-core finds in `where`, or on the whole page, that keeps somebody out: the rule, and the elements.

    rules: only these of axe's. Formulas are left out: axe has no rule for them, and they are most of the elements of a page.
    """
    from axe_playwright_python.sync_playwright import Axe

    context = {"exclude": [["math"], ["mjx-container"]]} | ({"include": [[each] for each in where]} if where else {})
    options = {"resultTypes": ["violations"]} | ({"runOnly": {"type": "rule", "values": list(rules)}} if rules else {})
    found = Axe().run(page, context=context, options=options).response
    assert found["testEngine"]["name"] == "axe-core"
    return [
        f"{problem['id']} ({problem['impact']}): {[node['html'][:150] for node in problem['nodes'][:3]]}"
        for problem in found["violations"] if problem["impact"] in ("serious", "critical")
    ]  # fmt: skip


def write(path: Path, cells: list[str]):
    """Write a notebook of these code cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel}
    )
    nbformat.write(made, path)


def colors(shot: bytes) -> np.ndarray:
    """The pixels of a PNG: (rows, columns, 3), from 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def near(image: np.ndarray, color, distance: int = 60) -> np.ndarray:
    """Where the image has this colour, nearly."""
    return np.abs(image - np.array(color)).sum(axis=-1) < distance


ORANGE = (184, 78, 0)  # of gradients

#: The sliders of ipywidgets 8, and those of ipywidgets 7 in the classic Notebook.
HANDLE = ".noUi-handle, .ui-slider-handle"
TRACK = ".noUi-target, .ui-slider"


class OpenExplorer:
    """An explorer on the page: its sliders by name, its canvas, and what the canvas says that it shows."""

    def __init__(self, page, root):
        self.page = page
        self.root = root
        root.locator("canvas[data-shown]").wait_for(timeout=30_000)
        root.scroll_into_view_if_needed()
        self.canvas = root.locator("canvas[data-shown]")

    def shown(self) -> dict:
        return json.loads(self.canvas.get_attribute("data-shown"))

    def sentence(self) -> str:
        return self.root.locator(".nn-sentence").inner_text()

    def agrees_with(self, twin):
        """Assert that the page says what Python says: `twin` is the same explorer, whose sliders this moves."""
        front.move(twin, self.shown())
        assert self.sentence() == twin.describe()

    def slider(self, name: str):
        folded = self.root.locator(".nn-unfold[aria-expanded=false]")
        if folded.count():  # many sliders are folded away until they are wanted
            folded.click()
        return self.root.locator(f".nn-slider-{name}")

    def handle(self, name: str):
        return self.slider(name).locator(HANDLE)

    def message(self) -> str:
        """The one line that says what is wrong; empty where nothing is."""
        return self.root.locator(".nn-message").inner_text()

    def reset(self):
        """Press Reset, and wait until the picture is drawn again."""
        self.press("Reset")
        self.settle()

    def press(self, name: str):
        """Press the button of this name."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def settle(self):
        """Wait until the picture is drawn again, and moves no more."""
        self.canvas.evaluate(
            """canvas => new Promise((done) => {
                const look = () => (canvas.hasAttribute("data-moving") ? requestAnimationFrame(look) : done());
                requestAnimationFrame(() => requestAnimationFrame(look));
            })"""
        )

    def place(self, name: str) -> float:
        """Where the slider's handle is: the part of the track that lies to its left."""
        track, handle = self.slider(name).locator(TRACK).bounding_box(), self.handle(name).bounding_box()
        return (handle["x"] + handle["width"] / 2 - track["x"]) / track["width"]

    def slider_value(self, name: str) -> float:
        """What the readout beside the slider says."""
        return float(self.slider(name).locator(".widget-readout").inner_text().replace("−", "-"))

    def wait_for(self, condition: str, timeout: float = 10):
        """Wait until the JavaScript function `condition` of the canvas gives something true."""
        self.page.wait_for_function(
            f"canvas => ({condition})(canvas)", arg=self.canvas.element_handle(), timeout=1000 * timeout
        )

    def wait_until_shown(self, name: str, value: float, timeout: float = 10):
        """Wait until the canvas says that it shows this value of a parameter."""
        close = f"Math.abs(JSON.parse(canvas.dataset.shown).{name} - {value}) < 1e-9"
        self.wait_for(f"canvas => {close}", timeout)

    def wait_until_pixels(self, wanted: bytes, tries: int = 100):
        """Wait until the canvas looks exactly like `wanted`, which is its `pixels` or what is `drawn` on it."""
        for _ in range(tries):
            if wanted in (self.pixels(), self.drawn()):
                return
            self.page.wait_for_timeout(30)
        raise AssertionError("the picture did not come back")

    def wait_until_other_pixels(self, old: bytes, tries: int = 100) -> bytes:
        """Wait until the canvas looks different from the picture `old`, and return what it shows then."""
        for _ in range(tries):
            if (now := self.pixels()) != old:
                return now
            self.page.wait_for_timeout(30)
        raise AssertionError("the picture did not change")

    def typed(self, name: str, text: str):
        """Type a number into the readout of a slider."""
        readout = self.slider(name).locator(".widget-readout")
        readout.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def move_handle(self, name: str, to: float):
        """Move the mouse, as it is, to the fraction `to` of a slider's track."""
        track = self.slider(name).locator(TRACK).bounding_box()
        self.page.mouse.move(track["x"] + to * track["width"], track["y"] + track["height"] / 2)

    def drag(self, name: str, to: float, steps: int = 20, seconds: float = 0.6, release: bool = True):
        """Drag the slider's handle with the mouse to the fraction `to` of its track."""
        self.handle(name).scroll_into_view_if_needed()
        track = self.slider(name).locator(TRACK).bounding_box()
        handle = self.handle(name).bounding_box()
        start = handle["x"] + handle["width"] / 2
        middle = handle["y"] + handle["height"] / 2
        end = track["x"] + to * track["width"]
        mouse = self.page.mouse
        mouse.move(start, middle)
        mouse.down()
        for k in range(1, steps + 1):
            mouse.move(start + (end - start) * k / steps, middle)
            self.page.wait_for_timeout(1000 * seconds / steps)
        if release:
            mouse.up()

    def pixels(self) -> bytes:
        """What the screen shows where the canvas is, as PNG."""
        return self.canvas.screenshot()

    def colors(self) -> np.ndarray:
        """What the screen shows where the canvas is: (rows, columns, 3), from 0 to 255."""
        return colors(self.pixels())

    def drawn(self) -> bytes:
        """What the canvas holds, as PNG: all of it, also where the canvas is taller than the window."""
        return base64.b64decode(self.canvas.evaluate("canvas => canvas.toDataURL().split(',')[1]"))
