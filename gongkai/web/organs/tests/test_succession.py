"""撤并的后果: posts, delegations, subordinates, who may hold what afterwards; two at once."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from gongkai.web.ledger.models import Event
from gongkai.web.organs import actions, capacity, queries, separation, succession_actions, tree
from gongkai.web.organs.models import Appointment, Delegation, Organ, Placement
from gongkai.web.organs.tests.test_history import NOW, doer, fresh
from gongkai.web.shell.access import Role
from gongkai.web.tests import cast as district
from gongkai.web.tests.cast import Cast

ON = date(2025, 7, 1)
pytestmark = pytest.mark.django_db


def merged(cast: Cast, gone: str, heir: str = "LX-JY", on: date = ON) -> None:
    succession_actions.merge_organs(
        by=doer(cast),
        predecessors=[fresh(cast.organs[gone])],
        successor=fresh(cast.organs[heir]),
        on=on,
        basis="临编〔2025〕1号",
    )


def moved(cast: Cast, organ: str, parent: str, on: date = ON) -> None:
    one = fresh(cast.organs[organ])
    actions.move_organ(
        by=doer(cast), organ=one, version=one.version, parent=cast.organs[parent], on=on
    )


def appointed(cast: Cast, who: str, organ: str, role: Role, **period: Any) -> Appointment:
    return Appointment.objects.create(
        account=cast.accounts[who],
        organ=cast.organs[organ],
        role=role.value,
        **{"valid_from": date(2021, 1, 1), **period},
    )


def roles_at(cast: Cast, who: str, organ: str, on: date) -> set[str]:
    held = capacity.of_account(cast.accounts[who], on)
    return {c.role.value for c in held if c.organ.code == organ}


# -- posts


@pytest.mark.parametrize("until", [None, date(2027, 1, 1)])
def test_a_post_passes_on_with_its_own_end(cast: Cast, until: date | None) -> None:
    appointed(cast, "no_role", "LX-CG", Role.HANDLER, valid_to=until)
    merged(cast, "LX-CG")
    assert roles_at(cast, "no_role", "LX-CG", ON) == set()
    assert roles_at(cast, "no_role", "LX-JY", ON) == {"handler"}
    assert roles_at(cast, "no_role", "LX-CG", ON - timedelta(days=1)) == {"handler"}
    if until is not None:
        assert roles_at(cast, "no_role", "LX-JY", until) == set()


def test_a_post_that_ends_by_itself_ends_with_its_organ(cast: Cast) -> None:
    appointed(cast, "no_role", "LX-CG-01", Role.HANDLER, valid_to=date(2027, 1, 1))
    succession_actions.close_organ(
        by=doer(cast), organ=cast.organs["LX-CG-01"], on=ON, basis="临编〔2025〕1号"
    )
    assert roles_at(cast, "no_role", "LX-CG-01", ON) == set()
    told = Event.objects.filter(kind="role.ended", subject=f"person/{cast.accounts['no_role'].pk}")
    assert told.count() == 1


def test_a_post_that_began_since_is_the_heirs_from_its_own_day(cast: Cast) -> None:
    appointed(cast, "no_role", "LX-CG", Role.HANDLER, valid_from=date(2026, 2, 1))
    merged(cast, "LX-CG")
    assert roles_at(cast, "no_role", "LX-JY", date(2026, 1, 31)) == set()
    assert roles_at(cast, "no_role", "LX-JY", date(2026, 2, 1)) == {"handler"}
    assert not cast.organs["LX-CG"].appointments.filter(account=cast.accounts["no_role"]).exists()


def test_who_watched_the_old_organ_does_not_watch_the_new_one(cast: Cast) -> None:
    appointed(cast, "no_role", "LX-CG", Role.ADMINISTRATOR)
    merged(cast, "LX-CG")
    assert roles_at(cast, "no_role", "LX-JY", ON) == set()


def test_a_delegation_goes_on_with_its_post(cast: Cast) -> None:
    post = appointed(cast, "no_role", "LX-CG", Role.APPROVER)
    Delegation.objects.create(
        appointment=post,
        delegate=cast.accounts["stationed"],
        reason="外出",
        valid_from=date(2025, 6, 1),
        valid_to=date(2026, 1, 1),
        given_by=cast.accounts["no_role"],
        given_at=NOW,
    )
    merged(cast, "LX-CG")
    for on, where in ((date(2025, 6, 15), "LX-CG"), (ON, "LX-JY"), (date(2025, 12, 31), "LX-JY")):
        held = capacity.of_account(cast.accounts["stationed"], on)
        lent = [c for c in held if c.delegation_id is not None]
        assert [c.organ.code for c in lent] == [where], on
    assert not [
        c for c in capacity.of_account(cast.accounts["stationed"], date(2026, 1, 1)) if c.acting_for
    ]


def test_each_person_learns_of_it(cast: Cast) -> None:
    merged(cast, "LX-CG")
    told = Event.objects.filter(subject=f"person/{cast.accounts['two_posts'].pk}", at=NOW)
    assert set(told.values_list("kind", flat=True)) == {"role.ended", "role.given"}


# -- separation of duties


def test_a_merger_never_joins_roles_that_exclude_each_other(cast: Cast) -> None:
    appointed(cast, "no_role", "LX-BGS", Role.AUDITOR)
    appointed(cast, "no_role", "LX-CG", Role.HANDLER)
    with pytest.raises(separation.Incompatible) as refused:
        merged(cast, "LX-CG", "LX-BGS")
    assert "陈示例" in str(refused.value.message)
    assert fresh(cast.organs["LX-CG"]).valid_to is None


def test_a_move_never_joins_them_either(cast: Cast) -> None:
    appointed(cast, "no_role", "LX-BGS", Role.ADMINISTRATOR)
    appointed(cast, "no_role", "LX-CG-01", Role.APPROVER)
    with pytest.raises(separation.Incompatible):
        moved(cast, "LX-CG", "LX-BGS")
    assert fresh(cast.organs["LX-CG"]).parent == cast.organs["LX"]


# -- subordinates


@pytest.mark.parametrize("act", ["merge", "close"])
def test_what_happened_below_since_then_stands_in_the_way(cast: Cast, act: str) -> None:
    child = actions.found_organ(
        by=doer(cast),
        code="LX-CG-02",
        name="临溪区城市管理局山口执法站",
        kind="dispatched",
        level="county",
        parent=cast.organs["LX-CG"],
        valid_from=date(2025, 9, 1),
    )
    with pytest.raises((actions.WrongDay, actions.NotEmpty)):
        if act == "merge":
            merged(cast, "LX-CG")
        else:
            succession_actions.close_organ(
                by=doer(cast), organ=cast.organs["LX-CG"], on=ON, basis="x"
            )
    assert fresh(child).parent == cast.organs["LX-CG"]


def test_a_child_closed_since_then_is_named(cast: Cast) -> None:
    succession_actions.close_organ(
        by=doer(cast), organ=cast.organs["LX-CG-01"], on=date(2025, 9, 1), basis="x"
    )
    with pytest.raises(actions.WrongDay) as refused:
        merged(cast, "LX-CG")
    assert "溪口执法站" in str(refused.value.message)
    merged(cast, "LX-CG", on=date(2025, 9, 2))


def test_a_child_moved_away_since_then_stands_in_the_way(cast: Cast) -> None:
    moved(cast, "LX-CG-01", "LX", on=date(2025, 9, 1))
    with pytest.raises(actions.WrongDay):
        merged(cast, "LX-CG")


def test_a_parent_and_its_child_are_merged_in_one_act(cast: Cast) -> None:
    succession_actions.merge_organs(
        by=doer(cast),
        predecessors=[cast.organs["LX-CG"], cast.organs["LX-CG-01"]],
        successor=cast.organs["LX-JY"],
        on=ON,
        basis="x",
    )
    for code in ("LX-CG", "LX-CG-01"):
        assert queries.handler_of(fresh(cast.organs[code]), ON) == cast.organs["LX-JY"]


def test_nothing_is_taken_back_under_a_parent_that_has_ended(cast: Cast) -> None:
    succession_actions.close_organ(by=doer(cast), organ=cast.organs["LX-CG-01"], on=ON, basis="x")
    succession_actions.close_organ(
        by=doer(cast), organ=cast.organs["LX-CG"], on=date(2025, 8, 1), basis="x"
    )
    with pytest.raises(actions.NotEmpty):
        succession_actions.reopen_organ(by=doer(cast), organ=cast.organs["LX-CG-01"])


# -- reconsideration


@pytest.mark.parametrize("on", [date(2019, 12, 31), date(2025, 7, 1)])
def test_no_reconsideration_organ_before_founding_or_after_the_end(cast: Cast, on: date) -> None:
    station = cast.organs["LX-CG-01"]
    succession_actions.close_organ(by=doer(cast), organ=station, on=ON, basis="x")
    with pytest.raises(actions.WrongDay):
        actions.set_reconsideration(
            by=doer(cast), organ=station, body=None, body_name="某机关", on=on
        )


# -- depth


def test_a_tree_has_sixteen_steps(cast: Cast) -> None:
    parent = cast.organs["LX"]
    for step in range(2, tree.DEEPEST + 1):
        parent = actions.found_organ(
            by=doer(cast),
            code=f"D-{step:02d}",
            name=f"第{step}级",
            kind="department",
            level="county",
            parent=parent,
            valid_from=date(2021, 1, 1),
        )
    with pytest.raises(actions.NotEmpty):
        actions.found_organ(
            by=doer(cast),
            code="D-17",
            name="第17级",
            kind="department",
            level="county",
            parent=parent,
            valid_from=date(2021, 1, 1),
        )
    second = Organ.objects.get(code="D-02")
    with pytest.raises(actions.NotEmpty):
        actions.move_organ(
            by=doer(cast),
            organ=second,
            version=second.version,
            parent=cast.organs["LX-CG"],
            on=ON,
        )


# -- two at once


def test_a_parent_moved_meanwhile_is_read_anew(cast: Cast) -> None:
    shown = fresh(cast.organs["LX-CG"])  # as the form had it
    moved(cast, "LX-CG", "LX-BGS")
    child = actions.found_organ(
        by=doer(cast),
        code="LX-CG-09",
        name="临溪区城市管理局河口执法站",
        kind="dispatched",
        level="county",
        parent=shown,
        valid_from=date(2026, 1, 1),
    )
    assert child.path.startswith(fresh(cast.organs["LX-CG"]).path)


def test_two_organs_never_come_to_stand_below_each_other(cast: Cast) -> None:
    shown = fresh(cast.organs["LX-JY"])
    moved(cast, "LX-JY", "LX-CG")
    other = fresh(cast.organs["LX-CG"])
    with pytest.raises(actions.NotEmpty):
        actions.move_organ(by=doer(cast), organ=other, version=other.version, parent=shown, on=ON)


@pytest.mark.django_db(transaction=True)
def test_two_who_found_below_one_parent_at_once_both_do() -> None:
    cast = district.build()
    failed: list[BaseException] = []
    ready = threading.Barrier(4)

    def found(at: int) -> None:
        try:
            by, parent = doer(cast), fresh(cast.organs["LX-CG"])
            ready.wait(20)
            actions.found_organ(
                by=by,
                code=f"T-{at}",
                name=f"第{at}站",
                kind="dispatched",
                level="county",
                parent=parent,
                valid_from=date(2022, 1, 1),
            )
        except BaseException as cause:
            failed.append(cause)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=found, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    made = Organ.objects.filter(code__startswith="T-")
    assert len({o.path for o in made}) == 4
    assert Placement.objects.filter(organ__in=made, parent=cast.organs["LX-CG"]).count() == 4
