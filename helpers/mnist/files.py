"""The four files of MNIST: what they are called, what must be in them, and what is wrong with one that
differs.

The format is IDX, described at http://yann.lecun.com/exdb/mnist/: two zero bytes, 8 for "unsigned byte", the
number of axes, the length of each axis as a big-endian 32-bit number, then the bytes.

A file is recognised by the SHA-256 of its *contents*. The gzip around it differs from mirror to mirror.
"""

import gzip
import hashlib
import io
import math
import os
import struct
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Part(NamedTuple):
    """One of the four files: its name, the shape of its array, and the SHA-256 of its contents."""

    name: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def header(self):
        """The bytes in front of the data."""
        return struct.pack(f">HBB{len(self.shape)}I", 0, 8, len(self.shape), *self.shape)

    @property
    def size(self):
        """The length of the contents in bytes, header included."""
        return len(self.header) + math.prod(self.shape)


#: In the order x_train, y_train, x_test, y_test. The checksums are those of the original files, uncompressed.
MNIST = (
    Part(
        "train-images-idx3-ubyte", (60000, 28, 28), "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
    ),
    Part("train-labels-idx1-ubyte", (60000,), "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    Part("t10k-images-idx3-ubyte", (10000, 28, 28), "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    Part("t10k-labels-idx1-ubyte", (10000,), "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
)


class Damaged(Exception):
    """A file or a download that must not be used. The message ends a sentence: "… is cut short"."""


def decode(content, part, parts=MNIST):
    """Return the array of `part`, uint8 of part.shape and read-only, from the bytes of a file, gzipped or
    not.

    Raises Damaged with the reason when the contents are not exactly those of `part`; `parts` are the files
    with which it may have been confused.
    """
    raw = _unpacked(content, part) if is_zipped(content) else content
    digest = hashlib.sha256(raw).hexdigest()
    if digest != part.sha256:
        raise Damaged(_difference(raw, digest, part, parts))
    return np.frombuffer(raw, np.uint8, offset=len(part.header)).reshape(part.shape)


def encode(array, part):
    """Return the contents of the IDX file of `part`: header and bytes. The opposite of `decode`."""
    return part.header + np.ascontiguousarray(array, np.uint8).tobytes()


def _unpacked(content, part):
    """Unzip, at most one byte more than is right: enough to see that there is more."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read(part.size + 1)
    except EOFError:
        raise Damaged("is cut short") from None
    except (OSError, zlib.error):
        raise Damaged("is damaged: it cannot be unzipped") from None


def _difference(raw, digest, part, parts):
    """Say in a few words why `raw` is not the file that it should be."""
    for other in parts:
        if digest == other.sha256:
            return f"holds what belongs into {other.name}"
    if not raw:
        return "is empty"
    if raw[:200].lstrip()[:1] in (b"<", b"{"):
        return "is a web page, not data"
    if raw[:3] != b"\0\0\x08" or len(raw) < 4:
        return "is not an IDX file"
    if raw[3] != len(part.shape):
        return f"has {raw[3]} axes instead of {len(part.shape)}"
    if len(raw) < len(part.header):
        return "is cut short"
    shape = struct.unpack_from(f">{raw[3]}I", raw, 4)
    if shape != part.shape:
        return f"holds an array of shape {shape} instead of {part.shape}"
    if len(raw) < part.size:
        return "is cut short"
    if len(raw) > part.size:
        return "is longer than it should be"
    return "holds other bytes than MNIST (its checksum differs)"


def is_zipped(content):
    """True when the bytes begin as gzip does."""
    return content[:2] == b"\x1f\x8b"


def largest_file(part):
    """No good file of `part` has more bytes than this, however it was zipped."""
    return part.size + part.size // 100 + 1000


def candidates(folder, part):
    """The paths in `folder` that may be `part`: with a hyphen or a dot, gzipped or not, or in a folder of the
    same name, as some archives unpack. Files come first."""
    dotted = part.name.replace("-idx", ".idx")
    names = [name + ending for name in (part.name, dotted) for ending in (".gz", "")]
    paths = [Path(folder, name) for name in names] + [Path(folder, name, part.name) for name in names]
    paths = [path for path in paths if os.path.exists(path)]
    return sorted(paths, key=os.path.isdir)


def read(folder, part, parts=MNIST, on_damage=None):
    """Return the array of `part` from the first good file in `folder`, or None where there is no such file.

    Raises Damaged when there is one and none is good; `on_damage(path)` is called for each bad file.
    """
    problems = []
    for path in candidates(folder, part):
        try:
            if os.path.isdir(path):
                raise Damaged("is a folder, not a file")
            if not os.path.isfile(path):
                raise Damaged("is not an ordinary file")
            if os.path.getsize(path) > largest_file(part):
                raise Damaged("is much larger than it should be")
            return decode(path.read_bytes(), part, parts)
        except Damaged as problem:
            problems.append(f"{path.name} {problem}")
            if on_damage and os.path.isfile(path):
                on_damage(path)
        except OSError as error:
            problems.append(f"{path.name} cannot be read ({error.strerror or error})")
    if problems:
        raise Damaged(problems[0])
    return None
