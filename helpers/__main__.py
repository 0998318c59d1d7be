"""Set-up in one command, on a machine that has nothing but Python:

    python3 -m helpers open     the course in JupyterLab
    python3 -m helpers test     the whole test suite

Both make a virtual environment in `.venv` first, and install into it what `requirements.txt` (for `test`, also
`tests/requirements.txt`) asks for; a later call finds it there. Words after the command are passed on, to
JupyterLab or to pytest: `python3 -m helpers test tests/unit -q`.

Only the standard library is used here, because nothing else is installed yet.
"""

import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = Path(os.environ.get("COURSE_VENV", ROOT / ".venv"))
OLDEST = (3, 11)
FIRST = "notebooks/01_derivatives.ipynb"  # what `open` shows, unless other words are given


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; gives the exit code."""
    command, *rest = arguments or ["help"]
    if command not in ("open", "test"):
        print(__doc__)
        return 0 if command in ("help", "--help", "-h") else 2
    if sys.version_info < OLDEST:
        print(f"The course needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
        return 1
    lists = [ROOT / "requirements.txt"] + ([ROOT / "tests" / "requirements.txt"] if command == "test" else [])
    try:
        python = prepare(lists)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"Could not set up {ENVIRONMENT}: {error}")
        print("Check the network and the free disk space, delete that folder, and run the same command again.")
        return 1
    if command == "open":
        # In a container one is often root, and JupyterLab would refuse to start.
        as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        return run([python, "-m", "jupyterlab", f"--notebook-dir={ROOT}", *as_root, *(rest or [FIRST])])
    return run([python, "-m", "pytest", *rest])


def prepare(lists: list[Path]) -> str:
    """Make the virtual environment and install what the lists ask for, unless that is done; gives its Python.

    Raises CalledProcessError where pip fails, OSError where the folder cannot be written.
    """
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        say(f"Making a virtual environment in {ENVIRONMENT} …")
        venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists())
    for requirements in lists:
        # The stamp is the contents of the lists that are installed: an edited list is installed again.
        stamp = ENVIRONMENT / f"installed-{requirements.parent.name}.txt"
        wanted = fingerprint(lists[: lists.index(requirements) + 1])
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        say(f"Installing {requirements.relative_to(ROOT)} (a minute or two) …")
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)],
            check=True,
        )
        stamp.write_text(wanted)
    return str(python)


def fingerprint(lists: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in lists)).hexdigest()


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def run(command: list[str]) -> int:
    """Run in the course's folder until it ends. Ctrl+C goes to the program, which ends itself."""
    process = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
