"""A solution in words, for exercises whose solution is no derivation."""

import html


class Reasons:
    """The solution in sentences; code that belongs to it is folded in the notebook."""

    def __init__(self, sentences):
        self.sentences = tuple(sentences)

    def __repr__(self):
        return "\n".join(self.sentences)

    def to_html(self, summary="What the solution rests on"):
        items = "".join(f"<li>{html.escape(text, quote=False)}</li>" for text in self.sentences)
        return f"<details><summary><b>{html.escape(summary)}</b></summary><ul>{items}</ul></details>"
