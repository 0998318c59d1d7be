"""What stands around the formulas of a derivation: words (`chain rule`, `so dL/dw = …`, `… (q cancels)`), arrows, numbers of
lines. All that is left out before a line is read."""

import re

from helpers.formulas.text import Token, tokens
from helpers.formulas.vocabulary import KEYWORDS, Vocabulary, is_symbol

_BETWEEN = {",", ".", ";", ":", "'", "(", ")"}
_NEEDS_A_NAME = {"*", "/", "**", "·", "⊙", "@", "+", "=", ")", "]", "[", ".", "'", ",", "_"}
_ARROW = re.compile(
    r"⇒|⟹|⇔|⟺|→|⟶|∴|<=>|=>|->|\\(?:Longr|longr|r|R|Leftr|leftr|Longleftr)ightarrow\b|\\(?:implies|iff|therefore|to)\b"
)
_JOINING = {
    "and",
    "with",
    "where",
    "since",
    "because",
    "as",
    "so",
    "hence",
    "thus",
    "therefore",
    "then",
    "und",
    "mit",
    "also",
}
_NUMBER = re.compile(r"\s*(\()?(\d{1,2}|[a-z])([.):])\s+|\s*\((\d{1,2}|[a-z])\)\s*(?==)|\s*([•◦▪‣*–-])\s+")


def without_numbers(lines: list) -> list:
    """The lines without what counts them, `1.`, `(2)`, `c)`, where it counts all of them; and without the dots or strokes of a
    list, where all have one and one is an equation."""
    texts = [line for line in lines if isinstance(line, str)]
    found = [_NUMBER.match(text) for text in texts]
    if len(texts) < max(2, len(lines)) or not all(found):
        return lines
    signs = [match[2] or match[4] or match[5] for match in found]
    counts = [str(number + 1) for number in range(len(lines))]
    letters = [chr(ord("a") + number) for number in range(min(len(lines), 26))]
    if signs not in (counts, letters) and not (
        len(set(signs)) == 1 and found[0][5] and any("=" in text for text in texts)
    ):
        return lines
    return [text[match.end() :] for text, match in zip(texts, found, strict=True)]


def statements(text: str, vocabulary: Vocabulary) -> list[str]:
    """The statements of a line: `u = w x, z = …`, `… ⇒ …`, `… since u' = x`, without the reason in front of a colon or behind
    in brackets. Raises FormulaError where it is too long."""
    text = _without_reasons(text, vocabulary)
    return [part for piece in _ARROW.split(text) for part in _equations(piece) if part.strip()]


def _without_reasons(text, vocabulary):
    found, depth, start, end = tokens(text)[:-1], 0, 0, len(text)
    strange = [_is_strange(token, vocabulary) for token in found]
    opened = []
    for place, token in enumerate(found):
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.text == "(" and depth == 1:
            opened.append(place)
        if token.text == ":" and depth <= 0 and any(strange[:place]):
            start, opened = token.after, []
    if opened and depth == 0 and found[-1].text == ")":
        place = opened[-1]
        inside = list(zip(found[place + 1 :], strange[place + 1 :], strict=True))
        pairs = zip(inside, inside[1:], strict=False)
        if found[place].spaced and any(
            (odd or other_odd) and one.kind == other.kind == "word" for (one, odd), (other, other_odd) in pairs
        ):
            end = found[place].place
    return text[start:end]


def _equations(text):
    """The text cut at the commas and words between equations."""
    pieces, start, depth, equal = [], 0, 0, False
    cut = None
    for token in tokens(text):
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if depth <= 0 and token.text == "=":
            if cut and equal:
                pieces.append(text[start : cut.place])
                start, cut = cut.after if cut.kind == "sign" else cut.place, None
            equal = True
        elif depth <= 0 and (token.kind == "sign" and token.text in (",", ";") or token.text in _JOINING):
            cut = token if equal and not (cut and cut.kind == "sign") else cut
    return [*pieces, text[start:]]


def last_name(text: str, vocabulary: Vocabulary) -> str:
    """The name L of `We start with L`; "" where there is none."""
    found = tokens(text)[:-1]
    words = len(found) > 1 and all(token.kind == "word" for token in found) and _is_strange(found[0], vocabulary)
    return found[-1].text if words and found[-1].text in vocabulary.shapes else ""


def is_one_word(text: str) -> bool:
    """Whether a text is one word: of an equation, a name."""
    return [token.kind for token in tokens(text)] == ["word", "end"]


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
    word = token.text
    return token.kind == "word" and word.isalpha() and not is_symbol(word) and not vocabulary.reads(word)


def _behind_words(found, strange):
    """The place of the first token behind words that begin a side."""
    run = 0
    while run < len(found) and (found[run].kind == "word" or found[run].text in (",", ".", ":")):
        if found[run].text == ":":
            return run + 1
        run += 1
    words = [place for place in range(run) if strange[place]]
    if not words or words[0] > 1 and found[0].text not in KEYWORDS:
        return 0  # words at the end
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
        begins = place + (found[place].text in ("(", ","))
        if (
            begins < len(found)
            and (strange[begins] or found[begins].text in KEYWORDS and any(strange[begins:]))
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
