"""随机历史: events of an application drawn only from what is offered; used by tests of several."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gongkai.statute import case_events as e
from gongkai.statute.case_events import Act, Event
from gongkai.statute.case_state import Case
from gongkai.statute.clock_events import Channel, Whom
from gongkai.statute.grounds import REASONS, REFUSALS, Ground
from gongkai.statute.transitions import Offer

FIRST, LAST = date(2021, 1, 4), date(2026, 6, 30)
NAMES = ("甲公司示例", "乙单位示例", "丙合作社示例", "丁研究所示例")

Draw = Callable[[st.SearchStrategy[Any]], Any]


def days(first: date, last: date) -> st.SearchStrategy[date]:
    return st.dates(first, max(first, last))


def first_event(draw: Draw) -> Event:
    """How an application comes."""
    on = draw(days(FIRST, LAST))
    channel = draw(st.sampled_from(Channel))
    if draw(st.integers(0, 19)) == 19:
        answered = on + timedelta(days=draw(st.integers(0, 60)))
        ground = draw(st.sampled_from(Ground))
        return e.TakenOver(answered, on, channel, ground, extended=draw(st.booleans()))
    certain = channel in (Channel.IN_PERSON, Channel.SIGNED_MAIL)
    if not certain and draw(st.booleans()):
        return e.Logged(on, channel)
    confirmed = None if certain else on + timedelta(days=draw(st.integers(0, 3)))
    return e.Received(on, channel, confirmed)


def event_of(draw: Draw, case: Case, offer: Offer[Act], on: date) -> Event:
    """An event of an offered act, filled in as a person might."""
    act = offer.act
    late = "有正当理由" if "late_reason" in offer.needs else ""
    party = draw(st.sampled_from(offer.parties)) if offer.parties else ""
    made: Event
    match act:
        case Act.CLARIFY:
            until = draw(st.none() | days(on + timedelta(days=1), on + timedelta(days=30)))
            return e.ClarificationAsked(on, "请写明文件名称或者文号", until, late)
        case Act.CORRECT:
            return e.Corrected(on, late)
        case Act.CONSULT:
            asked = [c.party for c in case.round.consultations]
            name = next((n for n in NAMES if n not in asked), f"第{len(asked)}方示例")
            return e.ConsultationSent(on, name, draw(st.sampled_from(Whom)))
        case Act.SERVE:
            return e.ConsultationServed(on, party)
        case Act.OPINION:
            opinion = draw(st.sampled_from((*[e.Opinion.OBJECTION] * 3, *e.Opinion)))
            return e.OpinionReceived(on, party, opinion)
        case Act.SILENCE:
            return e.PartySilent(on, party)
        case Act.CALL_OFF:
            return e.CalledOff(on, party, "不再需要")
        case Act.TELL_PARTY:
            return e.PartyTold(on, party)
        case Act.GIVE_REASONS:
            return e.ReasonsGiven(on, draw(st.booleans()))
        case Act.DEFER:
            return e.Deferred(on, on + timedelta(days=draw(st.integers(90, 120))))
        case Act.CHARGE:
            return e.FeeNotified(on, Decimal(draw(st.integers(1, 5000))))
        case Act.REFUND:
            return e.FeeRefunded(on, Decimal("0.01"), "多收")
        case Act.DECIDE:
            return decided(draw, case, on)
        case Act.SIGN:
            return e.Signed(on, "示公开告〔2026〕1号")
        case Act.SEND:
            return e.Sent(on, draw(st.sampled_from(e.Way)))
        case Act.RECLASSIFY:
            draft = case.round.draft
            assert draft is not None
            kinds = [g for g, r in REASONS.items() if r.letter is draft.by_letter]
            ground = draw(st.sampled_from([g for g in kinds if g is not Ground.PARTLY]))
            return e.Reclassified(on, ground, "办结情况登记有误")
        case Act.REOPEN:
            until = draw(st.none() | days(on, on + timedelta(days=60)))
            return e.Reopened(on, "示复决〔2026〕1号", until)
        case Act.WAIVE | Act.END | Act.RETURN | Act.MISS | Act.RESUME:
            made = e.EVENTS[act](on, "示例原因")
        case _:
            made = e.EVENTS[act](on)
    return made


def decided(draw: Draw, case: Case, on: date) -> e.Decided:
    """An answer that this case may have."""
    reasons = case.round.reasons
    barred = {Ground.STILL_UNCLEAR}
    if any(c.corrected for one in case.rounds for c in one.clarifications):
        barred.clear()
    if reasons is None or reasons.reasonable is not False:
        barred.add(Ground.EXCESSIVE)
    barred.add(Ground.DISCLOSED if case.objecting else Ground.PUBLIC_INTEREST)
    grounds = [g for g, r in REASONS.items() if r.letter and g not in barred]
    ground = draw(st.sampled_from(grounds))
    if case.objecting and draw(st.booleans()):
        ground = Ground.PUBLIC_INTEREST
    withheld: tuple[Ground, ...] = ()
    overrides: tuple[str, ...] = ()
    if ground is Ground.PARTLY:
        withheld = (draw(st.sampled_from(REFUSALS)),)
        overrides = case.objecting[:1] if draw(st.booleans()) else ()
    elif ground is Ground.PUBLIC_INTEREST:
        overrides = tuple(dict.fromkeys(case.objecting))
    return e.Decided(on, ground, withheld, overrides, "网站示例栏目", "检索记录示例", "示例规定")


def forced(act: Act, on: date, case: Case) -> list[Event]:
    """The act whether offered or not, for every party there is."""
    asked = [c.party for c in case.round.consultations] if case.rounds else []
    parties = [*asked, NAMES[0], NAMES[1]]
    reason = "示例原因"
    match act:
        case Act.LOG:
            return [e.Logged(on, Channel.FAX)]
        case Act.RECEIVE:
            return [e.Received(on, Channel.IN_PERSON)]
        case Act.TAKE_OVER:
            return [e.TakenOver(on, on, Channel.IN_PERSON, Ground.DISCLOSED)]
        case Act.CLARIFY:
            return [e.ClarificationAsked(on, "示例", late_reason=reason)]
        case Act.CORRECT:
            return [e.Corrected(on, reason)]
        case Act.CONSULT:
            new = f"{NAMES[0]}{len(asked)}"
            return [e.ConsultationSent(on, new, whom) for whom in Whom]
        case Act.OPINION:
            return [e.OpinionReceived(on, p, e.Opinion.OBJECTION) for p in parties]
        case Act.CALL_OFF:
            return [e.CalledOff(on, p, reason) for p in parties]
        case Act.SERVE | Act.SILENCE | Act.TELL_PARTY:
            return [e.EVENTS[act](on, p) for p in parties]
        case Act.GIVE_REASONS:
            return [e.ReasonsGiven(on, True)]
        case Act.DEFER:
            return [e.Deferred(on, on + timedelta(days=n)) for n in (1, 30, 100)]
        case Act.CHARGE:
            return [e.FeeNotified(on, Decimal(100))]
        case Act.REFUND:
            return [e.FeeRefunded(on, Decimal("0.01"), reason)]
        case Act.DECIDE:
            grounds = [g for g in Ground if g is not Ground.PARTLY]
            return [e.Decided(on, g, (), (), reason, reason, reason) for g in grounds]
        case Act.SIGN:
            return [e.Signed(on, "示公开告〔2026〕1号")]
        case Act.SEND:
            return [e.Sent(on, way) for way in e.Way]
        case Act.RECLASSIFY:
            return [e.Reclassified(on, g, reason) for g in Ground if g is not Ground.PARTLY]
        case Act.REOPEN:
            return [e.Reopened(on, "示复决〔2026〕1号")]
        case Act.WAIVE | Act.END | Act.RETURN | Act.MISS | Act.RESUME:
            return [e.EVENTS[act](on, reason)]
        case _:
            return [e.EVENTS[act](on)]
