"""办理的权限和历史: role × state × act from the table; random histories replay to their row."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.statute import case_events as e
from gongkai.statute import cases
from gongkai.statute.case_events import Act, Event
from gongkai.statute.case_table import TABLE, State
from gongkai.statute.clock_events import Channel
from gongkai.statute.grounds import Ground
from gongkai.statute.tests import case_histories
from gongkai.statute.transitions import Duty
from gongkai.web.applications import case_acts, life, recording
from gongkai.web.applications.models import NEVER, Matter
from gongkai.web.applications.tests.samples import paper, registered
from gongkai.web.applications.tests.test_life import doer
from gongkai.web.ledger.models import Deadline
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.organs.separation import OwnWork
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
WHO = {
    Role.HANDLER: ("handler", "LX-JY"),
    Role.REVIEWER: ("reviewer", "LX-JY"),
    Role.APPROVER: ("approver", "LX-JY"),
    Role.SUPERVISOR: ("supervisor", "LX"),
}
# Written by hand: who does what the law gives to a duty.
DUTIES = {
    Duty.HANDLE: {Role.HANDLER},
    Duty.REVIEW: {Role.REVIEWER},
    Duty.APPROVE: {Role.APPROVER},
    Duty.SIGN: {Role.HANDLER, Role.APPROVER},
    Duty.HEAD: {Role.APPROVER},
}


def day(number: int) -> date:
    return ON + timedelta(days=number)


_DECIDED = (e.Accepted(ON), e.Decided(day(1), Ground.DISCLOSED, where="当面领取"))
_SIGNED = (
    *_DECIDED,
    e.Reviewed(day(2)),
    e.Approved(day(2)),
    e.Signed(day(3), "临教公开〔2026〕1号"),
)
_SENT = (*_SIGNED, e.Sent(day(4), e.Way.MAIL))
WAYS: dict[State, tuple[Event, ...]] = {
    State.UNCONFIRMED: (),
    State.RECEIVED: (),
    State.HANDLING: (e.Accepted(ON),),
    State.AWAITING_CLARIFICATION: (e.ClarificationAsked(ON, "请写明名称"),),
    State.AWAITING_PAYMENT: (e.Accepted(ON), e.FeeNotified(day(1), Decimal(100))),
    State.UNDER_REVIEW: _DECIDED,
    State.AWAITING_APPROVAL: (*_DECIDED, e.Reviewed(day(2))),
    State.APPROVED: (*_DECIDED, e.Reviewed(day(2)), e.Approved(day(2))),
    State.SIGNED: _SIGNED,
    State.SENT: _SENT,
    State.DELIVERED: (*_SENT, e.Delivered(day(6))),
    State.LAPSED: (e.ClarificationAsked(ON, "请写明名称"), e.Lapsed(day(60))),
    State.UNPAID: (e.Accepted(ON), e.FeeNotified(day(1), Decimal(100)), e.FeeUnpaid(day(90))),
    State.WITHDRAWN: (e.Withdrawn(day(1)),),
    State.ENDED: (e.Ended(day(1), "申请人死亡"),),
    State.ARCHIVED: (*_SENT, e.Delivered(day(6)), e.Archived(day(8))),
}


def stands(cast: Cast, state: State) -> Matter:
    """A matter that stands in a state, brought there by whose duty each act is."""
    channel = Channel.FAX if state is State.UNCONFIRMED else Channel.IN_PERSON
    matter = registered(cast, paper(arrived=ON, channel=channel))
    for event in WAYS[state]:
        matter = does(cast, matter, event)
    assert matter.state == state
    return matter


def does(cast: Cast, matter: Matter, event: Event) -> Matter:
    """Whose duty it is does it."""
    row = TABLE.find(State(matter.state), event.act)
    assert row is not None
    role = sorted(DUTIES[row.duty])[0]
    by = doer(cast, WHO[role][0], event.on, role=role)
    return recording.act(by=by, matter=matter, event=event, version=matter.version)


def test_every_state_of_the_table_is_tried() -> None:
    assert set(WAYS) == set(State)


@pytest.mark.parametrize("state", State)
def test_a_page_offers_each_role_what_the_table_gives_it_and_nothing_else(
    state: State, cast: Cast
) -> None:
    matter = stands(cast, state)
    today = timezone.localdate()
    offers = cases.acts(life.case_of(matter, as_of=today), today)
    for role, (who, code) in WHO.items():
        wanted = {
            offer.act
            for offer in offers
            if offer.may and offer.duty is not None and role in DUTIES[offer.duty]
        } - case_acts.NEVER_HERE
        answer = cast.client(who, acting_at=code).get(
            reverse("applications:case", args=[matter.pk])
        )
        page = answer.content.decode()
        now = page[page.index('<section class="part now">') :]
        buttons = now[: now.index("</section>")].split("<details", 1)[0]
        shown = {
            act
            for act in set(Act) - case_acts.NEVER_HERE
            if f'href="{case_acts.href(matter, act)}"' in buttons
        }
        routes = [case_acts.href(matter, act) for act in wanted]
        assert {case_acts.href(matter, act) for act in shown} == set(routes), (role, state)


@pytest.mark.parametrize("state", State)
def test_an_act_is_refused_to_every_role_that_the_table_does_not_name(
    state: State, cast: Cast
) -> None:
    matter = stands(cast, state)
    for act in Act:
        row = TABLE.find(state, act)
        if row is None:
            continue
        for role, (who, code) in WHO.items():
            by = acting(cast, who, code, role=role)
            allowed = True
            try:
                recording.check(by, matter, act)
            except (NotAllowed, OwnWork):
                allowed = False
            assert allowed is (role in DUTIES[row.duty]), (role, state, act)
            assert recording.may_do(by, matter, row.duty) is allowed
        for who, code in (("outside_handler", "WS-JY"), ("drafter", "LX-CG")):
            with pytest.raises(NotAllowed):
                recording.check(acting(cast, who, code, role=Role.HANDLER), matter, act)


@given(data=st.data())
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_random_history_always_replays_to_its_row(cast: Cast, data: Any) -> None:
    with transaction.atomic():
        on = data.draw(st.dates(date(2025, 1, 6), date(2026, 3, 31)))
        channel = data.draw(st.sampled_from(Channel))
        matter = registered(cast, paper(arrived=on, channel=channel))
        for _step in range(data.draw(st.integers(1, 14))):
            on += timedelta(days=data.draw(st.integers(0, 12)))
            case = life.case_of(matter, as_of=on)
            assert case.state == matter.state
            on = max(on, case.latest)
            may = [offer for offer in cases.acts(case, on) if offer.may]
            if not may:
                break
            offer = data.draw(st.sampled_from(may))
            event = case_histories.event_of(data.draw, case, offer, on)
            matter = does(cast, matter, event)
        _is_its_replay(matter)
        transaction.set_rollback(True)


def _is_its_replay(matter: Matter) -> None:
    matter.refresh_from_db()
    kept = {name: getattr(matter, name) for name in life.FIELDS}
    case = life.case_of(matter)
    life.project(matter, case)
    assert {name: getattr(matter, name) for name in life.FIELDS} == kept
    running = Deadline.objects.filter(subject=life.address(matter), closed_at__isnull=True)
    assert running.count() == (not case.closed and case.receipt is not None)
    for one in running:
        assert (one.due_on or NEVER) == matter.due_on
        assert life.reckon(one.basis, case.calendar).on == one.due_on
    if not running:
        assert matter.due_on == NEVER
