"""工作簿: exact figures, honest totals, and reading back, also after others saved it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings

from gongkai.statute import check, forms, read, writers
from gongkai.statute.findings import Finding, Level, Outcome
from gongkai.statute.readers import sheet, workbook
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
    Value,
)
from gongkai.statute.tests import consistent, random_reports
from gongkai.statute.texts import Text, same
from gongkai.statute.writers import xlsx, xlsx_findings, xlsx_names, xlsx_tables

TOTAL, PART = "applications.received.total", "applications.received.business"


def parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {n: opened.read(n).decode() for n in opened.namelist() if n.endswith((".xml", "ls"))}


def rows_of(data: bytes, sheet: str) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def place_of(report: AnnualReport, address: str) -> tuple[str, str]:
    return xlsx_findings.location(report.edition or "", address)


def stored(data: bytes, report: AnnualReport, address: str) -> str:
    """The XML of an address's cell."""
    sheet, at = place_of(report, address)
    number = [xlsx_names.TEXT, *xlsx_names.TABLES.values()].index(sheet) + 1
    found = re.search(
        rf'<c r="{at}".*?(?:/>|</c>)', parts_of(data)[f"xl/worksheets/sheet{number}.xml"]
    )
    assert found
    return found[0]


def comments(data: bytes) -> str:
    return "".join(text for name, text in parts_of(data).items() if "comments" in name)


@settings(max_examples=25, deadline=None)
@given(made=random_reports.reports())
def test_any_report_reads_back(made: AnnualReport) -> None:
    (back,) = read(xlsx.write(made, findings=check(made).findings).data)
    assert random_reports.differences(made, back) == []
    assert (back.organ_names, back.kind) == (made.organ_names, made.kind)


@pytest.mark.parametrize("edition", forms.editions())
def test_reading_back_leaves_nothing_over_and_needs_no_word(edition: str) -> None:
    made = consistent.report(edition, 4)
    (back,) = read(xlsx.write(made, findings=check(made).findings).data, name="甲.xlsx")
    assert (back.file, back.leftovers, back.notes) == ("甲.xlsx", (), ())


def test_the_same_report_gives_the_same_bytes() -> None:
    made = random_reports.report(2)
    findings = check(made).findings
    assert xlsx.write(made, findings=findings).data == xlsx.write(made, findings=findings).data


@pytest.mark.parametrize("edition", forms.editions())
def test_another_reader_finds_every_figure_where_the_form_has_it(edition: str) -> None:
    made = consistent.report(edition, 6)
    data = xlsx.write(made).data
    for name, held in xlsx_names.TABLES.items():
        rows = rows_of(data, held)
        grid = next(g for g in xlsx_tables.grids(edition) if g.table.id == name)
        for square in grid.table.squares:
            value = rows[square.row + xlsx_tables.TOP][square.column]
            if square.address is None:
                assert value == square.text
            else:
                assert Decimal(str(value)) == made.cell(square.address).value


# -- totals


def test_a_total_that_fits_is_a_formula_with_its_result() -> None:
    made = consistent.report("2021", 1)
    data = xlsx.write(made).data
    value = made.cell(TOTAL).value
    assert stored(data, made, TOTAL).endswith(
        f'<f>IF(COUNT(D6:I6)=6,SUM(D6:I6),"")</f><v>{value}</v></c>'
    )
    down = stored(data, made, "applications.concluded.research")
    assert '<f>IF(COUNT(F8:F28)=21,SUM(F8:F28),"")</f>' in down
    suits = stored(data, made, "remedies.direct_suit.total")
    assert '<f>IF(COUNT(F6:I6)=4,SUM(F6:I6),"")</f>' in suits
    assert "<comment " not in comments(data)
    assert 'fullCalcOnLoad="1"' in parts_of(data)["xl/workbook.xml"]


@pytest.mark.parametrize(
    "printed",
    [
        Cell(State.NUMBER, 10**6, "1000000"),
        Cell(State.BLANK),
        Cell(State.DASH, raw="—"),
        Cell(State.NOT_APPLICABLE, raw="无"),
        Cell(State.UNREADABLE, raw="若干"),
        Cell(State.ABSENT),
    ],
)
def test_a_total_that_does_not_fit_stands_as_printed_with_a_comment(printed: Cell) -> None:
    made = consistent.report("2021", 1)
    sum_ = made.cell(TOTAL).value
    made = consistent.change(made, {TOTAL: printed})
    data = xlsx.write(made).data
    assert "<f>" not in stored(data, made, TOTAL)
    assert f"各分项相加是 {sum_}。" in comments(data)
    (back,) = read(data)
    assert random_reports.differences(made, back) == []


def test_without_all_parts_no_total_is_made_up() -> None:
    made = consistent.report("2021", 1)
    printed = made.cell(TOTAL).value
    made = consistent.change(made, {PART: consistent.blank()})
    kept = xlsx.write(made).data
    assert "<f>" not in stored(kept, made, TOTAL) and "不能计算" in comments(kept)
    empty = consistent.change(made, {TOTAL: consistent.blank()})
    data = xlsx.write(empty).data
    assert "<f>" in stored(data, empty, TOTAL)  # adds as soon as the part is there
    (back,) = read(data)
    assert back.cell(TOTAL).state is State.BLANK and printed is not None
    assert back.notes == ()


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (10**15 - 1, True),
        (10**15, False),
        (-(10**17), False),
        (Decimal("25.10"), True),
        (Decimal("99999999999.9999"), True),
        (Decimal("99999999999.99999"), False),
        (Decimal("0.0000001"), True),
    ],
)
def test_a_number_is_stored_as_one_only_where_that_is_exact(value: Value, number: bool) -> None:
    address = "proactive.fees.amount" if isinstance(value, Decimal) else PART
    made = consistent.change(consistent.report("2021", 1), {address: value})
    data = xlsx.write(made).data
    assert ('t="s"' not in stored(data, made, address)) is number
    assert ("超过 15 位" in comments(data)) is not number
    (back,) = read(data)
    assert back.cell(address).value == value


def test_decimals_are_shown_as_printed() -> None:
    made = consistent.change(
        consistent.report("2021", 1), {"proactive.fees.amount": Decimal("25.10")}
    )
    assert 'formatCode="0.00"' in parts_of(xlsx.write(made).data)["xl/styles.xml"]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "相符"),
        ({"applications.carried_out.business": 999}, "差 -"),
        ({"applications.carried_out.business": consistent.blank()}, "无法判断"),
    ],
)
def test_the_balance_of_each_column_is_told_below_table_three(
    changes: dict[str, Value | Cell], shown: str
) -> None:
    made = consistent.change(consistent.report("2021", 1), changes)
    row = rows_of(xlsx.write(made).data, xlsx_names.TABLES["applications"])[-1]
    assert row[0].startswith(xlsx_names.CHECK_ROW) and row[4].startswith(shown)
    assert row[5] == "相符"


# -- texts


def test_no_text_becomes_a_formula_or_a_link() -> None:
    risky = '=HYPERLINK("http://example.invalid","甲")'
    made = consistent.write(consistent.report("2021", 1), 5, f"{risky}\n@SUM(A1)\n+1\n-1\n_x0041_")
    made = consistent.change(made, {PART: Cell(State.UNREADABLE, raw="=1+1")})
    data = xlsx.write(made).data
    texts = parts_of(data)["xl/worksheets/sheet1.xml"]
    assert "<f>" not in texts and "hyperlink" not in texts
    (back,) = read(data)
    assert back.sections["5"][0].text == made.sections["5"][0].text
    assert back.cell(PART).raw == "=1+1"


def test_a_long_paragraph_goes_on_in_the_next_rows() -> None:
    long = "".join(f"第{n}件事已经办好。" for n in range(9000))
    made = consistent.write(consistent.report("2021", 1), 5, f"前一段。\n{long}\n后一段。")
    made = replace(made, preamble=long)
    data = xlsx.write(made).data
    rows = rows_of(data, xlsx_names.TEXT)
    assert max(len(str(row[1])) for row in rows) <= xlsx.LONGEST
    assert [row[0] for row in rows].count(xlsx_names.CONTINUED) == 2 * (len(long) // xlsx.LONGEST)
    (back,) = read(data)
    assert back.sections["5"][0].text == made.sections["5"][0].text
    assert back.preamble == long


@pytest.mark.parametrize("edition", forms.editions())
def test_an_empty_form_reads_back_as_blank_cells(edition: str) -> None:
    made = consistent.report(edition, 1)
    made = replace(made, cells=dict.fromkeys(made.cells, consistent.blank()))
    (back,) = read(xlsx.write(made).data)
    assert {cell.state for cell in back.cells.values()} == {State.BLANK}
    assert back.notes == ()


def test_what_is_unknown_is_left_empty_and_no_table_made_up() -> None:
    made = AnnualReport(sections={str(n): (Passage(f"{n}、甲", "乙。"),) for n in range(1, 7)})
    data = xlsx.write(made).data
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == [xlsx_names.TEXT, xlsx_names.FINDINGS, xlsx_names.ABOUT]
    texts = {row[0]: row[1] for row in rows_of(data, xlsx_names.TEXT)}
    assert {texts[xlsx_names.LABELS[k]] for k in ("title", "organ", "year", "period")} == {""}


# -- what was found, and what the workbook says of itself


def test_findings_with_words_colours_and_links() -> None:
    made = consistent.report("2021", 1)
    found = Finding(
        "t3.row_total", Level.ERROR, Outcome.BROKEN, (TOTAL, PART), 5, 6,
        Text("写的是 5。", "It says 5."), Text("请核对。", "Check it."), "国办公开办函〔2021〕30号",
    )  # fmt: skip
    prose = Finding("form.residue", Level.NOTE, Outcome.CANNOT_TELL, place=Place(page=2, line=7))
    data = xlsx.write(made, findings=(found, prose)).data
    title, head, first, second, *_ = rows_of(data, xlsx_names.FINDINGS)
    assert title[0] == xlsx_names.FINDINGS and head[:3] == ["级别", "结论", "规则"]
    assert first[:3] == ["错误", "不成立", "t3.row_total"]
    assert first[3].endswith("一、本年新收政府信息公开申请数量 / 总计（等 2 格）")
    assert first[4:] == ["5", "6", "写的是 5。", "请核对。", "国办公开办函〔2021〕30号"]
    assert second[:4] == ["提示", "无法判断", "form.residue", "第 2 页 正文第 7 行"]
    sheet = parts_of(data)["xl/worksheets/sheet5.xml"]
    assert "location=\"'表三 依申请公开'!J6\"" in sheet and '<autoFilter ref="A2:I4"/>' in sheet
    english = rows_of(xlsx.write(made, lang="en", findings=(found,)).data, xlsx_names.FINDINGS)
    assert english[2][0] == "error" and english[2][6] == "It says 5."


def test_nothing_found_is_said_and_doubts_stand_apart() -> None:
    doubt = Doubt("doubt.not_a_number", same("“若干”不是确定的数字"))
    made = consistent.change(
        consistent.report("2021", 1), {PART: Cell(State.UNREADABLE, raw="若干", doubt=doubt)}
    )
    data = xlsx.write(made).data
    column = [row[0] for row in rows_of(data, xlsx_names.FINDINGS)]
    assert column[2] == "没有发现。" and column[4].startswith("读取时存疑")
    assert rows_of(data, xlsx_names.FINDINGS)[6][2:5] == [
        "doubt.not_a_number", "表三：一、本年新收政府信息公开申请数量 / 商业企业", "若干",
    ]  # fmt: skip
    assert "不是确定的数字" in comments(data)


def test_what_has_no_cell_is_listed_on_the_sheet_about_it() -> None:
    remark = Cell(
        State.NUMBER, 22, "22（其中修订16件）", None, Place(table=2, row=5, column=4), 0.8
    )
    made = replace(
        consistent.change(consistent.report("2021", 1), {PART: remark}),
        file="来源.docx",
        leftovers=(Leftover("多出的一行 3", place=Place(table=3, row=9)),),
        other_edition_cells={"proactive.procurement.items": Cell(State.NUMBER, 4, "4")},
        notes=(Note("read.edition", same("版本不符")),),
    )
    written = writers.write(made, to="xlsx")
    assert written.notes == ()
    rows = [[str(v) for v in row] for row in rows_of(written.data, xlsx_names.ABOUT)]
    told = "\n".join("\t".join(row) for row in rows)
    for text in (
        "来源文件\t来源.docx",
        "第 3 个表 第 9 行\t多出的一行 3",
        "表二：政府集中采购 / 采购项目数量\t4",
        "全文\t版本不符\tread.edition",
        "表三：一、本年新收政府信息公开申请数量 / 商业企业\t22（其中修订16件）",
        "数字\t表三：一、本年新收政府信息公开申请数量 / 商业企业\t第 2 个表 第 5 行",
    ):
        assert text in told


# -- changed by an officer, saved by another program


def changed(data: bytes, *changes: tuple[str, str, Callable[[re.Match[str]], str] | str]) -> bytes:
    """The workbook with parts of it changed: (member, pattern, replacement)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for member, pattern, by in changes:
                if member == name:
                    text, count = re.subn(pattern, by, content.decode(), flags=re.DOTALL)
                    assert count
                    content = text.encode()
            new.writestr(name, content)
    return out.getvalue()


def test_an_officer_changes_text_and_figures() -> None:
    made = consistent.report("2021", 1)
    data = xlsx.write(made).data
    _, at = place_of(made, PART)
    edited = changed(
        data,
        ("xl/sharedStrings.xml", "<si><t>2022</t></si>", "<si><t>2023</t></si>"),
        ("xl/worksheets/sheet3.xml", rf'(<c r="{at}" [^>]*>)<v>\d+</v>', r"\g<1><v>4321</v>"),
    )
    (back,) = read(edited)
    assert (back.year, back.edition_due) == (2023, "2021")
    assert back.cell(PART).value == 4321
    held = random_reports.held
    assert held(back)["sections"] == held(made)["sections"]


def test_a_row_put_into_table_three_moves_the_others() -> None:
    made = consistent.report("2021", 1)
    data = xlsx.write(made).data

    def below(found: re.Match[str]) -> str:
        letters, row = re.fullmatch(r"([A-Z]*)(\d+)", found[2]).groups()  # type: ignore[union-attr]
        return f"{found[1]}{letters}{int(row) + (int(row) >= 20)}{found[3]}"

    moved = changed(
        data,
        ("xl/worksheets/sheet3.xml", r'((?:row|c) r=")([A-Z]*\d+)(")', below),
        ("xl/worksheets/sheet3.xml", r'(mergeCell ref=")([A-Z]+\d+)(:)', below),
        ("xl/worksheets/sheet3.xml", r'(mergeCell ref="[A-Z]+\d+:)([A-Z]+\d+)(")', below),
    )
    assert rows_of(moved, xlsx_names.TABLES["applications"])[19][4] == ""
    (back,) = read(moved)
    assert random_reports.differences(made, back) == []


def test_what_an_officer_adds_elsewhere_is_not_dropped() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        text = book.add_worksheet(xlsx_names.TEXT)
        lines = [
            ("项目", "内容"),
            ("格式标识", xlsx_names.SCHEMA),
            ("标题", "云水市示例局2022年政府信息公开工作年度报告"),
            ("第一部分标题", "一、总体情况"),
            ("第一部分正文", "甲。"),
            ("", "乙。"),
            ("我的备忘", "待核"),
            ("第五部分标题", "五、存在的主要问题及改进情况"),
            ("第五部分正文", "丙。"),
            ("第六部分标题", "六、其他需要报告的事项"),
            ("第六部分正文", "没有。"),
        ]
        for at, line in enumerate(lines):
            text.write_row(at, 0, line)
        text.write(4, 2, "旁注")
        book.add_worksheet("草稿").write(0, 0, "另记一笔")
        book.add_worksheet(xlsx_names.ABOUT).write(0, 0, "说明")
    (back,) = read(out.getvalue())
    assert back.sections["1"][0].text == "甲。\n乙。"
    assert [left.raw for left in back.leftovers] == ["旁注", "我的备忘 待核", "草稿：另记一笔"]
    assert back.leftovers[1].place == Place(row=7)


def test_another_workbook_is_none_of_ours() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet(xlsx_names.TEXT).write(0, 0, "格式标识")
    assert workbook.reports(out.getvalue()) is None


@pytest.mark.parametrize("inline", [False, True])
def test_another_workbook_with_a_sheet_of_that_name_is_not_read_twice(
    monkeypatch: pytest.MonkeyPatch, inline: bool
) -> None:
    """Ours is told by its mark, wherever the texts are kept, before any sheet is parsed."""
    reads: list[int] = []
    real = sheet.contents

    def counted(data: bytes) -> Any:
        reads.append(1)
        return real(data)

    monkeypatch.setattr(sheet, "contents", counted)
    for mark in ("云水市", xlsx_names.SCHEMA):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"constant_memory": inline}) as book:
            page = book.add_worksheet(xlsx_names.TEXT)
            page.write_row(0, 0, (xlsx_names.LABELS["schema"], mark))
        assert (mark in parts_of(out.getvalue()).get("xl/sharedStrings.xml", "")) != inline
        reads.clear()
        if mark == xlsx_names.SCHEMA:
            with pytest.raises(CannotRead):  # ours, and empty
                workbook.reports(out.getvalue())
            assert reads
        else:
            assert workbook.reports(out.getvalue()) is None
            assert not reads
