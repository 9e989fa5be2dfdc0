"""协助申请人 (Art 43): told with the registration, shown, printed, counted by need, in no row."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.statute.side_matters import Help, Need
from gongkai.web.applications import archive_file, helps, intake
from gongkai.web.applications.helps import Helped, NotConfirmed
from gongkai.web.applications.models import Correction, Request
from gongkai.web.applications.tests.samples import paper
from gongkai.web.applications.tests.test_pages import posted
from gongkai.web.ledger.models import Event
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db
DONE = "本人口述，工作人员逐项填写"
HELPED = {"filled_in": "on", "need": "sight", "helped": DONE, "read_back": "on"}


def given(**more: Any) -> Helped:
    help_ = Help(timezone.localdate(), Need.SIGHT, DONE, filled_in=True, read_back=True)
    return Helped(replace(help_, **more))


def registered(cast: Cast, helped: Helped | None, code: str = "LX-JY", who: str = "") -> Request:
    by = acting(cast, who or "handler", code, role=Role.HANDLER)
    made = replace(paper(arrived=timezone.localdate()), helped=helped)
    return intake.register(by=by, organ=cast.organs[code], paper=made)


def test_it_is_told_once_with_the_registration(cast: Cast) -> None:
    one = registered(cast, given())
    event = Event.objects.get(subject=f"request/{one.pk}", kind="request.helped")
    assert event.new["need"] == one.need == "sight" and event.new["read_back"] is True
    assert helps.of_request(one) == given()
    assert helps.of_request(registered(cast, None)) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (given(read_back=False), "read_back"),
        (given(done=" "), "helped"),
        (replace(given(), asker=2), "helped_asker"),
    ],
    ids=["not read back", "not how", "nobody"],
)
def test_what_was_written_down_is_read_back(wrong: Helped, field: str, cast: Cast) -> None:
    with pytest.raises(NotConfirmed) as refused:
        registered(cast, wrong)
    assert refused.value.field == field and not Request.objects.exists()


def test_help_without_writing_it_down_needs_no_reading_back(cast: Cast) -> None:
    one = registered(cast, given(filled_in=False, read_back=False))
    found = helps.of_request(one)
    assert found is not None
    assert helps.printed(found, 1) == f"申请人视力障碍，由工作人员协助（{DONE}）。"


def test_from_the_form_to_the_case_page_and_the_receipt(cast: Cast) -> None:
    handler = cast.client("handler")
    assert posted(handler, **HELPED).status_code == 302
    one = Request.objects.get()
    case = reverse("applications:case", args=[one.matters.get().pk])
    for page in (case, reverse("applications:request", args=[one.pk])):
        shown = handler.get(page).content.decode()
        assert "视力障碍" in shown and DONE in shown and "申请人确认无误" in shown
    assert "协助申请人：视力障碍" in handler.get(case).content.decode()
    receipt = handler.post(reverse("applications:receipt", args=[one.pk])).content.decode()
    line = f"申请人视力障碍，由工作人员代为填写（{DONE}），已向申请人宣读，申请人确认无误。"
    assert line in receipt
    rows = archive_file._application(one.matters.get()).rows
    assert ("协助", line) in rows


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({**HELPED, "need": ""}, "请选择需要协助的情形"),
        ({**HELPED, "helped": ""}, "请写明怎样协助"),
        ({**HELPED, "read_back": ""}, "应当向申请人宣读并由其确认"),
        ({**HELPED, "helped_asker": "3"}, "没有填写这一位申请人"),
    ],
    ids=["no need", "not how", "not read back", "nobody"],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    typed: dict[str, str], words: str, cast: Cast
) -> None:
    if not typed["read_back"]:
        typed = {name: value for name, value in typed.items() if value}
    answer = posted(cast.client("handler"), **typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page
    assert not Request.objects.exists()
    assert "校车线路和经费安排" in page and "陈示例" in page
    assert DONE in page or not typed["helped"]
    assert re.search(r'name="filled_in"[^>]* checked', page)
    assert '<details class="section fold helps" open>' in page


def test_whom_is_by_the_place_among_those_named(cast: Cast) -> None:
    more = {"askers": "3", "a2_role": "principal", "a2_name": "王示例", "helped_asker": "3"}
    assert posted(cast.client("handler"), **HELPED, **more).status_code == 302
    found = helps.of_request(Request.objects.get())
    assert found is not None and found.asker == 2
    assert helps.lines(found, 2)[0] == "第 2 位：视力障碍"
    assert helps.printed(found, 2).startswith("第2位申请人视力障碍")


def test_it_is_counted_by_need_where_it_may_be_seen(cast: Cast) -> None:
    first = registered(cast, given())
    registered(cast, given())
    registered(cast, given(need=Need.HEARING))
    registered(cast, None)
    registered(cast, given(need=Need.READING), "WS-JY", "outside_handler")
    page = reverse("applications:all")
    for who in ("handler", "supervisor"):
        shown = cast.client(who).get(page).content.decode()
        assert "协助申请人的 3 件" in shown and "视力障碍 2 件、听力障碍 1 件" in shown
    assert "阅读困难 1 件" in cast.client("outside_handler").get(page).content.decode()
    handler = cast.client("handler")
    listed = handler.get(page, {"need": "sight"}).content.decode()
    href = reverse("applications:case", args=[first.matters.get().pk])
    assert href in listed
    assert href not in handler.get(page, {"need": "hearing"}).content.decode()


def test_no_count_is_said_where_nobody_was_helped(cast: Cast) -> None:
    registered(cast, None)
    assert (
        "协助申请人的"
        not in cast.client("handler").get(reverse("applications:all")).content.decode()
    )


def test_a_correction_shows_and_counts_it_too(cast: Cast) -> None:
    handler = cast.client("handler")
    posted(handler, **HELPED, kind="correction")
    one = Correction.objects.get()
    shown = handler.get(reverse("applications:correction", args=[one.pk])).content.decode()
    assert "视力障碍" in shown and DONE in shown
    listed = handler.get(reverse("applications:corrections")).content.decode()
    assert "协助申请人的 1 件" in listed
    assert "协助申请人的" not in handler.get(reverse("applications:all")).content.decode()


# -- 更正: no clock


def test_no_days_are_shown_for_a_correction_while_it_is_typed(cast: Cast) -> None:
    handler = cast.client("handler")
    hints = reverse("applications:hints")
    today = timezone.localdate().isoformat()
    typed = {"channel": "in_person", "arrived_on": today, "m0_text": "学籍信息"}
    assert (
        "收到之日起二十个工作日"
        in handler.post(hints, {**typed, "kind": "access"}).content.decode()
    )
    told = handler.post(hints, {**typed, "kind": "correction"}).content.decode()
    assert "没有法定的答复期限" in told and "收到之日" not in told and "工作日" not in told
    checked = handler.post(
        reverse("applications:new"), {**typed, "kind": "correction", "_check": "1"}
    ).content.decode()
    assert "没有法定的答复期限" in checked and "收到之日起二十个工作日" not in checked
