"""`helpers` for the notebooks in the browser.

The file list of JupyterLite is the browser's storage: Python reads it one file at a time through the page, 80 ms each,
and the first explorer would wait ten seconds for a hundred modules. So the modules travel as a wheel beside Pyodide,
and lie where Python has its own. The setup cell looks for a folder with `helpers/notebook.py`, as everywhere else: that
folder is in the file list too, and its `__init__.py` says where the rest is. It lies a second time where the setup cell
puts the course on Colab, in Python's own files: a kernel that starts before the page's service worker is ready (two
notebooks opened at the same moment, at the first visit) does not see the file list.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from helpers import __version__
from helpers.shell.environments import ROOT

NAME = "neural_network_course_pack"  # as in pyproject.toml
_FETCHED = "content/neural-network-course/helpers"  # as in the setup cell; data of a wheel are unpacked below /
_ELSEWHERE = """
# Written for the browser: the modules lie where Python has its own, because reading them from here is slow.
__path__.insert(0, __import__("sysconfig").get_path("purelib") + "/helpers")
"""
_METADATA = f"Metadata-Version: 2.1\nName: {NAME.replace('_', '-')}\nVersion: {__version__}\n"
_WHEEL = "Wheel-Version: 1.0\nGenerator: helpers.shell.site\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def files() -> list[Path]:
    """The files of `helpers` that a notebook may need, without the site's own."""
    folder = ROOT / "helpers"
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix in (".py", ".js", ".css"))
    return sorted(path for path in found if path.relative_to(folder).parts[:2] != ("shell", "site"))


def wheel(folder: Path) -> Path:
    """Write those files as a wheel into `folder`; gives its path. The same files always give the same bytes."""
    path = folder / f"{NAME}-{__version__}-py3-none-any.whl"
    information = f"{NAME}-{__version__}.dist-info"
    inside = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files()}
    inside |= {f"{NAME}-{__version__}.data/data/{_FETCHED}/{name}": content for name, content in _two_files().items()}
    inside |= {f"{information}/METADATA": _METADATA.encode(), f"{information}/WHEEL": _WHEEL.encode()}
    inside[f"{information}/RECORD"] = "".join(f"{name},,\n" for name in [*inside, f"{information}/RECORD"]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def beginning(folder: Path) -> None:
    """Write into `folder` the two files of `helpers` that the setup cell looks for."""
    folder.mkdir(parents=True)
    for name, content in _two_files().items():
        (folder / name).write_bytes(content)


def _two_files() -> dict[str, bytes]:
    here = ROOT / "helpers"
    return {"__init__.py": (here / "__init__.py").read_bytes() + _ELSEWHERE.encode(),
            "notebook.py": (here / "notebook.py").read_bytes()}  # fmt: skip
