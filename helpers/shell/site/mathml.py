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

#: The alphabets of Unicode that browsers draw, for each `mathvariant` of MathML 3.
_ALPHABETS = {"bold": "BOLD", "double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR"}
_STYLES = {"bold": "font-weight: bold", "monospace": "font-family: monospace"}  # for whole words
_PRIMES = set("′″‴")
_LIMITS_BELOW = {"lim", "max", "min", "sup", "inf", "argmax", "argmin"}


class FormulaError(ValueError):
    """A formula that cannot be translated; the message quotes it."""


@cache
def mathml(latex: str, display: bool = False) -> str:
    """The formula `latex`, without its dollar signs, as an element <math>. display: on a line of its own,
    which scrolls where the page is narrower.

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
    left = [
        element.text for element in root.iter() if element.tag != "mtext" and re.search(r"[\\&]", element.text or "")
    ]
    if left:
        raise FormulaError(f"{latex!r} cannot be translated: what is {left[0]!r}?")
    root.attrib.pop("xmlns", None)  # HTML knows what <math> is
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<span class="formula">{text}</span>' if display else text


def _mend(parent: ElementTree.Element) -> None:
    """Make MathML Core of an element and of all that is in it."""
    for element in parent:
        _mend(element)
    _join_upright_letters(parent)
    _group_matrices(parent)
    _group_powers(parent)
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
    if tag in ("msup", "msubsup") and parent[-1].text in _PRIMES:
        _mend_prime(parent)
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
    if tag == "mover":
        _mend_mover(parent)


def _mend_mover(mover: ElementTree.Element) -> None:
    below, above = mover
    if above.text in ("¯", "^"):  # \bar and \hat of one letter: as wide as they are, close to the letter
        mover.set("accent", "true")
        above.set("stretchy", "false")
    if below.tag == "mstyle" and len(below) == 1 and below[0].text == "→":  # xrightarrow
        mover[0] = _operator("⟶")
        mover[1] = ElementTree.Element("mrow")
        mover[1].extend(each for each in above if each.tag != "mspace")


def _mend_prime(script: ElementTree.Element) -> None:
    """f′ as a letter and a prime beside it: browsers make a raised prime too small, and raise it too much."""
    base = ElementTree.Element("mrow")
    base.extend([script[0], _operator(script[-1].text, lspace="0", rspace="0")])
    if script.tag == "msubsup":
        script.tag = "msub"
        script[:] = [base, script[1]]
    else:
        script.tag = "mrow"
        script[:] = list(base)


def _operator(text: str, **attributes) -> ElementTree.Element:
    operator = ElementTree.Element("mo", attributes)
    operator.text = text
    return operator


def _space(width: str) -> ElementTree.Element:
    return ElementTree.Element("mspace", width=width)


def _group_matrices(parent: ElementTree.Element) -> None:
    """Brackets are as high as what they enclose, not as the highest thing in the line: each pair with its own <mrow>."""
    place = 0
    while place + 2 < len(parent):
        opening, table, closing = parent[place : place + 3]
        if [opening.tag, table.tag, closing.tag] == ["mo", "mtable", "mo"] and len(parent) > 3:
            row = ElementTree.Element("mrow")
            for each in (opening, table, closing):
                parent.remove(each)
                row.append(each)
            parent.insert(place, row)
        place += 1


def _group_powers(parent: ElementTree.Element) -> None:
    """A large bracket with an exponent is a power of the whole group. As a power of the bracket alone it is drawn too low."""
    for closing in [each for each in parent if each.tag in ("msup", "msubsup") and "minsize" in each[0].attrib]:
        place = list(parent).index(closing)
        opened = [k for k in range(place) if "minsize" in parent[k].attrib]
        if parent[place][0].tag == "mo" and opened:
            inside = parent[opened[-1] : place]
            group = ElementTree.Element("mrow")
            group.extend([*inside, closing[0]])
            _space_functions(group)
            for each in inside:
                parent.remove(each)
            closing[0] = group


def _space_functions(parent: ElementTree.Element) -> None:
    """A thin space between log and x, none between log and (x); and one between 6 and sin."""
    if parent.tag not in ("mrow", "mtd", "mstyle", "math", "msqrt"):
        return
    for place in range(len(parent) - 1, 0, -1):
        before, after = parent[place - 1], parent[place]
        if _is_function(before) and after.tag not in ("mo", "mspace") and not _begins_with_bracket(after):
            parent.insert(place, _space("0.167em"))
        elif _is_function(after) and before.tag not in ("mo", "mspace"):
            parent.insert(place, _space("0.167em"))


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


def _join_upright_letters(parent: ElementTree.Element) -> None:
    """Letters that are set upright are one name: <mi>se</mi>, which is upright because it has more than one letter."""
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

    return with_punctuation(_IN_HTML.sub(translated, text))


def with_punctuation(text: str) -> str:
    """HTML in which no line begins with the comma that follows a formula."""
    return re.sub(
        r'(<math display="inline">(?:(?!</math>).)*</math>)([.,;:!?)]+)', r'<span class="one">\1\2</span>', text
    )
