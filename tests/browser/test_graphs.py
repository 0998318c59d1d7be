"""Tangent and computation graph in a real JupyterLab, moved with a real mouse and keyboard."""

import numpy as np
import pytest

from helpers import explorers
from helpers.explorers.graph import places
from tests import front
from tests.browser import lab
from tests.browser.lab import ORANGE, near

pytestmark = pytest.mark.browser

CELLS = [
    lab.SETUP,
    "explorers.tangent('sigmoid', student=lambda x: 1 - np.tanh(x))",
    "explorers.graph('000.1b', step='all')",
    "explorers.graph('002.2')",
]


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    with lab.opened(chromium, tmp_path_factory.mktemp("graphs"), CELLS) as notebook:
        yield notebook


def rule(explorer) -> str:
    return explorer.root.locator(".nn-rule").inner_text()


def node_place(explorer, twin, name: str):
    """Where a node is drawn, from the canvas's own left upper corner."""
    panel = twin.spec["panels"][0]
    node = next(node for node in panel["nodes"] if name in (node["name"], node["symbol"]))
    x, y = places.on_canvas(panel, node["place"], explorer.canvas.bounding_box()["width"])
    return {"x": x, "y": y}


def test_a_slider_changes_numbers_and_sentence(explorer):
    graph, twin = explorer("000.1b"), explorers.graph("000.1b", step="all")
    graph.agrees_with(twin)
    before = graph.pixels()
    graph.drag("w", 0.9)
    graph.page.wait_for_timeout(200)
    shown = graph.shown()
    assert shown["w"] > 2 and set(shown) == {"w", "x", "b", "y", "step"}
    graph.agrees_with(twin)
    assert graph.pixels() != before


def test_the_buttons_go_through_the_steps(explorer):
    graph, twin = explorer("002.2"), explorers.graph("002.2")
    assert graph.shown()["step"] == 0 and near(graph.colors(), ORANGE).sum() == 0
    assert graph.root.get_by_role("button", name="Back").is_disabled()
    for step in (1, 2):
        graph.press("Step")
        graph.wait_until_shown("step", step)
        graph.agrees_with(twin)
    graph.press("Back")
    graph.wait_until_shown("step", 1)
    assert near(graph.colors(), ORANGE).sum() == 0  # values only: no gradient yet
    graph.press("All")
    graph.wait_until_shown("step", 15)
    assert near(graph.colors(), ORANGE).sum() > 200
    assert graph.root.get_by_role("button", name="Step").is_disabled()
    graph.press("Start")
    graph.wait_until_shown("step", 0)
    assert near(graph.colors(), ORANGE).sum() == 0


def test_play_runs_and_pauses(explorer):
    graph = explorer("002.2")
    graph.press("Play")
    graph.wait_until_shown("step", 2)
    graph.press("Pause")
    stopped = graph.shown()["step"]
    graph.page.wait_for_timeout(2000)
    assert graph.shown()["step"] == stopped >= 2
    assert graph.root.get_by_role("button", name="Play", exact=True).is_visible()


def test_a_click_on_a_node_shows_its_rule(explorer):
    graph, twin = explorer("000.1b"), explorers.graph("000.1b", step="all")
    before = graph.pixels()
    graph.canvas.click(position=node_place(graph, twin, "tanh(u)"))
    graph.page.wait_for_timeout(200)
    assert rule(graph) == front.rule(twin, "tanh(u)")
    assert graph.pixels() != before
    graph.canvas.click(position=node_place(graph, twin, "tanh(u)"))
    graph.page.wait_for_timeout(200)
    assert rule(graph) == "Click a node for its rule."


def test_the_keyboard_does_it_all(explorer):
    graph, twin = explorer("000.1b"), explorers.graph("000.1b", step="all")
    graph.canvas.focus()
    keyboard = graph.page.keyboard
    keyboard.press("Home")
    graph.wait_until_shown("step", 0)
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    graph.wait_until_shown("step", 2)
    keyboard.press("ArrowLeft")
    graph.wait_until_shown("step", 1)
    keyboard.press("End")
    graph.wait_until_shown("step", 15)
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


def test_the_tangent_is_dragged_in_the_picture(explorer):
    tangent = explorer("tangent(")
    twin = explorers.tangent("sigmoid", student=lambda x: 1 - np.tanh(x))
    tangent.agrees_with(twin)
    box = tangent.canvas.bounding_box()
    before, mouse = tangent.pixels(), tangent.page.mouse
    mouse.move(box["x"] + 200, box["y"] + 120)
    mouse.down()
    mouse.move(box["x"] + 90, box["y"] + 120, steps=5)
    mouse.up()
    tangent.page.wait_for_timeout(200)
    assert tangent.shown()["x"] < -1
    assert tangent.pixels() != before
    tangent.typed("h", "1e-8")
    tangent.page.wait_for_timeout(300)
    tangent.agrees_with(twin)
    assert twin.values["log10h"] == -8


def test_dark_theme_and_narrow_window(explorer, notebook):
    graph = explorer("000.1b")
    graph.page.set_viewport_size({"width": 900, "height": 900})
    graph.settle()
    least = explorers.graph("000.1b").spec["panels"][0]["least"]  # it keeps its size and scrolls sideways
    assert (
        300
        < graph.root.locator(".nn-stage").bounding_box()["width"]
        < 800
        < graph.canvas.bounding_box()["width"]
        == least
    )
    assert graph.shown()["step"] == 15
    light = graph.colors().mean()
    notebook.theme("JupyterLab Dark")
    graph.settle()
    dark = graph.colors().mean()
    notebook.theme("JupyterLab Light")
    graph.page.set_viewport_size({"width": 1280, "height": 1000})
    assert light > 200 > 100 > dark
