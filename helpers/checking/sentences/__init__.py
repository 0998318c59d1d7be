"""What a student is told of a mistake: one table of sentences by id, in the notebooks' words.

    say("missing_prime", f="σ", u="`z`", v="`a`")     # "The derivative of σ, at `z`, is missing."

What stands before the dot of an id is the id of the mistake, `power_too_wide.line` is a `power_too_wide`; behind it stands
which of several sentences on it. The table has four modules: `formulas` (one formula was meant, another one written),
`workings` (lines and tables of numbers), `answers` (what came back from a function, whatever was asked for), `loops`.
What the questions know of their own mistakes is content and stands with them. Why an answer cannot be read or run is said
where it is read: a sentence on an exception belongs beside the pattern that finds it (`python_slips`), one on a text, a list
or a shape of arguments beside the line that refuses it (`values`, `formula_answers`, `answers`).
"""

from collections.abc import Mapping

from helpers.checking.sentences.answers import ANSWERS
from helpers.checking.sentences.formulas import FORMULAS
from helpers.checking.sentences.loops import LOOPS
from helpers.checking.sentences.workings import WORKINGS

#: id -> what happened, or (what happened, where to look). In braces: what differs from case to case.
SENTENCES: dict[str, str | tuple[str, str]] = {**FORMULAS, **WORKINGS, **ANSWERS, **LOOPS}


def say(id: str, found: Mapping[str, object] | None = None, **parts: object) -> str:
    """What happened, in one sentence or a few, its parts filled in, or those `found` when they are asked for; a
    function or an article in front gets a capital."""
    sentence = SENTENCES[id]
    pattern = sentence if isinstance(sentence, str) else sentence[0]
    text = pattern.format_map(parts if found is None else found)
    begins = pattern.startswith("{") and text.startswith(("the ", "a ", "softplus "))
    return text[0].upper() + text[1:] if begins else text


def hint_of(id: str) -> str:
    """Where to look; an empty text if there is nothing better to say."""
    sentence = SENTENCES[id]
    return "" if isinstance(sentence, str) else sentence[1]


def mistake_of(id: str) -> str:
    """The id of the mistake that a sentence is on."""
    return id.partition(".")[0]
