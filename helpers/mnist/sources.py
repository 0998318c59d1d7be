"""The places where MNIST may be found. Each has a `name` for sentences, and `load(say, status)`.

`load` returns the four arrays in the order of `parts` (uint8), or None where there is nothing and nothing to
say, or raises Damaged with a clause that says what is wrong. `say(clause)` reports what was wrong on the way.
"""

import gzip
import importlib.util
import os
import sys
import warnings
from pathlib import Path

import numpy as np

from helpers import files
from helpers.mnist import downloads
from helpers.mnist.downloads import Patience, Unavailable
from helpers.mnist.files import MNIST, Damaged, candidates, decode, encode, is_zipped, largest_file, read

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
        return None if chosen.lower() == "off" else Path(os.path.expanduser(chosen)) / "mnist"
    import pooch

    return Path(pooch.os_cache("neural-network-course-pack")) / "mnist"


def default_sources(retry=False):
    """The places in the order in which they are tried."""
    root, own = Path(__file__).resolve().parents[2], os.environ.get(FOLDER)
    folders = [Folder(root / "data" / "mnist", "data/mnist")]
    if own:
        folders.insert(0, Folder(Path(os.path.expanduser(own)), f"the folder that {FOLDER} names", expected=True))
    if sys.platform == "emscripten":  # Python in a web page has neither threads nor sockets to download with
        return folders
    cache = cache_folder()
    if retry:
        downloads.forget_failure(cache)
    return [*folders, Cache(cache), Network(cache, [Mirrors(cache), OpenML(cache)])]


class Folder:
    """A folder that somebody else filled: nothing is ever written or removed there."""

    def __init__(self, path, name, expected=False, parts=MNIST):
        self.path, self.name, self.parts = path, name, parts
        self._expected = expected  # say so when there is nothing in it

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
            verb = "is" if len(missing) == 1 else "are"
            raise Damaged(f"in {self.name}, {' and '.join(missing)} {verb} missing")
        if self._expected:
            raise Damaged(f"{self.name} {self._emptiness()}")
        return None

    def _emptiness(self):
        if not os.path.isdir(self.path):
            return "is a file" if os.path.exists(self.path) else "does not exist"
        readable = os.access(self.path, os.R_OK | os.X_OK)
        return "holds none of the four files" if readable else "may not be read"


class Cache:
    """What an earlier download left in the user's own cache. Damaged files are removed from it."""

    name = "the cache"

    def __init__(self, path, parts=MNIST):
        self.path, self.parts = path, parts

    def load(self, say, status):
        arrays, problems = self.present()
        if problems:
            raise Damaged(f"in {self.name}, {' and '.join(problems)}")
        return None if any(array is None for array in arrays.values()) else list(arrays.values())

    def present(self):
        """Return {part: its array, or None where there is no good file}, and what was wrong with bad ones."""
        arrays, problems = dict.fromkeys(self.parts), []
        for part in self.parts if self.path else ():
            try:
                arrays[part] = read(self.path, part, self.parts, on_damage=_remove)
            except Damaged as problem:
                gone = not candidates(self.path, part)
                problems.append(f"{problem} ({'removed' if gone else 'not used'})")
        return arrays, problems


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        pass  # not ours to remove; it is never used


def _keep(folder, name, content, say):
    """Store a file in the cache. Where that is impossible, say so and go on."""
    if folder is None:
        return
    try:
        os.makedirs(folder, exist_ok=True)
        files.write(Path(folder) / name, content)
    except OSError as problem:
        say(f"what was downloaded is used but cannot be kept in the cache ({problem.strerror or problem})")


class Network:
    """Sources that need the network: not asked when downloads are switched off or failed a short while
    ago."""

    name = "a download"

    def __init__(self, cache, sources):
        self.cache, self.sources = cache, sources

    def load(self, say, status):
        if downloads.forbidden():
            raise Damaged(f"downloads are switched off ({downloads.FORBIDDEN})")
        if downloads.failed_lately(self.cache):
            raise Damaged("the download failed a short while ago (`load_mnist(retry=True)` tries again at once)")
        problems = []
        for source in self.sources:
            try:
                arrays = source.load(say, status)
                self.name = source.name
                return arrays
            except Damaged as problem:
                problems.append(str(problem))
        downloads.remember_failure(self.cache)
        raise Damaged("; ".join(problems))


class Mirrors:
    """Web servers that hold the four original files. A mirror is left at the first thing that goes wrong."""

    def __init__(self, cache, mirrors=MIRRORS, parts=MNIST, patience=6.0, stall=8.0):
        self.cache, self.mirrors, self.parts = cache, mirrors, parts
        self._patience, self._stall = patience, stall

    def load(self, say, status):
        arrays, _ = Cache(self.cache, self.parts).present()
        patience, problems = Patience(self._patience), []
        for mirror in self.mirrors:
            self.name = downloads.server(mirror)
            try:
                for part in self.parts:
                    if arrays[part] is None:
                        arrays[part] = self._fetch(mirror, part, patience, say, status)
            except (Unavailable, Damaged) as problem:
                problems.append(str(problem))
            else:
                if problems:
                    say(f"{'; '.join(problems)}; taken from {self.name} instead")
                return list(arrays.values())
        raise Damaged("; ".join(problems))

    def _fetch(self, mirror, part, patience, say, status):
        with patience as answer:
            content = downloads.fetch(f"{mirror}{part.name}.gz", largest_file(part), answer, self._stall, status)
        try:
            array = decode(content, part, self.parts)
        except Damaged as problem:
            raise Damaged(f"{part.name}.gz from {self.name} {problem}") from None
        # Some servers unzip on the way.
        _keep(self.cache, part.name + (".gz" if is_zipped(content) else ""), content, say)
        return array


class OpenML:
    """MNIST as scikit-learn fetches it from openml.org, checked by the same checksums. The last real source:
    slow, and, while it is read, large in memory (the images as 64-bit floats)."""

    name = "OpenML"

    def __init__(self, cache, parts=MNIST, fetch=None, address=OPENML, answer=2.0, longest=240.0):
        self.cache, self.parts = cache, parts
        self._fetch, self._address = fetch or _from_openml, address
        self._answer, self._longest = answer, longest  # seconds

    def load(self, say, status):
        try:
            downloads.fetch(self._address, 1 << 20, self._answer, self._answer, status)
            images, labels = downloads.in_background(self._fetch, lambda seconds: self._watch(seconds, status))
            return self._verified(np.asarray(images), np.asarray(labels), say)
        except Damaged as problem:
            raise Damaged(f"what OpenML sent {problem}") from None
        except Unavailable as problem:
            raise Damaged(str(problem)) from None
        except Exception as error:  # whatever scikit-learn raises for a network or a file that it cannot use
            raise Damaged(f"OpenML fails ({type(error).__name__})") from None
        finally:
            status.clear()

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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what goes wrong is said by us, in one line
        found = fetch_openml("mnist_784", version=1, as_frame=False, parser=parser, cache=False, n_retries=1, delay=0.1)
    return found.data, found.target
