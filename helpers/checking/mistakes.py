"""Names the mistake behind a wrong answer.

First the question's own list is compared, then what any question can meet, by values at several points. Each recogniser
gets a `Case` and returns a `Recognition` or None; the surest is asked first, and what cannot be told apart is named jointly.
"""

import numpy as np

from helpers.checking import neurons, sandbox
from helpers.checking.answers import Case
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
from helpers.checking.causes.hypotheses import confirmed, elsewhere, explained, explained_by_two, far_and_wide
from helpers.checking.causes.leads import lead
from helpers.checking.code_facts import (
    borrows,
    may_borrow,
    returns_in_loop,
    rounded_constant,
    rounds_down,
    shown_by_code,
    value_for_function,
    vector_transposed,
)
from helpers.checking.counts import other_quotient
from helpers.checking.feedback import Found, Recognition, jointly, recognised
from helpers.checking.formula_mistakes import (
    constant_multiple,
    constant_of,
    factor,
    function_itself,
    intermediate_value,
    known_constant,
    known_multiple,
    simple_transform,
)
from helpers.checking.loops import loop_slip
from helpers.checking.sentences import say
from helpers.checking.shape_mistakes import rearranged, rearranged_in_place, wrong_shape
from helpers.checking.values import (
    Unusable,
    flat,
)
from helpers.formulas.text import FormulaError

_FACTORS = (-1, 2, 1 / 2, -2, -1 / 2, 1 / np.log(10), 1 / np.log(2))  # that come together with another mistake
_PATIENCE = 10.0  # seconds for the search, which takes 0.6 at most here, and Python in a browser is slower


def recognise(case: Case) -> Recognition:
    """The mistake in a wrong answer; the last recogniser always finds something true to say. Looking for it has a time of
    its own: what takes long there is not the student's code."""
    unknown = recognised("unknown.values")
    try:
        return sandbox.run(lambda: _asked_in_order(case) or unknown, _PATIENCE)[0]
    except sandbox.Failure as failure:
        if failure.kind == "time":
            return unknown
        raise failure.problem or KeyboardInterrupt from None


def _asked_in_order(case):
    for recogniser in _RECOGNISERS if case.same_shape else _OF_ANY_SHAPE:
        try:
            found = recogniser(case)
        except (Unusable, sandbox.Failure, FormulaError, ArithmeticError, ValueError, TypeError, IndexError):
            continue  # a recogniser that calls the student's function again may meet anything
        if found:
            return found
    return None


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


def with_factor(case: Case) -> Found:
    """A mistake of the list, or one that the formulas foretell, together with a wrong sign or a constant factor."""
    unseen = elsewhere(case)
    for times in _FACTORS if unseen else ():
        other = case.times(1 / times)
        other.elsewhere = unseen.times(1 / times)
        found = listed_and_confirmed(other) or explained(other)
        if found:
            name, size = known_constant(np.array([times]))
            names = "|".join(f"{name}+{mistake}" for mistake in found.mistake.split("|"))
            return Recognition(names, say("with_factor", what=found.text, size=size), found.hint)
    return None


# ------------------------------------------------------------------------------------------ nearly right


def nearly_right(case: Case) -> Found:
    """Every value is right, rounded to some decimals, or within one percent."""
    got, truth = flat(case.got), flat(case.truth)
    if _is_rounded(got, truth):
        return recognised("rounded")
    if np.all(np.abs(got - truth) <= 0.01 * np.abs(truth)):
        return recognised("inaccurate")
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
        return recognised("extra_constant.slope" if case.is_derivative else "extra_constant")
    for name, values in case.quantities.items():
        v = case.spread(values)
        if v is not None and np.all(v != 0) and constant_of(difference / v) is not None:
            return recognised("extra_term", name=name)
    return None


def unknown(case: Case) -> Recognition:
    """Nothing is known of the mistake: where it shows most; behind that, the first quantity to print, or where the answer
    is right all the same."""
    found, first = furthest_off(case), lead(case)
    if first:
        return Recognition(found.mistake, f"{found.text} {first}", found.hint)
    zero = right_at_zero(case)
    if not zero or right_at_zero(far_and_wide(case) or case) != zero:
        return found
    return Recognition(found.mistake, say("right_at_zero", what=found.text, zero=zero), found.hint)


_OF_ANY_SHAPE = (
    own_parameter_order,
    returns_in_loop,
    listed_and_confirmed,
    confirmed(loop_slip),
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
    returns_in_loop,
    rounded_constant,
    *neurons.BEFORE_THE_LIST,
    listed_and_confirmed,
    *neurons.BEHIND_THE_LIST,
    confirmed(loop_slip),
    borrows,
    confirmed(function_itself),
    confirmed(hard_step),
    rounds_down,
    confirmed(known_multiple, everywhere=True),
    other_quotient,
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
    with_factor,
    explained_by_two,
    confirmed(factor),
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
