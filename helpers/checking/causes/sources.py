"""The sources of hypotheses on a wrong answer, each from the question's own formulas."""

import ast
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from helpers.checking.causes import trees
from helpers.checking.causes.brackets import is_sum, without_two_brackets
from helpers.checking.causes.question_formulas import Formulas, formulas_of, known_slopes, with_function, written_out
from helpers.checking.causes.rules import OWN, RIGHT, WRONG, Slip, function_name
from helpers.checking.causes.slips import mixed_up, slips
from helpers.checking.causes.trees import Tree, TreeValues, quoted
from helpers.checking.causes.wrong_slopes import WrongSlopes
from helpers.checking.sentences import say
from helpers.checking.values import Point, Question, Values, flat


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
        texts = list(dict.fromkeys(slip.text for slip in self.slips))
        if len(texts) == len(self.slips) == 1:
            return texts[0]
        if len(texts) == 1:  # rows of X that do not count are missing in one loop, wherever X stands
            return texts[0] if self.slips[0].id.startswith("only_") else say("two_times", what=texts[0])
        return say("two_at_once", what=" ".join(texts))

    @property
    def odd(self) -> bool:
        """Whether that is seldom done."""
        return any(slip.odd for slip in self.slips)

    @property
    def hint(self) -> str:
        """Where to look."""
        return self.slips[0].hint

    def values(self, question: Question, points: Sequence[Point]) -> Values | None:
        """What it foretells at some points, None if that is nothing finite."""
        if self.other is not None:
            return [self.other.evaluate(self.other.answer_formula, point) for point in points]
        return TreeValues(question, points, self.changes)(self.tree)

    def in_a_row(
        self, usual: TreeValues, question: Question, points: Sequence[Point]
    ) -> tuple[tuple, np.ndarray] | None:
        """(the shapes, all numbers in one row) of the same. `usual` works trees out at these points."""
        if self.other is not None:
            values = self.values(question, points)
            return tuple(value.shape for value in values), flat(values)
        return (TreeValues(question, points, self.changes) if self.changes else usual).in_a_row(self.tree)


# ------------------------------------------------------------------------------------------ sources


def one_wrong_slope(question: Question) -> Iterator[Hypothesis]:
    """The function differentiated with one mistake, or with the same one wherever its function occurs."""
    formulas = formulas_of(question)
    if formulas.objective is None:
        return
    for tree, found in known_slopes(formulas.slopes(), 1):
        if found:
            yield Hypothesis(found, tree)
    for function in formulas.functions:
        for formula, sentence in WRONG.get(function, ()):
            slopes = formulas.slopes(writing={function: formula})
            for tree, _ in known_slopes(slopes, 0):
                met = slopes.met.get(function, [])
                u, v = (" and ".join(dict.fromkeys(quoted(each[part]) for each in met)) for part in (0, 1))
                if " and " in u:
                    yield Hypothesis((Slip(sentence, each_time=True, f=function, u=u, v=v, at=v),), tree)
    yield from _of_the_chain(formulas)
    yield from _with_another_slope(formulas)
    if _is_about_a_rule(formulas):
        yield from _in_the_long_form(formulas)


def long_form(question: Question) -> Iterator[Hypothesis]:
    """The same where σ, tanh and softplus are written out with exponentials; who is to find their rules does so at once."""
    formulas = formulas_of(question)
    if formulas.objective is not None and not _is_about_a_rule(formulas):
        yield from _in_the_long_form(formulas)


def _is_about_a_rule(formulas):
    """Whether the function itself is σ, tanh or softplus of the variable."""
    match formulas.definitions.get(formulas.question.objective):
        case ast.Call(ast.Name(), [ast.Name(id=name)]):
            return name == formulas.question.variable
    return False


def _in_the_long_form(formulas):
    out = {name: written_out(tree) for name, tree in formulas.definitions.items()}
    if any(out[name] is not tree for name, tree in formulas.definitions.items()):
        yield from (
            Hypothesis(found, tree) for tree, found in known_slopes(formulas.slopes(definitions=out), 1) if found
        )


def _with_another_slope(formulas):
    """The right derivative times the slope of one of the functions on the way."""
    for name, tree in formulas.definitions.items():
        match tree:
            case ast.Call(ast.Name(written), [argument]) if function_name(written) in RIGHT:
                function = function_name(written)
                slope = trees.filled(trees.read(RIGHT[function][0]), {"u": argument, "v": trees.name(name)})
                yield Hypothesis((Slip("extra_slope", f=function, u=argument),), trees.times(formulas.answer, slope))


def _of_the_chain(formulas):
    """Factors of the chain that are missing or added, where there is one way from the function to the variable."""
    links = links_of(formulas)
    if len(links) < 2:
        return
    factors = [tree for _, _, tree in links]
    total, product = functools.reduce(trees.plus, factors), functools.partial(functools.reduce, trees.times)
    yield Hypothesis((Slip("added.chain"),), total)
    for count in range(1, len(links)):
        for missing in itertools.combinations(range(len(links)), count):
            left = product([tree for place, tree in enumerate(factors) if place not in missing])
            gone = [
                f"`{above}` with respect to `{below}`"
                for place, (above, below, _) in enumerate(links)
                if place in missing
            ]
            if len(gone) > 1:
                slip = Slip("missing_factors.chain", count=str(len(gone)), gone=" and of ".join(gone))
                yield Hypothesis((slip,), left)
            else:
                yield Hypothesis((Slip("missing_inner.chain", gone=gone[0]),), left)
                yield Hypothesis((Slip("added.link", gone=gone[0]),), trees.plus(left, factors[missing[0]]))


def links_of(formulas: Formulas) -> list[tuple[str, str, Tree]]:
    """(name, the name in it that varies, the slope between them), from the function down to the variable; none if there
    is more than one way, or something on it is no number."""
    here, variable, links = formulas.question.objective, formulas.question.variable, []
    slopes = formulas.slopes()
    while here != variable:
        tree = formulas.definitions.get(here)
        below = [name for name in trees.names_in(tree) if slopes.varies(trees.name(name))] if tree else []
        if len(below) != 1 or any(formulas.shapes[name] for name in (here, *below)):
            return []
        found = known_slopes(WrongSlopes(tree, below[0], {}, formulas.shapes), 0)
        if not found:
            return []
        links.append((here, below[0], _by_value(found[0][0], tree, here)))
        here = below[0]
    return links


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
            if (
                not slip.odd or slip.id == "bracket" or form is formulas.answer
            ):  # what is odd, and in an odd form too, is no likely cause
                yield Hypothesis((slip,), tree)
    for name in trees.names_in(formulas.answer) if any(formulas.shapes.values()) else ():
        if len(formulas.shapes.get(name, ())) == 1:
            summed = trees.filled(formulas.answer, {name: trees.call("sum", trees.name(name))})
            yield Hypothesis((Slip("sum_of_name", f"sum_of_{name}", name=name),), summed)
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
        for tree, _ in known_slopes(formulas.slopes(name), 0):
            names = {"name": name, "variable": question.variable}
            yield Hypothesis((Slip("wrt", f"wrt_{name}", **names),), tree)
            yield Hypothesis((Slip("and_wrt", f"and_wrt_{name}", **names),), trees.plus(formulas.answer, tree))


def neighbours(question: Question) -> Iterator[Hypothesis]:
    """Right answers to other questions with the same parameters."""
    for other in question.neighbours:
        slip = Slip("answer_of", f"answer_of_{other.key}", title=other.title)
        yield Hypothesis((slip,), other.answer_formula.tree, other=other)


def in_a_quantity(question: Question) -> Iterator[Hypothesis]:
    """The right answer, worked out with a slip in one of the quantities on the way."""
    formulas = formulas_of(question)
    used = _rests_on(formulas)
    for name, tree in formulas.definitions.items():
        if name not in used:
            continue
        if is_sum(tree) and formulas.objective is None:
            slip = Slip("function_too_many", f"function_too_many_in_{name}", odd=True, name=name)
            yield Hypothesis((slip,), formulas.answer, {name: trees.call("sigma", tree)})
        for form in {id(each): each for each in (tree, written_out(tree))}.values():
            for slip, changed in slips(form, [each for each in formulas.quantities if each != name]):
                if name not in trees.names_in(changed) and not _rests_on_itself(formulas, changed, name):
                    yield Hypothesis((slip.within(name),), formulas.answer, {name: changed})


def _rests_on(formulas):
    """The quantities on which the answer rests."""
    used, new = set(), trees.names_in(formulas.answer) & set(formulas.definitions)
    while new:
        used |= new
        new = (
            set().union(*(trees.names_in(formulas.definitions[name]) for name in new))
            & set(formulas.definitions) - used
        )
    return used


def _rests_on_itself(formulas, tree, name):
    names = trees.names_in(tree) & set(formulas.definitions)
    return any(
        name in trees.names_in(formulas.definitions[each])
        or _rests_on_itself(formulas, formulas.definitions[each], name)
        for each in names
    )


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
            names = {"f": function, "other": other}
            yield Hypothesis((Slip("network_of", f"network_of_{other}", **names),), formulas.answer, changes)
            if formulas.objective is not None:
                itself = trees.filled(formulas.objective, {})
                yield Hypothesis((Slip("itself", f"{other}_itself", **names),), itself, changes)
                for tree, _ in known_slopes(formulas.slopes(definitions={**formulas.definitions, **changes}), 0):
                    yield Hypothesis((Slip("right_for", f"right_for_{other}", **names),), tree, changes)
                out = with_function(formulas.answer, function, other=other)
                yield Hypothesis((Slip("other_everywhere", f"{other}_everywhere", **names),), out, changes)


def another_layer(question: Question) -> Iterator[Hypothesis]:
    """Another activation in one of several layers, differentiated rightly."""
    formulas = formulas_of(question)
    for function in formulas.functions if formulas.objective is not None else ():
        for other in _ACTIVATIONS if function in _ACTIVATIONS else ():
            changes = {name: with_function(tree, function, other=other) for name, tree in formulas.definitions.items()}
            for name, tree in changes.items() if other != function else ():
                if tree is formulas.definitions[name]:
                    continue
                slip = Slip("layer", f"{other}_in_{name}", name=name, f=function, other=other)
                for slope, _ in known_slopes(formulas.slopes(definitions={**formulas.definitions, name: tree}), 0):
                    yield Hypothesis((slip,), slope, {name: tree})


def own_function(question: Question) -> Iterator[Hypothesis]:
    """A function that the student has programmed, and not as it is."""
    formulas = formulas_of(question)
    for function, wrong in OWN.items():
        for formula, sentence in wrong:
            slip = Slip(sentence, f=function)
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
    for tree, found in known_slopes(formulas.slopes(), 2):
        if len(found) == 2:
            yield Hypothesis(found, tree)


def two_brackets(question: Question) -> Iterator[Hypothesis]:
    """A right form of the answer without two of its brackets."""
    for form in formulas_of(question).forms:
        for slip, tree in without_two_brackets(form):
            yield Hypothesis((slip,), tree)


Source = Callable[[Question], Iterator[Hypothesis]]

#: The stages, in the order in which they are trusted: sources that are trusted alike, and whether what people seldom do is
#: asked of them.
STAGES: tuple[tuple[tuple[Source, ...], bool], ...] = (
    ((one_wrong_slope, other_variables), False),
    ((long_form,), False),
    ((one_slip,), False),
    ((neighbours,), False),
    ((another_network,), False),
    ((another_layer,), False),
    ((in_a_quantity,), False),
    ((own_function,), False),
    ((one_wrong_slope, one_slip), True),
    ((in_a_quantity,), True),
)
STAGES_OF_TWO: tuple[tuple[tuple[Source, ...], bool], ...] = (
    ((two_brackets,), False),
    ((two_wrong_slopes,), False),
    ((two_wrong_slopes,), True),
)
