"""All seven notebooks in JupyterLab, after Run All and without MNIST: axe-core finds nothing that keeps somebody out, light and
dark, and every explorer shows its controls and its main picture at once. (The pages of the site: test_site.py.)"""

import json
import shutil

import nbformat
import pytest

from tests.browser import lab

pytestmark = pytest.mark.browser

PATHS = sorted((lab.ROOT / "notebooks").glob("*.ipynb"))

#: Of each explorer: what it is, and how high its controls and its picture are together.
HIGH = """() => [...document.querySelectorAll(".jp-OutputArea-output .nn-explorer")].map((root) => ({
    what: root.querySelector("canvas").getAttribute("aria-label").slice(0, 60),
    high: root.querySelector("canvas").getBoundingClientRect().bottom - root.getBoundingClientRect().top,
}))"""
ROOM = "document.querySelector('.jp-WindowedPanel-outer').clientHeight"


def explorers_in(path) -> int:
    """How many explorers the cells of a notebook show."""
    cells = nbformat.read(path, as_version=4).cells
    return sum(
        "explorers." in cell.source.replace("helpers.explorers", "") for cell in cells if cell.cell_type == "code"
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    (folder / "helpers").symlink_to(lab.ROOT / "helpers")
    shutil.copytree(lab.ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    # axe sees only what is on the page: all cells are, also those that are scrolled away.
    settings = folder / ".jupyter-test" / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MNIST_DIR", raising=False)
        with lab.server(folder) as server:
            yield server


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_nobody_is_kept_out_and_nothing_is_out_of_sight(chromium, server, path):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    notebook = lab.Notebook(page, *server, f"notebooks/{path.name}")
    notebook.run_all(timeout=180)
    for number in range(explorers_in(path)):
        notebook.explorer(number)
    pictures = page.evaluate(HIGH)
    room = page.evaluate(ROOM)
    assert len(pictures) == explorers_in(path) and [each for each in pictures if each["high"] > room] == [], room
    assert lab.serious(page, ".jp-OutputArea-output") == []
    notebook.theme("JupyterLab Dark")
    assert lab.serious(page, ".jp-OutputArea-output", rules=["color-contrast"]) == []
    assert notebook.errors == []
    context.close()
