"""Every explorer under ipywidgets 7, in the classic Notebook: on the versions of Colab, and nowhere else."""

import ipywidgets
import pytest

from tests.browser import classic
from tests.browser import every_explorer as every

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    found = pytest.importorskip("notebook", reason="the classic Notebook is not installed")
    if not (found.__version__.startswith("6.") and ipywidgets.__version__.startswith("7.")):
        pytest.skip("Notebook 6 with ipywidgets 7 is part of the set colab")
    with classic.opened(chromium, tmp_path_factory.mktemp("classic"), every.cells()) as notebook:
        yield notebook


@pytest.mark.parametrize("name", every.NAMES)
def test_with_the_keyboard_alone(notebook, name):
    every.with_the_keyboard_alone(notebook.explorer_of_cell(every.call(name)))
    assert notebook.errors == []


@pytest.mark.parametrize("name", every.NAMES)
def test_with_the_mouse(notebook, name):
    """A drag of the first slider, or another option of the first menu, changes the picture; Reset brings it back."""
    explorer = notebook.explorer_of_cell(every.call(name))
    first, picture = every.settings(explorer), every.seen(explorer)
    parameter, control = every.first_control(explorer)
    if control.evaluate("it => it.tagName") == "SELECT":
        control.select_option(index=1)
    else:
        explorer.drag(parameter, 0.1 if explorer.place(parameter) > 0.5 else 0.9)
    every.wait_until(explorer, lambda: every.settings(explorer)[parameter] != first[parameter])
    every.wait_until(explorer, lambda: every.seen(explorer) != picture)
    explorer.reset()
    every.wait_until(explorer, lambda: every.settings(explorer) == first)
    assert notebook.errors == []


def test_python_knows_what_the_slider_says(notebook):
    """The slider is that of Python, not only of the page."""
    explorer = notebook.explorer_of_cell("explorers.surface_of(")
    explorer.typed("k", "1.5")
    explorer.wait_until_shown("k", 1.5)  # the picture of a function of one's own comes from Python
    explorer.reset()


def test_the_static_picture_makes_way(notebook):
    cell = notebook.cell("explorers.tower()")
    pictures = cell.locator(".output_area img")
    assert pictures.count() == 1
    assert not pictures.is_visible()
