"""汇总与对比的工作簿: what both workbooks share: fonts, fills, widths; text that stays text.

Every text is written as a string, so that a name beginning with = is no formula. The file holds
no day of its own making: the same content gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from gongkai.statute.report import Value
from gongkai.statute.writers.form_words import figure
from gongkai.statute.writers.xlsx_tables import exact

_PAGE = 18  # columns that can be read on one sheet of paper
_A4, _A3 = 9, 8  # numbers of papers
_SCALE = 60  # per cent, at which a sheet of very many columns is still read on A3
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # the format asks for a day; ours is no claim
_FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 16, "font_name": "黑体"},
    "head": {"bold": True, "bg_color": "#EDEDE8", "border": 1, "text_wrap": True},
    "head_figure": {
        "bold": True,
        "bg_color": "#EDEDE8",
        "border": 1,
        "text_wrap": True,
        "align": "center",
    },
    "words": {"border": 1, "text_wrap": True},
    "sub": {"border": 1, "text_wrap": True, "indent": 1},
    "sub2": {"border": 1, "text_wrap": True, "indent": 2},
    "head1": {"bold": True, "bg_color": "#EDEDE8", "border": 1, "text_wrap": True, "indent": 1},
    "head2": {"bold": True, "bg_color": "#EDEDE8", "border": 1, "text_wrap": True, "indent": 2},
    "figure": {"border": 1, "num_format": "0"},
    "money": {"border": 1, "num_format": "General"},
    "signed": {"border": 1, "num_format": "+0;-0;0"},
    "signed_money": {"border": 1, "num_format": "+General;-General;0"},
    "percent": {"border": 1, "num_format": "0.0"},
    "open": {
        "border": 1,
        "bg_color": "#FFF4D6",
        "num_format": "0",
        "align": "right",
        "text_wrap": True,
    },
    "line": {"border": 1},
    "address": {"font_size": 8, "font_color": "#8C8C8C"},
    "share": {"border": 1, "font_color": "#595959", "align": "center"},
    "open_money": {"border": 1, "bg_color": "#FFF4D6", "num_format": "General"},
    "doubt": {"border": 1, "bg_color": "#FFF6A0", "num_format": "General", "align": "right"},
    "verbatim": {"border": 1, "bg_color": "#FFE29A", "text_wrap": True},
    "figures": {"border": 1, "bg_color": "#DBEAFB", "text_wrap": True},
    "note": {"text_wrap": True, "valign": "top"},
    "term": {"bold": True, "valign": "top"},
}


class Book:
    """工作簿: sheets with our styles; `content` ends it."""

    def __init__(self, title: str, mark: str) -> None:
        self._file = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._file,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self._book.set_properties({"title": title, "created": MADE})
        self._book.set_custom_property("gongkai", mark)  # no report: not to be read as one
        self._styles = {
            name: self._book.add_format({**_FONT, **how}) for name, how in _STYLES.items()
        }

    def sheet(self, name: str, widths: Sequence[float], *, landscape: bool = True) -> Sheet:
        """A new sheet with the widths of its columns, set to print on A4 one page wide, or on
        A3 as many pages wide as it takes."""
        sheet = self._book.add_worksheet(name)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        if landscape:
            sheet.set_landscape()
        if len(widths) <= _PAGE:
            sheet.set_paper(_A4)
            sheet.fit_to_pages(1, 0)
        else:
            sheet.set_paper(_A3)
            sheet.set_print_scale(_SCALE)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&C&P / &N")
        return Sheet(sheet, self._style)

    def _style(self, name: str) -> Any:
        return self._styles[name]

    def content(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._file.getvalue()


class Sheet:
    """工作表: a sheet written row by row from the top."""

    def __init__(self, raw: Any, style: Callable[[str], Any]) -> None:
        self.raw = raw
        self.style = style
        self.row = 0

    def put(self, cells: Sequence[tuple[str | Value | None, str]], height: float = 0) -> int:
        """One row of (what, style); returns its number, from 0."""
        for at, (what, style) in enumerate(cells):
            self.cell(self.row, at, what, style)
        if height:
            self.raw.set_row(self.row, height)
        self.row += 1
        return self.row - 1

    def cell(self, row: int, column: int, what: str | Value | None, style: str) -> None:
        """One cell; None is an empty one. A figure with more digits than a spreadsheet holds is
        written as text, so that none is lost."""
        if what is None or what == "":
            self.raw.write_blank(row, column, None, self.style(style))
        elif isinstance(what, str):
            self.raw.write_string(row, column, what, self.style(style))
        elif (number := exact(what)) is None:
            self.raw.write_string(row, column, figure(what), self.style(style))
        else:
            self.raw.write_number(row, column, number, self.style(style))

    def formula(self, row: int, column: int, formula: str, value: Value | None, style: str) -> None:
        """A formula with the value it has now."""
        held = "" if value is None else value
        self.raw.write_formula(row, column, formula, self.style(style), held)

    def skip(self) -> None:
        """An empty row."""
        self.row += 1


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width, a Chinese character being two."""
    units = sum(2 if ord(ch) > 0x2E7F else 1 for ch in text)
    return max(1, -(-int(units) // max(1, int(width))))
