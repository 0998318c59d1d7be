"""One step of gradient descent as a student writes it down: quantities as formulas, lines with numbers.

Each quantity q has three names in the formulas: `q_exact`, computed without any rounding; `q_full`,
computed from the quantities before it as they stand on the sheet; and `q`, which is what stands on the
sheet: q_full, or q_full rounded where `rounding` is on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce

from helpers.errors import InputError
from helpers.explorers.backprop.numbered_network import ACTIVATIONS, LOSSES, Plan, Unit, symbol
from helpers.explorers.core.panels import pieces, sentence
from helpers.formulas import browser as formula
from helpers.formulas.browser import Tree
from helpers.pictures.readable import fixed, readable, subscripts

#: φ′ at the pre-activation z, from the activation a where that is shorter, where it is not 1: as a formula, in words, as a
#: factor in words, and in numbers (see `line`). ReLU′ is 0 at z = 0.
_SLOPES = {
    "sigmoid": ("{a}*(1 - {a})", "{a}(1 − {a})", "{a}(1 − {a})", "{{{a}:power}}·(1 − {{{a}}})"),
    "tanh": ("1 - {a}**2", "1 − {a}²", "(1 − {a}²)", "1 − {{{a}:brackets}}²"),
    "softplus": ("sigmoid({z})", "σ({z})", "σ({z})", "σ({{{z}}})"),
    "relu": ("1 if {z} > 0 else 0", "", "ReLU′({z})", ""),
}


@dataclass
class Line:
    """A line of the working; it appears with its step. A heading has no numbers."""

    step: int
    parts: list
    heading: bool = False


class Sheet:
    """The working of a plan: definitions (name -> formula), lines, sentences, and the step of each quantity.

    Steps: 0 only the given numbers; one for each unit forward; the loss; backward from the output unit to
    the first, for each unit its δ and then the gradients of its parameters; the update, which is the
    last.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.definitions: dict[str, formula.Tree] = {}
        self.lines: list[Line] = []
        self.sentences: dict[int, str] = {}  # step -> what is said at it
        self.known: dict[str, int] = {}  # quantity -> the step from which on it is known
        self.step = 0
        self.loss_symbol, self._loss_words, self._loss = LOSSES[plan.loss]
        self.output = plan.units[-1]
        self._forward()
        self._backward()
        self._update()
        self.last = self.step
        errors = [f"abs(error_{name})" for name in plan.parameters]
        self.definitions["worst"] = reduce(lambda worst, error: f"maximum({worst}, {error})", errors, "0")
        if clash := set(plan.inputs) & set(self.definitions):
            raise InputError(f"an input cannot be called {min(clash)!r} here: choose a name such as x1")

    # ---- the pieces ----------------------------------------------------------------------------------------

    def _define(self, name: str, tree: formula.Tree) -> None:
        tree = formula.parse(tree)
        exact = {used: f"{used}_exact" for used in formula.names(tree) if f"{used}_exact" in self.definitions}
        self.definitions[f"{name}_exact"] = formula.substitute(tree, exact)
        self.definitions[f"{name}_full"] = tree
        self.definitions[name] = f"round({name}_full, decimals) if rounding > 0.5 else {name}_full"
        self.known[name] = self.step

    def _heading(self, words: str) -> None:
        self.lines.append(Line(self.step + 1, [words], heading=True))

    def _line(self, *parts) -> None:
        self.lines.append(Line(self.step, line(*parts)))

    def _say(self, words: str) -> None:
        self.sentences[self.step] = words

    def activation(self, unit: Unit) -> str:
        """What the unit's activation is called: a₄, or ŷ for an output without one of its own."""
        plain = unit is self.output and unit.activation == "identity"
        return "ŷ" if plain else subscripts(f"a{unit.number}")

    @property
    def prediction(self) -> str:
        """The output in words: ŷ = a₄, or ŷ alone."""
        a = self.activation(self.output)
        return a if a == "ŷ" else f"ŷ = {a}"

    def _symbol(self, name: str) -> str:
        named = {f"a{unit.number}": self.activation(unit) for unit in self.plan.units}
        return named.get(name) or symbol(name)

    # ---- forward -------------------------------------------------------------------------------------------

    def _forward(self) -> None:
        self._heading("Forward pass")
        for unit in self.plan.units:
            self.step += 1
            self._pre_activation(unit)
            self._activation(unit)
            z, a = subscripts(f"z{unit.number}"), self.activation(unit)
            self._say(
                f"forward: unit {unit.number} adds weights times what comes in, and its bias: "
                f"{z} = {{z{unit.number}:4}}; its activation is {a} = {{a{unit.number}:4}}."
            )
        self.step += 1
        self._error()

    def _pre_activation(self, unit: Unit) -> None:
        pairs = list(zip(unit.weights, self.plan.before(unit.layer), strict=True))
        words = " + ".join(f"{symbol(weight)}·{self._symbol(source)}" for weight, source in pairs)
        numbers = " + ".join(f"{{{weight}:given,brackets}}·{self._number(source)}" for weight, source in pairs)
        numbers = numbers.replace(",brackets", "", 1)  # the first number needs none
        name = f"z{unit.number}"
        self._define(name, f"{_products(pairs)} + {unit.bias}")
        self._line(f"{subscripts(name)} = {words} + {symbol(unit.bias)} = ", numbers,
                   f" + {{{unit.bias}:given,brackets}}{{{name}:result}}")  # fmt: skip

    def _number(self, name: str) -> str:
        return f"{{{name}:{'given,' * (name in self.plan.values)}brackets}}"

    def _activation(self, unit: Unit) -> None:
        z, a, phi = f"z{unit.number}", f"a{unit.number}", ACTIVATIONS[unit.activation]
        self._define(a, z if unit.activation == "identity" else f"{unit.activation}({z})")
        rule = {"identity": "{}", "relu": "max({}, 0)"}.get(unit.activation, f"{phi}({{}})")
        left = self.prediction if unit is self.output else self.activation(unit)
        numbers = "" if unit.activation == "identity" else " = " + rule.format(f"{{{z}}}")
        self._line(f"{left} = {rule.format(subscripts(z))}{numbers}{{{a}:result}}")

    def _error(self) -> None:
        a = f"a{self.output.number}"
        self._define("loss", self._loss.replace("yhat", a))
        numbers = {
            "half_square": f"½({{y:given}} − {{{a}:brackets}})²",
            "square": f"({{{a}}} − {{y:given,brackets}})²",
            "cross_entropy": f"−{{y:given,brackets}}·log({{{a}}}) − (1 − {{y:given,brackets}})·log(1 − {{{a}:brackets}})",
        }[self.plan.loss]
        self._heading("Loss")
        self.lines[-1].step = self.step
        self._line(f"{self.loss_symbol} = {self._loss_words} = ", numbers, "{loss:result}")
        self._say(
            f"the loss: {self.prediction} = {{{a}:4}}, the target is y = {{y}}, so {self.loss_symbol} = {{loss}}."
        )

    # ---- backward ------------------------------------------------------------------------------------------

    def _backward(self) -> None:
        self._heading("Backward pass")
        for layer in reversed(self.plan.layers):
            for unit in layer:
                self.step += 1
                self._derivative(unit)
                self._delta(unit)
                self.step += 1
                self._gradients(unit)

    def _derivative(self, unit: Unit) -> None:
        """φ′ of the unit, in a line of its own."""
        entropy = unit is self.output and self.plan.loss == "cross_entropy"
        if unit.activation not in _SLOPES or entropy:
            return
        rule, words, _, numbers = _SLOPES[unit.activation]
        name, z, a = f"s{unit.number}", f"z{unit.number}", f"a{unit.number}"
        self._define(name, rule.format(z=z, a=a))
        zs = subscripts(z)
        left, result = f"{ACTIVATIONS[unit.activation]}′({zs})", f"{{{name}:result}}"
        if unit.activation == "relu":
            self._line(f"{left}{result} (1 for {zs} > 0, else 0; here {zs} is {{{z}}})")
        else:
            words = words.format(z=zs, a=self.activation(unit))
            self._line(f"{left} = {words} = {numbers.format(z=z, a=a)}{result}")

    def _slope(self, unit: Unit) -> tuple[str, list[str], str | None]:
        """The factor φ′ in words, in numbers and as a name; nothing where it is 1."""
        name = f"s{unit.number}"
        if name not in self.definitions:
            return "", [], None
        factor = _SLOPES[unit.activation][2].format(a=self.activation(unit), z=subscripts(f"z{unit.number}"))
        return f"·{factor}", [f"·{{{name}:brackets}}"], name

    def _delta(self, unit: Unit) -> None:
        slope_words, slope_numbers, slope = self._slope(unit)
        name, delta, z = (f"d{unit.number}", *(subscripts(f"{letter}{unit.number}") for letter in "δz"))
        meaning = f"∂{self.loss_symbol}/∂{z}"
        if unit is self.output:
            error, words, numbers = self._output_error(bool(slope))
            words, source = f"{meaning} = {words}", "the error at the output"
        else:
            error, words, numbers = self._sent_back(unit, bool(slope))
            source = "what the next layer sends back"
        self._define(name, f"({error})*{slope}" if slope else error)
        self._line(f"{delta} = {words}{slope_words} = ", *numbers, *slope_numbers, f"{{{name}:result}}")
        factor = f", times the slope of the activation at {z}" if slope else ""
        self._say(f"backward: {delta} = {meaning} is {source}{factor}: {delta} = {{{name}}}.")

    def _output_error(self, more: bool) -> tuple[str, str, list[str]]:
        """∂loss/∂ŷ as a formula, in words, in numbers; with the cross-entropy it is ∂loss/∂z."""
        a = f"a{self.output.number}"
        error, words, numbers = f"{a} - y", f"{self.activation(self.output)} − y", f"{{{a}}} − {{y:given,brackets}}"
        if self.plan.loss == "square":
            return f"2*({error})", f"2({words})", ["2·", f"({numbers})"]
        # A difference alone needs no brackets.
        return (error, f"({words})", [f"({numbers})"]) if more else (error, words, [numbers])

    def _sent_back(self, unit: Unit, more: bool) -> tuple[str, str, list[str]]:
        """Σ δ·w over the units of the next layer, as a formula, in words, in numbers."""
        place = self.plan.layers[unit.layer].index(unit)
        terms = [(f"d{other.number}", other.weights[place]) for other in self.plan.layers[unit.layer + 1]]
        words = " + ".join(f"{subscripts(delta.replace('d', 'δ'))}·{symbol(weight)}" for delta, weight in terms)
        numbers = " + ".join(f"{{{delta}:brackets}}·{{{weight}:given,brackets}}" for delta, weight in terms)
        numbers = numbers.replace("brackets", "power", 1)  # a leading minus needs none
        # An empty text first: so the pieces lie in stored notebooks.
        if len(terms) > 1 and more:
            return _products(terms), f"({words})", ["(", "", f"{numbers})"]
        return _products(terms), words, ["", numbers]

    def _gradients(self, unit: Unit) -> None:
        delta = f"d{unit.number}"
        written = subscripts(f"δ{unit.number}")
        for weight, source in zip(unit.weights, self.plan.before(unit.layer), strict=True):
            self._define(f"g_{weight}", f"{delta}*{source}")
            self._line(f"{self.gradient(weight)} = {written}·{self._symbol(source)} = "
                       f"{{{delta}:power}}·{self._number(source)}{{g_{weight}:result}}")  # fmt: skip
        self._define(f"g_{unit.bias}", delta)
        self._line(f"{self.gradient(unit.bias)} = {written}{{g_{unit.bias}:result}}")
        self._say(
            f"backward: the gradient of each weight of unit {unit.number} is {written} times what comes in "
            f"through it; that of its bias is {written} = {{{delta}}}."
        )

    def gradient(self, name: str) -> str:
        """∂E/∂w₇ for w7."""
        return f"∂{self.loss_symbol}/∂{symbol(name)}"

    # ---- update --------------------------------------------------------------------------------------------

    def _update(self) -> None:
        self._heading("Update")
        self.step += 1
        for name in self.plan.parameters:
            step, exact = f"step_{name}", f"-eta*g_{name}_exact"
            none = f"abs({exact}) < 1e-300 and abs({step}) < 1e-300"
            self.definitions |= {
                step: f"-eta*g_{name}",
                f"new_{name}": f"{name} + {step}",
                f"error_{name}": f"0 if {none} else {step}/({exact}) - 1",
            }
            self._line(f"{symbol(name)} ← {symbol(name)} − η·{self.gradient(name)} = "
                       f"{{{name}:given}} − {{eta:given}}·{{g_{name}:brackets}}",
                       number(f"new_{name}", relation=f"new_{name}", step=f"step_{name}"))  # fmt: skip
        self._say(
            "the update: every parameter goes a step of −η times its gradient, with η = {eta}; "
            "the table shows old and new values."
        )

    def spoken(self) -> list[dict]:
        """The sentence of each step."""
        first = "Step 0: the network and its numbers. Step forward to compute one unit after the other."
        return [sentence(first, when="step < 0.5")] + [
            sentence(f"Step {step} of {self.last}, ", words, when=f"step < {step + 0.5}")
            for step, words in sorted(self.sentences.items())
        ]


def _products(pairs: list[tuple[str, str]]) -> str:
    """The formula of a sum of products."""
    return " + ".join(f"{first}*{second}" for first, second in pairs)


# ---- lines: texts with numbers put in, at a chosen number of decimals; lines.js writes the same --------------------


def number(value: Tree, *, relation: Tree | None = None, step: Tree | None = None, **how) -> dict:
    """A number of a line, as plain JSON.

    relation: write " = " before it, or " ≈ " where what stands there is not exactly the value of this
    formula; step: with enough decimals to see a change of this size;
    how: brackets=True: put a negative number in brackets, as in 2·(−1), and one with a power of ten; brackets="power":
    only the latter; given=True: write all decimals, as the sliders show them; percent=True: write it in per cent.
    """
    trees = {"value": value, "relation": relation, "step": step}
    return {key: formula.parse(tree) for key, tree in trees.items() if tree is not None} | how


_HOW = {"given": {"given": True}, "brackets": {"brackets": True}, "power": {"brackets": "power"}}


def line(*parts: str | dict) -> list:
    """The parts of a line, where a number may stand in a text as "{w1}", or "{w1:given,brackets}" as `number` says.

    "power" stands for brackets="power", "result" for the relation to the value before it was rounded.
    """
    return [piece for part in parts for piece in (pieces(part, _in_braces) if isinstance(part, str) else [part])]


def _in_braces(name: str, options: str | None) -> dict:
    how: dict = {}
    for option in options.split(",") if options else ():
        how |= {"relation": f"{name}_full"} if option == "result" else _HOW[option]
    return number(name, **how)


def write(parts: list, variables: dict, decimals: int) -> str:
    """The line in words, at these values."""
    return "".join(part if isinstance(part, str) else _number(part, variables, decimals) for part in parts)


def _number(part: dict, variables: dict, decimals: int) -> str:
    value = float(formula.evaluate(part["value"], variables))
    if part.get("percent"):
        return "—" if math.isnan(value) else f"{'+' if value > 5e-4 else ''}{readable(100 * value, 1)} %"
    if part.get("given"):
        decimals = 9
    if "step" in part:
        step = abs(float(formula.evaluate(part["step"], variables)))
        if 0 < step < 1:
            decimals = min(12, max(decimals, 2 - math.floor(math.log10(step))))
    text, shown = fixed(value, decimals)
    if part.get("brackets") and ("×" in text or (value < 0 and part["brackets"] is True)):
        text = f"({text})"
    if "relation" in part:
        full = float(formula.evaluate(part["relation"], variables))
        text = (" = " if abs(shown - full) <= 1e-12 * abs(full) else " ≈ ") + text
    return text
