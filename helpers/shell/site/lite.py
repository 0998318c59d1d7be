"""The notebooks to run in the browser: a JupyterLite site, with nothing to install and no server behind it.

    from helpers.shell.site import lite
    lite.build(Path("_site/lite"))

The site holds the notebooks as they are, and `helpers` without this sub-package. It needs no special headers: files
are read through JupyterLite's service worker, so GitHub Pages will do.

The file list of JupyterLite is the browser's storage: Python reads it one file at a time through the page, 80 ms each,
and the first explorer would wait ten seconds for a hundred modules. So the modules travel as a wheel beside Pyodide,
and lie where Python has its own. The setup cell looks for a folder with `helpers/notebook.py`, as everywhere else: that
folder is in the file list too, and its `__init__.py` says where the rest is. It lies a second time where the setup cell
puts the course on Colab, in Python's own files: a kernel that starts before the page's service worker is ready (two
notebooks opened at the same moment, at the first visit) does not see the file list.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from helpers import __version__
from helpers.errors import InputError
from helpers.shell.environments import ROOT
from helpers.shell.site import pyodide as python

KERNEL = "@jupyterlite/pyodide-kernel-extension"
#: Two faces of the same files: JupyterLab, and Notebook with one document in a page, which fits a telephone.
APPS = ("lab", "notebooks", "tree")
#: Wheels of kernel.txt with an extension for the page, and those of them that no kernel imports.
EXTENSIONS = ("anywidget", "jupyterlab_widgets", "jupyterlite_pyodide_kernel")
PAGE_ONLY = EXTENSIONS[1:]
#: Progress goes where the student's edits go: the drive is the browser's storage.
ENVIRONMENT = {"COURSE_PACK_PROGRESS": "/drive/progress.json", "PYTHONDONTWRITEBYTECODE": "1"}

_NAME = f"neural_network_course_pack-{__version__}"  # as in pyproject.toml
_FETCHED = "content/neural-network-course"  # as in the setup cell; data of a wheel are unpacked below /
_ELSEWHERE = """
# Written for the browser: the modules lie where Python has its own, because reading them from here is slow.
__path__.insert(0, __import__("sysconfig").get_path("purelib") + "/helpers")
"""
_METADATA = f"Metadata-Version: 2.1\nName: neural-network-course-pack\nVersion: {__version__}\n"
_WHEEL = "Wheel-Version: 1.0\nGenerator: helpers.shell.site\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build(output: Path, *, pyodide: Path | None = None) -> Path:
    """Write the JupyterLite site into the folder `output`, which is replaced; gives that folder.

    pyodide: a folder with a Pyodide distribution, full or at least with the packages of the course; None fetches it
    once into data/cache. Raises InputError where a part is missing or cannot be fetched.
    """
    for module in ("jupyterlite_core", "jupyter_server"):
        if importlib.util.find_spec(module) is None:
            raise InputError(f"{module} is missing: python -m pip install -r helpers/shell/site/requirements.txt")
    output = Path(output).absolute()
    wheels = python.kernel_wheels()
    with tempfile.TemporaryDirectory() as temporary:
        folder, unfinished = Path(temporary), Path(temporary) / "site"
        contents(folder / "files")
        inside = [wheel for wheel in wheels if not wheel.name.startswith(PAGE_ONLY)]
        inside += [*_kernels_own(wheels, folder / "kernel"), course_wheel(folder)]
        packages = python.install(folder / "pyodide", inside, pyodide)
        (folder / "jupyter-lite.json").write_text(json.dumps(settings(packages), indent=1), encoding="utf-8")
        _jupyterlite(folder, unfinished, [wheel for wheel in wheels if wheel.name.startswith(EXTENSIONS)])
        shutil.move(folder / "pyodide", unfinished / "static" / "pyodide")
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(unfinished, output)
    return output


def contents(folder: Path) -> None:
    """Write what the student finds in the file list: the notebooks, the beginning of `helpers`, and what to know."""
    for name, content in _beginning().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "notebooks").mkdir()
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, folder / "notebooks")
    shutil.copy(ROOT / "LICENSE", folder)
    shutil.copy(Path(__file__).with_name("start_here.md"), folder / "START HERE.md")


def settings(packages: list[str]) -> dict:
    """jupyter-lite.json: Pyodide from the site itself, with `packages` loaded at the start, and nothing from PyPI."""
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": packages, "env": ENVIRONMENT},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Neural networks, the first weeks",
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        },
    }


def course_wheel(folder: Path) -> Path:
    """Write what a notebook may need of `helpers` as a wheel into `folder`; gives its path.

    The same files always give the same bytes.
    """
    package = ROOT / "helpers"
    found = sorted(path for path in package.rglob("*") if path.is_file() and path.suffix in (".py", ".js", ".css"))
    inside = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in found
        if path.relative_to(package).parts[:2] != ("shell", "site")
    }
    inside |= {f"{_NAME}.data/data/{_FETCHED}/{name}": content for name, content in _beginning().items()}
    about = f"{_NAME}.dist-info"
    inside |= {f"{about}/METADATA": _METADATA.encode(), f"{about}/WHEEL": _WHEEL.encode()}
    inside[f"{about}/RECORD"] = "".join(f"{name},,\n" for name in [*inside, f"{about}/RECORD"]).encode()
    path = folder / f"{_NAME}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inside.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def _beginning() -> dict[str, bytes]:
    """The two files of `helpers` that the setup cell looks for; the first says where the rest is."""
    first, second = (f"helpers/{name}" for name in ("__init__.py", "notebook.py"))
    return {first: (ROOT / first).read_bytes() + _ELSEWHERE.encode(), second: (ROOT / second).read_bytes()}


def _kernels_own(wheels: list[Path], folder: Path) -> list[Path]:
    """The wheels inside the wheel of the kernel, written into `folder`: the kernel's half in Python."""
    folder.mkdir()
    with zipfile.ZipFile(next(wheel for wheel in wheels if wheel.name.startswith(EXTENSIONS[-1]))) as outer:
        inside = [name for name in outer.namelist() if "/static/pypi/" in name and name.endswith(".whl")]
        # What is left of widgetsnbextension there is an empty package: Notebook 6 had its half of the widgets in it.
        inside = [name for name in inside if "widgetsnbextension" not in name]
        for name in inside:
            (folder / Path(name).name).write_bytes(outer.read(name))
    return sorted(folder.iterdir())


def _jupyterlite(folder: Path, output: Path, extensions: list[Path]) -> None:
    command = [sys.executable, "-m", "jupyterlite_core", "build", f"--lite-dir={folder}", f"--output-dir={output}"]
    command += [f"--contents={folder / 'files'}", *(f"--apps={app}" for app in APPS), "--no-libarchive"]
    command += ["--no-sourcemaps", "--no-unused-shared-packages", "--ignore-sys-prefix"]
    command += [f"--LiteBuildConfig.federated_extensions={path}" for path in extensions]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise InputError(f"JupyterLite could not be built:\n{(done.stdout + done.stderr)[-2000:]}")
