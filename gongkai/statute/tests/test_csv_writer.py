"""长表 CSV: it holds all of a report, opens in a spreadsheet, and says what a hand got wrong."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute import forms, read, writers
from gongkai.statute.readers import csv_long
from gongkai.statute.report import (
    AnnualReport,
    CannotRead,
    Cell,
    Doubt,
    Leftover,
    Note,
    Passage,
    Place,
    State,
)
from gongkai.statute.tests import consistent, random_reports
from gongkai.statute.texts import same
from gongkai.statute.writers import csv as csv_writer
from gongkai.statute.writers import json as json_writer
from gongkai.statute.writers import paper

EXAMPLES = Path(__file__).parents[3] / "examples"
Rows = list[list[str]]


def told(report: AnnualReport) -> dict[str, object]:
    """All a report holds, as JSON says it: sentences in one language."""
    return json_writer.to_dict(report, "zh")


def rows_of(data: bytes) -> Rows:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def file_of(rows: Rows, delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


@settings(max_examples=25, deadline=None)
@given(made=random_reports.reports())
def test_any_report_reads_back_whole(made: AnnualReport) -> None:
    (back,) = read(csv_writer.write(made).data, name="报告.csv")
    assert told(back) == told(made)


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("[01]*.*")), ids=lambda f: f.name)
def test_an_example_reads_back_with_claims_places_and_notes(file: Path) -> None:
    (report,) = read(file.read_bytes(), name=file.name)
    (back,) = read(csv_writer.write(report).data)
    assert told(back) == told(report)


def test_what_belongs_to_no_cell_reads_back_too() -> None:
    cell = Cell(
        State.NUMBER, 3, "3件", "件", Place(2, (1.5, 2.0, 3.25, 4.0), 1, 2, 3, 4), 0.75,
        Doubt("doubt.column", same("=甲，\n乙")),
    )  # fmt: skip
    made = replace(
        consistent.change(consistent.report("2021", 1), {"remedies.direct_suit.pending": cell}),
        organ_names=("甲局", "乙局"),
        preamble="\n\n末",
        topics={"主动公开": "", "监督保障": "一\n二"},
        sections={"1": (Passage("", ""), Passage("一", "\n")), "4": (Passage("四", "'@甲"),)},
        other_edition_cells={"applications.other.total": Cell(State.DASH, raw="-")},
        leftovers=(Leftover("甲\t乙", ("1", "-"), ("remedies.direct_suit.pending",)),),
        notes=(Note("read.edition", same('“甲”,"乙"')),),
    )
    (back,) = read(csv_writer.write(made).data)
    assert told(back) == told(made)


def test_the_file_is_as_spreadsheets_want_it() -> None:
    data = csv_writer.write(random_reports.report(1)).data
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    head, *rows = rows_of(data)
    assert tuple(head) == csv_writer.COLUMNS
    assert {len(row) for row in rows} == {len(head)}
    address, row_at, column_at, unit = (head.index(n) for n in ("地址", "行", "列", "单位"))
    one = next(r for r in rows if r[address] == "applications.refused_inquiry.business")
    assert one[row_at] == "三、本年度办理结果 / （三）不予公开 / 8.属于行政查询事项"
    assert (one[column_at], one[unit]) == ("申请人情况 / 法人或其他组织 / 商业企业", "件")


@given(text=st.text(max_size=8) | st.text(st.sampled_from("=+-@'\t\r\n＝1.甲"), max_size=5))
def test_no_text_is_a_formula_and_none_is_changed(text: str) -> None:
    written = csv_writer.guarded(text)
    assert csv_long.bare(written) == paper.clean(text)
    assert not re.match(r"[=@\t\r\n＝＠]", written)
    if re.match(r"[+\-＋－]", written):
        assert re.fullmatch(r"[+\-＋－]+|[+\-]?[\d.]+", written)


def test_several_reports_in_one_file() -> None:
    made = [consistent.report("2019", 1), consistent.report("2021", 2)]
    assert [told(r) for r in read(csv_writer.data(made))] == [told(r) for r in made]


def test_control_characters_are_left_out_and_it_is_said() -> None:
    made = consistent.write(consistent.report("2021", 1), 5, "有\x0b控制\x00字符。")
    written = writers.write(made, to="csv")
    assert [note.id for note in written.notes] == ["write.control"]
    (back,) = read(written.data)
    assert back.sections["5"][0].text == "有控制字符。"


# -- a spreadsheet's habits


def _delimited(rows: Rows) -> bytes:
    return file_of(rows, ";")


def _tabbed_gbk(rows: Rows) -> bytes:
    return file_of(rows, "\t").decode("utf-8-sig").encode("gb18030")


def _moved(rows: Rows) -> bytes:
    return file_of([row[::-1] for row in rows])


def _slashed(rows: Rows) -> bytes:
    day = re.compile(r"(\d{4})-0?(\d+)-0?(\d+)")
    return file_of([[day.sub(r"\1/\2/\3", value) for value in row] for row in rows])


def _spaced(rows: Rows) -> bytes:
    empty = [""] * len(rows[0])
    return file_of([line for row in rows for line in (row, empty)])


@pytest.mark.parametrize("saved", [_delimited, _tabbed_gbk, _moved, _slashed, _spaced])
def test_a_spreadsheet_may_have_saved_it(saved: Callable[[Rows], bytes]) -> None:
    made = replace(consistent.report("2021", 3), notes=())
    (back,) = read(saved(rows_of(csv_writer.write(made).data)), name="甲.csv")
    assert random_reports.differences(made, back) == []


def test_an_officer_may_change_figures_and_lines() -> None:
    rows = rows_of(csv_writer.write(consistent.report("2021", 3)).data)
    head = rows[0]
    address, value, state = (head.index(name) for name in ("地址", "值", "状态"))
    for at, row in enumerate(rows):
        if row[address] == "remedies.direct_suit.pending":
            row[value], row[state] = "7", "number"
        if row[address] == "sections.5.1.text":
            added = at
    rows.insert(added + 1, [{address: "sections.5.1.text", value: "添一段。", 0: "1"}.get(k, "")
                            for k in range(len(head))])  # fmt: skip
    (back,) = read(file_of(rows))
    assert back.cell("remedies.direct_suit.pending").value == 7
    assert back.sections["5"][0].text.endswith("\n添一段。")


# -- what is wrong is said, and where


def _set(address: str, column: str, text: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        at = rows[0].index("地址")
        next(row for row in rows if row[at] == address)[rows[0].index(column)] = text

    return change


def _drop(address: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[:] = [row for row in rows if row[rows[0].index("地址")] != address]

    return change


def _twice(rows: Rows) -> None:
    rows.append(next(row for row in rows if "remedies.direct_suit.pending" in row))


def _more_fields(rows: Rows) -> None:
    rows[5].append("多")


def _other_header(rows: Rows) -> None:
    rows[0][3] = "状态"


COUNT = "applications.received.business"


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (_set(COUNT, "值", "三"), "“值”列", "应为整数"),
        (_set(COUNT, "值", "9.87654E+17"), "“值”列", "科学记数"),
        (_set(COUNT, "值", ""), "“值”列", "要有数值"),
        (_set(COUNT, "状态", "blank"), "“值”列", "改为 number"),
        (_set(COUNT, "状态", "数字"), "“状态”列", "应为 number、blank"),
        (_set(COUNT, "地址", "applications.received.nobody"), "“地址”列", "没有"),
        (_set(COUNT, "地址", ""), "“地址”列", "没有填写地址"),
        (_set(COUNT, "把握", "1.5"), "“把握”列", "0 和 1 之间"),
        (_set(COUNT, "位置", "第3页"), "“位置”列", "page=1"),
        (_set("proactive.fees.amount", "值", "多"), "“值”列", "以万元计"),
        (_set("year", "值", "22"), "“值”列", "年份"),
        (_set("edition", "值", "2008"), "“值”列", "2019、2021"),
        (_set("edition", "值", "2019"), "“地址”列", "2019 年版格式没有这个地址"),
        (_set("period", "值", "2022年"), "“值”列", "2024-01-01/2024-12-31"),
        (_set("signed_on", "值", "2023-02-30"), "“值”列", "没有 2023-02-30 这一天"),
        (_set("schema", "值", "gongkai.report/9"), "“值”列", "gongkai.report/1"),
        (_set("sections.1.1.title", "地址", "sections.甲"), "“地址”列", "sections.1.1.title"),
        (_drop("sections.2.1.title"), "“地址”列", "缺少 sections.2.1.title"),
        (_drop(COUNT), "“地址”列", f"缺少 1 个单元格，第一个是 {COUNT}"),
        (_twice, "“地址”列", "已经有了"),
        (_more_fields, "第 6 行", "引号"),
        (_other_header, "第 1 行", "列名“状态”重复"),
    ],
)
def test_a_hand_made_mistake_is_named_with_row_and_column(
    change: Callable[[Rows], None], where: str, what: str
) -> None:
    made = replace(consistent.report("2021", 3), signed_on=None, notes=())
    made = replace(made, signed_on=date(2023, 1, 9))
    rows = rows_of(csv_writer.write(made).data)
    change(rows)
    with pytest.raises(CannotRead) as caught:
        read(file_of(rows), name="甲.csv")
    assert caught.value.id == "error.csv"
    said = caught.value.text.zh
    assert where in said and what in said and re.search(r"第 \d+ 行", said)
    assert caught.value.text.en


@pytest.mark.parametrize("name", ["", "甲.txt", "甲.csv"])
def test_markup_in_its_texts_does_not_make_it_a_web_page(name: str) -> None:
    marked = "<p>甲</p><p>乙</p>| --- | --- |"
    made = consistent.write(consistent.report("2021", 1), 1, f"{marked}\n| --- | --- |\n{marked}")
    (back,) = read(csv_writer.write(replace(made, preamble=marked)).data, name=name)
    assert back.sections["1"][0].text == made.sections["1"][0].text


def test_other_tables_are_not_taken_for_it() -> None:
    assert not csv_long.is_ours("报告,地址\n1,2\n".encode())
    assert not csv_long.is_ours("序号,单位\n1,甲\n".encode())
    assert not csv_long.is_ours(b"\x00\x01")
    assert csv_long.is_ours(csv_writer.write(consistent.report("2019", 1)).data)


def test_json_writes_the_same_line_as_the_command() -> None:
    made = random_reports.report(5, "2019")
    written = writers.write(made, to="json", lang="en").data
    assert written.decode() == json_writer.dump_line(made, "en")
    assert [told(r) for r in read(written)] == [told(made)]
    assert forms.editions()[0] == made.edition
