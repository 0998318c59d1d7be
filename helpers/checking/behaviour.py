"""Recognises mistakes by how a student's function behaves: it is called again, at other points or in another order."""

import itertools

import numpy as np

from helpers.checking.answers import Case, parameter_names
from helpers.checking.feedback import Found, Recognition
from helpers.checking.values import Unusable, agree, flat, in_words

# ------------------------------------------------------------------------------------------ how it is called


def own_parameter_order(case: Case) -> Found:
    """The function names the right parameters, but in another order, and is right in that order."""
    names, wanted = parameter_names(case.answer.answer), case.question.parameters
    if names == wanted or sorted(names) != sorted(wanted) or not _right_when_called(case, names):
        return None
    return Recognition(
        "parameter_order",
        f"Your function takes ({', '.join(names)}), but it is called with "
        f"{case.question.signature}, in this order. Apart from that it is right.",
        "Reorder the parameters in the line with `def`.",
    )


def parameter_order(case: Case) -> Found:
    """The function, whatever its parameters are called, is right if they come in another order."""
    wanted = case.question.parameters
    if case.answer.kind != "function" or not any(_right_when_called(case, order) for order in _other_orders(wanted)):
        return None
    return Recognition(
        "parameter_order",
        "Your function seems to take its parameters in another order: it is called with "
        f"{case.question.signature}, in this order.",
        "Compare the line with `def` with this order.",
    )


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
    return Recognition(
        "not_repeatable",
        "Your function returns different values when it is called twice with the same arguments.",
        "Does it use random numbers, or a global variable?",
    )


def changed_argument(case: Case) -> Found:
    """The function changes an array that it is given."""
    if not case.answer.changed:
        return None
    names = " and ".join(f"`{name}`" for name in sorted(case.answer.changed))
    return Recognition(
        "changes_argument",
        f"Your function changes its argument {names} in place, and then goes on with the changed values.",
        "Work on a copy: `w = w.copy()`, or write `w = 2*w` instead of `w *= 2`.",
    )


# ------------------------------------------------------------------------------------------ where it is right


def constant(case: Case) -> Found:
    """The same number comes everywhere."""
    if not any(flat(case.got)) or _varies(case.got):
        return None
    return Recognition(
        "constant",
        "Your answer is the same everywhere, but the right one changes with its inputs.",
        "Evaluate at two different inputs by hand.",
    )


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
    return Recognition(
        "hard_step",
        "Only 0 and 1 come: a step, a hard threshold, stands where σ belongs, which rises smoothly.",
        "Draw both between 0 and 1, close to the edge.",
    )


def right_on_one_side(case: Case) -> Found:
    """Right where one input is positive and wrong where it is negative, or the other way round."""
    right = [agree([g], [t], case.rtol) for g, t in zip(case.got, case.truth, strict=True)]
    for name in case.question.parameters if any(right) and not all(right) else ():
        if any(np.ndim(point[name]) or point[name] == 0 for point in case.points):
            continue
        positive = [point[name] > 0 for point in case.points]
        for sides, here, there in ((positive, ">", "<"), ([not side for side in positive], "<", ">")):
            if right == sides:
                return Recognition(
                    f"right_where_{name}_{here}_0",
                    f"Your answer is right where {name} {here} 0, and wrong where {name} {there} 0.",
                    "Is a sign lost, or one of two cases left out?",
                )
    return None


def partly_right(case: Case) -> Found:
    """Right at some points, or in some components, and wrong in the others."""
    right = [agree([g], [t], case.rtol) for g, t in zip(case.got, case.truth, strict=True)]
    if any(right):
        good, bad = case.points[right.index(True)], case.points[right.index(False)]
        return Recognition(
            "partly_right",
            f"Your answer is right at some inputs, such as {in_words(good)}, and wrong at others, such as "
            f"{in_words(bad)}.",
            "What differs between these inputs: a sign, or a size?",
        )
    for got, truth, point in zip(case.got, case.truth, case.points, strict=True):
        entries = np.abs(got - truth) <= case.rtol * np.abs(truth)
        if entries.ndim and np.any(truth[entries] != 0):
            return Recognition(
                "partly_right",
                f"At {in_words(point)} {int(entries.sum())} of the {entries.size} components of your answer are "
                "right, the others are wrong.",
                "What differs between these components: a sign, or an index?",
            )
    return None


def first_component_only(case: Case) -> Found:
    """The first component is right, and the others are zero, or hold the sum so far."""
    if any(t.ndim != 1 or t.size < 2 for t in case.truth):
        return None
    if case.matches([np.where(np.arange(t.size) == 0, t, 0) for t in case.truth]):
        return Recognition(
            "first_component_only",
            "Only the first component is filled in, the others are zero: does a `return` stand inside the loop?",
            "Move the `return` to the left, under the `for`.",
        )
    if case.matches([np.cumsum(t) for t in case.truth]):
        return Recognition(
            "summed_so_far",
            "Each component is the sum of the right one and all before it: what belongs to the earlier components is not "
            "set back to zero.",
            "Make the step anew for each component.",
        )
    return None


def only_for_scalar(case: Case) -> Found:
    """Right for a single example, or where every vector has one component, wrong elsewhere."""
    if not any(np.ndim(value) for value in case.points[0].values()):
        return None
    if "m" in case.question.sizes(case.points[0]) and _right_when_cut(case, "m"):
        return Recognition(
            "only_for_one_example",
            "Your answer is right where there is a single example, but not for several.",
            "Write out the case of two examples by hand.",
        )
    if _right_when_cut(case):
        return Recognition(
            "only_for_scalar",
            "Your answer is right where every vector has a single component, but not for longer ones.",
            "Write out the case of two components by hand.",
        )
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
    for names, prefix, text in (
        (ignored, "ignores_", "does not change with {}, but the right one does."),
        (extra, "depends_on_", "changes with {}, but the right one does not."),
    ):
        if names:
            quoted = " and ".join(f"`{name}`" for name in names)
            return Recognition(prefix + "_".join(names), "Your answer " + text.format(quoted), furthest_off(case).text)
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
    after the other is flipped, since 1.37 is no label; other inputs are stretched, each entry by another factor."""
    if name not in case.question.binary:
        moved = [{**point, name: np.asarray(point[name]) * _stretch(np.shape(point[name]))} for point in case.points]
        return moved, range(len(moved))
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
    text = f"It is furthest off at {in_words(case.points[worst])}: there {component} is {mine:.2g}, "
    if mine * right > 0 and _power(mine) == _power(right):  # its sign and size would say nothing
        text += f"which is too {'large' if abs(mine) > abs(right) else 'small'}{' in size' if right < 0 else ''}."
    else:
        text += f"while the right value is {_size_in_words(right)}."
    return Recognition(
        "unknown",
        text,
        "Compare with a finite difference there: (F(p + h) − F(p − h)) / (2h) with h = 1e-5, for the function F and "
        "the variable p of the question."
        if case.is_derivative
        else "Work a small example out by hand, and print every quantity on the way.",
    )


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
