"""The notebooks to run in the browser: a JupyterLite site, with nothing to install and no server behind it.

    from helpers.shell.site import lite
    lite.build(Path("_site/lite"))

The site holds the notebooks as they are, and `helpers` without this sub-package (package.py). It needs no special headers: files
are read through JupyterLite's service worker, so GitHub Pages will do.
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

from helpers.errors import InputError
from helpers.shell.environments import ROOT
from helpers.shell.site import package
from helpers.shell.site import pyodide as python

KERNEL = "@jupyterlite/pyodide-kernel-extension"
#: Two faces of the same files: JupyterLab, and Notebook with one document in a page, which fits a telephone.
APPS = ("lab", "notebooks", "tree")
#: Wheels of kernel.txt with an extension for the page, and those of them that no kernel imports.
EXTENSIONS = ("anywidget", "jupyterlab_widgets", "jupyterlite_pyodide_kernel")
PAGE_ONLY = EXTENSIONS[1:]
#: Progress goes where the student's edits go: the drive is the browser's storage.
ENVIRONMENT = {"COURSE_PACK_PROGRESS": "/drive/progress.json", "PYTHONDONTWRITEBYTECODE": "1"}


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
        inside += [*_kernels_own(wheels, folder / "kernel"), package.wheel(folder)]
        packages = python.install(folder / "pyodide", inside, pyodide)
        (folder / "jupyter-lite.json").write_text(json.dumps(settings(packages), indent=1), encoding="utf-8")
        _jupyterlite(folder, unfinished, [wheel for wheel in wheels if wheel.name.startswith(EXTENSIONS)])
        shutil.move(folder / "pyodide", unfinished / "static" / "pyodide")
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(unfinished, output)
    return output


def contents(folder: Path) -> None:
    """Write what the student finds in the file list: the notebooks as they are, the beginning of `helpers`, and what
    to know."""
    package.beginning(folder / "helpers")
    (folder / "notebooks").mkdir()
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copyfile(notebook, folder / "notebooks" / notebook.name)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    shutil.copyfile(Path(__file__).with_name("start_here.md"), folder / "START HERE.md")


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
    command = [
        sys.executable, "-m", "jupyterlite_core", "build", f"--lite-dir={folder}", f"--output-dir={output}",
        f"--contents={folder / 'files'}", *(f"--apps={app}" for app in APPS), "--no-libarchive", "--no-sourcemaps",
        "--no-unused-shared-packages", "--ignore-sys-prefix",
        *(f"--LiteBuildConfig.federated_extensions={path}" for path in extensions),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise InputError(f"JupyterLite could not be built:\n{(done.stdout + done.stderr)[-2000:]}")
