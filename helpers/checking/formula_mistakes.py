"""Recognises answers that are the right formula times something, or another quantity than the one asked for.

A ratio to the right answer that is the same everywhere is a constant factor; one that equals x everywhere is an extra
x; one that depends on a pre-activation only is a derivative that was forgotten.
"""

import itertools

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition, recognised
from helpers.checking.sentences import hint_of, say
from helpers.checking.values import agree, flat

# ------------------------------------------------------------------------------------------ factors

_CONSTANTS = {
    1: "",
    2: "factor_2",
    1 / 2: "factor_half",
    3: "factor_3",
    1 / 3: "factor_third",
    4: "factor_4",
    1 / 4: "factor_quarter",
    1 / np.log(10): "log10",
    1 / np.log(2): "log2",
    np.log(10): "factor_ln10",
    np.log(2): "factor_ln2",
    np.sqrt(2): "factor_root_2",
    1 / np.sqrt(2): "factor_1_root_2",
    100: "percent",
    1 / 100: "factor_hundredth",
    np.pi: "factor_pi",
    np.pi / 180: "degrees",
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
    for known, name in _CONSTANTS.items() if c is not None else ():
        if np.isclose(abs(c), known, rtol=2e-5):
            size = name and f"is {say(f'{name}.size')}"
            sign = ("sign", say("sign.size")) if c < 0 else ("", "")
            return _joined("+", sign[0], name), _joined(" and ", sign[1], size)
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
        return recognised("zero.slope" if case.is_derivative else "zero")
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
    for found, values in _factors(case, used):
        constant = known_constant(ratio / values)
        if constant:
            ids, size = constant
            text = say("besides", what=found.text, size=size) if size else found.text
            return Recognition(_joined("+", ids, found.mistake), text, found.hint)
    return None


def _constant_factor(ratio):
    ids, text = known_constant(ratio) or ("", "")
    if not ids:
        return recognised("constant_factor")
    return Recognition(ids, say("everywhere", size=text), hint_of(f"{ids.split('+')[-1]}.size"))


def _factors(case, used):
    """(a Recognition, values of the factor at every used entry): single quantities first, then one instead of
    another."""

    def at_entries(values):
        spread = case.spread(values)
        return None if spread is None else spread[used]

    sizes = [case.question.sizes(point) for point in case.points]
    for letter, counted in _COUNTED.items():
        if letter in sizes[0] and case.truth[0].ndim:
            values = at_entries([float(size[letter]) for size in sizes])
            yield recognised("divided_by", f"divided_by_{letter}", counted=counted), 1 / values
            yield recognised("times", f"times_{letter}", counted=counted), values
    quantities = {name: at_entries(values) for name, values in case.quantities.items()}
    quantities = {name: v for name, v in quantities.items() if v is not None and np.all(v != 0)}
    for power, twice, squared in ((1, "", ""), (2, " twice", "²")):
        for name, v in quantities.items():
            yield recognised("missing", f"missing_{name}", name=name, twice=twice), 1 / v**power
            yield recognised("extra", f"extra_{name}", name=name, squared=squared), v**power
    for (one, v), (other, u) in itertools.permutations(quantities.items(), 2):
        yield recognised("instead", f"{one}_instead_{other}", one=one, other=other), v / u
    for name, v in quantities.items():
        if name in case.question.definitions:
            yield from _inner_derivatives(name, v)


def _inner_derivatives(name, v):
    for slope in (v * (1 - v), 1 - v**2, 1 - v, 1 / (2 + np.exp(v) + np.exp(-v)), 1 / (1 + np.exp(-v))):
        if np.all(np.isfinite(slope)) and np.all(slope != 0):
            yield recognised("missing_inner_derivative", name=name), 1 / slope
            yield recognised("extra_inner_derivative", name=name), slope


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
                return recognised("no_derivative", name=question.variable)
            return recognised("intermediate", name=name)
    return None


_TRANSFORMS = (
    ("absolute_value", np.abs),
    ("absolute_value.turned", lambda t: -np.abs(t)),
    ("reciprocal", lambda t: 1 / t),
    ("reciprocal.turned", lambda t: -1 / t),
    ("squared.whole", np.square),
    ("one_minus", lambda t: 1 - t),
    ("exponentiated", np.exp),
    ("root", np.sqrt),
    ("logarithm", np.log),
    ("tanh_of_it", np.tanh),
    ("reversed", lambda t: t[::-1] if t.ndim else t),
)


def simple_transform(case: Case) -> Found:
    """The right answer went through one function too many: its size, its reciprocal, its square."""
    for sentence, transform in _TRANSFORMS:
        with np.errstate(all="ignore"):
            values = [np.asarray(transform(t)) for t in case.truth]
        if np.all(np.isfinite(flat(values))) and case.matches(values):
            return recognised(sentence)
    return None
