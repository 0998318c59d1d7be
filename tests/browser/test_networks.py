"""Networks and graphs on a page: no number covers another at any width, numbers are seized, the passes are led by the eye."""

import numpy as np
import pytest

from helpers import explorers
from helpers.explorers.core.explorer import front_end
from helpers.explorers.graph import EXPRESSIONS
from helpers.networks.small_network import Layer, SmallNetwork
from tests.browser import on_a_page
from tests.browser.lab import ORANGE, near
from tests.unit.test_graph import MORE

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
PROJECTOR = {"viewport": {"width": 683, "height": 470}}
DEEP = SmallNetwork(
    ("x1", "x2"),
    (
        Layer(("h1", "h2"), [[0.5, -0.25], [1.5, 0.75]], [0.1, -0.2], "tanh"),
        Layer(("k1", "k2"), [[0.4, -1], [-0.6, 0.3]], [0, 0.2], "relu"),
        Layer(("yhat",), [[1.2, -0.7]], [0.05], "sigmoid"),
    ),
)
DRAWINGS = {
    **{f"graph {name}": lambda name=name: explorers.graph(name) for name in EXPRESSIONS},
    **{f"graph {name}": lambda steps=steps: explorers.graph(steps) for name, steps in MORE.items()},
    **{
        f"backprop {task}": lambda task=task: explorers.backprop(task)
        for task in ("002.1", "003.1a", "003.1b", "2-2-2")
    },
    "backprop deep": lambda: explorers.backprop(DEEP, inputs=[0.5, -1.5], target=1, loss="cross_entropy"),
    "bump": explorers.bump,
    "tower": explorers.tower,
    "tower_panels": explorers.tower_panels,
    "many_towers": explorers.many_towers,
}

#: The shipped front end on an empty page, and every place of every word of a panel, measured with the page's own letters.
_MEASURE = """
const context = document.createElement("canvas").getContext("2d");
window.boxesOf = (spec, values, width) => {
  const panel = spec.panels.find(({ kind }) => kind === "graph" || kind === "network");
  const variables = new Mathematics(spec).variables(values);
  const box = { left: 0, top: 0, width: Math.max(width, panel.least), height: panel.height ?? panel.leastHeight };
  const written = (font, text) => { context.font = font; return context.measureText(text).width; };
  const title = (text, font, y) => ({ text, left: 8, right: 8 + written(font, text), top: y - 7, bottom: y + 3 });
  const words = [title(panel.title, `600 13px ${FONT}`, box.top + 16), title(panel.note, `12px ${FONT}`, box.top + 34)];
  const around = (text, x, y, w, h) => ({ text, left: x - w / 2, right: x + w / 2, top: y - h / 2, bottom: y + h / 2 });
  if (panel.kind === "network") {
    const contents = networkContents(panel, new Mathematics(spec).variables(spec.defaults))(variables);
    const units = networkPlaces(panel, box).map(({ x, y }, k) => around(`unit ${k}`, x, y, 2 * RADIUS, 2 * RADIUS));
    const labels = networkLabels(panel, contents, box, measureOn(context));
    return [...words, ...units, ...labels.map(({ full, x, y, width, name }) => around(full, x, y, width, name ? 20 : 11))];
  }
  const labels = graphLabels(panel, graphContents(panel, variables), box).map(({ text, x, y, align, gradient, chip }) => {
    const wide = chip ? CHIP_WIDTH : written(`${gradient ? 600 : 400} 11px ${FONT}`, text);
    return around(text, align === "right" ? x - wide / 2 : x, y, wide, chip ? 18 : 10);
  });
  return [...words, ...labels, ...panel.nodes.map((node) => {
    const { x, y } = onCanvas(box, panel, node.place);
    return around(node.label, x, y, node.width, NODE_HEIGHT);
  })];
};
window.coveredIn = (spec, settings, widths) => {
  for (const width of widths) for (const values of settings) {
    const boxes = boxesOf(spec, values, width);
    for (const one of boxes) for (const other of boxes) {
      if (one !== other && one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom) {
        return { width, step: values.step, one, other };
      }
    }
    const lost = boxes.find(({ left, right }) => left < 0 || right > Math.max(width, spec.panels.find(({ least }) => least).least));
    if (lost) return { width, step: values.step, lost };
  }
  return null;
};
"""


@pytest.fixture(scope="module")
def ruler(chromium):
    page = chromium.new_page()
    page.set_content("<!doctype html><html lang=en><title>ruler</title>")
    page.add_script_tag(type="module", content=front_end() + _MEASURE)
    page.wait_for_function("'coveredIn' in window")
    yield page
    page.close()


def settings_of(explorer) -> list[dict]:
    """Every step at the first values; the last one also where inputs and weights are long or negative."""
    first = explorer.values
    last = next((int(p.high) for p in explorer.parameters if p.name == "step"), 0)
    steps = [first | {"step": step} for step in range(last + 1)]
    moved = [name for name in first if name not in ("step", "decimals", "rounding", "eta") and name[0] != "y"]
    sliders = {p.name: p for p in explorer.parameters}
    for shift in (0.37, -0.74):
        values = {name: max(sliders[name].low, shift - first[name]) for name in moved}
        steps.append(
            first | {name: round(value / sliders[name].step) * sliders[name].step for name, value in values.items()}
        )
        steps[-1]["step"] = last
    return steps


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_number_covers_another_at_any_width(ruler, name):
    explorer = DRAWINGS[name]()
    widths = list(range(320, 1401, 54))
    covered = ruler.evaluate(
        "([spec, settings, widths]) => coveredIn(spec, settings, widths)",
        [explorer.spec, settings_of(explorer), widths],
    )
    assert covered is None


def test_the_test_of_widths_notices_a_panel_that_shrinks(ruler):
    spec = explorers.graph("two_paths", step="all").spec
    narrow = spec | {"panels": [spec["panels"][0] | {"least": 320}]}
    settings = [spec["defaults"]]
    covered = "([spec, settings]) => coveredIn(spec, settings, [320])"
    assert ruler.evaluate(covered, [spec, settings]) is None and ruler.evaluate(covered, [narrow, settings]) is not None


# ---- numbers that are seized -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(chromium):
    made = explorers.backprop("002.1"), explorers.graph("002.2"), explorers.bump()
    with on_a_page.shown(chromium, *made, viewport={"width": 1000, "height": 900}) as opened:
        yield opened


@pytest.fixture(scope="module")
def phone(chromium):
    with on_a_page.shown(chromium, explorers.backprop("002.1"), explorers.graph("000.1b"), **PHONE) as opened:
        yield opened


def number(explorer, face: str):
    """The frame of a number by what it is called."""
    return explorer.root.locator(f".nn-face[aria-label^='{face}:']").first


def middle(locator):
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_number_is_dragged_typed_and_moved_with_keys(desk):
    network, graph, bump = desk
    for explorer, face, name in ((network, "w₁₁[1]", "w11_1"), (graph, "x₁", "x1"), (bump, "v₁", "v1")):
        explorer.reset()
        first = explorer.shown()[name]
        x, y = middle(number(explorer, face))
        mouse, keys = explorer.page.mouse, explorer.page.keyboard
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 30, y + 40, steps=6)
        mouse.up()
        explorer.settle()
        dragged = explorer.shown()[name]
        assert dragged > first
        if explorer.slider(name).count():
            assert explorer.slider(name).locator("input[type=range]").input_value() == f"{dragged:g}"
        number(explorer, face).click()
        keys.type("-0,5")
        keys.press("Enter")
        explorer.wait_until_shown(name, -0.5)
        assert number(explorer, face).inner_text() == "−0.5"
        number(explorer, face).focus()
        step = 0.01 if explorer is network else 0.1
        for key, moved in (("ArrowRight", step), ("ArrowDown", 0), ("PageUp", 10 * step)):
            keys.press(key)
            explorer.wait_until_shown(name, -0.5 + moved)
        keys.press("Home")
        explorer.wait_until_shown(name, first)
        keys.press("7")
        keys.press("Escape")
        explorer.settle()
        assert explorer.shown()[name] == first and number(explorer, face).inner_text() == f"{first:g}"


def test_a_number_is_seen_before_the_hover_and_large_enough(desk, phone):
    for explorer in (*desk, *phone):
        found = explorer.root.locator(".nn-face").evaluate_all(
            """faces => faces.map((face) => {
                const { borderTopStyle, opacity } = getComputedStyle(face, "::before");
                return [Math.min(face.offsetWidth, face.offsetHeight), borderTopStyle, Number(opacity) > 0.5, face.tabIndex];
            })"""
        )
        assert found and all(size >= 24 and rest == ["solid", True, 0] for size, *rest in found), found


def test_a_finger_drags_sideways_and_scrolls_past(phone):
    for explorer, face, name in ((phone[0], "w₁₃[1]", "w13_1"), (phone[1], "w", "w")):
        explorer.reset()
        first, (x, y) = explorer.shown()[name], middle(number(explorer, face))
        touch = explorer.page.context.new_cdp_session(explorer.page)

        def swipe(dx, dy, touch=touch, x=x, y=y):
            touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
            for k in range(1, 9):
                point = {"x": x + dx * k / 8, "y": y + dy * k / 8}
                touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        swipe(40, 0)
        explorer.settle()
        assert explorer.shown()[name] > first
        explorer.reset()
        before = explorer.page.evaluate("scrollY")
        swipe(0, -120)
        explorer.page.wait_for_timeout(300)
        assert explorer.shown()[name] == first
        assert explorer.page.evaluate("scrollY") > before + 60
        explorer.page.evaluate(f"scrollTo(0, {before})")


# ---- passes ------------------------------------------------------------------------------------------------------


def test_on_a_phone_a_graph_keeps_its_size_and_goes_where_the_step_is(phone):
    graph = phone[1]
    graph.reset()
    stage = graph.root.locator(".nn-stage")
    wide, seen = stage.evaluate("stage => [stage.scrollWidth, stage.clientWidth]")
    assert wide > 1.5 * seen
    graph.press("All")
    graph.wait_until_shown("step", 15)
    for step in range(14, 6, -1):
        graph.press("Back")
        graph.wait_until_shown("step", step)
    graph.page.wait_for_timeout(600)
    assert stage.evaluate("stage => stage.scrollLeft") > 0.3 * (wide - seen)


def frames(explorer, button: str) -> list[np.ndarray]:
    """What the canvas shows after a press of the button, frame by frame, for a third of a second."""
    shots = explorer.root.evaluate(
        """(root, name) => new Promise((done) => {
            const canvas = root.querySelector("canvas");
            const { width, height } = canvas;
            const copy = Object.assign(document.createElement("canvas"), { width, height });
            const shots = [];
            const start = performance.now();
            [...root.querySelectorAll("button")].find((button) => button.textContent === name).click();
            const look = () => {
                copy.getContext("2d").drawImage(canvas, 0, 0);
                const { data } = copy.getContext("2d").getImageData(0, 0, width, height);
                let orange = 0, at = 0;
                for (let i = 0; i < data.length; i += 4) {
                    if (Math.abs(data[i] - 184) + Math.abs(data[i + 1] - 78) + Math.abs(data[i + 2]) < 40) { orange += 1; at += (i / 4) % width; }
                }
                shots.push([orange, at / (orange || 1)]);
                if (performance.now() - start < 330) requestAnimationFrame(look); else done(shots);
            };
            requestAnimationFrame(() => requestAnimationFrame(look));
        })""",
        button,
    )
    return shots


def test_the_backward_pass_is_orange_and_runs_as_a_pulse(chromium):
    made = explorers.graph("002.2", step="forward"), explorers.backprop("002.1", step="forward")
    for motion, moving in (("no-preference", True), ("reduce", False)):
        with on_a_page.shown(chromium, *made, reduced_motion=motion) as (graph, network):
            for explorer in (graph, network):
                assert near(explorer.colors(), ORANGE).sum() == 0
                explorer.press("Step")
                explorer.page.wait_for_timeout(400)
                orange = [count for count, _ in frames(explorer, "Step")]
                assert orange[-1] > 100
                # the pulse is there while it runs, and gone at the end
                assert (max(orange) > orange[-1] + 60) == moving, (motion, orange)
                explorer.page.wait_for_timeout(300)


def test_controls_and_picture_fit_a_projector(chromium):
    for make in (
        lambda: explorers.backprop("002.1"),
        lambda: explorers.graph("000.2"),
        lambda: explorers.graph("000.1b"),
    ):
        with on_a_page.shown(chromium, make(), **PROJECTOR) as (explorer,):
            buttons = explorer.root.locator(".nn-tools").bounding_box()
            canvas = explorer.canvas.bounding_box()
            assert canvas["y"] > buttons["y"]
            assert canvas["y"] + canvas["height"] - buttons["y"] <= 440


def test_the_working_stands_beside_the_network_where_there_is_room(chromium):
    for wide, beside in ((860, True), (640, False)):
        with on_a_page.shown(chromium, explorers.backprop("002.1", step="all"), wide=wide) as (explorer,):
            canvas, working = explorer.canvas.bounding_box(), explorer.root.locator(".nn-working").bounding_box()
            assert (working["x"] >= canvas["x"] + canvas["width"]) == beside
            assert working["height"] <= canvas["height"] + 1 and working["height"] >= 180
            lines = explorer.root.locator(".nn-lines").bounding_box()
            assert lines["y"] + lines["height"] <= working["y"] + working["height"] + 1
