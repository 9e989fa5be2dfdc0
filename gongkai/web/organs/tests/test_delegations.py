"""授权代理: who may let whom act in their place, when it holds, and what everybody sees of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Event
from gongkai.web.organs import appointment_actions, capacity, people_actions
from gongkai.web.organs.actions import NotAllowed, WrongDay
from gongkai.web.organs.appointment_actions import LONGEST, NotDelegable, Suspended
from gongkai.web.organs.models import Appointment, Delegation
from gongkai.web.organs.separation import Incompatible
from gongkai.web.organs.tests.doers import doer, today
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db


def day(offset: int) -> date:
    return today() + timedelta(days=offset)


def given(
    cast: Cast,
    post: tuple[str, str] = ("reviewer", "LX-JY"),
    to: str = "office_handler",
    by: str | None = None,
    **more: Any,
) -> Delegation:
    said: dict[str, Any] = {"valid_from": day(0), "valid_to": day(10), "reason": "休假"}
    return appointment_actions.delegate(
        by=doer(cast, by or post[0]),
        appointment=cast.appointments[post],
        delegate=cast.accounts[to],
        **(said | more),
    )


def acts_for(cast: Cast, who: str, on: date) -> list[tuple[str, str, str]]:
    held = capacity.of_account(cast.accounts[who], on)
    return [(c.organ.code, c.role.value, c.acting_for) for c in held if c.delegation_id]


# -- in time


def test_a_delegate_acts_from_the_first_day_to_the_last_and_not_beside(cast: Cast) -> None:
    given(cast, valid_from=day(3), valid_to=day(6))
    as_reviewer = [("LX-JY", "reviewer", "乙审核")]
    assert [bool(acts_for(cast, "office_handler", day(d))) for d in range(2, 8)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert acts_for(cast, "office_handler", day(4)) == as_reviewer
    # The holder keeps the office; the delegate keeps the own one.
    assert capacity.of_account(cast.accounts["reviewer"], day(4))[0].role is Role.REVIEWER
    own = capacity.of_account(cast.accounts["office_handler"], day(4))[0]
    assert (own.organ.code, own.delegation_id) == ("LX-BGS", None)


def test_what_is_taken_back_ends_at_once(cast: Cast) -> None:
    made = given(cast)
    assert acts_for(cast, "office_handler", day(0))
    appointment_actions.revoke_delegation(by=doer(cast, "reviewer"), delegation=made)
    assert not acts_for(cast, "office_handler", day(0))
    with pytest.raises(NotDelegable):
        appointment_actions.revoke_delegation(by=doer(cast, "reviewer"), delegation=made)


def test_it_ends_with_the_appointment_it_was_given_from(cast: Cast) -> None:
    given(cast)
    Appointment.objects.filter(pk=cast.appointments["reviewer", "LX-JY"].pk).update(valid_to=day(0))
    assert not acts_for(cast, "office_handler", day(0))


def test_it_rests_while_the_holder_is_suspended(cast: Cast) -> None:
    given(cast)
    people_actions.suspend(by=doer(cast), people=[cast.accounts["reviewer"]])
    assert not acts_for(cast, "office_handler", day(0))
    people_actions.restore(by=doer(cast), people=[cast.accounts["reviewer"]])
    assert acts_for(cast, "office_handler", day(0))


def test_a_delegate_who_is_suspended_is_out(cast: Cast) -> None:
    given(cast)
    browser = cast.client("office_handler")
    assert browser.get(reverse("home")).status_code == 200
    people_actions.suspend(by=doer(cast), people=[cast.accounts["office_handler"]])
    assert browser.get(reverse("home")).status_code == 302


# -- who may


def test_the_holder_and_the_administrator_give_and_nobody_else(cast: Cast) -> None:
    given(cast).delete()
    given(cast, by="administrator").delete()
    for who in ("handler", "supervisor", "office_handler", "outside_administrator", "no_role"):
        with pytest.raises(NotAllowed):
            given(cast, by=who)


def test_a_delegate_does_not_pass_it_on(cast: Cast) -> None:
    given(cast)
    with pytest.raises(NotAllowed):
        given(cast, by="office_handler", to="drafter", valid_from=day(11), valid_to=day(12))


def test_not_to_oneself_and_not_to_a_suspended_account(cast: Cast) -> None:
    with pytest.raises(NotDelegable):
        given(cast, to="reviewer")
    Account.objects.filter(username="drafter").update(is_active=False)
    with pytest.raises(Suspended):
        given(cast, to="drafter")


def test_a_holder_chooses_within_the_own_government_an_administrator_freely(cast: Cast) -> None:
    for stranger in ("outside_handler", "no_role"):
        with pytest.raises(NotDelegable):
            given(cast, to=stranger)
    given(cast, to="no_role", by="administrator")


@pytest.mark.parametrize(("post", "to"), [(("administrator", "LX"), "drafter")])
def test_an_administrator_is_not_acted_for(cast: Cast, post: tuple[str, str], to: str) -> None:
    with pytest.raises(NotDelegable):
        given(cast, post=post, to=to)


def test_an_auditor_is_not_acted_for(cast: Cast) -> None:
    with pytest.raises(NotDelegable):
        given(cast, post=("auditor", "LX"), to="drafter")


@pytest.mark.parametrize("to", ["auditor", "administrator"])
def test_who_watches_or_appoints_does_not_act_for_others_either(cast: Cast, to: str) -> None:
    with pytest.raises(Incompatible) as refused:
        given(cast, to=to)
    assert refused.value.field == "delegate"


# -- which days


@pytest.mark.parametrize(
    ("first", "behind", "field"),
    [
        (-1, 5, "valid_from"),
        (5, 5, "valid_to"),
        (5, 4, "valid_to"),
        (0, LONGEST + 1, "valid_to"),
    ],
)
def test_days_that_cannot_be(cast: Cast, first: int, behind: int, field: str) -> None:
    with pytest.raises(WrongDay) as refused:
        given(cast, valid_from=day(first), valid_to=day(behind))
    assert refused.value.field == field


def test_the_longest_there_is(cast: Cast) -> None:
    made = given(cast, valid_from=day(1), valid_to=day(1 + LONGEST))
    assert made.valid_to is not None
    assert (made.valid_to - made.valid_from).days == LONGEST


def test_not_longer_than_the_appointment_itself(cast: Cast) -> None:
    Appointment.objects.filter(pk=cast.appointments["reviewer", "LX-JY"].pk).update(valid_to=day(5))
    with pytest.raises(WrongDay):
        given(cast, valid_to=day(6))
    given(cast, valid_to=day(5))


def test_one_delegate_at_a_time(cast: Cast) -> None:
    made = given(cast, valid_from=day(2), valid_to=day(5))
    for first, behind in ((0, 3), (4, 8), (2, 5), (0, 9)):
        with pytest.raises(NotDelegable):
            given(cast, to="drafter", valid_from=day(first), valid_to=day(behind))
    given(cast, to="drafter", valid_from=day(5), valid_to=day(7))
    appointment_actions.revoke_delegation(by=doer(cast, "reviewer"), delegation=made)
    given(cast, to="drafter", valid_from=day(2), valid_to=day(4))


# -- pages


def body(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


def test_everybody_sees_what_they_gave_and_received_and_nothing_else(cast: Cast) -> None:
    address = reverse("organs:delegations")
    approver = body(cast.client("approver").get(address))
    delegate = body(cast.client("delegate").get(address))
    handler = body(cast.client("handler").get(address))
    revoke = reverse("organs:delegation_revoke", args=[cast.delegation.pk])
    assert "丁代理" in approver and revoke in approver
    assert "丙批准" in delegate and "外出学习" in delegate and revoke not in delegate
    assert "外出学习" not in handler


def test_an_administrator_sees_those_of_the_subtree(cast: Cast) -> None:
    client = cast.client("administrator")
    html = body(client.get(reverse("organs:delegations")))
    assert "丙批准" in html and "丁代理" in html
    over = body(client.get(reverse("organs:delegations") + "?state=over"))
    assert "丁代理" not in over
    elsewhere = body(cast.client("outside_administrator").get(reverse("organs:delegations")))
    assert "丁代理" not in elsewhere


def test_a_holder_delegates_on_the_page_and_takes_it_back(cast: Cast) -> None:
    client = cast.client("reviewer")
    said = {
        "appointment": cast.appointments["reviewer", "LX-JY"].pk,
        "delegate": "寅起草",
        "valid_from": day(0).isoformat(),
        "valid_to": day(6).isoformat(),
        "reason": "休假",
    }
    answer = client.post(reverse("organs:delegate"), said, follow=True)
    assert "已授权 寅起草 代理" in body(answer)
    made = Delegation.objects.get(appointment__account=cast.accounts["reviewer"])
    assert made.valid_to == day(7), "the last day is included"
    gone = client.post(reverse("organs:delegation_revoke", args=[made.pk]), follow=True)
    assert "已收回 寅起草 的代理" in body(gone)
    told = Event.objects.filter(kind__startswith="delegation.").order_by("pk")
    assert [e.kind for e in told] == ["delegation.given", "delegation.revoked"]
    assert told[0].new["to"] == day(6).isoformat()


def test_a_refused_delegation_keeps_what_was_typed(cast: Cast) -> None:
    said = {
        "appointment": cast.appointments["reviewer", "LX-JY"].pk,
        "delegate": "己审计",
        "valid_from": day(0).isoformat(),
        "valid_to": day(6).isoformat(),
        "reason": "赴外地学习",
    }
    answer = cast.client("reviewer").post(reverse("organs:delegate"), said)
    assert answer.status_code == 422
    assert "审计员在其审计的机关范围内不能担任其他角色" in body(answer)
    assert 'value="赴外地学习"' in body(answer)


def test_nobody_delegates_or_takes_back_for_others(cast: Cast) -> None:
    post = cast.appointments["reviewer", "LX-JY"]
    client = cast.client("handler")
    page = client.get(f"{reverse('organs:delegate')}?appointment={post.pk}", follow=True)
    assert "不由您授权" in body(page)
    revoke = reverse("organs:delegation_revoke", args=[cast.delegation.pk])
    for who in ("handler", "delegate", "supervisor", "outside_administrator"):
        assert cast.client(who).post(revoke).status_code == 404
    cast.delegation.refresh_from_db()
    assert cast.delegation.revoked_at is None
    assert cast.client("administrator").post(revoke).status_code == 302
    cast.delegation.refresh_from_db()
    assert cast.delegation.revoked_at is not None
    assert cast.delegation.revoked_at <= timezone.now()
