"""The shipped front end, asked by a test: a few lines of JavaScript that Node.js runs."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from helpers.explorers.core.explorer import front_end
from helpers.explorers.core.lines import write

_BEFORE = """
import * as front from "./front.mjs";
import { readFileSync } from "node:fs";
// JSON has neither NaN nor infinity: they travel as text, which Python's float() reads.
const plain = (value) => value === undefined || typeof value === "string" ? value
  : typeof value === "number" ? (Number.isFinite(value) ? value : String(value)) : Array.from(value, plain);
const each = (object, give) => Object.fromEntries(Object.keys(object).map((key) => [key, give(key)]));
const question = JSON.parse(readFileSync(new URL("question.json", import.meta.url), "utf8"));
const answer = (() => {
"""
_AFTER = "\n})();\nprocess.stdout.write(JSON.stringify(answer));\n"

_EVERYTHING = """
const { spec, settings, inputs, places } = question;
const mathematics = new front.Mathematics(spec);
const evaluate = (key, variables) => mathematics.evaluate(key, { ...variables, ...at });
const say = (...given) => front.Picture.prototype.words.apply({ spec }, given);
const at = Object.fromEntries(inputs.map((name, k) => [name, Float64Array.from(places[k])]));
return settings.map((values) => {
  const variables = mathematics.variables(values);
  const averages = mathematics.averages({ ...variables });
  return {
    definitions: each(spec.definitions, (name) => plain(variables[name])),
    averages: each(spec.averages, (name) => averages[name]),
    functions: each(mathematics.functions, (key) => plain(evaluate(key, variables))),
    words: say({ ...variables, ...averages }),
    rules: (spec.panels[0].nodes ?? []).map(({ rules }) => say(variables, rules)),
  };
});
"""


def ask(folder, script: str, source: str | None = None, **question):
    """What `script` returns: JavaScript that sees `front` (the modules), `question`, and `plain` for JSON.

    source: another front end than the shipped one, for tests that break it.
    """
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js here (https://nodejs.org) to run the front end")
    names = (
        "Classifier, CostPanel, Fit, FitRun, KINDS, Mathematics, OPERATIONS, Picture, RandomState, adaptiveLines, "
        "asMnist, blankPaper, compile, compileLine, computeSignals, crosshair, drawCurves, draws, enlargedImage, fixed, "
        "graphContents, graphLabels, inkOn, layoutOf, networkContents, networkLabels, networkPlaces, nodeAt, "
        "randomNormals, readable, short, strokeInk, ticks, unpack, unpackSigned"
    )
    exports = f"\nexport {{ {names} }};\n"
    (folder / "front.mjs").write_text((source or front_end()) + exports, encoding="utf-8")
    (folder / "question.json").write_text(json.dumps(question, allow_nan=False), encoding="utf-8")
    (folder / "ask.mjs").write_text(_BEFORE + script + _AFTER, encoding="utf-8")
    done = subprocess.run([node, str(folder / "ask.mjs")], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def everything(folder, explorer, settings: list[dict], source: str | None = None, **places):
    """For each setting of the sliders: definitions, averages, functions at the places, sentence, rules of the nodes."""
    return ask(
        folder, _EVERYTHING, source, spec=explorer.spec, settings=[explorer.values | setting for setting in settings],
        inputs=list(places), places=[list(place) for place in places.values()],
    )  # fmt: skip


def rule(explorer, name) -> str:
    """What Python says of a node of a graph, as a click on it does; name: the node's, or what it computes."""
    (node,) = (each for each in explorer.spec["panels"][0]["nodes"] if name in (each["name"], each["symbol"]))
    return explorer.say(node["rules"])


def working(explorer) -> list[str]:
    """The lines of a working that the present step shows, headings among them, as Python writes them."""
    variables = explorer.variables()
    shown = [line for line in explorer.sheet.lines if line.step <= variables["step"]]
    return [write(line.parts, variables, round(variables["decimals"])) for line in shown]


def anywhere(explorer, count: int) -> list[dict]:
    """So many random positions of the sliders."""
    random, found = np.random.default_rng(1), []
    for _ in range(count):
        steps = {p.name: random.integers(0, round((p.high - p.low) / p.step) + 1) for p in explorer.parameters}
        found.append({p.name: round(float(p.low + steps[p.name] * p.step), 9) for p in explorer.parameters})
    return found


def move(explorer, setting: dict) -> None:
    """Move the sliders of the explorer to these values."""
    for name, value in setting.items():
        explorer.sliders[name].value = value
