"""成果: roll-ups, comparisons, and findings as a workbook, opened and read back."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from gongkai.convert import reading as convert_reading
from gongkai.statute.tests import consistent
from gongkai.web.desk import findings_book, outcome, queries
from gongkai.web.desk.models import Report
from gongkai.web.desk.tests import deskwork
from gongkai.web.organs.tests.doers import doer
from gongkai.web.tests.cast import Cast

RECEIVED = "applications.received.natural_person"


@pytest.fixture
def units(cast: Cast) -> list[Report]:
    by = doer(cast, "supervisor")
    made = {
        "临溪区教育局": deskwork.report(
            "临溪区教育局", applications__received__natural_person=9999
        ),
        "临溪区城市管理局": deskwork.report("临溪区城市管理局"),
    }
    deskwork.hand_in(
        by, **{f"u{n}__docx": deskwork.docx(one) for n, one in enumerate(made.values())}
    )
    return list(Report.objects.order_by("organ__path"))


def test_findings_go_back_to_the_units(units: list[Report]) -> None:
    data = b"".join(findings_book.workbook(Report.objects.all()))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        said = book.read("xl/workbook.xml").decode()
        names = [name for name in book.namelist() if name.startswith(("xl/worksheets/", "xl/sh"))]
        texts = "".join(book.read(name).decode() for name in names)
    wrong = next(one for one in units if one.errors)
    assert wrong.organ is not None and wrong.organ.name in said and "全部" in said
    for finding in queries.findings_of(wrong):
        assert finding.rule in texts
    assert "自然人" in texts and "9999" in texts


def test_units_are_rolled_up_under_the_names_of_the_tree(units: list[Report]) -> None:
    names = [one.organ.name for one in units if one.organ]
    rolled = outcome.roll_up(units, organ="临溪区人民政府", units=[*names, "临溪区审计局"])
    assert rolled.missing == ("临溪区审计局",)
    part = outcome.roll_up(units, organ="临溪区人民政府", units=names)
    good = consistent.report(organ="临溪区城市管理局", year=2023).cells[RECEIVED].value
    assert part.sums[RECEIVED].value == 9999 + int(good or 0)
    for carrier in outcome.SUMS:
        assert outcome.rolled(part, carrier)
    (again,) = convert_reading.read(outcome.rolled(part, "docx"), name="a.docx")
    assert again.cells[RECEIVED].value == part.sums[RECEIVED].value  # type: ignore[union-attr]


def test_a_roll_up_says_what_does_not_hold_in_it_and_from_which_unit(
    cast: Cast, units: list[Report]
) -> None:
    made = outcome.roll_up(units, organ="临溪区人民政府")
    said = outcome.wrong(made)
    assert {one.id for one, _names in said} == {"t3.balance", "t3.row_total"}
    assert all(names == ["临溪区教育局"] for _one, names in said)
    right = [one for one in units if not one.errors]
    assert right and outcome.wrong(outcome.roll_up(right, organ="临溪区人民政府")) == []
    client = cast.client("supervisor")
    given = {"act": "roll_up", "key": [one.pk for one in units]}
    page = client.post(reverse("desk:list"), given, follow=True).content.decode()
    assert "合计有 2 处不成立" in page and "来自：临溪区教育局" in page


def test_two_reports_are_compared(units: list[Report]) -> None:
    a, b = (queries.in_hand(one) for one in units)
    found = outcome.compare(a, b)
    assert any(one.address == RECEIVED and one.change for one in found.changes)
    for carrier in outcome.SUMS:
        assert outcome.compared(found, carrier)
    with pytest.raises(ValueError, match="no such carrier"):
        outcome.compared(found, "docx")
