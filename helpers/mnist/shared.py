"""Fill one folder with MNIST for everybody on a JupyterHub, so that no student downloads or keeps a copy.

    python -m helpers.mnist.shared /srv/mnist

The four files are taken from where `load_mnist` finds them (data/README.md), verified by their checksums, written
unzipped (55 MB), and made read-only. What is good already stays as it is; a damaged file is replaced. Students
find the folder through the environment variable MNIST_DIR. The exit code is 1 where MNIST is not to be had.
"""

import os
import sys
from pathlib import Path

from helpers import files
from helpers.errors import InputError
from helpers.mnist.downloads import Status
from helpers.mnist.files import MNIST, Damaged, encode, read
from helpers.mnist.sources import default_sources


def fill(folder, sources=None, parts=MNIST):
    """Write the missing and the damaged files of MNIST into `folder`; gives (what was written, from where).

    folder: made if need be; everybody may read it. sources: instead of those of `load_mnist`. Raises InputError
    where no source has MNIST, or where the folder cannot be written.
    """
    folder = Path(folder)
    missing = [part for part in parts if not _good(folder, part, parts)]
    if not missing:
        return [], str(folder)
    name, arrays, problems = _first(default_sources(retry=True) if sources is None else sources)
    if arrays is None:
        raise InputError(f"MNIST is not to be had: {'; '.join(problems) or 'no source has it'}.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        for part, array in zip(parts, arrays, strict=True):
            if part in missing:
                files.write(folder / part.name, encode(array, part))
                (folder / part.name).chmod(0o444)
    except OSError as problem:
        raise InputError(
            f"{folder} cannot be written ({problem.strerror or problem}): run this as the "
            "administrator, for example with sudo."
        ) from None
    bad = [part.name for part in parts if not _good(folder, part, parts)]
    if bad:
        raise InputError(f"What was written to {folder} reads back damaged: {', '.join(bad)}. Is the disk full?")
    return [part.name for part in missing], name


def _good(folder, part, parts):
    """True when `folder` holds the file of `part`, and what is in it has the right checksum."""
    try:
        return read(folder, part, parts) is not None
    except Damaged:
        return False


def _first(sources):
    """(name, arrays) of the first source that has MNIST, or (None, None), and what was wrong with those before."""
    problems = []
    for source in sources:
        try:
            arrays = source.load(problems.append, Status())
        except Damaged as problem:
            problems.append(str(problem))
        else:
            if arrays is not None:
                return source.name, arrays, problems
    return None, None, problems


def main(arguments):
    """Fill the folder that `arguments` names; gives the exit code."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    folder = os.path.expanduser(arguments[0])
    if os.environ.get("MNIST_DIR") and Path(os.environ["MNIST_DIR"]).resolve() == Path(folder).resolve():
        # On a hub the students' settings hold for the administrator, too: they read from here, and download nothing.
        for name in ("MNIST_DIR", "COURSE_PACK_DOWNLOADS"):
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
