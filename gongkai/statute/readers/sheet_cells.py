"""工作表内容: what every spreadsheet reader hands over, and how stored values become text."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from gongkai.statute import notes

MAX_AREA = 500_000  # cells of the rectangle that holds all of a sheet

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0
Field = tuple[str, bool]  # text, whether the file stores a number
EMPTY: Field = ("", False)

_ESCAPED = re.compile(r"\"[^\"]*\"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]", re.IGNORECASE)
_DATE_SIGN = re.compile(r"[ymdhse]|上午|下午", re.IGNORECASE)
# Formats without a code of their own in the file: dates and times ([ECMA-376] 18.8.30).
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))


@dataclass(slots=True)
class Sheet:
    """一张工作表: rows of fields from its upper left corner on.

    A field that is not there at all (a short line of a .csv) is missing from its row; in a sheet
    that is ``endless`` it is an empty cell. ``formulas`` are the fields that hold the text of a
    formula (=SUM(D5:I5)), as the file has no result of it; ``unknown`` are formulas without a
    result whose text could not be had. ``tucked`` says whether some rows or columns are hidden.
    """

    name: str = ""
    hidden: bool = False
    rows: Sequence[Sequence[Field]] = field(default_factory=list)
    merges: Sequence[Merge] = field(default_factory=list)
    formulas: Sequence[tuple[int, int]] = ()
    unknown: Sequence[tuple[int, int]] = ()
    tucked: bool = False
    endless: bool = True


def in_rows(cells: dict[tuple[int, int], Field]) -> list[list[Field]]:
    """Cells by row and column as rows. Raises CannotRead (``error.too_large``)."""
    filled = [at for at, (text, _) in cells.items() if text]
    if not filled:
        return []
    height = max(row for row, _ in filled) + 1
    width = max(column for _, column in filled) + 1
    if height * width > MAX_AREA:
        raise notes.error("error.too_large", what=f"{height} x {width} cells")
    rows: list[list[Field]] = [[] for _ in range(height)]
    for row, column in sorted(filled):
        line = rows[row]
        line.extend([EMPTY] * (column - len(line)))
        line.append(cells[row, column])
    return rows


def number(value: float, *, is_date: bool = False, from_1904: bool = False) -> Field:
    """A stored number as a field: plain decimal notation, or an ISO date where it is shown so."""
    if is_date:
        shown = _date(value, from_1904)
        if shown is not None:
            return shown, False
    return plain(f"{value:.15g}"), True  # the 15 digits a spreadsheet shows


def plain(text: str) -> str:
    """A number in plain decimal notation: 5, 4.339, never 5.0 or 1e+20."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 40:
        return text
    shown = f"{value:f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown


@functools.lru_cache(maxsize=512)
def is_date_format(id: int, code: str | None) -> bool:
    """Whether a number format shows a date or a time; ``code`` is None for a built-in one."""
    if code is None:
        return id in _DATE_FORMATS
    bare = _ESCAPED.sub("", code.split(";")[0])
    if "general" in bare.lower() or "通用" in bare or re.search(r"[0#?]", bare.replace("ss.0", "")):
        return False
    return _DATE_SIGN.search(bare) is not None


def _date(serial: float, from_1904: bool) -> str | None:
    """The day a serial number stands for: day 1 is 1900-01-01, and 1900-02-29 is counted too."""
    if not 0 <= serial < 2_958_466:
        return None
    if from_1904:
        epoch = datetime.date(1904, 1, 1)
    else:
        epoch = datetime.date(1899, 12, 30 if serial >= 61 else 31)
    days, seconds = divmod(round(serial * 86_400), 86_400)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if serial < 1:
        return clock
    day = (epoch + datetime.timedelta(days=days)).isoformat()
    return f"{day}T{clock}" if seconds else day
