"""Checks the lines of a student's derivation: the first line that does not follow, and errors that cancel."""

import re

from helpers.checking.answers import Answer
from helpers.checking.cases import Case, Recognition, agree, not_finite
from helpers.checking.feedback import Feedback
from helpers.checking.mistakes import recognise
from helpers.checking.values import NOT_ATTEMPTED, Unusable, is_placeholder
from helpers.formulas.text import Formula, FormulaError, shorten, spell_out_derivatives, split_equation


def compare_lines(question, lines):
    """The Feedback on a list of lines. Every line must equal the right answer, and so the line before it."""
    if isinstance(lines, str):
        lines = [line for line in lines.splitlines() if line.strip()]
    if lines is None or lines is Ellipsis:
        lines = []
    lines = list(lines) if isinstance(lines, (list, tuple)) else [lines]
    if all(is_placeholder(line) for line in lines):
        raise Unusable("not attempted", NOT_ATTEMPTED)
    wrong, values = None, []
    for index, line in enumerate(lines):
        try:
            right, shown = _judge(question, line)
        except Unusable as problem:
            if wrong is not None:
                break  # the first line that does not follow is what counts
            status = "error" if problem.status != "wrong" else "wrong"
            return Feedback(
                status, f"Line {index + 1} ({_quoted(line)}): {problem.message}", problem.mistake, line=index
            )
        values.append((right, shown))
        if right is False and wrong is None:
            wrong = index
    if wrong is None:
        if values[-1][0] is None:
            return Feedback(
                "wrong", "These side calculations are right; the line with the answer is still missing.", "unfinished"
            )
        if _is_open(lines[-1]):
            return Feedback(
                "wrong",
                "Every line follows, but in the last one a derivative still has to be worked out.",
                "unfinished",
            )
        return Feedback("correct", "Every line follows from the one before, and the last one is the answer.")
    found = values[wrong][1]
    return Feedback("wrong", _explanation(question, lines, wrong, found, values), found.mistake, line=wrong)


def _judge(question, line):
    """(verdict, Recognition): True if the line equals the right answer, False if it does not, None if it is a
    side calculation that is right, such as `du/dw = x`."""
    truth = question.truth(question.points)
    answers, labelled = _parts(question, line)
    parts = [(answer, _values(question, answer, truth)) for answer in answers]
    right = [agree(got, truth, question.rtol) for _, got in parts]
    if all(right):
        return True, Recognition("", "")
    if len(parts) > 1 and not any(right) and not labelled:
        if all(agree(got, parts[0][1], question.rtol) for _, got in parts):
            return None, Recognition("", "")
        first = next(i for i, (_, got) in enumerate(parts) if not agree(got, parts[0][1], question.rtol))
        sides = f"{_quoted(parts[first - 1][0].answer)} and {_quoted(parts[first][0].answer)}"
        return False, Recognition("sides_differ", f"{sides} are not equal.")
    answer, got = parts[right.index(False)]
    return False, not_finite(got, question.points) or recognise(Case(question, answer, question.points, got))


def _values(question, answer, truth):
    got, _ = answer.values(question.points)
    if all(t.shape == () and g.size == 1 for t, g in zip(truth, got, strict=False)):
        return [g.reshape(()) for g in got]
    return got


def _parts(question, line):
    """The sides of `dE/da = … = …` as Answers, and whether there was a label in front that is no formula, such as `E_a`.

    It is left out, and what follows it must be the answer: nobody knows what else it claims.
    """
    texts = split_equation(line) if isinstance(line, str) else [line]
    answers, labelled = [], False
    for number, text in enumerate(texts or [line]):
        try:
            answers.append(Answer(question, text, derivatives=True))
        except Unusable:
            if number or len(texts) < 2 or _QUOTIENT.search(text):
                raise
            labelled = True
    return answers, labelled


_QUOTIENT = re.compile(r"[d∂].*/\s*[d∂]")  # dE/dq: a label that claims something, readable or not


def _is_open(line):
    if isinstance(line, str):
        try:
            return (
                "diff(" in spell_out_derivatives(split_equation(line)[-1], {})
                or Formula(split_equation(line)[-1]).has_derivative
            )
        except FormulaError:
            return False
    atoms = getattr(line, "atoms", None)
    if atoms is None:
        return False
    import sympy as sp

    side = line.rhs if isinstance(line, sp.Equality) else line
    return bool(side.atoms(sp.Derivative))


def _explanation(question, lines, wrong, found, values):
    if found.mistake == "sides_differ":
        return f"Line {wrong + 1} ({_quoted(lines[wrong])}) does not hold: {found.text}"
    what = found.text.replace("Your answer", "It", 1) if found.text.startswith("Your answer") else found.text
    if wrong == 0:
        text = f"Line 1 ({_quoted(lines[0])}) is not what is asked for. {what}"
    else:
        text = (
            f"Line {wrong + 1} ({_quoted(lines[wrong])}) does not follow from line {wrong}. "
            f"Compared with the line before: {what}"
        )
    later = [index for index in range(wrong + 1, len(values)) if values[index][0]]
    if later and found.mistake == "no_derivative" and wrong == 0:
        text += f" Begin with its derivative, `diff(…)`; line {later[0] + 1} is right."
    elif later:
        text += (
            f" Line {later[0] + 1} is right again, so two errors cancel: the result is right, the derivation is not."
        )
    return text


def _quoted(line):
    return f"`{shorten(line)}`"
