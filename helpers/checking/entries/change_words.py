"""What is said of a change in a working: one table of sentences by the id of the mistake, in the notebook's words.

Lines go by what the notebook calls them: a gradient, an update, an entry of the table, or the quantity itself. Names
that are only the course's own go by their sign on the page, such as e for `error`.
"""

import ast
import re
from collections.abc import Mapping, Sequence

from helpers.checking.entries.changes import Change
from helpers.checking.feedback import in_list

_KINDS = {
    "w": "weight",
    "W": "weight matrix",
    "b": "bias",
    "x": "input",
    "X": "input",
    "z": "pre-activation",
    "Z": "pre-activation",
    "a": "activation",
    "A": "activation",
    "y": "target",
    "yhat": "prediction",
    "f": "prediction",
    "eta": "learning rate",
}
#: Lines of the course's own that no notebook has a name for.
_CALLED = {"slope": "the number that η is multiplied with", "n": "the number of examples"}
_MANY = {"bias": "biases", "weight matrix": "weight matrices"}
_FUNCTIONS = {
    "sigma": "σ",
    "dsigma": "σ'",
    "relu": "ReLU",
    "step": "the slope of ReLU (0 or 1)",
    "leaky": "the slope of a leaky ReLU (0.01 or 1)",
    "sign": "the sign (−1 or 1)",
}

#: id -> (what happened, where to look). In braces: the lines, what was lost, what was put in its place.
SENTENCES = {
    "missing_factor": ("In {lines} {lost} {is_} missing.", "Count the factors of the chain rule."),
    "missing_term": ("In {lines} {lost} {is_} missing.", "Compare the sum term by term."),
    "inner_sign": ("In {lines} {lost} {has} the wrong sign.", "Follow the minus signs line by line."),
    "sign": ("In {lines} the sign is wrong.", "Follow the minus signs line by line."),
    "factor_2": ("In {lines} a factor 2 is too many.", "Follow every constant factor."),
    "factor_half": ("In {lines} the value is half of what it should be.", "Follow every constant factor."),
    "missing_square": ("In {lines} the square is missing.", "Compare the power with the one in the task."),
    "missing_function": ("In {lines} {put} {stands} where {f} of it belongs.", ""),
    "no_function": ("In {lines} {f} has not been applied.", ""),
    "wrong_function": ("In {lines} {g} stands where {f} belongs.", "Which activation does the task name?"),
    "lost_minus": ("In {lines} the minus in the exponent of σ was lost.", "σ(z) = 1/(1 + e^(−z))."),
    "own_sigma": (
        "σ is programmed wrongly, the brackets of 1/(1 + e^(−z)) are lost: {own} comes out.",
        "Try your σ alone: σ(0) is ½.",
    ),
    "slope_missing": (
        "In {lines} the derivative of the activation, the slope {slope}, is missing.",
        "On the way through a neuron stands σ'(z) = a(1 − a).",
    ),
    "slope_lost_behind": (
        "In {lines} the derivative of the output's activation, {slope}, is missing on the way back.",
        "What goes back from the output is its whole δ, slope included.",
    ),
    "not_derived": (
        "In {lines} stands the loss {put} itself: it has not been differentiated.",
        "The square leaves a factor 2 behind.",
    ),
    "slope_at": ("In {lines} the slope of σ is written {at}; it is {slope}.", "σ'(z) = a(1 − a), with a = σ(z)."),
    "slope_of_tanh": (
        "In {lines} the slope is written 1 − a², the rule of tanh; that of σ is a(1 − a).",
        "Which activation does the task name?",
    ),
    "slope_of_relu": (
        "In {lines} the slope is that of ReLU, 0 or 1; that of σ is a(1 − a).",
        "Which activation does the task name?",
    ),
    "slope_of_a": (
        "In {lines} the derivative σ' is taken at the activation: σ was applied twice.",
        "σ'(z) = a(1 − a), with a as it is.",
    ),
    "slope_is_a": (
        "In {lines} the activation a stands in the place of the slope a(1 − a).",
        "σ'(z) = a(1 − a).",
    ),
    "slope_is_one_minus_a": ("In {lines} 1 − a stands in the place of the slope a(1 − a).", "σ'(z) = a(1 − a)."),
    "slope_squared": ("In {lines} a² stands in the place of the slope a(1 − a).", "σ'(z) = a(1 − a)."),
    "slope_plus": ("In {lines} the slope is written a(1 + a); it is a(1 − a).", "σ'(z) = a(1 − a)."),
    "slope_bracket": (
        "In {lines} a bracket is lost in the slope: `a*1 - a` is not a(1 − a).",
        "Put 1 − a in brackets.",
    ),
    "lost_bracket": ("In {lines} a bracket is lost around {lost}.", "Put every sum in a product in brackets."),
    "names_swapped": ("In {lines} {both} are swapped.", "Compare the numbering with the picture of the network."),
    "x_swapped": ("The two inputs are swapped.", "Compare the numbering with the picture of the network."),
    "reordered": (
        "In {lines} {lost} stand in another order, here the reverse one.",
        "Each neuron has its own weight: compare with the picture of the network.",
    ),
    "other_names": ("In {lines} {put} {stands} where {lost} {belongs}.", "What stands beside it in the forward pass?"),
    "summed_names": (
        "In {lines} stands the sum of {lost}; each of them needs its own one.",
        "Follow the path of one neuron alone.",
    ),
    "function_too_many": (
        "In {lines} σ is put around the sum, where no activation belongs.",
        "Which neurons of the task have an activation?",
    ),
    "summed_matrix": (
        "In {lines} stands the sum of all entries of {lost}; each unit needs its own weight.",
        "Follow the path of one unit alone.",
    ),
    "mean_matrix": (
        "In {lines} stands the mean of all entries of {lost}; each unit needs its own weight.",
        "Follow the path of one unit alone.",
    ),
    "added_factor": ("In {lines} {lost} is added; it has to be multiplied.", "The chain rule is a product."),
    "residual_sign": (
        "In {lines} only the sign of {lost} is left, as from an absolute value; the loss is a square.",
        "The derivative of a square is twice what is squared.",
    ),
    "residual_size": ("In {lines} {lost} has lost its sign.", "The derivative of a square is twice what is squared."),
    "residual_squared": (
        "In {lines} {lost} is squared: the square has not been differentiated.",
        "The derivative of a square is twice what is squared.",
    ),
    "extra_slope": (
        "In {lines} the slope of σ, {put}, is multiplied in, but this output has no activation.",
        "Which neurons of the task have an activation?",
    ),
    "reversed_matrix": (
        "In {lines} the entries of {lost} stand in reverse order.",
        "Each unit has its own weight: compare with the forward pass.",
    ),
    "updated": (
        "In {lines} the new values of {lost} are used. All gradients of one step belong to the old ones.",
        "Work out all gradients first, then take the step.",
    ),
    "no_bias": ("The biases are missing in the forward pass.", "Every neuron adds its bias after the weighted sum."),
}


class Words:
    """How the lines and quantities of a question are called: `gradients` says whose derivative a line is, `labels` what
    stands for a name on the page, `called` what is said of a line for which the notebook has no name."""

    def __init__(
        self,
        gradients: Mapping[str, str],
        labels: Mapping[str, str],
        entries: Sequence[str] = (),
        called: Mapping[str, str] | None = None,
    ) -> None:
        self._gradients, self._labels, self._entries = gradients, labels, set(entries)
        self._called = {**_CALLED, **(called or {})}

    def sentence(self, change: Change) -> str:
        """What happened."""
        return SENTENCES[self._id(change)][0].format_map(_Parts(self, change))

    def hint(self, change: Change) -> str:
        """Where to look."""
        return SENTENCES[self._id(change)][1]

    def _id(self, change):
        if change.mistake == "other_names" and {*map(ast.dump, change.lost)} == {*map(ast.dump, change.put)}:
            return "reordered"
        return change.mistake

    def lines(self, names: Sequence[str]) -> str:
        """Some lines as they are spoken of."""
        updates = [name.removesuffix("_new") for name in names if name.endswith("_new")]
        if len(updates) == len(names):
            return f"the update{_s(updates)} of {in_list(updates)}"
        gradients = [self._gradients[name] for name in names if name in self._gradients]
        if len(gradients) == len(names) and not set(names) & self._entries:
            return f"the gradient{_s(gradients)} of {in_list(gradients)}"
        if len(names) == 1 and names[0] in self._called:
            return self._called[names[0]]
        return f"the line{_s(names)} of {self.names(names)}"

    def names(self, names: Sequence[str]) -> str:
        """Names as they stand on the page."""
        *others, last = (self._called.get(name) or f"`{self.name(name)}`" for name in names)
        return f"{', '.join(others)} and {last}" if others else last

    def name(self, name: str) -> str:
        """One name as it stands on the page."""
        if name in self._gradients and name not in self._entries:
            return f"∂/∂{self._gradients[name]}"
        label = self._labels.get(name, "")
        return label if re.fullmatch(r"[a-z]", label) else name

    def things(self, nodes: Sequence[ast.expr]) -> str:
        """What some nodes are: the activations `a1`, `a2` and `a3`."""
        nodes = list({ast.dump(node): node for node in nodes}.values())
        if [_called_function(node) for node in nodes] == ["step"]:
            return f"the slope of ReLU, `{self.written(nodes[0])}`,"
        if not all(isinstance(node, ast.Name) for node in nodes):
            shown = [f"`{self.written(node)}`" for node in nodes]
            return ", ".join(shown[:3]) + (", …" if len(shown) > 3 else "")
        names = [node.id for node in nodes]
        kinds = {_KINDS.get(re.match(r"[^\d_]*", name)[0], "") for name in names}
        kind = kinds.pop() if len(kinds) == 1 else ""
        many = len(names) > 1
        return f"the {_MANY.get(kind, kind + 's') if many else kind} {self.names(names)}" if kind else self.names(names)

    def written(self, node: ast.expr) -> str:
        """A formula as one writes it."""
        text = ast.unparse(node).replace("sigma(", "σ(").replace(" ** 2", "²")
        for name, label in self._labels.items():
            if re.fullmatch(r"[a-z]", label):
                text = re.sub(rf"\b{name}\b", label, text)
        return text.replace(" * ", "*")


class _Parts(dict):
    """What may stand in the braces of a sentence, worked out when it is asked for."""

    def __init__(self, words, change):
        self._words, self._change = words, change

    def __missing__(self, key):
        words, change = self._words, self._change
        many = len({ast.dump(node) for node in change.lost}) > 1
        stand = len({ast.dump(node) for node in change.put}) > 1
        match key:
            case "lines":
                return words.lines(change.lines)
            case "lost" | "put":
                return words.things(getattr(change, key))
            case "is_" | "has" | "belongs" | "stands":
                one, two = {
                    "is_": ("is", "are"),
                    "has": ("has", "have"),
                    "belongs": ("belongs", "belong"),
                    "stands": ("stands", "stand"),
                }[key]
                return two if (stand if key == "stands" else many) else one
            case "both":
                return words.things([*change.lost, *change.put])
            case "f" | "g":
                return _function(change.lost if key == "f" else change.put)
            case "slope":
                return "a(1 − a)" if len(change.lost) > 1 else f"`{words.written(change.lost[0])}`"
            case "at":
                return _slope_at(change)
            case "own":
                return "1/e^(−z)" if change.put[0].id == "1/exp" else "1 + e^(−z)"
        raise KeyError(key)


def _function(nodes):
    node = nodes[0]
    name = node.id if isinstance(node, ast.Name) else _called_function(node) or "the function"
    return _FUNCTIONS.get(name, name)


def _called_function(node):
    return getattr(getattr(node, "func", None), "id", "")


def _slope_at(change):
    if not change.put or len(change.put) > 1:
        return "z(1 − z), with the pre-activation"
    name = change.put[0].id
    what = ", with the pre-activation" if name.lower().startswith("z") else ""
    many = ", with one neuron's activation for all" if len(change.lines) > 1 and not what else ""
    return f"{name}(1 − {name}){what}{many}"


def _s(names):
    return "s" if len(names) > 1 else ""
