"""规则本身: every rule is complete and documented; names, titles and numbers by case tables."""

from __future__ import annotations

import importlib.util
import pathlib
import re
from dataclasses import replace
from datetime import date

import pytest

from gongkai.statute import checks, forms
from gongkai.statute.checks import copying, limits, numbering, organs, title
from gongkai.statute.findings import Level, Outcome, Rule
from gongkai.statute.report import AnnualReport, Kind, Passage
from gongkai.statute.tests import consistent

ROOT = pathlib.Path(__file__).parents[3]
RULES = [rule for rule, _ in checks.CHECKS]


@pytest.mark.parametrize("rule", RULES, ids=[r.id for r in RULES])
def test_rules_are_complete(rule: Rule) -> None:
    assert re.fullmatch(r"(form|t2|t3|t4|text|year|unit|copy|date|law)\.[a-z][a-z_]*", rule.id)
    assert rule.source
    for told in (rule.sentence, rule.example):
        assert re.search(r"[\u4e00-\u9fff]", told.zh)
        assert re.search(r"[A-Za-z]", told.en)
        assert told.zh.endswith("。") and told.en.rstrip("”").endswith(".")


def test_ids_are_unique() -> None:
    ids = [r.id for r in (*RULES, *checks.RETIRED)]
    assert len(ids) == len(set(ids))


def test_rules_stand_in_the_order_of_the_form() -> None:
    groups = list(dict.fromkeys(r.id.split(".")[0] for r in RULES))
    order = ["form", "t2", "t3", "t4", "text", "year", "unit", "copy", "date", "law"]
    assert groups == [g for g in order if g in groups]


def test_names_promised_elsewhere() -> None:
    promised = (
        "t3.balance t3.concluded t3.row_total t4.row_total year.carry year.items year.in_force"
    )
    assert set(promised.split()) <= {r.id for r in RULES}


def test_the_page_is_generated() -> None:
    """docs/checks.md says what the rules say: run tools/checks_page.py after a change."""
    spec = importlib.util.spec_from_file_location("checks_page", ROOT / "tools" / "checks_page.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.page()


def test_the_addresses_in_the_data_exist() -> None:
    known = {a for e in forms.editions() for a in forms.form(e).addresses}
    assert {j.address for j in limits.jumps()} <= known
    rows = limits.data()["direct_suit"]["rows"]
    assert {f"applications.{row}.total" for row in rows} <= known


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_consistent_report_applies_many_rules(edition: str) -> None:
    outcome = checks.check(consistent.report(edition, 1))
    assert outcome.findings == ()
    assert outcome.held > 60


@pytest.mark.parametrize(
    ("name", "seat", "nature", "no_regulations"),
    [
        ("云水市人民政府", "unknown", "government", False),
        ("云水市青石区人民政府", "county", "government", True),
        ("云水市青石区人民政府办公室", "county", "unknown", True),
        ("云水市示例局", "unknown", "department", True),
        ("青石县档案局", "county", "department", True),
        ("云水市青石区白鹭街道办事处", "township", "unknown", True),
        ("青石县白鹭镇人民政府", "township", "unknown", True),
        ("云水新区管理委员会", "unknown", "department", True),
        ("云水经济技术开发区管理委员会", "unknown", "department", True),
        ("示例自治区人民政府", "unknown", "government", False),
        ("示例省人民政府", "unknown", "government", False),
        ("国家示例局", "unknown", "department", False),
        ("国家税务总局云水市税务局", "unknown", "department", False),
        ("云水市灌区管理中心", "unknown", "department", True),
        ("示例部", "unknown", "department", False),
    ],
)
def test_what_a_name_tells(name: str, seat: str, nature: str, no_regulations: bool) -> None:
    assert organs.seat(name) == seat
    assert organs.nature(name) == nature
    assert organs.makes_no_regulations(name) is no_regulations


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("（一）甲。\n1.子。\n2.丑。\n（二）乙。\n1.子。\n2.丑。", []),
        ("1、甲\n2、乙\n3、丙\n政府信息管理\n5、丁\n6、戊", [("gap", "4")]),
        ("（一）甲\n（二）乙\n（三）丙\n（四）丁\n（5）戊", [("style", "（五）")]),
        ("1.甲\n2、乙\n3.丙", [("style", "2.")]),
        ("（一）甲：1.子；2.丑。\n3.寅。", []),
        ("3. 丙", [("gap", "1、2")]),
        ("（一）甲\n（二）乙\n（二）丙\n（三）丁", [("repeat", "（三）")]),
        ("1.甲\n1.乙", []),  # 两处各自从 1 开始
        ("2022 年，甲。\n3.5 万件。\n20.6%。", []),
        (
            "十、甲\n十一、乙\n十三、丙",
            [("gap", "一、二、三、四、五、六、七、八、九"), ("gap", "十二")],
        ),
        ("①甲\n②乙\n④丁", [("gap", "③")]),
        ("1.属于国家秘密\n3.危及“三安全一稳定”", []),  # 表格的行标签不是段落
        ("甲。\n乙。", []),
    ],
)
def test_paragraph_numbers(text: str, faults: list[tuple[str, str]]) -> None:
    found = numbering.faults(Passage("五、存在的主要问题及改进情况", text), "2021")
    assert [(f.kind, f.expected) for f in found] == faults


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("云水市青石区示例局2022年政府信息公开工作年度报告", 2022),
        ("云水市 2022 年度报告", 2022),
        ("二〇二二年政府信息公开工作年度报告", 2022),
        ("二○二一年政府信息公开工作年度报告", 2021),
        ("政府信息公开工作年度报告", None),
    ],
)
def test_the_year_of_a_title(text: str, year: int | None) -> None:
    assert title.stated_year(text) == year


@pytest.mark.parametrize(
    ("rest", "level"),
    [
        ("2022年政府信息公开工作年度报告", None),
        ("2022 年政府信息公开\n工作年度报告", None),
        ("2022年政府信息公开工作年度报告（修订版）", None),
        ("2022年度政府信息公开工作年度报告", Level.NOTE),
        ("2022年政府信息公开年度报告", Level.NOTE),
        ("2022年政府信息公开工作年报", Level.NOTE),
        ("政府信息公开工作2022年度报告", Level.NOTE),
        ("政府信息公开工作年度报告（2022年度）", Level.NOTE),
        ("2022年政务公开工作年度报告", Level.WARNING),
        ("2022年度政府信息公开工作报告", Level.WARNING),
        ("2022年信息公开工作年度报告", Level.WARNING),
        ("政府信息公开工作年度报告", Level.WARNING),
        ("2022年工作总结", Level.WARNING),
    ],
)
def test_titles(rest: str, level: Level | None) -> None:
    made = replace(consistent.report("2021", 1), title=consistent.ORGAN + rest)
    found = [f.level for f in checks.check(made).findings]
    assert found == ([] if level is None else [level])


def test_an_empty_report() -> None:
    """Nothing given, nothing found: every sentence still reads, nothing raises."""
    found = checks.check(AnnualReport()).findings
    assert {"form.title", "form.year", "form.organ", "form.sections"} <= {f.id for f in found}
    assert {"t2.absent", "t3.absent", "t4.absent"} <= {f.id for f in found}
    assert all(f.message.zh and f.message.en for f in found)
    for given in ({"previous": AnnualReport()}, {"children": (AnnualReport(),)}):
        assert checks.check(AnnualReport(), **given).findings


DEPARTMENT, GOVERNMENT = consistent.ORGAN, consistent.REGION


@pytest.mark.parametrize(
    ("organ", "kind", "day", "outcome"),
    [
        (DEPARTMENT, Kind.UNKNOWN, date(2023, 1, 31), None),
        (DEPARTMENT, Kind.UNKNOWN, date(2023, 2, 1), Outcome.BROKEN),
        (DEPARTMENT, Kind.REGION, date(2023, 3, 31), None),
        (DEPARTMENT, Kind.REGION, date(2023, 4, 1), Outcome.BROKEN),
        (GOVERNMENT, Kind.UNKNOWN, date(2023, 3, 31), None),
        (GOVERNMENT, Kind.ORGAN, date(2023, 3, 31), None),
        (GOVERNMENT, Kind.UNKNOWN, date(2023, 4, 1), Outcome.BROKEN),
        (f"{GOVERNMENT}办公室", Kind.UNKNOWN, date(2023, 2, 1), Outcome.CANNOT_TELL),
        (f"{GOVERNMENT}办公室", Kind.UNKNOWN, date(2023, 4, 1), Outcome.BROKEN),
        (f"{GOVERNMENT}办公室", Kind.ORGAN, date(2023, 2, 1), Outcome.BROKEN),
    ],
)
def test_deadlines(organ: str, kind: Kind, day: date, outcome: Outcome | None) -> None:
    made = replace(consistent.report("2021", 1), organ=organ, organ_names=())
    found = checks.check(made, published=day, kind=kind).findings
    dated = [f.outcome for f in found if f.id == "date.published"]
    assert dated == ([] if outcome is None else [outcome])


def test_a_date_in_time_says_nothing_of_publication() -> None:
    made = consistent.report("2021", 1)
    before, after = checks.check(made), checks.check(made, published=date(2023, 1, 20))
    assert before.findings == after.findings == ()
    assert after.held == before.held + 3  # 年后公布；公布及时；落款不晚于公布


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            "2022年，我局对照清单补录了办事指引共 12 件。",
            "2021年，我局对照清单补录了办事指引共 7 件。",
        ),
        (
            "云水市青石区示例局牵头梳理目录条目，方便街坊查找。",
            "云水市青石区样例局牵头梳理目录条目，方便街坊查找。",
        ),
        ("本中心依托讲堂讲解办事指引、栏目名称。", "我局依托讲堂讲解办事指引和栏目名称。"),
    ],
)
def test_sentences_compared_without_what_changes(ours: str, theirs: str) -> None:
    first = consistent.write(consistent.report("2021", 1), 1, ours)
    other = consistent.report("2021", 1, organ="云水市青石区样例局")
    second = consistent.write(other, 1, theirs)
    keys = [{s.key for s in copying.sentences(r) if s.part == "1"} for r in (first, second)]
    same = "和" not in theirs
    assert (keys[0] == keys[1]) is same
    assert all(keys)


def test_a_whole_part_taken_over_is_told() -> None:
    """Part five word for word, the rest new: a note although the share is small."""
    last, now = consistent.pair("2021", 21)
    kept = replace(now, sections={**now.sections, "5": last.sections["5"]})
    found = [f for f in checks.check(kept, previous=last).findings if f.id == "copy.previous"]
    assert len(found) == 1 and "第五部分 5/5 句" in found[0].message.zh
