"""The list of what is solved, attempted and open; `helpers.records` remembers it.

    from helpers import progress
    progress.show("derivatives")      # a bar and a list with links to the exercises

It is made of text and HTML, so that it is read without a kernel too.
"""

import html

from helpers import records
from helpers.assignments import notebooks

_MARK = {"solved": "✓", "attempted": "…", "open": "○"}


def show(notebook=None):
    """The progress in one notebook ("derivatives", "chain_rule", …, or the module itself), or in all of them,
    as a picture of text and HTML: a bar, and a list that links to the exercises."""
    name = getattr(notebook, "__name__", notebook)
    chosen = notebooks
    if name is not None:
        name = str(name).rsplit(".", 1)[-1].lstrip("0123456789_")
        chosen = {key: module for key, module in notebooks.items() if key == name}
        if not chosen:
            raise ValueError(f"there is no notebook {name!r}; the notebooks are {', '.join(notebooks)}")
    return Overview({key: module.questions for key, module in chosen.items()}, records.states())


class Overview:
    """What is solved, attempted and open: `counts()` in numbers, text and HTML for display."""

    def __init__(self, questions, known):
        self.questions, self.known = questions, known

    def state(self, question):
        return self.known.get(question.key, "open")

    def counts(self, name=None):
        """{"solved": …, "attempted": …, "open": …} of one notebook or of all."""
        chosen = [self.questions[name]] if name else self.questions.values()
        found = [self.state(question) for group in chosen for question in group]
        return {state: found.count(state) for state in ("solved", "attempted", "open")}

    def __repr__(self):
        lines = []
        for name, group in self.questions.items():
            counts = self.counts(name)
            filled = round(20 * counts["solved"] / len(group))
            lines.append(f"{name}: [{'#' * filled}{'-' * (20 - filled)}] {_in_words(counts)}")
            lines += [f"  {_MARK[self.state(q)]} {q.title} ({self.state(q)})" for q in group]
        return "\n".join(lines)

    def _repr_html_(self):
        parts = []
        for name, group in self.questions.items():
            counts = self.counts(name)
            words = html.escape(f"{name.replace('_', ' ')}: {_in_words(counts)}")
            items = "".join(
                f'<li style="list-style: none"><span aria-hidden="true">{_MARK[self.state(q)]}</span> '
                f'<a href="{html.escape(q.anchor)}" style="text-decoration: underline">{html.escape(q.title)}</a> '
                f"({self.state(q)})</li>"
                for q in group
            )
            parts.append(
                f'<p style="color: inherit">{words}<br><progress value="{counts["solved"]}" '
                f'max="{len(group)}" aria-label="{words}" style="width: 20em"></progress></p>'
                f'<ul style="padding-left: 1em">{items}</ul>'
            )
        return f'<div role="group" aria-label="Your progress">{"".join(parts)}</div>'


def _in_words(counts):
    total = sum(counts.values())
    return f"{counts['solved']} of {total} solved, {counts['attempted']} attempted, {counts['open']} open"
