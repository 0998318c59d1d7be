"""Notebooks 05 and 06: the kinds of exercises that are theirs alone, and what their messages say."""

import base64

import mnist_forms
import numpy as np
import pytest

from helpers.assignments import mnist_binary, mnist_multiclass, questions
from helpers.errors import InputError
from helpers.exercises.code_question import CodeQuestion
from helpers.networks.training import History
from helpers.pictures import digits, figures

CODE = [question for question in questions.values() if isinstance(question, CodeQuestion)]
every_code_question = pytest.mark.parametrize("question", CODE, ids=lambda question: question.key)
PLAN = questions["003.2.plan"]


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in (*mnist_binary.questions, *mnist_multiclass.questions):
        question.forget()


# ----------------------------------------------------------------- functions that no formula describes


@every_code_question
def test_wrong_code_never_passes(question):
    reference = question.reference
    for change in (
        lambda r: 2 * np.asarray(r, float),
        lambda r: np.asarray(r, float) + 0.01,
        lambda r: np.asarray(r, float) * np.nan,
        lambda r: np.repeat(np.ravel(np.asarray(r, float))[:1], 2),
        lambda r: 0.0,
    ):

        def wrong(*arguments, change=change):
            result = reference(*arguments)
            return tuple(map(change, result)) if isinstance(result, tuple) else change(result)

        feedback = question.check(wrong)
        assert feedback.status == "wrong" and feedback.message, str(feedback)


@every_code_question
def test_code_that_stops_or_returns_nothing_or_too_little(question):
    def forgets(*arguments):
        values = question.reference(*arguments)  # noqa: F841

    def stops(*arguments):
        return arguments[0].no_such_thing

    assert "no_such_thing" in question.check(stops).message
    assert question.check(forgets).mistake == "no_return"
    assert question.check(lambda: 1).mistake == "wrong_parameters"
    if len(question.returns) > 1:
        assert question.check(lambda *arguments: question.reference(*arguments)[0]).mistake == "number_of_results"


# ------------------------------------------------------------------------------------------------ plans


@pytest.mark.parametrize(
    "plan, name",
    [
        ({"set the weights": "training"}, "incomplete"),
        ({"set the weights": "everything"}, "unknown_part"),
        ({"stop": "validation"}, "unknown_name"),
        (["training"] * 4, "unreadable"),
        (dict.fromkeys(mnist_forms.PLAN, "test"), "train_on_test"),
        ({**mnist_forms.PLAN, "fill the table": ...}, "incomplete"),
        ({**mnist_forms.PLAN, "fill the table": 3}, "unknown_part"),
        ({**mnist_forms.PLAN, "draw the validation images": ...}, "incomplete"),
        ({**mnist_forms.PLAN, "draw the validation images": "test"}, "unknown_part"),
        ({**mnist_forms.PLAN, "draw the validation images": "after training"}, "drawn_after_looking"),
        ({**mnist_forms.PLAN, "draw the validation images": "in every epoch"}, "drawn_in_every_epoch"),
        ({**mnist_forms.PLAN, "decide when to stop": "test"}, "test_in_training"),
    ],
)
def test_odd_plans(plan, name):
    feedback = PLAN.check(plan)
    assert feedback.status in ("wrong", "error") and feedback.mistake == name


# --------------------------------------------------------------------------------------------- averages


@pytest.mark.parametrize(
    "example, name",
    [
        (([0.9] * 3, [0.9] * 3), "all_equal"),
        (([0.9, 0.8, 0.7], [0.9, 0.8, 0.6]), "means_differ"),
        (([0.91, 0.9, 0.9], [0.9, 0.91, 0.9]), "too_close"),
        (([90, 60, 75], [60, 90, 75]), "range"),
        (([0.9], [0.9]), "shape"),
        (([0.9, 0.6, 0.75],), "unreadable"),
    ],
)
def test_examples_of_averages_that_show_nothing(example, name):
    feedback = mnist_multiclass.averages.check(example)
    assert feedback.status in ("wrong", "error") and feedback.mistake == name


def test_half_an_example_of_averages():
    assert "`R` is still missing" in mnist_multiclass.averages.check(([0.9, 0.6, 0.75], ...)).message
    assert mnist_multiclass.averages.check((..., ...)).status == "not attempted"


def test_scores_are_checked_together():
    together = mnist_binary.check_scores(accuracy=..., recall=mnist_forms.RIGHT["003.2.recall"][0])
    assert together["accuracy"].status == "not attempted" and together["recall"]


# ------------------------------------------------------------------------------------------- pictures


def test_pictures_of_digits_say_what_they_show():
    rng = np.random.default_rng(0)
    history = History([0.5, 0.2, 0.1], [0.8, 0.9, 0.95], [0.4, 0.3, 0.35], [0.85, 0.9, 0.9], [1, 1, 1], 2, 2, True)
    C = np.array([[50, 1, 0], [7, 40, 2], [0, 3, 45]])
    confusion, training = digits.confusion(C), digits.training_curves(history)
    assert [text.get_text() for text in confusion.figure.axes[0].texts] == [str(number) for number in C.ravel()]
    assert "1 taken for 0, 7 times" in confusion.alt and "135 of 148" in confusion.alt
    assert "in epoch 2" in training.alt and "stopped early, in epoch 3" in training.alt
    legend = [text.get_text() for text in training.figure.axes[-1].get_legend().get_texts()]
    assert "restored: epoch 2" in legend and "stopped: epoch 3" in legend
    spread = digits.spread({"one": [0.98, 0.99], "two": [0.97, 0.99]}, 0.002)
    assert "one: mean 98.50 %" in spread.alt
    (dots,) = (line for line in spread.figure.axes[0].lines if line.get_label() == "one run")
    assert dots.get_xdata() == pytest.approx([98, 99]) and len(set(dots.get_ydata())) == 2
    bands = digits.bands({"one": [history, history], "two": [history]}, apart=("two",))
    assert [[line.get_label() for line in ax.lines] for ax in bands.figure.axes] == [["one"], ["two"]]
    learned = digits.learning_curves({"training": [0.5, 0.2, 0.1], "validation": [0.4, 0.3, 0.35]}, 2)
    (star,) = (line for line in learned.figure.axes[0].lines if line.get_label() == "kept: epoch 2")
    assert (star.get_xdata()[0], star.get_ydata()[0]) == (2, 0.3) and "kept is epoch 2, with 0.3" in learned.alt
    several = digits.runs({"one": [[0.4, 0.3, 0.35], [0.5, 0.45]], "two": [[0.6]], "three": [[1]], "four": [[2, 1]]})
    shown = [ax for ax in several.figure.axes if ax.axison]
    assert [ax.get_title(loc="left") for ax in shown] == ["one", "two", "three", "four"]
    assert [len(line.get_xdata()) for line in shown[0].lines] == [3, 1, 2, 1]  # a run, its star, a run, its star
    assert shown[0].lines[1].get_xdata()[0] == 2 and "one: lowest 0.3, 0.45, after 3, 2 epochs" in several.alt
    weights = digits.weight_images(rng.normal(size=(4, 784)), alt="noise")
    assert len(weights.figure.axes) == 5  # four images and the bar with their scale
    gallery = digits.gallery(rng.random((12, 784)), [f"no. {i}" for i in range(12)], alt="noise", columns=6)
    assert [ax.get_title() for ax in gallery.figure.axes] == [f"no. {i}" for i in range(12)]
    for picture in (confusion, training, spread, bands, learned, several, weights, gallery):
        assert len(base64.b64decode(figures.png(picture.figure))) <= 30_000 and picture.alt
    with pytest.raises(InputError):
        digits.gallery(np.zeros((3, 28, 28)), alt="wrong shape")


def test_calibration_shows_shares_of_right_answers():
    confidence = np.repeat([0.55, 0.95], 100)
    right = np.r_[np.arange(100) < 60, np.arange(100) < 90]
    points = digits.calibration(confidence, right).figure.axes[0].lines[1].get_xydata()
    np.testing.assert_allclose(points, [[55, 60], [95, 90]])


def test_calibration_keeps_every_bar_within_the_picture_and_its_legend_off_the_points():
    confidence = np.r_[0.31, 0.45, 0.45, np.repeat(0.97, 200)]
    right = np.r_[1, 0, 1, np.arange(200) < 199]
    figure = digits.calibration(confidence, right).figure
    ax = figure.axes[0]
    (bars,) = ax.collections
    ends = np.array([segment[:, 1] for segment in bars.get_segments()])
    assert ends.min() >= 0 and ends.max() <= 100 and np.all(np.diff(ends) > 0)  # 1 of 1 right is not known exactly
    figure.draw_without_rendering()
    box = ax.get_legend().get_window_extent()
    assert not any(box.contains(*ax.transData.transform(point)) for point in ax.lines[1].get_xydata())


@pytest.mark.parametrize("right, count", [(0, 1), (1, 1), (7, 9), (50, 50), (3, 1000)])
def test_wilson_is_where_the_share_is_one_standard_error_away(right, count):
    share = right / count
    for end in digits.wilson(share, count):
        assert abs(share - end) == pytest.approx(np.sqrt(end * (1 - end) / count), abs=1e-12)


def test_a_confusion_matrix_says_what_its_colours_count():
    figure = digits.confusion(np.array([[50, 1, 0], [7, 40, 2], [0, 3, 45]])).figure
    ax, bar = figure.axes
    assert bar.get_ylabel() == "number of mistakes" and "blue" in ax.get_xlabel()
    mistakes, right = (image.get_array() for image in ax.images)
    assert mistakes.max() == 7 and np.all(np.diag(mistakes) == 0)
    assert np.array_equal(np.ma.filled(right, np.nan) == 1, np.eye(3, dtype=bool))


def test_pieces_of_the_network_are_checked_by_name():
    said = mnist_multiclass.check_network(**dict.fromkeys(mnist_multiclass.PIECES, ...))
    assert set(said) == set(mnist_multiclass.PIECES)
    assert {feedback.status for feedback in said.values()} == {"not attempted"}
    for wrong in ({"layer": ...}, {"my_forward": ...}):
        with pytest.raises(InputError, match="is no piece"):
            mnist_multiclass.check_network(**wrong)
    with pytest.raises(InputError, match="without its name"):
        mnist_multiclass.check_network(...)


@pytest.mark.parametrize("mistakes, words", [
    ([], "9 of 9 answers are on the diagonal, the right ones."),
    ([(0, 2, 3), (1, 0, 1)], "The most frequent mistake: 0 taken for 2, 3 times."),
    ([(0, 2, 2), (1, 0, 2)], "The most frequent mistakes: 0 taken for 2, 1 taken for 0, 2 times each."),
    ([(i, j, 1) for i in range(3) for j in range(3) if i != j], "1 taken for 2, and 2 more, 1 time each."),
])  # fmt: skip
def test_the_words_of_a_confusion_matrix_name_all_that_are_most_frequent(mistakes, words):
    C = 3 * np.eye(3, dtype=int)
    for true, answer, times in mistakes:
        C[true, answer] = times
    assert digits.confusion(C).alt.endswith(words)


def test_one_hot_rows_in_the_place_of_labels_are_no_riddle():
    """A formula for labels, fed with the one-hot rows of the task."""

    def with_labels(Z, Y):
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = E / E.sum(axis=1, keepdims=True)
        P[np.arange(len(Y)), Y] -= 1
        return P / len(Z)

    feedback = mnist_multiclass.slope.check(with_labels)
    assert feedback.status == "error" and "One-hot rows are no labels" in feedback.message, str(feedback)
