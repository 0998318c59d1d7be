"""Reads a table of numbers that a student hands in: a dict, with whatever stands in it, or says what is
wrong."""

import difflib
import dis
import inspect
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from helpers.checking import sandbox
from helpers.checking.values import NOT_ATTEMPTED, Unusable, as_numbers, does_nothing, is_placeholder
from helpers.formulas.evaluate import Evaluator
from helpers.formulas.text import Formula, FormulaError, shorten, split_equation


@dataclass(frozen=True)
class Table:
    """`values`: name -> float, for the entries that are filled in; `note`: what is odd about the answer,
    though it can be read; `printed`: what the student's own code printed."""

    values: dict
    note: str = ""
    printed: str = ""


def read_table(question, answer):
    """A Table. Raises Unusable if there is nothing in it, or something that is no number."""
    given, printed = called(answer, question.wanted)
    if not isinstance(given, dict) and isinstance(given, Mapping):
        given = dict(given)
    if is_placeholder(given):
        raise Unusable("not attempted", NOT_ATTEMPTED)
    if not isinstance(given, dict):
        raise Unusable(
            "error",
            f"Hand in a dictionary, {{{question.parameters[0]!r}: …, "
            f"{question.parameters[1]!r}: …}}, with a number for each name.",
            "not_a_dictionary",
        )
    named, unknown = by_name(given, question.parameters)
    values = {name: one_number(value, name, question) for name, value in named.items() if not is_placeholder(value)}
    unknown = [key for key in unknown if not is_placeholder(given[key])]
    if unknown and len(values) < len(question.parameters):
        raise Unusable("error", unknown_names(unknown, question.parameters, named), "unknown_name")
    if not values:
        raise Unusable("not attempted", NOT_ATTEMPTED)
    note = f"({in_list(map(shorten, unknown))} is not asked for and was left out.)" if unknown else ""
    return Table({name: values[name] for name in question.parameters if name in values}, note, printed)


def called(answer, wanted):
    """(what an answer is, what its code printed): a function without arguments is called for it."""
    if is_placeholder(answer):
        raise Unusable("not attempted", NOT_ATTEMPTED)
    if isinstance(answer, types.ModuleType) or hasattr(answer, "check_steps"):
        raise Unusable("error", f"That is no answer: hand in {wanted}.")
    if not callable(answer) or isinstance(answer, dict):
        return answer, ""
    try:
        given, printed = sandbox.run(lambda: _without_arguments(answer, wanted))
    except sandbox.Failure as failure:
        if isinstance(failure.problem, Unusable):
            raise failure.problem from None
        if isinstance(failure.problem, NotImplementedError):
            raise Unusable("not attempted", NOT_ATTEMPTED) from None
        if failure.kind == "time":
            raise Unusable(
                "error", f"Your code was stopped after {sandbox.SECONDS:g} seconds: does a loop never end?", "endless"
            ) from None
        line = f", in your line `{shorten(failure.line, 80)}`" if failure.line else ""
        raise Unusable(
            "error",
            f"Your code stopped with {type(failure.problem).__name__}: {shorten(failure.problem, 140)}{line}.",
            "raises",
        ) from None
    if given is None and not does_nothing(answer):
        raise Unusable("error", "Your function returned None: is the line with `return` missing?", "no_return")
    return given, printed


def _without_arguments(function, wanted):
    try:
        inspect.signature(function).bind()
    except TypeError:
        if does_nothing(function) and not _builds_something(function):
            raise Unusable("not attempted", NOT_ATTEMPTED) from None
        raise Unusable(
            "error",
            f"Your function wants arguments; hand in {wanted}, or a function without arguments that returns one.",
            "wrong_parameters",
        ) from None
    except ValueError:
        pass
    return function()


def _builds_something(function):
    """Whether a dictionary or a list is written out in a function."""
    code = getattr(function, "__code__", None)
    return code is not None and any(step.opname.startswith("BUILD_") for step in dis.get_instructions(code))


def by_name(given, names):
    """({name: value} of the keys that are known, the keys that are not): capitals, spaces and the like do not
    matter."""
    plain = {_plain(name): name for name in names}
    plain = {**{_plain(name + "_new"): name for name in names}, **plain}
    named, unknown = {}, []
    for key, value in given.items():
        name = key if key in names else plain.get(_plain(key))
        if name is None:
            unknown.append(key)
        elif name not in named or is_placeholder(named[name]):
            named[name] = value
    return named, unknown


def _plain(key):
    return re.sub(r"[^0-9a-zά-ώ]", "", str(key).casefold())


def unknown_names(unknown, names, used=()):
    """A sentence on keys that are no names of entries, with the nearest right one."""
    free = [name for name in names if name not in used] or list(names)
    near = difflib.get_close_matches(str(unknown[0]), free, 1, 0.3)
    guess = f"is `{near[0]}` meant?" if near else f"the names are {', '.join(names)}."
    return f"The name `{shorten(unknown[0], 30)}` is not known here: {guess}"


def one_number(value, name, question):
    """The number in an entry. Raises Unusable, naming the entry, if it is none."""
    if isinstance(value, str):
        if re.fullmatch(r"\s*[-+−]?\d+,\d+\s*", value):
            raise Unusable(
                "error",
                f"`{name}` holds a comma. Write a decimal point: `{shorten(value).replace(',', '.')}`.",
                "decimal_comma",
            )
        value = _calculated(value, name, question)
    try:
        numbers = as_numbers(value)
    except Unusable as problem:
        raise Unusable(problem.status, f"`{name}`: {_lower(problem.message)}", problem.mistake) from None
    if numbers.size != 1:
        raise Unusable("error", f"`{name}` holds {numbers.size} numbers, but one is needed.", "not_a_number")
    number = float(numbers.reshape(-1)[0])
    if not np.isfinite(number):
        kind = "NaN (not a number)" if np.isnan(number) else "infinite"
        raise Unusable(
            "wrong",
            f"`{name}` is {kind}: look for a division by zero or an exponential of a large number.",
            "nan" if np.isnan(number) else "infinity",
        )
    return number


def _calculated(text, name, question):
    """The value of a text such as "1 - 0.1*3": numbers and the names of given numbers."""
    parts = split_equation(text)
    try:
        return Evaluator(question.numbers)(Formula(parts[-1] if parts else text))
    except FormulaError as problem:
        raise Unusable("error", f"`{name}`: {problem}", "unreadable") from None


def _lower(sentence):
    return sentence[:1].lower() + sentence[1:]


def in_list(names):
    """`w1`, `w2` and `b1`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def where(case):
    """Which entries are off, in one sentence."""
    if not case.right and len(case.off) > 1:
        return f"{'All' if len(case.off) > 2 else 'Both'} entries {'so far ' if case.missing else ''}are off."
    if len(case.off) > len(case.right) > 0 and len(case.off) > 6:
        return f"{in_list(case.right)} {are(case.right)} right; the others are off."
    return are_off(case.off)


def are(names):
    """The verb behind so many names."""
    return "is" if len(names) == 1 else "are"


def either(causes):
    """Sentences as alternatives in one: the first; or the second."""
    first, *others = (cause.rstrip(".") for cause in causes)
    return "; or ".join([first, *(other[:1].lower() + other[1:] for other in others)])


def are_off(names):
    """`w1` is off."""
    return f"{in_list(names)} {are(names)} off."
