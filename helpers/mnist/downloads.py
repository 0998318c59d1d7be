"""Fetch a small file from the web without ever making a student wait in silence.

The transfer is done by pooch, in a thread of its own, into memory. The caller's thread watches it, shows how
far it is, and gives up on a server that is silent or too slow, whatever it is that hangs: name resolution,
the connection, or the body. The stop button therefore works at once, and an interrupted download leaves
nothing.
"""

import os
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from helpers import files
from helpers.notebook import in_notebook

FORBIDDEN = "COURSE_PACK_DOWNLOADS"  # "off": nothing is downloaded
RETRY_AFTER = 600  # seconds for which a failure is remembered
_CHUNK = 1 << 17  # bytes that must arrive within `stall` seconds
_THREAD = "course-pack-download"
_marker = "download-failed"
_failed = {}  # folder -> time of the last failure, where it cannot be written down


class Unavailable(Exception):
    """Nothing was fetched. The message is a clause that begins with the name of the server."""


class Patience:
    """How long servers that do not answer may keep us waiting, all together: each may use half of what is
    left."""

    def __init__(self, seconds=6.0):
        self.left = seconds

    def __enter__(self):
        self._since = time.monotonic()
        return self.left / 2

    def __exit__(self, kind, *_):
        if kind is not None:
            self.left -= min(time.monotonic() - self._since, self.left / 2)


class Status:
    """One line that is overwritten while something is under way: in a notebook or a terminal, not in a
    log."""

    def __init__(self, quiet=False):
        self._on = not quiet and (in_notebook() or sys.stdout.isatty())
        self._width = 0

    def show(self, text):
        """Replace the line."""
        if self._on:
            print("\r" + text.ljust(self._width), end="", flush=True)
            self._width = max(self._width, len(text))

    def clear(self):
        """Take the line away."""
        if self._width:
            print("\r" + " " * self._width + "\r", end="", flush=True)
            self._width = 0


class _Transfer:
    """What pooch writes into, and its progress bar: both report to the thread that watches."""

    def __init__(self, largest):
        self._chunks, self._largest, self._total = [], largest, None
        self.received, self.abandoned, self.sign_of_life = 0, False, time.monotonic()

    def write(self, chunk):
        if self.abandoned:
            raise OSError("nobody waits for this any more")
        self.received += len(chunk)
        if self.received > self._largest:
            raise Unavailable("sends far more than the file")
        self._chunks.append(chunk)
        self.sign_of_life = time.monotonic()

    def flush(self):
        """Nothing is buffered."""

    @property
    def total(self):
        """The announced length in bytes: None before the answer, 0 where the server does not say."""
        return self._total

    @total.setter
    def total(self, length):
        self._total, self.sign_of_life = length, time.monotonic()

    def update(self, _):
        """Already counted in `write`."""

    reset = close = lambda self: None

    def content(self):
        return b"".join(self._chunks)

    def as_text(self):
        if self.total is None:
            return "waiting for an answer …"
        if not self.total:
            return f"{self.received / 1e6:.1f} MB"
        done = min(1.0, self.received / self.total)
        bar = ("█" * round(20 * done)).ljust(20, "░")
        return f"{bar} {self.received / 1e6:.1f} of {self.total / 1e6:.1f} MB"


def in_background(work, watch):
    """Return work(), done in a thread, while `watch(seconds)` is called ten times a second in this one.

    What `work` raises is raised here. When `watch` raises, or the user interrupts, the thread is left behind.
    """
    outcome, began, done = {}, time.monotonic(), threading.Event()

    def run():
        try:
            outcome["value"] = work()
        except BaseException as error:
            outcome["error"] = error
        finally:
            done.set()

    threading.Thread(target=run, name=_THREAD, daemon=True).start()
    while not done.wait(0.1):
        watch(time.monotonic() - began)
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def fetch(url, largest, answer=3.0, stall=8.0, status=None):
    """Return the bytes at `url`.

    largest: more bytes than this are refused. answer, stall: seconds without a sign of life, before and after
    the server has answered. Raises Unavailable with the reason in plain words.
    """
    import pooch
    import requests  # noqa: F401  pooch would import it in the thread, and the server would be blamed for the wait

    transfer = _Transfer(largest)
    download = pooch.HTTPDownloader(progressbar=transfer, chunk_size=_CHUNK, timeout=(answer, stall))

    def watch(_):
        silent = time.monotonic() - transfer.sign_of_life
        answered = transfer.total is not None
        if silent > (stall if answered else answer):
            raise Unavailable("is too slow" if answered else "does not answer")
        if status:
            status.show(f"MNIST: {server(url)}, {url.rpartition('/')[2]}: {transfer.as_text()}")

    try:
        in_background(lambda: download(url, transfer, None), watch)
    except Exception as error:
        raise Unavailable(f"{server(url)} {_reason(error, transfer)}") from None
    finally:
        transfer.abandoned = True
        if status:
            status.clear()
    return transfer.content()


def server(url):
    """The name of the server in an address."""
    return urlsplit(url).netloc


def _reason(error, transfer):
    from requests import exceptions

    if isinstance(error, Unavailable):
        return str(error)
    if isinstance(error, exceptions.HTTPError):
        return f"answers {error.response.status_code} {error.response.reason}"
    if isinstance(error, exceptions.SSLError):
        return "has a certificate that is not accepted"
    if isinstance(error, exceptions.Timeout):
        return "does not answer"
    if isinstance(error, (exceptions.ConnectionError, exceptions.ChunkedEncodingError)):
        return "cannot be reached" if transfer.total is None else "broke off"
    return f"fails ({type(error).__name__})"


# ------------------------------------------------------------------ what is allowed, and what was in vain


def forbidden():
    """True when the environment variable COURSE_PACK_DOWNLOADS says "off" (or "0", "no", "false")."""
    return os.environ.get(FORBIDDEN, "").strip().lower() in ("off", "0", "no", "false")


def failed_lately(folder):
    """True when a download failed less than RETRY_AFTER seconds ago, in this process or in another one that
    uses the same cache folder."""
    try:
        last = os.path.getmtime(Path(folder) / _marker)
    except (OSError, TypeError):
        last = -RETRY_AFTER
    return abs(time.time() - max(last, _failed.get(folder, -RETRY_AFTER))) < RETRY_AFTER


def remember_failure(folder):
    """Note the time of a failure, so that the next call need not wait for the same silence again."""
    _failed[folder] = time.time()
    try:
        os.makedirs(folder, exist_ok=True)
        files.write(Path(folder) / _marker, b"The last download failed when this file was written.\n")
    except (OSError, TypeError):
        pass  # remembered by this process alone


def forget_failure(folder):
    """Let the next call try again."""
    _failed.pop(folder, None)
    try:
        os.remove(Path(folder) / _marker)
    except (OSError, TypeError):
        pass
