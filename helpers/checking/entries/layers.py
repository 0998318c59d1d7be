"""The layers of a working: lines of the same shape, such as `z1`, `z2` and `z3`, and the names in the same places of them."""

import ast
import functools
import re
from dataclasses import dataclass, field

Trees = dict[str, ast.expr]  # line -> what is written there


@dataclass(frozen=True, eq=False)
class Family:
    """Lines of the same shape: their names, and for each place at which a name stands the names there."""

    lines: tuple[str, ...]
    vectors: tuple[tuple[str, ...], ...]


@dataclass(eq=False)
class Layers:
    """The families of a working's lines, whole layers first; `pool` has the vectors of names by their length: what
    stands in the same place of the lines of a layer."""

    trees: Trees
    families: list[Family] = field(default_factory=list)
    pool: dict[int, list[tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self):
        shapes: dict[str, list[str]] = {}
        for line, tree in self.trees.items():
            shapes.setdefault(shape_of(line) + "=" + shape_of(ast.dump(tree)), []).append(line)
        for lines in shapes.values():
            whole = self._family(tuple(lines))
            self.families.append(whole)
            for vector in whole.vectors:  # the weights of the first input, those of the second
                parts = [
                    tuple(line for line, name in zip(lines, vector, strict=True) if name == one)
                    for one in dict.fromkeys(vector)
                ]
                if 1 < len(parts) < len(lines) and len({len(part) for part in parts}) == 1:
                    self.families += [self._family(part) for part in parts]
        for family in self.families:
            self._add(family.lines)
            for vector in family.vectors:
                self._add(vector)
        for tree in self.trees.values():
            for vector in side_by_side(names_of(tree)):  # the weights in one sum
                self._add(vector)
        for name in dict.fromkeys(
            [*(name for tree in self.trees.values() for name in sorted(names_of(tree))), *self.trees]
        ):
            self._add((name,))
        singles = {line for family in self.families if len(family.lines) == 1 for line in family.lines}
        self.families += [self._family((line,)) for line in self.trees if line not in singles]

    @functools.cached_property
    def given(self) -> set[str]:
        """The names that stand in the lines and are no lines."""
        return {name for tree in self.trees.values() for name in names_of(tree)} - set(self.trees)

    def _family(self, lines):
        places = [names_of(self.trees[line]) for line in lines]
        return Family(lines, tuple(dict.fromkeys(zip(*places, strict=True))))

    def _add(self, vector):
        known = self.pool.setdefault(len(vector), [])
        if vector[0].endswith("_new"):
            return  # a new value has a hypothesis of its own
        if vector not in known and (len(set(vector)) == len(vector) or len(vector) == 1):
            known.append(vector)


def shape_of(text: str) -> str:
    """A text with every number in it left open."""
    return re.sub(r"\d+", "#", text)


def names_of(tree: ast.expr) -> list[str]:
    """The names in a formula in the order in which they stand there, without functions."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]


def side_by_side(names: list[str]) -> list[tuple[str, ...]]:
    """The names of one kind in a line: (w7, w8, w9)."""
    kinds: dict[str, list[str]] = {}
    for name in dict.fromkeys(sorted(names)):
        kinds.setdefault(shape_of(name), []).append(name)
    return [tuple(group) for group in kinds.values() if len(group) > 1]


def kind_of(name: str) -> str:
    """The letters of a name: w7 is a w."""
    return re.match(r"[^\d_]*", name)[0]


def number_of(name: str) -> str:
    """The digits of a name: w21 has 21."""
    return re.sub(r"\D", "", name)
