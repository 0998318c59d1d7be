"""Exercises in words: statements to accept or reject, each with a reason chosen from a list.

    question                                        # in a notebook: the statements and the reasons
    question.check({1: ("reject", "c"), 2: ("accept", "a"), …})

A verdict without its reason does not count, and feedback leads on: what is misunderstood first, then in which
statement.
"""

import html
import re
from dataclasses import dataclass

import numpy as np

from helpers.checking.feedback import Feedback
from helpers.checking.tables import called
from helpers.checking.values import NOT_ATTEMPTED, Unusable, is_placeholder
from helpers.exercises.exercise import Exercise
from helpers.formulas.derivation import LineCheck, Verification
from helpers.formulas.text import shorten

_ACCEPT = {"accept", "accepted", "agree", "right", "true", "yes", "correct", "holds", "ja", "✓"}
_REJECT = {"reject", "rejected", "disagree", "wrong", "false", "no", "incorrect", "nein", "✗"}
_ENOUGH = 3  # statements before reasons are looked at: one alone could be tried letter by letter
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Statement:
    """One statement. `right`: whether it holds; `reason`: the key of its reason in the question's `reasons`;
    `mistake`, `misconception`: id and explanation of what somebody thinks who judges it wrongly; `because`:
    the explanation in the solution; `evidence` (optional): a function that works the facts out anew and
    returns whether they are as `because` says."""

    text: str
    right: bool
    reason: str
    mistake: str
    misconception: str
    because: str
    evidence: object = None
    also: tuple = ()  # further reasons that hold just as well

    @property
    def id(self):
        return self.mistake

    @property
    def what(self):
        return self.misconception


class StatementQuestion(Exercise):
    """Statements to accept or reject, each with its reason.

    statements   Statements, numbered from 1
    reasons      key -> text; shown with the letters a, b, c, … in this order
    """

    wanted = 'a dictionary, {1: ("accept", "a"), 2: ("reject", "b"), …}'

    def __init__(self, key, title, statement, statements, reasons, hints=(), section=None):
        super().__init__(key, title, statement, hints, section)
        self.statements, self.reasons = tuple(statements), dict(reasons)
        self.parameters = tuple(range(1, len(self.statements) + 1))
        self.letters = dict(zip(_LETTERS, self.reasons, strict=False))
        self.mistakes = self.statements
        self.solution = Verdicts(self)

    def right_answer(self):
        """{number: (verdict, letter)}"""
        letter = {reason: letter for letter, reason in self.letters.items()}
        return {
            number: ("accept" if one.right else "reject", letter[one.reason])
            for number, one in enumerate(self.statements, 1)
        }

    # ------------------------------------------------------------------------------------------ checking

    def check(self, answer):
        """Judge verdicts and reasons; returns a Feedback, never raises.

        `answer` is a dict number -> (verdict, letter), or a list of such pairs in order. A verdict is True,
        False, "accept", "reject", "right" or "wrong"; a pair may be written as one text, "reject c"; the text
        of a reason does for its letter. Statements that are left out, `...` or None are not judged yet.
        Reasons are looked at once three statements are judged.
        """
        return super().check(answer)

    def _check(self, answer):
        given, printed = called(answer, self.wanted)
        judged = self._read(given)
        missing = [number for number in self.parameters if number not in judged]
        verdicts = {verdict for verdict, _ in judged.values()}
        letters = {letter for _, letter in judged.values()}
        if len(judged) > 2 and (len(verdicts) == 1 or len(letters) == 1) and not missing:
            text = (
                "Every statement has the same verdict. Some hold and some do not; judge each by itself, "
                "and give the reason that fits it."
                if len(verdicts) == 1
                else "Every statement has the same reason. One reason cannot decide all of them."
            )
            return Feedback("wrong", text, "constant", printed=printed)
        wrong = [number for number, pair in judged.items() if not self._is_right(number, pair)]
        few = len(judged) < min(_ENOUGH, len(self.statements))
        if few and all(judged[number][0] == self.statements[number - 1].right for number in judged):
            are = "verdict so far is" if len(judged) == 1 else "verdicts so far are"
            return Feedback(
                "wrong",
                f"The {are} right. Reasons are looked at once {_ENOUGH} statements or more are judged.",
                "incomplete",
                printed=printed,
            )
        if not wrong and missing:
            noun = "statement is" if len(missing) == 1 else "statements are"
            return Feedback(
                "wrong",
                f"Right so far, with the right reasons; {len(missing)} {noun} not judged yet.",
                "incomplete",
                printed=printed,
            )
        if not wrong:
            self._times_seen.clear()
            return Feedback("correct", "That is right: every verdict, and every reason.", printed=printed)
        return self._about(wrong, judged, printed)

    def _about(self, wrong, judged, printed):
        """One misconception at a time; the number of the statement only when the same comes again."""
        number = next((n for n in wrong if judged[n][0] != self.statements[n - 1].right), wrong[0])
        one = self.statements[number - 1]
        verdict_wrong = judged[number][0] != one.right
        name = one.mistake if verdict_wrong else "reason"
        self._times_seen[number, name] += 1
        times = self._times_seen[number, name]
        most = sum(judged[n][0] != self.statements[n - 1].right for n in wrong) > len(judged) / 2
        text = "Most of this is not right yet. " if most and times == 1 else ""
        if verdict_wrong:
            text += one.misconception
            if times > 1:
                text += f" This is about statement {number}."
        else:
            text += (
                f"The verdict on statement {number} is right, but this is not the reason."
                if times > 1
                else "The verdicts are right, but not every reason is: a reason has to say why, not "
                "only something true."
            )
        if times > 2 and self.hints:
            text += f" Hint: {self.hints[min(times - 3, len(self.hints) - 1)]}"
        return Feedback("wrong", text, name, printed=printed)

    def _is_right(self, number, pair):
        one = self.statements[number - 1]
        return pair[0] == one.right and self.letters[pair[1]] in (one.reason, *one.also)

    def _read(self, given):
        """{number: (verdict as a bool, letter)} of the statements that have been judged."""
        if isinstance(given, (list, tuple)):
            given = dict(enumerate(given, 1))
        if is_placeholder(given):
            raise Unusable("not attempted", NOT_ATTEMPTED)
        if not isinstance(given, dict):
            raise Unusable(
                "error",
                f"Hand in {self.wanted}: for each statement the verdict, and the letter of its reason.",
                "unreadable",
            )
        judged = {}
        for key, value in given.items():
            if is_placeholder(value):
                continue
            digits = re.fullmatch(r"\D*(\d+)\D*", str(key))
            if not digits or int(digits[1]) not in self.parameters or isinstance(key, bool):
                raise Unusable(
                    "error",
                    f"There is no statement {shorten(repr(key), 20)}; they are numbered 1 to {len(self.statements)}.",
                    "unknown_name",
                )
            judged[int(digits[1])] = self._pair(int(digits[1]), value)
        return dict(sorted(judged.items()))

    def _pair(self, number, value):
        if isinstance(value, str):
            first, rest = (re.split(r"[\s,:;/()]+", value.strip(), maxsplit=1) + [""])[:2]
            value = [first, rest] if self._letter(rest) else re.split(r"[\s,:;/()]+", value.strip().strip(".!()"))
        if isinstance(value, dict):
            plain = {str(key).strip().lower(): item for key, item in value.items()}
            value = [plain.get("verdict"), plain.get("reason")]
        parts = list(value) if isinstance(value, (list, tuple, set, np.ndarray)) else [value]
        verdict = [v for v in map(_verdict, parts) if v is not None]
        letters = [letter for letter in map(self._letter, parts) if letter]
        if len(verdict) != 1 or len(parts) > 3:
            raise Unusable(
                "error",
                f'Statement {number}: write `accept` or `reject` and the letter of the reason, such as ("reject", "c").',
                "no_verdict",
            )
        others = [part for part in parts if _verdict(part) is None and not is_placeholder(part) and str(part).strip()]
        last = _LETTERS[len(self.reasons) - 1]
        if not letters and others:
            raise Unusable(
                "wrong",
                f"Statement {number}: `{shorten(others[0], 30)}` is none of the letters a to {last}.",
                "no_reason",
            )
        if not letters:
            raise Unusable(
                "wrong",
                f"Statement {number} has a verdict, but no reason yet: add the letter of one, a to {last}.",
                "no_reason",
            )
        if len(letters) > 1:
            raise Unusable(
                "wrong", f"Statement {number} has several reasons; choose the one that decides it.", "several_reasons"
            )
        return verdict[0], letters[0]

    def _letter(self, part):
        """The letter of a reason, of which the letter or the text came; or None."""
        word = _plain(part) if isinstance(part, str) else ""
        texts = {_plain(text): letter for letter, key in self.letters.items() for text in (letter, self.reasons[key])}
        return texts.get(word)

    # ------------------------------------------------------------------------------------------ showing

    def __repr__(self):
        rows = [f"{number}. {one.text}" for number, one in enumerate(self.statements, 1)]
        rows += ["Reasons:"] + [f"{letter}) {self.reasons[key]}" for letter, key in self.letters.items()]
        return f"Question {self.key}: {self.title}\n" + "\n".join(rows)

    def _repr_html_(self):
        rows = "".join(f"<li>{html.escape(one.text, quote=False)}</li>" for one in self.statements)
        # The letters are written out: JupyterLab removes the `type` of a list and would number the reasons.
        reasons = "".join(
            '<p style="margin: 0.2em 0 0.2em 1.5em">'
            f"<b>{letter}</b>&ensp;{html.escape(self.reasons[key], quote=False)}</p>"
            for letter, key in self.letters.items()
        )
        task = html.escape(self.statement, quote=False)
        return f'<div style="color: inherit"><p>{task}</p><ol>{rows}</ol><p>Reasons to choose from:</p>{reasons}</div>'


class Verdicts:
    """The solution of a StatementQuestion: each verdict with its explanation. `verify()` works out anew
    whatever can be worked out."""

    def __init__(self, question):
        self.question, self.title = question, question.title

    def verify(self, points=3, seed=0):
        """A LineCheck for each statement, True where there is nothing to work out."""
        return Verification(
            LineCheck(index, one.evidence is None or bool(one.evidence()), 0.0)
            for index, one in enumerate(self.question.statements)
        )

    def __repr__(self):
        return "\n".join(
            f"{number}. {verdict} ({letter}): {self.question.statements[number - 1].because}"
            for number, (verdict, letter) in self.question.right_answer().items()
        )

    def to_html(self, summary="Solution", folded=True):
        items = "".join(
            f"<li>{html.escape(self.question.statements[number - 1].text, quote=False)}<br><b>{verdict.capitalize()}, "
            f"{letter}.</b> {html.escape(self.question.statements[number - 1].because, quote=False)}</li>"
            for number, (verdict, letter) in self.question.right_answer().items()
        )
        if not folded:
            return f"<div><ol>{items}</ol></div>"
        return f"<details><summary><b>{html.escape(summary)}</b></summary><ol>{items}</ol></details>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": self.to_html()}


def _plain(text):
    """A letter or a sentence without brackets, the last full stop, capitals and line breaks."""
    return " ".join(text.split()).strip("(). ").casefold()


def _verdict(part):
    """True, False, or None if it is no verdict."""
    if isinstance(part, (bool, np.bool_)):
        return bool(part)
    word = str(part).strip().strip(".!()").lower() if isinstance(part, str) else ""
    return True if word in _ACCEPT else False if word in _REJECT else None
