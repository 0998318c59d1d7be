"""Write the course as a static site: a landing page, the notebooks to read, and the notebooks to run in the browser.

    python3 -m helpers site                       the whole site into _site/
    python3 -m helpers site --without-lite        without the edition that runs in the browser
    python3 -m helpers site --output DIR          into another folder
    python3 -m helpers site --pyodide FOLDER      with a copy of Pyodide in a folder, instead of the one on the web

The site is built from the notebooks as they are stored: nothing runs. Any file server shows it, and the pages to read
also open as files.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import InputError
from helpers.shell import publish
from helpers.shell.site import bundle, landing, live, reading
from helpers.shell.site.places import ROOT, Places

OUTPUT = ROOT / "_site"
_MARK = ".course-site"  # what tells a folder that the next build may replace from any other
_SHIPPED = ("page.js", "STIXTwoMath-subset.woff2", "STIXTwoMath-licence.txt")


def build(output: Path = OUTPUT, *, lite: bool = True, pyodide: Path | None = None, root: Path = ROOT) -> Path:
    """Build the site of the course in the folder `root`; gives `output`, which is complete or as it was before.

    Raises InputError for a folder that holds something else, publish.AddressError for an address in pyproject.toml that
    cannot be used, ValueError for a notebook that cannot be shown.
    """
    output = Path(output).resolve()
    with _replaced(output) as folder:
        places = Places.of(root, lite=lite)
        chapters = reading.chapters(root / "notebooks")
        html, pictures = landing.page(chapters, places)
        _write(folder, {"index.html": html, **pictures})
        for chapter in chapters:
            html, pictures, _ = reading.page(chapter, chapters, places)
            _write(folder / "read", {chapter.page: html} | {f"pictures/{name}": png for name, png in pictures.items()})
            _write(folder / "notebooks", {chapter.name: chapter.path.read_bytes()})
        shipped = {name: (live.PAGES / name).read_bytes() for name in _SHIPPED}
        _write(folder, shipped | {"explorers.js": live.script(), "style.css": live.style()})
        licence = (root / "LICENSE").read_bytes()
        _write(folder, {"course.zip": bundle.zipped(root), "LICENSE.txt": licence, ".nojekyll": ""})
        if lite:
            from helpers.shell.site import lite as edition  # JupyterLite is not needed for the pages

            edition.build(folder / "lite", pyodide=pyodide)
    return output


def _write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def _replaced(output: Path) -> Iterator[Path]:
    """A new folder beside `output`, which takes its place at the end; after an error `output` is as it was.

    Raises InputError where `output` holds something that no build has written.
    """
    if output.exists() and not (output / _MARK).exists() and (not output.is_dir() or any(output.iterdir())):
        raise InputError(f"{output} holds something else than a site: choose another folder with --output")
    output.parent.mkdir(parents=True, exist_ok=True)
    unique = uuid.uuid4().hex[:8]
    new, old = (output.with_name(f".{output.name}-{unique}.{what}") for what in ("part", "old"))
    new.mkdir()
    try:
        _write(new, {_MARK: "Written by python3 -m helpers site. The next build replaces this folder.\n"})
        yield new
        if output.exists():
            os.replace(output, old)
        try:
            os.replace(new, output)
        except BaseException:
            if old.exists():
                os.replace(old, output)
            raise
    finally:
        for leftover in (new, old):
            shutil.rmtree(leftover, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Build as the words of the command line say; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m helpers site", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--output", type=Path, default=OUTPUT, metavar="DIR", help="folder of the site (default: _site)"
    )
    parser.add_argument("--without-lite", action="store_true", help="without the edition that runs in the browser")
    parser.add_argument("--pyodide", type=Path, metavar="FOLDER", help="a folder with Pyodide, to be part of the site")
    chosen = parser.parse_args(arguments)
    try:
        output = build(chosen.output, lite=not chosen.without_lite, pyodide=chosen.pyodide)
    except (InputError, publish.AddressError, ValueError) as problem:
        print(f"No site was built: {problem}")
        return 1
    print(f"The site is in {output}. To look at it:")
    print(f"  {Path(sys.executable).name} -m http.server --directory {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
