"""Reads a function that returns several gradients as a dict of arrays, and compares each with the right
one."""

import numpy as np

from helpers.checking import sandbox
from helpers.checking.answers import Answer, changed_arguments
from helpers.checking.cases import agree
from helpers.checking.tables import by_name, in_list, unknown_names
from helpers.checking.values import Unusable, as_numbers, is_placeholder, shape_in_words


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
            raw = dict(zip(names, raw, strict=False))
        if not isinstance(raw, dict):
            kind = "one array" if isinstance(raw, (np.ndarray, np.generic, float, int)) else f"a {type(raw).__name__}"
            raise Unusable(
                "error", f"Your function returns {kind}; return a dictionary of {in_list(names)}.", "not_a_dictionary"
            )
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
            raise Unusable(
                problem.status, f"`{name}`: {problem.message[:1].lower()}{problem.message[1:]}", problem.mistake
            ) from None


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
                if (
                    any(not self._right(name, tables, first) for name in question.entries)
                    or problem.mistake == "endless"
                ):
                    raise
                self.only_this_size = True
        if len(tables) == len(points) and self._fixed_sizes(tables, first):
            tables = [tables[i] for i in first]  # what is wrong at the stated sizes comes first
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
        return any(shaped(name, first) and not shaped(name, others) for name in names) and not all(
            self._right(name, tables, first) for name in names
        )

    def _right(self, name, tables, indices):
        """Whether an entry is right; a single number may come in any shape of one entry."""
        if any(name not in table for table in tables[: len(indices)]):
            return False
        got = (
            [table[name] for table in tables[: len(indices)]]
            if len(tables) == len(indices)
            else [tables[i][name] for i in indices]
        )
        wanted = [self.truth[i][name] for i in indices]
        got = [g.reshape(w.shape) if g.size == w.size == 1 else g for g, w in zip(got, wanted, strict=False)]
        return agree(got, wanted, self.question.rtol)

    def got(self, name):
        return [table[name] for table in self.tables]

    def wanted(self, name, tables=None):
        return [(tables or self.truth)[i][name] for i in self.indices]

    def fits(self, name, tables):
        """Whether an entry has the values of other tables, those of a mistake; axes of length 1 do not
        matter."""
        got, wanted, right = self.got(name), self.wanted(name, tables), self.wanted(name)
        if any(w.shape != r.shape for w, r in zip(wanted, right, strict=False)):
            got, wanted = [np.squeeze(g) for g in got], [np.squeeze(w) for w in wanted]
        else:
            got = [g.reshape(w.shape) if g.size == w.size == 1 else g for g, w in zip(got, wanted, strict=False)]
        return agree(got, wanted, self.question.rtol)

    def marks(self):
        return {
            name: "right" if name in self.right and name not in self.off else "off" if name in self.off else "missing"
            for name in self.question.entries
        }

    def notes(self):
        """What is odd about a right answer."""
        odd = [
            (name, self.truth[self.indices[0]][name].shape)
            for name in self.right
            if self.got(name)[0].shape != self.truth[self.indices[0]][name].shape
        ]
        return [
            f"`{name}` came as {shape_in_words(self.got(name)[0].shape)}; "
            + (f"its shape should be {shape}." if shape else "it should be a single number.")
            for name, shape in odd
        ] + changed_arguments(self.answer)

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
