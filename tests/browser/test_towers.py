"""Bumps and towers under the hand: what is seized goes where it is pulled, and what is drawn is what the sliders say."""

import numpy as np
import pytest

from helpers import explorers
from tests.browser import on_a_page
from tests.browser.lab import colors, near
from tests.browser.test_hands import grip, middle, pull
from tests.browser.test_redrawn import WRITTEN

pytestmark = pytest.mark.browser

ORANGE, BOX = (184, 78, 0), (240, 160, 69)  # of a frame around what a slider touches, of the target


@pytest.fixture(scope="module")
def desk(chromium):
    made = (
        explorers.bump(),
        explorers.tower_challenge(),
        explorers.tower_panels(),
        explorers.bump_challenge(20, seed=None),
    )
    with on_a_page.shown(chromium, *made, explorers.sampling(), viewport={"width": 1280, "height": 800}) as opened:
        yield opened


@pytest.fixture(autouse=True)
def as_at_first(desk):
    yield
    desk[0].page.mouse.move(2, 2)
    for explorer in desk:
        explorer.reset()


def settled(explorer, name, condition):
    """Wait until the number that the picture shows of a slider is as it should be, and return all of them."""
    explorer.wait_for(f"canvas => {{ const value = JSON.parse(canvas.dataset.shown).{name}; return {condition}; }}")
    return explorer.shown()


def test_a_bump_is_pulled_by_its_sides_its_top_and_its_right_end(desk):
    bump = desk[0]
    width = bump.canvas.bounding_box()["width"] * 13 / 24 - 68  # of the plot, for 0.6 along x
    pull(bump, "place of the step of h₁₁", -0.1 / 0.6 * width, 0)
    shown = settled(bump, "b1", "value > 70")
    assert shown == {"w": 500, "b1": pytest.approx(80, abs=1), "b2": -30, "v1": 1, "v2": -1}  # s₁ from −0.06 to −0.16
    x, y = middle(grip(bump, "place of the step of h₁₂"))
    mouse = bump.page.mouse
    for step, to in ((mouse.move, (x, y)), (mouse.down, ()), (mouse.move, (x + 0.1 / 0.6 * width, y)), (mouse.up, ())):
        step(*to)
    assert settled(bump, "b2", "value < -70")["b2"] == pytest.approx(-80, abs=1)
    # The top goes up, and what is far to the right stays where it is.
    before = middle(grip(bump, "height between the steps"))[1]
    pull(bump, "height between the steps", 0, -30)
    shown = settled(bump, "v1", "value > 1.2")
    assert shown["v1"] == -shown["v2"] and middle(grip(bump, "height between the steps"))[1] == pytest.approx(
        before - 30, abs=4
    )
    pull(bump, "height far to the right", 0, -25)
    after = settled(bump, "v2", f"value > {shown['v2']} + 0.2")
    assert after["v1"] == shown["v1"]
    # The slope of both steps: their places stay.
    pull(bump, "how steep both steps are", 20, 0)
    steep = settled(bump, "w", "value < 300")
    assert [-steep[b] / steep["w"] for b in ("b1", "b2")] == pytest.approx([-0.16, 0.16], abs=0.01)


def test_a_tower_is_pulled_by_its_sides_and_its_top_into_its_target(desk):
    tower = desk[1]
    pull(tower, "half-width of the tower along x₁", 60, 0)
    assert settled(tower, "b", "value > 120")["bias"] == -200
    tower.reset()
    x, y = middle(grip(tower, "side of the tower towards x₁ = 5"))
    pull(tower, "side of the tower towards x₁ = 5", 40, 14)
    assert settled(tower, "b", "value > 110")["w"] == 50
    assert middle(grip(tower, "side of the tower towards x₁ = 5"))[0] == pytest.approx(x + 40, abs=12)
    tower.reset()
    pull(tower, "top of the tower", 0, -90)
    shown = settled(tower, "bias", "value > -197")
    assert shown | {"bias": 0} == {"w": 50, "b": 100, "t": 1, "gain": 100, "bias": 0}
    assert tower.sentence().startswith("Misfit ") and ": passed" in tower.sentence()


def test_the_target_is_a_box_and_the_misfit_is_blue_where_the_tower_is_too_low(desk):
    tower = desk[1]
    tower.canvas.scroll_into_view_if_needed()

    def share(color, distance=40):
        image = colors(tower.drawn())
        half = image.shape[1] // 2
        return [near(part, color, distance).mean() for part in (image[50:, :half], image[50:, half:-80])]

    assert share(BOX)[0] > 0.004  # the edges of the box
    low = share((65, 145, 194))  # f is 0.5 below the target on the whole square
    assert low[1] > 0.06 and low[0] < 0.01
    tower.typed("bias", "-150")
    tower.wait_until_shown("bias", -150)
    assert share((65, 145, 194))[1] < 0.01
    tower.typed("bias", "-95")  # arms that stand up
    tower.wait_until_shown("bias", -95)
    red = near(colors(tower.drawn()), (103, 0, 31), 60)
    assert red[:, red.shape[1] // 2 : -80].mean() > 0.1


#: How strongly each part of the flow is framed on its left side, from 0 to 1: the weakest place of the side.
FRAMED = """(root, [places, below]) => {
    const sheet = root.querySelector(".nn-light");
    if (!sheet) return places.map(() => 0);
    const [scale, height] = [sheet.width / sheet.clientWidth, sheet.clientHeight - below];
    const context = sheet.getContext("2d");
    return places.map(([left, row, high]) => {
        const x = Math.round((left / 96) * sheet.clientWidth) + 1;
        const [top, bottom] = [row, row + high].map((at) => Math.round((at / 4) * height));
        const { data } = context.getImageData(x * scale, (top + 6) * scale, 1, (bottom - top - 12) * scale);
        return Math.min(...data.filter((_, i) => i % 4 === 3)) / 255;
    });
}"""


def test_what_a_slider_touches_is_framed(desk):
    panels = desk[2]
    panels.canvas.scroll_into_view_if_needed()
    places = [(0, 0, 2), (13, 0, 2), (0, 2, 2), (13, 2, 2), (29, 0, 2), (29, 2, 2), (45, 1, 2), (69, 0, 4)]
    below = explorers.tower_panels().spec["panels"][-1]["height"] + 10  # the network

    def framed():
        return panels.root.evaluate(FRAMED, [places, below])

    assert framed() == [0] * 8
    canvas = panels.pixels()
    # Bright where its own formula holds what the slider sets, faint where only what comes before does.
    for name, parts in (("w", "BBBBffff"), ("gain", "-------B"), ("b", "BBBBffff"), ("bias", "-------B")):
        panels.root.locator(f".nn-slider-{name}").hover()
        found = "".join(
            "B" if each > 0.95 else "f" if 0.2 < each < 0.5 else "-" if each == 0 else "?" for each in framed()
        )
        assert found == parts, name
        color = panels.root.locator(".nn-light").evaluate(
            "sheet => [...sheet.getContext('2d').getImageData(sheet.width - 3, 20, 1, 1).data]"
        )
        assert near(np.array(color[:3]), ORANGE, 12) and color[3] > 80
    panels.page.mouse.move(2, 2)
    assert framed() == [0] * 8
    panels.root.locator(".nn-slider-bias input[type=range]").focus()  # with the keyboard, too
    assert framed()[7] == 1
    panels.root.locator(".nn-slider-bias input[type=range]").evaluate("input => input.blur()")
    assert framed() == [0] * 8 and panels.pixels() == canvas  # the picture itself is the same for the same values


LIT = """root => {
    const sheet = root.querySelector(".nn-light");
    if (!sheet) return 0;
    const { data } = sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height);
    let lit = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]) lit += 1;
    return lit;
}"""


def test_what_is_touched_is_lit_on_the_network_and_at_the_curves(desk):
    bump = desk[0]
    bump.canvas.scroll_into_view_if_needed()
    canvas = bump.pixels()

    def lit(points):
        """Whether there is light at each of these points of the picture."""
        probe = """(root, points) => {
            const sheet = root.querySelector(".nn-light");
            const scale = sheet ? sheet.width / sheet.clientWidth : 1;
            return points.map(([x, y]) => Boolean(sheet) && sheet.getContext("2d").getImageData(x * scale, y * scale, 1, 1).data[3] > 0);
        }"""
        return bump.root.evaluate(probe, points)

    box = bump.canvas.bounding_box()

    def beside(face):
        """Just beside the frame of a number, where its edge or its unit is."""
        frame = bump.root.locator(f".nn-face[aria-label^='{face}:']").first.bounding_box()
        return [frame["x"] - box["x"] - 6, frame["y"] - box["y"] + frame["height"] / 2]

    edges = [beside("v₁"), beside("v₂")]
    assert lit(edges) == [False, False] and bump.root.locator(".nn-light").count() == 0
    bump.root.locator(".nn-slider-v1").hover()
    assert lit(edges) == [True, False]
    bump.root.locator(".nn-slider-v2").hover()
    assert lit(edges) == [False, True]
    # a grip, too, and the slider that it moves
    for label, name in (("place of the step of h₁₁", "b1"), ("height far to the right", "v2")):
        x, y = middle(grip(bump, label))
        bump.page.mouse.move(x, y)
        assert (
            bump.root.locator(".nn-sliders .nn-lit")
            .evaluate_all("all => all.map((each) => each.className)")[0]
            .find(f"nn-slider-{name}")
            >= 0
        )
    bump.root.locator(".nn-slider-b1").hover()
    half = bump.root.evaluate(LIT)
    bump.root.locator(".nn-slider-w").hover()
    assert bump.root.evaluate(LIT) > 1.3 * half  # both steps
    bump.page.mouse.move(2, 2)
    assert bump.root.evaluate(LIT) == 0 and bump.root.locator(".nn-lit").count() == 0
    bump.root.locator(".nn-slider-b2 input[type=range]").focus()  # with the keyboard, too
    assert bump.root.evaluate(LIT) > 0
    bump.page.keyboard.press("ArrowRight")
    settled(bump, "b2", "value > -30")
    assert bump.root.evaluate(LIT) > 0
    bump.page.keyboard.press("ArrowLeft")
    settled(bump, "b2", "value === -30")
    bump.page.evaluate("document.activeElement.blur()")
    assert bump.root.evaluate(LIT) == 0 and bump.pixels() == canvas


def test_the_crosshair_of_the_map_is_on_the_surface(desk):
    tower = desk[1]
    tower.canvas.scroll_into_view_if_needed()
    cross = grip(tower, "the point under the crosshair")
    assert cross.get_attribute("aria-valuetext") == "f − target is almost 0 at (3.50, 0.00)"
    assert "f is almost 0 at (3.50, 0.00)" in [words for words, *_ in tower.canvas.evaluate(WRITTEN)]  # on the surface
    shown, before = tower.shown(), tower.pixels()

    def place(words):
        """The numbers of a place in words: "at (3.50, −1.20)"."""
        return [float(number.replace("−", "-")) for number in words.split("at (")[1].strip(")").split(", ")]

    size = (
        middle(grip(tower, "half-width of the tower along x₁"))[0]
        - middle(grip(tower, "half-width of the tower along x₂"))[0]
    )
    one = size / 2  # CSS pixels for 1 along x₁: the tower is 2 wide on each side
    pull(tower, "the point under the crosshair", -2.5 * one, -0.5 * one)
    said = cross.get_attribute("aria-valuetext")
    assert said.startswith("f − target is −0.500 at (") and place(said) == pytest.approx([1, 0.5], abs=0.06)
    assert tower.shown() == shown and tower.pixels() != before
    # a press beside it brings it there, arrow keys move it, Home puts it back
    x, y = middle(cross)
    tower.page.mouse.click(x + 3.2 * one, y + 3 * one)
    tower.settle()
    said = cross.get_attribute("aria-valuetext")
    assert place(said) == pytest.approx([4.2, -2.5], abs=0.06)
    cross.focus()
    for key in ("ArrowLeft", "Shift+ArrowUp"):
        tower.page.keyboard.press(key)
        tower.settle()
    moved = np.subtract(place(cross.get_attribute("aria-valuetext")), place(said))
    assert moved == pytest.approx([-1 / one, 10 / one], abs=0.02)  # a pixel, ten pixels
    tower.page.keyboard.press("Home")
    tower.settle()
    tower.page.evaluate("document.activeElement.blur()")
    tower.page.mouse.move(2, 2)
    tower.settle()
    assert tower.pixels() == before


def test_many_bars_hide_their_grips_and_are_reached_with_two_keys(desk):
    many = desk[3]
    many.canvas.scroll_into_view_if_needed()
    assert not many.root.locator(".nn-slider-h1").is_visible()
    grips = many.root.locator(".nn-handle")
    assert grips.count() == 20 and [grips.nth(k).get_attribute("tabindex") for k in range(20)] == ["0"] + ["-1"] * 19
    opacity = "grip => getComputedStyle(grip, '::before').opacity"
    assert [grips.nth(k).evaluate(opacity) for k in (0, 7)] == ["0", "0"]
    grips.nth(0).focus()
    many.page.keyboard.press("ArrowDown")
    many.page.keyboard.press("Enter")
    many.page.keyboard.press("ArrowUp")
    assert settled(many, "h2", "value > 0") == {f"h{k}": {1: -0.1, 2: 0.1}.get(k, 0) for k in range(1, 21)}

    # The shaded misfit shrinks as the bars follow the curve.
    def shaded():
        image = colors(many.drawn())
        return near(image[60:, : image.shape[1] // 2], (235, 205, 183), 24).mean()

    before = shaded()
    x, y = middle(grips.nth(0))
    box = many.canvas.bounding_box()
    zero = middle(grips.nth(10))[1]
    many.page.mouse.move(x, zero + 40)
    many.page.mouse.down()
    for k in range(40):
        many.page.mouse.move(x + k * box["width"] * 0.32 / 40, zero + 70)
    many.page.mouse.up()
    settled(many, "h12", "value < -0.5")
    assert 0.02 < shaded() < 0.75 * before


def test_the_distance_of_samples_reaches_every_small_number(desk):
    sampling = desk[4]
    sampling.canvas.scroll_into_view_if_needed()
    x, y = middle(grip(sampling, "distance of two samples"))
    width = (sampling.canvas.bounding_box()["width"] - 68) / 0.4  # pixels for 1 along x
    found = set()
    mouse = sampling.page.mouse
    mouse.move(x, y)
    mouse.down()
    for n in (40, 29, 20, 14, 13, 12, 11):
        mouse.move(x + (2 / (n - 1) - 2 / 49) * width, y)
        sampling.wait_until_shown("n", n)
        found.add(sampling.shown()["n"])
    mouse.up()
    assert found == {40, 29, 20, 14, 13, 12, 11}
    assert np.isclose(middle(grip(sampling, "distance of two samples"))[0], x + (0.2 - 2 / 49) * width, atol=3)
