"""The two other engines: Firefox over WebDriver BiDi, which it speaks itself, and WebKitGTK over its WebDriver.

Playwright drives only browsers that it has patched; these are the ones of the system. Both answer the same few questions.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

#: Of each engine: the programs that it needs, and what brings them.
_NEEDS = {
    "firefox": (("firefox-esr", "firefox"), "apt-get install firefox-esr"),
    "webkit": (("WebKitWebDriver",), "apt-get install webkit2gtk-driver xvfb"),
}
WIDTH, HEIGHT = 1280, 1000
#: For the head of a page: it notes the errors that nobody catches, since WebDriver does not tell them.
NOTE = """<script>window.complaints = [];
  addEventListener("error", ({ message }) => complaints.push(message));
  addEventListener("unhandledrejection", ({ reason }) => complaints.push(String(reason)));</script>"""


def program(engine: str) -> str | None:
    """The path of an engine's program on this machine, or None."""
    names, _ = _NEEDS[engine]
    found = next((path for path in map(shutil.which, names) if path), None)
    return None if engine == "webkit" and not shutil.which("Xvfb") else found


def missing(engine: str) -> str | None:
    """Why an engine cannot run here, and what brings it; None where it can."""
    return None if program(engine) else f"no {engine} found: {_NEEDS[engine][1]}"


class Page:
    """One page of an engine."""

    def complaints(self) -> list[str]:
        """The errors that nobody caught; of WebKit on pages that NOTE them."""
        raise NotImplementedError

    def goto(self, address: str):
        """Load the address, and wait until the page is complete."""
        raise NotImplementedError

    def evaluate(self, function: str, *arguments):
        """What the JavaScript function gives for these arguments: all of it JSON. It may be async."""
        raise NotImplementedError

    def perform(self, actions: list[dict]):
        """The actions of one input device, as WebDriver writes them."""
        raise NotImplementedError

    def wait_for(self, function: str, *arguments, seconds: float = 30):
        """What the function gives, once that is true. Raises TimeoutError."""
        until = time.monotonic() + seconds
        while not (found := self.evaluate(function, *arguments)):
            if time.monotonic() > until:
                raise TimeoutError(f"never true: {function} of {arguments}; complaints: {self.complaints()}")
            time.sleep(0.05)
        return found

    def drag(self, places: list[tuple[float, float]], pause: int = 20):
        """Press the mouse at the first of these places, in CSS pixels of the window, go through the others, and let go."""
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": pause} for x, y in places]
        button = {"button": 0}
        mouse = [moves[0], {"type": "pointerDown"} | button, *moves[1:], {"type": "pointerUp"} | button]
        self.perform([{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": mouse}])

    def click(self, selector: str):
        """Click with the mouse on the middle of the first element of this selector, as soon as there is one."""
        middle = """(selector) => {
          const box = document.querySelector(selector)?.getBoundingClientRect();
          return box && [box.left + box.width / 2, box.top + box.height / 2];
        }"""
        self.drag([self.wait_for(middle, selector)])


def _as_json(function: str, arguments) -> str:
    return f"Promise.resolve(({function})(...{json.dumps(arguments)})).then((it) => JSON.stringify(it ?? null))"


class Firefox(Page):
    """The first tab of a Firefox, over WebDriver BiDi: https://w3c.github.io/webdriver-bidi/"""

    def __init__(self, connection):
        self._connection, self._numbers, self._complaints = connection, itertools.count(1), []
        self._send("session.new", capabilities={})
        self._send("session.subscribe", events=["log.entryAdded"])
        self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]
        viewport = {"width": WIDTH, "height": HEIGHT}
        self._send("browsingContext.setViewport", context=self._context, viewport=viewport)

    def _send(self, method: str, **parameters) -> dict:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._connection.recv())
            if answer.get("id") == number:
                if answer["type"] == "error":
                    raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
                return answer["result"]
            if answer.get("method") == "log.entryAdded":
                self._note(answer["params"])

    def _note(self, entry: dict):
        if entry["type"] == "javascript" and entry["level"] == "error":
            self._complaints.append(entry["text"])

    def complaints(self):
        self.evaluate("() => 0")  # what was said before its answer has arrived then
        return self._complaints

    def goto(self, address):
        self._complaints.clear()
        self._send("browsingContext.navigate", context=self._context, url=address, wait="complete")

    def evaluate(self, function, *arguments):
        answer = self._send(
            "script.evaluate", expression=_as_json(function, arguments), target={"context": self._context},
            awaitPromise=True, userActivation=True,
        )  # fmt: skip
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def perform(self, actions):
        self._send("input.performActions", context=self._context, actions=actions)


class WebKit(Page):
    """The window of WebKitGTK's MiniBrowser, over WebDriver: https://www.w3.org/TR/webdriver2/"""

    def __init__(self, address: str):
        self._address = address
        answer = self._send("POST", "/session", capabilities={"alwaysMatch": {"timeouts": {"script": 30_000}}})
        self._address += f"/session/{answer['sessionId']}"
        self._send("POST", "/window/rect", width=WIDTH, height=HEIGHT, x=0, y=0)

    def _send(self, method: str, path: str, **body):
        data = json.dumps(body).encode() if method == "POST" else None
        request = urllib.request.Request(
            self._address + path, data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()[:1000]}") from None

    def complaints(self):
        return self.evaluate("() => window.complaints")

    def goto(self, address):
        self._send("POST", "/url", url=address)

    def evaluate(self, function, *arguments):
        script = (
            f"const done = arguments[0]; {_as_json(function, arguments)}.then(done, (oh) => done({{ oh: String(oh) }}))"
        )
        answer = self._send("POST", "/execute/async", script=script, args=[])
        if isinstance(answer, dict):
            raise RuntimeError(answer["oh"])
        return json.loads(answer)

    def perform(self, actions):
        self._send("POST", "/actions", actions=actions)

    def close(self):
        """End the browser."""
        self._send("DELETE", "")


@contextmanager
def opened(engine: str):
    """A page of the engine "firefox" or "webkit", in a browser of its own that ends with it."""
    with ExitStack() as last, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        if engine == "firefox":
            yield _firefox(last, home)
        else:
            yield _webkit(last)


def _started(last: ExitStack, command: list[str], **options) -> subprocess.Popen:
    process = subprocess.Popen(command, text=True, start_new_session=True, **options)

    def end():
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()

    last.callback(end)
    return process


def _firefox(last: ExitStack, home: str) -> Firefox:
    from websocket import create_connection  # of websocket-client

    command = [program("firefox"), "--headless", "--remote-debugging-port=0", "--no-remote", "--profile", home]
    _started(last, command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # Firefox writes there where it listens, as soon as it does.
    port = _patiently(lambda: json.loads(Path(home, "WebDriverBiDiServer.json").read_text())["ws_port"])
    connection = create_connection(f"ws://127.0.0.1:{port}/session", timeout=60, suppress_origin=True)
    last.callback(connection.close)
    return Firefox(connection)


def _webkit(last: ExitStack) -> WebKit:
    reads, writes = os.pipe()
    screen = ["-displayfd", str(writes), "-screen", "0", "1400x1200x24", "-nolisten", "tcp"]
    _started(last, ["Xvfb", *screen], pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    with os.fdopen(reads) as pipe:
        display = pipe.readline().strip()
    # With compositing, requestAnimationFrame hardly fires under xvfb.
    environment = os.environ | {"DISPLAY": f":{display}", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _started(last, [program("webkit"), f"--port={port}"], env=environment, stderr=subprocess.DEVNULL)
    page = _patiently(lambda: WebKit(f"http://127.0.0.1:{port}"))
    last.callback(page.close)
    return page


def _patiently(attempt, seconds: float = 30):
    """What `attempt` gives, once it no longer meets a file, a port or a whole line that is not there yet."""
    until = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except (OSError, ValueError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
