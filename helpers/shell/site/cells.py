"""The cells of an executed notebook as HTML. Nothing runs: what is shown is what is stored."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from helpers.explorers.core import short_text
from helpers.shell.site import live, mathml
from helpers.shell.site.markdown import Heading, Renderer, code_block, render

WIDGET = "application/vnd.jupyter.widget-view+json"
_ESCAPE_CODES = re.compile(r"\x1b\[[0-9;]*m")
_UNANSWERED = "Not attempted yet."


@dataclass
class Body:
    """cells: HTML in the order of the notebook; headings; pictures: file name -> PNG; moving, still: explorers."""

    cells: list[Markup] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    moving: int = 0
    still: int = 0


def body(notebook, *, stem: str, elsewhere: str, link: Callable[[str], str]) -> Body:
    """The HTML of a notebook (nbformat 4).

    stem: what the names of its pictures begin with; elsewhere: HTML that says where the controls of a picture work that does
    not move here, and the check of an exercise; link: address in the notebook -> address on the page.
    Raises ValueError for a picture without words, FormulaError for a formula that cannot be shown.
    """
    made, renderer = Body(), Renderer(link)
    for number, cell in enumerate(notebook.cells):
        name = f"{stem}-{cell.get('id', number)}"
        if cell.cell_type == "markdown":
            made.cells.append(Markup(f'<div class="text">{render(cell.source, renderer)}</div>'))
        elif cell.cell_type == "code":
            made.cells.append(_code_cell(cell, name, elsewhere, made))
    made.headings = renderer.headings
    return made


def _code_cell(cell, name: str, elsewhere: str, made: Body) -> Markup:
    shown = code_block(cell.source, label="Code")
    results = "".join(_outputs(cell.outputs, name, elsewhere, made))
    if cell.get("id") == "setup":
        folded = f"<details><summary>Set-up, the same in every notebook</summary>{shown}</details>"
        return Markup(f'<div class="cell setup">{folded}</div>')
    if "exercise" in cell.metadata.get("tags", ()):
        # That it is not attempted yet goes without saying: nothing can be attempted here.
        results = "" if _UNANSWERED in results and "<img" not in results else results
        note = f'<p class="where">Your turn. The check of this cell works {elsewhere}.</p>'
        return Markup(f'<div class="cell exercise">{shown}{note}{results}</div>')
    if re.fullmatch(r"(display\()?[\w.]+\.help(, [\w.]+\.help)*\)?", cell.source.strip()):
        return Markup(f'<div class="cell help">{results}</div>')  # hints and solution: the call says nothing more
    return Markup(f'<div class="cell">{shown}{results}</div>')


def _outputs(outputs, name: str, elsewhere: str, made: Body):
    for number, output in enumerate(outputs):
        if output.output_type == "stream":
            yield _lines(output.text)
        elif output.output_type in ("display_data", "execute_result"):
            after = outputs[number + 1] if number + 1 < len(outputs) else {}
            yield _data(
                output, WIDGET in after.get("data", {}), f"{name}-{number}" if number else name, elsewhere, made
            )


def _lines(text: str) -> str:
    return f'<pre class="result">{html.escape(_ESCAPE_CODES.sub("", text).rstrip())}</pre>'


def _data(output, before_widget: bool, name: str, elsewhere: str, made: Body) -> str:
    data = output.data
    if WIDGET in data:
        return ""  # its picture stands before it
    if "image/png" in data:
        return _picture(output, before_widget, name, elsewhere, made)
    if "text/html" in data:
        styled = re.sub(r"<style\b.*?</style>", "", data["text/html"], flags=re.DOTALL).strip()
        return f'<div class="result">{mathml.in_html(styled)}</div>' if styled else ""
    return _lines(data.get("text/plain", ""))


def _picture(output, before_widget: bool, name: str, elsewhere: str, made: Body) -> str:
    png = "".join(output.data["image/png"].split())
    alt = output.metadata.get("image/png", {}).get("alt", "").strip()
    if not alt:
        raise ValueError(f"the picture of the cell {name} has no words for those who cannot see it")
    made.pictures[f"{name}.png"] = base64.b64decode(png)
    stored = output.data.get(short_text.MIME)
    state = short_text.unzip_json(stored) if stored else None
    made.moving += state is not None
    made.still += before_widget and state is None
    note = f"The controls of this picture work {elsewhere}." if before_widget and state is None else ""
    return live.picture(png, alt, f"pictures/{name}.png", state, note)
