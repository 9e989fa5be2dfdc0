"""更正申请 (Art 41): registered at the same counter, handled by its own acts, counted nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import side_matters as s
from gongkai.web.applications import correction_actions, intake
from gongkai.web.applications.models import Correction, Matter, Request
from gongkai.web.applications.recording import NotPossible, WrongDay
from gongkai.web.applications.tests.samples import paper
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.shell.access import Role
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, acting, file

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


def registered(cast: Cast) -> Correction:
    today = timezone.localdate()
    given = replace(paper(arrived=today - timedelta(days=5)), kind=Request.Kind.CORRECTION.value)
    made = intake.register(
        by=acting(cast, "handler", role=Role.HANDLER),
        organ=cast.organs["LX-JY"],
        paper=given,
        files=[file(PDF, "更正申请书.pdf")],
    )
    return Correction.objects.get(request=made)


def does(cast: Cast, one: Correction, event: s.Event, who: str = "handler") -> Correction:
    role = Role.APPROVER if who == "approver" else Role.HANDLER
    by = acting(cast, who, role=role)
    return correction_actions.act(by=by, correction=one, event=event, version=one.version)


def test_it_is_no_matter_and_no_period_runs(cast: Cast) -> None:
    one = registered(cast)
    assert not Matter.objects.exists()
    assert one.state == s.State.ASKED
    page = cast.client("handler").get(reverse("applications:request", args=[one.request_id]))
    assert "没有答复期限" in page.content.decode()


def test_from_the_request_to_the_archive(cast: Cast) -> None:
    today = timezone.localdate()
    one = registered(cast)
    one = does(cast, one, s.EvidenceAdded(today, "户口簿第 3 页"))
    one = does(cast, one, s.Settled(today, s.Settlement.CORRECTED), "approver")
    assert (one.settlement, one.is_open) == ("corrected", True)
    one = does(cast, one, s.Told(today))
    assert not one.is_open
    one = does(cast, one, s.CorrectionArchived(today))
    assert correction_actions.standing(one).state == one.state == s.State.ARCHIVED
    assert correction_actions.standing(one).evidence == ("户口簿第 3 页",)


@pytest.mark.parametrize(
    "settled",
    [
        s.Settled(DAY, s.Settlement.CORRECTED),
        s.Settled(DAY, s.Settlement.REFUSED),
        s.Settled(DAY, s.Settlement.NAMED),
    ],
    ids=["without evidence", "without a reason", "without the organ"],
)
def test_what_a_settlement_needs_is_demanded(settled: s.Settled, cast: Cast) -> None:
    one = registered(cast)
    with pytest.raises(NotPossible):
        does(cast, one, replace(settled, on=timezone.localdate()), "approver")
    one.refresh_from_db()
    assert one.state == s.State.ASKED


def test_who_settles_it_is_who_approves(cast: Cast) -> None:
    one = registered(cast)
    today = timezone.localdate()
    with pytest.raises(NotAllowed):
        does(cast, one, s.Settled(today, s.Settlement.REFUSED, reason="无误"))
    with pytest.raises(WrongDay):
        does(cast, one, s.EvidenceAdded(today + timedelta(days=1), "x"))
    does(cast, one, s.EvidenceAdded(today, "x"))
    one.version = 1
    with pytest.raises(Stale):
        does(cast, one, s.EvidenceAdded(today, "x"))


def test_the_pages_lead_through_it(cast: Cast) -> None:
    one = registered(cast)
    handler, approver = cast.client("handler"), cast.client("approver")
    page = reverse("applications:correction", args=[one.pk])
    shown = handler.get(page).content.decode()
    assert "校车线路" in shown and "陈示例" not in shown
    do = reverse("applications:correction_do", args=[one.pk, "settle"])
    today = timezone.localdate().isoformat()
    typed = {"on": today, "settlement": "passed_on", "organ": "示例区公安局", "version": 1}
    asked = approver.post(do, typed)
    assert "请核对将要发生的事" in asked.content.decode()
    approver.post(do, {**typed, "_sure": "1"})
    one.refresh_from_db()
    assert one.settlement == "passed_on"
    listed = handler.get(reverse("applications:corrections")).content.decode()
    assert "转送有权更正的机关处理并告知 1 件" in listed
    receipt = handler.post(reverse("applications:receipt", args=[one.request_id]))
    assert "更正本人信息申请登记回执" in receipt.content.decode()
    supervisor = cast.client("supervisor")
    listed = reverse("applications:corrections")
    assert page not in supervisor.get(listed, {"q": "校车线路"}).content.decode()
    number = intake.number_of(one.request)
    assert page in supervisor.get(listed, {"q": number}).content.decode()
    assert page in handler.get(reverse("home")).content.decode(), "it is to be told"
    supervised = supervisor.get(page).content.decode()
    assert "陈示例" not in supervised
