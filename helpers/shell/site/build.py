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
import io
import os
import shutil
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import InputError
from helpers.explorers.core import explorer
from helpers.shell import publish
from helpers.shell.environments import ROOT
from helpers.shell.site import reading
from helpers.shell.site.reading import PAGES

OUTPUT = ROOT / "_site"
_MARK = ".course-site"  # what tells a folder that the next build may replace from any other
_FOLDER = "neural-network-course"  # in which the whole course unpacks
_DATE = (2020, 1, 1, 0, 0, 0)  # the same files give the same bytes
_LEFT_BEHIND = {"__pycache__", "_site", "build", "dist", "cache", "mnist", "screenshots"}
_SHIPPED = ("page.js", "STIXTwoMath-subset.woff2", "STIXTwoMath-licence.txt")


def build(output: Path = OUTPUT, *, lite: bool = True, pyodide: Path | None = None, root: Path = ROOT) -> Path:
    """Build the site of the course in the folder `root`; gives `output`, which is complete or as it was before.

    Raises InputError for a folder that holds something else, publish.AddressError for an address in pyproject.toml that
    cannot be used, ValueError for a notebook that cannot be shown.
    """
    output = Path(output).resolve()
    with _replaced(output) as folder:
        address = publish.Address.of(root)
        chapters = reading.chapters(root / "notebooks")
        html, pictures = reading.landing(chapters, address, lite)
        _write(folder, {"index.html": html, **pictures})
        for chapter in chapters:
            html, pictures = reading.page(chapter, chapters, address, lite)
            _write(folder / "read", {chapter.page: html, **pictures})
            _write(folder / "notebooks", {chapter.name: chapter.path.read_bytes()})
        shipped = {name: (PAGES / name).read_bytes() for name in _SHIPPED}
        _write(folder, shipped | {"explorers.js": script(), "style.css": style()})
        licence = (root / "LICENSE").read_bytes()
        _write(folder, {"course.zip": course_zip(root), "LICENSE.txt": licence, ".nojekyll": ""})
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


def script() -> str:
    """The front end of the explorers and what it needs on a page, as one classic script.

    Not as modules, because Chromium does not load those from `file://`.
    """
    front = explorer.front_end()
    if front.count("export default {") != 1:
        raise ValueError("the front end must end in one `export default {…}`")
    front = front.replace("export default {", "return {")
    live = (PAGES / "live.js").read_text(encoding="utf-8")
    return f'"use strict";\n(() => {{\nconst front = (() => {{\n{front}\n}})();\n\n{live}}})();\n'


def style() -> str:
    """The style of the pages, and that of the explorers."""
    site = (PAGES / "site.css").read_text(encoding="utf-8")
    return f"{explorer.View._css}\n{site}"


def course_zip(root: Path) -> bytes:
    """A zip of the files that belong to the course in the folder `root`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in course_files(root):
            entry = zipfile.ZipInfo(f"{_FOLDER}/{path.as_posix()}", _DATE)
            entry.external_attr = (0o755 if path.parts[0] == ".ci" else 0o644) << 16
            archive.writestr(entry, (root / path).read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def course_files(root: Path) -> list[Path]:
    """Paths below `root`: those that Git knows; without Git, all but hidden files and what runs leave behind."""
    if (root / ".git").exists():
        try:
            listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
            found = [Path(name) for name in listed.decode().split("\0") if name]
            return sorted(path for path in found if (root / path).is_file())
        except (OSError, subprocess.CalledProcessError):
            pass  # no git on this machine
    found = [path.relative_to(root) for path in sorted(root.rglob("*")) if path.is_file()]
    return [path for path in found if not any(part.startswith(".") or part in _LEFT_BEHIND for part in path.parts)]


def main(arguments: list[str]) -> int:
    """Build as the words of the command line say; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m helpers site", description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="DIR", help="folder of the site")
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
