"""What a student writes runs later in the same notebook, and what a student breaks stops nothing else."""

from __future__ import annotations

import ast
import json
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.assignments import notebooks
from tests.notebooks.paths import exercises, is_optional, minutes
from tests.notebooks.solved import solutions, stubs, with_solution

ROOT = Path(__file__).resolve().parents[2]
PATHS = dict(zip(notebooks, sorted((ROOT / "notebooks").glob("*.ipynb")), strict=True))

#: Minutes that the core of a notebook takes at most, of those whose paths are marked.
CORE = {
    "derivatives": 150,
    "chain_rule": 150,
    "bump_plots": 120,
    "backprop_by_hand": 150,
    "mnist_binary": 180,
    "mnist_multiclass": 150,
    "regression": 150,
}
#: Of the functions that a student writes in a notebook, how many run again in a later cell, at least.
USED_AGAIN = {
    "derivatives": 14,
    "chain_rule": 19,
    "bump_plots": 14,
    "backprop_by_hand": 4,
    "mnist_binary": 15,
    "mnist_multiclass": 12,
    "regression": 7,
}


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    """The digits inside scikit-learn: quicker, and there everywhere."""
    monkeypatch.delenv("MNIST_DIR", raising=False)


def opened(name):
    notebook = nbformat.read(PATHS[name], as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def run(notebook, **options):
    folder = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, timeout=180, kernel_name="python3", resources=folder, **options).execute()
    return notebook


# ---- nothing hangs on a stub -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["", "my_answer = ("])
@pytest.mark.parametrize("name", CORE)
def test_a_broken_stub_stops_no_other_cell(name, broken):
    notebook = opened(name)
    written = {cell.id for cell in stubs(notebook)}
    for cell in stubs(notebook):
        cell.source = broken
    run(notebook, allow_errors=True)
    failed = [
        cell.id
        for cell in notebook.cells
        if cell.cell_type == "code" and any(output.output_type == "error" for output in cell.outputs)
    ]
    assert set(failed) <= written, failed


def stopping(solution):
    """A solution whose functions stop with an exception wherever they are called."""
    tree = ast.parse(solution)
    for part in tree.body:
        if isinstance(part, ast.FunctionDef):
            part.body = ast.parse("return not_defined_anywhere").body
    return ast.unparse(tree)


@pytest.mark.parametrize("name", CORE)
def test_a_wrong_answer_that_stops_is_explained_and_run_all_goes_on(name):
    """The message of the check, which knows what `^` means, comes where the first line that calls the function would stop."""
    notebook = opened(name)
    answers = {id: stopping(answer) for id, answer in solutions(notebook).items()}
    wrong = [cell for cell in stubs(notebook) if "not_defined_anywhere" in answers.get(cell.id, "")]
    for cell in wrong:
        cell.source = with_solution(cell.source, answers[cell.id])
    run(notebook)
    for cell in wrong:
        shown = "".join(str(output.get("data", {}).get("text/plain", "")) for output in cell.outputs)
        assert "not_defined_anywhere" in shown and "Could not be checked" in shown, cell.id


# ---- used again ------------------------------------------------------------------------------------------------------

MARKS = """
_ran, _here = {}, ""

def _marked(function):
    import functools
    _ran.setdefault(function.__name__, [])

    @functools.wraps(function)
    def marked(*arguments, **named):
        if not _ran[function.__name__] or _ran[function.__name__][-1] != _here:
            _ran[function.__name__].append(_here)
        return function(*arguments, **named)

    return marked
"""


def marked(solution):
    """A solution whose functions note in which cells they run."""
    tree = ast.parse(solution)
    for part in tree.body:
        if isinstance(part, ast.FunctionDef):
            part.decorator_list.insert(0, ast.Name("_marked"))
    return ast.unparse(tree)


def test_marks_note_the_cells():
    spaces = {}
    exec(MARKS + marked("def f(x):\n    return 2 * x\n"), spaces)
    spaces["_here"] = "later"
    assert spaces["f"](3) == 6 and spaces["_ran"] == {"f": ["later"]}


def where_they_run(notebook):
    """name of a student's function -> (the cell it is written in, the cells in which it ran)."""
    answers, written = solutions(notebook), {}
    notebook = deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if cell.id in answers:
            solution = answers[cell.id]
            names = [part.name for part in ast.parse(solution).body if isinstance(part, ast.FunctionDef)]
            written |= dict.fromkeys(names, cell.id)
            cell.source = with_solution(cell.source, marked(solution))
        cell.source = f"_here = {cell.id!r}\n{cell.source}"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(MARKS))
    notebook.cells.append(nbformat.v4.new_code_cell("import json\nprint(json.dumps(_ran))"))
    ran = json.loads(run(notebook).cells[-1].outputs[-1].text)
    return {name: (cell, ran[name]) for name, cell in written.items()}


@pytest.mark.parametrize("name", USED_AGAIN)
def test_what_a_student_writes_runs_again(name):
    places = where_they_run(opened(name))
    again = [function for function, (cell, ran) in places.items() if set(ran) - {cell}]
    print(name, len(again), "of", len(places), "not again:", sorted(set(places) - set(again)))
    assert len(again) >= USED_AGAIN[name] and len(again) >= 0.8 * len(places)


# ---- paths -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CORE)
def test_the_core_fits_the_stated_time(name):
    notebook = opened(name)
    core = sum(minutes([cell for cell in notebook.cells if not is_optional(cell)], name).values())
    assert core <= CORE[name], f"{core:.0f} minutes"
    about = notebook.cells[1].source
    assert f"about {hours(core)} for the core" in about, f"the core takes {core:.0f} minutes: {hours(core)}"


def hours(core):
    """Minutes in words, rounded up to half hours: "2½ h"."""
    halves = -int(-core // 30)
    return f"{halves // 2}{'½' if halves % 2 else ''} h"


@pytest.mark.parametrize("name", CORE)
def test_headings_tags_and_content_agree_on_what_is_optional(name):
    """A heading with "(optional)" opens a side path to the next heading; the exercises there are optional in the list."""
    side, level = False, 0
    for cell in opened(name).cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            marks = len(cell.source.split()[0])
            heading = cell.source.splitlines()[0]
            if not side or marks <= level:
                side, level = "(optional)" in heading, marks
        if side:
            assert is_optional(cell), f"{cell.id} stands on a side path, and has no tag"
        for exercise, _ in exercises(cell, name):
            optional = getattr(exercise, "optional", None)
            if optional is not None and ".check_steps(" not in cell.source:
                assert optional == is_optional(cell), cell.id


@pytest.mark.parametrize("name", CORE)
def test_every_exercise_is_in_the_list(name):
    listed = {id(each) for each in getattr(notebooks[name], "exercises", notebooks[name].questions)}
    for cell in opened(name).cells:
        for exercise, _ in exercises(cell, name):
            if hasattr(exercise, "tasks"):
                assert id(exercise) in listed, cell.id
                if ".check_steps(" in cell.source:
                    assert exercise.lines == ("optional" if is_optional(cell) else "core"), cell.id


@pytest.mark.parametrize("name", ["chain_rule"])
def test_no_cell_leaves_a_quantity_behind_that_a_forgotten_line_would_take(name):
    """An answer in which `a1 = …` is forgotten must stop, not go on with a number from another cell."""
    asked = {"parameters", "definitions"}
    quantities = {
        each for question in notebooks[name].questions for kind in asked for each in getattr(question, kind, ())
    }
    quantities = quantities - {"f", "p", "h"} | {entry for entry in notebooks[name].backward.entries}
    assert {"z1", "a1", "yhat", "at_z1", "x", "W1"} <= quantities
    for cell in opened(name).cells:
        if cell.cell_type == "code" and "exercise" not in cell.metadata.get("tags", []):
            left = {
                node.id
                for part in ast.parse(cell.source).body
                if not isinstance(part, ast.FunctionDef)
                for node in ast.walk(part)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            assert not left & quantities, cell.id
