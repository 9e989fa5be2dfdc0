"""导入的行: cells to values, each checked by itself; what is wrong is noted and reading goes on.

A column that the file does not have leaves what is known untouched; an empty cell empties it.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gongkai.web.organs import codes, workbook
from gongkai.web.organs.import_problems import Problem
from gongkai.web.organs.workbook import Column, SheetSpec
from gongkai.web.organs.workbook_in import Book, Line, Part

STEP = 2000  # rows between two signs of progress
_CODE = re.compile(r"[A-Z0-9-]{2,32}")
_USERNAME = re.compile(r"[\w.@-]+")
_PHONE = re.compile(r"[0-9+\-() （）—－转、；;,，/]*")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EARLIEST, _LATEST = 1900, 2200


@dataclass(slots=True)
class Row:
    """一行的共同部分: ``bad`` are the columns whose cells could not be used."""

    row: int = 0
    bad: set[str] = field(default_factory=set)


@dataclass(slots=True)
class OrganRow(Row):
    code: str = ""
    name: str = ""
    short_name: str = ""
    kind: str = ""
    level: str = ""
    parent: str = ""
    placed_from: date | None = None
    credit_code: str = ""
    division_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(slots=True)
class NameRow(Row):
    code: str = ""
    name: str = ""
    short_name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(slots=True)
class ReconsiderationRow(Row):
    code: str = ""
    body: str = ""
    body_name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(slots=True)
class PersonRow(Row):
    username: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    state: str = ""


@dataclass(slots=True)
class PostRow(Row):
    username: str = ""
    code: str = ""
    role: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(slots=True)
class Table:
    """一张表的内容: rows as values, and where each column stands in the file."""

    spec: SheetSpec
    title: str = ""
    places: dict[str, int] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)

    def has(self, column: str) -> bool:
        """Whether the file has the column at all."""
        return column in self.places

    def problem(
        self, id: str, row: Row | int, column: str = "", value: object = "", **about: object
    ) -> Problem:
        """A problem of this table, told at a row's column."""
        return Problem(
            id,
            self.title or self.spec.title,
            row if isinstance(row, int) else row.row,
            self.places.get(column, -1),
            self.spec.column(column).label if column else "",
            shown(value),
            {k: shown(v) for k, v in about.items()},
        )


@dataclass(slots=True)
class Tables:
    """文件的内容: the five tables and what was wrong with sheets, columns and cells."""

    organs: Table
    names: Table
    reconsiderations: Table
    people: Table
    appointments: Table
    problems: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[Table]:
        yield from (
            self.organs,
            self.names,
            self.reconsiderations,
            self.people,
            self.appointments,
        )

    @property
    def rows(self) -> int:
        return sum(len(t.rows) for t in self)


_ROWS: dict[str, type[Row]] = {
    "organs": OrganRow,
    "names": NameRow,
    "reconsiderations": ReconsiderationRow,
    "people": PersonRow,
    "appointments": PostRow,
}
# Columns without which a row of the table says nothing.
_KEYS = {
    "organs": ("code",),
    "names": ("code", "name", "valid_from", "valid_to"),
    "reconsiderations": ("code", "valid_from"),
    "people": ("username",),
    "appointments": ("username", "code", "role", "valid_from"),
}


def shown(value: object) -> str:
    """A value as a problem names it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def read(book: Book, progress: Callable[[int], None] = lambda done: None) -> Tables:
    """Every table of the workbook; raises CannotRead for a damaged one."""
    made = [Table(s) for s in workbook.SHEETS]
    tables = Tables(made[0], made[1], made[2], made[3], made[4])
    known = {t.spec.title: t for t in tables}
    done = 0
    for part in book.parts:
        title = workbook.plain(part.title)
        if title == workbook.GUIDE:
            continue
        table = known.get(title)
        lines = book.lines(part)
        if table is None or part.hidden or table.title:
            _pass_over(part, lines, tables.problems, known=table is not None)
            continue
        table.title = part.title
        for count in _fill(table, lines, tables.problems):
            progress(done + count)
        done += len(table.rows)
    titles = workbook.listed(known)
    if not any(t.title for t in tables):
        tables.problems.append(Problem("book.no_sheet", "", about={"titles": titles}))
    elif not tables.rows and not tables.problems:
        tables.problems.append(Problem("book.empty", ""))
    return tables


def _pass_over(part: Part, lines: Iterator[Line], problems: list[Problem], *, known: bool) -> None:
    """A sheet that is not read is told, unless it is empty."""
    if next(lines, None) is None:
        return
    if not known:
        titles = workbook.listed(s.title for s in workbook.SHEETS)
        if not part.hidden:
            problems.append(Problem("sheet.unknown", part.title, about={"titles": titles}))
        return
    problems.append(Problem("sheet.hidden" if part.hidden else "sheet.twice", part.title))


def _fill(table: Table, lines: Iterator[Line], problems: list[Problem]) -> Iterator[int]:
    """Reads the rows below the headings; yields now and then how many are done."""
    done = 0
    first = next(lines, None)
    if first is None:
        return
    headed = _headings(table, first, problems)
    if any(key not in table.places for key in _KEYS[table.spec.id]):
        return
    reader = _Cells(table, headed, problems)
    for line in lines:
        row = reader.row(line)
        if row is not None:
            table.rows.append(row)
        done += 1
        if done % STEP == 0:
            yield done
    yield done


def _headings(table: Table, line: Line, problems: list[Problem]) -> set[int]:
    """Finds the columns by their headings; returns the places that have one, known or not."""
    spec = table.spec
    headed = {place for place, text in enumerate(line.cells) if text}
    for place in sorted(headed):
        text = line.cells[place]
        column = workbook.heading(spec, text)
        if column is not None and column.id not in table.places:
            table.places[column.id] = place
        elif workbook.plain(text) != workbook.PROBLEM:
            labels = workbook.listed(c.label for c in spec.columns if c.id not in table.places)
            id = "column.unknown" if column is None else "column.twice"
            problems.append(
                Problem(id, table.title, line.number, place, text, text, {"labels": labels})
            )
    for key in _KEYS[spec.id]:
        if key not in table.places:
            label = spec.column(key).label
            problems.append(
                Problem("column.missing", table.title, line.number, about={"label": label})
            )
    return headed


class Cell(NamedTuple):
    """一格的结果: a value, or which problem it is."""

    value: Any
    problem: str = ""
    about: Mapping[str, object] = MappingProxyType({})


class _Cells:
    """Reads the lines of one table."""

    def __init__(self, table: Table, headed: set[int], problems: list[Problem]) -> None:
        self._table = table
        self._make = _ROWS[table.spec.id]
        self._problems = problems
        self._headed = headed
        self._columns = [
            (place, c, _PARSERS[c.kind], c.needed and c.id != "parent", table.spec.id)
            for c in table.spec.columns
            if (place := table.places.get(c.id, -1)) >= 0
        ]

    def row(self, line: Line) -> Row | None:
        """The row's values; None where none of our columns holds anything."""
        cells, marks = line.cells, line.marks
        width = len(cells)
        if not any(cells[p] or p in marks for p, *_ in self._columns if p < width):
            self._stray(line)
            return None
        made = self._make(line.number)
        for place, column, parse, needed, sheet in self._columns:
            text = cells[place] if place < width else ""
            mark = marks.get(place, "") if marks else ""
            if not text and not mark:
                if needed:
                    self._wrong(made, column, place, "", Cell("", "cell.needed"))
                continue
            found = _marked(column, text, mark) or parse(sheet, column, text)
            if found.problem:
                self._wrong(made, column, place, text, found)
            else:
                setattr(made, column.id, found.value)
        self._stray(line)
        return made

    def _stray(self, line: Line) -> None:
        """Contents where no heading says what they are."""
        for place, text in enumerate(line.cells):
            if text and place not in self._headed:
                self._problems.append(
                    Problem("cell.unheaded", self._table.title, line.number, place, "", text)
                )

    def _wrong(self, row: Row, column: Column, place: int, text: str, found: Cell) -> None:
        row.bad.add(column.id)
        self._problems.append(
            Problem(
                found.problem,
                self._table.title,
                row.row,
                place,
                column.label,
                text,
                found.about,
            )
        )


# -- one cell


def _marked(column: Column, text: str, mark: str) -> Cell | None:
    """What is wrong with a cell that is no text for this column; None where nothing is."""
    if len(text) > 2000:
        return Cell(None, "cell.long", {"most": column.longest or 10, "found": len(text)})
    if not mark:
        return None
    if mark in ("formula", "error", "bool"):
        return Cell(None, f"cell.{mark}")
    if mark == "date" and column.kind != "date":
        return Cell(None, "cell.date_text")
    if mark == "number" and column.kind in ("code", "credit", "division", "name", "phone"):
        if "." in text:
            return Cell(None, "cell.not_whole")
        if len(text.lstrip("-")) > 15:
            return Cell(None, "cell.inexact")
    return None


def _text(sheet: str, column: Column, text: str) -> Cell:
    if len(text) > column.longest:
        return Cell(None, "cell.long", {"most": column.longest, "found": len(text)})
    if not text.isprintable():
        text = " ".join(text.split())
        if not all(map(_is_seen, text)):
            return Cell(None, "cell.signs")
    return Cell(text)


def _is_seen(sign: str) -> bool:
    return sign.isprintable() or unicodedata.category(sign) in ("Zs", "Co")


def _code(sheet: str, column: Column, text: str) -> Cell:
    if _CODE.fullmatch(text):
        return Cell(text)
    instead = re.sub(r"[\s_—－]+", "-", unicodedata.normalize("NFKC", text).upper())
    if _CODE.fullmatch(instead):
        return Cell(None, "code.shape", {"instead": instead})
    return Cell(None, "code.shape_bare")


def _credit(sheet: str, column: Column, text: str) -> Cell:
    if codes.is_credit_code(text):
        return Cell(text)
    try:
        sign = codes.check_sign(text[:17]) if len(text) == 18 else ""
    except ValueError:
        sign = ""
    return Cell(None, "credit.check", {"instead": sign}) if sign else Cell(None, "credit.wrong")


def _division(sheet: str, column: Column, text: str) -> Cell:
    return Cell(text) if codes.is_division_code(text) else Cell(None, "division.wrong")


def _username(sheet: str, column: Column, text: str) -> Cell:
    if len(text) > column.longest:
        return Cell(None, "cell.long", {"most": column.longest, "found": len(text)})
    return Cell(text) if _USERNAME.fullmatch(text) else Cell(None, "username.shape")


def _phone(sheet: str, column: Column, text: str) -> Cell:
    if len(text) > column.longest:
        return Cell(None, "cell.long", {"most": column.longest, "found": len(text)})
    if not _PHONE.fullmatch(text) or sum(s.isdigit() for s in text) < 3:
        return Cell(None, "phone.shape")
    return Cell(text)


def _email(sheet: str, column: Column, text: str) -> Cell:
    try:
        validate_email(text)
    except ValidationError:
        return Cell(None, "email.shape")
    return Cell(text)


def _choice(sheet: str, column: Column, text: str) -> Cell:
    allowed = workbook.choices(sheet, column.id)
    value = allowed.get(text) or allowed.get(workbook.plain(text))
    if value is None:
        return Cell(None, "cell.choice", {"allowed": workbook.listed(allowed)})
    return Cell(value)


def _day(sheet: str, column: Column, text: str) -> Cell:
    found = day(text)
    return Cell(found) if found else Cell(None, "cell.date")


@functools.lru_cache(maxsize=20_000)
def day(text: str) -> date | None:
    """The day a text names: 2024-01-01, 2024/1/1, 2024.1.1, 2024年1月1日 or 20240101."""
    found = _DATE.fullmatch(text) or _DIGITS.fullmatch(text)
    if found is None:
        return None
    try:
        made = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return made if _EARLIEST <= made.year < _LATEST else None


_PARSERS: dict[str, Callable[[str, Column, str], Cell]] = {
    "code": _code,
    "credit": _credit,
    "division": _division,
    "name": _username,
    "text": _text,
    "date": _day,
    "choice": _choice,
    "phone": _phone,
    "email": _email,
}
