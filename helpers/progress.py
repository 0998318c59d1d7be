"""What has been solved, remembered in one local file so that a restart loses nothing. Nothing is sent
anywhere.

The file is `progress.json` in the user's data folder, or the file that the environment variable
COURSE_PACK_PROGRESS names ("off": nothing is remembered). Checks are recorded in notebooks only, or when that
variable is set: a script or a test that calls `check` leaves no trace in somebody's home folder.

    from helpers import progress
    progress.show("derivatives")      # a bar and a list with links to the exercises
"""

import contextlib
import html
import json
import os
import sys
import time

from . import files

VARIABLE = "COURSE_PACK_PROGRESS"
_FOLDER = "neural-network-course-pack"
_RANK = {"open": 0, "attempted": 1, "solved": 2}
_MARK = {"solved": "✓", "attempted": "…", "open": "○"}
_memory = {}       # what this session recorded: it stands in for the file where that cannot be written
_said = set()      # complaints are made once
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


def in_notebook():
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and getattr(shell, "kernel", None) is not None


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
        _say(f"Your progress is not being remembered: {target} cannot be written "
             f"({getattr(problem, 'strerror', None) or problem}).")


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
    files.write(target, text.encode("utf-8"), mode=0o600)   # nobody else's business


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
                break   # better to risk one record than to make a student wait
            time.sleep(0.01)
    try:
        yield
    finally:
        if held:
            with contextlib.suppress(OSError):
                os.remove(lock)


# --------------------------------------------------------------------------------------------- showing

def show(notebook=None):
    """The progress in one notebook ("derivatives", "chain_rule", …, or the module itself), or in all of them,
    as a picture of text and HTML: a bar, and a list that links to the exercises."""
    from .assignments import notebooks
    name = getattr(notebook, "__name__", notebook)
    chosen = notebooks
    if name is not None:
        name = str(name).rsplit(".", 1)[-1].lstrip("0123456789_")
        chosen = {key: module for key, module in notebooks.items() if key == name}
        if not chosen:
            raise ValueError(f"there is no notebook {name!r}; the notebooks are {', '.join(notebooks)}")
    return Overview({key: module.questions for key, module in chosen.items()}, states())


class Overview:
    """What is solved, attempted and open: `counts()` in numbers, text and HTML for display."""

    def __init__(self, questions, known):
        self.questions, self.known = questions, known

    def state(self, question):
        return self.known.get(question.key, "open")

    def counts(self, name=None):
        """{"solved": …, "attempted": …, "open": …} of one notebook or of all."""
        chosen = [self.questions[name]] if name else self.questions.values()
        found = [self.state(question) for group in chosen for question in group]
        return {state: found.count(state) for state in ("solved", "attempted", "open")}

    def __repr__(self):
        lines = []
        for name, group in self.questions.items():
            counts = self.counts(name)
            filled = round(20 * counts["solved"] / len(group))
            lines.append(f"{name}: [{'#' * filled}{'-' * (20 - filled)}] {_in_words(counts)}")
            lines += [f"  {_MARK[self.state(q)]} {q.title} ({self.state(q)})" for q in group]
        return "\n".join(lines)

    def _repr_html_(self):
        parts = []
        for name, group in self.questions.items():
            counts = self.counts(name)
            words = html.escape(f"{name.replace('_', ' ')}: {_in_words(counts)}")
            items = "".join(
                f'<li style="list-style: none"><span aria-hidden="true">{_MARK[self.state(q)]}</span> '
                f'<a href="{html.escape(q.anchor)}" style="text-decoration: underline">{html.escape(q.title)}</a> '
                f'({self.state(q)})</li>'
                for q in group)
            parts.append(f'<p style="color: inherit">{words}<br><progress value="{counts["solved"]}" '
                         f'max="{len(group)}" aria-label="{words}" style="width: 20em"></progress></p>'
                         f'<ul style="padding-left: 1em">{items}</ul>')
        return f'<div role="group" aria-label="Your progress">{"".join(parts)}</div>'


def _in_words(counts):
    total = sum(counts.values())
    return (f"{counts['solved']} of {total} solved, {counts['attempted']} attempted, {counts['open']} open")
