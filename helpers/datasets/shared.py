"""Fill one folder with MNIST for everybody on a JupyterHub, so that no student downloads or keeps a copy.

    python -m helpers.datasets.shared /srv/mnist

The four files are taken from where `load_mnist` finds them (data/README.md), verified by their checksums, written
unzipped (55 MB), and made read-only. What is good already stays as it is; a damaged file is replaced. A folder that is
made can be read by everybody; one that is there keeps its mode, and is refused where that keeps students out. Students
find the folder through the environment variable MNIST_DIR. The exit code is 1 where MNIST is not to be had.
"""

import os
import sys
from pathlib import Path

from helpers import files
from helpers.datasets import mnist
from helpers.errors import InputError


def fill(folder):
    """Write the missing and the damaged files of MNIST into `folder`; return what was written, and from where.

    Raises InputError where no place has MNIST, or where the folder cannot be written or not be read by everybody.
    """
    folder = Path(folder)
    if os.path.isdir(folder) and folder.stat().st_mode & 0o005 != 0o005:
        raise InputError(f"{folder} is not open to everybody: allow it (chmod o+rx {folder}), or name a new folder.")
    missing = _missing(folder)
    if not missing:
        return [], str(folder)
    problems = []
    arrays, source = mnist.search(lambda problem, _: problems.append(problem), retry=True, show=True)
    if arrays is None:
        raise InputError(f"MNIST is not to be had: {'; '.join(problems) or 'no place has it'}.")
    try:
        made = [each for each in (folder, *folder.parents) if not each.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for each in made:
            each.chmod(0o755)
        for part, array in zip(mnist.PARTS, arrays, strict=True):
            if part.name in missing:
                files.write(folder / part.name, part.encode(array))
                (folder / part.name).chmod(0o444)
    except OSError as problem:
        raise InputError(
            f"{folder} cannot be written ({problem.strerror}): run this as the administrator, for example with sudo."
        ) from None
    if bad := _missing(folder):
        raise InputError(f"What was written to {folder} reads back damaged: {', '.join(bad)}. Is the disk full?")
    return missing, source


def _missing(folder):
    """Return the names of the files that `folder` does not hold undamaged."""
    arrays, _ = mnist.present(folder)
    return [part.name for part, array in zip(mnist.PARTS, arrays, strict=True) if array is None]


def main(arguments):
    """Fill the folder that `arguments` names; gives the exit code."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    folder = os.path.expanduser(arguments[0])
    if (own := os.environ.get(mnist.FOLDER)) and Path(own).resolve() == Path(folder).resolve():
        # On a hub the students' settings hold for the administrator, too: they read from here, and download nothing.
        for name in (mnist.FOLDER, mnist.DOWNLOADS):
            os.environ.pop(name, None)
    try:
        written, name = fill(folder)
    except InputError as problem:
        print(problem)
        return 1
    what = f"{', '.join(written)} written, from {name}" if written else "complete and undamaged: nothing to do"
    print(f"{arguments[0]}: {what}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
