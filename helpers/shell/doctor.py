"""What the course finds on this machine, and one line of advice for each problem.

    python3 -m helpers doctor      before anything is installed
    python -m helpers.shell.doctor       in an environment of your own

    from helpers.shell import doctor     in a cell of a notebook, where widgets can be tried as well
    doctor.examine()

Nothing is changed and nothing is downloaded. Only the standard library is imported at first, because what is
missing may be anything else.
"""

from __future__ import annotations

import html
import importlib.metadata
import os
import platform
import re
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from helpers import __version__
from helpers.places import in_notebook

ROOT = Path(__file__).resolve().parents[2]
OLDEST = (3, 11)
_INSTALL = "in the course's folder, python -m pip install --upgrade -r requirements.txt; restart the kernel"


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
    """The findings, as text in a terminal and as a list in a notebook."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings

    @property
    def problems(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.advice]

    def summary(self) -> str:
        count = len(self.problems)
        return "No problem found." if not count else f"{count} problem{'s' if count > 1 else ''} found."

    def __repr__(self):
        return "\n".join([*map(str, self.findings), self.summary()])

    def _repr_html_(self):
        items = []
        for finding in self.findings:
            advice = f"<br><b>Advice:</b> {html.escape(finding.advice)}" if finding.advice else ""
            mark = "✗" if finding.advice else "✓"
            items.append(
                f'<li style="list-style: none"><span aria-hidden="true">{mark}</span> '
                f"<b>{html.escape(finding.what)}</b>: {html.escape(finding.found)}{advice}</li>"
            )
        return f'<ul style="padding-left: 1em">{"".join(items)}</ul><p>{html.escape(self.summary())}</p>'


def examine() -> Report:
    """Look at everything. In a notebook a widget is shown as well, which says itself whether widgets work."""
    report = Report([python(), *packages(), front_end(), *widgets(), mnist(), progress_file()])
    if in_notebook() and not _missing("anywidget"):
        from helpers.shell import doctor_widget

        doctor_widget.show()
    return report


# ---- one thing each ------------------------------------------------------------------------------


def python() -> Finding:
    found = f"{platform.python_version()} on {platform.system()}; course {__version__} in {ROOT}"
    if sys.version_info < OLDEST:
        return Finding("Python", found, "install Python {}.{} or newer from python.org".format(*OLDEST))
    return Finding("Python", found)


def packages(path: Path = ROOT / "requirements.txt") -> list[Finding]:
    """The packages of requirements.txt: those that do not fit in a line each, all others in one."""
    if sys.platform == "emscripten":  # Python in the browser: they come with the page, and no list lies beside them
        return []
    fitting, missing, findings = [], [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        wanted = line.split("#")[0].strip()
        if not wanted:
            continue
        name, bounds = re.fullmatch(r"([\w.-]+)\s*(.*)", wanted).groups()
        version = _version(name)
        if version is None:
            if name != "jupyterlab" or _front_end() not in ("Colab", "VS Code"):  # which have their own pages
                missing.append(name)
        elif not _within(version, bounds):
            findings.append(Finding(name, f"{version}, but the course needs {wanted}", _INSTALL))
        else:
            fitting.append(f"{name} {version}")
    if missing:
        findings.append(Finding("Packages", f"not installed: {', '.join(missing)}", _INSTALL))
    return [Finding("Packages", ", ".join(fitting)), *findings] if fitting else findings


def front_end() -> Finding:
    return Finding("Front end", _front_end())


def widgets() -> list[Finding]:
    """Whether what draws the sliders in JupyterLab and Notebook fits what makes them in Python."""
    if _front_end() not in ("JupyterLab or Notebook", "a terminal") or _missing("ipywidgets"):
        return []
    made, drawn = _version("ipywidgets"), _version("jupyterlab_widgets")
    advice = "python -m pip install --upgrade ipywidgets jupyterlab_widgets; restart JupyterLab"
    if drawn is None:
        return [Finding("Widgets", f"ipywidgets {made}, but jupyterlab_widgets is missing", advice)]
    # JupyterLab 4 and Notebook 7 draw widgets with jupyterlab_widgets 3, which knows those of ipywidgets 8 only.
    if (int(made.split(".")[0]) >= 8) != (int(drawn.split(".")[0]) >= 3):
        return [Finding("Widgets", f"ipywidgets {made} and jupyterlab_widgets {drawn} do not fit", advice)]
    return [Finding("Widgets", f"ipywidgets {made}, drawn by jupyterlab_widgets {drawn}")]


def mnist() -> Finding:
    """Where `load_mnist()` would take MNIST from. Files are read and checked, nothing is downloaded."""
    stand_in = "small digits inside scikit-learn stand in, and notebooks 05 and 06 still run"
    if sys.platform == "emscripten":
        return Finding("MNIST", f"a page cannot download it; {stand_in}")
    if missing := [name for name in ("numpy", "pooch") if _missing(name)]:
        return Finding("MNIST", f"cannot be looked for without {' and '.join(missing)}", _INSTALL)
    from helpers.datasets import mnist

    wrong = []
    arrays, place = mnist.search(lambda problem, _: wrong.append(problem), network=False)
    if arrays:
        return Finding("MNIST", "; ".join([f"from {place}", *wrong]), _good_files(wrong))
    note = f"{'; '.join(wrong)}; " if wrong else ""
    if mnist.downloads_forbidden():
        return Finding(
            "MNIST",
            f"{note}downloads are switched off; {stand_in}",
            f"put the four files into data/mnist (data/README.md), or unset {mnist.DOWNLOADS}",
        )
    if not any(_reachable(urlsplit(mirror).hostname) for mirror in mnist.MIRRORS):
        return Finding(
            "MNIST",
            f"{note}not on this machine, and no server can be reached; {stand_in}",
            "connect to the network, or put the four files into data/mnist (data/README.md)",
        )
    return Finding("MNIST", f"{note}will be downloaded when it is needed (11 MB, once)", _good_files(wrong))


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


# ---- how it is found out -------------------------------------------------------------------------


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _missing(package: str) -> bool:
    return _version(package) is None


def _within(version: str, bounds: str) -> bool:
    """Whether a version satisfies bounds like ">=2.0,<3"; an unusual one is taken to do so."""
    try:
        from packaging.specifiers import SpecifierSet
    except ImportError:
        return True
    return SpecifierSet(bounds).contains(version, prereleases=True)


def _front_end() -> str:
    """What shows the notebook, as far as the kernel can know: from modules and variables that each brings."""
    if "google.colab" in sys.modules:
        return "Colab"
    if sys.platform == "emscripten":
        return "JupyterLite, with Python in the browser"
    if not in_notebook():
        return "a terminal"
    shell = sys.modules["IPython"].get_ipython()
    if "__vsc_ipynb_file__" in shell.user_ns or "VSCODE_PID" in os.environ:
        return "VS Code"
    if "BINDER_SERVICE_HOST" in os.environ or "BINDER_LAUNCH_HOST" in os.environ:
        return "Binder"
    return "JupyterHub" if "JUPYTERHUB_USER" in os.environ else "JupyterLab or Notebook"


def _reachable(host: str) -> bool:
    try:
        socket.create_connection((host, 443), timeout=2).close()
    except OSError:
        return False
    return True


def _good_files(wrong: list[str]) -> str:
    return "replace or remove what is damaged there (data/README.md says where it belongs)" if wrong else ""


def main() -> int:
    report = examine()
    print(report)
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
