"""导入: what was confirmed is written whole or not at all, as the acts by hand would write it."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.utils import timezone

from gongkai.web.accounts.models import Account
from gongkai.web.ledger.models import Event
from gongkai.web.organs import (
    actions,
    capacity,
    import_actions,
    import_found,
    import_known,
    import_write,
    queries,
)
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.models import (
    Appointment,
    Delegation,
    ImportRun,
    Organ,
    OrganName,
    Placement,
    Reconsideration,
)
from gongkai.web.organs.tests.imports import (
    applied,
    checked,
    confirmed,
    doer,
    found,
    started,
)
from gongkai.web.organs.tests.test_import_check import CG_01, GOOD, JY, former, reconsideration
from gongkai.web.organs.tests.workbooks import filled, organ, person, post
from gongkai.web.shell.access import Role
from gongkai.web.tests import cast as district
from gongkai.web.tests.cast import SINCE, Cast

TABLES = (
    Organ,
    OrganName,
    Placement,
    Reconsideration,
    Account,
    Appointment,
    Delegation,
    Event,
)


def everything() -> list[list[dict[str, Any]]]:
    tables: list[Any] = list(TABLES)
    return [list(t.objects.order_by("pk").values()) for t in tables]


NEWS = filled(
    organs=[organ("LX-02", parent="LX-01"), organ("LX-01", credit_code=GOOD)],
    names=[former("LX-01", "临溪区旧名局", "2024-01-01", "2024-06-01")],
    reconsiderations=[reconsideration("LX-01", body="LX", body_name="")],
    people=[person("fresh", phone="0000-11112222")],
    appointments=[post("fresh", "LX-02"), post("no_role", "LX-01", role="审核人")],
)


def test_new_organs_and_people_stand_as_if_made_by_hand(cast: Cast) -> None:
    run = applied(doer(cast), NEWS)
    first, second = Organ.objects.get(code="LX-01"), Organ.objects.get(code="LX-02")
    assert second.parent == first and second.path.startswith(first.path)
    assert first.parent == cast.organs["LX"] and first.path > cast.organs["LX-CG"].path
    assert queries.name_on(first, date(2024, 3, 1)).name == "临溪区旧名局"  # type: ignore[union-attr]
    assert queries.name_on(first, date(2024, 6, 1)).name == "临溪区LX-01局"  # type: ignore[union-attr]
    assert queries.parent_on(second, date(2024, 1, 1)) == first
    heard = queries.reconsideration_on(first, date(2024, 6, 1))
    assert heard is not None and heard.body == cast.organs["LX"]
    assert heard.body_name == "临溪区人民政府"
    assert "临溪区旧名局" in first.known_as and GOOD in first.known_as
    fresh = Account.objects.get(username="fresh")
    assert not fresh.has_usable_password() and fresh.must_change_password
    held = capacity.of_account(fresh, timezone.localdate())
    assert [(h.organ, h.role) for h in held] == [(second, Role.HANDLER)]
    assert run.ended_at is not None


def test_every_change_has_its_event(cast: Cast) -> None:
    run = applied(doer(cast), NEWS)
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert sorted(kinds) == sorted(
        [
            "organ.founded",
            "organ.founded",
            "organ.reconsideration",
            "person.added",
            "role.given",
            "role.given",
            "import.applied",
        ]
    )
    whole = Event.objects.get(kind="import.applied")
    assert (whole.new["organs"], whole.new["people"]) == (2, 1)
    assert whole.new["file"] == "导入.xlsx" and whole.organ == cast.organs["LX"]
    added = Event.objects.get(kind="person.added")
    assert "11112222" not in str(added.new)  # contacts are masked in events
    assert {e.by for e in Event.objects.all()} == {cast.accounts["administrator"]}
    assert {e.at for e in Event.objects.all()} == {run.ended_at}


def test_the_new_tree_goes_on_growing_by_hand(cast: Cast) -> None:
    """What an import leaves is sound ground for the acts on single organs."""
    applied(doer(cast), NEWS)
    by = doer(cast)
    child = actions.found_organ(
        by=by,
        code="LX-03",
        name="手工设立局",
        kind="department",
        level="county",
        parent=Organ.objects.get(code="LX-01"),
        valid_from=date(2025, 1, 1),
    )
    second = Organ.objects.get(code="LX-02")
    moved = actions.move_organ(
        by=by, organ=second, version=second.version, parent=child, on=date(2025, 2, 1)
    )
    assert moved.path.startswith(child.path)


def test_renaming_moving_and_ending(cast: Cast) -> None:
    data = filled(
        organs=[
            JY | {"name": "临溪区教育体育局", "short_name": "区教体局", "kind": "派出机构"},
            CG_01 | {"parent": "LX-JY", "placed_from": "2024-05-01"},
            organ("LX-09"),
        ],
        names=[
            former("LX-JY", "临溪区教育局", "2020-01-01", "2024-04-01") | {"short_name": "区教育局"}
        ],
        appointments=[
            post("stationed", "LX-CG-01", valid_from="2020-01-01", valid_to="2024-06-01")
        ],
    )
    applied(doer(cast), data)
    jy, station = Organ.objects.get(code="LX-JY"), Organ.objects.get(code="LX-CG-01")
    assert (jy.name, jy.version) == ("临溪区教育体育局", 2)
    assert queries.name_on(jy, date(2024, 3, 31)).name == "临溪区教育局"  # type: ignore[union-attr]
    assert jy.names.filter(valid_to__isnull=True).get().valid_from == date(2024, 4, 1)
    assert station.path.startswith(jy.path) and station.parent == jy
    assert queries.parent_on(station, date(2024, 4, 30)) == cast.organs["LX-CG"]
    assert Appointment.objects.get(organ=station).valid_to == date(2024, 6, 1)
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"organ.renamed", "organ.moved", "organ.changed", "role.ended"} <= kinds
    run = applied(doer(cast), filled(organs=[{"code": "LX-CG-01", "valid_to": "2025-01-01"}]))
    assert run.summary["sheets"]["organs"]["ended"] == 1
    station.refresh_from_db()
    assert station.valid_to == date(2025, 1, 1)
    assert not station.names.filter(valid_to__isnull=True).exists()
    assert not station.placements.filter(valid_to__isnull=True).exists()


def test_what_hangs_below_moves_along(cast: Cast) -> None:
    applied(
        doer(cast),
        filled(organs=[organ("LX-01"), organ("LX-11", parent="LX-CG-01")]),
    )
    data = filled(
        organs=[
            {"code": "LX-CG", "parent": "LX-01", "placed_from": "2025-03-01"},
            organ("LX-12", parent="LX-CG-01"),
        ]
    )
    data = filled(
        organs=[
            organ("LX-CG")
            | {
                "name": "临溪区城市管理局",
                "short_name": "区城管局",
                "parent": "LX-01",
                "placed_from": "2025-03-01",
                "valid_from": "2020-01-01",
            },
            organ("LX-12", parent="LX-CG-01"),
        ]
    )
    applied(doer(cast), data)
    path = {o.code: o.path for o in Organ.objects.all()}
    assert path["LX-CG"].startswith(path["LX-01"])
    assert path["LX-CG-01"].startswith(path["LX-CG"])
    assert path["LX-11"].startswith(path["LX-CG-01"])
    assert path["LX-12"].startswith(path["LX-CG-01"]) and path["LX-12"] != path["LX-11"]
    assert {o.code for o in queries.subtree(Organ.objects.get(code="LX-01"))} == {
        "LX-01",
        "LX-CG",
        "LX-CG-01",
        "LX-11",
        "LX-12",
    }


def test_two_organs_may_exchange_their_credit_codes(cast: Cast) -> None:
    from gongkai.web.organs import codes

    other = "11" + "889901" + "000000002"
    other += codes.check_sign(other)
    Organ.objects.filter(code="LX-JY").update(credit_code=GOOD)
    Organ.objects.filter(code="LX-CG").update(credit_code=other)
    applied(
        doer(cast),
        filled(
            organs=[
                {"code": "LX-JY", "credit_code": other},
                {"code": "LX-CG", "credit_code": GOOD},
            ]
        ),
    )
    assert Organ.objects.get(code="LX-JY").credit_code == other
    assert Organ.objects.get(code="LX-CG").credit_code == GOOD


def test_ending_a_post_ends_the_delegations_of_it(cast: Cast) -> None:
    on = timezone.localdate().isoformat()
    row = post("approver", "LX-JY", role="批准人", valid_from="2020-01-01", valid_to=on)
    applied(doer(cast), filled(appointments=[row]))
    cast.delegation.refresh_from_db()
    assert cast.delegation.valid_to == timezone.localdate()


def test_suspending_ends_the_sessions(cast: Cast) -> None:
    client = cast.client("handler")
    assert cast.accounts["handler"].sessions.exists()
    applied(
        doer(cast),
        filled(people=[{"username": "handler", "name": "甲经办", "state": "停用"}]),
    )
    assert not Account.objects.get(username="handler").is_active
    assert not cast.accounts["handler"].sessions.exists()
    assert client.get("/").status_code == 302
    assert Event.objects.filter(kind="person.suspended").count() == 1


# -- all or nothing


@pytest.mark.parametrize("table", ["names", "placements", "people", "posts", "told"])
def test_an_accident_leaves_nothing_behind(
    cast: Cast, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = confirmed(doer(cast), NEWS)
    before = everything()

    def broken(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(import_write._Writer, table, broken)
    import_actions.apply(run=run, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "failed"
    assert everything() == before
    monkeypatch.undo()
    import_actions.check_again(by=doer(cast), run=run)
    run.refresh_from_db()
    import_actions.check(run=run, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "checked" and run.summary["changes"] == 7


def test_an_accident_at_the_very_end_leaves_nothing_behind(cast: Cast) -> None:
    run = confirmed(doer(cast), NEWS)
    before = everything()

    def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_actions.apply(run=run, at=timezone.now(), before_commit=killed)
    run.refresh_from_db()
    assert run.state == "applying"  # its job has died: it is offered again
    assert everything() == before
    import_actions.apply(run=run, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "applied"


def test_a_job_done_twice_does_no_harm(cast: Cast) -> None:
    run = applied(doer(cast), NEWS)
    before = everything()
    import_actions.apply(run=run, at=timezone.now())
    stale = ImportRun.objects.get(pk=run.pk)
    stale.state = "applying"  # as a second job read it before the first was done
    import_actions.apply(run=stale, at=timezone.now())
    import_actions.check(run=run, at=timezone.now())
    assert everything() == before


def test_what_is_dropped_while_it_is_checked_leaves_no_file(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    run = started(doer(cast), filled(organs=[organ("LX-01", parent="LX-99")]))
    make = import_actions._plan

    def slow(*arguments: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            import_actions.drop(by=doer(cast), run=ImportRun.objects.get(pk=run.pk))
        return make(*arguments)

    monkeypatch.setattr(import_actions, "_plan", slow)
    import_actions.check(run=run, at=timezone.now())
    assert ImportRun.objects.get(pk=run.pk).state == "dropped"
    path = Path(run.file.path)
    assert not list(path.parent.glob(path.name + "*"))


def test_what_others_did_since_is_shown_before_anything_is_written(cast: Cast) -> None:
    run = confirmed(doer(cast), filled(organs=[JY | {"kind": "派出机构"}, organ("LX-01")]))
    jy = Organ.objects.get(code="LX-JY")
    actions.change_organ(
        by=doer(cast),
        organ=jy,
        version=jy.version,
        kind="authorised",
        level="county",
        credit_code="",
        division_code="",
    )
    before = everything()
    import_actions.apply(run=run, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "checked" and run.summary["since_confirmed"]
    assert import_found.changes(run, 0, 1)[0].fields == [("kind", "授权组织", "派出机构")]
    assert everything() == before
    import_actions.confirm(by=doer(cast), run=run, digest=run.summary["digest"])
    run.refresh_from_db()
    import_actions.apply(run=run, at=timezone.now())
    assert Organ.objects.get(code="LX-JY").kind == "dispatched"


def test_what_others_did_meanwhile_may_bring_problems(cast: Cast) -> None:
    run = confirmed(doer(cast), filled(organs=[organ("LX-01")]))
    actions.found_organ(
        by=doer(cast),
        code="LX-01",
        name="先设立的局",
        kind="department",
        level="county",
        parent=cast.organs["LX-JY"],
        valid_from=date(2025, 1, 1),
    )
    import_actions.apply(run=run, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "refused" and run.summary["since_confirmed"]
    assert "name.renamed" in {p.id for p in found(run)}
    assert Organ.objects.get(code="LX-01").name == "先设立的局"


@pytest.mark.parametrize("change", [{"is_active": False}, {"phone": "0000-99999999"}])
def test_an_account_changed_between_plan_and_writing_is_noticed(
    cast: Cast, change: dict[str, Any]
) -> None:
    one = cast.accounts["handler"]
    known = import_known.KnownPerson(one.pk, one.username, one.name, one.phone, one.email, True)
    with transaction.atomic():
        assert not import_known.people_moved_on([known])
        Account.objects.filter(pk=one.pk).update(**change)
        assert import_known.people_moved_on([known])


def test_only_what_was_shown_can_be_confirmed(cast: Cast) -> None:
    run = checked(doer(cast), NEWS)
    with pytest.raises(import_actions.NotNow):
        import_actions.confirm(by=doer(cast), run=run, digest="0" * 64)
    refused = checked(doer(cast), filled(organs=[organ("LX-01", parent="LX-99")]))
    with pytest.raises(import_actions.NotNow):
        import_actions.confirm(by=doer(cast), run=refused, digest=refused.summary["digest"])


def test_who_no_longer_administers_imports_nothing(cast: Cast) -> None:
    run = confirmed(doer(cast), NEWS)
    Appointment.objects.filter(account=cast.accounts["administrator"]).update(
        valid_to=timezone.localdate()
    )
    import_actions.apply(run=run, at=timezone.now())
    run.refresh_from_db()
    assert run.state == "failed"
    assert not Organ.objects.filter(code="LX-01").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_of_the_same_at_one_moment_one_wins() -> None:
    cast = district.build()
    runs = [confirmed(doer(cast), NEWS) for _ in range(2)]
    gate = threading.Barrier(2)

    def act(run: ImportRun) -> None:
        gate.wait()
        try:
            import_actions.apply(run=run, at=timezone.now())
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[r]) for r in runs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    states = sorted(ImportRun.objects.values_list("state", flat=True))
    assert states == ["applied", "checked"]
    assert Organ.objects.filter(code="LX-01").count() == 1
    assert Account.objects.filter(username="fresh").count() == 1
    assert Event.objects.filter(kind="import.applied").count() == 1
    loser = ImportRun.objects.get(state="checked")
    assert loser.summary["changes"] == 0  # it has nothing left to do, and says so


# -- first passwords


def test_first_passwords_are_told_once_and_must_be_changed(cast: Cast, rf: Any) -> None:
    run = applied(doer(cast), NEWS)
    issued = import_actions.issue_passwords(by=doer(cast), run=run)
    assert [i.account.username for i in issued] == ["fresh"]
    password = issued[0].password
    assert authenticate(rf.post("/"), username="fresh", password=password) is not None
    fresh = Account.objects.get(username="fresh")
    assert fresh.must_change_password
    assert not fresh.password.startswith("one_time$")  # hashed anew once it was typed
    for kept in [*Path(run.file.path).parent.iterdir()]:
        assert password.encode() not in kept.read_bytes()
    assert password not in str(list(Event.objects.values()))
    with pytest.raises(import_actions.NotNow):
        import_actions.issue_passwords(by=doer(cast), run=run)


def test_passwords_may_be_issued_again_until_somebody_signed_in(cast: Cast, rf: Any) -> None:
    run = applied(doer(cast), NEWS)
    first = import_actions.issue_passwords(by=doer(cast), run=run)[0].password
    second = import_actions.issue_passwords(by=doer(cast), run=run, again=True)[0].password
    assert authenticate(rf.post("/"), username="fresh", password=first) is None
    assert authenticate(rf.post("/"), username="fresh", password=second) is not None
    Account.objects.filter(username="fresh").update(last_login=timezone.now())
    with pytest.raises(import_actions.NotNow):
        import_actions.issue_passwords(by=doer(cast), run=run, again=True)


def test_nobody_else_goes_on_with_an_import(cast: Cast) -> None:
    run = checked(doer(cast), NEWS)
    for who in ("outside_administrator", "supervisor", "handler"):
        by = doer(cast, who)
        with pytest.raises(actions.NotAllowed):
            import_actions.confirm(by=by, run=run, digest=run.summary["digest"])
        with pytest.raises(actions.NotAllowed):
            import_actions.drop(by=by, run=run)
    with pytest.raises(actions.NotAllowed):
        import_actions.confirm(
            by=Doer(cast.accounts["no_role"], timezone.now()),
            run=run,
            digest=run.summary["digest"],
        )


def test_an_uploaded_file_is_kept_to_oneself_and_goes_when_dropped(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    run = checked(doer(cast), filled(organs=[organ("LX-01", parent="LX-99")]))
    kept = sorted(Path(run.file.path).parent.glob(Path(run.file.path).name + "*"))
    assert len(kept) == 4
    assert {p.stat().st_mode & 0o777 for p in kept} == {0o600}
    with django_capture_on_commit_callbacks(execute=True):
        import_actions.drop(by=doer(cast), run=run)
    assert not any(p.exists() for p in kept)
    assert ImportRun.objects.get(pk=run.pk).state == "dropped"
    assert SINCE.year == 2020
