"""Set-up in one command, on a machine that has nothing but Python:

    python3 -m helpers open      the course in JupyterLab
    python3 -m helpers test      the whole test suite
    python3 -m helpers doctor    what this machine has, and one line of advice for each problem

All make a virtual environment in `.venv` first, and install into it what `requirements.txt` (for `test`, also
`tests/requirements.txt`, for `site` `helpers/shell/site/requirements.txt`) asks for; a later call finds it there. Words after
the command are passed on, to JupyterLab or to pytest: `python3 -m helpers test tests/unit -q`.

For those who work on the course:

    python3 -m helpers test --set colab    the tests on a set of versions: a file of tests/version_sets/
    python3 -m helpers lock                write the versions that `test` has installed into the set `locked`
    python3 -m helpers publish             write the public address into the notebooks (helpers/shell/publish.py)
    python3 -m helpers site                the course as a web site, in the folder _site (helpers/shell/site/build.py)

Only the standard library is used here, because nothing else is installed yet.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from helpers.shell import environments
from helpers.shell.environments import COURSE, ROOT, SITE, TESTS, SetUpError, VersionSet

ENVIRONMENT = Path(os.environ.get("COURSE_VENV", ROOT / ".venv"))
OLDEST = (3, 11)
FIRST = "notebooks/01_derivatives.ipynb"  # what `open` shows, unless other words are given


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; gives the exit code."""
    command, *rest = arguments or ["help"]
    if command not in ("open", "test", "doctor", "lock", "publish", "site"):
        print(__doc__)
        return 0 if command in ("help", "--help", "-h") else 2
    if sys.version_info < OLDEST:
        print(f"The course needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}.")
        return 1
    if command == "publish":
        from helpers.shell import publish  # it needs Python 3.11

        return publish.main(rest)
    try:
        if command == "lock":
            print(f"Written: {environments.lock(ENVIRONMENT).relative_to(ROOT)}")
            return 0
        chosen, rest = version_set(rest) if command == "test" else (None, rest)
        folder = ENVIRONMENT.with_name(f"{ENVIRONMENT.name}-{chosen.name}") if chosen else ENVIRONMENT
        more = {"test": [TESTS], "site": [SITE]}.get(command, [])
        python = environments.prepare([COURSE, *more], folder, chosen)
    except SetUpError as error:
        print(error)
        return 1
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"Could not set up {ENVIRONMENT}: {error}")
        print("Check the network and the free disk space, delete that folder, and run the command again.")
        return 1
    if command == "open":
        # In a container one is often root, and JupyterLab would refuse to start.
        as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        return run([python, "-m", "jupyterlab", f"--notebook-dir={ROOT}", *as_root, *(rest or [FIRST])])
    return run(
        [
            python,
            "-m",
            {"doctor": "helpers.shell.doctor", "site": "helpers.shell.site.build"}.get(command, "pytest"),
            *rest,
        ]
    )


def version_set(words: list[str]) -> tuple[VersionSet | None, list[str]]:
    """The set that `--set NAME` or `--set=NAME` names, or None, and the other words. Raises SetUpError."""
    words = [part for word in words for part in (word.split("=", 1) if word.startswith("--set=") else [word])]
    if "--set" not in words:
        return None, words
    place = words.index("--set")
    name = words[place + 1] if place + 1 < len(words) else ""
    return VersionSet.named(name), words[:place] + words[place + 2 :]


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
