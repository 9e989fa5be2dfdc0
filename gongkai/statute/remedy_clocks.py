"""复议、诉讼的期限: calendar days, working days and months, each with its last day and source.

行政复议法第八十八条: periods of 3, 5, 7 and 10 days are working days, longer ones calendar days.
The day a period starts is not counted; a last day that is a day off moves to the next working day.
Months end on the day of the same number.
"""

from __future__ import annotations

import calendar as months
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib import resources

from gongkai.statute import dated, letter_remedies, workdays
from gongkai.statute.texts import Text
from gongkai.statute.workdays import ONE_DAY, Calendar


class Unit(StrEnum):
    """期限单位."""

    WORKING = "working"  # 工作日
    DAYS = "days"  # 日
    MONTHS = "months"  # 月


UNITS: Mapping[Unit, Text] = {
    Unit.WORKING: Text("个工作日", "working days"),
    Unit.DAYS: Text("日", "days"),
    Unit.MONTHS: Text("个月", "months"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """期限: ``length`` units after ``start`` end on ``on``; ``moved`` from a day off, where it was.

    ``ours``: the organ itself must keep it; else it is the applicant's, the court's or the
    reconsideration organ's. ``provisional``: rests on a year whose notice is not on record.
    """

    id: str
    name: Text
    start: date
    length: int
    unit: Unit
    on: date
    source: str
    ours: bool = False
    moved: date | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """一种期限: its length over time, its unit, whose it is."""

    id: str
    length: dated.Dated[int]
    unit: Unit
    ours: bool


@functools.cache
def periods() -> Mapping[str, Period]:
    """Every period of ``data/remedy_periods.json``, and those to apply and to sue, by id."""
    path = resources.files("gongkai.statute").joinpath("data/remedy_periods.json")
    found = {
        one["id"]: Period(
            one["id"],
            dated.Dated(
                Text(one["zh"], one["en"]),
                tuple(dated.span_of(span, int(span["value"])) for span in one["spans"]),
            ),
            Unit(one["unit"]),
            one["ours"],
        )
        for one in json.loads(path.read_text("utf-8"))["periods"]
    }
    for id, unit in _WINDOWS.items():
        found[id] = Period(id, letter_remedies.term(id), unit, False)
    return found


_WINDOWS: Mapping[str, Unit] = {
    "reconsideration": Unit.DAYS,
    "direct_suit": Unit.MONTHS,
    "suit_after_reconsideration": Unit.DAYS,
    "suit_against_silence": Unit.MONTHS,
}


def deadline(
    id: str, start: date, calendar: Calendar | None = None, *, more: int = 0, stayed: int = 0
) -> Deadline:
    """The period ``id`` from ``start``; ``more`` units by prolonging, ``stayed`` days not counted.

    Raises `dated.NotKnown` where the law or the calendar of that time is not on record.
    """
    period = periods()[id]
    span = period.length.on(start)
    length = span.value + more
    known = calendar or workdays.official()
    on, moved, provisional = _end(period.unit, start, length, stayed, known)
    return Deadline(
        id, period.length.name, start, length, period.unit, on, span.source, period.ours, moved,
        provisional,
    )  # fmt: skip


def _end(
    unit: Unit, start: date, length: int, stayed: int, known: Calendar
) -> tuple[date, date | None, bool]:
    if unit is Unit.WORKING:
        count = workdays.add_working_days(start, length, known)
        return count.end, None, count.provisional
    last = start + timedelta(days=length) if unit is Unit.DAYS else months_after(start, length)
    last += timedelta(days=stayed)
    on = last
    provisional = known.day(on).provisional
    while not known.day(on).working:  # 期间届满的最后一日是节假日的，顺延
        on += ONE_DAY
        provisional = provisional or known.day(on).provisional
    return on, None if on == last else last, provisional


def months_after(start: date, n: int) -> date:
    """对应日: the same day ``n`` months later, or the last of the month where there is none."""
    year, month = divmod(start.month - 1 + n, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))
