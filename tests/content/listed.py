"""What somebody hands in who makes a known mistake, for every kind of exercise.

Mistakes that questions have listed once stand in two files, whether they are listed today or come out of the formulas:
rows of an id, an answer and, where it is named otherwise today, that id.

judged_mistakes.json   answers, formulas as text
frozen_changes.json    of tables and gradients the lines of the working that are changed
"""

import json
import pathlib

from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion
from helpers.exercises.procedure_question import ProcedureQuestion
from helpers.exercises.statements import StatementQuestion
from helpers.exercises.table_question import TableQuestion

FOLDER = pathlib.Path(__file__).parent
JUDGED = json.loads((FOLDER / "judged_mistakes.json").read_text(encoding="utf-8"))
CHANGES = json.loads((FOLDER / "frozen_changes.json").read_text(encoding="utf-8"))


def as_function(question, formula):
    """A student's function that computes a formula or, for gradients, works the lines out with some of them changed."""
    work_out = question.values if isinstance(question, GradientsQuestion) else lambda p, f: question.evaluate(f, p)
    return lambda *values: work_out(dict(zip(question.parameters, values, strict=True)), formula)


def wrong_answers(question):
    """(mistake, an answer that makes it) for every way in which a listed mistake comes about and shows."""
    for number, mistake in enumerate(question.mistakes, 1):
        if isinstance(question, (Question, GradientsQuestion)):
            answers = [as_function(question, way) for way in mistake.ways]
        elif isinstance(question, TableQuestion):
            answers = [table for table in question.mistake_tables(mistake) if table != question.truth]
        elif isinstance(question, StatementQuestion):
            verdict, letter = question.right_answer()[number]
            other = "reject" if verdict == "accept" else "accept"
            answers = [{**question.right_answer(), number: (other, letter)}]
        elif isinstance(question, ProcedureQuestion):
            answers = list(map(question.made_by, mistake.ways))
        else:
            answers = mistake.ways
        for answer in answers:
            yield mistake, answer


def with_lines(question, lines):
    """A table or gradients, worked out with some lines changed."""
    if isinstance(question, TableQuestion):
        return question.table(question.working.values(question.numbers, lines))
    return as_function(question, lines)


def known_mistakes(question):
    """(id by which it is named, an answer that makes it) for every mistake that the question lists, or has listed."""
    rows, answer = CHANGES.get(question.key, ()), with_lines
    if isinstance(question, Question):
        rows, answer = JUDGED.get(question.key, ()), as_function
    for name, way, *now in rows:
        made = answer(question, way)
        if made != getattr(question, "truth", None):  # with these numbers it shows
            yield (*now, name)[0], made
    yield from (
        (mistake.id, made) for mistake, made in wrong_answers(question) if mistake.id not in {row[0] for row in rows}
    )
