"""The formulas of a question as trees: its definitions, what is differentiated, the right answer in all its usual forms."""

import ast
import functools
from collections.abc import Mapping

from helpers.checking.causes import trees
from helpers.checking.causes.brackets import is_sum
from helpers.checking.causes.options import Option
from helpers.checking.causes.rules import RIGHT, WRITTEN_OUT, function_name
from helpers.checking.causes.trees import Tree
from helpers.checking.causes.wrong_array_slopes import vectorised
from helpers.checking.causes.wrong_slopes import WrongSlopes
from helpers.checking.values import Question
from helpers.formulas.derivation import INDICES
from helpers.formulas.shapes import Shape, shape_of
from helpers.formulas.text import FormulaError


class Formulas:
    """The formulas of a question as trees without indices. `objective` is None where nothing is differentiated."""

    def __init__(self, question: Question) -> None:
        self.question, self.answer = question, question.answer_formula.tree
        self.definitions = {name: vectorised(formula.tree, INDICES) for name, formula in question.definitions.items()}
        self.shapes = _all_shapes(question.shapes, self.definitions)
        self.objective = self._objective()
        self.quantities = list(self.shapes)
        self.plain = [step.formula.tree for step in question.steps if not step.left and not self._is_open(step.formula)]

    def _objective(self):
        question = self.question
        if question.objective in self.definitions:
            return trees.name(question.objective)
        for step in question.steps[:1]:  # what is differentiated may stand in the solution alone
            match step.formula.tree:
                case ast.Call(ast.Name("diff"), [function, ast.Name(variable)]) if variable == question.variable:
                    return function
        return None

    def _is_open(self, formula):
        """Whether a derivative, or an index, still stands in a formula."""
        return formula.has_derivative or bool(formula.names & set(INDICES) - set(self.shapes))

    def slopes(
        self, variable: str = "", writing: Mapping[str, str] | None = None, definitions: Mapping | None = None
    ) -> WrongSlopes:
        """The wrong slopes of the question's function."""
        definitions = self.definitions if definitions is None else definitions
        return WrongSlopes(self.objective, variable or self.question.variable, definitions, self.shapes, writing)

    @functools.cached_property
    def functions(self) -> list[str]:
        """The functions of `rules` that occur in the definitions."""
        return [
            function for function in RIGHT if any(function in _functions(tree) for tree in self.definitions.values())
        ]

    @functools.cached_property
    def forms(self) -> list[Tree]:
        """The right answer as one may write it: as it is, as in the solution, with the slopes written otherwise."""
        forms = [self.answer, *self.plain]
        if self.objective is not None:
            writings = [{}] + [{function: formula} for function in self.functions for formula in RIGHT[function]]
            worked_out = [tree for writing in writings for tree, _ in known_slopes(self.slopes(writing=writing), 0)]
            forms += [
                tree for tree in worked_out if "ones_like" not in trees.names_in(tree)
            ]  # nobody writes the others
            if any(self.question.shapes.values()):  # of numbers alone they are among the slopes
                forms.append(written_out(self.answer))
        forms += [_split_logarithms(tree) for tree in forms] + [self._inlined(tree) for tree in forms]
        if self.objective is None:
            forms += [written_out(tree) for tree in forms]
        return list({ast.dump(tree): tree for tree in reversed(forms)}.values())[::-1]  # of equal ones the first

    def _inlined(self, tree):
        """With sums in the place of their names, as far as they are factors; where nothing is differentiated, with all
        that is defined in the place of its name."""
        if self.objective is None:
            return trees.filled(tree, self.definitions)
        sums = {name: each for name, each in self.definitions.items() if is_sum(each) and not self.shapes.get(name)}

        def change(node):
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div, ast.Pow)):
                node = trees.with_children(node, lambda child: sums.get(getattr(child, "id", ""), child))
            return trees.with_children(node, change)

        return change(tree)


@functools.lru_cache(maxsize=64)
def formulas_of(question: Question) -> Formulas:
    """The formulas of a question, read once."""
    return Formulas(question)


def _split_logarithms(tree):
    """log(a/b) as log(a) − log(b)."""
    match tree:
        case ast.Call(ast.Name("log"), [ast.BinOp(a, ast.Div(), b)]):
            return trees.minus(trees.call("log", a), trees.call("log", b))
    return trees.with_children(tree, _split_logarithms)


def _functions(tree):
    return {
        function_name(node.func.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def _all_shapes(shapes, definitions):
    known: dict[str, Shape] = dict(shapes)
    for _ in definitions:
        for name, tree in definitions.items():
            if name not in known and trees.names_in(tree) & set(definitions) <= set(known):
                try:
                    known[name] = shape_of(tree, known)
                except (FormulaError, AttributeError, IndexError):
                    continue
    return known


def known_slopes(slopes: WrongSlopes, errors: int) -> list[Option]:
    """All slopes, or none where something is not differentiated here."""
    try:
        return slopes.all(errors)
    except (FormulaError, AttributeError, IndexError):
        return []


def with_function(tree: Tree, function: str, formula: str | None = None, other: str = "") -> Tree:
    """The tree with another formula of its argument u in the place of a function, or with another function."""

    def change(node):
        node = trees.with_children(node, change)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and function_name(node.func.id) == function:
            if other:
                return trees.call(other, *node.args)
            return trees.filled(trees.read(formula), {"u": node.args[0]})
        return node

    return change(tree)


def written_out(tree: Tree) -> Tree:
    """The tree with exponentials in the place of σ, tanh and softplus."""
    for function, (formula, *_) in WRITTEN_OUT.items():
        tree = with_function(tree, function, formula)
    return tree
