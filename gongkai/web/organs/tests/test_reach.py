"""管理范围: nobody takes another government's people out of their administrator's hands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongkai.web.accounts.models import Account, Session
from gongkai.web.ledger.models import Event
from gongkai.web.organs import appointment_actions, people_actions
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import Appointment, Delegation
from gongkai.web.organs.people_actions import BeyondReach
from gongkai.web.organs.reach import ManagedElsewhere, Operator
from gongkai.web.organs.separation import Incompatible
from gongkai.web.organs.tests.doers import doer, today
from gongkai.web.organs.tests.imports import checked, told
from gongkai.web.organs.tests.workbooks import filled, post
from gongkai.web.tests.cast import Cast

pytestmark = pytest.mark.django_db


def appoint(by: Doer, account: Account, cast: Cast, code: str, **more: Any) -> Appointment:
    said: dict[str, Any] = {"role": "handler", "valid_from": today()} | more
    return appointment_actions.appoint(by=by, account=account, organ=cast.organs[code], **said)


def lend(by: Doer, post: Appointment, to: Account) -> Delegation:
    until = today() + timedelta(days=5)
    return appointment_actions.delegate(
        by=by, appointment=post, delegate=to, valid_from=today(), valid_to=until, reason="休假"
    )


def shared(cast: Cast, who: str = "handler", code: str = "WS-JY") -> Account:
    """Somebody of the cast who serves in another tree as well, as a common superior may allow."""
    account = cast.accounts[who]
    appoint(Doer(cast.accounts["operator"], doer(cast).at), account, cast, code)
    return account


# -- giving posts


@pytest.mark.parametrize("in_days", [0, 3000])
def test_another_trees_person_is_not_appointed(cast: Cast, in_days: int) -> None:
    handler, outside = cast.accounts["handler"], doer(cast, "outside_administrator")
    with pytest.raises(ManagedElsewhere) as refused:
        appoint(outside, handler, cast, "WS-JY", valid_from=today() + timedelta(days=in_days))
    assert refused.value.field == "account"
    assert people_actions.why_not(doer(cast), handler) is None


def test_nor_one_who_only_acts_for_somebody_there(cast: Cast) -> None:
    with pytest.raises(ManagedElsewhere):
        appoint(doer(cast, "outside_administrator"), cast.accounts["delegate"], cast, "WS-JY")


def test_nor_a_superiors_person_by_an_administrator_below(cast: Cast) -> None:
    below = Appointment.objects.create(
        account=cast.accounts["no_role"],
        organ=cast.organs["LX-JY"],
        role="administrator",
        valid_from=today(),
    )
    by = doer(cast, below.account.username)
    for who in ("administrator", "stationed"):
        with pytest.raises(ManagedElsewhere):
            appoint(by, cast.accounts[who], cast, "LX-JY")
    appoint(by, cast.accounts["two_posts"], cast, "LX-JY")  # serves there already
    appoint(doer(cast), cast.accounts["stationed"], cast, "LX-JY")  # the common superior


def test_who_left_may_begin_elsewhere_and_return(cast: Cast) -> None:
    account = cast.accounts["drafter"]
    appointment_actions.end_appointment(
        by=doer(cast), appointment=cast.appointments["drafter", "LX-CG"], on=today()
    )
    made = appoint(doer(cast, "outside_administrator"), account, cast, "WS-JY")
    assert made.pk
    appoint(doer(cast), account, cast, "LX-CG")  # once of LX, so known there


def test_an_administrator_delegates_nothing_to_another_trees_person(cast: Cast) -> None:
    post = cast.appointments["outside_handler", "WS-JY"]
    with pytest.raises(ManagedElsewhere) as refused:
        lend(doer(cast, "outside_administrator"), post, cast.accounts["handler"])
    assert refused.value.field == "delegate"


def test_an_import_appoints_nobody_of_another_tree(cast: Cast) -> None:
    run = checked(
        doer(cast, "outside_administrator"),
        filled(appointments=[post("handler", "WS-JY")]),
    )
    assert run.state == "refused"
    assert any("由另一机关的系统管理员管理" in line for line in told(run)), told(run)


# -- the operator holds no post


def test_the_operator_is_given_no_post_in_any_way(cast: Cast) -> None:
    operator, by = cast.accounts["operator"], doer(cast)
    with pytest.raises(Operator):
        appoint(by, operator, cast, "LX-JY")
    with pytest.raises(Operator):
        lend(by, cast.appointments["reviewer", "LX-JY"], operator)
    with pytest.raises((Operator, Incompatible)):
        lend(doer(cast, "reviewer"), cast.appointments["reviewer", "LX-JY"], operator)
    run = checked(by, filled(appointments=[post("operator", "LX-JY")]))
    assert run.state == "refused"
    assert any("运维账号" in line for line in told(run)), told(run)
    assert not operator.appointments.exists() and not operator.delegations.exists()


# -- shutting out


def test_every_administrator_whom_the_person_serves_shuts_the_account_out(cast: Cast) -> None:
    handler, by = shared(cast), doer(cast)
    cast.client("handler")
    Session.objects.update(account=handler)
    people_actions.unlock(by=by, account=handler)
    people_actions.end_sessions(by=by, account=handler)
    assert not Session.objects.filter(account=handler).exists()
    assert people_actions.suspend(by=by, people=[handler]).done == [handler]
    handler.refresh_from_db()
    assert not handler.is_active
    told = Event.objects.filter(subject=f"person/{handler.pk}", by=by.by)
    assert {"person.unlocked", "person.sessions_ended", "person.suspended"} <= set(
        told.values_list("kind", flat=True)
    )


def test_who_shut_an_account_out_lets_it_in_again_and_the_other_does_not(cast: Cast) -> None:
    handler, here, there = shared(cast), doer(cast), doer(cast, "outside_administrator")
    people_actions.suspend(by=here, people=[handler])
    assert isinstance(
        people_actions.restore(by=there, people=[handler]).left_out[0][1], BeyondReach
    )
    assert people_actions.restore(by=here, people=[handler]).done == [handler]


def test_what_would_let_one_use_or_read_the_account_needs_all_of_it(cast: Cast) -> None:
    handler = shared(cast)
    for who in ("administrator", "outside_administrator"):
        by = doer(cast, who)
        for act in (people_actions.reset_password, people_actions.reset_second_factor):
            with pytest.raises(BeyondReach):
                act(by=by, account=handler)
        with pytest.raises(BeyondReach):
            people_actions.unmask(by=by, account=handler, purpose="通知补正")


def test_the_page_offers_what_may_be_done_with_a_shared_person(cast: Cast) -> None:
    handler = shared(cast)
    page = cast.client("administrator").get(f"/organs/people/{handler.pk}/").content.decode()
    assert f"/organs/people/{handler.pk}/suspend/" in page
    assert f"/organs/people/{handler.pk}/password/" not in page
    assert f"/organs/people/{handler.pk}/contacts/" not in page
