"""放假安排页的内容: the years on record, a year as twelve months, what a notice would change."""

from __future__ import annotations

import calendar as months_of
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gongkai.statute import notices, workdays
from gongkai.statute.workdays import Break, Calendar, Day, Kind
from gongkai.web.ledger import calendars, deadlines
from gongkai.web.ledger.models import Deadline
from gongkai.web.organs import queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.shell.access import Role
from gongkai.web.shell.languages import lang
from gongkai.web.shell.look import Act, when
from gongkai.web.workbench import matters

SHOWN = 20  # clocks that are named
_BATCH = 500
_WEEK = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Year:
    """一年: as a row of the list."""

    year: int
    href: str
    source: str
    title: str
    off: int
    worked: int
    tone: str
    state: str


@dataclass(frozen=True, slots=True)
class Square:
    """一日: ``mark`` and ``look`` say alike what kind of day it is; ``said`` why."""

    day: int
    mark: str
    look: str
    said: str


@dataclass(frozen=True, slots=True)
class Month:
    """一月: its weeks from Monday on; None before the first and after the last day."""

    name: str
    weeks: list[list[Square | None]]


@dataclass(frozen=True, slots=True)
class Pause:
    """一个假期: as a row."""

    name: str
    days: str
    length: str
    worked: str


@dataclass(frozen=True, slots=True)
class Told:
    """读懂与否: a problem as a line, and where it is."""

    text: str
    place: str
    serious: bool


def is_root_supervisor(capacity: Capacity | None) -> bool:
    """Whether somebody may enter a year: a supervisor of an organ that has none above it."""
    return (
        capacity is not None
        and capacity.role is Role.SUPERVISOR
        and capacity.organ.parent_id is None
    )


def link(year: int) -> str:
    """The page of a year."""
    return reverse("calendar:year", args=[year])


def years(today: date) -> list[Year]:
    """Every year on record and those to come that are not, the newest first."""
    found = calendars.on_record()
    known = {one.year for one in found}
    open_ = [_provisional(y) for y in range(today.year + 1, min(known), -1) if y not in known]
    return sorted([*(_year(one) for one in found), *open_], key=lambda one: -one.year)


def bounds(today: date) -> range:
    """The years that have a page."""
    return range(workdays.official().years[0].year, today.year + calendars.AHEAD + 1)


def _year(one: calendars.OnRecord) -> Year:
    return Year(
        one.year,
        link(one.year),
        source(one),
        one.arrangement.notices[-1].title,
        sum((b.last - b.first).days + 1 for b in one.arrangement.breaks),
        sum(len(b.worked) for b in one.arrangement.breaks),
        "ok",
        _("已收录"),
    )


def _provisional(year: int) -> Year:
    return Year(year, link(year), "", "", 0, 0, "warn", _("暂定"))


def source(one: calendars.OnRecord) -> str:
    """Where a year's arrangement comes from."""
    if one.entered is None:
        return _("随程序")
    entered_at = when(one.entered.at)
    return _("%(name)s于 %(at)s 录入") % {"name": one.entered.by.name, "at": entered_at}


# -- a year


def shown(year: int, calendar: Calendar) -> dict[str, Any]:
    """A year as months and breaks, for its page and for what was read."""
    arrangement = next((one for one in calendar.years if one.year == year), None)
    breaks = sorted(arrangement.breaks, key=lambda b: b.first) if arrangement else []
    return {
        "year": year,
        "months": [_month(year, m, calendar) for m in range(1, 13)],
        "week": [_weekday(n) for n in range(7)],
        "pauses": [_pause(one) for one in breaks],
        "notices": arrangement.notices if arrangement else (),
        "provisional": arrangement is None,
        "working": _working(year, calendar),
    }


def _working(year: int, calendar: Calendar) -> str:
    last = date(year, 12, 31)
    found = workdays.count(date(year - 1, 12, 31), last, calendar).working
    return ngettext("%(n)d 个工作日", "%(n)d 个工作日", found) % {"n": found}


def _month(year: int, month: int, calendar: Calendar) -> Month:
    weeks = [
        [_square(calendar.day(date(year, month, day))) if day else None for day in week]
        for week in months_of.Calendar().monthdayscalendar(year, month)
    ]
    return Month(_month_name(month), weeks)


def _month_name(month: int) -> str:
    return date(2000, month, 1).strftime("%B") if lang() == "en" else f"{month}月"


_LOOKS = {Kind.HOLIDAY: "off", Kind.MAKE_UP: "work", Kind.WEEKEND: "weekend"}


def _square(day: Day) -> Square:
    look = _LOOKS.get(day.kind, "")
    mark = {"off": pgettext("on a day", "休"), "work": pgettext("on a day", "班")}.get(look, "")
    return Square(day.date.day, mark, look, in_words(day.reason) if mark else "")


def in_words(text: Any) -> str:
    """A text of the statute in the language of the request."""
    return str(text.say(lang()))


def _weekday(day: int) -> str:
    """One letter, or three."""
    return workdays.WEEKDAYS[day].en[:3] if lang() == "en" else _WEEK[day]


def _pause(one: Break) -> Pause:
    count = (one.last - one.first).days + 1
    days = _day(one.first) if count == 1 else f"{_day(one.first)} — {_day(one.last)}"
    return Pause(
        in_words(one.name),
        days,
        ngettext("%(n)d 天", "%(n)d 天", count) % {"n": count},
        _("、").join(_day(d) for d in one.worked),
    )


def _day(day: date) -> str:
    return f"{day.isoformat()} {_weekday(day.weekday())}"


# -- what was understood


def told(reading: notices.Reading, *, rows: bool) -> list[Told]:
    """The problems of a reading, each with its place."""
    return [Told(in_words(p.text), _place(p, rows=rows), p.serious) for p in reading.problems]


def _place(one: notices.Problem, *, rows: bool) -> str:
    if one.place is None:
        return _("全文")
    if rows:
        return _("第 %(line)d 行") % {"line": one.place.line}
    return _("第 %(line)d 行第 %(column)d 字") % {
        "line": one.place.line,
        "column": one.place.column,
    }


# -- what it would change


def consequences(done: deadlines.Recomputed, capacity: Capacity | None) -> list[str]:
    """What happens, or happened, to the open clocks of one's own organs; others' are not told."""
    visible = _visible([*(m.deadline for m in done.moved), *done.settled], capacity)
    moved = [one for one in done.moved if one.deadline.organ_id in visible]
    settled = sum(one.organ_id in visible for one in done.settled)
    said = [_("%(n)d 个期限改变：") % {"n": len(moved)}] if moved else [_("没有期限改变。")]
    said += [_moved(one) for one in moved[:SHOWN]]
    if len(moved) > SHOWN:
        said.append(_("另有 %(n)d 个。") % {"n": len(moved) - SHOWN})
    if settled:
        said.append(_("%(n)d 个期限的日子不变，是否暂定有变。") % {"n": settled})
    return said


def _visible(rows: list[Deadline], capacity: Capacity | None) -> set[int]:
    """Of whose clocks the person may know (pk)."""
    wanted = list({one.organ_id for one in rows})
    found: set[int] = set()
    for at in range(0, len(wanted), _BATCH):
        part = queries.visible_organs(capacity).filter(pk__in=wanted[at : at + _BATCH])
        found |= set(part.values_list("pk", flat=True))
    return found


def _moved(one: deadlines.Moved) -> str:
    row = one.deadline
    return _("%(matter)s：由 %(was)s 改为 %(due)s") % {
        "matter": matters.title(row.subject, row.organ.name),
        "was": one.was.isoformat() if one.was else "—",
        "due": row.due_on.isoformat() if row.due_on else "—",
    }


def brief(done: deadlines.Recomputed, capacity: Capacity | None) -> str:
    """The same in one line, for a toast."""
    lines = consequences(done, capacity)
    return lines[0] + _("；").join(lines[1:4]) + ("…" if len(lines) > 4 else "")


def acts(capacity: Capacity | None, year: int, one: calendars.OnRecord | None) -> list[Act]:
    """What somebody may do with a year."""
    if not is_root_supervisor(capacity):
        return []
    enter = f"{reverse('calendar:enter')}?year={year}"
    found = [Act(_("录入这一年的安排"), href=enter, tone="" if one else "primary")]
    if one is not None and one.entered is not None:
        href = reverse("calendar:withdraw", args=[one.entered.pk])
        found.append(Act(_("撤下"), href=href, tone="danger"))
    return found
