"""What somebody hands in who makes a listed mistake, for every kind of exercise."""

from helpers.exercises.formula_question import Question
from helpers.exercises.gradients_question import GradientsQuestion
from helpers.exercises.statements import StatementQuestion
from helpers.exercises.table_question import TableQuestion


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
        else:
            answers = mistake.ways
        for answer in answers:
            yield mistake, answer
