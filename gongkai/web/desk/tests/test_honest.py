"""如实: counts are those of what is there, an older file never stands for a newer one, words say
what happened."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.statute import writers
from gongkai.statute.report import CannotRead, State
from gongkai.statute.texts import Text
from gongkai.web.desk import (
    actions,
    batch_page,
    checking,
    matching,
    original,
    outcome,
    packing,
    queries,
    values,
)
from gongkai.web.desk.models import Finding, Report
from gongkai.web.desk.tests import deskwork
from gongkai.web.ledger import events
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs.tests.doers import doer
from gongkai.web.tests.cast import Cast

CELL = "applications.received.natural_person"


def _told(report: Report) -> list[Any]:
    counts = [getattr(report, name) for name in checking.COUNTS]
    rows = report.findings.order_by("position").values_list("rule", "level", "outcome", "said")
    return [counts, list(rows)]


def _agree() -> None:
    """Every report's counts and findings are those of a reckoning from nothing but the reading."""
    for report in Report.objects.filter(set_aside_at__isnull=True):
        version = queries.in_hand(report)
        marks = queries.marks_of(version)
        holds = values.effective(version, marks)
        shown = {mark.address for mark in marks}
        open_ones = {a: c for a, c in holds.cells.items() if a not in shown}
        assert report.absent == sum(c.state is State.ABSENT for c in open_ones.values())
        unsure = [c for c in open_ones.values() if c.doubt or c.state is State.UNREADABLE]
        assert report.doubtful == len(unsure)
        stored = _told(report)
        checking.renew(report)
        assert _told(report) == stored, report
        broken = report.findings.filter(outcome="broken")
        assert report.errors == broken.filter(level="error").count()
        assert report.warnings == broken.filter(level="warning").count()
        assert report.cannot_tell == report.findings.filter(outcome="cannot_tell").count()


def test_counts_are_those_of_a_reckoning_anew_after_every_act(
    cast: Cast,
) -> None:
    by = doer(cast, "supervisor")
    deskwork.hand_in(
        by,
        a__docx=deskwork.docx(deskwork.unsure(deskwork.report(year=2022), 3)),
        b__docx=deskwork.docx(deskwork.report(applications__received__total=99)),
        c__docx=deskwork.docx(deskwork.report("甲示例站", 2023)),
        d__docx=deskwork.docx(deskwork.report("临溪区人民政府", 2023)),
    )
    _agree()

    def do(act: Any, key: str, **given: Any) -> Any:
        report = Report.objects.get(organ__code=key, year=given.pop("of", 2023))
        others = checking.dependents(report)
        made = act(by=by, report=report, version=report.version, **given)
        for other in {*others, *checking.dependents(made)}:
            checking.again(other, at=by.at)
        _agree()
        return made

    do(actions.correct, "LX-JY", address=CELL, typed="41", of=2022)
    do(actions.confirm_all, "LX-JY", of=2022)
    do(actions.correct, "LX-JY", address=CELL, typed="12")
    do(actions.undo, "LX-JY", address=CELL)
    report = Report.objects.get(organ__isnull=True)
    merged = matching.assign(
        by=by, report=report, organ=cast.organs["LX-JY"], year=2023, version=report.version
    )
    for other in checking.dependents(merged):
        checking.again(other, at=by.at)
    _agree()
    do(matching.unassign, "LX-JY")
    assert Finding.objects.exists()


def test_an_older_file_read_again_does_not_take_the_place_of_a_newer_one(cast: Cast) -> None:
    by = doer(cast, "supervisor")
    packed = deskwork.archive({"教育局.docx": deskwork.docx(deskwork.report())})
    batch = deskwork.hand_in(by, all__zip=packed)
    report = Report.objects.get()
    newer = deskwork.report(applications__received__total=99)
    deskwork.hand_in(doer(cast, "handler"), b__docx=deskwork.docx(newer))
    report.versions.filter(number=1).update(sha256="0" * 64)  # read otherwise by another program
    actions.read_again(by=by, paper=batch.papers.get())
    deskwork.work()
    assert [v.paper.name for v in queries.versions_of(report)] == ["b.docx", "all.zip"]


def test_the_history_says_what_was_read_and_what_became_of_marks(cast: Cast) -> None:
    by, client = doer(cast, "handler"), cast.client("handler")
    batch = deskwork.hand_in(by, a__docx=deskwork.docx(deskwork.report()))
    report = deskwork.report_of(batch.papers.get())
    for address, typed in ((CELL, "4321"), ("applications.received.business", "5")):
        report.refresh_from_db()
        actions.correct(by=by, report=report, address=address, typed=typed, version=report.version)
    next_one = deskwork.report(applications__received__natural_person=77)
    deskwork.hand_in(by, b__docx=deskwork.docx(next_one))
    report.refresh_from_db()
    given = {"version": report.version}
    answer = client.post(reverse("desk:read_again", args=[report.pk]), given)
    assert answer.status_code == 302
    said = [events.sentence(one) for one in queries.history(report)]
    assert said[0] == "要求重新读取“b.docx”" and said[1] == "读取“b.docx”，为第 2 版"
    page = client.get(reverse("desk:history", args=[report.pk])).content.decode()
    assert "沿用核对 1 格" in page and "1 格读数变了" in page
    assert not [e for e in ledger.events() if "纸质" in events.sentence(e)]


@pytest.mark.parametrize("year", [2062, 1999])
def test_a_year_that_cannot_be_waits_for_a_person(cast: Cast, year: int) -> None:
    made = json.loads(deskwork.json(deskwork.report()))
    data = json.dumps(made | {"year": year}, ensure_ascii=False).encode()
    batch = deskwork.hand_in(doer(cast, "handler"), a__json=data)
    report = deskwork.report_of(batch.papers.get())
    assert report.year is None
    assert report.organ == (cast.organs["LX-JY"] if year > 2019 else None)  # as old as the tree
    assert queries.unmatched(Report.objects.all()).get() == report


def test_what_is_no_number_is_looked_at_also_where_its_reader_had_no_doubt(cast: Cast) -> None:
    made = json.loads(deskwork.json(deskwork.report()))
    made["cells"][CELL] |= {"state": "unreadable", "value": None, "raw": "若\0干", "doubt": None}
    batch = deskwork.hand_in(doer(cast, "handler"), a__json=json.dumps(made).encode())
    report = deskwork.report_of(batch.papers.get())
    assert report.doubtful == 1
    by = doer(cast, "handler")
    assert actions.confirm_all(by=by, report=report, version=report.version).doubtful == 0
    (mark,) = queries.marks_of(queries.in_hand(report))
    assert "\0" not in json.dumps(mark.given, ensure_ascii=False), "no database takes it"


def test_what_was_corrected_is_marked_in_what_is_written(cast: Cast) -> None:
    by, client = doer(cast, "handler"), cast.client("handler")
    batch = deskwork.hand_in(by, a__docx=deskwork.docx(deskwork.report()))
    report = deskwork.report_of(batch.papers.get())
    address = reverse("desk:file", args=[report.pk])

    def name(query: str) -> str:
        return unquote(client.get(address + query)["Content-Disposition"])

    assert "核对" not in name("?as=docx")
    read = values.reading(queries.in_hand(report)).cells[CELL].value
    actions.correct(by=by, report=report, address=CELL, typed="4321", version=report.version)
    assert "（按核对结果）" in name("?as=docx") and "（原样）" in name("?as=docx&read=1")
    version = queries.in_hand(report)
    with zipfile.ZipFile(io.BytesIO(outcome.write(version, "xlsx").data)) as book:
        texts = "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))
    assert "更正为“4321”" in texts
    for carrier in ("json", "csv"):
        again = deskwork.read(outcome.write(version, carrier).data, f"a.{carrier}")
        (note,) = [n.text.zh for n in again.notes if "更正为" in n.text.zh]
        assert f"“{read}”" in note and "“4321”" in note and "甲经办" in note
        plain = outcome.write(version, carrier, corrected=False).data
        assert not [n for n in deskwork.read(plain, f"a.{carrier}").notes if "更正" in n.text.zh]


def test_a_large_batch_counts_all_and_shows_what_failed_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_page, "PAPERS", 2)
    by = doer(cast, "supervisor")
    files = {f"f{n}__docx": deskwork.docx(deskwork.report(year=2021 + n)) for n in range(3)}
    unknown = deskwork.docx(deskwork.report("甲示例站"))
    batch = deskwork.hand_in(by, **files, u__docx=unknown, z__txt=b"nothing of a report")
    told = batch_page.context(batch, by.capacity)  # type: ignore[arg-type]
    assert (told["claimed"], told["unclaimed"], told["failed"]) == (3, 1, 1)
    assert [one.name for one in told["papers"]][0] == "z.txt" and len(told["papers"]) == 2
    assert len(told["claims"]) == 1


def test_many_that_wait_ask_for_the_tree_once(cast: Cast, settings: Any) -> None:
    by, client = doer(cast, "supervisor"), cast.client("supervisor")

    def cost(count: int) -> int:
        names = [f"外地{count}{at}示例站" for at in range(count)]
        given = [deskwork.file(f"{n}.docx", deskwork.docx(deskwork.report(n))) for n in names]
        deskwork.handed_in(by, *given)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("desk:unmatched"))
        return sum("organs_organname" in one["sql"] for one in asked.captured_queries)

    assert cost(2) == cost(4)


def test_marks_of_many_reports_are_read_at_once(cast: Cast) -> None:
    by = doer(cast, "supervisor")
    names = ("临溪区教育局", "临溪区城市管理局", "临溪区人民政府办公室")
    files = [deskwork.file(f"{n}.docx", deskwork.docx(deskwork.report(n))) for n in names]
    deskwork.handed_in(by, *files)
    deskwork.handed_in(by, deskwork.file("again.html", _again()))
    reports = list(Report.objects.select_related("organ"))
    with CaptureQueriesContext(connection) as asked:
        held = outcome.held_of(reports)
    assert len(held) == 3
    sqls = [one["sql"] for one in asked.captured_queries]
    assert sum("desk_mark" in one for one in sqls) == 1
    versions = queries.in_hand_of(reports)
    assert {v.number for v in versions.values()} == {1, 2} and len(versions) == 3


def _again() -> bytes:
    return writers.write(deskwork.report(), to="html").data


def test_a_file_that_cannot_be_drawn_costs_its_time_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def slow(asked: Any) -> Any:
        tried.append(asked[0])
        raise CannotRead("error.too_slow", Text("太慢", "too slow"))

    monkeypatch.setattr(original, "_made", slow)
    monkeypatch.setattr(original, "_failed", {})
    one = original.File("ab" * 32, "慢.pdf", lambda: b"%PDF")
    assert original.layout(one).why == original.layout(one).why is not None
    assert tried == ["layout"]
    with pytest.raises(CannotRead):
        original.picture(one, 1)
    assert tried == ["layout", "page 1"]


def test_the_same_bytes_under_another_suffix_are_drawn_for_themselves() -> None:
    text, page = (original.File("cd" * 32, name, lambda: b"") for name in ("a.txt", "a.html"))
    assert text.key != page.key
    assert text.key == original.File("cd" * 32, "b.TXT", lambda: b"").key


def test_what_is_packed_fits_every_database() -> None:
    made = packing.fit({"a": ["x\0y", {"b": "\ud800"}], "n": 3})
    assert made == {"a": ["x\ufffdy", {"b": "?"}], "n": 3}
