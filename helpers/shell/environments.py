"""The virtual environment of the course, and the lists of what goes into it.

Only the standard library is used here, because nothing else is installed yet.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "requirements.txt"
TESTS = ROOT / "tests" / "requirements.txt"
SITE = ROOT / "helpers" / "shell" / "site" / "requirements.txt"


def prepare(lists: list[Path], folder: Path) -> str:
    """Make the virtual environment and install what the lists ask for, unless that is done; gives its Python.

    Raises CalledProcessError where pip fails, OSError where the folder cannot be written.
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        say(f"Making a virtual environment in {folder} …")
        clear = ["--clear"] if folder.exists() else []
        subprocess.run([sys.executable, "-m", "venv", *clear, str(folder)], check=True)
    # A stamp is the checksum of a list that is installed: an edited list is installed again.
    stamps = {each: folder / f"installed-{each.parent.name}.txt" for each in lists}
    sums = {each: hashlib.sha256(each.read_bytes()).hexdigest() for each in lists}
    due = [each for each in lists if not stamps[each].exists() or stamps[each].read_text() != sums[each]]
    if due:
        say(f"Installing {', '.join(str(each.relative_to(ROOT)) for each in due)} (a minute or two) …")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *(word for each in due for word in ("-r", str(each)))], check=True)
    for each in due:
        stamps[each].write_text(sums[each])
    return str(python)


def say(text: str) -> None:
    """Print a line with the time of day before it."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)
