"""The printed layout: tables without gaps or overlaps, prose in its styles, nothing invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gongkai.statute import forms, read, writers
from gongkai.statute.report import AnnualReport, Cell, Passage, State
from gongkai.statute.tests import consistent
from gongkai.statute.writers import paper


@pytest.mark.parametrize("edition", forms.editions())
def test_squares_fill_each_table_once_in_reading_order(edition: str) -> None:
    for table in paper.empty_tables(edition):
        covered = [
            (row, column)
            for square in table.squares
            for row in range(square.row, square.row + square.rows)
            for column in range(square.column, square.column + square.columns)
        ]
        assert len(covered) == len(set(covered)) == table.height * len(table.widths)
        begun = [(square.row, square.column) for square in table.squares]
        assert begun == sorted(begun)
        assert [s for row in table.by_row() for s in row] == list(table.squares)


@pytest.mark.parametrize("edition", forms.editions())
def test_every_address_has_one_square_and_every_label_stands_there(edition: str) -> None:
    form = forms.form(edition)
    tables = paper.empty_tables(edition)
    addresses = [s.address for t in tables for s in t.squares if s.address]
    assert tuple(addresses) == form.addresses
    words = {s.text for t in tables for s in t.squares}
    for table in form.tables.values():
        for block in table.blocks:
            assert {c.label for c in block.columns} <= words
            if table.id != "remedies":  # its rows are groups of columns
                assert {r.label for r in block.rows} <= words


def test_table_three_stands_as_in_the_official_form() -> None:
    squares = {s.text: s for s in paper.empty_tables("2021")[1].squares if s.text}
    heading = squares["（三）不予公开"]
    assert (heading.column, heading.rows, heading.columns) == (1, 8, 1)
    assert (squares["（七）总计"].column, squares["（七）总计"].columns) == (1, 2)
    assert squares["四、结转下年度继续办理"].columns == 3
    assert (squares["法人或其他组织"].row, squares["法人或其他组织"].columns) == (1, 5)
    assert (squares["自然人"].row, squares["自然人"].rows) == (1, 2)


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        (Cell(State.NUMBER, 0, "0"), "0"),
        (Cell(State.NUMBER, -4, "减4"), "-4"),
        (Cell(State.NUMBER, Decimal("25.10"), "251000元"), "25.10"),
        (Cell(State.NUMBER, Decimal("1E+3"), "1000"), "1000"),
        (Cell(State.BLANK), ""),
        (Cell(State.ABSENT), ""),
        (Cell(State.DASH, raw="／"), "／"),
        (Cell(State.DASH), "—"),
        (Cell(State.NOT_APPLICABLE, raw="不涉及"), "不涉及"),
        (Cell(State.UNREADABLE, raw="若\x0b干"), "若干"),
        (Cell(State.UNREADABLE), "（无法识读）"),
    ],
)
def test_what_is_printed_for_a_cell(cell: Cell, printed: str) -> None:
    assert paper.printed(cell) == printed


def pieces(report: AnnualReport) -> list[tuple[str, str]]:
    """(kind or style, text) of all but the tables."""
    told = []
    for piece in paper.lay_out(report).pieces:
        match piece:
            case paper.Title(text):
                told.append(("title", text))
            case paper.Heading(text):
                told.append(("heading", text))
            case paper.Paragraph(text, style):
                told.append((style.value, text))
            case paper.Table(id):
                told.append(("table", id))
    return told


def test_a_report_in_its_order_with_styles() -> None:
    made = AnnualReport(
        organ="云水市示例局",
        title="云水市示例局2022年政府信息公开工作年度报告",
        year=2022,
        edition="2021",
        preamble="本报告依照条例编制。",
        sections={
            "1": (
                Passage(
                    "一、总体情况", "（一）主动公开\n（二）依申请公开。收到申请3件。\n另有说明"
                ),
            ),
            "6": (Passage("六、其他需要报告的事项", "没有。\n云水市示例局\n2023年1月20日"),),
        },
        cells={
            a: Cell(State.NUMBER, 1, "1") if a.startswith("remedies") else Cell(State.ABSENT)
            for a in forms.form("2021").addresses
        },
    )
    assert pieces(made) == [
        ("title", "云水市示例局2022年政府信息公开工作年度报告"),
        ("body", "本报告依照条例编制。"),
        ("heading", "一、总体情况"),
        ("subheading", "（一）主动公开"),
        ("body", "（二）依申请公开。收到申请3件。"),
        ("body", "另有说明"),
        ("table", "remedies"),  # something stands in it, though its heading is missing
        ("heading", "六、其他需要报告的事项"),
        ("body", "没有。"),
        ("signature", "云水市示例局"),
        ("signed_on", "2023年1月20日"),
    ]
    led = next(p for p in paper.lay_out(made).pieces if getattr(p, "lead", 0))
    assert isinstance(led, paper.Paragraph) and led.text[: led.lead] == "（二）依申请公开。"


def test_a_date_of_signature_the_prose_does_not_print_is_added_once() -> None:
    made = consistent.report("2021", 3)
    bare = replace(
        made,
        signed_on=date(2023, 1, 9),
        sections={**made.sections, "6": (Passage("六、其他需要报告的事项", "没有。"),)},
    )
    assert pieces(bare)[-2:] == [("signature", consistent.ORGAN), ("signed_on", "2023年1月9日")]
    assert [style for style, _ in pieces(replace(bare, organ=None))][-2:] == ["body", "signed_on"]


def test_a_second_printing_follows_the_first_as_a_whole() -> None:
    twice = {str(no): (Passage(f"{no}甲", "先"), Passage(f"{no}乙", "后")) for no in (1, 5)}
    made = AnnualReport(edition=None, sections=twice)
    assert [text for kind, text in pieces(made) if kind == "heading"] == [
        "1甲",
        "5甲",
        "1乙",
        "5乙",
    ]


SURE_LOOKS = (
    "12", " 1 2 ", "1,204", "+3", "减4", "12件", "１２", "22（其中修订16件）", "十二", "4.339万元",
    "251000元", "—", "/", "无", "N/A",
)  # fmt: skip


@pytest.mark.parametrize("to", ["docx", "html", "xlsx"])
def test_what_was_no_sure_figure_when_read_is_none_when_printed(to: str) -> None:
    """A faint 12 of a scan stays unreadable on its way through every carrier."""
    made = consistent.report()
    addresses = [a for a in made.cells if a.startswith("applications.")][: len(SURE_LOOKS)]
    unsure = {
        a: Cell(State.UNREADABLE, raw=raw) for a, raw in zip(addresses, SURE_LOOKS, strict=True)
    }
    (back,) = read(writers.write(replace(made, cells={**made.cells, **unsure}), to=to).data)
    assert {back.cells[a].state for a in addresses} == {State.UNREADABLE}
    assert all(
        raw.strip()[0] in back.cells[a].raw for a, raw in zip(addresses, SURE_LOOKS, strict=True)
    )


@pytest.mark.parametrize("to", writers.CARRIERS)
def test_a_report_of_nothing_is_written_all_the_same(to: str) -> None:
    assert writers.write(AnnualReport(), to=to).data
