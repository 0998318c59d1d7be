"""The forward and backward pass of the small network, every quantity by its name (02.backward), and its vector form
(02.layers)."""

import numpy as np
import pytest
from right_forms import layer_gradients, network_passes, numerical_gradient

from helpers import check_log
from helpers.assignments import questions

NUMBERS, LAYERS = questions["02.backward"], questions["02.layers"]
RIGHT = {"02.backward": network_passes, "02.layers": layer_gradients}
every_key = pytest.mark.parametrize("key", RIGHT)


@pytest.fixture(autouse=True)
def fresh_counters():
    for key in RIGHT:
        questions[key].forget()


def program(**other):
    """The backward pass line by line, as a student writes it, with other lines in the place of some."""
    lines = {
        "z1": "w1*x + b1", "a1": "1/(1 + exp(-z1))", "z2": "w2*a1 + b2", "yhat": "1/(1 + exp(-z2))",
        "at_z2": "yhat*(1 - yhat)", "at_w2": "at_z2*a1", "at_b2": "at_z2", "at_a1": "at_z2*w2",
        "at_z1": "at_a1*a1*(1 - a1)", "at_w1": "at_z1*x", "at_b1": "at_z1", "at_x": "at_z1*w1",
    }  # fmt: skip

    def passes(x, w1, b1, w2, b2):
        known = {"x": x, "w1": w1, "b1": b1, "w2": w2, "b2": b2, "exp": np.exp}
        for name, line in (lines | other).items():
            known[name] = eval(line, {}, known)
        return {name: known[name] for name in lines}

    return passes


@every_key
def test_every_gradient_is_what_moving_its_quantity_does(key):
    """Against central differences in the forward pass alone; a quantity on the way is held fixed for that."""
    question = questions[key]
    gradients = {name: quantity for name, quantity in question.by.items() if quantity}
    assert {"at_z2", "at_a1", "at_z1"} < set(gradients)
    for point, truth in zip(question.points, question.truth, strict=True):
        for name, quantity in gradients.items():
            start = np.asarray({**question.working.values(point), **point}[quantity])

            def output(value, point=point, quantity=quantity):
                value = value if value.ndim else value.item()
                moved = {"numbers": {**point, quantity: value}, "fixed": {quantity: value}}
                return float(question.working.values(**moved)["yhat"])

            assert truth[name].shape == start.shape
            np.testing.assert_allclose(truth[name], numerical_gradient(output, start, 1e-5), rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize(
    "line, mistake, said",
    [
        ({"z1": "w1*x"}, "missing_term", "In the line of `z1` the bias `b1` is missing"),
        ({"z1": "w1*x", "z2": "w2*a1"}, "no_bias", "The biases are missing"),
        ({"z2": "w2*z1 + b2"}, "other_names", "In the line of `z2` the pre-activation `z1` stands where"),
        ({"yhat": "z2"}, "missing_function", "where σ of it belongs"),
        ({"at_z2": "1"}, "no_outer_prime", "the link from z2 to ŷ has a slope"),
        ({"at_z2": "z2*(1 - z2)"}, "slope_at", "z2(1 − z2), with the pre-activation"),
        ({"at_z2": "1 - yhat**2", "at_z1": "at_a1*(1 - a1**2)"}, "slope_of_tanh", "the rule of tanh"),
        ({"at_w2": "at_z2*z1"}, "other_names", "stands where the activation `a1` belongs"),
        ({"at_w2": "at_z2*w2"}, "not_swapped", "times the *other* factor"),
        ({"at_b2": "1"}, "bias_one", "is not 1"),
        ({"at_a1": "at_z2"}, "missing_factor", "In the line of `at_a1` the weight `w2` is missing"),
        ({"at_z1": "at_a1"}, "slope_missing", "the slope `a1*(1 - a1)`, is missing"),
        ({"at_z1": "a1*(1 - a1)"}, "upstream_lost", "begun anew"),
        ({"at_z1": "-at_a1*a1*(1 - a1)"}, "sign", "In the line of `at_z1` the sign is wrong"),
        ({"at_w1": "at_a1*x"}, "hidden_passed_by", "it needs the one at z1"),
        ({"at_w1": "at_z2*x", "at_b1": "at_z2", "at_x": "at_z2*w1"}, "wrong_upstream", "the gradient at z2"),
        ({"at_x": "at_z1*x"}, "not_swapped_below", "In z1 = w1 x + b1"),
    ],
)
def test_a_slip_in_a_line_is_named_with_its_line(line, mistake, said):
    feedback = NUMBERS.check(program(**line))
    assert feedback.status == "wrong" and feedback.mistake == mistake and said in feedback.message, str(feedback)
    first = next(iter(line))
    off = [name for name, mark in feedback.entries.items() if mark == "off"]
    assert off[0] == first and feedback.message.startswith(f"`{first}`")


def test_what_is_right_so_far_is_said():
    done = ("z1", "a1", "z2", "yhat", "at_z2", "at_w2", "at_b2", "at_a1")

    def half(*numbers):
        return {name: value if name in done else ... for name, value in program()(*numbers).items()}

    feedback = NUMBERS.check(half)
    assert feedback.mistake == "incomplete" and "Right so far: `z1`" in feedback.message
    assert "`at_z1`" in feedback.message.split("Still missing: ")[1]

    def untouched(*_):
        return dict.fromkeys(NUMBERS.entries, ...)

    assert NUMBERS.check(untouched).status == "not attempted"


def test_an_unknown_error_is_placed_in_its_pass():
    feedback = NUMBERS.check(program(a1="exp(-z1**2) + z1/7"))
    assert (
        feedback.mistake == "unknown"
        and "`a1`: begin with this one, the first of them in the forward pass" in feedback.message
    )
    feedback = NUMBERS.check(program(at_a1="at_z2**3 + a1/7"))
    assert "`at_a1`: begin with this one, the first of them in the backward pass" in feedback.message
    assert "`at_z2` is right, as the right gradients show" in feedback.message


def test_new_values_are_no_gradients():
    given = ("w1", "b1", "w2", "b2")
    moved = {f"at_{name}": f"{name} + 0.5*({line})" for name, line in
             zip(given, ("at_z1*x", "at_z1", "at_z2*a1", "at_z2"), strict=True)}  # fmt: skip
    assert NUMBERS.check(program(**moved, at_x="x + 0.5*at_z1*w1")).mistake == "new_values"


@pytest.mark.parametrize(
    "change, mistake",
    [
        (lambda g: {**g, "at_W1": g["at_W1"].T}, "transpose"),
        (lambda g: {**g, "at_b1": g["at_b1"].sum()}, "summed"),
        (lambda g: {**g, "at_b1": np.ones_like(g["at_b1"])}, "bias_one"),
        (lambda g: {**g, "at_W1": g["at_z1"]}, "missing_x"),
        (lambda g: {**g, "at_w2": -g["at_w2"]}, "sign"),
        (lambda g: {**g, "at_W1": g["at_x"], "at_x": g["at_W1"]}, "swapped"),
    ],
)
def test_what_happens_to_shapes_is_named(change, mistake):
    feedback = LAYERS.check(lambda *point: change(layer_gradients(*point)))
    assert feedback.status == "wrong" and feedback.mistake == mistake, str(feedback)


@every_key
def test_what_is_used_later_has_the_names_of_the_entries(key, monkeypatch, capsys):
    question = questions[key]
    monkeypatch.setattr(question, "_theirs", None)
    point = question.points[0]
    for _ in range(2):  # the course's, then one that returns a tuple
        used = question.use()(*point.values())
        assert list(used) == list(question.entries)
        assert all(np.allclose(used[name], question.truth[0][name]) for name in used)
        assert question.check(lambda *values: tuple(RIGHT[key](*values).values())).status == "correct"
    assert capsys.readouterr().out.count("your own function") == 1


@pytest.mark.parametrize(
    "key, lines",
    [
        ("002.3.1", ["df/dz", "d/dz((1 + e^-z)^-1)", "diff((1 + exp(-z))^-1, z)", "σ'(z)", "dsigma(z)", "f(1 - f)"]),
        ("002.3.1", ["∂f/∂z", "diff(f, z)", "sigma(z)*(1 - sigma(z))   # words"]),
        ("000.2.a", ["dE/ds * ds/dz1 * dz1/da", "2*s*(1 - s)*u", "2 s (1 - s) u"]),
        ("001.2.4", ["dyhat/dz2 * dz2/da1 * da1/dz1 * dz1/dw1", "σ'(z2) w2 σ'(z1) x"]),
        ("001.2.3", ["φ'(z2) w2 φ'(z1) w1"]),
    ],
)
def test_lines_may_be_written_as_the_notebook_says(key, lines):
    feedback = questions[key].check_steps(lines, record=False)
    assert feedback.status == "correct", str(feedback)


def test_lines_can_be_looked_at_without_a_record(monkeypatch):
    """The printed errors of the notebook are no attempts of the student's."""
    seen = []
    monkeypatch.setattr(check_log, "record", lambda key, *_: seen.append(key))
    question = questions["000.2.c"]
    assert question.check_steps(["1"], record=False).status == "wrong" and not seen
    assert question.check_steps(["1"]).status == "wrong" and seen == ["000.2.c.lines"]
