"""Checks the lines of a student's derivation: the first line that does not follow, and errors that cancel."""

import re
from dataclasses import dataclass

from helpers.checking.answers import Answer, Case, not_finite
from helpers.checking.feedback import Feedback, Recognition
from helpers.checking.mistakes import recognise
from helpers.checking.values import NotAttempted, Unusable, agree, is_placeholder
from helpers.formulas.text import Formula, FormulaError, shorten, spell_out_derivatives, split_equation

_QUOTIENT = re.compile(r"[d∂].*/\s*[d∂]")  # dE/dq: a label that claims something, readable or not


@dataclass(frozen=True)
class _Verdict:
    """`right`: True if a line equals the right answer, False if it does not, None if it is a side calculation that is
    right, such as `du/dw = x`; `found`: what is wrong with it."""

    right: bool | None
    found: Recognition | None = None


def compare_lines(question, lines: object) -> Feedback:
    """The Feedback on a list of lines. Every line must equal the right answer, and so the line before it."""
    if isinstance(lines, str):
        lines = [line for line in lines.splitlines() if line.strip()]
    if lines is None or lines is Ellipsis:
        lines = []
    lines = list(lines) if isinstance(lines, (list, tuple)) else [lines]
    if all(map(is_placeholder, lines)):
        raise NotAttempted
    wrong, verdicts = None, []
    for index, line in enumerate(lines):
        try:
            verdicts.append(_judge(question, line))
        except Unusable as problem:
            if wrong is not None:
                break  # the first line that does not follow is what counts
            status = "error" if problem.status != "wrong" else "wrong"
            text = f"Line {index + 1} ({_quoted(line)}): {problem.message}"
            return Feedback(status, text, problem.mistake, line=index)
        if verdicts[-1].right is False and wrong is None:
            wrong = index
    if wrong is not None:
        return Feedback("wrong", _explanation(lines, wrong, verdicts), verdicts[wrong].found.mistake, line=wrong)
    if verdicts[-1].right is None:
        text = "These side calculations are right; the line with the answer is still missing."
        return Feedback("wrong", text, "unfinished")
    if _is_open(lines[-1]):
        text = "Every line follows, but in the last one a derivative still has to be worked out."
        return Feedback("wrong", text, "unfinished")
    return Feedback("correct", "Every line follows from the one before, and the last one is the answer.")


def _judge(question, line):
    """The _Verdict on one line, which may have several sides."""
    points, truth, rtol = question.points, question.truth(question.points), question.rtol
    answers, labelled = _sides(question, line)
    values = [_values(answer, points, truth) for answer in answers]
    right = [agree(got, truth, rtol) for got in values]
    if all(right):
        return _Verdict(True)
    if len(values) > 1 and not any(right) and not labelled:
        other = next((i for i, got in enumerate(values) if not agree(got, values[0], rtol)), None)
        if other is None:
            return _Verdict(None)
        sides = f"{_quoted(answers[other - 1].answer)} and {_quoted(answers[other].answer)}"
        return _Verdict(False, Recognition("sides_differ", f"{sides} are not equal."))
    worst = right.index(False)
    case = Case(question, answers[worst], points, values[worst])
    return _Verdict(False, not_finite(values[worst], points) or recognise(case))


def _values(answer, points, truth):
    got, _ = answer.values(points)
    if all(t.shape == () and g.size == 1 for t, g in zip(truth, got, strict=False)):
        return [g.reshape(()) for g in got]
    return got


def _sides(question, line):
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


def _is_open(line):
    """Whether a line still holds a derivative that has to be worked out."""
    if isinstance(line, str):
        side = split_equation(line)[-1]
        try:
            return "diff(" in spell_out_derivatives(side, {}) or Formula(side).has_derivative
        except FormulaError:
            return False
    if not hasattr(line, "atoms"):
        return False
    import sympy as sp

    side = line.rhs if isinstance(line, sp.Equality) else line
    return bool(side.atoms(sp.Derivative))


def _explanation(lines, wrong, verdicts):
    """What is said of the first line that does not follow, and of a right line behind it."""
    found, line = verdicts[wrong].found, f"Line {wrong + 1} ({_quoted(lines[wrong])})"
    if found.mistake == "sides_differ":
        return f"{line} does not hold: {found.text}"
    what = re.sub("^Your answer", "It", found.text)
    if wrong == 0:
        text = f"{line} is not what is asked for. {what}"
    else:
        text = f"{line} does not follow from line {wrong}. Compared with the line before: {what}"
    later = next((index for index in range(wrong + 1, len(verdicts)) if verdicts[index].right), None)
    if later is None:
        return text
    if found.mistake == "no_derivative" and wrong == 0:
        return f"{text} Begin with its derivative, `diff(…)`; line {later + 1} is right."
    return f"{text} Line {later + 1} is right again, so two errors cancel: the result is right, the derivation is not."


def _quoted(line):
    return f"`{shorten(line)}`"
