"""The lines of a derivation: which follow, which is the first that does not, and which nobody can judge.

Every line must equal the right answer, or be a side calculation whose sides are equal. What cannot be judged, a name that
nobody told or a prime without a variable, is skipped with a word and never called wrong.
"""

import ast
import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from helpers.checking.answers import Answer, Case, not_finite
from helpers.checking.brackets import missing_brackets
from helpers.checking.feedback import Feedback, Recognition, in_list
from helpers.checking.formula_answers import function_of, restates, unknown_name, unknown_names
from helpers.checking.mistakes import recognise
from helpers.checking.values import NotAttempted, Question, Unusable, agree, is_placeholder, plain_numbers
from helpers.checking.words import without_words
from helpers.formulas.reader import Formula, Vocabulary, split_equation
from helpers.formulas.shapes import shape_of
from helpers.formulas.text import FormulaError, shorten, with_backslashes

MAX_LINES = 60
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


@dataclass(frozen=True)
class _Verdict:
    """What a line is: "answer", "side" (a side calculation that holds), "wrong", "skipped" or "words".

    found   what is wrong with it; note   why it is skipped; read   the Formulas of its sides; slip   whether nothing but a
    pair of brackets is missing in it
    """

    kind: str
    found: Recognition | None = None
    note: str = ""
    read: tuple = ()
    slip: bool = False


@dataclass
class _Names:
    """What may stand in a line: the question's names, and `own`, those of side calculations."""

    question: Question
    vocabulary: Vocabulary
    own: dict[str, Formula] = field(default_factory=dict)

    def add(self, name, formula):
        self.own[name] = formula
        try:
            shape = shape_of(formula.tree, self.vocabulary.shapes)
        except (FormulaError, IndexError, AttributeError):
            shape = ()
        hangs_on = formula.names.union(*(self.vocabulary.hangs_on.get(inner, ()) for inner in formula.names))
        self.vocabulary = self.vocabulary.with_name(name, shape, hangs_on & set(self.vocabulary.shapes))


def compare_lines(question: Question, lines: object) -> Feedback:
    """The Feedback on a list of lines, or on one text of several. Raises Unusable where there is nothing to judge."""
    lines = _listed(lines)
    names, verdicts = _Names(question, question.vocabulary), []
    last = max((number for number, line in enumerate(lines) if not is_placeholder(line)), default=0)
    for index, line in enumerate(lines):
        try:
            verdicts.append(_judge(names, line, index == last))
        except Unusable as problem:
            if any(verdict.kind == "wrong" for verdict in verdicts):
                break  # the first line that does not follow is what counts
            status = "wrong" if problem.status == "wrong" else "error"
            text = f"Line {index + 1} ({_quoted(line)}): {problem.message}"
            return Feedback(status, text, problem.mistake, line=index)
    wrong = next((index for index, verdict in enumerate(verdicts) if verdict.kind == "wrong"), None)
    if wrong is not None:
        return Feedback("wrong", _explanation(lines, wrong, verdicts), verdicts[wrong].found.mistake, line=wrong, read=_read(verdicts, wrong))
    return _without_a_wrong_line(question, verdicts)


def _listed(lines):
    """The lines in a list. Raises Unusable where there are too many, or where one is left open."""
    if isinstance(lines, str):
        lines = [line for line in with_backslashes(lines).splitlines() if line.strip()]
    lines = list(itertools.islice(lines, MAX_LINES + 1)) if isinstance(lines, (list, tuple)) else [lines]
    if len(lines) > MAX_LINES:
        raise Unusable(f"A derivation of more than {MAX_LINES} lines cannot be read: hand in fewer.", "too_many_lines")
    if all(map(is_placeholder, lines)) or any(isinstance(line, str) and _is_open_place(line) for line in lines):
        raise NotAttempted
    return lines


def _is_open_place(line):
    """Whether a line still holds `...`."""
    return bool(re.search(r"\.\.\.|…|\\[lc]?dots", line[:10_000]))


# ------------------------------------------------------------------------------------------ one line


def _judge(names, line, last):
    """The _Verdict on one line, which may have several sides. Raises Unusable where it cannot be read."""
    if not isinstance(line, str):
        return _of_values(names, [Answer(names.question, line, derivatives=True)], labelled=False)
    texts = _sides(names, line)
    if not texts:
        return _Verdict("words")
    try:
        sides, labelled = _read_sides(names, texts)
    except FormulaError as problem:
        raise Unusable(str(problem), "unreadable") from None
    own = _own_name(names, sides)
    if own and not last:
        names.add(own, sides[-1])
        return _compared(names, sides[1:], labelled, side=True) if len(sides) > 2 else _Verdict("answer" if _is_answer(names, sides[-1]) else "side", read=tuple(sides))
    if own:
        sides, labelled = sides[1:], True
    unknown = set().union(*(unknown_names(names.question, side, names.own) for side in sides))
    if unknown:
        told = [side for side in sides if not unknown_names(names.question, side, names.own)]
        if told and told[0] is not sides[0] and all(_is_answer(names, side) for side in told):
            return _Verdict("wrong", _wrong_label(sides[0]), read=tuple(sides)) if sides[0].has_derivative else _Verdict("answer", read=tuple(sides))
        if last:
            raise unknown_name("name", min(unknown), "formula", names.question)
        return _Verdict("skipped", note=f"nobody said what {in_list(sorted(unknown)[:3])} stands for" if len(unknown) == 1 else f"nobody said what {in_list(sorted(unknown)[:3])} stand for", read=tuple(sides))
    return _compared(names, sides, labelled)


def _sides(names, line):
    """The texts of a line's sides, without words."""
    text = re.sub(r"^\s*(=?[⇒⟹→]|[-=]>|\\(?:Long)?[rR]ightarrow|\\implies|\\Rightarrow|∴|\\therefore)", "", line)
    text = with_backslashes(text.split("#")[0]).replace("\\\\", " ")
    try:
        parts = split_equation(text)
        return [side for part in parts if (side := without_words(part, names.vocabulary))]
    except FormulaError as problem:
        raise Unusable(str(problem), "unreadable") from None


def _read_sides(names, texts):
    """(the Formulas of the sides, whether there was a label in front that is no formula). The label is left out, and what
    follows it must be the answer: nobody knows what else it claims."""
    try:
        first = [Formula(texts[0], names.vocabulary)]
    except FormulaError:
        if len(texts) < 2:
            raise
        first = []
    return [*first, *(Formula(text, names.vocabulary) for text in texts[1:])], not first


def _own_name(names, sides):
    """The name that a line such as `p = e^x - e^-x` or `p(x) = …` defines, or None."""
    if len(sides) < 2 or unknown_names(names.question, sides[-1], names.own):
        return None
    match sides[0].tree:
        case ast.Name(name) | ast.BinOp(ast.Name(name), ast.Mult(), ast.Name()):
            return name if unknown_names(names.question, sides[0], names.own) == {name} else None
    return None


def _is_answer(names, side):
    question = names.question
    try:
        got = _Reading(names, side).values(question.points)[0]
    except Unusable:
        return False
    truth = question.truth(question.points)
    return agree(plain_numbers(got, truth), truth, question.rtol)


def _compared(names, sides, labelled, side=False):
    """The _Verdict on sides in which every name is known; a prime may mean several derivatives, a doubt several readings."""
    best = None
    for reading in _readings(names, sides):
        try:
            answers = [_Reading(names, formula) for formula in reading]
            verdict = _of_values(names, answers, labelled, side)
        except Unusable:
            if best is None and not _has_primes(sides):
                raise
            continue
        if verdict.kind != "wrong":
            return verdict
        best = best or verdict
    if best is None or _has_primes(sides) and not _of_the_objective(names, sides):
        return _Verdict("skipped", note="a prime does not say with respect to what", read=tuple(sides))
    return best


def _readings(names, sides) -> Iterator[list[Formula]]:
    """The sides in every reading: each doubt decided the other way, each prime with respect to what it may mean."""
    others = [[side, *side.other_readings()] for side in sides]
    for reading in itertools.islice(itertools.product(*others), 24):
        for variable in _variables(names, reading) if _has_primes(reading) else (None,):
            yield [_with_respect_to(variable, formula) if variable else formula for formula in reading]


def _is_prime(node):
    return isinstance(node, ast.Call) and node.func.id == "diff" and len(node.args) == 1


def _has_primes(sides):
    return any(_is_prime(node) for side in sides for node in ast.walk(side.tree))


def _of_the_objective(names, sides):
    """Whether primes stand at the function alone that is differentiated: then there is no doubt about them."""
    primes = [node.args[0] for side in sides for node in ast.walk(side.tree) if _is_prime(node)]
    return all(getattr(inside, "id", "") == names.question.objective for inside in primes)


def _variables(names, sides):
    """With respect to what the primes may be: the question's variable first, then what the primed names are made of."""
    question, found = names.question, [names.question.variable]
    for side in sides:
        for node in filter(_is_prime, ast.walk(side.tree)):
            inside = node.args[0]
            made_of = names.own.get(getattr(inside, "id", "")) or question.definitions.get(getattr(inside, "id", ""))
            found += sorted(made_of.names if made_of else {inner.id for inner in ast.walk(inside) if isinstance(inner, ast.Name)})
    known = [name for name in dict.fromkeys(found) if name in names.vocabulary.shapes]
    return known[:6]


class _Told(ast.NodeTransformer):
    def __init__(self, variable):
        self.variable = variable

    def visit_Call(self, node):
        """A prime becomes the derivative with respect to the variable."""
        node = self.generic_visit(node)
        return ast.Call(node.func, [node.args[0], ast.Name(self.variable, ast.Load())], []) if _is_prime(node) else node


def _with_respect_to(variable, formula):
    told = copy.copy(formula)
    told.tree = _Told(variable).visit(copy.deepcopy(formula.tree))
    return told


class _Reading(Answer):
    """One side of a line, as an answer; own names of the student's may stand in it."""

    def __init__(self, names, formula):
        self.question, self.answer, self.changed, self.formula = names.question, formula.text, set(), formula
        self.fits, self.kind = (lambda point: True), "formula"
        self.at = function_of(names.question, formula, derivatives=True, own=names.own)


def _of_values(names, answers, labelled, side=False):
    """The _Verdict on the sides of a line, by their values at the question's points."""
    question = names.question
    points, truth, rtol = question.points, question.truth(question.points), question.rtol
    values = [plain_numbers(answer.values(points)[0], truth) for answer in answers]
    right = [agree(got, truth, rtol) for got in values]
    read = tuple(answer.formula for answer in answers if answer.formula)
    if all(right):
        return _Verdict("answer", read=read)
    if not any(right) and (len(values) > 1 and not labelled or side):
        other = next((i for i, got in enumerate(values) if not agree(got, values[0], rtol)), None)
        if other is None:
            return _Verdict("side", read=read)
        pair = f"{_quoted(answers[other - 1].answer)} and {_quoted(answers[other].answer)}"
        return _Verdict("wrong", Recognition("sides_differ", f"{pair} are not equal."), read=read)
    if not right[0] and all(right[1:]) and len(right) > 1 and answers[0].formula and answers[0].formula.has_derivative:
        return _Verdict("wrong", _wrong_label(answers[0].formula), read=read)
    worst = right.index(False)
    found = not_finite(values[worst], points) or _lost_brackets(names, answers[worst])
    slip = found is not None and found.mistake == "lost_brackets"
    found = found or recognise(Case(question, answers[worst], points, values[worst]))
    slip = slip or "bracket" in found.text.lower()
    if sum(map(bool, right)) and len(answers) > 2:
        which = _ORDINALS[worst] if worst < len(_ORDINALS) else f"{worst + 1}th"
        found = Recognition(found.mistake, f"Its {which} part, {_quoted(answers[worst].answer)}, is wrong. {found.text}", found.hint)
    return _Verdict("wrong", found, read=read, slip=slip)


def _lost_brackets(names, answer):
    """The Recognition of a text in which nothing but a pair of brackets is missing."""
    if not answer.formula or names.own:
        return None
    return missing_brackets(names.question, answer.formula)


def _wrong_label(label):
    return Recognition("wrong_label", f"The right side is what is asked for, but it is not {_quoted(label.text)}: the label on the left is wrong.")


# ------------------------------------------------------------------------------------------ what is said


def _without_a_wrong_line(question, verdicts):
    """The Feedback where no line is wrong."""
    notes = [f"Line {index + 1} was not judged: {verdict.note}." for index, verdict in enumerate(verdicts) if verdict.kind == "skipped"]
    judged = [index for index, verdict in enumerate(verdicts) if verdict.kind in ("answer", "side")]
    if not judged:
        text = " ".join(notes) or "There are only words here: write at least one line with a formula."
        return Feedback("error", text, "nothing_to_judge", line=0)
    final = verdicts[judged[-1]]
    if final.kind == "side":
        text = "These side calculations are right; the line with the answer is still missing."
        return Feedback("wrong", " ".join((text, *notes)), "unfinished")
    if final.read and (final.read[-1].has_derivative or restates(question, final.read[-1])):
        text = "Every line follows, but in the last one a derivative still has to be worked out."
        return Feedback("wrong", " ".join((text, *notes)), "unfinished")
    different = {ast.unparse(side.tree) for index in judged for side in verdicts[index].read}
    text = "Every line follows from the one before, and the last one is the answer."
    if len(different) < 2:
        text = "That is the answer. It is not yet a derivation: write the lines that lead to it."
    return Feedback("correct", " ".join((text, *notes)), read=_read(verdicts))


def _read(verdicts, only=None):
    """What was read where there was a doubt, for the reader to see: (line, Formula)."""
    shown = verdicts if only is None else verdicts[: only + 1]
    return tuple(
        (f"Line {index + 1}", formula)
        for index, verdict in enumerate(shown)
        for formula in verdict.read
        if formula.doubts and (only is None or index == only)
    )


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
    if verdicts[wrong].slip or found.mistake.startswith("shape"):
        return f"{text} Line {later + 1} is right again."
    return f"{text} Line {later + 1} is right again, so two errors cancel: the result is right, the derivation is not."


def _quoted(line):
    return f"`{shorten(line)}`"
