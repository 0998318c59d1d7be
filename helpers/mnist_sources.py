"""The places where MNIST may be found. Each has a `name` for sentences, and `load(say, status)`.

`load` returns the four arrays in the order of `parts` (uint8), or None where there is nothing and nothing to say,
or raises Damaged with a clause that says what is wrong. `say(clause)` reports what was wrong on the way.
"""

import gzip
import importlib.util
import os
from pathlib import Path

import numpy as np

from . import downloads, files
from .downloads import Patience, Unavailable
from .mnist_files import MNIST, Damaged, decode, encode, read

CACHE = "COURSE_PACK_CACHE"
FOLDER = "MNIST_DIR"
MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)
OPENML = "https://www.openml.org/api/v1/json/data/554"


def cache_folder():
    """The folder for what is downloaded, or None if nothing is to be kept.

    The environment variable COURSE_PACK_CACHE names another one, or "off".
    """
    chosen = os.environ.get(CACHE)
    if chosen:
        return None if chosen.lower() == "off" else Path(chosen).expanduser() / "mnist"
    import pooch

    return Path(pooch.os_cache("neural-network-course-pack")) / "mnist"


def default_sources(retry=False):
    """The places in the order in which they are tried."""
    cache, root = cache_folder(), Path(__file__).resolve().parent.parent
    if retry:
        downloads.forget_failure(cache)
    own = os.environ.get(FOLDER)
    first = [Folder(Path(own).expanduser(), f"the folder that {FOLDER} names", expected=True)] if own else []
    return [*first, Folder(root / "data" / "mnist", "data/mnist"), Cache(cache), Mirrors(cache), OpenML(cache)]


class Folder:
    """A folder that somebody else filled: nothing is ever written or removed there."""

    def __init__(self, path, name, expected=False, parts=MNIST):
        self.path, self.name, self.parts = path, name, parts
        self._expected = expected   # say so when there is nothing in it

    def load(self, say, status):
        arrays = []
        try:
            for part in self.parts:
                arrays.append(read(self.path, part, self.parts))
        except Damaged as problem:
            raise Damaged(f"in {self.name}, {problem}") from None
        missing = [part.name for part, array in zip(self.parts, arrays, strict=True) if array is None]
        if not missing:
            return arrays
        if len(missing) < len(arrays):
            raise Damaged(f"in {self.name}, {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
        if self._expected:
            raise Damaged(f"{self.name} " + ("has no MNIST files in it" if self.path.is_dir() else "does not exist"))
        return None


class Cache:
    """What an earlier download left in the user's own cache. Damaged files are removed from it."""

    name = "the cache"

    def __init__(self, path, parts=MNIST):
        self.path, self.parts = path, parts

    def load(self, say, status):
        arrays = self.present(say)
        found = [arrays[part] for part in self.parts]
        return None if any(array is None for array in found) else found

    def present(self, say):
        """Return {part: its array, or None where there is no good file}."""
        arrays = {}
        for part in self.parts:
            try:
                arrays[part] = self.path and read(self.path, part, self.parts, on_damage=_remove)
            except Damaged as problem:
                arrays[part] = None
                say(f"in {self.name}, {problem}")
        return arrays


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass   # not ours to remove; it is never used


def _keep(folder, name, content, say):
    """Store a file in the cache. Where that is impossible, say so and go on."""
    if folder is None:
        return
    try:
        os.makedirs(folder, exist_ok=True)
        files.write(Path(folder) / name, content)
    except OSError as problem:
        say(f"what was downloaded is used but cannot be kept in the cache ({problem.strerror or problem})")


class Mirrors:
    """Web servers that hold the four original files. A mirror is left at the first thing that goes wrong."""

    name = "a download"

    def __init__(self, cache, mirrors=MIRRORS, parts=MNIST, patience=6.0, stall=8.0):
        self.cache, self.mirrors, self.parts = cache, mirrors, parts
        self._patience, self._stall = patience, stall

    def load(self, say, status):
        if downloads.forbidden():
            raise Damaged(f"downloads are switched off ({downloads.FORBIDDEN})")
        if downloads.failed_lately(self.cache):
            raise Damaged("the download failed a short while ago (`load_mnist(retry=True)` tries again at once)")
        arrays = Cache(self.cache, self.parts).present(lambda problem: None)
        patience, problems, complaints = Patience(self._patience), [], set()

        def say_once(problem):
            if problem not in complaints:
                complaints.add(problem)
                say(problem)

        for mirror in self.mirrors:
            try:
                for part in self.parts:
                    if arrays[part] is None:
                        with patience as answer:
                            content = downloads.fetch(f"{mirror}{part.name}.gz", 2 * part.size + 1000, answer,
                                                      self._stall, status)
                        arrays[part] = decode(content, part, self.parts)
                        ending = ".gz" if content[:2] == b"\x1f\x8b" else ""
                        _keep(self.cache, part.name + ending, content, say_once)
                self.name = downloads.server(mirror)
                return [arrays[part] for part in self.parts]
            except Unavailable as problem:
                problems.append(str(problem))
            except Damaged as problem:
                problems.append(f"{part.name}.gz from {downloads.server(mirror)} {problem}")
        raise Damaged(f"the download failed ({'; '.join(problems)})")


class OpenML:
    """MNIST as scikit-learn fetches it from openml.org, checked by the same checksums. The last real source: slow,
    and, while it is read, large in memory (the images as 64-bit floats)."""

    name = "OpenML"

    def __init__(self, cache, parts=MNIST, fetch=None, address=OPENML, answer=2.0, longest=240.0):
        self.cache, self.parts = cache, parts
        self._fetch, self._address, self._answer, self._longest = fetch or _from_openml, address, answer, longest

    def load(self, say, status):
        if downloads.forbidden() or downloads.failed_lately(self.cache):
            return None   # already said
        try:
            downloads.fetch(self._address, 1 << 20, self._answer, self._answer, status)
            images, labels = downloads.in_background(self._fetch, lambda seconds: self._watch(seconds, status))
            return self._verified(np.asarray(images), np.asarray(labels), say)
        except Damaged as problem:
            self._failed(f"what OpenML sent {problem}")
        except Unavailable as problem:
            self._failed(str(problem))
        except Exception as error:   # whatever scikit-learn raises for a network or a file that it cannot use
            self._failed(f"OpenML fails ({type(error).__name__})")
        finally:
            status.clear()

    def _failed(self, problem):
        downloads.remember_failure(self.cache)
        raise Damaged(problem)

    def _watch(self, seconds, status):
        if seconds > self._longest:
            raise Unavailable("www.openml.org is too slow")
        status.show(f"MNIST: reading it from OpenML, {seconds:.0f} s (this may take a minute or two) …")

    def _verified(self, images, labels, say):
        """Training images come first on OpenML, in the original order: so the checksums must agree."""
        cut = self.parts[0].shape[0]
        pieces = (images[:cut], labels[:cut], images[cut:], labels[cut:])
        arrays = []
        for part, piece in zip(self.parts, pieces, strict=True):
            content = encode(piece.astype(np.uint8), part)
            arrays.append(decode(content, part, self.parts))
            _keep(self.cache, f"{part.name}.gz", gzip.compress(content, 1), say)
        return arrays


def _from_openml():
    from sklearn.datasets import fetch_openml

    parser = "pandas" if importlib.util.find_spec("pandas") else "liac-arff"
    found = fetch_openml("mnist_784", version=1, as_frame=False, parser=parser, cache=False, n_retries=0)
    return found.data, found.target
