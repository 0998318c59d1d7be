"""Python for the browser: which files of Pyodide the site carries, and where they come from.

The site is served with a Pyodide of its own, cut down to what the course needs: so a reader's browser asks nobody
but the site, and the site still works when another server does not. What is fetched is checked by its SHA-256:
the runtime's is written here, and the runtime's own list, `pyodide-lock.json`, has those of the packages.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pooch

from helpers.errors import InputError
from helpers.shell.environments import ROOT

VERSION = "314.0.6"  # the one that jupyterlite-pyodide-kernel is made for
RUNTIME = f"https://cdn.jsdelivr.net/npm/pyodide@{VERSION}"
PACKAGES = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full"
LOCK = "pyodide-lock.json"
CHECKSUMS = {
    "pyodide.asm.mjs": "2ac5eba365ec12839c75c03b39b3be1dd63b798852cc460b014b52238be042f7",
    "pyodide.asm.wasm": "3a0a00dfeaa348ac20f9ef09904233d32d33f644339662d4af368f8a2010f37a",
    "pyodide.mjs": "69e3f6ccec3e14b465df60be577ca62f536251406b9a00cce019eac5252a2495",
    "python_stdlib.zip": "80c5be6babfe03297069703410c3c29404dcf2525d2b128746bae5536f94831f",
    LOCK: "3fdaef09e9e365c85e002737720f8d0ab8f278c1c244a2dde6a37663cf488ad4",
}
#: What `helpers` imports by itself. Pyodide looks only at what a *cell* imports, so these are there from the start.
AT_ONCE = ("numpy", "matplotlib", "mpmath", "micropip")
#: What comes when a cell imports one of these names. The digits inside scikit-learn stand in for MNIST, so the cell
#: that imports the data brings it along: 18 MB that the other notebooks do not wait for.
LATER = {
    "scikit-learn": ("sklearn", "helpers.datasets"),
    "scipy": ("scipy",),
    "sympy": ("sympy", "helpers.formulas.derivation"),
}
KERNEL = Path(__file__).with_name("kernel.txt")
CACHE = ROOT / "data" / "cache" / "site"


def install(target: Path, wheels: list[Path], source: Path | None = None) -> list[str]:
    """Put Pyodide into the folder `target`, with the packages of the course and `wheels` (plain Python) beside it.

    source: a folder that holds a Pyodide distribution; None fetches it, once. Returns the names of the packages that
    the kernel loads at its start. Raises InputError where a file is missing or damaged.
    """
    source = source or fetch()
    target.mkdir(parents=True, exist_ok=True)
    lock = read_lock(source)
    packages = {name: dict(lock["packages"][name]) for name in closure(lock, [*AT_ONCE, *LATER])}
    for name, imports in LATER.items():
        packages[name]["imports"] = list(imports)
    sums = {entry["file_name"]: entry["sha256"] for entry in packages.values()}
    for name in [*CHECKSUMS, *sums]:
        if not (source / name).is_file():
            raise InputError(f"{source / name} is missing: a Pyodide distribution has it.")
        if name in sums and pooch.file_hash(source / name) != sums[name]:
            raise InputError(
                f"{source / name} is damaged: its checksum is not the one in {LOCK}. Delete it, and build again."
            )
        shutil.copyfile(source / name, target / name)
    added = {wheel: _entry(wheel) for wheel in wheels}
    for wheel, entry in added.items():
        shutil.copyfile(wheel, target / wheel.name)
        packages[entry["name"]] = entry
    small = {"info": lock["info"], "packages": dict(sorted(packages.items()))}
    (target / LOCK).write_text(json.dumps(small, indent=1), encoding="utf-8")
    return [*sorted(closure(lock, AT_ONCE)), *(entry["name"] for entry in added.values())]


def read_lock(folder: Path) -> dict:
    """Pyodide's list of packages in `folder`. Raises InputError where there is none, or not what is needed."""
    try:
        lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
        missing = [name for name in (*AT_ONCE, *LATER) if name not in lock["packages"]]
        lock["info"]["abi_version"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{folder / LOCK} is not Pyodide's list of packages.") from None
    if missing:
        raise InputError(f"The Pyodide in {folder} has no {', '.join(missing)}: take the full distribution.")
    return lock


def closure(lock: dict, names) -> set[str]:
    """`names` and all that they depend on, as keys of the lock file."""
    found, open_ = set(), list(names)
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += lock["packages"][name]["depends"]
    return found


def fetch(folder: Path = CACHE / f"pyodide-{VERSION}") -> Path:
    """`folder` with the files of Pyodide that the course needs: what is not there yet, or damaged, is fetched.

    Raises InputError where it cannot be.
    """
    try:
        _fetch_all(folder, RUNTIME, CHECKSUMS)
        lock = read_lock(folder)
        entries = [lock["packages"][name] for name in sorted(closure(lock, [*AT_ONCE, *LATER]))]
        _fetch_all(folder, PACKAGES, {entry["file_name"]: entry["sha256"] for entry in entries})
    except (OSError, ValueError) as problem:  # a ValueError: the checksum differs
        advice = (
            "Give a folder with a Pyodide distribution (--pyodide FOLDER), or leave this part out (--without-lite)."
        )
        raise InputError(f"Pyodide cannot be fetched ({problem}). {advice}") from None
    return folder


def _fetch_all(folder: Path, address: str, checksums: dict[str, str]) -> None:
    source = pooch.create(folder, f"{address}/", registry=checksums)
    for name in checksums:
        source.fetch(name)


def kernel_wheels(folder: Path = CACHE / "wheels") -> list[Path]:
    """The wheels that kernel.txt names; pip fetches those that are not in `folder` yet. Raises InputError."""
    lines = [line.strip() for line in KERNEL.read_text(encoding="utf-8").splitlines()]
    wanted = [line.replace("==", "-") for line in lines if line and not line.startswith("#")]

    def found() -> list[Path]:
        return [path for name in wanted for path in folder.glob(f"{name}-*.whl")]

    if len(found()) < len(wanted):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += [
            "--only-binary=:all:",
            "--python-version=3.14",
            "--implementation=py",
            "--abi=none",
            "--platform=any",
        ]
        command += ["--dest", str(folder), "-r", str(KERNEL)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
            raise InputError(f"The packages of the kernel cannot be fetched ({reason}). Leave out: --without-lite.")
    return found()


def _entry(wheel: Path) -> dict:
    """What the lock file says of a wheel in plain Python. Nothing asks for its imports: it is loaded at the start."""
    name, version = wheel.name.split("-")[:2]
    return {
        "name": re.sub(r"[-_.]+", "-", name).lower(),
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": pooch.file_hash(wheel),
        "package_type": "package",
        "imports": [],
        "depends": [],
        "unvendored_tests": False,
    }
