"""The published samples: what stands in them is read, with their mistakes, and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from gongkai.statute.readers import read
from gongkai.statute.report import AnnualReport, State, Value
from gongkai.statute.tests import samples

pytestmark = samples.needed

# sample, edition, number, blank, absent
COUNTS = [
    ("000", "2019", 197, 1, 0),
    ("001", "2019", 198, 0, 0),
    ("002", "2019", 142, 0, 56),
    ("003", "2019", 198, 0, 0),
    ("004", "2021", 200, 0, 0),
]


def sample(start: str) -> AnnualReport:
    path = samples.path(start)
    (report,) = read(path.read_bytes(), name=path.name)
    return report


@pytest.mark.parametrize(("start", "edition", "number", "blank", "absent"), COUNTS)
def test_cells_by_state(start: str, edition: str, number: int, blank: int, absent: int) -> None:
    report = sample(start)
    counts = Counter(c.state for c in report.cells.values())
    assert report.edition == report.edition_due == edition
    expected = {State.NUMBER: number, State.BLANK: blank, State.ABSENT: absent}
    assert counts == Counter({state: n for state, n in expected.items() if n})
    assert not report.other_edition_cells and not report.verdict().doubtful


def test_all_together() -> None:
    total = Counter(c.state for start, *_ in COUNTS for c in sample(start).cells.values())
    assert sum(total.values()) == 992
    assert (total[State.NUMBER], total[State.BLANK], total[State.ABSENT]) == (935, 1, 56)


def nonzero(report: AnnualReport) -> dict[str, Value]:
    return {a.split(".", 1)[1]: c.value for a, c in report.cells.items() if c.value}


def test_000_blank_stays_blank_and_money_keeps_its_unit() -> None:
    report = sample("000")
    assert report.cells["applications.refused_inquiry.natural_person"].state is State.BLANK
    amount = report.cells["proactive.procurement.amount"]
    assert (amount.value, amount.unit, amount.raw) == (Decimal("4.339"), "万元", "4.339万元")
    assert nonzero(report) == {
        "procurement.items": 7,
        "procurement.amount": Decimal("4.339"),
        "received.natural_person": 5,
        "received.business": 1,
        "received.total": 6,
        "granted.natural_person": 1,
        "granted.total": 1,
        "partly_granted.natural_person": 2,
        "partly_granted.total": 2,
        "unavailable_not_held.natural_person": 1,
        "unavailable_not_held.total": 1,
        "concluded.natural_person": 4,
        "concluded.total": 4,
        "carried_out.natural_person": 1,
        "carried_out.business": 1,
        "carried_out.total": 2,
    }
    assert report.year == 2020 and report.signed_on is None
    assert report.organ == "江北区房屋征收管理服务中心"
    assert report.period == (date(2020, 1, 1), date(2020, 12, 31))
    assert report.contact and report.contact.startswith("如对") and "315020" in report.contact


def test_001_label_broken_over_two_rows() -> None:
    report = sample("001")
    assert [n.id for n in report.notes] == ["read.label_split"]
    assert report.cells["applications.unprocessed_publication.total"].value == 0
    assert report.cells["applications.unavailable_not_held.natural_person"].value == 14
    assert report.cells["applications.other.total"].value == 4
    assert report.cells["proactive.normative_documents.total_public"].value == 69
    assert list(report.topics) == [
        "主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障",
    ]  # fmt: skip


def test_002_rows_without_labels() -> None:
    report = sample("002")
    refused = [a for a, c in report.cells.items() if c.state is State.ABSENT]
    assert len(refused) == 56 and all(".refused_" in a for a in refused)
    assert [len(x.values) for x in report.leftovers] == [7] * 7 + [1]
    assert all(len(x.candidates) == 56 for x in report.leftovers[:7])
    assert report.leftovers[7].place.column == 16
    ids = Counter(n.id for n in report.notes)
    assert ids["read.rows_unplaced"] == 1 and ids["read.rows_by_order"] == 2
    assert report.cells["proactive.procurement.amount"].value == Decimal("13480")
    assert report.cells["proactive.procurement.amount"].unit is None
    assert report.signed_on == date(2021, 1, 15)
    assert report.title == "衢州市柯城区征迁事务中心2020年度政府信息公开工作报告"


def test_003_printed_twice_and_named_four_ways() -> None:
    report = sample("003")
    assert len(report.organ_names) == 4
    assert [len(report.sections[str(n)]) for n in range(1, 7)] == [1, 2, 2, 2, 2, 2]
    assert {n.id for n in report.notes} == {"read.printed_twice", "read.label_variant"}
    assert any("其他法律法规" in n.text.zh for n in report.notes)
    assert nonzero(report) == {
        "received.natural_person": 1,
        "received.total": 1,
        "unavailable_not_held.natural_person": 1,
        "unavailable_not_held.total": 1,
        "concluded.natural_person": 1,
        "concluded.total": 1,
        "reconsideration.upheld": 1,
        "reconsideration.total": 1,
    }


def test_004_the_2021_form() -> None:
    report = sample("004")
    assert (report.year, report.signed_on) == (2022, date(2023, 1, 19))
    assert nonzero(report) == {
        "received.natural_person": 1,
        "received.total": 1,
        "partly_granted.natural_person": 1,
        "partly_granted.total": 1,
        "concluded.natural_person": 1,
        "concluded.total": 1,
    }
    assert not report.leftovers and not report.notes


def test_blank_form_is_all_blank() -> None:
    path = samples.path("blank_form")
    (report,) = read(path.read_bytes(), name=path.name)
    assert report.edition == "2021" and report.year is None
    assert {c.state for c in report.cells.values()} == {State.BLANK}


def test_real_pdf_gives_every_cell() -> None:
    path = samples.path("huaian")
    (report,) = read(path.read_bytes(), name=path.name)
    assert report.verdict().counts[State.NUMBER] == len(report.cells) == 200
    assert report.year == 2024 and report.organ == "淮安市人民政府"
    assert report.cells["proactive.fees.amount"].value == Decimal("96171.6")
    assert report.cells["proactive.penalty.decisions"].value == 3985758
    assert report.cells["applications.received.legal_service"].value == 61
    assert report.cells["applications.concluded.total"].value == 3050
    assert report.cells["remedies.suit_after_reconsideration.pending"].value == 6
    assert report.cells["applications.refused_inquiry.total"].place.page is not None
