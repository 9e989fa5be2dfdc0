"""长表 (.csv) 读回: what ``writers.csv`` writes, also after a spreadsheet or a hand was at it.

Strict, as a program or a hand has written this carrier on purpose: what does not fit is an error
that names row and column and says what is expected. A spreadsheet's own habits are borne with:
another delimiter or encoding, dates with slashes, columns moved, empty rows.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from gongkai.statute import forms, notes, texts
from gongkai.statute.readers import encodings, sniff
from gongkai.statute.report import (
    NOWHERE,
    AnnualReport,
    BBox,
    Cell,
    Claim,
    Doubt,
    Kind,
    Leftover,
    Note,
    Passage,
    Place,
    State,
    Value,
)
from gongkai.statute.texts import Text
from gongkai.statute.writers.csv import COLUMNS
from gongkai.statute.writers.json import REPORT

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_MAX_BYTES = 20 << 20
_NEEDED = ("地址", "状态", "值", "原文")
_INTEGER = re.compile(r"-?\d+", re.ASCII)
_COUNTED = re.compile(r"\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_SECTION = re.compile(r"sections\.([1-9]\d?)\.([1-9]\d?)\.(title|text)", re.ASCII)
_PLACE = ("page", "table", "row", "column", "line")
_SINGLE = (
    "schema", "file", "part", "title", "organ", "kind", "year", "edition", "edition_due",
    "period", "signed_on", "contact",
)  # fmt: skip


def is_ours(data: bytes) -> bool:
    """Whether a .csv is a long form: its first row names our columns."""
    head = (encodings.probe(data, 1 << 10) or "").split("\n", 1)[0]
    if not all(name in head for name in _NEEDED):
        return False
    names = next(csv.reader([head], delimiter=_delimiter(head)), [])
    return set(_NEEDED) <= {name.strip() for name in names}


def reports(data: bytes) -> list[AnnualReport]:
    """The reports of a long form in the order of their numbers' first appearance.

    Raises CannotRead: ``error.csv`` for what does not fit, ``error.damaged``.
    """
    held: dict[str, _Held] = {}
    for row in _rows(data):
        held.setdefault(row["报告"].strip(), _Held()).take(row)
    if not held:
        raise notes.error("error.csv", at=_at(1), reason=Text("没有内容", "there is nothing in it"))
    return [one.report() for one in held.values()]


def bare(text: str) -> str:
    """A text without the apostrophe that keeps a spreadsheet from computing it."""
    return text[1:] if re.match(r"'['=+\-@\t\r\n＝＋－＠]", text) else text


# -- rows


class _Row(dict[str, str]):
    """一行: its fields by column; ``at`` is its number in a spreadsheet."""

    at: int = 0

    def wrong(self, column: str, zh: str, en: str) -> NoReturn:
        """Raise the error of this row and column."""
        raise notes.error("error.csv", at=_at(self.at, column), reason=Text(zh, en))


def _at(row: int, column: str | None = None) -> Text:
    if column is None:
        return Text(f"第 {row} 行", f"row {row}")
    return Text(f"第 {row} 行“{column}”列", f"row {row}, column “{column}”")


def _rows(data: bytes) -> list[_Row]:
    """The filled rows as mappings; the first names the columns."""
    if len(data) > _MAX_BYTES:
        raise notes.error("error.too_large", what=f"> {_MAX_BYTES >> 20} MB")
    csv.field_size_limit(_MAX_BYTES)  # of the whole process; a paragraph may be long
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text, _ = encodings.decode(data)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as fault:
        raise notes.error("error.damaged", reason=f"CSV: {fault}") from None
    names = [name.strip() for name in lines[0]]
    for name in names:
        if name and (name not in COLUMNS or names.count(name) > 1):
            shown = Text(
                f"列名“{name}”重复或不是本表的列", f"the column “{name}” is unknown or stands twice"
            )
            raise notes.error("error.csv", at=_at(1), reason=shown)
    found = []
    for number, line in enumerate(lines[1:], 2):
        if not any(value.strip() for value in line):
            continue
        row = _Row(dict.fromkeys(COLUMNS, ""))
        row.at = number
        if any(value.strip() for value in line[len(names) :]):
            zh = f"有 {len(line)} 列，表头只有 {len(names)} 列，可能是逗号没有用引号括起来"
            en = f"{len(line)} fields under {len(names)} headers: a comma outside quotes?"
            row.wrong(COLUMNS[0], zh, en)
        row.update({name: bare(value) for name, value in zip(names, line, strict=False) if name})
        found.append(row)
    return found


def _delimiter(text: str) -> str:
    return sniff.delimiter(text.split("\n", 1)[0] + "\n") or ","


# -- from rows to a report


@dataclass(slots=True)
class _Held:
    """一份报告的各行, gathered by what they are of."""

    single: dict[str, _Row] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    prose: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[tuple[str, int], _Row] = field(default_factory=dict)
    cells: dict[str, _Row] = field(default_factory=dict)
    others: dict[str, _Row] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    last: _Row | None = None

    def take(self, row: _Row) -> None:
        """One more row."""
        self.last = row
        address = row["地址"].strip()
        word = address.split(".", 1)[0]
        if address in _SINGLE:
            _once(self.single, address, row)
        elif address == "organ_names":
            self.names.append(row["值"])
        elif address == "preamble" or word == "topics" and "." in address:
            self.prose.setdefault(address, []).append(row["值"])
        elif word == "sections":
            self._section(address, row)
        elif word == "other_edition_cells":
            _once(self.others, address.partition(".")[2], row)
        elif word in _LISTS:
            self._listed(word, row)
        elif any(address in forms.form(edition).specs for edition in forms.editions()):
            _once(self.cells, address, row)
        else:
            row.wrong(
                "地址",
                f"没有“{address}”这个地址" if address else "没有填写地址",
                f"there is no address “{address}”" if address else "the address is missing",
            )

    def _section(self, address: str, row: _Row) -> None:
        found = _SECTION.fullmatch(address)
        if found is None:
            row.wrong(
                "地址",
                "文字部分的地址应写成 sections.1.1.title 或 sections.1.1.text",
                "a section's address is sections.1.1.title or sections.1.1.text",
            )
        if found[3] == "title":
            _once(self.titles, (found[1], int(found[2])), row)
        else:
            self.prose.setdefault(address, []).append(row["值"])

    def _listed(self, word: str, row: _Row) -> None:
        if word == "claims":
            self.claims.append(_claim(row))
        elif word == "leftovers":
            rest = _rest(row, {"values": list, "candidates": list})
            values, candidates = (tuple(map(str, rest[k])) for k in ("values", "candidates"))
            self.leftovers.append(Leftover(row["原文"], values, candidates, _place(row)))
        else:
            self.notes.append(Note(row["编号"], texts.same(row["说明"]), _place(row)))

    def report(self) -> AnnualReport:
        """All of it as a report."""
        schema = self.single.get("schema")
        if schema is not None and schema["值"].strip() != REPORT:
            schema.wrong("值", f"应为 {REPORT}", f"{REPORT} is due")
        edition = self._maybe("edition", _edition)
        return AnnualReport(
            file=self._maybe("file", _text) or "",
            part=self._maybe("part", _integer),
            organ=self._maybe("organ", _text),
            organ_names=tuple(self.names),
            kind=self._maybe("kind", _kind) or Kind.UNKNOWN,
            year=self._maybe("year", _year),
            edition=edition,
            edition_due=self._maybe("edition_due", _edition),
            title=self._maybe("title", _text),
            period=self._maybe("period", _period),
            signed_on=self._maybe("signed_on", _day),
            contact=self._maybe("contact", _text),
            preamble="\n".join(self.prose.get("preamble", ())),
            sections=self._sections(),
            topics={
                address.partition(".")[2]: "\n".join(lines)
                for address, lines in self.prose.items()
                if address.startswith("topics.")
            },
            cells=self._cells(edition),
            other_edition_cells={a: _cell(a, row) for a, row in self.others.items()},
            claims=tuple(self.claims),
            leftovers=tuple(self.leftovers),
            notes=tuple(self.notes),
        )

    def _maybe(self, name: str, kind: Callable[[_Row], T]) -> T | None:
        """A single item; None where its row is missing or holds nothing."""
        row = self.single.get(name)
        if row is None or not row["值"] and row["状态"].strip() != State.BLANK:
            return None
        return kind(row)

    def _sections(self) -> dict[str, tuple[Passage, ...]]:
        found: dict[str, list[Passage]] = {}
        told = [
            (no, int(k))
            for a in self.prose
            if (m := _SECTION.fullmatch(a))
            for no, k in [m.group(1, 2)]
        ]
        for no, printing in sorted({*self.titles, *told}, key=lambda at: (int(at[0]), at[1])):
            title = self.titles.get((no, printing))
            if title is None or printing != len(found.get(no, ())) + 1:
                row = title or self.last
                assert row is not None
                row.wrong(
                    "地址",
                    f"缺少 sections.{no}.{printing}.title 或它前面的一遍",
                    f"sections.{no}.{printing}.title, or the printing before it, is missing",
                )
            text = "\n".join(self.prose.get(f"sections.{no}.{printing}.text", ()))
            found.setdefault(no, []).append(Passage(title["值"], text, _place(title)))
        return {no: tuple(passages) for no, passages in found.items()}

    def _cells(self, edition: str | None) -> dict[str, Cell]:
        due = forms.form(edition).specs if edition else {}
        for address, row in self.cells.items():
            if address not in due:
                row.wrong(
                    "地址",
                    f"{edition} 年版格式没有这个地址" if edition else "没有 edition 就不能有单元格",
                    f"the {edition} form has no such address"
                    if edition
                    else "without an edition there can be no cells",
                )
        missing = [address for address in due if address not in self.cells]
        if missing:
            assert self.last is not None
            self.last.wrong(
                "地址",
                f"缺少 {len(missing)} 个单元格，第一个是 {missing[0]}；没有数的也要有一行，"
                "状态写 blank 或 absent",
                f"{len(missing)} cells are missing, {missing[0]} first; one without a figure has "
                "its row too, in state blank or absent",
            )
        return {address: _cell(address, self.cells[address]) for address in due}


_LISTS = ("claims", "leftovers", "notes")


def _once(held: dict[Any, _Row], key: Any, row: _Row) -> None:
    if key in held:
        row.wrong(
            "地址",
            f"这个地址在第 {held[key].at} 行已经有了",
            f"this address stands in row {held[key].at} already",
        )
    held[key] = row


# -- single rows


def _cell(address: str, row: _Row) -> Cell:
    is_money = _is_money(address, row)
    state = _enum(State, row, "状态")
    shown = row["值"].strip()
    if (state is State.NUMBER) != bool(shown):
        row.wrong(
            "值",
            f"状态为 {state} 时{'要有数值' if state is State.NUMBER else '数值应为空'}；"
            "填了数请把状态改为 number",
            f"state {state} {'needs a value' if state is State.NUMBER else 'has no value'}; "
            "with a figure the state is number",
        )
    doubt = Doubt(row["编号"].strip(), texts.same(row["说明"])) if row["编号"].strip() else None
    value: Value | None = None
    if shown:
        value = _decimal(row) if is_money else _integer(row)
    return Cell(
        state, value, row["原文"], row["原文单位"] or None, _place(row), _confidence(row), doubt
    )


def _is_money(address: str, row: _Row) -> bool:
    for edition in forms.editions():
        if spec := forms.form(edition).specs.get(address):
            return spec.column.type == "decimal"
    row.wrong("地址", "各版格式都没有这个地址", "no form has such an address")


def _claim(row: _Row) -> Claim:
    rest = _rest(row, {"subject": str, "cells": list, "exact": bool, "cumulative": bool})
    return Claim(
        subject=rest["subject"],
        value=_decimal(row) if rest.get("decimal") else _integer(row),
        raw=row["原文"],
        channel=rest.get("channel"),
        cells=tuple(map(str, rest["cells"])),
        unit=row["单位"] or None,
        exact=rest["exact"],
        cumulative=rest["cumulative"],
        place=_place(row),
    )


def _rest(row: _Row, due: Mapping[str, type]) -> dict[str, Any]:
    """The JSON of the last column with its keys."""
    try:
        value = json.loads(row["其他"])
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not all(
        isinstance(value.get(key), kind) for key, kind in due.items()
    ):
        keys = "、".join(due)
        row.wrong(
            "其他", f"应为 JSON 对象，有 {keys}", f"a JSON object with {', '.join(due)} is due"
        )
    return value


def _place(row: _Row) -> Place:
    numbers: dict[str, int] = {}
    bbox: BBox | None = None
    for part in filter(None, (piece.strip() for piece in row["位置"].split(";"))):
        name, _, value = part.partition("=")
        if name in _PLACE and _COUNTED.fullmatch(value):
            numbers[name] = int(value)
        elif name == "bbox" and len(box := _floats(value)) == 4:
            bbox = box[0], box[1], box[2], box[3]
        else:
            row.wrong(
                "位置",
                f"“{part}”应写成 page=1;table=2;row=3;column=4;line=5",
                f"“{part}”: page=1;table=2;row=3;column=4;line=5 is due",
            )
    return Place(**numbers, bbox=bbox) if numbers or bbox else NOWHERE


def _floats(text: str) -> list[float]:
    try:
        numbers = [float(piece) for piece in text.split(",")]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []


def _text(row: _Row) -> str:
    return row["值"]


def _integer(row: _Row) -> int:
    shown = row["值"].strip()
    if not _INTEGER.fullmatch(shown) or len(shown) > 40:
        row.wrong(
            "值",
            f"应为整数，写的是 {shown[:40]}{_spoiled(shown)}",
            f"{shown[:40]} is no whole number",
        )
    return int(shown)


def _decimal(row: _Row) -> Decimal:
    shown = row["值"].strip()
    if not _DECIMAL.fullmatch(shown) or len(shown) > 40:
        row.wrong(
            "值",
            f"应为以万元计的数，写的是 {shown[:40]}{_spoiled(shown)}",
            f"{shown[:40]} is no amount in 万元",
        )
    return Decimal(shown)


def _spoiled(shown: str) -> str:
    """What a spreadsheet did to a long number."""
    return "（被电子表格改成了科学记数，请按原文重填）" if re.search(r"\dE\+?\d", shown) else ""


def _confidence(row: _Row) -> float:
    shown = row["把握"].strip()
    try:
        value = float(shown) if shown else 1.0
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        row.wrong(
            "把握", f"应在 0 和 1 之间，写的是 {shown[:40]}", f"{shown[:40]} is not between 0 and 1"
        )
    return value


def _year(row: _Row) -> int:
    year = _integer(row)
    if not 1949 <= year <= 2999:
        row.wrong("值", f"应为年份，写的是 {year}", f"{year} is no year")
    return year


def _edition(row: _Row) -> str:
    edition = row["值"].strip()
    if edition not in forms.editions():
        known = "、".join(forms.editions())
        row.wrong(
            "值",
            f"没有 {edition[:40]} 版格式，现有 {known}",
            f"no form {edition[:40]}, only {known}",
        )
    return edition


def _kind(row: _Row) -> Kind:
    return _enum(Kind, row, "值")


def _enum(kinds: type[E], row: _Row, column: str) -> E:
    shown = row[column].strip()
    try:
        return kinds(shown)
    except ValueError:
        known = "、".join(kinds)
        row.wrong(
            column,
            f"应为 {known} 之一，写的是“{shown[:40]}”",
            f"one of {known} is due, not “{shown[:40]}”",
        )


def _period(row: _Row) -> tuple[date, date]:
    days = _DAY.findall(row["值"])
    if len(days) != 2:
        row.wrong("值", "应写成 2024-01-01/2024-12-31", "2024-01-01/2024-12-31 is due")
    return _as_day(row, days[0]), _as_day(row, days[1])


def _day(row: _Row) -> date:
    found = _DAY.fullmatch(row["值"].strip())
    if found is None:
        row.wrong("值", "日期应写成 2024-01-31", "a date is written 2024-01-31")
    return _as_day(row, found.groups())


def _as_day(row: _Row, parts: Sequence[str | Any]) -> date:
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        row.wrong("值", f"没有 {'-'.join(parts)} 这一天", f"there is no day {'-'.join(parts)}")
