"""MNIST: its four files, the places where they may be, and how they are downloaded.

A file is used only when the SHA-256 of its contents is right, wherever it comes from; the gzip around it differs from
place to place. The format is IDX: two zero bytes, 8 for "unsigned byte", the number of axes, the length of each axis
as a big-endian 32-bit number, then the bytes.
"""

import concurrent.futures
import contextlib
import glob
import gzip
import hashlib
import importlib.util
import io
import math
import os
import re
import struct
import sys
import threading
import time
import warnings
import zlib
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

from helpers import files
from helpers.progress_bar import ProgressBar

FOLDER, CACHE, DOWNLOADS = "MNIST_DIR", "COURSE_PACK_CACHE", "COURSE_PACK_DOWNLOADS"  # see data/README.md
IN_COURSE = Path(__file__).resolve().parents[2] / "data" / "mnist"
STAND_IN = "the digits inside scikit-learn"
MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
)
OPENML = "https://www.openml.org/api/v1/json/data/554"
PATIENCE = 6.0  # seconds that servers which send nothing may cost all together: each may use half of what is left
STALL = 8.0  # seconds that one which has begun to send may take for the next piece
PIECE = 1 << 16  # bytes
LONGEST = 240.0  # seconds for OpenML
MARKER, RETRY_AFTER = "download-failed", 600  # a file in the cache, and the seconds for which it forbids a download


class Damaged(Exception):
    """What must not be used, or cannot be had. The message is a clause in plain words."""


class Part(NamedTuple):
    """One of the four files: its name, the shape of its array, the SHA-256 of its contents, its length when zipped."""

    name: str
    shape: tuple[int, ...]
    sha256: str
    zipped: int

    @property
    def header(self):
        """The bytes in front of the data."""
        return struct.pack(f">HBB{len(self.shape)}I", 0, 8, len(self.shape), *self.shape)

    @property
    def size(self):
        """The length of the contents in bytes, header included."""
        return len(self.header) + math.prod(self.shape)

    def encode(self, array):
        """Return the contents of the file that holds `array`."""
        return self.header + np.ascontiguousarray(array, np.uint8).tobytes()

    def decode(self, file):
        """Return the array, uint8 and read-only, that is in an open file, gzipped or not; or raise Damaged."""
        zipped = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        try:
            # One byte more than is right tells enough of a file that is longer.
            content = (gzip.GzipFile(fileobj=file) if zipped else file).read(self.size + 1)
        except EOFError:
            raise Damaged("is cut short") from None
        except (gzip.BadGzipFile, zlib.error):
            raise Damaged("cannot be unzipped") from None
        if hashlib.sha256(content).hexdigest() == self.sha256:
            return np.frombuffer(content, np.uint8, offset=len(self.header)).reshape(self.shape)
        if content[:100].lstrip().startswith(b"<"):
            raise Damaged("is a web page, not data")
        if len(content) != self.size:
            raise Damaged(f"is {'shorter' if len(content) < self.size else 'longer'} than the original")
        raise Damaged("differs from the original (its checksum is another)")


#: In the order x_train, y_train, x_test, y_test, with the checksums of the original files, unzipped.
PARTS = (
    Part(
        "train-images-idx3-ubyte",
        (60000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        9912422,
    ),
    Part(
        "train-labels-idx1-ubyte", (60000,), "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 28881
    ),
    Part(
        "t10k-images-idx3-ubyte",
        (10000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        1648877,
    ),
    Part("t10k-labels-idx1-ubyte", (10000,), "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 4542),
)


# ---- the places ------------------------------------------------------------------------------------


def search(say, network=True, retry=False, show=False):
    """Return the four arrays as they are stored, and the name of the first place that has them; or None twice.

    say(problem, following): called with a clause for each thing that is wrong, and with the name of the place that is
    tried next or "". network: also download. retry: even if that failed a short while ago. show: with a bar.
    """
    in_page = sys.platform == "emscripten"  # Python in a web page has neither threads nor sockets to download with
    own, cache = os.environ.get(FOLDER), None if in_page else cache_folder()
    places = {
        f"the folder that {FOLDER} names": own and partial(_from_folder, Path(own).expanduser()),
        "data/mnist": os.path.isdir(IN_COURSE) and partial(_from_folder, IN_COURSE),
        "the cache": cache and partial(_from_folder, cache, ours=True),
        "a download": network and not in_page and partial(_download, cache, say, retry, show),
    }
    names = [name for name, load in places.items() if load]
    for name, following in zip(names, [*names[1:], STAND_IN], strict=True):
        try:
            if found := places[name](name):
                return found
        except Damaged as problem:
            say(str(problem), following)
    return None, None


def cache_folder():
    """Return the folder for what is downloaded, or None if nothing is to be kept."""
    chosen = os.environ.get(CACHE)
    if chosen:
        return None if chosen.lower() == "off" else Path(chosen).expanduser() / "mnist"
    import pooch

    return Path(pooch.os_cache("neural-network-course-pack")) / "mnist"


def downloads_forbidden():
    """Return whether the environment variable COURSE_PACK_DOWNLOADS says "off" (or "0", "no", "false")."""
    return os.environ.get(DOWNLOADS, "").strip().lower() in ("off", "0", "no", "false")


def _from_folder(folder, place, ours=False):
    """Return the arrays and `place`. Only in a folder of ours is anything removed, and may something be missing."""
    arrays, problems = present(folder, remove=ours)
    missing = [f"{part.name} is missing" for part, array in zip(PARTS, arrays, strict=True) if array is None]
    if not missing:
        return arrays, place
    if ours and not problems:
        return None
    if not (os.path.isdir(folder) and os.access(folder, os.R_OK | os.X_OK)):
        raise Damaged(f"{place} is not there or may not be read")
    raise Damaged(f"in {place}, {' and '.join(problems or missing[:1])}")


def present(folder, remove=False):
    """Return the four arrays, None for each without a good file in `folder`, and a clause for each that has a bad one.

    A file has a hyphen or a dot before "idx" and is gzipped or not. remove: delete what is damaged.
    """
    arrays, problems = [], []
    for part in PARTS:
        array, problem = None, []
        for name in sorted(glob.glob(part.name.replace("-idx", "[-.]idx") + "*", root_dir=folder)):
            path = folder / name
            try:
                if array is None and path.is_file():
                    with path.open("rb") as file:
                        array = part.decode(file)
            except OSError as error:
                problem = [f"{path.name} cannot be read ({error.strerror})"]
            except Damaged as damage:
                problem = [f"{path.name} {damage}"]
                if remove:
                    with contextlib.suppress(OSError):  # not ours to remove; it is never used
                        path.unlink()
                        problem = [f"{path.name} {damage} (removed)"]
        arrays.append(array)
        problems += problem if array is None else []
    return arrays, problems


# ---- the download ----------------------------------------------------------------------------------


def _download(cache, say, retry, show, _):
    """Return the arrays, and the name of the server that had them. What is in the cache already is not asked for."""
    if downloads_forbidden():
        raise Damaged(f"downloads are switched off ({DOWNLOADS})")
    if not retry and cache and _age(cache / MARKER) < RETRY_AFTER:
        raise Damaged("the download failed a short while ago (`load_mnist(retry=True)` tries again at once)")
    arrays = present(cache)[0] if cache else [None] * len(PARTS)
    bar, keep, patience, failed = ProgressBar(show), partial(_keep, cache, say), PATIENCE, {}
    try:
        for address in (*MIRRORS, OPENML):
            server, began = urlsplit(address).netloc, time.monotonic()
            try:
                load = _from_openml if address == OPENML else _from_mirror
                load(address, arrays, patience / 2, bar, keep)
            except Damaged as problem:
                failed.setdefault(str(problem), []).append(server)
                patience -= min(time.monotonic() - began, patience / 2)
            else:
                if failed:
                    say(f"{_summary(failed)}; taken from {server} instead", "")
                return arrays, server
    finally:
        bar.finish()
    _keep(cache, lambda *_: None, MARKER, b"The last download failed when this file was written.\n")
    raise Damaged(_summary(failed))


def _summary(failed):
    """Say in one line why nothing came from which servers. failed: reason -> their names."""
    return "; ".join(f"nothing from {', '.join(servers)} ({reason})" for reason, servers in failed.items())


def _from_mirror(mirror, arrays, wait, bar, keep):
    """Fill what is missing in `arrays` from a web server that holds the four original files."""
    for index, part in enumerate(PARTS):
        if arrays[index] is None:
            content = _fetch(f"{mirror}{part.name}.gz", part.zipped, wait, bar)
            try:
                arrays[index] = part.decode(io.BytesIO(content))
            except Damaged as damage:
                raise Damaged(f"{part.name}.gz {damage}") from None
            keep(f"{part.name}.gz", content)


def _from_openml(address, arrays, wait, bar, keep):
    """Fill `arrays` by scikit-learn from OpenML, which has the images in the original order, training first.

    The last real source: slow and, while it is read, large in memory (the images as 64-bit floats).
    """
    _fetch(address, 1 << 20, wait, bar)  # quick to show whether anybody answers, as scikit-learn is not
    began = time.monotonic()

    def watch():
        seconds = time.monotonic() - began
        if seconds > LONGEST:
            raise TimeoutError
        bar.update(seconds / LONGEST, f"MNIST: reading it from OpenML, {seconds:.0f} s (this may take minutes) …")

    try:
        images, labels = map(np.asarray, _in_background(_ask_openml, watch))
        cut = PARTS[0].shape[0]
        pieces = images[:cut], labels[:cut], images[cut:], labels[cut:]
        for index, (part, piece) in enumerate(zip(PARTS, pieces, strict=True)):
            content = part.encode(piece.astype(np.uint8))
            arrays[index] = part.decode(io.BytesIO(content))
            keep(f"{part.name}.gz", gzip.compress(content, 1))
    except TimeoutError:
        raise Damaged("too slow") from None
    except Exception:  # whatever scikit-learn raises for a network or a file that it cannot use, and Damaged
        raise Damaged("not MNIST, or in a form that cannot be read") from None


def _ask_openml():
    from sklearn.datasets import fetch_openml

    parser = "pandas" if importlib.util.find_spec("pandas") else "liac-arff"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what goes wrong is said by us, in one line
        found = fetch_openml("mnist_784", version=1, as_frame=False, parser=parser, cache=False, n_retries=1, delay=0.1)
    return found.data, found.target


def _keep(cache, say, name, content):
    """Store a file in the cache. Where that is impossible, say so and go on."""
    if cache:
        try:
            cache.mkdir(parents=True, exist_ok=True)
            files.write(cache / name, content)
        except OSError as problem:
            say(f"what was downloaded is used but cannot be kept in the cache ({problem.strerror})", "")


def _age(path):
    """Return the seconds since the file was written, or infinity where there is none."""
    try:
        return abs(time.time() - path.stat().st_mtime)
    except OSError:
        return math.inf


# ---- one file from the web -------------------------------------------------------------------------


class _Sink(io.BytesIO):
    """What pooch writes into: the thread that waits sees how far it is."""

    def __init__(self, largest):
        super().__init__()
        self.largest, self.last = largest, time.monotonic()

    def write(self, chunk):
        if self.tell() + len(chunk) > self.largest:
            raise Damaged("far more than the file")
        self.last = time.monotonic()
        return super().write(chunk)


def _fetch(url, expected, wait, bar):
    """Return what is at `url`, byte for byte as it is sent: some `expected` bytes, never more than twice as many.

    pooch does it in a thread that is left behind when nothing comes, whatever it is that hangs: the look-up of the
    name, the connection, or the body. The stop button therefore works at once. wait: seconds before the first piece.
    Raises Damaged with the reason in plain words.
    """
    import pooch
    from requests.utils import get_environ_proxies, select_proxy

    sink, server, proxy = _Sink(2 * expected), urlsplit(url).netloc, select_proxy(url, get_environ_proxies(url)) or ""

    def watch():
        if time.monotonic() - sink.last > (STALL if sink.tell() else wait):
            raise Damaged("no answer in time")
        bar.update(min(1.0, sink.tell() / expected), f"MNIST: {sink.tell() / 1e6:.1f} MB from {server}")

    def as_sent(response, *_, **__):
        """Where a server says that it has packed the file once more, nobody unpacks that: it may be of any size."""
        response.raw.headers.pop("Content-Encoding", None)

    headers, hooks = {"Accept-Encoding": "identity"}, {"response": as_sent}
    download = pooch.HTTPDownloader(chunk_size=PIECE, timeout=2 * STALL, headers=headers, hooks=hooks)
    try:
        _in_background(lambda: download(url, sink, None), watch)
    except Exception as error:
        raise Damaged(_in_words(error, proxy)) from None
    finally:
        sink.largest = 0  # a thread that is left behind stops at its next piece
    return sink.getvalue()


def _in_background(work, watch):
    """Return work(), done in a thread that is left behind when `watch`, called ten times a second, raises."""
    future = concurrent.futures.Future()

    def run():
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    while not concurrent.futures.wait([future], timeout=0.1).done:
        watch()
    return future.result()


def _in_words(error, proxy):
    """Say what went wrong with a server, for what requests raises, and name the proxy that is between."""
    from http.client import responses

    from requests import exceptions

    if isinstance(error, Damaged):
        words = str(error)
    elif isinstance(error, exceptions.HTTPError):
        status = error.response.status_code
        words = f"error {status} {responses.get(status, '')}".rstrip()
    elif isinstance(error, exceptions.SSLError):
        words = "no certificate that can be trusted"
    elif isinstance(error, (exceptions.InvalidURL, exceptions.InvalidSchema)):
        words = "a wrong address on the way"
    elif isinstance(error, exceptions.ConnectionError) and "ProtocolError" not in repr(error):
        words = "not to be reached"
    else:
        words = "an answer that cannot be used"
    shown = "".join(filter(str.isprintable, re.sub(r"//.*@", "//", proxy)))  # without a password
    return words + bool(proxy) * f", through the proxy {shown}"
