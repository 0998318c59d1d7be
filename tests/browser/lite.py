"""A JupyterLite site in a headless Chromium: a plain file server, a listener for what leaves the machine, a notebook."""

from __future__ import annotations

import functools
import re
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.browser import lab


class _Files(SimpleHTTPRequestHandler):
    """Files, as GitHub Pages serves them: without a special header. Counts the bytes of all answers."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json"
    }  # fmt: skip

    def log_message(self, *_):
        pass

    def copyfile(self, source, output):
        self.server.sent += Path(source.name).stat().st_size
        with suppress(ConnectionError):  # the page was closed
            super().copyfile(source, output)


class _Nowhere(BaseHTTPRequestHandler):
    """A proxy that lets nothing through and remembers who was asked for."""

    def _refuse(self):
        self.server.asked.append(self.path)
        self.send_error(403)

    do_GET = do_POST = do_HEAD = do_CONNECT = do_PUT = do_OPTIONS = _refuse

    def log_message(self, *_):
        pass


@contextmanager
def _served(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads, server.sent, server.asked = True, 0, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def site(folder: Path):
    """A plain file server for `folder`; gives the server, with `address` and the bytes `sent` so far."""
    with _served(functools.partial(_Files, directory=str(folder))) as server:
        server.address = f"http://127.0.0.1:{server.server_port}"
        yield server


#: What a fresh Chromium asks by itself, whatever it shows: these servers, and no other of the same owner.
_CHROMIUMS_OWN = re.compile(
    r"(http://)?(update|content-autofill|optimizationguide-pa|safebrowsing|clients2)\.googleapis\.com\b|(http://)?(accounts|clients2|www|android\.clients)\.google\.com\b"
)


def foreign(asked: list[str]) -> list[str]:
    """Of the addresses that a proxy was asked for, those that Chromium does not ask for by itself."""
    return [address for address in asked if not _CHROMIUMS_OWN.match(address)]


@contextmanager
def nowhere():
    """A proxy that refuses everything; gives the server, with the list `asked` and its `address`.

    Everything that is not on this machine goes to it, be it a page, its workers or its service worker that asks:
    `lab.browser(proxy={"server": address, "bypass": "127.0.0.1"})`.
    """
    with _served(_Nowhere) as server:
        server.address = f"http://127.0.0.1:{server.server_port}"
        yield server


class LiteNotebook(lab.Notebook):
    """A notebook of the course in the Lite site at `address`, alone ("notebooks") or in JupyterLab ("lab")."""

    patience = 240_000  # Python is fetched and started in the page

    def __init__(self, page, address: str, name: str, front_end: str = "notebooks"):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._address = f"{address}/{front_end}/index.html?path=notebooks/{name}"
        self._open()

    def start(self):
        """Run > Run All Cells, without waiting for the end."""
        from playwright.sync_api import TimeoutError

        for last in (False, False, True):
            self.page.get_by_role("menuitem", name="Run", exact=True).click(timeout=20_000)
            self.page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click(timeout=20_000)
            try:
                self.page.wait_for_function(
                    f"() => {{ const now = ({lab._PROMPTS})(); return now.busy || now.highest > 0 }}", timeout=10_000
                )
                return
            except TimeoutError:
                if last:
                    raise

    def wait(self, seconds: float = 180):
        """Wait until no cell is running or waiting."""
        self.page.wait_for_function(f"() => !({lab._PROMPTS})().busy", timeout=1000 * seconds)

    def outputs(self) -> list[dict]:
        """Of each code cell: its prompt ("[3]:"), the kinds of its outputs, and their text."""
        return self.page.evaluate("""() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].map((cell) => ({
            prompt: cell.querySelector('.jp-InputPrompt').textContent,
            kinds: [...cell.querySelectorAll('[data-mime-type]')].map((output) => output.dataset.mimeType),
            text: cell.querySelector('.jp-OutputArea')?.textContent ?? '',
        }))""")

    def reveal(self, inside):
        """Scroll down until this locator is visible, and again from the top: JupyterLab hides what is far from the
        window, and a busy machine draws late."""
        down = """() => {
            const panel = document.querySelector('.jp-Notebook .jp-WindowedPanel-outer');
            const ended = panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 2;
            panel.scrollTop = ended ? 0 : panel.scrollTop + 500;
        }"""
        self.page.bring_to_front()
        until(inside.is_visible, 180, lambda: self.page.wait_for_timeout(200) or self.page.evaluate(down))
        inside.scroll_into_view_if_needed()

    def code(self, cell_text: str):
        """The code cell whose source contains this text."""
        return self.page.locator(".jp-CodeCell", has=self.page.locator(".cm-content", has_text=cell_text)).first


def until(condition, seconds: float, step=lambda: time.sleep(0.1)):
    """Call `step` until `condition()` is true. Raises AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        step()
