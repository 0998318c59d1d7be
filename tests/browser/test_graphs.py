"""Tangent, computation graph and depends_on_b2 in a real JupyterLab, moved with a real mouse and keyboard."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from helpers import explorers
from tests import front
from tests.browser import lab

pytestmark = pytest.mark.browser

SETUP = f"""import sys
sys.path.insert(0, {str(lab.ROOT)!r})
import numpy as np
from helpers import explorers, notebook
notebook.ready()"""

CELLS = [
    SETUP,
    "explorers.tangent('sigmoid', student=lambda x: 1 - np.tanh(x))",
    "explorers.graph('000.1b')",
    "explorers.graph('002.2', step=0)",
    "explorers.depends_on_b2()",
]


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    with lab.opened(chromium, tmp_path_factory.mktemp("graphs"), CELLS) as notebook:
        yield notebook


def press(explorer, name: str):
    explorer.root.get_by_role("button", name=name, exact=True).click()


def rule(explorer) -> str:
    return explorer.root.locator(".nn-rule").inner_text()


def wait_for_step(explorer, step: int, timeout: float = 10):
    explorer.page.wait_for_function(
        "([canvas, step]) => JSON.parse(canvas.dataset.shown).step === step",
        arg=[explorer.canvas.element_handle(), step], timeout=1000 * timeout,
    )  # fmt: skip


def orange(explorer) -> int:
    """How many pixels of the canvas have the colour of the gradients."""
    image = np.asarray(Image.open(io.BytesIO(explorer.pixels())).convert("RGB")).astype(int)
    return int((np.abs(image - [184, 78, 0]).sum(axis=-1) < 60).sum())


def node_place(explorer, twin, name: str):
    """Where a node is drawn, from the canvas's own left upper corner."""
    panel = twin.spec["panels"][0]
    node = next(node for node in panel["nodes"] if name in (node["name"], node["symbol"]))
    width = explorer.canvas.bounding_box()["width"]
    pixels, share, row = node["place"]
    return {
        "x": 60 + pixels + share * (width - 74 - panel["fixed"]),
        "y": panel["top"] + row * panel["rowHeight"],
    }


def test_a_slider_changes_numbers_and_sentence(explorer):
    graph, twin = explorer("000.1b"), explorers.graph("000.1b")
    assert graph.sentence() == twin.describe()
    before = graph.pixels()
    graph.drag("w", 0.9)
    graph.page.wait_for_timeout(200)
    shown = graph.shown()
    assert shown["w"] > 2 and set(shown) == {"w", "x", "b", "y", "step"}
    front.move(twin, shown)
    assert graph.sentence() == twin.describe()
    assert graph.pixels() != before


def test_the_buttons_go_through_the_steps(explorer):
    graph, twin = explorer("002.2"), explorers.graph("002.2", step=0)
    assert graph.shown()["step"] == 0 and orange(graph) == 0
    assert graph.root.get_by_role("button", name="Back").is_disabled()
    for step in (1, 2):
        press(graph, "Step")
        wait_for_step(graph, step)
        front.move(twin, {"step": step})
        assert graph.sentence() == twin.describe()
    press(graph, "Back")
    wait_for_step(graph, 1)
    assert orange(graph) == 0  # values only: no gradient yet
    press(graph, "All")
    wait_for_step(graph, 15)
    assert orange(graph) > 200
    assert graph.root.get_by_role("button", name="Step").is_disabled()
    press(graph, "Start")
    wait_for_step(graph, 0)
    assert orange(graph) == 0


def test_play_runs_and_pauses(explorer):
    graph = explorer("002.2")
    press(graph, "Play")
    wait_for_step(graph, 2)
    press(graph, "Pause")
    stopped = graph.shown()["step"]
    graph.page.wait_for_timeout(2000)
    assert graph.shown()["step"] == stopped >= 2
    assert graph.root.get_by_role("button", name="Play", exact=True).is_visible()


def test_a_click_on_a_node_shows_its_rule(explorer):
    graph, twin = explorer("000.1b"), explorers.graph("000.1b")
    before = graph.pixels()
    graph.canvas.click(position=node_place(graph, twin, "tanh(u)"))
    graph.page.wait_for_timeout(200)
    assert rule(graph) == front.rule(twin, "tanh(u)")
    assert graph.pixels() != before
    graph.canvas.click(position=node_place(graph, twin, "tanh(u)"))
    graph.page.wait_for_timeout(200)
    assert rule(graph) == "Click a node for its rule."


def test_the_keyboard_does_it_all(explorer):
    graph, twin = explorer("000.1b"), explorers.graph("000.1b")
    graph.canvas.focus()
    keyboard = graph.page.keyboard
    keyboard.press("Home")
    wait_for_step(graph, 0)
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    wait_for_step(graph, 2)
    keyboard.press("ArrowLeft")
    wait_for_step(graph, 1)
    keyboard.press("End")
    wait_for_step(graph, 15)
    keyboard.press("Enter")
    graph.page.wait_for_timeout(200)
    names = [node["name"] for node in twin.spec["panels"][0]["nodes"]]
    assert rule(graph) == front.rule(twin, names[0])
    keyboard.press("ArrowDown")
    graph.page.wait_for_timeout(200)
    assert rule(graph) == front.rule(twin, names[1])
    keyboard.press("Escape")
    graph.page.wait_for_timeout(200)
    assert rule(graph) == "Click a node for its rule."


def test_the_step_slider_itself(explorer):
    graph = explorer("000.1b")
    graph.typed("step", "8")
    wait_for_step(graph, 8)
    assert "the backward pass begins: ∂L/∂L = 1" in graph.sentence()


def test_the_tangent_is_dragged_in_the_picture(explorer):
    tangent = explorer("tangent(")
    twin = explorers.tangent("sigmoid", student=lambda x: 1 - np.tanh(x))
    assert tangent.sentence() == twin.describe()
    box = tangent.canvas.bounding_box()
    before, mouse = tangent.pixels(), tangent.page.mouse
    mouse.move(box["x"] + 200, box["y"] + 120)
    mouse.down()
    mouse.move(box["x"] + 90, box["y"] + 120, steps=5)
    mouse.up()
    tangent.page.wait_for_timeout(200)
    assert tangent.shown()["x"] < -1
    assert tangent.pixels() != before
    tangent.typed("log10h", "-8")
    tangent.page.wait_for_timeout(300)
    front.move(twin, tangent.shown())
    assert twin.values["log10h"] == -8
    assert tangent.sentence() == twin.describe()


def test_depends_on_b2_follows_its_slider(explorer):
    depends, twin = explorer("depends_on_b2"), explorers.depends_on_b2()
    before = depends.pixels()
    depends.typed("b2", "-2")
    depends.page.wait_for_timeout(300)
    front.move(twin, {"b2": -2})
    assert depends.shown()["b2"] == -2
    assert depends.sentence() == twin.describe()
    assert "softplus 0.245" in depends.sentence() and depends.pixels() != before


def test_dark_theme_and_narrow_window(explorer, notebook):
    graph = explorer("000.1b")
    graph.page.set_viewport_size({"width": 900, "height": 900})
    graph.page.wait_for_timeout(300)
    assert 300 < graph.canvas.bounding_box()["width"] < 800
    light = np.asarray(Image.open(io.BytesIO(graph.pixels())).convert("L")).mean()
    graph.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    graph.page.wait_for_timeout(300)
    dark = np.asarray(Image.open(io.BytesIO(graph.pixels())).convert("L")).mean()
    graph.page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    graph.page.set_viewport_size({"width": 1280, "height": 1000})
    assert light > 200 and json.loads(graph.canvas.get_attribute("data-shown"))["step"] == 15
    assert dark != light
