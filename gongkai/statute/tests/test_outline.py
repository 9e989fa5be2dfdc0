"""Title, organ, year, period, signature and sections, in the many ways they are set."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.statute.readers import headings, read
from gongkai.statute.report import AnnualReport, CannotRead, Kind

BODY = """
一、总体情况
（一）主动公开情况。公开信息3条。
（二）依申请公开情况。收到申请0件。
（三）政府信息管理情况。按制度办理。
（四）平台建设。栏目运行正常。
（五）监督保障。组织培训1次。
五、存在的主要问题及改进情况
栏目更新不够及时。
六、其他需要报告的事项
没有其他事项。
"""


def report(text: str) -> AnnualReport:
    (found,) = read(text.encode(), name="x.txt")
    return found


TITLES = [
    ("云水市示例局2023年政府信息公开工作年度报告", "云水市示例局", 2023),
    ("云水市示例局\n2023年政府信息公开工作年度报告", "云水市示例局", 2023),
    ("云水市示例局 2023 年度\n\n政府信息公开工作报告", "云水市示例局", 2023),
    ("2023年云水市示例局政府信息公开工作年度报告", "云水市示例局", 2023),
    ("云水市示例局二〇二三年政府信息公开工作年度报告", "云水市示例局", 2023),
    ("# 云水市示例局2023年度政府信息公开年报", "云水市示例局", 2023),
    ("首页 > 政务公开 > 年度报告\n云水市示例局2023年政务公开工作年度报告", "云水市示例局", 2023),
    ("现公布云水市示例局2023年政府信息公开工作年度报告，全文分六个部分。", "云水市示例局", 2023),
    ("青石区示例街道2023年政府信息公开工作年度报告（公开版）", "青石区示例街道", 2023),
]


@pytest.mark.parametrize(("title", "organ", "year"), TITLES)
def test_title(title: str, organ: str, year: int) -> None:
    found = report(title + BODY)
    assert (found.organ, found.year, found.edition_due) == (organ, year, "2021")


def test_the_preamble_is_what_stands_between_title_and_section_one() -> None:
    found = report(
        "首页 > 政务公开\n云水市示例局\n2023年政府信息公开工作年度报告\n"
        "发布日期：2024-01-20 浏览次数：12\n"
        "本报告依照条例编制。\n联系电话：000-00000000。" + BODY
    )
    assert found.title == "云水市示例局2023年政府信息公开工作年度报告"
    assert found.preamble == "本报告依照条例编制。\n联系电话：000-00000000。"


def test_without_a_title_the_year_is_that_before_the_signature() -> None:
    found = report(BODY + "云水市示例局\n2024年1月15日\n")
    assert (found.title, found.organ, found.year) == (None, "云水市示例局", 2023)
    assert found.signed_on == date(2024, 1, 15)


@pytest.mark.parametrize(
    "printed", ["2024年1月15日", "2024 年 1 月 15 日", "二〇二四年一月十五日", "2024-01-15"]
)
def test_signature(printed: str) -> None:
    found = report(f"云水市示例局2023年政府信息公开年度报告{BODY}\n    云水市示例局\n    {printed}")
    assert found.signed_on == date(2024, 1, 15)


def test_sections_topics_and_period() -> None:
    head = "云水市示例局2023年政府信息公开工作年度报告\n统计期限自2023年1月1日起至12月31日止。"
    found = report(head + BODY)
    assert found.period == (date(2023, 1, 1), date(2023, 12, 31))
    assert list(found.sections) == ["1", "5", "6"]
    assert found.sections["6"][0].text == "没有其他事项。"
    assert list(found.topics) == [
        "主动公开",
        "依申请公开",
        "政府信息管理",
        "政府信息公开平台建设",
        "监督保障",
    ]
    assert found.kind is Kind.ORGAN and not found.cells.keys() - set(found.cells)


SECTIONS = [
    ("一、总体情况", (1, "cn")),
    ("一、 总 体 情 况", (1, "cn")),
    ("二、主动公开政府信息情况", (2, "cn")),
    ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", (4, "cn")),
    ("五、政府信息公开工作存在的主要问题及改进情况", (5, "cn")),
    ("五、存在问题和改进措施", (5, "cn")),
    ("六、其他需要报告的情况", (6, "cn")),
    ("三、主动公开政府信息情况", (2, "cn")),
    ("总体情况", (1, "bare")),
    ("一、總體情況", (1, "cn")),
    ("一、本年新收政府信息公开申请数量", None),
    ("三、本年度办理结果", None),
    ("（一）主动公开情况", None),
    ("2、主动公开", None),
    ("二、加强培训，提高能力。", None),
]


@pytest.mark.parametrize(("text", "expected"), SECTIONS)
def test_which_section_a_line_opens(text: str, expected: tuple[int, str] | None) -> None:
    assert headings.section_of(text) == expected


@pytest.mark.parametrize(
    "text", ["会议纪要\n今天开会。", "1 2 3 4 5", "目录\n一、总体要求\n二、主要任务\n", "\n\n"]
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(CannotRead) as refused:
        report(text)
    assert refused.value.id in ("error.not_a_report", "error.empty")


def test_several_reports_in_one_file_come_apart() -> None:
    text = "".join(
        f"{organ}\n2023年政府信息公开工作年度报告\n{BODY}\n{organ}\n2024年1月{day}日\n\n"
        for organ, day in (("云水市示例局", 10), ("云水市样板局", 12), ("云水市试验局", 14))
    )
    found = read(text.encode(), name="x.txt")
    assert [(r.part, r.organ, r.signed_on) for r in found] == [
        (1, "云水市示例局", date(2024, 1, 10)),
        (2, "云水市样板局", date(2024, 1, 12)),
        (3, "云水市试验局", date(2024, 1, 14)),
    ]
    assert all(list(r.sections) == ["1", "5", "6"] for r in found)


def test_a_report_printed_twice_is_one_report() -> None:
    text = f"云水市示例局2023年政府信息公开工作年度报告\n{BODY}" * 2
    (found,) = read(text.encode(), name="x.txt")
    assert found.part is None and len(found.sections["5"]) == 2
