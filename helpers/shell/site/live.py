"""Pictures on a page, and the explorers that move there without Python."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path

from markupsafe import Markup, escape

from helpers.explorers.core import explorer

PAGES = Path(__file__).parent / "pages"


def script() -> str:
    """The front end of the explorers and what it needs on a page, as one classic script.

    Not as modules, because Chromium does not load those from `file://`.
    """
    front = explorer.front_end()
    if front.count("export default {") != 1:
        raise ValueError("the front end must end in one `export default {…}`")
    front = front.replace("export default {", "return {")
    live = (PAGES / "live.js").read_text(encoding="utf-8")
    return f'"use strict";\n(() => {{\nconst front = (() => {{\n{front}\n}})();\n\n{live}}})();\n'


def style() -> str:
    """The style of the pages, and that of the explorers."""
    site = (PAGES / "site.css").read_text(encoding="utf-8")
    return f"{explorer.View._css}\n{site}"


def picture(png: str, alt: str, path: str, state: dict | None = None, note: str = "", eager: bool = False) -> Markup:
    """A <figure> with the PNG (base64) that stands at `path`.

    state: the description (explorers/core/short_text.py) of an explorer, which then moves; note: HTML below the picture;
    eager: needed at once, not when it comes into sight.
    """
    width, height = size(png)
    loading = "" if eager else ' loading="lazy"'
    parts = [
        f'<img class="picture" src="{escape(path)}" alt="{escape(alt)}" width="{width}" height="{height}"{loading}>'
    ]
    if state is not None:
        # "</script>" inside the JSON would end it
        text = json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        parts.append(f'<script type="application/json">{text}</script>')
    if note:
        parts.append(f"<figcaption>{note}</figcaption>")
    kind = "explorer" if state is not None else "still"
    return Markup(f'<figure class="{kind}">{"".join(parts)}</figure>')


def size(png: str) -> tuple[int, int]:
    """Width and height of a base64 PNG in pixels."""
    return struct.unpack(">II", base64.b64decode(png[:64])[16:24])
