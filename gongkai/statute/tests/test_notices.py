"""放假通知的读取: what is understood, what is told, and that nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

import pytest

from gongkai.statute import notices, workdays
from gongkai.statute.workdays import Break, Year

YEARS = workdays.official().years
_NUMERALS = "一二三四五六七八九十"


def day(on: date, *, year: bool = False, weekday: str = "") -> str:
    said = f"{on.year}年" if year else ""
    bracket = f"（{weekday}{'一二三四五六日'[on.weekday()]}）" if weekday else ""
    return f"{said}{on.month}月{on.day}日{bracket}"


def line(one: Break, year: int, *, weekday: str, joined: str) -> str:
    """One break in the form of a notice."""
    other = one.first.year != year
    length = (one.last - one.first).days + 1
    if length == 1:
        off = f"{day(one.first, weekday=weekday)}放假，与周末连休"
    else:
        off = (
            f"{day(one.first, year=other, weekday=weekday)}至"
            f"{day(one.last, year=other, weekday=weekday)}放假调休，共{length}天"
        )
    worked = joined.join(day(d, year=d.year != year, weekday=weekday or "星期") for d in one.worked)
    return f"{one.name.zh}：{off}。{worked + '上班。' if worked else ''}"


def notice(year: Year, *, weekday: str = "", joined: str = "、", title: bool = True) -> str:
    """A year of the table, written as a notice."""
    lines = [
        f"{_NUMERALS[n]}、{line(one, year.year, weekday=weekday, joined=joined)}"
        for n, one in enumerate(year.breaks)
    ]
    head = [f"国务院办公厅关于{year.year}年部分节假日安排的通知", "国办发明电〔2018〕15号"]
    return "\n".join([*(head if title else []), *lines, "国务院办公厅", "2018年12月4日"])


def same_days(found: Sequence[Break], wanted: Sequence[Break]) -> bool:
    return notices.as_data(found) == notices.as_data(sorted(wanted, key=lambda b: b.first))


@pytest.mark.parametrize("year", YEARS, ids=lambda y: str(y.year))
@pytest.mark.parametrize("weekday", ["", "星期", "周"])
@pytest.mark.parametrize("joined", ["、", "和", "，"])
def test_every_year_of_the_table_reads_back_from_a_notice(
    year: Year, weekday: str, joined: str
) -> None:
    found = notices.read_text(notice(year, weekday=weekday, joined=joined))

    assert [p.text.en for p in found.problems] == []
    assert found.usable
    assert found.year == year.year
    assert found.number == "国办发明电〔2018〕15号"
    assert found.dated == date(2018, 12, 4)
    assert found.title == f"国务院办公厅关于{year.year}年部分节假日安排的通知"
    assert same_days(found.breaks, year.breaks)


@pytest.mark.parametrize("year", YEARS, ids=lambda y: str(y.year))
def test_every_year_reads_back_from_a_table(year: Year) -> None:
    rows: list[tuple[int, list[object]]] = [(1, list(notices.HEADINGS))]
    for n, one in enumerate(year.breaks, 2):
        worked = "、".join(d.isoformat() for d in one.worked)
        last = datetime.combine(one.last, time())
        rows.append((n, [one.name.zh, one.first.isoformat(), last, worked]))

    found = notices.read_rows(rows, year=year.year)

    assert [p.text.en for p in found.problems] == []
    assert same_days(found.breaks, year.breaks)


def test_data_reads_back() -> None:
    for year in YEARS:
        again = notices.from_data(notices.as_data(year.breaks), year.breaks[0].notice)
        assert same_days(again, year.breaks)


GOOD = {
    "new_year": "元旦：1月1日至3日放假，共3天。",
    "spring": "春节：2月5日至11日放假调休，共7天。2月4日（星期四）",
    "qingming": "清明节：4月3日至5日放假，共3天。",
    "labour": "劳动节：5月1日至5日放假调休，共5天。4月25日、5月8日上班。",
    "dragon_boat": "端午节：6月9日放假1天，不调休。",
    "mid_autumn": "中秋节：9月15日放假。",
    "national": "国庆节：10月1日至7日放假调休，共7天。9月26日和10月9日上班。",
} | {"spring": "春节：2月5日至11日放假调休，共7天。1月31日、2月14日上班。"}


def text_of(**changed: str) -> str:
    return "2027年部分节假日安排\n" + "\n".join({**GOOD, **changed}.values())


def ids(found: notices.Reading) -> list[str]:
    return [p.id for p in found.problems]


def test_the_frame_of_these_tests_is_sound() -> None:
    found = notices.read_text(text_of())
    assert ids(found) == []
    assert len(found.breaks) == 7
    assert found.breaks[1].worked == (date(2027, 1, 31), date(2027, 2, 14))


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("清明节：４月３日至５日放假，共３天。", (4, 3), (4, 5)),
        ("清明节:4月3日-4月5日放假,共3天。", (4, 3), (4, 5)),
        ("清明节：4 月 3 日至 5 日放假，共 3 天。", (4, 3), (4, 5)),
        ("清明节：4月3日（周六）—5日（周一）放假，共三天。", (4, 3), (4, 5)),
        ("清明节：2027年4月3日至2027年4月5日放假。", (4, 3), (4, 5)),
        ("清明节：4月3日、4日、5日放假。", (4, 3), (4, 5)),
        ("清明节：4月5日（农历二月廿九、星期一）放假，与周末连休。", (4, 5), (4, 5)),
        ("清明节：4月5日放假，与周末连休，共3天。", (4, 5), (4, 5)),
        ("清明节：4月3日至\n5日放假，共3天。", (4, 3), (4, 5)),
    ],
)
def test_the_same_days_in_other_writing(
    words: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    found = notices.read_text(text_of(qingming=words))
    assert ids(found) == []
    (one,) = (b for b in found.breaks if b.name == workdays.HOLIDAYS["qingming"])
    assert (one.first, one.last) == (date(2027, *first), date(2027, *last))


@pytest.mark.parametrize("names", ["国庆节、中秋节", "中秋节、国庆节", "国庆节和中秋节"])
def test_two_holidays_in_one_break(names: str) -> None:
    both = f"{names}：10月1日至8日放假调休，共8天。9月26日、10月10日上班。"
    found = notices.read_text(text_of(mid_autumn="", national=both))
    assert ids(found) == []
    assert notices.name_of(found.breaks[-1]) == "national_mid_autumn"


def test_advice_to_rest_makes_no_day_off_and_is_told() -> None:
    advice = GOOD["spring"] + "鼓励结合带薪年休假安排职工在除夕（2月5日）休息。"
    found = notices.read_text(text_of(spring=advice))
    assert ids(found) == ["unread"]
    assert found.usable


@pytest.mark.parametrize(
    ("changed", "id"),
    [
        ({"qingming": "清明节：4月5日至3日放假。"}, "reversed"),
        ({"qingming": "清明节：4月3日至5日放假，共4天。"}, "count"),
        ({"qingming": "清明节：4月3日（星期五）至5日放假。"}, "weekday"),
        ({"qingming": "清明节：3日至5日放假。"}, "no_month"),
        ({"qingming": "清明节：4月31日放假。"}, "no_such_day"),
        ({"qingming": "清明节：4月3日、5日放假。"}, "gap"),
        ({"qingming": "清明节：4月3日至5日。"}, "unread"),
        ({"qingming": "清明节：4月3日至5日放假。4月8日上班。"}, "worked_weekday"),
        ({"qingming": "清明节：4月3日至5日放假。4月4日上班。"}, "both"),
        ({"qingming": "清明节：4月3日至5日放假。5月8日上班。"}, "worked_twice"),
        ({"qingming": "清明节：4月3日至5日放假。5月1日至3日放假。"}, "twice"),
        ({"qingming": "清明节：2026年4月4日至6日放假。"}, "outside"),
        ({"qingming": ""}, "missing"),
        ({"new_year": "元旦：12月31日至1月2日放假，共3天。"}, "reversed"),
        ({"labour": "劳动节：5月3日至5日放假调休。"}, "overlap_not"),
        ({"mid_autumn": "中秋节：10月3日放假。"}, "overlap"),
        ({"national": "国庆节：10月2日至7日放假调休。"}, "fixed"),
        ({"national": "元旦、国庆节：10月1日至7日放假。"}, "name"),
    ],
)
def test_what_contradicts_itself_is_told_and_keeps_the_year_out(
    changed: dict[str, str], id: str
) -> None:
    found = notices.read_text(text_of(**changed))
    if id == "overlap_not":  # 5月1日 a Saturday, 5月2日 a Sunday: off without being said
        assert ids(found) == []
        return
    assert id in ids(found)
    assert not found.usable
    for problem in found.problems:
        assert problem.text.zh and problem.text.en
        assert "{" not in problem.text.zh + problem.text.en


def test_a_problem_has_its_place() -> None:
    found = notices.read_text(text_of(qingming="清明节：4月3日（星期五）至5日放假。"))
    (problem,) = found.problems
    assert problem.place == notices.Place(4, 5)


def test_a_notice_without_a_year_is_not_guessed() -> None:
    text = "\n".join(GOOD.values())
    assert ids(notices.read_text(text)) == ["no_year"]
    assert not notices.read_text(text).usable
    assert notices.read_text(text, year=2027).usable
    assert ids(notices.read_text(text_of(), year=2028))[0] == "year_differs"


def test_a_break_over_new_year_names_its_years() -> None:
    text = text_of(new_year="元旦：2026年12月31日至2027年1月2日放假调休，共3天。")
    found = notices.read_text(text)
    assert ids(found) == []
    assert found.breaks[0].first == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["", "今年的放假安排另行通知。", "2027年部分节假日安排"])
def test_what_is_no_notice_is_said_to_be_none(text: str) -> None:
    found = notices.read_text(text, year=2027)
    assert ids(found) == ["nothing"]


@pytest.mark.parametrize(
    ("row", "id"),
    [
        (["清明", "四月三日", "2027-04-05", ""], "no_date"),
        (["清明", "2027-04-05", "2027-04-03", ""], "reversed"),
        (["清明", "2027-04-03", "2027-04-05", "2027-04-08"], "worked_weekday"),
        (["植树节", "2027-04-03", "2027-04-05", ""], "name"),
        (["清明", "", "2027-04-05", ""], "no_date"),
    ],
)
def test_a_row_that_is_wrong_is_told_with_its_number(row: list[str], id: str) -> None:
    found = notices.read_rows([(2, row)], year=2027)
    problem = next(p for p in found.problems if p.id == id)
    assert problem.place is not None
    assert problem.place.line == 2
    assert not found.usable


def test_a_table_without_its_year_is_not_guessed() -> None:
    assert ids(notices.read_rows([(2, ["元旦", "2027-01-01", "2027-01-03"])], year=None)) == [
        "no_year"
    ]


def test_rows_pasted_from_a_spreadsheet_are_read_as_rows() -> None:
    year = YEARS[-1]
    rows = ["\t".join(notices.HEADINGS)] + [
        f"{b.name.zh}\t{b.first}\t{b.last}\t{'、'.join(map(str, b.worked))}" for b in year.breaks
    ]
    found = notices.read("\n".join(rows), year=year.year)
    assert ids(found) == []
    assert same_days(found.breaks, year.breaks)
    assert notices.read(notice(year)).usable
    assert ids(notices.read("\n".join(rows))) == ["no_year"]
