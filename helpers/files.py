"""Write files so that nobody ever sees half of one: a new file beside the old one, then a swap."""

import contextlib
import glob
import os
import time
import uuid

_FORGOTTEN = 3600  # seconds after which the unfinished file of a killed process is removed


def write(target, content):
    """Make `content` (bytes) the whole content of the file `target`, in one step.

    Two processes that write the same file at once do not collide: one of them is last. A reader sees the old
    file or the new one. When writing fails or is interrupted, the old file stays and nothing is left beside
    it; what a killed process left is removed by a later call. Raises OSError where the file cannot be
    written.
    """
    folder, name = os.path.split(os.path.abspath(target))
    for leftover in glob.glob(os.path.join(glob.escape(folder), f".{glob.escape(name)}-*.part")):
        with contextlib.suppress(OSError):
            if time.time() - os.path.getmtime(leftover) > _FORGOTTEN:
                os.remove(leftover)
    temporary = os.path.join(folder, f".{name}-{uuid.uuid4().hex}.part")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
        _replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(temporary)
        raise


def _replace(source, target):
    """os.replace, tried again for a moment: on Windows it fails while another process reads the file."""
    for attempt in range(20):
        try:
            return os.replace(source, target)
        except PermissionError:
            if attempt == 19 or os.name != "nt":
                raise
            time.sleep(0.02)
