"""The doctor finds every problem that it knows, each simulated here, and has one line of advice for it."""

import os
import subprocess
import sys
import types

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.datasets import mnist
from helpers.shell import doctor
from helpers.shell.environments import ROOT


def one_problem(findings) -> doctor.Finding:
    (problem,) = [finding for finding in findings if finding.advice]
    assert "\n" not in problem.advice and len(problem.advice) < 200 and str(problem).startswith("✗ ")
    return problem


@pytest.fixture
def versions(monkeypatch):
    """versions(numpy="1.26.4"): this is installed; None: it is not."""

    real = doctor._version

    def pretend(**installed):
        monkeypatch.setattr(doctor, "_version", lambda name: installed[name] if name in installed else real(name))

    return pretend


def in_a_notebook(monkeypatch):
    shell = types.SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """No MNIST on this machine, but what somebody puts into tmp_path."""
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    monkeypatch.setenv("COURSE_PACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(mnist, "IN_COURSE", tmp_path / "data" / "mnist")


def test_here_the_packages_fit():
    found = doctor.packages()
    assert [finding.advice for finding in found] == [""] and "numpy" in found[0].found


def test_python_too_old(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert "3.11" in one_problem([doctor.python()]).advice


def test_a_package_is_missing(versions, monkeypatch):
    versions(jupyterlab=None, sympy=None)
    problem = one_problem(doctor.packages())
    assert problem.found == "not installed: jupyterlab, sympy" and "requirements.txt" in problem.advice
    in_a_notebook(monkeypatch)  # something shows it: JupyterLab need not be here
    assert one_problem(doctor.packages()).found == "not installed: sympy"


def test_a_package_is_too_old(versions):
    versions(numpy="1.26.4")
    problem = one_problem(doctor.packages())
    assert problem.what == "numpy" and "1.26.4" in problem.found and "numpy>=2.0" in problem.found


@pytest.mark.parametrize(("made", "drawn", "complaint"), [
    ("8.1.5", "3.0.13", ""), ("7.7.1", "1.1.11", ""), ("8.1.5", "1.1.7", "do not fit"), ("7.7.1", "3.0.17", "do not fit"),
    ("8.1.5", None, "jupyterlab_widgets is missing"),
])  # fmt: skip
def test_the_page_draws_these_widgets(versions, monkeypatch, made, drawn, complaint):
    versions(ipywidgets=made, jupyterlab_widgets=drawn)
    (finding,) = doctor.widgets()
    assert complaint in finding.found and bool(finding.advice) == bool(complaint)
    in_a_notebook(monkeypatch)  # the widget that is shown there says it
    assert doctor.widgets() == []


def test_mnist_switched_off(nowhere, monkeypatch):
    monkeypatch.setenv("COURSE_PACK_DOWNLOADS", "off")
    problem = one_problem([doctor.mnist()])
    assert "stand in" in problem.found and "unset COURSE_PACK_DOWNLOADS" in problem.advice


def test_mnist_would_be_downloaded(nowhere, monkeypatch, tmp_path):
    monkeypatch.delenv("MNIST_DIR")
    monkeypatch.delenv("COURSE_PACK_DOWNLOADS")
    finding = doctor.mnist()
    assert "downloaded when it is needed" in finding.found and not finding.advice
    assert not (tmp_path / "cache").exists() and "COURSE_PACK_DOWNLOADS" not in os.environ


def test_mnist_damaged_file(nowhere, monkeypatch, tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"not a picture")
    monkeypatch.delenv("COURSE_PACK_DOWNLOADS")
    problem = one_problem([doctor.mnist()])
    assert "MNIST_DIR" in problem.found and "replace or remove" in problem.advice
    assert (tmp_path / "train-images-idx3-ubyte").read_bytes() == b"not a picture"


def test_mnist_without_numpy(versions):
    versions(numpy=None)
    assert "without numpy" in one_problem([doctor.mnist()]).found


def test_progress_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("a file where a folder should be")
    monkeypatch.setenv("COURSE_PACK_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert "COURSE_PACK_PROGRESS" in one_problem([doctor.progress_file()]).advice
    monkeypatch.setenv("COURSE_PACK_PROGRESS", str(tmp_path / "new" / "progress.json"))
    assert not doctor.progress_file().advice
    (tmp_path / "new" / "progress.json").mkdir(parents=True)
    assert "cannot be written" in one_problem([doctor.progress_file()]).found
    monkeypatch.delenv("COURSE_PACK_PROGRESS")
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    assert "without platformdirs" in doctor.progress_file().found


def test_in_a_terminal_on_a_machine_that_has_only_python():
    """Isolated from every installed package: no traceback, and a line on what is missing."""
    command = [sys.executable, "-S", "-m", "helpers.shell.doctor"]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "COURSE_PACK_PROGRESS": ""}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert done.returncode == 1 and not done.stderr
    assert "not installed: jupyterlab, ipywidgets" in done.stdout and "problems found." in done.stdout


def test_in_a_cell_it_is_a_text_and_a_widget_that_falls_back_to_advice(tmp_path):
    source = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom helpers.shell import doctor\ndoctor.examine()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    widget, report = notebook.cells[0].outputs
    assert "widget-view" in str(widget.data.keys()) and widget.data["text/plain"] == doctor.NO_WIDGETS
    assert "✓ Packages: " in report.data["text/plain"] and report.data["text/plain"].endswith("found.")
    assert "→" in doctor.NO_WIDGETS and "\n" not in doctor.NO_WIDGETS
