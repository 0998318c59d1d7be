"""explorers.fit in a real JupyterLab: it trains in the page, goes back, and its points are dragged with a real mouse."""

import json

import numpy as np
import pytest

from helpers.networks import curve_fit
from helpers.networks.curve_fit import Settings
from tests.browser import lab

pytestmark = pytest.mark.browser

CELLS = [
    lab.SETUP + "import json, ipywidgets",
    "explorer = explorers.fit()\nexplorer",
    # What Python knows, on the page: the browser tells it what was done, and Python does the same in NumPy.
    """told = ipywidgets.HTML()
def tell(change=None):
    known = {"epoch": explorer.epoch, "cost": explorer.history[explorer.epoch], "head": len(explorer.history) - 1,
             "kept": len(explorer.kept[1].costs) - 1}
    told.value = f"<pre class='told'>{json.dumps(known)}</pre>"
explorer.view.observe(tell, "state")
tell()
told""",
]


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    with lab.opened(
        chromium, tmp_path_factory.mktemp("fit"), CELLS, viewport={"width": 1280, "height": 1200}
    ) as notebook:
        yield notebook


@pytest.fixture
def explorer(notebook):
    found = notebook.explorer(0)
    found.reset()
    found.wait_until_shown("epoch", 100)
    found.canvas.scroll_into_view_if_needed()
    yield found
    assert notebook.errors == []


def known(explorer) -> dict:
    return json.loads(explorer.page.locator("pre.told").inner_text())


def wait_until_python_knows(explorer, **expected):
    condition = "expected => { const told = JSON.parse(document.querySelector('pre.told').innerText);" \
                " return Object.entries(expected).every(([name, value]) => told[name] === value) }"  # fmt: skip
    explorer.page.wait_for_function(condition, arg=expected, timeout=10_000)


def still(explorer) -> dict:
    """What is shown, once training has stopped."""
    explorer.wait_for("canvas => JSON.parse(canvas.dataset.shown).training === false")
    return explorer.shown()


def a_point(explorer) -> tuple[float, float]:
    """A place of the screen where a point can be grabbed: there the cursor says so."""
    box = explorer.canvas.bounding_box()
    for y in range(int(box["y"]) + 70, int(box["y"]) + 220, 6):
        for x in range(int(box["x"]) + 90, int(box["x"]) + 350, 9):
            explorer.page.mouse.move(x, y)
            if explorer.canvas.evaluate("canvas => canvas.style.cursor") == "grab":
                return x, y
    raise AssertionError("no point can be grabbed")


def test_at_first_the_printed_program_has_failed_and_its_cure_is_beside_it(explorer):
    shown = explorer.shown()
    run = curve_fit.train(Settings(), 100)
    assert shown["epoch"] == 100 and shown["cost"] == pytest.approx(run.costs[-1], rel=1e-9)
    assert shown["constant"] < shown["cost"] and not shown["training"]
    assert "worse than that constant" in explorer.sentence() and explorer.message() == ""


def test_it_trains_until_it_is_stopped_and_python_does_the_same(explorer):
    before = explorer.pixels()
    explorer.press("Train")
    explorer.wait_for("canvas => JSON.parse(canvas.dataset.shown).epoch > 130")
    explorer.wait_until_other_pixels(before)
    explorer.press("Stop")
    shown = still(explorer)
    explorer.page.wait_for_timeout(300)
    assert explorer.shown()["epoch"] == shown["epoch"] > 130
    wait_until_python_knows(explorer, epoch=shown["epoch"], head=shown["epoch"])
    assert known(explorer)["cost"] == pytest.approx(shown["cost"], rel=1e-9)


def test_sliders_train_again_with_other_settings(explorer):
    explorer.drag("seed", 0.5)
    seed = int(explorer.slider_value("seed"))
    explorer.wait_until_shown("seed", seed)
    assert explorer.shown()["cost"] == pytest.approx(curve_fit.train(Settings(seed=seed), 100).costs[-1], rel=1e-9)
    explorer.typed("rate", "0.05")  # the slider moves in steps of 2 %, and makes 0.0501 of it
    explorer.wait_until_shown("rate", 0.05)
    explorer.slider("optimiser").locator("select").select_option("Adam")
    explorer.wait_until_shown("optimiser", 2)
    expected = curve_fit.train(Settings(seed=seed, rate=0.05, optimiser=2), 100).costs[-1]
    assert explorer.shown()["epoch"] == 100 and explorer.shown()["cost"] == pytest.approx(expected, rel=1e-9)
    wait_until_python_knows(explorer, epoch=100)
    # A double click on its name gives the menu back what it was.
    explorer.slider("optimiser").locator(".widget-label").dblclick()
    explorer.wait_until_shown("optimiser", 0)


def test_back_through_the_epochs_and_on_from_there(explorer):
    costs = curve_fit.train(Settings(), 100).costs
    scrub = explorer.root.locator(".nn-scrub input")
    scrub.focus()
    explorer.page.keyboard.press("Home")
    explorer.wait_until_shown("epoch", 0)
    assert explorer.shown()["cost"] == pytest.approx(costs[0], rel=1e-9)
    for _ in range(7):
        explorer.page.keyboard.press("ArrowRight")
    explorer.wait_until_shown("epoch", 7)
    assert explorer.shown()["cost"] == pytest.approx(costs[7], rel=1e-9) and explorer.shown()["head"] == 100
    explorer.press("One epoch")
    explorer.wait_until_shown("head", 8)
    assert explorer.shown()["cost"] == pytest.approx(costs[8], rel=1e-9)
    wait_until_python_knows(explorer, epoch=8, head=8)


def test_a_point_is_dragged_and_training_goes_on_with_it(explorer):
    before = explorer.shown()
    x, y = a_point(explorer)
    mouse = explorer.page.mouse
    mouse.down()
    mouse.move(x + 5, y + 60, steps=6)
    mouse.up()
    explorer.wait_until_shown("moved", 1)
    after = explorer.shown()
    assert after["epoch"] == 100 and after["constant"] != before["constant"] and after["floor"] > before["floor"]
    explorer.press("One epoch")
    explorer.wait_until_shown("epoch", 101)
    wait_until_python_knows(explorer, epoch=101)
    assert known(explorer)["cost"] == pytest.approx(explorer.shown()["cost"], rel=1e-9)
    explorer.press("Start again")  # the point stays where it is
    explorer.wait_until_shown("epoch", 0)
    assert explorer.shown()["moved"] == 1 and explorer.shown()["floor"] == pytest.approx(after["floor"])


def test_the_keyboard_alone(explorer):
    explorer.canvas.focus()
    keyboard = explorer.page.keyboard
    keyboard.press("Home")
    explorer.wait_until_shown("epoch", 0)
    keyboard.press("ArrowRight")
    explorer.wait_until_shown("epoch", 1)
    keyboard.press("End")
    explorer.wait_until_shown("epoch", 100)
    chosen = explorer.pixels()
    keyboard.press("Enter")
    explorer.wait_until_other_pixels(chosen)
    floor = explorer.shown()["floor"]
    for _ in range(5):
        keyboard.press("ArrowUp")
    explorer.wait_for(f"canvas => JSON.parse(canvas.dataset.shown).floor !== {floor}")
    keyboard.press("Escape")
    keyboard.press(" ")
    explorer.wait_for("canvas => JSON.parse(canvas.dataset.shown).epoch > 105")
    keyboard.press(" ")
    assert still(explorer)["epoch"] > 105


def test_keep_and_reset(explorer):
    first = explorer.drawn()
    explorer.press("Keep")
    wait_until_python_knows(explorer, kept=100)
    explorer.typed("k", "3")
    explorer.wait_until_shown("k", 3)
    explorer.reset()
    explorer.wait_until_shown("k", 10)
    wait_until_python_knows(explorer, kept=500, epoch=100)
    assert explorer.drawn() == first


def test_dragging_a_slider_while_it_trains_breaks_nothing(explorer):
    explorer.press("Train")
    explorer.wait_for("canvas => JSON.parse(canvas.dataset.shown).training")
    explorer.drag("k", 0.9)
    explorer.drag("noise", 0.1)
    explorer.press("Stop")
    shown = still(explorer)
    names = ("k", "rate", "optimiser", "scale", "noise", "n", "seed")
    expected = curve_fit.train(Settings(**{name: shown[name] for name in names}), shown["epoch"])
    assert shown["cost"] == pytest.approx(expected.costs[-1], rel=1e-8) and np.isfinite(shown["cost"])


def test_a_learning_rate_that_is_too_high_says_so(explorer):
    explorer.typed("rate", "2")
    explorer.wait_until_shown("rate", 2)
    assert "too large to go on" in explorer.sentence() and explorer.message() == ""
    explorer.press("Train")
    explorer.page.wait_for_timeout(500)
    assert explorer.shown()["epoch"] <= 100 and not explorer.shown()["training"]
