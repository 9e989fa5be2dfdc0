"""表格文件 (.ods): sheets of an OpenDocument spreadsheet (ISO/IEC 26300), merges included."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from gongkai.statute import notes
from gongkai.statute.readers import archive
from gongkai.statute.readers.sheet_cells import MAX_AREA, Field, Merge, Sheet, plain

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_LONGEST = 200  # characters of a formula that are shown
_REFERENCE = re.compile(r"\[\.?([^\[\]]*)\]")  # [.D5:.I5]
_MANY = 1000  # a cell or row repeated more often than this fills the rest of the sheet


def sheets(data: bytes) -> Iterator[Sheet]:
    """The sheets in order, hidden ones by name only.

    Raises CannotRead: ``error.damaged``, ``error.encrypted``, ``error.too_large``.
    """
    with archive.open_zip(data) as opened:
        if archive.is_sealed(opened):
            raise notes.error("error.encrypted")
        root = archive.parse(archive.read(opened, "content.xml"), "content.xml")
    hidden = {
        style.get(_STYLE + "name")
        for style in root.iter(_STYLE + "style")
        for look in style.iter(_STYLE + "table-properties")
        if look.get(_TABLE + "display") == "false"
    }
    for table in root.iter(_TABLE + "table"):
        parent = table.getparent()
        if parent is not None and parent.tag == _OFFICE + "spreadsheet":
            name = table.get(_TABLE + "name") or ""
            is_hidden = table.get(_TABLE + "style-name") in hidden
            yield Sheet(name, hidden=True) if is_hidden else _Reading().sheet(name, table)


class _Reading:
    """A sheet while its rows are read."""

    def __init__(self) -> None:
        self._rows: list[list[Field]] = []
        self._merges: list[Merge] = []
        self._formulas: list[tuple[int, int]] = []

    def sheet(self, name: str, table: etree._Element) -> Sheet:
        widest = 1
        tucked = False
        for row in table.iter(_TABLE + "table-row"):
            fields = self._fields(row)
            times = _count(row, "number-rows-repeated")
            if times > _MANY and not fields:
                times = 1
            tucked = tucked or bool(fields) and row.get(_TABLE + "visibility") is not None
            widest = max(widest, len(fields))
            if (len(self._rows) + times) * widest > MAX_AREA:
                raise notes.error("error.too_large", what=f"{len(self._rows) + times} rows")
            self._rows.extend(list(fields) for _ in range(times))
        return Sheet(
            name, rows=self._rows, merges=self._merges, formulas=self._formulas, tucked=tucked
        )

    def _fields(self, row: etree._Element) -> list[Field]:
        fields: list[Field] = []
        for cell in row:
            if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                self._add(fields, cell)
        while fields and not fields[-1][0]:
            fields.pop()
        return fields

    def _add(self, fields: list[Field], cell: etree._Element) -> None:
        """One cell, or the several it stands for."""
        shown = _field(cell)
        row, column = len(self._rows), len(fields)
        times = _count(cell, "number-columns-repeated")
        if times > _MANY and not shown[0]:
            times = 1
        if column + times > MAX_AREA // 100:
            raise notes.error("error.too_large", what=f"{column + times} columns")
        down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            self._merges.append((row, column, row + down - 1, column + across - 1))
        formula = cell.get(_TABLE + "formula")
        if formula and not cell.get(_OFFICE + "value-type") and not shown[0]:
            shown = _formula(formula), False
            self._formulas.append((row, column))
        fields.extend([shown] * times)


def _formula(text: str) -> str:
    """A formula as other programs write it: of:=SUM([.D5:.I5]) as =SUM(D5:I5)."""
    bare = text[text.find("=") + 1 :]
    plain_ = _REFERENCE.sub(lambda found: found[1].replace(":.", ":"), bare)
    return "=" + plain_.strip()[:_LONGEST]


def _field(cell: etree._Element) -> Field:
    kind = cell.get(_OFFICE + "value-type")
    value = cell.get(_OFFICE + "value")
    if kind in ("float", "currency", "percentage") and value:
        return plain(value), True
    if kind == "date":
        return (cell.get(_OFFICE + "date-value") or "").removesuffix("T00:00:00"), False
    return "\n".join(_plain(p) for p in cell if p.tag == _TEXT + "p"), False


def _plain(node: etree._Element) -> str:
    """The text of a paragraph, with its spaces, tabs and line breaks."""
    text = node.text or ""
    for child in node:
        if child.tag == _TEXT + "s":
            text += " " * min(_count(child, "c", _TEXT), _MANY)
        elif child.tag == _TEXT + "tab":
            text += "\t"
        elif child.tag == _TEXT + "line-break":
            text += "\n"
        elif child.tag != _OFFICE + "annotation":
            text += _plain(child)
        text += child.tail or ""
    return text


def _count(node: etree._Element, name: str, space: str = _TABLE) -> int:
    try:
        return max(int(node.get(space + name) or 1), 1)
    except ValueError:
        return 1
