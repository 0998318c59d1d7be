"""Numbers of one's own: drawn from a text such as a student's ID, the same on every computer."""

import hashlib
import html
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from helpers.formulas.latex import name_to_latex


class Dice:
    """Draws that hang on a text alone: SHA-256 in counter mode, no random generator of any library."""

    def __init__(self, text: str):
        self._seed, self._count = text.encode("utf-8", "surrogatepass"), 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit − 1."""
        block = hashlib.sha256(self._seed + b"#" + str(self._count).encode()).digest()
        self._count += 1
        return int.from_bytes(block[:8], "big") % limit

    def choose(self, options: Sequence[Any]) -> Any:
        """One of the options."""
        return options[self.below(len(options))]

    def sample(self, options: Sequence[Any], count: int) -> list[Any]:
        """`count` different ones of the options, in random order."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def signed(self, value: float) -> float:
        """The value with a sign that is drawn."""
        return value if self.below(2) else -value


def spelled_alike(text: Any) -> str:
    """The text of a variant without what one does not see: spaces around it, capitals, other encodings."""
    return unicodedata.normalize("NFKC", str(text)).strip().casefold()


class Numbers(dict):
    """The given numbers of a question by name; the last line of a cell shows them as a table."""

    def __init__(
        self, values: Mapping[str, float], groups: Sequence[tuple[str, Sequence[str]]] = (), caption: str = ""
    ):
        super().__init__(values)
        self.groups, self.caption = tuple(groups), caption

    def __repr__(self):
        return "\n".join(
            f"{group}: " + ", ".join(f"{name} = {self[name]:g}" for name in names) for group, names in self.groups
        )

    def _repr_html_(self):
        rows = "".join(
            f'<tr><th scope="row" style="text-align: left">{html.escape(group)}</th>'
            f'<td style="text-align: left">'
            + ", &ensp;".join(f"${name_to_latex(name)} = {self[name]:g}$" for name in names)
            + "</td></tr>"
            for group, names in self.groups
        )
        caption = f'<caption style="text-align: left">{html.escape(self.caption)}</caption>' if self.caption else ""
        return f'<table style="color: inherit">{caption}{rows}</table>'
