"""What a student meets on the core path of a notebook, and how long it takes by fixed rates."""

from __future__ import annotations

import ast
import importlib
import re

from helpers.exercises.exercise import LINES_MINUTES

WORDS_A_MINUTE, FORMULA, PREDICT, EXPLORER, CODE_LINE = 100, 15 / 60, 3, 7, 10 / 60  # the last four in minutes


def is_optional(cell) -> bool:
    """Whether a cell stands on a side path."""
    return "optional" in cell.metadata.get("tags", [])


def is_folded(cell) -> bool:
    """Whether the code of a cell is folded away."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def visible(text: str) -> str:
    """The text of a Markdown cell without what is folded."""
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)


def minutes(cells, name: str) -> dict[str, float]:
    """What reading, predicting, trying and solving these cells of the notebook `name` ("derivatives") takes."""
    text = "\n".join(visible(cell.source) for cell in cells if cell.cell_type == "markdown")
    plain = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|<[^>]*>|\]\([^)]*\)", " ", text, flags=re.DOTALL)
    code = [cell for cell in cells if cell.cell_type == "code"]
    shown = [line for cell in code if not is_folded(cell) for line in cell.source.splitlines() if line.strip()]
    return {
        "words": len(re.findall(r"[^\W\d_]+", plain)) / WORDS_A_MINUTE,
        "formulas": len(re.findall(r"\$\$.*?\$\$", text, flags=re.DOTALL)) * FORMULA,
        "predict": text.count("**Predict") * PREDICT,
        "explorers": sum(len(re.findall(r"\bexplorers\.\w+\(", cell.source)) for cell in code) * EXPLORER,
        "code": len(shown) * CODE_LINE,
        "exercises": sum(each for cell in code for _, each in exercises(cell, name)),
    }


def exercises(cell, name: str) -> list[tuple[object, int]]:
    """(exercise, minutes) for each check in a stub's cell."""
    if "exercise" not in cell.metadata.get("tags", []):
        return []
    found = []
    for call in ast.walk(ast.parse(cell.source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            owner = call.func.value
            if call.func.attr in ("check", "check_steps"):
                exercise = _named(owner, name)
                lines = call.func.attr == "check_steps"
                found.append((exercise, LINES_MINUTES if lines else getattr(exercise, "minutes", 25)))
            elif call.func.attr.startswith("check_"):
                found.append(
                    (call.func.attr, LINES_MINUTES if len(call.keywords) > 1 else 10)
                )  # several functions, or one
    return found


def _named(owner: ast.expr, name: str) -> object:
    """The exercise that `derivatives.dL_dw` is; None for numbers of one's own, which have a name that the student chooses."""
    if isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name):
        module = importlib.import_module(f"helpers.assignments.{owner.value.id}")
        return getattr(module, owner.attr)
    return None
