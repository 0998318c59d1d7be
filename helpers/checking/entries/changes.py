"""What people get wrong in a working, made on purpose: every single change of one line, of the lines of a layer, or of
all lines at once.

    for change in changes(working):
        change.mistake, change.lines         # "slope_missing", the lines that it changes
        change.formulas                      # {"delta1": …, "delta2": …, "delta3": …}, for Working.values

A change is a hypothesis. It is named only where it predicts the whole answer. The lines of a layer, such as `z1`, `z2`
and `z3`, are those of the same shape; a name is exchanged for its neighbours of the same kind, along the whole layer.
"""

import ast
import dataclasses
import functools
import itertools
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from helpers.checking.entries.layers import Layers, Trees, kind_of, names_of, number_of, side_by_side
from helpers.checking.entries.line_slips import (
    OTHER_FUNCTIONS,
    PLACE,
    Slip,
    factors,
    product_of,
    renamed,
    replaced,
    slips,
    with_functions,
)


@dataclass(frozen=True, eq=False)
class Change:
    """One change of a working.

    mistake   the id of what went wrong
    trees     line -> what stands there instead
    lost      what should have been there, a node for each line, or a single one
    put       what stands there instead, likewise; empty where something is only missing
    cost      how far-fetched it is: 1 what people do, 2 what might be; 3 what needs luck
    """

    mistake: str
    trees: Trees
    lost: tuple[ast.expr, ...] = ()
    put: tuple[ast.expr, ...] = ()
    cost: int = 1

    @property
    def lines(self) -> tuple[str, ...]:
        """The names of the lines that are changed."""
        return tuple(self.trees)

    @functools.cached_property
    def formulas(self) -> dict[str, Any]:
        """The lines as Working.values takes them."""
        return {line: compiled(tree) for line, tree in self.trees.items()}


def compiled(tree: ast.expr) -> Any:
    """The code of a syntax tree."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # `1.0[0]`: it fails when it is worked out, and is left out
        return compile(ast.fix_missing_locations(ast.Expression(tree)), "<line>", "eval")


def changes(trees: Trees) -> Iterator[Change]:
    """Every Change of a working, given as the trees of its lines, in their order."""
    layers, order = Layers(trees), {line: number for number, line in enumerate(trees)}
    for change in _all(trees, layers):
        if all(order.get(name, -1) < order[line] for line, tree in change.trees.items() for name in names_of(tree)):
            yield change


def _all(trees, layers):
    for family in layers.families:
        single = len(family.lines) == 1 and any(
            len(each.lines) > 1 and {*family.lines} < {*each.lines} for each in layers.families
        )
        for change in _slips_of(family, trees):  # that it happened to one neuron of a layer alone is less likely
            yield dataclasses.replace(change, cost=change.cost + 1) if single else change
        yield from _inlined(family, trees)
        yield from _other_names(family, layers)
        yield from _other_matrices(family, layers)
        if any(isinstance(node, ast.MatMult) for tree in trees.values() for node in ast.walk(tree)):
            yield from _array_slips(family.lines, trees)
    yield from _everywhere(trees, layers)


# ------------------------------------------------------------------------------------------ in the lines of a layer


def _slips_of(family, trees):
    """The same slip in all lines of a layer."""
    for group in zip(*(slips(trees[line]) for line in family.lines), strict=False):
        if group[0].kind in ("slope_at", "slope_of_relu"):
            yield from _slopes_elsewhere(group, family.lines, trees)
        else:
            yield _side_by(group, family.lines, group[0].kind)
    for kind, factor, cost in (("factor_2", 2.0, 1), ("factor_half", 0.5, 1), ("sign", -1.0, 1)):
        scaled = {line: ast.BinOp(ast.Constant(factor), ast.Mult(), trees[line]) for line in family.lines}
        yield Change(kind, scaled, cost=cost)


def _slopes_elsewhere(group, lines, trees):
    """The slope a(1 − a) with the pre-activations in the place of the activations, or with one neuron's for all."""
    names = [names_of(slip.lost)[0] for slip in group]
    own = [_pre_activation(name, trees) for name in names]
    others = [name for name in trees if kind_of(name) in ("a", "z") and name not in (*names, *own)]
    for chosen in ([own] if all(own) else []) + [[other] * len(lines) for other in others]:
        put = {
            line: renamed(slip.tree, {PLACE: _name(name)})
            for line, slip, name in zip(lines, group, chosen, strict=True)
        }
        lost, near = tuple(slip.lost for slip in group), chosen == own or len(lines) > 1
        if group[0].kind == "slope_at" or chosen == own:
            yield Change(group[0].kind, put, lost, _nodes(chosen), 1 if near else 2)


def _side_by(group: tuple[Slip, ...], lines, kind):
    return Change(
        kind,
        {line: slip.tree for line, slip in zip(lines, group, strict=True)},
        tuple(slip.lost for slip in group),
        tuple(slip.put for slip in group if slip.put is not None),
        2 if kind in ("inner_sign", "slope_plus", "lost_minus") else 1,
    )


def _inlined(family, trees):
    """A factor lost in a quantity on the way, where it is used in these lines alone: δ of the output without its
    slope on the way back."""
    for vector in family.vectors:
        name = vector[0]
        if set(vector) != {name} or not _is_product(trees.get(name)) or any(map(_is_sum, map(trees.get, family.lines))):
            continue
        for slip in slips(trees[name]):
            if slip.kind in ("slope_missing", "missing_factor", "missing_square"):
                put = {line: renamed(trees[line], {name: slip.tree}) for line in family.lines}
                slope = slip.kind == "slope_missing"
                yield Change("slope_lost_behind" if slope else slip.kind, put, (slip.lost,), cost=1 if slope else 2)


def _is_product(tree):
    return isinstance(tree, ast.BinOp) and isinstance(tree.op, (ast.Mult, ast.MatMult))


def _is_sum(tree):
    return isinstance(tree, ast.BinOp) and isinstance(tree.op, (ast.Add, ast.Sub))


def _other_names(family, layers):
    """Other names in the place of those that stand somewhere in all lines of a layer."""
    trees, count = layers.trees, len(family.lines)
    for vector in dict.fromkeys(family.vectors):
        for other in _neighbours(vector, family, layers, count):
            if other != vector and _far_fetched(vector, other) < 3:
                yield _renaming(family, trees, vector, other)
        yield from _new_values(family, layers, vector)
        if count > 1 and len(set(vector)) == count:
            total = functools.reduce(lambda a, b: ast.BinOp(a, ast.Add(), b), map(_name, vector))
            put = {line: renamed(trees[line], {name: total}) for line, name in zip(family.lines, vector, strict=True)}
            yield Change("summed_names", put, tuple(map(_name, vector)), cost=2)
    for one, two in _pairs(family):
        swap = {one: _name(two), two: _name(one)}
        put = {line: renamed(trees[line], swap) for line in family.lines}
        yield Change("names_swapped", put, (_name(one),), (_name(two),), 2)
    for line in family.lines if count == 1 else ():
        for group in side_by_side(names_of(trees[line])):
            for other in layers.pool.get(len(group), ()):
                for chosen in (other, other[::-1]):
                    if chosen != group and _far_fetched(group, chosen) < 3:
                        put = {line: renamed(trees[line], dict(zip(group, map(_name, chosen), strict=True)))}
                        cost = _far_fetched(group, chosen)
                        yield Change("other_names", put, tuple(map(_name, group)), tuple(map(_name, chosen)), cost)


def _other_matrices(family, layers):
    """On the way back: the sum of all entries of a weight matrix, its columns in reverse, or the first column of another."""
    (line, *more), matrices = family.lines, {name for name in layers.given if name[0] == "W" and name[1:]}
    if more or line[0] not in "dD":
        return
    for name in sorted(matrices & set(names_of(layers.trees[line]))):
        for kind, text, other in (
            ("summed_matrix", f"sum({name})*ones_like({name})", ""),
            ("mean_matrix", f"mean({name})*ones_like({name})", ""),
            ("reversed_matrix", f"{name}[:, ::-1]", ""),
            *(("other_names", f"{other}[:, :1].T", other) for other in sorted(matrices - {name})),
        ):
            put = {line: renamed(layers.trees[line], {name: ast.parse(text, mode="eval").body})}
            yield Change(kind, put, (_name(name),), (_name(other),) if other else (), 2)


def _neighbours(vector, family, layers, count):
    """The vectors of names that may stand in the place of one."""
    for other in layers.pool.get(count, ()):
        yield other
        if count > 1:
            yield other[::-1]
    if count > 1:
        for (one,) in layers.pool.get(1, ()):
            yield (one,) * count


def _renaming(family, trees, vector, other):
    put = {
        line: renamed(trees[line], {name: _name(new)})
        for line, name, new in zip(family.lines, vector, other, strict=True)
    }
    return Change("other_names", put, _nodes(vector), _nodes(other), _far_fetched(vector, other))


def _far_fetched(vector, other):
    """How far-fetched it is to take some names for others: the reverse order, or another quantity of the same neuron,
    is near."""
    if sorted(vector) == sorted(other):
        return 2
    same_place = all(number_of(one) == number_of(two) for one, two in zip(vector, other, strict=True))
    if kind_of(vector[0]) == kind_of(other[0]):
        return 2
    near = {kind_of(vector[0]), kind_of(other[0])}
    if near <= {"a", "z", "r"}:
        return 1 if same_place else 2
    return 2 if same_place or near <= {"w", "a", "z", "x", "W", "A", "Z", "X"} else 3


def _new_values(family, layers, vector):
    """The new values of parameters where the old ones belong."""
    trees = layers.trees
    if any(line.endswith("_new") for line in family.lines):
        return
    new = {}
    for name in vector:
        gradient = f"d{name}"
        if gradient not in trees:
            return
        eta = _name("eta") if "eta" in layers.given else ast.Constant(1.0)
        step = ast.BinOp(eta, ast.Mult(), _name(gradient))
        written_out = {gradient: trees[gradient]} if not isinstance(trees[gradient], ast.Name) else {}
        new[name] = renamed(ast.BinOp(_name(name), ast.Sub(), step), written_out)
    put = {line: renamed(trees[line], {name: new[name]}) for line, name in zip(family.lines, vector, strict=True)}
    yield Change("updated", put, _nodes(vector))


def _pairs(family):
    """Pairs of names of one kind that both stand in these lines."""
    names = sorted({name for vector in family.vectors for name in vector})
    for one, two in itertools.combinations(names, 2):
        if kind_of(one) == kind_of(two) and len(one) == len(two) and kind_of(one) in ("x", "a", "z", "w", "y"):
            yield one, two


@functools.lru_cache(maxsize=1024)
def _name(name):
    return ast.Name(name, ast.Load())


def _nodes(names):
    return tuple(map(_name, dict.fromkeys(names)))


# ------------------------------------------------------------------------------------------ in all lines at once


def _everywhere(trees, layers):
    """One habit in all lines: the inputs swapped, a slope written another way, a function of one's own."""
    for kind in (
        "slope_at",
        "slope_missing",
        "slope_of_tanh",
        "slope_of_a",
        "slope_is_a",
        "slope_is_one_minus_a",
        "slope_bracket",
        "slope_squared",
        "slope_plus",
    ):
        put, lost = {}, []
        for line, tree in trees.items():
            for slip in slips(tree):
                if slip.kind == kind:
                    put[line] = _at_pre_activation(slip, trees) if kind == "slope_at" else slip.tree
                    lost.append(slip.lost)
                    break
        if len(put) > 1:
            yield Change(kind, put, tuple(lost))
    for name, others in OTHER_FUNCTIONS.items():
        for other in (*others, *(("1/exp", "1+exp", "") if name == "sigma" else ("",))):
            put = {line: with_functions(tree, _other_function(name, other)) for line, tree in trees.items()}
            put = {line: tree for line, tree in put.items() if ast.dump(tree) != ast.dump(trees[line])}
            if len(put) > 1 or put and other in ("1/exp", "1+exp"):
                yield Change(_OWN[other], put, (_name(name),), (_name(other),) if other else ())
    pairs = [vector for vector in layers.pool.get(2, ()) if kind_of(vector[0]) == kind_of(vector[1]) == "x"]
    for one, two in pairs:
        swap = {one: _name(two), two: _name(one)}
        put = {line: renamed(tree, swap) for line, tree in trees.items() if {one, two} & set(names_of(tree))}
        yield Change("x_swapped", put, (_name(one),), (_name(two),))
    yield from _biases(trees)
    activated = {_pre_activation(line, trees) for line in trees}
    for line, tree in trees.items():
        layer = isinstance(tree, ast.BinOp) and any(isinstance(node, ast.MatMult) for node in ast.walk(tree))
        if layer and isinstance(tree.op, ast.Add) and line not in activated:
            yield Change("function_too_many", {line: ast.Call(_name("sigma"), [tree], [])}, cost=2)
    for name in ("E", "J", "L"):  # the loss in the place of its derivative
        for line, tree in trees.items() if name in trees else ():
            if line != name and set(names_of(tree)) & set(names_of(trees[name])) and not line.endswith("_new"):
                yield Change("not_derived", {line: _name(name)}, (), (_name(name),), 2)


_OWN = {"-": "lost_minus", "1/exp": "own_sigma", "1+exp": "own_sigma", "": "no_function"} | dict.fromkeys(
    ("tanh", "relu", "sigma", "dsigma", "sin", "cos", "sign", "leaky"), "wrong_function"
)


def _other_function(name, other):
    def change(call):
        if getattr(call.func, "id", "") != name:
            return call
        argument = call.args[0]
        minus = ast.UnaryOp(ast.USub(), argument)
        if other == "":
            return argument
        if other == "-":
            return ast.Call(call.func, [minus], [])
        if other == "1/exp":
            return ast.Call(_name("exp"), [argument], [])
        if other == "1+exp":
            return ast.BinOp(ast.Constant(1.0), ast.Add(), ast.Call(_name("exp"), [minus], []))
        return ast.Call(_name(other), [argument], [])

    return change


def _at_pre_activation(slip, trees):
    """The formula with the slope written with z in the place of a; as it is where there is no z."""
    z = _pre_activation(names_of(slip.lost)[0], trees)
    return renamed(slip.tree, {PLACE: _name(z)}) if z else slip.tree


def _pre_activation(name, trees):
    """The pre-activation of an activation: what stands in the σ of its line."""
    tree = trees.get(name)
    inside = tree.args[0] if isinstance(tree, ast.Call) and tree.args else None
    return inside.id if isinstance(inside, ast.Name) else ""


def _array_slips(lines, trees):
    """Slips that are made where whole arrays are computed, in a single line of the backward pass."""
    (line, *more), tree = lines, trees[lines[0]]
    if more or line in ("E", "J", "L"):
        return
    parts = factors(tree)
    for i, (op, factor) in enumerate(parts) if line[0] in "dD" else ():
        if i and op is ast.Mult:
            rest = product_of([*parts[:i], *parts[i + 1 :]])
            yield Change("added_factor", {line: ast.BinOp(rest, ast.Add(), factor)}, (factor,), cost=2)
    for node in ast.walk(tree):
        match node:
            case ast.BinOp(ast.Name(one), ast.Sub(), ast.Name(two)) if "y" in (one, two):
                size = ast.Call(_name("abs"), [node], [])
                for kind, put in (
                    ("residual_sign", ast.Call(_name("sign"), [node], [])),
                    ("residual_size", size),
                    ("residual_squared", ast.BinOp(node, ast.Mult(), node)),
                ):
                    yield Change(kind, {line: replaced(tree, node, put)}, (node,), cost=2)
                output = _name(one if two == "y" else two)
                if not isinstance(trees.get(output.id), ast.Call):  # it has no activation
                    slope = ast.BinOp(output, ast.Mult(), ast.BinOp(ast.Constant(1), ast.Sub(), output))
                    put = ast.BinOp(tree, ast.Mult(), slope)
                    yield Change("extra_slope", {line: put}, put=(slope,), cost=2)


def _biases(trees):
    """The biases left out of the sums, everywhere or in single layers."""
    put, lost = {}, []
    for line, tree in trees.items():
        for slip in slips(tree) if not line.endswith("_new") else ():
            if slip.kind == "missing_term" and isinstance(slip.lost, ast.Name) and kind_of(slip.lost.id) == "b":
                put[line] = slip.tree
                lost.append(slip.lost)
                break
    if len(put) > 1:
        yield Change("no_bias", put, tuple(lost))
