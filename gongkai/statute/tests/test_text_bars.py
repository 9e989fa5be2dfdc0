"""Tables as web pages leave them in text: bars between cells, behind cells, on own lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from gongkai.statute import forms
from gongkai.statute.readers import read
from gongkai.statute.report import State

FORM = forms.form("2021")
FIGURES = {address: str(1000 + n) for n, address in enumerate(FORM.addresses)}
HEADER = """（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） | 申请人情况 |
自然人 | 法人或其他组织 | 总计 |
商业 | 科研 | 社会公益组织 | 法律服务机构 | 其他 |
企业 | 机构 |
"""


def figures(table: str, row: str) -> list[str]:
    return [v for a, v in FIGURES.items() if a.startswith(f"{table}.{row}.")]


def proactive() -> Iterator[str]:
    for block in FORM.tables["proactive"].blocks:
        yield f"{block.heading} |"
        yield " | ".join(("信息内容", *(c.label for c in block.columns))) + " |"
        for row in block.rows:
            yield " | ".join((row.label, *figures("proactive", row.id))) + " |"


def applications() -> Iterator[str]:
    opened: list[str] = []
    for row in FORM.tables["applications"].blocks[0].rows:
        if row.kind == "heading":
            opened.append(row.label)
            continue
        before = opened if opened or not row.parent else [""]
        yield " | ".join((*before, row.label, *figures("applications", row.id))) + " |"
        opened = []


def remedies() -> str:
    outcomes = "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计"
    values = " | ".join(v for a, v in FIGURES.items() if a.startswith("remedies."))
    return (
        f"行政复议 | 行政诉讼 |\n{outcomes} | 未经复议直接起诉 | 复议后起诉 |\n"
        f"{outcomes} | {outcomes} |\n{values} |\n"
    )


def rows_closed_by_bars() -> str:
    return "\n".join(
        (
            "云水市示例局2023年政府信息公开工作年度报告\n一、总体情况\n概况从略。\n二、主动公开政府信息情况",
            *proactive(),
            "三、收到和处理政府信息公开申请情况\n" + HEADER.rstrip(),
            *applications(),
            "四、政府信息公开行政复议、行政诉讼情况\n" + remedies().rstrip(),
            "五、存在的主要问题及改进情况\n从略。\n六、其他需要报告的事项\n没有。",
        )
    )


def cells_closed_by_bars() -> str:
    """Each cell on its line, closed by a bar; every row followed by two surplus bars."""
    lines: list[str] = []
    for line in rows_closed_by_bars().replace("商业 | 科研", "商业企业 | 科研机构").split("\n"):
        if line == "企业 | 机构 |":
            continue
        cells = line.removesuffix(" |").split(" | ")
        lines.extend(f"{c} |" if c else "|" for c in cells if line.endswith(" |"))
        lines.extend(["||"] if line.endswith(" |") else [line])
    return "\n".join(lines)


LAYOUTS = {
    "rows": rows_closed_by_bars(),
    "rows between bars": re.sub(r"(?m)^(.* \|)$", r"| \1", rows_closed_by_bars()),
    "cells": cells_closed_by_bars(),
    "bars on lines of their own": re.sub(r" \|$", "\n|", cells_closed_by_bars(), flags=re.M),
    "with empty lines": re.sub(r" \|$", "\n\n|\n", cells_closed_by_bars(), flags=re.M),
    "single spaces": rows_closed_by_bars().replace(" |\n", "\n").replace(" | ", " "),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_figure_comes_back(name: str) -> None:
    (report,) = read(LAYOUTS[name].encode(), name="x.txt")
    assert report.edition == "2021"
    wrong = {a: c.raw for a, c in report.cells.items() if c.raw != FIGURES[a]}
    assert not wrong and not report.leftovers


def test_blank_cells_between_bars_stay_blank() -> None:
    text = LAYOUTS["cells"].replace(f"\n{FIGURES['applications.granted.research']} |", "\n|")
    (report,) = read(text.encode(), name="x.txt")
    blank = {a for a, c in report.cells.items() if c.state is State.BLANK}
    assert blank == {"applications.granted.research"}


@pytest.mark.parametrize("layout", ["cells", "rows"])
def test_a_page_cut_off_in_the_middle_of_a_table(layout: str) -> None:
    first_lost = "applications.refused_third_party.natural_person"
    cut = LAYOUTS[layout].index(FIGURES[first_lost])
    (report,) = read(LAYOUTS[layout][:cut].encode(), name="x.txt")
    known = [a for a, c in report.cells.items() if c.state is not State.ABSENT]
    assert known == list(FORM.addresses[: FORM.addresses.index(first_lost)])
    assert all(report.cells[a].raw == FIGURES[a] for a in known)
