"""写网页、工作簿、长表: our example as .html, .xlsx with its findings, and .csv.

The reference is the least any writer must do with the same content: put the texts of the page
together, write the same cells without any format, write the same rows.
"""

from __future__ import annotations

import csv
import io
from functools import partial
from pathlib import Path

import xlsxwriter

from bench.line import Line, median
from gongkai.statute import check, read
from gongkai.statute.readers import sheet
from gongkai.statute.report import AnnualReport
from gongkai.statute.writers import paper, write

EXAMPLE = Path(__file__).parents[1] / "examples" / "07_water_bureau_2023.docx"


def lines() -> list[Line]:
    """The three carriers, each beside its reference."""
    report = read(EXAMPLE.read_bytes(), name=EXAMPLE.name)[0]
    findings = check(report).findings
    book = write(report, to="xlsx", findings=findings).data
    _, sheets, _ = sheet.contents(book)
    cells = [[[text for text, _ in row] for row in one.rows] for one in sheets]
    table = list(csv.reader(io.StringIO(write(report, to="csv").data.decode("utf-8-sig"))))
    return [
        Line(
            "write .html",
            median(partial(write, report, to="html")),
            "lay out, join",
            median(partial(_joined, report)),
            5.0,
        ),
        Line(
            "write .xlsx",
            median(partial(write, report, to="xlsx", findings=findings)),
            "XlsxWriter: same cells, bare",
            median(partial(_bare_book, cells)),
            15.0,
        ),
        Line(
            "write .csv",
            median(partial(write, report, to="csv")),
            "csv: same rows",
            median(partial(_bare_rows, table)),
            5.0,
        ),
    ]


def _joined(report: AnnualReport) -> int:
    """The texts of the page, one behind the other."""
    texts: list[str] = []
    for piece in paper.lay_out(report).pieces:
        if isinstance(piece, paper.Table):
            texts += [square.text for square in piece.squares]
        else:
            texts.append(piece.text)
    return len("".join(texts).encode())


def _bare_book(sheets: list[list[list[str]]]) -> int:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for rows in sheets:
            page = book.add_worksheet()
            for at, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        page.write_string(at, column, text)
    return len(out.getvalue())


def _bare_rows(rows: list[list[str]]) -> int:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return len(out.getvalue().encode())
