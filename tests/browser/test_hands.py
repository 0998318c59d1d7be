"""What can be seized in a picture: with the mouse, a finger and the keys; and what a finger that scrolls past leaves alone."""

from contextlib import contextmanager

import pytest

from helpers import explorers
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.panels import axis, handle, heat, sentence, surface
from tests.browser import on_a_page

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def hill() -> Explorer:
    """A hill whose place and height are seized on the map and on the surface."""
    across, along = axis("x1", -5, 5), axis("x2", -5, 5)
    drawn = "f", across, along, axis("f", 0, 1)
    top = handle("top", ("p", "q"), "xy", {"p": "to_x", "q": "to_y"}, "at ({p:1}, {q:1})")
    grips = [
        handle("height", ("p", "q", "h"), "z", {"h": "to_z"}, "h = {h:2}"),
        handle("right side", ("p + 1", "q", "0"), "x1", {"p": "to_x - 1"}, "x₁ = {p + 1:1}"),
    ]
    sliders = [Parameter("p", -5, 5, 1, 0.1, "x1 of the top"), Parameter("q", -5, 5, 2, 0.1, "x2 of the top"),
               Parameter("h", 0, 1, 0.5, 0.05, "height")]  # fmt: skip
    formula = "h*exp(-(x1 - p)**2 - (x2 - q)**2)"
    panels = [surface("hill", *drawn, handles=grips), heat("from above", *drawn, handles=[top])]
    return Explorer(sliders, {"f": formula}, panels, [sentence("A hill {h:2} high.")])


@pytest.fixture(scope="module")
def desk(chromium):
    with on_a_page.shown(chromium, hill(), explorers.depends_on_b2(), explorers.bump_challenge(5)) as opened:
        yield opened


@pytest.fixture(scope="module")
def phone(chromium):
    pictures = explorers.depends_on_b2(), explorers.bump_challenge(5), explorers.fit(), explorers.tower()
    with on_a_page.shown(chromium, *pictures, **PHONE) as opened:
        yield opened


def grip(explorer, label):
    return explorer.root.get_by_role("slider", name=label, exact=True).first


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pull(explorer, label, right, down):
    """Drag a grip with the mouse."""
    explorer.canvas.scroll_into_view_if_needed()
    x, y = middle(grip(explorer, label))
    mouse = explorer.page.mouse
    mouse.move(x, y)
    mouse.down()
    for step in range(1, 9):
        mouse.move(x + right * step / 8, y + down * step / 8)
    mouse.up()
    explorer.settle()


def test_a_grip_goes_where_the_mouse_goes_and_moves_its_slider(desk):
    hills, _, _ = desk
    hills.reset()
    x, y = middle(grip(hills, "top"))
    pull(hills, "top", 40, 25)
    shown = hills.shown()
    assert shown["p"] > 1.5 and shown["q"] < 1.5 and shown["h"] == 0.5
    assert middle(grip(hills, "top")) == pytest.approx((x + 40, y + 25), abs=3)
    assert hills.slider("p").locator("input[type=range]").input_value() == f"{shown['p']:g}"
    assert grip(hills, "top").get_attribute("aria-valuetext") == f"at ({shown['p']:.1f}, {shown['q']:.1f})"
    # On the surface each grip goes along one edge of the box alone, however the surface is turned.
    for _ in range(2):
        before = hills.shown()
        pull(hills, "height", 0, -30)
        assert hills.shown() == before | {"h": hills.shown()["h"]} and hills.shown()["h"] > before["h"] + 0.1
        before = hills.shown()
        x, y = middle(grip(hills, "right side"))
        pull(hills, "right side", 25, 8)
        assert hills.shown() == before | {"p": hills.shown()["p"]} and hills.shown()["p"] != before["p"]
        hills.reset()
        hills.canvas.focus()
        for _ in range(8):
            hills.page.keyboard.press("ArrowRight")
        hills.settle()


def test_a_click_on_a_grip_changes_nothing_and_a_double_click_puts_it_back(desk):
    hills, _, _ = desk
    hills.reset()
    first = hills.shown()
    pull(hills, "top", 0, 0)
    assert hills.shown() == first
    pull(hills, "top", -30, 30)
    assert hills.shown() != first
    grip(hills, "top").dblclick()
    hills.settle()
    assert hills.shown() == first


def test_the_keys_move_a_grip_by_a_step_of_its_slider(desk):
    hills, slopes, bars = desk
    keys = hills.page.keyboard
    hills.reset()
    grip(hills, "top").focus()
    for key, moved in (
        ("ArrowRight", (1.1, 2)),
        ("ArrowUp", (1.1, 2.1)),
        ("ArrowLeft", (1, 2.1)),
        ("ArrowDown", (1, 2)),
    ):
        keys.press(key)
        hills.settle()
        assert (hills.shown()["p"], hills.shown()["q"]) == moved
    grip(hills, "height").focus()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    hills.settle()
    assert hills.shown()["h"] == 0.6
    keys.press("Home")
    hills.settle()
    assert hills.shown()["h"] == 0.5
    slopes.reset()
    grip(slopes, "b₂").focus()
    for _ in range(3):  # faster than the picture is drawn
        keys.press("ArrowLeft")
    slopes.wait_until_shown("b2", -0.3)
    bars.reset()
    grip(bars, "height of bump 3").focus()
    before = bars.shown()
    keys.press("ArrowDown")
    bars.settle()
    assert bars.shown() == before | {"h3": before["h3"] - 0.1}


def test_all_grips_are_seen_before_the_hover_and_large_enough(desk, phone):
    for explorer in (*desk, phone[1]):
        explorer.page.evaluate("document.activeElement.blur()")
        explorer.page.mouse.move(0, 0)
        grips = explorer.root.locator(".nn-handle").evaluate_all(
            """grips => grips.map((grip) => {
                const { opacity, backgroundColor, borderTopStyle } = getComputedStyle(grip, "::before");
                return { size: Math.min(grip.offsetWidth, grip.offsetHeight), look: [opacity, backgroundColor, borderTopStyle] };
            })"""
        )
        assert grips and min(each["size"] for each in grips) >= 24, grips
        assert all(each["look"] == ["1", "rgb(255, 255, 255)", "solid"] for each in grips), grips


def test_a_press_beside_the_grip_brings_it_there(desk):
    slopes = desk[1]
    slopes.reset()
    slopes.canvas.scroll_into_view_if_needed()
    box = slopes.canvas.bounding_box()
    slopes.page.mouse.click(box["x"] + 56 + 0.75 * (box["width"] / 2 - 5 - 68), box["y"] + 120)
    slopes.settle()
    assert slopes.shown()["b2"] == pytest.approx(3, abs=0.2)
    slopes.page.mouse.click(box["x"] + 20, box["y"] + 120)  # left of the axis
    slopes.settle()
    assert slopes.shown()["b2"] == pytest.approx(3, abs=0.2)


# ---- fingers -------------------------------------------------------------------------------------


@contextmanager
def finger(page, x, y):
    """finger(x, y) puts a finger down, gives a function that moves it, and lifts it."""
    session = page.context.new_cdp_session(page)

    def send(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
        page.wait_for_timeout(16)

    send("touchStart", (x, y))
    yield lambda x, y: send("touchMove", (x, y))
    send("touchEnd")
    page.wait_for_timeout(50)


def swipe(page, x, y, right, down, steps=12):
    """How far the page scrolls when a finger goes from x, y."""
    before = page.evaluate("scrollY")
    with finger(page, x, y) as move:
        for step in range(1, steps + 1):
            move(x + right * step / steps, y + down * step / steps)
    return page.evaluate("scrollY") - before


def in_sight(explorer):
    explorer.canvas.evaluate("canvas => window.scrollTo(0, canvas.getBoundingClientRect().top + scrollY - 120)")
    explorer.page.wait_for_timeout(60)
    return explorer.canvas.bounding_box()


@pytest.mark.parametrize("number", range(4), ids=["depends_on_b2", "bump_challenge", "fit", "tower"])
def test_a_swipe_past_scrolls_and_changes_nothing(phone, number):
    explorer = phone[number]
    for share in (0.35, 0.75):
        box = in_sight(explorer)
        before = explorer.shown()
        # A finger seldom goes straight up.
        scrolled = swipe(explorer.page, box["x"] + share * box["width"], box["y"] + 0.62 * box["height"], 14, -200)
        assert scrolled > 120
        explorer.settle()
        assert explorer.shown() == before


def test_a_finger_drags_a_grip(phone):
    slopes, bars, *_ = phone
    in_sight(slopes)
    x, y = middle(grip(slopes, "b₂"))
    assert swipe(slopes.page, x, y, 60, 3) == 0
    assert slopes.shown()["b2"] > 1
    slopes.reset()
    in_sight(bars)
    before = bars.shown()
    x, y = middle(grip(bars, "height of bump 3"))
    assert swipe(bars.page, x, y, 0, -40) == 0
    assert bars.shown() == before | {"h3": bars.shown()["h3"]} and bars.shown()["h3"] > before["h3"] + 0.2


def test_a_drag_that_the_browser_takes_for_scrolling_is_undone(desk):
    slopes = desk[1]
    slopes.reset()
    before = slopes.shown()
    seen = grip(slopes, "b₂").evaluate(
        """async (grip) => {
            const canvas = grip.closest(".nn-view").querySelector("canvas");
            const finger = { pointerId: 7, pointerType: "touch", clientY: 100 };
            const send = (type, x) => grip.dispatchEvent(new PointerEvent(type, { ...finger, clientX: x }));
            grip.setPointerCapture = () => {};
            const frame = () => new Promise(requestAnimationFrame);
            const after = async () => { await frame(); await frame(); return JSON.parse(canvas.dataset.shown).b2; };
            send("pointerdown", 100);
            send("pointermove", 104);
            const still = await after();
            send("pointermove", 140);
            const moved = await after();
            send("pointercancel", 140);
            return [still, moved, await after()];
        }"""
    )
    assert seen[0] == before["b2"] != seen[1] and seen[2] == before["b2"]


# ---- sliders ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(chromium):
    with on_a_page.shown(chromium, explorers.bump_challenge(8), explorers.tangent("sigmoid", log10h=-0.5)) as opened:
        yield opened


def test_up_to_five_sliders_are_open_with_their_meanings_and_more_are_folded(crowd, desk):
    bars, _ = crowd
    page = bars.page
    sliders = bars.root.locator(".nn-sliders")
    button = bars.root.locator(".nn-unfold")
    assert sliders.is_hidden() and button.inner_text() == "▸ 8 sliders"
    button.focus()
    page.keyboard.press("Enter")
    assert sliders.is_visible() and button.get_attribute("aria-expanded") == "true"
    bars.root.locator(".nn-slider-h7 input[type=range]").focus()
    assert bars.root.locator(".nn-meanings").inner_text().endswith("v₇ height of bump 7")
    assert sliders.evaluate("box => box.scrollHeight - box.clientHeight") == 0
    button.click()
    assert sliders.is_hidden()
    few = desk[0]
    assert few.root.locator(".nn-sliders").is_visible() and few.root.locator(".nn-unfold").count() == 0
    assert few.root.locator(".nn-meanings").inner_text() == "p x1 of the top · q x2 of the top · h height"


def test_a_slider_has_the_name_and_the_number_of_the_picture(crowd):
    _, tangent = crowd
    slider = tangent.root.locator(".nn-slider-h")
    assert slider.locator(".widget-label").inner_text() == "h"
    assert slider.locator(".widget-readout").input_value() == "0.3162" and "For h = 0.3162 the" in tangent.sentence()
    assert tangent.shown()["h"] == pytest.approx(10**-0.5, rel=1e-9) and tangent.shown()["log10h"] == -0.5
    slider.locator("input[type=range]").focus()
    tangent.page.keyboard.press("ArrowLeft")
    tangent.wait_until_shown("log10h", -0.55)
    tangent.page.keyboard.press("Delete")
    tangent.wait_until_shown("log10h", -0.5)


def test_sliders_stay_in_sight_on_a_phone_while_the_picture_is_scrolled(phone):
    tower = phone[3]
    in_sight(tower)
    tower.page.evaluate("window.scrollBy(0, 350)")
    tower.page.wait_for_timeout(100)
    assert tower.root.locator(".nn-sliders").bounding_box()["y"] >= -1
    tower.page.evaluate("window.scrollTo(0, 0)")


# ---- from one state to the next ------------------------------------------------------------------------

#: What is shown after act(root), frame by frame: [the values, whether it moves], for 600 ms.
FRAMES = """(root, act) => new Promise((done) => {
    const canvas = root.querySelector("canvas"), frames = [], start = performance.now();
    (0, eval)(act)(root);
    const look = () => {
        frames.push([JSON.parse(canvas.dataset.shown), canvas.hasAttribute("data-moving")]);
        if (performance.now() - start < 600) requestAnimationFrame(look);
        else done(frames);
    };
    requestAnimationFrame(look);
})"""
RESET = "(root) => [...root.querySelectorAll('button')].find(({ textContent }) => textContent === 'Reset').click()"
SLIDE = "(root) => { const track = root.querySelector('.nn-slider-p input'); track.value = 4; track.dispatchEvent(new Event('input')); }"


def frames(explorer, act: str) -> tuple[list, bool]:
    """What was shown on the way, without repetition, and whether it moved."""
    seen = explorer.root.evaluate(FRAMES, act)
    shown = [values for k, (values, _) in enumerate(seen) if k == 0 or values != seen[k - 1][0]]
    return shown, any(moving for _, moving in seen)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_reset_moves_and_a_slider_does_not(chromium, motion):
    with on_a_page.shown(
        chromium, hill(), explorers.tower(), explorers.backprop("002.1"), reduced_motion=motion
    ) as opened:
        hills, tower, network = opened
        first, pixels = hills.shown(), hills.drawn()
        shown, moved = frames(hills, SLIDE)
        assert [values["p"] for values in shown][-1] == 4 and len(shown) <= 2 and not moved
        hills.canvas.focus()
        for _ in range(8):
            hills.page.keyboard.press("ArrowRight")
        shown, moved = frames(hills, RESET)
        between = [values["p"] for values in shown if 1 < values["p"] < 4]
        if motion == "reduce":
            assert not moved and between == []
        else:
            assert moved and len(between) >= 2 and between == sorted(between, reverse=True)
        assert shown[-1] == first and hills.drawn() == pixels
        # What is whole stays whole, and the step of a working has a pulse of its own.
        tower.typed("w", "20")
        shown, _ = frames(tower, RESET)
        assert all(values["w"] == int(values["w"]) for values in shown) and shown[-1]["w"] == 50
        network.press("All")
        network.settle()
        assert {values["step"] for values in frames(network, RESET)[0]} <= {0, network.shown()["step"], 14}


# ---- ears and words --------------------------------------------------------------------------------


def test_a_picture_that_wants_keys_is_an_application_with_name_and_hint(desk, crowd):
    hills, slopes, _ = desk
    for explorer, role in ((hills, "application"), (slopes, "img")):
        canvas = explorer.canvas
        assert canvas.get_attribute("role") == role and canvas.get_attribute("aria-label") == explorer.sentence()
        described = explorer.root.locator(f"#{canvas.get_attribute('aria-describedby')}")
        assert described.inner_text() == explorer.root.locator(".nn-hint").inner_text() != ""
    hints = {each.canvas.get_attribute("aria-describedby") for each in desk}
    assert len(hints) == len(desk)


def test_what_changes_is_spoken_once_after_a_pause(chromium):
    with on_a_page.shown(chromium, hill()) as (hills,):
        hills.canvas.evaluate(
            """canvas => {
                const [region, message] = [".nn-spoken", ".nn-message"].map((name) => canvas.closest(".nn-view").querySelector(name));
                window.heard = [];
                const listen = new MutationObserver(() => window.heard.push(region.textContent));
                for (const each of [region, message]) listen.observe(each, { childList: true, characterData: true, subtree: true });
            }"""
        )
        hills.page.wait_for_timeout(1000)
        assert hills.page.evaluate("heard") == []  # nobody has touched anything
        grip(hills, "height").focus()
        for _ in range(3):
            hills.page.keyboard.press("ArrowUp")
        hills.page.wait_for_timeout(1000)
        assert hills.page.evaluate("heard") == ["A hill 0.65 high."] == [hills.sentence()]
        hills.canvas.focus()
        for _ in range(2):
            hills.page.keyboard.press("ArrowLeft")
        hills.page.wait_for_timeout(1000)
        assert hills.page.evaluate("heard")[1:] == ["Turned to 290°, seen from 32° above."]


def test_where_python_is_silent_words_and_picture_stay_together(chromium):
    with on_a_page.shown(chromium, explorers.curve_of(lambda x, k: k * x, y=(-2, 2), k=(-2, 2, 0.5, 0.1))) as (line,):
        sentence, pixels = line.sentence(), line.drawn()
        assert "k = 0.5" in sentence and line.message() == ""
        line.root.locator(".nn-slider-k input[type=range]").focus()
        line.page.keyboard.press("ArrowLeft")
        line.settle()
        assert line.sentence() == sentence and line.shown() == {"k": 0.5} and line.drawn() == pixels
        assert line.message() == ""  # it may still come
        line.root.locator(".nn-message:not([hidden])").wait_for()
        assert "run this cell again" in line.message()
        assert line.sentence() == sentence and line.shown() == {"k": 0.5}
