"""Networks that are small enough to read: every weight is written down, every unit has a name.

Nothing is trained here. A `SmallNetwork` is what one draws on paper - inputs, layers, weights, biases - as an
object that can be evaluated on a grid, asked for every unit's activation, stored as JSON and printed as plain
NumPy code that computes the same numbers without this package.
"""

from dataclasses import dataclass
from keyword import iskeyword
from textwrap import fill

import numpy as np

from helpers.errors import InputError
from helpers.formulas.known import KNOWN
from helpers.functions import ACTIVATIONS
from helpers.networks.layers import finite_array

_SIGMOID_CODE = '''
def sigmoid(z):
    """1/(1 + exp(-z)), the exponential only of negative numbers, so that it cannot overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
'''

# Evaluated in blocks of points, so that no layer needs more than this many numbers (0.8 MB) at once.
_NUMBERS_AT_ONCE = 100_000


def _names(names, what):
    """Return names as a tuple of identifiers: they become dictionary keys and names in printed code."""
    if isinstance(names, str) or not np.iterable(names) or not tuple(names):
        raise InputError(f"{what} must be a tuple of at least one name, such as ('h11',), not {names!r}")
    names = tuple(names)
    for name in names:
        if not (isinstance(name, str) and name.isidentifier() and not iskeyword(name)):
            raise InputError(f"{what}: {name!r} is not a name that Python code can use, such as 'h11'")
    if len(set(names)) < len(names):
        raise InputError(f"{what}: each name may occur only once")
    return names


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: a = g(W a_before + b), with the activation g applied to each unit.

    names: the units' names, one per output.
    weights: W, shape (outputs, inputs): row i holds the weights of the connections *into* unit i.
    bias: b, shape (outputs,).
    activation: a key of `helpers.functions.ACTIVATIONS`.

    Weights and bias are copied, as float64, and cannot be changed afterwards. Raises InputError for shapes that do not
    fit, NaN, infinity and unknown activations.
    """

    names: tuple
    weights: np.ndarray
    bias: np.ndarray
    activation: str

    def __post_init__(self):
        names = _names(self.names, "names of a layer's units")
        weights = finite_array(self.weights, "weights", ndim=2).copy()
        bias = finite_array(self.bias, "bias", ndim=1).copy()
        if len(weights) != len(names) or bias.shape != (len(names),):
            raise InputError(
                f"{len(names)} units need weights of the shape ({len(names)}, inputs) and as many biases,"
                f" not {weights.shape} and {bias.shape}"
            )
        if not isinstance(self.activation, str) or self.activation not in ACTIVATIONS:
            raise InputError(f"activation {self.activation!r} is unknown: use one of {', '.join(ACTIVATIONS)}")
        weights.flags.writeable = bias.flags.writeable = False
        for field, value in (("names", names), ("weights", weights), ("bias", bias)):
            object.__setattr__(self, field, value)  # the way to set a field of a frozen dataclass

    def __call__(self, before):
        """Return the activations, shape (points, outputs), from the layer before, (points, inputs)."""
        return ACTIVATIONS[self.activation][0](before @ self.weights.T + self.bias)


@dataclass(frozen=True)
class SmallNetwork:
    """A feed-forward network with named inputs, named units and one output.

    inputs: the names of the inputs, for example ("x1", "x2").
    layers: Layer objects in the order of the forward pass; the last has exactly one unit.

    Raises InputError if the layers do not fit together or a name occurs twice.
    """

    inputs: tuple
    layers: tuple

    def __post_init__(self):
        inputs, layers = _names(self.inputs, "inputs"), tuple(self.layers)
        if not layers or not all(isinstance(layer, Layer) for layer in layers):
            raise InputError("layers must be a tuple of at least one Layer")
        width = len(inputs)
        for number, layer in enumerate(layers, start=1):
            if layer.weights.shape[1] != width:
                columns = layer.weights.shape[1]
                raise InputError(f"layer {number} needs {width} columns of weights, one per input, not {columns}")
            width = len(layer.names)
        if width != 1:
            raise InputError(f"the last layer must have one unit, the output, not {width}")
        _names(inputs + tuple(name for layer in layers for name in layer.names), "inputs and units together")
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "layers", layers)

    def __call__(self, *inputs):
        """Return the output for inputs of any shapes that broadcast together (numbers, grids, ...).

        The result has the broadcast shape, float64; for plain numbers it is one number. NaN stays NaN.
        Raises TypeError for the wrong number of inputs, ValueError for shapes that do not broadcast.
        """
        points, shape = self._points(inputs)
        output = np.empty(len(points))
        block = _NUMBERS_AT_ONCE // max(len(layer.names) for layer in self.layers) or 1
        for start in range(0, len(points), block):
            output[start : start + block] = self._forward(points[start : start + block])[-1][:, 0]
        return output.reshape(shape)[()]

    def units(self, *inputs):
        """Return every unit's activation, hidden or output: {name: array of the broadcast shape}."""
        points, shape = self._points(inputs)
        return {
            name: activations[:, column].reshape(shape)[()]
            for layer, activations in zip(self.layers, self._forward(points), strict=True)
            for column, name in enumerate(layer.names)
        }

    def _points(self, inputs):
        """Return the inputs as a data matrix (points, inputs), and the shape that they broadcast to."""
        if len(inputs) != len(self.inputs):
            expected = f"{len(self.inputs)} ({', '.join(self.inputs)})"
            raise TypeError(f"this network takes as many inputs as it has names, {expected}, not {len(inputs)}")
        for name, value in zip(self.inputs, inputs, strict=True):
            if np.asarray(value).dtype.kind not in "biuf":
                raise TypeError(f"input {name} must be a real number or an array of real numbers")
        try:
            arrays = np.broadcast_arrays(*inputs)
        except ValueError:
            shapes = ", ".join(str(np.shape(value)) for value in inputs)
            raise InputError(f"the inputs' shapes do not broadcast together: {shapes}") from None
        return np.stack([array.ravel() for array in arrays], axis=-1).astype(np.float64), arrays[0].shape

    def _forward(self, points):
        """Return the activations of each layer, a list of arrays (points, outputs)."""
        activations = [points]
        # An infinite input times a weight of 0 is NaN; that is an answer, not a reason to warn.
        with np.errstate(invalid="ignore", over="ignore", under="ignore"):
            for layer in self.layers:
                activations.append(layer(activations[-1]))
        return activations[1:]

    def to_dict(self):
        """Return the network as plain dicts, lists, numbers and strings, ready for `json.dumps`."""
        return {
            "inputs": list(self.inputs),
            "layers": [
                {
                    "names": list(layer.names),
                    "weights": layer.weights.tolist(),
                    "bias": layer.bias.tolist(),
                    "activation": layer.activation,
                }
                for layer in self.layers
            ],
        }

    def numpy_code(self, name="network"):
        """Return Python source that needs only NumPy and computes this network: the weights and one function.

        The function is called `name`, takes the inputs by their names and broadcasts as this object does.
        Raises InputError if `name` has another meaning in that source.
        """
        (name,) = _names((name,), "name of the function")
        numbered = list(enumerate(self.layers, start=1))
        if name in {"np", "a", "sigmoid", *self.inputs, *(f"{letter}{k}" for k, _ in numbered for letter in "Wb")}:
            raise InputError(f"the printed code uses {name!r} for something else: rename it")
        sizes = " - ".join(str(len(names)) for names in (self.inputs, *(layer.names for layer in self.layers)))
        lines = [f"# A network of {sizes} units (inputs first). It needs nothing but NumPy.", "import numpy as np\n"]
        if any(layer.activation == "sigmoid" for layer in self.layers):
            lines.append(_SIGMOID_CODE + "\n")
        for k, layer in numbered:
            units = ", ".join(layer.names) if len(layer.names) <= 12 else f"{layer.names[0]} ... {layer.names[-1]}"
            noun = "unit" if len(layer.names) == 1 else "units"
            note = f"# Layer {k}, {layer.activation}, {noun} {units}: one row of W{k} each."
            lines.append(fill(note, 106, subsequent_indent="# "))
            lines += [_array_code(f"W{k}", layer.weights), _array_code(f"b{k}", layer.bias) + "\n"]
        arguments = ", ".join(self.inputs)
        lines += [
            f"\ndef {name}({arguments}):",
            '    """The output for numbers or arrays of any shapes that broadcast together."""',
            f"    a = np.stack(np.broadcast_arrays({arguments}), axis=-1)",
        ]
        for k, layer in numbered:
            code = KNOWN[layer.activation].code or f"np.{layer.activation}({{}})"
            lines.append(f"    a = {code.format(f'a @ W{k}.T + b{k}')}")
        return "\n".join([*lines, "    return a[..., 0]\n"])


def _array_code(name, array):
    """Return `name = np.array(...)` in lines of at most 110 characters, giving exactly the same floats."""

    def listed(numbers):
        # 30.0 is written 30: matrices of mostly zeros become readable, and dtype=float restores the type.
        return ", ".join(str(int(x)) if x.is_integer() else repr(x) for x in numbers)

    if array.ndim == 1:
        rows = [listed(array.tolist())]
        line = f"{name} = np.array([{rows[0]}], dtype=float)"
    else:
        rows = [f"[{listed(numbers)}]," for numbers in array.tolist()]
        line = f"{name} = np.array([{rows[0][:-1]}], dtype=float)"
    if len(rows) == 1 and len(line) <= 110:
        return line
    wrapped = [fill(text, 110, initial_indent=" " * 4, subsequent_indent=" " * 5) for text in rows]
    return "\n".join([f"{name} = np.array([", *wrapped, "], dtype=float)"])
