"""少见的办理: what is entered late, overridden, corrected after closing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.statute import case_events as e
from gongkai.statute.applicant_kinds import ApplicantKind
from gongkai.statute.case_events import Act
from gongkai.statute.clock_events import Whom
from gongkai.statute.grounds import Ground
from gongkai.web.applications import case_acts, life
from gongkai.web.applications.intake import Asker
from gongkai.web.applications.models import Matter
from gongkai.web.applications.tests.samples import paper, registered
from gongkai.web.applications.tests.test_clock_life import begun
from gongkai.web.applications.tests.test_life import answered, did
from gongkai.web.ledger.models import Event
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db


def march(day: int) -> date:
    return date(2026, 3, day)


def case_page(cast: Cast, matter: Matter, who: str = "handler") -> str:
    address = reverse("applications:case", args=[matter.pk])
    return cast.client(who, acting_at="LX-JY").get(address).content.decode()


def send(cast: Cast, matter: Matter, act: Act, who: str = "handler", **typed: str) -> str:
    """The form of an act, sent and confirmed; what the next page says."""
    browser = cast.client(who, acting_at="LX-JY")
    matter.refresh_from_db()
    address = case_acts.href(matter, act)
    shown = browser.get(address)
    assert shown.status_code == 200
    data = {"version": matter.version, **typed}
    if act in case_acts.SURE:
        data["_sure"] = "1"
    return browser.post(address, data, follow=True).content.decode()


def test_what_was_done_in_time_is_entered_after_the_period_is_over(cast: Cast) -> None:
    matter = begun(cast, march(2))  # long over
    said = case_page(cast, matter)
    fold = said[said.index('<details class="fold">') :]
    fold = fold[: fold.index("</details>")]
    at = fold.index("征求意见")
    assert "补记较早日期的办理" in fold[at:]
    asked = reverse("applications:consult", args=[matter.pk])
    assert asked in fold
    page = cast.client("handler", acting_at="LX-JY").get(asked)
    assert 'id="id_on"' in page.content.decode()
    # With the true day it is kept; with today's the law's refusal is said and nothing kept.
    today = timezone.localdate().isoformat()
    late = send(cast, matter, Act.EXTEND, "approver", on=today, days="10", reason="须查阅档案")
    assert "已登记：" not in late and "届满" in late
    assert not Event.objects.filter(kind="application.extend").exists()
    kept = send(cast, matter, Act.EXTEND, "approver", on="2026-03-20", days="10", reason="查阅")
    assert "已登记：同意延期。" in kept


def test_a_joint_maker_who_says_nothing_consents_and_a_third_party_does_not(cast: Cast) -> None:
    matter = begun(cast, march(2))
    for key, whom in (("甲", Whom.THIRD_PARTY), ("乙", Whom.JOINT_MAKER)):
        did(cast, matter, "handler", e.ConsultationSent(march(4), key, whom))
        did(cast, matter, "handler", e.ConsultationServed(march(4), key))
    early = send(cast, matter, Act.SILENCE, on="2026-03-20", party="乙")
    assert "已登记：" not in early, "fifteen working days are not over"
    for key in ("甲", "乙"):
        assert "已登记：" in send(cast, matter, Act.SILENCE, on="2026-03-26", party=key)
    case = life.case_of(matter)
    assert case.objecting == ()
    by_key = {one.party: one for one in case.round.consultations}
    assert by_key["乙"].silent == march(26)


def test_a_wrong_closing_is_corrected_by_the_approver_and_the_old_one_is_kept(cast: Cast) -> None:
    matter = answered(cast)
    assert "更正办结情况" not in case_page(cast, matter).split('class="fold"')[0]
    said = send(
        cast,
        matter,
        Act.RECLASSIFY,
        "approver",
        on=timezone.localdate().isoformat(),
        ground=Ground.PUBLISHED.value,
        reason="办结时选错了情形",
    )
    assert "已登记：更正办结情况。" in said
    matter.refresh_from_db()
    assert matter.ground == Ground.PUBLISHED
    told = Event.objects.get(subject=life.address(matter), kind="application.reclassify")
    assert told.by == cast.accounts["approver"]
    assert told.new["event"]["reason"] == "办结时选错了情形"
    assert "办结时选错了情形" in case_page(cast, matter), "who corrected it and why stays in sight"
    before = Event.objects.get(subject=life.address(matter), kind="application.decide")
    assert before.new["event"]["ground"] == Ground.DISCLOSED


def test_the_handler_does_not_correct_a_closing(cast: Cast) -> None:
    matter = answered(cast)
    address = case_acts.href(matter, Act.RECLASSIFY)
    browser = cast.client("handler", acting_at="LX-JY")
    assert "由本机关履行" in browser.get(address).content.decode()
    matter.refresh_from_db()
    sent = {
        "version": matter.version,
        "on": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "ground": Ground.PUBLISHED.value,
        "reason": "想改一改",
        "_sure": "1",
    }
    assert browser.post(address, sent, follow=True).status_code in (200, 403, 422)
    matter.refresh_from_db()
    assert matter.ground == Ground.DISCLOSED


def test_who_objected_and_is_overridden_has_to_be_told_before_the_answer_goes_out(
    cast: Cast,
) -> None:
    matter = begun(cast, march(2))
    did(cast, matter, "handler", e.ConsultationSent(march(4), "甲"))
    did(cast, matter, "handler", e.ConsultationServed(march(4), "甲"))
    did(cast, matter, "handler", e.OpinionReceived(march(6), "甲", e.Opinion.OBJECTION))
    decision = e.Decided(march(10), Ground.PUBLIC_INTEREST, (), ("甲",), "示例栏目")
    did(cast, matter, "handler", decision)
    did(cast, matter, "reviewer", e.Reviewed(march(11)))
    did(cast, matter, "approver", e.Approved(march(12)))
    page = case_page(cast, matter)
    notice = reverse("applications:notice_tell_party", args=[matter.pk])
    assert notice in page[: page.index('class="fold"') if 'class="fold"' in page else None]
    assert "告知第三方" in page
    shown = cast.client("handler", acting_at="LX-JY").get(notice).content.decode()
    assert 'name="party"' in shown


def test_the_same_information_asked_for_by_others_is_suggested_for_publication(cast: Cast) -> None:
    matter = begun(cast, march(2))
    registered(cast, paper(arrived=march(3)))  # the same person once more
    assert "第四十四条" not in case_page(cast, matter)
    other = Asker(ApplicantKind.NATURAL_PERSON, name="王另人", phone="0000-00008888")
    second = registered(cast, paper(arrived=march(4), askers=(other,)))
    said = case_page(cast, matter)
    assert "第四十四条" in said
    link = reverse("applications:link", args=[matter.pk])
    assert f"{link}?number={second.request.year}-{second.request.number}-1" in said


def test_many_applications_in_a_month_are_a_hint_that_decides_nothing(cast: Cast) -> None:
    today = timezone.localdate()
    matter = registered(cast, paper(arrived=today.replace(day=1)))
    for _more in range(9):
        registered(cast, paper(arrived=today.replace(day=1)))
    assert "条例第三十五条" not in case_page(cast, matter)
    registered(cast, paper(arrived=today.replace(day=1)))
    assert "条例第三十五条" in case_page(cast, matter)
    matter.refresh_from_db()
    assert matter.state == "received"
