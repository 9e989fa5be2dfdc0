"""表格文件 (.ods): sheets of an OpenDocument spreadsheet (ISO/IEC 26300), merges included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from gongkai.statute import notes
from gongkai.statute.readers import archive
from gongkai.statute.readers.sheet_xlsx import MAX_AREA

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MANY = 1000  # a cell or row repeated more often than this fills the rest of the sheet

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column
Field = tuple[str, bool]  # text, whether the file stores a number


@dataclass(slots=True)
class OdsSheet:
    """一张工作表: its rows from the first one on, its merges, its formulas without a result."""

    name: str
    hidden: bool
    rows: list[list[Field]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)


def sheets(data: bytes) -> Iterator[OdsSheet]:
    """The sheets in order. Raises CannotRead: ``error.damaged``, ``error.encrypted``, …"""
    with archive.open_zip(data) as opened:
        manifest = "META-INF/manifest.xml"
        if manifest in opened.namelist() and b"encryption-data" in archive.read(opened, manifest):
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
            sheet = OdsSheet(
                table.get(_TABLE + "name") or "", table.get(_TABLE + "style-name") in hidden
            )
            _fill(sheet, table)
            yield sheet


def _fill(sheet: OdsSheet, table: etree._Element) -> None:
    widest = 0
    for row in table.iter(_TABLE + "table-row"):
        at = len(sheet.rows)
        fields: list[Field] = []
        for cell in row:
            if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                _add(sheet, fields, cell, at)
        while fields and not fields[-1][0]:
            fields.pop()
        times = _count(row, "number-rows-repeated")
        if times > _MANY:
            times = 1 if not fields else times
        widest = max(widest, len(fields))
        if (len(sheet.rows) + times) * max(widest, 1) > MAX_AREA:
            raise notes.error("error.too_large", what=f"{len(sheet.rows) + times} rows")
        sheet.rows.extend(list(fields) for _ in range(times))


def _add(sheet: OdsSheet, fields: list[Field], cell: etree._Element, row: int) -> None:
    """One cell, or the several it stands for."""
    shown = _field(cell)
    times = _count(cell, "number-columns-repeated")
    if times > _MANY and not shown[0]:
        times = 1
    if len(fields) + times > MAX_AREA // 100:
        raise notes.error("error.too_large", what=f"{len(fields) + times} columns")
    down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
    if down > 1 or across > 1:
        sheet.merges.append((row, len(fields), row + down - 1, len(fields) + across - 1))
    if cell.get(_TABLE + "formula") and cell.get(_OFFICE + "value-type") is None and not shown[0]:
        sheet.unknown.append((row, len(fields)))
    fields.extend([shown] * times)


def _field(cell: etree._Element) -> Field:
    kind = cell.get(_OFFICE + "value-type")
    value = cell.get(_OFFICE + "value")
    if kind in ("float", "currency", "percentage") and value:
        return value, True
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
