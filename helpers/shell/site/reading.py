"""The notebooks as pages to read: text, formulas, code, results, and the pictures that move without Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from markupsafe import Markup

from helpers.shell import publish
from helpers.shell.site import cells, templates
from helpers.shell.site.markdown import Renderer, render
from helpers.shell.site.places import Places

_WORDS_A_MINUTE = 150  # of a text with formulas


@dataclass(frozen=True)
class Chapter:
    """One notebook. builds, time: what it promises, as Markdown; minutes: to read it; notebook: of nbformat."""

    number: int
    path: Path
    title: str
    builds: str
    time: str
    minutes: int
    notebook: nbformat.NotebookNode

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def page(self) -> str:
        return f"{self.path.stem}.html"

    @property
    def builds_html(self) -> Markup:
        return Markup(re.sub(r"^<p>|</p>\s*$", "", render(self.builds, Renderer(lambda url: url))))


def chapters(folder: Path) -> list[Chapter]:
    """The notebooks of a folder, in the order of their names. Raises ValueError where there is none, or one has no title."""
    found = [_chapter(number, path) for number, path in enumerate(sorted(folder.glob("*.ipynb")), start=1)]
    if not found:
        raise ValueError(f"no notebooks in {folder}")
    return found


def _chapter(number: int, path: Path) -> Chapter:
    notebook = nbformat.read(path, as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    title = re.match(r"# (.+)", texts[0] if texts else "")
    if not title:
        raise ValueError(f"{path.name} has no title: its first cell must begin with '# '")
    about = texts[1] if len(texts) > 1 else ""
    builds = re.search(r"\*\*You will build\*\*\s*(.+)", about)
    time = re.search(r"\*\*Time\*\*:?\s*([^.]+)", about)
    words = sum(len(re.findall(r"\w+", re.sub(r"\$[^$]*\$", " x ", text))) for text in texts)
    minutes = max(5, 5 * round(words / _WORDS_A_MINUTE / 5))
    return Chapter(
        number, path, title[1], builds[1] if builds else "", time[1].strip() if time else "", minutes, notebook
    )


def page(chapter: Chapter, among: list[Chapter], places: Places) -> tuple[str, dict[str, bytes], cells.Body]:
    """The HTML of a chapter's page, its pictures by file name, and what else was found in it.

    Raises ValueError for a picture without words, FormulaError for a formula that cannot be shown.
    """
    notebook = nbformat.from_dict(dict(chapter.notebook))
    first = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    first.source = publish.without_badges(first.source)
    made = cells.body(
        notebook,
        stem=chapter.path.stem,
        elsewhere=_elsewhere(chapter, places),
        link=lambda url: _link(url, among, places),
    )
    at = among.index(chapter)
    title, *rest = made.cells
    html = templates.fill(
        "reading.html", up="../", chapter=chapter, places=places, title=title, cells=rest, body=made,
        contents=[heading for heading in made.headings if heading.level in (2, 3)],
        before=among[at - 1] if at else None, after=among[at + 1] if at + 1 < len(among) else None, count=len(among),
    )  # fmt: skip
    return html, made.pictures, made


def _elsewhere(chapter: Chapter, places: Places) -> str:
    """Where Python runs, in words that follow "works"."""
    notebook = f'in <a href="../notebooks/{chapter.name}" download>the notebook</a>'
    if not places.lite:
        return notebook
    return f'<a href="{places.runs(chapter.name, "../")}">in the browser edition</a> and {notebook}'


def _link(url: str, among: list[Chapter], places: Places) -> str:
    """Another notebook is another page; another file of the course stands at its repository."""
    if re.match(r"[a-z]+:|#|//", url):
        return url
    path, _, anchor = url.partition("#")
    name = path.rpartition("/")[2]
    page = next((each.page for each in among if each.name == name), None)
    if page:
        return page + (f"#{anchor}" if anchor else "")
    return places.file(re.sub(r"^(\.\./)+", "", path)) or "../index.html"
