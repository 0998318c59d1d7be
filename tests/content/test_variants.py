"""Numbers of one's own: a thousand variants, each valid; every listed mistake is visible and named on each."""

import numpy as np
import pytest
from listed import wrong_answers

from helpers.assignments import questions
from helpers.assignments.linear_by_hand import LINEAR
from helpers.assignments.logistic_by_hand import LOGISTIC
from helpers.exercises.working import Dice

COUNT = 1000


@pytest.fixture(scope="module", params=["002.1", "003.1b"])
def drawn(request):
    """(the question, its numbers for a thousand texts as arrays)"""
    question = questions[request.param]
    variants = [question._drawn(f"student {number}") for number in range(COUNT)]
    return question, {name: np.array([v.numbers[name] for v in variants]) for name in question.numbers}


def measured(question, lines, numbers):
    """What is compared of each entry, one row for each variant."""
    return np.column_stack(
        [
            np.broadcast_to(lines[line], (COUNT,)) - (0 if old is None else numbers[old])
            for line, old in question.entries.values()
        ]
    )


def test_numbers_are_generic_and_tidy(drawn):
    question, numbers = drawn
    sizes = np.abs(np.column_stack(list(numbers.values())))
    for special in (0, 0.5, 1, 2):
        assert np.all(np.abs(sizes - special) > 1e-3)
    order = np.sort(sizes, axis=1)
    assert np.all(np.diff(order, axis=1) > 1e-3)  # no two are equal in size
    assert np.all(np.round(sizes, 2) == sizes) and sizes.max() < 400
    assert len({tuple(row) for row in sizes}) == COUNT  # everybody has their own


def test_problems_are_well_conditioned(drawn):
    question, numbers = drawn
    lines = question.working.values(numbers)
    if question.working is LINEAR:
        assert np.all(lines["z1"] > 0) and np.all(lines["z2"] < 0) and np.all(lines["z3"] > 0)
        assert np.all((np.abs(lines["error"]) > 2) & (np.abs(lines["error"]) < 7))
    else:
        a = np.column_stack([lines[f"a{j}"] for j in (1, 2, 3, 4)])
        assert np.all((a > 0.09) & (a < 0.91)) and np.all(np.abs(lines["a4"] - numbers["y"]) > 0.1)
        steps = np.abs(measured(question, lines, numbers))
        assert np.all(steps > 1e-5) and np.all(steps < 0.1)


@pytest.mark.parametrize("key", ["002.1", "003.1a", "003.1b", "04.eta"])
def test_every_listed_mistake_is_named_on_variants(key):
    question = questions[key]
    for number in range(8):
        text = f"student {number}"
        variant = question.variant(text)
        assert question.check(variant.truth, variant=text).status == "correct"
        assert question.check(question.truth, variant=text).status == "wrong"
        for mistake, table in wrong_answers(variant):
            feedback = question.check(table, variant=text)
            assert feedback.status == "wrong" and mistake.id in feedback.mistakes, (text, mistake.id, str(feedback))
            told = set(feedback.mistakes) - {"learning_rate", "printed_numbers"}  # either may stand for a common factor
            assert len(told) == 1 or any(told == group for group in variant.alike)


# ---------------------------------------------------------------------------------- the same everywhere


def test_variants_are_the_same_on_every_computer():
    """Numbers written down once: a change here means that students would find other numbers than before."""
    assert list(questions["002.1"].variant("12345").numbers.values()) == LINEAR_12345
    assert list(questions["003.1b"].variant("12345").numbers.values()) == LOGISTIC_12345
    dice = Dice("text")
    assert [dice.below(1000) for _ in range(5)] == DICE


def test_texts_are_compared_as_people_read_them(capsys):
    question = questions["003.1a"]
    one = question.variant("Ana María")
    assert question.variant("  ana maría ") is one
    assert question.variant("ANA MARI\u0301A") is one and question.variant("Ana Maria").numbers != one.numbers
    assert question.variant(12345).numbers == question.variant("12345").numbers == question.variant(12345.0).numbers
    for nothing in (None, "", "  "):
        assert question.variant(nothing) is question
        assert ("printed numbers" in capsys.readouterr().out) == (nothing is not None)


def test_variants_of_different_questions_differ_and_the_learning_rate_goes_with_its_network():
    assert questions["003.1a"].variant("x").numbers != questions["003.1b"].variant("x").numbers
    assert questions["04.eta"].variant("x").numbers == questions["002.1"].variant("x").numbers


@pytest.mark.parametrize("text", ["", "x" * 10_000, "\ud800", "🙂", 3.5, ("a", 1), object])
def test_any_text_will_do(text):
    variant = questions["002.1"].variant(text)
    assert variant.check(variant.truth)
    assert questions["002.1"].check(variant.truth, variant=text)


def test_numbers_are_shown_by_name():
    for key in ("002.1", "003.1b", "04.eta"):
        for numbers in (questions[key].numbers, questions[key].variant("Jo <b>").numbers):
            shown = numbers._repr_html_()
            assert shown.count("$") == 2 * sum(len(names) for _, names in numbers.groups)
            assert all(f"{name} = " in repr(numbers) for _, names in numbers.groups for name in names)
            assert "<b>" not in shown
    assert dict(questions["003.1b"].numbers)["w8"] == -1.0 and "LOGISTIC" not in repr(LOGISTIC)


LINEAR_12345 = [3.0, 5.0, 2.3, 2.4, 1.3, 1.5, -2.8, 1.2, -0.9, -0.7, 0.8, 8.0, 7.0, 4.5, -0.6, 107.05, 5.5]
LOGISTIC_12345 = [-0.65, -1.05, -1.25, -1.1, -1.15, 0.75, 0.15, 1.3, 0.2, -0.25, 0.7, -0.3, 0.6, -0.4, 0.9, 0.45, 0.35]
DICE = [995, 442, 56, 912, 125]
