"""A real JupyterLab in a real headless Chromium, for the browser tests and for the benchmarks."""

from __future__ import annotations

import importlib.util
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
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
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
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", *_INSTALLED):
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
def server(folder: Path):
    """A JupyterLab that serves `folder` on a free port of this machine; gives its address with the token."""
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
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}", "--ServerApp.allow_root=True",
        "--LabApp.news_url=None",
    ]  # fmt: skip
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
            raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError(f"JupyterLab did not answer within a minute:\n{log.read_text()[-2000:]}")


@contextmanager
def browser(**options):
    """Headless Chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS, **options)
        try:
            yield chromium
        finally:
            chromium.close()


class Notebook:
    """One notebook, open in JupyterLab in one page of the browser."""

    def __init__(self, page, address: str, token: str, path: str):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{address}/lab/tree/{path}?token={token}&reset")
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        # The kernel is ready when its indicator says idle.
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", state="attached", timeout=60_000)

    def run_all(self, timeout: float = 120):
        """Run > Run All Cells, and wait until no cell is running or waiting any more."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
        self.page.wait_for_timeout(500)
        self.page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map((e) => e.textContent);
                const status = document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status;
                return status === 'idle' && !prompts.some((text) => text.includes('*'));
            }""",
            timeout=1000 * timeout,
        )

    def explorer(self, number: int = 0):
        """The explorer number `number` of the notebook, from the top, scrolled into view."""
        return OpenExplorer(self.page, self.page.locator(".jp-OutputArea-output .nn-explorer").nth(number))

    def explorer_of_cell(self, cell_id_or_text: str):
        """The explorer in the output of the code cell whose source contains this text."""
        cell = self.page.locator(".jp-CodeCell", has=self.page.locator(".cm-content", has_text=cell_id_or_text)).first
        return OpenExplorer(self.page, cell.locator(".nn-explorer").first)


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

    def slider(self, name: str):
        return self.root.locator(f".nn-slider-{name}")

    def handle(self, name: str):
        return self.slider(name).locator(".noUi-handle")

    def typed(self, name: str, text: str):
        """Type a number into the readout of a slider."""
        readout = self.slider(name).locator(".widget-readout")
        readout.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def drag(self, name: str, to: float, steps: int = 20, seconds: float = 0.6, release: bool = True):
        """Drag the slider's handle with the mouse to the fraction `to` of its track."""
        track = self.slider(name).locator(".noUi-target").bounding_box()
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
        """What the canvas shows, as PNG."""
        return self.canvas.screenshot()
