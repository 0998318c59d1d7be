"""What a picture says can be seized: each grip, left where it is, changes nothing, and moved, moves its sliders and follows them."""

import numpy as np
import pytest

from helpers import explorers
from helpers.explorers.core.explorer import Explorer, Parameter
from helpers.explorers.core.panels import axis, curves, handle, sentence
from helpers.formulas import browser as formula

MADE = {name: getattr(explorers, name) for name in explorers.__all__ if name not in
        ("curve_of", "surface_of", "draw_digit", "hidden_units", "training", "graph")} | {"graph": lambda: explorers.graph("000.1b")}  # fmt: skip
AXES = {"curves": ("x", "y"), "heat": ("x1", "x2"), "surface": ("x1", "x2", "z")}


def strayed(explorer) -> list[str]:
    """What is wrong with the explorer's handles, in words."""
    found = []
    for panel in explorer.spec["panels"]:
        for grip in panel.get("handles", ()):
            found += _wrong(explorer, panel, grip)
    return found


def _wrong(explorer, panel, grip):
    axes = AXES[panel["kind"]]
    for name in grip["sets"]:
        if name not in explorer.sliders:
            return [f"{grip['label']} sets {name}, which is no slider"]
    start = explorer.values
    variables = explorer.variables()
    here = np.array([formula.evaluate(tree, variables) for tree in grip["at"]], dtype=float)
    if len(here) != len(axes) or not np.isfinite(here).all():
        return [f"{grip['label']} is at {here}"]
    k = {"x": 0, "y": 1, "x1": 0, "x2": 1, "z": 2, "xy": 0}[grip["along"]]
    steps = {parameter.name: parameter.step for parameter in explorer.parameters}

    def given(place):
        to = dict(zip(("to_x", "to_y", "to_z"), place, strict=False))
        return {name: float(formula.evaluate(tree, variables | to)) for name, tree in grip["sets"].items()}

    stays = given(here)
    if any(abs(value - start[name]) > steps[name] for name, value in stays.items()):
        return [f"{grip['label']} jumps from {start} to {stays} when it is touched"]
    span = panel[axes[k]]["high"] - panel[axes[k]]["low"]
    for share in (0.04, -0.04):  # near an end of its slider there is room on one side only
        aim = here + share * span * (np.arange(len(here)) == k)
        values = given(aim)
        ends = {parameter.name: (parameter.low, parameter.high) for parameter in explorer.parameters}
        if all(ends[name][0] <= value <= ends[name][1] for name, value in values.items()):
            break
    else:
        return []

    def missed(setting):
        for name, value in setting.items():
            explorer.sliders[name].value = value
        return abs(float(formula.evaluate(grip["at"][k], explorer.variables())) - aim[k])

    miss = missed(values)
    reached = explorer.values
    # A slider of coarse steps comes as near as it can.
    others = (
        [missed({name: reached[name] + step}) for name in values for step in (-steps[name], steps[name])]
        if len(values) == 1
        else []
    )
    explorer.reset()
    if miss < 0.03 * span or others and miss <= min(others):
        return []
    return [f"{grip['label']} stays {miss:g} away when it is pulled to {aim[k]:g}"]


@pytest.mark.parametrize("name", MADE)
def test_a_grip_stays_where_it_is_and_goes_where_it_is_pulled(name):
    assert strayed(MADE[name]()) == []


@pytest.mark.parametrize(
    ("at", "sets", "complaint"),
    [
        (("-b", 0), {"b": "-to_x"}, None),
        (("-b", 0), {"c": "-to_x"}, "which is no slider"),
        (("-b", 0), {"b": "to_x"}, "jumps"),
        (("-b", 0), {"b": "0*to_x + b"}, "away when it is pulled"),
        (("-b/0", 0), {"b": "-to_x"}, "is at"),
    ],
)
def test_a_wrong_handle_is_found(at, sets, complaint):
    grip = handle("place", at, "x", sets, "{b:1}")
    panel = curves("", axis("x", -2, 2), axis("y", -1, 1), [], handles=[grip])
    with np.errstate(divide="ignore"):
        found = strayed(Explorer([Parameter("b", -2, 2, 1, 0.1, "bias")], {}, [panel], [sentence("")]))
    assert found == [] if complaint is None else complaint in found[0]
