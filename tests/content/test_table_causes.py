"""What is said of a wrong table of numbers, or of gradients: the true cause, or none."""

import json
import pathlib

import pytest

from helpers.assignments import questions
from helpers.exercises.table_question import TableQuestion

#: Every mistake that the questions listed when this was written, as the lines of the working that it changes.
FROZEN = json.loads((pathlib.Path(__file__).parent / "frozen_changes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", FROZEN)
def test_what_was_once_named_stays_named(key):
    question = questions[key]
    for name, lines in FROZEN[key]:
        if isinstance(question, TableQuestion):
            answer = question.table(question.working.values(question.numbers, lines))
        else:
            answer = answer_with(question, lines)
        question.forget()
        feedback = question.check(answer, record=False)
        assert feedback.status == "wrong" and name in feedback.mistakes, (name, str(feedback))


def answer_with(question, lines):
    """A student's function that works out the gradients with these lines in the place of the right ones."""
    return lambda *values: question.values(dict(zip(question.parameters, values, strict=True)), lines)
