"""救济的过程: recorded through the service: replayed it stands where its row says, its clocks run,
what it orders reopens the matter, and it is counted where the statute counts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.statute import case_events as e
from gongkai.statute import remedies as law
from gongkai.statute import remedy_counts
from gongkai.statute import remedy_events as r
from gongkai.statute.grounds import Ground
from gongkai.statute.outcomes import Conclusion
from gongkai.statute.remedies import Against
from gongkai.statute.remedy_events import Act
from gongkai.statute.remedy_results import FINDINGS, Column, Kind, Result
from gongkai.web.applications import life as matters
from gongkai.web.applications import recording as application_recording
from gongkai.web.applications.models import Matter
from gongkai.web.applications.recording import NotPossible, WrongDay
from gongkai.web.applications.tests import samples
from gongkai.web.ledger import deadlines
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.remedies import life, queries, recording
from gongkai.web.remedies.models import NEVER, Remedy
from gongkai.web.remedies.recording import Given
from gongkai.web.shell.access import Role
from gongkai.web.shell.seen import Stale
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import acting

pytestmark = pytest.mark.django_db


def asked(cast: Cast, arrived: date = date(2026, 3, 2)) -> Matter:
    return samples.registered(cast, samples.paper(arrived=arrived))


def answered(cast: Cast, ground: Ground = Ground.DISCLOSED) -> Matter:
    """Received on 2 March 2026, answered and delivered on the 20th."""
    matter = asked(cast)
    day = date(2026, 3, 20)
    for event, who, role in (
        (e.Accepted(date(2026, 3, 3)), "handler", Role.HANDLER),
        (e.Decided(day, ground, where="见附件"), "handler", Role.HANDLER),
        (e.Reviewed(day), "reviewer", Role.REVIEWER),
        (e.Approved(day), "approver", Role.APPROVER),
        (e.Signed(day, "示例告〔2026〕1号"), "handler", Role.HANDLER),
        (e.Sent(day, e.Way.IN_PERSON), "handler", Role.HANDLER),
        (e.Delivered(day), "handler", Role.HANDLER),
    ):
        matter.refresh_from_db()
        by = acting(cast, who, role=role)
        application_recording.record(by, matter, event)
    matter.refresh_from_db()
    assert not matter.is_open
    return matter


def begun(
    cast: Cast,
    matter: Matter,
    on: date = date(2026, 4, 1),
    kind: Kind = Kind.RECONSIDERATION,
    after: Remedy | None = None,
) -> Remedy:
    today = timezone.localdate()
    against = recording.attackable(matters.case_of(matter, as_of=today), today)
    assert against is not None
    filed = r.Filed(on, kind, "示例区人民政府")
    by = acting(cast, "handler", role=Role.HANDLER)
    return recording.begin(by=by, matter=matter, given=Given(filed, against, after=after))


APPROVED = (Act.ANSWER, Act.REPORT_BACK, Act.RETRACT)


def does(cast: Cast, remedy: Remedy, *events: r.Event) -> Remedy:
    for event in events:
        remedy.refresh_from_db()
        who = "approver" if event.act in APPROVED else "handler"
        role = Role.APPROVER if who == "approver" else Role.HANDLER
        recording.act(
            by=acting(cast, who, role=role), remedy=remedy, event=event, version=remedy.version
        )
    remedy.refresh_from_db()
    return remedy


def to_the_end(cast: Cast, remedy: Remedy, result: Result, until: date | None = None) -> Remedy:
    return does(
        cast,
        remedy,
        r.Admitted(date(2026, 4, 7)),
        r.CopyReceived(date(2026, 4, 10)),
        r.AnswerFiled(date(2026, 4, 20)),
        r.Concluded(date(2026, 6, 1), result, "示例复决〔2026〕9号", until),
    )


# -- its clocks


def test_the_answer_is_due_ten_working_days_after_the_copy(cast: Cast) -> None:
    remedy = does(
        cast, begun(cast, answered(cast)), r.Admitted(date(2026, 4, 7)),
        r.CopyReceived(date(2026, 4, 10)),
    )  # fmt: skip
    assert remedy.due_on == date(2026, 4, 24)
    (clock,) = deadlines.running(life.address(remedy))
    assert (clock.kind, clock.due_on) == (life.ANSWER, remedy.due_on)
    does(cast, remedy, r.AnswerFiled(date(2026, 4, 20)))
    assert remedy.due_on == NEVER
    assert not deadlines.running(life.address(remedy)).exists()


def test_the_simple_procedure_has_five(cast: Cast) -> None:
    remedy = does(
        cast, begun(cast, answered(cast)), r.Admitted(date(2026, 4, 7), simple=True),
        r.CopyReceived(date(2026, 4, 10)),
    )  # fmt: skip
    assert remedy.due_on == date(2026, 4, 17)


def test_what_is_ordered_has_its_day(cast: Cast) -> None:
    until = date(2026, 6, 20)
    remedy = to_the_end(cast, begun(cast, answered(cast)), Result.PERFORM, until)
    assert {one.kind for one in deadlines.running(life.address(remedy))} == {life.PERFORM}
    assert remedy.due_on == until
    does(cast, remedy, r.Performed(date(2026, 6, 10)))
    assert remedy.due_on == NEVER


# -- what follows


def test_a_quashed_answer_reopens_the_matter_with_its_own_clock(cast: Cast) -> None:
    matter = answered(cast)
    remedy = to_the_end(cast, begun(cast, matter), Result.REANSWER, date(2026, 6, 20))
    matter.refresh_from_db()
    assert (remedy.column, remedy.is_open) == (Column.CORRECTED, False)
    assert matter.is_open and matter.due_on == date(2026, 6, 20)
    case = matters.case_of(matter)
    assert case.round.remedy == "示例复决〔2026〕9号"
    assert matter.counted_on == date(2026, 3, 20), "it was answered once, and counts there"


def test_an_upheld_answer_stands(cast: Cast) -> None:
    matter = answered(cast)
    remedy = to_the_end(cast, begun(cast, matter), Result.UPHELD)
    matter.refresh_from_db()
    assert (remedy.column, matter.is_open) == (Column.UPHELD, False)


def test_silence_is_attacked_once_the_last_day_is_over(cast: Cast) -> None:
    matter = asked(cast)
    case = matters.case_of(matter)
    assert case.due is not None
    assert recording.attackable(case, case.due) is None
    found = recording.attackable(case, case.due + timedelta(days=1))
    assert found == Against(case.due)
    remedy = begun(cast, matter, on=case.due + timedelta(days=5))
    assert life.against(remedy).silence


def test_who_upheld_is_sued_beside_us_and_who_changed_it_alone(cast: Cast) -> None:
    matter = answered(cast)
    upheld = to_the_end(cast, begun(cast, matter), Result.UPHELD)
    suit = begun(cast, matter, date(2026, 6, 10), Kind.SUIT_AFTER, upheld)
    assert suit.counts
    changed = to_the_end(cast, begun(cast, matter), Result.CHANGED)
    alone = begun(cast, matter, date(2026, 6, 10), Kind.SUIT_AFTER, changed)
    assert not alone.counts
    assert [one.part for one in Remedy.objects.filter(matter=matter)] == [1, 2, 3, 4]


def test_a_direct_suit_against_a_refusal_warns(cast: Cast) -> None:
    against = Against(date(2026, 3, 20), date(2026, 3, 20), Conclusion(Ground.PROCESS))
    filed = [r.Filed(date(2026, 4, 1), Kind.DIRECT_SUIT, "示例法院")]
    ids = {one.id for one in law.remarks(law.replay(filed, against))}
    assert "remedy.reconsideration_first" in ids


# -- what is refused leaves nothing


def test_nothing_is_written_of_what_is_refused(cast: Cast) -> None:
    remedy = begun(cast, answered(cast))
    before = ledger.events().count()
    version = remedy.version
    by = acting(cast, "handler", role=Role.HANDLER)
    with pytest.raises(NotPossible):
        recording.act(by=by, remedy=remedy, event=r.CopyReceived(date(2026, 4, 9)), version=version)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(WrongDay):
        recording.act(by=by, remedy=remedy, event=r.Admitted(tomorrow), version=version)
    with pytest.raises(NotAllowed):
        reviewer = acting(cast, "reviewer", role=Role.REVIEWER)
        recording.act(
            by=reviewer, remedy=remedy, event=r.Admitted(date(2026, 4, 7)), version=version
        )
    does(cast, remedy, r.Admitted(date(2026, 4, 7)))
    with pytest.raises(Stale):
        recording.act(by=by, remedy=remedy, event=r.Admitted(date(2026, 4, 7)), version=version)
    assert ledger.events().count() == before + 1


def test_a_suit_after_reconsideration_names_one_that_is_concluded(cast: Cast) -> None:
    matter = answered(cast)
    open_ = begun(cast, matter)
    for after in (None, open_):
        with pytest.raises(recording.WrongBefore):
            begun(cast, matter, date(2026, 6, 10), Kind.SUIT_AFTER, after)


def test_a_number_is_put_right(cast: Cast) -> None:
    remedy = begun(cast, answered(cast))
    by = acting(cast, "handler", role=Role.HANDLER)
    recording.number(by=by, remedy=remedy, number=" 示例复受〔2026〕7号 ", version=1)
    does(cast, remedy, r.Admitted(date(2026, 4, 7)))
    assert remedy.case_number == "示例复受〔2026〕7号"


def known_as(cast: Cast, matter: Matter, known: date, third_party: bool = False) -> Remedy:
    today = timezone.localdate()
    found = recording.attackable(matters.case_of(matter, as_of=today), today)
    assert found is not None
    filed = r.Filed(date(2026, 4, 1), Kind.RECONSIDERATION, "示例区人民政府")
    by = acting(cast, "handler", role=Role.HANDLER)
    given = Given(filed, replace(found, known=known), third_party=third_party)
    return recording.begin(by=by, matter=matter, given=given)


@pytest.mark.parametrize(
    ("day", "third_party", "why"),
    [
        (date(2026, 3, 19), False, "答复送达之日（2026-03-20）"),
        (date(2026, 4, 2), False, "提起之日"),
        (date(2026, 3, 19), True, "答复日期（2026-03-20）"),
    ],
)
def test_an_answer_is_known_between_its_delivery_and_the_remedy(
    cast: Cast, day: date, third_party: bool, why: str
) -> None:
    matter = answered(cast)
    with pytest.raises(WrongDay, match=why) as refused:
        known_as(cast, matter, day, third_party=third_party)
    assert refused.value.field == "known"
    assert not Remedy.objects.exists()
    assert known_as(cast, matter, date(2026, 3, 25)).against_known == date(2026, 3, 25)


def test_what_was_typed_of_an_impossible_day_is_kept(cast: Cast) -> None:
    matter = answered(cast)
    typed = {
        "kind": "reconsideration", "body": "示例复议机关", "number": "示例复受〔2026〕3号",
        "on": "2026-04-01", "known": "2026-03-10", "third_party": "no", "told": "no",
    }  # fmt: skip
    page = cast.client("handler", acting_at="LX-JY").post(f"/remedies/new/{matter.pk}/", typed)
    assert page.status_code == 422
    said = page.content.decode()
    assert "不能早于答复送达之日（2026-03-20）" in said
    for value in ("示例复议机关", "示例复受〔2026〕3号", "2026-03-10"):
        assert f'value="{value}"' in said


# -- replayed and counted


def _event(draw: st.DrawFn, act: Act, on: date, suit: bool) -> r.Event:
    results = sorted(FINDINGS[suit], key=str)
    match act:
        case Act.EVIDENCE:
            return r.EvidenceFiled(on, ("证据",))
        case Act.PROLONG:
            return r.Prolonged(on, draw(st.integers(1, 30)))
        case Act.STAY:
            return r.Stayed(on, "示例")
        case Act.CONCLUDE:
            return r.Concluded(on, draw(st.sampled_from(results)), "号")
        case Act.JUDGE:
            return r.Judged(on, draw(st.sampled_from(results)), "号")
        case Act.RETRACT:
            return r.Retracted(on, draw(st.sampled_from(Act)), "登记有误")
        case Act.REMAND | Act.FINAL_JUDGMENT:
            made: r.Event = r.EVENTS[act](on, "号")
            return made
        case _:
            simple: r.Event = r.EVENTS[act](on)
            return simple


@given(st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_happens_the_row_is_what_a_replay_says(cast: Cast, data: st.DataObject) -> None:
    """Random histories, refused or not; then every year's table is that of the statute."""
    matter = answered(cast)
    kind = data.draw(st.sampled_from([Kind.RECONSIDERATION, Kind.DIRECT_SUIT]))
    remedy = begun(cast, matter, date(2026, 3, 25), kind)
    on = date(2026, 3, 25)
    for _ in range(data.draw(st.integers(0, 10))):
        on = min(on + timedelta(days=data.draw(st.integers(0, 25))), timezone.localdate())
        act = data.draw(st.sampled_from([one for one in Act if one is not Act.FILE]))
        event = data.draw(st.composite(_event)(act, on, kind is not Kind.RECONSIDERATION))
        try:
            does(cast, remedy, event)
        except NotPossible:
            continue
    remedy.refresh_from_db()
    found = life.proceeding_of(remedy)
    assert remedy.state == found.state
    assert remedy.column == found.column
    assert remedy.is_open is not found.concluded
    wanted = {kind: one.on for kind, one in life.ours(found).items()}
    running = {one.kind: one.due_on for one in deadlines.running(life.address(remedy))}
    assert running == wanted
    assert remedy.due_on == min(wanted.values(), default=NEVER)
    rows = Remedy.objects.filter(pk=remedy.pk)
    for both in (True, False):
        said = remedy_counts.CountConventions(both_years=both)
        for year in (2025, 2026, 2027):
            column = remedy_counts.column_in(found, year, said)
            counted = queries.counted(rows, year, said)
            assert counted == ({(kind, column): 1} if column else {})
    Remedy.objects.all().delete()
