"""工作簿 (.xlsx): the sheets of an Office Open XML workbook (ECMA-376 part 1, 18.3).

Read from the XML itself: a general library takes references and counts in the file at their word
and reserves memory for them, which an altered file turns into the end of the process.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from gongkai.statute import notes
from gongkai.statute.readers import archive
from gongkai.statute.readers.sheet_cells import (
    EMPTY,
    Field,
    Merge,
    Sheet,
    in_rows,
    is_date_format,
    number,
)

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ON = ("1", "true")

_LONGEST = 200  # characters of a formula that are shown

_ROW = re.compile(r"[1-9]\d{0,6}")
_REF = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")

Relations = dict[str, tuple[str, str]]  # id -> last word of its type, name of the part


def sheets(data: bytes) -> list[Sheet]:
    """The worksheets in order, hidden ones by name only.

    Raises CannotRead: ``error.damaged``, ``error.encrypted``, ``error.too_large``.
    """
    with archive.open_zip(data) as opened:
        package = _Package(opened)
        book_name = package.main()
        book = package.tree(book_name)
        related = package.relations(book_name)
        named = dict(related.values())
        workbook = _Workbook(
            strings=_strings(package, named.get("sharedStrings")),
            dates=_dates(package, named.get("styles")),
            from_1904=any(n.get("date1904") in _ON for n in book.iter("{*}workbookPr")),
            stale=any(n.get("fullCalcOnLoad") in _ON for n in book.iter("{*}calcPr"))
            and not package.is_ours(),
        )
        found: list[Sheet] = []
        for node in book.iter("{*}sheet"):
            kind, part = related.get(node.get(_R + "id") or "", ("", ""))
            if kind != "worksheet":
                continue
            name = node.get("name") or ""
            if node.get("state", "visible") != "visible":
                found.append(Sheet(name, hidden=True))
            else:
                found.append(workbook.sheet(name, package.tree(part)))
        return found


class _Package:
    """The parts of a workbook's zip file."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._zip = opened
        self._names = {n.replace("\\", "/").lstrip("/"): n for n in opened.namelist()}

    def main(self) -> str:
        found = [part for kind, part in self.relations("").values() if kind == "officeDocument"]
        return found[0] if found and found[0] in self._names else "xl/workbook.xml"

    def is_ours(self) -> bool:
        """Whether we wrote it: of our formulas every result is stored, a 0 too."""
        return archive.mark_of(self._zip) != ""

    def has(self, name: str | None) -> bool:
        return name in self._names

    def tree(self, name: str) -> etree._Element:
        return archive.parse(archive.read(self._zip, self._names.get(name, name)), name)

    def relations(self, name: str) -> Relations:
        folder, base = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", base + ".rels")
        if rels not in self._names:
            return {}
        found: Relations = {}
        for node in self.tree(rels):
            target = posixpath.join(folder, (node.get("Target") or "").replace("\\", "/"))
            kind = (node.get("Type") or "").rpartition("/")[2]
            found[node.get("Id") or ""] = kind, posixpath.normpath(target).lstrip("/")
        return found


def _strings(package: _Package, name: str | None) -> list[str]:
    if name is None or not package.has(name):
        return []
    return [_text(item) for item in package.tree(name) if _is(item, "si")]


def _text(node: etree._Element) -> str:
    """The text of a string with its rich runs, without the readings above it (``rPh``)."""
    parts: list[str] = []
    for child in node:
        if _is(child, "t"):
            parts.append(child.text or "")
        elif _is(child, "r"):
            parts.append(_text(child))
    text = "".join(parts)
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def _dates(package: _Package, name: str | None) -> list[bool]:
    """Of each cell format: whether it shows dates."""
    if name is None or not package.has(name):
        return []
    root = package.tree(name)
    codes = {n.get("numFmtId"): n.get("formatCode") or "" for n in root.iter("{*}numFmt")}
    found: list[bool] = []
    for formats in root.iter("{*}cellXfs"):
        for node in formats:
            id = node.get("numFmtId") or "0"
            found.append(is_date_format(int(id) if id.isdecimal() else 0, codes.get(id)))
    return found


def _is(node: etree._Element, name: str) -> bool:
    return isinstance(node.tag, str) and node.tag.rpartition("}")[2] == name


class _Workbook:
    """What the cells of all sheets refer to."""

    def __init__(
        self, *, strings: list[str], dates: list[bool], from_1904: bool, stale: bool
    ) -> None:
        self._strings = strings
        self._dates = dates
        self._from_1904 = from_1904
        self._stale = stale

    def sheet(self, name: str, root: etree._Element) -> Sheet:
        cells: dict[tuple[int, int], Field] = {}
        formulas: list[tuple[int, int]] = []
        tucked = any(n.get("hidden") in _ON for n in root.iter("{*}row"))
        for at, node in _cells(root):
            shown, is_formula = self._field(node)
            if is_formula:
                formulas.append(at)
            if shown[0]:
                cells[at] = shown
        widest = max((column for _, column in cells), default=0)
        for n in root.iter("{*}col"):
            # Hiding all columns beyond the table is only tidiness.
            first = n.get("min") or ""
            tucked = tucked or (
                n.get("hidden") in _ON and first.isdecimal() and int(first) <= widest + 1
            )
        return Sheet(
            name, rows=in_rows(cells), merges=list(_merges(root)), formulas=formulas, tucked=tucked
        )

    def _field(self, cell: etree._Element) -> tuple[Field, bool]:
        """What a cell shows, and whether that is the text of a formula without a result.

        Some writers put a 0 there for a program to replace on opening (``fullCalcOnLoad``): no
        result either. An empty string can be one.
        """
        kind = cell.get("t") or "n"
        formula: str | None = None
        value: str | None = None
        for child in cell:
            if _is(child, "v"):
                value = child.text or ""
            elif _is(child, "is"):
                value = _text(child)
            elif _is(child, "f"):
                formula = child.text or "…"  # one that is shared stands in another cell
        if formula is not None:
            is_empty = kind != "str" and (not value or self._stale and value == "0")
            if is_empty or value is None:
                return ("=" + formula.strip()[:_LONGEST], False), True
        return self._shown(kind, value or "", cell.get("s") or ""), False

    def _shown(self, kind: str, value: str, style: str) -> Field:
        if not value:
            return EMPTY
        if kind == "s":
            index = int(value) if value.isdecimal() and len(value) < 9 else -1
            if not 0 <= index < len(self._strings):
                raise notes.error("error.damaged", reason=f"shared string {value[:20]}")
            return self._strings[index].strip(), False
        if kind == "b":
            return ("TRUE" if value == "1" else "FALSE"), False
        if kind == "d":
            return value.removesuffix("T00:00:00"), False
        if kind != "n":
            return value.strip(), False
        try:
            stored = float(value)
        except ValueError:
            return value.strip(), False
        format = int(style) if style.isdecimal() and len(style) < 9 else -1
        is_date = 0 <= format < len(self._dates) and self._dates[format]
        return number(stored, is_date=is_date, from_1904=self._from_1904)


def _cells(root: etree._Element) -> Iterator[tuple[tuple[int, int], etree._Element]]:
    """The filled cells with their positions from 0; without a reference they count on."""
    row = column = 0
    for node in root.iter("{*}row", "{*}c"):
        reference = node.get("r")
        if _is(node, "row"):
            row = row + 1 if reference is None else int(_matched(_ROW, reference)[0])
            column = 0
            continue
        if reference is None:
            column += 1
        else:
            found = _matched(_REF, reference)
            column, row = _column(found[1]), int(found[2])
        if len(node):
            yield (max(row, 1) - 1, column - 1), node


def _merges(root: etree._Element) -> Iterator[Merge]:
    for node in root.iter("{*}mergeCell"):
        first, _, last = (node.get("ref") or "").partition(":")
        start, end = _REF.fullmatch(first), _REF.fullmatch(last or first)
        if start and end:
            rows = sorted((int(start[2]) - 1, int(end[2]) - 1))
            columns = sorted((_column(start[1]) - 1, _column(end[1]) - 1))
            yield rows[0], columns[0], rows[1], columns[1]


def _matched(pattern: re.Pattern[str], reference: str) -> re.Match[str]:
    found = pattern.fullmatch(reference)
    if found is None:
        raise notes.error("error.damaged", reason=f"cell reference {reference[:20]}")
    return found


def _column(letters: str) -> int:
    """The number of a column from its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
