"""期限实测: the clock of a matter through the service, and what its page says of every day."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from gongkai.statute import case_events as e
from gongkai.statute import notices, workdays
from gongkai.statute.clock_events import Whom
from gongkai.web.applications import life, receipts, recording
from gongkai.web.applications.intake import register
from gongkai.web.applications.models import NEVER, Matter
from gongkai.web.applications.tests.samples import paper
from gongkai.web.applications.tests.test_life import did, doer
from gongkai.web.ledger import calendar_actions
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db


def march(day: int) -> date:
    return date(2026, 3, day)


def begun(cast: Cast, arrived: date) -> Matter:
    by = doer(cast, "handler", arrived)
    request = register(by=by, organ=cast.organs["LX-JY"], paper=paper(arrived=arrived))
    matter = request.matters.get()
    return did(cast, matter, "handler", e.Accepted(arrived))


def page(cast: Cast, matter: Matter) -> str:
    """What the page says, in one line."""
    address = reverse("applications:case", args=[matter.pk])
    answer = cast.client("handler", acting_at="LX-JY").get(address)
    assert answer.status_code == 200
    return " ".join(strip_tags(re.sub(r"</t[dh]>", " ", answer.content.decode())).split())


def asked(cast: Cast, matter: Matter, key: str, whom: Whom, on: date) -> None:
    did(cast, matter, "handler", e.ConsultationSent(on, key, whom))
    assert due(matter) == NEVER, "nobody knows how long it takes"
    did(cast, matter, "handler", e.ConsultationServed(on, key))


def due(matter: Matter) -> date:
    """The last day, which the row and its clock agree upon."""
    matter.refresh_from_db()
    assert matter.deadline is not None
    assert (matter.deadline.due_on or NEVER) == matter.due_on
    assert life.case_of(matter).due == matter.deadline.due_on
    return matter.due_on


def test_over_new_year_holidays_are_skipped_and_a_weekend_worked_for_them_counts(
    cast: Cast,
) -> None:
    matter = begun(cast, date(2025, 12, 22))
    # 7 days in December, Sunday 4 January (worked for New Year), 5 + 5, and 19 and 20 January.
    assert due(matter) == date(2026, 1, 20)
    said = page(cast, matter)
    assert re.search(r"2026-01-01 星期四 休息日，不计 [^0-9]*元旦", said)
    assert re.search(r"2026-01-04 星期日 8 计入 [^0-9]*元旦", said)
    assert re.search(r"2026-01-20 星期二 20 计入", said)
    assert "暂定" not in said


def test_days_skipped_for_parties_asked_at_the_same_time_are_skipped_once(cast: Cast) -> None:
    matter = begun(cast, march(2))
    assert due(matter) == march(30)
    asked(cast, matter, "甲", Whom.THIRD_PARTY, march(9))
    assert due(matter) == date(2026, 4, 21), "five days counted; fifteen for the party"
    asked(cast, matter, "乙", Whom.JOINT_MAKER, march(11))
    assert due(matter) == date(2026, 4, 23)
    did(cast, matter, "handler", e.OpinionReceived(march(12), "乙", e.Opinion.CONSENT))
    assert due(matter) == date(2026, 4, 21), "the other one is still awaited"
    did(cast, matter, "handler", e.OpinionReceived(march(20), "甲", e.Opinion.CONSENT))
    # 10 to 20 March: nine working days, those within them not twice.
    assert due(matter) == date(2026, 4, 13)
    said = page(cast, matter)
    assert "2026-03-10 — 2026-03-20" in said
    assert "答复期限暂停计算，原为 2026-03-30" in said
    assert "答复期限继续计算，至 2026-04-21" in said
    assert said.count("征求意见，不计") == 9


def test_an_extension_may_be_told_of_on_the_last_day_and_not_a_day_later(cast: Cast) -> None:
    matter = begun(cast, march(2))
    did(cast, matter, "approver", e.ExtensionApproved(march(30), 10, "须查阅历年档案"))
    assert due(matter) == march(30), "not before the applicant is told"
    with pytest.raises(recording.NotPossible) as refused:
        did(cast, matter, "handler", e.ExtensionTold(march(31)))
    assert "届满" in str(refused.value.message)
    did(cast, matter, "handler", e.ExtensionTold(march(30)))
    # Ten working days from 31 March; Qingming is off, Monday 6 April among it.
    assert due(matter) == date(2026, 4, 14)
    assert "延期 10 个工作日" in page(cast, matter)


def test_a_year_that_is_announced_later_moves_the_clock_and_says_so(cast: Cast) -> None:
    known = workdays.official()
    year = max(one.year for one in known.years) + 1
    arrived = date(year - 1, 12, 21)
    matter = begun(cast, arrived)
    before = due(matter)
    assert "暂定" in page(cast, matter)
    off = workdays.Break(
        workdays.HOLIDAYS["spring"],
        date(year, 1, 4),
        date(year, 1, 8),
        (),
        workdays.Notice("示例通知"),
    )
    reading = notices.Reading(year, "示例通知", "示例发〔2026〕1号", date(year - 1, 12, 22), (off,))
    entered = calendar_actions.enter(
        act=doer(cast, "supervisor", date(year - 1, 12, 22), "LX").act,
        organ=cast.organs["LX"],
        reading=reading,
        today=date(year - 1, 12, 22),
    )
    assert [one.deadline.pk for one in entered.recomputed.moved] == [matter.deadline_id]
    after = due(matter)
    assert after > before
    said = page(cast, matter)
    assert f"由 {before} 改为 {after}" in said, "what happened says so"
    assert re.search(f"到期日 *{after}", said), said
    inbox = cast.client("handler", acting_at="LX-JY").get("/inbox/").content.decode()
    assert f"由 {before} 改为 {after}" in strip_tags(inbox)
    did(cast, matter, "handler", e.Withdrawn(date(year - 1, 12, 22)))
    assert "收录通知后请重新计算" not in page(cast, matter), "nothing is counted any more"


def test_a_receipt_printed_again_says_the_days_it_said(cast: Cast) -> None:
    matter = begun(cast, march(2))
    before = receipts.receipt(matter.request, march(2))
    assert before.due == due(matter)
    asked(cast, matter, "甲", Whom.THIRD_PARTY, march(4))
    again = receipts.receipt(matter.request, march(9))
    assert due(matter) != before.due
    assert (again.received, again.due, again.code) == (before.received, before.due, before.code)


def test_a_day_that_was_ordered_stands_alone(cast: Cast) -> None:
    matter = begun(cast, march(2))
    did(cast, matter, "handler", e.Withdrawn(march(3)))
    by = doer(cast, "handler", march(20))
    matter.refresh_from_db()
    recording.record(by, matter, e.Reopened(march(20), "示复决〔2026〕1号", date(2026, 4, 3)))
    told = page(cast, matter)
    assert "2026-04-03" in told and "复议决定、判决要求的答复日期 2026-04-03" in told
    for usual in ("答复期限届满", "若依法延期", "告知延期的最后一日"):
        assert usual not in told
