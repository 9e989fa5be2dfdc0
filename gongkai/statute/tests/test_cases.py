"""一件申请的一生: worked dates, every guard of the table in words, rounds, what is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gongkai.statute import cases, dated, workdays
from gongkai.statute.case_events import (
    DEFAULT,
    Accepted,
    Act,
    AnswerDay,
    Approved,
    Archived,
    Arrival,
    CalledOff,
    CaseConventions,
    ClarificationAsked,
    Confirmed,
    ConsultationSent,
    ConsultationServed,
    Corrected,
    Decided,
    Deferred,
    Delivered,
    Ended,
    Event,
    ExtensionApproved,
    ExtensionTold,
    FeeNotified,
    FeePaid,
    FeeRefunded,
    FeeUnpaid,
    FeeWaived,
    Lapsed,
    Logged,
    Missed,
    Opinion,
    OpinionReceived,
    PartySilent,
    PartyTold,
    ReasonsAsked,
    ReasonsGiven,
    Received,
    Reclassified,
    Reopened,
    Resumed,
    Returned,
    Reviewed,
    Sent,
    Signed,
    TakenOver,
    Way,
    Withdrawn,
    receipt_day,
)
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import State
from gongkai.statute.cases import Await, acts, awaited, replay
from gongkai.statute.clock_events import Channel, Whom
from gongkai.statute.clocks import State as Running
from gongkai.statute.grounds import Ground
from gongkai.statute.transitions import Illegal, Offer

D = date.fromisoformat
FIRM = "甲公司示例"
OTHER = "乙单位示例"
ORGAN = "青石区档案馆"


def M(day: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, day)


COME: tuple[Event, ...] = (Received(M(2), Channel.SIGNED_MAIL),)
BEGUN = (*COME, Accepted(M(3)))


def signed(on: date, ground: Ground = Ground.DISCLOSED, **more: object) -> tuple[Event, ...]:
    """From the draft to the number, all on one day."""
    return (
        Decided(on, ground, **more),  # type: ignore[arg-type]
        Reviewed(on),
        Approved(on),
        Signed(on, "示公开告〔2026〕1号"),
    )


def delivered(on: date, ground: Ground = Ground.DISCLOSED, **more: object) -> tuple[Event, ...]:
    return (*signed(on, ground, **more), Sent(on, Way.IN_PERSON), Delivered(on))


def illegal(events: Sequence[Event], conventions: CaseConventions = DEFAULT) -> str:
    """The sentence with which the last of these events is refused; all before it are taken."""
    replay(events[:-1], conventions)
    with pytest.raises(Illegal) as error:
        replay(events, conventions)
    assert error.value.event == events[-1] and error.value.at == len(events) - 1
    text = error.value.text
    assert text.en and "{" not in text.zh + text.en
    return text.zh


def offered(case: Case, act: Act, on: date) -> Offer[Act]:
    (found,) = (one for one in acts(case, on) if one.act is act)
    assert found.may is (found.why_not is None)
    return found


# -- the day of receipt


@pytest.mark.parametrize(
    ("channel", "arrival", "day", "said"),
    [
        (Channel.IN_PERSON, Arrival(M(7)), M(7), "当面提交"),
        (Channel.SIGNED_MAIL, Arrival(M(2)), M(2), "签收"),
        (Channel.PLAIN_MAIL, Arrival(M(2), M(3)), M(3), "确认"),
        (Channel.FAX, Arrival(M(2), M(4)), M(4), "确认"),
        (Channel.ONLINE, Arrival(M(2), M(4)), M(4), "确认"),
        (Channel.ONLINE, Arrival(M(2), automatic=True), M(2), "即时"),
        (Channel.SIGNED_MAIL, Arrival(M(2), M(5), misdirected=True), M(5), "寄给其他机构"),
    ],
)
def test_the_day_of_receipt_by_channel(
    channel: Channel, arrival: Arrival, day: date, said: str
) -> None:
    found = receipt_day(channel, arrival)
    assert found.day == day
    assert said in found.reason.zh


@pytest.mark.parametrize(
    ("channel", "arrival"),
    [
        (Channel.FAX, Arrival(M(2))),
        (Channel.PLAIN_MAIL, Arrival(M(2))),
        (Channel.IN_PERSON, Arrival(M(2), misdirected=True)),
    ],
)
def test_unconfirmed_is_not_received(channel: Channel, arrival: Arrival) -> None:
    with pytest.raises(dated.NotKnown):
        receipt_day(channel, arrival)


def test_an_application_waits_for_its_confirmation_and_no_clock_runs() -> None:
    case = replay([Logged(M(2), Channel.FAX)])
    assert (case.state, case.clock, case.due) == (State.UNCONFIRMED, None, None)
    assert [one.what for one in awaited(case)] == [Await.CONFIRMATION]
    case = replay([Logged(M(2), Channel.FAX), Confirmed(M(4))])
    assert case.state is State.RECEIVED and case.receipt is not None
    assert case.receipt.day == M(4)
    assert case.due == workdays.add_working_days(M(4), 20).end
    assert "直接登记收到" in illegal([Logged(M(2), Channel.IN_PERSON)])
    assert "尚未确认" in illegal([Received(M(2), Channel.FAX)])


# -- worked dates


@pytest.mark.parametrize(
    ("receipt", "twenty", "forty"),
    [
        ("2022-01-24", "2022-02-24", "2022-03-24"),
        ("2023-09-27", "2023-10-31", "2023-11-28"),
        ("2025-01-24", "2025-02-27", "2025-03-27"),
        ("2026-02-13", "2026-03-19", "2026-04-17"),
        ("2026-09-18", "2026-10-22", "2026-11-19"),
    ],
)
def test_the_worked_dates_of_twenty_and_forty_days(receipt: str, twenty: str, forty: str) -> None:
    begun = [Received(D(receipt), Channel.IN_PERSON), Accepted(D(receipt))]
    assert replay(begun).due == D(twenty)
    told = D(twenty)  # the last day is in time
    longer = [*begun, ExtensionApproved(told), ExtensionTold(told)]
    assert replay(longer).due == D(forty)


def test_the_worked_consultation() -> None:
    asked = [*BEGUN, ConsultationSent(M(9), FIRM)]
    replied = [*asked, OpinionReceived(M(20), FIRM, Opinion.CONSENT)]
    assert replay(replied).due == D("2026-04-13")
    on = M(27)
    assert replay([*replied, ExtensionApproved(on), ExtensionTold(on)]).due == D("2026-05-13")
    silent = [*asked, ConsultationServed(M(10), FIRM)]
    assert replay(silent).due == D("2026-04-22")


def test_received_on_a_day_off() -> None:
    assert replay([Received(M(7), Channel.IN_PERSON)]).due == D("2026-04-03")


# -- 补正


def test_clarification_is_asked_for_within_seven_working_days() -> None:
    last = M(11)
    assert offered(replay(BEGUN), Act.CLARIFY, last).may
    assert not offered(replay(BEGUN), Act.CLARIFY, last + timedelta(days=1)).may
    late = [*BEGUN, ClarificationAsked(M(12), "请写明文号")]
    assert "2026年3月11日" in illegal(late)
    lenient = replace(DEFAULT, late_clarification=True)
    assert "逾期的原因" in illegal(late, lenient)
    assert "late_reason" in _needs(replay(BEGUN, lenient), Act.CLARIFY, M(12))
    assert "late_reason" not in _needs(replay(BEGUN, lenient), Act.CLARIFY, last)
    case = replay([*BEGUN, ClarificationAsked(M(12), "文号", late_reason="案由复杂")], lenient)
    assert case.state is State.AWAITING_CLARIFICATION


def _needs(case: Case, act: Act, on: date) -> tuple[str, ...]:
    return offered(case, act, on).needs


def test_the_clock_starts_again_with_the_correction_and_lapses_without() -> None:
    asked = [*COME, ClarificationAsked(M(4), "请写明文号", until=M(18))]
    case = replay(asked)
    assert (case.state, case.due) == (State.AWAITING_CLARIFICATION, None)
    assert [(one.what, one.until) for one in awaited(case)] == [(Await.CLARIFICATION, M(18))]
    assert replay([*asked, Corrected(M(12))]).due == D("2026-04-10")
    assert "2026年3月18日" in illegal([*asked, Lapsed(M(18))])
    lapsed = replay([*asked, Lapsed(M(19))])
    assert lapsed.state is State.LAPSED and lapsed.row == "other_not_clarified"
    assert lapsed.clock is not None and lapsed.clock.state is Running.LAPSED
    assert lapsed.concluded_on == M(19) and not lapsed.late
    assert "逾期的原因" in illegal([*asked, Corrected(M(20))])
    assert replay([*asked, Corrected(M(20), "住院治疗")]).state is State.HANDLING


def test_clarification_once_and_not_a_second_time() -> None:
    corrected = [*COME, ClarificationAsked(M(3), "文号"), Corrected(M(4))]
    assert "一次性" in illegal([*corrected, ClarificationAsked(M(5), "年份")])
    twice = replace(DEFAULT, clarifications=2)
    again = [*corrected, ClarificationAsked(M(13), "年份")]  # 7 days from the correction
    assert replay(again, twice).state is State.AWAITING_CLARIFICATION
    assert "届满" in illegal([*corrected, ClarificationAsked(M(16), "年份")], twice)


def test_still_unclear_is_an_answer_after_a_correction_only() -> None:
    assert "没有收到过补正" in illegal([*BEGUN, Decided(M(9), Ground.STILL_UNCLEAR)])
    corrected = [*COME, ClarificationAsked(M(3), "文号"), Corrected(M(4))]
    done = [*corrected, *delivered(M(9), Ground.STILL_UNCLEAR)]
    assert replay(done).row == "unavailable_still_unclear"


def test_a_case_closed_by_mistake_goes_on_where_it_stood() -> None:
    asked = [*COME, ClarificationAsked(M(4), "文号", until=M(18))]
    resumed = [*asked, Lapsed(M(20)), Resumed(M(24), "补正已于3月17日寄到")]
    assert replay(resumed).state is State.AWAITING_CLARIFICATION
    assert replay(resumed).conclusion is None
    found = replay([*resumed, Corrected(M(17))])
    assert found.state is State.HANDLING
    assert found.due == workdays.add_working_days(M(17), 20).end
    drafted = [*BEGUN, *signed(M(9)), Withdrawn(M(10)), Resumed(M(11), "撤回的是另一件")]
    again = replay(drafted)
    assert again.state is State.SIGNED and again.round.draft is not None
    assert again.round.draft.number == "示公开告〔2026〕1号"
    unconfirmed = [Logged(M(2), Channel.FAX), Withdrawn(M(3)), Resumed(M(4), "误登")]
    assert replay([*unconfirmed, Confirmed(M(5))]).state is State.RECEIVED


# -- 征求意见


def asked_two() -> list[Event]:
    return [
        *BEGUN,
        ConsultationSent(M(4), FIRM),
        ConsultationSent(M(4), ORGAN, Whom.JOINT_MAKER),
        ConsultationServed(M(5), FIRM),
        ConsultationServed(M(5), ORGAN),
    ]


def test_several_parties_each_with_its_own_days() -> None:
    case = replay(asked_two())
    limit = workdays.add_working_days(M(5), 15).end
    assert [(one.party, one.until) for one in awaited(case)] == [(FIRM, limit), (ORGAN, limit)]
    assert offered(case, Act.OPINION, M(9)).parties == (FIRM, ORGAN)
    assert "尚不能登记逾期" in illegal([*asked_two(), PartySilent(limit, FIRM)])
    assert offered(case, Act.SILENCE, limit + timedelta(days=1)).parties == (FIRM, ORGAN)
    assert "征求意见尚未结束" in illegal([*asked_two(), Decided(M(9), Ground.DISCLOSED)])
    assert "已向" in illegal([*asked_two(), ConsultationSent(M(9), FIRM)])


def test_silence_consents_for_a_joint_maker_only() -> None:
    after = workdays.add_working_days(M(5), 15).end + timedelta(days=1)
    case = replay([*asked_two(), PartySilent(after, FIRM), PartySilent(after, ORGAN)])
    consents = {one.party: one.consents for one in case.round.consultations}
    assert consents == {FIRM: None, ORGAN: True}
    assert awaited(case) == () and case.objecting == ()


def test_a_party_is_silent_only_once_it_is_known_when_it_was_served() -> None:
    sent = [*BEGUN, ConsultationSent(M(4), FIRM)]
    assert "收到征求意见书的日期" in illegal([*sent, PartySilent(D("2026-04-30"), FIRM)])
    off = replay([*sent, CalledOff(M(9), FIRM, "不再需要")])
    assert awaited(off) == () and off.due == workdays.add_working_days(M(2), 23).end


def test_an_objection_is_overridden_for_the_public_interest_and_told() -> None:
    objects = [
        *BEGUN,
        ConsultationSent(M(4), FIRM),
        OpinionReceived(M(9), FIRM, Opinion.OBJECTION),
        ConsultationSent(M(9), OTHER),
        OpinionReceived(M(10), OTHER, Opinion.CONSENT),
    ]
    assert replay(objects).objecting == (FIRM,)
    assert FIRM in illegal([*objects, Decided(M(11), Ground.DISCLOSED)])
    assert FIRM in illegal([*objects, Decided(M(11), Ground.PUBLIC_INTEREST)])
    wrong = Decided(M(11), Ground.PUBLIC_INTEREST, overrides=(FIRM, OTHER))
    assert "没有提出不同意见" in illegal([*objects, wrong])
    done = [*objects, *signed(M(11), Ground.PUBLIC_INTEREST, overrides=(FIRM,))]
    assert [one.what for one in awaited(replay(done))] == [Await.PARTY_NOTICE]
    assert FIRM in illegal([*done, Sent(M(12), Way.MAIL)])
    told = [*done, PartyTold(M(12), FIRM), Sent(M(12), Way.MAIL)]
    assert replay(told).state is State.SENT
    assert "没有可以登记" in illegal([*told, PartyTold(M(12), FIRM)])
    refused = [*objects, *delivered(M(11), Ground.THIRD_PARTY)]
    assert replay(refused).row == "refused_third_party"


# -- 延期


def test_an_extension_takes_effect_when_the_applicant_is_told() -> None:
    consented = [*BEGUN, ExtensionApproved(M(20), reason="需检索历史档案")]
    case = replay(consented)
    assert case.due == M(30)
    assert [(one.what, one.until) for one in awaited(case)] == [(Await.EXTENSION_NOTICE, M(30))]
    assert replay([*consented, ExtensionTold(M(30))]).due == D("2026-04-28")
    assert "逾期" in illegal([*consented, ExtensionTold(M(31))])
    assert "尚未告知" in illegal([*consented, ExtensionApproved(M(21))])
    assert "没有待告知" in illegal([*BEGUN, ExtensionTold(M(20))])
    decision = replace(DEFAULT, extension_must_reach_applicant=False)
    assert replay(consented, decision).due == D("2026-04-28")
    late = replay([*consented, ExtensionTold(M(31))], decision)
    assert late.due == D("2026-04-28") and late.round.pending is None


def test_an_extension_is_offered_within_the_first_twenty_working_days_only() -> None:
    case = replay(BEGUN)
    assert offered(case, Act.EXTEND, M(30)).may
    after = offered(case, Act.EXTEND, M(31))
    assert not after.may and after.why_not is not None and "届满" in after.why_not.zh
    assert "20" in illegal([*BEGUN, ExtensionApproved(M(20), days=21)])
    told = [*BEGUN, ExtensionApproved(M(20)), ExtensionTold(M(20))]
    assert "一次" in illegal([*told, ExtensionApproved(M(23))])


def test_a_draft_on_its_way_may_still_be_extended() -> None:
    case = replay([*BEGUN, Decided(M(27), Ground.DISCLOSED)])
    assert offered(case, Act.EXTEND, M(30)).may
    assert not offered(case, Act.CONSULT, M(30)).may


# -- 第三十五条


def test_excessive_needs_reasons_asked_for_first() -> None:
    excessive = Decided(M(16), Ground.EXCESSIVE)
    assert "先要求说明理由" in illegal([*BEGUN, excessive])
    asked = [*BEGUN, ReasonsAsked(M(4))]
    until = workdays.add_working_days(M(4), 7).end
    assert [(one.what, one.until) for one in awaited(replay(asked))] == [(Await.REASONS, until)]
    assert "先要求" in illegal([*asked, replace(excessive, on=until)])
    replay([*asked, replace(excessive, on=until + timedelta(days=1))])  # none came
    good = [*asked, ReasonsGiven(M(6), True)]
    assert "先要求" in illegal([*good, excessive])
    replay([*asked, ReasonsGiven(M(6), False), excessive])
    assert "没有等待" in illegal([*good, ReasonsGiven(M(9), True)])


def test_good_reasons_may_lead_to_a_later_date() -> None:
    good = [*BEGUN, ReasonsAsked(M(4)), ReasonsGiven(M(6), True)]
    later = [*good, Deferred(M(20), D("2026-06-30"))]
    case = replay(later)
    assert case.due == D("2026-06-30")
    assert case.clock is not None and case.clock.due == M(30), "the clock itself is not bent"
    assert "并晚于该日" in illegal([*good, Deferred(M(20), M(30))])
    assert "并晚于该日" in illegal([*good, Deferred(M(31), D("2026-06-30"))])
    assert "只有" in illegal([*BEGUN, Deferred(M(20), D("2026-06-30"))])
    assert "已确定" in illegal([*later, ExtensionApproved(M(23))])


# -- 收费


def fee(on: date | None = None) -> FeeNotified:
    return FeeNotified(on or M(9), Decimal("380"))


def test_payment_starts_the_period_anew_and_no_payment_ends_the_case() -> None:
    charged = [*BEGUN, fee()]
    last = workdays.add_working_days(M(9), 20).end
    assert [(one.what, one.until) for one in awaited(replay(charged))] == [(Await.PAYMENT, last)]
    assert replay([*charged, FeePaid(M(20))]).due == workdays.add_working_days(M(20), 20).end
    next_day = last + timedelta(days=1)
    assert "退还" in illegal([*charged, FeePaid(next_day)])
    assert "届满" in illegal([*charged, FeeUnpaid(last)])
    assert replay([*charged, FeeUnpaid(next_day)]).row == "other_unpaid"
    overlooked = [*charged, FeeUnpaid(next_day), Resumed(next_day, "已于当日到账"), FeePaid(last)]
    assert replay(overlooked).state is State.HANDLING
    paid = [*charged, FeePaid(M(20))]
    assert "只能收取一次" in illegal([*paid, fee(M(23))])
    refunded = replay([*paid, FeeRefunded(M(23), Decimal("80"), "计错")])
    assert refunded.charged is not None and refunded.charged.refunded == 80
    assert "超过已缴" in illegal([*paid, FeeRefunded(M(23), Decimal("381"), "计错")])
    assert "大于零" in illegal([*BEGUN, FeeNotified(M(9), Decimal(0))])


def test_a_waived_fee_never_stopped_the_clock_unless_the_organ_says_so() -> None:
    waived = [*BEGUN, fee(), FeeWaived(M(16), "低保家庭")]
    assert replay(waived).due == M(30)
    restarts = replace(DEFAULT, waived_fee_restarts=True)
    assert replay(waived, restarts).due == workdays.add_working_days(M(16), 20).end


# -- the answer


def test_an_answer_goes_through_review_approval_and_number() -> None:
    drafted = [*BEGUN, Decided(M(9), Ground.DISCLOSED)]
    assert "当前状态为“待审核”" in illegal([*drafted, Approved(M(9))])
    returned = [*drafted, Reviewed(M(10)), Returned(M(11), "理由不足")]
    case = replay(returned)
    assert case.state is State.HANDLING and case.round.draft is None
    assert "文号" in illegal([*drafted, Reviewed(M(10)), Approved(M(10)), Signed(M(10), "")])
    done = replay([*returned, *delivered(M(12)), Archived(M(20))])
    assert done.state is State.ARCHIVED and done.row == "granted"
    assert [offer.act for offer in acts(done, M(20)) if offer.may] == [
        Act.RECLASSIFY,
        Act.REOPEN,
    ]


@pytest.mark.parametrize(
    ("ground", "need"),
    [
        (Ground.NOT_FOUND, "检索记录"),
        (Ground.PUBLISHED, "方式和途径"),
        (Ground.CONFIRMATION, "所依据的规定"),
        (Ground.PARTLY, "不公开的部分"),
    ],
)
def test_a_decision_says_what_its_ground_asks_for(ground: Ground, need: str) -> None:
    assert need in illegal([*BEGUN, Decided(M(9), ground)])


def test_what_ends_without_a_letter_is_no_decision() -> None:
    assert "不以答复书办结" in illegal([*BEGUN, Decided(M(9), Ground.WITHDRAWN)])
    assert replay([*BEGUN, Withdrawn(M(9))]).row == "other_misc"
    assert replay([*BEGUN, Ended(M(9), "申请人去世")]).row == "other_misc"
    part = Decided(M(9), Ground.PARTLY, withheld=(Ground.INQUIRY,))
    assert "第十四条至第十六条" in illegal([*BEGUN, part])


def test_the_day_of_the_answer_by_way_of_delivery() -> None:
    begun = [*BEGUN, *signed(M(27))]
    mailed = [*begun, Sent(M(30), Way.MAIL), Delivered(D("2026-04-02"))]
    case = replay(mailed)
    assert case.concluded_on == M(30) and not case.late
    on_receipt = replace(DEFAULT, mail_answer_day=AnswerDay.RECEIVED)
    assert replay(mailed, on_receipt).concluded_on == D("2026-04-02")
    assert replay(mailed, on_receipt).late
    by_hand = [*begun, Sent(M(30), Way.IN_PERSON), Delivered(M(31))]
    assert replay(by_hand).concluded_on == M(31) and replay(by_hand).late
    missed = [*begun, Sent(M(30), Way.MAIL), Missed(M(31), "地址有误，退回")]
    assert replay(missed).state is State.SIGNED and replay(missed).concluded_on is None


def test_an_old_case_counts_in_the_form_of_its_year() -> None:
    old = [Received(D("2020-03-02"), Channel.IN_PERSON), Withdrawn(D("2020-03-05"))]
    assert replay(old).row == "other"


def test_a_wrong_row_is_corrected_and_both_are_kept() -> None:
    done = [*BEGUN, *delivered(M(9), Ground.NOT_OURS)]
    fixed = [*done, Reclassified(M(16), Ground.NOT_FOUND, "登记有误")]
    assert replay(fixed).conclusion is not None
    assert replay(fixed).row == "unavailable_not_held"
    assert len(replay(fixed).events) == len(done) + 1
    assert "不以答复书" in illegal([*done, Reclassified(M(16), Ground.UNPAID, "登记有误")])
    gone = [*BEGUN, Withdrawn(M(9))]
    assert "没有作出答复" in illegal([*gone, Reclassified(M(16), Ground.DISCLOSED, "登记有误")])


# -- rounds


def test_a_remedy_reopens_the_case_with_its_own_clock() -> None:
    done = [*BEGUN, *delivered(M(9), Ground.PROCESS)]
    reopened = [*done, Reopened(D("2026-06-01"), "示复决〔2026〕1号")]
    case = replay(reopened)
    assert case.state is State.HANDLING and len(case.rounds) == 2
    assert case.due == workdays.add_working_days(D("2026-06-01"), 20).end
    assert case.conclusion is None
    assert "不适用第三十三条的延期" in illegal([*reopened, ExtensionApproved(D("2026-06-02"))])
    ordered = [*done, Reopened(D("2026-06-01"), "示复决〔2026〕1号", D("2026-06-12"))]
    assert replay(ordered).due == D("2026-06-12")
    answered = replay([*ordered, *delivered(D("2026-06-12"))])
    assert answered.row == "granted" and not answered.late
    assert replay([*ordered, *delivered(D("2026-06-15"))]).late
    waiting = [*BEGUN, ClarificationAsked(M(9), "请写明年份")]
    asked = replay([*waiting, Reopened(D("2026-06-01"), "示复决〔2026〕3号", D("2026-06-12"))])
    assert (asked.state, asked.due) == (State.HANDLING, D("2026-06-12"))
    silent = [*BEGUN, Reopened(D("2026-06-01"), "示复决〔2026〕2号")]
    assert replay(silent).due == workdays.add_working_days(D("2026-06-01"), 20).end


# -- order


def test_what_is_told_in_the_wrong_order_is_refused() -> None:
    assert "当前状态" in illegal([*BEGUN, Received(M(4), Channel.IN_PERSON)])
    assert "早于已登记" in illegal([*BEGUN, Decided(M(2), Ground.DISCLOSED)])
    with pytest.raises(Illegal) as error:
        replay([Accepted(M(2))])
    assert "还没有登记" in error.value.text.zh and error.value.at == 0
    with pytest.raises(Illegal):
        replay([Received(D("2018-03-01"), Channel.IN_PERSON)])  # no such Regulations yet


def test_facts_may_be_recorded_after_later_ones() -> None:
    events = [*BEGUN, ConsultationSent(M(4), FIRM), ConsultationSent(M(16), OTHER)]
    late = [*events, ConsultationServed(M(5), FIRM), OpinionReceived(M(10), FIRM, Opinion.CONSENT)]
    assert replay(late).latest == M(16)
    assert "早于前一环节" in illegal([*events, ConsultationServed(M(3), FIRM)])
    consented = [*BEGUN, ExtensionApproved(M(12)), ConsultationSent(M(16), OTHER)]
    assert replay([*consented, ExtensionTold(M(13))]).round.pending is None
    assert "早于前一环节" in illegal([*consented, ExtensionTold(M(11))])


def test_the_question_may_be_asked_as_of_a_day() -> None:
    case = replay(BEGUN, as_of=D("2026-04-01"))
    assert case.clock is not None and case.clock.state is Running.OVERDUE
    assert case.clock.left == -2
    done = replay([*BEGUN, *delivered(M(27))], as_of=D("2026-12-01"))
    assert done.clock is not None and done.clock.as_of == M(27)
    assert cases.follow(replay(BEGUN), fee()) == replay([*BEGUN, fee()])


def test_a_year_without_a_notice_is_provisional_and_said_so() -> None:
    case = replay([Received(D("2026-12-21"), Channel.IN_PERSON)])
    assert case.clock is not None and case.clock.provisional


# -- 旧台账


def _taken_over(answered: date, received: date, **more: Any) -> Case:
    event = TakenOver(answered, received, Channel.ONLINE, Ground.DISCLOSED, **more)
    return replay([event])


def test_an_old_ledger_tells_a_closed_case_in_one_event() -> None:
    case = _taken_over(date(2023, 4, 20), date(2023, 3, 1), number="示公开告〔2023〕8号")
    assert (case.state, case.closed, case.row) == (State.ARCHIVED, True, "granted")
    assert case.concluded_on == date(2023, 4, 20)
    assert case.due == date(2023, 3, 29)


def test_what_an_old_ledger_does_not_tell_makes_no_answer_late() -> None:
    # A third party may have been asked: days that Art 33 does not count, and no column tells of.
    silent = _taken_over(date(2023, 4, 20), date(2023, 3, 1))
    assert not silent.late
    told = _taken_over(date(2023, 4, 20), date(2023, 3, 1), until=date(2023, 4, 19))
    assert told.late


def test_an_extension_or_a_correction_in_the_old_ledger_moves_the_day_due() -> None:
    extended = _taken_over(date(2023, 4, 20), date(2023, 3, 1), extended=True)
    assert (extended.due, extended.late) == (date(2023, 4, 26), False)
    corrected = _taken_over(date(2023, 4, 20), date(2023, 3, 1), corrected=date(2023, 4, 3))
    assert not corrected.late
    said = _taken_over(date(2023, 4, 20), date(2023, 3, 1), until=date(2023, 4, 20))
    assert (said.due, said.late) == (date(2023, 4, 20), False)


def test_before_the_first_form_an_old_case_is_kept_and_counts_in_no_row() -> None:
    case = _taken_over(date(2016, 4, 20), date(2016, 3, 1))
    assert (case.row, case.due, case.late) == (None, None, False)


def test_an_old_ledger_cannot_answer_before_it_received() -> None:
    with pytest.raises(Illegal, match="the old ledger"):
        _taken_over(date(2023, 3, 1), date(2023, 3, 2))
