"""Explorers on a bare web page, drawn as on the site, without a server and a kernel: a second instead of half a minute."""

import json
from contextlib import contextmanager

from helpers.explorers.core import short_text
from helpers.shell.site import build
from tests.browser.lab import OpenExplorer

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>explorers</title><style>{style}</style>
<body><main style="padding: 12px; max-width: {wide}px; margin: auto">{figures}<div style="height: 1500px"></div></main>
<script>{script}</script></body></html>"""


def page_of(explorers, wide: int = 1100) -> str:
    """An HTML page on which these explorers move, one below the other. wide: CSS pixels that they may be wide."""
    figures = ""
    for explorer in explorers:
        kernel, explorer.spec["kernelOnly"] = explorer.spec["kernelOnly"], False
        description = short_text.description(explorer)
        explorer.spec["kernelOnly"] = description["view"]["spec"]["kernelOnly"] = (
            kernel  # drawn all the same, without Python
        )
        described = json.dumps(description).replace("<", "\\u003c")
        figures += f'<figure class="explorer"><script type="application/json">{described}</script></figure>'
    return _PAGE.format(style=build.style(), script=build.script(), figures=figures, wide=wide)


@contextmanager
def shown(chromium, *explorers, wide: int = 1100, **options):
    """The explorers, open in a page of their own: a list of OpenExplorer. options: of the browser's context."""
    context = chromium.new_context(**{"viewport": {"width": 1000, "height": 800}} | options)
    try:
        context.set_default_timeout(10_000)
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(f"{error} {error.stack}"))
        page.set_content(page_of(explorers, wide))
        opened = []
        for k in range(len(explorers)):
            page.locator("figure.explorer").nth(k).scroll_into_view_if_needed()
            opened.append(OpenExplorer(page, page.locator(".nn-explorer").nth(k)))
        yield opened
        assert errors == [], errors
    finally:
        context.close()
