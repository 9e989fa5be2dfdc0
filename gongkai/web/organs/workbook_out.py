"""写出工作簿: the empty one to fill in, the filled one of a subtree, the one with its problems.

Everything is written as text, row by row: codes keep their zeros, and what looks like a formula
stays what it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import IO, Any

import xlsxwriter

from gongkai.web.accounts.models import Account
from gongkai.web.organs import queries, tree, workbook
from gongkai.web.organs.import_problems import Problem
from gongkai.web.organs.models import (
    Appointment,
    Organ,
    OrganName,
    Placement,
    Reconsideration,
)
from gongkai.web.organs.workbook import SheetSpec
from gongkai.web.organs.workbook_in import Book, Line

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LAST = 1_048_575
_PROMPT = 250  # characters that a spreadsheet shows beside a cell


def template(out: IO[bytes]) -> None:
    """The empty workbook, with the guide first."""
    write(out, {})


def export(out: IO[bytes], top: Organ) -> dict[str, int]:
    """The workbook of an organ and all below it; returns how many rows each sheet has."""
    inside = {"organ__path__gte": top.path, "organ__path__lt": tree.end(top.path)}
    return write(
        out,
        {
            "organs": _organs(top, inside),
            "names": _names(inside),
            "reconsiderations": _reconsiderations(inside),
            "people": _people(inside),
            "appointments": _appointments(inside),
        },
    )


def write(out: IO[bytes], rows: Mapping[str, Iterable[Sequence[str]]]) -> dict[str, int]:
    """A workbook with these rows, by the sheets' ids, a text for each column; says how many."""
    book = xlsxwriter.Workbook(out, _OPTIONS)
    _guide(book)
    counts = {}
    for spec in workbook.SHEETS:
        page = book.add_worksheet(spec.title)
        _headings(book, page, spec)
        count = 0
        for count, row in enumerate(rows.get(spec.id, ()), 1):
            for at, text in enumerate(row):
                if text:
                    page.write_string(count, at, text)
        page.autofilter(0, 0, max(count, 1), len(spec.columns) - 1)
        counts[spec.id] = count
    if rows:
        book.get_worksheet_by_name(workbook.ORGANS.title).activate()
    book.close()
    return counts


def _headings(book: Any, page: Any, spec: SheetSpec) -> None:
    text = book.add_format({"num_format": "@"})
    needed = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FDEBC8"})
    free = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F4"})
    for at, column in enumerate(spec.columns):
        page.set_column(at, at, column.width, text)
        page.write_string(0, at, column.label, needed if column.needed else free)
        rule: dict[str, Any] = {"validate": "any", "ignore_blank": True}
        allowed = workbook.choices(spec.id, column.id)
        if allowed:
            rule = {"validate": "list", "source": list(allowed), "ignore_blank": True}
            rule |= {"error_title": "请从列表里选", "error_message": "只能填列表里的值。"}
        if column.help:
            rule |= {"input_title": column.label, "input_message": column.help[:_PROMPT]}
        page.data_validation(1, at, _LAST, at, rule)
    page.freeze_panes(1, 1)


def _guide(book: Any) -> None:
    page = book.add_worksheet(workbook.GUIDE)
    bold = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F4"})
    title = book.add_format({"bold": True, "font_size": 13})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for at, width in enumerate((16, 8, 60, 44, 26)):
        page.set_column(at, at, width)
    page.write_string(0, 0, "机关和人员导入工作簿", title)
    row = 2
    for number, rule in enumerate(workbook.RULES, 1):
        page.write_string(row, 0, f"{number}. {rule}")
        row += 1
    for spec in workbook.SHEETS:
        row += 1
        page.write_string(row, 0, f"“{spec.title}”表", title)
        page.write_string(row + 1, 0, spec.help)
        row += 2
        for at, label in enumerate(("列名", "必填", "怎样填", "可填的值", "例")):
            page.write_string(row, at, label, bold)
        row += 1
        for column in spec.columns:
            allowed = workbook.listed(workbook.choices(spec.id, column.id))
            told = (column.label, "必填" if column.needed else "", column.help, allowed)
            for at, text in enumerate((*told, column.example)):
                page.write_string(row, at, text, wrap)
            row += 1
    page.freeze_panes(1, 0)


# -- rows of a subtree


def _organs(top: Organ, inside: dict[str, str]) -> Iterator[Sequence[str]]:
    placed: dict[int, date] = dict(
        Placement.objects.filter(**inside)
        .order_by("valid_from")
        .values_list("organ_id", "valid_from")
    )
    kinds, levels = workbook.words("organs", "kind"), workbook.words("organs", "level")
    rows = (
        queries.subtree(top)
        .order_by("path")
        .values_list(
            "pk",
            "code",
            "name",
            "short_name",
            "kind",
            "level",
            "parent__code",
            "credit_code",
            "division_code",
            "valid_from",
            "valid_to",
        )
    )
    for pk, code, name, short, kind, level, parent, credit, division, since, until in rows.iterator(
        chunk_size=5000
    ):
        moved = placed.get(pk, since)
        yield (
            code,
            name,
            short,
            kinds[kind],
            levels[level],
            parent or "",
            _day(moved) if moved != since else "",
            credit,
            division,
            _day(since),
            _day(until),
        )


def _names(inside: dict[str, str]) -> Iterator[Sequence[str]]:
    """Every name but the present one, which is the last."""
    rows = (
        OrganName.objects.filter(**inside)
        .order_by("organ__path", "valid_from")
        .values_list("organ__code", "name", "short_name", "valid_from", "valid_to")
    )
    before: tuple[Any, ...] | None = None
    for row in rows.iterator(chunk_size=5000):
        if before is not None and before[0] == row[0]:
            code, name, short, since, until = before
            yield code, name, short, _day(since), _day(until)
        before = row


def _reconsiderations(inside: dict[str, str]) -> Iterator[Sequence[str]]:
    rows = (
        Reconsideration.objects.filter(**inside)
        .order_by("organ__path", "valid_from")
        .values_list("organ__code", "body__code", "body_name", "valid_from", "valid_to")
    )
    for code, body, name, since, until in rows.iterator(chunk_size=5000):
        yield code, body or "", name, _day(since), _day(until)


def _people(inside: dict[str, str]) -> Iterator[Sequence[str]]:
    states = workbook.words("people", "state")
    keys = Appointment.objects.filter(**inside).values("account_id")
    rows = (
        Account.objects.filter(pk__in=keys)
        .order_by("username")
        .values_list("username", "name", "phone", "email", "is_active")
    )
    for username, name, phone, email, active in rows.iterator(chunk_size=5000):
        yield username, name, phone, email, states["active" if active else "suspended"]


def _appointments(inside: dict[str, str]) -> Iterator[Sequence[str]]:
    roles = workbook.words("appointments", "role")
    rows = (
        Appointment.objects.filter(**inside)
        .order_by("organ__path", "account__username", "role", "valid_from")
        .values_list("account__username", "organ__code", "role", "valid_from", "valid_to")
    )
    for username, code, role, since, until in rows.iterator(chunk_size=5000):
        yield username, code, roles[role], _day(since), _day(until)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


# -- the file given back with its problems


def with_problems(out: IO[bytes], book: Book, problems: Iterable[Problem]) -> None:
    """The file's own rows again, each with its problems behind it; its cells marked.

    Every cell stays where it was, so that the letters of the page are those of the file. Filled
    in and uploaded again it is read like any other: the last column is passed over. The sheet
    that explains the columns comes along.
    """
    told: dict[str, dict[int, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    general = []
    for one in problems:
        if one.sheet:
            told[one.sheet][one.row].append(one)
        else:
            general.append(one)
    made = xlsxwriter.Workbook(out, _OPTIONS)
    formats = {
        "text": made.add_format({"num_format": "@"}),
        "said": made.add_format({"text_wrap": True, "valign": "top", "font_color": "#A61B1B"}),
        "wrong": made.add_format({"num_format": "@", "bg_color": "#FAD4D4"}),
        "warned": made.add_format({"num_format": "@", "bg_color": "#FDEBC8"}),
        "bold": made.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F4"}),
    }
    taken: set[str] = set()
    first, guided = "", False
    for part in book.parts:
        title = part.title
        if workbook.plain(title) == workbook.GUIDE and not guided:
            _guide(made)
            guided = True
        if workbook.plain(title) == workbook.GUIDE or title.lower() in taken or not title:
            continue
        if not taken:
            first = title[:31]
        taken.add(title.lower())
        page = made.add_worksheet(title[:31])
        _with_problems(page, formats, book.lines(part), told.get(title, {}), general)
        general = []
    if not taken:
        page = made.add_worksheet(workbook.PROBLEM)
        page.write_string(0, 0, " ".join(p.words for p in general))
    else:
        made.get_worksheet_by_name(first).activate()
    made.close()


def _with_problems(
    page: Any,
    formats: Mapping[str, Any],
    lines: Iterator[Line],
    told: Mapping[int, list[Problem]],
    general: list[Problem],
) -> None:
    page.set_column(0, 40, 18, formats["text"])
    at_end = own = -1
    for at, line in enumerate(lines):
        if at == 0:
            plain = [workbook.plain(c) for c in line.cells]
            own = plain.index(workbook.PROBLEM) if workbook.PROBLEM in plain else -1
            at_end = own if own >= 0 else _end(line, told)
            page.set_column(at_end, at_end, 60, formats["text"])
            found = [*general, *told.get(0, ()), *told.get(line.number, ())]
            _heading_row(page, formats, line, found, own, at_end)
            continue
        found = told.get(line.number, [])
        if found:
            page.write_string(line.number - 1, at_end, _said(found), formats["said"])
        marks = {p.place: "warned" if p.warning else "wrong" for p in reversed(found)}
        _cells(page, formats, line, marks, own)
    page.freeze_panes(1, 1)


def _end(line: Line, told: Mapping[int, list[Problem]]) -> int:
    """The first column behind every heading, and behind every cell that a problem is about."""
    places = (p.place for found in told.values() for p in found)
    return max([len(line.cells) - 1, *places]) + 1


def _said(found: Iterable[Problem]) -> str:
    return "\n".join(f"{p.label}：{p.words}" if p.label else p.words for p in found)


def _heading_row(
    page: Any, formats: Mapping[str, Any], line: Line, found: list[Problem], own: int, at_end: int
) -> None:
    """Headings stay in their row; what is wrong with the sheet is told in the note of our own
    heading, and in the cells of the headings themselves."""
    page.write_string(line.number - 1, at_end, workbook.PROBLEM, formats["bold"])
    if found:
        options = {"visible": True, "x_scale": 3}
        page.write_comment(line.number - 1, at_end, _said(found), options)
    wrong = {p.place for p in found}
    for place, text in enumerate(line.cells):
        if place != own and text:
            style = "wrong" if place in wrong else "bold"
            page.write_string(line.number - 1, place, text, formats[style])


def _cells(
    page: Any, formats: Mapping[str, Any], line: Line, marks: Mapping[int, str], own: int
) -> None:
    last = max([len(line.cells) - 1, *marks])
    for place in range(last + 1):
        text = line.cells[place] if place < len(line.cells) else ""
        style = marks.get(place)
        if place == own or not (text or style):
            continue
        if text:
            page.write_string(line.number - 1, place, text, formats[style or "text"])
        else:
            page.write_blank(line.number - 1, place, None, formats[style or "text"])
