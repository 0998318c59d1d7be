"""Recognises answers that are the right one times something.

A ratio to the right answer that is the same everywhere is a constant factor; one that equals x everywhere is an extra
x; one that depends on a pre-activation only is a derivative that was forgotten.
"""

import itertools

import numpy as np

from helpers.checking.cases import Recognition, flat

_CONSTANTS = {
    2: ("factor_2", "twice as large as it should be"),
    1 / 2: ("factor_half", "half of what it should be"),
    3: ("factor_3", "three times too large"),
    1 / 3: ("factor_third", "a third of what it should be"),
    4: ("factor_4", "four times too large"),
    1 / 4: ("factor_quarter", "a quarter of what it should be"),
    1 / np.log(10): ("log10", ("off by the factor that a logarithm to base 10 brings (here log is the natural one)")),
    1 / np.log(2): ("log2", ("off by the factor that a logarithm to base 2 brings (here log is the natural one)")),
    np.log(10): ("factor_ln10", "multiplied by the natural logarithm of 10"),
    np.log(2): ("factor_ln2", "multiplied by the natural logarithm of 2"),
    np.sqrt(2): ("factor_root_2", "√2 times what it should be"),
    1 / np.sqrt(2): ("factor_1_root_2", "divided by √2"),
    100: ("percent", "a hundred times too large, as if it were in percent"),
    1 / 100: ("factor_hundredth", "a hundredth of what it should be"),
    np.pi: ("factor_pi", "multiplied by π"),
    np.pi / 180: ("degrees", ("off by the factor between degrees and radians")),
}


def _named_constant(c):
    """([ids], [texts]) of a constant factor, sign included; None if it is not a well-known one."""
    ids, texts = [], []
    if c < 0:
        ids, texts = ["sign"], ["has the wrong sign"]
    for known, (name, text) in _CONSTANTS.items():
        if np.isclose(abs(c), known, rtol=2e-5):
            return [*ids, name], [*texts, "is " + text]
    return (ids, texts) if np.isclose(abs(c), 1, rtol=2e-5) else None


def constant_of(ratio):
    """The constant that all ratios equal, or None."""
    c = np.median(ratio)
    return float(c) if np.isfinite(c) and c != 0 and np.all(np.abs(ratio - c) <= 3e-5 * abs(c)) else None


def _ratios(got, truth):
    """got/truth where the truth is not zero, with the mask; None if got is not zero where the truth is."""
    got, truth = flat(got), flat(truth)
    scale = np.max(np.abs(truth), initial=0.0)
    used = np.abs(truth) > 1e-9 * scale
    if not used.any() or np.any(np.abs(got[~used]) > 1e-6 * scale):
        return None, used
    return got[used] / truth[used], used


def factor(case):
    """The answer is the right one times something: a constant, an input, an intermediate quantity, a
    derivative."""
    if not case.same_shape:
        return None
    ratio, used = _ratios(case.got, case.truth)
    if ratio is None:
        return None
    if not np.any(flat(case.got)):
        return Recognition(
            "zero",
            "Your answer is zero everywhere, the right one is not.",
            "Which of the quantities in the chain depend on the variable?" if case.is_derivative else "",
        )
    c = constant_of(ratio)
    if c is not None:
        return _constant_factor(c) if not np.isclose(c, 1, rtol=2e-4) else None  # then it is nearly right
    candidates = _factor_candidates(case, used)
    for ids, text, values in candidates:
        with np.errstate(all="ignore"):
            c = constant_of(ratio / values)
        named = _named_constant(c) if c is not None else None
        if named is not None:
            extra = "" if not named[1] else f" Besides, your answer {' and '.join(named[1])}."
            return Recognition(
                "+".join([*named[0], ids]),
                text + extra,
                "Write the chain rule with one factor for each step, and count the factors.",
            )
    return None


def _constant_factor(c):
    named = _named_constant(c)
    if named is None:
        return Recognition(
            "constant_factor",
            "Your answer is a fixed multiple of the right one, everywhere.",
            "Follow every constant factor through your lines.",
        )
    ids, texts = named
    return Recognition(
        "+".join(ids),
        f"Everywhere your answer {' and '.join(texts)}.",
        "Follow the minus signs line by line."
        if ids == ["sign"]
        else "Follow every constant factor through your lines.",
    )


def _factor_candidates(case, used):
    """(id, text, values of the factor at every used entry): single quantities first, then one instead of
    another."""

    def spread(values):
        entries = [
            np.broadcast_to(v, t.shape)
            for v, t in zip(values, case.truth, strict=False)
            if np.ndim(v) == 0 or np.shape(v) == t.shape
        ]
        return flat(entries)[used] if len(entries) == len(case.truth) else None

    sizes = [case.question.sizes(point) for point in case.points]
    for letter, counted in (
        ("m", "the number of examples"),
        ("n", "the number of features"),
        ("k", "the number of hidden units"),
        ("d", "the number of inputs"),
    ):
        if letter in sizes[0] and case.truth[0].ndim:
            values = spread([float(size[letter]) for size in sizes])
            yield f"divided_by_{letter}", f"Your answer has been divided by {counted}.", 1 / values
            yield f"times_{letter}", f"Your answer has been multiplied by {counted}.", values
    quantities = {name: spread(values) for name, values in case.quantities().items()}
    quantities = {name: v for name, v in quantities.items() if v is not None and np.all(v != 0)}
    for name, v in quantities.items():
        yield f"missing_{name}", f"A factor `{name}` is missing.", 1 / v
        yield f"extra_{name}", f"There is a factor `{name}` too many.", v
    for name, v in quantities.items():
        yield f"missing_{name}", f"A factor `{name}` is missing twice.", 1 / v**2
        yield f"extra_{name}", f"There is a factor `{name}`² too many.", v**2
    for (one, v), (other, u) in itertools.permutations(quantities.items(), 2):
        yield f"{one}_instead_{other}", f"A factor `{one}` stands where `{other}` belongs.", v / u
    for name in case.question.definitions:
        if name in quantities:
            yield from _slopes(name, quantities[name])


def _slopes(name, v):
    with np.errstate(all="ignore"):
        forms = (v * (1 - v), 1 - v**2, 1 - v, 1 / (2 + np.exp(v) + np.exp(-v)), 1 / (1 + np.exp(-v)))
    for slope in forms:
        if np.all(np.isfinite(slope)) and np.all(slope != 0):
            yield (
                "missing_inner_derivative",
                (
                    f"A factor is missing that depends on `{name}` only: one function of the chain was not "
                    "differentiated."
                ),
                1 / slope,
            )
            yield (
                "extra_inner_derivative",
                (f"There is a factor too many that depends on `{name}` only: one derivative was taken twice."),
                slope,
            )


def listed_with_factor(case):
    """A mistake of the question's list together with a wrong sign or a constant factor."""
    for mistake in case.question.mistakes:
        values = case.question.mistake_values(mistake, case.points)
        if any(g.shape != v.shape for g, v in zip(case.got, values, strict=False)) or not np.all(
            np.isfinite(flat(values))
        ):
            continue
        ratio, _ = _ratios(case.got, values)
        c = None if ratio is None else constant_of(ratio)
        named = _named_constant(c) if c is not None else None
        if named is not None:
            return Recognition(
                "+".join([*named[0], mistake.id]),
                f"Two things went wrong at once. {mistake.what} And your answer {' and '.join(named[1])}.",
                mistake.hint,
            )
    return None
