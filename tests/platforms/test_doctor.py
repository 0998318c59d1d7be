"""The doctor finds every problem that it knows, each simulated here, and has one line of advice for it."""

import os
import subprocess
import sys
import types

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.datasets import mnist
from helpers.shell import doctor, doctor_widget

ROOT = doctor.ROOT


def one_problem(findings) -> doctor.Finding:
    (problem,) = [finding for finding in findings if finding.advice]
    assert "\n" not in problem.advice and len(problem.advice) < 200 and str(problem).startswith("✗ ")
    return problem


@pytest.fixture
def versions(monkeypatch):
    """versions(numpy="1.26.4"): this is installed; None: it is not."""

    real = doctor._version

    def pretend(**installed):
        def version(name):
            return installed[name] if name in installed else real(name)

        monkeypatch.setattr(doctor, "_version", version)

    return pretend


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """No MNIST on this machine; nowhere("network") also lets a server be reached."""
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.delenv("COURSE_PACK_DOWNLOADS", raising=False)
    monkeypatch.setenv("COURSE_PACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(mnist, "IN_COURSE", tmp_path / "data" / "mnist")
    monkeypatch.setattr(doctor, "_reachable", lambda host: False)


def test_here_the_packages_fit():
    found = doctor.packages()
    assert [finding.advice for finding in found] == [""] and "numpy" in found[0].found


def test_python_too_old(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert "3.11" in one_problem([doctor.python()]).advice


def test_a_package_is_missing(versions):
    versions(anywidget=None, sympy=None)
    problem = one_problem(doctor.packages())
    assert problem.found == "not installed: anywidget, sympy" and "requirements.txt" in problem.advice


def test_a_package_is_too_old(versions):
    versions(numpy="1.26.4")
    problem = one_problem(doctor.packages())
    assert problem.what == "numpy" and "1.26.4" in problem.found and "numpy>=2.0" in problem.found


def test_the_page_has_nothing_to_draw_widgets_with(versions):
    versions(jupyterlab_widgets=None)
    assert "jupyterlab_widgets" in one_problem(doctor.widgets()).advice


@pytest.mark.parametrize(("made", "drawn", "fits"), [
    ("8.1.5", "3.0.13", True), ("7.7.1", "1.1.11", True), ("8.1.5", "1.1.7", False), ("7.7.1", "3.0.17", False),
])  # fmt: skip
def test_the_page_draws_these_widgets(versions, made, drawn, fits):
    versions(ipywidgets=made, jupyterlab_widgets=drawn)
    if fits:
        assert not any(finding.advice for finding in doctor.widgets())
    else:
        assert "do not fit" in one_problem(doctor.widgets()).found


def test_mnist_no_network(nowhere):
    problem = one_problem([doctor.mnist()])
    assert "stand in" in problem.found and "data/mnist" in problem.advice


def test_mnist_switched_off(nowhere, monkeypatch):
    monkeypatch.setenv("COURSE_PACK_DOWNLOADS", "off")
    assert "unset COURSE_PACK_DOWNLOADS" in one_problem([doctor.mnist()]).advice


def test_mnist_would_be_downloaded(nowhere, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "_reachable", lambda host: host == "raw.githubusercontent.com")
    finding = doctor.mnist()
    assert "will be downloaded" in finding.found and not finding.advice
    assert not (tmp_path / "cache").exists(), "the doctor downloads nothing"


def test_mnist_damaged_file(monkeypatch, tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"not a picture")
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    monkeypatch.setenv("COURSE_PACK_CACHE", "off")
    monkeypatch.delenv("COURSE_PACK_DOWNLOADS", raising=False)
    monkeypatch.setattr(doctor, "_reachable", lambda host: True)
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


FRONT_ENDS = {
    "Colab": ({}, {}, True),
    "VS Code": ({}, {"__vsc_ipynb_file__": "x.ipynb"}, False),
    "Binder": ({"BINDER_SERVICE_HOST": "x"}, {}, False),
    "JupyterHub": ({"JUPYTERHUB_USER": "x"}, {}, False),
    "JupyterLab or Notebook": ({}, {}, False),
}


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_the_front_end_is_named(name, monkeypatch):
    variables, names, colab = FRONT_ENDS[name]
    for variable in ("VSCODE_PID", "BINDER_SERVICE_HOST", "BINDER_LAUNCH_HOST", "JUPYTERHUB_USER"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    shell = types.SimpleNamespace(kernel=object(), user_ns=names)
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    if colab:
        monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    assert doctor._front_end() == name


def test_in_a_terminal_on_a_machine_that_has_only_python(tmp_path):
    """Isolated from every installed package: no traceback, and a line on what is missing."""
    command = [sys.executable, "-S", "-m", "helpers.shell.doctor"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
                          env=os.environ | {"PYTHONIOENCODING": "utf-8", "COURSE_PACK_PROGRESS": ""})  # fmt: skip
    assert done.returncode == 1 and not done.stderr
    assert "not installed: jupyterlab, ipywidgets" in done.stdout and "problems found." in done.stdout


def test_in_a_cell_it_is_a_list_and_a_widget_that_falls_back_to_advice(tmp_path):
    source = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom helpers.shell import doctor\ndoctor.examine()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    widget, report = notebook.cells[0].outputs
    assert "widget-view" in str(widget.data.keys()) and widget.data["text/plain"] == doctor_widget.FAILS
    assert "<b>Front end</b>: JupyterLab or Notebook" in report.data["text/html"]
    assert "→" in doctor_widget.FAILS and "\n" not in doctor_widget.FAILS


def test_what_it_says_is_escaped():
    page = doctor.Report([doctor.Finding("a", "<script>", "do & go")])._repr_html_()
    assert "&lt;script&gt;" in page and "do &amp; go" in page and "1 problem found." in page
