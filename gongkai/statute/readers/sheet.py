"""电子表格 (.xlsx, .xls, .ods) 与分隔文本 (.csv): sheets to paragraphs and grids.

A sheet has no drawn tables, only rows: rows of one text that are a title, a heading of a section
or prose become paragraphs, what stands between them becomes grids, cut at empty rows.
"""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from gongkai.statute import forms, notes
from gongkai.statute.readers import (
    archive,
    encodings,
    headings,
    labels,
    layout,
    ole,
    sheet_ods,
    sheet_xls,
    sheet_xlsx,
    sniff,
)
from gongkai.statute.readers.blocks import Document
from gongkai.statute.readers.sheet_cells import EMPTY, MAX_AREA, Field, Sheet
from gongkai.statute.report import Note
from gongkai.statute.writers import xlsx_names

_CSV_LIMIT = 20 << 20
_NAMELESS = re.compile(r"(?:sheet|工作表|表格?|页)\s*\d*(?:\s*\(\d+\))?", re.I)
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
_ARTICLE = re.compile(r"\s*第\s*[一二三四五六七八九十\d]+\s*条")


def blocks(data: bytes) -> Document:
    """The sheets of a file in order; the kind of file is told by its first bytes.

    ``Place.table`` counts grids, ``row`` and ``column`` are those of the sheet.
    Raises CannotRead: ``error.damaged``, ``error.encrypted``, ``error.too_large``.
    """
    carrier, sheets, said = contents(data)
    page = layout.Page()
    shown = [s for s in sheets if not s.hidden and any(text for row in s.rows for text, _ in row)]
    for sheet in shown:
        if _is_heading(sheet.name, alone=len(shown) == 1):
            page.paragraph(sheet.name)
        lay_out(sheet, page, said)
    return Document(tuple(page.blocks), carrier, (*said, *page.notes))


def contents(data: bytes) -> tuple[str, list[Sheet], list[Note]]:
    """The kind of file, its sheets in order, and what its user should know of them."""
    said: list[Note] = []
    if data.startswith(b"PK"):
        carrier = "ods" if _is_ods(data) else "xlsx"
        sheets = list(sheet_ods.sheets(data)) if carrier == "ods" else sheet_xlsx.sheets(data)
    elif data.startswith(ole.MAGIC):
        carrier, sheets = "xls", sheet_xls.sheets(data)
    else:
        carrier, sheets = "csv", _csv(data, said)
    sheets = [_without_check(sheet) for sheet in sheets]
    for sheet in sheets:
        said.extend(_said(sheet))
    if any(sheet.formulas for sheet in sheets):
        said.append(_uncalculated(sheets))
    return carrier, sheets, said


def _is_ods(data: bytes) -> bool:
    with archive.open_zip(data) as opened:
        return "content.xml" in opened.namelist()


def _said(sheet: Sheet) -> Iterator[Note]:
    """What the user should know of a sheet."""
    if sheet.hidden:
        yield notes.note("read.hidden_text", text=f"“{sheet.name}”")
    if sheet.tucked:
        yield notes.note("read.hidden_rows", sheet=sheet.name)
    if sheet.unknown:
        cells = "、".join(f"{_letters(c)}{r + 1}" for r, c in sheet.unknown[:8])
        cells += "…" if len(sheet.unknown) > 8 else ""
        yield notes.note("read.formula", sheet=sheet.name, cells=cells)


def _uncalculated(sheets: Sequence[Sheet]) -> Note:
    """Of all formulas without a result: how many, and where the first few are."""
    found = [(s.name, row, column) for s in sheets for row, column in s.formulas]
    places = "、".join(f"{name}!{_letters(column)}{row + 1}" for name, row, column in found[:6])
    places += "…" if len(found) > 6 else ""
    return notes.note("read.formula_without_value", count=len(found), cells=places)


def _without_check(sheet: Sheet) -> Sheet:
    """A sheet without the row of 勾稽检查 our workbook has below table 3: no part of the report."""
    ours = {
        number
        for number, row in enumerate(sheet.rows)
        if next((text for text, _ in row if text), "").startswith(xlsx_names.CHECK_ROW)
    }
    if not ours:
        return sheet
    rows: list[Sequence[Field]] = [
        [] if number in ours else row for number, row in enumerate(sheet.rows)
    ]
    while rows and not rows[-1]:
        rows.pop()
    formulas = [at for at in sheet.formulas if at[0] not in ours]
    unknown = [at for at in sheet.unknown if at[0] not in ours]
    return replace(sheet, rows=rows, formulas=formulas, unknown=unknown)


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _is_heading(name: str, *, alone: bool) -> bool:
    """Whether a sheet's name says something: it may be the only title its table has."""
    if not _HAN.search(name) or _NAMELESS.fullmatch(name.strip()):
        return False
    return not alone or headings.section_of(name) is not None


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
    return [Sheet(rows=rows, endless=False)]


# 版面
@dataclass(slots=True)
class _Merged:
    """合并单元格: positions covered by another cell, and the spans of those that cover them."""

    covered: set[tuple[int, int]] = field(default_factory=set)
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    reached: set[int] = field(default_factory=set)  # rows that a cell of a row above reaches


def lay_out(sheet: Sheet, page: layout.Page, said: list[Note]) -> None:
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
        if len(merged.covered) + down * across > MAX_AREA:
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
    if filled[0][0].startswith("="):
        return None  # a formula without a result: a figure that is not known
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
            text, native = line[column] if column < len(line) else EMPTY
            items: list[layout.Item] = [text] if text else []
            down = min(down, rows[-1] - row + 1)
            boxes.append(layout.Box(row, column, down, across, items, native))
    return layout.Table(boxes, rows[-1] + 1, right + 1)
