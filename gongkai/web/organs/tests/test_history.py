"""机关沿革: what was so on a day stays so, whatever happens later."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from gongkai.web.ledger.models import Event
from gongkai.web.organs import actions, codes, queries, succession_actions
from gongkai.web.organs.actions import Doer
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.models import Appointment, Organ, OrganName, Particulars, Seal
from gongkai.web.shell.access import Role
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import Cast

NOW = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


def doer(cast: Cast, who: str = "administrator", role: Role = Role.ADMINISTRATOR) -> Doer:
    account = cast.accounts[who]
    held = Appointment.objects.select_related("organ").get(account=account, role=role)
    return Doer(account, NOW, Capacity(account, held.organ, role, f"a{held.pk}"))


def founded(cast: Cast, code: str, name: str, parent: str = "LX") -> Organ:
    return actions.found_organ(
        by=doer(cast),
        code=code,
        name=name,
        kind="department",
        level="county",
        parent=cast.organs[parent],
        valid_from=date(2021, 1, 1),
    )


def fresh(organ: Organ) -> Organ:
    return Organ.objects.get(pk=organ.pk)


# -- founding


def test_a_new_organ_is_the_last_child_and_is_told(cast: Cast) -> None:
    made = founded(cast, "LX-TJ", "临溪区统计局")
    assert made.path > cast.organs["LX-FB"].path
    assert made.parent == cast.organs["LX"]
    assert queries.name_on(made, date(2021, 1, 1)) == made.names.get()
    told = Event.objects.get(subject="organ/LX-TJ")
    assert (told.kind, told.new["name"]) == ("organ.founded", "临溪区统计局")


def test_a_code_is_given_once(cast: Cast) -> None:
    with pytest.raises(actions.Taken) as refused:
        founded(cast, "LX-JY", "另一教育局")
    assert refused.value.field == "code"


def test_a_wrong_credit_code_is_refused(cast: Cast) -> None:
    organ = cast.organs["LX-JY"]
    with pytest.raises(actions.WrongCode):
        actions.change_organ(
            by=doer(cast),
            organ=organ,
            version=organ.version,
            kind="department",
            level="county",
            credit_code="111100000000000000",
            division_code="",
        )


def test_two_living_organs_never_share_a_credit_code(cast: Cast) -> None:
    code = "11320803000000001" + codes.check_sign("11320803000000001")
    for one in ("LX-JY", "LX-CG"):
        organ = fresh(cast.organs[one])

        def change(organ: Organ = organ) -> Organ:
            return actions.change_organ(
                by=doer(cast),
                organ=organ,
                version=organ.version,
                kind="department",
                level="county",
                credit_code=code,
                division_code="320803",
            )

        if one == "LX-JY":
            change()
        else:
            with pytest.raises(actions.Taken):
                change()
            # The database says so too.
            with pytest.raises(IntegrityError), transaction.atomic():
                Organ.objects.filter(pk=organ.pk).update(credit_code=code)


def test_nobody_founds_in_a_foreign_tree(cast: Cast) -> None:
    with pytest.raises(actions.NotAllowed):
        founded(cast, "WS-TJ", "望山区统计局", parent="WS")


# -- names


def test_a_renamed_organ_keeps_its_old_name_for_the_old_days(cast: Cast) -> None:
    organ = cast.organs["LX-JY"]
    actions.rename_organ(
        by=doer(cast),
        organ=organ,
        version=organ.version,
        name="临溪区教育体育局",
        short_name="区教体局",
        on=date(2025, 3, 1),
    )
    organ = fresh(organ)
    before, after = (queries.name_on(organ, d) for d in (date(2025, 2, 28), date(2025, 3, 1)))
    assert before is not None and before.name == "临溪区教育局"
    assert after is not None and after.name == organ.name == "临溪区教育体育局"
    # It is found by both.
    for words in ("教育局", "教体局"):
        assert organ in queries.found_by(Organ.objects.all(), words)


def test_names_never_overlap(cast: Cast) -> None:
    organ = cast.organs["LX-JY"]
    with pytest.raises(actions.WrongDay):
        actions.rename_organ(
            by=doer(cast),
            organ=organ,
            version=organ.version,
            name="甲",
            short_name="",
            on=date(2020, 1, 1),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganName.objects.create(organ=organ, name="乙", valid_from=date(2026, 1, 1))


def test_what_takes_effect_later_is_not_entered_today(cast: Cast) -> None:
    organ = cast.organs["LX-JY"]
    with pytest.raises(actions.WrongDay):
        actions.rename_organ(
            by=doer(cast),
            organ=organ,
            version=organ.version,
            name="甲",
            short_name="",
            on=date(2026, 12, 1),
        )


def test_the_second_writer_is_told(cast: Cast) -> None:
    organ = cast.organs["LX-JY"]
    seen = organ.version

    def change(division_code: str) -> None:
        actions.change_organ(
            by=doer(cast),
            organ=organ,
            version=seen,
            kind="department",
            level="county",
            credit_code="",
            division_code=division_code,
        )

    change("320803")
    with pytest.raises(Stale):
        change("320804")
    assert fresh(organ).division_code == "320803"


# -- moving


def test_a_moved_organ_takes_its_subtree_along(cast: Cast) -> None:
    moved, under = cast.organs["LX-CG"], cast.organs["LX-BGS"]
    actions.move_organ(
        by=doer(cast), organ=moved, version=moved.version, parent=under, on=date(2024, 5, 1)
    )
    station = fresh(cast.organs["LX-CG-01"])
    assert station.path.startswith(fresh(moved).path)
    assert fresh(moved).path.startswith(under.path)
    assert set(queries.subtree(under)) == {under, moved, station}
    assert queries.parent_on(moved, date(2024, 4, 30)) == cast.organs["LX"]
    assert queries.parent_on(moved, date(2024, 5, 1)) == under
    assert cast.organs["LX-CG"] in queries.children_on(cast.organs["LX"], date(2023, 1, 1))


@pytest.mark.parametrize("under", ["LX-CG", "LX-CG-01"])
def test_an_organ_is_never_moved_below_itself(cast: Cast, under: str) -> None:
    organ = cast.organs["LX-CG"]
    with pytest.raises(actions.NotEmpty):
        actions.move_organ(
            by=doer(cast),
            organ=organ,
            version=organ.version,
            parent=cast.organs[under],
            on=date(2024, 5, 1),
        )


# -- merging, splitting, closing


def merged(cast: Cast, on: date) -> None:
    succession_actions.merge_organs(
        by=doer(cast),
        predecessors=[cast.organs["LX-CG"]],
        successor=cast.organs["LX-JY"],
        on=on,
        basis="临编〔2025〕1号",
    )


def test_a_merger_hands_over_work_people_subordinates_and_the_report(cast: Cast) -> None:
    gone, heir = cast.organs["LX-CG"], cast.organs["LX-JY"]
    Particulars.objects.create(
        organ=gone,
        number=1,
        state="draft",
        office="办",
        address="址",
        postcode="000000",
        hours="时",
        phone="0000",
        drafted_by=cast.accounts["two_posts"],
        drafted_at=NOW,
    )
    merged(cast, date(2025, 7, 1))
    assert fresh(gone).valid_to == date(2025, 7, 1)
    assert fresh(cast.organs["LX-CG-01"]).parent == heir
    assert queries.handler_of(gone, date(2025, 6, 30)) == gone
    assert queries.handler_of(gone, date(2025, 7, 1)) == heir
    assert queries.own_and_predecessors(heir) == {gone.pk, heir.pk}
    roles = heir.appointments.filter(account=cast.accounts["two_posts"], valid_to=None)
    assert set(roles.values_list("role", flat=True)) == {"reviewer", "handler"}
    assert not gone.appointments.filter(valid_to=None).exists()
    assert Particulars.objects.get(organ=gone).state == "withdrawn"
    kinds = set(Event.objects.filter(at=NOW).values_list("kind", flat=True))
    assert {"organ.merged", "organ.received", "organ.moved"} <= kinds


@pytest.mark.parametrize(
    ("on", "year", "writes"),
    [
        (date(2025, 7, 1), 2025, "LX-JY"),  # ended within the year
        (date(2025, 7, 1), 2024, "LX-CG"),  # had written that one itself
        (date(2026, 1, 20), 2025, "LX-JY"),  # ended before it was due (31 January)
        (date(2026, 2, 1), 2025, "LX-CG"),  # ended after
    ],
)
def test_who_writes_the_report_of_a_unit_merged(
    cast: Cast, on: date, year: int, writes: str
) -> None:
    merged(cast, on)
    gone = cast.organs["LX-CG"]
    assert queries.reporter_of(gone, year) == cast.organs[writes]
    reported = queries.reported_by(cast.organs["LX-JY"], year)
    assert (gone in reported) == (writes == "LX-JY")


def test_a_chain_of_mergers_ends_with_the_last(cast: Cast) -> None:
    merged(cast, date(2025, 3, 1))
    third = founded(cast, "LX-JT", "临溪区教育体育和城管局")
    succession_actions.merge_organs(
        by=doer(cast),
        predecessors=[cast.organs["LX-JY"]],
        successor=third,
        on=date(2025, 9, 1),
        basis="临编〔2025〕9号",
    )
    gone = cast.organs["LX-CG"]
    assert queries.handler_of(gone, date(2025, 5, 1)) == cast.organs["LX-JY"]
    assert queries.handler_of(gone, date(2025, 9, 1)) == third
    assert queries.reporter_of(gone, 2025) == third
    assert {o.code for o in queries.reported_by(third, 2025)} == {"LX-JT", "LX-JY", "LX-CG"}


def test_an_heir_sees_what_it_took_over(
    cast: Cast,
) -> None:
    merged(cast, date(2025, 7, 1))
    held = doer(cast, "handler", Role.HANDLER).capacity
    seen = {o.code for o in queries.visible_organs(held)}
    assert seen == {"LX-JY", "LX-CG"}


def test_a_split_names_one_heir(cast: Cast) -> None:
    gone = cast.organs["LX-CG"]
    parts = [founded(cast, "LX-ZF", "临溪区执法局"), founded(cast, "LX-SZ", "临溪区市政局")]
    succession_actions.split_organ(
        by=doer(cast),
        organ=gone,
        successors=parts,
        heir=parts[1],
        on=date(2025, 7, 1),
        basis="临编〔2025〕2号",
    )
    assert queries.handler_of(gone, date(2025, 7, 1)) == parts[1]
    assert queries.reporter_of(gone, 2025) == parts[1]
    assert gone.successions.count() == 2
    assert [o.code for o in queries.reported_by(parts[0], 2025)] == ["LX-ZF"]


def test_a_split_into_one_is_none(cast: Cast) -> None:
    part = founded(cast, "LX-ZF", "临溪区执法局")
    with pytest.raises(actions.NotEmpty):
        succession_actions.split_organ(
            by=doer(cast),
            organ=cast.organs["LX-CG"],
            successors=[part, part],
            heir=part,
            on=date(2025, 7, 1),
            basis="x",
        )


def test_half_a_merger_is_none(cast: Cast) -> None:
    """The second predecessor cannot end: the first has not ended either."""
    with pytest.raises(actions.WrongDay):
        succession_actions.merge_organs(
            by=doer(cast),
            predecessors=[cast.organs["LX-CG"], cast.organs["LX-FB"]],
            successor=cast.organs["LX-JY"],
            on=date(2025, 7, 1),
            basis="x",
        )
    assert fresh(cast.organs["LX-CG"]).valid_to is None
    assert not Event.objects.filter(kind="organ.merged").exists()


def test_an_organ_with_subordinates_is_not_closed(cast: Cast) -> None:
    with pytest.raises(actions.NotEmpty):
        succession_actions.close_organ(
            by=doer(cast), organ=cast.organs["LX-CG"], on=date(2025, 7, 1), basis="x"
        )


def test_a_closing_can_be_taken_back_and_a_merger_cannot(cast: Cast) -> None:
    station = cast.organs["LX-CG-01"]
    Seal.objects.create(
        organ=station,
        picture="seals/a.png",
        sha256="0" * 64,
        valid_from=date(2021, 1, 1),
        added_by=cast.accounts["administrator"],
        added_at=NOW,
    )
    succession_actions.close_organ(
        by=doer(cast), organ=station, on=date(2025, 7, 1), basis="临编〔2025〕3号"
    )
    assert fresh(station).valid_to == date(2025, 7, 1)
    assert not station.appointments.filter(valid_to=None).exists()
    assert not station.seals.filter(valid_to=None).exists()
    succession_actions.reopen_organ(by=doer(cast), organ=station)
    assert fresh(station).valid_to is None
    assert station.seals.filter(valid_to=None).exists()
    assert queries.name_on(station, date(2026, 1, 1)) is not None
    merged(cast, date(2025, 8, 1))
    with pytest.raises(actions.NotEmpty):
        succession_actions.reopen_organ(by=doer(cast), organ=cast.organs["LX-CG"])


# -- reconsideration


def test_the_reconsideration_organ_is_that_of_the_day_of_the_decision(cast: Cast) -> None:
    organ, above = cast.organs["LX-JY"], cast.organs["LX"]
    actions.set_reconsideration(
        by=doer(cast), organ=organ, body=None, body_name="某市教育局", on=date(2020, 6, 1)
    )
    actions.set_reconsideration(
        by=doer(cast), organ=organ, body=above, body_name="", on=date(2024, 1, 1)
    )
    heard = [queries.reconsideration_on(organ, d) for d in (date(2023, 12, 31), date(2024, 1, 1))]
    assert [h.body_name if h else None for h in heard] == ["某市教育局", above.name]
    assert queries.reconsideration_on(organ, date(2020, 5, 31)) is None
    with pytest.raises(actions.WrongDay):
        actions.set_reconsideration(
            by=doer(cast), organ=organ, body=above, body_name="", on=date(2024, 1, 1)
        )
