"""Numbers and names as a reader wants them, the same in Python's pictures and in the browser's."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal


def subscripts(text: str) -> str:
    """x1 as x₁: digits after a letter become subscripts."""
    return re.sub(
        r"(?<=[A-Za-z])\d+",
        lambda digits: "".join(chr(0x2080 + int(digit)) for digit in digits[0]),
        text,
    )


def readable(value: float, digits: int | None = None) -> str:
    """A number for reading, exactly as `readable` of `front/theme.js` writes it."""
    value = float(value)
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = Decimal(value).adjusted()  # the power of ten of the first digit
    if value != 0 and not 5e-4 <= abs(value) < 1e6:
        mantissa, exponent = f"{_rounded(value, size - 2):.2e}".split("e")
        superscript = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        text = f"{mantissa} × 10{superscript}"
    elif digits is None:
        text = f"{_rounded(value, size - 3).normalize():f}"
    else:
        text = f"{_rounded(value, -digits):f}"
    if not re.search("[1-9]", text):
        text = text.replace("-", "")
    return text.replace("-", "−")


def _rounded(value: float, place: int) -> Decimal:
    """Rounded to 10**place; halves go away from zero, as in a browser, not to the even digit."""
    return Decimal(value).quantize(Decimal((0, (1,), place)), ROUND_HALF_UP)


def ticks(low: float, high: float, count: float) -> list[float]:
    """Round numbers, about `count` of them, from low to high, as `ticks` of `front/theme.js` chooses them."""
    rough = (high - low) / max(count, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999) * power
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]
