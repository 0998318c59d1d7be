"""Recognises answers that are the right formula times something, or another quantity than the one asked for.

A ratio to the right answer that is the same everywhere is a constant factor; one that equals x everywhere is an extra
x; one that depends on a pre-activation only is a derivative that was forgotten.
"""

import itertools

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition
from helpers.checking.values import agree, flat

# ------------------------------------------------------------------------------------------ factors

_CHAIN = "Write the chain rule with one factor for each step, and count the factors."
_CONSTANT = "Follow every constant factor through your lines."
_CONSTANTS = {
    1: ("", ""),
    2: ("factor_2", "is twice as large as it should be"),
    1 / 2: ("factor_half", "is half of what it should be"),
    3: ("factor_3", "is three times too large"),
    1 / 3: ("factor_third", "is a third of what it should be"),
    4: ("factor_4", "is four times too large"),
    1 / 4: ("factor_quarter", "is a quarter of what it should be"),
    1 / np.log(10): ("log10", "is off by the factor that a logarithm to base 10 brings (here log is the natural one)"),
    1 / np.log(2): ("log2", "is off by the factor that a logarithm to base 2 brings (here log is the natural one)"),
    np.log(10): ("factor_ln10", "is multiplied by the natural logarithm of 10"),
    np.log(2): ("factor_ln2", "is multiplied by the natural logarithm of 2"),
    np.sqrt(2): ("factor_root_2", "is √2 times what it should be"),
    1 / np.sqrt(2): ("factor_1_root_2", "is divided by √2"),
    100: ("percent", "is a hundred times too large, as if it were in percent"),
    1 / 100: ("factor_hundredth", "is a hundredth of what it should be"),
    np.pi: ("factor_pi", "is multiplied by π"),
    np.pi / 180: ("degrees", "is off by the factor between degrees and radians"),
}
_COUNTED = {
    "m": "the number of examples",
    "n": "the number of features",
    "k": "the number of classes or units",
    "d": "the number of inputs",
}


def constant_of(ratio: np.ndarray) -> float | None:
    """The constant that all ratios equal, or None."""
    c = np.median(ratio)
    return float(c) if np.isfinite(c) and c != 0 and np.all(np.abs(ratio - c) <= 3e-5 * abs(c)) else None


def known_constant(ratio: np.ndarray) -> tuple[str, str] | None:
    """(id, what it does to an answer) if all ratios equal one well-known constant, sign included; or None."""
    c = constant_of(ratio)
    for known, (name, text) in _CONSTANTS.items() if c is not None else ():
        if np.isclose(abs(c), known, rtol=2e-5):
            sign = ("sign", "has the wrong sign") if c < 0 else ("", "")
            return _joined("+", sign[0], name), _joined(" and ", sign[1], text)
    return None


def _joined(between, *parts):
    return between.join(filter(None, parts))


def _ratios(got, truth):
    """got/truth where the truth is not zero, with the mask; None if got is not zero where the truth is."""
    got, truth = flat(got), flat(truth)
    scale = np.max(np.abs(truth), initial=0.0)
    used = np.abs(truth) > 1e-9 * scale
    if not used.any() or np.any(np.abs(got[~used]) > 1e-6 * scale):
        return None, used
    return got[used] / truth[used], used


def constant_multiple(case: Case) -> Found:
    """The answer is zero, or a fixed multiple of the right one."""
    ratio, _ = _ratios(case.got, case.truth)
    if ratio is None:
        return None
    if np.all(np.abs(flat(case.got)) <= 1e-9 * np.max(np.abs(flat(case.truth)))):
        return Recognition(
            "zero",
            "Your answer is zero everywhere, the right one is not.",
            "Which of the quantities in the chain depend on the variable?" if case.is_derivative else "",
        )
    c = constant_of(ratio)
    near = c is None or np.isclose(c, 1, rtol=2e-4)  # … then it is nearly right
    return None if near else _constant_factor(ratio)


def known_multiple(case: Case) -> Found:
    """The answer is zero, or the right one times −1, 2, ½ or another well-known number."""
    found = constant_multiple(case)
    if found and found.mistake == "zero":  # of a steep function something very small may be left
        return found if case.is_derivative or not np.any(flat(case.got)) else None
    return found if found and found.mistake != "constant_factor" else None


def factor(case: Case) -> Found:
    """The answer is the right one times an input, an intermediate quantity, a derivative."""
    ratio, used = _ratios(case.got, case.truth)
    if ratio is None or constant_of(ratio) is not None:
        return None
    for name, text, values in _factors(case, used):
        constant = known_constant(ratio / values)
        if constant:
            ids, besides = constant
            return Recognition(
                _joined("+", ids, name), text + (f" Besides, your answer {besides}." if besides else ""), _CHAIN
            )
    return None


def _constant_factor(ratio):
    ids, text = known_constant(ratio) or ("", "")
    if not ids:
        return Recognition(
            "constant_factor", "Your answer is a fixed multiple of the right one, everywhere.", _CONSTANT
        )
    return Recognition(
        ids, f"Everywhere your answer {text}.", "Follow the minus signs line by line." if ids == "sign" else _CONSTANT
    )


def _factors(case, used):
    """(id, text, values of the factor at every used entry): single quantities first, then one instead of
    another."""

    def at_entries(values):
        spread = case.spread(values)
        return None if spread is None else spread[used]

    sizes = [case.question.sizes(point) for point in case.points]
    for letter, counted in _COUNTED.items():
        if letter in sizes[0] and case.truth[0].ndim:
            values = at_entries([float(size[letter]) for size in sizes])
            yield f"divided_by_{letter}", f"Your answer has been divided by {counted} once too often.", 1 / values
            yield f"times_{letter}", f"Your answer has been multiplied by {counted}, or not divided by it.", values
    quantities = {name: at_entries(values) for name, values in case.quantities.items()}
    quantities = {name: v for name, v in quantities.items() if v is not None and np.all(v != 0)}
    for power, twice, squared in ((1, "", ""), (2, " twice", "²")):
        for name, v in quantities.items():
            yield f"missing_{name}", f"A factor `{name}` is missing{twice}.", 1 / v**power
            yield f"extra_{name}", f"There is a factor `{name}`{squared} too many.", v**power
    for (one, v), (other, u) in itertools.permutations(quantities.items(), 2):
        yield f"{one}_instead_{other}", f"A factor `{one}` stands where `{other}` belongs.", v / u
    for name, v in quantities.items():
        if name in case.question.definitions:
            yield from _inner_derivatives(name, v)


def _inner_derivatives(name, v):
    for slope in (v * (1 - v), 1 - v**2, 1 - v, 1 / (2 + np.exp(v) + np.exp(-v)), 1 / (1 + np.exp(-v))):
        if np.all(np.isfinite(slope)) and np.all(slope != 0):
            yield (
                "missing_inner_derivative",
                f"A factor is missing that depends on `{name}` only, such as the derivative of one function of the chain.",
                1 / slope,
            )
            yield (
                "extra_inner_derivative",
                f"There is a factor too many that depends on `{name}` only, such as a derivative that does not belong here.",
                slope,
            )


# ------------------------------------------------------------------------------------------ other quantities


def function_itself(case: Case) -> Found:
    """What is to be differentiated was handed in."""
    found = intermediate_value(case)
    return found if found and found.mistake == "no_derivative" else None


def intermediate_value(case: Case) -> Found:
    """The function itself, or a quantity on the way, was handed in instead of what is asked for."""
    question = case.question
    for name, values in case.quantities.items():
        # an answer that goes by a name of its own here is no quantity on the way
        if not np.any(flat(values)) or agree(values, case.truth, case.rtol):
            continue
        if case.matches(values) or case.matches([-v for v in values]):
            if name == question.objective:
                return Recognition(
                    "no_derivative",
                    "That is the function itself: its derivative has not been taken.",
                    f"Differentiate with respect to `{question.variable}`.",
                )
            return Recognition(
                "intermediate",
                f"That is the quantity `{name}` itself, not what is asked for.",
                "It is a step on the way: go on from there.",
            )
    return None


_TRANSFORMS = (
    ("absolute_value", np.abs, "Your answer has the right size, but it has lost its sign at some inputs."),
    ("absolute_value", lambda t: -np.abs(t), "Your answer has the right size, but a wrong sign at some inputs."),
    ("reciprocal", lambda t: 1 / t, "Your answer is one divided by the right one."),
    ("reciprocal", lambda t: -1 / t, "Your answer is one divided by the right one, with the wrong sign."),
    ("squared", np.square, "Your answer is the square of the right one."),
    ("one_minus", lambda t: 1 - t, "Your answer is one minus the right one."),
    ("exponentiated", np.exp, "Your answer is the exponential of the right one."),
    ("reversed", lambda t: t[::-1] if t.ndim else t, "The components are in the reverse order."),
)


def simple_transform(case: Case) -> Found:
    """The right answer went through one function too many: its size, its reciprocal, its square."""
    for name, transform, text in _TRANSFORMS:
        values = [np.asarray(transform(t)) for t in case.truth]
        if np.all(np.isfinite(flat(values))) and case.matches(values):
            return Recognition(name, text)
    return None
