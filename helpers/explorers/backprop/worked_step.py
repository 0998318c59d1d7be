"""One step of gradient descent as a student writes it down: quantities as formulas, lines with numbers.

Each quantity q has three names in the formulas: `q_exact`, computed without any rounding; `q_full`,
computed from the quantities before it as they stand on the sheet; and `q`, which is what stands on the
sheet: q_full, or q_full rounded where `rounding` is on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from helpers.errors import InputError
from helpers.explorers import formula
from helpers.explorers.backprop.numbered_network import LOSSES, Plan, Unit, symbol
from helpers.explorers.core.panels import sentence
from helpers.explorers.formula import Tree
from helpers.pictures.readable import fixed, readable, subscripts

#: φ(z) and φ′ at the pre-activation z, from the activation a where that is shorter. ReLU′ is 0 at z = 0.
_ACTIVATIONS = {
    "identity": ("{z}", None),
    "sigmoid": ("sigmoid({z})", "{a}*(1 - {a})"),
    "tanh": ("tanh({z})", "1 - {a}**2"),
    "softplus": ("softplus({z})", "sigmoid({z})"),
    "relu": ("relu({z})", "1 if {z} > 0 else 0"),
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
        self.sentences: list[tuple[int, list]] = []  # (step, parts of what is said at this step)
        self.known: dict[str, int] = {}  # quantity -> the step from which on it is known
        self.step = 0
        self.loss_symbol, self._loss_words, self._loss = LOSSES[plan.loss]
        self.output = plan.units[-1]
        self._forward()
        self._backward()
        self._update()
        self.last = self.step
        worst: formula.Tree = 0
        for name in plan.parameters:
            worst = ["maximum", worst, ["abs", f"error_{name}"]]
        self.definitions["worst"] = worst
        if clash := set(plan.inputs) & set(self.definitions):
            raise InputError(f"an input cannot be called {min(clash)!r} here: choose a name such as x1")

    # ---- the pieces ----------------------------------------------------------------------------------------

    def _define(self, name: str, tree: formula.Tree) -> None:
        tree = formula.parse(tree)
        exact = {used: f"{used}_exact" for used in formula.names(tree) if f"{used}_exact" in self.definitions}
        self.definitions[f"{name}_exact"] = formula.substitute(tree, exact)
        self.definitions[f"{name}_full"] = tree
        rounded = ["round", f"{name}_full", "decimals"]
        self.definitions[name] = ["if", [">", "rounding", 0.5], rounded, f"{name}_full"]
        self.known[name] = self.step

    def _heading(self, words: str) -> None:
        self.lines.append(Line(self.step + 1, [words], heading=True))

    def _line(self, *parts) -> None:
        self.lines.append(Line(self.step, list(parts)))

    def _say(self, *parts) -> None:
        self.sentences.append((self.step, list(parts)))

    def activation(self, unit: Unit) -> str:
        """What the unit's activation is called: a₄, or ŷ for an output without one of its own."""
        plain = unit is self.output and unit.activation == "identity"
        return "ŷ" if plain else subscripts(f"a{unit.number}")

    def _symbol(self, name: str) -> str:
        for unit in self.plan.units:
            if name == f"a{unit.number}":
                return self.activation(unit)
        return symbol(name)

    # ---- forward -------------------------------------------------------------------------------------------

    def _forward(self) -> None:
        self._heading("Forward pass")
        for unit in self.plan.units:
            self.step += 1
            self._pre_activation(unit)
            self._activation(unit)
            z, a = subscripts(f"z{unit.number}"), self.activation(unit)
            self._say(f"forward: unit {unit.number} adds weights times what comes in, and its bias: {z} = ",
                      (f"z{unit.number}", 4), f"; its activation is {a} = ", (f"a{unit.number}", 4),
                      ".")  # fmt: skip
        self.step += 1
        self._error()

    def _pre_activation(self, unit: Unit) -> None:
        incoming = self.plan.before(unit.layer)
        tree: formula.Tree = ["*", unit.weights[0], incoming[0]]
        words = [f"{symbol(unit.weights[0])}·{self._symbol(incoming[0])}"]
        numbers = [number(unit.weights[0], given=True), "·", self._number(incoming[0])]
        for weight, source in zip(unit.weights[1:], incoming[1:], strict=True):
            tree = ["+", tree, ["*", weight, source]]
            words.append(f"{symbol(weight)}·{self._symbol(source)}")
            numbers += [" + ", number(weight, given=True, brackets=True), "·", self._number(source)]
        name = f"z{unit.number}"
        self._define(name, ["+", tree, unit.bias])
        written = f"{' + '.join(words)} + {symbol(unit.bias)}"
        bias = number(unit.bias, given=True, brackets=True)
        self._line(f"{subscripts(name)} = {written} = ", *numbers, " + ", bias, self._result(name))

    def _number(self, name: str) -> dict:
        return number(name, given=name in self.plan.values, brackets=True)

    def _result(self, name: str) -> dict:
        return number(name, relation=f"{name}_full")

    def _activation(self, unit: Unit) -> None:
        z, a = f"z{unit.number}", f"a{unit.number}"
        rule, derivative = _ACTIVATIONS[unit.activation]
        self._define(a, rule.format(z=z))
        left = f"ŷ = {self.activation(unit)}" if unit is self.output else self.activation(unit)
        left = "ŷ" if left == "ŷ = ŷ" else left
        if unit.activation == "identity":
            self._line(f"{left} = {subscripts(z)}", self._result(a))
        elif unit.activation == "relu":
            self._line(f"{left} = max({subscripts(z)}, 0) = max(", number(z), ", 0)", self._result(a))
        else:
            phi = {"sigmoid": "σ"}.get(unit.activation, unit.activation)
            self._line(f"{left} = {phi}({subscripts(z)}) = {phi}(", number(z), ")", self._result(a))

    def _error(self) -> None:
        a = f"a{self.output.number}"
        self._define("loss", formula.substitute(formula.parse(self._loss), {"yhat": a}))
        y, yhat = number("y", given=True, brackets=True), number(a, brackets=True)
        first = number("y", given=True)
        line = {
            "half_square": ["½(", first, " − ", yhat, ")²"],
            "square": ["(", number(a), " − ", y, ")²"],
            "cross_entropy": ["−", y, "·log(", number(a), ") − (1 − ", y, ")·log(1 − ", yhat, ")"],
        }[self.plan.loss]
        self._heading("Loss")
        self.lines[-1].step = self.step
        self._line(f"{self.loss_symbol} = {self._loss_words} = ", *line, self._result("loss"))
        self._say(f"the loss: ŷ = {self.activation(self.output)} = ".replace("ŷ = ŷ", "ŷ"), (a, 4),
                  ", the target is y = ",
                  ("y",), f", so {self.loss_symbol} = ", ("loss",), ".")  # fmt: skip

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
        rule = _ACTIVATIONS[unit.activation][1]
        entropy = unit is self.output and self.plan.loss == "cross_entropy"
        if rule is None or entropy:
            return
        name, z, a = f"s{unit.number}", f"z{unit.number}", f"a{unit.number}"
        self._define(name, rule.format(z=z, a=a))
        zs, written = subscripts(z), self.activation(unit)
        result = self._result(name)
        if unit.activation == "sigmoid":
            parts = [
                f"σ′({zs}) = {written}(1 − {written}) = ",
                number(a, brackets="power"),
                "·(1 − ",
                number(a),
                ")",
                result,
            ]
        elif unit.activation == "tanh":
            parts = [f"tanh′({zs}) = 1 − {written}² = 1 − ", number(a, brackets=True), "²", result]
        elif unit.activation == "softplus":
            parts = [f"softplus′({zs}) = σ({zs}) = σ(", number(z), ")", result]
        else:
            parts = [f"ReLU′({zs})", result, f" (1 for {zs} > 0, else 0; here {zs} is ", number(z), ")"]
        self._line(*parts)

    def _slope(self, unit: Unit) -> tuple[str, list, str | None]:
        """The factor φ′ in words, in numbers and as a name; nothing where it is 1."""
        name = f"s{unit.number}"
        if name not in self.definitions:
            return "", [], None
        a, z = self.activation(unit), subscripts(f"z{unit.number}")
        words = {
            "sigmoid": f"·{a}(1 − {a})",
            "tanh": f"·(1 − {a}²)",
            "softplus": f"·σ({z})",
            "relu": f"·ReLU′({z})",
        }[unit.activation]
        return words, ["·", number(name, brackets=True)], name

    def _delta(self, unit: Unit) -> None:
        words, numbers, slope = self._slope(unit)
        name, delta = f"d{unit.number}", subscripts(f"δ{unit.number}")
        if unit is self.output:
            tree, left, given = self._output_error(bool(slope))
            pieces = [
                f"{delta} = ∂{self.loss_symbol}/∂{subscripts(f'z{unit.number}')} = {left}{words} = ",
                *given,
            ]
        else:
            tree, left, given = self._sent_back(unit, bool(slope))
            pieces = [f"{delta} = {left}{words} = ", *given]
        self._define(name, ["*", tree, slope] if slope else tree)
        self._line(*pieces, *numbers, self._result(name))
        z = subscripts(f"z{unit.number}")
        source = "the error at the output" if unit is self.output else "what the next layer sends back"
        factor = f", times the slope of the activation at {z}" if slope else ""
        self._say(f"backward: {delta} = ∂{self.loss_symbol}/∂{z} is {source}{factor}: {delta} = ", (name,), ".")

    def _output_error(self, more: bool):
        """∂loss/∂ŷ as a tree, in words, in numbers; with the cross-entropy it is ∂loss/∂z."""
        a = f"a{self.output.number}"
        words = f"({self.activation(self.output)} − y)"
        numbers = ["(", number(a), " − ", number("y", given=True, brackets=True), ")"]
        tree = ["-", a, "y"]
        if self.plan.loss == "square":
            return ["*", 2, tree], f"2{words}", ["2·", *numbers]
        if not more:  # a difference alone needs no brackets
            return tree, words[1:-1], numbers[1:2] + numbers[2:3] + numbers[3:4]
        return tree, words, numbers

    def _sent_back(self, unit: Unit, more: bool):
        """Σ δ·w over the units of the next layer, as a tree, in words, in numbers."""
        following = self.plan.layers[unit.layer + 1]
        place = self.plan.layers[unit.layer].index(unit)
        terms, words, numbers = [], [], []
        for k, other in enumerate(following):
            weight, delta = other.weights[place], f"d{other.number}"
            terms.append(["*", delta, weight])
            words.append(f"{subscripts(f'δ{other.number}')}·{symbol(weight)}")
            numbers += [
                " + " * (k > 0),
                number(delta, brackets=True if k else "power"),
                "·",
                number(weight, given=True, brackets=True),
            ]
        tree = terms[0]
        for term in terms[1:]:
            tree = ["+", tree, term]
        if len(terms) > 1 and more:
            return tree, f"({' + '.join(words)})", ["(", *numbers, ")"]
        return tree, " + ".join(words), numbers

    def _gradients(self, unit: Unit) -> None:
        delta = f"d{unit.number}"
        written = subscripts(f"δ{unit.number}")
        for weight, source in zip(unit.weights, self.plan.before(unit.layer), strict=True):
            self._define(f"g_{weight}", ["*", delta, source])
            self._line(f"{self.gradient(weight)} = {written}·{self._symbol(source)} = ",
                       number(delta, brackets="power"), "·",
                       self._number(source), self._result(f"g_{weight}"))  # fmt: skip
        self._define(f"g_{unit.bias}", delta)
        self._line(f"{self.gradient(unit.bias)} = {written}", self._result(f"g_{unit.bias}"))
        self._say(f"backward: the gradient of each weight of unit {unit.number} is {written} times what "
                  f"comes in through it; that of its bias is {written} = ", (delta,), ".")  # fmt: skip

    def gradient(self, name: str) -> str:
        """∂E/∂w₇ for w7."""
        return f"∂{self.loss_symbol}/∂{symbol(name)}"

    # ---- update --------------------------------------------------------------------------------------------

    def _update(self) -> None:
        self._heading("Update")
        self.step += 1
        for name in self.plan.parameters:
            self.definitions[f"step_{name}"] = ["*", ["negative", "eta"], f"g_{name}"]
            self.definitions[f"new_{name}"] = ["+", name, f"step_{name}"]
            exact = ["*", ["negative", "eta"], f"g_{name}_exact"]
            wrong = ["-", ["/", f"step_{name}", exact], 1]
            same = ["and", ["<", ["abs", exact], 1e-300], ["<", ["abs", f"step_{name}"], 1e-300]]
            self.definitions[f"error_{name}"] = ["if", same, 0, wrong]
            self._line(f"{symbol(name)} ← {symbol(name)} − η·{self.gradient(name)} = ",
                       number(name, given=True), " − ",
                       number("eta", given=True), "·", number(f"g_{name}", brackets=True),
                       number(f"new_{name}", relation=f"new_{name}", step=f"step_{name}"))  # fmt: skip
        self._say("the update: every parameter goes a step of −η times its gradient, with η = ", ("eta",),
                  "; the table shows old and new values.")  # fmt: skip

    def spoken(self) -> list[dict]:
        """The sentence of each step."""
        steps = dict(self.sentences)
        first = "Step 0: the network and its numbers. Step forward to compute one unit after the other."
        return [sentence(first, when="step < 0.5")] + [
            sentence(f"Step {step} of {self.last}, ", *parts, when=f"step < {step + 0.5}")
            for step, parts in sorted(steps.items())
        ]


def number(
    value: Tree,
    *,
    relation: Tree | None = None,
    brackets=False,
    given=False,
    step: Tree | None = None,
    percent=False,
) -> dict:
    """A number of a line.

    relation: write " = " before it, or " ≈ " where what stands there is not exactly the value of this
    formula; brackets: put a negative number in brackets, as in 2·(−1), and one with a power of ten;
    "power": only the latter; given: write all decimals, as the sliders show them; step: with enough
    decimals to see a change of this size; percent: write it in per cent.
    """
    part = {"value": formula.parse(value)}
    if relation is not None:
        part["relation"] = formula.parse(relation)
    if step is not None:
        part["step"] = formula.parse(step)
    return part | {key: on for key, on in (("brackets", brackets), ("given", given), ("percent", percent)) if on}


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
