"""工作簿 (.xlsx): what an officer works on: the report's text, its three tables, what was found.

Sheets: 报告 (text, one paragraph to a row), the tables in the official layout with formulas in
the total cells, 检查结果, 说明. The first and the tables read back (``readers.workbook``), also
after another program saved the file. The same report gives the same bytes.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter

from gongkai.statute.findings import Finding
from gongkai.statute.report import AnnualReport
from gongkai.statute.texts import Lang
from gongkai.statute.writers import (
    Written,
    paper,
    unsaid,
    xlsx_about,
    xlsx_findings,
    xlsx_tables,
)
from gongkai.statute.writers.xlsx_formats import Fitting, Formats, height, set_page
from gongkai.statute.writers.xlsx_names import (
    CONTINUED,
    KINDS,
    LABELS,
    SCHEMA,
    TEXT,
    section_labels,
)

_WIDTH = 92.0  # characters of the column of 报告 that holds the text
LONGEST = 32_767  # characters of a cell

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_BEGINNING = datetime.datetime(1980, 1, 1)  # noqa: DTZ001 -- of zip files; no clock here


def write(report: AnnualReport, *, lang: Lang = "zh", findings: Sequence[Finding] = ()) -> Written:
    """The report as a workbook; ``findings`` are what the checks say of it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.calc_on_load = True  # some programs store what they cannot compute; these then do
    properties = {"title": paper.file_title(report), "created": _BEGINNING}
    if report.organ:
        properties["company"] = paper.clean(report.organ)
    book.set_properties(properties)
    book.set_custom_property("gongkai", SCHEMA)
    formats = Formats(book)
    _text_sheet(book, formats, report)
    grids = xlsx_tables.grids(report.edition) if report.edition else ()
    for grid in grids:
        xlsx_tables.Sheet(book, formats, grid, report, lang).write()
    xlsx_findings.write(book, formats, report, findings, lang)
    xlsx_about.write(book, formats, report, lang)
    book.close()
    return Written(out.getvalue(), unsaid.control(report))


def _text_sheet(book: Any, formats: Formats, report: AnnualReport) -> None:
    """报告: item and content, row by row; a heading row before each section's paragraphs."""
    sheet = book.add_worksheet(TEXT, worksheet_class=Fitting)
    sheet.set_column(0, 0, 19)
    sheet.set_column(1, 1, _WIDTH)
    set_page(sheet, repeat=(0, 0))
    sheet.freeze_panes(1, 0)
    sheet.write_string(0, 0, "项目", formats("columns"))
    sheet.write_string(0, 1, "内容", formats("columns"))
    item = formats("item")
    row = 0
    for name, look, text in _lines(report):
        for label, piece in _pieces(name, paper.clean(text)):
            row += 1
            sheet.set_row(row, height([(piece, _WIDTH)]) if look == "prose" else 22)
            sheet.write_string(row, 0, label, formats(look) if look == "mark" else item)
            if piece:
                sheet.write_string(row, 1, piece, formats(look))
            else:
                sheet.write_blank(row, 1, None, formats(look))


def _lines(report: AnnualReport) -> Iterator[tuple[str, str, str]]:
    """(item, format, text) of each row."""
    first, last = report.period or (None, None)
    yield LABELS["title"], "big", report.title or ""
    yield LABELS["organ"], "prose", report.organ or ""
    yield LABELS["year"], "prose", "" if report.year is None else str(report.year)
    yield LABELS["edition"], "prose", report.edition or ""
    yield LABELS["kind"], "prose", KINDS[report.kind]
    yield LABELS["period"], "prose", f"{first} 至 {last}" if first else ""
    yield LABELS["signed_on"], "prose", str(report.signed_on or "")
    for line in report.preamble.split("\n"):
        yield LABELS["preamble"], "prose", line
    for no, passages in report.sections.items():
        for printing, passage in enumerate(passages, 1):
            heading, prose = section_labels(no, printing)
            yield heading, "heading", passage.title
            for line in passage.text.split("\n"):
                yield prose, "prose", line
    yield LABELS["schema"], "mark", SCHEMA  # for programs, so it comes last


def _pieces(label: str, text: str) -> Iterator[tuple[str, str]]:
    """A text in pieces a cell holds; a piece never ends within a pair of surrogates."""
    yield label, text[:LONGEST]
    for start in range(LONGEST, len(text), LONGEST):
        yield CONTINUED, text[start : start + LONGEST]
