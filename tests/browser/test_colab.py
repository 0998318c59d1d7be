"""Every explorer in Colab's output frame, with Colab's widget manager: on the versions of Colab, and nowhere else.

What Python holds, what the slider says and what the picture shows are compared after everything that moves them.
"""

import shutil

import ipywidgets
import pytest

from tests.browser import colab, lab
from tests.browser import every_explorer as every
from tests.colab_sliders import lost

pytestmark = pytest.mark.browser

#: Explorers of the notebooks with a slider that an IntSlider of Colab's manager would not let through.
MORE = {
    "graph of 21 steps": "explorers.graph({'z1': 'a*u + b*v', 's': 'sigmoid(z1)', 'z2': 'c*w + d*x', 't': 'tanh(z2)', "
    "'E': '2*s - t'}, a=0.5, u=1, b=0.3, v=2, c=0.2, w=3, d=0.3, x=-1)",
    "fit of 30 units": "explorers.fit(k=30, n=15, noise=0)",
}
CELLS = {name: every.call(name) for name in every.NAMES} | MORE


@pytest.fixture(scope="module")
def frames(chromium, tmp_path_factory):
    if not ipywidgets.__version__.startswith("7."):
        pytest.skip("Colab's widgets are those of ipywidgets 7: part of the set colab")
    if shutil.which("npm") is None:
        pytest.fail("npm is missing: it fetches the packages that Colab's widget manager is made of")
    with colab.opened(chromium, tmp_path_factory.mktemp("colab"), every.SETUP) as opened:
        yield opened


@pytest.fixture
def living(frames, request):
    """The page of the explorer that the test names, the explorer in it, and its sliders of whole numbers."""
    with frames.cell(f"it = {CELLS[request.param]}\nit") as page:
        yield Living(page)


class Living(lab.OpenExplorer):
    """An explorer in its frame, and the same explorer `it` in the kernel."""

    def __init__(self, page):
        super().__init__(page, page.locator(".nn-explorer"))
        parameters = self.python("[[p.name, p.low, p.high, p.step, p.start] for p in it.parameters]")
        self.start = {name: start for name, *_, start in parameters}
        numbers = {name: (low, high, step) for name, low, high, step, _ in parameters if self.handle(name).count()}
        self.whole = {name: each for name, each in numbers.items() if all(isinstance(number, int) for number in each)}

    def python(self, expression: str):
        return colab.printed(self.page, f"import json\nprint(json.dumps({expression}))")

    def place_of(self, name: str, value: int) -> float:
        low, high, _ = self.whole[name]
        return (value - low) / (high - low)

    def wait_until_all_agree(self, **wanted):
        """Python, the readouts and the picture hold the same numbers, and these ones where they are named."""

        def agreed():
            values, shown = self.python("it.values"), self.shown()
            return (
                all(values[name] == value for name, value in wanted.items())
                and all(shown[name] == value for name, value in values.items())
                and all(
                    self.slider_value(name) == values[name] and isinstance(values[name], int) for name in self.whole
                )
                and all(abs(self.place(name) - self.place_of(name, values[name])) < 0.01 for name in self.whole)
            )

        for _ in range(60):
            if agreed():
                return
            self.page.wait_for_timeout(50)
        readouts = {name: self.slider_value(name) for name in self.whole}
        raise AssertionError(f"{wanted=}, {self.python('it.values')=}, {readouts=}, {self.shown()=}")


@pytest.mark.parametrize("living", CELLS, indirect=True)
def test_drawn_dragged_stepped_and_reset(living):
    living.wait_until_all_agree(**living.start)  # nothing has changed by being shown
    pictures = living.page.locator("#output-body img")
    assert pictures.count() == 1 and not pictures.is_visible()
    before, picture = living.python("it.values"), every.seen(living)
    parameter, control = every.first_control(living)
    if control.evaluate("it => it.tagName") == "SELECT":
        control.select_option(index=1)
    else:
        living.drag(parameter, 0.1 if living.place(parameter) > 0.5 else 0.9)
    every.wait_until(living, lambda: living.python("it.values")[parameter] != before[parameter])
    every.wait_until(living, lambda: every.seen(living) != picture)
    living.wait_until_all_agree()
    living.reset()
    living.wait_until_all_agree(**living.start)


@pytest.mark.parametrize("living", CELLS, indirect=True)
def test_whole_numbers_survive(living):
    """Set from Python, typed, and reached with the keys: those that were lost, and both ends."""
    if not living.whole:
        pytest.skip("no slider of whole numbers")
    for name, (low, high, step) in living.whole.items():
        for value in [low, *lost(low, high, step)[:4], high]:
            living.python(f"it.sliders[{name!r}].set_trait('value', {value})")
            living.wait_until_all_agree(**{name: value})
        for value in [*lost(low, high, step)[-2:], high - step]:
            living.typed(name, str(value))
            living.wait_until_all_agree(**{name: value})
            living.handle(name).focus()
            living.page.keyboard.press("ArrowRight")
            living.wait_until_all_agree(**{name: value + step})
            living.page.keyboard.press("ArrowLeft")
            living.wait_until_all_agree(**{name: value})
        living.typed(name, f"{high - step - 0.3}")
        living.wait_until_all_agree(**{name: high - step})
    living.reset()
    living.wait_until_all_agree(**living.start)


@pytest.mark.parametrize("living", ["many_towers", "sampling"], indirect=True)
def test_what_python_is_sent_is_whole(living):
    """Or it would have to send back the whole number, which may arrive after the next key."""
    living.page.evaluate(
        "code => printed(code)",
        "seen, took = [], it.sliders['n'].set_state\n"
        "it.sliders['n'].set_state = lambda state: (seen.append(state['value']), took(state))",
    )
    low, high, step = living.whole["n"]
    living.drag("n", 0.95)
    for value in lost(low, high, step):
        living.typed("n", str(value - step))
        living.handle("n").focus()
        living.page.keyboard.press("ArrowRight")
        living.wait_until_all_agree(n=value)
    seen = living.python("seen")
    assert len(seen) > 5 and all(value == round(value) for value in seen)


@pytest.mark.parametrize("living", ["graph", "graph of 21 steps", "backprop"], indirect=True)
def test_a_working_is_stepped_from_its_beginning_to_its_end(living):
    last = int(living.python("it.sliders['step'].max"))
    living.python("it.sliders['step'].set_trait('value', 0)")
    for step in range(last + 1):
        if step:
            living.root.get_by_role("button", name="Step", exact=True).click()
        every.wait_until(living, lambda step=step: living.shown()["step"] == step)  # it has no slider in sight
        every.wait_until(living, lambda step=step: living.python("it.values")["step"] == step)


@pytest.mark.parametrize("wrappers", [0, 1, 2])
def test_the_static_picture_makes_way_whatever_lies_around_it(frames, wrappers):
    """Colab's own elements around an output, none of them, and one more than Colab has."""
    with frames.cell("print('words before')\nexplorers.tower()") as page:
        page.locator(".nn-explorer canvas[data-shown]").wait_for()
        page.evaluate(
            """wrappers => {
                const area = document.querySelector("#output-area"), body = area.querySelector("#output-body");
                const outputs = [...body.children].map((output) => {
                    if (wrappers < 2) return output;
                    const more = document.createElement("div");
                    more.append(output);
                    return more;
                });
                (wrappers ? body : area).append(...outputs);
            }""",
            wrappers,
        )
        assert not page.locator("img").is_visible()
        assert page.get_by_text("words before").is_visible()
        assert page.locator(".nn-explorer canvas").is_visible()
