"""A neuron is read from its values: σ turned round gives the pre-activation, and that the weights and the bias.

Where the right answer is σ of a weighted sum, or a sum of such neurons, the student's function is called where it is
neither 0 nor 1. What is read must foretell further points, steep and flat ones, before anything is said of it.
"""

import ast
import itertools
from collections.abc import Iterator

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition, in_list, jointly, lower, recognised
from helpers.checking.sentences import hint_of, say
from helpers.checking.sizes import SCALED
from helpers.checking.values import Point, Unusable, flat
from helpers.formulas.reader import Formula

_LOW, _HIGH = 1e-200, 1 - 1e-7  # between them the pre-activation can be read
_LINES = 3  # along which a neuron of two inputs is looked for
_CLOSE = 2e-3  # of a weight: steep steps in single precision are not read better

# ------------------------------------------------------------------------------------------ σ of a weighted sum


def other_neuron(case: Case) -> Found:
    """Another neuron than the one that is asked for: its weights and its bias, as they were read."""
    inside, names = _weighted_sum(case.question)
    if inside is None:
        return None
    right = _coefficients(
        _spread_points(case.question, names), lambda p: case.question.evaluate(inside, p), names, case
    )
    points = _readable(case, names)
    got = _called(case, points)
    mine = _fitted(points, [_logit(float(value)) for value in got], names, case) if len(points) > len(names) else None
    if (
        mine is None
        or right is None
        or np.allclose(mine[:-1], 0, atol=1e-9)  # the same everywhere: no neuron of these inputs
        or not _foretells(case, mine, names)
        or np.allclose(mine, right, rtol=_CLOSE, atol=1e-6)
    ):
        return None
    listed = [m for m in case.question.mistakes if _is_listed(case, m, mine, names)]
    return jointly(listed) or _said(case.question, names, mine, right)


def _weighted_sum(question):
    """(the Formula in the σ of the answer, the names in it) if these are a few inputs, or one quantity on the way."""
    tree = question.answer_formula.tree
    scalar = not any(question.shapes.values())
    if not (
        scalar and isinstance(tree, ast.Call) and getattr(tree.func, "id", "") == "sigma" and question.variable is None
    ):
        return None, ()
    inside = Formula(ast.unparse(tree.args[0]))
    names = tuple(name for name in (*question.parameters, *question.definitions) if name in inside.names)
    if len(names) > 2 or any(
        isinstance(node, ast.BinOp) and _is_product_of_names(node) for node in ast.walk(inside.tree)
    ):
        return None, ()
    return inside, names


def _is_product_of_names(node):
    names = [{each.id for each in ast.walk(side) if isinstance(each, ast.Name)} for side in (node.left, node.right)]
    return isinstance(node.op, ast.Mult) and all(names)


def _called(case, points):
    """The student's values at some points; NaN where `math.exp` overflows, which is no slip of a neuron's."""
    return np.array([float(value) for value in case.call(points, lenient=True)]) if points else np.array([])


def _logit(value):
    return np.log(value / (1 - value)) if 0 < value < 1 else np.nan


def _values(case, points, names):
    return np.array([[float(case.question.evaluate(name, point)) for name in names] for point in points])


def _coefficients(points, function, names, case):
    return _fitted(points, [float(function(point)) for point in points], names, case)


def _fitted(points, z, names, case):
    """(weights …, bias) of z in the values of the names; None if z is no weighted sum of them."""
    rows = np.column_stack([_values(case, points, names), np.ones(len(points))])
    z = np.array(z)
    if not np.all(np.isfinite(z)) or np.linalg.matrix_rank(rows, tol=1e-9 * np.abs(rows).max()) < len(names) + 1:
        return None
    found = np.linalg.lstsq(rows, z, rcond=None)[0]
    return found if np.allclose(rows @ found, z, rtol=_CLOSE, atol=_CLOSE) else None


def _readable(case, names):
    """Points at which the student's neuron is neither 0 nor 1."""
    found = []
    for line in _lines(case.question, names):
        got = _called(case, line)
        inner = [place for place in np.argsort(got) if _LOW < got[place] < _HIGH]
        found += [line[place] for place in inner[:: max(1, len(inner) // 10)]]
        for left in np.flatnonzero((got[:-1] - 0.5) * (got[1:] - 0.5) < 0)[:1]:
            found += _near_the_edge(case, line[left], line[left + 1])
    return found[:60]


def _near_the_edge(case, one, two):
    """Points between two of which one lies below the edge and one above it, close to it."""
    for _ in range(5):  # sixteen parts at a time
        between = [_mixed(one, two, part) for part in np.linspace(0, 1, 17)]
        got = _called(case, between)
        inner = [point for point, value in zip(between, got, strict=True) if _LOW < value < _HIGH]
        if len({f"{value:.2g}" for value in got if _LOW < value < _HIGH}) >= 4:
            return inner
        edges = np.flatnonzero((got[:-1] - 0.5) * (got[1:] - 0.5) <= 0)
        if not len(edges):
            return inner
        one, two = between[edges[0]], between[edges[0] + 1]
    return []


def _mixed(one, two, part):
    return {name: (1 - part) * one[name] + part * two[name] for name in one}


def _lines(question, names) -> Iterator[list[Point]]:
    """Lines of points through the plane of the inputs, near and far."""
    far = np.concatenate([-np.geomspace(250, 1e-3, 27), np.geomspace(1e-3, 250, 27)])
    if len(question.parameters) == 1:
        yield [{question.parameters[0]: x} for x in far]
        return
    one, two = question.parameters
    if set(names) <= {one, two}:
        for offset in np.linspace(-0.9, 0.8, _LINES):
            yield [{one: offset, two: x + 0.01 * offset} for x in far]
            yield [{one: x + 0.01 * offset, two: offset} for x in far]
    else:  # a quantity on the way, over the whole picture
        for slant in (0.1, 0.97):
            yield [{one: slant * x, two: x} for x in np.linspace(-4, 4, 97)]


def _spread_points(question, names):
    points = [point for line in _lines(question, names) for point in line]
    return points[:: max(1, len(points) // 40)]


def _foretells(case, weights, names):
    """Whether the neuron that was read gives what comes elsewhere: at the question's points and between them."""
    points = [*case.points, *_spread_points(case.question, names)[:30]]
    z = _values(case, points, names) @ weights[:-1] + weights[-1]
    got = _called(case, points)
    wanted = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    off = np.abs(got - wanted) > 0.02 * wanted * (1 - wanted) + 1e-6 + 0.02 * wanted * (np.abs(z) > 20)
    return not np.any(off) and np.isfinite(got).sum() > len(points) / 2


def _is_listed(case, mistake, mine, names):
    """Whether a listed mistake is this neuron."""
    try:
        tree = Formula(mistake.ways[0]).tree
        if not (isinstance(tree, ast.Call) and tree.func.id == "sigma"):
            return False
        inside = Formula(ast.unparse(tree.args[0]))
        points = _spread_points(case.question, names)
        other = _coefficients(points, lambda point: case.question.evaluate(inside, point), names, case)
    except (AttributeError, Unusable):
        return False
    return other is not None and np.allclose(mine, other, rtol=_CLOSE, atol=1e-6)


def _said(question, names, mine, right):
    """What is said of a neuron: its weights and its bias beside those of the task, and where its step lies."""
    wrong = [
        say("other_neuron.weight", name=name, mine=_number(a), right=_number(b))
        for name, a, b in zip(names, mine, right, strict=False)
        if not np.isclose(a, b, rtol=_CLOSE, atol=1e-6)
    ]
    if not np.isclose(mine[-1], right[-1], rtol=_CLOSE, atol=1e-6):
        wrong.append(say("other_neuron.bias", mine=_number(mine[-1]), right=_number(right[-1])))
    more = []
    if names == question.parameters[:1] == question.parameters and mine[0]:
        more.append(say("other_neuron.step", x=names[0], at=_number(-mine[1] / mine[0])))
    if np.allclose(mine, mine[-1] / right[-1] * right, rtol=_CLOSE):
        more.append(say("other_neuron.scaled", ratio=_number(mine[-1] / right[-1])))
    elif any(np.isclose(mine[-1], weight * right[-1], rtol=_CLOSE) for weight in mine[:-1] if abs(weight) > 1.001):
        more.append(say("other_neuron.bracket"))
    if np.allclose([mine[0], *(-value for value in mine[1:])], right, rtol=_CLOSE, atol=1e-6):
        more.append(say("other_neuron.minus"))
    text = " ".join([say("other_neuron", sum=_sum(names, mine), wrong=" and ".join(map(lower, wrong))), *more])
    return Recognition("other_neuron", text, hint_of("other_neuron"), same=text)


def _sum(names, weights):
    """Weights times names, and the bias, as one writes it."""
    parts = [
        f"{_number(weight)}·{name}".removeprefix("1·").replace("−1·", "−")
        for name, weight in zip(names, weights, strict=False)
        if not np.isclose(weight, 0, atol=1e-6)
    ]
    if not np.isclose(weights[-1], 0, atol=1e-6) or not parts:
        parts.append(_number(weights[-1]))
    return " + ".join(parts).replace("+ −", "− ")


def _number(value):
    return f"{float(f'{value:.3g}'):g}".replace("-", "−") if abs(value) > 1e-9 else "0"


def hard_step_for_neuron(case: Case) -> Found:
    """Exactly 0 and exactly 1 come where a neuron, however steep, gives something that is a little more than 0."""
    if not _is_sigma(case.question) or any(case.question.shapes.values()) or len(case.question.parameters) > 2:
        return None
    points = [*case.points, *_crossing(case.question)]
    got, truth = (
        np.array([float(value) for value in each]) for each in (case.call(points), case.question.truth(points))
    )
    if set(got) != {0.0, 1.0} or not np.any(truth[got == 0] > 0) or np.any(truth == 0):
        return None
    if _near_the_edge(case, points[int(np.argmin(got))], points[int(np.argmax(got))]):
        return None  # steep, but it rises smoothly
    return recognised("hard_step" if np.all((got == 1) == (truth > 0.5)) else "hard_step.elsewhere")


def same_everywhere(case: Case) -> Found:
    """The function of a picture is the same near 0 and far out."""
    question = case.question
    if question.variable is not None or any(question.shapes.values()) or len(question.parameters) > 2:
        return None
    if not (question.definitions or _is_sigma(question)):  # no neurons
        return None
    if np.ptp(flat(case.got)) > 1e-12 * np.max(np.abs(flat(case.got))):
        return None
    points = [point for line in _lines(question, question.parameters) for point in line][:60]
    got = np.array([*flat(case.got), *(float(value) for value in case.call(points))])
    if np.ptp(got) > 1e-12 * np.max(np.abs(got)):
        return None
    alike = [m for m in question.mistakes if _is_constant(question, m, [*case.points, *points], got)]
    return _constant(got[0], len(got), alike)


def _is_constant(question, mistake, points, got):
    values = [float(value) for value in question.mistake_values(mistake, points)]
    return np.allclose(values, got, rtol=1e-9, atol=0)


def _constant(value, count, alike):
    shown = "1" if np.isclose(value, 1) else "0" if abs(value) < 1e-9 else _number(value)
    perhaps = f"Perhaps: {' Or: '.join(mistake.what for mistake in alike)}" if alike else say("constant.where")
    names = "|".join(["constant", *(mistake.id for mistake in alike)])
    return recognised("constant.neuron", names, value=shown, count=count, perhaps=perhaps)


# ------------------------------------------------------------------------------------------ a sum of neurons


def other_combination(case: Case) -> Found:
    """The neurons are put together in another way: other ones, added for subtracted, σ around them."""
    question = case.question
    steps = [name for name, formula in question.definitions.items() if set(question.parameters) & formula.names]
    if question.variable is not None or len(steps) < 2 or question.answer_formula.names & set(question.parameters):
        return None
    points = [*case.points, *_crossing(question)]
    got = _called(case, points)
    points, got = [point for point, value in zip(points, got, strict=True) if np.isfinite(value)], got[np.isfinite(got)]
    truth = np.array([float(value) for value in question.truth(points)])
    if np.allclose(got, 1 / (1 + np.exp(-truth)), rtol=1e-4, atol=1e-6) and np.ptp(got) > 0.01:
        if _is_sigma(question):
            return recognised("sigma_twice")
        return recognised("sigma_around")
    if np.allclose(got, np.tanh(truth), rtol=1e-4, atol=1e-6) and np.ptp(got) > 0.01 and not _is_sigma(question):
        return recognised("tanh_around")
    columns = _values(case, points, steps)
    if _is_sigma(question):
        return _other_quantity(case, points, got, columns, steps)
    mine = _whole_numbers(columns, got)
    right = _whole_numbers(columns, truth)
    if mine is None or right is None or np.array_equal(mine, right):
        return None
    if np.array_equal(mine, -right):
        return recognised("sign.combination", written=_written(steps, mine))
    text = say("other_combination", written=_written(steps, mine), compared=_compared(steps, mine, right))
    return Recognition("other_combination", text, same=text)


def _is_sigma(question):
    tree = question.answer_formula.tree
    return isinstance(tree, ast.Call) and getattr(tree.func, "id", "") == "sigma"


def _crossing(question):
    """Points across the whole picture, some of them on each edge."""
    rng = np.random.default_rng(7)
    scale = max(abs(float(value)) for point in question.points for value in point.values())
    return [{name: float(rng.uniform(-1.2, 1.2) * scale) for name in question.parameters} for _ in range(20)]


def _whole_numbers(columns, values):
    """The small whole numbers by which the columns are multiplied to give the values, or None."""
    if np.linalg.matrix_rank(columns, tol=1e-6) < columns.shape[1]:
        return None
    found = np.linalg.lstsq(columns, values, rcond=None)[0]
    whole = np.round(found)
    fits = np.allclose(columns @ whole, values, rtol=1e-4, atol=1e-6) and np.all(np.abs(whole) <= 1) and np.any(whole)
    return whole if fits else None


def _written(names, numbers):
    parts = [f"{'−' if n < 0 else '+'} `{name}`" for name, n in zip(names, numbers, strict=True) if n]
    return " ".join(parts).removeprefix("+ ")


def _compared(names, mine, right):
    """How two such sums differ."""
    asked = [name for name, n in zip(names, right, strict=True) if n]
    used = [name for name, n in zip(names, mine, strict=True) if n]
    extra, missing = ([n for n in one if n not in two] for one, two in ((used, asked), (asked, used)))
    if extra and len(extra) == len(missing):
        return f"{in_list(extra)} {'stands' if len(extra) == 1 else 'stand'} where {in_list(missing)} should."
    if missing:
        return f"{in_list(missing)} {'is' if len(missing) == 1 else 'are'} missing."
    if extra:
        return f"{in_list(extra)} {'is' if len(extra) == 1 else 'are'} too many."
    turned = [name for name, a, b in zip(names, mine, right, strict=True) if a * b < 0]
    return f"The sign of {in_list(turned)} is wrong." if turned else "Count each of them once."


def _other_quantity(case, points, got, columns, steps):
    """In the σ of the answer another quantity stands."""
    question, tree = case.question, case.question.answer_formula.tree
    inner = [name for name in question.definitions if name in question.answer_formula.names]
    if len(inner) != 1:
        return None
    known = {name: _values(case, points, [name])[:, 0] for name in question.definitions}
    known |= {f"{a} + {b}": known[a] + known[b] for a, b in itertools.combinations(steps, 2)}
    known[" + ".join(steps)] = columns.sum(axis=1)
    for name, values in known.items():
        if name == inner[0]:
            continue
        changed = Formula(ast.unparse(tree).replace(inner[0], f"({name})"))
        wanted = np.array([float(question.evaluate(changed, point)) for point in points])
        if np.allclose(got, wanted, rtol=10 * case.rtol, atol=1e-250) and np.ptp(values) > 0:
            return recognised("other_quantity", name=name, right=inner[0])
    return None


#: Asked before the question's own list, which knows single other neurons only, and behind it.
BEFORE_THE_LIST = (same_everywhere, hard_step_for_neuron, other_neuron)
BEHIND_THE_LIST = (other_combination, *SCALED)
