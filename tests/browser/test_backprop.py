"""Backpropagation by hand in a real JupyterLab, with mouse and keyboard: network, working, table."""

import json
import re

import pytest

from helpers import explorers
from helpers.explorers.core.lines import write
from tests import front
from tests.browser import lab
from tests.browser.lab import ORANGE, colors, near

pytestmark = pytest.mark.browser

CELLS = [
    lab.SETUP,
    "explorers.backprop('003.1a', step='all')",
    "explorers.backprop('002.1')",
    "explorers.learning_rate(eta=0.15)",
]


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    with lab.opened(
        chromium, tmp_path_factory.mktemp("backprop"), CELLS, viewport={"width": 1400, "height": 1250}
    ) as notebook:
        yield notebook


def visible_lines(explorer) -> list[str]:
    return explorer.root.locator(".nn-lines > :not([hidden])").all_inner_texts()


def table(explorer) -> list[list[str]]:
    rows = explorer.root.locator(".nn-table tbody tr").all()
    return [row.locator(":scope > :not([hidden])").all_inner_texts() for row in rows]


def same_as(explorer, twin):
    """Assert that the page shows what Python says at the same slider values: sentence, working, table."""
    explorer.agrees_with(twin)
    assert visible_lines(explorer) == front.working(twin)
    variables, panel = twin.variables(), twin.spec["panels"][2]
    shown, decimals = 6 if variables["rounding"] else 5, int(variables["decimals"])
    cells = [
        [write(cell["parts"], variables, decimals) if variables["step"] >= cell["from"] else ""
         for cell in row["cells"][:shown]]
        for row in panel["rows"]
    ]  # fmt: skip
    assert [[cell for cell in row if cell != ""] for row in table(explorer)] == [
        [cell for cell in row if cell != ""] for row in cells
    ]


def test_step_by_step_with_the_mouse(explorer):
    network, twin = explorer("'002.1'"), explorers.backprop("002.1")
    assert visible_lines(network) == [] and near(network.colors(), ORANGE).sum() == 0
    for step in range(1, 7):
        network.press("Step")
        network.wait_until_shown("step", step)
        same_as(network, twin)
    assert near(network.colors(), ORANGE).sum() > 100
    now = network.root.locator(".nn-lines .nn-now").all_inner_texts()
    assert now == ["δ₄ = ∂J/∂z₄ = 2(ŷ − y) = 2·(36 − 32) = 8"]
    network.press("Back")
    network.wait_until_shown("step", 5)
    assert near(network.colors(), ORANGE).sum() == 0
    network.press("All")
    network.wait_until_shown("step", 14)
    same_as(network, twin)
    assert [row[-1] for row in table(network) if row[0] == "w₁₃[1]"] == ["−29"]
    first = network.root.locator(
        ".nn-lines .nn-now"
    ).first  # the lines of the step are more than fit beside the network
    box, inside = network.root.locator(".nn-lines").bounding_box(), first.bounding_box()
    assert box["y"] <= inside["y"] + 1 and inside["y"] + inside["height"] <= box["y"] + box["height"] + 1
    network.press("Start")
    network.wait_until_shown("step", 0)
    same_as(network, twin)


def test_step_by_step_with_the_keyboard(explorer):
    network, twin = explorer("'003.1a'"), explorers.backprop("003.1a", step="all")
    network.canvas.focus()
    keyboard = network.page.keyboard
    for key, step in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 14)):
        keyboard.press(key)
        network.wait_until_shown("step", step)
    same_as(network, twin)
    keyboard.press("Home")
    keyboard.press(" ")
    network.wait_until_shown("step", 2)
    keyboard.press(" ")
    stopped = network.shown()["step"]
    network.page.wait_for_timeout(1500)
    assert network.shown()["step"] == stopped


def test_a_weight_is_dragged_and_a_number_typed(explorer):
    network, twin = explorer("'003.1a'"), explorers.backprop("003.1a", step="all")
    before = network.pixels()
    network.drag("w7", 0.3)
    network.page.wait_for_timeout(200)
    assert network.shown()["w7"] < 0
    same_as(network, twin)
    network.typed("x2", "-0.5")
    network.wait_until_shown("x2", -0.5)
    network.typed("decimals", "6")
    network.wait_until_shown("decimals", 6)
    same_as(network, twin)
    network.wait_until_other_pixels(before)


def test_rounding_by_mouse_and_by_keyboard(explorer):
    network, twin = explorer("'003.1a'"), explorers.backprop("003.1a", step="all")
    heads = network.root.locator(".nn-table thead th:not([hidden])")
    assert heads.count() == 5
    box = network.root.get_by_role("checkbox")
    box.check()
    network.wait_until_shown("rounding", 1)
    same_as(network, twin)
    assert heads.count() == 6
    errors = {row[0]: row[-1] for row in table(network)}
    assert errors["w₇"] == "−10.6 %" and errors["w₂"] == "0.0 %"
    assert "wrong by up to" in network.root.locator(".nn-table p").inner_text()
    box.focus()
    network.page.keyboard.press(" ")
    network.wait_until_shown("rounding", 0)
    same_as(network, twin)
    assert not box.is_checked() and heads.count() == 5


def test_the_text_is_real_text(explorer):
    network = explorer("'003.1a'")
    assert network.root.locator(".nn-table table caption").inner_text() == "One step of gradient descent"
    assert network.root.locator(".nn-table tbody th[scope=row]").count() == 13
    assert network.root.get_by_role("group", name="Working").get_attribute("tabindex") == "0"
    selected = network.root.locator(".nn-lines p").first.evaluate(
        "line => { getSelection().selectAllChildren(line); return String(getSelection()) }"
    )
    assert re.search(r"z₁ = .* = 2", selected)
    layers = explorer("'002.1'").root.locator(".nn-table tbody th sup").first
    assert layers.inner_text() == "[1]"


def test_dark_theme_and_narrow_window(explorer, notebook):
    network = explorer("'003.1a'")
    page = network.page
    light = network.pixels()
    notebook.theme("JupyterLab Dark")
    dark = network.wait_until_other_pixels(light)
    assert colors(dark).mean() < 90
    color = network.root.locator(".nn-table td").first.evaluate("cell => getComputedStyle(cell).color")
    assert min(map(int, re.findall(r"\d+", color)[:3])) > 150
    notebook.theme("JupyterLab Light")
    page.set_viewport_size({"width": 900, "height": 1000})
    page.wait_for_timeout(300)
    assert network.canvas.bounding_box()["width"] < 800
    assert network.root.locator(".nn-parts").evaluate("parts => parts.scrollWidth <= parts.clientWidth + 1")
    assert json.loads(network.canvas.get_attribute("data-shown"))["step"] == 14
    page.set_viewport_size({"width": 1400, "height": 1250})


def test_the_learning_rate_is_dragged_in_the_picture(explorer):
    rate, twin = explorer("learning_rate"), explorers.learning_rate(eta=0.15)
    rate.agrees_with(twin)
    before, box, mouse = rate.pixels(), rate.canvas.bounding_box(), rate.page.mouse
    mouse.move(box["x"] + 250, box["y"] + 200)
    mouse.down()
    mouse.move(box["x"] + 90, box["y"] + 200, steps=5)
    mouse.up()
    rate.wait_until_other_pixels(before)
    assert rate.shown()["log10eta"] < -2
    rate.agrees_with(twin)
    rate.typed("eta", "0.2")
    rate.wait_until_shown("eta", 0.2)
    assert "stays, ŷ jumping" in rate.sentence()
