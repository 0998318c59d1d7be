"""Browser tests need a browser: without one they are skipped, with a line that says how to get one.

With BROWSER_TESTS=required in the environment, as in CI, they fail instead.
"""

import os
import re

import ipywidgets
import pytest

from tests.browser import lab

SCREENSHOTS = lab.ROOT / "tests" / "browser" / "screenshots"


def pytest_collection_modifyitems(items):
    missing = lab.browser_missing()
    browser_items = [item for item in items if item.get_closest_marker("browser")]
    if missing and browser_items and os.environ.get("BROWSER_TESTS") == "required":
        raise pytest.UsageError(f"BROWSER_TESTS=required, but {missing}")
    for item in browser_items if missing else ():
        item.add_marker(pytest.mark.skip(reason=missing))
    # With ipywidgets 7, only Colab and the classic Notebook draw widgets: see test_colab.py and test_classic.py.
    if ipywidgets.__version__.startswith("7."):
        for item in browser_items:
            if not item.path.name.startswith(("test_classic", "test_colab")):
                item.add_marker(pytest.mark.skip(reason="JupyterLab 4 and Notebook 7 do not draw ipywidgets 7"))


@pytest.fixture(scope="session")
def playwright():
    with lab.driver() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright):
    with lab.browser(playwright) as chromium:
        yield chromium


@pytest.fixture
def explorer(notebook):
    """explorer("tower()"): the explorer of the cell with this text, as it was at first. `notebook` is the file's own."""

    def find(text: str) -> lab.OpenExplorer:
        found = notebook.explorer_of_cell(text)
        found.reset()
        found.canvas.scroll_into_view_if_needed()
        return found

    yield find
    assert notebook.errors == []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """After a failure, a screenshot of every open page."""
    report = (yield).get_result()
    if report.when == "call" and report.failed and "chromium" in item.funcargs:
        SCREENSHOTS.mkdir(exist_ok=True)
        pages = [page for context in item.funcargs["chromium"].contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9]+', '-', item.name).strip('-')}-{number}.png")
