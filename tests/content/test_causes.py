"""Causes of wrong answers: those that were known stay known, with or without the lists of the questions."""

import json
import pathlib

import pytest
from listed import as_function

from helpers.assignments import questions
from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion

JUDGED = json.loads((pathlib.Path(__file__).parent / "judged_mistakes.json").read_text(encoding="utf-8"))

#: Where another id than the one that was given once is truer: (key, id then) -> id now.
TRUER = {}


def handed_in(key, answer):
    """The answer of the kind that the question takes; in the file formulas stand as text."""
    question = questions[key]
    if isinstance(question, (Question, GradientsQuestion)):
        return as_function(question, answer)
    return {int(name) if name.isdecimal() else name: _tuples(value) for name, value in answer.items()}


def _tuples(value):
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("key", JUDGED)
def test_mistakes_that_were_judged_once_stay_named(key):
    for mistake, answer in JUDGED[key]:
        questions[key].forget()
        feedback = questions[key].check(handed_in(key, answer))
        assert feedback.status == "wrong", (mistake, answer)
        assert TRUER.get((key, mistake), mistake) in feedback.mistakes, (mistake, answer, feedback)
