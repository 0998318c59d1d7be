r"""Formulas cut into tokens, whatever notation they are written in: the first half of the reader.

Python (`np.exp(-x)**2`), plain mathematics (`e^-x`, `x₁²`, `½`, `ŷ`), the LaTeX of a page (`\frac{a}{b}`, `\hat{y}`): all
become the same few tokens, each with its place in the text. Characters that Unicode explains by others (², ₁, ½, ᵀ, ŷ) are
taken apart by its tables, so none of them is listed here. `helpers.formulas.reader` makes a tree of the tokens.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_LENGTH = 4000  # characters of one text
MAX_TOKENS = 2000
MAX_DIGITS = 40  # of one number: converting a number of thousands of digits takes long


class FormulaError(ValueError):
    """The text is no formula that we can read; the message is written for the student."""


@dataclass(frozen=True)
class Token:
    """`kind` is "number", "word", "sign", "command" (of LaTeX) or "end"; `place` its first character in the text, `after`
    the one behind it; `spaced` whether there is a gap in front of it."""

    kind: str
    text: str
    place: int
    after: int
    spaced: bool = False


CLOSING = {"(": ")", "[": "]", "{": "}"}
#: What stands in a text and is no formula, and what to write instead.
NO_FORMULA = {
    "±": "± stands for two formulas: write the one that you mean, with + or −.",
    "∫": "an integral cannot be read here: write its result.",
    "…": "dots cannot be worked out: write all that they stand for.",
    "∞": "∞ is no number: write the limit.",
    "∈": "∈ belongs to no formula: write the formula alone.",
    "≈": "≈ is no equation: write `=` and exact numbers, such as 1/3.",
    "≠": "≠ is no equation: write `=` where both sides are equal.",
    "//": "`//` rounds down: write `/`.",
    "%": "`%` is the remainder of a division: write `/100` if you mean per cent.",
    "!": "`!` cannot be read here.",
    "norm": "‖…‖ cannot be read here: write `sqrt(w @ w)`, or `w @ w` for its square.",
    ";": "`;` separates nothing in a formula: write one formula.",
    '"': "quotation marks belong around the whole formula, not into it.",
    "`": "leave out the backquotes.",
    "?": "replace the `?` by your answer.",
    "\\": "a `\\` must be followed by the name of a LaTeX command, such as `\\frac`.",
}
_SIGNS = {"⋅": "·", "•": "·", "∙": "·", "∗": "*", "×": "*", "✕": "*", "✖": "*", ".*": "⊙", "∘": "⊙", "⊗": "⊙", "∕": "/", "⁄": "/",
          "÷": "/", "−": "-", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "^": "**", "′": "'", "’": "'", "‘": "'", "´": "'",
          "″": "''", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "≤": "<=", "≥": ">=", "==": "=", ":=": "=", "=:": "=",
          "⟨": "(", "⟩": ")", "∣": "|", "ǀ": "|", "‖": "norm", "\\|": "norm", "Σ": "∑", "∆": "Δ", "...": "…", "⊤": "T"}  # fmt: skip
#: LaTeX commands that are signs; spaces; those that only set the letters behind them; words that are no letters' names.
_COMMANDS = {"cdot": "·", "cdotp": "·", "times": "*", "odot": "⊙", "circ": "⊙", "ast": "*", "div": "/", "partial": "∂", "sum": "∑",
             "nabla": "∇", "top": "T", "intercal": "T", "prime": "'", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "pm": "±",
             "int": "∫", "dots": "…", "ldots": "…", "cdots": "…", "infty": "∞", "approx": "≈", "le": "<=", "leq": "<=", "ge": ">=",
             "geq": ">=", "lt": "<", "gt": ">", "lbrace": "{", "rbrace": "}", "Vert": "norm", "lVert": "norm", "rVert": "norm"}  # fmt: skip
_IDLE = {"left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "quad", "qquad", "displaystyle", "limits",
         "textstyle", "nonumber", "mathstrut", "boxed", "mathbin", "mathrel"}  # fmt: skip
_LETTERS = {
    "mathbf",
    "mathrm",
    "boldsymbol",
    "bm",
    "vec",
    "mathit",
    "mathsf",
    "operatorname",
    "mathcal",
    "mathop",
    "bf",
    "rm",
    "text",
    "mbox",
    "textrm",
}
_MARKS = {
    "hat": "hat",
    "widehat": "hat",
    "bar": "bar",
    "overline": "bar",
    "tilde": "tilde",
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0303": "tilde",
}
_GREEK = {"lambda": "lam", "lamda": "lam", "varphi": "phi", "varrho": "rho", "varsigma": "sigma", "varepsilon": "epsilon",
          "final sigma": "sigma", "ell": "l"}  # fmt: skip
# A text that was typed without r in front has lost the backslash of \frac, \tanh, \rho …: Python took it with its letter.
_EATEN = {"\x07": "a", "\x08": "b", "\x0c": "f", "\r": "r", "\t": "t", "\x0b": "v"}
_EATEN_COMMAND = re.compile(
    "\x07(?=st|pprox)|\x08(?=ar|oldsymbol|igg?[lr]?\\b|oxed|f|m)|\x0c(?=rac)|\r(?=ho|ight|m\\b|brace|vert|Vert)|"
    "\t(?=anh?\\b|imes|op\\b|heta|ext|frac|ilde)|\x0b(?=ar(?:phi|rho)|ec|ert)"
)
_TOKEN = re.compile(
    r"(?P<space>\s+|\\[,;:!> ()\[\]]|[&$~\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+|\\(?:begin|end|label|tag)\s*\{[^{}]*\}"
    r"|\\(?:text|mbox)\s*\{(?!\s*[A-Za-z]\w*\s*\})[^{}]*\}|\.(?=[/^+-]|\())"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?!\.?\d))"
    r"|(?P<word>(?:[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f][A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]*|[^\W\d_A-Za-z]\d*|(?<![^\s(\[{,=*/+^-])_+[A-Za-z]\w*)[\u0302-\u0304]?)"
    r"|\\(?P<command>[A-Za-z]+)|\\(?=[{}])"
    r"|(?P<sign>\*\*|\.\.\.|//|\\\||=:|\.\*|[<>:=]=|(?s:.))"
)


_QUOTES = ('"', "`", "'", "''")
_BEHIND = (".", ",", ";")
_APART = {"ˆ": "\u0302", "ˉ": "\u0304", "˜": "\u0303"}


def shorten(text: object, limit: int = 60) -> str:
    """At most `limit` characters of a text on one line, for quoting in a message."""
    text = " ".join(str(text).split()).encode("utf-8", "replace").decode()  # no half characters: they cannot be shown
    return text if len(text) <= limit else text[: limit - 1] + "…"


def with_backslashes(text: str) -> str:
    r"""The text with the backslashes of its LaTeX, where Python took `\f`, `\t` or `\r` for a character."""
    return _EATEN_COMMAND.sub(lambda eaten: "\\" + _EATEN[eaten[0]], text)


def letter_name(letter: str) -> str:
    """The name of a Greek letter: ρ is rho, λ lam; of any other, the letter."""
    name = unicodedata.name(letter, "").lower()
    if not name.startswith("greek"):
        return letter
    word = name.split("letter ")[-1].split(" with ")[0].removesuffix(" symbol")
    word = _GREEK.get(word, word)
    return word.capitalize() if " capital " in name else word


def tokens(text: str) -> list[Token]:
    """The tokens of a text, the last of kind "end". Raises FormulaError where it is too long."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"The formula is longer than {MAX_LENGTH} characters.")
    spelled, places = _spelled_out(text)
    found, spaced = [], False
    for match in _TOKEN.finditer(spelled):
        kind, piece = match.lastgroup, match[match.lastgroup] if match.lastgroup else ""
        if kind in ("space", None) or kind == "command" and piece in _IDLE:
            spaced = spaced or kind == "space"
            continue
        kind, piece = _kind(kind, piece)
        token = Token(kind, piece, places[match.start()], places[match.end()], spaced)
        spaced = False
        _append(found, token)
        if len(found) > MAX_TOKENS:
            raise FormulaError(f"The formula is longer than {MAX_TOKENS} names and signs.")
    return [*_without_quotes(found), Token("end", "", len(text), len(text))]


def _without_quotes(found):
    """Without the quotation marks around a formula that was copied, and the point or comma behind it."""
    start, end = 0, len(found)
    while start < end and (found[end - 1].text in _BEHIND or found[start].text in _QUOTES):
        if found[end - 1].text in _BEHIND:
            end -= 1
        else:
            end -= found[end - 1].text in _QUOTES
            start += 1
    return found[start:end]


def _spelled_out(text):
    """The text with each composed character taken apart, and the place of each new character in the old text."""
    spelled, places, level, hat = [], [], "", ""

    def put(piece, place):
        spelled.append(piece)
        places.extend([place] * len(piece))

    for place, character in enumerate(text):
        how, _, parts = unicodedata.decomposition(character).rpartition(">")
        now = {"<super": "**(", "<sub": "_{"}.get(how, "")
        if character in "′″´":  # a prime is no power
            now, how = "", ""
        if now != level:
            put({"**(": ")", "_{": "}"}.get(level, "") + now, place)
            level = now
        if how == "<fraction":
            put("(" + unicodedata.normalize("NFKC", character).replace("\u2044", "/") + ")", place)
        elif character in _APART:  # a hat that stands beside its letter, as copied from a PDF
            if spelled and spelled[-1].isalpha():
                put(_APART[character], place)
            else:
                hat = _APART[character]
        elif how:
            put(unicodedata.normalize("NFKC", character), place)
        else:
            apart = unicodedata.normalize("NFD", character) if character.isalpha() else character
            put(apart if len(apart) < 2 or apart[-1] in _MARKS else character, place)  # ŷ, but not ü
        if hat and spelled and spelled[-1].isalpha():
            put(hat, place)
            hat = ""
    put({"**(": ")", "_{": "}"}.get(level, ""), len(text))
    return "".join(spelled), [*places, len(text)]


def _kind(kind, piece):
    """(kind, text) of a token as the reader knows it."""
    if kind == "command":
        if piece in _COMMANDS:
            return ("word" if _COMMANDS[piece] == "T" else "sign"), _COMMANDS[piece]
        if piece in _LETTERS or piece in _MARKS or piece in ("frac", "dfrac", "tfrac"):
            return "command", piece[-4:] if piece.endswith("frac") else piece
        return "word", _GREEK.get(piece, piece)
    if kind == "word":
        mark = _MARKS.get(piece[-1], "")
        piece = piece[:-1] if mark else piece
        if not piece.isascii():
            piece = letter_name(piece[0]) + piece[1:] if piece not in _SIGNS else _SIGNS[piece]
            if piece == "∑":
                return "sign", piece
        return "word", ("lam" if piece == "lambda" else piece) + mark
    if kind == "sign":
        piece = _SIGNS.get(piece, piece)
        return ("word", "T") if piece == "T" else ("sign", piece)
    return kind, piece


def _append(found, token):
    r"""Put a token behind the others; a subscript, and the letter of \hat or \mathbf, join the word that they belong to."""
    while found and token.kind == "word" and found[-1].kind == "command" and found[-1].text != "frac":
        command = found.pop()  # \hat\rho
        mark = _MARKS.get(command.text, "")
        token = Token("word", token.text + mark, command.place, token.after, command.spaced)
    if token.text == "}" and len(found) > 1 and found[-2].text == "{":
        inside = found[-1]
        if (
            len(found) > 2 and found[-3].kind == "command" and inside.kind == "word" and found[-3].text != "frac"
        ):  # \hat{y}
            del found[-2:]
            command = found.pop()
            _append(
                found,
                Token("word", inside.text + _MARKS.get(command.text, ""), command.place, token.after, command.spaced),
            )
            return
    found.append(token)
    _join_subscript(found)


def _join_subscript(found):
    """`x _ 1` and `x _ { i j }` at the end of the list become one word, x_1 and x_ij."""
    end = len(found) - 1
    if found[end].text == "}":
        start = end
        while start > max(0, end - 9) and found[start].text != "{":
            start -= 1
        inside = found[start + 1 : end]
    else:
        start, inside = end, found[end:]
    commas = any(part.text == "," for part in inside)
    simple = all(
        part.text == "," or part.kind in ("word", "number") and not (commas and part.text[1:]) for part in inside
    )
    if start < 2 or found[start - 1].text != "_" or found[start - 2].kind != "word" or not inside or not simple:
        return
    base = found[start - 2]
    below = "".join(part.text for part in inside if part.text != ",")
    found[start - 2 :] = [Token("word", f"{base.text}_{below}", base.place, found[end].after, base.spaced)]


class Cursor:
    """A list of tokens that is read from left to right; `at` is the place of the next one."""

    def __init__(self, found: list[Token], text: str):
        self.tokens, self.text, self.at = found, text, 0

    @property
    def next(self) -> Token:
        """The token that follows."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """The token that follows, which is then read; the end stays."""
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def skip(self, many: int) -> bool:
        """Read some tokens; always true."""
        self.at += many
        return True

    def sees(self, *texts: str, ahead: int = 0) -> bool:
        """Whether one of these words or signs follows."""
        place = self.at + ahead
        return place < len(self.tokens) and self.tokens[place].kind != "number" and self.tokens[place].text in texts

    def count(self, text: str) -> int:
        """How often a sign follows; all of them are read."""
        start = self.at
        while self.sees(text):
            self.take()
        return self.at - start

    def expect(self, closing: str, opening: Token) -> Token:
        """The bracket that must follow. Raises FormulaError."""
        if self.sees(closing):
            return self.take()
        if self.next.kind == "end":
            raise self.error(f"the bracket `{opening.text}` is not closed.")
        raise self.unexpected(opening.text)

    def error(self, sentence: str, token: Token | None = None) -> FormulaError:
        """A FormulaError that says where in the text it went wrong: at the token, or at the next one."""
        token = token or self.next
        if len(self.tokens) == 1:
            return FormulaError("There is no formula here.")
        if token.kind == "end" and token.place >= len(self.text.rstrip()):
            return FormulaError(f"`{shorten(self.text)}` ends too early: {sentence}")
        before = self.text[: token.place].strip()
        where = f"behind `{before[-12:]}`" if before else "at its beginning"
        return FormulaError(f"`{shorten(self.text)}` cannot be read {where}: {sentence}")

    def unexpected(self, opening: str = "") -> FormulaError:
        """The error that the next token stands where it cannot; `opening` is the bracket that is open."""
        sign = self.next
        if sign.kind == "end":
            return self.error("something must follow.")
        if sign.kind == "number":
            return self.error(f"what is to happen to the {shorten(sign.text, 12)}? Write `*` or `**` in front of it.")
        if sign.text in NO_FORMULA:
            return self.error(NO_FORMULA[sign.text])
        if sign.text in CLOSING.values():
            if self.at and self.tokens[self.at - 1].text in _WANTS_MORE:
                return self.error(f"in front of this `{sign.text}` a number, a name or a bracket is missing.")
            return self.error(
                f"this `{sign.text}` does not close " + (f"the bracket `{opening}`." if opening else "any bracket.")
            )
        written = shorten(self.text[sign.place : max(sign.after, sign.place + 1)], 12)
        if sign.text in _WANTS_MORE and sign.text != "=":
            return self.error(f"in front of this `{written}` a number, a name or a bracket is missing.")
        return self.error(_MISPLACED.get(sign.text, f"`{written}` cannot stand here."))


_WANTS_MORE = ("+", "-", "*", "⊙", "/", "**", "·", "@", "=")
_MISPLACED = {
    "=": "an `=` belongs between two whole formulas.",
    ",": "a comma belongs between the arguments of a function. A decimal number has a point: 0.5.",
    "'": "a prime must stand behind a name or a bracket.",
    "_": "a subscript must stand behind a name: `z_2`, `x_{ij}`.",
    ":": "write the formula alone; words and a colon may stand in the lines of a derivation.",
}
