"""复议与诉讼: periods worked by hand, the mapping to table 4, and random lives of a remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from gongkai.statute import articles, remedies, remedy_clocks
from gongkai.statute import case_events as case
from gongkai.statute import remedy_events as e
from gongkai.statute.event_data import as_data, from_data
from gongkai.statute.grounds import Ground
from gongkai.statute.letter_remedies import Road
from gongkai.statute.outcomes import Conclusion
from gongkai.statute.remedies import Against, Proceeding, deadlines, replay, windows
from gongkai.statute.remedy_clocks import deadline, months_after, periods
from gongkai.statute.remedy_counts import (
    CountConventions,
    Seat,
    column_in,
    counts_here,
    defendants,
)
from gongkai.statute.remedy_events import EVENTS, Act, Event
from gongkai.statute.remedy_results import FINDINGS, Column, Kind, Result
from gongkai.statute.remedy_table import RECONSIDERATION, SUIT, State
from gongkai.statute.transitions import Illegal

D = date.fromisoformat
KNOWN = D("2026-03-10")
REFUSED = Against(KNOWN, D("2026-03-09"), Conclusion(Ground.PROCESS))
NOT_HELD = Against(KNOWN, D("2026-03-09"), Conclusion(Ground.NOT_FOUND))
SILENCE = Against(D("2026-03-30"))
GOVERNMENT, COURT = "青石区人民政府", "青石区人民法院"


def due(found: Proceeding) -> dict[str, date]:
    return {one.id: one.on for one in deadlines(found)}


def illegal(events: Sequence[Event], against: Against = REFUSED) -> str:
    """The sentence with which the last of these events is refused."""
    replay(events[:-1], against)
    with pytest.raises(Illegal) as error:
        replay(events, against)
    assert error.value.event == events[-1]
    text = error.value.text
    assert text.en and "{" not in text.zh + text.en
    return text.zh


# -- periods


@pytest.mark.parametrize(
    ("id", "start", "on", "moved"),
    [
        ("reconsideration", "2026-03-10", "2026-05-09", None),  # a Saturday that is worked
        ("reconsideration", "2026-03-03", "2026-05-06", "2026-05-02"),  # Labour Day
        ("direct_suit", "2026-03-10", "2026-09-10", None),
        ("direct_suit", "2025-08-31", "2026-02-28", None),  # no 31 February; a worked Saturday
        ("suit_after_reconsideration", "2026-09-18", "2026-10-08", "2026-10-03"),
        ("answer", "2026-02-13", "2026-03-05", None),  # 10 working days over New Year
        ("answer_simple", "2026-02-13", "2026-02-27", None),
        ("admission", "2026-03-02", "2026-03-09", None),
        ("decision", "2026-03-02", "2026-05-06", "2026-05-01"),
        ("decision_simple", "2026-03-02", "2026-04-01", None),
        ("defence", "2026-03-02", "2026-03-17", None),
        ("appeal_ruling", "2026-03-02", "2026-03-12", None),
        ("second_instance", "2026-03-02", "2026-06-02", None),
    ],
)
def test_the_last_day_of_a_period(id: str, start: str, on: str, moved: str | None) -> None:
    found = deadline(id, D(start))
    assert found.on == D(on)
    assert found.moved == (D(moved) if moved else None)
    assert not found.provisional


def test_every_period_has_a_provision_and_words() -> None:
    for period in periods().values():
        for span in period.length.spans:
            articles.provision(span.source)
        assert period.length.name.zh and period.length.name.en
    assert remedy_clocks.UNITS.keys() == {period.unit for period in periods().values()}


def test_months_end_on_the_same_day_or_the_last() -> None:
    assert months_after(D("2025-12-31"), 2) == D("2026-02-28")
    assert months_after(D("2023-11-30"), 3) == D("2024-02-29")
    assert months_after(D("2026-06-15"), 12) == D("2027-06-15")


def test_a_last_day_in_a_year_without_a_notice_is_provisional() -> None:
    assert deadline("direct_suit", D("2026-11-30")).provisional


@pytest.mark.parametrize(
    ("against", "ids"),
    [
        (REFUSED, ["reconsideration"]),
        (NOT_HELD, ["reconsideration", "direct_suit"]),
        (SILENCE, ["reconsideration", "suit_against_silence"]),
        (
            Against(KNOWN, KNOWN, Conclusion(Ground.PARTLY, (Ground.PROCESS,))),
            ["reconsideration", "direct_suit"],
        ),
        (
            Against(KNOWN, KNOWN, Conclusion(Ground.NOT_FOUND), told=False),
            ["reconsideration", "direct_suit", "longest"],
        ),
    ],
)
def test_the_windows_by_road(against: Against, ids: list[str]) -> None:
    found = windows(against)
    assert [one.id for one in found] == ids
    assert all(one.start == against.known for one in found)


# -- reconsideration

FILED = (e.Filed(D("2026-04-01"), Kind.RECONSIDERATION, GOVERNMENT, "示政复〔2026〕1号"),)
ADMITTED = (*FILED, e.Admitted(D("2026-04-07")))
COPIED = (*ADMITTED, e.CopyReceived(D("2026-04-10")))
NUMBER = "示政复决〔2026〕1号"


def test_reconsideration_from_filing_to_the_suit() -> None:
    assert due(replay(FILED, REFUSED)) == {"admission": D("2026-04-09")}
    assert due(replay(ADMITTED, REFUSED)) == {
        "copy": D("2026-04-16"),
        "decision": D("2026-06-08"),  # 60 days end on a Saturday
    }
    found = replay(COPIED, REFUSED)
    assert due(found)["answer"] == D("2026-04-24")
    assert deadlines(found)[0].id == "answer" and deadlines(found)[0].ours
    answered = [*COPIED, e.EvidenceFiled(D("2026-04-20"), ("答复书", "送达回证"))]
    answered.append(e.AnswerFiled(D("2026-04-24")))
    found = replay(answered, REFUSED)
    assert found.evidence == ("答复书", "送达回证")
    assert list(due(found)) == ["decision"] and remedies.remarks(found) == ()
    longer = replay([*answered, e.Prolonged(D("2026-05-20"))], REFUSED)
    assert due(longer) == {"decision": D("2026-07-06")}
    done = replay([*answered, e.Concluded(D("2026-06-01"), Result.UPHELD, NUMBER)], REFUSED)
    assert done.column is Column.UPHELD
    assert due(done) == {"suit_after_reconsideration": D("2026-06-16")}


def test_the_simple_procedure_is_shorter_and_may_turn_ordinary() -> None:
    simple = [
        *FILED,
        e.Admitted(D("2026-04-07"), simple=True),
        e.CopyReceived(D("2026-04-10")),
    ]
    found = due(replay(simple, REFUSED))
    assert found == {"answer_simple": D("2026-04-17"), "decision_simple": D("2026-05-07")}
    assert "简易程序不延长" in illegal([*simple, e.Prolonged(D("2026-04-20"))])
    turned = replay([*simple, e.TurnedOrdinary(D("2026-04-15"))], REFUSED)
    assert due(turned) == {"answer": D("2026-04-24"), "decision": D("2026-06-08")}
    assert "普通程序" in illegal([*COPIED, e.TurnedOrdinary(D("2026-04-15"))])


def test_silence_of_the_reconsideration_organ_is_admission() -> None:
    assert "2026年4月9日" in illegal([*FILED, e.Admitted(D("2026-04-09"), deemed=True)])
    assert replay([*FILED, e.Admitted(D("2026-04-10"), deemed=True)], REFUSED).admitted
    asked = [*FILED, e.CorrectionAsked(D("2026-04-03"))]
    assert due(replay(asked, REFUSED)) == {"correction": D("2026-04-20")}
    came = replay([*asked, e.CorrectionCame(D("2026-04-13"))], REFUSED)
    assert due(came) == {"admission": D("2026-04-20")}


def test_a_stay_moves_the_decision() -> None:
    stayed = [*COPIED, e.Stayed(D("2026-04-20"), "等待另案"), e.WentOn(D("2026-04-30"))]
    found = replay(stayed, REFUSED)
    assert found.state is State.ADMITTED
    assert due(found)["decision"] == D("2026-06-16")


def test_what_comes_late_is_said() -> None:
    late = replay([*COPIED, e.AnswerFiled(D("2026-04-27"))], REFUSED)
    assert [remark.id for remark in remedies.remarks(late)] == ["remedy.answered_late"]
    filed = replay([e.Filed(D("2026-05-11"), Kind.RECONSIDERATION, GOVERNMENT)], REFUSED)
    assert [remark.id for remark in remedies.remarks(filed)] == ["remedy.filed_late"]
    untold = Against(KNOWN, KNOWN, Conclusion(Ground.PROCESS), told=False)
    filed = replay([e.Filed(D("2026-05-11"), Kind.RECONSIDERATION, GOVERNMENT)], untold)
    assert remedies.remarks(filed) == ()


def test_results_belong_to_their_stage() -> None:
    on = D("2026-06-01")
    assert "没有这种处理结果" in illegal([*FILED, e.Concluded(on, Result.UPHELD, NUMBER)])
    assert "没有这种处理结果" in illegal([*COPIED, e.Concluded(on, Result.NOT_ADMITTED, NUMBER)])
    assert "没有这种处理结果" in illegal([*COPIED, e.Concluded(on, Result.NOT_DISCLOSE, NUMBER)])
    assert "文号" in illegal([*COPIED, e.Concluded(on, Result.UPHELD, "")])
    out = replay([*FILED, e.Concluded(on, Result.NOT_ADMITTED, NUMBER)], REFUSED)
    assert out.column is Column.OTHER
    assert "没有这一环节" in illegal([*COPIED, e.Appealed(on)])
    assert "收到副本的日期" in illegal([*ADMITTED, e.AnswerFiled(on)])


def test_a_letter_of_opinion_is_reported_on() -> None:
    done = [*COPIED, e.Concluded(D("2026-06-01"), Result.QUASHED, NUMBER, D("2026-06-20"))]
    told = [*done, e.OpinionLetterCame(D("2026-06-01"))]
    assert due(replay(told, REFUSED)) == {
        "perform": D("2026-06-20"),
        "suit_after_reconsideration": D("2026-06-16"),
        "report_back": D("2026-07-31"),
    }
    over = [*told, e.Performed(D("2026-06-10")), e.ReportedBack(D("2026-06-12"))]
    assert list(due(replay(over, REFUSED))) == ["suit_after_reconsideration"]
    assert "没有需要履行" in illegal([*over, e.Performed(D("2026-06-15"))])
    assert "没有待报送" in illegal([*done, e.ReportedBack(D("2026-06-12"))])


# -- litigation

SUED = (e.Filed(D("2026-04-01"), Kind.DIRECT_SUIT, COURT),)
IN_COURT = (*SUED, e.Admitted(D("2026-04-07")), e.CopyReceived(D("2026-04-10")))


def test_a_suit_from_the_complaint_to_the_second_instance() -> None:
    found = replay(IN_COURT, NOT_HELD)
    assert due(found) == {"defence": D("2026-04-27"), "first_instance": D("2026-10-08")}
    judged = [
        *IN_COURT,
        e.AnswerFiled(D("2026-04-20")),
        e.Judged(D("2026-07-01"), Result.QUASHED, "（2026）示行初1号", until=D("2026-08-03")),
    ]
    assert due(replay(judged, NOT_HELD)) == {"appeal": D("2026-07-16")}
    assert replay(judged, NOT_HELD).column is Column.PENDING
    assert "2026年7月16日" in illegal([*judged, e.BecameFinal(D("2026-07-16"))], NOT_HELD)
    final = replay([*judged, e.BecameFinal(D("2026-07-17"))], NOT_HELD)
    assert final.column is Column.CORRECTED
    appealed = [*judged, e.Appealed(D("2026-07-10"), ours=True)]
    assert due(replay(appealed, NOT_HELD)) == {"second_instance": D("2026-10-10")}
    changed = e.FinalJudged(D("2026-09-01"), "（2026）示行终1号", Result.REJECTED)
    assert replay([*appealed, changed], NOT_HELD).column is Column.UPHELD
    same = replay([*appealed, e.FinalJudged(D("2026-09-01"), "（2026）示行终1号")], NOT_HELD)
    assert same.column is Column.CORRECTED and due(same) == {}, "its day was over before it bound"
    (over,) = [one for one in remedies.remarks(same) if one.id == "remedy.ordered_day_over"]
    assert "2026年8月3日" in over.text.zh and "2026年9月1日" in over.text.zh
    in_time = replay([*appealed, e.FinalJudged(D("2026-07-31"), "（2026）示行终1号")], NOT_HELD)
    assert due(in_time) == {"perform": D("2026-08-03")}
    anew = e.FinalJudged(D("2026-09-01"), "（2026）示行终1号", until=D("2026-09-21"))
    assert due(replay([*appealed, anew], NOT_HELD)) == {"perform": D("2026-09-21")}
    done = remedies.follow(same, e.Performed(D("2026-09-04")))
    assert not [one for one in remedies.remarks(done) if one.id == "remedy.ordered_day_over"]
    dropped = replay([*appealed, e.AppealDropped(D("2026-09-01"))], NOT_HELD)
    assert dropped.column is Column.CORRECTED
    again = replay([*appealed, e.Remanded(D("2026-09-01"), "（2026）示行终1号")], NOT_HELD)
    assert again.state is State.ANSWERED
    assert due(again) == {"first_instance": D("2027-03-01")}


def test_a_ruling_has_ten_days_and_some_suits_end_without_a_judgment() -> None:
    ruled = [
        *IN_COURT,
        e.Judged(D("2026-07-01"), Result.DISMISSED, "（2026）示行初1号", ruling=True),
    ]
    assert due(replay(ruled, NOT_HELD)) == {"appeal_ruling": D("2026-07-13")}
    out = [*IN_COURT, e.Concluded(D("2026-07-01"), Result.WITHDRAWN, "（2026）示行初1号")]
    assert replay(out, NOT_HELD).column is Column.OTHER
    wrong = e.Concluded(D("2026-07-01"), Result.QUASHED, "（2026）示行初1号")
    assert "以裁判作出" in illegal([*IN_COURT, wrong], NOT_HELD)
    wrong_too = e.Judged(D("2026-07-01"), Result.WITHDRAWN, "（2026）示行初1号")
    assert "没有这种处理结果" in illegal([*IN_COURT, wrong_too], NOT_HELD)


def test_a_direct_suit_against_a_refusal_warns_from_2024() -> None:
    assert remedies.road(REFUSED) is Road.FIRST
    found = replay(SUED, REFUSED)
    assert [remark.id for remark in remedies.remarks(found)] == ["remedy.reconsideration_first"]
    old = Against(D("2023-12-10"), D("2023-12-08"), Conclusion(Ground.PROCESS))
    sued = replay([e.Filed(D("2024-03-01"), Kind.DIRECT_SUIT, COURT)], old)
    assert remedies.remarks(sued) == ()
    assert remedies.remarks(replay(SUED, NOT_HELD)) == ()


def test_silence_leaves_both_roads_and_says_so() -> None:
    for kind in (Kind.RECONSIDERATION, Kind.DIRECT_SUIT):
        found = replay([e.Filed(D("2026-04-10"), kind, COURT)], SILENCE)
        assert [remark.id for remark in remedies.remarks(found)] == ["remedy.silence"]


def test_no_suit_while_reconsideration_is_pending() -> None:
    pending = replay(COPIED, NOT_HELD)
    sued = replay([e.Filed(D("2026-04-20"), Kind.DIRECT_SUIT, COURT)], NOT_HELD)
    assert [r.id for r in remedies.remarks(sued, [pending])] == ["remedy.still_reconsidered"]
    over = [*COPIED, e.Concluded(D("2026-04-15"), Result.WITHDRAWN, NUMBER)]
    assert remedies.remarks(sued, [replay(over, NOT_HELD)]) == ()


# -- table 4


@pytest.mark.parametrize("suit", [False, True])
def test_the_results_map_to_the_three_columns(suit: bool) -> None:
    by_column: dict[Column, set[Result]] = {}
    for result, found in FINDINGS[suit].items():
        by_column.setdefault(found.column, set()).add(result)
        assert found.name.zh and found.name.en
    assert set(by_column) == {Column.UPHELD, Column.CORRECTED, Column.OTHER}
    assert Result.REJECTED in by_column[Column.UPHELD]
    assert {Result.QUASHED, Result.UNLAWFUL, Result.DISCLOSE} <= by_column[Column.CORRECTED]
    assert {Result.WITHDRAWN, Result.DISMISSED, Result.NOT_ADMITTED} <= by_column[Column.OTHER]


@pytest.mark.parametrize(
    ("reconsidered", "acting", "reconsidering"),
    [
        (Result.UPHELD, True, True),
        (Result.REJECTED, True, True),
        (Result.CHANGED, False, True),
        (Result.QUASHED, False, True),
        (Result.NOT_ADMITTED, True, False),
        (None, True, False),
    ],
)
def test_who_is_the_defendant_and_whose_suit_it_is(
    reconsidered: Result | None, acting: bool, reconsidering: bool
) -> None:
    found = defendants(Kind.SUIT_AFTER, reconsidered)
    assert (found.acting, found.reconsidering) == (acting, reconsidering)
    assert counts_here(Kind.SUIT_AFTER, Seat.ACTING, reconsidered) is acting
    alone = reconsidering and not acting
    assert counts_here(Kind.SUIT_AFTER, Seat.RECONSIDERING, reconsidered) is alone
    strict = CountConventions(sole_defendant_counts=False)
    assert not counts_here(Kind.SUIT_AFTER, Seat.RECONSIDERING, reconsidered, strict)


def test_reconsideration_counts_for_the_organ_that_answered() -> None:
    assert counts_here(Kind.RECONSIDERATION, Seat.ACTING)
    assert not counts_here(Kind.RECONSIDERATION, Seat.RECONSIDERING)
    found = defendants(Kind.RECONSIDERATION)
    assert not found.acting and not found.reconsidering


def test_the_year_in_which_a_remedy_counts() -> None:
    events: list[Event] = [e.Filed(D("2025-12-01"), Kind.DIRECT_SUIT, COURT)]
    events += [e.Admitted(D("2025-12-05")), e.CopyReceived(D("2025-12-08"))]
    events.append(e.Judged(D("2025-12-20"), Result.REJECTED, "（2025）示行初9号"))
    against = Against(D("2025-11-20"), D("2025-11-20"), Conclusion(Ground.NOT_FOUND))
    final = replay([*events, e.BecameFinal(D("2026-01-08"))], against)
    counted = [column_in(final, year) for year in (2024, 2025, 2026, 2027)]
    assert counted == [None, Column.PENDING, Column.UPHELD, None]
    once = CountConventions(both_years=False)
    assert [column_in(final, year, once) for year in (2025, 2026)] == [None, Column.UPHELD]


def test_a_corrected_answer_reopens_the_case() -> None:
    ordered = e.Concluded(D("2026-06-01"), Result.REANSWER, NUMBER, D("2026-06-20"))
    found = remedies.reopening(replay([*COPIED, ordered], REFUSED))
    assert found == case.Reopened(D("2026-06-01"), NUMBER, D("2026-06-20"))
    for result in (Result.UPHELD, Result.UNLAWFUL, Result.CHANGED, Result.WITHDRAWN):
        done = replay([*COPIED, e.Concluded(D("2026-06-01"), result, NUMBER)], REFUSED)
        assert remedies.reopening(done) is None
    assert remedies.reopening(replay(COPIED, REFUSED)) is None


# -- taking back


def test_a_step_recorded_by_mistake_is_taken_back_and_both_are_kept() -> None:
    wrong = [*COPIED, e.Concluded(D("2026-06-01"), Result.REANSWER, NUMBER)]
    back = e.Retracted(D("2026-06-03"), Act.CONCLUDE, "看错决定书")
    found = replay([*wrong, back], REFUSED)
    assert found.events == (*wrong, back) and found.standing == COPIED
    assert found.state is State.ADMITTED and found.column is Column.PENDING
    assert due(found) == due(replay(COPIED, REFUSED))
    right = remedies.follow(found, e.Concluded(D("2026-06-01"), Result.UPHELD, NUMBER))
    assert right.column is Column.UPHELD, "of the same day, before it was taken back"
    assert "最后一步“收到复议决定”" in illegal(
        [*wrong, e.Retracted(D("2026-06-03"), Act.COPY, "看错")]
    )
    assert "没有可以撤回的" in illegal([*FILED, e.Retracted(D("2026-06-03"), Act.FILE, "看错")])
    assert "原因" in illegal([*wrong, e.Retracted(D("2026-06-03"), Act.CONCLUDE, "")])
    twice = replay([*wrong, back, e.Retracted(D("2026-06-03"), Act.COPY, "看错")], REFUSED)
    assert twice.copy is None and len(twice.events) == len(wrong) + 2


# -- random lives

SEEN: Counter[tuple[bool, Act]] = Counter()


class Life(RuleBasedStateMachine):
    """一件复议或者诉讼: only what is offered is done."""

    now: Proceeding

    @initialize(
        kind=st.sampled_from(Kind),
        against=st.sampled_from((REFUSED, NOT_HELD, SILENCE)),
        later=st.integers(0, 200),
    )
    def comes(self, kind: Kind, against: Against, later: int) -> None:
        filed = against.known + timedelta(days=later)
        self.now = replay([e.Filed(filed, kind, COURT)], against)
        SEEN[self.now.suit, Act.FILE] += 1

    @rule(data=st.data(), later=st.sampled_from((0, 1, 3, 10, 40)))
    def act(self, data: Any, later: int) -> None:
        on = self.now.latest + timedelta(days=later)
        may = [offer.act for offer in remedies.acts(self.now, on) if offer.may]
        if not may:
            return
        going_on = [act for act in may if act not in (Act.CONCLUDE, Act.ARCHIVE)] or may
        chosen = data.draw(st.sampled_from(going_on if data.draw(st.integers(0, 3)) else may))
        before, event = self.now, self.event(data, chosen, on)
        self.now = remedies.follow(before, event)
        if chosen is not Act.RETRACT:  # taken back, it is as if it had not been
            back = remedies.follow(self.now, e.Retracted(on, chosen, "登记有误"))
            assert replace(back, events=before.events) == before
        SEEN[self.now.suit, chosen] += 1
        assert all(one.on >= one.start for one in deadlines(self.now))
        assert (self.now.column is Column.PENDING) != self.now.concluded

    def event(self, data: Any, act: Act, on: date) -> Event:
        made: Event
        found = FINDINGS[self.now.suit].values()
        match act:
            case Act.ADMIT:
                made = e.Admitted(on, data.draw(st.booleans()))
            case Act.EVIDENCE:
                made = e.EvidenceFiled(on, ("答复书",))
            case Act.STAY:
                made = e.Stayed(on, "等待另案")
            case Act.PROLONG:
                made = e.Prolonged(on, data.draw(st.integers(1, 30)))
            case Act.CONCLUDE:
                early = self.now.admitted is None
                fits = [f.result for f in found if (f.before if early else f.after)]
                if self.now.suit:
                    fits = [r for r in fits if FINDINGS[True][r].before]
                made = e.Concluded(on, data.draw(st.sampled_from(fits)), NUMBER)
            case Act.JUDGE:
                fits = [f.result for f in found if not f.before]
                made = e.Judged(on, data.draw(st.sampled_from(fits)), NUMBER)
            case Act.REMAND | Act.FINAL_JUDGMENT:
                made = EVENTS[act](on, NUMBER)
            case Act.RETRACT:
                made = e.Retracted(on, self.now.standing[-1].act, "登记有误")
            case _:
                made = EVENTS[act](on)
        return made

    def teardown(self) -> None:
        if not hasattr(self, "now"):
            return
        stored = [from_data(as_data(event), EVENTS) for event in self.now.events]
        assert replay(stored, self.now.against) == self.now
        remedies.remarks(self.now, [self.now])
        on = self.now.latest + timedelta(days=len(stored) % 3 * 9)
        may = {offer.act for offer in remedies.acts(self.now, on) if offer.may}
        for act in set(Act) - may:
            for event in forced(act, on):
                with pytest.raises(Illegal):
                    remedies.follow(self.now, event)


def forced(act: Act, on: date) -> list[Event]:
    """The act whether offered or not, with every result."""
    match act:
        case Act.FILE:
            return [e.Filed(on, kind, COURT) for kind in Kind]
        case Act.EVIDENCE:
            return [e.EvidenceFiled(on, ("答复书",))]
        case Act.STAY:
            return [e.Stayed(on, "等待另案")]
        case Act.CONCLUDE | Act.JUDGE:
            return [EVENTS[act](on, result, NUMBER) for result in Result]
        case Act.REMAND:
            return [e.Remanded(on, NUMBER)]
        case Act.RETRACT:
            return [e.Retracted(on, of, "登记有误") for of in Act]
        case Act.FINAL_JUDGMENT:
            return [e.FinalJudged(on, NUMBER, result) for result in (None, *Result)]
        case _:
            return [EVENTS[act](on)]


def test_five_hundred_lives_of_what_is_offered_are_legal_and_nothing_else_is() -> None:
    some = settings(
        max_examples=500,
        stateful_step_count=12,
        phases=(Phase.generate,),
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=some)
    for table, suit in ((RECONSIDERATION, False), (SUIT, True)):
        assert {act for act in table.acts if not SEEN[suit, act]} == set()
