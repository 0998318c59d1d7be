"""The browser computes what NumPy computes: the shipped front end, in Node.js or Chromium, against Python.

A picture in the page and the same picture on paper come from one description (see `helpers.explorers.core.explorer`)
but from two evaluators. Here both evaluate it over a grid of slider positions.
"""

import json
import math
import shutil
import subprocess

import numpy as np
import pytest

from helpers import explorers
from helpers.explorers.core import short_text
from helpers.explorers.core.explorer import front_end
from helpers.pictures.readable import readable, ticks
from helpers.pictures.surface_plot import adaptive_lines
from tests.browser import lab

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
    # best, limit and beyond for two parameters; falling, trembling and growing for all
    "learning_rate": (explorers.learning_rate, [{"log10eta": at} for at in (-1, -0.699, -0.68, -2.7, -2.301)]),
}  # fmt: skip

#: What the test asks of the front end. `front` is the shipped module; the answer has to be plain JSON.
QUESTIONS = """
// JSON has neither NaN nor infinity: they travel as text, which Python's float() reads.
const plain = (value) => value === undefined || typeof value === "string" ? value
  : typeof value === "number" ? (Number.isFinite(value) ? value : String(value)) : Array.from(value, plain);
const each = (object, give) => Object.fromEntries(Object.keys(object).map((key) => [key, give(key)]));

const answers = {
  mathematics({ spec, settings, inputs, places }) {
    const mathematics = new front.Mathematics(spec);
    const at = Object.fromEntries(inputs.map((name, k) => [name, Float64Array.from(places[k])]));
    return settings.map((values) => {
      const variables = mathematics.variables(values);
      const averages = mathematics.averages({ ...variables });
      return {
        definitions: each(spec.definitions, (name) => plain(variables[name])),
        averages: each(averages, (name) => plain(averages[name])),
        functions: each(spec.functions, (name) =>
          plain(mathematics.evaluate(name, { ...variables, ...at }))),
        words: front.Picture.prototype.words.call({ spec }, { ...variables, ...averages }),
      };
    });
  },
  readable: ({ numbers }) =>
    numbers.map(([value, digits]) => front.readable(Number(value), digits ?? undefined)),
  ticks: ({ axes }) => axes.map((axis) => front.ticks(...axis)),
  unpack: ({ packed }) => packed.map((numbers) => plain(front.unpack(numbers))),
  lines: ({ values, coarse, low, high, span, count }) =>
    front.adaptiveLines(Float64Array.from(values), coarse, low, high, span, count).map(plain),
};
const answer = ({ question, ...rest }) => answers[question](rest);
"""

#: The front end exports to the page what anywidget needs; the test looks at more of it, with one more line.
EXPORTS = "\nexport { Mathematics, Picture, adaptiveLines, readable, ticks, unpack };\n"


class Node:
    """The front end in Node.js: a new process for each question, half of them below 0.1 s."""

    def __init__(self, folder):
        self.folder = folder

    def ask(self, source: str, **question):
        (self.folder / "front.mjs").write_text(source + EXPORTS, encoding="utf-8")
        (self.folder / "question.json").write_text(json.dumps(question, allow_nan=False), encoding="utf-8")
        (self.folder / "ask.mjs").write_text(
            'import * as front from "./front.mjs";\nimport { readFileSync } from "node:fs";\n' + QUESTIONS
            + 'const question = readFileSync(new URL("question.json", import.meta.url), "utf8");\n'
            + "process.stdout.write(JSON.stringify(answer(JSON.parse(question))));\n",
            encoding="utf-8",
        )  # fmt: skip
        command = [shutil.which("node"), str(self.folder / "ask.mjs")]
        done = subprocess.run(command, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


class Page:
    """The front end in an empty page of Chromium."""

    def __init__(self, page):
        self.page = page

    def ask(self, source: str, **question):
        answer = self.page.evaluate(
            """async ([source, questions, question]) => {
                const module = new Blob([source], { type: "text/javascript" });
                const front = await import(URL.createObjectURL(module));
                const answer = new Function("front", questions + "; return answer;")(front);
                return JSON.stringify(answer(JSON.parse(question)));
            }""",
            [source + EXPORTS, QUESTIONS, json.dumps(question, allow_nan=False)],
        )
        return json.loads(answer)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Node.js, which is quicker, or else Chromium."""
    if shutil.which("node"):
        yield Node(tmp_path_factory.mktemp("front"))
    elif lab.browser_missing() is None:
        with lab.browser() as chromium:
            yield Page(chromium.new_page())
    else:
        pytest.skip(f"no JavaScript here: install Node.js (https://nodejs.org), or a browser: {lab.browser_missing()}")


def settings_of(explorer, special, count=12) -> list[dict]:
    """Slider positions: the first values, every slider at either end, the special ones, and random ones."""
    start = {parameter.name: parameter.start for parameter in explorer.parameters}
    settings = [start] + [start | given for given in special]
    settings += [start | {p.name: end} for p in explorer.parameters[:6] for end in (p.low, p.high)]
    random = np.random.default_rng(1)
    for _ in range(count):
        steps = {p.name: random.integers(0, round((p.high - p.low) / p.step) + 1) for p in explorer.parameters}
        settings.append({p.name: round(float(p.low + steps[p.name] * p.step), 9) for p in explorer.parameters})
    return settings


def places_of(explorer) -> dict:
    """Where the functions are compared: for each input of theirs, an array of places."""
    panel = explorer.spec["panels"][0]
    if panel["kind"] == "curves":
        return {panel["x"]["name"]: np.linspace(panel["x"]["low"], panel["x"]["high"], 401)}
    lines = [np.linspace(panel[key]["low"], panel[key]["high"], 33) for key in ("x1", "x2")]
    x1, x2 = (grid.ravel() for grid in np.meshgrid(*lines, indexing="ij"))
    return {panel["x1"]["name"]: x1, panel["x2"]["name"]: x2}


def as_text(value: float) -> str:
    """A number that JSON may not know, as JavaScript's Number() reads it."""
    return str(value).replace("inf", "Infinity").replace("nan", "NaN")


def numbers(values):
    return np.atleast_1d(values).astype(float)


def compare(engine, name, source=None):
    """Assert that the front end and NumPy agree on explorer `name` over its grid of slider positions."""
    make, special = EXPLORERS[name]
    explorer = make()
    settings, places = settings_of(explorer, special), places_of(explorer)
    answers = engine.ask(
        source or front_end(), question="mathematics", spec=explorer.spec, settings=settings,
        inputs=list(places), places=[values.tolist() for values in places.values()],
    )  # fmt: skip
    assert len(answers) == len(settings)
    for values, answer in zip(settings, answers, strict=True):
        for parameter, value in values.items():
            explorer.sliders[parameter].value = value
        assert explorer.values == pytest.approx(values)
        variables = explorer.variables()
        for definition, browser in answer["definitions"].items():
            np.testing.assert_allclose(
                numbers(browser),
                numbers(variables[definition]),
                rtol=1e-13,
                atol=1e-13,
                err_msg=f"{definition} at {values}",
            )
        for average, browser in answer["averages"].items():
            assert browser == pytest.approx(explorer.average(average), rel=1e-9, abs=1e-11), f"{average} at {values}"
        assert answer["functions"].keys() == explorer.spec["functions"].keys()
        for function, browser in answer["functions"].items():
            python = np.broadcast_to(explorer.evaluate(function, **places), len(next(iter(places.values()))))
            np.testing.assert_allclose(
                np.broadcast_to(numbers(browser), python.shape), python, rtol=1e-9, atol=1e-10,
                err_msg=f"{function} at {values}",
            )  # fmt: skip
        assert answer["words"] == explorer.describe()


@pytest.mark.parametrize("name", EXPLORERS)
def test_browser_and_numpy_agree(engine, name):
    compare(engine, name)


@pytest.mark.parametrize(
    ("name", "shipped", "broken"),
    [
        ("tower", "return z >= 0 ? 1 / (1 + e) : e / (1 + e);", "return z >= 0 ? e / (1 + e) : 1 / (1 + e);"),
        ("tower", "a[i * stepA] - b[i * stepB]", "a[i * stepA] - b[i * stepB] * (1 + 1e-6)"),
        ("bump", '"/": (a, b) => a / b', '"/": (a, b) => (a / b) * (1 + 1e-6)'),
        ("bump_challenge(5)", "Math.log(p) - Math.log1p(-p)", "Math.log(p) - Math.log(1 + p)"),
        ("tower_challenge", "(k * step) / points + 0.5 / points", "(k * step) / points"),
        ("many_towers", "activation(factor * z[i])", "activation(z[i])"),
        ("many_towers", "compiled.get(index(variables))", "compiled.get(0)"),
        ("tower_panels", "value.toFixed(digits)", "value.toFixed(digits + 1)"),
        ("step", 'text.replace("-", "−")', "text"),
        ("learning_rate", "Math.round(decimals)", "Math.round(decimals) - 1"),
    ],
)  # fmt: skip
def test_the_comparison_notices_a_broken_front_end(engine, name, shipped, broken):
    source = front_end()
    assert shipped in source, "the front end was rewritten: break it in another way"
    with pytest.raises(AssertionError):
        compare(engine, name, source.replace(shipped, broken))


def test_numbers_read_alike(engine):
    random = np.random.default_rng(0)
    values = [
        0,
        -0.0,
        math.nan,
        math.inf,
        -math.inf,
        1,
        -1,
        5e-4,
        4.9999e-4,
        999_999.5,
        1e6,
        12345.678,
        99_995,
        1e-300,
        1e300,
    ]
    # Halves: browsers round them away from zero, Python's own formatting to the even digit.
    values += [0.5, 1.5, 2.5, -2.5, 0.125, -0.375, 3.125, 2.00005, 1234.5, 12345, -0.0625, 1.005e6, 1.0005e-7]
    values += (random.normal(size=300) * 10.0 ** random.integers(-9, 9, 300)).tolist()
    values += [k / 8 for k in range(-40, 41)] + [round(k * 0.05, 9) for k in range(-60, 61)]
    asked = [(value, digits) for value in values for digits in (None, 0, 1, 2, 3, 4)]
    texts = engine.ask(front_end(), question="readable", numbers=[(as_text(value), digits) for value, digits in asked])
    wrong = [
        (value, digits, text, readable(value, digits))
        for (value, digits), text in zip(asked, texts, strict=True)
        if text != readable(value, digits)
    ]
    assert not wrong, f"{len(wrong)} of {len(asked)}, such as {wrong[:5]}"
    assert readable(-0.0004, 2) == "−4.00 × 10⁻⁴" and readable(-0.001, 2) == "0.00" and readable(-1.5) == "−1.5"


def test_ticks_alike(engine):
    random = np.random.default_rng(0)
    axes = [
        (-5, 5, 4),
        (0, 1, 2),
        (-0.2, 0.2, 8.5),
        (0, 1.1, 4),
        (-2.6, 2.6, 6.1),
        (0, 11, 3),
        (1e-9, 3e-9, 5),
        (0, 1, 0.3),
    ]
    sizes = 10.0 ** random.uniform(-4, 5, 200)
    limits = zip(random.normal(size=200).tolist(), sizes.tolist(), random.uniform(0.5, 12, 200).tolist(), strict=True)
    axes += [(low, low + size, count) for low, size, count in limits]
    for axis, browser in zip(axes, engine.ask(front_end(), question="ticks", axes=axes), strict=True):
        python = ticks(*axis)
        assert len(python) == len(browser), axis
        assert np.allclose(python, browser, rtol=1e-14, atol=1e-14 * (axis[1] - axis[0])), axis
        assert all(
            axis[0] - 1e-6 * (axis[1] - axis[0]) <= tick <= axis[1] + 1e-6 * (axis[1] - axis[0]) for tick in python
        )


def test_numbers_packed_by_python_arrive(engine):
    random = np.random.default_rng(0)
    arrays = [
        (random.uniform(-3, 7, 500), -3.0, 7.0),
        (np.array([0, np.nan, 1, np.inf, -np.inf, 0.25]), 0.0, 1.0),
        (np.array([-9.0, 9.0]), -1.0, 1.0),  # outside: moved to the border
        (np.full(7, 4.0), None, None),
        (np.linspace(0, 1, 4095), 0.0, 1.0),  # every code
    ]
    packed = [short_text.pack(*array) for array in arrays]
    answers = engine.ask(front_end(), question="unpack", packed=packed)
    for (values, low, high), answer in zip(arrays, answers, strict=True):
        browser = numbers(answer)
        assert np.array_equal(np.isfinite(values), np.isfinite(browser))
        kept = np.isfinite(values)
        low, high = low if low is not None else values.min(), high if high is not None else values.max()
        assert np.abs(np.clip(values[kept], low, high) - browser[kept]).max() <= (high - low) / 4094 / 2 + 1e-12


@pytest.mark.parametrize("name", ["h11", "h13", "h31", "f"])
def test_lines_of_a_surface_alike(engine, name):
    explorer = explorers.tower_panels(w=80, b=45)
    coarse, count, span = 40, 60, 2.0 if name == "h31" else 1.0

    def function(x1, x2):
        return explorer.evaluate(name, x1=x1, x2=x2)

    axis = np.linspace(-5, 5, coarse)
    heights = function(axis[:, None], axis[None, :])
    python = adaptive_lines(function, (-5, 5), (-5, 5), span, count, coarse=coarse)
    browser = engine.ask(
        front_end(), question="lines", values=heights.ravel().tolist(), coarse=coarse,
        low=[-5, -5], high=[5, 5], span=span, count=count,
    )  # fmt: skip
    for mine, theirs in zip(python, browser, strict=True):
        assert np.allclose(mine, theirs, atol=1e-9)
        assert np.all(np.diff(mine) > 0) and len(mine) == count + 1
        assert np.isin(np.arange(-5, 6), np.round(mine, 9)).all()  # the mesh lines are among them
    widths = np.diff(python[0] if name == "h13" else python[1])
    assert widths.min() < 0.5 * widths.max()  # denser on the walls
