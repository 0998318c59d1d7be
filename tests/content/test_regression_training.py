"""Notebook 07: training loops as students write them, and Adam. What is wrong is named, what is right in an odd form passes."""

import numpy as np
import pytest
from right_forms import adam_in_one_vector, batch_cost, batch_gradients, loop_by_hand

from helpers.assignments import regression
from helpers.networks import curve_fit

DESCENT = """
def my_training(X, y, start, rate, epochs):
    parameters, costs = dict(start), []
    for t in range(epochs):
        g = gradients(*parameters.values(), X, y)
        for name in parameters:
            parameters[name] = parameters[name] - rate * g[name]
        costs.append(cost(*parameters.values(), X, y))
    return parameters, costs
"""
ADAM = """
def my_adam(X, y, start, rate, epochs):
    parameters, costs = dict(start), []
    m = {name: 0 for name in start}
    s = {name: 0 for name in start}
    for t in range(1, epochs + 1):
        g = gradients(*parameters.values(), X, y)
        for name in parameters:
            m[name] = 0.9 * m[name] + 0.1 * g[name]
            s[name] = 0.999 * s[name] + 0.001 * g[name] ** 2
            m_hat = m[name] / (1 - 0.9**t)
            s_hat = s[name] / (1 - 0.999**t)
            parameters[name] = parameters[name] - rate * m_hat / (np.sqrt(s_hat) + 1e-8)
        costs.append(cost(*parameters.values(), X, y))
    return parameters, costs
"""
TRAINING = regression.training, DESCENT, "my_training"
WITH_ADAM = regression.adam, ADAM, "my_adam"


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in regression.questions:
        question.forget()


def written(program, *changes):
    """What a student wrote, with other lines in the place of some: each change is (what stands there, what they wrote)."""
    _, text, name = program
    for there, wrote in changes:
        assert text.count(there) == 1, there
        text = text.replace(there, wrote)
    known = {"np": np, "gradients": batch_gradients, "cost": batch_cost}
    exec(text, known)
    return known[name]


def feedback_on(program, *changes):
    return program[0].check(written(program, *changes))


# ---- right ------------------------------------------------------------------------------------------------------------

LOOP = "            parameters[name] = parameters[name] - rate * g[name]\n"


RIGHT_DESCENT = [
    loop_by_hand,
    written(TRAINING),
    written(
        TRAINING,
        ("dict(start), []", "{name: np.copy(value) for name, value in start.items()}, []"),
        (LOOP, "            parameters[name] -= rate * g[name]\n"),
    ),
    written(TRAINING, ("        for name in parameters:\n" + LOOP, "        parameters = {name: parameters[name] - rate * g[name] for name in g}\n")),
    written(TRAINING, ("return parameters, costs", "return [parameters, np.array(costs)]")),
    written(TRAINING, ("return parameters, costs", "return {name: np.asarray(parameters[name]).tolist() for name in parameters}, costs")),
    written(TRAINING, ("return parameters, costs", "return parameters | {'b2': np.array([parameters['b2']])}, tuple(costs)")),
]  # fmt: skip
RIGHT_ADAM = [
    adam_in_one_vector,
    written(WITH_ADAM),
    written(WITH_ADAM, ("0.9 * m[name] + 0.1 * g[name]", "m[name] - (1 - 0.9) * (m[name] - g[name])"), ("g[name] ** 2", "np.square(g[name])")),
    written(WITH_ADAM, ("m = {name: 0 for", "m = {name: np.zeros_like(start[name]) for")),
    # The order of computation that the paper recommends, with ε before the correction.
    written(
        WITH_ADAM,
        ("rate * m_hat", "rate * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t) * m[name]"),
        ("np.sqrt(s_hat) + 1e-8", "s[name] ** 0.5 + 1e-8"),
    ),
    written(WITH_ADAM, ("range(1, epochs + 1)", "range(epochs)"), ("0.9**t)", "0.9 ** (t + 1))"), ("0.999**t)", "0.999 ** (t + 1))")),
    written(WITH_ADAM, ("- rate * m_hat", "+ -rate * m_hat"), ("return parameters, costs", "return tuple(parameters.values()), costs")),
]  # fmt: skip


@pytest.mark.parametrize("answer", RIGHT_DESCENT)
def test_right_loops_in_odd_forms(answer):
    feedback = regression.training.check(answer)
    assert feedback.status == "correct" and "changes" not in feedback.message, str(feedback)


@pytest.mark.parametrize("answer", RIGHT_ADAM)
def test_right_adams_in_odd_forms(answer):
    feedback = regression.adam.check(answer)
    assert feedback.status == "correct" and "changes" not in feedback.message, str(feedback)


def test_the_reference_is_the_training_of_the_course():
    """Against helpers.networks.curve_fit, which a test holds to the engine's network and to the browser."""
    x, y, start = curve_fit.printed(seed=3)
    for question, settings in (
        (regression.training, curve_fit.Settings(seed=3, rate=0.1)),
        (regression.adam, curve_fit.Settings(seed=3, rate=0.05, optimiser="Adam")),
    ):
        *parameters, costs = question.reference(x[:, np.newaxis], y, start, settings.rate, 60)
        run = curve_fit.train(settings, 60)
        np.testing.assert_allclose(costs, run.costs[1:], rtol=1e-9)
        for mine, theirs in zip(parameters, curve_fit.shaped(run.theta).values(), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-8)


# ---- wrong, in every loop -----------------------------------------------------------------------------------------------

GRADIENT = "        g = gradients(*parameters.values(), X, y)\n"
COST = "        costs.append(cost(*parameters.values(), X, y))\n"


@pytest.mark.parametrize("program", [TRAINING, WITH_ADAM], ids=["descent", "adam"])
@pytest.mark.parametrize("mistake, changes", [
    ("uphill", [("= parameters[name] - rate", "= parameters[name] + rate")]),
    ("one_after_the_other", [(GRADIENT, ""), ("        for name in parameters:\n", "        for name in parameters:\n    " + GRADIENT)]),
    ("gradient_of_the_start", [("gradients(*parameters", "gradients(*start")]),
    ("gradient_of_the_start", [("    for t in", "    g = gradients(*start.values(), X, y)\n    for t in"), (GRADIENT, "")]),
    ("not_moved", [("parameters[name] = parameters", "new = parameters")]),
    ("one_epoch", [("    return parameters", "        return parameters")]),
    ("cost_before", [(COST, ""), (GRADIENT, COST + GRADIENT)]),
    ("cost_of_the_start", [("cost(*parameters", "cost(*start")]),
    ("cost_of_the_start_too", [("[]", "[cost(*start.values(), X, y)]")]),
    ("last_cost_only", [(COST, ""), ("    return", "    costs = cost(*parameters.values(), X, y)\n    return")]),
    ("last_cost_only", [(COST, COST[4:])]),
    ("cost_summed", [("costs.append(cost(", "costs.append(len(y) * cost(")]),
    ("b2_kept", [("        for name in parameters:", "        for name in ('W1', 'b1', 'W2'):")]),
    ("b1_b2_kept", [("        for name in parameters:", "        for name in ('W1', 'W2'):")]),
    ("W1_b1_kept", [("        for name in parameters:", "        for name in ('W2', 'b2'):")]),
    ("old_value_lost", [("= parameters[name] - rate", "= rate")]),
    ("from_the_start", [("= parameters[name] - rate", "= start[name] - rate")]),
    ("fixed_rate", [("- rate *", "- 0.01 *")]),
    ("start_replaced", [("dict(start)", "start")]),
    ("start_in_place", [("parameters[name] = parameters[name] - ", "parameters[name] -= ")]),
])  # fmt: skip
def test_a_mistake_that_every_loop_may_have(program, mistake, changes):
    feedback = feedback_on(program, *changes)
    assert feedback.status == "wrong" and feedback.mistakes == (mistake,), str(feedback)


@pytest.mark.parametrize("mistake, changes", [
    ("no_learning_rate", [("- rate * g[name]", "- g[name]")]),
    ("begins_again", [("dict(start), []\n", "{}, []\n"), (GRADIENT, "        parameters = dict(start)\n" + GRADIENT)]),
    ("one_epoch_less", [("range(epochs)", "range(1, epochs)")]),
    ("one_epoch_more", [("range(epochs)", "range(epochs + 1)")]),
    ("fixed_epochs", [("range(epochs)", "range(100)")]),
    ("mean_twice", [("rate * g[name]", "rate / len(y) * g[name]")]),
    ("sum_for_mean", [("rate * g[name]", "len(y) * rate * g[name]")]),
    ("after_each_example", [
        (GRADIENT, "        for i in range(len(y)):\n            g = gradients(*parameters.values(), X[i:i + 1], y[i:i + 1])\n"),
        ("        for name in parameters:\n" + LOOP, "            for name in parameters:\n    " + LOOP),
    ]),
    ("gradients_added_up", [
        ("    for t in", "    total = dict.fromkeys(start, 0)\n    for t in"),
        (LOOP, "            total[name] = total[name] + g[name]\n" + LOOP.replace("g[name]", "total[name]")),
    ]),
])  # fmt: skip
def test_a_mistake_in_gradient_descent(mistake, changes):
    feedback = feedback_on(TRAINING, *changes)
    assert feedback.status == "wrong" and feedback.mistakes == (mistake,), str(feedback)


def test_a_loop_variable_that_takes_the_steps():
    """The arrays are written into, which moves them; the number b2 is not."""
    wrote = "        for p, d in zip(parameters.values(), g.values()):\n            p -= rate * d\n"
    feedback = feedback_on(TRAINING, ("        for name in parameters:\n" + LOOP, wrote))
    assert feedback.mistakes == ("b2_kept",) and "loop variable" in feedback.message


# ---- wrong, in Adam -----------------------------------------------------------------------------------------------------

MEANS = "    m = {name: 0 for name in start}\n    s = {name: 0 for name in start}\n"
KEPT = "    for t in range(1, epochs + 1):\n"


@pytest.mark.parametrize("mistake, changes", [
    ("no_learning_rate", [("rate * m_hat", "m_hat")]),
    ("no_correction", [("m[name] / (1 - 0.9**t)", "m[name]"), ("s[name] / (1 - 0.999**t)", "s[name]")]),
    ("m_not_corrected", [("m[name] / (1 - 0.9**t)", "m[name]")]),
    ("s_not_corrected", [("s[name] / (1 - 0.999**t)", "s[name]")]),
    ("t_from_0", [("range(1, epochs + 1)", "range(epochs)")]),
    ("t_from_2", [("range(1, epochs + 1)", "range(2, epochs + 2)")]),
    ("t_stands_still", [("0.9**t", "0.9"), ("0.999**t", "0.999")]),
    ("beta_times_t", [("0.9**t", "0.9 * t"), ("0.999**t", "0.999 * t")]),
    ("power_outside", [("(1 - 0.9**t)", "(1 - 0.9) ** t")]),
    ("power_outside", [("(1 - 0.9**t)", "(1 - 0.9) ** t"), ("(1 - 0.999**t)", "(1 - 0.999) ** t")]),
    ("other_numbers", [("0.999 * s[name] + 0.001", "0.99 * s[name] + 0.01"), ("0.999**t", "0.99**t")]),
    ("corrections_exchanged", [("(1 - 0.9**t)", "(1 - 0.999 ** t)"), ("(1 - 0.999**t)", "(1 - 0.9 ** t)")]),
    ("corrected_stored", [("m_hat = m[name] /", "m_hat = m[name] = m[name] /"), ("s_hat = s[name] /", "s_hat = s[name] = s[name] /")]),
    ("betas_exchanged", [("0.9 * m[name] + 0.1 *", "0.999 * m[name] + 0.001 *"), ("0.999 * s[name] + 0.001 *", "0.9 * s[name] + 0.1 *")]),
    ("shares_exchanged", [("0.9 * m[name] + 0.1 *", "0.1 * m[name] + 0.9 *"), ("0.999 * s[name] + 0.001 *", "0.001 * s[name] + 0.999 *")]),
    ("m_shares_exchanged", [("0.9 * m[name] + 0.1 *", "0.1 * m[name] + 0.9 *")]),
    ("s_shares_exchanged", [("0.999 * s[name] + 0.001 *", "0.001 * s[name] + 0.999 *")]),
    ("share_squared", [("0.001 * g[name] ** 2", "(0.001 * g[name]) ** 2")]),
    ("t_counts_parameters", [
        ("    for t in range(1, epochs + 1):\n", "    t = 0\n    for epoch in range(epochs):\n"),
        ("        for name in parameters:\n", "        for name in parameters:\n            t += 1\n"),
    ]),
    ("plain_descent", [("rate * m_hat / (np.sqrt(s_hat) + 1e-8)", "rate * g[name]")]),
    ("m_adds_up", [("0.1 * g[name]", "g[name]")]),
    ("s_adds_up", [("0.001 * g[name]", "g[name]")]),
    ("both_add_up", [("0.1 * g[name]", "g[name]"), ("0.001 * g[name]", "g[name]")]),
    ("not_squared", [("g[name] ** 2", "g[name]")]),
    ("absolute", [("g[name] ** 2", "abs(g[name])")]),
    ("no_root", [("np.sqrt(s_hat)", "s_hat")]),
    ("root_of_m", [("rate * m_hat", "rate * np.sqrt(m_hat)")]),
    ("root_of_m_alone", [("rate * m_hat", "rate * np.sqrt(m_hat)"), ("np.sqrt(s_hat)", "s_hat")]),
    ("gradient_for_m", [("rate * m_hat", "rate * g[name]")]),
    ("not_kept", [(MEANS, ""), (KEPT, KEPT + MEANS.replace("    m", "        m").replace("    s", "        s"))]),
    ("not_kept", [("0.9 * m[name] + ", ""), ("0.999 * s[name] + ", "")]),
    ("m_not_kept", [("            m[name] = 0.9 * m[name] + 0.1 * g[name]\n", ""), ("m[name] / (1", "(0.9 * m[name] + 0.1 * g[name]) / (1")]),
    ("s_not_kept", [("0.999 * s[name] + ", "")]),
    ("same_means", [(MEANS, "    m = s = {name: 0 for name in start}\n")]),
    ("epsilon_inside", [("(np.sqrt(s_hat) + 1e-8)", "np.sqrt(s_hat + 1e-8)")]),
    ("epsilon_1e-7", [("1e-8", "10e-8")]),
    ("epsilon_missing", [("(np.sqrt(s_hat) + 1e-8)", "np.sqrt(s_hat)")]),
    ("epsilon_missing", [("(np.sqrt(s_hat) + 1e-8)", "np.sqrt(s_hat) + 1e-8")]),
])  # fmt: skip
def test_a_mistake_in_adam(mistake, changes):
    feedback = feedback_on(WITH_ADAM, *changes)
    assert feedback.status == "wrong" and feedback.mistakes == (mistake,), str(feedback)


def test_another_epsilon_shows_where_gradients_are_small():
    feedback = feedback_on(WITH_ADAM, ("1e-8", "1e-3"))
    assert feedback.status == "wrong" and feedback.mistake != "epsilon_inside", str(feedback)
    feedback = feedback_on(WITH_ADAM, ("1e-8", "1e-6"))
    assert feedback.mistake == "small_gradients" and "divide" in feedback_on(WITH_ADAM, ("1e-8", "1e-6")).message


@pytest.mark.parametrize("changes", [
    [("(1 - 0.9**t)", "(1 - t**0.9)"), ("(1 - 0.999**t)", "(1 - t**0.999)")],
    [("(1 - 0.999**t)", "(0.999**t - 1)")],
])  # fmt: skip
def test_nan_has_more_than_one_cause(changes):
    """Where t is counted from 1, nothing says that it is not."""
    feedback = feedback_on(WITH_ADAM, *changes)
    assert feedback.mistakes == ("t_from_0",) and "Two slips do that" in feedback.message, str(feedback)


def test_shares_that_do_not_fit_are_not_said_to_be_missing():
    """A tenfold square alone moves as a whole gradient and a whole square do."""
    feedback = feedback_on(WITH_ADAM, ("0.001 * g[name]", "0.01 * g[name]"))
    assert feedback.status == "wrong" and "left out or mistyped" in feedback.message, str(feedback)


def test_means_that_all_parameters_share_do_not_fit():
    """One m for four parameters of different shapes."""
    feedback = feedback_on(
        WITH_ADAM,
        (MEANS, "    m, s = 0, 0\n"),
        ("m[name] = 0.9 * m[name]", "m = 0.9 * m"), ("s[name] = 0.999 * s[name]", "s = 0.999 * s"),
        ("m[name] / (1", "m / (1"), ("s[name] / (1", "s / (1"),
    )  # fmt: skip
    assert feedback.status == "error" and "an m and an s of its own" in feedback.message


# ---- what came back ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", [TRAINING, WITH_ADAM], ids=["descent", "adam"])
@pytest.mark.parametrize("returned, mistake, said", [
    ("parameters", "number_of_results", "`return parameters, costs`"),
    ("costs", "number_of_results", "`return parameters, costs`"),
    ("costs, parameters", "number_of_results", "`return parameters, costs`"),
    ("{'W1': parameters['W1']}, costs", "missing_names", "has no `b1`, `W2` and `b2`"),
    ("parameters, 'low'", "not_a_number", "`costs`"),
])  # fmt: skip
def test_what_is_returned_must_be_two_things(program, returned, mistake, said):
    feedback = feedback_on(program, ("return parameters, costs", f"return {returned}"))
    assert feedback.mistake == mistake and said in feedback.message, str(feedback)


@pytest.mark.parametrize("program", [TRAINING, WITH_ADAM], ids=["descent", "adam"])
def test_a_stub_is_not_attempted(program):
    question, _, _ = program
    assert question.check(lambda X, y, start, rate, epochs: ...).status == "not attempted"
    assert question.check(lambda X, y, start, rate, epochs: (dict(start), ...)).status == "not attempted"


def test_the_own_loop_is_used_and_gives_what_the_course_gives():
    x, y, start = curve_fit.printed(seed=1)
    for question, right in ((regression.training, loop_by_hand), (regression.adam, adam_in_one_vector)):
        question._theirs = None
        course = question.use()(x[:, np.newaxis], y, start, 0.05, 5)
        assert question.check(right, record=False) and question.check(right)
        own = question.use()(x[:, np.newaxis], y, start, 0.05, 5)
        assert question._theirs and list(own[0]) == list(course[0]) == ["W1", "b1", "W2", "b2"]
        for name in start:
            np.testing.assert_allclose(own[0][name], course[0][name], rtol=1e-10)
            assert np.shape(own[0][name]) == np.shape(start[name])
        np.testing.assert_allclose(own[1], course[1], rtol=1e-10)
        question._theirs = None
