"""What the course finds on this machine, and one line of advice for each problem.

    python3 -m helpers doctor      before anything is installed
    python -m helpers.shell.doctor       in an environment of your own

    from helpers.shell import doctor     in a cell of a notebook, where a widget is tried as well
    doctor.examine()

Nothing is changed and nothing is downloaded. Only the standard library is imported at first, because what is
missing may be anything else.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers import __version__
from helpers.notebook import in_notebook
from helpers.shell.environments import COURSE, ROOT

OLDEST = (3, 11)
_INSTALL = "in the course's folder, python -m pip install --upgrade -r requirements.txt; restart the kernel"
NO_WIDGETS = (
    "✗ Widgets: they do not work here. → Reload the page and run this cell again; in JupyterLab or Notebook, "
    "python -m pip install --upgrade ipywidgets jupyterlab_widgets anywidget, then restart it; in VS Code, install "
    "the Jupyter extension."
)
_DIGITS = "small digits inside scikit-learn stand in, and notebooks 05 and 06 still run"


@dataclass(frozen=True)
class Finding:
    """what: what was looked at; found: what there is, in words; advice: one line, or "" if all is well."""

    what: str
    found: str
    advice: str = ""

    def __str__(self):
        line = f"{'✗' if self.advice else '✓'} {self.what}: {self.found}"
        return f"{line}\n    → {self.advice}" if self.advice else line


class Report:
    """The findings. Its text is what a terminal and a notebook show."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        self.problems = [finding for finding in findings if finding.advice]

    def __repr__(self):
        count = len(self.problems)
        summary = f"{count} problem{'s' if count > 1 else ''} found." if count else "No problem found."
        return "\n".join([*map(str, self.findings), summary])


def examine() -> Report:
    """Look at everything. In a notebook a widget is shown as well, which says itself whether widgets work."""
    report = Report([python(), *packages(), *widgets(), mnist(), progress_file()])
    if in_notebook() and _version("anywidget"):
        try_a_widget()
    return report


def try_a_widget() -> None:
    """Display a widget that says that it works. A page that has no widgets shows the advice in its place."""
    import anywidget
    from IPython.display import display

    class Trial(anywidget.AnyWidget):
        """Writes one line."""

        _esm = "export default { render({ el }) { el.textContent = '✓ Widgets: this line was drawn by one.'; } };"

    view = {"version_major": 2, "version_minor": 0, "model_id": Trial().model_id}
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": NO_WIDGETS}, raw=True)


def python() -> Finding:
    """Whether Python is new enough."""
    found = f"{platform.python_version()} on {platform.system()}; course {__version__} in {ROOT}"
    advice = "install Python {}.{} or newer from python.org".format(*OLDEST) if sys.version_info < OLDEST else ""
    return Finding("Python", found, advice)


def packages() -> list[Finding]:
    """The packages of requirements.txt: those that do not fit in a line each, all others in one."""
    if sys.platform == "emscripten":  # Python in the browser: they come with the page, and no list lies beside them
        return []
    fitting, missing, findings = [], [], []
    for line in COURSE.read_text(encoding="utf-8").splitlines():
        if wanted := line.split("#")[0].strip():
            name, bounds = re.fullmatch(r"([\w.-]+)\s*(.*)", wanted).groups()
            version = _version(name)
            if version is None:
                missing.append(name)
            elif not _within(version, bounds):
                findings.append(Finding(name, f"{version}, but the course needs {wanted}", _INSTALL))
            else:
                fitting.append(f"{name} {version}")
    if in_notebook() and "jupyterlab" in missing:
        missing.remove("jupyterlab")  # Colab and VS Code have pages of their own
    if missing:
        findings.append(Finding("Packages", f"not installed: {', '.join(missing)}", _INSTALL))
    return [Finding("Packages", ", ".join(fitting)), *findings] if fitting else findings


def widgets() -> list[Finding]:
    """Whether JupyterLab and Notebook draw the sliders: whether their half of the widgets fits that in Python.

    In a notebook the widget that `examine` shows answers that itself.
    """
    made, drawn = _version("ipywidgets"), _version("jupyterlab_widgets")
    if in_notebook() or made is None:
        return []
    advice = "python -m pip install --upgrade ipywidgets jupyterlab_widgets; restart JupyterLab"
    if drawn is None:
        return [Finding("Widgets", f"ipywidgets {made}, but jupyterlab_widgets is missing", advice)]
    # JupyterLab 4 and Notebook 7 draw widgets with jupyterlab_widgets 3, which knows those of ipywidgets 8 only.
    if (int(made.split(".")[0]) >= 8) != (int(drawn.split(".")[0]) >= 3):
        return [Finding("Widgets", f"ipywidgets {made} and jupyterlab_widgets {drawn} do not fit", advice)]
    return [Finding("Widgets", f"ipywidgets {made}, drawn by jupyterlab_widgets {drawn}")]


def mnist() -> Finding:
    """Where `load_mnist()` takes MNIST from. Files are read and checked, nothing is downloaded."""
    if sys.platform == "emscripten":
        return Finding("MNIST", f"a page cannot download it; {_DIGITS}")
    if missing := [name for name in ("numpy", "pooch") if _version(name) is None]:
        return Finding("MNIST", f"cannot be looked for without {' and '.join(missing)}", _INSTALL)
    from helpers.datasets import mnist

    wrong = []
    arrays, place = mnist.search(lambda problem, _: wrong.append(problem), network=False)
    found = "; ".join([f"from {place}" if arrays else "not on this machine", *wrong])
    advice = "replace or remove what is damaged (data/README.md says where it belongs)" if wrong else ""
    if not arrays and mnist.downloads_forbidden():
        advice = f"put the four files into data/mnist (data/README.md), or unset {mnist.DOWNLOADS}"
        return Finding("MNIST", f"{found}; downloads are switched off; {_DIGITS}", advice)
    if not arrays:
        found += f"; it is downloaded when it is needed (11 MB, once); without a network {_DIGITS}"
    return Finding("MNIST", found, advice)


def progress_file() -> Finding:
    """Whether what is solved can be remembered."""
    from helpers import check_log

    try:
        path = check_log.path()
    except ImportError:
        return Finding("Progress", "not remembered without platformdirs")
    if path is None:
        return Finding("Progress", f"not remembered ({check_log.VARIABLE} is off)")
    existing = wanted = Path(path).absolute()
    while not existing.exists():
        existing = existing.parent
    fits = existing.is_file() if existing == wanted else existing.is_dir()
    if not fits or not os.access(existing, os.W_OK):
        return Finding(
            "Progress",
            f"{path} cannot be written, so nothing is remembered after a restart",
            f"let {check_log.VARIABLE} name a file that can be written, or set it to off",
        )
    return Finding("Progress", f"remembered in {path}")


def _version(package: str) -> str | None:
    """The version that is installed, or None."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _within(version: str, bounds: str) -> bool:
    """Whether a version satisfies bounds like ">=2.0,<3"; without the package that can tell, it is taken to do so."""
    try:
        from packaging.specifiers import SpecifierSet
    except ImportError:
        return True
    return SpecifierSet(bounds).contains(version, prereleases=True)


def main() -> int:
    """Print what is found; gives the exit code, 1 where there is a problem."""
    report = examine()
    print(report)
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
