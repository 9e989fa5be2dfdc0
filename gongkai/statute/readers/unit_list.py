"""单位名单: the names of the units expected, from a text file, a workbook, or words on a line.

A list comes as officials keep it: one name a line, or a sheet with 序号, 单位名称 and remarks, in
any encoding. Numbers before a name, headings and blank lines are no names.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from gongkai.statute import notes
from gongkai.statute.readers import encodings, ole, sheet_ods, sheet_xls, sheet_xlsx, sniff

_HAN = re.compile(r"[\u3400-\u9fff]{2}")
_ORGAN = re.compile(
    r"(?:政府|办公室|委员会|办事处|中心|队|公司|校|院|[局厅委办部处站所镇乡馆会社团署]|街道|本级|机关)"
    r"(?:[（(].*[）)])?$"
)
_HEADING = re.compile(
    r"(?:单位|机关|部门|机构)(?:名称|全称|简称)?|名\s*称|全\s*称|.*(?:名单|一览表|汇总表|目录)"
)
_NUMBER = re.compile(
    r"^\s*(?:[（(]?\d+[)）.．、\s]+|[（(]?[一二三四五六七八九十]+[)）.．、]+|[-*•·]\s*)"
)
_BETWEEN = re.compile(r"[,，、;；\t](?![^（(]*[)）])")  # not inside brackets


def names(data: bytes, name: str = "") -> list[str]:
    """The names in a file, in order, each once; raises CannotRead (``error.*``)."""
    carrier = sniff.carrier(data, name)
    if carrier in ("xlsx", "xls", "ods"):
        rows = _sheets(data, carrier)
    elif carrier in ("text", "csv", "html"):
        rows = _lines(data)
    else:
        raise notes.error("error.unit_list")
    found = list(dict.fromkeys(_column(rows)))
    if not found:
        raise notes.error("error.unit_list")
    return found


def words(text: str) -> list[str]:
    """Names written one after the other, with commas or 、 between them."""
    return list(dict.fromkeys(n for part in _BETWEEN.split(text) if (n := _clean(part))))


def _sheets(data: bytes, carrier: str) -> list[list[str]]:
    if carrier == "xlsx":
        sheets = sheet_xlsx.sheets(data)
    elif carrier == "ods":
        sheets = list(sheet_ods.sheets(data))
    else:
        assert data.startswith(ole.MAGIC)
        sheets = sheet_xls.sheets(data)
    shown = [s for s in sheets if not s.hidden]
    return [[text for text, _ in row] for sheet in shown for row in sheet.rows]


def _lines(data: bytes) -> list[list[str]]:
    text, _ = encodings.decode(data)
    sign = sniff.delimiter(text) or ","
    if "\t" in text:
        sign = "\t"
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign)]
    except csv.Error:
        raise notes.error("error.unit_list") from None


def _column(rows: Sequence[Sequence[str]]) -> list[str]:
    """The column with the most organs' names, and those beside it under the same heading; one
    line of names counts as a column."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if len(filled) == 1 or (filled and max(len(row) for row in filled) == 1):
        return [n for row in filled for cell in row for n in words(cell) if not _is_heading(n)]
    columns = [
        [row[at] for row in filled if len(row) > at]
        for at in range(max((len(row) for row in filled), default=0))
    ]
    best = max(columns, key=lambda column: _organs(_named(column)), default=[])
    headings = {cell for cell in map(_clean, best) if _is_heading(cell)}
    if not headings:
        return _named(best)
    # 名单排成两栏时，两栏的表头相同
    alike = [column for column in columns if headings & set(map(_clean, column))]
    return [name for column in alike for name in _named(column)]


def _named(column: Sequence[str]) -> list[str]:
    return [name for name in map(_clean, column) if name and not _is_heading(name)]


def _organs(column: Sequence[str]) -> int:
    return sum(2 if _ORGAN.search(name) else 0 for name in set(column)) * 1000 + len(set(column))


def _is_heading(name: str) -> bool:
    return bool(_HEADING.fullmatch(name.replace(" ", "")))


def _clean(cell: str) -> str:
    """A name without its number; empty where it is none."""
    if cell.lstrip().startswith("#"):
        return ""
    name = _NUMBER.sub("", " ".join(cell.split())).strip(" .．、,，;；")
    return name if _HAN.search(name) else ""
