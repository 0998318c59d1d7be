"""What all exercises have in common, and those that ask for a formula: right answers, listed mistakes,
derivations, against independently printed values. (The other kinds: test_tables, test_variants, test_gradients,
test_statements.)"""

import json
import pathlib
import re

import mnist_forms
import numpy as np
import pytest
import right_forms
from listed import JUDGED, as_function, wrong_answers

from helpers.assignments import notebooks, questions
from helpers.exercises.formula_question import Question
from helpers.formulas.derivation import Derivation, Step
from tests.symbolic import SymbolicEvaluator, proved_lines, symbols_for

FOLDER = pathlib.Path(__file__).parent
PRINTED = json.loads((FOLDER / "printed_values.json").read_text(encoding="utf-8"))
FORMULA_KEYS = sorted(key for key, question in questions.items() if isinstance(question, Question))
OTHERS = sorted(set(questions) - set(FORMULA_KEYS))  # other kinds of answers: a table, gradients, statements, a claim
GRADIENTS = ("003.2.backward", "004.1", "05.backward", "02.backward", "02.layers", "04.matrix", "07.batch_gradients")
RIGHT = {**right_forms.RIGHT, **mnist_forms.RIGHT}
JOINT = {  # mistakes that give the same values everywhere
    ("000.3a", frozenset({"paren", "no_minus", "reverse"})),
    # Where one step begins behind the other, their product is the later one.
    *((key, frozenset({"later_step", "product"})) for key in ("000.3a", "000.3b.h21", "000.3b.h22")),
    ("002.1", frozenset({"no_hidden_bias", "number_b1_2"})),
    ("003.3.ce", frozenset({"labels_for_one_hot", "rows_picked"})),  # both stop with the same words
    ("003.1a", frozenset({"missing_factor", "missing_input", "w2_gets_x1"})),
    ("000.3b", frozenset({"constant", "paren"})),  # the tower is 0 everywhere
    *(
        (key, frozenset({name, "learning_rate"}))
        for key in ("003.1a", "003.1b")
        for name in ("missing_half_factor2", "half_twice")
    ),
}
JOINT_IN_TABLES = ({"ascent_sign", "err_sign_y"}, {"w2_gets_x1", "missing_input"})
every_question = pytest.mark.parametrize("key", FORMULA_KEYS)


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in questions.values():
        question.forget()


# --------------------------------------------------------------------------------------- what there is


def test_every_task_has_its_question():
    known = json.loads((FOLDER / "parameters.json").read_text(encoding="utf-8"))
    assert {key: list(question.parameters) for key, question in questions.items()} == known
    assert sum(len(module.questions) for module in notebooks.values()) == len(questions)


def test_questions_have_telling_names_in_their_modules():
    for module in notebooks.values():
        named = [value for value in vars(module).values() if any(value is q for q in module.questions)]
        assert len(named) == len(module.questions)


def test_titles_are_unique_and_make_plain_anchors():
    titles = [question.title for question in questions.values()]
    assert len(set(titles)) == len(titles)
    assert all(re.fullmatch(r"[A-Za-z0-9 ,-]+", title) for title in titles)


@pytest.mark.parametrize("key", sorted(questions))
def test_every_question_can_be_shown(key):
    question = questions[key]
    assert len(question.hints) >= 2 and question.statement and question.title in repr(question)
    for text in (repr(question.help), question.help._repr_html_(), question.solution.to_html()):
        assert text
    assert "<details>" in question.help._repr_html_() and question.anchor.startswith("#")


@pytest.mark.parametrize("key", sorted(questions))
def test_steps_are_never_an_exception(key):
    for lines in (None, ..., [], ["x"], ["= 3"], 7, [None, 4], "a = b = c", [[1]], object()):
        assert questions[key].check_steps(lines).status in ("not attempted", "wrong", "error")


@pytest.mark.parametrize("key", sorted({*OTHERS, "000.1a", "002.3.4"}))  # two formulas stand for the others
@pytest.mark.parametrize(
    "odd",
    [
        0,
        3.5,
        float("nan"),
        True,
        "x",
        "1/0",
        b"1",
        [],
        {},
        {"a": 1},
        {1: 2},
        {None: 3},
        set(),
        object(),
        int,
        print,
        np.array([1, 2]),
        np.array("a"),
        ValueError("no"),
        lambda: 1 / 0,
        lambda *a: {},
        lambda *a: "text",
        lambda *a: exit(),
        {"W1": object()},
        {"w1": object(), "w2": [[1], [2, 3]]},
        range(3),
        10**400,
        {"w1": 10**400},
        {"yhat_identity": "__import__('os')"},
        questions,
    ],
    ids=lambda odd: re.sub(r" at 0x\w+", "", repr(odd))[:30],
)
def test_nothing_odd_is_right_or_raises(key, odd):
    feedback = questions[key].check(odd)
    assert feedback.status in ("wrong", "error", "not attempted") and feedback.message


@pytest.mark.parametrize("key", sorted({*FORMULA_KEYS, *GRADIENTS}))
def test_no_point_is_special(key):
    """At 0, ±½, ±1, ±2 and at equal inputs mistakes stay invisible: 2x = 1, w x = x, …"""
    for point in questions[key].points:
        of_choice = [
            np.ravel(value) for value in point.values() if set(np.ravel(value)) - {0, 1}
        ]  # the others are labels
        sizes = np.abs(np.hstack([[], *of_choice]))
        assert not set(sizes) & {0, 0.5, 1, 2} and len(set(sizes)) == len(sizes)
        assert key != "000.1a" or sizes.sum() != 1


# -------------------------------------------------------------------------------------- printed values


def as_point(printed):
    return {name: np.array(value, dtype=float) for name, value in printed.items()}


@pytest.mark.parametrize("key", sorted(PRINTED))
def test_answers_and_mistakes_have_the_printed_values(key):
    question, printed = questions[key], PRINTED[key]
    points = list(map(as_point, printed["points"]))
    for got, value in zip(question.truth(points), printed["values"], strict=True):
        np.testing.assert_allclose(got, value, rtol=1e-11, atol=1e-25 if "h" in key else 0)
    known = {name: formula for name, formula, *_ in JUDGED[key]}
    for name, wrong in printed["mistakes"].items():
        for point, value in zip(points, wrong["values"], strict=False):
            got = question.evaluate(known[name], point)
            np.testing.assert_allclose(got, value, rtol=1e-11, atol=1e-15 if name != "paren" else 0)
    for point, value in zip(points, printed.get("objective", ()), strict=False):
        assert question.evaluate("J", point) == pytest.approx(value)


# ----------------------------------------------------------------------------- stubs and right answers


def _stub_ellipsis(*args):
    """To be filled in."""


def _stub_raises(*args):
    raise NotImplementedError("your turn")


def _stub_variable(*args):
    answer = ...
    return answer


@pytest.mark.parametrize("key", sorted(questions))
@pytest.mark.parametrize(
    "stub",
    [
        ...,
        None,
        _stub_ellipsis,
        _stub_raises,
        _stub_variable,
        lambda *a: None,
        "...",
        "",
        NotImplementedError,
        {"changes": ..., "counterexample": None},
        [..., ...],
    ],
    ids=lambda stub: re.sub(r" at 0x\w+", "", repr(stub)),
)
def test_stub_is_not_attempted(key, stub):
    feedback = questions[key].check(stub)
    assert feedback.status == "not attempted" and feedback.mistake is None and not feedback


@every_question
def test_reference_is_accepted_in_every_type(key):
    question = questions[key]
    reference = as_function(question, question.answer_formula)
    for answer in (
        question.answer_formula.text,
        question.solution.result.text,  # the last line of the derivation
        reference,
        lambda *p: np.asarray(reference(*p), dtype=np.float32),
        lambda *p: reference(*p).tolist(),
        lambda *p: np.asarray(reference(*p), dtype=object),
    ):
        assert question.check(answer).status == "correct"


@pytest.mark.parametrize("key", sorted(questions))
def test_right_but_different_forms_are_accepted(key):
    assert len(RIGHT[key]) >= 3
    for number, answer in enumerate(RIGHT[key]):
        feedback = questions[key].check(answer)
        assert feedback.status == "correct", f"form {number}: {feedback}"


@every_question
def test_sympy_answers_are_accepted(key):
    question = questions[key]
    if any(question.shapes.values()):
        pytest.skip("an answer in vectors")
    expression = SymbolicEvaluator(symbols_for(question.shapes, {}), question.definitions)(question.answer_formula)
    for form in (expression, expression.expand(), expression.rewrite("exp"), expression * 2 / 2):
        assert question.check(form).status == "correct", form


# --------------------------------------------------------------------------------------- wrong answers

INVISIBLE = {"002.1": {"missing_w21", "missing_x1"}, "003.1a": {"missing_output_weight"}, "04.eta": {"missing_input"}}
LISTED = [key for key in sorted(questions) if questions[key].mistakes]


@pytest.mark.parametrize("key", LISTED)
def test_listed_mistakes_are_named(key):
    question, seen = questions[key], set()
    for mistake, answer in wrong_answers(question):
        feedback = question.check(answer)
        seen.add(mistake.id)
        assert feedback.status == "wrong" and mistake.id in feedback.mistakes, (mistake.id, str(feedback))
        joint = frozenset(feedback.mistakes)
        assert len(joint) == 1 or (key, joint) in JOINT or joint in JOINT_IN_TABLES
    ids = [mistake.id for mistake in question.mistakes]
    assert all(mistake.what.strip() for mistake in question.mistakes)
    # on the printed numbers some mistakes of a table cannot be seen; variants show them
    assert len(set(ids)) == len(ids) and set(ids) - seen == INVISIBLE.get(key, set())


@every_question
def test_listed_mistakes_are_named_in_formulas_too(key):
    for mistake in questions[key].mistakes:
        assert mistake.id in questions[key].check(mistake.ways[0]).mistakes


@pytest.mark.parametrize("key", LISTED)
def test_repeating_a_mistake_leads_on_to_a_nearer_hint(key):
    question = questions[key]
    _, answer = next(wrong_answers(question))
    messages = [question.check(answer).message for _ in range(4)]
    assert "Hint:" not in messages[0] and "Hint:" in messages[-1] and len(set(messages)) >= 3


@every_question
def test_unlisted_sign_and_factor_are_named(key):
    question = questions[key]
    reference = as_function(question, question.answer_formula)
    known = {mistake.id for mistake in question.mistakes}
    for factor, name in (
        (-1, "sign"),
        (2, "factor_2"),
        (0.5, "factor_half"),
        (1 / np.log(10), "log10"),
        (1 / np.log(2), "log2"),
        (1.37, "constant_factor"),
    ):
        feedback = question.check(lambda *p, factor=factor: factor * reference(*p))
        assert feedback.status == "wrong"
        assert feedback.mistake == name or set(feedback.mistakes) & known, (factor, str(feedback))


# ---------------------------------------------------------------------------------- nothing given away


def _squeezed(text):
    return re.sub(r"[\s`*·]", "", text)


@every_question
def test_no_message_gives_the_answer_away(key):
    question = questions[key]
    reference = as_function(question, question.answer_formula)
    values = np.abs(np.concatenate([np.ravel(v) for v in question.truth(question.points)]))
    values = values[(values > 1e-3) & (np.abs(values - 1) > 1e-3) & (np.abs(values - 0.5) > 1e-3)]
    secrets = [_squeezed(question.answer_formula.text), _squeezed(question.solution.result.text)]
    secrets = [secret for secret in secrets if len(secret) > 6]
    wrong = [mistake.ways[0] for mistake in question.mistakes] + [formula for _, formula, *_ in JUDGED[key]]
    wrong += [
        lambda *p: 2 * reference(*p),
        lambda *p: reference(*p) + 1,
        lambda *p: reference(*p) ** 2 + 0.3,
        lambda *p: np.cos(reference(*p)),
        lambda *p: reference(*p) * np.nan,
        lambda *p: 7.25,
    ]
    texts = [*question.hints, *(mistake.hint for mistake in question.mistakes)]
    for answer in wrong:
        feedback = question.check(answer)
        assert feedback.status == "wrong"
        texts += [feedback.message] if not isinstance(answer, str) else []
    for text in texts:
        assert not any(secret in _squeezed(text) for secret in secrets), text
        text = re.sub(r"at [^:]*=.*?[:.](?= |$)", "", text)  # inputs may be quoted,
        text = re.sub(r"your answer is \S+,", "", text)  # and the student's own value
        for number in re.findall(r"\d+\.\d{2,}(?:e[+-]?\d+)?", text):
            said = float(number)
            assert said == 7.25 or np.all(np.abs(values - said) > 5e-3 * values), text


# ----------------------------------------------------------------------------------------- derivations


# 003.1a has the derivation of 003.1b
DERIVED = sorted({*FORMULA_KEYS, *GRADIENTS, "002.1", "003.1b", "04.eta", "04.gradient_check", "02.numerical_gradient"})


@pytest.mark.parametrize("key", DERIVED)
def test_derivation_verifies_and_is_displayed(key):
    solution = questions[key].solution
    verification = solution.verify()
    assert verification, verification.failures
    assert key in GRADIENTS or proved_lines(solution)
    for text in (solution.to_html(), str(solution)):
        assert text and text.count("{") == text.count("}") and text.count(r"\left") == text.count(r"\right")
    for left, right, _, _ in solution.lines():
        assert not re.search(r"_(\w|\{[^}]*\})_", left + right), "a double subscript, which LaTeX refuses"
    assert "<details>" in solution.to_html() and len(solution.lines()) == len(solution.steps)


def broken_texts(text):
    """Copies of a formula with one thing changed: a sign inside, a factor, the sign in front."""
    inside = {text.replace(" - ", " + ", 1), text.replace(" + ", " - ", 1)} - {text}
    return [*inside, f"2*({text})", f"-({text})"]


@pytest.mark.parametrize("key", DERIVED)
def test_every_broken_copy_of_a_derivation_fails(key):
    solution = questions[key].solution
    definitions = {name: formula.text for name, formula in solution.definitions.items()}

    def failures(*steps):
        copy = Derivation(
            solution.target.text, steps, solution.shapes, definitions, solution.positive, near=solution.near
        )
        return copy.verify(points=2).failures

    for number, step in enumerate(solution.steps[:16]):
        for text in broken_texts(step.text):  # alone: every line is held against its left-hand side
            assert failures(Step(text, step.reason, step.left)) == [0], f"line {number}: {text}"
    # … and in its place, where it must not spoil the lines around it
    number = len(solution.steps) // 2
    middle = solution.steps[number]
    steps = list(solution.steps)
    steps[number] = Step(f"2*({middle.text})", middle.reason, middle.left)
    assert failures(*steps) == [number]


@every_question
def test_lines_of_the_derivation_pass_check_steps(key):
    question = questions[key]
    lines = [step.text for step in question.solution.steps if not step.left]
    feedback = question.check_steps(lines)
    assert feedback.status == "correct" and feedback.line is None, str(feedback)
