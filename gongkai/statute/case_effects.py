"""事件的效果: what one event makes of a case, or why it cannot be.

One function for each act that does more than change the state. What the clock refuses is refused
in the clock's own words: every act that bears on it is tried on `clocks.answer_clock`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from gongkai.statute import case_events as e
from gongkai.statute import case_words as say
from gongkai.statute import dated, workdays
from gongkai.statute.case_events import Act, Arrival, receipt_day
from gongkai.statute.case_state import Case, Charged, Consultation, Draft, Reasons, Round
from gongkai.statute.case_table import TABLE, State
from gongkai.statute.clock_events import Channel, Clarify, ClockError, Event, Extend, Fee, Receipt
from gongkai.statute.clocks import Clock, answer_clock
from gongkai.statute.clocks import State as Running
from gongkai.statute.grounds import REASONS, REFUSALS, Ground
from gongkai.statute.outcomes import Conclusion
from gongkai.statute.transitions import Refused, lacking
from gongkai.statute.workdays import ONE_DAY, Calendar


def clock_of(case: Case, as_of: date | None = None) -> Clock:
    """The clock of the current round. Raises Refused in the clock's words."""
    now = case.round
    try:
        return _answer(now.start, now.clock_events, as_of, case.calendar, case.conventions)
    except (ClockError, dated.NotKnown) as refused:
        raise Refused(refused.text) from None


@functools.lru_cache(maxsize=64)
def _answer(
    start: date,
    events: tuple[Event, ...],
    as_of: date | None,
    calendar: Calendar,
    conventions: e.CaseConventions,
) -> Clock:
    """The clock, kept: a page asks for the same one many times."""
    return answer_clock(start, events, as_of=as_of, calendar=calendar, conventions=conventions)


def working_days_after(case: Case, start: date, days: int) -> date:
    """The ``days``-th working day after ``start``, by the organ's convention of the first day."""
    first = start if case.conventions.receipt_is_day_zero else start - ONE_DAY
    return workdays.add_working_days(first, days, case.calendar).end


def period_after(case: Case, id: str, start: date) -> date:
    """The last day of a statutory period."""
    return working_days_after(case, start, dated.period(id).on(start).value)


def opinion_limit(case: Case, one: Consultation) -> date | None:
    """The last day for a party to answer; None until it is known when it got the request."""
    return None if one.served is None else period_after(case, one.whom.value, one.served)


def _tried(case: Case) -> Case:
    """The case, if its clock can be computed."""
    clock_of(case)
    return case


def _limit(clock: Clock, id: str) -> date:
    """The last limit of that kind."""
    return [limit.on for limit in clock.limits if limit.id == id][-1]


# -- receipt


def _log(case: Case, event: e.Logged) -> Case:
    certain = event.channel in (Channel.IN_PERSON, Channel.SIGNED_MAIL)
    if certain and not event.misdirected:
        raise Refused(say.no_need_to_confirm())
    arrival = Arrival(event.on, misdirected=event.misdirected)
    return replace(case, channel=event.channel, arrival=arrival)


def _receive(case: Case, event: e.Received) -> Case:
    arrival = Arrival(event.on, event.confirmed, event.automatic, event.misdirected)
    return _received(replace(case, channel=event.channel, arrival=arrival))


def _take_over(case: Case, event: e.TakenOver) -> Case:
    if event.on < event.received or (event.corrected and event.corrected > event.on):
        raise Refused(
            say.answered_before(event.on, max(event.received, event.corrected or date.min))
        )
    if event.corrected and event.corrected < event.received:
        raise Refused(say.answered_before(event.corrected, event.received))
    found = Draft(
        Conclusion(event.ground),
        event.on,
        number=event.number,
        delivered=event.on,
        by_letter=REASONS[event.ground].letter,
    )
    round_ = Round(
        event.corrected or event.received,
        until=event.until,
        extensions=(Extend(),) if event.extended else (),
        draft=found,
        taken_over=True,
    )
    receipt = Receipt(event.received, say.old_ledger(), "ogi.31")
    arrival = Arrival(event.received)
    return replace(case, channel=event.channel, arrival=arrival, receipt=receipt, rounds=(round_,))


def _confirm(case: Case, event: e.Confirmed) -> Case:
    assert case.arrival is not None
    return _received(replace(case, arrival=replace(case.arrival, confirmed=event.on)))


def _received(case: Case) -> Case:
    assert case.channel is not None and case.arrival is not None
    try:
        receipt = receipt_day(case.channel, case.arrival, case.conventions)
    except (ClockError, dated.NotKnown) as refused:
        raise Refused(refused.text) from None
    latest = max(case.latest, receipt.day)
    return _tried(replace(case, receipt=receipt, rounds=(Round(receipt.day),), latest=latest))


# -- 补正


def _clarify(case: Case, event: e.ClarificationAsked) -> Case:
    asked = Clarify(event.on, until=event.until)
    made = _tried(case.with_round(clarifications=(*case.round.clarifications, asked), pending=None))
    limit = period_after(case, "clarification_notice", case.round.restarted)
    if event.on > limit:
        if not case.conventions.late_clarification:
            raise Refused(say.clarification_too_late(limit))
        if not event.late_reason:
            raise Refused(lacking(TABLE, event.act, ["late_reason"]))
    if event.until is not None and event.until <= event.on:
        raise Refused(say.until_before(event.on, event.until))
    return made


def _correct(case: Case, event: e.Corrected) -> Case:
    asked = case.round.clarifications
    corrected = replace(asked[-1], corrected=event.on)
    made = case.with_round(clarifications=(*asked[:-1], corrected), deferred=None)
    limit = _limit(clock_of(made), "clarification")
    if event.on > limit and not event.late_reason:
        raise Refused(lacking(TABLE, event.act, ["late_reason"]))
    return made


def _lapse(case: Case, event: e.Lapsed) -> Case:
    clock = clock_of(case, event.on)
    if clock.state is not Running.LAPSED:
        raise Refused(say.not_lapsed(_limit(clock, "clarification")))
    return _without_letter(case, event.on, Ground.NOT_CLARIFIED)


def _without_letter(case: Case, on: date, ground: Ground) -> Case:
    if not case.rounds:  # gone before its receipt was confirmed: counted from its arrival
        assert case.arrival is not None
        case = replace(case, rounds=(Round(case.arrival.arrived),))
    closing = Draft(Conclusion(ground), on, by_letter=False)
    return case.with_round(draft=closing, set_aside=case.round.draft)


# -- 征求意见


def _consult(case: Case, event: e.ConsultationSent) -> Case:
    if case.consultation(event.party) is not None:
        raise Refused(say.asked_already(event.party))
    asked = Consultation(event.party, event.whom, event.on)
    return _tried(case.with_round(consultations=(*case.round.consultations, asked)))


def _party(case: Case, party: str, fits: Callable[[Consultation], bool]) -> Consultation:
    found = case.consultation(party)
    if found is None or not fits(found):
        raise Refused(say.no_such_party(party, any(map(fits, case.round.consultations))))
    return found


def _changed(case: Case, one: Consultation) -> Case:
    return case.with_round(
        consultations=tuple(one if c.party == one.party else c for c in case.round.consultations)
    )


def _serve(case: Case, event: e.ConsultationServed) -> Case:
    one = _party(case, event.party, lambda c: c.served is None and c.called_off is None)
    return _tried(_changed(case, replace(one, served=event.on)))


def _opinion(case: Case, event: e.OpinionReceived) -> Case:
    one = _party(case, event.party, lambda c: c.answered is None and c.called_off is None)
    return _tried(_changed(case, replace(one, answered=event.on, opinion=event.opinion)))


def _silence(case: Case, event: e.PartySilent) -> Case:
    one = _party(case, event.party, lambda c: c.open)
    limit = opinion_limit(case, one)
    if limit is None:
        raise Refused(say.served_unknown(event.party))
    if event.on <= limit:
        raise Refused(say.still_may_answer(event.party, limit))
    return _changed(case, replace(one, silent=event.on))


def _call_off(case: Case, event: e.CalledOff) -> Case:
    one = _party(case, event.party, lambda c: c.open)
    return _tried(_changed(case, replace(one, called_off=event.on)))


# -- 第三十五条


def _ask_reasons(case: Case, event: e.ReasonsAsked) -> Case:
    if case.round.reasons is not None:
        raise Refused(say.reasons_asked_already())
    if event.until is not None and event.until <= event.on:
        raise Refused(say.until_before(event.on, event.until))
    days = case.conventions.reasons_days
    until = event.until or working_days_after(case, event.on, days)
    return case.with_round(reasons=Reasons(event.on, until))


def _give_reasons(case: Case, event: e.ReasonsGiven) -> Case:
    asked = case.round.reasons
    if asked is None or asked.given is not None or event.on < asked.asked:
        raise Refused(say.no_reasons_asked())
    given = replace(asked, given=event.on, reasonable=event.reasonable)
    return case.with_round(reasons=given)


def _defer(case: Case, event: e.Deferred) -> Case:
    if case.round.deferred is not None:
        raise Refused(say.deferred_already())
    if case.round.reasons is None or not case.round.reasons.reasonable:
        raise Refused(say.reasons_not_good())
    due = case.round.until or clock_of(case).due
    if due is None:
        raise Refused(say.due_unknown())
    if event.on > due or event.until <= due:
        raise Refused(say.deferred_wrongly(due))
    return case.with_round(deferred=event.until)


# -- 延期


def _extend(case: Case, event: e.ExtensionApproved) -> Case:
    if case.round.remedy and not case.conventions.reopened_may_extend:
        raise Refused(say.no_extension_after_remedy())
    if case.round.pending is not None:
        raise Refused(say.consented_already())
    if case.round.deferred is not None:
        raise Refused(say.deferred_already())
    before = case.round.extensions
    _tried(case.with_round(extensions=(*before, Extend(event.on, event.days, event.on))))
    made = case.with_round(pending=event)
    if case.conventions.extension_must_reach_applicant:
        return made  # it takes effect when the applicant is told
    return _tried(made.with_round(extensions=(*before, Extend(None, event.days, event.on))))


def _tell_extension(case: Case, event: e.ExtensionTold) -> Case:
    consented, before = case.round.pending, case.round.extensions
    if consented is None:
        raise Refused(say.nothing_to_tell())
    if not case.conventions.extension_must_reach_applicant:
        before = before[:-1]
    told = Extend(event.on, consented.days, consented.on)
    return _tried(case.with_round(extensions=(*before, told), pending=None))


# -- 收费


def _charge(case: Case, event: e.FeeNotified) -> Case:
    if case.charged is not None:
        raise Refused(say.one_fee_only())
    if event.amount <= 0:
        raise Refused(say.no_sum())
    charged = Charged(event.on, event.amount, event.basis)
    return _tried(replace(case, charged=charged).with_round(fee=Fee(event.on), pending=None))


def _pay(case: Case, event: e.FeePaid) -> Case:
    return _paid(case, event.on, paid=event.on)


def _paid(case: Case, on: date, **change: date) -> Case:
    """Payment, or what counts as it."""
    assert case.charged is not None
    charged = replace(case.charged, **change)  # type: ignore[arg-type]
    fee = Fee(charged.notified, on)
    made = replace(case, charged=charged).with_round(fee=fee, deferred=None)
    clock = clock_of(made)
    if clock.state is Running.LAPSED:
        raise Refused(say.paid_too_late(_limit(clock, "payment")))
    return made


def _unpaid(case: Case, event: e.FeeUnpaid) -> Case:
    clock = clock_of(case, event.on)
    if clock.state is not Running.LAPSED:
        raise Refused(say.not_lapsed(_limit(clock, "payment")))
    return _without_letter(case, event.on, Ground.UNPAID)


def _waive(case: Case, event: e.FeeWaived) -> Case:
    if case.conventions.waived_fee_restarts:
        return _paid(case, event.on, waived=event.on)
    assert case.charged is not None
    charged = replace(case.charged, waived=event.on)
    return _tried(replace(case, charged=charged).with_round(fee=None))


def _refund(case: Case, event: e.FeeRefunded) -> Case:
    charged = case.charged
    if charged is None or charged.paid is None or event.on < charged.paid:
        raise Refused(say.nothing_to_refund())
    refunded = charged.refunded + event.amount
    if event.amount <= 0 or refunded > charged.amount:
        raise Refused(say.nothing_to_refund())
    return replace(case, charged=replace(charged, refunded=refunded))


# -- 终止


def _withdraw(case: Case, event: e.Withdrawn) -> Case:
    return _without_letter(case, event.on, Ground.WITHDRAWN)


def _end(case: Case, event: e.Ended) -> Case:
    return _without_letter(case, event.on, Ground.ENDED)


# -- 答复


def _decide(case: Case, event: e.Decided) -> Case:
    reason = REASONS[event.ground]
    if not reason.letter:
        raise Refused(say.no_letter(event.ground))
    if empty := [need for need in reason.needs if not getattr(event, need)]:
        raise Refused(lacking(TABLE, event.act, empty))
    waiting = [c.party for c in case.round.consultations if c.open]
    if waiting:
        raise Refused(say.opinions_open(waiting))
    _check_withheld(event.ground, event.withheld)
    _check_ground(case, event)
    _check_overrides(case, event)
    found = Conclusion(event.ground, event.withheld)
    return case.with_round(draft=Draft(found, event.on, event.overrides))


def _check_withheld(ground: Ground, withheld: tuple[Ground, ...]) -> None:
    if withheld and ground is not Ground.PARTLY or set(withheld) - set(REFUSALS):
        raise Refused(say.not_withholding())


def _check_ground(case: Case, event: e.Decided) -> None:
    clarified = any(c.corrected for one in case.rounds for c in one.clarifications)
    if event.ground is Ground.STILL_UNCLEAR and not clarified:
        raise Refused(say.never_clarified())
    if event.ground is Ground.EXCESSIVE:
        asked = case.round.reasons
        none_came = asked is not None and asked.given is None and event.on > asked.until
        if asked is None or not (none_came or asked.reasonable is False):
            raise Refused(say.reasons_first())


def _check_overrides(case: Case, event: e.Decided) -> None:
    objecting, named = set(case.objecting), set(event.overrides)
    if named - objecting:
        raise Refused(say.no_objection())
    if event.ground is Ground.PUBLIC_INTEREST:
        if not objecting:
            raise Refused(say.no_objection())
        if named != objecting:
            raise Refused(say.objections(case.objecting))
    elif event.ground is Ground.DISCLOSED and objecting:
        raise Refused(say.objections(case.objecting))
    elif event.ground is not Ground.PARTLY and named:
        raise Refused(say.no_objection())


def _back_to_work(case: Case, event: e.Event) -> Case:
    return case.with_round(draft=None)


def _draft(case: Case) -> Draft:
    assert case.round.draft is not None, "the table asks for a draft first"
    return case.round.draft


def _sign(case: Case, event: e.Signed) -> Case:
    return case.with_round(draft=replace(_draft(case), number=event.number, signed=event.on))


def _tell_party(case: Case, event: e.PartyTold) -> Case:
    draft = _draft(case)
    if event.party not in draft.overrides or event.party in draft.told or event.on < draft.on:
        others = set(draft.overrides) - set(draft.told)
        raise Refused(say.no_such_party(event.party, bool(others)))
    return case.with_round(draft=replace(draft, told=(*draft.told, event.party)))


def _send(case: Case, event: e.Sent) -> Case:
    draft = _draft(case)
    if untold := [party for party in draft.overrides if party not in draft.told]:
        raise Refused(say.party_untold(untold))
    return case.with_round(draft=replace(draft, sent=event.on, way=event.way))


def _miss(case: Case, event: e.Missed) -> Case:
    return case.with_round(draft=replace(_draft(case), sent=None, way=None))


def _deliver(case: Case, event: e.Delivered) -> Case:
    return case.with_round(draft=replace(_draft(case), delivered=event.on))


# -- after the end


def _reclassify(case: Case, event: e.Reclassified) -> Case:
    draft, reason = _draft(case), REASONS[event.ground]
    if reason.letter and not draft.by_letter:
        raise Refused(say.needs_letter(event.ground))
    if draft.by_letter and not reason.letter:
        raise Refused(say.no_letter(event.ground))
    if event.ground is Ground.PARTLY and not event.withheld:
        raise Refused(lacking(TABLE, event.act, ["withheld"]))
    _check_withheld(event.ground, event.withheld)
    return case.with_round(
        draft=replace(draft, conclusion=Conclusion(event.ground, event.withheld))
    )


def _resume(case: Case, event: e.Resumed) -> Case:
    if case.came_from is State.UNCONFIRMED:
        return replace(case, rounds=())
    return case.with_round(draft=case.round.set_aside, set_aside=None)


def _reopen(case: Case, event: e.Reopened) -> Case:
    if event.until is not None and event.until < event.on:
        raise Refused(say.until_before(event.on, event.until))
    return _tried(replace(case, rounds=(*case.rounds, Round(event.on, event.remedy, event.until))))


EFFECTS: Mapping[Act, Callable[[Case, Any], Case]] = {
    Act.LOG: _log,
    Act.RECEIVE: _receive,
    Act.TAKE_OVER: _take_over,
    Act.CONFIRM: _confirm,
    Act.CLARIFY: _clarify,
    Act.CORRECT: _correct,
    Act.LAPSE: _lapse,
    Act.CONSULT: _consult,
    Act.SERVE: _serve,
    Act.OPINION: _opinion,
    Act.SILENCE: _silence,
    Act.CALL_OFF: _call_off,
    Act.ASK_REASONS: _ask_reasons,
    Act.GIVE_REASONS: _give_reasons,
    Act.DEFER: _defer,
    Act.EXTEND: _extend,
    Act.TELL_EXTENSION: _tell_extension,
    Act.CHARGE: _charge,
    Act.PAY: _pay,
    Act.UNPAID: _unpaid,
    Act.WAIVE: _waive,
    Act.REFUND: _refund,
    Act.WITHDRAW: _withdraw,
    Act.END: _end,
    Act.DECIDE: _decide,
    Act.RECALL: _back_to_work,
    Act.RETURN: _back_to_work,
    Act.SIGN: _sign,
    Act.TELL_PARTY: _tell_party,
    Act.SEND: _send,
    Act.MISS: _miss,
    Act.DELIVER: _deliver,
    Act.RECLASSIFY: _reclassify,
    Act.RESUME: _resume,
    Act.REOPEN: _reopen,
}
