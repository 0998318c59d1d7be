"""Numbers and names as a reader wants them, the same in Python's pictures and in the browser's."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal


def subscripts(text: str) -> str:
    """x1 as x₁: digits after a letter become subscripts."""
    return re.sub(
        r"(?<=[A-Za-zα-ω])\d+",
        lambda digits: "".join(chr(0x2080 + int(digit)) for digit in digits[0]),
        text,
    )


def in_words(value: float, digits: int | None = None) -> str:
    """A number in a sentence, exactly as `inWords` of `mathematics.js` writes it: with decimals, "almost 0" below 10⁻⁶."""
    return "almost 0" if digits and 0 < abs(value) < 1e-6 else readable(value, digits)


def readable(value: float, digits: int | None = None) -> str:
    """A number for reading, exactly as `readable` of `theme.js` writes it."""
    value = float(value)
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = Decimal(value).adjusted()  # the power of ten of the first digit
    if value != 0 and not 5e-4 <= abs(value) < 1e6:
        mantissa, exponent = f"{_rounded(value, size - 2):.2e}".split("e")
        text = f"{mantissa} × 10{superscript(exponent)}"
    elif digits is None:
        text = f"{_rounded(value, size - 3).normalize():f}"
    else:
        text = f"{_rounded(value, -digits):f}"
    if not re.search("[1-9]", text):
        text = text.replace("-", "")
    return text.replace("-", "−")


def significant(value: float, digits: int) -> float:
    """The number with so many significant digits, halves away from zero; as `toPrecision` of a browser rounds it."""
    value = float(value)
    if value == 0 or not math.isfinite(value):
        return value
    return float(_rounded(value, Decimal(value).adjusted() - digits + 1))


def rounded(value: float, decimals: float) -> float:
    """The number rounded to so many decimals, halves away from zero; as `toFixed` of a browser rounds it."""
    value = float(value)
    if not abs(value) < 1e21:
        return value
    return float(_rounded(value, -round(float(decimals))))


def fixed(value: float, decimals: int) -> tuple[str, float]:
    """A number of a working, as `fixed` of `lines.js` writes it, and what that text is as a number.

    It has `decimals` decimals. One that needs fewer has no idle zeros (2, not 2.0000); one that would keep fewer
    than two digits is written with a power of ten (6.35 × 10⁻⁴).
    """
    value = float(value)
    if not math.isfinite(value):
        return readable(value), value
    shown, size = rounded(value, decimals), abs(value)
    if abs(value - shown) <= 1e-12 * size and size < 1e15:
        text = f"{_rounded(shown, -decimals).normalize():f}"
    elif 10.0 ** (1 - decimals) <= size < 1e7:
        text = f"{_rounded(value, -decimals):f}"
    else:
        digits = max(2, decimals - 2)
        text = f"{_rounded(value, Decimal(value).adjusted() - digits):.{digits}e}"
        shown = float(text)
    mantissa, _, exponent = text.partition("e")
    if not re.search("[1-9]", mantissa):
        mantissa = mantissa.replace("-", "")
    return (f"{mantissa} × 10{superscript(exponent)}" if exponent else mantissa).replace("-", "−"), shown


def superscript(exponent: str) -> str:
    """-07 as ⁻⁷."""
    return str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _rounded(value: float, place: int) -> Decimal:
    """Rounded to 10**place; halves go away from zero, as in a browser, not to the even digit."""
    return Decimal(value).quantize(Decimal((0, (1,), place)), ROUND_HALF_UP)


def ticks(low: float, high: float, count: float) -> list[float]:
    """Round numbers, about `count` of them, from low to high, as `ticks` of `theme.js` chooses them."""
    rough = (high - low) / max(count, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999) * power
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]
