"""一件申请的一生: replay its events to where it stands; say what can be done next, and why not.

`replay` is the only way to a `Case`: the same events, conventions and calendar always give the same
one. `acts` lists every act of the table with whether it may be done on a day; what it offers,
`replay` takes, and what it refuses, `replay` refuses in the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from gongkai.statute import case_effects as effects
from gongkai.statute import case_events as e
from gongkai.statute import case_words as say
from gongkai.statute import workdays
from gongkai.statute.case_events import DEFAULT, Act, CaseConventions, Event
from gongkai.statute.case_state import Case
from gongkai.statute.case_table import CLOSED, TABLE, State
from gongkai.statute.clocks import Clock
from gongkai.statute.grounds import Ground
from gongkai.statute.texts import Text
from gongkai.statute.transitions import (
    Illegal,
    Offer,
    Refused,
    Turn,
    lacking,
    not_here,
    offer,
    too_early,
    unfilled,
)
from gongkai.statute.workdays import Calendar


def replay(
    events: Iterable[Event],
    conventions: CaseConventions = DEFAULT,
    calendar: Calendar | None = None,
    *,
    as_of: date | None = None,
) -> Case:
    """Where an application stands after ``events``, in the order they were recorded.

    ``as_of``: the day the question is asked, for what is open, late or left. Raises Illegal for a
    history the table, the clock or the law does not allow, naming the event and why.
    """
    case = Case(conventions, calendar or workdays.official())
    for event in events:
        case = _legal(case, event)
    return replace(case, clock=_clock(case, as_of))


def follow(case: Case, event: Event, *, as_of: date | None = None) -> Case:
    """The case after one more event: what replaying all of them gives. Raises Illegal."""
    after = _legal(case, event)
    return replace(after, clock=_clock(after, as_of))


def _legal(case: Case, event: Event) -> Case:
    try:
        return _step(case, event)
    except Refused as refused:
        raise Illegal(refused.text, event, len(case.events)) from None


def _step(case: Case, event: Event) -> Case:
    """The case after one more event. Raises Refused."""
    row = TABLE.find(case.state, event.act)
    if row is None:
        raise Refused(not_here(TABLE, case.state, event.act))
    if event.on < case.latest and not row.late:
        raise Refused(too_early(TABLE, event.act, event.on, case.latest))
    if empty := unfilled(row, event):
        raise Refused(lacking(TABLE, event.act, empty))
    effect = effects.EFFECTS.get(event.act)
    after = case if effect is None else effect(case, event)
    state = TABLE.target(case.state, row, case.came_from)
    closing = state in CLOSED and row.to is not Turn.STAY
    return replace(
        after,
        events=(*case.events, event),
        state=state,
        came_from=case.state if closing else case.came_from,
        latest=max(after.latest, event.on),
    )


def _clock(case: Case, as_of: date | None) -> Clock | None:
    """The clock of the current round: a concluded case is asked as of that day."""
    if not case.rounds or (case.receipt is None and len(case.rounds) == 1):
        return None
    day = case.concluded_on if case.closed else as_of
    if day is not None and not case.closed:
        day = max(day, case.latest)  # nobody asks about a day before what has happened
    try:
        return effects.clock_of(case, day)
    except Refused:
        if case.round.taken_over:
            return None  # of a year without a calendar, or by days that no period explains
        raise


# -- what is waited for


class Await(StrEnum):
    """等待事项: what a case waits for, and from whom."""

    CONFIRMATION = "confirmation"  # 确认收到
    CLARIFICATION = "clarification"  # 补正
    PAYMENT = "payment"  # 缴费
    OPINION = "opinion"  # 意见
    REASONS = "reasons"  # 理由
    EXTENSION_NOTICE = "extension_notice"  # 告知延期
    PARTY_NOTICE = "party_notice"  # 告知第三方
    DELIVERY = "delivery"  # 送达


@dataclass(frozen=True, slots=True)
class Awaited:
    """待办: what is waited for since when; ``until`` None where no day is known."""

    what: Await
    text: Text
    since: date
    until: date | None = None
    party: str = ""


def awaited(case: Case) -> tuple[Awaited, ...]:
    """Everything the case waits for now."""
    return tuple(_awaited(case))


def _awaited(case: Case) -> Iterator[Awaited]:
    if case.state is State.UNCONFIRMED:
        assert case.arrival is not None
        yield Awaited(Await.CONFIRMATION, say.confirmation(), case.arrival.arrived)
    if not case.rounds or case.closed:
        return
    now, clock = case.round, effects.clock_of(case)
    limits = {limit.id: limit.on for limit in clock.limits}
    if case.state is State.AWAITING_CLARIFICATION:
        since = now.clarifications[-1].notified
        yield Awaited(Await.CLARIFICATION, say.correction(), since, limits["clarification"])
    if case.state is State.AWAITING_PAYMENT and now.fee is not None:
        yield Awaited(Await.PAYMENT, say.payment(), now.fee.notified, limits["payment"])
    for one in now.consultations:
        if one.open:
            until = effects.opinion_limit(case, one)
            yield Awaited(Await.OPINION, say.opinion(one.party), one.sent, until, one.party)
    if now.reasons is not None and now.reasons.given is None and now.draft is None:
        yield Awaited(Await.REASONS, say.reasons(), now.reasons.asked, now.reasons.until)
    if now.pending is not None:
        notice = say.extension_notice()
        yield Awaited(Await.EXTENSION_NOTICE, notice, now.pending.on, clock.first_due)
    if now.draft is not None:
        for party in now.draft.overrides:
            if party not in now.draft.told:
                notice = say.party_notice(party)
                yield Awaited(Await.PARTY_NOTICE, notice, now.draft.on, None, party)
        if now.draft.sent is not None:
            yield Awaited(Await.DELIVERY, say.delivery(), now.draft.sent)


# -- what may be done


def acts(case: Case, on: date) -> tuple[Offer[Act], ...]:
    """Every act of the table: whether it may be done on the day ``on``, and why not."""
    return tuple(offered(case, act, on) for act in TABLE.acts)


def offered(case: Case, act: Act, on: date) -> Offer[Act]:
    """One act of the table: whether it may be done on the day ``on``, and why not."""
    samples = _samples(case, act, on) if TABLE.find(case.state, act) else []
    found, taken = offer(
        TABLE,
        case.state,
        act,
        samples,
        lambda event: _step(case, event),
        first_only=act in _WITH_REASON,
    )
    late = act in _WITH_REASON and any(getattr(one, "late_reason", "") for one in taken)
    parties = [getattr(one, "party", "") for one in taken if act is not Act.CONSULT]
    return replace(
        found,
        needs=(*found.needs, "late_reason") if late else found.needs,
        parties=tuple(party for party in parties if party),
    )


_WITH_REASON = (Act.CLARIFY, Act.CORRECT)  # tried without a reason for being late, then with one


def _samples(case: Case, act: Act, on: date) -> list[Event]:
    """Events of this act that are filled in as well as can be: if none is taken, none can be."""
    now = case.round if case.rounds else None
    asked = [c.party for c in now.consultations] if now else []
    overrides = now.draft.overrides if now and now.draft else ()
    given = "…"
    parties = asked or [given]
    match act:
        case Act.LOG | Act.RECEIVE | Act.TAKE_OVER:
            return []
        case Act.CLARIFY:
            return [
                e.ClarificationAsked(on, given),
                e.ClarificationAsked(on, given, late_reason=given),
            ]
        case Act.CORRECT:
            return [e.Corrected(on), e.Corrected(on, given)]
        case Act.CONSULT:
            return [e.ConsultationSent(on, _new_name(asked))]
        case Act.SERVE:
            return [e.ConsultationServed(on, p) for p in parties]
        case Act.OPINION:
            return [e.OpinionReceived(on, p, e.Opinion.CONSENT) for p in parties]
        case Act.SILENCE:
            return [e.PartySilent(on, p) for p in parties]
        case Act.CALL_OFF:
            return [e.CalledOff(on, p, given) for p in parties]
        case Act.TELL_PARTY:
            return [e.PartyTold(on, p) for p in overrides or (given,)]
        case Act.GIVE_REASONS:
            return [e.ReasonsGiven(on, False)]
        case Act.DEFER:
            return [e.Deferred(on, _after_due(case, on))]
        case Act.CHARGE:
            return [e.FeeNotified(on, Decimal(1))]
        case Act.WAIVE:
            return [e.FeeWaived(on, given)]
        case Act.REFUND:
            return [e.FeeRefunded(on, Decimal("0.01"), given)]
        case Act.END:
            return [e.Ended(on, given)]
        case Act.DECIDE:
            return [e.Decided(on, Ground.NEEDS_CREATION)]
        case Act.RETURN:
            return [e.Returned(on, given)]
        case Act.SIGN:
            return [e.Signed(on, given)]
        case Act.SEND:
            return [e.Sent(on, e.Way.MAIL)]
        case Act.MISS:
            return [e.Missed(on, given)]
        case Act.RECLASSIFY:
            return [e.Reclassified(on, ground, given) for ground in _SAME_KIND]
        case Act.RESUME:
            return [e.Resumed(on, given)]
        case Act.REOPEN:
            return [e.Reopened(on, given)]
        case _:
            return [e.EVENTS[act](on)]


_SAME_KIND = (Ground.NEEDS_CREATION, Ground.ENDED)  # one with a letter, one without


def _new_name(asked: list[str]) -> str:
    return "…" * (len(asked) + 1) if "…" in asked else "…"


def _after_due(case: Case, on: date) -> date:
    """A day that lies after the period, as far as it is known."""
    clock = effects.clock_of(case)
    due = case.round.until or clock.due or on
    return due + timedelta(days=1)
