"""Recognises intermediate results that were rounded before they were carried on: the working is done again
with lines that are rounded, and the tables are compared."""

import math

from helpers.checking.cases import Recognition
from helpers.checking.rounding import step_error
from helpers.checking.tables import where

_PLACES = (2, 3, 4, 5, 6)


def rounded_lines(case):
    """A Recognition if rounding some lines to a few decimals or digits explains the whole table; or None."""
    question = case.question
    for places in _PLACES:
        for unit, rounding in (("decimals", round), ("digits", _to_digits)):
            for lines in _choices(question):

                def carried(line, value, lines=lines, rounding=rounding, places=places):
                    return rounding(value, places) if line in lines else value

                table = question.table(question.working.values(question.numbers, carried=carried))
                if case.fits(table, rounded=True):
                    return Recognition(
                        "rounded",
                        f"{where(case)} Intermediate results were rounded to about {places} {unit}"
                        f"{step_error(case, case.off)}.",
                        "Keep all digits until the end.",
                    )
    return None


def _choices(question):
    """The sets of lines that may have been rounded: everything down to some line, or the activations alone.
    New values are not among them: what was written down of those is what came."""
    lines = [
        line
        for line in question.working.formulas
        if line not in {own for own, old in question.entries.values() if old is not None}
    ]
    chosen = [set(lines[:end]) for end in range(len(lines), 0, -1)]
    activations = {line for line in lines if line.startswith("a")}
    return [*chosen, activations] if activations else chosen


def _to_digits(value, digits):
    """A number with so many significant digits."""
    return round(value, digits - 1 - math.floor(math.log10(abs(value)))) if value and math.isfinite(value) else value
