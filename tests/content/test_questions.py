"""What all exercises have in common, and those that ask for a formula: right answers, listed mistakes,
derivations, against independently printed values. (The other kinds: test_tables, test_variants, test_gradients,
test_statements.)"""

import ast
import json
import pathlib
import re

import mnist_forms
import numpy as np
import pytest
import right_forms

from helpers.assignments import notebooks, questions
from helpers.checking.mistakes import recognise
from helpers.formulas.derivation import Derivation, Step
from tests.symbolic import SymbolicEvaluator, proved_lines, symbols_for

PRINTED = json.loads((pathlib.Path(__file__).parent / "printed_values.json").read_text(encoding="utf-8"))
NETWORK = ("x", "w1", "b1", "w2", "b2")
PARAMETERS = {
    "000.1a": ("rho", "rhohat"),
    "000.1b.w": ("w", "x", "b", "y"),
    "000.1b.b": ("w", "x", "b", "y"),
    **dict.fromkeys(("000.2.a", "000.2.b", "000.2.c", "000.2.d"), ("u", "v", "w", "x", "a", "b", "c", "d")),
    **dict.fromkeys(("000.3a", "000.3a.h11", "000.3a.h12"), ("x",)),
    **dict.fromkeys(
        ("000.3b", "000.3b.h11", "000.3b.h12", "000.3b.h13", "000.3b.h14", "000.3b.h21", "000.3b.h22", "000.3b.h31"),
        ("x1", "x2"),
    ),
    **dict.fromkeys(
        (
            "001.2.1.w2.logistic",
            "001.2.1.b2.logistic",
            "001.2.1.w2.tanh",
            "001.2.1.b2.tanh",
            "001.2.2.w2",
            "001.2.2.b2",
            "001.2.3",
            "001.2.3.b2",
            "001.2.4",
        ),
        NETWORK,
    ),
    **dict.fromkeys(("001.vector.x", "001.vector.W1"), ("x", "W1", "b1", "w2", "b2")),
    "002.2.x1": ("x1", "x2"),
    "002.2.x2": ("x1", "x2"),
    "002.3.1": ("z",),
    "002.3.2": ("w", "x"),
    "002.3.6": ("w", "x"),
    "002.3.3": ("w", "X", "y"),
    "002.3.5": ("w", "X", "y"),
    "002.3.4": ("w", "X", "y", "lam"),
    "004.3": ("x",),
    "07.prediction": ("W1", "b1", "W2", "b2", "x"),
    "07.batch_cost": ("W1", "b1", "W2", "b2", "X", "y"),
    **mnist_forms.FORMULAS,
}
FORMULA_KEYS = sorted(PARAMETERS)
LOGISTIC = tuple(f"w{i}" for i in range(1, 10)) + tuple(f"b{i}" for i in range(1, 5))
OTHERS = {  # other kinds of answers: a table, gradients, statements, a claim
    "001.2.3.text": ("changes", "counterexample"),
    "002.1": ("yhat_identity", "yhat_relu", "J", "db1_2", "dw21_2", "db2_1", "dw13_1", "b2_1_new", "w13_1_new"),
    "04.eta": ("eta_best", "eta_limit"),
    "003.1a": LOGISTIC,
    "003.1b": LOGISTIC,
    "002.1e": (1, 2, 3, 4, 5, 6),
    "003.1.text": (1, 2, 3, 4, 5, 6, 7),
    "004.1": ("W1", "b1", "W2", "b2", "x", "y"),
    "04.matrix": ("x", "y", "W1", "b1", "W2", "b2"),
    "04.gradient_check": ("f", "p", "h"),
    "07.batch_gradients": ("W1", "b1", "W2", "b2", "X", "y"),
    **mnist_forms.OTHERS,
}
RIGHT = {**right_forms.RIGHT, **mnist_forms.RIGHT}
JOINT = {  # mistakes that give the same values everywhere
    ("000.3a", frozenset({"paren", "no_minus", "reverse"})),
    ("001.2.2.w2", frozenset({"sign_in_exp", "no_inner"})),
    ("000.3a.h11", frozenset({"paren", "swapped"})),
    ("000.3a.h12", frozenset({"paren", "swapped"})),
}
every_question = pytest.mark.parametrize("key", FORMULA_KEYS)


def as_function(question, formula):
    """A student's function that computes a formula."""
    return lambda *values: question.evaluate(formula, dict(zip(question.parameters, values, strict=False)))


@pytest.fixture(autouse=True)
def fresh_counters():
    for question in questions.values():
        getattr(question, "_times_seen", getattr(question, "_times_wrong", None)).clear()


# --------------------------------------------------------------------------------------- what there is


def test_every_task_has_its_question():
    assert {key: question.parameters for key, question in questions.items()} == {**PARAMETERS, **OTHERS}
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
def test_hints_and_statement_are_there(key):
    question = questions[key]
    assert len(question.hints) >= 2 and question.statement and isinstance(question.hints, tuple)


@pytest.mark.parametrize("key", sorted(questions))
def test_every_question_can_be_shown(key):
    question = questions[key]
    assert question.title in repr(question)
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


@every_question
def test_no_point_is_special(key):
    """At 0, ±½, ±1, ±2 and at equal inputs mistakes stay invisible: 2x = 1, w x = x, …"""
    for point in questions[key].points:
        numbers = [float(value) for value in point.values() if np.ndim(value) == 0]
        assert not {abs(number) for number in numbers} & {0, 0.5, 1, 2}
        assert len({abs(number) for number in numbers}) == len(numbers)
        assert key != "000.1a" or sum(numbers) != 1


# -------------------------------------------------------------------------------------- printed values


@pytest.mark.parametrize("key", sorted(PRINTED))
def test_reference_has_the_printed_values(key):
    points = [{name: np.array(value, dtype=float) for name, value in point.items()} for point in PRINTED[key]["points"]]
    for got, printed in zip(questions[key].truth(points), PRINTED[key]["values"], strict=True):
        np.testing.assert_allclose(got, printed, rtol=1e-11, atol=1e-25 if "h" in key else 0)


@pytest.mark.parametrize("key", sorted(PRINTED))
def test_mistakes_have_the_printed_values(key):
    question = questions[key]
    points = [{name: np.array(value, dtype=float) for name, value in point.items()} for point in PRINTED[key]["points"]]
    known = {mistake.id: mistake for mistake in question.mistakes}
    for name, printed in PRINTED[key]["mistakes"].items():
        values = question.mistake_values(known[name], points)
        for got, wanted in zip(values, printed["values"], strict=False):
            np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-15 if name != "paren" else 0)


@pytest.mark.parametrize("key", [key for key in sorted(PRINTED) if "objective" in PRINTED[key]])
def test_objective_has_the_printed_values(key):
    for point, printed in zip(PRINTED[key]["points"], PRINTED[key]["objective"], strict=False):
        assert questions[key].evaluate("J", {k: np.array(v, float) for k, v in point.items()}) == pytest.approx(printed)


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
    if key == "001.2.3.text" and callable(stub) and not isinstance(stub, type):
        assert questions[key].check(stub).status in ("not attempted",)
        return
    feedback = questions[key].check(stub)
    assert feedback.status == "not attempted" and feedback.mistake is None and not feedback


@every_question
def test_reference_is_accepted_as_text_and_as_function(key):
    question = questions[key]
    formula = question.answer_formula.text
    assert question.check(formula).status == "correct"
    assert question.check(as_function(question, formula)).status == "correct"
    assert question.check(question.solution.result.text).status == "correct"


@pytest.mark.parametrize("key", sorted(questions))
def test_right_but_different_forms_are_accepted(key):
    assert len(RIGHT[key]) >= 3
    for number, answer in enumerate(RIGHT[key]):
        feedback = questions[key].check(answer)
        assert feedback.status == "correct", f"form {number}: {feedback}"


@every_question
def test_float32_and_lists_are_accepted(key):
    question = questions[key]
    reference = as_function(question, question.answer_formula)
    assert question.check(lambda *p: np.asarray(reference(*p), dtype=np.float32))
    assert question.check(lambda *p: reference(*p).tolist())
    assert question.check(lambda *p: np.asarray(reference(*p), dtype=object))


@every_question
def test_sympy_answers_are_accepted(key):
    question = questions[key]
    if any(question.shapes.values()):
        pytest.skip("an answer in vectors")
    expression = SymbolicEvaluator(symbols_for(question.shapes, {}), question.definitions)(question.answer_formula)
    for form in (expression, expression.expand(), expression.rewrite("exp"), expression * 2 / 2):
        assert question.check(form).status == "correct", form


# --------------------------------------------------------------------------------------- wrong answers

LISTED = [(key, mistake.id) for key in FORMULA_KEYS for mistake in questions[key].mistakes]


@pytest.mark.parametrize("key, name", LISTED)
def test_listed_mistake_is_named(key, name):
    question = questions[key]
    formula = next(mistake.formula for mistake in question.mistakes if mistake.id == name)
    for answer in (formula, as_function(question, formula)):
        feedback = question.check(answer)
        assert feedback.status == "wrong" and name in feedback.mistakes
        if len(feedback.mistakes) > 1:
            assert (key, frozenset(feedback.mistakes)) in JOINT


@every_question
def test_every_question_knows_at_least_three_mistakes_with_distinct_ids(key):
    ids = [mistake.id for mistake in questions[key].mistakes]
    assert len(ids) >= 3 and len(set(ids)) == len(ids)
    assert all(mistake.what.strip() for mistake in questions[key].mistakes)


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
def test_no_message_gives_the_answer_away(key, monkeypatch):
    question, found = questions[key], {}

    def remembered(case):  # only the hint is another one when the same answer comes again
        answer = id(case.answer.answer)
        if answer not in found:
            found[answer] = recognise(case)
        return found[answer]

    monkeypatch.setattr("helpers.exercises.formula_question.recognise", remembered)
    reference = as_function(question, question.answer_formula)
    values = np.abs(np.concatenate([np.ravel(v) for v in question.truth(question.points)]))
    values = values[(values > 1e-3) & (np.abs(values - 1) > 1e-3) & (np.abs(values - 0.5) > 1e-3)]
    secrets = [_squeezed(question.answer_formula.text), _squeezed(question.solution.result.text)]
    secrets = [secret for secret in secrets if len(secret) > 6]
    wrong = [mistake.formula for mistake in question.mistakes]
    wrong += [
        lambda *p: 2 * reference(*p),
        lambda *p: reference(*p) + 1,
        lambda *p: reference(*p) ** 2 + 0.3,
        lambda *p: np.cos(reference(*p)),
        lambda *p: reference(*p) * np.nan,
        lambda *p: 7.25,
    ]
    for answer in wrong:
        for _ in range(6):
            feedback = question.check(answer)
            assert feedback.status == "wrong"
            text = _squeezed(feedback.message)
            for secret in secrets:
                if not isinstance(answer, str):
                    assert secret not in text
            points = re.sub(r"at [^:]*=.*?[:.](?= |$)", "", feedback.message)  # inputs may be quoted,
            points = re.sub(r"your answer is \S+,", "", points)  # and the student's own value
            for number in re.findall(r"\d+\.\d{2,}(?:e[+-]?\d+)?", points):
                said = float(number)
                assert said == 7.25 or np.all(np.abs(values - said) > 5e-3 * values), feedback


@every_question
def test_repeating_a_mistake_leads_on_to_a_nearer_hint(key):
    question = questions[key]
    formula = question.mistakes[0].formula
    messages = [question.check(formula).message for _ in range(4)]
    assert "Hint:" not in messages[0] and "Hint:" in messages[1]
    assert len(set(messages[:3])) == 3


# ----------------------------------------------------------------------------------------- derivations


@every_question
def test_derivation_verifies_and_is_displayed(key):
    solution = questions[key].solution
    verification = solution.verify()
    assert verification, verification.failures
    assert proved_lines(solution)
    for text in (solution.to_html(), str(solution)):
        assert text
        assert text.count("{") == text.count("}") and text.count(r"\left") == text.count(r"\right")
    for left, right, _, _ in solution.lines():
        assert not re.search(r"_(\w|\{[^}]*\})_", left + right), "a double subscript, which LaTeX refuses"
    assert "<details>" in solution.to_html() and len(solution.lines()) == len(solution.steps)


def broken_texts(text):
    """Copies of a formula with one thing changed: a sign, a factor, a number, a function."""
    tree = ast.parse(text, mode="eval")
    for index, node in enumerate(ast.walk(tree)):
        changed = None
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            changed = {"op": ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()}
        elif isinstance(node, ast.Constant) and node.value != 0:
            changed = {"value": node.value + 1}
        elif isinstance(node, ast.Call) and node.func.id in ("sigma", "exp", "cos", "sign", "log"):
            changed = {"func": ast.Name("tanh", ast.Load())}
        elif isinstance(node, ast.UnaryOp):
            changed = {"op": ast.UAdd()}
        if changed:
            copy = ast.parse(text, mode="eval")
            target = list(ast.walk(copy))[index]
            for field, value in changed.items():
                setattr(target, field, value)
            yield ast.unparse(copy)
    yield f"2*({text})"
    yield f"-({text})"


@every_question
def test_every_broken_copy_of_a_derivation_fails(key):
    question = questions[key]
    solution = question.solution
    definitions = {name: formula.text for name, formula in solution.definitions.items()}

    def failures(*steps):
        copy = Derivation(
            solution.target.text, steps, solution.shapes, definitions, solution.positive, near=solution.near
        )
        return copy.verify(points=2).failures

    for number, step in enumerate(solution.steps):
        for text in list(broken_texts(step.text))[-8:]:  # alone: every line is held against its left-hand side
            assert failures(Step(text, step.reason, step.left)) == [0], f"line {number}: {text}"
    # … and in its place, where it must not spoil the lines around it
    number = len(solution.steps) // 2
    middle = solution.steps[number]
    steps = list(solution.steps)
    steps[number] = Step(f"2*({middle.text})", middle.reason, middle.left)
    assert failures(*steps) == [number]


@every_question
def test_last_line_of_the_derivation_is_the_answer(key):
    question = questions[key]
    for point, truth in zip(question.points, question.truth(question.points), strict=False):
        definitions_only = question.evaluate(question.solution.result, point)
        np.testing.assert_allclose(definitions_only, truth, rtol=1e-9, atol=1e-12)


@every_question
def test_lines_of_the_derivation_pass_check_steps(key):
    question = questions[key]
    lines = [step.text for step in question.solution.steps if not step.left]
    feedback = question.check_steps(lines)
    assert feedback.status == "correct" and feedback.line is None, str(feedback)
