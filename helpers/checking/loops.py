"""What goes wrong in a loop: one example is left out, a `return` or an `=` stands inside, an index is beside the right one.

No formula is needed for it: the rows of the right answer, and the right answer for a part of the examples, say what comes.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition, one_of
from helpers.checking.values import Values, agree

Cut = Callable[[list[slice]], Values]  # parts of the examples, one for each case -> the right answers for them

_FIRST, _LAST, _BEHIND, _BEFORE = slice(0, 1), slice(-1, None), slice(1, None), slice(0, -1)
_RETURN = "does a `return` stand inside the loop?"
_BEGIN, _STOP = "does the loop begin at 1?", "does the loop stop one round too early?"
_HINT = "Print the index in each round of the loop."


_COUNTED = {"m": "example", "k": "unit", "d": "input", "n": "feature"}


def loop_slip(case: Case) -> Found:
    """A slip in a loop: over the examples, the units, the inputs, or over the rows of the result."""
    shapes = case.question.shapes
    letters = [letter for letter in _COUNTED if any(letter in each for each in shapes.values())]
    for letter in letters:
        axes = {name: each.index(letter) for name, each in shapes.items() if letter in each}

        def cut(parts, axes=axes):
            return case.question.truth(
                [_cut(point, axes, part) for point, part in zip(case.points, parts, strict=True)]
            )

        counts = [case.question.sizes(point)[letter] for point in case.points]
        one = "class" if letter == "k" and len(axes) == len(shapes) else _COUNTED[letter]
        found = slip_in(case.got, case.truth, case.rtol, cut, counts, one)
        if found:
            return found
    return slip_in(case.got, case.truth, case.rtol) or _reversed(case, letters)


def _cut(point, axes, part):
    """The arguments of a call with a part of the examples alone; `axes` says along which axis they lie."""
    before = (slice(None),)
    return {
        name: np.asarray(value)[before * axes[name] + (part,)] if name in axes else value
        for name, value in point.items()
    }


def _reversed(case, letters):
    """One of the arguments is taken in reverse order."""
    for name, own in case.question.shapes.items() if letters else ():
        points = [{**point, name: np.flip(point[name], axis=-1)} for point in case.points] if own else []
        if points and case.matches(case.question.truth(points)):
            return Recognition("reversed", f"`{name}` is taken in reverse order.", _HINT)
    return None


def slip_in(
    got: Values, wanted: Values, rtol: float, cut: Cut | None = None, counts: Sequence[int] = (), one: str = "example"
) -> Found:
    """The same of values beside the right ones. `counts`: how many examples each of them comes of."""
    found: dict[str, str] = {}
    for mistake, text, values in _slips(wanted, cut, counts, one):
        if [g.shape for g in got] == [v.shape for v in values] and agree(got, values, rtol):
            found.setdefault(text, mistake)
    if not 1 <= len(found) <= 3:
        return None
    return Recognition("|".join(dict.fromkeys(found.values())), one_of(list(found), "values"), _HINT)


def _slips(wanted, cut, counts, one):
    """(id, what happened, the values that come of it)"""
    rows = cut is not None and all(w.ndim and len(w) == n for w, n in zip(wanted, counts, strict=True))
    if all(w.ndim and len(w) for w in wanted):
        yield from _in_rows(wanted, "row" if wanted[0].ndim > 1 else "entry")
    if all(w.ndim == 2 for w in wanted):
        yield from _in_columns(wanted)
    if cut is not None and min(counts) > 1:
        with np.errstate(all="ignore"):
            yield from _in_the_mean(wanted, cut, counts, rows)
            if not rows:
                yield from _in_the_sum(cut, np.array(counts), one)


def _in_rows(wanted, row) -> Iterator[tuple[str, str, Values]]:
    def kept(part):
        return [_only(w, part) for w in wanted]

    rest = "the others are right"
    yield "first_left_out", f"The first {row} is 0, {rest}: {_BEGIN}", kept(_BEHIND)
    yield "last_left_out", f"The last {row} is 0, {rest}: {_STOP}", kept(_BEFORE)
    yield "first_only", f"Only the first {row} is filled in, the others are 0: {_RETURN}", kept(_FIRST)
    yield "last_only", f"Only the last {row} is filled in, the others are 0: does each round begin anew?", kept(_LAST)
    yield "first_missing", f"The first {row} is missing, {rest}: {_BEGIN}", [w[1:] for w in wanted]
    yield "last_missing", f"The last {row} is missing, {rest}: {_STOP}", [w[:-1] for w in wanted]
    for which, place in (("first", 0), ("last", -1)):
        text = (
            f"The right {which} {row} stands in every {row}: is the index of the loop used, and each {row} made anew?"
        )
        yield f"{which}_everywhere", text, [np.broadcast_to(w[place], w.shape) for w in wanted]
    rows = {"row": "rows", "entry": "entries"}[row]
    for by in (1, -1):
        yield "shifted_rows", f"The {rows} are shifted by one place.", [np.roll(w, by, axis=0) for w in wanted]
    if row == "row":
        yield "reversed_rows", "The rows are in the reverse order.", [w[::-1] for w in wanted]
        text = (
            "Each row is the sum of the right one and all before it: what earlier rounds gave is not set back to zero."
        )
        yield "summed_so_far", text, [np.cumsum(w, axis=0) for w in wanted]


def _in_columns(wanted):
    for by, way, gone in ((1, "right", _BEHIND), (-1, "left", _BEFORE)):
        rolled = [np.roll(w, by, axis=1) for w in wanted]
        text = f"The columns are shifted by one place to the {way}: the index of a column is off by one."
        yield "shifted_columns", text, rolled
        yield "shifted_columns", text, [_only(w.T, gone).T for w in rolled]
    yield "reversed_columns", "The columns are in the reverse order.", [w[:, ::-1] for w in wanted]
    for which, part, why in (("first", _BEHIND, _BEGIN), ("last", _BEFORE, _STOP)):
        text = f"The {which} column is 0, the others are right: {why}"
        yield f"{which}_left_out", text, [_only(w.T, part).T for w in wanted]


def _only(w, part):
    """An array with zeros everywhere but in a part of its rows."""
    kept = np.zeros_like(w)
    kept[part] = w[part]
    return kept


def _in_the_mean(wanted, cut, counts, rows):
    """What is done to a mean over the examples instead of, or besides, taking it."""
    alone = [cut([slice(min(place, n - 1), min(place, n - 1) + 1) for n in counts]) for place in range(max(counts))]
    each = [np.array([alone[place][i] for place in range(n)]) for i, n in enumerate(counts)]  # of each case
    if rows:
        means = [values[:, 0] / n for values, n in zip(each, counts, strict=True) if values.shape[1:2] == (1,)]
    else:
        means = [values.mean(axis=0) for values in each]
    if len(means) < len(wanted) or not agree(means, wanted, 1e-9):
        return
    text = "It is divided by the number of examples twice."
    yield "mean_twice", text, [w / n for w, n in zip(wanted, counts, strict=True)]
    if not rows and not wanted[0].ndim:
        for name, function in (("median", np.median), ("largest", np.max), ("smallest", np.min)):
            text = f"That is the {name} of the examples' values; their mean is asked for."
            yield name, text, [np.asarray(function(values)) for values in each]


def _in_the_sum(cut, counts, one):
    """Examples that are left out of a sum or a mean, which is divided by the number of all of them or of those that are in."""
    few = (
        ("first", _FIRST, f"Only the first {one} counts: {_RETURN}", 1),
        ("last", _LAST, f"Only the last {one} counts: does `=` stand where `+=` belongs?", 1),
        ("first", _BEHIND, f"The first {one} is left out: {_BEGIN}", counts - 1),
        ("last", _BEFORE, f"The last {one} is left out: {_STOP}", counts - 1),
    )
    for which, part, text, kept in few:
        values = cut([part] * len(counts))
        mistake = f"{which}_left_out" if np.ndim(kept) else "one_example"
        yield mistake, text, values
        shares = np.broadcast_to(kept / counts, counts.shape)
        yield mistake, text, [value * share for value, share in zip(values, shares, strict=True)]
