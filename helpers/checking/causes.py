"""The sources of hypotheses on a wrong answer, each from the question's own formulas."""

import ast
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from helpers.checking import trees
from helpers.checking.rules import OWN, RIGHT, SIGN, WRITTEN_OUT, WRONG, Slip
from helpers.checking.slips import is_sum, mixed_up, said, slips, without_two_brackets
from helpers.checking.trees import Tree, TreeValues, quoted
from helpers.checking.values import Point, Question, Values
from helpers.checking.wrong_slopes import WrongSlopes, function_name, vectorised, worded
from helpers.formulas.derivation import INDICES
from helpers.formulas.evaluate import Shape, shape_of
from helpers.formulas.text import FormulaError


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """What may have gone wrong, and what would come of it.

    slips      the mistakes, one or two
    tree       the formula that somebody with them uses
    changes    definitions that are others for him
    other      the question whose formula it is, if it is another's
    """

    slips: tuple[Slip, ...]
    tree: Tree
    changes: Mapping[str, Tree] = field(default_factory=dict)
    other: Question | None = None

    @property
    def id(self) -> str:
        """The ids of its slips."""
        return "+".join(slip.id for slip in self.slips)

    @property
    def text(self) -> str:
        """What went wrong, in a sentence or two."""
        if len(self.slips) == 1:
            return self.slips[0].text
        return "Two things went wrong at once. " + " ".join(dict.fromkeys(slip.text for slip in self.slips))

    @property
    def hint(self) -> str:
        """Where to look."""
        return self.slips[0].hint

    def values(self, question: Question, points: Sequence[Point], kept: dict | None = None) -> Values | None:
        """What it foretells at some points, None if that is nothing finite. `kept` remembers from one to the next."""
        if self.other is not None:
            return [self.other.evaluate(self.other.answer_formula, point) for point in points]
        if self.changes or kept is None:
            return TreeValues(question, points, self.changes)(self.tree)
        if "values" not in kept:
            kept["values"] = TreeValues(question, points)
        return kept["values"](self.tree)


# ------------------------------------------------------------------------------------------ the question's formulas


class Formulas:
    """The formulas of a question as trees without indices. `objective` is None where nothing is differentiated."""

    def __init__(self, question: Question) -> None:
        self.question, self.answer = question, question.answer_formula.tree
        self.definitions = {name: vectorised(formula.tree, INDICES) for name, formula in question.definitions.items()}
        self.shapes = _all_shapes(question.shapes, self.definitions)
        self.objective = self._objective()
        self.quantities = list(self.shapes)
        self.plain = [step.formula.tree for step in question.steps if not step.left and not _is_open(step.formula)]

    def _objective(self):
        question = self.question
        if question.objective in self.definitions:
            return trees.name(question.objective)
        for step in question.steps[:1]:  # what is differentiated may stand in the solution alone
            match step.formula.tree:
                case ast.Call(ast.Name("diff"), [function, ast.Name(variable)]) if variable == question.variable:
                    return function
        return None

    def slopes(self, variable: str = "", writing: Mapping[str, str] | None = None, definitions: Mapping | None = None) -> WrongSlopes:
        """The wrong slopes of the question's function."""
        definitions = self.definitions if definitions is None else definitions
        return WrongSlopes(self.objective, variable or self.question.variable, definitions, self.shapes, writing)

    @functools.cached_property
    def functions(self) -> list[str]:
        """The functions of `rules` that occur in the definitions."""
        return [function for function in RIGHT if any(function in _functions(tree) for tree in self.definitions.values())]

    @functools.cached_property
    def forms(self) -> list[Tree]:
        """The right answer as one may write it: as it is, as in the solution, with the slopes written otherwise."""
        forms = [self.answer, *self.plain]
        if self.objective is not None:
            writings = [{}] + [{function: formula} for function in self.functions for formula in RIGHT[function]]
            forms += [tree for writing in writings for tree, _ in _known(self.slopes(writing=writing), 0)]
        forms += [_split_logarithms(tree) for tree in forms] + [self._inlined(tree) for tree in forms]
        if self.objective is None:
            forms += [written_out(tree) for tree in forms]
        return list({ast.dump(tree): tree for tree in forms}.values())

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


def _is_open(formula):
    return formula.has_derivative or bool(formula.names & set(INDICES))


def _functions(tree):
    return {function_name(node.func.id) for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


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


def _known(slopes, errors):
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


# ------------------------------------------------------------------------------------------ sources


def one_wrong_slope(question: Question) -> Iterator[Hypothesis]:
    """The function differentiated with one mistake, or with the same one wherever its function occurs."""
    formulas = formulas_of(question)
    if formulas.objective is None:
        return
    for tree, found in _known(formulas.slopes(), 1):
        if found:
            yield Hypothesis(found, tree)
    for function in formulas.functions:
        for formula, id, text in WRONG.get(function, ()):
            slopes = formulas.slopes(writing={function: formula})
            for tree, _ in _known(slopes, 0):
                u, v = (" and ".join(dict.fromkeys(map(quoted, each))) for each in zip(*slopes.met.get(function, [(tree, tree)]), strict=True))
                yield Hypothesis((Slip(id, worded(text, function, u, v)),), tree)
    out = {name: written_out(tree) for name, tree in formulas.definitions.items()}
    if any(out[name] is not tree for name, tree in formulas.definitions.items()):
        for tree, found in _known(formulas.slopes(definitions=out), 1):
            if found:
                yield Hypothesis(found, tree)
    yield from _of_the_chain(formulas)


def _of_the_chain(formulas):
    """Factors of the chain that are missing or added, where there is one way from the function to the variable."""
    links = list(_links(formulas))
    if len(links) < 2:
        return
    factors = [tree for _, _, tree in links]
    total, product = functools.reduce(trees.plus, factors), functools.partial(functools.reduce, trees.times)
    yield Hypothesis((Slip("added", "The factors of the chain rule were added; they have to be multiplied."),), total)
    for count in range(1, len(links)):
        for missing in itertools.combinations(range(len(links)), count):
            left = product([tree for place, tree in enumerate(factors) if place not in missing])
            gone = [f"`{above}` with respect to `{below}`" for place, (above, below, _) in enumerate(links) if place in missing]
            one = len(gone) == 1
            text = f"{'A factor' if one else f'{len(gone)} factors'} of the chain rule {'is' if one else 'are'} missing: the derivative{'' if one else 's'} of {' and of '.join(gone)}."
            yield Hypothesis((Slip("missing_factors" if count > 1 else "missing_inner", text),), left)
            if one:
                what = f"The derivative of {gone[0]} is added; it has to be multiplied."
                yield Hypothesis((Slip("added", what),), trees.plus(left, factors[missing[0]]))


def _links(formulas):
    """(name, the name in it that varies, the slope between them), from the function down to the variable."""
    here, variable = formulas.question.objective, formulas.question.variable
    slopes = formulas.slopes()
    while here in formulas.definitions:
        tree = formulas.definitions[here]
        below = [name for name in trees.names_in(tree) if name == variable or name in formulas.definitions and slopes.varies(trees.name(name))]
        if len(below) != 1:
            return
        step = WrongSlopes(tree, below[0], {}, formulas.shapes)
        found = _known(step, 0)
        if not found or any(formulas.shapes[name] for name in (here, below[0])):
            return
        yield here, below[0], trees.filled(found[0][0], {}) if here is None else _by_value(found[0][0], tree, here)
        here = below[0]


def _by_value(slope, tree, name):
    """The slope with the name of the quantity where its formula stands."""
    text = ast.dump(tree)

    def change(node):
        return trees.name(name) if ast.dump(node) == text else trees.with_children(node, change)

    return change(slope)


def one_slip(question: Question) -> Iterator[Hypothesis]:
    """A right form of the answer with one slip of writing."""
    formulas = formulas_of(question)
    for form in formulas.forms:
        for slip, tree in slips(form, formulas.quantities):
            if not slip.odd or form is formulas.answer:  # what is odd, and in an odd form too, is no likely cause
                yield Hypothesis((slip,), tree)
    for form in formulas.forms[:3]:
        for slip, tree in mixed_up(form, list(formulas.definitions)):
            yield Hypothesis((slip,), tree)


def other_variables(question: Question) -> Iterator[Hypothesis]:
    """The derivative with respect to something else, alone or added."""
    formulas = formulas_of(question)
    if formulas.objective is None:
        return
    for name in question.parameters:
        if name == question.variable:
            continue
        for tree, _ in _known(formulas.slopes(name), 0):
            text = f"That is the derivative with respect to `{name}`; the question asks for the one with respect to `{question.variable}`."
            yield Hypothesis((Slip(f"wrt_{name}", text),), tree)
            text = f"Two derivatives were added: those with respect to `{question.variable}` and to `{name}`."
            yield Hypothesis((Slip(f"and_wrt_{name}", text),), trees.plus(formulas.answer, tree))


def neighbours(question: Question) -> Iterator[Hypothesis]:
    """Right answers to other questions with the same parameters."""
    for other in question.neighbours:
        text = f"That is the right answer to another exercise, “{other.title}”."
        yield Hypothesis((Slip(f"answer_of_{other.key}", text),), other.answer_formula.tree, other=other)


def in_a_quantity(question: Question) -> Iterator[Hypothesis]:
    """The right answer, worked out with a slip in one of the quantities on the way."""
    formulas = formulas_of(question)
    used = _rests_on(formulas)
    for name, tree in formulas.definitions.items():
        if name not in used:
            continue
        for form in {id(each): each for each in (tree, written_out(tree))}.values():
            for slip, changed in slips(form, [each for each in formulas.quantities if each != name]):
                if name not in trees.names_in(changed) and not _rests_on_itself(formulas, changed, name):
                    text = f"In the quantity `{name}`: {slip.text[0].lower() if slip.text[0] in 'ATI' else slip.text[0]}{slip.text[1:]}"
                    where = Slip(f"{slip.id}_in_{name}", text, slip.hint, slip.odd)
                    yield Hypothesis((where,), formulas.answer, {name: changed})


def _rests_on(formulas):
    """The quantities on which the answer rests."""
    used, new = set(), trees.names_in(formulas.answer) & set(formulas.definitions)
    while new:
        used |= new
        new = set().union(*(trees.names_in(formulas.definitions[name]) for name in new)) & set(formulas.definitions) - used
    return used


def _rests_on_itself(formulas, tree, name):
    names = trees.names_in(tree) & set(formulas.definitions)
    return any(name in trees.names_in(formulas.definitions[each]) or _rests_on_itself(formulas, formulas.definitions[each], name) for each in names)


_ACTIVATIONS = ("sigma", "tanh", "softplus", "relu")


def another_network(question: Question) -> Iterator[Hypothesis]:
    """Another activation in the forward pass: the rule kept, or the rule of that one."""
    formulas = formulas_of(question)
    for function in formulas.functions:
        for other in _ACTIVATIONS if function in _ACTIVATIONS else ():
            if other == function:
                continue
            changes = {name: with_function(tree, function, other=other) for name, tree in formulas.definitions.items()}
            changes = {name: tree for name, tree in changes.items() if tree is not formulas.definitions[name]}
            text = f"In the forward pass {said(other)} stands where {said(function)} belongs, another network's activation"
            yield Hypothesis((Slip(f"network_of_{other}", f"{text}; the rest is right."),), formulas.answer, changes)
            if formulas.objective is not None:
                itself = trees.filled(formulas.objective, {})
                text = f"That is {said(other)} itself: another function than {said(function)}, and not differentiated."
                yield Hypothesis((Slip(f"{other}_itself", text),), itself, changes)
                text = f"That is right for another network, with {said(other)} as activation; here it is {said(function)}."
                for tree, _ in _known(formulas.slopes(definitions={**formulas.definitions, **changes}), 0):
                    yield Hypothesis((Slip(f"right_for_{other}", text),), tree, changes)
                out = with_function(formulas.answer, function, other=other)
                yield Hypothesis((Slip(f"{other}_everywhere", f"{said(other)} stands everywhere where {said(function)} belongs."),), out, changes)


def own_function(question: Question) -> Iterator[Hypothesis]:
    """A function that the student has programmed, and not as it is."""
    formulas = formulas_of(question)
    for function, wrong in OWN.items():
        for formula, id, text in wrong:
            slip = Slip(id, text.format(f=SIGN.get(function, function)))
            changes = {name: with_function(tree, function, formula) for name, tree in formulas.definitions.items()}
            changes = {name: tree for name, tree in changes.items() if tree is not formulas.definitions[name]}
            for form in formulas.forms:
                out = with_function(form, function, formula)
                if changes or out is not form:
                    yield Hypothesis((slip,), out, changes)
                if changes and out is not form:
                    yield Hypothesis((slip,), form, changes)


def two_wrong_slopes(question: Question) -> Iterator[Hypothesis]:
    """The function differentiated with two mistakes."""
    formulas = formulas_of(question)
    if formulas.objective is None:
        return
    for tree, found in _known(formulas.slopes(), 2):
        if len(found) == 2:
            yield Hypothesis(found, tree)


def two_brackets(question: Question) -> Iterator[Hypothesis]:
    """A right form of the answer without two of its brackets."""
    for form in formulas_of(question).forms:
        for slip, tree in without_two_brackets(form):
            yield Hypothesis((slip,), tree)


Source = Callable[[Question], Iterator[Hypothesis]]


def _common(source: Source) -> Source:
    """What people often do."""
    return lambda question: (each for each in source(question) if not any(slip.odd for slip in each.slips))


def odd_ones(question: Question) -> Iterator[Hypothesis]:
    """What people seldom do."""
    for source in (one_wrong_slope, one_slip, in_a_quantity):
        yield from (each for each in source(question) if any(slip.odd for slip in each.slips))


#: In the order in which they are trusted.
SOURCES: tuple[Source, ...] = (
    _common(one_wrong_slope),
    _common(one_slip),
    other_variables,
    neighbours,
    another_network,
    _common(in_a_quantity),
    own_function,
    odd_ones,
    two_brackets,
    two_wrong_slopes,
)
