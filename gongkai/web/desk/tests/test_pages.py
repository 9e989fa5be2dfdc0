"""报告台的页面: what people do on them, by HTTP as a browser without scripts, and in parts."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from gongkai.web.desk import actions, batch_page
from gongkai.web.desk.models import Batch, Mark, Paper, Report
from gongkai.web.desk.tests import deskwork
from gongkai.web.organs.tests.doers import doer
from gongkai.web.shell import once
from gongkai.web.tests import reports as laid
from gongkai.web.tests.cast import Cast

CELL = "applications.received.natural_person"


@pytest.fixture
def report(cast: Cast) -> Report:
    """One with a figure nobody can be sure of."""
    page = laid.unsure(deskwork.report(year=2023))
    batch = deskwork.handed_in(doer(cast, "handler"), deskwork.file("年报.html", page))
    return deskwork.report_of(batch.papers.get())


def marked(
    client: Client, report: Report, act: str, *, swap: bool = False, **more: object
) -> HttpResponse:
    given = {"act": act, "address": CELL, "version": report.version} | more
    headers = {"HX-Request": "true"} if swap else {}
    answer = client.post(reverse("desk:mark", args=[report.pk]), given, headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_cell_is_chosen_and_corrected_by_links_and_forms_alone(
    cast: Cast, report: Report
) -> None:
    client = cast.client("handler")
    address = reverse("desk:report", args=[report.pk])
    shown = client.get(f"{address}?cell={CELL}").content.decode()
    assert re.search(rf'id="c-{CELL}" class="[^"]*chosen', shown)
    lit = re.findall(r'<td[^>]* id="(o-[^"]+)" class="[^"]*lit', shown)
    assert len(lit) == 1 and f'href="{address}?cell={CELL}#{lit[0]}"' in shown
    answer = marked(client, report, "correct", typed="51", reason="对照原件")
    assert answer.status_code == 302
    shown = client.get(answer["Location"]).content.decode()
    assert re.search(rf'id="c-{CELL}".*?<del>约\d+</del> <ins>51</ins>', shown)
    panel = client.get(f"{address}?cell={CELL}").content.decode()
    assert "甲经办" in panel and "对照原件" in panel


def test_what_was_typed_is_shown_again_with_why(cast: Cast, report: Report) -> None:
    client = cast.client("handler")
    for swap, status in ((False, 422), (True, 200)):
        answer = marked(client, report, "correct", typed="大概 <b>", reason="看不清", swap=swap)
        assert answer.status_code == status
        shown = answer.content.decode()
        assert 'value="大概 &lt;b&gt;"' in shown and 'value="看不清"' in shown
        assert "不是确定的数量" in shown and ("<html" in shown) is not swap
    assert not Mark.objects.exists()


def test_the_second_of_two_sees_what_the_first_did(cast: Cast, report: Report) -> None:
    first, second = cast.client("handler"), cast.client("reviewer")
    marked(first, report, "correct", typed="51")
    answer = marked(second, report, "correct", typed="52", swap=True)
    shown = answer.content.decode()
    assert "他人已先改动" in shown and "甲经办" in shown and "51" in shown
    assert 'value="52"' in shown, "what was typed is still there"
    report.refresh_from_db()
    assert marked(second, report, "correct", typed="52", swap=True).status_code == 200
    assert Mark.objects.get(undone_at__isnull=True).given["value"] == 52


def test_counts_above_come_along_when_parts_are_swapped(cast: Cast, report: Report) -> None:
    """Also with what another browser did meanwhile."""
    first, second = cast.client("handler"), cast.client("reviewer")
    address = reverse("desk:report", args=[report.pk])
    whole = first.get(address).content.decode()
    assert whole.count('id="facts"') == 1 and "hx-swap-oob" not in whole
    assert "存疑 1" in whole
    marked(second, report, "correct", typed="51")
    part = first.get(reverse("desk:cell", args=[report.pk]), {"cell": CELL}).content.decode()
    line = re.search(r'<p id="facts"[^>]* hx-swap-oob="true">.*?</p>', part)
    assert line is not None and "存疑" not in line[0] and "第 1 版" in line[0]
    report.refresh_from_db()
    part = marked(first, report, "undo", swap=True).content.decode()
    line = re.search(r'<p id="facts"[^>]* hx-swap-oob="true">.*?</p>', part)
    assert line is not None and "存疑 1" in line[0]


def test_a_file_sent_twice_is_taken_once(cast: Cast) -> None:
    client = cast.client("handler")
    opened = client.post(reverse("desk:open_batch"), {"_once": once.token()})
    told = json.loads(opened.content)
    data, key = deskwork.docx(deskwork.report()), once.token()
    for _again in range(2):
        file = SimpleUploadedFile("年报.docx", data)
        answer = client.post(told["add"], {"files": file, "_once": key})
        assert json.loads(answer.content) == {"ok": True}
    assert Paper.objects.count() == 1
    refused = SimpleUploadedFile("程序.exe", b"MZ\x90\x00" * 20)
    answer = client.post(told["add"], {"files": refused, "_once": once.token()})
    assert answer.status_code == 422 and "程序.exe" in json.loads(answer.content)["why"]
    other = cast.client("reviewer").post(told["add"], {"files": SimpleUploadedFile("a.docx", data)})
    assert other.status_code == 422 and Paper.objects.count() == 2


def test_a_file_that_was_here_before_is_no_failure_of_its_batch(cast: Cast) -> None:
    data = deskwork.docx(deskwork.report())
    batch = deskwork.hand_in(doer(cast, "handler"), a__docx=data, copy__docx=data)
    answer = cast.client("handler").get(reverse("desk:batch", args=[batch.pk]))
    page = answer.content.decode()
    assert "重复 1 个文件" in page and "未能读取" not in page


def test_who_sends_a_file_that_was_here_before_is_led_to_its_report(cast: Cast) -> None:
    data = deskwork.docx(deskwork.report())
    deskwork.hand_in(doer(cast, "handler"), first__docx=data)
    report = Report.objects.get()
    client = cast.client("reviewer")
    told = json.loads(client.post(reverse("desk:open_batch"), {"_once": once.token()}).content)
    given = {"files": SimpleUploadedFile("又一份.docx", data), "_once": once.token()}
    answer = client.post(told["add"], given)
    said = json.loads(answer.content)
    assert answer.status_code == 200 and said["before"] and not said["ok"]
    assert said["href"] == reverse("desk:report", args=[report.pk])
    assert said["label"] == "临溪区教育局 2023"
    assert "甲经办" in said["why"] and "first.docx" in said["why"]
    page = client.get(told["page"]).content.decode()
    assert said["href"] in page and said["why"] in page and 'class="badge bad"' not in page


def test_a_file_that_was_here_before_leads_to_no_report_out_of_sight(cast: Cast) -> None:
    data, supervisor = deskwork.docx(deskwork.report()), doer(cast, "supervisor")
    deskwork.hand_in(supervisor, first__docx=data)
    batch = deskwork.hand_in(supervisor, again__docx=data)
    paper = batch.papers.get()
    inside, outside = supervisor.capacity, doer(cast, "outside_handler").capacity
    assert inside is not None and outside is not None
    seen, other = batch_page.here_before(paper, inside), batch_page.here_before(paper, outside)
    assert seen["href"] and not other["href"] and not other["label"]


def test_a_batch_shows_what_failed_and_asks_again_while_it_is_read(cast: Cast) -> None:
    client = cast.client("handler")
    files = [
        SimpleUploadedFile("好.docx", deskwork.docx(deskwork.report())),
        SimpleUploadedFile("坏.pdf", b"%PDF-1.4\n%%EOF\n"),
    ]
    answer = client.post(reverse("desk:hand_in"), {"files": files, "_once": once.token()})
    page = client.get(answer["Location"]).content.decode()
    assert "hx-get" in page and 'http-equiv="refresh"' in page
    deskwork.work()
    page = client.get(answer["Location"]).content.decode()
    part = client.get(reverse("desk:batch_progress", args=[Batch.objects.get().pk]))
    assert 'http-equiv="refresh"' not in page and "2 / 2" in part.content.decode()
    assert "临溪区教育局 2023" in page and "未能读取" in page
    paper = Paper.objects.get(name="坏.pdf")
    assert paper.errors and paper.errors[0]["zh"] in page


def test_one_organ_is_named_for_each_report_that_waits(cast: Cast) -> None:
    by = doer(cast, "supervisor")
    made = {name: deskwork.docx(deskwork.report(name, 2023)) for name in ("甲示例站", "乙示例站")}
    deskwork.handed_in(by, *(deskwork.file(f"{n}.docx", d) for n, d in made.items()))
    one, two = Report.objects.order_by("said")
    client = cast.client("supervisor")
    given = {
        "_once": once.token(),
        "report": [one.pk, two.pk],
        f"version_{one.pk}": one.version,
        f"version_{two.pk}": two.version,
        f"other_{one.pk}": "临溪区教育局（LX-JY）",
        f"year_{one.pk}": "2023",
        f"other_{two.pk}": "没有这个机关",
        f"year_{two.pk}": "2023",
    }
    shown = client.post(reverse("desk:unmatched"), given, follow=True).content.decode()
    assert "已认定 1 份报告" in shown and two.said in shown
    assert Report.objects.get(pk=one.pk).organ == cast.organs["LX-JY"]
    assert Report.objects.get(pk=two.pk).organ is None
    undo = reverse("desk:unassign", args=[one.pk])
    page = reverse("desk:report", args=[one.pk])
    assert undo in shown and undo in client.get(page).content.decode()
    client.post(undo)
    assert Report.objects.get(pk=one.pk).organ is None
    assert undo not in client.get(page).content.decode()


def test_reports_ticked_are_rolled_up_and_others_are_not(cast: Cast, report: Report) -> None:
    client = cast.client("supervisor")
    hidden = deskwork.docx(deskwork.report("望山区教育局", 2023))
    outside = doer(cast, "outside_handler")
    batch = deskwork.handed_in(outside, deskwork.file("望山.docx", hidden))
    foreign = deskwork.report_of(batch.papers.get())
    given = {"act": "roll_up", "key": [report.pk, foreign.pk]}
    answer = client.post(reverse("desk:list"), given)
    shown = client.get(f"{answer['Location']}&partial=1").content.decode()
    assert "临溪区教育局" in shown and "望山" not in shown
    stale = client.get(reverse("desk:roll_up") + "?list=nothing")
    assert stale.status_code == 302, "a list of another session is none"


def test_a_report_set_aside_is_shown_but_not_worked_on(cast: Cast, report: Report) -> None:
    actions.set_aside(by=doer(cast, "handler"), report=report, version=report.version)
    client = cast.client("handler")
    page = client.get(reverse("desk:report", args=[report.pk])).content.decode()
    assert "已移出报告台" in page and 'value="confirm"' not in page
    report.refresh_from_db()
    assert marked(client, report, "confirm").status_code == 422
    listed = client.get(reverse("desk:list") + "?q=教育").content.decode()
    assert f"/desk/reports/{report.pk}/" not in listed
    listed = client.get(reverse("desk:list") + "?state=aside").content.decode()
    assert f"/desk/reports/{report.pk}/" in listed
