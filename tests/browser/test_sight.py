"""What is seen of every explorer: words that can be read, and controls together with the main picture, on a projector and a phone."""

import pytest

from tests.browser import every_explorer as every
from tests.browser import on_a_page
from tests.browser.test_hands import PHONE

pytestmark = pytest.mark.browser

ALL = [*every.NAMES, *every.STATES]
PROJECTOR = {"width": 683, "height": 470}
WIDE = 642  # CSS pixels that the site leaves an explorer on a projector

#: From here on every word on a canvas is looked at: what lies below its letters, before it is written.
WATCH = """() => {
    window.words = { seen: 0, faint: {} };
    const bright = (rgb) => {
        const [red, green, blue] = rgb.map((channel) => {
            const part = channel / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (one, other) => {
        const [low, high] = [bright(one), bright(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const inkOf = (context) => {
        const parts = context.fillStyle.startsWith("#")
            ? [1, 3, 5].map((start) => parseInt(context.fillStyle.slice(start, start + 2), 16))
            : context.fillStyle.match(/[\\d.]+/g).map(Number);
        return { rgb: parts.slice(0, 3), alpha: (parts[3] ?? 1) * context.globalAlpha };
    };
    const look = (context, write, text, x, y, more) => {
        const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } =
            context.measureText(text);
        const transform = context.getTransform();
        const corners = [[-left, -up], [right, -up], [right, down], [-left, down]]
            .map(([dx, dy]) => transform.transformPoint({ x: x + dx, y: y + dy }));
        const ends = (axis, size) => [
            Math.max(0, Math.floor(Math.min(...corners.map((corner) => corner[axis])))),
            Math.min(size, Math.ceil(Math.max(...corners.map((corner) => corner[axis])))),
        ];
        const [[x0, x1], [y0, y1]] = [ends("x", context.canvas.width), ends("y", context.canvas.height)];
        if (x1 <= x0 || y1 <= y0 || !/[\\p{L}\\p{N}]/u.test(text)) return; // marks are seen by their shape
        const mask = new OffscreenCanvas(x1 - x0, y1 - y0).getContext("2d");
        mask.setTransform(new DOMMatrix().translate(-x0, -y0).multiply(transform));
        for (const name of ["font", "textAlign", "textBaseline"]) mask[name] = context[name];
        OffscreenCanvasRenderingContext2D.prototype.plainText.call(mask, text, x, y, ...more);
        const letters = mask.getImageData(0, 0, x1 - x0, y1 - y0).data;
        const below = context.getImageData(x0, y0, x1 - x0, y1 - y0).data;
        const ink = inkOf(context);
        const found = [];
        for (let i = 0; i < letters.length; i += 4) {
            if (letters[i + 3] < 100) continue;
            const paper = [0, 1, 2].map((k) => below[i + k]);
            found.push(contrast(paper, paper.map((channel, k) => channel + (ink.rgb[k] - channel) * ink.alpha)));
        }
        if (!found.length) return;
        words.seen += 1;
        // A line may pass below a corner of a letter.
        const worst = found.sort((a, b) => a - b)[Math.floor(0.1 * found.length)];
        if (worst < 4.5) words.faint[text] = Math.min(words.faint[text] ?? 21, Number(worst.toFixed(2)));
    };
    for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
        prototype.plainText = prototype.fillText;
        prototype.fillText = function (text, x, y, ...more) {
            look(this, prototype.plainText, String(text), x, y, more);
            return prototype.plainText.call(this, text, x, y, ...more);
        };
    }
}"""

#: All sliders to their ends and back again; all steps; every button that unfolds something.
EVERYTHING = """async (root) => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const press = (...names) => {
        for (const button of root.querySelectorAll("button")) if (names.includes(button.textContent)) button.click();
    };
    press("Reset", "All", "Weights");
    const canvas = root.querySelector("canvas");
    for (const key of ["ArrowLeft", "Home"]) canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })); // turns a surface
    await drawn();
    const tracks = [...root.querySelectorAll("input[type=range]")];
    const first = tracks.map(({ value }) => value);
    for (const valueOf of [({ min }) => min, ({ max }) => max, (track, k) => first[k]]) {
        tracks.forEach((track, k) => {
            track.value = valueOf(track, k);
            track.dispatchEvent(new Event("input"));
        });
        await drawn();
    }
    press("Weights");
}"""


@pytest.fixture(scope="module")
def desk(chromium):
    with on_a_page.shown(chromium, *map(every.made, ALL)) as opened:
        yield dict(zip(ALL, opened, strict=True))


@pytest.fixture(scope="module")
def phone(chromium):
    with on_a_page.shown(chromium, *map(every.made, ALL), **PHONE) as opened:
        yield dict(zip(ALL, opened, strict=True))


def test_words_on_canvases_can_be_read(desk):
    """4.5 : 1 at least (WCAG 1.4.3), in both themes."""
    page = next(iter(desk.values())).page
    page.evaluate(WATCH)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        faint = {}
        for name, explorer in desk.items():
            page.evaluate("() => { words.seen = 0; words.faint = {}; }")
            explorer.root.evaluate(EVERYTHING)
            assert page.evaluate("words.seen") > 0, name
            if found := page.evaluate("words.faint"):
                faint[name] = found
        assert faint == {}, scheme
    page.evaluate("""() => {
        for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) prototype.fillText = prototype.plainText;
    }""")


def test_pale_words_are_noticed(chromium):
    page = chromium.new_page()
    page.set_content("<!doctype html><html lang=en><title>pale</title><canvas width=300 height=80></canvas>")
    page.evaluate(WATCH)
    page.evaluate("""() => {
        const context = document.querySelector("canvas").getContext("2d");
        context.fillStyle = "#fff";
        context.fillRect(0, 0, 300, 80);
        context.font = "20px sans-serif";
        const write = (text, ink, y, alpha = 1) => {
            context.globalAlpha = alpha;
            context.fillStyle = ink;
            context.fillText(text, 5, y);
        };
        write("pale", "#999", 20);
        write("dark", "#555", 40);
        write("thin", "#555", 60, 0.6);
        write("white", "#fff", 78);
    }""")
    assert page.evaluate("words.seen") == 4 and set(page.evaluate("words.faint")) == {"pale", "thin", "white"}
    page.close()


def lower(explorer) -> float:
    """CSS pixels of what stands below the main picture: panels with a row of their own that come after it."""
    heights = [panel.get("height") for panel in explorer.spec["panels"] if not panel.get("folded")]
    main = next((k for k, height in enumerate(heights) if not height), 0)
    return sum(height + 10 for height in heights[main + 1 :] if height)


@pytest.mark.parametrize("name", ALL)
def test_controls_and_main_picture_are_seen_at_once_on_a_projector(desk, name):
    explorer = desk[name]
    explorer.page.set_viewport_size(PROJECTOR)
    explorer.page.evaluate("wide => { document.querySelector('main').style.maxWidth = `${wide}px`; }", WIDE + 24)
    explorer.settle()
    top, canvas = explorer.root.bounding_box()["y"], explorer.canvas.bounding_box()
    assert canvas["height"] > 150
    assert canvas["y"] + canvas["height"] - top <= PROJECTOR["height"] + lower(every.made(name))
    assert explorer.root.evaluate("root => root.scrollWidth <= root.clientWidth + 1")


#: Of what can be moved, what is in the window: sliders, buttons of steps, grips.
IN_SIGHT = """root => [...root.querySelectorAll(".nn-sliders label, .nn-step, .nn-handle")].filter((each) => {
    const { top, bottom, width } = each.getBoundingClientRect();
    return each.checkVisibility() && width && top >= 0 && bottom <= innerHeight;
}).length"""


@pytest.mark.parametrize("name", ALL)
def test_something_to_move_is_seen_with_every_part_of_the_picture_on_a_phone(phone, name):
    explorer = phone[name]
    box = explorer.canvas.bounding_box()
    top = box["y"] + explorer.page.evaluate("scrollY")
    for share in (0, 0.5, 1):
        # this part of the picture a little below the middle of the window
        explorer.page.evaluate("y => scrollTo(0, y - 0.6 * innerHeight)", top + share * box["height"])
        explorer.page.wait_for_timeout(50)
        assert explorer.root.evaluate(IN_SIGHT) > 0, share
