"""真实报告: each fault known in the published samples is named, and good tables are left alone."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from gongkai.statute import checks
from gongkai.statute.checks import Outcomes
from gongkai.statute.findings import Level, Outcome
from gongkai.statute.readers import read
from gongkai.statute.tests import samples

pytestmark = samples.needed


@functools.cache
def outcomes(start: str) -> Outcomes:
    path = samples.path(start)
    return checks.check(read(path.read_bytes(), name=path.name)[0])


def spoken(start: str) -> dict[str, tuple[Level, Outcome]]:
    return {f.id: (f.level, f.outcome) for f in outcomes(start).findings}


@pytest.mark.parametrize("start", ["004", "huaian"])
def test_good_tables_are_left_alone(start: str) -> None:
    heavy = [f.id for f in outcomes(start).findings if f.level is not Level.NOTE]
    assert not [id for id in heavy if id.split(".")[0] in ("t2", "t3", "t4", "text")]


@pytest.mark.parametrize("start", ["000", "001", "002", "003", "004", "huaian"])
def test_no_sum_is_called_wrong(start: str) -> None:
    """Every printed sum of these reports holds or cannot be told."""
    sums = {"t3.balance", "t3.concluded", "t3.row_total", "t4.row_total"}
    broken = {f.id for f in outcomes(start).findings if f.outcome is Outcome.BROKEN}
    assert not broken & sums


@pytest.mark.parametrize(
    ("start", "id"),
    [
        ("000", "t3.blank"),
        ("000", "t2.money_unit"),
        ("000", "form.signoff"),
        ("000", "form.title"),
        ("001", "form.numbering_style"),
        ("001", "form.residue"),
        ("001", "form.title"),
        ("001", "form.signoff"),
        ("002", "form.title"),
        ("002", "form.leftovers"),
        ("002", "t2.money_scale"),
        ("002", "t3.absent"),
        ("003", "form.section_once"),
        ("003", "form.organ_names"),
        ("003", "form.title_repeated"),
        ("003", "form.section_title"),
        ("004", "form.numbering"),
        ("004", "form.title"),
        ("huaian", "law.direct_suit"),
    ],
)
def test_known_faults_are_named(start: str, id: str) -> None:
    assert id in spoken(start)


def test_what_the_blank_cell_leaves_open() -> None:
    """000: the blank of row 3.3.8 leaves its row and its column untold, and only these."""
    found = {f.id: f for f in outcomes("000").findings}
    cell = "applications.refused_inquiry.natural_person"
    assert found["t3.blank"].cells == (cell,)
    assert "推算都是 0" in found["t3.blank"].hint.zh
    for id, total in (
        ("t3.concluded", "applications.concluded.natural_person"),
        ("t3.row_total", "applications.refused_inquiry.total"),
    ):
        assert found[id].outcome is Outcome.CANNOT_TELL
        assert found[id].cells == (cell, total)
    assert "t3.balance" not in found


def test_levels_on_real_reports() -> None:
    assert spoken("huaian")["law.direct_suit"] == (Level.NOTE, Outcome.CANNOT_TELL)
    assert spoken("002")["t3.absent"] == (Level.WARNING, Outcome.CANNOT_TELL)
    assert spoken("002")["t2.money_scale"] == (Level.WARNING, Outcome.BROKEN)
    assert "t2.money_scale" not in spoken("huaian")  # 96171.6 万元是一个市的正常规模


def test_the_missing_number_names_its_line() -> None:
    found = next(f for f in outcomes("004").findings if f.id == "form.numbering")
    assert found.expected == "4"
    assert "政府信息管理" in found.hint.zh


def test_a_repeated_report_is_no_copy_of_itself() -> None:
    path = samples.path("003")
    report = read(path.read_bytes(), name=path.name)[0]
    other = samples.path("000")
    sibling = read(other.read_bytes(), name=other.name)[0]
    ids = {f.id for f in checks.check(report, siblings=(sibling,)).findings}
    assert "copy.sibling" not in ids
    itself, twin = report, replace(report, organ="云水市青石区示例局")
    for given, copied in ((itself, False), (twin, True)):
        ids = {f.id for f in checks.check(report, siblings=(given,)).findings}
        assert ("copy.sibling" in ids) is copied
