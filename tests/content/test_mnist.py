"""Notebooks 05 and 06: the kinds of exercises that are theirs alone, and what their messages say."""

import base64

import mnist_forms
import numpy as np
import pytest
from test_questions import broken_texts

from helpers.assignments import mnist_binary, mnist_multiclass, questions
from helpers.assignments.mnist_claims import PRINTED, conclusions, implied_accuracy
from helpers.exercises.code_question import CodeQuestion
from helpers.formulas.derivation import Derivation, Step

CODE = [question for question in questions.values() if isinstance(question, CodeQuestion)]
every_code_question = pytest.mark.parametrize("question", CODE, ids=lambda question: question.key)
PLAN = questions["003.2.plan"]
BACKWARD = questions["003.2.backward"]


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in (*mnist_binary.questions, *mnist_multiclass.questions):
        question._times_seen.clear()


# ----------------------------------------------------------------- functions that no formula describes


def test_there_are_code_questions():
    assert {question.key for question in CODE} == {"003.2.data", "003.3.onehot", "003.3.ce", "003.3.perclass"}


@every_code_question
def test_listed_mistakes_of_code_are_named(question):
    assert len({mistake.id for mistake in question.mistakes}) == len(question.mistakes) >= 6
    for mistake in question.mistakes:
        for way in mistake.ways:
            feedback = question.check(way)
            assert feedback.status == "wrong" and feedback.mistake == mistake.id, (mistake.id, str(feedback))


@every_code_question
def test_code_mistakes_lead_on_and_give_nothing_away(question):
    way = question.mistakes[0].ways[0]
    messages = [question.check(way).message for _ in range(4)]
    assert "Hint:" not in messages[0] and "Hint:" in messages[1] and len(set(messages[:3])) == 3


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
def test_code_that_stops_is_an_error_with_its_line(question):
    def stops(*arguments):
        return arguments[0].no_such_thing

    feedback = question.check(stops)
    assert feedback.status == "error" and "no_such_thing" in feedback.message


@every_code_question
def test_code_that_returns_nothing_or_too_little(question):
    def forgets(*arguments):
        values = question.reference(*arguments)  # noqa: F841

    assert question.check(forgets).mistake == "no_return"
    assert question.check(question.reference).status == "correct"
    assert question.check(lambda: 1).mistake == "wrong_parameters"
    if len(question.returns) > 1:
        assert question.check(lambda *arguments: question.reference(*arguments)[0]).mistake == "number_of_results"


def test_code_that_changes_its_argument_is_told_so():
    def in_place(images, labels, first, second):
        x, y = mnist_forms.prepare(images, labels, first, second)
        images[:] = 0
        return x, y

    feedback = questions["003.2.data"].check(in_place)
    assert feedback.status == "correct" and "changes its argument `images`" in feedback.message


def test_right_for_one_data_set_only():
    def five_and_six(images, labels, first, second):
        return mnist_forms.prepare(images, labels, 5, 6)

    feedback = questions["003.2.data"].check(five_and_six)
    assert feedback.status == "wrong"
    feedback = questions["003.2.data"].check(
        lambda images, labels, first, second: (
            mnist_forms.prepare(images, labels, first, second) if first == 5 else (np.zeros((3, 784)), np.zeros(3))
        )
    )
    assert feedback.status == "wrong"


def test_loss_without_overflow_is_asked_for_everywhere():
    z, labels = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]]), np.array([1, 1])
    assert mnist_multiclass.cross_entropy.reference(z, labels) == 1000
    with np.errstate(all="ignore"):
        for key, naive in (
            (
                "003.2.cost",
                lambda z, y: -np.mean(y * np.log(1 / (1 + np.exp(-z))) + (1 - y) * np.log(1 - 1 / (1 + np.exp(-z)))),
            ),
            ("003.3.softmax", lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)),
            ("003.3.slope", lambda Z, Y: (np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True) - Y) / len(Z)),
        ):
            feedback = questions[key].check(naive)
            assert feedback.status == "wrong" and feedback.mistake == "overflow", str(feedback)


# ------------------------------------------------------------------------------------------------ plans


def test_every_wrong_part_of_a_plan_is_named():
    mistakes = PLAN.mistakes
    assert len(mistakes) == 8 and len({name for name, _, _ in mistakes}) == 8
    for name, text, plan in mistakes:
        feedback = PLAN.check(plan)
        assert feedback.status == "wrong" and feedback.mistake == name and text in feedback.message


@pytest.mark.parametrize(
    "plan, name",
    [
        ({"set the weights": "training"}, "incomplete"),
        ({"set the weights": "everything"}, "unknown_part"),
        ({"stop": "validation"}, "unknown_name"),
        (["training"] * 4, "unreadable"),
        (dict.fromkeys(PLAN.jobs, "test"), "train_on_test"),
        ({**mnist_forms.PLAN, "fill the table": ...}, "incomplete"),
        ({**mnist_forms.PLAN, "fill the table": 3}, "unknown_part"),
    ],
)
def test_odd_plans(plan, name):
    feedback = PLAN.check(plan)
    assert feedback.status in ("wrong", "error") and feedback.mistake == name


# ------------------------------------------------------------------------------ backward pass of a layer


def _as_function(changes):
    return lambda *values: BACKWARD.values(dict(zip(BACKWARD.parameters, values, strict=False)), changes)


def test_listed_mistakes_of_the_backward_pass_are_named():
    for mistake in BACKWARD.mistakes:
        for way in mistake.ways:
            feedback = BACKWARD.check(_as_function(way))
            assert feedback.status == "wrong" and mistake.id in feedback.mistakes, (mistake.id, str(feedback))


def test_gradients_of_the_layer_are_those_of_its_objective():
    """Against differences of the objective, entry by entry, at every point."""
    for point in BACKWARD.points:
        gradients = BACKWARD.values(point)
        for name in ("X", "W", "b"):
            for place in np.ndindex(point[name].shape):
                sides = []
                for step in (1e-6, -1e-6):
                    moved = {**point, name: point[name].copy()}
                    moved[name][place] += step
                    sides.append(float(BACKWARD.working.values(moved)["J"]))
                assert gradients[name][place] == pytest.approx((sides[0] - sides[1]) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("name", ["X", "W", "b"])
def test_derivation_of_the_layer_holds_and_broken_copies_do_not(name):
    solution = BACKWARD.part(name).solution
    assert solution.verify()
    definitions = {key: formula.text for key, formula in solution.definitions.items()}
    for step in solution.steps:
        for text in broken_texts(step.text):
            broken = Step(text, step.reason, step.left)  # alone: every line is verified against its left-hand side
            copy = Derivation(solution.target.text, [broken], solution.shapes, definitions)
            assert copy.verify(points=1).failures == [0], text


# ------------------------------------------------------------------------------------- the printed table


def test_evidence_of_the_claims_holds():
    assert conclusions.solution.verify()
    assert sum(statement.evidence is not None for statement in conclusions.statements) == 6


def test_implied_accuracy():
    """TP 40, FP 10, FN 5, TN 45: precision 0.8, recall 8/9, 45 % positive."""
    assert implied_accuracy(0.8, 40 / 45, 0.45) == pytest.approx(0.85)
    _, _, precision, recall, _ = PRINTED["early stopping"]
    assert implied_accuracy(precision, recall, 6876 / 13189) == pytest.approx(0.98803, abs=5e-6)
    assert implied_accuracy(precision, recall, 6313 / 13189) == pytest.approx(0.98901, abs=5e-6)


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


def test_scores_are_checked_together():
    together = mnist_binary.check_scores(accuracy=..., recall=mnist_forms.RIGHT["003.2.recall"][0])
    assert together["accuracy"].status == "not attempted" and together["recall"]


# ------------------------------------------------------------------------------------------- pictures


def test_pictures_of_digits_say_what_they_show():
    from helpers.errors import InputError
    from helpers.networks.training import History
    from helpers.pictures import digits, figures

    rng = np.random.default_rng(0)
    history = History(
        cost=[0.5, 0.2, 0.1],
        accuracy=[0.8, 0.9, 0.95],
        validation_cost=[0.4, 0.3, 0.35],
        validation_accuracy=[0.85, 0.9, 0.9],
        seconds=[1, 1, 1],
        best_epoch=2,
        kept_epoch=2,
        stopped_early=True,
    )
    C = np.array([[50, 1, 0], [7, 40, 2], [0, 3, 45]])
    pictures = {
        "gallery": digits.gallery(rng.random((12, 784)), [f"no. {i}" for i in range(12)], alt="noise", columns=6),
        "weights": digits.weight_images(rng.normal(size=(4, 784)), alt="noise"),
        "training": digits.training_curves(history),
        "bands": digits.bands({"one": [history, history], "two": [history]}, apart=("two",)),
        "spread": digits.spread({"one": [0.98, 0.99], "two": [0.97, 0.99]}, 0.002, printed={"two": 0.975}),
        "confusion": digits.confusion(C),
        "calibration": digits.calibration(rng.uniform(0.5, 1, 200), rng.random(200) < 0.8),
    }
    for picture in pictures.values():
        assert len(base64.b64decode(figures.png(picture.figure))) <= 30_000 and picture.alt
    texts = [text.get_text() for text in pictures["confusion"].figure.axes[0].texts]
    assert texts == [str(number) for number in C.ravel()]
    assert "1 taken for 0, 7 times" in pictures["confusion"].alt and "135 of 148" in pictures["confusion"].alt
    assert "in epoch 2" in pictures["training"].alt and "stopped early, in epoch 3" in pictures["training"].alt
    legend = [text.get_text() for text in pictures["training"].figure.axes[-1].get_legend().get_texts()]
    assert "restored: epoch 2" in legend and "stopped: epoch 3" in legend
    assert "one: mean 98.50 %" in pictures["spread"].alt
    (dots,) = (line for line in pictures["spread"].figure.axes[0].lines if line.get_label() == "one run")
    assert dots.get_xdata() == pytest.approx([98, 99]) and len(set(dots.get_ydata())) == 2
    drawn = [[line.get_label() for line in ax.lines] for ax in pictures["bands"].figure.axes]
    assert drawn == [["one"], ["two"]]
    assert len(pictures["weights"].figure.axes) == 5  # four images and the bar with their scale
    assert [ax.get_title() for ax in pictures["gallery"].figure.axes] == [f"no. {i}" for i in range(12)]
    with pytest.raises(InputError):
        digits.gallery(np.zeros((3, 28, 28)), alt="wrong shape")


def test_calibration_shows_shares_of_right_answers():
    from helpers.pictures import digits

    confidence = np.repeat([0.55, 0.95], 100)
    right = np.r_[np.arange(100) < 60, np.arange(100) < 90]
    points = digits.calibration(confidence, right).figure.axes[0].lines[1].get_xydata()
    np.testing.assert_allclose(points, [[55, 60], [95, 90]])


@pytest.mark.parametrize("mistakes, words", [
    ([], "9 of 9 answers are on the diagonal, the right ones."),
    ([(0, 2, 3), (1, 0, 1)], "The most frequent mistake: 0 taken for 2, 3 times."),
    ([(0, 2, 2), (1, 0, 2)], "The most frequent mistakes: 0 taken for 2, 1 taken for 0, 2 times each."),
    ([(i, j, 1) for i in range(3) for j in range(3) if i != j], "1 taken for 2, and 2 more, 1 time each."),
])  # fmt: skip
def test_the_words_of_a_confusion_matrix_name_all_that_are_most_frequent(mistakes, words):
    from helpers.pictures import digits

    C = 3 * np.eye(3, dtype=int)
    for true, answer, times in mistakes:
        C[true, answer] = times
    assert digits.confusion(C).alt.endswith(words)
