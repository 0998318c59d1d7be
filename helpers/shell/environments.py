"""Virtual environments for the course and its tests, and the sets of versions that it is tested on.

A set is a file `tests/version_sets/NAME.txt`: pip constraints, under a line `# Python: 3.13, else 3.11` that
says with which Python. What is installed is always what the lists of requirements ask for; a set only says
which version of it.

Only the standard library is used here, because nothing else is installed yet.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETS = ROOT / "tests" / "version_sets"
COURSE = ROOT / "requirements.txt"
TESTS = ROOT / "tests" / "requirements.txt"
SITE = ROOT / "helpers" / "shell" / "site" / "requirements.txt"


class SetUpError(Exception):
    """What is needed is not on this machine; the message says what to do."""


@dataclass(frozen=True)
class VersionSet:
    """name: of its file; pythons: ("3.13", "3.11"), the first that is found serves; constraints: the file."""

    name: str
    pythons: tuple[str, ...]
    constraints: Path

    @classmethod
    def named(cls, name: str) -> VersionSet:
        """The set in tests/version_sets/`name`.txt. Raises SetUpError where there is none."""
        path = SETS / f"{name}.txt"
        known = sorted(each.stem for each in SETS.glob("*.txt"))
        if name not in known:
            raise SetUpError(f"There is no set of versions {name!r}: choose from {', '.join(known)}.")
        first = path.read_text(encoding="utf-8").splitlines()[0]
        pythons = tuple(re.findall(r"\b3\.\d+", first)) if first.startswith("# Python:") else ()
        return cls(name, pythons, path)


def find_python(version: str) -> str | None:
    """The path of a Python of this version ("3.13") on this machine, or None."""
    if version == "{}.{}".format(*sys.version_info):
        return sys.executable
    found = [shutil.which(f"python{version}")]
    homes = [os.environ.get("PYENV_ROOT"), Path.home() / ".pyenv", Path.home() / ".local/share/uv/python"]
    for home in filter(None, homes):
        for pattern in (f"versions/{version}.*/bin/python3", f"cpython-{version}.*/bin/python3"):
            found += sorted(map(str, Path(home).glob(pattern)))
    if os.name == "nt":
        found += _output(["py", f"-{version}", "-c", "import sys; print(sys.executable)"]).splitlines()
    # A shim of pyenv has the right name, but runs nothing unless that version was chosen: ask each.
    ask = "import sys, venv; print('{}.{}'.format(*sys.version_info))"
    return next((path for path in found if path and _output([path, "-c", ask]).strip() == version), None)


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def prepare(lists: list[Path], folder: Path, chosen: VersionSet | None = None) -> str:
    """Make the virtual environment and install what the lists ask for, unless that is done; gives its Python.

    Raises SetUpError where no suitable Python is found, CalledProcessError where pip fails, OSError where the
    folder cannot be written.
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        base = sys.executable
        if chosen and chosen.pythons:
            base = next(filter(None, map(find_python, chosen.pythons)), None)
            if base is None:
                wanted = " or ".join(chosen.pythons)
                raise SetUpError(f"The set {chosen.name} needs Python {wanted}, and none was found here.")
        say(f"Making a virtual environment in {folder} …")
        clear = ["--clear"] if folder.exists() else []
        subprocess.run([base, "-m", "venv", *clear, str(folder)], check=True)
    constraints = ["-c", str(chosen.constraints)] if chosen else []
    for requirements in lists:
        # The stamp is the contents of the lists that are installed: an edited list is installed again.
        stamp = folder / f"installed-{requirements.parent.name}.txt"
        read = lists[: lists.index(requirements) + 1] + ([chosen.constraints] if chosen else [])
        wanted = hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        say(f"Installing {requirements.relative_to(ROOT)} (a minute or two) …")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(requirements), *constraints], check=True)
        stamp.write_text(wanted)
    return str(python)


def lock(folder: Path) -> Path:
    """Write the versions that are installed in `folder` into the set `locked`; gives its path."""
    python = prepare([COURSE, TESTS], folder)
    frozen = _output([python, "-m", "pip", "freeze"])
    if not re.search(r"^numpy==", frozen, flags=re.MULTILINE):
        raise SetUpError(f"pip did not say what is installed in {folder}: {frozen[:200]!r}")
    path = SETS / "locked.txt"
    head = path.read_text(encoding="utf-8").split("\n\n")[0].rstrip()
    path.write_text(f"{head}\n\n{frozen}", encoding="utf-8", newline="\n")
    return path


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)
