"""What a student has written right is what runs from then on: `question.use()`."""

import numpy as np
import pytest

from helpers import numerical
from helpers.assignments import derivatives, questions
from helpers.exercises.formula_question import Question


@pytest.fixture
def fresh(monkeypatch):
    """The questions as if nothing had been checked."""
    for question in [*questions.values(), *derivatives.exercises[:3]]:
        monkeypatch.setattr(question, "_theirs", None)


def slope(w, x, b, y):
    """Right for 000.1b.w, and marked: it counts its calls."""
    slope.calls += 1
    u = np.tanh(w * x + b)
    return -x * y / 2 * (1 - 1 / (1 + np.exp(-(1 + u) / 2))) * (1 - u**2)


def test_the_students_own_function_runs_once_it_is_right(fresh, capsys):
    question, slope.calls = questions["000.1b.w"], 0
    point = question.points[0]
    truth = question.truth([point])[0]
    assert question.use()(*point.values()) == pytest.approx(float(truth))
    assert "the course's function, until a check finds yours right" in capsys.readouterr().out
    question.check(lambda w, x, b, y: 1.0)
    assert question.use() is not slope
    question.check(slope, record=False)  # not the student's own
    assert question.use() is not slope
    assert question.check(slope).status == "correct"
    capsys.readouterr()
    assert question.use() is slope
    assert capsys.readouterr().out == f"{question.title}: your own function.\n"
    question.check(lambda w, x, b, y: 1.0)  # a later wrong one does not take it away
    assert question.use() is slope


@pytest.mark.parametrize("key", [key for key, each in questions.items() if isinstance(each, Question)])
def test_the_courses_function_and_a_text_both_give_the_truth(fresh, key):
    question = questions[key]
    point = question.points[-1]
    for _ in range(2):  # the course's, then the text
        assert np.allclose(question.use()(*point.values()), question.truth([point])[0], equal_nan=True)
        assert question.check(question.answer).status == "correct"


@pytest.mark.parametrize("question", [each for each in questions.values() if each.course], ids=lambda each: each.key)
def test_the_courses_own_code_is_right_and_keeps_the_type_of_its_numbers(fresh, question):
    assert question.check(question.course, record=False).status == "correct"
    for point in question.points:
        small = [np.asarray(value, np.float32) for value in point.values()]
        given = [value.copy() for value in small]
        found = question.use()(*small)
        for array in found.values() if isinstance(found, dict) else [found]:
            assert array.dtype == np.float32
        assert all(map(np.array_equal, small, given))


def test_gradients_that_came_in_their_usual_form_stay_what_they_are(fresh):
    question = questions["05.backward"]
    assert question.check(lambda *values: question.course(*values)).status == "correct"
    small = [np.asarray(value, np.float32) for value in question.points[0].values()]
    assert {each.dtype for each in question.use()(*small).values()} == {np.dtype(np.float32)}
    assert question.check(lambda *values: list(question.course(*values).values())).status == "correct"
    assert list(question.use()(*small)) == list(question.entries)


def test_the_courses_function_of_numbers_takes_arrays_too(fresh):
    question = questions["001.2.3"]
    course, others = question.use(), [float(value) for value in list(question.points[0].values())[1:]]
    along = np.linspace(-2, 2, 5)
    assert np.allclose(course(along, *others), [course(x, *others) for x in along])


def test_a_text_is_used_in_the_reading_that_is_right(fresh):
    question = questions["000.1b.w"]
    text = "-x y/2 (1-f)(1-tanh^2 (w x + b))"  # f(1 - …): a product or a call
    truth = question.answer_formula
    assert question.check(text).status == "correct"
    point = question.points[1]
    assert question.use()(*point.values()) == pytest.approx(float(question.evaluate(truth, point)))


def test_the_last_right_answer_is_used_whatever_its_kind(fresh):
    question = questions["000.1b.w"]
    values = list(question.points[1].values())
    truth = float(question.truth([question.points[1]])[0])
    slope.calls = 0
    for answer in (slope, "-x y/2 (1-f)(1-tanh(u)^2)", lambda *values: [slope(*values)], question.answer, slope):
        assert question.check(answer).status == "correct"
        used = question.use()
        assert isinstance(used(*values), float) and used(*values) == pytest.approx(truth)
        assert (used is slope) == (answer is slope)


def test_a_mean_in_an_array_is_used_as_a_number(fresh):
    """Later cells print it: no format of a number takes an array."""
    accuracy = questions["003.2.accuracy"]
    assert accuracy.check(lambda y, yhat: [np.mean(y == yhat)]).status == "correct"
    assert f"{accuracy.use()(np.array([0, 1]), np.array([1, 1])):.0%}" == "50%"


def test_several_results_come_as_the_next_cell_wants_them(fresh):
    gradients = next(each for each in questions.values() if type(each).__name__ == "GradientsQuestion")
    point = gradients.points[0]
    right = gradients.values(point)

    def as_a_tuple(*values):
        return tuple(gradients.values(dict(zip(gradients.parameters, values, strict=True))).values())

    assert gradients.check(as_a_tuple).status == "correct"
    used = gradients.use()(*point.values())
    assert list(used) == list(right)
    assert all(np.allclose(used[name], right[name]) for name in right)
    by_name = gradients._course_function()(**point)
    assert all(np.allclose(by_name[name], right[name]) for name in right)
    code = next(each for each in questions.values() if len(getattr(each, "returns", ())) > 1)

    def as_a_dict(*values):
        return dict(zip(code.returns, code.reference(*values), strict=True))

    assert code.check(as_a_dict).status == "correct"
    used = code.use()(*code.cases[0])
    assert isinstance(used, tuple)
    for mine, theirs in zip(used, code.reference(*code.cases[0]), strict=True):
        assert np.array_equal(mine, theirs)


def in_lists(J, w, h=1e-5):
    steps = h * np.eye(len(w))
    return [(J(w + step) - J(w - step)) / (2 * h) for step in steps]


@pytest.mark.parametrize(
    "question, answer",
    [
        (questions["002.3.4"], lambda w, X, y, lam: list(X.T @ (X @ w - y) + 2 * lam * w)),
        (questions["002.3.1"], lambda z: [np.exp(-z) / (1 + np.exp(-z)) ** 2]),
        (derivatives.numerical_gradient, in_lists),
        (questions["003.3.onehot"], lambda labels, classes: [[int(k == y) for k in range(classes)] for y in labels]),
    ],
)
def test_lists_come_as_the_arrays_and_numbers_that_the_next_cell_computes_with(fresh, question, answer):
    courses = question.use()
    assert question.check(answer).status == "correct"
    if question is derivatives.numerical_gradient:
        arguments = [lambda w: w[0] ** 2 * w[1], np.array([1.5, -0.7])]
    elif hasattr(question, "points"):
        arguments = list(question.points[0].values())
    else:
        arguments = question.cases[0]
    mine, theirs = question.use()(*arguments), courses(*arguments)
    assert type(mine) is type(theirs) and np.allclose(mine, theirs) and np.allclose(2.5 * mine, 2.5 * theirs)


def test_a_relative_error_in_a_list_is_a_number(fresh):
    question, norm = derivatives.relative_error, np.linalg.norm
    assert question.check(lambda a, b: [norm(a - b) / (norm(a) + norm(b) or 1)]).status == "correct"
    assert f"{question.use()(np.ones(3), np.ones(3)):.0e}" == "0e+00"


OWN = """
def my_inner(u):
    return np.tanh(u)

def my_middle(w, x, b):
    return 1 / (1 + np.exp(-(1 + my_inner(w * x + b)) / 2))

def my_slope(w, x, b, y):
    return -x * y / 2 * (1 - my_middle(w, x, b)) * (1 - my_inner(w * x + b) ** 2)
"""


def test_a_helper_that_is_changed_later_does_not_reach_what_was_right(fresh):
    """Somebody tries tanh in the forward pass that his right backward pass calls: `use` goes on with the one that was right."""
    question, notebook = questions["000.1b.w"], {"np": np}
    exec(OWN, notebook)
    assert question.check(notebook["my_slope"]).status == "correct"
    point = question.points[0]
    right = question.use()(*point.values())
    exec("def my_inner(u):\n    return u\n", notebook)
    assert question.check(notebook["my_slope"]).status == "wrong"
    assert question.use()(*point.values()) == right == pytest.approx(float(question.truth([point])[0]))
    assert question.use().__name__ == "my_slope"


def test_the_gradient_check_of_the_course_is_right(fresh):
    question = next(each for each in questions.values() if type(each).__name__ == "GradientCheckQuestion")
    assert question.use() is numerical.gradient
    assert question.check(numerical.gradient).status == "correct"


def test_a_tool_that_holds_its_function_is_no_tool(fresh):
    question = derivatives.central
    function = question.own[1]
    assert question.check(lambda *values: question.right(function, *values)).status == "correct"
    assert question.use() is question.right

    def mine(f, x, h):
        return (f(x + h) - f(x - h)) / h / 2

    assert question.check(mine).status == "correct"
    assert question.use() is mine


def test_an_exercise_without_a_function_says_so(fresh):
    with pytest.raises(ValueError, match=r"no function to use; this exercise asks for a dictionary"):
        questions["002.1e"].use()


class Odd:
    """A right answer that cannot be asked whether it is true, nor for its name."""

    def __call__(self, w, x, b, y):
        return slope(w, x, b, y)

    def __bool__(self):
        raise RuntimeError("neither")

    def __getattr__(self, name):
        raise RuntimeError(name)


def test_an_odd_object_that_is_right_never_makes_a_check_raise(fresh):
    question, slope.calls = questions["000.1b.w"], 0
    odd = Odd()
    assert question.check(odd).status in ("correct", "error")
    assert question.use() is odd or question._theirs is None
