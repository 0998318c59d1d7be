"""Drawing a digit, going through a training, and initial weights, in a real JupyterLab."""

import numpy as np
import pytest

from helpers import explorers
from tests.browser import lab

pytestmark = pytest.mark.browser

SETUP = f"""{lab.SETUP}
from helpers.datasets import load_mnist
from helpers.networks.network import Network
from helpers.networks.training import train
digits = load_mnist(quiet=True)
network = Network.dense([784, 64, 10], initialiser="he_normal", dtype=np.float32)
history = train(network, digits.x_train[:20_000], digits.y_train[:20_000], "categorical_cross_entropy",
                epochs=4, validation=0.1, snapshots=1, progress=False)

def forward(X, W1, b1, W2, b2):  # as notebook 06 hands in the network of the student's own
    return np.maximum(X @ W1.T + b1, 0) @ W2.T + b2"""

CELLS = [
    SETUP,
    "drawing = explorers.draw_digit(network.parameters, digits.x_test, forward=forward)\ndrawing",
    "explorers.training(history, network, digits.x_test[:500], digits.y_test[:500])",
    "explorers.initialisation()",
    "",
]

#: A 5 as a hand draws it with the mouse: parts of the paper's side, from the left upper corner.
FIVE = (
    ((0.70, 0.22), (0.36, 0.23), (0.34, 0.48), (0.52, 0.43), (0.66, 0.52), (0.68, 0.66), (0.58, 0.79),
     (0.44, 0.81), (0.31, 0.74)),
)  # fmt: skip
ONE = (((0.52, 0.15), (0.5, 0.85)),)


@pytest.fixture(scope="module")
def notebook(chromium, tmp_path_factory):
    with lab.opened(chromium, tmp_path_factory.mktemp("mnist"), CELLS, has_touch=True) as notebook:
        yield notebook


def paper(digit):
    """Left, top and side of the paper on the page: 8 and 24 pixels from the corner of a wide canvas."""
    box = digit.canvas.bounding_box()
    return box["x"] + 8, box["y"] + 24, int(min(320, 0.31 * (box["width"] - 70)))


def draw(digit, strokes):
    left, top, side = paper(digit)
    mouse = digit.page.mouse
    for (x, y), *places in strokes:
        mouse.move(left + x * side, top + y * side)
        mouse.down()
        for x, y in places:
            mouse.move(left + x * side, top + y * side, steps=4)
        mouse.up()


def test_a_five_drawn_with_the_mouse_is_recognised(explorer, notebook):
    digit = explorer("draw_digit")
    digit.press("Clear")
    digit.settle()
    assert digit.sentence().startswith("The paper is empty")
    before = digit.shown()["drawing"]
    draw(digit, ONE)
    digit.settle()
    assert digit.shown()["says"] == 1 and digit.shown()["drawing"] > before
    digit.press("Clear")
    draw(digit, FIVE)
    digit.settle()
    assert digit.shown()["says"] == 5
    assert digit.sentence().startswith("The network says 5 with probability ")
    assert digit.canvas.get_attribute("aria-label") == digit.sentence()


def test_the_probabilities_change_while_drawing(explorer):
    digit = explorer("draw_digit")
    digit.press("Clear")
    left, top, side = paper(digit)
    mouse = digit.page.mouse
    mouse.move(left + 0.5 * side, top + 0.2 * side)
    mouse.down()
    said = set()
    for k in range(12):
        mouse.move(left + (0.5 + 0.03 * k) * side, top + (0.2 + 0.05 * k) * side)
        digit.settle()
        said.add(digit.sentence())
    mouse.up()
    assert len(said) > 6  # the button is still down


def test_test_digits_and_the_choice_of_a_class(explorer):
    digit = explorer("draw_digit")
    digit.press("Test digit")
    digit.settle()
    first = digit.pixels()
    digit.press("Test digit")
    digit.settle()
    assert digit.pixels() != first
    box = digit.canvas.bounding_box()
    left, top, side = paper(digit)
    seen = min(0.15 * (box["width"] - 70), side)
    bars = left + side + 18 + seen + 18
    digit.page.mouse.click(bars + 60, top + side * 0.75)  # the eighth of ten bars
    digit.settle()
    assert digit.shown()["class"] == 8 and "The logit of 7 is" in digit.sentence()
    digit.page.mouse.click(bars + 60, top + side * 0.75)
    digit.settle()
    assert digit.shown()["class"] == 0


def test_the_keyboard_draws_too(explorer):
    digit = explorer("draw_digit")
    digit.canvas.focus()
    keyboard = digit.page.keyboard
    keyboard.press("Delete")
    digit.settle()
    assert digit.sentence().startswith("The paper is empty")
    keyboard.press("ArrowDown")
    digit.settle()
    assert digit.sentence().startswith("The paper is empty")  # the pen is up
    keyboard.press(" ")
    for _ in range(14):
        keyboard.press("ArrowDown")
    digit.settle()
    assert digit.shown()["says"] == 1
    keyboard.press("Delete")
    digit.settle()
    assert digit.sentence().startswith("The paper is empty")


def test_a_finger_on_the_paper_draws_and_does_not_scroll(explorer):
    digit = explorer("draw_digit")
    digit.press("Clear")
    digit.settle()
    left, top, side = paper(digit)
    scrolled = "() => document.querySelector('.jp-WindowedPanel-outer, .jp-Notebook').scrollTop"
    before = digit.page.evaluate(scrolled)
    session = digit.page.context.new_cdp_session(digit.page)

    def touch(kind, *points):
        places = [{"x": left + x * side, "y": top + y * side} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", (0.5, 0.15))
    for k in range(1, 12):
        touch("touchMove", (0.5, 0.15 + 0.06 * k))
    touch("touchEnd")
    digit.settle()
    assert digit.shown()["says"] == 1
    assert digit.page.evaluate(scrolled) == before


def test_the_slider_moves_everything_of_a_training(explorer):
    training = explorer("explorers.training(")
    assert training.shown() == {"epoch": 4}
    at_the_end = training.colors()
    training.typed("epoch", "0")
    training.wait_until_shown("epoch", 0)
    assert training.sentence().startswith("Before the training.")
    changed = np.abs(at_the_end - training.colors()).sum(axis=-1) > 60
    height, width = changed.shape
    quarters = [changed[rows, columns].mean() for rows in (slice(0, height // 2), slice(height // 2, None))
                for columns in (slice(0, width // 2), slice(width // 2, None))]  # fmt: skip
    assert min(quarters) > 3e-4, quarters  # both curves, the matrix and the weights
    training.canvas.focus()
    training.page.keyboard.press("ArrowRight")
    training.wait_until_shown("epoch", 1)
    assert training.sentence().startswith("After epoch 1: training cost")
    training.press("Play")
    training.wait_until_shown("epoch", 4)


def test_initial_weights_follow_the_slider(explorer):
    initial, twin = explorer("initialisation"), explorers.initialisation()
    initial.agrees_with(twin)
    initial.drag("scale", 0.8)
    initial.settle()
    assert initial.shown()["scale"] > 2.5
    initial.agrees_with(twin)
    assert "explode" in initial.sentence()
    image = initial.colors()[
        : initial.colors().shape[0] // 2
    ]  # the histograms: orange where it explodes, blue where not
    assert lab.near(image, lab.ORANGE).mean() > 5e-3 and lab.near(image, (0, 114, 178)).mean() > 5e-3
    initial.press("He")
    initial.wait_until_shown("scale", 1.41)
    assert "Healthy" in initial.sentence()
    image = initial.colors()[: initial.colors().shape[0] // 2]
    assert lab.near(image, lab.ORANGE).sum() == 0 and lab.near(image, (0, 114, 178)).mean() > 0.01
    initial.press("Glorot")
    initial.wait_until_shown("scale", 1)
    initial.root.get_by_role("combobox").select_option("tanh")
    initial.wait_until_shown("activation", 1)
    initial.agrees_with(twin)
