"""Arrays as short text, for messages to the browser; `unpack` of `front/mathematics.js` reads them back."""

from __future__ import annotations

import numpy as np

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-~"


def pack(values, low: float | None = None, high: float | None = None) -> dict:
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
    text = "".join(DIGITS[code >> 6] + DIGITS[code & 63] for code in codes)
    return {"codes": text, "low": low, "high": low + span}


def unpack(codes: str, low: float, high: float) -> np.ndarray:
    """The numbers that `pack` put into `codes`; NaN for a missing value."""
    digits = np.array([DIGITS.index(character) for character in codes], dtype=int)
    numbers = 64 * digits[::2] + digits[1::2]
    return np.where(numbers < 4095, low + (high - low) * numbers / 4094, np.nan)
