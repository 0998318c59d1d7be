"""Words in the lines of a derivation: `chain rule`, `so dL/dw = …`, `… (q cancels)`. They are left out before a line is read."""

from helpers.formulas.text import Token, tokens
from helpers.formulas.vocabulary import Vocabulary

_BETWEEN = {",", ".", ";", ":", "'", "(", ")"}
_NEEDS_A_NAME = {"*", "/", "**", "·", "@", "+", "=", ")", "]", "[", ".", "'", ",", "_"}


def without_words(text: str, vocabulary: Vocabulary) -> str:
    """One side of a line without the words in front of the formula and behind it; "" where there is no formula at all.
    Raises FormulaError where the text is too long."""
    found = tokens(text)[:-1]
    strange = [_is_strange(token, vocabulary) for token in found]
    if sum(strange) > 1 and all(token.kind == "word" or token.text in _BETWEEN for token in found):
        return ""
    start = _behind_words(found, strange)
    end = _before_words(found, strange, start)
    if not any(strange) and start == 0:
        return text.strip()
    return text[found[start].place : found[end - 1].after].strip() if start < end else ""


def _is_strange(token: Token, vocabulary):
    """Whether a token is a word of a language, not of a formula."""
    return token.kind == "word" and len(token.text) > 1 and token.text.isalpha() and not vocabulary.reads(token.text)


def _behind_words(found, strange):
    """The place of the first token behind words that begin a side."""
    run = 0
    while run < len(found) and (found[run].kind == "word" or found[run].text in (",", ".", ":")):
        if found[run].text == ":":
            return run + 1
        run += 1
    words = [place for place in range(run) if strange[place]]
    if not words:
        return 0
    behind = words[-1] + 1
    if behind == len(found):
        return behind
    token = found[behind]
    if token.text in _NEEDS_A_NAME or token.text == "-" and len(words) < 2 or token.text == "(" and not token.spaced:
        return 0  # a name that is not known
    return behind


def _before_words(found, strange, start):
    """The place behind the last token in front of words that end a side."""
    for place in range(start + 1, len(found)):
        tail = found[place:]
        begins = place + (found[place].text == "(")
        if (
            begins < len(found)
            and strange[begins]
            and _closes(found[:place])
            and all(token.kind == "word" or token.text in _BETWEEN for token in tail)
        ):
            before = found[place - 1]
            return (
                place if before.kind in ("word", "number") or before.text in (")", "]", "}", "|", ",") else len(found)
            )
    return len(found)


def _closes(found):
    """Whether as many brackets are closed as are opened."""
    return sum(token.text in ("(", "[", "{") for token in found) == sum(
        token.text in (")", "]", "}") for token in found
    )
