"""What a student is told: `Feedback`, with a plain-text and a rich form."""

import html
from dataclasses import dataclass

STATUSES = ("correct", "wrong", "not attempted", "error")
_LABEL = {
    "correct": "Correct",
    "wrong": "Not yet right",
    "not attempted": "Not attempted yet",
    "error": "Could not be checked",
}
_MARK = {"correct": "✓", "wrong": "✗", "not attempted": "…", "error": "!"}
# The edge's colour repeats what mark and label say; the text keeps the colours of the reader's theme.
_EDGE = {"correct": "#2a8c4a", "wrong": "#c4570a", "not attempted": "#7a7a7a", "error": "#b3261e"}


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

    It is true if the answer is correct: `assert question.check(answer)`.
    """

    status: str
    message: str
    mistake: str | None = None
    line: int | None = None
    printed: str = ""
    entries: dict | None = None

    @property
    def mistakes(self):
        return tuple(self.mistake.split("|")) if self.mistake else ()

    def __bool__(self):
        return self.status == "correct"

    def __str__(self):
        text = f"{_MARK[self.status]} {_LABEL[self.status]}. {self.message}"
        return text + (f"\n  Your code printed: {self.printed}" if self.printed else "")

    __repr__ = __str__

    def _repr_html_(self):
        message = _code(html.escape(self.message))
        printed = (
            f"<details><summary>What your code printed</summary><pre>{html.escape(self.printed)}</pre></details>"
            if self.printed
            else ""
        )
        return (
            f'<div role="status" aria-live="polite" style="border-left: 0.4em solid {_EDGE[self.status]}; '
            'padding: 0.3em 0.8em; margin: 0.3em 0; color: inherit; background: transparent">'
            f'<b><span aria-hidden="true">{_MARK[self.status]}</span> {_LABEL[self.status]}.</b> '
            f"{message}{_marks(self.entries)}{printed}</div>"
        )


def _marks(entries):
    """One line that says of every entry whether it is right, off or missing; the mark says it, not a
    colour."""
    if not entries:
        return ""
    words = {"right": "✓", "off": "✗", "missing": "…"}
    shown = " &ensp;".join(
        f'<span style="white-space: nowrap" aria-label="{html.escape(name)}: {state}">'
        f"<code>{html.escape(name)}</code> {words[state]}</span>"
        for name, state in entries.items()
    )
    return f'<div style="margin-top: 0.3em">{shown}</div>'


def _code(escaped):
    """Text between backticks set as code."""
    parts = escaped.split("`")
    if len(parts) % 2 == 0:
        return escaped
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


class Feedbacks(dict):
    """Several results by the name of the function that was checked, shown one below the other."""

    def __repr__(self):
        return "\n".join(f"{name}: {feedback}" for name, feedback in self.items())

    def _repr_html_(self):
        return "".join(f"<code>{html.escape(name)}</code>{feedback._repr_html_()}" for name, feedback in self.items())
