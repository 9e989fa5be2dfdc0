"""没有毛病的报告: consistent reports at random, for tests that break exactly one thing.

Every report made here agrees with itself, with its neighbours in time (`pair`) and with its units
(`family`); organs and sentences are invented. Same seed, same report.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from gongkai.statute import claims, forms
from gongkai.statute.report import AnnualReport, Cell, Kind, Passage, Place, State, Value

ORGAN = "云水市青石区示例局"
REGION = "云水市青石区人民政府"
YEARS = {"2019": 2020, "2021": 2022}
KINDS = ("natural_person", "business", "research", "public_benefit", "legal_service", "other_org")
REMEDIES = ("reconsideration", "direct_suit", "suit_after_reconsideration")

Numbers = dict[str, Value]


def report(
    edition: str = "2021",
    seed: int = 0,
    *,
    organ: str = ORGAN,
    year: int | None = None,
    kind: Kind = Kind.UNKNOWN,
    previous: AnnualReport | None = None,
) -> AnnualReport:
    """A report without a fault; with ``previous``, one that follows on it."""
    rng = random.Random(f"{edition}/{seed}/{organ}/{year}")
    year = year or YEARS[edition]
    before = None if previous is None else {a: c.value for a, c in previous.cells.items()}
    numbers = {
        **_proactive(rng, edition, before if previous and previous.edition == edition else None),
        **_applications(rng, edition, before),
        **_remedies(rng, year, before),
    }
    return _report(rng, edition, numbers, organ, year, kind)


def pair(
    edition: str = "2021", seed: int = 0, *, year: int | None = None
) -> tuple[AnnualReport, AnnualReport]:
    """Last year's report and this year's, which follows on it."""
    year = year or YEARS[edition]
    last = report(edition, seed, year=year - 1)
    return last, report(edition, seed + 1, year=year, previous=last)


def family(
    edition: str = "2021", seed: int = 0, *, units: int = 3
) -> tuple[AnnualReport, tuple[AnnualReport, ...]]:
    """A whole-region report and the units it adds up."""
    names = [f"云水市青石区{name}局" for name in ("甲示例", "乙示例", "丙示例", "丁示例")[:units]]
    children = tuple(report(edition, seed + i, organ=n) for i, n in enumerate(names))
    numbers = {a: sum(c.cells[a].value or 0 for c in children) for a in children[0].cells}
    rng = random.Random(f"family/{edition}/{seed}")
    year = YEARS[edition]
    return _report(rng, edition, numbers, REGION, year, Kind.REGION), children


def change(made: AnnualReport, changes: Mapping[str, Value | Cell]) -> AnnualReport:
    """The same report with other cells; a bare value becomes a number."""
    cells = dict(made.cells)
    for address, new in changes.items():
        if address not in cells:
            raise KeyError(address)
        cells[address] = new if isinstance(new, Cell) else number(new)
    return replace(made, cells=cells)


def add(made: AnnualReport, amounts: Mapping[str, int]) -> AnnualReport:
    """The same report with these cells changed by so much."""
    return change(made, {a: (made.cells[a].value or 0) + by for a, by in amounts.items()})


def number(value: Value) -> Cell:
    """A cell that holds a number."""
    return Cell(
        State.NUMBER, value, raw=format(value, "f") if isinstance(value, Decimal) else f"{value}"
    )


def blank() -> Cell:
    """An empty cell."""
    return Cell(State.BLANK)


def write(made: AnnualReport, no: int, text: str, title: str | None = None) -> AnnualReport:
    """The same report with another text (and title) of one part."""
    old = made.sections[str(no)][0]
    new = Passage(old.title if title is None else title, text, old.place)
    return replace(made, sections={**made.sections, str(no): (new,)})


def spoken(made: AnnualReport) -> AnnualReport:
    """The same report whose part one also states its main figures, with the claims they make."""
    number = {a: c.value or 0 for a, c in made.cells.items()}
    applied = {r: number[f"applications.{r}.total"] for r in ("received", "carried_in")}
    suits = sum(int(number[f"remedies.{r}.total"]) for r in REMEDIES[1:])
    stated = (
        f"全年收到政府信息公开申请 {applied['received']} 件，上年结转 {applied['carried_in']} 件，"
        f"办结 {number['applications.concluded.total']} 件，"
        f"结转下年度继续办理 {number['applications.carried_out.total']} 件。"
        f"因政府信息公开被申请行政复议 {number['remedies.reconsideration.total']} 件，"
        f"被提起行政诉讼 {suits} 件。"
    )
    said = write(made, 1, f"{made.sections['1'][0].text}\n{stated}")
    paragraphs = [
        (no, line, passage.place)
        for no, passages in said.sections.items()
        for passage in passages
        for line in passage.text.split("\n")
    ]
    found = claims.find(paragraphs, year=made.year, edition=made.edition)
    return replace(said, claims=found)


def _proactive(
    rng: random.Random, edition: str, before: Mapping[str, Value | None] | None
) -> Numbers:
    form = forms.form(edition)
    found: Numbers = {a: 0 for a, s in form.specs.items() if s.table == "proactive"}

    def had(address: str, otherwise: int) -> int:
        return otherwise if before is None else int(before[address] or 0)

    if edition == "2021":
        row = "proactive.normative_documents"
        old = had(f"{row}.in_force", rng.randint(20, 60))
        made, repealed = rng.randint(0, 9), rng.randint(0, min(8, old))
        found |= {
            f"{row}.made": made,
            f"{row}.repealed": repealed,
            f"{row}.in_force": old + made - repealed,
            "proactive.fees.amount": Decimal(rng.randint(6_000_000, 20_000_000)) / 10_000,
        }
    else:
        row = "proactive.normative_documents"
        new = rng.randint(0, 9)
        old = had(f"{row}.total_public", rng.randint(20, 60))
        found |= {f"{row}.made": new, f"{row}.published": new, f"{row}.total_public": old + new}
        found |= _items(rng, before)
        bought = rng.randint(1, 9)
        found["proactive.procurement.items"] = bought
        found["proactive.procurement.amount"] = Decimal(bought * rng.randint(9_999, 99_999)) / 1000
    for row in ("licensing", "penalty", "coercion"):
        found[f"proactive.{row}.decisions"] = rng.randint(300, 900)
    return found


def _items(rng: random.Random, before: Mapping[str, Value | None] | None) -> Numbers:
    found: Numbers = {}
    for row in ("licensing", "other_services", "penalty", "coercion", "fees"):
        had, change = f"proactive.{row}.previous_items", f"proactive.{row}.change"
        old = rng.randint(5, 40)
        if before is not None:
            old = int(before[had] or 0) + int(before[change] or 0)
        found[had], found[change] = old, rng.randint(-min(4, old), 4)
    return found


def _applications(
    rng: random.Random, edition: str, before: Mapping[str, Value | None] | None
) -> Numbers:
    form = forms.form(edition)
    rows = [r.id for r in form.tables["applications"].blocks[0].figure_rows]
    found: Numbers = {}
    for kind in KINDS:
        column = dict.fromkeys(rows, 0)
        for part in form.concluded_parts:
            column[part] = rng.choice((0, 0, 0, 1, 2, 3))
        column["granted"] += rng.randint(20, 40) if kind == "natural_person" else 5
        column["carried_in"] = (
            rng.randint(0, 4)
            if before is None
            else int(before[f"applications.carried_out.{kind}"] or 0)
        )
        column["carried_out"] = rng.randint(0, 4)
        column["concluded"] = sum(column[p] for p in form.concluded_parts)
        column["received"] = column["concluded"] + column["carried_out"] - column["carried_in"]
        found |= {f"applications.{row}.{kind}": value for row, value in column.items()}
    for row in rows:
        found[f"applications.{row}.total"] = sum(found[f"applications.{row}.{k}"] for k in KINDS)
    return found


def _remedies(rng: random.Random, year: int, before: Mapping[str, Value | None] | None) -> Numbers:
    found: Numbers = {}
    for row in REMEDIES:
        none = row == "direct_suit" and year >= 2024  # 2024 年起先复议，直接起诉另有提示
        outcomes = dict.fromkeys(("upheld", "corrected", "other", "pending"), 0)
        if not none:
            outcomes = {name: rng.randint(0, 4) for name in outcomes}
            if before is not None:
                outcomes["upheld"] += int(before[f"remedies.{row}.pending"] or 0)
        found |= {f"remedies.{row}.{name}": value for name, value in outcomes.items()}
        found[f"remedies.{row}.total"] = sum(outcomes.values())
    return found


def _report(
    rng: random.Random, edition: str, numbers: Numbers, organ: str, year: int, kind: Kind
) -> AnnualReport:
    form = forms.form(edition)
    return AnnualReport(
        file=f"{organ}{year}.txt",
        organ=organ,
        organ_names=(organ,),
        kind=kind,
        year=year,
        edition=edition,
        edition_due=edition,
        title=f"{organ}{year}年政府信息公开工作年度报告",
        period=(date(year, 1, 1), date(year, 12, 31)),
        signed_on=date(year + 1, 1, 15),
        sections=_sections(rng, form),
        topics=dict.fromkeys(form.sections[0].topics, "有"),
        cells={address: number(numbers[address]) for address in form.addresses},
    )


def _sections(rng: random.Random, form: forms.Form) -> dict[str, tuple[Passage, ...]]:
    one = "\n".join(
        f"（{'一二三四五'[i]}）{topic}。{_sentences(rng, 3)}"
        for i, topic in enumerate(form.sections[0].topics)
    )
    five = (
        f"（一）存在的主要问题\n1.{_sentences(rng, 1)}\n2.{_sentences(rng, 1)}\n"
        f"（二）改进情况\n1.{_sentences(rng, 1)}\n2.{_sentences(rng, 1)}\n3.{_sentences(rng, 1)}"
    )
    six = "没有收取信息处理费。" if form.edition == "2021" else "没有其他需要报告的事项。"
    supervision = "工作考核、社会评议照常开展，未发生责任追究。"
    texts = {1: f"{one}{supervision}", 2: "", 3: "", 4: "", 5: five, 6: six}
    return {
        str(s.no): (Passage(s.title, texts[s.no], Place(line=s.no * 100)),) for s in form.sections
    }


_WHO = (
    "值班科室",
    "承办科室",
    "业务骨干",
    "窗口人员",
    "分管同志",
    "联络员",
    "档案人员",
    "编辑人员",
)
_WHEN = (
    "每逢季末",
    "逢节前",
    "在例会上",
    "会同街坊",
    "结合走访",
    "依托讲堂",
    "对照清单",
    "利用晨会",
)
_DO = ("梳理", "校核", "讲解", "归并", "补录", "回访", "抽查", "誊清")
_WHAT = (
    "目录条目",
    "办事指引",
    "旧档标题",
    "问答卡片",
    "展板说明",
    "栏目名称",
    "样表注释",
    "来信摘要",
)
_AIM = (
    "让人一看就懂",
    "方便街坊查找",
    "减少重复填写",
    "不让材料压箱底",
    "把话说得明白",
    "叫人少跑冤枉路",
)


def _sentences(rng: random.Random, count: int) -> str:
    """Invented sentences without figures, so many that two reports hardly share one."""
    return "".join(
        f"{rng.choice(_WHEN)}，由{rng.choice(_WHO)}{rng.choice(_DO)}{rng.choice(_WHAT)}"
        f"和{rng.choice(_WHAT)}，{rng.choice(_AIM)}。"
        for _ in range(count)
    )
