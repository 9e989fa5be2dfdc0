"""办理过程: an application through the service: who may do what, its clock, its projection."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gongkai.statute import case_events as e
from gongkai.statute.case_table import State
from gongkai.statute.clock_events import Channel
from gongkai.statute.grounds import Ground
from gongkai.web.applications import life, matter_actions, recording
from gongkai.web.applications.intake import Asked, Incomplete, register
from gongkai.web.applications.models import Applicant, Matter, Request
from gongkai.web.applications.tests.samples import PERSON, paper, registered
from gongkai.web.ledger import chains, vault
from gongkai.web.ledger.models import Deadline, Event
from gongkai.web.organs.actions import Doer, NotAllowed
from gongkai.web.organs.separation import OwnWork
from gongkai.web.shell.access import Role
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db
ARRIVED = date(2026, 3, 2)


def doer(cast: Cast, who: str, on: date, code: str = "LX-JY", role: Role | None = None) -> Doer:
    moment = datetime(on.year, on.month, on.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    held = acting(cast, who, code, role=role)
    return Doer(held.by, moment, held.capacity)


def did(cast: Cast, matter: Matter, who: str, event: e.Event, **more: Any) -> Matter:
    """Somebody of 临溪区教育局 does it on the day it happens."""
    matter.refresh_from_db()
    by = doer(cast, who, event.on, **more)
    return recording.act(by=by, matter=matter, event=event, version=matter.version)


def begun(cast: Cast) -> Matter:
    return registered(cast, paper(arrived=ARRIVED))


def decided(cast: Cast) -> Matter:
    matter = begun(cast)
    did(cast, matter, "handler", e.Accepted(ARRIVED))
    decision = e.Decided(date(2026, 3, 10), Ground.DISCLOSED, where="当面领取")
    return did(cast, matter, "handler", decision)


def answered(cast: Cast) -> Matter:
    matter = decided(cast)
    did(cast, matter, "reviewer", e.Reviewed(date(2026, 3, 11)))
    did(cast, matter, "approver", e.Approved(date(2026, 3, 12)))
    did(cast, matter, "approver", e.Signed(date(2026, 3, 12), "临教公开〔2026〕1号"))
    did(cast, matter, "handler", e.Sent(date(2026, 3, 13), e.Way.MAIL))
    return did(cast, matter, "handler", e.Delivered(date(2026, 3, 16)))


def test_a_paper_letter_becomes_a_numbered_request_with_its_clock(cast: Cast) -> None:
    matter = begun(cast)
    assert (matter.request.number, matter.state) == (1, "received")
    assert matter.received_on == ARRIVED
    assert matter.deadline is not None
    assert matter.deadline.due_on == date(2026, 3, 30)  # 20 working days after day 0
    assert registered(cast, paper(arrived=ARRIVED)).request.number == 2


def test_who_asks_stands_in_the_vault_and_nowhere_else(cast: Cast) -> None:
    matter = begun(cast)
    one = Applicant.objects.get(request=matter.request)
    assert one.identity is not None and one.name is not None
    assert vault.open_(one.identity) == PERSON.identity
    told = str(list(Event.objects.values_list("new", "old", "subject")))
    for secret in (PERSON.name, PERSON.identity, PERSON.phone, PERSON.address):
        assert secret not in told
        assert secret not in str(Request.objects.values().get(pk=matter.request_id))


def test_plain_mail_waits_for_confirmation_and_runs_no_clock(cast: Cast) -> None:
    matter = registered(cast, paper(arrived=ARRIVED, channel=Channel.PLAIN_MAIL))
    assert (matter.state, matter.deadline) == ("unconfirmed", None)
    after = did(cast, matter, "handler", e.Confirmed(date(2026, 3, 5)))
    assert after.received_on == date(2026, 3, 5)
    assert after.deadline is not None


def test_several_matters_of_one_paper_have_clocks_of_their_own(cast: Cast) -> None:
    both = (Asked("校车", "校车线路"), Asked("食堂", "食堂采购"))
    first = registered(cast, paper(arrived=ARRIVED, asked=both))
    second = first.request.matters.get(part=2)
    did(cast, first, "handler", e.ClarificationAsked(date(2026, 3, 3), points="请写明学校名称"))
    first.refresh_from_db()
    assert (first.state, second.state) == ("awaiting_clarification", "received")
    due = Deadline.objects.get(subject=life.address(second), closed_at__isnull=True)
    assert due.due_on == date(2026, 3, 30)
    waiting = Deadline.objects.get(subject=life.address(first), closed_at__isnull=True)
    assert waiting.due_on is None


def of_three(cast: Cast) -> list[Matter]:
    asked = tuple(Asked(title, f"申请公开{title}。") for title in "甲乙丙")
    return list(registered(cast, paper(arrived=ARRIVED, asked=asked)).request.matters.all())


def merged(cast: Cast, matter: Matter, into: Matter) -> Matter:
    by = doer(cast, "approver", ARRIVED)
    return matter_actions.merge(by=by, matter=matter, version=matter.version, into=into)


def test_two_merged_into_one_at_the_same_time_are_both_in_it(cast: Cast) -> None:
    first, second, third = of_three(cast)
    seen = Matter.objects.get(pk=third.pk)  # by who merges the second, before the first is in it
    merged(cast, first, third)
    merged(cast, second, seen)
    third.refresh_from_db()
    assert all(f"申请公开{title}。" in third.text for title in "甲乙丙")
    with pytest.raises(matter_actions.CannotMerge):
        merged(cast, third, first)  # closed meanwhile


def test_a_merged_matter_that_goes_on_after_all_is_merged_no_more(cast: Cast) -> None:
    first, second, _third = of_three(cast)
    merged(cast, first, second)
    first.refresh_from_db()
    assert (first.state, first.row, first.counted_on) == ("ended", "", None), "it counts once"
    did(cast, first, "approver", e.Resumed(ARRIVED, "并错了"))
    first.refresh_from_db()
    assert (first.is_open, first.merged_into_id) == (True, None)
    did(cast, first, "handler", e.Withdrawn(ARRIVED))
    first.refresh_from_db()
    assert (first.row, first.counted_on) == ("other_misc", ARRIVED)


def test_three_people_answer_and_the_clock_stands_still(cast: Cast) -> None:
    matter = answered(cast)
    matter.refresh_from_db()
    assert (matter.state, matter.ground, matter.row) == ("delivered", "disclosed", "granted")
    assert matter.closed_on == date(2026, 3, 13)  # the day it was posted
    assert matter.deadline is not None and matter.deadline.closed_at is not None
    assert chains.verify(matter.organ_id) is None


def test_who_drafted_it_neither_reviews_nor_approves_it(cast: Cast) -> None:
    matter = decided(cast)
    event = e.Reviewed(date(2026, 3, 11))
    with pytest.raises(NotAllowed):
        did(cast, matter, "handler", event)
    matter.refresh_from_db()
    by = doer(cast, "reviewer", event.on)
    other = Doer(cast.accounts["handler"], by.at, by.capacity)
    with pytest.raises(OwnWork):
        recording.act(by=other, matter=matter, event=event, version=matter.version)


def test_a_delegate_of_who_reviewed_does_not_approve(cast: Cast) -> None:
    matter = decided(cast)
    did(cast, matter, "reviewer", e.Reviewed(date(2026, 3, 11)))
    matter.refresh_from_db()
    by = doer(cast, "approver", date(2026, 3, 12))
    same = Doer(cast.accounts["reviewer"], by.at, by.capacity)
    with pytest.raises(OwnWork):
        recording.act(
            by=same, matter=matter, event=e.Approved(date(2026, 3, 12)), version=matter.version
        )


def test_what_the_statute_refuses_is_refused_in_its_words_and_leaves_nothing(cast: Cast) -> None:
    matter = begun(cast)
    before = Event.objects.count()
    with pytest.raises(recording.NotPossible) as refused:
        did(cast, matter, "handler", e.Sent(date(2026, 3, 3), e.Way.MAIL))
    assert "待受理" in str(refused.value.message)
    assert Event.objects.count() == before


def test_nobody_acts_on_what_they_have_not_seen_nor_in_the_days_to_come(cast: Cast) -> None:
    matter = begun(cast)
    did(cast, matter, "handler", e.Accepted(ARRIVED))
    by = doer(cast, "handler", ARRIVED)
    with pytest.raises(Stale):
        recording.act(by=by, matter=matter, event=e.Withdrawn(ARRIVED), version=1)
    matter.refresh_from_db()
    late = e.Withdrawn(ARRIVED + timedelta(days=1))
    with pytest.raises(recording.WrongDay):
        recording.act(by=by, matter=matter, event=late, version=matter.version)


@pytest.mark.parametrize(
    ("who", "code"),
    [("drafter", "LX-CG"), ("outside_handler", "WS-JY"), ("supervisor", "LX")],
)
def test_other_organs_people_do_nothing(cast: Cast, who: str, code: str) -> None:
    matter = begun(cast)
    with pytest.raises(NotAllowed):
        did(cast, matter, who, e.Accepted(ARRIVED), code=code)
    given = paper(arrived=ARRIVED)
    with pytest.raises(NotAllowed):
        register(by=doer(cast, who, ARRIVED, code), organ=cast.organs["LX-JY"], paper=given)


def test_what_an_application_must_hold_is_asked_for(cast: Cast) -> None:
    by = doer(cast, "handler", ARRIVED)
    for given in (
        paper(arrived=ARRIVED, askers=()),
        paper(arrived=ARRIVED, asked=(Asked("", " "),)),
    ):
        with pytest.raises(Incomplete):
            register(by=by, organ=cast.organs["LX-JY"], paper=given)
    assert not Request.objects.exists()


def test_the_row_is_what_its_events_replay_to(cast: Cast) -> None:
    for matter in (begun(cast), decided(cast), answered(cast)):
        matter.refresh_from_db()
        kept = {name: getattr(matter, name) for name in life.FIELDS}
        case = life.case_of(matter)
        assert case.state is State(matter.state)
        life.project(matter, case)
        assert {name: getattr(matter, name) for name in life.FIELDS} == kept


def test_a_calendar_entered_later_moves_the_clock(cast: Cast) -> None:
    """Received before a year that is not announced: provisional, then certain and later."""
    from gongkai.statute import workdays
    from gongkai.statute.texts import same
    from gongkai.web.ledger import deadlines

    known = workdays.official()
    year = max(one.year for one in known.years)
    arrived = date(year, 12, 21)
    request = register(
        by=doer(cast, "handler", arrived), organ=cast.organs["LX-JY"], paper=paper(arrived=arrived)
    )
    matter = request.matters.get()
    assert matter.deadline is not None and matter.deadline.provisional
    before = matter.deadline.due_on
    assert before is not None
    notice = workdays.Notice("示例通知")
    off = workdays.Break(same("春节"), date(year + 1, 1, 4), date(year + 1, 1, 8), (), notice)
    later = workdays.Calendar((*known.years, workdays.Year(year + 1, (off,), (notice,))))
    deadlines.recompute(act=doer(cast, "supervisor", arrived, "LX").act, calendar=later)
    matter.refresh_from_db()
    assert not matter.deadline.provisional
    assert matter.deadline.due_on is not None and matter.deadline.due_on > before
    told = Event.objects.get(subject=life.address(matter), kind="deadline.moved")
    assert told.new["due_on"] == matter.deadline.due_on.isoformat()
