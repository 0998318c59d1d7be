"""Exercises answered with a table of numbers: tasks 002.1, 003.1a, 003.1b and the learning rate of 002.1d."""

import json
import pathlib
import re

import numpy as np
import pytest
from listed import CHANGES, with_lines

from helpers.assignments import questions
from helpers.assignments.linear_by_hand import LINEAR, LINEAR_NUMBERS
from helpers.assignments.logistic_by_hand import LOGISTIC
from helpers.exercises.working import Working

PRINTED = json.loads((pathlib.Path(__file__).parent / "printed_tables.json").read_text(encoding="utf-8"))
TABLES = ("002.1", "04.eta", "003.1a", "003.1b")
every_table = pytest.mark.parametrize("key", TABLES)


@pytest.fixture(autouse=True)
def fresh_counters():
    for key in TABLES:
        questions[key].forget()


def close(got, wanted):
    """To twelve digits; the printed values have fifteen, the steps of new values are compared elsewhere."""
    assert set(wanted) <= set(got)
    for name, value in wanted.items():
        assert got[name] == pytest.approx(value, rel=1e-12, abs=1e-15), name


# -------------------------------------------------------------------------------------- printed values


def test_linear_network_has_the_printed_values():
    close(questions["002.1"].values, PRINTED["002.1"]["values"])
    generic = PRINTED["002.1.generic"]
    close(LINEAR.values({**LINEAR_NUMBERS, **generic["change"]}), generic["values"])


@pytest.mark.parametrize("key", ["003.1a", "003.1b", "003.1.generic"])
def test_logistic_network_has_the_printed_values(key):
    printed = PRINTED[key]
    numbers = questions[key].numbers if key in questions else printed["numbers"]
    values = LOGISTIC.values(numbers)
    close(values, {name: value for name, value in printed["forward"].items() if name in values})
    for given in ("gradients", "new"):
        close(
            {name: values[f"d{name}" if given == "gradients" else f"{name}_new"] for name in printed[given]},
            printed[given],
        )
    if key in questions:
        after = LOGISTIC.values({**numbers, **questions[key].truth})
        assert after["a4"] == pytest.approx(printed["forward"]["yhat_after"], rel=1e-12)
        assert after["E"] == pytest.approx(printed["forward"]["E_after"], rel=1e-11)


@pytest.mark.parametrize("key", ["002.1", "003.1a", "003.1b"])
def test_mistakes_have_the_printed_values(key):
    for name, wanted in PRINTED[key]["mistakes"].items():
        listed = [way for mistake in questions[key].mistakes if mistake.id == name for way in mistake.ways]
        once = [lines for known, lines, *_ in CHANGES[key] if known == name]
        tables = [with_lines(questions[key], lines) for lines in (*listed, *once)]
        assert any({entry: table[entry] for entry in wanted} == pytest.approx(wanted, rel=1e-12) for table in tables), (
            name
        )


def test_thresholds_of_the_learning_rate_are_those_of_the_network():
    """Along the step of the two parameters the cost is smallest at 1/10 and as before at 1/5."""

    def cost(eta):
        v = questions["002.1"].values
        moved = {**LINEAR_NUMBERS, "b2_1": 0 - eta * v["db2_1"], "w13_1": 3 - eta * v["dw13_1"]}
        return LINEAR.values(moved)["J"]

    assert questions["04.eta"].truth == pytest.approx({"eta_best": 0.1, "eta_limit": 0.2})
    assert cost(0.1) == pytest.approx(0, abs=1e-20) and cost(0.2) == pytest.approx(16)
    assert cost(0.199) < 16 < cost(0.201) and cost(2) == pytest.approx(5776)


# ------------------------------------------------------------------------------------ mistakes, named


@every_table
def test_what_is_off_is_named(key):
    question = questions[key].variant("somebody")
    for name in question.parameters:
        table = dict(question.truth)
        table[name] = (question.old(name) or 0) + 1.234567891 * (table[name] - (question.old(name) or 0))
        feedback = question.check(table)
        assert feedback.status == "wrong" and f"`{name}`" in feedback.message
        assert [entry for entry, mark in feedback.entries.items() if mark == "off"] == [name]


def with_line(question, line, value=None, formula=None):
    """The table of a student who has another number, or another formula, in one line, and goes on rightly."""
    changes = {line: formula} if formula else None
    fixed = {line: value} if formula is None else None
    return question.table(question.working.values(question.numbers, changes, fixed))


@pytest.mark.parametrize(
    "line, value, said",
    [("yhat_identity", 35.25, "`yhat_identity`"), ("db1_2", 9.5, "`db1_2`"), ("db2_1", 7.3, "`db2_1`")],
)
def test_an_error_that_is_carried_on_counts_once(line, value, said):
    feedback = questions["002.1"].check(with_line(questions["002.1"], line, value))
    assert feedback.mistake == "follow_up" and f"{said} is off." in feedback.message
    assert "The rest follows from that" in feedback.message
    assert "`b2_1_new`" in feedback.message.split("follows")[1]


@pytest.mark.parametrize("line", ["a1", "a4", "z2", "delta4", "delta2"])
def test_a_wrong_number_on_the_way_is_found_from_what_follows(line):
    question = questions["003.1b"].variant("somebody")
    feedback = question.check(with_line(question, line, question.values[line] * 1.21 + 0.013))
    assert feedback.mistake == "follow_up" and f"`{line}`" in feedback.message
    assert "follows rightly" in feedback.message or "same multiple of the right one" in feedback.message


@pytest.mark.parametrize(
    "line, formula, kind",
    [
        ("z2", "w3*x1 + w4*x1 + b2", "other_names"),
        ("delta4", "(a4 - y)*a4*(1 + a4)", "slope_plus"),
        ("delta1", "delta4*w7*(1 - a1)", "slope_is_one_minus_a"),
        ("a3", "tanh(z3)", "wrong_function"),
        ("z4", "w7*a1 + w8*a2 + b4", "missing_term"),
    ],
)
def test_a_slip_in_one_line_is_named_with_its_line(line, formula, kind):
    question = questions["003.1b"].variant("somebody")
    feedback = question.check(with_line(question, line, formula=formula))
    assert kind in feedback.mistakes and f"`{line}`" in feedback.message, str(feedback)


def changed(question, change):
    return {
        name: change(question.numbers[name], value - question.numbers[name]) for name, value in question.truth.items()
    }


@pytest.mark.parametrize("key", ["003.1a", "003.1b"])
@pytest.mark.parametrize(
    "name, change",
    [
        ("gradient_instead", lambda old, step: -10 * step),
        ("step_instead", lambda old, step: step),
        ("step_instead", lambda old, step: -step),
        ("not_updated", lambda old, step: old),
        ("learning_rate", lambda old, step: old + step / 2),
    ],
)
def test_slips_in_the_update_are_named(key, name, change):
    feedback = questions[key].check(changed(questions[key], change))
    assert name in feedback.mistakes or (key, feedback.mistake, name) == ("003.1a", "constant", "not_updated")


@pytest.mark.parametrize(
    "name, w8",
    [
        ("ascent", lambda old, step: old - step),
        ("eta_missing", lambda old, step: old + step / 0.1),
        ("lost_sign", lambda old, step: -old - step),
        ("gradient_instead", lambda old, step: -10 * step),
    ],
)
def test_a_slip_in_one_update_alone_is_named(name, w8):
    question = questions["003.1b"]
    feedback = question.check({**question.truth, "w8": changed(question, w8)["w8"]})
    assert name in feedback.mistake.split("|")[0].split("+") and "`w8` is off." in feedback.message


def test_swapped_names_are_named():
    question = questions["003.1b"].variant("somebody")
    table = {**question.truth, "w2": question.truth["w3"], "w3": question.truth["w2"]}
    feedback = question.check(table)
    assert feedback.mistake == "swapped" and "`w2` and `w3`" in feedback.message


def test_two_mistakes_at_once_are_both_named():
    question = questions["003.1b"].variant("somebody")
    known = {name: lines for name, lines, *_ in CHANGES["003.1b"]}
    for pair in (
        ("no_bias_forward", "bias_not_updated"),
        ("missing_output_weight", "eta_missing"),
        ("z_instead_of_a_in_w7", "missing_half_factor2"),
    ):
        table = question.table(question.working.values(question.numbers, {**known[pair[0]], **known[pair[1]]}))
        feedback = question.check(table)
        assert set(feedback.mistake.split("+")) == set(pair), str(feedback)


def test_the_printed_label_of_1c_is_named():
    feedback = questions["002.1"].check({"yhat_identity": 36, "yhat_relu": 38, "J": 36})
    assert feedback.mistake == "yhat_38"


# ---------------------------------------------------------------------- a cause that cannot be the cause


@pytest.mark.parametrize(
    "table, named, not_named",
    [
        ({"J": 4}, "missing_square", "biases"),
        ({"J": 8}, "half_loss|other_name", "biases"),
        ({"db1_2": 4}, "factor_2", "biases"),
        ({"dw13_1": 24}, "own_weight", "ReLU"),
        ({"dw13_1": 24, "w13_1_new": -45}, "own_weight", "ReLU"),
        ({"dw13_1": 40}, "activation_for_input", "`z2`"),
        ({"dw21_2": 16}, "lost_sign", "One of these"),
        ({"yhat_relu": 34}, "unknown", "`z3`"),
        ({"yhat_relu": 37}, "missing_term", "hidden"),
        (
            {"J": 8, "db1_2": 4, "dw21_2": -8, "db2_1": 4, "dw13_1": 8, "b2_1_new": -8, "w13_1_new": -13},
            "half_loss",
            "biases",
        ),
    ],
)
def test_a_cause_that_would_change_a_right_entry_is_not_named(table, named, not_named):
    question = questions["002.1"]
    feedback = question.check({**question.truth, **table})
    assert feedback.mistake == named and not_named not in feedback.message, str(feedback)
    off = {name for name, mark in feedback.entries.items() if mark == "off"}
    assert off == set(table)


def test_a_rounded_learning_rate_with_a_mistake_in_it():
    feedback = questions["04.eta"].check({"eta_best": 0.002, "eta_limit": 0.004})
    assert feedback.mistake == "all_thirteen+rounded" and "`db1_2`" not in feedback.message


@pytest.mark.parametrize("key", ["003.1a", "003.1b", "002.1"])
def test_a_printed_number_in_the_place_of_ones_own_is_named(key):
    question = questions[key]
    own = question.variant("abc")
    for name, value in question.numbers.items():
        table = own.table(own.working.values({**own.numbers, name: value}))
        feedback = question.check(table, variant="abc")
        if feedback.status != "correct":
            assert feedback.mistake == "printed_numbers", str(feedback)
            assert f"`{name}` is not the one of your numbers" in feedback.message
    inputs = {name: question.numbers[name] for name in ("x1", "x2")}
    table = own.table(own.working.values({**own.numbers, **inputs}))
    assert "`x1` and `x2` are not those of your numbers" in question.check(table, variant="abc").message
    feedback = question.check(question.truth, variant="abc")
    assert feedback.mistake == "printed_numbers"
    assert "the printed numbers; yours are other ones" in feedback.message
    assert "printed" not in str(question.check({**question.truth, question.parameters[0]: 7.77}))


# ------------------------------------------------------------------------------------------- rounding

W_AND_B = questions["003.1a"].parameters
SOURCE_1A = [1.0000065, 1, 1.0000065, 1, 1.0000065, 1, *[1.00005] * 3, 2.0000065, 1.0000065, 1.0000065, 1.00006]
SOURCE_1B = [0.5027, -0.25, 0.4973, -0.25, 0.5, -0.25, 1.0077, -0.992, 0.0077, 0.1027, 0.0973, 0.1, 0.112]


def test_the_printed_tables_are_called_rounded():
    feedback = questions["003.1a"].check(dict(zip(W_AND_B, SOURCE_1A, strict=True)))
    assert feedback.mistake == "rounded+digit_slip"
    assert "11 %" in feedback.message and "`b1`" in feedback.message
    feedback = questions["003.1b"].check(dict(zip(W_AND_B, SOURCE_1B, strict=True)))
    assert feedback.mistake == "rounded" and "`w8`" in feedback.message and "4.6 %" in feedback.message
    feedback = questions["003.1b"].check({**questions["003.1b"].truth, "w8": 0.992})
    assert feedback.mistake == "lost_sign+rounded"


@pytest.mark.parametrize(
    "key, rounding",
    [
        ("003.1a", np.float32),
        *((key, lambda value, n=n: round(value, n)) for key, n in (("003.1a", 4), ("003.1a", 9), ("003.1b", 6))),
    ],
)
def test_rounded_tables_are_not_right(key, rounding):
    feedback = questions[key].check({name: rounding(value) for name, value in questions[key].truth.items()})
    assert feedback.status == "wrong" and feedback.mistake == "rounded"


def test_a_rounded_table_with_a_mistake_in_it():
    question = questions["003.1b"]
    mistake = next(mistake for mistake in question.mistakes if mistake.id == "missing_half_factor2")
    table = {name: round(value, 5) for name, value in question.mistake_tables(mistake)[0].items()}
    assert question.check(table).mistake == "missing_half_factor2+rounded"


@pytest.mark.parametrize("key", ["003.1a", "003.1b"])
@pytest.mark.parametrize(
    "lines", [("a1", "a2", "a3", "a4"), ("a1", "a2", "a3"), ("a1", "a2", "a3", "z4", "a4", "delta4")]
)
@pytest.mark.parametrize(
    "places, rounding",
    [
        (3, lambda value: round(value, 3)),
        (4, lambda value: round(value, 4)),
        (5, lambda value: round(value, 5)),
        (3, lambda value: float(f"{value:.3g}")),
    ],
)
def test_intermediate_results_that_were_rounded_are_named(key, lines, places, rounding):
    question = questions[key]
    table = question.table(
        question.working.values(
            question.numbers, carried=lambda line, value: rounding(value) if line in lines else value
        )
    )
    for given in (table, {name: round(value, 7) for name, value in table.items()}):
        feedback = question.check(given)
        assert feedback.mistake == "rounded", str(feedback)
    feedback = question.check(table)
    about = re.search(r"Intermediate results were rounded to about (\d) d", feedback.message)
    assert int(about[1]) <= places and "another reason" not in feedback.message  # 0.88080 has four as well


@pytest.mark.parametrize(
    "table",
    [
        {"eta_best": 0.1, "eta_limit": 0.3},
        {"eta_best": 0.1, "eta_limit": 0.21},
        {"eta_best": 0.2, "eta_limit": 0.2},
        {"eta_best": 0.11, "eta_limit": 0.2},
        {"w13_1_new": -31, "b2_1_new": -17},
        {"w13_1_new": -30},
        {"J": 15.9},
    ],
)
def test_what_is_no_rounding_is_not_called_one(table):
    question = questions["04.eta" if "eta_best" in table else "002.1"]
    feedback = question.check({**question.truth, **table})
    assert feedback.status == "wrong" and "round" not in feedback.message + feedback.mistake, str(feedback)


def test_rounding_or_cutting_off_is_called_so():
    question = questions["003.1b"]
    for value in (1.0076, 1.0077, 1.00764, 1.00765):
        assert question.check({**question.truth, "w7": value}).mistake == "rounded"
    question.forget()
    assert "Hint:" not in question.check({**question.truth, "w7": 1.0076}).message
    assert "twelve decimals" in question.check({**question.truth, "w7": 1.0076}).message
    question = questions["003.1a"]
    assert question.check({name: round(value, 12) for name, value in question.truth.items()})


# ----------------------------------------------------------------------------------- partly filled tables


@every_table
def test_a_partly_filled_table_is_welcome(key):
    question = questions[key]
    half = dict(list(question.truth.items())[: len(question.truth) // 2])
    rest = [name for name in question.parameters if name not in half]
    for table in (half, {**half, **dict.fromkeys(rest)}, {**half, **dict.fromkeys(rest, ...)}):
        feedback = question.check(table)
        assert feedback.status == "wrong" and feedback.mistake == "incomplete" and not feedback
        assert all(f"`{name}`" in feedback.message for name in question.parameters)
        assert set(feedback.entries.values()) == {"right", "missing"}


def test_a_partly_filled_table_with_a_mistake():
    feedback = questions["002.1"].check({"yhat_identity": 36, "yhat_relu": 36, "J": ...})
    assert feedback.mistake == "relu_not_applied" and feedback.entries["J"] == "missing"


@every_table
def test_empty_and_constant_tables_never_pass(key):
    question = questions[key]
    for table in ({}, dict.fromkeys(question.parameters), dict.fromkeys(question.parameters, ...)):
        assert question.check(table).status == "not attempted"
    for number in (0, 1, -1, 0.5):
        assert question.check(dict.fromkeys(question.parameters, number)).status == "wrong"


@pytest.mark.parametrize(
    "table, said",
    [
        ({"yhat_rleu": 38}, "`yhat_relu`"),
        ({"yhat_identity": "thirty-six"}, "`yhat_identity`"),
        ({"yhat_identity": "36,0"}, "Write a decimal point: `36.0`"),
        ({"J": " 16,25"}, "Write a decimal point: `16.25`"),
        ({"yhat_identity": [1, 2]}, "2 numbers"),
        ({"yhat_identity": True}, "truth value"),
        ({"J": np.nan}, "NaN"),
        ({"J": np.inf}, "infinite"),
        ([36, 38], "dictionary"),
        (36, "dictionary"),
        (lambda x, y: {"J": x}, "arguments"),
        (lambda numbers: {"J": numbers}, "came out as a dict"),
    ],
)
def test_a_table_that_cannot_be_read_gets_one_clear_line(table, said):
    feedback = questions["002.1"].check(table)
    assert feedback.status in ("error", "wrong") and said in feedback.message and len(feedback.message) < 330


# ---------------------------------------------------------------------------------- nothing given away


@every_table
def test_no_message_gives_a_number_away(key):
    question = questions[key].variant("somebody")
    secrets = {f"{abs(number):.3g}" for value in question.values.values() for number in [float(value)]}
    secrets -= {f"{abs(value):.3g}" for value in question.numbers.values()}
    tables = [table for mistake in question.mistakes for table in question.mistake_tables(mistake)]
    tables += [
        {name: value + 0.0137 for name, value in question.truth.items()},
        {name: round(value, 3) for name, value in question.truth.items()},
    ]
    for table in tables:
        for _ in range(4):
            message = questions[key].check(table, variant="somebody").message
            words = {word.strip(".,;:()") for word in message.replace("`", " ").replace(" %", "%").split()}
            assert not words & {secret for secret in secrets if len(secret) > 3}


# ----------------------------------------------------------------------------------------- derivations


def gradients_that_are_off(question, working):
    """The gradients that are not the derivative of the objective, by central differences of the forward pass alone."""
    got, h = working.values(question.numbers), 1e-5

    def objective(name, move):
        return question.working.values({**question.numbers, name: question.numbers[name] + move})[question.objective]

    slopes = {line: (objective(name, h) - objective(name, -h)) / (2 * h) for line, name in question.gradients.items()}
    return [line for line, slope in slopes.items() if got[line] != pytest.approx(slope, rel=1e-6, abs=1e-9)]


@every_table
def test_every_line_is_displayed(key):
    solution = questions[key].solution
    assert solution.to_html().count("<li>") == len(solution.steps) + len(solution.working.formulas)
    assert "_1_" not in solution.to_html()


def test_numbers_put_in_are_shown_as_one_would_write_them():
    lines = "\n".join(questions["003.1a"].solution.numeric_lines())
    assert r"w_1^{\text{new}} = w_1 - \eta \cdot \frac{\partial E}{\partial w_1} = 1 - 0.1 \cdot" in lines
    assert r"\approx 1.000006664" in lines and "-0 " not in lines and not lines.endswith("-0")
    lines = questions["002.1"].solution.numeric_lines()
    assert "J = e^{2} = 4^{2} = 16" in lines and "a_1 = z_1 = 9" in lines
    assert (
        r"w_{13}^{[1]\,\text{new}} = w_{13}^{[1]} - \eta \cdot \frac{\partial J}{\partial w_{13}^{[1]}}"
        r" = 3 - 2 \cdot 16 = -29"
    ) in lines
    for key in TABLES:
        solution = questions[key].solution
        assert "error" not in "".join(solution.numeric_lines()) + solution.to_html()


@every_table
def test_gradients_are_those_of_the_objective(key):
    for question in (questions[key], questions[key].variant("somebody")):
        assert gradients_that_are_off(question, question.working) == []


@pytest.mark.parametrize("line, formula", [("dw1", "delta1*x2"), ("db4", "-delta4"), ("dw8", "delta4*z2")])
def test_every_broken_copy_of_a_working_fails(line, formula):
    question = questions["003.1b"].variant("somebody")
    broken = Working({**{name: text.text for name, text in question.working.formulas.items()}, line: formula})
    assert gradients_that_are_off(question, broken) == [line]


# ------------------------------------------------------------------------------------------------ words


def all_words(question):
    """Everything that a student reads of a question."""
    words = [question.statement, *question.hints, question.title]
    words += [text for mistake in question.mistakes for text in (mistake.what, getattr(mistake, "hint", ""))]
    if hasattr(question.solution, "steps"):
        words += [step.reason for step in question.solution.steps]
    return words


@pytest.mark.parametrize("key", [*TABLES, "04.matrix", "004.1"])
def test_one_example_has_a_loss_and_a_neuron_a_delta(key):
    for text in all_words(questions[key]):
        assert "cost" not in text and "error" not in text and "1c" not in text, text


@every_table
def test_a_label_stands_for_itself_in_a_product_or_a_power(key):
    """A label that is a sum would lose its brackets: `2e` would be shown as 2ŷ − y."""
    labels = {**questions[key].labels, **questions["04.gradient_check"].solution.labels}
    assert labels and not any(sign in label for label in labels.values() for sign in (" + ", " - ", "−"))


@pytest.mark.parametrize(
    "table, said",
    [
        ({"b4": 0.1}, "`b4` is off. It still has its old value"),
        ({"b4": 0.1, "b2": 0.1}, "`b2` and `b4` are off. These are"),
        ({"w1": "0.1*-0.02710150897"}, "`w1` is off. This is η times the gradient; the new value is asked for."),
    ],
)
def test_one_entry_is_spoken_of_as_one(table, said):
    question = questions["003.1b"]
    assert said in question.check({**question.truth, **table}).message


def thirteen(n):
    """The thirteen new values, from the numbers of any variant."""
    a = [1 / (1 + np.exp(-(n[f"w{2 * j - 1}"] * n["x1"] + n[f"w{2 * j}"] * n["x2"] + n[f"b{j}"]))) for j in (1, 2, 3)]
    a4 = 1 / (1 + np.exp(-(n["w7"] * a[0] + n["w8"] * a[1] + n["w9"] * a[2] + n["b4"])))
    delta4 = (a4 - n["y"]) * a4 * (1 - a4)
    new = {"b4": n["b4"] - n["eta"] * delta4}
    for j, activation in enumerate(a, 1):
        delta = delta4 * n[f"w{6 + j}"] * activation * (1 - activation)
        moved = {f"w{2 * j - 1}": delta * n["x1"], f"w{2 * j}": delta * n["x2"], f"b{j}": delta}
        new |= {name: n[name] - n["eta"] * by for name, by in (moved | {f"w{6 + j}": delta4 * activation}).items()}
    return new


def test_a_function_of_the_numbers_may_be_handed_in_and_is_used(monkeypatch):
    question = questions["003.1b"]
    monkeypatch.setattr(question, "_theirs", None)
    own = question.variant("somebody else")
    assert question.check(thirteen).status == own.check(thirteen).status == "correct"
    assert question.use() is thirteen
    assert question._course_function()(own.numbers) == pytest.approx(own.truth)

    def forgets_x2(n):
        return thirteen(n) | {name: n[name] for name in ("w2", "w4", "w6")}

    assert question.check(forgets_x2).status == "correct"  # with the printed x2 = 0 it does not show
    assert own.check(forgets_x2).status == "wrong"
    assert question.check(lambda n: ...).status == "not attempted"
    assert question.check(lambda n: {"w1": n["nothing"]}).status == "error"


def test_the_pre_activations_may_be_there_and_may_be_left_out():
    question = questions["002.1"]
    asked = {name: question.truth[name] for name in question.parameters}
    assert "z2" not in asked and question.check(asked).status == question.check(question.truth).status == "correct"
    feedback = question.check(question.truth | {"z2": 4.0})
    assert feedback.status == "wrong" and feedback.entries["z2"] == "off" and "z2" not in question.check(asked).entries
    assert question.check({"z1": 9, "z2": -2, "z3": 5}).mistake == "incomplete"
