"""Names the mistake behind a wrong answer.

First the question's own list is compared, then the mistakes that any question can meet: a wrong sign or constant factor,
a missing or extra input, a logarithm to another base, a transpose, a sum that should have stayed a vector, and so on.
Each recogniser gets a `Case` and returns a `Recognition` or None; `recognise` asks them in order, the surest first.

Everything is decided by values at several points: a ratio to the right answer that is the same everywhere is a constant
factor, one that equals x everywhere is an extra x. What cannot be told apart is named jointly.
"""

import itertools
import time
from dataclasses import dataclass

import numpy as np

from . import sandbox
from .answers import Unusable, in_words, parameter_names, shape_in_words
from .formulas import Evaluator, FormulaError


EXTRA_SECONDS = 1.5    # for calling the student's function at further points


@dataclass(frozen=True)
class Recognition:
    """`mistake`: id, or several joined by "|"; `text`: the kind of mistake in plain words; `hint`: where to look."""

    mistake: str
    text: str
    hint: str = ""


class Case:
    """One wrong answer: the question, its points, the right values and the student's, all as lists of arrays."""

    def __init__(self, question, answer, points, got):
        self.question, self.answer, self.points, self.got = question, answer, points, got
        self.truth = question.truth(points)
        self.rtol = question.rtol
        self.same_shape = len(got) == len(points) and all(g.shape == t.shape for g, t in zip(got, self.truth))
        self._seconds_left = EXTRA_SECONDS

    def matches(self, wanted, got=None):
        """Whether the student's values are these."""
        return agree(self.got if got is None else got, wanted, self.rtol)

    def call(self, points):
        """The student's values at other points; Unusable once the time for such extra calls is used up."""
        started = time.monotonic()
        if self._seconds_left <= 0:
            raise Unusable("error", "", "endless")
        try:
            return self.answer.values(points, seconds=min(0.5, self._seconds_left))[0]
        finally:
            self._seconds_left -= time.monotonic() - started

    def quantities(self):
        """name -> values at the points, for every parameter and every named intermediate quantity."""
        found = {}
        for name in (*self.question.parameters, *self.question.definitions):
            try:
                found[name] = [self.question.evaluate(name, point) for point in self.points]
            except FormulaError:
                continue
        return found


def agree(got, wanted, rtol):
    """Whether two lists of arrays are equal to float32 accuracy: relative `rtol`, and a twentieth of that of the
    largest value for entries near zero."""
    if len(got) != len(wanted) or any(g.shape != w.shape for g, w in zip(got, wanted)):
        return False
    got, wanted = flat(got), flat(wanted)
    if not np.all(np.isfinite(got)):
        return False
    scale = np.max(np.abs(wanted), initial=0.0)
    return bool(np.all(np.abs(got - wanted) <= rtol * np.abs(wanted) + 0.05 * rtol * scale))


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays]) if arrays else np.zeros(0)


def recognise(case):
    """The Recognition of the mistake in a wrong answer; the last recogniser always finds something true to say."""
    for recogniser in (own_parameter_order, listed, wrong_shape, constant, intermediate_value, factor, wrong_variable,
                       simple_transform, listed_with_factor, parameter_order, nearly_right, extra_term, not_repeatable,
                       changed_argument, partly_right, only_for_scalar, only_at_zero, dependence, furthest_off):
        try:
            found = recogniser(case)
        except (Unusable, sandbox.Failure, FormulaError, ArithmeticError, ValueError, TypeError, IndexError):
            continue   # a recogniser that calls the student's function again may meet anything
        if found:
            return found
    return Recognition("unknown", "The values are wrong.")


# ---------------------------------------------------------------------------------------------- the question's own list

def listed(case):
    found = [mistake for mistake in case.question.mistakes
             if case.matches(case.question.mistake_values(mistake, case.points))]
    if not found:
        return None
    text = found[0].what
    if len(found) > 1:
        text = "One of these happened (the values are the same): " + "; or ".join(m.what.rstrip(".") for m in found) + "."
    return Recognition("|".join(m.id for m in found), text, found[0].hint)


# ---------------------------------------------------------------------------------------------- shapes

def wrong_shape(case):
    if case.same_shape:
        return summed_to_all(case)
    question, got, truth = case.question, case.got, case.truth
    came = f"Your answer has the wrong shape: {shape_in_words(got[0].shape)} came, " \
           f"{shape_in_words(truth[0].shape)} is needed"
    if len(got) == len(truth):
        for name, transform, text in (
                ("transpose", np.transpose, "it is the transpose of the right answer"),
                ("column", np.squeeze, "the numbers are right, but they must have the shape of the parameter")):
            changed = [transform(g) for g in got]
            if case.matches(truth, changed):
                return Recognition(name, f"{came}; {text}.", "Look at `.T`, `reshape` and at what `@` returns.")
            if case.matches([-t for t in truth], changed):
                return Recognition(f"sign+{name}", f"{came}; {text}, and the sign is wrong too.")
        for name, transform, text in (
                ("summed", np.sum, "its components have been added up"),
                ("averaged", np.mean, "its components have been averaged")):
            if truth[0].ndim and case.matches([np.asarray(transform(t)) for t in truth]):
                return Recognition(name, f"{came}; {text}.", "A gradient has one component for each parameter.")
        for axis in range(truth[0].ndim):
            if case.matches([t.sum(axis=axis) for t in truth]):
                return Recognition("summed", f"{came}; it has been summed over one axis too many.")
        for axis in range(got[0].ndim):
            if case.matches(truth, [g.sum(axis=axis) for g in got]):
                return Recognition("not_summed", f"{came}; the sum is still missing.")
            if case.matches(truth, [g.mean(axis=axis) for g in got]):
                return Recognition("broadcast", _broadcast_text(came))
        value = intermediate_value(case)
        if value:
            return Recognition(value.mistake, f"{came}. {value.text}", value.hint)
    return _extra_axis(came, got[0].shape, truth[0].shape, question.sizes(case.points[0])) or Recognition(
        "shape", came + ".", "A gradient has the shape of its parameter: print the shape of each factor.")


def _broadcast_text(came):
    return f"{came}. Usually an array of shape (n,) met one of shape (n, 1), and NumPy made a table of them."


def _extra_axis(came, got, truth, sizes):
    """A table where a vector belongs: rows for the examples that were not added up, or an accidental broadcast."""
    if len(got) != 2 or len(truth) != 1 or not set(got) <= set(sizes.values()) or 1 in got:
        return None
    if got == (sizes.get("m"), truth[0]):
        return Recognition("not_summed", f"{came}. There is a row for each example: they have not been added up.",
                           "Sum over the first axis, or use a matrix product.")
    return Recognition("broadcast", _broadcast_text(came), "Print the shape of every factor.")


def summed_to_all(case):
    """Every component of a vector is the sum of what the components should be."""
    if not case.truth[0].ndim:
        return None
    for name, total in (("summed", np.sum), ("averaged", np.mean)):
        if case.matches([np.full(t.shape, total(t)) for t in case.truth]):
            return Recognition(name, "Every component of your answer is the "
                                     f"{'sum' if name == 'summed' else 'mean'} of all components.",
                               "A gradient has one component for each parameter.")
    if case.truth[0].ndim == 2 and case.matches([t[::-1] for t in case.truth]):
        return Recognition("reversed", "The rows of your answer are in the reverse order.")
    return None


# ---------------------------------------------------------------------------------------------- factors

_CONSTANTS = {
    2: ("factor_2", "twice as large as it should be"), 1 / 2: ("factor_half", "half of what it should be"),
    3: ("factor_3", "three times too large"), 1 / 3: ("factor_third", "a third of what it should be"),
    4: ("factor_4", "four times too large"), 1 / 4: ("factor_quarter", "a quarter of what it should be"),
    1 / np.log(10): ("log10", "off by the factor that a logarithm to base 10 brings (here log is the natural one)"),
    1 / np.log(2): ("log2", "off by the factor that a logarithm to base 2 brings (here log is the natural one)"),
    np.log(10): ("factor_ln10", "multiplied by the natural logarithm of 10"),
    np.log(2): ("factor_ln2", "multiplied by the natural logarithm of 2"),
    np.pi: ("factor_pi", "multiplied by π"), np.pi / 180: ("degrees", "off by the factor between degrees and radians"),
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


def _constant_of(ratio):
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
    """The answer is the right one times something: a constant, an input, an intermediate quantity, a derivative."""
    if not case.same_shape:
        return None
    ratio, used = _ratios(case.got, case.truth)
    if ratio is None:
        return None
    if not np.any(flat(case.got)):
        return Recognition("zero", "Your answer is zero everywhere, the right one is not.",
                           "Which of the quantities in the chain depend on the variable?")
    c = _constant_of(ratio)
    if c is not None:
        return _constant_factor(c)
    candidates = _factor_candidates(case, used)
    for ids, text, values in candidates:
        with np.errstate(all="ignore"):
            c = _constant_of(ratio / values)
        named = _named_constant(c) if c is not None else None
        if named is not None:
            extra = "" if not named[1] else f" Besides, your answer {' and '.join(named[1])}."
            return Recognition("+".join([*named[0], ids]), text + extra, "Write the chain rule with one factor for "
                               "each step, and count the factors.")
    return None


def _constant_factor(c):
    named = _named_constant(c)
    if named is None:
        return Recognition("constant_factor", "Your answer is a fixed multiple of the right one, everywhere.",
                           "Follow every constant factor through your lines.")
    ids, texts = named
    return Recognition("+".join(ids), f"Everywhere your answer {' and '.join(texts)}.",
                       "Follow the minus signs line by line." if ids == ["sign"] else
                       "Follow every constant factor through your lines.")


def _factor_candidates(case, used):
    """(id, text, values of the factor at every used entry): single quantities first, then one instead of another."""
    def spread(values):
        entries = [np.broadcast_to(v, t.shape) for v, t in zip(values, case.truth)
                   if np.ndim(v) == 0 or np.shape(v) == t.shape]
        return flat(entries)[used] if len(entries) == len(case.truth) else None

    sizes = [case.question.sizes(point) for point in case.points]
    for letter, counted in (("m", "the number of examples"), ("n", "the number of features"),
                            ("k", "the number of hidden units"), ("d", "the number of inputs")):
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
            yield ("missing_inner_derivative",
                   f"A factor is missing that depends on `{name}` only: one function of the chain was not "
                   "differentiated.", 1 / slope)
            yield ("extra_inner_derivative", f"There is a factor too many that depends on `{name}` only: one "
                                             "derivative was taken twice.", slope)


def listed_with_factor(case):
    """A mistake of the question's list together with a wrong sign or a constant factor."""
    for mistake in case.question.mistakes:
        values = case.question.mistake_values(mistake, case.points)
        if any(g.shape != v.shape for g, v in zip(case.got, values)) or not np.all(np.isfinite(flat(values))):
            continue
        ratio, _ = _ratios(case.got, values)
        c = None if ratio is None else _constant_of(ratio)
        named = _named_constant(c) if c is not None else None
        if named is not None:
            return Recognition("+".join([*named[0], mistake.id]),
                               f"Two things went wrong at once. {mistake.what} And your answer {' and '.join(named[1])}.",
                               mistake.hint)
    return None


# ---------------------------------------------------------------------------------------------- another function

def intermediate_value(case):
    """The function itself, or a quantity on the way, was handed in instead of its derivative."""
    question = case.question
    for name, values in case.quantities().items():
        if not all(np.shape(v) == g.shape for v, g in zip(values, case.got)) or np.all(flat(values) == 0):
            continue
        if case.matches(values) or case.matches([-v for v in values]):
            if name == question.objective:
                return Recognition("no_derivative", "That is the function itself: its derivative has not been taken.",
                                   f"Differentiate with respect to `{question.variable}`.")
            return Recognition("intermediate", f"That is the quantity `{name}` itself, not what is asked for.",
                               "It is a step on the way: go on from there.")
    return None


def wrong_variable(case):
    """The derivative with respect to another variable, found by central differences."""
    question = case.question
    if question.objective is None or not case.same_shape:
        return None
    for name in question.parameters:
        if name == question.variable:
            continue
        values = [_gradient(question, point, name) for point in case.points]
        if np.any(flat(values)) and all(v.shape == g.shape for v, g in zip(values, case.got)):
            if agree(case.got, values, max(case.rtol, 2e-5)):
                return Recognition(f"wrt_{name}", f"That is the derivative with respect to `{name}`; the question asks "
                                                  f"for the one with respect to `{question.variable}`.")
    return None


def _gradient(question, point, name, step=1e-5):
    value = np.array(point[name], dtype=float)
    result = np.zeros(value.shape)
    for index in np.ndindex(*value.shape):
        sides = []
        for sign in (1, -1):
            moved = value.copy()
            moved[index] += sign * step
            sides.append(question.evaluate(question.objective, {**point, name: moved}))
        result[index] = (sides[0] - sides[1]) / (2 * step)
    return result


def simple_transform(case):
    if not case.same_shape:
        return None
    with np.errstate(all="ignore"):
        for name, transform, text in (
                ("absolute_value", np.abs, "Your answer has the right size, but it has lost its sign at some inputs."),
                ("absolute_value", lambda t: -np.abs(t), "Your answer has the right size, but a wrong sign at some "
                                                         "inputs."),
                ("reciprocal", lambda t: 1 / t, "Your answer is one divided by the right one."),
                ("reciprocal", lambda t: -1 / t, "Your answer is one divided by the right one, with the wrong sign."),
                ("squared", np.square, "Your answer is the square of the right one."),
                ("one_minus", lambda t: 1 - t, "Your answer is one minus the right one."),
                ("exponentiated", np.exp, "Your answer is the exponential of the right one."),
                ("reversed", lambda t: t[::-1] if t.ndim else t, "The components are in the reverse order.")):
            values = [np.asarray(transform(t)) for t in case.truth]
            if np.all(np.isfinite(flat(values))) and case.matches(values):
                return Recognition(name, text)
    return None


# ---------------------------------------------------------------------------------------------- parameter order

def own_parameter_order(case):
    """The function names the right parameters, but in another order."""
    names, wanted = parameter_names(case.answer.answer), case.question.parameters
    if names == wanted or sorted(names) != sorted(wanted):
        return None
    if _right_when_called(case, names):
        return Recognition("parameter_order",
                           f"Your function takes ({', '.join(names)}), but it is called with "
                           f"{case.question.signature}, in this order. Apart from that it is right.",
                           "Reorder the parameters in the line with `def`.")
    return None


def parameter_order(case):
    wanted = case.question.parameters
    if case.answer.kind != "function" or len(wanted) < 2:
        return None
    if len(wanted) <= 4:
        orders = list(itertools.permutations(wanted))[1:]
    else:
        orders = []
        for i, j in itertools.combinations(range(len(wanted)), 2):
            order = list(wanted)
            order[i], order[j] = order[j], order[i]
            orders.append(tuple(order))
    for order in orders:
        if _right_when_called(case, order):
            return Recognition("parameter_order", "Your function seems to take its parameters in another order: it is "
                                                  f"called with {case.question.signature}, in this order.",
                               "Compare the line with `def` with this order.")
    return None


def _right_when_called(case, order):
    """Whether the answer is right if its i-th parameter is given the value of `order[i]`."""
    renamed = dict(zip(case.question.parameters, order))
    for number in range(len(case.points)):
        point, truth = case.points[number], case.truth[number]
        try:
            got = case.call([{name: point[source] for name, source in renamed.items()}])
        except Unusable:
            return False
        if got[0].size != truth.size or not agree([got[0].reshape(truth.shape)], [truth], case.rtol):
            return False
    return True


# ---------------------------------------------------------------------------------------------- behaviour

def nearly_right(case):
    if not case.same_shape:
        return None
    got, truth = flat(case.got), flat(case.truth)
    if _is_rounded(got, truth):
        return Recognition("rounded", "Your answer has been rounded.", "Return the value as it is; round only when you "
                           "print it.")
    if np.all(np.abs(got - truth) <= 0.01 * np.abs(truth)):
        return Recognition("inaccurate", "Your answer is close, but not exact.", "A rounded constant or a finite "
                           "difference with a large h gives such values; work with the formula itself.")
    return None


def _is_rounded(got, truth):
    return any(np.all(np.abs(got - truth) <= 0.51 * 10.0**-digits) and np.allclose(got, np.round(got, digits), atol=1e-12)
               and np.any(got) for digits in range(1, 7))


def extra_term(case):
    """The answer differs from the right one by a constant or by a multiple of one quantity."""
    if not case.same_shape:
        return None
    difference = flat(case.got) - flat(case.truth)
    if _constant_of(difference) is not None:
        return Recognition("extra_constant", "Your answer differs from the right one by the same number everywhere.",
                           "A constant has the derivative zero.")
    for name, values in case.quantities().items():
        if all(np.ndim(v) == 0 or np.shape(v) == t.shape for v, t in zip(values, case.truth)):
            v = flat([np.broadcast_to(v, t.shape) for v, t in zip(values, case.truth)])
            if np.all(v != 0) and _constant_of(difference / v) is not None:
                return Recognition("extra_term", f"Your answer differs from the right one by a multiple of `{name}`: "
                                                 "one term is missing or too many.")
    return None


def not_repeatable(case):
    if case.answer.kind != "function":
        return None
    again = case.call(case.points[:2])
    if not all(np.array_equal(a, g, equal_nan=True) for a, g in zip(again, case.got)):
        return Recognition("not_repeatable", "Your function returns different values when it is called twice with the "
                                             "same arguments.", "Does it use random numbers, or a global variable?")
    return None


def changed_argument(case):
    if not case.answer.changed:
        return None
    names = " and ".join(f"`{name}`" for name in sorted(case.answer.changed))
    return Recognition("changes_argument", f"Your function changes its argument {names} in place, and then goes on with "
                       "the changed values.", "Work on a copy: `w = w.copy()`, or write `w = 2*w` instead of `w *= 2`.")


def constant(case):
    """The same number everywhere."""
    if not case.same_shape or not any(flat(case.got)) or _varies(case.got):
        return None
    zero = _right_where_zero(case)
    return Recognition("constant|only_at_zero" if zero else "constant",
                       "Your answer is the same everywhere, but the right one changes with its inputs."
                       + (f" It is right only where {zero} = 0." if zero else ""),
                       "Evaluate at two different inputs by hand.")


def partly_right(case):
    """Right at some points, or in some components, and wrong in the others."""
    if not case.same_shape:
        return None
    right = [agree([g], [t], case.rtol) for g, t in zip(case.got, case.truth)]
    if any(right):
        good, bad = case.points[right.index(True)], case.points[right.index(False)]
        return Recognition("partly_right", f"Your answer is right at some inputs, such as {in_words(good)}, and wrong "
                                           f"at others, such as {in_words(bad)}.", "What differs between these inputs: "
                                           "a sign, or a size?")
    for got, truth, point in zip(case.got, case.truth, case.points):
        entries = np.abs(got - truth) <= case.rtol * np.abs(truth)
        if entries.ndim and entries.any() and np.any(truth[entries] != 0):
            return Recognition("partly_right", f"At {in_words(point)} {int(entries.sum())} of the {entries.size} "
                                               "components of your answer are right, the others are wrong.",
                               "What differs between these components: a sign, or an index?")
    return None


def only_for_scalar(case):
    """Right where every vector has one component, wrong elsewhere."""
    if not any(np.ndim(value) for value in case.points[0].values()):
        return None
    points = [case.question.scalar_point(point) for point in case.points]
    truth = case.question.truth(points)
    if agree([g.reshape(t.shape) for g, t in zip(case.call(points), truth)], truth, case.rtol):
        return Recognition("only_for_scalar", "Your answer is right only where every vector has a single component.",
                           "Write out the case of two components by hand.")
    return None


def only_at_zero(case):
    zero = _right_where_zero(case)
    if not zero:
        return None
    ignored = _dependence(case)[0]
    if zero in ignored:
        return Recognition(f"ignores_{zero}|only_at_zero", f"Your answer does not change with `{zero}`, so it is right "
                                                           f"only where {zero} = 0.")
    return Recognition("only_at_zero", f"Your answer is right where {zero} = 0, but not elsewhere.",
                       "Try an input that is neither 0 nor 1.")


def _varies(values):
    return any(not np.allclose(value, values[0], rtol=1e-9, atol=0) if value.shape == values[0].shape else True
               for value in values[1:])


def _right_where_zero(case):
    question = case.question
    if question.zero_is_forbidden:
        return None
    for names in [(name,) for name in question.parameters] + [question.parameters]:
        points = [{**point, **{name: np.zeros(np.shape(point[name])) for name in names}} for point in case.points]
        truth = question.truth(points)
        if not np.any(flat(truth)):
            continue
        try:
            got = case.call(points)
        except Unusable:
            continue
        if agree(got, truth, case.rtol):
            return " = ".join(names)
    return None


def _dependence(case):
    """(names that the right answer depends on but this one does not, and the other way round)"""
    ignored, extra = [], []
    for name in case.question.parameters:
        moved = [{**point, name: np.asarray(point[name]) * 1.37} for point in case.points]
        mine = not np.allclose(flat(case.call(moved)), flat(case.got), rtol=1e-9, atol=1e-14)
        right = not np.allclose(flat(case.question.truth(moved)), flat(case.truth), rtol=1e-9, atol=1e-14)
        (ignored if right and not mine else extra if mine and not right else []).append(name)
    return ignored, extra


def dependence(case):
    """The answer ignores an input on which the right one depends, or the other way round."""
    ignored, extra = _dependence(case)
    for names, prefix, text in ((ignored, "ignores_", "does not change with {}, but the right one does."),
                                (extra, "depends_on_", "changes with {}, but the right one does not.")):
        if names:
            quoted = " and ".join(f"`{name}`" for name in names)
            return Recognition(prefix + "_".join(names), "Your answer " + text.format(quoted), furthest_off(case).text)
    return None


def furthest_off(case):
    """The most useful true statement about an unknown mistake: where it shows most, and how to look further."""
    with np.errstate(all="ignore"):
        errors = [np.max(np.abs(g - t)) / (np.max(np.abs(t)) + 1e-300) for g, t in zip(case.got, case.truth)]
    worst = int(np.argmax(errors))
    index = np.unravel_index(np.argmax(np.abs(case.got[worst] - case.truth[worst])), case.truth[worst].shape)
    mine, right = case.got[worst][index], case.truth[worst][index]
    component = f"component {list(map(int, index))} of your answer" if index else "your answer"
    text = (f"It is furthest off at {in_words(case.points[worst])}: there {component} is {mine:.2g}, while the right "
            f"value is {_size_in_words(right)}.")
    return Recognition("unknown", text, "Compare with a finite difference there: (F(p + h) − F(p − h)) / (2h) with "
                       "h = 1e-5, for the function F and the variable p of the question.")


def _size_in_words(value):
    """Sign and order of magnitude, not the value."""
    if value == 0:
        return "zero"
    exponent = int(np.floor(np.log10(abs(value))))
    sign = "positive" if value > 0 else "negative"
    return f"{sign} and between 1e{exponent} and 1e{exponent + 1} in size" if not -3 < exponent < 4 else \
        f"{sign} and between {10.0**exponent:g} and {10.0**(exponent + 1):g} in size"


def not_finite(got, points):
    """A Recognition if a value is NaN or infinite, naming the input; None otherwise."""
    for values, point in zip(got, points):
        if not np.all(np.isfinite(values)):
            kind, name = ("NaN (not a number)", "nan") if np.any(np.isnan(values)) else ("infinite", "infinity")
            return Recognition(name, f"Your answer is {kind} at {in_words(point)}.",
                               "Look for a division by zero, a logarithm of a number that is not positive, or an "
                               "exponential of a large number.")
    return None


