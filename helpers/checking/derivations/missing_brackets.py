"""A text in which a pair of brackets is missing: `1-f^2*x` for `(1-f^2)*x`."""

import itertools

import numpy as np

from helpers.checking.feedback import Found, recognised
from helpers.checking.values import Point, Question, agree, plain_numbers
from helpers.formulas.reader import Formula
from helpers.formulas.text import FormulaError, shorten, tokens

_MOST = 400  # places that are tried
_MOST_TOKENS = 20_000  # read for them


def missing_brackets(question: Question, formula: Formula) -> Found:
    """The Recognition of a formula that one more pair of brackets makes right at all points; None if none does."""
    if formula.has_derivative or len(formula.text) > 300:
        return None
    first, others = question.points[:1], question.points[1:]
    most = min(_MOST, _MOST_TOKENS // len(tokens(formula.text)))
    for inside, text in itertools.islice(_bracketed(formula.text), most):
        try:
            mended = Formula(text, question.vocabulary)
            if _is_right(question, mended, first) and _is_right(question, mended, others):
                return recognised("lost_brackets", inside=shorten(inside))
        except (FormulaError, ArithmeticError, ValueError, TypeError, IndexError):
            continue
    return None


def _is_right(question, formula, points: list[Point]):
    truth = question.truth(points)
    with np.errstate(all="ignore"):
        got = [np.asarray(question.evaluate(formula, point)) for point in points]
    return agree(plain_numbers(got, truth), truth, question.rtol)


def _bracketed(text):
    """(what stands in the new brackets, the text with them), for every place where a sum can be put in brackets."""
    found = tokens(text)[:-1]
    for start, end in itertools.combinations(range(len(found) + 1), 2):
        inside = found[start:end]
        if not any(token.text in "+-*/" for token in inside) or not _is_balanced(inside) or inside[0].text in "*/+)=,":
            continue
        if start and found[start - 1].kind == "word" and inside[0].text == "(":
            continue  # the argument of a function
        behind = found[end].text if end < len(found) else ""
        if behind in ("[", ".", "'") or behind == "**" and inside[0].text == "-":
            continue  # inside of y[i]; and a square does not show a minus, which may be lost elsewhere
        piece = text[inside[0].place : inside[-1].after]
        yield piece, f"{text[: inside[0].place]}({piece}){text[inside[-1].after :]}"


def _is_balanced(inside):
    depth = 0
    for token in inside:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if depth < 0:
            return False
    return depth == 0
