"""交来和读取: what comes in is read once, whoever's it is, and one bad file costs no other."""

from __future__ import annotations

import pytest

from gongkai.statute import writers
from gongkai.statute.tests import samples
from gongkai.web.desk import intake, queries, reading, values
from gongkai.web.desk.models import Paper, Report, Version
from gongkai.web.desk.tests import deskwork
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.organs.tests.doers import doer
from gongkai.web.tests.cast import Cast


def test_every_example_is_read_and_waits_for_its_organ(cast: Cast) -> None:
    by = doer(cast, "supervisor")
    found = [f for f in deskwork.EXAMPLES.rglob("*") if f.is_file()]
    wanted = [f for f in found if f.suffix not in (".md", ".list")]
    batch = deskwork.handed_in(by, *(deskwork.file(f.name, f.read_bytes()) for f in wanted))
    papers = deskwork.papers(batch)
    assert {name: p.errors for name, p in papers.items() if p.state != Paper.State.READ} == {}
    assert len(papers) == len(wanted) >= 14
    assert batch.ended_at is not None and queries.is_ready(batch)
    for file in wanted:
        version = papers[file.name].versions.get()
        assert values.reading(version).organ, file.name
        assert version.report.organ is None  # none of them is of this district
    assert queries.unmatched(queries.visible_reports(by.capacity)).count() == len(wanted)


@samples.needed
def test_every_published_sample_is_read(cast: Cast) -> None:
    files = [f for f in sorted(samples.FOLDER.iterdir()) if f.is_file()]
    given = [deskwork.file(f.name, f.read_bytes()) for f in files]
    batch = deskwork.handed_in(doer(cast, "supervisor"), *given)
    assert {p.state for p in batch.papers.all()} == {Paper.State.READ}
    assert Version.objects.filter(paper__batch=batch).count() == len(files)


def test_a_report_goes_to_its_organ_and_year_with_its_findings(cast: Cast) -> None:
    wrong = deskwork.report(applications__received__total=99)
    batch = deskwork.hand_in(doer(cast, "handler"), a__docx=deskwork.docx(wrong))
    report = deskwork.report_of(batch.papers.get())
    assert (report.organ, report.holder, report.year) == (
        cast.organs["LX-JY"],
        cast.organs["LX-JY"],
        2023,
    )
    assert report.matched_by == "name" and report.errors > 0
    found = queries.findings_of(report)
    assert any(
        one.level == "error" and "applications.received.total" in one.said["cells"] for one in found
    )
    (event,) = queries.history(report)
    assert event.kind == "desk.read" and event.by == cast.accounts["handler"]


def test_one_refused_file_stops_no_other(cast: Cast) -> None:
    by = doer(cast, "handler")
    good = deskwork.docx(deskwork.report())
    batch = deskwork.hand_in(by, empty__docx=b"", good__docx=good, noise__bin=b"\x00\x01\x02" * 99)
    papers = deskwork.papers(batch)
    assert papers["good.docx"].state == Paper.State.READ
    refused = papers["empty.docx"]
    assert refused.state == Paper.State.FAILED and refused.attachment is None
    assert refused.errors[0]["id"] == "desk.refused" and "空" in refused.errors[0]["zh"]
    assert papers["noise.bin"].state == Paper.State.FAILED
    assert queries.progress(batch) == {"waiting": 0, "reading": 0, "read": 1, "failed": 2}


def test_a_file_that_is_no_report_says_what_to_do(cast: Cast) -> None:
    batch = deskwork.hand_in(doer(cast, "handler"), notes__txt="今天的会议记录。".encode())
    (paper,) = batch.papers.all()
    assert paper.state == Paper.State.FAILED and paper.versions.count() == 0
    assert paper.errors[0]["zh"] and paper.errors[0]["en"]


def test_the_same_file_twice_is_told_of_and_read_once(cast: Cast) -> None:
    by = doer(cast, "handler")
    data = deskwork.docx(deskwork.report())
    first = deskwork.hand_in(by, a__docx=data, copy__docx=data)
    second = deskwork.hand_in(by, again__docx=data)
    original = deskwork.papers(first)["a.docx"]
    for twice in (deskwork.papers(first)["copy.docx"], second.papers.get()):
        assert twice.state == Paper.State.FAILED
        assert twice.errors[0]["id"] == "desk.same_file"
        assert twice.errors[0]["paper"] == original.pk
    assert Version.objects.count() == 1 and Report.objects.count() == 1
    assert second.ended_at is not None


def test_an_archive_gives_a_report_for_each_file_in_it(cast: Cast) -> None:
    members = {
        "教育局.docx": deskwork.docx(deskwork.report("临溪区教育局")),
        "城管/城管局.docx": deskwork.docx(deskwork.report("临溪区城市管理局")),
        "坏.docx": b"PK\x03\x04 broken",
    }
    batch = deskwork.hand_in(doer(cast, "supervisor"), all__zip=deskwork.archive(members))
    (paper,) = batch.papers.all()
    assert paper.state == Paper.State.READ
    found = {
        v.member: v.report.organ.code
        for v in paper.versions.select_related("report__organ")
        if v.report.organ
    }
    assert found == {"教育局.docx": "LX-JY", "城管/城管局.docx": "LX-CG"}
    assert [one["member"] for one in paper.errors] == ["坏.docx"]
    seen = queries.visible_reports(doer(cast, "handler").capacity)
    assert [one.organ for one in seen] == [cast.organs["LX-JY"]]
    assert not queries.visible_papers(doer(cast, "handler").capacity).exists()


def test_a_second_file_of_the_year_is_the_next_version(cast: Cast) -> None:
    by = doer(cast, "handler")
    one = deskwork.report()
    first = deskwork.hand_in(by, a__docx=deskwork.docx(one))
    deskwork.hand_in(by, b__html=writers.write(one, to="html").data)
    report = Report.objects.get()
    assert [v.number for v in queries.versions_of(report)] == [2, 1]
    assert queries.in_hand(report).number == 2
    assert deskwork.report_of(first.papers.get()) == report
    assert report.version == 2


def test_numbers_of_batches_run_on(cast: Cast) -> None:
    by = doer(cast, "handler")
    numbers = [deskwork.hand_in(by, a__txt=b"x" * n).number for n in (10, 11, 12)]
    assert numbers == [1, 2, 3]
    told = ledger.events().filter(kind="desk.handed_in").order_by("pk")
    assert [one.new["batch"].split("-")[1] for one in told] == ["1", "2", "3"]


@pytest.mark.parametrize("who", ["auditor", "administrator", "no_role", "operator"])
def test_who_has_no_desk_hands_nothing_in(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        intake.hand_in(by=doer(cast, who), files=[deskwork.file("a.txt", b"a")])
    assert not queries.visible_reports(doer(cast, who).capacity).exists()


def test_papers_of_a_worker_that_died_are_taken_anew_once_its_time_is_over(cast: Cast) -> None:
    by = doer(cast, "handler")
    batch = intake.hand_in(by=by, files=[deskwork.file("a.docx", deskwork.docx(deskwork.report()))])
    batch.papers.update(state=Paper.State.READING, taken_at=by.at)
    assert reading.give_back(at=by.at + reading.LEASE) == 0
    deskwork.work()
    assert Version.objects.count() == 0
    assert reading.give_back(at=by.at + 2 * reading.LEASE) == 1
    deskwork.work()
    assert Version.objects.count() == 1
