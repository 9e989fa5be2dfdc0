"""工作日: which days count, by each year's State Council notice; a year without one: 暂定.

The yearly arrangement (which weekdays are off, which weekend days are worked) is fixed by
国务院办公厅关于XXXX年部分节假日安排的通知 under 全国年节及纪念日放假办法 Art 6 and 7, usually in
October or November of the year before. In a year whose notice is not on record only the holidays
of a fixed date are certain (全国年节及纪念日放假办法, from 2025): they are off. Its other days from
Monday to Friday are taken as working days, its weekends as off, and every answer that rests on one
of these is marked 暂定 (provisional): movable holidays make the true date later, a weekend worked
(调休) makes it earlier. Days before the first year on record are refused.

The repository's own table is `official()`; whoever keeps another table builds a `Calendar`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from importlib import resources
from typing import Any

from gongkai.statute import dated
from gongkai.statute.texts import Text

ONE_DAY = timedelta(days=1)

WEEKDAYS = (
    Text("星期一", "Monday"),
    Text("星期二", "Tuesday"),
    Text("星期三", "Wednesday"),
    Text("星期四", "Thursday"),
    Text("星期五", "Friday"),
    Text("星期六", "Saturday"),
    Text("星期日", "Sunday"),
)

HOLIDAYS: Mapping[str, Text] = {
    "new_year": Text("元旦", "New Year"),
    "spring": Text("春节", "Spring Festival"),
    "qingming": Text("清明节", "Qingming"),
    "labour": Text("劳动节", "Labour Day"),
    "dragon_boat": Text("端午节", "Dragon Boat"),
    "mid_autumn": Text("中秋节", "Mid-Autumn"),
    "national": Text("国庆节", "National Day"),
    "national_mid_autumn": Text("国庆节、中秋节", "National Day and Mid-Autumn"),
}

# The provision that makes the holidays of a fixed date days off.
FIXED = "holidays.fixed"

TOO_FAR = Text("日期过于久远，无法计算。请核对日期。", "The date is too far away. Check the date.")

_MONTHS = "January February March April May June July August September October November December"


class Kind(StrEnum):
    """日子的种类: why a day is or is not a working day."""

    WORKDAY = "workday"  # 周一至周五
    MAKE_UP = "make_up"  # 调休上班
    WEEKEND = "weekend"  # 周末
    HOLIDAY = "holiday"  # 放假（含调休形成的休息日）


@dataclass(frozen=True, slots=True)
class Notice:
    """放假通知: where a year's arrangement comes from. ``number`` None = not known."""

    title: str
    number: str | None = None
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """假期: one holiday as announced: first to last day off, weekend days worked for it."""

    name: Text
    first: date
    last: date
    worked: tuple[date, ...]
    notice: Notice


@dataclass(frozen=True, slots=True)
class Year:
    """年度安排: a year whose notice is on record.

    ``verified``: ``"notice"`` where the table was compared with the text of the notice.
    """

    year: int
    breaks: tuple[Break, ...]
    notices: tuple[Notice, ...]
    verified: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """一日: whether it is a working day, and why.

    ``notice`` where a notice decides it; ``source``, a provision id, where the law itself does;
    ``provisional``: the notice of its year is not on record and may make it another kind of day.
    """

    date: date
    kind: Kind
    reason: Text
    notice: Notice | None = None
    provisional: bool = False
    source: str | None = None

    @property
    def working(self) -> bool:
        """Whether it counts as 工作日."""
        return self.kind in (Kind.WORKDAY, Kind.MAKE_UP)

    @property
    def weekday(self) -> Text:
        """星期几."""
        return WEEKDAYS[self.date.weekday()]


@dataclass(frozen=True, slots=True)
class Count:
    """计数: the days after ``start`` up to ``end``, each with its reason."""

    start: date
    end: date
    days: tuple[Day, ...]

    @property
    def working(self) -> int:
        """How many working days lie after ``start`` and not after ``end``."""
        return sum(day.working for day in self.days)

    @property
    def provisional(self) -> bool:
        """暂定: whether any day may still be changed by a notice not on record."""
        return any(day.provisional for day in self.days)

    @property
    def unknown_years(self) -> tuple[int, ...]:
        """The years passed through whose notice is not on record."""
        return tuple(sorted({day.date.year for day in self.days if day.provisional}))


@dataclass(frozen=True, slots=True)
class Calendar:
    """工作日历: the years on record. A value: two calendars with the same years are equal."""

    years: tuple[Year, ...]
    _special: Mapping[date, tuple[Kind, Break]] = field(init=False, repr=False, compare=False)
    _known: frozenset[int] = field(init=False, repr=False, compare=False)
    _days: dict[date, Day] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if not self.years:
            raise ValueError("a calendar needs at least one year")
        special: dict[date, tuple[Kind, Break]] = {}
        for year in self.years:
            for pause in year.breaks:
                for day, kind in _marked(pause):
                    if special.get(day, (kind,))[0] is not kind:
                        raise ValueError(f"{day} is both off and worked")
                    special[day] = (kind, pause)
        known = [year.year for year in self.years]
        if len(set(known)) != len(known):
            raise ValueError("a year stands twice in the calendar")
        object.__setattr__(self, "_special", special)
        object.__setattr__(self, "_known", frozenset(known))

    def __hash__(self) -> int:  # cheap: equal calendars know the same years
        return hash(self._known)

    def knows(self, year: int) -> bool:
        """Whether the notice for ``year`` is on record."""
        return year in self._known

    def day(self, day: date) -> Day:
        """What kind of day it is. Raises `dated.NotKnown` before the first year on record."""
        found = self._days.get(day)
        if found is None:
            found = self._day(day)
            if self.knows(day.year):  # kept: every clock asks for the same few hundred days
                self._days[day] = found
        return found

    def _day(self, day: date) -> Day:
        if day.year < min(self._known):
            raise dated.NotKnown(_too_early(day, min(self._known)))
        weekend = day.weekday() >= 5
        if day in self._special:
            return _special_day(day, *self._special[day])
        if not self.knows(day.year):
            if (name := _fixed(day)) is not None:
                reason = Text("{name}，法定节假日", "{name}, public holiday").within(name=name)
                return Day(day, Kind.HOLIDAY, reason, source=FIXED)
            return Day(day, *_provisional_kind(weekend), provisional=True)
        if weekend:
            return Day(day, Kind.WEEKEND, Text("周末", "weekend"))
        return Day(day, Kind.WORKDAY, Text("工作日", "working day"))

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is a working day; `day` says why, and whether that is 暂定."""
        return self.day(day).working

    def after(self, start: date) -> Iterator[Day]:
        """Every day after ``start``, in order, to the end of the calendar python can write."""
        current = start
        while current < date.max:
            current += ONE_DAY
            yield self.day(current)

    def may_still_move(self, day: date) -> bool:
        """Whether next year's notice, not on record, may yet change ``day``.

        A notice may reach into the last days of the year before: the one for 2019 made Saturday
        2018-12-29 a working day and Monday 2018-12-31 a day off.
        """
        late = (day.month, day.day) >= (12, 25)
        return late and self.knows(day.year) and not self.knows(day.year + 1)


def add_working_days(start: date, n: int, calendar: Calendar | None = None) -> Count:
    """The ``n``-th working day after ``start``; ``start`` itself is day 0, working day or not.

    Raises ValueError for a negative ``n``, `dated.NotKnown` before the first year on record.
    """
    if n < 0:
        raise ValueError("working days are counted forward")
    days: list[Day] = []
    left = n
    following = (calendar or official()).after(start)
    while left:
        day = next(following, None)
        if day is None:
            raise dated.NotKnown(TOO_FAR)
        days.append(day)
        left -= day.working
    return Count(start, days[-1].date if days else start, tuple(days))


def count(start: date, end: date, calendar: Calendar | None = None) -> Count:
    """The days after ``start`` up to and including ``end``; empty where ``end`` is not later."""
    known = calendar or official()
    length = max(0, (end - start).days)
    days = tuple(known.day(start + timedelta(days=n)) for n in range(1, length + 1))
    return Count(start, end, days)


def in_words(day: date) -> Text:
    """A date as people say it: 2026年4月13日（星期一）, Monday 13 April 2026."""
    weekday = WEEKDAYS[day.weekday()]
    month = _MONTHS.split()[day.month - 1]
    return Text(
        f"{day.year}年{day.month}月{day.day}日（{weekday.zh}）",
        f"{weekday.en} {day.day} {month} {day.year}",
    )


@functools.cache
def official() -> Calendar:
    """The table of ``data/calendars.json``: 2019 to the last year whose notice was entered."""
    return Calendar(tuple(_year(one) for one in _data()["years"]))


@functools.cache
def fixed_holidays() -> dated.Dated[Mapping[tuple[int, int], Text]]:
    """日期固定的法定节假日: the holiday on each (month, day), as of a date, off by law alone."""
    return dated.Dated(
        Text("日期固定的法定节假日", "public holidays of a fixed date"),
        tuple(
            dated.span_of(
                span,
                {
                    (day.month, day.day): HOLIDAYS[name]
                    for name, days in span["days"].items()
                    for day in (date.fromisoformat(f"2000-{text}") for text in days)
                },
            )
            for span in _data()["fixed"]
        ),
    )


def _fixed(day: date) -> Text | None:
    spans = (span for span in fixed_holidays().spans if span.covers(day))
    return next((span.value.get((day.month, day.day)) for span in spans), None)


def _data() -> Any:
    text = resources.files("gongkai.statute").joinpath("data/calendars.json").read_text("utf-8")
    return json.loads(text)


def _year(one: dict[str, Any]) -> Year:
    notices = {
        notice["id"]: Notice(notice["title"], notice["number"], dated.day_or_none(notice["dated"]))
        for notice in one["notices"]
    }
    breaks = tuple(
        Break(
            name=HOLIDAYS[pause["name"]],
            first=date.fromisoformat(pause["from"]),
            last=date.fromisoformat(pause["to"]),
            worked=tuple(date.fromisoformat(day) for day in pause["work"]),
            notice=notices[pause["notice"]],
        )
        for pause in one["breaks"]
    )
    return Year(one["year"], breaks, tuple(notices.values()), one["verified"])


def _marked(pause: Break) -> Iterator[tuple[date, Kind]]:
    if pause.last < pause.first:
        raise ValueError(f"{pause.name.en} ends {pause.last}, before it starts")
    for n in range((pause.last - pause.first).days + 1):
        yield pause.first + timedelta(days=n), Kind.HOLIDAY
    for day in pause.worked:
        if day.weekday() < 5:
            raise ValueError(f"{day} is worked for {pause.name.en} but is no weekend day")
        yield day, Kind.MAKE_UP


def _special_day(day: date, kind: Kind, pause: Break) -> Day:
    if kind is Kind.MAKE_UP:
        reason = Text("周末上班（{name}调休）", "weekend day worked ({name})")
    else:
        reason = Text("{name}放假", "{name} break")
    return Day(day, kind, reason.within(name=pause.name), pause.notice)


def _provisional_kind(weekend: bool) -> tuple[Kind, Text]:
    if weekend:
        return Kind.WEEKEND, Text("周末（暂定）", "weekend (provisional)")
    return Kind.WORKDAY, Text("工作日（暂定）", "working day (provisional)")


def _too_early(day: date, first: int) -> Text:
    return Text(
        "{day}的工作日无法确定：放假安排自{first}年起收录。请核对日期，或者补录该年度的放假通知。",
        "Whether {day} is a working day is not on record: holiday notices are kept from {first} on."
        " Check the date, or enter that year's notice.",
    ).within(day=day.isoformat(), first=first)
