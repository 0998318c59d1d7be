"""Names the mistake behind gradients that are not right: one cause for all of them first, then each alone."""

import numpy as np

from helpers.checking.cases import Case, Recognition, agree, flat, not_finite
from helpers.checking.factors import constant_of
from helpers.checking.gradients import EntryAnswer
from helpers.checking.mistakes import recognise
from helpers.checking.tables import are, are_off, either, in_list
from helpers.checking.values import shape_in_words


def recognise_arrays(case):
    """The Recognition of what is wrong with the gradients."""
    if case.only_this_size:
        return Recognition(
            "only_this_size",
            "That is right for the sizes of the statement, but not for a network of other sizes: something is written "
            "out for fixed sizes.",
            "Let `@`, `.T` and `np.outer` take the sizes from the arrays.",
        )
    return _not_finite(case) or _together(case) or _new_values(case) or _swapped(case) or _one_by_one(case)


def _not_finite(case):
    points = [case.question.points[i] for i in case.indices]
    for name in case.off:
        found = not_finite(case.got(name), points)
        if found:
            return Recognition(found.mistake, f"`{name}`: {found.text}", found.hint)
    return None


def _together(case):
    """One listed mistake explains all entries that are off, and leaves the others right."""
    found = [
        mistake
        for mistake in case.question.mistakes
        if any(
            all(case.fits(name, tables) for name in (*case.off, *case.right))
            for tables in case.question.mistake_tables(mistake)
        )
    ]
    if not found:
        return None
    text = found[0].what
    if len(found) > 1:
        text = f"One of these happened (the values are the same): {either([one.what for one in found[:3]])}."
    return Recognition("|".join(mistake.id for mistake in found), f"{are_off(case.off)} {text}", found[0].hint)


def _new_values(case):
    """Every entry is the old value minus the same number times its gradient."""
    given = [name for name in (*case.off, *case.right)]
    old = flat([np.asarray(case.question.points[i][name]).ravel() for name in given for i in case.indices])
    got, right = (
        flat([array.ravel() for name in given for array in arrays(name)]) for arrays in (case.got, case.wanted)
    )
    if got.shape != right.shape:
        return None
    with np.errstate(all="ignore"):
        eta = constant_of((old - got) / right)
    if not eta:
        return None
    return Recognition(
        "new_values",
        "These are the new values after a step; the gradients themselves are asked for.",
        "No learning rate yet: return what the parameters are to be moved by, before η.",
    )


def _swapped(case):
    """Entries that hold each other's right gradients."""
    pairs = []
    for name in case.off:
        for other in case.off:
            if other != name and agree(case.got(name), case.wanted(other), case.question.rtol):
                pairs.append((name, other))
    if len({name for name, _ in pairs}) < len(case.off) or len(case.off) < 2:
        return None
    return Recognition(
        "swapped", f"The gradients are right, but under the wrong names: {in_list(case.off)} are mixed up."
    )


def _one_by_one(case):
    told, unknown = {}, []
    for name in case.off:
        found = _of_one(case, name)
        if found.mistake == "unknown":
            unknown.append((name, found.hint))
        else:
            told.setdefault((found.mistake, found.text, found.hint), []).append(name)
    if unknown:
        first, hint = min(unknown, key=lambda pair: _backward(case, pair[0]))
        told["unknown", _component(case, first), hint] = [first]
        others = [name for name, _ in unknown if name != first]
    else:
        others = []
    sentences = [
        f"{in_list(names)}: {text[:1].lower()}{text[1:]}"
        if not text.startswith("Your answer")
        else f"{in_list(names)}: {text.replace('Your answer', 'it' if len(names) == 1 else 'your answer', 1)}"
        for (_, text, _), names in list(told.items())[:2]
    ]
    more = [name for _, names in list(told.items())[2:] for name in names] + others
    if more:
        sentences.append(f"{in_list(more)} {are(more)} off as well.")
    kinds = dict.fromkeys(kind for kind, _, _ in told)
    return Recognition("+".join(kinds), " ".join(sentences), next(iter(told))[2])


def _backward(case, name):
    """Where a gradient stands in the backward pass: it rests on so many lines."""
    return len(case.question.working.depends(case.question.entries[name])), case.wanted(name)[0].ndim


def _component(case, name):
    """Where a gradient is furthest off, in one component, without the right value."""
    got, right = case.got(name)[0], case.wanted(name)[0]
    if got.size != right.size:
        return "begin with this one, the first of them in the backward pass."
    index = np.unravel_index(np.argmax(np.abs(got.reshape(right.shape) - right)), right.shape)
    mine, wanted = got.reshape(right.shape)[index], right[index]
    what = (
        "should be zero"
        if wanted == 0
        else "should not be zero"
        if mine == 0
        else "has the wrong sign"
        if mine * wanted < 0
        else f"is too {'large' if abs(mine) > abs(wanted) else 'small'}, with the right sign"
    )
    entry = f"component {list(map(int, index))} " if right.size > 1 else "it "
    return f"begin with this one, the first of them in the backward pass: {entry}{what}."


def _of_one(case, name):
    """The mistake in one gradient: a listed one, or one that any gradient can have. A listed one that would
    spoil a right gradient comes last: it may have been made here alone."""
    fitting = [
        mistake
        for mistake in case.question.mistakes
        if any(case.fits(name, tables) for tables in case.question.mistake_tables(mistake))
    ]
    likely = [
        mistake
        for mistake in fitting
        if any(
            case.fits(name, tables) and case.may_cause(way, name)
            for way, tables in zip(mistake.ways, case.question.mistake_tables(mistake), strict=True)
        )
    ]
    found = _as_listed(likely) or _general(case, name)
    return _as_listed(fitting) or found if found.mistake == "unknown" else found


def _as_listed(listed):
    if listed:
        return Recognition(
            "|".join(mistake.id for mistake in listed),
            either([mistake.what for mistake in listed[:2]]) + ".",
            listed[0].hint,
        )
    return None


def _general(case, name):
    """A mistake that any gradient can have."""
    part = case.question.part(name)
    points = [part.points[i] for i in case.indices]
    got = case.got(name)
    wanted = case.wanted(name)
    if got[0].ndim < wanted[0].ndim and agree([g.ravel() for g in got], [w.ravel() for w in wanted], part.rtol):
        return Recognition(
            "shape",
            f"The numbers are right, but {shape_in_words(got[0].shape)} came, and "
            f"{shape_in_words(wanted[0].shape)} is needed.",
            "A gradient has the shape of its parameter; `reshape` and `np.outer` make rows.",
        )
    return recognise(Case(part, EntryAnswer(case.answer, name), points, got))
