"""What was solved and attempted, remembered in one local file so that a restart loses nothing. Nothing is sent
anywhere.

The file is `progress.json` in the user's data folder, or the file that the environment variable
COURSE_PACK_PROGRESS names ("off": nothing is remembered). Checks are recorded in notebooks only, or when that
variable is set: a script or a test that calls `check` leaves no trace in somebody's home folder.

`helpers.progress` shows it.
"""

import contextlib
import json
import os
import sys
import time

from helpers import files
from helpers.notebook import in_notebook

VARIABLE = "COURSE_PACK_PROGRESS"
_FOLDER = "neural-network-course-pack"
_RANK = {"open": 0, "attempted": 1, "solved": 2}
_memory = {}  # what this session recorded: it stands in for the file where that cannot be written
_said = set()  # complaints are made once
_given_up = set()  # files that could not be written: not tried again in this session


def path():
    """Where progress is remembered, or None if it is not to be."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return None if chosen.lower() == "off" else chosen
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or os.path.join(home, "AppData", "Roaming")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    return os.path.join(base, _FOLDER, "progress.json")


# ------------------------------------------------------------------------------------------- recording


def record(key, status):
    """Remember the outcome of a check: "correct" solves a question for good, "wrong" and "error" are
    attempts.

    Never raises; a file that cannot be written costs one printed line.
    """
    state = {"correct": "solved", "wrong": "attempted", "error": "attempted"}.get(status)
    if state is None or not (in_notebook() or os.environ.get(VARIABLE)):
        return
    _memory[key] = _better(_memory.get(key, "open"), state)
    target = path()
    if target is None or target in _given_up:
        return
    try:
        with _locked(target):
            known = _read(target)
            if _RANK[known.get(key, "open")] < _RANK[_memory[key]]:
                _write(target, {**known, **_merged(known, _memory)})
    except (OSError, ValueError) as problem:
        _given_up.add(target)
        _say(
            f"Your progress is not being remembered: {target} cannot be written "
            f"({getattr(problem, 'strerror', None) or problem})."
        )


def states():
    """key -> "solved" or "attempted" for everything recorded so far, in the file and in this session."""
    target = path()
    known = {}
    if target is not None:
        with contextlib.suppress(OSError):
            known = _read(target)
    return {**known, **_merged(known, _memory)}


def reset():
    """Forget everything, in the file too."""
    _memory.clear()
    target = path()
    if target is not None:
        with contextlib.suppress(OSError):
            os.remove(target)


def _better(one, other):
    return max(one, other, key=_RANK.__getitem__)


def _merged(known, newer):
    return {key: _better(known.get(key, "open"), state) for key, state in newer.items()}


def _say(line):
    if line not in _said:
        _said.add(line)
        print(line)


# -------------------------------------------------------------------------------------------- the file


def _read(target):
    """The records in the file; a damaged file is set aside and said to be so."""
    try:
        with open(target, encoding="utf-8") as file:
            records = json.load(file)["records"]
        return {str(key): state for key, state in records.items() if state in _RANK}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        aside = target + ".damaged"
        os.replace(target, aside)
        _say(f"The file with your progress was damaged; it is kept as {aside}, and a new one is begun.")
        return {}


def _write(target, records):
    text = json.dumps({"version": 1, "records": dict(sorted(records.items()))}, indent=1)
    files.write(target, text.encode("utf-8"), mode=0o600)  # nobody else's business


@contextlib.contextmanager
def _locked(target, patience=2.0, stale=10.0):
    """Hold `progress.json.lock`, so that two notebooks do not overwrite each other's records. A lock that is
    older than `stale` seconds was left behind by a process that died."""
    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    lock, deadline = target + ".lock", time.monotonic() + patience
    held = False
    while not held:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            held = True
        except (FileExistsError, PermissionError):
            if not os.path.exists(lock) and not os.access(os.path.dirname(os.path.abspath(target)), os.W_OK):
                raise
            with contextlib.suppress(OSError):
                if time.time() - os.path.getmtime(lock) > stale:
                    os.remove(lock)
            if time.monotonic() > deadline:
                break  # better to risk one record than to make a student wait
            time.sleep(0.01)
    try:
        yield
    finally:
        if held:
            with contextlib.suppress(OSError):
                os.remove(lock)
