"""Exercises in words: tasks 002.1e, 003.1.text and 003.2."""

import itertools
import random

import pytest

from helpers.assignments import questions
from helpers.exercises.statements import Statement, StatementQuestion

KEYS = ("002.1e", "003.1.text", "003.2.claims")
EVIDENCE = {"002.1e": 1, "003.1.text": 7, "003.2.claims": 6}
every_key = pytest.mark.parametrize("key", KEYS)
MISTAKES = {
    "002.1e": {"select_on_test", "poor_test_means_overfit", "no_validation", "tune_on_train"},
    "003.1.text": {
        "vanishing_because_of_ones",
        "zero_init_fine",
        "incoming_alone",
        "x2_never_matters",
        "w9_never_learns",
    },
    "003.2.claims": {"early_stopping_better", "loss_ignored", "glorot_better", "f1_sees_swap"},
}


@pytest.fixture(autouse=True)
def fresh_counters():
    for key in KEYS:
        questions[key]._times_seen.clear()


def other(verdict):
    return "reject" if verdict == "accept" else "accept"


@every_key
def test_statements_are_well_made(key):
    question = questions[key]
    assert MISTAKES[key] <= {statement.mistake for statement in question.statements}
    rights = [statement.right for statement in question.statements]
    # neither constant answer is nearly right
    assert 2 <= sum(rights) <= len(rights) - 2
    letters = [letter for _, letter in question.right_answer().values()]
    # some fit nothing
    assert len(set(letters)) >= len(letters) - 1 and len(question.reasons) > len(set(letters))
    assert {reason for s in question.statements for reason in (s.reason, *s.also)} <= set(question.reasons)


@every_key
def test_each_misconception_is_named(key):
    question = questions[key]
    for number, (verdict, letter) in question.right_answer().items():
        statement = question.statements[number - 1]
        feedback = question.check({**question.right_answer(), number: (other(verdict), letter)})
        assert feedback.status == "wrong" and feedback.mistake == statement.mistake
        assert statement.misconception in feedback.message


@every_key
def test_a_wrong_reason_does_not_count(key):
    question = questions[key]
    for number, (verdict, _) in question.right_answer().items():
        statement = question.statements[number - 1]
        for letter, reason in question.letters.items():
            answer = {**question.right_answer(), number: (verdict, letter)}
            right = reason in (statement.reason, *statement.also)
            assert question.check(answer).status == ("correct" if right else "wrong")
            assert right or question.check(answer).mistake == "reason"


@every_key
def test_the_number_is_said_only_when_the_same_comes_again(key):
    question = questions[key]
    for number, (verdict, letter) in question.right_answer().items():
        for pair in (
            (other(verdict), letter),
            (
                verdict,
                next(
                    one
                    for one, reason in question.letters.items()
                    if reason not in (question.statements[number - 1].reason, *question.statements[number - 1].also)
                ),
            ),
        ):
            question._times_seen.clear()
            messages = [question.check({**question.right_answer(), number: pair}).message for _ in range(4)]
            assert f"statement {number}" not in messages[0] and f"statement {number}" in messages[1]
            assert "Hint:" not in messages[1] and "Hint:" in messages[2]
            assert not any(reason in message for message in messages for reason in question.reasons.values())


@every_key
def test_constant_and_empty_answers_never_pass(key):
    question = questions[key]
    numbers = question.parameters
    right = {number: letter for number, (_, letter) in question.right_answer().items()}
    for verdict in ("accept", "reject"):
        feedback = question.check({number: (verdict, right[number]) for number in numbers})
        assert feedback.status == "wrong" and feedback.mistake == "constant"
    for letter in question.letters:
        answer = {number: (verdict, letter) for number, (verdict, _) in question.right_answer().items()}
        assert question.check(answer).mistake == "constant"
    for verdict in (True, False, "accept", "reject"):
        feedback = question.check(dict.fromkeys(numbers, verdict))
        assert feedback.status == "wrong" and feedback.mistake == "no_reason"
    for nothing in ({}, [], dict.fromkeys(numbers), [...] * len(numbers)):
        assert question.check(nothing).status == "not attempted"


@every_key
def test_a_part_of_the_answer_is_welcome(key):
    question = questions[key]
    part = dict(itertools.islice(question.right_answer().items(), 3))
    feedback = question.check({**part, 4: ...})
    assert feedback.mistake == "incomplete"
    assert f"{len(question.statements) - 3} statements" in feedback.message


@every_key
def test_a_statement_alone_does_not_tell_its_letter(key):
    question = questions[key]
    for number, (verdict, _) in question.right_answer().items():
        question._times_seen.clear()
        said = {question.check({number: (verdict, letter)}).message for letter in question.letters}
        assert len(said) == 1 and "Reasons are looked at" in said.pop()
        assert question.check({number: (other(verdict), "a")}).mistake == question.statements[number - 1].mistake
    two = dict(itertools.islice(question.right_answer().items(), 2))
    assert question.check(two).mistake == "incomplete"
    assert "with the right reasons" not in question.check(two).message


@every_key
def test_right_verdicts_are_not_called_mostly_wrong(key):
    question = questions[key]
    letters = list(question.letters)
    shifted = {
        number: (verdict, letters[(letters.index(letter) + 1) % len(letters)])
        for number, (verdict, letter) in question.right_answer().items()
    }
    feedback = question.check(shifted)
    assert feedback.mistake == "reason" and "verdicts are right" in feedback.message
    assert "Most of" not in feedback.message
    wrong = {number: (other(verdict), letter) for number, (verdict, letter) in question.right_answer().items()}
    assert question.check(wrong).message.startswith("Most of this is not right yet.")
    same = {number: (verdict, "a") for number, (verdict, _) in question.right_answer().items()}
    assert "One reason cannot decide all of them." in question.check(same).message


@every_key
def test_reasons_in_full_and_other_words_for_verdicts_are_read(key):
    question = questions[key]
    words = {"accept": "Agree", "reject": "disagree"}
    right = question.right_answer().items()
    for texts in (
        {n: (words[v], question.reasons[question.letters[letter]]) for n, (v, letter) in right},
        {n: f"{v}: {question.reasons[question.letters[letter]].lower()}" for n, (v, letter) in right},
    ):
        assert question.check(texts).status == "correct", str(question.check(texts))


@pytest.mark.parametrize(
    "part, said",
    [
        ("z", "`z` is none of the letters a to g"),
        (3, "`3` is none of the letters a to g"),
        ("because I say so", "none of the letters"),
        (..., "no reason yet"),
    ],
)
def test_what_is_no_letter_is_said_to_be_none(part, said):
    feedback = questions["002.1e"].check({1: ("accept", part)})
    assert feedback.mistake == "no_reason" and said in feedback.message and "Statement 1" in feedback.message


@pytest.mark.parametrize("key, number, reason", [("002.1e", 6, "seen"), ("003.1.text", 3, "outgoing")])
def test_a_reason_that_holds_as_well_is_accepted(key, number, reason):
    question = questions[key]
    letter = next(letter for letter, one in question.letters.items() if one == reason)
    answer = question.right_answer()
    assert question.check({**answer, number: (answer[number][0], letter)}).status == "correct"


@every_key
def test_guessing_does_not_pass(key):
    question, rng = questions[key], random.Random(1)
    passed = 0
    for _ in range(300):
        guess = {
            number: (rng.choice(("accept", "reject")), rng.choice(list(question.letters)))
            for number in question.parameters
        }
        passed += bool(question.check(guess))
    assert passed == 0


@pytest.mark.parametrize(
    "answer, mistake, said",
    [
        ({9: "reject c"}, "unknown_name", "numbered 1 to 6"),
        ({1: "perhaps c"}, "no_verdict", "Statement 1"),
        ({1: ("accept", "reject", "c")}, "no_verdict", "Statement 1"),
        ({1: ("accept", "z")}, "no_reason", "Statement 1"),
        ({1: ("accept", "a", "b")}, "several_reasons", "Statement 1"),
        ("accept", "unreadable", "dictionary"),
        ({1: 3}, "no_verdict", "Statement 1"),
    ],
)
def test_answers_that_cannot_be_read(answer, mistake, said):
    feedback = questions["002.1e"].check(answer)
    assert not feedback and feedback.mistake == mistake and said in feedback.message


@every_key
def test_solution_is_backed_by_numbers(key):
    question = questions[key]
    assert question.solution.verify()
    assert sum(statement.evidence is not None for statement in question.statements) >= EVIDENCE[key]
    text = question.solution.to_html()
    assert text.count("<li>") == len(question.statements)
    assert all(s.because.split(".")[0] in repr(question.solution) for s in question.statements)


def test_a_solution_whose_numbers_are_wrong_fails():
    bad = Statement("t", True, "a", "m", "what", "because", lambda: 1 + 1 == 3)
    assert StatementQuestion("k", "t", "s", [bad], {"a": "x"}).solution.verify().failures == [0]


@every_key
def test_statements_are_shown_with_their_reasons(key):
    question = questions[key]
    text = question._repr_html_()
    assert text.count("<li>") == len(question.statements)
    assert all(f"<b>{letter}</b>" in text for letter in question.letters)
    assert all(s.text in repr(question) for s in question.statements)
