"""The notebooks to run in the browser: a JupyterLite site, with nothing to install and no server behind it.

    from helpers.site import lite
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
from pathlib import Path

from helpers.environments import ROOT
from helpers.errors import InputError
from helpers.site import package
from helpers.site import pyodide as python

KERNEL = "@jupyterlite/pyodide-kernel-extension"
#: Two faces of the same files: JupyterLab, and Notebook with one document in a page, which fits a telephone.
APPS = ("lab", "notebooks", "tree")
#: Wheels whose half for the page is an extension of JupyterLab, and the one of these that no kernel imports.
EXTENSIONS = ("anywidget", "jupyterlab_widgets")
PAGE_ONLY = "jupyterlab_widgets"
#: Progress goes where the student's edits go: the drive is the browser's storage.
ENVIRONMENT = {"COURSE_PACK_PROGRESS": "/drive/progress.json", "PYTHONDONTWRITEBYTECODE": "1"}


def build(output: Path, *, pyodide: Path | None = None) -> Path:
    """Write the JupyterLite site into the folder `output`, which is replaced; gives that folder.

    pyodide: a folder with a Pyodide distribution, full or at least with the packages of the course; None fetches it
    once into data/cache. Raises InputError where a part is missing or cannot be fetched.
    """
    for module in ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyter_server"):
        if importlib.util.find_spec(module) is None:
            raise InputError(f"{module} is missing: python -m pip install -r helpers/site/requirements.txt")
    output = Path(output).absolute()
    wheels = python.kernel_wheels()
    with tempfile.TemporaryDirectory() as temporary:
        folder, unfinished = Path(temporary), Path(temporary) / "site"
        contents(folder / "files")
        own = sorted((_kernel_extension() / "static" / "pypi").glob("*.whl"))
        # widgetsnbextension is Notebook 6's half, and what is left of it here is an empty package.
        own = [wheel for wheel in own if not wheel.name.startswith("widgetsnbextension")]
        wheels_inside = [wheel for wheel in wheels if not wheel.name.startswith(PAGE_ONLY)]
        course = package.wheel(folder)
        packages = python.install(folder / "pyodide", [*own, *wheels_inside, course], pyodide)
        (folder / "jupyter-lite.json").write_text(json.dumps(settings(packages), indent=1), encoding="utf-8")
        extensions = [wheel for wheel in wheels if wheel.name.startswith(EXTENSIONS)]
        _jupyterlite(folder, unfinished, [_kernel_extension(), *extensions])
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


def _kernel_extension() -> Path:
    from jupyter_core.paths import jupyter_path

    for folder in jupyter_path("labextensions"):
        if (Path(folder) / KERNEL / "package.json").exists():
            return Path(folder) / KERNEL
    raise InputError("jupyterlite-pyodide-kernel is not whole: install it again (helpers/site/requirements.txt).")


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
