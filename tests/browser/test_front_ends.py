"""Every explorer in Notebook 7, with the keyboard alone and under axe-core; and notebooks as web pages."""

import nbformat
import pytest

from tests.browser import every_explorer as every
from tests.browser import lab

pytestmark = pytest.mark.browser

PATHS = sorted((lab.ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    """One cell for each explorer, in Notebook 7, in a window 900 pixels wide."""
    pytest.importorskip("notebook", "7", reason="Notebook 7 is not installed")
    folder, cells = tmp_path_factory.mktemp("notebook7"), every.cells()
    with lab.opened(chromium, folder, cells, "notebooks", viewport={"width": 900, "height": 1000}) as notebook:
        yield notebook


@pytest.mark.parametrize("name", every.NAMES)
def test_with_the_keyboard_alone_in_notebook_7(notebook, name):
    every.with_the_keyboard_alone(notebook.explorer_of_cell(every.call(name)))
    assert notebook.errors == []


def test_the_mouse_in_notebook_7(notebook):
    explorer = notebook.explorer_of_cell("explorers.tower()")
    before, pixels = explorer.shown(), explorer.pixels()
    explorer.drag("t", 0.9)
    explorer.wait_until_other_pixels(pixels)
    assert explorer.shown()["t"] > before["t"]
    explorer.reset()
    assert notebook.errors == []


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing_serious_in_our_outputs(notebook, theme):
    notebook.theme(theme)
    assert notebook.page.locator(".nn-explorer").count() == len(every.NAMES)
    assert lab.serious(notebook.page, ".jp-Notebook .jp-OutputArea-output") == []


def test_axe_sees_what_is_wrong(chromium):
    """A picture without words and text that is too pale are found, so an empty list above means something."""
    page = chromium.new_page()
    page.set_content('<main><img src="data:,"><p style="color: #ddd; background: #fff">pale</p></main>')
    found, whole = lab.serious(page, "main"), lab.serious(page)
    page.close()
    assert [each.split()[0] for each in found] == ["color-contrast", "image-alt"]
    assert set(found) < set(whole) and any("html-has-lang" in each for each in whole)


# ---- as a web page -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_as_a_web_page_without_kernel_and_network(chromium, tmp_path, path):
    """nbconvert's HTML: every stored picture is visible, and no widget says that it cannot be shown."""
    from nbconvert import HTMLExporter

    stored = nbformat.read(path, as_version=4)
    pictures = sum("image/png" in output.get("data", {})
                   for cell in stored.cells for output in cell.get("outputs", []))  # fmt: skip
    html, _ = HTMLExporter().from_notebook_node(stored)
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    context = chromium.new_context(offline=True, viewport={"width": 900, "height": 1000})
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    seen = page.evaluate("""() => [...document.querySelectorAll(".jp-OutputArea-output img")].map(image => ({
        words: image.alt,
        shown: image.naturalWidth > 0 && image.checkVisibility() && image.getClientRects()[0].width,
    }))""")
    assert len(seen) == pictures > 0
    assert all(image["shown"] > 100 and len(image["words"]) > 30 for image in seen), seen
    text = page.inner_text("body").lower()
    for complaint in ("loading widget", "model not found", "error displaying", "view(spec="):
        assert complaint not in text
    assert lab.serious(page, ".jp-OutputArea-output") == []
    context.close()
