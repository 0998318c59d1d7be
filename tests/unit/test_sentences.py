"""The table of what is said of mistakes: every sentence is used, gets its parts, and is short and plain."""

import ast
import re
import string

import pytest

from helpers.assignments import questions
from helpers.checking.feedback import one_of
from helpers.checking.formula_mistakes import _CONSTANTS
from helpers.checking.sentences import SENTENCES, hint_of, mistake_of, say
from tests.unit.test_house import TREES

#: The functions that say a sentence, whose id is their first argument.
SAYING = ("say", "recognised", "Slip", "_said", "hint_of", "_size")
#: What they take beside the parts.
OWN = {"id", "mistake", "before", "odd", "each_time"}
#: Words that no notebook has, or that blame.
FORBIDDEN = (
    "obviously", "simply", "trivial", "clearly", "just", "stupid", "careless", "should have", "wrongly written", "Jacobian",
    "tensor", "node", "AST", "parse", "regex", "heuristic", "hypothesis", "upstream error", "logit value", "sigmoid", "you forgot",
)  # fmt: skip

#: Ids that are put together from a part that is looked up.
MADE = {f"{name}.size" for name in _CONSTANTS.values() if name} | {
    f"{name}.{how}" for name in ("transpose", "column") for how in ("shape", "turned")
}


def calls():
    """Every call that says a sentence of constant id: (id, names of what it passes, whether it passes more)."""
    for name, tree in TREES.items():
        if not name.startswith("checking/") or name.startswith(("checking/sentences/", "checking/entries/line_slips")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING and node.args:
                first, passed = node.args[0], {each.arg for each in node.keywords}
                for id in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                    if isinstance(id, ast.Constant):
                        yield id.value, passed - OWN - {None}, None in passed, node.func.id


def parts_of(id):
    sentence = SENTENCES[id]
    text = sentence if isinstance(sentence, str) else sentence[0]
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_is_used_and_every_one_that_is_used_exists():
    texts = {
        node.value
        for name, tree in TREES.items()
        if not name.startswith("checking/sentences/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    changes = {
        f"{change.mistake}.line"
        for question in questions.values()
        if hasattr(question, "working")
        for change in question.working.changes
    }
    assert {id for id in SENTENCES if id not in texts | MADE | changes} == set()
    assert {id for id, *_ in calls() if id not in SENTENCES} | (changes | MADE) - set(SENTENCES) == set()


def test_a_sentence_gets_the_parts_that_it_has():
    for id, passed, more, function in calls():
        if function == "hint_of" or id not in SENTENCES:
            continue
        given = passed | ({"rule"} if function == "Slip" else set())
        assert more or parts_of(id) <= given, (id, passed)


@pytest.mark.parametrize("id", SENTENCES)
def test_a_sentence_is_short_and_plain(id):
    filled = say(id, {name: "x" for name in parts_of(id)})
    hint = hint_of(id)
    assert mistake_of(id) and len(re.findall(r"[.?:;](?= [A-Z]|$)", filled)) <= 3 and len(filled) <= 260
    assert len(hint) <= 180
    for word in FORBIDDEN:
        assert not re.search(rf"\b{word}\b", f"{filled} {hint}", re.I), word


def test_a_part_in_front_gets_a_capital_and_nothing_else():
    assert say("no_prime", f="the sign").startswith("The sign itself")
    assert say("other_neuron.bias", mine="1", right="2") == "the bias is 1, not 2"
    assert say("no_prime", f="σ").startswith("σ itself")


def test_causes_that_cannot_be_told_apart_make_one_sentence():
    said = one_of(
        ["A bracket is lost.", "The sign is lost.", "A plus is wrong.", "ReLU is missing.", "J is 0."], "values"
    )
    wanted = "A bracket is lost; or the sign is lost; or a plus is wrong; or ReLU is missing; or J is 0."
    assert said == f"One of these happened (the values are the same): {wanted}"
    assert one_of(["A bracket is lost."], "values") == "A bracket is lost."
