"""What is stored beside an explorer's picture, so that it moves on a web page too, without Python.

The browser computes the picture from the description that Python sends it once. A saved notebook keeps only the
static PNG. So the description is put into the same output, under a type of its own that every front end but the
course's own pages (helpers/shell/site) passes over.
"""

from __future__ import annotations

import base64
import gzip
import json

MIME = "application/vnd.course-pack.explorer+json"

MOST_BYTES = 24_000  # as stored. What is larger (the pixels of a training) moves only where Python runs.

_SLIDER_TRAITS = ("value", "min", "max", "step", "base", "readout_format")


def description(explorer) -> dict | None:
    """Sliders and view as plain JSON; None where Python computes the picture for each value of the sliders."""
    if explorer.spec["kernelOnly"]:
        return None
    view = {name: getattr(explorer.view, name) for name in ("spec", "data", "camera", "message", "state")}
    return {"sliders": {name: _slider(slider) for name, slider in explorer.sliders.items()}, "view": view}


def _slider(slider) -> dict:
    kind = type(slider).__name__
    if kind == "Dropdown":
        return {"kind": kind, "index": slider.index, "options": [label for label, _ in slider.options]}
    return {"kind": kind} | {name: getattr(slider, name) for name in _SLIDER_TRAITS if slider.has_trait(name)}


def beside(explorer) -> dict:
    """The entry of the mimebundle, {} where there is nothing to store or where it is too large."""
    found = description(explorer)
    if found is None:
        return {}
    packed = pack(found)
    return {MIME: packed} if len(packed["gzip"]) <= MOST_BYTES else {}


def pack(value: dict) -> dict:
    """As one short line: in a notebook, which is indented JSON, every number of a list has a line of its own."""
    # mtime: the same value gives the same bytes at any time
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return {"gzip": base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii")}


def unpack(stored: dict) -> dict:
    """What `pack` put into an output. Raises ValueError for anything else."""
    try:
        return json.loads(gzip.decompress(base64.b64decode(stored["gzip"])))
    except (KeyError, TypeError, OSError, EOFError) as problem:
        raise ValueError(f"not the description of an explorer: {problem!r}") from None
