"""答复期限: the clock of an application: start, restart, suspension, extension; it explains itself.

条例第三十三条: 20 working days from receipt, at most 20 more by extension; the time for asking
third parties and co-producing organs is not counted. 第三十条: after 补正 the period starts again
on the day the corrected application is received; 收费办法: after payment it is counted anew.

A clock is a value computed from dates: nothing here knows what day it is. `answer_clock` returns
the due date with every day counted or skipped, why, and by which provision; what cannot be known
yet (a reply not in, a year not on record) is said, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from gongkai.statute import clock_remarks as say
from gongkai.statute import dated, workdays
from gongkai.statute.clock_events import (
    DEFAULT,
    Clarify,
    ClockError,
    Consult,
    Conventions,
    Event,
    Extend,
    Fee,
)
from gongkai.statute.clock_remarks import Remark
from gongkai.statute.texts import Text
from gongkai.statute.workdays import ONE_DAY, Calendar, Day


class Effect(StrEnum):
    """一日的效果: what a day does to the clock."""

    RECEIVED = "received"  # 收到申请之日，不计
    RESTART = "restart"  # 重新起算之日，不计
    COUNTED = "counted"  # 计入
    DAY_OFF = "day_off"  # 休息日，不计
    SUSPENDED = "suspended"  # 征求意见，不计
    WAITING = "waiting"  # 等待补正或者缴费，不计


class State(StrEnum):
    """时钟状态."""

    RUNNING = "running"  # 计算中
    SUSPENDED = "suspended"  # 征求意见，暂停
    AWAITING_CLARIFICATION = "awaiting_clarification"  # 等待补正
    AWAITING_PAYMENT = "awaiting_payment"  # 等待缴费
    LAPSED = "lapsed"  # 逾期不补正、不缴费，视为放弃
    OVERDUE = "overdue"  # 已届满


@dataclass(frozen=True, slots=True)
class Step:
    """一步: one day. ``number`` is its place in the period; ``marks`` what happened on it."""

    day: Day
    effect: Effect
    number: int | None
    reason: Text
    source: str
    marks: tuple[Text, ...] = ()

    @property
    def date(self) -> date:
        """The day itself."""
        return self.day.date


@dataclass(frozen=True, slots=True)
class Limit:
    """期限: another date that follows: ``days`` working days after ``start``."""

    id: str
    name: Text
    start: date
    days: int
    on: date
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """时钟: the answer, and how it was reached.

    ``due``: the last day to answer; None while a fact is missing or the application lapsed.
    ``not_before``: where ``due`` is None for a missing fact, the due date if it came about on
    the last day known. ``missing`` says what to enter. ``first_due``: the last day of the
    unextended period. ``left``: working days after ``as_of`` up to ``due``, below 0 when overdue.
    """

    received: date
    events: tuple[Event, ...]
    as_of: date | None
    conventions: Conventions
    state: State
    due: date | None
    not_before: date | None
    first_due: date | None
    extended_by: int
    provisional: bool
    unknown_years: tuple[int, ...]
    left: int | None
    steps: tuple[Step, ...]
    limits: tuple[Limit, ...]
    remarks: tuple[Remark, ...]
    missing: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """What everything below is computed from; ``known`` = the last day anything is known of."""

    received: date
    events: tuple[Event, ...]
    as_of: date | None
    known: date
    calendar: Calendar
    rules: Conventions

    def limit(self, id: str, name: Text, start: date, days: int, source: str) -> Limit:
        first = start if self.rules.receipt_is_day_zero else start - ONE_DAY
        found = workdays.add_working_days(first, days, self.calendar)
        return Limit(id, name, start, days, found.end, source, found.provisional)

    def statutory(self, id: str, name: Text, start: date) -> Limit:
        span = dated.period(id).on(start)
        return self.limit(id, name, start, span.value, span.source)


@dataclass(frozen=True, slots=True)
class _Pause:
    """Days ``first`` to ``last`` are skipped; ``ended`` False: ``last`` is only the last known."""

    event: Consult
    first: date
    last: date
    ended: bool
    limit: Limit | None

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class _Stop:
    """补正 or 缴费: the clock stops on ``notified``, starts anew on ``restart`` (None: not yet)."""

    event: Clarify | Fee
    limit: Limit
    restart: date | None
    lapsed: bool

    @property
    def notified(self) -> date:
        return self.event.notified


@dataclass(frozen=True, slots=True)
class _Run:
    """One counting from ``start``; ``stop`` where a later restart ended it."""

    start: date
    cause: _Stop | None
    stop: _Stop | None
    extension: Extend | None
    allowed: int
    first_due: date
    due: date
    steps: tuple[Step, ...]


def answer_clock(
    received: date,
    events: Iterable[Event] = (),
    *,
    as_of: date | None = None,
    calendar: Calendar | None = None,
    conventions: Conventions = DEFAULT,
) -> Clock:
    """The clock of an application received on ``received`` (the day of receipt under Art 31).

    ``events`` in any order; ``as_of`` the day the question is asked, needed only to say what is
    open, late or left. Raises `ClockError` where the facts contradict each other or the law, and
    `dated.NotKnown` where the law or the calendar of that time is not on record.
    """
    case = _case(received, tuple(events), as_of, calendar, conventions)
    pauses = tuple(_pause(case, e) for e in case.events if isinstance(e, Consult))
    stops = tuple(_stop(case, e) for e in _restarts(case))
    _check_order(stops, pauses)
    runs = _runs(case, stops, pauses)
    return _result(case, runs, stops, pauses)


def _case(
    received: date,
    events: tuple[Event, ...],
    as_of: date | None,
    calendar: Calendar | None,
    conventions: Conventions,
) -> _Case:
    days = [received]
    for event in events:
        dates = say.dates_of(event)
        for (_, before), (name, after) in zip(dates, dates[1:], strict=False):
            if after < before:
                raise ClockError(say.backwards(event, name, before, after))
        for name, day in dates:
            if day < received:
                raise ClockError(say.before_receipt(event, name, day, received))
            if as_of is not None and day > as_of:
                raise ClockError(say.in_the_future(event, name, day, as_of))
            days.append(day)
    if as_of is not None and as_of < received:
        raise ClockError(say.asked_too_early(as_of, received))
    known = max(days) if as_of is None else as_of
    return _Case(received, events, as_of, known, calendar or workdays.official(), conventions)


def _restarts(case: _Case) -> list[Clarify | Fee]:
    asked = [e for e in case.events if isinstance(e, Clarify)]
    if len(asked) > case.rules.clarifications:
        raise ClockError(say.clarified_again(case.rules.clarifications))
    fees = [e for e in case.events if isinstance(e, Fee)]
    if len(fees) > 1:
        raise ClockError(say.second_fee())
    restarting: list[Clarify | Fee] = [*asked, *fees]
    return sorted(restarting, key=lambda e: e.notified)


def _pause(case: _Case, event: Consult) -> _Pause:
    """The days not counted: dispatch < d <= min(reply, 15th working day after receipt)."""
    first = event.dispatched + (ONE_DAY if case.rules.dispatch_day_counts else timedelta())
    limit = None
    if event.served is not None:
        limit = case.statutory(event.whom.value, say.opinion_limit(event), event.served)
    reply = event.replied
    if reply is not None and case.rules.reply_day_counts:
        reply -= ONE_DAY
    ends = [day for day in (reply, limit.on if limit else None) if day is not None]
    if ends:
        return _Pause(event, first, min(ends), True, limit)
    return _Pause(event, first, case.known, False, None)


def _stop(case: _Case, event: Clarify | Fee) -> _Stop:
    if isinstance(event, Fee):
        span = dated.period("payment").on(event.notified)
        # 收到通知次日起: the day of receipt is left out by the text, not by convention.
        found = workdays.add_working_days(event.notified, span.value, case.calendar)
        limit = Limit(
            "payment", say.PAYMENT, event.notified, span.value, found.end, span.source,
            found.provisional,
        )  # fmt: skip
        late = (event.paid or case.as_of or event.notified) > limit.on
        return _Stop(event, limit, None if late else event.paid, late)
    if event.until is not None:
        days = workdays.count(event.notified, event.until, case.calendar)
        limit = Limit(
            "clarification", say.CORRECTION, event.notified, days.working, event.until, "ogi.30",
            days.provisional,
        )  # fmt: skip
    else:
        days_given = case.rules.clarification_days
        limit = case.limit("clarification", say.CORRECTION, event.notified, days_given, "ogi.30")
    lapsed = event.corrected is None and case.as_of is not None and case.as_of > limit.on
    return _Stop(event, limit, event.corrected, lapsed)


def _check_order(stops: tuple[_Stop, ...], pauses: tuple[_Pause, ...]) -> None:
    """While the clock stands still for one reason, no other may stop or restart it."""
    for before, after in zip(stops, stops[1:], strict=False):
        if before.restart is None or after.notified < before.restart:
            raise ClockError(say.still_waiting(before.event, after.event))
    for stop in stops:
        begin, end = stop.notified + ONE_DAY, stop.restart or date.max
        for pause in pauses:
            last = pause.last if pause.ended else date.max
            if max(begin, pause.first) <= min(end, last):
                if pause.first - ONE_DAY >= begin:
                    raise ClockError(say.still_waiting(stop.event, pause.event))
                raise ClockError(say.still_suspended(pause.event, stop.event))


def _runs(case: _Case, stops: tuple[_Stop, ...], pauses: tuple[_Pause, ...]) -> list[_Run]:
    extensions = [e for e in case.events if isinstance(e, Extend)]
    causes: list[_Stop | None] = [None, *(s for s in stops if s.restart is not None)]
    runs: list[_Run] = []
    for n, cause in enumerate(causes):
        start = case.received if cause is None else cause.restart
        assert start is not None
        stop = stops[n] if n < len(stops) else None
        last = n == len(causes) - 1
        mine = [e for e in extensions if _belongs(e, start, stop, last)]
        if len(mine) > 1:
            raise ClockError(say.extended_twice())
        runs.append(_run(case, start, cause, stop, mine[0] if mine else None, pauses))
        extensions = [e for e in extensions if e not in mine]
    if extensions:
        raise ClockError(say.extended_while_waiting(extensions[0]))
    return runs


def _belongs(event: Extend, start: date, stop: _Stop | None, last: bool) -> bool:
    told = event.notified or event.decided
    if told is None:
        return last and stop is None
    return start <= told and (stop is None or told <= stop.notified)


def _run(
    case: _Case,
    start: date,
    cause: _Stop | None,
    stop: _Stop | None,
    extension: Extend | None,
    pauses: tuple[_Pause, ...],
) -> _Run:
    base = dated.period("answer").on(case.received).value
    more = _extension_days(case, extension) if extension else 0
    mine = tuple(p for p in pauses if _starts_in(p, start, stop))
    steps = tuple(_steps(case, start, cause, mine, base, base + more))
    first_due = next(s.date for s in steps if s.number == base and s.effect is Effect.COUNTED)
    due = steps[-1].date
    doubtful = steps[-1].day.provisional
    if extension is not None:
        told = _told(case, extension)
        if told is not None and told > first_due:
            raise ClockError(say.extended_too_late(told, first_due, doubtful))
    if stop is not None and stop.notified > due:
        raise ClockError(say.expired(stop.event, stop.notified, due, doubtful))
    for pause in mine:
        sent = pause.event.dispatched
        if sent > due:
            raise ClockError(say.expired(pause.event, sent, due, doubtful))
    return _Run(start, cause, stop, extension, base + more, first_due, due, steps)


def _starts_in(pause: _Pause, start: date, stop: _Stop | None) -> bool:
    sent = pause.event.dispatched
    return start <= sent and (stop is None or sent <= stop.notified)


def _told(case: _Case, extension: Extend) -> date | None:
    if case.rules.extension_must_reach_applicant:
        return extension.notified or extension.decided
    return extension.decided or extension.notified


def _extension_days(case: _Case, extension: Extend) -> int:
    most = dated.period("extension").on(case.received).value
    days = most if extension.days is None else extension.days
    if not 1 <= days <= most:
        raise ClockError(say.extension_length(days, most))
    return days


def _steps(
    case: _Case,
    start: date,
    cause: _Stop | None,
    pauses: tuple[_Pause, ...],
    base: int,
    allowed: int,
) -> Iterator[Step]:
    """Every day from ``start`` until ``allowed`` working days are counted."""
    number = 0
    first = case.calendar.day(start)
    event = cause.event if cause else None
    paid = isinstance(event, Fee)  # 缴费次日起, whatever the convention
    if not case.rules.receipt_is_day_zero and not paid and first.working:
        number = 1
        yield Step(first, Effect.COUNTED, 1, say.first_day(event), "ogi.33")
    else:
        effect = Effect.RECEIVED if cause is None else Effect.RESTART
        source = "ogi.31" if cause is None else "fee.restart" if paid else "ogi.30"
        yield Step(first, effect, 0, say.day_zero(event), source)
    for day in case.calendar.after(start):
        asking = [p.event for p in pauses if p.covers(day.date)]
        if not day.working:
            yield Step(day, Effect.DAY_OFF, None, say.day_off(day.reason), day.source or "ogi.33")
        elif asking:
            yield Step(day, Effect.SUSPENDED, None, say.asking(asking), "ogi.33")
        else:
            number += 1
            reason = day.reason if number <= base else say.extended_day(day.reason)
            yield Step(day, Effect.COUNTED, number, reason, "ogi.33")
            if number == allowed:
                return
    raise dated.NotKnown(workdays.TOO_FAR)


def _waiting(case: _Case, stop: _Stop) -> Iterator[Step]:
    """The days between a notice and the restart, or as far as known."""
    end = stop.restart - ONE_DAY if stop.restart else case.known
    source = "ogi.30" if isinstance(stop.event, Clarify) else "fee.notice"
    for day in workdays.count(stop.notified, end, case.calendar).days:
        effect = Effect.WAITING if day.working else Effect.DAY_OFF
        reason = say.waiting(stop.event) if day.working else say.day_off(day.reason)
        yield Step(day, effect, None, reason, (None if day.working else day.source) or source)


def _result(
    case: _Case, runs: list[_Run], stops: tuple[_Stop, ...], pauses: tuple[_Pause, ...]
) -> Clock:
    run = runs[-1]
    open_pauses = [p for p in pauses if not p.ended]
    waits = run.stop  # the last run is stopped only where nothing restarted it
    lapsed = waits is not None and waits.lapsed
    ahead = run
    if waits is not None and not lapsed:
        ahead = _run(case, max(case.known, waits.notified), waits, None, None, ())
    settled = waits is None and not open_pauses
    years = _unknown_years(case, ahead, () if waits else pauses)
    due = run.due if settled else None
    return Clock(
        received=case.received,
        events=case.events,
        as_of=case.as_of,
        conventions=case.rules,
        state=_state(case, run, pauses),
        due=due,
        not_before=None if settled or lapsed else ahead.due,
        first_due=run.first_due if settled else None,
        extended_by=run.allowed - dated.period("answer").on(case.received).value,
        provisional=bool(years) and not lapsed,
        unknown_years=() if lapsed else years,
        left=None if due is None else _left(case, run),
        steps=_all_steps(case, runs, open_pauses),
        limits=tuple(_limits(case, run, stops, pauses, settled)),
        remarks=tuple(_remarks(case, runs, stops, pauses, (due, years))),
        missing=tuple(say.missing(e) for e in _open_events(open_pauses, waits, lapsed)),
    )


def _open_events(
    open_pauses: list[_Pause], waits: _Stop | None, lapsed: bool
) -> Iterator[Consult | Clarify | Fee]:
    yield from (pause.event for pause in open_pauses)
    if waits is not None and not lapsed:
        yield waits.event


def _unknown_years(case: _Case, run: _Run, pauses: Iterable[_Pause]) -> tuple[int, ...]:
    """Years without a notice that the due date rests on: days passed, and ends of suspensions."""
    years = {step.date.year for step in run.steps if step.day.provisional}
    for pause in pauses:
        if pause.limit is not None and pause.limit.provisional and pause.last == pause.limit.on:
            passed = range(pause.limit.start.year, pause.limit.on.year + 1)
            years.update(year for year in passed if not case.calendar.knows(year))
    return tuple(sorted(years))


def _left(case: _Case, run: _Run) -> int | None:
    if case.as_of is None:
        return None
    if case.as_of > run.due:
        return -workdays.count(run.due, case.as_of, case.calendar).working
    return sum(s.effect is Effect.COUNTED and s.date > case.as_of for s in run.steps)


def _state(case: _Case, run: _Run, pauses: tuple[_Pause, ...]) -> State:
    if run.stop is not None:
        if run.stop.lapsed:
            return State.LAPSED
        asked = isinstance(run.stop.event, Clarify)
        return State.AWAITING_CLARIFICATION if asked else State.AWAITING_PAYMENT
    if any(not pause.ended for pause in pauses):
        return State.SUSPENDED
    if case.as_of is None:
        return State.RUNNING
    if case.as_of > run.due:
        return State.OVERDUE
    paused = any(pause.covers(case.as_of) for pause in pauses)
    return State.SUSPENDED if paused else State.RUNNING


def _all_steps(case: _Case, runs: list[_Run], open_pauses: list[_Pause]) -> tuple[Step, ...]:
    """Every day from receipt to the due date, or to the last day known where that is missing."""
    steps: list[Step] = []
    for run in runs:
        last = run.stop.notified if run.stop else case.known if open_pauses else run.due
        if run.stop is not None and run.stop.restart == run.stop.notified:
            last -= ONE_DAY  # asked and done on one day: the restart speaks for it
        steps.extend(step for step in run.steps if step.date <= last)
        if run.stop is not None:
            steps.extend(_waiting(case, run.stop))
    marks: dict[date, list[Text]] = {}
    for event in case.events:
        for name, day in say.dates_of(event):
            marks.setdefault(day, []).append(_named(event, name))
    final = runs[-1]
    if final.stop is None and not open_pauses:
        if final.extension is not None:
            marks.setdefault(final.first_due, []).append(say.FIRST_PERIOD)
        marks.setdefault(final.due, []).append(say.DUE)
    return tuple(_marked(step, marks[step.date]) if step.date in marks else step for step in steps)


def _marked(step: Step, marks: list[Text]) -> Step:
    """With what happened on that day; the restart itself is already its reason."""
    said = (say.CORRECTED, say.PAID) if step.effect is Effect.RESTART else ()
    return replace(step, marks=tuple(mark for mark in marks if mark not in said))


def _named(event: Event, name: Text) -> Text:
    """What happened, with the party where it has a name: several may be asked at once."""
    if isinstance(event, Consult) and event.name:
        return Text(f"{name.zh}（{event.name}）", f"{name.en} ({event.name})")
    return name


def _limits(
    case: _Case,
    run: _Run,
    stops: tuple[_Stop, ...],
    pauses: tuple[_Pause, ...],
    settled: bool,
) -> Iterator[Limit]:
    yield case.statutory("clarification_notice", say.CLARIFICATION_NOTICE, case.received)
    yield from (stop.limit for stop in stops)
    yield from (pause.limit for pause in pauses if pause.limit is not None)
    if not settled:
        return
    base = dated.period("answer").on(case.received)
    doubtful = any(s.day.provisional for s in run.steps if s.date <= run.first_due)
    name = say.FIRST_PERIOD if run.extension else say.EXTENSION_NOTICE
    yield Limit("first_due", name, run.start, base.value, run.first_due, base.source, doubtful)
    doubtful = any(s.day.provisional for s in run.steps)
    yield Limit("due", say.DUE, run.start, run.allowed, run.due, base.source, doubtful)
    if run.extension is None and (case.as_of is None or case.as_of <= run.first_due):
        full = _run(case, run.start, run.cause, None, Extend(), pauses)
        yield Limit(
            "longest", say.LONGEST, run.start, full.allowed, full.due, base.source,
            any(s.day.provisional for s in full.steps),
        )  # fmt: skip


def _remarks(
    case: _Case,
    runs: list[_Run],
    stops: tuple[_Stop, ...],
    pauses: tuple[_Pause, ...],
    clock: tuple[date | None, tuple[int, ...]],
) -> Iterator[Remark]:
    due, years = clock
    run = runs[-1]
    if due is not None and case.as_of is not None and case.as_of > due:
        yield say.overdue(due, case.as_of, -(_left(case, run) or 0))
    if years and (run.stop is None or not run.stop.lapsed):
        yield say.provisional(years)
    if due is not None and case.calendar.may_still_move(due):
        yield say.may_still_move(due.year)
    for stop in stops:
        yield from _stop_remarks(case, stop)
    if any(earlier.extension for earlier in runs[:-1]):
        yield say.extension_dropped()
    for pause in pauses:
        yield from _pause_remarks(case, pause, runs)
    if run.extension is not None and due is not None:
        told = _told(case, run.extension)
        if told is None:
            yield say.assumed_in_time(run.first_due)
        elif told == run.first_due:
            yield say.on_the_last_day(told)


def _stop_remarks(case: _Case, stop: _Stop) -> Iterator[Remark]:
    if stop.lapsed:
        yield say.lapsed(stop.event, stop.limit.on)
    if isinstance(stop.event, Fee):
        yield say.fee_rules_second_hand()
        return
    limit = case.statutory("clarification_notice", say.CLARIFICATION_NOTICE, case.received)
    if stop.notified > limit.on:
        yield say.late_clarification(stop.notified, limit.on)
    if stop.restart is not None and stop.restart > stop.limit.on:
        yield say.late_correction(stop.restart, stop.limit.on)


def _pause_remarks(case: _Case, pause: _Pause, runs: list[_Run]) -> Iterator[Remark]:
    event, limit = pause.event, pause.limit
    own = next(r for r in reversed(runs) if r.start <= event.dispatched)
    if event.dispatched == own.due:
        yield say.no_effect(event, own.due)
    if limit is not None and event.replied is None:
        yield say.silence(event, limit.on, case.as_of is not None and case.as_of > limit.on)
    elif limit is not None and event.replied is not None and event.replied > limit.on:
        yield say.late_opinion(event, event.replied, limit.on)
    elif limit is None and event.replied is not None:
        soonest = case.statutory(event.whom.value, say.opinion_limit(event), event.dispatched)
        if event.replied > soonest.on:
            yield say.served_unknown(event)
