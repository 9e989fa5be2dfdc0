"""Word 文档 (.docx): paragraphs, tables and pictures of the body, as a reader sees them.

ECMA-376 part 1 (WordprocessingML), read from the XML itself. What tracked changes deleted,
hidden and struck text, field codes, headers, footers and footnotes are not part of the body; what
was left out of it that a person might have meant is said in a note.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from gongkai.statute import notes, script
from gongkai.statute.readers import archive, docx_pictures
from gongkai.statute.readers.blocks import Document
from gongkai.statute.readers.docx_numbering import Numbering, W
from gongkai.statute.readers.layout import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_SPAN,
    Box,
    Drawing,
    Item,
    Page,
    Table,
)
from gongkai.statute.report import Note

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
_VML = "{urn:schemas-microsoft-com:vml}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_WORD_2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_WX = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_VAL = W + "val"
_OFF = ("0", "false", "off")

# Empty elements that only say how things look: nine tenths of a Word file. Without them the
# parse takes a third of the time. ``<`` stands for itself in CDATA only, which is left alone.
_LOOKS = re.compile(
    rb"<w:(?:rFonts|left|right|top|bottom|shd|sz|szCs|tcW|lang|kern|jc|vAlign|ind|spacing|keepNext"
    rb"|keepLines|widowControl|suppressLineNumbers|insideH|insideV|color|trHeight|b|bCs|snapToGrid"
    rb"|adjustRightInd|proofErr|bookmarkStart|bookmarkEnd|highlight|autoSpaceDE|autoSpaceDN|noWrap"
    rb"|gridCol|u|w|position)\b[^>]*/>"
)

_P, _R, _T, _TBL, _TR, _TC = W + "p", W + "r", W + "t", W + "tbl", W + "tr", W + "tc"
_PPR, _RPR, _TRPR, _TCPR = W + "pPr", W + "rPr", W + "trPr", W + "tcPr"
_GRID_SPAN, _V_MERGE, _H_MERGE = W + "gridSpan", W + "vMerge", W + "hMerge"
_DELETED = W + "del"
_SDT, _SDT_CONTENT = W + "sdt", W + "sdtContent"
_CHOICE_OR_FALLBACK = _MC + "AlternateContent"

# Passed over with all they hold.
_PASSED_OVER = (
    "pPr rPr tblPr tblGrid tblPrEx trPr tcPr sdtPr sdtEndPr sectPr smartTagPr customXmlPr rubyPr "
    "del moveFrom delText delInstrText instrText fldData ffData rt softHyphen pgNum "
    "footnoteRef endnoteRef annotationRef commentReference"
)
_SKIPPED = frozenset(W + name for name in _PASSED_OVER.split())
_SIGNS = {
    _T: None,
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    _M + "t": None,
}
# Symbols of the Wingdings font that stand for a tick or a box in forms.
_WINGDINGS = {
    0xA8: "□",
    0x6F: "□",
    0xFE: "☑",
    0x52: "☑",
    0xFC: "√",
    0x50: "√",
    0xFB: "×",
    0xFD: "☒",
}


def blocks(data: bytes) -> Document:
    """The body of a .docx (or of a flat OPC or Word 2003 .xml) in reading order.

    ``Place.line`` is the running number of the paragraph; ``table`` counts drawn tables.
    Raises CannotRead: ``error.damaged``, ``error.encrypted``, ``error.too_large``.
    """
    if data.startswith(b"PK"):
        return _document(_ZipParts(data))
    if len(data) > archive.MAX_PART:
        raise notes.error("error.too_large", what=f"> {archive.MAX_PART >> 20} MB")
    if _WORD_2003 not in data[:4096]:
        return _document(_FlatParts(data))
    for old, new in (
        (_WORD_2003, W[1:-1].encode()),
        (b"w:vmerge", b"w:vMerge"),
        (b"w:hmerge", b"w:hMerge"),
    ):
        data = data.replace(old, new)
    return _body(archive.parse(data, "Word 2003 XML"), _Reader())


def _document(parts: _Parts) -> Document:
    name = _main_part(parts)
    related = _relations(parts, name)
    found = _body(parts.tree(name), _Reader(*_looks(parts, related)))
    chunk = related.get("aFChunk")
    if chunk is None or not parts.has(chunk):
        return found
    # A web page kept whole inside, as content systems export "Word" files.
    from gongkai.statute.readers import html

    inside = html.blocks(parts.read(chunk))
    return Document(found.blocks + inside.blocks, "docx", found.notes + inside.notes)


def _looks(parts: _Parts, related: Mapping[str, str]) -> tuple[Numbering | None, frozenset[str]]:
    """What other parts say of how text looks: list numbers, and styles of hidden text."""
    numbering = _tree(parts, related.get("numbering"))
    styles = None
    if numbering is not None or parts.mentions(related.get("styles"), b"vanish"):
        styles = _tree(parts, related.get("styles"))
    labels = Numbering(numbering, styles) if numbering is not None else None
    return labels, _hidden_styles(styles)


def _body(root: etree._Element, reader: _Reader) -> Document:
    body = _child(root, W + "body")
    if body is None:
        raise notes.error("error.damaged", reason="no body")
    page = Page()
    page.add(reader.items(body))
    return Document(tuple(page.blocks), "docx", (*page.notes, *reader.said()))


class _ZipParts:
    """The parts of a package kept as a zip file."""

    def __init__(self, data: bytes) -> None:
        self._zip: zipfile.ZipFile = archive.open_zip(data)
        # Some writers begin names with a slash or use backslashes.
        self._names = {n.replace("\\", "/").lstrip("/"): n for n in self._zip.namelist()}

    def has(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> bytes:
        return archive.read(self._zip, self._names.get(name, name))

    def tree(self, name: str) -> etree._Element:
        content = self.read(name)
        if content.startswith(b"<") and b":body" in content and b"<![CDATA[" not in content:
            content = _LOOKS.sub(b"", content)
        return archive.parse(content, name)

    def mentions(self, name: str | None, word: bytes) -> bool:
        """Whether a part may hold a word: most need no parsing to say no."""
        return name in self._names and word in self.read(self._names[name])


class _FlatParts:
    """The parts of a package kept in one XML file (``pkg:package``)."""

    def __init__(self, data: bytes) -> None:
        root = archive.parse(data, "package")
        self._parts: dict[str, etree._Element] = {}
        for part in root.iter(_PKG + "part"):
            content = part.find(_PKG + "xmlData")
            if content is not None and len(content):
                self._parts[(part.get(_PKG + "name") or "").lstrip("/")] = content[0]

    def has(self, name: str) -> bool:
        return name in self._parts

    def tree(self, name: str) -> etree._Element:
        if name not in self._parts:
            raise notes.error("error.damaged", reason=f"{name} is missing")
        return self._parts[name]

    def read(self, name: str) -> bytes:
        raise notes.error("error.damaged", reason=f"{name}: binary data in XML")

    def mentions(self, name: str | None, word: bytes) -> bool:
        return name in self._parts


_Parts = _ZipParts | _FlatParts


def _main_part(parts: _Parts) -> str:
    """The part that holds the document, as the package's relations name it."""
    main = _relations(parts, "").get("officeDocument")
    return main if main and parts.has(main) else "word/document.xml"


def _relations(parts: _Parts, name: str) -> dict[str, str]:
    """The parts a part refers to: last word of the relation's type -> name of the part."""
    folder, base = posixpath.split(name)
    rels = posixpath.join(folder, "_rels", base + ".rels")
    found: dict[str, str] = {}
    if not parts.has(rels):
        return found
    for node in parts.tree(rels):
        target = node.get("Target") or ""
        if node.get("TargetMode") == "External" or not target:
            continue
        kind = (node.get("Type") or "").rpartition("/")[2]
        found[kind] = posixpath.normpath(posixpath.join(folder, target.replace("\\", "/"))).lstrip(
            "/"
        )
    return found


def _tree(parts: _Parts, name: str | None) -> etree._Element | None:
    return parts.tree(name) if name and parts.has(name) else None


def _hidden_styles(styles: etree._Element | None) -> frozenset[str]:
    """Character styles whose text is hidden."""
    if styles is None:
        return frozenset()
    return frozenset(
        node.get(W + "styleId") or ""
        for node in styles.iter(W + "style")
        if _on(node.find(f"{W}rPr/{W}vanish"))
    )


def _child(node: etree._Element, tag: str) -> etree._Element | None:
    """The child of that name: the first one as a rule, as the schema puts properties first."""
    if len(node) and node[0].tag == tag:
        return node[0]
    return next(node.iterchildren(tag), None)


def _on(node: etree._Element | None) -> bool:
    """Whether a toggle property is there and not switched off."""
    return node is not None and node.get(_VAL) not in _OFF


def _number(node: etree._Element | None, otherwise: int) -> int:
    """The whole number a property holds, capped; ``otherwise`` where it is missing or no number."""
    try:
        return min(int(node.get(_VAL) or ""), MAX_SPAN) if node is not None else otherwise
    except ValueError:
        return otherwise


class _Reader:
    """Turns the children of a body or a cell into items, keeping list numbers and fields."""

    def __init__(
        self,
        numbering: Numbering | None = None,
        hidden_styles: frozenset[str] = frozenset(),
    ) -> None:
        self._numbering = numbering
        self._hidden_styles = hidden_styles
        self._fields: list[bool] = []  # for each open field: whether its result has begun
        self._aside: list[Item] = []  # pictures and text boxes of the paragraph being read
        self._carried = ""  # text of a paragraph whose end mark was deleted
        self._hidden: list[str] = []
        self._struck: list[str] = []
        self._footnotes = 0
        self._runs: Mapping[str, Callable[[etree._Element, list[str]], None]] = {
            _SDT: self._content_control,
            _CHOICE_OR_FALLBACK: self._alternate,
            W + "fldChar": self._field,
            W + "sym": self._symbol,
            W + "drawing": self._drawing,
            W + "pict": self._drawing,
            W + "object": self._drawing,
            W + "footnoteReference": self._footnote,
            W + "endnoteReference": self._footnote,
        }

    def said(self) -> Iterator[Note]:
        """Notes on what was left out of the body."""
        for id, texts in (("read.hidden_text", self._hidden), ("read.struck_text", self._struck)):
            text = "；".join(t.strip() for t in texts if t.strip())
            if text:
                yield notes.note(id, text=text if len(text) <= 200 else text[:200] + "…")
        if self._footnotes:
            yield notes.note("read.footnotes", count=self._footnotes)

    def items(self, parent: etree._Element) -> list[Item]:
        """Paragraphs, tables and pictures among the children of a body, a cell or a text box."""
        found: list[Item] = []
        for node in parent:
            tag = node.tag
            if tag == _P:
                self._paragraph(node, found)
            elif tag in _SKIPPED:
                continue
            elif tag == _TBL:
                self._end_carried(found)
                table = self._table(node)
                if table.boxes:
                    found.append(table)
            elif tag == _SDT:
                content = _child(node, _SDT_CONTENT)
                if content is not None:
                    found.extend(self.items(content))
            elif tag == _CHOICE_OR_FALLBACK:
                branch = _branch(node)
                if branch is not None:
                    found.extend(self.items(branch))
            elif len(node):
                found.extend(self.items(node))
        self._end_carried(found)
        return found

    def _end_carried(self, found: list[Item]) -> None:
        """Text whose paragraph mark was deleted, with no paragraph behind it to go on in."""
        if self._carried:
            if self._carried.strip():
                found.append(self._carried.strip())
            self._carried = ""

    def _paragraph(self, node: etree._Element, found: list[Item]) -> None:
        properties = _child(node, _PPR)
        if self._numbering is None and len(node) == (0 if properties is None else 1):
            return  # nothing in it, as in most cells of an empty form
        outer, self._aside = self._aside, []
        fields, self._fields = self._fields, []
        pieces: list[str] = []
        self._inline(node, pieces)
        text = self._carried + "".join(pieces)
        self._carried = ""
        if properties is not None:
            mark = _child(properties, _RPR)
            if mark is not None and len(mark) and _child(mark, _DELETED) is not None:
                self._carried = text
                text = ""
            else:
                text = self._label(properties) + text
        elif self._numbering is not None:
            text = self._numbering.label(None, None, None) + text
        text = text.strip()
        if text:
            found.append(text)
        found.extend(self._aside)
        self._aside, self._fields = outer, fields

    def _label(self, properties: etree._Element) -> str:
        """The list number shown before a paragraph."""
        if self._numbering is None:
            # Word 2003 XML stores the number it showed.
            stored = _child(properties, W + "listPr")
            shown = _child(stored, _WX + "t") if stored is not None else None
            return shown.get(_WX + "val") or "" if shown is not None else ""
        style = _child(properties, W + "pStyle")
        list_id = level = None
        numbered = _child(properties, W + "numPr")
        if numbered is not None and _child(numbered, _DELETED) is None:
            id_node, level_node = _child(numbered, W + "numId"), _child(numbered, W + "ilvl")
            list_id = id_node.get(_VAL) if id_node is not None else None
            level = _number(level_node, 0) if level_node is not None else None
            if list_id is not None and level is None:
                level = 0
        return self._numbering.label(list_id, level, style.get(_VAL) if style is not None else None)

    # 行内: what stands within a paragraph
    def _inline(self, parent: etree._Element, out: list[str]) -> None:
        for node in parent:
            tag = node.tag
            if tag == _R:
                self._run(node, out)
            elif tag in _SKIPPED:
                continue
            elif tag in _SIGNS:
                if all(self._fields):
                    sign = _SIGNS[tag]
                    out.append(node.text or "" if sign is None else sign)
            elif tag in self._runs:
                self._runs[tag](node, out)
            elif len(node):
                self._inline(node, out)  # hyperlink, ins, smartTag, ruby, fldSimple, …

    def _run(self, node: etree._Element, out: list[str]) -> None:
        look = _child(node, _RPR)
        if look is None or not len(look):
            self._inline(node, out)
            return
        found = {child.tag: child for child in look}
        style, vanish = found.get(W + "rStyle"), found.get(W + "vanish")
        hidden = _on(vanish)
        if vanish is None and style is not None:
            hidden = style.get(_VAL) in self._hidden_styles
        struck = _on(found.get(W + "strike")) or _on(found.get(W + "dstrike"))
        if hidden or struck:
            aside: list[str] = []
            self._inline(node, aside)
            (self._hidden if hidden else self._struck).append("".join(aside))
        elif _raised(found.get(W + "vertAlign")):
            mark: list[str] = []
            self._inline(node, mark)
            out.append("".join(mark).translate(script.SUPERSCRIPT))
        else:
            self._inline(node, out)

    def _content_control(self, node: etree._Element, out: list[str]) -> None:
        content = _child(node, _SDT_CONTENT)
        if content is not None:
            self._inline(content, out)

    def _alternate(self, node: etree._Element, out: list[str]) -> None:
        branch = _branch(node)
        if branch is not None:
            self._inline(branch, out)

    def _field(self, node: etree._Element, out: list[str]) -> None:
        kind = node.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _symbol(self, node: etree._Element, out: list[str]) -> None:
        try:
            code = int(node.get(W + "char") or "", 16)
        except ValueError:
            return
        font = (node.get(W + "font") or "").lower()
        if 0xF000 <= code <= 0xF0FF:
            code -= 0xF000
        if font.startswith("wingdings"):
            out.append(_WINGDINGS.get(code, "\ufffd"))
        elif 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFF:
            out.append(chr(code))

    def _footnote(self, node: etree._Element, out: list[str]) -> None:
        self._footnotes += 1

    def _drawing(self, node: etree._Element, out: list[str]) -> None:
        """Text boxes are read once the paragraph ends; a picture is named if it is large."""
        for found in _shapes(node):
            if found.tag == W + "txbxContent":
                self._aside.extend(self.items(found))
            elif docx_pictures.is_large(node, found):
                self._aside.append(Drawing(docx_pictures.description(node)))

    # 表格
    def _table(self, node: etree._Element) -> Table:
        table = _Rows()
        for row in _wrapped(node, _TR):
            properties = _child(row, _TRPR)
            found = {} if properties is None else {child.tag: child for child in properties}
            if _DELETED in found:
                continue
            if _on(found.get(W + "hidden")):
                self._hide_row(row)
                continue
            table.new_row(_number(found.get(W + "gridBefore"), 0))
            for cell in _wrapped(row, _TC):
                self._cell(cell, table)
        return table.done()

    def _hide_row(self, row: etree._Element) -> None:
        for cell in _wrapped(row, _TC):
            self._hidden.extend(i for i in self.items(cell) if isinstance(i, str))

    def _cell(self, node: etree._Element, table: _Rows) -> None:
        properties = _child(node, _TCPR)
        items = self.items(node)
        span, down, along = 1, None, None
        for child in () if properties is None else properties:
            tag = child.tag
            if tag == _GRID_SPAN:
                span = max(_number(child, 1), 1)
            elif tag == _V_MERGE:
                down = child
            elif tag == _H_MERGE:
                along = child
        if (_continues(along) and table.widen(span)) or (_continues(down) and table.extend(span)):
            # What stands in a cell that is merged into another is not shown.
            self._hidden.extend(i for i in items if isinstance(i, str))
        else:
            table.add(span, items, merges=down is not None)


class _Rows:
    """Lays cells into rows and columns, following merges down and along."""

    def __init__(self) -> None:
        self._boxes: list[Box] = []
        self._open: dict[int, Box] = {}  # column -> the box that may go on downwards
        self._row = -1
        self._column = 0
        self._columns = 0
        self._fresh = False  # whether a box was added to this row already

    def new_row(self, before: int) -> None:
        # A merge ends where the row above did not carry it on.
        done = self._row
        self._open = {c: b for c, b in self._open.items() if b.row + b.row_span > done}
        self._row += 1
        self._column = before
        self._fresh = False

    def add(self, span: int, items: list[Item], *, merges: bool) -> None:
        box = Box(self._row, self._column, 1, span, items)
        self._boxes.append(box)
        self._open.pop(self._column, None)
        if merges:
            self._open[self._column] = box
        self._fresh = True
        self._advance(span)
        if len(self._boxes) > MAX_CELLS:
            raise notes.error("error.too_large", what=f"> {MAX_CELLS} cells in a table")

    def extend(self, span: int) -> bool:
        """Carry the box above on into this row; False where there is none."""
        above = self._open.get(self._column)
        if above is None or above.row + above.row_span != self._row:
            return False
        above.row_span += 1
        self._fresh = False
        self._advance(span)
        return True

    def widen(self, span: int) -> bool:
        """Make the box to the left wider; False where there is none in this row."""
        if not self._fresh:
            return False
        self._boxes[-1].column_span += span
        self._advance(span)
        return True

    def done(self) -> Table:
        return Table(self._boxes, self._row + 1, self._columns)

    def _advance(self, span: int) -> None:
        self._column += span
        self._columns = max(self._columns, self._column)
        if self._columns > MAX_COLUMNS:
            raise notes.error("error.too_large", what=f"> {MAX_COLUMNS} columns in a table")


def _continues(merge: etree._Element | None) -> bool:
    """Whether a merge property says that its cell goes on with the one before."""
    return merge is not None and merge.get(_VAL) != "restart"


def _wrapped(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also inside content controls and the like."""
    for node in parent:
        if node.tag == tag:
            yield node
        elif node.tag == _CHOICE_OR_FALLBACK:
            branch = _branch(node)
            if branch is not None:
                yield from _wrapped(branch, tag)
        elif node.tag not in _SKIPPED and node.tag not in (_P, _TBL):
            yield from _wrapped(node, tag)


def _branch(node: etree._Element) -> etree._Element | None:
    """The one branch of an alternate content that is shown: the first choice, else the fallback."""
    choice = node.find(_MC + "Choice")
    return choice if choice is not None else node.find(_MC + "Fallback")


def _raised(align: etree._Element | None) -> bool:
    return align is not None and align.get(_VAL) == "superscript"


def _shapes(node: etree._Element) -> Iterator[etree._Element]:
    """Text boxes and pictures within a drawing, each once."""
    for child in node:
        if child.tag in (W + "txbxContent", _PIC + "pic", _VML + "imagedata"):
            yield child
        elif child.tag == _CHOICE_OR_FALLBACK:
            branch = _branch(child)
            if branch is not None:
                yield from _shapes(branch)
        else:
            yield from _shapes(child)
