"""Arrays and descriptions as short text: what goes to the browser, and what is stored beside a picture.

The browser computes a picture from the description that Python sends it once. A saved notebook keeps only the static
PNG. So the description is put into the same output, under a type of its own that every front end but the course's own
pages (helpers/shell/site) passes over: there the picture moves without Python. `unpack` and `unpackSigned` of
`mathematics.js` read the arrays.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from helpers.explorers.core.explorer import Explorer

MIME = "application/vnd.course-pack.explorer+json"

MOST_BYTES = 24_000  # as stored. What is larger (the pixels of a training) moves only where Python runs.

_SLIDER_TRAITS = ("value", "min", "max", "step", "base", "readout_format")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-~"

# ---- arrays ------------------------------------------------------------------------------------------------------


def pack(values: np.ndarray, low: float | None = None, high: float | None = None) -> dict:
    """Numbers as two characters each: 4,095 levels from low to high, finer than a pixel, in a quarter of the bytes.

    Values outside are moved to the border; NaN and infinities become the missing value "~~".
    """
    values = np.asarray(values, dtype=float).ravel()
    finite = np.isfinite(values)
    low = float(values[finite].min(initial=0.0)) if low is None else low
    high = float(values[finite].max(initial=1.0)) if high is None else high
    span = (high - low) or 1.0
    with np.errstate(invalid="ignore"):
        codes = np.where(finite, np.rint(4094 * np.clip((values - low) / span, 0, 1)), 4095).astype(int)
    text = "".join(_DIGITS[code >> 6] + _DIGITS[code & 63] for code in codes)
    return {"codes": text, "low": low, "high": low + span}


def unpack(codes: str, low: float, high: float) -> np.ndarray:
    """The numbers that `pack` put into `codes`; NaN for a missing value."""
    digits = np.array([_DIGITS.index(character) for character in codes], dtype=int)
    numbers = 64 * digits[::2] + digits[1::2]
    return np.where(numbers < 4095, low + (high - low) * numbers / 4094, np.nan)


def pack_signed(values: np.ndarray, limit: float) -> str:
    """Numbers from −limit to limit as one character each: 63 levels. Others are moved to the border."""
    codes = np.rint(31 + 31 * np.clip(np.ravel(values) / limit, -1, 1)).astype(int)
    return "".join(_DIGITS[code] for code in codes)


# ---- descriptions ------------------------------------------------------------------------------------------------


def description(explorer: Explorer) -> dict | None:
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


def beside(explorer: Explorer) -> dict:
    """The entry of the mimebundle, {} where there is nothing to store or where it is too large."""
    found = description(explorer)
    if found is None:
        return {}
    zipped = zip_json(found)
    return {MIME: zipped} if len(zipped["gzip"]) <= MOST_BYTES else {}


def zip_json(value: dict) -> dict:
    """As one short line: in a notebook, which is indented JSON, every number of a list has a line of its own."""
    # mtime: the same value gives the same bytes at any time
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return {"gzip": base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii")}


def unzip_json(stored: dict) -> dict:
    """What `zip_json` put into an output. Raises ValueError for anything else."""
    try:
        return json.loads(gzip.decompress(base64.b64decode(stored["gzip"])))
    except (KeyError, TypeError, OSError, EOFError) as problem:
        raise ValueError(f"not the description of an explorer: {problem!r}") from None
