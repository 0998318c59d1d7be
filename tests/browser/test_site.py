"""The pages of the site in a browser: over http and as files, without a network, light and dark, narrow and wide."""

import json

import pytest

from helpers.shell.site import build
from tests.browser import lab, lite

pytestmark = pytest.mark.browser

#: The canvas with the picture; another one above it lights up what is touched.
PICTURE = "canvas:not(.nn-light)"

STEMS = sorted(path.stem for path in (build.ROOT / "notebooks").glob("*.ipynb"))
#: A slider of the first explorer that moves on each page.
SLIDERS = {
    "01_derivatives": "x", "02_chain_rule": "p", "03_bump_plots": "b", "04_backprop_by_hand": "x1", "05_mnist_binary": "scale",
    "07_regression_ann": "noise",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return build.build(tmp_path_factory.mktemp("site") / "_site", lite=False)


@pytest.fixture(scope="module")
def address(site):
    with lite.site(site) as server:
        yield server.address


class Opened:
    """A page of the site: every request that would leave the machine is refused and noted, every complaint too."""

    def __init__(self, chromium, local, path, **options):
        self.refused, self.complaints = [], []
        self.context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        self.context.set_default_timeout(15_000)
        self.context.route("**/*", lambda route: self._answer(route, local))
        self.page = self.context.new_page()
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"{request.url}: {request.failure}"))
        self.page.goto(f"{local}/{path}")

    def _answer(self, route, local):
        if route.request.url.startswith((local, "data:")):
            return route.continue_()
        self.refused.append(route.request.url)
        return route.abort()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def explorer(self, number=0):
        figure = self.page.locator("figure.explorer").nth(number)
        figure.scroll_into_view_if_needed()
        figure.locator("canvas[data-shown]").wait_for()
        return figure

    def shown(self, figure):
        return json.loads(figure.locator(PICTURE).get_attribute("data-shown"))

    def drawn(self, figure):
        return figure.locator(PICTURE).evaluate("canvas => canvas.toDataURL()")

    def drag(self, figure, name, to=0.8):
        """Drag the slider with the mouse to the fraction `to` of its track; what the picture shows then."""
        track = figure.locator(f".nn-slider-{name} input[type=range]")
        if not track.is_visible():  # the sliders are folded away
            figure.get_by_role("button", name="sliders").click()
        track.scroll_into_view_if_needed()
        box = track.bounding_box()
        value, low, high = (float(track.evaluate(f"track => track.{what}")) for what in ("value", "min", "max"))
        y, mouse = box["y"] + box["height"] / 2, self.page.mouse
        thumb = 16 / box["width"]
        place = lambda part: box["x"] + box["width"] * (thumb / 2 + part * (1 - thumb))  # noqa: E731
        mouse.move(place((value - low) / (high - low)), y)
        mouse.down()
        for part in (0.5, 0.6, to):
            mouse.move(place(part), y)
        mouse.up()
        now = float(track.input_value())
        self.page.wait_for_function(
            "([canvas, name, now]) => Math.abs(JSON.parse(canvas.dataset.shown)[name] - now) < 1e-6",
            arg=[figure.locator(PICTURE).element_handle(), name, now],
        )
        return now

    def quiet(self):
        assert self.refused == [] and self.complaints == []


def check_that_it_moves(opened, figure, name):
    # Before the first step the numbers of a graph and of a working say nothing; the first of a working names its result.
    for button in ("All",) if figure.locator(".nn-table").count() == 0 else ("Step",):
        if figure.get_by_role("button", name=button, exact=True).count():
            figure.get_by_role("button", name=button, exact=True).click()
    before, pixels, words = opened.shown(figure), opened.drawn(figure), figure.locator(".nn-sentence").inner_text()
    now = opened.drag(figure, name)
    assert opened.shown(figure)[name] == pytest.approx(now, abs=1e-6) != before[name]
    assert opened.drawn(figure) != pixels
    assert figure.locator(".nn-sentence").inner_text() != words
    assert figure.locator(PICTURE).get_attribute("aria-label") == figure.locator(".nn-sentence").inner_text()
    assert figure.locator(".nn-message").is_hidden()


@pytest.mark.parametrize("stem", STEMS)
def test_each_page_moves_without_a_network(chromium, address, stem):
    with Opened(chromium, address, f"read/{stem}.html") as opened:
        number = opened.page.locator("figure.explorer").count()
        assert (number > 0) == (stem in SLIDERS)
        for k in range(number):
            opened.explorer(k)  # each is drawn
        if number:
            check_that_it_moves(opened, opened.explorer(0), SLIDERS[stem])
        assert opened.page.evaluate("[...document.images].every((image) => image.alt)")
        opened.quiet()


def test_a_page_that_reaches_out_is_noticed(chromium, site, address):
    (site / "reaching.html").write_text('<img src="https://example.org/a.png"><script>throw new Error("oh")</script>')
    with Opened(chromium, address, "reaching.html") as opened:
        opened.page.wait_for_timeout(100)
        assert opened.refused == ["https://example.org/a.png"] and any("oh" in each for each in opened.complaints)


@pytest.mark.parametrize("path", ["index.html", "read/03_bump_plots.html"])
def test_as_a_file(chromium, site, path):
    with Opened(chromium, site.as_uri(), path) as opened:
        check_that_it_moves(opened, opened.explorer(), "b")
        assert opened.explorer().locator("img.picture").is_hidden()
        opened.quiet()


def test_without_scripts_the_pictures_stay(chromium, address):
    with Opened(chromium, address, "read/03_bump_plots.html", java_script_enabled=False) as opened:
        picture = opened.page.locator("figure.explorer img.picture").first
        picture.scroll_into_view_if_needed()
        assert picture.is_visible() and opened.page.locator("canvas").count() == 0


def test_the_controls(chromium, address):
    """Keys, a typed number, a double click on the name, Reset, a menu."""
    with Opened(chromium, address, "index.html") as opened:
        tower = opened.explorer()
        track, number = (
            tower.locator(".nn-slider-bias input[type=range]"),
            tower.locator(".nn-slider-bias .widget-readout"),
        )
        shows = lambda value: opened.page.wait_for_function(  # noqa: E731
            f"JSON.parse(document.querySelector('canvas').dataset.shown).bias === {value}"
        )
        track.focus()
        opened.page.keyboard.press("ArrowRight")
        shows(-199)
        number.fill("−150")
        number.press("Enter")
        shows(-150)
        assert track.input_value() == "-150" and "tower" in tower.locator(".nn-sentence").inner_text()
        for nonsense, kept in (("abc", "−150"), ("", "−150"), ("1e9", "0"), ("−1000", "−300")):
            number.fill(nonsense)
            number.press("Enter")
            assert number.input_value() == kept
        tower.locator(".nn-slider-bias .widget-label").dblclick()
        shows(-200)
        opened.page.keyboard.press("Home")
        tower.get_by_role("button", name="Reset").click()
        shows(-200)
        assert "bias" in track.get_attribute("aria-label") and number.input_value() == "−200"
        opened.page.goto(f"{address}/read/05_mnist_binary.html")
        figure = opened.explorer()
        pixels = opened.drawn(figure)
        figure.locator("select").select_option("tanh")
        opened.page.wait_for_function("JSON.parse(document.querySelector('canvas').dataset.shown).activation === 1")
        assert opened.drawn(figure) != pixels
        opened.quiet()


def test_a_training_runs_on_the_page(chromium, address):
    with Opened(chromium, address, "read/07_regression_ann.html") as opened:
        figure = opened.explorer()
        epoch = opened.shown(figure)["epoch"]
        rate = figure.locator(".nn-slider-rate .widget-readout")
        rate.fill("0.5")
        rate.press("Enter")
        opened.page.wait_for_function(
            "canvas => JSON.parse(canvas.dataset.shown).rate === 0.5", arg=figure.locator(PICTURE).element_handle()
        )
        figure.get_by_role("button", name="One epoch").click()
        opened.page.wait_for_function(
            "([canvas, epoch]) => JSON.parse(canvas.dataset.shown).epoch > epoch",
            arg=[figure.locator(PICTURE).element_handle(), epoch],
        )
        opened.quiet()


@pytest.mark.parametrize("path", ["index.html", *(f"read/{stem}.html" for stem in STEMS)])
def test_narrow_in_both_colours_and_for_everybody(chromium, address, path):
    with Opened(chromium, address, path, viewport={"width": 400, "height": 800}, has_touch=True) as opened:
        page = opened.page
        figures = [opened.explorer(k) for k in range(page.locator("figure.explorer").count())]
        assert bool(figures) == (not path.endswith("06_mnist_multiclass.html"))  # whose pictures need Python
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            background = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
            assert (sum(background[:3]) < 200) == (scheme == "dark")
            corner = """canvas => {
                const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
                copy.drawImage(canvas, -1, -1);
                return copy.getImageData(0, 0, 1, 1).data.slice(0, 3).join();
            }"""
            for figure in figures:
                page.wait_for_function(
                    f"([canvas, color]) => ({corner})(canvas) === color",
                    arg=[figure.locator(PICTURE).element_handle(), ",".join(map(str, background[:3]))],
                )
            assert lab.serious(page, rules=() if scheme == "light" else ["color-contrast"]) == []
        opened.quiet()


def test_print_shows_the_pictures_and_no_controls(chromium, address):
    with Opened(chromium, address, "read/03_bump_plots.html", color_scheme="dark") as opened:
        figure = opened.explorer()
        page = opened.page
        page.emulate_media(media="print")
        assert figure.locator("img.picture").is_visible() and figure.locator(".nn-explorer").is_hidden()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.locator(".bar").is_hidden() and page.locator(".copy").first.is_hidden()
        assert len(page.pdf()) > 100_000


def test_code_is_copied_and_a_link_unfolds(chromium, address):
    options = {"permissions": ["clipboard-read", "clipboard-write"]}
    with Opened(chromium, address, "read/03_bump_plots.html", **options) as opened:
        page = opened.page
        code = page.locator(".code", has_text="explorers.step()").first
        code.hover()
        code.get_by_role("button", name="Copy").click()
        code.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "explorers.step()\n"
        page.evaluate("document.querySelector('.setup pre').id = 'inside'; location.hash = 'inside'")
        page.locator(".setup details[open]").wait_for()
