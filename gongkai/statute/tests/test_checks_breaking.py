"""每条规则都有一个恰好违反它的例子: change exactly one thing, exactly the expected ids appear."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gongkai.statute import checks
from gongkai.statute.findings import Level, Outcome
from gongkai.statute.report import ABSENT, Cell, Kind, Leftover, Note, Passage, Place, State
from gongkai.statute.tests import consistent
from gongkai.statute.tests.consistent import add, change, number, write
from gongkai.statute.texts import Text, same

Made = dict[str, Any]
OURS = consistent.report("2021", 7)
OLD = consistent.report("2019", 7)
LAST, NOW = consistent.pair("2021", 11)
LAST_OLD, NOW_OLD = consistent.pair("2019", 11, year=2020)
REGION, UNITS = consistent.family("2021", 3)
FACES = "applications.granted.business"
TWO_TITLES = "云水市青石区示例局\n2022年度政府信息公开工作年度报告\n"


def ours(**changes: Any) -> Made:
    return {"report": replace(OURS, **changes)}


def cells(changes: dict[str, Any], base: Any = OURS) -> Made:
    return {"report": change(base, changes)}


def dash(raw: str = "—") -> Cell:
    return Cell(State.DASH, raw=raw)


def unreadable(raw: str = "若干") -> Cell:
    return Cell(State.UNREADABLE, raw=raw)


def without(no: str) -> Made:
    return ours(sections={n: p for n, p in OURS.sections.items() if n != no})


def exchanged() -> Made:
    five, six = OURS.sections["5"][0], OURS.sections["6"][0]
    return ours(
        sections={
            **OURS.sections,
            "5": (replace(five, place=Place(line=600)),),
            "6": (replace(six, place=Place(line=500)),),
        }
    )


def twice() -> Made:
    return ours(sections={**OURS.sections, "6": OURS.sections["6"] * 2})


def text(no: int, words: str, base: Any = OURS) -> Made:
    return {"report": write(base, no, words)}


def after(words: str) -> Made:
    """These words at the end of part one."""
    return text(1, OURS.sections["1"][0].text + words)


def whole_table(table: str, cell: Cell) -> Made:
    return cells({a: cell for a in OURS.cells if a.startswith(f"{table}.")})


def old_form() -> Made:
    """The 2019 form for 2022."""
    made = consistent.report("2019", 5, year=2022)
    return {"report": write(replace(made, edition_due="2021"), 6, "未收取信息处理费。")}


def negative() -> dict[str, Any]:
    """A negative count that breaks no sum."""
    granted = int(OURS.cells["applications.granted.natural_person"].value or 0)
    total = int(OURS.cells["applications.granted.total"].value or 0)
    partly, all_partly = (
        int(OURS.cells[f"applications.partly_granted.{c}"].value or 0)
        for c in ("natural_person", "total")
    )
    return {
        "applications.granted.natural_person": -1,
        "applications.granted.total": total - granted - 1,
        "applications.partly_granted.natural_person": partly + granted + 1,
        "applications.partly_granted.total": all_partly + granted + 1,
    }


def suits_2024() -> Made:
    made = consistent.report("2021", 2, year=2024)
    refused = {
        f"applications.{r}.{c}": 1 for r in ("refused_process",) for c in ("business", "total")
    }
    made = add(
        made, refused | {"applications.granted.business": -1, "applications.granted.total": -1}
    )
    return {
        "report": add(made, {"remedies.direct_suit.upheld": 1, "remedies.direct_suit.total": 1})
    }


def swapped_columns() -> Made:
    """Two columns whose figures differ, exchanged in last year's report."""
    carried = {k: NOW.cells[f"applications.carried_in.{k}"] for k in consistent.KINDS}
    first, second = sorted(carried, key=lambda k: int(carried[k].value or 0))[:: len(carried) - 1]
    there = "applications.carried_out"
    return previous({f"{there}.{first}": carried[second], f"{there}.{second}": carried[first]})


def previous(changes: dict[str, Any]) -> Made:
    return {"report": NOW, "previous": change(LAST, changes)}


def previous_old(changes: dict[str, Any]) -> Made:
    return {"report": NOW_OLD, "previous": change(LAST_OLD, changes)}


def region(changes: dict[str, int]) -> Made:
    return {"report": add(REGION, changes), "children": UNITS}


BREAKERS: dict[str, list[tuple[Callable[[], Made], set[str]]]] = {
    "form.title": [
        (lambda: ours(title="云水市青石区示例局2022年政务公开工作年度报告"), set()),
        (lambda: ours(title="云水市青石区示例局2022年度政府信息公开工作报告"), set()),
        (lambda: ours(title="云水市青石区示例局2022年政府信息公开年度报告"), set()),
        (lambda: ours(title="云水市青石区示例局2022年度政府信息公开工作年度报告"), set()),
        (lambda: ours(title="云水市青石区示例局政府信息公开工作年度报告"), set()),
        (lambda: ours(title=None), set()),
    ],
    "form.year": [
        (lambda: ours(year=None), set()),
        (lambda: ours(title="云水市青石区示例局2021年政府信息公开工作年度报告"), set()),
        (lambda: ours(title="云水市青石区示例局二〇二一年政府信息公开工作年度报告"), set()),
    ],
    "form.title_repeated": [
        (lambda: text(1, TWO_TITLES + OURS.sections["1"][0].text), set()),
    ],
    "form.organ": [(lambda: ours(organ=None, organ_names=()), set())],
    "form.organ_names": [
        (lambda: ours(organ_names=("云水市青石区示例局", "青石区样例中心")), set()),
        (lambda: ours(organ_names=("示例局", "青石区示例局", "云水市青石区示例局")), set()),
    ],
    "form.period": [
        (lambda: ours(period=(date(2021, 1, 1), date(2021, 12, 31))), set()),
        (lambda: ours(period=(date(2022, 1, 1), date(2022, 11, 30))), set()),
    ],
    "form.edition": [(old_form, set())],
    "form.other_edition": [
        (lambda: ours(other_edition_cells={"proactive.procurement.items": number(7)}), set())
    ],
    "form.sections": [(lambda: without("6"), set()), (lambda: without("1"), set())],
    "form.section_once": [(twice, set())],
    "form.section_order": [(exchanged, set())],
    "form.section_title": [
        (
            lambda: {"report": write(OURS, 5, OURS.sections["5"][0].text, "五、存在问题及改进")},
            set(),
        ),
        (
            lambda: {"report": write(OURS, 6, OURS.sections["6"][0].text, "其他需要报告的事项")},
            set(),
        ),
    ],
    "form.section_empty": [(lambda: text(5, " \n "), set())],
    "form.topics": [
        (lambda: {"report": replace(write(OURS, 1, "各项工作照常进行。"), topics={})}, set())
    ],
    "form.numbering": [
        (lambda: text(5, "1、甲项。\n2、乙项。\n4、丁项。"), set()),
        (lambda: text(5, "（一）甲项。\n（二）乙项。\n（二）丙项。"), set()),
        (lambda: text(5, "2.乙项。\n3.丙项。"), set()),
    ],
    "form.numbering_style": [(lambda: text(5, "（一）甲项。\n（二）乙项。\n（3）丙项。"), set())],
    "form.residue": [
        (lambda: after("[bookmark: _GoBack]"), set()),
        (lambda: after("错误!未找到引用源。"), set()),
        (lambda: after("（文字描述）"), set()),
        (lambda: after("由XX科室牵头。"), set()),
        (lambda: after("<span style='color:red'>重点</span>"), set()),
        (lambda: after("锟斤拷"), set()),
    ],
    "form.leftovers": [
        (
            lambda: ours(leftovers=(Leftover("16", ("16",), ("remedies.direct_suit.total",)),)),
            set(),
        ),
        (lambda: ours(leftovers=(Leftover("填表说明"),)), set()),
    ],
    "form.fee_statement": [(lambda: text(6, "没有其他需要报告的事项。"), set())],
    "form.accountability": [
        (
            lambda: text(1, re.sub("工作考核.*", "", REGION.sections["1"][0].text), base=REGION),
            set(),
        )
    ],
    "form.signoff": [(lambda: ours(signed_on=None), set())],
    "t2.absent": [
        (lambda: cells({"proactive.penalty.decisions": ABSENT}), set()),
        (lambda: whole_table("proactive", ABSENT), set()),
    ],
    "t2.unfilled": [
        (lambda: whole_table("proactive", consistent.blank()), set()),
        (lambda: whole_table("proactive", dash()), set()),
    ],
    "t2.blank": [(lambda: cells({"proactive.penalty.decisions": consistent.blank()}), set())],
    "t2.mark": [
        (lambda: cells({"proactive.penalty.decisions": dash()}), set()),
        (
            lambda: cells({"proactive.fees.amount": Cell(State.NOT_APPLICABLE, raw="不涉及")}),
            set(),
        ),
    ],
    "t2.type": [
        (lambda: cells({"proactive.penalty.decisions": unreadable()}), set()),
        (lambda: cells({"proactive.penalty.decisions": Decimal("3.5")}), set()),
    ],
    "t2.sign": [(lambda: cells({"proactive.penalty.decisions": -3}), set())],
    "t2.remark": [
        (
            lambda: cells(
                {"proactive.penalty.decisions": Cell(State.NUMBER, 22, "22（其中修订16件）")}
            ),
            set(),
        )
    ],
    "t2.total_public": [
        (lambda: cells({"proactive.normative_documents.published": 900}, base=OLD), set())
    ],
    "t2.in_force": [
        (lambda: cells(_documents(made=8, repealed=0, in_force=3)), set()),
        (lambda: cells(_documents(made=8, repealed=6, in_force=3)), set()),
    ],
    "t2.items_below_zero": [
        (
            lambda: cells(
                {"proactive.penalty.previous_items": 3, "proactive.penalty.change": -5}, base=OLD
            ),
            set(),
        )
    ],
    "t2.procurement": [
        (lambda: cells({"proactive.procurement.amount": Decimal(0)}, base=OLD), set()),
        (lambda: cells({"proactive.procurement.items": 0}, base=OLD), set()),
    ],
    "t2.money_scale": [
        (lambda: cells(_procured(2, "13480"), base=OLD), set()),
        (lambda: cells(_procured(2, "2688000.55"), base=OLD), set()),
        (lambda: cells({"proactive.fees.amount": Decimal(9617160)}), set()),
    ],
    "t2.money_unit": [
        (lambda: cells({"proactive.fees.amount": _money("4.339", "4.339万元", "万元")}), set()),
        (lambda: cells({"proactive.fees.amount": _money("25.1", "251000元", "元")}), set()),
    ],
    "t2.decimals": [(lambda: cells({"proactive.fees.amount": Decimal("4.33912")}), set())],
    "t3.absent": [
        (lambda: cells({FACES: ABSENT}), {"t3.concluded", "t3.row_total"}),
        (
            lambda: whole_table("applications", ABSENT),
            {"t3.balance", "t3.concluded", "t3.row_total"},
        ),
    ],
    "t3.unfilled": [
        (
            lambda: whole_table("applications", consistent.blank()),
            {"t3.balance", "t3.concluded", "t3.row_total"},
        )
    ],
    "t3.blank": [(lambda: cells({FACES: consistent.blank()}), {"t3.concluded", "t3.row_total"})],
    "t3.mark": [(lambda: cells({FACES: dash("/")}), {"t3.concluded", "t3.row_total"})],
    "t3.type": [(lambda: cells({FACES: unreadable()}), {"t3.concluded", "t3.row_total"})],
    "t3.sign": [(lambda: cells(negative()), set())],
    "t3.remark": [
        (lambda: cells({FACES: Cell(State.NUMBER, OURS.cells[FACES].value, "计3件")}), set())
    ],
    "t3.balance": [
        (
            lambda: {
                "report": add(
                    OURS, {f"applications.carried_out.{c}": 1 for c in ("business", "total")}
                )
            },
            set(),
        )
    ],
    "t3.concluded": [
        (
            lambda: {
                "report": add(OURS, {f"applications.granted.{c}": 1 for c in ("business", "total")})
            },
            set(),
        )
    ],
    "t3.row_total": [
        (
            lambda: {
                "report": add(
                    OURS,
                    {
                        "applications.granted.business": -1,
                        "applications.partly_granted.business": 1,
                    },
                )
            },
            set(),
        )
    ],
    "t4.absent": [
        (lambda: cells({"remedies.reconsideration.upheld": ABSENT}), {"t4.row_total"}),
        (lambda: whole_table("remedies", ABSENT), {"t4.row_total"}),
    ],
    "t4.unfilled": [(lambda: whole_table("remedies", dash()), {"t4.row_total"})],
    "t4.blank": [
        (
            lambda: cells({"remedies.reconsideration.upheld": consistent.blank()}),
            {"t4.row_total"},
        )
    ],
    "t4.mark": [(lambda: cells({"remedies.reconsideration.total": dash()}), {"t4.row_total"})],
    "t4.type": [
        (lambda: cells({"remedies.reconsideration.total": unreadable()}), {"t4.row_total"})
    ],
    "t4.sign": [
        (
            lambda: cells(
                {"remedies.reconsideration.upheld": -1, "remedies.reconsideration.corrected": 1}
                | {"remedies.reconsideration.other": 0, "remedies.reconsideration.pending": 0}
                | {"remedies.reconsideration.total": 0}
            ),
            set(),
        )
    ],
    "t4.remark": [
        (
            lambda: cells(
                {
                    "remedies.reconsideration.total": Cell(
                        State.NUMBER, OURS.cells["remedies.reconsideration.total"].value, "共3件"
                    )
                }
            ),
            set(),
        )
    ],
    "t4.row_total": [
        (lambda: {"report": add(OURS, {"remedies.reconsideration.total": 1})}, set()),
        (lambda: {"report": add(OURS, {"remedies.direct_suit.pending": 2})}, set()),
    ],
    "year.order": [
        (lambda: {"report": NOW, "previous": replace(LAST, year=2020)}, set()),
        (lambda: {"report": NOW, "previous": replace(LAST, year=None)}, set()),
    ],
    "year.organ": [
        (lambda: {"report": NOW, "previous": replace(LAST, organ="云水市青石区样例局")}, set())
    ],
    "year.in_force": [
        (lambda: previous({"proactive.normative_documents.in_force": 1}), set()),
        (lambda: previous({"proactive.normative_documents.in_force": dash()}), set()),
    ],
    "year.items": [
        (lambda: previous_old({"proactive.penalty.change": 9}), set()),
        (lambda: previous_old({"proactive.penalty.change": dash()}), set()),
    ],
    "year.total_public": [
        (lambda: previous_old({"proactive.normative_documents.total_public": 1}), set())
    ],
    "year.carry": [
        (lambda: previous({"applications.carried_out.natural_person": 40}), set()),
        (lambda: previous({"applications.carried_out.natural_person": dash()}), set()),
    ],
    "year.swapped": [(swapped_columns, {"year.carry"})],
    "year.pending": [(lambda: previous({"remedies.direct_suit.pending": 99}), set())],
    "year.jump": [
        (lambda: previous({"proactive.penalty.decisions": 90_000}), set()),
        (lambda: previous({"proactive.penalty.decisions": 90_000_000}), set()),
        (
            lambda: (
                previous({"proactive.fees.amount": Decimal(0)})
                | {"report": change(NOW, {"proactive.fees.amount": Decimal(9000)})}
            ),
            set(),
        ),
    ],
    "year.same": [
        (
            lambda: previous({a: c for a, c in NOW.cells.items() if a.startswith("remedies.")}),
            set(),
        )
    ],
    "unit.kind": [
        (lambda: {"report": REGION, "children": UNITS, "kind": Kind.ORGAN}, set()),
    ],
    "unit.alike": [
        (
            lambda: {
                "report": REGION,
                "children": (*UNITS, consistent.report("2021", 9, year=2021, organ="云水市丁局")),
            },
            set(),
        )
    ],
    "unit.twice": [
        (lambda: {"report": REGION, "children": (*UNITS, UNITS[0])}, set()),
        (lambda: {"report": REGION, "children": (*UNITS, REGION)}, set()),
    ],
    "unit.exceeds": [(lambda: region({"proactive.penalty.decisions": -1}), set())],
    "unit.sum": [
        (lambda: region({"proactive.penalty.decisions": 1}), set()),
        (
            lambda: {
                "report": REGION,
                "children": (change(UNITS[0], {"proactive.penalty.decisions": dash()}), *UNITS[1:]),
            },
            set(),
        ),
    ],
    "copy.previous": [
        (lambda: {"report": NOW, "previous": replace(LAST, sections=NOW.sections)}, set())
    ],
    "copy.sibling": [
        (
            lambda: {
                "report": OURS,
                "siblings": (
                    consistent.report("2021", 50, organ="样例局"),
                    replace(OURS, organ="样例局"),
                ),
            },
            set(),
        )
    ],
    "date.signed_before_year_end": [(lambda: ours(signed_on=date(2022, 12, 10)), set())],
    "date.published": [
        (lambda: ours() | {"published": date(2023, 2, 14)}, set()),
        (lambda: ours(signed_on=date(2023, 2, 14)), set()),
        (
            lambda: (
                ours(
                    organ="云水市青石区甲镇人民政府",
                    organ_names=(),
                    title="云水市青石区甲镇人民政府2022年政府信息公开工作年度报告",
                )
                | {"published": date(2023, 2, 14)}
            ),
            set(),
        ),
    ],
    "date.published_before_year_end": [
        (lambda: ours() | {"published": date(2022, 1, 20)}, {"date.signed_after_published"}),
    ],
    "date.signed_after_published": [(lambda: ours() | {"published": date(2023, 1, 10)}, set())],
    "law.direct_suit": [(suits_2024, set())],
    "law.regulations": [
        (
            lambda: cells({"proactive.regulations.made": 1, "proactive.regulations.in_force": 1}),
            set(),
        )
    ],
}


def _documents(**figures: int) -> dict[str, int]:
    return {f"proactive.normative_documents.{c}": v for c, v in figures.items()}


def _procured(items: int, amount: str) -> dict[str, Any]:
    return {
        "proactive.procurement.items": items,
        "proactive.procurement.amount": Cell(State.NUMBER, Decimal(amount), amount),
    }


def _money(value: str, raw: str, unit: str) -> Cell:
    return Cell(State.NUMBER, Decimal(value), raw, unit)


CASES = [
    pytest.param(id, make, also, id=f"{id}-{n}")
    for id, found in BREAKERS.items()
    for n, (make, also) in enumerate(found)
]


@pytest.mark.parametrize(("id", "make", "also"), CASES)
def test_exactly_these_rules_speak(id: str, make: Callable[[], Made], also: set[str]) -> None:
    made = make()
    found = checks.check(made.pop("report"), **made).findings
    assert {f.id for f in found} == {id} | also


@pytest.mark.parametrize(("id", "make", "also"), CASES)
def test_findings_are_for_people(id: str, make: Callable[[], Made], also: set[str]) -> None:
    """Both languages, what to do, the source; labels of the form, never addresses."""
    made = make()
    address = re.compile(r"(?:applications|proactive|remedies)\.\w")
    for finding in checks.check(made.pop("report"), **made).findings:
        for told in (finding.message, finding.hint):
            for sentence in (told.zh, told.en):
                assert sentence.strip()
                assert not address.search(sentence)
                assert "{" not in sentence
                assert "None" not in sentence
                assert "  " not in sentence
        assert finding.source


def test_every_rule_is_broken_here() -> None:
    """The rules of text.* have their own tests."""
    ids = {rule.id for rule, _ in checks.CHECKS if not rule.id.startswith("text.")}
    assert ids == set(BREAKERS)


@pytest.mark.parametrize(
    ("id", "n", "level", "outcome"),
    [
        ("form.title", 0, Level.WARNING, Outcome.BROKEN),
        ("form.title", 2, Level.NOTE, Outcome.BROKEN),
        ("form.title", 3, Level.NOTE, Outcome.BROKEN),
        ("form.section_title", 0, Level.NOTE, Outcome.BROKEN),
        ("form.section_title", 1, Level.WARNING, Outcome.BROKEN),
        ("form.organ_names", 0, Level.WARNING, Outcome.BROKEN),
        ("form.organ_names", 1, Level.NOTE, Outcome.BROKEN),
        ("form.leftovers", 0, Level.WARNING, Outcome.BROKEN),
        ("form.leftovers", 1, Level.NOTE, Outcome.BROKEN),
        ("t2.absent", 0, Level.WARNING, Outcome.BROKEN),
        ("t2.absent", 1, Level.ERROR, Outcome.BROKEN),
        ("t2.in_force", 0, Level.ERROR, Outcome.BROKEN),
        ("t2.in_force", 1, Level.WARNING, Outcome.BROKEN),
        ("t2.money_unit", 0, Level.NOTE, Outcome.BROKEN),
        ("t2.money_unit", 1, Level.WARNING, Outcome.BROKEN),
        ("year.jump", 0, Level.NOTE, Outcome.BROKEN),
        ("year.jump", 1, Level.WARNING, Outcome.BROKEN),
        ("year.carry", 1, Level.WARNING, Outcome.CANNOT_TELL),
        ("unit.sum", 1, Level.WARNING, Outcome.CANNOT_TELL),
        ("date.published_before_year_end", 0, Level.ERROR, Outcome.BROKEN),
        ("t2.unfilled", 1, Level.ERROR, Outcome.BROKEN),
        ("date.published", 2, Level.NOTE, Outcome.CANNOT_TELL),
        ("date.published", 0, Level.ERROR, Outcome.BROKEN),
        ("date.published", 1, Level.WARNING, Outcome.BROKEN),
        ("law.direct_suit", 0, Level.NOTE, Outcome.CANNOT_TELL),
    ],
)
def test_level_follows_the_evidence(id: str, n: int, level: Level, outcome: Outcome) -> None:
    made = BREAKERS[id][n][0]()
    found = next(f for f in checks.check(made.pop("report"), **made).findings if f.id == id)
    assert (found.level, found.outcome) == (level, outcome)


def test_what_was_not_read_cannot_be_told() -> None:
    """A missing row is the report's fault, unless something read has no place or was a picture."""
    missing = change(OURS, {FACES: ABSENT})
    lost = Leftover("0 0 0", ("0", "0", "0"), (FACES,))
    picture = Note("read.picture_tables", same("…"))
    for made in (replace(missing, leftovers=(lost,)), replace(missing, notes=(picture,))):
        found = next(f for f in checks.check(made).findings if f.id == "t3.absent")
        assert found.outcome is Outcome.CANNOT_TELL
    found = next(f for f in checks.check(missing).findings if f.id == "t3.absent")
    assert found.outcome is Outcome.BROKEN


def test_doubts_are_told_apart() -> None:
    from gongkai.statute.report import Doubt

    doubt = Doubt("doubt.low_confidence", Text("疑", "doubt"))
    made = change(OURS, {FACES: Cell(State.UNREADABLE, raw="1?", doubt=doubt)})
    outcome = checks.check(made)
    assert outcome.doubts == ((FACES, doubt),)
    assert next(f for f in outcome.findings if f.id == "t3.type").outcome is Outcome.CANNOT_TELL


def test_passages_may_lack_places() -> None:
    """A report made by a program has no places; the order of its parts is that of its keys."""
    bare = {n: tuple(Passage(p.title, p.text) for p in ps) for n, ps in OURS.sections.items()}
    assert not checks.check(replace(OURS, sections=bare)).findings
    turned = dict(reversed(bare.items()))
    assert {f.id for f in checks.check(replace(OURS, sections=turned)).findings} == {
        "form.section_order"
    }
