"""Exercises answered with a function that returns several gradients (004.1, 04.matrix, 07.batch_gradients),
and the gradient check (04.gradient_check)."""

import json
import pathlib

import numpy as np
import pytest
from listed import CHANGES, as_function
from right_forms import batch_gradients, matrix_form, numerical_gradient, regression_gradients

from helpers.assignments import questions
from tests.symbolic import proved_lines

_FILE = pathlib.Path(__file__).parent / "printed_tables.json"
PRINTED = json.loads(_FILE.read_text(encoding="utf-8"))["004.1"]
KEYS = ("004.1", "04.matrix", "07.batch_gradients")
RIGHT = {"004.1": regression_gradients, "04.matrix": matrix_form, "07.batch_gradients": batch_gradients}
every_key = pytest.mark.parametrize("key", KEYS)
check = questions["04.gradient_check"]


@pytest.fixture(autouse=True)
def fresh_counters():
    for key in (*KEYS, "04.gradient_check"):
        questions[key].forget()


def altered(key, change):
    """The right function, with its dictionary changed at the end."""
    return lambda *values: change(dict(RIGHT[key](*values)))


def odd(value):
    return np.sin(np.asarray(value) + 1.3) + np.asarray(value) ** 2


# -------------------------------------------------------------------------------------- printed values


POINT = {name: np.array(value) if isinstance(value, list) else value for name, value in PRINTED["point"].items()}


def test_regression_has_the_printed_values():
    question = questions["004.1"]
    lines = question.working.values(POINT)
    assert [float(lines[name]) for name in "fL"] == pytest.approx([PRINTED["f"], PRINTED["L"]], rel=1e-12)
    for name, value in PRINTED["gradients"].items():
        got = question.values(POINT)[name]
        assert got.shape == np.shape(value) == np.shape(POINT[name])
        np.testing.assert_allclose(got, value, rtol=1e-13)


def test_regression_mistakes_have_the_printed_values():
    for name, wanted in PRINTED["mistakes"].items():
        tables = [questions["004.1"].values(POINT, lines) for known, lines, *_ in CHANGES["004.1"] if known == name]
        squeezed = [{entry: np.squeeze(table[entry]).tolist() for entry in wanted} for table in tables]
        assert any(
            all(
                np.shape(got[entry]) == np.shape(value) and np.allclose(got[entry], value, rtol=1e-12)
                for entry, value in wanted.items()
            )
            for got in squeezed
        ), name


@pytest.mark.parametrize("key", (*KEYS, "003.2.backward", "05.backward"))
def test_gradients_are_those_of_the_objective(key):
    """Against central differences of the objective alone: the lines of the backward pass are not used."""
    question = questions[key]
    for point, truth in zip(question.points, question.truth, strict=True):
        for name in question.entries:

            def f(value, point=point, name=name):
                value = value if np.ndim(point[name]) else value.item()
                return float(question.working.values({**point, name: value})[question.objective])

            got = numerical_gradient(f, np.asarray(point[name]), 1e-5)
            np.testing.assert_allclose(truth[name], got.reshape(truth[name].shape), rtol=1e-6, atol=1e-10)


# --------------------------------------------------------------------------------------- wrong answers


@every_key
def test_each_gradient_is_judged_alone(key):
    question = questions[key]
    for name in question.entries:
        feedback = question.check(altered(key, lambda g, name=name: {**g, name: -np.asarray(g[name])}))
        assert feedback.status == "wrong" and "sign" in feedback.mistake and f"`{name}`" in feedback.message
        assert [entry for entry, mark in feedback.entries.items() if mark == "off"] == [name]
        feedback = question.check(altered(key, lambda g, name=name: {k: v for k, v in g.items() if k != name}))
        assert feedback.mistake == "incomplete" and f"Still missing: `{name}`" in feedback.message


@every_key
@pytest.mark.parametrize(
    "change, mistake",
    [
        (lambda g: {**g, "W1": g["b1"], "b1": g["W1"]}, "swapped"),
        (lambda g: {**g, "b1": g["b1"][:, None]}, "column"),
        (lambda g: {**g, "W2": g["W2"][0]}, "shape"),
        (lambda g: {**g, "W2": g["W2"].T}, "transpose"),
        (lambda g: {**g, "W1": 3.7 * g["W1"]}, "constant_factor"),
        (lambda g: {**g, "W1": g["W1"] * 2}, "factor_2"),
        (lambda g: {**g, "b1": g["b1"] * np.nan}, "nan"),
        (lambda g: {**g, "b1": "x"}, "not_a_number"),
        (lambda g: g["W1"], "not_a_dictionary"),
        (lambda g: {"dW1": g["W1"], "db1": g["b1"], "dW2": g["W2"], "db2": g["b2"]}, "unknown_name"),
    ],
)
def test_general_mistakes_are_named(key, change, mistake):
    feedback = questions[key].check(altered(key, change))
    assert feedback.status in ("wrong", "error") and {mistake, "missing_half"} & set(feedback.mistakes), str(feedback)


@every_key
def test_two_different_mistakes_are_both_told(key):
    feedback = questions[key].check(altered(key, lambda g: {**g, "W1": g["W1"].T, "W2": -g["W2"]}))
    assert "transpose" in feedback.mistake and "sign" in feedback.mistake


@every_key
def test_a_sign_lost_in_the_hidden_part_alone_is_no_sign_lost_everywhere(key):
    feedback = questions[key].check(altered(key, lambda g: {**g, "W1": -g["W1"], "b1": -g["b1"]}))
    assert feedback.mistake in ("sign_lost_between", "sign") and "all signs" not in feedback.message
    assert "sign is wrong" in feedback.message or "sign is lost" in feedback.message
    feedback = questions[key].check(altered(key, lambda g: {**g, "W1": -g["W1"]}))
    assert feedback.mistake == "sign" and "all signs" not in feedback.message


@every_key
def test_unknown_mistakes_name_the_first_gradient_of_the_backward_pass(key):
    feedback = questions[key].check(altered(key, lambda g: {name: odd(value) for name, value in g.items()}))
    assert feedback.mistake == "unknown" and feedback.message.startswith("`b2`: begin with this one")
    assert len(feedback.message) < 200 and "`W1`, `b1` and `W2` are off as well" in feedback.message
    feedback = questions[key].check(altered(key, lambda g: {**g, "W1": odd(g["W1"])}))
    assert feedback.message.startswith("`W1`: begin") and "component [" in feedback.message


@every_key
def test_new_values_in_the_place_of_gradients_are_named(key):
    question = questions[key]

    def moved(eta):
        def answer(*values):
            given, gradients = dict(zip(question.parameters, values, strict=True)), RIGHT[key](*values)
            return {name: given[name] - eta * np.reshape(g, np.shape(given[name])) for name, g in gradients.items()}

        return answer

    assert question.check(moved(0.1)).mistake == "new_values"
    unmoved = question.check(moved(0))
    assert unmoved.status == "wrong" and unmoved.mistake != "new_values"


def test_a_mistake_beside_fixed_sizes_comes_first():
    def fixed(x, y, W1, b1, W2, b2):
        g = matrix_form(x, y, W1, b1, W2, b2)
        return {**g, "W1": g["W1"][:3], "b1": g["b1"][:3], "b2": -g["b2"]}

    feedback = questions["04.matrix"].check(fixed)
    assert feedback.mistake == "sign" and "shape" not in feedback.message
    assert [name for name, mark in feedback.entries.items() if mark == "off"] == ["b2"]


@pytest.mark.parametrize(
    "key, change, said",
    [
        ("04.matrix", lambda b2: b2[None], "its shape should be (1,)"),
        ("04.matrix", lambda b2: float(b2[0]), "its shape should be (1,)"),
        ("004.1", lambda b2: np.array([b2]), "it should be a single number"),
    ],
)
def test_one_number_in_another_shape_passes_with_a_note(key, change, said):
    feedback = questions[key].check(altered(key, lambda g: {**g, "b2": change(g["b2"])}))
    assert feedback.status == "correct" and "`b2` came as" in feedback.message and said in feedback.message
    assert questions[key].check(RIGHT[key]).message == "That is right." + questions[key].remark


def test_a_function_for_fixed_sizes_is_named():
    def fixed(x, y, W1, b1, W2, b2):
        full = matrix_form(x[:2], y, W1[:3, :2], b1[:3], W2[:, :3], b2)
        return full if W1.shape == (3, 2) else {name: np.zeros(1) for name in full}

    def loops_to_three(x, y, W1, b1, W2, b2):
        if W1.shape != (3, 2):
            raise IndexError("list index out of range")
        return matrix_form(x, y, W1, b1, W2, b2)

    for function in (fixed, loops_to_three):
        assert questions["04.matrix"].check(function).mistake == "only_this_size"


@every_key
def test_functions_that_fail_are_quoted(key):
    def shapes(*arguments):
        matrix = next(a for a in arguments if np.ndim(a) == 2)
        return {"W1": matrix @ np.ones(7)}

    feedback = questions[key].check(shapes)
    assert feedback.status == "error" and "matrix @ np.ones(7)" in feedback.message
    assert questions[key].check(lambda a, b: {}).mistake == "wrong_parameters"
    assert questions[key].check({"W1": 1}).mistake == "not_a_function"


@every_key
def test_changing_an_argument_is_told(key):
    def spoils(*arguments):
        result = RIGHT[key](*arguments)
        arguments[questions[key].parameters.index("W1")][:] = 0
        return result

    feedback = questions[key].check(spoils)
    assert feedback.status == "correct" and "changes its argument `W1`" in feedback.message


@every_key
def test_no_message_gives_the_answer_away(key):
    question = questions[key]
    answers = [part.answer_formula.text.replace(" ", "") for part in map(question.part, question.entries)]
    answers = [answer for answer in answers if not answer.isidentifier()]  # `delta2` is the name of a line, too
    for _, lines, *_ in CHANGES[key]:
        feedback = question.check(as_function(question, lines))
        assert not any(answer in feedback.message.replace(" ", "") for answer in answers)


# ------------------------------------------------------------------------------------ derivations, steps


@every_key
def test_derivations_show_shapes(key):
    solution = questions[key].solution
    assert proved_lines(questions[key].part("b2").solution)
    assert {"(k, d)", "(k,)", "(1, k)"} <= {shape for _, _, _, shape in solution.lines()}
    assert r"\odot" in solution.to_html() and r"^\top" in solution.to_html()


@every_key
def test_last_lines_are_the_answers(key):
    question = questions[key]
    for name in question.entries:
        part = question.part(name)
        for truth, value in zip(question.truth, part.truth(part.points), strict=True):
            np.testing.assert_allclose(value, truth[name], rtol=1e-12)
        lines = [step.text for step in question.steps[name] if not step.left]
        assert question.check_steps(lines, name).status == "correct"
        assert question.check_steps([f"grad({question.objective}, {name}) = {lines[-1]}"]).status == "correct"
        feedback = question.check_steps([lines[-1], f"2*({lines[-1]})"], name)
        assert feedback.status == "wrong" and feedback.line == 1


def test_steps_of_a_students_own():
    question = questions["004.1"]
    assert question.check_steps(["dL/dW1 = 2*(f - y)*outer(W2[0]*a*(1 - a), x)"]).status == "correct"
    assert question.check_steps(["dL/db1 = diff(L, f)*diff(f, b1)", "2*(f-y)*W2[0]*a*(1-a)"]).status == "correct"
    assert question.check_steps(["2*(f - y)"]).mistake == "no_name"
    assert question.check_steps(["dL/db2 = (f - y)"]).line == 0


def test_a_gradient_that_does_not_always_come_can_still_be_judged():
    calls = []

    def answer(*values):
        calls.append(values)
        gradients = dict(RIGHT["04.matrix"](*values))
        gradients["W1"] = gradients["W1"] ** 2 + 0.3
        if len(calls) > 2 * len(questions["04.matrix"].points):
            del gradients["W1"]  # when the recognisers call it once more
        return gradients

    assert questions["04.matrix"].check(answer).entries["W1"] == "off"


# ---------------------------------------------------------------------------------- the gradient check


def rows_at_once(f, p, h):
    gradient = np.zeros(p.shape)
    for i in range(len(p)):
        plus, minus = p.copy(), p.copy()
        plus[i] += h
        minus[i] -= h
        gradient[i] = (f(plus) - f(minus)) / (2 * h)
    return gradient


@pytest.mark.parametrize(
    "wrong, mistake",
    [
        (rows_at_once, "only_vectors"),
        (lambda f, p, h: numerical_gradient(f, p, h).ravel(), "shape"),
        (lambda f, p, h: float(numerical_gradient(f, p, h).flat[0]), "shape"),
        (lambda f, p, h: 3 * numerical_gradient(f, p, h), "constant_factor"),
        (lambda f, p, h: numerical_gradient(f, p, h) * np.inf, "infinity"),
        (lambda f, p, h: np.zeros(p.shape), "not_called"),
        (lambda f, p, h: p, "not_called"),
        (lambda f, p, h: (f(p + h) - f(p - h)) / (2 * h), "all_at_once"),
        (lambda f, p: 0, "wrong_parameters"),
        (lambda f, p, h: f(p.ravel()[:1]), "raises"),
    ],
)
def test_other_mistakes_of_a_gradient_check(wrong, mistake):
    feedback = check.check(wrong)
    assert feedback.status in ("wrong", "error") and feedback.mistake == mistake, str(feedback)


def entrywise(slope):
    """A gradient check with this for each entry: a function of f, p, h and the index."""

    def gradient(f, p, h):
        result = np.zeros(p.shape)
        for index in np.ndindex(p.shape):
            result[index] = slope(f, p, h, index)
        return result

    return gradient


def unit(p, index, size):
    move = np.zeros(p.shape)
    move[index] = size
    return move


def not_copied(f, p, h, index):
    plus = p
    minus = p
    plus[index] += h
    minus[index] -= h
    return (f(plus) - f(minus)) / (2 * h)


def not_put_back(f, p, h, index):
    p[index] += h
    above = f(p)
    p[index] -= 2 * h
    return (above - f(p)) / (2 * h)


def central(f, p, h, index):
    return (f(p + unit(p, index, h)) - f(p - unit(p, index, h))) / (2 * h)


@pytest.mark.parametrize(
    "slope, mistake, said",
    [
        (not_copied, "no_copy", "`plus = p`"),
        (not_put_back, "changes_argument", "changes the array p"),
        (lambda f, p, h, i: np.imag(f(p + unit(p, i, 1) * 1j * h)) / h, "complex_step", "complex step"),
        (lambda f, p, h, i: (f(p + unit(p, i, 1e-7)) - f(p)) / 1e-7, "forward_difference", "one side"),
        (lambda f, p, h, i: (f(p) - f(p - unit(p, i, 1e-7))) / 1e-7, "forward_difference", "one side"),
        (lambda f, p, h, i: central(f, p, 1e-5, i), "ignores_h", "the h that it is given"),
        (lambda f, p, h, i: central(f, p, h / 2, i), "ignores_h", "the h that it is given"),
        (lambda f, p, h, i: central(f, p, 1e-3, i), "ignores_h", "the h that it is given"),
        (lambda f, p, h, i: central(f, p, h, i) if max(i) < 3 else 0, "unknown", "not the partial derivatives"),
    ],
)
def test_what_a_gradient_check_asks_f_for_is_looked_at(slope, mistake, said):
    feedback = check.check(entrywise(slope))
    assert feedback.status == "wrong" and feedback.mistake == mistake, str(feedback)
    assert said in feedback.message
    assert "rows" not in feedback.message


def test_a_stencil_of_four_points_is_right_too():
    def four(f, p, h, i):
        return (4 * central(f, p, h, i) - central(f, p, 2 * h, i)) / 3

    assert check.check(entrywise(four)).status == "correct"


def test_an_array_that_comes_back_but_for_a_rounding_error_passes_with_a_note():
    def put_back(f, p, h, i):
        slope = not_put_back(f, p, h, i)
        p[i] += h
        return slope

    feedback = check.check(entrywise(put_back))
    assert feedback.status == "correct" and "changed in its last digit" in feedback.message
    assert "last digit" not in check.check(entrywise(central)).message


def test_zeros_after_right_calls_are_no_missing_copy():
    def forgets(f, p, h):
        entrywise(central)(f, p, h)
        return np.zeros(p.shape)

    assert check.check(forgets).mistake == "unknown"


def test_only_vectors_says_rows_only_where_rows_were_moved():
    def first_row(f, p, h):
        result = entrywise(central)(f, p, h)
        return result if p.ndim == 1 else result * np.array([[1], [0]])

    feedback = check.check(first_row)
    assert feedback.mistake == "only_vectors" and "rows" not in feedback.message


def test_whole_numbers_are_a_note():
    def copies(f, p, h, index):
        plus, minus = p.copy(), p.copy()
        plus[index] += h
        minus[index] -= h
        return (f(plus) - f(minus)) / (2 * h)

    feedback = check.check(entrywise(copies))
    assert feedback.status == "correct" and "whole numbers" in feedback.message
    assert "whole numbers" not in check.check(numerical_gradient).message
