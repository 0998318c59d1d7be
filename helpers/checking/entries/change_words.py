"""The parts of what is said of a change in a working, in the notebook's words: its lines, what was lost, what was put.

Lines go by what the notebook calls them: a gradient, an update, an entry of the table, or the quantity itself. Names
that are only the course's own go by their sign on the page, such as e for `error`.
"""

import ast
import re
from collections.abc import Mapping, Sequence

from helpers.checking.entries.changes import Change
from helpers.checking.feedback import in_list
from helpers.checking.sentences import hint_of, say

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
        return say(self._id(change), _Parts(self, change))

    def hint(self, change: Change) -> str:
        """Where to look."""
        return hint_of(self._id(change))

    def _id(self, change):
        if change.mistake == "other_names" and {*map(ast.dump, change.lost)} == {*map(ast.dump, change.put)}:
            return "reordered.line"
        return f"{change.mistake}.line"

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
            loss = re.match(r"\\frac\{\\partial (\w)\}", self._labels.get(name, ""))
            return f"∂{loss[1] if loss else ''}/∂{self._gradients[name]}"
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
        if not kind or self._called.keys() & {*names}:  # "the activation of the hidden layer" says what it is
            return self.names(names)
        return f"the {_MANY.get(kind, kind + 's') if many else kind} {self.names(names)}"

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
