"""tangent, learning_rate, initialisation and fit: what is seized in them, the words at their curves, and that they fit."""

import numpy as np
import pytest

from helpers import explorers
from helpers.pictures import figures
from tests.browser import on_a_page
from tests.browser.test_hands import PHONE, finger, grip, in_sight, middle, pull

pytestmark = pytest.mark.browser

MAKERS = {
    "tangent": lambda: explorers.tangent("sigmoid"),
    "learning_rate": explorers.learning_rate,
    "initialisation": explorers.initialisation,
    "fit": explorers.fit,
}

#: The words that the next picture writes, as [words, left, top].
WRITTEN = """canvas => new Promise((done) => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    const words = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...more) {
        if (this.canvas === canvas) words.push([text, x, y]);
        return fillText.call(this, text, x, y, ...more);
    };
    canvas.closest(".nn-view").querySelector(".nn-tools button").click(); // Reset draws anew
    setTimeout(() => {
        CanvasRenderingContext2D.prototype.fillText = fillText;
        done(words);
    }, 700);
})"""


@pytest.fixture(scope="module")
def desk(chromium):
    with on_a_page.shown(chromium, *(make() for make in MAKERS.values())) as opened:
        yield dict(zip(MAKERS, opened, strict=True))


def written(explorer) -> list[str]:
    return [words for words, _, _ in explorer.canvas.evaluate(WRITTEN)]


def test_the_point_and_h_are_seized(desk):
    tangent = desk["tangent"]
    tangent.reset()
    pull(tangent, "where the tangent touches", -100, 0)
    x = tangent.shown()["x"]
    assert x < 0 and tangent.shown()["h"] == 1
    left, _ = middle(grip(tangent, "where the tangent touches"))
    right, _ = middle(grip(tangent, "h, how far the secant goes"))
    pull(tangent, "h, how far the secant goes", -(right - left) / 2, 0)
    shown = tangent.shown()
    assert shown["x"] == x and shown["h"] == pytest.approx(0.5, rel=0.15)
    assert f"h = {shown['h']:.4g}" in tangent.sentence()
    grip(tangent, "h, how far the secant goes").focus()
    tangent.page.keyboard.press("ArrowLeft")
    tangent.settle()
    assert tangent.shown()["h"] < shown["h"]
    tangent.page.keyboard.press("Home")
    tangent.settle()
    assert tangent.shown()["h"] == 1
    pull(tangent, "h, how far the secant goes", -300, 0)  # to the left of the point there is no h: the smallest
    assert tangent.shown()["h"] == 1e-16 and tangent.message() == ""


def test_the_words_stand_at_the_curves(desk):
    assert {"f", "tangent", "secant", "h = 1", "forward", "central", "complex step"} <= set(written(desk["tangent"]))
    assert {"falls: η < 0.1", "jumps", "diverges: η > 0.2"} <= set(written(desk["learning_rate"]))
    assert {"explode", "vanish", "size of the activations: they vanish"} <= set(written(desk["initialisation"]))
    fit = written(desk["fit"])
    assert {"constant", "noise floor", "cost", "kept"} <= set(fit) and not any("weights" in words for words in fit)


#: How many pixels of a canvas have a colour.
OF_THE_COLOUR = """(canvas, [red, green, blue]) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
        count += Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue) < 12;
    return count;
}"""


def test_a_curve_of_the_students_own_is_drawn_over_the_others(chromium, desk):
    colour = [0.35 * int(figures.COLORS[4][at : at + 2], 16) + 0.65 * 255 for at in (1, 3, 5)]  # pale, on white
    assert "your curve" not in written(desk["fit"]) and desk["fit"].canvas.evaluate(OF_THE_COLOUR, colour) < 20
    with on_a_page.shown(chromium, explorers.fit(own=lambda x: 0.8 + 0 * x, compare=None)) as (fit,):
        assert "your curve" in written(fit) and "of your curve" in fit.sentence()
        assert fit.canvas.evaluate(OF_THE_COLOUR, colour) > 200
        fit.press("One epoch")
        fit.wait_until_shown("epoch", 101)
        assert "of your curve" in fit.sentence() and fit.message() == ""


def test_the_ball_goes_along_its_curve(desk):
    rate = desk["learning_rate"]
    rate.reset()
    assert rate.shown()["eta"] == 2
    _, high = middle(grip(rate, "learning rate η"))
    pull(rate, "learning rate η", -150, 40)
    shown = rate.shown()["eta"]
    assert 0.02 < shown < 0.4
    at, low = middle(grip(rate, "learning rate η"))
    area = rate.canvas.bounding_box()
    top = area["y"] + 24 + 22  # CSS pixels above the plot: title and legend
    height = area["height"] - 46 - 40
    power = float(np.log10(max(16 * (1 - 10 * shown) ** 2, 1e-4)))  # J after one update; the axis goes from 10⁻⁴ to 10⁷
    assert low == pytest.approx(top + (7 - power) / 11 * height, abs=3) and low > high
    grip(rate, "learning rate η").focus()
    rate.page.keyboard.press("ArrowRight")
    rate.settle()
    assert rate.shown()["eta"] > shown and middle(grip(rate, "learning rate η"))[0] >= at


def test_the_weights_are_unfolded_by_a_button_and_train_is_the_one_filled(desk):
    fit = desk["fit"]
    fit.reset()
    height = fit.canvas.bounding_box()["height"]
    button = fit.root.get_by_role("button", name="Weights")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    fit.settle()
    assert (
        fit.canvas.bounding_box()["height"] == pytest.approx(height + 300)
        and button.get_attribute("aria-expanded") == "true"
    )
    assert any(words.startswith("weights; thick") for words in written(fit))
    button.click()
    fit.settle()
    assert fit.canvas.bounding_box()["height"] == height
    filled = fit.root.locator(".nn-tools button").evaluate_all(
        "buttons => buttons.filter((each) => getComputedStyle(each).backgroundColor !== 'rgba(0, 0, 0, 0)').map((each) => each.innerText)"
    )
    assert filled == ["Train"]
    seen = fit.root.locator(".nn-sliders .widget-label:visible").all_inner_texts()
    assert seen == ["k", "rate", "optimiser"]
    fit.root.get_by_role("button", name="4 more sliders").click()
    assert fit.root.locator(".nn-sliders .widget-label:visible").count() == 7
    fit.root.get_by_role("button", name="Sliders").click()


@pytest.mark.parametrize("name", MAKERS)
def test_controls_and_main_picture_fit_a_projector(chromium, name):
    with on_a_page.shown(chromium, MAKERS[name](), viewport={"width": 683, "height": 470}) as (explorer,):
        top, canvas = explorer.root.bounding_box()["y"], explorer.canvas.bounding_box()
        assert canvas["y"] + canvas["height"] - top <= 470
        assert explorer.root.evaluate("root => root.scrollWidth <= root.clientWidth + 1")


def test_a_finger_takes_a_point_of_fit_from_twenty_pixels_away(chromium):
    with on_a_page.shown(chromium, explorers.fit(n=5), **PHONE) as (fit,):
        box = in_sight(fit)
        places = [(x, y) for x in range(60, int(box["width"]), 4) for y in range(60, 220, 4)]
        grabbed = fit.page.evaluate(
            """places => places.filter(([x, y]) => {
                const canvas = document.querySelector(".nn-view canvas");
                const box = canvas.getBoundingClientRect();
                const touch = new Touch({ identifier: 1, target: canvas, clientX: box.left + x, clientY: box.top + y });
                const event = new TouchEvent("touchstart", { changedTouches: [touch], touches: [touch], cancelable: true, bubbles: true });
                canvas.dispatchEvent(event);
                return event.defaultPrevented;
            })""",
            places,
        )
        # Five points, each a disc of radius 24 on a grid of 4: about 113 places where no two discs meet.
        assert 113 <= len(grabbed) <= 5 * 120 < 0.5 * len(places)
        x, y = min(grabbed)  # the leftmost: on the rim of a disc
        with finger(fit.page, box["x"] + x, box["y"] + y) as move:
            for step in range(1, 9):
                move(box["x"] + x, box["y"] + y + 5 * step)
        fit.wait_until_shown("moved", 1)
        assert fit.page.evaluate("scrollY") > 0  # in_sight scrolled; the finger did not
