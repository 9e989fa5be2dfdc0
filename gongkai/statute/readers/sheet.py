"""电子表格 (.xlsx, .xls, .ods) 与分隔文本 (.csv): sheets to paragraphs and grids.

A sheet has no drawn tables, only rows: rows of one text that are a title, a heading of a section
or prose become paragraphs, what stands between them becomes grids, cut at empty rows.
"""

from __future__ import annotations

import csv
import datetime
import functools
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import python_calamine as calamine

from gongkai.statute import forms, notes
from gongkai.statute.readers import (
    archive,
    encodings,
    headings,
    labels,
    layout,
    ole,
    script,
    sheet_ods,
    sheet_xls,
    sheet_xlsx,
    sniff,
)
from gongkai.statute.readers.blocks import Document
from gongkai.statute.readers.sheet_ods import Field, Merge
from gongkai.statute.report import CannotRead, Note

_CSV_LIMIT = 20 << 20
_NAMELESS = re.compile(r"(?:sheet|工作表|表格?|页)\s*\d*(?:\s*\(\d+\))?", re.I)
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
_ARTICLE = re.compile(r"\s*第\s*[一二三四五六七八九十\d]+\s*条")


@dataclass(slots=True)
class Sheet:
    """一张工作表: rows of fields from its upper left corner on; a field that is not there at all
    (a short line of a .csv) is missing from its row."""

    name: str
    rows: Sequence[Sequence[Field]]
    merges: Sequence[Merge] = field(default=())
    endless: bool = True  # a position without a field is an empty cell


def blocks(data: bytes) -> Document:
    """The sheets of a file in order; the kind of file is told by its first bytes.

    ``Place.table`` counts grids, ``row`` and ``column`` are those of the sheet.
    Raises CannotRead: ``error.damaged``, ``error.encrypted``, ``error.too_large``.
    """
    said: list[Note] = []
    if data.startswith(b"PK"):
        carrier = "ods" if _is_ods(data) else "xlsx"
        sheets = _ods(data, said) if carrier == "ods" else _workbook(data, said)
    elif data.startswith(ole.MAGIC):
        carrier, sheets = "xls", _workbook(data, said)
    else:
        carrier, sheets = "csv", _csv(data, said)
    page = layout.Page()
    shown = [sheet for sheet in sheets if any(text for row in sheet.rows for text, _ in row)]
    for sheet in shown:
        if _is_heading(sheet.name, alone=len(shown) == 1):
            page.paragraph(sheet.name)
        _lay_out(sheet, page, said)
    if script.is_traditional("".join(text for s in shown for row in s.rows for text, _ in row)):
        said.append(notes.note("read.traditional"))
    return Document(tuple(page.blocks), carrier, (*said, *page.notes))


def _is_ods(data: bytes) -> bool:
    with archive.open_zip(data) as opened:
        return "content.xml" in opened.namelist()


def _is_heading(name: str, *, alone: bool) -> bool:
    """Whether a sheet's name says something: it may be the only title its table has."""
    if not _HAN.search(name) or _NAMELESS.fullmatch(name.strip()):
        return False
    return not alone or headings.section_of(name) is not None


# 载体
def _csv(data: bytes, said: list[Note]) -> list[Sheet]:
    if len(data) > _CSV_LIMIT:
        raise notes.error("error.too_large", what=f"> {_CSV_LIMIT >> 20} MB")
    text, encoding = encodings.decode(data)
    if not encoding.startswith("utf-8"):
        said.append(notes.note("read.encoding", encoding=encoding))
    sign = sniff.delimiter(text) or ","
    try:
        rows = [
            [(value.strip(), False) for value in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        ]
    except csv.Error as fault:
        raise notes.error("error.damaged", reason=f"CSV: {fault}") from None
    return [Sheet("", rows, endless=False)]


def _ods(data: bytes, said: list[Note]) -> list[Sheet]:
    shown: list[Sheet] = []
    for sheet in sheet_ods.sheets(data):
        if sheet.hidden:
            _say_hidden(sheet.name, said)
            continue
        _say_unknown(sheet.name, sheet.unknown, said)
        rows = [
            [(_plain_number(t) if native else t, native) for t, native in r] for r in sheet.rows
        ]
        shown.append(Sheet(sheet.name, rows, merges=sheet.merges))
    return shown


def _workbook(data: bytes, said: list[Note]) -> list[Sheet]:
    """The visible sheets of an .xlsx or .xls, error values put back where they stand."""
    is_zip = data.startswith(b"PK")
    by_name = sheet_xlsx.inspect(data) if is_zip else {}
    in_order = [] if is_zip else sheet_xls.inspect(data)
    shown: list[Sheet] = []
    for index, (meta, sheet) in enumerate(_opened(data)):
        if sheet is None:
            _say_hidden(meta.name, said)
            continue
        if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        facts = by_name.get(meta.name) or sheet_xlsx.Facts()
        if index < len(in_order):
            facts = in_order[index]
        shown.append(_sheet(meta.name, sheet, facts))
        _say_unknown(meta.name, facts.unknown, said)
    return shown


def _opened(
    data: bytes,
) -> list[tuple[calamine.SheetMetadata, calamine.CalamineSheet | None]]:
    """Each worksheet, in order; None for a hidden one."""
    found: list[tuple[calamine.SheetMetadata, calamine.CalamineSheet | None]] = []
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for index, meta in enumerate(book.sheets_metadata):
                shown = meta.visible is calamine.SheetVisibleEnum.Visible
                found.append((meta, book.get_sheet_by_index(index) if shown else None))
    except calamine.PasswordError:
        raise notes.error("error.encrypted") from None
    except CannotRead:
        raise
    except Exception as fault:
        raise notes.error("error.damaged", reason=str(fault)) from None
    except BaseException as fault:
        # A fault the library did not foresee comes as a panic of its own kind.
        if type(fault).__name__ != "PanicException":
            raise
        raise notes.error("error.damaged", reason=type(fault).__name__) from None
    return found


def _sheet(name: str, sheet: calamine.CalamineSheet, facts: sheet_xlsx.Facts) -> Sheet:
    rows = [[_field(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for row, column in facts.unknown:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = "", False
    for (row, column), text in facts.errors.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([("", False)] * (column + 1 - len(rows[row])))
        rows[row][column] = text, False
    merges = [(r0, c0, r1, c1) for (r0, c0), (r1, c1) in sheet.merged_cell_ranges or ()]
    return Sheet(name, rows, merges)


def _field(value: object) -> Field:
    """What a cell shows, as text, and whether the file stores a number."""
    if isinstance(value, str):
        return value.strip(), False
    if isinstance(value, bool):
        return str(value).upper(), False
    if isinstance(value, int | float):
        return _plain_number(f"{value:.15g}" if isinstance(value, float) else str(value)), True
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat(), False
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat(), False
    return str(value), False


def _plain_number(text: str) -> str:
    """A stored number in plain decimal notation: 5, 4.339, never 5.0 or 1e+20."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return text
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _say_hidden(name: str, said: list[Note]) -> None:
    said.append(notes.note("read.hidden_text", text=f"“{name}”"))


def _say_unknown(name: str, places: Sequence[tuple[int, int]], said: list[Note]) -> None:
    if places:
        cells = "、".join(f"{_letters(c)}{r + 1}" for r, c in places[:8])
        cells += "…" if len(places) > 8 else ""
        said.append(notes.note("read.formula", sheet=name, cells=cells))


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


# 版面
@dataclass(slots=True)
class _Merged:
    """合并单元格: positions covered by another cell, and the spans of those that cover them."""

    covered: set[tuple[int, int]] = field(default_factory=set)
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    reached: set[int] = field(default_factory=set)  # rows that a cell of a row above reaches


def _lay_out(sheet: Sheet, page: layout.Page, said: list[Note]) -> None:
    """A sheet's rows as paragraphs and grids."""
    merged = _merged(sheet)
    hidden = "；".join(filter(None, (_text(sheet, *at) for at in sorted(merged.covered))))
    if hidden:
        said.append(notes.note("read.hidden_text", text=hidden[:200]))
    lone = [_lone(line, row, merged) for row, line in enumerate(sheet.rows)]
    for is_table, rows in _runs(merged, lone):
        if is_table:
            page.table(_table(sheet, rows, merged))
        else:
            for row in rows:
                if text := lone[row]:
                    page.paragraph(text)


def _merged(sheet: Sheet) -> _Merged:
    """The merges of a sheet as far as its rows go."""
    merged = _Merged()
    for first_row, first, last_row, last in sheet.merges:
        down = min(last_row, len(sheet.rows) - 1) - first_row + 1
        across = min(last - first + 1, layout.MAX_SPAN)
        if down < 1 or across < 1:
            continue
        if len(merged.covered) + down * across > sheet_xlsx.MAX_AREA:
            raise notes.error("error.too_large", what="merged cells")
        merged.spans[first_row, first] = down, across
        merged.reached.update(range(first_row + 1, first_row + down))
        for row in range(first_row, first_row + down):
            merged.covered.update((row, column) for column in range(first, first + across))
        merged.covered.discard((first_row, first))
    return merged


def _text(sheet: Sheet, row: int, column: int) -> str:
    line = sheet.rows[row]
    return line[column][0] if column < len(line) else ""


def _lone(line: Sequence[Field], row: int, merged: _Merged) -> str | None:
    """The text of a row that holds one text and nothing else; "" for an empty row, else None."""
    filled = [
        (text, native)
        for column, (text, native) in enumerate(line)
        if text and (row, column) not in merged.covered
    ]
    if not filled:
        return ""
    if len(filled) != 1 or filled[0][1] or layout.is_figure(filled[0][0]):
        return None
    return filled[0][0]


def _runs(merged: _Merged, lone: Sequence[str | None]) -> Iterator[tuple[bool, list[int]]]:
    """The rows in stretches: (True, rows of a table) or (False, rows of one text each)."""
    held: list[int] = []
    for row, text in enumerate(lone):
        if text == "":
            # An empty row ends a table, unless a merged cell reaches over it.
            if held and row in merged.reached:
                held.append(row)
            else:
                yield from _edged(held, lone)
                held = []
        elif text is not None and _stands_alone(text):
            yield from _edged(held, lone)
            held = []
            yield False, [row]
        else:
            held.append(row)
    yield from _edged(held, lone)


def _edged(rows: list[int], lone: Sequence[str | None]) -> Iterator[tuple[bool, list[int]]]:
    """A table's rows apart from its title above and its signature below."""
    first, last = 0, len(rows)
    while first < last and _is_outside(lone[rows[first]]):
        first += 1
    while last > first and _is_outside(lone[rows[last - 1]]):
        last -= 1
    for is_table, part in ((False, rows[:first]), (True, rows[first:last]), (False, rows[last:])):
        if part:
            yield is_table, part


def _stands_alone(text: str) -> bool:
    """A text that is no row of a table, wherever it stands: prose, or a section's heading."""
    return layout.is_prose(text) or headings.section_of(text) is not None


def _is_outside(text: str | None) -> bool:
    """A lone text at the edge of a table that is no row of the form with nothing filled in."""
    if text is None or _ARTICLE.match(text):
        return False
    core = labels.core(text)
    return core not in labels.signs() and core not in _row_labels()


@functools.cache
def _row_labels() -> frozenset[str]:
    """The labels of all rows of all editions, also those that stand in several tables."""
    return frozenset(
        core
        for edition in forms.editions()
        for rows in labels.vocabulary(edition).rows.values()
        for core in rows
    )


def _table(sheet: Sheet, rows: list[int], merged: _Merged) -> layout.Table:
    """Rows of a sheet as boxes; rows and columns are those of the whole sheet."""
    edges = [column for row in rows for column, (text, _) in enumerate(sheet.rows[row]) if text]
    for row, column in merged.spans.keys() & {(r, c) for r in rows for c in range(max(edges) + 1)}:
        edges += [column, column + merged.spans[row, column][1] - 1]
    left, right = min(edges), max(edges)
    if len(rows) * (right - left + 1) > layout.MAX_CELLS:
        raise notes.error("error.too_large", what=f"> {layout.MAX_CELLS} cells in a table")
    boxes: list[layout.Box] = []
    for row in rows:
        line = sheet.rows[row]
        for column in range(left, right + 1 if sheet.endless else min(len(line), right + 1)):
            if (row, column) in merged.covered:
                continue
            down, across = merged.spans.get((row, column), (1, 1))
            text, native = line[column] if column < len(line) else ("", False)
            items: list[layout.Item] = [text] if text else []
            down = min(down, rows[-1] - row + 1)
            boxes.append(layout.Box(row, column, down, across, items, native))
    return layout.Table(boxes, rows[-1] + 1, right + 1)
