"""位置与元素: which paragraph and which cell of a Word file each place of its reading is.

The same reading as `readers.docx`, of a tree that is not cut down, so that a form can be filled
where it was read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from gongkai.statute import notes
from gongkai.statute.readers import archive, docx
from gongkai.statute.readers.blocks import Document
from gongkai.statute.readers.docx_numbering import W
from gongkai.statute.readers.layout import Box, Item, Page
from gongkai.statute.report import Place

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(?=[\w/])")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


@dataclass(slots=True)
class Located:
    """一份 Word 文件: its reading, its tree, and the elements that its places stand for."""

    name: str
    """The part the tree came from (word/document.xml)."""
    root: etree._Element
    strict: bool
    """Whether the part was written in the namespaces of Strict OOXML."""
    document: Document = field(default_factory=lambda: Document((), "docx"))
    paragraphs: dict[int, etree._Element] = field(default_factory=dict)
    """``Place.line`` to the paragraph (w:p)."""
    texts: dict[int, str] = field(default_factory=dict)
    """``Place.line`` to the text read there, its list number included."""
    cells: dict[tuple[int, int, int], etree._Element] = field(default_factory=dict)
    """Table, row and column of a place to the cell (w:tc)."""

    def cell(self, place: Place) -> etree._Element | None:
        """The cell a place stands for; None where it is not in a drawn table."""
        if place.table is None or place.row is None or place.column is None:
            return None
        return self.cells.get((place.table, place.row, place.column))


def locate(data: bytes) -> Located:
    """Read a .docx and keep where everything stood.

    Raises CannotRead: ``error.damaged``, ``error.encrypted``, ``error.too_large``.
    """
    parts = docx._ZipParts(data)
    name = docx._main_part(parts)
    content = parts.read(name)
    if content.count(b"<") > archive.MAX_TAGS:
        raise notes.error("error.too_large", what=f"{name}: > {archive.MAX_TAGS} tags")
    strict = b"//purl.oclc.org/ooxml/" in content
    if strict:
        content = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
    try:
        root = etree.fromstring(content, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise notes.error("error.damaged", reason=f"{name}: {fault}") from None
    found = Located(name, root, strict)
    body = root.find(W + "body")
    if body is None:
        raise notes.error("error.damaged", reason="no body")
    reader = _Reader(*docx._looks(parts, docx._relations(parts, name)))
    page = _Page(found)
    page.add(reader.items(body))
    found.document = Document(tuple(page.blocks), "docx", (*page.notes, *reader.said()))
    return found


class _Text(str):
    """A paragraph's text that knows its paragraph."""

    node: etree._Element


class _Items(list[Item]):
    """What stands in a cell, knowing the cell."""

    parent: etree._Element


class _Reader(docx._Reader):
    def items(self, parent: etree._Element) -> list[Item]:
        found = _Items(super().items(parent))
        found.parent = parent
        return found

    def _paragraph(self, node: etree._Element, found: list[Item]) -> None:
        before = len(found)
        super()._paragraph(node, found)
        if len(found) > before and type(found[before]) is str:
            text = found[before] = _Text(found[before])
            text.node = node


class _Page(Page):
    def __init__(self, found: Located) -> None:
        super().__init__()
        self._found = found

    def paragraph(self, text: str) -> None:
        super().paragraph(text)
        if isinstance(text, _Text):
            self._found.paragraphs[self._lines] = text.node
            self._found.texts[self._lines] = str(text)

    def _grid(self, rows: Sequence[Sequence[Box]], number: int) -> None:
        super()._grid(rows, number)
        for box in (box for row in rows for box in row):
            if isinstance(box.items, _Items):
                self._found.cells[number, box.row + 1, box.column + 1] = box.items.parent
