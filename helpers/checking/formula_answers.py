"""Formulas as text and SymPy expressions, each read as a function of a point (a dict of arguments).

Every reader raises Unusable, with a sentence for the student, when there is something that it does not know.
"""

import ast
import contextlib
import functools
from collections.abc import Callable, Mapping

import numpy as np

from helpers.checking.values import Point, Question, Unusable
from helpers.formulas.derivation import INDICES, index_sizes
from helpers.formulas.known import SPELLINGS
from helpers.formulas.latex import to_latex
from helpers.formulas.reader import Formula, split_equation
from helpers.formulas.text import FormulaError, shorten
from helpers.formulas.vocabulary import CONSTANTS, FUNCTIONS

NOTHING: Mapping[str, Formula] = {}

# ------------------------------------------------------------------------------------------ texts


def read_text(question: Question, text: str, derivatives: bool = False) -> Callable[[Point], object]:
    """A function of a point for a formula as text; of `name = formula` the right-hand side counts. `derivatives` allows
    `diff(E, a)` in it."""
    return function_of(question, formula_in(question, text), derivatives)


def formula_in(question: Question, text: str) -> Formula:
    """The last side of `name = formula` as a Formula in the question's names."""
    try:
        text = text.split("#")[0]
        return Formula((split_equation(text) or [text])[-1], question.vocabulary)
    except FormulaError as problem:
        raise Unusable(str(problem), "unreadable") from None


def function_of(
    question: Question, formula: Formula, derivatives: bool = False, own: Mapping[str, Formula] = NOTHING
) -> Callable[[Point], object]:
    """A function of a point for a Formula. `own` are further names, of a student's side calculations."""
    unknown = unknown_names(question, formula, own)
    if unknown:
        raise unknown_name("name", min(unknown), "formula", question)
    if not derivatives and (formula.has_derivative or restates(question, formula)):
        raise Unusable("A derivative still has to be worked out in your formula.", "unfinished", "wrong")
    work_out = functools.partial(_work_out, question, formula, own, formula.has_derivative or own)
    letters = _free_indices(question, formula) if derivatives else ()
    if letters:
        return lambda point: _for_every_index(question, work_out, letters, point)
    return lambda point: work_out(point, {})


def unknown_names(question: Question, formula: Formula, own: Mapping[str, Formula] = NOTHING) -> set[str]:
    """The names of a Formula that nobody told: neither the question nor a side calculation."""
    counted = counted_in(formula)
    places = [
        inner for node in ast.walk(formula.tree) if isinstance(node, ast.Subscript) for inner in ast.walk(node.slice)
    ]
    letters = {place.id for place in places if isinstance(place, ast.Name)} & question.vocabulary.indices
    return formula.names - {*question.vocabulary.shapes, *own, *FUNCTIONS, *CONSTANTS} - counted - letters


def counted_in(formula: Formula) -> set[str]:
    """The letters by which the sums of a Formula count."""
    sums = [node for node in ast.walk(formula.tree) if isinstance(node, ast.Call) and node.func.id == "Sum"]
    return {node.args[0].id for node in sums if isinstance(node.args[0], ast.Name)}


def restates(question: Question, formula: Formula) -> bool:
    """Whether the question stands in the formula once more: σ'(z) where the derivative of f = σ(z) is asked for."""
    objective = question.definitions.get(question.objective)
    match objective and objective.tree:
        case ast.Call(ast.Name(function), [ast.Name(variable)]) if variable == question.variable:
            asked = SPELLINGS.get(f"{function}_prime", "")
            return asked in {SPELLINGS.get(name) for name in formula.names}
    return False


def read_as(formula: Formula | None) -> tuple[tuple[str, str], ...]:
    """What a Formula was read as, where there was a doubt: its plain text and its LaTeX."""
    if formula is None or not formula.doubts:
        return ()
    plain = ast.unparse(formula.tree)
    with contextlib.suppress(Exception):  # what cannot be typeset is shown as it is
        return ((plain, to_latex(formula, formula.vocabulary.shapes)),)
    return ((plain, rf"\texttt{{{plain}}}"),)


def unknown_name(kind: str, name: str, where: str, question: Question) -> Unusable:
    """What is said of a name that is not known."""
    more = f", and also {', '.join(question.definitions)}" if question.definitions else ""
    counted = [parameter for parameter, letters in question.shapes.items() if letters[:1] == (name,)]
    number = f" For the number {name} write `len({counted[0]})`." if counted else ""
    return Unusable(
        f"The {kind} `{shorten(name)}` is not known here; your {where} may use {', '.join(question.parameters)}{more}.{number}",
        "unknown_name",
    )


def _work_out(question, formula, own, precisely, point, indices):
    """The value of a formula at a point; precisely, with 120 digits, where differences are taken in it."""
    if not precisely:
        evaluator = question.evaluator(point)
        evaluator.indices = indices
        return evaluator(formula)
    from helpers.formulas.precise import PreciseEvaluator, floats, numbers

    values = question.with_aliases({name: numbers(value) for name, value in point.items()})
    evaluator = PreciseEvaluator(values, {**question.definitions, **own}, index_sizes(question.sizes(point)))
    evaluator.indices = indices
    return floats(evaluator(formula))


def _free_indices(question, formula):
    """The index letters of a line such as `Sum(i, r[i]*X[i, j])`: it holds for every j. In the order of the
    answer's axes, one letter for each; none if they are not the answer's."""
    free = (
        (formula.names & set(INDICES))
        - counted_in(formula)
        - {*question.parameters, *question.definitions, *question.aliases}
    )
    if not free or question.target is None:
        return ()
    solution = question.solution
    axes = [letter for letter in solution.shape(len(solution.steps) - 1) if letter != "1"]
    letters = [next((index for index in sorted(free) if INDICES[index] == letter), None) for letter in axes]
    return letters if set(letters) == free else ()


def _for_every_index(question, work_out, letters, point):
    """The line's value for every value of its index letters, in an array of the answer's shape."""
    sizes = index_sizes(question.sizes(point))
    values = []
    for place in np.ndindex(*(sizes[letter] for letter in letters)):
        value = work_out(point, dict(zip(letters, place, strict=True)))
        if np.ndim(value):
            raise FormulaError(
                f"With the index {' and '.join(letters)} the line must be a number: give each array its "
                "indices, or none of them."
            )
        values.append(float(value))
    return np.reshape(values, question.truth([point])[0].shape)


# ------------------------------------------------------------------------------------------ SymPy


def read_sympy(question: Question, expression: object) -> tuple[Callable[[Point], object], Callable[[Point], bool]]:
    """(a function of a point, which points it fits) for a SymPy expression, matrix, equation or Lambda in symbols named
    like the parameters."""
    import sympy as sp

    fits = _fitting(question, expression)
    if isinstance(expression, sp.logic.boolalg.BooleanAtom):
        raise Unusable(
            "That came out as True or False, not as a formula: did you compare with `==` or `Eq`?",
            "not_a_number",
        )
    if isinstance(expression, sp.Equality):
        expression = expression.rhs
    if isinstance(expression, sp.Lambda):
        names = question.parameters
        if len(expression.variables) != len(names):
            raise Unusable(f"The Lambda must take {question.signature}, in this order.", "wrong_parameters")
        expression = expression(*sp.symbols(list(names)))
    expression = _known_functions(expression)
    if any(
        symbol.name in question.definitions
        for derivative in expression.atoms(sp.Derivative)
        for symbol in derivative.atoms(sp.Symbol)
    ):  # Derivative(L, w) of our names: SymPy takes them for constants
        return read_text(question, str(expression), derivatives=True), fits
    if not isinstance(expression, sp.MatrixBase):
        expression = expression.doit()
    if expression.atoms(sp.Derivative):
        raise Unusable("A derivative of an unknown function still stands in the expression.", "unfinished")
    return _sympy_function(question, expression), fits


def _fitting(question, expression):
    """Which points an expression in components fits: one in w1, w2, w3 is for vectors of three components."""
    highest = {}
    for symbol in getattr(expression, "free_symbols", ()):
        name = getattr(symbol, "name", "")
        component = None if name in question.shapes else question.component(name)
        if component:
            for letter, index in zip(question.shapes[component[0]], component[1], strict=True):
                highest[letter] = max(highest.get(letter, 0), index + 1)
    return lambda point: all(question.sizes(point)[letter] == size for letter, size in highest.items())


def _known_functions(expression):
    import sympy as sp
    from sympy.core.function import AppliedUndef

    from helpers.formulas.symbolic import SYMBOLIC

    for call in expression.atoms(AppliedUndef):
        name = call.func.__name__
        function = SYMBOLIC.functions.get(name)
        if function is None or len(call.args) != 1:
            raise Unusable(f"The function `{shorten(name)}` is not known here.", "unknown_name")
        expression = expression.subs(call, function(call.args[0]))
    return sp.sympify(expression)


def _sympy_function(question, expression):
    import sympy as sp

    from helpers.formulas.symbolic import to_numpy

    symbols = sorted((s for s in expression.free_symbols if not isinstance(s, sp.Indexed)), key=str)
    known = {*question.parameters, *question.definitions, *question.aliases}
    for symbol in symbols:
        if symbol.name not in known and not question.component(symbol.name):
            raise unknown_name("symbol", symbol.name, "expression", question)
    inverses = {"sech": np.cosh, "csch": np.sinh, "coth": np.tanh, "sec": np.cos, "csc": np.sin, "cot": np.tan}
    extra = {name: lambda z, below=below: 1 / below(z) for name, below in inverses.items()}
    function = to_numpy(expression, symbols, extra)
    columns = {symbol.name for symbol in symbols if isinstance(symbol, sp.MatrixSymbol)}
    is_matrix = isinstance(expression, (sp.MatrixBase, sp.MatrixExpr))

    def at(point):
        evaluator = question.evaluator(point)
        arguments = []
        for symbol in symbols:
            if evaluator.is_quantity(symbol.name):
                value = evaluator.name(symbol.name)
            else:
                name, index = question.component(symbol.name)
                value = point[name][index]
            arguments.append(np.reshape(value, (-1, 1)) if symbol.name in columns and np.ndim(value) == 1 else value)
        raw = np.asarray(function(*arguments))
        if is_matrix and raw.ndim == 2 and 1 in raw.shape and len(question.truth([point])[0].shape) == 1:
            raw = raw.ravel()  # SymPy has no vectors: a column stands for one
        return raw

    return at
