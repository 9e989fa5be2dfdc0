"""导出: the rows of a list as XLSX or CSV, by the same filters and the same visibility as the list.

Text that a spreadsheet would take for a formula stays text: XLSX writes it as a string, CSV puts an
apostrophe before it. Both are written row by row, in constant memory.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MOST_ROWS = 1_048_575  # of a sheet, below its heading


def plain(value: Any) -> str | int | float:
    """A value as a spreadsheet holds it: numbers stay numbers, moments become local text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def safe(value: str | int | float) -> str | int | float:
    """For CSV: text that would begin a formula gets an apostrophe before it, and a number longer
    than a spreadsheet can hold a tab, so that no digit of a code is lost."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    if isinstance(value, str) and value.isdigit() and (len(value) > 11 or value[0] == "0"):
        return "\t" + value
    return value


def sheet(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "导出"
) -> FileResponse:
    """An XLSX download with frozen headings and a filter."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    write_sheet(out, headings, rows, title=title)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type=XLSX)


def write_sheet(
    out: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str
) -> int:
    """Writes the workbook; returns the number of rows below the heading."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    page = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "valign": "vcenter"})
    for at, heading in enumerate(headings):
        page.set_column(at, at, min(48, 6 + 2 * len(heading)))
        page.write_string(0, at, heading, bold)
    page.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        if count > _MOST_ROWS:
            count -= 1
            break
        for at, value in enumerate(row):
            told = plain(value)
            if isinstance(told, str):
                page.write_string(count, at, told)
            else:
                page.write_number(count, at, told)
    page.autofilter(0, 0, count, max(0, len(headings) - 1))
    book.close()
    return count


class _Echo:
    def write(self, line: str) -> str:
        return line


def comma_separated(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """A CSV download, UTF-8 with a mark so that spreadsheets see Chinese."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([safe(h) for h in headings])
        for row in rows:
            yield writer.writerow([safe(plain(v)) for v in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    header = content_disposition_header(True, name)
    if header:
        response["Content-Disposition"] = header
    return response
