"""Exercises in words: statements to accept or reject, each with a reason chosen from a list.

    question                                        # in a notebook: the statements and the reasons
    question.check({1: ("reject", "c"), 2: ("accept", "a"), …})

A verdict without its reason does not count, and feedback leads on: what is misunderstood first, then in which
statement.
"""

import html
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.checking.feedback import Feedback, Recognition
from helpers.checking.values import NotAttempted, Unusable, is_placeholder
from helpers.exercises.exercise import Reasons
from helpers.exercises.judged import JudgedQuestion, verdict_of
from helpers.formulas.text import shorten

_ACCEPT = {"accept", "accepted", "agree", "right", "true", "yes", "correct", "holds", "ja", "✓"}
_REJECT = {"reject", "rejected", "disagree", "wrong", "false", "no", "incorrect", "nein", "✗"}
_ENOUGH = 3  # statements before reasons are looked at: one alone could be tried letter by letter
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BETWEEN = r"[\s,:;/()]+"  # what stands between a verdict and its reason


@dataclass(frozen=True)
class Statement:
    """One statement.

    right      whether it holds
    reason     the key of its reason in the question's `reasons`; `also` further ones that hold just as well
    id, what   id and explanation of what somebody thinks who judges it wrongly
    because    the explanation in the solution
    """

    text: str
    right: bool
    reason: str
    id: str
    what: str
    because: str
    also: tuple[str, ...] = ()


@dataclass(eq=False, repr=False)
class StatementQuestion(JudgedQuestion):
    """Statements to accept or reject, each with its reason.

    An answer is a dict number -> (verdict, letter), or a list of such pairs in order. A verdict is True, False,
    "accept", "reject", "right" or "wrong"; a pair may be written as one text, "reject c"; the text of a reason does
    for its letter. Statements that are left out, `...` or None are not judged yet. Reasons are looked at once three
    statements are judged.

    statements   Statements, numbered from 1
    reasons      key -> text; shown with the letters a, b, c, … in this order
    """

    statements: Sequence[Statement]
    reasons: Mapping[str, str]

    wanted = 'a dictionary, {1: ("accept", "a"), 2: ("reject", "b"), …}'
    _repr_markdown_ = None  # there is HTML

    def __post_init__(self):
        super().__post_init__()
        self.mistakes = self.statements
        self.parameters = tuple(range(1, len(self.statements) + 1))
        self.letters = dict(zip(_LETTERS, self.reasons, strict=False))  # as many letters as reasons

    def right_answer(self) -> dict[int, tuple[str, str]]:
        """{number: (verdict, letter)}"""
        letters = {reason: letter for letter, reason in self.letters.items()}
        return {
            number: ("accept" if one.right else "reject", letters[one.reason])
            for number, one in enumerate(self.statements, 1)
        }

    @property
    def solution(self) -> Reasons:
        """Each verdict with its explanation."""
        answer = self.right_answer()
        rows = [(number, one, *answer[number]) for number, one in enumerate(self.statements, 1)]
        return Reasons(
            [f"{number}. {verdict} ({letter}): {one.because}" for number, one, verdict, letter in rows],
            [
                f"{html.escape(one.text, quote=False)}<br><b>{verdict.capitalize()}, {letter}.</b> "
                f"{html.escape(one.because, quote=False)}"
                for _, one, verdict, letter in rows
            ],
            "Solution",
        )

    # ------------------------------------------------------------------------------------------ checking

    def judge(self, given: Any) -> Recognition | Feedback:
        """Verdicts first, then reasons, one misconception at a time."""
        judged = self._read(given)
        missing = len(self.statements) - len(judged)
        wrong = [number for number, pair in judged.items() if not self._is_right(number, *pair)]
        if len(judged) > 2 and not missing:
            if len({verdict for verdict, _ in judged.values()}) == 1:
                return Feedback(
                    "wrong",
                    "Every statement has the same verdict. Some hold and some do not; judge each by itself, and give "
                    "the reason that fits it.",
                    "constant",
                )
            if len({letter for _, letter in judged.values()}) == 1:
                text = "Every statement has the same reason. One reason cannot decide all of them."
                return Feedback("wrong", text, "constant")
        if len(judged) < min(_ENOUGH, len(self.statements)) and not any(map(self._misjudged, judged.items())):
            are = "verdict so far is" if len(judged) == 1 else "verdicts so far are"
            text = f"The {are} right. Reasons are looked at once {_ENOUGH} statements or more are judged."
            return Feedback("wrong", text, "incomplete")
        if wrong:
            return self._about(wrong, judged)
        if missing:
            noun = "statement is" if missing == 1 else "statements are"
            text = f"Right so far, with the right reasons; {missing} {noun} not judged yet."
            return Feedback("wrong", text, "incomplete")
        return Feedback("correct", "That is right: every verdict, and every reason.")

    def _misjudged(self, judgement):
        number, (verdict, _) = judgement
        return verdict != self.statements[number - 1].right

    def _is_right(self, number, verdict, letter):
        one = self.statements[number - 1]
        return verdict == one.right and self.letters[letter] in (one.reason, *one.also)

    def _about(self, wrong, judged):
        """One misconception at a time; the number of the statement only when the same comes again."""
        misjudged = [number for number in wrong if self._misjudged((number, judged[number]))]
        number = (misjudged or wrong)[0]
        one = self.statements[number - 1]
        name = one.id if misjudged else "reason"
        self._times_seen[number, name] += 1
        times = self._times_seen[number, name]
        if misjudged:
            text = one.what + (f" This is about statement {number}." if times > 1 else "")
        elif times > 1:
            text = f"The verdict on statement {number} is right, but this is not the reason."
        else:
            text = "The verdicts are right, but not every reason is: a reason has to say why, not only something true."
        if len(misjudged) > len(judged) / 2 and times == 1:
            text = f"Most of this is not right yet. {text}"
        if times > 2 and self.hints:
            text += f" Hint: {self.hints[min(times - 3, len(self.hints) - 1)]}"
        return Feedback("wrong", text, name)

    # ------------------------------------------------------------------------------------------ reading

    def _read(self, given):
        """{number: (verdict, letter)} of the statements that have been judged. Raises Unusable."""
        if isinstance(given, (list, tuple)):
            given = dict(enumerate(itertools.islice(given, 1000), 1))
        if is_placeholder(given):
            raise NotAttempted
        if not isinstance(given, dict):
            text = f"Hand in {self.wanted}: for each statement the verdict, and the letter of its reason."
            raise Unusable(text, "unreadable")
        judged = {}
        for key, value in given.items():
            if is_placeholder(value):
                continue
            digits = re.fullmatch(r"\D*(\d+)\D*", str(key))
            if not digits or int(digits[1]) not in self.parameters or isinstance(key, bool):
                known = f"they are numbered 1 to {len(self.statements)}"
                text = f"There is no statement {shorten(repr(key), 20)}; {known}."
                raise Unusable(text, "unknown_name")
            judged[int(digits[1])] = self._pair(int(digits[1]), value)
        return dict(sorted(judged.items()))

    def _pair(self, number, value):
        """(verdict, letter) of what was written for one statement. Raises Unusable."""
        if isinstance(value, str):
            first, rest = (re.split(_BETWEEN, value.strip(), maxsplit=1) + [""])[:2]
            value = [first, rest] if self._letter(rest) else re.split(_BETWEEN, value.strip().strip(".!()"))
        if isinstance(value, dict):
            plain = {str(key).strip().lower(): item for key, item in value.items()}
            value = [plain.get("verdict"), plain.get("reason")]
        parts = [*itertools.islice(value, 4)] if isinstance(value, (list, tuple, set, np.ndarray)) else [value]
        verdicts = [verdict for verdict in map(_verdict, parts) if verdict is not None]
        letters = [letter for letter in map(self._letter, parts) if letter]
        if len(verdicts) != 1 or len(parts) > 3:
            text = 'write `accept` or `reject` and the letter of the reason, such as ("reject", "c")'
            raise Unusable(f"Statement {number}: {text}.", "no_verdict")
        if len(letters) > 1:
            text = f"Statement {number} has several reasons; choose the one that decides it."
            raise Unusable(text, "several_reasons", "wrong")
        if not letters:
            others = [part for part in parts if _verdict(part) is None and not is_placeholder(part)]
            last = _LETTERS[len(self.reasons) - 1]
            text = f"Statement {number} has a verdict, but no reason yet: add the letter of one, a to {last}."
            if others and str(others[0]).strip():
                text = f"Statement {number}: `{shorten(others[0], 30)}` is none of the letters a to {last}."
            raise Unusable(text, "no_reason", "wrong")
        return verdicts[0], letters[0]

    def _letter(self, part):
        """The letter of a reason, of which the letter or the text came; or None."""
        word = _plain(part) if isinstance(part, str) else ""
        return next(
            (letter for letter, key in self.letters.items() if word in (letter, _plain(self.reasons[key]))), None
        )

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


def _plain(text):
    """A letter or a sentence without brackets, the last full stop, capitals and line breaks."""
    return " ".join(text.split()).strip("(). ").casefold()


def _verdict(part):
    return verdict_of(part, _ACCEPT, _REJECT)
