"""放假通知的读取: a year's breaks and weekend days worked, from the words of a notice or a table.

Nothing is guessed. What does not say enough, or contradicts itself, is a `Problem` with its place;
a problem that is ``serious`` keeps the year from being entered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from gongkai.statute import workdays
from gongkai.statute.texts import Text
from gongkai.statute.workdays import HOLIDAYS, ONE_DAY, WEEKDAYS, Break, Notice

LONGEST = 20_000  # characters of a text that is read
HEADINGS = ("假期", "起", "止", "上班日")
# A year's first break may begin, and be made up for, in the last days of the year before.
_BEFORE = timedelta(days=12)

_NAMES: dict[str, str] = {
    "元旦": "new_year",
    "春节": "spring",
    "清明节": "qingming",
    "清明": "qingming",
    "劳动节": "labour",
    "端午节": "dragon_boat",
    "端午": "dragon_boat",
    "中秋节": "mid_autumn",
    "中秋": "mid_autumn",
    "国庆节": "national",
    "国庆": "national",
}
_BOTH = "national_mid_autumn"
_NEEDED = ("new_year", "spring", "qingming", "labour", "dragon_boat", "mid_autumn", "national")

_WIDE = {ord("０") + n: str(n) for n in range(10)} | {
    ord(a): b for a, b in zip("：（），；．～〜—–－﹣　〔〕［］", ":(),;.~~---- [][]", strict=True)
}
_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
_HEAD = re.compile(
    rf"(?P<names>[“\"]?(?:{_NAME})[”\"]?(?:\s*[、和与及,]\s*(?:{_NAME}))*)(?:假期)?\s*[:：]?\s*(?=\d)"
)
_TITLE = re.compile(r"(?P<year>20\d\d)\s*年\s*(?:部分)?\s*节假日\s*安排")
_WHOLE_TITLE = re.compile(r"国务院办公厅[^\n《》]{0,10}?20\d\d年[^\n《》]{0,20}?通知")
_NUMBER = re.compile(r"国办发(?:明电)?\s*\[\s*20\d\d\s*\]\s*\d+\s*号")
_ALONE = re.compile(r"^\s*(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*$", re.MULTILINE)
_DAY = (
    r"(?:(?P<year>\d{4})\s*[年/.-]\s*)?(?:(?P<month>\d{1,2})\s*月\s*)?(?P<day>\d{1,2})\s*日"
    r"(?:\s*\((?P<said>[^()]{0,20})\))?"
)
_TOKEN = re.compile(
    rf"(?P<date>{_DAY})|(?P<to>至|到|-+|~)|(?P<no>不放假|不上班)|(?P<off>放假)|(?P<work>上班)"
    r"|(?P<stop>[。;])"
)
_COUNT = re.compile(
    r"(?:共(?:计)?|放假)\s*(?P<n>\d{1,2}|[一二两三四五六七八九十])\s*[天日](?!\s*\()"
)
_WEEKDAY = re.compile(r"(?:星期|礼拜|周)\s*([一二三四五六日天])")
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Place:
    """位置: line and column of what was pasted, or row of a table; both counted from 1."""

    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """问题: what could not be understood; ``serious`` keeps the year from being entered."""

    id: str
    text: Text
    place: Place | None = None
    serious: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """读取结果: what a notice says, as far as it was understood."""

    year: int | None
    title: str = ""
    number: str = ""
    dated: date | None = None
    breaks: tuple[Break, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the year can be entered as it was read."""
        return self.year is not None and not any(p.serious for p in self.problems)


def read_text(text: str, *, year: int | None = None) -> Reading:
    """The notice as pasted. ``year`` where somebody says it; a title that says another is told."""
    plain = text[:LONGEST].translate(_WIDE)
    found = _Found(plain)
    found.written = text
    titled = _TITLE.search(plain)
    said = int(titled["year"]) if titled else None
    if titled and year is not None and said != year:
        found.problem("year_differs", _YEAR_DIFFERS, titled.start(), said=said, year=year)
    found.year = year if year is not None else said
    if found.year is None:
        found.problem("no_year", _NO_YEAR, None)
        return found.reading()
    if len(text) > LONGEST:
        found.problem("too_long", _TOO_LONG, None, most=LONGEST)
    number, dated, body = _NUMBER.search(plain), None, len(plain)
    heads = list(_HEAD.finditer(plain))
    for alone in _ALONE.finditer(plain, heads[-1].end() if heads else 0):
        dated, body = _real(*(int(g) for g in alone.groups())), alone.start()
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        found.item(head, min(following.start() if following else body, body))
    found.complete(_notice(plain, found.year, number, dated))
    return found.reading()


def read(text: str, *, year: int | None = None) -> Reading:
    """Whatever was pasted: rows of a table where it has tabs, else the words of a notice."""
    lines = enumerate(text[:LONGEST].splitlines(), 1)
    rows = [(n, [cell.strip() for cell in line.split("\t")]) for n, line in lines if "\t" in line]
    if not rows:
        return read_text(text, year=year)
    titled = _TITLE.search(text[:LONGEST].translate(_WIDE))
    return read_rows(rows, year=year or (int(titled["year"]) if titled else None))


def read_rows(rows: Sequence[tuple[int, Sequence[Any]]], *, year: int | None) -> Reading:
    """The rows of a table, each with its number: 假期, 起, 止, 上班日 (several with 、)."""
    found = _Found("", year=year)
    body = [(n, list(cells)) for n, cells in rows if any(str(c or "").strip() for c in cells)]
    if body and str(body[0][1][0] or "").strip() == HEADINGS[0]:
        body = body[1:]
    if year is None:
        found.problem("no_year", _NO_YEAR_IN_TABLE, None)
        return found.reading()
    for n, cells in body:
        found.row(n, [*cells, "", "", "", ""][:4])
    found.complete(Notice(_title(year)))
    return found.reading()


def as_data(breaks: Sequence[Break]) -> list[dict[str, Any]]:
    """As `data/calendars.json` writes breaks."""
    return [
        {
            "name": name_of(one),
            "from": one.first.isoformat(),
            "to": one.last.isoformat(),
            "work": [day.isoformat() for day in one.worked],
        }
        for one in breaks
    ]


def from_data(rows: Sequence[Mapping[str, Any]], notice: Notice) -> tuple[Break, ...]:
    """Breaks as `as_data` wrote them."""
    return tuple(
        Break(
            HOLIDAYS[row["name"]],
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["to"]),
            tuple(date.fromisoformat(day) for day in row["work"]),
            notice,
        )
        for row in rows
    )


def name_of(one: Break) -> str:
    """The id of a break's holiday."""
    return next(key for key, words in HOLIDAYS.items() if words == one.name)


# -- reading


@dataclass(slots=True)
class _Pause:
    """One holiday while it is read."""

    key: str
    at: Place
    days: tuple[date, date] | None = None
    worked: list[date] = field(default_factory=list)


@dataclass(slots=True)
class _Dated:
    """A date that was written: where, and whether 至 stands before it."""

    day: date
    at: int
    to: bool


class _Found:
    """What has been read so far."""

    def __init__(self, text: str, *, year: int | None = None) -> None:
        self.text, self.year, self.written = text, year, text
        self.pauses: list[_Pause] = []
        self.problems: list[Problem] = []
        self.notice = Notice("")

    def reading(self) -> Reading:
        breaks = tuple(
            Break(HOLIDAYS[p.key], *p.days, tuple(sorted(p.worked)), self.notice)
            for p in self.pauses
            if p.days is not None
        )
        problems = sorted(
            self.problems, key=lambda p: (p.place.line, p.place.column) if p.place else (0, 0)
        )
        return Reading(
            self.year,
            self.notice.title,
            self.notice.number or "",
            self.notice.dated,
            tuple(sorted(breaks, key=lambda b: b.first)),
            tuple(problems),
        )

    def said_at(self, token: re.Match[str]) -> str:
        """As it was written, before letters of any width became one."""
        return self.written[token.start() : token.end()]

    def place(self, at: int) -> Place:
        line = self.text.count("\n", 0, at) + 1
        return Place(line, at - (self.text.rfind("\n", 0, at) + 1) + 1)

    def problem(
        self, id: str, words: Text, at: int | Place | None, *, serious: bool = True, **values: Any
    ) -> None:
        place = self.place(at) if isinstance(at, int) else at
        self.problems.append(Problem(id, words.within(**values), place, serious))

    # -- a notice

    def item(self, head: re.Match[str], end: int) -> None:
        """One holiday: its name, then sentences."""
        key = _key(re.findall(_NAME, head["names"]))
        if key is None:
            self.problem("name", _NAME_UNKNOWN, head.start(), name=head["names"])
            return
        pause = _Pause(key, self.place(head.start()))
        self.pauses.append(pause)
        pending: list[_Dated] = []
        to, before = False, len(self.problems)
        for token in _TOKEN.finditer(self.text, head.end(), end):
            if token["date"]:
                made = self.dated(token, pending, to)
                if made is None:
                    return
                pending.append(made)
                to = False
            elif token["to"]:
                to = True
            elif pending and (token["off"] or token["work"]):
                self.said(pause, pending, bool(token["off"]), token.start())
                pending = []
            elif token["no"] or token["stop"]:
                self.unread(pending, token.start())
                pending = []
        self.unread(pending, end)
        self.counted(pause, head.end(), end)
        if pause.days is None and len(self.problems) == before:
            self.problem("no_days", _NO_DAYS, pause.at, name=HOLIDAYS[key])

    def dated(self, token: re.Match[str], pending: list[_Dated], to: bool) -> _Dated | None:
        """The day a date means: what it leaves out is that of the date before it."""
        before = pending[-1].day if pending else None
        if token["month"] is None and before is None:
            self.problem("no_month", _NO_MONTH, token.start(), said=self.said_at(token))
            return None
        month = int(token["month"]) if token["month"] else before.month if before else 0
        year = int(token["year"] or (before.year if before else self.year or 0))
        day = _real(year, month, int(token["day"]))
        if day is None:
            self.problem("no_such_day", _NO_SUCH_DAY, token.start(), said=self.said_at(token))
            return None
        weekday = _WEEKDAY.search(token["said"] or "")
        if weekday and "一二三四五六日".index(weekday[1].replace("天", "日")) != day.weekday():
            self.problem(
                "weekday",
                _WEEKDAY_DIFFERS,
                token.start(),
                said=self.said_at(token),
                day=day.isoformat(),
                weekday=WEEKDAYS[day.weekday()],
            )
        return _Dated(day, token.start(), to)

    def said(self, pause: _Pause, dates: list[_Dated], off: bool, at: int) -> None:
        """Dates of which it is said that they are off, or worked."""
        days = self.spread(dates)
        if days is None:
            return
        if not off:
            for day, place in days:
                self.work(pause, day, place)
            return
        first, last = days[0][0], days[-1][0]
        if (last - first).days + 1 != len(days):
            self.problem("gap", _GAP, dates[0].at, name=HOLIDAYS[pause.key])
            return
        self.off(pause, first, last, self.place(dates[0].at))

    def spread(self, dates: list[_Dated]) -> list[tuple[date, Place]] | None:
        """Every day that a list with 、 and 至 names."""
        found: list[tuple[date, Place]] = []
        for one in dates:
            place = self.place(one.at)
            if one.to and found:
                start = found[-1][0]
                if one.day < start:
                    self.problem(
                        "reversed",
                        _REVERSED,
                        one.at,
                        first=start.isoformat(),
                        last=one.day.isoformat(),
                    )
                    return None
                if (one.day - start).days > 31:
                    self.problem("long", _LONG, one.at)
                    return None
                found += [(d, place) for d in _days(start + ONE_DAY, one.day)]
            else:
                found.append((one.day, place))
        return found

    def unread(self, pending: list[_Dated], end: int) -> None:
        """Dates of which it is said neither that they are off nor that they are worked.

        That people are encouraged to rest on a day (“除夕（2月9日）休息”) makes it no day off.
        """
        for one in pending:
            advice = "休息" in self.text[one.at : end]
            self.problem("unread", _UNREAD, one.at, serious=not advice, day=one.day.isoformat())

    def counted(self, pause: _Pause, start: int, end: int) -> None:
        """共几天: as many as the dates give."""
        found = _COUNT.search(self.text, start, end)
        if found is None or pause.days is None:
            return
        said = found["n"]
        n = int(said) if said.isdigit() else _NUMERALS.index(said.replace("两", "二")) + 1
        first, last = pause.days
        real = (last - first).days + 1
        while (
            "连休" in self.text[start:end]
            and n > real
            and (first.weekday() == 0 or last.weekday() in (4, 5))
        ):  # the weekend beside it is off anyway, and may be counted
            joins = last.weekday() in (4, 5)
            first, last = (first, last + ONE_DAY) if joins else (first - 2 * ONE_DAY, last)
            real = (last - first).days + 1
        if n != real:
            self.problem("count", _COUNT_DIFFERS, found.start(), said=n, real=real)

    # -- a table

    def row(self, n: int, cells: list[Any]) -> None:
        place = Place(n)
        key = _key(re.findall(_NAME, str(cells[0] or "")))
        if key is None:
            self.problem("name", _NAME_UNKNOWN, place, name=str(cells[0] or ""))
            return
        pause = _Pause(key, place)
        self.pauses.append(pause)
        ends = [self.cell(cells[at], Place(n, at + 1)) for at in (1, 2)]
        for day, at in self.worked_cell(cells[3], n):
            self.work(pause, day, at)
        first, last = ends
        if first is None or last is None:
            return
        if last < first:
            self.problem(
                "reversed", _REVERSED, place, first=first.isoformat(), last=last.isoformat()
            )
        elif (last - first).days > 31:
            self.problem("long", _LONG, place)
        else:
            self.off(pause, first, last, place)

    def worked_cell(self, value: Any, n: int) -> Iterator[tuple[date, Place]]:
        parts = [value] if isinstance(value, date) else re.split(r"[、,，;；\s]+", str(value or ""))
        for part in parts:
            if part and (day := self.cell(part, Place(n, 4))) is not None:
                yield day, Place(n, 4)

    def cell(self, value: Any, at: Place) -> date | None:
        """A date as a spreadsheet has it or as it is typed."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = str(value or "").translate(_WIDE).strip()
        day = None
        if whole := re.fullmatch(
            r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?(?: 00:00(?::00)?)?", text
        ):
            day = _real(*(int(g) for g in whole.groups()))
        elif short := re.fullmatch(r"(\d{1,2})月(\d{1,2})日", text):
            day = _real(self.year or 0, *(int(g) for g in short.groups()))
        if day is None:
            self.problem("no_date", _NO_DATE, at, said=text or Text("空", "nothing"))
        return day

    # -- both

    def off(self, pause: _Pause, first: date, last: date, at: Place) -> None:
        if pause.days is not None:
            self.problem("twice", _TWICE, at, name=HOLIDAYS[pause.key])
            return
        if self.within(first, at) and self.within(last, at):
            pause.days = (first, last)

    def work(self, pause: _Pause, day: date, at: Place) -> None:
        if day.weekday() < 5:
            self.problem(
                "worked_weekday",
                _WORKED_WEEKDAY,
                at,
                day=day.isoformat(),
                weekday=WEEKDAYS[day.weekday()],
            )
        elif any(day in p.worked for p in self.pauses):
            self.problem("worked_twice", _WORKED_TWICE, at, day=day.isoformat())
        elif self.within(day, at):
            pause.worked.append(day)

    def within(self, day: date, at: Place) -> bool:
        year = self.year or 0
        if date(year, 1, 1) - _BEFORE <= day <= date(year, 12, 31):
            return True
        self.problem("outside", _OUTSIDE, at, day=day.isoformat(), year=year)
        return False

    def complete(self, notice: Notice) -> None:
        """What holds only of the year as a whole."""
        self.notice = notice
        if not self.pauses:
            self.problem("nothing", _NOTHING, None)
            return
        held: dict[date, _Pause] = {}
        for pause in self.pauses:
            for day in _days(*pause.days) if pause.days else ():
                if day in held:
                    self.problem(
                        "overlap",
                        _OVERLAP,
                        pause.at,
                        day=day.isoformat(),
                        one=HOLIDAYS[held[day].key],
                        other=HOLIDAYS[pause.key],
                    )
                    break
                held[day] = pause
        for pause in self.pauses:
            for day in pause.worked:
                if day in held:
                    self.problem("both", _BOTH_WAYS, pause.at, day=day.isoformat())
        named = {p.key for p in self.pauses}
        if _BOTH in named:
            named |= {"mid_autumn", "national"}
        for key in _NEEDED:
            if key not in named:
                self.problem("missing", _MISSING, None, name=HOLIDAYS[key])
        self.fixed(held)

    def fixed(self, held: Mapping[date, _Pause]) -> None:
        """The days that the law itself makes off are off, or something was misread."""
        for span in workdays.fixed_holidays().spans:
            for (month, day), name in span.value.items():
                on = date(self.year or 0, month, day)
                if span.covers(on) and on not in held and on.weekday() < 5:
                    self.problem("fixed", _FIXED, None, day=on.isoformat(), name=name)


def _key(names: Sequence[str]) -> str | None:
    keys = [_NAMES[name] for name in names]
    if len(keys) == 1:
        return keys[0]
    return _BOTH if sorted(keys) == ["mid_autumn", "national"] else None


def _notice(plain: str, year: int, number: re.Match[str] | None, dated: date | None) -> Notice:
    title = _WHOLE_TITLE.search(re.sub(r"[ \t]*\n[ \t]*(?=关于|20\d\d年)", "", plain[:400]))
    said = re.sub(r"\s+", "", number[0]).replace("[", "〔").replace("]", "〕") if number else None
    return Notice(re.sub(r"\s+", "", title[0]) if title else _title(year), said, dated)


def _title(year: int) -> str:
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# -- words

_NO_YEAR = Text(
    "没有写明是哪一年的安排：请连标题一起粘贴，或者填写年份。",
    "It does not say which year this is for: paste it with its title, or fill in the year.",
)
_NO_YEAR_IN_TABLE = Text("请填写是哪一年的安排。", "Fill in the year this is for.")
_YEAR_DIFFERS = Text(
    "标题写的是 {said} 年，填写的是 {year} 年。",
    "The title says {said}, the year filled in is {year}.",
)
_TOO_LONG = Text("文字过长，只读了前 {most} 字。", "Too long: only {most} characters were read.")
_NAME_UNKNOWN = Text("不认识的假期：{name}。", "No holiday known by this name: {name}.")
_NO_DAYS = Text("{name}没有写明哪几天放假。", "{name} does not say which days are off.")
_NO_MONTH = Text("“{said}”没有写月份。", "“{said}” names no month.")
_NO_SUCH_DAY = Text("没有这一天：{said}。", "There is no such day: {said}.")
_NO_DATE = Text("不是日期：{said}。请写成 2027-02-05。", "Not a date: {said}. Write 2027-02-05.")
_WEEKDAY_DIFFERS = Text(
    "“{said}”：{day} 是{weekday}，与括号内不符。",
    "“{said}”: {day} is a {weekday}, which is not what the brackets say.",
)
_GAP = Text(
    "{name}放假的日子不相连，无法判断。", "The days off for {name} do not follow each other."
)
_REVERSED = Text(
    "止日 {last} 早于起日 {first}；跨年的请写明年份。",
    "It ends on {last}, before it begins on {first}; where it crosses New Year, write the years.",
)
_LONG = Text("一次放假超过一个月，请核对。", "A break of more than a month: check the dates.")
_UNREAD = Text(
    "{day} 没有列入：这一句没有写明放假还是上班。",
    "{day} was left out: the sentence says neither that it is off nor that it is worked.",
)
_COUNT_DIFFERS = Text(
    "写的是共 {said} 天，按起止日是 {real} 天。", "It says {said} days; the dates give {real}."
)
_TWICE = Text("{name}有两段放假，无法判断。", "Two breaks are given for {name}.")
_WORKED_WEEKDAY = Text(
    "{day} 是{weekday}，本来就上班，不会是调休上班日。",
    "{day} is a {weekday}, which is worked anyway: it cannot be worked in exchange.",
)
_WORKED_TWICE = Text("{day} 作为上班日写了两次。", "{day} is named twice as a day worked.")
_OUTSIDE = Text("{day} 不在 {year} 年的安排之内。", "{day} does not belong to the year {year}.")
_NOTHING = Text("没有找到任何假期。", "No holiday was found.")
_OVERLAP = Text("{day} 同时属于{one}和{other}。", "{day} belongs to both {one} and {other}.")
_BOTH_WAYS = Text("{day} 既放假又上班。", "{day} is both off and worked.")
_MISSING = Text("没有找到{name}。", "{name} was not found.")
_FIXED = Text(
    "{day} 是法定节假日（{name}），但没有列入放假。",
    "{day} is a public holiday by law ({name}), but is not among the days off.",
)
