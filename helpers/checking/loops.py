"""What goes wrong in a loop: one example is left out, a `return` or an `=` stands inside, an index is beside the right one.

No formula is needed for it: the rows of the right answer, and the right answer for a part of the examples, say what comes.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from helpers.checking.answers import Case
from helpers.checking.feedback import Found, Recognition, one_of, recognised
from helpers.checking.sentences import hint_of, mistake_of, say
from helpers.checking.values import Values, agree

Cut = Callable[[list[slice]], Values]  # parts of the examples, one for each case -> the right answers for them

_FIRST, _LAST, _BEHIND, _BEFORE = slice(0, 1), slice(-1, None), slice(1, None), slice(0, -1)
_COUNTED = {"m": "example", "k": "unit", "d": "input", "n": "feature", "c": "output"}


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
            return recognised("reversed.argument", name=name)
    return None


def slip_in(
    got: Values, wanted: Values, rtol: float, cut: Cut | None = None, counts: Sequence[int] = (), one: str = "example"
) -> Found:
    """The same of values beside the right ones. `counts`: how many examples each of them comes of."""
    found: dict[str, str] = {}
    for sentence, parts, values in _slips(wanted, cut, counts, one):
        if [g.shape for g in got] == [v.shape for v in values] and agree(got, values, rtol):
            found.setdefault(say(sentence, **parts), sentence)
    if not 1 <= len(found) <= 3:
        return None
    ids = dict.fromkeys(map(mistake_of, found.values()))
    return Recognition("|".join(ids), one_of(list(found), "values"), hint_of(next(iter(found.values()))))


Slips = Iterator[tuple[str, dict[str, str], Values]]  # the id of a sentence, its parts, the values that come


def _slips(wanted, cut, counts, one) -> Slips:
    """Every slip in a loop."""
    rows = cut is not None and all(w.ndim and len(w) == n for w, n in zip(wanted, counts, strict=True))
    if all(w.ndim and len(w) for w in wanted):
        yield from _in_rows(wanted, "row" if wanted[0].ndim > 1 else "entry")
    if all(w.ndim == 2 for w in wanted):
        yield from _in_columns(wanted)
    if cut is not None and min(counts) > 1:
        with np.errstate(all="ignore"):
            yield from _in_the_mean(wanted, cut, counts, rows, "classes" if one == "class" else f"{one}s")
            if not rows:
                yield from _in_the_sum(cut, np.array(counts), one)


def _in_rows(wanted, row) -> Slips:
    names = {"row": row, "rows": {"row": "rows", "entry": "entries"}[row]}
    for sentence, part in (
        ("first_left_out.zero", _BEHIND),
        ("last_left_out.zero", _BEFORE),
        ("first_only", _FIRST),
        ("last_only", _LAST),
    ):
        yield sentence, names, [_only(w, part) for w in wanted]
    yield "first_missing", names, [w[1:] for w in wanted]
    yield "last_missing", names, [w[:-1] for w in wanted]
    for which, place in (("first", 0), ("last", -1)):
        yield "everywhere.row", {**names, "which": which}, [np.broadcast_to(w[place], w.shape) for w in wanted]
    for by in (1, -1):
        yield "shifted_rows", names, [np.roll(w, by, axis=0) for w in wanted]
    if row == "row":
        yield "reversed.rows_alone", names, [w[::-1] for w in wanted]
        yield "summed_so_far.rows", names, [np.cumsum(w, axis=0) for w in wanted]


def _in_columns(wanted) -> Slips:
    for by, way, gone in ((1, "right", _BEHIND), (-1, "left", _BEFORE)):
        rolled = [np.roll(w, by, axis=1) for w in wanted]
        yield "shifted_columns", {"way": way}, rolled
        yield "shifted_columns", {"way": way}, [_only(w.T, gone).T for w in rolled]
    yield "reversed.columns", {}, [w[:, ::-1] for w in wanted]
    for sentence, part in (("first_left_out.zero", _BEHIND), ("last_left_out.zero", _BEFORE)):
        yield sentence, {"row": "column"}, [_only(w.T, part).T for w in wanted]


def _only(w, part):
    """An array with zeros everywhere but in a part of its rows."""
    kept = np.zeros_like(w)
    kept[part] = w[part]
    return kept


def _in_the_mean(wanted, cut, counts, rows, many) -> Slips:
    """What is done to a mean over the examples instead of, or besides, taking it."""
    alone = [cut([slice(min(place, n - 1), min(place, n - 1) + 1) for n in counts]) for place in range(max(counts))]
    each = [np.array([alone[place][i] for place in range(n)]) for i, n in enumerate(counts)]  # of each case
    if rows:
        means = [values[:, 0] / n for values, n in zip(each, counts, strict=True) if values.shape[1:2] == (1,)]
    else:
        means = [values.mean(axis=0) for values in each]
    if len(means) < len(wanted) or not agree(means, wanted, 1e-9):
        return
    yield "mean_twice", {"many": many}, [w / n for w, n in zip(wanted, counts, strict=True)]
    if not rows and not wanted[0].ndim:
        for which, function in (("median", np.median), ("largest", np.max), ("smallest", np.min)):
            yield "other_statistic", {"which": which, "many": many}, [np.asarray(function(values)) for values in each]


def _in_the_sum(cut, counts, one) -> Slips:
    """Examples that are left out of a sum or a mean, which is divided by the number of all of them or of those that are in."""
    for sentence, part, kept in (
        ("one_example.first", _FIRST, 1),
        ("one_example.last", _LAST, 1),
        ("first_left_out.loop", _BEHIND, counts - 1),
        ("last_left_out.loop", _BEFORE, counts - 1),
    ):
        values, shares = cut([part] * len(counts)), np.broadcast_to(kept / counts, counts.shape)
        yield sentence, {"one": one}, values
        yield sentence, {"one": one}, [value * share for value, share in zip(values, shares, strict=True)]
