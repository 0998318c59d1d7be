"""What the learning rate does: the loss of 002.1 after one update, and over the next ones, for each η."""

from __future__ import annotations

import math

from helpers.errors import InputError
from helpers.explorers.backprop.numbered_network import plan_of
from helpers.explorers.backprop.worked_step import Sheet
from helpers.explorers.core.explorer import Explorer, LogParameter
from helpers.explorers.core.panels import axis, beside, curve, curves, handle, is_finite, sentence
from helpers.formulas import browser as formula
from helpers.pictures.readable import readable, significant

_LOW, _HIGH = 1e-3, 2.5  # η, and further where the numbers need it
_LEAST, _MOST = 1e-5, 100.0
_DIGITS = 3  # of η: the printed 2 and the limit 0.2 are met exactly
_UPDATES = 20
_TWO = ("b2_1", "w13_1")  # what 002.1d updates


def learning_rate(eta: float = 2, **numbers) -> Explorer:
    """The loss J of 002.1 after gradient descent with learning rate η: after one update, and over twenty.

    Two ways are compared: only b₂[1] and w₁₃[1] are updated, as in 002.1d, or all thirteen parameters.
    eta: the first value of η; numbers: parameters, inputs and target by name (w11_1, …, b1_2, x1, x2, y)
    where they differ from the printed ones, so that a dict of personal numbers goes in as **numbers. log10eta instead of eta
    is its logarithm.
    Raises InputError for other names or numbers.
    """
    if is_finite(numbers.get("log10eta")):  # as the slider was called
        eta = 10 ** numbers.pop("log10eta")
    if not is_finite(eta) or not _LEAST <= eta <= _MOST:
        raise InputError(f"the learning rate eta must lie from {_LEAST:g} to {_MOST:g}, and {eta!r} does not")
    eta = significant(eta, _DIGITS)
    plan = plan_of("002.1", numbers=numbers)
    sheet = Sheet(plan)
    values = {name: value for name, value in plan.values.items() if name != "eta"}
    ways = {"two": _TWO, "all": tuple(plan.parameters)}
    definitions = _passes(sheet, "all", ways["all"]) | _passes(sheet, "two", _TWO)
    start = _value("loss_all0", definitions, values)
    if not start > 0:
        raise InputError("with these numbers ŷ = y: the loss is 0, and there is nothing to learn; choose others")
    for way, updated in ways.items():
        squares = " + ".join(f"g_{name}_{way}0**2" for name in updated)
        definitions[f"{way}_slope"] = f"({squares})/(2*loss_{way}0)"
    # Along the two parameters ŷ is linear: an update multiplies ŷ − y by 1 − η · slope.
    definitions["factor"] = "1 - eta*two_slope"
    for way in ways:
        definitions |= {f"{way}_losses": _listed(way), f"{way}_rises": _rises(way)}
    definitions["now"] = "log(eta)/log(10)"
    functions = _after_one_update(sheet, "all", ways["all"]) | _after_one_update(sheet, "two", _TWO)
    functions["before"] = "log(loss_all0)/log(10) + 0*s"
    for way in ways:
        functions[f"power_{way}"] = _power(way)
        definitions[f"now_{way}"] = _power(f"loss_{way}1")
    slope, steepest = (_value(f"{way}_slope", definitions, values) for way in ways)
    # One update of all parameters does best somewhat below 1/steepest.
    low, high = min(_LOW, significant(0.3 / steepest, 1), eta), max(_HIGH, eta)
    return Explorer(
        [LogParameter("eta", low, high, eta, 0.002, "learning rate", digits=_DIGITS, former="log10eta", label="η")],
        functions, _panels(start, slope, (math.log10(low), math.log10(high))), _sentences(),
        definitions=definitions, arrangement=beside(60, 1, ratio=0.4),
        constants=values | {"updates": [float(k) for k in range(_UPDATES + 1)]},
    )  # fmt: skip


# ---- what is computed --------------------------------------------------------------------------------------


def _exact(sheet: Sheet) -> dict[str, formula.Tree]:
    """The quantities of one forward and backward pass, without rounding: name -> formula of the others."""
    exact = {name.removesuffix("_exact"): tree for name, tree in sheet.definitions.items() if name.endswith("_exact")}
    return {
        name: formula.substitute(tree, {f"{other}_exact": other for other in exact}) for name, tree in exact.items()
    }


def _passes(sheet: Sheet, way: str, updated: tuple[str, ...]) -> dict[str, formula.Tree]:
    """Pass after pass, with an update of these parameters after each: w7_all3 is w7 after 3 updates."""
    quantities = _exact(sheet)
    used = {name: tree for name, tree in quantities.items() if name[:2] != "g_" or name[2:] in updated}
    definitions: dict[str, formula.Tree] = {}
    for k in range(_UPDATES + 1):
        names = {name: f"{name}_{way}{k}" for name in used} | {name: f"{name}_{way}{k}" for name in updated if k}
        definitions |= {names[name]: formula.substitute(tree, names) for name, tree in used.items()}
        for name in updated:
            definitions[f"{name}_{way}{k + 1}"] = f"{names.get(name, name)} - eta*{names[f'g_{name}']}"
    return definitions


def _after_one_update(sheet: Sheet, way: str, updated: tuple[str, ...]) -> dict[str, formula.Tree]:
    """The loss after the first update as a function of s, where η = 10^s; `two` or `all` is the loss."""
    new = {name: f"{name}_{way}_at" for name in updated}
    functions = {new[name]: f"{name} - 10**s*g_{name}_{way}0" for name in updated}
    forward = {name: tree for name, tree in _exact(sheet).items() if name[0] in "zal"}
    names = new | {name: f"{name}_{way}_at" for name in forward} | {"loss": way}
    return functions | {names[name]: formula.substitute(tree, names) for name, tree in forward.items()}


def _value(name: str, definitions: dict, variables: dict) -> float:
    """The value of a definition that does not depend on η."""
    tree = formula.parse(definitions[name])
    needed = formula.names(tree) - variables.keys()
    return float(formula.evaluate(tree, variables | {each: _value(each, definitions, variables) for each in needed}))


def _listed(way: str) -> formula.Tree:
    """log₁₀ of the loss after each number of updates, as one array over `updates`."""
    losses: formula.Tree = f"loss_{way}{_UPDATES}"
    for k in reversed(range(_UPDATES)):
        losses = ["if", ["<", "updates", k + 0.5], f"loss_{way}{k}", losses]
    return _power(losses)


def _power(loss: formula.Tree) -> formula.Tree:
    """log₁₀ of a loss; one that is 0 but for rounding has none, and is drawn far below the axis."""
    return ["/", ["log", ["maximum", loss, 1e-30]], math.log(10)]


def _rises(way: str) -> str:
    """Whether the loss ever rises from one update to the next; below 10⁻²⁰ it only trembles."""
    return " or ".join(f"loss_{way}{k + 1} > loss_{way}{k} + 1e-20" for k in range(_UPDATES))


# ---- what is drawn and said --------------------------------------------------------------------------------


def _panels(start: float, slope: float, limits: tuple[float, float]) -> list[dict]:
    across = axis("s", *limits, "learning rate η", powers=True)
    two, every = "b₂ and w₁₃ updated", "all thirteen updated"
    size = math.floor(math.log10(start))
    best, most = (f"log({n}/two_slope)/log(10)" for n in (1, 2))
    regions = [
        ("-9", best, f"falls: η < {readable(significant(1 / slope, 2))}", 2),
        (best, most, "jumps", 4),
        (most, "9", f"diverges: η > {readable(significant(2 / slope, 2))}", 3),
    ] if slope > 0 else []  # fmt: skip
    return [
        curves(
            "loss J after one update", across, axis("J", size - 5, size + 6, "J", powers=True),
            [curve(two, "power_two", width=2.5), curve(every, "power_all", style=1, width=2),
             curve("J before", "before", style=5, width=1.5),
             curve("", points=("now", "now_two"), dots=True), curve("", points=("now", "now_all"), style=1, dots=True)],
            marks=regions,
            handles=[handle("learning rate η", ("now", "now_two"), "x", {"eta": "10**to_x"}, "η = {eta}",
                            anywhere=True, style=0)],
        ) | {"legend": "upper left"},
        curves(
            f"loss J over the next {_UPDATES} updates", axis("k", 0, _UPDATES, "updates", whole=True),
            axis("J", -6, 12, "J", powers=True),
            [curve(two, points=("updates", "two_losses"), dots=True),
             curve(every, points=("updates", "all_losses"), style=1, dots=True)],
        ),
    ]  # fmt: skip


def _sentences() -> list[dict]:
    """One update in numbers, then what the next ones do along both ways; the first that holds is shown."""
    first = (
        "η = {eta}: one update takes J from {loss_all0} to {loss_two1} with b₂ and w₁₃, "
        "and to {loss_all1} with all thirteen. "
    )
    two = {
        "falls": "factor > -1e-9 and factor < 0.9999999",
        "falls while ŷ jumps from side to side of y": "factor > -0.9999999 and factor < 0.9999999",
        "stays, ŷ jumping from side to side of y": "factor > -1.0000001",
        "diverges": 1,
    }
    settled = f"loss_all{_UPDATES} < loss_all0"
    every = {
        "falls": f"{settled} and all_rises < 0.5",
        "rises at times and ends lower": settled,
        "neither settles nor grows beyond all bounds": f"loss_all{_UPDATES} < 1e6*loss_all0",
        "diverges": 1,
    }
    return [
        sentence(
            first,
            f"Over {_UPDATES} updates with the two J {mine}",
            *([" (η < {2/two_slope} is needed)"] if mine == "diverges" else []),
            f"; with all thirteen it {other}.",
            when=f"({condition}) and ({another})",
        )
        for mine, condition in two.items()
        for other, another in every.items()
    ]
