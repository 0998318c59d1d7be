"""The templates of the pages, filled in."""

from __future__ import annotations

from functools import cache

import jinja2

from helpers.shell.site.live import PAGES


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def fill(template: str, **values) -> str:
    """The HTML of pages/`template`; a name that it uses and `values` lacks raises jinja2.UndefinedError."""
    return _environment().get_template(template).render(**values)
