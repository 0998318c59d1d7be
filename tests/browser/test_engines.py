"""Firefox and WebKit: every explorer of the site in both, and those of notebook 03 in JupyterLab in Firefox."""

import base64
import functools
import json
import os
import time
from contextlib import contextmanager

import nbformat
import numpy as np
import pytest

from helpers.shell.site import build
from tests.browser import engines, lab, lite
from tests.browser import every_explorer as every

pytestmark = pytest.mark.browser

STEMS = sorted(path.stem for path in (build.ROOT / "notebooks").glob("*.ipynb"))
PAGES = ["index.html", *(f"read/{stem}.html" for stem in STEMS)]
FIGURES, IN_LAB = "figure.explorer", ".jp-OutputArea-output .nn-explorer"

#: What the canvas says that it shows, once it does; it is scrolled into sight for that.
SHOWN = """(selector, number) => {
  const root = document.querySelectorAll(selector)[number];
  root.scrollIntoView({ block: "center" });
  return JSON.parse(root.querySelector("canvas[data-shown]")?.dataset.shown ?? null);
}"""
PICTURE = "(selector, number) => document.querySelectorAll(selector)[number].querySelector('canvas').toDataURL()"
MESSAGE = "(selector, number) => document.querySelectorAll(selector)[number].querySelector('.nn-message').textContent"
NUMBERS = "(selector, number) => document.querySelectorAll(selector)[number].querySelector('.nn-handles').textContent"
UNFOLD = """(selector, number) => {
  for (const folded of document.querySelectorAll(selector)[number].querySelectorAll("[aria-expanded=false]")) folded.click();
}"""

#: The first slider of an explorer whose number is seen at once: its name, the `part` of its track left of the handle, and where
#: the track is in the window.
SLIDER = """(selector, number) => {
  const root = document.querySelectorAll(selector)[number];
  const nameOf = (each) => each.closest("[class*=nn-slider-]").className.match(/nn-slider-(\\w+)/)[1];
  const tracks = [...root.querySelectorAll("[class*=nn-slider-] :is(input[type=range], .noUi-target)")]
    .filter((each) => each.checkVisibility());
  const track = tracks.find((each) => !LATE.includes(nameOf(each))) ?? tracks[0];
  if (!track) return null;
  track.scrollIntoView({ block: "center" });
  const [box, handle] = [track.getBoundingClientRect(), track.querySelector(".noUi-handle")?.getBoundingClientRect()];
  const thumb = handle ? 0 : 16; // of an input: its handle stays inside the track
  const part = handle
    ? (handle.left + handle.width / 2 - box.left) / box.width
    : (track.value - track.min) / (track.max - track.min);
  return { name: nameOf(track), part, left: box.left + thumb / 2, width: box.width - thumb, y: box.top + box.height / 2 };
}""".replace("LATE", json.dumps(every.LATE))

#: What the picture shows, once that is the number which is written beside the slider.
FOLLOWS = """(selector, number, name) => {
  const root = document.querySelectorAll(selector)[number];
  const readout = root.querySelector(`.nn-slider-${name} .widget-readout`);
  const written = (readout.value ?? readout.textContent).replace("−", "-");
  const shown = JSON.parse(root.querySelector("canvas[data-shown]").dataset.shown);
  const digit = 10 ** -(written.match(/\\.(\\d+)/)?.[1].length ?? 0);
  return Math.abs(shown[name] - Number(written)) <= Math.max(digit, 0.01 * Math.abs(shown[name])) / 2 && shown;
}"""

#: Most that colours may differ from Chromium's on average, of 255: letters of another weight do by up to 2.1.
DIFFERENT = 2.5

#: Of JupyterLab: whether all these cells are there and the kernel has rested for a second; whether the last one has run.
RESTED = """(cells) => {
  const idle = document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status === "idle"
    && document.querySelectorAll(".jp-CodeCell").length === cells;
  window.idleSince = idle ? window.idleSince ?? performance.now() : undefined;
  return idle && performance.now() - window.idleSince > 1000;
}"""
LAST_RUN = """(cells) => [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")]
  .some((prompt) => prompt.textContent.includes(`[${cells}]`))"""


@contextmanager
def opened(engine: str):
    """A page of this engine. Where there is none the test is skipped, or fails with ENGINE_TESTS=required."""
    if missing := engines.missing(engine):
        (pytest.fail if os.environ.get("ENGINE_TESTS") == "required" else pytest.skip)(missing)
    with engines.opened(engine) as page:
        yield page


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def page(request):
    with opened(request.param) as page:
        yield page


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The site, whose pages note what nobody catches."""
    site = build.build(tmp_path_factory.mktemp("site") / "_site", lite=False)
    for html in site.glob("**/*.html"):
        html.write_text(html.read_text("utf-8").replace("<head>", "<head>" + engines.NOTE, 1), "utf-8")
    with lite.site(site) as server:
        yield server.address


@pytest.fixture(scope="module")
def in_chromium(chromium, address):
    """in_chromium(path, width, height): how Chromium draws the explorers of a page of the site in a window of this size, each
    as a PNG in a data: address."""

    @functools.cache
    def pictures(path: str, width: int, height: int) -> list[str]:
        page = chromium.new_page(viewport={"width": width, "height": height})
        page.goto(f"{address}/{path}")
        drawn = []
        for figure in page.locator(FIGURES).all():
            figure.scroll_into_view_if_needed()
            drawn.append(figure.locator("canvas[data-shown]").evaluate("canvas => canvas.toDataURL()"))
        page.close()
        return drawn

    return pictures


def blocks(url: str, size: int = 10) -> np.ndarray:
    """The mean colours of blocks of 10 × 10 pixels: how letters and edges are smoothed is left to each engine."""
    image = lab.colors(base64.b64decode(url.split(",")[1]))
    rows, columns = (length // size for length in image.shape[:2])
    return image[: rows * size, : columns * size].reshape(rows, size, columns, size, 3).mean(axis=(1, 3))


def difference(here: np.ndarray, there: np.ndarray) -> float:
    """How much the colours differ, on average."""
    return np.abs(here - there).mean()


def wait_until_alike(page, number: int, wanted: np.ndarray, seconds: float = 20):
    """Wait until an explorer of the site looks as `wanted`, blocks of it. One may be training still."""
    until = time.monotonic() + seconds
    while difference(now := blocks(page.evaluate(PICTURE, FIGURES, number)), wanted) > DIFFERENT:
        assert time.monotonic() < until, (number, difference(now, wanted))
        time.sleep(0.2)


def drag(page, selector: str, number: int) -> bool:
    """Drag the first slider of an explorer: what it shows follows, and says so. False where no slider is in sight.

    The first whose number is seen at once: a network and a graph show it in HTML on the canvas.
    """
    page.evaluate(UNFOLD, selector, number)
    before = page.wait_for(SHOWN, selector, number)
    picture, numbers, message = (page.evaluate(what, selector, number) for what in (PICTURE, NUMBERS, MESSAGE))
    slider = resting(page, selector, number)
    if slider is None:
        return False
    to = 0.8 if slider["part"] < 0.5 else 0.2
    parts = [slider["part"] + (to - slider["part"]) * k / 5 for k in range(6)]
    page.drag([(slider["left"] + slider["width"] * part, slider["y"]) for part in parts])
    shown = page.wait_for(FOLLOWS, selector, number, slider["name"])
    assert shown[slider["name"]] != before[slider["name"]], slider
    assert (page.evaluate(PICTURE, selector, number), page.evaluate(NUMBERS, selector, number)) != (picture, numbers)
    assert page.evaluate(MESSAGE, selector, number) == message
    return True


def resting(page, selector: str, number: int):
    """The first slider of an explorer, once it stays where it is: what is unfolded or drawn above moves it."""
    slider = page.evaluate(SLIDER, selector, number)
    for _ in range(20):
        time.sleep(0.3)
        last, slider = slider, page.evaluate(SLIDER, selector, number)
        if slider == last:
            break
    return slider


@pytest.mark.parametrize("path", PAGES)
def test_the_explorers_of_the_site(page, address, in_chromium, path):
    """They are drawn as in Chromium, and follow a slider."""
    page.goto(f"{address}/{path}")
    wanted = in_chromium(path, *page.evaluate("() => [innerWidth, innerHeight]"))
    assert page.evaluate("(figures) => document.querySelectorAll(figures).length", FIGURES) == len(wanted)
    for k, picture in enumerate(wanted):
        page.wait_for(SHOWN, FIGURES, k)
        assert difference(blocks(picture), blocks(picture)[0, 0]) > 1.2 * DIFFERENT, "an empty picture would do"
        wait_until_alike(page, k, blocks(picture))
    dragged = [drag(page, FIGURES, k) for k in range(len(wanted))]
    assert all(dragged), dragged
    assert page.complaints() == []


def test_a_surface_is_turned(page, address):
    page.goto(f"{address}/index.html")
    shown = page.wait_for(SHOWN, FIGURES, 0)
    picture = page.evaluate(PICTURE, FIGURES, 0)
    left, top, height = page.evaluate(
        "() => { const box = document.querySelector('canvas').getBoundingClientRect(); return [box.left, box.top, box.height] }"
    )
    page.drag([(left + x, top + height / 8) for x in (40, 60, 80)])  # beside the grips
    page.wait_for("(...then) => (" + PICTURE + ")(...then.slice(0, 2)) !== then[2]", FIGURES, 0, picture)
    assert page.evaluate(SHOWN, FIGURES, 0) == shown and page.complaints() == []


def test_a_complaint_is_heard(page, address):
    page.goto(f"{address}/index.html")
    page.evaluate("() => { setTimeout(() => { throw new Error('alas'); }); Promise.reject(new Error('alack')); }")
    page.wait_for("() => new Promise((done) => setTimeout(() => done(true), 50))")
    heard = " ".join(page.complaints())
    assert "alas" in heard and "alack" in heard


def test_notebook_03_in_jupyterlab_in_firefox(tmp_path):
    """Run All, then each explorer: drawn, its slider dragged, and no error that nobody caught."""
    stored = nbformat.read(build.ROOT / "notebooks" / "03_bump_plots.ipynb", as_version=4)
    cells = [cell for cell in stored.cells if cell.cell_type == "code"]
    moving = sum(
        "application/vnd.jupyter.widget-view+json" in each.get("data", {}) for it in cells for each in it.outputs
    )
    lab.write(tmp_path / "03.ipynb", [cell.source for cell in cells])
    (tmp_path / "helpers").symlink_to(build.ROOT / "helpers")
    with opened("firefox") as page, lab.server(tmp_path) as (address, token):
        page.goto(f"{address}/lab/tree/03.ipynb?token={token}&reset")
        page.wait_for(RESTED, len(cells), seconds=120)
        page.click("[data-command='notebook:restart-run-all']")
        page.click(".jp-Dialog .jp-mod-accept")
        page.wait_for(LAST_RUN, len(cells), seconds=300)
        assert page.evaluate("(explorers) => document.querySelectorAll(explorers).length", IN_LAB) == moving > 0
        dragged = [drag(page, IN_LAB, k) for k in range(moving)]
        assert all(dragged), dragged
        assert page.complaints() == []
