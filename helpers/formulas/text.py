"""Formulas written as text: read safely, evaluated with NumPy, printed as LaTeX.

A formula such as `-x*y/2 * (1 - sigma(z)) * (1 - tanh(u)**2)` is the one form in which the course content
writes answers, mistakes and derivations, and one of the forms in which students may answer. It is read with
Python's own parser but never run as Python: `Evaluator` walks the syntax tree and knows only the operations
listed here, so a text from outside can neither import nor call anything else.

Numbers and arrays work alike: `X.T @ sign(X @ w - y) / 2` is a formula too. `helpers.formulas.symbolic` evaluates the
same trees with SymPy, `helpers.formulas.precise` with 120 digits.
"""

import ast
import operator
import re
import typing

import numpy as np

MAX_LENGTH = 4000  # characters of one formula
MAX_DEPTH = 60  # nested brackets
MAX_DERIVATIVES = 5  # inside each other
MAX_EXPONENT = 1000  # of a plain number: 9**9**9 would keep the machine busy for ever


class FormulaError(ValueError):
    """The text is no formula that we can read; the message is written for the student."""


# --------------------------------------------------------------------------------------------- reading

_REPLACEMENTS = {
    "^": "**",
    "·": "*",
    "⋅": "*",
    "×": "*",
    "−": "-",
    "–": "-",
    "²": "**2",
    "³": "**3",
    "ᵀ": ".T",
    "⊤": ".T",
    "½": "(1/2)",
    "ρ̂": "rhohat",
    "ρ": "rho",
    "λ": "lam",
    "ŷ": "yhat",
    "⊙": "*",
}
_IMPLICIT = re.compile(r"(?<![\w.])(\d+\.?\d*)\s*(?![eE][+-]?\d)(?=[A-Za-zσ(])")


_POWER_OF_FUNCTION = re.compile(r"\b((?:sin|cos|tan)h?|sech|log|ln|exp|sigma|sigmoid|σ)\s*\*\*\s*(\d+)\s*\(")


def _closing(text, start):
    """The place behind the bracket that closes the one before `start`, or the end of the text."""
    depth, end = 1, start
    while depth and end < len(text):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    return end


def _powers_behind(text):
    """`tanh**2(x)`, as one writes it by hand, becomes `tanh(x)**2`."""
    while match := _POWER_OF_FUNCTION.search(text):
        end = _closing(text, match.end())
        text = f"{text[: match.start()]}{match[1]}({text[match.end() : end]}**{match[2]}{text[end:]}"
    return text


def _tidy(text):
    """The text with the notation of a student's page turned into Python's: `2x^2` becomes `2*x**2`."""
    for written, meant in _REPLACEMENTS.items():
        text = text.replace(written, meant)
    text = re.sub(r"\\(?=[A-Za-z])", "", text.replace("\\cdot", "*"))  # \sigma(z) as in LaTeX
    text = re.sub(r"\*\*\s*(T|top)\b", ".T", text)
    text = re.sub(r"\blambda\b", "lam", text)
    text = re.sub(r"\b(\w+)'\(", r"\1_prime(", text)
    return _IMPLICIT.sub(r"\1*", _powers_behind(text)).strip()


def _depth(node):
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    return deepest


class Formula:
    """A formula read from text. `text` is what was written, `tree` its syntax tree.

    Raises FormulaError, with a sentence for the student, when the text cannot be read.
    """

    def __init__(self, text):
        self.text = text.strip()
        if len(text) > MAX_LENGTH:
            raise FormulaError(f"The formula is longer than {MAX_LENGTH} characters.")
        try:
            self.tree = ast.parse(_tidy(text), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise FormulaError(
                f"`{shorten(text)}` cannot be read as a formula: look for an unclosed bracket or a missing `*`."
            ) from None
        if _depth(self.tree) > MAX_DEPTH:
            raise FormulaError("The formula is nested too deeply to be read.")

    def __repr__(self):
        return f"Formula({self.text!r})"

    @property
    def names(self):
        """The set of all names in it, functions included."""
        return {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}

    @property
    def has_derivative(self):
        """Whether a derivative still stands in it that has to be worked out."""
        return any(
            getattr(node, "id", None) in DERIVATIVES or getattr(node, "attr", None) in DERIVATIVES
            for node in ast.walk(self.tree)
        )


def split_equation(text):
    """The parts of `a = b = c` as a list of texts; a text without `=` is one part."""
    return [part for part in re.split(r"(?<![<>=!])=(?!=)", text) if part.strip()]


_D = r"(?:(?<![A-Za-z_])(?<![A-Za-z_]\d)d|∂)"  # the d of dL/dw and of 2dL/dw, not that of a name such as id
_LEIBNIZ = re.compile(_D + r"([A-Za-z]\w*)\s*/\s*[d∂]([A-Za-z]\w*)")
_OPERATOR = re.compile(_D + r"\s*/\s*[d∂]([A-Za-z]\w*)\s*(\(|[A-Za-z]\w*)")
_LETTERS = {"ρ̂": "rhohat", "ρ": "rho", "λ": "lam", "ŷ": "yhat"}


def spell_out_derivatives(text, known):
    """`dL/df * df/dw` with every quotient of two known names written as `diff(L, f)`, and `d/dw L`, `d/dw (…)` as
    `diff(L, w)`; with no names known, every one."""

    def written(match):
        above, below = match.groups()
        return f"diff({above}, {below})" if not known or {above, below} <= set(known) else match[0]

    for letter, name in _LETTERS.items():
        text = text.replace(letter, name)
    text = _LEIBNIZ.sub(written, text)
    while match := _OPERATOR.search(text):
        end = match.end() if match[2] != "(" else _closing(text, match.end())
        inside = match[2] if match[2] != "(" else text[match.end() : end - 1]
        if known and match[1] not in known or match[2] != "(" and text[end:].lstrip()[:1] == "(":
            break  # d/dq, or d/dw tanh(…) without brackets around it all: not for us to guess
        text = f"{text[: match.start()]}diff({inside}, {match[1]}){text[end:]}"
    return re.sub(r"\)\s*(?=diff\()", ")*", text)  # dL/df df/dw, as one writes it by hand


def shorten(text, limit=60):
    """At most `limit` characters of a text on one line, for quoting in a message."""
    text = " ".join(str(text).split()).encode("utf-8", "replace").decode()  # no half characters: they cannot be shown
    return text if len(text) <= limit else text[: limit - 1] + "…"


# ------------------------------------------------------------------------------------------- functions

DERIVATIVES = {"diff", "Derivative", "grad"}
MODULES = {"np", "numpy", "math", "sp", "sympy", "jnp", "scipy", "special", "torch"}
ALIASES = {
    "ln": "log",
    "sigm": "sigma",
    "sigmoid": "sigma",
    "logistic": "sigma",
    "σ": "sigma",
    "expit": "sigma",
    "Abs": "abs",
    "fabs": "abs",
    "sgn": "sign",
    "Sum": "Sum",
    "power": "pow",
    "ReLU": "relu",
    "inner": "dot",
    "matmul": "dot",
    "sigma_prime": "dsigma",
    "sigmoid_prime": "dsigma",
    "σ_prime": "dsigma",
    "arctan": "atan",
    "absolute": "abs",
    "tanh_prime": "dtanh",
}


def elementwise(function):
    """A function of one object as a function of an array of them too."""

    def apply(argument):
        if isinstance(argument, np.ndarray) and argument.ndim:
            return np.vectorize(function, otypes=[object])(argument)
        return function(argument)

    return apply


def _sigma(z):
    from helpers.functions import sigmoid

    return sigmoid(z)


def _softplus(z):
    return np.logaddexp(0, z)


def _softmax(z):
    from helpers.functions import softmax

    return softmax(z)


def _power(base, exponent):
    return NUMPY.power(base, exponent)


class NumpyArithmetic:
    """What the operations mean for floating-point numbers and arrays."""

    functions: typing.ClassVar = {
        "exp": np.exp,
        "log": np.log,
        "log10": np.log10,
        "log2": np.log2,
        "log1p": np.log1p,
        "expm1": np.expm1,
        "sqrt": np.sqrt,
        "abs": np.abs,
        "sign": np.sign,
        "square": np.square,
        "sin": np.sin,
        "cos": np.cos,
        "tan": np.tan,
        "atan": np.arctan,
        "sinh": np.sinh,
        "cosh": np.cosh,
        "tanh": np.tanh,
        "sech": lambda z: 1 / np.cosh(z),
        "sigma": _sigma,
        "softplus": _softplus,
        "relu": lambda z: np.maximum(z, 0),
        "dsigma": lambda z: _sigma(z) * _sigma(-z),
        "dtanh": lambda z: 1 - np.tanh(z) ** 2,
        "sum": np.sum,
        "mean": np.mean,
        "dot": np.matmul,
        "outer": np.outer,
        "diag": np.diag,
        "transpose": np.transpose,
        "pow": _power,
        "ones_like": np.ones_like,
        "row": lambda v: v[None],
        "len": len,
        "step": lambda z: np.where(z > 0, 1.0, 0.0),
        "softmax": _softmax,
    }
    constants: typing.ClassVar = {"pi": np.pi, "e": np.e, "E": np.e}

    @staticmethod
    def number(value):
        return value

    @staticmethod
    def power(base, exponent):
        if isinstance(base, int) and isinstance(exponent, int):
            base = float(base)  # no integers of a million digits
        return base**exponent

    @staticmethod
    def array(values):
        return np.array(values, dtype=float)


NUMPY = NumpyArithmetic()
_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
}


# ------------------------------------------------------------------------------------------ evaluating


def _one_by_one(name, arguments):
    """The two arguments of a derivative; of `diff(f, x, 2)`, `diff(f, x, y)` and `diff(f, (x, 2))` the first is the
    derivative inside."""
    variables = []
    for argument in arguments[1:]:
        again = None
        if isinstance(argument, ast.Tuple) and len(argument.elts) == 2:
            variables.append(argument.elts[0])
            again = argument.elts[1]
        elif isinstance(argument, ast.Constant):
            again = argument
        else:
            variables.append(argument)
        if again is not None:
            times = getattr(again, "value", None)
            if not variables or type(times) is not int or not 1 <= times <= MAX_DERIVATIVES:
                variables = []
                break
            variables += variables[-1:] * (times - 1)
    if not variables or name == "grad" and len(variables) > 1:
        raise FormulaError(
            "A derivative is written `diff(f, x)`, a gradient `grad(f, w)`, and a second derivative `diff(f, x, 2)`."
        )
    function = arguments[0]
    for variable in variables[:-1]:
        function = ast.Call(ast.Name("diff"), [function, variable], [])
    return function, variables[-1]


class Evaluator:
    """Walks a formula's tree. `values` gives the parameters, `definitions` further names as Formulas in them.

    `sizes` gives the range of each index letter, for `Sum(i, …)` and `x[i]` in derivations.
    Raises FormulaError for anything that is not on the list of known operations.
    """

    def __init__(self, values, definitions=None, arithmetic=NUMPY, sizes=None):
        self.values, self.definitions = dict(values), definitions or {}
        self.arithmetic, self.sizes = arithmetic, sizes or {}
        self.indices = {}

    def __call__(self, formula):
        return self.visit(formula.tree)

    def visit(self, node):
        method = getattr(self, "visit_" + type(node).__name__, None)
        if method is None:
            raise FormulaError(f"A formula cannot contain `{shorten(ast.unparse(node))}`.")
        return method(node)

    def visit_Constant(self, node):
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise FormulaError(f"A formula cannot contain `{shorten(repr(node.value))}`.")
        if node.value > 1e300:
            raise FormulaError("A number in the formula is too large.")
        return self.arithmetic.number(node.value)

    def visit_Name(self, node):
        return self.name(node.id)

    def name(self, name):
        if name in self.indices:
            return self.arithmetic.number(self.indices[name])
        if name in self.values:
            return self.values[name]
        if name in self.definitions:
            return self.visit(self.definitions[name].tree)
        if name in self.arithmetic.constants:
            return self.arithmetic.constants[name]
        known = ", ".join(self.values)
        if self.is_function(name):
            raise FormulaError(f"`{name}` is a function: it needs an argument in brackets.")
        raise FormulaError(f"The name `{shorten(name)}` is not known here; the formula may use {known}.")

    def is_function(self, name):
        return ALIASES.get(name, name) in self.arithmetic.functions or name in DERIVATIVES

    def is_quantity(self, name):
        return name in self.values or name in self.definitions or name in self.indices

    def visit_UnaryOp(self, node):
        value = self.visit(node.operand)
        if isinstance(node.op, ast.USub):
            return -value
        if isinstance(node.op, ast.UAdd):
            return value
        raise FormulaError("A formula cannot contain `not` or `~`.")

    def visit_BinOp(self, node):
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Pow):
            if isinstance(right, (int, float)) and abs(right) > MAX_EXPONENT:
                raise FormulaError(f"The exponent {shorten(right, 12)} is too large.")
            return self.combine(self.arithmetic.power, left, right, node)
        operation = _BINARY.get(type(node.op))
        if operation is None:
            raise FormulaError(f"`{shorten(ast.unparse(node))}` uses an operation that formulas do not have.")
        return self.combine(operation, left, right, node)

    def combine(self, operation, left, right, node):
        try:
            return operation(left, right)
        except FormulaError:
            raise
        except ZeroDivisionError:
            raise FormulaError("The formula divides by zero.") from None
        except OverflowError:
            raise FormulaError("A number in the formula is too large.") from None
        except (ValueError, TypeError):
            raise FormulaError(
                f"The shapes of `{shorten(ast.unparse(node))}` do not fit: {np.shape(left)} and {np.shape(right)}."
            ) from None

    def visit_Call(self, node):
        function, arguments = node.func, node.args
        if node.keywords:
            raise FormulaError("Write the formula without named arguments.")
        if isinstance(function, ast.Attribute):
            owner = function.value
            if not (isinstance(owner, ast.Name) and owner.id in MODULES):  # x.sum(), a.dot(b), x.transpose()
                if function.attr not in {"sum", "mean", "dot", "transpose"}:
                    raise FormulaError(f"A formula cannot call `.{shorten(function.attr)}`.")
                return self.call(function.attr, [owner, *arguments])
            return self.call(function.attr, arguments)
        if isinstance(function, ast.Name) and not self.is_quantity(function.id):
            return self.call(function.id, arguments)
        if len(arguments) != 1:
            raise FormulaError(f"`{shorten(ast.unparse(node))}` cannot be read: is a `*` missing?")
        return self.visit(function) * self.visit(arguments[0])  # σ(z)(1−σ(z)): a product without its sign

    def call(self, name, arguments):
        name = ALIASES.get(name, name)
        if name == "Sum":
            return self.sum_over(*arguments)
        if name in DERIVATIVES:
            return self.derivative(*_one_by_one(name, arguments))
        function = self.arithmetic.functions.get(name)
        if function is None:
            raise FormulaError(f"The function `{shorten(name)}` is not known here.")
        values = [self.visit(argument) for argument in arguments]
        try:
            return function(*values)
        except FormulaError:
            raise
        except ZeroDivisionError:
            raise FormulaError("The formula divides by zero.") from None
        except TypeError:
            raise FormulaError(f"`{name}` does not take what stands in its brackets.") from None
        except Exception as problem:
            what = shorten(problem, 120) or type(problem).__name__
            raise FormulaError(f"`{name}` cannot be worked out: {what}.") from None

    def sum_over(self, index, body, *_):
        if getattr(index, "id", None) not in self.sizes:
            raise FormulaError("A sum is written `Sum(i, …)`, with i for the examples.")
        total, outside = 0, self.indices
        for number in range(self.sizes[index.id]):
            self.indices = {**outside, index.id: number}
            total = total + self.visit(body)
        self.indices = outside  # the same letter may count something else around the sum
        return total

    def derivative(self, function, variable):
        raise FormulaError("A derivative that is not worked out has no value yet.")

    def visit_Attribute(self, node):
        if node.attr == "T":
            return np.transpose(self.visit(node.value))[()]
        if isinstance(node.value, ast.Name) and node.value.id in MODULES:
            return self.name(node.attr)
        raise FormulaError(f"A formula cannot contain `.{shorten(node.attr)}`.")

    def visit_Subscript(self, node):
        return self.entry(self.visit(node.value), node)

    def entry(self, array, node):
        """The entry of an array, or the part of it, that the Subscript `node` names."""
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        values = [self.visit(part) for part in parts]
        try:
            return array[tuple(int(value) for value in values)]
        except (IndexError, TypeError, ValueError):
            raise FormulaError(f"`{shorten(ast.unparse(node))}` does not exist.") from None

    def visit_List(self, node):
        items = [self.visit(item) for item in node.elts]
        if len({np.shape(item) for item in items}) > 1:
            raise FormulaError("The parts of a list must be of one shape.")
        return self.arithmetic.array(items)

    visit_Tuple = visit_List


# ---------------------------------------------------------------------------------------------- shapes


def shape_of(node, shapes):
    """The shape of a formula's tree as a tuple of size letters, from the shapes of its names.

    `shapes` maps names to tuples such as ("m", "n"); a name that is not in it is a number.
    Raises FormulaError when the shapes do not fit together.
    """
    if isinstance(node, ast.Name):
        return shapes.get(node.id, ())
    if isinstance(node, ast.UnaryOp):
        return shape_of(node.operand, shapes)
    if isinstance(node, ast.Attribute):
        return shape_of(node.value, shapes)[::-1]
    if isinstance(node, ast.Subscript):
        taken = len(node.slice.elts) if isinstance(node.slice, ast.Tuple) else 1
        return shape_of(node.value, shapes)[taken:]
    if isinstance(node, ast.BinOp):
        return _shape_of_pair(node, shape_of(node.left, shapes), shape_of(node.right, shapes))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        inner = [shape_of(argument, shapes) for argument in node.args]
        name = node.func.id
        if name == "diff":
            return sum(inner, ())
        if name == "row":
            return ("1", *inner[0])
        if name in ("outer", "diag"):
            return inner[0] + inner[-1]
        if name in ("grad", "Sum"):
            return inner[1]
        if name == "sum" and len(node.args) == 2:  # sum(X, 0): over the rows, one number for each column
            axis = node.args[1].value
            return inner[0][:axis] + inner[0][axis + 1 :]
        return () if name in ("sum", "mean", "len") else inner[0]
    return ()


def _shape_of_pair(node, left, right):
    if isinstance(node.op, ast.MatMult):
        if not left or not right or left[-1] != right[0]:
            raise FormulaError(f"shapes {left} and {right} cannot be multiplied in {ast.unparse(node)}")
        return left[:-1] + right[1:]
    if len(left) == 2 and left[1:] == right:  # a row for each example, and one row more that is added to all
        return left
    if left and right and left != right:
        raise FormulaError(f"shapes {left} and {right} do not fit in {ast.unparse(node)}")
    return left or right
