"""What is said of a wrong table of numbers, or of gradients: the true cause, or none."""

import math

import numpy as np
import pytest
from listed import CHANGES, with_lines

from helpers.assignments import bump_plots, mnist_multiclass, questions
from helpers.checking.entries.table_causes import words_of


@pytest.mark.parametrize("key", CHANGES)
def test_what_was_once_named_stays_named(key):
    question = questions[key]
    for name, lines, *truer in CHANGES[key]:
        question.forget()
        feedback = question.check(with_lines(question, lines), record=False)
        assert feedback.status == "wrong" and (*truer, name)[0] in feedback.mistakes, (name, str(feedback))


# ------------------------------------------------------------------------------------------ tables: the true cause


@pytest.mark.parametrize(
    "key, table, named",
    [
        ("003.1a", {"w1": 1}, "not_updated|x_swapped"),
        ("003.1b", {"w1": 0.5}, "not_updated|x_swapped"),
        ("003.1b", {"w7": 1}, "not_updated"),
        ("003.1b", {"b1": 0.1}, "bias_not_updated"),
        ("002.1", {"yhat_identity": 38}, "relu_everywhere"),
        ("002.1", {"yhat_identity": 38, "yhat_relu": 38, "J": 36, "db1_2": 12, "dw21_2": -24}, "relu_everywhere"),
    ],
)
def test_few_entries_are_told_the_nearest_cause_too(key, table, named):
    questions[key].forget()
    assert questions[key].check(table, record=False).mistake == named


def test_three_slips_are_told_one_by_one():
    """A number that happens to be right in another place is no cause beside them."""
    question = questions["002.1"]
    question.forget()
    feedback = question.check({**question.truth, "J": 4, "dw21_2": 16, "dw13_1": 8, "w13_1_new": -13}, record=False)
    assert set(feedback.mistake.split("+")) == {"missing_w31", "lost_sign", "missing_square"}
    assert "for another entry" not in feedback.message and "`w13_1_new` is carried on rightly" in feedback.message


def test_a_gradient_is_called_by_its_loss():
    question = questions["003.1a"]
    question.forget()
    lines = {f"b{j}_new": f"b{j} - eta" for j in (1, 2, 3, 4)}
    assert "`∂E/∂b1`, `∂E/∂b2`" in question.check(table_of(question, lines=lines), record=False).message


def test_half_a_name_is_told_all_that_it_may_be():
    feedback = questions["002.1"].check({"yhat": 36}, record=False)
    assert "is `yhat_identity` or `yhat_relu` meant?" in feedback.message


def table_of(question, numbers=None, lines=None):
    """The table of a student who has other given numbers, or other lines, and does the rest rightly."""
    return question.table(question.working.values({**question.numbers, **(numbers or {})}, lines))


def says(question, table):
    """What is said of a table the first time."""
    question.forget()
    return question.check(table, record=False)


VARIANTS = ["", "ada", "Grete H.", "4711"]


@pytest.mark.parametrize("text", VARIANTS)
@pytest.mark.parametrize("eta", [0.03, 0.7, 1.5, 12.0])
@pytest.mark.parametrize("key", ["002.1", "003.1b"])
def test_another_learning_rate_is_solved_for(key, eta, text):
    question = questions[key].variant(text)
    feedback = says(question, table_of(question, {"eta": eta}))
    assert "learning_rate" in feedback.mistakes and f"{eta:g}" in feedback.message, str(feedback)


SLOPES = {
    "z(1 − z)": "delta4*w{u}*z{j}*(1 - z{j})",
    "rule of tanh": "delta4*w{u}*(1 - a{j}**2)",
    "`a*1 - a`": "delta4*w{u}*a{j}*1 - a{j}",
    "a4(1 − a4)": "delta4*w{u}*a4*(1 - a4)",
    "derivative of the output's activation": "(a4 - y)*w{u}*a{j}*(1 - a{j})",
    "the sum of the weights": "delta4*(w7 + w8 + w9)*a{j}*(1 - a{j})",
    "1 − a stands": "delta4*w{u}*(1 - a{j})",
}


@pytest.mark.parametrize("text", VARIANTS[1:])
@pytest.mark.parametrize("said", SLOPES)
def test_a_slope_at_the_wrong_place_is_named_for_the_whole_layer(said, text):
    question = questions["003.1b"].variant(text)
    lines = {f"delta{j}": SLOPES[said].format(j=j, u=6 + j) for j in (1, 2, 3)}
    assert said in says(question, table_of(question, lines=lines)).message


@pytest.mark.parametrize("text", VARIANTS[1:])
@pytest.mark.parametrize(
    "key, name", [("003.1b", "w3"), ("003.1b", "x2"), ("003.1b", "b4"), ("002.1", "y"), ("002.1", "b1_2")]
)
def test_a_given_number_that_was_misread_is_named(key, name, text):
    question = questions[key].variant(text)
    for wrong in (0.0, -question.numbers[name], round(question.numbers[name] + 1.7, 2)):
        feedback = says(question, table_of(question, {name: wrong}))
        assert f"`{name}`" in feedback.message and len(feedback.mistakes) <= 3, str(feedback)


@pytest.mark.parametrize("text", VARIANTS[1:])
def test_numbers_that_were_exchanged_or_taken_in_another_order(text):
    question = questions["003.1b"].variant(text)
    n = question.numbers
    assert "`w1` and `w4` were exchanged" in says(question, table_of(question, {"w1": n["w4"], "w4": n["w1"]})).message
    turned = {f"delta{j}": f"delta4*w{10 - j}*a{j}*(1 - a{j})" for j in (1, 2, 3)}
    assert "another order" in says(question, table_of(question, lines=turned)).message
    beside = {f"dw{6 + j}": f"delta4*w{6 + j}" for j in (1, 2, 3)}
    assert (
        "the weights `w7`, `w8` and `w9` stand where the activations"
        in says(question, table_of(question, lines=beside)).message
    )


def test_a_step_from_another_old_value():
    question = questions["003.1b"].variant("ada")
    feedback = says(question, {**question.truth, "w5": question.truth["w5"] + 0.5})
    assert feedback.mistake == "old_value" and "`w5` is right, but it starts from another value" in feedback.message


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("text", VARIANTS[1:])
def test_rounding_on_the_way_is_called_so(digits, text):
    question = questions["003.1b"].variant(text)
    values = question.working.values(
        question.numbers,
        carried=lambda line, value: round(value, digits) if line.startswith(("a", "d")) else value,
    )
    assert says(question, question.table(values)).mistake == "rounded"


@pytest.mark.parametrize("text", VARIANTS)
@pytest.mark.parametrize("key", ["002.1", "04.eta", "003.1a", "003.1b"])
def test_of_what_nobody_knows_no_cause_is_invented(key, text):
    """Every entry is off by another part of itself: no single thing explains that."""
    question = questions[key].variant(text)
    table = {
        name: value + (0.0123 + 0.0317 * number) * (value - (question.old(name) or 0) or 0.01)
        for number, (name, value) in enumerate(question.truth.items())
    }
    feedback = says(question, table)
    assert feedback.mistake in ("unknown", "follow_up"), str(feedback)
    assert "another reason" not in feedback.message


@pytest.mark.parametrize("key", ["002.1", "04.eta", "003.1a", "003.1b"])
def test_a_hint_waits_until_the_same_mistake_comes_again(key):
    question = questions[key].variant("ada")
    question.forget()
    one, two = (table_of(question, {"eta": eta}) for eta in (3.0, 4.0))
    if one != two:
        messages = [question.check(table, record=False).message for table in (one, two, two)]
        assert [("Hint:" in message) for message in messages] == [False, False, True]


@pytest.mark.parametrize("key", ["002.1", "04.eta", "003.1a", "003.1b"])
def test_names_of_lines_that_no_notebook_has_are_not_used(key):
    question = questions[key].variant("ada")
    for change in question.working.changes:
        sentence = words_of(question).sentence(change)
        assert "error" not in sentence and "_new" not in sentence.replace("b2_1_new", "").replace("w13_1_new", ""), (
            sentence
        )


# --------------------------------------------------------------------------------------- gradients


@pytest.mark.parametrize(
    "key, lines, said",
    [
        ("04.matrix", {"delta1": "(W2.T @ delta2)*z1*(1 - z1)"}, "z1(1 − z1), with the pre-activation"),
        ("04.matrix", {"delta1": "(W2.T @ delta2)*(1 - a1**2)"}, "the rule of tanh"),
        ("04.matrix", {"dW2": "outer(delta2, W2)"}, "stands where the activation `a1` belongs"),
        ("004.1", {"e": "L"}, "stands the loss `L` itself"),
        ("004.1", {"delta": "e * W2[0] * a*1 - a"}, "`a*1 - a` is not a(1 − a)"),
        ("004.1", {"delta": "e * (W2[0] - 0.3*e*a) * a*(1 - a)"}, "the new values of the weight matrix `W2`"),
        ("07.batch_gradients", {"D": "outer(e, W2[0]) * Z*(1 - Z)"}, "Z(1 − Z), with the pre-activation"),
        ("003.2.backward", {"delta": "G*Z"}, "`Z` stands where the slope of ReLU (0 or 1) of it belongs"),
        ("003.2.backward", {"db": "(delta.T @ X) @ ones_like(X[0])"}, "the input `X` stands too"),
    ],
)
def test_a_change_of_the_backward_pass_is_named(key, lines, said):
    question = questions[key]
    question.forget()
    feedback = question.check(with_lines(question, lines), record=False)
    assert said in feedback.message, str(feedback)


# ------------------------------------------------------------------------------------ bumps and towers


def sigma(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize(
    "weight, bias, said",
    [
        (50, 30, "x = −0.6"),
        (500, 12, "the bias is 12, not 30"),
        (80, 4.8, "the weight of `x` is 80, not 500"),
        (500, 420, "x = −0.84"),
    ],
)
def test_a_step_is_read_from_its_values(weight, bias, said):
    found = bump_plots.check_bump(
        h11=lambda x: sigma(weight * x + bias),
        h12=lambda x: sigma(500 * x - 30),
        h21=lambda x: sigma(weight * x + bias) - sigma(500 * x - 30),
    )
    assert said in found["h11"].message and "scale" not in found["h11"].message
    assert found["h12"].status == "correct" and "`h11` is not right yet" in found["h21"].message


@pytest.mark.parametrize("function", [lambda x: 1.0, lambda x: sigma(500 * x**2 + 30), lambda x: 0.25])
def test_a_function_without_a_step_is_called_constant(function):
    message = bump_plots.check_bump(h11=function)["h11"].message
    assert "constant" in message and "multiplies the bias" not in message


@pytest.mark.parametrize(
    "name, function, said",
    [
        ("h13", lambda s, x1, x2: sigma(50 * x1 + 3 * x2 + 100), "the weight of `x2` is 3, not 1"),
        ("h12", lambda s, x1, x2: sigma(x1 + 50 * x2 - 10), "the bias is −10, not −100"),
        ("h22", lambda s, x1, x2: s["h13"] - s["h11"], "`h11` stands where `h14` should"),
        ("h31", lambda s, x1, x2: s["h11"] - s["h12"] + s["h13"], "`h14` is missing"),
        ("h31", lambda s, x1, x2: sigma(s["h11"] - s["h12"] + s["h13"] - s["h14"]), "has no activation"),
        ("f", lambda s, x1, x2: sigma(20 * (s["h11"] - s["h12"] + s["h13"] - s["h14"]) - 50), "is 20, not 100"),
        ("f", lambda s, x1, x2: sigma(100 * (s["h13"] - s["h14"]) - 200), "stands `h22`"),
    ],
)
def test_a_part_of_the_tower_is_read_from_its_values(name, function, said):
    def steps(x1, x2):
        return {
            "h11": sigma(x1 + 50 * x2 + 100),
            "h12": sigma(x1 + 50 * x2 - 100),
            "h13": sigma(50 * x1 + x2 + 100),
            "h14": sigma(50 * x1 + x2 - 100),
        }

    feedback = bump_plots.check_tower(**{name: lambda x1, x2: function(steps(x1, x2), x1, x2)})[name]
    assert feedback.status == "wrong" and said in feedback.message, str(feedback)


def neuron(x, w, b):
    return 1 / (1 + math.exp(-(w * x + b)))


def h11(x):
    return neuron(x, 500, 30)


def h12(x):
    return neuron(x, 500, -30)


def test_steps_that_are_called_and_right_leave_one_cause_for_a_bump_that_points_down():
    def down(x):
        return h12(x) - h11(x)

    found = bump_plots.check_bump(h11=h11, h12=h12, h21=down)["h21"]
    assert found.mistake == "reverse" and "bracket" not in found.message and "reverse order" in found.message

    def own(x):
        return neuron(x, 500, -30) - neuron(x, 500, 30)

    assert bump_plots.check_bump(h11=h11, h12=h12, h21=own)["h21"].mistake == "paren|no_minus|reverse"
    assert bump_plots.check_bump(h21=down)["h21"].mistake == "paren|no_minus|reverse"
    assert bump_plots.check_bump(h11=h11, h12=h12, h21=lambda x: h11(x) - h12(x))["h21"].status == "correct"


def test_steps_that_have_changed_places_are_read_although_math_exp_overflows_far_out():
    found = bump_plots.check_bump(h11=h12, h12=h11, h21=lambda x: h11(x) - h12(x))
    assert "σ(500·x − 30): the bias is −30, not 30" in found["h11"].message
    assert "σ(500·x + 30): the bias is 30, not −30" in found["h12"].message


def test_the_cross_waits_for_its_step():
    def h13(x1, x2):
        return sigma(x1 + 50 * x2 + 100)

    def h31(x1, x2):
        return sigma(x1 + 50 * x2 + 100) - sigma(x1 + 50 * x2 - 100) + h13(x1, x2) - sigma(50 * x1 + x2 - 100)

    found = bump_plots.check_tower(h13=h13, h31=h31, f=lambda x1, x2: sigma(100 * h31(x1, x2) - 200))
    assert found["h13"].mistake == "swap" and found["h31"].mistake == found["f"].mistake == "follows"
    assert "`h31` is made of `h13`, and `h13` is not right yet" in found["h31"].message


# ------------------------------------------------------------------------------------------ code


@pytest.mark.parametrize(
    "key, function, said",
    [
        ("003.2.accuracy", lambda y, yhat: np.sum(y == yhat) / 250, "divided by 250, whatever"),
        ("003.2.cost", lambda z, y: np.sum(np.log(1 + np.exp(z)) - y * z) / 32, "divided by 32, whatever"),
        (
            "003.3.ce",
            lambda Z, y: np.sum(np.log(np.exp(Z).sum(1)) - Z[range(len(y)), y]) / 64,
            "divided by 64, whatever",
        ),
        ("003.3.slope", lambda Z, Y: (np.exp(Z) / np.exp(Z).sum(1, keepdims=True) - Y) / 8, "divided by 8, whatever"),
        ("003.3.perclass", lambda C: tuple(np.round(v, 3) for v in mnist_multiclass._per_class(C)), "but rounded"),
        (
            "003.3.perclass",
            lambda C: tuple(1 - v for v in mnist_multiclass._per_class(C)),
            "one minus the right answer",
        ),
        ("003.3.softmax", lambda Z: np.exp(Z) / sum(np.exp(Z)), "wrong axis"),
    ],
)
def test_what_is_written_out_or_scaled_is_named(key, function, said):
    question = questions[key]
    question.forget()
    assert said in question.check(function, record=False).message


def test_a_sign_that_is_right_by_accident_is_no_fixed_size():
    def absolute(x, y, W1, b1, W2, b2):
        a1 = sigma(W1 @ x + b1)
        a2 = sigma(W2 @ a1 + b2)
        delta2 = abs(a2 - y) * a2 * (1 - a2)
        delta1 = (W2.T @ delta2) * a1 * (1 - a1)
        return {"W1": np.outer(delta1, x), "b1": delta1, "W2": np.outer(delta2, a1), "b2": delta2}

    assert "sizes" not in questions["04.matrix"].check(absolute, record=False).message
