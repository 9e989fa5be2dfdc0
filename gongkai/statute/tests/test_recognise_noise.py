"""Whatever is thrown at the recogniser: it answers, it invents nothing, it loses no figure."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute import forms
from gongkai.statute.readers import labels, recognise
from gongkai.statute.readers.blocks import Document, Grid, GridCell, Paragraph
from gongkai.statute.readers.text import from_lines
from gongkai.statute.report import AnnualReport, CannotRead, State

WORDS = sorted(
    {
        label
        for edition in forms.editions()
        for spec in forms.form(edition).specs.values()
        for label in (spec.row.label, spec.column.label, *spec.column.group)
    }
    | {s.title for s in forms.form("2021").sections}
    | {
        "（三）不予公开",
        "（六）其他处理",
        "三、本年度办理结果",
        "信息内容",
        "第二十条第（五）项",
        "备注",
    }
)
TITLE = "云水市示例局2023年政府信息公开工作年度报告"
NUMBERS = st.integers(0, 99999).map(str)
TEXTS = st.sampled_from(WORDS) | NUMBERS | st.sampled_from(["", " ", "-", "/", "无", "若干", "1 1"])
BROKEN = TEXTS.flatmap(lambda t: st.integers(0, len(t)).map(lambda n: t[:n]))


def reports(document: Document) -> list[AnnualReport]:
    try:
        return recognise.recognise(document, file="x")
    except CannotRead as refused:
        assert refused.id == "error.not_a_report"
        return []


def nothing_invented(report: AnnualReport, printed: str) -> None:
    if report.edition:
        assert tuple(report.cells) == forms.form(report.edition).addresses
    for cell in (*report.cells.values(), *report.other_edition_cells.values()):
        assert (cell.value is None) == (cell.state is not State.NUMBER)
        assert cell.raw in printed


def nothing_lost(report: AnnualReport, numbers: list[str]) -> None:
    kept = [c.raw for c in (*report.cells.values(), *report.other_edition_cells.values())]
    kept += [left.raw for left in report.leftovers] + [report.text(), report.title or ""]
    whole = labels.squeeze("\n".join(kept))
    assert all(number in whole for number in numbers)


@given(
    st.lists(st.lists(TEXTS | BROKEN, min_size=1, max_size=12), max_size=30),
    st.sampled_from("\t|~ "),
)
@settings(max_examples=150, deadline=None)
def test_lines_of_anything(rows: list[list[str]], mark: str) -> None:
    between = {"\t": "\t", "|": " | ", "~": "   ", " ": " "}[mark]
    text = "\n".join([TITLE, *(between.join(row) for row in rows)])
    for report in reports(Document(tuple(from_lines(text.split("\n"))), "text")):
        nothing_invented(report, text)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_grids_of_anything(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 12))
    cells = []
    for r in range(rows):
        for c in range(columns):
            if data.draw(st.booleans()):
                span = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
                cells.append(GridCell(r, c, data.draw(TEXTS), *span))
    heading = data.draw(st.sampled_from([s.title for s in forms.form("2021").sections]))
    blocks = (
        Paragraph(TITLE),
        Paragraph(heading),
        Grid(tuple(cells), rows, columns, drawn=data.draw(st.booleans())),
    )
    printed = "\n".join(c.text for c in cells)
    for report in reports(Document(blocks, "docx")):
        nothing_invented(report, printed)


UNIQUE = st.lists(st.integers(1000, 99999), min_size=1, max_size=60, unique=True)


@given(UNIQUE, st.data())
@settings(max_examples=150, deadline=None)
def test_every_number_is_kept_somewhere(numbers: list[int], data: st.DataObject) -> None:
    """Rows of the three tables with labels, or without, of any width, under any heading."""
    queue = [f"7{n}7" for n in numbers]
    lines = [TITLE, "一、总体情况", "概况从略。"]
    for title in ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"):
        lines.append(title)
        for _ in range(data.draw(st.integers(0, 8))):
            width = data.draw(st.integers(0, 9))
            label = data.draw(st.sampled_from([*WORDS, ""]))
            lines.append("\t".join([label, *(queue.pop() for _ in range(min(width, len(queue))))]))
    for report in reports(Document(tuple(from_lines(lines)), "text")):
        nothing_lost(report, re.findall(r"7\d{4,5}7", "\n".join(lines)))
