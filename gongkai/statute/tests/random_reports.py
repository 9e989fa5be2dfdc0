"""任意报告: reports with every state of a cell and difficult prose, for round trips of writers.

``report(seed, edition)`` is one of them, the same for the same seed; ``reports(edition)`` is the
hypothesis strategy, which shrinks to the simplest that fails; ``held(report)`` is what every
carrier must give back. Figures need not agree with each other: tests/consistent.py has those.
Organs and sentences are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gongkai.statute import forms
from gongkai.statute.report import ABSENT, AnnualReport, Cell, Passage, State

ORGANS = (
    "云水市青石区示例局",
    "云水市青石区人民政府",
    "云水市䶮山镇人民政府",
    "云水市𬭚江区城市管理示例局",
    "云水市青石区政府信息公开示例办公室",
    "云水市青石区昇平街道办事处",
)
HUGE = 987_654_321_012_345_678
NUMBERS = (0, 0, 0, 1, 2, 7, 12, 480, 10_000, HUGE)
MONEY = ("0", "0.5", "4.339", "25.1", "1348.000001", "25.10", "99999999999.9999")
MARKS = {
    State.DASH: ("-", "—", "/", "／", "——"),
    State.NOT_APPLICABLE: ("无", "不适用", "不涉及", "暂无"),
    State.UNREADABLE: ("若干", "约十件左右", "见附件", "12或13", "<3", "=SUM(A1:A3)", "＃"),
    State.BLANK: ("",),
}
SENTENCES = (
    "全年对照清单补录目录条目，让人一看就懂。",
    "由䶮山站昇、喆、珺、祎、玥五位同志负责，𬭚江一线照常开放。",
    "比例为 x<y 且 a&b>c，记作“<w:t>甲</w:t>”与 '乙'，不作标记处理。",
    '=HYPERLINK("#甲")一类文字按原样登载。',
    "公式 @SUM(1+1)*cmd|' /C calc'!A0 只是文字，不予计算。",
    "联络员每逢季末回访：窗口、讲堂、展板三处（含 A4 样表 12 份）。",
    "{{ 占位 }}、${占位}、%s 与 \\n 均为原文，#[甲] $x^2$ *星号* _下划线_ 亦同。",
    "①梳理；②校核；③归并。",
    "网址形如 example.invalid/a?b=1&c=2#d，未设链接。",
    "Office hours 9:00-17:30, e-mail a@b.invalid（仅作示例）。",
)
SPACED = ("表内列出甲\t乙\t丙三栏，以制表符分隔。", "此处  有两个空格，　也有全角空格。")
SIGNS = "甲乙丙丁政务公开信息<>&\"'={}[]#$%@*_\\/|~`^+—…“”（）、，：；0189azAZ䶮𬭚é€"


def report(
    seed: int = 0, edition: str = "2021", *, spaces: bool = True, twice: bool | None = None
) -> AnnualReport:
    """One report of any kind. ``spaces``: its prose may hold tabs and runs of spaces;
    ``twice``: its prose is printed twice (by chance where None)."""
    rng = random.Random(f"random/{edition}/{seed}/{spaces}")
    cells = {a: _cell(rng, spec) for a, spec in forms.form(edition).specs.items()}
    sentences = SENTENCES + (SPACED if spaces else ())

    def prose(least: int) -> list[str]:
        return [_line(rng, sentences) for _ in range(rng.randint(least, 4))]

    printings = 2 if (rng.random() < 0.2 if twice is None else twice) else 1
    year = rng.choice((2019, 2020) if edition == "2019" else (2021, 2023, 2025))
    return _report(edition, rng.choice(ORGANS), year, cells, prose, printings, rng.random() < 0.7)


@st.composite
def reports(
    draw: st.DrawFn,
    edition: str | None = None,
    *,
    spaces: bool = True,
    twice: bool | None = None,
) -> AnnualReport:
    """Reports of one edition, or of any: a few cells and lines drawn, the rest from a seed."""
    edition = edition or draw(st.sampled_from(forms.editions()))
    specs = forms.form(edition).specs
    base = report(draw(st.integers(0, 10**6)), edition, spaces=spaces, twice=False)
    chosen = draw(st.lists(st.sampled_from(sorted(specs)), max_size=8, unique=True))
    cells = {**base.cells, **{a: draw(cells_of(specs[a])) for a in chosen}}

    def prose(least: int) -> list[str]:
        # Before a table a bare subheading could be the end of a label, and reads as one.
        return draw(st.lists(lines(spaces=spaces, bare=least > 0), min_size=least, max_size=3))

    return _report(
        edition,
        draw(st.sampled_from(ORGANS)),
        base.year or 2021,
        cells,
        prose,
        draw(st.sampled_from((1, 1, 1, 2))) if twice is None else 1 + twice,
        draw(st.booleans()),
    )


def cells_of(spec: forms.Spec) -> st.SearchStrategy[Cell]:
    """Any cell a form may show at one address."""
    if spec.column.type == "decimal":
        values: st.SearchStrategy[Any] = st.decimals(0, 10**11, places=4) | st.sampled_from(
            MONEY
        ).map(Decimal)
    elif spec.column.type == "signed_integer":
        values = st.integers(-(10**6), 10**6)
    else:
        values = st.integers(0, HUGE)
    states = [st.sampled_from(MARKS[s]).map(_marked(s)) for s in MARKS]
    return st.one_of(values.map(_number), *states, st.just(ABSENT))


def lines(*, spaces: bool = True, bare: bool = True) -> st.SearchStrategy[str]:
    """One line of prose: a sentence no reader takes for a heading, a label or a page number.

    ``bare``: or a subheading without a sentence behind it.
    """
    free = st.text(st.sampled_from(SIGNS + (" \t　" if spaces else "")), max_size=40)
    told = st.sampled_from(SENTENCES) | free.map(lambda text: f"有关情况如下：{text}等。")
    whole = st.tuples(st.sampled_from(("", "（一）工作情况。", "2.")), told).map("".join)
    return whole | st.sampled_from(("（一）存在的主要问题", "（二）改进措施")) if bare else whole


def held(made: AnnualReport) -> dict[str, Any]:
    """What a carrier must hold: texts, and of each cell its state with its value or its text.

    An absent cell is written empty and reads back blank; places, confidence and the wording of
    a number (``raw``) are the carrier's own.
    """
    return {
        "title": made.title,
        "organ": made.organ,
        "year": made.year,
        "edition": made.edition,
        "period": made.period,
        "signed_on": made.signed_on,
        "preamble": made.preamble,
        "sections": {
            no: [(p.title, p.text) for p in passages] for no, passages in made.sections.items()
        },
        "cells": {address: _held(cell) for address, cell in made.cells.items()},
    }


def differences(one: AnnualReport, other: AnnualReport) -> list[str]:
    """What ``held`` tells apart, line by line, for a test to show; empty where all is equal."""
    a, b = held(one), held(other)
    cells, others = a.pop("cells"), b.pop("cells")
    a |= {at: cells.get(at) for at in {**cells, **others}}
    b |= {at: others.get(at) for at in {**cells, **others}}
    return [f"{key}: {a[key]!r} != {b[key]!r}" for key in a if a[key] != b[key]]


def _held(cell: Cell) -> tuple[State, Any]:
    if cell.state in (State.ABSENT, State.BLANK):
        return State.BLANK, None
    return cell.state, cell.raw if cell.value is None else cell.value


def _number(value: int | Decimal) -> Cell:
    plain = format(value, "f") if isinstance(value, Decimal) else str(value)
    return Cell(State.NUMBER, value, raw=plain)


def _marked(state: State) -> Callable[[str], Cell]:
    return lambda raw: Cell(state, raw=raw)


def _cell(rng: random.Random, spec: forms.Spec) -> Cell:
    if rng.random() < 0.15:
        state = rng.choice(list(MARKS))
        return Cell(state, raw=rng.choice(MARKS[state]))
    if rng.random() < 0.05:
        return ABSENT
    if spec.column.type == "decimal":
        return _number(Decimal(rng.choice(MONEY)))
    value = rng.choice(NUMBERS) if rng.random() < 0.3 else rng.randint(0, 99)
    if spec.column.type == "signed_integer" and rng.random() < 0.5:
        value = -value
    return _number(value)


def _line(rng: random.Random, sentences: Sequence[str]) -> str:
    lead = rng.choice(("", "", "（一）工作情况。", "（十一）监督保障：", "1."))
    count = 60 if rng.random() < 0.05 else rng.randint(1, 3)
    return lead + "".join(rng.choice(sentences) for _ in range(count))


def _at_most_three_unreadable(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The cells, with no more words in the row of table 4 than a reader still takes for figures:
    a row without a label that is mostly words is a leftover."""
    words = [
        a
        for a, cell in cells.items()
        if a.startswith("remedies.") and cell.state is State.UNREADABLE
    ]
    return {a: ABSENT if a in words[3:] else cell for a, cell in cells.items()}


def _report(
    edition: str,
    organ: str,
    year: int,
    cells: Mapping[str, Cell],
    prose: Callable[[int], list[str]],
    printings: int,
    signed: bool,
) -> AnnualReport:
    form = forms.form(edition)
    signed_on = date(year + 1, 1, 1) + timedelta(days=len(prose(0)) * 7)
    day = f"{signed_on.year}年{signed_on.month}月{signed_on.day}日"
    sections: dict[str, tuple[Passage, ...]] = {}
    for section in form.sections:
        passages = []
        for _ in range(printings):
            text = prose(0 if section.table else 1)
            if section is form.sections[-1] and signed:
                text = [*text, organ, day]
            passages.append(Passage(section.title, "\n".join(text)))
        sections[str(section.no)] = tuple(passages)
    period = (date(year, 1, 1), date(year, 12, 31))
    return AnnualReport(
        file="random",
        organ=organ,
        organ_names=(organ,),
        year=year,
        edition=edition,
        edition_due=edition,
        title=f"{organ}{year}年政府信息公开工作年度报告",
        period=period,
        signed_on=signed_on if signed else None,
        preamble=(
            f"本报告依照条例编制，统计期限自{year}年1月1日起至{year}年12月31日止。\n"
            "如有疑问请与示例办公室联系，电话：000-00000000。"
        ),
        sections=sections,
        cells=_at_most_three_unreadable(cells),
    )
