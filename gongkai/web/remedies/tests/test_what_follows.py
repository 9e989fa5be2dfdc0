"""救济的后果: decisions out of order, days that passed, papers of whoever acts, a later calendar:
nothing that a body has decided is refused, and what follows from it is right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from gongkai.statute import case_events as e
from gongkai.statute import remedies as law
from gongkai.statute import remedy_events as r
from gongkai.statute import workdays
from gongkai.statute.grounds import Ground
from gongkai.statute.remedy_events import Act
from gongkai.statute.remedy_results import Column, Kind, Result
from gongkai.statute.remedy_table import RECONSIDERATION, SUIT
from gongkai.statute.texts import same
from gongkai.web.applications import life as matters
from gongkai.web.applications import recording as application_recording
from gongkai.web.applications.models import Matter
from gongkai.web.applications.recording import NotPossible
from gongkai.web.ledger import deadlines
from gongkai.web.ledger import queries as ledger
from gongkai.web.organs.actions import NotAllowed
from gongkai.web.remedies import front, life, queries, recording
from gongkai.web.remedies.models import NEVER, Remedy
from gongkai.web.remedies.tests.test_life import answered, asked, begun, does, to_the_end
from gongkai.web.shell.access import Role
from gongkai.web.tests.cast import Cast
from gongkai.web.tests.particulars import PDF, acting, file

pytestmark = pytest.mark.django_db

ADMITTED, COPY = r.Admitted(date(2026, 4, 7)), r.CopyReceived(date(2026, 4, 10))
ANSWERED = r.AnswerFiled(date(2026, 4, 20))
TOLD = date(2026, 6, 1)


def also(cast: Cast, matter: Matter, event: e.Event) -> None:
    """One more thing that happened to the matter."""
    matter.refresh_from_db()
    application_recording.record(acting(cast, "handler", role=Role.HANDLER), matter, event)


def judged(cast: Cast, result: Result, until: date | None = None) -> Remedy:
    """A direct suit with its first judgment of 1 June."""
    suit = begun(cast, answered(cast), kind=Kind.DIRECT_SUIT)
    first = r.Judged(TOLD, result, "示例行初〔2026〕9号", until=until)
    return does(cast, suit, ADMITTED, COPY, ANSWERED, first)


# -- every act of both tables


def test_every_act_of_a_reconsideration_is_recorded(cast: Cast) -> None:
    day = [date(2026, 4, 2) + timedelta(days=n) for n in range(40)]
    remedy = does(
        cast, begun(cast, answered(cast)), r.CorrectionAsked(day[0]), r.CorrectionCame(day[1]),
        r.Admitted(day[2], simple=True), r.CopyReceived(day[3]), r.EvidenceFiled(day[4], ("证据",)),
        r.TurnedOrdinary(day[5]), r.Prolonged(day[6], 30), r.Stayed(day[7], "示例"),
        r.WentOn(day[9]), r.AnswerFiled(day[10]), r.OpinionLetterCame(day[11]),
        r.ReportedBack(day[12]), r.Concluded(day[13], Result.CHANGED, "号"), r.Performed(day[14]),
        r.RemedyArchived(day[15]), r.Retracted(day[16], Act.ARCHIVE, "示例"),
        r.RemedyArchived(day[17]),
    )  # fmt: skip
    assert {one.act for one in life.told(remedy)} == set(RECONSIDERATION.acts)
    assert (remedy.column, remedy.due_on) == (Column.CORRECTED, NEVER)


def test_every_act_of_a_suit_is_recorded(cast: Cast) -> None:
    day = [date(2026, 4, 2) + timedelta(days=n) for n in range(80)]
    matter = answered(cast)
    first = does(
        cast, begun(cast, matter, kind=Kind.DIRECT_SUIT), r.Admitted(day[0], simple=True),
        r.CopyReceived(day[1]), r.EvidenceFiled(day[2], ("证据",)), r.TurnedOrdinary(day[3]),
        r.Stayed(day[4], "示例"), r.WentOn(day[5]), r.AnswerFiled(day[6]),
        r.Judged(day[7], Result.UNLAWFUL, "号"), r.Appealed(day[8]), r.Remanded(day[9], "号"),
        r.Judged(day[10], Result.UNLAWFUL, "号"), r.Appealed(day[11]), r.FinalJudged(day[12], "号"),
        r.Performed(day[13]), r.RemedyArchived(day[14]),
        r.Retracted(day[15], Act.ARCHIVE, "示例"),
    )  # fmt: skip
    second = does(
        cast, begun(cast, matter, kind=Kind.DIRECT_SUIT), r.Admitted(day[0]),
        r.Judged(day[7], Result.REJECTED, "号"), r.Appealed(day[8]), r.AppealDropped(day[9]),
    )  # fmt: skip
    third = does(
        cast, begun(cast, matter, kind=Kind.DIRECT_SUIT), r.Admitted(day[0]),
        r.Judged(day[7], Result.REJECTED, "号"), r.BecameFinal(day[40]),
    )  # fmt: skip
    fourth = does(
        cast, begun(cast, matter, kind=Kind.DIRECT_SUIT),
        r.Concluded(day[3], Result.WITHDRAWN, "号"),
    )  # fmt: skip
    rows = (first, second, third, fourth)
    assert {event.act for one in rows for event in life.told(one)} == set(SUIT.acts)
    assert queries.counted(Remedy.objects.all(), 2026) == {
        (Kind.DIRECT_SUIT, Column.CORRECTED): 1,
        (Kind.DIRECT_SUIT, Column.UPHELD): 2,
        (Kind.DIRECT_SUIT, Column.OTHER): 1,
    }


# -- its clocks


def later_days(year: int) -> list[date]:
    return [date(year, 1, 9) + timedelta(days=n) for n in range(7)]


def test_the_defence_has_fifteen_days_and_moves_from_a_day_off(cast: Cast) -> None:
    suit = begun(cast, answered(cast), kind=Kind.DIRECT_SUIT)
    suit = does(cast, suit, ADMITTED, r.CopyReceived(date(2026, 4, 17)))
    assert suit.due_on == date(2026, 5, 6), "15 days end on 2 May, inside Labour Day"


def test_an_answer_that_came_late_is_recorded_and_said(cast: Cast) -> None:
    late = r.AnswerFiled(date(2026, 4, 28))
    remedy = does(cast, begun(cast, answered(cast)), ADMITTED, COPY, late)
    ids = {one.id for one in law.remarks(life.proceeding_of(remedy))}
    assert "remedy.answered_late" in ids
    assert remedy.due_on == NEVER


def test_a_letter_of_opinion_is_reported_on_before_the_file_closes(cast: Cast) -> None:
    remedy = to_the_end(cast, begun(cast, answered(cast)), Result.UPHELD)
    remedy = does(cast, remedy, r.OpinionLetterCame(date(2026, 6, 5)))
    assert remedy.due_on == date(2026, 8, 4)
    with pytest.raises(NotPossible, match="纠正情况还没有报送"):
        does(cast, remedy, r.RemedyArchived(date(2026, 6, 9)))
    remedy = does(
        cast, remedy, r.ReportedBack(date(2026, 7, 1)), r.RemedyArchived(date(2026, 7, 2))
    )
    assert remedy.due_on == NEVER


def test_a_calendar_entered_later_moves_the_day_to_answer(
    cast: Cast,
) -> None:
    """The copy comes before a year that is not announced: provisional, then certain and later."""
    known = workdays.official()
    year = max(one.year for one in known.years)
    copy = date(year, 12, 24)
    at = datetime(year, 12, 31, 10, tzinfo=timezone.get_current_timezone())
    by = acting(cast, "handler", role=Role.HANDLER, at=at)
    remedy = begun(cast, answered(cast))
    for event in (r.Admitted(date(year, 12, 20)), r.CopyReceived(copy)):
        remedy = recording.act(by=by, remedy=remedy, event=event, version=remedy.version)
    (clock,) = deadlines.running(life.address(remedy))
    assert clock.provisional and clock.due_on is not None
    before = clock.due_on
    notice = workdays.Notice("示例通知")
    saturday = next(day for day in later_days(year + 1) if day.weekday() == 5)
    off = workdays.Break(
        same("元旦"), date(year + 1, 1, 4), date(year + 1, 1, 8), (saturday,), notice
    )
    later = workdays.Calendar((*known.years, workdays.Year(year + 1, (off,), (notice,))))
    deadlines.recompute(act=acting(cast, "supervisor", "LX").act, calendar=later)
    clock.refresh_from_db()
    remedy.refresh_from_db()
    assert not clock.provisional
    assert clock.due_on == life.ours(life.proceeding_of(remedy, calendar=later))[life.ANSWER].on
    assert clock.due_on > before and remedy.due_on == clock.due_on
    told = ledger.events().get(subject=life.address(remedy), kind="deadline.moved")
    assert told.new["due_on"] == remedy.due_on.isoformat()


def test_nobody_has_to_appeal(cast: Cast) -> None:
    suit = judged(cast, Result.REJECTED)
    assert suit.due_on == date(2026, 6, 16)
    watching = acting(cast, "supervisor", "LX").capacity
    assert not list(front.watched(watching, date(2026, 7, 1)))


def test_a_late_answer_is_looked_at(cast: Cast) -> None:
    does(cast, begun(cast, answered(cast)), ADMITTED, COPY)
    watching = acting(cast, "supervisor", "LX").capacity
    (found,) = front.watched(watching, date(2026, 7, 1))
    assert found.count == 1
    assert not list(front.watched(watching, date(2026, 4, 24)))


# -- out of order


def test_a_decision_dated_before_the_file_was_closed(cast: Cast) -> None:
    matter = answered(cast)
    remedy = begun(cast, matter)
    also(cast, matter, e.Archived(date(2026, 6, 3)))
    to_the_end(cast, remedy, Result.QUASHED)
    matter.refresh_from_db()
    assert matter.is_open
    assert matters.case_of(matter).round.start == TOLD, "its days run from the decision"


def test_two_that_quash_may_be_recorded_in_either_order(cast: Cast) -> None:
    matter = answered(cast)
    first, second = begun(cast, matter), begun(cast, matter)
    to_the_end(cast, first, Result.QUASHED)
    earlier = r.Concluded(date(2026, 5, 28), Result.QUASHED, "示例复决〔2026〕8号")
    second = does(cast, second, ADMITTED, earlier)
    matter.refresh_from_db()
    assert not second.is_open and matter.is_open


def test_an_answer_given_since_the_order_stands(cast: Cast) -> None:
    matter = answered(cast)
    first, second = begun(cast, matter), begun(cast, matter)
    to_the_end(cast, first, Result.QUASHED)
    day = date(2026, 6, 15)
    for event, who, role in (
        (e.Decided(day, Ground.DISCLOSED, where="见附件"), "handler", Role.HANDLER),
        (e.Reviewed(day), "reviewer", Role.REVIEWER),
        (e.Approved(day), "approver", Role.APPROVER),
        (e.Signed(day, "示例告〔2026〕2号"), "handler", Role.HANDLER),
        (e.Sent(day, e.Way.IN_PERSON), "handler", Role.HANDLER),
        (e.Delivered(day), "handler", Role.HANDLER),
    ):
        matter.refresh_from_db()
        application_recording.record(acting(cast, who, role=role), matter, event)
    earlier = r.Concluded(date(2026, 6, 10), Result.QUASHED, "示例复决〔2026〕8号")
    second = does(cast, second, ADMITTED, earlier)
    matter.refresh_from_db()
    assert (second.column, matter.is_open) == (Column.CORRECTED, False)


@pytest.mark.parametrize(
    "end",
    [
        (r.BecameFinal(date(2026, 6, 25)),),
        (r.Appealed(date(2026, 6, 10)), r.AppealDropped(date(2026, 7, 10))),
        (r.Appealed(date(2026, 6, 10)), r.FinalJudged(date(2026, 7, 10), "示例行终〔2026〕9号")),
    ],
)
def test_a_day_that_passed_before_the_judgment_was_final_is_none_for_the_new_answer(
    cast: Cast, end: tuple[r.Event, ...]
) -> None:
    suit = does(cast, judged(cast, Result.REANSWER, date(2026, 6, 21)), *end)
    assert not suit.is_open
    case = matters.case_of(suit.matter)
    assert case.round.start == end[-1].on and case.round.until is None
    assert case.due is not None and case.due > end[-1].on


# -- silence


@pytest.mark.parametrize("accepted", [True, False])
def test_silence_ordered_to_end_has_its_day(cast: Cast, accepted: bool) -> None:
    matter = asked(cast)
    if accepted:
        also(cast, matter, e.Accepted(date(2026, 3, 3)))
    remedy = begun(cast, matter, on=date(2026, 4, 2))
    to_the_end(cast, remedy, Result.PERFORM, date(2026, 6, 20))
    matter.refresh_from_db()
    assert matter.is_open and matter.due_on == date(2026, 6, 20)


# -- what it is against, what came before


def test_what_is_posted_is_known_when_it_comes(cast: Cast) -> None:
    matter = asked(cast)
    day, came = date(2026, 3, 20), date(2026, 3, 30)
    for event, who, role in (
        (e.Accepted(date(2026, 3, 3)), "handler", Role.HANDLER),
        (e.Decided(day, Ground.DISCLOSED, where="见附件"), "handler", Role.HANDLER),
        (e.Reviewed(day), "reviewer", Role.REVIEWER),
        (e.Approved(day), "approver", Role.APPROVER),
        (e.Signed(day, "示例告〔2026〕1号"), "handler", Role.HANDLER),
        (e.Sent(day, e.Way.MAIL), "handler", Role.HANDLER),
        (e.Delivered(came), "handler", Role.HANDLER),
    ):
        matter.refresh_from_db()
        application_recording.record(acting(cast, who, role=role), matter, event)
    matter.refresh_from_db()
    found = recording.attackable(matters.case_of(matter), timezone.localdate())
    assert found is not None and (found.known, found.decided) == (came, day)


def test_who_gets_no_decision_in_time_may_sue(cast: Cast) -> None:
    matter = answered(cast)
    undecided = does(cast, begun(cast, matter), ADMITTED)
    with pytest.raises(recording.WrongBefore):
        begun(cast, matter, date(2026, 6, 8), Kind.SUIT_AFTER, undecided)
    suit = begun(cast, matter, date(2026, 6, 9), Kind.SUIT_AFTER, undecided)
    assert suit.counts
    assert not law.remarks(life.proceeding_of(suit), [life.proceeding_of(undecided)])
    does(cast, undecided, r.Concluded(date(2026, 6, 20), Result.CHANGED, "号"))
    suit = does(cast, suit, r.Admitted(date(2026, 6, 21)))
    assert suit.counts, "who answered is sued, whatever is decided after"


# -- its papers


def test_who_approves_hands_in_the_answer_with_its_papers(cast: Cast) -> None:
    remedy = does(cast, begun(cast, answered(cast)), ADMITTED, COPY)
    by = acting(cast, "approver", role=Role.APPROVER)
    recording.act(
        by=by, remedy=remedy, event=ANSWERED, version=remedy.version,
        files=[file(PDF, "答复书.pdf")],
    )  # fmt: skip
    assert [one.name for one in ledger.attachments_of(life.address(remedy))] == ["答复书.pdf"]
    assert life.told(remedy)[-1].act is Act.ANSWER


# -- what the law gives no remedy against, or no day for


def test_what_its_applicant_took_back_was_not_answered(cast: Cast) -> None:
    matter = asked(cast)
    also(cast, matter, e.Accepted(date(2026, 3, 3)))
    also(cast, matter, e.Withdrawn(date(2026, 3, 6)))
    assert recording.attackable(matters.case_of(matter), timezone.localdate()) is None
    client = cast.client("handler", acting_at="LX-JY")
    assert "登记复议、诉讼" not in client.get(f"/applications/{matter.pk}/").content.decode()
    page = client.get(f"/remedies/new/{matter.pk}/").content.decode()
    assert "申请人已撤回申请" in page and "恢复办理" in page
    filed = r.Filed(date(2026, 4, 1), Kind.RECONSIDERATION, "示例区人民政府")
    given = recording.Given(filed, law.Against(date(2026, 3, 6)))
    with pytest.raises(recording.NothingToAttack, match="恢复办理"):
        recording.begin(by=acting(cast, "handler", role=Role.HANDLER), matter=matter, given=given)
    matter.refresh_from_db()
    resumed = e.Resumed(date(2026, 3, 9), "撤回并非本人所为")
    application_recording.record(acting(cast, "approver", role=Role.APPROVER), matter, resumed)
    assert begun(cast, matter, on=date(2026, 6, 1)).is_open


def test_an_order_reaches_a_matter_that_waits_for_its_applicant(cast: Cast) -> None:
    """Quashed, it asks for a correction; then another decision orders the answer by a day."""
    matter = answered(cast)
    first, second = begun(cast, matter), begun(cast, matter)
    to_the_end(cast, first, Result.QUASHED)
    also(cast, matter, e.ClarificationAsked(date(2026, 6, 3), "请写明年份"))
    matter.refresh_from_db()
    assert matter.waits_for == Matter.Waits.APPLICANT
    day = date(2026, 6, 20)
    ordered = r.Concluded(date(2026, 6, 5), Result.REANSWER, "示例复决〔2026〕8号", day)
    does(cast, second, ADMITTED, ordered)
    matter.refresh_from_db()
    assert (matter.state, matter.due_on) == ("handling", day)


def test_a_day_that_was_over_before_the_judgment_bound_is_not_kept_as_due(cast: Cast) -> None:
    first = judged(cast, Result.DISCLOSE, date(2026, 6, 21))
    final = r.FinalJudged(date(2026, 7, 10), "示例行终〔2026〕9号")
    suit = does(cast, first, r.Appealed(date(2026, 6, 10)), final)
    assert suit.due_on == NEVER
    assert not deadlines.running(life.address(suit)).exists()
    watching = acting(cast, "supervisor", "LX").capacity
    assert not list(front.watched(watching, date(2026, 8, 1)))
    page = cast.client("handler", acting_at="LX-JY").get(f"/remedies/{suit.pk}/")
    assert "不再作为到期日" in page.content.decode()


# -- taking back


def test_a_decision_recorded_by_mistake_is_taken_back_by_who_approves(cast: Cast) -> None:
    matter = answered(cast)
    remedy = to_the_end(cast, begun(cast, matter), Result.CHANGED)
    suit = begun(cast, matter, date(2026, 6, 10), Kind.SUIT_AFTER, remedy)
    assert not suit.counts
    back = r.Retracted(timezone.localdate(), Act.CONCLUDE, "看错决定书")
    with pytest.raises(NotAllowed):
        recording.act(
            by=acting(cast, "handler", role=Role.HANDLER), remedy=remedy, event=back,
            version=remedy.version,
        )  # fmt: skip
    remedy = does(cast, remedy, back)
    assert (remedy.is_open, remedy.column, remedy.result) == (True, Column.PENDING, "")
    told = [one.act for one in life.told(remedy)]
    assert told[-2:] == [Act.CONCLUDE, Act.RETRACT], "both are kept"
    page = cast.client("handler", acting_at="LX-JY").get(f"/remedies/{remedy.pk}/").content.decode()
    assert "看错决定书" in page and "撤回登记" in page
    remedy = does(cast, remedy, r.Concluded(date(2026, 6, 1), Result.UPHELD, "示例复决〔2026〕9号"))
    suit.refresh_from_db()
    assert remedy.column == Column.UPHELD and suit.counts, "now both are sued"


def test_taking_back_says_what_it_does_not_undo(cast: Cast) -> None:
    remedy = to_the_end(cast, begun(cast, answered(cast)), Result.REANSWER)
    client = cast.client("approver", acting_at="LX-JY")
    address = f"/remedies/{remedy.pk}/do/retract/"
    assert "收到复议决定" in client.get(address).content.decode()
    typed = {
        "on": timezone.localdate().isoformat(), "of": "conclude", "reason": "看错决定书",
        "version": remedy.version,
    }  # fmt: skip
    asked = client.post(address, typed).content.decode()
    assert "因其他原因终止" in asked and "看错决定书" in asked
    assert client.post(address, {**typed, "_sure": "1"}).status_code == 302
    remedy.refresh_from_db()
    assert remedy.is_open and remedy.matter.is_open
