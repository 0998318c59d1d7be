"""Turns whatever a student hands in into numbers at the question's points, or says why that is impossible.

An answer may be a Python function (of numbers or of arrays), a SymPy expression, a formula as text, or a number or array
(a function that is constant). The result is one float array per point. `Unusable` carries what the student is told.
"""

import dis
import functools
import inspect
import sys
import types

import numpy as np

from . import sandbox
from .derivation import index_sizes
from .formulas import ALIASES, MODULES, Formula, FormulaError, shorten, spell_out_derivatives, split_equation

_STUB_WORDS = {"", "...", "…", "todo", "none", "notimplemented", "your answer", "your answer here", "?"}


class Unusable(Exception):
    """The answer has no values to compare. `status` is "not attempted", "error" or "wrong"."""

    def __init__(self, status, message, mistake=None):
        super().__init__(message)
        self.status, self.message, self.mistake = status, message, mistake


NOT_ATTEMPTED = "Replace the placeholder by your own answer, then run this cell again."


# ---------------------------------------------------------------------------------------------- stubs

def is_placeholder(value):
    """Whether a value is what an untouched exercise holds: `...`, None, NotImplemented, an empty text, or a collection
    of nothing but those."""
    if value is None or value is Ellipsis or value is NotImplemented or value is NotImplementedError:
        return True
    if isinstance(value, NotImplementedError):
        return True
    if isinstance(value, str):
        return value.strip().lower() in _STUB_WORDS
    if isinstance(value, dict):
        return all(is_placeholder(item) for item in value.values())
    if isinstance(value, (list, tuple)) and len(value) < 100:
        return all(is_placeholder(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == object and value.size < 100:
        return all(is_placeholder(item) for item in value.flat)
    return False


def _does_nothing(function):
    """Whether a function that returned None was never filled in. One that computes something and returns nothing has
    been worked on: there the `return` is missing."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return False
    previous = None
    for step in dis.get_instructions(code):
        if step.opname.startswith(("BINARY_", "CALL", "FOR_ITER")) and step.opname != "BINARY_SLICE":
            break
        previous = step
    else:
        return True
    for step in dis.get_instructions(code):   # an explicit `answer = None` is still a placeholder
        if step.opname.startswith("STORE_FAST") and previous is not None and previous.argval is None \
                and previous.opname == "LOAD_CONST":
            return True
        previous = step
    return False


# ---------------------------------------------------------------------------------------------- numbers

def as_numbers(raw):
    """A value that came from a student as a float array. Raises Unusable if it holds no numbers."""
    if hasattr(raw, "free_symbols"):
        raw = _from_sympy_value(raw)
    if isinstance(raw, (bool, np.bool_)):
        raise Unusable("error", f"The answer came out as {raw}, which is a truth value, not a number.", "not_a_number")
    if isinstance(raw, (str, bytes)):
        raise Unusable("error", f"The answer came out as the text {shorten(repr(raw), 40)}; a number is needed.",
                       "not_a_number")
    if isinstance(raw, (dict, set)) or callable(raw) or inspect.isgenerator(raw) or inspect.iscoroutine(raw):
        if inspect.iscoroutine(raw):
            raw.close()
        raise Unusable("error", f"The answer came out as a {type(raw).__name__}, not as a number or an array.",
                       "not_a_number")
    try:
        array = np.asarray(raw)
    except Exception:
        raise Unusable("error", "The answer is a list whose rows have different lengths, so it is no array.",
                       "ragged") from None
    if array.dtype.kind in "fiu":
        return array.astype(float)
    if array.dtype.kind == "c":
        return _real_part(array)
    if array.dtype.kind == "O" and array.size <= 10_000:
        try:
            return _real_part(array.astype(complex))
        except Exception:
            pass
    found = type(raw).__name__ if array.dtype.kind == "O" else array.dtype.name
    raise Unusable("error", f"The answer came out as a {found}, not as a number or an array of numbers.",
                   "not_a_number")


def _real_part(array):
    finite = np.where(np.isfinite(array), array, 0)
    if np.any(np.abs(finite.imag) > 1e-12 * (1 + np.abs(finite.real))):
        raise Unusable("wrong", "The answer came out as complex numbers, but it must be real.", "complex")
    return array.real.astype(float)


def _from_sympy_value(raw):
    import sympy as sp
    if isinstance(raw, sp.MatrixBase):
        raw = np.array(raw.tolist(), dtype=object)
        return raw[:, 0] if raw.shape[1] == 1 else raw
    if getattr(raw, "free_symbols", None):
        raise Unusable("error", "The answer still contains symbols instead of numbers: use the function's arguments.",
                       "symbols_left")
    return complex(raw) if raw.is_number else raw


# ---------------------------------------------------------------------------------------------- reading

class Answer:
    """A student's answer to one question: `at(point)` gives the raw value at a point (a dict of arguments).

    Raises Unusable when it cannot be read at all.
    """

    def __init__(self, question, answer, derivatives=False):
        self.question, self.answer = question, answer
        self.kind = "function"
        self.fits = lambda point: True   # whether the answer makes sense at a point
        self.changed = set()      # names of the arguments that the student's function changed in place
        if is_placeholder(answer):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if isinstance(answer, type(question)) or isinstance(answer, types.ModuleType):
            raise Unusable("error", "That is no answer: hand in your function, as in `check(my_function)`.")
        if isinstance(answer, str):
            self.kind, self.at = "formula", read_text(question, answer, derivatives)
        elif _is_sympy(answer):
            self.kind, self.at = "formula", read_sympy(question, answer)
            self.fits = _fitting(question, answer)
        elif isinstance(answer, dict):
            raise Unusable("error", f"This question takes one function of {question.signature}, not a dictionary.",
                           "not_a_number")
        elif callable(answer) and not isinstance(answer, np.ndarray):
            self.at = self._function()
        else:
            self.kind = "constant"
            constant = as_numbers(answer)
            self.at = lambda point: constant

    def _function(self):
        call = calling(self.answer, self.question)

        def at(point):
            arguments = {name: np.array(value) if np.ndim(value) else np.float64(value)
                         for name, value in point.items()}
            kept = {name: value.copy() for name, value in arguments.items() if np.ndim(value)}
            raw = call(arguments)
            self.changed.update(name for name, value in kept.items()
                                if not np.array_equal(value, arguments[name]))
            if raw is None and not _does_nothing(self.answer):
                raise Unusable("error", "Your function returned None: is the line with `return` missing?",
                               "no_return")
            if is_placeholder(raw):
                raise Unusable("not attempted", NOT_ATTEMPTED)
            if _is_sympy(raw) and getattr(raw, "free_symbols", None):
                return read_sympy(self.question, raw)(point)
            return raw
        return at

    def values(self, points, seconds=sandbox.SECONDS):
        """(a float array for each point, what the code printed). Raises Unusable."""
        current = {}

        def work():
            results = []
            for point in points:
                current["point"] = point
                results.append(as_numbers(self.at(point)))
                if results[-1].size > 10_000:
                    break   # the shape alone says that it is wrong
            return results

        try:
            return sandbox.run(work, seconds)
        except sandbox.Failure as failure:
            raise self._explained(failure, current.get("point")) from None

    def _explained(self, failure, point):
        if isinstance(failure.problem, Unusable):
            return failure.problem
        if isinstance(failure.problem, NotImplementedError):
            return Unusable("not attempted", NOT_ATTEMPTED)
        if isinstance(failure.problem, FormulaError):
            return Unusable("error", str(failure.problem), "unreadable")
        where = f" It was called with {in_words(point)}." if point else ""
        if failure.kind == "time":
            return Unusable("error", f"Your code was stopped after {sandbox.SECONDS:g} seconds: "
                                     f"does a loop never end, or is it very slow?{where}", "endless")
        if failure.kind == "interrupted":
            return Unusable("error", "The check was interrupted.", "interrupted")
        problem = failure.problem
        names = parameter_names(self.answer)
        if names != self.question.parameters and sorted(names) == sorted(self.question.parameters):
            return Unusable("wrong", f"Your function takes ({', '.join(names)}), but it is called with "
                                     f"{self.question.signature}, in this order.", "parameter_order")
        if isinstance(problem, SystemExit):
            return Unusable("error", "Your code calls exit(), which would end the whole notebook.", "raises")
        try:
            text = shorten(problem, 140)
        except Exception:
            text = ""
        line = f", in your line `{shorten(failure.line, 80)}`" if failure.line else ""
        if isinstance(problem, ValueError) and ("core dimension" in text or "could not be broadcast" in text):
            where = " The shapes of two factors do not fit: print them." + where
        return Unusable("error", f"Your code stopped with {type(problem).__name__}"
                                 f"{': ' + text if text else ''}{line}.{where}", "raises")


def calling(function, question):
    """A caller of a student's function with a dict of arguments. Positional, in the question's order; by name only for
    keyword-only parameters. Raises Unusable if the function cannot take that many arguments."""
    names = question.parameters
    by_position = lambda arguments: function(*(arguments[name] for name in names))   # noqa: E731
    try:
        signature = inspect.signature(function)
    except Exception:
        return by_position
    try:
        signature.bind(*names)
        return by_position
    except TypeError:
        pass
    try:
        signature.bind(**dict.fromkeys(names))
        return lambda arguments: function(**arguments)
    except TypeError:
        taken = ", ".join(signature.parameters) or "no arguments"
        if isinstance(function, types.FunctionType) and not signature.parameters and _does_nothing(function) \
                and is_placeholder(function()):
            raise Unusable("not attempted", NOT_ATTEMPTED) from None
        raise Unusable("error", f"Your function takes ({taken}); it is called with {question.signature}, "
                                "in this order.", "wrong_parameters") from None


def parameter_names(function):
    """The names of a function's positional parameters, or () if they cannot be found out."""
    try:
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return tuple(name for name, parameter in inspect.signature(function).parameters.items()
                     if parameter.kind in kinds)
    except Exception:
        return ()


def _is_sympy(value):
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(value, (sympy.Basic, sympy.MatrixBase))


# ---------------------------------------------------------------------------------------------- text

def read_text(question, text, derivatives=False):
    """A function of a point for a formula as text; of `name = formula` the right-hand side counts. `derivatives` allows
    `diff(E, a)` in it, as a line of a derivation may have it."""
    parts = split_equation(text)
    text = parts[-1] if parts else text
    if derivatives:
        text = spell_out_derivatives(text, {*question.parameters, *question.definitions})
    try:
        formula = Formula(text)
        unknown = _unknown_names(formula, question)
    except FormulaError as problem:
        raise Unusable("error", str(problem), "unreadable") from None
    if unknown:
        raise Unusable("error", f"The name `{shorten(min(unknown))}` is not known here; your formula may use "
                                f"{', '.join(question.parameters)}{question.more_names}.", "unknown_name")
    if formula.has_derivative:
        if not derivatives:
            raise Unusable("wrong", "A derivative still has to be worked out in your formula.", "unfinished")
        return _with_derivative(question, formula)
    return lambda point: question.evaluator(point)(formula)


def _unknown_names(formula, question):
    evaluator = question.evaluator(question.points[0])
    known = {name for name in formula.names
             if evaluator.is_quantity(name) or evaluator.is_function(name) or name in evaluator.arithmetic.constants}
    return formula.names - known - MODULES - {"Sum", *evaluator.sizes}


def _with_derivative(question, formula):
    from .symbolic import SymbolicEvaluator, symbols_for, to_function

    @functools.lru_cache
    def function_for(sizes):
        symbols = symbols_for(question.shapes, dict(sizes))
        expression = SymbolicEvaluator(question.with_aliases(symbols), question.definitions,
                                       index_sizes(dict(sizes)))(formula)
        flat = [symbol for value in symbols.values() for symbol in np.ravel(np.asarray(value, dtype=object))]
        shape = np.shape(expression)
        entries = list(np.ravel(np.asarray(expression, dtype=object)))
        return shape, to_function(entries, flat, "numpy")

    def at(point):
        shape, function = function_for(tuple(sorted(question.sizes(point).items())))
        flat = np.concatenate([np.ravel(point[name]) for name in question.parameters])
        return np.reshape(np.array(function(*flat), dtype=float), shape)
    return at


# ---------------------------------------------------------------------------------------------- SymPy

def read_sympy(question, expression):
    """A function of a point for a SymPy expression, matrix, equation or Lambda in symbols named like the parameters."""
    import sympy as sp
    if isinstance(expression, sp.logic.boolalg.BooleanAtom):
        raise Unusable("error", "That came out as True or False, not as a formula: did you compare with `==` or `Eq`?",
                       "not_a_number")
    if isinstance(expression, sp.Equality):
        expression = expression.rhs
    if isinstance(expression, sp.Lambda):
        names = question.parameters
        if len(expression.variables) != len(names):
            raise Unusable("error", f"The Lambda must take {question.signature}, in this order.", "wrong_parameters")
        expression = expression(*sp.symbols(list(names)))
    expression = _known_functions(expression)
    if any(symbol.name in question.definitions for derivative in expression.atoms(sp.Derivative)
           for symbol in derivative.atoms(sp.Symbol)):   # Derivative(L, w) of our names: SymPy takes them for constants
        return read_text(question, str(expression), derivatives=True)
    if not isinstance(expression, sp.MatrixBase):
        expression = expression.doit()
    if expression.atoms(sp.Derivative):
        raise Unusable("error", "A derivative of an unknown function still stands in the expression.", "unfinished")
    return _sympy_function(question, expression)


def _known_functions(expression):
    import sympy as sp
    from sympy.core.function import AppliedUndef

    from .symbolic import SYMBOLIC
    for call in expression.atoms(AppliedUndef):
        name = call.func.__name__
        function = SYMBOLIC.functions.get(ALIASES.get(name, name))
        if function is None or len(call.args) != 1:
            raise Unusable("error", f"The function `{shorten(name)}` is not known here.", "unknown_name")
        expression = expression.subs(call, function(call.args[0]))
    return sp.sympify(expression)


def _fitting(question, expression):
    """Which points an expression in components fits: one in w1, w2, w3 is for vectors of three components."""
    highest = {}
    for symbol in getattr(expression, "free_symbols", ()):
        name = getattr(symbol, "name", "")
        component = None if name in question.shapes else question.component(name)
        if component:
            for letter, index in zip(question.shapes[component[0]], component[1]):
                highest[letter] = max(highest.get(letter, 0), index + 1)
    return lambda point: all(question.sizes(point)[letter] == size for letter, size in highest.items())


def _sympy_function(question, expression):
    import sympy as sp
    symbols = sorted((s for s in expression.free_symbols if not isinstance(s, sp.Indexed)), key=str)
    evaluator_names = {*question.parameters, *question.definitions, *question.aliases}
    for symbol in symbols:
        if symbol.name not in evaluator_names and not question.component(symbol.name):
            raise Unusable("error", f"The symbol `{shorten(symbol.name)}` is not known here; your expression may use "
                                    f"{', '.join(question.parameters)}{question.more_names}.", "unknown_name")
    extra = {"sech": lambda z: 1 / np.cosh(z), "csch": lambda z: 1 / np.sinh(z), "coth": lambda z: 1 / np.tanh(z),
             "sec": lambda z: 1 / np.cos(z), "csc": lambda z: 1 / np.sin(z), "cot": lambda z: 1 / np.tan(z)}
    function = sp.lambdify(symbols, expression, modules=[extra, "numpy"])
    columns = {symbol.name for symbol in symbols if isinstance(symbol, sp.MatrixSymbol)}
    is_matrix = isinstance(expression, (sp.MatrixBase, sp.MatrixExpr))

    def at(point):
        evaluator = question.evaluator(point)
        arguments = []
        for symbol in symbols:
            value = question.component_value(symbol.name, point, evaluator)
            arguments.append(np.reshape(value, (-1, 1)) if symbol.name in columns and np.ndim(value) == 1 else value)
        raw = np.asarray(function(*arguments))
        if is_matrix and raw.ndim == 2 and 1 in raw.shape and len(question.truth_shape(point)) == 1:
            raw = raw.ravel()   # SymPy has no vectors: a column stands for one
        return raw
    return at


# ---------------------------------------------------------------------------------------------- words

def in_words(point):
    """A point as `w=0.5, x=2`, arrays as lists or, if they are larger, by their shape."""
    parts = []
    for name, value in point.items():
        if np.size(value) <= 4:
            parts.append(f"{name}={_rounded(value)}")
        else:
            parts.append(f"{name} of shape {np.shape(value)}")
    return ", ".join(parts)


def _rounded(value):
    if np.ndim(value):
        return "[" + ", ".join(_rounded(item) for item in value) + "]"
    return f"{float(value):.4g}"


def shape_in_words(shape):
    """() becomes "a single number", (3,) becomes "an array of shape (3,)"."""
    return "a single number" if shape == () else f"an array of shape {tuple(int(size) for size in shape)}"
