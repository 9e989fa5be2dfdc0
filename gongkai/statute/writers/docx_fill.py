"""填写元素: new text into paragraphs and cells of a Word file, in the looks that stand there.

Whatever says how things look (pPr, rPr, tcPr) stays; what stood there as text goes, with its
content controls and form fields, whose stored values would overrule what is filled in. Bookmarks
stay, as other places refer to them; pictures and section breaks are never removed.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATE, _FALLBACK = _MC + "AlternateContent", _MC + "Fallback"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

P, R, T, TC = W + "p", W + "r", W + "t", W + "tc"
PPR, RPR = W + "pPr", W + "rPr"
_SDT, _SDT_CONTENT = W + "sdt", W + "sdtContent"
_BOOKMARKS = tuple(W + n for n in ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd"))
_OVERRULING = ("showingPlcHdr", "dataBinding", "temporary")
_TEXTS = (T, W + "tab", W + "ptab", W + "br", W + "cr", W + "sym", W + "noBreakHyphen", _MATH + "t")
_OBJECTS = (W + "drawing", W + "pict", W + "object")
# 修订: what tracked changes leave among the properties of a run or a paragraph.
_REVISIONS = tuple(
    W + name
    for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange")
)
# Looks that would hide a new text or change what it says.
_HIDING = tuple(
    W + name for name in ("vanish", "webHidden", "specVanish", "strike", "dstrike", "vertAlign")
)
# The order of the properties of a paragraph, as far as w:jc.
_ORDER = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
    "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
    "suppressOverlap jc"
)


@dataclass(frozen=True, slots=True)
class Look:
    """样子: properties of a paragraph and of a run, to be given to new ones; None where none."""

    paragraph: etree._Element | None = None
    run: etree._Element | None = None
    lead: etree._Element | None = None
    """Of a run-in heading, where the paragraph begins with one that looks different."""


def look_of(paragraph: etree._Element) -> Look:
    """How a paragraph looks: as its longest run of text does, else as its mark."""
    properties = paragraph.find(PPR)
    runs = list(_text_runs(paragraph))
    own = max(runs, key=_length).find(RPR) if runs else None
    if not runs and properties is not None:
        own = properties.find(RPR)
    first = runs[0].find(RPR) if runs else None
    lead = first if runs and _spelled(first) != _spelled(own) else None
    return Look(_clean(properties), _clean(own), _clean(lead))


def _length(run: etree._Element) -> int:
    return sum(len(node.text or "") for node in run.iter(T))


def _spelled(properties: etree._Element | None) -> bytes:
    """What a run looks like, for comparing: without the script its marks are told to be of."""
    made = _clean(properties)
    if made is None:
        return b""
    for node in list(made):
        node.attrib.pop(W + "hint", None)
        if node.tag == W + "lang" or (node.tag == W + "rFonts" and not node.attrib):
            made.remove(node)
    return etree.tostring(made) if len(made) else b""


def _clean(properties: etree._Element | None) -> etree._Element | None:
    """A copy without tracked changes, section breaks, and looks that would hide the text."""
    if properties is None:
        return None
    made = copy.deepcopy(properties)
    for node in list(made.iter(*_REVISIONS, *_HIDING, W + "sectPr")):
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    for style in list(made.iter(W + "rStyle")):
        if (style.get(W + "val") or "").lower() in ("placeholdertext", "占位符文本"):
            made.remove(style) if style.getparent() is made else None
    made.tail = None
    return made


def _text_runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs that show text, without those of text boxes and of deleted text."""
    for run in paragraph.iter(R):
        if any(child.tag in _TEXTS for child in run) and _nearest(run, P) is paragraph:
            yield run


def _nearest(node: etree._Element, tag: str) -> etree._Element | None:
    return next(node.iterancestors(tag), None)


def is_empty(paragraph: etree._Element) -> bool:
    """Whether a paragraph shows nothing at all, ends no section and begins no page."""
    shown = (*_TEXTS, *_OBJECTS, W + "sectPr", W + "pageBreakBefore", W + "lastRenderedPageBreak")
    return next(paragraph.iter(*shown), None) is None


def holds_object(paragraph: etree._Element) -> bool:
    """Whether a picture, a text box or an embedded object stands in it."""
    return next(paragraph.iter(*_OBJECTS), None) is not None


# -- filling


def set_text(paragraph: etree._Element, text: str, look: Look | None = None, lead: int = 0) -> None:
    """The paragraph with another text, in the look that stands there (or in ``look``).

    The first ``lead`` characters are in the look of a run-in heading.
    """
    look = look or look_of(paragraph)
    empty(paragraph)
    at = 0
    for position, child in enumerate(paragraph):
        if child.tag in (PPR, W + "bookmarkStart", W + "permStart"):
            at = position + 1
    pieces = [(text[:lead], look.lead), (text[lead:], look.run)] if lead else [(text, look.run)]
    for piece, properties in pieces:
        if piece:
            paragraph.insert(at, new_run(piece, properties))
            at += 1


def empty(paragraph: etree._Element) -> None:
    """The paragraph without what it shows; its properties, bookmarks and pictures stay."""
    for control in paragraph.iterancestors(_ALTERNATE):
        for other in control.findall(_FALLBACK):  # what older programs show: the text as it was
            control.remove(other)
    kept: list[etree._Element] = []
    for node in list(paragraph):
        if node.tag == PPR:
            continue
        kept += [n for n in node.iter(*_BOOKMARKS) if _nearest(n, P) is paragraph]
        kept += _objects(node)
        paragraph.remove(node)
    for node in kept:
        node.tail = None
        paragraph.append(node)


def _objects(node: etree._Element) -> list[etree._Element]:
    """The runs with pictures at or within a node, their text taken out."""
    found: list[etree._Element] = []
    for run in (node, *node.iterdescendants(R)) if node.tag == R else node.iterdescendants(R):
        if any(child.tag in _OBJECTS or _holds(child) for child in run):
            for child in list(run):
                if child.tag in _TEXTS:
                    run.remove(child)
            if not any(run in other.iterdescendants() for other in found):
                found.append(run)
    return found


def _holds(node: etree._Element) -> bool:
    return next(node.iter(*_OBJECTS), None) is not None


_SIGN = re.compile("[\t\n\r]|[^\t\n\r]+")


def new_run(text: str, properties: etree._Element | None) -> etree._Element:
    """A run of a text in a look; marks that both scripts use are told to be Chinese."""
    run = etree.Element(R)
    own = copy.deepcopy(properties) if properties is not None else etree.Element(RPR)
    fonts = own.find(W + "rFonts")
    if fonts is None:
        fonts = etree.Element(W + "rFonts")
        own.insert(1 if len(own) and own[0].tag == W + "rStyle" else 0, fonts)
    fonts.set(W + "hint", "eastAsia")
    run.append(own)
    for piece in _SIGN.findall(text.replace("\r\n", "\n")):
        if piece == "\t":
            etree.SubElement(run, W + "tab")
        elif piece in "\n\r":
            etree.SubElement(run, W + "br")
        else:
            node = etree.SubElement(run, T)
            node.text = piece
            node.set(_XML_SPACE, "preserve")
    return run


def new_paragraph(text: str, look: Look, *, lead: int = 0, unnumbered: bool) -> etree._Element:
    """A paragraph in a look. ``unnumbered``: its text has its numbers in it, so a list number
    that comes with the look is switched off."""
    made = etree.Element(P)
    if look.paragraph is not None:
        made.append(copy.deepcopy(look.paragraph))
    if unnumbered:
        _unnumber(made)
    set_text(made, text, look, lead)
    return made


def _unnumber(paragraph: etree._Element) -> None:
    properties = paragraph.find(PPR)
    if properties is None:
        properties = etree.Element(PPR)
        paragraph.insert(0, properties)
    old = properties.find(W + "numPr")
    if old is not None:
        properties.remove(old)
    number = _put(properties, "numPr")
    etree.SubElement(number, W + "numId").set(W + "val", "0")


def aligned(look: Look, side: str, *, right: int = 0) -> Look:
    """The same look, set to one side, without an indent of the first line; ``right`` is how many
    hundredths of a character stay free to the right."""
    properties = etree.Element(PPR) if look.paragraph is None else copy.deepcopy(look.paragraph)
    for name in ("ind", "jc"):
        old = properties.find(W + name)
        if old is not None:
            properties.remove(old)
    if right:
        indent = _put(properties, "ind")
        indent.set(W + "right", str(right * 320 // 100))
        indent.set(W + "rightChars", str(right))
        indent.set(W + "firstLine", "0")
        indent.set(W + "firstLineChars", "0")
    _put(properties, "jc").set(W + "val", side)
    return Look(properties, look.run, look.lead)


def _put(properties: etree._Element, name: str) -> etree._Element:
    """A new property where the schema has it, behind those that come before it."""
    names = {W + n for n in _ORDER.partition(f" {name}")[0].split()}
    at = sum(1 for child in properties if child.tag in names)
    made = etree.Element(W + name)
    properties.insert(at, made)
    return made


def set_cell(cell: etree._Element, text: str, otherwise: Look) -> None:
    """填一格: a cell with one text, in the look of what stood there, or in another where nothing
    says how it looks. Pictures in it stay."""
    for control in list(cell.iter(_SDT)):
        if _nearest(control, TC) is cell:
            unwrap(control)
    release(cell)
    paragraphs = cell.findall(P)
    if not paragraphs:
        paragraphs = [etree.SubElement(cell, P)]
    shown = [p for p in paragraphs if next(_text_runs(p), None) is not None]
    kept = (shown or paragraphs)[0]
    look = look_of(kept)
    if look.paragraph is None and look.run is None:
        look = otherwise
        if look.paragraph is not None:
            kept.insert(0, copy.deepcopy(look.paragraph))
    elif look.run is None:
        look = Look(look.paragraph, otherwise.run)
    for other in paragraphs:
        if other is not kept and not holds_object(other):
            _hand_on(other, kept)
            cell.remove(other)
    set_text(kept, text, Look(look.paragraph, look.run))
    _unstrike_mark(kept)


def _unstrike_mark(paragraph: etree._Element) -> None:
    """A deleted paragraph mark would join the text with what follows."""
    mark = paragraph.find(f"{PPR}/{RPR}")
    if mark is not None:
        for node in [n for n in mark if n.tag in _REVISIONS]:
            mark.remove(node)


def release(node: etree._Element) -> None:
    """放开内容控件: controls around a node that show a placeholder or a stored value: they keep
    the node but no longer overrule it."""
    for control in node.iterancestors(_SDT):
        properties = control.find(W + "sdtPr")
        if properties is None:
            continue
        for child in list(properties):
            if isinstance(child.tag, str) and etree.QName(child).localname in _OVERRULING:
                properties.remove(child)


def unwrap(control: etree._Element) -> None:
    """A content control replaced by what it holds."""
    parent = control.getparent()
    content = control.find(_SDT_CONTENT)
    if parent is None:
        return
    at = parent.index(control)
    for child in list(content) if content is not None else ():
        parent.insert(at, child)
        at += 1
    parent.remove(control)


# -- replacing


def replace(
    old: Sequence[etree._Element], new: Sequence[etree._Element], behind: etree._Element
) -> int:
    """换段落: new paragraphs in the place of old ones, else ``behind`` an element.

    Returns how many old paragraphs were kept for the pictures in them.
    """
    for paragraph in old:
        for control in list(paragraph.iterancestors(_SDT)):
            if next(control.iter(TC), None) is None:
                unwrap(control)
            else:
                release(paragraph)
    if old:
        for position, made in enumerate(new):
            old[0].addprevious(made) if position == 0 else new[position - 1].addnext(made)
    else:
        for made in reversed(new):
            behind.addnext(made)
    heir = new[0] if new else behind
    _remove_gaps(old)
    return sum(1 for paragraph in old if not _remove(paragraph, heir))


def _remove_gaps(old: Sequence[etree._Element]) -> None:
    """Empty paragraphs between the old ones."""
    for one, other in zip(old, old[1:], strict=False):
        node = one.getnext()
        gap = []
        while node is not None and node is not other:
            gap.append(node)
            node = node.getnext()
        if node is other and all(n.tag == P and is_empty(n) for n in gap):
            for found in gap:
                parent = found.getparent()
                if parent is not None:
                    parent.remove(found)


def _remove(paragraph: etree._Element, heir: etree._Element) -> bool:
    """Take a paragraph out, or only its text where a picture or a section's end is in it; False
    where a picture kept it."""
    parent = paragraph.getparent()
    if parent is None:
        return True
    if holds_object(paragraph):
        empty(paragraph)
        return False
    alone = parent.tag == TC and len(parent.findall(P)) == 1
    if alone or paragraph.find(f"{PPR}/{W}sectPr") is not None:
        empty(paragraph)
        return True
    _hand_on(paragraph, heir)
    parent.remove(paragraph)
    return True


def _hand_on(paragraph: etree._Element, heir: etree._Element) -> None:
    """The bookmarks of a paragraph that goes, to one that stays."""
    for mark in list(paragraph.iter(*_BOOKMARKS)):
        mark.tail = None
        heir.append(mark)
