"""The first page: what the course is, a picture that moves at once, and the way to each notebook."""

from __future__ import annotations

import base64

from helpers import explorers
from helpers.explorers.core import short_text
from helpers.pictures import figures
from helpers.shell.site import live, templates
from helpers.shell.site.places import Places
from helpers.shell.site.reading import Chapter


def page(among: list[Chapter], places: Places) -> tuple[str, dict[str, bytes]]:
    """The HTML of index.html, and its pictures by path."""
    tower = explorers.tower()
    png = figures.png(tower.figure())
    figure = live.picture(png, tower.describe(), "tower.png", short_text.description(tower), eager=True)
    html = templates.fill("landing.html", up="", chapters=among, places=places, tower=figure)
    return html, {"tower.png": base64.b64decode(png)}
