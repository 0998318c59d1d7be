"""The yes/no question of 001.2.3: a verdict counts only with a counterexample or a proof."""

import pytest

from helpers.assignments.chain_rule import does_the_slope_change as claim

GOOD = {"x": 1, "w1": 1, "w2": 1, "b1": 0, "b2": 0, "b2_new": 1}
RATE = "w1*w2*sigma(z1)*sigma(z2)*(1 - sigma(z2))"


@pytest.mark.parametrize(
    "answer, status, mistake",
    [
        ({"changes": True, "counterexample": GOOD}, "correct", None),
        ({"changes": True, "proof": RATE}, "correct", None),
        (RATE, "correct", None),
        (GOOD, "correct", None),
        (True, "wrong", "no_reason"),
        ("yes", "wrong", "no_reason"),
        (False, "wrong", "no_change"),
        ("No.", "wrong", "no_change"),
        ({"changes": True}, "wrong", "no_reason"),
        ({"changes": False, "proof": 0}, "wrong", "no_change"),
        ({"changes": False, "counterexample": GOOD}, "wrong", "no_change"),
        ({"changes": False, "proof": RATE}, "wrong", "verdict_contradicts_proof"),
        ({"counterexample": GOOD}, "wrong", "no_verdict"),
        ({"changes": True, "counterexample": {**GOOD, "w2": 0}}, "wrong", "equal_values"),
        ({"changes": True, "counterexample": {**GOOD, "b2_new": 0}}, "wrong", "same_value"),
        ({"changes": True, "counterexample": {"x": 1}}, "error", "missing_value"),
        ({"changes": True, "counterexample": {**GOOD, "x": "a"}}, "error", "not_a_number"),
        ({"changes": True, "counterexample": {**GOOD, "x": float("nan")}}, "error", "not_a_number"),
        ({"changes": True, "counterexample": 3}, "error", "unreadable"),
        ({"changes": True, "proof": "w1*w2*sigma(z1)*sigma(z2)"}, "wrong", "missing_1ms"),
        (0, "wrong", "no_change"),
        ({"changes": True, "proof": "b2 is inside z2"}, "wrong", "no_reason"),
        ({"changes": ...}, "not attempted", None),
        ({}, "not attempted", None),
        (..., "not attempted", None),
        ({"changes": "maybe"}, "error", "no_verdict"),
    ],
)
def test_answers(answer, status, mistake):
    feedback = claim.check(answer)
    assert (feedback.status, feedback.mistake) == (status, mistake), str(feedback)


def test_repeating_leads_on():
    claim.forget()
    assert "Hint" not in claim.check(True).message and "Hint" in claim.check(True).message
    assert claim.solution.verify() and claim.hints
