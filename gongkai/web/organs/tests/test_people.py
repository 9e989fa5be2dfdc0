"""人员与任职: who may make, change, suspend, appoint and end whom, and what is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.web.accounts.actions import NameTaken
from gongkai.web.accounts.models import Account, Session
from gongkai.web.ledger.models import Event
from gongkai.web.organs import appointment_actions, capacity, people_actions, people_queries
from gongkai.web.organs.actions import Doer, NotAllowed, Taken, WrongDay
from gongkai.web.organs.appointment_actions import LastAdministrator, Suspended
from gongkai.web.organs.models import Appointment, Delegation
from gongkai.web.organs.people_actions import BeyondReach, Issued, NothingToUndo, OwnAccount
from gongkai.web.organs.separation import Incompatible
from gongkai.web.organs.tests.doers import doer, today
from gongkai.web.shell import requests
from gongkai.web.shell.access import Role
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def added(cast: Cast, organ: str = "LX-JY", role: str = "handler", **more: Any) -> Issued:
    said: dict[str, Any] = {"username": "new.person", "name": "午新人", "valid_from": today()}
    said |= more
    return people_actions.add_person(by=doer(cast), organ=cast.organs[organ], role=role, **said)


def kinds(subject: str) -> list[str]:
    return list(Event.objects.filter(subject=subject).order_by("pk").values_list("kind", flat=True))


def administrator_of(cast: Cast, code: str, who: str = "no_role") -> Doer:
    """Another of the cast made administrator of one organ only."""
    account = cast.accounts[who]
    Appointment.objects.create(
        account=account, organ=cast.organs[code], role="administrator", valid_from=today()
    )
    return doer(cast, who)


# -- making


def test_a_new_person_signs_in_once_with_the_password_told(cast: Cast, client: Client) -> None:
    issued = added(cast, phone="0571-88001234", email="wu@example.invalid")
    answer = client.post(
        reverse("accounts:sign_in"), {"username": "new.person", "password": issued.password}
    )
    assert answer.status_code == 302
    assert Session.objects.filter(account=issued.account).exists()
    assert issued.account.must_change_password
    assert capacity.of_account(issued.account, today())[0].role is Role.HANDLER


def test_the_events_of_a_new_person_hold_no_contacts_and_no_password(cast: Cast) -> None:
    issued = added(cast, phone="0571-88001234", email="wu@example.invalid")
    subject = f"person/{issued.account.pk}"
    assert kinds(subject) == ["person.added", "role.given"]
    kept = str(list(Event.objects.filter(subject=subject).values("old", "new")))
    assert "0571-****1234" in kept
    assert "88001234" not in kept and "wu@" not in kept and issued.password not in kept
    assert issued.password not in repr(issued)


def test_a_name_that_is_taken_leaves_nothing_behind(cast: Cast) -> None:
    before = Event.objects.count()
    with pytest.raises(NameTaken):
        added(cast, username="handler")
    assert Event.objects.count() == before


def test_a_person_is_made_only_where_one_administers(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        added(cast, organ="WS-JY")
    for who in ("supervisor", "handler", "auditor", "no_role"):
        with pytest.raises(NotAllowed):
            people_actions.add_person(
                by=doer(cast, who),
                username="x",
                name="x",
                organ=cast.organs["LX-JY"],
                role="handler",
                valid_from=today(),
            )


# -- changing


def test_a_change_of_contacts_is_told_but_not_shown(cast: Cast) -> None:
    handler = cast.accounts["handler"]
    people_actions.change_person(
        by=doer(cast),
        account=handler,
        version=people_queries.version_of(handler),
        name="甲经办",
        phone="0571-88009999",
        email=handler.email,
    )
    handler.refresh_from_db()
    assert handler.phone == "0571-88009999"
    event = Event.objects.get(kind="person.changed")
    assert event.new["phone"] == "0571-****9999" and "email" not in event.new
    assert event.organ == cast.organs["LX-JY"]


def test_two_who_change_the_same_person_do_not_overwrite_each_other(cast: Cast) -> None:
    handler = cast.accounts["handler"]
    version = people_queries.version_of(handler)
    said: dict[str, Any] = {"account": handler, "version": version, "phone": "", "email": ""}
    people_actions.change_person(by=doer(cast), name="甲一", **said)
    with pytest.raises(Stale):
        people_actions.change_person(by=doer(cast), name="甲二", **said)
    handler.refresh_from_db()
    assert handler.name == "甲一"


# -- reach: whoever resets a password could use the account


@pytest.mark.parametrize("act", [people_actions.reset_password, people_actions.reset_second_factor])
def test_an_account_with_powers_elsewhere_is_not_ones_to_reset(cast: Cast, act: Any) -> None:
    of_education = administrator_of(cast, "LX-JY")
    act(by=of_education, account=cast.accounts["handler"])
    for who in ("two_posts", "stationed"):
        with pytest.raises((BeyondReach, NotAllowed)):
            act(by=of_education, account=cast.accounts[who])
    act(by=doer(cast), account=cast.accounts["two_posts"])


def test_a_superior_administrator_with_a_post_below_is_not_reset_from_below(cast: Cast) -> None:
    chief = cast.accounts["administrator"]
    appointment_actions.appoint(
        by=doer(cast),
        account=chief,
        organ=cast.organs["LX-JY"],
        role="handler",
        valid_from=today(),
    )
    with pytest.raises(BeyondReach):
        people_actions.reset_password(by=administrator_of(cast, "LX-JY"), account=chief)


def test_acting_for_somebody_elsewhere_is_a_power_too(cast: Cast) -> None:
    Delegation.objects.create(
        appointment=cast.appointments["two_posts", "LX-CG"],
        delegate=cast.accounts["handler"],
        valid_from=today(),
        valid_to=today() + timedelta(days=3),
        reason="休假",
        given_by=cast.accounts["administrator"],
        given_at=timezone.now(),
    )
    with pytest.raises(BeyondReach):
        people_actions.reset_password(
            by=administrator_of(cast, "LX-JY"), account=cast.accounts["handler"]
        )


def test_nobody_resets_or_suspends_themselves_here(cast: Cast) -> None:
    by = doer(cast)
    with pytest.raises(OwnAccount):
        people_actions.reset_password(by=by, account=by.by)
    result = people_actions.suspend(by=by, people=[by.by])
    assert not result.done and isinstance(result.left_out[0][1], OwnAccount)


def test_the_operator_is_managed_by_nobody_of_an_organ(cast: Cast) -> None:
    operator = cast.accounts["operator"]
    Appointment.objects.create(
        account=operator, organ=cast.organs["LX-JY"], role="handler", valid_from=today()
    )
    with pytest.raises(BeyondReach):
        people_actions.reset_password(by=doer(cast), account=operator)


# -- suspending


def test_who_is_suspended_is_out_at_once_and_back_when_restored(cast: Cast) -> None:
    browser, handler = cast.client("handler"), cast.accounts["handler"]
    home = reverse("home")
    assert browser.get(home).status_code == 200
    result = people_actions.suspend(by=doer(cast), people=[handler])
    assert result.done == [handler]
    assert browser.get(home).status_code == 302
    given = {"username": "handler", "password": PASSWORD}
    assert Client().post(reverse("accounts:sign_in"), given).status_code != 302
    people_actions.restore(by=doer(cast), people=[handler])
    assert Client().post(reverse("accounts:sign_in"), given).status_code == 302
    assert kinds(f"person/{handler.pk}") == ["person.suspended", "person.restored"]


def test_suspending_twice_is_told_once(cast: Cast) -> None:
    handler = cast.accounts["handler"]
    people_actions.suspend(by=doer(cast), people=[handler])
    assert people_actions.suspend(by=doer(cast), people=[handler]).done == []
    assert kinds(f"person/{handler.pk}") == ["person.suspended"]


def test_of_many_those_beyond_reach_are_left_out_with_the_reason(cast: Cast) -> None:
    chosen = [cast.accounts[who] for who in ("handler", "two_posts", "outside_handler")]
    result = people_actions.suspend(by=administrator_of(cast, "LX-JY"), people=chosen)
    assert {one.username for one in result.done} == {"handler", "two_posts"}
    reasons = {one.username: type(why) for one, why in result.left_out}
    assert reasons == {"outside_handler": NotAllowed}
    result = people_actions.require_new_password(
        by=administrator_of(cast, "LX-CG", "stationed"), people=chosen
    )
    reasons = {one.username: type(why) for one, why in result.left_out}
    assert reasons["two_posts"] is BeyondReach and not result.done


def test_what_was_done_in_a_request_is_undone_by_who_did_it_for_a_while(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [cast.accounts["handler"], cast.accounts["reviewer"]]
    monkeypatch.setattr(requests, "current", lambda: "ABCD-2345")
    by = doer(cast)
    people_actions.suspend(by=by, people=people)
    with pytest.raises(NothingToUndo):
        people_actions.undo(by=administrator_of(cast, "LX", "two_posts"), request_id="ABCD2345")
    late = Doer(by.by, by.at + timedelta(minutes=11), by.capacity)
    with pytest.raises(NothingToUndo):
        people_actions.undo(by=late, request_id="ABCD2345")
    result = people_actions.undo(by=by, request_id="ABCD2345")
    assert {one.pk for one in result.done} == {one.pk for one in people}
    assert Account.objects.filter(pk__in=[one.pk for one in people], is_active=True).count() == 2


def test_a_demand_for_a_new_password_can_be_taken_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "current", lambda: "ABCD-2345")
    handler = cast.accounts["handler"]
    people_actions.require_new_password(by=doer(cast), people=[handler])
    handler.refresh_from_db()
    assert handler.must_change_password
    people_actions.undo(by=doer(cast), request_id="ABCD2345")
    handler.refresh_from_db()
    assert not handler.must_change_password


def test_nothing_done_outside_a_request_can_be_undone(cast: Cast) -> None:
    people_actions.suspend(by=doer(cast), people=[cast.accounts["handler"]])
    with pytest.raises(NothingToUndo):
        people_actions.undo(by=doer(cast), request_id="")


# -- appointments


def appointed(cast: Cast, who: str, organ: str, role: str, **more: Any) -> Appointment:
    said = {"valid_from": today()} | more
    return appointment_actions.appoint(
        by=doer(cast), account=cast.accounts[who], organ=cast.organs[organ], role=role, **said
    )


def test_one_person_holds_roles_in_several_organs(cast: Cast) -> None:
    appointed(cast, "handler", "LX-CG", "handler")
    appointed(cast, "handler", "LX-CG", "reviewer")
    held = capacity.of_account(cast.accounts["handler"], today())
    assert [(c.organ.code, c.role.value) for c in held] == [
        ("LX-JY", "handler"),
        ("LX-CG", "handler"),
        ("LX-CG", "reviewer"),
    ]


@pytest.mark.parametrize(
    ("who", "organ", "role"),
    [
        ("auditor", "LX", "handler"),
        ("auditor", "LX-JY", "reviewer"),  # audited from above
        ("handler", "LX", "auditor"),
        ("administrator", "LX-JY", "reviewer"),
        ("administrator", "LX", "approver"),
        ("approver", "LX-JY", "administrator"),
        ("approver", "LX", "administrator"),
        ("delegate", "LX-JY", "administrator"),  # approves by delegation
        ("delegate", "LX-JY", "auditor"),
    ],
)
def test_who_watches_or_appoints_does_not_act(cast: Cast, who: str, organ: str, role: str) -> None:
    with pytest.raises(Incompatible):
        appointed(cast, who, organ, role)


def test_roles_that_exclude_each_other_may_follow_each_other(cast: Cast) -> None:
    held = cast.appointments["approver", "LX-JY"]
    Delegation.objects.all().delete()
    appointment_actions.end_appointment(by=doer(cast), appointment=held, on=today())
    appointed(cast, "approver", "LX-JY", "administrator")


def test_the_same_role_is_not_given_twice_for_the_same_time(cast: Cast) -> None:
    with pytest.raises(Taken):
        appointed(cast, "handler", "LX-JY", "handler")
    with pytest.raises(Taken):
        appointed(cast, "handler", "LX-JY", "handler", valid_to=today() + timedelta(days=5))


def test_nobody_is_appointed_to_an_organ_that_has_ended(cast: Cast) -> None:
    with pytest.raises(WrongDay):
        appointed(cast, "handler", "LX-FB", "handler")


def test_a_suspended_account_is_given_nothing(cast: Cast) -> None:
    people_actions.suspend(by=doer(cast), people=[cast.accounts["handler"]])
    with pytest.raises(Suspended):
        appointed(cast, "handler", "LX-CG", "handler")


def test_an_appointment_ends_on_its_day_and_its_delegations_with_it(cast: Cast) -> None:
    held = cast.appointments["approver", "LX-JY"]
    on = today() + timedelta(days=2)
    appointment_actions.end_appointment(by=doer(cast), appointment=held, on=on)
    approver, delegate = cast.accounts["approver"], cast.accounts["delegate"]
    before, then = on - timedelta(days=1), on
    assert capacity.of_account(approver, before) and capacity.of_account(delegate, before)
    assert not capacity.of_account(approver, then) and not capacity.of_account(delegate, then)
    cast.delegation.refresh_from_db()
    assert cast.delegation.valid_to == on


def test_an_appointment_does_not_end_before_it_begins_nor_twice(cast: Cast) -> None:
    held = cast.appointments["handler", "LX-JY"]
    with pytest.raises(WrongDay):
        appointment_actions.end_appointment(
            by=doer(cast), appointment=held, on=held.valid_from - timedelta(days=1)
        )
    appointment_actions.end_appointment(by=doer(cast), appointment=held, on=today())
    with pytest.raises(WrongDay):
        appointment_actions.end_appointment(by=doer(cast), appointment=held, on=today())


def test_an_appointment_given_by_mistake_today_goes_today(cast: Cast) -> None:
    made = appointed(cast, "handler", "LX-CG", "handler")
    appointment_actions.end_appointment(by=doer(cast), appointment=made, on=today())
    assert not Appointment.objects.filter(pk=made.pk).exists()
    assert kinds(f"person/{cast.accounts['handler'].pk}") == ["role.given", "role.ended"]


def test_an_appointment_of_another_tree_is_not_ones_to_end(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        appointment_actions.end_appointment(
            by=doer(cast), appointment=cast.appointments["outside_handler", "WS-JY"], on=today()
        )


def test_the_last_administrator_does_not_leave(cast: Cast) -> None:
    own = cast.appointments["administrator", "LX"]
    with pytest.raises(LastAdministrator):
        appointment_actions.end_appointment(by=doer(cast), appointment=own, on=today())
    administrator_of(cast, "LX-JY")  # below: governs too little
    with pytest.raises(LastAdministrator):
        appointment_actions.end_appointment(by=doer(cast), appointment=own, on=today())
    second = administrator_of(cast, "LX", "newcomer")
    Account.objects.filter(pk=second.by.pk).update(is_active=False)
    with pytest.raises(LastAdministrator):
        appointment_actions.end_appointment(by=doer(cast), appointment=own, on=today())
    Account.objects.filter(pk=second.by.pk).update(is_active=True)
    appointment_actions.end_appointment(by=doer(cast), appointment=own, on=today())
    assert not capacity.of_account(cast.accounts["administrator"], today())
