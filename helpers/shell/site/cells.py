"""The cells of an executed notebook as HTML. Nothing runs: what is shown is what is stored."""

from __future__ import annotations

import base64
import html
import json
import re
import struct
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from helpers.explorers.core import short_text
from helpers.shell.site import mathml
from helpers.shell.site.markdown import Renderer, code_block, render

WIDGET = "application/vnd.jupyter.widget-view+json"
_ESCAPE_CODES = re.compile(r"\x1b\[[0-9;]*m")
_UNANSWERED = "Not attempted yet."


class Body:
    """A notebook (of nbformat 4) as HTML.

    cells: in the order of the notebook; headings; pictures: file name -> PNG; moving, still: how many explorers do.
    """

    def __init__(self, notebook, *, stem: str, elsewhere: str, link: Callable[[str], str]):
        """stem: what the names of its pictures begin with; elsewhere: HTML that says where the controls of a picture work
        that does not move here, and the check of an exercise; link: address in the notebook -> address on the page.

        Raises ValueError for a picture without words, LatexError for a formula that cannot be shown.
        """
        self.cells: list[Markup] = []
        self.pictures: dict[str, bytes] = {}
        self.moving = self.still = 0
        self._elsewhere = elsewhere
        renderer = Renderer(link)
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type == "markdown":
                self.cells.append(Markup(f'<div class="text">{render(cell.source, renderer)}</div>'))
            elif cell.cell_type == "code":
                self.cells.append(self._code(cell, f"{stem}-{cell.get('id', number)}"))
        self.headings = renderer.headings

    def _code(self, cell, name: str) -> Markup:
        shown = code_block(cell.source, label="Code")
        results = "".join(self._outputs(cell.outputs, name))
        if cell.get("id") == "setup":
            folded = f"<details><summary>Set-up, the same in every notebook</summary>{shown}</details>"
            return Markup(f'<div class="cell setup">{folded}</div>')
        if "exercise" in cell.metadata.get("tags", ()):
            # That it is not attempted yet goes without saying: nothing can be attempted here.
            results = "" if _UNANSWERED in results and "<img" not in results else results
            note = f'<p class="where">Your turn. The check of this cell works {self._elsewhere}.</p>'
            return Markup(f'<div class="cell exercise">{shown}{note}{results}</div>')
        if re.fullmatch(r"(display\()?[\w.]+\.help(, [\w.]+\.help)*\)?", cell.source.strip()):
            return Markup(f'<div class="cell help">{results}</div>')  # hints and solution: the call says nothing more
        return Markup(f'<div class="cell">{shown}{results}</div>')

    def _outputs(self, outputs, name: str) -> Iterator[str]:
        for number, output in enumerate(outputs):
            data = output.get("data", {})
            if output.output_type == "stream":
                yield _lines(output.text)
            elif "image/png" in data and WIDGET not in data:
                follows = outputs[number + 1].get("data", {}) if number + 1 < len(outputs) else {}
                yield self._picture(output, WIDGET in follows, f"{name}-{number}" if number else name)
            elif "text/html" in data:
                styled = re.sub(r"<style\b.*?</style>", "", data["text/html"], flags=re.DOTALL).strip()
                yield f'<div class="result">{mathml.in_html(styled)}</div>' if styled else ""
            elif data and WIDGET not in data:  # the picture of a widget stands before it
                yield _lines(data.get("text/plain", ""))

    def _picture(self, output, before_widget: bool, name: str) -> str:
        png = "".join(output.data["image/png"].split())
        alt = output.metadata.get("image/png", {}).get("alt", "").strip()
        if not alt:
            raise ValueError(f"the picture of the cell {name} has no words for those who cannot see it")
        self.pictures[f"{name}.png"] = base64.b64decode(png)
        stored = output.data.get(short_text.MIME)
        if stored:
            self.moving += 1
            return picture(png, alt, f"pictures/{name}.png", short_text.unzip_json(stored))
        self.still += before_widget
        note = f"The controls of this picture work {self._elsewhere}." if before_widget else ""
        return picture(png, alt, f"pictures/{name}.png", note=note)


def _lines(text: str) -> str:
    return f'<pre class="result">{html.escape(_ESCAPE_CODES.sub("", text).rstrip())}</pre>'


def picture(png: str, alt: str, path: str, state: dict | None = None, note: str = "", eager: bool = False) -> Markup:
    """A <figure> with the PNG (base64) that stands at `path`.

    state: the description (explorers/core/short_text.py) of an explorer, which then moves; note: HTML below the picture;
    eager: needed at once, not when it comes into sight.
    """
    width, height = struct.unpack(">II", base64.b64decode(png[:64])[16:24])  # where a PNG has them
    size = f'width="{width}" height="{height}"' + ("" if eager else ' loading="lazy"')
    parts = [f'<img class="picture" src="{escape(path)}" alt="{escape(alt)}" {size}>']
    if state is not None:
        # "</script>" inside the JSON would end it
        text = json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        parts.append(f'<script type="application/json">{text}</script>')
    if note:
        parts.append(f"<figcaption>{note}</figcaption>")
    kind = "explorer" if state is not None else "still"
    return Markup(f'<figure class="{kind}">{"".join(parts)}</figure>')
