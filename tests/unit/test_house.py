"""The rules of the house that a tool can hold: sizes, docstrings, types, and which way imports point."""

import ast
import re

import pytest

from tests.browser.lab import ROOT

PACKAGE = ROOT / "helpers"
MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

#: Where everything public has type hints; content and the rest have them where they help.
TYPED = ("formulas/", "checking/", "exercises/", "explorers/core/")

#: What each part may import of the others.
MAY_USE = {
    "formulas": {"functions", "numerical", "errors", "pictures"},
    # The one table of functions says how an activation is written; the curve of notebook 07 is data.
    "networks": {"formulas", "datasets", "functions", "numerical", "errors", "progress_bar", "pictures"},
    "checking": {"formulas", "networks", "functions", "numerical", "errors", "pictures"},
}


def functions(tree):
    """Every function with the names of the classes and functions around it."""

    def walk(node, around):
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if named and not isinstance(child, ast.ClassDef):
                yield child, (*around, child.name)
            yield from walk(child, (*around, child.name) if named else around)

    return walk(tree, ())


def public(tree):
    """Functions and methods that others may call; what is inside a function is its own affair."""
    inside = {id(child) for node, _ in functions(tree) for child in ast.walk(node) if child is not node}
    for node, names in functions(tree):
        if id(node) not in inside and not any(name.startswith("_") for name in names):
            yield node, ".".join(names)


@pytest.mark.parametrize("name", [name for name in MODULES if not name.startswith("assignments/")])
def test_a_module_is_read_in_one_sitting(name):
    lines = len(MODULES[name].read_text(encoding="utf-8").splitlines())
    assert lines <= 400
    long = {".".join(names): node.end_lineno - node.lineno + 1 for node, names in functions(TREES[name])}
    assert {function: length for function, length in long.items() if length > 60} == {}


@pytest.mark.parametrize("name", MODULES)
def test_what_is_public_says_what_it_is_for(name):
    assert ast.get_docstring(TREES[name]), "the module has no docstring"
    assert [names for node, names in public(TREES[name]) if not ast.get_docstring(node) and not overrides(node)] == []


def overrides(node) -> bool:
    """What a visitor or a property setter overrides is described where it is first declared."""
    return node.name.startswith("visit_") or any("override" in ast.unparse(each) for each in node.decorator_list)


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith(TYPED)])
def test_what_is_public_has_types_where_the_rule_says_so(name):
    def untyped(node):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        return [each.arg for each in arguments if each.annotation is None and each.arg not in ("self", "cls")]

    assert {names: untyped(node) for node, names in public(TREES[name]) if untyped(node) or node.returns is None} == {}


@pytest.mark.parametrize("part", MAY_USE)
def test_imports_point_one_way(part):
    used = {}
    for name, tree in TREES.items():
        if not name.startswith(f"{part}/"):
            continue
        for node in ast.walk(tree):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            if module and module.startswith("helpers"):
                parts = module.split(".")[1:2] or [alias.name for alias in node.names]
                used |= {each: name for each in parts if each not in MAY_USE[part] | {part}}
    assert used == {}


def test_the_map_in_contributing_is_the_tree():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {name for name in folders if f"helpers/{name}/" not in text} == set()
    named = set(re.findall(r"`(helpers/[\w/]+(?:\.py|/))`", text))
    assert {name for name in named if not (ROOT / name).exists()} == set()
