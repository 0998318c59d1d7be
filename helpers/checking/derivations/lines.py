"""The lines of a derivation: which follow, which is the first that does not, and which nobody can judge.

Every line must equal the right answer, or be a side calculation whose sides are equal. What cannot be judged, a name that
nobody told or a prime without a variable, is skipped with a word and never called wrong.
"""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from helpers.checking.answers import Answer, Case, not_finite
from helpers.checking.derivations.missing_brackets import missing_brackets
from helpers.checking.derivations.primes import MOST_PRIMES, is_clear, primed, through, told
from helpers.checking.derivations.words import is_one_word, last_name, statements, without_numbers, without_words
from helpers.checking.feedback import Feedback, Recognition, in_list, recognised
from helpers.checking.formula_answers import counted_in, read_as, restates, unknown_name, unknown_names
from helpers.checking.mistakes import listed, recognise
from helpers.checking.values import NotAttempted, Question, Unusable, agree, is_placeholder, plain_numbers
from helpers.formulas.reader import Formula, split_equation
from helpers.formulas.text import FormulaError, shorten, with_backslashes
from helpers.formulas.vocabulary import Vocabulary

MAX_LINES = 60
_MOST_READINGS = 24  # of one line
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_OPEN_PLACE = re.compile(r"\.\.\.|…|\\[lc]?dots")


@dataclass(frozen=True)
class _Verdict:
    """What a line is: "answer", "side" (a side calculation that holds), "wrong", "skipped" or "words".

    sides   the Formulas that were read; found   what is wrong; note   why it is skipped; slip   whether it may be no more
    than brackets that were not typed
    """

    kind: str
    sides: tuple = ()
    found: Recognition | None = None
    note: str = ""
    slip: bool = False


@dataclass
class _Names:
    """What may stand in a line: the question's names, and `own`, those of side calculations."""

    question: Question
    vocabulary: Vocabulary
    own: dict[str, Formula] = field(default_factory=dict)
    tries: int = 80  # readings of primes that are left, for all lines together

    def add(self, name, formula):
        self.own[name] = formula
        hangs_on = formula.names.union(*(self.vocabulary.hangs_on.get(inner, ()) for inner in formula.names))
        shapes = self.vocabulary.shapes
        self.vocabulary = self.vocabulary.with_name(name, self.vocabulary.shape(formula.tree), hangs_on & set(shapes))

    def used(self, formula):
        """The names of one's own that a formula is made of."""
        found, new = set(), formula.names & set(self.own)
        while new:
            found |= new
            new = set().union(*(self.own[name].names for name in new)) & set(self.own) - found
        return found

    def unknown(self, *sides):
        return set().union(*(unknown_names(self.question, side, self.own) for side in sides))

    def answer(self, formula):
        return Answer(self.question, formula, derivatives=True, own=self.own)


def compare_lines(question: Question, lines: object) -> Feedback:
    """The Feedback on a list of lines, or on one text of several. Raises Unusable where there is nothing to judge."""
    lines = _listed(lines)
    names, verdicts = _Names(question, question.vocabulary), []
    for index, line in enumerate(without_numbers(lines)):
        try:
            verdicts.append(_judge(names, line, index == len(lines) - 1, verdicts[-1] if verdicts else None))
        except Unusable as problem:
            if any(verdict.kind == "wrong" for verdict in verdicts):
                break  # the first line that does not follow is what counts
            status = "wrong" if problem.status == "wrong" else "error"
            text = f"Line {index + 1} ({_quoted(line)}): {problem.message}"
            return Feedback(status, text, problem.mistake, line=index)
    wrong = next((index for index, verdict in enumerate(verdicts) if verdict.kind == "wrong"), None)
    if wrong is None:
        return _without_a_wrong_line(names, lines, verdicts)
    text, found = _explanation(lines, wrong, verdicts), verdicts[wrong].found
    return Feedback("wrong", text, found.mistake, line=wrong, read=_read_as(verdicts[wrong : wrong + 1]))


def _listed(lines):
    """The lines in a list. Raises Unusable where there are too many, or where one is left open."""
    if isinstance(lines, str):
        lines = [line for line in with_backslashes(lines).splitlines() if line.strip()]
    lines = list(lines[: MAX_LINES + 1]) if isinstance(lines, (list, tuple)) else [lines]
    if len(lines) > MAX_LINES:
        raise Unusable(f"Hand in at most {MAX_LINES} lines.", "too_many_lines")
    if all(map(is_placeholder, lines)) or any(isinstance(line, str) and _OPEN_PLACE.search(line) for line in lines):
        raise NotAttempted
    return lines


# ------------------------------------------------------------------------------------------ one line


def _judge(names, line, last, before):
    """The _Verdict on one line, which may hold several statements; `before` is that on the one before it. Raises Unusable
    where it cannot be read."""
    if not isinstance(line, str):
        return _by_values(names, [Answer(names.question, line, derivatives=True)], labelled=False)
    try:
        texts, verdicts = statements(with_backslashes(line).split("#")[0].replace("\\\\", " "), names.vocabulary), []
        for text in texts:
            verdict = _judge_statement(names, text, last and len(verdicts) == len(texts) - 1)
            continued = text.lstrip(" &$").startswith("=") and verdicts == []
            verdicts.append(_continued(names, verdict, before) if before and continued else verdict)
    except FormulaError as problem:
        raise Unusable(str(problem), "unreadable") from None
    for kind in ("wrong", "answer", "side", "skipped"):
        if found := [verdict for verdict in verdicts if verdict.kind == kind]:
            return found[0] if kind == "wrong" else found[-1]
    return _Verdict("words")


def _continued(names, verdict, before):
    """The _Verdict on a line that begins with `=`: of a side calculation it goes on with what stands before it."""
    if verdict.kind != "wrong" or before.kind not in ("side", "skipped"):
        return verdict
    if before.kind == "skipped":
        return _Verdict("skipped", verdict.sides, note="it goes on with a line that was not judged")
    return _compared(names, [before.sides[-1], *verdict.sides], False) if before.sides and verdict.sides else verdict


def _judge_statement(names, text, last):
    """The _Verdict on one formula or equation, which may have several sides."""
    sides, labelled = _sides(names, text)
    if not sides:
        return _Verdict("words")
    own = _own_name(names, sides)
    if own and not last:
        names.add(own, sides[-1])
        if len(sides) > 2:
            return _compared(names, sides[1:], labelled)
        return _Verdict("answer" if _is_answer(names, sides[-1]) else "side", tuple(sides))
    if own:  # E_a = …, in the last line: the answer
        sides, labelled = sides[1:], True
    if names.unknown(*sides):
        return _with_unknown_names(names, sides, last)
    verdict = _compared(names, sides, labelled)
    if verdict.kind == "wrong" and (name := last_name(split_equation(text)[0], names.vocabulary)):
        with_name = _compared(names, [Formula(name, names.vocabulary), *sides], False)  # We start with L = …
        return with_name if with_name.kind == "side" else verdict
    return verdict


def _sides(names, text):
    """(the Formulas of a statement's sides, whether there was a label in front that is no formula). Such a label is left
    out where the answer follows. Raises FormulaError where anything else does: nobody knows what else it claims."""
    parts = split_equation(text)
    words = [part if len(parts) > 1 and is_one_word(part) else without_words(part, names.vocabulary) for part in parts]
    sides, texts = [], [side for side in words if side]
    unread = None
    for number, side in enumerate(texts):
        try:
            sides.append(Formula(side, names.vocabulary))
        except FormulaError as problem:
            if number or len(texts) < 2:
                raise
            unread = problem
    if unread and not (names.unknown(*sides) or all(_is_answer(names, side) for side in sides)):
        raise unread
    return sides, bool(unread)


def _own_name(names, sides):
    """The name that a line such as `p = e^x - e^-x`, `p(x) = …` or `… =: p` defines, or None. It is put in front."""
    behind = len(sides) > 1 and getattr(sides[-1].tree, "id", "")
    if behind and names.unknown(sides[-1]) and not names.unknown(*sides[:-1]):
        sides.insert(0, sides.pop())
    if len(sides) < 2 or names.unknown(sides[-1]):
        return None
    if (sides[-1].names & names.vocabulary.indices) - counted_in(sides[-1]) - set(names.vocabulary.shapes):
        return None  # P_ip = …: an entry
    match sides[0].tree:
        case ast.Name(name) | ast.BinOp(ast.Name(name), ast.Mult(), ast.Name()):
            return name if names.unknown(sides[0]) == {name} else None
    return None


def _with_unknown_names(names, sides, last):
    """The _Verdict on a line with names that nobody told."""
    told = [side for side in sides if not names.unknown(side)]
    if told and names.unknown(sides[0]) and all(_is_answer(names, side) for side in told):
        if not sides[0].has_derivative:
            return _Verdict("answer", tuple(told))
        return _Verdict("wrong", tuple(sides), _wrong_label(sides[0]))
    unknown = sorted(names.unknown(*sides))
    if last:
        raise unknown_name("name", unknown[0], "formula", names.question)
    stand = "stands" if len(unknown) == 1 else "stand"
    return _Verdict("skipped", tuple(sides), note=f"nobody said what {in_list(unknown[:4])} {stand} for")


def _compared(names, written, labelled):
    """The _Verdict on sides in which every name is known; a prime may mean several derivatives, a doubt several readings."""
    primes, best = primed(written), None
    sides = [through(names.question.variable, names.own, names.vocabulary, side) for side in written]
    roundabout = any(one is not other for one, other in zip(sides, written, strict=True))
    for reading in _readings(names, sides):
        names.tries -= bool(primes)
        if primes and names.tries < 0:
            return _Verdict("skipped", tuple(written), note="there are too many primes to try what each may mean")
        try:
            verdict = _by_values(names, [names.answer(formula) for formula in reading], labelled)
        except Unusable:
            if best is None and not primes:
                raise
            continue
        if verdict.kind != "wrong":
            return verdict
        best = best or verdict
    sure = len(sides) > 1 or all(getattr(inside, "id", "") == names.question.objective for inside in primes)
    sure = sure or is_clear(names.question, names.own, names.vocabulary, written)
    if (
        best is None
        or not sure
        or len({*map(ast.dump, primes)}) > MOST_PRIMES
        or any("prime" in side.doubts for side in written)
    ):
        return _Verdict("skipped", tuple(written), note="a prime does not say with respect to what")
    if roundabout and len(names.question.shapes) > 1:
        note = "it has a derivative with respect to a name of your own of what does not contain that name"
        return _Verdict("skipped", tuple(written), note=note)
    return best


def _readings(names, sides) -> Iterator[list[Formula]]:
    """The sides in every reading: each doubt decided the other way, each prime with respect to what it may mean."""
    for reading in itertools.islice(
        itertools.product(*([side, *side.other_readings()] for side in sides)), _MOST_READINGS
    ):
        yield from told(names.question, names.own, names.vocabulary, list(reading))


def _values(names, answer):
    """(the values of an answer at the question's points, whether they are right)"""
    question = names.question
    truth = question.truth(question.points)
    got = plain_numbers(answer.values(question.points)[0], truth)
    return got, agree(got, truth, question.rtol)


def _is_answer(names, side):
    try:
        return _values(names, names.answer(side))[1]
    except Unusable:
        return False


def _same(got, wanted, rtol):
    """Whether the sides of a side calculation agree. The derivatives of a vector's entries by another's with the same place
    may be written as a vector: ds/dz = s*(1 - s)."""
    if agree(got, wanted, rtol):
        return True
    pairs = list(zip(got, wanted, strict=True))
    tables = [[_diagonal(one, other) for one, other in turned] for turned in (pairs, [pair[::-1] for pair in pairs])]
    return any(
        all(part is not None for part in table) and agree(table, [pair[1 - turned] for pair in pairs], rtol)
        for turned, table in enumerate(tables)
    )


def _diagonal(table, vector):
    """The diagonal of a square table that is 0 elsewhere, where it is to be compared with a vector; else None."""
    if table.ndim != 2 or vector.shape != table.shape[:1] or not np.array_equal(table, np.diag(np.diag(table))):
        return None
    return np.diag(table)


def _by_values(names, answers, labelled):
    """The _Verdict on the sides of a line, by their values at the question's points."""
    question, sides = names.question, tuple(answer.formula for answer in answers if answer.formula)
    values, right = zip(*(_values(names, answer) for answer in answers), strict=True)
    if all(right):
        return _Verdict("answer", sides)
    if not any(right) and len(values) > 1 and not labelled:
        other = next((i for i, got in enumerate(values) if not _same(got, values[0], question.rtol)), None)
        if other is None:
            return _Verdict("side", sides)
        pair = f"{_quoted(sides[other - 1].text)} and {_quoted(sides[other].text)}"
        return _Verdict("wrong", sides, recognised("sides_differ", pair=pair))
    if not right[0] and len(right) > 1 and all(right[1:]) and sides[0].has_derivative:
        return _Verdict("wrong", sides, _wrong_label(sides[0]))
    worst = right.index(False)
    case = Case(question, answers[worst], question.points, values[worst])
    found = not_finite(values[worst], question.points) or listed(case)
    if not found and answers[worst].formula and not names.own:
        found = missing_brackets(question, answers[worst].formula)
    found = found or recognise(case)
    if any(right) and len(answers) > 2:
        part = f"Its {_ORDINALS[min(worst, 4)]} part, {_quoted(sides[worst].text)}, is wrong."
        found = Recognition(found.mistake, f"{part} {found.text}", found.hint)
    return _Verdict("wrong", sides, found, slip="bracket" in found.text.lower() or found.mistake.startswith("shape"))


def _wrong_label(label):
    return recognised("wrong_label", label=_quoted(label.text))


# ------------------------------------------------------------------------------------------ what is said


def _without_a_wrong_line(names, lines, verdicts):
    """The Feedback where no line is wrong."""
    notes = [
        f"Line {index + 1} was not judged: {verdict.note}."
        for index, verdict in enumerate(verdicts)
        if verdict.kind == "skipped"
    ]
    judged = [index for index, verdict in enumerate(verdicts) if verdict.kind in ("answer", "side")]
    if not judged:
        text = " ".join(notes) or "There are only words here: write at least one line with a formula."
        return Feedback("error", text, "nothing_to_judge", line=0)
    last = verdicts[judged[-1]]
    if last.kind == "side":
        text = "These side calculations are right; the line with the answer is still missing."
        return Feedback("wrong", " ".join((text, *notes)), "unfinished")
    if _is_open(names, last, lines[judged[-1]]):
        text = "Every line follows, but in the last one a derivative still has to be worked out."
        return Feedback("wrong", " ".join((text, *notes)), "unfinished")
    text = "Every line follows from the one before, and the last one is the answer."
    sides = [side for index in judged for side in verdicts[index].sides]
    written = [ast.unparse(side.tree) for side in sides if getattr(side.tree, "id", "") not in names.own]
    written += [str(lines[index]) for index in judged if not verdicts[index].sides]
    if len(set(written)) < 2:
        text = "That is the answer. It is not yet a derivation: write the lines that lead to it, too."
    return Feedback("correct", " ".join((text, *notes)), read=_read_as(verdicts))


def _is_open(names, verdict, line):
    """Whether a line that is right still holds a derivative that has to be worked out, if only in names of one's own."""
    if verdict.sides:
        last = verdict.sides[-1]
        used = [last, *(names.own[name] for name in names.used(last))]
        return any(side.has_derivative for side in used) or restates(names.question, last)
    import sympy as sp

    side = line.rhs if isinstance(line, sp.Equality) else line
    return bool(side.atoms(sp.Derivative)) if hasattr(side, "atoms") else False


def _read_as(verdicts):
    """What the sides were read as in which there was a doubt."""
    return tuple(shown for verdict in verdicts for side in verdict.sides for shown in read_as(side))


def _explanation(lines, wrong, verdicts):
    """What is said of the first line that does not follow, and of a right line behind it."""
    found, line = verdicts[wrong].found, f"Line {wrong + 1} ({_quoted(lines[wrong])})"
    if found.mistake == "sides_differ":
        return f"{line} does not hold: {found.text}"
    if found.mistake == "wrong_label":
        return f"{line}: {found.text}"
    what = re.sub("^Your answer", "It", found.text)
    before = next((index for index in range(wrong - 1, -1, -1) if verdicts[index].kind == "answer"), None)
    if before is None:
        text = f"{line} is not what is asked for. {what}"
    else:
        text = f"{line} does not follow from line {before + 1}. Compared with the line before: {what}"
    later = next((index for index in range(wrong + 1, len(verdicts)) if verdicts[index].kind == "answer"), None)
    if later is None:
        return text
    if found.mistake == "no_derivative" and before is None:
        return f"{text} Begin with its derivative, `diff(…)`; line {later + 1} is right."
    if verdicts[wrong].slip:
        return f"{text} Line {later + 1} is right again."
    return f"{text} Line {later + 1} is right again, so two errors cancel: the result is right, the derivation is not."


def _quoted(line):
    return f"`{shorten(line)}`"
