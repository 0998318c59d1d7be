"""A choice between a few words, where a slider would mean nothing: which activation, which class."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ipywidgets

from helpers.errors import InputError


@dataclass(frozen=True)
class Choice:
    """A parameter whose values are words; its value is the number of the word, from 0. Used as `view.Parameter` is.

    name: as in the formulas and on the list; options: the words; start: the number of the first one shown.
    """

    name: str
    options: tuple[str, ...]
    meaning: str
    start: int = 0

    def with_start(self, value) -> Choice:
        """The same choice with another first value, a word or its number. Raises InputError for anything else."""
        words = {word: number for number, word in enumerate(self.options)} | {k: k for k in range(len(self.options))}
        if isinstance(value, bool) or not isinstance(value, (str, int)) or value not in words:
            raise InputError(f"{self.name} must be one of {', '.join(self.options)}, not {value!r}")
        return replace(self, start=words[value])

    def slider(self) -> ipywidgets.Dropdown:
        chooser = ipywidgets.Dropdown(
            options=[(word, number) for number, word in enumerate(self.options)], value=self.start,
            description=self.name,
        )  # fmt: skip
        chooser.add_class(f"nn-slider-{self.name}")
        return chooser
