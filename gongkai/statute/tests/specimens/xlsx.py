"""样本工作簿: the same report as an XLSX: merged or not, on one sheet or several."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from random import Random

import xlsxwriter

from gongkai.statute.tests.specimens.draft import Image, Para, Piece
from gongkai.statute.tests.specimens.tables import Box

Layout = Callable[[Sequence[Piece], Random], bytes]
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 -- a fixed date for equal bytes; no zone in the format


def merged(pieces: Sequence[Piece], rng: Random) -> bytes:
    """One sheet, spans as merged cells."""
    return write(pieces, rng, merge=True)


def unmerged(pieces: Sequence[Piece], rng: Random) -> bytes:
    """One sheet, nothing merged: a spanned label stands in its first cell only."""
    return write(pieces, rng, merge=False)


def sheets(pieces: Sequence[Piece], rng: Random) -> bytes:
    """A sheet for each section."""
    return write(pieces, rng, merge=rng.random() < 0.5, many=True)


def write(pieces: Sequence[Piece], rng: Random, *, merge: bool, many: bool = False) -> bytes:
    """A workbook; figures are stored as numbers or as texts, as they come."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("年度报告")
    y, native = 0, rng.choice((0.0, 0.7, 1.0))
    for piece in pieces:
        if isinstance(piece, Image):
            raise ValueError("a specimen workbook holds no pictures")
        if many and isinstance(piece, Para) and piece.role == "heading":
            sheet, y = book.add_worksheet(f"第{len(book.worksheets())}部分"), 0
        if isinstance(piece, Para):
            sheet.write_string(y, 0, piece.text)
            y += 1
            continue
        for line in piece.lines:
            for box in line:
                _box(sheet, y, box, merge=merge, native=rng.random() < native)
            y += 1
        y += 1
    book.close()
    return out.getvalue()


def _box(
    sheet: xlsxwriter.worksheet.Worksheet, y: int, box: Box, *, merge: bool, native: bool
) -> None:
    if merge and (box.rows > 1 or box.columns > 1):
        last = (y + box.rows - 1, box.column + box.columns - 1)
        sheet.merge_range(y, box.column, *last, "")
    if native and re.fullmatch(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", box.text):
        sheet.write_number(y, box.column, float(box.text))
    elif box.text:
        sheet.write_string(y, box.column, box.text)


LAYOUTS: Mapping[str, Layout] = {
    "xlsx": merged,
    "xlsx_unmerged": unmerged,
    "xlsx_sheets": sheets,
}
