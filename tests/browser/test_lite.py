"""The notebooks in the browser, with Python in it: all their cells run, in a headless Chromium in which nothing can
leave the machine.

Each notebook starts a Python of its own, half a minute or more on two cores, so two of them run by default: the towers,
and the one with tables, matrices and gradients. LITE_NOTEBOOKS=all runs all five (every week, in CI).
"""

import importlib.util
import os
import re

import nbformat
import pytest

from helpers.errors import InputError
from helpers.shell.site import lite
from tests import pyodide_set
from tests.browser import every_explorer as every
from tests.browser import lab
from tests.browser.lite import LiteNotebook, foreign, nowhere, site, until

pytestmark = pytest.mark.browser

TOWER = "03_bump_plots"
#: The longest ones first: two are open at a time, one for each core.
NOTEBOOKS = (TOWER, "04_backprop_by_hand")
if os.environ.get("LITE_NOTEBOOKS") == "all":
    NOTEBOOKS = (TOWER, "07_regression_ann", "04_backprop_by_hand", "02_chain_rule", "01_derivatives")
# The words under a check that could not be done, a traceback, and what JupyterLab says of a widget that it lacks.
_BAD = re.compile(r"Could not be checked|Traceback|can't start new thread|Error (displaying|creating) widget|No module")


class Run:
    """What one notebook did: its page (still open for the first), its outputs, its explorer's picture before and after
    a slider was dragged."""

    def __init__(self, notebook):
        self.notebook, self.outputs, self.before, self.after, self.pixels = notebook, [], {}, {}, False

    def finish(self):
        page = self.notebook.page
        self.outputs = self.notebook.outputs()
        root = page.locator(".nn-explorer", has=page.locator(".noUi-handle")).first
        self.notebook.reveal(root.locator("canvas[data-shown]"))
        explorer = lab.OpenExplorer(page, root)
        step = root.get_by_role("button", name="Step", exact=True)
        if step.count():  # before the first step a number changes nothing on the canvas
            step.click()
        name, _ = every.first_control(explorer)
        self.before, drawn = explorer.shown(), explorer.drawn()
        explorer.drag(name, 0.8, steps=6, seconds=0.2)
        until(lambda: explorer.drawn() != drawn, 60, lambda: page.wait_for_timeout(50))
        self.after, self.pixels = explorer.shown(), True


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    if importlib.util.find_spec("jupyterlite_core") is None:
        pytest.skip("jupyterlite-core is not installed: see tests/requirements.txt")
    pyodide, problem = pyodide_set.folder()
    if problem:
        pytest.skip(problem)
    try:
        return lite.build(tmp_path_factory.mktemp("site") / "lite", pyodide=pyodide)
    except InputError as missing:
        if "cannot be fetched" in str(missing):
            pytest.skip(str(missing))
        raise


@pytest.fixture(scope="module")
def runs(built, playwright):
    """name -> Run, after Run All in each notebook; and what was asked of other machines meanwhile."""
    done, waiting, running = {}, list(NOTEBOOKS), {}
    with site(built.parent) as server, nowhere() as outside:
        proxy = {"server": outside.address, "bypass": "127.0.0.1"}
        with lab.browser(playwright, proxy=proxy) as chromium:
            context = chromium.new_context(viewport={"width": 1280, "height": 900})
            context.set_default_timeout(120_000)

            def step():
                while waiting and len(running) < 2:
                    name = waiting.pop(0)
                    running[name] = Run(LiteNotebook(context.new_page(), f"{server.address}/lite", f"{name}.ipynb"))
                    running[name].notebook.start()
                for name, run in list(running.items()):
                    if not run.notebook.page.evaluate(f"({lab._PROMPTS})().busy"):
                        run.finish()
                        done[name] = running.pop(name)
                        if name != TOWER:
                            run.notebook.page.close()
                    run.notebook.page.is_closed() or run.notebook.page.wait_for_timeout(200)

            until(lambda: len(done) == len(NOTEBOOKS), 600, step)
            yield done, outside.asked


@pytest.mark.parametrize("name", sorted(NOTEBOOKS))
def test_all_cells_run(runs, name):
    run = runs[0][name]
    cells = [
        cell for cell in nbformat.read(lab.ROOT / "notebooks" / f"{name}.ipynb", 4).cells if cell.cell_type == "code"
    ]
    folded = [bool(cell.metadata.get("jupyter", {}).get("source_hidden")) for cell in cells]
    for k, (output, hidden) in enumerate(zip(run.outputs, folded, strict=True), 1):
        assert output["prompt"] == f"[{k}]:" or hidden and not output["prompt"], k
    for cell, output in zip(cells, run.outputs, strict=True):
        assert not [kind for kind in output["kinds"] if "error" in kind or "stderr" in kind], (cell.id, output["text"])
        assert not _BAD.search(output["text"]), (cell.id, output["text"])
        if any("stdout" in kind for kind in output["kinds"]) or cell.outputs:
            assert output["kinds"], f"{cell.id} has no output here"
    assert "kept in this browser" in run.outputs[0]["text"]
    assert re.search(r"\b0 of \d+ solved, 0 attempted", run.outputs[-1]["text"])
    assert run.notebook.errors == []


@pytest.mark.parametrize("name", sorted(NOTEBOOKS))
def test_a_slider_moves_its_picture(runs, name):
    run = runs[0][name]
    assert run.pixels and run.after != run.before


def test_nothing_leaves_the_machine(runs):
    assert foreign(runs[1]) == []
    assert foreign(["cdn.jsdelivr.net:443", "pypi.org:443", "fonts.googleapis.com:443", "update.googleapis.com:443"]) == [
        "cdn.jsdelivr.net:443", "pypi.org:443", "fonts.googleapis.com:443"
    ]  # fmt: skip


def test_an_answer_is_checked_an_endless_loop_is_stopped_and_work_is_kept(runs):
    notebook = runs[0][TOWER].notebook
    page = notebook.page
    stub = notebook.code("def my_neuron(")
    notebook.reveal(stub)

    def run(code):
        stub.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(code)
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(300)
        notebook.wait(30)
        return stub.locator(".jp-OutputArea").inner_text()

    def answer(body):
        return run(f"def my_neuron(x, w, b):\n    {body}\n\n\nbump_plots.neuron.check(my_neuron)")

    # Where the setup cell finds the course if the kernel began before the file list was there. (my_neuron stays in the text:
    # the cell is found by it.)
    there = run("import os  # def my_neuron(\nprint(sorted(os.listdir('/content/neural-network-course/helpers')))")
    assert "['__init__.py', 'notebook.py']" in there
    assert "does a loop never end" in answer("while True: pass")
    assert "Correct" in answer("return 1/(1 + np.exp(-(w*x + b)))")
    # Both checks are lines of one file, on the drive that outlives the kernel.
    logged = run("print(open('/drive/progress.json').read())  # def my_neuron(")
    assert re.findall(r'"status": "(\w+)"', logged) == ["error", "correct"]
    answer("return 1/(1 + np.exp(-(w*x + b)))")
    notebook.save()
    page.reload()
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    until(lambda: notebook.code("def my_neuron(").count() == 1, 30, lambda: page.wait_for_timeout(200))
    assert "np.exp(-(w*x + b))" in notebook.code("def my_neuron(").locator(".cm-content").inner_text()


def test_every_notebook_is_there_as_it_is(built):
    paths = sorted((lab.ROOT / "notebooks").glob("*.ipynb"))
    there = built / "files/notebooks"
    assert sorted(path.name for path in there.iterdir()) == [path.name for path in paths] and len(paths) == 7
    assert all((there / path.name).read_bytes() == path.read_bytes() for path in paths)
