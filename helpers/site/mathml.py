"""Formulas as MathML, which every browser draws by itself: no script, no fonts to fetch, read aloud by screen readers.

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

#: The alphabets of Unicode that browsers draw, for each `mathvariant` of MathML 3.
_ALPHABETS = {"bold": "BOLD", "double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR"}
_STYLES = {"bold": "font-weight: bold", "monospace": "font-family: monospace"}  # for whole words
_LIMITS_BELOW = {"lim", "max", "min", "sup", "inf", "argmax", "argmin"}


class FormulaError(ValueError):
    """A formula that cannot be translated; the message quotes it."""


@cache
def mathml(latex: str, display: bool = False) -> str:
    """The formula `latex`, without its dollar signs, as an element <math>. display: on a line of its own.

    Raises FormulaError where a command is not known: it would stand on the page as it is.
    """
    # The environment inside $$…$$ is `aligned`; the library knows it as `align*`, and no distances between lines.
    source = re.sub(r"(\\(?:begin|end)\{)aligned\}", r"\1align*}", latex)
    source = re.sub(r"(\\\\)\[[\d.]+(pt|em|ex)\]", r"\1", source)
    try:
        root = convert_to_element(source.strip(), display="block" if display else "inline")
    except Exception as problem:  # the library has many kinds of errors, some of them bare IndexErrors
        raise FormulaError(f"{latex!r} cannot be translated: {problem!r}") from None
    for element in root.iter():
        element.text = html.unescape(element.text) if element.text else element.text
    _mend(root)
    left = [element.text for element in root.iter() if element.tag != "mtext" and re.search(r"[\\&]", element.text or "")]
    if left:
        raise FormulaError(f"{latex!r} cannot be translated: what is {left[0]!r}?")
    return ElementTree.tostring(root, encoding="unicode")


def _mend(parent: ElementTree.Element) -> None:
    for element in parent:
        _mend(element)
    _join_upright_letters(parent)
    variant = parent.attrib.get("mathvariant")
    if variant and variant != "normal":
        del parent.attrib["mathvariant"]
        if parent.tag == "mtext":
            parent.set("style", _STYLES[variant])
        else:
            parent.text = "".join(_letter(letter, variant) for letter in parent.text)
    if parent.tag == "mo" and len(parent.text or "") > 1 and parent.text.isalpha():
        parent.tag = "mi"  # a name, not an operator: no spaces on both sides
    if parent.tag in ("msub", "munder") and (parent[0].text in _LIMITS_BELOW):
        parent.tag = "munder"
        parent[0].tag = "mo"
        parent[0].set("movablelimits", "true")
    if alignment := parent.attrib.pop("columnalign", None):
        parent.set("style", f"text-align: {alignment}")
    for unknown in ("columnspacing", "rowspacing"):
        parent.attrib.pop(unknown, None)
    if parent.tag == "mtable" and parent.get("displaystyle") == "true":
        parent.set("class", "aligned")
    if parent.tag == "mover" and len(parent) == 2 and parent[1].text in ("¯", "^"):
        # \bar and \hat of one letter are as wide as they are, and not raised like an exponent
        parent.set("accent", "true")
        parent[1].set("stretchy", "false")


def _join_upright_letters(parent: ElementTree.Element) -> None:
    """\\mathrm{se} is one name: <mi>se</mi>, which is upright because it has more than one letter."""
    upright = [child.tag == "mi" and child.get("mathvariant") == "normal" for child in parent]
    if len(parent) > 1 and all(upright):
        word = "".join(child.text for child in parent)
        for child in list(parent):
            parent.remove(child)
        ElementTree.SubElement(parent, "mi").text = word


def _letter(letter: str, variant: str) -> str:
    """𝐱 for a bold x, ℝ for a double-struck R; the letter itself where there is no such letter."""
    for form in ("MATHEMATICAL {0} {1}", "{0} {1}"):
        name = unicodedata.name(letter, "").replace("LATIN ", "").replace(" LETTER", "").replace("GREEK ", "")
        try:
            return unicodedata.lookup(form.format(_ALPHABETS[variant], name))
        except KeyError:
            continue
    return letter


#: $$…$$ or $…$ in HTML, and what may contain a dollar sign that is none of mathematics.
_IN_HTML = re.compile(r"(<(code|pre|script|style)\b.*?</\2>)|\$\$(.+?)\$\$|\$([^$\n]+?)\$", flags=re.DOTALL)


def in_html(text: str) -> str:
    """The HTML `text` with its formulas as MathML. Raises FormulaError."""

    def translated(found: re.Match) -> str:
        code, _, block, inline = found.groups()
        return code or mathml(html.unescape(block or inline), display=bool(block))

    return _IN_HTML.sub(translated, text)
