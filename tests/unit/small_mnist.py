"""A data set of the same four files as MNIST, but small, and a web server that misbehaves on request."""

import gzip
import hashlib
import re
import socketserver
import threading
import time
from contextlib import contextmanager, suppress

import numpy as np

from helpers.datasets import mnist


def small_set(train=40, test=10, seed=1):
    """Return the four parts and their four arrays."""
    rng = np.random.default_rng(seed)
    parts, arrays = [], []
    for real in mnist.PARTS:
        shape = (train if "train" in real.name else test, *real.shape[1:])
        array = rng.integers(0, 256 if len(shape) == 3 else 10, shape, np.uint8)
        content = real._replace(shape=shape).encode(array)
        digest, zipped = hashlib.sha256(content).hexdigest(), len(gzip.compress(content))
        parts.append(mnist.Part(real.name, shape, digest, zipped))
        arrays.append(array)
    return tuple(parts), arrays


PARTS, ARRAYS = small_set()
CONTENTS = {part.name: part.encode(array) for part, array in zip(PARTS, ARRAYS, strict=True)}


def small_world(monkeypatch, folder):
    """Let `load_mnist` look for the small set, and nowhere but in `folder`: in course and, as the cache, in mnist."""
    monkeypatch.setattr(mnist, "PARTS", PARTS)
    monkeypatch.setattr(mnist, "IN_COURSE", folder / "course")
    monkeypatch.setenv(mnist.CACHE, str(folder))
    monkeypatch.delenv(mnist.FOLDER, raising=False)


def fill(folder, contents=CONTENTS, ending=".gz"):
    """Write the four files into a folder; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / (name + ending)).write_bytes(gzip.compress(content) if ending == ".gz" else content)
    return folder


def is_good(digits):
    """Return whether `digits` are exactly the small set."""

    def expected(array):
        return array if array.ndim == 1 else np.float32(array.reshape(len(array), -1)) / np.float32(255)

    return digits.is_mnist and all(map(np.array_equal, digits, map(expected, ARRAYS)))


def answer(body=b"", *headers, status="200 OK", length=None):
    """Return the bytes of an answer by HTTP."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


class Handler(socketserver.StreamRequestHandler):
    """Answers a request for /BEHAVIOUR/NAME.gz."""

    def handle(self):
        path = re.sub(r"^http://[^/]*", "", self.rfile.readline().split()[1].decode())  # so it is for a proxy
        self.server.requests.append(path)
        while self.rfile.readline().strip():
            pass
        _, behaviour, file = path.split("/")
        name = file.removesuffix(".gz")
        good = gzip.compress(CONTENTS.get(name, b""))
        answers = {
            "good": lambda: answer(good),
            "page": lambda: answer(b"<!DOCTYPE html><title>Please log in</title>"),
            "403": lambda: answer(status="403 Go away\x1b[31m"),
            "407": lambda: answer(status="407 Proxy Authentication Required"),
            "redirect": lambda: answer(b"", f"Location: /good/{file}", status="302 Found"),
            "loop": lambda: answer(b"", f"Location: /loop/{file}", status="302 Found"),
            "astray": lambda: answer(b"", "Location: file:///etc/passwd", status="302 Found"),
            "packed": lambda: answer(good, "Content-Encoding: gzip"),  # what some servers say of a .gz file
            "half": lambda: answer(good[: len(good) // 2], length=len(good)),
            "flood": lambda: answer(bytes(10_000_000)),
            "bomb": lambda: answer(gzip.compress(bytes(20_000_000))),
            "packed bomb": lambda: answer(
                gzip.compress(gzip.compress(bytes(20_000_000))), "Content-Encoding: gzip, gzip"
            ),
            "rubbish": lambda: b"hello\r\n\r\n",
            "hangs up": lambda: b"",
            "silent": lambda: self.server.over.wait(30) and b"",
            "drip": lambda: answer(length=len(good)),
        }
        with suppress(OSError):  # the client has gone
            self.wfile.write(answers[behaviour.replace("%20", " ")]())
            while behaviour == "drip" and not self.server.over.wait(0.05):
                self.wfile.write(b"\x1f")


@contextmanager
def web_server():
    """Yield a running server on loopback: .address ends in "/", .requests lists the paths asked for."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        server.requests, server.over = [], threading.Event()
        server.address = f"http://127.0.0.1:{server.server_address[1]}/"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


def wait_until(condition, seconds=10):
    """Wait until condition() is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
