"""Checks the lines of a working by hand, `delta4 = (a4 - y)*a4*(1 - a4)` or `z1 = 2`: each against the right
value of what it names."""

import re

from helpers.checking.feedback import Feedback
from helpers.checking.tables import in_list
from helpers.checking.values import NOT_ATTEMPTED, Unusable, is_placeholder
from helpers.formulas.evaluate import Evaluator
from helpers.formulas.text import (
    MODULES,
    Formula,
    FormulaError,
    shorten,
    spell_out_derivatives,
    split_equation,
)

_RTOL = 1e-6


def compare_working(question, lines):
    """The Feedback on a list of lines. Raises Unusable for a line that cannot be read."""
    if isinstance(lines, str):
        lines = [line for line in lines.splitlines() if line.strip()]
    lines = list(lines) if isinstance(lines, (list, tuple)) else [lines]
    if all(is_placeholder(line) for line in lines):
        raise Unusable("not attempted", NOT_ATTEMPTED)
    values = {**question.numbers, **question.values}
    shown = set()
    for index, line in enumerate(lines):
        if not isinstance(line, str):
            raise Unusable(
                "error", f'Line {index + 1} is no text. Write each line as a text, `"z1 = …"`.', "unreadable"
            )
        try:
            name, right = _judge(question, values, line)
        except FormulaError as problem:
            return Feedback("error", f"Line {index + 1} (`{shorten(line)}`): {problem}", "unreadable", line=index)
        if name is None:
            return Feedback(
                "error",
                f"Line {index + 1} (`{shorten(line)}`) does not say what it works out: begin it with "
                f"a name, such as `{next(iter(question.working.formulas))} = …`.",
                "no_name",
                line=index,
            )
        if not right:
            return Feedback(
                "wrong",
                f"Line {index + 1} (`{shorten(line)}`) does not hold: that is not `{name}`.",
                "line",
                line=index,
            )
        shown.add(name)
    wanted = [name for name, (line, _) in question.entries.items() if line not in shown]
    missing = f" Not among them yet: {in_list(wanted)}." if wanted else ""
    return Feedback("correct", f"Every line holds.{missing}")


def _judge(question, values, line):
    """(the name that a line works out, whether every side of it has the right value)"""
    sides = split_equation(_names(question, line))
    if len(sides) < 2:
        return None, False
    name = sides[0].strip()
    if name not in values:
        return None, False
    evaluator, formulas = Evaluator(values), [Formula(side) for side in sides[1:]]
    for formula in formulas:
        unknown = {one for one in formula.names if not (evaluator.is_quantity(one) or evaluator.is_function(one))}
        if unknown - MODULES:
            raise FormulaError(
                f"the name `{shorten(min(unknown))}` is not known here; the names are those of the "
                f"given numbers and {', '.join(list(question.working.formulas)[:4])}, …."
            )
    meanings = [values[name]]
    if name in question.entries and name in question.numbers:  # `w1 = …` may mean the new value too
        meanings.append(values[question.entries[name][0]])
    return name, any(
        all(abs(float(evaluator(formula)) - right) <= _RTOL * max(abs(right), 1e-12) for formula in formulas)
        for right in map(float, meanings)
    )


def _names(question, line):
    """The line with `dE/dw1` or `∂E/∂w1` written as the name of that gradient, where it has one."""
    text = spell_out_derivatives(line, {question.objective, *question.numbers, *question.working.formulas})
    for name, variable in question.gradients.items():
        text = re.sub(rf"diff\({question.objective}, {variable}\)", name, text)
    for name, (own, old) in question.entries.items():
        if old and own != name:
            text = re.sub(rf"\b(new {name}|{name}')", own, text)
    return text
