"""Sentences of the table as real wrong answers meet them: one frozen answer for each that was reached."""

import json
import pathlib
import re

import pytest
from test_causes import handed_in

from helpers.assignments import questions
from helpers.checking.sentences import SENTENCES

SAID = json.loads((pathlib.Path(__file__).parent / "said.json").read_text(encoding="utf-8"))


def pattern(id):
    """What a sentence looks like, whatever its parts are; behind a colon its first letter is a small one."""
    sentence = SENTENCES[id]
    text = sentence if isinstance(sentence, str) else sentence[0]
    whole = "(.+)".join(map(re.escape, re.split(r"\{\w+\}", text.rstrip("."))))
    return re.compile(f"(?i:{whole})", re.DOTALL)


@pytest.mark.parametrize("id", SAID)
def test_a_wrong_answer_is_told_this_sentence(id):
    key, answer = SAID[id]
    questions[key].forget()
    feedback = questions[key].check(handed_in(key, answer))
    assert feedback.status == "wrong" and pattern(id).search(feedback.message), feedback.message
