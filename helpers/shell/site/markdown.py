"""Markdown of the notebooks as HTML: nbconvert reads it as Jupyter does; formulas, links and code are the pages' own."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from helpers.shell.site.mathml import mathml, with_punctuation


@dataclass(frozen=True)
class Heading:
    """level: 1 for a title; anchor: what a link to it ends in; text: HTML."""

    level: int
    anchor: str
    text: str


class Renderer(IPythonRenderer):
    """Writes HTML, and keeps the headings in the order of the text. link: address in a notebook -> address on the page."""

    def __init__(self, link: Callable[[str], str]):
        super().__init__(escape=False)
        self.link_to = link
        self.headings: list[Heading] = []

    def heading(self, text, level, **attributes):
        """A heading with the anchor that Jupyter gives it."""
        heading = Heading(level, anchor(text), text)
        self.headings.append(heading)
        return f'<h{level} id="{html.escape(heading.anchor)}">{text}</h{level}>\n'

    def block_math(self, body):
        """A formula on a line of its own."""
        return mathml(body, display=True)

    def inline_math(self, body):
        """A formula in the text."""
        return mathml(body)

    def latex_environment(self, name, body):
        """An environment outside dollar signs, on a line of its own."""
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def link(self, text, url, title=None):
        """A link, to where its target is on the site."""
        return super().link(text, self.link_to(url), title)

    def block_code(self, code, info=None):
        """Highlighted code."""
        return code_block(code, (info or "text").split()[0])

    def table(self, text):
        """A table, which scrolls where the page is narrower."""
        return f'<div class="scroll"><table>\n{text}</table></div>\n'


def render(source: str, renderer: Renderer) -> str:
    """The HTML of one Markdown cell. Raises LatexError for a formula that cannot be shown."""
    return with_punctuation(MarkdownWithMath(renderer=renderer).render(source))


def anchor(text: str) -> str:
    """Jupyter's name for a heading: its words with hyphens between them."""
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip().replace(" ", "-")


def code_block(source: str, language: str = "python", label: str = "") -> Markup:
    """Highlighted code. label: what the lines are, for those who hear the page."""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    coloured = highlight(source.rstrip("\n"), lexer, HtmlFormatter(nowrap=True))
    name = f' role="group" aria-label="{html.escape(label)}"' if label else ""
    return Markup(f'<div class="code"{name}><pre><code>{coloured}</code></pre></div>\n')
