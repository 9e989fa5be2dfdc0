"""工作日: the facts table, every worked date, every day against two independent data sets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute import articles, workdays
from gongkai.statute.dated import NotKnown
from gongkai.statute.texts import Text
from gongkai.statute.workdays import Break, Calendar, Kind, Notice, Year

OFFICIAL = workdays.official()
D = date.fromisoformat

# Year: Monday-Friday days off, weekend days worked, working days in the year.
TABLE: dict[int, tuple[str, str, int]] = {
    2019: (
        "01-01 02-04..08 04-05 05-01..03 06-07 09-13 10-01..04 10-07",
        "02-02 02-03 04-28 05-05 09-29 10-12",
        250,
    ),
    2020: (
        "01-01 01-24 01-27..31 04-06 05-01 05-04 05-05 06-25 06-26 10-01 10-02 10-05..08",
        "01-19 04-26 05-09 06-28 09-27 10-10",
        249,
    ),
    2021: (
        "01-01 02-11 02-12 02-15..17 04-05 05-03..05 06-14 09-20 09-21 10-01 10-04..07",
        "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
        250,
    ),
    2022: (
        "01-03 01-31 02-01..04 04-04 04-05 05-02..04 06-03 09-12 10-03..07",
        "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
        249,
    ),
    2023: (
        "01-02 01-23..27 04-05 05-01..03 06-22 06-23 09-29 10-02..06",
        "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
        249,
    ),
    2024: (
        "01-01 02-12..16 04-04 04-05 05-01..03 06-10 09-16 09-17 10-01..04 10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
        251,
    ),
    2025: (
        "01-01 01-28..31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01..03 10-06..08",
        "01-26 02-08 04-27 09-28 10-11",
        248,
    ),
    2026: (
        "01-01 01-02 02-16..20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05..07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
        248,
    ),
}

# Receipt: the 7th, 15th, 20th and 40th working day.
WORKED = {
    "2020-01-20": ("2020-02-06", "2020-02-18", "2020-02-25", "2020-03-24"),
    "2022-01-24": ("2022-02-07", "2022-02-17", "2022-02-24", "2022-03-24"),
    "2023-09-27": ("2023-10-12", "2023-10-24", "2023-10-31", "2023-11-28"),
    "2025-01-24": ("2025-02-10", "2025-02-20", "2025-02-27", "2025-03-27"),
    "2026-02-13": ("2026-03-02", "2026-03-12", "2026-03-19", "2026-04-17"),
    "2026-09-18": ("2026-09-29", "2026-10-15", "2026-10-22", "2026-11-19"),
}


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def written(year: int, text: str) -> set[date]:
    found: set[date] = set()
    for part in text.split():
        first, _, last = part.partition("..")
        start = D(f"{year}-{first}")
        end = start.replace(day=int(last)) if last else start
        found.update(start + timedelta(days=n) for n in range((end - start).days + 1))
    return found


@pytest.mark.parametrize("year", TABLE)
def test_the_years_as_announced(year: int) -> None:
    off, work, number = TABLE[year]
    days = days_of(year)
    weekdays_off = {d for d in days if d.weekday() < 5 and not OFFICIAL.is_working_day(d)}
    weekends_worked = {d for d in days if d.weekday() >= 5 and OFFICIAL.is_working_day(d)}
    assert weekdays_off == written(year, off)
    assert weekends_worked == written(year, work)
    assert sum(OFFICIAL.is_working_day(d) for d in days) == number
    assert not any(OFFICIAL.day(d).provisional for d in days)


def test_every_day_agrees_with_chinese_calendar() -> None:
    import chinese_calendar

    for year in TABLE:
        for day in days_of(year):
            assert OFFICIAL.is_working_day(day) == chinese_calendar.is_workday(day), day


def test_every_day_agrees_with_holidays() -> None:
    holidays: Any = pytest.importorskip("holidays")
    china = holidays.country_holidays("CN", years=list(TABLE))
    for year in TABLE:
        for day in days_of(year):
            assert OFFICIAL.is_working_day(day) == china.is_working_day(day), day


@pytest.mark.parametrize("receipt", WORKED)
def test_worked_dates(receipt: str) -> None:
    ends = tuple(workdays.add_working_days(D(receipt), n).end.isoformat() for n in (7, 15, 20, 40))
    assert ends == WORKED[receipt]


def test_a_day_says_why() -> None:
    make_up = OFFICIAL.day(D("2026-02-28"))
    assert (make_up.kind, make_up.working) == (Kind.MAKE_UP, True)
    assert "春节" in make_up.reason.zh and "Spring Festival" in make_up.reason.en
    assert make_up.notice is not None and make_up.notice.number == "国办发明电〔2025〕7号"
    assert make_up.weekday.zh == "星期六"
    assert OFFICIAL.day(D("2026-05-04")).kind is Kind.HOLIDAY
    assert OFFICIAL.day(D("2026-03-07")).kind is Kind.WEEKEND
    assert OFFICIAL.day(D("2026-03-09")).kind is Kind.WORKDAY


def test_a_changed_arrangement_names_the_notice_that_changed_it() -> None:
    extended = OFFICIAL.day(D("2020-01-31")).notice
    original = OFFICIAL.day(D("2020-01-30")).notice
    assert extended is not None and extended.number == "国办发明电〔2020〕1号"
    assert original is not None and original.number == "国办发明电〔2019〕16号"


def test_every_year_names_its_notice() -> None:
    for year in OFFICIAL.years:
        assert year.verified == "notice"
        for notice in year.notices:
            assert notice.number and notice.dated and str(year.year) in notice.title


def test_a_year_without_its_notice_is_provisional_and_says_so() -> None:
    monday, saturday = OFFICIAL.day(D("2027-05-03")), OFFICIAL.day(D("2027-05-08"))
    assert (monday.working, saturday.working) == (True, False)
    assert monday.provisional and saturday.provisional
    assert "暂定" in monday.reason.zh
    assert "provisional" in saturday.reason.en
    through = workdays.add_working_days(D("2026-12-24"), 10)
    assert through.provisional and through.unknown_years == (2027,)
    assert not workdays.add_working_days(D("2026-12-24"), 5).provisional


def test_a_holiday_of_a_fixed_date_is_off_without_any_notice() -> None:
    for day in ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03"):
        found = OFFICIAL.day(D(f"2027-{day}"))
        assert (found.kind, found.working, found.provisional) == (Kind.HOLIDAY, False, False)
        assert found.notice is None and found.source == workdays.FIXED
        assert "法定节假日" in found.reason.zh and "public holiday" in found.reason.en
        assert articles.provision(workdays.FIXED).in_force(found.date)
    for day in ("2027-01-04", "2027-09-30", "2027-10-04", "2027-05-03"):
        assert OFFICIAL.day(D(day)).working and OFFICIAL.day(D(day)).provisional
    assert workdays.add_working_days(D("2026-12-31"), 1).end == D("2027-01-04")


def test_the_notice_of_every_year_since_the_law_contains_the_fixed_days() -> None:
    for year in range(2025, 2027):
        (span,) = workdays.fixed_holidays().spans
        for month, day in span.value:
            assert OFFICIAL.day(date(year, month, day)).kind is Kind.HOLIDAY
            assert OFFICIAL.day(date(year, month, day)).notice is not None


def test_before_the_first_year_it_refuses() -> None:
    with pytest.raises(NotKnown) as refused:
        OFFICIAL.day(D("2018-12-29"))
    assert "2018-12-29" in refused.value.text.zh
    assert workdays.add_working_days(D("2018-12-31"), 1).end == D("2019-01-02")


def test_the_end_of_december_may_still_move() -> None:
    assert OFFICIAL.may_still_move(D("2026-12-31"))
    assert not OFFICIAL.may_still_move(D("2026-12-24"))
    assert not OFFICIAL.may_still_move(D("2025-12-31"))


def test_the_end_of_time_is_no_traceback() -> None:
    with pytest.raises(NotKnown):
        workdays.add_working_days(D("9999-12-20"), 20)


def test_backwards_and_nothing() -> None:
    with pytest.raises(ValueError, match="forward"):
        workdays.add_working_days(D("2026-03-02"), -1)
    assert workdays.add_working_days(D("2026-03-07"), 0).end == D("2026-03-07")
    assert workdays.count(D("2026-03-09"), D("2026-03-02")).days == ()


NOTICE = Notice("云水市模拟放假安排")
TOY = Calendar(
    (
        Year(
            2027,
            (Break(Text("元旦", "New Year"), D("2027-01-01"), D("2027-01-04"), (), NOTICE),),
            (NOTICE,),
        ),
    )
)


def test_a_calendar_of_ones_own() -> None:
    assert TOY.is_working_day(D("2027-01-05")) and not TOY.is_working_day(D("2027-01-04"))
    assert not TOY.day(D("2027-01-05")).provisional
    assert TOY.day(D("2028-01-05")).provisional
    assert workdays.add_working_days(D("2026-12-31"), 1, TOY).end == D("2027-01-05")
    again = Calendar(TOY.years)
    assert again == TOY and hash(again) == hash(TOY)


@pytest.mark.parametrize(
    ("first", "last", "worked", "complaint"),
    [
        ("2027-01-04", "2027-01-01", (), "before it starts"),
        ("2027-01-01", "2027-01-03", ("2027-01-05",), "no weekend day"),
        ("2027-01-01", "2027-01-03", ("2027-01-02",), "both off and worked"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(
    first: str, last: str, worked: tuple[str, ...], complaint: str
) -> None:
    pause = Break(Text("元旦", "New Year"), D(first), D(last), tuple(map(D, worked)), NOTICE)
    with pytest.raises(ValueError, match=complaint):
        Calendar((Year(2027, (pause,), (NOTICE,)),))


def test_a_year_twice_or_none_is_refused() -> None:
    year = Year(2027, (), (NOTICE,))
    with pytest.raises(ValueError, match="twice"):
        Calendar((year, year))
    with pytest.raises(ValueError, match="at least one"):
        Calendar(())


@settings(deadline=None)
@given(st.dates(D("2019-01-01"), D("2027-06-30")), st.integers(0, 60))
def test_adding_is_counting_one_by_one(start: date, n: int) -> None:
    day, left = start, n
    while left:
        day += timedelta(days=1)
        left -= OFFICIAL.is_working_day(day)
    found = workdays.add_working_days(start, n)
    assert found.end == day
    assert found.working == n
    assert workdays.count(start, found.end).days == found.days
    assert found.provisional == (n > 0 and found.end.year > 2026)


def test_dates_in_words() -> None:
    assert workdays.in_words(D("2026-04-13")) == Text(
        "2026年4月13日（星期一）", "Monday 13 April 2026"
    )
