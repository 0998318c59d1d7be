"""A notebook with every stub replaced by its solution, as the reader finds it folded below the stub."""

from __future__ import annotations

import ast
import re
from copy import deepcopy


def solutions(notebook) -> dict[str, str]:
    """The code of the folded solutions, by the id of the stub's cell: `bump-solution` belongs to `bump-stub`."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.id.endswith("-solution"):
            blocks = re.findall(r"```python\n(.*?)```", cell.source, flags=re.DOTALL)
            if blocks:
                found[cell.id.removesuffix("-solution") + "-stub"] = "\n".join(blocks)
    return found


def stubs(notebook) -> list:
    """The code cells in which the student is to write something."""
    return [cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", [])]


def solved(notebook):
    """A copy of the notebook in which every stub holds its solution, and no outputs. Raises KeyError for a stub without one."""
    answers = solutions(notebook)
    copy = deepcopy(notebook)
    for cell in stubs(copy):
        cell.source = with_solution(cell.source, answers[cell.id])
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return copy


def with_solution(stub: str, solution: str) -> str:
    """The stub's cell, where what the solution defines comes from the solution, and all else stays as it is."""
    defined = _names(ast.parse(solution))
    written, done = [], False
    for part in ast.parse(stub).body:
        if _defines(part) and _defines(part) <= defined:
            if not done:
                written.append(solution)
            done = True
        else:
            written.append(ast.unparse(part))
    return "\n".join(written)


def _names(tree: ast.Module) -> set[str]:
    return set().union(*(_defines(part) for part in tree.body))


def _defines(part: ast.stmt) -> set[str]:
    """The names that a statement at the top of a cell gives a value."""
    if isinstance(part, ast.FunctionDef):
        return {part.name}
    if isinstance(part, ast.Assign):
        return {name.id for target in part.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return set()
