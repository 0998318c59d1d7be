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

from helpers.checking.answers import Answer, Case, not_finite
from helpers.checking.feedback import Feedback, Recognition, in_list
from helpers.checking.formula_answers import read_as, restates, unknown_name, unknown_names
from helpers.checking.mistakes import listed, recognise
from helpers.checking.text_brackets import missing_brackets
from helpers.checking.values import NotAttempted, Question, Unusable, agree, is_placeholder, plain_numbers
from helpers.checking.words import without_words
from helpers.formulas.reader import Formula, split_equation
from helpers.formulas.text import FormulaError, shorten, with_backslashes
from helpers.formulas.vocabulary import PRIME, Vocabulary, call, named

MAX_LINES = 60
_MOST_READINGS = 24  # of one line
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_OPEN_PLACE = re.compile(r"\.\.\.|…|\\[lc]?dots")
_ARROW = re.compile(r"^\s*(⇒|⟹|→|=>|->|∴|\\(?:Longr|longr|r|R)ightarrow|\\implies|\\therefore)")


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

    def add(self, name, formula):
        self.own[name] = formula
        hangs_on = formula.names.union(*(self.vocabulary.hangs_on.get(inner, ()) for inner in formula.names))
        shapes = self.vocabulary.shapes
        self.vocabulary = self.vocabulary.with_name(name, self.vocabulary.shape(formula.tree), hangs_on & set(shapes))

    def unknown(self, *sides):
        return set().union(*(unknown_names(self.question, side, self.own) for side in sides))

    def answer(self, formula):
        return Answer(self.question, formula, derivatives=True, own=self.own)


def compare_lines(question: Question, lines: object) -> Feedback:
    """The Feedback on a list of lines, or on one text of several. Raises Unusable where there is nothing to judge."""
    lines = _listed(lines)
    names, verdicts = _Names(question, question.vocabulary), []
    for index, line in enumerate(lines):
        try:
            verdicts.append(_judge(names, line, index == len(lines) - 1))
        except Unusable as problem:
            if any(verdict.kind == "wrong" for verdict in verdicts):
                break  # the first line that does not follow is what counts
            status = "wrong" if problem.status == "wrong" else "error"
            text = f"Line {index + 1} ({_quoted(line)}): {problem.message}"
            return Feedback(status, text, problem.mistake, line=index)
    wrong = next((index for index, verdict in enumerate(verdicts) if verdict.kind == "wrong"), None)
    if wrong is None:
        return _without_a_wrong_line(question, lines, verdicts)
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


def _judge(names, line, last):
    """The _Verdict on one line, which may have several sides. Raises Unusable where it cannot be read."""
    if not isinstance(line, str):
        return _by_values(names, [Answer(names.question, line, derivatives=True)], labelled=False)
    try:
        sides, labelled = _sides(names, line)
    except FormulaError as problem:
        raise Unusable(str(problem), "unreadable") from None
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
    return _compared(names, sides, labelled)


def _sides(names, line):
    """(the Formulas of a line's sides, whether there was a label in front that is no formula). Such a label is left out,
    and what follows it must be the answer: nobody knows what else it claims."""
    text = with_backslashes(_ARROW.sub("", line).split("#")[0]).replace("\\\\", " ")
    texts = [side for part in split_equation(text) if (side := without_words(part, names.vocabulary))]
    sides = []
    for number, side in enumerate(texts):
        try:
            sides.append(Formula(side, names.vocabulary))
        except FormulaError:
            if number or len(texts) < 2:
                raise
    return sides, len(sides) < len(texts)


def _own_name(names, sides):
    """The name that a line such as `p = e^x - e^-x` or `p(x) = …` defines, or None."""
    if len(sides) < 2 or names.unknown(sides[-1]):
        return None
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


def _compared(names, sides, labelled):
    """The _Verdict on sides in which every name is known; a prime may mean several derivatives, a doubt several readings."""
    primes, best = _primes(sides), None
    for reading in _readings(names, sides):
        try:
            verdict = _by_values(names, [names.answer(formula) for formula in reading], labelled)
        except Unusable:
            if best is None and not primes:
                raise
            continue
        if verdict.kind != "wrong":
            return verdict
        best = best or verdict
    sure = all(getattr(inside, "id", "") == names.question.objective for inside in primes)
    if best is None or not sure:
        return _Verdict("skipped", tuple(sides), note="a prime does not say with respect to what")
    return best


def _readings(names, sides) -> Iterator[list[Formula]]:
    """The sides in every reading: each doubt decided the other way, each prime with respect to what it may mean."""
    for reading in itertools.islice(
        itertools.product(*([side, *side.other_readings()] for side in sides)), _MOST_READINGS
    ):
        for variable in _variables(names, reading):
            yield [_with_respect_to(variable, formula) for formula in reading]


def _is_prime(node):
    return isinstance(node, ast.Call) and node.func.id == PRIME


def _primes(sides):
    """What has a prime in the sides: trees."""
    return [node.args[0] for side in sides for node in ast.walk(side.tree) if _is_prime(node)]


def _variables(names, sides):
    """With respect to what the primes may be: the question's variable first, then what the primed is made of."""
    question, found = names.question, [names.question.variable]
    for inside in _primes(sides):
        name = getattr(inside, "id", "")
        made_of = names.own.get(name) or question.definitions.get(name)
        found += sorted(
            made_of.names if made_of else {each.id for each in ast.walk(inside) if isinstance(each, ast.Name)}
        )
    return [name for name in dict.fromkeys(found) if name is None or name in names.vocabulary.shapes][
        : 6 if len(found) > 1 else 1
    ]


class _Told(ast.NodeTransformer):
    """Primes become derivatives with respect to the variable."""

    def __init__(self, variable):
        self.variable = variable

    def visit_Call(self, node):
        node = self.generic_visit(node)
        return call("diff", node.args[0], named(self.variable)) if _is_prime(node) else node


def _with_respect_to(variable, formula):
    if not _primes([formula]) or variable is None:
        return formula
    told = copy.copy(formula)
    told.tree = _Told(variable).visit(copy.deepcopy(formula.tree))
    return told


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


def _by_values(names, answers, labelled):
    """The _Verdict on the sides of a line, by their values at the question's points."""
    question, sides = names.question, tuple(answer.formula for answer in answers if answer.formula)
    values, right = zip(*(_values(names, answer) for answer in answers), strict=True)
    if all(right):
        return _Verdict("answer", sides)
    if not any(right) and len(values) > 1 and not labelled:
        other = next((i for i, got in enumerate(values) if not agree(got, values[0], question.rtol)), None)
        if other is None:
            return _Verdict("side", sides)
        pair = f"{_quoted(sides[other - 1].text)} and {_quoted(sides[other].text)}"
        return _Verdict("wrong", sides, Recognition("sides_differ", f"{pair} are not equal."))
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
    text = f"The right side is what is asked for, but it is not {_quoted(label.text)}: the label on the left is wrong."
    return Recognition("wrong_label", text)


# ------------------------------------------------------------------------------------------ what is said


def _without_a_wrong_line(question, lines, verdicts):
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
    if _is_open(question, last, lines[judged[-1]]):
        text = "Every line follows, but in the last one a derivative still has to be worked out."
        return Feedback("wrong", " ".join((text, *notes)), "unfinished")
    text = "Every line follows from the one before, and the last one is the answer."
    written = [ast.unparse(side.tree) for index in judged for side in verdicts[index].sides]
    written += [str(lines[index]) for index in judged if not verdicts[index].sides]
    if len(set(written)) < 2:
        text = "That is the answer. It is not yet a derivation: write the lines that lead to it, too."
    return Feedback("correct", " ".join((text, *notes)), read=_read_as(verdicts))


def _is_open(question, verdict, line):
    """Whether a line that is right still holds a derivative that has to be worked out."""
    if verdict.sides:
        return verdict.sides[-1].has_derivative or restates(question, verdict.sides[-1])
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
