"""A data set of the same four files as MNIST, but small, and a web server that misbehaves on request."""

import gzip
import hashlib
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from helpers.mnist.files import MNIST, Part, encode


def small_set(train=40, test=10, seed=1):
    """Return the four parts and their four arrays."""
    rng = np.random.default_rng(seed)
    arrays = [
        rng.integers(0, high, (n, *rest)).astype(np.uint8)
        for n in (train, test)
        for high, rest in ((256, (28, 28)), (10, ()))
    ]
    parts = []
    for real, array in zip(MNIST, arrays, strict=True):
        unchecked = Part(real.name, array.shape, "")
        parts.append(unchecked._replace(sha256=hashlib.sha256(encode(array, unchecked)).hexdigest()))
    return tuple(parts), arrays


PARTS, ARRAYS = small_set()
CONTENTS = {part.name: encode(array, part) for part, array in zip(PARTS, ARRAYS, strict=True)}
OTHER = dict(zip(CONTENTS, map(encode, small_set(seed=2)[1], PARTS), strict=True))


def fill(folder, contents=CONTENTS, ending=".gz"):
    """Write the four files into a folder; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / (name + ending)).write_bytes(gzip.compress(content) if ending.endswith(".gz") else content)
    return folder


def is_good(digits):
    """True when `digits` are exactly the small set."""

    def expected(array):
        return array if array.ndim == 1 else np.float32(array.reshape(len(array), -1)) / np.float32(255)

    return digits.is_mnist and all(
        np.array_equal(mine, expected(theirs)) for mine, theirs in zip(digits, ARRAYS, strict=True)
    )


class Handler(BaseHTTPRequestHandler):
    """/BEHAVIOUR/NAME.gz"""

    def do_GET(self):
        behaviour, _, name = self.path.strip("/").partition("/")
        self.server.requests.append(self.path)
        good = gzip.compress(CONTENTS.get(name.removesuffix(".gz"), b""))
        try:
            if behaviour.isdigit():
                self.send_error(int(behaviour))
            elif behaviour == "redirect":
                self.send_response(302)
                self.send_header("Location", f"/good/{name}")
                self.end_headers()
            elif behaviour == "loop":
                self.send_response(302)
                self.send_header("Location", self.path)
                self.end_headers()
            elif behaviour == "silent":
                self.server.over.wait(30)
            elif behaviour == "hangs up":
                self.close_connection = True
            else:
                self.send_response(200)
                getattr(self, "send_" + behaviour)(good, name)
        except OSError:
            pass  # the client has gone

    def _send(self, body, length=None, **headers):
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_good(self, good, name):
        self._send(good)

    def send_unzipped(self, good, name):  # what some servers do: the client unzips, and gets the bare file
        self._send(good, Content_Encoding="gzip")

    def send_unannounced(self, good, name):
        self.end_headers()
        self.wfile.write(good)

    def send_half(self, good, name):
        self._send(good[: len(good) // 2], len(good))

    def send_short(self, good, name):  # half a file, honestly announced
        self._send(good[: len(good) // 2])

    def send_wrong(self, good, name):
        self._send(gzip.compress(OTHER[name.removesuffix(".gz")]))

    def send_garbage(self, good, name):
        self._send(np.random.default_rng(0).bytes(500))

    def send_page(self, good, name):
        self._send(b"<!DOCTYPE html><title>Please log in</title>")

    def send_empty(self, good, name):
        self._send(b"")

    def send_flood(self, good, name):
        self._send(bytes(10_000_000))

    def send_drip(self, good, name):
        self.send_header("Content-Length", str(len(good)))
        self.end_headers()
        for byte in good:
            self.wfile.write(bytes([byte]))
            if self.server.over.wait(0.05):
                return

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def web_server():
    """Yield a running server on loopback: .address ends in "/", .requests lists the paths asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests, server.over = [], threading.Event()
    server.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


def wait_until(condition, seconds=10):
    """Wait until condition() is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
