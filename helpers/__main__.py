"""Set-up in one command, on a machine that has nothing but Python:

    python3 -m helpers open      the course in JupyterLab
    python3 -m helpers test      what ruff says of the code, then the whole test suite
    python3 -m helpers doctor    what this machine has, and one line of advice for each problem

All make a virtual environment in `.venv` first, and install into it what `requirements.txt` (for `test`, also
`tests/requirements.txt`, for `site` `helpers/shell/site/requirements.txt`) asks for; a later call finds it there. Words after
the command are passed on, to JupyterLab or to pytest: `python3 -m helpers test tests/unit -q`.

For those who work on the course:

    python3 -m helpers publish   write the public address into the notebooks (helpers/shell/publish.py)
    python3 -m helpers site      the course as a web site, in the folder _site (helpers/shell/site/build.py)

Only the standard library is used here, because nothing else is installed yet.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from helpers.shell import environments
from helpers.shell.environments import COURSE, ROOT, SITE, TESTS

ENVIRONMENT = Path(os.environ.get("COURSE_VENV", ROOT / ".venv"))
OLDEST = (3, 11)
FIRST = "notebooks/01_derivatives.ipynb"  # what `open` shows, unless other words are given


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; gives the exit code."""
    command, *rest = arguments or ["help"]
    if command not in ("open", "test", "doctor", "publish", "site"):
        print(__doc__)
        return 0 if command in ("help", "--help", "-h") else 2
    if sys.version_info < OLDEST:
        print(f"The course needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
        return 1
    if command == "publish":
        from helpers.shell import publish  # it needs Python 3.11

        return publish.main(rest)
    try:
        python = environments.prepare([COURSE, *{"test": [TESTS], "site": [SITE]}.get(command, [])], ENVIRONMENT)
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"Could not set up {ENVIRONMENT}: {error}")
        print("Check the network and the free disk space, delete that folder, and run the command again.")
        return 1
    if command == "open":
        # In a container one is often root, and JupyterLab would refuse to start.
        as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        return run([python, "-m", "jupyterlab", f"--notebook-dir={ROOT}", *as_root, *(rest or [FIRST])])
    if command == "test":
        return test(python, rest)
    module = {"doctor": "helpers.shell.doctor", "site": "helpers.shell.site.build"}[command]
    return run([python, "-m", module, *rest])


def test(python: str, words: list[str]) -> int:
    """What ruff says of the code, then pytest; gives the exit code, which is not 0 where either complains."""
    complaint = untidy(python)
    if complaint:
        print(complaint, flush=True)
    code = run([python, "-m", "pytest", *words])
    if complaint and code == 0:
        print(complaint)  # once more: the first one has long scrolled away
    return code or (1 if complaint else 0)


def untidy(python: str, folder: Path = ROOT) -> str:
    """What ruff finds in the code of `folder`, in one line that ends in how to mend it; "" where it finds nothing."""
    ruff, found = [python, "-m", "ruff"], []
    for words in (["format", "--check"], ["check"]):
        command = [*ruff, *words, "--quiet", "--output-format=concise", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace")
        if done.returncode:
            first, *others = (done.stdout or done.stderr).strip().splitlines() or [f"exit code {done.returncode}"]
            found.append(f"ruff {words[0]}: {first}" + (f", and {len(others)} more" if others else ""))
    mend = " ".join([*ruff, "format . &&", *ruff, "check --fix ."])
    return f"The code is not tidy. {'; '.join(found)}. To mend it: {mend}" if found else ""


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
