"""工作日历: the years that came with the program, with the years entered here laid over.

A year that is entered is complete and contradicts no other; `calendar_actions` enters it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from gongkai.statute import notices, workdays
from gongkai.statute.workdays import Calendar, Notice, Year
from gongkai.web.ledger.models import HolidayNotice
from gongkai.web.shell import requests
from gongkai.web.shell.refusals import Refusal

AHEAD = 2  # years after this one that a notice may be of
_LOCK = 0x60_6E_67_63  # of PostgreSQL's advisory locks, ours: who changes the calendar
_Stamp = tuple[object, ...]
_kept: tuple[_Stamp, Calendar] | None = None


class Incomplete(Refusal):
    """未能全部读懂: a year is entered whole or not at all."""

    def __init__(self) -> None:
        super().__init__(_("还有未读懂或相互矛盾的地方，没有录入；请改正后再录。"))


class WrongYear(Refusal):
    """年份有误: before the first year on record, or too far ahead."""


class Contradicts(Refusal):
    """与相邻年度矛盾: a day off in one year's notice and worked by another's."""


class Unchanged(Refusal):
    """与在用的相同: there is nothing to enter."""


@dataclass(frozen=True, slots=True)
class OnRecord:
    """在用的年度安排: ``entered`` None where it came with the program."""

    year: int
    arrangement: Year
    entered: HolidayNotice | None


def hold() -> None:
    """Until the transaction is over nobody else changes the calendar: clocks are not reckoned by
    one that lacks the other's year. With SQLite the transaction itself sees to it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def current() -> Calendar:
    """The calendar in force. One small query tells whether the one kept here is still it."""
    return requests.asked_once("calendar", _current)


def _current() -> Calendar:
    global _kept
    stamp = _stamp()
    if _kept is None or _kept[0] != stamp:
        _kept = (stamp, _laid_over(in_force()))
    return _kept[1]


def in_force() -> list[HolidayNotice]:
    """Of each year the notice that counts, the years in order."""
    found: dict[int, HolidayNotice] = {}
    rows = HolidayNotice.objects.filter(withdrawn_at__isnull=True).select_related("by")
    for one in rows.order_by("at", "pk"):
        found[one.year] = one
    return [found[year] for year in sorted(found)]


def on_record() -> list[OnRecord]:
    """Every year on record, the newest first."""
    entered = {one.year: one for one in in_force()}
    years = {one.year: one for one in _laid_over(entered.values()).years}
    return [OnRecord(y, years[y], entered.get(y)) for y in sorted(years, reverse=True)]


def entered_for(year: int) -> list[HolidayNotice]:
    """Everything that was entered for a year, the newest first, also what was taken back."""
    return list(HolidayNotice.objects.filter(year=year).select_related("by").order_by("-at"))


def with_reading(reading: notices.Reading, today: date) -> Calendar:
    """The calendar as it would be. Raises Incomplete, WrongYear, Contradicts, Unchanged."""
    if not reading.usable or reading.year is None:
        raise Incomplete
    first = workdays.official().years[0].year
    if not first <= reading.year <= today.year + AHEAD:
        raise WrongYear(
            _("只能录入 %(first)d 年到 %(last)d 年的安排。")
            % {"first": first, "last": today.year + AHEAD},
            field="year",
        )
    present = {one.year: one for one in _laid_over(in_force()).years}
    before = present.get(reading.year)
    if before is not None and notices.as_data(_ordered(before)) == notices.as_data(reading.breaks):
        raise Unchanged(_("%(year)d 年的安排与在用的完全相同，不用录入。") % {"year": reading.year})
    notice = Notice(reading.title, reading.number or None, reading.dated)
    present[reading.year] = Year(reading.year, reading.breaks, (notice,))
    return _calendar(present)


def without(one: HolidayNotice) -> Calendar:
    """The calendar as it would be without a notice. Raises Contradicts."""
    left = HolidayNotice.objects.filter(withdrawn_at__isnull=True).exclude(pk=one.pk)
    return _laid_over(left.order_by("at", "pk"))


def address(year: int) -> str:
    """The matter of a year's arrangement."""
    return f"calendar/{year}"


def _stamp() -> _Stamp:
    """What differs whenever a notice was entered or withdrawn, also after one was taken back."""
    found = HolidayNotice.objects.aggregate(
        Max("pk"), Max("at"), Count("withdrawn_at"), Max("withdrawn_at")
    )
    return tuple(found.values())


def _laid_over(rows: Iterable[HolidayNotice]) -> Calendar:
    years = {one.year: one for one in workdays.official().years}
    for row in rows:
        notice = Notice(row.title, row.number or None, row.dated)
        years[row.year] = Year(row.year, notices.from_data(row.breaks, notice), (notice,))
    return _calendar(years)


def _calendar(years: Mapping[int, Year]) -> Calendar:
    try:
        return Calendar(tuple(years[year] for year in sorted(years)))
    except ValueError:
        raise Contradicts(
            _("有的日子在相邻两年的通知里一处放假、一处上班；请核对年初和年末的日期。")
        ) from None


def _ordered(year: Year) -> list[workdays.Break]:
    return sorted(year.breaks, key=lambda one: one.first)


def entries() -> QuerySet[HolidayNotice]:
    """Everything that was entered and not taken back."""
    return HolidayNotice.objects.filter(withdrawn_at__isnull=True)
