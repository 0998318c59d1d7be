"""Reads and judges a function that returns several gradients as a dict of arrays: each alone, and all
together."""

import numpy as np

from . import sandbox
from .answers import Answer
from .cases import Case, Recognition, agree, flat, not_finite
from .factors import constant_of
from .mistakes import recognise
from .tables import are, are_off, by_name, either, in_list, unknown_names
from .values import Unusable, as_numbers, is_placeholder, shape_in_words


class ArraysAnswer(Answer):
    """A student's function, called for a dict of arrays at each point."""

    def tables(self, points, seconds=None):
        """([{name: float array} for each point], what the code printed). Raises Unusable."""
        current = {}

        def work():
            results = []
            for point in points:
                current["point"] = point
                results.append(self._read(self.at(point)))
            return results
        try:
            return sandbox.run(work, seconds)
        except sandbox.Failure as failure:
            raise self._explained(failure, current.get("point")) from None

    def _read(self, raw):
        names = tuple(self.question.entries)
        if isinstance(raw, (tuple, list)) and len(raw) == len(names):
            raw = dict(zip(names, raw))
        if not isinstance(raw, dict):
            kind = "one array" if isinstance(raw, (np.ndarray, np.generic, float, int)) else f"a {type(raw).__name__}"
            raise Unusable("error", f"Your function returns {kind}; return a dictionary of {in_list(names)}.",
                           "not_a_dictionary")
        named, unknown = by_name(raw, names)
        named = {name: value for name, value in named.items() if not is_placeholder(value)}
        if unknown and len(named) < len(names):
            raise Unusable("error", unknown_names(unknown, names, named), "unknown_name")
        return {name: self._array(name, named[name]) for name in names if name in named}

    @staticmethod
    def _array(name, value):
        try:
            return as_numbers(value)
        except Unusable as problem:
            raise Unusable(problem.status, f"`{name}`: {problem.message[:1].lower()}{problem.message[1:]}",
                           problem.mistake) from None


class EntryAnswer:
    """One entry of an ArraysAnswer, as the general recognisers want it."""

    kind = "function"

    def __init__(self, answer, name):
        self.whole, self.name = answer, name
        self.question, self.answer, self.changed = answer.question, answer.answer, answer.changed

    def fits(self, point):
        return True

    def at(self, point):
        return self.whole._read(self.whole.at(point))[self.name]

    def values(self, points, seconds=None):
        tables, printed = self.whole.tables(points, seconds)
        return [table[self.name] for table in tables], printed


class ArraysCase:
    """The gradients that came, beside the right ones."""

    def __init__(self, question, answer):
        self.question, self.answer, self.truth = question, answer, question.truth
        self.only_this_size = False
        points = question.points
        first = [i for i, point in enumerate(points) if _sizes(point) == _sizes(points[0])]
        tables, self.printed = answer.tables([points[i] for i in first])
        if len(first) < len(points):
            try:
                tables = answer.tables(points)[0]
            except Unusable as problem:
                if any(not self._right(name, tables, first) for name in question.entries) or problem.mistake == "endless":
                    raise
                self.only_this_size = True
        if len(tables) == len(points) and self._fixed_sizes(tables, first):
            tables = [tables[i] for i in first]     # what is wrong at the stated sizes comes first
        self.tables, self.indices = tables, range(len(points)) if len(tables) == len(points) else first
        given = [name for name in question.entries if all(name in table for table in tables)]
        self.missing = [name for name in question.entries if name not in given]
        self.right = [name for name in given if self._right(name, tables, self.indices)]
        self.off = [name for name in given if name not in self.right]
        if not self.off and not self.missing and self.only_this_size:
            self.off = list(given)
        elif self.off and not self.missing and len(tables) == len(points) > len(first):
            self.only_this_size = all(self._right(name, tables, first) for name in given)

    def _fixed_sizes(self, tables, first):
        """Whether there is something wrong at the sizes of the statement, while at others the shapes are."""
        def shaped(name, indices):
            return all(name in tables[i] and tables[i][name].shape == self.truth[i][name].shape for i in indices)
        others = [i for i in range(len(tables)) if i not in first]
        names = list(self.question.entries)
        return (any(shaped(name, first) and not shaped(name, others) for name in names)
                and not all(self._right(name, tables, first) for name in names))

    def _right(self, name, tables, indices):
        """Whether an entry is right; a single number may come in any shape of one entry."""
        if any(name not in table for table in tables[:len(indices)]):
            return False
        got = [table[name] for table in tables[:len(indices)]] if len(tables) == len(indices) else [
            tables[i][name] for i in indices]
        wanted = [self.truth[i][name] for i in indices]
        got = [g.reshape(w.shape) if g.size == w.size == 1 else g for g, w in zip(got, wanted)]
        return agree(got, wanted, self.question.rtol)

    def got(self, name):
        return [table[name] for table in self.tables]

    def wanted(self, name, tables=None):
        return [(tables or self.truth)[i][name] for i in self.indices]

    def fits(self, name, tables):
        """Whether an entry has the values of other tables, those of a mistake; axes of length 1 do not
        matter."""
        got, wanted, right = self.got(name), self.wanted(name, tables), self.wanted(name)
        if any(w.shape != r.shape for w, r in zip(wanted, right)):
            got, wanted = [np.squeeze(g) for g in got], [np.squeeze(w) for w in wanted]
        else:
            got = [g.reshape(w.shape) if g.size == w.size == 1 else g for g, w in zip(got, wanted)]
        return agree(got, wanted, self.question.rtol)

    def marks(self):
        return {name: "right" if name in self.right and name not in self.off else
                "off" if name in self.off else "missing" for name in self.question.entries}

    def notes(self):
        """What is odd about a right answer."""
        odd = [(name, self.truth[self.indices[0]][name].shape) for name in self.right
               if self.got(name)[0].shape != self.truth[self.indices[0]][name].shape]
        return [f"`{name}` came as {shape_in_words(self.got(name)[0].shape)}; "
                + (f"its shape should be {shape}." if shape else "it should be a single number.") for name, shape in odd
                ] + [f"But your function changes its argument `{name}`: work on a copy, or the caller's array is spoilt."
                     for name in sorted(self.answer.changed)]

    def may_cause(self, changes, name):
        """Whether changed lines can be behind a gradient that is off: beside its own line they leave every
        right gradient right."""
        question = self.question
        own = question.entries[name]
        asked = {line: text for line, text in changes.items() if line != own and line in question.working.depends(own)}
        if not asked or not self.right:
            return True
        tables = [question.values(point, asked) for point in question.points]
        return all(self.fits(other, tables) for other in self.right)


def _sizes(point):
    return [np.shape(value) for value in point.values()]


def recognise_arrays(case):
    """The Recognition of what is wrong with the gradients."""
    if case.only_this_size:
        return Recognition("only_this_size", "That is right for the sizes of the statement, but not for a network of other "
                                             "sizes: something is written out for fixed sizes.",
                           "Let `@`, `.T` and `np.outer` take the sizes from the arrays.")
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
    found = [mistake for mistake in case.question.mistakes
             if any(all(case.fits(name, tables) for name in (*case.off, *case.right))
                    for tables in case.question.mistake_tables(mistake))]
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
    got, right = (flat([array.ravel() for name in given for array in arrays(name)]) for arrays in (case.got, case.wanted))
    if got.shape != right.shape:
        return None
    with np.errstate(all="ignore"):
        eta = constant_of((old - got) / right)
    if not eta:
        return None
    return Recognition("new_values", "These are the new values after a step; the gradients themselves are asked for.",
                       "No learning rate yet: return what the parameters are to be moved by, before η.")


def _swapped(case):
    """Entries that hold each other's right gradients."""
    pairs = []
    for name in case.off:
        for other in case.off:
            if other != name and agree(case.got(name), case.wanted(other), case.question.rtol):
                pairs.append((name, other))
    if len({name for name, _ in pairs}) < len(case.off) or len(case.off) < 2:
        return None
    return Recognition("swapped", f"The gradients are right, but under the wrong names: {in_list(case.off)} are mixed up.")


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
    sentences = [f"{in_list(names)}: {text[:1].lower()}{text[1:]}" if not text.startswith("Your answer")
                 else f"{in_list(names)}: {text.replace('Your answer', 'it', 1) if len(names) == 1 else text}"
                 for (_, text, _), names in list(told.items())[:2]]
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
    what = ("should be zero" if wanted == 0 else "should not be zero" if mine == 0 else "has the wrong sign"
            if mine * wanted < 0 else f"is too {'large' if abs(mine) > abs(wanted) else 'small'}, with the right sign")
    entry = f"component {list(map(int, index))} " if right.size > 1 else "it "
    return f"begin with this one, the first of them in the backward pass: {entry}{what}."


def _of_one(case, name):
    """The mistake in one gradient: a listed one, or one that any gradient can have. A listed one that would
    spoil a right gradient comes last: it may have been made here alone."""
    fitting = [mistake for mistake in case.question.mistakes
               if any(case.fits(name, tables) for tables in case.question.mistake_tables(mistake))]
    likely = [mistake for mistake in fitting if any(
        case.fits(name, tables) and case.may_cause(way, name)
        for way, tables in zip(mistake.ways, case.question.mistake_tables(mistake), strict=True))]
    found = _as_listed(likely) or _general(case, name)
    return _as_listed(fitting) or found if found.mistake == "unknown" else found


def _as_listed(listed):
    if listed:
        return Recognition("|".join(mistake.id for mistake in listed),
                           either([mistake.what for mistake in listed[:2]]) + ".", listed[0].hint)
    return None


def _general(case, name):
    """A mistake that any gradient can have."""
    part = case.question.part(name)
    points = [part.points[i] for i in case.indices]
    got = case.got(name)
    wanted = case.wanted(name)
    if got[0].ndim < wanted[0].ndim and agree([g.ravel() for g in got], [w.ravel() for w in wanted], part.rtol):
        return Recognition("shape", f"The numbers are right, but {shape_in_words(got[0].shape)} came, and "
                                    f"{shape_in_words(wanted[0].shape)} is needed.",
                           "A gradient has the shape of its parameter; `reshape` and `np.outer` make rows.")
    return recognise(Case(part, EntryAnswer(case.answer, name), points, got))
