"""Where to go on with a derivative whose mistake is not known: the factor, or the term, that alone can be off.

The right answer is a product of named factors, or a sum of terms. If the wrong one, divided by it, changes only where the
quantities of one factor change, however the inputs are moved, then every other factor agrees, and that one is the first
to print. The same is asked of the difference, where the right answer is a sum.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.causes import trees
from helpers.checking.causes.brackets import factors_of, is_sum
from helpers.checking.causes.fresh import scaled_points
from helpers.checking.causes.question_formulas import Formulas, formulas_of
from helpers.checking.causes.sources import links_of
from helpers.checking.causes.trees import Tree, TreeValues
from helpers.checking.feedback import in_list
from helpers.checking.sentences import say
from helpers.checking.values import Point, Unusable, Values

_POINTS, _ENOUGH = 30, 20  # that are looked at, and at which something has to show
_MOST = 16  # numbers in the inputs: each of them is moved alone
_STEP = 1e-3  # by which part of itself
_CLOSE = 3e-3  # as differences over such steps are

Names = tuple[str, ...]


def lead(case: Case) -> str:
    """A sentence on the quantities to begin with; an empty text if no single factor or term is behind the answer."""
    question = case.question
    sizes = [int(np.size(case.points[0][name])) for name in question.parameters]
    if not case.is_derivative or case.answer.kind == "constant" or question.binary or sum(sizes) > _MOST:
        return ""
    try:
        return _first(_Around(case), formulas_of(question))
    except Unusable:
        return ""


def _first(around, formulas):
    links = {(above, below): tuple(sorted(_named(slope, formulas))) for above, below, slope in links_of(formulas)}
    factors = {*links.values()} or {*_of_factors(formulas.answer, formulas)}
    names = _smallest(around, around.quotients, factors)
    if names:
        asked = [link for link, held in links.items() if held and around.same(held, names)]
        what = " and ".join(f"the derivative of `{above}` with respect to `{below}`" for above, below in asked)
        return _of_these("lead.link" if what else "lead.factor", names, what=what)
    names = _smallest(around, around.differences, {*_of_terms(formulas.answer, formulas)})
    return _of_these("lead.term", names) if names else ""


def _of_these(sentence, names, **parts):
    return say(sentence, names=in_list(names), it="it" if len(names) == 1 else "them", **parts)


def _named(tree, formulas):
    """The names of quantities in a formula."""
    return trees.names_in(tree) & set(formulas.quantities)


def _of_factors(answer: Tree, formulas: Formulas) -> Iterator[Names]:
    _, above, below = factors_of(answer)
    if len(above) + len(below) > 1:
        yield from (tuple(sorted(_named(factor, formulas))) for factor in (*above, *below))


def _of_terms(answer: Tree, formulas: Formulas) -> Iterator[Names]:
    if is_sum(answer):
        for term in (answer.left, answer.right):
            if is_sum(term):
                yield from _of_terms(term, formulas)
            else:
                yield tuple(sorted(_named(term, formulas)))


def _smallest(around, slopes, choices):
    """The names of the one choice with the fewest directions that `slopes` keep to; of several the first as one goes
    back from the answer. None if there is no such choice, or too little shows."""
    fitting = [names for names in choices if names and around.keep_to(slopes, names)]
    order = list(around.case.question.parameters) + list(around.case.question.definitions)
    return min(fitting, key=lambda names: (around.directions(names), -max(map(order.index, names))), default=None)


class _Around:
    """The answer around some points: how its quotient by the right one, and its difference from it, change when one
    number after the other is moved."""

    def __init__(self, case: Case) -> None:
        self.case, points = case, scaled_points(case.question, case.points, _POINTS)
        self.moved = [list(_moved(point, case.question.parameters)) for point in points]
        everywhere = [point for pairs in self.moved for pair in pairs for point in pair]
        self._values = TreeValues(case.question, everywhere)
        got, truth = case.call(everywhere), self._known(formulas_of(case.question).answer)
        with np.errstate(all="ignore"):
            quotients = [g / t for g, t in zip(got, truth, strict=True)]
            differences = [g - t for g, t in zip(got, truth, strict=True)]
            self.quotients, self.differences = self._shares(quotients, quotients), self._shares(differences, truth)
        self._of_names: dict[Names, list[np.ndarray]] = {}

    def _known(self, tree: Tree) -> Values:
        """The values of a formula. Raises Unusable where it has none."""
        values = self._values(tree)
        if values is None:
            raise Unusable("", "nan")
        return values

    def _slopes(self, values: Sequence[np.ndarray]) -> list[np.ndarray]:
        """At each point how the entries of something change, with one column for each number that is moved."""
        values = iter(values)
        return [np.array([np.ravel(next(values) - next(values)) for _ in pairs]).T for pairs in self.moved]

    def _shares(self, values: Sequence[np.ndarray], whole: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The same as a share of the size of something."""
        sizes = iter([np.abs(np.ravel(each)) for each in whole])
        means = [np.mean([next(sizes) for _ in range(2 * len(pairs))], axis=0) for pairs in self.moved]
        return [slopes / mean[:, np.newaxis] for slopes, mean in zip(self._slopes(values), means, strict=True)]

    def slopes_of(self, names: Names) -> list[np.ndarray]:
        """The same of some quantities, all their entries."""
        if names not in self._of_names:
            values = zip(*(self._known(trees.name(name)) for name in names), strict=True)
            self._of_names[names] = self._slopes([np.concatenate([*map(np.ravel, each)]) for each in values])
        return self._of_names[names]

    def directions(self, names: Names) -> int:
        """In how many independent ways the quantities move."""
        return max(np.linalg.matrix_rank(slopes, rtol=1e-4) for slopes in self.slopes_of(names))

    def same(self, one: Names, other: Names) -> bool:
        """Whether two sets of quantities move together."""
        return self.directions(one) == self.directions(other) == self.directions(tuple({*one, *other}))

    def keep_to(self, slopes: Sequence[np.ndarray], names: Names) -> bool:
        """Whether something changes with these quantities alone, at every point at which it changes; and whether there
        is any other way in which it could have changed."""
        shows = 0
        for mine, theirs in zip(slopes, self.slopes_of(names), strict=True):
            mine = mine[np.isfinite(mine).all(axis=1)]
            size = np.linalg.norm(mine)
            if size < 1e-4 * _STEP:
                continue
            _, strengths, ways = np.linalg.svd(theirs)
            ways = ways[: np.count_nonzero(strengths > 1e-4 * strengths[0])]
            if len(ways) == mine.shape[1] or np.linalg.norm(mine - mine @ ways.T @ ways) > _CLOSE * size:
                return False
            shows += 1
        return shows >= _ENOUGH


def _moved(point: Point, names: Sequence[str]) -> Iterator[tuple[Point, Point]]:
    """For each number in the inputs the point with a little more of it, and with a little less."""
    for name in names:
        value = np.asarray(point[name], dtype=float)
        for place in np.ndindex(value.shape):
            pair = []
            for part in (1 + _STEP, 1 - _STEP):
                other = value.copy()
                other[place] *= part
                pair.append({**point, name: other[()]})
            yield pair[0], pair[1]
