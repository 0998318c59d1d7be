"""Recognises mistakes by how a student's function behaves: it is called again, at other points or in another order."""

import itertools

import numpy as np

from helpers.checking.answers import Case, parameter_names
from helpers.checking.feedback import Found, Recognition, in_list, recognised
from helpers.checking.sentences import say
from helpers.checking.values import Unusable, agree, flat, in_words

# ------------------------------------------------------------------------------------------ how it is called


def own_parameter_order(case: Case) -> Found:
    """The function names the right parameters, but in another order, and is right in that order."""
    names, wanted = parameter_names(case.answer.answer), case.question.parameters
    if names == wanted or sorted(names) != sorted(wanted) or not _right_when_called(case, names):
        return None
    return recognised("parameter_order.own", own=", ".join(names), signature=case.question.signature)


def parameter_order(case: Case) -> Found:
    """The function, whatever its parameters are called, is right if they come in another order."""
    wanted = case.question.parameters
    if case.answer.kind != "function" or not any(_right_when_called(case, order) for order in _other_orders(wanted)):
        return None
    return recognised("parameter_order", signature=case.question.signature)


def _other_orders(names):
    """All other orders of a few names; of many, those in which two are swapped."""
    if len(names) <= 4:
        yield from itertools.islice(itertools.permutations(names), 1, None)
        return
    for i, j in itertools.combinations(range(len(names)), 2):
        order = list(names)
        order[i], order[j] = order[j], order[i]
        yield tuple(order)


def _right_when_called(case, order):
    """Whether the answer is right if its i-th parameter is given the value of `order[i]`."""
    for point, truth in zip(case.points, case.truth, strict=True):
        try:
            got = case.call([{name: point[other] for name, other in zip(case.question.parameters, order, strict=True)}])
        except Unusable:
            return False
        if got[0].size != truth.size or not agree([got[0].reshape(truth.shape)], [truth], case.rtol):
            return False
    return True


def not_repeatable(case: Case) -> Found:
    """The function gives other values when it is called once more."""
    if case.answer.kind != "function":
        return None
    again = case.call(case.points[:2])
    if all(np.array_equal(a, g, equal_nan=True) for a, g in zip(again, case.got, strict=False)):
        return None
    return recognised("not_repeatable")


def changed_argument(case: Case) -> Found:
    """The function changes an array that it is given."""
    if not case.answer.changed:
        return None
    return recognised("changes_argument", names=in_list(sorted(case.answer.changed)))


# ------------------------------------------------------------------------------------------ where it is right


def constant(case: Case) -> Found:
    """The same number comes everywhere."""
    if not any(flat(case.got)) or _varies(case.got):
        return None
    return recognised("constant")


def _varies(values):
    return any(v.shape != values[0].shape or not np.allclose(v, values[0], rtol=1e-9, atol=0) for v in values[1:])


def hard_step(case: Case) -> Found:
    """Only 0 and 1 come, and ½ where the right answer is ½: a threshold."""
    got, truth = flat(case.got), flat(case.truth)
    undecided = np.abs(truth - 0.5) < 1e-9
    if case.is_derivative or not np.all((truth >= 0) & (truth <= 1)) or not np.any((truth > 1e-9) & (truth < 1 - 1e-9)):
        return None
    if set(got) - {0, 0.5, 1} or not {0, 1} <= set(got) or not np.all((got == (truth > 0.5)) | undecided):
        return None
    return recognised("hard_step")


def right_on_one_side(case: Case) -> Found:
    """Right where one input is positive and wrong where it is negative, or the other way round."""
    right = [agree([g], [t], case.rtol) for g, t in zip(case.got, case.truth, strict=True)]
    for name in case.question.parameters if any(right) and not all(right) else ():
        if any(np.ndim(point[name]) or point[name] == 0 for point in case.points):
            continue
        positive = [point[name] > 0 for point in case.points]
        for sides, here, there in ((positive, ">", "<"), ([not side for side in positive], "<", ">")):
            if right == sides:
                return recognised("right_where", f"right_where_{name}_{here}_0", name=name, here=here, there=there)
    return None


def partly_right(case: Case) -> Found:
    """Right at some points, or in some components, and wrong in the others."""
    right = [agree([g], [t], case.rtol) for g, t in zip(case.got, case.truth, strict=True)]
    if any(right):
        good, bad = case.points[right.index(True)], case.points[right.index(False)]
        return recognised("partly_right", good=in_words(good), bad=in_words(bad))
    for got, truth, point in zip(case.got, case.truth, case.points, strict=True):
        entries = np.abs(got - truth) <= case.rtol * np.abs(truth)
        if entries.ndim and np.any(truth[entries] != 0):
            count = int(entries.sum())
            return recognised("partly_right.components", point=in_words(point), count=count, size=entries.size)
    return None


def first_component_only(case: Case) -> Found:
    """The first component is right, and the others are zero, or hold the sum so far."""
    if any(t.ndim != 1 or t.size < 2 for t in case.truth):
        return None
    if case.matches([np.where(np.arange(t.size) == 0, t, 0) for t in case.truth]):
        return recognised("first_component_only")
    if case.matches([np.cumsum(t) for t in case.truth]):
        return recognised("summed_so_far")
    return None


def only_for_scalar(case: Case) -> Found:
    """Right for a single example, or where every vector has one component, wrong elsewhere."""
    if not any(np.ndim(value) for value in case.points[0].values()):
        return None
    if "m" in case.question.sizes(case.points[0]) and _right_when_cut(case, "m"):
        return recognised("only_for_one_example")
    if _right_when_cut(case):
        return recognised("only_for_scalar")
    return None


def _right_when_cut(case, letters=None):
    """Whether the answer is right at the points cut down to one component, and at the same with all signs changed."""
    points = [case.question.scalar_point(point, letters) for point in case.points]
    binary = case.question.binary
    points += [{name: value if name in binary else -value for name, value in point.items()} for point in points]
    truth = case.question.truth(points)
    if not _varies(truth):
        return False  # a softmax of one class is always 1: that it is right there says nothing
    return agree([g.reshape(t.shape) for g, t in zip(case.call(points), truth, strict=True)], truth, case.rtol)


def right_at_zero(case: Case) -> str | None:
    """The input at whose zero the answer is right, or all of them, as `w = b`; None if it is right at none."""
    question = case.question
    if question.positive:
        return None
    binary = question.binary
    for names in [(name,) for name in question.parameters if name not in binary] + [question.parameters]:
        points = [{**point, **{name: np.zeros(np.shape(point[name])) for name in names}} for point in case.points]
        truth = question.truth(points)
        if not np.any(flat(truth)):
            continue
        try:
            if agree(case.call(points), truth, case.rtol):
                return " = ".join(names)
        except Unusable:
            continue
    return None


# ------------------------------------------------------------------------------------------ what it depends on


def dependence(case: Case) -> Found:
    """The answer ignores an input on which the right one depends, or the other way round."""
    ignored, extra = _dependence(case)
    for names, sentence in ((ignored, "ignores"), (extra, "depends_on")):
        if names:
            text, hint = say(sentence, names=in_list(names)), furthest_off(case).text
            return Recognition("_".join([sentence, *names]), text, hint)
    return None


def _dependence(case):
    """(names that the right answer depends on but this one does not, and the other way round)"""
    ignored, extra = [], []
    for name in case.question.parameters:
        moved, which = _moved(case, name)
        mine = _changes(case.call(moved), [case.got[i] for i in which])
        right = _changes(case.question.truth(moved), [case.truth[i] for i in which])
        if mine != right:
            (ignored if right else extra).append(name)
    return ignored, extra


def _moved(case, name):
    """(points at which one input is another one, the numbers of the points that they come from). Of labels one entry
    after the other is flipped, since 1.37 is no label; other inputs are stretched, each entry by another factor, and get
    the other sign as well if they have both: an answer may depend on the sign alone."""
    if name not in case.question.binary:
        signs = (1, -1) if any(np.min(point[name]) < 0 for point in case.question.points) else (1,)
        moved = [
            {**point, name: sign * np.asarray(point[name]) * _stretch(np.shape(point[name]))}
            for sign in signs
            for point in case.points
        ]
        return moved, [*range(len(case.points))] * len(signs)
    moved = []
    for place in np.ndindex(np.shape(case.points[0][name])):
        value = np.array(case.points[0][name])
        value[place] = 1 - value[place]
        moved.append({**case.points[0], name: value})
    return moved, [0] * len(moved)


def _stretch(shape):
    return np.linspace(1.37, 1.57, int(np.prod(shape))).reshape(shape)


def _changes(now, before):
    return not np.allclose(flat(now), flat(before), rtol=1e-9, atol=0)


def furthest_off(case: Case) -> Recognition:
    """Nothing is known of the mistake: where it shows most, and how to look further."""
    errors = [np.max(np.abs(g - t)) / (np.max(np.abs(t)) + 1e-300) for g, t in zip(case.got, case.truth, strict=True)]
    worst = int(np.argmax(errors))
    got, truth = case.got[worst], case.truth[worst]
    index = np.unravel_index(np.argmax(np.abs(got - truth)), truth.shape)
    mine, right = got[index], truth[index]
    component = f"component {list(map(int, index))} of your answer" if index else "your answer"
    if mine * right > 0 and _power(mine) == _power(right):  # its sign and size would say nothing
        beside = f"which is too {'large' if abs(mine) > abs(right) else 'small'}{' in size' if right < 0 else ''}"
    else:
        beside = f"while the right value is {_size_in_words(right)}"
    sentence, point = "unknown.slope" if case.is_derivative else "unknown", in_words(case.points[worst])
    return recognised(sentence, point=point, part=component, mine=f"{mine:.2g}", beside=beside)


def _power(value):
    """The power of ten of the first digit."""
    return int(np.floor(np.log10(abs(value))))


def _size_in_words(value):
    """Sign and order of magnitude, not the value."""
    if value == 0:
        return "zero"
    exponent = _power(value)
    low, high = (
        (f"{10.0**power:g}" for power in (exponent, exponent + 1))
        if -3 < exponent < 4
        else (f"1e{exponent}", f"1e{exponent + 1}")
    )
    return f"{'positive' if value > 0 else 'negative'} and between {low} and {high} in size"
