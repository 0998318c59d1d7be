"""Derivatives in the lines of a derivation that do not say all: f', with respect to what; df/du, where u is a student's name."""

import ast
import copy
import itertools
from collections.abc import Iterator, Mapping

from helpers.checking.values import Question
from helpers.formulas.reader import Formula
from helpers.formulas.vocabulary import PRIME, Vocabulary, call, named

MOST_PRIMES = 4  # different ones in a line: each may mean several derivatives
_MOST = 64  # readings of all of them


def primed(sides: list[Formula]) -> list[ast.expr]:
    """What has a prime in some formulas: trees."""
    return [node.args[0] for side in sides for node in ast.walk(side.tree) if _is_prime(node)]


def told(
    question: Question, own: Mapping[str, Formula], known: Vocabulary, sides: list[Formula]
) -> Iterator[list[Formula]]:
    """The sides in every reading of their primes: all with respect to the question's variable first, then each with respect
    to what the primed may be meant."""
    inside = {ast.dump(tree): tree for tree in primed(sides)}
    if not inside or question.variable is None:
        yield sides
        return
    choices = [_variables(question, own, known, tree) for tree in inside.values()]
    for chosen in itertools.islice(itertools.product(*choices), _MOST):
        yield [_changed(side, _Told(dict(zip(inside, chosen, strict=True)))) for side in sides]


def _variables(question, own, known, tree):
    """With respect to what a prime may be: the question's variable, or a quantity on the way that the primed is made of. If
    there is none, and it does not hang on the variable, one of its parameters."""
    name = getattr(tree, "id", "")
    made_of = own.get(name) or question.definitions.get(name)
    names = made_of.names if made_of else {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    on_the_way = sorted(names & {*question.definitions, *own})
    if not on_the_way and question.variable not in names.union(*(known.hangs_on.get(one, ()) for one in names)):
        on_the_way = sorted(names & set(known.shapes))
    return [question.variable, *on_the_way]


def is_clear(question: Question, own: Mapping[str, Formula], known: Vocabulary, sides: list[Formula]) -> bool:
    """Whether each prime can mean one thing alone: the derivative of a quantity by its name with respect to the question's
    variable, where that is the only parameter."""
    trees = primed(sides)
    ours = all(getattr(tree, "id", "") in {*question.definitions, *own} for tree in trees)
    return (
        len(question.shapes) == 1 and ours and all(len(_variables(question, own, known, tree)) == 1 for tree in trees)
    )


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
    """Primes become derivatives with respect to the variables chosen."""

    def __init__(self, chosen):
        self.chosen = chosen

    def visit_Call(self, node):
        variable = self.chosen[ast.dump(node.args[0])] if _is_prime(node) else None
        node = self.generic_visit(node)
        return call("diff", node.args[0], named(variable)) if variable else node


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
