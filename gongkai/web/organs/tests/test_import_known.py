"""核对导入: against what is known already: codes of others, what has ended, powers elsewhere."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.web.accounts.models import Account
from gongkai.web.organs.models import Appointment, Organ, Placement
from gongkai.web.organs.tests.imports import checked, doer, found, told
from gongkai.web.organs.tests.test_import_check import CG_01, GOOD, JY
from gongkai.web.organs.tests.workbooks import filled, organ, post
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import SINCE, Cast


def test_codes_that_belong_to_others(cast: Cast) -> None:
    Organ.objects.filter(code="LX-JY").update(credit_code=GOOD)
    run = checked(doer(cast), filled(organs=[organ("LX-01", credit_code=GOOD)]))
    assert [p.id for p in found(run)] == ["credit.taken"]
    Organ.objects.filter(code="LX-JY").update(credit_code="")
    Organ.objects.filter(code="WS-JY").update(credit_code=GOOD)
    run = checked(doer(cast), filled(organs=[organ("LX-01", credit_code=GOOD)]))
    assert [p.id for p in found(run)] == ["credit.taken_outside"]
    assert "WS" not in told(run)[0]  # whose it is, is not this administrator's matter


def test_what_has_ended_is_not_opened_by_a_file(cast: Cast) -> None:
    on = date(2025, 1, 1)
    station = cast.organs["LX-CG-01"]
    Organ.objects.filter(pk=station.pk).update(valid_to=on)
    station.names.update(valid_to=on)
    station.placements.update(valid_to=on)
    Appointment.objects.filter(organ=station).update(valid_to=on)
    run = checked(doer(cast), filled(organs=[CG_01]))
    assert [p.id for p in found(run)] == ["organ.reopen"]
    run = checked(doer(cast), filled(organs=[CG_01 | {"valid_to": "2025-02-01"}]))
    assert [p.id for p in found(run)] == ["organ.ended_on"]
    row = post("stationed", "LX-CG-01", valid_from=SINCE.isoformat())
    run = checked(doer(cast), filled(appointments=[row]))
    assert [p.id for p in found(run)] == ["period.reopen"]


def test_a_founding_day_may_be_put_right_until_something_followed(cast: Cast) -> None:
    run = checked(doer(cast), filled(organs=[JY | {"valid_from": "2019-06-01"}]))
    assert run.state == "checked", told(run)
    organ_of = cast.organs["LX-JY"]
    Placement.objects.filter(organ=organ_of).update(valid_to=date(2022, 1, 1))
    Placement.objects.create(organ=organ_of, parent=cast.organs["LX"], valid_from=date(2022, 1, 1))
    run = checked(doer(cast), filled(organs=[JY | {"valid_from": "2019-06-01"}]))
    assert [p.id for p in found(run)] == ["organ.founded"]


def test_who_has_powers_elsewhere_is_left_as_they_are(cast: Cast) -> None:
    Appointment.objects.create(
        account=cast.accounts["handler"],
        organ=cast.organs["WS-JY"],
        role=Role.HANDLER.value,
        valid_from=SINCE,
    )
    same = {"username": "handler", "name": "甲经办"}
    assert checked(doer(cast), filled(people=[same])).state == "checked"
    run = checked(doer(cast), filled(people=[same | {"name": "别名"}]))
    assert [p.id for p in found(run)] == ["person.shared"]


def test_a_suspended_account_is_given_nothing(cast: Cast) -> None:
    Account.objects.filter(username="handler").update(is_active=False)
    run = checked(doer(cast), filled(appointments=[post("handler", "LX-CG")]))
    assert [p.id for p in found(run)] == ["role.suspended"]


def test_an_organ_with_all_its_places_taken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from gongkai.web.organs import tree

    monkeypatch.setattr(tree, "MOST", Organ.objects.filter(parent__code="LX").count() + 1)
    run = checked(doer(cast), filled(organs=[organ("LX-01"), organ("LX-02")]))
    assert [(p.id, p.row) for p in found(run)] == [("parent.full", 3)]
