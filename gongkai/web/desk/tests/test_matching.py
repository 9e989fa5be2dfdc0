"""认领: whose a report is; a person's word for what cannot be told, and how it is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.statute.tests import consistent
from gongkai.web.desk import actions, checking, matching, queries, values
from gongkai.web.desk.known import Known, Told
from gongkai.web.desk.models import Report, Version
from gongkai.web.desk.tests import deskwork
from gongkai.web.organs.actions import NotAllowed, rename_organ
from gongkai.web.organs.tests.doers import doer
from gongkai.web.tests.cast import Cast

RECEIVED = "applications.received.natural_person"


def _match(cast: Cast, who: str = "supervisor", **told: Any) -> tuple[str, int | None, str]:
    known = Known.of(doer(cast, who).capacity)
    found = known.match(Told(**told))
    codes = {organ.pk: code for code, organ in cast.organs.items()}
    return codes.get(found.organ or 0, ""), found.year, found.by


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"name": "临溪区教育局", "year": 2023}, ("LX-JY", 2023, "name")),
        ({"name": "区教育局", "year": 2023}, ("LX-JY", 2023, "name")),
        ({"name": "教育局", "year": 2023}, ("LX-JY", 2023, "name")),
        ({"name": "虚构市临溪区教育局", "year": 2023}, ("LX-JY", 2023, "name")),
        ({"name": "临溪区", "year": 2023}, ("LX", 2023, "name")),
        ({"file": "LX-CG-01_2023.docx"}, ("LX-CG-01", 2023, "code")),
        ({"file": "2023年年报lx-cg.docx"}, ("LX-CG", 2023, "code")),
        ({"file": "LX-CG.docx", "name": "临溪区城市管理局", "year": 2022}, ("LX-CG", 2022, "code")),
        ({"title": "临溪区教育局2023年政府信息公开工作年度报告"}, ("LX-JY", None, "title")),
        ({"file": "年报/临溪区教育局2023年年报.docx"}, ("LX-JY", 2023, "file")),
        ({"name": "本局", "names": ("临溪区教育局",), "year": 2023}, ("LX-JY", 2023, "name")),
        # A code and a name that are of two organs; a name outside of what is seen; nothing.
        ({"file": "LX-CG.docx", "name": "临溪区教育局", "year": 2023}, ("", 2023, "")),
        ({"name": "望山区教育局", "year": 2023}, ("", 2023, "")),
        ({"name": "某局", "year": 2023}, ("", 2023, "")),
        ({}, ("", None, "")),
        # Closed in 2024: it wrote its report of 2023 and none of 2025.
        ({"name": "临溪区防汛办公室", "year": 2023}, ("LX-FB", 2023, "name")),
        ({"name": "临溪区防汛办公室", "year": 2025}, ("", 2025, "")),
    ],
)
def test_what_tells_whose_it_is(
    cast: Cast, told: dict[str, Any], wanted: tuple[str, int | None, str]
) -> None:
    assert _match(cast, **told) == wanted


def test_a_former_name_counts_in_its_years(cast: Cast) -> None:
    organ = cast.organs["LX-JY"]
    rename_organ(
        by=doer(cast),
        organ=organ,
        version=organ.version,
        name="临溪区教育体育局",
        short_name="区教体局",
        on=date(2025, 6, 1),
    )
    assert _match(cast, name="临溪区教育局", year=2023)[0] == "LX-JY"
    assert _match(cast, name="区教育局", year=2023)[0] == "LX-JY"
    assert _match(cast, name="临溪区教育体育局", year=2025)[0] == "LX-JY"


def test_an_officer_matches_nothing_but_the_own_organ(cast: Cast) -> None:
    assert _match(cast, "handler", name="临溪区城市管理局", year=2023)[0] == ""
    assert _match(cast, "handler", name="教育局", year=2023)[0] == "LX-JY"


def _unmatched(cast: Cast, who: str = "supervisor", name: str = "临溪教育文化局") -> Report:
    data = deskwork.docx(deskwork.report(name))
    batch = deskwork.hand_in(doer(cast, who), a__docx=data)
    report = deskwork.report_of(batch.papers.get())
    assert report.organ is None
    return report


def test_a_person_says_whose_it_is_and_takes_it_back(cast: Cast) -> None:
    report = _unmatched(cast)
    by = doer(cast, "supervisor")
    assert not queries.visible_reports(doer(cast, "handler").capacity).exists()
    found = matching.candidates(report, by.capacity)
    assert found[0][0] == cast.organs["LX-JY"] and found[0][1]
    done = matching.assign(
        by=by, report=report, organ=found[0][0], year=2023, version=report.version
    )
    assert (done.organ, done.year, done.matched_by) == (cast.organs["LX-JY"], 2023, "person")
    assert queries.visible_reports(doer(cast, "handler").capacity).get() == report
    assert not queries.unmatched(Report.objects.all()).exists()
    back = matching.unassign(by=doer(cast, "supervisor"), report=done, version=done.version)
    assert (back.organ, back.holder) == (None, cast.organs["LX"])
    assert not queries.visible_reports(doer(cast, "handler").capacity).exists()


def test_assigned_where_there_is_one_it_becomes_the_next_version(cast: Cast) -> None:
    handler = doer(cast, "handler")
    first = deskwork.hand_in(handler, own__docx=deskwork.docx(deskwork.report()))
    report = deskwork.report_of(first.papers.get())
    actions.correct(by=handler, report=report, address=RECEIVED, typed="9", version=report.version)
    report.refresh_from_db()
    other = _unmatched(cast)
    organ = cast.organs["LX-JY"]
    by = doer(cast, "supervisor")
    merged = matching.assign(by=by, report=other, organ=organ, year=2023, version=other.version)
    assert merged.pk == report.pk and Report.objects.count() == 1
    assert [v.number for v in queries.versions_of(merged)] == [2, 1]
    assert values.reading(queries.in_hand(merged)).organ == "临溪教育文化局"
    old = merged.versions.get(number=1)
    assert len(queries.marks_of(old)) == 1
    parted = matching.unassign(by=doer(cast, "supervisor"), report=merged, version=merged.version)
    assert parted.organ is None and parted.holder == cast.organs["LX"]
    report.refresh_from_db()
    assert queries.in_hand(report) == old and report.said == "临溪区教育局"
    assert Version.objects.count() == 2


def test_what_happened_since_stands_in_the_way_of_taking_it_back(cast: Cast) -> None:
    report = _unmatched(cast)
    by = doer(cast, "supervisor")
    organ = cast.organs["LX-JY"]
    done = matching.assign(by=by, report=report, organ=organ, year=2023, version=report.version)
    done = actions.correct(
        by=doer(cast, "handler"), report=done, address=RECEIVED, typed="9", version=done.version
    )
    with pytest.raises(actions.NotNow):
        matching.unassign(by=by, report=done, version=done.version)


def test_nobody_gives_a_report_to_an_organ_out_of_sight(cast: Cast) -> None:
    report = _unmatched(cast, "handler", "某教育局")
    with pytest.raises(NotAllowed):
        matching.assign(
            by=doer(cast, "handler"),
            report=report,
            organ=cast.organs["LX-CG"],
            year=2023,
            version=report.version,
        )
    with pytest.raises(matching.WrongYear):
        matching.assign(
            by=doer(cast, "handler"),
            report=report,
            organ=cast.organs["LX-JY"],
            year=2099,
            version=report.version,
        )
    assert [o for o, _why in matching.candidates(report, doer(cast, "handler").capacity)] == [
        cast.organs["LX-JY"]
    ]


def test_the_year_before_is_held_against_whichever_came_in_first(cast: Cast) -> None:
    by = doer(cast, "supervisor")
    last, this = consistent.pair(year=2023)
    this = consistent.add(this, {"applications.carried_in.natural_person": 3})
    files = [
        deskwork.docx(deskwork.of(one, "临溪区教育局", year))
        for one, year in ((last, 2022), (this, 2023))
    ]
    deskwork.hand_in(by, b__docx=files[1])
    report = Report.objects.get(year=2023)
    alone = {f.rule for f in queries.findings_of(report)}
    deskwork.hand_in(by, a__docx=files[0])  # the later year's is checked anew
    with_last = {f.rule for f in queries.findings_of(report)}
    assert any(rule.startswith("year.") for rule in with_last - alone)


def test_a_region_is_held_against_its_units(cast: Cast) -> None:
    by = doer(cast, "supervisor")
    region, units = consistent.family(units=2)
    names = ("临溪区教育局", "临溪区城市管理局")
    year = region.year or 0
    right = int(region.cells[RECEIVED].value or 0)
    region = deskwork.of(region, "临溪区人民政府", year)
    deskwork.hand_in(by, r__json=deskwork.json(region))
    for at, (name, unit) in enumerate(zip(names, units, strict=True)):
        deskwork.hand_in(by, **{f"u{at}__json": deskwork.json(deskwork.of(unit, name, year))})
    report = Report.objects.get(organ=cast.organs["LX"])
    assert not [f.rule for f in queries.findings_of(report) if f.rule.startswith("unit.")]
    child = Report.objects.get(organ=cast.organs["LX-JY"])
    actions.correct(
        by=doer(cast, "handler"),
        report=child,
        address=RECEIVED,
        typed=str(right + 99),
        version=child.version,
    )
    assert checking.dependents(child) == [report.pk]
    assert checking.again(report.pk, at=by.at)
    assert "unit.exceeds" in {f.rule for f in queries.findings_of(report)}
