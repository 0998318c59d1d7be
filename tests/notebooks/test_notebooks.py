"""What every notebook of the course has in common: its anatomy, and what is stored in it.

(That each runs as it stands is nbval's part: pytest collects notebooks/ itself.)
"""

from __future__ import annotations

import ast
import base64
import json
import re
import statistics
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebooks.solved import solutions, solved, stubs

ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"

pytestmark = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def stored(notebook):
    """Each stored output with the id of its cell."""
    return [(cell.id, output) for cell in code_cells(notebook) for output in cell.outputs]


def markdown(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


# ---- anatomy -----------------------------------------------------------------------------------------------------


def test_valid_with_telling_ids(notebook):
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(
        re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) and not re.fullmatch(r"[0-9a-f]{6,}", name) for name in ids
    )


def test_one_title_and_headings_in_order(notebook):
    text = re.sub(r"```.*?```", "", "\n".join(markdown(notebook)), flags=re.DOTALL)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))


def test_four_lines_of_promise(notebook):
    about = notebook.cells[1].source
    for promise in ("You will build", "You will be able to", "You need", "Time"):
        assert f"**{promise}**" in about


def test_rhythm(notebook):
    text = "\n".join(markdown(notebook))
    for step in (
        "**Predict.**",
        "**Try.**",
        "**Your turn.**",
        "<summary>Solution",
        "**What happened.**",
        "Spot the mistake",
    ):
        assert step in text, step
    assert "## Recap" in text and "**References.**" in text


def test_code_cells_are_short(notebook):
    lengths = [sum(bool(line.strip()) for line in cell.source.splitlines()) for cell in code_cells(notebook)]
    assert statistics.median(lengths) <= 8
    assert max(cell.source.count("\n") + 1 for cell in code_cells(notebook)) <= 25


def test_no_magics(notebook):
    for cell in code_cells(notebook):
        ast.parse(cell.source)  # a magic is no Python


def test_details_are_closed_and_spaced(notebook):
    for text in markdown(notebook):
        assert text.count("<details>") == text.count("</details>")
        # Markdown inside <details> is only rendered after an empty line.
        assert all(re.match(r"\n\s*\n", after) for after in re.split(r"</summary>", text)[1:])


# ---- what is stored ----------------------------------------------------------------------------------------------


def test_stored_run_is_clean(notebook, path):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    assert "widgets" not in notebook.metadata
    assert path.stat().st_size < 1_000_000
    for name, output in stored(notebook):
        text = json.dumps(output)
        assert output.output_type != "error", name
        assert output.get("name") != "stderr" and not re.search(r"\bWarning\b", text), name
        assert not re.search(r"/(root|home|work|tmp|Users)/|C:\\\\Users", text), name


def test_every_picture_has_words_and_is_small(notebook):
    pictures = [(name, output) for name, output in stored(notebook) if "image/png" in output.get("data", {})]
    assert pictures
    for name, picture in pictures:
        assert len(base64.b64decode(picture.data["image/png"])) <= 30_000, name
        assert len(picture.metadata["image/png"]["alt"]) > 30, name


def test_every_explorer_is_stored_with_its_picture(notebook):
    outputs = [(name, set(output.get("data", {}))) for name, output in stored(notebook)]
    explorers = [number for number, (_, kinds) in enumerate(outputs) if WIDGET in kinds]
    assert explorers
    for number in explorers:
        (before, picture), (name, _) = outputs[number - 1 : number + 1]
        assert before == name and "image/png" in picture, f"{name}: a widget without the static picture in front of it"


def test_setup_cell_is_the_same_everywhere(notebook):
    first = nbformat.read(PATHS[0], as_version=4)
    assert code_cells(notebook)[0].source == code_cells(first)[0].source
    folded = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # JupyterLab's word and Colab's
    assert code_cells(notebook)[0].metadata == folded


# ---- exercises ---------------------------------------------------------------------------------------------------


def test_every_stub_has_its_solution(notebook):
    assert {cell.id for cell in stubs(notebook)} == set(solutions(notebook))
    assert stubs(notebook)


def test_untouched_stubs_say_so(notebook):
    for cell in stubs(notebook):
        said = json.dumps(cell.outputs).lower()
        assert "not attempted yet" in said or "not written yet" in said, cell.id
        assert "correct" not in said and "that is right" not in said, cell.id


#: What takes tens of megabytes in every kernel of a class, and is needed in few cells: which of it was imported.
HEAVY = """
import sys
print(*sorted({"sympy", "scipy", "sklearn", "pandas", "matplotlib.pyplot"} & set(sys.modules)))
"""


def test_solved_notebook_runs_and_every_check_is_content(notebook, path, monkeypatch):
    """As a student leaves it: every check says that it is right, and nothing was imported that the notebook does not use."""
    monkeypatch.delenv("MNIST_DIR", raising=False)  # the stand-in is quicker, and the real digits are run by nbval
    answered = solved(notebook)
    sources = "\n".join(cell.source for cell in code_cells(answered))
    answered.cells.append(nbformat.v4.new_code_cell(HEAVY))
    NotebookClient(
        answered, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    for cell in stubs(answered):
        said = json.dumps(cell.outputs).lower()
        for refusal in ("not attempted", "not written", "not yet right", "could not be checked", "stopped with"):
            assert refusal not in said, (cell.id, said)
        if ".check" in cell.source:
            assert "correct." in said, (cell.id, said)
    (said,) = answered.cells[-1].outputs
    uses = {name for name in said.text.split() if re.search(rf"^(import|from) {name}\b", sources, flags=re.MULTILINE)}
    # The stand-in for MNIST comes out of scikit-learn, where MNIST is not to be had.
    stand_in = {"sklearn", "scipy"} if "load_mnist(" in sources else set()
    assert set(said.text.split()) <= uses | stand_in
