"""Derivatives in the lines of a derivation that do not say all: f', with respect to what; df/du, where u is a student's name."""

import ast
import copy
from collections.abc import Mapping

from helpers.checking.values import Question
from helpers.formulas.reader import Formula
from helpers.formulas.vocabulary import PRIME, Vocabulary, call, named

_MOST = 6  # variables that a prime is tried with


def primed(sides: list[Formula]) -> list[ast.expr]:
    """What has a prime in some formulas: trees."""
    return [node.args[0] for side in sides for node in ast.walk(side.tree) if _is_prime(node)]


def variables(question: Question, own: Mapping[str, Formula], known: Vocabulary, sides: list[Formula]) -> list:
    """With respect to what the primes may be: the question's variable first, then what the primed is made of; [None] where
    there is nothing to decide."""
    found = [question.variable]
    for inside in primed(sides):
        name = getattr(inside, "id", "")
        made_of = own.get(name) or question.definitions.get(name)
        names = made_of.names if made_of else {each.id for each in ast.walk(inside) if isinstance(each, ast.Name)}
        found += sorted(names)
    told = [name for name in dict.fromkeys(found) if name is None or name in known.shapes]
    return told[: _MOST if len(found) > 1 else 1]


def with_respect_to(variable: str | None, formula: Formula) -> Formula:
    """The formula with each prime as the derivative with respect to the variable."""
    return _changed(formula, _Told(variable)) if variable and primed([formula]) else formula


def through(variable: str | None, own: Mapping[str, Formula], known: Vocabulary, formula: Formula) -> Formula:
    """The formula with df/du, where u is a name of the student's that f does not contain, as df/dx divided by du/dx: that is
    what it must be where f hangs on the variable x through u alone. The very formula where there is no such derivative."""
    walk = _Through(variable, {name for name in own if variable in known.hangs_on.get(name, ())}, known)
    changed = _changed(formula, walk) if walk.own and formula.has_derivative else formula
    return changed if walk.found else formula


def _is_prime(node):
    return isinstance(node, ast.Call) and node.func.id == PRIME


def _changed(formula, transformer):
    told = copy.copy(formula)
    told.tree = transformer.visit(copy.deepcopy(formula.tree))
    return told


class _Told(ast.NodeTransformer):
    """Primes become derivatives with respect to the variable."""

    def __init__(self, variable):
        self.variable = variable

    def visit_Call(self, node):
        node = self.generic_visit(node)
        return call("diff", node.args[0], named(self.variable)) if _is_prime(node) else node


class _Through(ast.NodeTransformer):
    """Derivatives with respect to names of one's own become quotients of those with respect to the variable."""

    def __init__(self, variable, own, known):
        self.variable, self.own, self.known, self.found = variable, own, known, False

    def visit_Call(self, node):
        node = self.generic_visit(node)
        match node:
            case ast.Call(ast.Name("diff"), [what, ast.Name(below)]) if below in self.own:
                names = {each.id for each in ast.walk(what) if isinstance(each, ast.Name)}
                if below not in names.union(*(self.known.hangs_on.get(name, ()) for name in names)):
                    self.found = True
                    above, under = (call("diff", each, named(self.variable)) for each in (what, named(below)))
                    return ast.BinOp(above, ast.Div(), under)
        return node
