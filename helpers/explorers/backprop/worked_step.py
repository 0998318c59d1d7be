"""One step of gradient descent as a student writes it down: quantities as formulas, lines with numbers.

Each quantity q has three names in the formulas: `q_exact`, computed without any rounding; `q_full`,
computed from the quantities before it as they stand on the sheet; and `q`, which is what stands on the
sheet: q_full, or q_full rounded where `rounding` is on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from helpers.errors import InputError
from helpers.explorers.backprop.numbered_network import ACTIVATIONS, LOSSES, Plan, Unit, symbol
from helpers.explorers.core.lines import line, number
from helpers.explorers.core.panels import sentence
from helpers.formulas import browser as formula
from helpers.pictures.readable import subscripts

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
    last. forward_only: there is nothing after the loss.
    """

    def __init__(self, plan: Plan, forward_only: bool = False):
        self.plan, self.forward_only = plan, forward_only
        self.definitions: dict[str, formula.Tree] = {}
        self.lines: list[Line] = []
        self.sentences: dict[int, str] = {}  # step -> what is said at it
        self.known: dict[str, int] = {}  # quantity -> the step from which on it is known
        self.step = 0
        self.loss_symbol, self._loss_words, self._loss = LOSSES[plan.loss]
        self._forward()
        if not forward_only:
            self._backward()
            self._update()
            errors = [f"abs(error_{name})" for name in plan.parameters]
            self.definitions["worst"] = reduce(lambda worst, error: f"maximum({worst}, {error})", errors, "0")
        self.last = self.step
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
        plain = unit in self.plan.layers[-1] and unit.activation == "identity"
        return self._yhat(unit) if plain else subscripts(f"a{unit.number}")

    def prediction(self, unit: Unit) -> str:
        """The activation of a unit in words; that of an output is ŷ = a₄, or ŷ alone."""
        a = self.activation(unit)
        return a if unit not in self.plan.layers[-1] or a[0] == "ŷ" else f"{self._yhat(unit)} = {a}"

    def _yhat(self, unit: Unit) -> str:
        return subscripts(self._target(unit)).replace("y", "ŷ")

    def _target(self, unit: Unit) -> str:
        """The name of the target of an output."""
        return self.plan.targets[self.plan.layers[-1].index(unit)]

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
        left = self.prediction(unit)
        numbers = "" if unit.activation == "identity" else " = " + rule.format(f"{{{z}}}")
        self._line(f"{left} = {rule.format(subscripts(z))}{numbers}{{{a}:result}}")

    def _error(self) -> None:
        pattern = {
            "half_square": "½({y:given} − {yhat:brackets})²",
            "square": "({yhat} − {y:given,brackets})²",
            "cross_entropy": "−{y:given,brackets}·log({yhat}) − (1 − {y:given,brackets})·log(1 − {yhat:brackets})",
        }[self.plan.loss]
        trees, words, numbers, said = [], [], [], []
        for unit in self.plan.layers[-1]:
            a, y = f"a{unit.number}", self._target(unit)
            trees.append(formula.substitute(formula.parse(self._loss), {"yhat": a, "y": y}))
            words.append(self._loss_words.replace("y", symbol(y)).replace("ŷ", self._yhat(unit)))
            numbers.append(pattern.replace("{yhat", f"{{{a}").replace("{y", f"{{{y}"))
            said.append(f"{self.prediction(unit)} = {{{a}:4}}, the target is {symbol(y)} = {{{y}}}")
        self._define("loss", reduce(lambda first, then: ["+", first, then], trees))
        self._heading("Loss")
        self.lines[-1].step = self.step
        words, numbers = (" + ".join(terms).replace("+ −", "− ") for terms in (words, numbers))
        self._line(f"{self.loss_symbol} = {words} = ", numbers, "{loss:result}")
        self._say(f"the loss: {'; '.join(said)}, so {self.loss_symbol} = {{loss}}.")
        self.forward_end = self.step

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
        entropy = unit in self.plan.layers[-1] and self.plan.loss == "cross_entropy"
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
        if unit in self.plan.layers[-1]:
            error, words, numbers = self._output_error(unit, bool(slope))
            words, source = f"{meaning} = {words}", "the error at the output"
        else:
            error, words, numbers = self._sent_back(unit, bool(slope))
            source = "what the next layer sends back"
        self._define(name, f"({error})*{slope}" if slope else error)
        self._line(f"{delta} = {words}{slope_words} = ", *numbers, *slope_numbers, f"{{{name}:result}}")
        factor = f", times the slope of the activation at {z}" if slope else ""
        self._say(f"backward: {delta} = {meaning} is {source}{factor}: {delta} = {{{name}}}.")

    def _output_error(self, unit: Unit, more: bool) -> tuple[str, str, list[str]]:
        """∂loss/∂ŷ as a formula, in words, in numbers; with the cross-entropy it is ∂loss/∂z."""
        a, y = f"a{unit.number}", self._target(unit)
        error, words, numbers = (
            f"{a} - {y}",
            f"{self.activation(unit)} − {symbol(y)}",
            f"{{{a}}} − {{{y}:given,brackets}}",
        )
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
