"""The browser computes what NumPy computes: the shipped front end, in Node.js, against Python.

A picture in the page and the same picture on paper come from one description (see `helpers.explorers.core.explorer`)
but from two evaluators. Here both evaluate it over a grid of slider positions.
"""

import math
from functools import partial

import numpy as np
import pytest

from helpers import explorers
from helpers.explorers.core import short_text
from helpers.explorers.core.explorer import front_end
from helpers.explorers.graph.graph_figure import short
from helpers.formulas import browser as formula
from helpers.pictures.readable import fixed, readable, significant, ticks
from helpers.pictures.surface_plot import adaptive_lines
from tests import front
from tests.unit import test_graph

#: Every explorer of the pack that has formulas; each with positions that its sliders meet only by chance.
EXPLORERS = {
    "step": (explorers.step, [{"w": 0}, {"w": -8, "b": 0.5}, {"w": 60, "b": -60}]),
    "bump": (explorers.bump, [{"b1": -30, "b2": 30}, {"b1": 30, "b2": 30}, {"w": 5}]),
    "sampling": (explorers.sampling, [{"n": 11}, {"n": 2001}]),
    "tower": (
        explorers.tower,
        [{"b": 0}, {"w": 25, "t": 25}, {"w": 10, "t": -25}, {"bias": -150, "t": 0}, {"gain": 0}],
    ),
    "tower_panels": (explorers.tower_panels, [{"w": 32}, {"bias": -150}, {"b": 0}]),
    "bump_challenge(5)": (
        lambda: explorers.bump_challenge(5),
        # gold, passed, neither
        [{"h1": -1.2, "h2": -1.4, "h3": -0.3, "h4": -1.0, "h5": last} for last in (1.1, 0.9, 0)],
    ),
    "bump_challenge(20)": (lambda: explorers.bump_challenge(20), []),
    "tower_challenge": (
        explorers.tower_challenge,
        [{"bias": -150}, {"bias": -150, "t": 0}, {"gain": 10, "bias": -15}],
    ),
    "many_towers": (
        explorers.many_towers,
        [{"n": n} for n in range(1, 11)] + [{"n": 1, "w": 2}, {"n": 10, "w": 100}],
    ),
    "depends_on_b2": (explorers.depends_on_b2, [{"w1": 0}, {"w2": 0, "b1": 1}, {"x": -2}, {"b2": -2}]),
    "backprop": (explorers.backprop, [{"rounding": 1, "decimals": 3}]),
    # best, limit and beyond for two parameters; falling, trembling and growing for all
    "learning_rate": (explorers.learning_rate, [{"eta": at} for at in (0.1, 0.2, 0.209, 0.002, 0.005)]),
    **{f"graph {name}": (partial(test_graph.graph, name), [{"step": step} for step in range(4)]) for name in test_graph.ALL},
}  # fmt: skip


def settings_of(explorer, special) -> list[dict]:
    """Slider positions: the first values, every slider at either end, the special ones, and random ones."""
    start = {parameter.name: parameter.start for parameter in explorer.parameters}
    settings = [start] + [start | given for given in special]
    settings += [start | {p.name: end} for p in explorer.parameters[:6] for end in (p.low, p.high)]
    settings += front.anywhere(explorer, 12)
    digits = explorer.spec["digits"]  # those that a logarithmic slider keeps of a number
    return [{name: significant(value, digits[name]) if name in digits else value for name, value in setting.items()}
            for setting in settings]  # fmt: skip


def places_of(explorer) -> dict:
    """Where the functions are compared: for each input of theirs, an array of places."""
    panels = explorer.spec["panels"]
    panel = next((each for each in panels if "x" in each or "x1" in each), panels[0])
    if panel["kind"] == "curves":
        return {panel["x"]["name"]: np.linspace(panel["x"]["low"], panel["x"]["high"], 401)}
    if "x1" not in panel:
        return {}
    lines = [np.linspace(panel[key]["low"], panel[key]["high"], 33) for key in ("x1", "x2")]
    x1, x2 = (grid.ravel() for grid in np.meshgrid(*lines, indexing="ij"))
    return {panel["x1"]["name"]: x1, panel["x2"]["name"]: x2}


def as_text(value: float) -> str:
    """A number that JSON may not know, as JavaScript's Number() reads it."""
    return str(value).replace("inf", "Infinity").replace("nan", "NaN")


def alike(browser, python, near, room, what):
    """Assert that these numbers, or arrays of them, agree; texts are those that JSON does not know."""
    browser, python = np.broadcast_arrays(np.array(browser, dtype=float), np.asarray(python, dtype=float))
    np.testing.assert_allclose(browser, python, rtol=near, atol=room, err_msg=what)


def compare(folder, name, source=None):
    """Assert that the front end and NumPy agree on explorer `name` over its grid of slider positions."""
    make, special = EXPLORERS[name]
    explorer = make()
    settings, places = settings_of(explorer, special), places_of(explorer)
    answers = front.everything(folder, explorer, settings, source, **places)
    for values, answer in zip(settings, answers, strict=True):
        front.move(explorer, values)
        assert explorer.values == pytest.approx(values)
        variables = explorer.variables()
        for definition, browser in answer["definitions"].items():
            # An error is a difference of steps that may be small themselves.
            near = 1e-6 if definition.startswith(("error", "worst")) else 1e-11
            alike(browser, variables[definition], near, 1e-13, f"{definition} at {values}")
        for average, browser in answer["averages"].items():
            alike(browser, explorer.average(average), 1e-9, 1e-11, f"{average} at {values}")
        assert answer["functions"].keys() == explorer.spec["functions"].keys()
        for function, browser in answer["functions"].items():
            alike(browser, explorer.evaluate(function, **places), 1e-9, 1e-10, f"{function} at {values}")
        assert answer["words"] == explorer.describe()
        if name.startswith("graph"):
            assert answer["rules"] == [explorer.say(node["rules"]) for node in explorer.spec["panels"][0]["nodes"]]


@pytest.mark.parametrize("name", EXPLORERS)
def test_browser_and_numpy_agree(tmp_path, name):
    compare(tmp_path, name)


@pytest.mark.parametrize(
    ("name", "shipped", "broken"),
    [
        ("tower", "a[i * stepA] - b[i * stepB]", "a[i * stepA] - b[i * stepB] * (1 + 1e-6)"),
        ("tower_challenge", "(k * step) / points + 0.5 / points", "(k * step) / points"),
        ("many_towers", "compiled.get(index(variables))", "compiled.get(0)"),
        ("step", 'text.replace("-", "−")', "text"),
    ],
)
def test_the_comparison_notices_a_broken_front_end(tmp_path, name, shipped, broken):
    source = front_end()
    assert shipped in source, "the front end was rewritten: break it in another way"
    with pytest.raises(AssertionError):
        compare(tmp_path, name, source.replace(shipped, broken))


def test_numbers_read_alike(tmp_path):
    """As words (readable), with a fixed number of decimals (fixed, round), and short enough for a label (short)."""
    random = np.random.default_rng(0)
    values = [0, -0.0, math.nan, math.inf, -math.inf, 1, -1, 5e-4, 4.9999e-4, 999_999.5, 1e6, 12345.678, 99_995,
              1e-300, 1e300, 5e-324, 1e15, 1e22, 0.1 + 0.2, 0.00499999999, 0.995, 1.005, 9.9995, 0.099999,
              -98765.4, 5.1e-4, 9.96e-7, 0.99999]  # fmt: skip
    # Halves: browsers round them away from zero, Python's own formatting to the even digit.
    values += [0.5, 1.5, 2.5, -2.5, 0.125, -0.375, 3.125, 2.00005, 1234.5, 12345, -0.0625, 1.005e6, 1.0005e-7]
    values += (random.normal(size=300) * 10.0 ** random.integers(-12, 9, 300)).tolist()
    values += [k / 8 for k in range(-40, 41)] + [round(k * 0.05, 9) for k in range(-60, 61)]
    asked = [(as_text(value), digits) for value in values for digits in (0, 1, 2, 3, 4, 6, 8, 12)]
    script = """
    return question.asked.map(([text, digits]) => {
      const value = Number(text);
      const rounded = front.compile(["round", value, digits])({});
      return [front.readable(value), front.readable(value, digits), front.fixed(value, digits)[0],
        front.short(value), plain(rounded)];
    });
    """
    for (value, digits), answer in zip(asked, front.ask(tmp_path, script, asked=asked), strict=True):
        number = float(value)
        rounded = float(formula.evaluate(["round", number, digits], {}))
        python = [readable(number), readable(number, digits), fixed(number, digits)[0], short(number)]
        assert answer[:4] == python, (value, digits)
        assert float(answer[4]) == rounded or math.isnan(rounded), (value, digits)
    assert readable(-0.0004, 2) == "−4.00 × 10⁻⁴" and readable(-0.001, 2) == "0.00" and readable(-1.5) == "−1.5"
    assert fixed(-0.0006347, 6)[0] == "−0.000635" and fixed(2.0, 6)[0] == "2" and fixed(0.6 + 1e-16, 4)[0] == "0.6"
    assert short(math.nan) == "undefined" and short(-math.inf) == "−∞"


def test_ticks_alike(tmp_path):
    random = np.random.default_rng(0)
    axes = [(-5, 5, 4), (-0.2, 0.2, 8.5), (0, 1.1, 4), (1e-9, 3e-9, 5), (0, 1, 0.3)]
    for low, size, count in zip(random.normal(size=200), 10 ** random.uniform(-4, 5, 200), range(200), strict=True):
        axes.append((low, low + size, 0.5 + count % 12))
    answers = front.ask(tmp_path, "return question.axes.map((axis) => front.ticks(...axis));", axes=axes)
    for (low, high, count), browser in zip(axes, answers, strict=True):
        python, size = np.array(ticks(low, high, count)), high - low
        np.testing.assert_allclose(browser, python, rtol=1e-14, atol=1e-14 * size)
        assert np.all((python >= low - 1e-6 * size) & (python <= high + 1e-6 * size))


def test_numbers_packed_by_python_arrive(tmp_path):
    random = np.random.default_rng(0)
    arrays = [
        (random.uniform(-3, 7, 500), -3.0, 7.0),
        (np.array([0, np.nan, 1, np.inf, -np.inf, 0.25]), 0.0, 1.0),
        (np.array([-9.0, 9.0]), -1.0, 1.0),  # outside: moved to the border
        (np.full(7, 4.0), None, None),
        (np.array([np.nan, np.nan]), None, None),
        (np.linspace(0, 1, 4095), 0.0, 1.0),  # every code
    ]
    packed = [short_text.pack(*array) for array in arrays]
    script = "return question.packed.map((numbers) => plain(front.unpack(numbers)));"
    answers = front.ask(tmp_path, script, packed=packed)
    for (values, *_), sent, answer in zip(arrays, packed, answers, strict=True):
        low, high = sent["low"], sent["high"]
        expected = np.where(np.isfinite(values), np.clip(values, low, high), np.nan)
        for arrived in (np.array(answer, dtype=float), short_text.unpack(**sent)):
            np.testing.assert_allclose(arrived, expected, rtol=0, atol=(high - low) / 4094 / 2 + 1e-12)


@pytest.mark.parametrize("name", ["h11", "h13", "h31", "f"])
def test_lines_of_a_surface_alike(tmp_path, name):
    explorer = explorers.tower_panels(w=80, b=45)
    coarse, count, span = 40, 60, 2.0 if name == "h31" else 1.0

    def function(x1, x2):
        return explorer.evaluate(name, x1=x1, x2=x2)

    axis = np.linspace(-5, 5, coarse)
    heights = function(axis[:, None], axis[None, :])
    python = adaptive_lines(function, (-5, 5), (-5, 5), span, count, coarse=coarse)
    script = """
    const { values, coarse, span, count } = question;
    return front.adaptiveLines(Float64Array.from(values), coarse, [-5, -5], [5, 5], span, count).map(plain);
    """
    browser = front.ask(tmp_path, script, values=heights.ravel().tolist(), coarse=coarse, span=span, count=count)
    for mine, theirs in zip(python, browser, strict=True):
        assert np.allclose(mine, theirs, atol=1e-9)
        assert np.all(np.diff(mine) > 0) and len(mine) == count + 1
        assert np.isin(np.arange(-5, 6), np.round(mine, 9)).all()  # the mesh lines are among them
    widths = np.diff(python[0] if name == "h13" else python[1])
    assert widths.min() < 0.5 * widths.max()  # denser on the walls
