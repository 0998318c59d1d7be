"""Formulas as MathML, which every browser draws by itself, without a script, and every screen reader reads.

`latex2mathml` translates. What it writes is MathML 3; browsers draw MathML Core, which has no alphabets, no alignment
of cells and no names of functions as one word. These are put right here.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element

#: LaTeX as the library understands it: what stands there, and what takes its place.
_REWRITTEN = (
    (r"(\\(?:begin|end)\{)aligned\}", r"\1align*}"),  # the environment inside $$…$$
    (r"(\\\\)\[[\d.]+(?:pt|em|ex)\]", r"\1"),  # distances between lines, which it does not know
    (r"\\mathrm\{([A-Za-z]{2,})\}", r"\\operatorname{\1}"),  # one name, not single letters
    (r"\\xrightarrow\{([^{}]*)\}", r"\\overset{\1}{\\longrightarrow}"),
    # Brackets are as high as the matrix that they enclose, not as the highest thing in the line.
    (r"(\\begin\{([bpvBV]?matrix)\}.*?\\end\{\2\})", r"{\1}"),
    # A large bracket with an exponent is a power of the whole group; of the bracket alone it is drawn too low.
    (r"(\\bigl(?:(?!\\big[lr]).)*\\bigr\\?.)(?=\^)", r"{\1}"),
)
_STYLES = {"bold": "font-weight: bold", "monospace": "font-family: monospace"}  # for whole words
_PRIMES = ("′", "″", "‴")
_LIMITS_BELOW = {"lim", "max", "min", "sup", "inf", "argmax", "argmin"}


class LatexError(ValueError):
    """LaTeX that cannot be translated; the message quotes it."""


@cache
def mathml(latex: str, display: bool = False) -> str:
    """The formula `latex`, without its dollar signs, as an element <math>. display: on a line of its own,
    which scrolls where the page is narrower.

    Raises LatexError where a command is not known: it would stand on the page as it is.
    """
    source = latex.strip()
    for pattern, replacement in _REWRITTEN:
        source = re.sub(pattern, replacement, source, flags=re.DOTALL)
    try:
        root = convert_to_element(source, display="block" if display else "inline")
    except Exception as problem:  # the library has many kinds of errors, some of them bare IndexErrors
        raise LatexError(f"{latex!r} cannot be translated: {problem!r}") from None
    for element in root.iter():
        element.text = html.unescape(element.text) if element.text else element.text
    _mend(root)
    for element in root.iter():
        if element.tag != "mtext" and re.search(r"[\\&]", element.text or ""):
            raise LatexError(f"{latex!r} cannot be translated: what is {element.text!r}?")
    root.attrib.pop("xmlns", None)  # HTML knows what <math> is
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<span class="formula">{text}</span>' if display else text


def _mend(parent: ElementTree.Element) -> None:
    """Make MathML Core of an element and of all that is in it."""
    for element in parent:
        _mend(element)
    _space_functions(parent)
    tag, text, attributes = parent.tag, parent.text or "", parent.attrib
    variant = attributes.get("mathvariant")
    if variant and variant != "normal":
        del attributes["mathvariant"]
        if tag == "mtext":
            parent.set("style", _STYLES[variant])
        else:
            parent.text = "".join(_letter(letter, variant) for letter in text)
    if tag == "mo" and len(text) > 1 and text.isalpha():
        parent.tag = "mi"  # a name, not an operator: no spaces on both sides
    if text == "/":
        attributes |= {"lspace": "0", "rspace": "0"}
    if tag == "msup" and parent[1].text in _PRIMES:
        # Beside its letter: browsers make a raised prime too small, and raise it too much.
        parent.tag, parent[1].tag = "mrow", "mo"
        parent[1].attrib |= {"lspace": "0", "rspace": "0"}
    if tag == "msub" and parent[0].text in _LIMITS_BELOW:
        parent.tag = "munder"
        parent[0].tag = "mo"
        parent[0].set("movablelimits", "true")
    if alignment := attributes.pop("columnalign", None):
        parent.set("class", alignment)
    for unknown in ("columnspacing", "rowspacing"):
        attributes.pop(unknown, None)
    if tag == "mtable" and parent.get("displaystyle") == "true":
        parent.set("class", "aligned")
    if tag == "mover" and parent[1].text in ("¯", "^"):  # as wide as they are, close to the letter
        parent.set("accent", "true")
        parent[1].set("stretchy", "false")


def _space_functions(parent: ElementTree.Element) -> None:
    """A thin space between log and x, none between log and (x); and one between 6 and sin."""
    if parent.tag not in ("mrow", "mtd", "mstyle", "math", "msqrt"):
        return
    for place in range(len(parent) - 1, 0, -1):
        before, after = parent[place - 1], parent[place]
        left = _is_function(before) and after.tag not in ("mo", "mspace") and not _begins_with_bracket(after)
        right = _is_function(after) and before.tag not in ("mo", "mspace")
        if left or right:
            parent.insert(place, ElementTree.Element("mspace", width="0.167em"))


def _is_function(element: ElementTree.Element) -> bool:
    """log, or log with an exponent or an index."""
    with_prime = element.tag == "mrow" and len(element) == 2 and element[1].text in _PRIMES
    if element.tag in ("msup", "msub", "msubsup", "munder") or with_prime:
        element = element[0]
    word = element.text or ""
    return element.tag in ("mi", "mo") and len(word) > 1 and word.isalpha()


def _begins_with_bracket(element: ElementTree.Element) -> bool:
    while len(element) and element.tag == "mrow":
        element = element[0]
    return element.tag == "mo"


def _letter(letter: str, variant: str) -> str:
    """𝐱 for a bold x, ℝ for a double-struck R; the letter itself where there is no such letter."""
    for form in ("MATHEMATICAL {0} {1}", "{0} {1}"):
        name = unicodedata.name(letter, "").replace("LATIN ", "").replace(" LETTER", "").replace("GREEK ", "")
        try:
            return unicodedata.lookup(form.format(variant.upper(), name))
        except KeyError:
            continue
    return letter


#: $$…$$ or $…$ in HTML, and what may contain a dollar sign that is none of mathematics.
_IN_HTML = re.compile(r"(<(code|pre|script|style)\b.*?</\2>)|\$\$(.+?)\$\$|\$([^$\n]+?)\$", flags=re.DOTALL)


def in_html(text: str) -> str:
    """The HTML `text` with its formulas as MathML. Raises LatexError."""

    def translated(found: re.Match) -> str:
        code, _, block, inline = found.groups()
        return code or mathml(html.unescape(block or inline), display=bool(block))

    return with_punctuation(_IN_HTML.sub(translated, text))


def with_punctuation(text: str) -> str:
    """HTML in which no line begins with the comma that follows a formula."""
    return re.sub(
        r'(<math display="inline">(?:(?!</math>).)*</math>)([.,;:!?)]+)', r'<span class="one">\1\2</span>', text
    )
