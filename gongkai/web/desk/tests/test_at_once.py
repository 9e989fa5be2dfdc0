"""同时办理: forms sent twice, two people at one report, workers that wait crosswise."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from gongkai.web.desk import actions, intake, matching, queries, recording
from gongkai.web.desk.models import Batch, Paper, Report
from gongkai.web.desk.tests import deskwork
from gongkai.web.organs.tests.doers import doer
from gongkai.web.shell import once
from gongkai.web.shell.refusals import Refusal
from gongkai.web.tests import cast as district
from gongkai.web.tests.cast import Cast

CELL = "applications.received.natural_person"


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Each in a thread of its own, begun at one moment; what came of each, also what was raised."""
    gate = threading.Barrier(len(acts))
    came: list[object] = [None] * len(acts)

    def run(at: int) -> None:
        gate.wait()
        try:
            came[at] = acts[at]()
        except Exception as raised:
            came[at] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return came


def sent(client: Client, key: str, count: int = 3) -> Any:
    files = [
        SimpleUploadedFile(f"{at}.docx", deskwork.docx(deskwork.report(f"临溪区示例{at}局")))
        for at in range(count)
    ]
    return client.post(reverse("desk:hand_in"), {"files": files, "_once": key})


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_one_moment_is_one_batch() -> None:
    cast = district.build()
    first, second, key = cast.client("handler"), cast.client("handler"), once.token()
    came = at_once(lambda: sent(first, key), lambda: sent(second, key))
    assert [getattr(one, "status_code", one) for one in came] == [302, 302]
    assert len({one["Location"] for one in came}) == 1  # type: ignore[index]
    batch = Batch.objects.get()
    assert sorted(batch.papers.values_list("name", "state")) == [
        (f"{at}.docx", "waiting") for at in range(3)
    ]


def test_a_form_sent_again_brings_what_the_first_sending_did_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_AT_ONCE", 2)
    client, key, written = cast.client("handler"), once.token(), intake.written

    def full(**given: Any) -> list[Paper]:
        if given["at"] == 2:
            raise OSError("no room")
        return written(**given)

    monkeypatch.setattr(intake, "written", full)
    client.raise_request_exception = False
    assert sent(client, key).status_code == 500
    assert Paper.objects.count() == 2
    monkeypatch.setattr(intake, "written", written)
    answer = sent(client, key)
    assert answer.status_code == 302 and Batch.objects.count() == 1
    assert sorted(Paper.objects.values_list("name", flat=True)) == ["0.docx", "1.docx", "2.docx"]
    assert sent(client, key).status_code == 302 and Paper.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_one_file_sent_twice_at_one_moment_is_one_paper() -> None:
    cast = district.build()
    client = cast.client("handler")
    told = json.loads(client.post(reverse("desk:open_batch"), {"_once": once.token()}).content)
    data, key = deskwork.docx(deskwork.report()), once.token()

    def send(browser: Client) -> Any:
        file = SimpleUploadedFile("年报.docx", data)
        return json.loads(browser.post(told["add"], {"files": file, "_once": key}).content)

    other = cast.client("handler")
    assert at_once(lambda: send(client), lambda: send(other)) == [{"ok": True}] * 2
    assert Paper.objects.get().state == Paper.State.WAITING


def test_a_file_that_was_refused_is_refused_again_with_the_same_words(cast: Cast) -> None:
    client, key = cast.client("handler"), once.token()
    told = json.loads(client.post(reverse("desk:open_batch"), {"_once": once.token()}).content)
    said = []
    for _again in range(2):
        refused = SimpleUploadedFile("程序.exe", b"MZ\x90\x00" * 20)
        answer = client.post(told["add"], {"files": refused, "_once": key})
        said.append((answer.status_code, json.loads(answer.content)["why"]))
    assert said[0] == said[1] and said[0][0] == 422 and Paper.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reports_claimed_for_one_year_at_one_moment_become_one() -> None:
    cast = district.build()
    by = doer(cast, "supervisor")
    made = {name: deskwork.docx(deskwork.report(name, 2023)) for name in ("甲示例站", "乙示例站")}
    deskwork.handed_in(by, *(deskwork.file(f"{n}.docx", d) for n, d in made.items()))
    reports = list(Report.objects.order_by("pk"))

    def claim(report: Report) -> Callable[[], object]:
        given: dict[str, Any] = {"organ": cast.organs["LX-JY"], "year": 2023}
        return lambda: matching.assign(by=by, report=report, version=report.version, **given).pk

    came = at_once(*map(claim, reports))
    left = Report.objects.get()
    assert came == [left.pk, left.pk] and left.versions.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_reports_assigned_crosswise_at_one_moment_wait_in_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = district.build()
    by, other = doer(cast, "supervisor"), matching._other
    codes = {"临溪区教育局": "LX-JY", "临溪区城市管理局": "LX-CG"}
    for name in codes:
        data = deskwork.docx(deskwork.report(name, 2023))
        deskwork.handed_in(by, deskwork.file(f"{name}.docx", data))
    here, there = (Report.objects.get(organ=cast.organs[code]) for code in codes.values())

    def slowly(*given: Any) -> Any:  # time for the other one to lock what it begins with
        time.sleep(0.5)
        return other(*given)

    monkeypatch.setattr(matching, "_other", slowly)

    def assign(one: Report, to: Report) -> Callable[[], object]:
        given: dict[str, Any] = {"organ": to.organ, "year": 2023, "version": one.version}
        return lambda: matching.assign(by=by, report=one, **given)

    came = at_once(assign(here, there), assign(there, here))
    done = [one for one in came if isinstance(one, Report)]
    refused = [one for one in came if isinstance(one, Refusal)]
    assert (len(done), len(refused)) == (1, 1), came
    left = Report.objects.get()
    assert left.pk == done[0].pk and left.versions.count() == 2


def test_who_marks_a_report_that_was_merged_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, client = doer(cast, "supervisor"), cast.client("supervisor")
    names = ("临溪区教育局", "甲示例站")
    deskwork.handed_in(
        by, *(deskwork.file(f"{n}.docx", deskwork.docx(deskwork.report(n))) for n in names)
    )
    report = Report.objects.get(organ__isnull=True)
    may_work = actions.may_work

    def meanwhile(one: Any, seen: Report) -> None:
        may_work(one, seen)
        monkeypatch.setattr(actions, "may_work", may_work)
        matching.assign(
            by=by, report=seen, organ=cast.organs["LX-JY"], year=2023, version=seen.version
        )

    address = reverse("desk:mark", args=[report.pk])
    given = {"act": "correct", "address": CELL, "version": report.version, "typed": "5"}
    monkeypatch.setattr(actions, "may_work", meanwhile)
    answer = client.post(address, given, follow=True)
    assert answer.redirect_chain == [(reverse("desk:list"), 302)]
    assert "刚才已并入" in answer.content.decode()


@pytest.mark.parametrize("fault", [OperationalError, DataError])
def test_what_the_database_will_not_take_costs_no_other_paper(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    keep, seen = recording.keep, []

    def refuse(paper: int, **given: Any) -> list[Report]:
        seen.append(paper)
        one_time = fault is DataError or seen.count(paper) == 1
        if Paper.objects.get(pk=paper).name == "b.docx" and given.get("found") and one_time:
            raise fault("deadlock detected")
        return keep(paper, **given)

    monkeypatch.setattr(recording, "keep", refuse)
    files = {
        f"{n}__docx": deskwork.docx(deskwork.report(f"临溪区示例{n}局")) for n in ("a", "b", "c")
    }
    batch = deskwork.hand_in(doer(cast, "supervisor"), **files)
    states = {name: paper.state for name, paper in deskwork.papers(batch).items()}
    bad = "failed" if fault is DataError else "read"
    assert states == {"a.docx": "read", "b.docx": bad, "c.docx": "read"}
    assert queries.is_ready(batch)
