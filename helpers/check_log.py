"""Every check, one line each in a file of this computer, so that a restart loses nothing. Nothing is sent anywhere.

The file is `progress.json` in the user's data folder, or the file that the environment variable COURSE_PACK_PROGRESS
names ("off", or the system's null device: nothing is remembered). Lines are written in notebooks only, or when that
variable is set: a script or a test that calls `check` leaves no trace in somebody's home folder.

A line is the JSON of one check: key, status, id of the mistake (or null) and time (UTC). Lines are only ever added at
the end. Nothing is rewritten, renamed or locked, so nothing can be lost and no check waits for another. On a local disk
lines arrive whole. On a network file system, where the homes of a hub may lie, and on Windows, two lines that are
written at the same moment may tear or cover each other; a full disk or a crash may leave half of one. That costs these
lines: whatever cannot be read is passed over, and stays where it is.

Version 1 of the file was a single object, `{"version": 1, "records": {key: "solved" or "attempted"}}`. It is read where
it stands, at the beginning, and lines follow it. A file that names any other version is read and never written.

`helpers.progress` shows what is solved.
"""

import contextlib
import functools
import json
import os
import time

from helpers.notebook import in_notebook

VARIABLE = "COURSE_PACK_PROGRESS"
OPEN, ATTEMPTED, SOLVED = range(3)  # the states of a question; it keeps the best
# "solved" and "attempted": the words of version 1.
_STATES = {"correct": SOLVED, "solved": SOLVED, "wrong": ATTEMPTED, "error": ATTEMPTED, "attempted": ATTEMPTED}
# What bounds the file. Up to the first number of bytes it takes every check, some 2,000 of them; from there on only
# what changes the state of a question, two lines at most for each. A file above the second is none of ours.
_EVERY_CHECK = 200_000
_TOO_LARGE = 500_000

this_kernel = {}  # key -> state of what was checked since the kernel started
_unwritten = []  # lines for which the disk was full: they go with the next that can be written
_print_once = functools.cache(print)


def path():
    """Where checks are remembered, or None if they are not to be."""
    chosen = os.environ.get(VARIABLE, "").strip()
    if chosen:
        return None if chosen.lower() in ("off", os.devnull) else os.path.expanduser(chosen)
    import platformdirs  # here, so that `doctor` runs, and says so, where no package is installed

    folder = platformdirs.user_data_dir("neural-network-course-pack", appauthor=False, roaming=True)
    return os.path.join(folder, "progress.json")


def record(key, status, mistake=None):
    """Remember the outcome of a check; an untouched stub is none. Never raises and never waits: what cannot be written
    costs one printed line."""
    if status not in _STATES:
        return
    state = _STATES[status]
    this_kernel[key] = max(state, this_kernel.get(key, OPEN))
    try:
        if not (in_notebook() or os.environ.get(VARIABLE)):
            return
        if (target := path()) is None:
            return
        content = _content(target)
        known, is_later = _read(content)
        if is_later:
            raise OSError("a later version of the course wrote it, so it is read and never written")
        if len(content) < _EVERY_CHECK or state > known.get(key, OPEN):
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            line = json.dumps({"key": key, "status": status, "mistake": mistake, "time": now})
            _append(target, line + "\n", cut_off=content != b"" and not content.endswith(b"\n"))
    except Exception as problem:
        _complain(problem)


def earlier():
    """key -> state where the file, whoever it comes from, is ahead of this kernel. Never raises."""
    try:
        known, _ = _read(_content(path()))
    except Exception as problem:
        _complain(problem)
        return {}
    return {key: state for key, state in known.items() if state > this_kernel.get(key, OPEN)}


def _complain(problem):
    with contextlib.suppress(Exception):  # nothing can be printed: a closed output, a path that is no text
        reason = getattr(problem, "strerror", None) or problem
        _print_once(f"Your progress is not remembered in {path()}: {reason}.")


# -------------------------------------------------------------------------------------------- the file


def _content(target):
    """The bytes of the file, none where there is no file or is to be none. What cannot be ours is not opened: OSError.

    NULs are left out: then UTF-16 is ASCII, and a block that was lost in a crash is gone.
    """
    if target is None or not os.path.exists(target):  # here and below, what a link leads to
        return b""
    if not os.path.isfile(target):
        raise OSError("that is no ordinary file, and it is left alone")
    if os.path.getsize(target) > _TOO_LARGE:
        raise OSError("that file is too large to be a list of checks, and it is left alone")
    with open(target, "rb") as file:
        return file.read(_TOO_LARGE).replace(b"\0", b"")


def _append(target, line, cut_off):
    """Write what could not be written earlier, and `line`, at the end of the file in one step; in a line of its own,
    where the last there was cut off."""
    lines = [*_unwritten, line]
    _unwritten.clear()
    try:
        os.makedirs(os.path.dirname(os.path.realpath(target)), exist_ok=True)
        content = ("\n" * cut_off + "".join(lines)).encode()
        # 0o600: nobody else's business.
        with open(target, "ab", buffering=0, opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            if file.write(content) < len(content):
                raise OSError("the disk is full")
    except BaseException:
        _unwritten.extend(lines)
        raise


def _read(content):
    """key -> the best state that the file has for it, and whether a version after ours wrote there."""
    text = content.decode("utf-8", "replace").lstrip("\ufeff\ufffd \r\n")  # without a byte-order mark
    entries = []
    if text.startswith("{"):
        with contextlib.suppress(ValueError, RecursionError):
            first, end = json.JSONDecoder().raw_decode(text)  # an object of version 1 goes over many lines
            entries, text = [first], text[end:]
    for line in text.split("\n"):
        if line.startswith("{"):
            with contextlib.suppress(ValueError, RecursionError):
                entries.append(json.loads(line))
    known = {}
    for entry in entries:
        old = entry.get("records")
        for key, status in old.items() if isinstance(old, dict) else [(entry.get("key"), entry.get("status"))]:
            if isinstance(key, str) and isinstance(status, str):
                known[key] = max(_STATES.get(status, OPEN), known.get(key, OPEN))
    return known, any(entry.get("version", 1) != 1 for entry in entries)
