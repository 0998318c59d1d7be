"""Names the mistake behind a wrong answer, and the first line of a derivation that does not follow.

First the question's own list is compared, then what any question can meet, by values at several points. Each recogniser
gets a `Case` and returns a `Recognition` or None; the surest is asked first, and what cannot be told apart is named jointly.
"""

import re
from dataclasses import dataclass

import numpy as np

from helpers.checking import neurons, sandbox
from helpers.checking.answers import Answer, Case, not_finite
from helpers.checking.behaviour import (
    changed_argument,
    constant,
    dependence,
    first_component_only,
    furthest_off,
    hard_step,
    not_repeatable,
    only_for_scalar,
    own_parameter_order,
    parameter_order,
    partly_right,
    right_at_zero,
    right_on_one_side,
)
from helpers.checking.code_facts import borrows, may_borrow, shown_by_code, value_for_function, vector_transposed
from helpers.checking.feedback import Feedback, Found, Recognition, jointly
from helpers.checking.formula_mistakes import (
    constant_multiple,
    constant_of,
    factor,
    function_itself,
    intermediate_value,
    known_multiple,
    listed_with_factor,
    simple_transform,
    wrong_variable,
)
from helpers.checking.hypotheses import confirmed, elsewhere, explained, explained_by_two, far_and_wide
from helpers.checking.shape_mistakes import rearranged, rearranged_in_place, wrong_shape
from helpers.checking.values import (
    NotAttempted,
    Question,
    Unusable,
    agree,
    flat,
    is_placeholder,
    plain_numbers,
)
from helpers.formulas.text import Formula, FormulaError, shorten, spell_out_derivatives, split_equation


def recognise(case: Case) -> Recognition:
    """The mistake in a wrong answer; the last recogniser always finds something true to say."""
    with np.errstate(all="ignore"):
        for recogniser in _RECOGNISERS if case.same_shape else _OF_ANY_SHAPE:
            try:
                found = recogniser(case)
            except (Unusable, sandbox.Failure, FormulaError, ArithmeticError, ValueError, TypeError, IndexError):
                continue  # a recogniser that calls the student's function again may meet anything
            if found:
                return found
    return Recognition("unknown", "The values are wrong.")


def listed(case: Case) -> Found:
    """A mistake of the question's own list, or several that lead to the same values."""
    return jointly(_on_the_list(case, case.question.mistakes))


def listed_and_confirmed(case: Case) -> Found:
    """The same, of those that foretell the answer at fresh points too, if it can be had there."""
    found = _on_the_list(case, case.question.mistakes)
    other = elsewhere(case) if found else None
    return jointly(_on_the_list(other, found) if other else found)


def _on_the_list(case, mistakes):
    """Those that foretell the answer, and those that are known at the question's own points alone."""
    known = case.points is case.question.points
    return [m for m in mistakes if not (m.ways or known) or case.matches(case.question.mistake_values(m, case.points))]


# ------------------------------------------------------------------------------------------ nearly right


def nearly_right(case: Case) -> Found:
    """Every value is right, rounded to some decimals, or within one percent."""
    got, truth = flat(case.got), flat(case.truth)
    if _is_rounded(got, truth):
        return Recognition(
            "rounded", "Your answer has been rounded.", "Return the value as it is; round only when you print it."
        )
    if np.all(np.abs(got - truth) <= 0.01 * np.abs(truth)):
        return Recognition(
            "inaccurate",
            "Your answer is close, but not exact.",
            "A rounded constant or a finite difference with a large h gives such values; work with the formula itself.",
        )
    return None


def _is_rounded(got, truth):
    return np.any(got) and any(
        np.all(np.abs(got - truth) <= 0.51 * 10.0**-digits) and np.allclose(got, np.round(got, digits), atol=1e-12)
        for digits in range(1, 7)
    )


def extra_term(case: Case) -> Found:
    """The answer differs from the right one by a constant or by a multiple of one quantity."""
    difference = flat(case.got) - flat(case.truth)
    if constant_of(difference) is not None:
        return Recognition(
            "extra_constant",
            "Your answer differs from the right one by the same number everywhere.",
            "A constant has the derivative zero." if case.is_derivative else "",
        )
    for name, values in case.quantities.items():
        v = case.spread(values)
        if v is not None and np.all(v != 0) and constant_of(difference / v) is not None:
            return Recognition(
                "extra_term",
                f"Everywhere your answer differs from the right one by the same multiple of `{name}`.",
            )
    return None


def unknown(case: Case) -> Recognition:
    """Nothing is known of the mistake: where it shows most; behind that, where the answer is right all the same."""
    found, zero = furthest_off(case), right_at_zero(case)
    if not zero or right_at_zero(far_and_wide(case) or case) != zero:
        return found
    return Recognition(found.mistake, f"{found.text} It is right where {zero} = 0.", found.hint)


_OF_ANY_SHAPE = (
    own_parameter_order,
    listed_and_confirmed,
    confirmed(rearranged),
    explained,
    explained_by_two,
    may_borrow,
    shown_by_code,
    vector_transposed,
    value_for_function,
    wrong_shape,
)
_RECOGNISERS = (
    own_parameter_order,
    not_repeatable,
    *neurons.BEFORE_THE_LIST,
    listed_and_confirmed,
    *neurons.BEHIND_THE_LIST,
    borrows,
    confirmed(function_itself),
    confirmed(hard_step),
    confirmed(known_multiple, everywhere=True),
    confirmed(rearranged_in_place),
    explained,
    shown_by_code,
    may_borrow,
    value_for_function,
    confirmed(constant, everywhere=True),
    confirmed(constant_multiple, everywhere=True),
    confirmed(intermediate_value),
    confirmed(simple_transform),
    confirmed(nearly_right),
    confirmed(listed_with_factor),
    explained_by_two,
    confirmed(factor),
    confirmed(wrong_variable),
    confirmed(extra_term, everywhere=True),
    parameter_order,
    changed_argument,
    confirmed(first_component_only),
    confirmed(right_on_one_side, everywhere=True),
    partly_right,
    confirmed(only_for_scalar),
    confirmed(dependence, everywhere=True),
    unknown,
)

# ------------------------------------------------------------------------------------------ lines of a derivation

_QUOTIENT = re.compile(r"[d∂].*/\s*[d∂]")  # dE/dq: a label that claims something, readable or not


@dataclass(frozen=True)
class _Verdict:
    """`right`: True if a line equals the right answer, False if it does not, None if it is a side calculation that is
    right, such as `du/dw = x`; `found`: what is wrong with it."""

    right: bool | None
    found: Recognition | None = None


def compare_lines(question: Question, lines: object) -> Feedback:
    """The Feedback on a list of lines. Every line must equal the right answer, and so the line before it."""
    if isinstance(lines, str):
        lines = [line for line in lines.splitlines() if line.strip()]
    lines = list(lines) if isinstance(lines, (list, tuple)) else [lines]
    if all(map(is_placeholder, lines)):
        raise NotAttempted
    wrong, verdicts = None, []
    for index, line in enumerate(lines):
        try:
            verdicts.append(_judge(question, line))
        except Unusable as problem:
            if wrong is not None:
                break  # the first line that does not follow is what counts
            status = "error" if problem.status != "wrong" else "wrong"
            text = f"Line {index + 1} ({_quoted(line)}): {problem.message}"
            return Feedback(status, text, problem.mistake, line=index)
        if verdicts[-1].right is False and wrong is None:
            wrong = index
    if wrong is not None:
        return Feedback("wrong", _explanation(lines, wrong, verdicts), verdicts[wrong].found.mistake, line=wrong)
    if verdicts[-1].right is None:
        text = "These side calculations are right; the line with the answer is still missing."
        return Feedback("wrong", text, "unfinished")
    if _is_open(lines[-1]):
        text = "Every line follows, but in the last one a derivative still has to be worked out."
        return Feedback("wrong", text, "unfinished")
    return Feedback("correct", "Every line follows from the one before, and the last one is the answer.")


def _judge(question, line):
    """The _Verdict on one line, which may have several sides."""
    points, truth, rtol = question.points, question.truth(question.points), question.rtol
    answers, labelled = _sides(question, line)
    values = [plain_numbers(answer.values(points)[0], truth) for answer in answers]
    right = [agree(got, truth, rtol) for got in values]
    if all(right):
        return _Verdict(True)
    if len(values) > 1 and not any(right) and not labelled:
        other = next((i for i, got in enumerate(values) if not agree(got, values[0], rtol)), None)
        if other is None:
            return _Verdict(None)
        sides = f"{_quoted(answers[other - 1].answer)} and {_quoted(answers[other].answer)}"
        return _Verdict(False, Recognition("sides_differ", f"{sides} are not equal."))
    worst = right.index(False)
    case = Case(question, answers[worst], points, values[worst])
    return _Verdict(False, not_finite(values[worst], points) or recognise(case))


def _sides(question, line):
    """The sides of `dE/da = … = …` as Answers, and whether there was a label in front that is no formula, such as `E_a`.

    It is left out, and what follows it must be the answer: nobody knows what else it claims.
    """
    texts = split_equation(line) if isinstance(line, str) else [line]
    answers, labelled = [], False
    for number, text in enumerate(texts or [line]):
        try:
            answers.append(Answer(question, text, derivatives=True))
        except Unusable:
            if number or len(texts) < 2 or _QUOTIENT.search(text):
                raise
            labelled = True
    return answers, labelled


def _is_open(line):
    """Whether a line still holds a derivative that has to be worked out."""
    if isinstance(line, str):
        side = split_equation(line)[-1]
        try:
            return "diff(" in spell_out_derivatives(side, {}) or Formula(side).has_derivative
        except FormulaError:
            return False
    if not hasattr(line, "atoms"):
        return False
    import sympy as sp

    side = line.rhs if isinstance(line, sp.Equality) else line
    return bool(side.atoms(sp.Derivative))


def _explanation(lines, wrong, verdicts):
    """What is said of the first line that does not follow, and of a right line behind it."""
    found, line = verdicts[wrong].found, f"Line {wrong + 1} ({_quoted(lines[wrong])})"
    if found.mistake == "sides_differ":
        return f"{line} does not hold: {found.text}"
    what = re.sub("^Your answer", "It", found.text)
    if wrong == 0:
        text = f"{line} is not what is asked for. {what}"
    else:
        text = f"{line} does not follow from line {wrong}. Compared with the line before: {what}"
    later = next((index for index in range(wrong + 1, len(verdicts)) if verdicts[index].right), None)
    if later is None:
        return text
    if found.mistake == "no_derivative" and wrong == 0:
        return f"{text} Begin with its derivative, `diff(…)`; line {later + 1} is right."
    return f"{text} Line {later + 1} is right again, so two errors cancel: the result is right, the derivation is not."


def _quoted(line):
    return f"`{shorten(line)}`"
