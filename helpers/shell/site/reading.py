"""The pages to read: the first one, and one for each notebook, with the pictures that move without Python."""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import jinja2
import nbformat
from markupsafe import Markup

from helpers import explorers
from helpers.explorers.core import short_text
from helpers.pictures import figures
from helpers.shell import publish
from helpers.shell.publish import Address
from helpers.shell.site import cells
from helpers.shell.site.markdown import Renderer, render

PAGES = Path(__file__).parent / "pages"
_WORDS_A_MINUTE = 150  # of a text with formulas


class Chapter:
    """One notebook. builds, time: what it promises, as Markdown; minutes: to read it; notebook: of nbformat."""

    def __init__(self, number: int, path: Path):
        """Raises ValueError where it has no title."""
        self.number, self.path = number, path
        self.notebook = nbformat.read(path, as_version=4)
        texts = [cell.source for cell in self.notebook.cells if cell.cell_type == "markdown"]
        title = re.match(r"# (.+)", texts[0] if texts else "")
        if not title:
            raise ValueError(f"{path.name} has no title: its first cell must begin with '# '")
        self.title, about = title[1], "".join(texts[1:2])
        self.builds = "".join(re.findall(r"\*\*You will build\*\*\s*(.+)", about)[:1])
        self.time = "".join(re.findall(r"\*\*Time\*\*:?\s*([^.]+)", about)[:1]).strip()
        words = sum(len(re.findall(r"\w+", re.sub(r"\$[^$]*\$", " x ", text))) for text in texts)
        self.minutes = max(5, 5 * round(words / _WORDS_A_MINUTE / 5))

    @property
    def name(self) -> str:
        """Of its file."""
        return self.path.name

    @property
    def page(self) -> str:
        """The name of its page."""
        return f"{self.path.stem}.html"

    @property
    def source(self) -> str:
        """Its path in the course."""
        return f"notebooks/{self.name}"

    @property
    def runs(self) -> str:
        """Where it runs in the browser, if JupyterLite is on the site."""
        return f"lite/notebooks/index.html?path={quote(self.source)}"

    @property
    def builds_html(self) -> Markup:
        """What it promises, as HTML without a paragraph around it."""
        return Markup(re.sub(r"^<p>|</p>\s*$", "", render(self.builds, Renderer(lambda url: url))))


def chapters(folder: Path) -> list[Chapter]:
    """The notebooks of a folder, in the order of their names. Raises ValueError where there is none, or one has no title."""
    found = [Chapter(number, path) for number, path in enumerate(sorted(folder.glob("*.ipynb")), start=1)]
    if not found:
        raise ValueError(f"no notebooks in {folder}")
    return found


def landing(among: list[Chapter], address: Address, lite: bool) -> tuple[str, dict[str, bytes]]:
    """The HTML of the first page, with a tower that moves at once and the way to each notebook, and its pictures."""
    tower = explorers.tower()
    png = figures.png(tower.figure())
    figure = cells.picture(png, tower.describe(), "tower.png", short_text.description(tower), eager=True)
    html = _filled("landing.html", up="", chapters=among, address=address, lite=lite, tower=figure)
    return html, {"tower.png": base64.b64decode(png)}


def page(chapter: Chapter, among: list[Chapter], address: Address, lite: bool) -> tuple[str, dict[str, bytes]]:
    """The HTML of a chapter's page, and its pictures by path. lite: JupyterLite is on the site.

    Raises ValueError for a picture without words, LatexError for a formula that cannot be shown.
    """
    notebook = nbformat.from_dict(dict(chapter.notebook))
    first = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    first.source = publish.without_badges(first.source)
    elsewhere = f'in <a href="../notebooks/{chapter.name}" download>the notebook</a>'  # where Python runs
    if lite:
        elsewhere = f'<a href="../{chapter.runs}">in the browser edition</a> and {elsewhere}'
    stem, link = chapter.path.stem, lambda url: _link(url, among, address)
    body = cells.Body(notebook, stem=stem, elsewhere=elsewhere, link=link)
    at = among.index(chapter)
    before, after = among[at - 1] if at else None, among[at + 1] if at + 1 < len(among) else None
    shown = {"chapter": chapter, "address": address, "lite": lite, "body": body, "before": before, "after": after}
    html = _filled("reading.html", up="../", count=len(among), **shown)
    return html, {f"pictures/{name}": png for name, png in body.pictures.items()}


@cache
def _templates() -> jinja2.Environment:
    """The templates in pages/; a name that one of them uses and nobody gives raises jinja2.UndefinedError."""
    loader, undefined = jinja2.FileSystemLoader(PAGES), jinja2.StrictUndefined
    return jinja2.Environment(loader=loader, autoescape=True, undefined=undefined, trim_blocks=True, lstrip_blocks=True)


def _filled(template: str, **values) -> str:
    return _templates().get_template(template).render(**values)


def _link(url: str, among: list[Chapter], address: Address) -> str:
    """Another notebook is another page; another file of the course stands at its repository."""
    if re.match(r"[a-z]+:|#|//", url):
        return url
    path, _, anchor = url.partition("#")
    name = path.rpartition("/")[2]
    page = next((each.page for each in among if each.name == name), None)
    if page:
        return page + (f"#{anchor}" if anchor else "")
    return address.file(re.sub(r"^(\.\./)+", "", path)) or "../index.html"
