"""答复期限: the worked dates of the design, the hard cases, and a naive day-by-day oracle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.statute import articles, workdays
from gongkai.statute.clock_events import (
    Channel,
    Clarify,
    ClockError,
    Consult,
    Conventions,
    Event,
    Extend,
    Fee,
    Whom,
    received_on,
)
from gongkai.statute.clocks import Clock, Effect, State, answer_clock
from gongkai.statute.dated import NotKnown
from gongkai.statute.texts import Text
from gongkai.statute.workdays import Break, Calendar, Notice, Year

D = date.fromisoformat
SATURDAY = D("2027-01-02")
OFFICIAL = workdays.official()


def M(day: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, day)


def clock(received: date, *events: Event, as_of: date | None = None) -> Clock:
    """A clock whose account of itself is checked every time."""
    found = answer_clock(received, events, as_of=as_of)
    explains_itself(found)
    return found


def explains_itself(found: Clock) -> None:
    """Every day stands there once, in order; numbers run without a gap; every source exists."""
    days = [step.date for step in found.steps]
    assert days[0] == found.received
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    number = 0
    for step in found.steps:
        articles.provision(step.source)
        assert step.reason.zh and step.reason.en
        if step.effect in (Effect.RECEIVED, Effect.RESTART):
            number = 0
            assert step.number == 0
        elif step.effect is Effect.COUNTED:
            number += 1
            assert step.number == number
            assert step.day.working
        else:
            assert step.number is None
    if found.due is not None:
        assert days[-1] == found.due
        assert number == 20 + found.extended_by
        assert found.not_before is None and not found.missing
    for limit in found.limits:
        articles.provision(limit.source)
        assert limit.name.zh and limit.name.en
    for remark in found.remarks:
        assert remark.source is None or articles.provision(remark.source)
        for side in (remark.text.zh, remark.text.en):
            assert side and "{" not in side


def ids(found: Clock) -> list[str]:
    return [remark.id for remark in found.remarks]


def limits(found: Clock) -> dict[str, date]:
    return {limit.id: limit.on for limit in found.limits}


def refused(*events: Event, as_of: date | None = None) -> str:
    """The Chinese sentence with which these facts are refused."""
    with pytest.raises(ClockError) as error:
        answer_clock(M(2), events, as_of=as_of)
    text = error.value.text
    assert text.en and "{" not in text.zh + text.en
    return text.zh


# The design's check values.

CONSULTED = Consult(M(9), M(20))


@pytest.mark.parametrize(
    ("received", "events", "due"),
    [
        (M(2), (), "2026-03-30"),
        (M(2), (CONSULTED,), "2026-04-13"),
        (M(2), (CONSULTED, Extend()), "2026-05-13"),
        (M(2), (CONSULTED, Extend(M(27))), "2026-05-13"),
        (M(2), (Consult(M(9), served=M(10)),), "2026-04-22"),
        (M(7), (), "2026-04-03"),
        (D("2020-01-20"), (), "2020-02-25"),
        (D("2022-01-24"), (), "2022-02-24"),
        (D("2023-09-27"), (), "2023-10-31"),
        (D("2025-01-24"), (), "2025-02-27"),
        (D("2026-02-13"), (), "2026-03-19"),
        (D("2026-09-18"), (), "2026-10-22"),
        (D("2020-01-20"), (Extend(),), "2020-03-24"),
        (D("2022-01-24"), (Extend(),), "2022-03-24"),
        (D("2023-09-27"), (Extend(),), "2023-11-28"),
        (D("2025-01-24"), (Extend(),), "2025-03-27"),
        (D("2026-02-13"), (Extend(),), "2026-04-17"),
        (D("2026-09-18"), (Extend(),), "2026-11-19"),
    ],
)
def test_worked_dates(received: date, events: tuple[Event, ...], due: str) -> None:
    found = clock(received, *events)
    assert found.due == D(due)
    assert found.state is State.RUNNING
    assert not found.provisional


@pytest.mark.parametrize(
    ("receipt", "seventh"),
    [
        ("2020-01-20", "2020-02-06"),
        ("2022-01-24", "2022-02-07"),
        ("2023-09-27", "2023-10-12"),
        ("2026-02-13", "2026-03-02"),
    ],
)
def test_the_last_day_to_ask_for_clarification(receipt: str, seventh: str) -> None:
    assert limits(clock(D(receipt)))["clarification_notice"] == D(seventh)


def test_limits_name_what_may_still_be_done() -> None:
    found = clock(M(2), Consult(M(9), served=M(10)))
    assert limits(found) == {
        "clarification_notice": M(11),
        "third_party": M(31),
        "first_due": D("2026-04-22"),
        "due": D("2026-04-22"),
        "longest": D("2026-05-22"),
    }
    assert "longest" not in limits(clock(M(2), as_of=D("2026-04-01"))), "too late to extend"


def test_the_steps_say_what_happened_and_why() -> None:
    found = clock(M(2), CONSULTED)
    steps = {step.date: step for step in found.steps}
    assert steps[M(2)].effect is Effect.RECEIVED and steps[M(2)].source == "ogi.31"
    assert steps[M(9)].effect is Effect.COUNTED and steps[M(9)].number == 5
    assert [mark.zh for mark in steps[M(9)].marks] == ["发出征求意见书"]
    assert steps[M(10)].effect is Effect.SUSPENDED and "第三方" in steps[M(10)].reason.zh
    assert steps[M(14)].effect is Effect.DAY_OFF
    assert steps[M(20)].effect is Effect.SUSPENDED
    assert steps[M(23)].number == 6
    assert "清明节" in steps[D("2026-04-06")].reason.zh
    assert [mark.zh for mark in steps[D("2026-04-13")].marks] == ["答复期限届满"]


# 补正: restart.


def test_the_period_starts_again_when_the_correction_comes() -> None:
    found = clock(M(2), Clarify(M(4), M(12)))
    assert found.due == workdays.add_working_days(M(12), 20).end == D("2026-04-10")
    effects = {step.date: step.effect for step in found.steps}
    assert effects[M(4)] is Effect.COUNTED
    assert effects[M(5)] is Effect.WAITING
    assert effects[M(7)] is Effect.DAY_OFF
    assert effects[M(12)] is Effect.RESTART


def test_after_the_restart_everything_is_possible_again() -> None:
    found = clock(M(2), Clarify(M(4), M(12)), Consult(M(16), M(18)), Extend(D("2026-04-14")))
    first = workdays.add_working_days(M(12), 22).end
    assert found.first_due == first == D("2026-04-14")
    assert found.due == workdays.add_working_days(first, 20).end
    assert ids(found) == ["clock.extension_last_day"]


def test_waiting_for_the_correction() -> None:
    found = clock(M(2), Clarify(M(4)))
    assert found.due is None and found.state is State.AWAITING_CLARIFICATION
    assert found.not_before == workdays.add_working_days(M(4), 20).end
    assert limits(found)["clarification"] == workdays.add_working_days(M(4), 15).end
    assert len(found.missing) == 1
    later = clock(M(2), Clarify(M(4)), as_of=M(20))
    assert later.not_before == workdays.add_working_days(M(20), 20).end
    assert later.steps[-1].date == M(20)


def test_not_corrected_in_time_counts_as_given_up() -> None:
    found = clock(M(2), Clarify(M(4)), as_of=D("2026-03-26"))
    assert found.state is State.LAPSED
    assert found.due is None and found.not_before is None and found.left is None
    assert found.missing == ()
    assert ids(found) == ["clock.uncorrected"]
    in_time = clock(M(2), Clarify(M(4)), as_of=D("2026-03-25"))
    assert in_time.state is State.AWAITING_CLARIFICATION


def test_a_late_correction_restarts_with_a_warning() -> None:
    found = clock(M(2), Clarify(M(4), M(20), until=M(18)))
    assert found.due == workdays.add_working_days(M(20), 20).end
    assert ids(found) == ["clock.correction_late"]


def test_asking_for_clarification_after_seven_working_days_is_late() -> None:
    assert ids(clock(M(2), Clarify(M(11), M(20)))) == []
    assert ids(clock(M(2), Clarify(M(12), M(20)))) == ["clock.clarification_late"]


def test_clarification_is_asked_for_once_unless_the_organ_says_otherwise() -> None:
    twice = (Clarify(M(4), M(6)), Clarify(M(10), M(12)))
    assert "一次性" in refused(*twice)
    found = answer_clock(M(2), twice, conventions=Conventions(clarifications=2))
    explains_itself(found)
    assert found.due == workdays.add_working_days(M(12), 20).end


def test_an_extension_before_the_restart_is_dropped() -> None:
    found = clock(M(2), Extend(M(4)), Clarify(M(5), M(12)))
    assert found.extended_by == 0
    assert found.due == workdays.add_working_days(M(12), 20).end
    assert ids(found) == ["clock.extension_dropped"]


# 收费: counted anew from the day after payment.


def test_after_payment_the_period_is_counted_anew() -> None:
    found = clock(M(2), Fee(M(9), M(20)))
    assert found.due == workdays.add_working_days(M(20), 20).end
    assert limits(found)["payment"] == workdays.add_working_days(M(9), 20).end
    assert ids(found) == ["clock.fee_restart"]
    # 缴费次日起: also where the organ counts the first day of other periods.
    other = answer_clock(
        M(2), (Fee(M(9), M(20)),), conventions=Conventions(receipt_is_day_zero=False)
    )
    assert other.due == found.due


def test_clarification_then_fee() -> None:
    found = clock(M(2), Clarify(M(4), M(10)), Fee(M(16), M(24)))
    assert found.due == workdays.add_working_days(M(24), 20).end
    assert [s.date for s in found.steps if s.effect is Effect.RESTART] == [M(10), M(24)]


def test_waiting_for_payment_and_not_paid() -> None:
    waiting = clock(M(2), Fee(M(9)))
    assert waiting.state is State.AWAITING_PAYMENT
    assert waiting.not_before == workdays.add_working_days(M(9), 20).end
    last = workdays.add_working_days(M(9), 20).end
    assert clock(M(2), Fee(M(9)), as_of=last).state is State.AWAITING_PAYMENT
    unpaid = clock(M(2), Fee(M(9)), as_of=last + timedelta(days=1))
    assert (unpaid.state, ids(unpaid)) == (State.LAPSED, ["clock.unpaid", "clock.fee_restart"])
    assert clock(M(2), Fee(M(9), last)).due is not None
    late = clock(M(2), Fee(M(9), last + timedelta(days=1)))
    assert (late.state, late.due) == (State.LAPSED, None)


def test_one_fee_only_and_none_before_2021() -> None:
    assert "只能收取一次" in refused(Fee(M(4), M(5)), Fee(M(9), M(10)))
    with pytest.raises(NotKnown):
        answer_clock(D("2020-12-01"), (Fee(D("2020-12-10"), D("2020-12-15")),))


# 延期.


def test_extension_on_the_last_day_is_valid_and_a_day_later_it_is_not() -> None:
    found = clock(M(2), Extend(M(30)))
    assert found.first_due == M(30)
    assert found.due == workdays.add_working_days(M(2), 40).end
    assert ids(found) == ["clock.extension_last_day"]
    assert "逾期" in refused(Extend(M(31)))


def test_an_undated_extension_is_taken_as_in_time_and_says_so() -> None:
    assert ids(clock(M(2), Extend())) == ["clock.extension_undated"]


def test_a_shorter_extension() -> None:
    found = clock(M(2), Extend(M(20), days=5))
    assert found.due == workdays.add_working_days(M(2), 25).end
    for days in (0, 21):
        assert str(days) in refused(Extend(M(20), days=days))
    assert "一次" in refused(Extend(M(10), days=5), Extend(M(20), days=5))


def test_what_must_happen_in_time_is_a_convention() -> None:
    late_notice = Extend(decided=M(30), notified=M(31))
    assert "逾期" in refused(late_notice)
    found = answer_clock(
        M(2), (late_notice,), conventions=Conventions(extension_must_reach_applicant=False)
    )
    explains_itself(found)
    assert found.extended_by == 20


# 征求意见: suspension.


def test_parties_asked_at_once_are_skipped_once() -> None:
    one = Consult(M(9), M(13), name="甲公司示例")
    other = Consult(M(11), M(18), whom=Whom.JOINT_MAKER, name="青石区档案馆")
    found = clock(M(2), one, other)
    # 10 to 18 March, each working day once: 7 days, not 4 + 5.
    assert found.due == workdays.add_working_days(M(2), 27).end
    both = next(s for s in found.steps if s.date == M(12))
    assert "甲公司示例" in both.reason.zh and "青石区档案馆" in both.reason.zh
    assert clock(M(2), other, one).due == found.due, "the order of entry does not matter"


def test_a_consultation_inside_another_adds_nothing() -> None:
    outer, inner = Consult(M(9), M(20)), Consult(M(11), M(12))
    assert clock(M(2), outer, inner).due == clock(M(2), outer).due


def test_a_consultation_across_the_extension() -> None:
    found = clock(M(2), Consult(M(26), D("2026-04-02")), Extend(M(26)))
    # 18 days counted by 26 March, 5 skipped, then 22 more.
    assert found.first_due == D("2026-04-07")
    assert found.due == workdays.add_working_days(M(2), 45).end


def test_a_consultation_sent_on_the_last_day_comes_too_late() -> None:
    found = clock(M(2), Consult(M(30), D("2026-04-02")))
    assert found.due == M(30)
    assert ids(found) == ["clock.no_effect"]
    extended = clock(M(2), Consult(M(30), D("2026-04-02")), Extend(M(30)))
    assert extended.due == workdays.add_working_days(M(2), 43).end


def test_a_consultation_after_the_end_is_refused() -> None:
    assert "届满" in refused(Consult(M(31), D("2026-04-02")))


def test_a_late_opinion_does_not_stretch_the_suspension() -> None:
    late = clock(M(2), Consult(M(9), D("2026-04-02"), served=M(10)))
    silent = clock(M(2), Consult(M(9), served=M(10)))
    assert late.due == silent.due == D("2026-04-22")
    assert ids(late) == ["clock.opinion_late"]
    assert ids(silent) == ["clock.silence"]


def test_a_long_consultation_without_its_receipt_is_doubted() -> None:
    assert ids(clock(M(2), Consult(M(9), M(30)))) == []
    assert ids(clock(M(2), Consult(M(9), D("2026-04-08")))) == ["clock.served_unknown"]


def test_silence_means_different_things() -> None:
    third = clock(M(2), Consult(M(9), served=M(10)), as_of=D("2026-04-01"))
    joint = clock(M(2), Consult(M(9), served=M(10), whom=Whom.JOINT_MAKER), as_of=D("2026-04-01"))
    assert "不视为同意" in third.remarks[0].text.zh
    assert "视为同意公开" in joint.remarks[0].text.zh
    assert (third.remarks[0].source, joint.remarks[0].source) == ("ogi.32", "ogi.34")
    assert third.due == joint.due


def test_an_open_consultation_gives_no_date_but_a_bound() -> None:
    found = clock(M(2), Consult(M(9)))
    assert (found.due, found.state) == (None, State.SUSPENDED)
    assert found.not_before == M(30)
    assert found.steps[-1].date == M(9)
    assert len(found.missing) == 1
    later = clock(M(2), Consult(M(9)), as_of=M(12))
    assert later.not_before == clock(M(2), Consult(M(9), M(12))).due
    assert later.steps[-1].date == M(12)
    assert later.steps[-1].effect is Effect.SUSPENDED


def test_an_open_consultation_may_be_extended_meanwhile() -> None:
    found = clock(M(2), Consult(M(9)), Extend(M(20)))
    assert (found.due, found.extended_by) == (None, 20)
    assert found.not_before == clock(M(2), CONSULTED, Extend(M(20))).due


def test_one_reply_in_and_one_open() -> None:
    found = clock(M(2), CONSULTED, Consult(M(11), name="乙公司示例"))
    assert found.due is None
    assert "乙公司示例" in found.missing[0].zh


# What cannot follow what.


def test_nothing_restarts_a_suspended_clock() -> None:
    assert "扣除期间" in refused(Consult(M(4), M(20)), Clarify(M(10), M(12)))
    assert "扣除期间" in refused(Consult(M(4)), Clarify(M(10), M(12)))
    assert "扣除期间" in refused(CONSULTED, Fee(M(12), M(24)))
    assert "尚未结束" in refused(Clarify(M(4), M(20)), Consult(M(10), M(12)))
    assert "尚未结束" in refused(Clarify(M(4)), Consult(M(10), M(12)))
    assert "尚未结束" in refused(Clarify(M(4)), Fee(M(10), M(12)))
    assert "尚未结束" in refused(Clarify(M(4), M(12)), Fee(M(10), M(16)))


def test_one_after_the_other_is_fine() -> None:
    found = clock(M(2), Consult(M(3), M(5)), Clarify(M(6), M(10)), Consult(M(10), M(12)))
    assert found.due == workdays.add_working_days(M(10), 22).end


def test_there_is_nothing_to_extend_while_waiting() -> None:
    assert "没有运行" in refused(Clarify(M(4), M(12)), Extend(M(9)))
    assert "没有运行" in refused(Clarify(M(4)), Extend())


def test_an_expired_clock_cannot_be_restarted() -> None:
    assert "届满" in refused(Clarify(M(31), D("2026-04-08")))
    assert "届满" in refused(Fee(M(31), D("2026-04-08")))


def test_facts_in_an_impossible_order() -> None:
    assert "先后顺序" in refused(Consult(M(9), M(6)))
    assert "先后顺序" in refused(Consult(M(9), M(12), served=M(13)))
    assert "早于收到申请" in refused(Clarify(D("2026-02-27"), M(4)))
    assert "尚未发生" in refused(CONSULTED, as_of=M(12))
    assert "截至日" in refused(as_of=D("2026-03-01"))


def test_before_the_regulations_of_2019_it_refuses() -> None:
    with pytest.raises(NotKnown):
        answer_clock(D("2019-05-14"))
    assert clock(D("2019-05-15")).due == D("2019-06-13")


# 暂定, and the day the question is asked.


def test_a_year_not_announced_is_provisional() -> None:
    found = clock(D("2026-12-04"))
    assert found.provisional and found.unknown_years == (2027,)
    assert ids(found) == ["clock.provisional"]
    said = found.remarks[0].text
    assert "2027" in said.zh and "未收录" in said.zh and "公布" not in said.zh
    assert "推后" in said.zh and "提前" in said.zh and "later or earlier" in said.en
    assert found.due == D("2027-01-04")
    new_year = next(step for step in found.steps if step.date == D("2027-01-01"))
    assert (new_year.effect, new_year.source) == (Effect.DAY_OFF, "holidays.fixed")
    within = clock(D("2026-12-03"))
    assert within.due == D("2026-12-31") and not within.provisional
    assert ids(within) == ["clock.year_end"]


def test_a_provisional_end_of_consultation_makes_the_answer_provisional() -> None:
    silent = clock(D("2026-12-01"), Consult(D("2026-12-14"), served=D("2026-12-15")))
    assert silent.provisional and limits(silent)["third_party"].year == 2027


def test_a_notice_entered_later_may_bring_the_date_forward() -> None:
    notice = Notice("云水市模拟2027年放假安排")
    pause = Break(Text("元旦", "New Year"), D("2027-01-01"), D("2027-01-01"), (SATURDAY,), notice)
    entered = Calendar((*OFFICIAL.years, Year(2027, (pause,), (notice,))))
    found = answer_clock(D("2026-12-04"), calendar=entered)
    assert found.due == SATURDAY < D("2027-01-04")


def test_once_the_notice_is_entered_it_is_final() -> None:
    notice = Notice("云水市模拟2027年放假安排")
    entered = Calendar((*OFFICIAL.years, Year(2027, (), (notice,))))
    found = answer_clock(D("2026-12-04"), calendar=entered)
    explains_itself(found)
    assert not found.provisional and found.remarks == ()


def test_days_left_and_days_over() -> None:
    assert clock(M(2), as_of=M(2)).left == 20
    assert clock(M(2), as_of=M(27)).left == 1
    assert clock(M(2), as_of=M(30)).left == 0
    over = clock(M(2), as_of=D("2026-04-07"))
    assert (over.left, over.state) == (-5, State.OVERDUE)
    assert ids(over) == ["clock.overdue"]
    # A suspension still to come is no time left.
    assert clock(M(2), Consult(M(9), served=M(10)), as_of=M(12)).left == 15
    assert clock(M(2), Consult(M(9), served=M(10)), as_of=M(12)).state is State.SUSPENDED


# Conventions.


def test_the_first_day_may_count() -> None:
    counted = Conventions(receipt_is_day_zero=False)
    for received, due in ((M(2), M(27)), (M(7), D("2026-04-03"))):
        found = answer_clock(received, conventions=counted)
        assert found.due == due
    first = answer_clock(M(2), conventions=counted).steps[0]
    assert (first.effect, first.number) == (Effect.COUNTED, 1)


def test_the_days_of_dispatch_and_reply_may_be_treated_otherwise() -> None:
    skip = answer_clock(M(2), (CONSULTED,), conventions=Conventions(dispatch_day_counts=False))
    assert skip.due == workdays.add_working_days(M(2), 30).end
    back = answer_clock(M(2), (CONSULTED,), conventions=Conventions(reply_day_counts=True))
    assert back.due == workdays.add_working_days(M(2), 28).end


# An oracle that knows nothing of runs, pauses and limits.


@st.composite
def consultations(draw: st.DrawFn, received: date) -> Consult:
    sent = received + timedelta(days=draw(st.integers(0, 45)))
    served = draw(st.none() | st.integers(0, 9))
    reached = None if served is None else sent + timedelta(days=served)
    waits = draw(st.integers(0, 40) if reached is None else st.none() | st.integers(0, 40))
    replied = None if waits is None else (reached or sent) + timedelta(days=waits)
    return Consult(sent, replied, reached)


def naive_due(received: date, asked: list[Consult], allowed: int) -> date:
    skipped: set[date] = set()
    for one in asked:
        ends = [] if one.replied is None else [one.replied]
        if one.served is not None:
            day, left = one.served, 15
            while left:
                day += timedelta(days=1)
                left -= OFFICIAL.is_working_day(day)
            ends.append(day)
        day = one.dispatched + timedelta(days=1)
        while day <= min(ends):
            skipped.add(day)
            day += timedelta(days=1)
    day, number = received, 0
    while number < allowed:
        day += timedelta(days=1)
        number += OFFICIAL.is_working_day(day) and day not in skipped
    return day


@settings(deadline=None, max_examples=300)
@given(st.data(), st.dates(D("2019-05-15"), D("2026-12-31")), st.booleans())
def test_suspensions_agree_with_counting_day_by_day(
    data: st.DataObject, received: date, extended: bool
) -> None:
    asked = data.draw(st.lists(consultations(received), max_size=4))
    events: tuple[Event, ...] = (*asked, *([Extend()] if extended else []))
    expected = naive_due(received, asked, 40 if extended else 20)
    if any(one.dispatched > expected for one in asked):
        with pytest.raises(ClockError):
            answer_clock(received, events)
        return
    found = answer_clock(received, events)
    explains_itself(found)
    assert found.due == expected
    assert found.first_due == naive_due(received, asked, 20)


@settings(deadline=None)
@given(
    st.dates(D("2021-01-01"), D("2026-06-30")),
    st.integers(0, 8),
    st.integers(0, 40),
    st.integers(0, 60),
)
def test_a_restart_forgets_the_past(received: date, asked: int, took: int, later: int) -> None:
    notified = received + timedelta(days=asked)
    corrected = notified + timedelta(days=took)
    found = answer_clock(received, (Clarify(notified, corrected),))
    explains_itself(found)
    assert found.due == answer_clock(corrected).due
    as_of = corrected + timedelta(days=later)
    again = answer_clock(received, (Clarify(notified, corrected),), as_of=as_of)
    assert again.left == answer_clock(corrected, as_of=as_of).left


@st.composite
def anything(draw: st.DrawFn) -> Event:
    """Any event near March 2026, possible or not."""
    first = M(1) + timedelta(days=draw(st.integers(0, 40)))
    then = draw(st.none() | st.integers(-1, 30).map(lambda n: first + timedelta(days=n)))
    match draw(st.sampled_from(["clarify", "consult", "extend", "fee"])):
        case "clarify":
            return Clarify(first, then)
        case "consult":
            served = draw(st.none() | st.just(first))
            return Consult(first, then, served, draw(st.sampled_from(list(Whom))))
        case "extend":
            return Extend(draw(st.none() | st.just(first)), draw(st.none() | st.integers(0, 21)))
        case _:
            return Fee(first, then)


@settings(deadline=None, max_examples=400)
@given(
    st.lists(anything(), max_size=4),
    st.none() | st.integers(0, 120),
    st.builds(
        Conventions,
        receipt_is_day_zero=st.booleans(),
        clarifications=st.integers(1, 2),
        dispatch_day_counts=st.booleans(),
        reply_day_counts=st.booleans(),
        extension_must_reach_applicant=st.booleans(),
    ),
)
def test_facts_are_either_reckoned_or_refused_with_a_reason(
    events: list[Event], later: int | None, conventions: Conventions
) -> None:
    as_of = None if later is None else M(2) + timedelta(days=later)
    try:
        found = answer_clock(M(2), events, as_of=as_of, conventions=conventions)
    except ClockError as error:
        assert error.text.zh and error.text.en
        return
    if conventions.receipt_is_day_zero:
        explains_itself(found)
    # Exactly one of: a date, a bound with what is missing, given up.
    lapsed = found.state is State.LAPSED
    assert (found.due is None) == (lapsed or bool(found.missing))
    assert (found.not_before is None) == (found.due is not None or lapsed)
    reordered = answer_clock(M(2), events[::-1], as_of=as_of, conventions=conventions)
    assert (reordered.due, reordered.steps[-1].date) == (found.due, found.steps[-1].date)


# 收到之日 (Art 31).


@pytest.mark.parametrize(
    ("channel", "confirmed", "day"),
    [
        (Channel.IN_PERSON, None, M(2)),
        (Channel.SIGNED_MAIL, None, M(2)),
        (Channel.PLAIN_MAIL, M(2), M(2)),
        (Channel.PLAIN_MAIL, M(4), M(4)),
        (Channel.ONLINE, M(3), M(3)),
        (Channel.FAX, M(3), M(3)),
    ],
)
def test_the_day_of_receipt(channel: Channel, confirmed: date | None, day: date) -> None:
    receipt = received_on(channel, M(2), confirmed=confirmed)
    assert receipt.day == day
    assert receipt.source == "ogi.31"
    late = channel is Channel.PLAIN_MAIL and confirmed == M(4)
    assert (receipt.irregular is not None) == late


def test_an_automatic_receipt_confirms_unless_the_organ_says_otherwise() -> None:
    assert received_on(Channel.ONLINE, M(7), automatic=True).day == M(7)
    strict = Conventions(online_receipt_on_submission=False)
    with pytest.raises(NotKnown):
        received_on(Channel.ONLINE, M(7), automatic=True, conventions=strict)
    with pytest.raises(NotKnown):
        received_on(Channel.PLAIN_MAIL, M(7), automatic=True)


def test_without_confirmation_there_is_no_day_of_receipt() -> None:
    for channel in (Channel.PLAIN_MAIL, Channel.ONLINE, Channel.FAX):
        with pytest.raises(NotKnown) as unknown:
            received_on(channel, M(2))
        assert "确认" in unknown.value.text.zh
    with pytest.raises(ClockError):
        received_on(Channel.FAX, M(2), confirmed=D("2026-03-01"))
