"""What was found in an answer, `Recognition`, and what a student is told, `Feedback`, with a plain-text and a rich form."""

import dataclasses
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from helpers.checking.sentences import hint_of, mistake_of, say

# status: (mark, label, colour of the edge). The colour repeats what mark and label say; the text keeps the colours of
# the reader's theme.
_SHOWN = {
    "correct": ("✓", "Correct", "#2a8c4a"),
    "wrong": ("✗", "Not yet right", "#c4570a"),
    "not attempted": ("…", "Not attempted yet", "#7a7a7a"),
    "error": ("!", "Could not be checked", "#b3261e"),
}
_ENTRY_MARKS = {"right": "✓", "off": "✗", "missing": "…"}


@dataclass(frozen=True)
class Recognition:
    """`mistake`: id, or several joined by "|" (one of them) or "+" (all of them); `text`: the kind of mistake in plain
    words; `hint`: where to look; `same`: what makes it the same one when it comes again, the id if nothing is said."""

    mistake: str
    text: str
    hint: str = ""
    same: str = ""


Found = Recognition | None  # what a recogniser returns


def recognised(sentence: str, mistake: str = "", before: str = "", **parts: object) -> Recognition:
    """What a sentence of the table says, its parts filled in; `before` it stands which entries are off."""
    text = f"{before} {say(sentence, **parts)}".lstrip()
    return Recognition(mistake or mistake_of(sentence), text, hint_of(sentence))


@dataclass(frozen=True)
class Feedback:
    """The result of a check.

    status     "correct", "wrong", "not attempted" or "error"
    message    one to three plain sentences
    mistake    id of the recognised mistake, or None; mistakes that cannot be told apart are joined:
               "paren|no_minus"
    mistakes   the same ids as a tuple
    line       check_steps only: index, from 0, of the first line that does not follow
    printed    what the student's own function printed, shortened
    entries    of an answer with several entries: name -> "right", "off" or "missing"
    read       what was read of a text where there was a doubt: pairs of plain text and LaTeX

    It is true if the answer is correct: `assert question.check(answer)`.
    """

    status: str
    message: str
    mistake: str | None = None
    line: int | None = None
    printed: str = ""
    entries: dict | None = None
    read: tuple = ()

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The ids of the mistakes, one of which it is."""
        return tuple(self.mistake.split("|")) if self.mistake else ()

    def plain(self) -> "Feedback":
        """The same without anything of the student's: texts of their own kind become ordinary ones."""
        texts = {name: _plain(getattr(self, name)) for name in ("status", "message", "mistake", "printed")}
        entries = self.entries and {_plain(name): _plain(state) for name, state in self.entries.items()}
        return dataclasses.replace(self, **texts, entries=entries)

    def __bool__(self):
        return self.status == "correct"

    def __str__(self):
        mark, label, _ = _SHOWN[self.status]
        text = f"{mark} {label}. {self.message}"
        text += "".join(f"\n  Read as: {plain}" for plain, _ in self.read)
        return text + (f"\n  Your code printed: {self.printed}" if self.printed else "")

    __repr__ = __str__

    def _repr_html_(self):
        mark, label, colour = _SHOWN[self.status]
        message = as_code(html.escape(self.message))
        printed = (
            f"<details><summary>What your code printed</summary><pre>{html.escape(self.printed)}</pre></details>"
            if self.printed
            else ""
        )
        read = "".join(f"<div>Read as ${html.escape(latex, quote=False)}$</div>" for _, latex in self.read)
        return (
            f'<div role="status" aria-live="polite" style="border-left: 0.4em solid {colour}; '
            'padding: 0.3em 0.8em; margin: 0.3em 0; color: inherit; background: transparent">'
            f'<b><span aria-hidden="true">{mark}</span> {label}.</b> {message}{read}{_marks(self.entries)}{printed}</div>'
        )


def _plain(text):
    return None if text is None else str.__str__(text) if isinstance(text, str) else str(text)


class Feedbacks(dict):
    """Several results by the name of the function that was checked, shown one below the other."""

    def __repr__(self):
        return "\n".join(f"{name}: {feedback}" for name, feedback in self.items())

    def _repr_html_(self):
        return "".join(f"<code>{html.escape(name)}</code>{feedback._repr_html_()}" for name, feedback in self.items())


def _marks(entries):
    """One line that says of every entry whether it is right, off or missing; the mark says it, not a
    colour."""
    if not entries:
        return ""
    shown = " &ensp;".join(
        f'<span style="white-space: nowrap" aria-label="{html.escape(name)}: {state}">'
        f"<code>{html.escape(name)}</code> {_ENTRY_MARKS[state]}</span>"
        for name, state in entries.items()
    )
    return f'<div style="margin-top: 0.3em">{shown}</div>'


def as_code(escaped: str) -> str:
    """What stands between backticks in a text set as code. The text is HTML already."""
    parts = escaped.split("`")
    if len(parts) % 2 == 0:
        return escaped
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


# ------------------------------------------------------------------------------------------ phrases


def in_list(names: Iterable[str]) -> str:
    """`w1`, `w2` and `b1`."""
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} and {last}" if others else last


def are(names: list[str]) -> str:
    """`w1` is; `w1` and `w2` are."""
    return f"{in_list(names)} {'is' if len(names) == 1 else 'are'}"


def either(causes: list[str]) -> str:
    """Sentences as alternatives in one."""
    return "; or ".join(cause.rstrip(".") for cause in causes)


def one_of(causes: list[str], same: str) -> str:
    """A sentence on causes that cannot be told apart, since the `same` (values, numbers) come out; of a single one it
    is that cause itself."""
    if len(causes) == 1:
        return causes[0]
    return f"One of these happened (the {same} are the same): {either(in_a_row(causes))}."


def jointly(mistakes: list, text: str = "") -> Found:
    """Listed mistakes that lead to the same values: the one, or all of them together; None of none. The `text` says so,
    unless it is left out."""
    if not mistakes:
        return None
    text = text or one_of([mistake.what for mistake in mistakes], "values")
    return Recognition("|".join(mistake.id for mistake in mistakes), text, mistakes[0].hint)


def side(got: float, right: float, sized: str) -> str:
    """On which side a number is off, without saying by how much; `sized` says that it is too {large}."""
    if right == 0:
        return "should be zero"
    if got == 0:
        return "should not be zero"
    if got * right < 0:
        return "has the wrong sign"
    return sized.format("large" if abs(got) > abs(right) else "small")


def in_a_row(sentences: Iterable[str]) -> list[str]:
    """Sentences as they stand one behind the other in one: the first as it is."""
    first, *others = sentences
    return [first, *map(lower, others)]


def lower(sentence: str) -> str:
    """A sentence as it stands behind a colon; a name at its beginning, such as J or ReLU, stays what it is."""
    return re.sub(r"^(A|[A-Z][a-z]+)\b", lambda word: word[0].lower(), sentence)
